//! Meetings as the window sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::agenda::{self, AgendaPoint};

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
    /// What about, in order.
    pub points: Vec<AgendaPoint>,
    /// When it was started; none while it is to come, and where it was only set down.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub began: Option<DateTime<Utc>>,
    /// When it was ended.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub ended: Option<DateTime<Utc>>,
    /// Where a meeting that was started stands, or stood at its end.
    pub phase: MeetingPhase,
}

impl Meeting {
    /// The agenda as a list in Markdown.
    pub fn agenda(&self) -> String {
        agenda::write(&self.points)
    }
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

/// The parts of a meeting, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum MeetingPhase {
    /// Coming in.
    Arrive,
    /// The mentee has the floor; advice waits.
    Listen,
    /// Both think about it.
    Think,
    /// Who does what, by when.
    Promise,
}
