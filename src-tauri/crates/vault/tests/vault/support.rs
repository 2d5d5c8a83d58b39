//! What several tests need.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use testkit::{CrashDisk, FixedClock, Picture, TempVault, copy_folder};
use vault::{
    Batch, CompartmentId, CompartmentOptions, Finding, Host, Kind, Quiet, RecordId, Schema, Vault,
};

pub const NOTE: Kind = Kind(100);

pub fn id(number: u64) -> RecordId {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    RecordId(bytes)
}

pub fn plain(vault: &Vault) -> CompartmentId {
    vault
        .make_compartment(CompartmentOptions::default())
        .unwrap()
}

pub fn note(space: CompartmentId, number: u64, text: &str) -> Batch {
    let mut batch = Batch::new();
    batch.put(space, NOTE, id(number), Schema(1), text);
    batch
}

pub fn text(vault: &Vault, space: CompartmentId, number: u64) -> Option<String> {
    let record = vault.read(space, NOTE, id(number)).unwrap();
    record.map(|record| String::from_utf8(record.payload.to_vec()).unwrap())
}

/// Checks that every compartment is complete and nothing strange lies about.
pub fn assert_whole(vault: &Vault) {
    for check in vault.verify(&Quiet).unwrap() {
        assert!(check.ok, "{check:?}, {:?}", vault.opening());
    }
    assert_eq!(vault.stray_rows().unwrap(), 0);
}

/// Findings that mean that something is lost or has been interfered with.
pub fn alarming(vault: &Vault) -> Vec<Finding> {
    let harmless = |finding: &Finding| {
        matches!(
            finding,
            Finding::HeaderRepaired
                | Finding::EpochRepaired
                | Finding::Replayed { .. }
                | Finding::TornTail { .. }
                | Finding::StoreRebuilt { .. }
                | Finding::CurrentRebuilt
                | Finding::ForgettingFinished
                | Finding::RekeyFinished
                | Finding::Orphaned { .. }
                | Finding::PermissionsTightened { .. }
                | Finding::OtherBranchNewer { .. }
                | Finding::KeyReplaced
        )
    };
    vault
        .opening()
        .findings
        .iter()
        .filter(|finding| !harmless(finding))
        .copied()
        .collect()
}

/// The folders of the stores.
pub fn stores(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root.join("local")) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("store.")
        })
        .collect()
}

/// Does something with the rows of a locked vault behind its back.
pub fn with_sled(rig: &Rig, act: impl FnOnce(&sled::Tree)) {
    let store = stores(rig.temp.root()).remove(0);
    let settings = sled::Config::new()
        .path(store)
        .segment_size(4 << 20)
        .flush_every_ms(None);
    // sled lets its lock go in a thread of its own.
    let opened = (0..200).find_map(|_| match settings.open() {
        Err(sled::Error::Io(_)) => {
            std::thread::sleep(std::time::Duration::from_millis(10));
            None
        }
        opened => Some(opened),
    });
    let db = opened.unwrap().unwrap();
    let tree = db.open_tree("r").unwrap();
    act(&tree);
    db.flush().unwrap();
}

/// A vault whose own files lie on a disk that can crash; only the store is on the real one.
pub struct Rig {
    pub disk: CrashDisk,
    pub temp: TempVault,
}

/// Everything of a rig at some time.
pub struct RigPicture {
    disk: Picture,
    stores: tempfile::TempDir,
}

impl Rig {
    pub fn new() -> (Rig, Vault) {
        Rig::with_clock(Arc::new(FixedClock::at(1_795_000_000_000)))
    }

    pub fn with_clock(clock: Arc<FixedClock>) -> (Rig, Vault) {
        let disk = CrashDisk::new();
        let host = Host {
            disk: Arc::new(disk.clone()),
            clock,
            settle_after: None,
            ..Host::default()
        };
        let (temp, vault) = TempVault::empty_on(host).filled().unwrap();
        (Rig { disk, temp }, vault)
    }

    pub fn picture(&self) -> RigPicture {
        let stores = tempfile::tempdir().unwrap();
        copy_folder(&self.temp.root().join("local"), stores.path());
        RigPicture {
            disk: self.disk.picture(),
            stores,
        }
    }

    pub fn come_back_to(&self, picture: &RigPicture) {
        self.disk.come_back_to(&picture.disk);
        self.set_stores(picture);
    }

    /// Puts only the stores back.
    pub fn set_stores(&self, picture: &RigPicture) {
        self.remove_stores();
        copy_folder(picture.stores.path(), &self.temp.root().join("local"));
    }

    pub fn remove_stores(&self) {
        for store in stores(self.temp.root()) {
            fs::remove_dir_all(store).unwrap();
        }
    }

    pub fn open(&self) -> Vault {
        self.temp.open().unwrap()
    }
}

/// A small generator of chance (SplitMix64): a failing run can be run again.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}
