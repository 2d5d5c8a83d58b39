//! Goals as the window sees it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::ItemId;

/// A goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Goal {
    /// What is to be reached.
    pub title: String,
    /// Why it matters, in its owner's words.
    pub why: String,
    /// How one will know that it is reached.
    pub measure: String,
    /// How far away it is.
    pub horizon: Horizon,
    /// Work or personal.
    pub sphere: Sphere,
    /// By when.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub due: Option<NaiveDate>,
    /// How confident its owner is, 0 to 10.
    pub confidence: Option<u8>,
    /// Where it stands.
    pub state: GoalState,
    /// When it was reached or set aside.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub closed_on: Option<NaiveDate>,
    /// The steps, in their order.
    pub milestones: Vec<Milestone>,
    /// What became of it, by date.
    pub reports: Vec<ProgressReport>,
}

/// A step towards a goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Milestone {
    /// Names the step.
    pub id: ItemId,
    /// What is to be done.
    pub text: String,
    /// By when.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub due: Option<NaiveDate>,
    /// When it was done.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub done_on: Option<NaiveDate>,
}

/// What became of a goal up to a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct ProgressReport {
    /// Names the report.
    pub id: ItemId,
    /// The day.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub on: NaiveDate,
    /// Whether it went well.
    pub outcome: Outcome,
    /// What happened.
    pub text: String,
    /// What comes next.
    pub next: String,
}

/// How far away a goal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Horizon {
    /// Within a year or so.
    Short,
    /// Beyond.
    Long,
}

/// The part of life a goal belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Sphere {
    /// Professional.
    Work,
    /// Personal.
    Personal,
}

/// Where a goal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum GoalState {
    /// It is being worked on.
    Open,
    /// It is reached.
    Reached,
    /// It is set aside.
    SetAside,
}

/// Whether something went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Outcome {
    /// It did.
    Success,
    /// It was difficult.
    Difficulty,
    /// Neither.
    Neither,
}
