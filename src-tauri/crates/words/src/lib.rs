//! The words that Rust says: on pages, in file names, in menus.
//!
//! All words of the program live in the Fluent files beside this crate, one system for window, page
//! and command line. The window reads the same files on its own side; this crate holds those that
//! Rust needs.

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::langid;

pub use fluent_bundle::FluentValue;

/// The files that Rust needs, by language; English is complete.
const ENGLISH: &[&str] = &[
    include_str!("../en/documents.ftl"),
    include_str!("../en/checkup.ftl"),
    include_str!("../en/cli.ftl"),
    include_str!("../en/errors.ftl"),
    include_str!("../en/notices.ftl"),
];

/// The words of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
    tag: &'static str,
}

impl Words {
    /// British English.
    pub fn english() -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![langid!("en-GB")]);
        // Pages are typeset with their own direction; invisible marks would stand in their text.
        bundle.set_use_isolating(false);
        for file in ENGLISH {
            let resource = FluentResource::try_new((*file).to_owned())
                .expect("the Fluent files of the program are checked by its tests");
            bundle
                .add_resource(resource)
                .expect("no word of the program has two meanings; its tests check that");
        }
        Self {
            bundle,
            tag: "en-GB",
        }
    }

    /// The BCP 47 tag of the language.
    pub fn language(&self) -> &'static str {
        self.tag
    }

    /// The words with this id. An id without words is shown as itself, and its test fails.
    pub fn say(&self, id: &str) -> String {
        self.with(id, [])
    }

    /// A day of the calendar, its month in words: 9 June 2026.
    pub fn date(&self, year: i32, month: u32, day: u32) -> String {
        let values = [
            ("day", day.to_string().into()),
            ("month", month.into()),
            ("year", year.to_string().into()),
        ];
        self.with("date-long", values)
    }

    /// The words with this id, and values in their places.
    pub fn with<const N: usize>(
        &self,
        id: &str,
        values: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        self.find(id, values).unwrap_or_else(|| {
            debug_assert!(false, "no words for {id}");
            id.to_owned()
        })
    }

    /// The words with this id, where there are any.
    pub fn find<'v>(
        &self,
        id: &str,
        values: impl IntoIterator<Item = (&'v str, FluentValue<'v>)>,
    ) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let args: FluentArgs<'_> = values.into_iter().collect();
        let mut errors = Vec::new();
        let said = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors)
            .into_owned();
        debug_assert!(errors.is_empty(), "the words of {id} lack a value");
        Some(said)
    }
}

/// A value for a sentence: a number where it is one.
pub fn value_of(text: &str) -> FluentValue<'_> {
    FluentValue::try_number(text)
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words")
            .field("tag", &self.tag)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    /// The ids of the messages in the files of this crate.
    fn ids() -> BTreeSet<&'static str> {
        let lines = ENGLISH.iter().flat_map(|file| file.lines());
        lines
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(id, _)| id)
            .collect()
    }

    /// The Rust files below a folder, each up to its tests.
    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("the sources are there") {
            let path: PathBuf = entry.expect("the sources can be listed").path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() && name != "tests" && name != "target" {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let source = fs::read_to_string(&path).expect("a source is text");
                let program = source.split("#[cfg(test)]").next();
                found.extend(program.map(str::to_owned));
            }
        }
    }

    /// Whether a text in quotes is an id, or the form that ids are made of: `summary-note-{kind}`.
    fn names(quoted: &str, id: &str) -> bool {
        match quoted.split_once('{') {
            None => quoted == id,
            Some((before, after)) => {
                let end = after.split_once('}').map_or("", |(_, end)| end);
                before.contains('-') && id.starts_with(before) && id.ends_with(end)
            }
        }
    }

    #[test]
    fn every_message_is_asked_for_somewhere() {
        let mut found = Vec::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        sources(&root, &mut found);
        let unused: Vec<_> = ids()
            .into_iter()
            .filter(|id| {
                let mut quoted = found.iter().flat_map(|source| source.split('"'));
                !quoted.any(|quoted| names(quoted, id))
            })
            .collect();
        assert!(ids().len() > 30, "the ids are read");
        assert_eq!(unused, Vec::<&str>::new());
    }

    #[test]
    fn every_month_has_its_name() {
        let words = Words::english();
        assert_eq!(words.date(2026, 6, 9), "9 June 2026");
        let months: BTreeSet<_> = (1..=12).map(|month| words.date(2026, month, 1)).collect();
        assert_eq!(months.len(), 12);
        assert!(months.contains("1 December 2026"));
    }

    #[test]
    fn the_usage_has_a_line_for_each_argument() {
        let usage = Words::english().say("cli-usage");
        let lines: Vec<_> = usage.lines().collect();
        assert_eq!(lines.len(), 5, "{usage}");
        assert!(lines[0].starts_with("Usage: confidant [--vault FOLDER]"));
        assert_eq!(lines[1], "");
        assert!(lines[2..].iter().all(|line| line.starts_with("  --")));
    }

    #[test]
    fn what_has_no_words_is_not_found() {
        let words = Words::english();
        assert_eq!(words.find("cli-no-such-thing", []), None);
        assert!(words.find("err-noVault-says", []).is_some());
    }

    #[test]
    fn the_files_parse_and_values_take_their_places() {
        let words = Words::english();
        let said = words.with("page-number", [("page", 2.into()), ("pages", 3.into())]);
        assert!(said.contains('2') && said.contains('3'), "{said}");
        assert!(!said.contains('\u{2068}'), "no invisible marks on a page");
    }
}
