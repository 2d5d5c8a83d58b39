//! A note is sealed under a second passphrase, and is in nothing until that is given again.

use e2e::{Journey, Name, Theme, containing};

use crate::{
    album::Album,
    person::{self, PASSPHRASE},
};

pub const SECOND: &str = "velvet harbour thimble seven";
const SENTENCE: &str = "He asked that nobody hear of the complaint.";
const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

#[test]
fn a_sealed_note_is_there_only_with_its_own_passphrase() {
    let mut window = Journey::begin("sealed");
    let album = Album::default();
    person::begin_a_vault(&window);
    make_a_notebook(&window);
    write_and_seal(&window, &album);

    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.see("Sealed things are open");
    window.see("The complaint");
    window.click_in(MAIN, "link", "Today");
    window.find("heading", containing("Ada"));
    assert!(
        !window.text().contains("complaint"),
        "Today shows nothing of it"
    );

    window.restart();
    person::unlock(&window);
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.see("Sealed things are shut");
    assert!(!window.text().contains("complaint"));
    window.click("button", "Open it…");
    window.find("dialog", "Open what is sealed");
    album.screen(&window, "open");
    window.type_into("Second passphrase", PASSPHRASE);
    window.press("Enter");
    window.see("That did not open it. Nothing is lost.");
    window.fill("Second passphrase", SECOND);
    window.press("Enter");
    window.see("The complaint");
    album.screen(&window, "opened");
    window.click("button", "Shut them");
    window.see("Sealed things are shut");
    window.see_no_longer("The complaint");
    album.close();
    window.close();
    window.no_file_holds(SENTENCE);
    window.no_file_holds(SECOND);
}

pub fn make_a_notebook(window: &Journey) {
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
}

pub fn write_and_seal(window: &Journey, album: &Album) {
    window.click("button", "New note");
    window.type_into("Title of the note", "The complaint");
    window.type_into("The note", SENTENCE);
    window.wait_until_saved();
    window.click("button", "Private. Change who may read this");
    window.click("radio", containing("Sealed"));
    window.screenshot("levels", Theme::Light);
    window.click("button", "Seal it");
    window.find("dialog", "Choose a second passphrase");
    window.see("If you forget it, nothing brings back what is sealed");
    window.type_into("Second passphrase", SECOND);
    window.type_into("Type it once more", SECOND);
    window.see("Matches");
    album.screen(window, "choose");
    window.click("button", "Choose it");
    window.find("button", "Sealed. Change who may read this");
    window.wait_until_saved();
    album.page(window, "sealed-note");
}
