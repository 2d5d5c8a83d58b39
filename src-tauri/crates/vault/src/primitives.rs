//! The only place that names the crates of cryptography. Everything here is dangerous on its own: callers go
//! through `envelope`, `kdf` and the key types, which choose nonces, labels and sizes.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::error::Error;
use crate::memory::KeyBytes;

/// Bytes of every key.
pub const KEY_LENGTH: usize = 32;
/// Bytes of an XChaCha20 nonce.
pub const NONCE_LENGTH: usize = 24;
/// Bytes of a Poly1305 tag.
pub const TAG_LENGTH: usize = 16;
/// Bytes of a SHA-256 digest and of an HMAC over it.
pub const HASH_LENGTH: usize = 32;

/// A digest or an authenticator.
pub type Hash = [u8; HASH_LENGTH];

/// Draws random bytes from the operating system.
pub fn make_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}

/// Fills a buffer with random bytes from the operating system.
pub fn fill_random(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|_| Error::NoRandomness)
}

/// SHA-256 of the parts, one after the other.
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

/// A running SHA-256.
#[derive(Clone)]
pub struct RunningHash(Sha256);

impl RunningHash {
    pub fn new() -> Self {
        RunningHash(Sha256::new())
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

/// HMAC-SHA-256 (RFC 2104) of the parts, one after the other.
pub fn hmac(key: &[u8; KEY_LENGTH], parts: &[&[u8]]) -> Hash {
    let mut mac =
        <Hmac<Sha256>>::new_from_slice(key).expect("HMAC takes keys of any length (RFC 2104)");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// HKDF-SHA-256 (RFC 5869) with extract and expand, 32 bytes.
pub fn hkdf(ikm: &[u8], salt: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; KEY_LENGTH]> {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    hkdf_into(ikm, salt, info, &mut key);
    key
}

/// As `hkdf`, straight to where the key shall lie.
pub fn hkdf_into(ikm: &[u8], salt: &[u8], info: &[&[u8]], key: &mut [u8; KEY_LENGTH]) {
    Hkdf::<Sha256>::new(Some(salt), ikm)
        .expand_multi_info(info, key)
        .expect("32 bytes is within HKDF's limit of 255 blocks");
}

/// Compares in constant time.
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// Seals `buffer` in place and returns the tag (draft-irtf-cfrg-xchacha).
pub fn seal(
    key: &[u8; KEY_LENGTH],
    nonce: &[u8; NONCE_LENGTH],
    aad: &[u8],
    buffer: &mut [u8],
) -> [u8; TAG_LENGTH] {
    XChaCha20Poly1305::new(key.into())
        .encrypt_inout_detached(&XNonce::from(*nonce), aad, buffer.into())
        .expect("no buffer of the vault reaches XChaCha20's limit of 256 GiB")
        .into()
}

/// Opens `buffer` in place; false leaves it unusable.
pub fn unseal(
    key: &[u8; KEY_LENGTH],
    nonce: &[u8; NONCE_LENGTH],
    aad: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG_LENGTH],
) -> bool {
    XChaCha20Poly1305::new(key.into())
        .decrypt_inout_detached(&XNonce::from(*nonce), aad, buffer.into(), &Tag::from(*tag))
        .is_ok()
}

/// Argon2id version 0x13 (RFC 9106), 32 bytes. Costs have been checked by the caller.
pub fn argon2id(
    password: &[u8],
    salt: &[u8],
    memory_kib: u32,
    passes: u32,
    lanes: u32,
) -> Result<KeyBytes, Error> {
    let params = Params::new(memory_kib, passes, lanes, Some(KEY_LENGTH))
        .map_err(|_| Error::CostOutOfRange)?;
    let mut blocks: Vec<Block> = Vec::new();
    let count = params.block_count();
    blocks
        .try_reserve_exact(count)
        .map_err(|_| Error::TooLittleMemory)?;
    blocks.resize(count, Block::new());
    let mut key = KeyBytes::zeros();
    let outcome = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password, salt, &mut *key, &mut blocks[..]);
    // The crate leaves its memory as it was.
    for block in &mut blocks {
        block.zeroize();
    }
    outcome.map_err(|_| Error::CostOutOfRange)?;
    Ok(key)
}

#[cfg(test)]
mod known_answers;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::unhex;

    fn bytes(text: &str) -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|pair| unhex::<1>(std::str::from_utf8(pair).unwrap()).unwrap()[0])
            .collect()
    }

    #[test]
    fn hmac_agrees_with_rfc_4231_case_6() {
        // A key above the block size would be hashed; ours are 32 bytes, as in this padded form of case 2.
        let mut key = [0; KEY_LENGTH];
        key[..4].copy_from_slice(b"Jefe");
        let mac = hmac(&key, &[b"what do ya want ", b"for nothing?"]);
        let expected = bytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert_eq!(mac[..], expected[..]);
    }

    #[test]
    fn stretching_agrees_with_the_reference_implementation() {
        // The vectors of RFC 9106 use a secret and associated data, which the vault does not; this one is the Argon2
        // reference implementation's for the same function without them.
        let key = argon2id(b"password", b"somesalt", 65536, 2, 1).unwrap();
        let expected = bytes("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
        assert_eq!(key[..], expected[..]);
    }
}
