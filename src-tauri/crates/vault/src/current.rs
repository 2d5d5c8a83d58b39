//! `CURRENT`: an authenticated hint at the store and checkpoint in use.

use crate::codec::{Put, Reader};
use crate::envelope::MacKey;
use crate::header::{FORMAT_VERSION, Point};
use crate::ids::{DeviceId, EpochId, FileId, LineageId, VaultId};
use crate::primitives::HASH_LENGTH;

/// Bytes of the file.
pub const CURRENT_LENGTH: usize = 256;

const MAGIC: &[u8; 8] = b"CFDNTCUR";
const MAC_AT: usize = CURRENT_LENGTH - HASH_LENGTH;

/// The content of `CURRENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Current {
    pub vault: VaultId,
    pub lineage: LineageId,
    pub device: DeviceId,
    pub revision: u64,
    pub store: FileId,
    /// All zeros where there is no checkpoint yet.
    pub checkpoint: FileId,
    pub point: Point,
    pub header_revision: u64,
    pub epoch: EpochId,
}

impl Current {
    pub fn encode(&self, key: &MacKey) -> Vec<u8> {
        let mut out = Vec::with_capacity(CURRENT_LENGTH);
        out.put(MAGIC);
        out.put_u16(FORMAT_VERSION);
        out.zeros(6);
        out.put(&self.vault.0);
        out.put(&self.lineage.0);
        out.put(&self.device.0);
        out.put_u64(self.revision);
        out.put(&self.store.0);
        out.put(&self.checkpoint.0);
        out.put_u64(self.point.sequence);
        out.put(&self.point.chain);
        out.put_u64(self.header_revision);
        out.put(&self.epoch.0);
        out.zeros(MAC_AT - out.len());
        let mac = key.authenticate(&[&out]);
        out.put(&mac);
        out
    }

    /// Reads it; `None` unless it is genuine.
    pub fn parse(
        bytes: &[u8],
        key: &MacKey,
        vault: VaultId,
        lineage: LineageId,
    ) -> Option<Current> {
        let bytes: &[u8; CURRENT_LENGTH] = bytes.try_into().ok()?;
        let (before, mac) = bytes.split_at(MAC_AT);
        if !key.verifies(&[before], mac) {
            return None;
        }
        let mut reader = Reader::new(before);
        reader.exactly(MAGIC)?;
        reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
        reader.zeros(6)?;
        reader.exactly(&vault.0)?;
        reader.exactly(&lineage.0)?;
        let current = Current {
            vault,
            lineage,
            device: DeviceId(reader.array()?),
            revision: reader.u64()?,
            store: FileId(reader.array()?),
            checkpoint: FileId(reader.array()?),
            point: Point {
                sequence: reader.u64()?,
                chain: reader.array()?,
            },
            header_revision: reader.u64()?,
            epoch: EpochId(reader.array()?),
        };
        reader.only_zeros_left()?;
        Some(current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_survives_and_no_bit_can_flip() {
        let key = MacKey::make().unwrap();
        let current = Current {
            vault: VaultId([1; 16]),
            lineage: LineageId([2; 16]),
            device: DeviceId([3; 16]),
            revision: 4,
            store: FileId([5; 16]),
            checkpoint: FileId([6; 16]),
            point: Point {
                sequence: 7,
                chain: [8; 32],
            },
            header_revision: 9,
            epoch: EpochId([10; 16]),
        };
        let bytes = current.encode(&key);
        assert_eq!(bytes.len(), CURRENT_LENGTH);
        let parse = |bytes: &[u8]| Current::parse(bytes, &key, current.vault, current.lineage);
        assert_eq!(parse(&bytes), Some(current));
        for bit in 0..bytes.len() * 8 {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(parse(&broken), None);
        }
        assert_eq!(
            Current::parse(&bytes, &key, current.vault, LineageId([9; 16])),
            None
        );
    }
}
