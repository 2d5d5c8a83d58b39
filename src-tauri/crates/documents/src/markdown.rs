//! A closed part of Markdown (CommonMark 0.31), in and out.
//!
//! In: headings, paragraphs, lists, quotes, rules, strong, emphasis, code, links, line breaks and
//! source marks. Everything else becomes plain words: raw HTML is shown as it was typed, code blocks
//! become lines, reference definitions stay where they stand. Images are left out and counted.
//!
//! A source mark is written `[^a3]` (source 3, agreed) or `[^s3]` (shareable).
//!
//! Out: one form for equal content. [`from_markdown`] of what [`markdown_of_blocks`] wrote gives
//! equal blocks.

use std::fmt::Write as _;

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd};

use crate::canonical::{self, DEEPEST_NESTING};
use crate::model::{Block, Document, Level, Note, Signature, Source, Span, collect_words};

/// What came out of a Markdown text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The blocks, cleaned.
    pub blocks: Vec<Block>,
    /// What is not part of the closed Markdown.
    pub left_out: LeftOut,
}

/// What a Markdown text held beyond the closed Markdown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Images, dropped with their descriptions.
    pub images: usize,
    /// Pieces of raw HTML, now visible words.
    pub raw_html: usize,
}

/// Reads Markdown into blocks.
///
/// Never fails: what is not understood is words.
pub fn from_markdown(text: &str) -> Parsed {
    let text = without_definitions(text);
    let mut reader = Reader::default();
    let resolve = |link: BrokenLink<'_>| {
        mark_of(&link.reference).map(|_| (CowStr::from(link.reference.into_string()), "".into()))
    };
    for event in Parser::new_with_broken_link_callback(&text, Options::empty(), Some(resolve)) {
        reader.take(event);
    }
    Parsed {
        blocks: canonical::blocks(&reader.finish()),
        left_out: reader.left_out,
    }
}

/// Writes a document as Markdown: kicker and date, title, subtitle, body, names, sources, notes.
///
/// Page numbers are left out.
pub fn markdown(document: &Document) -> String {
    let shown = canonical::document(document);
    let mut blocks = Vec::new();
    let above: Vec<String> = [shown.kicker, shown.date].into_iter().flatten().collect();
    if !above.is_empty() {
        blocks.push(words(&above.join(" · ")));
    }
    blocks.push(Block::Heading {
        level: 0,
        spans: vec![Span::Text(shown.title)],
    });
    if let Some(subtitle) = shown.subtitle {
        blocks.push(Block::Paragraph(vec![Span::Emphasis(vec![Span::Text(
            subtitle,
        )])]));
    }
    blocks.extend(shown.blocks);
    if let Some(agreement) = shown.agreement {
        blocks.push(Block::Rule);
        blocks.extend(agreement.signatures.iter().map(signature));
    }
    if let Some(sources) = shown.sources {
        blocks.push(Block::Heading {
            level: 1,
            spans: vec![Span::Text(sources.heading)],
        });
        let items = sources
            .items
            .iter()
            .map(|source| vec![source_line(source)])
            .collect();
        blocks.push(Block::List { start: None, items });
    }
    if !shown.footer.notes.is_empty() || !shown.footer.line.is_empty() {
        blocks.push(Block::Rule);
        blocks.extend(shown.footer.notes.iter().map(note));
        blocks.push(words(&shown.footer.line));
    }
    blocks.retain(has_words);
    write_blocks(&blocks, 1)
}

/// Writes blocks alone as Markdown, headings from level one.
pub fn markdown_of_blocks(blocks: &[Block]) -> String {
    write_blocks(&canonical::blocks(blocks), 0)
}

/// The name of a mark's target while the parser carries it, `^a3`.
fn mark_of(reference: &str) -> Option<Span> {
    let rest = reference.strip_prefix('^')?;
    let (level, number) = match rest.split_at_checked(1)? {
        ("a", number) => (Level::Agreed, number),
        ("s", number) => (Level::Shareable, number),
        _ => return None,
    };
    if number.starts_with('0') || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Span::Source {
        number: number.parse().ok()?,
        level,
    })
}

fn mark_label(number: u32, level: Level) -> String {
    let letter = match level {
        Level::Agreed => 'a',
        Level::Shareable => 's',
    };
    format!("[^{letter}{number}]")
}

fn words(text: &str) -> Block {
    Block::Paragraph(vec![Span::Text(text.into())])
}

fn signature(signature: &Signature) -> Block {
    let mut spans = vec![Span::Strong(vec![Span::Text(signature.name.clone())])];
    for line in &signature.lines {
        spans.push(Span::Break);
        spans.push(Span::Text(line.clone()));
    }
    Block::Paragraph(spans)
}

fn source_line(source: &Source) -> Block {
    let words = format!(" {} ({})", source.words, source.level_words);
    Block::Paragraph(vec![
        Span::Source {
            number: source.number,
            level: source.level,
        },
        Span::Text(words),
    ])
}

fn note(note: &Note) -> Block {
    Block::Paragraph(vec![
        Span::Strong(vec![Span::Text(note.heading.clone())]),
        Span::Break,
        Span::Text(note.words.clone()),
    ])
}

fn has_words(block: &Block) -> bool {
    !matches!(block, Block::Paragraph(spans)
        if matches!(spans.as_slice(), [Span::Text(text)] if text.is_empty()))
}

// ---- reading ----------------------------------------------------------------------------------

/// How often definitions are looked for before every bracket loses its meaning.
const DEFINITION_PASSES: usize = 8;

/// Takes the meaning from link reference definitions (CommonMark 0.31, 4.7).
///
/// A parser swallows such a line whole, so words could hide in it.
fn without_definitions(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..DEFINITION_PASSES {
        let parser = Parser::new_ext(&text, Options::empty());
        let mut starts: Vec<usize> = parser
            .reference_definitions()
            .iter()
            .map(|(_, found)| found.span.start)
            .collect();
        if starts.is_empty() {
            return text;
        }
        starts.sort_unstable();
        for start in starts.into_iter().rev() {
            let bracket = text[start..].find('[').map_or(start, |at| start + at);
            text.insert(bracket, '\\');
        }
    }
    text.replace("]:", "]\\:")
}

/// Builds blocks from the parser's events.
#[derive(Default)]
struct Reader {
    open: Vec<Container>,
    done: Vec<Block>,
    spans: Vec<Vec<Span>>,
    targets: Vec<String>,
    in_code: bool,
    in_image: usize,
    left_out: LeftOut,
}

enum Container {
    Quote(Vec<Block>),
    List {
        start: Option<u32>,
        items: Vec<Vec<Block>>,
    },
    Item(Vec<Block>),
    /// A frame too deep to keep: its blocks go to the frame around it.
    TooDeep,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Image { .. }) => {
                self.left_out.images += usize::from(self.in_image == 0);
                self.in_image += 1;
            }
            Event::End(TagEnd::Image) => self.in_image = self.in_image.saturating_sub(1),
            _ if self.in_image > 0 => {}
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_code => self.push_lines(&text, Span::Code),
            Event::Text(text) => self.push(Span::Text(text.into_string())),
            Event::Code(text) => self.push(Span::Code(text.into_string())),
            Event::Html(text) => {
                self.left_out.raw_html += 1;
                self.push_lines(&text, Span::Text);
            }
            Event::InlineHtml(text) => {
                self.left_out.raw_html += 1;
                self.push(Span::Text(text.into_string()));
            }
            Event::SoftBreak => self.push(Span::Text(" ".into())),
            Event::HardBreak => self.push(Span::Break),
            Event::Rule => {
                self.close_paragraph();
                self.add(Block::Rule);
            }
            // Extensions that are switched off.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.push(Span::Text(text.into_string()));
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong | Tag::Emphasis => self.spans.push(Vec::new()),
            Tag::Link { dest_url, .. } => {
                self.spans.push(Vec::new());
                self.targets.push(dest_url.into_string());
            }
            Tag::BlockQuote(_) => self.open(Container::Quote(Vec::new())),
            Tag::List(start) => {
                let start = start.map(|number| u32::try_from(number).unwrap_or(1));
                self.open(Container::List {
                    start,
                    items: Vec::new(),
                });
            }
            Tag::Item => self.open(Container::Item(Vec::new())),
            Tag::CodeBlock(_) => {
                self.close_paragraph();
                self.in_code = true;
            }
            _ => self.close_paragraph(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.wrap(Span::Strong),
            TagEnd::Emphasis => self.wrap(Span::Emphasis),
            TagEnd::Link => {
                let target = self
                    .targets
                    .pop()
                    .expect("each link's end follows its start");
                match mark_of(&target) {
                    Some(mark) => self.close_mark(&target, mark),
                    None => self.wrap(|spans| Span::Link { spans, target }),
                }
            }
            TagEnd::Heading(level) => {
                let spans = self.take_spans();
                self.add(Block::Heading {
                    level: level as u8,
                    spans,
                });
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.close_paragraph();
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.close(),
            _ => self.close_paragraph(),
        }
    }

    fn push(&mut self, span: Span) {
        if self.spans.is_empty() {
            self.spans.push(Vec::new());
        }
        self.spans
            .last_mut()
            .expect("there is always a level")
            .push(span);
    }

    fn push_lines(&mut self, text: &str, make: fn(String) -> Span) {
        for line in text.lines() {
            self.push(make(line.to_owned()));
            self.push(Span::Break);
        }
    }

    fn wrap(&mut self, make: impl FnOnce(Vec<Span>) -> Span) {
        let inner = self.spans.pop().unwrap_or_default();
        self.push(make(inner));
    }

    /// A mark, or in `[words][^a1]` the words that another program might hide behind it.
    fn close_mark(&mut self, label: &str, mark: Span) {
        let inner = self.spans.pop().unwrap_or_default();
        let mut words = String::new();
        collect_words(&inner, &mut words);
        if words != label {
            match mark_of(&words) {
                Some(other) => self.push(other),
                None => inner.into_iter().for_each(|span| self.push(span)),
            }
        }
        self.push(mark);
    }

    fn take_spans(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.spans)
            .into_iter()
            .flatten()
            .collect()
    }

    fn close_paragraph(&mut self) {
        let spans = self.take_spans();
        if !spans.is_empty() {
            self.add(Block::Paragraph(spans));
        }
    }

    fn open(&mut self, container: Container) {
        self.close_paragraph();
        let deep = self.open.len() >= 2 * DEEPEST_NESTING;
        self.open
            .push(if deep { Container::TooDeep } else { container });
    }

    fn close(&mut self) {
        self.close_paragraph();
        match self.open.pop() {
            Some(Container::Quote(blocks)) => self.add(Block::Quote(blocks)),
            Some(Container::List { start, items }) => self.add(Block::List { start, items }),
            Some(Container::Item(blocks)) => match self.open.last_mut() {
                Some(Container::List { items, .. }) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.add(block)),
            },
            Some(Container::TooDeep) | None => {}
        }
    }

    fn add(&mut self, block: Block) {
        let frame = self
            .open
            .iter_mut()
            .rev()
            .find_map(|container| match container {
                Container::Quote(blocks) | Container::Item(blocks) => Some(blocks),
                Container::List { items, .. } => {
                    if items.is_empty() {
                        items.push(Vec::new());
                    }
                    items.last_mut()
                }
                Container::TooDeep => None,
            });
        frame.unwrap_or(&mut self.done).push(block);
    }

    fn finish(&mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.close();
        }
        self.close_paragraph();
        std::mem::take(&mut self.done)
    }
}

// ---- writing ----------------------------------------------------------------------------------

fn write_blocks(blocks: &[Block], deeper: u8) -> String {
    let mut lines = Vec::new();
    block_lines(blocks, deeper, &mut lines);
    let mut text = String::new();
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn block_lines(blocks: &[Block], deeper: u8, lines: &mut Vec<String>) {
    let mut other_marker = false;
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            lines.push(String::new());
        }
        match block {
            Block::Heading { level, spans } => {
                let marks = "#".repeat(usize::from(level + deeper).clamp(1, 6));
                lines.push(format!("{marks} {}", inline(spans, true)));
            }
            Block::Paragraph(spans) => {
                lines.extend(inline(spans, false).split('\n').map(str::to_owned));
            }
            Block::List { start, items } => {
                // Two lists side by side stay two only when their markers differ.
                other_marker = match at.checked_sub(1).map(|before| &blocks[before]) {
                    Some(Block::List { start: before, .. })
                        if before.is_some() == start.is_some() =>
                    {
                        !other_marker
                    }
                    _ => false,
                };
                list_lines(*start, items, other_marker, deeper, lines);
            }
            Block::Quote(inner) => {
                let mut quoted = Vec::new();
                block_lines(inner, deeper, &mut quoted);
                lines.extend(
                    quoted
                        .into_iter()
                        .map(|line| without_trailing_spaces(&format!("> {line}"))),
                );
            }
            // A list item may begin with a rule, and `- ---` would be a rule itself.
            Block::Rule => lines.push("***".into()),
        }
    }
}

fn list_lines(
    start: Option<u32>,
    items: &[Vec<Block>],
    other_marker: bool,
    deeper: u8,
    lines: &mut Vec<String>,
) {
    let tight = is_tight(items);
    for (at, item) in items.iter().enumerate() {
        let marker = match start {
            Some(first) => {
                let number = u64::from(first) + at as u64;
                format!("{number}{}", if other_marker { ')' } else { '.' })
            }
            None => String::from(if other_marker { '+' } else { '-' }),
        };
        let mut inner = Vec::new();
        block_lines(item, deeper, &mut inner);
        if tight {
            inner.retain(|line| !line.is_empty());
        } else if at > 0 {
            lines.push(String::new());
        }
        let indent = " ".repeat(marker.len() + 1);
        for (row, line) in inner.into_iter().enumerate() {
            let before = if row == 0 {
                format!("{marker} ")
            } else {
                indent.clone()
            };
            lines.push(without_trailing_spaces(&format!("{before}{line}")));
        }
    }
}

/// Whether a list needs no blank lines: each item is one paragraph, perhaps with such a list below.
fn is_tight(items: &[Vec<Block>]) -> bool {
    items.iter().all(|item| match item.as_slice() {
        [Block::Paragraph(_)] => true,
        [Block::Paragraph(_), Block::List { start: None, items }] => is_tight(items),
        _ => false,
    })
}

/// Other white space may be words.
fn without_trailing_spaces(line: &str) -> String {
    line.trim_end_matches(' ').to_owned()
}

/// Writes the spans of one block, escaped, lines divided by `\n`.
fn inline(spans: &[Span], heading: bool) -> String {
    let mut pieces = Vec::new();
    pieces_of(spans, &mut pieces);
    part_from_letters(&mut pieces);
    let mut text = String::new();
    let mut after_mark = false;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Words(words) => {
                let next_opens = matches!(pieces.get(at + 1), Some(Piece::Written(text))
                    if text.starts_with('['));
                escape(
                    words,
                    &mut text,
                    Place {
                        heading,
                        after_mark,
                        next_opens,
                    },
                );
            }
            Piece::Letter(c) => {
                let _ = write!(text, "&#{};", u32::from(*c));
            }
            Piece::Delimiter(mark, _) => text.push_str(mark),
            Piece::Written(written) => text.push_str(written),
            Piece::Break => text.push_str("\\\n"),
        }
        after_mark = matches!(piece, Piece::Written(text) if text.starts_with("[^"));
    }
    text
}

enum Piece {
    /// Words still to be escaped.
    Words(String),
    /// A letter written as a number, so that it does not count as one.
    Letter(char),
    /// Start (`true`) or end of a format.
    Delimiter(&'static str, bool),
    /// Finished Markdown.
    Written(String),
    Break,
}

fn pieces_of(spans: &[Span], pieces: &mut Vec<Piece>) {
    for span in spans {
        match span {
            Span::Text(text) => pieces.push(Piece::Words(text.clone())),
            Span::Code(text) => pieces.push(Piece::Written(code(text))),
            Span::Strong(inner) => delimited("**", inner, pieces),
            Span::Emphasis(inner) => delimited("_", inner, pieces),
            Span::Source { number, level } => {
                pieces.push(Piece::Written(mark_label(*number, *level)));
            }
            Span::Break => pieces.push(Piece::Break),
            Span::Link { spans, target } => link(spans, target, pieces),
        }
    }
}

fn delimited(mark: &'static str, inner: &[Span], pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Delimiter(mark, true));
    pieces_of(inner, pieces);
    pieces.push(Piece::Delimiter(mark, false));
}

fn link(spans: &[Span], target: &str, pieces: &mut Vec<Piece>) {
    // A bracket within `<…>` can still end the words of a link around it, or of a mark before it.
    let bare = !target.contains([' ', '[', ']', '`']);
    if bare && matches!(spans, [Span::Text(text)] if text == target) {
        pieces.push(Piece::Written(format!("<{target}>")));
        return;
    }
    pieces.push(Piece::Written("[".into()));
    pieces_of(spans, pieces);
    let mut written = String::from("](");
    for c in target.chars() {
        if matches!(c, '(' | ')' | '&' | '*' | '_' | '`' | '[' | ']') {
            written.push('\\');
        }
        written.push(c);
    }
    written.push(')');
    pieces.push(Piece::Written(written));
}

/// A code span (CommonMark 0.31, 6.1) in more backticks than it holds in a row.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Lets every delimiter begin or end its format (CommonMark 0.31, 6.2).
///
/// A delimiter between a letter outside and anything inside may count as part of a word. The letter
/// outside is then written as a number, whose `&` and `;` are punctuation.
fn part_from_letters(pieces: &mut Vec<Piece>) {
    let mut at = 0;
    while at < pieces.len() {
        if let Piece::Delimiter(_, start) = pieces[at] {
            if start && at > 0 {
                if let Piece::Words(words) = &mut pieces[at - 1]
                    && let Some(last) = words.chars().next_back().filter(|&c| sticks(c))
                {
                    words.truncate(words.len() - last.len_utf8());
                    pieces.insert(at, Piece::Letter(last));
                    at += 1;
                }
            } else if !start
                && let Some(Piece::Words(words)) = pieces.get_mut(at + 1)
                && let Some(first) = words.chars().next().filter(|&c| sticks(c))
            {
                words.drain(..first.len_utf8());
                pieces.insert(at + 1, Piece::Letter(first));
            }
        }
        at += 1;
    }
}

fn sticks(c: char) -> bool {
    !c.is_whitespace() && !c.is_ascii_punctuation()
}

#[derive(Clone, Copy)]
struct Place {
    heading: bool,
    after_mark: bool,
    next_opens: bool,
}

/// Writes words so that no character of them has a meaning in Markdown.
fn escape(words: &str, text: &mut String, place: Place) {
    let mut chars = words.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let line_start = text.is_empty() || text.ends_with('\n');
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => true,
            '&' => next.is_none_or(|next| next == '#' || next.is_ascii_alphanumeric()),
            '!' => next.is_none() && place.next_opens,
            '#' => line_start || place.heading,
            '>' | '+' | '-' | '=' | '|' => line_start,
            ':' | '(' => at == 0 && place.after_mark,
            '.' | ')' => ends_a_number(text),
            _ => false,
        };
        if special {
            text.push('\\');
        }
        text.push(c);
    }
}

/// Whether the line written so far is nothing but digits, as in front of a list item.
fn ends_a_number(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}
