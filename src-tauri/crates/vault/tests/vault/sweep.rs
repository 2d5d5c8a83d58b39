//! A sweep: what was replaced or deleted before it is in no file any more, for whoever has every key of the vault.

use std::fs;
use std::path::{Path, PathBuf};

use testkit::{TempVault, copy_folder};
use vault::{Batch, Quiet, Vault};

use crate::support::*;

/// The head of a segment, and of a frame before its sealed body and behind it.
const SEGMENT_HEAD: usize = 256;
const FRAME_AROUND: usize = 80 + 32;

fn delete(vault: &Vault, space: vault::CompartmentId, number: u64) {
    let mut batch = Batch::new();
    batch.delete(space, NOTE, id(number));
    vault.save(batch).unwrap();
}

fn segments(root: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for device in fs::read_dir(root.join("sync/journal")).unwrap() {
        for file in fs::read_dir(device.unwrap().path()).unwrap() {
            all.push(file.unwrap().path());
        }
    }
    all.sort();
    all
}

/// Every text that a record ever had in what is left of the journal, for whoever has the vault's keys: each segment is
/// opened alone, and cut off behind each of its frames.
fn all_that_the_journal_says(
    temp: &TempVault,
    space: vault::CompartmentId,
    number: u64,
) -> Vec<String> {
    let mut said = Vec::new();
    for segment in segments(temp.root()) {
        let bytes = fs::read(&segment).unwrap();
        let mut end = SEGMENT_HEAD;
        while let Some(length) = bytes.get(end + 4..end + 8) {
            end += FRAME_AROUND + u32::from_le_bytes(length.try_into().unwrap()) as usize;
            let copy = temp.copy();
            fs::remove_dir_all(copy.root().join("local")).unwrap();
            fs::remove_dir_all(copy.root().join("sync/journal")).unwrap();
            let there = copy.root().join(segment.strip_prefix(temp.root()).unwrap());
            fs::create_dir_all(there.parent().unwrap()).unwrap();
            fs::write(there, &bytes[..end]).unwrap();
            let vault = copy.open().unwrap();
            said.extend(text(&vault, space, number));
        }
    }
    said
}

#[test]
fn what_was_deleted_before_a_sweep_is_in_no_segment_any_more() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 2, "stays")).unwrap();
    vault.save(note(space, 1, "before it was sealed")).unwrap();
    delete(&vault, space, 1);
    let untouched = temp.copy();
    assert_eq!(
        all_that_the_journal_says(&untouched, space, 1),
        ["before it was sealed"],
        "it is looked for in the right way"
    );
    vault.sweep(&Quiet).unwrap();
    assert!(all_that_the_journal_says(&temp.copy(), space, 1).is_empty());
    // The next saves go on from there, and so does the next session.
    vault.save(note(space, 3, "after")).unwrap();
    drop(vault);
    for number in 4..6 {
        let vault = temp.open().unwrap();
        assert_eq!(alarming(&vault), []);
        assert_whole(&vault);
        assert_eq!(text(&vault, space, 1), None);
        assert_eq!(text(&vault, space, 2).as_deref(), Some("stays"));
        assert_eq!(text(&vault, space, 3).as_deref(), Some("after"));
        vault.save(note(space, number, "more")).unwrap();
        vault.lock().unwrap();
    }
    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, []);
}

#[test]
fn a_sweep_takes_every_copy_of_a_segment_with_it() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 2, "stays")).unwrap();
    vault.save(note(space, 1, "before it was sealed")).unwrap();
    let segment = segments(temp.root()).pop().unwrap();
    let name = segment.file_name().unwrap().to_string_lossy().into_owned();
    let whole = fs::read(&segment).unwrap();
    let copy = |suffix: &str, bytes: &[u8]| {
        fs::write(segment.with_file_name(format!("{name}{suffix}")), bytes).unwrap();
    };
    copy(".sync-conflict-20261128-051700-ABCDEFG", &whole);
    copy(" (conflicted copy)", &whole[..SEGMENT_HEAD]);
    assert_eq!(
        all_that_the_journal_says(&temp.copy(), space, 1)[..2],
        ["before it was sealed"; 2],
        "a copy says it"
    );
    vault.lock().unwrap();
    let vault = temp.open().unwrap();
    delete(&vault, space, 1);
    vault.sweep(&Quiet).unwrap();
    assert!(all_that_the_journal_says(&temp.copy(), space, 1).is_empty());
    drop(vault);
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    assert_whole(&vault);
    assert_eq!(text(&vault, space, 2).as_deref(), Some("stays"));
}

#[test]
fn a_sweep_takes_what_lies_before_a_segment_whose_head_is_damaged() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "before it was sealed")).unwrap();
    drop(vault);
    let vault = temp.open().unwrap();
    vault.save(note(space, 2, "stays")).unwrap();
    drop(vault);
    let before = segments(temp.root());
    assert_eq!(before.len(), 2);
    let mut bytes = fs::read(&before[1]).unwrap();
    bytes[60] ^= 4;
    fs::write(&before[1], bytes).unwrap();
    let vault = temp.open().unwrap();
    delete(&vault, space, 1);
    assert_eq!(vault.sweep(&Quiet).unwrap(), 0);
    assert!(before.iter().all(|path| !path.exists()));
    drop(vault);
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    assert_eq!(text(&vault, space, 2).as_deref(), Some("stays"));
}

/// What cannot be read at its end may be a save that is still on its way here.
#[test]
fn a_sweep_leaves_the_journal_of_another_device_that_claims_more_than_is_taken_in_and_says_so() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "before it was sealed")).unwrap();
    vault.save(note(space, 2, "stays")).unwrap();
    vault.lock().unwrap();
    let before = segments(temp.root());
    // The folder was carried to another machine.
    for entry in fs::read_dir(&temp.places().device).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let last = before.last().unwrap();
    let mut bytes = fs::read(last).unwrap();
    bytes.extend([0; 2000]);
    fs::write(last, bytes).unwrap();
    let vault = temp.open().unwrap();
    delete(&vault, space, 1);
    assert_eq!(vault.sweep(&Quiet).unwrap(), before.len() as u64);
    assert!(before.iter().all(|path| path.exists()));
}

/// The vault was put back to an older copy once, and went on; then the segment comes back that was missing. It was told that
/// it is still there.
#[test]
fn a_sweep_leaves_the_saves_of_another_branch_whatever_their_numbers_and_says_so() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "before")).unwrap();
    vault.lock().unwrap();
    let other = temp.copy();
    let vault = other.open().unwrap();
    vault.save(note(space, 2, "on the other branch")).unwrap();
    let branch = segments(other.root()).pop().unwrap();
    drop(vault);
    for _ in 0..3 {
        let vault = temp.open().unwrap();
        vault.save(note(space, 1, "here")).unwrap();
        vault.lock().unwrap();
    }
    let there = temp.root().join(branch.strip_prefix(other.root()).unwrap());
    fs::copy(&branch, &there).unwrap();
    for _ in 0..3 {
        let vault = temp.open().unwrap();
        assert_eq!(text(&vault, space, 1).as_deref(), Some("here"));
        assert_eq!(vault.sweep(&Quiet).unwrap(), 1);
        vault.save(note(space, 1, "here")).unwrap();
        vault.lock().unwrap();
        assert!(there.exists());
    }
    // Put where a checkpoint of another history is put.
    let orphan = temp.root().join("local/orphan/one");
    fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    fs::rename(&there, &orphan).unwrap();
    let vault = temp.open().unwrap();
    assert_eq!(vault.sweep(&Quiet).unwrap(), 1);
    assert!(orphan.exists());
    fs::remove_file(orphan).unwrap();
    assert_eq!(vault.sweep(&Quiet).unwrap(), 0);
}

#[test]
fn segments_that_come_back_after_a_sweep_change_nothing() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "old")).unwrap();
    delete(&vault, space, 1);
    let before = temp.copy();
    vault.sweep(&Quiet).unwrap();
    vault.save(note(space, 2, "new")).unwrap();
    vault.lock().unwrap();
    copy_folder(
        &before.root().join("sync/journal"),
        &temp.root().join("sync/journal"),
    );
    for store in stores(temp.root()) {
        fs::remove_dir_all(store).unwrap();
    }
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    assert_whole(&vault);
    assert_eq!(text(&vault, space, 1), None);
    assert_eq!(text(&vault, space, 2).as_deref(), Some("new"));
}

#[test]
fn a_sweep_takes_the_journal_of_another_device_too_and_that_device_misses_nothing() {
    let (one, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "written on the first")).unwrap();
    vault.save(note(space, 2, "stays")).unwrap();
    vault.lock().unwrap();
    let two = one.copy();
    fs::remove_dir_all(&two.places().device).unwrap();
    let vault = two.open().unwrap();
    delete(&vault, space, 1);
    assert!(!all_that_the_journal_says(&two.copy(), space, 1).is_empty());
    vault.sweep(&Quiet).unwrap();
    assert!(all_that_the_journal_says(&two.copy(), space, 1).is_empty());
    vault.save(note(space, 3, "written on the second")).unwrap();
    vault.lock().unwrap();
    one.restore_folder_from(&two);
    for _ in 0..2 {
        let vault = one.open().unwrap();
        assert_eq!(alarming(&vault), []);
        assert_whole(&vault);
        assert_eq!(text(&vault, space, 1), None);
        assert_eq!(text(&vault, space, 2).as_deref(), Some("stays"));
        vault.save(note(space, 4, "first again")).unwrap();
        vault.lock().unwrap();
    }
}

#[test]
fn a_sweep_leaves_no_journal_of_another_device_out_that_it_has_not_taken_in() {
    let (one, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "first")).unwrap();
    vault.lock().unwrap();
    let two = one.copy();
    fs::remove_dir_all(&two.places().device).unwrap();
    let sweeping = two.open().unwrap();
    let vault = one.open().unwrap();
    vault.save(note(space, 2, "meanwhile")).unwrap();
    vault.lock().unwrap();
    // It comes in while the other one is open.
    copy_folder(
        &one.root().join("sync/journal"),
        &two.root().join("sync/journal"),
    );
    sweeping.sweep(&Quiet).unwrap();
    sweeping.lock().unwrap();
    let vault = two.open().unwrap();
    assert_eq!(text(&vault, space, 2).as_deref(), Some("meanwhile"));
}

#[test]
fn a_sweep_destroys_stores_that_were_put_aside_and_checkpoints_that_are_none() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.checkpoint().unwrap();
    let aside = temp.root().join("local/aside/store.old");
    fs::create_dir_all(&aside).unwrap();
    fs::write(aside.join("db"), "rows of before").unwrap();
    let damaged = temp.root().join("local/checkpoints/0000000009-damaged");
    fs::write(&damaged, "rows of before").unwrap();
    vault.sweep(&Quiet).unwrap();
    assert!(!temp.root().join("local/aside").exists());
    assert!(!damaged.exists());
    let kept = fs::read_dir(temp.root().join("local/checkpoints")).unwrap();
    assert_eq!(kept.count(), 2);
    assert_whole(&vault);
}

#[test]
fn segments_of_before_a_forgetting_that_come_back_cost_no_save_at_a_sweep() {
    let (temp, vault) = TempVault::create();
    let (space, gone) = (plain(&vault), plain(&vault));
    vault.save(note(space, 1, "one")).unwrap();
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.lock().unwrap();
    for number in 2..5 {
        let vault = temp.open().unwrap();
        vault.save(note(space, number, "more")).unwrap();
        vault.lock().unwrap();
    }
    let before = temp.copy();
    let vault = temp.open().unwrap();
    vault.forget(gone, &Quiet).unwrap();
    vault.lock().unwrap();
    // Nothing was saved since: the numbers go on all the same.
    let after = segments(temp.root());
    let number = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name[..name.find(['-', '.']).unwrap()]
            .parse::<u64>()
            .unwrap()
    };
    let newest_before = segments(before.root()).iter().map(number).max().unwrap();
    assert!(
        after
            .iter()
            .map(number)
            .all(|number| number > newest_before),
        "{after:?}"
    );
    let vault = temp.open().unwrap();
    vault.save(note(space, 9, "after forgetting")).unwrap();
    vault.lock().unwrap();
    // A file-sync engine brings the removed segments back.
    copy_folder(
        &before.root().join("sync/journal"),
        &temp.root().join("sync/journal"),
    );
    let vault = temp.open().unwrap();
    vault.sweep(&Quiet).unwrap();
    vault.save(note(space, 10, "acknowledged")).unwrap();
    // The power goes; what the store had not synced is lost.
    let crashed = temp.copy();
    for store in stores(crashed.root()) {
        fs::remove_dir_all(store).unwrap();
    }
    let after = crashed.open().unwrap();
    for (number, expected) in [
        (1, "one"),
        (4, "more"),
        (9, "after forgetting"),
        (10, "acknowledged"),
    ] {
        assert_eq!(
            text(&after, space, number).as_deref(),
            Some(expected),
            "{:?}",
            after.opening()
        );
    }
    assert_whole(&after);
}
