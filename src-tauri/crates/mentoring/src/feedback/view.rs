//! Feedback as the window sees it.

use serde::{Deserialize, Serialize};

/// Feedback from observation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Feedback {
    /// Who gave it.
    pub direction: Direction,
    /// When and where it was.
    pub situation: String,
    /// What was seen and heard.
    pub behaviour: String,
    /// What it did.
    pub impact: String,
    /// What to do the next time.
    pub next: String,
    /// What the receiver answered.
    pub reply: String,
}

/// Who gave feedback to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Direction {
    /// I gave it.
    Given,
    /// I received it.
    Received,
}
