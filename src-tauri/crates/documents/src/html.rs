//! A page for a web browser or a word processor: one file, nothing fetched, nothing run.

use std::fmt::Write as _;

use crate::canonical;
use crate::model::{Block, Document, Level, Span};
use crate::text::starts_right_to_left;

const STYLE: &str = include_str!("html/page.css");

/// Writes a document as one HTML file with styles for screen and paper.
///
/// Every word is escaped; links are shown with their address and cannot be followed; the content
/// security policy allows nothing but the styles within. Page numbers are left to the browser.
pub fn html(document: &Document) -> String {
    let shown = canonical::document(document);
    let mut page = String::from("<!doctype html>\n");
    let direction = if is_right_to_left(&shown.language) {
        "rtl"
    } else {
        "ltr"
    };
    let _ = writeln!(
        page,
        "<html lang=\"{}\" dir=\"{direction}\">",
        escaped(&shown.language)
    );
    page.push_str("<head>\n<meta charset=\"utf-8\">\n");
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<meta name=\"referrer\" content=\"no-referrer\">\n");
    let _ = writeln!(page, "<title>{}</title>", escaped(&shown.title));
    let _ = write!(page, "<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n");
    write_head(&shown, &mut page);
    write_blocks(&shown.blocks, &mut page);
    write_tail(&shown, &mut page);
    page.push_str("</body>\n</html>\n");
    page
}

fn write_head(shown: &Document, page: &mut String) {
    page.push_str("<header>\n");
    if shown.kicker.is_some() || shown.date.is_some() {
        let part = |words: &Option<String>| escaped(words.as_deref().unwrap_or_default());
        let (kicker, date) = (part(&shown.kicker), part(&shown.date));
        let _ = writeln!(
            page,
            "<p class=\"kicker\"><span>{kicker}</span> <span>{date}</span></p>"
        );
    }
    let _ = writeln!(page, "<h1 dir=\"auto\">{}</h1>", escaped(&shown.title));
    if let Some(subtitle) = &shown.subtitle {
        let _ = writeln!(
            page,
            "<p class=\"under\" dir=\"auto\">{}</p>",
            escaped(subtitle)
        );
    }
    page.push_str("</header>\n");
}

fn write_tail(shown: &Document, page: &mut String) {
    if let Some(agreement) = &shown.agreement {
        page.push_str("<section class=\"signs\">\n");
        for (at, signature) in agreement.signatures.iter().enumerate() {
            if let (1, Some(words)) = (at % 2, &agreement.rings) {
                let words = escaped(words);
                let _ = writeln!(
                    page,
                    "<span class=\"rings\" role=\"img\" aria-label=\"{words}\"></span>"
                );
            }
            let name = escaped(&signature.name);
            let _ = write!(page, "<div><p class=\"name\" dir=\"auto\">{name}</p>");
            for line in &signature.lines {
                let _ = write!(page, "<p>{}</p>", escaped(line));
            }
            page.push_str("</div>\n");
        }
        page.push_str("</section>\n");
    }
    if let Some(sources) = &shown.sources {
        let heading = escaped(&sources.heading);
        let _ = write!(
            page,
            "<section class=\"sources\">\n<h2>{heading}</h2>\n<ul>\n"
        );
        for source in &sources.items {
            let mark = mark(source.number, source.level);
            let (words, level) = (escaped(&source.words), escaped(&source.level_words));
            let _ = writeln!(
                page,
                "<li dir=\"auto\">{mark} {words} <small>{level}</small></li>"
            );
        }
        page.push_str("</ul>\n</section>\n");
    }
    page.push_str("</main>\n");
    if shown.footer.notes.is_empty() && shown.footer.line.is_empty() {
        return;
    }
    page.push_str("<footer>\n");
    if !shown.footer.notes.is_empty() {
        page.push_str("<div class=\"notes\">\n");
        for note in &shown.footer.notes {
            let (heading, words) = (escaped(&note.heading), escaped(&note.words));
            let _ = writeln!(page, "<p><b>{heading}</b> {words}</p>");
        }
        page.push_str("</div>\n");
    }
    if !shown.footer.line.is_empty() {
        let _ = writeln!(page, "<p>{}</p>", escaped(&shown.footer.line));
    }
    page.push_str("</footer>\n");
}

fn write_blocks(blocks: &[Block], page: &mut String) {
    for block in blocks {
        match block {
            Block::Heading { level, spans } => {
                let _ = write!(page, "<h{} dir=\"auto\">", level + 1);
                write_spans(spans, page);
                let _ = writeln!(page, "</h{}>", level + 1);
            }
            Block::Paragraph(spans) => {
                page.push_str("<p dir=\"auto\">");
                write_spans(spans, page);
                page.push_str("</p>\n");
            }
            Block::List { start, items } => write_list(*start, items, page),
            Block::Quote(inner) => {
                page.push_str("<blockquote>\n");
                write_blocks(inner, page);
                page.push_str("</blockquote>\n");
            }
            Block::Rule => page.push_str("<hr>\n"),
        }
    }
}

fn write_list(start: Option<u32>, items: &[Vec<Block>], page: &mut String) {
    match start {
        Some(1) => page.push_str("<ol>\n"),
        Some(first) => {
            let _ = writeln!(page, "<ol start=\"{first}\">");
        }
        None => page.push_str("<ul>\n"),
    }
    for item in items {
        page.push_str("<li>");
        write_blocks(item, page);
        page.push_str("</li>\n");
    }
    page.push_str(if start.is_some() {
        "</ol>\n"
    } else {
        "</ul>\n"
    });
}

fn write_spans(spans: &[Span], page: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) => page.push_str(&escaped(text)),
            Span::Strong(inner) => wrapped("strong", inner, page),
            Span::Emphasis(inner) => wrapped("em", inner, page),
            Span::Code(text) => {
                let _ = write!(page, "<code>{}</code>", escaped(text));
            }
            Span::Link { spans, target } => {
                write_spans(spans, page);
                if !matches!(spans.as_slice(), [Span::Text(text)] if text == target) {
                    let _ = write!(page, " <span class=\"target\">({})</span>", escaped(target));
                }
            }
            Span::Source { number, level } => page.push_str(&mark(*number, *level)),
            Span::Break => page.push_str("<br>\n"),
        }
    }
}

fn wrapped(tag: &str, inner: &[Span], page: &mut String) {
    let _ = write!(page, "<{tag}>");
    write_spans(inner, page);
    let _ = write!(page, "</{tag}>");
}

fn mark(number: u32, level: Level) -> String {
    let shape = match level {
        Level::Shareable => "shareable",
        Level::Agreed => "agreed",
    };
    format!("<span class=\"mark {shape}\">{number}</span>")
}

fn is_right_to_left(language: &str) -> bool {
    // The writing systems of these languages run from right to left; a script subtag is rarer than
    // the mistake of relying on it.
    let primary = language.split('-').next().unwrap_or_default();
    matches!(
        primary,
        "ar" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi"
    ) || starts_right_to_left(language)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
