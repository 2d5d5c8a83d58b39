//! Limits and small forms of text.

use chrono::NaiveTime;

use crate::error::{Error, Field, Result};

/// Longest title, name or other one-line text, in characters.
pub const LINE_LIMIT: usize = 300;
/// Longest running text, in characters.
pub const TEXT_LIMIT: usize = 1_000_000;
/// Longest title in an index line, in characters.
const TITLE_SHOWN: usize = 90;
/// Longest excerpt in an index line, in characters.
const EXCERPT_SHOWN: usize = 180;

/// What a point of a list begins with; the longer marks first.
const POINTS: [&str; 5] = ["- [ ] ", "- [x] ", "- ", "* ", "+ "];

/// Whether a character cannot be seen, or changes how others are shown. Joiners are no such: letters and emoji need them.
pub fn is_unseen(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The text with everything unseen shown as its number.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            shown += &format!("⟨U+{:04X}⟩", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Refuses a one-line text that is too long.
pub(crate) fn check_line(field: Field, text: &str) -> Result<()> {
    check(field, text, LINE_LIMIT)
}

/// Refuses a running text that is too long.
pub(crate) fn check_text(field: Field, text: &str) -> Result<()> {
    check(field, text, TEXT_LIMIT)
}

/// Refuses a text without a single visible character.
pub(crate) fn check_present(field: Field, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::Missing { field });
    }
    Ok(())
}

/// Refuses what is no time of day such as "14:30".
pub(crate) fn check_time(at: Option<&str>) -> Result<()> {
    match at {
        Some(at) if NaiveTime::parse_from_str(at, "%H:%M").is_err() => Err(Error::DateOutOfRange),
        _ => Ok(()),
    }
}

/// The first line of a Markdown text, plain, for a record that has no title of its own.
pub(crate) fn title_of(title: &str, text: &str) -> String {
    let own = title.trim();
    if own.is_empty() {
        let first = text
            .lines()
            .map(plain)
            .find(|line| !line.is_empty())
            .unwrap_or_default();
        cut(&first, TITLE_SHOWN)
    } else {
        cut(own, TITLE_SHOWN)
    }
}

/// The beginning of a Markdown text, plain and on one line; the points of a list stay apart.
pub(crate) fn excerpt_of(text: &str) -> String {
    let mut excerpt = String::new();
    let mut after_point = false;
    for line in text.lines() {
        let words = plain(line);
        if words.is_empty() {
            continue;
        }
        let point = is_point(line);
        if !excerpt.is_empty() {
            excerpt.push_str(if point || after_point { " · " } else { " " });
        }
        after_point = point;
        excerpt.push_str(&words);
        if excerpt.chars().count() > EXCERPT_SHOWN {
            break;
        }
    }
    cut(&excerpt, EXCERPT_SHOWN)
}

/// The number of words in a text, by white space.
pub(crate) fn count_words(text: &str) -> u32 {
    u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX)
}

fn check(field: Field, text: &str, limit: usize) -> Result<()> {
    // Bytes bound characters from above, so most texts are decided without counting.
    if text.len() > limit && text.chars().count() > limit {
        return Err(Error::TooLong { field, limit });
    }
    Ok(())
}

/// Whether a line of Markdown is a point of a list.
fn is_point(line: &str) -> bool {
    let line = line.trim_start();
    POINTS.iter().any(|mark| line.starts_with(mark))
}

/// One line of Markdown without the marks that start it or stand around words.
fn plain(line: &str) -> String {
    let line = line.trim();
    let line = line.trim_start_matches(['#', '>', ' ']);
    let line = POINTS
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .unwrap_or(line);
    let line = line.replace("**", "").replace("__", "");
    without_emphasis(&line).replace('\\', "").trim().to_owned()
}

/// A line without the single marks that stand at the edges of words.
fn without_emphasis(line: &str) -> String {
    let is_mark = |c: &char| matches!(c, '*' | '_');
    let chars: Vec<char> = line.chars().collect();
    let mut plain = String::with_capacity(line.len());
    for (at, mark) in chars.iter().enumerate() {
        let before = chars[..at].iter().rev().find(|c| !is_mark(c));
        let after = chars[at + 1..].iter().find(|c| !is_mark(c));
        let opens = before.is_none_or(|c| !c.is_alphanumeric())
            && after.is_some_and(|c| !c.is_whitespace());
        let closes = before.is_some_and(|c| !c.is_whitespace())
            && after.is_none_or(|c| !c.is_alphanumeric());
        let escaped = at > 0 && chars[at - 1] == '\\';
        if !is_mark(mark) || escaped || !(opens || closes) {
            plain.push(*mark);
        }
    }
    plain
}

/// At most `limit` characters, cut at a word where there is one.
fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let head: String = text.chars().take(limit).collect();
    let at_word = head.rfind(char::is_whitespace).unwrap_or(head.len());
    format!("{}…", head[..at_word].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_comes_from_the_first_line_with_words() {
        assert_eq!(title_of("", "\n## A **bold** start\nmore"), "A bold start");
        assert_eq!(title_of("  Own ", "text"), "Own");
        assert_eq!(title_of("", ""), "");
    }

    #[test]
    fn an_excerpt_is_one_line_and_ends_at_a_word() {
        let text = "word ".repeat(100);
        let excerpt = excerpt_of(&text);
        assert!(excerpt.ends_with("word…"), "{excerpt}");
        assert!(excerpt.chars().count() <= EXCERPT_SHOWN + 1);
        assert_eq!(excerpt_of("# call\n\n> said"), "call said");
        assert_eq!(
            excerpt_of("Then:\n- one\n- two\n\nThe end"),
            "Then: · one · two · The end"
        );
    }

    #[test]
    fn emphasis_leaves_no_mark_behind_however_long_it_is() {
        let long = format!(
            "I thought: *{}* and then",
            "to be less late ".repeat(30).trim()
        );
        assert!(!excerpt_of(&long).contains('*'));
        assert_eq!(
            excerpt_of("She said _yes_, *loudly*."),
            "She said yes, loudly."
        );
        assert_eq!(excerpt_of("***All*** of it"), "All of it");
        assert_eq!(
            excerpt_of("2 * 3 in snake_case and \\*so\\*"),
            "2 * 3 in snake_case and *so*"
        );
    }

    #[test]
    fn a_limit_counts_characters_not_bytes() {
        assert!(check_line(Field::Title, &"ü".repeat(LINE_LIMIT)).is_ok());
        assert!(check_line(Field::Title, &"ü".repeat(LINE_LIMIT + 1)).is_err());
    }
}
