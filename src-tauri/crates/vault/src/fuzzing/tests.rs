//! The corpus and every seed, through the functions that the fuzzer calls, on any compiler.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{TARGETS, seeds};
use crate::envelope::RootKey;
use crate::header::Slot;
use crate::ids::{Kind, RecordId, Schema, VaultId};
use crate::kdf::KdfCost;
use crate::passphrase::Passphrase;
use crate::spare_key::SpareKey;
use crate::vault::{Batch, CompartmentOptions, Host, Places, Vault};
use crate::watch::Quiet;

fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests")
}

fn golden_spare_key() -> SpareKey {
    let golden = fs::read(tests_folder().join("vectors/v1/basic/golden.json")).unwrap();
    let golden: serde_json::Value = serde_json::from_slice(&golden).unwrap();
    SpareKey::parse(golden["spare_key"].as_str().unwrap()).unwrap()
}

fn target(name: &str) -> super::Target {
    TARGETS
        .iter()
        .find(|(target, _)| *target == name)
        .unwrap()
        .1
}

/// Runs seeds and counts how many each target took, by the way the first byte chose.
fn run_all(seeds: &[seeds::Seed]) -> BTreeMap<(&'static str, u8), usize> {
    let mut counts = BTreeMap::new();
    for (name, input) in seeds {
        target(name)(input);
        *counts.entry((*name, input[0])).or_default() += 1;
    }
    counts
}

#[test]
fn every_file_of_the_corpus_passes_its_target() {
    let corpus = tests_folder().join("fuzz/corpus");
    let mut bytes = 0;
    for (name, run) in TARGETS {
        let mut files = 0;
        for entry in fs::read_dir(corpus.join(name)).unwrap() {
            let input = fs::read(entry.unwrap().path()).unwrap();
            run(&input);
            files += 1;
            bytes += input.len();
        }
        assert!(files >= 20, "only {files} inputs for {name}");
    }
    assert!(bytes < 1_000_000, "the corpus has grown to {bytes} bytes");
}

#[test]
fn the_golden_vaults_and_backup_pass_every_target() {
    let golden = seeds::golden(&tests_folder().join("vectors/v1"), &golden_spare_key()).unwrap();
    let counts = run_all(&golden);
    for (target, ways) in [
        ("header", &[0, 1, 2, 3][..]),
        ("keyring", &[0, 1, 2, 3]),
        ("frame", &[0, 1, 2, 3]),
        ("row", &[0, 2, 3]),
        ("backup", &[0, 1]),
    ] {
        for way in ways {
            assert!(
                counts.contains_key(&(target, *way)),
                "{target}, {way}: {counts:?}"
            );
        }
    }
}

#[test]
fn a_vault_of_today_and_its_backup_pass_every_target() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        vault: folder.path().join("vault"),
        device: folder.path().join("device"),
    };
    let host = Host {
        settle_after: None,
        ..Host::default()
    };
    let passphrase = Passphrase::parse("correct horse").unwrap();
    let (vault, spare) =
        Vault::create_on(&host, &places, &passphrase, KdfCost::FLOOR, &Quiet).unwrap();
    let space = vault
        .make_compartment(CompartmentOptions::default())
        .unwrap();
    for number in 0..4 {
        let mut batch = Batch::new();
        let text = "a few words ".repeat(1 << (3 * number));
        batch.put(space, Kind(100), RecordId([number; 16]), Schema(1), text);
        batch.delete(space, Kind(100), RecordId([number / 2; 16]));
        vault.save(batch).unwrap();
    }
    let backup = folder.path().join("today.cfdbackup");
    vault.backup(&backup, &Quiet).unwrap();
    vault.lock().unwrap();
    let mut seeds = seeds::of_vault(&places.vault, &spare).unwrap();
    seeds.extend(seeds::of_backup(&backup).unwrap());
    let counts = run_all(&seeds);
    assert!(
        counts[&("frame", 2)] >= 3 && counts[&("row", 3)] >= 2,
        "{counts:?}"
    );
}

#[test]
fn what_was_made_by_hand_passes_with_any_byte_of_it_set_to_anything() {
    let made = seeds::made();
    let counts = run_all(&made);
    assert!(counts.len() >= 6, "{counts:?}");
    for (name, input) in made {
        for at in 1..input.len().min(24) {
            for value in [0, 1, 2, 0x7f, 0x80, 0xff] {
                let mut changed = input.clone();
                changed[at] = value;
                target(name)(&changed);
            }
        }
    }
}

/// A slot that the vault itself wraps is one that the target's own wrapping equals in all but chance.
#[test]
fn the_known_wrapping_is_that_of_the_vault() {
    let root = RootKey::from_slice(&[1; 32]).unwrap();
    let spare = super::known::spare();
    let vault = VaultId([5; 16]);
    let slot = Slot::make_for_spare_key(&root, vault, spare).unwrap();
    let opened = slot.unwrap_root(vault, spare.as_bytes()).unwrap();
    assert_eq!(opened.bytes(), super::known::root().bytes());
    let mut ours = [0; super::header::SLOT];
    ours[0] = 2;
    ours[2] = 2;
    super::header::wrap(&mut ours, vault);
    let mut header = vec![0; super::header::SLOTS_AT];
    header[super::header::SLOT_COUNT_AT] = 1;
    header.extend(ours);
    super::header(&[&[3, 1, 0, 0], &header[..]].concat());
}
