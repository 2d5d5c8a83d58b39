//! New keys throughout, because somebody may know the passphrase.

use vault::{CompartmentId, KdfCost, NewKeys, Passphrase, Quiet, RekeyReport, SpareKey, Watch};

use crate::{
    error::{Error, Result},
    ids::SpaceId,
    second::{Guarded, Second, keys_error},
    service::Mentoring,
};

impl Mentoring {
    /// Expects the passphrase of everything that has a second one to be given. Errors: `SecondMissing`.
    pub fn expect_seconds(&self, given: &[(SpaceId, Guarded)]) -> Result<()> {
        let covered: Vec<_> = given
            .iter()
            .map(|(space, part)| self.guarded(*space, *part))
            .collect::<Result<_>>()?;
        let orphans = self.empty_orphans(&Quiet)?;
        let missing = self.vault.compartments().into_iter().any(|one| {
            one.second_passphrase && !covered.contains(&one.id) && !orphans.contains(&one.id)
        });
        match missing {
            true => Err(Error::SecondMissing),
            false => Ok(()),
        }
    }

    /// Compartments under a second passphrase that no notebook names and that hold nothing: sealing was cut off before the
    /// first thing was sealed. Nobody can be asked for their passphrases.
    fn empty_orphans(&self, watch: &dyn Watch) -> Result<Vec<CompartmentId>> {
        let nameless: Vec<_> = self
            .vault
            .compartments()
            .into_iter()
            .filter(|one| one.second_passphrase && self.notebook_of_sealed(one.id).is_none())
            .map(|one| one.id)
            .collect();
        if nameless.is_empty() {
            return Ok(Vec::new());
        }
        let checks = self.vault.verify(watch)?.into_iter();
        Ok(checks
            .filter(|check| check.records_expected == 0 && check.records_found == 0)
            .map(|check| check.compartment)
            .filter(|id| nameless.contains(id))
            .collect())
    }

    /// Gives the vault and every notebook in it new keys. What has a second passphrase needs it, and keeps it: `seconds` has
    /// that of each such notebook, and of each in which something is sealed. On an error but the last nothing has changed.
    ///
    /// Errors: `IsSecond`; `SecondMissing` where one is missing; the vault's `WrongCredential` where one
    /// is wrong, and its others; `KeysUndecided`, after which the next opening says which keys count.
    pub fn rekey(
        &self,
        passphrase: &Passphrase,
        cost: KdfCost,
        spare: &SpareKey,
        seconds: &[Second<'_>],
        watch: &dyn Watch,
    ) -> Result<RekeyReport> {
        check_apart(passphrase, seconds)?;
        let _changing = self.changing();
        let orphans = self.empty_orphans(watch)?;
        if !orphans.is_empty() {
            self.vault.forget_all(&orphans, watch)?;
        }
        let seconds: Vec<_> = seconds
            .iter()
            .map(|second| {
                let id = self.guarded(second.space, second.part)?;
                Ok((id, second.passphrase))
            })
            .collect::<Result<_>>()?;
        let keys = NewKeys {
            passphrase,
            cost,
            spare,
            seconds: &seconds,
        };
        self.vault.rekey(keys, watch).map_err(keys_error)
    }
}

/// A second passphrase that opens the vault as well would be no second lock. Errors: `IsSecond`.
pub fn check_apart(passphrase: &Passphrase, seconds: &[Second<'_>]) -> Result<()> {
    match seconds
        .iter()
        .any(|second| second.passphrase.is(passphrase))
    {
        true => Err(Error::IsSecond),
        false => Ok(()),
    }
}
