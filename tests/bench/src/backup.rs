//! A backup, made and verified, against `cp`, `sync` and `sha256sum` of the same bytes; and the memory it takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use vault::{Credential, Quiet, SpareKey, Vault};

use crate::Error;
use crate::measure::Times;
use crate::opening::fill;
use crate::report::{Entry, Held, Report};
use crate::saving::places;

/// Set for the process whose memory is measured: the folder with the vault, and the words of its spare key.
const FOLDER: &str = "BENCH_BACKUP_FOLDER";
const WORDS: &str = "BENCH_BACKUP_WORDS";
const FILE: &str = "a.cfdbackup";
const COPY: &str = "copy";

/// What a backup may take of memory at its peak, whatever the size of the vault.
const MEMORY_MB: f64 = 200.0;
const MEMORY_NAME: &str = "the promise";

/// Measures backups of vaults in temporary folders inside `folder`.
pub fn measure(report: &mut Report, folder: &Path, quick: bool) -> Result<(), Error> {
    let (sizes, rounds): (&[usize], usize) = if quick {
        (&[1_000, 10_000], 3)
    } else {
        (&[10_000, 100_000], 5)
    };
    for &notes in sizes {
        let place = tempfile::Builder::new()
            .prefix("bench-backup-")
            .tempdir_in(folder)?;
        let spare_key = fill(place.path(), notes)?;
        let (mut ours, mut peer, mut memory) = (Times::default(), Times::default(), 0.0_f64);
        for _ in 0..rounds {
            let done = back_up(place.path(), &spare_key)?;
            ours.push(done.time);
            memory = memory.max(done.peak_mb);
            peer.push(copy(place.path())?);
            fs::remove_file(place.path().join(FILE))?;
            fs::remove_file(place.path().join(COPY))?;
        }
        report.add(
            Entry::new(
                format!("backup of {notes} notes, made and verified"),
                "ms",
                ours.median_ms(),
            )
            .against("cp, sync, sha256sum", peer.median_ms()),
        );
        report.add(
            Entry::new(
                format!("peak memory of a backup of {notes} notes"),
                "MB",
                memory,
            )
            .against(MEMORY_NAME, MEMORY_MB)
            .held(Held::Ratio, 1.0),
        );
    }
    Ok(())
}

/// What one backup took.
struct Done {
    time: Duration,
    peak_mb: f64,
}

/// Makes a backup in a process of its own, whose memory holds nothing else.
fn back_up(folder: &Path, spare_key: &SpareKey) -> Result<Done, Error> {
    let child = Command::new(std::env::current_exe()?)
        .env(FOLDER, folder)
        .env(WORDS, spare_key.words().join(" "))
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8_lossy(&child.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse::<u64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(micros)), Some(Ok(peak_kib))) if child.status.success() => Ok(Done {
            time: Duration::from_micros(micros),
            peak_mb: peak_kib as f64 * 1024.0 / 1e6,
        }),
        _ => Err(Error::Wrong("no backup was made".to_owned())),
    }
}

/// The other side of `back_up`: whether this process is to make a backup and nothing else.
pub fn asked_for() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Makes the backup, and says how many microseconds it took and how many KiB of memory at most. Nothing is locked
/// afterwards, so that from the second round on the opening, too, goes over every row: that is in the peak.
pub fn answer(folder: &Path) -> Result<(), Error> {
    let words = std::env::var(WORDS).unwrap_or_default();
    let spare_key =
        SpareKey::parse(&words).map_err(|refused| Error::Wrong(format!("{refused:?}")))?;
    let vault = Vault::open(&places(folder), Credential::SpareKey(&spare_key), &Quiet)?;
    let begun = Instant::now();
    vault.backup(&folder.join(FILE), &Quiet)?;
    let time = begun.elapsed();
    println!("{} {}", time.as_micros(), peak_kib()?);
    Ok(())
}

fn peak_kib() -> Result<u64, Error> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| Error::Wrong("the system does not tell the peak of memory".to_owned()))
}

/// Copies the backup's bytes, makes them durable, and reads them once more for their sum.
fn copy(folder: &Path) -> Result<Duration, Error> {
    let begun = Instant::now();
    for (program, arguments) in [
        ("cp", &[FILE, COPY][..]),
        ("sync", &[COPY]),
        ("sha256sum", &[COPY]),
    ] {
        let done = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::null())
            .status()?;
        if !done.success() {
            return Err(Error::Wrong(format!("{program} failed")));
        }
    }
    Ok(begun.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_of_memory_is_no_less_than_what_was_held() {
        let held = vec![1_u8; 64 << 20];
        assert!(held.iter().any(|byte| *byte == 1));
        assert!(peak_kib().expect("a peak") > 64 << 10);
    }

    #[test]
    fn what_is_copied_is_there_twice() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join(FILE), [7; 100]).expect("a file");
        copy(folder.path()).expect("a copy");
        assert_eq!(
            fs::read(folder.path().join(COPY)).expect("a copy"),
            [7; 100]
        );
    }
}
