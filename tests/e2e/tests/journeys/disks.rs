//! A disk that is full, and one that lets nothing be written: said, and no word is lost.

use std::thread;
use std::time::Duration;

use e2e::{Journey, Name, SmallDisk, Theme, containing};

use crate::person;

const MAIN: (&str, Name<'static>) = ("navigation", Name::Is("Main"));
const MEBIBYTES: u32 = 96;
/// After a save the vault is at rest again by then.
const SETTLED: Duration = Duration::from_secs(6);
/// More than fit into a block.
const SAVES_THAT_MAY_FIT: usize = 8;
const KEPT: &str = "These words were saved while there was room";
const MORE: &str = ", and these when there was none";

#[test]
fn a_full_disk_is_said_and_no_word_is_lost() {
    let mut window = Journey::begin("full-disk");
    let Some(disk) = SmallDisk::at(&window.folders().vault(), MEBIBYTES) else {
        return;
    };
    begin(&window);
    // What the vault does in the background after a save can free space, too.
    thread::sleep(SETTLED);
    disk.fill();
    // In the last block of a file that is there already a save or two may still find room.
    let mut words = KEPT.to_owned();
    for _ in 0..SAVES_THAT_MAY_FIT {
        window.type_into("The note", MORE);
        words.push_str(MORE);
        if !window.is_saved() {
            break;
        }
    }
    window.see("Not saved. The disk is full.");
    assert_eq!(window.value_of("The note"), words);
    window.axe();
    window.screenshot("not-saved", Theme::Light);
    window.screenshot("not-saved", Theme::Dark);

    disk.free();
    window.click("button", "Try again");
    window.see_no_longer("Not saved.");
    window.wait_until_saved();
    window.close();

    // What is there can be read although there is no room to write a single byte.
    disk.fill();
    window.reopen();
    person::unlock(&window);
    window.see("You can read everything; nothing new can be saved.");
    read(&window, &words);
    window.close();

    disk.free();
    window.reopen();
    person::unlock(&window);
    read(&window, &words);
    window.type_into("The note", ".");
    window.wait_until_saved();
    window.close();
}

#[test]
fn a_disk_that_lets_nothing_be_written_is_said_and_everything_can_be_read() {
    let mut window = Journey::begin("read-only");
    let Some(disk) = SmallDisk::at(&window.folders().vault(), MEBIBYTES) else {
        return;
    };
    begin(&window);
    window.close();
    let before = window.folders().contents_of_vault();
    disk.set_read_only(true);

    window.reopen();
    person::unlock(&window);
    window.see("The disk lets nothing be written.");
    read(&window, KEPT);
    window.type_into("The note", MORE);
    window.see("Not saved. The disk lets nothing be written.");
    window.axe();
    window.screenshot("read-only", Theme::Light);
    window.screenshot("read-only", Theme::Dark);
    window.kill9();
    assert_eq!(window.folders().contents_of_vault(), before);

    disk.set_read_only(false);
    window.reopen();
    person::unlock(&window);
    read(&window, KEPT);
    window.close();
}

/// A vault with one notebook, and a note in it that is open and saved.
fn begin(window: &Journey) {
    person::begin_a_vault(window);
    window.click_in(MAIN, "link", "New relationship");
    window.type_into("Name, as you say it", "Noor Haddad");
    window.click("button", "Make the notebook");
    window.find("heading", "Noor Haddad");
    window.click("button", "New note");
    window.type_into("Title of the note", "Room");
    window.type_into("The note", KEPT);
    window.wait_until_saved();
}

fn read(window: &Journey, words: &str) {
    window.click_in(MAIN, "link", containing("Noor Haddad"));
    window.click("link", containing("Room"));
    window.see(words);
    assert_eq!(window.value_of("The note"), words);
}
