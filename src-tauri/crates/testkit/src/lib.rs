//! For tests only: cheap key stretching, temporary vaults, a fixed clock, disks that crash.

use vault::KdfCost;

/// The least that the vault accepts; the only place where stretching is made cheap.
pub const CHEAP: KdfCost = KdfCost::FLOOR;
