//! What an open vault holds between its calls, and the steps that several of them take. Locks are taken in the
//! order backups, anchoring, writer, head, ring, store; none is held while a passphrase is stretched.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::anchor::Anchor;
use crate::checkpoint::{self, CheckpointFile, Surroundings};
use crate::current::Current;
use crate::disk::{self, Held};
use crate::envelope::{CompartmentKey, EpochSecret, Label, MacKey, RootKey};
use crate::error::{Error, NotDestroyed, Part};
use crate::forget;
use crate::header::{Header, Pending, Point};
use crate::history;
use crate::ids::{CompartmentId, DeviceId, FileId, LineageId, VaultId};
use crate::journal::{self, Context, JournalWriter, SegmentFile, SegmentStart};
use crate::keyring::{Entry, Keyring, KeyringKey, KeyringName};
use crate::layout::{self, Layout};
use crate::primitives;
use crate::rekey;
use crate::row::{Namer, ROW_KEY_LENGTH, Route, RowSealer};
use crate::segment::SegmentHeader;
use crate::state::State;
use crate::store::{self, Filler, Store};
use crate::sums::Sums;
use crate::vault::Host;
use crate::watch::{Step, Watch};

/// A checkpoint is due after so much journal as the host says, or this share of the live rows, whichever is more.
const CHECKPOINT_SHARE: u64 = 4;
/// Checkpoints that are kept.
pub const CHECKPOINTS_KEPT: usize = 2;
/// The store is compacted when it takes more than this many times its live rows…
const COMPACT_FACTOR: u64 = 4;
/// …and more than an empty one takes anyway.
const COMPACT_SLACK: u64 = 24 * 1024 * 1024;

/// What an open vault holds.
pub struct Shared {
    pub host: Host,
    pub layout: Layout,
    pub vault: VaultId,
    pub lineage: LineageId,
    pub device: DeviceId,
    pub root: RootKey,
    pub keys: Keys,
    pub read_only: bool,
    /// Set when this machine has seen a newer or another history: its memory of that is not to be overwritten.
    pub anchor_frozen: AtomicBool,
    pub head: Mutex<Head>,
    pub ring: RwLock<Ring>,
    pub writer: Mutex<Writer>,
    pub store: RwLock<Arc<Store>>,
    pub held: Option<Arc<dyn Held>>,
    pub stale: AtomicBool,
    /// Set once another one has taken its place, because the vault has other keys now.
    pub replaced: AtomicBool,
    /// Set while what was before new keys, or what was forgotten, has not been destroyed to the end.
    pub unfinished: AtomicBool,
    /// Set while the header on the disk may be another than the one in force here.
    pub header_torn: AtomicBool,
    /// What new keys prepared that such a header may name: it goes once the header in force is there for good.
    pub undecided: Mutex<Option<rekey::Leftovers>>,
    /// Set once the rows were found not to be those that were saved: the next opening is to count them.
    pub suspect: AtomicBool,
    /// Rows were missing when the vault was opened, although they were looked for everywhere, and that was told.
    pub known_incomplete: bool,
    /// Held while the anchor is written, which two threads may want at a time.
    pub anchoring: Mutex<()>,
    /// The last save that the anchor knows of: the journal is kept back to it, or nothing else could show after a
    /// crash that the history is the one that this machine knew.
    pub anchored: AtomicU64,
    /// Held while a backup is made, while the list of backups changes, and by whatever destroys keys or replaces
    /// the store.
    pub backups: Mutex<()>,
}

/// Keys that are derived once.
pub struct Keys {
    pub namer: Namer,
    pub sum: MacKey,
    pub header: MacKey,
    pub current: MacKey,
}

/// The header in force, and the epoch it names.
pub struct Head {
    pub header: Header,
    pub bytes: Vec<u8>,
    pub secret: EpochSecret,
    pub key: KeyringKey,
}

/// The keyring and what of it is open.
pub struct Ring {
    pub keyring: Keyring,
    pub open: BTreeMap<CompartmentId, Opened>,
}

/// A compartment that is open.
pub struct Opened {
    pub route: Route,
    pub sealer: RowSealer,
}

/// What only one thread at a time may change: the way of a save to the disk.
pub struct Writer {
    pub journal: JournalWriter,
    pub state: State,
    pub checkpoints: Vec<CheckpointFile>,
    pub current: Current,
    /// Bytes of the newest checkpoint, which is what the live rows come to.
    pub live_bytes: u64,
    /// Whether there are saves that no checkpoint covers.
    pub changed: bool,
}

/// A copy of the live rows that nothing names yet.
pub struct Copied {
    pub new: Store,
    /// How things should stand in it.
    pub state: State,
    /// What is really in it.
    pub found: Sums,
}

impl Keys {
    pub fn derive(root: &RootKey, vault: VaultId) -> Keys {
        let mac = |label| MacKey::derive(root.bytes(), vault, label, &[]);
        Keys {
            namer: Namer {
                route: mac(Label::Route),
                name: mac(Label::Name),
            },
            sum: mac(Label::Sum),
            header: mac(Label::Header),
            current: mac(Label::Current),
        }
    }
}

impl Opened {
    pub fn new(shared: &Shared, entry: &Entry, key: &CompartmentKey) -> Self {
        Self::of(shared.vault, &shared.keys, entry, key)
    }

    pub fn of(vault: VaultId, keys: &Keys, entry: &Entry, key: &CompartmentKey) -> Self {
        Opened {
            route: keys.namer.derive_route(entry.id),
            sealer: RowSealer::new(vault, entry.id, entry.generation, key),
        }
    }

    /// The same once more.
    pub fn again(&self) -> Self {
        Opened {
            route: self.route,
            sealer: self.sealer.again(),
        }
    }
}

impl Ring {
    /// Opens every compartment that the keyring alone protects.
    pub fn new(vault: VaultId, keys: &Keys, keyring: Keyring) -> Option<Ring> {
        let mut open = BTreeMap::new();
        for entry in keyring.entries.iter().filter(|entry| !entry.second) {
            let key = entry.plain_key(vault)?;
            open.insert(entry.id, Opened::of(vault, keys, entry, &key));
        }
        Some(Ring { keyring, open })
    }

    /// The keys of a compartment, if it is open.
    pub fn opened(&self, id: CompartmentId) -> Result<&Opened, Error> {
        match self.open.get(&id) {
            Some(opened) => Ok(opened),
            None if self.keyring.entry(id).is_some() => Err(Error::CompartmentLocked),
            None => Err(Error::UnknownCompartment),
        }
    }
}

/// What may be changed in the entry of a compartment whether it is open or shut.
pub enum Marks {
    RetentionDay(u32),
    Alias(String),
}

impl Marks {
    /// Puts it into the entry, and gives back what was there.
    fn swap(self, entry: &mut Entry) -> Marks {
        match self {
            Marks::RetentionDay(day) => {
                Marks::RetentionDay(std::mem::replace(&mut entry.retention_day, day))
            }
            Marks::Alias(alias) => Marks::Alias(std::mem::replace(&mut entry.alias, alias)),
        }
    }
}

impl Shared {
    pub fn context(&self) -> Context<'_> {
        Context {
            disk: &*self.host.disk,
            layout: &self.layout,
            root: &self.root,
            vault: self.vault,
            lineage: self.lineage,
        }
    }

    pub fn check_writable(&self) -> Result<(), Error> {
        if self.read_only {
            return Err(Error::ReadOnly);
        }
        self.check_fresh()?;
        self.mend_header()?;
        self.finish_rekey(&crate::watch::Quiet)
    }

    /// Whether this is what is left to be destroyed.
    fn is_unfinished(&self, pending: Pending) -> Result<bool, Error> {
        Ok(self.unfinished.load(Ordering::Acquire) && self.head()?.header.pending == pending)
    }

    /// Destroys what new keys could not destroy at once; that comes before any other change.
    pub fn finish_rekey(&self, watch: &dyn Watch) -> Result<(), Error> {
        if !self.is_unfinished(Pending::DestroyOldLineage)? {
            return Ok(());
        }
        let _no_backup = self.hold_backups()?;
        let mut writer = self.writer()?;
        if self.is_unfinished(Pending::DestroyOldLineage)? {
            rekey::finish(self, &mut writer, watch)?;
            self.go_on_numbering(&mut writer);
            self.unfinished.store(false, Ordering::Release);
        }
        Ok(())
    }

    /// Destroys what a forgetting could not destroy at once. Saves need not wait for it: it takes as much space as
    /// there are live rows, and a disk on which that does not fit is to take what is written as long as it can.
    /// Says whether it is proven that nothing is left.
    pub fn finish_forgetting(&self, watch: &dyn Watch) -> Result<Result<(), NotDestroyed>, Error> {
        if !self.is_unfinished(Pending::DestroyOldEpochs)? {
            return Ok(Ok(()));
        }
        let _no_backup = self.hold_backups()?;
        let anchoring = self.anchoring()?;
        let mut writer = self.writer()?;
        if self.is_unfinished(Pending::DestroyOldEpochs)? {
            // Since it was begun, rows may have gone that only the journal of before still has.
            forget::check_whole(self, &writer, &BTreeSet::new())?;
            // The journal that proves the last saves goes.
            self.write_anchor_of(&anchoring, &writer.state)?;
            let proof = forget::go_on(self, &mut writer, watch)?;
            self.go_on_numbering(&mut writer);
            self.unfinished.store(false, Ordering::Release);
            return Ok(proof);
        }
        Ok(Ok(()))
    }

    /// As [`Keyring::gone`].
    pub fn gone(&self) -> Result<BTreeSet<Route>, Error> {
        Ok(self.ring()?.keyring.gone(&self.keys.namer))
    }

    pub fn is_replaced(&self) -> bool {
        self.replaced.load(Ordering::Acquire)
    }

    pub fn check_fresh(&self) -> Result<(), Error> {
        if self.stale.load(Ordering::Acquire) {
            Err(Error::Stale)
        } else {
            Ok(())
        }
    }

    pub fn go_stale(&self) {
        self.stale.store(true, Ordering::Release);
    }

    pub fn head(&self) -> Result<MutexGuard<'_, Head>, Error> {
        self.head.lock().map_err(|_| Error::Stale)
    }

    pub fn writer(&self) -> Result<MutexGuard<'_, Writer>, Error> {
        let writer = self.writer_to_read()?;
        // A header that was half written comes first, for whoever waited while that happened, too: the next opening
        // might take the new one and throw away what is written beside it.
        self.mend_header()?;
        Ok(writer)
    }

    /// As `writer`, for whoever only holds back others.
    pub fn writer_to_read(&self) -> Result<MutexGuard<'_, Writer>, Error> {
        let writer = self.writer.lock().map_err(|_| Error::Stale)?;
        // Whoever has waited for a rekey to end would write where nobody looks any more.
        if self.is_replaced() {
            return Err(Error::Stale);
        }
        Ok(writer)
    }

    /// Holds back whatever makes a backup, changes the list of backups, or destroys keys. Errors: `Stale` for whoever
    /// waited until the vault had other keys: the list that was is destroyed, and nothing is to be sealed under the
    /// root key that was.
    pub fn hold_backups(&self) -> Result<MutexGuard<'_, ()>, Error> {
        let held = self.backups.lock().map_err(|_| Error::Stale)?;
        if self.is_replaced() {
            return Err(Error::Stale);
        }
        Ok(held)
    }

    pub fn ring(&self) -> Result<RwLockReadGuard<'_, Ring>, Error> {
        self.ring.read().map_err(|_| Error::Stale)
    }

    pub fn ring_mut(&self) -> Result<RwLockWriteGuard<'_, Ring>, Error> {
        self.ring.write().map_err(|_| Error::Stale)
    }

    pub fn store(&self) -> Arc<Store> {
        self.store
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The number of the next frame.
    pub fn next_sequence(&self, writer: &Writer) -> Result<u64, Error> {
        journal::next_sequence(writer.journal.given(writer.state.point(self.device)))
    }

    /// What a segment begun now would say.
    pub fn segment_start(&self, writer: &Writer) -> Result<SegmentStart, Error> {
        let head = self.head()?;
        let point = writer.state.point(self.device);
        Ok(SegmentStart {
            first_sequence: self.next_sequence(writer)?,
            chain: point.chain,
            header_revision: head.header.revision,
            epoch: head.header.epoch.id,
        })
    }

    /// Changes the header and writes both copies, one after the other.
    pub fn write_header(&self, change: impl FnOnce(&mut Header)) -> Result<(), Error> {
        self.write_header_if(|header| {
            change(header);
            Ok(())
        })
    }

    /// As `write_header`, unless the change finds that it cannot be made; then nothing is written.
    pub fn write_header_if(
        &self,
        change: impl FnOnce(&mut Header) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let writer = self.writer()?;
        let mut head = self.head()?;
        let mut changed = head.header.clone();
        change(&mut changed)?;
        self.write_header_with(&mut head, writer.state.point(self.device), |header| {
            *header = changed;
        })
    }

    pub fn write_header_with(
        &self,
        head: &mut Head,
        floor: Point,
        change: impl FnOnce(&mut Header),
    ) -> Result<(), Error> {
        let mut header = head.header.clone();
        change(&mut header);
        header.revision = header.revision.checked_add(1).ok_or(Error::Stale)?;
        header.parent = primitives::sha256(&[&head.bytes]);
        header.writer = self.device;
        header.floor = floor;
        let bytes = header.encode(&self.keys.header);
        self.write_copies(head, &bytes)?;
        head.header = header;
        head.bytes = bytes;
        Ok(())
    }

    /// Puts other bytes in the place of both copies of the header in force, one after the other.
    pub fn write_copies(&self, head: &Head, bytes: &[u8]) -> Result<(), Error> {
        let [first, second] = layout::COPIES.map(|copy| self.layout.header(copy));
        let disk = &*self.host.disk;
        let written = disk::write_whole(disk, &first, bytes)
            .and_then(|()| disk::write_whole(disk, &second, bytes));
        if let Err(error) = written {
            if self.is_untouched(head) {
                return Err(error.into());
            }
            // The caller will be told that nothing changed: let that be true. Where it cannot be made true now,
            // nothing else is changed until it can; the next opening would bring the change to its end.
            self.header_torn.store(true, Ordering::Release);
            if self.restore_header(head).is_err() {
                let kind = error.kind();
                return Err(Error::Undecided { kind });
            }
            self.header_torn.store(false, Ordering::Release);
            return Err(error.into());
        }
        Ok(())
    }

    /// Whether a failure came before either copy had changed its bytes or its name.
    fn is_untouched(&self, head: &Head) -> bool {
        let disk = &*self.host.disk;
        layout::COPIES.iter().all(|copy| {
            let there = disk.read(&self.layout.header(copy));
            there.is_ok_and(|bytes| bytes == head.bytes)
        })
    }

    /// Puts back what a failed change of the header left on the disk.
    pub fn mend_header(&self) -> Result<(), Error> {
        if self.header_torn.load(Ordering::Acquire) {
            let head = self.head()?;
            self.restore_header(&head)?;
            self.header_torn.store(false, Ordering::Release);
            let prepared = self.undecided.lock().map_err(|_| Error::Stale)?.take();
            if let Some(prepared) = prepared {
                prepared.remove(&*self.host.disk);
            }
        }
        Ok(())
    }

    fn restore_header(&self, head: &Head) -> Result<(), Error> {
        let disk = &*self.host.disk;
        for path in layout::COPIES.map(|copy| self.layout.header(copy)) {
            let there = disk::read_if_there(disk, &path)?;
            if there.as_ref() != Some(&head.bytes) {
                disk::write_whole(disk, &path, &head.bytes)?;
            }
        }
        // One that reads right may still not have its name for good.
        Ok(disk.sync_folder(&self.layout.sync())?)
    }

    /// Writes a keyring that has one entry more, and the header that names it.
    pub fn write_keyring_with(&self, writer: &Writer, entry: Entry) -> Result<(), Error> {
        let mut head = self.head()?;
        let mut ring = self.ring_mut()?;
        ring.keyring.entries.push(entry);
        let written = self.write_keyring(writer, &mut head, &ring.keyring);
        if written.is_err() {
            ring.keyring.entries.pop();
        }
        written
    }

    /// Writes the next revision of the keyring with a compartment's entry changed: its retention day, where 0 is none, or
    /// its alias. What decides about its key does not depend on them.
    pub fn write_marks(
        &self,
        writer: &Writer,
        id: CompartmentId,
        marks: Marks,
    ) -> Result<(), Error> {
        let mut head = self.head()?;
        let mut ring = self.ring_mut()?;
        let entry = ring
            .keyring
            .entry_mut(id)
            .ok_or(Error::UnknownCompartment)?;
        let before = marks.swap(entry);
        let written = self.write_keyring(writer, &mut head, &ring.keyring);
        if written.is_err()
            && let Some(entry) = ring.keyring.entry_mut(id)
        {
            before.swap(entry);
        }
        written
    }

    /// Writes the next revision of the keyring with nothing changed in it, in the place of one whose file is damaged.
    pub fn write_keyring_again(&self, writer: &Writer) -> Result<(), Error> {
        let mut head = self.head()?;
        let ring = self.ring()?;
        self.write_keyring(writer, &mut head, &ring.keyring)
    }

    fn write_keyring(
        &self,
        writer: &Writer,
        head: &mut Head,
        keyring: &Keyring,
    ) -> Result<(), Error> {
        let revision = head.header.keyring_revision + 1;
        let name = KeyringName {
            vault: self.vault,
            lineage: self.lineage,
            epoch: head.header.epoch,
            revision,
        };
        let bytes = Keyring::seal(
            &head.key,
            name,
            keyring.entries.iter(),
            &keyring.forgotten,
            &keyring.extensions,
        )?;
        disk::write_whole(&*self.host.disk, &self.layout.keyring(revision), &bytes)?;
        let floor = writer.state.point(self.device);
        self.write_header_with(head, floor, |header| {
            header.keyring_revision = revision;
            header.keyring_hash = primitives::sha256(&[&bytes]);
        })
        .map_err(Error::of_the_disk)?;
        // One older keyring stays, should this one be damaged.
        if let Some(old) = revision.checked_sub(2) {
            // The new entry stands; one keyring too many does no harm.
            let _ = disk::remove_if_there(&*self.host.disk, &self.layout.keyring(old));
        }
        Ok(())
    }

    /// Flushes the store and tells the anchor; called in the background after saves.
    pub fn settle(&self) -> Result<(), Error> {
        self.check_writable()?;
        self.checkpoint_if_due()?;
        self.store().flush()?;
        self.write_anchor()
    }

    fn checkpoint_if_due(&self) -> Result<(), Error> {
        let mut writer = self.writer()?;
        let due = (self.host.checkpoint_after).max(writer.live_bytes / CHECKPOINT_SHARE);
        // While rows are missing every checkpoint would be refused, and the journal is all there is.
        if writer.journal.bytes < due || self.rows_are_suspect() {
            return Ok(());
        }
        match self.write_checkpoint(&mut writer) {
            // Rows are missing: the journal is kept whole until someone decides about them.
            Err(Error::Damaged { .. }) => {
                self.suspect_rows();
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Writes everything that is saved to its last place, as at a lock, and goes on.
    pub fn rest(&self) -> Result<(), Error> {
        self.check_writable()?;
        self.checkpoint_if_changed(&mut *self.writer()?)?;
        self.store().flush()?;
        self.write_anchor()
    }

    /// Writes a checkpoint of what no checkpoint covers, unless rows are missing.
    fn checkpoint_if_changed(&self, writer: &mut Writer) -> Result<(), Error> {
        if !writer.changed || self.rows_are_suspect() {
            return Ok(());
        }
        match self.write_checkpoint(writer) {
            Err(Error::Damaged { .. }) => {
                self.suspect_rows();
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Writes a checkpoint, points CURRENT at it, and removes what it makes needless.
    pub fn write_checkpoint(&self, writer: &mut Writer) -> Result<(), Error> {
        let store = self.store();
        self.checkpoint_of(writer, &store, &writer.state.clone())?;
        self.write_current(writer, store.id)?;
        self.trim(writer)
    }

    /// Writes a checkpoint of a store.
    pub fn checkpoint_of(
        &self,
        writer: &mut Writer,
        store: &Store,
        state: &State,
    ) -> Result<(), Error> {
        let surroundings = {
            let head = self.head()?;
            Surroundings {
                header_revision: head.header.revision,
                keyring_revision: head.header.keyring_revision,
                keyring_hash: head.header.keyring_hash,
                epoch: head.header.epoch.id,
            }
        };
        let gone = self.gone()?;
        let mut live_bytes = 0;
        let rows = store.rows(None).filter(|row| {
            let key = row.as_ref().ok().map(|(key, _)| key);
            key.is_none_or(|key| !gone.contains(&key.route()))
        });
        let rows = rows.inspect(|row| {
            live_bytes +=
                row.as_ref()
                    .map_or(0, |(_, value)| value.len() + ROW_KEY_LENGTH) as u64;
        });
        let file = checkpoint::write(
            self.context(),
            self.device,
            writer.checkpoints.last(),
            state,
            surroundings,
            &self.keys.sum,
            rows,
        )?;
        writer.checkpoints.push(file);
        writer.live_bytes = live_bytes;
        writer.changed = false;
        writer.journal.close();
        writer.journal.bytes = 0;
        Ok(())
    }

    /// Removes checkpoints beyond the newest two, and the journal that the older of them covers.
    pub fn trim(&self, writer: &mut Writer) -> Result<(), Error> {
        let disk = &*self.host.disk;
        while writer.checkpoints.len() > CHECKPOINTS_KEPT {
            disk::remove_if_there(disk, &writer.checkpoints[0].path)?;
            writer.checkpoints.remove(0);
        }
        if writer.checkpoints.len() < CHECKPOINTS_KEPT {
            return Ok(());
        }
        let Some(covered) = self.covered(&writer.checkpoints[0]) else {
            return Ok(());
        };
        let covered = history::survey(self)?.covered_by(&covered);
        self.remove_segments(writer, covered)
    }

    /// Removes segments, but never the one that is being written.
    fn remove_segments(&self, writer: &Writer, paths: Vec<PathBuf>) -> Result<(), Error> {
        let open = writer.journal.open_path(&self.layout);
        for path in paths.into_iter().filter(|path| Some(path) != open.as_ref()) {
            disk::remove_if_there(&*self.host.disk, &path)?;
        }
        Ok(())
    }

    /// What no journal is needed for any more, by a checkpoint. It is read again: nothing may be removed on the
    /// strength of one that has gone bad since, and then the answer is none.
    fn covered(&self, oldest: &CheckpointFile) -> Option<BTreeMap<DeviceId, Point>> {
        let checked = checkpoint::check(self.context(), &oldest.path, &oldest.header, None);
        let mut covered = checked.ok()?.state.frontier;
        // An anchor that is not to be overwritten stays behind, and has been told of.
        if let Some(point) = covered.get_mut(&self.device)
            && !self.anchor_is_frozen()
        {
            point.sequence = point.sequence.min(self.anchored.load(Ordering::Acquire));
        }
        Some(covered)
    }

    /// Begins a segment that holds nothing yet, behind the last one.
    pub fn begin_segment(&self, writer: &mut Writer) -> Result<(), Error> {
        let start = self.segment_start(writer)?;
        writer.journal.close();
        writer.journal.prepare(self.context(), || start)?;
        Ok(())
    }

    /// Leaves a segment that holds nothing yet where all others were destroyed: an opening before the next save would
    /// give their numbers again.
    pub fn go_on_numbering(&self, writer: &mut Writer) {
        // Without it numbers may come twice; which time a segment is of, its head says.
        let _ = self.begin_segment(writer);
    }

    /// Removes every segment of the journal that both checkpoints cover, the last one of each device included, which
    /// stays otherwise. A segment that holds nothing yet is begun first: so what comes next names one that is there, and
    /// no number is given twice; of another device's last one the head stays, for the same. Returns how many stay as they
    /// are.
    pub fn clear_journal(&self, writer: &mut Writer) -> Result<u64, Error> {
        self.begin_segment(writer)?;
        let oldest = writer.checkpoints.first();
        let covered = oldest.and_then(|oldest| self.covered(oldest));
        let covered = covered.ok_or(Error::Damaged {
            part: Part::Checkpoint,
        })?;
        let survey = history::survey(self)?;
        let mut paths = Vec::new();
        for file in survey.done_with(self.context(), self.device, &covered)? {
            let of_device = survey.devices.get(&file.device);
            let is_last = of_device.and_then(|files| files.last());
            let is_last = is_last.is_some_and(|last| last.path == file.path);
            let keeps = is_last && file.device != self.device && self.cut_to_head(file)?;
            let kept = keeps.then_some(&file.path);
            paths.extend(file.all_paths().filter(|path| Some(path) != kept));
        }
        self.remove_segments(writer, paths)?;
        forget::sync_journals(self)?;
        let open = writer.journal.open_path(&self.layout);
        journal::count_with_frames(&*self.host.disk, &self.layout, open.as_ref())
    }

    /// Takes all frames out of a segment, if its head can stay.
    fn cut_to_head(&self, file: &SegmentFile) -> Result<bool, Error> {
        if file.header.is_none() || file.head_is_damaged {
            return Ok(false);
        }
        let disk = &*self.host.disk;
        let head = journal::read_head(disk, &file.path)?;
        if SegmentHeader::parse(&head) != file.header {
            return Ok(false);
        }
        disk::write_whole(disk, &file.path, &head)?;
        Ok(true)
    }

    pub fn write_current(&self, writer: &mut Writer, store: FileId) -> Result<(), Error> {
        let current = {
            let head = self.head()?;
            Current {
                vault: self.vault,
                lineage: self.lineage,
                device: self.device,
                revision: writer.current.revision + 1,
                store,
                checkpoint: writer
                    .checkpoints
                    .last()
                    .map_or(FileId([0; 16]), |checkpoint| checkpoint.header.file),
                point: writer.state.point(self.device),
                header_revision: head.header.revision,
                epoch: head.header.epoch.id,
            }
        };
        let bytes = current.encode(&self.keys.current);
        disk::write_whole(&*self.host.disk, &self.layout.current(), &bytes)?;
        writer.current = current;
        Ok(())
    }

    /// Whether what this machine remembers is not to be overwritten: it knows of a newer state, or of another.
    pub fn anchor_is_frozen(&self) -> bool {
        self.anchor_frozen.load(Ordering::Acquire)
    }

    /// Tells the anchor how things stand. The writer must not be held by the caller.
    pub fn write_anchor(&self) -> Result<(), Error> {
        if self.anchor_is_frozen() {
            return Ok(());
        }
        let anchoring = self.anchoring()?;
        let state = self.writer()?.state.clone();
        self.write_anchor_of(&anchoring, &state)
    }

    /// Taken before the writer by whoever writes the anchor while holding that.
    pub fn anchoring(&self) -> Result<MutexGuard<'_, ()>, Error> {
        self.anchoring.lock().map_err(|_| Error::Stale)
    }

    /// As `write_anchor`, for a caller that holds the writer. Comes before journal is removed that reaches back to
    /// what the anchor says: after a crash nothing else could show that the history is the one it knew.
    pub fn write_anchor_of(
        &self,
        _anchoring: &MutexGuard<'_, ()>,
        state: &State,
    ) -> Result<(), Error> {
        if self.anchor_is_frozen() {
            return Ok(());
        }
        let anchor = {
            let head = self.head()?;
            Anchor {
                device: self.device,
                lineage: self.lineage,
                header_revision: head.header.revision,
                keyring_revision: head.header.keyring_revision,
                epoch: head.header.epoch,
                point: state.point(self.device),
                total: state.sums.total,
                lamport: state.lamport,
                time: self.host.clock.now(),
            }
        };
        let bytes = anchor.seal(&self.root, self.vault)?;
        disk::write_whole(&*self.host.disk, &self.layout.anchor(self.vault), &bytes)?;
        self.anchored
            .store(anchor.point.sequence, Ordering::Release);
        Ok(())
    }

    /// Copies the live rows into a new store, and puts it in the place of the present one. Nothing is replaced unless
    /// the copy adds up.
    pub fn compact(&self, writer: &mut Writer, watch: &dyn Watch) -> Result<(), Error> {
        let Copied { new, state, found } = self.copy_store(writer, watch)?;
        if !found.agrees_with(&state.sums) {
            // The copy is as good as what it was made from; the next opening looks for the rest.
            self.suspect_rows();
        }
        let old = self.store();
        let old_folder = self.layout.store(old.id);
        let id = new.id;
        writer.state = state;
        *self.store.write().map_err(|_| Error::Stale)? = Arc::new(new);
        self.write_current(writer, id)?;
        drop(old);
        store::remove(&old_folder)
    }

    /// Copies the live rows into a new store that nothing names yet.
    pub fn copy_store(&self, writer: &Writer, watch: &dyn Watch) -> Result<Copied, Error> {
        let old = self.store();
        let mut state = writer.state.clone();
        let without = &self.gone()?;
        for route in without {
            state.sums.drop_space(route);
        }
        let id = FileId::make()?;
        let folder = self.layout.store(id);
        let copied = self.fill_copy(&old, &folder, id, without, &state, watch);
        if copied.is_err() {
            // What is left of it is removed at the next opening, if not now.
            let _ = store::remove(&folder);
        }
        copied.map(|(new, found)| Copied { new, state, found })
    }

    fn fill_copy(
        &self,
        old: &Store,
        folder: &std::path::Path,
        id: FileId,
        without: &BTreeSet<Route>,
        state: &State,
        watch: &dyn Watch,
    ) -> Result<(Store, Sums), Error> {
        let new = Store::create(folder, id, &self.root, self.vault)?;
        let mut filler = Filler::default();
        for row in old.rows(None) {
            let (key, value) = row?;
            if !without.contains(&key.route()) {
                filler.add(&new, key, Some(&value))?;
            }
        }
        new.fill(&mut filler)?;
        watch.at(Step::Verifying {
            done: 0,
            total: state.sums.total.count,
        });
        let before = store_sums(old, &self.keys.sum, without)?;
        let after = store_sums(&new, &self.keys.sum, without)?;
        if before != after {
            return Err(Error::Damaged { part: Part::Store });
        }
        new.apply(&[], state)?;
        new.flush()?;
        store::sync_parent(folder)?;
        Ok((new, after))
    }

    /// Lets the next opening count the rows, and build the store anew if they are not those that were saved.
    pub fn suspect_rows(&self) {
        self.suspect.store(true, Ordering::Release);
    }

    pub fn rows_are_suspect(&self) -> bool {
        self.suspect.load(Ordering::Acquire) || self.store().is_suspect()
    }

    /// Brings everything to rest. The vault is not used afterwards. If the rows were found damaged, the mark of an
    /// unclean end stays.
    pub fn close(&self) -> Result<(), Error> {
        if self.read_only || self.check_fresh().is_err() {
            return Ok(());
        }
        self.mend_header()?;
        self.finish_rekey(&crate::watch::Quiet)?;
        // The next opening goes on with a forgetting, and tells what came of it.
        let mut writer = self.writer()?;
        self.checkpoint_if_changed(&mut writer)?;
        writer.journal.close();
        let size = self.store().size_on_disk()?;
        if !self.rows_are_suspect() && size > COMPACT_SLACK.max(writer.live_bytes * COMPACT_FACTOR)
        {
            self.compact(&mut writer, &crate::watch::Quiet)?;
        }
        let store = self.store();
        store.flush()?;
        if writer.current.point != writer.state.point(self.device) {
            self.write_current(&mut writer, store.id)?;
        }
        drop(writer);
        self.write_anchor()?;
        if let Some(held) = &self.held
            && !self.rows_are_suspect()
        {
            held.mark(false)?;
        }
        Ok(())
    }
}

/// Adds up what a store really holds, but for some routes.
pub fn store_sums(store: &Store, key: &MacKey, without: &BTreeSet<Route>) -> Result<Sums, Error> {
    let mut sums = Sums::default();
    for row in store.rows(None) {
        let (row, value) = row?;
        if !without.contains(&row.route()) {
            sums.add(key, &row, &value);
        }
    }
    Ok(sums)
}
