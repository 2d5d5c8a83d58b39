//! From the lock screen to a saved note, its level, the palette and back, without a pointer.

use e2e::{Journey, Theme, containing};

use crate::person::{self, PASSPHRASE};

#[test]
fn keys_alone_do_the_daily_work() {
    let mut window = Journey::begin("keyboard");
    person::begin_a_vault(&window);
    // From here on nothing is clicked.
    window.restart();
    window.see("Welcome back.");
    let (role, name) = window.focused();
    assert_eq!((role.as_str(), name.as_str()), ("textbox", "Passphrase"));
    window.type_text(PASSPHRASE);
    window.press("Enter");
    window.find("navigation", "Main");

    person::make_a_notebook_by_hand(&window);
    write_a_note(&window);
    change_its_level(&window);
    find_it_again(&window);

    window.press("Control+l");
    window.see("Locked.");
    let (role, name) = window.focused();
    assert_eq!((role.as_str(), name.as_str()), ("textbox", "Passphrase"));
    window.type_text(PASSPHRASE);
    window.press("Enter");
    window.find("navigation", "Main");
    window.press("Control+1");
    window.see("By hand alone");
}

fn write_a_note(window: &Journey) {
    window.press("n");
    window.find("textbox", "Title of the note");
    window.tab_to("textbox", "Title of the note");
    window.type_text("By hand alone");
    window.press("Enter");
    let (role, name) = window.focused();
    assert_eq!((role.as_str(), name.as_str()), ("textbox", "The note"));
    window.type_text("She asked for a week, and took two.");
    window.wait_until_saved();
}

fn change_its_level(window: &Journey) {
    window.tab_to("button", "Private. Change who may read this");
    window.screenshot("focus", Theme::Light);
    let (_, name) = window.focused();
    assert_eq!(name, "Private. Change who may read this", "the focus stays");
    window.press("Enter");
    window.find("dialog", "Who may read this");
    let (role, _) = window.focused();
    assert_eq!(role, "radio", "the focus is in the panel");
    window.press("ArrowDown");
    window.tab_to("button", "Make it Shareable");
    window.press("Enter");
    window.find("button", "Shareable. Change who may read this");
    let (_, name) = window.focused();
    assert_eq!(
        name, "Shareable. Change who may read this",
        "the focus returns"
    );
}

fn find_it_again(window: &Journey) {
    window.press("Control+j");
    window.find("heading", "Journal");
    window.press("Control+k");
    window.find("combobox", "Find or go to");
    window.type_text("hand");
    window.find("option", containing("By hand alone"));
    window.screenshot("palette", Theme::Light);
    window.press("Enter");
    window.see("She asked for a week, and took two.");
    window.press("?");
    window.find("dialog", "All keys");
    window.press("Escape");
    window.see_no_longer("All keys");
    window.press("Control+k");
    window.find("combobox", "Find or go to");
    window.press("Escape");
    window.see("She asked for a week, and took two.");
}
