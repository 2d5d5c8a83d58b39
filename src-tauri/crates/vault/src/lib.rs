//! The encrypted vault: it keeps records in compartments, each under a key of its own, in a folder that tells
//! a stranger nothing and loses no acknowledged save. It knows no mentors: kinds are numbers, payloads bytes.
//!
//! The format is described to the byte in `docs/FORMAT.md`. Inside, arrows point down:
//!
//! ```text
//! vault, open, history, forget, rekey, backup, restore what the program asks for
//! header  keyring  epoch  anchor journal  checkpoint  current  store     files
//! slot    row      frame  segment  sums                                  shapes
//! envelope  kdf  passphrase  spare_key  keychain                         safe cryptography
//! primitives  memory  disk                                               the crates and the system
//! ```

mod anchor;
mod backup;
mod backup_file;
mod backup_names;
mod base;
mod beside;
mod checkpoint;
mod clock;
mod codec;
mod container;
mod create;
mod current;
mod disk;
mod envelope;
mod epoch;
mod error;
mod forget;
mod frame;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod header;
mod history;
mod ids;
mod journal;
mod kdf;
mod keychain;
mod keyring;
mod known;
mod layout;
mod memory;
mod open;
mod passphrase;
mod primitives;
mod progress;
mod rehearsal;
mod rekey;
mod report;
mod restore;
mod retention;
mod row;
mod segment;
mod shared;
mod spare_key;
mod state;
mod store;
mod sums;
mod traces;
mod vault;
mod watch;
mod worker;

pub use backup::{
    WantedRecords, check_backup, check_backup_on, is_inside, look_at_backup, look_at_backup_on,
    rehearse, rehearse_on,
};
pub use backup_names::{AutomaticBackup, BACKUP_ENDING, automatic_backups};
pub use beside::{
    Hold, clear_beside, clear_beside_on, hold, hold_on, is_name_beside, make_name_of_restored,
    name_before,
};
pub use clock::{Clock, RealClock};
pub use disk::{Appending, Disk, Entry, EntrySort, Held, RealDisk, TEMPORARY_PREFIX, Tightened};
pub use error::{Error, NotDestroyed, Part, RekeyError};
pub use history::{DamagedFile, HistoryCheck};
pub use ids::{
    BackupId, CompartmentId, DeviceId, Dot, EpochId, FileId, Kind, LineageId, RecordId, Schema,
    SlotId, VaultId,
};
pub use kdf::KdfCost;
pub use keychain::KeychainSecret;
pub use passphrase::{MAX_PASSPHRASE_BYTES, Passphrase, PassphraseRefused};
pub use rekey::NewKeys;
pub use report::{
    BackupCheck, BackupCompartment, BackupMade, BackupPlace, CompartmentCheck, CompartmentInfo,
    Destruction, Erasure, Finding, ForgetReport, ForgottenInfo, Found, FoundBackup,
    HeldCompartment, KnownBackup, Moment, OpeningReport, RebuildReason, RecordRef, RekeyReport,
    Restored, Saved, Unreadable, Visited,
};
pub use restore::{RestoreOptions, Returning, restore, restore_on};
pub use retention::{LocalDay, LocalTime, Retention};
pub use spare_key::{SpareKey, SpareKeyRefused};
pub use vault::{
    Batch, CompartmentOptions, Credential, Host, MAX_ALIAS, MAX_BATCH, MAX_KEYCHAIN_SLOTS,
    MAX_PAYLOAD, MAX_WRITES, Places, Record, Vault, look, look_on,
};
pub use watch::{Quiet, Step, Watch};
