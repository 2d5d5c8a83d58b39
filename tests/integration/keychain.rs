//! This computer's keychain as a way in, through the commands.

use std::{
    fs,
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

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
fn whoever_does_not_answer_the_keychain_can_stop_waiting_for_it() {
    let home = Home::new();
    let program = home.start_open();
    let allow = || program.slow("allow_keychain", json!({ "passphrase": PASSPHRASE }));
    let answer = program.stop_at_the_keychain(&home.keychain);
    assert_eq!(allow().expect_err("stopped")["code"], "cancelled");
    let state = program.ok("app_state", json!({}));
    assert_eq!(
        (&state["keychain"], &state["otherKeychains"]),
        (&json!(false), &json!(0))
    );
    // They say yes in the end: what was handed over then is dropped.
    answer.send(()).expect("it waits");
    let begun = Instant::now();
    while home.keychain.removals.load(Ordering::Relaxed) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "never dropped");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(home.keychain.kept.lock().expect("one at a time").is_empty());
    assert_eq!(program.ok("app_state", json!({}))["keychain"], false);

    assert_eq!(allow().expect("allowed")["keychain"], true);
    program.lock();
    let answer = program.stop_at_the_keychain(&home.keychain);
    let code = program.slow_code("unlock_with_keychain", json!({}));
    assert_eq!(code, "cancelled");
    assert_eq!(program.vault_state(), "locked");
    answer.send(()).expect("it waits");
    program
        .slow("unlock_with_keychain", json!({}))
        .expect("opened the next time");
}

#[test]
fn the_keychains_of_other_computers_are_counted_and_can_be_shut_out() {
    let home = Home::new();
    let program = home.start_open();
    program
        .slow("allow_keychain", json!({ "passphrase": PASSPHRASE }))
        .expect("allowed");
    program.lock();
    // As on a computer whose settings were lost: what it keeps opens the vault still.
    fs::remove_file(home.path().join("device/keychain.json")).expect("its note");
    program.unlock();
    let state = program.ok("app_state", json!({}));
    assert_eq!(
        (&state["keychain"], &state["otherKeychains"]),
        (&json!(false), &json!(1))
    );
    let state = program.ok("withdraw_other_keychains", json!({}));
    assert_eq!(state["otherKeychains"], 0);
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
