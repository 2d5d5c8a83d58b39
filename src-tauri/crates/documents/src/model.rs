//! The document model: what can stand on a page, whatever the page is made of.

use chrono::{DateTime, Utc};

/// A whole document. All words come from the caller, in one language.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Title, shown large and kept as the PDF's title.
    pub title: String,
    /// BCP 47 tag, for example `en-GB`.
    pub language: String,
    /// Time of making, written into the PDF's properties in UTC to the second; nothing when absent.
    pub created: Option<DateTime<Utc>>,
    /// What kind of document this is, small, above the title.
    pub kicker: Option<String>,
    /// Date in words, opposite the kicker.
    pub date: Option<String>,
    /// One or two sentences under the title.
    pub subtitle: Option<String>,
    /// The body.
    pub blocks: Vec<Block>,
    /// Who agreed, after the body.
    pub agreement: Option<Agreement>,
    /// What the numbered marks point at.
    pub sources: Option<SourceList>,
    /// Small words at the end and at the foot of every page.
    pub footer: Footer,
}

/// A piece of the body that stands on its own lines.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading within the body; level 1 is the highest below the title, 5 the lowest. Writers close
    /// gaps, so that no level is skipped.
    Heading {
        /// 1 to 5.
        level: u8,
        /// The words of the heading.
        spans: Vec<Span>,
    },
    /// Running text.
    Paragraph(Vec<Span>),
    /// A list.
    List {
        /// The number of the first item; a bullet list when absent.
        start: Option<u32>,
        /// The items, each holding blocks.
        items: Vec<ItemBlocks>,
    },
    /// Somebody else's words.
    Quote(Vec<Block>),
    /// A line between two parts.
    Rule,
}

/// The blocks of one list item.
pub type ItemBlocks = Vec<Block>;

/// A run of text within a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    /// Plain words.
    Text(String),
    /// Strong words.
    Strong(Vec<Span>),
    /// Stressed words.
    Emphasis(Vec<Span>),
    /// Words to be taken letter by letter.
    Code(String),
    /// Words with an address. The address is shown in PDF and HTML and can be followed in neither.
    Link {
        /// The words.
        spans: Vec<Span>,
        /// The address: `http`, `https` or `mailto`; any other kind is shown as text.
        target: String,
    },
    /// A numbered mark that names the source of the sentence before it.
    Source {
        /// Number in the list of sources.
        number: u32,
        /// Shape of the mark.
        level: Level,
    },
    /// A new line within the block.
    Break,
}

/// How far a source may go; each level has its own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// May be proposed for a summary: a dashed ring.
    Shareable,
    /// Both agreed to the words: a double ring.
    Agreed,
}

/// The sources of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceList {
    /// Heading above the list.
    pub heading: String,
    /// The sources in the order shown.
    pub items: Vec<Source>,
}

/// One source: its mark, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Number used by the marks.
    pub number: u32,
    /// Shape of the mark.
    pub level: Level,
    /// The level in words, so that it is not told by shape alone.
    pub level_words: String,
    /// What the source is.
    pub words: String,
}

/// The names at the end of a document that people agreed to.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// One or two people; more are set two in a row.
    pub signatures: Vec<Signature>,
    /// Words for the two linked rings between two names; the rings are not drawn when absent.
    pub rings: Option<String>,
}

/// One name and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// The name, above the line.
    pub name: String,
    /// What this person did, below the line, a line each.
    pub lines: Vec<String>,
}

/// The plain words at the end of the last page and at the foot of each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Footer {
    /// Up to three small columns at the end of the last page.
    pub notes: Vec<Note>,
    /// One line at the foot of every page.
    pub line: String,
    /// The page number in words, with `{page}` and `{pages}` where the numbers go. PDF only.
    pub page: String,
}

/// A small column of the footer.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Heading of the column.
    pub heading: String,
    /// Its words.
    pub words: String,
}

/// Returns the words of some blocks without any form, one line for each paragraph or heading.
///
/// Marks, rules and the addresses of links are left out.
pub fn plain_text(blocks: &[Block]) -> String {
    let mut lines = Vec::new();
    collect_lines(blocks, &mut lines);
    lines.join("\n")
}

fn collect_lines(blocks: &[Block], lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Heading { spans, .. } | Block::Paragraph(spans) => {
                let mut line = String::new();
                collect_words(spans, &mut line);
                lines.push(line);
            }
            Block::List { items, .. } => items.iter().for_each(|item| collect_lines(item, lines)),
            Block::Quote(inner) => collect_lines(inner, lines),
            Block::Rule => {}
        }
    }
}

pub(crate) fn collect_words(spans: &[Span], line: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Code(text) => line.push_str(text),
            Span::Strong(inner) | Span::Emphasis(inner) | Span::Link { spans: inner, .. } => {
                collect_words(inner, line);
            }
            Span::Break => line.push(' '),
            Span::Source { .. } => {}
        }
    }
}
