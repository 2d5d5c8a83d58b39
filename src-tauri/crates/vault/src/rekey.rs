//! New keys for the vault as a whole, or for one compartment whose second passphrase is set, changed or removed. All
//! of it is prepared beside what there is: rows in a new store and a new checkpoint, keyring, epoch. The header is
//! the only commit; then what was before is destroyed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::anchor::{self, ANCHOR_LENGTH, Anchor};
use crate::checkpoint::{self, CheckpointFile, Surroundings, Wanted};
use crate::codec::{Put, Reader};
use crate::create;
use crate::current::Current;
use crate::disk::{self, Disk, EntrySort};
use crate::envelope::{self, CompartmentKey, EpochSecret, RootKey};
use crate::epoch::EpochFile;
use crate::error::{Error, NotDestroyed, Part, RekeyError};
use crate::forget;
use crate::header::{self, EpochName, FORMAT_VERSION, Header, Pending, Slot};
use crate::ids::{CompartmentId, EpochId, FileId, ID_LENGTH, LineageId, VaultId};
use crate::journal::Context;
use crate::kdf::{self, KdfCost, SALT_LENGTH};
use crate::keyring::{Entry, Keyring, KeyringKey, KeyringName};
use crate::known;
use crate::layout::{self, Layout, RootTag};
use crate::memory::KeyBytes;
use crate::open;
use crate::passphrase::Passphrase;
use crate::primitives::{self, HASH_LENGTH};
use crate::progress::Progress;
use crate::report::{Destruction, KnownBackup, RekeyReport};
use crate::row::{ROW_KEY_LENGTH, Route, RowKey};
use crate::shared::{Head, Keys, Opened, Ring, Shared, Writer};
use crate::spare_key::SpareKey;
use crate::state::State;
use crate::store::{self, Filler, Store};
use crate::sums::{Sum, Sums};
use crate::traces::{self, Doomed, Pieces, Proof};
use crate::vault::Vault;
use crate::watch::{Step, Watch};

/// Old rows of which a piece is looked for in the files of the new store.
const PIECES: usize = 16;
/// Where the ciphertext of a row begins, and how much of it is looked for.
const PIECE: std::ops::Range<usize> = 32..32 + PIECE_LENGTH;
const PIECE_LENGTH: usize = 16;

/// What a vault is to be opened with after a rekey.
#[derive(Debug, Clone, Copy)]
pub struct NewKeys<'a> {
    /// The new passphrase; another than the present one.
    pub passphrase: &'a Passphrase,
    /// What stretching it is to cost.
    pub cost: KdfCost,
    /// The new spare key. The person has it on paper already: nothing shows it later.
    pub spare: &'a SpareKey,
    /// The second passphrase of each compartment that has one, open or shut. It stays what it is; its compartment
    /// gets a new key under it.
    pub seconds: &'a [(CompartmentId, &'a Passphrase)],
}

impl Vault {
    /// Gives the vault new keys throughout, because someone may know its passphrase or spare key: a new root key,
    /// epoch, lineage, and key for every compartment; only the new passphrase and spare key open it then. All rows
    /// are sealed again beside the old ones, which takes about as long as copying the vault and as much space;
    /// saves wait meanwhile. Keychain slots go.
    ///
    /// On an error, cancelling included, nothing has changed (but see `RekeyError::Undecided`). A crash before the end leaves a vault that either the
    /// old or the new passphrase opens, and the opening undoes or finishes the rest (`Finding::RekeyFinished`).
    ///
    /// ```no_run
    /// use vault::{CompartmentId, KdfCost, NewKeys, Passphrase, Quiet, RekeyError, SpareKey, Vault};
    ///
    /// # fn show_and_confirm(_: &SpareKey) {}
    /// fn rekey(vault: &Vault, new: &Passphrase, sealed: CompartmentId, second: &Passphrase) -> Result<(), RekeyError> {
    ///     // Before anything is written the person writes the new spare key down and types it again.
    ///     let spare = SpareKey::make()?;
    ///     show_and_confirm(&spare);
    ///     let keys = NewKeys {
    ///         passphrase: new,
    ///         cost: KdfCost::DEFAULT,
    ///         spare: &spare,
    ///         seconds: &[(sealed, second)],
    ///     };
    ///     let report = vault.rekey(keys, &Quiet)?;
    ///     for (backup, place) in &report.backups {
    ///         println!("still opens with what opened it: {} ({place:?})", backup.file);
    ///     }
    ///     if let Err(error) = &report.destruction {
    ///         println!("the new keys are in force, and: {error}");
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// Errors: `SecondPassphrasesMissing`, `SecondPassphraseWrong`; and of the vault `ReadOnly`, `Cancelled`,
    /// `CostOutOfRange`, `TooLittleMemory`, `UnknownCompartment`, `Damaged` while rows are missing or cannot be opened,
    /// and those of the disk.
    pub fn rekey(&self, new: NewKeys<'_>, watch: &dyn Watch) -> Result<RekeyReport, RekeyError> {
        let old = self.shared();
        old.check_writable()?;
        let changes = check_seconds(&old, new.seconds, watch)?;
        let root = RootKey::make()?;
        let slots = vec![
            Slot::make_for_passphrase(&root, old.vault, new.cost, |salt| {
                kdf::derive_stretched(new.passphrase.as_bytes(), salt, new.cost, watch)
            })?,
            Slot::make_for_spare_key(&root, old.vault, new.spare)?,
        ];
        let draft = Draft {
            root,
            lineage: LineageId::make()?,
            slots: Some(slots),
            changes,
        };
        run(self, old, draft, watch)
    }

    /// Puts a compartment that has none under a second passphrase, with a new key; every row of it is sealed again,
    /// the epoch changes, and the old key is destroyed. Lost means lost, spare key included. It stays open. Older
    /// backups open it without: the report lists those that are known. Crashes and cancelling as in `rekey`.
    ///
    /// Errors, of the vault: `UnknownCompartment`, `HasSecondPassphrase`; and those of `rekey` but for second passphrases.
    pub fn set_second_passphrase(
        &self,
        id: CompartmentId,
        new: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<RekeyReport, RekeyError> {
        change_second(self, id, None, Some((new, cost)), watch)
    }

    /// Puts another second passphrase in place of the present one, as `set_second_passphrase` does. The compartment
    /// may be shut, and stays as it is.
    ///
    /// Errors: `WrongCredential` where `present` is not the present one, `NoSecondPassphrase`, and as above.
    pub fn change_second_passphrase(
        &self,
        id: CompartmentId,
        present: &Passphrase,
        new: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<RekeyReport, RekeyError> {
        change_second(self, id, Some(present), Some((new, cost)), watch)
    }

    /// Removes the second passphrase of a compartment, which gets a new key that the vault's own passphrase opens,
    /// and is open from then on. Errors: as for `change_second_passphrase`.
    pub fn remove_second_passphrase(
        &self,
        id: CompartmentId,
        present: &Passphrase,
        watch: &dyn Watch,
    ) -> Result<RekeyReport, RekeyError> {
        change_second(self, id, Some(present), None, watch)
    }
}

/// How a key is to be wrapped by a second passphrase: cost, salt, and what it was stretched to.
type SecondWrap = (KdfCost, [u8; SALT_LENGTH], KeyBytes);

/// What becomes of the key of one compartment.
#[derive(Default)]
struct Change {
    /// The present key, where a second passphrase was needed for it.
    present: Option<CompartmentKey>,
    wrap: Option<SecondWrap>,
}

/// New keys before anything is written.
struct Draft {
    root: RootKey,
    lineage: LineageId,
    /// New slots with a new root key. Without, the root key is the present one, and only compartments that are named
    /// get new keys.
    slots: Option<Vec<Slot>>,
    changes: BTreeMap<CompartmentId, Change>,
}

impl Draft {
    fn is_whole(&self) -> bool {
        self.slots.is_some()
    }
}

/// Takes the keys of compartments with a second passphrase, and stretches each for a new salt.
fn check_seconds(
    shared: &Shared,
    given: &[(CompartmentId, &Passphrase)],
    watch: &dyn Watch,
) -> Result<BTreeMap<CompartmentId, Change>, RekeyError> {
    let with_second: Vec<_> = {
        let ring = shared.ring()?;
        if given
            .iter()
            .any(|(id, _)| ring.keyring.entry(*id).is_none())
        {
            return Err(Error::UnknownCompartment.into());
        }
        let entries = ring.keyring.entries.iter().filter(|entry| entry.second);
        entries.map(|entry| entry.id).collect()
    };
    let passphrase = |id| given.iter().find(|(other, _)| *other == id);
    let missing = with_second.iter().filter(|id| passphrase(**id).is_none());
    let missing: Vec<_> = missing.copied().collect();
    if !missing.is_empty() {
        return Err(RekeyError::SecondPassphrasesMissing(missing));
    }
    let mut changes = BTreeMap::new();
    for id in with_second {
        let Some((_, passphrase)) = passphrase(id) else {
            continue;
        };
        let (present, cost) = match take_present(shared, id, passphrase, watch) {
            Err(Error::WrongCredential) => return Err(RekeyError::SecondPassphraseWrong(id)),
            taken => taken?,
        };
        let change = Change {
            present: Some(present),
            wrap: Some(stretch_anew(passphrase, cost, watch)?),
        };
        changes.insert(id, change);
    }
    Ok(changes)
}

/// The key of a compartment by its present second passphrase, and what that costs.
fn take_present(
    shared: &Shared,
    id: CompartmentId,
    passphrase: &Passphrase,
    watch: &dyn Watch,
) -> Result<(CompartmentKey, KdfCost), Error> {
    let (salt, cost) = {
        let ring = shared.ring()?;
        let entry = ring.keyring.entry(id).ok_or(Error::UnknownCompartment)?;
        (entry.salt, entry.cost)
    };
    let stretched = kdf::derive_stretched(passphrase.as_bytes(), &salt, cost, watch)?;
    let ring = shared.ring()?;
    let entry = ring.keyring.entry(id).ok_or(Error::UnknownCompartment)?;
    let key = entry.unwrap_key(shared.vault, &stretched);
    Ok((key.ok_or(Error::WrongCredential)?, cost))
}

fn stretch_anew(
    passphrase: &Passphrase,
    cost: KdfCost,
    watch: &dyn Watch,
) -> Result<SecondWrap, Error> {
    let salt = envelope::make_salt()?;
    let stretched = kdf::derive_stretched(passphrase.as_bytes(), &salt, cost, watch)?;
    Ok((cost, salt, stretched))
}

fn change_second(
    vault: &Vault,
    id: CompartmentId,
    present: Option<&Passphrase>,
    new: Option<(&Passphrase, KdfCost)>,
    watch: &dyn Watch,
) -> Result<RekeyReport, RekeyError> {
    let old = vault.shared();
    old.check_writable()?;
    let has_second = {
        let ring = old.ring()?;
        let entry = ring.keyring.entry(id).ok_or(Error::UnknownCompartment)?;
        entry.second
    };
    let mut change = Change::default();
    match present {
        None if has_second => return Err(Error::HasSecondPassphrase.into()),
        Some(_) if !has_second => return Err(Error::NoSecondPassphrase.into()),
        None => {}
        Some(present) => change.present = Some(take_present(&old, id, present, watch)?.0),
    }
    if let Some((new, cost)) = new {
        change.wrap = Some(stretch_anew(new, cost, watch)?);
    }
    let draft = Draft {
        root: RootKey::from_slice(old.root.bytes()).ok_or(Error::Stale)?,
        lineage: old.lineage,
        slots: None,
        changes: BTreeMap::from([(id, change)]),
    };
    run(vault, old, draft, watch)
}

/// A compartment on its way from one key to the next.
struct Renewal {
    id: CompartmentId,
    was: Opened,
    now: Opened,
    old_key: CompartmentKey,
    new_key: CompartmentKey,
}

/// Keys that are to open nothing any more.
struct OldKeys {
    root: RootKey,
    keys: Keys,
    secret: EpochSecret,
    /// Pieces of what was sealed with them.
    pieces: Vec<[u8; PIECE_LENGTH]>,
    /// Whether the root key is one of them.
    whole: bool,
    /// The files outside the vault that were sealed under it and go, and what they are.
    outside: Vec<(PathBuf, Part)>,
}

/// What the copying of the rows came to.
#[derive(Default)]
struct Copied {
    sums: Sums,
    records: u64,
    bytes: u64,
    left_behind: u64,
    live_bytes: u64,
    pieces: Vec<[u8; PIECE_LENGTH]>,
}

/// Everything that stands beside the present vault and waits for the header.
struct Prepared {
    header: Header,
    bytes: Vec<u8>,
    root: RootKey,
    keys: Keys,
    layout: Layout,
    secret: EpochSecret,
    key: KeyringKey,
    keyring: Keyring,
    store: Store,
    state: State,
    checkpoint: CheckpointFile,
    copied: Copied,
}

/// Removes what was prepared unless the header has come to name it.
struct Undo<'a> {
    disk: &'a dyn Disk,
    prepared: Leftovers,
}

impl Undo<'_> {
    fn write(&mut self, path: PathBuf, bytes: &[u8]) -> Result<(), Error> {
        self.prepared.files.push(path.clone());
        Ok(disk::write_whole(self.disk, &path, bytes)?)
    }

    /// Leaves everything where it is, and says what that is.
    fn disarm(mut self) -> Leftovers {
        std::mem::take(&mut self.prepared)
    }
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        std::mem::take(&mut self.prepared).remove(self.disk);
    }
}

/// What new keys prepared, in the order in which it was written.
#[derive(Default)]
pub struct Leftovers {
    files: Vec<PathBuf>,
    store: Option<PathBuf>,
}

impl Leftovers {
    pub fn remove(self, disk: &dyn Disk) {
        // An error was told already; what cannot be removed now, the next opening clears away.
        for file in self.files.iter().rev() {
            let _ = disk.remove(file);
        }
        if let Some(store) = &self.store {
            let _ = store::remove(store);
        }
    }
}

fn run(
    vault: &Vault,
    old: Arc<Shared>,
    draft: Draft,
    watch: &dyn Watch,
) -> Result<RekeyReport, RekeyError> {
    let new;
    let no_backup;
    let mut writer;
    let (old_keys, renewals, known, known_lost, copied);
    {
        // A backup that is being made would carry old keys into a new file.
        let _no_backup = old.hold_backups()?;
        let anchoring = old.anchoring()?;
        let old_writer = old.writer()?;
        forget::check_whole(&old, &old_writer, &BTreeSet::new())?;
        (known, known_lost) = match known::read(&old) {
            Err(Error::Damaged { .. }) => (Vec::new(), true),
            list => (list?, false),
        };
        let mut undo = Undo {
            disk: &*old.host.disk,
            prepared: Leftovers::default(),
        };
        let (mut keys, prepared);
        (keys, renewals, prepared) = prepare(&old, &old_writer, draft, &known, &mut undo, watch)?;
        if watch.cancelled() {
            return Err(Error::Cancelled.into());
        }
        watch.at(Step::Writing);
        // The journal that proves the last saves counts no more once this has happened.
        old.write_anchor_of(&anchoring, &old_writer.state)?;
        let head = old.head()?;
        let ring = old.ring_mut()?;
        if let Err(error) = old.write_copies(&head, &prepared.bytes) {
            if matches!(error, Error::Undecided { .. }) {
                // Perhaps the next opening finds the new header: then everything it names must be there.
                let left = Some(undo.disarm());
                *old.undecided.lock().unwrap_or_else(PoisonError::into_inner) = left;
                return Err(RekeyError::Undecided(error.of_the_disk()));
            }
            return Err(error.into());
        }
        // It has happened: no error may say otherwise from here on.
        drop(undo.disarm());
        keys.pieces.clone_from(&prepared.copied.pieces);
        let (shared, done) = take_over(&old, &old_writer, &ring, prepared, &renewals);
        (old_keys, copied) = (keys, done);
        new = Arc::new(shared);
        no_backup = new.hold_backups()?;
        writer = new.writer()?;
        vault.replace(&new);
        old.replaced.store(true, Ordering::Release);
    }
    vault.stop_worker();
    // Its store is closed before the files go, unless someone is just reading from it.
    drop(old);
    let destruction = match finish(&new, &mut writer, watch) {
        Ok(destroyed) => {
            watch.at(Step::Proving);
            prove(&new, &writer, &old_keys, &renewals).map(|proof| Destruction {
                files_destroyed: destroyed,
                files_checked: proof.files,
                bytes_checked: proof.bytes,
                parts_tried: proof.parts,
            })
        }
        Err(error) => {
            new.unfinished.store(true, Ordering::Release);
            Err(NotDestroyed::Unfinished(error))
        }
    };
    if destruction.is_ok() {
        new.go_on_numbering(&mut writer);
    }
    drop(writer);
    drop(no_backup);
    // Either is done again in time: the one after the next save, the other at lock.
    let _ = new.write_anchor();
    let _ = vault.restart_worker();
    let changed: Vec<_> = renewals.iter().map(|renewal| renewal.id).collect();
    let holds = |backup: &KnownBackup| {
        old_keys.whole || backup.holds.iter().any(|held| changed.contains(&held.id))
    };
    let backups = known.into_iter().filter(holds);
    let backups = backups.map(|backup| {
        let place = vault.find_backup(&backup);
        (backup, place)
    });
    let backups = backups.collect();
    Ok(RekeyReport {
        compartments: changed,
        records: copied.records,
        bytes: copied.bytes,
        rows_left_behind: copied.left_behind,
        backups,
        backups_unknown: known_lost,
        destruction,
    })
}

/// What is held open under the new keys.
fn take_over(
    old: &Shared,
    old_writer: &Writer,
    old_ring: &Ring,
    prepared: Prepared,
    renewals: &[Renewal],
) -> (Shared, Copied) {
    let Prepared {
        header,
        bytes,
        root,
        keys,
        layout,
        secret,
        key,
        keyring,
        store,
        state,
        checkpoint,
        copied,
    } = prepared;
    let mut opened = BTreeMap::new();
    for entry in &keyring.entries {
        let renewed = renewals.iter().find(|renewal| renewal.id == entry.id);
        let was_open = old_ring.open.get(&entry.id);
        let now = match (renewed, was_open) {
            (Some(renewed), was) if was.is_some() || !entry.second => Some(renewed.now.again()),
            (None, Some(opened)) => Some(opened.again()),
            _ => None,
        };
        opened.extend(now.map(|opened| (entry.id, opened)));
    }
    let mut current = create::first_current(
        old.vault,
        header.lineage,
        old.device,
        store.id,
        header.epoch.id,
    );
    current.revision = old_writer.current.revision;
    let shared = Shared {
        host: old.host.clone(),
        vault: old.vault,
        lineage: header.lineage,
        device: old.device,
        read_only: false,
        // What this machine knows of another history is about the lineage that was.
        anchor_frozen: AtomicBool::new(old.anchor_is_frozen() && header.lineage == old.lineage),
        // Nothing of the journal goes before the anchor has been told.
        anchored: AtomicU64::new(0),
        head: Mutex::new(Head {
            header,
            bytes,
            secret,
            key,
        }),
        ring: RwLock::new(Ring {
            keyring,
            open: opened,
        }),
        writer: Mutex::new(Writer {
            journal: old_writer.journal.successor(),
            state,
            checkpoints: vec![checkpoint],
            current,
            live_bytes: copied.live_bytes,
            changed: false,
        }),
        store: RwLock::new(Arc::new(store)),
        held: old.held.clone(),
        stale: AtomicBool::new(false),
        replaced: AtomicBool::new(false),
        unfinished: AtomicBool::new(false),
        header_torn: AtomicBool::new(false),
        undecided: Mutex::default(),
        suspect: AtomicBool::new(false),
        known_incomplete: false,
        anchoring: Mutex::new(()),
        backups: Mutex::new(()),
        layout,
        root,
        keys,
    };
    (shared, copied)
}

/// Writes everything but the header.
fn prepare(
    old: &Shared,
    old_writer: &Writer,
    draft: Draft,
    known: &[KnownBackup],
    undo: &mut Undo<'_>,
    watch: &dyn Watch,
) -> Result<(OldKeys, Vec<Renewal>, Prepared), RekeyError> {
    let disk = &*old.host.disk;
    let vault = old.vault;
    let whole = draft.is_whole();
    let keys = Keys::derive(&draft.root, vault);
    let layout = if whole {
        let tag = known::derive_tag(&draft.root, vault);
        old.layout.clone().of_branch(draft.lineage).of_root(tag)
    } else {
        old.layout.clone()
    };
    let (mut header, parent, mut old_keys) = {
        let head = old.head()?;
        let secret = EpochSecret::from_slice(head.secret.bytes()).ok_or(Error::Stale)?;
        let old_keys = OldKeys {
            root: RootKey::from_slice(old.root.bytes()).ok_or(Error::Stale)?,
            keys: Keys::derive(&old.root, vault),
            secret,
            pieces: Vec::new(),
            whole,
            outside: Vec::new(),
        };
        (
            head.header.clone(),
            primitives::sha256(&[&head.bytes]),
            old_keys,
        )
    };
    let (renewals, entries, gone) = renew(old, &draft, &keys)?;

    let secret = EpochSecret::make()?;
    let key = KeyringKey::derive(&draft.root, &secret, vault);
    header.epoch = EpochName {
        number: header.epoch.number.checked_add(1).ok_or(Error::Exhausted)?,
        id: EpochId::make()?,
    };
    header.epoch_proof = header::derive_epoch_proof(vault, header.epoch, &secret);
    header.lineage = draft.lineage;
    header.revision = header.revision.checked_add(1).ok_or(Error::Stale)?;
    header.writer = old.device;
    header.parent = parent;
    header.keyring_revision = header
        .keyring_revision
        .checked_add(1)
        .ok_or(Error::Exhausted)?;
    header.floor = old_writer.state.point(old.device);
    header.pending = Pending::DestroyOldLineage;
    if let Some(slots) = draft.slots {
        header.slots = slots;
    }
    let name = KeyringName {
        vault,
        lineage: header.lineage,
        epoch: header.epoch,
        revision: header.keyring_revision,
    };
    let sealed = {
        let ring = old.ring()?;
        let all = ring.keyring.entries.iter();
        let all = all.map(|entry| entries.get(&entry.id).unwrap_or(entry));
        Keyring::seal(
            &key,
            name,
            all,
            &ring.keyring.forgotten,
            &ring.keyring.extensions,
        )?
    };
    header.keyring_hash = primitives::sha256(&[&sealed]);

    watch.at(Step::Writing);
    if whole {
        old_keys.outside =
            prepare_device(old, old_writer, &header, &draft.root, &layout, known, undo)?;
    }
    let id = FileId::make()?;
    undo.prepared.store = Some(layout.store(id));
    let store = Store::create(&layout.store(id), id, &draft.root, vault)?;
    let total = old_writer.state.sums.total.count;
    let copied = copy_rows(old, &store, &keys, &renewals, &gone, (whole, total), watch)?;
    check_copy(&store, &keys, &renewals, &copied.sums, watch)?;
    let state = State {
        sums: copied.sums.clone(),
        ..old_writer.state.clone()
    };
    store.note_epoch(header.epoch.id)?;
    store.apply(&[], &state)?;
    store.flush()?;
    store::sync_parent(&layout.store(id))?;

    watch.at(Step::Writing);
    let context = Context {
        disk,
        layout: &layout,
        root: &draft.root,
        vault,
        lineage: header.lineage,
    };
    let surroundings = Surroundings {
        header_revision: header.revision,
        keyring_revision: header.keyring_revision,
        keyring_hash: header.keyring_hash,
        epoch: header.epoch.id,
    };
    let checkpoint = checkpoint::prepare(
        context,
        old.device,
        old_writer.checkpoints.last(),
        &state,
        surroundings,
        &keys.sum,
        |add| {
            let mut rows = Progress::new(watch, copied.sums.total.count);
            for row in store.rows(None) {
                rows.verifying()?;
                let (key, value) = row?;
                add(key, &value)?;
            }
            Ok(())
        },
    )?;
    let unnamed = disk::temporary(&checkpoint.path);
    undo.prepared.files.push(unnamed.clone());
    disk::sync_parent(disk, &unnamed).map_err(Error::from)?;

    let path = layout.keyring(header.keyring_revision);
    undo.write(path.clone(), &sealed)?;
    // What was written is read again: after this the old keyring is destroyed.
    let damaged = Error::Damaged {
        part: Part::Keyring,
    };
    let (_, keyring) =
        Keyring::open(&key, &disk.read(&path).map_err(Error::from)?).ok_or(damaged)?;
    check_entries(old, &keyring, &draft.changes, &renewals)?;
    for copy in layout::COPIES {
        undo.prepared
            .files
            .push(layout.epoch(header.epoch.id, copy));
    }
    let file = EpochFile {
        vault,
        name: header.epoch,
        secret,
    };
    create::write_epoch(disk, &layout, &file)?;
    let bytes = header.encode(&keys.header);
    let prepared = Prepared {
        header,
        bytes,
        root: draft.root,
        keys,
        layout,
        secret: file.secret,
        key,
        keyring,
        store,
        state,
        checkpoint,
        copied,
    };
    Ok((old_keys, renewals, prepared))
}

type Renewed = (
    Vec<Renewal>,
    BTreeMap<CompartmentId, Entry>,
    BTreeSet<Route>,
);

/// Draws the new keys of the compartments that get one, and says which rows are of forgotten ones.
fn renew(old: &Shared, draft: &Draft, keys: &Keys) -> Result<Renewed, RekeyError> {
    let vault = old.vault;
    let ring = old.ring()?;
    let gone = ring.keyring.gone(&old.keys.namer);
    let unchanged = Change::default();
    let (mut renewals, mut entries, mut missing) = (Vec::new(), BTreeMap::new(), Vec::new());
    for entry in &ring.keyring.entries {
        let change = match draft.changes.get(&entry.id) {
            Some(change) => change,
            None if !draft.is_whole() => continue,
            None if entry.second => {
                missing.push(entry.id);
                continue;
            }
            None => &unchanged,
        };
        let old_key = match &change.present {
            None => entry.plain_key(vault),
            Some(key) if entry.is_key(vault, key) => CompartmentKey::from_slice(key.bytes()),
            Some(_) => None,
        };
        // Someone else has changed it meanwhile.
        let old_key = old_key.ok_or(Error::Stale)?;
        let wrap = change.wrap.as_ref();
        let wrap = wrap.map(|(cost, salt, stretched)| (*cost, *salt, &**stretched));
        let (renewed, new_key) = entry.renew(vault, wrap)?;
        renewals.push(Renewal {
            id: entry.id,
            was: Opened::new(old, entry, &old_key),
            now: Opened::of(vault, keys, &renewed, &new_key),
            old_key,
            new_key,
        });
        entries.insert(entry.id, renewed);
    }
    if !missing.is_empty() {
        return Err(RekeyError::SecondPassphrasesMissing(missing));
    }
    let known = draft.changes.keys().all(|id| entries.contains_key(id));
    if !known {
        return Err(Error::UnknownCompartment.into());
    }
    Ok((renewals, entries, gone))
}

/// Seals the rows of compartments with new keys again, and takes the others as they are. Under a new root key the
/// rows of no known compartment cannot be taken along: their names would mean nothing.
fn copy_rows(
    old: &Shared,
    new: &Store,
    keys: &Keys,
    renewals: &[Renewal],
    gone: &BTreeSet<Route>,
    (whole, total): (bool, u64),
    watch: &dyn Watch,
) -> Result<Copied, Error> {
    let by_route: BTreeMap<Route, &Renewal> = renewals
        .iter()
        .map(|renewal| (renewal.was.route, renewal))
        .collect();
    let mut copied = Copied::default();
    if whole {
        copied.pieces = by_route.keys().map(|route| route.0).collect();
    }
    let most = copied.pieces.len() + PIECES;
    let mut filler = Filler::default();
    let store = old.store();
    let mut progress = Progress::new(watch, total);
    for row in store.rows(None) {
        progress.rekeying()?;
        let (key, value) = row?;
        let route = key.route();
        if gone.contains(&route) {
            continue;
        }
        let (key, value): (RowKey, Cow<'_, [u8]>) = match by_route.get(&route) {
            Some(renewal) => {
                let Some(row) = renewal.was.sealer.open(&old.keys.namer, &key, &value) else {
                    // That rows are damaged was told when the vault was opened; else the next opening looks for
                    // a better one.
                    if old.known_incomplete {
                        copied.left_behind += 1;
                        continue;
                    }
                    old.suspect_rows();
                    return Err(Error::Damaged { part: Part::Record });
                };
                copied.records += u64::from(row.chunk == 0);
                copied.bytes += row.payload().len() as u64;
                if copied.pieces.len() < most {
                    let piece = value.get(PIECE).and_then(|piece| piece.try_into().ok());
                    copied.pieces.extend::<Option<[u8; PIECE_LENGTH]>>(piece);
                }
                let (key, value) = renewal.now.sealer.reseal(&keys.namer, &row)?;
                (key, value.into())
            }
            None if whole => {
                copied.left_behind += 1;
                continue;
            }
            None => (key, value[..].into()),
        };
        copied.sums.add(&keys.sum, &key, &value);
        copied.live_bytes += (ROW_KEY_LENGTH + value.len()) as u64;
        filler.add(new, key, Some(&value))?;
    }
    new.fill(&mut filler)?;
    Ok(copied)
}

/// Reads the new store and opens every row that was sealed again.
fn check_copy(
    new: &Store,
    keys: &Keys,
    renewals: &[Renewal],
    expected: &Sums,
    watch: &dyn Watch,
) -> Result<(), Error> {
    let by_route: BTreeMap<Route, &Renewal> = renewals
        .iter()
        .map(|renewal| (renewal.now.route, renewal))
        .collect();
    let damaged = Error::Damaged { part: Part::Store };
    let mut found = Sums::default();
    let mut progress = Progress::new(watch, expected.total.count);
    for row in new.rows(None) {
        progress.verifying()?;
        let (key, value) = row?;
        if let Some(renewal) = by_route.get(&key.route()) {
            let opened = renewal.now.sealer.open(&keys.namer, &key, &value);
            opened.ok_or(damaged)?;
        }
        found.add(&keys.sum, &key, &value);
    }
    if found == *expected {
        Ok(())
    } else {
        Err(damaged)
    }
}

/// Compares a written keyring with what it should hold.
fn check_entries(
    old: &Shared,
    written: &Keyring,
    changes: &BTreeMap<CompartmentId, Change>,
    renewals: &[Renewal],
) -> Result<(), Error> {
    let damaged = Error::Damaged {
        part: Part::Keyring,
    };
    let ring = old.ring()?;
    if written.entries.len() != ring.keyring.entries.len()
        || written.forgotten != ring.keyring.forgotten
        || written.extensions != ring.keyring.extensions
    {
        return Err(damaged);
    }
    for (was, now) in ring.keyring.entries.iter().zip(&written.entries) {
        let Some(renewal) = renewals.iter().find(|renewal| renewal.id == was.id) else {
            if !was.is_same_as(now) {
                return Err(damaged);
            }
            continue;
        };
        let wrap = changes.get(&was.id).and_then(|change| change.wrap.as_ref());
        let key = match wrap {
            Some((_, _, stretched)) => now.unwrap_key(old.vault, stretched),
            None => now.plain_key(old.vault),
        };
        let right = key.is_some_and(|key| {
            primitives::equal(key.bytes(), renewal.new_key.bytes())
                && !now.is_key(old.vault, &renewal.old_key)
        });
        if now.id != was.id || !right {
            return Err(damaged);
        }
    }
    Ok(())
}

/// What this machine is to know of the vault under its new root key, and of the one that was. Returns which files go
/// once the header counts.
fn prepare_device(
    old: &Shared,
    old_writer: &Writer,
    header: &Header,
    root: &RootKey,
    layout: &Layout,
    known: &[KnownBackup],
    undo: &mut Undo<'_>,
) -> Result<Vec<(PathBuf, Part)>, Error> {
    let vault = old.vault;
    let anchor = Anchor {
        device: old.device,
        lineage: header.lineage,
        header_revision: header.revision,
        keyring_revision: header.keyring_revision,
        epoch: header.epoch,
        point: header.floor,
        total: Sum::default(),
        lamport: old_writer.state.lamport,
        time: old.host.clock.now(),
    };
    // Whoever puts the folder of before in its place again has gone back behind the rekey. Where this machine knew
    // better even before, it goes on knowing that.
    let closing = Anchor {
        lineage: old.lineage,
        ..anchor
    };
    let closing = if old.anchor_is_frozen() {
        None
    } else {
        Some(closing.seal(&old.root, vault)?)
    };
    let anchors = open::read_anchors(&*old.host.disk, &old.layout, &old.root, vault)?;
    let shared_list = anchors
        .iter()
        .any(|(_, anchor)| anchor.lineage != old.lineage);
    let (old_branch, old_tag) = old.layout.names();
    let marker = Marker {
        vault,
        old_lineage: old.lineage,
        old_branch,
        old_tag,
        new_tag: known::derive_tag(root, vault),
        closing,
        list_goes: !shared_list,
    };
    undo.write(layout.rekeying(vault, header.lineage), &marker.encode())?;
    let device = anchor::seal_device(old.device, root, vault)?;
    undo.write(layout.device(vault), &device)?;
    undo.write(layout.anchor(vault), &anchor.seal(root, vault)?)?;
    undo.write(layout.backups(vault), &known::seal(known, root, vault)?)?;
    let mut outside = vec![(old.layout.device(vault), Part::Device)];
    if !shared_list {
        outside.push((old.layout.backups(vault), Part::BackupList));
    }
    Ok(outside)
}

/// What a rekey leaves beside the anchors until it is finished or undone: how to close what this machine knew under
/// the old root key, which whoever finishes need not have.
struct Marker {
    vault: VaultId,
    old_lineage: LineageId,
    old_branch: Option<LineageId>,
    old_tag: Option<RootTag>,
    new_tag: RootTag,
    /// The last anchor of the old lineage, sealed under the old root key.
    closing: Option<Vec<u8>>,
    /// Whether no other branch here uses the old list of backups.
    list_goes: bool,
}

const MARKER_MAGIC: &[u8; 8] = b"CFDNTRKY";
const MARKER_LENGTH: usize = 384;
const FLAG_CLOSING: u16 = 1;
const FLAG_LIST_GOES: u16 = 2;

impl Marker {
    fn encode(&self) -> Vec<u8> {
        let closing = if self.closing.is_some() {
            FLAG_CLOSING
        } else {
            0
        };
        let list = if self.list_goes { FLAG_LIST_GOES } else { 0 };
        let mut out = Vec::with_capacity(MARKER_LENGTH);
        out.put(MARKER_MAGIC);
        out.put_u16(FORMAT_VERSION);
        out.put_u16(closing | list);
        out.put_u32(MARKER_LENGTH as u32);
        out.put(&self.vault.0);
        out.put(&self.old_lineage.0);
        out.put(&self.old_branch.map_or([0; ID_LENGTH], |branch| branch.0));
        out.put(&self.old_tag.unwrap_or_default());
        out.put(&self.new_tag);
        match &self.closing {
            Some(closing) => out.put(closing),
            None => out.zeros(ANCHOR_LENGTH),
        }
        let hash = primitives::sha256(&[&out]);
        out.put(&hash);
        out
    }

    fn parse(bytes: &[u8]) -> Option<Marker> {
        let (hashed, hash) = bytes.split_last_chunk::<HASH_LENGTH>()?;
        if bytes.len() != MARKER_LENGTH || primitives::sha256(&[hashed]) != *hash {
            return None;
        }
        let mut reader = Reader::new(hashed);
        reader.exactly(MARKER_MAGIC)?;
        reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
        let flags = reader.u16()?;
        if flags & !(FLAG_CLOSING | FLAG_LIST_GOES) != 0 {
            return None;
        }
        reader.exactly(&(MARKER_LENGTH as u32).to_le_bytes())?;
        let vault = VaultId(reader.array()?);
        let old_lineage = LineageId(reader.array()?);
        let named = |id: [u8; ID_LENGTH]| (id != [0; ID_LENGTH]).then_some(id);
        let old_branch = named(reader.array()?).map(LineageId);
        let old_tag = named(reader.array()?);
        let new_tag = reader.array()?;
        let closing = reader.slice(ANCHOR_LENGTH)?;
        let has_closing = flags & FLAG_CLOSING != 0;
        if !has_closing && closing.iter().any(|byte| *byte != 0) {
            return None;
        }
        Some(Marker {
            vault,
            old_lineage,
            old_branch,
            old_tag,
            new_tag,
            closing: has_closing.then(|| closing.to_vec()),
            list_goes: flags & FLAG_LIST_GOES != 0,
        })
    }

    /// Where this machine knew the vault before.
    fn old_layout(&self, layout: &Layout) -> Layout {
        let mut old = Layout::new(&layout.root, &layout.device_folder);
        if let Some(branch) = self.old_branch {
            old = old.of_branch(branch);
        }
        if let Some(tag) = self.old_tag {
            old = old.of_root(tag);
        }
        old
    }
}

/// Brings to its end, or undoes, what rekeys did to this machine's knowledge of the vault, by whether the header in
/// force is the one they led to. Returns how many files were destroyed.
pub fn settle_marker(disk: &dyn Disk, layout: &Layout, header: &Header) -> Result<u64, Error> {
    let vault = header.vault;
    let mut destroyed = 0;
    for entry in disk::list_if_there(disk, &layout.device_folder)? {
        if Layout::is_unfinished_rekey(vault, &entry.name) {
            // The power went before it said anything.
            disk.remove(&layout.device_folder.join(&entry.name))?;
        }
        let Some(lineage) = Layout::rekeyed_lineage(vault, &entry.name) else {
            continue;
        };
        let path = layout.rekeying(vault, lineage);
        let marker = match entry.sort {
            EntrySort::File => Marker::parse(&disk.read(&path)?),
            _ => continue,
        };
        let marker = marker.filter(|marker| marker.vault == vault);
        if lineage == header.lineage {
            if let Some(marker) = marker {
                let old = marker.old_layout(layout);
                if let Some(closing) = &marker.closing {
                    disk::write_whole(disk, &old.anchor(vault), closing)?;
                }
                // Which device this machine is stands in the anchor, too.
                destroyed += destroy_if_there(disk, &old.device(vault))?;
                if marker.list_goes {
                    destroyed += destroy_if_there(disk, &old.backups(vault))?;
                }
            }
        } else if let Some(marker) = marker.filter(|marker| marker.old_lineage == header.lineage) {
            let never = Layout::new(&layout.root, &layout.device_folder)
                .of_branch(lineage)
                .of_root(marker.new_tag);
            for path in [
                never.device(vault),
                never.anchor(vault),
                never.backups(vault),
            ] {
                disk::remove_if_there(disk, &disk::temporary(&path))?;
                disk::remove_if_there(disk, &path)?;
            }
        } else {
            continue;
        }
        // What it stands for lasts before it goes.
        disk.sync_folder(&layout.device_folder)?;
        disk.remove(&path)?;
        disk.sync_folder(&layout.device_folder)?;
    }
    Ok(destroyed)
}

fn destroy_if_there(disk: &dyn Disk, path: &Path) -> Result<u64, Error> {
    let there = disk::read_if_there(disk, path)?.is_some();
    if there {
        disk::destroy(disk, path)?;
    }
    Ok(there.into())
}

/// Destroys all that was before the header in force, and lets the header say so. May be begun again at any point.
/// Returns how many files and stores were destroyed.
pub fn finish(shared: &Shared, writer: &mut Writer, watch: &dyn Watch) -> Result<u64, Error> {
    let disk = &*shared.host.disk;
    let header = shared.head()?.header.clone();
    watch.at(Step::Destroying);
    forget::check_both_headers(shared)?;
    let context = shared.context();
    checkpoint::promote(context, header.epoch.id)?;
    // Nothing of before goes until what takes its place has been read once more, to its end.
    writer.checkpoints.retain(|file| {
        checkpoint::check(context, &file.path, &file.header, Some(&shared.keys.sum)).is_ok()
    });
    if writer.checkpoints.is_empty() {
        let state = writer.state.clone();
        shared.checkpoint_of(writer, &shared.store(), &state)?;
    }
    let mut destroyed = settle_marker(disk, &shared.layout, &header)?;
    destroyed += forget::destroy_old(disk, &shared.layout, &header)?;
    let store = shared.store().id;
    shared.write_current(writer, store)?;
    for entry in disk::list_if_there(disk, &shared.layout.checkpoints())? {
        let path = shared.layout.checkpoints().join(&entry.name);
        let kept = writer.checkpoints.iter().any(|file| file.path == path);
        if entry.sort == EntrySort::File && !kept {
            disk::destroy(disk, &path)?;
            destroyed += 1;
        }
    }
    disk.sync_folder(&shared.layout.checkpoints())?;
    let segments = traces::old_segments(shared, writer)?;
    destroyed += forget::remove_all(disk, &shared.layout, &segments, disk::destroy)?;
    forget::sync_journals(shared)?;
    for other in store::list(&shared.layout.local())? {
        if other != store {
            store::destroy(&shared.layout.store(other))?;
            destroyed += 1;
        }
    }
    store::sync_parent(&shared.layout.store(store))?;
    let mut head = shared.head()?;
    shared
        .write_header_with(&mut head, writer.state.point(shared.device), |header| {
            header.pending = Pending::Nothing;
        })
        .map_err(Error::of_the_disk)?;
    Ok(destroyed)
}

/// Goes through every file that is left with the keys that were, which open none.
fn prove(
    new: &Shared,
    writer: &Writer,
    old: &OldKeys,
    renewals: &[Renewal],
) -> Result<Proof, NotDestroyed> {
    let mut proof = Proof::default();
    let disk = &*new.host.disk;
    let vault = new.vault;
    let is_old_header = |bytes: &[u8]| {
        let wraps = |header: &Header| header.slots.iter().any(|slot| slot.wraps(&old.root, vault));
        old.whole
            && (Header::is_authentic(bytes, &old.keys.header)
                || Header::parse(bytes).is_ok_and(|header| wraps(&header)))
    };
    let is_old_keyring = |keyring: &Keyring| {
        renewals.iter().any(|renewal| {
            let entry = keyring.entry(renewal.id);
            entry.is_none_or(|entry| entry.is_key(vault, &renewal.old_key))
        })
    };
    let doomed = Doomed {
        secret: Some(&old.secret),
        roots: vec![&new.root, &old.root],
        bytes: old.pieces.iter().map(|piece| &piece[..]).collect(),
        pieces: &Pieces::default(),
        is_old_header: &is_old_header,
        is_old_keyring: &is_old_keyring,
    };
    traces::prove_files(new, writer, &doomed, &mut proof)?;
    proof.parts += proof.files;
    for (path, part) in &old.outside {
        if disk::read_if_there(disk, path)?.is_some() {
            return Err(NotDestroyed::Left(*part));
        }
    }
    let trace = |key: &RowKey, value: &[u8]| {
        let opens = |renewal: &Renewal| {
            let named_so = !old.whole || key.route() == renewal.now.route;
            named_so
                && (renewal.was.sealer.open(&old.keys.namer, key, value))
                    .or_else(|| renewal.was.sealer.open(&new.keys.namer, key, value))
                    .is_some()
        };
        let named = old.whole && renewals.iter().any(|one| key.route() == one.was.route);
        named || renewals.iter().any(opens)
    };
    let (checkpoints, strange) = checkpoint::list(new.context(), Wanted::default())?;
    let left = NotDestroyed::Left(Part::Checkpoint);
    if strange > 0 || checkpoints.len() != writer.checkpoints.len() {
        return Err(left);
    }
    for file in &checkpoints {
        let mut found = false;
        checkpoint::read(
            new.context(),
            &file.path,
            &file.header,
            &mut |key, value| {
                found |= trace(&key, value);
                proof.bytes += value.len() as u64;
                proof.parts += 1;
                Ok(())
            },
        )?;
        proof.files += 1;
        if found {
            return Err(left);
        }
    }
    if let Some(bytes) = disk::read_if_there(disk, &new.layout.current())? {
        let lineage = new.lineage;
        if old.whole && Current::parse(&bytes, &old.keys.current, vault, lineage).is_some() {
            return Err(NotDestroyed::Left(Part::Store));
        }
    }
    let store = new.store();
    for row in store.rows(None) {
        let (key, value) = row?;
        proof.parts += 1;
        if trace(&key, &value) {
            return Err(NotDestroyed::Left(Part::Store));
        }
    }
    let folder = new.layout.store(store.id);
    let only = store::list(&new.layout.local())? == [store.id];
    let looks = !doomed.bytes.is_empty();
    if !only || (looks && traces::contains(&folder, &doomed, &mut proof)?) {
        return Err(NotDestroyed::Left(Part::Store));
    }
    Ok(proof)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::ids::{Kind, RecordId, Schema};
    use crate::vault::{Batch, CompartmentOptions, Places};
    use crate::watch::Quiet;

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
    fn a_marker_survives_and_no_bit_can_flip() {
        for (closing, branch) in [(None, None), (Some(vec![7; ANCHOR_LENGTH]), Some([8; 16]))] {
            let marker = Marker {
                vault: VaultId([1; 16]),
                old_lineage: LineageId([2; 16]),
                old_branch: branch.map(LineageId),
                old_tag: branch,
                new_tag: [3; 16],
                list_goes: closing.is_some(),
                closing,
            };
            let bytes = marker.encode();
            assert_eq!(bytes.len(), MARKER_LENGTH);
            let read = Marker::parse(&bytes).unwrap();
            assert_eq!(read.encode(), bytes);
            assert_eq!(read.old_branch, marker.old_branch);
            assert_eq!(
                (read.closing, read.list_goes),
                (marker.closing, branch.is_some())
            );
            for bit in 0..bytes.len() * 8 {
                let mut broken = bytes.clone();
                broken[bit / 8] ^= 1 << (bit % 8);
                assert!(Marker::parse(&broken).is_none());
            }
        }
    }

    #[test]
    fn a_marker_with_a_flag_that_has_no_name_or_an_anchor_that_it_does_not_tell_of_is_none() {
        let marker = Marker {
            vault: VaultId([1; 16]),
            old_lineage: LineageId([2; 16]),
            old_branch: None,
            old_tag: None,
            new_tag: [3; 16],
            list_goes: true,
            closing: None,
        };
        let parses = |at: usize, bits: u8| {
            let mut bytes = marker.encode();
            bytes[at] ^= bits;
            let end = bytes.len() - HASH_LENGTH;
            let hash = primitives::sha256(&[&bytes[..end]]);
            bytes[end..].copy_from_slice(&hash);
            Marker::parse(&bytes).is_some()
        };
        assert!(parses(10, 0));
        assert!(parses(10, 2), "either flag may be unset");
        for (at, bits) in [(10, 4), (10, 0x80), (11, 1), (96, 1), (351, 0x80)] {
            assert!(!parses(at, bits), "{at}");
        }
    }

    /// Rekeys a vault, whole or in one compartment, puts one file of before back after another, and asks the prover.
    fn prove_with_old_files(whole: bool) {
        let folder = tempfile::tempdir().unwrap();
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        let passphrase = Passphrase::parse("known to someone").unwrap();
        let cost = KdfCost::FLOOR;
        let (vault, _) = Vault::create(&places, &passphrase, cost, &Quiet).unwrap();
        let space = vault
            .make_compartment(CompartmentOptions::default())
            .unwrap();
        let save = |text: &str| {
            let mut batch = Batch::new();
            batch.put(space, Kind(100), RecordId([1; 16]), Schema(1), text);
            vault.save(batch).unwrap();
        };
        save("a text");
        vault.checkpoint().unwrap();
        save("another text");
        vault.checkpoint().unwrap();
        let backup = folder.path().join("one.cfdbackup");
        vault.backup(&backup, &Quiet).unwrap();
        let old = vault.shared();
        let copies = files_below(folder.path());
        let rows: Vec<_> = old.store().rows(None).map(Result::unwrap).collect();
        let draft = |changes| Draft {
            root: RootKey::from_slice(old.root.bytes()).unwrap(),
            lineage: old.lineage,
            slots: whole.then(Vec::new),
            changes,
        };
        let changes = BTreeMap::from([(space, Change::default())]);
        let (renewals, _, _) = renew(&old, &draft(changes), &old.keys).unwrap();
        let keys = {
            let head = old.head().unwrap();
            let secret = EpochSecret::from_slice(head.secret.bytes()).unwrap();
            OldKeys {
                root: RootKey::from_slice(old.root.bytes()).unwrap(),
                keys: Keys::derive(&old.root, old.vault),
                secret,
                pieces: vec![rows[0].1[PIECE].try_into().unwrap()],
                whole,
                outside: match whole {
                    true => vec![
                        (old.layout.device(old.vault), Part::Device),
                        (old.layout.backups(old.vault), Part::BackupList),
                    ],
                    false => Vec::new(),
                },
            }
        };
        {
            let writer = old.writer().unwrap();
            let unfounded = prove(&old, &writer, &keys, &renewals);
            assert!(unfounded.is_err(), "before, the old keys open everything");
        }
        drop(old);
        if whole {
            let new = NewKeys {
                passphrase: &Passphrase::parse("unknown").unwrap(),
                cost,
                spare: &SpareKey::make().unwrap(),
                seconds: &[],
            };
            vault.rekey(new, &Quiet).unwrap().destruction.unwrap();
        } else {
            let report = vault.set_second_passphrase(space, &passphrase, cost, &Quiet);
            report.unwrap().destruction.unwrap();
        }
        let shared = vault.shared();
        let writer = shared.writer().unwrap();
        // What was begun after the proof, and holds nothing.
        fs::remove_dir_all(shared.layout.journals()).unwrap();
        prove(&shared, &writer, &keys, &renewals).unwrap();
        let mut planted = 0;
        for (path, bytes) in &copies {
            let name = path.to_string_lossy();
            let header = name.contains("header.");
            // Headers of the same root key open with it, as they should.
            let of_before = [
                "keyring.",
                "epoch.",
                "/journal/",
                "/checkpoints/",
                "/store.",
            ]
            .iter()
            .any(|part| name.contains(part))
                || (header && whole)
                || (name.ends_with(".device") && whole)
                || (name.ends_with(".backups") && whole);
            let empty_store = name.contains("/store.") && !path.ends_with("db");
            if !of_before || empty_store {
                continue;
            }
            let there = fs::read(path).ok();
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
            let proof = prove(&shared, &writer, &keys, &renewals);
            assert!(proof.is_err(), "{name} was not noticed");
            match there {
                Some(there) => fs::write(path, there).unwrap(),
                None => fs::remove_file(path).unwrap(),
            }
            if name.contains("/store.") {
                fs::remove_dir_all(path.parent().unwrap()).unwrap();
            }
            planted += 1;
        }
        assert!(planted >= if whole { 11 } else { 7 }, "{planted}");
        // An old row, in the store that is in use.
        let (key, value) = &rows[0];
        shared
            .store()
            .apply(&[(*key, Some(&value[..]))], &writer.state)
            .unwrap();
        assert!(prove(&shared, &writer, &keys, &renewals).is_err());
        // Nor is a piece of what was there in any other file.
        drop(writer);
        for (path, bytes) in files_below(&places.vault) {
            let piece = &value[PIECE];
            let in_use = path.to_string_lossy().contains("/store.");
            assert!(in_use || !bytes.windows(piece.len()).any(|window| window == piece));
        }
    }

    #[test]
    fn a_save_that_waited_while_a_header_was_half_written_takes_it_back_first() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        let passphrase = Passphrase::parse("known to someone").unwrap();
        let (vault, _) = Vault::create(&places, &passphrase, KdfCost::FLOOR, &Quiet).unwrap();
        let space = vault
            .make_compartment(CompartmentOptions::default())
            .unwrap();
        let shared = vault.shared();
        let save = || {
            let mut batch = Batch::new();
            batch.put(space, Kind(100), RecordId([1; 16]), Schema(1), "a text");
            vault.save(batch)
        };
        let header = |copy| shared.layout.header(copy);
        let in_force = shared.head().unwrap().bytes.clone();
        // Whether the disk takes the old header again by the time the save has its turn.
        for takes in [false, true] {
            let saved = std::thread::scope(|scope| {
                let writer = shared.writer().unwrap();
                let waiting = scope.spawn(save);
                std::thread::sleep(std::time::Duration::from_millis(300));
                fs::write(header("a"), b"another header").unwrap();
                if !takes {
                    fs::remove_file(header("b")).unwrap();
                    fs::create_dir(header("b")).unwrap();
                }
                shared.header_torn.store(true, Ordering::Release);
                drop(writer);
                waiting.join().unwrap()
            });
            assert_eq!(saved.is_ok(), takes, "{saved:?}");
            assert_eq!(shared.header_torn.load(Ordering::Acquire), !takes);
            if !takes {
                fs::remove_dir(header("b")).unwrap();
                shared.mend_header().unwrap();
            }
            for copy in layout::COPIES {
                assert_eq!(fs::read(header(copy)).unwrap(), in_force);
            }
        }
    }

    #[test]
    fn the_proof_of_a_rekey_notices_every_file_of_before() {
        prove_with_old_files(true);
    }

    #[test]
    fn the_proof_of_a_second_passphrase_notices_every_file_of_before() {
        prove_with_old_files(false);
    }
}
