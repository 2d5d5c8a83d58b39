//! What the documents say is shown by a test has that test.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// Every file below a folder with one of these endings, what was built and brought in from elsewhere apart.
fn sources(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !["target", "node_modules", "dist", "vectors"].contains(&name.as_ref()) {
                sources(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path.clone());
        }
    }
}

/// All tests there are: the names of functions, and what the tests of the window say.
struct Tests {
    rust: String,
    window: String,
}

impl Tests {
    fn find() -> Self {
        let all = |folders: &[&str], endings: &[&str]| {
            let mut files = Vec::new();
            for folder in folders {
                sources(&root().join(folder), endings, &mut files);
            }
            let texts: Vec<_> = files.iter().map(|path| read(path)).collect();
            texts.join("\n")
        };
        Self {
            rust: all(&["src-tauri", "tests"], &[".rs"]),
            window: all(&["ui/src"], &[".test.ts"]),
        }
    }

    /// Whether a test is there that is named so: by a function's name, whole or its beginning and `…`, or by the sentence
    /// of a test of the window.
    fn have(&self, named: &str) -> bool {
        let name = named.rsplit("::").next().unwrap_or(named);
        let name = name.rsplit(": ").next().unwrap_or(name);
        let is_function = |name: &str| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        match name.strip_suffix('…') {
            Some(beginning) if is_function(beginning) => {
                self.rust.contains(&format!("fn {beginning}"))
            }
            None if is_function(name) => self.rust.contains(&format!("fn {name}(")),
            _ => self.window.contains(&format!("(\"{name}\"")),
        }
    }
}

/// The cells of the rows of a table whose first cell is a number.
fn numbered_rows(text: &str) -> BTreeMap<u32, Vec<String>> {
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = line
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect();
        if let Ok(number) = cells[0].parse() {
            let twice = rows.insert(number, cells);
            assert_eq!(twice, None, "row {number} stands twice");
        }
    }
    rows
}

/// What stands between backquotes.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn each_capability_that_is_there_names_tests_that_exist() {
    let rows = numbered_rows(&read(&root().join("docs/CAPABILITIES.md")));
    assert!(rows.keys().copied().eq(1..=45), "{:?}", rows.keys());
    let tests = Tests::find();
    for (number, cells) in rows {
        let [_, what, place, state, shown] = &cells[..] else {
            panic!("row {number}: {cells:?}");
        };
        let named = quoted(shown);
        for test in &named {
            assert!(tests.have(test), "row {number}: there is no test {test}");
        }
        let state = state.split([' ', ':']).next().unwrap_or_default();
        match state {
            "done" | "part" => assert!(
                !what.is_empty() && !place.is_empty() && !named.is_empty(),
                "row {number} is {state}, and nothing shows it"
            ),
            "open" => {}
            state => panic!("row {number} is neither done, part nor open, but {state:?}"),
        }
    }
}

#[test]
fn each_case_of_what_can_happen_to_a_vault_names_tests_that_exist() {
    let text = read(&root().join("docs/TESTING.md"));
    let (_, cases) = text
        .split_once("## What can happen to a vault")
        .expect("the cases");
    let rows = numbered_rows(cases);
    assert!(rows.keys().copied().eq(1..=27), "{:?}", rows.keys());
    let tests = Tests::find();
    for (number, cells) in rows {
        let shown = cells.last().expect("a cell");
        let named: Vec<_> = quoted(shown)
            .into_iter()
            .filter(|test| test.contains("::"))
            .collect();
        for test in named {
            assert!(tests.have(test), "case {number}: there is no test {test}");
        }
    }
}
