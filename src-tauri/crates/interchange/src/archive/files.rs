//! The archive as files: one JSON document, or a folder for each notebook and a file for each record.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, Utc};
use mentoring::{RecordId, RecordLine};
use serde::Serialize;
use sharing::{Disclosure, SummaryView};
use words::Words;

use super::{Archive, ArchivedSpace, summary_markdown};

/// Longest name of a file or folder without its ending, in bytes; file systems take 255.
const NAME_BYTES: usize = 120;
/// Names that Windows keeps for devices.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The form of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveFormat {
    /// For reading: a folder for each notebook, a file for each record.
    Markdown,
    /// For programs: one document with everything, earlier versions included.
    Json,
}

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFile {
    /// Its place below the archive's own; empty where the archive is one file. No part of it begins with a dot.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What stands above a record's words. Each value is JSON, which YAML reads.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FrontMatter<'a> {
    title: &'a str,
    id: RecordId,
    kind: &'a str,
    label: serde_json::Value,
    date: NaiveDate,
    notebook: &'a str,
    as_told_by: Option<&'a str>,
    part_of: Option<RecordId>,
    created: Option<DateTime<Utc>>,
    edited: DateTime<Utc>,
}

impl Archive {
    /// The files of this form.
    pub fn files(&self, format: ArchiveFormat, words: &Words) -> Vec<ArchiveFile> {
        match format {
            ArchiveFormat::Json => vec![ArchiveFile {
                path: PathBuf::new(),
                bytes: serde_json::to_vec_pretty(self)
                    .expect("an archive has string keys only, so it is JSON"),
            }],
            ArchiveFormat::Markdown => {
                let mut folders = Names::default();
                let spaces = self.spaces.iter();
                spaces
                    .flat_map(|space| {
                        let folder = folders.take(&space.card.name, &space.id.to_string());
                        space_files(space, Path::new(&folder), words)
                    })
                    .collect()
            }
        }
    }
}

fn space_files(space: &ArchivedSpace, folder: &Path, words: &Words) -> Vec<ArchiveFile> {
    let mut names = Names::default();
    let mut files = Vec::new();
    let mut put = |name: &str, id: &str, text: String| {
        files.push(ArchiveFile {
            path: folder.join(format!("{}.md", names.take(name, id))),
            bytes: text.into_bytes(),
        });
    };
    for record in &space.records {
        let line = &record.line;
        let text = page(&of_record(line, space), &record.body);
        put(
            &format!("{} {}", line.on, line.title),
            &line.id.to_string(),
            text,
        );
    }
    for summary in &space.summaries {
        let line = &summary.line;
        let text = page(
            &of_summary(summary, space),
            &summary_markdown(summary, words),
        );
        put(
            &format!("{} {}", line.to, line.title),
            &line.id.to_string(),
            text,
        );
    }
    if !space.disclosures.is_empty() {
        let title = words.say("archive-disclosures");
        let lines: Vec<_> = space.disclosures.iter().map(left).collect();
        put(
            &title,
            "log",
            format!("# {title}\n\n{}\n", lines.join("\n")),
        );
    }
    files
}

fn of_record<'a>(line: &'a RecordLine, space: &'a ArchivedSpace) -> FrontMatter<'a> {
    FrontMatter {
        title: &line.title,
        id: line.id,
        kind: line.kind.name(),
        label: json(line.label),
        date: line.on,
        notebook: &space.card.name,
        as_told_by: line.as_told_by.as_deref(),
        part_of: line.parent,
        created: Some(line.created),
        edited: line.edited,
    }
}

fn of_summary<'a>(summary: &'a SummaryView, space: &'a ArchivedSpace) -> FrontMatter<'a> {
    FrontMatter {
        title: &summary.line.title,
        id: summary.line.id,
        kind: "summary",
        label: json(summary.line.state),
        date: summary.line.to,
        notebook: &space.card.name,
        as_told_by: None,
        part_of: None,
        created: None,
        edited: summary.line.edited,
    }
}

/// A line of the log of what has left.
fn left(entry: &Disclosure) -> String {
    let day = entry.at.date_naive();
    format!(
        "- {day}: {} ({}), {}",
        entry.what.trim(),
        entry.version,
        entry.to_whom.trim()
    )
}

fn page(front: &FrontMatter<'_>, body: &str) -> String {
    let mut text = "---\n".to_owned();
    if let serde_json::Value::Object(fields) = json(front) {
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            text += &format!("{name}: {value}\n");
        }
    }
    text += "---\n";
    if !front.title.is_empty() {
        text += &format!("\n# {}\n", front.title.trim());
    }
    if !body.is_empty() {
        text += &format!("\n{body}\n");
    }
    text
}

fn json(value: impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).expect("it has string keys only, so it is JSON")
}

/// The names of one folder: safe on every file system, and no two alike whatever the case.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn take(&mut self, wanted: &str, otherwise: &str) -> String {
        let name = safe_name(wanted);
        let name = if name.is_empty() {
            safe_name(otherwise)
        } else {
            name
        };
        let mut number = 1;
        let mut free = name.clone();
        while !self.0.insert(free.to_lowercase()) {
            number += 1;
            free = format!("{name} {number}");
        }
        free
    }
}

/// A name that every file system takes and that leads nowhere else.
fn safe_name(wanted: &str) -> String {
    let shown = documents::clean(wanted);
    let replaced = shown.chars().map(|c| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        c => c,
    });
    let name: String = replaced.collect();
    let end = (0..=NAME_BYTES.min(name.len()))
        .rev()
        .find(|&at| name.is_char_boundary(at));
    let name = name[..end.unwrap_or(0)].trim_matches([' ', '.']);
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end_matches(|c: char| c.is_ascii_digit());
    if DEVICES.contains(&stem.to_lowercase().as_str()) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere_and_lead_nowhere_else() {
        assert_eq!(safe_name("../../etc/passwd"), "-..-etc-passwd");
        assert_eq!(safe_name(" a: \"b\"?\u{202e}\u{7} .. "), "a- -b--");
        assert_eq!(safe_name("NUL"), "NUL_");
        assert_eq!(safe_name("com1.txt"), "com1.txt_");
        assert_eq!(safe_name(".."), "");
        let long = safe_name(&"ü".repeat(200));
        assert!(
            long.len() <= NAME_BYTES && long.chars().all(|c| c == 'ü'),
            "{long}"
        );
    }

    #[test]
    fn no_two_names_are_alike_whatever_their_case() {
        let mut names = Names::default();
        assert_eq!(names.take("Plan", "x"), "Plan");
        assert_eq!(names.take("plan", "x"), "plan 2");
        assert_eq!(names.take("PLAN", "x"), "PLAN 3");
        assert_eq!(names.take("..", "an-id"), "an-id");
    }
}
