//! The background thread at work while others save, compact, forget and lock.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use testkit::TempVault;
use vault::{Host, Quiet};

use crate::support::*;

/// A vault whose background thread never rests and writes a checkpoint after every few saves.
fn restless() -> (TempVault, vault::Vault) {
    let host = Host {
        settle_after: Some(Duration::from_millis(1)),
        checkpoint_after: 32 * 1024,
        ..Host::default()
    };
    TempVault::empty_on(host).filled().unwrap()
}

#[test]
fn saves_compactions_and_forgetting_go_on_beside_the_background_thread() {
    let (temp, vault) = restless();
    let vault = Arc::new(vault);
    let space = plain(&vault);
    let savers: Vec<_> = (0..2u64)
        .map(|saver| {
            let vault = vault.clone();
            thread::spawn(move || {
                for number in 0..150 {
                    let number = saver * 1_000 + number;
                    vault
                        .save(note(space, number, "words ".repeat(50).as_str()))
                        .unwrap();
                }
            })
        })
        .collect();
    for round in 0..8 {
        let doomed = plain(&vault);
        vault.save(note(doomed, round, "to be forgotten")).unwrap();
        vault.compact(&Quiet).unwrap();
        let report = vault.forget(doomed, &Quiet).unwrap();
        assert_eq!(report.rows, 1);
        report.destruction.unwrap();
    }
    for saver in savers {
        saver.join().unwrap();
    }
    assert_whole(&vault);
    Arc::into_inner(vault).unwrap().lock().unwrap();
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    for number in (0..150).chain(1_000..1_150) {
        assert!(text(&vault, space, number).is_some(), "{number}");
    }
    assert_eq!(vault.compartments().len(), 1);
    assert_whole(&vault);
}

#[test]
fn the_background_thread_writes_checkpoints_and_lets_go_of_the_journal_they_cover() {
    let (temp, vault) = restless();
    let space = plain(&vault);
    let journal = |temp: &TempVault| -> u64 {
        let devices = std::fs::read_dir(temp.root().join("sync/journal")).unwrap();
        devices
            .flat_map(|device| std::fs::read_dir(device.unwrap().path()).unwrap())
            .map(|file| file.unwrap().metadata().unwrap().len())
            .sum()
    };
    let mut written = 0;
    for number in 0..200 {
        // The same few records again and again: the live rows stay few, the journal would grow.
        written += vault
            .save(note(space, number % 5, &"words ".repeat(80)))
            .map(|_| 1_024)
            .unwrap();
        thread::sleep(Duration::from_millis(1));
    }
    let mut left = journal(&temp);
    for _ in 0..500 {
        if left < written / 2 {
            break;
        }
        thread::sleep(Duration::from_millis(10));
        vault.save(note(space, 1, "a little more")).unwrap();
        left = journal(&temp);
    }
    assert!(left < written / 2, "{left} of {written} bytes are left");
    drop(vault);
    let vault = temp.open().unwrap();
    assert_eq!(alarming(&vault), []);
    assert_whole(&vault);
}
