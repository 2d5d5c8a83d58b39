//! What is sealed in a notebook: records in a compartment of their own, under a second passphrase.
//!
//! While it is shut nothing of it is read, listed or counted. Open or shut, it is not in Today, in what gathers
//! over notebooks, or in evidence; see [`Mentoring::lines`].

use vault::{Batch, CompartmentId, CompartmentOptions, KdfCost, Passphrase, Watch};

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
    /// opens it, the spare key included.
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
        let compartment = self.vault.make_compartment(CompartmentOptions {
            alias: Some(sealed_alias(space)),
            second: Some((passphrase, cost)),
        })?;
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
