//! Somebody may know the passphrase: everything gets new keys, and the old passphrase opens nothing.

use e2e::{Journey, Name, containing};

use crate::{
    album::Album,
    person::{self, PASSPHRASE},
};

const NEW: &str = "thimble violin harbour onion lantern";
const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const SETTINGS: (&str, Name<'static>) = ("navigation", Name::Is("Settings"));

#[test]
fn everything_gets_new_keys_and_the_old_passphrase_opens_nothing() {
    let mut window = Journey::begin("rekey");
    let album = Album::default();
    let old = person::begin_a_vault(&window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
    window.click("button", "New note");
    window.type_into("Title of the note", "It stays");
    window.wait_until_saved();

    window.press("Control+,");
    window.click_in(SETTINGS, "link", "Security");
    window.click("button", "New keys…");
    window.see("Until then the old ones count.");
    window.type_into("Current passphrase", PASSPHRASE);
    window.type_into("New passphrase", NEW);
    window.type_into("Type it once more", NEW);
    album.screen(&window, "asked");
    window.click("button", "Go on");
    let words = person::keep_and_confirm(&window, "Give everything new keys");
    assert_ne!(words, old);
    window.see("Everything has new keys.");
    window.see("The old keys are destroyed.");
    album.screen(&window, "done");
    window.click("button", "Done");
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.see("It stays");

    window.press("Control+l");
    window.see("Locked.");
    window.type_into("Passphrase", PASSPHRASE);
    window.press("Enter");
    window.see("That did not open it.");
    window.fill("Passphrase", NEW);
    window.press("Enter");
    window.find("heading", containing("Noor Haddad"));
    window.see("It stays");
    album.close();
    window.close();
}
