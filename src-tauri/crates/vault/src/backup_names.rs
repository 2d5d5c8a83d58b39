//! The names of automatic backups, which say when they were made and whether rows were missing, and nothing else; and the
//! files in a folder that bear them.

use std::path::Path;

use crate::backup;
use crate::backup_file;
use crate::disk::{self, EntrySort};
use crate::error::{Error, Part};
use crate::ids::{BackupId, LineageId, VaultId};
use crate::known;
use crate::retention::{LocalDay, LocalTime, Retention};
use crate::vault::{Host, Vault};

const STEM: &str = "confidant-";
/// How the names of backups end.
pub const BACKUP_ENDING: &str = ".cfdbackup";
/// Stands before the ending where rows were missing in the vault.
const INCOMPLETE: &str = "-incomplete";

/// A backup of a vault that bears the name of an automatic one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutomaticBackup {
    /// The file's name.
    pub file: String,
    /// When it was made, by its name.
    pub made: LocalTime,
    /// Whether rows were missing in the vault then, by its name. Such a one takes no other's place.
    pub incomplete: bool,
    /// Its id.
    pub id: BackupId,
    /// Its length.
    pub bytes: u64,
    /// The branch of the vault's history: where that is not `Vault::lineage`, the backup was made before the vault got
    /// new keys, or of another branch, and is no backup of the vault as it is.
    pub lineage: LineageId,
}

impl LocalTime {
    /// The name of an automatic backup that is made at this time: `confidant-2026-11-27-183000.cfdbackup`.
    pub fn backup_name(self) -> String {
        let (hour, minute, second) = self.clock();
        format!(
            "{STEM}{}-{hour:02}{minute:02}{second:02}{BACKUP_ENDING}",
            self.day
        )
    }

    /// The name of an automatic backup of a vault in which rows are missing:
    /// `confidant-2026-11-27-183000-incomplete.cfdbackup`.
    pub fn incomplete_backup_name(self) -> String {
        let name = self.backup_name();
        let stem = name.strip_suffix(BACKUP_ENDING).unwrap_or(&name);
        format!("{stem}{INCOMPLETE}{BACKUP_ENDING}")
    }

    /// Reads the name of an automatic backup; `None` for any other, that of an incomplete one included.
    pub fn of_backup_name(name: &str) -> Option<Self> {
        let stamp = name.strip_prefix(STEM)?.strip_suffix(BACKUP_ENDING)?;
        let number = |from: usize, to: usize| stamp.get(from..to)?.parse::<u32>().ok();
        let day = LocalDay::new(number(0, 4)? as i32, number(5, 7)?, number(8, 10)?)?;
        let time = LocalTime::new(day, number(11, 13)?, number(13, 15)?, number(15, 17)?)?;
        // Only the exact spelling is ours.
        (time.backup_name() == name).then_some(time)
    }
}

/// When an automatic backup was made, and whether it is incomplete, by its name.
fn read_name(name: &str) -> Option<(LocalTime, bool)> {
    let incomplete = || {
        let stem = name.strip_suffix(BACKUP_ENDING)?.strip_suffix(INCOMPLETE)?;
        LocalTime::of_backup_name(&format!("{stem}{BACKUP_ENDING}"))
    };
    match LocalTime::of_backup_name(name) {
        Some(made) => Some((made, false)),
        None => Some((incomplete()?, true)),
    }
}

/// Lists the automatic backups of a vault in a folder, oldest first. Whatever bears another name, is damaged at its
/// beginning, has not the length that its beginning says, or belongs to another vault, is none.
pub fn automatic_backups(
    host: &Host,
    folder: &Path,
    vault: VaultId,
) -> Result<Vec<AutomaticBackup>, Error> {
    let mut found = Vec::new();
    for entry in host.disk.list(folder)? {
        let Some((made, incomplete)) = read_name(&entry.name) else {
            continue;
        };
        if entry.sort != EntrySort::File {
            continue;
        }
        let looked = backup_file::look(&*host.disk, &folder.join(&entry.name));
        if let Ok((Ok(preface), bytes)) = looked
            && preface.vault == vault
            && preface.file_length() == bytes
        {
            found.push(AutomaticBackup {
                file: entry.name,
                made,
                incomplete,
                id: preface.id,
                bytes,
                lineage: preface.lineage,
            });
        }
    }
    found.sort_by(|one, other| (one.made, &one.file).cmp(&(other.made, &other.file)));
    Ok(found)
}

impl Vault {
    /// Removes the automatic backups of this vault in a folder that need not be kept, takes them off the list, and
    /// clears away what a backup that was cut short left there before yesterday. Meant for after a backup that was
    /// made, and so proved to be whole. Incomplete ones count for nothing and stay. So do those of another branch of
    /// the vault's history, of before a restore or new keys as well: another computer may go on with that branch and
    /// keep its backups here, too, or what they hold may be nowhere else. Returns the names of the removed backups.
    /// Errors: those of the disk, and `Damaged` while rows are missing in the vault: an old backup may be the only
    /// place where they still are.
    pub fn remove_old_backups(
        &self,
        folder: &Path,
        retention: Retention,
        now: LocalTime,
    ) -> Result<Vec<String>, Error> {
        self.with_present(|shared| {
            if shared.known_incomplete || shared.rows_are_suspect() {
                return Err(Error::Damaged { part: Part::Store });
            }
            let disk = &*shared.host.disk;
            let _one = shared.hold_backups()?;
            let mut backups = automatic_backups(&shared.host, folder, shared.vault)?;
            backups.retain(|backup| !backup.incomplete && backup.lineage == shared.lineage);
            let made: Vec<_> = backups.iter().map(|backup| backup.made).collect();
            let mut removed = Vec::new();
            for place in retention.superfluous(&made, now) {
                let backup = &backups[place];
                disk::remove_if_there(disk, &folder.join(&backup.file))?;
                removed.push(backup.file.clone());
                // The file is gone; a list that cannot be written now says so when it is asked where the file is.
                let _ = known::remove(shared, backup.id);
            }
            clear_remains(&shared.host, folder, now)?;
            if !removed.is_empty() {
                disk.sync_folder(folder)?;
            }
            Ok(removed)
        })
    }
}

/// Removes unfinished files that nobody can be writing any more.
fn clear_remains(host: &Host, folder: &Path, now: LocalTime) -> Result<(), Error> {
    for entry in host.disk.list(folder)? {
        let named = entry.name.strip_prefix(disk::TEMPORARY_PREFIX);
        let Some((begun, _)) = named.and_then(read_name) else {
            continue;
        };
        if entry.sort == EntrySort::File && begun.day.number() + 1 < now.day.number() {
            match backup::remove_remains(&*host.disk, &folder.join(&entry.name)) {
                // It is not what its name says, or is out of reach: it stays.
                Ok(()) | Err(Error::Exists | Error::ReadOnly) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_say_when_and_nothing_else() {
        let day = LocalDay::new(2026, 11, 27).unwrap();
        let time = LocalTime::new(day, 18, 30, 0).unwrap();
        assert_eq!(time.backup_name(), "confidant-2026-11-27-183000.cfdbackup");
        let incomplete = "confidant-2026-11-27-183000-incomplete.cfdbackup";
        assert_eq!(time.incomplete_backup_name(), incomplete);
        assert_eq!(read_name(incomplete), Some((time, true)));
        assert_eq!(read_name(&time.backup_name()), Some((time, false)));
        for other in [
            "confidant-2026-11-27-183000.cfdbackup.txt",
            "confidant-2026-11-27-183000 (1).cfdbackup",
            "confidant-2026-11-31-183000.cfdbackup",
            "confidant-2026-11-27-243000.cfdbackup",
            "confidant-2026-11-27-+83000.cfdbackup",
            "confidant-2026-1-27-183000.cfdbackup",
            "confidant-2026x11x27x183000.cfdbackup",
            "confidant-before-the-talk.cfdbackup",
            "Confidant-2026-11-27-183000.cfdbackup",
            "confidant-2026-11-27-183000-incomplete-incomplete.cfdbackup",
            "confidant-2026-11-27-183000-Incomplete.cfdbackup",
            "tmp.confidant-2026-11-27-183000.cfdbackup",
            "confidant-ä026-11-27-183000.cfdbackup",
            "",
        ] {
            assert_eq!(LocalTime::of_backup_name(other), None, "{other}");
            assert_eq!(read_name(other), None, "{other}");
        }
        assert_eq!(LocalTime::of_backup_name(incomplete), None);
    }

    proptest! {
        #[test]
        fn every_time_has_a_name_that_gives_it_back(
            year in 1970..=9999i32, month in 1..=12u32, day in 1..=31u32,
            hour in 0..24u32, minute in 0..60u32, second in 0..60u32,
        ) {
            if let Some(day) = LocalDay::new(year, month, day) {
                let time = LocalTime::new(day, hour, minute, second).unwrap();
                prop_assert_eq!(LocalTime::of_backup_name(&time.backup_name()), Some(time));
            }
        }

        #[test]
        fn no_other_text_is_taken_for_a_name(text in "\\PC{0,40}") {
            prop_assert_eq!(LocalTime::of_backup_name(&text), None);
        }
    }
}
