//! Goals: where to, how it is measured, the steps, and dated reports of progress.

mod stored;
mod view;

pub use view::{Goal, GoalState, Horizon, Milestone, Outcome, ProgressReport, Sphere};

use crate::{
    error::{Error, Field, Result},
    kind::{KindNumber, Outline, RecordKind, Steps},
    label::Label,
    text,
};

/// Most milestones and most reports of one goal.
const PARTS_LIMIT: usize = 1_000;
/// The top of the scale of confidence.
const CONFIDENCE_MOST: u8 = 10;

impl RecordKind for Goal {
    type Stored = stored::GoalV1;

    const KIND: KindNumber = KindNumber(103);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = false;

    fn check(&self, _label: Label) -> Result<()> {
        text::check_present(Field::Title, &self.title)?;
        text::check_line(Field::Title, &self.title)?;
        if self
            .confidence
            .is_some_and(|confidence| confidence > CONFIDENCE_MOST)
        {
            return Err(Error::TooLong {
                field: Field::Other,
                limit: CONFIDENCE_MOST.into(),
            });
        }
        if self.milestones.len() > PARTS_LIMIT || self.reports.len() > PARTS_LIMIT {
            return Err(Error::TooLong {
                field: Field::Other,
                limit: PARTS_LIMIT,
            });
        }
        for text in [&self.why, &self.measure] {
            text::check_text(Field::Text, text)?;
        }
        for step in &self.milestones {
            text::check_present(Field::Other, &step.text)?;
            text::check_line(Field::Other, &step.text)?;
        }
        for report in &self.reports {
            text::check_text(Field::Text, &report.text)?;
            text::check_text(Field::Text, &report.next)?;
        }
        Ok(())
    }

    fn outline(&self) -> Outline {
        let done = self
            .milestones
            .iter()
            .filter(|step| step.done_on.is_some())
            .count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Outline {
            title: text::title_of(&self.title, ""),
            excerpt: text::excerpt_of(&self.why),
            state: Some(match self.state {
                GoalState::Open => "open",
                GoalState::Reached => "reached",
                GoalState::SetAside => "setAside",
            }),
            due: self.due,
            owner: None,
            steps: Some(Steps {
                done: count(done),
                total: count(self.milestones.len()),
            }),
        }
    }

    fn words(&self) -> String {
        let mut words = vec![self.title.as_str(), &self.why, &self.measure];
        words.extend(self.milestones.iter().map(|step| step.text.as_str()));
        words.extend(
            self.reports
                .iter()
                .flat_map(|report| [report.text.as_str(), &report.next]),
        );
        words.retain(|part| !part.trim().is_empty());
        words.join("\n")
    }
}
