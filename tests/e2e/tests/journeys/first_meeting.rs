//! From an empty vault to a meeting that was held, with two promises, without a pointer and without a manual.

use e2e::{Journey, Name, containing};

use crate::album::Album;
use crate::person;

const HEARD: (&str, Name<'static>) = ("region", Name::Is("What was heard and promised"));
const AGENDA: (&str, Name<'static>) = ("region", Name::Is("Agenda"));
const SAID: &str = "She wants a question that is plainly hers.";

#[test]
fn a_first_meeting_is_held_by_hand_and_leaves_two_promises() {
    let mut window = Journey::begin("first-meeting");
    let album = Album::default();
    person::begin_a_vault(&window);
    // From here on nothing is clicked.
    person::make_a_notebook_by_hand(&window);
    start(&window, &album);
    prepare(&window);
    listen(&window, &album);
    read_back(&window, &album);
    promise(&window, &album);
    end(&window, &album);
    log_a_call(&window, &album);
    say_what_was_seen(&window, &album);

    window.restart();
    person::unlock(&window);
    window.see("ask Professor Okafor");
    window.see("write one page");
    album.page(&window, "today");
    window.press("Control+1");
    window.see("The visa");
    window.no_open_file_holds(&[SAID, "Noor Haddad", "ask Professor Okafor"]);
    album.close();
}

fn start(window: &Journey, album: &Album) {
    window.tab_to("button", "Start meeting");
    window.press("Enter");
    window.find("list", "Parts of the meeting");
    window.see("45 minutes left");
    album.screen(window, "started");
}

fn prepare(window: &Journey) {
    window.tab_to("textbox", "A new point of the agenda");
    window.type_text("? Whether to apply");
    window.press("Enter");
    window.type_text("How the term has been");
    window.press("Control+Shift+ArrowUp");
    let points = window.texts_in(AGENDA, "button");
    assert!(
        points.iter().any(|word| word == "Question"),
        "the sign became a word: {points:?}"
    );
    assert_eq!(window.value_of("Agenda, point 1"), "How the term has been");
    assert_eq!(window.value_of("Agenda, point 2"), "Whether to apply");
    window.tab_to("button", "Point 1 has been spoken of");
    window.press("Enter");
}

fn listen(window: &Journey, album: &Album) {
    window.tab_to("button", "Listen first");
    window.press("Enter");
    window.see("Noor has the floor.");
    window.tab_to("textbox", "Notes");
    window.type_text(SAID);
    window.wait_until_saved();
    album.screen(window, "listening");
    window.tab_to("button", "Noor has finished");
    window.press("Enter");
    window.see_no_longer("Noor has the floor.");
}

/// What was heard, shown to the other with nothing else in sight, and put right in their words.
fn read_back(window: &Journey, album: &Album) {
    window.tab_to("textbox", "What I heard, in my words");
    window.type_text("You want a question that is yours, and you are worried about leaving.");
    window.tab_to("button", "Show only this");
    window.press("Enter");
    window.see("Noor, this is what I heard. Is it what you meant?");
    window.see("Nothing else is on this screen.");
    assert_eq!(window.window_title(), "Confidant", "the title names nobody");
    album.screen(window, "only-this");
    window.tab_to("button", "Let me change a word");
    window.press("Enter");
    let (_, field) = window.focused();
    assert_eq!(field, "In your own words");
    window.press("Control+End");
    window.type_text(" Not of leaving: of how it looks.");
    window.tab_to("button", "These are my words");
    window.press("Enter");
    window.see("You put this in your own words.");
    album.page(window, "only-this-changed");
    window.tab_to("button", "Yes, that is it");
    window.press("Enter");
    window.see("You both agree to these words.");
    window.tab_to("button", containing("Turn it back"));
    window.press("Enter");
    window.see_no_longer("Nothing else is on this screen.");
    window.see("Noor agreed to these words.");
    album.screen(window, "agreed");
}

fn promise(window: &Journey, album: &Album) {
    window.tab_to("textbox", "What is promised");
    window.type_text("Noor will write one page by next Friday");
    window.press("Enter");
    window.find_in(HEARD, "link", "write one page");
    window.tab_to("textbox", "What is promised");
    window.type_text("I’ll ask Professor Okafor in two weeks");
    window.press("Enter");
    window.find_in(HEARD, "link", "ask Professor Okafor");
    album.screen(window, "promised");
}

fn end(window: &Journey, album: &Album) {
    window.tab_to("button", "End meeting…");
    window.press("Enter");
    window.find("dialog", "End the meeting");
    window.see("write one page");
    album.page(window, "ending");
    window.press("Control+Enter");
    window.see("The meeting has ended.");
    window.find("heading", "Noor Haddad");
    album.screen(window, "after");
}

fn log_a_call(window: &Journey, album: &Album) {
    window.press("Control+Shift+c");
    window.find("dialog", containing("A short contact"));
    album.page(window, "contact");
    window.type_text("p");
    window.find("textbox", "What it was about");
    window.type_text("The visa");
    window.press("Enter");
    window.see("The call is in the timeline.");
    window.see("The visa");
}

/// Feedback: a word that judges is marked, gone to by a key, and put right.
fn say_what_was_seen(window: &Journey, album: &Album) {
    window.tab_to("link", containing("Feedback"));
    window.press("Enter");
    window.tab_to("button", "Write the first feedback");
    window.press("Enter");
    window.tab_to("textbox", containing("Behaviour"));
    window.type_text("You were defensive about the reading.");
    window.see("is a judgement.");
    let lines = window.computed("mark", "border-bottom-style");
    assert_eq!(lines, ["solid"], "the word is underlined where it stands");
    album.screen(window, "feedback");
    window.press("F8");
    window.type_text("looking at the screen and silent");
    window.see_no_longer("is a judgement.");
    window.wait_until_saved();
}
