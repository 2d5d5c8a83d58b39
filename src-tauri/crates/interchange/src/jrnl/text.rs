//! The journal file.

use super::date::{self, Stamp};
use super::{
    JrnlEntry, JrnlFormat, JrnlJournal, SkipReason, Skipped, fitting, plain, sorted, tags_in,
    title_and_body,
};
use crate::error::{Error, Result};

/// `2026-06-09 09:00`, as jrnl 1 began its entries.
const OLD_STAMP: usize = 16;
/// `[2026`: less of a date at the end of a file could be anything.
const SHORTEST_CUT: usize = 5;

pub(super) fn read(bytes: &[u8]) -> Result<JrnlJournal> {
    let lines = lines_of(bytes);
    let heads: Vec<Head<'_>> = find_heads(&lines, bracketed);
    // Only a file without brackets is an old one: dates may well begin a line of a body.
    let dated = |heads: &[Head<'_>]| {
        heads
            .iter()
            .any(|head| matches!(head.stamp, Stamp::Date(_)))
    };
    let heads = if dated(&heads) {
        heads
    } else {
        find_heads(&lines, bare)
    };
    if !dated(&heads) {
        return Err(if looks_binary(bytes) {
            Error::Binary
        } else {
            Error::NotJrnl
        });
    }
    if ends_in_the_middle(bytes, &lines) {
        return Err(Error::HalfWritten);
    }
    let mut journal = JrnlJournal {
        format: JrnlFormat::JrnlText,
        entries: Vec::new(),
        skipped: Vec::new(),
    };
    let before = &lines[..heads[0].line];
    if let Some(line) = before.iter().position(|line| !line.trim_ascii().is_empty()) {
        journal.skip(line, SkipReason::NoDate);
    }
    for (at, head) in heads.iter().enumerate() {
        let end = heads.get(at + 1).map_or(lines.len(), |next| next.line);
        match entry(head, &lines[head.line + 1..end]) {
            Ok(entry) => journal.entries.push(entry),
            Err(reason) => journal.skip(head.line, reason),
        }
    }
    Ok(journal)
}

/// The first line of an entry.
struct Head<'a> {
    /// Counted from 0.
    line: usize,
    stamp: Stamp,
    /// What follows the date.
    rest: &'a [u8],
}

impl JrnlJournal {
    fn skip(&mut self, line: usize, reason: SkipReason) {
        self.skipped.push(Skipped {
            line: Some(line + 1),
            reason,
        });
    }
}

fn lines_of(bytes: &[u8]) -> Vec<&[u8]> {
    bytes
        .split(|&byte| byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect()
}

type SplitHead = for<'a> fn(&'a [u8]) -> Option<(Stamp, &'a [u8])>;

fn find_heads<'a>(lines: &[&'a [u8]], split: SplitHead) -> Vec<Head<'a>> {
    lines
        .iter()
        .enumerate()
        .filter_map(|(line, text)| split(text).map(|(stamp, rest)| Head { line, stamp, rest }))
        .collect()
}

/// `[date] rest`
fn bracketed(line: &[u8]) -> Option<(Stamp, &[u8])> {
    let inner = line.strip_prefix(b"[")?;
    let end = inner
        .iter()
        .take(date::LONGEST + 1)
        .position(|&byte| byte == b']')?;
    let rest = &inner[end + 1..];
    if !rest.is_empty() && rest[0] != b' ' {
        return None;
    }
    match date::parse(std::str::from_utf8(&inner[..end]).ok()?) {
        Stamp::Other => None,
        stamp => Some((stamp, rest)),
    }
}

/// `2026-06-09 09:00 rest`
fn bare(line: &[u8]) -> Option<(Stamp, &[u8])> {
    let (stamp, rest) = line.split_at_checked(OLD_STAMP)?;
    if !rest.is_empty() && rest[0] != b' ' {
        return None;
    }
    match date::parse(std::str::from_utf8(stamp).ok()?) {
        stamp @ Stamp::Date(_) => Some((stamp, rest)),
        Stamp::Bad | Stamp::Other => None,
    }
}

fn entry(head: &Head<'_>, below: &[&[u8]]) -> Result<JrnlEntry, SkipReason> {
    let Stamp::Date(written) = head.stamp else {
        return Err(SkipReason::BadDate);
    };
    let first = std::str::from_utf8(head.rest).map_err(|_| SkipReason::NotText)?;
    let below = below.join(&b'\n');
    let below = std::str::from_utf8(&below).map_err(|_| SkipReason::NotText)?;
    let first = plain(first);
    let first = first.trim();
    let starred = first.ends_with('*');
    let first = if starred {
        first.trim_matches([' ', '*'])
    } else {
        first
    };
    let text = format!("{first}\n{}", plain(below));
    let (title, body) = title_and_body(&text);
    fitting(JrnlEntry {
        written,
        title,
        body,
        tags: sorted(tags_in(&text)),
        starred,
    })
}

/// A file that stops within a character or within the date of an entry was not written to its end.
fn ends_in_the_middle(bytes: &[u8], lines: &[&[u8]]) -> bool {
    let cut_character =
        std::str::from_utf8(bytes.trim_ascii_end()).is_err_and(|error| error.error_len().is_none());
    let last = lines.last().copied().unwrap_or_default();
    let of_date = |&byte: &u8| byte.is_ascii_digit() || b"-/.: APMapm".contains(&byte);
    let cut_date = last.len() >= SHORTEST_CUT
        && last.len() <= date::LONGEST
        && last[0] == b'['
        && last[1..].iter().all(of_date);
    cut_character || cut_date
}

/// Text has no control characters to speak of, and is UTF-8.
fn looks_binary(bytes: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < b' ' && !byte.is_ascii_whitespace() && **byte != 0x1b;
    std::str::from_utf8(bytes).is_err() || bytes.iter().any(|byte| is_control(&byte))
}
