//! Backups: made while saves go on, whole or not at all, and refused with one bit wrong.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use testkit::{CHEAP, PASSPHRASE, Survival, TempVault, lose_a_row, lose_a_row_for_good};
use vault::{
    BackupCheck, BackupPlace, Batch, CompartmentId, CompartmentOptions, Credential, Error,
    FoundBackup, LocalDay, LocalTime, NewKeys, Part, Passphrase, Places, Quiet, RestoreOptions,
    Retention, Schema, SpareKey, Step, Vault, Watch, automatic_backups, check_backup,
    check_backup_on, look_at_backup, look_at_backup_on, rehearse, restore,
};

use crate::support::*;

const SECOND: &str = "a second one";
const DAMAGED: Error = Error::Damaged { part: Part::Backup };
const PREFACE: usize = 256;
const HEADER: usize = 4096;

/// A vault with a plain compartment, a locked one and an empty one; and where a backup of it may go.
pub struct Kept {
    pub temp: TempVault,
    pub plain: CompartmentId,
    pub second: CompartmentId,
    pub empty: CompartmentId,
}

impl Kept {
    pub fn make() -> (Kept, Vault) {
        let (temp, vault) = TempVault::create();
        Self::fill(temp, vault)
    }

    pub fn fill(temp: TempVault, vault: Vault) -> (Kept, Vault) {
        let passphrase = Passphrase::parse(SECOND).unwrap();
        let second = vault
            .make_compartment(CompartmentOptions {
                alias: Some("Sealed".into()),
                second: Some((&passphrase, CHEAP)),
            })
            .unwrap();
        let [plain, empty] = [plain(&vault), plain(&vault)];
        for number in 0..20 {
            let text = content(number);
            vault.save(note(plain, number, &text)).unwrap();
            vault.save(note(second, number, &text)).unwrap();
        }
        vault.shut_compartment(second).unwrap();
        let kept = Kept {
            temp,
            plain,
            second,
            empty,
        };
        (kept, vault)
    }

    pub fn backup(&self) -> PathBuf {
        self.temp.folder().join("a.cfdbackup")
    }

    pub fn spare(&self) -> SpareKey {
        self.temp.spare_key()
    }

    fn rehearse(&self) -> Result<BackupCheck, Error> {
        rehearse(&self.backup(), Credential::SpareKey(&self.spare()), &Quiet)
    }
}

/// Some records of several rows among them.
pub fn content(number: u64) -> String {
    let repeat = [1, 40, 900, 9_000][number as usize % 4];
    format!("note {number}. ").repeat(repeat)
}

pub fn check(path: &Path, spare: &SpareKey) -> Result<BackupCheck, Error> {
    check_backup(path, Credential::SpareKey(spare), &Quiet)
}

fn nothing_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.starts_with("tmp."), "{name}");
    }
}

/// Stops after so many questions.
struct StopAfter(AtomicU64);

impl Watch for StopAfter {
    fn at(&self, _step: Step) {}

    fn cancelled(&self) -> bool {
        let left = self.0.load(Ordering::SeqCst);
        self.0.store(left.saturating_sub(1), Ordering::SeqCst);
        left == 0
    }
}

#[test]
fn a_backup_holds_everything_locked_compartments_included() {
    let (kept, vault) = Kept::make();
    let made = vault.backup(&kept.backup(), &Quiet).unwrap();
    assert!(made.remembered && !made.incomplete);
    assert_eq!(made.bytes, fs::metadata(kept.backup()).unwrap().len());
    let ids: Vec<_> = made.compartments.iter().map(|held| held.id).collect();
    assert_eq!(ids, [kept.second, kept.plain, kept.empty]);
    let found = look_at_backup(&kept.backup()).unwrap();
    let FoundBackup::Backup {
        id,
        vault: of,
        bytes,
        ..
    } = found
    else {
        panic!("{found:?}");
    };
    assert_eq!((id, of, bytes), (made.id, vault.id(), made.bytes));

    let checks = vault.verify(&Quiet).unwrap();
    let rows = |space| {
        let check = checks.iter().find(|check| check.compartment == space);
        check.unwrap().records_found
    };
    for found in [check(&kept.backup(), &kept.spare()), kept.rehearse()] {
        let found = found.unwrap();
        assert_eq!((found.id, found.rows), (made.id, made.rows));
        assert_eq!(found.unknown_rows, 0);
        assert!(found.rows > 40, "some records are long");
        for compartment in &found.compartments {
            assert_eq!(compartment.rows, rows(compartment.id));
            assert_eq!(compartment.unreadable, 0);
        }
    }
    let rehearsed = kept.rehearse().unwrap();
    let records: Vec<_> = rehearsed
        .compartments
        .iter()
        .map(|compartment| compartment.records)
        .collect();
    assert_eq!(records, [None, Some(20), Some(0)]);
    let passphrase = Passphrase::parse(PASSPHRASE).unwrap();
    let credential = Credential::Passphrase(&passphrase);
    assert_eq!(
        check_backup(&kept.backup(), credential, &Quiet)
            .unwrap()
            .rows,
        made.rows
    );
    nothing_unfinished(kept.temp.folder());
}

#[test]
fn the_longest_records_are_rehearsed_and_restored() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    let long = |megabytes: usize| {
        let mut chance = Chance(megabytes as u64);
        let words = (0..megabytes << 17).flat_map(|_| chance.next().to_le_bytes());
        words.collect::<Vec<u8>>()
    };
    // More together than are held in memory at a time.
    let sizes = [50, 10, 20];
    for (number, megabytes) in sizes.into_iter().enumerate() {
        let mut batch = Batch::new();
        batch.put(space, NOTE, id(number as u64), Schema(1), long(megabytes));
        vault.save(batch).unwrap();
    }
    let out = temp.folder().join("long.cfdbackup");
    vault.backup(&out, &Quiet).unwrap();
    let spare = temp.spare_key();
    let credential = || Credential::SpareKey(&spare);
    let found = rehearse(&out, credential(), &Quiet).unwrap();
    let space_found = &found.compartments[0];
    assert_eq!((space_found.records, space_found.unreadable), (Some(3), 0));
    let to = Places {
        vault: temp.folder().join("restored"),
        device: temp.places().device.clone(),
    };
    restore(&out, &to, credential(), RestoreOptions::default(), &Quiet).unwrap();
    let restored = Vault::open(&to, credential(), &Quiet).unwrap();
    for (number, megabytes) in sizes.into_iter().enumerate() {
        let record = restored.read(space, NOTE, id(number as u64)).unwrap();
        assert!(
            *record.unwrap().payload == long(megabytes),
            "{megabytes} MiB"
        );
    }
}

#[test]
fn an_empty_vault_can_be_backed_up_too() {
    let (temp, vault) = TempVault::create();
    let out = temp.folder().join("empty.cfdbackup");
    assert_eq!(vault.backup(&out, &Quiet).unwrap().rows, 0);
    let found = check(&out, &temp.spare_key()).unwrap();
    assert_eq!((found.rows, found.saved_at), (0, None));
}

#[test]
#[cfg(unix)]
fn a_backup_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (kept, vault) = Kept::make();
    vault.backup(&kept.backup(), &Quiet).unwrap();
    let mode = fs::metadata(kept.backup()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_wrong_passphrase_or_spare_key_says_so() {
    let (kept, vault) = Kept::make();
    vault.backup(&kept.backup(), &Quiet).unwrap();
    let wrong = Passphrase::parse("not this one").unwrap();
    let credential = Credential::Passphrase(&wrong);
    assert_eq!(
        check_backup(&kept.backup(), credential, &Quiet),
        Err(Error::WrongCredential)
    );
    let other = SpareKey::make().unwrap();
    assert_eq!(check(&kept.backup(), &other), Err(Error::WrongCredential));
    // A passphrase of later does not open it, and the one of then does.
    let new = Passphrase::parse("quite another one").unwrap();
    vault.change_passphrase(&new, CHEAP, &Quiet).unwrap();
    let credential = Credential::Passphrase(&new);
    assert_eq!(
        check_backup(&kept.backup(), credential, &Quiet),
        Err(Error::WrongCredential)
    );
}

#[test]
fn no_file_is_replaced_and_none_is_put_into_the_vault() {
    let (kept, vault) = Kept::make();
    let taken = kept.backup();
    fs::write(&taken, "something else").unwrap();
    assert_eq!(vault.backup(&taken, &Quiet).unwrap_err(), Error::Exists);
    assert_eq!(fs::read(&taken).unwrap(), b"something else");
    // Nor one that bears the temporary name and is none of ours.
    let foreign = kept.temp.folder().join("tmp.b.cfdbackup");
    fs::write(&foreign, vec![7; 300]).unwrap();
    let out = kept.temp.folder().join("b.cfdbackup");
    assert_eq!(vault.backup(&out, &Quiet).unwrap_err(), Error::Exists);
    assert!(foreign.exists() && !out.exists());
    // What an earlier backup of that name left when it was cut short goes.
    fs::write(&foreign, b"CFDNT").unwrap();
    vault.backup(&out, &Quiet).unwrap();
    assert!(!foreign.exists());
    let inside = kept.temp.root().join("sync").join("c.cfdbackup");
    assert_eq!(
        vault.backup(&inside, &Quiet).unwrap_err(),
        Error::InsideVault
    );
    let nowhere = kept
        .temp
        .folder()
        .join("no such folder")
        .join("d.cfdbackup");
    assert!(vault.backup(&nowhere, &Quiet).is_err());
}

#[test]
fn cancelled_anywhere_it_leaves_nothing() {
    let (kept, vault) = Kept::make();
    let folder = kept.temp.folder().join("out");
    fs::create_dir(&folder).unwrap();
    let out = folder.join("a.cfdbackup");
    let mut cancelled = 0;
    loop {
        let watch = StopAfter(AtomicU64::new(cancelled));
        match vault.backup(&out, &watch) {
            Err(Error::Cancelled) => assert_eq!(fs::read_dir(&folder).unwrap().count(), 0),
            Err(error) => panic!("{error}"),
            Ok(_) => break,
        }
        cancelled += 1;
    }
    assert!(cancelled > 3, "asked only {cancelled} times");
    assert_eq!(vault.known_backups().unwrap().len(), 1);
    let watch = StopAfter(AtomicU64::new(0));
    let credential = Credential::SpareKey(&kept.temp.spare_key());
    assert_eq!(
        check_backup(&out, credential, &watch),
        Err(Error::Cancelled)
    );
}

#[test]
fn saves_go_on_meanwhile_and_the_backup_is_of_one_moment() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    // Twins are always saved together: a backup that had only one of them would be of no moment.
    const TWIN: vault::Kind = vault::Kind(101);
    let both = |number: u64, text: &str| {
        let mut batch = Batch::new();
        batch.put(space, NOTE, id(number), Schema(1), text);
        batch.put(space, TWIN, id(number), Schema(1), text);
        vault.save(batch).unwrap();
    };
    for number in 0..400 {
        both(number, &"first ".repeat(700));
    }
    let stop = AtomicBool::new(false);
    let saves = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let (both, stop, saves) = (&both, &stop, &saves);
            scope.spawn(move || {
                let mut chance = Chance(thread);
                while !stop.load(Ordering::SeqCst) {
                    let number = chance.below(500);
                    both(number, &format!("{} ", chance.next()).repeat(300));
                    saves.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for round in 0..4 {
            let out = temp.folder().join(format!("{round}.cfdbackup"));
            let before = saves.load(Ordering::SeqCst);
            vault.backup(&out, &Quiet).unwrap();
            let during = saves.load(Ordering::SeqCst) - before;
            let found = rehearse(&out, Credential::SpareKey(&temp.spare_key()), &Quiet).unwrap();
            let records = found.compartments[0].records.unwrap();
            assert_eq!(records % 2, 0, "half a save");
            assert!(during > 0, "saves waited for the whole of the backup");
        }
        stop.store(true, Ordering::SeqCst);
    });
    assert_whole(&vault);
}

#[test]
fn a_vault_that_is_open_for_reading_only_can_be_backed_up() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    // Dropped: the last save is only in the journal.
    drop(vault);
    rig.disk.crash(Survival::Nothing);
    rig.disk.set_read_only(true);
    let vault = rig.open();
    assert!(vault.read_only());
    // The folder for the backup is on another disk: here, writable again once the vault is open.
    rig.disk.set_read_only(false);
    let out = rig.temp.folder().join("a.cfdbackup");
    let made = vault.backup(&out, &Quiet).unwrap();
    assert_eq!(made.rows, 1);
    let spare = rig.temp.spare_key();
    let credential = Credential::SpareKey(&spare);
    let found = check_backup_on(rig.temp.host(), &out, credential, &Quiet).unwrap();
    assert_eq!(found.rows, 1);
}

#[test]
fn a_backup_cut_short_anywhere_is_refused() {
    let (kept, vault) = Kept::make();
    vault.backup(&kept.backup(), &Quiet).unwrap();
    let bytes = fs::read(kept.backup()).unwrap();
    let spare = kept.spare();
    let mut chance = Chance(500);
    let mut lengths: Vec<usize> = (0..500)
        .map(|_| chance.below(bytes.len() as u64) as usize)
        .collect();
    lengths.extend([
        0,
        1,
        255,
        256,
        257,
        4351,
        4352,
        bytes.len() - 128,
        bytes.len() - 1,
    ]);
    for length in lengths {
        fs::write(kept.backup(), &bytes[..length]).unwrap();
        assert_eq!(
            check(&kept.backup(), &spare),
            Err(DAMAGED),
            "cut at {length}"
        );
        let looked = look_at_backup(&kept.backup()).unwrap();
        assert!(matches!(looked, FoundBackup::Damaged { .. }), "{length}");
    }
    for more in [&b"\0"[..], b"CFDNTEND", &bytes] {
        fs::write(kept.backup(), [&bytes, more].concat()).unwrap();
        assert_eq!(check(&kept.backup(), &spare), Err(DAMAGED));
        let looked = look_at_backup(&kept.backup()).unwrap();
        assert!(matches!(looked, FoundBackup::Damaged { .. }));
    }
    fs::write(kept.backup(), &bytes).unwrap();
    check(&kept.backup(), &spare).unwrap();
}

#[test]
fn a_backup_with_one_bit_flipped_is_refused() {
    // A small one: each bit costs a reading of the whole.
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    for number in 0..4 {
        vault
            .save(note(space, number, &content(number / 3 * 2)))
            .unwrap();
    }
    let path = temp.folder().join("a.cfdbackup");
    vault.backup(&path, &Quiet).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let spare = temp.spare_key();
    let mut chance = Chance(2_000);
    let everywhere = (0..1_000).map(|_| bytes.len() as u64 * 8);
    // Half of them where there is the most to get wrong.
    let ends = (0..1_000).map(|_| (PREFACE + HEADER + 4096 + 256 + 80) as u64 * 8);
    let bits: Vec<_> = everywhere
        .chain(ends)
        .map(|bound| chance.below(bound) as usize)
        .collect();
    for bit in bits {
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, &bytes).unwrap();
        let refused = check(&path, &spare).unwrap_err();
        assert_eq!(refused, DAMAGED, "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    fs::write(&path, &bytes).unwrap();
    check(&path, &spare).unwrap();
}

#[test]
fn parts_of_two_backups_make_no_third() {
    let (kept, vault) = Kept::make();
    let [one, two] = ["one", "two"].map(|name| kept.temp.folder().join(name));
    vault.backup(&one, &Quiet).unwrap();
    // The same compartments, so that everything is as long as before.
    vault
        .save(note(kept.plain, 1, &content(1).to_uppercase()))
        .unwrap();
    vault.backup(&two, &Quiet).unwrap();
    let [one, two] = [one, two].map(|path| fs::read(path).unwrap());
    assert_eq!(one.len(), two.len());
    let keyring = u64::from_le_bytes(one[64..72].try_into().unwrap()) as usize;
    let container = PREFACE + HEADER + keyring;
    let ends = [
        0,
        PREFACE,
        PREFACE + HEADER,
        container,
        container + 256,
        one.len() - 128,
        one.len(),
    ];
    for pair in ends.windows(2) {
        let mut spliced = one.clone();
        spliced[pair[0]..pair[1]].copy_from_slice(&two[pair[0]..pair[1]]);
        fs::write(kept.backup(), &spliced).unwrap();
        let refused = check(&kept.backup(), &kept.spare()).unwrap_err();
        assert_eq!(refused, DAMAGED, "{pair:?}");
    }
    // Front of the one, rest of the other, with the front's checksums mended by whoever has no key.
    for at in &ends[1..ends.len() - 1] {
        let spliced = [&one[..*at], &two[*at..]].concat();
        fs::write(kept.backup(), &spliced).unwrap();
        assert_eq!(check(&kept.backup(), &kept.spare()), Err(DAMAGED));
    }
}

#[test]
fn hostile_lengths_are_refused_before_memory_is_asked_for() {
    let (kept, vault) = Kept::make();
    vault.backup(&kept.backup(), &Quiet).unwrap();
    let bytes = fs::read(kept.backup()).unwrap();
    let lengths = [
        0,
        4096,
        268_435_456,
        268_439_552,
        u64::MAX,
        u64::MAX - 4095,
        1 << 40,
    ];
    for at in [64, 72] {
        for length in lengths {
            let mut hostile = bytes.clone();
            hostile[at..at + 8].copy_from_slice(&u64::to_le_bytes(length));
            if hostile == bytes {
                continue;
            }
            let hash = sha256(&hostile[..224]);
            hostile[224..256].copy_from_slice(&hash);
            fs::write(kept.backup(), &hostile).unwrap();
            assert_eq!(check(&kept.backup(), &kept.spare()), Err(DAMAGED));
            let looked = look_at_backup(&kept.backup()).unwrap();
            assert!(matches!(looked, FoundBackup::Damaged { .. }));
        }
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

#[test]
fn a_backup_of_a_newer_version_is_told_from_a_damaged_one() {
    let (kept, vault) = Kept::make();
    vault.backup(&kept.backup(), &Quiet).unwrap();
    let mut bytes = fs::read(kept.backup()).unwrap();
    bytes[8] = 2;
    let hash = sha256(&bytes[..224]);
    bytes[224..256].copy_from_slice(&hash);
    fs::write(kept.backup(), &bytes).unwrap();
    assert_eq!(check(&kept.backup(), &kept.spare()), Err(Error::Newer));
    let looked = look_at_backup(&kept.backup()).unwrap();
    assert!(matches!(looked, FoundBackup::Newer { version: 2, .. }));
    assert_eq!(
        look_at_backup(&kept.temp.folder().join("none")),
        Err(Error::Missing)
    );
}

#[test]
fn on_a_disk_that_fills_up_anywhere_nothing_is_left_and_saves_go_on() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    for number in 0..6 {
        vault.save(note(space, number, &content(number))).unwrap();
    }
    let out = rig.temp.folder().join("a.cfdbackup");
    let spare = rig.temp.spare_key();
    let named = || rig.disk.files().iter().any(|(path, _)| *path == out);
    let mut cut = 0;
    loop {
        rig.disk
            .fail_from(rig.disk.steps() + cut, io::ErrorKind::StorageFull);
        let outcome = vault.backup(&out, &Quiet);
        rig.disk.mend();
        match outcome {
            Ok(made) => {
                assert!(made.remembered);
                break;
            }
            // It had its name, which could not be made durable: it is whole all the same, and on the list.
            Err(Error::NoSpace) if named() => {
                let known = vault.known_backups().unwrap();
                let there = |known| vault.find_backup(known) == BackupPlace::There;
                assert!(known.iter().any(there));
                let credential = Credential::SpareKey(&spare);
                check_backup_on(rig.temp.host(), &out, credential, &Quiet).unwrap();
                vault::Disk::remove(&rig.disk, &out).unwrap();
            }
            Err(error) => {
                assert_eq!(error, Error::NoSpace, "cut {cut}");
                let unfinished = |(path, _): &(PathBuf, Vec<u8>)| {
                    path.file_name()
                        .unwrap()
                        .to_string_lossy()
                        .starts_with("tmp.")
                };
                assert!(!rig.disk.files().iter().any(unfinished), "cut {cut}");
            }
        }
        cut += 1;
        vault.save(note(space, 99, &format!("{cut}"))).unwrap();
        assert!(cut < 200);
    }
    assert!(cut > 4);
}

#[test]
fn when_the_power_goes_anywhere_there_is_a_whole_backup_or_none() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    for number in 0..6 {
        vault.save(note(space, number, &content(number))).unwrap();
    }
    vault.lock().unwrap();
    let before = rig.picture();
    let out = rig.temp.folder().join("a.cfdbackup");
    let spare = rig.temp.spare_key();
    let mut cut = 0u64;
    let mut whole = 0;
    loop {
        let mut finished = false;
        for survival in [Survival::Nothing, Survival::Some { seed: cut }] {
            rig.come_back_to(&before);
            let vault = rig.open();
            rig.disk.die_at(rig.disk.steps() + cut);
            // What is not settled may be gone, and was called so.
            finished = vault.backup(&out, &Quiet).is_ok_and(|made| made.settled);
            drop(vault);
            rig.disk.crash(survival);
            let credential = Credential::SpareKey(&spare);
            match check_backup_on(rig.temp.host(), &out, credential, &Quiet) {
                Ok(_) => whole += 1,
                Err(error) => {
                    assert_eq!(error, Error::Missing, "cut {cut}, {survival:?}");
                    assert!(!finished);
                }
            }
            // What was left under the temporary name is in nobody's way.
            let vault = rig.open();
            assert_eq!(alarming(&vault), []);
            let found = look_at_backup_on(rig.temp.host(), &out);
            match vault.backup(&out, &Quiet) {
                Ok(_) => assert_eq!(found, Err(Error::Missing)),
                Err(error) => assert_eq!((error, found.is_ok()), (Error::Exists, true)),
            }
        }
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(whole > 0 && cut > 4);
}

#[test]
fn rows_that_are_missing_are_not_backed_up_over_in_silence() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    for number in 0..5 {
        vault.save(note(space, number, "text")).unwrap();
    }
    vault.lock().unwrap();
    lose_a_row(temp.root());
    let vault = temp.open().unwrap();
    let out = temp.folder().join("a.cfdbackup");
    let outcome = vault.backup(&out, &Quiet);
    if vault.opening().is_incomplete() {
        assert!(outcome.unwrap().incomplete);
    } else {
        assert_eq!(outcome, Err(Error::Damaged { part: Part::Store }));
        drop(vault);
        // The next opening finds the row again.
        let vault = temp.open().unwrap();
        assert!(!vault.backup(&out, &Quiet).unwrap().incomplete);
        assert_eq!(check(&out, &temp.spare_key()).unwrap().rows, 5);
    }
}

#[test]
fn forgetting_waits_for_a_backup_and_learns_which_still_hold_the_compartment() {
    let (kept, vault) = Kept::make();
    let folder = kept.temp.folder().join("drive");
    fs::create_dir(&folder).unwrap();
    let path = |name: &str| folder.join(name);
    vault.backup(&path("before"), &Quiet).unwrap();
    let begun = AtomicBool::new(false);
    /// Says when the backup is under way, and gives the other thread time to overtake it.
    struct Slow<'a>(&'a AtomicBool);
    impl Watch for Slow<'_> {
        fn at(&self, _step: Step) {
            self.0.store(true, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(20));
        }
        fn cancelled(&self) -> bool {
            false
        }
    }
    std::thread::scope(|scope| {
        scope.spawn(|| vault.backup(&path("during"), &Slow(&begun)).unwrap());
        while !begun.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        vault.forget(kept.plain, &Quiet).unwrap();
        // It is there, whole, and on the list: the receipt is true.
        let holding = vault.backups_holding(kept.plain).unwrap();
        assert_eq!(holding.len(), 2);
        assert!(
            holding
                .iter()
                .all(|(_, place)| *place == BackupPlace::There)
        );
    });
    vault.backup(&path("after"), &Quiet).unwrap();
    let names = |space| {
        let holding = vault.backups_holding(space).unwrap().into_iter();
        let name = |(known, place): (vault::KnownBackup, BackupPlace)| (known.file, place);
        let mut names: Vec<_> = holding.map(name).collect();
        names.sort_by(|one, other| one.0.cmp(&other.0));
        names
    };
    let there = |name: &str| (name.to_owned(), BackupPlace::There);
    assert_eq!(names(kept.plain), [there("before"), there("during")]);
    assert_eq!(names(kept.empty).len(), 3);
    let spare = kept.spare();
    let held = |name| check(&path(name), &spare).unwrap().compartments.len();
    assert_eq!([held("before"), held("during"), held("after")], [3, 3, 2]);
    assert_eq!(
        check(&path("after"), &spare).unwrap().forgotten,
        [kept.plain]
    );

    // Files move, change, and drives are taken away.
    fs::rename(path("before"), path("elsewhere")).unwrap();
    assert_eq!(names(kept.plain)[0].1, BackupPlace::Gone);
    fs::copy(path("after"), path("before")).unwrap();
    assert_eq!(names(kept.plain)[0].1, BackupPlace::Another);
    let moved = vault.remember_backup(&path("elsewhere"), &Quiet).unwrap();
    assert_eq!(moved.file, "elsewhere");
    assert_eq!(names(kept.plain), [there("during"), there("elsewhere")]);
    fs::rename(&folder, kept.temp.folder().join("gone")).unwrap();
    assert_eq!(names(kept.plain)[0].1, BackupPlace::OutOfReach);
    vault.drop_known_backup(moved.id).unwrap();
    assert_eq!(names(kept.plain).len(), 1);
    // The list outlasts the session, and a lost one is made anew from the files.
    vault.lock().unwrap();
    let vault = kept.temp.open().unwrap();
    assert_eq!(vault.known_backups().unwrap().len(), 2);
    let list = fs::read_dir(&kept.temp.places().device).unwrap();
    let list = list.map(|entry| entry.unwrap().path());
    let list = list.filter(|path| path.extension().is_some_and(|ending| ending == "backups"));
    for path in list {
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    let damaged = Error::Damaged {
        part: Part::BackupList,
    };
    assert_eq!(vault.known_backups(), Err(damaged));
    let gone = kept.temp.folder().join("gone");
    vault.remember_backup(&gone.join("during"), &Quiet).unwrap();
    assert_eq!(vault.backups_holding(kept.plain).unwrap().len(), 1);
}

#[test]
fn the_list_of_backups_tells_a_stranger_nothing() {
    let (kept, vault) = Kept::make();
    let folder = kept.temp.folder().join("Ada Lovelace");
    fs::create_dir(&folder).unwrap();
    vault.backup(&folder.join("a.cfdbackup"), &Quiet).unwrap();
    for entry in fs::read_dir(&kept.temp.places().device).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"Lovelace"));
    }
}

#[test]
fn old_backups_go_and_no_other_file_does() {
    let (kept, vault) = Kept::make();
    let (other, other_vault) = TempVault::create();
    let folder = kept.temp.folder().join("drive");
    fs::create_dir(&folder).unwrap();
    let time = |month, day| {
        let day = LocalDay::new(2026, month, day).unwrap();
        LocalTime::new(day, 18, 30, 0).unwrap()
    };
    let mut made = Vec::new();
    for day in 1..=20 {
        let out = folder.join(time(11, day).backup_name());
        vault.backup(&out, &Quiet).unwrap();
        made.push(out);
    }
    let foreign = folder.join(time(10, 1).backup_name());
    other_vault.backup(&foreign, &Quiet).unwrap();
    let refused = vault.remember_backup(&foreign, &Quiet);
    assert_eq!(refused, Err(Error::WrongCredential));
    let damaged = folder.join(time(10, 2).backup_name());
    fs::write(&damaged, "no backup at all").unwrap();
    let by_hand = folder.join("confidant before the talk.cfdbackup");
    vault.backup(&by_hand, &Quiet).unwrap();
    let remains = folder.join(format!("tmp.{}", time(11, 3).backup_name()));
    fs::write(&remains, fs::read(&by_hand).unwrap()).unwrap();
    let strange = folder.join(format!("tmp.{}", time(11, 4).backup_name()));
    fs::write(&strange, vec![1; 5000]).unwrap();

    let found = automatic_backups(kept.temp.host(), &folder, vault.id()).unwrap();
    assert_eq!(found.len(), 20);
    assert_eq!(vault.known_backups().unwrap().len(), 21);
    let now = time(11, 20);
    let removed = vault
        .remove_old_backups(&folder, Retention::default(), now)
        .unwrap();
    let left = automatic_backups(kept.temp.host(), &folder, vault.id()).unwrap();
    // 14 to 20 November, and the newest of the two weeks before.
    assert_eq!(left.len(), 9);
    assert_eq!(removed.len(), 11);
    assert_eq!(left.last().unwrap().made, now);
    assert_eq!(vault.known_backups().unwrap().len(), 10);
    for stays in [&foreign, &damaged, &by_hand, &strange] {
        assert!(stays.exists(), "{stays:?}");
    }
    assert!(!remains.exists());
    let again = vault
        .remove_old_backups(&folder, Retention::default(), now)
        .unwrap();
    assert_eq!(again, [""; 0]);
    drop(other);
}

#[test]
fn backups_of_one_history_push_out_none_of_another() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "first")).unwrap();
    let folder = temp.folder().join("drive");
    fs::create_dir(&folder).unwrap();
    let seed = temp.folder().join("seed.cfdbackup");
    vault.backup(&seed, &Quiet).unwrap();
    // Another computer, which has the vault from a backup and shares the drive.
    let there = Places {
        vault: temp.folder().join("second"),
        device: temp.folder().join("second device"),
    };
    let spare = temp.spare_key();
    let credential = || Credential::SpareKey(&spare);
    restore(
        &seed,
        &there,
        credential(),
        RestoreOptions::default(),
        &Quiet,
    )
    .unwrap();
    vault.save(note(space, 2, "only here")).unwrap();
    let at = |day, hour| {
        let day = LocalDay::new(2026, 11, day).unwrap();
        LocalTime::new(day, hour, 0, 0).unwrap()
    };
    for day in 1..=3 {
        let out = folder.join(at(day, 9).backup_name());
        vault.backup(&out, &Quiet).unwrap();
    }
    let other = Vault::open(&there, credential(), &Quiet).unwrap();
    for day in 1..=12 {
        let out = folder.join(at(day, 10).backup_name());
        other.backup(&out, &Quiet).unwrap();
        other
            .remove_old_backups(&folder, Retention::default(), at(day, 10))
            .unwrap();
    }
    let left = automatic_backups(temp.host(), &folder, vault.id()).unwrap();
    let of = |vault: &Vault| {
        let of_it = left.iter().filter(|one| one.lineage == vault.lineage());
        of_it.count()
    };
    // Of its own seven days stay, and the first week's.
    assert_eq!((of(&vault), of(&other)), (3, 8));
    let removed = vault
        .remove_old_backups(&folder, Retention::default(), at(12, 11))
        .unwrap();
    assert_eq!(removed, [""; 0], "three days are no more than seven");
}

#[test]
fn while_rows_are_missing_no_old_backup_goes_and_what_is_made_then_takes_no_place_later() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    for number in 0..8 {
        vault.save(note(space, number, "text")).unwrap();
    }
    let folder = temp.folder().join("drive");
    fs::create_dir(&folder).unwrap();
    let day = LocalDay::new(2026, 11, 27).unwrap();
    let at = |hour| LocalTime::new(day, hour, 0, 0).unwrap();
    // All of the last two days stay in any case.
    let then = LocalTime::new(LocalDay::new(2026, 11, 29).unwrap(), 12, 0, 0).unwrap();
    let noon = folder.join(at(12).backup_name());
    vault.backup(&noon, &Quiet).unwrap();
    vault.lock().unwrap();
    let sound = temp.copy();
    lose_a_row_for_good(temp.root());
    let vault = temp.open().unwrap();
    assert!(vault.opening().is_incomplete());
    let evening = folder.join(at(18).incomplete_backup_name());
    let made = vault.backup(&evening, &Quiet).unwrap();
    assert_eq!((made.incomplete, made.rows), (true, 7));
    let refused = vault.remove_old_backups(&folder, Retention::default(), then);
    assert_eq!(refused, Err(Error::Damaged { part: Part::Store }));
    assert!(noon.exists());
    assert_eq!(vault.known_backups().unwrap().len(), 2);
    vault.lock().unwrap();

    temp.restore_folder_from(&sound);
    let vault = temp.open().unwrap();
    let found = automatic_backups(temp.host(), &folder, vault.id()).unwrap();
    let incomplete: Vec<_> = found.iter().map(|backup| backup.incomplete).collect();
    assert_eq!(incomplete, [false, true]);
    let removed = vault.remove_old_backups(&folder, Retention::default(), then);
    assert_eq!(removed.unwrap(), [""; 0]);
    // A whole one of the same day takes the place of the other whole one alone.
    let night = folder.join(at(20).backup_name());
    vault.backup(&night, &Quiet).unwrap();
    let removed = vault.remove_old_backups(&folder, Retention::default(), then);
    assert_eq!(removed.unwrap(), [at(12).backup_name()]);
    assert!(evening.exists() && night.exists());
}

#[test]
fn a_backup_that_was_cut_short_counts_for_no_day_and_pushes_out_no_whole_one() {
    let (kept, vault) = Kept::make();
    let folder = kept.temp.folder().join("drive");
    fs::create_dir(&folder).unwrap();
    let day = LocalDay::new(2026, 11, 27).unwrap();
    let [noon, evening] = [12, 18].map(|hour| LocalTime::new(day, hour, 0, 0).unwrap());
    let then = LocalTime::new(LocalDay::new(2026, 11, 29).unwrap(), 12, 0, 0).unwrap();
    for time in [noon, evening] {
        vault
            .backup(&folder.join(time.backup_name()), &Quiet)
            .unwrap();
    }
    let cut = folder.join(evening.backup_name());
    let file = fs::OpenOptions::new().write(true).open(&cut).unwrap();
    file.set_len(fs::metadata(&cut).unwrap().len() - 1).unwrap();
    let found = automatic_backups(kept.temp.host(), &folder, vault.id()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].made, noon);
    let removed = vault.remove_old_backups(&folder, Retention::default(), then);
    assert_eq!(removed.unwrap(), [""; 0]);
    assert!(cut.exists(), "nobody knows what it is");
}

#[test]
fn a_backup_that_has_its_name_is_made_although_the_disk_cannot_say_that_it_stays() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    let out = rig.temp.folder().join("a.cfdbackup");
    let spare = rig.temp.spare_key();
    let credential = || Credential::SpareKey(&spare);
    let mut unsettled = false;
    for (kind, settled) in [
        (io::ErrorKind::Other, false),
        (io::ErrorKind::Unsupported, true),
    ] {
        for step in 0.. {
            rig.disk.fail_from(rig.disk.steps() + step, kind);
            let outcome = vault.backup(&out, &Quiet);
            rig.disk.mend();
            let there = look_at_backup_on(rig.temp.host(), &out);
            let Ok(made) = outcome else {
                assert_eq!(there, Err(Error::Missing), "step {step}");
                continue;
            };
            check_backup_on(rig.temp.host(), &out, credential(), &Quiet).unwrap();
            let known = vault.known_backups().unwrap();
            assert!(known.iter().any(|known| known.id == made.id));
            unsettled |= !made.settled;
            vault::Disk::remove(&rig.disk, &out).unwrap();
            vault.drop_known_backup(made.id).unwrap();
            assert!(made.settled || !settled);
            if made.settled {
                break;
            }
        }
    }
    assert!(unsettled);
}

#[test]
fn no_link_and_no_dots_lead_a_backup_into_the_vault() {
    let (temp, vault) = TempVault::create();
    let inside = temp.root().join("local");
    let dots = temp.places().device.join("../vault/local/a.cfdbackup");
    assert_eq!(vault.backup(&dots, &Quiet), Err(Error::InsideVault));
    let link = temp.folder().join("link");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&inside, &link).unwrap();
    #[cfg(windows)]
    std::os::windows::fs::symlink_dir(&inside, &link).unwrap();
    let by_link = link.join("a.cfdbackup");
    assert_eq!(vault.backup(&by_link, &Quiet), Err(Error::InsideVault));
    assert_eq!(vault.backup(temp.root(), &Quiet), Err(Error::InsideVault));
    let beside = inside.join("../../a.cfdbackup");
    vault.backup(&beside, &Quiet).unwrap();
}

/// The texts that a backup shows, by record.
fn shown(
    vault: &Vault,
    path: &Path,
    credential: Option<Credential<'_>>,
) -> Result<std::collections::BTreeMap<u8, String>, Error> {
    let mut shown = std::collections::BTreeMap::new();
    vault.read_backup(
        path,
        credential,
        &|_, kind, _| kind == NOTE,
        &mut |_, record| {
            let text = String::from_utf8(record.payload.to_vec()).unwrap();
            let before = shown.insert(record.record.0[7], text);
            assert_eq!(before, None, "each once");
        },
        &Quiet,
    )?;
    Ok(shown)
}

#[test]
fn records_of_a_backup_are_read_with_the_keys_at_hand_or_with_those_of_then() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    let long = "a long one ".repeat(20_000);
    vault.save(note(space, 1, "as it was")).unwrap();
    vault.save(note(space, 2, &long)).unwrap();
    let second = Passphrase::parse(SECOND).unwrap();
    let options = CompartmentOptions {
        alias: None,
        second: Some((&second, CHEAP)),
    };
    let shut = vault.make_compartment(options).unwrap();
    vault
        .save(note(shut, 3, "under a second passphrase"))
        .unwrap();
    let path = temp.folder().join("one.cfdbackup");
    vault.backup(&path, &Quiet).unwrap();
    let listed = vault.known_backups().unwrap();
    vault.save(note(space, 1, "as it is")).unwrap();
    vault.save(note(space, 4, "newer")).unwrap();

    let expected = [(1, "as it was".to_owned()), (2, long)].into();
    assert_eq!(shown(&vault, &path, None).as_ref(), Ok(&expected));
    // What is not asked for is not shown.
    let mut visited = 0;
    let only = |of, _, record| of == space && record == id(2);
    vault
        .read_backup(&path, None, &only, &mut |_, _| visited += 1, &Quiet)
        .unwrap();
    assert_eq!(visited, 1);

    let old = Passphrase::parse(PASSPHRASE).unwrap();
    let new = Passphrase::parse("another one altogether").unwrap();
    let spare = SpareKey::make().unwrap();
    let keys = NewKeys {
        passphrase: &new,
        cost: CHEAP,
        spare: &spare,
        seconds: &[(shut, &second)],
    };
    vault.rekey(keys, &Quiet).unwrap().destruction.unwrap();
    assert_eq!(shown(&vault, &path, None), Err(Error::WrongCredential));
    let by = |passphrase| shown(&vault, &path, Some(Credential::Passphrase(passphrase)));
    assert_eq!(by(&new), Err(Error::WrongCredential));
    assert_eq!(by(&old).as_ref(), Ok(&expected));
    assert_eq!(vault.known_backups().unwrap(), listed, "nothing is written");

    let (_other, stranger) = TempVault::create();
    let refused = shown(&stranger, &path, Some(Credential::Passphrase(&old)));
    assert_eq!(
        refused,
        Err(Error::WrongCredential),
        "it is of another vault"
    );

    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(by(&old), Err(DAMAGED));
}
