//! A vault in a folder that goes when the test goes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use vault::{Credential, Error, Host, Passphrase, Places, Quiet, SpareKey, Vault};

use crate::{CHEAP, FixedClock};

/// The passphrase of every temporary vault.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// Some moment in 2026.
const SOME_TIME: i64 = 1_795_000_000_000;

/// Folders for one vault and for what the machine knows of it, removed on drop.
pub struct TempVault {
    folder: TempDir,
    places: Places,
    host: Host,
    spare: String,
}

impl TempVault {
    /// Makes the folders, but no vault, on the real disk with a clock that stands still and nothing going on in
    /// the background.
    pub fn empty() -> TempVault {
        let host = Host {
            clock: Arc::new(FixedClock::at(SOME_TIME)),
            settle_after: None,
            ..Host::default()
        };
        Self::empty_on(host)
    }

    /// Makes the folders, but no vault, on a given host.
    pub fn empty_on(host: Host) -> TempVault {
        let folder = tempfile::tempdir().expect("the system has a folder for temporary files");
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        TempVault {
            folder,
            places,
            host,
            spare: String::new(),
        }
    }

    /// Makes a vault with `PASSPHRASE` and leaves it open.
    pub fn create() -> (TempVault, Vault) {
        Self::empty()
            .filled()
            .expect("an empty folder takes a vault")
    }

    /// Makes a vault in the folders.
    pub fn filled(mut self) -> Result<(TempVault, Vault), Error> {
        let passphrase = Passphrase::parse(PASSPHRASE).expect("it is a good passphrase");
        let (vault, spare) =
            Vault::create_on(&self.host, &self.places, &passphrase, CHEAP, &Quiet)?;
        self.spare = spare.words().join(" ");
        Ok((self, vault))
    }

    /// Opens it with the spare key, which takes no time.
    pub fn open(&self) -> Result<Vault, Error> {
        let spare = self.spare_key();
        Vault::open_on(
            &self.host,
            &self.places,
            Credential::SpareKey(&spare),
            &Quiet,
        )
    }

    /// Opens it with a passphrase.
    pub fn open_with(&self, passphrase: &str) -> Result<Vault, Error> {
        let passphrase = Passphrase::parse(passphrase).expect("tests use good passphrases");
        Vault::open_on(
            &self.host,
            &self.places,
            Credential::Passphrase(&passphrase),
            &Quiet,
        )
    }

    /// The spare key.
    pub fn spare_key(&self) -> SpareKey {
        SpareKey::parse(&self.spare).expect("the vault made it")
    }

    /// Takes another spare key from now on.
    pub fn set_spare_key(&mut self, spare: &SpareKey) {
        self.spare = spare.words().join(" ");
    }

    /// Where it is.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The machine it is on.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The vault's folder.
    pub fn root(&self) -> &Path {
        &self.places.vault
    }

    /// The folder around both.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Copies both folders to a new place; the copy opens with the same keys.
    pub fn copy(&self) -> TempVault {
        let mut copy = Self::empty_on(self.host.clone());
        copy.spare.clone_from(&self.spare);
        copy_folder(&self.places.vault, &copy.places.vault);
        copy_folder(&self.places.device, &copy.places.device);
        copy
    }

    /// Puts the vault's folder back to what it was when it was copied, leaving what the machine knows.
    pub fn restore_folder_from(&self, older: &TempVault) {
        fs::remove_dir_all(&self.places.vault).expect("the folder is there");
        copy_folder(&older.places.vault, &self.places.vault);
    }
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    if !from.exists() {
        return;
    }
    fs::create_dir_all(to).expect("the target can be made");
    let permissions = fs::metadata(from)
        .expect("the source can be read")
        .permissions();
    fs::set_permissions(to, permissions).expect("the target is ours");
    for entry in fs::read_dir(from).expect("the source can be read") {
        let entry = entry.expect("the source can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
