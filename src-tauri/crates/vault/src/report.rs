//! What an opening found and mended, and what the other long operations answer.

use std::path::PathBuf;

use crate::ids::{
    BackupId, CompartmentId, DeviceId, Dot, Kind, LineageId, RecordId, Schema, VaultId,
};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Moment = i64;

/// What lies at a place, as far as can be told without any secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// No vault.
    Nothing,
    /// A vault with at least one sound header copy.
    Vault {
        /// Its id.
        id: VaultId,
        /// Whether both header copies are sound.
        both_headers: bool,
    },
    /// A vault that a newer version made; left as it is.
    Newer {
        /// The format's version number.
        version: u16,
    },
    /// Something that was a vault: no header copy is sound.
    Damaged,
}

/// What opening found out and did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpeningReport {
    /// Whether the vault is open for reading only.
    pub read_only: bool,
    /// Everything out of the ordinary, in the order it was found.
    pub findings: Vec<Finding>,
}

impl OpeningReport {
    /// Whether rows are missing that nothing could bring back.
    pub fn is_incomplete(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| matches!(finding, Finding::Incomplete { .. }))
    }
}

/// One thing out of the ordinary at opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A header copy was damaged, missing or behind, and was written again from the sound one.
    HeaderRepaired,
    /// A copy of the epoch file was written again from the other.
    EpochRepaired,
    /// The newest keyring is damaged; the one before it is in use, and nothing may be written.
    KeyringBehind {
        /// The revision the header names.
        wanted: u64,
        /// The revision in use.
        used: u64,
    },
    /// The device refuses to read a part of the vault. What can be read is shown, and nothing is written: it may be shown
    /// another time.
    DeviceRefuses,
    /// An interrupted forgetting was brought to its end.
    ForgettingFinished,
    /// An interrupted forgetting was brought to its end, and yet it is not proven that nothing of before is left: something
    /// is there, or could not be read. Nothing goes on with it by itself.
    ForgettingLeft,
    /// What was forgotten could not be destroyed to the end yet, for want of space above all: nothing opens it, and rows of
    /// it are left. The next opening goes on with it.
    ForgettingUnfinished,
    /// An interrupted rekey, or change of a second passphrase, was brought to its end: the new keys are in force.
    RekeyFinished,
    /// New keys are in force, and what was before them could not be destroyed to the end yet, for want of space above all.
    /// The next change, closing the vault, or its next opening goes on with it.
    RekeyUnfinished,
    /// Files of an operation that never took effect were put into `local/orphan/`.
    Orphaned {
        /// How many files.
        files: u64,
    },
    /// Frames that the store had not yet taken in were applied.
    Replayed {
        /// How many frames.
        frames: u64,
    },
    /// A segment ended in a frame that was never finished.
    TornTail {
        /// The device that wrote it.
        device: DeviceId,
        /// Bytes that were left out.
        bytes: u64,
    },
    /// Frames of the journal cannot be read.
    Gap {
        /// The device whose journal it is.
        device: DeviceId,
        /// Number of the first unreadable save.
        from: u64,
        /// Number of the last unreadable save.
        to: u64,
    },
    /// A segment belongs to no history of this vault and was left out.
    ForeignSegment,
    /// A checkpoint is damaged; another one or the journal was used.
    CheckpointDamaged,
    /// The store was built anew from checkpoint and journal.
    StoreRebuilt {
        /// Why.
        reason: RebuildReason,
        /// How many rows it holds.
        rows: u64,
    },
    /// `CURRENT` was missing or wrong and was written again.
    CurrentRebuilt,
    /// The rows of a compartment, or in all, are not those that the journal says should be there.
    Incomplete {
        /// The compartment; none when it is not one that the keyring knows.
        compartment: Option<CompartmentId>,
        /// Rows that should be there.
        expected: u64,
        /// Rows that are.
        found: u64,
    },
    /// Rows of a compartment that the keyring does not know; they are kept.
    UnknownRows {
        /// How many rows.
        rows: u64,
    },
    /// Something sealed knows of saves that the journal does not hold.
    JournalBehind {
        /// Number of the last save known elsewhere.
        known: u64,
        /// Number of the last save in the journal.
        found: u64,
    },
    /// This machine has seen a newer state of this vault.
    Rollback {
        /// When the newer state was seen.
        known_at: Moment,
        /// When the present state was saved, where the journal still says so.
        found_at: Option<Moment>,
    },
    /// This machine has seen another history of this vault.
    Fork {
        /// When the other history was seen.
        known_at: Moment,
        /// When the present state was saved, where the journal still says so.
        found_at: Option<Moment>,
    },
    /// This machine has seen another branch of this vault later than this one: one of the two was restored from a
    /// backup of the other, or both are such.
    OtherBranchNewer {
        /// When the other branch was seen last.
        known_at: Moment,
    },
    /// What this machine knew lies further back than the journal reaches, so a fork cannot be ruled out.
    HistoryUnproven,
    /// This machine has not opened this vault before, so it cannot know of newer states.
    FirstTimeHere,
    /// What this machine knew of the vault is damaged, so it cannot know of newer states.
    AnchorDamaged,
    /// The vault has other keys than when it was last opened here: it was given new ones elsewhere. What this machine
    /// knew is sealed under the old ones and is kept for them, so it cannot know of newer states.
    OtherKeysSince,
    /// What opened the vault now opens it no more: a change of passphrase or spare key had been cut off between the two
    /// copies of the header, and is complete now. The new one is in force.
    KeyReplaced,
    /// Files or folders were open to others and were tightened.
    PermissionsTightened {
        /// How many.
        entries: u64,
    },
    /// Files or folders are open to others, and the system refuses to tighten them; or they belong to somebody else.
    PermissionsLoose {
        /// How many.
        entries: u64,
    },
    /// Symbolic links inside the vault were not followed.
    LinksIgnored {
        /// How many.
        entries: u64,
    },
}

/// Why the store had to be built anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RebuildReason {
    /// Its folder is not there.
    Missing,
    /// It cannot be opened.
    Damaged,
    /// Its rows are not those that the journal says should be there.
    Incomplete,
    /// It is older than the journal reaches back.
    TooOld,
    /// The folder is read-only, so its rows are held in memory.
    ReadOnly,
}

/// What is known of a compartment without opening any record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompartmentInfo {
    /// Its id.
    pub id: CompartmentId,
    /// Which device made it, and in which revision of the keyring.
    pub created: Dot,
    /// Whether its key is out of reach until `open_compartment`.
    pub locked: bool,
    /// Whether it has a second passphrase.
    pub second_passphrase: bool,
    /// A short name that may be shown while it is locked.
    pub alias: Option<String>,
    /// Day after which it is due to be forgotten, counted from 1970-01-01.
    pub retention_day: Option<u32>,
}

/// The answer to a save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// Number of the save on this device.
    pub sequence: u64,
}

/// One record as `visit` shows it.
#[derive(Clone, Copy)]
pub struct RecordRef<'a> {
    /// What it is.
    pub kind: Kind,
    /// Which one it is.
    pub record: RecordId,
    /// The shape it was written in.
    pub schema: Schema,
    /// Its content.
    pub payload: &'a [u8],
}

impl std::fmt::Debug for RecordRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordRef")
            .field("kind", &self.kind)
            .field("record", &self.record)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

/// What `visit` could and could not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visited {
    /// How many records were shown.
    pub records: u64,
    /// What could not be opened.
    pub unreadable: Vec<Unreadable>,
}

/// A row or record that could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable {
    /// The sealed name of the row.
    pub row: [u8; 16],
    /// The record, where its head could be opened but not all of its chunks.
    pub record: Option<(Kind, RecordId)>,
}

/// Whether a compartment is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompartmentCheck {
    /// The compartment.
    pub compartment: CompartmentId,
    /// Rows that should be there; a long record takes several.
    pub records_expected: u64,
    /// Rows that are there.
    pub records_found: u64,
    /// Whether they are exactly the rows that were last saved.
    pub ok: bool,
}

/// What a forgetting did. From when there is a report the compartment is gone: the keyring in force has no key of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgetReport {
    /// Rows that it had.
    pub rows: u64,
    /// Whether every older keyring and epoch file that was found is destroyed, so that nothing here opens those rows.
    pub key_destroyed: bool,
    /// What became of its key and rows: gone and proven gone, or why not.
    pub destruction: Result<Erasure, crate::error::NotDestroyed>,
}

/// What was destroyed with a compartment, and what was gone through afterwards to prove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// Files of keys, journal, checkpoints and set-asides that were destroyed.
    pub files_destroyed: u64,
    /// Files that were left and gone through afterwards.
    pub files_checked: u64,
    /// Bytes that were left and gone through afterwards.
    pub bytes_checked: u64,
    /// Sealed parts that opened afterwards with the keys of other compartments, and so are none of it.
    pub parts_opened: u64,
    /// Sealed parts that no key at hand opened, because their compartment is shut or they are damaged: that they are none
    /// of it, only their names say, which were compared.
    pub parts_compared: u64,
}

/// What a rekey did, or a second passphrase that was set, changed or removed. From when there is a report the new
/// keys are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RekeyReport {
    /// Compartments that have a new key, in the order in which they were made.
    pub compartments: Vec<CompartmentId>,
    /// Records that were sealed again.
    pub records: u64,
    /// Bytes of the payloads of these records.
    pub bytes: u64,
    /// Rows that nobody had the key to, and that are gone: of no compartment that the keyring knows, or damaged in a
    /// vault whose opening had told of damage.
    pub rows_left_behind: u64,
    /// Known backups that hold a compartment that has a new key, and whether each is where it was. After a rekey they
    /// still open with what opened the vault when they were made, and with nothing that opens it now; after a
    /// change of a second passphrase they open that compartment as they did, with the one of then or with none.
    pub backups: Vec<(KnownBackup, BackupPlace)>,
    /// Whether the list of known backups could not be read, so that there may be others.
    pub backups_unknown: bool,
    /// What became of the old keys and of all that was sealed with them: gone and proven gone, or why not.
    pub destruction: Result<Destruction, crate::error::NotDestroyed>,
}

/// What was destroyed with old keys, and what was gone through afterwards to prove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destruction {
    /// Files and stores that were overwritten and removed.
    pub files_destroyed: u64,
    /// Files that were left and tried afterwards with the old keys, which opened none.
    pub files_checked: u64,
    /// Bytes that were left and tried afterwards.
    pub bytes_checked: u64,
    /// Sealed parts that were tried afterwards with the old keys, which opened none.
    pub parts_tried: u64,
}

/// A compartment that is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgottenInfo {
    /// Its id.
    pub id: CompartmentId,
    /// When it was forgotten.
    pub at: Moment,
}

/// What a file is, as far as can be told without any secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBackup {
    /// A backup, sound as far as it goes; only opening it proves the whole.
    Backup {
        /// Its id.
        id: BackupId,
        /// The vault it was made of.
        vault: VaultId,
        /// The branch of that vault's history.
        lineage: LineageId,
        /// Length of the file.
        bytes: u64,
    },
    /// A backup that a newer version made.
    Newer {
        /// The format's version number; 0 where a flag says it.
        version: u16,
        /// Length of the file.
        bytes: u64,
    },
    /// No backup, or a damaged one.
    Damaged {
        /// Length of the file.
        bytes: u64,
    },
}

/// What a backup holds of one compartment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldCompartment {
    /// The compartment.
    pub id: CompartmentId,
    /// Which of its keys: a higher one replaced it when its passphrase was set or changed later.
    pub generation: u32,
    /// Whether it has a second passphrase there.
    pub second_passphrase: bool,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupMade {
    /// Its id.
    pub id: BackupId,
    /// Length of the file.
    pub bytes: u64,
    /// Rows in it; a long record takes several.
    pub rows: u64,
    /// What it holds.
    pub compartments: Vec<HeldCompartment>,
    /// Whether rows were missing in the vault, of which its opening has told.
    pub incomplete: bool,
    /// Whether this machine remembers it; if not, a later receipt of a forgetting cannot name it.
    pub remembered: bool,
    /// Whether its name is there for good, as far as its disk can say such a thing; if not, it may be gone after a
    /// loss of power.
    pub settled: bool,
}

/// What a backup was found to hold. Everything in it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupCheck {
    /// Its id.
    pub id: BackupId,
    /// The vault it was made of.
    pub vault: VaultId,
    /// The branch of that vault's history.
    pub lineage: LineageId,
    /// Length of the file.
    pub bytes: u64,
    /// When the last save in it was made; none if there was none.
    pub saved_at: Option<Moment>,
    /// Rows in it; a long record takes several.
    pub rows: u64,
    /// Rows of compartments that its keyring does not know.
    pub unknown_rows: u64,
    /// Its compartments, in the order in which they were made.
    pub compartments: Vec<BackupCompartment>,
    /// Compartments that had been forgotten when it was made.
    pub forgotten: Vec<CompartmentId>,
}

/// One compartment in a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupCompartment {
    /// Its id.
    pub id: CompartmentId,
    /// Which of its keys.
    pub generation: u32,
    /// Whether it has a second passphrase, and so stays shut.
    pub second_passphrase: bool,
    /// A short name that may be shown while it is locked.
    pub alias: Option<String>,
    /// Rows in it, exactly those that were saved.
    pub rows: u64,
    /// Records that were opened, after a rehearsal; none where the compartment stayed shut.
    pub records: Option<u64>,
    /// Rows and records that a rehearsal could not open.
    pub unreadable: u64,
}

/// A backup that this machine remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBackup {
    /// Its id.
    pub id: BackupId,
    /// When it was made or taken into the list.
    pub made: Moment,
    /// When it was last read to its end and found whole.
    pub verified: Option<Moment>,
    /// Length of the file.
    pub bytes: u64,
    /// The folder it was last known in; none where its name cannot be written down.
    pub folder: Option<PathBuf>,
    /// The name of the file.
    pub file: String,
    /// The branch of the vault's history.
    pub lineage: LineageId,
    /// Revision of the vault's header.
    pub header_revision: u64,
    /// Revision of the vault's keyring.
    pub keyring_revision: u64,
    /// Number of the epoch.
    pub epoch: u64,
    /// What it holds.
    pub holds: Vec<HeldCompartment>,
}

/// Whether a known backup is still where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupPlace {
    /// It is there.
    There,
    /// Another file bears its name, or it has been changed.
    Another,
    /// Its folder is there, the file is not. It may lie elsewhere: it was moved, or the folder is where a drive is
    /// attached that is not attached now.
    Gone,
    /// Its folder cannot be read: a drive that is not attached, or a folder that was moved.
    OutOfReach,
}

/// A vault that was made from a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The vault's id, the same as before.
    pub vault: VaultId,
    /// The new branch of its history.
    pub lineage: LineageId,
    /// Rows in it.
    pub rows: u64,
    /// Its compartments.
    pub compartments: Vec<CompartmentId>,
    /// Forgotten compartments of the backup that were left out.
    pub left_out: Vec<CompartmentId>,
    /// Forgotten compartments that came back.
    pub returned: Vec<CompartmentId>,
}
