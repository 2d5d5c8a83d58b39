//! What can go wrong, as states; never a word that a user wrote.

/// The result of a sharing service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a service refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody who must agree has not agreed to these very words.
    #[error("a consent is missing")]
    NeedsConsent,
    /// A consent was given, and is void: the words changed, or their time is over.
    #[error("a consent is void")]
    ConsentVoid,
    /// A source of the text is not Shareable, or is gone.
    #[error("a source is not shareable")]
    NotShareable,
    /// There are no words yet.
    #[error("the summary has no words")]
    Empty,
    /// A circle has more people than can agree in this way.
    #[error("summaries are for journals and relationships")]
    NotForGroups,
    /// The page could not be set.
    #[error("the page could not be set")]
    Page(#[from] documents::Error),
    /// The mentoring services refused or failed.
    #[error(transparent)]
    Mentoring(#[from] mentoring::Error),
}
