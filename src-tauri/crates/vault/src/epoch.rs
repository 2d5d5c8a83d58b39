//! Epoch files: the secret that every keyring of its time needs, kept apart so that it can be destroyed.

use zeroize::Zeroizing;

use crate::codec::{Put, Reader};
use crate::envelope::EpochSecret;
use crate::header::{EpochName, FORMAT_VERSION};
use crate::ids::{EpochId, VaultId};
use crate::primitives;

/// Bytes of an epoch file.
pub const EPOCH_LENGTH: usize = 128;

pub const MAGIC: &[u8; 8] = b"CFDNTEPO";

/// The content of an epoch file.
pub struct EpochFile {
    pub vault: VaultId,
    pub name: EpochName,
    pub secret: EpochSecret,
}

impl EpochFile {
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(EPOCH_LENGTH));
        out.put(MAGIC);
        out.put_u16(FORMAT_VERSION);
        out.put_u16(0);
        out.put_u32(EPOCH_LENGTH as u32);
        out.put(&self.vault.0);
        out.put_u64(self.name.number);
        out.put(&self.name.id.0);
        out.put(self.secret.bytes());
        out.zeros(8);
        let hash = primitives::sha256(&[&out]);
        out.put(&hash);
        out
    }

    pub fn parse(bytes: &[u8]) -> Option<EpochFile> {
        let bytes: &[u8; EPOCH_LENGTH] = bytes.try_into().ok()?;
        let mut reader = Reader::new(bytes);
        reader.exactly(MAGIC)?;
        reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
        reader.zeros(2)?;
        reader.exactly(&(EPOCH_LENGTH as u32).to_le_bytes())?;
        let vault = VaultId(reader.array()?);
        let name = EpochName {
            number: reader.u64()?,
            id: EpochId(reader.array()?),
        };
        let secret = EpochSecret::from_slice(reader.slice(primitives::KEY_LENGTH)?)?;
        reader.zeros(8)?;
        let hashed = EPOCH_LENGTH - reader.left();
        (primitives::sha256(&[&bytes[..hashed]])[..] == bytes[hashed..]).then_some(EpochFile {
            vault,
            name,
            secret,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_file_survives_writing_and_no_bit_can_flip() {
        let name = EpochName {
            number: 3,
            id: EpochId([2; 16]),
        };
        let file = EpochFile {
            vault: VaultId([1; 16]),
            name,
            secret: EpochSecret::make().unwrap(),
        };
        let bytes = file.encode();
        assert_eq!(bytes.len(), EPOCH_LENGTH);
        let read = EpochFile::parse(&bytes).unwrap();
        assert_eq!(
            (read.name, read.secret.bytes()),
            (name, file.secret.bytes())
        );
        for bit in 0..bytes.len() * 8 {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert!(EpochFile::parse(&broken).is_none());
        }
    }
}
