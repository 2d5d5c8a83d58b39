//! Spaces: a journal, a relationship or a circle; each one compartment of the vault.

mod stored;
mod view;

pub use view::{Cloth, Role, SealedState, Space, SpaceDraft, SpaceKind};

pub(crate) use stored::{SPACE_SCHEMA, StoredSpace};

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use vault::{Batch, CompartmentId, CompartmentInfo, CompartmentOptions};

use crate::{
    error::{Error, Field, Result},
    ids::SpaceId,
    index::Line,
    kind::{KindNumber, RecordKind},
    meetings::{self, Meeting},
    registry::KindName,
    service::{Mentoring, OpenSpace, YEARS, put},
    shelf::Shelf,
    text,
};

/// The card's record id: there is one card in a compartment.
pub(crate) const CARD: vault::RecordId = vault::RecordId([0; 16]);

/// What a compartment is for.
#[derive(Debug, Clone)]
pub(crate) enum SpaceCard {
    /// The user's own settings and profile.
    Home,
    /// A notebook.
    Notebook {
        /// What its owner says of it.
        draft: SpaceDraft,
        /// When it was made.
        created: DateTime<Utc>,
        /// The compartment of what is sealed in it, once something was.
        sealed: Option<CompartmentId>,
    },
    /// The sealed part of a notebook.
    Sealed {
        /// The notebook.
        of: SpaceId,
    },
}

impl SpaceCard {
    /// The compartment of what is sealed in it.
    pub(crate) fn sealed_part(&self) -> Option<CompartmentId> {
        match self {
            Self::Notebook { sealed, .. } => *sealed,
            Self::Home | Self::Sealed { .. } => None,
        }
    }

    /// The kind of the notebook, if it is one.
    pub(crate) fn kind(&self) -> Option<SpaceKind> {
        match self {
            Self::Home | Self::Sealed { .. } => None,
            Self::Notebook { draft, .. } => Some(draft.kind),
        }
    }
}

impl Mentoring {
    /// The open notebooks, in the order they were made.
    pub fn list_spaces(&self) -> Vec<Space> {
        let today = self.clock.today();
        let compartments = self.by_space();
        let mut spaces: Vec<_> = self
            .open()
            .iter()
            .filter_map(|(id, open)| view(*id, open, today, compartments.get(id)))
            .collect();
        spaces.sort_by_key(|space| (space.created, space.id));
        spaces
    }

    /// An open notebook.
    pub fn space(&self, id: SpaceId) -> Result<Space> {
        let today = self.clock.today();
        let compartments = self.by_space();
        let open = self.open();
        let view = open
            .get(&id)
            .and_then(|open| view(id, open, today, compartments.get(&id)));
        drop(open);
        view.ok_or_else(|| self.absent(id))
    }

    /// Sets the agreed day until which a notebook is kept, or takes it away. The vault knows it while the notebook is
    /// shut; nothing is forgotten by itself.
    pub fn keep_space_until(&self, id: SpaceId, day: Option<NaiveDate>) -> Result<Space> {
        let _changing = self.changing();
        self.space(id)?;
        let day = day.map(day_number).transpose()?;
        self.vault.set_retention_day(id.compartment(), day)?;
        self.space(id)
    }

    /// What the vault itself knows of each.
    fn by_space(&self) -> BTreeMap<SpaceId, CompartmentInfo> {
        let compartments = self.vault.compartments().into_iter();
        compartments.map(|one| (one.id.into(), one)).collect()
    }

    /// Makes a notebook, with a key of its own.
    pub fn create_space(&self, draft: SpaceDraft) -> Result<Space> {
        let _changing = self.changing();
        let draft = self.checked(draft, None)?;
        let created = self.clock.now();
        let compartment = self.vault.make_compartment(CompartmentOptions::default())?;
        let id = SpaceId::from(compartment);
        self.put_card(
            Shelf::own(id),
            &StoredSpace::notebook(&draft, created, None),
        )?;
        let card = SpaceCard::Notebook {
            draft,
            created,
            sealed: None,
        };
        self.open().insert(id, OpenSpace::made(card));
        self.space(id)
    }

    /// Changes what the owner says of a notebook. Its kind stays what it was.
    pub fn update_space(&self, id: SpaceId, draft: SpaceDraft) -> Result<Space> {
        let _changing = self.changing();
        let mut draft = self.checked(draft, Some(id))?;
        let before = self.space(id)?;
        draft.kind = before.card.kind;
        let sealed = self
            .open()
            .get(&id)
            .and_then(|open| open.card.sealed_part());
        let created = before.created;
        self.put_card(
            Shelf::own(id),
            &StoredSpace::notebook(&draft, created, sealed),
        )?;
        if let Some(open) = self.open().get_mut(&id) {
            open.card = SpaceCard::Notebook {
                draft,
                created,
                sealed,
            };
        }
        self.space(id)
    }

    pub(crate) fn put_card(&self, shelf: Shelf, card: &StoredSpace) -> Result<()> {
        let mut batch = Batch::new();
        put_card(&mut batch, shelf, card);
        self.vault.save(batch)?;
        Ok(())
    }
    fn checked(&self, mut draft: SpaceDraft, own: Option<SpaceId>) -> Result<SpaceDraft> {
        draft.name = draft.name.trim().to_owned();
        text::check_present(Field::Name, &draft.name)?;
        text::check_line(Field::Name, &draft.name)?;
        text::check_line(Field::Other, &draft.about)?;
        match draft.kind {
            SpaceKind::Journal => {
                draft.role = None;
                draft.meet_every_weeks = None;
            }
            SpaceKind::Relationship | SpaceKind::Circle if draft.role.is_none() => {
                return Err(Error::Missing {
                    field: Field::Other,
                });
            }
            SpaceKind::Relationship | SpaceKind::Circle => {}
        }
        let name = draft.name.to_lowercase();
        let taken = self
            .list_spaces()
            .into_iter()
            .any(|space| Some(space.id) != own && space.card.name.to_lowercase() == name);
        if taken {
            Err(Error::NameTaken)
        } else {
            Ok(draft)
        }
    }
}

fn view(
    id: SpaceId,
    open: &OpenSpace,
    today: NaiveDate,
    of: Option<&CompartmentInfo>,
) -> Option<Space> {
    let SpaceCard::Notebook { draft, created, .. } = &open.card else {
        return None;
    };
    let kept = || open.lines().filter(|line| line.is_kept());
    let shown = || open.all_lines().filter(|line| line.is_kept());
    let counts: BTreeMap<String, u32> = KindName::ALL
        .iter()
        .map(|kind| {
            let count = shown().filter(|line| line.kind == kind.number()).count();
            (
                kind.name().to_owned(),
                u32::try_from(count).unwrap_or(u32::MAX),
            )
        })
        .collect();
    let open_promises = kept().filter(|line| is_open_promise(line)).count();
    let met = kept().filter(|line| {
        let in_words_only = line.state.as_deref() == Some(meetings::MESSAGE);
        line.kind == Meeting::KIND && line.on <= today && !in_words_only
    });
    Some(Space {
        id,
        monogram: monogram(&draft.name),
        card: draft.clone(),
        created: *created,
        keep_until: of.and_then(|of| day_of(of.retention_day?)),
        second_passphrase: of.is_some_and(|of| of.second_passphrase),
        shown_as: of
            .filter(|of| of.second_passphrase)
            .and_then(|of| of.alias.clone()),
        sealed: SealedState::of(open.sealed.as_ref()),
        counts,
        open_promises: u32::try_from(open_promises).unwrap_or(u32::MAX),
        last_met: met.map(|line| line.on).max(),
        last_touched: kept().map(|line| line.edited).max(),
    })
}

/// Adds the card of a compartment to a save.
pub(crate) fn put_card(batch: &mut Batch, shelf: Shelf, card: &StoredSpace) {
    put(
        batch,
        shelf,
        KindNumber::SPACE,
        CARD,
        SPACE_SCHEMA,
        &card.to_bytes(),
    );
}

/// Whether a line is a promise that is still to be kept.
pub(crate) fn is_open_promise(line: &Line) -> bool {
    line.kind == crate::commitments::Commitment::KIND && line.state.as_deref() == Some("open")
}

/// A day as the vault counts it, from 1970-01-01; that one stands for none.
fn day_number(day: NaiveDate) -> Result<u32> {
    let days = (day - NaiveDate::default()).num_days();
    match u32::try_from(days) {
        Ok(number) if number > 0 && YEARS.contains(&day.year()) => Ok(number),
        _ => Err(Error::DateOutOfRange),
    }
}

pub(crate) fn day_of(number: u32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_days(chrono::Days::new(number.into()))
}

/// The first letters of the first and the last word of a name.
pub(crate) fn monogram(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_counted_from_1970_and_comes_back() {
        let day = |text: &str| text.parse().expect("a day");
        assert_eq!(day_number(day("1970-01-02")).ok(), Some(1));
        assert_eq!(day_number(day("2026-11-27")).ok(), Some(20_784));
        assert_eq!(day_of(20_784), Some(day("2026-11-27")));
        for outside in ["1970-01-01", "1969-12-31", "2201-01-01"] {
            assert!(matches!(
                day_number(day(outside)),
                Err(Error::DateOutOfRange)
            ));
        }
        assert_eq!(day_of(u32::MAX), None, "no calendar goes there");
    }

    #[test]
    fn a_monogram_takes_the_first_and_the_last_word() {
        assert_eq!(monogram("Amara Nwosu"), "AN");
        assert_eq!(monogram("ágnes maria tóth"), "ÁT");
        assert_eq!(monogram("Plato"), "P");
    }
}
