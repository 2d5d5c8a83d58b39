//! Forgetting compartments. Their rows are encrypted under a key that only the keyring holds, and the keyring
//! opens only with the epoch's secret: a new epoch, a keyring without the entries, and the old ones destroyed.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::checkpoint;
use crate::create;
use crate::disk::{self, Disk, EntrySort};
use crate::envelope::EpochSecret;
use crate::epoch::{self, EpochFile};
use crate::error::{Error, Part};
use crate::header::{self, EpochName, Header, Pending};
use crate::history;
use crate::ids::{CompartmentId, EpochId, VaultId};
use crate::journal;
use crate::keyring::{self, Entry, Forgotten, Keyring, KeyringKey, KeyringName};
use crate::layout::{self, Layout};
use crate::primitives;
use crate::report::ForgetReport;
use crate::row::Route;
use crate::shared::{Copied, Head, Ring, Shared, Writer, store_sums};
use crate::store;
use crate::watch::{Step, Watch};

/// Bytes of a file that are searched at once.
const SEARCH_PIECE: usize = 1 << 20;

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
    let rows_removed = rows.sum();
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
    watch.at(Step::Writing);
    shared.write_anchor_of(&anchoring, &writer.state)?;
    {
        let mut head = shared.head()?;
        let mut ring = shared.ring_mut()?;
        commit(shared, &mut writer, &mut head, &mut ring, ids)?;
    }
    watch.at(Step::Destroying);
    let header = shared.head()?.header.clone();
    check_both_headers(shared)?;
    let destroyed = destroy_old(&*shared.host.disk, &shared.layout, &header)?;
    let destroyed = destroyed + finish(shared, &mut writer, watch)?;
    watch.at(Step::Proving);
    let proof = prove(shared, ids, &routes)?;
    shared.write_anchor_of(&anchoring, &writer.state)?;
    Ok(ForgetReport {
        rows_removed,
        files_destroyed: destroyed,
        files_checked: proof.files,
        bytes_checked: proof.bytes,
        parts_opened: proof.parts,
    })
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
    let mut expected = writer.state.sums.clone();
    for route in without {
        expected.drop_space(route);
    }
    if store_sums(&shared.store(), &shared.keys.sum, without)?.agrees_with(&expected) {
        return Ok(());
    }
    shared.suspect_rows();
    Err(Error::Damaged { part: Part::Store })
}

/// Steps 1 to 3: the new keyring, the new epoch, the header. With the first header copy it has happened.
fn commit(
    shared: &Shared,
    writer: &mut Writer,
    head: &mut Head,
    ring: &mut Ring,
    ids: &BTreeSet<CompartmentId>,
) -> Result<(), Error> {
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
    head.secret = secret;
    head.key = key;
    ring.keyring = written;
    ring.open.retain(|id, _| !ids.contains(id));
    Ok(())
}

fn check_same_entries<'a>(
    vault: VaultId,
    mut old: impl Iterator<Item = &'a Entry>,
    written: &Keyring,
) -> Result<(), Error> {
    let damaged = Error::Damaged {
        part: Part::Keyring,
    };
    let bytes = |entry: &Entry| {
        let mut out = zeroize::Zeroizing::new(Vec::new());
        entry.put(&mut out);
        out
    };
    for new in &written.entries {
        let old = old.next().ok_or(damaged)?;
        if *bytes(old) != *bytes(new) || (!new.second && new.plain_key(vault).is_none()) {
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

/// Step 4: overwrites and removes every epoch and keyring file but those that the header names, whatever a file-sync
/// engine called them, and all that an older key could still open. After a rekey every other header goes, too.
/// Returns how many files.
pub fn destroy_old(disk: &dyn Disk, layout: &Layout, header: &Header) -> Result<u64, Error> {
    let mut destroyed = 0;
    let keyring = layout.keyring(header.keyring_revision);
    let epochs = layout::COPIES.map(|copy| layout.epoch(header.epoch.id, copy));
    let headers = layout::COPIES.map(|copy| layout.header(copy));
    let of_other_root = header.pending == Pending::DestroyOldLineage;
    for entry in disk::list_if_there(disk, &layout.sync())? {
        let path = layout.sync().join(&entry.name);
        let kept = path == keyring || epochs.contains(&path) || headers.contains(&path);
        if entry.sort != EntrySort::File || kept {
            continue;
        }
        let named = entry.name.starts_with(layout::EPOCH_PREFIX)
            || entry.name.starts_with(layout::KEYRING_PREFIX)
            || (of_other_root && entry.name.starts_with(layout::HEADER_PREFIX))
            || disk::is_temporary(&entry.name);
        if named || begins_like_keys(disk, &path, of_other_root) {
            disk::destroy(disk, &path)?;
            destroyed += 1;
        }
    }
    disk.sync_folder(&layout.sync())?;
    for folder in [layout.orphans(), layout.checkpoints(), layout.local()] {
        for entry in disk::list_if_there(disk, &folder)? {
            let doomed = folder == layout.orphans() || disk::is_temporary(&entry.name);
            if entry.sort == EntrySort::File && doomed {
                disk::destroy(disk, &folder.join(&entry.name))?;
                destroyed += 1;
            }
        }
    }
    destroyed += history::destroy_aside(disk, layout)?;
    store::destroy(&layout.aside())?;
    Ok(destroyed)
}

/// Whether a file is a keyring or an epoch file, or a header where those count, whatever its name. What cannot be read
/// is none here; the proof stumbles over it.
fn begins_like_keys(disk: &dyn Disk, path: &Path, headers: bool) -> bool {
    let mut begin = Vec::with_capacity(epoch::MAGIC.len());
    let read = disk.open(path).and_then(|file| {
        let mut file = file.take(epoch::MAGIC.len() as u64);
        file.read_to_end(&mut begin)
    });
    let is = |magic: &[u8; 8]| begin == magic;
    read.is_ok() && (is(keyring::MAGIC) || is(epoch::MAGIC) || (headers && is(header::MAGIC)))
}

/// Steps 5 and 6: the rows go, store, checkpoints and journal are written anew, and the header says so. May be
/// begun again at any point. Returns how many files were removed.
pub fn finish(shared: &Shared, writer: &mut Writer, watch: &dyn Watch) -> Result<u64, Error> {
    let disk = &*shared.host.disk;
    let gone: BTreeSet<Route> = {
        let ring = shared.ring()?;
        let ids = ring.keyring.forgotten.iter().map(|gone| gone.id);
        ids.map(|id| shared.keys.namer.derive_route(id)).collect()
    };
    watch.at(Step::Compacting);
    let old_checkpoints: Vec<PathBuf> = writer
        .checkpoints
        .iter()
        .map(|file| file.path.clone())
        .collect();
    let old_store = shared.store().id;
    let Copied {
        new,
        mut state,
        found,
    } = shared.copy_store(writer, &gone, watch)?;
    // What is missing was told before, and what it could have come back from is destroyed: from here on the vault
    // is what is there.
    state.sums = found;
    new.apply(&[], &state)?;
    shared.checkpoint_of(writer, &new, &state)?;
    writer.state = state;
    let id = new.id;
    *shared.store.write().map_err(|_| Error::Stale)? = std::sync::Arc::new(new);
    shared.write_current(writer, id)?;
    let mut removed = 0;
    store::remove(&shared.layout.store(old_store))?;
    for path in old_checkpoints {
        removed += u64::from(disk::remove_if_there(disk, &path)?);
    }
    writer.checkpoints.drain(..writer.checkpoints.len() - 1);
    remove_other_checkpoints(shared, writer)?;
    writer.journal.start_over();
    for path in journal_files(shared)? {
        disk.remove(&path)?;
        removed += 1;
    }
    sync_journals(shared)?;
    let mut head = shared.head()?;
    shared
        .write_header_with(&mut head, writer.state.point(shared.device), |header| {
            header.pending = Pending::Nothing;
        })
        .map_err(Error::of_the_disk)?;
    Ok(removed)
}

fn remove_other_checkpoints(shared: &Shared, writer: &Writer) -> Result<(), Error> {
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

/// Every file below the journal's folder, of whatever device and in whatever state.
pub fn journal_files(shared: &Shared) -> Result<Vec<PathBuf>, Error> {
    let disk = &*shared.host.disk;
    let mut paths = Vec::new();
    for folder in disk::list_if_there(disk, &shared.layout.journals())? {
        if folder.sort != EntrySort::Folder {
            continue;
        }
        let folder = shared.layout.journals().join(&folder.name);
        for entry in disk::list_if_there(disk, &folder)? {
            if entry.sort == EntrySort::File {
                paths.push(folder.join(&entry.name));
            }
        }
    }
    Ok(paths)
}

/// What was gone through to prove that nothing is left.
#[derive(Default)]
pub struct Proof {
    pub files: u64,
    pub bytes: u64,
    pub parts: u64,
}

/// Goes through every file that is left with every key still held, and finds no trace of the compartments.
fn prove(
    shared: &Shared,
    ids: &BTreeSet<CompartmentId>,
    routes: &BTreeSet<Route>,
) -> Result<Proof, Error> {
    let mut proof = Proof::default();
    let head = shared.head()?;
    let disk = &*shared.host.disk;
    let sync = shared.layout.sync();
    let allowed: Vec<PathBuf> = layout::COPIES
        .iter()
        .flat_map(|copy| {
            [
                shared.layout.header(copy),
                shared.layout.epoch(head.header.epoch.id, copy),
            ]
        })
        .chain([shared.layout.keyring(head.header.keyring_revision)])
        .collect();
    for entry in disk::list_if_there(disk, &sync)? {
        let path = sync.join(&entry.name);
        if entry.sort != EntrySort::File {
            continue;
        }
        let bytes = disk.read(&path)?;
        proof.files += 1;
        proof.bytes += bytes.len() as u64;
        if let Some((_, keyring)) = Keyring::open(&head.key, &bytes) {
            proof.parts += 1;
            if ids.iter().any(|id| keyring.entry(*id).is_some()) {
                return Err(Error::Damaged {
                    part: Part::Keyring,
                });
            }
        }
        let of_keys = entry.name.starts_with(layout::EPOCH_PREFIX)
            || entry.name.starts_with(layout::KEYRING_PREFIX);
        if of_keys && !allowed.contains(&path) {
            return Err(Error::Damaged { part: Part::Epoch });
        }
    }
    drop(head);
    let context = shared.context();
    let (checkpoints, strange) = checkpoint::list(context, checkpoint::Wanted::default())?;
    if strange > 0 {
        return Err(Error::Damaged {
            part: Part::Checkpoint,
        });
    }
    for file in checkpoints {
        let mut trace = false;
        let checked = checkpoint::read(context, &file.path, &file.header, &mut |key, value| {
            trace |= routes.contains(&key.route());
            proof.bytes += value.len() as u64;
            proof.parts += 1;
            Ok(())
        })?;
        proof.files += 1;
        let spaces = &checked.state.sums.spaces;
        if trace || routes.iter().any(|route| spaces.contains_key(route)) {
            return Err(Error::Damaged {
                part: Part::Checkpoint,
            });
        }
    }
    if journal::survey(context, None)?.paths().next().is_some() {
        return Err(Error::Damaged {
            part: Part::Journal,
        });
    }
    let store = shared.store();
    for row in store.rows(None) {
        let (key, _) = row?;
        proof.parts += 1;
        if routes.contains(&key.route()) {
            return Err(Error::Damaged { part: Part::Store });
        }
    }
    let stores = store::list(&shared.layout.local())?;
    let folder = shared.layout.store(store.id);
    let wanted: Vec<&[u8]> = routes.iter().map(|route| &route.0[..]).collect();
    if stores != [store.id] || contains(&folder, &wanted, &mut proof)? {
        return Err(Error::Damaged { part: Part::Store });
    }
    Ok(proof)
}

/// Looks for any of these bytes in every file of a store's folder.
pub fn contains(folder: &Path, wanted: &[&[u8]], proof: &mut Proof) -> Result<bool, Error> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            proof.files += 1;
            let (bytes, found) = search(&mut File::open(&path)?, wanted)?;
            proof.bytes += bytes;
            if found {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Reads to the end, piece by piece, and says how much that was and whether any of these bytes is in it.
fn search(file: &mut impl Read, wanted: &[&[u8]]) -> Result<(u64, bool), Error> {
    // What lies across two pieces is found in the second: the end of the first is kept before it.
    let overlap = wanted.iter().map(|one| one.len()).max().unwrap_or(1) - 1;
    let mut buffer = vec![0; SEARCH_PIECE + overlap];
    let (mut kept, mut read) = (0, 0);
    loop {
        let got = match file.read(&mut buffer[kept..]) {
            Ok(0) => return Ok((read, false)),
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        read += got as u64;
        let there = &buffer[..kept + got];
        if wanted
            .iter()
            .any(|one| memchr::memmem::find(there, one).is_some())
        {
            return Ok((read, true));
        }
        let end = there.len();
        let next = end.min(overlap);
        buffer.copy_within(end - next..end, 0);
        kept = next;
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
    use crate::vault::{Batch, CompartmentOptions, Credential, Places, Vault};
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
        assert_eq!(report.rows_removed, 2);
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

    #[test]
    fn bytes_are_found_wherever_a_piece_ends() {
        let mut hay = vec![7; 3 * SEARCH_PIECE];
        let wanted: [&[u8]; 2] = [b"0123456789abcdef", b"fedcba9876543210"];
        let look = |hay: &[u8]| search(&mut &hay[..], &wanted).unwrap();
        assert_eq!(look(&hay), (hay.len() as u64, false));
        for at in [
            0,
            1,
            SEARCH_PIECE - 8,
            SEARCH_PIECE + 7,
            2 * SEARCH_PIECE,
            hay.len() - 16,
        ] {
            for one in wanted {
                let before = hay[at..at + 16].to_vec();
                hay[at..at + 16].copy_from_slice(one);
                assert!(look(&hay).1, "at {at}");
                hay[at..at + 16].copy_from_slice(&before);
            }
        }
        hay.truncate(20);
        assert_eq!(look(&hay), (20, false));
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

    #[test]
    fn no_key_that_is_left_opens_what_someone_kept_a_copy_of() {
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
        let kept = vault
            .make_compartment(CompartmentOptions::default())
            .unwrap();
        for space in [gone, kept] {
            let mut batch = Batch::new();
            batch.put(space, Kind(100), RecordId([1; 16]), Schema(1), "a text");
            vault.save(batch).unwrap();
        }
        let shared = &*vault.shared_for_tests();
        let route = shared.keys.namer.derive_route(gone);
        let rows: Vec<(RowKey, Vec<u8>)> = shared
            .store()
            .rows(Some(route))
            .map(|row| row.map(|(key, value)| (key, value.to_vec())).unwrap())
            .collect();
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
        assert_eq!((rows.len(), keyrings.len()), (1, 2));
        assert!(opens(&keyring_keys()), "before, the copies can be opened");

        let report = vault.forget(gone, &Quiet).unwrap();
        assert_eq!(report.rows_removed, 1);
        assert!(!opens(&keyring_keys()));
        let ring = shared.ring().unwrap();
        assert_eq!(ring.open.len(), 1);
        for opened in ring.open.values() {
            for (key, value) in &rows {
                assert!(opened.sealer.open(&shared.keys.namer, key, value).is_none());
            }
        }
        // Nor does a piece of its rows lie in any file.
        for (path, bytes) in files_below(folder.path()) {
            for (_, value) in &rows {
                let piece = &value[32..64];
                assert!(!bytes.windows(32).any(|window| window == piece), "{path:?}");
            }
        }
    }
}
