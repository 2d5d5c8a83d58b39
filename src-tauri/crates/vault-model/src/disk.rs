//! The files, and what of them a power cut keeps.

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

    fn is_loose(&self) -> bool {
        self.now != self.synced
    }

    fn sync(&mut self) {
        self.synced = self.now;
    }

    fn cut_power(&mut self, kept: bool) {
        if !kept {
            self.now = self.synced;
        }
        self.synced = self.now;
    }

    /// Damages what is there.
    pub fn damage(&mut self) {
        *self = Self::FREE;
    }

    fn either(&self) -> impl Iterator<Item = T> {
        [self.now, self.synced].into_iter().flatten()
    }
}

/// What has been begun and must be brought to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pending {
    /// Nothing.
    Nothing,
    /// Old epochs and keyrings are to be destroyed.
    OldEpochs,
    /// Everything of the old lineage is.
    OldLineage,
}

/// A header. The root key is as old as the lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header {
    /// Of two that open, the higher is in force.
    pub revision: u8,
    /// The lineage, and with it the root key.
    pub lineage: u8,
    /// Which passphrase unwraps the root key.
    pub passphrase: u8,
    /// The epoch.
    pub epoch: u8,
    /// Revision of the keyring.
    pub keyring: u8,
    /// What is to be brought to its end.
    pub pending: Pending,
    /// The sequence that the writing device had reached.
    pub floor: u8,
}

/// Whether a file is what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bytes {
    /// It is.
    Whole,
    /// It was overwritten.
    Zeros,
}

/// A keyring file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Keyring {
    /// The epoch whose secret opens it.
    pub epoch: u8,
    /// The lineage it belongs to.
    pub lineage: u8,
    /// Which compartments it has keys of.
    pub spaces: u8,
    /// Whether it was overwritten.
    pub bytes: Bytes,
}

/// A segment of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Segment {
    /// Its name.
    pub name: Name<()>,
    /// The lineage it belongs to.
    pub lineage: u8,
    /// The sequence of its first frame.
    pub first: u8,
    /// Its frames: each one save.
    pub frames: Vec<Saves>,
    /// How many of them are on the disk for good.
    pub synced: usize,
}

/// A checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    /// The lineage it belongs to.
    pub lineage: u8,
    /// The sequence it covers.
    pub covered: u8,
    /// The rows in it.
    pub rows: Saves,
}

/// `CURRENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Current {
    /// The lineage it belongs to.
    pub lineage: u8,
    /// The store it names.
    pub store: u8,
}

/// A store of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Store {
    /// The lineage whose keys its state is sealed under.
    pub lineage: u8,
    /// The sequence and rows it holds.
    pub now: (u8, Saves),
    /// Those that were flushed and synced.
    pub flushed: (u8, Saves),
}

impl Store {
    /// Whether it holds what was not flushed.
    pub fn is_behind(&self) -> bool {
        self.now != self.flushed
    }
}

/// The vault's folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Disk {
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
    /// Which saves went into the compartment that may be forgotten: each row bears that itself.
    pub doomed: Saves,
}

impl Disk {
    /// The folder of a vault that was just made.
    pub fn new(header: Header) -> Disk {
        let Header {
            lineage,
            epoch,
            keyring,
            ..
        } = header;
        let ring = Keyring {
            epoch,
            lineage,
            spaces: crate::BOTH,
            bytes: Bytes::Whole,
        };
        let store = Store {
            lineage,
            now: (0, 0),
            flushed: (0, 0),
        };
        let epochs = [0, 1].map(|copy| ((epoch, copy), Name::lasting(Bytes::Whole)));
        Disk {
            header: [Name::lasting(header); 2],
            keyrings: BTreeMap::from([(keyring, Name::lasting(ring))]),
            epochs: BTreeMap::from(epochs),
            segments: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
            current: Name::lasting(Current { lineage, store: 0 }),
            stores: BTreeMap::from([(0, store)]),
            orphans: (Vec::new(), Vec::new()),
            doomed: 0,
        }
    }

    /// How many changes a power cut would keep or not, each by itself.
    pub fn loose(&self) -> u32 {
        let names = self.header.iter().filter(|name| name.is_loose()).count()
            + self
                .keyrings
                .values()
                .filter(|name| name.is_loose())
                .count()
            + self.epochs.values().filter(|name| name.is_loose()).count()
            + self
                .checkpoints
                .values()
                .filter(|name| name.is_loose())
                .count()
            + usize::from(self.current.is_loose());
        let segments: usize = self
            .segments
            .values()
            .map(|segment| {
                usize::from(segment.name.is_loose())
                    + usize::from(segment.synced < segment.frames.len())
            })
            .sum();
        let stores = self
            .stores
            .values()
            .filter(|store| store.is_behind())
            .count();
        (names + segments + stores) as u32
    }

    /// The power goes. Each change that was not synced is kept or not, as the bits say.
    pub fn cut_power(&mut self, mut kept: u8) {
        let mut draw = || {
            let this = kept & 1 == 1;
            kept >>= 1;
            this
        };
        for name in self.header.iter_mut().filter(|name| name.is_loose()) {
            name.cut_power(draw());
        }
        for name in self.keyrings.values_mut().filter(|name| name.is_loose()) {
            name.cut_power(draw());
        }
        for name in self.epochs.values_mut().filter(|name| name.is_loose()) {
            name.cut_power(draw());
        }
        for name in self.checkpoints.values_mut().filter(|name| name.is_loose()) {
            name.cut_power(draw());
        }
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
        for store in self.stores.values_mut().filter(|store| store.is_behind()) {
            if !draw() {
                store.now = store.flushed;
            }
            store.flushed = store.now;
        }
        self.drop_nameless();
    }

    fn drop_nameless(&mut self) {
        fn is_there<T: Copy + PartialEq>(name: &Name<T>) -> bool {
            name.now.is_some() || name.synced.is_some()
        }
        self.keyrings.retain(|_, name| is_there(name));
        self.epochs.retain(|_, name| is_there(name));
        self.checkpoints.retain(|_, name| is_there(name));
        self.segments.retain(|_, segment| is_there(&segment.name));
    }

    /// Syncs `sync/`.
    pub fn sync_keys(&mut self) {
        self.header.iter_mut().for_each(Name::sync);
        self.keyrings.values_mut().for_each(Name::sync);
        self.epochs.values_mut().for_each(Name::sync);
        self.drop_nameless();
    }

    /// Syncs `local/`.
    pub fn sync_local(&mut self) {
        self.current.sync();
    }

    /// Syncs `local/checkpoints/`.
    pub fn sync_checkpoints(&mut self) {
        self.checkpoints.values_mut().for_each(Name::sync);
        self.drop_nameless();
    }

    /// Syncs the device's folder of the journal.
    pub fn sync_journal(&mut self) {
        self.segments
            .values_mut()
            .for_each(|segment| segment.name.sync());
        self.drop_nameless();
    }

    /// Whether the secret of an epoch can be read from any file, whatever becomes of its name.
    fn has_secret(&self, epoch: u8) -> bool {
        let copies = self.epochs.iter().filter(|((id, _), _)| *id == epoch);
        let in_place = copies
            .flat_map(|(_, name)| name.either())
            .any(|bytes| bytes == Bytes::Whole);
        in_place || self.orphans.1.contains(&epoch)
    }

    /// Whether there is, anywhere, a keyring with the key of the doomed compartment together with the secret that
    /// opens it. All root keys are taken to be known.
    pub fn can_open_doomed(&self) -> bool {
        let keyrings = self.keyrings.values().flat_map(Name::either);
        keyrings
            .chain(self.orphans.0.iter().copied())
            .filter(|ring| ring.bytes == Bytes::Whole && ring.spaces & DOOMED != 0)
            .any(|ring| self.has_secret(ring.epoch))
    }

    /// The next free number of a map.
    pub fn next<T>(map: &BTreeMap<u8, T>) -> u8 {
        map.keys().next_back().map_or(0, |last| last + 1)
    }
}
