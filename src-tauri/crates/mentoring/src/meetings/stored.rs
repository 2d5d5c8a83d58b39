//! Meetings as the vault keeps it. Do not change a version: add one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    agenda::{self, AgendaPoint, PointKind},
    view::{Medium, Meeting, MeetingPhase},
};
use crate::ids::RecordId;

/// Until 2026-11-28: the agenda is a list in Markdown, and nothing is known of how the meeting went.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingV1 {
    title: String,
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
    minutes: Option<u32>,
    medium: MediumV1,
    place: String,
    agenda: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingV2 {
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    minutes: Option<u32>,
    medium: MediumV1,
    place: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    points: Vec<AgendaPointV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    began: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<DateTime<Utc>>,
    phase: MeetingPhaseV1,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AgendaPointV1 {
    text: String,
    kind: PointKindV1,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    aside: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    done: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<RecordId>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum PointKindV1 {
    Point,
    Question,
    Need,
    Update,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum MeetingPhaseV1 {
    Arrive,
    Listen,
    Think,
    Promise,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum MediumV1 {
    InPerson,
    Call,
    Video,
    Message,
}

impl From<MeetingV1> for Meeting {
    fn from(old: MeetingV1) -> Self {
        Self {
            title: old.title,
            at: old.at,
            minutes: old.minutes,
            medium: old.medium.into(),
            place: old.place,
            points: agenda::read(&old.agenda),
            began: None,
            ended: None,
            phase: MeetingPhase::Arrive,
        }
    }
}

impl From<Meeting> for MeetingV2 {
    fn from(old: Meeting) -> Self {
        Self {
            title: old.title,
            at: old.at,
            minutes: old.minutes,
            medium: old.medium.into(),
            place: old.place,
            points: old.points.into_iter().map(Into::into).collect(),
            began: old.began,
            ended: old.ended,
            phase: old.phase.into(),
        }
    }
}

impl From<MeetingV2> for Meeting {
    fn from(old: MeetingV2) -> Self {
        Self {
            title: old.title,
            at: old.at,
            minutes: old.minutes,
            medium: old.medium.into(),
            place: old.place,
            points: old.points.into_iter().map(Into::into).collect(),
            began: old.began,
            ended: old.ended,
            phase: old.phase.into(),
        }
    }
}

impl From<AgendaPoint> for AgendaPointV1 {
    fn from(old: AgendaPoint) -> Self {
        Self {
            text: old.text,
            kind: match old.kind {
                PointKind::Point => PointKindV1::Point,
                PointKind::Question => PointKindV1::Question,
                PointKind::Need => PointKindV1::Need,
                PointKind::Update => PointKindV1::Update,
            },
            aside: old.aside,
            done: old.done,
            source: old.source,
        }
    }
}

impl From<AgendaPointV1> for AgendaPoint {
    fn from(old: AgendaPointV1) -> Self {
        Self {
            text: old.text,
            kind: match old.kind {
                PointKindV1::Point => PointKind::Point,
                PointKindV1::Question => PointKind::Question,
                PointKindV1::Need => PointKind::Need,
                PointKindV1::Update => PointKind::Update,
            },
            aside: old.aside,
            done: old.done,
            source: old.source,
        }
    }
}

impl From<MeetingPhase> for MeetingPhaseV1 {
    fn from(old: MeetingPhase) -> Self {
        match old {
            MeetingPhase::Arrive => Self::Arrive,
            MeetingPhase::Listen => Self::Listen,
            MeetingPhase::Think => Self::Think,
            MeetingPhase::Promise => Self::Promise,
        }
    }
}

impl From<MeetingPhaseV1> for MeetingPhase {
    fn from(old: MeetingPhaseV1) -> Self {
        match old {
            MeetingPhaseV1::Arrive => Self::Arrive,
            MeetingPhaseV1::Listen => Self::Listen,
            MeetingPhaseV1::Think => Self::Think,
            MeetingPhaseV1::Promise => Self::Promise,
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
