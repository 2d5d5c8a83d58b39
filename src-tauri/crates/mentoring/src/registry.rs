//! The kinds of record, listed once. A new kind is its own folder and one line here.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    commitments::Commitment,
    error::{Error, Result},
    feedback::Feedback,
    goals::Goal,
    heard::Heard,
    ids::{RecordId, SpaceId},
    index::Line,
    kind::{KindNumber, Owner, RecordKind, Steps},
    label::{Label, ShownLabel},
    meetings::Meeting,
    notes::Note,
    people::Person,
    record::{Opened, RevisionLine, StoredRecord},
    service::{Change, Draft, KindReader, Mentoring},
};

macro_rules! kinds {
    ($($variant:ident($body:ty) = $name:literal),+ $(,)?) => {
        /// The name of a kind of record, as the window knows it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "ts", ts(export, rename = "RecordKind"))]
        pub enum KindName {
            $(
                #[doc = concat!("See [`", stringify!($body), "`].")]
                $variant,
            )+
        }

        /// What a record says, whatever its kind.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "camelCase")]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "ts", ts(export))]
        pub enum RecordBody {
            $(
                #[doc = concat!("See [`", stringify!($body), "`].")]
                $variant($body),
            )+
        }

        /// The readers of all kinds of this crate.
        pub(crate) fn readers() -> Vec<KindReader> {
            vec![$(KindReader::of::<$body>()),+]
        }

        $(
            impl From<$body> for RecordBody {
                fn from(body: $body) -> Self {
                    Self::$variant(body)
                }
            }
        )+

        impl KindName {
            /// All kinds, in the order they are listed.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The kind's name, as in the contract with the window.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The number of the kind in the vault.
            pub fn number(self) -> KindNumber {
                match self {
                    $(Self::$variant => <$body>::KIND,)+
                }
            }

            fn of(number: KindNumber) -> Option<Self> {
                $(
                    if number == <$body>::KIND {
                        return Some(Self::$variant);
                    }
                )+
                None
            }
        }

        /// Runs an expression with `$K` standing for the type of a kind.
        macro_rules! with_kind {
            ($kind:expr, $K:ident => $run:expr) => {
                match $kind {
                    $(KindName::$variant => { type $K = $body; $run })+
                }
            };
        }

        /// Runs an expression with the body of whatever kind.
        macro_rules! with_body {
            ($value:expr, $body_name:ident => $run:expr) => {
                match $value {
                    $(RecordBody::$variant($body_name) => $run,)+
                }
            };
        }
    };
}

kinds! {
    Note(Note) = "note",
    Meeting(Meeting) = "meeting",
    Heard(Heard) = "heard",
    Goal(Goal) = "goal",
    Feedback(Feedback) = "feedback",
    Commitment(Commitment) = "commitment",
    Person(Person) = "person",
}

/// A line of a list of records.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RecordLine {
    /// The record.
    pub id: RecordId,
    /// The space it is in.
    pub space: SpaceId,
    /// Its kind.
    pub kind: KindName,
    /// How far it may travel.
    pub label: ShownLabel,
    /// One line that names it.
    pub title: String,
    /// The beginning of its text.
    pub excerpt: String,
    /// The day it is about.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub on: NaiveDate,
    /// When it was first saved.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created: DateTime<Utc>,
    /// When it was last saved.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub edited: DateTime<Utc>,
    /// The record it belongs to.
    pub parent: Option<RecordId>,
    /// Whose words these are.
    pub as_told_by: Option<String>,
    /// When it was put into the bin.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub binned: Option<DateTime<Utc>>,
    /// Where it stands, in the kind's own word.
    pub state: Option<String>,
    /// When it is due.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub due: Option<NaiveDate>,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// How many of its steps are done.
    pub steps: Option<Steps>,
}

/// An opened record, whatever its kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RecordView {
    /// What lists show of it.
    pub line: RecordLine,
    /// Counts its saves; a change names the one it was made from.
    pub revision: u32,
    /// What it says.
    pub body: RecordBody,
}

/// A record to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RecordDraft {
    /// Where it goes.
    pub space: SpaceId,
    /// How far it may travel.
    pub label: Label,
    /// The day it is about.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub on: NaiveDate,
    /// The record it belongs to.
    pub parent: Option<RecordId>,
    /// Whose words these are.
    pub as_told_by: Option<String>,
    /// What it says.
    pub body: RecordBody,
}

/// A record as it shall be.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RecordChange {
    /// The record.
    pub id: RecordId,
    /// The revision it was made from.
    pub revision: u32,
    /// How far it may travel.
    pub label: Label,
    /// The day it is about.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub on: NaiveDate,
    /// Whose words these are.
    pub as_told_by: Option<String>,
    /// Whether what is there now is kept as an earlier version in any case: for a change that takes
    /// the place of one that was made elsewhere meanwhile.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<bool>", optional))]
    pub keep_earlier: bool,
    /// What it says.
    pub body: RecordBody,
}

/// Which records a list wants; an empty list of kinds, labels or states means all.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RecordFilter {
    /// One space, or all open ones.
    pub space: Option<SpaceId>,
    /// These kinds.
    pub kinds: Vec<KindName>,
    /// These labels.
    pub labels: Vec<ShownLabel>,
    /// These states, in the kinds' own words.
    pub states: Vec<String>,
    /// What belongs to this record.
    pub parent: Option<RecordId>,
    /// From this day on.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub from: Option<NaiveDate>,
    /// Up to this day.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub to: Option<NaiveDate>,
    /// What is in the bin, instead of what is not.
    pub binned: bool,
    /// How many to pass over.
    pub offset: u32,
    /// How many to return at most.
    pub limit: u32,
}

/// A page of a list of records.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RecordPage {
    /// The lines, the newest day first.
    pub lines: Vec<RecordLine>,
    /// How many there are in all.
    pub total: u32,
}

impl RecordLine {
    /// The line of a registered kind; `None` for bookkeeping and for other crates' kinds.
    fn of(line: Line, agreed: bool) -> Option<Self> {
        Some(Self {
            kind: KindName::of(line.kind)?,
            id: line.id,
            space: line.space,
            label: line.label.shown(agreed),
            title: line.title,
            excerpt: line.excerpt,
            on: line.on,
            created: line.created,
            edited: line.edited,
            parent: line.parent,
            as_told_by: line.as_told_by,
            binned: line.binned,
            state: line.state,
            due: line.due,
            owner: line.owner,
            steps: line.steps,
        })
    }
}

impl Mentoring {
    /// The lines as the window sees them; bookkeeping and other crates' kinds are left out.
    ///
    /// *Agreed* is read from the lines that vouch for others at this moment, so it ends with the last
    /// of them, and no record has to be written anew for it.
    pub fn record_lines(&self, lines: Vec<Line>) -> Vec<RecordLine> {
        let agreed = self.agreed();
        let shown = lines.into_iter().filter_map(|line| {
            let agreed = line.is_kept() && agreed.contains(&(line.space, line.id));
            RecordLine::of(line, agreed)
        });
        shown.collect()
    }

    /// The records that pass a filter, the newest day first.
    pub fn list_records(&self, filter: &RecordFilter) -> Result<RecordPage> {
        // What is sealed shows in its own notebook and in the bin, and in nothing that gathers.
        let sealed_too = filter.space.is_some() || filter.binned;
        let lines = self.lines_where(filter.space, |line| {
            (sealed_too || line.label != Label::Sealed)
                && line.is_kept() != filter.binned
                && filter
                    .parent
                    .is_none_or(|parent| line.parent == Some(parent))
                && filter.from.is_none_or(|from| line.on >= from)
                && filter.to.is_none_or(|to| line.on <= to)
        })?;
        let mut lines: Vec<_> = self
            .record_lines(lines)
            .into_iter()
            .filter(|line| filter.kinds.is_empty() || filter.kinds.contains(&line.kind))
            .filter(|line| filter.labels.is_empty() || filter.labels.contains(&line.label))
            .filter(|line| {
                let state = line.state.as_ref();
                filter.states.is_empty() || state.is_some_and(|state| filter.states.contains(state))
            })
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse((line.on, line.created, line.id)));
        let total = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let lines = lines
            .into_iter()
            .skip(filter.offset as usize)
            .take(filter.limit as usize)
            .collect();
        Ok(RecordPage { lines, total })
    }

    /// Opens a record.
    pub fn open_record(&self, id: RecordId) -> Result<RecordView> {
        with_kind!(self.kind(id)?, K => self.view(self.record::<K>(id)?))
    }

    /// Makes a record.
    pub fn create_record(&self, draft: RecordDraft) -> Result<RecordView> {
        let RecordDraft {
            space,
            label,
            on,
            parent,
            as_told_by,
            body,
        } = draft;
        with_body!(body, body => {
            self.view(self.create(Draft { space, label, on, parent, as_told_by, body })?)
        })
    }

    /// Saves a change of a record; its kind stays what it was.
    pub fn save_record(&self, change: RecordChange) -> Result<RecordView> {
        let RecordChange {
            id,
            revision,
            label,
            on,
            as_told_by,
            keep_earlier,
            body,
        } = change;
        with_body!(body, body => {
            let change = Change { id, revision, label, on, as_told_by, keep_earlier, body };
            self.view(self.save(change)?)
        })
    }

    /// The kept earlier states of a record, the newest first.
    pub fn list_revisions(&self, id: RecordId) -> Result<Vec<RevisionLine>> {
        with_kind!(self.kind(id)?, K => self.revisions::<K>(id))
    }

    /// Opens a kept earlier state of a record.
    pub fn open_revision(&self, id: RecordId, revision: u32) -> Result<RecordView> {
        with_kind!(self.kind(id)?, K => earlier(self.revision::<K>(id, revision)?))
    }

    /// Makes a kept earlier state the present one.
    pub fn restore_revision(&self, id: RecordId, revision: u32) -> Result<RecordView> {
        with_kind!(self.kind(id)?, K => self.view(self.restore::<K>(id, revision)?))
    }

    /// Goes back to the newest kept state of a record.
    pub fn undo_record(&self, id: RecordId) -> Result<RecordView> {
        with_kind!(self.kind(id)?, K => self.view(self.undo::<K>(id)?))
    }

    /// Puts a record of a listed kind, and what belongs to it, into the bin.
    pub fn bin_record(&self, id: RecordId) -> Result<()> {
        self.kind(id)?;
        self.bin(id)
    }

    /// Takes a record, and what went into the bin with it, out again.
    pub fn unbin_record(&self, id: RecordId) -> Result<RecordView> {
        self.kind(id)?;
        self.unbin(id)?;
        self.open_record(id)
    }

    /// Erases a record from the bin, for good.
    pub fn erase_record(&self, id: RecordId) -> Result<()> {
        self.kind(id)?;
        if self.line(id)?.is_kept() {
            return Err(Error::NotFound);
        }
        self.erase(id)
    }

    /// The line of a record that a backup holds; none for bookkeeping and for other crates' kinds.
    pub(crate) fn line_of_backup(&self, line: Line) -> Option<RecordLine> {
        RecordLine::of(line, false)
    }

    /// Makes the state of a record that a backup holds the present one.
    pub(crate) fn take_back(
        &self,
        space: SpaceId,
        (kind, id): (KindNumber, RecordId),
        stored: &StoredRecord,
        schema: u16,
    ) -> Result<RecordView> {
        let kind = KindName::of(kind).ok_or(Error::NotFound)?;
        with_kind!(kind, K => {
            let state = stored.open::<K>(id, space, schema)?;
            self.view(self.take_back_as(state)?)
        })
    }

    fn kind(&self, id: RecordId) -> Result<KindName> {
        KindName::of(self.line(id)?.kind).ok_or(Error::NotFound)
    }

    fn view<K: RecordKind>(&self, opened: Opened<K>) -> Result<RecordView>
    where
        RecordBody: From<K>,
    {
        let line = self.record_lines(vec![Line::of(&opened, None)]).pop();
        shown(line, opened)
    }
}

/// Whether a kind is one of this crate's.
pub(crate) fn is_registered(kind: KindNumber) -> bool {
    KindName::of(kind).is_some()
}

/// The words of a stored record of a registered kind.
pub(crate) fn words_of(
    kind: KindNumber,
    stored: &StoredRecord,
    id: RecordId,
    space: SpaceId,
    schema: u16,
) -> Option<String> {
    with_kind!(KindName::of(kind)?, K => {
        stored.open::<K>(id, space, schema).ok().map(|opened| opened.body.words())
    })
}

/// An earlier state: what is agreed is the present one.
fn earlier<K: RecordKind>(opened: Opened<K>) -> Result<RecordView>
where
    RecordBody: From<K>,
{
    shown(RecordLine::of(Line::of(&opened, None), false), opened)
}

fn shown<K: RecordKind>(line: Option<RecordLine>, opened: Opened<K>) -> Result<RecordView>
where
    RecordBody: From<K>,
{
    Ok(RecordView {
        line: line.ok_or(Error::NotFound)?,
        revision: opened.meta.revision,
        body: opened.body.into(),
    })
}
