//! The JSON export: `{"tags": {…}, "entries": [{"title", "body", "date", "time", "tags",
//! "starred"}]}`, or one such entry alone.

use serde_json::{Map, Value};

use super::date::{self, Stamp};
use super::{
    JrnlEntry, JrnlFormat, JrnlJournal, SkipReason, Skipped, fitted, fitting, named, plain, sorted,
    title_and_body,
};
use crate::error::{Error, Result};

/// Stands for bytes that are not UTF-8. A noncharacter, so that no one has typed it.
const BROKEN: char = '\u{fdd0}';

pub(super) fn read(bytes: &[u8]) -> Result<JrnlJournal> {
    let (text, broken) = decode(bytes);
    let read: Value = serde_json::from_str(&text).map_err(|error| {
        if error.is_eof() {
            Error::HalfWritten
        } else if bytes.contains(&0) {
            Error::Binary
        } else {
            Error::NotJrnl
        }
    })?;
    let Value::Object(mut file) = read else {
        return Err(Error::NotJrnl);
    };
    let values = match file.remove("entries") {
        Some(Value::Array(values)) => values,
        None if file.contains_key("date") && file.contains_key("title") => {
            vec![Value::Object(file)]
        }
        _ => return Err(Error::NotJrnl),
    };
    let mut journal = JrnlJournal {
        format: JrnlFormat::JrnlJson,
        entries: Vec::new(),
        skipped: Vec::new(),
    };
    for value in values {
        match entry(&value, broken) {
            Ok(entry) => journal.entries.push(entry),
            Err(reason) => journal.skipped.push(Skipped { line: None, reason }),
        }
    }
    if journal.entries.is_empty() && journal.skipped.is_empty() {
        return Err(Error::Empty);
    }
    Ok(journal)
}

/// The text, with a sign in place of what is not UTF-8, and whether there was any.
fn decode(bytes: &[u8]) -> (String, bool) {
    let mut text = String::with_capacity(bytes.len());
    let mut broken = false;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(BROKEN);
            broken = true;
        }
    }
    (text, broken)
}

fn entry(value: &Value, broken: bool) -> Result<JrnlEntry, SkipReason> {
    let Value::Object(fields) = value else {
        return Err(SkipReason::NotText);
    };
    let title = words(fields, "title", broken)?;
    let body = words(fields, "body", broken)?;
    let day = words(fields, "date", broken)?;
    let time = words(fields, "time", broken)?;
    if day.trim().is_empty() {
        return Err(SkipReason::NoDate);
    }
    let Stamp::Date(written) = date::parse(&format!("{} {}", day.trim(), time.trim())) else {
        return Err(SkipReason::BadDate);
    };
    let tags = match fields.get("tags") {
        Some(Value::Array(tags)) => sorted(tags.iter().filter_map(Value::as_str).filter_map(named)),
        _ => Vec::new(),
    };
    let (title, body) = match (title.trim(), body.trim()) {
        // A line written by hand: divided as in the journal file.
        (title, "") => title_and_body(title),
        ("", body) => title_and_body(body),
        (title, body) => fitted(title, body),
    };
    let starred = fields
        .get("starred")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    fitting(JrnlEntry {
        written,
        title,
        body,
        tags,
        starred,
    })
}

/// A field's text, empty when it is absent.
fn words(fields: &Map<String, Value>, name: &str, broken: bool) -> Result<String, SkipReason> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) if !(broken && text.contains(BROKEN)) => Ok(plain(text)),
        Some(_) => Err(SkipReason::NotText),
    }
}
