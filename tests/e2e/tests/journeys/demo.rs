//! Every main screen of the demo vault: pictures to lay beside the mockups, and axe-core on each.

use e2e::{Journey, Name, Plan, containing};

use crate::album::Album;

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const TABS: (&str, Name<'static>) = ("navigation", Name::Is("In this notebook"));
const SETTINGS: (&str, Name<'static>) = ("navigation", Name::Is("Settings"));

#[test]
fn every_main_screen_shows_a_year_of_a_mentor() {
    let window = Plan::named("demo").argument("--demo").begin();
    let album = Album::default();
    window.see("You promised");
    album.screen(&window, "today");

    notebook(&window, &album);
    what_a_notebook_holds(&window, &album);
    goals(&window, &album);
    summaries(&window, &album);
    journal(&window, &album);
    what_is_begun(&window, &album);
    settings(&window, &album);
    layers(&window, &album);

    // A name stands in a form that was begun and not finished.
    window.press("Control+l");
    window.find("dialog", "Some of your words are not saved.");
    album.page(&window, "not-saved");
    window.click("button", "Stay");
    window.see("You promised");
    window.press("Control+l");
    window.click("button", "Lock and lose them");
    window.see("Locked.");
    album.page(&window, "locked");
    album.close();
}

fn notebook(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", containing("Amara Nwosu"));
    window.find("heading", "Amara Nwosu");
    window.see("Apply for senior lecturer");
    album.screen(window, "relationship");

    window.click_in(TABS, "link", containing("Meetings"));
    window.see("To come");
    album.page(window, "meetings");
    window.click("link", containing("The whole draft on the table"));
    window.find("heading", "The whole draft on the table");
    window.see("We read it aloud");
    assert!(
        window
            .value_of("What I heard, in my words")
            .contains("misses the sickest people")
    );
    album.screen(window, "meeting");
}

fn what_a_notebook_holds(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", containing("Amara Nwosu"));
    window.click_in(TABS, "link", containing("Notes"));
    window.see("Four co-authors at one table");
    album.screen(window, "notes");
    window.click("link", containing("Four co-authors at one table"));
    window.find("textbox", "The note");
    album.screen(window, "note");
    window.click("button", containing("Change who may read this"));
    window.find("dialog", "Who may read this");
    album.page(window, "level");
    window.press("Escape");

    for (tab, name) in [
        ("Feedback", "feedback"),
        ("Promises", "promises"),
        ("Summaries", "notebook-summaries"),
        ("Goals", "notebook-goals"),
    ] {
        window.click_in(MAIN, "link", containing("Amara Nwosu"));
        window.click_in(TABS, "link", containing(tab));
        window.find("heading", "Amara Nwosu");
        window.see_no_longer("Loading");
        album.screen(window, name);
    }
    window.click_in(TABS, "link", containing("Feedback"));
    window.click("link", containing("You repeated his question slowly"));
    window.find("textbox", containing("Situation"));
    album.screen(window, "one-feedback");

    for (entry, heading, name) in [
        ("Person card", "Person card", "person"),
        ("Edit the notebook", "Edit the notebook", "edit-notebook"),
        ("What has left", "What has left", "notebook-disclosures"),
        ("Bin", "Bin", "bin"),
    ] {
        window.click_in(MAIN, "link", containing("Amara Nwosu"));
        window.click("button", "More for this notebook");
        window.click("menuitem", entry);
        window.find("heading", heading);
        album.page(window, name);
    }
}

fn goals(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", "Goals and plan");
    window.see("Apply for senior lecturer");
    album.screen(window, "goals");
    window.click("link", containing("Apply for senior lecturer"));
    window.find("textbox", "Why it matters");
    album.screen(window, "goal");
}

fn summaries(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", "Summaries");
    window.find("link", containing("Mentoring summary for Dr Amara Nwosu"));
    album.screen(window, "summaries");
    window.click("link", containing("Towards a fellowship: Dr Daniel Rhee"));
    window.find("textbox", "The page");
    window.see("May be used");
    album.screen(window, "composer");
    window.click("button", "As it will leave");
    window.find("dialog", "As it will leave");
    album.page(window, "preview");
    window.press("Escape");

    window.click_in(MAIN, "link", "Summaries");
    window.click("link", containing("Mentoring summary for Dr Amara Nwosu"));
    window.find("textbox", "The page");
    window.see("You have both agreed to these very words.");
    album.screen(window, "agreed");
    window.click("button", "Export");
    window.find("textbox", "To whom");
    album.page(window, "export");
    window.press("Escape");

    window.click_in(MAIN, "link", "Summaries");
    window.click("button", "What has left");
    window.find("heading", "What has left");
    window.see_no_longer("Loading");
    album.screen(window, "disclosures");
}

fn journal(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", "Journal");
    window.find("textbox", "The page");
    window.see("Earlier pages");
    album.screen(window, "journal");
    window.click("button", "Bring in a journal…");
    window.find("heading", "Bring in a journal");
    album.screen(window, "import");
}

fn what_is_begun(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", "New relationship");
    window.find("heading", "A new notebook");
    window.type_into("Name, as you say it", "Noor Haddad");
    album.screen(window, "new-relationship");
    window.click_in(MAIN, "link", containing("Daniel Rhee"));
    window.click_in(TABS, "link", containing("Meetings"));
    window.click("button", "New meeting");
    window.find("heading", containing("Meeting with"));
    album.page(window, "new-meeting");
    window.click_in(MAIN, "link", "Summaries");
    window.click("button", "New summary");
    window.find("button", "Begin");
    album.page(window, "new-summary");
}

fn settings(window: &Journey, album: &Album) {
    window.press("Control+,");
    for (page, name) in [
        ("You", "settings-you"),
        ("Security", "settings-security"),
        ("Appearance", "settings-appearance"),
        ("Keyboard", "settings-keyboard"),
        ("About", "settings-about"),
    ] {
        window.click_in(SETTINGS, "link", page);
        window.find("heading", page);
        album.page(window, name);
    }
}

fn layers(window: &Journey, album: &Album) {
    window.click_in(MAIN, "link", "Today");
    window.see("You promised");
    window.press("Control+k");
    window.type_into("Find or go to", "am");
    window.find("group", "Notebooks");
    album.page(window, "palette");
    window.press("Escape");
    window.press("?");
    window.find("dialog", "All keys");
    album.page(window, "keys");
    window.press("Escape");
}
