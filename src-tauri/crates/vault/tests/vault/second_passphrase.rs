//! A second passphrase on a compartment: set, changed and removed, each with a new key and the old one destroyed.

use std::io;
use std::path::PathBuf;

use testkit::{CHEAP, Survival, TempVault};
use vault::{
    BackupPlace, Batch, CompartmentId, Credential, Disk, Error, Finding, Quiet, RekeyError,
    RekeyReport, Schema, Vault, Watch,
};

use crate::rekey::{
    Held, SECOND, StopAt, assert_holds, cut_off_at_the_header, device_files, fill, filled_rig,
    finds, parse, put_back, rolled_back, save_again, save_and_reopen, second,
};
use crate::support::*;

fn set(vault: &Vault, space: CompartmentId, watch: &dyn Watch) -> Result<RekeyReport, RekeyError> {
    vault.set_second_passphrase(space, &parse(SECOND), CHEAP, watch)
}

/// Whether the compartment has a second passphrase, which is then given.
fn unlock(vault: &Vault, space: CompartmentId) -> bool {
    let info = vault.compartments();
    let info = info.iter().find(|info| info.id == space).unwrap();
    if info.second_passphrase && info.locked {
        vault
            .open_compartment(space, &parse(SECOND), &Quiet)
            .unwrap();
    }
    info.second_passphrase
}

#[test]
fn it_is_set_changed_and_removed_and_the_words_stay() {
    let (temp, vault) = TempVault::create();
    let mut held = Held::new();
    let (space, other) = (plain(&vault), plain(&vault));
    let shut = second(&vault, "of its own");
    fill(&vault, space, &mut held);
    fill(&vault, other, &mut held);
    vault.save(note(shut, 1, "shut")).unwrap();
    vault.shut_compartment(shut).unwrap();
    let backup = |name: &str| {
        let path = temp.folder().join(name);
        vault.backup(&path, &Quiet).unwrap().id
    };
    let before = backup("before.cfdbackup");
    let texts = || {
        held.iter()
            .filter(|((id, _), text)| *id == space && text.is_some())
    };
    let lengths = texts().map(|(_, text)| text.as_ref().unwrap().len() as u64);

    let report = set(&vault, space, &Quiet).unwrap();
    assert_eq!(report.compartments, [space]);
    assert_eq!(report.records, texts().count() as u64);
    assert_eq!(report.bytes, lengths.sum::<u64>());
    let listed: Vec<_> = report
        .backups
        .iter()
        .map(|(b, place)| (b.id, *place))
        .collect();
    assert_eq!(listed, [(before, BackupPlace::There)]);
    let there = report.backups[0]
        .0
        .holds
        .iter()
        .find(|held| held.id == space);
    assert!(
        !there.unwrap().second_passphrase,
        "that backup opens it without"
    );
    assert!(report.destruction.unwrap().parts_tried > report.records);
    // It stays open, others stay as they are.
    let infos = vault.compartments();
    let shown: Vec<_> = infos
        .iter()
        .map(|info| (info.second_passphrase, info.locked))
        .collect();
    assert_eq!(shown, [(true, false), (false, false), (true, true)]);
    assert_holds(&vault, &held);
    let between = backup("between.cfdbackup");

    let refused = set(&vault, space, &Quiet).unwrap_err();
    assert_eq!(refused, Error::HasSecondPassphrase.into());
    let new = parse("another second");
    let change =
        |present: &str| vault.change_second_passphrase(space, &parse(present), &new, CHEAP, &Quiet);
    assert_eq!(change("wrong").unwrap_err(), Error::WrongCredential.into());
    let report = change(SECOND).unwrap();
    let listed: Vec<_> = report.backups.iter().map(|(b, _)| b.id).collect();
    assert_eq!(listed, [before, between]);
    report.destruction.unwrap();
    assert_holds(&vault, &held);
    vault.lock().unwrap();

    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, []);
    let opened = |passphrase: &str| vault.open_compartment(space, &parse(passphrase), &Quiet);
    assert_eq!(opened(SECOND), Err(Error::WrongCredential));
    // One that is shut can be changed, too, and stays shut.
    vault
        .change_second_passphrase(space, &new, &parse(SECOND), CHEAP, &Quiet)
        .unwrap();
    assert!(vault.compartments()[0].locked);
    opened(SECOND).unwrap();
    vault
        .open_compartment(shut, &parse("of its own"), &Quiet)
        .unwrap();
    assert_eq!(text(&vault, shut, 1).as_deref(), Some("shut"));
    vault.shut_compartment(shut).unwrap();
    assert_holds(&vault, &held);

    let remove = |present: &str| vault.remove_second_passphrase(space, &parse(present), &Quiet);
    assert_eq!(remove("wrong").unwrap_err(), Error::WrongCredential.into());
    remove(SECOND).unwrap().destruction.unwrap();
    assert_eq!(
        remove(SECOND).unwrap_err(),
        Error::NoSecondPassphrase.into()
    );
    let unknown = CompartmentId([9; 16]);
    let refused = set(&vault, unknown, &Quiet).unwrap_err();
    assert_eq!(refused, Error::UnknownCompartment.into());
    assert_holds(&vault, &held);
    let path = temp.folder().join("after.cfdbackup");
    vault.backup(&path, &Quiet).unwrap();
    vault.lock().unwrap();
    let spare = temp.spare_key();
    let check = vault::rehearse(&path, Credential::SpareKey(&spare), &Quiet).unwrap();
    let generations: Vec<_> = check
        .compartments
        .iter()
        .map(|one| one.generation)
        .collect();
    assert_eq!(generations, [5, 1, 1]);
    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_holds(&vault, &held);
}

#[test]
fn cut_off_at_any_write_it_is_undone_or_complete() {
    cut_off_at_every(5);
}

#[test]
#[ignore = "takes minutes: the full run of the test above"]
fn cut_off_at_every_single_write_it_is_undone_or_complete() {
    cut_off_at_every(1);
}

/// A step that no remainder by which the cuts differ divides.
fn cut_off_at_every(step: u64) {
    let (rig, spaces, held) = filled_rig(2);
    let space = spaces[0];
    let before = rig.picture();
    let known = device_files(&rig);
    let (mut undone, mut completed, mut cut) = (0, 0, 0u64);
    loop {
        let mut finished = false;
        let lost = ["header.a", "header.b"][cut as usize % 2];
        let none = (Survival::Nothing, None);
        let some = (Survival::Some { seed: cut }, Some(lost));
        // Stretching takes its time.
        let both = [none, some];
        for (survival, lost) in both.into_iter().take(1 + cut as usize % 2) {
            let what = format!("cut {cut}, {survival:?}, {lost:?}");
            rig.come_back_to(&before);
            let vault = rig.open();
            save_again(&vault, space);
            rig.disk.die_at(rig.disk.steps() + cut);
            let outcome = set(&vault, space, &Quiet);
            finished = outcome
                .as_ref()
                .is_ok_and(|report| report.destruction.is_ok());
            drop(vault);
            rig.disk.crash(survival);
            if let Some(lost) = lost {
                let path = rig.temp.root().join("sync").join(lost);
                rig.disk.tamper(&path, |bytes| bytes[300] ^= 1);
            }
            if cut.is_multiple_of(3) {
                rig.remove_stores();
            }
            let vault = rig.open();
            assert_eq!(alarming(&vault), [], "{what}");
            if unlock(&vault, space) {
                completed += 1;
            } else {
                assert!(outcome.is_err(), "it was undone, {what}");
                undone += 1;
            }
            assert_holds(&vault, &held);
            assert_eq!(device_files(&rig), known);
            save_and_reopen(vault, spaces[1], || rig.open());
        }
        if finished {
            break;
        }
        cut += step;
    }
    println!("{cut} cuts, {undone} undone, {completed} completed");
    assert!(
        cut > 40 && undone > 20 / step && completed > 20 / step,
        "{cut}, {undone}, {completed}"
    );
}

#[test]
fn cut_off_after_a_save_that_the_anchor_does_not_know_its_history_stays_proven() {
    let (rig, spaces, mut held) = filled_rig(2);
    let before = rig.picture();
    held.insert((spaces[1], 10), Some("more".into()));
    let (mut cut, mut unproven) = (0u64, Vec::<u64>::new());
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        let mut batch = Batch::new();
        batch.put(spaces[1], NOTE, id(10), Schema(7), "more");
        vault.save(batch).unwrap();
        rig.disk.die_at(rig.disk.steps() + cut);
        let outcome = set(&vault, spaces[0], &Quiet);
        let finished = outcome.is_ok_and(|report| report.destruction.is_ok());
        drop(vault);
        rig.disk.crash(Survival::Nothing);
        let vault = rig.open();
        if alarming(&vault) == [Finding::HistoryUnproven] {
            unproven.push(cut);
        } else {
            assert_eq!(alarming(&vault), [], "cut {cut}");
        }
        unlock(&vault, spaces[0]);
        assert_holds(&vault, &held);
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(unproven.is_empty(), "{unproven:?} of {cut} cuts");
}

#[test]
fn a_store_of_before_is_not_taken_for_the_one_that_was_prepared() {
    let (rig, spaces, held) = filled_rig(2);
    let space = spaces[0];
    let (before, old) = (stores(rig.temp.root()), rig.disk.files());
    let committed = cut_off_at_the_header(&rig, |vault| set(vault, space, &Quiet).is_ok());
    let lose_checkpoint = || {
        for (path, _) in rig.disk.files() {
            if path.to_string_lossy().contains("/checkpoints/tmp.") {
                Disk::remove(&rig.disk, &path).unwrap();
            }
        }
    };
    lose_checkpoint();
    let vault = rig.open();
    assert_eq!(alarming(&vault), [Finding::CheckpointDamaged]);
    assert!(unlock(&vault, space));
    assert_holds(&vault, &held);
    save_and_reopen(vault, spaces[1], || rig.open());
    // The same root key opens both stores: without the new one, the old one is not it.
    rig.come_back_to(&committed);
    lose_checkpoint();
    for store in stores(rig.temp.root()) {
        if !before.contains(&store) {
            std::fs::remove_dir_all(store).unwrap();
        }
    }
    let part = vault::Part::Checkpoint;
    assert_eq!(rig.temp.open().unwrap_err(), Error::Damaged { part });
    put_back(&rig, &old, &["header."]);
    let vault = rig.open();
    assert!(!unlock(&vault, space));
    assert_holds(&vault, &held);
}

#[test]
fn a_disk_that_fills_up_or_fails_leaves_it_with_or_without() {
    fails_at_every(5);
}

#[test]
#[ignore = "takes minutes: the full run of the test above"]
fn a_disk_that_fails_at_every_single_write_leaves_it_with_or_without() {
    fails_at_every(1);
}

/// As above.
fn fails_at_every(step: u64) {
    let (rig, spaces, held) = filled_rig(2);
    let space = spaces[0];
    let before = rig.picture();
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::Other] {
        let mut cut = 0;
        loop {
            rig.come_back_to(&before);
            let vault = rig.open();
            rig.disk.fail_from(rig.disk.steps() + cut, kind);
            let outcome = set(&vault, space, &Quiet);
            rig.disk.mend();
            assert_eq!(vault.compartments()[0].second_passphrase, outcome.is_ok());
            let undecided = matches!(outcome, Err(RekeyError::Undecided(_)));
            assert_holds(&vault, &held);
            if cut % 2 == 0 {
                // The same session can do it again, or has it done.
                let again = set(&vault, space, &Quiet);
                assert_eq!(again.is_err(), outcome.is_ok(), "cut {cut}: {again:?}");
                vault.lock().unwrap();
            } else {
                drop(vault);
            }
            let vault = rig.open();
            assert_eq!(alarming(&vault), [], "cut {cut}");
            let there = unlock(&vault, space);
            let expected = cut % 2 == 0 || outcome.is_ok();
            assert!(there == expected || undecided, "cut {cut}");
            assert_holds(&vault, &held);
            vault.lock().unwrap();
            assert_eq!(rig.open().opening().findings, [], "cut {cut}");
            if outcome.is_ok_and(|report| report.destruction.is_ok()) {
                break;
            }
            cut += step;
        }
        assert!(cut > 40, "{cut}");
    }
}

#[test]
fn cancelled_at_any_question_nothing_has_changed() {
    let (rig, spaces, held) = filled_rig(2);
    let vault = rig.open();
    let before = rig.disk.files();
    let mut questions = 0;
    while let Err(error) = set(&vault, spaces[0], &StopAt::after(questions)) {
        assert_eq!(error, Error::Cancelled.into());
        assert!(rig.disk.files() == before);
        assert_eq!(stores(rig.temp.root()).len(), 1);
        assert_holds(&vault, &held);
        questions += 1;
    }
    assert_eq!(questions, 4);
    assert_holds(&vault, &held);
}

#[test]
fn what_somebody_kept_of_before_is_noticed_and_never_mixes() {
    let (rig, spaces, held) = filled_rig(2);
    let space = spaces[0];
    let old = rig.disk.files();
    let before = rig.picture();
    let vault = rig.open();
    set(&vault, space, &Quiet).unwrap().destruction.unwrap();
    vault.lock().unwrap();
    let now = rig.picture();
    for keep_stores in [true, false] {
        let with = |parts: &[&str]| {
            rig.come_back_to(&now);
            put_back(&rig, &old, parts);
            if !keep_stores {
                rig.remove_stores();
            }
            let vault = rig.open();
            if keep_stores {
                assert_whole(&vault);
            } else {
                assert!(unlock(&vault, space));
                assert_holds(&vault, &held);
            }
            vault
        };
        let foreign = |finding: &Finding| matches!(finding, Finding::ForeignSegment);
        let damaged = |finding: &Finding| matches!(finding, Finding::CheckpointDamaged);
        let orphaned = |finding: &Finding| matches!(finding, Finding::Orphaned { .. });
        assert!(finds(&with(&["/journal/"]), foreign));
        assert!(finds(&with(&["/checkpoints/"]), damaged));
        assert!(finds(&with(&["/sync/keyring.", "/sync/epoch."]), orphaned));
        drop(with(&["/CURRENT"]));
        drop(with(&["header.a"]));
        drop(with(&["header.b"]));
    }
    // Both headers: they name an epoch that is gone.
    rig.come_back_to(&now);
    put_back(&rig, &old, &["header."]);
    let part = vault::Part::Epoch;
    assert_eq!(rig.temp.open().unwrap_err(), Error::Damaged { part });
    // The whole folder.
    rig.come_back_to(&now);
    for (path, _) in rig.disk.files() {
        if path.starts_with(rig.temp.root()) {
            Disk::remove(&rig.disk, &path).unwrap();
        }
    }
    put_back(&rig, &old, &[""]);
    rig.set_stores(&before);
    let vault = rig.open();
    assert!(rolled_back(&vault), "{:?}", vault.opening());
    drop(vault);
    // The old checkpoint and journal in place of the new, and no store: what is missing is said.
    rig.come_back_to(&now);
    let of_rows = |path: &PathBuf| {
        let name = path.to_string_lossy();
        name.contains("/checkpoints/") || name.contains("/journal/")
    };
    for (path, _) in rig.disk.files() {
        if of_rows(&path) {
            Disk::remove(&rig.disk, &path).unwrap();
        }
    }
    put_back(&rig, &old, &["/checkpoints/", "/journal/"]);
    rig.remove_stores();
    let vault = rig.open();
    let behind = |finding: &Finding| {
        matches!(
            finding,
            Finding::JournalBehind { .. } | Finding::Rollback { .. }
        )
    };
    assert!(finds(&vault, behind), "{:?}", vault.opening());
    assert_eq!(text(&vault, spaces[1], 9), None);
}

#[test]
fn a_machine_that_knew_it_before_goes_on_with_it() {
    let (temp, vault) = TempVault::create();
    let mut held = Held::new();
    let space = plain(&vault);
    fill(&vault, space, &mut held);
    vault.lock().unwrap();
    let elsewhere = temp.copy();
    let vault = temp.open().unwrap();
    set(&vault, space, &Quiet).unwrap();
    vault.lock().unwrap();
    elsewhere.restore_folder_from(&temp);
    let vault = elsewhere.open().unwrap();
    assert_eq!(vault.opening().findings, []);
    unlock(&vault, space);
    assert_holds(&vault, &held);
    vault.lock().unwrap();
    std::fs::remove_dir_all(&elsewhere.places().device).unwrap();
    let vault = elsewhere.open().unwrap();
    assert_eq!(vault.opening().findings, [Finding::FirstTimeHere]);
    unlock(&vault, space);
    assert_holds(&vault, &held);
}
