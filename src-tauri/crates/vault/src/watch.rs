//! How a long operation tells of its progress and learns that it should stop.

/// Watches a long operation; called from whichever thread runs it.
pub trait Watch: Sync {
    /// Tells which step has been reached.
    fn at(&self, step: Step);
    /// Asks whether to stop; honoured only where stopping leaves nothing half done.
    fn cancelled(&self) -> bool;
}

/// Where a long operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The key is being stretched; how long it takes is not known beforehand.
    Stretching,
    /// Costs of stretching are being tried out.
    Calibrating,
    /// Files are being read and checked.
    Reading,
    /// Frames of the journal newer than the store are being applied.
    Replaying {
        /// Frames done.
        done: u64,
        /// Frames in all.
        total: u64,
    },
    /// The store is being built anew from checkpoint and journal.
    Rebuilding {
        /// Rows done.
        done: u64,
    },
    /// Completeness is being checked.
    Verifying {
        /// Rows done.
        done: u64,
        /// Rows in all.
        total: u64,
    },
    /// Rows are being written into a backup.
    BackingUp {
        /// Rows done.
        done: u64,
        /// Rows in all.
        total: u64,
    },
    /// Rows of a backup are being written into a new vault.
    Restoring {
        /// Rows done.
        done: u64,
        /// Rows in all.
        total: u64,
    },
    /// Rows are being sealed again under new keys.
    Rekeying {
        /// Rows done.
        done: u64,
        /// Rows in all.
        total: u64,
    },
    /// A new header, keyring or epoch is being written.
    Writing,
    /// Old keys are being destroyed.
    Destroying,
    /// The store is being compacted.
    Compacting,
    /// What is left is being tried with every key still held.
    Proving,
    /// Files are being searched for words that must not be in them.
    Searching {
        /// Bytes done.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
}

/// Watches nothing and never stops anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Watch for Quiet {
    fn at(&self, _step: Step) {}

    fn cancelled(&self) -> bool {
        false
    }
}
