//! This computer's keychain as a way in, through the commands.

use std::sync::atomic::Ordering;

use serde_json::json;

use crate::world::{Home, PASSPHRASE};

#[test]
fn the_keychain_opens_the_vault_once_it_was_allowed_and_no_longer_once_it_was_withdrawn() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let allow =
        |passphrase: &str| program.slow("allow_keychain", json!({ "passphrase": passphrase }));
    let wrong = allow("not this one at all").expect_err("refused");
    assert_eq!(wrong["code"], "wrongPassphrase");
    assert_eq!(program.ok("app_state", json!({}))["keychain"], false);
    home.keychain.gone.store(true, Ordering::Relaxed);
    assert_eq!(
        allow(PASSPHRASE).expect_err("refused")["code"],
        "keychainUnavailable"
    );
    assert_eq!(program.ok("app_state", json!({}))["keychain"], false);
    home.keychain.gone.store(false, Ordering::Relaxed);
    assert_eq!(allow(PASSPHRASE).expect("allowed")["keychain"], true);

    program.lock();
    assert_eq!(program.ok("app_state", json!({}))["keychain"], true);
    home.keychain.gone.store(true, Ordering::Relaxed);
    let code = program.slow_code("unlock_with_keychain", json!({}));
    assert_eq!(code, "keychainUnavailable");
    assert_eq!(
        program.ok("app_state", json!({}))["keychain"],
        true,
        "another time"
    );
    home.keychain.gone.store(false, Ordering::Relaxed);
    let state = program
        .slow("unlock_with_keychain", json!({}))
        .expect("opened");
    assert_eq!(state["vault"], "open");
    program.note(&space, "private", "written after");

    let kept = home.keychain.kept.lock().expect("one at a time").clone();
    assert_eq!(
        program.ok("withdraw_keychain", json!({}))["keychain"],
        false
    );
    assert!(home.keychain.kept.lock().expect("one at a time").is_empty());
    program.lock();
    let code = program.slow_code("unlock_with_keychain", json!({}));
    assert_eq!(code, "keychainStale");
    // What somebody copied out of the keychain opens nothing any more.
    *home.keychain.kept.lock().expect("one at a time") = kept;
    let code = program.slow_code("unlock_with_keychain", json!({}));
    assert_eq!(code, "keychainStale");
    program.unlock();
    assert_eq!(program.records(&space).len(), 1);
}

#[test]
fn a_secret_that_went_stale_is_said_to_be_and_dropped() {
    let home = Home::new();
    let program = home.start_open();
    program
        .slow("allow_keychain", json!({ "passphrase": PASSPHRASE }))
        .expect("allowed");
    program.lock();
    for secret in home
        .keychain
        .kept
        .lock()
        .expect("one at a time")
        .values_mut()
    {
        secret[0] ^= 1;
    }
    let code = program.slow_code("unlock_with_keychain", json!({}));
    assert_eq!(code, "keychainStale");
    assert_eq!(program.ok("app_state", json!({}))["keychain"], false);
    assert!(home.keychain.kept.lock().expect("one at a time").is_empty());
    program.unlock();
}

#[test]
fn new_keys_for_everything_take_the_way_in_away() {
    let home = Home::new();
    let program = home.start_open();
    program
        .slow("allow_keychain", json!({ "passphrase": PASSPHRASE }))
        .expect("allowed");
    let shown = program
        .slow(
            "begin_rekey",
            json!({ "current": PASSPHRASE, "next": "thimble violin harbour onion", "seconds": [] }),
        )
        .expect("a new spare key");
    let words: Vec<String> = serde_json::from_value(shown).expect("words");
    let answers = program.answers(&words);
    program
        .slow("finish_rekey", json!({ "words": answers }))
        .expect("new keys");
    assert_eq!(program.ok("app_state", json!({}))["keychain"], false);
    assert!(home.keychain.kept.lock().expect("one at a time").is_empty());
    program.lock();
    let code = program.slow_code("unlock_with_keychain", json!({}));
    assert_eq!(code, "keychainStale");
}
