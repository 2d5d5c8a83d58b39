//! Bringing entries into a journal: looked at first, written in one go, taken back as one.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime};
use mentoring::{
    Draft, Label, Mentoring, Readable, RecordId, RecordKind, SpaceId,
    notes::{Note, NotePurpose},
};
use serde::Serialize;

use crate::{
    error::{Error, Result},
    jrnl::{self, JrnlEntry, JrnlFormat},
};

/// Entries that are written in one save.
const AT_ONCE: usize = 100;
/// Titles that the preview shows.
const TITLES_SHOWN: usize = 5;
/// The tag of an entry that was starred. Tags of jrnl begin with a sign, so it is none of them.
const STARRED: &str = "starred";

/// What importing a file would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct ImportPreview {
    /// Fetches the prepared import; set by whoever keeps it.
    pub token: String,
    /// What kind of file it is.
    pub format: JrnlFormat,
    /// Entries in the file.
    pub found: u32,
    /// The day of the first one.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub from: Option<NaiveDate>,
    /// The day of the last one.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub to: Option<NaiveDate>,
    /// All tags that the pages would have, sorted; what was starred would be tagged `starred`.
    pub tags: Vec<String>,
    /// Entries that are in the journal already, or twice in the file.
    pub duplicates: u32,
    /// Pages of the journal that could not be read, so that nothing was compared with them: an entry
    /// that stands on one of them would come in a second time.
    pub unreadable: u32,
    /// What cannot be brought in, and why.
    pub skipped: Vec<SkippedEntry>,
    /// The first titles, to recognise the file by.
    pub first_titles: Vec<String>,
}

/// Something in the file that is no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SkippedEntry {
    /// Where it stands in the file, counted from 1.
    pub line: Option<u32>,
    /// Why it was passed over.
    pub reason: jrnl::SkipReason,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct ImportReport {
    /// Entries that were written.
    pub imported: u32,
    /// Entries that were there already.
    pub duplicates: u32,
    /// What could not be brought in, and why.
    pub skipped: Vec<SkippedEntry>,
}

/// An import that has been looked at and not yet carried out.
#[derive(Debug)]
pub struct Prepared {
    space: SpaceId,
    entries: Vec<JrnlEntry>,
    preview: ImportPreview,
}

/// An import that was carried out.
#[derive(Debug)]
pub struct Imported {
    /// What was made.
    pub records: Vec<RecordId>,
    /// What happened.
    pub report: ImportReport,
}

/// Reads a journal of jrnl and compares it with what a space holds; writes nothing.
pub fn prepare_jrnl(mentoring: &Mentoring, space: SpaceId, bytes: &[u8]) -> Result<Prepared> {
    let journal = jrnl::read_jrnl(bytes)?;
    let Readable {
        read: known,
        unreadable,
    } = identities(mentoring, space)?;
    let mut known: HashSet<_> = known.into_iter().collect();
    let found = journal.entries.len();
    let mut tags: Vec<String> = journal.entries.iter().flat_map(tags_of).collect();
    tags.sort();
    tags.dedup();
    let days = || journal.entries.iter().map(|entry| entry.written.date());
    let first_titles = journal
        .entries
        .iter()
        .take(TITLES_SHOWN)
        .map(|e| e.title.clone())
        .collect();
    let skipped: Vec<_> = journal
        .skipped
        .iter()
        .map(|skipped| SkippedEntry {
            line: skipped.line.map(count),
            reason: skipped.reason,
        })
        .collect();
    let (from, to) = (days().min(), days().max());
    let fresh =
        |entry: &JrnlEntry| known.insert(identity(entry.written, &entry.title, &entry.body));
    let format = journal.format;
    let entries: Vec<_> = journal.entries.into_iter().filter(fresh).collect();
    let preview = ImportPreview {
        token: String::new(),
        format,
        found: count(found),
        from,
        to,
        tags,
        duplicates: count(found - entries.len()),
        unreadable,
        skipped,
        first_titles,
    };
    Ok(Prepared {
        space,
        entries,
        preview,
    })
}

/// Takes an import back: erases what it made, as far as it is still there and as it was.
pub fn undo(mentoring: &Mentoring, records: &[RecordId]) -> Result<usize> {
    let mut gone = 0;
    for id in records {
        match mentoring.open_record(*id) {
            // Written in since: those words are nobody's to take back but their writer's.
            Ok(record) if record.revision > 1 => continue,
            Ok(_) | Err(mentoring::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        match mentoring.erase(*id) {
            Ok(()) => gone += 1,
            Err(mentoring::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(gone)
}

impl Prepared {
    /// What carrying it out would do.
    pub fn preview(&self) -> &ImportPreview {
        &self.preview
    }

    /// Where the entries would go.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// Writes the entries, Private, each on its own day. `tell` hears how many of how many are
    /// written and answers whether to stop; then none of them is kept.
    pub fn run(
        self,
        mentoring: &Mentoring,
        tell: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Imported> {
        let total = self.entries.len() as u64;
        let mut records = Vec::with_capacity(self.entries.len());
        for entries in self.entries.chunks(AT_ONCE) {
            if tell(records.len() as u64, total) {
                undo(mentoring, &records)?;
                return Err(Error::Cancelled);
            }
            let drafts = entries.iter().map(|entry| self.draft(entry)).collect();
            match mentoring.create_all(drafts) {
                Ok(made) => records.extend(made.iter().map(|opened| opened.meta.id)),
                Err(error) => {
                    // All or nothing: what was written before the failure is taken back.
                    undo(mentoring, &records)?;
                    return Err(error.into());
                }
            }
        }
        tell(total, total);
        let report = ImportReport {
            imported: count(records.len()),
            duplicates: self.preview.duplicates,
            skipped: self.preview.skipped,
        };
        Ok(Imported { records, report })
    }

    fn draft(&self, entry: &JrnlEntry) -> Draft<Note> {
        Draft {
            space: self.space,
            label: Label::Private,
            on: entry.written.date(),
            parent: None,
            as_told_by: None,
            body: Note {
                purpose: NotePurpose::Journal,
                title: entry.title.clone(),
                text: entry.body.clone(),
                at: Some(entry.written.format(TIME).to_string()),
                prompt: None,
                tags: tags_of(entry),
            },
        }
    }
}

const TIME: &str = "%H:%M";

/// The tags of the note that an entry becomes.
fn tags_of(entry: &JrnlEntry) -> Vec<String> {
    let starred = entry.starred.then(|| STARRED.to_owned());
    entry.tags.iter().cloned().chain(starred).collect()
}

/// What makes an entry the same entry: its minute and its words, whatever the white space.
fn identity(written: NaiveDateTime, title: &str, body: &str) -> String {
    let words = title.split_whitespace().chain(body.split_whitespace());
    let minute = written.format("%Y-%m-%dT%H:%M").to_string();
    std::iter::once(minute.as_str())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The identities of the notes that a space holds, the bin included.
fn identities(mentoring: &Mentoring, space: SpaceId) -> Result<Readable<String>> {
    let lines = mentoring.lines(Some(space), |line| line.kind == Note::KIND)?;
    let Readable { read, unreadable } = mentoring.records::<Note>(&lines)?;
    let known = read.iter().filter_map(|note| {
        let at = note.body.at.as_deref().unwrap_or("00:00");
        let time = chrono::NaiveTime::parse_from_str(at, TIME).ok()?;
        let written = note.meta.on.and_time(time);
        Some(identity(written, &note.body.title, &note.body.text))
    });
    Ok(Readable {
        read: known.collect(),
        unreadable,
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
