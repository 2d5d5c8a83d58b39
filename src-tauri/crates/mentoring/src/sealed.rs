//! What is sealed in a notebook: records in a compartment of their own, under a second passphrase.
//!
//! While it is shut nothing of it is read, listed or counted. Open or shut, it is not in Today, in what gathers
//! over notebooks, or in evidence; see [`Mentoring::lines`].

use vault::{Batch, CompartmentId, CompartmentOptions, KdfCost, Passphrase, Quiet, Watch};

use crate::{
    error::{Error, Result},
    ids::SpaceId,
    index::Index,
    second::{notebook_in, sealed_alias},
    service::Mentoring,
    shelf::Shelf,
    spaces::{Space, SpaceCard, StoredSpace, put_card},
};

/// The sealed part of an open notebook.
pub(crate) struct SealedPart {
    /// Its compartment.
    pub(crate) compartment: CompartmentId,
    /// Its lines; none while it is shut.
    pub(crate) index: Option<Index>,
}

impl SealedPart {
    /// A part whose passphrase has not been given.
    pub(crate) fn shut(compartment: CompartmentId) -> Self {
        Self {
            compartment,
            index: None,
        }
    }
}

impl Mentoring {
    /// Makes the sealed part of a notebook and leaves it open. Lost means lost: nothing but this passphrase
    /// opens it, the spare key included. Where this was cut off before, it is begun again: one part comes of it.
    pub fn make_sealed(
        &self,
        space: SpaceId,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<Space> {
        let _changing = self.changing();
        let before = self.space(space)?;
        if self.sealed_part(space)?.is_some() {
            return Err(Error::SealedThere);
        }
        let compartment = self.compartment_to_seal(space, passphrase, cost)?;
        let mut batch = Batch::new();
        let part = Shelf::sealed(space, compartment);
        put_card(
            &mut batch,
            part,
            &StoredSpace::sealed_part(space, self.clock.now()),
        );
        let card = StoredSpace::notebook(&before.card, before.created, Some(compartment));
        put_card(&mut batch, Shelf::own(space), &card);
        self.vault.save(batch)?;
        if let Some(open) = self.open().get_mut(&space) {
            open.card = SpaceCard::Notebook {
                draft: before.card,
                created: before.created,
                sealed: Some(compartment),
            };
            open.sealed = Some(SealedPart {
                compartment,
                index: Some(Index::default()),
            });
        }
        self.space(space)
    }

    /// The compartment of a sealed part that is to be made. One that was left when this was cut off is taken, with the cost
    /// it has, if the passphrase is still the same: dropping it costs a new epoch, and backups are asked about it ever after.
    fn compartment_to_seal(
        &self,
        space: SpaceId,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<CompartmentId> {
        let mut left = self.left_unsealed(space, &Quiet)?;
        let mut again = None;
        for one in self.vault.compartments() {
            // What has no second passphrase opens with any, and would seal nothing.
            if !one.second_passphrase || !left.contains(&one.id) {
                continue;
            }
            match self.vault.open_compartment(one.id, passphrase, &Quiet) {
                Ok(()) => {
                    again = Some(one.id);
                    break;
                }
                Err(vault::Error::WrongCredential) => {}
                Err(error) => return Err(error.into()),
            }
        }
        left.retain(|id| Some(*id) != again);
        if !left.is_empty() {
            self.vault.forget_all(&left, &Quiet)?;
        }
        match again {
            Some(compartment) => Ok(compartment),
            None => Ok(self.vault.make_compartment(CompartmentOptions {
                alias: Some(sealed_alias(space)),
                second: Some((passphrase, cost)),
            })?),
        }
    }

    /// Opens the sealed part of a notebook. Errors: `SealedMissing`, and the vault's `WrongCredential`.
    pub fn open_sealed(
        &self,
        space: SpaceId,
        passphrase: &Passphrase,
        watch: &dyn Watch,
    ) -> Result<Space> {
        let compartment = self.sealed_part(space)?.ok_or(Error::SealedMissing)?;
        self.vault
            .open_compartment(compartment, passphrase, watch)?;
        let _changing = self.changing();
        let opened = self.read_sealed(space, compartment).and_then(|index| {
            // The notebook may have been shut while this was stretched.
            let mut spaces = self.open();
            let open = spaces.get_mut(&space).ok_or_else(|| self.absent(space))?;
            open.sealed = Some(SealedPart {
                compartment,
                index: Some(index),
            });
            Ok(())
        });
        match opened {
            Ok(()) => self.space(space),
            Err(error) => {
                self.vault.shut_compartment(compartment)?;
                Err(error)
            }
        }
    }

    /// Shuts the sealed part of a notebook: its key and everything known of it are dropped.
    pub fn shut_sealed(&self, space: SpaceId) -> Result<Space> {
        let _changing = self.changing();
        let compartment = self.sealed_part(space)?.ok_or(Error::SealedMissing)?;
        if let Some(open) = self.open().get_mut(&space) {
            open.sealed = Some(SealedPart::shut(compartment));
        }
        self.vault.shut_compartment(compartment)?;
        self.space(space)
    }

    /// The notebook whose sealed part this compartment is, open or shut.
    pub fn notebook_of_sealed(&self, compartment: CompartmentId) -> Option<SpaceId> {
        let named = {
            let open = self.open();
            let mut notebooks = open.iter();
            notebooks
                .find(|(_, at)| at.card.sealed_part() == Some(compartment))
                .map(|(id, _)| *id)
        };
        named.or_else(|| {
            let mut compartments = self.vault.compartments().into_iter();
            let alias = compartments.find(|one| one.id == compartment)?.alias?;
            let notebook = notebook_in(&alias)?;
            // An open notebook names its own.
            self.shut_space(notebook).ok().map(|shut| shut.id)
        })
    }

    pub(crate) fn sealed_part(&self, space: SpaceId) -> Result<Option<CompartmentId>> {
        let open = self.open();
        let part = open.get(&space).map(|open| open.card.sealed_part());
        drop(open);
        part.ok_or_else(|| self.absent(space))
    }

    /// Every compartment of what is sealed in a notebook, or was to be, in the order in which they were made: the one that
    /// its card names, while it is open, and all with the alias. Where sealing was cut off and begun again there are several.
    pub(crate) fn sealed_parts(&self, space: SpaceId) -> Vec<CompartmentId> {
        let named = self.sealed_part(space).ok().flatten();
        let alias = sealed_alias(space);
        let compartments = self.vault.compartments().into_iter();
        compartments
            .filter(|one| Some(one.id) == named || one.alias.as_ref() == Some(&alias))
            .map(|one| one.id)
            .collect()
    }

    /// What is left in an open notebook of sealing that was cut off: its card does not name them, and nothing is in them.
    pub(crate) fn left_unsealed(
        &self,
        space: SpaceId,
        watch: &dyn Watch,
    ) -> Result<Vec<CompartmentId>> {
        let named = self.sealed_part(space)?;
        let mut left = self.sealed_parts(space);
        left.retain(|id| Some(*id) != named);
        self.empty_of(&left, watch)
    }

    /// Those of some compartments that hold nothing. Each sealed part that was ever finished holds its card.
    pub(crate) fn empty_of(
        &self,
        ids: &[CompartmentId],
        watch: &dyn Watch,
    ) -> Result<Vec<CompartmentId>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let checks = self.vault.verify(watch)?.into_iter();
        Ok(checks
            .filter(|check| check.records_expected == 0 && check.records_found == 0)
            .map(|check| check.compartment)
            .filter(|id| ids.contains(id))
            .collect())
    }

    /// Whether something may be sealed in a notebook that cannot be seen now.
    pub(crate) fn sealed_is_shut(&self, space: SpaceId) -> bool {
        let open = self.open();
        let part = open.get(&space).and_then(|open| open.sealed.as_ref());
        part.is_some_and(|part| part.index.is_none())
    }

    fn read_sealed(&self, space: SpaceId, compartment: CompartmentId) -> Result<Index> {
        match self.read_card(compartment)? {
            Some(SpaceCard::Sealed { of }) if of == space => {}
            // A part that names another notebook, or none, is not this one's.
            _ => {
                return Err(Error::Unreadable {
                    kind: crate::kind::KindNumber::SPACE.0,
                });
            }
        }
        self.read_index(Shelf::sealed(space, compartment))
    }
}
