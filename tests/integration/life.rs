//! Making a vault, locking and opening it, and its two ways in.

use std::{fs, sync::atomic::Ordering};

use serde_json::json;

use crate::world::{Home, PASSPHRASE};

#[test]
fn a_vault_is_made_confirmed_locked_and_opened_again() {
    let home = Home::new();
    let program = home.start();
    assert_eq!(program.vault_state(), "none");
    program.make_vault();
    let space = program.relationship("Amara Nwosu");
    program.note(&space, "private", "she sounded tired");
    assert_eq!(program.lock()["vault"], "locked");
    assert_eq!(program.fails("list_spaces", json!({})), "vaultLocked");
    program.unlock();
    assert_eq!(program.records(&space).len(), 1);
    assert_eq!(program.ok("profile", json!({}))["name"], "Helen");
}

#[test]
fn locking_leaves_the_lock_screen_to_a_fresh_process_where_there_can_be_one() {
    let home = Home::new();
    let program = home.start_open();
    program.desktop.replaces.store(true, Ordering::Relaxed);
    assert_eq!(
        program.lock(),
        json!(null),
        "this window shows nothing more"
    );
    assert_eq!(program.fails("list_spaces", json!({})), "vaultLocked");
    let left = || program.desktop.left.lock().expect("one at a time").clone();
    assert_eq!(left().len(), 1);
    assert_eq!(left()[0].place, "/today");
    // What is locked already needs no fresh process.
    assert_eq!(program.lock()["vault"], "locked");
    assert_eq!(left().len(), 1);
}

#[test]
fn everything_is_there_after_a_restart() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let made = program.note(&space, "shareable", "led the audit");
    drop(program);
    let program = home.start();
    assert_eq!(program.vault_state(), "locked");
    program.unlock();
    assert_eq!(
        program.ok("open_record", json!({ "id": made["line"]["id"] })),
        made
    );
}

#[test]
fn the_spare_key_must_be_confirmed_word_for_word() {
    let home = Home::new();
    let program = home.start();
    let made = program
        .slow(
            "create_vault",
            json!({ "passphrase": PASSPHRASE, "name": "" }),
        )
        .expect("a vault");
    assert_eq!(program.vault_state(), "setUp");
    let words: Vec<String> = serde_json::from_value(made).expect("words");
    let mut answers = program.answers(&words);
    answers[1]["word"] = json!("zebra-not-a-word");
    let code = program.slow_code("confirm_spare_key", json!({ "words": answers }));
    assert_eq!(code, "spareKeyConfirm");
    assert_eq!(program.vault_state(), "setUp");
    let mut answers = program.answers(&words);
    for answer in &mut answers {
        let word = answer["word"].as_str().expect("a word").to_uppercase();
        answer["word"] = json!(format!(" {word} "));
    }
    let state = program
        .slow("confirm_spare_key", json!({ "words": answers }))
        .expect("entered");
    assert_eq!(state["vault"], "open");
}

#[test]
fn the_sheet_with_the_spare_key_is_saved_where_the_person_says() {
    let home = Home::new();
    let program = home.start();
    program
        .slow(
            "create_vault",
            json!({ "passphrase": PASSPHRASE, "name": "Helen" }),
        )
        .expect("a vault");
    assert_eq!(
        program.ok("save_spare_key_sheet", json!({})),
        json!(null),
        "a changed mind"
    );
    let path = home.path().join("sheet.pdf");
    *program.desktop.save.lock().expect("one at a time") = Some(path.clone());
    assert_eq!(
        program.ok("save_spare_key_sheet", json!({}))["name"],
        "sheet.pdf"
    );
    assert!(std::fs::read(path).expect("written").starts_with(b"%PDF-"));
}

#[test]
fn the_spare_key_opens_the_vault_and_sets_a_new_passphrase() {
    let home = Home::new();
    let program = home.start();
    let words = program.make_vault().join(" ");
    program.lock();
    let next = "another four quiet words";
    let opened = program.slow(
        "unlock_with_spare_key",
        json!({ "words": words, "passphrase": next }),
    );
    assert_eq!(opened.expect("opened")["vault"], "open");
    program.lock();
    let old = program.slow_code("unlock_vault", json!({ "passphrase": PASSPHRASE }));
    assert_eq!(old, "wrongPassphrase");
    program
        .slow("unlock_vault", json!({ "passphrase": next }))
        .expect("opened");
}

#[test]
fn a_wrong_spare_key_is_told_apart_from_a_mistyped_one() {
    let home = Home::new();
    let program = home.start_open();
    program.lock();
    let try_words = |words: &str| {
        program.slow_code(
            "unlock_with_spare_key",
            json!({ "words": words, "passphrase": null }),
        )
    };
    assert_eq!(try_words("abandon"), "spareKeyCount");
    assert_eq!(try_words(&"xyzzy ".repeat(24)), "spareKeyWord");
    assert_eq!(try_words(&"abandon ".repeat(24)), "spareKeyChecksum");
    let other = format!("{}art", "abandon ".repeat(23));
    assert_eq!(try_words(&other), "wrongSpareKey");
}

#[test]
fn changing_the_passphrase_asks_for_the_present_one() {
    let home = Home::new();
    let program = home.start_open();
    let next = "another four quiet words";
    let change = |current: &str, next: &str| {
        program.slow(
            "change_passphrase",
            json!({ "current": current, "next": next }),
        )
    };
    assert_eq!(
        change("wrong", next).expect_err("refused")["code"],
        "wrongPassphrase"
    );
    assert_eq!(
        change(PASSPHRASE, "").expect_err("refused")["code"],
        "passphraseEmpty"
    );
    change(PASSPHRASE, next).expect("changed");
    program.lock();
    program
        .slow("unlock_vault", json!({ "passphrase": next }))
        .expect("opened");
}

#[test]
fn a_new_spare_key_ends_the_old_one_once_it_is_confirmed() {
    let home = Home::new();
    let program = home.start();
    let old = program.make_vault().join(" ");
    let make = || -> Vec<String> {
        let made = program.slow("replace_spare_key", json!({ "passphrase": PASSPHRASE }));
        serde_json::from_value(made.expect("made")).expect("words")
    };
    let with = |words: &str| {
        program.lock();
        program.slow(
            "unlock_with_spare_key",
            json!({ "words": words, "passphrase": null }),
        )
    };
    assert_eq!(program.fails("spare_key_questions", json!({})), "notFound");

    // Left before it was confirmed: the old one counts.
    let left = make().join(" ");
    assert_eq!(with(&left).expect_err("refused")["code"], "wrongSpareKey");
    with(&old).expect("opened");
    assert_eq!(program.fails("spare_key_words", json!({})), "notFound");

    let fresh = make();
    assert_eq!(program.ok("spare_key_words", json!({})), json!(fresh));
    let mut wrong = program.answers(&fresh);
    wrong[2]["word"] = json!("zebra-not-a-word");
    let code = program.slow_code("confirm_spare_key", json!({ "words": wrong }));
    assert_eq!(code, "spareKeyConfirm");
    let answers = program.answers(&fresh);
    program
        .slow("confirm_spare_key", json!({ "words": answers }))
        .expect("confirmed");
    assert_eq!(with(&old).expect_err("refused")["code"], "wrongSpareKey");
    with(&fresh.join(" ")).expect("opened");
}

#[test]
fn a_vault_whose_setting_up_was_cut_off_asks_for_its_spare_key_first() {
    let home = Home::new();
    let made = || -> Vec<String> {
        let program = home.start();
        let asked = json!({ "passphrase": PASSPHRASE, "name": "Helen" });
        let made = program.slow("create_vault", asked).expect("a vault");
        serde_json::from_value(made).expect("words")
    };
    let first = made();
    let program = home.start();
    assert_eq!(program.vault_state(), "locked");
    program.unlock();
    assert_eq!(program.vault_state(), "setUp");
    assert_eq!(program.fails("list_spaces", json!({})), "vaultLocked");
    let shown: Vec<String> =
        serde_json::from_value(program.ok("spare_key_words", json!({}))).expect("words");
    assert_ne!(shown, first);
    let answers = program.answers(&shown);
    let state = program
        .slow("confirm_spare_key", json!({ "words": answers }))
        .expect("entered");
    assert_eq!(state["vault"], "open");
    program.lock();
    let old = program.slow_code(
        "unlock_with_spare_key",
        json!({ "words": first.join(" "), "passphrase": null }),
    );
    assert_eq!(old, "wrongSpareKey");
    program.unlock();
    assert_eq!(program.vault_state(), "open");
}

#[test]
fn whoever_opens_a_cut_off_vault_with_its_spare_key_has_kept_it() {
    let home = Home::new();
    let program = home.start();
    let asked = json!({ "passphrase": PASSPHRASE, "name": "Helen" });
    let made = program.slow("create_vault", asked).expect("a vault");
    let words: Vec<String> = serde_json::from_value(made).expect("words");
    drop(program);
    let program = home.start();
    program
        .slow(
            "unlock_with_spare_key",
            json!({ "words": words.join(" "), "passphrase": null }),
        )
        .expect("opened");
    assert_eq!(program.vault_state(), "open");
    program.lock();
    program.unlock();
    assert_eq!(program.vault_state(), "open");
}

#[test]
fn locking_answers_locked_whatever_has_become_of_the_folder() {
    for pulled_out in [true, false] {
        let home = Home::new();
        let program = home.start_open();
        let aside = home.path().join("aside");
        fs::rename(home.vault(), &aside).expect("moved away");
        if !pulled_out {
            fs::write(home.vault(), "no folder").expect("written");
        }
        assert_eq!(program.lock()["vault"], "locked");
        assert_eq!(program.fails("list_spaces", json!({})), "vaultLocked");
        // Locking once more is no error either.
        let again = program.lock()["vault"].clone();
        assert_eq!(again, if pulled_out { "none" } else { "locked" });
        // Locking may have made a folder that holds nothing in the place of the one that was gone.
        match pulled_out {
            true if home.vault().exists() => fs::remove_dir_all(home.vault()).expect("removed"),
            true => {}
            false => fs::remove_file(home.vault()).expect("removed"),
        }
        fs::rename(&aside, home.vault()).expect("put back");
        program.unlock();
        assert_eq!(program.vault_state(), "open");
    }
}

#[test]
fn settings_are_kept_without_a_vault() {
    let home = Home::new();
    let program = home.start();
    let mut settings = program.ok("app_state", json!({}))["settings"].clone();
    settings["theme"] = json!("dark");
    settings["textSize"] = json!(400);
    let kept = program.ok("save_settings", json!({ "settings": settings }));
    assert_eq!(
        (kept["theme"].clone(), kept["textSize"].clone()),
        (json!("dark"), json!(150))
    );
    drop(program);
    assert_eq!(home.start().ok("app_state", json!({}))["settings"], kept);
}

#[test]
fn an_open_vault_does_not_answer_to_a_wrong_key_either() {
    let home = Home::new();
    let program = home.start();
    let words = program.make_vault().join(" ");
    let code = program.slow_code("unlock_vault", json!({ "passphrase": "not this one" }));
    assert_eq!(code, "wrongPassphrase");
    program.unlock();
    let with = |words: &str| {
        program.slow(
            "unlock_with_spare_key",
            json!({ "words": words, "passphrase": null }),
        )
    };
    let other = format!("{}art", "abandon ".repeat(23));
    assert_eq!(with(&other).expect_err("refused")["code"], "wrongSpareKey");
    with(&words).expect("it is the right one");
    assert_eq!(program.vault_state(), "open");
}
