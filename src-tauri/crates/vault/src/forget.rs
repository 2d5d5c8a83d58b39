//! Forgetting compartments. Their rows are encrypted under a key that only the keyring holds, and the keyring
//! opens only with the epoch's secret: a new epoch, a keyring without the entries, and the old ones destroyed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use crate::checkpoint;
use crate::create;
use crate::disk::{self, Disk, EntrySort};
use crate::envelope::EpochSecret;
use crate::epoch::EpochFile;
use crate::error::{Error, NotDestroyed, Part};
use crate::header::{self, EpochName, Header, Pending};
use crate::history;
use crate::ids::{CompartmentId, EpochId, FileId, VaultId};
use crate::journal;
use crate::keyring::{Entry, Forgotten, Keyring, KeyringKey, KeyringName};
use crate::layout::{self, Layout};
use crate::primitives;
use crate::report::{Erasure, ForgetReport};
use crate::row::{Route, RowKey};
use crate::segment::{SEGMENT_HEAD, SegmentHeader};
use crate::shared::{Copied, Head, Opened, Ring, Shared, Writer, store_sums};
use crate::store;
use crate::traces::{self, Doomed, Gathered, Proof};
use crate::watch::{Step, Watch};

pub fn forget(
    shared: &Shared,
    ids: &BTreeSet<CompartmentId>,
    watch: &dyn Watch,
) -> Result<ForgetReport, Error> {
    shared.check_fresh()?;
    // A backup that is being made would carry the key away.
    let _no_backup = shared.hold_backups()?;
    let anchoring = shared.anchoring()?;
    let mut writer = shared.writer()?;
    let routes: BTreeSet<Route> = ids
        .iter()
        .map(|id| shared.keys.namer.derive_route(*id))
        .collect();
    let rows = routes.iter().map(|route| writer.state.sums.of(route).count);
    let rows = rows.sum();
    let known = {
        let ring = shared.ring()?;
        ids.iter().all(|id| ring.keyring.entry(*id).is_some())
    };
    if !known || ids.is_empty() {
        return Err(Error::UnknownCompartment);
    }
    if watch.cancelled() {
        return Err(Error::Cancelled);
    }
    check_whole(shared, &writer, &routes)?;
    let gathered = gather(shared, &routes);
    watch.at(Step::Writing);
    shared.write_anchor_of(&anchoring, &writer.state)?;
    let before = {
        let mut head = shared.head()?;
        let mut ring = shared.ring_mut()?;
        commit(shared, &mut writer, &mut head, &mut ring, ids)?
    };
    // It has happened: no error may say otherwise from here on.
    for route in &routes {
        writer.state.sums.drop_space(route);
    }
    let keys = destroy_keys(shared, watch);
    let key_destroyed = keys.is_ok();
    let destroyed = keys.and_then(|files| Ok(files + finish(shared, &mut writer, watch)?));
    let destruction = match destroyed {
        Ok(files_destroyed) => {
            shared.unfinished.store(false, Ordering::Release);
            watch.at(Step::Proving);
            let doomed = (&routes, gathered, Some(&before));
            prove(shared, &writer, ids, doomed).map(|proved| Erasure {
                files_destroyed,
                files_checked: proved.proof.files,
                bytes_checked: proved.proof.bytes,
                parts_opened: proved.opened,
                parts_compared: proved.compared,
            })
        }
        Err(error) => {
            shared.unfinished.store(true, Ordering::Release);
            Err(NotDestroyed::Unfinished(error))
        }
    };
    if destruction.is_ok() {
        shared.go_on_numbering(&mut writer);
    }
    // It is done again after the next save, and at lock.
    let _ = shared.write_anchor_of(&anchoring, &writer.state);
    Ok(ForgetReport {
        rows,
        key_destroyed,
        destruction,
    })
}

/// Goes on with what an earlier session began, and proves it as that would have, but for the secret of before and the pieces
/// of the rows that went: both have gone already.
pub fn go_on(
    shared: &Shared,
    writer: &mut Writer,
    watch: &dyn Watch,
) -> Result<Result<(), NotDestroyed>, Error> {
    let (routes, ids) = {
        let ring = shared.ring()?;
        let ids: BTreeSet<_> = ring.keyring.forgotten.iter().map(|gone| gone.id).collect();
        (ring.keyring.gone(&shared.keys.namer), ids)
    };
    let gathered = gather(shared, &routes);
    destroy_keys(shared, watch)?;
    finish(shared, writer, watch)?;
    watch.at(Step::Proving);
    Ok(prove(shared, writer, &ids, (&routes, gathered, None)).map(drop))
}

/// Forgetting destroys the journal and checkpoints that missing rows of other compartments could come back from:
/// it begins only when nothing is missing, or when the last opening has looked everywhere and told what is.
pub fn check_whole(
    shared: &Shared,
    writer: &Writer,
    without: &BTreeSet<Route>,
) -> Result<(), Error> {
    if shared.known_incomplete {
        return Ok(());
    }
    let mut without = without.clone();
    without.extend(shared.gone()?);
    let mut expected = writer.state.sums.clone();
    for route in &without {
        expected.drop_space(route);
    }
    if store_sums(&shared.store(), &shared.keys.sum, &without)?.agrees_with(&expected) {
        return Ok(());
    }
    shared.suspect_rows();
    Err(Error::Damaged { part: Part::Store })
}

/// What the proof looks for of the rows that go. Rows that cannot be read any more are not copied anywhere, either.
fn gather(shared: &Shared, routes: &BTreeSet<Route>) -> Gathered {
    let store = shared.store();
    let rows = routes.iter().flat_map(|route| store.rows(Some(*route)));
    Gathered::of(rows.filter_map(Result::ok))
}

/// Steps 1 to 3: the new keyring, the new epoch, the header. With the first header copy it has happened. Returns the
/// secret of the epoch that was.
fn commit(
    shared: &Shared,
    writer: &mut Writer,
    head: &mut Head,
    ring: &mut Ring,
    ids: &BTreeSet<CompartmentId>,
) -> Result<EpochSecret, Error> {
    let disk = &*shared.host.disk;
    let (vault, lineage) = (shared.vault, shared.lineage);
    let epoch = EpochName {
        number: head.header.epoch.number + 1,
        id: EpochId::make()?,
    };
    let secret = EpochSecret::make()?;
    let key = KeyringKey::derive(&shared.root, &secret, vault);
    let revision = head.header.keyring_revision + 1;
    let name = KeyringName {
        vault,
        lineage,
        epoch,
        revision,
    };
    let mut forgotten = ring.keyring.forgotten.clone();
    forgotten.extend(ids.iter().map(|id| Forgotten {
        id: *id,
        epoch: epoch.number,
        time: shared.host.clock.now(),
        device: shared.device,
    }));
    let entries = ring.keyring.entries.iter();
    let rest = entries.filter(|entry| !ids.contains(&entry.id));
    let bytes = Keyring::seal(
        &key,
        name,
        rest.clone(),
        &forgotten,
        &ring.keyring.extensions,
    )?;
    let path = shared.layout.keyring(revision);
    disk::write_whole(disk, &path, &bytes)?;
    // What was written is read again: after this the old keyring is destroyed.
    let (_, written) = Keyring::open(&key, &disk.read(&path)?).ok_or(Error::Damaged {
        part: Part::Keyring,
    })?;
    check_same_entries(shared.vault, rest, &written)?;
    let file = EpochFile {
        vault,
        name: epoch,
        secret,
    };
    create::write_epoch(disk, &shared.layout, &file)?;
    let secret = file.secret;
    let proof = header::derive_epoch_proof(vault, epoch, &secret);
    shared.write_header_with(head, writer.state.point(shared.device), |header| {
        header.epoch = epoch;
        header.epoch_proof = proof;
        header.keyring_revision = revision;
        header.keyring_hash = primitives::sha256(&[&bytes]);
        header.pending = Pending::DestroyOldEpochs;
    })?;
    head.key = key;
    ring.keyring = written;
    ring.open.retain(|id, _| !ids.contains(id));
    Ok(std::mem::replace(&mut head.secret, secret))
}

fn check_same_entries<'a>(
    vault: VaultId,
    mut old: impl Iterator<Item = &'a Entry>,
    written: &Keyring,
) -> Result<(), Error> {
    let damaged = Error::Damaged {
        part: Part::Keyring,
    };
    for new in &written.entries {
        let old = old.next().ok_or(damaged)?;
        if !old.is_same_as(new) || (!new.second && new.plain_key(vault).is_none()) {
            return Err(damaged);
        }
    }
    // One that is left was not written, and its key is about to be destroyed.
    old.next().map_or(Ok(()), |_| Err(damaged))
}

pub fn check_both_headers(shared: &Shared) -> Result<(), Error> {
    let head = shared.head()?;
    for copy in layout::COPIES {
        let bytes = shared.host.disk.read(&shared.layout.header(copy))?;
        if bytes != head.bytes || !Header::is_authentic(&bytes, &shared.keys.header) {
            return Err(Error::Damaged { part: Part::Header });
        }
    }
    Ok(())
}

/// Step 4, once both headers are there.
pub fn destroy_keys(shared: &Shared, watch: &dyn Watch) -> Result<u64, Error> {
    watch.at(Step::Destroying);
    let header = shared.head()?.header.clone();
    check_both_headers(shared)?;
    destroy_old(&*shared.host.disk, &shared.layout, &header)
}

/// Step 4: overwrites and removes every epoch and keyring file but those that the header names, whatever a file-sync
/// engine called them and wherever in the vault's folder it put them, and all that an older key could still open. After
/// a rekey every other header goes, too. Returns how many files.
pub fn destroy_old(disk: &dyn Disk, layout: &Layout, header: &Header) -> Result<u64, Error> {
    let headers = header.pending == Pending::DestroyOldLineage;
    let doomed = traces::old_keys(disk, layout, header, headers)?;
    let mut destroyed = remove_all(disk, layout, &doomed, disk::destroy)?;
    disk.sync_folder(&layout.sync())?;
    destroyed += history::destroy_aside(disk, layout)?;
    store::destroy(&layout.aside())?;
    Ok(destroyed)
}

/// Removes files and makes that durable; returns how many. What someone else put where this program has nothing of its own
/// may stay, if the system refuses: the proof finds it.
pub fn remove_all(
    disk: &dyn Disk,
    layout: &Layout,
    files: &[PathBuf],
    remove: impl Fn(&dyn Disk, &Path) -> std::io::Result<()>,
) -> Result<u64, Error> {
    let mut removed = 0;
    let mut folders = BTreeSet::new();
    for path in files {
        match remove(disk, path) {
            Ok(()) => removed += 1,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) if traces::is_ours(layout, path) => return Err(error.into()),
            Err(_) => {}
        }
        folders.extend(path.parent());
    }
    for folder in folders {
        disk.sync_folder(folder)?;
    }
    Ok(removed)
}

/// Steps 5 and 6: the rows go, store, checkpoints and journal are written anew, and the header says so. May be
/// begun again at any point. Returns how many files were removed.
pub fn finish(shared: &Shared, writer: &mut Writer, watch: &dyn Watch) -> Result<u64, Error> {
    let disk = &*shared.host.disk;
    watch.at(Step::Compacting);
    let old_checkpoints: Vec<PathBuf> = writer
        .checkpoints
        .iter()
        .map(|file| file.path.clone())
        .collect();
    let id = replace_store(shared, writer, watch)?;
    let mut removed = 0;
    for other in store::list(&shared.layout.local())? {
        if other != id {
            store::remove(&shared.layout.store(other))?;
        }
    }
    for path in old_checkpoints {
        removed += u64::from(disk::remove_if_there(disk, &path)?);
    }
    writer.checkpoints.drain(..writer.checkpoints.len() - 1);
    remove_other_checkpoints(shared, writer)?;
    let segments = traces::old_segments(shared, writer)?;
    removed += remove_all(disk, &shared.layout, &segments, |disk, path| {
        disk.remove(path)
    })?;
    sync_journals(shared)?;
    writer.journal.start_over();
    let mut head = shared.head()?;
    shared
        .write_header_with(&mut head, writer.state.point(shared.device), |header| {
            header.pending = Pending::Nothing;
        })
        .map_err(Error::of_the_disk)?;
    Ok(removed)
}

/// Puts a store without what was forgotten in the place of the present one, and a checkpoint of it beside it. Where they do
/// not fit, nothing of them stays on the disk.
fn replace_store(shared: &Shared, writer: &mut Writer, watch: &dyn Watch) -> Result<FileId, Error> {
    let Copied {
        new,
        mut state,
        found,
    } = shared.copy_store(writer, watch)?;
    // What is missing was told before, and what it could have come back from is destroyed: from here on the vault
    // is what is there.
    state.sums = found;
    let id = new.id;
    let written = new
        .apply(&[], &state)
        .and_then(|()| shared.checkpoint_of(writer, &new, &state));
    if let Err(error) = written {
        drop(new);
        // What cannot be removed now, the next opening removes.
        let _ = store::remove(&shared.layout.store(id));
        return Err(error);
    }
    writer.state = state;
    *shared.store.write().map_err(|_| Error::Stale)? = std::sync::Arc::new(new);
    shared.write_current(writer, id)?;
    Ok(id)
}

/// Removes whatever lies among the checkpoints and is none of those that are kept, damaged ones included.
pub fn remove_other_checkpoints(shared: &Shared, writer: &Writer) -> Result<(), Error> {
    let disk = &*shared.host.disk;
    let folder = shared.layout.checkpoints();
    for entry in disk::list_if_there(disk, &folder)? {
        let path = folder.join(&entry.name);
        let kept = writer.checkpoints.iter().any(|file| file.path == path);
        if entry.sort == EntrySort::File && !kept {
            disk.remove(&path)?;
        }
    }
    Ok(disk.sync_folder(&folder)?)
}

/// How many checkpoints of another history were put aside.
pub fn checkpoints_put_aside(shared: &Shared) -> Result<u64, Error> {
    let disk = &*shared.host.disk;
    let folder = shared.layout.orphans();
    let mut count = 0;
    for entry in disk::list_if_there(disk, &folder)? {
        let may_be_one = entry.sort == EntrySort::File && entry.length > SEGMENT_HEAD as u64;
        if may_be_one {
            let head = journal::read_head(disk, &folder.join(&entry.name))?;
            count += u64::from(SegmentHeader::parse(&head).is_some());
        }
    }
    Ok(count)
}

/// Makes durable that files below the journal's folder are gone.
pub fn sync_journals(shared: &Shared) -> Result<(), Error> {
    let disk = &*shared.host.disk;
    for folder in disk::list_if_there(disk, &shared.layout.journals())? {
        if folder.sort == EntrySort::Folder {
            disk.sync_folder(&shared.layout.journals().join(&folder.name))?;
        }
    }
    Ok(())
}

/// What a proof came to.
struct Proved {
    proof: Proof,
    /// Sealed parts that opened with a key still held, as what they are.
    opened: u64,
    /// Rows that no key at hand opens; that they are of another compartment only their names say.
    compared: u64,
}

/// Goes through every file that is left, and finds no trace of the compartments.
fn prove(
    shared: &Shared,
    writer: &Writer,
    ids: &BTreeSet<CompartmentId>,
    (routes, mut gathered, before): (&BTreeSet<Route>, Gathered, Option<&EpochSecret>),
) -> Result<Proved, NotDestroyed> {
    let mut proof = Proof::default();
    let ring = shared.ring()?;
    let mut rows = Rows {
        shared,
        routes,
        by_route: ring.open.values().map(|open| (open.route, open)).collect(),
        // The keyring is sealed, too; it was opened and looked through.
        opened: 1,
        compared: 0,
    };
    let store = shared.store();
    for row in store.rows(None) {
        let (key, value) = row?;
        if rows.is_trace(&key, &value) {
            return Err(NotDestroyed::Left(Part::Store));
        }
        gathered.leave_out(&key);
    }
    let pieces = &gathered.into_pieces();
    let doomed = Doomed {
        secret: before,
        roots: vec![&shared.root],
        bytes: routes.iter().map(|route| &route.0[..]).collect(),
        pieces,
        is_old_header: &|_| false,
        is_old_keyring: &|keyring| ids.iter().any(|id| keyring.entry(*id).is_some()),
    };
    traces::prove_files(shared, writer, &doomed, &mut proof)?;
    let context = shared.context();
    let (checkpoints, strange) = checkpoint::list(context, checkpoint::Wanted::default())?;
    if strange > 0 || checkpoints.len() != writer.checkpoints.len() {
        return Err(NotDestroyed::Left(Part::Checkpoint));
    }
    for file in checkpoints {
        let mut trace = false;
        let checked = checkpoint::read(context, &file.path, &file.header, &mut |key, value| {
            trace |= rows.is_trace(&key, value);
            proof.bytes += value.len() as u64;
            Ok(())
        })?;
        proof.files += 1;
        let spaces = &checked.state.sums.spaces;
        if trace || routes.iter().any(|route| spaces.contains_key(route)) {
            return Err(NotDestroyed::Left(Part::Checkpoint));
        }
    }
    let folder = shared.layout.store(store.id);
    let only = store::list(&shared.layout.local())? == [store.id];
    if !only || traces::contains(&folder, &doomed, &mut proof)? {
        return Err(NotDestroyed::Left(Part::Store));
    }
    Ok(Proved {
        proof,
        opened: rows.opened,
        compared: rows.compared,
    })
}

/// Looks through rows for those of compartments that are no more.
struct Rows<'a> {
    shared: &'a Shared,
    routes: &'a BTreeSet<Route>,
    by_route: BTreeMap<Route, &'a Opened>,
    opened: u64,
    compared: u64,
}

impl Rows<'_> {
    fn is_trace(&mut self, key: &RowKey, value: &[u8]) -> bool {
        let route = key.route();
        let opened = self
            .by_route
            .get(&route)
            .and_then(|open| open.sealer.open(&self.shared.keys.namer, key, value));
        match opened {
            Some(_) => self.opened += 1,
            None => self.compared += 1,
        }
        self.routes.contains(&route)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::codec::Reader;
    use crate::ids::{DeviceId, Dot, Kind, RecordId, Schema};
    use crate::kdf::KdfCost;
    use crate::passphrase::Passphrase;
    use crate::row::RowKey;
    use crate::vault::{Batch, CompartmentOptions, Credential, Host, Places, Vault};
    use crate::watch::Quiet;

    #[test]
    fn a_written_keyring_with_fewer_or_other_entries_is_refused() {
        let vault = VaultId([1; 16]);
        let entry = |counter| {
            let created = Dot {
                device: DeviceId([2; 16]),
                counter,
            };
            Entry::make_plain(vault, created, String::new()).unwrap().0
        };
        let copy = |entry: &Entry| {
            let mut out = Vec::new();
            entry.put(&mut out);
            Entry::read(&mut Reader::new(&out)).unwrap()
        };
        let old = [entry(1), entry(2)];
        let check = |entries: Vec<Entry>| {
            let written = Keyring {
                entries,
                ..Keyring::default()
            };
            check_same_entries(vault, old.iter(), &written).is_ok()
        };
        assert!(check(vec![copy(&old[0]), copy(&old[1])]));
        assert!(!check(vec![copy(&old[0])]), "one was not written");
        assert!(!check(vec![]));
        assert!(!check(vec![copy(&old[1]), copy(&old[0])]));
        assert!(!check(vec![copy(&old[0]), copy(&old[1]), entry(3)]));
    }

    #[test]
    fn several_are_forgotten_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        let passphrase = Passphrase::parse("forgetful").unwrap();
        let (vault, _) = Vault::create(&places, &passphrase, KdfCost::FLOOR, &Quiet).unwrap();
        let make = |second| {
            let options = CompartmentOptions {
                alias: None,
                second,
            };
            vault.make_compartment(options).unwrap()
        };
        let (open, kept) = (make(None), make(None));
        let shut = make(Some((&passphrase, KdfCost::FLOOR)));
        for space in [open, shut, kept] {
            let mut batch = Batch::new();
            batch.put(space, Kind(100), RecordId([1; 16]), Schema(1), "a text");
            vault.save(batch).unwrap();
        }
        vault.shut_compartment(shut).unwrap();
        let unknown = CompartmentId([9; 16]);
        let refused = vault.forget_all(&[open, unknown], &Quiet);
        assert_eq!(refused, Err(Error::UnknownCompartment));
        assert_eq!(
            vault.forget_all(&[], &Quiet),
            Err(Error::UnknownCompartment)
        );
        assert_eq!(vault.compartments().len(), 3);
        // Named twice, it is forgotten once.
        let report = vault.forget_all(&[open, shut, open], &Quiet).unwrap();
        assert_eq!(report.rows, 2);
        let left: Vec<_> = vault.compartments().iter().map(|info| info.id).collect();
        assert_eq!(left, [kept]);
        vault.lock().unwrap();
        let vault = Vault::open(&places, Credential::Passphrase(&passphrase), &Quiet).unwrap();
        assert!(vault.opening().findings.is_empty(), "{:?}", vault.opening());
        assert!(
            vault
                .read(kept, Kind(100), RecordId([1; 16]))
                .unwrap()
                .is_some()
        );
    }

    fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files.extend(files_below(&path));
            } else {
                files.push((path.clone(), fs::read(&path).unwrap()));
            }
        }
        files
    }

    /// Puts a row back at the last moment before the proof.
    struct PutBack<'a>(&'a Shared, RowKey, Vec<u8>);

    impl Watch for PutBack<'_> {
        fn at(&self, step: Step) {
            if step == Step::Proving {
                let store = self.0.store();
                // Forgetting holds the writer; how things stood before it does here.
                let state = crate::state::State::default();
                store.apply(&[(self.1, Some(&self.2))], &state).unwrap();
            }
        }

        fn cancelled(&self) -> bool {
            false
        }
    }

    #[test]
    fn a_row_that_is_still_in_the_store_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        let passphrase = Passphrase::parse("forgetful").unwrap();
        let (vault, _) = Vault::create(&places, &passphrase, KdfCost::FLOOR, &Quiet).unwrap();
        let gone = vault
            .make_compartment(CompartmentOptions::default())
            .unwrap();
        let mut batch = Batch::new();
        batch.put(gone, Kind(100), RecordId([1; 16]), Schema(1), "a text");
        vault.save(batch).unwrap();
        let shared = &*vault.shared_for_tests();
        let row = shared.store().rows(None).next().unwrap().unwrap();
        let watch = PutBack(shared, row.0, row.1.to_vec());
        let report = vault.forget(gone, &watch).unwrap();
        assert_eq!(
            report.destruction,
            Err(NotDestroyed::Left(Part::Store)),
            "by its own key"
        );
    }

    type Row = (RowKey, Vec<u8>);

    /// Saves records of several kinds and lengths, some of them more than once, and removes some.
    /// Half of their ids, and so their names, are the same in every compartment.
    fn fill(vault: &Vault, space: CompartmentId) {
        for round in 0..3_u8 {
            for number in 0..40_u8 {
                let mut batch = Batch::new();
                for kind in 100..104_u16 {
                    let mut record = [number; 16];
                    record[0] = round % 2;
                    if number.is_multiple_of(2) {
                        record[1..9].copy_from_slice(&space.0[..8]);
                    }
                    let length = match number {
                        7 => 70_000,
                        number => usize::from(number) * 40,
                    };
                    let text = format!("{round} {kind} ").repeat(length / 6 + 1);
                    let (kind, record) = (Kind(kind), RecordId(record));
                    match (number + round) % 11 {
                        0 => batch.delete(space, kind, record),
                        _ => batch.put(space, kind, record, Schema(1), text),
                    }
                }
                vault.save(batch).unwrap();
            }
            vault.checkpoint().unwrap();
        }
    }

    #[test]
    fn no_key_that_is_left_opens_what_someone_kept_a_copy_of() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        let passphrase = Passphrase::parse("forgetful").unwrap();
        // Nothing comes and goes in the background while the files are read.
        let host = Host {
            settle_after: None,
            ..Host::default()
        };
        let cost = KdfCost::FLOOR;
        let (vault, _) = Vault::create_on(&host, &places, &passphrase, cost, &Quiet).unwrap();
        let make = || {
            vault
                .make_compartment(CompartmentOptions::default())
                .unwrap()
        };
        let (kept_before, gone, kept) = (make(), make(), make());
        for space in [kept_before, gone, kept] {
            fill(&vault, space);
        }
        let shared = &*vault.shared_for_tests();
        let route = shared.keys.namer.derive_route(gone);
        let rows: Vec<Row> = shared
            .store()
            .rows(Some(route))
            .map(|row| row.map(|(key, value)| (key, value.to_vec())).unwrap())
            .collect();
        assert!(rows.len() > 250, "{}", rows.len());
        // A damaged store and files of the history that were set aside before.
        let local = places.vault.join("local");
        let aside = local.join("aside");
        let store = shared.layout.store(shared.store().id);
        let copy = |from: &Path, to: PathBuf| {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        };
        let of_store = FileId::make().unwrap().to_hex();
        copy(
            &store.join("db"),
            aside.join(format!("store.{of_store}/db")),
        );
        for (number, (path, _)) in files_below(&places.vault).iter().enumerate() {
            let name = path.to_string_lossy();
            if name.contains("/journal/") || name.contains("/checkpoints/") {
                copy(path, aside.join(format!("history.{of_store}/{number}")));
            }
        }
        let set_aside = files_below(&aside).len();
        assert!(set_aside >= 4, "{set_aside}");

        let copies = files_below(folder.path());
        let keyrings: Vec<_> = copies
            .iter()
            .filter(|(path, _)| path.to_string_lossy().contains("keyring."))
            .map(|(_, bytes)| bytes.clone())
            .collect();
        let opens = |keys: &[KeyringKey]| {
            keyrings
                .iter()
                .any(|bytes| keys.iter().any(|key| Keyring::open(key, bytes).is_some()))
        };
        // Every epoch secret that lies anywhere, with the root key, against every keyring there ever was.
        let keyring_keys = || -> Vec<KeyringKey> {
            files_below(folder.path())
                .iter()
                .filter_map(|(_, bytes)| EpochFile::parse(bytes))
                .map(|file| KeyringKey::derive(&shared.root, &file.secret, shared.vault))
                .collect()
        };
        let others = shared.store();
        let others = others.rows(None).map(|row| row.unwrap().0);
        let others = others.filter(|key| key.route() != route);
        let others: BTreeSet<_> = others.map(|key| key.name()).collect();
        let shared_names = rows.iter().filter(|(key, _)| others.contains(&key.name()));
        assert!(
            shared_names.count() > 50,
            "ids that other compartments have, too"
        );
        // Files in which a piece of any row lies.
        let holding = |piece: &dyn Fn(&Row) -> [u8; 8]| -> Vec<PathBuf> {
            let pieces: BTreeSet<_> = rows.iter().map(piece).collect();
            let begins: BTreeSet<_> = pieces.iter().map(|piece| [piece[0], piece[1]]).collect();
            let mut table = vec![false; 1 << 16];
            for begin in begins {
                table[usize::from(u16::from_le_bytes(begin))] = true;
            }
            let found = |bytes: &[u8]| {
                let mut there = bytes.array_windows();
                there.any(|there: &[u8; 8]| {
                    let begin = u16::from_le_bytes([there[0], there[1]]);
                    table[usize::from(begin)] && pieces.contains(there)
                })
            };
            let files = files_below(folder.path()).into_iter();
            let holding = files.filter(|(_, bytes)| found(bytes));
            holding.map(|(path, _)| path).collect()
        };
        let of_value = |row: &Row| row.1[32..40].try_into().unwrap();
        let of_name = |row: &Row| match others.contains(&row.0.name()) {
            true => row.1[40..48].try_into().unwrap(),
            false => row.0.0[24..].try_into().unwrap(),
        };
        assert_eq!(keyrings.len(), 2);
        assert!(opens(&keyring_keys()), "before, the copies can be opened");
        let [values, names] = [holding(&of_value), holding(&of_name)];
        assert!(
            values.len() >= 2 && names.len() >= 2,
            "{values:?} {names:?}"
        );

        let report = vault.forget(gone, &Quiet).unwrap();
        assert_eq!(report.rows, rows.len() as u64);
        report.destruction.unwrap();
        assert!(!opens(&keyring_keys()));
        assert!(!aside.exists(), "what was set aside is destroyed as well");
        let ring = shared.ring().unwrap();
        assert_eq!(ring.open.len(), 2);
        for opened in ring.open.values() {
            for (key, value) in &rows {
                assert!(opened.sealer.open(&shared.keys.namer, key, value).is_none());
            }
        }
        // Nor does a piece of its rows lie in any file.
        assert_eq!(holding(&of_value), Vec::<PathBuf>::new());
        assert_eq!(holding(&of_name), Vec::<PathBuf>::new());
    }
}
