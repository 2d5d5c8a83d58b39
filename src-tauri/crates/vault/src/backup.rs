//! Backups: all live rows, those of locked compartments included, with the keys to them, in one sealed file. What
//! is in it stands as it was at one moment; saves go on meanwhile, and forgetting waits.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::backup_file::{self, BackupFile, DAMAGED, NotPreface, PREFACE_LENGTH, Preface};
use crate::checkpoint::Surroundings;
use crate::container::{Checked, Measure, RowsOut};
use crate::disk::{self, Disk};
use crate::envelope::{EpochSecret, RootKey};
use crate::error::{Error, Part};
use crate::header::{HEADER_LENGTH, Header, Pending, SlotSort};
use crate::ids::{BackupId, CompartmentId, Kind, RecordId};
use crate::keyring::{Entry, Keyring, KeyringKey, KeyringName};
use crate::known;
use crate::primitives;
use crate::progress::Progress;
use crate::rehearsal::Rehearsal;
use crate::report::{
    BackupCheck, BackupCompartment, BackupMade, FoundBackup, HeldCompartment, KnownBackup,
    RecordRef,
};
use crate::row::Route;
use crate::shared::{Keys, Ring, Shared};
use crate::state::State;
use crate::store::Snapshot;
use crate::sums::Sums;
use crate::vault::{Credential, Host, Vault};
use crate::watch::{Step, Watch};

impl Vault {
    /// Writes a backup of everything, locked compartments included, into a new file, reads it back, and remembers
    /// it. Until the file is whole it bears the temporary name `tmp.…` beside `out`; on any error nothing is left
    /// of it. Saves go on meanwhile and are not in it. Errors: `Exists`, `InsideVault`, `Cancelled`, `Damaged`
    /// where rows are missing that the last opening has not told of, and those of the disk.
    pub fn backup(&self, out: &Path, watch: &dyn Watch) -> Result<BackupMade, Error> {
        self.with_present(|shared| {
            shared.check_fresh()?;
            // Forgetting waits for it: a key that is being destroyed must not end up in a new file.
            let _one = shared.hold_backups()?;
            check_place(shared, out)?;
            let source = Source::take(shared)?;
            let plan = source.plan(shared, watch)?;
            let disk = &*shared.host.disk;
            let unfinished = Unfinished::begin(disk, out)?;
            source.write(shared, &plan, &unfinished.path, watch)?;
            let length = read_back(shared, &plan, &unfinished.path, watch)?;
            if watch.cancelled() {
                return Err(Error::Cancelled);
            }
            let entry = source.entry(shared, plan.preface.id, out, length);
            // Remembered first: one file too many on the list is nothing, one too few would be a false promise.
            let remembered = known::add(shared, &entry).is_ok();
            if let Err(error) = unfinished.name(out) {
                // The list is as good as before, at worst with a file that is not there.
                let _ = known::remove(shared, entry.id);
                return Err(error);
            }
            Ok(BackupMade {
                id: entry.id,
                bytes: length,
                rows: plan.state.sums.total.count,
                compartments: entry.holds,
                incomplete: plan.incomplete,
                remembered,
                settled: settle(disk, out),
            })
        })
    }
}

/// Makes the name of a backup durable; false where its disk could and failed. The file is whole, has its name and is on
/// the list by then: to say that there is none would be untrue.
fn settle(disk: &dyn Disk, out: &Path) -> bool {
    match disk::sync_parent(disk, out) {
        Ok(()) => true,
        // Some file systems, mostly those of other computers, know of no such thing.
        Err(error) => matches!(
            error.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
        ),
    }
}

/// Which records of a backup are wanted: of which compartment, of which kind, which one.
pub type WantedRecords<'a> = dyn Fn(CompartmentId, Kind, RecordId) -> bool + 'a;

impl Vault {
    /// Shows records of a backup of this vault, as they were when it was made: with the keys at hand, or with a passphrase or
    /// spare key that opened the vault then. Those of compartments with a second passphrase there are not shown. Nothing is
    /// written, and the backup is not remembered. On an error, what was shown counts for nothing.
    ///
    /// Errors: as of `check_backup`; `WrongCredential` without a credential for a backup that the present keys do not open, and
    /// for one of another vault.
    pub fn read_backup(
        &self,
        path: &Path,
        credential: Option<Credential<'_>>,
        wanted: &WantedRecords<'_>,
        visitor: &mut dyn FnMut(CompartmentId, RecordRef<'_>),
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        let shared = self.shared();
        let file = BackupFile::read(&*shared.host.disk, path)?;
        if file.preface.vault != shared.vault {
            return Err(Error::WrongCredential);
        }
        match credential {
            None if !file.is_under(&shared.keys) => Err(Error::WrongCredential),
            None => show_records(&file, (&shared.root, &shared.keys), wanted, visitor, watch),
            Some(credential) => {
                let unlocked = file.unlock(credential, watch)?;
                show_records(
                    &file,
                    (&unlocked.root, &unlocked.keys),
                    wanted,
                    visitor,
                    watch,
                )
            }
        }
    }
}

fn show_records(
    file: &BackupFile<'_>,
    (root, keys): (&RootKey, &Keys),
    wanted: &WantedRecords<'_>,
    visitor: &mut dyn FnMut(CompartmentId, RecordRef<'_>),
    watch: &dyn Watch,
) -> Result<(), Error> {
    watch.at(Step::Reading);
    let keyring = file.open(root, keys)?;
    let ring = Ring::new(file.header.vault, keys, keyring).ok_or(DAMAGED)?;
    let ids: BTreeMap<Route, CompartmentId> = ring
        .open
        .iter()
        .map(|(id, open)| (open.route, *id))
        .collect();
    let is_wanted = |route: Route, kind: Kind, record: RecordId| {
        ids.get(&route).is_some_and(|id| wanted(*id, kind, record))
    };
    let mut tell = |route: Route, record: RecordRef<'_>| {
        if let Some(id) = ids.get(&route) {
            visitor(*id, record);
        }
    };
    let mut rehearsal = Rehearsal::new(keys, &ring, &is_wanted, &mut tell);
    read_records(file, root, &mut rehearsal, 0, watch)
}

/// Tells what a file is without any secret, and writes nothing. Errors: `Missing`, and those of the disk.
pub fn look_at_backup(path: &Path) -> Result<FoundBackup, Error> {
    look_at_backup_on(&Host::default(), path)
}

/// As `look_at_backup`, on a given host.
pub fn look_at_backup_on(host: &Host, path: &Path) -> Result<FoundBackup, Error> {
    let disk = &*host.disk;
    let (preface, bytes) = backup_file::look(disk, path)?;
    Ok(match preface {
        Err(NotPreface::Newer(version)) => FoundBackup::Newer { version, bytes },
        Err(NotPreface::Damaged) => FoundBackup::Damaged { bytes },
        Ok(preface) if preface.file_length() != bytes => FoundBackup::Damaged { bytes },
        Ok(preface) => match BackupFile::read(disk, path) {
            Ok(_) => FoundBackup::Backup {
                id: preface.id,
                vault: preface.vault,
                lineage: preface.lineage,
                bytes,
            },
            Err(Error::Newer) => FoundBackup::Newer { version: 0, bytes },
            Err(Error::Damaged { .. }) => FoundBackup::Damaged { bytes },
            Err(error) => return Err(error),
        },
    })
}

/// Opens a backup and verifies everything in it, locked compartments included, by hash, chain, count and sum.
/// Writes nothing anywhere. Errors: `Missing`, `WrongCredential`, `Damaged`, `Newer`, `CostOutOfRange`,
/// `TooLittleMemory`, `Cancelled`, and those of the disk.
pub fn check_backup(
    path: &Path,
    credential: Credential<'_>,
    watch: &dyn Watch,
) -> Result<BackupCheck, Error> {
    check_backup_on(&Host::default(), path, credential, watch)
}

/// As `check_backup`, on a given host.
pub fn check_backup_on(
    host: &Host,
    path: &Path,
    credential: Credential<'_>,
    watch: &dyn Watch,
) -> Result<BackupCheck, Error> {
    let file = BackupFile::read(&*host.disk, path)?;
    let unlocked = file.unlock(credential, watch)?;
    let keyring = file.open(&unlocked.root, &unlocked.keys)?;
    let checked = check(&file, &unlocked.root, &unlocked.keys, watch)?;
    Ok(describe(&file, &unlocked.keys, &keyring, &checked))
}

/// As `check_backup`, and opens every record of every compartment that has no second passphrase, as a restored
/// vault would. Nothing is written; long records are held in memory a few at a time.
pub fn rehearse(
    path: &Path,
    credential: Credential<'_>,
    watch: &dyn Watch,
) -> Result<BackupCheck, Error> {
    rehearse_on(&Host::default(), path, credential, watch)
}

/// As `rehearse`, on a given host.
pub fn rehearse_on(
    host: &Host,
    path: &Path,
    credential: Credential<'_>,
    watch: &dyn Watch,
) -> Result<BackupCheck, Error> {
    let file = BackupFile::read(&*host.disk, path)?;
    let unlocked = file.unlock(credential, watch)?;
    rehearse_file(&file, &unlocked.root, &unlocked.keys, watch)
}

/// Verifies everything in a backup, and opens every record of every compartment that has no second passphrase.
pub fn rehearse_file(
    file: &BackupFile,
    root: &RootKey,
    keys: &Keys,
    watch: &dyn Watch,
) -> Result<BackupCheck, Error> {
    let keyring = file.open(root, keys)?;
    let checked = check(file, root, keys, watch)?;
    let mut found = describe(file, keys, &keyring, &checked);
    let ring = Ring::new(file.header.vault, keys, keyring).ok_or(DAMAGED)?;
    let mut nobody = |_: Route, _: RecordRef<'_>| {};
    let mut rehearsal = Rehearsal::new(keys, &ring, &|_, _, _| true, &mut nobody);
    read_records(
        file,
        root,
        &mut rehearsal,
        checked.state.sums.total.count,
        watch,
    )?;
    for compartment in &mut found.compartments {
        let Some(opened) = ring.open.get(&compartment.id) else {
            continue;
        };
        let counts = rehearsal.counts_of(opened.route);
        compartment.records = Some(counts.records);
        compartment.unreadable = counts.unreadable;
    }
    Ok(found)
}

/// Shows a backup's rows to whoever opens its records, as often as that takes.
fn read_records(
    file: &BackupFile<'_>,
    root: &RootKey,
    rehearsal: &mut Rehearsal<'_>,
    total: u64,
    watch: &dyn Watch,
) -> Result<(), Error> {
    while rehearsal.has_more() {
        let mut progress = Progress::new(watch, total);
        file.read_rows(root, &mut |key, value| {
            progress.verifying()?;
            rehearsal.take(key, value);
            Ok(())
        })?;
        rehearsal.end_of_pass();
    }
    Ok(())
}

/// Reads a backup to its end and compares its rows with its sums.
pub fn check(
    file: &BackupFile<'_>,
    root: &crate::envelope::RootKey,
    keys: &Keys,
    watch: &dyn Watch,
) -> Result<Checked, Error> {
    watch.at(Step::Reading);
    let mut sums = Sums::default();
    let mut progress = Progress::new(watch, 0);
    let checked = file.read_rows(root, &mut |key, value| {
        progress.verifying()?;
        sums.add(&keys.sum, &key, value);
        Ok(())
    })?;
    if sums.agrees_with(&checked.state.sums) {
        Ok(checked)
    } else {
        Err(DAMAGED)
    }
}

/// What is known of a vault that is to be backed up, as it stood at one moment.
struct Source {
    header: Header,
    secret: EpochSecret,
    keyring: Vec<u8>,
    state: State,
    snapshot: Snapshot,
    holds: Vec<HeldCompartment>,
    /// What was forgotten: rows of it that could not be removed yet stay out.
    gone: BTreeSet<Route>,
}

/// A backup before it is written.
struct Plan {
    preface: Preface,
    state: State,
    incomplete: bool,
}

impl Source {
    /// Takes everything at once; saves wait for no longer than that.
    fn take(shared: &Shared) -> Result<Source, Error> {
        let writer = shared.writer()?;
        let head = shared.head()?;
        let ring = shared.ring()?;
        let keyring = seal_keyring(shared, &head.header, &head.key, &ring.keyring)?;
        let mut header = head.header.clone();
        header.parent = primitives::sha256(&[&head.bytes]);
        header.writer = shared.device;
        header.floor = writer.state.point(shared.device);
        header.pending = Pending::Nothing;
        header.keyring_hash = primitives::sha256(&[&keyring]);
        let portable = |sort| matches!(sort, SlotSort::Passphrase | SlotSort::SpareKey);
        header.slots.retain(|slot| portable(slot.sort));
        Ok(Source {
            header,
            secret: EpochSecret::from_slice(head.secret.bytes()).ok_or(Error::Stale)?,
            keyring,
            state: writer.state.clone(),
            snapshot: shared.store().snapshot()?,
            gone: ring.keyring.gone(&shared.keys.namer),
            holds: ring.keyring.entries.iter().map(held).collect(),
        })
    }

    /// Reckons the length of the file, and whether the rows are those that were saved.
    fn plan(&self, shared: &Shared, watch: &dyn Watch) -> Result<Plan, Error> {
        watch.at(Step::Reading);
        let mut measure = Measure::new();
        let mut found = Sums::default();
        let mut progress = Progress::new(watch, self.state.sums.total.count);
        self.snapshot.visit(&mut |key, value| {
            progress.asking()?;
            if self.gone.contains(&key.route()) {
                return Ok(());
            }
            measure.add(value.len());
            found.add(&shared.keys.sum, &key, value);
            Ok(())
        })?;
        let mut state = self.state.clone();
        let incomplete = !found.agrees_with(&state.sums);
        if incomplete {
            if !shared.known_incomplete {
                // The next opening looks for them in checkpoint and journal.
                shared.suspect_rows();
                return Err(Error::Damaged { part: Part::Store });
            }
            // What is missing was looked for everywhere and was told: what is there is worth keeping.
            state.sums = found;
        }
        let lengths = (self.keyring.len() as u64, measure.finish(&state));
        let names = (self.header.vault, self.header.lineage);
        let id = BackupId::make()?;
        Ok(Plan {
            preface: Preface::make(id, names, lengths, &shared.root, &self.secret)?,
            state,
            incomplete,
        })
    }

    fn write(
        &self,
        shared: &Shared,
        plan: &Plan,
        path: &Path,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        let segment = backup_file::segment_header(plan.preface.id, &self.header);
        let keys = backup_file::keys_of(&shared.root, &segment);
        let preface = plan.preface.encode();
        let header = self.header.encode(&shared.keys.header);
        debug_assert_eq!(
            (preface.len(), header.len()),
            (PREFACE_LENGTH, HEADER_LENGTH)
        );
        let front: [&[u8]; 3] = [&preface, &header, &self.keyring];
        let file = shared.host.disk.create(path)?;
        let mut out = RowsOut::begin(file, &front, &segment, &keys, &plan.state)?;
        let mut progress = Progress::new(watch, plan.state.sums.total.count);
        self.snapshot.visit(&mut |key, value| {
            progress.backing_up()?;
            if self.gone.contains(&key.route()) {
                return Ok(());
            }
            out.add(key, value)
        })?;
        let surroundings = Surroundings {
            header_revision: self.header.revision,
            keyring_revision: self.header.keyring_revision,
            keyring_hash: self.header.keyring_hash,
            epoch: self.header.epoch.id,
        };
        let ending = surroundings.ending(&plan.state, segment.device);
        out.finish(&plan.state, ending)
    }

    /// What is remembered of the backup.
    fn entry(&self, shared: &Shared, id: BackupId, out: &Path, bytes: u64) -> KnownBackup {
        let now = shared.host.clock.now();
        let (folder, file) = known::place_of(out);
        KnownBackup {
            id,
            made: now,
            verified: Some(now),
            bytes,
            folder,
            file,
            lineage: self.header.lineage,
            header_revision: self.header.revision,
            keyring_revision: self.header.keyring_revision,
            epoch: self.header.epoch.number,
            holds: self.holds.clone(),
        }
    }
}

/// The keyring once more, under the same revision: the backup's own header names it by its own hash.
fn seal_keyring(
    shared: &Shared,
    header: &Header,
    key: &KeyringKey,
    keyring: &Keyring,
) -> Result<Vec<u8>, Error> {
    let name = KeyringName {
        vault: shared.vault,
        lineage: shared.lineage,
        epoch: header.epoch,
        revision: header.keyring_revision,
    };
    let (entries, forgotten) = (keyring.entries.iter(), &keyring.forgotten);
    Keyring::seal(key, name, entries, forgotten, &keyring.extensions)
}

/// What a backup holds of a compartment.
pub fn held(entry: &Entry) -> HeldCompartment {
    HeldCompartment {
        id: entry.id,
        generation: entry.generation,
        second_passphrase: entry.second,
    }
}

/// Opens what was written as anyone would who has the root key. Returns the length of the file.
fn read_back(shared: &Shared, plan: &Plan, path: &Path, watch: &dyn Watch) -> Result<u64, Error> {
    let file = BackupFile::read(&*shared.host.disk, path)?;
    if file.preface != plan.preface {
        return Err(DAMAGED);
    }
    file.open(&shared.root, &shared.keys)?;
    let checked = check(&file, &shared.root, &shared.keys, watch)?;
    if checked.state == plan.state {
        Ok(checked.length)
    } else {
        Err(DAMAGED)
    }
}

fn check_place(shared: &Shared, out: &Path) -> Result<(), Error> {
    if is_inside(out, &shared.layout.root) {
        return Err(Error::InsideVault);
    }
    match shared.host.disk.open(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        // Whatever it is, it is not a free name.
        _ => Err(Error::Exists),
    }
}

/// Whether a path is that of a folder or leads into it, by whatever links or dots.
pub fn is_inside(path: &Path, folder: &Path) -> bool {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (path, folder) = (whole(path), whole(folder));
    // Of what is not there yet, the nearest folder that is there says where it will be.
    let mut around = path.ancestors();
    let real = around.find_map(|around| std::fs::canonicalize(around).ok());
    let real_folder = std::fs::canonicalize(&folder);
    let leads_in = || Some(real?.starts_with(real_folder.ok()?));
    leads_in().unwrap_or_else(|| path.starts_with(&folder))
}

/// A file under its temporary name; it is removed unless it comes to bear its own.
struct Unfinished<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    named: bool,
}

impl<'a> Unfinished<'a> {
    fn begin(disk: &'a dyn Disk, out: &Path) -> Result<Self, Error> {
        let path = disk::temporary(out);
        remove_remains(disk, &path)?;
        Ok(Unfinished {
            disk,
            path,
            named: false,
        })
    }

    fn name(mut self, out: &Path) -> Result<(), Error> {
        match self.disk.rename_new(&self.path, out) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Error::Exists);
            }
            outcome => outcome?,
        }
        self.named = true;
        Ok(())
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.named {
            // What remains under a temporary name counts for nothing; the error was told already.
            let _ = self.disk.remove(&self.path);
        }
    }
}

/// Removes what an earlier backup of that name left when it was cut short, and nothing else.
pub fn remove_remains(disk: &dyn Disk, path: &Path) -> Result<(), Error> {
    match backup_file::look(disk, path) {
        Err(Error::Missing) => Ok(()),
        Ok((Ok(_), _)) => Ok(disk.remove(path)?),
        Ok((Err(_), length)) if length < PREFACE_LENGTH as u64 => Ok(disk.remove(path)?),
        Ok(_) | Err(Error::Damaged { .. }) => Err(Error::Exists),
        Err(error) => Err(error),
    }
}

fn describe(
    file: &BackupFile<'_>,
    keys: &Keys,
    keyring: &Keyring,
    checked: &Checked,
) -> BackupCheck {
    let sums = &checked.state.sums;
    let rows = |entry: &Entry| sums.of(&keys.namer.derive_route(entry.id)).count;
    let compartments: Vec<_> = keyring
        .entries
        .iter()
        .map(|entry| BackupCompartment {
            id: entry.id,
            generation: entry.generation,
            second_passphrase: entry.second,
            alias: (!entry.alias.is_empty()).then(|| entry.alias.clone()),
            rows: rows(entry),
            records: None,
            unreadable: 0,
        })
        .collect();
    let known: u64 = compartments
        .iter()
        .map(|compartment| compartment.rows)
        .sum();
    BackupCheck {
        id: file.preface.id,
        vault: file.header.vault,
        lineage: file.header.lineage,
        bytes: checked.length,
        saved_at: (checked.state.time != 0).then_some(checked.state.time),
        rows: sums.total.count,
        unknown_rows: sums.total.count.saturating_sub(known),
        compartments,
        forgotten: keyring.forgotten.iter().map(|gone| gone.id).collect(),
    }
}
