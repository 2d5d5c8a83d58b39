//! Moving out: everything that is open, for its owner to keep and to read without this program.
//!
//! The archive holds every notebook whose key is at hand: its records with their earlier versions, its summaries, and
//! the log of what has left. What lies in a bin is left out, and so are notebooks that are shut. It is plain text: whoever
//! writes it to a disk says so.

mod files;
mod markdown;

pub use files::{ArchiveFile, ArchiveFormat};
pub use markdown::{record_markdown, summary_markdown};

use chrono::{DateTime, Utc};
use mentoring::{
    Mentoring, RecordBody, RecordFilter, RecordId, RecordLine, RecordView, SpaceId, spaces::Space,
    spaces::SpaceDraft,
};
use serde::Serialize;
use sharing::{Disclosure, Sharing, SummaryView};
use words::Words;

use crate::error::{Error, Result};

/// The name that the JSON form bears, and its version.
const FORMAT: &str = "confidant-archive";
const VERSION: u32 = 1;

/// Everything that is open.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Archive {
    format: &'static str,
    version: u32,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// The owner's name; may be empty.
    pub owner: String,
    /// The open notebooks, in the order they were made.
    pub spaces: Vec<ArchivedSpace>,
    /// What is not in it.
    pub left_out: LeftOut,
}

/// What is not in an archive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Notebooks that are shut.
    pub shut: u64,
    /// Notebooks that could not be read.
    pub unreadable_spaces: u64,
    /// Records, versions and summaries that could not be read.
    pub unreadable: u64,
}

/// A notebook in an archive.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedSpace {
    /// The notebook.
    pub id: SpaceId,
    /// What its owner says of it.
    #[serde(flatten)]
    pub card: SpaceDraft,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// What is kept in it, the newest day first.
    pub records: Vec<ArchivedRecord>,
    /// Its summaries.
    pub summaries: Vec<SummaryView>,
    /// What has left it.
    pub disclosures: Vec<Disclosure>,
}

/// A record in an archive.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArchivedRecord {
    /// What lists show of it.
    #[serde(flatten)]
    pub line: RecordLine,
    /// All that it says, in Markdown.
    pub body: String,
    /// What it says, field by field.
    pub fields: RecordBody,
    /// Its kept earlier versions, the newest first.
    pub earlier: Vec<RecordView>,
}

/// Collects everything that is open. `tell` hears how many of how many records are read and answers whether to stop.
pub fn archive(
    mentoring: &Mentoring,
    words: &Words,
    tell: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Archive> {
    let notebooks = mentoring.list_spaces();
    let total = notebooks
        .iter()
        .flat_map(|space| space.counts.values())
        .map(|count| u64::from(*count))
        .sum();
    let compartments = mentoring.vault().compartments();
    let mut left_out = LeftOut {
        shut: compartments.iter().filter(|one| one.locked).count() as u64,
        unreadable_spaces: mentoring.unreadable_spaces() as u64,
        unreadable: 0,
    };
    let mut done = 0;
    let mut spaces = Vec::with_capacity(notebooks.len());
    for space in notebooks {
        let mut records = Vec::new();
        for line in lines(mentoring, space.id)? {
            if tell(done, total) {
                return Err(Error::Cancelled);
            }
            done += 1;
            match record(mentoring, line.id, words, &mut left_out) {
                Ok(record) => records.push(record),
                Err(error) if error.is_unreadable() => left_out.unreadable += 1,
                Err(error) => return Err(error.into()),
            }
        }
        spaces.push(with_summaries(mentoring, space, records, &mut left_out)?);
    }
    tell(total, total);
    Ok(Archive {
        format: FORMAT,
        version: VERSION,
        made: mentoring.clock().now(),
        owner: mentoring.profile()?.name,
        spaces,
        left_out,
    })
}

/// The lines of what is kept in a notebook.
fn lines(mentoring: &Mentoring, space: SpaceId) -> Result<Vec<RecordLine>> {
    let filter = RecordFilter {
        space: Some(space),
        kinds: Vec::new(),
        labels: Vec::new(),
        states: Vec::new(),
        parent: None,
        from: None,
        to: None,
        binned: false,
        offset: 0,
        limit: u32::MAX,
    };
    Ok(mentoring.list_records(&filter)?.lines)
}

fn record(
    mentoring: &Mentoring,
    id: RecordId,
    words: &Words,
    left_out: &mut LeftOut,
) -> mentoring::Result<ArchivedRecord> {
    let RecordView { line, body, .. } = mentoring.open_record(id)?;
    let mut earlier = Vec::new();
    match mentoring.list_revisions(id) {
        Ok(revisions) => {
            for revision in revisions {
                earlier.push(mentoring.open_revision(id, revision.revision)?);
            }
        }
        // What it says now is worth having without what it said before.
        Err(error) if error.is_unreadable() => left_out.unreadable += 1,
        Err(error) => return Err(error),
    }
    Ok(ArchivedRecord {
        body: record_markdown(&body, words),
        fields: body,
        line,
        earlier,
    })
}

fn with_summaries(
    mentoring: &Mentoring,
    space: Space,
    records: Vec<ArchivedRecord>,
    left_out: &mut LeftOut,
) -> Result<ArchivedSpace> {
    let sharing = Sharing::over(mentoring);
    let listed = sharing.list_summaries(Some(space.id), false)?;
    let log = sharing.list_disclosures(Some(space.id))?;
    left_out.unreadable += u64::from(listed.unreadable) + u64::from(log.unreadable);
    let summaries = listed
        .lines
        .iter()
        .map(|line| sharing.open_summary(line.id))
        .collect::<sharing::Result<_>>()?;
    Ok(ArchivedSpace {
        id: space.id,
        card: space.card,
        created: space.created,
        records,
        summaries,
        disclosures: log.entries,
    })
}
