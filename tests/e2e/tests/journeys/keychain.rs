//! This computer's keychain, a real one, opens the vault for whoever asked for it, and no longer once it is taken away.

use e2e::{Name, Plan, containing};

use crate::{
    album::Album,
    person::{self, PASSPHRASE},
};

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const SETTINGS: (&str, Name<'static>) = ("navigation", Name::Is("Settings"));
const BY_KEYCHAIN: &str = "Open with this computer’s keychain";

#[test]
fn the_keychain_opens_the_vault_until_it_is_taken_away() {
    let mut window = Plan::named("keychain").with_keychain().begin();
    let album = Album::default();
    person::begin_a_vault(&window);
    window.press("Control+,");
    window.click_in(SETTINGS, "link", "Security");
    window.click("button", "Allow…");
    window.see("Whoever can use this computer as you");
    window.type_into("Current passphrase", PASSPHRASE);
    album.page(&window, "asked");
    window.click("button", "Let it");
    window.see("Opens the vault without the passphrase");
    album.page(&window, "allowed");

    window.press("Control+l");
    window.see("Locked.");
    album.screen(&window, "locked");
    window.click("button", BY_KEYCHAIN);
    window.find("navigation", "Main");
    window.restart();
    window.click("button", BY_KEYCHAIN);
    window.find("navigation", "Main");
    window.no_file_holds(PASSPHRASE);

    window.press("Control+,");
    window.click_in(SETTINGS, "link", "Security");
    window.click("button", "Take it away");
    window.see("May open the vault without the passphrase");
    window.press("Control+l");
    window.see("Locked.");
    assert_eq!(window.count("button", BY_KEYCHAIN), 0);
    person::unlock(&window);
    window.find_in(MAIN, "link", containing("Today"));
    album.close();
    window.close();
}

#[test]
fn without_a_keychain_it_is_said_and_nothing_is_left() {
    let mut window = Plan::named("no-keychain").begin();
    person::begin_a_vault(&window);
    window.press("Control+,");
    window.click_in(SETTINGS, "link", "Security");
    window.click("button", "Allow…");
    window.type_into("Current passphrase", PASSPHRASE);
    window.click("button", "Let it");
    window.see("This computer’s keychain cannot be reached");
    window.press("Escape");
    window.press("Control+l");
    window.see("Locked.");
    assert_eq!(window.count("button", BY_KEYCHAIN), 0);
    window.close();
}
