//! Writes a sample summary and a spare key sheet into the folder given, and says how long each took.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::PathBuf;
use std::time::Instant;

use documents::{Block, SpareKeySheet, html, markdown, pdf, spare_key_sheet};

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("a folder to write to"));
    let summary = common::summary();
    for name in ["first", "second", "third"] {
        let start = Instant::now();
        let bytes = pdf(&summary).unwrap();
        println!("{name} PDF: {:?}, {} bytes", start.elapsed(), bytes.len());
        std::fs::write(folder.join("summary.pdf"), bytes).unwrap();
    }
    let mut long = common::summary();
    let body = long.blocks.clone();
    long.blocks = std::iter::repeat_n(body, 60)
        .flatten()
        .collect::<Vec<Block>>();
    let start = Instant::now();
    let bytes = pdf(&long).unwrap();
    println!("long PDF: {:?}, {} bytes", start.elapsed(), bytes.len());
    std::fs::write(folder.join("long.pdf"), bytes).unwrap();
    std::fs::write(folder.join("summary.md"), markdown(&summary)).unwrap();
    std::fs::write(folder.join("summary.html"), html(&summary)).unwrap();
    let start = Instant::now();
    let sheet = spare_key_sheet(&SpareKeySheet {
        words: &common::SPARE_KEY,
        language: "en-GB",
        title: "Your spare key",
        made_for: "For the vault named “Helen”, made on 11 June 2026",
        steps_heading: "If you forget your passphrase",
        steps: &[
            "Open Confidant and choose “Use the spare key”.",
            "Type the twenty-four words above, in order.",
            "Choose a new passphrase, and print a new sheet.",
        ],
        where_to_keep: "Keep this page in a drawer at home, or with your will. Not beside this \
                        computer, and not as a photograph.",
        kept_at: "Kept at",
        warning: "Whoever holds this page can open your vault. Notebooks with a second passphrase \
                  stay closed even so.",
    })
    .unwrap();
    println!("sheet: {:?}, {} bytes", start.elapsed(), sheet.len());
    std::fs::write(folder.join("sheet.pdf"), &*sheet).unwrap();
}
