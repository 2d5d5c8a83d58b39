//! The two ways in: making a vault, changing its passphrase, and opening it with the spare key.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Serialize;
use serde_json::json;
use shell::{ErrorCode, setting_up};
use vault::{Credential, Found, KdfCost, SpareKey, Vault};

use super::{Ended, WELL};
use crate::{
    arguments::Common,
    failure::{Failure, Own},
    output::{Output, table},
    secrets::{self, Source},
    session::{Session, expect_vault, vault_places},
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
        .change_passphrase(&passphrase, cost, &watch)?;
    session.close(output);
    output.answer(&json!({ "changed": true }), || {
        output.words.say("cli-passphrase-changed")
    })?;
    Ok(WELL)
}
