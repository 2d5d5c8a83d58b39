//! Restoring: a whole vault on a new branch, or nothing; and the present one is not touched.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use testkit::{PASSPHRASE, Survival, TempVault};
use vault::{
    CompartmentId, Credential, Error, Finding, Found, Host, Part, Passphrase, Places, Quiet,
    RestoreOptions, Restored, Returning, SpareKey, Step, Vault, Watch, check_backup,
    clear_beside_on, hold_on, look, look_on, make_name_of_restored, name_before, restore,
    restore_on,
};

use crate::backup::{Kept, content};
use crate::support::*;

fn beside(temp: &TempVault) -> Places {
    Places {
        vault: temp.folder().join("restored"),
        device: temp.places().device.clone(),
    }
}

fn bring_back(temp: &TempVault, backup: &Path, to: &Places) -> Result<Restored, Error> {
    let spare = temp.spare_key();
    let credential = Credential::SpareKey(&spare);
    let options = RestoreOptions::default();
    restore_on(temp.host(), backup, to, credential, options, &Quiet)
}

fn open(temp: &TempVault, places: &Places) -> Vault {
    let spare = temp.spare_key();
    Vault::open_on(temp.host(), places, Credential::SpareKey(&spare), &Quiet).unwrap()
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

fn assert_as_made(kept: &Kept, vault: &Vault) {
    let second = Passphrase::parse("a second one").unwrap();
    assert_eq!(vault.compartments().len(), 3);
    vault
        .open_compartment(kept.second, &second, &Quiet)
        .unwrap();
    for space in [kept.plain, kept.second] {
        for number in 0..20 {
            assert_eq!(text(vault, space, number), Some(content(number)));
        }
    }
    assert_whole(vault);
}

#[test]
fn a_restored_vault_is_whole_and_the_present_one_is_not_touched() {
    let (kept, vault) = Kept::make();
    let temp = &kept.temp;
    vault.backup(&kept.backup(), &Quiet).unwrap();
    vault
        .save(note(kept.plain, 50, "after the backup"))
        .unwrap();
    let device = vault.device();
    vault.lock().unwrap();
    let before = files(temp.root());
    let device_before = files(&temp.places().device);
    let to = beside(temp);
    let restored = bring_back(temp, &kept.backup(), &to).unwrap();
    assert_eq!(restored.compartments.len(), 3);
    assert_eq!(
        (&restored.left_out[..], &restored.returned[..]),
        (&[][..], &[][..])
    );
    assert_eq!(files(temp.root()), before);
    for (path, bytes) in &device_before {
        assert_eq!(&fs::read(path).unwrap(), bytes, "{path:?}");
    }

    let vault = open(temp, &to);
    assert_eq!(vault.opening().findings, []);
    assert_eq!(vault.id(), restored.vault);
    assert_ne!(vault.device(), device, "no number is given twice");
    assert_as_made(&kept, &vault);
    assert_eq!(text(&vault, kept.plain, 50), None);
    // It lives on: saves, locks, opens, is backed up and restored once more.
    vault
        .save(note(kept.plain, 1, "of the new branch"))
        .unwrap();
    vault.lock().unwrap();
    let vault = open(temp, &to);
    assert_eq!(vault.opening().findings, []);
    assert_eq!(text(&vault, kept.plain, 1).unwrap(), "of the new branch");
    let again = temp.folder().join("again.cfdbackup");
    vault.backup(&again, &Quiet).unwrap();
    // Both branches know both backups.
    assert_eq!(vault.known_backups().unwrap().len(), 2);
    vault.forget(kept.empty, &Quiet).unwrap();
    vault.lock().unwrap();
    let third = Places {
        vault: temp.folder().join("third"),
        ..to.clone()
    };
    bring_back(temp, &again, &third).unwrap();
    assert_eq!(open(temp, &third).opening().findings, []);
    assert!(!temp.folder().join("tmp.restored").exists());
}

#[test]
fn the_passphrase_of_the_backup_opens_what_was_restored() {
    let (kept, vault) = Kept::make();
    vault.backup(&kept.backup(), &Quiet).unwrap();
    let new = Passphrase::parse("quite another one").unwrap();
    vault
        .change_passphrase(&new, testkit::CHEAP, &Quiet)
        .unwrap();
    drop(vault);
    let to = beside(&kept.temp);
    let options = RestoreOptions::default();
    let refused = restore(
        &kept.backup(),
        &to,
        Credential::Passphrase(&new),
        options,
        &Quiet,
    );
    assert_eq!(refused, Err(Error::WrongCredential));
    assert!(!to.vault.exists());
    let old = Passphrase::parse(PASSPHRASE).unwrap();
    restore(
        &kept.backup(),
        &to,
        Credential::Passphrase(&old),
        options,
        &Quiet,
    )
    .unwrap();
    let vault = Vault::open(&to, Credential::Passphrase(&old), &Quiet).unwrap();
    assert_as_made(&kept, &vault);
}

#[test]
fn neither_branch_is_taken_for_a_rollback_of_the_other() {
    let (kept, vault) = Kept::make();
    let temp = &kept.temp;
    let clock = |vault: &Vault| vault.opening().findings.clone();
    vault.backup(&kept.backup(), &Quiet).unwrap();
    // This machine knows much newer states than the backup.
    for number in 30..40 {
        vault.save(note(kept.plain, number, "newer")).unwrap();
    }
    plain(&vault);
    vault.forget(kept.empty, &Quiet).unwrap();
    vault.lock().unwrap();
    let to = beside(temp);
    bring_back(temp, &kept.backup(), &to).unwrap();
    for _ in 0..2 {
        for places in [&to, temp.places()] {
            let vault = open(temp, places);
            assert_eq!(clock(&vault), []);
            vault.save(note(kept.plain, 60, "here")).unwrap();
            vault.lock().unwrap();
        }
    }
    // The restored one put back to an older state is a rollback of itself, as ever.
    let older = tempfile::tempdir().unwrap();
    testkit::copy_folder(&to.vault, older.path());
    let vault = open(temp, &to);
    vault.save(note(kept.plain, 61, "here")).unwrap();
    vault.lock().unwrap();
    fs::remove_dir_all(&to.vault).unwrap();
    testkit::copy_folder(older.path(), &to.vault);
    let vault = open(temp, &to);
    let rollback = |f: &Finding| matches!(f, Finding::Rollback { .. });
    assert!(vault.opening().findings.iter().any(rollback));
    drop(vault);
    // On a machine that never saw the restored one, it is another branch of what that machine knows.
    let stranger = temp.copy();
    for entry in fs::read_dir(&stranger.places().device).unwrap() {
        let path = entry.unwrap().path();
        // Of the pairs of files, the one of the restored branch has one name more.
        if path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .matches('.')
            .count()
            > 2
        {
            fs::remove_file(path).unwrap();
        }
    }
    let places = Places {
        vault: to.vault.clone(),
        device: stranger.places().device.clone(),
    };
    let vault = open(temp, &places);
    let fork = |f: &Finding| matches!(f, Finding::Fork { .. });
    assert!(
        vault.opening().findings.iter().any(fork),
        "{:?}",
        vault.opening()
    );
}

#[test]
fn whoever_opens_one_branch_is_told_that_the_other_was_seen_later() {
    use std::sync::Arc;
    use testkit::FixedClock;
    let clock = Arc::new(FixedClock::at(1_000));
    let host = Host {
        clock: clock.clone(),
        settle_after: None,
        ..Host::default()
    };
    let (temp, vault) = TempVault::empty_on(host).filled().unwrap();
    let out = temp.folder().join("a.cfdbackup");
    vault.backup(&out, &Quiet).unwrap();
    vault.lock().unwrap();
    clock.set(2_000);
    let to = beside(&temp);
    bring_back(&temp, &out, &to).unwrap();
    let later = |known_at| [Finding::OtherBranchNewer { known_at }];
    let vault = open(&temp, temp.places());
    assert_eq!(vault.opening().findings, later(2_000));
    clock.set(3_000);
    vault.lock().unwrap();
    assert_eq!(open(&temp, &to).opening().findings, later(3_000));
}

#[test]
fn what_was_forgotten_since_does_not_come_back_unasked() {
    let (kept, vault) = Kept::make();
    let temp = &kept.temp;
    vault.backup(&kept.backup(), &Quiet).unwrap();
    vault.forget(kept.plain, &Quiet).unwrap();
    let forgotten: Vec<CompartmentId> = vault.forgotten().iter().map(|gone| gone.id).collect();
    assert_eq!(forgotten, [kept.plain]);
    vault.lock().unwrap();
    let spare = temp.spare_key();
    let restored = |name: &str, returning| {
        let to = Places {
            vault: temp.folder().join(name),
            ..beside(temp)
        };
        let options = RestoreOptions {
            forgotten: &forgotten,
            returning,
        };
        let credential = Credential::SpareKey(&spare);
        let done = restore(&kept.backup(), &to, credential, options, &Quiet);
        (done, to)
    };
    let (refused, to) = restored("refused", Returning::Refuse);
    assert_eq!(refused, Err(Error::ForgottenWouldReturn));
    assert!(!to.vault.exists());

    let (done, to) = restored("without", Returning::LeaveOut);
    assert_eq!(done.unwrap().left_out, [kept.plain]);
    let vault = open(temp, &to);
    assert_eq!(vault.opening().findings, []);
    assert_eq!(
        vault.read(kept.plain, NOTE, id(1)).map(|_| ()),
        Err(Error::UnknownCompartment)
    );
    assert_eq!(vault.forgotten()[0].id, kept.plain);
    assert_whole(&vault);
    assert_eq!(vault.compartments().len(), 2);
    // Not a row of it is there under any name.
    vault.lock().unwrap();
    let vault = open(temp, &to);
    assert_whole(&vault);

    let (done, to) = restored("with", Returning::BringBack);
    assert_eq!(done.unwrap().returned, [kept.plain]);
    let vault = open(temp, &to);
    assert_eq!(vault.forgotten(), []);
    assert_as_made(&kept, &vault);
}

#[test]
fn nothing_is_restored_over_anything_or_from_a_damaged_backup() {
    let (kept, vault) = Kept::make();
    let temp = &kept.temp;
    vault.backup(&kept.backup(), &Quiet).unwrap();
    vault.lock().unwrap();
    let refused = bring_back(temp, &kept.backup(), temp.places());
    assert_eq!(refused, Err(Error::NotEmpty));
    let to = beside(temp);
    fs::write(&to.vault, "a file").unwrap();
    assert_eq!(bring_back(temp, &kept.backup(), &to), Err(Error::NotEmpty));
    fs::remove_file(&to.vault).unwrap();
    // Somebody's folder of the temporary name is not ours to remove.
    let foreign = temp.folder().join("tmp.restored");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("diary"), "theirs").unwrap();
    assert_eq!(bring_back(temp, &kept.backup(), &to), Err(Error::NotEmpty));
    assert!(foreign.join("diary").exists());
    fs::remove_dir_all(&foreign).unwrap();

    let device_before = files(&temp.places().device);
    let bytes = fs::read(kept.backup()).unwrap();
    for at in [100, 5_000, bytes.len() / 2, bytes.len() - 1] {
        let mut broken = bytes.clone();
        broken[at] ^= 1;
        fs::write(kept.backup(), &broken).unwrap();
        let damaged = Error::Damaged { part: Part::Backup };
        assert_eq!(bring_back(temp, &kept.backup(), &to), Err(damaged));
        assert!(!to.vault.exists() && !foreign.exists());
    }
    assert_eq!(files(&temp.places().device), device_before);
    fs::write(kept.backup(), &bytes).unwrap();
    // An empty folder is as good as none.
    fs::create_dir(&to.vault).unwrap();
    bring_back(temp, &kept.backup(), &to).unwrap();
    assert_as_made(&kept, &open(temp, &to));
}

#[test]
fn a_machine_that_knew_the_vault_by_older_keys_keeps_both_lists_of_backups() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault
        .backup(&temp.folder().join("old.cfdbackup"), &Quiet)
        .unwrap();
    vault.lock().unwrap();
    // Another machine gives new keys and makes a backup, which comes here.
    let other = temp.copy();
    let vault = other.open().unwrap();
    let spare = SpareKey::make().unwrap();
    crate::rekey::rekey(&vault, &spare).unwrap();
    let new = temp.folder().join("new.cfdbackup");
    vault.backup(&new, &Quiet).unwrap();
    vault.lock().unwrap();
    let to = beside(&temp);
    let credential = || Credential::SpareKey(&spare);
    let options = RestoreOptions::default();
    let device = files(&temp.places().device);
    let cancelled = restore_on(
        temp.host(),
        &new,
        &to,
        credential(),
        options,
        &StopLate::new(),
    );
    assert_eq!(cancelled, Err(Error::Cancelled));
    assert_eq!(files(&temp.places().device), device, "nothing is left");
    restore_on(temp.host(), &new, &to, credential(), options, &Quiet).unwrap();
    for round in 0..2 {
        let vault = Vault::open_on(temp.host(), &to, credential(), &Quiet).unwrap();
        assert_eq!(vault.opening().findings, []);
        assert_eq!(vault.known_backups().unwrap().len(), round);
        assert_eq!(vault.backups_holding(space).unwrap().len(), round);
        let out = temp.folder().join(format!("{round}.cfdbackup"));
        assert!(vault.backup(&out, &Quiet).unwrap().remembered);
        vault.lock().unwrap();
        let vault = temp.open().unwrap();
        let known = vault.known_backups().unwrap();
        assert_eq!(known.len(), 1, "that of the old keys is as it was");
        assert_eq!(known[0].file, "old.cfdbackup");
        vault.lock().unwrap();
    }
}

/// Stops when the restored vault is written, and opened to see that it is whole.
struct StopLate(AtomicBool);

impl StopLate {
    fn new() -> Self {
        StopLate(AtomicBool::new(false))
    }
}

impl Watch for StopLate {
    fn at(&self, step: Step) {
        let written = matches!(step, Step::Writing);
        self.0.fetch_or(written, Ordering::SeqCst);
    }

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn what_a_restore_left_is_cleared_away_with_what_the_machine_knew_of_it_and_nothing_else_is() {
    let (kept, vault) = Kept::make();
    let temp = &kept.temp;
    vault.backup(&kept.backup(), &Quiet).unwrap();
    vault.lock().unwrap();
    let device = files(&temp.places().device);
    let clear = || clear_beside_on(temp.host(), temp.places(), None).unwrap();
    let restored = || {
        let to = Places {
            vault: make_name_of_restored(temp.root()).unwrap(),
            ..beside(temp)
        };
        bring_back(temp, &kept.backup(), &to).unwrap();
        to
    };
    // Neither the name that a person gives, nor what somebody has written in.
    let named = beside(temp);
    bring_back(temp, &kept.backup(), &named).unwrap();
    let with_pair = files(&temp.places().device);
    let [left, used, open_now] = [restored(), restored(), restored()];
    let growing = temp.folder().join("tmp.vault");
    fs::rename(&left.vault, &growing).unwrap();
    let vault = open(temp, &used);
    vault.save(note(kept.plain, 1, "only here")).unwrap();
    vault.lock().unwrap();
    let vault = open(temp, &open_now);
    assert_eq!(clear(), 1);
    assert!(!growing.exists());
    vault.lock().unwrap();
    assert_eq!(clear(), 1);
    assert!(!open_now.vault.exists());
    assert!(named.vault.exists());
    let vault = open(temp, &used);
    assert_eq!(text(&vault, kept.plain, 1).as_deref(), Some("only here"));
    vault.lock().unwrap();
    fs::remove_dir_all(&used.vault).unwrap();
    let left = files(&temp.places().device);
    assert_eq!(
        left.len(),
        with_pair.len() + 2,
        "the pair of what is in use"
    );
    assert!(with_pair.keys().all(|path| left.contains_key(path)));
    assert!(device.keys().all(|path| with_pair.contains_key(path)));
    // A pair that another vault has, too, stays: that in its place was moved there.
    let moved = restored();
    let copied = make_name_of_restored(temp.root()).unwrap();
    testkit::copy_folder(&moved.vault, &copied);
    fs::rename(&moved.vault, temp.folder().join("elsewhere")).unwrap();
    let before = files(&temp.places().device);
    assert_eq!(clear(), 1);
    assert_eq!(files(&temp.places().device), before);
    // While another process has the vault, a backup may be on its way to its place.
    let waiting = restored();
    let hold = hold_on(temp.host(), temp.places()).unwrap();
    assert_eq!(clear(), 0);
    assert_eq!(
        clear_beside_on(temp.host(), temp.places(), Some(&hold)),
        Ok(1)
    );
    assert!(!waiting.vault.exists());
}

#[test]
fn whoever_holds_a_vault_keeps_it_from_being_opened_even_under_another_name() {
    let (temp, vault) = TempVault::create();
    let elsewhere = Places {
        vault: temp.folder().join("moved"),
        ..beside(&temp)
    };
    let hold = |places: &Places| hold_on(temp.host(), places).map(|_| ());
    assert_eq!(hold(temp.places()), Err(Error::InUse));
    assert_eq!(hold(&elsewhere), Err(Error::Missing));
    let (held, locked) = vault.lock_holding();
    locked.unwrap();
    assert_eq!(temp.open().map(|_| ()), Err(Error::InUse));
    if cfg!(unix) {
        fs::rename(temp.root(), &elsewhere.vault).unwrap();
        let spare = temp.spare_key();
        let credential = Credential::SpareKey(&spare);
        let refused = Vault::open_on(temp.host(), &elsewhere, credential, &Quiet);
        assert_eq!(refused.map(|_| ()), Err(Error::InUse));
        fs::rename(&elsewhere.vault, temp.root()).unwrap();
    }
    drop(held);
    assert_eq!(temp.open().unwrap().opening().findings, []);
    assert_eq!(hold(temp.places()), Ok(()));
}

#[test]
fn copies_that_the_program_left_beside_the_vault_are_listed() {
    let (kept, vault) = Kept::make();
    let temp = &kept.temp;
    vault.backup(&kept.backup(), &Quiet).unwrap();
    assert_eq!(vault.copies_beside().unwrap(), [""; 0].map(PathBuf::from));
    let before = name_before(temp.root(), "2026-11-27-120000");
    let restored = make_name_of_restored(temp.root()).unwrap();
    let growing = temp.folder().join("tmp.elsewhere");
    let headless = temp.folder().join("tmp.vault");
    for folder in [&before, &restored, &growing, &headless] {
        testkit::copy_folder(&temp.root().join("sync"), &folder.join("sync"));
    }
    for copy in ["header.a", "header.b"] {
        fs::remove_file(headless.join("sync").join(copy)).unwrap();
    }
    // Another vault of such a name is none of this one, and neither is an empty folder or one of a name of its own.
    let (other, stranger) = TempVault::create();
    drop(stranger);
    let of_another = name_before(temp.root(), "2026-11-26-120000");
    testkit::copy_folder(other.root(), &of_another);
    fs::create_dir(make_name_of_restored(temp.root()).unwrap()).unwrap();
    testkit::copy_folder(temp.root(), &temp.folder().join("by hand"));
    let mut found = vault.copies_beside().unwrap();
    found.sort();
    let mut expected = [before, restored, growing, headless];
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn on_a_disk_that_fills_up_anywhere_nothing_is_restored() {
    let (rig, vault) = Rig::new();
    let (kept, vault) = {
        let Rig { disk, temp } = rig;
        let (kept, vault) = Kept::fill(temp, vault);
        ((disk, kept), vault)
    };
    let (disk, kept) = kept;
    let temp = &kept.temp;
    vault.backup(&kept.backup(), &Quiet).unwrap();
    vault.lock().unwrap();
    let to = beside(temp);
    let before = disk.files();
    let mut cut = 0;
    while cut < 400 {
        disk.fail_from(disk.steps() + cut, io::ErrorKind::StorageFull);
        let outcome = bring_back(temp, &kept.backup(), &to);
        disk.mend();
        match outcome {
            Ok(_) => break,
            // The folder had its name and was only not synced.
            Err(_) if look_on(temp.host(), &to) != Ok(Found::Nothing) => {
                assert_as_made(&kept, &open(temp, &to));
                return;
            }
            Err(error) => {
                assert_eq!(error, Error::NoSpace, "cut {cut}");
                // On a full disk even removing may fail; what is left bears no vault's name.
                assert!(
                    !disk
                        .files()
                        .iter()
                        .any(|(path, _)| path.starts_with(&to.vault))
                );
            }
        }
        cut += 1;
    }
    assert!(cut > 10);
    assert_as_made(&kept, &open(temp, &to));
    for (path, bytes) in before {
        let now = disk.files();
        let there = now.iter().find(|(there, _)| *there == path);
        assert_eq!(there.map(|(_, bytes)| bytes), Some(&bytes), "{path:?}");
    }
}

#[test]
fn when_the_power_goes_anywhere_there_is_a_whole_vault_or_none() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    for number in 0..6 {
        vault.save(note(space, number, &content(number))).unwrap();
    }
    let out = rig.temp.folder().join("a.cfdbackup");
    vault.backup(&out, &Quiet).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let to = beside(&rig.temp);
    let mut whole = 0;
    for cut in 0..500u64 {
        let mut finished = false;
        for survival in [Survival::Nothing, Survival::Some { seed: cut }] {
            rig.come_back_to(&before);
            let _ = fs::remove_dir_all(&to.vault);
            let _ = fs::remove_dir_all(rig.temp.folder().join("tmp.restored"));
            rig.disk.die_at(rig.disk.steps() + cut);
            finished = bring_back(&rig.temp, &out, &to).is_ok();
            rig.disk.crash(survival);
            if look_on(rig.temp.host(), &to) == Ok(Found::Nothing) {
                assert!(!finished);
                // What was left is in nobody's way.
                bring_back(&rig.temp, &out, &to).unwrap();
            } else {
                whole += 1;
            }
            let vault = open(&rig.temp, &to);
            assert_eq!(alarming(&vault), [], "cut {cut}, {survival:?}");
            assert_whole(&vault);
            for number in 0..6 {
                assert_eq!(text(&vault, space, number), Some(content(number)));
            }
            drop(vault);
            // The present one stands as it stood.
            assert_eq!(alarming(&rig.open()), []);
        }
        if finished {
            assert!(whole > 1 && cut > 10);
            return;
        }
    }
    panic!("it never came to its end");
}

const FOLDER: &str = "VAULT_BACKUP_FOLDER";
const SPARE: &str = "VAULT_BACKUP_SPARE";
const ROUNDS: u64 = 40;

#[test]
fn killed_while_backing_up_and_restoring_it_leaves_whole_ones_or_none() {
    let (kept, vault) = Kept::make();
    vault.lock().unwrap();
    let spare = kept.spare();
    let folder = kept.temp.folder();
    let mut chance = Chance(11);
    let (mut backups, mut vaults) = (0, 0);
    for _ in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "restore::the_process_that_is_killed",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, folder)
            .env(SPARE, spare.words().join(" "))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Opened, backed up, restored, backed up, …; the harness prints lines of its own.
        let steps = 1 + chance.below(4) as usize;
        let said = lines.by_ref().filter(|line| match line {
            Ok(line) => line.contains("did a step"),
            Err(_) => true,
        });
        assert_eq!(said.take(steps).count(), steps);
        std::thread::sleep(Duration::from_micros(chance.below(150_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut places: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.ends_with(".cfdbackup") && !name.starts_with("tmp.") {
                check_backup(&path, Credential::SpareKey(&spare), &Quiet).unwrap();
                backups += 1;
                fs::remove_file(&path).unwrap();
            } else if name.starts_with("restored") {
                places.push(path);
            }
        }
        for path in places {
            let to = Places {
                vault: path,
                device: kept.temp.places().device.clone(),
            };
            assert_ne!(look(&to), Ok(Found::Nothing), "{to:?}");
            let vault = open(&kept.temp, &to);
            assert_eq!(alarming(&vault), []);
            assert_as_made(&kept, &vault);
            vaults += 1;
            drop(vault);
            fs::remove_dir_all(&to.vault).unwrap();
        }
        let vault = kept.temp.open().unwrap();
        assert_eq!(alarming(&vault), []);
        vault.lock().unwrap();
    }
    println!("{ROUNDS} kills, {backups} backups, {vaults} restored vaults");
    assert!(backups > 0 && vaults > 0);
}

#[test]
#[ignore = "the other side of the test above"]
fn the_process_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let device = folder.join("device");
    let places = Places {
        vault: folder.join("vault"),
        device: device.clone(),
    };
    let spare = SpareKey::parse(&std::env::var(SPARE).unwrap()).unwrap();
    let credential = || Credential::SpareKey(&spare);
    let vault = Vault::open(&places, credential(), &Quiet).unwrap();
    let step = || {
        let mut out = io::stdout().lock();
        writeln!(out, "did a step").unwrap();
        out.flush().unwrap();
    };
    step();
    for number in 0.. {
        // Each process begins with the same names, so that it meets what the last one left unfinished.
        let backup = folder.join(format!("{number}.cfdbackup"));
        vault.backup(&backup, &Quiet).unwrap();
        step();
        let to = Places {
            vault: folder.join(format!("restored{number}")),
            device: device.clone(),
        };
        restore(
            &backup,
            &to,
            credential(),
            RestoreOptions::default(),
            &Quiet,
        )
        .unwrap();
        step();
    }
}
