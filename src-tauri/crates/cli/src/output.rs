//! What a command says: to a person in lines, to a program as one document.

use std::{
    io::{self, IsTerminal, Write},
    sync::{Mutex, PoisonError},
};

use mentoring::is_unseen;
pub use mentoring::visible;
use serde::Serialize;
use shell::ErrorCode;
use unicode_width::UnicodeWidthStr;
use vault::{Step, Watch};
use words::Words;

use crate::failure::Failure;

/// Where a command speaks.
pub struct Output<'w> {
    /// The words of the program.
    pub words: &'w Words,
    json: bool,
}

#[derive(Serialize)]
struct ToldWarning<'a> {
    warning: Warning<'a>,
}

#[derive(Serialize)]
struct Warning<'a> {
    code: &'a str,
    message: &'a str,
}

impl<'w> Output<'w> {
    /// Speaks to a program if `json`, and to a person otherwise.
    pub fn new(words: &'w Words, json: bool) -> Self {
        Self { words, json }
    }

    /// Answers: a program gets the document, a person what `lines` says.
    pub fn answer(
        &self,
        document: &impl Serialize,
        lines: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if !self.json {
            return self.print(&lines());
        }
        let document = serde_json::to_string_pretty(document).map_err(|_| ErrorCode::Unexpected)?;
        write(io::stdout().lock(), &escaped(&document))
    }

    /// Prints text for a person. On a terminal, what cannot be seen is made visible.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        let shown = if stdout.is_terminal() {
            visible(text)
        } else {
            text.to_owned()
        };
        write(&mut stdout, shown.trim_end_matches('\n'))
    }

    /// Tells of something that stops nothing.
    pub fn warn(&self, code: &str, message: &str) {
        let line = if self.json {
            let warning = Warning { code, message };
            serde_json::to_string(&ToldWarning { warning }).unwrap_or_default()
        } else {
            self.words
                .with("cli-warning", [("message", message.into())])
        };
        // Whoever closed standard error hears nothing.
        let _ = write(io::stderr().lock(), &escaped(&line));
    }

    /// Warns with the sentence of `id`, which is also its code.
    pub fn warn_of(&self, id: &str) {
        let code = id.strip_prefix("cli-warn-").unwrap_or(id);
        self.warn(code, &self.words.say(id));
    }

    /// Tells why the command ended short.
    pub fn failure(&self, failure: &Failure) {
        let text = if self.json {
            serde_json::to_string(&failure.told(self.words)).unwrap_or_default()
        } else {
            format!("{}\n{}", failure.says(self.words), failure.hint(self.words))
        };
        let _ = write(io::stderr().lock(), &escaped(&text));
    }

    /// Tells a person at a terminal how far a long step is.
    pub fn progress(&self) -> Progress<'w> {
        let shown = !self.json && io::stderr().is_terminal();
        Progress {
            words: shown.then_some(self.words),
            last: Mutex::new(""),
        }
    }
}

/// Writes a text and a line end. Nobody reading any more is no failure.
fn write(mut to: impl Write, text: &str) -> Result<(), Failure> {
    let written = to
        .write_all(text.as_bytes())
        .and_then(|()| to.write_all(b"\n"))
        .and_then(|()| to.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(not_written(error)),
        _ => Ok(()),
    }
}

/// Why something outside the vault could not be written.
pub fn not_written(error: io::Error) -> Failure {
    match vault::Error::from(error) {
        vault::Error::NoSpace => ErrorCode::NoSpace.into(),
        _ => ErrorCode::FileNotWritten.into(),
    }
}

/// Tells the steps of a long task on a terminal.
pub struct Progress<'w> {
    words: Option<&'w Words>,
    last: Mutex<&'static str>,
}

impl Watch for Progress<'_> {
    fn at(&self, step: Step) {
        let Some(words) = self.words else { return };
        let id = match step {
            Step::Stretching => "cli-step-stretching",
            Step::Calibrating => "cli-step-calibrating",
            Step::Rebuilding { .. } | Step::Replaying { .. } => "cli-step-rebuilding",
            Step::Verifying { .. } => "cli-step-verifying",
            Step::Destroying | Step::Compacting | Step::Proving => "cli-step-destroying",
            Step::Rekeying { .. } => "cli-step-rekeying",
            Step::Searching { .. } => "cli-step-searching",
            _ => return,
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != id {
            *last = id;
            let _ = write(io::stderr().lock(), &words.say(id));
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

/// JSON, or a sentence of ours, with everything unseen as JSON escapes it: in JSON it stands in strings only.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                shown += &format!("\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Lines in columns, each as wide as its widest cell; the last is as long as it is.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.width())
            .max()
    };
    let widths: Vec<usize> = (0..columns)
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let gap = width.saturating_sub(cell.width());
            format!("{cell}{}", " ".repeat(gap))
        });
        lines.push(cells.collect::<Vec<_>>().join("  ").trim_end().to_owned());
    }
    lines.join("\n")
}

/// A text that stands on one line of a table.
pub fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown_and_lines_stay() {
        let text = "one\n\ttwo\u{1b}[31m\u{202e}three\u{7f}\u{9b}\u{feff}ü";
        let shown = visible(text);
        assert_eq!(
            shown,
            "one\n\ttwo⟨U+001B⟩[31m⟨U+202E⟩three⟨U+007F⟩⟨U+009B⟩⟨U+FEFF⟩ü"
        );
        assert_eq!(one_line("a\nb\u{7}"), "a b⟨U+0007⟩");
    }

    #[test]
    fn escaped_json_says_the_same() {
        let text = "x\u{202e}y\u{e0041}\u{9b}\u{7f}";
        let json = serde_json::to_string(text).expect("a string");
        let safe = escaped(&json);
        assert!(safe.is_ascii(), "{safe}");
        let back: String = serde_json::from_str(&safe).expect("it is JSON still");
        assert_eq!(back, text);
    }

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["a", "日本", "x"]), row(["long", "b", ""])];
        assert_eq!(table(&rows), "a     日本  x\nlong  b");
        assert_eq!(table(&[]), "");
    }
}
