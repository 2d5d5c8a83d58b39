//! The store of rows is a cache: whatever becomes of it while the vault is locked, nothing is lost and nothing is
//! passed over for ever.

use std::fs;
use std::path::{Path, PathBuf};

use testkit::{TempVault, copy_folder};
use vault::{CompartmentId, Error, Finding, Quiet, RebuildReason, Vault};

use crate::support::*;

const RECORDS: u64 = 40;
const MARK: &[u8] = b"open\n";

/// A locked vault with one compartment of several sessions, and the mark of an unclean end if wanted.
fn locked(unclean: bool) -> (Rig, CompartmentId) {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    for number in 0..RECORDS {
        vault.save(note(space, number, &content(number))).unwrap();
    }
    vault.lock().unwrap();
    // What sled wrote before it was last opened it does not look at again until it is asked for it.
    for _ in 0..2 {
        rig.open().lock().unwrap();
    }
    if unclean {
        rig.disk
            .tamper(&lock_file(&rig), |bytes| bytes.extend(MARK));
    }
    (rig, space)
}

fn content(number: u64) -> String {
    format!("text {number} ").repeat(2000)
}

fn lock_file(rig: &Rig) -> PathBuf {
    rig.temp.root().join("local/vault.lock")
}

fn is_marked(rig: &Rig) -> bool {
    let lock = lock_file(rig);
    rig.disk
        .files()
        .iter()
        .any(|(path, bytes)| *path == lock && !bytes.is_empty())
}

fn assert_all(vault: &Vault, space: CompartmentId, context: &str) {
    for number in 0..RECORDS {
        assert_eq!(
            text(vault, space, number),
            Some(content(number)),
            "{context}"
        );
    }
    assert_whole(vault);
}

fn was_rebuilt(vault: &Vault) -> bool {
    let findings = &vault.opening().findings;
    findings
        .iter()
        .any(|f| matches!(f, Finding::StoreRebuilt { .. }))
}

/// Offsets of bytes of the store that hold something, at most so many and evenly spread.
fn used_offsets(bytes: &[u8], most: usize) -> Vec<usize> {
    let used: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    used.iter()
        .step_by((used.len() / most).max(1))
        .copied()
        .collect()
}

#[test]
fn a_bit_flipped_in_the_store_after_an_unclean_end_never_keeps_the_vault_shut() {
    let (rig, space) = locked(true);
    let picture = rig.picture();
    let db = stores(rig.temp.root()).remove(0).join("db");
    let bytes = fs::read(&db).unwrap();
    let mut rebuilt = 0;
    for (round, at) in used_offsets(&bytes, 60).into_iter().enumerate() {
        rig.come_back_to(&picture);
        let mut broken = bytes.clone();
        broken[at] ^= 1 << (round % 8);
        fs::write(&db, broken).unwrap();
        let vault = rig.open();
        rebuilt += u64::from(was_rebuilt(&vault));
        assert_all(&vault, space, &format!("byte {at}"));
        vault.lock().unwrap();
    }
    assert!(rebuilt > 0, "no flipped bit did any harm");
}

#[test]
fn a_bit_flipped_in_the_store_after_a_clean_end_costs_nothing_from_the_next_opening_on() {
    let (rig, space) = locked(false);
    let picture = rig.picture();
    let db = stores(rig.temp.root()).remove(0).join("db");
    let bytes = fs::read(&db).unwrap();
    let mut harmed = 0;
    for (round, at) in used_offsets(&bytes, 60).into_iter().enumerate() {
        rig.come_back_to(&picture);
        let mut broken = bytes.clone();
        broken[at] ^= 1 << (round % 8);
        fs::write(&db, broken).unwrap();
        let vault = rig.open();
        // What a program does in the background after such an opening.
        let whole = match vault.verify(&Quiet) {
            Ok(checks) => checks.iter().all(|check| check.ok),
            Err(error) => {
                assert!(matches!(error, Error::Damaged { .. }), "{error}");
                false
            }
        };
        harmed += u64::from(!whole || was_rebuilt(&vault));
        vault.lock().unwrap();
        let vault = rig.open();
        assert_eq!(alarming(&vault), [], "byte {at}");
        assert_eq!(was_rebuilt(&vault), !whole, "byte {at}");
        assert_all(&vault, space, &format!("byte {at}"));
        vault.lock().unwrap();
        assert_eq!(rig.open().opening().findings, [], "byte {at}");
    }
    assert!(harmed > 0, "no flipped bit did any harm");
}

#[test]
fn an_older_row_put_back_while_locked_is_found_by_verify_and_mended_by_the_next_opening() {
    let (rig, space) = locked(false);
    let mut old = Vec::new();
    with_sled(&rig, |tree| {
        old = tree.iter().map(Result::unwrap).collect();
    });
    let vault = rig.open();
    vault.save(note(space, 7, "new words")).unwrap();
    vault.lock().unwrap();
    with_sled(&rig, |tree| {
        for (key, value) in old.iter().filter(|(key, _)| key.len() == 32) {
            tree.insert(key, value).unwrap();
        }
    });
    let vault = rig.open();
    assert_eq!(text(&vault, space, 7), Some(content(7)));
    let checks = vault.verify(&Quiet).unwrap();
    assert!(checks.iter().any(|check| !check.ok));
    vault.lock().unwrap();
    assert!(is_marked(&rig), "the next opening would not count");
    let vault = rig.open();
    let reason = RebuildReason::Incomplete;
    let rows = RECORDS;
    assert_eq!(
        vault.opening().findings,
        [Finding::StoreRebuilt { reason, rows }]
    );
    assert_eq!(text(&vault, space, 7).as_deref(), Some("new words"));
    assert_whole(&vault);
    vault.lock().unwrap();
    assert!(!is_marked(&rig));
    assert_eq!(rig.open().opening().findings, []);
}

#[test]
fn a_checkpoint_refused_at_lock_lets_the_next_opening_count_the_rows() {
    let (rig, space) = locked(false);
    with_sled(&rig, |tree| {
        let row = tree.iter().keys().map(Result::unwrap);
        let row = row.filter(|key| key.len() == 32).nth(3).unwrap();
        tree.remove(row).unwrap();
    });
    // Nobody verifies, but something is saved: the checkpoint at lock does not add up.
    let vault = rig.open();
    assert_eq!(vault.opening().findings, []);
    vault.save(note(space, RECORDS, "one more")).unwrap();
    vault.lock().unwrap();
    assert!(is_marked(&rig), "the next opening would not count");
    let vault = rig.open();
    assert_eq!(alarming(&vault), []);
    assert!(was_rebuilt(&vault));
    assert_all(&vault, space, "after the rebuild");
    assert_eq!(text(&vault, space, RECORDS).as_deref(), Some("one more"));
    vault.lock().unwrap();
    assert!(!is_marked(&rig));
}

#[test]
fn a_long_session_is_spread_over_several_segments_and_read_back_whole() {
    const SAVES: u64 = 10;
    const MEBIBYTE: u64 = 1024 * 1024;
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    let content = |number: u64| format!("{number:8}").repeat(256 * 1024);
    for number in 0..SAVES {
        vault.save(note(space, number, &content(number))).unwrap();
    }
    drop(vault);
    let mut segments = Vec::new();
    lengths_below(&temp.root().join("sync/journal"), &mut segments);
    assert!(segments.iter().sum::<u64>() > SAVES * 2 * MEBIBYTE);
    // Full, and the save that filled it.
    assert!(segments.iter().all(|length| *length < 11 * MEBIBYTE));
    // All there is then is the journal.
    for store in stores(temp.root()) {
        fs::remove_dir_all(store).unwrap();
    }
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    assert_whole(&vault);
    for number in 0..SAVES {
        assert!(text(&vault, space, number) == Some(content(number)));
    }
}

fn lengths_below(folder: &Path, lengths: &mut Vec<u64>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            lengths_below(&path, lengths);
        } else {
            lengths.push(fs::metadata(&path).unwrap().len());
        }
    }
}

#[test]
fn an_older_current_in_its_place_destroys_no_store() {
    for what in ["older", "gone, beside a store that is left over"] {
        let (rig, vault) = Rig::new();
        let space = plain(&vault);
        vault.save(note(space, 1, "text")).unwrap();
        vault.lock().unwrap();
        let current = rig.temp.root().join("local/CURRENT");
        let read = |rig: &Rig| {
            let mut files = rig.disk.files().into_iter();
            files.find(|(path, _)| *path == current).unwrap().1
        };
        let older = read(&rig);
        let left_over = stores(rig.temp.root()).pop().unwrap();
        let kept = tempfile::tempdir().unwrap();
        copy_folder(&left_over, &kept.path().join("store"));
        let vault = rig.open();
        for number in 2..6 {
            vault.save(note(space, number, "text")).unwrap();
        }
        vault.compact(&Quiet).unwrap();
        vault.lock().unwrap();
        let whole = stores(rig.temp.root()).pop().unwrap();
        // What nobody needs while the store serves every row has gone bad, unnoticed.
        for (path, _) in rig.disk.files() {
            let name = path.to_string_lossy();
            if name.contains("local/checkpoints/") || name.contains("sync/journal/") {
                rig.disk.tamper(&path, |bytes| bytes[256..].fill(0));
            }
        }
        if what == "older" {
            rig.disk.tamper(&current, |bytes| bytes.clone_from(&older));
        } else {
            rig.disk.tamper(&current, Vec::clear);
            copy_folder(&kept.path().join("store"), &left_over);
        }
        let vault = rig.open();
        // What is in it can still be got back by hand.
        let aside = rig
            .temp
            .root()
            .join("local/aside")
            .join(whole.file_name().unwrap());
        assert!(aside.is_dir(), "{what}: {:?}", vault.opening());
    }
}
