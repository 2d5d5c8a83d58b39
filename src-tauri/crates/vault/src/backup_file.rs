//! A backup as it lies on a disk: a preface, a header, a keyring and a container, all in one file. Reading it
//! believes nothing before the footer at its end has proved the whole.

use std::path::{Path, PathBuf};

use crate::checkpoint::Surroundings;
use crate::codec::{Put, Reader};
use crate::container::{self, Checked, HashingReader, RowVisitor};
use crate::disk::{self, Disk, EntrySort};
use crate::envelope::{self, EpochSecret, Label, Nonce, RootKey, SealingKey, WRAPPED_LENGTH};
use crate::error::{Error, Part};
use crate::frame::FileKeys;
use crate::header::{self, FORMAT_VERSION, HEADER_LENGTH, Header};
use crate::ids::{BackupId, FileId, LineageId, VaultId};
use crate::keyring::{KEYRING_PAGE, Keyring, KeyringKey};
use crate::open::{self, Candidate, MAX_KEYRING_FILE, Unlocked};
use crate::primitives::{self, HASH_LENGTH, NONCE_LENGTH};
use crate::segment::{SegmentHeader, SegmentSort};
use crate::shared::Keys;
use crate::vault::Credential;
use crate::watch::Watch;

/// Bytes of the preface.
pub const PREFACE_LENGTH: usize = 256;
/// How a backup is called when it is found damaged.
pub const DAMAGED: Error = Error::Damaged { part: Part::Backup };

pub const MAGIC: &[u8; 8] = b"CFDNTBAK";
/// The part of the preface that the sealed epoch secret is bound to.
const BOUND: usize = 80;
const RESERVED: usize = 72;
const HASH_AT: usize = PREFACE_LENGTH - HASH_LENGTH;
/// The number of the only segment that a backup has.
const ONLY: u64 = 1;

/// What a backup says of itself without any secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preface {
    pub id: BackupId,
    pub vault: VaultId,
    pub lineage: LineageId,
    pub keyring_length: u64,
    pub container_length: u64,
    nonce: [u8; NONCE_LENGTH],
    sealed: [u8; WRAPPED_LENGTH],
}

/// Why bytes are not a preface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPreface {
    Damaged,
    Newer(u16),
}

impl Preface {
    /// Makes a preface with the secret of the epoch sealed in it.
    pub fn make(
        id: BackupId,
        (vault, lineage): (VaultId, LineageId),
        (keyring_length, container_length): (u64, u64),
        root: &RootKey,
        secret: &EpochSecret,
    ) -> Result<Preface, Error> {
        let nonce = Nonce::make()?;
        let mut preface = Preface {
            id,
            vault,
            lineage,
            keyring_length,
            container_length,
            nonce: *nonce.bytes(),
            sealed: [0; WRAPPED_LENGTH],
        };
        let key = preface.derive_key(root);
        preface.sealed = envelope::wrap(&key, nonce, &preface.place(), secret.bytes());
        Ok(preface)
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.bound();
        out.put(&self.nonce);
        out.put(&self.sealed);
        out.zeros(RESERVED);
        let hash = primitives::sha256(&[&out]);
        out.put(&hash);
        out
    }

    /// Reads a preface whose checksum is right.
    pub fn parse(bytes: &[u8]) -> Result<Preface, NotPreface> {
        let bytes: &[u8; PREFACE_LENGTH] = bytes.try_into().map_err(|_| NotPreface::Damaged)?;
        let (hashed, hash) = bytes.split_at(HASH_AT);
        if !hashed.starts_with(MAGIC) || primitives::sha256(&[hashed])[..] != *hash {
            return Err(NotPreface::Damaged);
        }
        let version = u16::from_le_bytes([bytes[8], bytes[9]]);
        if version > FORMAT_VERSION {
            return Err(NotPreface::Newer(version));
        }
        Self::parse_first_version(hashed).ok_or(NotPreface::Damaged)
    }

    fn parse_first_version(bytes: &[u8]) -> Option<Preface> {
        let mut reader = Reader::new(bytes);
        reader.exactly(MAGIC)?;
        reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
        reader.zeros(2)?;
        reader.exactly(&(PREFACE_LENGTH as u32).to_le_bytes())?;
        let preface = Preface {
            id: BackupId(reader.array()?),
            vault: VaultId(reader.array()?),
            lineage: LineageId(reader.array()?),
            keyring_length: reader.u64()?,
            container_length: reader.u64()?,
            nonce: reader.array()?,
            sealed: reader.array()?,
        };
        reader.only_zeros_left()?;
        let pages = preface.keyring_length.is_multiple_of(KEYRING_PAGE as u64);
        (pages && preface.keyring_length <= MAX_KEYRING_FILE).then_some(preface)
    }

    /// Opens the secret of the epoch; `None` unless the preface is genuine.
    pub fn open_secret(&self, root: &RootKey) -> Option<EpochSecret> {
        let key = self.derive_key(root);
        let secret = envelope::unwrap(&key, &self.nonce, &self.place(), &self.sealed)?;
        Some(EpochSecret::from_key_bytes(secret))
    }

    /// Bytes of the whole file.
    pub fn file_length(&self) -> u64 {
        (PREFACE_LENGTH as u64 + HEADER_LENGTH as u64)
            .saturating_add(self.keyring_length)
            .saturating_add(self.container_length)
    }

    fn bound(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(PREFACE_LENGTH);
        out.put(MAGIC);
        out.put_u16(FORMAT_VERSION);
        out.put_u16(0);
        out.put_u32(PREFACE_LENGTH as u32);
        out.put(&self.id.0);
        out.put(&self.vault.0);
        out.put(&self.lineage.0);
        out.put_u64(self.keyring_length);
        out.put_u64(self.container_length);
        debug_assert_eq!(out.len(), BOUND);
        out
    }

    fn place(&self) -> Vec<u8> {
        envelope::place(Label::BackupEpoch, self.vault, &[&self.bound()])
    }

    fn derive_key(&self, root: &RootKey) -> SealingKey {
        let context: [&[u8]; 1] = [&self.id.0];
        SealingKey::derive(root.bytes(), self.vault, Label::BackupEpoch, &context)
    }
}

/// What stands before the rows, sound in itself and not yet believed.
pub struct BackupFile<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    pub preface: Preface,
    pub header: Header,
    header_bytes: Vec<u8>,
    keyring: Vec<u8>,
}

impl<'a> BackupFile<'a> {
    /// Reads what stands before the rows. Errors: `Missing`, `Damaged`, `Newer`, and those of the disk.
    pub fn read(disk: &'a dyn Disk, path: &Path) -> Result<Self, Error> {
        let mut reader = open_reader(disk, path)?;
        let preface = take_preface(&mut reader)?;
        let mut header_bytes = vec![0; HEADER_LENGTH];
        reader.take(&mut header_bytes)?;
        let header = match Header::parse(&header_bytes) {
            Ok(header) => header,
            Err(header::NotHeader::Newer(_)) => return Err(Error::Newer),
            Err(header::NotHeader::Damaged) => return Err(DAMAGED),
        };
        let keyring = reader.take_claimed(preface.keyring_length)?;
        let ours = header.vault == preface.vault
            && header.lineage == preface.lineage
            && primitives::sha256(&[&keyring]) == header.keyring_hash;
        if !ours {
            return Err(DAMAGED);
        }
        Ok(BackupFile {
            disk,
            path: path.to_owned(),
            preface,
            header,
            header_bytes,
            keyring,
        })
    }

    /// Opens the root key with a passphrase or spare key.
    pub fn unlock(&self, credential: Credential<'_>, watch: &dyn Watch) -> Result<Unlocked, Error> {
        let candidate = Candidate {
            bytes: self.header_bytes.clone(),
            parsed: Ok(self.header.clone()),
        };
        open::unlock(&[candidate], credential, watch).map_err(as_backup)
    }

    /// Whether its header was written by someone who had the root key of these keys.
    pub fn is_under(&self, keys: &Keys) -> bool {
        Header::is_authentic(&self.header_bytes, &keys.header)
    }

    /// Proves the header genuine, opens the secret of its epoch, and the keyring with it.
    pub fn open(&self, root: &RootKey, keys: &Keys) -> Result<Keyring, Error> {
        if !self.is_under(keys) {
            return Err(DAMAGED);
        }
        let Header { vault, epoch, .. } = self.header;
        let secret = self.preface.open_secret(root).ok_or(DAMAGED)?;
        let proof = header::derive_epoch_proof(vault, epoch, &secret);
        if !primitives::equal(&proof, &self.header.epoch_proof) {
            return Err(DAMAGED);
        }
        let key = KeyringKey::derive(root, &secret, vault);
        let (name, keyring) = Keyring::open(&key, &self.keyring).ok_or(DAMAGED)?;
        let ours = name.vault == vault
            && name.lineage == self.header.lineage
            && name.epoch == epoch
            && name.revision == self.header.keyring_revision;
        if ours { Ok(keyring) } else { Err(DAMAGED) }
    }

    /// Reads the whole file from its first byte and hands out every row. An error at the end means that what was
    /// handed out counts for nothing.
    pub fn read_rows(&self, root: &RootKey, row: &mut RowVisitor<'_>) -> Result<Checked, Error> {
        let mut reader = open_reader(self.disk, &self.path)?;
        let same = take_preface(&mut reader)? == self.preface
            && reader.take_claimed(HEADER_LENGTH as u64)? == self.header_bytes
            && reader.take_claimed(self.preface.keyring_length)? == self.keyring;
        if !same {
            return Err(DAMAGED);
        }
        let (segment, keys) = reader.take_header(|found| keys_of(root, found))?;
        if !self.is_its_segment(&segment) {
            return Err(DAMAGED);
        }
        let checked = container::read_rows(reader, &keys, &segment, row)?;
        let expected = self.surroundings().ending(&checked.state, segment.device);
        let whole = checked.ending == expected && checked.length == self.preface.file_length();
        if whole { Ok(checked) } else { Err(DAMAGED) }
    }

    /// What the end frame says of the keys in front.
    fn surroundings(&self) -> Surroundings {
        Surroundings {
            header_revision: self.header.revision,
            keyring_revision: self.header.keyring_revision,
            keyring_hash: self.header.keyring_hash,
            epoch: self.header.epoch.id,
        }
    }

    fn is_its_segment(&self, segment: &SegmentHeader) -> bool {
        let point = self.header.floor;
        *segment == segment_header(self.preface.id, &self.header)
            && (segment.first_sequence, segment.chain) == (point.sequence, point.chain)
    }
}

/// The head of the container that belongs to a backup's header.
pub fn segment_header(id: BackupId, header: &Header) -> SegmentHeader {
    SegmentHeader {
        sort: SegmentSort::Backup,
        vault: header.vault,
        lineage: header.lineage,
        device: header.writer,
        file: FileId(id.0),
        number: ONLY,
        first_sequence: header.floor.sequence,
        previous: FileId([0; 16]),
        previous_length: 0,
        chain: header.floor.chain,
        header_revision: header.revision,
        epoch: header.epoch.id,
    }
}

/// The keys of a container.
pub fn keys_of(root: &RootKey, header: &SegmentHeader) -> FileKeys {
    FileKeys::derive(
        root,
        header.vault,
        header.sort,
        header.lineage,
        header.device,
        header.file,
    )
}

/// Reads the preface and the length of a file.
pub fn look(disk: &dyn Disk, path: &Path) -> Result<(Result<Preface, NotPreface>, u64), Error> {
    let length = length_of(disk, path)?;
    let mut bytes = Vec::new();
    let mut file = disk.open(path)?;
    std::io::Read::read_to_end(
        &mut std::io::Read::take(&mut file, PREFACE_LENGTH as u64),
        &mut bytes,
    )?;
    Ok((Preface::parse(&bytes), length))
}

fn length_of(disk: &dyn Disk, path: &Path) -> Result<u64, Error> {
    let folder = disk::folder_of(path);
    let entries = disk::list_if_there(disk, folder)?;
    let entry = entries.iter().find(|entry| path.ends_with(&entry.name));
    match entry {
        Some(entry) if entry.sort == EntrySort::File => Ok(entry.length),
        Some(_) => Err(DAMAGED),
        None => Err(Error::Missing),
    }
}

fn open_reader(disk: &dyn Disk, path: &Path) -> Result<HashingReader, Error> {
    match disk.open(path) {
        Ok(file) => Ok(HashingReader::new(file, Part::Backup)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Error::Missing),
        Err(error) => Err(error.into()),
    }
}

fn take_preface(reader: &mut HashingReader) -> Result<Preface, Error> {
    let mut bytes = [0; PREFACE_LENGTH];
    reader.take(&mut bytes)?;
    Preface::parse(&bytes).map_err(|not| match not {
        NotPreface::Newer(_) => Error::Newer,
        NotPreface::Damaged => DAMAGED,
    })
}

fn as_backup(error: Error) -> Error {
    match error {
        Error::Damaged { .. } => DAMAGED,
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preface() -> (Preface, RootKey, EpochSecret) {
        let root = RootKey::make().unwrap();
        let secret = EpochSecret::make().unwrap();
        let names = (VaultId([2; 16]), LineageId([3; 16]));
        let lengths = (KEYRING_PAGE as u64, 5);
        let preface = Preface::make(BackupId([1; 16]), names, lengths, &root, &secret).unwrap();
        (preface, root, secret)
    }

    fn rehashed(mut bytes: Vec<u8>) -> Vec<u8> {
        let hash = primitives::sha256(&[&bytes[..HASH_AT]]);
        bytes[HASH_AT..].copy_from_slice(&hash);
        bytes
    }

    #[test]
    fn a_preface_survives_with_its_secret_and_no_bit_can_flip() {
        let (preface, root, secret) = preface();
        let bytes = preface.encode();
        assert_eq!(bytes.len(), PREFACE_LENGTH);
        let read = Preface::parse(&bytes).unwrap();
        assert_eq!(read, preface);
        assert_eq!(read.open_secret(&root).unwrap().bytes(), secret.bytes());
        for bit in 0..bytes.len() * 8 {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Preface::parse(&broken), Err(NotPreface::Damaged));
            // Whoever mends the checksum has still not the key.
            let opens = Preface::parse(&rehashed(broken))
                .ok()
                .and_then(|preface| preface.open_secret(&root));
            assert!(opens.is_none() || bit / 8 >= HASH_AT, "bit {bit}");
        }
    }

    #[test]
    fn a_newer_preface_and_lengths_beyond_reason_are_told_apart() {
        let (preface, ..) = preface();
        let mut bytes = preface.encode();
        bytes[8] = 2;
        assert_eq!(Preface::parse(&bytes), Err(NotPreface::Damaged));
        assert_eq!(Preface::parse(&rehashed(bytes)), Err(NotPreface::Newer(2)));
        let huge = Preface {
            keyring_length: u64::MAX - u64::MAX % KEYRING_PAGE as u64,
            ..preface
        };
        assert_eq!(Preface::parse(&huge.encode()), Err(NotPreface::Damaged));
        let endless = Preface {
            container_length: u64::MAX,
            ..preface
        };
        assert_eq!(endless.file_length(), u64::MAX);
    }
}
