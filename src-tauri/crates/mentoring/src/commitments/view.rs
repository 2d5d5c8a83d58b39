//! Commitments as the window sees it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{ids::RecordId, kind::Owner};

/// A promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Commitment {
    /// What is promised.
    pub text: String,
    /// Who promised it.
    pub owner: Owner,
    /// By when.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub due: Option<NaiveDate>,
    /// What became of it.
    pub state: CommitmentState,
    /// When that was.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub settled_on: Option<NaiveDate>,
    /// A word on it.
    pub note: String,
    /// The promise in whose place this one was given.
    pub follows: Option<RecordId>,
    /// The promise that was given in place of this one, where both agreed on something else.
    pub followed_by: Option<RecordId>,
}

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum CommitmentState {
    /// It is still to be kept.
    Open,
    /// It was kept.
    Kept,
    /// Both agreed on something else.
    Renegotiated,
    /// It was missed.
    Missed,
}
