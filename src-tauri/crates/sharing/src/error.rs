//! What can go wrong, as states; never a word that a user wrote.

/// The result of a sharing service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a service refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody who must agree has not agreed to these very words.
    #[error("a consent is missing")]
    NeedsConsent,
    /// Whoever must agree did so to other words: they have changed since.
    #[error("a consent is void")]
    ConsentVoid,
    /// The last day on which the summary may leave is over.
    #[error("the summary has expired")]
    Expired,
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
