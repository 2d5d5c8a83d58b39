//! An agreed summary as a page: what stands on it, and the bytes of each form.

use chrono::{Datelike, NaiveDate};
use documents::{
    Agreement, Block, Document, Footer, Level, Note, Signature, Source, SourceList, Span,
};
use mentoring::RecordId;
use serde::{Deserialize, Serialize};
use words::Words;

use crate::{
    agreed::AgreedSummary,
    error::Result,
    summaries::{AgreedSource, Consent, Paragraph, Party, SummaryText},
};

/// A form in which a summary may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum ExportFormat {
    /// Pages, as agreed.
    Pdf,
    /// A copy in Markdown.
    Markdown,
    /// A copy in HTML.
    Html,
}

impl ExportFormat {
    /// The usual ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }
}

/// The bytes of a summary in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// A name for it that names nobody.
    pub file_name: String,
}

/// What stands on a page.
pub(crate) struct Page<'a> {
    pub(crate) text: &'a SummaryText,
    pub(crate) version: u32,
    pub(crate) consents: &'a [Consent],
    pub(crate) sources: &'a [AgreedSource],
    /// What this copy is, where it is not the agreed page itself.
    pub(crate) mark: Option<&'static str>,
}

impl AgreedSummary {
    /// The summary in one of its forms. Equal input gives equal bytes.
    pub fn export(&self, format: ExportFormat, words: &Words) -> Result<Exported> {
        let mark = match format {
            ExportFormat::Pdf => None,
            ExportFormat::Markdown | ExportFormat::Html => Some("summary-copy"),
        };
        let document = Page {
            mark,
            ..self.page()
        }
        .document(words);
        let bytes = match format {
            ExportFormat::Pdf => documents::pdf(&document)?,
            ExportFormat::Markdown => documents::markdown(&document).into_bytes(),
            ExportFormat::Html => documents::html(&document).into_bytes(),
        };
        let values = [
            ("version", self.version().into()),
            ("day", self.text().to.format("%Y-%m-%d").to_string().into()),
        ];
        let name = words.with("summary-file-name", values);
        Ok(Exported {
            bytes,
            file_name: format!("{name}.{}", format.ending()),
        })
    }
}

impl Page<'_> {
    pub(crate) fn document(&self, words: &Words) -> Document {
        let text = self.text;
        let numbers = self.numbered_sources();
        Document {
            title: self.title(words),
            language: words.language().to_owned(),
            // The time of making would say when who agreed, and make equal pages unequal.
            created: None,
            kicker: Some(self.kicker(words)),
            date: None,
            subtitle: Some(self.subtitle(words)),
            blocks: text
                .paragraphs
                .iter()
                .filter_map(|p| block(p, &numbers))
                .collect(),
            agreement: (!self.consents.is_empty()).then(|| self.agreement(words)),
            sources: self.source_list(&numbers, words),
            footer: self.footer(words),
        }
    }

    /// The sources that sentences name, in the order of their first mark.
    fn numbered_sources(&self) -> Vec<RecordId> {
        let mut order = Vec::new();
        let sentences = self.text.paragraphs.iter().flat_map(|p| &p.sentences);
        for source in sentences.flat_map(|sentence| &sentence.sources) {
            if !order.contains(source) {
                order.push(*source);
            }
        }
        order
    }

    /// The title; a page must have one, to be found again and read aloud.
    fn title(&self, words: &Words) -> String {
        match self.text.title.trim() {
            "" => words.say("summary-kicker-plain"),
            title => title.to_owned(),
        }
    }

    fn kicker(&self, words: &Words) -> String {
        let purpose = self.text.purpose.trim();
        let kicker = if purpose.is_empty() {
            words.say("summary-kicker-plain")
        } else {
            words.with("summary-kicker", [("purpose", purpose.into())])
        };
        match self.mark {
            None => kicker,
            Some(mark) => format!("{kicker} · {}", words.say(mark)),
        }
    }

    fn subtitle(&self, words: &Words) -> String {
        let text = self.text;
        let values = [
            ("from", day(words, text.from).into()),
            ("to", day(words, text.to).into()),
        ];
        let period = words.with("summary-period", values);
        let audience = text.audience.trim();
        if audience.is_empty() {
            words.with("summary-subtitle-open", [("period", period.into())])
        } else {
            let values = [("period", period.into()), ("audience", audience.into())];
            words.with("summary-subtitle", values)
        }
    }

    fn agreement(&self, words: &Words) -> Agreement {
        let owner = self.name_of(Party::Me).unwrap_or_default();
        let signatures = self.consents.iter().map(|consent| Signature {
            name: consent.name.clone(),
            lines: vec![match consent.by {
                Party::Me => words.with("summary-agreed-me", [("version", self.version.into())]),
                Party::Them => words.with("summary-agreed-them", [("owner", owner.into())]),
            }],
        });
        let signatures: Vec<_> = signatures.collect();
        let rings = (signatures.len() > 1).then(|| words.say("summary-rings"));
        Agreement { signatures, rings }
    }

    fn source_list(&self, numbers: &[RecordId], words: &Words) -> Option<SourceList> {
        let items: Vec<_> = (1..)
            .zip(numbers)
            .filter_map(|(number, id)| {
                let line = self.sources.iter().find(|source| source.id == *id)?;
                let title = line.title.clone();
                let values = [("title", title.into()), ("day", day(words, line.on).into())];
                Some(Source {
                    number,
                    level: Level::Shareable,
                    level_words: words.say("summary-source-shareable"),
                    words: words.with("summary-source", values),
                })
            })
            .collect();
        let heading = words.say("summary-sources");
        (!items.is_empty()).then_some(SourceList { heading, items })
    }

    fn footer(&self, words: &Words) -> Footer {
        let kind = if self.name_of(Party::Them).is_some() {
            "relationship"
        } else {
            "journal"
        };
        let check = if kind == "journal" { "own" } else { "words" };
        let me = self.name_of(Party::Me).unwrap_or_default();
        let them = self.name_of(Party::Them).unwrap_or_default();
        let agreed = words.with(
            &format!("summary-note-who-{kind}"),
            [
                ("me", me.into()),
                ("them", them.into()),
                ("version", self.version.into()),
            ],
        );
        if self.consents.is_empty() {
            return Footer::default();
        }
        let notes = vec![
            Note {
                heading: words.say("summary-note-what"),
                words: words.say(&format!("summary-note-what-{kind}")),
            },
            Note {
                heading: words.say("summary-note-who"),
                words: agreed,
            },
            Note {
                heading: words.say("summary-note-check"),
                words: words.say(&format!("summary-note-check-{check}")),
            },
        ];
        let line = words.with(
            "summary-footer-line",
            [
                ("title", self.title(words).into()),
                ("version", self.version.into()),
            ],
        );
        let page = words.with(
            "page-number",
            [("page", "{page}".into()), ("pages", "{pages}".into())],
        );
        Footer { notes, line, page }
    }

    fn name_of(&self, party: Party) -> Option<&str> {
        let consent = self.consents.iter().find(|consent| consent.by == party);
        consent.map(|consent| consent.name.as_str())
    }
}

fn block(paragraph: &Paragraph, numbers: &[RecordId]) -> Option<Block> {
    let mut spans = Vec::new();
    for sentence in &paragraph.sentences {
        let text = sentence.text.trim();
        if text.is_empty() {
            continue;
        }
        if !spans.is_empty() {
            spans.push(Span::Text(" ".to_owned()));
        }
        spans.push(Span::Text(text.to_owned()));
        for source in &sentence.sources {
            if let Some(at) = numbers.iter().position(|id| id == source)
                && let Ok(number) = u32::try_from(at + 1)
            {
                spans.push(Span::Source {
                    number,
                    level: Level::Shareable,
                });
            }
        }
    }
    if spans.is_empty() {
        None
    } else if paragraph.heading {
        Some(Block::Heading { level: 1, spans })
    } else {
        Some(Block::Paragraph(spans))
    }
}

fn day(words: &Words, day: NaiveDate) -> String {
    words.date(day.year(), day.month(), day.day())
}
