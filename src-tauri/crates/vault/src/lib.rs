//! The encrypted vault: it keeps records in compartments, each under a key of its own, in a folder that tells
//! a stranger nothing and loses no acknowledged save. It knows no mentors: kinds are numbers, payloads bytes.
//!
//! The format is described to the byte in `docs/FORMAT.md`. Inside, arrows point down:
//!
//! ```text
//! vault, open, forget            what the program asks for
//! header  keyring  epoch  anchor journal  checkpoint  current  store     files
//! slot    row      frame  segment  sums                                  shapes
//! envelope  kdf  passphrase  spare_key                                   safe cryptography
//! primitives  disk                                                       the crates and the system
//! ```

mod error;
mod ids;
mod kdf;
mod passphrase;
mod primitives;
mod report;
mod spare_key;
mod vault;
mod watch;

pub use error::{Error, Part};
pub use ids::{
    CompartmentId, DeviceId, Dot, EpochId, FileId, Kind, LineageId, RecordId, Schema, SlotId, VaultId,
};
pub use kdf::KdfCost;
pub use passphrase::{MAX_PASSPHRASE_BYTES, Passphrase, PassphraseRefused};
pub use report::{
    CompartmentCheck, CompartmentInfo, Finding, ForgetReport, Found, Moment, OpeningReport,
    RebuildReason, RecordRef, Saved, Unreadable, Visited,
};
pub use spare_key::{SpareKey, SpareKeyRefused};
pub use vault::{
    Batch, CompartmentOptions, Credential, MAX_ALIAS, MAX_BATCH, MAX_PAYLOAD, Places, Record, Vault,
    look,
};
pub use watch::{Quiet, Step, Watch};
