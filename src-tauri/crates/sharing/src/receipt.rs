//! The receipt of a forgotten notebook: that it is gone, and how that was proven. It holds no word of it.

use chrono::Datelike;
use documents::{Block, Document, Footer, Span};
use mentoring::{Forgotten, spaces::SpaceKind};
use serde::Serialize;
use vault::{ForgetReport, NotDestroyed};
use words::{FluentValue, Words};

use crate::error::Result;

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The notebook that is no more.
    pub gone: Forgotten,
    /// How many times a summary had left it; none where it was shut, so that nobody knows.
    pub given_out: Option<u32>,
    /// The day and time of the forgetting where the person is, in words.
    pub when: String,
}

/// One line of a receipt: what it is about, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct ReceiptLine {
    /// What it is about.
    pub about: String,
    /// What it says.
    pub says: String,
}

impl Receipt {
    /// The title of it.
    pub fn title(&self, words: &Words) -> String {
        words.say("receipt-title")
    }

    /// Its lines, in their order.
    pub fn lines(&self, words: &Words) -> Vec<ReceiptLine> {
        let gone = &self.gone;
        let report = &gone.report;
        let mut lines = vec![
            line(words, "notebook", self.notebook(words)),
            line(words, "key", key_says(report, words)),
        ];
        if gone.sealed {
            lines.push(line(words, "sealed", words.say("receipt-sealed-says")));
        }
        lines.push(line(words, "removed", removed_says(report, words)));
        lines.push(line(words, "tried", tried_says(report, words)));
        if let Err(why) = &report.destruction {
            lines.push(line(words, "todo", todo_says(why, words)));
        }
        lines.push(line(words, "held", self.held(words)));
        let given = match self.given_out {
            Some(count) => words.with("receipt-given-says", [("count", number(u64::from(count)))]),
            None => words.say("receipt-given-unknown"),
        };
        lines.push(line(words, "given", given));
        lines
    }

    /// It as a PDF.
    pub fn pdf(&self, words: &Words) -> Result<Vec<u8>> {
        Ok(documents::pdf(&self.document(words))?)
    }

    /// It as plain text.
    pub fn text(&self, words: &Words) -> String {
        let lines = self.lines(words);
        let wide = lines.iter().map(|line| line.about.chars().count()).max();
        let wide = wide.unwrap_or(0);
        let mut text = format!("{}\n{}\n\n", self.title(words), self.when);
        for ReceiptLine { about, says } in lines {
            text.push_str(&format!("{about:wide$}  {says}\n"));
        }
        format!(
            "{text}\n{}\n{}\n",
            words.say("receipt-says"),
            words.say("receipt-limits")
        )
    }

    fn notebook(&self, words: &Words) -> String {
        let gone = &self.gone;
        let until = gone.at.date_naive();
        let day = |day: chrono::NaiveDate| words.date(day.year(), day.month(), day.day());
        let id = match gone.kind {
            None => "receipt-notebook-shut",
            Some(SpaceKind::Journal) => "receipt-notebook-journal",
            Some(SpaceKind::Relationship) => "receipt-notebook-relationship",
            Some(SpaceKind::Circle) => "receipt-notebook-circle",
        };
        let values = [
            ("initials", spaced(&gone.monogram).into()),
            ("from", gone.since.map(day).unwrap_or_default().into()),
            ("to", day(until).into()),
        ];
        words.with(id, values)
    }

    /// Which backups still hold it, as far as this computer knows, and which copies of the vault may.
    fn held(&self, words: &Words) -> String {
        let gone = &self.gone;
        let mut parts = vec![self.held_by(words)];
        if gone.not_where_last > 0 {
            let count = [("count", number(gone.not_where_last as u64))];
            parts.push(words.with("receipt-held-elsewhere", count));
        }
        match gone.beside {
            Some(0) => {}
            Some(copies) => {
                let count = [("count", number(copies as u64))];
                parts.push(words.with("receipt-held-beside", count));
            }
            None => parts.push(words.say("receipt-held-beside-unknown")),
        }
        parts.join("; ")
    }

    fn held_by(&self, words: &Words) -> String {
        let Some(made) = &self.gone.held_by else {
            return words.say("receipt-held-unknown");
        };
        let days = made.iter().filter_map(|at| {
            let at = chrono::DateTime::from_timestamp_millis(*at)?;
            let day = at.with_timezone(&chrono::Local).date_naive();
            Some(words.date(day.year(), day.month(), day.day()))
        });
        let days: Vec<_> = days.collect();
        let values = [
            ("count", number(made.len() as u64)),
            ("days", days.join(", ").into()),
        ];
        words.with("receipt-held-says", values)
    }

    fn document(&self, words: &Words) -> Document {
        let row = |ReceiptLine { about, says }: ReceiptLine| {
            let about = Span::Strong(vec![Span::Text(about)]);
            Block::Paragraph(vec![about, Span::Break, Span::Text(says)])
        };
        let lines = self.lines(words).into_iter().map(row);
        let end = Block::Paragraph(vec![Span::Text(words.say("receipt-says"))]);
        Document {
            title: self.title(words),
            language: words.language().to_owned(),
            created: Some(self.gone.at),
            subtitle: Some(self.when.clone()),
            blocks: lines.chain([Block::Rule, end]).collect(),
            footer: Footer {
                line: words.say("receipt-limits"),
                ..Footer::default()
            },
            ..Document::default()
        }
    }
}

fn key_says(report: &ForgetReport, words: &Words) -> String {
    words.say(if report.key_destroyed {
        "receipt-key-says"
    } else {
        "receipt-key-waits"
    })
}

/// What of it was removed, which where the destroying was cut short may be nothing yet.
fn removed_says(report: &ForgetReport, words: &Words) -> String {
    let rows = ("rows", number(report.rows));
    match &report.destruction {
        Ok(done) => {
            let files = ("files", number(done.files_destroyed));
            words.with("receipt-removed-says", [rows, files])
        }
        Err(NotDestroyed::Unfinished(_)) => words.with("receipt-removed-waits", [rows]),
        Err(_) => words.with("receipt-removed-rows", [rows]),
    }
}

/// What was gone through afterwards, and what that came to.
fn tried_says(report: &ForgetReport, words: &Words) -> String {
    match &report.destruction {
        Ok(done) => {
            let tried = [
                ("files", number(done.files_checked)),
                ("parts", number(done.parts_opened)),
                ("compared", number(done.parts_compared)),
            ];
            words.with("receipt-tried-says", tried)
        }
        Err(NotDestroyed::Unfinished(_)) => words.say("receipt-tried-waits"),
        Err(NotDestroyed::Left(_)) => words.say("receipt-tried-left"),
        Err(_) => words.say("receipt-tried-unproven"),
    }
}

/// What is still to be done, and by whom.
fn todo_says(why: &NotDestroyed, words: &Words) -> String {
    words.say(match why {
        NotDestroyed::Unfinished(_) => "receipt-todo-waits",
        NotDestroyed::Left(_) => "receipt-todo-left",
        _ => "receipt-todo-unproven",
    })
}

fn line(words: &Words, about: &str, says: String) -> ReceiptLine {
    ReceiptLine {
        about: words.say(&format!("receipt-{about}")),
        says,
    }
}

fn number(value: u64) -> FluentValue<'static> {
    FluentValue::from(value as f64)
}

/// Letters as initials: `AN` as `A. N.`
fn spaced(monogram: &str) -> String {
    let letters = monogram.chars().map(|letter| format!("{letter}."));
    letters.collect::<Vec<_>>().join(" ")
}
