//! The main job: from an empty vault to a page that both have agreed to, and nothing else outside.

use std::path::Path;
use std::process::Command;

use e2e::{Journey, Name, containing, output_of};

use crate::album::Album;
use crate::person::{self, PASSPHRASE};

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const TABS: (&str, Name<'static>) = ("navigation", Name::Is("In this notebook"));
const HEARD: (&str, Name<'static>) = ("region", Name::Is("What was heard and promised"));
const PAGE: (&str, Name<'static>) = ("textbox", Name::Is("The page"));
const LEVEL: (&str, Name<'static>) = ("dialog", Name::Is("Who may read this"));

const MENTEE: &str = "Noor Haddad";
/// Planted: they may be in no file.
const PRIVATE: [&str; 3] = [
    "Her eyes went to the door whenever the supervisor was named.",
    "Tired, and proud that nobody can tell.",
    "She asked me to forget that she had said so.",
];
const SHAREABLE: &str = "The second soil core gave the first clean gradient.";
const HEARD_WORDS: &str = "You want to choose the third site yourself.";
const SITUATION: &str = "Group seminar, the last question of the hour.";
const BEHAVIOUR: &str = "You said that you did not know.";
const GOAL: &str = "Submit the gradient paper";
const REPORT: &str = "The figures are drawn and two people have read them.";
const FIRST_SENTENCE: &str = "Noor measured a clean gradient in the second core.";
const SECOND_SENTENCE: &str = "She has drawn the figures for her first paper.";
const OWN_SENTENCE: &str = "Give her the third site to plan.";

#[test]
fn a_summary_leaves_once_both_have_agreed_and_nothing_else_does() {
    let mut window = Journey::begin("main-job");
    let album = Album::default();
    person::begin_a_vault(&window);

    make_a_notebook(&window, &album);
    write_notes(&window, &album);
    promise(&window);
    meet(&window, &album);
    aim(&window, &album);
    give_feedback(&window);
    window.click_in(MAIN, "link", containing(MENTEE));
    window.see(BEHAVIOUR);
    album.page(&window, "relationship");
    lock_and_unlock(&window, &album);

    compose(&window, &album);
    agree(&window, &album);
    let page = window.folders().files().join("summary.pdf");
    export(&window, &album, &page);
    read_the_page(&page);

    window.restart();
    person::unlock(&window);
    everything_is_kept(&window);
    window.no_socket_leaves_the_machine();

    let planted = [SHAREABLE, HEARD_WORDS, FIRST_SENTENCE, MENTEE, PASSPHRASE];
    window.no_open_file_holds(&PRIVATE);
    window.no_open_file_holds(&planted);
    window.close();
    for words in PRIVATE.iter().chain(&planted) {
        window.no_file_holds(words);
    }
    album.close();
}

fn make_a_notebook(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", "New relationship");
    window.find("heading", "A new notebook");
    window.click("radio", "I mentor");
    window.type_into("Name, as you say it", MENTEE);
    window.type_into("Their work", "Soil chemistry, second year");
    window.click("radio", "Every 4 weeks");
    album.page(window, "new-relationship");
    window.click("button", "Make the notebook");
    window.find("heading", MENTEE);
    window.see("An empty notebook.");
    album.page(window, "empty-notebook");
}

fn write_notes(window: &Journey, album: &Album) {
    window.click("button", "New note");
    window.type_into("Title of the note", "After the first call");
    window.type_into("The note", PRIVATE[0]);
    window.wait_until_saved();
    window.find("button", "Private. Change who may read this");
    album.page(window, "note");

    window.press("Control+n");
    window.type_into("Title of the note", "The second core");
    window.type_into("The note", SHAREABLE);
    window.wait_until_saved();
    window.click("button", "Private. Change who may read this");
    window.click_in(LEVEL, "radio", containing("Shareable"));
    album.page(window, "level");
    window.click_in(LEVEL, "button", "Make it Shareable");
    window.find("button", "Shareable. Change who may read this");
}

fn promise(window: &Journey) {
    open_tab(window, "Promises");
    window.type_into("What is promised", "Read the methods chapter");
    window.type_into("By when", "tomorrow");
    window.click("button", "Add");
    window.find("link", containing("Read the methods chapter"));
    window.see("tomorrow");
}

fn meet(window: &Journey, album: &Album) {
    open_tab(window, "Meetings");
    window.click("button", "New meeting");
    window.type_into("Title", "Which site next");
    window.type_into("Agenda", "The gradient\nThe third site");
    album.page(window, "new-meeting");
    window.click("button", "Set it down");
    window.find("heading", "Which site next");
    window.see("Read the methods chapter");
    window.type_into("Notes", "Three sites were weighed.");
    window.type_into("For your eyes", PRIVATE[1]);
    window.type_into("What I heard, in my words", HEARD_WORDS);
    window.click("button", "I have read it back");
    window.click("button", "Noor agrees");
    window.see("Noor agreed to these words.");
    make_shareable(window, HEARD);
    window.click_in(HEARD, "radio", "Noor");
    window.type_into("What is promised", "Send the three maps");
    window.click_in(HEARD, "button", "Add");
    window.find_in(HEARD, "link", containing("Send the three maps"));
    album.screen(window, "meeting");
}

fn aim(window: &Journey, album: &Album) {
    const GOAL_PANEL: (&str, Name<'static>) = ("complementary", Name::Is("The goal"));
    open_tab(window, "Goals");
    window.type_into("What would make this year a good one?", GOAL);
    window.click("button", "Make it a goal");
    window.type_into("Why it matters", "It is the first one of her own.");
    for step in ["Draw the figures", "Have it read", "Send it"] {
        window.type_into("Another step", step);
        window.click_in(GOAL_PANEL, "button", "Add");
        window.find("checkbox", step);
    }
    window.click("checkbox", "Draw the figures");
    window.see("1 of 3");
    window.type_into("What happened", REPORT);
    window.type_into("What next", "Ask a third reader");
    window.click("button", "Add to the report");
    window.see(REPORT);
    make_shareable(window, GOAL_PANEL);
    album.page(window, "goal");
}

fn give_feedback(window: &Journey) {
    open_tab(window, "Feedback");
    window.click("button", "Write the first feedback");
    window.type_into("Situation. Where, and when", SITUATION);
    window.type_into("Behaviour. What a camera would have seen", BEHAVIOUR);
    window.type_into("Impact. On people, on the work", PRIVATE[2]);
    window.wait_until_saved();
}

fn lock_and_unlock(window: &Journey, album: &Album) {
    window.press("Control+l");
    window.see("Locked.");
    window.see_no_longer(MENTEE);
    album.page(window, "locked");
    window.type_into("Passphrase", "lantern orchard quiet gravel wednesday");
    window.click("button", "Open vault");
    window.see("That did not open it. Nothing is lost.");
    album.page(window, "wrong-passphrase");
    window.fill("Passphrase", "");
    person::unlock(window);
}

fn compose(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", "Summaries");
    window.click("button", "New summary");
    let from = window.value_of("From");
    window.fill("From", "1 January 2026");
    window.press("Tab");
    assert_ne!(window.value_of("From"), from, "the period is another one");
    window.type_into("Purpose", "Progress review");
    window.type_into("Written for", "The thesis committee");
    album.page(window, "new-summary");
    window.click("button", "Begin");
    window.find("textbox", "The page");

    for usable in ["The second core", GOAL, HEARD_WORDS] {
        window.find("checkbox", containing(usable));
    }
    window.see("Stays with you");
    window.see("After the first call");
    let kept_back = [
        "After the first call",
        BEHAVIOUR,
        "Which site next",
        PRIVATE[1],
    ];
    for title in kept_back {
        assert_eq!(window.count("checkbox", containing(title)), 0, "{title}");
    }

    window.type_into("The page", &format!("\n{FIRST_SENTENCE}"));
    window.click("checkbox", containing("Use: The second core"));
    window.find_in(PAGE, "img", containing("Source 1"));
    window.type_into("The page", &format!(" {SECOND_SENTENCE}"));
    window.click("checkbox", containing(GOAL));
    window.find_in(PAGE, "img", containing("Source 2"));
    window.type_into("The page", &format!(" {OWN_SENTENCE}"));
    window.see("1 of 3");
    window.wait_until_saved();
    album.screen(window, "composer");
    window.click("button", "As it will leave");
    window.see("This version has not left yet.");
    album.page(window, "preview");
    window.press("Escape");
    window.see_no_longer("This version has not left yet.");
}

fn agree(window: &Journey, album: &Album) {
    window.see("Export opens once you and Noor have both agreed to the same words.");
    window.click("button", containing("I agree to version"));
    window.see("Read it once more.");
    assert_eq!(window.value_of("Your name"), "Ada");
    window.click("button", "I have read it and agree");
    window.see("Export opens once Noor has agreed too.");
    window.click("button", "Noor is here and agrees…");
    window.find("dialog", containing("For Noor Haddad to read"));
    album.page(window, "read-and-agree");
    window.type_into("Type your own name", MENTEE);
    window.click("button", "I have read it and agree");
    window.see("You have both agreed to these very words. Export is open.");
    album.screen(window, "agreed");
}

fn export(window: &Journey, album: &Album, page: &Path) {
    window.click("button", "Export");
    window.type_into("To whom", ", Dr Okafor");
    album.page(window, "export");
    window.file_dialog(page, |window| window.click("button", "Save the file…"));
    window.see("Saved as summary.pdf.");
    window.click_in(MAIN, "link", "Summaries");
    window.click("button", "What has left");
    window.see("The thesis committee, Dr Okafor");
    window.see("version 1, PDF");
    window.see("Noor Haddad, in person on this computer");
    album.page(window, "disclosures");
}

/// What another program reads in the file.
fn read_the_page(page: &Path) {
    let words = output_of(Command::new("pdftotext").arg("-layout").arg(page).arg("-"));
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [FIRST_SENTENCE, SECOND_SENTENCE, OWN_SENTENCE, MENTEE, "Ada"] {
        assert!(words.contains(sentence), "“{sentence}” is not in: {words}");
    }
    for sentence in PRIVATE
        .iter()
        .chain([&SITUATION, &BEHAVIOUR, &"Three sites"])
    {
        assert!(!words.contains(sentence), "“{sentence}” is in: {words}");
    }
}

fn everything_is_kept(window: &Journey) {
    window.click_in(MAIN, "link", containing(MENTEE));
    for words in [
        PRIVATE[0],
        SHAREABLE,
        HEARD_WORDS,
        BEHAVIOUR,
        GOAL,
        "Which site next",
        "Send the three maps",
    ] {
        window.see(words);
    }
    open_tab(window, "Summaries");
    window.see("Version 1, handed over");
}

fn open_tab(window: &Journey, tab: &str) {
    window.click_in(MAIN, "link", containing(MENTEE));
    window.click_in(TABS, "link", containing(tab));
}

fn make_shareable(window: &Journey, scope: (&'static str, Name<'static>)) {
    window.click_in(scope, "button", "Private. Change who may read this");
    window.click_in(LEVEL, "radio", containing("Shareable"));
    window.click_in(LEVEL, "button", "Make it Shareable");
    window.find_in(scope, "button", "Shareable. Change who may read this");
}
