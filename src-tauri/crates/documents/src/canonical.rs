//! One form for equal content: the copy of a document that every writer works on.
//!
//! Text is cleaned, formats are nested in one order (link, strong, emphasis), white space never
//! stands just inside a format, and what shows nothing is gone. Two documents that read the same
//! become equal here, and what is written as Markdown comes back equal.

use crate::model::{Block, Document, Level, Span};
use crate::text::clean;

/// Containers deeper than this lose their frame and keep their words. No person nests so far; a
/// hostile file could, to exhaust the stack of whoever walks the tree.
pub(crate) const DEEPEST_NESTING: usize = 12;
const LOWEST_HEADING: u8 = 5;
const FOLLOWABLE: [&str; 3] = ["https://", "http://", "mailto:"];

/// Returns the cleaned copy of a document.
pub(crate) fn document(given: &Document) -> Document {
    let mut shown = given.clone();
    shown.title = line(&given.title);
    shown.kicker = given
        .kicker
        .as_deref()
        .map(line)
        .filter(|words| !words.is_empty());
    shown.date = given
        .date
        .as_deref()
        .map(line)
        .filter(|words| !words.is_empty());
    shown.subtitle = given
        .subtitle
        .as_deref()
        .map(line)
        .filter(|words| !words.is_empty());
    shown.blocks = blocks(&given.blocks);
    if let Some(agreement) = &mut shown.agreement {
        for signature in &mut agreement.signatures {
            signature.name = line(&signature.name);
            signature
                .lines
                .iter_mut()
                .for_each(|words| *words = line(words));
        }
        agreement.rings = agreement.rings.as_deref().map(line);
    }
    if let Some(sources) = &mut shown.sources {
        sources.heading = line(&sources.heading);
        for source in &mut sources.items {
            source.words = line(&source.words);
            source.level_words = line(&source.level_words);
        }
    }
    for note in &mut shown.footer.notes {
        note.heading = line(&note.heading);
        note.words = line(&note.words);
    }
    shown.footer.line = line(&shown.footer.line);
    shown.footer.page = line(&shown.footer.page);
    shown
}

/// Returns the cleaned copy of some blocks.
pub(crate) fn blocks(given: &[Block]) -> Vec<Block> {
    let mut shown = blocks_at(given, 0);
    let mut above = 0;
    close_heading_gaps(&mut shown, &mut above);
    shown
}

/// Returns one cleaned line.
pub(crate) fn line(text: &str) -> String {
    clean(text).trim_matches(' ').to_owned()
}

/// Whether a link with this target may be written as a link.
pub(crate) fn is_followable(target: &str) -> bool {
    FOLLOWABLE.iter().any(|scheme| {
        target
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

fn blocks_at(given: &[Block], depth: usize) -> Vec<Block> {
    let mut shown = Vec::with_capacity(given.len());
    for block in given {
        match block {
            Block::Heading { level, spans } => {
                let spans = spans_without_breaks(spans);
                if !spans.is_empty() {
                    shown.push(Block::Heading {
                        level: (*level).clamp(1, LOWEST_HEADING),
                        spans,
                    });
                }
            }
            Block::Paragraph(spans) => {
                let spans = self::spans(spans);
                if !spans.is_empty() {
                    shown.push(Block::Paragraph(spans));
                }
            }
            Block::List { items, .. } if depth >= DEEPEST_NESTING => {
                items
                    .iter()
                    .for_each(|item| shown.extend(blocks_at(item, depth)));
            }
            Block::List { start, items } => {
                let items: Vec<_> = items
                    .iter()
                    .map(|item| blocks_at(item, depth + 1))
                    .filter(|item| !item.is_empty())
                    .collect();
                if !items.is_empty() {
                    shown.push(Block::List {
                        start: *start,
                        items,
                    });
                }
            }
            Block::Quote(inner) if depth >= DEEPEST_NESTING => {
                shown.extend(blocks_at(inner, depth))
            }
            Block::Quote(inner) => {
                let inner = blocks_at(inner, depth + 1);
                if !inner.is_empty() {
                    shown.push(Block::Quote(inner));
                }
            }
            Block::Rule => shown.push(Block::Rule),
        }
    }
    shown
}

/// Screen readers count levels: a heading is at most one below the heading before it (PDF/UA-1,
/// ISO 14289-1, 7.4.2).
fn close_heading_gaps(blocks: &mut [Block], above: &mut u8) {
    for block in blocks {
        match block {
            Block::Heading { level, .. } => {
                *level = (*level).min(*above + 1);
                *above = *level;
            }
            Block::List { items, .. } => {
                items
                    .iter_mut()
                    .for_each(|item| close_heading_gaps(item, above));
            }
            Block::Quote(inner) => close_heading_gaps(inner, above),
            Block::Paragraph(_) | Block::Rule => {}
        }
    }
}

fn spans_without_breaks(given: &[Span]) -> Vec<Span> {
    let mut runs = runs_of(given);
    for run in &mut runs {
        if run.leaf == Leaf::Break {
            run.leaf = Leaf::Text(" ".into());
        }
    }
    nest(tidy(runs))
}

fn spans(given: &[Span]) -> Vec<Span> {
    nest(tidy(runs_of(given)))
}

/// A piece of text with all the formats that apply to it.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    leaf: Leaf,
    strong: bool,
    emphasis: bool,
    link: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Leaf {
    Text(String),
    Code(String),
    Source(u32, Level),
    Break,
}

impl Run {
    fn bare(leaf: Leaf) -> Self {
        Self {
            leaf,
            strong: false,
            emphasis: false,
            link: None,
        }
    }

    fn same_format(&self, other: &Self) -> bool {
        self.strong == other.strong && self.emphasis == other.emphasis && self.link == other.link
    }
}

fn runs_of(spans: &[Span]) -> Vec<Run> {
    let mut runs = Vec::new();
    flatten(spans, &Run::bare(Leaf::Break), 0, &mut runs);
    // Texts are joined before they are cleaned: a joiner needs the letters on both its sides.
    let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match (joined.last_mut(), &run.leaf) {
            (
                Some(Run {
                    leaf: Leaf::Text(text),
                    strong,
                    emphasis,
                    link,
                }),
                Leaf::Text(more),
            ) if (*strong, *emphasis, &*link) == (run.strong, run.emphasis, &run.link) => {
                text.push_str(more);
            }
            _ => joined.push(run),
        }
    }
    for run in &mut joined {
        if let Leaf::Text(text) | Leaf::Code(text) = &mut run.leaf {
            *text = clean(text);
        }
    }
    joined
}

fn flatten(spans: &[Span], format: &Run, depth: usize, runs: &mut Vec<Run>) {
    let with = |leaf| Run {
        leaf,
        ..format.clone()
    };
    for span in spans {
        match span {
            Span::Text(text) => runs.push(with(Leaf::Text(text.clone()))),
            // A bracket in code cannot be escaped and could end the link's words, or begin a
            // definition.
            Span::Code(text) if format.link.is_some() && text.contains(['[', ']']) => {
                runs.push(with(Leaf::Text(text.clone())));
            }
            Span::Code(text) => runs.push(with(Leaf::Code(text.clone()))),
            Span::Source { number, level } => runs.push(Run::bare(Leaf::Source(*number, *level))),
            Span::Break => runs.push(Run::bare(Leaf::Break)),
            // A tree deeper than three formats repeats one of them: its words are kept.
            _ if depth > DEEPEST_NESTING => {
                let mut words = String::new();
                crate::model::collect_words(std::slice::from_ref(span), &mut words);
                runs.push(with(Leaf::Text(words)));
            }
            Span::Strong(inner) => {
                flatten(
                    inner,
                    &Run {
                        strong: true,
                        ..format.clone()
                    },
                    depth + 1,
                    runs,
                );
            }
            Span::Emphasis(inner) => {
                flatten(
                    inner,
                    &Run {
                        emphasis: true,
                        ..format.clone()
                    },
                    depth + 1,
                    runs,
                );
            }
            Span::Link { spans, target } => {
                let target = link_target(target);
                if is_followable(&target) && format.link.is_none() {
                    let from = runs.len();
                    let link = Run {
                        link: Some(target.clone()),
                        ..format.clone()
                    };
                    flatten(spans, &link, depth + 1, runs);
                    let bare = runs[from..].iter().all(|run| !run.has_words());
                    if bare {
                        runs.push(Run {
                            leaf: Leaf::Text(target),
                            ..link
                        });
                    }
                } else {
                    flatten(spans, format, depth + 1, runs);
                    if !target.is_empty() {
                        runs.push(with(Leaf::Text(format!(" ({target})"))));
                    }
                }
            }
        }
    }
}

impl Run {
    fn has_words(&self) -> bool {
        match &self.leaf {
            Leaf::Text(text) | Leaf::Code(text) => !text.trim().is_empty(),
            Leaf::Source(..) | Leaf::Break => false,
        }
    }

    fn is_source(&self) -> bool {
        matches!(self.leaf, Leaf::Source(..))
    }
}

/// An address on one line, with the characters that would end it early written in percent form
/// (RFC 3986, 2.1).
fn link_target(target: &str) -> String {
    let mut shown = String::new();
    for c in line(target).chars() {
        match c {
            ' ' => shown.push_str("%20"),
            '<' => shown.push_str("%3C"),
            '>' => shown.push_str("%3E"),
            '\\' => shown.push_str("%5C"),
            c => shown.push(c),
        }
    }
    shown
}

/// Moves white space out of formats, joins runs of one format, drops the empty ones.
fn tidy(given: Vec<Run>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(given.len());
    for run in given {
        match &run.leaf {
            Leaf::Text(text) | Leaf::Code(text) => {
                let inner = text.trim();
                if inner.is_empty() {
                    // Space between two runs of one format belongs to it; `push` joins them again.
                    runs.push(Run {
                        leaf: Leaf::Text(text.clone()),
                        ..run
                    });
                    continue;
                }
                let from = text
                    .find(inner)
                    .expect("a trimmed text is part of the text");
                let (before, after) = (&text[..from], &text[from + inner.len()..]);
                let space = |text: &str| Run {
                    leaf: Leaf::Text(text.into()),
                    ..run.clone()
                };
                let leaf = match &run.leaf {
                    Leaf::Code(_) => Leaf::Code(inner.into()),
                    _ => Leaf::Text(inner.into()),
                };
                runs.push(space(before));
                runs.push(Run {
                    leaf,
                    ..run.clone()
                });
                runs.push(space(after));
            }
            Leaf::Source(..) | Leaf::Break => runs.push(run),
        }
    }
    runs.retain(|run| !matches!(&run.leaf, Leaf::Text(text) if text.is_empty()));
    free_spaces(&mut runs);
    let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        push_joined(&mut joined, run);
    }
    trim_lines(joined)
}

/// Takes from white space the formats that it and both its neighbours do not share, so that no
/// format begins or ends with a space.
fn free_spaces(runs: &mut [Run]) {
    let is_space = |run: &Run| matches!(&run.leaf, Leaf::Text(text) if text.trim().is_empty());
    let mut from = 0;
    for spaces in runs
        .chunk_by(|a, b| is_space(a) == is_space(b))
        .map(<[Run]>::len)
        .collect::<Vec<_>>()
    {
        let range = from..from + spaces;
        from = range.end;
        if !is_space(&runs[range.start]) {
            continue;
        }
        let common = if range.start == 0 || range.end == runs.len() {
            Run::bare(Leaf::Break)
        } else {
            shared_format(&runs[range.start - 1..=range.end])
        };
        for run in &mut runs[range] {
            *run = Run {
                leaf: run.leaf.clone(),
                ..common.clone()
            };
        }
    }
}

/// The formats that neighbours have in common. Formats nest in one order (link, strong, emphasis),
/// so where an outer one changes, those within it end too.
fn shared_format(runs: &[Run]) -> Run {
    let mut common = Run::bare(Leaf::Break);
    if runs.windows(2).all(|pair| pair[0].link == pair[1].link) {
        common.link = runs[0].link.clone();
        if runs.windows(2).all(|pair| pair[0].strong == pair[1].strong) {
            common.strong = runs[0].strong;
            common.emphasis = runs.iter().all(|run| run.emphasis);
        }
    }
    common
}

fn push_joined(runs: &mut Vec<Run>, run: Run) {
    // In Markdown, two brackets side by side are one reference.
    if runs.last().is_some_and(Run::is_source) && (run.is_source() || run.link.is_some()) {
        runs.push(Run::bare(Leaf::Text(" ".into())));
    }
    if let Some(last) = runs.last_mut()
        && last.same_format(&run)
    {
        match (&mut last.leaf, &run.leaf) {
            (Leaf::Text(text), Leaf::Text(more)) => {
                // Two cleaned texts can meet in two spaces or in a letter and its accent.
                *text = clean(&format!("{text}{more}"));
                return;
            }
            (Leaf::Code(text), Leaf::Code(more)) => {
                *text = clean(&format!("{text}{more}"));
                return;
            }
            _ => {}
        }
    }
    // A space before a space of another format would be two spaces side by side.
    if let (Some(Leaf::Text(last)), Leaf::Text(text)) =
        (runs.last().map(|last| &last.leaf), &run.leaf)
        && last.ends_with(' ')
        && text.starts_with(' ')
    {
        let rest = text[1..].to_owned();
        if !rest.is_empty() {
            runs.push(Run {
                leaf: Leaf::Text(rest),
                ..run
            });
        }
        return;
    }
    runs.push(run);
}

/// Drops spaces beside a line's ends and breaks that would leave an empty line.
fn trim_lines(runs: Vec<Run>) -> Vec<Run> {
    let mut lines: Vec<Vec<Run>> = vec![Vec::new()];
    for run in runs {
        if run.leaf == Leaf::Break {
            lines.push(Vec::new());
        } else {
            lines.last_mut().expect("there is always a line").push(run);
        }
    }
    for line in &mut lines {
        if let Some(Leaf::Text(text)) = line.first_mut().map(|run| &mut run.leaf) {
            *text = text.trim_start_matches(' ').to_owned();
        }
        if let Some(Leaf::Text(text)) = line.last_mut().map(|run| &mut run.leaf) {
            *text = text.trim_end_matches(' ').to_owned();
        }
        line.retain(|run| !matches!(&run.leaf, Leaf::Text(text) if text.is_empty()));
    }
    lines.retain(|line| line.iter().any(|run| run.has_words() || run.is_source()));
    let mut runs = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            runs.push(Run::bare(Leaf::Break));
        }
        runs.extend(line);
    }
    runs
}

fn nest(runs: Vec<Run>) -> Vec<Span> {
    group(&runs, |run| run.link.clone())
        .into_iter()
        .flat_map(|(link, runs)| {
            let inner = nest_strong(runs);
            match link {
                Some(target) => vec![Span::Link {
                    spans: inner,
                    target,
                }],
                None => inner,
            }
        })
        .collect()
}

fn nest_strong(runs: &[Run]) -> Vec<Span> {
    group(runs, |run| run.strong.then_some(()))
        .into_iter()
        .flat_map(|(strong, runs)| {
            let inner = nest_emphasis(runs);
            if strong.is_some() {
                vec![Span::Strong(inner)]
            } else {
                inner
            }
        })
        .collect()
}

fn nest_emphasis(runs: &[Run]) -> Vec<Span> {
    group(runs, |run| run.emphasis.then_some(()))
        .into_iter()
        .flat_map(|(emphasis, runs)| {
            let inner: Vec<Span> = runs.iter().map(|run| run.leaf.span()).collect();
            if emphasis.is_some() {
                vec![Span::Emphasis(inner)]
            } else {
                inner
            }
        })
        .collect()
}

impl Leaf {
    fn span(&self) -> Span {
        match self {
            Leaf::Text(text) => Span::Text(text.clone()),
            Leaf::Code(text) => Span::Code(text.clone()),
            Leaf::Source(number, level) => Span::Source {
                number: *number,
                level: *level,
            },
            Leaf::Break => Span::Break,
        }
    }
}

fn group<K: PartialEq>(runs: &[Run], key: impl Fn(&Run) -> Option<K>) -> Vec<(Option<K>, &[Run])> {
    runs.chunk_by(|a, b| key(a) == key(b))
        .map(|runs| (key(&runs[0]), runs))
        .collect()
}
