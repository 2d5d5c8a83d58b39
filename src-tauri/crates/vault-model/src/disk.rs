//! A vault's folder, and what of it a power cut keeps.

use std::collections::BTreeMap;

use crate::{DOOMED, Saves};

/// A name in a folder: what it stands for now, and what it stands for after a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name<T> {
    /// What a process reads.
    pub now: Option<T>,
    /// What is on the disk for good.
    pub synced: Option<T>,
}

impl<T: Copy + PartialEq> Name<T> {
    /// A name that nothing bears.
    pub const FREE: Name<T> = Name {
        now: None,
        synced: None,
    };

    /// A name that is on the disk for good.
    pub fn lasting(content: T) -> Self {
        Name {
            now: Some(content),
            synced: Some(content),
        }
    }

    /// A name that was just given.
    pub fn new(content: T) -> Self {
        Name {
            now: Some(content),
            synced: None,
        }
    }

    /// Whether a power cut may change it.
    pub fn is_loose(&self) -> bool {
        self.now != self.synced
    }

    /// Makes it last.
    pub fn sync(&mut self) {
        self.synced = self.now;
    }

    /// The power goes; what was not synced is kept or not.
    pub fn cut_power(&mut self, kept: bool) {
        if !kept {
            self.now = self.synced;
        }
        self.synced = self.now;
    }

    /// Damages what is there.
    pub fn damage(&mut self) {
        *self = Self::FREE;
    }

    /// What it stands for, and what it may yet stand for.
    pub fn either(&self) -> impl Iterator<Item = T> {
        [self.now, self.synced].into_iter().flatten()
    }
}

/// Puts a name in a folder, or another content under it.
pub fn put<K: Ord, T: Copy + PartialEq>(map: &mut BTreeMap<K, Name<T>>, key: K, content: T) {
    map.entry(key).or_insert(Name::FREE).now = Some(content);
}

/// Removes a name.
pub fn remove<K: Ord, T: Copy + PartialEq>(map: &mut BTreeMap<K, Name<T>>, key: &K) {
    if let Some(name) = map.get_mut(key) {
        name.now = None;
    }
}

/// Syncs all names of a folder.
pub fn sync<K: Ord, T: Copy + PartialEq>(map: &mut BTreeMap<K, Name<T>>) {
    map.values_mut().for_each(Name::sync);
    drop_nameless(map);
}

/// The power goes: each loose name draws its lot.
pub fn cut_power<K: Ord, T: Copy + PartialEq>(
    map: &mut BTreeMap<K, Name<T>>,
    draw: &mut impl FnMut() -> bool,
) {
    for name in map.values_mut().filter(|name| name.is_loose()) {
        name.cut_power(draw());
    }
    drop_nameless(map);
}

/// How many names a power cut may change.
pub fn loose<K, T: Copy + PartialEq>(map: &BTreeMap<K, Name<T>>) -> usize {
    map.values().filter(|name| name.is_loose()).count()
}

fn drop_nameless<K: Ord, T: Copy + PartialEq>(map: &mut BTreeMap<K, Name<T>>) {
    map.retain(|_, name| name.either().next().is_some());
}

/// What has been begun and must be brought to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pending {
    /// Nothing.
    Nothing,
    /// Old epochs and keyrings are to be destroyed, and rows of what was forgotten.
    OldEpochs,
    /// Everything of before new keys is.
    OldLineage,
}

/// A number of a save, and the history up to it: the saves themselves stand for the chain over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Point {
    /// The number of the last save.
    pub sequence: u8,
    /// The saves of this device up to there.
    pub chain: Saves,
}

/// An epoch. Two that were begun at the same time have one number and two ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Epoch {
    /// Counts.
    pub number: u8,
    /// Drawn.
    pub id: u8,
}

/// A header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header {
    /// Of two that are genuine under one root key, the higher is in force.
    pub revision: u8,
    /// The branch of the history.
    pub lineage: u8,
    /// The root key, under which all is sealed and named.
    pub root: u8,
    /// Which passphrase unwraps the root key.
    pub passphrase: u8,
    /// The epoch.
    pub epoch: Epoch,
    /// Revision of the keyring.
    pub keyring: u8,
    /// What is to be brought to its end.
    pub pending: Pending,
    /// How far the writing device had come.
    pub floor: Point,
    /// The device that wrote it.
    pub writer: u8,
}

/// Whether a file is what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bytes {
    /// It is.
    Whole,
    /// It was overwritten, or is damaged.
    Zeros,
}

/// What a keyring says of the compartments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ring {
    /// Which of them there are.
    pub spaces: u8,
    /// Which key the one has that may be forgotten.
    pub generation: u8,
    /// Which second passphrase wraps that key; 0 is none.
    pub second: u8,
}

/// A keyring file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Keyring {
    /// The epoch whose secret opens it.
    pub epoch: u8,
    /// The lineage it belongs to.
    pub lineage: u8,
    /// The root key that opens it, together with the secret.
    pub root: u8,
    /// What it says.
    pub ring: Ring,
    /// Whether it was overwritten.
    pub bytes: Bytes,
}

/// Rows, and the save after which they stood so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Content {
    /// The save.
    pub point: Point,
    /// The Lamport of the save: no number of it is ever skipped.
    pub lamport: u8,
    /// The rows.
    pub rows: Saves,
    /// Which key those of the compartment that may be forgotten are sealed with.
    pub generation: u8,
}

/// A segment of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Segment {
    /// Its name.
    pub name: Name<()>,
    /// The lineage it belongs to.
    pub lineage: u8,
    /// The epoch in which it was begun.
    pub epoch: u8,
    /// Which key rows in it are sealed with.
    pub generation: u8,
    /// The device that writes it.
    pub device: u8,
    /// What was before its first frame.
    pub base: Point,
    /// The Lamport of the save before its first frame.
    pub lamport: u8,
    /// Its frames: each one save.
    pub frames: Vec<Saves>,
    /// How many of them are on the disk for good.
    pub synced: usize,
}

impl Segment {
    /// The last save in it, or the one before it.
    pub fn end(&self) -> Point {
        self.points().last().map_or(self.base, |(point, _)| point)
    }

    /// How things stood after each save in it, but for the rows of before.
    pub fn contents(&self) -> impl Iterator<Item = Content> {
        let lamports = self.lamport + 1..;
        self.points()
            .zip(lamports)
            .map(|((point, rows), lamport)| Content {
                point,
                lamport,
                rows,
                generation: self.generation,
            })
    }

    /// Each save in it, and the history up to it.
    pub fn points(&self) -> impl Iterator<Item = (Point, Saves)> {
        let mut point = self.base;
        self.frames.iter().map(move |save| {
            point.sequence += 1;
            point.chain |= save;
            (point, *save)
        })
    }
}

/// A checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    /// The lineage it belongs to.
    pub lineage: u8,
    /// The root key it is sealed under.
    pub root: u8,
    /// The epoch in which it was written.
    pub epoch: u8,
    /// The device that wrote it.
    pub device: u8,
    /// What is in it.
    pub content: Content,
    /// Whether it bears its own name, and not that of a file that was never finished.
    pub named: bool,
    /// Whether it can be read.
    pub bytes: Bytes,
}

/// `CURRENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Current {
    /// The lineage it belongs to.
    pub lineage: u8,
    /// The root key that proves it.
    pub root: u8,
    /// The epoch in which it was written.
    pub epoch: u8,
    /// The device that wrote it.
    pub device: u8,
    /// How far that had come.
    pub point: Point,
    /// The store it names.
    pub store: u8,
}

/// A store of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Store {
    /// The root key that its state is sealed under.
    pub root: u8,
    /// The epoch that it was prepared for, as new keys note it.
    pub of_epoch: Option<u8>,
    /// What it holds.
    pub now: Content,
    /// What of that was flushed and synced.
    pub flushed: Content,
}

impl Store {
    /// Whether it holds what was not flushed.
    pub fn is_behind(&self) -> bool {
        self.now != self.flushed
    }
}

/// A vault's folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Folder {
    /// `sync/header.a` and `.b`.
    pub header: [Name<Header>; 2],
    /// `sync/keyring.<revision>`.
    pub keyrings: BTreeMap<u8, Name<Keyring>>,
    /// `sync/epoch.<id>.a` and `.b`.
    pub epochs: BTreeMap<(u8, usize), Name<Bytes>>,
    /// `sync/journal/<device>/<number>`.
    pub segments: BTreeMap<u8, Segment>,
    /// `local/checkpoints/<number>`.
    pub checkpoints: BTreeMap<u8, Name<Checkpoint>>,
    /// `local/CURRENT`.
    pub current: Name<Current>,
    /// `local/store.<id>`; a folder whose name is synced before anything names it.
    pub stores: BTreeMap<u8, Store>,
    /// Keyrings and epochs in `local/orphan`, of operations that never took effect.
    pub orphans: (Vec<Keyring>, Vec<u8>),
    /// The mark in `local/vault.lock` of a vault that is open, or whose process died.
    pub marked: bool,
    /// Set when a checkpoint was damaged, which an opening may then say.
    pub scarred: bool,
}

impl Folder {
    /// A folder with nothing in it.
    pub fn empty() -> Folder {
        Folder {
            header: [Name::FREE; 2],
            keyrings: BTreeMap::new(),
            epochs: BTreeMap::new(),
            segments: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
            current: Name::FREE,
            stores: BTreeMap::new(),
            orphans: (Vec::new(), Vec::new()),
            marked: false,
            scarred: false,
        }
    }

    /// The folder of a vault that was just made.
    pub fn new(header: Header, ring: Ring) -> Folder {
        let Header {
            lineage,
            root,
            epoch,
            keyring,
            writer,
            ..
        } = header;
        let content = Content::default();
        let file = Keyring {
            epoch: epoch.id,
            lineage,
            root,
            ring,
            bytes: Bytes::Whole,
        };
        let store = Store {
            root,
            of_epoch: None,
            now: content,
            flushed: content,
        };
        let current = Current {
            lineage,
            root,
            epoch: epoch.id,
            device: writer,
            point: content.point,
            store: 0,
        };
        let epochs = [0, 1].map(|copy| ((epoch.id, copy), Name::lasting(Bytes::Whole)));
        Folder {
            header: [Name::lasting(header); 2],
            keyrings: BTreeMap::from([(keyring, Name::lasting(file))]),
            epochs: BTreeMap::from(epochs),
            current: Name::lasting(current),
            stores: BTreeMap::from([(0, store)]),
            marked: true,
            ..Folder::empty()
        }
    }

    /// How many changes a power cut would keep or not, each by itself.
    pub fn loose(&self) -> usize {
        let segment = |segment: &Segment| {
            usize::from(segment.name.is_loose())
                + usize::from(segment.synced < segment.frames.len())
        };
        let stores = self.stores.values().filter(|store| store.is_behind());
        self.header.iter().filter(|name| name.is_loose()).count()
            + loose(&self.keyrings)
            + loose(&self.epochs)
            + loose(&self.checkpoints)
            + usize::from(self.current.is_loose())
            + self.segments.values().map(segment).sum::<usize>()
            + stores.count()
    }

    /// The power goes.
    pub fn cut_power(&mut self, draw: &mut impl FnMut() -> bool) {
        for name in self.header.iter_mut().filter(|name| name.is_loose()) {
            name.cut_power(draw());
        }
        cut_power(&mut self.keyrings, draw);
        cut_power(&mut self.epochs, draw);
        cut_power(&mut self.checkpoints, draw);
        if self.current.is_loose() {
            self.current.cut_power(draw());
        }
        for segment in self.segments.values_mut() {
            if segment.name.is_loose() {
                segment.name.cut_power(draw());
            }
            if segment.synced < segment.frames.len() {
                if !draw() {
                    segment.frames.truncate(segment.synced);
                }
                segment.synced = segment.frames.len();
            }
        }
        self.drop_nameless_segments();
        for store in self.stores.values_mut().filter(|store| store.is_behind()) {
            if !draw() {
                store.now = store.flushed;
            }
            store.flushed = store.now;
        }
    }

    fn drop_nameless_segments(&mut self) {
        self.segments
            .retain(|_, segment| segment.name.either().next().is_some());
    }

    /// Syncs `sync/`.
    pub fn sync_keys(&mut self) {
        self.header.iter_mut().for_each(Name::sync);
        sync(&mut self.keyrings);
        sync(&mut self.epochs);
    }

    /// Syncs the device's folder of the journal.
    pub fn sync_journal(&mut self) {
        self.segments
            .values_mut()
            .for_each(|segment| segment.name.sync());
        self.drop_nameless_segments();
    }

    /// The same as somebody copies it, file by file: what has a name now.
    pub fn copied(&self) -> Folder {
        let mut copy = self.clone();
        copy.sync_keys();
        sync(&mut copy.checkpoints);
        copy.sync_journal();
        copy.current.sync();
        for segment in copy.segments.values_mut() {
            segment.synced = segment.frames.len();
        }
        for store in copy.stores.values_mut() {
            store.flushed = store.now;
        }
        copy
    }

    /// Damages a checkpoint.
    pub fn damage_checkpoint(&mut self, number: u8) {
        if let Some(name) = self.checkpoints.get_mut(&number) {
            for file in [&mut name.now, &mut name.synced].into_iter().flatten() {
                file.bytes = Bytes::Zeros;
            }
            self.scarred = true;
        }
    }

    /// Segments that are there.
    pub fn present_segments(&self) -> impl Iterator<Item = (&u8, &Segment)> {
        let there = |(_, segment): &(&u8, &Segment)| segment.name.now.is_some();
        self.segments.iter().filter(there)
    }

    /// Checkpoints that are there.
    pub fn present_checkpoints(&self) -> impl Iterator<Item = (u8, Checkpoint)> {
        let there = self.checkpoints.iter();
        there.filter_map(|(number, name)| Some((*number, name.now?)))
    }

    /// Whether the secret of an epoch can be read from any file, whatever becomes of its name.
    fn has_secret(&self, epoch: u8) -> bool {
        let copies = self.epochs.iter().filter(|((id, _), _)| *id == epoch);
        let in_place = copies
            .flat_map(|(_, name)| name.either())
            .any(|bytes| bytes == Bytes::Whole);
        in_place || self.orphans.1.contains(&epoch)
    }

    /// Keyrings that lie anywhere together with the secret that opens them. All root keys are taken to be known.
    fn openable(&self) -> impl Iterator<Item = Keyring> {
        let keyrings = self.keyrings.values().flat_map(Name::either);
        keyrings
            .chain(self.orphans.0.iter().copied())
            .filter(|file| file.bytes == Bytes::Whole && self.has_secret(file.epoch))
    }

    /// Whether any keyring gives the key of the doomed compartment.
    pub fn can_open_doomed(&self) -> bool {
        self.openable().any(|file| file.ring.spaces & DOOMED != 0)
    }

    /// Whether keys that were replaced still open anything: an older root key or its header, an older key of the
    /// compartment, rows that were sealed under either.
    pub fn is_open_to_old_keys(&self, header: Header, ring: Ring, doomed: Saves) -> bool {
        let old_key = |root, generation| root < header.root || generation < ring.generation;
        let old_rows =
            |content: Content| content.generation < ring.generation && content.rows & doomed != 0;
        let headers = self.header.iter().flat_map(Name::either);
        let checkpoints = self.checkpoints.values().flat_map(Name::either);
        let checkpoints = checkpoints.filter(|file| file.bytes == Bytes::Whole);
        let segment = |segment: &Segment| {
            segment.epoch != header.epoch.id
                && segment.frames.iter().any(|save| {
                    let sealed_again = segment.generation < ring.generation && save & doomed != 0;
                    segment.lineage != header.lineage || sealed_again
                })
        };
        headers.into_iter().any(|old| old.root < header.root)
            || self
                .openable()
                .any(|file| old_key(file.root, file.ring.generation))
            || checkpoints
                .into_iter()
                .any(|file| file.root < header.root || old_rows(file.content))
            || self.segments.values().any(segment)
            || self.current.either().any(|old| old.root < header.root)
            || self
                .stores
                .values()
                .any(|store| store.root < header.root || old_rows(store.now))
    }

    /// The next free number of a map.
    pub fn next<T>(map: &BTreeMap<u8, T>) -> u8 {
        map.keys().next_back().map_or(0, |last| last + 1)
    }
}
