//! Slots that a keychain opens: a third way in, which comes and goes without touching the other two.

use std::fs;

use testkit::{CHEAP, CrashDisk, PASSPHRASE, Survival, TempVault};
use vault::{
    Credential, Error, KeychainSecret, MAX_KEYCHAIN_SLOTS, Passphrase, Places, Quiet,
    RestoreOptions, SlotId, SpareKey, Vault, check_backup, restore,
};

use crate::support::*;

const SLOT_COUNT_AT: usize = 249;
const SLOTS_AT: usize = 256;
const SLOT: usize = 160;
const COPIES: [&str; 2] = ["sync/header.a", "sync/header.b"];

fn open(temp: &TempVault, secret: &KeychainSecret) -> Result<Vault, Error> {
    let by = Credential::Keychain(secret);
    Vault::open_on(temp.host(), temp.places(), by, &Quiet)
}

/// What a keychain does: it keeps the bytes and gives them back.
fn kept(secret: &KeychainSecret) -> KeychainSecret {
    KeychainSecret::from_bytes(secret.expose()).unwrap()
}

/// The types of the slots of both copies of the header, which are equal.
fn sorts(temp: &TempVault) -> Vec<u8> {
    let copies = COPIES.map(|copy| fs::read(temp.root().join(copy)).unwrap());
    assert_eq!(copies[0], copies[1]);
    let count = usize::from(copies[0][SLOT_COUNT_AT]);
    let sort = |number| copies[0][SLOTS_AT + number * SLOT];
    (0..count).map(sort).collect()
}

fn assert_all_ways_open(temp: &TempVault, secret: &KeychainSecret) {
    drop(temp.open().unwrap());
    drop(temp.open_with(PASSPHRASE).unwrap());
    drop(open(temp, secret).unwrap());
}

#[test]
fn a_keychain_opens_its_vault_and_the_passphrase_and_the_spare_key_still_do() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    assert_eq!(vault.keychain_slots(), Ok(vec![]));
    let (id, secret) = vault.add_keychain_slot().unwrap();
    assert_eq!(vault.keychain_slots(), Ok(vec![id]));
    vault.lock().unwrap();
    assert_eq!(sorts(&temp), [1, 2, 3]);
    let vault = open(&temp, &kept(&secret)).unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_eq!(vault.keychain_slots(), Ok(vec![id]));
    assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
    vault.save(note(space, 2, "more")).unwrap();
    vault.lock().unwrap();
    assert_all_ways_open(&temp, &secret);
    // The secret itself is in no file.
    let (_, vault) = (secret.expose(), open(&temp, &secret).unwrap());
    vault.lock().unwrap();
    for copy in COPIES {
        let bytes = fs::read(temp.root().join(copy)).unwrap();
        let there = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert!(!there(secret.expose()) && there(&id.0));
    }
}

#[test]
fn a_seventh_is_refused_and_nothing_is_written_for_it() {
    let (temp, vault) = TempVault::create();
    let mut slots = Vec::new();
    for _ in 0..MAX_KEYCHAIN_SLOTS {
        slots.push(vault.add_keychain_slot().unwrap());
    }
    let before = fs::read(temp.root().join(COPIES[0])).unwrap();
    let refused = vault.add_keychain_slot();
    assert_eq!(refused.err(), Some(Error::TooManyKeychains));
    assert_eq!(fs::read(temp.root().join(COPIES[0])).unwrap(), before);
    assert_eq!(sorts(&temp), [1, 2, 3, 3, 3, 3, 3, 3]);
    let ids: Vec<SlotId> = slots.iter().map(|(id, _)| *id).collect();
    assert_eq!(vault.keychain_slots(), Ok(ids.clone()));
    // The place of one that is removed is free for another.
    vault.remove_keychain_slot(ids[2]).unwrap();
    let (again, secret) = vault.add_keychain_slot().unwrap();
    let listed = vault.keychain_slots().unwrap();
    assert!(listed.len() == MAX_KEYCHAIN_SLOTS && listed.last() == Some(&again));
    vault.lock().unwrap();
    drop(open(&temp, &secret).unwrap());
    for (number, (_, secret)) in slots.iter().enumerate() {
        let opened = open(&temp, secret).map(drop);
        let expected = match number {
            2 => Err(Error::WrongKeychainSecret),
            _ => Ok(()),
        };
        assert_eq!(opened, expected, "keychain {number}");
    }
}

#[test]
fn a_removed_slot_opens_nothing_and_the_others_stay() {
    let (temp, vault) = TempVault::create();
    let (gone, old) = vault.add_keychain_slot().unwrap();
    let (stays, secret) = vault.add_keychain_slot().unwrap();
    vault.remove_keychain_slot(gone).unwrap();
    assert_eq!(vault.keychain_slots(), Ok(vec![stays]));
    assert_eq!(vault.remove_keychain_slot(gone), Err(Error::UnknownSlot));
    // Slots of another sort are none that this could remove.
    let header = fs::read(temp.root().join(COPIES[0])).unwrap();
    for number in 0..2 {
        let at = SLOTS_AT + number * SLOT + 16;
        let id = SlotId(header[at..at + 16].try_into().unwrap());
        assert_eq!(vault.remove_keychain_slot(id), Err(Error::UnknownSlot));
    }
    vault.lock().unwrap();
    assert_eq!(open(&temp, &old).err(), Some(Error::WrongKeychainSecret));
    assert_eq!(sorts(&temp), [1, 2, 3]);
    assert_all_ways_open(&temp, &secret);
}

#[test]
fn an_older_copy_of_the_header_does_not_bring_a_removed_slot_back() {
    let (temp, vault) = TempVault::create();
    let (gone, secret) = vault.add_keychain_slot().unwrap();
    let older = fs::read(temp.root().join(COPIES[1])).unwrap();
    vault.remove_keychain_slot(gone).unwrap();
    vault.lock().unwrap();
    // As a crash between the copies leaves it, and as a file-sync engine may.
    for name in [COPIES[1], "sync/header.b.conflict"] {
        let path = temp.root().join(name);
        fs::write(&path, &older).unwrap();
        assert_eq!(open(&temp, &secret).err(), Some(Error::WrongKeychainSecret));
        assert_eq!(
            fs::read(&path).unwrap(),
            older,
            "a refused opening writes nothing"
        );
        let vault = temp.open().unwrap();
        assert_eq!(vault.keychain_slots(), Ok(vec![]));
        vault.lock().unwrap();
        assert_eq!(open(&temp, &secret).err(), Some(Error::WrongKeychainSecret));
    }
}

#[test]
fn a_wrong_secret_and_one_of_another_vault_are_told_and_change_nothing() {
    let (temp, vault) = TempVault::create();
    let (_, secret) = vault.add_keychain_slot().unwrap();
    vault.lock().unwrap();
    let (other, vault) = TempVault::create();
    let (_, foreign) = vault.add_keychain_slot().unwrap();
    vault.lock().unwrap();
    let mut turned = *secret.expose();
    turned[31] ^= 1;
    let turned = KeychainSecret::from_bytes(&turned).unwrap();
    let headers = || COPIES.map(|copy| fs::read(temp.root().join(copy)).unwrap());
    let before = headers();
    for wrong in [&foreign, &turned] {
        assert_eq!(open(&temp, wrong).err(), Some(Error::WrongKeychainSecret));
    }
    assert_eq!(headers(), before);
    // Nor does a slot of the other vault do, put into this one's header.
    let slot = |bytes: &[u8]| bytes[SLOTS_AT + 2 * SLOT..SLOTS_AT + 3 * SLOT].to_vec();
    let planted = slot(&fs::read(other.root().join(COPIES[0])).unwrap());
    for copy in COPIES {
        let mut bytes = fs::read(temp.root().join(copy)).unwrap();
        bytes[SLOTS_AT + 2 * SLOT..SLOTS_AT + 3 * SLOT].copy_from_slice(&planted);
        rehash(&mut bytes);
        fs::write(temp.root().join(copy), bytes).unwrap();
    }
    assert_eq!(
        open(&temp, &foreign).err(),
        Some(Error::WrongKeychainSecret)
    );
    // A vault that never had one asks for the passphrase, too; a spare key goes on being told as such.
    let (bare, vault) = TempVault::create();
    vault.lock().unwrap();
    assert_eq!(open(&bare, &secret).err(), Some(Error::WrongKeychainSecret));
    let spare = SpareKey::make().unwrap();
    let by = Credential::SpareKey(&spare);
    let opened = Vault::open_on(bare.host(), bare.places(), by, &Quiet);
    assert_eq!(opened.err(), Some(Error::WrongCredential));
}

fn rehash(bytes: &mut [u8]) {
    use sha2::Digest;
    let at = bytes.len() - 32;
    let hash = sha2::Sha256::digest(&bytes[..at]);
    bytes[at..].copy_from_slice(&hash);
}

#[test]
fn a_new_passphrase_a_new_spare_key_and_a_forgetting_leave_the_keychain_as_it_is() {
    let (mut temp, vault) = TempVault::create();
    let (gone, kept) = (plain(&vault), plain(&vault));
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.save(note(kept, 1, "kept")).unwrap();
    let (id, secret) = vault.add_keychain_slot().unwrap();
    let new = Passphrase::parse("quite another one").unwrap();
    vault.change_passphrase(&new, CHEAP, &Quiet).unwrap();
    let spare = SpareKey::make().unwrap();
    vault.replace_spare_key(&spare).unwrap();
    assert!(vault.check_spare_key(&spare).unwrap());
    assert!(vault.check_passphrase(&new).unwrap());
    vault.forget(gone, &Quiet).unwrap();
    assert_eq!(vault.keychain_slots(), Ok(vec![id]));
    vault.lock().unwrap();
    temp.set_spare_key(&spare);
    assert_eq!(sorts(&temp), [1, 2, 3]);
    let vault = open(&temp, &secret).unwrap();
    assert_eq!(text(&vault, kept, 1).as_deref(), Some("kept"));
    vault.lock().unwrap();
    drop(temp.open().unwrap());
    drop(temp.open_with("quite another one").unwrap());
}

#[test]
fn backups_are_made_without_it_and_a_restored_vault_has_none() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    let (_, secret) = vault.add_keychain_slot().unwrap();
    let backup = temp.folder().join("one.cfdbackup");
    vault.backup(&backup, &Quiet).unwrap();
    vault.lock().unwrap();
    let header = fs::read(&backup).unwrap()[256..256 + 4096].to_vec();
    assert_eq!(header[SLOT_COUNT_AT], 2);
    assert_eq!((header[SLOTS_AT], header[SLOTS_AT + SLOT]), (1, 2));
    assert!(
        header[SLOTS_AT + 2 * SLOT..4032]
            .iter()
            .all(|byte| *byte == 0)
    );
    let by = Credential::Keychain(&secret);
    let checked = check_backup(&backup, by, &Quiet);
    assert_eq!(checked.err(), Some(Error::WrongKeychainSecret));
    let to = Places {
        vault: temp.folder().join("restored"),
        device: temp.folder().join("restored-device"),
    };
    let options = RestoreOptions::default();
    let refused = restore(&backup, &to, by, options, &Quiet);
    assert_eq!(refused.err(), Some(Error::WrongKeychainSecret));
    let spare = temp.spare_key();
    let by = Credential::SpareKey(&spare);
    restore(&backup, &to, by, options, &Quiet).unwrap();
    let vault = Vault::open(&to, by, &Quiet).unwrap();
    assert_eq!(vault.keychain_slots(), Ok(vec![]));
    assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
    vault.lock().unwrap();
    let by = Credential::Keychain(&secret);
    let opened = Vault::open(&to, by, &Quiet);
    assert_eq!(opened.err(), Some(Error::WrongKeychainSecret));
}

#[test]
fn adding_one_cut_off_at_any_write_leaves_it_there_or_not_and_every_other_way_in() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    let (first, older) = vault.add_keychain_slot().unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let (mut cut, mut there, mut not) = (0u64, 0, 0);
    loop {
        let mut finished = false;
        for survival in [Survival::Nothing, Survival::Some { seed: cut }] {
            rig.come_back_to(&before);
            let vault = rig.open();
            rig.disk.die_at(rig.disk.steps() + cut);
            let added = vault.add_keychain_slot();
            finished = added.is_ok();
            drop(vault);
            rig.disk.crash(survival);
            damage_one_copy(&rig.disk, &rig.temp, cut);
            let vault = open(&rig.temp, &older).unwrap();
            assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
            let slots = vault.keychain_slots().unwrap();
            assert_eq!(slots[0], first);
            assert!(slots.len() <= 2);
            drop(vault);
            drop(rig.open());
            if cut.is_multiple_of(4) {
                drop(rig.temp.open_with(PASSPHRASE).unwrap());
            }
            match slots.len() {
                1 => {
                    assert!(!finished, "an acknowledged slot is gone, cut {cut}");
                    not += 1;
                }
                _ => there += 1,
            }
            if let Ok((id, secret)) = added {
                assert_eq!(slots[1], id);
                drop(open(&rig.temp, &secret).unwrap());
            }
            // One whose secret nobody came to keep can be removed, as any other.
            if let Some(stray) = slots.get(1) {
                let vault = rig.open();
                vault.remove_keychain_slot(*stray).unwrap();
                vault.lock().unwrap();
                drop(open(&rig.temp, &older).unwrap());
            }
        }
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(
        cut >= 8 && there > 2 && not > 2,
        "{cut} cuts, {there}, {not}"
    );
}

#[test]
fn removing_one_cut_off_at_any_write_leaves_it_there_or_not_and_every_other_way_in() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    let (stays, other) = vault.add_keychain_slot().unwrap();
    let (gone, secret) = vault.add_keychain_slot().unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let (mut cut, mut there, mut not) = (0u64, 0, 0);
    loop {
        let mut finished = false;
        for survival in [Survival::Nothing, Survival::Some { seed: cut }] {
            rig.come_back_to(&before);
            let vault = rig.open();
            rig.disk.die_at(rig.disk.steps() + cut);
            finished = vault.remove_keychain_slot(gone).is_ok();
            drop(vault);
            rig.disk.crash(survival);
            damage_one_copy(&rig.disk, &rig.temp, cut);
            match open(&rig.temp, &secret) {
                Ok(vault) => {
                    assert!(!finished, "a removed slot opens, cut {cut}");
                    assert_eq!(vault.keychain_slots(), Ok(vec![stays, gone]));
                    there += 1;
                }
                Err(error) => {
                    assert_eq!(error, Error::WrongKeychainSecret);
                    not += 1;
                }
            }
            let vault = open(&rig.temp, &other).unwrap();
            assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
            assert!(vault.keychain_slots().unwrap().contains(&stays));
            drop(vault);
            drop(rig.open());
        }
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(
        cut >= 8 && there > 2 && not > 2,
        "{cut} cuts, {there}, {not}"
    );
}

/// One header copy is lost on top of it, now this one, now that.
fn damage_one_copy(disk: &CrashDisk, temp: &TempVault, cut: u64) {
    let path = temp.root().join(COPIES[cut as usize % 2]);
    disk.tamper(&path, |bytes| bytes[300] ^= 1);
}

#[test]
fn a_disk_that_fails_at_any_write_leaves_the_slots_as_the_caller_is_told() {
    let (rig, vault) = Rig::new();
    let (first, older) = vault.add_keychain_slot().unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let mut cut = 0;
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk
            .fail_from(rig.disk.steps() + cut, std::io::ErrorKind::StorageFull);
        let added = vault.add_keychain_slot();
        let removed = vault.remove_keychain_slot(first);
        rig.disk.mend();
        let mut expected = Vec::new();
        match removed {
            Ok(()) => {}
            Err(error) => {
                assert_eq!(error, Error::NoSpace);
                expected.push(first);
            }
        }
        match &added {
            Ok((id, _)) => expected.push(*id),
            Err(error) => assert_eq!(*error, Error::NoSpace),
        }
        assert_eq!(vault.keychain_slots(), Ok(expected.clone()), "cut {cut}");
        // The next change brings the disk to the same.
        plain(&vault);
        vault.lock().unwrap();
        let vault = rig.open();
        assert_eq!(vault.keychain_slots(), Ok(expected.clone()), "cut {cut}");
        drop(vault);
        if let Ok((_, secret)) = &added {
            drop(open(&rig.temp, secret).unwrap());
        }
        assert_eq!(open(&rig.temp, &older).is_ok(), removed.is_err());
        if added.is_ok() && removed.is_ok() {
            break;
        }
        cut += 1;
    }
    assert!(cut >= 8, "only {cut} writes were tried");
}

#[test]
fn a_vault_that_is_read_only_takes_and_gives_up_no_slot() {
    let (rig, vault) = Rig::new();
    let (id, secret) = vault.add_keychain_slot().unwrap();
    vault.lock().unwrap();
    rig.disk
        .fail_from(rig.disk.steps(), std::io::ErrorKind::StorageFull);
    let vault = open(&rig.temp, &secret).unwrap();
    assert!(vault.read_only());
    assert_eq!(vault.add_keychain_slot().err(), Some(Error::ReadOnly));
    assert_eq!(vault.remove_keychain_slot(id), Err(Error::ReadOnly));
    assert_eq!(vault.keychain_slots(), Ok(vec![id]));
}
