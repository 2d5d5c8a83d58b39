//! What I heard as the window sees it.

use serde::{Deserialize, Serialize};

/// An account of what the other said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Heard {
    /// The account, in words the other would agree with.
    pub text: String,
    /// How far it has been read back.
    pub state: HeardState,
    /// The other's correction, kept beside it.
    pub correction: String,
}

/// How far an account has been read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum HeardState {
    /// Not yet read back.
    Draft,
    /// Read back, not yet answered.
    ReadBack,
    /// The other agreed.
    Agreed,
    /// The other corrected it.
    Corrected,
}
