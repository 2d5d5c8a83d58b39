//! Everything that can be wrong with a vault when it is opened: each has its code, nothing is lost.

use std::fs;

use serde_json::json;

use crate::world::{Home, PASSPHRASE};

/// A home with a vault that holds one note, locked.
fn home() -> (Home, String) {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    program.note(&space, "private", "she sounded tired");
    program.lock();
    (home, space)
}

#[test]
fn whoever_says_that_an_older_vault_is_the_one_that_is_wanted_is_not_asked_again() {
    let (home, space) = home();
    let kept = home.path().join("kept");
    testkit::copy_folder(&home.vault(), &kept);
    let program = home.start();
    program.unlock();
    program.note(&space, "private", "only in the newer one");
    program.lock();
    fs::remove_dir_all(home.vault()).expect("it is ours");
    testkit::copy_folder(&kept, &home.vault());
    for _ in 0..2 {
        program.unlock();
        let told = notices(&program);
        assert!(told.contains(&"rolledBack".to_owned()), "{told:?}");
        let behind = "journalBehind".to_owned();
        assert!(!told.contains(&behind), "those saves are in the newer one");
        program.lock();
    }
    program.unlock();
    let state = program.ok("accept_vault", json!({}));
    assert_eq!(state["opened"], json!([]));
    program.lock();
    program.unlock();
    assert!(notices(&program).is_empty(), "{:?}", notices(&program));
}

#[test]
fn only_what_the_window_may_still_have_held_is_called_lost() {
    let (home, _) = home();
    let program = home.start();
    assert!(!program.lock_without_window().lost_words, "locked");
    program.unlock();
    assert!(program.lock_without_window().lost_words, "open");
    program.unlock();
    // The window has saved and begun to lock, and that takes long.
    program.lock();
    assert!(!program.lock_without_window().lost_words, "saved before");
    let fresh = Home::new();
    let program = fresh.start();
    program
        .slow(
            "create_vault",
            json!({ "passphrase": PASSPHRASE, "name": "Helen" }),
        )
        .expect("made");
    assert!(
        !program.lock_without_window().lost_words,
        "nothing to write in"
    );
}

/// Every file of a vault, with its content.
fn files(home: &Home) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![home.vault().join("sync")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("listed") {
            let path = entry.expect("listed").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), fs::read(path).expect("read")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_wrong_passphrase_says_so_and_writes_nothing() {
    let (home, _) = home();
    let before = files(&home);
    let program = home.start();
    for wrong in [
        "wrong",
        "lantern orbit maple quiet ",
        "Lantern orbit maple quiet",
    ] {
        let code = program.slow_code("unlock_vault", json!({ "passphrase": wrong }));
        assert_eq!(code, "wrongPassphrase");
    }
    assert_eq!(
        program.slow_code("unlock_vault", json!({ "passphrase": "" })),
        "passphraseEmpty"
    );
    assert_eq!(files(&home), before);
    program.unlock();
}

#[test]
fn one_damaged_header_is_mended_and_told_and_two_are_damage() {
    let (home, space) = home();
    let header = |copy: &str| home.vault().join("sync").join(format!("header.{copy}"));
    let mut bytes = fs::read(header("a")).expect("read");
    bytes[300] ^= 1;
    fs::write(header("a"), &bytes).expect("written");
    let program = home.start();
    program.unlock();
    let state = program.ok("app_state", json!({}));
    assert_eq!(state["opened"][0]["code"], "headerRepaired", "{state}");
    assert_eq!(program.records(&space).len(), 1);
    program.lock();

    for copy in ["a", "b"] {
        let mut bytes = fs::read(header(copy)).expect("read");
        bytes[300] ^= 1;
        fs::write(header(copy), &bytes).expect("written");
    }
    let before = files(&home);
    let program = home.start();
    assert_eq!(program.vault_state(), "damaged");
    let code = program.slow_code("unlock_vault", json!({ "passphrase": PASSPHRASE }));
    assert_eq!(code, "vaultDamaged");
    assert_eq!(
        files(&home),
        before,
        "nothing is written to a damaged vault"
    );
}

#[test]
fn a_vault_of_a_newer_program_is_left_as_it_is() {
    let (home, _) = home();
    for copy in ["a", "b"] {
        let path = home.vault().join("sync").join(format!("header.{copy}"));
        let mut bytes = fs::read(&path).expect("read");
        // Version and oldest reader; the plain hash at the end is made right for them.
        bytes[8] = 9;
        bytes[10] = 9;
        let digest = sha256(&bytes[..4064]);
        bytes[4064..].copy_from_slice(&digest);
        fs::write(path, bytes).expect("written");
    }
    let before = files(&home);
    let program = home.start();
    assert_eq!(program.vault_state(), "newer");
    let code = program.slow_code("unlock_vault", json!({ "passphrase": PASSPHRASE }));
    assert_eq!(code, "vaultNewer");
    assert_eq!(files(&home), before);
}

#[test]
fn a_vault_that_is_open_elsewhere_is_said_to_be() {
    let (home, space) = home();
    let first = home.start();
    first.unlock();
    let second = home.start();
    let code = second.slow_code("unlock_vault", json!({ "passphrase": PASSPHRASE }));
    assert_eq!(code, "vaultInUse");
    first.note(&space, "private", "the first one goes on");
    first.lock();
    second.unlock();
    assert_eq!(second.records(&space).len(), 2);
}

#[test]
fn a_second_vault_is_not_made_over_the_first() {
    let (home, _) = home();
    let before = files(&home);
    let program = home.start();
    let made = program.slow_code(
        "create_vault",
        json!({ "passphrase": PASSPHRASE, "name": "" }),
    );
    assert_eq!(made, "vaultExists");
    assert_eq!(files(&home), before);
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

/// What was out of the ordinary, as the window is told.
fn notices(program: &crate::world::Program) -> Vec<String> {
    let state = program.ok("app_state", json!({}));
    let opened = state["opened"].as_array().expect("notices");
    opened
        .iter()
        .map(|notice| notice["code"].as_str().expect("a code").to_owned())
        .collect()
}

#[test]
fn a_row_lost_while_locked_is_told_after_the_opening_and_mended_by_the_next() {
    let (home, space) = home();
    testkit::lose_a_row(&home.vault());
    let program = home.start();
    program.unlock();
    let told = || {
        !program
            .desktop
            .told
            .lock()
            .expect("one at a time")
            .is_empty()
    };
    let begun = std::time::Instant::now();
    while !told() {
        assert!(
            begun.elapsed().as_secs() < 30,
            "the window was told nothing"
        );
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(
        *program.desktop.told.lock().expect("one at a time"),
        ["vault-checked"]
    );
    assert!(notices(&program).contains(&"checkFailed".to_owned()));
    program.lock();
    program.unlock();
    assert_eq!(notices(&program), ["storeRebuilt"]);
    assert_eq!(program.records(&space).len(), 1);
}
