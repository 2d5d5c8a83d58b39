//! What I heard: the mentor's account of what the other said, read back and agreed or corrected.

mod stored;
mod view;

pub use view::{Heard, HeardState};

use crate::{
    error::{Field, Result},
    kind::{KindNumber, Outline, RecordKind},
    label::Label,
    text,
};

impl RecordKind for Heard {
    type Stored = stored::HeardV1;

    const KIND: KindNumber = KindNumber(102);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = true;

    fn check(&self, _label: Label) -> Result<()> {
        text::check_text(Field::Text, &self.text)?;
        text::check_text(Field::Other, &self.correction)
    }

    fn outline(&self) -> Outline {
        Outline {
            title: text::title_of("", &self.text),
            excerpt: text::excerpt_of(&self.text),
            state: Some(match self.state {
                HeardState::Draft => "draft",
                HeardState::ReadBack => "readBack",
                HeardState::Agreed => "agreed",
                HeardState::Corrected => "corrected",
            }),
            ..Outline::default()
        }
    }

    fn words(&self) -> String {
        format!("{}\n{}", self.text, self.correction)
            .trim()
            .to_owned()
    }
}
