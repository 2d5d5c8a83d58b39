//! Entering a vault for the first time.

use std::sync::Arc;

use mentoring::{Clock, Mentoring, profile::Profile};
use vault::{SpareKey, Vault};

use crate::error::{AppError, ErrorCode, Reply};

/// Whether setting up ended before the vault was entered for the first time. Entering makes the first compartment.
pub fn is_unfinished(vault: &Vault) -> bool {
    !vault.read_only() && vault.compartments().is_empty()
}

/// Puts a spare key into the header, and tries it on what is on the disk then.
pub fn put_spare_key(vault: &Vault, spare: &SpareKey) -> Reply<()> {
    vault
        .replace_spare_key(spare)
        .map_err(AppError::of_spare_key)?;
    if vault.check_spare_key(spare)? {
        Ok(())
    } else {
        Err(ErrorCode::Storage.into())
    }
}

/// Starts the services over an open vault.
pub fn serve(vault: Vault, clock: Arc<dyn Clock>) -> Reply<Mentoring> {
    Ok(Mentoring::over(vault, clock, &sharing::kinds())?)
}

/// Keeps the user's own name, which enters a vault that was just made.
pub fn enter(mentoring: &Mentoring, name: &str) -> Reply<()> {
    let profile = Profile {
        name: name.to_owned(),
    };
    mentoring.save_profile(&profile)?;
    Ok(())
}
