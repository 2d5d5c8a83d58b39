//! What cannot be opened or brought in is refused with its sentence, and nothing is touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::{Journey, Name, Plan, Theme, output_of};

use crate::person::{self, PASSPHRASE};

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

/// A byte inside the header that its checksum covers.
const HEADER_BYTE: usize = 300;

#[test]
fn a_damaged_beginning_is_mended_from_its_copy_and_told() {
    let mut window = Journey::begin("one-header");
    person::begin_a_vault(&window);
    window.close();
    let [one, other] = headers(&window);
    let whole = fs::read(&one).expect("a header");
    damage(&one);

    window.reopen();
    person::unlock(&window);
    window
        .see("One copy of the vault’s beginning was damaged and has been repaired from the other.");
    window.axe();
    window.screenshot("mended", Theme::Light);
    window.screenshot("mended", Theme::Dark);
    window.close();
    let mended = fs::read(&one).expect("a header");
    assert_eq!(
        mended,
        fs::read(&other).expect("a header"),
        "both copies are alike"
    );
    assert_eq!(mended.len(), whole.len());
}

#[test]
fn whether_an_older_vault_is_the_one_that_is_wanted_is_asked_with_both_dates() {
    let mut window = Journey::begin("older");
    person::begin_a_vault(&window);
    window.close();
    let vault = window.folders().vault();
    let kept = window.folders().files().join("kept");
    testkit::copy_folder(&vault, &kept);
    window.reopen();
    person::unlock(&window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
    window.close();
    fs::remove_dir_all(&vault).expect("it is ours");
    testkit::copy_folder(&kept, &vault);

    window.reopen();
    unlock_the_older(&window);
    window.find("dialog", "Is this the vault you want?");
    window.see("The one that is here was last saved in on");
    window.axe();
    window.screenshot("asked", Theme::Light);
    window.screenshot("asked", Theme::Dark);
    window.click("button", "Lock it");
    window.see("Locked.");
    // Looking at it has changed nothing: it asks again, until what is here counts.
    unlock_the_older(&window);
    window.find("dialog", "Is this the vault you want?");
    window.click("button", "Go on with this one");
    window.see_no_longer("This computer has seen a newer state");
    // Whoever has answered is not asked again.
    window.press("Control+l");
    window.see("Locked.");
    unlock_the_older(&window);
    window.find("navigation", "Main");
    assert_eq!(window.count("dialog", "Is this the vault you want?"), 0);
    window.close();
}

/// What lies over the window keeps the rest of it out of reach.
fn unlock_the_older(window: &Journey) {
    window.type_into("Passphrase", PASSPHRASE);
    window.click("button", "Open vault");
}

#[test]
fn two_damaged_beginnings_and_a_newer_vault_are_left_as_they_are() {
    let mut window = Journey::begin("both-headers");
    person::begin_a_vault(&window);
    window.close();
    let copies = headers(&window);
    let whole = copies
        .each_ref()
        .map(|path| fs::read(path).expect("a header"));
    copies.iter().for_each(|path| damage(path));
    let before = window.folders().contents_of_vault();
    window.reopen();
    window.see("The vault cannot be opened as it is.");
    window.see("This is not about your passphrase.");
    window.axe();
    window.screenshot("damaged", Theme::Light);
    window.screenshot("damaged", Theme::Dark);
    window.close();
    assert_eq!(
        window.folders().contents_of_vault(),
        before,
        "nothing was written"
    );

    for (path, bytes) in copies.iter().zip(&whole) {
        fs::write(path, newer(bytes, &window.folders().files()))
            .expect("the header can be written");
    }
    let before = window.folders().contents_of_vault();
    window.reopen();
    window.see("Made by a newer Confidant.");
    window.axe();
    window.screenshot("newer", Theme::Light);
    window.screenshot("newer", Theme::Dark);
    window.close();
    assert_eq!(
        window.folders().contents_of_vault(),
        before,
        "nothing was written"
    );

    for (path, bytes) in copies.iter().zip(&whole) {
        fs::write(path, bytes).expect("the header can be written");
    }
    window.reopen();
    person::unlock(&window);
}

#[test]
fn a_vault_that_is_open_elsewhere_is_not_opened_again() {
    let first = Journey::begin("open-here");
    person::begin_a_vault(&first);
    let vault = first.folders().vault().display().to_string();
    let second = Plan::named("open-elsewhere")
        .argument("--vault")
        .argument(&vault)
        .begin();
    second.type_into("Passphrase", PASSPHRASE);
    second.click("button", "Open vault");
    second.see(
        "The vault is open in another window of Confidant. Close the other window, then try again.",
    );
    second.axe();
    second.screenshot("open-elsewhere", Theme::Light);
    drop(second);
    first.click_in(MAIN, "link", "Summaries");
    first.find("heading", "Summaries");
}

#[test]
fn files_that_are_no_journal_are_refused_each_with_its_sentence() {
    let window = Journey::begin("bad-imports");
    person::begin_a_vault(&window);
    window.click_in(MAIN, "link", "Journal");
    window.click("button", "Make my journal");
    window.click("button", "Make the notebook");
    window.click("button", "Bring in a journal…");
    let half = r#"{"tags": {}, "entries": [{"title": "Cut", "body": "off", "date": "2026-0"#;
    let files: [(&str, &[u8], &str); 4] = [
        ("empty.txt", b"", "The file is empty."),
        (
            "picture.txt",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\xfe",
            "The file is not text.",
        ),
        (
            "half.json",
            half.as_bytes(),
            "The file breaks off in the middle.",
        ),
        (
            "list.txt",
            b"milk\nbread\n",
            "No dated entries were found in the file.",
        ),
    ];
    for (name, bytes, sentence) in files {
        let file = window.folders().files().join(name);
        fs::write(&file, bytes).expect("the folder of the person's files can be written to");
        window.file_dialog(&file, |window| window.click("button", "Choose a file…"));
        window.see(sentence);
        window.see("Nothing was brought in.");
    }
    window.axe();
    window.screenshot("refused", Theme::Light);
    window.screenshot("refused", Theme::Dark);
    window.click_in(MAIN, "link", "Journal");
    window.find("textbox", "The page");
    assert!(
        !window.text().contains("Earlier pages"),
        "nothing was brought in"
    );
}

fn headers(window: &Journey) -> [PathBuf; 2] {
    let folder = window.folders().vault().join("sync");
    ["header.a", "header.b"].map(|name| folder.join(name))
}

fn damage(header: &Path) {
    let mut bytes = fs::read(header).expect("a header");
    bytes[HEADER_BYTE] ^= 0x10;
    fs::write(header, bytes).expect("the header can be written");
}

/// The header as a version after this one would begin it, with its checksum.
fn newer(header: &[u8], folder: &Path) -> Vec<u8> {
    const VERSION: usize = 8;
    const CHECKSUM: usize = 32;
    let mut bytes = header[..header.len() - CHECKSUM].to_vec();
    bytes[VERSION] += 1;
    let file = folder.join("newer");
    fs::write(&file, &bytes).expect("the folder of the person's files can be written to");
    let printed = output_of(Command::new("sha256sum").arg(&file));
    let checksum = (0..CHECKSUM).map(|at| {
        u8::from_str_radix(&printed[2 * at..2 * at + 2], 16).expect("sha256sum prints hexadecimal")
    });
    bytes.extend(checksum);
    bytes
}
