//! Notes as the vault keeps them. Do not change a version: add one.

use serde::{Deserialize, Serialize};

use super::view::{Note, NotePurpose};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteV1 {
    purpose: PurposeV1,
    title: String,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prompt: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum PurposeV1 {
    Note,
    Journal,
    Observation,
    MeetingNotes,
}

impl From<Note> for NoteV1 {
    fn from(
        Note {
            purpose,
            title,
            text,
            at,
            prompt,
            tags,
        }: Note,
    ) -> Self {
        let purpose = match purpose {
            NotePurpose::Note => PurposeV1::Note,
            NotePurpose::Journal => PurposeV1::Journal,
            NotePurpose::Observation => PurposeV1::Observation,
            NotePurpose::MeetingNotes => PurposeV1::MeetingNotes,
        };
        Self {
            purpose,
            title,
            text,
            at,
            prompt,
            tags,
        }
    }
}

impl From<NoteV1> for Note {
    fn from(
        NoteV1 {
            purpose,
            title,
            text,
            at,
            prompt,
            tags,
        }: NoteV1,
    ) -> Self {
        let purpose = match purpose {
            PurposeV1::Note => NotePurpose::Note,
            PurposeV1::Journal => NotePurpose::Journal,
            PurposeV1::Observation => NotePurpose::Observation,
            PurposeV1::MeetingNotes => NotePurpose::MeetingNotes,
        };
        Self {
            purpose,
            title,
            text,
            at,
            prompt,
            tags,
        }
    }
}
