//! What both shells share: the window and the command line.
//!
//! Where a vault usually lives, why something failed and how much a finding weighs, which passphrase is strong enough,
//! how a file is written whole, when a backup is due, how it is put back, whether all that was saved is there, and the proof that nothing
//! written in confidence lies readable on the disk. It knows
//! neither window nor terminal, and every rule of mentoring is below it.

pub mod backups;
pub mod checkup;
pub mod error;
pub mod files;
pub mod harden;
pub mod keychain;
pub mod notices;
pub mod old_keys;
pub mod passphrases;
pub mod places;
pub mod prove;
pub mod putting_back;
pub mod setting_up;

pub use error::{AppError, ErrorCode, Reply};
