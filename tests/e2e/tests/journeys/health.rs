//! Damage is mended and told, every page is read, the proof is made, and the agreed end of a notebook is counted down.

use std::{fs, path::PathBuf};

use e2e::{Journey, Name, containing};

use crate::{album::Album, person};

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const SETTINGS: (&str, Name<'static>) = ("navigation", Name::Is("Settings"));

#[test]
fn damage_is_mended_and_told_and_nothing_written_lies_readable() {
    let mut window = Journey::begin("health");
    let album = Album::default();
    person::begin_a_vault(&window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
    window.click("button", "New note");
    window.type_into("Title of the note", "It comes back");
    window.wait_until_saved();
    window.close();
    damage_the_store(&window);

    window.reopen();
    person::unlock(&window);
    window.see("has been made anew from its list of saves");
    window.click("link", containing("what is there and what is not"));
    window.find("heading", "Health");
    window.see("Every notebook holds exactly what you saved.");
    window.see("Put right");
    window.see("Kept as it was");
    window.see("aside");
    window.click("button", "Read every page");
    window.see("and every page can be read.");
    album.screen(&window, "mended");
    window.click("button", "Prove it now");
    window.see("Nothing of the sentence was found.");
    window.see("Where it looked");
    album.screen(&window, "proven");

    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.see("It comes back");
    count_down(&window, &album);
    album.close();
    window.close();
}

fn count_down(window: &Journey, album: &Album) {
    window.click("button", "More for this notebook");
    window.click("menuitem", containing("Edit"));
    window.type_into("Until which day it is kept", &day_in(5));
    album.page(window, "keep-until");
    window.click("button", "Keep the changes");
    window.find("heading", "Noor Haddad");
    window.click_in(MAIN, "link", "Today");
    window.see("You agreed to keep the notebook of Noor Haddad for five more days");
    album.screen(window, "today");
    window.click("button", "See what would go");
    window.see("You agreed to keep it until");
    window.see("Gone from this vault");
    window.press("Control+,");
    window.click_in(SETTINGS, "link", "Health");
    window.see("Every notebook holds exactly what you saved.");
}

/// A day from now, as people write it.
fn day_in(days: u64) -> String {
    let day = chrono::Local::now().date_naive() + chrono::Days::new(days);
    day.format("%-d %B %Y").to_string()
}

/// Damages the store of a locked vault beyond opening.
fn damage_the_store(window: &Journey) {
    let local = window.folders().vault().join("local");
    let store: PathBuf = fs::read_dir(local)
        .expect("there")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.to_string_lossy().contains("/store."))
        .expect("a store");
    fs::write(store.join("conf"), "no configuration").expect("written");
    let mut bytes = fs::read(store.join("db")).expect("there");
    for byte in bytes.iter_mut().step_by(7) {
        *byte ^= 0x5a;
    }
    fs::write(store.join("db"), bytes).expect("written");
}
