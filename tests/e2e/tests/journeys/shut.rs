//! A notebook gets a second passphrase: it is shut while the vault is open, and in nothing, until that is given.

use e2e::{Journey, Name, containing};

use crate::{
    album::Album,
    person::{self, PASSPHRASE},
};

const SECOND: &str = "velvet harbour thimble seven";
const SENTENCE: &str = "She is thinking of leaving, and asked that nobody hear of it.";
const SHOWN: &str = "Thursdays";
const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));

#[test]
fn a_notebook_with_a_second_passphrase_stays_shut_while_the_vault_is_open() {
    let mut window = Journey::begin("shut");
    let album = Album::default();
    person::begin_a_vault(&window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
    window.click("button", "New note");
    window.type_into("Title of the note", "What she is thinking of");
    window.type_into("The note", SENTENCE);
    window.wait_until_saved();
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    choose(&window, &album);

    window.click("button", "Shut it now");
    window.find("heading", SHOWN);
    nothing_is_seen(&window);
    album.screen(&window, "shut");
    window.click_in(MAIN, "link", "Today");
    window.find("heading", containing("Ada"));
    nothing_is_seen(&window);

    window.restart();
    person::unlock(&window);
    window.click_in(MAIN, "link", containing(SHOWN));
    window.type_into("Second passphrase", PASSPHRASE);
    window.press("Enter");
    window.see("That did not open it. Nothing is lost.");
    window.click("button", "I no longer know it");
    window.see("nothing opens this notebook any more");
    album.screen(&window, "wrong");
    nothing_is_seen(&window);
    window.fill("Second passphrase", SECOND);
    window.press("Enter");
    window.find("heading", "Noor Haddad");
    window.see("What she is thinking of");
    album.page(&window, "opened");

    // Its keys go with the vault's: after locking it is shut again.
    window.restart();
    person::unlock(&window);
    window.click_in(MAIN, "link", containing(SHOWN));
    forget_it(&window, &album);
    album.close();
    window.close();
    window.no_file_holds(SENTENCE);
    window.no_file_holds(SECOND);
    window.no_file_holds(SHOWN);
}

fn nothing_is_seen(window: &Journey) {
    let text = window.text();
    for hidden in ["Noor", "Haddad", "thinking"] {
        assert!(!text.contains(hidden), "{hidden} is on the screen");
    }
}

fn choose(window: &Journey, album: &Album) {
    window.click("button", "More for this notebook");
    window.click("menuitem", "Second passphrase…");
    window.find("dialog", "A second passphrase for this notebook");
    window.see("If you forget it, nothing brings back this notebook");
    window.type_into("Second passphrase", SECOND);
    window.type_into("Type it once more", SECOND);
    window.see("Matches");
    window.fill("Name that is shown while it is shut", SHOWN);
    album.screen(window, "choose");
    window.click("button", "Choose it");
    window.find("dialog", "It has a second passphrase");
    window.see("The old keys are destroyed.");
    album.screen(window, "chosen");
    window.click("button", "Done");
    window.see("Shut it now");
}

fn forget_it(window: &Journey, album: &Album) {
    window.click("button", "I no longer know it");
    window.click("button", "Destroy this notebook…");
    window.see("Forget the notebook shown as Thursdays?");
    window.see("It is shut, so nobody can say what that is");
    window.fill("Type its name, to be sure", SHOWN);
    album.screen(window, "forget");
    window.click("button", "Forget for good");
    window.find("heading", "Forgotten");
    window.see("which was shut");
    album.screen(window, "forgotten");
}
