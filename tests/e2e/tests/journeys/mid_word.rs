//! Nothing is lost when the window goes away in mid-word.

use std::thread;
use std::time::Duration;

use e2e::{Journey, Name, containing};

use crate::person;

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

/// How long after the last key a save may still be missing at most.
const SAVED_BY: Duration = Duration::from_secs(2);

#[test]
fn words_survive_closing_and_locking_in_mid_word() {
    let mut window = Journey::begin("mid-word");
    person::begin_a_vault(&window);
    make_a_notebook(&window);

    begin_a_note(&window, "Closed at once");
    window.type_into("The note", "The kettle had hardly begun to si");
    window.restart();
    person::unlock(&window);
    find_a_note(
        &window,
        "Closed at once",
        "The kettle had hardly begun to si",
    );

    begin_a_note(&window, "Locked at once");
    window.type_into("The note", "She was going to say the na");
    window.press("Control+l");
    window.see("Locked.");
    window.see_no_longer("She was going to say the na");
    person::unlock(&window);
    find_a_note(&window, "Locked at once", "She was going to say the na");

    // What was typed last stands behind what was saved before.
    window.type_into("The note", "me of her brother");
    window.restart();
    person::unlock(&window);
    find_a_note(
        &window,
        "Locked at once",
        "She was going to say the name of her brother",
    );
}

#[test]
fn words_survive_the_end_of_the_program() {
    let mut window = Journey::begin("killed");
    person::begin_a_vault(&window);
    make_a_notebook(&window);
    begin_a_note(&window, "Cut off");
    window.type_into("The note", "The lights went out in the middle of");
    thread::sleep(SAVED_BY);
    window.kill9();
    // Nothing was tidied up, not even the web view's own files.
    window.no_open_file_holds(&["The lights went out in the middle of", person::PASSPHRASE]);
    window.reopen();
    person::unlock(&window);
    find_a_note(&window, "Cut off", "The lights went out in the middle of");
}

fn make_a_notebook(window: &Journey) {
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
}

fn begin_a_note(window: &Journey, title: &str) {
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.click("button", "New note");
    window.type_into("Title of the note", title);
}

/// Opens a note from its notebook, and compares every word of it.
fn find_a_note(window: &Journey, title: &str, words: &str) {
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.click("link", containing(title));
    window.see(words);
    assert_eq!(window.value_of("The note"), words);
    assert_eq!(window.value_of("Title of the note"), title);
}
