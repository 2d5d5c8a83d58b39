//! Reading what jrnl (<https://jrnl.sh>) writes: its journal file, its text and its JSON export.
//!
//! The journal file and the text export are the same: a line `[2026-06-09 09:00:00 AM] Title`, the
//! body below it, and a blank line. Journals of jrnl 1 have no brackets. What the file is shows in
//! its content, never in its name.

mod date;
mod json;
mod text;

use chrono::{Datelike, NaiveDateTime};
use mentoring::notes::TAG_LIMIT;
use serde::Serialize;

use crate::error::{Error, Result};

/// The largest file that is read, in bytes: 64 MiB, some sixty years of a page a day.
pub const MAX_IMPORT_BYTES: u64 = 64 * 1024 * 1024;

/// How jrnl's encrypted journals begin: version 3 by name, version 2 as a Fernet token. Version 1 is
/// bare noise, which shows as [`Error::Binary`].
const ENCRYPTED: [&[u8]; 2] = [b"JRNLv3", b"gAAAAA"];
/// A longer title, in characters, is running text without one.
const LONGEST_TITLE: usize = mentoring::LINE_LIMIT;
/// Most tags of one entry, and the longest of them in characters; what is beyond is no tag. There is
/// room for one more on a note, which says that the entry was starred.
const MOST_TAGS: usize = TAG_LIMIT - 1;
const LONGEST_TAG: usize = 100;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What kind of file a journal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum JrnlFormat {
    /// The journal file itself, or its text export.
    JrnlText,
    /// The JSON export.
    JrnlJson,
}

/// Why something in the file is no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum SkipReason {
    /// It has no date.
    NoDate,
    /// Its date is no day of the calendar, not written in a known way, or of a year that no record
    /// can be about ([`mentoring::YEARS`]).
    BadDate,
    /// It has neither title nor body.
    Empty,
    /// It is not text, or not the text of an entry.
    NotText,
    /// It is longer than a note can be ([`mentoring::TEXT_LIMIT`]).
    TooLong,
    /// It holds control characters, or some that turn the direction of others: nobody could see what it really says.
    Unseen,
}

/// Something in the file that is no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The line it begins on, counted from 1; absent in JSON.
    pub line: Option<usize>,
    /// Why it was passed over.
    pub reason: SkipReason,
}

/// One entry of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JrnlEntry {
    /// When it was written, on the writer's own clock.
    pub written: NaiveDateTime,
    /// The first line or sentence.
    pub title: String,
    /// The rest, lines divided by `\n`.
    pub body: String,
    /// Tags with their sign (`#work`, `@amara`), small letters, sorted, each once.
    pub tags: Vec<String>,
    /// Whether the writer starred it.
    pub starred: bool,
}

/// A journal as read: what it holds and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JrnlJournal {
    /// What kind of file it was.
    pub format: JrnlFormat,
    /// The entries in the order of the file.
    pub entries: Vec<JrnlEntry>,
    /// What was passed over.
    pub skipped: Vec<Skipped>,
}

/// Reads a journal.
///
/// An entry that cannot be read is passed over and named; the others are kept.
///
/// # Errors
///
/// [`Error::Empty`], [`Error::Binary`], [`Error::TooLarge`] above [`MAX_IMPORT_BYTES`],
/// [`Error::Encrypted`], [`Error::HalfWritten`] when the file ends within a value, a date or a
/// character, and [`Error::NotJrnl`] for any other text.
pub fn read_jrnl(bytes: &[u8]) -> Result<JrnlJournal> {
    if bytes.len() as u64 > MAX_IMPORT_BYTES {
        return Err(Error::TooLarge {
            limit: MAX_IMPORT_BYTES,
        });
    }
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let Some(first) = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Err(Error::Empty);
    };
    if ENCRYPTED.iter().any(|start| bytes.starts_with(start)) {
        return Err(Error::Encrypted);
    }
    if *first == b'{' {
        json::read(bytes)
    } else {
        text::read(bytes)
    }
}

/// Divides the text of an entry into title and body: at the first line end, or else after the first
/// sentence, as jrnl does when an entry is made.
fn title_and_body(text: &str) -> (String, String) {
    let text = text.trim();
    let (title, body) = match text.split_once('\n') {
        Some(parts) => parts,
        None => text.split_at(first_sentence(text)),
    };
    fitted(title.trim(), body.trim())
}

/// A title and body whose title is short enough to be one.
fn fitted(title: &str, body: &str) -> (String, String) {
    if title.chars().count() <= LONGEST_TITLE {
        (title.to_owned(), body.to_owned())
    } else {
        (String::new(), format!("{title}\n{body}").trim().to_owned())
    }
}

/// An entry that a note can hold, or why it cannot.
fn fitting(entry: JrnlEntry) -> Result<JrnlEntry, SkipReason> {
    if entry.title.is_empty() && entry.body.is_empty() {
        Err(SkipReason::Empty)
    } else if !mentoring::YEARS.contains(&entry.written.year()) {
        Err(SkipReason::BadDate)
    } else if entry.body.chars().count() > mentoring::TEXT_LIMIT {
        Err(SkipReason::TooLong)
    } else if [&entry.title, &entry.body]
        .iter()
        .any(|text| text.contains(deceives))
    {
        Err(SkipReason::Unseen)
    } else {
        Ok(entry)
    }
}

/// Where the first sentence ends: after `.`, `!`, `?` or their kin, a closing quote or bracket, and
/// before white space. The whole text when there is no such place.
fn first_sentence(text: &str) -> usize {
    let mut ended = false;
    for (at, c) in text.char_indices() {
        if ended && c.is_whitespace() {
            return at;
        }
        let closes = matches!(c, '\'' | '’' | '"' | '”' | ')' | ']');
        ended = is_terminal(c) || (ended && closes);
    }
    text.len()
}

fn is_terminal(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '…' | '‼' | '‽' | '⁇' | '⁈' | '⁉' | '⋯' | '﹒' | '﹖' | '﹗'
    )
}

/// The tags within a text: a word that begins with `#` or `@`.
fn tags_in(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().filter_map(|word| {
        let sign = word.chars().next().filter(|c| matches!(c, '#' | '@'))?;
        let of_tag =
            |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '*' | '#' | '/');
        let name: String = word.chars().skip(1).take_while(of_tag).collect();
        named(&format!("{sign}{name}"))
    })
}

/// A tag in small letters, if it says anything.
fn named(tag: &str) -> Option<String> {
    let says = tag.chars().any(char::is_alphanumeric) && tag.chars().count() <= LONGEST_TAG;
    says.then(|| tag.to_lowercase())
}

fn sorted(tags: impl Iterator<Item = String>) -> Vec<String> {
    let mut tags: Vec<String> = tags.collect();
    tags.sort();
    tags.dedup();
    tags.truncate(MOST_TAGS);
    tags
}

/// Text as it is kept: `\n` at line ends. A page's end and the line breaks of word processors are such.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace(['\r', '\u{b}', '\u{c}', '\u{85}'], "\n")
}

/// Whether a character is a control, or one that turns the direction of others against what they are. The marks that
/// writers from right to left put between words are none.
fn deceives(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
