//! Making a vault.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, RwLock};

use crate::anchor;
use crate::current::Current;
use crate::disk::{self, Disk, EntrySort};
use crate::envelope::{EpochSecret, RootKey};
use crate::epoch::EpochFile;
use crate::error::Error;
use crate::header::{self, EpochName, Header, Pending, Point, Slot};
use crate::ids::{DeviceId, EpochId, FileId, LineageId, VaultId};
use crate::journal::{JournalEnd, JournalWriter};
use crate::kdf::{self, KdfCost};
use crate::keyring::{Keyring, KeyringKey, KeyringName};
use crate::layout::{self, Layout};
use crate::passphrase::Passphrase;
use crate::primitives;
use crate::shared::{Head, Keys, Ring, Shared, Writer};
use crate::spare_key::SpareKey;
use crate::state::State;
use crate::store::{self, Store};
use crate::vault::Host;
use crate::watch::{Step, Watch};

/// Lies in the local folder until a vault is whole, so that a creation cut short can be begun again.
const UNFINISHED: &str = "tmp.creating";

pub fn create(
    host: &Host,
    layout: Layout,
    passphrase: &Passphrase,
    cost: KdfCost,
    watch: &dyn Watch,
) -> Result<(Shared, SpareKey), Error> {
    let disk = &*host.disk;
    check_empty(disk, &layout)?;
    let vault = VaultId::make()?;
    let root = RootKey::make()?;
    let spare = SpareKey::make()?;
    // The slow part comes first: cancelled here, nothing has been written.
    let slots = vec![
        Slot::make_for_passphrase(&root, vault, cost, |salt| {
            kdf::derive_stretched(passphrase.as_bytes(), salt, cost, watch)
        })?,
        Slot::make_for_spare_key(&root, vault, &spare)?,
    ];
    watch.at(Step::Writing);
    clear_unfinished(disk, &layout)?;
    make_folders(disk, &layout)?;
    let marker = layout.local().join(UNFINISHED);
    disk.create(&marker)?.sync()?;
    disk.sync_folder(&layout.local())?;
    let held = disk.hold(&layout.lock())?;
    held.mark(true)?;
    disk.sync_folder(&layout.local())?;

    let keys = Keys::derive(&root, vault);
    let lineage = LineageId::make()?;
    let device = DeviceId::make()?;
    let epoch = EpochName {
        number: 1,
        id: EpochId::make()?,
    };
    let secret = EpochSecret::make()?;
    let key = KeyringKey::derive(&root, &secret, vault);
    let file = EpochFile {
        vault,
        name: epoch,
        secret,
    };
    write_epoch(disk, &layout, &file)?;
    let secret = file.secret;

    let name = KeyringName {
        vault,
        lineage,
        epoch,
        revision: 1,
    };
    let keyring_bytes = Keyring::seal(&key, name, [].iter(), &[], &[])?;
    disk::write_whole(disk, &layout.keyring(1), &keyring_bytes)?;

    let store_id = FileId::make()?;
    let store_folder = layout.store(store_id);
    let store = Store::create(&store_folder, store_id, &root, vault)?;
    store.apply(&[], &State::default())?;
    store.flush()?;
    store::sync_parent(&store_folder)?;

    let device_bytes = anchor::seal_device(device, &root, vault)?;
    disk::write_whole(disk, &layout.device(vault), &device_bytes)?;

    let header = Header {
        vault,
        lineage,
        revision: 1,
        writer: device,
        parent: primitives::Hash::default(),
        epoch,
        epoch_proof: header::derive_epoch_proof(vault, epoch, &secret),
        keyring_revision: 1,
        keyring_hash: primitives::sha256(&[&keyring_bytes]),
        floor: Point::default(),
        pending: Pending::Nothing,
        slots,
        ignorable: 0,
        extensions: Vec::new(),
    };
    let bytes = header.encode(&keys.header);
    for copy in layout::COPIES {
        disk::write_whole(disk, &layout.header(copy), &bytes)?;
    }
    let shared = Shared {
        host: host.clone(),
        vault,
        lineage,
        device,
        read_only: false,
        anchor_frozen: AtomicBool::new(false),
        head: Mutex::new(Head {
            header,
            bytes,
            secret,
            key,
        }),
        ring: RwLock::new(Ring {
            keyring: Keyring::default(),
            open: BTreeMap::new(),
        }),
        writer: Mutex::new(Writer {
            journal: JournalWriter::new(device, JournalEnd::default(), host.full_segment),
            state: State::default(),
            checkpoints: Vec::new(),
            current: first_current(vault, lineage, device, store_id, epoch.id),
            live_bytes: 0,
            changed: false,
        }),
        store: RwLock::new(Arc::new(store)),
        held: Some(Arc::from(held)),
        stale: AtomicBool::new(false),
        replaced: AtomicBool::new(false),
        unfinished: AtomicBool::new(false),
        header_torn: AtomicBool::new(false),
        undecided: Mutex::default(),
        suspect: AtomicBool::new(false),
        known_incomplete: false,
        anchoring: Mutex::new(()),
        anchored: AtomicU64::new(0),
        backups: Mutex::new(()),
        layout,
        root,
        keys,
    };
    shared.write_current(&mut *shared.writer()?, store_id)?;
    shared.write_anchor()?;
    shared.host.disk.remove(&marker)?;
    shared.host.disk.sync_folder(&shared.layout.local())?;
    Ok((shared, spare))
}

/// Writes both copies of an epoch file.
pub fn write_epoch(disk: &dyn Disk, layout: &Layout, file: &EpochFile) -> Result<(), Error> {
    let bytes = file.encode();
    for copy in layout::COPIES {
        disk::write_whole(disk, &layout.epoch(file.name.id, copy), &bytes)?;
    }
    Ok(())
}

/// Makes every folder that a vault needs, durably.
pub fn make_folders(disk: &dyn Disk, layout: &Layout) -> Result<(), Error> {
    for folder in [
        layout.root.clone(),
        layout.sync(),
        layout.journals(),
        layout.local(),
        layout.checkpoints(),
        layout.device_folder.clone(),
    ] {
        disk.make_folder(&folder)?;
        disk::sync_parent(disk, &folder)?;
    }
    Ok(())
}

/// A `CURRENT` before there was one.
pub fn first_current(
    vault: VaultId,
    lineage: LineageId,
    device: DeviceId,
    store: FileId,
    epoch: EpochId,
) -> Current {
    Current {
        vault,
        lineage,
        device,
        revision: 0,
        store,
        checkpoint: FileId([0; 16]),
        point: Point::default(),
        header_revision: 0,
        epoch,
    }
}

fn check_empty(disk: &dyn Disk, layout: &Layout) -> Result<(), Error> {
    let entries = disk::list_if_there(disk, &layout.root)?;
    if entries.is_empty() || is_unfinished(disk, layout)? {
        Ok(())
    } else {
        Err(Error::NotEmpty)
    }
}

/// Whether all that is there is a creation that never came to its headers.
fn is_unfinished(disk: &dyn Disk, layout: &Layout) -> Result<bool, Error> {
    let local = disk::list_if_there(disk, &layout.local())?;
    let sync = disk::list_if_there(disk, &layout.sync())?;
    let root = disk::list_if_there(disk, &layout.root)?;
    let ours = |entry: &disk::Entry| ["sync", "local"].contains(&entry.name.as_str());
    let begun = local.iter().any(|entry| entry.name == UNFINISHED)
        && !sync
            .iter()
            .any(|entry| entry.name.starts_with(layout::HEADER_PREFIX));
    let bare = local
        .iter()
        .chain(&sync)
        .all(|entry| entry.sort == EntrySort::Folder)
        && store::list(&layout.local())?.is_empty();
    Ok(root.iter().all(ours) && (begun || bare))
}

fn clear_unfinished(disk: &dyn Disk, layout: &Layout) -> Result<(), Error> {
    for entry in disk::list_if_there(disk, &layout.sync())? {
        remove_entry(disk, &layout.sync(), &entry)?;
    }
    for entry in disk::list_if_there(disk, &layout.local())? {
        remove_entry(disk, &layout.local(), &entry)?;
    }
    for store in store::list(&layout.local())? {
        store::remove(&layout.store(store))?;
    }
    Ok(())
}

fn remove_entry(disk: &dyn Disk, folder: &Path, entry: &disk::Entry) -> Result<(), Error> {
    if entry.sort != EntrySort::Folder {
        disk.remove(&folder.join(&entry.name))?;
    }
    Ok(())
}
