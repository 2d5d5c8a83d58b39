//! The keyring: one entry for each compartment with its key, sealed under root key and epoch secret together.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use crate::codec::{Put, Reader};
use crate::envelope::{
    self, CompartmentKey, EpochSecret, Label, MacKey, Nonce, RootKey, SEAL_OVERHEAD, SealingKey,
};
use crate::error::Error;
use crate::header::{EpochName, FORMAT_VERSION};
use crate::ids::{CompartmentId, DeviceId, Dot, EpochId, LineageId, VaultId};
use crate::kdf::{KdfCost, SALT_LENGTH};
use crate::memory::{KeyBytes, LockedBytes};
use crate::primitives::{self, HASH_LENGTH, Hash, KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH};
use crate::report::Moment;
use crate::row::{Namer, Route};

/// A keyring file is a multiple of this.
pub const KEYRING_PAGE: usize = 4096;
/// Bytes of an alias in an entry.
pub const ALIAS_LENGTH: usize = 64;

pub const MAGIC: &[u8; 8] = b"CFDNTKRG";
const CLEAR_HEAD: usize = 136;
const COUNTS: usize = 16;
const ENTRY_LENGTH: usize = 288;
const FLAG_SECOND: u16 = 1;
const NO_COST: KdfCost = KdfCost {
    memory_kib: 0,
    passes: 0,
    lanes: 0,
};

/// Where a keyring stands in the vault's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyringName {
    pub vault: VaultId,
    pub lineage: LineageId,
    pub epoch: EpochName,
    pub revision: u64,
}

/// The content of a keyring.
#[derive(Default)]
pub struct Keyring {
    pub entries: Vec<Entry>,
    pub forgotten: Vec<Forgotten>,
    /// What later versions add and this one keeps.
    pub extensions: Zeroizing<Vec<u8>>,
}

/// One compartment.
pub struct Entry {
    pub id: CompartmentId,
    pub generation: u32,
    pub second: bool,
    pub alias: String,
    pub created: Dot,
    /// The key of the names by which this compartment's words are guarded elsewhere.
    guard: MacKey,
    pub cost: KdfCost,
    pub salt: [u8; SALT_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    /// The compartment's key; under a second passphrase what it was wrapped to.
    wrapped: KeyBytes,
    /// The tag that belongs to that; zeros without a second passphrase.
    tag: [u8; TAG_LENGTH],
    commitment: Hash,
    pub retention_day: u32,
}

/// A compartment that is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    pub id: CompartmentId,
    pub epoch: u64,
    pub time: Moment,
    pub device: DeviceId,
}

/// The key of the keyring in one epoch.
pub struct KeyringKey(SealingKey);

impl KeyringKey {
    /// Derives it from root key and epoch secret, both needed.
    pub fn derive(root: &RootKey, secret: &EpochSecret, vault: VaultId) -> Self {
        let mut both = LockedBytes::with_capacity(2 * KEY_LENGTH);
        both.put(root.bytes());
        both.put(secret.bytes());
        KeyringKey(SealingKey::derive(&both, vault, Label::Keyring, &[]))
    }
}

impl Keyring {
    /// The routes of what was forgotten. While its rows still lie in the store, they count for nothing.
    pub fn gone(&self, namer: &Namer) -> BTreeSet<Route> {
        let ids = self.forgotten.iter().map(|gone| gone.id);
        ids.map(|id| namer.derive_route(id)).collect()
    }

    /// Seals entries into a keyring file.
    pub fn seal<'a>(
        key: &KeyringKey,
        name: KeyringName,
        entries: impl Iterator<Item = &'a Entry> + Clone,
        forgotten: &[Forgotten],
        extensions: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let count = entries.clone().count();
        let used = COUNTS + count * ENTRY_LENGTH + forgotten.len() * 48 + extensions.len();
        let around = CLEAR_HEAD + SEAL_OVERHEAD + HASH_LENGTH;
        let length = (used + around).next_multiple_of(KEYRING_PAGE);
        let nonce = Nonce::make()?;
        let mut out = Vec::with_capacity(length);
        out.put(MAGIC);
        out.put_u16(FORMAT_VERSION);
        out.put_u16(0);
        out.put_u32(length as u32);
        out.put(&name.vault.0);
        out.put(&name.lineage.0);
        out.put_u64(name.epoch.number);
        out.put(&name.epoch.id.0);
        out.put_u64(name.revision);
        out.put(nonce.bytes());
        out.put(&key.0.derive_commitment(name.vault));
        // Sealed in place: the plain text is overwritten by the sealed one.
        let mut content = LockedBytes::with_capacity(length - around);
        content.put_u32(count as u32);
        content.put_u32(forgotten.len() as u32);
        content.put_u32(used as u32);
        content.put_u32(extensions.len() as u32);
        for entry in entries {
            entry.put(&mut content);
        }
        for gone in forgotten {
            content.put(&gone.id.0);
            content.put_u64(gone.epoch);
            content.put_i64(gone.time);
            content.put(&gone.device.0);
        }
        content.put(extensions);
        content.zeros(length - around - content.len());
        let place = envelope::place(Label::Keyring, name.vault, &[&out]);
        let tag = envelope::seal_in_place(&key.0, nonce, &place, &mut content);
        out.put(&content);
        out.put(&tag);
        let hash = primitives::sha256(&[&out]);
        out.put(&hash);
        Ok(out)
    }

    /// Opens a keyring file; `None` if it is damaged or of another epoch, vault or root key.
    pub fn open(key: &KeyringKey, bytes: &[u8]) -> Option<(KeyringName, Keyring)> {
        let (hashed, hash) = bytes.split_last_chunk::<HASH_LENGTH>()?;
        if !bytes.len().is_multiple_of(KEYRING_PAGE) || primitives::sha256(&[hashed]) != *hash {
            return None;
        }
        let mut reader = Reader::new(hashed);
        reader.exactly(MAGIC)?;
        reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
        reader.zeros(2)?;
        reader.exactly(&u32::try_from(bytes.len()).ok()?.to_le_bytes())?;
        let name = KeyringName {
            vault: VaultId(reader.array()?),
            lineage: LineageId(reader.array()?),
            epoch: EpochName {
                number: reader.u64()?,
                id: EpochId(reader.array()?),
            },
            revision: reader.u64()?,
        };
        let nonce = reader.array()?;
        let commitment = reader.array()?;
        if !key.0.is_committed_to(name.vault, &commitment) {
            return None;
        }
        let place = envelope::place(Label::Keyring, name.vault, &[&bytes[..CLEAR_HEAD]]);
        let plain = envelope::open_locked(&key.0, &nonce, &place, &hashed[CLEAR_HEAD..])?;
        let mut reader = Reader::new(&plain);
        let entry_count = reader.u32()?;
        let forgotten_count = reader.u32()?;
        let used = reader.u32()? as usize;
        let extension_length = reader.u32()? as usize;
        let entries = (0..entry_count)
            .map(|_| Entry::read(&mut reader))
            .collect::<Option<Vec<_>>>()?;
        let forgotten = (0..forgotten_count)
            .map(|_| Forgotten::read(&mut reader))
            .collect::<Option<Vec<_>>>()?;
        if !names_each_once(&entries, &forgotten) {
            return None;
        }
        let extensions = Zeroizing::new(reader.slice(extension_length)?.to_vec());
        let consumed = plain.len() - reader.left();
        reader.only_zeros_left()?;
        (consumed == used).then_some((
            name,
            Keyring {
                entries,
                forgotten,
                extensions,
            },
        ))
    }

    pub fn entry(&self, id: CompartmentId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    pub fn entry_mut(&mut self, id: CompartmentId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }
}

/// Whether no compartment has two entries, or one although it was forgotten.
fn names_each_once(entries: &[Entry], forgotten: &[Forgotten]) -> bool {
    let gone: BTreeSet<_> = forgotten.iter().map(|gone| gone.id).collect();
    let mut seen = BTreeSet::new();
    entries
        .iter()
        .all(|entry| !gone.contains(&entry.id) && seen.insert(entry.id))
}

impl Entry {
    /// Makes a compartment whose key the keyring alone protects.
    pub fn make_plain(
        vault: VaultId,
        created: Dot,
        alias: String,
    ) -> Result<(Entry, CompartmentKey), Error> {
        let key = CompartmentKey::make()?;
        let mut entry = Self::make_blank(vault, created, alias, &key)?;
        entry.wrapped.copy_from_slice(key.bytes());
        Ok((entry, key))
    }

    /// Makes a compartment whose key is wrapped once more, under a passphrase of its own.
    pub fn make_second(
        vault: VaultId,
        created: Dot,
        alias: String,
        cost: KdfCost,
        salt: [u8; SALT_LENGTH],
        stretched: &[u8; KEY_LENGTH],
    ) -> Result<(Entry, CompartmentKey), Error> {
        let key = CompartmentKey::make()?;
        let mut entry = Self::make_blank(vault, created, alias, &key)?;
        entry.wrap_twice(vault, cost, salt, stretched, &key)?;
        Ok((entry, key))
    }

    fn wrap_twice(
        &mut self,
        vault: VaultId,
        cost: KdfCost,
        salt: [u8; SALT_LENGTH],
        stretched: &[u8; KEY_LENGTH],
        key: &CompartmentKey,
    ) -> Result<(), Error> {
        self.second = true;
        self.cost = cost;
        self.salt = salt;
        let nonce = Nonce::make()?;
        self.nonce = *nonce.bytes();
        let outer = self.derive_wrapping_key(vault, stretched);
        let place = self.place(vault);
        self.wrapped.copy_from_slice(key.bytes());
        self.tag = envelope::seal_in_place(&outer, nonce, &place, &mut *self.wrapped);
        Ok(())
    }

    /// Makes the entry anew for the same compartment: with another key, of the next generation, and another guard
    /// key; wrapped under what a second passphrase was stretched to, if there is to be one.
    pub fn renew(
        &self,
        vault: VaultId,
        second: Option<(KdfCost, [u8; SALT_LENGTH], &[u8; KEY_LENGTH])>,
    ) -> Result<(Entry, CompartmentKey), Error> {
        let key = CompartmentKey::make()?;
        let mut entry = Entry {
            id: self.id,
            generation: self.generation.checked_add(1).ok_or(Error::Exhausted)?,
            retention_day: self.retention_day,
            ..Self::make_blank(vault, self.created, self.alias.clone(), &key)?
        };
        match second {
            None => entry.wrapped.copy_from_slice(key.bytes()),
            Some((cost, salt, stretched)) => {
                entry.wrap_twice(vault, cost, salt, stretched, &key)?;
            }
        }
        Ok((entry, key))
    }

    /// Whether this is the compartment's key.
    pub fn is_key(&self, vault: VaultId, key: &CompartmentKey) -> bool {
        key.is_committed_to(vault, &self.commitment)
    }

    /// The compartment's key, if the keyring alone protects it.
    pub fn plain_key(&self, vault: VaultId) -> Option<CompartmentKey> {
        if self.second {
            return None;
        }
        let key = CompartmentKey::from_key_bytes(KeyBytes::copy_of(&self.wrapped));
        key.is_committed_to(vault, &self.commitment).then_some(key)
    }

    /// The compartment's key, unwrapped with what its passphrase was stretched to.
    pub fn unwrap_key(
        &self,
        vault: VaultId,
        stretched: &[u8; KEY_LENGTH],
    ) -> Option<CompartmentKey> {
        let outer = self.derive_wrapping_key(vault, stretched);
        let place = self.place(vault);
        let key = envelope::unwrap_parts(&outer, &self.nonce, &place, &self.wrapped, &self.tag)?;
        let key = CompartmentKey::from_key_bytes(key);
        key.is_committed_to(vault, &self.commitment).then_some(key)
    }

    fn make_blank(
        vault: VaultId,
        created: Dot,
        alias: String,
        key: &CompartmentKey,
    ) -> Result<Entry, Error> {
        Ok(Entry {
            id: CompartmentId::make()?,
            generation: 1,
            second: false,
            alias,
            created,
            guard: MacKey::make()?,
            cost: NO_COST,
            salt: [0; SALT_LENGTH],
            nonce: [0; NONCE_LENGTH],
            wrapped: KeyBytes::zeros(),
            tag: [0; TAG_LENGTH],
            commitment: key.derive_commitment(vault),
            retention_day: 0,
        })
    }

    fn derive_wrapping_key(&self, vault: VaultId, stretched: &[u8; KEY_LENGTH]) -> SealingKey {
        SealingKey::derive(stretched, vault, Label::Second, &[&self.id.0, &self.salt])
    }

    /// Binds what decides about the key, but not what may change while the compartment is shut.
    fn place(&self, vault: VaultId) -> Vec<u8> {
        let mut bound = Vec::new();
        bound.put(&self.id.0);
        bound.put_u32(self.generation);
        bound.put_u16(self.flags());
        bound.put_u32(self.cost.memory_kib);
        bound.put_u32(self.cost.passes);
        bound.put_u32(self.cost.lanes);
        bound.put(&self.salt);
        bound.put(&self.commitment);
        envelope::place(Label::Inner, vault, &[&bound])
    }

    fn flags(&self) -> u16 {
        if self.second { FLAG_SECOND } else { 0 }
    }

    /// Whether every byte of both is the same.
    pub fn is_same_as(&self, other: &Entry) -> bool {
        let [this, other] = [self, other].map(|entry| {
            let mut bytes = LockedBytes::with_capacity(ENTRY_LENGTH);
            entry.put(&mut bytes);
            bytes
        });
        primitives::equal(&this, &other)
    }

    pub fn put(&self, out: &mut impl Put) {
        out.put(&self.id.0);
        out.put_u32(self.generation);
        out.put_u16(self.flags());
        out.put_u16(self.alias.len() as u16);
        out.put(self.alias.as_bytes());
        out.zeros(ALIAS_LENGTH - self.alias.len());
        out.put(&self.created.device.0);
        out.put_u64(self.created.counter);
        out.put(self.guard.bytes());
        out.put_u32(self.cost.memory_kib);
        out.put_u32(self.cost.passes);
        out.put_u32(self.cost.lanes);
        out.put(&self.salt);
        out.put(&self.nonce);
        out.put(&*self.wrapped);
        out.put(&self.tag);
        out.put(&self.commitment);
        out.put_u32(self.retention_day);
        out.zeros(8);
    }

    pub fn read(reader: &mut Reader<'_>) -> Option<Entry> {
        let id = CompartmentId(reader.array()?);
        let generation = reader.u32()?;
        let flags = reader.u16()?;
        let alias_length = usize::from(reader.u16()?);
        let (alias, rest) = reader.slice(ALIAS_LENGTH)?.split_at_checked(alias_length)?;
        if generation == 0 || flags & !FLAG_SECOND != 0 || rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        let entry = Entry {
            id,
            generation,
            second: flags & FLAG_SECOND != 0,
            alias: std::str::from_utf8(alias).ok()?.to_owned(),
            created: Dot {
                device: DeviceId(reader.array()?),
                counter: reader.u64()?,
            },
            guard: MacKey::from_slice(reader.slice(KEY_LENGTH)?)?,
            cost: KdfCost {
                memory_kib: reader.u32()?,
                passes: reader.u32()?,
                lanes: reader.u32()?,
            },
            salt: reader.array()?,
            nonce: reader.array()?,
            wrapped: KeyBytes::copy_of(reader.slice(KEY_LENGTH)?.first_chunk()?),
            tag: reader.array()?,
            commitment: reader.array()?,
            retention_day: reader.u32()?,
        };
        reader.zeros(8)?;
        (entry.second || entry.is_plain()).then_some(entry)
    }

    /// Whether nothing is there of a second passphrase.
    fn is_plain(&self) -> bool {
        self.cost == NO_COST
            && self.salt == [0; SALT_LENGTH]
            && self.nonce == [0; NONCE_LENGTH]
            && self.tag == [0; TAG_LENGTH]
    }
}

impl Forgotten {
    fn read(reader: &mut Reader<'_>) -> Option<Forgotten> {
        Some(Forgotten {
            id: CompartmentId(reader.array()?),
            epoch: reader.u64()?,
            time: reader.i64()?,
            device: DeviceId(reader.array()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: VaultId = VaultId([1; 16]);
    const CREATED: Dot = Dot {
        device: DeviceId([2; 16]),
        counter: 3,
    };

    fn key(byte: u8) -> KeyringKey {
        let root = RootKey::from_slice(&[byte; 32]).unwrap();
        KeyringKey::derive(&root, &EpochSecret::from_slice(&[5; 32]).unwrap(), VAULT)
    }

    fn name() -> KeyringName {
        let epoch = EpochName {
            number: 4,
            id: EpochId([5; 16]),
        };
        KeyringName {
            vault: VAULT,
            lineage: LineageId([6; 16]),
            epoch,
            revision: 7,
        }
    }

    fn stretched(byte: u8) -> KeyBytes {
        KeyBytes::copy_of(&[byte; 32])
    }

    #[test]
    fn a_keyring_survives_and_its_entries_stay_the_same_to_the_byte() {
        let (plain, plain_key) = Entry::make_plain(VAULT, CREATED, "Ada".into()).unwrap();
        let (second, second_key) = Entry::make_second(
            VAULT,
            CREATED,
            String::new(),
            KdfCost::FLOOR,
            [4; 16],
            &stretched(9),
        )
        .unwrap();
        let gone = Forgotten {
            id: CompartmentId([8; 16]),
            epoch: 4,
            time: -5,
            device: CREATED.device,
        };
        let written = [plain, second];
        let bytes = Keyring::seal(&key(1), name(), written.iter(), &[gone], b"later").unwrap();
        assert_eq!(bytes.len(), KEYRING_PAGE);
        let (read_name, ring) = Keyring::open(&key(1), &bytes).unwrap();
        assert_eq!((read_name, &ring.forgotten[..]), (name(), &[gone][..]));
        assert_eq!(ring.extensions[..], b"later"[..]);
        for (old, new) in written.iter().zip(&ring.entries) {
            let bytes = |entry: &Entry| {
                let mut out = Vec::new();
                entry.put(&mut out);
                out
            };
            assert_eq!(bytes(old), bytes(new));
            assert_eq!(bytes(old).len(), ENTRY_LENGTH);
        }
        assert_eq!(
            ring.entries[0].plain_key(VAULT).unwrap().bytes(),
            plain_key.bytes()
        );
        assert!(ring.entries[1].plain_key(VAULT).is_none());
        assert!(ring.entries[1].unwrap_key(VAULT, &stretched(8)).is_none());
        let opened = ring.entries[1].unwrap_key(VAULT, &stretched(9)).unwrap();
        assert_eq!(opened.bytes(), second_key.bytes());
        assert!(Keyring::open(&key(2), &bytes).is_none());
    }

    /// An entry that was moved about, as in a list that grows, has its key where it was: in a page that is kept out
    /// of swap.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_keys_of_an_entry_lie_in_locked_memory_and_stay_there() {
        use crate::memory;
        let entries = (0..3).map(|_| Entry::make_plain(VAULT, CREATED, String::new()).unwrap().0);
        let entries: Vec<_> = entries.collect();
        let bytes = Keyring::seal(&key(1), name(), entries.iter(), &[], &[]).unwrap();
        let (_, ring) = Keyring::open(&key(1), &bytes).unwrap();
        let mut moved = Vec::new();
        for entry in ring.entries.into_iter().chain(entries) {
            let before = entry.wrapped.as_ptr();
            moved.push(entry);
            let entry = moved.last().unwrap();
            assert_eq!(entry.wrapped.as_ptr(), before);
            for part in [&*entry.wrapped, entry.guard.bytes()] {
                assert_eq!(memory::lies_locked(part), Some(memory::is_locked()));
            }
        }
    }

    #[test]
    fn an_entry_that_is_not_as_the_page_says_is_none() {
        let encoded = |entry: &Entry| {
            let mut out = Vec::new();
            entry.put(&mut out);
            out
        };
        let (plain, _) = Entry::make_plain(VAULT, CREATED, "Ada".into()).unwrap();
        let plain = encoded(&plain);
        let reads = |bytes: &[u8]| Entry::read(&mut Reader::new(bytes)).is_some();
        assert!(reads(&plain));
        // Flags, the alias behind its end, the costs, salt and nonce of no second passphrase, what is behind the key,
        // reserved bytes.
        for at in [
            20, 21, 27, 87, 144, 148, 152, 156, 171, 172, 195, 228, 243, 280, 287,
        ] {
            let mut broken = plain.clone();
            broken[at] ^= 2;
            assert!(!reads(&broken), "{at}");
        }
        let mut broken = plain.clone();
        broken[16..20].fill(0);
        assert!(!reads(&broken), "generations begin with 1");
    }

    #[test]
    fn a_keyring_that_names_a_compartment_twice_is_none() {
        let make = || Entry::make_plain(VAULT, CREATED, String::new()).unwrap().0;
        let (one, other) = (make(), make());
        let gone = |id| Forgotten {
            id,
            epoch: 4,
            time: 0,
            device: CREATED.device,
        };
        let opens = |entries: &[&Entry], forgotten: &[Forgotten]| {
            let entries = entries.iter().copied();
            let bytes = Keyring::seal(&key(1), name(), entries, forgotten, &[]).unwrap();
            Keyring::open(&key(1), &bytes).is_some()
        };
        assert!(opens(&[&one], &[gone(other.id)]));
        assert!(!opens(&[&one, &other], &[gone(other.id)]));
        assert!(!opens(&[&one, &other, &one], &[]));
    }

    #[test]
    fn a_keyring_of_more_pages_opens_and_one_that_has_not_whole_pages_is_none() {
        let whole = Keyring::seal(&key(1), name(), [].iter(), &[], &[]).unwrap();
        for (length, opens) in [
            (2 * KEYRING_PAGE, true),
            (KEYRING_PAGE - 16, false),
            (KEYRING_PAGE + 1, false),
        ] {
            let nonce = Nonce::make().unwrap();
            let mut bytes = whole[..CLEAR_HEAD].to_vec();
            bytes[12..16].copy_from_slice(&(length as u32).to_le_bytes());
            bytes[80..104].copy_from_slice(nonce.bytes());
            let place = envelope::place(Label::Keyring, VAULT, &[&bytes]);
            bytes.zeros(8);
            bytes.put_u32(COUNTS as u32);
            bytes.zeros(length - HASH_LENGTH - SEAL_OVERHEAD - bytes.len());
            envelope::seal_tail(&key(1).0, nonce, &place, &mut bytes, CLEAR_HEAD);
            let hash = primitives::sha256(&[&bytes]);
            bytes.put(&hash);
            assert_eq!(bytes.len(), length);
            assert_eq!(Keyring::open(&key(1), &bytes).is_some(), opens, "{length}");
        }
    }

    #[test]
    fn a_keyring_grows_by_pages_and_no_bit_can_flip() {
        let entries: Vec<_> = (0..20)
            .map(|_| Entry::make_plain(VAULT, CREATED, "x".repeat(64)).unwrap().0)
            .collect();
        let bytes = Keyring::seal(&key(1), name(), entries.iter(), &[], &[]).unwrap();
        assert_eq!(bytes.len(), 2 * KEYRING_PAGE);
        for bit in (0..bytes.len() * 8).step_by(7) {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert!(Keyring::open(&key(1), &broken).is_none());
            // An adversary can mend the plain checksum, but not the seal.
            let at = broken.len() - HASH_LENGTH;
            let hash = primitives::sha256(&[&broken[..at]]);
            broken[at..].copy_from_slice(&hash);
            if bit / 8 < at {
                assert!(Keyring::open(&key(1), &broken).is_none());
            }
        }
    }
}
