//! Notebooks: listing them and making one.

use mentoring::{
    ShutSpace, SpaceId,
    spaces::{self, Cloth, Space, SpaceDraft, SpaceKind},
};
use serde::Serialize;

use super::{Ended, WELL};
use crate::{
    arguments::{Common, Role, SpaceSort},
    output::{Output, one_line, table},
    session::Session,
};

/// The cloths, in the order in which notebooks get them.
const CLOTHS: [Cloth; 8] = [
    Cloth::Moss,
    Cloth::Teal,
    Cloth::Slate,
    Cloth::Heather,
    Cloth::Brick,
    Cloth::Ochre,
    Cloth::Umber,
    Cloth::Rose,
];

/// A notebook as a program reads it.
#[derive(Serialize)]
struct Told<'a> {
    id: SpaceId,
    name: &'a str,
    /// None where it is shut.
    kind: Option<SpaceKind>,
    role: Option<spaces::Role>,
    records: u32,
    /// Whether it wants its second passphrase; its name is then the one that is shown.
    shut: bool,
}

impl<'a> Told<'a> {
    fn of(space: &'a Space) -> Self {
        Self {
            id: space.id,
            name: &space.card.name,
            kind: Some(space.card.kind),
            role: space.card.role,
            records: space.counts.values().sum(),
            shut: false,
        }
    }

    fn of_shut(space: &'a ShutSpace) -> Self {
        Self {
            id: space.id,
            name: &space.shown_as,
            kind: None,
            role: None,
            records: 0,
            shut: true,
        }
    }
}

/// Lists the notebooks, those that are shut by the names that are shown for them.
pub fn list(common: &Common, output: &Output<'_>) -> Ended {
    let session = Session::open(common, output)?;
    let spaces = session.mentoring.list_spaces();
    let shut = session.mentoring.shut_spaces();
    let told: Vec<_> = spaces
        .iter()
        .map(Told::of)
        .chain(shut.iter().map(Told::of_shut))
        .collect();
    output.answer(&told, || {
        let words = output.words;
        let row = |space: &Told<'_>| {
            let kind = match space.kind {
                None => words.say("cli-space-shut"),
                Some(kind) => {
                    let role = space.role.map(shell::error::name).unwrap_or_default();
                    let values = [
                        ("kind", shell::error::name(kind).into()),
                        ("role", role.into()),
                    ];
                    words.with("cli-space-kind", values)
                }
            };
            let records = match space.shut {
                true => String::new(),
                false => words.with("cli-records", [("count", space.records.into())]),
            };
            vec![space.id.to_string(), kind, records, one_line(space.name)]
        };
        match told.is_empty() {
            true => words.say("cli-no-spaces"),
            false => table(&told.iter().map(row).collect::<Vec<_>>()),
        }
    })?;
    session.close(output);
    Ok(WELL)
}

/// Makes a notebook, with a key of its own, and answers its id.
pub fn add(
    common: &Common,
    kind: SpaceSort,
    name: String,
    role: Option<Role>,
    output: &Output<'_>,
) -> Ended {
    let session = Session::open_to_write(common, output)?;
    let made = session.mentoring.list_spaces().len();
    let space = session.mentoring.create_space(SpaceDraft {
        kind: match kind {
            SpaceSort::Journal => SpaceKind::Journal,
            SpaceSort::Relationship => SpaceKind::Relationship,
            SpaceSort::Circle => SpaceKind::Circle,
        },
        role: role.map(|role| match role {
            Role::Mentor => spaces::Role::Mentor,
            Role::Mentee => spaces::Role::Mentee,
            Role::Peer => spaces::Role::Peer,
        }),
        name,
        about: String::new(),
        cloth: CLOTHS[made % CLOTHS.len()],
        since: None,
        meet_every_weeks: None,
    })?;
    session.close(output);
    output.answer(&Told::of(&space), || space.id.to_string())?;
    Ok(WELL)
}
