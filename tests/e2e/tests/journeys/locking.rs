//! Locking begins the program anew, and nobody notices but by the lock screen.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{Journey, Name, Plan, containing};

use crate::person;

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

/// From the key to a lock screen that takes the passphrase, of a debug build on a machine that may be busy.
const BACK_WITHIN: Duration = Duration::from_secs(20);

/// How long logind waits for everybody before the computer sleeps, unless it is told otherwise.
const LOGIND_WAITS: Duration = Duration::from_secs(5);

#[test]
fn the_lock_screen_comes_back_in_the_same_place() {
    let mut window = Plan::named("locking").in_usual_places().begin();
    person::begin_a_vault(&window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
    window.resize(1100, 700);
    window.move_window(180, 120);
    let before = window.place_of_window();

    let begun = Instant::now();
    window.press("Control+l");
    window.see("Locked.");
    assert!(begun.elapsed() < BACK_WITHIN, "took {:?}", begun.elapsed());
    window.see("Your notes are here.");
    window.wait_until_in_front();
    assert_eq!(window.place_of_window(), before);
    assert_eq!(window.focused().1, "Passphrase");

    // Typed where the focus is, as people do.
    window.type_text(person::PASSPHRASE);
    window.press("Enter");
    window.find("heading", containing("Noor Haddad"));

    // It is still the one program of this person.
    let second = window
        .run_beside()
        .expect("the second start ends by itself");
    assert!(second.status.success(), "{second:?}");
    window.wait_until_in_front();

    window.press("Control+l");
    window.see("Locked.");
    assert_eq!(window.place_of_window(), before);
    window.close();
}

#[test]
fn the_demo_is_locked_and_opened_again() {
    let window = Plan::named("locked-demo").argument("--demo").begin();
    window.see("You promised");
    window.press("Control+l");
    window.see("Locked.");
    window.type_into("Passphrase", "demo");
    window.click("button", "Open vault");
    window.see("You promised");
}

#[test]
fn the_vault_is_locked_before_the_computer_sleeps_and_with_the_screen() {
    let window = Plan::named("sleep").with_logind().begin();
    person::begin_a_vault(&window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.click("button", "New note");
    window.type_into("Title of the note", "Lid shut");
    window.type_into("The note", "She said it in the very mo");
    window.logind().wait_until_delayed();
    let waited = window.logind().sleep();
    assert!(
        waited < LOGIND_WAITS,
        "the computer slept before: {waited:?}"
    );
    window.logind().wake();
    window.see("Locked.");
    window.see("Your notes are here.");
    person::unlock(&window);
    assert_eq!(window.value_of("The note"), "She said it in the very mo");

    // It holds up the next sleep too.
    window.logind().wait_until_delayed();
    window.logind().lock_screen(true);
    window.see("Locked.");
    person::unlock(&window);
    window.press("Control+,");
    window.see("Confidant locks by itself when you lock the screen");
}

/// A window with an open vault that locks after a minute with nobody there.
fn idle_window(name: &str) -> Journey {
    let mut window = Journey::begin(name);
    person::begin_a_vault(&window);
    window.close();
    let settings = window.folders().device().join("settings.json");
    let text = std::fs::read(&settings).unwrap_or_else(|_| b"{}".to_vec());
    let mut set: serde_json::Value = serde_json::from_slice(&text).expect("settings");
    set["autoLockMinutes"] = 1.into();
    std::fs::write(&settings, set.to_string()).expect("written");
    window.reopen();
    person::unlock(&window);
    window
}

#[test]
fn after_a_minute_with_nobody_there_it_locks_and_what_was_being_written_is_saved() {
    let window = idle_window("idle");
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.click("button", "New note");
    window.type_into("The note", "In the middle of a thou");
    let begun = Instant::now();
    thread::sleep(Duration::from_secs(50));
    assert!(!window.text().contains("Locked."), "somebody was there");
    window.see("Locked.");
    assert!(
        begun.elapsed() >= Duration::from_secs(58),
        "too early: {:?}",
        begun.elapsed()
    );
    person::unlock(&window);
    assert_eq!(window.value_of("The note"), "In the middle of a thou");
}

#[test]
fn a_window_that_hangs_with_nobody_there_is_locked_by_the_program() {
    let window = idle_window("idle-hanging");
    window.hang_pages();
    thread::sleep(Duration::from_secs(70));
    window.see("Locked.");
    window.see("could not be saved before the vault was locked");
    person::unlock(&window);
}

#[test]
fn a_window_that_hangs_is_locked_all_the_same() {
    let window = Plan::named("hanging").with_logind().begin();
    person::begin_a_vault(&window);
    window.logind().wait_until_delayed();
    window.hang_pages();
    let waited = window.logind().sleep();
    assert!(
        waited < LOGIND_WAITS,
        "the computer slept before: {waited:?}"
    );
    window.see("Locked.");
    // Nobody knows what it held.
    window.see("could not be saved before the vault was locked");
    person::unlock(&window);
}

#[test]
fn a_computer_that_tells_nothing_of_its_screen_is_said_to() {
    let window = Plan::named("unwatched").begin();
    person::begin_a_vault(&window);
    window.press("Control+,");
    window.see("This computer does not tell Confidant when its screen is locked");
    window.see("other programs of yours c");
    window.see("When memory runs short");
    window.axe();
}

#[test]
fn a_window_that_was_put_away_comes_back_put_away() {
    let plan = Plan::named("put-away").in_usual_places().with_logind();
    let window = plan.begin();
    person::begin_a_vault(&window);
    window.logind().wait_until_delayed();
    window.minimise();
    window.logind().lock_screen(true);
    window.see("Locked.");
    assert!(!window.is_in_front(), "it takes nobody's keys");

    let second = window
        .run_beside()
        .expect("the second start ends by itself");
    assert!(second.status.success(), "{second:?}");
    window.wait_until_in_front();
    window.type_natively(person::PASSPHRASE);
    window.press_natively("Return");
    window.find("navigation", "Main");
}
