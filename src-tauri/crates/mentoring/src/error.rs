//! What can go wrong, as states; never a word that a user wrote.

/// The result of a mentoring service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A field of a record, named so that the window can point at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The short name of the thing.
    Title,
    /// The running text.
    Text,
    /// What is promised.
    Promise,
    /// What happened, in feedback.
    Situation,
    /// A name of a person or a notebook.
    Name,
    /// Any other short text.
    Other,
}

impl Field {
    /// The field's name in the contract with the window.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Text => "text",
            Self::Promise => "promise",
            Self::Situation => "situation",
            Self::Name => "name",
            Self::Other => "other",
        }
    }
}

/// Why a service refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No space has this id.
    #[error("no such space")]
    SpaceNotFound,
    /// The space is there, but its second passphrase has not been given.
    #[error("the space is locked")]
    SpaceLocked,
    /// No record has this id, or it is of another kind.
    #[error("no such record")]
    NotFound,
    /// Another space has this name already.
    #[error("the name is taken")]
    NameTaken,
    /// The text of a field is longer than the limit.
    #[error("{} is longer than {limit} characters", field.name())]
    TooLong {
        /// Which field.
        field: Field,
        /// The limit, in characters.
        limit: usize,
    },
    /// A field that must have words has none.
    #[error("{} is empty", field.name())]
    Missing {
        /// Which field.
        field: Field,
    },
    /// A date lies outside the years that are accepted.
    #[error("the date is out of range")]
    DateOutOfRange,
    /// The record was saved meanwhile from another place.
    #[error("the record was changed elsewhere")]
    ChangedElsewhere,
    /// This kind of record cannot carry this label.
    #[error("the label is not allowed here")]
    LabelNotAllowed,
    /// This notebook has no sealed part yet: its passphrase is to be chosen first.
    #[error("nothing is sealed here yet")]
    SealedMissing,
    /// This notebook has a sealed part already.
    #[error("there is a sealed part already")]
    SealedThere,
    /// The sealed part of this notebook is shut.
    #[error("the sealed part is shut")]
    SealedShut,
    /// The passphrase of a notebook that has one of its own, or of what is sealed in one, is missing.
    #[error("a second passphrase is missing")]
    SecondMissing,
    /// What shall open the vault opens a notebook, or what is sealed in one, already.
    #[error("it is a second passphrase already")]
    IsSecond,
    /// The record is not Shareable, so it cannot be evidence.
    #[error("the record is not shareable")]
    NotShareable,
    /// A record cannot be read: its bytes are whole but say something this program does not know.
    #[error("a record of kind {kind} cannot be read")]
    Unreadable {
        /// The number of the record's kind.
        kind: u16,
    },
    /// The disk failed while new keys were written: the old passphrase counts or the new one, and the next opening says
    /// which.
    #[error("which keys count is decided by the next opening")]
    KeysUndecided,
    /// The disk failed while the second passphrase of a compartment was set, changed or taken away: whether that counts,
    /// the next opening says.
    #[error("which second passphrase counts is decided by the next opening")]
    SecondUndecided,
    /// The vault refused or failed.
    #[error(transparent)]
    Vault(#[from] vault::Error),
}

impl Error {
    /// Whether it says that one record cannot be read: damaged, lost, or in a form that this program
    /// does not know. It says nothing of any other record.
    pub fn is_unreadable(&self) -> bool {
        use vault::Part;
        matches!(
            self,
            Self::NotFound
                | Self::Unreadable { .. }
                | Self::Vault(vault::Error::Damaged { part: Part::Record })
        )
    }
}
