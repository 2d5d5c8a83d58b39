//! The header: which epoch and keyring are the vault's, and the slots that lead to its root key.

use crate::codec::{Put, Reader};
use crate::envelope::{
    self, EpochSecret, Label, MacKey, Nonce, RootKey, SealingKey, WRAPPED_LENGTH,
};
use crate::error::Error;
use crate::ids::{DeviceId, EpochId, LineageId, SlotId, VaultId};
use crate::kdf::{KdfCost, SALT_LENGTH};
use crate::keychain::KeychainSecret;
use crate::memory::KeyBytes;
use crate::primitives::{self, HASH_LENGTH, Hash, NONCE_LENGTH};
use crate::spare_key::SpareKey;

/// Bytes of a header.
pub const HEADER_LENGTH: usize = 4096;
/// The version this program writes and reads.
pub const FORMAT_VERSION: u16 = 1;

pub const MAGIC: &[u8; 8] = b"CFDNTHDR";
const MAX_SLOTS: usize = 8;
/// Most slots that keychains open.
pub const MAX_KEYCHAIN_SLOTS: usize = 6;
const SLOTS_AT: usize = 256;
const SLOT_LENGTH: usize = 160;
/// Bytes of a slot before the wrapped key.
const SLOT_HEAD: usize = 72;
const EXTENSIONS_END: usize = HEADER_LENGTH - 2 * HASH_LENGTH;
const MAC_AT: usize = EXTENSIONS_END;
const HASH_AT: usize = HEADER_LENGTH - HASH_LENGTH;
const KDF_ARGON2ID: u16 = 1;
const KDF_HKDF: u16 = 2;
/// Of a slot whose secret needs no stretching.
const NO_COST: KdfCost = KdfCost {
    memory_kib: 0,
    passes: 0,
    lanes: 0,
};

/// One point in the history that one device wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Point {
    pub sequence: u64,
    pub chain: Hash,
}

/// Number and id of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpochName {
    pub number: u64,
    pub id: EpochId,
}

/// A destruction that has been decided and may not be finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pending {
    Nothing,
    DestroyOldEpochs,
    DestroyOldLineage,
}

/// The content of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub vault: VaultId,
    pub lineage: LineageId,
    pub revision: u64,
    pub writer: DeviceId,
    pub parent: Hash,
    pub epoch: EpochName,
    pub epoch_proof: Hash,
    pub keyring_revision: u64,
    pub keyring_hash: Hash,
    pub floor: Point,
    pub pending: Pending,
    pub slots: Vec<Slot>,
    /// Flags and extensions of later versions that this one may ignore but must keep.
    pub ignorable: u32,
    pub extensions: Vec<u8>,
}

/// Why bytes are not a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHeader {
    Damaged,
    Newer(u16),
}

/// What a slot is opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotSort {
    Passphrase,
    SpareKey,
    Keychain,
    Unknown(u16),
}

/// The root key, wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub sort: SlotSort,
    pub kdf: u16,
    pub cost: KdfCost,
    pub id: SlotId,
    pub salt: [u8; SALT_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    wrapped: [u8; WRAPPED_LENGTH],
    commitment: Hash,
}

impl Header {
    /// Reads a header whose checksum is right; whether it is genuine, `is_authentic` says.
    pub fn parse(bytes: &[u8]) -> Result<Header, NotHeader> {
        let hashed = bytes
            .len()
            .checked_sub(HASH_LENGTH)
            .ok_or(NotHeader::Damaged)?;
        let (fields, hash) = bytes.split_at(hashed);
        // Later versions may have another length, but keep magic, version and the hash at the end.
        if !fields.starts_with(MAGIC) || primitives::sha256(&[fields])[..] != *hash {
            return Err(NotHeader::Damaged);
        }
        let mut reader = Reader::new(&fields[MAGIC.len()..]);
        let version = reader.u16().ok_or(NotHeader::Damaged)?;
        if version > FORMAT_VERSION {
            return Err(NotHeader::Newer(version));
        }
        let critical = fields.get(16..20).ok_or(NotHeader::Damaged)?;
        if version == FORMAT_VERSION && critical != [0; 4] {
            return Err(NotHeader::Newer(version));
        }
        Self::parse_first_version(bytes).ok_or(NotHeader::Damaged)
    }

    fn parse_first_version(bytes: &[u8]) -> Option<Header> {
        let bytes: &[u8; HEADER_LENGTH] = bytes.try_into().ok()?;
        let mut reader = Reader::new(&bytes[..EXTENSIONS_END]);
        reader.exactly(MAGIC)?;
        reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
        reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
        reader.exactly(&(HEADER_LENGTH as u32).to_le_bytes())?;
        reader.zeros(4)?;
        let ignorable = reader.u32()?;
        let vault = VaultId(reader.array()?);
        let lineage = LineageId(reader.array()?);
        let revision = reader.u64()?;
        let writer = DeviceId(reader.array()?);
        let parent = reader.array()?;
        let epoch = EpochName {
            number: reader.u64()?,
            id: EpochId(reader.array()?),
        };
        let epoch_proof = reader.array()?;
        let keyring_revision = reader.u64()?;
        let keyring_hash = reader.array()?;
        let floor = Point {
            sequence: reader.u64()?,
            chain: reader.array()?,
        };
        let pending = match reader.u8()? {
            0 => Pending::Nothing,
            1 => Pending::DestroyOldEpochs,
            2 => Pending::DestroyOldLineage,
            _ => return None,
        };
        let slot_count = usize::from(reader.u8()?);
        let extension_length = usize::from(reader.u16()?);
        reader.zeros(4)?;
        if slot_count > MAX_SLOTS {
            return None;
        }
        let slots = (0..slot_count)
            .map(|_| Slot::read(&mut reader))
            .collect::<Option<_>>()?;
        let extensions = reader.slice(extension_length)?.to_vec();
        reader.only_zeros_left()?;
        Some(Header {
            vault,
            lineage,
            revision,
            writer,
            parent,
            epoch,
            epoch_proof,
            keyring_revision,
            keyring_hash,
            floor,
            pending,
            slots,
            ignorable,
            extensions,
        })
    }

    /// Writes the header and authenticates it.
    pub fn encode(&self, key: &MacKey) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_LENGTH);
        out.put(MAGIC);
        out.put_u16(FORMAT_VERSION);
        out.put_u16(FORMAT_VERSION);
        out.put_u32(HEADER_LENGTH as u32);
        out.put_u32(0);
        out.put_u32(self.ignorable);
        out.put(&self.vault.0);
        out.put(&self.lineage.0);
        out.put_u64(self.revision);
        out.put(&self.writer.0);
        out.put(&self.parent);
        out.put_u64(self.epoch.number);
        out.put(&self.epoch.id.0);
        out.put(&self.epoch_proof);
        out.put_u64(self.keyring_revision);
        out.put(&self.keyring_hash);
        out.put_u64(self.floor.sequence);
        out.put(&self.floor.chain);
        out.put_u8(match self.pending {
            Pending::Nothing => 0,
            Pending::DestroyOldEpochs => 1,
            Pending::DestroyOldLineage => 2,
        });
        out.put_u8(self.slots.len() as u8);
        out.put_u16(self.extensions.len() as u16);
        out.zeros(4);
        for slot in &self.slots {
            slot.put(&mut out);
        }
        out.put(&self.extensions);
        out.zeros(MAC_AT - out.len());
        let mac = key.authenticate(&[&out]);
        out.put(&mac);
        let hash = primitives::sha256(&[&out]);
        out.put(&hash);
        out
    }

    /// Checks that these bytes were written by someone who has the root key.
    pub fn is_authentic(bytes: &[u8], key: &MacKey) -> bool {
        bytes.len() == HEADER_LENGTH && key.verifies(&[&bytes[..MAC_AT]], &bytes[MAC_AT..HASH_AT])
    }

    /// The first slot of a sort.
    pub fn slot(&self, sort: SlotSort) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.sort == sort)
    }

    /// The ids of the slots that keychains open, in their order.
    pub fn keychain_slots(&self) -> impl Iterator<Item = SlotId> {
        let keychains = self.slots.iter().filter(|slot| slot.takes_keychain());
        keychains.map(|slot| slot.id)
    }

    /// Whether another keychain slot may be added: there is room, and it will not be the only way in.
    pub fn takes_keychain_slot(&self) -> bool {
        let others = [SlotSort::Passphrase, SlotSort::SpareKey];
        let used = SLOTS_AT + (self.slots.len() + 1) * SLOT_LENGTH + self.extensions.len();
        others.iter().all(|sort| self.slot(*sort).is_some())
            && self.keychain_slots().count() < MAX_KEYCHAIN_SLOTS
            && self.slots.len() < MAX_SLOTS
            && used <= EXTENSIONS_END
    }

    /// Puts a slot in the place of the one of its sort.
    pub fn replace_slot(&mut self, slot: Slot) {
        match self.slots.iter_mut().find(|old| old.sort == slot.sort) {
            Some(old) => *old = slot,
            None => self.slots.push(slot),
        }
    }
}

impl Slot {
    /// Wraps the root key under what a passphrase was stretched to.
    pub fn make_for_passphrase(
        root: &RootKey,
        vault: VaultId,
        cost: KdfCost,
        stretch: impl FnOnce(&[u8; SALT_LENGTH]) -> Result<KeyBytes, Error>,
    ) -> Result<Slot, Error> {
        let salt = primitives::make_bytes()?;
        let stretched = stretch(&salt)?;
        Self::make(root, vault, SlotSort::Passphrase, cost, salt, &*stretched)
    }

    /// Wraps the root key under a spare key.
    pub fn make_for_spare_key(
        root: &RootKey,
        vault: VaultId,
        spare: &SpareKey,
    ) -> Result<Slot, Error> {
        let salt = primitives::make_bytes()?;
        let secret = spare.as_bytes();
        Self::make(root, vault, SlotSort::SpareKey, NO_COST, salt, secret)
    }

    /// Wraps the root key under what a keychain keeps.
    pub fn make_for_keychain(
        root: &RootKey,
        vault: VaultId,
        secret: &KeychainSecret,
    ) -> Result<Slot, Error> {
        let salt = primitives::make_bytes()?;
        let secret = secret.expose();
        Self::make(root, vault, SlotSort::Keychain, NO_COST, salt, secret)
    }

    fn make(
        root: &RootKey,
        vault: VaultId,
        sort: SlotSort,
        cost: KdfCost,
        salt: [u8; SALT_LENGTH],
        secret: &[u8],
    ) -> Result<Slot, Error> {
        let nonce = Nonce::make()?;
        let mut slot = Slot {
            sort,
            kdf: if sort == SlotSort::Passphrase {
                KDF_ARGON2ID
            } else {
                KDF_HKDF
            },
            cost,
            id: SlotId::make()?,
            salt,
            nonce: *nonce.bytes(),
            wrapped: [0; WRAPPED_LENGTH],
            commitment: root.derive_commitment(vault),
        };
        let key = slot.derive_wrapping_key(vault, secret);
        slot.wrapped = envelope::wrap(&key, nonce, &slot.place(vault), root.bytes());
        Ok(slot)
    }

    /// Unwraps the root key; `None` if this is not what the slot was made with.
    pub fn unwrap_root(&self, vault: VaultId, secret: &[u8]) -> Option<RootKey> {
        let key = self.derive_wrapping_key(vault, secret);
        let root = envelope::unwrap(&key, &self.nonce, &self.place(vault), &self.wrapped)?;
        let root = RootKey::from_key_bytes(root);
        root.is_committed_to(vault, &self.commitment)
            .then_some(root)
    }

    /// Whether it is that root key which lies in it.
    pub fn wraps(&self, root: &RootKey, vault: VaultId) -> bool {
        root.is_committed_to(vault, &self.commitment)
    }

    /// Whether a passphrase can be tried on it.
    pub fn takes_passphrase(&self) -> bool {
        self.sort == SlotSort::Passphrase && self.kdf == KDF_ARGON2ID
    }

    /// Whether a spare key can be tried on it.
    pub fn takes_spare_key(&self) -> bool {
        self.sort == SlotSort::SpareKey && self.kdf == KDF_HKDF
    }

    /// Whether the secret of a keychain can be tried on it.
    pub fn takes_keychain(&self) -> bool {
        self.sort == SlotSort::Keychain && self.kdf == KDF_HKDF
    }

    fn derive_wrapping_key(&self, vault: VaultId, secret: &[u8]) -> SealingKey {
        let label = match self.sort {
            SlotSort::Passphrase => Label::Passphrase,
            SlotSort::Keychain => Label::Keychain,
            SlotSort::SpareKey | SlotSort::Unknown(_) => Label::SpareKey,
        };
        SealingKey::derive(secret, vault, label, &[&self.id.0, &self.salt])
    }

    /// Binds every field but the wrapped key itself.
    fn place(&self, vault: VaultId) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SLOT_LENGTH);
        self.put(&mut bytes);
        let version = FORMAT_VERSION.to_le_bytes();
        let after = &bytes[SLOT_HEAD + WRAPPED_LENGTH..];
        envelope::place(Label::Slot, vault, &[&version, &bytes[..SLOT_HEAD], after])
    }

    fn put(&self, out: &mut Vec<u8>) {
        out.put_u16(match self.sort {
            SlotSort::Passphrase => 1,
            SlotSort::SpareKey => 2,
            SlotSort::Keychain => 3,
            SlotSort::Unknown(number) => number,
        });
        out.put_u16(self.kdf);
        out.put_u32(self.cost.memory_kib);
        out.put_u32(self.cost.passes);
        out.put_u32(self.cost.lanes);
        out.put(&self.id.0);
        out.put(&self.salt);
        out.put(&self.nonce);
        out.put(&self.wrapped);
        out.put(&self.commitment);
        out.zeros(8);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Slot> {
        let sort = match reader.u16()? {
            1 => SlotSort::Passphrase,
            2 => SlotSort::SpareKey,
            3 => SlotSort::Keychain,
            number => SlotSort::Unknown(number),
        };
        let slot = Slot {
            sort,
            kdf: reader.u16()?,
            cost: KdfCost {
                memory_kib: reader.u32()?,
                passes: reader.u32()?,
                lanes: reader.u32()?,
            },
            id: SlotId(reader.array()?),
            salt: reader.array()?,
            nonce: reader.array()?,
            wrapped: reader.array()?,
            commitment: reader.array()?,
        };
        reader.zeros(8)?;
        Some(slot)
    }
}

/// Proves knowledge of an epoch's secret within the header.
pub fn derive_epoch_proof(vault: VaultId, epoch: EpochName, secret: &EpochSecret) -> Hash {
    let number = epoch.number.to_le_bytes();
    let input = envelope::place(Label::Epoch, vault, &[&number, &epoch.id.0]);
    primitives::hmac(secret.bytes(), &[&input])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> MacKey {
        MacKey::from_slice(&[9; 32]).unwrap()
    }

    fn header() -> Header {
        let vault = VaultId([1; 16]);
        let root = RootKey::from_slice(&[2; 32]).unwrap();
        let spare = SpareKey::make().unwrap();
        Header {
            vault,
            lineage: LineageId([3; 16]),
            revision: 7,
            writer: DeviceId([4; 16]),
            parent: [5; 32],
            epoch: EpochName {
                number: 1,
                id: EpochId([6; 16]),
            },
            epoch_proof: [7; 32],
            keyring_revision: 8,
            keyring_hash: [9; 32],
            floor: Point {
                sequence: 10,
                chain: [11; 32],
            },
            pending: Pending::DestroyOldEpochs,
            slots: vec![
                Slot::make_for_passphrase(&root, vault, KdfCost::FLOOR, |_| {
                    Ok(KeyBytes::copy_of(&[1; 32]))
                })
                .unwrap(),
                Slot::make_for_spare_key(&root, vault, &spare).unwrap(),
            ],
            ignorable: 4,
            extensions: vec![1, 0, 2, 0, 0xaa, 0xbb],
        }
    }

    fn rehashed(mut bytes: Vec<u8>) -> Vec<u8> {
        let at = bytes.len() - HASH_LENGTH;
        let hash = primitives::sha256(&[&bytes[..at]]);
        bytes[at..].copy_from_slice(&hash);
        bytes
    }

    #[test]
    fn a_header_survives_writing_with_what_it_does_not_know() {
        let bytes = header().encode(&key());
        assert_eq!(bytes.len(), HEADER_LENGTH);
        let read = Header::parse(&bytes).unwrap();
        assert_eq!(read.encode(&key()), bytes);
        assert_eq!(read.extensions, [1, 0, 2, 0, 0xaa, 0xbb]);
        assert!(Header::is_authentic(&bytes, &key()));
        assert!(!Header::is_authentic(
            &bytes,
            &MacKey::from_slice(&[8; 32]).unwrap()
        ));
    }

    #[test]
    fn fields_stand_where_the_format_says() {
        let bytes = header().encode(&key());
        assert_eq!(&bytes[24..40], &[1; 16]);
        assert_eq!(&bytes[40..56], &[3; 16]);
        assert_eq!(bytes[56], 7);
        assert_eq!(&bytes[64..80], &[4; 16]);
        assert_eq!(&bytes[80..112], &[5; 32]);
        assert_eq!((bytes[112], bytes[120]), (1, 6));
        assert_eq!(&bytes[136..168], &[7; 32]);
        assert_eq!(
            (bytes[168], bytes[176], bytes[208], bytes[216]),
            (8, 9, 10, 11)
        );
        assert_eq!((bytes[248], bytes[249]), (1, 2));
        assert_eq!(&bytes[250..252], &[6, 0]);
        assert_eq!(&bytes[256..258], &[1, 0]);
        assert_eq!(&bytes[256 + 160..256 + 162], &[2, 0]);
    }

    #[test]
    fn a_header_cut_at_any_length_or_with_any_bit_flipped_is_damaged() {
        let bytes = header().encode(&key());
        for length in 0..bytes.len() {
            assert_eq!(Header::parse(&bytes[..length]), Err(NotHeader::Damaged));
        }
        for bit in 0..bytes.len() * 8 {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::parse(&broken), Err(NotHeader::Damaged), "bit {bit}");
        }
    }

    #[test]
    fn newer_versions_and_critical_flags_are_newer() {
        let mut bytes = header().encode(&key());
        bytes[8] = 2;
        assert_eq!(
            Header::parse(&rehashed(bytes.clone())),
            Err(NotHeader::Newer(2))
        );
        bytes.truncate(1000);
        assert_eq!(Header::parse(&rehashed(bytes)), Err(NotHeader::Newer(2)));
        let mut bytes = header().encode(&key());
        bytes[19] = 0x80;
        assert_eq!(Header::parse(&rehashed(bytes)), Err(NotHeader::Newer(1)));
    }

    #[test]
    fn a_header_too_short_for_its_version_or_flags_is_damaged_and_not_newer() {
        let bytes = header().encode(&key());
        for length in MAGIC.len()..20 {
            let mut short = bytes[..length].to_vec();
            short.extend(primitives::sha256(&[&short]));
            assert_eq!(Header::parse(&short), Err(NotHeader::Damaged), "{length}");
        }
    }

    #[test]
    fn reserved_bytes_must_be_zero() {
        for at in [252, 255, 256 + 152, 256 + 320 + 6, 4031] {
            let mut bytes = header().encode(&key());
            bytes[at] = 1;
            assert_eq!(
                Header::parse(&rehashed(bytes)),
                Err(NotHeader::Damaged),
                "byte {at}"
            );
        }
    }

    #[test]
    fn a_keychain_slot_needs_room_and_the_other_two_ways_beside_it() {
        let (vault, root) = (VaultId([1; 16]), RootKey::from_slice(&[2; 32]).unwrap());
        let slot = || {
            let secret = KeychainSecret::make().unwrap();
            Slot::make_for_keychain(&root, vault, &secret).unwrap()
        };
        let mut full = header();
        for number in 0..MAX_KEYCHAIN_SLOTS {
            assert!(full.takes_keychain_slot(), "{number}");
            full.slots.push(slot());
            let bytes = full.encode(&key());
            assert_eq!(Header::parse(&bytes), Ok(full.clone()));
        }
        assert_eq!(full.slots.len(), MAX_SLOTS);
        assert!(!full.takes_keychain_slot());
        // One that a later version made takes a place, too.
        full.slots[2].sort = SlotSort::Unknown(9);
        assert!(!full.takes_keychain_slot());
        for missing in 0..2 {
            let mut header = header();
            header.slots.remove(missing);
            assert!(!header.takes_keychain_slot());
        }
        // What a later version left in the extensions is not pushed out.
        let mut long = header();
        long.extensions = vec![7; EXTENSIONS_END - SLOTS_AT - 3 * SLOT_LENGTH];
        assert!(long.takes_keychain_slot());
        long.extensions.push(7);
        assert!(!long.takes_keychain_slot());
    }

    #[test]
    fn a_keychain_slot_opens_with_its_secret_alone_and_not_as_a_spare_key() {
        let (vault, root) = (VaultId([1; 16]), RootKey::from_slice(&[2; 32]).unwrap());
        let (secret, other) = (
            KeychainSecret::make().unwrap(),
            KeychainSecret::make().unwrap(),
        );
        let slot = Slot::make_for_keychain(&root, vault, &secret).unwrap();
        assert!(slot.takes_keychain() && !slot.takes_spare_key() && !slot.takes_passphrase());
        let opened = slot.unwrap_root(vault, secret.expose()).unwrap();
        assert_eq!(opened.bytes(), root.bytes());
        assert!(slot.unwrap_root(vault, other.expose()).is_none());
        assert!(
            slot.unwrap_root(VaultId([3; 16]), secret.expose())
                .is_none()
        );
        let mut bytes = Vec::new();
        slot.put(&mut bytes);
        assert_eq!(
            bytes[..16],
            [3, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        );
        for sort in [
            SlotSort::SpareKey,
            SlotSort::Passphrase,
            SlotSort::Unknown(4),
        ] {
            let slot = Slot {
                sort,
                ..slot.clone()
            };
            assert!(slot.unwrap_root(vault, secret.expose()).is_none());
        }
    }

    /// The derivation as `docs/FORMAT.md` has it, put together here once more.
    #[test]
    fn a_keychain_slot_is_wrapped_as_the_format_says() {
        let (vault, root) = (VaultId([1; 16]), RootKey::from_slice(&[2; 32]).unwrap());
        let secret = KeychainSecret::make().unwrap();
        let slot = Slot::make_for_keychain(&root, vault, &secret).unwrap();
        let mut bytes = Vec::new();
        slot.put(&mut bytes);
        let info: [&[u8]; 3] = [b"confidant/v1/keychain\0", &bytes[16..32], &bytes[32..48]];
        let key = primitives::hkdf(secret.expose(), &vault.0, &info);
        let front: [&[u8]; 4] = [b"confidant/v1/slot\0", &vault.0, &[1, 0], &bytes[..72]];
        let place = [&front.concat(), &bytes[120..]].concat();
        let mut plain = bytes[72..104].to_vec();
        let (nonce, tag) = (
            bytes[48..72].try_into().unwrap(),
            bytes[104..120].try_into().unwrap(),
        );
        assert!(primitives::unseal(&key, &nonce, &place, &mut plain, &tag));
        assert_eq!(plain, root.bytes());
    }

    #[test]
    fn a_slot_of_another_vault_or_sort_does_not_unwrap() {
        let vault = VaultId([1; 16]);
        let root = RootKey::make().unwrap();
        let slot = Slot::make_for_passphrase(&root, vault, KdfCost::FLOOR, |_| {
            Ok(KeyBytes::copy_of(&[1; 32]))
        })
        .unwrap();
        assert_eq!(
            slot.unwrap_root(vault, &[1; 32]).unwrap().bytes(),
            root.bytes()
        );
        assert!(slot.unwrap_root(vault, &[2; 32]).is_none());
        assert!(slot.unwrap_root(VaultId([2; 16]), &[1; 32]).is_none());
        let other = Slot {
            sort: SlotSort::SpareKey,
            ..slot.clone()
        };
        assert!(other.unwrap_root(vault, &[1; 32]).is_none());
        let cheaper = Slot {
            cost: KdfCost::DEFAULT,
            ..slot
        };
        assert!(cheaper.unwrap_root(vault, &[1; 32]).is_none());
    }
}
