//! Keys that everybody knows, and sealing with a nonce that never changes: the same input gives the same bytes.
//! The keys are derived from the labels that `docs/FORMAT.md` names, not by the types of the files themselves.

use std::sync::OnceLock;

use crate::envelope::{
    self, CompartmentKey, EpochSecret, Label, MacKey, RootKey, SealingKey, WRAPPED_LENGTH,
};
use crate::frame::FileKeys;
use crate::ids::{CompartmentId, DeviceId, EpochId, FileId, LineageId, VaultId};
use crate::keyring::KeyringKey;
use crate::primitives::{self, KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH};
use crate::row::RowSealer;
use crate::segment::SegmentSort;
use crate::shared::Keys;
use crate::spare_key::{self, SpareKey};

pub const VAULT: VaultId = VaultId([0x11; 16]);
pub const LINEAGE: LineageId = LineageId([0x22; 16]);
pub const DEVICE: DeviceId = DeviceId([0x33; 16]);
pub const EPOCH: EpochId = EpochId([0x44; 16]);
pub const FILE: FileId = FileId([0x55; 16]);
/// The compartments: one that the keyring opens, and one with a second passphrase.
pub const OPEN: CompartmentId = CompartmentId([0x66; 16]);
pub const SHUT: CompartmentId = CompartmentId([0x77; 16]);
pub const NONCE: [u8; NONCE_LENGTH] = [0x5a; NONCE_LENGTH];
const ROOT: [u8; KEY_LENGTH] = [1; KEY_LENGTH];
const SECRET: [u8; KEY_LENGTH] = [2; KEY_LENGTH];
pub const COMPARTMENT: [u8; KEY_LENGTH] = [3; KEY_LENGTH];

pub fn root() -> &'static RootKey {
    static KEY: OnceLock<RootKey> = OnceLock::new();
    KEY.get_or_init(|| RootKey::from_slice(&ROOT).expect("32 bytes are a key"))
}

pub fn secret() -> &'static EpochSecret {
    static KEY: OnceLock<EpochSecret> = OnceLock::new();
    KEY.get_or_init(|| EpochSecret::from_slice(&SECRET).expect("32 bytes are a key"))
}

pub fn compartment() -> &'static CompartmentKey {
    static KEY: OnceLock<CompartmentKey> = OnceLock::new();
    KEY.get_or_init(|| CompartmentKey::from_slice(&COMPARTMENT).expect("32 bytes are a key"))
}

/// The keys of the vault `VAULT`.
pub fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys::derive(root(), VAULT))
}

/// The spare key of 32 zeros.
pub fn spare() -> &'static SpareKey {
    static KEY: OnceLock<SpareKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let mut words = ["abandon"; spare_key::WORDS];
        words[spare_key::WORDS - 1] = "art";
        SpareKey::parse(&words.join(" ")).expect("a vector of BIP-39")
    })
}

/// The key of a keyring of any vault under the known root key and epoch.
pub fn keyring_key(vault: VaultId) -> (KeyringKey, SealingKey) {
    let both = [ROOT, SECRET].concat();
    (
        KeyringKey::derive(root(), secret(), vault),
        SealingKey::derive(&both, vault, Label::Keyring, &[]),
    )
}

/// The keys of one file, whole and apart.
pub struct File {
    pub keys: FileKeys,
    pub head: MacKey,
    pub seal: SealingKey,
    pub chain: MacKey,
}

impl File {
    pub fn derive(
        vault: VaultId,
        sort: SegmentSort,
        lineage: LineageId,
        device: DeviceId,
        file: FileId,
    ) -> File {
        let context: [&[u8]; 4] = [&sort.number().to_le_bytes(), &lineage.0, &device.0, &file.0];
        let base = MacKey::derive(&ROOT, vault, Label::File, &context);
        let mac = |label| MacKey::derive(base.bytes(), vault, label, &[]);
        File {
            keys: FileKeys::derive(root(), vault, sort, lineage, device, file),
            head: mac(Label::FileHead),
            seal: SealingKey::derive(base.bytes(), vault, Label::FileSeal, &[]),
            chain: mac(Label::FileChain),
        }
    }
}

/// What opens the rows of `OPEN` in generation 1.
pub fn sealer() -> &'static RowSealer {
    static SEALER: OnceLock<RowSealer> = OnceLock::new();
    SEALER.get_or_init(|| RowSealer::new(VAULT, OPEN, 1, compartment()))
}

/// The key of the rows of a compartment in generation 1.
pub fn row_key(compartment: CompartmentId) -> SealingKey {
    let context: [&[u8]; 2] = [&compartment.0, &1u32.to_le_bytes()];
    SealingKey::derive(&COMPARTMENT, VAULT, Label::Row, &context)
}

/// `Seal` with the known nonce: ciphertext and tag.
pub fn seal(key: &SealingKey, place: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut out = plain.to_vec();
    let tag = primitives::seal(key.bytes(), &NONCE, place, &mut out);
    out.extend_from_slice(&tag);
    out
}

/// The plain text of something sealed.
pub fn unseal(
    key: &SealingKey,
    nonce: &[u8; NONCE_LENGTH],
    place: &[u8],
    sealed: &[u8],
) -> Vec<u8> {
    let (text, tag) = sealed
        .split_last_chunk::<TAG_LENGTH>()
        .expect("what was sealed has a tag");
    let mut plain = text.to_vec();
    assert!(
        primitives::unseal(key.bytes(), nonce, place, &mut plain, tag),
        "what was just sealed does not open"
    );
    plain
}

pub fn wrap(key: &SealingKey, place: &[u8], inner: &[u8; KEY_LENGTH]) -> [u8; WRAPPED_LENGTH] {
    seal(key, place, inner)
        .try_into()
        .expect("a wrapped key has its length")
}

/// Associated data, put together here once more.
pub fn place(label: Label, vault: VaultId, parts: &[&[u8]]) -> Vec<u8> {
    let front: [&[u8]; 4] = [b"confidant/v1/", label.text(), &[0], &vault.0];
    let out = [front.concat(), parts.concat()].concat();
    assert_eq!(out, envelope::place(label, vault, parts));
    out
}
