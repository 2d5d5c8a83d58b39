//! The store of rows: sled in a folder of its own, or memory where nothing may be written. It is a cache of
//! checkpoint and journal with an index: an acknowledgement never rests on it.

use std::collections::{BTreeMap, btree_map};
use std::fs::{self, File};
use std::io;
use std::ops::Bound;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crate::container::RowVisitor;
use crate::disk::{Disk, RealDisk};
use crate::envelope::{self, Label, Nonce, RootKey, SealingKey};
use crate::error::{Error, Part};
use crate::ids::{EpochId, FileId, VaultId};
use crate::layout;
use crate::primitives::NONCE_LENGTH;
use crate::row::{ROUTE_LENGTH, ROW_KEY_LENGTH, Route, RowKey};
use crate::state::State;

/// A value as the store hands it out; cheap to copy.
pub type Value = sled::IVec;

/// A leaf above a quarter of this would go to a blob file that sled never reclaims; sixteen rows of the largest
/// size are an eighth.
const SEGMENT_BYTES: usize = 4 * 1024 * 1024;
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
const TREE: &[u8] = b"r";
/// Shorter than any row's key, so that it can be none.
const STATE_KEY: &[u8] = b"s";
/// So is this one.
const EPOCH_KEY: &[u8] = b"e";
/// How long to wait for a store that is just being closed.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
const LOCK_RETRY: Duration = Duration::from_millis(20);
/// sled notes which pages were used in 256 queues, and lets pages go only once one of them holds 64 notes. A walk
/// reads each page of up to sixteen rows once, and so hundreds of megabytes would pile up before that. Looking a row
/// up is one more note: with one for so many bytes, 64 KiB and a page wait in each queue, whatever the rows are.
/// sled keeps one page of each queue, too, and these are as large as sixteen rows.
const NOTE_BYTES: usize = 1024;
/// Rows written at once when a store is filled.
const FILL_BYTES: usize = 1024 * 1024;
/// How far sled may be behind with its files while a store is filled: it keeps what it has not written yet, two or three
/// times as many bytes, however many they become.
const BEHIND_BYTES: usize = 4 * 1024 * 1024;

/// A store of rows.
pub struct Store {
    pub id: FileId,
    vault: VaultId,
    key: SealingKey,
    rows: Rows,
    /// Set once sled could not read or write something: its rows are to be counted before they are believed.
    suspect: AtomicBool,
    /// What changes while a snapshot is being read is kept there as it was.
    watched: Mutex<Weak<Before>>,
}

/// Rows as they were before they were changed, while a snapshot is read; `None` where there was none.
#[derive(Default)]
struct Before {
    rows: Mutex<BTreeMap<RowKey, Option<Value>>>,
    /// Set when a row could not be kept: the snapshot is worth nothing then, and no save fails for its sake.
    lost: AtomicBool,
}

/// The rows of a store as they stood at one moment, while saves go on.
pub struct Snapshot {
    store: Arc<Store>,
    before: Arc<Before>,
}

enum Rows {
    Sled {
        db: sled::Db,
        tree: sled::Tree,
        folder: PathBuf,
        waiting: RwLock<Waiting>,
    },
    Memory(RwLock<BTreeMap<RowKey, Value>>),
}

/// Changes that are in the journal and not yet in sled, whose every transaction waits for its own log. They are
/// read before sled is, and handed to it together.
#[derive(Default)]
struct Waiting {
    rows: BTreeMap<RowKey, Option<Value>>,
    state: Option<State>,
    bytes: usize,
}

/// One change to a row; `None` removes it.
pub type Change<'a> = (RowKey, Option<&'a [u8]>);

impl Store {
    /// Makes an empty store in a new folder.
    pub fn create(
        folder: &Path,
        id: FileId,
        root: &RootKey,
        vault: VaultId,
    ) -> Result<Store, Error> {
        let (db, tree) = open_sled(folder)?;
        make_private(folder)?;
        let rows = Rows::Sled {
            db,
            tree,
            folder: folder.to_owned(),
            waiting: RwLock::default(),
        };
        Ok(Store {
            id,
            vault,
            key: derive_key(root, vault, id),
            rows,
            suspect: AtomicBool::new(false),
            watched: Mutex::default(),
        })
    }

    /// Opens a store and how things stood when it was last written; a panic inside sled is damage.
    pub fn open(
        folder: &Path,
        id: FileId,
        root: &RootKey,
        vault: VaultId,
    ) -> Result<(Store, State), Error> {
        let damaged = Error::Damaged { part: Part::Store };
        if !folder.join("db").is_file() {
            return Err(damaged);
        }
        let key = derive_key(root, vault, id);
        let probed = folder.to_owned();
        let attempt = thread::spawn(move || {
            panic::catch_unwind(AssertUnwindSafe(|| {
                let (db, tree) = open_sled(&probed)?;
                let sealed = tree.get(STATE_KEY).map_err(map_sled)?;
                Ok::<_, Error>((db, tree, sealed))
            }))
        });
        let (db, tree, sealed) = attempt
            .join()
            .map_err(|_| damaged)?
            .map_err(|_| damaged)??;
        let state = sealed
            .and_then(|sealed| open_state(&key, vault, id, &sealed))
            .ok_or(damaged)?;
        let rows = Rows::Sled {
            db,
            tree,
            folder: folder.to_owned(),
            waiting: RwLock::default(),
        };
        Ok((
            Store {
                id,
                vault,
                key,
                rows,
                suspect: AtomicBool::new(false),
                watched: Mutex::default(),
            },
            state,
        ))
    }

    /// Makes an empty store that writes nothing to disk.
    pub fn in_memory(root: &RootKey, vault: VaultId) -> Result<Store, Error> {
        let id = FileId::make()?;
        let rows = Rows::Memory(RwLock::default());
        Ok(Store {
            id,
            vault,
            key: derive_key(root, vault, id),
            rows,
            suspect: AtomicBool::new(false),
            watched: Mutex::default(),
        })
    }

    /// Notes that the store was prepared for an epoch, so that whoever finishes a rekey can tell it from stores of
    /// before, which the same root key may open.
    pub fn note_epoch(&self, epoch: EpochId) -> Result<(), Error> {
        let Rows::Sled { tree, .. } = &self.rows else {
            return Ok(());
        };
        let nonce = Nonce::make()?;
        let mut out = nonce.bytes().to_vec();
        let place = envelope::place(Label::Store, self.vault, &[&self.id.0, &epoch.0]);
        envelope::seal_tail(&self.key, nonce, &place, &mut out, NONCE_LENGTH);
        self.fenced(|| tree.insert(EPOCH_KEY, out)).map(drop)
    }

    /// Whether the store was prepared for this epoch.
    pub fn is_of_epoch(&self, epoch: EpochId) -> Result<bool, Error> {
        let Rows::Sled { tree, .. } = &self.rows else {
            return Ok(false);
        };
        let Some(noted) = self.fenced(|| tree.get(EPOCH_KEY))? else {
            return Ok(false);
        };
        let place = envelope::place(Label::Store, self.vault, &[&self.id.0, &epoch.0]);
        let opens = |(nonce, sealed): (&[u8; NONCE_LENGTH], &[u8])| {
            envelope::open(&self.key, nonce, &place, sealed).is_some()
        };
        Ok(noted.split_first_chunk().is_some_and(opens))
    }

    /// Whether sled met damage since this store was opened.
    pub fn is_suspect(&self) -> bool {
        self.suspect.load(Ordering::Acquire)
    }

    /// Calls sled, which reads its pages only when they are asked for and may panic over a damaged one.
    fn fenced<T>(&self, act: impl FnOnce() -> sled::Result<T>) -> Result<T, Error> {
        let outcome = panic::catch_unwind(AssertUnwindSafe(act));
        let outcome = outcome.map_or(Err(Error::Damaged { part: Part::Store }), |answer| {
            answer.map_err(map_sled)
        });
        if matches!(outcome, Err(Error::Damaged { .. })) {
            self.suspect.store(true, Ordering::Release);
        }
        outcome
    }

    pub fn row(&self, key: &RowKey) -> Result<Option<Value>, Error> {
        match &self.rows {
            Rows::Sled { tree, waiting, .. } => {
                let waiting = waiting.read().unwrap_or_else(PoisonError::into_inner);
                match waiting.rows.get(key) {
                    Some(value) => Ok(value.clone()),
                    None => self.fenced(|| tree.get(key.0)),
                }
            }
            Rows::Memory(rows) => Ok(rows
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .get(key)
                .cloned()),
        }
    }

    /// Applies changes and the state after them, all or nothing. They reach sled when enough have come together,
    /// when all rows are to be walked over, or with the next flush.
    pub fn apply(&self, changes: &[Change<'_>], state: &State) -> Result<(), Error> {
        self.keep_for_snapshot(changes);
        match &self.rows {
            Rows::Sled { tree, waiting, .. } => {
                let mut waiting = waiting.write().unwrap_or_else(PoisonError::into_inner);
                for (key, value) in changes {
                    waiting.bytes += ROW_KEY_LENGTH + value.map_or(0, <[u8]>::len);
                    waiting.rows.insert(*key, value.map(Value::from));
                }
                waiting.state = Some(state.clone());
                if waiting.bytes < FILL_BYTES {
                    Ok(())
                } else {
                    self.hand_over(tree, &mut waiting)
                }
            }
            Rows::Memory(rows) => {
                let mut rows = rows.write().unwrap_or_else(PoisonError::into_inner);
                for (key, value) in changes {
                    match value {
                        Some(value) => rows.insert(*key, Value::from(*value)),
                        None => rows.remove(key),
                    };
                }
                Ok(())
            }
        }
    }

    /// Walks over the rows of one compartment, or over all, in the order of their keys, holding about `FILL_BYTES`
    /// of them at a time.
    pub fn rows(
        &self,
        route: Option<Route>,
    ) -> impl Iterator<Item = Result<(RowKey, Value), Error>> {
        let settled = self.settle();
        let mut walk = Walk {
            store: self,
            route,
            after: None,
            rows: BTreeMap::new().into_iter(),
            ended: settled.is_err(),
        };
        let refused = settled.err().map(Err);
        refused
            .into_iter()
            .chain(std::iter::from_fn(move || walk.next_row().transpose()))
    }

    /// Takes a snapshot. The caller holds back saves until it has it; there is one at a time.
    pub fn snapshot(self: &Arc<Self>) -> Result<Snapshot, Error> {
        self.settle()?;
        let before = Arc::new(Before::default());
        *self.watched.lock().map_err(|_| Error::Stale)? = Arc::downgrade(&before);
        Ok(Snapshot {
            store: self.clone(),
            before,
        })
    }

    fn keep_for_snapshot(&self, changes: &[Change<'_>]) {
        let watched = self
            .watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .upgrade();
        let Some(before) = watched else { return };
        let mut rows = before.rows.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in changes {
            if rows.contains_key(key) {
                continue;
            }
            match self.row(key) {
                Ok(value) => {
                    rows.insert(*key, value);
                }
                Err(_) => before.lost.store(true, Ordering::Release),
            }
        }
    }

    /// Reads the next rows after a key, of one compartment or of all, as they are in sled or memory now, about
    /// `FILL_BYTES` of them; an answer after which there are no more says so.
    fn some_rows(
        &self,
        route: Option<Route>,
        after: Option<RowKey>,
    ) -> Result<(BTreeMap<RowKey, Value>, bool), Error> {
        let mut found = BTreeMap::new();
        let mut bytes = 0;
        let mut take = |key: RowKey, value: Value| {
            bytes += ROW_KEY_LENGTH + value.len();
            found.insert(key, value);
            bytes >= FILL_BYTES
        };
        let range = range_of(route, after);
        let full = match &self.rows {
            Rows::Sled { tree, .. } => self.fenced(|| {
                let bytes_of = |bound: Bound<RowKey>| bound.map(|key| key.0.to_vec());
                for entry in tree.range((bytes_of(range.0), bytes_of(range.1))) {
                    let (key, value) = entry?;
                    let Ok(key) = key.as_ref().try_into().map(RowKey) else {
                        continue;
                    };
                    leave_notes(tree, &key, &value)?;
                    if take(key, value) {
                        return Ok(true);
                    }
                }
                Ok(false)
            })?,
            Rows::Memory(rows) => {
                let rows = rows.read().unwrap_or_else(PoisonError::into_inner);
                rows.range(range)
                    .any(|(key, value)| take(*key, value.clone()))
            }
        };
        Ok((found, !full))
    }

    /// Adds rows without a state; the store counts as unfinished until `apply` gives it one.
    pub fn fill(&self, filler: &mut Filler) -> Result<(), Error> {
        let rows = std::mem::take(&mut filler.rows);
        filler.behind += std::mem::take(&mut filler.bytes);
        match &self.rows {
            Rows::Sled { db, tree, .. } => {
                let rows = || rows.iter().map(|(key, value)| (key, value));
                self.write(tree, batch_of(rows()), rows())?;
                if filler.behind >= BEHIND_BYTES {
                    self.fenced(|| db.flush())?;
                    filler.behind = 0;
                }
            }
            Rows::Memory(there) => {
                let mut there = there.write().unwrap_or_else(PoisonError::into_inner);
                for (key, value) in rows {
                    match value {
                        Some(value) => there.insert(key, value),
                        None => there.remove(&key),
                    };
                }
            }
        }
        Ok(())
    }

    /// Brings everything to the disk. sled's own flush does not sync on Linux.
    pub fn flush(&self) -> Result<(), Error> {
        self.settle()?;
        if let Rows::Sled { db, folder, .. } = &self.rows {
            self.fenced(|| db.flush())?;
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                // sled replaces its snapshots; one may be gone by now.
                match File::open(&path).and_then(|file| file.sync_all()) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Bytes that the folder takes, none for memory.
    pub fn size_on_disk(&self) -> Result<u64, Error> {
        match &self.rows {
            Rows::Sled { folder, .. } => Ok(folder_size(folder)?),
            Rows::Memory(_) => Ok(0),
        }
    }

    /// Hands to sled what waits.
    fn settle(&self) -> Result<(), Error> {
        match &self.rows {
            Rows::Sled { tree, waiting, .. } => {
                let mut waiting = waiting.write().unwrap_or_else(PoisonError::into_inner);
                self.hand_over(tree, &mut waiting)
            }
            Rows::Memory(_) => Ok(()),
        }
    }

    /// One transaction with all that waits and the state after it. If it fails, everything goes on waiting.
    fn hand_over(&self, tree: &sled::Tree, waiting: &mut Waiting) -> Result<(), Error> {
        let Some(state) = &waiting.state else {
            return Ok(());
        };
        let mut batch = batch_of(waiting.rows.iter());
        batch.insert(STATE_KEY, self.seal_state(state)?);
        self.write(tree, batch, waiting.rows.iter())?;
        *waiting = Waiting::default();
        Ok(())
    }

    /// Writes a batch with these rows in it.
    fn write<'a>(
        &self,
        tree: &sled::Tree,
        batch: sled::Batch,
        mut rows: impl Iterator<Item = (&'a RowKey, &'a Option<Value>)>,
    ) -> Result<(), Error> {
        self.fenced(|| tree.apply_batch(batch))?;
        // What is written stays so, even if it cannot be looked up afterwards; whoever reads it is told.
        let _ = self.fenced(|| {
            rows.try_for_each(|(key, value)| match value {
                Some(value) => leave_notes(tree, key, value),
                None => Ok(()),
            })
        });
        Ok(())
    }

    fn seal_state(&self, state: &State) -> Result<Vec<u8>, Error> {
        let nonce = Nonce::make()?;
        let mut out = nonce.bytes().to_vec();
        out.extend_from_slice(&state.encode());
        let place = envelope::place(Label::Store, self.vault, &[&self.id.0]);
        envelope::seal_tail(&self.key, nonce, &place, &mut out, NONCE_LENGTH);
        Ok(out)
    }
}

impl Snapshot {
    /// Shows every row in the order of keys, holding about `FILL_BYTES` of them at a time.
    pub fn visit(&self, visitor: &mut RowVisitor<'_>) -> Result<(), Error> {
        let mut after = None;
        loop {
            let (mut rows, last) = self.store.some_rows(None, after)?;
            let end = match rows.last_key_value() {
                Some((key, _)) if !last => Bound::Included(*key),
                _ => Bound::Unbounded,
            };
            self.turn_back(&mut rows, after, end)?;
            for (key, value) in &rows {
                visitor(*key, value)?;
            }
            match end {
                Bound::Included(key) => after = Some(key),
                _ => return Ok(()),
            }
        }
    }

    /// Turns rows of a stretch back to what they were. Whatever was read before or after a change, the change was
    /// noted before it was made.
    fn turn_back(
        &self,
        rows: &mut BTreeMap<RowKey, Value>,
        after: Option<RowKey>,
        end: Bound<RowKey>,
    ) -> Result<(), Error> {
        let before = self.before.rows.lock().map_err(|_| Error::Stale)?;
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        for (key, value) in before.range((from, end)) {
            match value {
                Some(value) => rows.insert(*key, value.clone()),
                None => rows.remove(key),
            };
        }
        if self.before.lost.load(Ordering::Acquire) {
            return Err(Error::Damaged { part: Part::Store });
        }
        Ok(())
    }
}

/// A walk over the rows as they are. Between its stretches it holds nothing of sled, which so can let go of the pages
/// that lie behind.
struct Walk<'a> {
    store: &'a Store,
    route: Option<Route>,
    after: Option<RowKey>,
    rows: btree_map::IntoIter<RowKey, Value>,
    ended: bool,
}

impl Walk<'_> {
    fn next_row(&mut self) -> Result<Option<(RowKey, Value)>, Error> {
        loop {
            if let Some((key, value)) = self.rows.next() {
                self.after = Some(key);
                return Ok(Some((key, value)));
            }
            if self.ended {
                return Ok(None);
            }
            // Nobody knows where a walk stands after an error; unless it went well, this one is over.
            self.ended = true;
            let (rows, last) = self.store.some_rows(self.route, self.after)?;
            self.rows = rows.into_iter();
            self.ended = last;
        }
    }
}

/// Collects rows until there are enough to write them at once.
#[derive(Default)]
pub struct Filler {
    rows: Vec<(RowKey, Option<Value>)>,
    bytes: usize,
    /// Bytes that were handed to sled since it wrote all it had.
    behind: usize,
}

impl Filler {
    /// Adds one row and writes when enough have come together.
    pub fn add(&mut self, store: &Store, key: RowKey, value: Option<&[u8]>) -> Result<(), Error> {
        self.bytes += value.map_or(0, <[u8]>::len);
        self.rows.push((key, value.map(Value::from)));
        if self.bytes >= FILL_BYTES {
            store.fill(self)
        } else {
            Ok(())
        }
    }
}

fn batch_of<'a>(rows: impl Iterator<Item = (&'a RowKey, &'a Option<Value>)>) -> sled::Batch {
    let mut batch = sled::Batch::default();
    for (key, value) in rows {
        match value {
            Some(value) => batch.insert(&key.0, value.clone()),
            None => batch.remove(&key.0),
        }
    }
    batch
}

/// Looks a row up that was just read or written, so that sled keeps to the size of its cache.
fn leave_notes(tree: &sled::Tree, key: &RowKey, value: &[u8]) -> sled::Result<()> {
    for _ in 0..value.len().div_ceil(NOTE_BYTES) {
        tree.contains_key(key.0)?;
    }
    Ok(())
}

/// The keys of a compartment, or of all, that come after a key.
fn range_of(route: Option<Route>, after: Option<RowKey>) -> (Bound<RowKey>, Bound<RowKey>) {
    let padded = |route: [u8; ROUTE_LENGTH], with: u8| {
        let mut key = [with; ROW_KEY_LENGTH];
        key[..ROUTE_LENGTH].copy_from_slice(&route);
        RowKey(key)
    };
    let first = route.map_or(Bound::Unbounded, |route| {
        Bound::Included(padded(route.0, 0))
    });
    let last = route.map_or(Bound::Unbounded, |route| {
        Bound::Included(padded(route.0, u8::MAX))
    });
    (after.map_or(first, Bound::Excluded), last)
}

/// Lists the stores in a folder.
pub fn list(folder: &Path) -> Result<Vec<FileId>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut stores = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let id = name
            .to_str()
            .and_then(|name| name.strip_prefix(layout::STORE_PREFIX));
        stores.extend(id.and_then(FileId::from_hex));
    }
    Ok(stores)
}

/// Puts a damaged store's folder aside.
pub fn put_aside(folder: &Path, aside: &Path) -> Result<(), Error> {
    let Some(name) = folder.file_name() else {
        return Ok(());
    };
    fs::create_dir_all(aside)?;
    let there = aside.join(name);
    // A folder that was put back to an earlier state may bring a store back that was put aside before.
    remove(&there)?;
    match fs::rename(folder, there) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Removes a store's folder.
pub fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Overwrites what is in the folder of a store, or of several, syncs it, and removes the folder.
pub fn destroy(folder: &Path) -> Result<(), Error> {
    overwrite_below(folder)?;
    remove(folder)
}

fn overwrite_below(folder: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            RealDisk.overwrite(&entry.path())?;
        } else if entry.file_type()?.is_dir() {
            overwrite_below(&entry.path())?;
        }
    }
    Ok(())
}

/// Makes the name of a new store durable.
pub fn sync_parent(folder: &Path) -> Result<(), Error> {
    match folder.parent() {
        Some(parent) if !cfg!(windows) => Ok(File::open(parent)?.sync_all()?),
        _ => Ok(()),
    }
}

fn derive_key(root: &RootKey, vault: VaultId, id: FileId) -> SealingKey {
    SealingKey::derive(root.bytes(), vault, Label::Store, &[&id.0])
}

fn open_state(key: &SealingKey, vault: VaultId, id: FileId, sealed: &[u8]) -> Option<State> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
    let place = envelope::place(Label::Store, vault, &[&id.0]);
    State::decode(&envelope::open(key, nonce, &place, sealed)?)
}

fn open_sled(folder: &Path) -> Result<(sled::Db, sled::Tree), Error> {
    let config = sled::Config::new()
        .path(folder)
        .segment_size(SEGMENT_BYTES)
        .cache_capacity(CACHE_BYTES)
        .use_compression(false)
        .flush_every_ms(None);
    let deadline = Instant::now() + LOCK_PATIENCE;
    let db = loop {
        match config.open() {
            Ok(db) => break db,
            Err(sled::Error::Io(error)) if is_locked(&error) && Instant::now() < deadline => {
                thread::sleep(LOCK_RETRY);
            }
            Err(error) => return Err(map_sled(error)),
        }
    };
    let tree = db.open_tree(TREE).map_err(map_sled)?;
    Ok((db, tree))
}

/// sled wraps the refusal of its lock in an error of its own wording.
fn is_locked(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock || error.to_string().contains("lock")
}

fn map_sled(error: sled::Error) -> Error {
    match error {
        sled::Error::Io(error) => Error::from(error),
        _ => Error::Damaged { part: Part::Store },
    }
}

/// Takes from others the right to read a store. sled gives its files whatever the system gives a new file; the
/// folder around them is private, so this is a second fence.
#[cfg(unix)]
pub fn make_private(folder: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let mode = if entry.file_type()?.is_dir() {
            0o700
        } else {
            0o600
        };
        fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode))?;
    }
    Ok(fs::set_permissions(
        folder,
        fs::Permissions::from_mode(0o700),
    )?)
}

#[cfg(not(unix))]
pub fn make_private(_folder: &Path) -> Result<(), Error> {
    Ok(())
}

fn folder_size(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let metadata = entry?.metadata()?;
        if metadata.is_file() {
            bytes += metadata.len();
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> RowKey {
        let mut key = [0; ROW_KEY_LENGTH];
        key[..8].copy_from_slice(&number.to_be_bytes());
        RowKey(key)
    }

    fn fill(store: &Store, numbers: std::ops::Range<u64>, value: &[u8]) {
        let changes: Vec<_> = numbers.map(|number| (key(number), Some(value))).collect();
        store.apply(&changes, &State::default()).unwrap();
    }

    #[test]
    fn a_snapshot_shows_what_was_there_whatever_is_saved_meanwhile() {
        let root = RootKey::make().unwrap();
        let vault = VaultId([1; 16]);
        let folder = tempfile::tempdir().unwrap();
        let on_disk = Store::create(&folder.path().join("s"), FileId([2; 16]), &root, vault);
        for store in [on_disk, Store::in_memory(&root, vault)] {
            let store = Arc::new(store.unwrap());
            // Enough for several stretches.
            fill(&store, 100..400, &[1; 32 * 1024]);
            let snapshot = store.snapshot().unwrap();
            let mut seen = Vec::new();
            snapshot
                .visit(&mut |row, value| {
                    assert_eq!(value[0], 1);
                    if seen.is_empty() {
                        // Before, within and after what was read so far: new, changed and removed.
                        fill(&store, 0..120, &[2; 512]);
                        fill(&store, 350..450, &[2; 32 * 1024]);
                        let gone: Vec<_> = (200..300).map(|number| (key(number), None)).collect();
                        store.apply(&gone, &State::default()).unwrap();
                    }
                    seen.push(row);
                    Ok(())
                })
                .unwrap();
            assert_eq!(seen, (100..400).map(key).collect::<Vec<_>>());
            drop(snapshot);
            let mut now = 0;
            let later = store.snapshot().unwrap();
            later
                .visit(&mut |_, _| {
                    now += 1;
                    Ok(())
                })
                .unwrap();
            assert_eq!(now, 350);
        }
    }
    #[test]
    fn a_walk_shows_the_rows_of_its_compartment_and_no_others() {
        let root = RootKey::make().unwrap();
        let vault = VaultId([1; 16]);
        let folder = tempfile::tempdir().unwrap();
        let on_disk = Store::create(&folder.path().join("s"), FileId([2; 16]), &root, vault);
        // Neighbours, and the first and the last that there can be.
        let routes = [0, 1, 2, u8::MAX].map(|byte| Route([byte; ROUTE_LENGTH]));
        let row = |route: Route, name: u8| {
            let mut key = [name; ROW_KEY_LENGTH];
            key[..ROUTE_LENGTH].copy_from_slice(&route.0);
            RowKey(key)
        };
        // Enough for several stretches.
        let names: Vec<u8> = (0..40).chain(u8::MAX - 40..=u8::MAX).collect();
        for store in [on_disk, Store::in_memory(&root, vault)] {
            let store = store.unwrap();
            for route in routes {
                let value = [route.0[0]; 32 * 1024];
                let changes = names
                    .iter()
                    .map(|name| (row(route, *name), Some(&value[..])));
                let changes: Vec<_> = changes.collect();
                store.apply(&changes, &State::default()).unwrap();
            }
            let seen = |route| -> Vec<RowKey> {
                let rows = store.rows(route).map(Result::unwrap);
                rows.inspect(|(key, value)| assert_eq!(value[0], key.0[0]))
                    .map(|(key, _)| key)
                    .collect()
            };
            let of = |route| names.iter().map(move |name| row(route, *name));
            for route in routes {
                assert_eq!(seen(Some(route)), of(route).collect::<Vec<_>>());
            }
            assert_eq!(
                seen(None),
                routes.into_iter().flat_map(of).collect::<Vec<_>>()
            );
            assert_eq!(seen(Some(Route([3; ROUTE_LENGTH]))), []);
        }
    }
}
