//! The vault as the rest of the program sees it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::clock::{Clock, RealClock};
use crate::disk::{self, Disk, RealDisk};
use crate::envelope;
use crate::error::{Error, Part};
use crate::frame::{self, Action, Body, BodySort, Operation};
use crate::header::{Header, Point, Slot, SlotSort};
use crate::ids::{
    CompartmentId, DeviceId, Dot, Kind, LineageId, RecordId, Schema, SlotId, VaultId,
};
use crate::journal::{self, DOT_INDEX_BITS, FULL_SEGMENT};
use crate::kdf::{self, KdfCost};
use crate::keychain::KeychainSecret;
use crate::keyring::{Entry, Forgotten};
use crate::layout::{self, Layout};
use crate::memory;
use crate::open;
use crate::passphrase::Passphrase;
use crate::report::{
    CompartmentCheck, CompartmentInfo, ForgetReport, ForgottenInfo, Found, OpeningReport,
    RecordRef, Saved, Unreadable, Visited,
};
use crate::row::{self, OpenRow, Outgoing, RowKey};
use crate::shared::{CHECKPOINTS_KEPT, Marks, Opened, Ring, Shared, Writer};
use crate::spare_key::SpareKey;
use crate::state::State;
use crate::store::{self, Change, Store, Value};
use crate::sums::Sums;
use crate::watch::{Quiet, Step, Watch};
use crate::worker::Worker;
use crate::{create, forget};

/// Largest payload of one record in bytes.
pub const MAX_PAYLOAD: usize = 50 * 1024 * 1024;
/// Largest sum of the payloads of one batch in bytes.
pub const MAX_BATCH: usize = 64 * 1024 * 1024;
/// Most writes of one batch.
pub const MAX_WRITES: usize = 1 << DOT_INDEX_BITS;
pub use crate::header::MAX_KEYCHAIN_SLOTS;
/// Longest alias of a compartment in bytes of UTF-8.
pub const MAX_ALIAS: usize = 64;
/// Most compartments. Every save says how all of them stand, in 56 bytes each, and the format counts them in 16 bits.
pub const MAX_COMPARTMENTS: usize = 4096;

/// Where a vault lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The vault's own folder.
    pub vault: PathBuf,
    /// The user's configuration folder: what this machine knows of the vault.
    pub device: PathBuf,
}

/// The machine that a vault runs on; tests bring their own.
#[derive(Clone)]
pub struct Host {
    /// The file system.
    pub disk: Arc<dyn Disk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// How long after a save the store is flushed and the anchor refreshed in the background; none where
    /// everything is to happen in the calling thread.
    pub settle_after: Option<Duration>,
    /// Bytes of journal after which a checkpoint is written in the background.
    pub checkpoint_after: u64,
    /// Bytes after which a segment of the journal is followed by another; only tests want other than the default.
    pub full_segment: u64,
}

impl Default for Host {
    fn default() -> Self {
        Host {
            disk: Arc::new(RealDisk),
            clock: Arc::new(RealClock),
            settle_after: Some(SETTLE_AFTER),
            checkpoint_after: CHECKPOINT_AFTER,
            full_segment: FULL_SEGMENT,
        }
    }
}

/// Rows between two questions whether to stop.
const CANCEL_ROWS: u64 = 4096;
/// How often a walk over a compartment begins, should the vault get other keys each time.
const WALKS: usize = 4;
const CHECKPOINT_AFTER: u64 = 8 * 1024 * 1024;
/// The anchor is to be at most five seconds behind.
const SETTLE_AFTER: Duration = Duration::from_secs(3);

/// What opens a vault.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// What the person types.
    Passphrase(&'a Passphrase),
    /// What the person keeps on paper.
    SpareKey(&'a SpareKey),
    /// What the operating system's keychain keeps on this machine.
    Keychain(&'a KeychainSecret),
}

/// What a new compartment is to be.
#[derive(Debug, Default)]
pub struct CompartmentOptions<'a> {
    /// A short name that may be shown while it is locked; at most 64 bytes.
    pub alias: Option<String>,
    /// A passphrase of its own, and what stretching it costs. Lost means lost, spare key included.
    pub second: Option<(&'a Passphrase, KdfCost)>,
}

/// Writes that become durable together or not at all.
#[derive(Default)]
pub struct Batch {
    pub(crate) writes: Vec<Write>,
}

pub(crate) struct Write {
    pub compartment: CompartmentId,
    pub kind: Kind,
    pub record: RecordId,
    pub content: Option<(Schema, Zeroizing<Vec<u8>>)>,
}

impl Batch {
    /// Begins an empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record, or its new content. The last write of a record in a batch is the one that counts.
    pub fn put(
        &mut self,
        compartment: CompartmentId,
        kind: Kind,
        record: RecordId,
        schema: Schema,
        payload: impl Into<Vec<u8>>,
    ) {
        let content = Some((schema, Zeroizing::new(payload.into())));
        self.writes.push(Write {
            compartment,
            kind,
            record,
            content,
        });
    }

    /// Adds the removal of a record; removing what is not there is no error.
    pub fn delete(&mut self, compartment: CompartmentId, kind: Kind, record: RecordId) {
        self.writes.push(Write {
            compartment,
            kind,
            record,
            content: None,
        });
    }

    /// Says whether it holds no write.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Counts its writes.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// The writes that count, after the limits have been checked.
    fn settled(self) -> Result<Vec<Write>, Error> {
        let length = |write: &Write| {
            write
                .content
                .as_ref()
                .map_or(0, |(_, payload)| payload.len())
        };
        let total = self.writes.iter().map(length).sum::<usize>();
        let too_large = total > MAX_BATCH
            || self.writes.len() > MAX_WRITES
            || self.writes.iter().any(|write| length(write) > MAX_PAYLOAD);
        if too_large {
            return Err(Error::TooLarge);
        }
        let mut seen = BTreeSet::new();
        let mut writes: Vec<_> = self.writes.into_iter().rev().collect();
        writes.retain(|write| seen.insert((write.compartment, write.kind, write.record)));
        writes.reverse();
        Ok(writes)
    }
}

/// One record as it was saved.
pub struct Record {
    /// The shape it was written in.
    pub schema: Schema,
    /// Its content; wiped when dropped.
    pub payload: Zeroizing<Vec<u8>>,
}

/// An open vault. Dropping it without `lock` loses no acknowledged save.
///
/// ```compile_fail
/// fn copy(vault: &vault::Vault) -> vault::Vault { vault.clone() }
/// ```
pub struct Vault {
    worker: Mutex<Option<Worker>>,
    /// Another one after a rekey.
    shared: RwLock<Arc<Shared>>,
    report: OpeningReport,
}

/// Tells what lies at the places without any secret, and writes nothing.
pub fn look(places: &Places) -> Result<Found, Error> {
    look_on(&Host::default(), places)
}

/// As `look`, on a given host.
pub fn look_on(host: &Host, places: &Places) -> Result<Found, Error> {
    open::look(host, &Layout::new(&places.vault, &places.device))
}

impl Vault {
    /// Makes a vault in a folder that is empty or not there, and leaves it open. The spare key is shown once and
    /// kept nowhere. Errors: `NotEmpty`, `CostOutOfRange`, `TooLittleMemory`, `Cancelled`, and those of the disk.
    pub fn create(
        places: &Places,
        passphrase: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<(Vault, SpareKey), Error> {
        Self::create_on(&Host::default(), places, passphrase, cost, watch)
    }

    /// As `create`, on a given host.
    pub fn create_on(
        host: &Host,
        places: &Places,
        passphrase: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<(Vault, SpareKey), Error> {
        let layout = Layout::new(&places.vault, &places.device);
        let (shared, spare) = create::create(host, layout, passphrase, cost, watch)?;
        Ok((Self::start(shared, OpeningReport::default())?, spare))
    }

    /// Opens a vault and mends what can be mended. With a wrong passphrase or spare key nothing is written.
    /// Errors: `WrongCredential` (of a keychain `WrongKeychainSecret`), `Missing`, `Damaged`, `Newer`, `InUse`, `CostOutOfRange`, `TooLittleMemory`,
    /// `Cancelled`, `Link`, and those of the disk.
    pub fn open(
        places: &Places,
        credential: Credential<'_>,
        watch: &dyn Watch,
    ) -> Result<Vault, Error> {
        Self::open_on(&Host::default(), places, credential, watch)
    }

    /// As `open`, on a given host.
    pub fn open_on(
        host: &Host,
        places: &Places,
        credential: Credential<'_>,
        watch: &dyn Watch,
    ) -> Result<Vault, Error> {
        let layout = Layout::new(&places.vault, &places.device);
        let opened = open::open(host, layout.clone(), credential, watch);
        let (shared, report) = match opened {
            Err(Error::Device) => open::open_as_far_as_it_reads(host, layout, credential, watch)
                .map_err(|error| match error {
                    // It may be no more than what was not read.
                    Error::Damaged { .. } => Error::Device,
                    error => error,
                })?,
            opened => opened?,
        };
        Self::start(shared, report)
    }

    fn start(shared: Shared, report: OpeningReport) -> Result<Vault, Error> {
        let shared = Arc::new(shared);
        Ok(Vault {
            worker: Mutex::new(start_worker(&shared)?),
            shared: RwLock::new(shared),
            report,
        })
    }

    /// What is held open now.
    pub(crate) fn shared(&self) -> Arc<Shared> {
        self.shared
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Does something with what is held open, and begins again where that gave way to a rekey.
    pub(crate) fn with_present<T>(
        &self,
        act: impl Fn(&Shared) -> Result<T, Error>,
    ) -> Result<T, Error> {
        loop {
            let shared = self.shared();
            match act(&shared) {
                Err(Error::Stale) if shared.is_replaced() => {}
                outcome => return outcome,
            }
        }
    }

    /// Puts what has other keys in the place of what was held open until now.
    pub(crate) fn replace(&self, shared: &Arc<Shared>) {
        *self.shared.write().unwrap_or_else(PoisonError::into_inner) = shared.clone();
    }

    /// Ends the background work on what was replaced. No lock of it may be held.
    pub(crate) fn stop_worker(&self) {
        let worker = self.worker().take();
        if let Some(worker) = worker {
            worker.stop();
        }
    }

    /// Begins background work on what is held open now.
    pub(crate) fn restart_worker(&self) -> Result<(), Error> {
        let worker = start_worker(&self.shared())?;
        if let Some(worker) = &worker {
            // Saves may have come in meanwhile.
            worker.wake();
        }
        *self.worker() = worker;
        Ok(())
    }

    fn worker(&self) -> MutexGuard<'_, Option<Worker>> {
        self.worker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What opening found and mended.
    pub fn opening(&self) -> &OpeningReport {
        &self.report
    }

    /// The vault's id.
    pub fn id(&self) -> VaultId {
        self.shared().vault
    }

    /// The branch of the vault's history. A restored vault begins another one, and so do new keys for the whole vault.
    pub fn lineage(&self) -> LineageId {
        self.shared().lineage
    }

    /// The id of this machine as a device of the vault.
    pub fn device(&self) -> DeviceId {
        self.shared().device
    }

    /// Whether every key of a vault that this program has held so far, and every keyring that it opened, lay in memory
    /// that the system keeps out of swap. What a person types or hands over to open one is no such key.
    pub fn memory_locked() -> bool {
        memory::is_locked()
    }

    /// Whether nothing can be written.
    pub fn read_only(&self) -> bool {
        self.shared().read_only
    }

    /// Puts another passphrase in place of the present one; records are not touched. Errors: `Undecided`, after which
    /// one of the two opens the vault; any other says that the present one stays.
    pub fn change_passphrase(
        &self,
        new: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        let shared = &*self.shared();
        shared.check_writable()?;
        let slot = Slot::make_for_passphrase(&shared.root, shared.vault, cost, |salt| {
            kdf::derive_stretched(new.as_bytes(), salt, cost, watch)
        })?;
        watch.at(Step::Writing);
        shared.write_header(|header| header.replace_slot(slot))
    }

    /// Says whether this is the present passphrase.
    pub fn check_passphrase(&self, passphrase: &Passphrase) -> Result<bool, Error> {
        let Some(slot) = self.slot(SlotSort::Passphrase)? else {
            return Ok(false);
        };
        let stretched =
            kdf::derive_stretched(passphrase.as_bytes(), &slot.salt, slot.cost, &Quiet)?;
        Ok(slot.unwrap_root(self.id(), &*stretched).is_some())
    }

    /// Says whether this is the present spare key, by both copies of the header as they are on the disk.
    pub fn check_spare_key(&self, spare: &SpareKey) -> Result<bool, Error> {
        let shared = &*self.shared();
        let _unchanging = shared.head()?;
        for copy in layout::COPIES {
            let bytes = shared.host.disk.read(&shared.layout.header(copy))?;
            let opens = Header::parse(&bytes).is_ok_and(|header| {
                header
                    .slot(SlotSort::SpareKey)
                    .is_some_and(|slot| slot.unwrap_root(shared.vault, spare.as_bytes()).is_some())
            });
            if !opens {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Puts a new spare key in place of the present one, which opens nothing from then on. Errors: `Undecided`, after
    /// which one of the two opens the vault; any other says that the present one stays.
    pub fn replace_spare_key(&self, spare: &SpareKey) -> Result<(), Error> {
        let shared = &*self.shared();
        shared.check_writable()?;
        let slot = Slot::make_for_spare_key(&shared.root, shared.vault, spare)?;
        shared.write_header(|header: &mut Header| header.replace_slot(slot))
    }

    /// Adds a slot that a keychain can open, and hands out what opens it, once: it is kept nowhere else. Should the
    /// keychain not take it, the slot is to be removed again. Passphrase and spare key stay what they are, and a
    /// change of either leaves the slot; backups are made without it, and a restored vault has none. Errors:
    /// `TooManyKeychains`, `ReadOnly`, and those of the disk, after which there is no such slot.
    pub fn add_keychain_slot(&self) -> Result<(SlotId, KeychainSecret), Error> {
        let shared = self.shared();
        shared.check_writable()?;
        let secret = KeychainSecret::make()?;
        let slot = Slot::make_for_keychain(&shared.root, shared.vault, &secret)?;
        let id = slot.id;
        let added = shared.write_header_if(|header| {
            if !header.takes_keychain_slot() {
                return Err(Error::TooManyKeychains);
            }
            header.slots.push(slot);
            Ok(())
        });
        // Should the slot be there after all, nothing can open it.
        added.map_err(Error::of_the_disk)?;
        Ok((id, secret))
    }

    /// Removes a slot that a keychain opens, which then opens nothing of this folder any more. Whoever kept a copy
    /// of an older header and the secret still has the root key by them, as with an old passphrase. Errors:
    /// `UnknownSlot`, also for slots of another sort, `ReadOnly`, and those of the disk.
    pub fn remove_keychain_slot(&self, id: SlotId) -> Result<(), Error> {
        let shared = self.shared();
        shared.check_writable()?;
        let removed = shared.write_header_if(|header| {
            if header.keychain_slots().all(|there| there != id) {
                return Err(Error::UnknownSlot);
            }
            header
                .slots
                .retain(|slot| !(slot.takes_keychain() && slot.id == id));
            Ok(())
        });
        // Whoever is told that it may be there still removes it again.
        removed.map_err(Error::of_the_disk)
    }

    /// Lists the slots that keychains open, this machine's and those of others, in the order in which they were
    /// added.
    pub fn keychain_slots(&self) -> Result<Vec<SlotId>, Error> {
        Ok(self.shared().head()?.header.keychain_slots().collect())
    }

    #[cfg(test)]
    pub(crate) fn shared_for_tests(&self) -> Arc<Shared> {
        self.shared()
    }

    fn slot(&self, sort: SlotSort) -> Result<Option<Slot>, Error> {
        Ok(self.shared().head()?.header.slot(sort).cloned())
    }

    /// Lists the compartments in the order in which they were made.
    pub fn compartments(&self) -> Vec<CompartmentInfo> {
        let shared = self.shared();
        let ring = shared.ring.read().unwrap_or_else(PoisonError::into_inner);
        let info = |entry: &Entry| CompartmentInfo {
            id: entry.id,
            created: entry.created,
            locked: !ring.open.contains_key(&entry.id),
            second_passphrase: entry.second,
            alias: (!entry.alias.is_empty()).then(|| entry.alias.clone()),
            retention_day: (entry.retention_day != 0).then_some(entry.retention_day),
        };
        ring.keyring.entries.iter().map(info).collect()
    }

    /// Lists the compartments that were forgotten, so that a restored backup can be asked about them.
    pub fn forgotten(&self) -> Vec<ForgottenInfo> {
        let shared = self.shared();
        let ring = shared.ring.read().unwrap_or_else(PoisonError::into_inner);
        let info = |gone: &Forgotten| ForgottenInfo {
            id: gone.id,
            at: gone.time,
        };
        ring.keyring.forgotten.iter().map(info).collect()
    }

    /// Makes a compartment with a key of its own and leaves it open.
    pub fn make_compartment(
        &self,
        options: CompartmentOptions<'_>,
    ) -> Result<CompartmentId, Error> {
        let shared = &*self.shared();
        shared.check_writable()?;
        let alias = options.alias.unwrap_or_default();
        if alias.len() > MAX_ALIAS {
            return Err(Error::TooLarge);
        }
        // Stretching takes a second: it comes before any lock.
        let mut stretched = None;
        if let Some((passphrase, cost)) = options.second {
            let salt = envelope::make_salt()?;
            let key = kdf::derive_stretched(passphrase.as_bytes(), &salt, cost, &Quiet)?;
            stretched = Some((salt, cost, key));
        }
        let writer = shared.writer()?;
        if shared.ring()?.keyring.entries.len() >= MAX_COMPARTMENTS {
            return Err(Error::TooLarge);
        }
        let created = Dot {
            device: shared.device,
            counter: shared.head()?.header.keyring_revision + 1,
        };
        let (entry, key) = match stretched {
            Some((salt, cost, stretched)) => {
                Entry::make_second(shared.vault, created, alias, cost, salt, &stretched)?
            }
            None => Entry::make_plain(shared.vault, created, alias)?,
        };
        let id = entry.id;
        let opened = Opened::new(shared, &entry, &key);
        shared.write_keyring_with(&writer, entry)?;
        let mut ring = shared.ring_mut()?;
        ring.open.insert(id, opened);
        Ok(id)
    }

    /// Opens a compartment that has a second passphrase. Errors: `WrongCredential`, `UnknownCompartment`.
    pub fn open_compartment(
        &self,
        id: CompartmentId,
        passphrase: &Passphrase,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        self.with_present(|shared| Self::open_compartment_of(shared, id, passphrase, watch))
    }

    fn open_compartment_of(
        shared: &Shared,
        id: CompartmentId,
        passphrase: &Passphrase,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        let (salt, cost) = {
            let ring = shared.ring()?;
            let entry = ring.keyring.entry(id).ok_or(Error::UnknownCompartment)?;
            if !entry.second {
                return Ok(());
            }
            (entry.salt, entry.cost)
        };
        let stretched = kdf::derive_stretched(passphrase.as_bytes(), &salt, cost, watch)?;
        let mut ring = shared.ring_mut()?;
        // Other keys since then: what was stretched is for the salt of before.
        if shared.is_replaced() {
            return Err(Error::Stale);
        }
        let entry = ring.keyring.entry(id).ok_or(Error::UnknownCompartment)?;
        let key = entry
            .unwrap_key(shared.vault, &stretched)
            .ok_or(Error::WrongCredential)?;
        let opened = Opened::new(shared, entry, &key);
        ring.open.insert(id, opened);
        Ok(())
    }

    /// Shuts a compartment that has a second passphrase; others stay open as long as the vault.
    pub fn shut_compartment(&self, id: CompartmentId) -> Result<(), Error> {
        let shared = self.shared();
        let mut ring = shared.ring_mut()?;
        let entry = ring.keyring.entry(id).ok_or(Error::UnknownCompartment)?;
        if entry.second {
            ring.open.remove(&id);
        }
        Ok(())
    }

    /// Sets the day after which a compartment is due to be forgotten, counted from 1970-01-01, or takes it away. It is
    /// known while the compartment is shut, and nothing is forgotten by itself. Errors: `UnknownCompartment`,
    /// `ReadOnly`, and those of the disk.
    pub fn set_retention_day(&self, id: CompartmentId, day: Option<u32>) -> Result<(), Error> {
        let day = day.unwrap_or(0);
        self.mark(id, Marks::RetentionDay(day), |entry| {
            entry.retention_day == day
        })
    }

    /// Sets the short name that may be shown while a compartment is shut, or takes it away; at most 64 bytes of UTF-8.
    /// Errors: `TooLarge`, `UnknownCompartment`, `ReadOnly`, and those of the disk.
    pub fn set_alias(&self, id: CompartmentId, alias: Option<&str>) -> Result<(), Error> {
        let alias = alias.unwrap_or_default();
        if alias.len() > MAX_ALIAS {
            return Err(Error::TooLarge);
        }
        self.mark(id, Marks::Alias(alias.to_owned()), |entry| {
            entry.alias == alias
        })
    }

    fn mark(
        &self,
        id: CompartmentId,
        marks: Marks,
        is_there: impl Fn(&Entry) -> bool,
    ) -> Result<(), Error> {
        let shared = self.shared();
        shared.check_writable()?;
        let there = shared.ring()?.keyring.entry(id).map(is_there);
        if there.ok_or(Error::UnknownCompartment)? {
            return Ok(());
        }
        let writer = shared.writer()?;
        if shared.is_replaced() {
            return Err(Error::Stale);
        }
        shared.write_marks(&writer, id, marks)
    }

    /// The folders in which damaged stores and files of this vault are kept as they were. They hold nothing but sealed rows; the
    /// next forgetting destroys them.
    pub fn set_asides(&self) -> Result<Vec<PathBuf>, Error> {
        let shared = self.shared();
        let aside = shared.layout.aside();
        let entries = disk::list_if_there(&*shared.host.disk, &aside)?;
        Ok(entries
            .into_iter()
            .map(|entry| aside.join(entry.name))
            .collect())
    }

    /// Destroys a compartment: its key, every old keyring and epoch, and every row of it in this folder. A crash
    /// on the way either undoes it or lets the next opening finish it. From when there is a report it is gone, even where
    /// not everything of it could be destroyed yet. On an error it is still there, but with `Undecided`, after which it
    /// is either still there or gone. Errors: that one, `UnknownCompartment`, `Cancelled`, `ReadOnly`, `Damaged` while
    /// rows are missing, and those of the disk.
    pub fn forget(&self, id: CompartmentId, watch: &dyn Watch) -> Result<ForgetReport, Error> {
        self.forget_all(&[id], watch)
    }

    /// As `forget`, for several compartments: all of them or none.
    pub fn forget_all(
        &self,
        ids: &[CompartmentId],
        watch: &dyn Watch,
    ) -> Result<ForgetReport, Error> {
        let shared = self.shared();
        shared.check_writable()?;
        forget::forget(&shared, &ids.iter().copied().collect(), watch)
    }

    /// Saves a batch: all of it or nothing, and durable on return. Errors: `TooLarge` before any work,
    /// `UnknownCompartment`, `CompartmentLocked`, `ReadOnly`, and those of the disk, after which nothing of the
    /// batch is in the vault unless an opening report says that it was replayed.
    pub fn save(&self, batch: Batch) -> Result<Saved, Error> {
        self.shared().check_writable()?;
        let writes = batch.settled()?;
        loop {
            let shared = self.shared();
            match self.save_into(&shared, &writes) {
                // It waited until the vault had other keys.
                Err(Error::Stale) if shared.is_replaced() => {}
                outcome => return outcome,
            }
        }
    }

    fn save_into(&self, shared: &Shared, writes: &[Write]) -> Result<Saved, Error> {
        shared.check_writable()?;
        let mut writer = shared.writer()?;
        let ring = shared.ring()?;
        let store = shared.store();
        let plan = plan_save(shared, &ring, &store, &writer, writes)?;
        drop(ring);
        if plan.operations.is_empty() {
            return Ok(Saved {
                sequence: writer.state.point(shared.device).sequence,
            });
        }
        let frames = seal_frames(shared, &mut writer, &plan)?;
        let sequence = frames.after.point(shared.device).sequence;
        writer.journal.append(&frames.bytes, sequence)?;
        // From here on it is saved, whatever becomes of the store.
        let changes: Vec<Change<'_>> = plan
            .operations
            .iter()
            .map(|operation| {
                let put = operation.action == Action::Put;
                (operation.key, put.then_some(operation.value.as_slice()))
            })
            .collect();
        let applied = store.apply(&changes, &frames.after);
        writer.state = frames.after;
        writer.changed = true;
        if applied.is_err() {
            // Reading on would show an old state as the present one.
            shared.go_stale();
        }
        drop(writer);
        if let Some(worker) = &*self.worker() {
            worker.wake();
        }
        Ok(Saved { sequence })
    }

    /// Reads one record. Errors: `CompartmentLocked`, `UnknownCompartment`, `Damaged` for this record alone.
    pub fn read(
        &self,
        compartment: CompartmentId,
        kind: Kind,
        record: RecordId,
    ) -> Result<Option<Record>, Error> {
        loop {
            let shared = self.shared();
            let found = read_from(&shared, compartment, kind, record);
            // What was replaced meanwhile may have lost its files, and knows nothing of later saves.
            if !shared.is_replaced() {
                return found;
            }
        }
    }

    /// Shows every record of a compartment, in no meaningful order. Errors: `Stale` when the vault gets other keys
    /// meanwhile: what was shown until then was right, and the walk can be begun again; and as for `read`.
    pub fn visit(
        &self,
        compartment: CompartmentId,
        visitor: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Visited, Error> {
        let shared = &*self.shared();
        shared.check_fresh()?;
        let route = shared.ring()?.opened(compartment)?.route;
        let store = shared.store();
        let mut visited = Visited::default();
        // What it walks over is overwritten by a rekey, whose old keys it must not keep any longer than that.
        let check_present = || {
            if shared.is_replaced() {
                return Err(Error::Stale);
            }
            Ok(())
        };
        for row in store.rows(Some(route)) {
            check_present()?;
            let (key, value) = row?;
            let opened = {
                let ring = shared.ring()?;
                ring.opened(compartment)?
                    .sealer
                    .open(&shared.keys.namer, &key, &value)
            };
            let Some(head) = opened else {
                check_present()?;
                visited.unreadable.push(Unreadable {
                    row: key.name(),
                    record: None,
                });
                continue;
            };
            if head.chunk != 0 {
                continue;
            }
            let (kind, record) = (head.kind, head.record);
            if head.chunks == 1 {
                let whole = row::assemble(std::slice::from_ref(&head)).is_some();
                if whole {
                    let (schema, payload) = (head.schema, head.payload());
                    visitor(RecordRef {
                        kind,
                        record,
                        schema,
                        payload,
                    });
                    visited.records += 1;
                } else {
                    let record = Some((kind, record));
                    visited.unreadable.push(Unreadable {
                        row: key.name(),
                        record,
                    });
                }
                continue;
            }
            match self.read(compartment, kind, record) {
                Ok(Some(Record { schema, payload })) => {
                    visitor(RecordRef {
                        kind,
                        record,
                        schema,
                        payload: &payload,
                    });
                    visited.records += 1;
                }
                // It was removed while this walk went on.
                Ok(None) => {}
                Err(Error::Damaged { .. }) => {
                    let record = Some((kind, record));
                    visited.unreadable.push(Unreadable {
                        row: key.name(),
                        record,
                    });
                }
                Err(error) => return Err(error),
            }
        }
        check_present()?;
        Ok(visited)
    }

    /// Gathers from every record of a compartment, as `visit` shows them. Begins again, with nothing gathered, where the
    /// vault gets other keys meanwhile. Errors: as for `read`; `Stale` where that happens again and again.
    pub fn gather<T: Default>(
        &self,
        compartment: CompartmentId,
        each: &mut dyn FnMut(&mut T, RecordRef<'_>),
    ) -> Result<(T, Visited), Error> {
        for _ in 0..WALKS {
            let keys = self.shared();
            let mut gathered = T::default();
            match self.visit(compartment, &mut |record| each(&mut gathered, record)) {
                Err(Error::Stale) if keys.is_replaced() => {}
                outcome => return outcome.map(|visited| (gathered, visited)),
            }
        }
        Err(Error::Stale)
    }

    /// Checks every compartment, locked ones included, against the sums of the last save. Saves wait while one
    /// compartment is being checked. If one is not whole, the next opening counts the rows and builds the store
    /// anew from checkpoint and journal.
    pub fn verify(&self, watch: &dyn Watch) -> Result<Vec<CompartmentCheck>, Error> {
        self.with_present(|shared| Self::verify_of(shared, watch))
    }

    fn verify_of(shared: &Shared, watch: &dyn Watch) -> Result<Vec<CompartmentCheck>, Error> {
        shared.check_fresh()?;
        let total = shared.writer_to_read()?.state.sums.total.count;
        let mut done = 0;
        let mut checks = Vec::new();
        let compartments: Vec<_> = {
            let ring = shared.ring()?;
            ring.keyring.entries.iter().map(|entry| entry.id).collect()
        };
        for compartment in compartments {
            if watch.cancelled() {
                return Err(Error::Cancelled);
            }
            watch.at(Step::Verifying { done, total });
            let route = shared.keys.namer.derive_route(compartment);
            let writer = shared.writer_to_read()?;
            let mut found = Sums::default();
            for row in shared.store().rows(Some(route)) {
                if found.total.count.is_multiple_of(CANCEL_ROWS) && watch.cancelled() {
                    return Err(Error::Cancelled);
                }
                let (key, value) = row?;
                found.add(&shared.keys.sum, &key, &value);
            }
            let expected = writer.state.sums.of(&route);
            done += found.total.count;
            if found.total != expected {
                shared.suspect_rows();
            }
            checks.push(CompartmentCheck {
                compartment,
                records_expected: expected.count,
                records_found: found.total.count,
                ok: found.total == expected,
            });
        }
        Ok(checks)
    }

    /// Counts rows that belong to no compartment of the keyring; they are kept.
    pub fn stray_rows(&self) -> Result<u64, Error> {
        self.with_present(Self::stray_rows_of)
    }

    fn stray_rows_of(shared: &Shared) -> Result<u64, Error> {
        shared.check_fresh()?;
        let mut known: BTreeSet<_> = {
            let ring = shared.ring()?;
            let ids = ring.keyring.entries.iter().map(|entry| entry.id);
            ids.map(|id| shared.keys.namer.derive_route(id)).collect()
        };
        // What was forgotten and is not removed yet is not kept.
        known.extend(shared.gone()?);
        let mut strays = 0;
        for row in shared.store().rows(None) {
            strays += u64::from(!known.contains(&row?.0.route()));
        }
        if shared.is_replaced() {
            return Err(Error::Stale);
        }
        Ok(strays)
    }

    /// Bytes that the store of rows takes on the disk.
    pub fn store_size(&self) -> Result<u64, Error> {
        self.shared().store().size_on_disk()
    }

    /// Copies the live rows into a new store and removes the old one, with what has piled up in it.
    pub fn compact(&self, watch: &dyn Watch) -> Result<(), Error> {
        let shared = &*self.shared();
        shared.check_writable()?;
        shared.check_fresh()?;
        watch.at(Step::Compacting);
        // A backup that is being made reads the store that would be removed.
        let _no_backup = shared.hold_backups()?;
        let mut writer = shared.writer()?;
        shared.compact(&mut writer, watch)
    }

    /// Removes what was replaced or deleted from the files of this history: the live rows are copied into a new
    /// store, and two checkpoints of it are written; then every older one goes, all of the journal that they cover, and
    /// the damaged stores that were put aside. Refused with `Damaged` while rows are missing: then the old files are all that
    /// they could come back from. Returns how many segments and checkpoints stay, because they are of another history, or
    /// tell of what was saved elsewhere and is not taken in: they may be all there is of that, and hold what was removed.
    ///
    /// What a file system or a disk keeps beneath of removed files is out of its reach.
    pub fn sweep(&self, watch: &dyn Watch) -> Result<u64, Error> {
        let shared = &*self.shared();
        shared.check_writable()?;
        shared.check_fresh()?;
        watch.at(Step::Compacting);
        // A backup that is being made reads the store that would be removed.
        let _no_backup = shared.hold_backups()?;
        let anchoring = shared.anchoring()?;
        let mut writer = shared.writer()?;
        if !shared.rows_are_suspect() {
            shared.compact(&mut writer, watch)?;
        }
        if shared.rows_are_suspect() {
            return Err(Error::Damaged { part: Part::Store });
        }
        shared.write_anchor_of(&anchoring, &writer.state)?;
        for _ in 0..CHECKPOINTS_KEPT {
            shared.write_checkpoint(&mut writer)?;
        }
        let left = shared.clear_journal(&mut writer)?;
        forget::remove_other_checkpoints(shared, &writer)?;
        store::destroy(&shared.layout.aside())?;
        Ok(left + forget::checkpoints_put_aside(shared)?)
    }

    /// Takes the present state for the one that is wanted, though this machine knows of a newer one or of another: from
    /// now on it remembers this one, and notices when the other comes back. Something has to be saved before, so that no
    /// save of this state has a number that one of the other has.
    ///
    /// Errors: `ReadOnly`, and those of the disk; then this machine goes on remembering what it did.
    pub fn accept_state(&self) -> Result<(), Error> {
        let shared = self.shared();
        shared.check_writable()?;
        shared.anchor_frozen.store(false, Ordering::Release);
        shared.write_anchor().inspect_err(|_| {
            shared.anchor_frozen.store(true, Ordering::Release);
        })
    }

    /// Writes a checkpoint if anything changed, flushes the store and tells the anchor, as `lock` does, and stays
    /// open: whatever is saved is then in every file that it will ever be in.
    pub fn checkpoint(&self) -> Result<(), Error> {
        self.shared().rest()
    }

    /// Writes a checkpoint if anything changed, syncs everything, tells the anchor, and closes. An error means
    /// that the next opening has more to do, not that a save is lost.
    pub fn lock(self) -> Result<(), Error> {
        self.stop_worker();
        self.shared().close()
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.stop_worker();
    }
}

fn start_worker(shared: &Arc<Shared>) -> Result<Option<Worker>, Error> {
    Ok(match shared.host.settle_after {
        Some(after) if !shared.read_only => Some(Worker::start(shared.clone(), after)?),
        _ => None,
    })
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("id", &self.shared().vault)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("settle_after", &self.settle_after)
            .finish_non_exhaustive()
    }
}

fn read_from(
    shared: &Shared,
    compartment: CompartmentId,
    kind: Kind,
    record: RecordId,
) -> Result<Option<Record>, Error> {
    shared.check_fresh()?;
    let ring = shared.ring()?;
    let opened = ring.opened(compartment)?;
    let found = read_record(shared, opened, compartment, kind, record);
    match found {
        Err(Error::Damaged { .. }) => {
            drop(ring);
            // Perhaps a save was just replacing its chunks: look again while none can.
            let _writer = shared.writer_to_read()?;
            let ring = shared.ring()?;
            read_record(shared, ring.opened(compartment)?, compartment, kind, record)
        }
        found => found,
    }
}

/// What a save does to the rows.
struct Plan {
    /// The dots in them are positions; the number of the save is added when its frames are sealed.
    operations: Vec<Operation>,
    sums: Sums,
}

fn plan_save(
    shared: &Shared,
    ring: &Ring,
    store: &Store,
    writer: &Writer,
    writes: &[Write],
) -> Result<Plan, Error> {
    let mut plan = Plan {
        operations: Vec::new(),
        sums: writer.state.sums.clone(),
    };
    let first = shared.next_sequence(writer)?;
    for (position, write) in writes.iter().enumerate() {
        let opened = ring.opened(write.compartment)?;
        let dot = Dot {
            device: shared.device,
            counter: first << DOT_INDEX_BITS | position as u64,
        };
        let name = |chunk| {
            shared
                .keys
                .namer
                .derive_row(write.compartment, write.kind, write.record, chunk)
        };
        let old_head = store.row(&name(0))?;
        let old = old_head
            .as_ref()
            .and_then(|value| opened.sealer.open(&shared.keys.namer, &name(0), value));
        let parents: Vec<Dot> = old.iter().map(|old| old.dot).collect();
        let rows = match &write.content {
            Some((schema, payload)) => {
                let outgoing = Outgoing {
                    kind: write.kind,
                    record: write.record,
                    schema: *schema,
                    dot,
                    payload,
                };
                opened.sealer.seal(&shared.keys.namer, &outgoing)?
            }
            None => Vec::new(),
        };
        let old_chunks = match &old {
            Some(old) => old.chunks,
            // Without its head nobody says how many there were: those that are replaced, and those that follow.
            None => {
                let mut chunks = rows.len().max(1) as u32;
                while store.row(&name(chunks))?.is_some() {
                    chunks += 1;
                }
                chunks
            }
        };
        if old_head.is_none() && write.content.is_none() && shared.rows_are_suspect() {
            // The record may come back from the journal; its removal must be there then.
            plan.operations.push(Operation {
                action: Action::Delete,
                key: name(0),
                dot,
                parents: Vec::new(),
                value: Vec::new(),
            });
        }
        for chunk in 0..old_chunks {
            let key = name(chunk);
            if let Some(value) = store.row(&key)? {
                plan.sums.take(&shared.keys.sum, &key, &value);
                if chunk as usize >= rows.len() {
                    let parents = parents.clone();
                    let action = Action::Delete;
                    plan.operations.push(Operation {
                        action,
                        key,
                        dot,
                        parents,
                        value: Vec::new(),
                    });
                }
            }
        }
        for (key, value) in rows {
            plan.sums.add(&shared.keys.sum, &key, &value);
            let parents = parents.clone();
            plan.operations.push(Operation {
                action: Action::Put,
                key,
                dot,
                parents,
                value,
            });
        }
    }
    Ok(plan)
}

struct SealedSave {
    bytes: Vec<Vec<u8>>,
    after: State,
}

/// Seals a plan into as many frames as it needs: parts, and a batch that completes them.
fn seal_frames(shared: &Shared, writer: &mut Writer, plan: &Plan) -> Result<SealedSave, Error> {
    let mut after = writer.state.clone();
    after.time = shared.host.clock.now();
    let start = shared.segment_start(writer)?;
    let mut sequence = start.first_sequence;
    let keys = writer.journal.prepare(shared.context(), || start)?;
    let mut bytes = Vec::new();
    let mut rest = &plan.operations[..];
    loop {
        let point = after.point(shared.device);
        let mut body = Body {
            sort: BodySort::Batch,
            time: after.time,
            lamport: after.lamport + 1,
            frontier: after.frontier_list(),
            sums: plan.sums.clone(),
            operations: Vec::new(),
        };
        let mut room = frame::MAX_BODY - body.base_length();
        let fitting = rest
            .iter()
            .take_while(|operation| {
                let fits = operation.length() <= room;
                room = room.saturating_sub(operation.length());
                fits
            })
            .count();
        let (now, later) = rest.split_at(fitting);
        if fitting == 0 && !later.is_empty() {
            return Err(Error::TooLarge);
        }
        body.operations = now.to_vec();
        if !later.is_empty() {
            body.sort = BodySort::Part;
            body.sums = after.sums.clone();
        }
        let sealed = frame::seal_frame(keys, shared.vault, sequence, &point.chain, &body)?;
        bytes.push(sealed.bytes);
        after.lamport = body.lamport;
        after.frontier.insert(
            shared.device,
            Point {
                sequence,
                chain: sealed.chain,
            },
        );
        rest = later;
        if rest.is_empty() {
            after.sums = body.sums;
            return Ok(SealedSave { bytes, after });
        }
        sequence = journal::next_sequence(sequence)?;
    }
}

fn read_record(
    shared: &Shared,
    opened: &Opened,
    compartment: CompartmentId,
    kind: Kind,
    record: RecordId,
) -> Result<Option<Record>, Error> {
    let damaged = Error::Damaged { part: Part::Record };
    let store = shared.store();
    let name = |chunk| {
        shared
            .keys
            .namer
            .derive_row(compartment, kind, record, chunk)
    };
    let open = |key: &RowKey, value: &Value| -> Result<OpenRow, Error> {
        opened
            .sealer
            .open(&shared.keys.namer, key, value)
            .ok_or(damaged)
    };
    let Some(value) = store.row(&name(0))? else {
        return Ok(None);
    };
    let head = open(&name(0), &value)?;
    let (schema, chunks) = (head.schema, head.chunks);
    let mut rows = vec![head];
    for chunk in 1..chunks {
        let value = store.row(&name(chunk))?.ok_or(damaged)?;
        rows.push(open(&name(chunk), &value)?);
    }
    let payload = row::assemble(&rows).ok_or(damaged)?;
    Ok(Some(Record { schema, payload }))
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch")
            .field("writes", &self.writes.len())
            .finish()
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}
