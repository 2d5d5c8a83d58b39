//! New keys for a whole vault: what they change and keep, at every write where the power may go or the disk may fail,
//! and against what somebody kept of before.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use testkit::{CHEAP, PASSPHRASE, Survival, TempVault};
use vault::{
    BackupPlace, Batch, CompartmentId, CompartmentOptions, Credential, Disk, Error, Finding,
    NewKeys, NotDestroyed, Passphrase, Quiet, RekeyError, RekeyReport, Schema, SpareKey, Step,
    Vault, Watch,
};

use crate::support::*;

pub const NEW: &str = "nobody knows this one";
pub const SECOND: &str = "second";

/// What a vault is to hold, by compartment and number; `None` for what was removed.
pub type Held = BTreeMap<(CompartmentId, u64), Option<String>>;

pub fn parse(text: &str) -> Passphrase {
    Passphrase::parse(text).unwrap()
}

pub fn second(vault: &Vault, passphrase: &str) -> CompartmentId {
    let options = CompartmentOptions {
        alias: Some("sealed".into()),
        second: Some((&parse(passphrase), CHEAP)),
    };
    vault.make_compartment(options).unwrap()
}

/// Saves records of every sort: short, long enough for several rows, replaced by shorter and longer ones, removed.
pub fn fill(vault: &Vault, space: CompartmentId, held: &mut Held) {
    let mut save = |number: u64, text: Option<String>| {
        let mut batch = Batch::new();
        match &text {
            Some(text) => batch.put(space, NOTE, id(number), Schema(7), text.as_str()),
            None => batch.delete(space, NOTE, id(number)),
        }
        vault.save(batch).unwrap();
        held.insert((space, number), text);
    };
    save(0, Some(String::new()));
    save(1, Some("first".into()));
    save(2, Some("long ".repeat(30_000)));
    save(3, Some("long, then short ".repeat(9_000)));
    save(4, Some("short".into()));
    save(5, Some("removed ".repeat(9_000)));
    save(3, Some("now short".into()));
    save(4, Some("now long ".repeat(9_000)));
    save(5, None);
}

pub fn assert_holds(vault: &Vault, held: &Held) {
    for ((space, number), expected) in held {
        assert!(text(vault, *space, *number) == *expected, "{number}");
    }
    for space in vault.compartments() {
        if space.locked {
            continue;
        }
        let mut schemas = Vec::new();
        let visited = vault
            .visit(space.id, &mut |record| schemas.push(record.schema))
            .unwrap();
        let there = held
            .iter()
            .filter(|((id, _), text)| *id == space.id && text.is_some());
        assert_eq!(visited.records, there.count() as u64);
        assert_eq!(visited.unreadable, []);
        assert!(schemas.iter().all(|schema| *schema == Schema(7)));
    }
    assert_whole(vault);
}

/// A vault that was locked once and has saves that no checkpoint covers, and what it holds.
pub fn filled_rig(spaces: usize) -> (Rig, Vec<CompartmentId>, Held) {
    let (rig, vault) = Rig::new();
    let mut held = Held::new();
    let spaces: Vec<_> = (0..spaces).map(|_| plain(&vault)).collect();
    if let Some(first) = spaces.first() {
        fill(&vault, *first, &mut held);
    }
    vault.lock().unwrap();
    let vault = rig.open();
    for (number, space) in spaces.iter().enumerate() {
        let mut batch = Batch::new();
        batch.put(*space, NOTE, id(9), Schema(7), format!("in {number}"));
        vault.save(batch).unwrap();
        held.insert((*space, 9), Some(format!("in {number}")));
    }
    drop(vault);
    (rig, spaces, held)
}

/// Saves once more what a filled rig holds: a save that the anchor does not know of.
pub fn save_again(vault: &Vault, first: CompartmentId) {
    let mut batch = Batch::new();
    batch.put(first, NOTE, id(9), Schema(7), "in 0");
    vault.save(batch).unwrap();
}

pub fn open_by(rig: &Rig, spare: &SpareKey) -> Result<Vault, Error> {
    let (host, places) = (rig.temp.host(), rig.temp.places());
    Vault::open_on(host, places, Credential::SpareKey(spare), &Quiet)
}

pub fn rekey(vault: &Vault, spare: &SpareKey) -> Result<RekeyReport, RekeyError> {
    rekey_with(vault, spare, &[], &Quiet)
}

fn rekey_with(
    vault: &Vault,
    spare: &SpareKey,
    seconds: &[(CompartmentId, &Passphrase)],
    watch: &dyn Watch,
) -> Result<RekeyReport, RekeyError> {
    let keys = NewKeys {
        passphrase: &parse(NEW),
        cost: CHEAP,
        spare,
        seconds,
    };
    vault.rekey(keys, watch)
}

/// The names of what this machine keeps about vaults.
pub fn device_files(rig: &Rig) -> Vec<PathBuf> {
    let files = rig.disk.files().into_iter().map(|(path, _)| path);
    files
        .filter(|path| path.starts_with(&rig.temp.places().device))
        .collect()
}

/// The one that says which device this machine is.
fn device_file(rig: &Rig) -> PathBuf {
    let mut files = device_files(rig).into_iter();
    let device = files.find(|path| path.extension().is_some_and(|name| name == "device"));
    device.unwrap()
}

pub fn save_and_reopen(vault: Vault, space: CompartmentId, open: impl Fn() -> Vault) {
    vault.save(note(space, 77, "after")).unwrap();
    assert_eq!(text(&vault, space, 77).as_deref(), Some("after"));
    vault.lock().unwrap();
    let vault = open();
    assert_eq!(vault.opening().findings, []);
    assert_eq!(text(&vault, space, 77).as_deref(), Some("after"));
    assert_whole(&vault);
}

#[test]
fn everything_is_there_under_new_keys_and_the_old_ones_open_nothing() {
    let (temp, vault) = TempVault::create();
    let mut held = Held::new();
    let (first, gone, empty) = (plain(&vault), plain(&vault), plain(&vault));
    let sealed = second(&vault, SECOND);
    for space in [first, gone, sealed] {
        fill(&vault, space, &mut held);
    }
    vault.forget(gone, &Quiet).unwrap();
    held.retain(|(space, _), _| *space != gone);
    let backup = temp.folder().join("old.cfdbackup");
    let made = vault.backup(&backup, &Quiet).unwrap();
    let before = vault.compartments();
    let device = vault.device();
    let spare = SpareKey::make().unwrap();

    let report = rekey_with(&vault, &spare, &[(sealed, &parse(SECOND))], &Quiet).unwrap();
    assert_eq!(report.compartments, [first, empty, sealed]);
    let texts = || held.values().flatten();
    assert_eq!(report.records, texts().count() as u64);
    assert_eq!(
        report.bytes,
        texts().map(|text| text.len() as u64).sum::<u64>()
    );
    assert_eq!(report.rows_left_behind, 0);
    let listed: Vec<_> = report
        .backups
        .iter()
        .map(|(b, place)| (b.id, *place))
        .collect();
    assert_eq!(listed, [(made.id, BackupPlace::There)]);
    assert!(!report.backups_unknown);
    let destruction = report.destruction.unwrap();
    assert!(destruction.files_destroyed >= 6, "{destruction:?}");
    assert!(destruction.files_checked >= 7, "{destruction:?}");
    assert!(destruction.parts_tried > report.records, "{destruction:?}");

    // The session goes on, and what was open is open.
    assert_eq!(vault.compartments(), before);
    assert_eq!(
        vault.forgotten().iter().map(|f| f.id).collect::<Vec<_>>(),
        [gone]
    );
    assert_eq!(vault.device(), device);
    assert_holds(&vault, &held);
    assert!(vault.check_passphrase(&parse(NEW)).unwrap());
    assert!(!vault.check_passphrase(&parse(PASSPHRASE)).unwrap());
    assert!(vault.check_spare_key(&spare).unwrap());
    assert_eq!(vault.known_backups().unwrap().len(), 1);
    vault.lock().unwrap();

    assert_eq!(temp.open().unwrap_err(), Error::WrongCredential);
    assert_eq!(
        temp.open_with(PASSPHRASE).unwrap_err(),
        Error::WrongCredential
    );
    let vault = temp.open_with(NEW).unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_eq!(vault.device(), device);
    assert_eq!(
        vault.open_compartment(sealed, &parse("wrong"), &Quiet),
        Err(Error::WrongCredential)
    );
    vault
        .open_compartment(sealed, &parse(SECOND), &Quiet)
        .unwrap();
    assert_holds(&vault, &held);
    let new_backup = temp.folder().join("new.cfdbackup");
    vault.backup(&new_backup, &Quiet).unwrap();
    assert_eq!(vault.known_backups().unwrap().len(), 2);
    vault.lock().unwrap();
    // A backup is as it was: its own keys open it, those of the vault do not.
    let old_spare = temp.spare_key();
    vault::rehearse(&backup, Credential::SpareKey(&old_spare), &Quiet).unwrap();
    let refused = vault::check_backup(&backup, Credential::SpareKey(&spare), &Quiet);
    assert_eq!(refused.unwrap_err(), Error::WrongCredential);
    let check = vault::rehearse(&new_backup, Credential::SpareKey(&spare), &Quiet).unwrap();
    assert!(check.compartments.iter().all(|space| space.generation == 2));

    // And once more.
    let vault = temp.open_with(NEW).unwrap();
    let third = SpareKey::make().unwrap();
    let report = rekey_with(&vault, &third, &[(sealed, &parse(SECOND))], &Quiet).unwrap();
    assert_eq!(report.backups.len(), 2);
    report.destruction.unwrap();
    vault
        .open_compartment(sealed, &parse(SECOND), &Quiet)
        .unwrap();
    assert_holds(&vault, &held);
}

#[test]
fn a_vault_with_no_one_or_an_empty_compartment_is_rekeyed() {
    for spaces in 0..3 {
        let (temp, vault) = TempVault::create();
        let mut held = Held::new();
        let spaces: Vec<_> = (0..spaces).map(|_| plain(&vault)).collect();
        if spaces.len() == 2 {
            fill(&vault, spaces[0], &mut held);
            let long = "a record of many rows ".repeat(200_000);
            let mut batch = Batch::new();
            batch.put(spaces[0], NOTE, id(8), Schema(7), long.as_str());
            vault.save(batch).unwrap();
            held.insert((spaces[0], 8), Some(long));
        }
        let spare = SpareKey::make().unwrap();
        let report = rekey(&vault, &spare).unwrap();
        assert_eq!(report.compartments, spaces);
        report.destruction.unwrap();
        assert_holds(&vault, &held);
        let space = plain(&vault);
        save_and_reopen(vault, space, || temp.open_with(NEW).unwrap());
    }
}

#[test]
fn without_every_second_passphrase_nothing_is_written() {
    let (rig, vault) = Rig::new();
    let first = plain(&vault);
    let (one, other) = (second(&vault, SECOND), second(&vault, "another"));
    vault.save(note(one, 1, "sealed")).unwrap();
    vault.shut_compartment(other).unwrap();
    let before = rig.disk.files();
    let spare = SpareKey::make().unwrap();
    let (right, wrong) = (parse(SECOND), parse("wrong"));
    for (given, expected) in [
        (
            &[][..],
            RekeyError::SecondPassphrasesMissing(vec![one, other]),
        ),
        (
            &[(one, &right)][..],
            RekeyError::SecondPassphrasesMissing(vec![other]),
        ),
        (
            &[(one, &right), (other, &wrong)][..],
            RekeyError::SecondPassphraseWrong(other),
        ),
        (
            &[(CompartmentId([9; 16]), &right)][..],
            RekeyError::Vault(Error::UnknownCompartment),
        ),
    ] {
        assert_eq!(rekey_with(&vault, &spare, given, &Quiet), Err(expected));
        assert!(rig.disk.files() == before);
    }
    // One that was shut gets a new key and stays shut.
    let given = [(one, &right), (other, &parse("another"))];
    rekey_with(&vault, &spare, &given, &Quiet).unwrap();
    let shut: Vec<_> = vault
        .compartments()
        .iter()
        .map(|info| info.locked)
        .collect();
    assert_eq!(shut, [false, false, true]);
    assert_eq!(text(&vault, one, 1).as_deref(), Some("sealed"));
    vault
        .open_compartment(other, &parse("another"), &Quiet)
        .unwrap();
    save_and_reopen(vault, first, || open_by(&rig, &spare).unwrap());
}

/// What a crash or a damage after a rekey left: the vault, and whether it is the one of before.
fn open_either(rig: &Rig, new: &SpareKey, finished: bool, what: &str) -> (Vault, bool) {
    match rig.temp.open() {
        Ok(vault) => {
            assert!(!finished, "a finished rekey was undone, {what}");
            (vault, true)
        }
        Err(Error::WrongCredential) => match open_by(rig, new) {
            Ok(vault) => (vault, false),
            Err(error) => panic!("the new key does not open it, {what}: {error}"),
        },
        Err(error) => panic!("the old key does not open it, {what}: {error}"),
    }
}

#[test]
fn cut_off_at_any_write_a_rekey_is_undone_or_complete() {
    cut_off_at_every(5);
}

#[test]
#[ignore = "takes minutes: the full run of the test above"]
fn cut_off_at_every_single_write_a_rekey_is_undone_or_complete() {
    cut_off_at_every(1);
}

/// A step that no remainder by which the cuts differ divides.
fn cut_off_at_every(step: u64) {
    let (rig, spaces, held) = filled_rig(3);
    let before = rig.picture();
    let known = device_files(&rig).len();
    let old_device = device_file(&rig);
    let device = rig.open().device();
    let spare = SpareKey::make().unwrap();
    let (mut undone, mut completed, mut cut) = (0, 0, 0u64);
    loop {
        let mut finished = false;
        let lost = [None, Some("header.a"), Some("header.b")];
        for (survival, lost) in [
            (Survival::Nothing, lost[cut as usize % 3]),
            (Survival::Some { seed: cut }, lost[cut as usize / 2 % 3]),
        ] {
            let what = format!("cut {cut}, {survival:?}, {lost:?}");
            rig.come_back_to(&before);
            let vault = rig.open();
            save_again(&vault, spaces[0]);
            rig.disk.die_at(rig.disk.steps() + cut);
            let outcome = rekey(&vault, &spare);
            finished = outcome
                .as_ref()
                .is_ok_and(|report| report.destruction.is_ok());
            let committed = outcome.is_ok();
            drop(vault);
            rig.disk.crash(survival);
            if let Some(lost) = lost {
                // One header copy is lost on top of it.
                let path = rig.temp.root().join("sync").join(lost);
                rig.disk.tamper(&path, |bytes| bytes[300] ^= 1);
            }
            if cut.is_multiple_of(3) {
                rig.remove_stores();
            }
            let (vault, old) = open_either(&rig, &spare, committed, &what);
            assert_eq!(alarming(&vault), [], "{what}");
            assert_holds(&vault, &held);
            let no_rekey = |path: &PathBuf| path.extension().is_none_or(|name| name != "rekey");
            assert!(device_files(&rig).iter().all(no_rekey), "{what}");
            assert_eq!(stores(rig.temp.root()).len(), 1, "{what}");
            if old {
                undone += 1;
                assert_eq!(device_files(&rig).len(), known, "{what}");
                save_and_reopen(vault, spaces[0], || rig.open());
                assert_eq!(open_by(&rig, &spare).unwrap_err(), Error::WrongCredential);
            } else {
                completed += 1;
                assert!(
                    !device_files(&rig).contains(&old_device),
                    "{what}: {old_device:?}"
                );
                assert_eq!(vault.device(), device, "{what}");
                save_and_reopen(vault, spaces[0], || open_by(&rig, &spare).unwrap());
                assert_eq!(rig.temp.open().unwrap_err(), Error::WrongCredential);
            }
        }
        if finished {
            break;
        }
        cut += step;
    }
    println!("{cut} cuts, {undone} undone, {completed} completed");
    assert!(
        cut > 60 && undone > 50 / step && completed > 50 / step,
        "{cut} cuts, {undone} undone, {completed} completed"
    );
}

#[test]
fn after_a_crash_the_passphrase_that_opens_is_the_one_that_belongs_to_the_spare_key() {
    let (rig, _, held) = filled_rig(1);
    let before = rig.picture();
    let spare = SpareKey::make().unwrap();
    let mut outcomes = BTreeMap::new();
    let all = {
        let vault = rig.open();
        let from = rig.disk.steps();
        rekey(&vault, &spare).unwrap();
        rig.disk.steps() - from
    };
    for cut in (0..all).step_by(7) {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk.die_at(rig.disk.steps() + cut);
        let _ = rekey(&vault, &spare);
        drop(vault);
        rig.disk.crash(Survival::Some { seed: cut });
        let (vault, opened) = match rig.temp.open_with(PASSPHRASE) {
            Ok(vault) => (vault, PASSPHRASE),
            Err(Error::WrongCredential) => (rig.temp.open_with(NEW).unwrap(), NEW),
            Err(error) => panic!("neither opens, cut {cut}: {error}"),
        };
        assert_holds(&vault, &held);
        drop(vault);
        let by_new = open_by(&rig, &spare).is_ok();
        assert_eq!(by_new, opened == NEW, "cut {cut}");
        *outcomes.entry(opened).or_insert(0) += 1;
    }
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
}

/// What the power leaves when it goes right after both headers of a rekey, or of what else gives new keys: nothing is
/// destroyed yet.
pub fn cut_off_at_the_header(rig: &Rig, act: impl Fn(&Vault) -> bool) -> RigPicture {
    let is_header = |path: &Path| path.ends_with("sync/header.b");
    let header = || {
        let mut files = rig.disk.files().into_iter();
        files.find(|(path, _)| is_header(path)).unwrap()
    };
    let old = header();
    let before = rig.picture();
    let all = {
        let vault = rig.open();
        let from = rig.disk.steps();
        assert!(act(&vault));
        rig.disk.steps() - from
    };
    let picture_at = |cut: u64| {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk.die_at(rig.disk.steps() + cut);
        act(&vault);
        drop(vault);
        rig.disk.crash(Survival::Nothing);
        (header() != old).then(|| rig.picture())
    };
    let (mut too_few, mut enough) = (0, all);
    let mut committed = picture_at(enough).unwrap();
    while enough - too_few > 1 {
        let middle = too_few.midpoint(enough);
        match picture_at(middle) {
            Some(picture) => (enough, committed) = (middle, picture),
            None => too_few = middle,
        }
    }
    rig.come_back_to(&committed);
    committed
}

/// The checkpoint that was prepared and has not got its name.
fn prepared_checkpoint(rig: &Rig) -> PathBuf {
    let mut files = rig.disk.files().into_iter().map(|(path, _)| path);
    let unnamed = |path: &PathBuf| path.to_string_lossy().contains("/checkpoints/tmp.");
    files.find(unnamed).unwrap()
}

/// The store that was prepared, beside the one of before.
fn prepared_store(rig: &Rig, before: &[PathBuf]) -> PathBuf {
    let now = stores(rig.temp.root());
    assert_eq!((before.len(), now.len()), (1, 2));
    let new = now.into_iter().find(|store| !before.contains(store));
    new.unwrap()
}

#[test]
fn rows_that_a_rekey_prepared_are_whole_before_anything_of_before_goes() {
    let (rig, spaces, held) = filled_rig(2);
    let spare = SpareKey::make().unwrap();
    let (old, old_stores) = (rig.disk.files(), stores(rig.temp.root()));
    let committed = cut_off_at_the_header(&rig, |vault| rekey(vault, &spare).is_ok());
    let checkpoint = prepared_checkpoint(&rig);
    let length = {
        let mut files = rig.disk.files().into_iter();
        files.find(|(path, _)| *path == checkpoint).unwrap().1.len()
    };
    let lose = |at: Option<usize>| match at {
        Some(at) => rig.disk.tamper(&checkpoint, |bytes| bytes[at] ^= 1),
        None => Disk::remove(&rig.disk, &checkpoint).unwrap(),
    };
    let places = [0, 9, 60, 255, 256, 300, length / 2, length - 1];
    let places = places.into_iter().map(Some).chain([None]);
    for at in places {
        // The store of the same rows is whole.
        rig.come_back_to(&committed);
        lose(at);
        let vault = open_by(&rig, &spare).unwrap();
        assert_eq!(alarming(&vault), [Finding::CheckpointDamaged], "{at:?}");
        assert!(finds(&vault, |one| matches!(one, Finding::RekeyFinished)));
        assert_holds(&vault, &held);
        drop(vault);
        // And what was written in place of the lost one is, too.
        rig.remove_stores();
        let vault = open_by(&rig, &spare).unwrap();
        assert_eq!(alarming(&vault), [], "{at:?}");
        assert_holds(&vault, &held);
        save_and_reopen(vault, spaces[0], || open_by(&rig, &spare).unwrap());
        assert_eq!(rig.temp.open().unwrap_err(), Error::WrongCredential);
    }
    let gone = |rig: &Rig| std::fs::remove_dir_all(prepared_store(rig, &old_stores)).unwrap();
    let lacks_a_row = |rig: &Rig| {
        let aside = rig.temp.folder().join("aside");
        std::fs::rename(&old_stores[0], &aside).unwrap();
        testkit::lose_a_row(rig.temp.root());
        std::fs::rename(&aside, &old_stores[0]).unwrap();
    };
    let spoils: [&dyn Fn(&Rig); 2] = [&gone, &lacks_a_row];
    for spoil in spoils {
        // The checkpoint alone is whole.
        rig.come_back_to(&committed);
        spoil(&rig);
        let vault = open_by(&rig, &spare).unwrap();
        assert_eq!(alarming(&vault), []);
        assert_holds(&vault, &held);
        save_and_reopen(vault, spaces[0], || open_by(&rig, &spare).unwrap());
        // Neither is: nothing goes, and with the old headers all is as it was.
        for at in [Some(60), Some(length / 2), None] {
            rig.come_back_to(&committed);
            spoil(&rig);
            lose(at);
            let without_lock = || {
                let mut files = rig.disk.files();
                files.retain(|(path, _)| !path.ends_with("vault.lock"));
                files
            };
            let (there, folders) = (without_lock(), stores(rig.temp.root()));
            let part = vault::Part::Checkpoint;
            for read_only in [true, false] {
                rig.disk.set_read_only(read_only);
                let refused = open_by(&rig, &spare).unwrap_err();
                assert_eq!(refused, Error::Damaged { part }, "{at:?}");
                assert!(without_lock() == there, "{at:?}");
                assert_eq!(stores(rig.temp.root()), folders, "{at:?}");
            }
            put_back(&rig, &old, &["header."]);
            let vault = rig.open();
            assert_eq!(alarming(&vault), [], "{at:?}");
            assert_holds(&vault, &held);
            save_and_reopen(vault, spaces[0], || rig.open());
        }
    }
}

#[test]
fn a_finishing_that_is_cut_off_again_and_again_comes_to_its_end() {
    let (rig, spaces, held) = filled_rig(2);
    let spare = SpareKey::make().unwrap();
    let committed = cut_off_at_the_header(&rig, |vault| rekey(vault, &spare).is_ok());
    let mut cut = 0;
    loop {
        rig.come_back_to(&committed);
        rig.disk.die_at(rig.disk.steps() + cut);
        let finished = open_by(&rig, &spare).map(drop).is_ok();
        rig.disk.crash(Survival::Some { seed: cut });
        if cut % 2 == 0 {
            rig.remove_stores();
        }
        let vault = open_by(&rig, &spare).unwrap();
        assert_eq!(alarming(&vault), [], "cut {cut}");
        assert_holds(&vault, &held);
        save_and_reopen(vault, spaces[0], || open_by(&rig, &spare).unwrap());
        assert_eq!(rig.temp.open().unwrap_err(), Error::WrongCredential);
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(cut > 20, "only {cut} cuts");
    // A folder that cannot be written shows all there is, and leaves it as it is.
    rig.come_back_to(&committed);
    let there = rig.disk.files();
    rig.disk.set_read_only(true);
    let vault = open_by(&rig, &spare).unwrap();
    assert!(vault.read_only());
    assert_eq!(vault.opening().findings.len(), 1, "{:?}", vault.opening());
    assert_holds(&vault, &held);
    vault.lock().unwrap();
    assert_eq!(rig.disk.files(), there);
}

#[test]
fn a_disk_that_fills_up_or_fails_at_any_write_leaves_one_of_both_in_force() {
    fails_at_every(4);
}

#[test]
#[ignore = "takes minutes: the full run of the test above"]
fn a_disk_that_fails_at_every_single_write_leaves_one_of_both_in_force() {
    fails_at_every(1);
}

/// As above; a header is written in more steps than four.
fn fails_at_every(step: u64) {
    let (rig, spaces, held) = filled_rig(2);
    let before = rig.picture();
    let spare = SpareKey::make().unwrap();
    for (kind, expected) in [
        (io::ErrorKind::StorageFull, Error::NoSpace),
        (
            io::ErrorKind::Other,
            Error::Io {
                kind: io::ErrorKind::Other,
            },
        ),
    ] {
        let (mut cut, mut refused, mut undecided, mut unfinished) = (0u64, 0u64, 0, 0);
        loop {
            rig.come_back_to(&before);
            let vault = rig.open();
            rig.disk.fail_from(rig.disk.steps() + cut, kind);
            let outcome = rekey(&vault, &spare);
            let mut finished = false;
            let mut in_force = match &outcome {
                Err(RekeyError::Undecided(error)) => {
                    assert_eq!(*error, expected, "cut {cut}");
                    undecided += 1;
                    false
                }
                Err(error) => {
                    assert_eq!(*error, RekeyError::Vault(expected), "cut {cut}");
                    refused += 1;
                    false
                }
                Ok(report) => {
                    if let Err(error) = report.destruction {
                        let expected = NotDestroyed::Unfinished(expected);
                        assert_eq!(error, expected, "cut {cut}");
                        unfinished += 1;
                        assert!(vault.save(note(spaces[0], 8, "on a full disk")).is_err());
                    }
                    finished = report.destruction.is_ok();
                    true
                }
            };
            assert_holds(&vault, &held);
            rig.disk.mend();
            // There is space again: the same session goes on, or the next one does.
            if cut % 3 == 0 {
                drop(vault);
                if matches!(outcome, Err(RekeyError::Undecided(_))) {
                    in_force = open_by(&rig, &spare).is_ok();
                }
            } else {
                if cut % 3 == 1 {
                    vault.save(note(spaces[1], 8, "saved")).unwrap();
                    plain(&vault);
                }
                vault.lock().unwrap();
            }
            let open = || {
                if in_force {
                    open_by(&rig, &spare).unwrap()
                } else {
                    rig.open()
                }
            };
            let vault = open();
            assert_eq!(alarming(&vault), [], "cut {cut}");
            if cut % 3 == 1 {
                assert_eq!(text(&vault, spaces[1], 8).as_deref(), Some("saved"));
                vault
                    .save({
                        let mut batch = Batch::new();
                        batch.delete(spaces[1], NOTE, id(8));
                        batch
                    })
                    .unwrap();
            }
            assert_holds(&vault, &held);
            save_and_reopen(vault, spaces[0], open);
            let other = if in_force {
                rig.temp.open()
            } else {
                open_by(&rig, &spare)
            };
            assert_eq!(other.unwrap_err(), Error::WrongCredential, "cut {cut}");
            if finished {
                break;
            }
            cut += step;
        }
        println!(
            "{kind:?}: {cut} cuts, {refused} refused, {undecided} undecided, {unfinished} unfinished"
        );
        assert!(
            cut > 60 && refused > 30 / step,
            "{cut}, {refused}, {unfinished}"
        );
        // A full disk lets files go, and overwriting takes no space.
        assert!(undecided > 0 && unfinished > 0, "{kind:?}");
    }
}

/// Stops at the question with this number, counted from the first row on: stretching asks by the clock.
pub struct StopAt {
    left: AtomicU64,
    begun: AtomicBool,
}

impl StopAt {
    pub fn after(questions: u64) -> Self {
        StopAt {
            left: AtomicU64::new(questions),
            begun: AtomicBool::new(false),
        }
    }
}

impl Watch for StopAt {
    fn at(&self, step: Step) {
        if matches!(step, Step::Writing) {
            self.begun.store(true, Ordering::SeqCst);
        }
    }

    fn cancelled(&self) -> bool {
        let less = |left: u64| Some(left.saturating_sub(1));
        self.begun.load(Ordering::SeqCst)
            && self
                .left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
                .is_ok_and(|left| left == 0)
    }
}

#[test]
fn cancelled_at_any_question_nothing_has_changed() {
    let (rig, spaces, held) = filled_rig(2);
    let vault = rig.open();
    let before = rig.disk.files();
    let spare = SpareKey::make().unwrap();
    let mut cancelled = 0;
    let mut questions = 0;
    loop {
        match rekey_with(&vault, &spare, &[], &StopAt::after(questions)) {
            Err(error) => {
                assert_eq!(error, RekeyError::Vault(Error::Cancelled));
                cancelled += 1;
                assert!(rig.disk.files() == before, "{questions}");
                assert_eq!(stores(rig.temp.root()).len(), 1);
                assert_holds(&vault, &held);
            }
            Ok(report) => {
                report.destruction.unwrap();
                break;
            }
        }
        questions += 1;
    }
    // Before the rows, their verifying, the checkpoint, and the header.
    assert_eq!(cancelled, 4);
    assert_holds(&vault, &held);
    save_and_reopen(vault, spaces[0], || open_by(&rig, &spare).unwrap());
}

#[test]
fn it_tells_its_steps_in_their_order() {
    struct Steps(std::sync::Mutex<Vec<Step>>);
    impl Watch for Steps {
        fn at(&self, step: Step) {
            self.0.lock().unwrap().push(step);
        }
        fn cancelled(&self) -> bool {
            false
        }
    }
    let (rig, _, _) = filled_rig(1);
    let vault = rig.open();
    let steps = Steps(std::sync::Mutex::default());
    let spare = SpareKey::make().unwrap();
    rekey_with(&vault, &spare, &[], &steps).unwrap();
    let steps = steps.0.into_inner().unwrap();
    let place = |wanted: fn(&Step) -> bool| steps.iter().position(wanted).unwrap();
    let order = [
        place(|step| matches!(step, Step::Stretching)),
        place(|step| matches!(step, Step::Writing)),
        place(|step| matches!(step, Step::Rekeying { done: 0, total } if *total > 5)),
        place(|step| matches!(step, Step::Verifying { .. })),
        place(|step| matches!(step, Step::Destroying)),
        place(|step| matches!(step, Step::Proving)),
    ];
    assert!(order.is_sorted(), "{steps:?}");
}

/// Puts a file on the disk, in place of what has its name.
pub fn put(rig: &Rig, path: &Path, content: &[u8]) {
    let _ = Disk::remove(&rig.disk, path);
    Disk::make_folder(&rig.disk, path.parent().unwrap()).unwrap();
    Disk::create(&rig.disk, path)
        .unwrap()
        .append(content)
        .unwrap();
    rig.disk.tamper(path, |_| {});
}

/// Puts back what was there before, of the vault's folder, under names that hold one of these parts.
pub fn put_back(rig: &Rig, old: &[(PathBuf, Vec<u8>)], parts: &[&str]) -> usize {
    let mut done = 0;
    for (path, content) in old {
        let name = path.to_string_lossy();
        let wanted = parts.iter().any(|part| name.contains(part));
        if wanted && path.starts_with(rig.temp.root()) && !name.ends_with("vault.lock") {
            put(rig, path, content);
            done += 1;
        }
    }
    assert!(done > 0, "there was nothing of {parts:?}");
    done
}

pub fn finds(vault: &Vault, wanted: fn(&Finding) -> bool) -> bool {
    vault.opening().findings.iter().any(wanted)
}

pub fn rolled_back(vault: &Vault) -> bool {
    finds(vault, |finding| matches!(finding, Finding::Rollback { .. }))
}

#[test]
fn what_somebody_kept_of_before_is_noticed_and_never_mixes() {
    let (rig, spaces, held) = filled_rig(2);
    let old = rig.disk.files();
    let before = rig.picture();
    let old_device = device_file(&rig);
    let vault = rig.open();
    let device = vault.device();
    let spare = SpareKey::make().unwrap();
    rekey(&vault, &spare).unwrap();
    vault.lock().unwrap();
    let bare = rig.picture();
    let vault = open_by(&rig, &spare).unwrap();
    vault.save(note(spaces[1], 20, "since")).unwrap();
    drop(vault);
    let used = rig.picture();

    for (now, since) in [(&bare, false), (&used, true)] {
        let holds_all = |vault: &Vault| {
            for ((space, number), expected) in &held {
                assert!(text(vault, *space, *number) == *expected);
            }
            assert_eq!(text(vault, spaces[1], 20).is_some(), since);
            assert_whole(vault);
        };
        for keep_stores in [true, false] {
            let with = |parts: &[&str]| {
                rig.come_back_to(now);
                put_back(&rig, &old, parts);
                if !keep_stores {
                    rig.remove_stores();
                }
                let vault = open_by(&rig, &spare).unwrap();
                holds_all(&vault);
                vault
            };
            // Journal, checkpoints, keyring and epoch of before, beside those of now.
            let vault = with(&["/journal/"]);
            assert!(
                finds(&vault, |finding| matches!(finding, Finding::ForeignSegment)),
                "{:?}",
                vault.opening()
            );
            drop(vault);
            let vault = with(&["/checkpoints/"]);
            assert!(finds(&vault, |finding| matches!(
                finding,
                Finding::CheckpointDamaged
            )));
            drop(vault);
            let vault = with(&["/sync/keyring.", "/sync/epoch."]);
            assert!(finds(&vault, |finding| matches!(
                finding,
                Finding::Orphaned { .. }
            )));
            drop(vault);
            drop(with(&["/CURRENT"]));
            let all = [
                "/journal/",
                "/checkpoints/",
                "/sync/keyring.",
                "/sync/epoch.",
                "/CURRENT",
            ];
            let vault = with(&all);
            assert!(finds(&vault, |finding| matches!(
                finding,
                Finding::ForeignSegment
            )));
            save_and_reopen(vault, spaces[0], || {
                // It goes on being said for as long as it lies there.
                let vault = open_by(&rig, &spare).unwrap();
                drop(vault);
                rig.come_back_to(now);
                let vault = open_by(&rig, &spare).unwrap();
                vault.save(note(spaces[0], 77, "after")).unwrap();
                vault.lock().unwrap();
                open_by(&rig, &spare).unwrap()
            });
        }
        // One old header: the new one is in force, and mends it.
        rig.come_back_to(now);
        put_back(&rig, &old, &["header.a"]);
        let vault = open_by(&rig, &spare).unwrap();
        assert_eq!(
            vault.opening().findings.first(),
            Some(&Finding::HeaderRepaired)
        );
        holds_all(&vault);
        drop(vault);
        // Both: the old keys lead to an epoch that is gone, the new ones to nothing.
        rig.come_back_to(now);
        put_back(&rig, &old, &["header.a", "header.b"]);
        let there = rig.disk.files();
        let part = vault::Part::Epoch;
        assert_eq!(rig.temp.open().unwrap_err(), Error::Damaged { part });
        assert_eq!(open_by(&rig, &spare).unwrap_err(), Error::WrongCredential);
        let without_lock = |files: Vec<(PathBuf, Vec<u8>)>| {
            let mut files = files;
            files.retain(|(path, _)| !path.ends_with("vault.lock"));
            files
        };
        assert_eq!(without_lock(rig.disk.files()), without_lock(there));
        // The whole folder of before.
        rig.come_back_to(now);
        for (path, _) in rig.disk.files() {
            if path.starts_with(rig.temp.root()) {
                Disk::remove(&rig.disk, &path).unwrap();
            }
        }
        put_back(&rig, &old, &[""]);
        rig.set_stores(&before);
        assert_eq!(open_by(&rig, &spare).unwrap_err(), Error::WrongCredential);
        for _ in 0..2 {
            let vault = rig.open();
            assert!(rolled_back(&vault), "{:?}", vault.opening());
            // The anchor says which device this is; the file that did was sealed under the old root key.
            assert_eq!(vault.device(), device);
            assert_holds(&vault, &held);
            vault.lock().unwrap();
            assert!(!device_files(&rig).contains(&old_device));
        }
    }
}

#[test]
fn a_folder_of_before_is_noticed_even_after_a_rekey_that_was_cut_off() {
    let (rig, _, held) = filled_rig(1);
    let old = rig.disk.files();
    let before = rig.picture();
    let spare = SpareKey::make().unwrap();
    let (mut cut, mut noticed) = (0, 0);
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk.die_at(rig.disk.steps() + cut);
        let finished = rekey(&vault, &spare).is_ok_and(|report| report.destruction.is_ok());
        drop(vault);
        rig.disk.crash(Survival::Nothing);
        // It is opened, and so brought to its end, by whoever has the new key.
        let rekeyed = match rig.temp.open() {
            Ok(_) => false,
            Err(_) => open_by(&rig, &spare).map(drop).is_ok(),
        };
        if rekeyed {
            for (path, _) in rig.disk.files() {
                if path.starts_with(rig.temp.root()) {
                    Disk::remove(&rig.disk, &path).unwrap();
                }
            }
            put_back(&rig, &old, &[""]);
            rig.set_stores(&before);
            let vault = rig.open();
            assert!(rolled_back(&vault), "cut {cut}: {:?}", vault.opening());
            assert_holds(&vault, &held);
            noticed += 1;
        }
        if finished {
            break;
        }
        cut += 3;
    }
    assert!(noticed > 5, "{noticed}");
}

#[test]
fn another_machine_opens_it_and_says_what_it_cannot_know() {
    let (temp, vault) = TempVault::create();
    let mut held = Held::new();
    let space = plain(&vault);
    vault.lock().unwrap();
    let long_ago = temp.copy();
    let vault = temp.open().unwrap();
    fill(&vault, space, &mut held);
    vault.lock().unwrap();
    let knew_before = temp.copy();
    let vault = temp.open().unwrap();
    let spare = SpareKey::make().unwrap();
    rekey(&vault, &spare).unwrap();
    vault.lock().unwrap();
    // One that never saw the vault.
    let never = temp.copy();
    std::fs::remove_dir_all(&never.places().device).unwrap();
    let vault = never.open_with(NEW).unwrap();
    assert_eq!(vault.opening().findings, [Finding::FirstTimeHere]);
    assert_holds(&vault, &held);
    save_and_reopen(vault, space, || never.open_with(NEW).unwrap());
    // One that knows it under the old root key: what it knew stays beside what it gets to know.
    let list = |temp: &TempVault| {
        let mut files: Vec<_> = std::fs::read_dir(&temp.places().device)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let knew = list(&knew_before);
    knew_before.restore_folder_from(&temp);
    let vault = knew_before.open_with(NEW).unwrap();
    assert_eq!(vault.opening().findings, [Finding::OtherKeysSince]);
    assert_holds(&vault, &held);
    assert_eq!(vault.known_backups(), Ok(Vec::new()));
    let backup = knew_before.folder().join("elsewhere.cfdbackup");
    let made = vault.backup(&backup, &Quiet).unwrap();
    assert!(made.remembered);
    save_and_reopen(vault, space, || knew_before.open_with(NEW).unwrap());
    let vault = knew_before.open_with(NEW).unwrap();
    assert_eq!(vault.known_backups().unwrap().len(), 1);
    vault.lock().unwrap();
    let now = list(&knew_before);
    assert!(knew.iter().all(|file| now.contains(file)));
    assert_eq!(now.len(), knew.len() + 3);
    // Somebody puts the folder of long ago in its place: it goes on knowing better.
    knew_before.restore_folder_from(&long_ago);
    let vault = knew_before.open().unwrap();
    assert!(rolled_back(&vault), "{:?}", vault.opening());
    drop(vault);
    // And back, with what the other one did.
    temp.restore_folder_from(&never);
    let vault = temp.open_with(NEW).unwrap();
    assert_eq!(alarming(&vault), []);
    assert_eq!(text(&vault, space, 77).as_deref(), Some("after"));
}

#[test]
fn a_machine_that_gave_new_keys_itself_is_told_of_those_that_another_gave_later() {
    let (temp, vault) = TempVault::create();
    let mut held = Held::new();
    let space = plain(&vault);
    fill(&vault, space, &mut held);
    let spare = SpareKey::make().unwrap();
    rekey(&vault, &spare).unwrap();
    vault.lock().unwrap();
    let elsewhere = temp.copy();
    let third = SpareKey::make().unwrap();
    let vault = elsewhere.open_with(NEW).unwrap();
    rekey(&vault, &third).unwrap();
    vault.lock().unwrap();
    temp.restore_folder_from(&elsewhere);
    let by_third = || {
        let by = Credential::SpareKey(&third);
        Vault::open_on(temp.host(), temp.places(), by, &Quiet).unwrap()
    };
    let vault = by_third();
    assert_eq!(vault.opening().findings, [Finding::OtherKeysSince]);
    assert_holds(&vault, &held);
    save_and_reopen(vault, space, by_third);
}

#[test]
fn a_vault_restored_elsewhere_under_the_new_keys_is_a_fork_to_the_machine_that_gave_them() {
    let (temp, vault) = TempVault::create();
    let mut held = Held::new();
    let space = plain(&vault);
    fill(&vault, space, &mut held);
    vault.lock().unwrap();
    let before = temp.copy();
    let vault = temp.open().unwrap();
    let spare = SpareKey::make().unwrap();
    rekey(&vault, &spare).unwrap();
    let backup = temp.folder().join("new.cfdbackup");
    vault.backup(&backup, &Quiet).unwrap();
    vault.lock().unwrap();
    let elsewhere = TempVault::empty();
    let (by_new, options) = (
        Credential::SpareKey(&spare),
        vault::RestoreOptions::default(),
    );
    let there = elsewhere.places();
    vault::restore_on(elsewhere.host(), &backup, there, by_new, options, &Quiet).unwrap();
    temp.restore_folder_from(&elsewhere);
    for _ in 0..2 {
        let vault = temp.open_with(NEW).unwrap();
        assert!(
            finds(&vault, |one| matches!(one, Finding::Fork { .. })),
            "{:?}",
            vault.opening()
        );
        assert_holds(&vault, &held);
        vault.lock().unwrap();
    }
    // And what it knew of before the new keys is still there.
    temp.restore_folder_from(&before);
    assert!(rolled_back(&temp.open().unwrap()));
}

#[test]
fn a_machine_that_has_lost_its_device_file_learns_from_the_anchor_which_device_it_is() {
    let (rig, spaces, held) = filled_rig(1);
    let (path, device) = (device_file(&rig), rig.open().device());
    Disk::remove(&rig.disk, &path).unwrap();
    let vault = rig.open();
    assert_eq!(alarming(&vault), []);
    assert_eq!(vault.device(), device);
    assert_holds(&vault, &held);
    drop(vault);
    rig.disk.tamper(&path, |bytes| bytes[60] ^= 1);
    let vault = rig.open();
    assert_eq!(alarming(&vault), [Finding::AnchorDamaged]);
    assert_eq!(vault.device(), device);
    save_and_reopen(vault, spaces[0], || rig.open());
}

#[test]
fn a_vault_that_was_restored_beside_it_keeps_its_keys_and_its_list() {
    let (temp, vault) = TempVault::create();
    let mut held = Held::new();
    let space = plain(&vault);
    fill(&vault, space, &mut held);
    let backup = temp.folder().join("one.cfdbackup");
    vault.backup(&backup, &Quiet).unwrap();
    let beside = vault::Places {
        vault: temp.folder().join("beside"),
        device: temp.places().device.clone(),
    };
    let old_spare = temp.spare_key();
    let options = vault::RestoreOptions::default();
    let (host, by_old) = (temp.host(), Credential::SpareKey(&old_spare));
    vault::restore_on(host, &backup, &beside, by_old, options, &Quiet).unwrap();
    let spare = SpareKey::make().unwrap();
    rekey(&vault, &spare).unwrap();
    assert_eq!(vault.known_backups().unwrap().len(), 1);
    vault
        .backup(&temp.folder().join("two.cfdbackup"), &Quiet)
        .unwrap();
    vault.lock().unwrap();
    let other = Vault::open_on(host, &beside, by_old, &Quiet).unwrap();
    assert_eq!(alarming(&other), []);
    assert_holds(&other, &held);
    assert_eq!(other.known_backups().unwrap().len(), 1);
    other.lock().unwrap();
    let vault = temp.open_with(NEW).unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_eq!(vault.known_backups().unwrap().len(), 2);
    // A backup under the new keys is restored beside both, and shares the list of its keys.
    let third = vault::Places {
        vault: temp.folder().join("third"),
        device: temp.places().device.clone(),
    };
    let by_new = Credential::SpareKey(&spare);
    let two = temp.folder().join("two.cfdbackup");
    vault::restore_on(host, &two, &third, by_new, options, &Quiet).unwrap();
    let restored = Vault::open_on(host, &third, by_new, &Quiet).unwrap();
    assert_eq!(restored.known_backups().unwrap().len(), 2);
    assert_holds(&restored, &held);
}

#[test]
fn saves_wait_for_a_rekey_and_none_is_lost() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    let mut held = Held::new();
    fill(&vault, space, &mut held);
    let spare = SpareKey::make().unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let (saved, read) = std::thread::scope(|scope| {
        let saving = scope.spawn(|| {
            let mut number = 100;
            while !stop.load(Ordering::SeqCst) {
                let mut batch = Batch::new();
                batch.put(space, NOTE, id(number), Schema(7), format!("text {number}"));
                vault.save(batch).unwrap();
                number += 1;
            }
            number
        });
        let reading = scope.spawn(|| {
            let mut read = 0;
            while !stop.load(Ordering::SeqCst) {
                assert_eq!(text(&vault, space, 1).as_deref(), Some("first"));
                read += 1;
            }
            read
        });
        for _ in 0..3 {
            rekey(&vault, &spare).unwrap().destruction.unwrap();
        }
        stop.store(true, Ordering::SeqCst);
        (saving.join().unwrap(), reading.join().unwrap())
    });
    assert!(saved > 102 && read > 10, "{saved}, {read}");
    for number in 100..saved {
        held.insert((space, number), Some(format!("text {number}")));
    }
    assert_holds(&vault, &held);
    drop(vault);
    for store in stores(temp.root()) {
        std::fs::remove_dir_all(store).unwrap();
    }
    let vault = temp.open_with(NEW).unwrap();
    assert_eq!(alarming(&vault), []);
    assert_holds(&vault, &held);
}

#[test]
fn while_rows_are_missing_nothing_is_rekeyed() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    let mut held = Held::new();
    fill(&vault, space, &mut held);
    vault.lock().unwrap();
    testkit::lose_a_row(temp.root());
    let vault = temp.open().unwrap();
    let spare = SpareKey::make().unwrap();
    let part = vault::Part::Store;
    let refused = rekey(&vault, &spare).unwrap_err();
    assert_eq!(refused, RekeyError::Vault(Error::Damaged { part }));
    vault.lock().unwrap();
    // The next opening finds the row again.
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    rekey(&vault, &spare).unwrap().destruction.unwrap();
    assert_holds(&vault, &held);
}

/// Does something once, at the first step of a sort.
struct Once<F> {
    at: fn(&Step) -> bool,
    act: std::sync::Mutex<Option<F>>,
}

impl<F> Once<F> {
    fn new(at: fn(&Step) -> bool, act: F) -> Self {
        let act = std::sync::Mutex::new(Some(act));
        Once { at, act }
    }
}

impl<F: FnOnce() + Send> Watch for Once<F> {
    fn at(&self, step: Step) {
        if (self.at)(&step)
            && let Some(act) = self.act.lock().unwrap().take()
        {
            act();
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

#[test]
fn strays_of_old_keys_go_whatever_they_are_called_and_one_that_comes_late_is_told() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "a text")).unwrap();
    let sync = temp.root().join("sync");
    let of = |prefix: &str| {
        let mut names = std::fs::read_dir(&sync).unwrap();
        let named = names.find(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_str().unwrap().starts_with(prefix)
        });
        std::fs::read(named.unwrap().unwrap().path()).unwrap()
    };
    let (header, keyring, epoch) = (of("header.a"), of("keyring."), of("epoch."));
    let strays = [
        ("header.a.sync-conflict-20261127-183000-ABCDEFG", &header),
        ("header (copy of a friend)", &header),
        ("keyring.1.sync-conflict-20261127-183000-ABCDEFG", &keyring),
        ("what was this", &keyring),
        (".epoch.old", &epoch),
    ];
    for (name, bytes) in strays {
        std::fs::write(sync.join(name), bytes).unwrap();
    }
    std::fs::write(sync.join("notes.txt"), "of somebody else").unwrap();
    let spare = SpareKey::make().unwrap();
    let report = rekey(&vault, &spare).unwrap();
    let destroyed = report.destruction.unwrap();
    assert!(destroyed.files_destroyed >= 5, "{destroyed:?}");
    for (name, _) in strays {
        assert!(!sync.join(name).exists(), "{name}");
    }
    assert!(sync.join("notes.txt").exists());

    // One that comes when everything is destroyed: the report says what is left, and nothing is said to go on.
    let late = sync.join("header.b.sync-conflict-20261127-190000-ABCDEFG");
    let header = of("header.a");
    let plant = || std::fs::write(&late, &header).unwrap();
    let watch = Once::new(|step| matches!(step, Step::Proving), plant);
    let spare = SpareKey::make().unwrap();
    let report = rekey_with(&vault, &spare, &[], &watch).unwrap();
    let part = vault::Part::Header;
    assert_eq!(report.destruction, Err(NotDestroyed::Left(part)));
    vault.save(note(space, 2, "another")).unwrap();
    vault.lock().unwrap();
    let by_spare = || {
        let by = Credential::SpareKey(&spare);
        Vault::open_on(temp.host(), temp.places(), by, &Quiet).unwrap()
    };
    let vault = by_spare();
    assert_eq!(alarming(&vault), []);
    assert!(!finds(&vault, |one| matches!(one, Finding::RekeyFinished)));
    assert!(late.exists());
    let third = SpareKey::make().unwrap();
    rekey(&vault, &third).unwrap().destruction.unwrap();
    assert!(!late.exists());
    assert_eq!(text(&vault, space, 2).as_deref(), Some("another"));
}

#[test]
fn whoever_walks_over_a_vault_that_gets_new_keys_is_told_to_begin_again() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    for number in 0..40 {
        vault
            .save(note(space, number, &"a longer text ".repeat(4_000)))
            .unwrap();
    }
    vault.lock().unwrap();
    let vault = temp.open().unwrap();
    let spare = SpareKey::make().unwrap();
    let mut shown = 0;
    let walked = vault.visit(space, &mut |record| {
        if shown == 0 {
            rekey(&vault, &spare).unwrap();
        }
        assert!(record.payload.starts_with(b"a longer text "));
        shown += 1;
    });
    assert_eq!(walked, Err(Error::Stale));
    assert_eq!(shown, 1);
    let visited = vault.visit(space, &mut |_| ()).unwrap();
    assert_eq!((visited.records, visited.unreadable), (40, Vec::new()));
}

#[test]
fn a_list_of_backups_is_never_written_under_keys_that_were() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "a text")).unwrap();
    let (one, two) = (
        temp.folder().join("one.cfdbackup"),
        temp.folder().join("two.cfdbackup"),
    );
    let made = vault.backup(&one, &Quiet).unwrap();
    vault.backup(&two, &Quiet).unwrap();
    let lists = || {
        let names = std::fs::read_dir(&temp.places().device).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".backups")).count()
    };
    // The vault gets new keys while a backup of before is being read.
    let spare = SpareKey::make().unwrap();
    for rehearsing in [false, true] {
        let backup = temp.folder().join(format!("before {rehearsing}.cfdbackup"));
        vault.backup(&backup, &Quiet).unwrap();
        let watch = Once::new(
            |step| matches!(step, Step::Reading | Step::Verifying { .. }),
            || {
                rekey(&vault, &spare).unwrap().destruction.unwrap();
            },
        );
        let done = if rehearsing {
            vault.rehearse_backup(&backup, &watch).map(drop)
        } else {
            vault.remember_backup(&backup, &watch).map(drop)
        };
        assert_eq!(done, Err(Error::WrongCredential));
        assert_eq!(lists(), 1);
    }
    assert_eq!(vault.known_backups().unwrap().len(), 4);
    // Somebody takes one off the list, and waits until the rekey is over.
    let (begin, begun) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let (vault, id) = (&vault, made.id);
        scope.spawn(move || {
            begun.recv().unwrap();
            vault.drop_known_backup(id).unwrap();
        });
        let watch = Once::new(
            |step| matches!(step, Step::Rekeying { .. }),
            move || {
                begin.send(()).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(300));
            },
        );
        rekey_with(vault, &spare, &[], &watch).unwrap();
    });
    assert_eq!(lists(), 1);
    let known = vault.known_backups().unwrap();
    assert_eq!(known.len(), 3);
    assert!(known.iter().all(|backup| backup.id != made.id));
}

#[test]
fn a_backup_says_whether_it_is_under_the_present_keys() {
    let (temp, vault) = TempVault::create();
    let (space, other) = (plain(&vault), plain(&vault));
    vault.save(note(space, 1, "a text")).unwrap();
    let day = vault::LocalDay::new(2026, 11, 27).unwrap();
    let folder = temp.folder().join("backups");
    std::fs::create_dir(&folder).unwrap();
    let mut hour = 0;
    let mut back_up = || {
        hour += 1;
        let time = vault::LocalTime::new(day, hour, 0, 0).unwrap();
        vault
            .backup(&folder.join(time.backup_name()), &Quiet)
            .unwrap();
    };
    let present = || {
        let known = vault.known_backups().unwrap().into_iter();
        let known = known.map(|backup| vault.is_under_present_keys(&backup).unwrap());
        known.collect::<Vec<_>>()
    };
    back_up();
    assert_eq!(present(), [true]);
    vault
        .set_second_passphrase(space, &parse(SECOND), CHEAP, &Quiet)
        .unwrap();
    assert_eq!(present(), [false]);
    back_up();
    assert_eq!(present(), [false, true]);
    vault.forget(other, &Quiet).unwrap();
    assert_eq!(present(), [false, false]);
    back_up();
    let spare = SpareKey::make().unwrap();
    let old_lineage = vault.lineage();
    assert_eq!(present(), [false, false, true]);
    rekey_with(&vault, &spare, &[(space, &parse(SECOND))], &Quiet).unwrap();
    assert_eq!(present(), [false; 3]);
    back_up();
    assert_eq!(present(), [false, false, false, true]);
    let there = vault::automatic_backups(temp.host(), &folder, vault.id()).unwrap();
    let lineages: Vec<_> = there.iter().map(|backup| backup.lineage).collect();
    assert_eq!(lineages[..3], [old_lineage; 3]);
    assert_eq!(lineages[3], vault.lineage());
    assert_ne!(old_lineage, vault.lineage());
}
