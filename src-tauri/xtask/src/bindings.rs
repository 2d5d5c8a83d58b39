//! The TypeScript bindings: written by ts-rs into the target folder, kept in `ui/src/bindings`.
//!
//! ts-rs writes a file for each exported type when the tests named `export_bindings…` run. The
//! folder they write to comes from `TS_RS_EXPORT_DIR`; `.cargo/config.toml` points it below
//! `target/`, so that a plain `cargo test` never touches a committed file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::project::Project;
use crate::shell;
use crate::test::CARGO_OPTIONS;
use crate::tools;

/// Generates the bindings and puts them in the place of the committed ones.
pub fn write(project: &Project) -> Result<(), Error> {
    let generated = generate(project)?;
    let committed = committed_folder(project);
    if committed.exists() {
        fs::remove_dir_all(&committed).map_err(Error::at(&committed))?;
    }
    let files = files(&generated)?;
    println!("{} files written to {}", files.len(), committed.display());
    for (name, text) in files {
        let path = committed.join(name);
        let folder = path
            .parent()
            .expect("a file below a folder has a folder above it");
        fs::create_dir_all(folder).map_err(Error::at(folder))?;
        fs::write(&path, text).map_err(Error::at(&path))?;
    }
    Ok(())
}

/// Generates the bindings and compares them with the committed ones, file by file.
pub fn check(project: &Project) -> Result<(), Error> {
    let committed = committed_folder(project);
    if !committed.is_dir() {
        return Err(Error::NothingThere(committed));
    }
    let generated = files(&generate(project)?)?;
    let differences = differences(&generated, &files(&committed)?);
    if differences.is_empty() {
        Ok(())
    } else {
        Err(Error::Drift(differences.join(", ")))
    }
}

fn committed_folder(project: &Project) -> PathBuf {
    project.ui().join("src/bindings")
}

fn generate(project: &Project) -> Result<PathBuf, Error> {
    let folder = project.target().join("bindings/fresh");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Error::at(&folder))?;
    }
    let mut command = tools::nextest(project)?;
    command
        .arg("run")
        .args(CARGO_OPTIONS)
        .args(["--filterset", "test(export_bindings)", "--no-tests", "fail"])
        .args(["--status-level", "fail", "--final-status-level", "fail"])
        .env("TS_RS_EXPORT_DIR", &folder);
    shell::run(&mut command)?;
    Ok(folder)
}

/// The files below a folder by their relative path.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Error> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).map_err(Error::at(&current))? {
            let path = entry.map_err(Error::at(&current))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).map_err(Error::at(&path))?;
                let name = path
                    .strip_prefix(folder)
                    .expect("it was found below this folder");
                found.insert(name.to_owned(), bytes);
            }
        }
    }
    Ok(found)
}

fn differences(
    generated: &BTreeMap<PathBuf, Vec<u8>>,
    committed: &BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<String> {
    let missing = generated
        .keys()
        .filter(|name| !committed.contains_key(*name));
    let missing = missing.map(|name| format!("{} is missing", name.display()));
    let others = committed
        .iter()
        .filter_map(|(name, text)| match generated.get(name) {
            None => Some(format!("{} has no Rust type", name.display())),
            Some(fresh) if fresh != text => Some(format!("{} has changed", name.display())),
            Some(_) => None,
        });
    missing.chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_drift_is_named() {
        let tree = |files: &[(&str, &str)]| {
            files
                .iter()
                .map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec()))
                .collect()
        };
        let fresh = tree(&[("A.ts", "a"), ("B.ts", "b"), ("C.ts", "c")]);
        let committed = tree(&[("A.ts", "a"), ("B.ts", "old"), ("D.ts", "d")]);
        assert_eq!(
            differences(&fresh, &committed),
            [
                "C.ts is missing",
                "B.ts has changed",
                "D.ts has no Rust type"
            ]
        );
        assert!(differences(&fresh, &fresh).is_empty());
    }
}
