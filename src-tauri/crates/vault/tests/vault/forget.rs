//! Forgetting: what becomes of it on a disk that is full, what its proof goes through, and what it says of that.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use testkit::{CHEAP, TempVault};
use vault::{
    Appending, CompartmentId, CompartmentOptions, Credential, Disk, Entry, EntrySort, Error,
    Finding, Held, Host, KdfCost, NewKeys, NotDestroyed, Part, Passphrase, Places, Quiet, RealDisk,
    RestoreOptions, SpareKey, Step, Tightened, Vault, Watch, restore,
};

use crate::support::*;

fn has_epoch_secret(files: &[(PathBuf, Vec<u8>)], secrets: &[Vec<u8>]) -> bool {
    let mut files = files.iter();
    files.any(|(_, bytes)| {
        let mut secrets = secrets.iter();
        secrets.any(|secret| bytes.windows(secret.len()).any(|there| there == secret))
    })
}

/// The secrets of the epochs that lie among these files.
fn epoch_secrets(files: &[(PathBuf, Vec<u8>)]) -> Vec<Vec<u8>> {
    let epochs = files.iter().filter(|(path, _)| {
        let name = path.file_name().and_then(OsStr::to_str);
        name.is_some_and(|name| name.starts_with("epoch."))
    });
    epochs.map(|(_, bytes)| bytes[56..88].to_vec()).collect()
}

#[test]
fn a_forgetting_on_a_disk_that_fills_up_at_any_write_is_told_as_what_it_is() {
    let (rig, vault) = Rig::new();
    let (gone, kept) = (plain(&vault), plain(&vault));
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.save(note(kept, 1, "kept")).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let secrets = epoch_secrets(&rig.disk.files());
    let (mut cut, mut refused, mut unfinished) = (0, 0, 0);
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk
            .fail_from(rig.disk.steps() + cut, io::ErrorKind::StorageFull);
        let outcome = vault.forget(gone, &Quiet);
        let there = vault.compartments().iter().any(|info| info.id == gone);
        assert_eq!(text(&vault, kept, 1).as_deref(), Some("kept"));
        let report = match outcome {
            Err(error) => {
                let said = matches!(error, Error::NoSpace | Error::Undecided { .. });
                assert!(said && there, "cut {cut}: {error}");
                assert_eq!(text(&vault, gone, 1).as_deref(), Some("gone"));
                refused += 1;
                cut += 1;
                continue;
            }
            Ok(report) => report,
        };
        assert!(!there, "cut {cut}");
        assert_eq!(report.rows, 1);
        if report.destruction.is_ok() {
            assert!(report.key_destroyed);
            break;
        }
        assert_eq!(
            report.destruction,
            Err(NotDestroyed::Unfinished(Error::NoSpace)),
            "cut {cut}"
        );
        if report.key_destroyed {
            assert!(!has_epoch_secret(&rig.disk.files(), &secrets), "cut {cut}");
        }
        unfinished += 1;
        drop(vault);
        assert!(stores(rig.temp.root()).len() <= 2);
        // The disk is still full: what is there can be read all the same.
        let vault = rig.open();
        let findings = &vault.opening().findings;
        assert!(
            findings.contains(&Finding::ForgettingUnfinished)
                || findings.contains(&Finding::ForgettingFinished)
                || vault.read_only(),
            "cut {cut}: {findings:?}"
        );
        assert_eq!(text(&vault, kept, 1).as_deref(), Some("kept"));
        assert!(vault.compartments().iter().all(|info| info.id != gone));
        drop(vault);
        // There is space again: the next opening goes on with it.
        rig.disk.mend();
        let vault = rig.open();
        assert_eq!(alarming(&vault), [], "cut {cut}");
        assert_whole(&vault);
        assert_eq!(text(&vault, kept, 1).as_deref(), Some("kept"));
        assert!(!has_epoch_secret(&rig.disk.files(), &secrets), "cut {cut}");
        assert_eq!(stores(rig.temp.root()).len(), 1);
        vault.lock().unwrap();
        assert_eq!(rig.open().opening().findings, [], "cut {cut}");
        cut += 1;
    }
    assert!(refused > 5 && unfinished > 15, "{refused}, {unfinished}");
}

/// A disk on which checkpoints do not fit while it is narrow, and anything small does; and which once does not find a
/// folder that is there.
#[derive(Default)]
struct NarrowDisk {
    narrow: Arc<AtomicBool>,
    missed: Arc<Mutex<Option<PathBuf>>>,
}

struct Narrow(Box<dyn Appending>, Arc<AtomicBool>);

impl Appending for Narrow {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.1.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }
}

impl Disk for NarrowDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        RealDisk.read(path)
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        RealDisk.open(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut missed = self.missed.lock().unwrap();
        if missed.take_if(|missed| *missed == folder).is_some() {
            return Err(io::ErrorKind::NotFound.into());
        }
        RealDisk.list(folder)
    }
    fn list_strange(&self, folder: &Path) -> io::Result<Vec<(PathBuf, EntrySort)>> {
        RealDisk.list_strange(folder)
    }
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.make_folder(folder)
    }
    fn create(&self, path: &Path) -> io::Result<Box<dyn Appending>> {
        let file = RealDisk.create(path)?;
        Ok(match path.parent() {
            Some(folder) if folder.ends_with("checkpoints") => {
                Box::new(Narrow(file, self.narrow.clone()))
            }
            _ => file,
        })
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename_new(from, to)
    }
    fn move_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.move_folder(from, to)
    }
    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.remove_folder(folder)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn overwrite(&self, path: &Path) -> io::Result<()> {
        RealDisk.overwrite(path)
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        RealDisk.sync(path)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }
    fn hold(&self, path: &Path) -> io::Result<Box<dyn Held>> {
        RealDisk.hold(path)
    }
    fn tighten(&self, folder: &Path) -> io::Result<Tightened> {
        RealDisk.tighten(folder)
    }
}

fn on_disk(disk: NarrowDisk) -> (TempVault, Vault) {
    let host = Host {
        disk: Arc::new(disk),
        settle_after: None,
        ..Host::default()
    };
    TempVault::empty_on(host).filled().unwrap()
}

/// A vault on a disk that can be made narrow.
fn on_a_narrow_disk() -> (Arc<AtomicBool>, TempVault, Vault) {
    let disk = NarrowDisk::default();
    let narrow = disk.narrow.clone();
    let (temp, vault) = on_disk(disk);
    (narrow, temp, vault)
}

#[test]
fn where_a_copy_does_not_fit_a_forgotten_notebook_is_gone_and_the_vault_goes_on() {
    let (narrow, temp, vault) = on_a_narrow_disk();
    let (gone, kept) = (plain(&vault), plain(&vault));
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.save(note(kept, 1, "kept")).unwrap();
    vault.checkpoint().unwrap();
    narrow.store(true, Ordering::SeqCst);
    let report = vault.forget(gone, &Quiet).unwrap();
    assert_eq!(
        (report.key_destroyed, report.destruction),
        (true, Err(NotDestroyed::Unfinished(Error::NoSpace)))
    );
    assert_eq!(
        stores(temp.root()).len(),
        1,
        "no copy is left that did not fit"
    );
    assert_eq!(
        vault.forget(gone, &Quiet),
        Err(Error::UnknownCompartment),
        "it is gone"
    );
    // What is written still finds its place, now and after the next opening.
    vault.save(note(kept, 2, "after")).unwrap();
    assert_whole(&vault);
    let backup = temp.folder().join("one.cfdbackup");
    let made = vault.backup(&backup, &Quiet).unwrap();
    assert_eq!((made.rows, made.incomplete), (2, false));
    drop(vault);
    for number in 3..5 {
        let vault = temp.open().unwrap();
        assert_eq!(
            vault.opening().findings.last(),
            Some(&Finding::ForgettingUnfinished)
        );
        assert_whole(&vault);
        vault.save(note(kept, number, "after")).unwrap();
        assert_eq!(text(&vault, kept, 2).as_deref(), Some("after"));
        drop(vault);
    }
    let vault = temp.open().unwrap();
    narrow.store(false, Ordering::SeqCst);
    vault.checkpoint().unwrap();
    assert_eq!(vault.stray_rows().unwrap(), 0);
    vault.compact(&Quiet).unwrap();
    vault.lock().unwrap();
    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, [Finding::ForgettingFinished]);
    assert_whole(&vault);
    for number in 2..5 {
        assert_eq!(text(&vault, kept, number).as_deref(), Some("after"));
    }
}

#[test]
fn a_proof_says_what_was_opened_and_what_was_only_compared() {
    let (_temp, vault) = TempVault::create();
    let second = Passphrase::parse("second").unwrap();
    let (gone, kept) = (plain(&vault), plain(&vault));
    let shut = vault
        .make_compartment(CompartmentOptions {
            alias: None,
            second: Some((&second, CHEAP)),
        })
        .unwrap();
    vault.save(note(gone, 1, "gone")).unwrap();
    for number in 0..3 {
        vault.save(note(kept, number, "kept")).unwrap();
    }
    for number in 0..5 {
        vault.save(note(shut, number, "shut")).unwrap();
    }
    vault.shut_compartment(shut).unwrap();
    let proof = vault.forget(gone, &Quiet).unwrap().destruction.unwrap();
    // Each row lies in the store and in one checkpoint; the keyring is one part more.
    assert_eq!(
        (proof.parts_opened, proof.parts_compared),
        (2 * 3 + 1, 2 * 5)
    );
}

/// Puts copies of the vault's own files where a file-sync engine, or anybody else, may put them.
fn scatter(root: &Path) -> Vec<PathBuf> {
    let mut places = vec![
        root.join("sync/.stversions"),
        root.join("sync/.stversions/deep/deeper"),
        root.join(".stversions/sync"),
        root.join("local/kept"),
        root.join("local/checkpoints/kept"),
        root.join("sync/journal/kept"),
        root.to_owned(),
    ];
    #[cfg(unix)]
    places.push(
        root.join(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(
            b"caf\xe9",
        )),
    );
    let mut sources = Vec::new();
    for entry in fs::read_dir(root.join("sync")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            sources.push(path);
        }
    }
    let mut copies = Vec::new();
    for place in places {
        fs::create_dir_all(&place).unwrap();
        for source in &sources {
            let name = source.file_name().unwrap().to_str().unwrap();
            let copy = place.join(name.replace('.', "~20261128."));
            fs::copy(source, &copy).unwrap();
            copies.push(copy);
        }
    }
    copies
}

fn assert_no_old_key_is_left(root: &Path, copies: &[PathBuf], headers: bool) {
    for copy in copies.iter().filter(|copy| copy.exists()) {
        let bytes = fs::read(copy).unwrap();
        let of_header = bytes.starts_with(b"CFDNTHDR");
        assert!(of_header && !headers, "{:?}", copy.strip_prefix(root));
    }
}

#[test]
fn keys_of_before_are_destroyed_wherever_in_the_folder_they_lie() {
    let (temp, vault) = TempVault::create();
    let gone = plain(&vault);
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.checkpoint().unwrap();
    let copies = scatter(temp.root());
    let report = vault.forget(gone, &Quiet).unwrap();
    assert!(report.destruction.unwrap().files_destroyed >= 20);
    assert_no_old_key_is_left(temp.root(), &copies, false);

    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    let copies = scatter(temp.root());
    let second = Passphrase::parse("second").unwrap();
    let report = vault
        .set_second_passphrase(space, &second, KdfCost::FLOOR, &Quiet)
        .unwrap();
    report.destruction.unwrap();
    assert_no_old_key_is_left(temp.root(), &copies, false);

    let copies = scatter(temp.root());
    let report = vault
        .rekey(
            NewKeys {
                passphrase: &Passphrase::parse("new").unwrap(),
                cost: CHEAP,
                spare: &SpareKey::make().unwrap(),
                seconds: &[(space, &second)],
            },
            &Quiet,
        )
        .unwrap();
    report.destruction.unwrap();
    assert_no_old_key_is_left(temp.root(), &copies, true);
}

#[test]
fn segments_of_before_go_wherever_in_the_folder_they_lie() {
    let (temp, vault) = TempVault::create();
    let (gone, kept) = (plain(&vault), plain(&vault));
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.save(note(kept, 1, "kept")).unwrap();
    vault.checkpoint().unwrap();
    let mut copies = Vec::new();
    for folder in ["sync/journal", "local/checkpoints"] {
        for entry in fs::read_dir(temp.root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let file = if path.is_dir() {
                fs::read_dir(&path).unwrap().next().unwrap().unwrap().path()
            } else {
                path
            };
            let place = temp.root().join("sync/.stversions").join(folder);
            fs::create_dir_all(&place).unwrap();
            copies.push(place.join("copy"));
            fs::copy(&file, place.join("copy")).unwrap();
        }
    }
    assert_eq!(copies.len(), 2);
    vault.forget(gone, &Quiet).unwrap().destruction.unwrap();
    assert!(copies.iter().all(|copy| !copy.exists()));
    assert_whole(&vault);
}

fn forget_with(put: impl FnOnce(&TempVault, &Vault)) -> (TempVault, Result<(), NotDestroyed>) {
    let (temp, vault) = TempVault::create();
    let gone = plain(&vault);
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.checkpoint().unwrap();
    put(&temp, &vault);
    let report = vault.forget(gone, &Quiet).unwrap();
    assert!(report.key_destroyed);
    (temp, report.destruction.map(drop))
}

#[test]
fn a_key_of_before_that_hides_in_another_file_is_found() {
    let (_temp, outcome) = forget_with(|temp, _| {
        let mut archive = vec![7; (1 << 20) - 40];
        for entry in fs::read_dir(temp.root().join("sync")).unwrap() {
            let path = entry.unwrap().path();
            if path
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("epoch.")
            {
                archive.extend(fs::read(path).unwrap());
            }
        }
        fs::write(temp.root().join("folder.tar"), archive).unwrap();
    });
    assert_eq!(outcome, Err(NotDestroyed::Left(Part::Epoch)));
}

#[test]
fn a_backup_of_before_in_the_vault_s_folder_is_told_and_left() {
    let (temp, outcome) = forget_with(|temp, vault| {
        let backup = temp.folder().join("one.cfdbackup");
        vault.backup(&backup, &Quiet).unwrap();
        fs::copy(backup, temp.root().join("one.cfdbackup")).unwrap();
    });
    assert_eq!(outcome, Err(NotDestroyed::Left(Part::Backup)));
    assert!(temp.root().join("one.cfdbackup").exists());
}

/// Where a forgetting was cut short, whoever finishes it looks as closely.
#[test]
fn what_lies_in_the_folder_is_told_by_the_opening_that_finishes_a_forgetting() {
    for left in [false, true] {
        let (narrow, temp, vault) = on_a_narrow_disk();
        let gone = plain(&vault);
        vault.save(note(gone, 1, "before")).unwrap();
        let elsewhere = temp.folder().join("one.cfdbackup");
        vault.backup(&elsewhere, &Quiet).unwrap();
        narrow.store(true, Ordering::SeqCst);
        let report = vault.forget(gone, &Quiet).unwrap();
        let outcome = report.destruction;
        assert!(
            matches!(outcome, Err(NotDestroyed::Unfinished(_))),
            "{outcome:?}"
        );
        drop(vault);
        if left {
            fs::copy(&elsewhere, temp.root().join("kept.cfdbackup")).unwrap();
        }
        narrow.store(false, Ordering::SeqCst);
        let vault = temp.open().unwrap();
        let told = match left {
            true => Finding::ForgettingLeft,
            false => Finding::ForgettingFinished,
        };
        assert_eq!(vault.opening().findings, [told]);
        vault.lock().unwrap();
        assert_eq!(temp.open().unwrap().opening().findings, []);
    }
}

#[test]
fn a_damaged_backup_in_the_vault_s_folder_is_not_called_nothing() {
    // In the id of the backup, in that of its vault, in the lineage, in what is zero, and in the checksum.
    for at in [20, 40, 60, 200, 230] {
        let (_temp, outcome) = forget_with(|temp, vault| {
            let backup = temp.folder().join("one.cfdbackup");
            vault.backup(&backup, &Quiet).unwrap();
            let mut bytes = fs::read(&backup).unwrap();
            bytes[at] ^= 1;
            fs::write(temp.root().join("one.cfdbackup"), bytes).unwrap();
        });
        let left = Err(NotDestroyed::Left(Part::Backup));
        assert_eq!(outcome, left, "byte {at}");
    }
}

fn new_keys<'a>(passphrase: &'a Passphrase, spare: &'a SpareKey) -> NewKeys<'a> {
    NewKeys {
        passphrase,
        cost: CHEAP,
        spare,
        seconds: &[],
    }
}

#[test]
fn a_backup_under_a_root_key_of_before_is_not_called_nothing() {
    let (_temp, outcome) = forget_with(|temp, vault| {
        let backup = temp.folder().join("one.cfdbackup");
        vault.backup(&backup, &Quiet).unwrap();
        let (new, spare) = (Passphrase::parse("new").unwrap(), SpareKey::make().unwrap());
        let report = vault.rekey(new_keys(&new, &spare), &Quiet).unwrap();
        report.destruction.unwrap();
        fs::copy(&backup, temp.root().join("one.cfdbackup")).unwrap();
    });
    assert_eq!(outcome, Err(NotDestroyed::Left(Part::Backup)));
}

#[test]
fn a_whole_backup_of_another_vault_is_no_trace() {
    let (temp, outcome) = forget_with(|temp, _| {
        let (_other, stranger) = TempVault::create();
        let backup = temp.folder().join("one.cfdbackup");
        stranger.backup(&backup, &Quiet).unwrap();
        fs::copy(&backup, temp.root().join("one.cfdbackup")).unwrap();
    });
    assert_eq!(outcome, Ok(()));
    assert!(temp.root().join("one.cfdbackup").exists());
}

#[test]
fn another_vault_inside_the_folder_is_told_and_left_as_it_is() {
    let (temp, outcome) = forget_with(|temp, _| {
        let copy = temp.copy();
        testkit::copy_folder(copy.root(), &temp.root().join("copied/vault"));
    });
    assert!(matches!(outcome, Err(NotDestroyed::Left(_))), "{outcome:?}");
    let inner = Places {
        vault: temp.root().join("copied/vault"),
        device: temp.folder().join("other"),
    };
    let spare = temp.spare_key();
    let credential = Credential::SpareKey(&spare);
    let vault = Vault::open(&inner, credential, &Quiet).unwrap();
    assert_eq!(vault.compartments().len(), 1);
}

fn checkpoints(root: &Path) -> usize {
    let folder = fs::read_dir(root.join("local/checkpoints"));
    folder.map_or(0, |entries| entries.count())
}

#[test]
fn a_restored_vault_inside_the_folder_keeps_its_checkpoint() {
    // In a folder of its own, or merged into one that this program fills.
    for place in ["restored", "deep/down/restored", "sync/journal"] {
        let (temp, vault) = TempVault::create();
        let (gone, kept) = (plain(&vault), plain(&vault));
        vault.save(note(gone, 1, "gone")).unwrap();
        vault.save(note(kept, 1, "kept")).unwrap();
        let backup = temp.folder().join("one.cfdbackup");
        vault.backup(&backup, &Quiet).unwrap();
        let outside = Places {
            vault: temp.folder().join("outside"),
            device: temp.folder().join("other"),
        };
        let spare = temp.spare_key();
        let credential = || Credential::SpareKey(&spare);
        let options = RestoreOptions::default();
        restore(&backup, &outside, credential(), options, &Quiet).unwrap();
        let inner = Places {
            vault: temp.root().join(place),
            ..outside.clone()
        };
        for below in ["sync", "local"] {
            testkit::copy_folder(&outside.vault.join(below), &inner.vault.join(below));
        }
        assert_eq!(checkpoints(&inner.vault), 1);
        let report = vault.forget(gone, &Quiet).unwrap();
        assert!(
            matches!(report.destruction, Err(NotDestroyed::Left(_))),
            "{place}: {:?}",
            report.destruction
        );
        assert_eq!(checkpoints(&inner.vault), 1, "{place}");
        let (new, spare_now) = (Passphrase::parse("new").unwrap(), SpareKey::make().unwrap());
        let report = vault.rekey(new_keys(&new, &spare_now), &Quiet).unwrap();
        assert!(
            matches!(report.destruction, Err(NotDestroyed::Left(_))),
            "{place}: {:?}",
            report.destruction
        );
        // The store is made anew from its one checkpoint.
        for store in stores(&inner.vault) {
            fs::remove_dir_all(store).unwrap();
        }
        let restored = Vault::open(&inner, credential(), &Quiet).unwrap();
        assert_eq!(text(&restored, gone, 1).as_deref(), Some("gone"), "{place}");
        assert_eq!(text(&restored, kept, 1).as_deref(), Some("kept"), "{place}");
    }
}

#[test]
fn a_header_below_a_folder_of_the_vault_keeps_nothing_there() {
    let (temp, outcome) = forget_with(|temp, _| {
        for folder in ["sync", "local/checkpoints", "local"] {
            let there = temp.root().join(folder).join("sync");
            fs::create_dir_all(&there).unwrap();
            fs::copy(temp.root().join("sync/header.a"), there.join("header.a")).unwrap();
        }
        let kept = temp.root().join("local/checkpoints/kept");
        fs::create_dir(&kept).unwrap();
        for entry in fs::read_dir(temp.root().join("sync")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, kept.join(path.file_name().unwrap())).unwrap();
            }
        }
    });
    assert_eq!(outcome, Ok(()));
    // Only the two headers, which hold nothing of it.
    let left = fs::read_dir(temp.root().join("local/checkpoints/kept")).unwrap();
    assert_eq!(left.count(), 2);
}

#[test]
fn what_lies_too_deep_to_be_gone_through_is_not_called_proven() {
    let (_temp, outcome) = forget_with(|temp, _| {
        let deep = (0..40).fold(temp.root().join("sync"), |folder, _| folder.join("x"));
        fs::create_dir_all(deep).unwrap();
    });
    assert_eq!(outcome, Err(NotDestroyed::Unproven(Error::TooLarge)));
}

#[cfg(unix)]
#[test]
fn links_in_the_folder_lead_nowhere() {
    let (temp, outcome) = forget_with(|temp, _| {
        let outside = temp.folder().join("outside");
        fs::create_dir(&outside).unwrap();
        for entry in fs::read_dir(temp.root().join("sync")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, outside.join(path.file_name().unwrap())).unwrap();
            }
        }
        std::os::unix::fs::symlink(&outside, temp.root().join("sync/outside")).unwrap();
        std::os::unix::fs::symlink(temp.root(), temp.root().join("sync/round")).unwrap();
    });
    assert_eq!(outcome, Ok(()));
    // Two headers, two epoch files, two keyrings.
    assert_eq!(
        fs::read_dir(temp.folder().join("outside")).unwrap().count(),
        6
    );
}

#[test]
fn a_forgetting_that_is_finished_later_destroys_nothing_that_missing_rows_could_come_back_from() {
    let (narrow, temp, vault) = on_a_narrow_disk();
    let (gone, kept) = (plain(&vault), plain(&vault));
    vault.save(note(gone, 1, "gone")).unwrap();
    for number in 0..10 {
        vault.save(note(kept, number, "kept")).unwrap();
    }
    vault.checkpoint().unwrap();
    narrow.store(true, Ordering::SeqCst);
    vault.forget(gone, &Quiet).unwrap();
    vault.lock().unwrap();
    // As a failing disk or a stranger could.
    testkit::lose_a_row(temp.root());
    testkit::lose_a_row(temp.root());
    narrow.store(false, Ordering::SeqCst);
    let vault = temp.open().unwrap();
    let there = (0..10).filter(|number| text(&vault, kept, *number).is_some());
    assert_eq!(there.count(), 10, "{:?}", vault.opening());
    let finished = |f: &Finding| matches!(f, Finding::ForgettingFinished);
    assert!(vault.opening().findings.iter().any(finished));
    assert_whole(&vault);
}

/// Does something when a step begins: with the proof, when all that is to be destroyed has been.
struct At<F>(Step, Mutex<Option<F>>);

impl<F: FnOnce() + Send> Watch for At<F> {
    fn at(&self, step: Step) {
        if step == self.0
            && let Some(act) = self.1.lock().unwrap().take()
        {
            act();
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

#[test]
fn a_folder_that_was_there_and_is_not_found_is_not_called_gone_through() {
    let not_found = Error::Io {
        kind: io::ErrorKind::NotFound,
    };
    for (step, folder, outcome) in [
        (Step::Proving, "", NotDestroyed::Unproven(not_found)),
        (Step::Proving, "kept", NotDestroyed::Unproven(not_found)),
        // Where no old key may be left out, the destroying does not come to its end, either.
        (
            Step::Destroying,
            "sync",
            NotDestroyed::Unfinished(not_found),
        ),
    ] {
        let disk = NarrowDisk::default();
        let missed = disk.missed.clone();
        let (temp, vault) = on_disk(disk);
        let gone = plain(&vault);
        vault.save(note(gone, 1, "gone")).unwrap();
        fs::create_dir(temp.root().join("kept")).unwrap();
        fs::write(temp.root().join("kept/x"), "anything").unwrap();
        // As the walk names it.
        let folder = match folder {
            "" => temp.root().to_owned(),
            below => temp.root().join(below),
        };
        let miss = || *missed.lock().unwrap() = Some(folder.clone());
        let watch = At(step, Mutex::new(Some(miss)));
        let report = vault.forget(gone, &watch).unwrap();
        assert!(missed.lock().unwrap().is_none(), "{folder:?} was asked for");
        assert_eq!(report.destruction, Err(outcome), "{folder:?}");
        assert_eq!(report.key_destroyed, step == Step::Proving);
    }
}

/// What a vault had when a compartment with many rows was about to be forgotten.
struct Before {
    temp: TempVault,
    gone: CompartmentId,
    /// The log of the store.
    log: Vec<u8>,
    /// The rows of the compartment.
    rows: Vec<(Vec<u8>, Vec<u8>)>,
    checkpoint: Vec<u8>,
}

/// Rows that are saved one after the other, so that sled writes many of them by themselves and not with their page.
fn before() -> Before {
    let (temp, vault) = TempVault::create();
    let (kept, gone) = (plain(&vault), plain(&vault));
    let other = plain(&vault);
    for number in 0..150 {
        vault.save(note(kept, number, "kept")).unwrap();
        vault.save(note(other, number, "kept as well")).unwrap();
    }
    vault.lock().unwrap();
    let others = all_rows(&temp);
    let vault = temp.open().unwrap();
    // Other ids, and so other names, than those that stay.
    for number in 0..150 {
        vault.save(note(gone, 1_000 + number, "gone")).unwrap();
        if number % 5 == 0 {
            // What waits is handed over and written.
            vault.checkpoint().unwrap();
        }
    }
    vault.lock().unwrap();
    let mut rows = all_rows(&temp);
    rows.retain(|row| !others.contains(row));
    assert_eq!(rows.len(), 150);
    let checkpoints = fs::read_dir(temp.root().join("local/checkpoints")).unwrap();
    let checkpoint = checkpoints.last().unwrap().unwrap().path();
    Before {
        log: fs::read(store_of(&temp).join("db")).unwrap(),
        checkpoint: fs::read(checkpoint).unwrap(),
        temp,
        gone,
        rows,
    }
}

fn all_rows(temp: &TempVault) -> Vec<(Vec<u8>, Vec<u8>)> {
    let db = sled::Config::new()
        .path(store_of(temp))
        .segment_size(4 << 20)
        .flush_every_ms(None)
        .open()
        .unwrap();
    let tree = db.open_tree("r").unwrap();
    let rows = tree.iter().map(Result::unwrap);
    let rows = rows.filter(|(key, _)| key.len() == 32);
    rows.map(|(key, value)| (key.to_vec(), value.to_vec()))
        .collect()
}

fn store_of(temp: &TempVault) -> PathBuf {
    let mut all = stores(temp.root());
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Forgets in a copy of the vault, where something is left before the proof.
fn forget_leaving(
    before: &Before,
    leave: impl FnOnce(&Path, &Path) + Send,
) -> Result<(), NotDestroyed> {
    let copy = before.temp.copy();
    let vault = copy.open().unwrap();
    let root = copy.root().to_owned();
    let put = || {
        // The new store; the old one is gone by now.
        let store = stores(&root);
        assert_eq!(store.len(), 1);
        leave(&root, &store[0]);
    };
    let watch = At(Step::Proving, Mutex::new(Some(put)));
    let report = vault.forget(before.gone, &watch).unwrap();
    assert!(report.key_destroyed);
    assert!(
        watch.1.into_inner().unwrap().is_none(),
        "the proof was reached"
    );
    report.destruction.map(drop)
}

fn put_file(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn whatever_is_left_of_a_forgotten_row_the_receipt_says_so() {
    let before = before();
    let (key, value) = &before.rows[70];
    let left = |leave: &(dyn Fn(&Path, &Path) + Sync)| {
        forget_leaving(&before, |root, store| leave(root, store))
    };
    let of_store = Err(NotDestroyed::Left(Part::Store));
    assert_eq!(left(&|_, _| {}), Ok(()), "nothing is left");
    // The whole log of the old store, and less and less of one row of it.
    let in_store = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        left(&move |_, store: &Path| put_file(&store.join("kept"), &bytes))
    };
    assert_eq!(in_store(&before.log), of_store);
    assert_eq!(in_store(&[&key[..], value].concat()), of_store);
    assert_eq!(in_store(key), of_store);
    assert_eq!(in_store(&key[..16]), of_store);
    assert_eq!(in_store(&key[1..]), of_store);
    assert_eq!(in_store(&key[18..]), of_store);
    assert_eq!(in_store(value), of_store);
    assert_eq!(in_store(&value[..64]), of_store);
    let deeper = left(&|_, store| put_file(&store.join("kept/deeper/x"), &value[..]));
    assert_eq!(deeper, of_store);
    // The secret of the epoch before, which a copy of the keyring opens with.
    let sync = fs::read_dir(before.temp.root().join("sync")).unwrap();
    let paths = sync.map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.is_file());
    let files: Vec<_> = files
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    assert_eq!(in_store(&epoch_secrets(&files)[0]), of_store);
    // What says nothing of the row is no trace.
    assert_eq!(in_store(&value[..8]), Ok(()));
    assert_eq!(
        in_store(&[&key[..10], &[7; 22][..], &key[..12]].concat()),
        Ok(())
    );
    // Beside the store's own.
    let log = &before.log;
    for (place, part) in [
        (
            "local/aside/store.0123456789abcdef0123456789abcdef/db",
            Part::Store,
        ),
        ("local/kept/db", Part::Store),
        ("local/checkpoints/kept", Part::Checkpoint),
        ("sync/.stversions/db", Part::Epoch),
    ] {
        let outcome = left(&|root, _| put_file(&root.join(place), &log[..]));
        assert_eq!(outcome, Err(NotDestroyed::Left(part)), "{place}");
        let outcome = left(&|root, _| put_file(&root.join(place), &value[..]));
        assert_eq!(outcome, Err(NotDestroyed::Left(part)), "{place}");
    }
    let checkpoint = &before.checkpoint;
    for place in ["local/aside/history.1/x", "local/checkpoints/x", "kept"] {
        let outcome = left(&|root, _| put_file(&root.join(place), checkpoint));
        assert_eq!(outcome, Err(NotDestroyed::Left(Part::Journal)), "{place}");
    }
    let another = left(&|root, _| {
        put_file(
            &root.join("local/store.0123456789abcdef0123456789abcdef/db"),
            b"anything",
        );
    });
    assert_eq!(another, of_store);
}

#[test]
fn what_was_set_aside_before_a_forgetting_is_destroyed_with_it() {
    let before = before();
    let copy = before.temp.copy();
    let aside = copy.root().join("local/aside");
    testkit::copy_folder(
        &store_of(&copy),
        &aside.join("store.0123456789abcdef0123456789abcdef"),
    );
    put_file(
        &aside.join("history.0123456789abcdef0123456789abcdef/x"),
        &before.checkpoint,
    );
    put_file(&copy.root().join("local/kept/y"), &before.checkpoint);
    let vault = copy.open().unwrap();
    assert!(aside.exists());
    vault
        .forget(before.gone, &Quiet)
        .unwrap()
        .destruction
        .unwrap();
    assert!(!aside.exists());
    assert!(!copy.root().join("local/kept/y").exists());
}

#[test]
fn a_row_that_sled_wrote_without_its_route_is_found_by_the_rest_of_it() {
    let before = before();
    // Each place of the log that holds a value, with the key that sled wrote before it, and nothing that names its route.
    let mut bare = Vec::new();
    let mut all = 0;
    for (key, value) in &before.rows {
        for at in memchr::memmem::find_iter(&before.log, value) {
            all += 1;
            let from = at - 40;
            let there = &before.log[from..at + value.len()];
            if memchr::memmem::find(there, &key[..16]).is_none() {
                bare.push((there, key));
            }
        }
    }
    println!(
        "{all} places hold a row's value, {} of them not its route",
        bare.len()
    );
    assert!(bare.len() >= 10, "{} of {all}", bare.len());
    let stripped =
        |(there, key): &&(&[u8], &Vec<u8>)| memchr::memmem::find(there, &key[18..]).is_some();
    assert!(
        bare.iter().filter(stripped).count() >= 5,
        "sled wrote a part of the key"
    );
    for (there, _) in bare.iter().step_by((bare.len() / 6).max(1)) {
        let left = forget_leaving(&before, |_, store| put_file(&store.join("kept"), there));
        assert_eq!(left, Err(NotDestroyed::Left(Part::Store)));
    }
}
