//! What became of keys that were to be destroyed: after new keys, and after a notebook was forgotten.

use serde::Serialize;
use vault::NotDestroyed;

/// What became of old keys, and of what they opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum OldKeys {
    /// They are destroyed, and that is proven.
    Destroyed,
    /// Not all is destroyed yet; the next opening goes on with it.
    Unfinished,
    /// Something is left that does not go by itself.
    Left,
    /// They are destroyed; what is left could not all be read to prove it.
    Unproven,
}

impl OldKeys {
    /// By what a destroying came to.
    pub fn of<T>(destruction: &Result<T, NotDestroyed>) -> Self {
        match destruction {
            Ok(_) => Self::Destroyed,
            Err(NotDestroyed::Unfinished(_)) => Self::Unfinished,
            Err(NotDestroyed::Left(_)) => Self::Left,
            Err(_) => Self::Unproven,
        }
    }
}
