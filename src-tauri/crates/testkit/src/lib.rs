//! For tests only: cheap key stretching, temporary vaults, a clock that stands still, disks that crash, fail or fill up, a login
//! manager that does as it is told, a real keychain.

mod crash_disk;
#[cfg(target_os = "linux")]
mod logind;
mod rows;
#[cfg(target_os = "linux")]
mod secret_service;
#[cfg(target_os = "linux")]
mod small_disk;
mod temp_vault;

use std::sync::atomic::{AtomicI64, Ordering};

use vault::{Clock, KdfCost, Moment};

pub use crash_disk::{CrashDisk, Picture, Survival};
#[cfg(target_os = "linux")]
pub use logind::{FakeLogind, TestBus};
pub use rows::{lose_a_row, lose_a_row_for_good, sealed_rows};
#[cfg(target_os = "linux")]
pub use secret_service::SecretService;
#[cfg(target_os = "linux")]
pub use small_disk::SmallDisk;
pub use temp_vault::{PASSPHRASE, TempVault, copy_folder};

/// The least that the vault accepts; the only place where stretching is made cheap.
pub const CHEAP: KdfCost = KdfCost::FLOOR;

/// A clock that moves only when told to.
#[derive(Debug, Default)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stops the clock at a moment.
    pub fn at(moment: Moment) -> Self {
        FixedClock(AtomicI64::new(moment))
    }

    /// Sets the clock.
    pub fn set(&self, moment: Moment) {
        self.0.store(moment, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Moment {
        self.0.load(Ordering::SeqCst)
    }
}
