//! Meetings as the window sees it.

use serde::{Deserialize, Serialize};

/// A meeting, or another contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Meeting {
    /// A title, or nothing.
    pub title: String,
    /// The time of day, as "14:30".
    pub at: Option<String>,
    /// How long it lasts.
    pub minutes: Option<u32>,
    /// How we meet.
    pub medium: Medium,
    /// Where.
    pub place: String,
    /// What about, in Markdown.
    pub agenda: String,
}

/// How two people meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Medium {
    /// In one room.
    InPerson,
    /// By telephone.
    Call,
    /// On a screen.
    Video,
    /// In writing.
    Message,
}
