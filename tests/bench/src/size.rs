//! Bytes on disk for each byte of text, after a clean lock.

use std::fs;
use std::path::Path;

use crate::Error;
use crate::opening::fill;
use crate::report::{Entry, Held, Report};
use crate::saving::places;
use crate::text::NOTE;

/// The compacted store may be at most this many times the text.
const STORE_LIMIT: f64 = 4.0;

/// Measures a vault of 10,000 notes (quick: 2,000) in a temporary folder inside `folder`.
pub fn measure(report: &mut Report, folder: &Path, quick: bool) -> Result<(), Error> {
    let notes = if quick { 2_000 } else { 10_000 };
    let place = tempfile::Builder::new()
        .prefix("bench-size-")
        .tempdir_in(folder)?;
    fill(place.path(), notes)?;
    let text = (notes * NOTE) as f64;
    let vault = places(place.path()).vault;
    let mut store = 0;
    for entry in fs::read_dir(vault.join("local"))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("store.") {
            store += bytes_in(&entry.path())?;
        }
    }
    if store == 0 {
        return Err(Error::Wrong(
            "there is no store in the vault's folder".to_owned(),
        ));
    }
    let name = |what: &str| format!("{what} for each byte of text, {notes} notes");
    report.add(
        Entry::new(name("bytes of the store"), "B/B", store as f64 / text)
            .held(Held::Ours, STORE_LIMIT),
    );
    let whole = bytes_in(&vault)? as f64 / text;
    report.add(Entry::new(
        name("bytes of the whole vault folder"),
        "B/B",
        whole,
    ));
    Ok(())
}

/// The bytes of all files below a folder.
fn bytes_in(folder: &Path) -> Result<u64, Error> {
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        total += if meta.is_dir() {
            bytes_in(&entry.path())?
        } else {
            meta.len()
        };
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_added_up_through_folders() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("deep")).expect("a folder");
        fs::write(folder.path().join("a"), [0; 3]).expect("a file");
        fs::write(folder.path().join("deep/b"), [0; 4]).expect("a file");
        assert_eq!(bytes_in(folder.path()).expect("a size"), 7);
    }
}
