//! The two ways in: making a vault, changing its passphrase, and opening it with the spare key.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use mentoring::{Guarded, Second, SpaceId};
use serde::Serialize;
use serde_json::json;
use shell::{
    AppError, ErrorCode, checkup, files, keychain, old_keys::OldKeys, putting_back::finish_switch,
    setting_up,
};
use vault::{Credential, Found, KdfCost, Passphrase, SpareKey, Vault};
use zeroize::Zeroizing;

use super::{
    Ended, FOUND, WELL,
    backups::{self, Known},
};
use crate::{
    arguments::Common,
    failure::{Failure, Own},
    output::{Output, not_written, table},
    secrets::{self, Source},
    session::{Session, expect_vault, vault_places, wrong_second},
};

/// How long one try of a passphrase shall take.
const STRETCHING: Duration = Duration::from_secs(1);
/// Columns of the spare key as it is printed.
const COLUMNS: usize = 4;

/// What `init` answers.
#[derive(Serialize)]
struct Made {
    id: String,
    words: Vec<&'static str>,
}

/// Makes a vault. Its spare key counts once this program has opened the vault with nothing but that.
pub fn init(common: &Common, name: &str, output: &Output<'_>) -> Ended {
    let places = vault_places(common, output)?;
    // A vault that is on its way to this place is not to find another one there.
    finish_switch(&places)?;
    match vault::look(&places)? {
        Found::Nothing => {}
        Found::Newer { .. } => return Err(ErrorCode::VaultNewer.into()),
        Found::Damaged => return Err(ErrorCode::VaultDamaged.into()),
        Found::Vault { .. } => return Err(ErrorCode::VaultExists.into()),
    }
    let passphrase = secrets::new(&Source::of(common, output)?, output)?;
    let watch = output.progress();
    let cost = KdfCost::calibrate(STRETCHING, &watch)?;
    let (vault, spare) = Vault::create(&places, &passphrase, cost, &watch)?;
    if !vault.check_spare_key(&spare)? {
        return Err(ErrorCode::Storage.into());
    }
    vault.lock()?;
    let vault = Vault::open(&places, Credential::SpareKey(&spare), &watch)?;
    let session = Session::over(vault)?;
    setting_up::enter(&session.mentoring, name)?;
    let made = Made {
        id: session.mentoring.vault().id().to_string(),
        words: spare.words().to_vec(),
    };
    session.close(output);
    output.answer(&made, || {
        let words = output.words;
        let rows = sheet(&spare);
        let says = [words.say("cli-init-made"), rows, words.say("cli-init-keep")];
        says.join("\n\n")
    })?;
    Ok(WELL)
}

/// The words of a spare key with their numbers, down the columns.
fn sheet(spare: &SpareKey) -> String {
    let words = spare.words();
    let rows = words.len() / COLUMNS;
    let cell = |at: usize| format!("{:>2} {}", at + 1, words[at]);
    let row = |row: usize| {
        (0..COLUMNS)
            .map(|column| cell(column * rows + row))
            .collect()
    };
    table(&(0..rows).map(row).collect::<Vec<_>>())
}

/// Changes the passphrase. The old one is tried by opening with it; the spare key stays what it was.
pub fn change_passphrase(common: &Common, new: Option<PathBuf>, output: &Output<'_>) -> Ended {
    let session = Session::open_to_write(common, output)?;
    set_passphrase(session, new, output)
}

/// What `passphrase rekey` answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rekeyed {
    /// Records that were sealed again.
    records: u64,
    /// Whether all that was sealed with the old keys is destroyed, and that is proven.
    destroyed: bool,
    /// Files that were left and tried with the old keys.
    files_tried: u64,
    /// Known backups that still open with what opened the vault when they were made.
    backups: Vec<Known>,
    /// Whether there may be others, because the list could not be read.
    more: bool,
    /// Damaged rows, and rows of no notebook, that nobody had a key to and that are gone.
    left_behind: u64,
}

/// Gives the vault and every notebook new keys, because somebody may know the passphrase. The words of the new spare key
/// are on the disk before anything changes; where nothing changes they are taken away again.
pub fn rekey(
    common: &Common,
    new: Option<PathBuf>,
    words_out: &Path,
    sealed: &[String],
    output: &Output<'_>,
) -> Ended {
    let session = Session::open_to_write(common, output)?;
    let vault = session.mentoring.vault();
    let passphrase = secrets::new(&Source::file_or_terminal(new), output)?;
    if vault.check_passphrase(&passphrase)? {
        return Err(ErrorCode::PassphraseSame.into());
    }
    let mut of_sealed = Vec::new();
    for pair in sealed.chunks_exact(2) {
        let space = session.open_or_shut(&pair[0])?;
        let second = secrets::present(&Source::File(PathBuf::from(&pair[1])), output)?;
        of_sealed.push((space, second));
    }
    let of_notebooks = seconds(&session.seconds, Guarded::Notebook);
    let seconds: Vec<_> = of_notebooks
        .chain(seconds(&of_sealed, Guarded::Sealed))
        .collect();
    let watch = output.progress();
    let cost = KdfCost::calibrate(STRETCHING, &watch)?;
    if checkup::is_damaged(&session.mentoring, &session.findings)? {
        return Err(ErrorCode::RekeyDamaged.into());
    }
    let spare = SpareKey::make()?;
    let places = vault_places(common, output)?;
    write_words(words_out, &spare, &places.vault)?;
    let report = session
        .mentoring
        .rekey(&passphrase, cost, &spare, &seconds, &watch)
        .map_err(|error| {
            if !matches!(error, mentoring::Error::KeysUndecided) {
                // They open nothing.
                let _ = fs::remove_file(words_out);
            }
            wrong_second(error)
        })?;
    session.close(output);
    // The slot of this computer's keychain went with the old keys.
    keychain::forget_note(&places.device);
    let destruction = report.destruction;
    let answer = Rekeyed {
        records: report.records,
        destroyed: destruction.is_ok(),
        files_tried: destruction.as_ref().map_or(0, |done| done.files_checked),
        more: report.backups_unknown,
        left_behind: report.rows_left_behind,
        backups: report.backups.into_iter().map(Known::of).collect(),
    };
    output.answer(&answer, || {
        let words = output.words;
        let done = match OldKeys::of(&destruction) {
            OldKeys::Destroyed => words.with("cli-rekeyed", [("files", answer.files_tried.into())]),
            OldKeys::Unfinished => words.say("cli-rekeyed-unfinished"),
            OldKeys::Left => words.say("cli-rekeyed-left"),
            OldKeys::Unproven => words.say("cli-rekeyed-unproven"),
        };
        let mut parts = vec![done, words.say("cli-rekeyed-words")];
        if !answer.backups.is_empty() {
            parts.push(words.say("cli-rekeyed-backups"));
            parts.push(backups::lines(&answer.backups, words));
        }
        if answer.more {
            parts.push(words.say("cli-rekeyed-more"));
        }
        parts.join("\n\n")
    })?;
    Ok(if answer.destroyed { WELL } else { FOUND })
}

fn seconds(given: &[(SpaceId, Passphrase)], part: Guarded) -> impl Iterator<Item = Second<'_>> {
    given.iter().map(move |(space, passphrase)| Second {
        space: *space,
        part,
        passphrase,
    })
}

/// Writes the words of a spare key into a new file that only its owner may read, and syncs it.
fn write_words(file: &Path, spare: &SpareKey, vault: &Path) -> Result<(), Failure> {
    if std::path::absolute(file).is_ok_and(|file| file.starts_with(vault)) {
        return Err(Own::OutInside.into());
    }
    let text = Zeroizing::new(spare.words().join("\n") + "\n");
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Own::OutExists.into(),
        _ => not_written(error),
    })?;
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| out.sync_all())
        .and_then(|()| files::sync_folder_of(file));
    written.map_err(|error| {
        // Half of the words are none.
        let _ = fs::remove_file(file);
        not_written(error)
    })
}

/// Opens the vault with the spare key, and sets a new passphrase.
pub fn recover(
    common: &Common,
    words_file: &Path,
    new: Option<PathBuf>,
    output: &Output<'_>,
) -> Ended {
    if common.passphrase_file.is_some() || common.passphrase_fd.is_some() {
        let says = output.words.say("cli-usage-no-passphrase-here");
        return Err(Failure::from(Own::Usage).saying(says));
    }
    let places = vault_places(common, output)?;
    expect_vault(&places)?;
    let spare = secrets::spare_key(words_file, output)?;
    let vault = Vault::open(&places, Credential::SpareKey(&spare), &output.progress());
    let vault = vault.map_err(|error| match error {
        vault::Error::WrongCredential => Failure::from(ErrorCode::WrongSpareKey),
        other => other.into(),
    })?;
    let unfinished = setting_up::is_unfinished(&vault);
    let session = Session::over(vault)?;
    session.expect_writable()?;
    if unfinished {
        // Whoever opens with it has kept it.
        setting_up::enter(&session.mentoring, "")?;
    }
    set_passphrase(session, new, output)
}

fn set_passphrase(session: Session, new: Option<PathBuf>, output: &Output<'_>) -> Ended {
    let passphrase = secrets::new(&Source::file_or_terminal(new), output)?;
    let watch = output.progress();
    let cost = KdfCost::calibrate(STRETCHING, &watch)?;
    session
        .mentoring
        .vault()
        .change_passphrase(&passphrase, cost, &watch)
        .map_err(AppError::of_passphrase)?;
    session.close(output);
    output.answer(&json!({ "changed": true }), || {
        output.words.say("cli-passphrase-changed")
    })?;
    Ok(WELL)
}
