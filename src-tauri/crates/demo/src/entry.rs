//! How the content is written down: entries of a notebook, and the parts of a meeting.

use chrono::NaiveDate;
use mentoring::{
    ItemId, Label, Owner, RecordBody,
    commitments::{Commitment, CommitmentState},
    feedback::{Direction, Feedback},
    goals::{Goal, Milestone, Outcome, ProgressReport},
    heard::{Heard, HeardState},
    meetings::{Medium, Meeting, MeetingPhase, agenda},
    notes::{Note, NotePurpose},
    people::Person,
};

/// One thing in a notebook, on its day, with what belongs to it.
pub(crate) struct Entry {
    pub(crate) on: NaiveDate,
    pub(crate) part: Part,
    pub(crate) parts: Vec<Part>,
}

/// What a record says, and to whom it may be said. New parts are Private.
pub(crate) struct Part {
    pub(crate) label: Label,
    pub(crate) told_by: Option<&'static str>,
    pub(crate) name: Option<&'static str>,
    pub(crate) body: RecordBody,
}

/// Puts a part on a day.
pub(crate) fn on(day: NaiveDate, part: Part) -> Entry {
    Entry {
        on: day,
        part,
        parts: Vec::new(),
    }
}

impl Entry {
    /// Adds what belongs to a meeting; it has the meeting's day.
    pub(crate) fn with(mut self, parts: Vec<Part>) -> Self {
        self.parts = parts;
        self
    }
}

impl Part {
    fn of(body: impl Into<RecordBody>) -> Self {
        Self {
            label: Label::Private,
            told_by: None,
            name: None,
            body: body.into(),
        }
    }

    /// Lets the part be evidence.
    pub(crate) fn shareable(mut self) -> Self {
        self.label = Label::Shareable;
        self
    }

    /// Says whose words these are.
    pub(crate) fn told_by(mut self, name: &'static str) -> Self {
        self.told_by = Some(name);
        self
    }

    /// Gives the part a name that a summary can refer to.
    pub(crate) fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }
}

/// A person's card.
pub(crate) fn person(name: &str, pronouns: &str, work: &str, contact: &str, about: &str) -> Part {
    Part::of(Person {
        name: name.to_owned(),
        pronouns: pronouns.to_owned(),
        work: work.to_owned(),
        contact: contact.to_owned(),
        about: about.to_owned(),
    })
}

/// A meeting at a time of day, for so many minutes.
pub(crate) fn meeting(
    (at, minutes): (&str, u32),
    (medium, place): (Medium, &str),
    title: &str,
    points: &str,
) -> Part {
    Part::of(Meeting {
        title: title.to_owned(),
        at: Some(at.to_owned()),
        minutes: Some(minutes),
        medium,
        place: place.to_owned(),
        points: agenda::read(points),
        began: None,
        ended: None,
        phase: MeetingPhase::Arrive,
    })
}

/// A note in a notebook.
pub(crate) fn note(title: &str, text: &str) -> Part {
    words(NotePurpose::Note, title, text)
}

/// What was said in a meeting.
pub(crate) fn said(text: &str) -> Part {
    words(NotePurpose::MeetingNotes, "", text)
}

/// What was noticed about the other; it can only be Private.
pub(crate) fn noticed(text: &str) -> Part {
    words(NotePurpose::Observation, "", text)
}

/// A page of the journal, written at a time of day, with its tags.
pub(crate) fn page(at: &str, title: &str, text: &str, tags: &[&str]) -> Part {
    answer(at, None, title, text, tags)
}

/// A page of the journal that answers a question.
pub(crate) fn answer(
    at: &str,
    prompt: Option<&str>,
    title: &str,
    text: &str,
    tags: &[&str],
) -> Part {
    Part::of(Note {
        purpose: NotePurpose::Journal,
        title: title.to_owned(),
        text: text.to_owned(),
        at: Some(at.to_owned()),
        prompt: prompt.map(str::to_owned),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    })
}

/// What I heard, to which the other agreed.
pub(crate) fn heard(text: &str) -> Part {
    heard_as(HeardState::Agreed, text, "")
}

/// What I heard, and how the other put it right.
pub(crate) fn heard_corrected(text: &str, correction: &str) -> Part {
    heard_as(HeardState::Corrected, text, correction)
}

/// What I heard, not yet read back.
pub(crate) fn heard_draft(text: &str) -> Part {
    heard_as(HeardState::Draft, text, "")
}

/// A promise still to be kept.
pub(crate) fn open(owner: Owner, text: &str, due: NaiveDate) -> Part {
    promise(owner, text, due, CommitmentState::Open, None, "")
}

/// A promise that was kept on a day.
pub(crate) fn kept(owner: Owner, text: &str, due: NaiveDate, on: NaiveDate) -> Part {
    promise(owner, text, due, CommitmentState::Kept, Some(on), "")
}

/// A promise that was missed, and a word on it.
pub(crate) fn missed(owner: Owner, text: &str, due: NaiveDate, on: NaiveDate, note: &str) -> Part {
    promise(owner, text, due, CommitmentState::Missed, Some(on), note)
}

/// A promise in whose place another was agreed, and a word on it.
pub(crate) fn changed(owner: Owner, text: &str, due: NaiveDate, on: NaiveDate, note: &str) -> Part {
    promise(
        owner,
        text,
        due,
        CommitmentState::Renegotiated,
        Some(on),
        note,
    )
}

/// Feedback that I gave: situation, behaviour, impact, the next time, the answer.
pub(crate) fn given(parts: [&str; 5]) -> Part {
    feedback(Direction::Given, parts)
}

/// Feedback that I received: situation, behaviour, impact, the next time, my answer.
pub(crate) fn received(parts: [&str; 5]) -> Part {
    feedback(Direction::Received, parts)
}

/// A goal.
pub(crate) fn goal(goal: Goal) -> Part {
    Part::of(goal)
}

/// A step of a goal that is done.
pub(crate) fn done(text: &str, due: NaiveDate, on: NaiveDate) -> Milestone {
    Milestone {
        id: ItemId::make(),
        text: text.to_owned(),
        due: Some(due),
        done_on: Some(on),
    }
}

/// A step of a goal that is late or to come.
pub(crate) fn step(text: &str, due: NaiveDate) -> Milestone {
    Milestone {
        id: ItemId::make(),
        text: text.to_owned(),
        due: Some(due),
        done_on: None,
    }
}

/// What became of a goal up to a day, and what comes next.
pub(crate) fn report(on: NaiveDate, outcome: Outcome, text: &str, next: &str) -> ProgressReport {
    ProgressReport {
        id: ItemId::make(),
        on,
        outcome,
        text: text.to_owned(),
        next: next.to_owned(),
    }
}

fn words(purpose: NotePurpose, title: &str, text: &str) -> Part {
    Part::of(Note {
        purpose,
        title: title.to_owned(),
        text: text.to_owned(),
        at: None,
        prompt: None,
        tags: Vec::new(),
    })
}

fn heard_as(state: HeardState, text: &str, correction: &str) -> Part {
    Part::of(Heard {
        text: text.to_owned(),
        state,
        correction: correction.to_owned(),
    })
}

fn promise(
    owner: Owner,
    text: &str,
    due: NaiveDate,
    state: CommitmentState,
    settled_on: Option<NaiveDate>,
    note: &str,
) -> Part {
    Part::of(Commitment {
        text: text.to_owned(),
        owner,
        due: Some(due),
        state,
        settled_on,
        note: note.to_owned(),
        follows: None,
        followed_by: None,
    })
}

fn feedback(direction: Direction, [situation, behaviour, impact, next, reply]: [&str; 5]) -> Part {
    Part::of(Feedback {
        direction,
        situation: situation.to_owned(),
        behaviour: behaviour.to_owned(),
        impact: impact.to_owned(),
        next: next.to_owned(),
        reply: reply.to_owned(),
    })
}
