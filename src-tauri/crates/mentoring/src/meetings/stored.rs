//! Meetings as the vault keeps it. Do not change a version: add one.

use serde::{Deserialize, Serialize};

use super::view::{Medium, Meeting};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingV1 {
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    minutes: Option<u32>,
    medium: MediumV1,
    place: String,
    agenda: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum MediumV1 {
    InPerson,
    Call,
    Video,
    Message,
}

impl From<Meeting> for MeetingV1 {
    fn from(old: Meeting) -> Self {
        Self {
            title: old.title,
            at: old.at,
            minutes: old.minutes,
            medium: old.medium.into(),
            place: old.place,
            agenda: old.agenda,
        }
    }
}

impl From<MeetingV1> for Meeting {
    fn from(old: MeetingV1) -> Self {
        Self {
            title: old.title,
            at: old.at,
            minutes: old.minutes,
            medium: old.medium.into(),
            place: old.place,
            agenda: old.agenda,
        }
    }
}

impl From<Medium> for MediumV1 {
    fn from(old: Medium) -> Self {
        match old {
            Medium::InPerson => Self::InPerson,
            Medium::Call => Self::Call,
            Medium::Video => Self::Video,
            Medium::Message => Self::Message,
        }
    }
}

impl From<MediumV1> for Medium {
    fn from(old: MediumV1) -> Self {
        match old {
            MediumV1::InPerson => Self::InPerson,
            MediumV1::Call => Self::Call,
            MediumV1::Video => Self::Video,
            MediumV1::Message => Self::Message,
        }
    }
}
