//! People: the card of a person in a space.

mod stored;
mod view;

pub use view::Person;

use crate::{
    error::{Field, Result},
    kind::{KindNumber, Outline, RecordKind},
    label::Label,
    text,
};

impl RecordKind for Person {
    type Stored = stored::PersonV1;

    const KIND: KindNumber = KindNumber(106);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = true;

    fn check(&self, _label: Label) -> Result<()> {
        text::check_present(Field::Name, &self.name)?;
        text::check_line(Field::Name, &self.name)?;
        for line in [&self.pronouns, &self.work, &self.contact] {
            text::check_line(Field::Other, line)?;
        }
        text::check_text(Field::Text, &self.about)
    }

    fn outline(&self) -> Outline {
        Outline {
            title: text::title_of(&self.name, ""),
            excerpt: text::excerpt_of(&self.work),
            ..Outline::default()
        }
    }

    fn words(&self) -> String {
        format!("{}\n{}\n{}", self.name, self.work, self.about)
            .trim()
            .to_owned()
    }
}
