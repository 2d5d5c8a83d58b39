//! A year of invented mentoring, for a vault to look at. Every person and event is made up.
//!
//! The content is data: one module for each notebook says what stands in it, and this file puts it
//! into the vault through the same services as the window. Days are counted from the present day
//! of the services' clock, and no text names a month or a season, so the year is always the last.

mod amara;
mod circle;
mod daniel;
mod days;
mod edith;
mod entry;
mod journal;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use mentoring::{
    Draft, Mentoring, RecordBody, RecordId, RecordKind, SpaceId, commitments::Commitment,
    feedback::Feedback, goals::Goal, heard::Heard, meetings::Meeting, notes::Note, people::Person,
    profile::Profile, spaces::SpaceDraft,
};
use sharing::{Paragraph, Party, Sentence, Sharing, SummaryText};

use crate::{
    days::Days,
    entry::{Entry, Part},
};

/// The invented user.
const OWNER: &str = "Helen Marsh";
/// Notes of these last days are saved one by one, so that Today knows which was touched last.
const FRESH_DAYS: i64 = 10;

/// What [`fill`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// The vault was empty, and now holds the invented year.
    Whole,
    /// The vault held a notebook already, so nothing was written.
    LeftAlone,
}

/// Fills an empty vault: two mentees, one mentor, a circle and a journal, over the year before the
/// present day of the services' clock. A vault that holds a notebook is left as it is.
pub fn fill(mentoring: &Mentoring) -> sharing::Result<Filled> {
    if !is_empty(mentoring) {
        return Ok(Filled::LeftAlone);
    }
    mentoring.save_profile(&Profile {
        name: OWNER.to_owned(),
    })?;
    let days = Days::before(mentoring.clock().today());

    let mut fresh = Vec::new();
    put_notebook(mentoring, journal::notebook(days), days, &mut fresh)?;
    put_notebook(mentoring, circle::notebook(days), days, &mut fresh)?;
    put_notebook(mentoring, edith::notebook(days), days, &mut fresh)?;
    let daniel = put_notebook(mentoring, daniel::notebook(days), days, &mut fresh)?;
    let amara = put_notebook(mentoring, amara::notebook(days), days, &mut fresh)?;
    fresh.sort_by_key(|draft| draft.on);
    for draft in fresh {
        mentoring.create(draft)?;
    }

    let sharing = Sharing::over(mentoring);
    sharing.create_summary(daniel.space, daniel::summary(days).resolve(&daniel))?;
    agree_with_amara(&sharing, &amara, days)?;
    Ok(Filled::Whole)
}

/// A notebook as its module describes it.
struct Notebook {
    card: SpaceDraft,
    entries: Vec<Entry>,
}

/// A notebook in the vault, and the records that its summaries refer to.
struct Kept {
    space: SpaceId,
    named: BTreeMap<&'static str, RecordId>,
}

/// A summary whose sources are names of entries.
struct Story {
    title: &'static str,
    purpose: &'static str,
    audience: &'static str,
    from: NaiveDate,
    to: NaiveDate,
    expires: Option<NaiveDate>,
    paragraphs: Vec<Told>,
    /// Chosen as evidence, though no sentence rests on them.
    also: &'static [&'static str],
}

/// A paragraph of a [`Story`].
enum Told {
    Heading(&'static str),
    Sentences(Vec<(&'static str, &'static [&'static str])>),
}

/// Drafts by kind, each with the name that its record is to go by.
#[derive(Default)]
struct Sorted {
    notes: Vec<Named<Note>>,
    heard: Vec<Named<Heard>>,
    goals: Vec<Named<Goal>>,
    feedback: Vec<Named<Feedback>>,
    promises: Vec<Named<Commitment>>,
    meetings: Vec<Named<Meeting>>,
    people: Vec<Named<Person>>,
}

type Named<K> = (Option<&'static str>, Draft<K>);

impl Story {
    fn resolve(&self, kept: &Kept) -> SummaryText {
        let mut evidence = Vec::new();
        let mut sources = |names: &[&'static str]| -> Vec<RecordId> {
            let ids: Vec<_> = names.iter().map(|name| kept.record(name)).collect();
            for id in &ids {
                if !evidence.contains(id) {
                    evidence.push(*id);
                }
            }
            ids
        };
        let paragraphs = self
            .paragraphs
            .iter()
            .map(|told| match told {
                Told::Heading(text) => {
                    let sentence = Sentence {
                        text: (*text).to_owned(),
                        sources: Vec::new(),
                    };
                    Paragraph {
                        heading: true,
                        sentences: vec![sentence],
                    }
                }
                Told::Sentences(sentences) => {
                    let sentence = |(text, names): &(&str, &[&'static str])| Sentence {
                        text: (*text).to_owned(),
                        sources: sources(names),
                    };
                    Paragraph {
                        heading: false,
                        sentences: sentences.iter().map(sentence).collect(),
                    }
                }
            })
            .collect();
        sources(self.also);
        SummaryText {
            title: self.title.to_owned(),
            purpose: self.purpose.to_owned(),
            audience: self.audience.to_owned(),
            from: self.from,
            to: self.to,
            expires: self.expires,
            paragraphs,
            evidence,
        }
    }
}

impl Kept {
    fn record(&self, name: &str) -> RecordId {
        *self
            .named
            .get(name)
            .expect("a summary names entries of its own notebook")
    }

    /// Makes drafts of one kind in one save, and learns their names.
    fn make<K: RecordKind>(
        &mut self,
        mentoring: &Mentoring,
        drafts: Vec<Named<K>>,
    ) -> sharing::Result<Vec<RecordId>> {
        let (names, drafts): (Vec<_>, Vec<_>) = drafts.into_iter().unzip();
        let made = mentoring.create_all(drafts)?;
        let ids: Vec<_> = made.into_iter().map(|opened| opened.meta.id).collect();
        let named = names
            .into_iter()
            .zip(&ids)
            .filter_map(|(name, id)| Some((name?, *id)));
        self.named.extend(named);
        Ok(ids)
    }
}

impl Sorted {
    fn add(&mut self, space: SpaceId, on: NaiveDate, parent: Option<RecordId>, part: Part) {
        let Part {
            label,
            told_by,
            name,
            body,
        } = part;
        let at = Draft {
            space,
            label,
            on,
            parent,
            as_told_by: told_by.map(str::to_owned),
            body: (),
        };
        match body {
            RecordBody::Note(body) => self.notes.push((name, with(at, body))),
            RecordBody::Heard(body) => self.heard.push((name, with(at, body))),
            RecordBody::Goal(body) => self.goals.push((name, with(at, body))),
            RecordBody::Feedback(body) => self.feedback.push((name, with(at, body))),
            RecordBody::Commitment(body) => self.promises.push((name, with(at, body))),
            RecordBody::Meeting(body) => self.meetings.push((name, with(at, body))),
            RecordBody::Person(body) => self.people.push((name, with(at, body))),
        }
    }
}

/// The summary for Amara's review: Helen agreed, Amara put one sentence right, both agreed anew.
fn agree_with_amara(sharing: &Sharing<'_>, amara: &Kept, days: Days) -> sharing::Result<()> {
    let first = sharing.create_summary(amara.space, amara::summary(days, false).resolve(amara))?;
    let id = first.line.id;
    let first = sharing.consent_summary(id, first.revision, Party::Me, OWNER)?;
    let text = amara::summary(days, true).resolve(amara);
    let second = sharing.save_summary(id, first.revision, text)?;
    let second = sharing.consent_summary(id, second.revision, Party::Me, OWNER)?;
    sharing.consent_summary(id, second.revision, Party::Them, amara::NAME)?;
    Ok(())
}

fn is_empty(mentoring: &Mentoring) -> bool {
    let locked = mentoring
        .vault()
        .compartments()
        .iter()
        .any(|compartment| compartment.locked);
    !locked && mentoring.list_spaces().is_empty()
}

/// Puts a notebook into the vault, all but its fresh notes, which are handed back.
fn put_notebook(
    mentoring: &Mentoring,
    notebook: Notebook,
    days: Days,
    fresh: &mut Vec<Draft<Note>>,
) -> sharing::Result<Kept> {
    let space = mentoring.create_space(notebook.card)?.id;
    let mut kept = Kept {
        space,
        named: BTreeMap::new(),
    };
    let mut entries = notebook.entries;
    entries.sort_by_key(|entry| entry.on);

    // What belongs to a meeting needs the meeting's id, so meetings come first.
    let mut sorted = Sorted::default();
    let mut belongings = Vec::new();
    for Entry { on, part, parts } in entries {
        if matches!(part.body, RecordBody::Meeting(_)) {
            belongings.push((on, parts));
        }
        sorted.add(space, on, None, part);
    }
    let meetings = kept.make(mentoring, std::mem::take(&mut sorted.meetings))?;
    for (meeting, (on, parts)) in meetings.into_iter().zip(belongings) {
        for part in parts {
            sorted.add(space, on, Some(meeting), part);
        }
    }

    let is_fresh = |(name, draft): &Named<Note>| {
        // A named note must be in the vault before a summary can rest on it.
        name.is_none() && draft.parent.is_none() && draft.on > days.ago(FRESH_DAYS)
    };
    let (last, notes): (Vec<_>, Vec<_>) = sorted.notes.into_iter().partition(is_fresh);
    fresh.extend(last.into_iter().map(|(_, draft)| draft));
    kept.make(mentoring, sorted.people)?;
    kept.make(mentoring, notes)?;
    kept.make(mentoring, sorted.heard)?;
    kept.make(mentoring, sorted.goals)?;
    kept.make(mentoring, sorted.feedback)?;
    kept.make(mentoring, sorted.promises)?;
    Ok(kept)
}

fn with<K>(at: Draft<()>, body: K) -> Draft<K> {
    let Draft {
        space,
        label,
        on,
        parent,
        as_told_by,
        body: (),
    } = at;
    Draft {
        space,
        label,
        on,
        parent,
        as_told_by,
        body,
    }
}
