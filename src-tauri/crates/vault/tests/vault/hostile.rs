//! Headers that somebody planted who knows no secret: the right passphrase opens all the same.

use std::path::{Path, PathBuf};

use testkit::PASSPHRASE;
use vault::{CompartmentId, Disk, Error, Vault};

use crate::support::*;

const SLOTS_AT: usize = 256;
const SLOT: usize = 160;
const SLOT_COUNT_AT: usize = 249;
const COST_AT: usize = 4;
const SALT_AT: usize = 32;

fn locked() -> (Rig, CompartmentId) {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    (rig, space)
}

fn sync(rig: &Rig, name: &str) -> PathBuf {
    rig.temp.root().join("sync").join(name)
}

fn bytes_of(rig: &Rig, path: &Path) -> Vec<u8> {
    rig.disk.read(path).unwrap()
}

/// A header with a right checksum and so many slots for passphrases, none of which opens with any.
fn hostile(genuine: &[u8], slots: usize, salt: u8) -> Vec<u8> {
    let mut bytes = genuine.to_vec();
    let slot = bytes[SLOTS_AT..SLOTS_AT + SLOT].to_vec();
    for number in 0..slots {
        let at = SLOTS_AT + number * SLOT;
        bytes[at..at + SLOT].copy_from_slice(&slot);
        bytes[at + SALT_AT..at + SALT_AT + 2].copy_from_slice(&[salt, number as u8]);
    }
    bytes[SLOT_COUNT_AT] = slots as u8;
    rehash(&mut bytes);
    bytes
}

fn rehash(bytes: &mut [u8]) {
    use sha2::Digest;
    let at = bytes.len() - 32;
    let hash = sha2::Sha256::digest(&bytes[..at]);
    bytes[at..].copy_from_slice(&hash);
}

fn plant(rig: &Rig, name: &str, bytes: &[u8]) {
    let path = sync(rig, name);
    let mut file = rig.disk.create(&path).unwrap();
    file.append(bytes).unwrap();
    file.sync().unwrap();
    rig.disk.sync_folder(path.parent().unwrap()).unwrap();
}

fn assert_opens(rig: &Rig, space: CompartmentId) {
    let vault: Vault = rig.temp.open_with(PASSPHRASE).unwrap();
    assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
    assert_whole(&vault);
    vault.lock().unwrap();
}

#[test]
fn planted_headers_cannot_use_up_the_tries_for_the_genuine_ones() {
    let (rig, space) = locked();
    let genuine = bytes_of(&rig, &sync(&rig, "header.a"));
    for number in 0..6 {
        let name = format!("header.{number}");
        plant(&rig, &name, &hostile(&genuine, 4, number));
    }
    assert_opens(&rig, space);
    let opened = rig.temp.open_with("wrong");
    assert_eq!(opened.err(), Some(Error::WrongCredential));
}

#[test]
fn a_hostile_copy_with_many_slots_does_not_keep_the_other_from_opening() {
    for copy in ["header.a", "header.b"] {
        let (rig, space) = locked();
        let path = sync(&rig, copy);
        let planted = hostile(&bytes_of(&rig, &path), 8, 0xee);
        rig.disk.tamper(&path, |bytes| *bytes = planted);
        assert_opens(&rig, space);
    }
}

#[test]
fn a_hostile_copy_that_asks_for_too_much_does_not_keep_the_other_from_opening() {
    let (rig, space) = locked();
    let path = sync(&rig, "header.a");
    rig.disk.tamper(&path, |bytes| {
        let at = SLOTS_AT + COST_AT;
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        rehash(bytes);
    });
    assert_opens(&rig, space);
}

#[test]
fn a_mark_that_stands_is_not_taken_away_to_be_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.lock");
    // What an earlier holder left, recognisable.
    std::fs::write(&path, "open\nearlier").unwrap();
    let held = vault::RealDisk.hold(&path).unwrap();
    assert!(held.is_marked().unwrap());
    held.mark(true).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"open\nearlier");
    held.mark(false).unwrap();
    assert!(!held.is_marked().unwrap());
    held.mark(true).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"open\n");
}
