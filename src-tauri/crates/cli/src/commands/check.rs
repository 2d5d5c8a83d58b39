//! Looking through the vault, and putting right what can be put right.

use mentoring::{Mentoring, SpaceId, spaces::Space};
use serde::Serialize;
use sharing::Sharing;
use shell::notices::{self, Weight};
use vault::Credential;

use super::{Ended, FOUND, WELL};
use crate::{
    arguments::Common,
    failure::Failure,
    output::{Output, one_line, table},
    secrets::{self, Source},
    session::{Session, expect_vault, said, vault_places},
};

/// The first number of a record that lists show; see `docs/FORMAT.md`.
const FIRST_RECORD: u16 = mentoring::KindNumber::FIRST_RECORD.0;

/// The code of a list that does not name what is there.
const LIST_WRONG: &str = "listWrong";

/// What looking through a vault came to.
#[derive(Serialize)]
struct Report {
    ok: bool,
    findings: Vec<Told>,
    spaces: Vec<Counted>,
}

/// A finding as a program reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    code: String,
    weight: Weight,
    message: String,
    space: Option<SpaceId>,
    record: Option<String>,
}

/// How many rows a compartment has: a long record takes several, and the program's own bookkeeping counts.
#[derive(Serialize)]
struct Counted {
    id: SpaceId,
    name: Option<String>,
    expected: u64,
    found: u64,
    ok: bool,
}

impl Report {
    fn new(findings: Vec<Told>, spaces: Vec<Counted>) -> Self {
        Self {
            ok: findings
                .iter()
                .all(|finding| finding.weight != Weight::Matters),
            findings,
            spaces,
        }
    }

    fn ended(&self) -> u8 {
        if self.ok { WELL } else { FOUND }
    }

    fn lines(&self, output: &Output<'_>) -> String {
        let words = output.words;
        let row = |counted: &Counted| {
            let name = counted.name.as_deref().map(one_line);
            vec![
                name.unwrap_or_else(|| words.say("cli-check-nameless")),
                words.with(
                    "cli-check-rows",
                    [
                        ("found", counted.found.into()),
                        ("expected", counted.expected.into()),
                    ],
                ),
                words.say(if counted.ok {
                    "cli-check-whole"
                } else {
                    "cli-check-not-whole"
                }),
            ]
        };
        let mut parts = vec![table(&self.spaces.iter().map(row).collect::<Vec<_>>())];
        parts.extend(self.findings.iter().map(|finding| match finding.weight {
            Weight::Matters => words.with(
                "cli-check-matters",
                [("message", finding.message.as_str().into())],
            ),
            Weight::Mended | Weight::Information => finding.message.clone(),
        }));
        parts.push(words.say(if self.ok {
            "cli-check-well"
        } else {
            "cli-check-found"
        }));
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    }
}

/// Opens the vault, which mends what can be mended, and counts what is in it; reads every record if `deep`.
pub fn check(common: &Common, deep: bool, output: &Output<'_>) -> Ended {
    let session = Session::open_quietly(common, output)?;
    let report = look_through(&session, deep, output)?;
    session.close(output);
    output.answer(&report, || report.lines(output))?;
    Ok(report.ended())
}

/// What `repair` answers.
#[derive(Serialize)]
struct Repaired {
    ok: bool,
    before: Report,
    after: Report,
}

/// Opens the vault, which mends what can be mended. Where it is not whole then, it is closed and opened once more, which
/// builds its rows anew from checkpoint and journal. Then every list that is wrong is written anew from the records, the rows
/// are copied into a fresh store, and all is looked through and read.
pub fn repair(common: &Common, output: &Output<'_>) -> Ended {
    let places = vault_places(common, output)?;
    expect_vault(&places)?;
    let passphrase = secrets::present(&Source::of(common, output)?, output)?;
    let open = || Session::open_with(&places, Credential::Passphrase(&passphrase), output);
    let mut session = open()?;
    session.expect_writable()?;
    let before = look_through(&session, true, output)?;
    if !before.ok {
        session.close(output);
        session = open()?;
        session.expect_writable()?;
    }
    let mentoring = &session.mentoring;
    // A list that is right stays: it still names what cannot be read.
    let wrong = before
        .findings
        .iter()
        .filter(|finding| finding.code == LIST_WRONG);
    for space in wrong.filter_map(|finding| finding.space) {
        mentoring.rebuild_index(space)?;
    }
    mentoring.vault().compact(&output.progress())?;
    let after = look_through(&session, true, output)?;
    session.close(output);
    let repaired = Repaired {
        ok: after.ok,
        before,
        after,
    };
    output.answer(&repaired, || {
        let headed =
            |id, report: &Report| format!("{}\n\n{}", output.words.say(id), report.lines(output));
        let before = headed("cli-repair-before", &repaired.before);
        let after = headed("cli-repair-after", &repaired.after);
        format!("{before}\n\n{after}")
    })?;
    Ok(repaired.after.ended())
}

/// What opening found, whether every compartment is whole, and with `deep` whether every record can be read.
fn look_through(session: &Session, deep: bool, output: &Output<'_>) -> Result<Report, Failure> {
    let words = output.words;
    let mentoring = &session.mentoring;
    let watch = output.progress();
    let mut findings: Vec<Told> = session
        .findings
        .iter()
        .map(|finding| {
            let (code, message) = said(finding, output);
            Told {
                code,
                weight: notices::weigh(finding),
                message,
                space: None,
                record: None,
            }
        })
        .collect();
    let unreadable = mentoring.unreadable_spaces();
    if unreadable > 0 {
        let message = words.with("app-notice-spaceUnreadable", [("count", unreadable.into())]);
        findings.push(matters("spaceUnreadable", message, None));
    }
    let names = mentoring.list_spaces();
    let name = |id: SpaceId| {
        names
            .iter()
            .find(|space| space.id == id)
            .map(|space| space.card.name.clone())
    };
    let mut spaces = Vec::new();
    for check in mentoring.vault().verify(&watch)? {
        let id = SpaceId::from(check.compartment);
        if !check.ok {
            let called = name(id).unwrap_or_else(|| words.say("cli-check-nameless"));
            let message = words.with("cli-found-notWhole", [("space", called.into())]);
            findings.push(matters("notWhole", message, Some(id)));
        }
        spaces.push(Counted {
            id,
            name: name(id),
            expected: check.records_expected,
            found: check.records_found,
            ok: check.ok,
        });
    }
    for compartment in mentoring
        .vault()
        .compartments()
        .iter()
        .filter(|one| one.locked)
    {
        findings.push(Told {
            weight: Weight::Information,
            ..matters(
                "spaceShut",
                words.say("cli-found-spaceShut"),
                Some(compartment.id.into()),
            )
        });
    }
    if deep {
        for space in &names {
            read_everything(mentoring, space, output, &mut findings)?;
        }
    }
    Ok(Report::new(findings, spaces))
}

/// Reads every record of a notebook, and names those that cannot be read.
fn read_everything(
    mentoring: &Mentoring,
    space: &Space,
    output: &Output<'_>,
    findings: &mut Vec<Told>,
) -> Result<(), Failure> {
    let words = output.words;
    let called = || one_line(&space.card.name).into();
    let mut records = 0;
    let compartment = vault::CompartmentId(space.id.bytes());
    let visited = mentoring.vault().visit(compartment, &mut |record| {
        records += usize::from(record.kind.0 >= FIRST_RECORD);
    })?;
    let lines = mentoring.lines(Some(space.id), |_| true)?;
    let mut unreadable = 0;
    let kept = lines.iter().filter(|line| line.is_kept());
    for line in kept {
        let opened = match mentoring.open_record(line.id) {
            Err(mentoring::Error::NotFound) => readable_summary(mentoring, line.id),
            opened => opened.map(drop).map_err(Failure::from),
        };
        if opened.is_err() {
            unreadable += 1;
            let values = [("title", one_line(&line.title).into()), ("space", called())];
            let message = words.with("cli-found-recordUnreadable", values);
            findings.push(Told {
                record: Some(line.id.to_string()),
                ..matters("recordUnreadable", message, Some(space.id))
            });
        }
    }
    let pieces = visited.unreadable.len();
    if pieces > unreadable {
        let values = [("count", (pieces - unreadable).into()), ("space", called())];
        let message = words.with("cli-found-piecesUnreadable", values);
        findings.push(matters("piecesUnreadable", message, Some(space.id)));
    }
    if pieces == 0 && records != lines.len() {
        let message = words.with("cli-found-listWrong", [("space", called())]);
        findings.push(matters(LIST_WRONG, message, Some(space.id)));
    }
    Ok(())
}

/// Whether what no list of records knows is a summary that can be read, or an entry of the log of what has left, which
/// is read with the whole log.
fn readable_summary(mentoring: &Mentoring, id: mentoring::RecordId) -> Result<(), Failure> {
    let sharing = Sharing::over(mentoring);
    if sharing.open_summary(id).is_ok() {
        return Ok(());
    }
    let log = sharing.list_disclosures(None)?;
    match log.entries.iter().any(|entry| entry.id == id) {
        true => Ok(()),
        false => Err(shell::ErrorCode::RecordDamaged.into()),
    }
}

fn matters(code: &str, message: String, space: Option<SpaceId>) -> Told {
    Told {
        code: code.to_owned(),
        weight: Weight::Matters,
        message,
        space,
        record: None,
    }
}
