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
        let mut covered = Vec::new();
        for (space, part) in given {
            covered.extend(self.guarded(*space, *part, &Quiet)?);
        }
        let orphans = self.empty_orphans(&Quiet)?;
        let missing = self.vault.compartments().into_iter().any(|one| {
            one.second_passphrase && !covered.contains(&one.id) && !orphans.contains(&one.id)
        });
        match missing {
            true => Err(Error::SecondMissing),
            false => Ok(()),
        }
    }

    /// Compartments under a second passphrase that no open notebook names and that hold nothing: sealing was cut off before
    /// the first thing was sealed. Nobody can be asked for their passphrases. A notebook that is shut cannot name one either:
    /// what it named would hold its card.
    fn empty_orphans(&self, watch: &dyn Watch) -> Result<Vec<CompartmentId>> {
        let named: Vec<_> = self
            .open()
            .values()
            .filter_map(|at| at.card.sealed_part())
            .collect();
        let nameless: Vec<_> = self
            .vault
            .compartments()
            .into_iter()
            .filter(|one| one.second_passphrase && !named.contains(&one.id))
            .map(|one| one.id)
            .collect();
        self.empty_of(&nameless, watch)
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
        let mut opened = Vec::with_capacity(seconds.len());
        for second in seconds {
            for id in self.meant(*second, watch)? {
                opened.push((id, second.passphrase));
            }
        }
        // What a passphrase was given for stays, though it be empty.
        let mut orphans = self.empty_orphans(watch)?;
        orphans.retain(|id| opened.iter().all(|(given, _)| given != id));
        if !orphans.is_empty() {
            self.vault.forget_all(&orphans, watch)?;
        }
        let keys = NewKeys {
            passphrase,
            cost,
            spare,
            seconds: &opened,
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
