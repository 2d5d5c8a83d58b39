//! The confidentiality of a record.

use serde::{Deserialize, Serialize};

/// How far a record may travel; chosen by its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Label {
    /// Only its owner reads it. New writing starts here.
    #[default]
    Private,
    /// It may be evidence in a summary.
    Shareable,
    /// It lives under a lock of its own and never leaves.
    Sealed,
}

/// The label as it is shown: *Agreed* is derived from consent, never chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum ShownLabel {
    /// See [`Label::Private`].
    Private,
    /// See [`Label::Shareable`].
    Shareable,
    /// See [`Label::Sealed`].
    Sealed,
    /// It stands in words that both consented to.
    Agreed,
}

impl Label {
    /// How the label is shown, given that the words are agreed or not.
    pub fn shown(self, agreed: bool) -> ShownLabel {
        match (self, agreed) {
            (Self::Shareable, true) => ShownLabel::Agreed,
            (Self::Shareable, false) => ShownLabel::Shareable,
            (Self::Private, _) => ShownLabel::Private,
            (Self::Sealed, _) => ShownLabel::Sealed,
        }
    }
}
