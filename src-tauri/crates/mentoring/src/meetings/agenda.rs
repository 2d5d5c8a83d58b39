//! The agenda: points in order, and their form in Markdown.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

/// One thing to speak of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct AgendaPoint {
    /// What it is about.
    pub text: String,
    /// What somebody wants of it.
    pub kind: PointKind,
    /// What stands behind it, such as who added it; may be empty.
    pub aside: String,
    /// Whether it has been spoken of.
    pub done: bool,
    /// The record it was taken over from, such as a promise.
    pub source: Option<RecordId>,
}

/// What somebody wants of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum PointKind {
    /// To speak of it.
    Point,
    /// An answer.
    Question,
    /// Help.
    Need,
    /// To tell how it stands.
    Update,
}

impl PointKind {
    /// The sign with which one types it before the point.
    fn sign(self) -> Option<char> {
        match self {
            Self::Point => None,
            Self::Question => Some('?'),
            Self::Need => Some('!'),
            Self::Update => Some('='),
        }
    }
}

impl AgendaPoint {
    /// A point and nothing more.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            kind: PointKind::Point,
            aside: String::new(),
            done: false,
            source: None,
        }
    }

    /// The point as a line of a list in Markdown.
    fn markdown(&self) -> String {
        let mut line = String::from("- ");
        if self.done {
            line += "[x] ";
        }
        if let Some(sign) = self.kind.sign() {
            line.extend([sign, ' ']);
        }
        line += &one_line(&self.text);
        if !self.aside.is_empty() {
            line += &format!(" *({})*", one_line(&self.aside));
        }
        line
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The points as a list in Markdown.
pub(super) fn write(points: &[AgendaPoint]) -> String {
    let lines: Vec<_> = points.iter().map(AgendaPoint::markdown).collect();
    lines.join("\n")
}

/// Reads a list of plain points, one to a line; who added a point stands behind it: `*(Daniel added this)*`.
pub fn read(list: &str) -> Vec<AgendaPoint> {
    list.lines()
        .map(point_of)
        .filter(|point| !point.text.is_empty() || !point.aside.is_empty())
        .collect()
}

fn point_of(line: &str) -> AgendaPoint {
    let words = without_mark(line.trim()).trim();
    let (text, aside) = without_aside(words).unwrap_or((words, ""));
    AgendaPoint {
        aside: aside.trim().to_owned(),
        ..AgendaPoint::plain(text.trim())
    }
}

/// A line without the dash or the number of a list's point.
fn without_mark(line: &str) -> &str {
    let rest = match line.strip_prefix(['-', '*', '+']) {
        Some(rest) => Some(rest),
        None => line
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .strip_prefix(['.', ')'])
            .filter(|_| line.starts_with(|c: char| c.is_ascii_digit())),
    };
    rest.filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        .unwrap_or(line)
}

/// The words, and what stands behind them in slanted brackets.
fn without_aside(words: &str) -> Option<(&str, &str)> {
    let (text, aside) = words.strip_suffix(")*")?.rsplit_once("*(")?;
    let plain = !aside.is_empty() && !aside.contains(['(', ')']);
    plain.then_some((text, aside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(list: &str) -> Vec<(String, String)> {
        read(list)
            .into_iter()
            .map(|point| (point.text, point.aside))
            .collect()
    }

    #[test]
    fn a_list_is_read_with_who_added_a_point_apart_from_the_point() {
        let list = "- How she is\n* Whether to apply *(Daniel added this)*\n\n3. -20 degrees\nplain\n-\n12";
        let own = |text: &str| (text.to_owned(), String::new());
        assert_eq!(
            told(list),
            [
                own("How she is"),
                (
                    "Whether to apply".to_owned(),
                    "Daniel added this".to_owned()
                ),
                own("-20 degrees"),
                own("plain"),
                own("12"),
            ]
        );
    }

    #[test]
    fn brackets_and_stars_that_are_part_of_the_words_stay() {
        let words = "The *methods* section (again)";
        assert_eq!(
            told(&format!("- {words}")),
            [(words.to_owned(), String::new())]
        );
        assert_eq!(
            told("- a *((b))*"),
            [("a *((b))*".to_owned(), String::new())]
        );
    }

    #[test]
    fn a_point_is_written_on_one_line_with_its_sign() {
        let point = AgendaPoint {
            kind: PointKind::Question,
            aside: "Daniel".to_owned(),
            done: true,
            ..AgendaPoint::plain("Whether\nto apply")
        };
        assert_eq!(
            write(&[point, AgendaPoint::plain("The term")]),
            "- [x] ? Whether to apply *(Daniel)*\n- The term"
        );
    }
}
