//! Backups: making one, the known ones, and making a vault of one.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;
use shell::{
    backups::moment,
    putting_back::{RestoreKeys, finish_switch, forgotten_here},
};
use vault::{BackupPlace, Credential, KnownBackup, Places, RestoreOptions, Returning};
use words::Words;

use super::{Ended, FOUND, WELL};
use crate::{
    arguments::{Common, ForgottenOnes},
    failure::Failure,
    output::{Output, one_line, table},
    secrets::{self, Source},
    session::{Session, vault_places},
};

#[derive(Serialize)]
struct Made {
    id: String,
    bytes: u64,
    rows: u64,
    spaces: usize,
}

/// A backup that this computer remembers.
#[derive(Serialize)]
pub struct Known {
    id: String,
    made: DateTime<Utc>,
    verified: Option<DateTime<Utc>>,
    bytes: u64,
    folder: Option<String>,
    file: String,
    place: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Restored {
    vault: String,
    rows: u64,
    spaces: usize,
    left_out: usize,
    returned: usize,
}

/// Writes a backup of the whole vault into one file, and reads it back.
pub fn backup(common: &Common, out: &Path, output: &Output<'_>) -> Ended {
    let session = Session::open(common, output)?;
    let made = session
        .mentoring
        .vault()
        .backup(out, &output.progress())
        .map_err(Failure::from)?;
    session.close(output);
    if !made.settled {
        output.warn_of("cli-warn-notSettled");
    }
    if !made.remembered {
        output.warn_of("cli-warn-notRemembered");
    }
    let answer = Made {
        id: made.id.to_string(),
        bytes: made.bytes,
        rows: made.rows,
        spaces: made.compartments.len(),
    };
    output.answer(&answer, || {
        let values = [("kib", answer.bytes.div_ceil(1024).into())];
        output.words.with("cli-backup-made", values)
    })?;
    if made.incomplete {
        output.warn_of("cli-warn-incomplete");
        return Ok(FOUND);
    }
    Ok(WELL)
}

/// Lists the backups that this computer remembers, the oldest first, and whether each is still where it was.
pub fn list(common: &Common, output: &Output<'_>) -> Ended {
    let session = Session::open(common, output)?;
    let vault = session.mentoring.vault();
    let known: Vec<_> = vault
        .known_backups()?
        .into_iter()
        .map(|backup| {
            let place = vault.find_backup(&backup);
            Known::of((backup, place))
        })
        .collect();
    session.close(output);
    output.answer(&known, || match known.is_empty() {
        true => output.words.say("cli-backup-none"),
        false => lines(&known, output.words),
    })?;
    Ok(WELL)
}

impl Known {
    /// A known backup, and where it is.
    pub fn of((backup, at): (KnownBackup, BackupPlace)) -> Self {
        Self {
            place: place(at),
            id: backup.id.to_string(),
            made: moment(backup.made),
            verified: backup.verified.map(moment),
            bytes: backup.bytes,
            folder: backup.folder.map(|folder| folder.display().to_string()),
            file: backup.file,
        }
    }
}

/// Backups for a person, a line each.
pub fn lines(known: &[Known], words: &Words) -> String {
    let row = |backup: &Known| {
        vec![
            backup.made.format("%Y-%m-%d %H:%M").to_string(),
            words.with("cli-backup-place", [("place", backup.place.into())]),
            one_line(&backup.file),
            one_line(backup.folder.as_deref().unwrap_or_default()),
        ]
    };
    table(&known.iter().map(row).collect::<Vec<_>>())
}

/// Makes a vault of a backup in a folder where there is none; the vault that is there is not touched.
pub fn restore(
    common: &Common,
    file: &Path,
    to: &Path,
    (forgotten, present_source): (Option<ForgottenOnes>, Option<Source>),
    output: &Output<'_>,
) -> Ended {
    shell::backups::look(file)?;
    let present = vault_places(common, output)?;
    // Only a vault that is in its place can say what it has forgotten.
    finish_switch(&present)?;
    let places = Places {
        vault: std::path::absolute(to).map_err(vault::Error::from)?,
        device: present.device.clone(),
    };
    let passphrase = secrets::present(&Source::of(common, output)?, output)?;
    let credential = Credential::Passphrase(&passphrase);
    let watch = output.progress();
    let now = present_source
        .map(|source| secrets::present(&source, output))
        .transpose()?;
    let keys = RestoreKeys {
        backup: credential,
        present: now.as_ref().map(Credential::Passphrase),
    };
    let returning = match forgotten {
        None => Returning::Refuse,
        Some(ForgottenOnes::LeaveOut) => Returning::LeaveOut,
        Some(ForgottenOnes::BringBack) => Returning::BringBack,
    };
    let options = RestoreOptions {
        forgotten: &forgotten_here(file, &present, keys, returning, &watch)?,
        returning,
    };
    let made = vault::restore(file, &places, credential, options, &watch)?;
    let answer = Restored {
        vault: made.vault.to_string(),
        rows: made.rows,
        spaces: made.compartments.len(),
        left_out: made.left_out.len(),
        returned: made.returned.len(),
    };
    output.answer(&answer, || output.words.say("cli-restored"))?;
    Ok(WELL)
}

fn place(place: BackupPlace) -> &'static str {
    match place {
        BackupPlace::There => "there",
        BackupPlace::Another => "another",
        BackupPlace::Gone => "gone",
        BackupPlace::OutOfReach => "outOfReach",
    }
}
