//! Making a vault, locking and opening it, and its two ways in.

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
    assert_eq!(program.ok("lock_vault", json!({}))["vault"], "locked");
    assert_eq!(program.fails("list_spaces", json!({})), "vaultLocked");
    program.unlock();
    assert_eq!(program.records(&space).len(), 1);
    assert_eq!(program.ok("profile", json!({}))["name"], "Helen");
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
    program.ok("lock_vault", json!({}));
    let next = "another four quiet words";
    let opened = program.slow(
        "unlock_with_spare_key",
        json!({ "words": words, "passphrase": next }),
    );
    assert_eq!(opened.expect("opened")["vault"], "open");
    program.ok("lock_vault", json!({}));
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
    program.ok("lock_vault", json!({}));
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
    program.ok("lock_vault", json!({}));
    program
        .slow("unlock_vault", json!({ "passphrase": next }))
        .expect("opened");
}

#[test]
fn a_new_spare_key_ends_the_old_one() {
    let home = Home::new();
    let program = home.start();
    let old = program.make_vault().join(" ");
    let fresh = program
        .slow("replace_spare_key", json!({ "passphrase": PASSPHRASE }))
        .expect("replaced");
    let fresh: Vec<String> = serde_json::from_value(fresh).expect("words");
    program.ok("lock_vault", json!({}));
    let with = |words: String| {
        program.slow(
            "unlock_with_spare_key",
            json!({ "words": words, "passphrase": null }),
        )
    };
    assert_eq!(with(old).expect_err("refused")["code"], "wrongSpareKey");
    with(fresh.join(" ")).expect("opened");
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
