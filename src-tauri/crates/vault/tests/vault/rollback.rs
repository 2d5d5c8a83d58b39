//! Folders put back to an older state, or replaced by another branch of their history.

use testkit::TempVault;
use vault::{Finding, Vault};

use crate::support::*;

fn rollback(vault: &Vault) -> bool {
    vault
        .opening()
        .findings
        .iter()
        .any(|f| matches!(f, Finding::Rollback { .. }))
}

fn fork(vault: &Vault) -> bool {
    vault
        .opening()
        .findings
        .iter()
        .any(|f| matches!(f, Finding::Fork { .. }))
}

#[test]
fn an_older_folder_is_noticed_again_and_again_on_the_machine_that_knows_better() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "old")).unwrap();
    vault.lock().unwrap();
    let older = temp.copy();
    let vault = temp.open().unwrap();
    for number in 2..5 {
        vault.save(note(space, number, "new")).unwrap();
    }
    vault.lock().unwrap();
    temp.restore_folder_from(&older);
    for _ in 0..2 {
        let vault = temp.open().unwrap();
        assert!(rollback(&vault), "{:?}", vault.opening());
        // The numbers of the lost saves are not given again.
        let saved = vault.save(note(space, 2, "after")).unwrap();
        assert!(saved.sequence > 4);
        vault.lock().unwrap();
        temp.restore_folder_from(&older);
    }
    // A machine that never saw the newer state cannot know.
    let vault = older.open().unwrap();
    assert_eq!(vault.opening().findings, []);
}

#[test]
fn an_older_state_that_is_wanted_is_asked_about_once_and_the_newer_one_is_noticed_if_it_comes_back()
{
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "old")).unwrap();
    vault.lock().unwrap();
    let older = temp.copy();
    let vault = temp.open().unwrap();
    for number in 2..5 {
        vault.save(note(space, number, "new")).unwrap();
    }
    vault.lock().unwrap();
    let newer = temp.copy();

    temp.restore_folder_from(&older);
    let vault = temp.open().unwrap();
    assert!(rollback(&vault));
    vault.save(note(space, 5, "it is the one")).unwrap();
    vault.accept_state().unwrap();
    vault.lock().unwrap();
    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, [], "nobody is asked again");
    vault.save(note(space, 6, "on it goes")).unwrap();
    vault.lock().unwrap();
    assert_eq!(temp.open().unwrap().opening().findings, []);

    temp.restore_folder_from(&newer);
    let vault = temp.open().unwrap();
    assert!(
        fork(&vault) || rollback(&vault),
        "{:?}",
        vault.opening().findings
    );
}

#[test]
fn another_branch_of_the_same_history_is_a_fork() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "common")).unwrap();
    vault.lock().unwrap();
    let branch = temp.copy();
    for (place, text) in [(&temp, "here"), (&branch, "there")] {
        let vault = place.open().unwrap();
        for number in 2..4 {
            vault.save(note(space, number, text)).unwrap();
        }
        vault.lock().unwrap();
    }
    temp.restore_folder_from(&branch);
    let vault = temp.open().unwrap();
    assert!(fork(&vault), "{:?}", vault.opening());
    drop(vault);
    // Even when the other branch has gone further on.
    let vault = branch.open().unwrap();
    vault.save(note(space, 9, "further")).unwrap();
    vault.lock().unwrap();
    temp.restore_folder_from(&branch);
    assert!(fork(&temp.open().unwrap()));
}

#[test]
fn an_older_header_keyring_or_journal_alone_is_noticed() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let old: std::collections::BTreeMap<_, _> = rig.disk.files().into_iter().collect();
    let vault = rig.open();
    plain(&vault);
    vault.save(note(space, 2, "text")).unwrap();
    vault.lock().unwrap();
    let now = rig.picture();

    // Header and keyring of before.
    for copy in ["sync/header.a", "sync/header.b"] {
        let path = rig.temp.root().join(copy);
        rig.disk
            .tamper(&path, |bytes| bytes.clone_from(&old[&path]));
    }
    assert!(rollback(&rig.open()));

    // The keyring alone: the header says which one belongs to it.
    rig.come_back_to(&now);
    let keyrings: Vec<_> = rig.disk.files().into_iter().collect();
    let keyrings = keyrings
        .iter()
        .filter(|(path, _)| path.to_string_lossy().contains("/sync/keyring."));
    let newest = keyrings.map(|(path, _)| path).max().unwrap();
    let (_, older) = old
        .iter()
        .filter(|(path, _)| path.to_string_lossy().contains("/sync/keyring."))
        .max()
        .unwrap();
    rig.disk.tamper(newest, |bytes| bytes.clone_from(older));
    let vault = rig.open();
    let behind = |f: &Finding| matches!(f, Finding::KeyringBehind { .. });
    assert!(
        vault.opening().findings.iter().any(behind),
        "{:?}",
        vault.opening()
    );
    assert!(vault.read_only());
    drop(vault);

    // CURRENT alone is a hint: the store is brought up from where it stands.
    rig.come_back_to(&now);
    let path = rig.temp.root().join("local/CURRENT");
    rig.disk
        .tamper(&path, |bytes| bytes.clone_from(&old[&path]));
    let vault = rig.open();
    assert_eq!(alarming(&vault), []);
    assert_eq!(text(&vault, space, 2).as_deref(), Some("text"));
    drop(vault);

    // The journal, checkpoint and store of before.
    rig.come_back_to(&now);
    rig.remove_stores();
    for (path, _) in rig.disk.files() {
        let name = path.to_string_lossy().into_owned();
        let newer = name.contains("/journal/") || name.contains("/checkpoints/");
        if newer && !old.contains_key(&path) {
            vault::Disk::remove(&rig.disk, &path).unwrap();
        }
    }
    let vault = rig.open();
    assert!(rollback(&vault), "{:?}", vault.opening());
    let behind = |f: &Finding| matches!(f, Finding::JournalBehind { .. });
    assert!(vault.opening().findings.iter().any(behind));
    assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
}

#[test]
fn a_new_machine_says_that_it_cannot_know_and_writes_as_a_device_of_its_own() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "first machine")).unwrap();
    let first = vault.device();
    vault.lock().unwrap();
    let elsewhere = temp.copy();
    std::fs::remove_dir_all(&elsewhere.places().device).unwrap();
    let vault = elsewhere.open().unwrap();
    assert_eq!(vault.opening().findings, [Finding::FirstTimeHere]);
    assert_ne!(vault.device(), first);
    assert_eq!(text(&vault, space, 1).as_deref(), Some("first machine"));
    assert_eq!(
        vault
            .save(note(space, 1, "second machine"))
            .unwrap()
            .sequence,
        1
    );
    vault.save(note(space, 2, "second machine")).unwrap();
    drop(vault);
    for store in stores(elsewhere.root()) {
        std::fs::remove_dir_all(store).unwrap();
    }
    let vault = elsewhere.open().unwrap();
    assert_eq!(alarming(&vault), []);
    assert_eq!(text(&vault, space, 1).as_deref(), Some("second machine"));
    assert_whole(&vault);
    vault.lock().unwrap();
    // Back on the first machine, with everything the second one did.
    temp.restore_folder_from(&elsewhere);
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    assert_eq!(vault.device(), first);
    assert_eq!(text(&vault, space, 2).as_deref(), Some("second machine"));
    vault.save(note(space, 2, "first machine again")).unwrap();
    drop(vault);
    for store in stores(temp.root()) {
        std::fs::remove_dir_all(store).unwrap();
    }
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    assert_eq!(
        text(&vault, space, 2).as_deref(),
        Some("first machine again")
    );
    assert_whole(&vault);
}

#[test]
fn a_long_save_cut_off_between_its_parts_is_a_torn_tail_and_no_rollback() {
    const LONG: usize = 20 << 20;
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "before")).unwrap();
    let segment = rig
        .disk
        .files()
        .into_iter()
        .find(|(path, _)| path.starts_with(rig.temp.root().join("sync/journal")));
    let (segment, before) = segment.unwrap();
    let stores = rig.picture();
    let mut batch = vault::Batch::new();
    batch.put(space, NOTE, id(2), vault::Schema(1), vec![7; LONG]);
    vault.save(batch).unwrap();
    drop(vault);
    rig.set_stores(&stores);
    // The first part, of 16 MiB, is whole; what completes the save is not.
    let cut = before.len() + LONG * 9 / 10;
    rig.disk.tamper(&segment, |bytes| bytes.truncate(cut));
    for opening in 0..3 {
        let vault = rig.open();
        assert_eq!(alarming(&vault), [], "opening {opening}");
        assert_eq!(text(&vault, space, 1).as_deref(), Some("before"));
        assert_eq!(text(&vault, space, 2), None);
        assert_whole(&vault);
        drop(vault);
    }
    let vault = rig.open();
    assert_eq!(
        vault.save(note(space, 2, "after")).unwrap().sequence,
        2,
        "no save had the number of the part"
    );
    drop(vault);
    rig.remove_stores();
    let vault = rig.open();
    assert_eq!(alarming(&vault), []);
    assert_eq!(text(&vault, space, 2).as_deref(), Some("after"));
    assert_whole(&vault);
}
