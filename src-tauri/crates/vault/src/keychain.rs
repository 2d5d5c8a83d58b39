//! The secret that the operating system's keychain keeps: a third way into a vault, for one machine, and never the
//! only one.

use std::fmt;

use crate::error::Error;
use crate::memory::KeyBytes;
use crate::primitives::{self, KEY_LENGTH};

/// What opens one keychain slot: 32 random bytes. The vault hands it out once, where the slot is made, and keeps it
/// nowhere. It is wiped when dropped.
///
/// ```compile_fail
/// fn copy(secret: &vault::KeychainSecret) -> vault::KeychainSecret { secret.clone() }
/// ```
pub struct KeychainSecret(KeyBytes);

impl KeychainSecret {
    /// Bytes of the secret.
    pub const LENGTH: usize = KEY_LENGTH;

    pub(crate) fn make() -> Result<Self, Error> {
        let mut bytes = KeyBytes::zeros();
        primitives::fill_random(&mut *bytes)?;
        Ok(KeychainSecret(bytes))
    }

    /// Takes what a keychain gave back; `None` if it has not 32 bytes. Whether it opens anything, opening says.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != KEY_LENGTH {
            return None;
        }
        let mut own = KeyBytes::zeros();
        own.copy_from_slice(bytes);
        Some(KeychainSecret(own))
    }

    /// The bytes, for the keychain and for nobody else. Whoever copies them wipes the copy.
    pub fn expose(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }
}

impl fmt::Debug for KeychainSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeychainSecret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use static_assertions::assert_not_impl_any;

    assert_not_impl_any!(KeychainSecret: Clone, Copy, fmt::Display, PartialEq, AsRef<[u8]>);

    #[test]
    fn a_secret_survives_the_keychain_and_other_lengths_are_none() {
        let secret = KeychainSecret::make().unwrap();
        let back = KeychainSecret::from_bytes(secret.expose()).unwrap();
        assert_eq!(back.expose(), secret.expose());
        for length in [0, 31, 33] {
            assert!(KeychainSecret::from_bytes(&vec![1; length]).is_none());
        }
    }

    #[test]
    fn no_two_are_the_same_and_debug_is_mute() {
        let (one, other) = (
            KeychainSecret::make().unwrap(),
            KeychainSecret::make().unwrap(),
        );
        assert_ne!(one.expose(), other.expose());
        assert_eq!(format!("{one:?}"), "KeychainSecret(***)");
    }
}
