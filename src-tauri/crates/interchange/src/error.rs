//! What can go wrong, as states; never a word that a user wrote.

/// The result of moving in or out.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something could not be brought in or out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// The file is no text.
    #[error("the file is not text")]
    Binary,
    /// The file is larger than the limit.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The file is text, but no journal of jrnl.
    #[error("the file is not a journal of jrnl")]
    NotJrnl,
    /// The file ends in the middle.
    #[error("the file ends in the middle")]
    HalfWritten,
    /// The journal is encrypted.
    #[error("the journal is encrypted")]
    Encrypted,
    /// It was stopped.
    #[error("stopped")]
    Cancelled,
    /// The sharing services refused or failed.
    #[error(transparent)]
    Sharing(#[from] sharing::Error),
    /// The mentoring services refused or failed.
    #[error(transparent)]
    Mentoring(#[from] mentoring::Error),
}
