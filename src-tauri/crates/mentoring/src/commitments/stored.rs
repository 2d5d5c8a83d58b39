//! Commitments as the vault keeps it. Do not change a version: add one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::view::{Commitment, CommitmentState};
use crate::{ids::RecordId, kind::Owner};

/// Until 2026-11-28: a promise that was given anew is another record, and neither knows of the other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitmentV1 {
    text: String,
    owner: OwnerV1,
    #[serde(default)]
    due: Option<NaiveDate>,
    state: CommitmentStateV1,
    #[serde(default)]
    settled_on: Option<NaiveDate>,
    note: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitmentV2 {
    text: String,
    owner: OwnerV1,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<NaiveDate>,
    state: CommitmentStateV1,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settled_on: Option<NaiveDate>,
    note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    follows: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    followed_by: Option<RecordId>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum CommitmentStateV1 {
    Open,
    Kept,
    Renegotiated,
    Missed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum OwnerV1 {
    Me,
    Them,
    Both,
}

impl From<Commitment> for CommitmentV2 {
    fn from(old: Commitment) -> Self {
        Self {
            text: old.text,
            owner: old.owner.into(),
            due: old.due,
            state: old.state.into(),
            settled_on: old.settled_on,
            note: old.note,
            follows: old.follows,
            followed_by: old.followed_by,
        }
    }
}

impl From<CommitmentV2> for Commitment {
    fn from(old: CommitmentV2) -> Self {
        Self {
            text: old.text,
            owner: old.owner.into(),
            due: old.due,
            state: old.state.into(),
            settled_on: old.settled_on,
            note: old.note,
            follows: old.follows,
            followed_by: old.followed_by,
        }
    }
}

impl From<CommitmentV1> for Commitment {
    fn from(old: CommitmentV1) -> Self {
        Self {
            text: old.text,
            owner: old.owner.into(),
            due: old.due,
            state: old.state.into(),
            settled_on: old.settled_on,
            note: old.note,
            follows: None,
            followed_by: None,
        }
    }
}

impl From<CommitmentState> for CommitmentStateV1 {
    fn from(old: CommitmentState) -> Self {
        match old {
            CommitmentState::Open => Self::Open,
            CommitmentState::Kept => Self::Kept,
            CommitmentState::Renegotiated => Self::Renegotiated,
            CommitmentState::Missed => Self::Missed,
        }
    }
}

impl From<CommitmentStateV1> for CommitmentState {
    fn from(old: CommitmentStateV1) -> Self {
        match old {
            CommitmentStateV1::Open => Self::Open,
            CommitmentStateV1::Kept => Self::Kept,
            CommitmentStateV1::Renegotiated => Self::Renegotiated,
            CommitmentStateV1::Missed => Self::Missed,
        }
    }
}

impl From<Owner> for OwnerV1 {
    fn from(old: Owner) -> Self {
        match old {
            Owner::Me => Self::Me,
            Owner::Them => Self::Them,
            Owner::Both => Self::Both,
        }
    }
}

impl From<OwnerV1> for Owner {
    fn from(old: OwnerV1) -> Self {
        match old {
            OwnerV1::Me => Self::Me,
            OwnerV1::Them => Self::Them,
            OwnerV1::Both => Self::Both,
        }
    }
}
