//! Feedback as the vault keeps it. Do not change a version: add one.

use serde::{Deserialize, Serialize};

use super::view::{Direction, Feedback};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackV1 {
    direction: DirectionV1,
    situation: String,
    behaviour: String,
    impact: String,
    next: String,
    reply: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum DirectionV1 {
    Given,
    Received,
}

impl From<Feedback> for FeedbackV1 {
    fn from(old: Feedback) -> Self {
        Self {
            direction: old.direction.into(),
            situation: old.situation,
            behaviour: old.behaviour,
            impact: old.impact,
            next: old.next,
            reply: old.reply,
        }
    }
}

impl From<FeedbackV1> for Feedback {
    fn from(old: FeedbackV1) -> Self {
        Self {
            direction: old.direction.into(),
            situation: old.situation,
            behaviour: old.behaviour,
            impact: old.impact,
            next: old.next,
            reply: old.reply,
        }
    }
}

impl From<Direction> for DirectionV1 {
    fn from(old: Direction) -> Self {
        match old {
            Direction::Given => Self::Given,
            Direction::Received => Self::Received,
        }
    }
}

impl From<DirectionV1> for Direction {
    fn from(old: DirectionV1) -> Self {
        match old {
            DirectionV1::Given => Self::Given,
            DirectionV1::Received => Self::Received,
        }
    }
}
