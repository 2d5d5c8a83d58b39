//! A backup is made, the vault goes on, and the backup is put back.

use std::fs;

use e2e::{Journey, Name, containing};

use crate::{
    album::Album,
    person::{self, PASSPHRASE},
};

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const SETTINGS: (&str, Name<'static>) = ("navigation", Name::Is("Settings"));

#[test]
fn a_backup_is_put_back_as_it_was() {
    let mut window = Journey::begin("backup");
    let album = Album::default();
    person::begin_a_vault(&window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
    write_a_note(&window, "Before the backup");

    window.press("Control+,");
    window.click_in(SETTINGS, "link", "Backups");
    window.see("None yet.");
    let file = window.folders().files().join("kept.cfdbackup");
    window.file_dialog(&file, |window| window.click("button", "Save elsewhere…"));
    window.see("Saved as kept.cfdbackup, read back, and whole.");
    window.see("Found whole on");
    album.screen(&window, "backups");
    let bytes = fs::read(&file).expect("it was saved");
    assert!(!holds(&bytes, "Before the backup") && !holds(&bytes, "Noor"));

    look_inside(&window, &album);
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    write_a_note(&window, "After the backup");
    window.press("Control+l");
    window.see("Locked.");
    window.click("button", "Put back a backup…");
    window.see("What you have now is kept in a folder beside it.");
    window.file_dialog(&file, |window| window.click("button", "Choose the file…"));
    window.see("kept.cfdbackup");
    album.screen(&window, "put-back");
    window.type_into("Passphrase of the backup", "something else entirely");
    window.click("button", "Put it back");
    window.see("That did not open it.");
    window.fill("Passphrase of the backup", PASSPHRASE);
    window.click("button", "Put it back");
    window.see("The backup is put back.");
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.see("Before the backup");
    assert!(!window.text().contains("After the backup"));
    album.close();
    window.close();
}

/// What was thrown away since comes back alone.
fn look_inside(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.click("link", containing("Before the backup"));
    window.click("button", "More for this page");
    window.click("menuitem", "Move to the bin");
    window.see("Nothing written yet.");
    window.press("Control+,");
    window.click_in(SETTINGS, "link", "Backups");
    window.click("button", containing("More for the backup of"));
    window.click("menuitem", "Look inside…");
    window.find("dialog", "What differs from now");
    window.see("One note or other entry is not here as it was then.");
    window.click("checkbox", containing("Before the backup"));
    album.screen(window, "inside");
    window.click("button", "Bring back one");
    window.see("is here as it was then.");
    window.press("Escape");
    window.see_no_longer("What differs from now");
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.see("Before the backup");
}

fn write_a_note(window: &Journey, title: &str) {
    window.click("button", "New note");
    window.type_into("Title of the note", title);
    window.wait_until_saved();
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|piece| piece == words.as_bytes())
}
