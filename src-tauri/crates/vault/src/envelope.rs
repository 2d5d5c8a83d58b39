//! Keys, and sealing that cannot be misused: a key is born random or derived under a label, a nonce can be
//! drawn but not chosen, and every sealed text is bound to its place.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::Error;
use crate::ids::VaultId;
use crate::memory::{KeyBytes, LockedBytes};
use crate::primitives::{self, Hash, KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH};

/// Bytes that sealing adds.
pub const SEAL_OVERHEAD: usize = TAG_LENGTH;

const LABEL_PREFIX: &[u8] = b"confidant/v1/";

/// What a key or a sealed text is for. The texts are part of the format: do not change them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Passphrase,
    SpareKey,
    Keychain,
    Second,
    Commit,
    Slot,
    Header,
    Epoch,
    Keyring,
    Inner,
    Row,
    Route,
    Name,
    Sum,
    File,
    FileHead,
    FileSeal,
    FileChain,
    Frame,
    Store,
    Current,
    Anchor,
    Device,
    BackupEpoch,
    Backups,
}

impl Label {
    pub fn text(self) -> &'static [u8] {
        match self {
            Label::Passphrase => b"passphrase",
            Label::SpareKey => b"spare-key",
            Label::Keychain => b"keychain",
            Label::Second => b"second-passphrase",
            Label::Commit => b"commit",
            Label::Slot => b"slot",
            Label::Header => b"header",
            Label::Epoch => b"epoch",
            Label::Keyring => b"keyring",
            Label::Inner => b"inner-wrap",
            Label::Row => b"row",
            Label::Route => b"route",
            Label::Name => b"name",
            Label::Sum => b"sum",
            Label::File => b"file",
            Label::FileHead => b"file-head",
            Label::FileSeal => b"file-seal",
            Label::FileChain => b"file-chain",
            Label::Frame => b"frame",
            Label::Store => b"store",
            Label::Current => b"current",
            Label::Anchor => b"anchor",
            Label::Device => b"device",
            Label::BackupEpoch => b"backup-epoch",
            Label::Backups => b"backups",
        }
    }

    /// The label as it stands at the front of associated data and HMAC inputs.
    pub fn front(self) -> Vec<u8> {
        [LABEL_PREFIX, self.text(), &[0]].concat()
    }
}

/// Builds associated data: label, vault, and whatever else says where the sealed text belongs.
pub fn place(label: Label, vault: VaultId, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = label.front();
    bytes.extend_from_slice(&vault.0);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

macro_rules! key_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        pub struct $name(KeyBytes);

        #[allow(dead_code, reason = "not every key is both drawn and derived")]
        impl $name {
            /// Draws a new key from the operating system.
            pub fn make() -> Result<Self, Error> {
                let mut key = KeyBytes::zeros();
                primitives::fill_random(&mut *key)?;
                Ok($name(key))
            }

            /// Takes a key that was unwrapped.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                if bytes.len() != KEY_LENGTH {
                    return None;
                }
                let mut key = KeyBytes::zeros();
                key.copy_from_slice(bytes);
                Some($name(key))
            }

            /// Derives a key: HKDF-SHA-256 with the vault id as salt and label and context as info.
            pub fn derive(secret: &[u8], vault: VaultId, label: Label, context: &[&[u8]]) -> Self {
                let mut info = vec![LABEL_PREFIX, label.text(), &[0]];
                info.extend_from_slice(context);
                let mut key = KeyBytes::zeros();
                primitives::hkdf_into(secret, &vault.0, &info, &mut key);
                $name(key)
            }

            /// Takes a key where it lies.
            pub fn from_key_bytes(bytes: KeyBytes) -> Self {
                $name(bytes)
            }

            /// The bytes, to wrap them or to derive from them.
            pub fn bytes(&self) -> &[u8; KEY_LENGTH] {
                &self.0
            }

            /// The commitment that tells this key from every other.
            pub fn derive_commitment(&self, vault: VaultId) -> Hash {
                *primitives::hkdf(&*self.0, &vault.0, &[LABEL_PREFIX, Label::Commit.text(), &[0]])
            }

            /// Compares with a stored commitment in constant time.
            pub fn is_committed_to(&self, vault: VaultId, commitment: &Hash) -> bool {
                primitives::equal(&self.derive_commitment(vault), commitment)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    };
}

key_type!(
    /// The key that everything in a vault hangs on.
    RootKey
);
key_type!(
    /// The secret that dies with its epoch, and every old keyring with it.
    EpochSecret
);
key_type!(
    /// The key of one compartment.
    CompartmentKey
);
key_type!(
    /// A key that seals and opens.
    SealingKey
);
key_type!(
    /// A key that authenticates.
    MacKey
);

impl MacKey {
    pub fn authenticate(&self, parts: &[&[u8]]) -> Hash {
        primitives::hmac(&self.0, parts)
    }

    pub fn verifies(&self, parts: &[&[u8]], expected: &[u8]) -> bool {
        primitives::equal(&self.authenticate(parts), expected)
    }
}

/// Draws a salt.
pub fn make_salt() -> Result<[u8; crate::kdf::SALT_LENGTH], Error> {
    primitives::make_bytes()
}

/// A nonce that was drawn and not yet used; sealing consumes it.
pub struct Nonce([u8; NONCE_LENGTH]);

impl Nonce {
    pub fn make() -> Result<Self, Error> {
        primitives::make_bytes().map(Nonce)
    }

    pub fn bytes(&self) -> &[u8; NONCE_LENGTH] {
        &self.0
    }
}

/// Seals the buffer in place from `from` on and appends the tag.
pub fn seal_tail(key: &SealingKey, nonce: Nonce, place: &[u8], buffer: &mut Vec<u8>, from: usize) {
    let tag = primitives::seal(&key.0, &nonce.0, place, &mut buffer[from..]);
    buffer.extend_from_slice(&tag);
}

/// Opens a sealed text; `None` if it was not sealed with this key for this place.
pub fn open(
    key: &SealingKey,
    nonce: &[u8; NONCE_LENGTH],
    place: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (text, tag) = sealed.split_last_chunk::<TAG_LENGTH>()?;
    let mut buffer = Zeroizing::new(text.to_vec());
    primitives::unseal(&key.0, nonce, place, &mut buffer, tag).then_some(buffer)
}

/// As `open`, for a text with keys in it.
pub fn open_locked(
    key: &SealingKey,
    nonce: &[u8; NONCE_LENGTH],
    place: &[u8],
    sealed: &[u8],
) -> Option<LockedBytes> {
    let (text, tag) = sealed.split_last_chunk::<TAG_LENGTH>()?;
    let mut buffer = LockedBytes::copy_of(text);
    primitives::unseal(&key.0, nonce, place, &mut buffer, tag).then_some(buffer)
}

/// Seals bytes where they lie, and returns the tag.
pub fn seal_in_place(
    key: &SealingKey,
    nonce: Nonce,
    place: &[u8],
    bytes: &mut [u8],
) -> [u8; TAG_LENGTH] {
    primitives::seal(&key.0, &nonce.0, place, bytes)
}

/// Bytes of a wrapped key.
pub const WRAPPED_LENGTH: usize = KEY_LENGTH + TAG_LENGTH;

/// Wraps a key under another.
pub fn wrap(key: &SealingKey, nonce: Nonce, place: &[u8], inner: &[u8; KEY_LENGTH]) -> [u8; 48] {
    let mut buffer = KeyBytes::copy_of(inner);
    let tag = primitives::seal(&key.0, &nonce.0, place, &mut *buffer);
    let mut wrapped = [0; WRAPPED_LENGTH];
    wrapped[..KEY_LENGTH].copy_from_slice(&*buffer);
    wrapped[KEY_LENGTH..].copy_from_slice(&tag);
    wrapped
}

/// Unwraps a key; `None` if it was not wrapped under this one for this place.
pub fn unwrap(
    key: &SealingKey,
    nonce: &[u8; NONCE_LENGTH],
    place: &[u8],
    wrapped: &[u8; WRAPPED_LENGTH],
) -> Option<KeyBytes> {
    let (text, tag) = wrapped.split_first_chunk::<KEY_LENGTH>()?;
    unwrap_parts(key, nonce, place, text, tag.first_chunk()?)
}

/// As `unwrap`, where the wrapped key and its tag lie apart.
pub fn unwrap_parts(
    key: &SealingKey,
    nonce: &[u8; NONCE_LENGTH],
    place: &[u8],
    text: &[u8; KEY_LENGTH],
    tag: &[u8; TAG_LENGTH],
) -> Option<KeyBytes> {
    let mut inner = KeyBytes::copy_of(text);
    primitives::unseal(&key.0, nonce, place, &mut *inner, tag).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use static_assertions::assert_not_impl_any;

    // A key that could be copied or printed would be copied and printed.
    assert_not_impl_any!(RootKey: Clone, Copy, fmt::Display, PartialEq);
    assert_not_impl_any!(EpochSecret: Clone, Copy, fmt::Display, PartialEq);
    assert_not_impl_any!(CompartmentKey: Clone, Copy, fmt::Display, PartialEq);
    assert_not_impl_any!(SealingKey: Clone, Copy, fmt::Display, PartialEq);
    assert_not_impl_any!(MacKey: Clone, Copy, fmt::Display, PartialEq);
    assert_not_impl_any!(Nonce: Clone, Copy);

    const VAULT: VaultId = VaultId([7; 16]);

    #[test]
    fn a_sealed_text_opens_only_in_its_place() {
        let key = SealingKey::make().unwrap();
        let nonce = Nonce::make().unwrap();
        let bytes = *nonce.bytes();
        let mut buffer = b"head".to_vec();
        buffer.extend_from_slice(b"secret");
        seal_tail(
            &key,
            nonce,
            &place(Label::Row, VAULT, &[b"here"]),
            &mut buffer,
            4,
        );
        assert_eq!(&buffer[..4], b"head");
        let opened = open(
            &key,
            &bytes,
            &place(Label::Row, VAULT, &[b"here"]),
            &buffer[4..],
        );
        assert_eq!(opened.unwrap()[..], b"secret"[..]);
        for wrong in [
            place(Label::Row, VAULT, &[b"there"]),
            place(Label::Frame, VAULT, &[b"here"]),
            place(Label::Row, VaultId([8; 16]), &[b"here"]),
        ] {
            assert!(open(&key, &bytes, &wrong, &buffer[4..]).is_none());
        }
    }

    #[test]
    fn labels_are_all_different() {
        let labels = [
            Label::Passphrase,
            Label::SpareKey,
            Label::Keychain,
            Label::Second,
            Label::Commit,
            Label::Slot,
            Label::Header,
            Label::Epoch,
            Label::Keyring,
            Label::Inner,
            Label::Row,
            Label::Route,
            Label::Name,
            Label::Sum,
            Label::File,
            Label::FileHead,
            Label::FileSeal,
            Label::FileChain,
            Label::Frame,
            Label::Store,
            Label::Current,
            Label::Anchor,
            Label::Device,
            Label::BackupEpoch,
            Label::Backups,
        ];
        let texts: std::collections::BTreeSet<_> = labels.iter().map(|l| l.text()).collect();
        assert_eq!(texts.len(), labels.len());
    }

    #[test]
    fn debug_is_mute() {
        let key = RootKey::from_slice(&[0xab; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "RootKey(***)");
    }
}
