//! Feedback: situation, behaviour and impact; given or received.

mod stored;
mod view;

pub use view::{Direction, Feedback};

use crate::{
    error::{Field, Result},
    kind::{KindNumber, Outline, RecordKind},
    label::Label,
    text,
};

impl RecordKind for Feedback {
    type Stored = stored::FeedbackV1;

    const KIND: KindNumber = KindNumber(104);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = true;

    fn check(&self, _label: Label) -> Result<()> {
        for text in [
            &self.situation,
            &self.behaviour,
            &self.impact,
            &self.next,
            &self.reply,
        ] {
            text::check_text(Field::Text, text)?;
        }
        Ok(())
    }

    fn outline(&self) -> Outline {
        let first = [&self.behaviour, &self.situation, &self.impact]
            .into_iter()
            .find(|part| !part.trim().is_empty());
        Outline {
            title: text::title_of("", first.map_or("", String::as_str)),
            excerpt: text::excerpt_of(&format!("{}\n{}", self.behaviour, self.impact)),
            state: Some(match self.direction {
                Direction::Given => "given",
                Direction::Received => "received",
            }),
            ..Outline::default()
        }
    }

    fn words(&self) -> String {
        let parts = [
            &self.situation,
            &self.behaviour,
            &self.impact,
            &self.next,
            &self.reply,
        ];
        let parts: Vec<_> = parts
            .into_iter()
            .map(|p| p.trim())
            .filter(|p| !p.is_empty())
            .collect();
        parts.join("\n")
    }
}
