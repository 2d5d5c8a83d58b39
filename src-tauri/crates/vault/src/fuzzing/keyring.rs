//! Keyrings: what opens is what was sealed, and writes itself again to the same bytes.

use std::collections::BTreeSet;

use super::{Feed, all_zero, fitted, flip, known};
use crate::codec::{Put, Reader};
use crate::envelope::{Label, SEAL_OVERHEAD};
use crate::ids::VaultId;
use crate::keyring::{Entry, KEYRING_PAGE, Keyring, KeyringKey};
use crate::primitives::{self, HASH_LENGTH, NONCE_LENGTH};

pub const HEAD: usize = 136;
const NONCE_AT: usize = 80;
const COMMITMENT_AT: usize = 104;
const COUNTS: usize = 16;
const ENTRY: usize = 288;
const FORGOTTEN: usize = 48;

pub fn run(input: &[u8]) {
    let mut feed = Feed(input);
    match feed.u8() % 4 {
        0 => {
            let (key, _) = known::keyring_key(known::VAULT);
            let bytes = feed.rest();
            assert!(Keyring::open(&key, bytes).is_none(), "a seal was forged");
            let summed = [bytes, &primitives::sha256(&[bytes])].concat();
            assert!(Keyring::open(&key, &summed).is_none(), "a seal was forged");
        }
        1 => {
            // The head as the input has it, but for the commitment.
            let mut head = feed.array::<HEAD>();
            let plain = feed.rest();
            let vault = VaultId(head[16..32].try_into().expect("16 bytes are an id"));
            head[NONCE_AT..COMMITMENT_AT].copy_from_slice(&known::NONCE);
            let (key, sealing) = known::keyring_key(vault);
            head[COMMITMENT_AT..].copy_from_slice(&sealing.derive_commitment(vault));
            check(&key, &sealed(&head, plain), plain);
        }
        2 => {
            // A right head, and a plain text as it is.
            let fill = usize::from(feed.u16());
            let plain = fitted(feed.0, feed.0.len() + fill);
            check_plain(&plain);
        }
        _ => {
            // The same with the field that says how much is used made right, and whole pages.
            let mut plain = feed.rest().to_vec();
            let used = (plain.len() as u32).to_le_bytes();
            super::overwrite(&mut plain, 8, &used);
            check_plain(&in_pages(plain));
        }
    }
}

/// Fills a plain text with zeros until its keyring has whole pages.
pub fn in_pages(plain: Vec<u8>) -> Vec<u8> {
    let around = HEAD + SEAL_OVERHEAD + HASH_LENGTH;
    let length = (plain.len() + around).next_multiple_of(KEYRING_PAGE) - around;
    fitted(&plain, length)
}

/// The head of a keyring of the known vault in its first revision.
pub fn head(plain: usize) -> [u8; HEAD] {
    let (_, sealing) = known::keyring_key(known::VAULT);
    let mut head = Vec::with_capacity(HEAD);
    head.put(b"CFDNTKRG");
    head.put_u32(1);
    head.put_u32((HEAD + plain + SEAL_OVERHEAD + HASH_LENGTH) as u32);
    head.put(&known::VAULT.0);
    head.put(&known::LINEAGE.0);
    head.put_u64(1);
    head.put(&known::EPOCH.0);
    head.put_u64(1);
    head.put(&known::NONCE);
    head.put(&sealing.derive_commitment(known::VAULT));
    head.try_into().expect("a head has its length")
}

/// Seals a plain text under whatever stands in the head.
pub fn sealed(head: &[u8; HEAD], plain: &[u8]) -> Vec<u8> {
    let vault = VaultId(head[16..32].try_into().expect("16 bytes are an id"));
    let (_, sealing) = known::keyring_key(vault);
    let place = known::place(Label::Keyring, vault, &[head]);
    let mut out = [&head[..], &known::seal(&sealing, &place, plain)].concat();
    out.extend(primitives::sha256(&[&out]));
    out
}

fn check_plain(plain: &[u8]) {
    let (key, _) = known::keyring_key(known::VAULT);
    let bytes = sealed(&head(plain.len()), plain);
    check(&key, &bytes, plain);
}

fn check(key: &KeyringKey, bytes: &[u8], plain: &[u8]) {
    let opened = Keyring::open(key, bytes);
    assert_eq!(
        opened.is_some(),
        has_sound_head(bytes) && has_sound_content(plain),
        "by the format's page it is the other way"
    );
    let Some((name, ring)) = opened else {
        return;
    };
    let mut named = Vec::new();
    named.put(&name.vault.0);
    named.put(&name.lineage.0);
    named.put_u64(name.epoch.number);
    named.put(&name.epoch.id.0);
    named.put_u64(name.revision);
    assert_eq!(named, bytes[16..NONCE_AT]);
    // Counts were believed only as far as the bytes reach.
    let told = ring.entries.len() * ENTRY + ring.forgotten.len() * FORGOTTEN;
    assert!(COUNTS + told + ring.extensions.len() <= plain.len());
    assert_written_again(key, name.vault, &ring, bytes, plain);
    for entry in &ring.entries {
        check_entry(entry, name.vault);
    }
    // Nobody without the key turns a bit of it, checksum or not.
    let mut broken = bytes[..bytes.len() - HASH_LENGTH].to_vec();
    let bit = usize::from(bytes[bytes.len() - 1]) * broken.len() / 32;
    flip(&mut broken, bit);
    broken.extend(primitives::sha256(&[&broken]));
    assert!(Keyring::open(key, &broken).is_none());
}

fn assert_written_again(
    key: &KeyringKey,
    vault: VaultId,
    ring: &Keyring,
    bytes: &[u8],
    plain: &[u8],
) {
    let (name, _) = Keyring::open(key, bytes).expect("it opened before");
    let again = Keyring::seal(
        key,
        name,
        ring.entries.iter(),
        &ring.forgotten,
        &ring.extensions,
    )
    .expect("the system has randomness");
    assert!(again.len().is_multiple_of(KEYRING_PAGE));
    let (_, sealing) = known::keyring_key(vault);
    let place = known::place(Label::Keyring, vault, &[&again[..HEAD]]);
    let nonce: [u8; NONCE_LENGTH] = again[NONCE_AT..COMMITMENT_AT]
        .try_into()
        .expect("24 bytes are a nonce");
    let sealed = &again[HEAD..again.len() - HASH_LENGTH];
    let written = known::unseal(&sealing, &nonce, &place, sealed);
    let both = written.len().min(plain.len());
    assert_eq!(written[..both], plain[..both], "not written as read");
    assert!(all_zero(&written[both..]) && all_zero(&plain[both..]));
}

fn check_entry(entry: &Entry, vault: VaultId) {
    let mut bytes = Vec::new();
    entry.put(&mut bytes);
    assert_eq!(bytes.len(), ENTRY);
    let mut reader = Reader::new(&bytes);
    assert!(Entry::read(&mut reader).is_some() && reader.left() == 0);
    // A key counts only if it is the one that was promised.
    if let Some(key) = entry.plain_key(vault) {
        assert!(!entry.second);
        assert_eq!(key.derive_commitment(vault)[..], bytes[244..276]);
        assert_eq!(key.bytes()[..], bytes[196..228]);
    }
    assert!(entry.unwrap_key(vault, &[0; 32]).is_none());
    if entry.second {
        assert!(entry.plain_key(vault).is_none());
    }
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..at + 4).map_or(usize::MAX, |field| {
        u32::from_le_bytes([field[0], field[1], field[2], field[3]]) as usize
    })
}

/// What `docs/FORMAT.md` asks of the bytes before the sealed content; the vault, the commitment and the nonce are
/// the caller's.
fn has_sound_head(bytes: &[u8]) -> bool {
    bytes.len() >= HEAD + SEAL_OVERHEAD + HASH_LENGTH
        && bytes.len().is_multiple_of(KEYRING_PAGE)
        && bytes[..12] == *b"CFDNTKRG\x01\0\0\0"
        && u32_at(bytes, 12) == bytes.len()
}

/// What `docs/FORMAT.md` asks of the plain content.
fn has_sound_content(plain: &[u8]) -> bool {
    if plain.len() < COUNTS {
        return false;
    }
    let (entries, forgotten) = (u32_at(plain, 0), u32_at(plain, 4));
    let (used, extensions) = (u32_at(plain, 8), u32_at(plain, 12));
    let length = (entries as u128) * ENTRY as u128
        + (forgotten as u128) * FORGOTTEN as u128
        + extensions as u128
        + COUNTS as u128;
    length == used as u128
        && used <= plain.len()
        && all_zero(&plain[used..])
        && (0..entries).all(|entry| is_sound_entry(&plain[COUNTS + ENTRY * entry..][..ENTRY]))
        && names_each_once(plain, entries, forgotten)
}

/// No id stands among the entries twice, nor there and among the forgotten.
fn names_each_once(plain: &[u8], entries: usize, forgotten: usize) -> bool {
    let id = |at: usize| &plain[at..at + 16];
    let there: BTreeSet<_> = (0..entries).map(|one| id(COUNTS + ENTRY * one)).collect();
    let behind = COUNTS + ENTRY * entries;
    let mut gone = (0..forgotten).map(|one| id(behind + FORGOTTEN * one));
    there.len() == entries && gone.all(|gone| !there.contains(gone))
}

fn is_sound_entry(entry: &[u8]) -> bool {
    let alias = usize::from(u16::from_le_bytes([entry[22], entry[23]]));
    let second = entry[20] == 1;
    u32_at(entry, 16) != 0
        && entry[20] <= 1
        && (second || (all_zero(&entry[144..196]) && all_zero(&entry[228..244])))
        && entry[21] == 0
        && alias <= 64
        && std::str::from_utf8(&entry[24..24 + alias]).is_ok()
        && all_zero(&entry[24 + alias..88])
        && all_zero(&entry[280..288])
}
