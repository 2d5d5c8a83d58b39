//! Meetings: when, where and what about; notes, observations, promises and what was heard are records of their own that belong to it.

mod stored;
mod view;

pub use view::{Medium, Meeting};

use crate::{
    error::{Error, Field, Result},
    kind::{KindNumber, Outline, RecordKind},
    label::Label,
    text,
};

/// The state of a line that stands for an exchange of messages: contact, but no meeting.
pub(crate) const MESSAGE: &str = "message";
/// No meeting is longer than a day.
const DAY_MINUTES: u32 = 24 * 60;

impl RecordKind for Meeting {
    type Stored = stored::MeetingV1;

    const KIND: KindNumber = KindNumber(101);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = true;

    fn check(&self, _label: Label) -> Result<()> {
        text::check_time(self.at.as_deref())?;
        if self.minutes.is_some_and(|minutes| minutes > DAY_MINUTES) {
            return Err(Error::DateOutOfRange);
        }
        text::check_line(Field::Title, &self.title)?;
        text::check_line(Field::Other, &self.place)?;
        text::check_text(Field::Text, &self.agenda)
    }

    fn outline(&self) -> Outline {
        Outline {
            title: text::title_of(&self.title, ""),
            excerpt: text::excerpt_of(&self.agenda),
            state: Some(match self.medium {
                Medium::InPerson => "inPerson",
                Medium::Call => "call",
                Medium::Video => "video",
                Medium::Message => MESSAGE,
            }),
            ..Outline::default()
        }
    }

    fn words(&self) -> String {
        format!("{}\n{}", self.title, self.agenda).trim().to_owned()
    }
}
