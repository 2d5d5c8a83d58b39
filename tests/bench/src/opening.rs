//! Opening a vault with many notes, stretching apart: by its spare key, which needs none.

use std::path::Path;
use std::time::Instant;

use vault::{Batch, CompartmentId, Credential, Kind, Quiet, RecordId, Schema, SpareKey, Vault};

use crate::Error;
use crate::measure::Times;
use crate::report::{Entry, Held, Report};
use crate::saving::{make_vault, places};
use crate::text::{NOTE, Writer};

/// Notes saved together while a vault is filled.
const BATCH: usize = 1_000;

/// The size that is held to a time, and the time in milliseconds.
const HELD: (usize, f64) = (100_000, 500.0);

/// Measures opening after a clean lock, in temporary folders inside `folder`.
pub fn measure(report: &mut Report, folder: &Path, quick: bool) -> Result<(), Error> {
    let (sizes, rounds): (&[usize], usize) = if quick {
        (&[1_000, 10_000], 5)
    } else {
        (&[1_000, 10_000, 100_000], 9)
    };
    let mut vaults = Vec::new();
    for &notes in sizes {
        let place = tempfile::Builder::new()
            .prefix("bench-open-")
            .tempdir_in(folder)?;
        let spare_key = fill(place.path(), notes)?;
        vaults.push((notes, place, spare_key, Times::default()));
    }
    for _ in 0..rounds {
        for (notes, place, spare_key, times) in &mut vaults {
            let begun = Instant::now();
            let vault = Vault::open(
                &places(place.path()),
                Credential::SpareKey(spare_key),
                &Quiet,
            )?;
            times.push(begun.elapsed());
            if vault.compartments().is_empty() {
                return Err(Error::Wrong(format!(
                    "the vault of {notes} notes opened empty"
                )));
            }
            vault.lock()?;
        }
    }
    for (notes, _, _, times) in &vaults {
        let name = format!("opening a vault of {notes} notes, stretching apart");
        let entry = Entry::new(name, "ms", times.median_ms());
        report.add(if *notes == HELD.0 {
            entry.held(Held::Ours, HELD.1)
        } else {
            entry
        });
    }
    Ok(())
}

/// Makes a vault with this many notes, locks it, and returns its spare key.
pub fn fill(folder: &Path, notes: usize) -> Result<SpareKey, Error> {
    let (vault, compartment, spare_key) = make_vault(folder)?;
    save_notes(&vault, compartment, notes, notes as u64)?;
    vault.lock()?;
    Ok(spare_key)
}

/// Saves this many notes, the same ones for the same seed.
pub fn save_notes(
    vault: &Vault,
    compartment: CompartmentId,
    notes: usize,
    seed: u64,
) -> Result<(), Error> {
    let mut writer = Writer::new(seed);
    for first in (0..notes).step_by(BATCH) {
        save_batch(vault, compartment, &mut writer, BATCH.min(notes - first))?;
    }
    Ok(())
}

fn save_batch(
    vault: &Vault,
    compartment: CompartmentId,
    writer: &mut Writer,
    notes: usize,
) -> Result<(), Error> {
    let mut batch = Batch::new();
    for _ in 0..notes {
        let record = RecordId(writer.id());
        batch.put(compartment, Kind(100), record, Schema(1), writer.text(NOTE));
    }
    vault.save(batch)?;
    Ok(())
}
