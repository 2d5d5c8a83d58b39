//! What may stand in a line of text: nothing that a reader cannot see.

use unicode_bidi::{BidiClass, bidi_class};
use unicode_normalization::UnicodeNormalization;

/// Returns the text as every writer of this crate shows it.
///
/// The result is NFC (Unicode Annex 15). Line ends, tabs and runs of spaces become one space.
/// Characters without a visible shape are taken out: controls, zero-width spaces, soft hyphens,
/// direction overrides and isolates, tags, fillers and noncharacters. Joiners stay between letters
/// that need them, direction marks stay in text that has right-to-left letters. Cleaning twice
/// changes nothing more.
pub fn clean(text: &str) -> String {
    let composed: Vec<char> = text.nfc().filter(|&c| !is_hidden(c)).collect();
    let right_to_left = composed.iter().any(|&c| is_right_to_left(c));
    let mut shown = String::with_capacity(text.len());
    for (at, &c) in composed.iter().enumerate() {
        if is_collapsible_space(c) {
            if !shown.ends_with(' ') {
                shown.push(' ');
            }
        } else if is_joiner(c) {
            let before = shown.chars().next_back();
            let after = composed.get(at + 1).copied();
            if before.is_some_and(needs_joiner) && after.is_some_and(needs_joiner) {
                shown.push(c);
            }
        } else if right_to_left || !is_direction_mark(c) {
            shown.push(c);
        }
    }
    shown.nfc().collect()
}

/// Whether the first letter with a direction is written from right to left.
pub(crate) fn starts_right_to_left(text: &str) -> bool {
    text.chars()
        .map(bidi_class)
        .find(|class| matches!(class, BidiClass::L | BidiClass::R | BidiClass::AL))
        .is_some_and(|class| class != BidiClass::L)
}

fn is_right_to_left(c: char) -> bool {
    !is_direction_mark(c) && matches!(bidi_class(c), BidiClass::R | BidiClass::AL)
}

fn is_collapsible_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Joiners shape scripts and emoji, none of which is ASCII or a space.
fn needs_joiner(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && !is_joiner(c) && !is_direction_mark(c)
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn is_hidden(c: char) -> bool {
    (c.is_control() && !is_collapsible_space(c))
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hidden_characters_are_taken_out() {
        assert_eq!(
            clean("a\u{0}b\u{7}c\u{200b}d\u{202e}e\u{2066}f\u{ad}g\u{feff}h"),
            "abcdefgh"
        );
        assert_eq!(clean("smuggled\u{e0041}\u{e0042}\u{fe01}"), "smuggled");
        assert_eq!(clean("a\u{200d}b\u{200e}c"), "abc");
    }

    #[test]
    fn spaces_become_one_space_and_accents_are_composed() {
        assert_eq!(clean("one\r\n\ttwo  three"), "one two three");
        assert_eq!(clean("cafe\u{301}"), "caf\u{e9}");
        assert_eq!(clean("10\u{a0}000"), "10\u{a0}000");
    }

    #[test]
    fn scripts_keep_the_joiners_and_marks_they_need() {
        assert_eq!(clean("می\u{200c}خواهم"), "می\u{200c}خواهم");
        assert_eq!(clean("👩\u{200d}🔬"), "👩\u{200d}🔬");
        assert_eq!(clean("שלום\u{200f}!"), "שלום\u{200f}!");
    }

    #[test]
    fn direction_is_that_of_the_first_letter() {
        assert!(starts_right_to_left("12. שלום Helen"));
        assert!(starts_right_to_left("مرحبا"));
        assert!(!starts_right_to_left("Helen שלום"));
        assert!(!starts_right_to_left("2026"));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn visible_ascii_is_never_lost(text in "[!-~]{0,60}") {
            prop_assert_eq!(clean(&text), text);
        }
    }
}
