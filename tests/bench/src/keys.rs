//! Forgetting a compartment, and giving everything new keys, in a vault with many notes: the time, what was tried
//! afterwards, and the same bytes copied and made durable, for comparison.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use vault::{CompartmentOptions, KdfCost, NewKeys, Passphrase, Quiet, SpareKey, Vault};

use crate::Error;
use crate::opening::save_notes;
use crate::report::{Entry, Report};
use crate::saving::{make_vault, places};

const COPY: &str = "copy";

/// Measures both in vaults in temporary folders inside `folder`. Half of the notes are forgotten; all get new keys.
pub fn measure(report: &mut Report, folder: &Path, quick: bool) -> Result<(), Error> {
    let notes = if quick { 10_000 } else { 100_000 };
    let place = tempfile::Builder::new()
        .prefix("bench-keys-")
        .tempdir_in(folder)?;
    let (vault, kept, _) = make_vault(place.path())?;
    let gone = vault.make_compartment(CompartmentOptions::default())?;
    save_notes(&vault, kept, notes / 2, 1)?;
    save_notes(&vault, gone, notes / 2, 2)?;
    vault.checkpoint()?;

    let copied = copy(place.path())?;
    let begun = Instant::now();
    let forgotten = vault.forget(gone, &Quiet)?;
    let time = begun.elapsed();
    report.add(
        Entry::new(
            format!("forgetting half of {notes} notes, proven"),
            "ms",
            milliseconds(time),
        )
        .against("cp -r and sync of the folder", milliseconds(copied)),
    );
    let proof = forgotten
        .destruction
        .map_err(|left| Error::Wrong(left.to_string()))?;
    report.add(Entry::new(
        "sealed parts that were opened or compared to prove it",
        "parts",
        (proof.parts_opened + proof.parts_compared) as f64,
    ));

    save_notes(&vault, kept, notes / 2, 3)?;
    vault.checkpoint()?;
    let copied = copy(place.path())?;
    let new = Passphrase::parse("another four quiet words of mine")
        .map_err(|refused| Error::Wrong(format!("{refused:?}")))?;
    let spare = SpareKey::make()?;
    let keys = NewKeys {
        passphrase: &new,
        cost: KdfCost::FLOOR,
        spare: &spare,
        seconds: &[],
    };
    let begun = Instant::now();
    let done = vault
        .rekey(keys, &Quiet)
        .map_err(|error| Error::Wrong(error.to_string()))?;
    let time = begun.elapsed();
    let destroyed = done
        .destruction
        .map_err(|left| Error::Wrong(left.to_string()))?;
    report.add(
        Entry::new(
            format!("new keys for {notes} notes, proven, stretching included"),
            "ms",
            milliseconds(time),
        )
        .against("cp -r and sync of the folder", milliseconds(copied)),
    );
    report.add(Entry::new(
        "sealed parts that the old keys were tried on",
        "parts",
        destroyed.parts_tried as f64,
    ));
    if done.records != notes as u64 {
        return Err(Error::Wrong(format!(
            "{} records got new keys",
            done.records
        )));
    }
    vault.lock()?;
    let credential = vault::Credential::SpareKey(&spare);
    Vault::open(&places(place.path()), credential, &Quiet)?.lock()?;
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Copies the vault's folder and makes the copy durable, then removes it.
fn copy(folder: &Path) -> Result<Duration, Error> {
    let vault = places(folder).vault;
    let copy = folder.join(COPY);
    let begun = Instant::now();
    let copied = Command::new("cp")
        .arg("-r")
        .arg(&vault)
        .arg(&copy)
        .status()?;
    let synced = Command::new("sync")
        .arg("-f")
        .arg(&copy)
        .stdout(Stdio::null())
        .status()?;
    let time = begun.elapsed();
    if !copied.success() || !synced.success() {
        return Err(Error::Wrong("the folder could not be copied".to_owned()));
    }
    fs::remove_dir_all(copy)?;
    Ok(time)
}
