//! Goals as the vault keeps it. Do not change a version: add one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::view::{Goal, GoalState, Horizon, Milestone, Outcome, ProgressReport, Sphere};
use crate::ids::ItemId;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoalV1 {
    title: String,
    why: String,
    measure: String,
    horizon: HorizonV1,
    sphere: SphereV1,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<u8>,
    state: GoalStateV1,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    milestones: Vec<MilestoneV1>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reports: Vec<ProgressReportV1>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MilestoneV1 {
    id: ItemId,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done_on: Option<NaiveDate>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProgressReportV1 {
    id: ItemId,
    on: NaiveDate,
    outcome: OutcomeV1,
    text: String,
    next: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum HorizonV1 {
    Short,
    Long,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum SphereV1 {
    Work,
    Personal,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum GoalStateV1 {
    Open,
    Reached,
    SetAside,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum OutcomeV1 {
    Success,
    Difficulty,
    Neither,
}

impl From<Goal> for GoalV1 {
    fn from(old: Goal) -> Self {
        Self {
            title: old.title,
            why: old.why,
            measure: old.measure,
            horizon: old.horizon.into(),
            sphere: old.sphere.into(),
            due: old.due,
            confidence: old.confidence,
            state: old.state.into(),
            closed_on: old.closed_on,
            milestones: old.milestones.into_iter().map(Into::into).collect(),
            reports: old.reports.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<GoalV1> for Goal {
    fn from(old: GoalV1) -> Self {
        Self {
            title: old.title,
            why: old.why,
            measure: old.measure,
            horizon: old.horizon.into(),
            sphere: old.sphere.into(),
            due: old.due,
            confidence: old.confidence,
            state: old.state.into(),
            closed_on: old.closed_on,
            milestones: old.milestones.into_iter().map(Into::into).collect(),
            reports: old.reports.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Milestone> for MilestoneV1 {
    fn from(old: Milestone) -> Self {
        Self {
            id: old.id,
            text: old.text,
            due: old.due,
            done_on: old.done_on,
        }
    }
}

impl From<MilestoneV1> for Milestone {
    fn from(old: MilestoneV1) -> Self {
        Self {
            id: old.id,
            text: old.text,
            due: old.due,
            done_on: old.done_on,
        }
    }
}

impl From<ProgressReport> for ProgressReportV1 {
    fn from(old: ProgressReport) -> Self {
        Self {
            id: old.id,
            on: old.on,
            outcome: old.outcome.into(),
            text: old.text,
            next: old.next,
        }
    }
}

impl From<ProgressReportV1> for ProgressReport {
    fn from(old: ProgressReportV1) -> Self {
        Self {
            id: old.id,
            on: old.on,
            outcome: old.outcome.into(),
            text: old.text,
            next: old.next,
        }
    }
}

impl From<Horizon> for HorizonV1 {
    fn from(old: Horizon) -> Self {
        match old {
            Horizon::Short => Self::Short,
            Horizon::Long => Self::Long,
        }
    }
}

impl From<HorizonV1> for Horizon {
    fn from(old: HorizonV1) -> Self {
        match old {
            HorizonV1::Short => Self::Short,
            HorizonV1::Long => Self::Long,
        }
    }
}

impl From<Sphere> for SphereV1 {
    fn from(old: Sphere) -> Self {
        match old {
            Sphere::Work => Self::Work,
            Sphere::Personal => Self::Personal,
        }
    }
}

impl From<SphereV1> for Sphere {
    fn from(old: SphereV1) -> Self {
        match old {
            SphereV1::Work => Self::Work,
            SphereV1::Personal => Self::Personal,
        }
    }
}

impl From<GoalState> for GoalStateV1 {
    fn from(old: GoalState) -> Self {
        match old {
            GoalState::Open => Self::Open,
            GoalState::Reached => Self::Reached,
            GoalState::SetAside => Self::SetAside,
        }
    }
}

impl From<GoalStateV1> for GoalState {
    fn from(old: GoalStateV1) -> Self {
        match old {
            GoalStateV1::Open => Self::Open,
            GoalStateV1::Reached => Self::Reached,
            GoalStateV1::SetAside => Self::SetAside,
        }
    }
}

impl From<Outcome> for OutcomeV1 {
    fn from(old: Outcome) -> Self {
        match old {
            Outcome::Success => Self::Success,
            Outcome::Difficulty => Self::Difficulty,
            Outcome::Neither => Self::Neither,
        }
    }
}

impl From<OutcomeV1> for Outcome {
    fn from(old: OutcomeV1) -> Self {
        match old {
            OutcomeV1::Success => Self::Success,
            OutcomeV1::Difficulty => Self::Difficulty,
            OutcomeV1::Neither => Self::Neither,
        }
    }
}
