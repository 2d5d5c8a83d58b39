//! The data that the templates read.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{Language, SpareKeySheet};
use crate::canonical::line;
use crate::model::{Block, Document, Level, Span, collect_words};
use crate::text::starts_right_to_left;

pub(super) fn of_document(shown: &Document, language: &Language) -> Value {
    json!({
        "title": words(&shown.title),
        "language": language.primary,
        "region": language.region,
        "kicker": shown.kicker,
        "date": shown.date,
        "subtitle": shown.subtitle.as_deref().map(words),
        "blocks": blocks(&shown.blocks),
        "agreement": shown.agreement.as_ref().map(|agreement| json!({
            "rings": agreement.rings,
            "signatures": agreement.signatures.iter().map(|signature| json!({
                "name": words(&signature.name),
                "lines": signature.lines,
            })).collect::<Vec<_>>(),
        })),
        "sources": shown.sources.as_ref().map(|sources| json!({
            "heading": sources.heading,
            "items": sources.items.iter().map(|source| json!({
                "number": source.number,
                "level": level(source.level),
                "level_words": source.level_words,
                "words": words(&source.words),
            })).collect::<Vec<_>>(),
        })),
        "notes": shown.footer.notes.iter().map(|note| json!({
            "heading": note.heading,
            "words": words(&note.words),
        })).collect::<Vec<_>>(),
        "line": shown.footer.line,
        "page": shown.footer.page,
    })
}

/// The sheet's data, wiped when dropped. The words are written into it directly, since a JSON tree
/// would leave them behind.
pub(super) fn of_sheet(sheet: &SpareKeySheet<'_>, language: &Language) -> Zeroizing<Vec<u8>> {
    let frame = json!({
        "language": language.primary,
        "region": language.region,
        "title": line(sheet.title),
        "made_for": line(sheet.made_for),
        "steps_heading": line(sheet.steps_heading),
        "steps": sheet.steps.iter().map(|step| line(step)).collect::<Vec<_>>(),
        "where_to_keep": line(sheet.where_to_keep),
        "kept_at": line(sheet.kept_at),
        "warning": line(sheet.warning),
    });
    let frame = frame.to_string();
    let longest = sheet
        .words
        .iter()
        .map(|word| 6 * word.len() + 3)
        .sum::<usize>();
    // Enough room from the start: a vector that grows leaves copies of the words behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(frame.len() + longest + 16));
    bytes.extend_from_slice(b"{\"words\":");
    serde_json::to_writer(&mut *bytes, &sheet.words[..]).expect("strings are JSON");
    bytes.push(b',');
    bytes.extend_from_slice(&frame.as_bytes()[1..]);
    bytes
}

/// Words and the direction they begin in.
fn words(text: &str) -> Value {
    json!({ "words": text, "rtl": starts_right_to_left(text) })
}

fn blocks(list: &[Block]) -> Value {
    list.iter().map(block).collect()
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading {
            level,
            spans: inner,
        } => json!({
            "kind": "heading",
            "level": level,
            "spans": spans(inner),
            "rtl": right_to_left(inner),
        }),
        Block::Paragraph(inner) => json!({
            "kind": "paragraph",
            "spans": spans(inner),
            "rtl": right_to_left(inner),
        }),
        Block::List { start, items } => json!({
            "kind": "list",
            "start": start,
            "items": items.iter().map(|item| blocks(item)).collect::<Vec<_>>(),
        }),
        Block::Quote(inner) => json!({ "kind": "quote", "blocks": blocks(inner) }),
        Block::Rule => json!({ "kind": "rule" }),
    }
}

fn right_to_left(inner: &[Span]) -> bool {
    let mut words = String::new();
    collect_words(inner, &mut words);
    starts_right_to_left(&words)
}

fn spans(list: &[Span]) -> Value {
    list.iter().map(span).collect()
}

fn span(span: &Span) -> Value {
    match span {
        Span::Text(text) => json!({ "kind": "text", "words": text }),
        Span::Code(text) => json!({ "kind": "code", "words": text }),
        Span::Strong(inner) => json!({ "kind": "strong", "spans": spans(inner) }),
        Span::Emphasis(inner) => json!({ "kind": "emphasis", "spans": spans(inner) }),
        Span::Link {
            spans: inner,
            target,
        } => {
            let same = matches!(inner.as_slice(), [Span::Text(text)] if text == target);
            let shown = (!same).then(|| format!("\u{a0}({target})"));
            json!({ "kind": "link", "spans": spans(inner), "target": shown })
        }
        Span::Source {
            number,
            level: shape,
        } => {
            json!({ "kind": "source", "number": number, "level": level(*shape) })
        }
        Span::Break => json!({ "kind": "break" }),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Shareable => "shareable",
        Level::Agreed => "agreed",
    }
}
