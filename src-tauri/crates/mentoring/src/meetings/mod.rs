//! Meetings: when, where and what about; notes, observations, promises and what was heard are records of their own that belong to it.

pub mod agenda;
mod stored;
mod view;

pub use agenda::{AgendaPoint, PointKind};
pub use view::{Medium, Meeting, MeetingPhase};

use crate::{
    error::{Error, Field, Result},
    kind::{self, KindNumber, Outline, RecordKind},
    label::Label,
    text,
};

/// The state of a line that stands for an exchange of messages: contact, but no meeting.
pub(crate) const MESSAGE: &str = "message";
/// No meeting is longer than a day.
const DAY_MINUTES: u32 = 24 * 60;

impl RecordKind for Meeting {
    type Stored = stored::MeetingV2;

    const KIND: KindNumber = KindNumber(101);
    const SCHEMA: u16 = 2;
    const AUTOSAVED: bool = true;

    fn read(schema: u16, json: &str) -> Option<Self> {
        match schema {
            1 => kind::read_as::<stored::MeetingV1, Self>(json),
            Self::SCHEMA => kind::read_as::<Self::Stored, Self>(json),
            _ => None,
        }
    }

    fn check(&self, _label: Label) -> Result<()> {
        text::check_time(self.at.as_deref())?;
        if self.minutes.is_some_and(|minutes| minutes > DAY_MINUTES) {
            return Err(Error::DateOutOfRange);
        }
        if self
            .ended
            .is_some_and(|ended| self.began.is_none_or(|began| ended < began))
        {
            return Err(Error::DateOutOfRange);
        }
        text::check_line(Field::Title, &self.title)?;
        text::check_line(Field::Other, &self.place)?;
        for point in &self.points {
            text::check_line(Field::Other, &point.aside)?;
        }
        text::check_text(Field::Text, &self.agenda())
    }

    fn outline(&self) -> Outline {
        Outline {
            title: text::title_of(&self.title, ""),
            excerpt: text::excerpt_of(&plain_list(&self.points)),
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
        format!("{}\n{}", self.title, plain_list(&self.points))
            .trim()
            .to_owned()
    }
}

/// The words of the points alone, as a list.
fn plain_list(points: &[AgendaPoint]) -> String {
    let plain = points
        .iter()
        .map(|AgendaPoint { text, aside, .. }| AgendaPoint {
            aside: aside.clone(),
            ..AgendaPoint::plain(text.clone())
        });
    agenda::write(&plain.collect::<Vec<_>>())
}
