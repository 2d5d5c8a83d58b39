//! Where the rows of a space lie: in its own compartment, or in the sealed one beside it.

use vault::CompartmentId;

use crate::{ids::SpaceId, label::Label};

/// A compartment that holds rows of a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shelf {
    /// The space.
    pub(crate) space: SpaceId,
    /// The compartment.
    pub(crate) compartment: CompartmentId,
}

impl Shelf {
    /// The space's own compartment.
    pub(crate) fn own(space: SpaceId) -> Self {
        Self {
            space,
            compartment: space.compartment(),
        }
    }

    /// The sealed compartment beside it.
    pub(crate) fn sealed(space: SpaceId, compartment: CompartmentId) -> Self {
        Self { space, compartment }
    }

    /// Whether it is the sealed one.
    pub(crate) fn is_sealed(self) -> bool {
        self.compartment != self.space.compartment()
    }

    /// The label of a record that lies here, given what its row says: everything in the sealed compartment is
    /// sealed, and nothing outside it is.
    pub(crate) fn label_of(self, said: Label) -> Label {
        match (self.is_sealed(), said) {
            (true, _) => Label::Sealed,
            (false, Label::Sealed) => Label::Private,
            (false, said) => said,
        }
    }
}
