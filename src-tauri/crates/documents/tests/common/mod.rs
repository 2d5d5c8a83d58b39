//! Invented documents for the tests.

#![allow(dead_code, missing_docs)]

use chrono::{TimeZone, Utc};
use documents::{
    Agreement, Block, Document, Footer, Level, Note, Signature, Source, SourceList, Span,
};

pub fn text(words: &str) -> Span {
    Span::Text(words.into())
}

pub fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

pub fn heading(level: u8, words: &str) -> Block {
    Block::Heading {
        level,
        spans: vec![text(words)],
    }
}

pub fn bare(title: &str, blocks: Vec<Block>) -> Document {
    Document {
        title: title.into(),
        language: "en-GB".into(),
        blocks,
        ..Document::default()
    }
}

/// The summary of the story that the design tells.
pub fn summary() -> Document {
    let agreed = |number| Span::Source {
        number,
        level: Level::Agreed,
    };
    let shareable = |number| Span::Source {
        number,
        level: Level::Shareable,
    };
    let signature = |name: &str, day: &str| Signature {
        name: name.into(),
        lines: vec!["Agreed to every word".into(), format!("on {day} June 2026")],
    };
    let source = |number, level, words: &str| Source {
        number,
        level,
        level_words: match level {
            Level::Agreed => "Agreed".into(),
            Level::Shareable => "Shareable".into(),
        },
        words: words.into(),
    };
    Document {
        title: "Dr Amara Nwosu".into(),
        language: "en-GB".into(),
        created: Some(Utc.with_ymd_and_hms(2026, 6, 16, 10, 0, 0).unwrap()),
        kicker: Some("Mentoring summary".into()),
        date: Some("16 June 2026".into()),
        subtitle: Some(
            "Written with Dr Helen Marsh, on their work together from September 2025 to June \
             2026, for the annual review on 24 June."
                .into(),
        ),
        blocks: vec![
            heading(1, "What we worked on"),
            Block::Paragraph(vec![
                text(
                    "Amara set out to move from leading shifts to leading research, and to be \
                     ready to apply for senior lecturer this autumn. ",
                ),
                agreed(1),
                text(" We met eight times. "),
                shareable(2),
            ]),
            heading(1, "What changed"),
            Block::Paragraph(vec![
                text(
                    "She took the sepsis triage paper from an audit to a finished draft as lead \
                     author, and brought four co-authors to agreement. ",
                ),
                agreed(3),
                text(
                    " She taught a module from first lecture to final marks, and her students \
                     rated it 4.7 out of 5. She holds a room of forty ",
                ),
                Span::Emphasis(vec![text("without raising her voice")]),
                text("."),
            ]),
            paragraph("With a colleague she has begun a writing group that meets on Thursdays."),
            heading(1, "What comes next"),
            Block::List {
                start: None,
                items: vec![
                    vec![paragraph("a teaching statement in July")],
                    vec![paragraph("two referees by the end of that month")],
                    vec![Block::Paragraph(vec![
                        text("and a "),
                        Span::Strong(vec![text("mock panel")]),
                        text(" in September."),
                    ])],
                ],
            },
        ],
        agreement: Some(Agreement {
            signatures: vec![
                signature("Amara Nwosu", "16"),
                signature("Helen Marsh", "15"),
            ],
            rings: Some("Both have agreed".into()),
        }),
        sources: Some(SourceList {
            heading: "What this rests on".into(),
            items: vec![
                source(
                    1,
                    Level::Agreed,
                    "Steps for the senior lecturer application, 26 March",
                ),
                source(2, Level::Shareable, "Meetings held from September to June"),
                source(
                    3,
                    Level::Agreed,
                    "Sepsis paper: four co-authors brought to agreement",
                ),
            ],
        }),
        footer: Footer {
            notes: vec![
                Note {
                    heading: "For two readers".into(),
                    words: "Professor Ruth Adler, head of department, and Dr Mark Tennant, \
                            appraiser. Please do not pass it on."
                        .into(),
                },
                Note {
                    heading: "Until 31 December 2026".into(),
                    words: "Amara or Helen may withdraw it sooner. Copies already given cannot \
                            be called back."
                        .into(),
                },
                Note {
                    heading: "To be sure it is genuine".into(),
                    words: "Drop this file on Confidant and choose Check a summary. With free \
                            tools, see CHECK.txt inside."
                        .into(),
                },
            ],
            line: "Version 5. The dates and this footer were added after both had agreed.".into(),
            page: "Page {page} of {pages}".into(),
        },
    }
}

pub const SPARE_KEY: [&str; 24] = [
    "orchard", "lantern", "velvet", "harbour", "sketch", "pigeon", "maple", "thunder", "ribbon",
    "cabin", "mirror", "saddle", "winter", "copper", "meadow", "signal", "bottle", "garden",
    "feather", "island", "candle", "puzzle", "anchor", "willow",
];
