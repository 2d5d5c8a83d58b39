//! The names of files and folders.

use std::path::{Path, PathBuf};

use crate::disk::TEMPORARY_PREFIX;
use crate::ids::{self, DeviceId, EpochId, FileId, LineageId, VaultId};

/// First parts of the names that are tried as candidates.
pub const HEADER_PREFIX: &str = "header.";
pub const KEYRING_PREFIX: &str = "keyring.";
pub const EPOCH_PREFIX: &str = "epoch.";
pub const STORE_PREFIX: &str = "store.";

const ANCHOR_SUFFIX: &str = ".anchor";
const DEVICE_SUFFIX: &str = ".device";
const REKEY_SUFFIX: &str = ".rekey";

/// The two copies of headers and epoch files.
pub const COPIES: [&str; 2] = ["a", "b"];

/// Names a root key and tells nothing of it.
pub type RootTag = [u8; 16];

/// Paths inside one vault and the configuration folder beside it.
#[derive(Debug, Clone)]
pub struct Layout {
    pub root: PathBuf,
    pub device_folder: PathBuf,
    /// The branch whose device and anchor files bear its name; the first one's bear that of the vault alone.
    branch: Option<LineageId>,
    /// What the list of backups is named after, once the root key is not the vault's first.
    tag: Option<RootTag>,
}

impl Layout {
    pub fn new(vault: &Path, device: &Path) -> Self {
        Layout {
            root: vault.to_owned(),
            device_folder: device.to_owned(),
            branch: None,
            tag: None,
        }
    }

    /// The same, with the device and anchor files to which an anchor of that name belongs.
    pub fn of_anchor(self, vault: VaultId, name: &str) -> Option<Self> {
        let rest = name.strip_prefix(&format!("vault.{vault}"))?;
        match rest.strip_suffix(ANCHOR_SUFFIX)? {
            "" => Some(Layout {
                branch: None,
                ..self
            }),
            branch => Some(self.of_branch(LineageId::from_hex(branch.strip_prefix('.')?)?)),
        }
    }

    /// Whether it is the name of a device or anchor file of the vault, of whatever branch.
    pub fn is_of_a_pair(vault: VaultId, name: &str) -> bool {
        let rest = name.strip_prefix(&format!("vault.{vault}"));
        rest.is_some_and(|rest| rest.ends_with(DEVICE_SUFFIX) || rest.ends_with(ANCHOR_SUFFIX))
    }

    /// The same, with device and anchor files of a branch's own.
    pub fn of_branch(self, lineage: LineageId) -> Self {
        Layout {
            branch: Some(lineage),
            ..self
        }
    }

    /// The same, with the list of backups of a root key that is not the vault's first.
    pub fn of_root(self, tag: RootTag) -> Self {
        Layout {
            tag: Some(tag),
            ..self
        }
    }

    /// The same, with the list of backups that has no tag.
    pub fn without_root(self) -> Self {
        Layout { tag: None, ..self }
    }

    /// The lineage that the device and anchor files are named after, and the root key that the list of backups is.
    pub fn names(&self) -> (Option<LineageId>, Option<RootTag>) {
        (self.branch, self.tag)
    }

    pub fn sync(&self) -> PathBuf {
        self.root.join("sync")
    }

    pub fn local(&self) -> PathBuf {
        self.root.join("local")
    }

    pub fn header(&self, copy: &str) -> PathBuf {
        self.sync().join(format!("{HEADER_PREFIX}{copy}"))
    }

    pub fn keyring(&self, revision: u64) -> PathBuf {
        self.sync().join(format!("{KEYRING_PREFIX}{revision}"))
    }

    pub fn epoch(&self, id: EpochId, copy: &str) -> PathBuf {
        self.sync().join(format!("{EPOCH_PREFIX}{id}.{copy}"))
    }

    pub fn journals(&self) -> PathBuf {
        self.sync().join("journal")
    }

    pub fn journal(&self, device: DeviceId) -> PathBuf {
        self.journals().join(device.to_hex())
    }

    pub fn segment(&self, device: DeviceId, number: u64, file: FileId) -> PathBuf {
        self.journal(device).join(segment_name(number, file))
    }

    pub fn current(&self) -> PathBuf {
        self.local().join("CURRENT")
    }

    pub fn store(&self, id: FileId) -> PathBuf {
        self.local().join(format!("{STORE_PREFIX}{id}"))
    }

    pub fn checkpoints(&self) -> PathBuf {
        self.local().join("checkpoints")
    }

    pub fn checkpoint(&self, number: u64, file: FileId) -> PathBuf {
        self.checkpoints().join(segment_name(number, file))
    }

    pub fn lock(&self) -> PathBuf {
        self.local().join("vault.lock")
    }

    pub fn orphans(&self) -> PathBuf {
        self.local().join("orphan")
    }

    pub fn aside(&self) -> PathBuf {
        self.local().join("aside")
    }

    pub fn anchor(&self, vault: VaultId) -> PathBuf {
        self.device_file(vault, ANCHOR_SUFFIX)
    }

    pub fn device(&self, vault: VaultId) -> PathBuf {
        self.device_file(vault, DEVICE_SUFFIX)
    }

    /// The list of known backups, which all branches under one root key share.
    pub fn backups(&self, vault: VaultId) -> PathBuf {
        let tag = self.tag.map(|tag| format!(".{}", ids::hex(&tag)));
        let tag = tag.unwrap_or_default();
        self.device_folder
            .join(format!("vault.{vault}{tag}.backups"))
    }

    /// What a rekey that leads to a lineage leaves for whoever brings it to its end.
    pub fn rekeying(&self, vault: VaultId, lineage: LineageId) -> PathBuf {
        self.device_folder
            .join(format!("vault.{vault}.{lineage}{REKEY_SUFFIX}"))
    }

    /// The lineage in the name of such a file.
    pub fn rekeyed_lineage(vault: VaultId, name: &str) -> Option<LineageId> {
        let rest = name.strip_prefix(&format!("vault.{vault}."))?;
        LineageId::from_hex(rest.strip_suffix(REKEY_SUFFIX)?)
    }

    /// Whether it is the name of such a file that was never finished.
    pub fn is_unfinished_rekey(vault: VaultId, name: &str) -> bool {
        let name = name.strip_prefix(TEMPORARY_PREFIX);
        name.is_some_and(|name| Self::rekeyed_lineage(vault, name).is_some())
    }

    fn device_file(&self, vault: VaultId, suffix: &str) -> PathBuf {
        let branch = self.branch.map(|lineage| format!(".{lineage}"));
        let branch = branch.unwrap_or_default();
        self.device_folder
            .join(format!("vault.{vault}{branch}{suffix}"))
    }
}

/// Names a segment so that names sort by number.
pub fn segment_name(number: u64, file: FileId) -> String {
    format!("{number:010}-{file}")
}

/// Reads a segment's name.
pub fn parse_segment_name(name: &str) -> Option<(u64, FileId)> {
    let (number, file) = name.split_once('-')?;
    Some((number.parse().ok()?, FileId::from_hex(file)?))
}
