//! Notes: running text, in a notebook, a journal or a meeting.

mod stored;
mod view;

pub use view::{Note, NotePurpose};

use crate::{
    error::{Error, Field, Result},
    kind::{KindNumber, Outline, RecordKind},
    label::Label,
    text,
};

/// Most tags on one note.
pub const TAG_LIMIT: usize = 100;

impl RecordKind for Note {
    type Stored = stored::NoteV1;

    const KIND: KindNumber = KindNumber(100);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = true;

    fn check(&self, label: Label) -> Result<()> {
        if self.purpose == NotePurpose::Observation && label == Label::Shareable {
            // What I noticed about a person is never evidence about that person.
            return Err(Error::LabelNotAllowed);
        }
        text::check_time(self.at.as_deref())?;
        if self.tags.len() > TAG_LIMIT {
            return Err(Error::TooLong {
                field: Field::Other,
                limit: TAG_LIMIT,
            });
        }
        for line in self.tags.iter().chain(&self.prompt) {
            text::check_line(Field::Other, line)?;
        }
        text::check_line(Field::Title, &self.title)?;
        text::check_text(Field::Text, &self.text)
    }

    fn outline(&self) -> Outline {
        Outline {
            title: text::title_of(&self.title, &self.text),
            excerpt: text::excerpt_of(&self.text),
            state: Some(self.purpose.name()),
            ..Outline::default()
        }
    }

    fn words(&self) -> String {
        format!("{}\n{}", self.title, self.text).trim().to_owned()
    }
}
