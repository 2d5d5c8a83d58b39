//! Making a vault, leaving it, and coming back.

use e2e::{Journey, Theme};

use crate::person::{self, PASSPHRASE};

#[test]
fn a_vault_is_made_closed_and_opened_again() {
    let mut window = Journey::begin("first-start");
    window.see("A place to keep a confidence.");
    window.axe();
    window.screenshot("welcome", Theme::Light);
    window.screenshot("welcome", Theme::Dark);
    let words = person::begin_a_vault(&window);
    window.find("heading", "Journal");
    window.axe();
    window.no_socket_leaves_the_machine();

    window.restart();
    window.see("Welcome back.");
    window.axe();
    window.screenshot("unlock", Theme::Light);
    window.type_into("Passphrase", "not the passphrase at all");
    window.click("button", "Open vault");
    window.see("That did not open it.");
    window.fill("Passphrase", "");
    person::unlock(&window);

    window.close();
    window.no_file_holds(PASSPHRASE);
    window.no_file_holds(&words[..4].join(" "));
}
