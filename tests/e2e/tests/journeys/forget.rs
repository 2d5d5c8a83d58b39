//! A notebook is forgotten: its name typed, its receipt saved, and nothing of it left.

use std::fs;

use e2e::{Journey, Name, containing};

use crate::{album::Album, person};

const SENTENCE: &str = "He asked me to keep this to myself.";
const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

#[test]
fn a_forgotten_notebook_leaves_a_receipt_and_nothing_else() {
    let mut window = Journey::begin("forget");
    let album = Album::default();
    person::begin_a_vault(&window);
    for name in ["Marcus Bell", "Noor Haddad"] {
        window.click_in(MAIN, "link", "New relationship");
        window.type_into("Name, as you say it", name);
        window.click("button", "Make the notebook");
        window.find("heading", name);
        window.click("button", "New note");
        window.type_into("Title of the note", "The first hour");
        window.type_into("The note", SENTENCE);
        window.wait_until_saved();
    }
    window.click_in(MAIN, "link", containing("Marcus Bell"));
    window.click("button", "More for this notebook");
    window.click("menuitem", "Forget this notebook…");
    window.see("Forget Marcus Bell’s notebook?");
    album.screen(&window, "before");
    window.type_into("Type its name, to be sure", "Marcus Bell");
    window.click("button", "Forget for good");
    window.see("nothing of it was found");
    album.screen(&window, "receipt");

    let text = window.folders().files().join("receipt.txt");
    window.file_dialog(&text, |window| window.click("button", "Save as text…"));
    window.see("Saved as receipt.txt.");
    let receipt = fs::read_to_string(&text).expect("it was saved");
    assert!(receipt.contains("M. B., kept from"), "{receipt}");
    for word in ["Marcus", "Bell", "first hour"] {
        assert!(!receipt.contains(word), "{receipt}");
    }
    let page = window.folders().files().join("receipt.pdf");
    window.file_dialog(&page, |window| window.click("button", "Save as PDF…"));
    window.see("Saved as receipt.pdf.");
    let bytes = fs::read(&page).expect("it was saved");
    assert!(bytes.starts_with(b"%PDF-"));
    window.click("button", "Done");
    window.find("heading", containing("Ada"));
    assert!(!window.text().contains("Marcus"), "{}", window.text());

    window.restart();
    person::unlock(&window);
    assert_eq!(window.count("link", containing("Marcus Bell")), 0);
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.see("The first hour");
    album.close();
    window.close();
}
