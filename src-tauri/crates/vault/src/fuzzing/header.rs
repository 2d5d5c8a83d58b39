//! Headers: what parses is what the format's page allows, byte by byte, and slots open with what they were made
//! with and with nothing else.

use super::{Feed, all_zero, fitted, flip, known};
use crate::envelope::{Label, MacKey, RootKey, SealingKey};
use crate::error::Error;
use crate::header::{HEADER_LENGTH, Header, NotHeader, SlotSort};
use crate::ids::VaultId;
use crate::keychain::KeychainSecret;
use crate::open::{self, Candidate};
use crate::primitives::{self, HASH_LENGTH};
use crate::shared::Keys;
use crate::vault::Credential;
use crate::watch::Quiet;

pub const MAC_AT: usize = HEADER_LENGTH - 2 * HASH_LENGTH;
const VAULT_AT: usize = 24;
pub const SLOT_COUNT_AT: usize = 249;
pub const SLOTS_AT: usize = 256;
pub const SLOT: usize = 160;
const MAX_SLOTS: usize = 8;
/// What a slot is opened with where the input has it wrapped: the spare key of zeros.
const SECRET: [u8; 32] = [0; 32];

pub fn run(input: &[u8]) {
    let mut feed = Feed(input);
    match feed.u8() % 4 {
        0 => drop(check(feed.rest())),
        1 => {
            // Any length, with a right checksum: this is how a later version may look.
            let body = feed.rest();
            let summed = [body, &primitives::sha256(&[body])].concat();
            let _ = check(&summed);
        }
        2 => {
            let bytes = sealed(fitted(feed.rest(), MAC_AT));
            if let Ok(header) = check(&bytes) {
                assert_eq!(header.encode(&mac_key(&bytes)), bytes);
                let other = RootKey::from_slice(&[9; 32]).expect("32 bytes are a key");
                let wrong = Keys::derive(&other, header.vault);
                assert!(!Header::is_authentic(&bytes, &wrong.header));
            }
        }
        _ => slots(feed),
    }
}

/// Parses, and compares with what the format's page says by offsets.
fn check(bytes: &[u8]) -> Result<Header, NotHeader> {
    let parsed = Header::parse(bytes);
    assert_eq!(parsed.as_ref().err().copied(), refused(bytes));
    if let Ok(header) = &parsed {
        let key = mac_key(bytes);
        let again = header.encode(&key);
        assert_eq!(again[..MAC_AT], bytes[..MAC_AT], "not written as read");
        assert_eq!(Header::is_authentic(bytes, &key), again == bytes);
        assert!(header.slots.len() <= MAX_SLOTS);
    } else {
        assert!(!is_first_version(bytes));
    }
    parsed
}

/// Why bytes are no header, by `docs/FORMAT.md`.
fn refused(bytes: &[u8]) -> Option<NotHeader> {
    let damaged = Some(NotHeader::Damaged);
    let Some((body, hash)) = bytes.split_last_chunk::<HASH_LENGTH>() else {
        return damaged;
    };
    if !body.starts_with(b"CFDNTHDR") || primitives::sha256(&[body]) != *hash {
        return damaged;
    }
    let Some(version) = body.get(8..10).map(|at| u16::from_le_bytes([at[0], at[1]])) else {
        return damaged;
    };
    let critical = body.get(16..20).is_some_and(|flags| !all_zero(flags));
    if version > 1 || (version == 1 && critical) {
        return Some(NotHeader::Newer(version));
    }
    (!is_first_version(bytes)).then_some(NotHeader::Damaged)
}

fn is_first_version(bytes: &[u8]) -> bool {
    if bytes.len() != HEADER_LENGTH
        || bytes[..16] != *b"CFDNTHDR\x01\0\x01\0\0\x10\0\0"
        || !all_zero(&bytes[16..20])
        || primitives::sha256(&[&bytes[..4064]]) != bytes[4064..]
    {
        return false;
    }
    let count = usize::from(bytes[SLOT_COUNT_AT]);
    let extensions = usize::from(u16::from_le_bytes([bytes[250], bytes[251]]));
    let used = SLOTS_AT + SLOT * count + extensions;
    bytes[248] <= 2
        && count <= MAX_SLOTS
        && all_zero(&bytes[252..256])
        && (0..count).all(|slot| all_zero(&bytes[SLOTS_AT + SLOT * slot + 152..][..8]))
        && used <= MAC_AT
        && all_zero(&bytes[used..MAC_AT])
}

fn vault_of(bytes: &[u8]) -> VaultId {
    VaultId(
        bytes[VAULT_AT..VAULT_AT + 16]
            .try_into()
            .expect("16 bytes are an id"),
    )
}

fn mac_key(bytes: &[u8]) -> MacKey {
    MacKey::derive(known::root().bytes(), vault_of(bytes), Label::Header, &[])
}

/// A header that whoever has the root key wrote.
fn sealed(body: Vec<u8>) -> Vec<u8> {
    let mut bytes = body;
    bytes.extend(mac_key(&bytes).authenticate(&[&bytes]));
    bytes.extend(primitives::sha256(&[&bytes]));
    bytes
}

/// Slots that are wrapped as the format says, whatever the input writes into their fields.
fn slots(mut feed: Feed<'_>) {
    let wrapped = feed.u8();
    let turned = usize::from(feed.u16());
    let mut body = fitted(feed.rest(), MAC_AT);
    body[..16].copy_from_slice(b"CFDNTHDR\x01\0\x01\0\0\x10\0\0");
    body[16..20].fill(0);
    let vault = vault_of(&body);
    let count = usize::from(body[SLOT_COUNT_AT]).min(MAX_SLOTS);
    for slot in (0..count).filter(|slot| wrapped >> slot & 1 == 1) {
        wrap(&mut body[SLOTS_AT + SLOT * slot..][..SLOT], vault);
    }
    let bytes = sealed(body);
    let parsed = check(&bytes);
    let Ok(header) = &parsed else {
        return;
    };
    let (mut by_spare_key, mut by_keychain) = (false, false);
    for (number, slot) in header.slots.iter().enumerate() {
        let ours = wrapped >> number & 1 == 1;
        let opened = slot.unwrap_root(vault, &SECRET);
        assert_eq!(opened.is_some(), ours, "slot {number}");
        if let Some(root) = opened {
            assert_eq!(root.bytes(), known::root().bytes());
        }
        assert!(slot.unwrap_root(vault, &[1; 32]).is_none());
        let mut elsewhere = vault;
        flip(&mut elsewhere.0, turned);
        assert!(slot.unwrap_root(elsewhere, &SECRET).is_none());
        by_spare_key |= ours && slot.sort == SlotSort::SpareKey && slot.kdf == 2;
        by_keychain |= ours && slot.sort == SlotSort::Keychain && slot.kdf == 2;
    }
    // No bit of a slot can turn, and none of the header beside it.
    let mut broken = bytes[..MAC_AT].to_vec();
    flip(
        &mut broken[SLOTS_AT..SLOTS_AT + SLOT * count.max(1)],
        turned,
    );
    let broken = sealed(broken);
    if let Ok(header) = check(&broken) {
        let number = turned % (SLOT * count.max(1) * 8) / 8 / SLOT;
        if let Some(slot) = header.slots.get(number) {
            assert!(slot.unwrap_root(vault, &SECRET).is_none());
        }
    }
    let candidates = [Candidate {
        bytes: bytes.clone(),
        parsed,
    }];
    let keychain = KeychainSecret::from_bytes(&SECRET).expect("32 bytes are a secret");
    let ways = [
        (
            Credential::SpareKey(known::spare()),
            by_spare_key,
            Error::WrongCredential,
        ),
        (
            Credential::Keychain(&keychain),
            by_keychain,
            Error::WrongKeychainSecret,
        ),
    ];
    for (by, opens, refusal) in ways {
        match open::unlock(&candidates, by, &Quiet) {
            Ok(unlocked) => {
                assert!(opens);
                assert_eq!(unlocked.root.bytes(), known::root().bytes());
                assert_eq!(unlocked.bytes, bytes);
            }
            Err(error) => {
                assert_eq!(error, refusal);
                assert!(!opens);
            }
        }
    }
}

/// Wraps the root key into a slot whose other fields stand.
pub fn wrap(slot: &mut [u8], vault: VaultId) {
    let sort = u16::from_le_bytes([slot[0], slot[1]]);
    let label = match sort {
        1 => Label::Passphrase,
        3 => Label::Keychain,
        _ => Label::SpareKey,
    };
    slot[48..72].copy_from_slice(&known::NONCE);
    slot[120..152].copy_from_slice(&known::root().derive_commitment(vault));
    slot[152..].fill(0);
    let key = SealingKey::derive(&SECRET, vault, label, &[&slot[16..32], &slot[32..48]]);
    let parts: [&[u8]; 3] = [&[1, 0], &slot[..72], &slot[120..]];
    let place = known::place(Label::Slot, vault, &parts);
    let wrapped = known::wrap(&key, &place, known::root().bytes());
    slot[72..120].copy_from_slice(&wrapped);
}
