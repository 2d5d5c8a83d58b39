//! What a kind of record must say of itself.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{error::Result, ids::RecordId, label::Label, spaces::SpaceKind};

/// The number of a kind in the vault: 1 to 99 for bookkeeping, from 100 on for records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindNumber(pub u16);

impl KindNumber {
    /// What a space is: its name, its kind, my role in it.
    pub(crate) const SPACE: Self = Self(1);
    /// The user's own profile, in the home compartment.
    pub(crate) const PROFILE: Self = Self(2);
    /// A page of a space's index.
    pub(crate) const INDEX_PAGE: Self = Self(3);
    /// A kept earlier state of a record.
    pub(crate) const REVISION: Self = Self(4);
    /// The mark of a notebook in which something was sealed and whose older state may not be swept out yet.
    pub(crate) const TO_SWEEP: Self = Self(5);
    /// The first number of a record that has a label, a history and a line in the index.
    pub const FIRST_RECORD: Self = Self(100);

    pub(crate) fn in_vault(self) -> vault::Kind {
        vault::Kind(self.0)
    }
}

/// A kind of record.
///
/// The implementing type is what the rest of the program sees; [`RecordKind::Stored`] is the
/// newest shape that is written. Older shapes are read by overriding [`RecordKind::read`].
pub trait RecordKind: Clone + PartialEq + Send + 'static {
    /// The shape in the vault; frozen once released.
    type Stored: Serialize + DeserializeOwned + From<Self> + Into<Self>;

    /// The number of the kind.
    const KIND: KindNumber;
    /// The version of [`RecordKind::Stored`].
    const SCHEMA: u16;
    /// Whether the kind is written as one types: edits of one sitting then make one revision.
    const AUTOSAVED: bool;

    /// Reads a stored body of any version that this program knows.
    fn read(schema: u16, json: &str) -> Option<Self> {
        if schema != Self::SCHEMA {
            return None;
        }
        read_as::<Self::Stored, Self>(json)
    }

    /// Whether this state must not take the place of `before` without keeping it.
    fn begins_anew(&self, before: &Self) -> bool {
        let _ = before;
        false
    }

    /// The rules of the kind; a refusal names what to put right.
    fn check(&self, label: Label) -> Result<()>;

    /// What lists show of the record without opening it.
    fn outline(&self) -> Outline;

    /// The records that stand in words of this one to which everyone who must has agreed, in a space
    /// of this kind. They are shown as Agreed while this one is kept and not past its due day.
    fn vouches_for(&self, space: SpaceKind) -> Vec<RecordId> {
        let _ = space;
        Vec::new()
    }

    /// All its words, as evidence would quote them and as a check would read them.
    fn words(&self) -> String;
}

/// Reads a stored body in one of its shapes.
pub(crate) fn read_as<S: DeserializeOwned + Into<K>, K>(json: &str) -> Option<K> {
    serde_json::from_str::<S>(json).ok().map(Into::into)
}

/// What lists show of a record without opening it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// One line that names the record.
    pub title: String,
    /// The beginning of its text.
    pub excerpt: String,
    /// Where it stands, in the kind's own word.
    pub state: Option<&'static str>,
    /// When it is due.
    pub due: Option<NaiveDate>,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// How many of its steps are done.
    pub steps: Option<Steps>,
}

/// Who owns a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Owner {
    /// I promised it.
    Me,
    /// The other promised it.
    Them,
    /// We promised it together.
    Both,
}

/// Steps done and steps in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Steps {
    /// Steps done.
    pub done: u32,
    /// Steps in all.
    pub total: u32,
}
