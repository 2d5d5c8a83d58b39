//! Second passphrases: that of a whole notebook, which is then shut even while the vault is open, and that of what is
//! sealed in one.
//!
//! While a notebook is shut, nothing of it is known but what the vault keeps in its keyring: the name that its owner
//! chose to be shown, the day until which it is kept, and that something is sealed in it. See decision 0011.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vault::{CompartmentId, KdfCost, Passphrase, RekeyError, RekeyReport, Watch};

use crate::{
    error::{Error, Field, Result},
    ids::SpaceId,
    service::Mentoring,
    spaces::{Space, day_of, monogram},
    text,
};

/// Stands before the id of its notebook in the alias of a sealed part.
const SEALED_IN: &str = "sealed:";

/// A notebook whose second passphrase has not been given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct ShutSpace {
    /// The space.
    pub id: SpaceId,
    /// The name that its owner chose to be shown while it is shut.
    pub shown_as: String,
    /// Two letters of that name, for its cover.
    pub monogram: String,
    /// The agreed day until which it is kept.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub keep_until: Option<NaiveDate>,
    /// Whether something is sealed in it, under another second passphrase.
    pub sealed: bool,
}

/// What a second passphrase guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Guarded {
    /// A whole notebook.
    Notebook,
    /// What is sealed in it.
    Sealed,
}

/// A second passphrase, and what it guards.
#[derive(Debug, Clone, Copy)]
pub struct Second<'a> {
    /// The notebook.
    pub space: SpaceId,
    /// The whole of it, or what is sealed in it.
    pub part: Guarded,
    /// Its second passphrase.
    pub passphrase: &'a Passphrase,
}

impl Mentoring {
    /// The notebooks that are shut, in the order of the names that are shown for them.
    pub fn shut_spaces(&self) -> Vec<ShutSpace> {
        let compartments = self.vault.compartments();
        let has_sealed = |id| {
            let alias = sealed_alias(id);
            compartments
                .iter()
                .any(|one| one.alias.as_ref() == Some(&alias))
        };
        let mut shut: Vec<_> = compartments
            .iter()
            .filter(|one| one.locked)
            .filter_map(|one| {
                let id = SpaceId::from(one.id);
                let shown_as = one.alias.clone()?;
                // Without a name it is what is sealed somewhere; no notebook is shut without one.
                notebook_in(&shown_as).is_none().then(|| ShutSpace {
                    id,
                    monogram: monogram(&shown_as),
                    shown_as,
                    keep_until: one.retention_day.and_then(day_of),
                    sealed: has_sealed(id),
                })
            })
            .collect();
        shut.sort_by_cached_key(|space| (space.shown_as.to_lowercase(), space.id));
        shut
    }

    /// A notebook that is shut. Errors: `SpaceNotFound`.
    pub fn shut_space(&self, space: SpaceId) -> Result<ShutSpace> {
        let mut shut = self.shut_spaces().into_iter();
        shut.find(|one| one.id == space).ok_or(Error::SpaceNotFound)
    }

    /// Opens a notebook with its second passphrase. One that is open stays so, whatever the passphrase.
    ///
    /// Errors: `SpaceNotFound`, the vault's `WrongCredential`, and those of reading it.
    pub fn open_space(
        &self,
        space: SpaceId,
        passphrase: &Passphrase,
        watch: &dyn Watch,
    ) -> Result<Space> {
        if let Ok(there) = self.space(space) {
            return Ok(there);
        }
        self.shut_space(space)?;
        self.vault
            .open_compartment(space.compartment(), passphrase, watch)?;
        let opened = {
            let _changing = self.changing();
            self.admit(space).and_then(|()| self.space(space))
        };
        if opened.is_err() {
            self.open().remove(&space);
            self.vault.shut_compartment(space.compartment())?;
        }
        // What cannot be erased now is erased at another opening; it keeps nobody out.
        let _ = self.empty_old_bins();
        opened
    }

    /// Shuts a notebook that has a second passphrase, and what is sealed in it: their keys and everything known of them are
    /// dropped. Errors: the vault's `NoSecondPassphrase`.
    pub fn close_space(&self, space: SpaceId) -> Result<ShutSpace> {
        let _changing = self.changing();
        if !self.space(space)?.second_passphrase {
            return Err(Error::Vault(vault::Error::NoSecondPassphrase));
        }
        let sealed = self.sealed_parts(space);
        self.open().remove(&space);
        for compartment in sealed.into_iter().chain([space.compartment()]) {
            self.vault.shut_compartment(compartment)?;
        }
        self.shut_space(space)
    }

    /// Puts a notebook under a second passphrase, with a new key; the old one is destroyed. It stays open until it or
    /// the vault is shut. `shown_as` is all that is shown of it then. Lost means lost, spare key included.
    ///
    /// Errors: `Missing` and `TooLong` for the name, the vault's `HasSecondPassphrase`, `SecondUndecided`, and as in `rekey`.
    pub fn set_second_passphrase(
        &self,
        space: SpaceId,
        shown_as: &str,
        passphrase: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<RekeyReport> {
        let _changing = self.changing();
        let shown_as = checked_alias(shown_as)?;
        if self.space(space)?.second_passphrase {
            return Err(Error::Vault(vault::Error::HasSecondPassphrase));
        }
        // While it is shut, nobody could tell what was never finished from what is sealed in it.
        let left = self.left_unsealed(space, watch)?;
        if !left.is_empty() {
            self.vault.forget_all(&left, watch)?;
        }
        // Names first: a notebook that is shut without one could not be told from what is sealed in it. While it is open
        // nobody sees them.
        if let Some(sealed) = self.sealed_part(space)? {
            let alias = sealed_alias(space);
            self.vault.set_alias(sealed, Some(&alias))?;
        }
        let id = space.compartment();
        self.vault.set_alias(id, Some(&shown_as))?;
        self.vault
            .set_second_passphrase(id, passphrase, cost, watch)
            .map_err(second_error)
    }

    /// Puts another second passphrase in the place of the present one, with a new key; the old one is destroyed. What it
    /// guards may be shut, and stays as it is.
    ///
    /// Errors: `SealedMissing`, `SpaceNotFound`, the vault's `WrongCredential` and `NoSecondPassphrase`, `SecondUndecided`, and as in `rekey`.
    pub fn change_second_passphrase(
        &self,
        present: Second<'_>,
        next: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<RekeyReport> {
        let _changing = self.changing();
        let meant = self.meant(present, watch)?;
        let id = *meant.first().ok_or(Error::SealedMissing)?;
        self.vault
            .change_second_passphrase(id, present.passphrase, next, cost, watch)
            .map_err(second_error)
    }

    /// Takes the second passphrase from an open notebook, which gets a new key that opens with the vault. What is sealed
    /// in it keeps its own.
    ///
    /// Errors: `SpaceLocked`, the vault's `WrongCredential` and `NoSecondPassphrase`, `SecondUndecided`, and as in `rekey`.
    pub fn remove_second_passphrase(
        &self,
        space: SpaceId,
        present: &Passphrase,
        watch: &dyn Watch,
    ) -> Result<RekeyReport> {
        let _changing = self.changing();
        self.space(space)?;
        let id = space.compartment();
        let report = self
            .vault
            .remove_second_passphrase(id, present, watch)
            .map_err(second_error)?;
        // Nobody is shown it any more; where it cannot be taken away now, it does no harm.
        let _ = self.vault.set_alias(id, None);
        Ok(report)
    }

    /// Changes the name that is shown while a notebook is shut. Errors: `Missing`, `TooLong`, `SpaceLocked`, and the
    /// vault's `NoSecondPassphrase`.
    pub fn show_space_as(&self, space: SpaceId, shown_as: &str) -> Result<Space> {
        let _changing = self.changing();
        let shown_as = checked_alias(shown_as)?;
        if !self.space(space)?.second_passphrase {
            return Err(Error::Vault(vault::Error::NoSecondPassphrase));
        }
        self.vault.set_alias(space.compartment(), Some(&shown_as))?;
        self.space(space)
    }

    /// Expects a second passphrase to be the right one. What it guards stays open or shut.
    ///
    /// Errors: the vault's `WrongCredential`; `SealedMissing`, `SpaceNotFound`.
    pub fn try_second_passphrase(&self, second: Second<'_>, watch: &dyn Watch) -> Result<()> {
        let guarded = self.guarded(second.space, second.part, watch)?;
        self.opened_by(second.passphrase, &guarded, watch).map(drop)
    }

    /// The compartments that a second passphrase is meant for; at least one. Where there is but one, whether it is opened
    /// is left to the caller: each try takes a second.
    pub(crate) fn meant(
        &self,
        second: Second<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<CompartmentId>> {
        let guarded = self.guarded(second.space, second.part, watch)?;
        match guarded.len() {
            1 => Ok(guarded),
            _ => self.opened_by(second.passphrase, &guarded, watch),
        }
    }

    /// The compartments that second passphrases guard; at least one. There are several only where nobody can tell which of
    /// them counts.
    pub(crate) fn guarded(
        &self,
        space: SpaceId,
        part: Guarded,
        watch: &dyn Watch,
    ) -> Result<Vec<CompartmentId>> {
        match part {
            Guarded::Notebook if self.space(space).is_ok() => Ok(vec![space.compartment()]),
            Guarded::Notebook => Ok(vec![self.shut_space(space)?.id.compartment()]),
            Guarded::Sealed => match self.sealed_part(space) {
                Ok(sealed) => Ok(vec![sealed.ok_or(Error::SealedMissing)?]),
                Err(_) => self.sealed_in_shut(space, watch),
            },
        }
    }

    /// The sealed part of a notebook that is shut, and whose card cannot be asked: of several with its alias those that
    /// hold something, for what sealing left that was cut off is empty.
    fn sealed_in_shut(&self, space: SpaceId, watch: &dyn Watch) -> Result<Vec<CompartmentId>> {
        let mut parts = self.sealed_parts(space);
        if parts.len() > 1 {
            let empty = self.empty_of(&parts, watch)?;
            if empty.len() < parts.len() {
                parts.retain(|id| !empty.contains(id));
            }
        }
        match parts.is_empty() {
            true => Err(Error::SealedMissing),
            false => Ok(parts),
        }
    }

    /// Those of some compartments that a second passphrase opens; each stays open or shut. Errors: the vault's
    /// `WrongCredential` where it opens none.
    fn opened_by(
        &self,
        passphrase: &Passphrase,
        ids: &[CompartmentId],
        watch: &dyn Watch,
    ) -> Result<Vec<CompartmentId>> {
        let mut opened = Vec::new();
        for one in self.vault.compartments() {
            if !ids.contains(&one.id) {
                continue;
            }
            match self.vault.open_compartment(one.id, passphrase, watch) {
                Ok(()) => opened.push(one.id),
                Err(vault::Error::WrongCredential) => continue,
                Err(error) => return Err(error.into()),
            }
            if one.locked {
                self.vault.shut_compartment(one.id)?;
            }
        }
        match opened.is_empty() {
            true => Err(Error::Vault(vault::Error::WrongCredential)),
            false => Ok(opened),
        }
    }
}

/// The alias of what is sealed in a notebook. It is shown nowhere.
pub(crate) fn sealed_alias(notebook: SpaceId) -> String {
    format!("{SEALED_IN}{notebook}")
}

/// The notebook whose sealed part has this alias.
pub(crate) fn notebook_in(alias: &str) -> Option<SpaceId> {
    alias.strip_prefix(SEALED_IN)?.parse().ok()
}

/// What became of a change of keys that failed. In all cases but the last, nothing has changed.
pub(crate) fn keys_error(error: RekeyError) -> Error {
    match error {
        RekeyError::SecondPassphrasesMissing(_) => Error::SecondMissing,
        RekeyError::SecondPassphraseWrong(_) => Error::Vault(vault::Error::WrongCredential),
        RekeyError::Vault(error) => Error::Vault(error),
        RekeyError::Undecided(_) => Error::KeysUndecided,
        // What a later vault may say: nothing has changed.
        _ => Error::Vault(vault::Error::Stale),
    }
}

/// The same of the keys of one compartment, for which only its second passphrase is in doubt.
fn second_error(error: RekeyError) -> Error {
    match error {
        RekeyError::Undecided(_) => Error::SecondUndecided,
        error => keys_error(error),
    }
}

fn checked_alias(shown_as: &str) -> Result<String> {
    let shown_as = shown_as.trim();
    text::check_present(Field::Name, shown_as)?;
    text::check_line(Field::Name, shown_as)?;
    if shown_as.len() > vault::MAX_ALIAS || notebook_in(shown_as).is_some() {
        return Err(Error::TooLong {
            field: Field::Name,
            limit: ALIAS_LIMIT,
        });
    }
    Ok(shown_as.to_owned())
}

/// How many characters of any script an alias may surely have.
const ALIAS_LIMIT: usize = vault::MAX_ALIAS / 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_doubt_is_told_by_what_it_opens() {
        let undecided = || RekeyError::Undecided(vault::Error::NoSpace);
        assert!(matches!(keys_error(undecided()), Error::KeysUndecided));
        assert!(matches!(second_error(undecided()), Error::SecondUndecided));
        let full = second_error(RekeyError::Vault(vault::Error::NoSpace));
        assert!(matches!(full, Error::Vault(vault::Error::NoSpace)));
    }
}
