//! Spaces as the window sees them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{ids::SpaceId, sealed::SealedPart};

/// A space to be made, or what it shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SpaceDraft {
    /// What it is for.
    pub kind: SpaceKind,
    /// What I am in it; nothing in a journal.
    pub role: Option<Role>,
    /// Its name: the other person's, in a relationship.
    pub name: String,
    /// A line about it.
    pub about: String,
    /// The colour of its cover.
    pub cloth: Cloth,
    /// Since when.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub since: Option<NaiveDate>,
    /// The agreed rhythm of meetings, in weeks.
    pub meet_every_weeks: Option<u8>,
}

/// A space.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Space {
    /// The space.
    pub id: SpaceId,
    /// What its owner says of it.
    #[serde(flatten)]
    pub card: SpaceDraft,
    /// When it was made.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created: DateTime<Utc>,
    /// Two letters for its cover.
    pub monogram: String,
    /// The agreed day until which it is kept; it is then due to be forgotten, and never is by itself.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub keep_until: Option<NaiveDate>,
    /// Whether it has a second passphrase, and can be shut while the vault is open.
    pub second_passphrase: bool,
    /// The name that is shown while it is shut, where it has a second passphrase.
    pub shown_as: Option<String>,
    /// Whether something is sealed in it, and whether that is open.
    pub sealed: SealedState,
    /// How many records of each kind are kept in it.
    pub counts: BTreeMap<String, u32>,
    /// Promises still to be kept.
    pub open_promises: u32,
    /// The day of the last meeting.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub last_met: Option<NaiveDate>,
    /// When anything in it was last saved.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub last_touched: Option<DateTime<Utc>>,
}

/// Where the sealed part of a space stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum SealedState {
    /// Nothing was ever sealed in it.
    Missing,
    /// It wants its passphrase; nothing of it is read.
    Shut,
    /// Its records can be read and written.
    Open,
}

impl SealedState {
    pub(crate) fn of(part: Option<&SealedPart>) -> Self {
        match part {
            None => Self::Missing,
            Some(part) if part.index.is_none() => Self::Shut,
            Some(_) => Self::Open,
        }
    }
}

/// What a space is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum SpaceKind {
    /// Mine alone.
    Journal,
    /// One other person.
    Relationship,
    /// A group.
    Circle,
}

/// What I am in a relationship or a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Role {
    /// I mentor.
    Mentor,
    /// I am mentored.
    Mentee,
    /// We are peers.
    Peer,
}

/// The colour of a cover. It means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
#[expect(missing_docs, reason = "colours explain themselves")]
pub enum Cloth {
    Moss,
    Teal,
    Slate,
    Heather,
    Brick,
    Ochre,
    Umber,
    Rose,
}
