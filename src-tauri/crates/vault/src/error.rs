//! What can keep the vault from doing what it was asked. Nothing here carries a path, a secret or a word
//! that a person wrote.

use std::io;

use crate::disk;
use crate::ids::CompartmentId;

/// The states in which an operation on the vault ends short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The passphrase or spare key opens none of the slots.
    #[error("the passphrase or spare key does not open this vault")]
    WrongCredential,
    /// The secret from a keychain opens none of the slots: its slot was removed, or it is of another vault. The
    /// person is to be asked for the passphrase.
    #[error("the secret from the keychain does not open this vault")]
    WrongKeychainSecret,
    /// The vault has as many keychain slots as it takes.
    #[error("no more keychains can open this vault")]
    TooManyKeychains,
    /// The vault has no keychain slot of that id.
    #[error("unknown slot")]
    UnknownSlot,
    /// A part is damaged beyond what its copies can mend.
    #[error("the vault is damaged: {part:?}")]
    Damaged {
        /// The part that could not be read.
        part: Part,
    },
    /// The vault was written by a newer version of the program.
    #[error("the vault was made by a newer version")]
    Newer,
    /// Another process has the vault open.
    #[error("the vault is open elsewhere")]
    InUse,
    /// The vault is open for reading only.
    #[error("the vault is open for reading only")]
    ReadOnly,
    /// The device itself failed, as of a bad sector, a cable, or a share that is out of reach.
    #[error("the device failed")]
    Device,
    /// The disk or quota is full.
    #[error("no space is left")]
    NoSpace,
    /// This computer has not the memory that the key stretching asks for.
    #[error("too little memory for the key stretching")]
    TooLittleMemory,
    /// The cost of the key stretching is outside the accepted bounds.
    #[error("the cost of key stretching is outside the accepted bounds")]
    CostOutOfRange,
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// There is no vault in this folder, or no backup of this name.
    #[error("there is nothing here")]
    Missing,
    /// A file of that name is there already; it was left as it is.
    #[error("a file of that name is there already")]
    Exists,
    /// A backup was to be written into the folder of the vault itself.
    #[error("the place is inside the vault's own folder")]
    InsideVault,
    /// The backup holds compartments that the present vault has forgotten, and nobody said whether they may return.
    #[error("the backup holds what was forgotten")]
    ForgottenWouldReturn,
    /// The folder for a new vault already holds something.
    #[error("the folder is not empty")]
    NotEmpty,
    /// No compartment of this vault has that id.
    #[error("unknown compartment")]
    UnknownCompartment,
    /// The compartment has a second passphrase and is shut.
    #[error("the compartment is locked")]
    CompartmentLocked,
    /// The compartment has a second passphrase already.
    #[error("the compartment has a second passphrase")]
    HasSecondPassphrase,
    /// The compartment has no second passphrase.
    #[error("the compartment has no second passphrase")]
    NoSecondPassphrase,
    /// A payload or a batch is above the stated limit, or an alias does not fit.
    #[error("too large")]
    TooLarge,
    /// This device has no numbers left for further saves.
    #[error("no numbers are left for further saves")]
    Exhausted,
    /// A symbolic link stands where a folder of the vault belongs.
    #[error("a symbolic link stands inside the vault")]
    Link,
    /// The vault went into an unknown state after a failed write and must be opened anew.
    #[error("the vault must be opened anew")]
    Stale,
    /// The disk failed while the header was written, and did not take it back either: nobody can tell yet whether what
    /// was asked for has happened. This session goes on as before it, and takes it back with its next change or when it
    /// is locked. Should it end before that, the next opening finds the one or the other, and stays with it. Where a
    /// passphrase or spare key was to change, the person keeps both until then.
    #[error("the disk failed before it was decided whether that has happened: {kind:?}")]
    Undecided {
        /// The system's own kind of error.
        kind: io::ErrorKind,
    },
    /// The system's source of randomness failed.
    #[error("no randomness from the system")]
    NoRandomness,
    /// The system refused an operation on a file.
    #[error("input or output failed: {kind:?}")]
    Io {
        /// The system's own kind of error.
        kind: io::ErrorKind,
    },
}

impl Error {
    /// The error of the disk alone, for whoever need not know that something is undecided: it makes no difference to
    /// what they are told, or to what opens.
    pub(crate) fn of_the_disk(self) -> Self {
        match self {
            Error::Undecided { kind } => io::Error::from(kind).into(),
            error => error,
        }
    }
}

/// What can keep a vault, or a compartment under a second passphrase, from getting new keys. Nothing has changed then;
/// only with `Undecided` that is not yet for good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RekeyError {
    /// These compartments have a second passphrase that was not given. Without it they can get no new key: they are
    /// to be given theirs, or to be forgotten first.
    #[error("second passphrases are missing")]
    SecondPassphrasesMissing(Vec<CompartmentId>),
    /// What was given as the second passphrase of this compartment does not open it.
    #[error("a second passphrase does not open its compartment")]
    SecondPassphraseWrong(CompartmentId),
    /// The disk failed while the header was written, and did not take it back either. This session goes on with the
    /// keys of before, and takes it back with its next change or when it is locked. Should it end before that, the
    /// next opening takes the old passphrase or the new one, and stays with it: the person keeps both until then.
    #[error("the disk failed before it was decided which keys are in force: {0}")]
    Undecided(Error),
    /// As for every other operation.
    #[error(transparent)]
    Vault(#[from] Error),
}

/// Why what was before new keys, or what was forgotten, is not proven gone. The new keys are in force, and what was
/// forgotten is in no keyring, all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotDestroyed {
    /// The destroying was cut short. The next opening of the vault goes on with it; after new keys so do its next change
    /// and its closing.
    #[error("not everything of before is destroyed yet: {0}")]
    Unfinished(Error),
    /// The destroying came to its end, and yet something is there that belongs to what was before. Nothing goes on with
    /// it by itself; making new keys, or forgetting something, once more destroys what is known of now.
    #[error("something of before is left: {0:?}")]
    Left(Part),
    /// The destroying came to its end; what is left could not all be read to prove it.
    #[error("it could not be proven that nothing of before is left: {0}")]
    Unproven(Error),
}

impl From<Error> for NotDestroyed {
    fn from(error: Error) -> Self {
        NotDestroyed::Unproven(error)
    }
}

impl From<io::Error> for NotDestroyed {
    fn from(error: io::Error) -> Self {
        Error::from(error).into()
    }
}

/// The parts of a vault that can be damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Both copies of the header.
    Header,
    /// Both copies of the epoch file.
    Epoch,
    /// The keyring and the one before it.
    Keyring,
    /// A segment of the journal.
    Journal,
    /// Every checkpoint.
    Checkpoint,
    /// The hint at the store and checkpoint in use.
    Current,
    /// The store of rows.
    Store,
    /// One record, or one of its chunks.
    Record,
    /// The list of known backups.
    BackupList,
    /// What this machine keeps outside the vault: which device of it it is.
    Device,
    /// A backup: it has been changed, cut short, or was never whole.
    Backup,
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if disk::is_of_device(&error) {
            return Error::Device;
        }
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Error::NoSpace,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Error::ReadOnly,
            io::ErrorKind::OutOfMemory => Error::TooLittleMemory,
            kind => Error::Io { kind },
        }
    }
}
