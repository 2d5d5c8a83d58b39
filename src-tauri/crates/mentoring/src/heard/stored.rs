//! What I heard as the vault keeps it. Do not change a version: add one.

use serde::{Deserialize, Serialize};

use super::view::{Heard, HeardState};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeardV1 {
    text: String,
    state: HeardStateV1,
    correction: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum HeardStateV1 {
    Draft,
    ReadBack,
    Agreed,
    Corrected,
}

impl From<Heard> for HeardV1 {
    fn from(old: Heard) -> Self {
        Self {
            text: old.text,
            state: old.state.into(),
            correction: old.correction,
        }
    }
}

impl From<HeardV1> for Heard {
    fn from(old: HeardV1) -> Self {
        Self {
            text: old.text,
            state: old.state.into(),
            correction: old.correction,
        }
    }
}

impl From<HeardState> for HeardStateV1 {
    fn from(old: HeardState) -> Self {
        match old {
            HeardState::Draft => Self::Draft,
            HeardState::ReadBack => Self::ReadBack,
            HeardState::Agreed => Self::Agreed,
            HeardState::Corrected => Self::Corrected,
        }
    }
}

impl From<HeardStateV1> for HeardState {
    fn from(old: HeardStateV1) -> Self {
        match old {
            HeardStateV1::Draft => Self::Draft,
            HeardStateV1::ReadBack => Self::ReadBack,
            HeardStateV1::Agreed => Self::Agreed,
            HeardStateV1::Corrected => Self::Corrected,
        }
    }
}
