//! Folders put back to an older state, or replaced by another branch of their history.

use std::fs;
use std::path::PathBuf;

use testkit::{CHEAP, TempVault, copy_folder};
use vault::{CompartmentId, DeviceId, Finding, Passphrase, Quiet, Vault};

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

/// A copy of a vault on a machine that has never had it.
fn elsewhere(temp: &TempVault) -> TempVault {
    let copy = temp.copy();
    fs::remove_dir_all(&copy.places().device).unwrap();
    copy
}

/// The segments of a device, oldest first.
fn segments(temp: &TempVault, device: DeviceId) -> Vec<PathBuf> {
    let folder = temp.root().join("sync/journal").join(device.to_string());
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn checkpoints(temp: &TempVault) -> Vec<PathBuf> {
    let folder = temp.root().join("local/checkpoints");
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn remove_stores(temp: &TempVault) {
    for store in stores(temp.root()) {
        fs::remove_dir_all(store).unwrap();
    }
}

fn has(vault: &Vault, wanted: impl Fn(&Finding) -> bool) -> bool {
    vault.opening().findings.iter().any(wanted)
}

fn incomplete(vault: &Vault) -> bool {
    has(vault, |f| matches!(f, Finding::Incomplete { .. }))
}

#[test]
fn an_older_folder_is_noticed_by_a_machine_that_has_only_seen_the_newer_saves() {
    let (one, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "old")).unwrap();
    vault.lock().unwrap();
    let older = one.copy();
    let two = elsewhere(&one);
    two.open().unwrap().lock().unwrap();
    let vault = one.open().unwrap();
    for _ in 0..4 {
        vault.save(note(space, 1, "new")).unwrap();
    }
    vault.lock().unwrap();
    two.restore_folder_from(&one);
    let vault = two.open().unwrap();
    assert_eq!(alarming(&vault), []);
    vault.lock().unwrap();
    two.restore_folder_from(&older);
    for _ in 0..2 {
        let vault = two.open().unwrap();
        assert!(rollback(&vault), "{:?}", vault.opening());
        assert_eq!(text(&vault, space, 1).as_deref(), Some("old"));
        vault.lock().unwrap();
    }
    // The same where the second machine has saves of its own, all of which are there.
    two.restore_folder_from(&one);
    let vault = two.open().unwrap();
    assert_eq!(alarming(&vault), []);
    vault.save(note(space, 9, "own")).unwrap();
    vault.lock().unwrap();
    let kept = two.copy();
    one.restore_folder_from(&two);
    let vault = one.open().unwrap();
    assert_eq!(alarming(&vault), []);
    vault.save(note(space, 1, "newest")).unwrap();
    vault.lock().unwrap();
    two.restore_folder_from(&one);
    let vault = two.open().unwrap();
    assert_eq!(alarming(&vault), []);
    vault.lock().unwrap();
    two.restore_folder_from(&kept);
    let vault = two.open().unwrap();
    assert!(rollback(&vault), "{:?}", vault.opening());
    assert_eq!(text(&vault, space, 9).as_deref(), Some("own"));
}

#[test]
fn what_another_device_forgets_and_seals_anew_is_no_rollback() {
    let (one, vault) = TempVault::create();
    let (space, other) = (plain(&vault), plain(&vault));
    vault.save(note(space, 1, "first machine")).unwrap();
    vault.lock().unwrap();
    let two = elsewhere(&one);
    let vault = two.open().unwrap();
    vault.save(note(other, 1, "second machine")).unwrap();
    vault.forget(other, &Quiet).unwrap();
    let second = Passphrase::parse("a second one").unwrap();
    vault
        .set_second_passphrase(space, &second, CHEAP, &Quiet)
        .unwrap();
    vault.lock().unwrap();
    for _ in 0..2 {
        let vault = two.open().unwrap();
        assert_eq!(alarming(&vault), []);
        vault.lock().unwrap();
        remove_stores(&two);
    }
    one.restore_folder_from(&two);
    for _ in 0..2 {
        let vault = one.open().unwrap();
        let known = |f: &Finding| matches!(f, Finding::HistoryUnproven);
        let told = alarming(&vault);
        assert!(told.iter().all(known), "{told:?}");
        vault.lock().unwrap();
    }
}

/// A vault that was copied after a common save, and the two histories since: one save here, and two in the copy, each in
/// a segment of its own.
fn parted() -> (TempVault, TempVault, CompartmentId, DeviceId) {
    let (a, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "common")).unwrap();
    let device = vault.device();
    vault.lock().unwrap();
    let b = a.copy();
    let vault = a.open().unwrap();
    vault.save(note(space, 2, "of a")).unwrap();
    vault.lock().unwrap();
    let vault = b.open().unwrap();
    vault.save(note(space, 3, "of b, seen by nobody")).unwrap();
    drop(vault);
    let vault = b.open().unwrap();
    vault.save(note(space, 4, "of b")).unwrap();
    vault.lock().unwrap();
    (a, b, space, device)
}

/// What the first vault keeps for itself, beside the journal of the second.
fn spliced(a: &TempVault, b: &TempVault) -> TempVault {
    let mixed = a.copy();
    fs::remove_dir_all(mixed.root().join("sync")).unwrap();
    copy_folder(&b.root().join("sync"), &mixed.root().join("sync"));
    mixed
}

fn texts(vault: &Vault, space: CompartmentId) -> Vec<Option<String>> {
    (1..5).map(|number| text(vault, space, number)).collect()
}

#[test]
fn a_checkpoint_and_a_journal_of_two_histories_are_not_joined() {
    let (a, b, space, _) = parted();
    for knows in [true, false] {
        let mixed = spliced(&a, &b);
        if !knows {
            fs::remove_dir_all(&mixed.places().device).unwrap();
        }
        let newest = checkpoints(&mixed).pop().unwrap();
        let vault = mixed.open().unwrap();
        let forks = vault.opening().findings.iter();
        let forks = forks.filter(|f| matches!(f, Finding::Fork { .. }));
        assert_eq!(forks.count(), 1, "{:?}", vault.opening());
        // The checkpoint before belongs to both: from there the journal's history is whole.
        let of_b = ["common", "", "of b, seen by nobody", "of b"]
            .map(|text| (!text.is_empty()).then(|| text.to_owned()));
        assert_eq!(texts(&vault, space), of_b);
        assert_whole(&vault);
        vault.lock().unwrap();
        // What the other history holds beyond that is kept, and not taken for this one's again.
        assert!(!newest.exists());
        let kept = fs::read_dir(mixed.root().join("local/orphan")).unwrap();
        assert_eq!(kept.count(), 1);
        remove_stores(&mixed);
        let vault = mixed.open().unwrap();
        assert_eq!(fork(&vault), knows, "{:?}", vault.opening());
        assert_eq!(texts(&vault, space), of_b);
        assert_whole(&vault);
    }
}

#[test]
fn two_histories_of_which_neither_is_whole_are_shown_as_incomplete_and_as_a_fork() {
    let (a, b, space, _) = parted();
    let mixed = spliced(&a, &b);
    // Only the checkpoint of the one and the end of the other are left.
    fs::remove_file(checkpoints(&mixed).remove(0)).unwrap();
    for opening in 0..3 {
        let vault = mixed.open().unwrap();
        assert!(fork(&vault), "{opening}: {:?}", vault.opening());
        assert!(incomplete(&vault), "{opening}: {:?}", vault.opening());
        let there = texts(&vault, space);
        assert_eq!(there[0].as_deref(), Some("common"));
        assert_eq!(there[1].as_deref(), Some("of a"));
        assert_eq!(there[3].as_deref(), Some("of b"));
        vault.lock().unwrap();
        assert_eq!(checkpoints(&mixed).len(), 1);
    }
}

#[test]
fn a_journal_that_begins_where_the_store_ends_must_have_the_chain_of_the_store() {
    let (a, b, space, device) = parted();
    let mixed = spliced(&a, &b);
    // The segment that is left begins after the second save, as the store ends; but that save was another.
    for segment in segments(&mixed, device).iter().rev().skip(1) {
        fs::remove_file(segment).unwrap();
    }
    assert_eq!(segments(&mixed, device).len(), 1);
    let vault = mixed.open().unwrap();
    assert!(fork(&vault), "{:?}", vault.opening());
    let gap = Finding::Gap {
        device,
        from: 2,
        to: 2,
    };
    assert!(has(&vault, |f| *f == gap), "{:?}", vault.opening());
    assert!(incomplete(&vault));
    assert_eq!(text(&vault, space, 1).as_deref(), Some("common"));
    assert_eq!(text(&vault, space, 4).as_deref(), Some("of b"));
}

#[test]
fn what_another_device_wrote_of_itself_is_held_against_what_is_there() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    for number in 1..6 {
        vault.save(note(space, number, "text")).unwrap();
    }
    vault.lock().unwrap();
    let behind = Finding::JournalBehind { known: 5, found: 0 };
    // By `CURRENT`: the header was written before the first save.
    let copy = elsewhere(&temp);
    fs::remove_dir_all(copy.root().join("local/checkpoints")).unwrap();
    fs::remove_dir_all(copy.root().join("sync/journal")).unwrap();
    remove_stores(&copy);
    let vault = copy.open().unwrap();
    assert_eq!(
        alarming(&vault),
        [Finding::FirstTimeHere, behind],
        "CURRENT"
    );
    // By the header, now that it was written after the last one.
    let vault = temp.open().unwrap();
    plain(&vault);
    vault.lock().unwrap();
    let copy = elsewhere(&temp);
    fs::remove_dir_all(copy.root().join("local")).unwrap();
    let vault = copy.open().unwrap();
    assert!(!has(&vault, |f| *f == behind), "{:?}", vault.opening());
    drop(vault);
    let copy = elsewhere(&temp);
    fs::remove_dir_all(copy.root().join("local")).unwrap();
    fs::remove_dir_all(copy.root().join("sync/journal")).unwrap();
    let vault = copy.open().unwrap();
    assert_eq!(
        alarming(&vault),
        [Finding::FirstTimeHere, behind],
        "the header's floor"
    );
}

#[test]
fn saves_that_another_device_has_seen_and_nobody_has_are_missed_until_they_come_back() {
    let (one, vault) = TempVault::create();
    let space = plain(&vault);
    let first = vault.device();
    vault.save(note(space, 1, "first")).unwrap();
    vault.lock().unwrap();
    let vault = one.open().unwrap();
    vault.save(note(space, 2, "second")).unwrap();
    drop(vault);
    let two = elsewhere(&one);
    let vault = two.open().unwrap();
    vault.save(note(space, 3, "of the second device")).unwrap();
    drop(vault);
    let lost = segments(&two, first).pop().unwrap();
    let bytes = fs::read(&lost).unwrap();
    fs::remove_file(&lost).unwrap();
    remove_stores(&two);
    let gap = Finding::Gap {
        device: first,
        from: 2,
        to: 2,
    };
    let vault = two.open().unwrap();
    assert!(has(&vault, |f| *f == gap), "{:?}", vault.opening());
    assert!(incomplete(&vault), "{:?}", vault.opening());
    drop(vault);
    let vault = two.open().unwrap();
    assert!(incomplete(&vault), "{:?}", vault.opening());
    vault.save(note(space, 4, "after")).unwrap();
    vault.lock().unwrap();
    assert!(incomplete(&two.open().unwrap()));
    // It was not taken for seen: once it is there again, so is what it holds.
    fs::write(&lost, bytes).unwrap();
    let vault = two.open().unwrap();
    assert_eq!(text(&vault, space, 2).as_deref(), Some("second"));
    drop(vault);
    let vault = two.open().unwrap();
    assert!(!incomplete(&vault), "{:?}", vault.opening());
    for (number, content) in [
        (1, "first"),
        (2, "second"),
        (3, "of the second device"),
        (4, "after"),
    ] {
        assert_eq!(text(&vault, space, number).as_deref(), Some(content));
    }
    assert_whole(&vault);
}

#[test]
fn a_session_that_began_without_the_journal_of_before_ends_the_walk() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    let device = vault.device();
    vault.save(note(space, 1, "one")).unwrap();
    vault.lock().unwrap();
    let old = temp.copy();
    for segment in segments(&temp, device) {
        fs::remove_file(segment).unwrap();
    }
    let vault = temp.open().unwrap();
    vault.save(note(space, 2, "two")).unwrap();
    drop(vault);
    copy_folder(
        &old.root().join("sync/journal"),
        &temp.root().join("sync/journal"),
    );
    assert_eq!(segments(&temp, device).len(), 2);
    remove_stores(&temp);
    fs::remove_dir_all(temp.root().join("local/checkpoints")).unwrap();
    let vault = temp.open().unwrap();
    assert!(has(&vault, |f| *f == Finding::ForeignSegment));
    let gap = Finding::Gap {
        device,
        from: 1,
        to: 1,
    };
    assert!(has(&vault, |f| *f == gap), "{:?}", vault.opening());
    assert!(incomplete(&vault));
    assert_eq!(text(&vault, space, 2).as_deref(), Some("two"));
}

#[test]
fn current_and_store_of_before_a_forgetting_are_not_taken_as_they_are() {
    let (temp, vault) = TempVault::create();
    let (space, doomed) = (plain(&vault), plain(&vault));
    vault.save(note(space, 1, "kept")).unwrap();
    vault.save(note(doomed, 1, "forgotten")).unwrap();
    vault.lock().unwrap();
    let old = temp.copy();
    let vault = temp.open().unwrap();
    vault.forget(doomed, &Quiet).unwrap();
    vault.lock().unwrap();
    // The store and what names it come back; the checkpoint since is there.
    remove_stores(&temp);
    for store in stores(old.root()) {
        let to = temp.root().join("local").join(store.file_name().unwrap());
        copy_folder(&store, &to);
    }
    let current = "local/CURRENT";
    fs::copy(old.root().join(current), temp.root().join(current)).unwrap();
    let vault = temp.open().unwrap();
    assert!(
        has(&vault, |f| *f == Finding::CurrentRebuilt),
        "{:?}",
        vault.opening()
    );
    assert_eq!(alarming(&vault), []);
    assert_eq!(text(&vault, space, 1).as_deref(), Some("kept"));
    assert_whole(&vault);
    // With a row of what was forgotten in the store no checkpoint would add up.
    vault.save(note(space, 2, "after")).unwrap();
    vault.checkpoint().unwrap();
    vault.lock().unwrap();
    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_whole(&vault);
}

#[test]
fn what_a_newer_version_of_the_program_remembers_here_is_left_as_it_is() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let folder = temp.places().device.clone();
    let read = || -> Vec<_> {
        let entries = fs::read_dir(&folder).unwrap();
        let mut files: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            .filter_map(|path| Some((path.clone(), fs::read(path).ok()?)))
            .filter(|(_, bytes)| bytes.starts_with(b"CFDNTANC") || bytes.starts_with(b"CFDNTDEV"))
            .collect();
        files.sort();
        files
    };
    for (path, mut bytes) in read() {
        bytes[8] = 2;
        bytes.extend([7; 40]);
        fs::write(path, bytes).unwrap();
    }
    let newer = read();
    assert_eq!(newer.len(), 2);
    for number in 2..4 {
        let vault = temp.open().unwrap();
        assert_eq!(alarming(&vault), [Finding::AnchorDamaged]);
        vault.save(note(space, number, "text")).unwrap();
        vault.lock().unwrap();
        assert_eq!(read(), newer);
    }
}
