//! A second process that has the vault open, changes it and locks it, just before an opening takes the lock.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

use testkit::TempVault;
use vault::{
    Appending, CompartmentId, Credential, Disk, Entry, Error, Held, Host, Quiet, RealDisk,
    SpareKey, Tightened, Vault,
};

use crate::support::*;

type Act = Box<dyn FnOnce() + Send>;

/// The real disk, on which something happens before the lock is taken.
struct Between(Mutex<Option<Act>>);

impl Disk for Between {
    fn hold(&self, path: &Path) -> io::Result<Box<dyn Held>> {
        let act = self.0.lock().unwrap().take();
        act.into_iter().for_each(|act| act());
        RealDisk.hold(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        RealDisk.read(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        RealDisk.open(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        RealDisk.list(folder)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.make_folder(folder)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Appending>> {
        RealDisk.create(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename_new(from, to)
    }

    fn move_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.move_folder(from, to)
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.remove_folder(folder)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn overwrite(&self, path: &Path) -> io::Result<()> {
        RealDisk.overwrite(path)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        RealDisk.sync(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }

    fn tighten(&self, folder: &Path) -> io::Result<Tightened> {
        RealDisk.tighten(folder)
    }
}

/// A locked vault, with or without the file that a lock is taken of.
fn locked(lock_is_there: bool) -> (TempVault, CompartmentId) {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    if !lock_is_there {
        fs::remove_file(temp.root().join("local/vault.lock")).unwrap();
    }
    (temp, space)
}

/// Opens a vault that another process opens, changes and locks just before the lock is taken.
fn open_after(temp: &TempVault, act: fn(&Vault)) -> Result<Vault, Error> {
    let (places, spare) = (temp.places().clone(), temp.spare_key());
    let host = Host {
        disk: Arc::new(Between(Mutex::new(Some(Box::new(move || {
            let credential = Credential::SpareKey(&spare);
            let vault = Vault::open(&places, credential, &Quiet).unwrap();
            act(&vault);
            vault.lock().unwrap();
        }))))),
        ..temp.host().clone()
    };
    let spare = temp.spare_key();
    Vault::open_on(&host, temp.places(), Credential::SpareKey(&spare), &Quiet)
}

#[test]
fn a_header_that_was_changed_before_the_lock_was_taken_is_not_rolled_back() {
    for lock_is_there in [true, false] {
        let (temp, space) = locked(lock_is_there);
        let vault = open_after(&temp, |vault| {
            let other = plain(vault);
            vault.save(note(other, 1, "between")).unwrap();
        })
        .unwrap();
        assert_eq!(alarming(&vault), [], "{lock_is_there}");
        let compartments = vault.compartments();
        assert_eq!(compartments.len(), 2, "{lock_is_there}");
        let other = compartments.iter().find(|other| other.id != space).unwrap();
        assert_eq!(text(&vault, other.id, 1).as_deref(), Some("between"));
        vault.lock().unwrap();
        let vault = temp.open().unwrap();
        assert_eq!(vault.opening().findings, []);
        assert_whole(&vault);
    }
}

#[test]
fn what_opens_the_vault_no_more_once_the_lock_is_taken_does_not_open_it() {
    for (lock_is_there, refused) in [(true, Error::WrongCredential), (false, Error::InUse)] {
        let (temp, space) = locked(lock_is_there);
        let opened = open_after(&temp, |vault| {
            let words = ["abandon"; 23].join(" ") + " art";
            let spare = SpareKey::parse(&words).unwrap();
            vault.replace_spare_key(&spare).unwrap();
        });
        assert_eq!(opened.err(), Some(refused));
        assert_eq!(temp.open().err(), Some(Error::WrongCredential));
        let vault = temp.open_with(testkit::PASSPHRASE).unwrap();
        assert_eq!(vault.opening().findings, []);
        assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
    }
}
