//! What this machine knows of a vault, kept outside the vault's folder and sealed: its own device id, and the
//! newest state it has seen. A vault behind its anchor has been rolled back.

use crate::codec::{Put, Reader};
use crate::envelope::{self, Label, Nonce, RootKey, SealingKey};
use crate::error::Error;
use crate::header::{EpochName, FORMAT_VERSION, Point};
use crate::ids::{DeviceId, EpochId, LineageId, VaultId};
use crate::primitives::NONCE_LENGTH;
use crate::report::Moment;
use crate::sums::Sum;

/// Bytes of an anchor file.
pub const ANCHOR_LENGTH: usize = 256;
/// Bytes of a device file.
pub const DEVICE_LENGTH: usize = 128;

const ANCHOR_MAGIC: &[u8; 8] = b"CFDNTANC";
const DEVICE_MAGIC: &[u8; 8] = b"CFDNTDEV";
const CLEAR_HEAD: usize = 8 + 2 + 2 + 4 + 16;

/// The newest state this machine has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    pub device: DeviceId,
    pub lineage: LineageId,
    pub header_revision: u64,
    pub keyring_revision: u64,
    pub epoch: EpochName,
    pub point: Point,
    pub total: Sum,
    pub lamport: u64,
    pub time: Moment,
}

impl Anchor {
    pub fn seal(&self, root: &RootKey, vault: VaultId) -> Result<Vec<u8>, Error> {
        let mut plain = Vec::new();
        plain.put(&self.device.0);
        plain.put(&self.lineage.0);
        plain.put_u64(self.header_revision);
        plain.put_u64(self.keyring_revision);
        plain.put_u64(self.epoch.number);
        plain.put(&self.epoch.id.0);
        plain.put_u64(self.point.sequence);
        plain.put(&self.point.chain);
        plain.put_u64(self.total.count);
        plain.put(&self.total.sum);
        plain.put_u64(self.lamport);
        plain.put_i64(self.time);
        seal_file(
            root,
            vault,
            Label::Anchor,
            ANCHOR_MAGIC,
            ANCHOR_LENGTH,
            &plain,
        )
    }

    /// Opens an anchor; `None` unless it is genuine.
    pub fn open(bytes: &[u8], root: &RootKey, vault: VaultId) -> Option<Anchor> {
        let plain = open_file(
            bytes,
            root,
            vault,
            Label::Anchor,
            ANCHOR_MAGIC,
            ANCHOR_LENGTH,
        )?;
        let mut reader = Reader::new(&plain);
        let anchor = Anchor {
            device: DeviceId(reader.array()?),
            lineage: LineageId(reader.array()?),
            header_revision: reader.u64()?,
            keyring_revision: reader.u64()?,
            epoch: EpochName {
                number: reader.u64()?,
                id: EpochId(reader.array()?),
            },
            point: Point {
                sequence: reader.u64()?,
                chain: reader.array()?,
            },
            total: Sum {
                count: reader.u64()?,
                sum: reader.array()?,
            },
            lamport: reader.u64()?,
            time: reader.i64()?,
        };
        reader.only_zeros_left()?;
        Some(anchor)
    }
}

/// Seals this machine's id as a device of the vault.
pub fn seal_device(device: DeviceId, root: &RootKey, vault: VaultId) -> Result<Vec<u8>, Error> {
    seal_file(
        root,
        vault,
        Label::Device,
        DEVICE_MAGIC,
        DEVICE_LENGTH,
        &device.0,
    )
}

/// Opens this machine's id; `None` unless it is genuine.
pub fn open_device(bytes: &[u8], root: &RootKey, vault: VaultId) -> Option<DeviceId> {
    let plain = open_file(
        bytes,
        root,
        vault,
        Label::Device,
        DEVICE_MAGIC,
        DEVICE_LENGTH,
    )?;
    let mut reader = Reader::new(&plain);
    let device = DeviceId(reader.array()?);
    reader.only_zeros_left()?;
    Some(device)
}

/// Whether these bytes are shaped as a device or anchor file of the vault, whatever root key they are sealed under.
pub fn is_of_a_pair(bytes: &[u8], vault: VaultId) -> bool {
    read_clear(bytes, vault, DEVICE_MAGIC, DEVICE_LENGTH).is_some()
        || read_clear(bytes, vault, ANCHOR_MAGIC, ANCHOR_LENGTH).is_some()
}

/// Whether these bytes begin as a device or anchor file of the vault that a newer version of the program wrote.
pub fn is_newer(bytes: &[u8], vault: VaultId) -> bool {
    let mut reader = Reader::new(bytes);
    let magic = reader.array::<8>();
    let version = reader.u16();
    let known = [ANCHOR_MAGIC, DEVICE_MAGIC].contains(&&magic.unwrap_or_default());
    let of_vault = bytes.get(CLEAR_HEAD - 16..CLEAR_HEAD) == Some(&vault.0[..]);
    known && of_vault && version.is_some_and(|version| version > FORMAT_VERSION)
}

/// Seals a file of the configuration folder that belongs to one vault.
pub fn seal_file(
    root: &RootKey,
    vault: VaultId,
    label: Label,
    magic: &[u8; 8],
    length: usize,
    plain: &[u8],
) -> Result<Vec<u8>, Error> {
    let nonce = Nonce::make()?;
    let mut out = Vec::with_capacity(length);
    out.put(magic);
    out.put_u16(FORMAT_VERSION);
    out.put_u16(0);
    out.put_u32(length as u32);
    out.put(&vault.0);
    out.put(nonce.bytes());
    let place = envelope::place(label, vault, &[&out[..CLEAR_HEAD]]);
    let from = out.len();
    out.put(plain);
    out.zeros(length - envelope::SEAL_OVERHEAD - out.len());
    let key = SealingKey::derive(root.bytes(), vault, label, &[]);
    envelope::seal_tail(&key, nonce, &place, &mut out, from);
    Ok(out)
}

/// Opens such a file; `None` unless it is genuine and of this length.
pub fn open_file(
    bytes: &[u8],
    root: &RootKey,
    vault: VaultId,
    label: Label,
    magic: &[u8; 8],
    length: usize,
) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let nonce = read_clear(bytes, vault, magic, length)?;
    let place = envelope::place(label, vault, &[&bytes[..CLEAR_HEAD]]);
    let key = SealingKey::derive(root.bytes(), vault, label, &[]);
    envelope::open(&key, &nonce, &place, &bytes[CLEAR_HEAD + NONCE_LENGTH..])
}

/// Reads what stands in clear at the beginning of such a file, and the nonce after it.
fn read_clear(
    bytes: &[u8],
    vault: VaultId,
    magic: &[u8; 8],
    length: usize,
) -> Option<[u8; NONCE_LENGTH]> {
    if bytes.len() != length {
        return None;
    }
    let mut reader = Reader::new(bytes);
    reader.exactly(magic)?;
    reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
    reader.zeros(2)?;
    reader.exactly(&(length as u32).to_le_bytes())?;
    reader.exactly(&vault.0)?;
    reader.array::<NONCE_LENGTH>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: VaultId = VaultId([1; 16]);

    #[test]
    fn anchors_and_device_ids_survive_and_no_bit_can_flip() {
        let root = RootKey::make().unwrap();
        let anchor = Anchor {
            device: DeviceId([1; 16]),
            lineage: LineageId([2; 16]),
            header_revision: 3,
            keyring_revision: 4,
            epoch: EpochName {
                number: 5,
                id: EpochId([6; 16]),
            },
            point: Point {
                sequence: 7,
                chain: [8; 32],
            },
            total: Sum {
                count: 9,
                sum: [10; 32],
            },
            lamport: 11,
            time: -12,
        };
        let sealed = anchor.seal(&root, VAULT).unwrap();
        assert_eq!(sealed.len(), ANCHOR_LENGTH);
        assert_eq!(Anchor::open(&sealed, &root, VAULT), Some(anchor));
        assert_eq!(Anchor::open(&sealed, &root, VaultId([2; 16])), None);
        for bit in 0..sealed.len() * 8 {
            let mut broken = sealed.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Anchor::open(&broken, &root, VAULT), None);
        }
        let sealed = seal_device(anchor.device, &root, VAULT).unwrap();
        assert_eq!(open_device(&sealed, &root, VAULT), Some(anchor.device));
        assert_eq!(open_device(&sealed, &RootKey::make().unwrap(), VAULT), None);
    }
}
