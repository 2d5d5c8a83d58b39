//! Damaged, hostile and unusual folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use testkit::{CHEAP, PASSPHRASE, TempVault};
use vault::{
    Batch, CompartmentOptions, Credential, Disk, Error, Finding, Found, KdfCost, MAX_PAYLOAD, Part,
    Passphrase, Quiet, RebuildReason, Schema, SpareKey, Vault, look_on,
};

use crate::support::*;

/// A locked vault with two compartments, several sessions of journal and two checkpoints.
fn lived_in() -> (Rig, [vault::CompartmentId; 2]) {
    let (rig, vault) = Rig::new();
    let spaces = [plain(&vault), plain(&vault)];
    vault.lock().unwrap();
    for session in 0..3u64 {
        let vault = rig.open();
        for number in 0..4 {
            vault
                .save(note(spaces[0], session * 4 + number, "text"))
                .unwrap();
            vault
                .save(note(spaces[1], session * 4 + number, "other"))
                .unwrap();
        }
        vault.lock().unwrap();
    }
    (rig, spaces)
}

fn assert_all(vault: &Vault, spaces: [vault::CompartmentId; 2]) {
    for number in 0..12 {
        assert_eq!(text(vault, spaces[0], number).as_deref(), Some("text"));
        assert_eq!(text(vault, spaces[1], number).as_deref(), Some("other"));
    }
    assert_whole(vault);
}

fn path(rig: &Rig, relative: &str) -> PathBuf {
    rig.temp.root().join(relative)
}

fn found(rig: &Rig, folder: &str) -> Vec<PathBuf> {
    let folder = rig.temp.root().join(folder);
    rig.disk
        .files()
        .into_iter()
        .map(|(path, _)| path)
        .filter(|p| p.starts_with(&folder))
        .collect()
}

fn has(vault: &Vault, wanted: impl Fn(&Finding) -> bool) -> bool {
    vault.opening().findings.iter().any(wanted)
}

/// Mends the plain checksum, as someone could who knows no secret.
fn rehash(bytes: &mut [u8]) {
    use sha2::Digest;
    let at = bytes.len() - 32;
    let hash = sha2::Sha256::digest(&bytes[..at]);
    bytes[at..].copy_from_slice(&hash);
}

#[test]
fn a_damaged_header_copy_is_mended_from_the_other() {
    for copy in ["sync/header.a", "sync/header.b"] {
        let (rig, spaces) = lived_in();
        rig.disk.tamper(&path(&rig, copy), |bytes| bytes[100] ^= 4);
        let vault = rig.open();
        assert_eq!(vault.opening().findings, [Finding::HeaderRepaired]);
        assert_all(&vault, spaces);
        vault.lock().unwrap();
        assert_eq!(rig.open().opening().findings, []);
    }
}

#[test]
fn two_damaged_headers_are_damage_and_not_a_wrong_passphrase() {
    let (rig, _) = lived_in();
    for copy in ["sync/header.a", "sync/header.b"] {
        rig.disk
            .tamper(&path(&rig, copy), |bytes| bytes.truncate(4000));
    }
    let before = rig.disk.files();
    assert_eq!(
        rig.temp.open().err(),
        Some(Error::Damaged { part: Part::Header })
    );
    let looked = look_on(rig.temp.host(), rig.temp.places());
    assert_eq!(looked, Ok(Found::Damaged));
    assert_eq!(rig.disk.files(), before);
}

#[test]
fn a_hostile_header_with_the_highest_revision_does_not_displace_the_good_one() {
    let (rig, spaces) = lived_in();
    rig.disk.tamper(&path(&rig, "sync/header.a"), |bytes| {
        bytes[56..64].copy_from_slice(&u64::MAX.to_le_bytes());
        rehash(bytes);
    });
    let vault = rig.temp.open_with(PASSPHRASE).unwrap();
    assert_eq!(vault.opening().findings, [Finding::HeaderRepaired]);
    assert_all(&vault, spaces);
    drop(vault);
    // With both made hostile there is nothing to trust, and nothing is written.
    for copy in ["sync/header.a", "sync/header.b"] {
        rig.disk.tamper(&path(&rig, copy), |bytes| {
            bytes[208] ^= 1;
            rehash(bytes);
        });
    }
    let before = rig.disk.files();
    assert_eq!(
        rig.temp.open().err(),
        Some(Error::Damaged { part: Part::Header })
    );
    assert_eq!(rig.disk.files(), before);
}

#[test]
fn costs_outside_the_bounds_are_refused_before_anything_is_allocated() {
    let (rig, _) = lived_in();
    for (at, value) in [
        (4, 0),
        (4, 65_535),
        (4, u32::MAX),
        (8, 2),
        (8, u32::MAX),
        (12, 0),
        (12, u32::MAX),
    ] {
        let picture = rig.picture();
        for copy in ["sync/header.a", "sync/header.b"] {
            rig.disk.tamper(&path(&rig, copy), |bytes| {
                bytes[256 + at..260 + at].copy_from_slice(&u32::to_le_bytes(value));
                rehash(bytes);
            });
        }
        let opened = rig.temp.open_with(PASSPHRASE);
        assert_eq!(opened.err(), Some(Error::CostOutOfRange), "{at}: {value}");
        rig.come_back_to(&picture);
    }
    let passphrase = Passphrase::parse("x").unwrap();
    let cheap = KdfCost {
        memory_kib: 1024,
        ..KdfCost::FLOOR
    };
    let empty = TempVault::empty();
    let made = Vault::create_on(empty.host(), empty.places(), &passphrase, cheap, &Quiet);
    assert_eq!(made.err(), Some(Error::CostOutOfRange));
    assert!(!empty.root().exists());
}

#[test]
fn a_newer_vault_is_left_as_it_is() {
    let (rig, _) = lived_in();
    rig.disk.tamper(&path(&rig, "sync/header.b"), |bytes| {
        bytes[8] = 2;
        rehash(bytes);
    });
    let before = rig.disk.files();
    assert_eq!(rig.temp.open().err(), Some(Error::Newer));
    let looked = look_on(rig.temp.host(), rig.temp.places());
    assert_eq!(looked, Ok(Found::Newer { version: 2 }));
    assert_eq!(rig.disk.files(), before);
}

#[test]
fn a_wrong_passphrase_or_spare_key_writes_nothing() {
    let (temp, vault) = TempVault::create();
    vault.save(note(plain(&vault), 1, "text")).unwrap();
    vault.lock().unwrap();
    let before = picture_of(temp.folder());
    assert_eq!(temp.open_with("wrong").err(), Some(Error::WrongCredential));
    let (other, vault) = TempVault::create();
    drop(vault);
    let spare = other.spare_key();
    let opened = Vault::open_on(
        temp.host(),
        temp.places(),
        Credential::SpareKey(&spare),
        &Quiet,
    );
    assert_eq!(opened.err(), Some(Error::WrongCredential));
    assert_eq!(picture_of(temp.folder()), before);
}

/// Counts how often something is stretched.
#[derive(Default)]
struct Stretchings(AtomicU64);

impl vault::Watch for Stretchings {
    fn at(&self, step: vault::Step) {
        self.0
            .fetch_add(u64::from(step == vault::Step::Stretching), Ordering::SeqCst);
    }

    fn cancelled(&self) -> bool {
        false
    }
}

/// Tries a passphrase; says what came of it and how often something was stretched.
fn try_passphrase(rig: &Rig, passphrase: &str) -> (Result<Vault, Error>, u64) {
    let stretchings = Stretchings::default();
    let passphrase = Passphrase::parse(passphrase).unwrap();
    let credential = Credential::Passphrase(&passphrase);
    let opened = Vault::open_on(rig.temp.host(), rig.temp.places(), credential, &stretchings);
    (opened, stretchings.0.into_inner())
}

#[test]
fn a_wrong_passphrase_costs_the_same_whatever_is_there_and_writes_nothing() {
    type Change = fn(&Rig);
    fn remove(rig: &Rig, wanted: &str) {
        let there = rig.disk.files().into_iter().map(|(path, _)| path);
        let wanted = rig.temp.root().join(wanted);
        let wanted = wanted.to_string_lossy();
        let mut removed = 0;
        for path in there.filter(|path| path.to_string_lossy().starts_with(&*wanted)) {
            vault::Disk::remove(&rig.disk, &path).unwrap();
            vault::Disk::sync_folder(&rig.disk, path.parent().unwrap()).unwrap();
            removed += 1;
        }
        assert!(removed > 0, "{wanted}");
    }
    fn flip(rig: &Rig, copy: &str) {
        rig.disk.tamper(&path(rig, copy), |bytes| bytes[300] ^= 1);
    }
    fn add_keychains(rig: &Rig, how_many: usize) {
        let vault = rig.open();
        for _ in 0..how_many {
            vault.add_keychain_slot().unwrap();
        }
        vault.lock().unwrap();
    }
    let changes: [(&str, Change); 15] = [
        ("nothing is amiss", |_| {}),
        ("one header is gone", |rig| remove(rig, "sync/header.a")),
        ("the other header is gone", |rig| {
            remove(rig, "sync/header.b")
        }),
        ("one header is damaged", |rig| flip(rig, "sync/header.a")),
        ("the other header is damaged", |rig| {
            flip(rig, "sync/header.b")
        }),
        ("one keychain", |rig| add_keychains(rig, 1)),
        ("as many keychains as there can be", |rig| {
            add_keychains(rig, 6)
        }),
        ("keychains, and one header", |rig| {
            add_keychains(rig, 2);
            remove(rig, "sync/header.a");
        }),
        ("a header that a file-sync engine put beside it", |rig| {
            let header = rig.disk.files().into_iter();
            let mut header = header.filter(|(path, _)| path.ends_with("sync/header.a"));
            let bytes = header.next().unwrap().1;
            plant(rig, &path(rig, "sync/header.a.sync-conflict-1"), &bytes);
        }),
        ("no lock", |rig| remove(rig, "local/vault.lock")),
        ("an unclean end", |rig| {
            rig.disk.tamper(&path(rig, "local/vault.lock"), |bytes| {
                bytes.extend_from_slice(b"open\n");
            });
        }),
        ("no epoch and no keyring", |rig| {
            remove(rig, "sync/epoch.");
            remove(rig, "sync/keyring.");
        }),
        ("no history and no CURRENT", |rig| {
            remove(rig, "sync/journal");
            remove(rig, "local/checkpoints");
            remove(rig, "local/CURRENT");
        }),
        ("a machine that does not know it", |rig| {
            for (path, _) in rig.disk.files() {
                if path.starts_with(&rig.temp.places().device) {
                    vault::Disk::remove(&rig.disk, &path).unwrap();
                }
            }
        }),
        ("nothing may be written", |rig| rig.disk.set_read_only(true)),
    ];
    let (rig, _) = lived_in();
    let picture = rig.picture();
    for (about, change) in changes {
        rig.come_back_to(&picture);
        change(&rig);
        let (files, steps) = (rig.disk.files(), rig.disk.steps());
        let store = picture_of(rig.temp.folder());
        let (opened, stretchings) = try_passphrase(&rig, "wrong");
        assert_eq!(opened.err(), Some(Error::WrongCredential), "{about}");
        assert_eq!(stretchings, 1, "{about}");
        // Not even something that was taken back.
        assert_eq!(rig.disk.steps(), steps, "{about}");
        assert_eq!(rig.disk.files(), files, "{about}");
        assert_eq!(picture_of(rig.temp.folder()), store, "{about}");
        // The right one costs as much.
        let (opened, stretchings) = try_passphrase(&rig, PASSPHRASE);
        assert_eq!(stretchings, 1, "{about}");
        let no_keys = about == "no epoch and no keyring";
        assert_eq!(opened.is_ok(), !no_keys, "{about}: {:?}", opened.err());
    }
}

#[test]
fn two_headers_of_a_cut_off_change_cost_one_stretching_each_and_any_number_no_more_than_four() {
    let (rig, _) = lived_in();
    let before = rig.disk.files();
    let vault = rig.open();
    let new = Passphrase::parse("a new one").unwrap();
    vault.change_passphrase(&new, CHEAP, &Quiet).unwrap();
    vault.lock().unwrap();
    let copy = path(&rig, "sync/header.b");
    let old = before
        .into_iter()
        .find(|(path, _)| *path == copy)
        .unwrap()
        .1;
    rig.disk.tamper(&copy, |bytes| bytes.clone_from(&old));
    let steps = rig.disk.steps();
    let (opened, stretchings) = try_passphrase(&rig, "wrong");
    assert_eq!(
        (opened.err(), stretchings),
        (Some(Error::WrongCredential), 2)
    );
    // Whoever can write in the folder makes it cost more, and no more than that.
    for number in 0..9_u8 {
        let mut bytes = old.clone();
        // The salt of the passphrase's slot.
        bytes[288] = number;
        rehash(&mut bytes);
        plant(&rig, &path(&rig, &format!("sync/header.{number}")), &bytes);
    }
    let planted = rig.disk.steps();
    let (opened, stretchings) = try_passphrase(&rig, "wrong");
    assert_eq!(
        (opened.err(), stretchings),
        (Some(Error::WrongCredential), 4)
    );
    assert_eq!(rig.disk.steps(), planted);
    assert!(planted > steps);
    let (opened, stretchings) = try_passphrase(&rig, "a new one");
    assert_eq!((opened.err(), stretchings), (None, 1));
}

/// Names, contents and times of change of everything in a folder.
fn picture_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let changed = fs::metadata(&path).unwrap().modified().unwrap();
            if path.is_dir() {
                all.push((path.clone(), Vec::new(), changed));
                folders.push(path);
            } else {
                all.push((path.clone(), fs::read(&path).unwrap(), changed));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn passphrases_open_in_either_normal_form_and_after_a_change_only_the_new_one_does() {
    let (mut temp, vault) = TempVault::create();
    let new = Passphrase::parse("caf\u{e9} \u{1112}\u{1161}\u{11ab}").unwrap();
    vault.change_passphrase(&new, CHEAP, &Quiet).unwrap();
    assert!(vault.check_passphrase(&new).unwrap());
    assert!(
        !vault
            .check_passphrase(&Passphrase::parse(PASSPHRASE).unwrap())
            .unwrap()
    );
    let old_spare = temp.spare_key();
    assert!(vault.check_spare_key(&old_spare).unwrap());
    let spare = SpareKey::make().unwrap();
    vault.replace_spare_key(&spare).unwrap();
    assert!(vault.check_spare_key(&spare).unwrap());
    assert!(!vault.check_spare_key(&old_spare).unwrap());
    vault.lock().unwrap();
    assert_eq!(
        temp.open_with(PASSPHRASE).err(),
        Some(Error::WrongCredential)
    );
    assert_eq!(temp.open().err(), Some(Error::WrongCredential));
    drop(temp.open_with("cafe\u{301} \u{d55c}").unwrap());
    temp.set_spare_key(&spare);
    drop(temp.open().unwrap());
}

#[test]
fn a_second_opener_is_told_that_the_vault_is_in_use() {
    let (temp, vault) = TempVault::create();
    assert_eq!(temp.open().err(), Some(Error::InUse));
    drop(vault);
    drop(temp.open().unwrap());
}

#[test]
fn a_read_only_folder_opens_for_reading_and_is_not_touched() {
    let (rig, spaces) = lived_in();
    rig.disk.set_read_only(true);
    let before = rig.disk.files();
    let vault = rig.open();
    assert!(vault.read_only() && vault.opening().read_only);
    assert_all(&vault, spaces);
    assert_eq!(vault.save(note(spaces[0], 1, "new")), Err(Error::ReadOnly));
    assert_eq!(
        vault.make_compartment(CompartmentOptions::default()),
        Err(Error::ReadOnly)
    );
    assert_eq!(vault.forget(spaces[0], &Quiet), Err(Error::ReadOnly));
    let new = Passphrase::parse("new").unwrap();
    assert_eq!(
        vault.change_passphrase(&new, CHEAP, &Quiet),
        Err(Error::ReadOnly)
    );
    vault.lock().unwrap();
    assert_eq!(rig.disk.files(), before);
}

#[test]
fn epoch_copies_are_mended_and_without_either_the_vault_says_so() {
    let (rig, spaces) = lived_in();
    let epochs: Vec<_> = found(&rig, "sync")
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("epoch."))
        .collect();
    assert_eq!(epochs.len(), 2);
    rig.disk.tamper(&epochs[0], |bytes| bytes[60] ^= 1);
    let vault = rig.open();
    assert_eq!(vault.opening().findings, [Finding::EpochRepaired]);
    assert_all(&vault, spaces);
    drop(vault);
    for epoch in &epochs {
        rig.disk.tamper(epoch, |bytes| bytes[60] ^= 1);
    }
    assert_eq!(
        rig.temp.open().err(),
        Some(Error::Damaged { part: Part::Epoch })
    );
}

#[test]
fn a_damaged_keyring_falls_back_to_the_one_before_and_nothing_is_written() {
    let (rig, spaces) = lived_in();
    let vault = rig.open();
    let newest = plain(&vault);
    vault.save(note(newest, 1, "newest")).unwrap();
    vault.lock().unwrap();
    rig.disk
        .tamper(&path(&rig, "sync/keyring.4"), |bytes| bytes[500] ^= 1);
    let vault = rig.open();
    assert!(has(&vault, |f| *f
        == Finding::KeyringBehind { wanted: 4, used: 3 }));
    assert!(has(&vault, |f| *f == Finding::UnknownRows { rows: 1 }));
    assert!(vault.read_only());
    assert_all_but_strays(&vault, spaces);
    drop(vault);
    rig.disk
        .tamper(&path(&rig, "sync/keyring.3"), |bytes| bytes[500] ^= 1);
    assert_eq!(
        rig.temp.open().err(),
        Some(Error::Damaged {
            part: Part::Keyring
        })
    );
}

fn assert_all_but_strays(vault: &Vault, spaces: [vault::CompartmentId; 2]) {
    for number in 0..12 {
        assert_eq!(text(vault, spaces[0], number).as_deref(), Some("text"));
        assert_eq!(text(vault, spaces[1], number).as_deref(), Some("other"));
    }
}

#[test]
fn a_lost_or_damaged_current_is_written_again() {
    let (rig, spaces) = lived_in();
    rig.disk
        .tamper(&path(&rig, "local/CURRENT"), |bytes| bytes[50] ^= 1);
    let vault = rig.open();
    assert_eq!(vault.opening().findings, [Finding::CurrentRebuilt]);
    assert_all(&vault, spaces);
}

#[test]
fn the_store_is_rebuilt_when_it_is_gone_cut_short_or_full_of_flipped_bits() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 6] = [
        ("gone", |store| fs::remove_dir_all(store).unwrap()),
        ("cut", |store| {
            let file = fs::OpenOptions::new()
                .write(true)
                .open(store.join("db"))
                .unwrap();
            file.set_len(1000).unwrap();
        }),
        ("conf", |store| {
            fs::write(store.join("conf"), b"a line of nonsense").unwrap()
        }),
        ("snap", |store| {
            for entry in fs::read_dir(store).unwrap() {
                let path = entry.unwrap().path();
                if path
                    .file_name()
                    .unwrap()
                    .to_string_lossy()
                    .starts_with("snap.")
                {
                    fs::write(path, b"a line of nonsense").unwrap();
                }
            }
        }),
        ("bits", |store| {
            let mut bytes = fs::read(store.join("db")).unwrap();
            bytes.iter_mut().step_by(101).for_each(|byte| *byte ^= 0x55);
            fs::write(store.join("db"), bytes).unwrap();
        }),
        ("empty", |store| fs::write(store.join("db"), b"").unwrap()),
    ];
    for (name, damage) in damages {
        let (rig, spaces) = lived_in();
        let store = stores(rig.temp.root()).remove(0);
        damage(&store);
        let vault = rig.open();
        assert_all(&vault, spaces);
        // sled gets over a damaged configuration file by itself.
        let rebuilt = |f: &Finding| matches!(f, Finding::StoreRebuilt { rows: 24, .. });
        assert!(
            has(&vault, rebuilt) || name == "conf",
            "{name}: {:?}",
            vault.opening()
        );
        if name != "gone" && name != "conf" {
            assert!(
                rig.temp.root().join("local/aside").exists(),
                "{name}: it is kept aside"
            );
        }
        vault.lock().unwrap();
        assert_eq!(rig.open().opening().findings, []);
    }
}

#[test]
fn rows_missing_from_the_store_after_an_unclean_end_are_noticed_and_brought_back() {
    let (rig, spaces) = lived_in();
    // The mark of an unclean end, and a store that has lost a row behind its own back.
    rig.disk.tamper(&path(&rig, "local/vault.lock"), |bytes| {
        bytes.extend_from_slice(b"open\n")
    });
    with_sled(&rig, |tree| {
        let row = tree
            .iter()
            .keys()
            .map(Result::unwrap)
            .find(|key| key.len() == 32)
            .unwrap();
        tree.remove(row).unwrap();
    });
    let vault = rig.open();
    let reason = RebuildReason::Incomplete;
    assert!(has(&vault, |f| *f == Finding::StoreRebuilt { reason, rows: 24 }));
    assert_all(&vault, spaces);
}

#[test]
fn rows_moved_swapped_or_put_back_are_refused_and_the_sums_say_where() {
    let (rig, spaces) = lived_in();
    let sum_of = |rig: &Rig| {
        let vault = rig.open();
        let checks = vault.verify(&Quiet).unwrap();
        checks.iter().map(|check| check.ok).collect::<Vec<_>>()
    };
    assert_eq!(sum_of(&rig), [true, true]);
    rig.open().lock().unwrap();
    // The value of one record under the key of another of the same compartment.
    with_sled(&rig, |tree| {
        let keys: Vec<_> = tree.iter().keys().map(Result::unwrap).collect();
        let mut same = keys.windows(2).filter(|pair| {
            pair[0].len() == 32 && pair[1].len() == 32 && pair[0][..16] == pair[1][..16]
        });
        let pair = same.next().unwrap();
        let value = tree.get(&pair[0]).unwrap().unwrap();
        tree.insert(&pair[1], value).unwrap();
    });
    let vault = rig.open();
    let mut unreadable = 0;
    for space in spaces {
        let visited = vault.visit(space, &mut |_| {}).unwrap();
        unreadable += visited.unreadable.len();
    }
    assert_eq!(unreadable, 1);
    let checks = vault.verify(&Quiet).unwrap();
    assert_eq!(checks.iter().filter(|check| !check.ok).count(), 1);
}

#[test]
fn a_damaged_checkpoint_costs_nothing_while_the_one_before_stands() {
    let (rig, spaces) = lived_in();
    let newest = found(&rig, "local/checkpoints").pop().unwrap();
    rig.disk.tamper(&newest, |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    });
    rig.remove_stores();
    let vault = rig.open();
    assert!(has(&vault, |f| *f == Finding::CheckpointDamaged));
    assert_all(&vault, spaces);
}

#[test]
fn two_damaged_checkpoints_cost_only_what_cannot_be_read() {
    let (rig, spaces) = lived_in();
    for checkpoint in found(&rig, "local/checkpoints") {
        rig.disk.tamper(&checkpoint, |bytes| {
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
        });
    }
    rig.remove_stores();
    // Only the footers are damaged: every row is still there and adds up.
    let vault = rig.open();
    assert_all(&vault, spaces);
    // That is damage, and no older folder.
    let older = |f: &Finding| matches!(f, Finding::Rollback { .. } | Finding::Fork { .. });
    assert!(!has(&vault, older), "{:?}", vault.opening());
}

#[test]
fn a_segment_that_neither_head_nor_name_tell_anything_of_is_reported() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    drop(vault);
    rig.remove_stores();
    let segment = found(&rig, "sync/journal").pop().unwrap();
    rig.disk.tamper(&segment, |bytes| bytes[130] ^= 1);
    let nameless = segment.with_file_name("segment");
    vault::Disk::rename(&rig.disk, &segment, &nameless).unwrap();
    let picture = rig.picture();
    for (length, reported) in [(usize::MAX, true), (257, true), (256, false), (0, false)] {
        rig.come_back_to(&picture);
        rig.disk.tamper(&nameless, |bytes| bytes.truncate(length));
        let vault = rig.open();
        let told = has(&vault, |f| *f == Finding::ForeignSegment);
        assert_eq!(told, reported, "{length}: {:?}", vault.opening());
    }
}

#[test]
fn a_flipped_byte_in_any_frame_costs_that_frame_alone_and_is_named() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    for number in 0..6 {
        vault.save(note(space, number, "text")).unwrap();
    }
    drop(vault);
    rig.remove_stores();
    let picture = rig.picture();
    let segment = found(&rig, "sync/journal").pop().unwrap();
    let length = rig
        .disk
        .files()
        .iter()
        .find(|(path, _)| *path == segment)
        .unwrap()
        .1
        .len();
    let frame = (length - 256) / 6;
    for lost in 0..6u64 {
        rig.come_back_to(&picture);
        let at = 256 + frame * lost as usize + frame / 2;
        rig.disk.tamper(&segment, |bytes| bytes[at] ^= 1);
        let vault = rig.open();
        let sequence = lost + 1;
        let gap = Finding::Gap {
            device: vault.device(),
            from: sequence,
            to: sequence,
        };
        assert!(has(&vault, |f| *f == gap), "{lost}: {:?}", vault.opening());
        for number in 0..6 {
            let expected = (number != lost).then_some("text");
            assert_eq!(text(&vault, space, number).as_deref(), expected);
        }
        if lost < 5 {
            // Later saves know how many rows there should be.
            let incomplete = |f: &Finding| {
                matches!(
                    f,
                    Finding::Incomplete {
                        expected: 6,
                        found: 5,
                        ..
                    }
                )
            };
            assert!(has(&vault, incomplete));
            assert!(!vault.verify(&Quiet).unwrap()[0].ok);
        }
        // Its number is not given again.
        let saved = vault.save(note(space, 9, "after")).unwrap();
        assert_eq!(saved.sequence, 7);
    }
}

#[test]
fn a_torn_tail_is_dropped_and_said() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "whole")).unwrap();
    vault.save(note(space, 2, "torn")).unwrap();
    drop(vault);
    rig.remove_stores();
    let segment = found(&rig, "sync/journal").pop().unwrap();
    rig.disk
        .tamper(&segment, |bytes| bytes.truncate(bytes.len() - 1));
    // This machine's anchor was last told at creation, so nothing else knows of the second save.
    let vault = rig.open();
    assert!(has(&vault, |f| matches!(f, Finding::TornTail { .. })));
    assert_eq!(text(&vault, space, 1).as_deref(), Some("whole"));
    assert_eq!(text(&vault, space, 2), None);
    vault.save(note(space, 2, "again")).unwrap();
    drop(vault);
    let vault = rig.open();
    assert_eq!(alarming(&vault), []);
    assert!(
        !has(&vault, |f| matches!(f, Finding::TornTail { .. })),
        "it is said once"
    );
    assert_eq!(text(&vault, space, 2).as_deref(), Some("again"));
}

#[test]
fn payloads_of_every_awkward_size_survive_and_above_the_limit_are_refused() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    let sizes = [
        0,
        1,
        32_623,
        32_624,
        32_625,
        32_767,
        32_768,
        32_769,
        10 << 20,
        MAX_PAYLOAD,
    ];
    let payload = |size: usize| {
        (0..size)
            .map(|at| (at * 31 % 251) as u8)
            .collect::<Vec<_>>()
    };
    for (number, size) in sizes.into_iter().enumerate() {
        let mut batch = Batch::new();
        batch.put(space, NOTE, id(number as u64), Schema(1), payload(size));
        vault.save(batch).unwrap();
    }
    let mut batch = Batch::new();
    batch.put(space, NOTE, id(99), Schema(1), vec![0; MAX_PAYLOAD + 1]);
    assert_eq!(vault.save(batch), Err(Error::TooLarge));
    drop(vault);
    let vault = temp.open().unwrap();
    for (number, size) in sizes.into_iter().enumerate() {
        let record = vault.read(space, NOTE, id(number as u64)).unwrap().unwrap();
        assert!(*record.payload == payload(size), "{size} bytes");
    }
    // A long record made short leaves none of its chunks behind.
    for number in 0..sizes.len() as u64 {
        vault.save(note(space, number, "short")).unwrap();
    }
    assert_eq!(
        vault.verify(&Quiet).unwrap()[0].records_found,
        sizes.len() as u64
    );
    vault.lock().unwrap();
    let blobs = stores(temp.root()).remove(0).join("blobs");
    assert_eq!(fs::read_dir(blobs).map_or(0, Iterator::count), 0);
}

#[cfg(unix)]
#[test]
fn links_are_refused_and_open_permissions_tightened() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (temp, vault) = TempVault::create();
    vault.lock().unwrap();
    let header = temp.root().join("sync/header.a");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&header), mode(&temp.root().join("sync"))),
        (0o600, 0o700)
    );
    fs::set_permissions(&header, fs::Permissions::from_mode(0o644)).unwrap();
    let vault = temp.open().unwrap();
    assert_eq!(
        vault.opening().findings,
        [Finding::PermissionsTightened { entries: 1 }]
    );
    assert_eq!(mode(&header), 0o600);
    vault.lock().unwrap();
    // A copy of the header that is a link elsewhere is replaced, and what it led to is left alone.
    let elsewhere = temp.folder().join("elsewhere");
    fs::rename(&header, &elsewhere).unwrap();
    symlink(&elsewhere, &header).unwrap();
    let vault = temp.open().unwrap();
    assert!(has(&vault, |f| *f == Finding::HeaderRepaired));
    assert!(fs::symlink_metadata(&header).unwrap().is_file() && elsewhere.is_file());
    vault.lock().unwrap();
    // A folder that is a link is not entered.
    fs::rename(temp.root().join("local"), temp.folder().join("local")).unwrap();
    symlink(temp.folder().join("local"), temp.root().join("local")).unwrap();
    assert_eq!(temp.open().err(), Some(Error::Link));
}

/// Gives a file or folder to another user, if the system lets us.
#[cfg(unix)]
fn give_away(path: &Path, user: u32) -> bool {
    let given = std::os::unix::fs::chown(path, Some(user), None);
    if given.is_err() {
        println!("skipped: nothing can be given to another user here");
    }
    given.is_ok()
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn files_and_folders_of_another_user_are_told_of_at_each_opening() {
    use std::os::unix::fs::PermissionsExt;
    const SOMEBODY: u32 = 12_345;
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let root = temp.root().to_owned();
    let epoch = found_on_disk(&root.join("sync"), "epoch.");
    let db = stores(&root).remove(0).join("db");
    for path in [
        &root,
        &root.join("sync"),
        &epoch,
        &db,
        &temp.places().device,
    ] {
        if !give_away(path, SOMEBODY) {
            return;
        }
        for _ in 0..2 {
            let vault = temp.open().unwrap();
            let told = [Finding::PermissionsLoose { entries: 1 }];
            assert_eq!(vault.opening().findings, told, "{path:?}");
            assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
            vault.lock().unwrap();
        }
        give_away(
            path,
            std::os::unix::fs::MetadataExt::uid(&fs::metadata(temp.folder()).unwrap()),
        );
        assert_eq!(temp.open().unwrap().opening().findings, [], "{path:?}");
    }
    // One that is open to others as well is closed to them, which is half of it, and told once.
    give_away(&epoch, SOMEBODY);
    fs::set_permissions(&epoch, fs::Permissions::from_mode(0o644)).unwrap();
    give_away(&root, SOMEBODY);
    let vault = temp.open().unwrap();
    let told = [Finding::PermissionsLoose { entries: 2 }];
    assert_eq!(vault.opening().findings, told);
    let mode = fs::metadata(&epoch).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
}

const OPENED_BY_ANOTHER: &str = "VAULT_OPENED_BY_ANOTHER";

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn a_folder_that_another_user_keeps_shut_within_does_not_keep_the_vault_from_opening() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let (temp, vault) = TempVault::create();
    vault.save(note(plain(&vault), 1, "text")).unwrap();
    vault.lock().unwrap();
    if !give_away(temp.folder(), NOBODY) {
        return;
    }
    for (path, _, _) in picture_of(temp.folder()) {
        give_away(&path, NOBODY);
    }
    for (owner, loose) in [(0, 0), (12_345, 1)] {
        // Such as a file system has at its top.
        let shut = temp.root().join("lost+found");
        fs::create_dir(&shut).unwrap();
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
        give_away(&shut, owner);
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "damage::the_process_of_another_user"])
            .args(["--ignored", "--nocapture"])
            .env(OPENED_BY_ANOTHER, temp.folder())
            .env("VAULT_SPARE", temp.spare_key().words().join(" "))
            .current_dir("/")
            .uid(NOBODY)
            .output();
        let Ok(output) = child else {
            println!("skipped: another user cannot start the test");
            return;
        };
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let expected = match loose {
            0 => "found []".to_owned(),
            entries => format!("found {:?}", [Finding::PermissionsLoose { entries }]),
        };
        assert!(said.contains(&expected), "{owner}: {said}");
        fs::remove_dir(&shut).unwrap();
    }
}

#[test]
#[ignore = "the other side of the test above"]
fn the_process_of_another_user() {
    let Ok(folder) = std::env::var(OPENED_BY_ANOTHER) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let places = vault::Places {
        vault: folder.join("vault"),
        device: folder.join("device"),
    };
    let spare = SpareKey::parse(&std::env::var("VAULT_SPARE").unwrap()).unwrap();
    let vault = Vault::open(&places, Credential::SpareKey(&spare), &Quiet);
    let found = vault.as_ref().map(|vault| &vault.opening().findings);
    match found {
        Ok(findings) => println!("found {findings:?}"),
        Err(error) => println!("refused: {error:?}"),
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn found_on_disk(folder: &Path, prefix: &str) -> PathBuf {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    let begins = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with(prefix)
    };
    paths.find(begins).unwrap()
}

#[test]
fn a_cancelled_opening_writes_nothing() {
    struct Stop;
    impl vault::Watch for Stop {
        fn at(&self, _step: vault::Step) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let (rig, _) = lived_in();
    let before = rig.disk.files();
    let passphrase = Passphrase::parse(PASSPHRASE).unwrap();
    let credential = Credential::Passphrase(&passphrase);
    let opened = Vault::open_on(rig.temp.host(), rig.temp.places(), credential, &Stop);
    assert_eq!(opened.err(), Some(Error::Cancelled));
    assert_eq!(rig.disk.files(), before);
}

#[test]
fn no_planted_word_is_found_in_any_file() {
    let (temp, vault) = TempVault::create();
    let space = vault
        .make_compartment(CompartmentOptions {
            alias: Some("Xylophonia".into()),
            second: None,
        })
        .unwrap();
    vault
        .save(note(space, 1, "the planted sentence about Quetzalcoatl"))
        .unwrap();
    vault.lock().unwrap();
    drop(temp.open().unwrap());
    let planted = ["Quetzalcoatl", "planted sentence", "Xylophonia", PASSPHRASE];
    for (path, bytes, _) in picture_of(temp.folder()) {
        for word in planted {
            let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for form in [word.as_bytes(), &wide] {
                let there = bytes.windows(form.len()).any(|window| window == form);
                assert!(!there, "{word} in {path:?}");
            }
        }
    }
}

/// The head of a frame with a right check and nothing sealed behind it, as anybody could write it.
fn forged_frame(sequence: u64) -> Vec<u8> {
    use sha2::Digest;
    let mut bytes = b"CFRM".to_vec();
    bytes.extend_from_slice(&1024_u32.to_le_bytes());
    bytes.extend_from_slice(&sequence.to_le_bytes());
    bytes.extend_from_slice(&[7; 56]);
    let check = sha2::Sha256::digest(&bytes);
    bytes.extend_from_slice(&check[..8]);
    bytes.resize(1024 + 112, 0xa5);
    bytes
}

/// Puts a file into the vault's folder behind its back.
fn plant(rig: &Rig, path: &Path, bytes: &[u8]) {
    use vault::Disk;
    let mut file = rig.disk.create(path).unwrap();
    file.append(bytes).unwrap();
    file.sync().unwrap();
    rig.disk.sync_folder(path.parent().unwrap()).unwrap();
}

#[test]
fn a_forged_frame_head_cannot_raise_the_numbers_beyond_what_its_bytes_could_hold() {
    for claimed in [5_000, 1 << 47, (1 << 48) + 3, u64::MAX - 1, u64::MAX] {
        let (rig, vault) = Rig::new();
        let space = plain(&vault);
        vault.save(note(space, 1, "before")).unwrap();
        drop(vault);
        let segment = found(&rig, "sync/journal").pop().unwrap();
        rig.disk
            .tamper(&segment, |bytes| bytes.extend(forged_frame(claimed)));
        let vault = rig.open();
        let gap = Finding::Gap {
            device: vault.device(),
            from: 2,
            to: 2,
        };
        assert!(has(&vault, |f| *f == gap), "{:?}", vault.opening());
        let saved = vault.save(note(space, 2, "after")).unwrap();
        assert_eq!(saved.sequence, 3, "claimed {claimed}");
        drop(vault);
        rig.remove_stores();
        let vault = rig.open();
        assert_eq!(text(&vault, space, 1).as_deref(), Some("before"));
        assert_eq!(text(&vault, space, 2).as_deref(), Some("after"));
        assert_whole(&vault);
    }
}

#[test]
fn a_planted_segment_name_cannot_raise_the_numbers_of_segments() {
    for number in [u64::MAX, u64::MAX - 1, 1 << 47, 900] {
        let (rig, vault) = Rig::new();
        let space = plain(&vault);
        vault.save(note(space, 1, "before")).unwrap();
        drop(vault);
        let genuine = found(&rig, "sync/journal").pop().unwrap();
        let folder = genuine.parent().unwrap();
        let junk = folder.join(format!("{number:010}-{}", "ab".repeat(16)));
        plant(&rig, &junk, &[0x5a; 257]);
        for round in 2..5 {
            let vault = rig.open();
            assert!(has(&vault, |f| *f == Finding::ForeignSegment));
            vault.save(note(space, round, "after")).unwrap();
            drop(vault);
        }
        rig.remove_stores();
        let vault = rig.open();
        assert_eq!(text(&vault, space, 1).as_deref(), Some("before"));
        for round in 2..5 {
            assert_eq!(text(&vault, space, round).as_deref(), Some("after"));
        }
        assert_whole(&vault);
        let segments = found(&rig, "sync/journal");
        let highest = segments.iter().rfind(|path| **path != junk);
        let name = highest.unwrap().file_name().unwrap().to_string_lossy();
        assert!(name.starts_with("00000000"), "{name}");
    }
}

#[test]
fn a_segment_whose_head_is_damaged_and_whose_name_lies_keeps_its_saves() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "one")).unwrap();
    drop(vault);
    let vault = rig.open();
    vault.save(note(space, 2, "two")).unwrap();
    drop(vault);
    rig.remove_stores();
    let newest = found(&rig, "sync/journal").pop().unwrap();
    rig.disk.tamper(&newest, |bytes| bytes[100] ^= 1);
    let name = newest.file_name().unwrap().to_string_lossy().into_owned();
    let (_, file) = name.split_once('-').unwrap();
    let lying = newest.with_file_name(format!("{}-{file}", u64::MAX));
    vault::Disk::rename(&rig.disk, &newest, &lying).unwrap();
    let vault = rig.open();
    assert_eq!(text(&vault, space, 1).as_deref(), Some("one"));
    assert_eq!(text(&vault, space, 2).as_deref(), Some("two"));
    vault.save(note(space, 3, "three")).unwrap();
    assert_whole(&vault);
}

/// A locked vault whose journal has lost the first save of one compartment for good, and both its compartments.
fn lost_a_save() -> (Rig, [vault::CompartmentId; 2]) {
    let (rig, vault) = Rig::new();
    let spaces = [plain(&vault), plain(&vault)];
    for number in 0..4 {
        vault.save(note(spaces[0], number, "text")).unwrap();
        vault.save(note(spaces[1], number, "other")).unwrap();
    }
    drop(vault);
    rig.remove_stores();
    let segment = found(&rig, "sync/journal").pop().unwrap();
    rig.disk.tamper(&segment, |bytes| bytes[256 + 600] ^= 1);
    (rig, spaces)
}

fn is_incomplete(vault: &Vault) -> bool {
    has(vault, |f| matches!(f, Finding::Incomplete { .. }))
}

#[test]
fn a_compartment_can_be_forgotten_although_another_has_lost_rows_and_the_vault_opens_afterwards() {
    let (rig, spaces) = lost_a_save();
    let vault = rig.open();
    assert!(is_incomplete(&vault));
    vault.forget(spaces[1], &Quiet).unwrap();
    assert_whole(&vault);
    drop(vault);
    for _ in 0..2 {
        let vault = rig.open();
        assert_eq!(alarming(&vault), []);
        assert_eq!(text(&vault, spaces[0], 0), None, "it was lost before");
        for number in 1..4 {
            assert_eq!(text(&vault, spaces[0], number).as_deref(), Some("text"));
        }
        assert_whole(&vault);
        vault.save(note(spaces[0], 9, "after")).unwrap();
        vault.lock().unwrap();
    }
}

#[test]
fn a_loss_is_told_at_each_opening_and_saves_go_on() {
    let (rig, spaces) = lost_a_save();
    for round in 10..13 {
        let vault = rig.open();
        assert!(is_incomplete(&vault), "round {round}");
        vault.save(note(spaces[0], round, "after")).unwrap();
        vault.lock().unwrap();
    }
    let vault = rig.open();
    for round in 10..13 {
        assert_eq!(text(&vault, spaces[0], round).as_deref(), Some("after"));
    }
}

#[test]
fn forgetting_waits_until_rows_that_are_missing_have_been_looked_for() {
    let (rig, spaces) = lived_in();
    let vault = rig.open();
    let row = vault.compartments().len();
    assert_eq!(row, 2);
    vault.lock().unwrap();
    let forgotten = spaces[1];
    // A row of the other compartment goes behind everybody's back: which is whose, the sums say.
    let picture = rig.picture();
    let mut refused = 0;
    for nth in 0..24 {
        rig.come_back_to(&picture);
        with_sled(&rig, |tree| {
            let mut rows = tree.iter().keys().map(Result::unwrap);
            let row = rows
                .by_ref()
                .filter(|key| key.len() == 32)
                .nth(nth)
                .unwrap();
            tree.remove(row).unwrap();
        });
        let vault = rig.open();
        match vault.forget(forgotten, &Quiet) {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error, Error::Damaged { part: Part::Store });
                refused += 1;
                vault.lock().unwrap();
                let vault = rig.open();
                vault.forget(forgotten, &Quiet).unwrap();
                for number in 0..12 {
                    let kept = text(&vault, spaces[0], number);
                    assert_eq!(kept.as_deref(), Some("text"), "{number}");
                }
                assert_whole(&vault);
            }
        }
    }
    assert_eq!(refused, 12, "one for each row of the other compartment");
}

#[test]
fn a_long_record_that_lost_a_row_can_be_written_again_or_removed_and_adds_up_afterwards() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault
        .save(note(space, 1, &"long words ".repeat(10_000)))
        .unwrap();
    vault.save(note(space, 2, "another")).unwrap();
    vault.lock().unwrap();
    let picture = rig.picture();
    let mut rows = 0;
    with_sled(&rig, |tree| {
        rows = tree
            .iter()
            .keys()
            .filter(|key| key.as_ref().unwrap().len() == 32)
            .count();
    });
    assert!(rows > 4);
    for nth in 0..rows {
        for content in [Some("short"), None] {
            rig.come_back_to(&picture);
            with_sled(&rig, |tree| {
                let mut keys = tree.iter().keys().map(Result::unwrap);
                let row = keys
                    .by_ref()
                    .filter(|key| key.len() == 32)
                    .nth(nth)
                    .unwrap();
                tree.remove(row).unwrap();
            });
            let vault = rig.open();
            // What the program does after an opening.
            assert!(!vault.verify(&Quiet).unwrap()[0].ok);
            let mut batch = Batch::new();
            match content {
                Some(content) => batch.put(space, NOTE, id(1), Schema(1), content),
                None => batch.delete(space, NOTE, id(1)),
            }
            vault.save(batch).unwrap();
            vault.lock().unwrap();
            for _ in 0..2 {
                let vault = rig.open();
                assert!(!is_incomplete(&vault), "row {nth}: {:?}", vault.opening());
                assert_eq!(text(&vault, space, 1).as_deref(), content, "row {nth}");
                assert_eq!(text(&vault, space, 2).as_deref(), Some("another"));
                assert_whole(&vault);
                vault.lock().unwrap();
            }
        }
    }
}

#[test]
fn a_damaged_last_save_is_never_taken_for_an_older_folder() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    for number in 0..3 {
        vault.save(note(space, number, "text")).unwrap();
    }
    drop(vault);
    rig.remove_stores();
    let segment = found(&rig, "sync/journal").pop().unwrap();
    rig.disk.tamper(&segment, |bytes| {
        let at = bytes.len() - 100;
        bytes[at] ^= 1;
    });
    for _ in 0..3 {
        let vault = rig.open();
        assert!(!has(&vault, |f| matches!(
            f,
            Finding::Rollback { .. } | Finding::Fork { .. }
        )));
        assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
        vault.lock().unwrap();
    }
}

#[test]
fn heads_that_claim_the_longest_frames_do_not_keep_the_vault_busy() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "before")).unwrap();
    drop(vault);
    rig.remove_stores();
    let segment = found(&rig, "sync/journal").pop().unwrap();
    // Each head claims 16 MiB, and the next one begins behind it: 40 GB to authenticate, if all were believed.
    let mut head = forged_frame(2);
    head[4..8].copy_from_slice(&(16_u32 << 20).to_le_bytes());
    let check = {
        use sha2::Digest;
        sha2::Sha256::digest(&head[..72])
    };
    head[72..80].copy_from_slice(&check[..8]);
    rig.disk.tamper(&segment, |bytes| {
        for _ in 0..2_500 {
            bytes.extend_from_slice(&head[..80]);
        }
        bytes.resize(bytes.len() + (17 << 20), 0);
    });
    let vault = rig.open();
    assert_eq!(text(&vault, space, 1).as_deref(), Some("before"));
    let saved = vault.save(note(space, 2, "after")).unwrap();
    assert!(
        saved.sequence > 2,
        "a number that may have been given is not given again"
    );
}

/// The newest segment of the journal.
fn newest_segment(rig: &Rig) -> PathBuf {
    found(rig, "sync/journal").pop().unwrap()
}

fn bytes_of(rig: &Rig, path: &Path) -> Vec<u8> {
    let mut files = rig.disk.files().into_iter();
    files.find(|(of, _)| of == path).unwrap().1
}

/// As programs that keep folders alike name what they have two versions of.
fn conflict_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap().to_string_lossy();
    path.with_file_name(format!("{name}.sync-conflict-20261128-051700-ABCDEFG"))
}

/// Opens the vault without its store.
fn open_bare(rig: &Rig) -> Vault {
    rig.remove_stores();
    rig.open()
}

fn assert_texts(vault: &Vault, space: vault::CompartmentId, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let there = text(vault, space, number);
        let told = vault.opening();
        assert_eq!(there.as_deref(), Some("text"), "{number}, {told:?}");
    }
    assert_whole(vault);
}

#[test]
fn a_copy_of_a_segment_of_before_does_not_take_its_place() {
    // The copy gets another name, which stands behind or before the right one; or it gets the right one.
    for renaming in ["behind", "before", "changed places"] {
        let (rig, vault) = Rig::new();
        let space = plain(&vault);
        vault.save(note(space, 1, "text")).unwrap();
        let segment = newest_segment(&rig);
        let before = bytes_of(&rig, &segment);
        for number in 2..5 {
            vault.save(note(space, number, "text")).unwrap();
        }
        // The power goes, and with it what the store had not written.
        drop(vault);
        let mut copy = match renaming {
            "before" => segment.with_file_name("0 (copy)"),
            _ => conflict_of(&segment),
        };
        if renaming == "changed places" {
            vault::Disk::rename(&rig.disk, &segment, &copy).unwrap();
            copy.clone_from(&segment);
        }
        plant(&rig, &copy, &before);
        let vault = open_bare(&rig);
        assert_eq!(alarming(&vault), [Finding::ForeignSegment], "{renaming}");
        assert_texts(&vault, space, 1..5);
        // What the next session says of the one before is right, too, whether the copy is there or not.
        vault.save(note(space, 5, "text")).unwrap();
        drop(vault);
        let vault = open_bare(&rig);
        assert_eq!(alarming(&vault), [Finding::ForeignSegment], "{renaming}");
        assert_texts(&vault, space, 1..6);
        drop(vault);
        vault::Disk::remove(&rig.disk, &copy).unwrap();
        let vault = open_bare(&rig);
        assert_eq!(alarming(&vault), [], "{renaming}");
        assert_texts(&vault, space, 1..6);
    }
}

#[test]
fn of_copies_of_a_segment_that_hold_the_same_the_one_with_the_right_name_counts() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.save(note(space, 2, "text")).unwrap();
    drop(vault);
    let segment = newest_segment(&rig);
    // They were taken while another save was being written.
    let mut torn = bytes_of(&rig, &segment);
    torn.extend_from_slice(&forged_frame(3)[..600]);
    for copy in [conflict_of(&segment), segment.with_file_name("0 (copy)")] {
        plant(&rig, &copy, &torn);
    }
    let vault = open_bare(&rig);
    let torn = |f: &Finding| matches!(f, Finding::TornTail { .. });
    assert!(!has(&vault, torn), "{:?}", vault.opening());
    assert_eq!(alarming(&vault), [Finding::ForeignSegment; 2]);
    assert_texts(&vault, space, 1..3);
}

#[test]
fn a_copy_stands_in_for_a_segment_that_was_cut_or_damaged_at_its_end() {
    for cut in [true, false] {
        let (rig, vault) = Rig::new();
        let space = plain(&vault);
        for number in 1..5 {
            vault.save(note(space, number, "text")).unwrap();
        }
        let segment = newest_segment(&rig);
        plant(&rig, &conflict_of(&segment), &bytes_of(&rig, &segment));
        drop(vault);
        rig.disk.tamper(&segment, |bytes| {
            let last = bytes.len() - 700;
            if cut {
                bytes.truncate(last);
            } else {
                bytes[last] ^= 1;
            }
        });
        for number in 5..7 {
            let vault = open_bare(&rig);
            assert_eq!(alarming(&vault), [Finding::ForeignSegment], "{cut}");
            assert_texts(&vault, space, 1..number);
            vault.save(note(space, number, "text")).unwrap();
            assert!(vault.check_history(&Quiet).unwrap().stands_alone());
        }
    }
}

#[test]
fn of_copies_of_a_segment_none_takes_the_place_of_one_that_leads_further() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    let device = vault.device();
    for number in 1..4 {
        vault.save(note(space, number, "text")).unwrap();
    }
    let segment = newest_segment(&rig);
    let before = bytes_of(&rig, &segment);
    vault.save(note(space, 4, "text")).unwrap();
    drop(vault);
    // The copy has more frames in a row, and as many in all; but not the last one, and nothing would tell of that.
    plant(&rig, &conflict_of(&segment), &before);
    rig.disk.tamper(&segment, |bytes| bytes[256 + 600] ^= 1);
    let vault = open_bare(&rig);
    let (from, to) = (1, 1);
    let gap = Finding::Gap { device, from, to };
    assert!(has(&vault, |f| *f == gap), "{:?}", vault.opening());
    assert!(is_incomplete(&vault));
    for number in 2..5 {
        assert_eq!(text(&vault, space, number).as_deref(), Some("text"));
    }
    assert_eq!(vault.save(note(space, 5, "text")).unwrap().sequence, 5);
}

/// A vault whose newest segment holds three saves that were acknowledged. In the one before there are so many, and
/// behind them one whose sync failed, though its bytes are there.
fn refused(before: u64) -> (Rig, Vault, vault::CompartmentId) {
    let begun = || {
        let (rig, vault) = Rig::new();
        let space = plain(&vault);
        vault.lock().unwrap();
        let vault = rig.open();
        for number in 0..before {
            vault.save(note(space, number, "text")).unwrap();
        }
        (rig, vault, space)
    };
    let (rig, vault, space) = begun();
    let steps = rig.disk.steps();
    vault.save(note(space, 9, "refused")).unwrap();
    let last = rig.disk.steps() - steps - 1;
    let (rig, vault, space) = begun();
    rig.disk
        .fail_from(rig.disk.steps() + last, io::ErrorKind::Other);
    assert!(vault.save(note(space, 9, "refused")).is_err());
    rig.disk.mend();
    let frames = bytes_of(&rig, &newest_segment(&rig)).len() - 256;
    assert!(frames > before as usize * 1136, "its bytes are there");
    for number in before..before + 3 {
        vault.save(note(space, number, "text")).unwrap();
    }
    (rig, vault, space)
}

/// A byte in the head of a segment: of the device's id.
const IN_DEVICE: usize = 60;

fn damage_head(rig: &Rig, segment: &Path, at: usize) {
    rig.disk.tamper(segment, |bytes| bytes[at] ^= 4);
}

#[test]
fn a_refused_save_does_not_push_out_a_later_one_whose_segment_is_lost() {
    for zeros in [false, true] {
        let (rig, vault, space) = refused(1);
        vault.lock().unwrap();
        // One bad block takes its head and its only frames.
        let newest = newest_segment(&rig);
        if zeros {
            rig.disk.tamper(&newest, |bytes| bytes.fill(0));
        } else {
            rig.disk.remove(&newest).unwrap();
        }
        for _ in 0..2 {
            let vault = rig.open();
            let told = vault.opening();
            assert_eq!(alarming(&vault), [], "store and checkpoints are whole");
            for number in 0..4 {
                let found = text(&vault, space, number);
                assert_eq!(found.as_deref(), Some("text"), "{told:?}");
            }
            assert_eq!(text(&vault, space, 9), None, "{told:?}");
            vault.lock().unwrap();
        }
    }
}

#[test]
fn a_number_that_a_refused_save_had_is_given_to_no_other() {
    for before in [0, 2] {
        let (rig, vault, _) = refused(before);
        let segments = found(&rig, "sync/journal");
        let first = |path: &Path| {
            let bytes = bytes_of(&rig, path);
            u64::from_le_bytes(bytes[88..96].try_into().unwrap())
        };
        let [.., refused, newest] = &segments[..] else {
            panic!("two segments at least: {segments:?}");
        };
        assert_eq!(first(newest), first(refused) + before + 1);
        assert_whole(&vault);
        drop(vault);
        let vault = rig.open();
        assert_eq!(alarming(&vault), []);
        assert_whole(&vault);
    }
}

/// Files of which there is another, or that are only hints.
fn has_another(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    name == "CURRENT" || name.ends_with(".a") || name.ends_with(".b")
}

#[test]
fn what_the_device_refuses_to_read_is_shown_as_far_as_it_goes_and_costs_nothing_once_it_reads_again()
 {
    let (rig, spaces) = lived_in();
    // Saves that no checkpoint has, and no store: only the journal.
    let vault = rig.open();
    vault.save(note(spaces[0], 20, "text")).unwrap();
    drop(vault);
    rig.remove_stores();
    let files: Vec<_> = rig.disk.files().into_iter().map(|(path, _)| path).collect();
    let (mut doubled, mut single) = (0, 0);
    // What comes of the newest keyring is shown with those that are damaged.
    let is_keyring = |path: &PathBuf| path.to_string_lossy().contains("/keyring.");
    for path in files.into_iter().filter(|path| !is_keyring(path)) {
        let picture = rig.picture();
        rig.disk.spoil(Some(path.clone()));
        let opened = rig.temp.open();
        if path.ends_with("vault.lock") {
            drop(opened);
        } else {
            let vault = opened.unwrap_or_else(|error| panic!("{path:?}: {error}"));
            let told = vault.opening();
            let refused = told.findings.contains(&Finding::DeviceRefuses);
            assert_eq!(refused, told.read_only, "{path:?}: {told:?}");
            assert_eq!(refused, !has_another(&path), "{path:?}: {told:?}");
            doubled += u32::from(!refused);
            single += u32::from(refused);
            if refused {
                // The newest save may be on the bad sectors. Nothing is written over them.
                assert_eq!(
                    vault.save(note(spaces[0], 21, "later")),
                    Err(Error::ReadOnly)
                );
                let backup = rig.temp.folder().join("of what can be read");
                assert!(vault.backup(&backup, &Quiet).unwrap().rows > 0);
            } else {
                assert_eq!(text(&vault, spaces[0], 20).as_deref(), Some("text"));
            }
            assert_all(&vault, spaces);
            vault.lock().unwrap();
        }
        rig.disk.spoil(None);
        let vault = rig.open();
        assert_all(&vault, spaces);
        assert_eq!(
            text(&vault, spaces[0], 20).as_deref(),
            Some("text"),
            "{path:?}"
        );
        drop(vault);
        rig.come_back_to(&picture);
    }
    assert!(doubled >= 5 && single >= 4, "{doubled}, {single}");
}

#[test]
fn of_what_the_device_refuses_nobody_says_that_it_is_damaged() {
    let (rig, _) = lived_in();
    for ending in [["header.a", "header.b"], [".a", ".b"]] {
        let files = rig.disk.files().into_iter().map(|(path, _)| path);
        let named = |path: &PathBuf, ending: &str| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.ends_with(ending) && (ending.len() > 2 || name.starts_with("epoch."))
        };
        let files: Vec<_> = files.collect();
        let [one, other] = ending.map(|ending| {
            files
                .iter()
                .find(|path| named(path, ending))
                .unwrap()
                .clone()
        });
        let picture = rig.picture();
        rig.disk.tamper(&one, |bytes| bytes[40] ^= 1);
        rig.disk.spoil(Some(other));
        assert_eq!(rig.temp.open().err(), Some(Error::Device));
        rig.disk.spoil(None);
        assert!(rig.temp.open().is_ok());
        rig.come_back_to(&picture);
    }
}

#[test]
fn a_refused_save_does_not_come_back_where_the_head_of_the_next_segment_is_damaged() {
    // Magic, vault, lineage, number, previous, epoch, seal.
    let elsewhere = [2, 20, 40, 85, 100, 165, 230].map(|at| (1, at, false));
    let here = [0, 1, 3].map(|before| [false, true].map(|planted| (before, IN_DEVICE, planted)));
    for (before, at, planted) in here.into_iter().flatten().chain(elsewhere) {
        let (rig, vault, space) = refused(before);
        drop(vault);
        let newest = newest_segment(&rig);
        damage_head(&rig, &newest, at);
        if planted {
            // Its name puts it between the two, and it proves nothing.
            let name = newest.file_name().unwrap().to_string_lossy();
            let (number, _) = name.split_once('-').unwrap();
            let between = newest.with_file_name(format!("{number}-{}", "0".repeat(32)));
            plant(&rig, &between, &[0x5a; 300]);
        }
        let vault = open_bare(&rig);
        let about = format!("{before}, {at}, {planted}: {:?}", vault.opening());
        assert_eq!(text(&vault, space, 9), None, "{about}");
        assert_texts(&vault, space, 0..before + 3);
        let found = vault.check_history(&Quiet).unwrap();
        assert!(found.stands_alone(), "{found:?}");
        if !planted {
            // Nothing but a frame tells that it is left out.
            assert_eq!(alarming(&vault), [Finding::ForeignSegment], "{about}");
            let paths: Vec<_> = found.damaged.iter().map(|file| &file.path).collect();
            assert_eq!(paths, [&newest]);
        }
        vault.save(note(space, before + 3, "text")).unwrap();
        drop(vault);
        let vault = open_bare(&rig);
        assert_eq!(text(&vault, space, 9), None, "{about}");
        assert_texts(&vault, space, 0..before + 4);
    }
}

#[test]
fn behind_a_damaged_head_and_frame_the_saves_come_back_and_the_one_that_is_lost_is_told() {
    let (rig, vault, space) = refused(1);
    let device = vault.device();
    drop(vault);
    let newest = newest_segment(&rig);
    damage_head(&rig, &newest, IN_DEVICE);
    rig.disk.tamper(&newest, |bytes| bytes[256 + 600] ^= 1);
    for round in 0..2 {
        let vault = open_bare(&rig);
        let about = format!("{round}: {:?}", vault.opening());
        let (from, to) = (3, 3);
        let gap = Finding::Gap { device, from, to };
        assert!(has(&vault, |f| *f == gap), "{about}");
        assert!(is_incomplete(&vault), "{about}");
        // That what stands before it was refused, only the lost frame could tell: it counts.
        let refused = text(&vault, space, 9);
        assert_eq!(refused.as_deref(), Some("refused"), "{about}");
        assert_eq!(text(&vault, space, 1), None, "{about}");
        for number in [0, 2, 3] {
            let there = text(&vault, space, number);
            assert_eq!(there.as_deref(), Some("text"), "{number}, {about}");
        }
        let found = vault.check_history(&Quiet).unwrap();
        let paths: Vec<_> = found.damaged.iter().map(|file| &file.path).collect();
        assert_eq!(paths, [&newest]);
    }
}

#[test]
fn the_head_of_a_copy_tells_what_a_damaged_one_said() {
    // Where the frames are damaged, too, nothing else tells where they began.
    for frames_are_damaged in [false, true] {
        let (rig, vault, space) = refused(1);
        drop(vault);
        let newest = newest_segment(&rig);
        let mut copy = bytes_of(&rig, &newest);
        copy.truncate(256 + 600);
        plant(&rig, &conflict_of(&newest), &copy);
        damage_head(&rig, &newest, IN_DEVICE);
        if frames_are_damaged {
            rig.disk.tamper(&newest, |bytes| bytes[256..].fill(0));
        }
        let vault = open_bare(&rig);
        let told = vault.opening();
        assert_eq!(text(&vault, space, 9), None, "{told:?}");
        if frames_are_damaged {
            assert_eq!(text(&vault, space, 0).as_deref(), Some("text"));
            assert!(
                has(&vault, |f| matches!(f, Finding::Gap { .. })),
                "{told:?}"
            );
        } else {
            assert_eq!(alarming(&vault), [Finding::ForeignSegment]);
            assert_texts(&vault, space, 0..4);
        }
        let found = vault.check_history(&Quiet).unwrap();
        let paths: Vec<_> = found.damaged.iter().map(|file| &file.path).collect();
        assert_eq!(paths, [&newest]);
    }
}

#[test]
fn only_what_the_next_segment_accepts_of_a_copy_speaks_for_it() {
    let (rig, vault, space) = refused(2);
    drop(vault);
    let [.., older, newest] = &found(&rig, "sync/journal")[..] else {
        panic!("there are two segments");
    };
    let whole = bytes_of(&rig, older);
    let accepted = bytes_of(&rig, newest)[112..120].try_into().unwrap();
    let accepted = u64::from_le_bytes(accepted) as usize;
    assert!(256 < accepted && accepted < whole.len());
    // By what counts both lead as far; the damaged one goes on with what was refused.
    plant(&rig, &conflict_of(older), &whole[..accepted]);
    rig.disk.tamper(older, |bytes| bytes[256 + 600] ^= 1);
    let vault = open_bare(&rig);
    assert_eq!(alarming(&vault), [Finding::ForeignSegment]);
    assert_eq!(text(&vault, space, 9), None);
    assert_texts(&vault, space, 0..5);
}

#[test]
fn an_old_segment_whose_head_is_damaged_and_whose_name_lies_takes_nothing_from_the_newest() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 0, "text")).unwrap();
    vault.lock().unwrap();
    let old = newest_segment(&rig);
    let vault = rig.open();
    vault.save(note(space, 1, "text")).unwrap();
    vault.save(note(space, 2, "text")).unwrap();
    drop(vault);
    let name = old.file_name().unwrap().to_string_lossy().into_owned();
    let (_, file) = name.split_once('-').unwrap();
    let lying = old.with_file_name(format!("0000000009-{file}"));
    vault::Disk::rename(&rig.disk, &old, &lying).unwrap();
    damage_head(&rig, &lying, IN_DEVICE);
    for number in 3..5 {
        let vault = open_bare(&rig);
        assert_texts(&vault, space, 0..number);
        vault.save(note(space, number, "text")).unwrap();
    }
}

#[test]
fn a_damaged_head_that_names_another_vault_or_device_costs_no_save() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    for number in 0..3 {
        vault.save(note(space, number, "text")).unwrap();
    }
    drop(vault);
    let segment = newest_segment(&rig);
    for at in [20, 40, IN_DEVICE, 165] {
        damage_head(&rig, &segment, at);
        let vault = open_bare(&rig);
        assert_eq!(alarming(&vault), [], "{at}");
        assert_texts(&vault, space, 0..3);
        let found = vault.check_history(&Quiet).unwrap();
        assert!(
            found.stands_alone() && found.damaged.len() == 1,
            "{found:?}"
        );
        drop(vault);
        damage_head(&rig, &segment, at);
    }
}

#[test]
fn a_segment_of_another_vault_or_device_or_sort_is_left_out() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 0, "text")).unwrap();
    vault.checkpoint().unwrap();
    drop(vault);
    let segment = newest_segment(&rig);
    let (other, vault) = Rig::new();
    let elsewhere = plain(&vault);
    vault.save(note(elsewhere, 0, "of another vault")).unwrap();
    vault.lock().unwrap();
    let vault = other.open();
    vault.save(note(elsewhere, 1, "of another vault")).unwrap();
    drop(vault);
    // By their names these two would come next.
    let theirs = newest_segment(&other);
    let name = theirs.file_name().unwrap();
    assert!(name.to_string_lossy().starts_with("0000000002-"));
    plant(
        &rig,
        &segment.with_file_name(name),
        &bytes_of(&other, &theirs),
    );
    let checkpoint = found(&rig, "local/checkpoints").pop().unwrap();
    let name = checkpoint.file_name().unwrap().to_string_lossy();
    let (_, file) = name.split_once('-').unwrap();
    let name = format!("0000000002-{file}");
    plant(
        &rig,
        &segment.with_file_name(name),
        &bytes_of(&rig, &checkpoint),
    );
    // Ours, in the folder of a device that did not write it.
    let device = segment.parent().unwrap().with_file_name("0".repeat(32));
    vault::Disk::make_folder(&rig.disk, &device).unwrap();
    let there = device.join(segment.file_name().unwrap());
    plant(&rig, &there, &bytes_of(&rig, &segment));
    // Where its seal is damaged, what the head says is no proof; but no frame proves anything else.
    let name = there.file_name().unwrap().to_string_lossy();
    let (_, file) = name.split_once('-').unwrap();
    let damaged = device.join(format!("0000000002-{file}"));
    plant(&rig, &damaged, &bytes_of(&rig, &segment));
    damage_head(&rig, &damaged, 230);
    for number in 1..3 {
        let vault = open_bare(&rig);
        assert_eq!(alarming(&vault), [Finding::ForeignSegment; 4]);
        assert_texts(&vault, space, 0..number);
        vault.save(note(space, number, "text")).unwrap();
    }
}
