//! The words that Rust says: on pages, in file names, in menus.
//!
//! All words of the program live in the Fluent files beside this crate, one system for window, page
//! and command line. The window reads the same files on its own side; this crate holds those that
//! Rust needs.

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::langid;

pub use fluent_bundle::FluentValue;

/// The files that Rust needs, by language; English is complete.
const ENGLISH: &[&str] = &[include_str!("../en/documents.ftl")];

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

    /// The words with this id, and values in their places.
    pub fn with<const N: usize>(
        &self,
        id: &str,
        values: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(id)
            .and_then(|message| message.value())
        else {
            debug_assert!(false, "no words for {id}");
            return id.to_owned();
        };
        let args: FluentArgs<'_> = values.into_iter().collect();
        let mut errors = Vec::new();
        let said = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors)
            .into_owned();
        debug_assert!(errors.is_empty(), "the words of {id} lack a value");
        said
    }
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
    use super::*;

    #[test]
    fn the_files_parse_and_values_take_their_places() {
        let words = Words::english();
        let said = words.with("page-number", [("page", 2.into()), ("pages", 3.into())]);
        assert!(said.contains('2') && said.contains('3'), "{said}");
        assert!(!said.contains('\u{2068}'), "no invisible marks on a page");
    }
}
