//! What every person does: begin a vault, open it.

use e2e::{Journey, Name, Theme};

/// A passphrase of words that no list of common passphrases holds.
pub const PASSPHRASE: &str = "lantern orchard quiet gravel tuesday";

/// Begins a vault for a journal of one's own, from the welcome to the open vault; returns the words
/// of the spare key.
pub fn begin_a_vault(window: &Journey) -> Vec<String> {
    window.see("A place to keep a confidence.");
    window.click("button", e2e::containing("A journal of my own"));
    window.see("Choose a passphrase.");
    window.type_into("Your name", "Ada");
    window.type_into("Passphrase", PASSPHRASE);
    window.type_into("Type it once more", PASSPHRASE);
    window.see("Matches");
    window.click("button", "Continue");
    window.see("Keep one spare key, on paper.");
    window.find("article", "Spare key");
    window.screenshot("spare-key", Theme::Light);
    let words = keep_and_confirm(window, "Open my vault");
    window.find("navigation", "Main");
    words
}

/// Reads the spare key that is shown, and types three of its words; returns all of them.
pub fn keep_and_confirm(window: &Journey, finish: &str) -> Vec<String> {
    let words = spare_key_words(window);
    window.click("checkbox", e2e::containing("I have put it somewhere safe"));
    window.click("button", "Continue");
    window.see("Type these three words from your sheet.");
    for position in asked_positions(window) {
        window.type_into(format!("Word {position}").as_str(), &words[position - 1]);
    }
    window.click("button", finish);
    words
}

/// Makes a notebook for Noor Haddad, with the keys alone.
pub fn make_a_notebook_by_hand(window: &Journey) {
    window.tab_to("link", "New relationship");
    window.press("Enter");
    window.see("A new notebook");
    window.tab_to("textbox", "Name, as you say it");
    window.type_text("Noor Haddad");
    window.press("Enter");
    window.find("heading", "Noor Haddad");
}

/// Types the passphrase on the lock screen and waits for the open vault.
pub fn unlock(window: &Journey) {
    window.type_into("Passphrase", PASSPHRASE);
    window.click("button", "Open vault");
    window.find("navigation", "Main");
}

/// The 24 words, each printed behind its number.
fn spare_key_words(window: &Journey) -> Vec<String> {
    let items = window.texts_in(("article", Name::Is("Spare key")), "listitem");
    let words: Vec<String> = items
        .iter()
        .take(24)
        .map(|item| {
            item.trim_start_matches(|one: char| one.is_ascii_digit())
                .trim()
                .to_owned()
        })
        .collect();
    assert_eq!(words.len(), 24, "{items:?}");
    words
}

/// The positions of the three words asked for, from the labels of their fields.
fn asked_positions(window: &Journey) -> Vec<usize> {
    let positions: Vec<usize> = (1..=24)
        .filter(|position| window.count("textbox", format!("Word {position}").as_str()) == 1)
        .collect();
    assert_eq!(positions.len(), 3, "three words are asked for");
    positions
}
