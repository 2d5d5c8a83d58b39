//! One id type for each thing that has an id.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "ts", ts(export, type = "string"))]
        pub struct $name(Uuid);

        impl $name {
            /// The sixteen bytes of the id.
            pub fn bytes(self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// The id with these sixteen bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id_type!(
    /// Names a space: the id of its compartment.
    SpaceId
);
id_type!(
    /// Names a record: a UUIDv7, so that ids sort by the time they were made.
    RecordId
);
id_type!(
    /// Names a part of a record, such as a milestone.
    ItemId
);

impl RecordId {
    /// Makes the id of a new record (RFC 9562, version 7).
    pub fn make() -> Self {
        Self(Uuid::now_v7())
    }

    pub(crate) fn in_vault(self) -> vault::RecordId {
        vault::RecordId(self.bytes())
    }
}

impl ItemId {
    /// Makes the id of a new part of a record (RFC 9562, version 7).
    pub fn make() -> Self {
        Self(Uuid::now_v7())
    }
}

impl SpaceId {
    pub(crate) fn compartment(self) -> vault::CompartmentId {
        vault::CompartmentId(self.bytes())
    }
}

impl From<vault::CompartmentId> for SpaceId {
    fn from(id: vault::CompartmentId) -> Self {
        Self::from_bytes(id.0)
    }
}

impl From<vault::RecordId> for RecordId {
    fn from(id: vault::RecordId) -> Self {
        Self::from_bytes(id.0)
    }
}
