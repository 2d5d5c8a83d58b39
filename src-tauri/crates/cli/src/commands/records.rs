//! Records: writing a note, listing, showing.

use std::io::{self, Read};

use chrono::NaiveDate;
use interchange::{record_markdown, summary_markdown};
use mentoring::{
    Draft, Label, Owner, RecordBody, RecordId, RecordLine, ShownLabel, SpaceId, TEXT_LIMIT,
    notes::{Note, NotePurpose},
    spaces::SpaceKind,
};
use serde::Serialize;
use serde_json::json;
use sharing::{Sharing, SummaryLine};
use shell::{ErrorCode, error::name};

use super::{Ended, WELL};
use crate::{
    arguments::{self, Common, Kind, ListArguments, NoteArguments},
    failure::{Failure, Own},
    output::{Output, one_line, table},
    session::{Session, today},
};

/// Longest text on standard input, in bytes: a character takes four at most.
const MOST_BYTES: usize = TEXT_LIMIT * 4;
/// What lists call a summary.
const SUMMARY: &str = "summary";

/// A record or a summary as a list shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: RecordId,
    kind: &'static str,
    title: String,
    label: ShownLabel,
    date: NaiveDate,
    space: SpaceId,
    space_name: String,
    state: Option<String>,
    due: Option<NaiveDate>,
    owner: Option<Owner>,
    as_told_by: Option<String>,
    part_of: Option<RecordId>,
    edited: chrono::DateTime<chrono::Utc>,
}

/// A record or a summary, opened.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    entry: Entry,
    /// All that it says, in Markdown.
    body: String,
    /// What it says, field by field.
    fields: serde_json::Value,
}

impl Entry {
    fn of_record(line: RecordLine, session: &Session) -> Self {
        Self {
            id: line.id,
            kind: line.kind.name(),
            title: line.title,
            label: line.label,
            date: line.on,
            space: line.space,
            space_name: space_name(line.space, session),
            state: line.state,
            due: line.due,
            owner: line.owner,
            as_told_by: line.as_told_by,
            part_of: line.parent,
            edited: line.edited,
        }
    }

    /// A summary is its owner's until everyone has agreed to it; that is its state, and no label.
    fn of_summary(line: SummaryLine, session: &Session) -> Self {
        Self {
            id: line.id,
            kind: SUMMARY,
            title: line.title,
            label: ShownLabel::Private,
            date: line.to,
            space: line.space,
            space_name: space_name(line.space, session),
            state: Some(name(line.state)),
            due: None,
            owner: None,
            as_told_by: None,
            part_of: None,
            edited: line.edited,
        }
    }
}

fn space_name(space: SpaceId, session: &Session) -> String {
    session
        .mentoring
        .space(space)
        .map(|space| space.card.name)
        .unwrap_or_default()
}

/// Keeps what stands on standard input as a note, and answers its id.
pub fn add_note(common: &Common, note: NoteArguments, output: &Output<'_>) -> Ended {
    if common.passphrase_fd == Some(0) {
        let says = output.words.say("cli-usage-input-twice");
        return Err(Failure::from(Own::Usage).saying(says));
    }
    let session = Session::open_to_write(common, output)?;
    let space = session.space(&note.space)?;
    let text = text_on_input()?;
    if text.trim().is_empty() && note.title.trim().is_empty() {
        return Err(Own::NoText.into());
    }
    let made = session.mentoring.create(Draft {
        space: space.id,
        label: match note.label {
            arguments::Label::Private => Label::Private,
            arguments::Label::Shareable => Label::Shareable,
        },
        on: note.date.unwrap_or_else(today),
        parent: None,
        as_told_by: None,
        body: Note {
            purpose: match space.card.kind {
                SpaceKind::Journal => NotePurpose::Journal,
                SpaceKind::Relationship | SpaceKind::Circle => NotePurpose::Note,
            },
            title: note.title,
            text,
            at: None,
            prompt: None,
            tags: Vec::new(),
        },
    })?;
    session.close(output);
    let id = made.meta.id;
    output.answer(&json!({ "id": id, "space": space.id }), || id.to_string())?;
    Ok(WELL)
}

/// The words on standard input, without one final line end.
fn text_on_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin()
        .lock()
        .take(MOST_BYTES as u64 + 1)
        .read_to_end(&mut bytes);
    read.map_err(|_| Own::NotText)?;
    if bytes.len() > MOST_BYTES {
        return Err(ErrorCode::TextTooLong.into());
    }
    let mut text = String::from_utf8(bytes).map_err(|_| Own::NotText)?;
    if text.contains('\0') {
        return Err(Own::NotText.into());
    }
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}

/// Lists what is kept, the newest day first.
pub fn list(common: &Common, wanted: &ListArguments, output: &Output<'_>) -> Ended {
    let out_of_order = |(since, until)| since > until;
    if wanted.since.zip(wanted.until).is_some_and(out_of_order) {
        return Err(Failure::from(Own::Usage).saying(output.words.say("cli-usage-days")));
    }
    let session = Session::open(common, output)?;
    let space = wanted
        .space
        .as_deref()
        .map(|space| session.space(space))
        .transpose()?;
    let space = space.map(|space| space.id);
    let entries = entries(&session, space, wanted, output)?;
    output.answer(&entries, || {
        let row = |entry: &Entry| {
            vec![
                entry.id.to_string(),
                entry.date.to_string(),
                output.words.with("cli-kind", [("kind", entry.kind.into())]),
                output
                    .words
                    .with("cli-label", [("label", name(entry.label).into())]),
                one_line(&entry.space_name),
                one_line(&entry.title),
            ]
        };
        match entries.is_empty() {
            true => output.words.say("cli-nothing-listed"),
            false => table(&entries.iter().map(row).collect::<Vec<_>>()),
        }
    })?;
    session.close(output);
    Ok(WELL)
}

fn entries(
    session: &Session,
    space: Option<SpaceId>,
    wanted: &ListArguments,
    output: &Output<'_>,
) -> Result<Vec<Entry>, Failure> {
    let kind = wanted.kind.map(kind_name);
    let mut entries = Vec::new();
    if kind != Some(SUMMARY) {
        let lines = session.records(space)?.into_iter();
        entries.extend(lines.map(|line| Entry::of_record(line, session)));
    }
    if kind.is_none_or(|kind| kind == SUMMARY) {
        let lines = session.summaries(space, output)?.into_iter();
        entries.extend(lines.map(|line| Entry::of_summary(line, session)));
    }
    entries.retain(|entry| {
        kind.is_none_or(|kind| entry.kind == kind)
            && wanted.since.is_none_or(|since| entry.date >= since)
            && wanted.until.is_none_or(|until| entry.date <= until)
    });
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.date, entry.id)));
    Ok(entries)
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Note => "note",
        Kind::Meeting => "meeting",
        Kind::Heard => "heard",
        Kind::Goal => "goal",
        Kind::Feedback => "feedback",
        Kind::Commitment => "commitment",
        Kind::Person => "person",
        Kind::Summary => SUMMARY,
    }
}

/// Shows one record or summary with all that it says.
pub fn show(common: &Common, id: &str, output: &Output<'_>) -> Ended {
    let session = Session::open(common, output)?;
    let id = session.record_id(id, output)?;
    let shown = opened(&session, id, output)?;
    session.close(output);
    output.answer(&shown, || lines(&shown, output))?;
    Ok(WELL)
}

fn opened(session: &Session, id: RecordId, output: &Output<'_>) -> Result<Shown, Failure> {
    let words = output.words;
    match session.mentoring.open_record(id) {
        Ok(view) => Ok(Shown {
            body: record_markdown(&view.body, words),
            fields: fields(&view.body),
            entry: Entry::of_record(view.line, session),
        }),
        Err(mentoring::Error::NotFound) => {
            let summary = Sharing::over(&session.mentoring).open_summary(id)?;
            Ok(Shown {
                body: summary_markdown(&summary, words),
                fields: serde_json::to_value(&summary.text).unwrap_or_default(),
                entry: Entry::of_summary(summary.line, session),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// The fields of a record; its kind stands beside them already.
fn fields(body: &RecordBody) -> serde_json::Value {
    let mut fields = serde_json::to_value(body).unwrap_or_default();
    if let Some(fields) = fields.as_object_mut() {
        fields.remove("kind");
    }
    fields
}

/// A record for a person: its title, where it stands, its label and days, then its words.
fn lines(shown: &Shown, output: &Output<'_>) -> String {
    let words = output.words;
    let Shown { entry, body, .. } = shown;
    let mut facts = vec![
        vec![words.say("cli-show-space"), one_line(&entry.space_name)],
        vec![
            words.say("cli-show-kind"),
            words.with("cli-kind", [("kind", entry.kind.into())]),
        ],
        vec![
            words.say("cli-show-label"),
            words.with("cli-label", [("label", name(entry.label).into())]),
        ],
        vec![words.say("cli-show-date"), entry.date.to_string()],
    ];
    if let Some(name) = &entry.as_told_by {
        facts.push(vec![words.say("cli-show-told"), one_line(name)]);
    }
    facts.push(vec![
        words.say("cli-show-edited"),
        entry.edited.format("%Y-%m-%d %H:%M UTC").to_string(),
    ]);
    facts.push(vec![words.say("cli-show-id"), entry.id.to_string()]);
    let title = one_line(&entry.title);
    let parts = [title, table(&facts), body.clone()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}
