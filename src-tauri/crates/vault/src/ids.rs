//! Identities: opaque 16-byte values, and the two small numbers that say what a record is.

use std::fmt;

use crate::error::Error;
use crate::primitives;

/// Length of every identity in bytes.
pub const ID_LENGTH: usize = 16;

macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; ID_LENGTH]);

        impl $name {
            /// Draws a random identity from the operating system.
            pub fn make() -> Result<Self, Error> {
                primitives::make_bytes().map($name)
            }

            /// Writes the identity as 32 lower-case hexadecimal digits.
            pub fn to_hex(self) -> String {
                hex(&self.0)
            }

            /// Reads 32 hexadecimal digits; anything else is `None`.
            pub fn from_hex(text: &str) -> Option<Self> {
                unhex(text).map($name)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), hex(&self.0))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }
    };
}

id_type!(
    /// Names one vault for its whole life; also the salt of every key derivation.
    VaultId
);
id_type!(
    /// Names one user on one machine writing to one vault.
    DeviceId
);
id_type!(
    /// Names one branch of a vault's history; new at every restore and rekey.
    LineageId
);
id_type!(
    /// Names one compartment: the unit that has a key of its own and can be forgotten.
    CompartmentId
);
id_type!(
    /// Names one record within a compartment and kind.
    RecordId
);
id_type!(
    /// Names one epoch: the time between two destructions of old keys.
    EpochId
);
id_type!(
    /// Names one segment file, checkpoint or store folder.
    FileId
);
id_type!(
    /// Names one slot of the header.
    SlotId
);
id_type!(
    /// Names one backup file.
    BackupId
);

/// Says what a record is; numbers are given out by the layer above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u16);

/// Says which shape of its kind a record was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Schema(pub u16);

/// Length of a dot in bytes.
pub const DOT_LENGTH: usize = 24;

/// Names one write of one record: the device, and a counter that device never repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// The device that wrote.
    pub device: DeviceId,
    /// Unique on that device, rising.
    pub counter: u64,
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |d: u8| match d {
            b'0'..=b'9' => Some(d - b'0'),
            b'a'..=b'f' => Some(d - b'a' + 10),
            _ => None,
        };
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_survive_hexadecimal() {
        let id = RecordId(*b"\x00\x01\xfeabcdefghijklm");
        assert_eq!(RecordId::from_hex(&id.to_hex()), Some(id));
        assert_eq!(RecordId::from_hex("00"), None);
        assert_eq!(RecordId::from_hex(&"G0".repeat(16)), None);
    }
}
