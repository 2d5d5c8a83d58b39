//! People as the window sees it.

use serde::{Deserialize, Serialize};

/// A person's card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Person {
    /// The name.
    pub name: String,
    /// Pronouns.
    pub pronouns: String,
    /// What the person does.
    pub work: String,
    /// How the person likes to be reached.
    pub contact: String,
    /// Anything else, in Markdown.
    pub about: String,
}
