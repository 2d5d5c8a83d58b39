//! What a vault takes of memory does not grow with what is in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use testkit::TempVault;
use vault::{Batch, Credential, Finding, Places, Quiet, Schema, SpareKey, Vault, check_backup};

use crate::support::*;

const FOLDER: &str = "VAULT_MEMORY_FOLDER";
const SPARE: &str = "VAULT_MEMORY_SPARE";
const NOTES: u64 = 40_000;
const BATCH: u64 = 1_000;
const TEXT: usize = 1_500;
/// Bytes of the rows of so many notes.
const ROWS: u64 = NOTES * 2_048;
/// More than what sled keeps of any number of rows, and less than all of these.
const MOST: u64 = ROWS * 3 / 4;

/// The steps of the other process.
const STEPS: usize = 6;
/// Each of them, and how many bytes of memory it had taken at most after each of them.
type Peaks = Vec<(String, u64)>;

#[test]
fn nothing_that_goes_over_all_notes_holds_most_of_them_at_once() {
    let (empty, vault) = TempVault::create();
    plain(&vault);
    drop(vault);
    let (full, vault) = TempVault::create();
    let space = plain(&vault);
    for first in (0..NOTES).step_by(BATCH as usize) {
        let mut batch = Batch::new();
        for number in first..first + BATCH {
            batch.put(space, NOTE, id(number), Schema(1), vec![b'x'; TEXT]);
        }
        vault.save(batch).unwrap();
    }
    // Not locked: the next opening counts all rows.
    drop(vault);
    let (least, peaks) = (peaks_of(&empty), peaks_of(&full));
    assert_eq!((least.len(), peaks.len()), (STEPS, STEPS));
    println!("{least:?}\n{peaks:?}");
    for ((_, least), (step, peak)) in least.iter().zip(&peaks) {
        let taken = peak.saturating_sub(*least);
        assert!(taken < MOST, "{step} takes {taken} bytes more");
    }
}

/// Goes through the steps in a process of its own, whose memory holds nothing else.
fn peaks_of(temp: &TempVault) -> Peaks {
    peaks_in("memory::the_process_that_is_measured", temp)
}

fn peaks_in(test: &str, temp: &TempVault) -> Peaks {
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(FOLDER, temp.folder())
        .env(SPARE, temp.spare_key().words().join(" "))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(done.status.success());
    let said = String::from_utf8(done.stdout).unwrap();
    // The harness prints lines of its own; "ok" may stand before what the test says.
    let peak = |line: &str| {
        let (_, said) = line.split_once("peak of ")?;
        let (step, bytes) = said.split_once(": ")?;
        Some((step.to_owned(), bytes.parse().ok()?))
    };
    said.lines().filter_map(peak).collect()
}

#[test]
#[ignore = "the other side of the test above"]
fn the_process_that_is_measured() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let places = Places {
        vault: folder.join("vault"),
        device: folder.join("device"),
    };
    let spare = SpareKey::parse(&std::env::var(SPARE).unwrap()).unwrap();
    let credential = Credential::SpareKey(&spare);
    let backup = folder.join("a.cfdbackup");
    let vault = Vault::open(&places, credential, &Quiet).unwrap();
    assert_eq!(alarming(&vault), []);
    tell("opening");
    assert_whole(&vault);
    tell("verifying");
    let space = vault.compartments()[0].id;
    vault.save(note(space, NOTES, "one more")).unwrap();
    vault.checkpoint().unwrap();
    tell("a checkpoint");
    vault.backup(&backup, &Quiet).unwrap();
    tell("a backup");
    check_backup(&backup, credential, &Quiet).unwrap();
    tell("checking it");
    vault.lock().unwrap();
    tell("locking");
}

/// Bytes of a file that takes next to nothing of the disk.
const HUGE: u64 = 64 << 30;
/// More than what is held of a file at a time, and much less than such a file.
const MOST_OF_A_FILE: u64 = 160 << 20;

#[test]
fn a_file_with_a_huge_tail_takes_no_memory_for_it() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let least = peak_of_opening(&temp);
    let folder = fs::read_dir(temp.root().join("sync/journal")).unwrap();
    let folder = folder.map(|entry| entry.unwrap().path()).next().unwrap();
    let segment = fs::read_dir(&folder).unwrap().next().unwrap();
    let segment = segment.unwrap().path();
    let planted = folder.join(format!("0000000900-{}", "ab".repeat(16)));
    fs::write(&planted, [0x5a; 300]).unwrap();
    let checkpoints = temp.root().join("local/checkpoints");
    let checkpoint = fs::read_dir(checkpoints).unwrap().next().unwrap();
    let checkpoint = checkpoint.unwrap().path();
    for (file, length) in [
        (segment, HUGE),
        (planted, HUGE),
        (temp.root().join("local/CURRENT"), HUGE),
        (temp.root().join("sync/header.b"), HUGE),
        // This one is gone through to its end.
        (checkpoint, 256 << 20),
    ] {
        let file = fs::OpenOptions::new().write(true).open(file).unwrap();
        file.set_len(length).unwrap();
    }
    for store in stores(temp.root()) {
        fs::remove_dir_all(store).unwrap();
    }
    let taken = peak_of_opening(&temp).saturating_sub(least);
    assert!(taken < MOST_OF_A_FILE, "{taken} bytes");
    let vault = temp.open().unwrap();
    assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
    assert!(vault.opening().findings.contains(&Finding::ForeignSegment));
}

fn peak_of_opening(temp: &TempVault) -> u64 {
    let peaks = peaks_in("memory::the_process_that_opens", temp);
    peaks.iter().find(|(step, _)| step == "opening").unwrap().1
}

#[test]
#[ignore = "the other side of the test above"]
fn the_process_that_opens() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let places = Places {
        vault: folder.join("vault"),
        device: folder.join("device"),
    };
    let spare = SpareKey::parse(&std::env::var(SPARE).unwrap()).unwrap();
    let vault = Vault::open(&places, Credential::SpareKey(&spare), &Quiet).unwrap();
    tell("opening");
    drop(vault);
}

fn tell(step: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    println!("peak of {step}: {}", kib.unwrap() * 1024);
}
