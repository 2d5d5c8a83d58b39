//! Notes as the window sees them.

use serde::{Deserialize, Serialize};

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Note {
    /// What the note is for.
    pub purpose: NotePurpose,
    /// A title, or nothing.
    pub title: String,
    /// The words, in Markdown.
    pub text: String,
    /// The time of day it was written at, as "14:30", where that is known.
    pub at: Option<String>,
    /// The question that it answers, where a prompt was offered.
    pub prompt: Option<String>,
    /// The owner's own tags.
    pub tags: Vec<String>,
}

/// What a note is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum NotePurpose {
    /// A note.
    Note,
    /// An entry in a journal.
    Journal,
    /// What I noticed about the other: mood, energy, what was not said. Private always.
    Observation,
    /// What was said in a meeting.
    MeetingNotes,
}

impl NotePurpose {
    /// The purpose's name in index lines.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Journal => "journal",
            Self::Observation => "observation",
            Self::MeetingNotes => "meetingNotes",
        }
    }
}
