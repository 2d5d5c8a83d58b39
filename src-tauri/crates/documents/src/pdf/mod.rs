//! Pages as PDF, set by typst inside this process.
//!
//! The templates are fixed at compile time and the words reach them as JSON data, never as typst
//! source, so no word can be a command. The world typst sees holds two files, the template and the
//! data, and the fonts of this crate.

mod data;
mod world;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Timelike, Utc};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use zeroize::Zeroizing;

use crate::canonical;
use crate::model::Document;
use crate::{Error, pdf::world::PageWorld};

/// Number of words of a spare key.
pub const WORDS_ON_SHEET: usize = 24;

const DOCUMENT_TEMPLATE: &str = include_str!("document.typ");
const SHEET_TEMPLATE: &str = include_str!("sheet.typ");

/// The words of a spare key and what is printed round them, in the reader's language.
pub struct SpareKeySheet<'a> {
    /// The 24 words in order.
    pub words: &'a [&'a str; WORDS_ON_SHEET],
    /// BCP 47 tag of the other words, for example `en-GB`.
    pub language: &'a str,
    /// Heading of the sheet, also the PDF's title.
    pub title: &'a str,
    /// Which vault the words open and when the sheet was made.
    pub made_for: &'a str,
    /// Heading above the steps.
    pub steps_heading: &'a str,
    /// What to do with the words, step by step.
    pub steps: &'a [&'a str],
    /// Where to keep the sheet.
    pub where_to_keep: &'a str,
    /// Words before the line on which the place is written by hand.
    pub kept_at: &'a str,
    /// What whoever holds the sheet can do.
    pub warning: &'a str,
}

impl std::fmt::Debug for SpareKeySheet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpareKeySheet").finish_non_exhaustive()
    }
}

/// Writes a document as PDF/UA-1 (ISO 14289-1): A4, tagged, fonts embedded, equal bytes for equal
/// input.
///
/// # Errors
///
/// [`Error::CannotDraw`] when the fonts lack a character, [`Error::UnknownLanguage`],
/// [`Error::NotLaidOut`] and [`Error::NotWritten`] when typst refuses the pages.
pub fn pdf(document: &Document) -> Result<Vec<u8>, Error> {
    let shown = canonical::document(document);
    let language = Language::parse(&shown.language)?;
    let data = data::of_document(&shown, &language);
    drawable(&data)?;
    let bytes = Zeroizing::new(serde_json::to_vec(&data).expect("strings and numbers are JSON"));
    render(DOCUMENT_TEMPLATE, bytes, shown.created)
}

/// Writes the one-page sheet that is printed and kept away from the computer.
///
/// The PDF and the words handed to the typesetter are wiped when dropped. The typesetter's own
/// short-lived copies are freed before this returns, though it cannot wipe them.
///
/// # Errors
///
/// As for [`pdf`].
pub fn spare_key_sheet(sheet: &SpareKeySheet<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let language = Language::parse(sheet.language)?;
    let bytes = data::of_sheet(sheet, &language);
    drawable_text(
        std::str::from_utf8(&bytes)
            .expect("JSON is UTF-8")
            .chars()
            .filter(|c| !c.is_control()),
    )?;
    render(SHEET_TEMPLATE, bytes, None).map(Zeroizing::new)
}

/// Returns the characters of a document that the fonts of this crate cannot draw.
///
/// [`pdf`] refuses a document with any of them: an agreed text must not lose a letter.
pub fn undrawable(document: &Document) -> BTreeSet<char> {
    let shown = canonical::document(document);
    let language = Language {
        primary: "en".into(),
        region: None,
    };
    let mut missing = BTreeSet::new();
    each_word(&data::of_document(&shown, &language), &mut |words| {
        missing.extend(words.chars().filter(|&c| !world::can_draw(c)));
    });
    missing
}

/// The part of a language tag (BCP 47) that typst knows.
pub(crate) struct Language {
    pub(crate) primary: String,
    pub(crate) region: Option<String>,
}

impl Language {
    fn parse(tag: &str) -> Result<Self, Error> {
        let mut parts = tag.split('-');
        let primary = parts.next().unwrap_or_default();
        let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !matches!(primary.len(), 2 | 3) || !letters(primary) {
            return Err(Error::UnknownLanguage);
        }
        let region = parts.find(|part| part.len() == 2 && letters(part));
        Ok(Self {
            primary: primary.to_ascii_lowercase(),
            region: region.map(str::to_ascii_uppercase),
        })
    }
}

fn drawable(data: &serde_json::Value) -> Result<(), Error> {
    let mut all = String::new();
    each_word(data, &mut |words| all.push_str(words));
    drawable_text(all.chars())
}

fn drawable_text(characters: impl Iterator<Item = char>) -> Result<(), Error> {
    let missing: BTreeSet<char> = characters.filter(|&c| !world::can_draw(c)).collect();
    match missing.len() {
        0 => Ok(()),
        count => Err(Error::CannotDraw { count }),
    }
}

fn each_word(value: &serde_json::Value, visit: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::String(words) => visit(words),
        serde_json::Value::Array(list) => list.iter().for_each(|item| each_word(item, visit)),
        serde_json::Value::Object(map) => map.values().for_each(|item| each_word(item, visit)),
        _ => {}
    }
}

fn render(
    template: &'static str,
    data: Zeroizing<Vec<u8>>,
    created: Option<DateTime<Utc>>,
) -> Result<Vec<u8>, Error> {
    let _evict = EvictWhenDone;
    let world = PageWorld::new(template, data);
    let compiled = typst::compile::<PagedDocument>(&world);
    debug_assert!(
        compiled.warnings.is_empty(),
        "the templates compile without a warning"
    );
    let pages = compiled.output.map_err(|_refusals| Error::NotLaidOut)?;
    let options = PdfOptions {
        creator: Smart::Custom(None),
        timestamp: created.and_then(timestamp),
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).expect("one standard fits itself"),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&pages, &options).map_err(|_refusals| Error::NotWritten)
}

fn timestamp(time: DateTime<Utc>) -> Option<Timestamp> {
    let byte = |number: u32| u8::try_from(number).ok();
    let made = Datetime::from_ymd_hms(
        time.year(),
        byte(time.month())?,
        byte(time.day())?,
        byte(time.hour())?,
        byte(time.minute())?,
        byte(time.second())?,
    )?;
    Some(Timestamp::new_utc(made))
}

/// typst remembers every piece it has set, in a store shared by the whole process. Nothing of a
/// document may outlive the call, also when typst panics.
struct EvictWhenDone;

impl Drop for EvictWhenDone {
    fn drop(&mut self) {
        typst::comemo::evict(0);
    }
}
