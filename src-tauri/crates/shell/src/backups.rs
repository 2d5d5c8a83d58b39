//! Backups: the folder they go to by themselves, when one is due, and whether it could be put back.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Datelike, Local, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};
use vault::{
    BackupMade, BackupPlace, FoundBackup, Host, LocalDay, LocalTime, Moment, Retention, Vault,
    Watch,
};

use crate::{
    checkup,
    error::{AppError, ErrorCode, Reply},
    files,
};

const FILE: &str = "backups.json";
const REHEARSAL_FILE: &str = "rehearsal.json";
/// How often a backup is put back in memory, to see that it can be.
const REHEARSE_EVERY: TimeDelta = TimeDelta::days(30);

/// Where automatic backups go, as this computer knows it: before the vault is open, so nothing private is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BackupPlan {
    /// The folder that the person chose; without one, none is made by itself.
    pub folder: Option<PathBuf>,
}

/// What there is to say of a backup that was made and read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct BackedUp {
    /// Whether rows were missing in the vault, and so are in it.
    pub incomplete: bool,
    /// Whether this computer remembers it; if not, a later receipt cannot name it.
    pub remembered: bool,
    /// Whether it stays where it is even if the power fails now.
    pub settled: bool,
}

/// How putting a backup back went, when it was tried in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Rehearsed {
    /// When it was tried.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: DateTime<Utc>,
    /// When the backup was made.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub made: DateTime<Utc>,
    /// Whether everything in it was there and every record opened.
    pub whole: bool,
}

impl BackupPlan {
    /// Reads the plan of a configuration folder; what cannot be read is none.
    pub fn read(device: &Path) -> Self {
        let text = fs::read(device.join(FILE)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Writes the plan.
    pub fn write(&self, device: &Path) -> io::Result<()> {
        files::make_private_folder(device)?;
        files::replace(&device.join(FILE), &serde_json::to_vec_pretty(self)?)
    }

    /// Makes a backup in the chosen folder, and removes those there that need not be kept: none while anything is missing
    /// in the vault, for an old backup may be the only place where it still is. Nothing is made without a folder.
    pub fn back_up(
        &self,
        vault: &Vault,
        now: DateTime<Local>,
        watch: &dyn Watch,
    ) -> Reply<Option<BackedUp>> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        if !folder.is_dir() {
            return Err(ErrorCode::BackupFolderGone.into());
        }
        let time = local_time(now).ok_or(ErrorCode::Unexpected)?;
        // Under this name it takes no whole one's place, later on neither.
        let name = match vault.opening().is_incomplete() {
            true => time.incomplete_backup_name(),
            false => time.backup_name(),
        };
        let made = BackedUp::of(&vault.backup(&folder.join(name), watch)?);
        let missing = made.incomplete || checkup::tells_of_loss(&vault.opening().findings);
        if !missing && made.settled {
            // The new one is whole. Old ones that cannot be removed now are removed after another day's backup.
            let _ = vault.remove_old_backups(folder, Retention::default(), time);
        }
        Ok(Some(made))
    }

    /// Makes the day's backup, unless there is one already.
    pub fn back_up_daily(
        &self,
        vault: &Vault,
        now: DateTime<Local>,
        watch: &dyn Watch,
    ) -> Reply<Option<BackedUp>> {
        let (Some(folder), Some(time)) = (&self.folder, local_time(now)) else {
            return Ok(None);
        };
        let made = vault::automatic_backups(&Host::default(), folder, vault.id())?;
        let incomplete = vault.opening().is_incomplete();
        // One that was made before everything got new keys opens with the old passphrase; one that was made while rows
        // were missing is none of a vault that is whole.
        let counts = |backup: &vault::AutomaticBackup| {
            backup.made.day == time.day
                && backup.lineage == vault.lineage()
                && (incomplete || !backup.incomplete)
        };
        if made.iter().any(counts) {
            return Ok(None);
        }
        self.back_up(vault, now, watch)
    }
}

impl BackedUp {
    /// What there is to say of a backup that was made.
    pub fn of(made: &BackupMade) -> Self {
        Self {
            incomplete: made.incomplete,
            remembered: made.remembered,
            settled: made.settled,
        }
    }
}

/// The last rehearsal of a vault, as this computer knows it.
#[derive(Serialize, Deserialize)]
struct RehearsalNote {
    vault: String,
    last: Rehearsed,
}

/// How the last rehearsal of this vault went.
pub fn last_rehearsal(vault: &Vault, device: &Path) -> Option<Rehearsed> {
    let text = fs::read(device.join(REHEARSAL_FILE)).ok()?;
    let note: RehearsalNote = serde_json::from_slice(&text).ok()?;
    (note.vault == vault.id().to_hex()).then_some(note.last)
}

/// Tries in memory whether the newest backup within reach can be put back, once a month: it is read to its end, and every
/// record in it that is not sealed is opened. One that could not be put back is tried again after each opening. Returns
/// how it went, where it was time.
///
/// Errors: `Cancelled`, and those of the disk; the next opening tries again.
pub fn rehearse_when_due(
    vault: &Vault,
    device: &Path,
    now: DateTime<Utc>,
    watch: &dyn Watch,
) -> Reply<Option<Rehearsed>> {
    // A moment in the future is no reason to wait: the clock was wrong then, or is now.
    let is_fresh = |last: Rehearsed| {
        last.whole && (TimeDelta::zero()..REHEARSE_EVERY).contains(&(now - last.at))
    };
    if last_rehearsal(vault, device).is_some_and(is_fresh) {
        return Ok(None);
    }
    for backup in vault.known_backups()?.iter().rev() {
        let Some(folder) = &backup.folder else {
            continue;
        };
        if vault.find_backup(backup) != BackupPlace::There {
            continue;
        }
        let whole = match vault.rehearse_backup(&folder.join(&backup.file), watch) {
            Ok(found) => {
                found.unknown_rows == 0 && found.compartments.iter().all(|one| one.unreadable == 0)
            }
            Err(vault::Error::Damaged { .. }) => false,
            // Made before the vault got the keys it has: it opens with what opened the vault then.
            Err(vault::Error::WrongCredential) => continue,
            Err(error) => return Err(error.into()),
        };
        let note = RehearsalNote {
            vault: vault.id().to_hex(),
            last: Rehearsed {
                at: now,
                made: moment(backup.made),
                whole,
            },
        };
        let text = serde_json::to_vec_pretty(&note).map_err(|_| ErrorCode::Unexpected)?;
        files::make_private_folder(device)
            .and_then(|()| files::replace(&device.join(REHEARSAL_FILE), &text))
            .map_err(vault::Error::from)?;
        return Ok(Some(note.last));
    }
    Ok(None)
}

/// Looks at a file that shall be a backup, without any secret, and returns its length.
pub fn look(file: &Path) -> Reply<u64> {
    match vault::look_at_backup(file).map_err(of_file)? {
        FoundBackup::Backup { bytes, .. } => Ok(bytes),
        FoundBackup::Newer { .. } => Err(ErrorCode::BackupNewer.into()),
        FoundBackup::Damaged { .. } => Err(ErrorCode::BackupDamaged.into()),
    }
}

/// Why a file could not be read as a backup: what is missing is a file here, not the vault.
pub fn of_file(error: vault::Error) -> AppError {
    match error {
        vault::Error::Missing => ErrorCode::ImportUnreadable.into(),
        error => error.into(),
    }
}

/// A moment of the vault in the calendar.
pub fn moment(at: Moment) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or_default()
}

/// A moment as the vault's calendar has it; none outside the years it knows.
fn local_time(now: DateTime<Local>) -> Option<LocalTime> {
    let day = LocalDay::new(now.year(), now.month(), now.day())?;
    LocalTime::new(day, now.hour(), now.minute(), now.second())
}

#[cfg(test)]
mod tests {
    use testkit::TempVault;
    use vault::Quiet;

    use super::*;

    fn noon(day: &str) -> DateTime<Local> {
        let day: chrono::NaiveDate = day.parse().expect("a day");
        let noon = day.and_hms_opt(12, 0, 0).expect("a time");
        noon.and_local_timezone(Local).earliest().expect("a moment")
    }

    const WHOLE: BackedUp = BackedUp {
        incomplete: false,
        remembered: true,
        settled: true,
    };

    #[test]
    fn one_backup_a_day_is_made_by_itself_and_none_without_a_folder() {
        let (temporary, vault) = TempVault::create();
        let none = BackupPlan::default();
        assert_eq!(
            none.back_up_daily(&vault, noon("2026-11-27"), &Quiet),
            Ok(None)
        );
        let folder = temporary.places().device.join("stick");
        fs::create_dir_all(&folder).expect("a folder");
        let plan = BackupPlan {
            folder: Some(folder.clone()),
        };
        assert_eq!(
            plan.back_up_daily(&vault, noon("2026-11-27"), &Quiet),
            Ok(Some(WHOLE))
        );
        assert_eq!(
            plan.back_up_daily(&vault, noon("2026-11-27"), &Quiet),
            Ok(None)
        );
        assert_eq!(
            plan.back_up_daily(&vault, noon("2026-11-28"), &Quiet),
            Ok(Some(WHOLE))
        );
        let names: Vec<_> = fs::read_dir(&folder)
            .expect("there")
            .map(|entry| entry.expect("an entry").file_name().into_string())
            .collect();
        assert_eq!(names.len(), 2, "{names:?}");
        vault.lock().expect("locked");
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).expect("there");
        let mut names: Vec<_> = names
            .map(|entry| entry.expect("an entry").file_name())
            .map(|name| name.into_string().expect("ours"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn an_incomplete_backup_is_told_and_takes_the_place_of_no_whole_one() {
        let (temporary, vault) = TempVault::create();
        let space = vault.make_compartment(Default::default()).expect("made");
        let save = |vault: &Vault, number: u8| {
            let mut batch = vault::Batch::new();
            let (kind, id) = (vault::Kind(100), vault::RecordId([number; 16]));
            batch.put(space, kind, id, vault::Schema(1), "words");
            vault.save(batch).expect("saved");
        };
        (0..8).for_each(|number| save(&vault, number));
        let folder = temporary.folder().join("stick");
        fs::create_dir_all(&folder).expect("a folder");
        let plan = BackupPlan {
            folder: Some(folder.clone()),
        };
        let at = |day: &str, hours| noon(day) + TimeDelta::hours(hours);
        let noon = at("2026-11-27", 0);
        assert_eq!(plan.back_up(&vault, noon, &Quiet), Ok(Some(WHOLE)));
        vault.lock().expect("locked");
        let sound = temporary.copy();
        testkit::lose_a_row_for_good(temporary.root());
        let vault = temporary.open().expect("opened");
        assert!(vault.opening().is_incomplete());
        let incomplete = BackedUp {
            incomplete: true,
            ..WHOLE
        };
        let evening = at("2026-11-27", 6);
        let made = plan.back_up(&vault, evening, &Quiet);
        assert_eq!(made, Ok(Some(incomplete)));
        let made = plan.back_up_daily(&vault, at("2026-11-27", 7), &Quiet);
        assert_eq!(made, Ok(None), "the day has one");
        for day in 28..=30 {
            let made = plan.back_up_daily(&vault, at(&format!("2026-11-{day}"), 0), &Quiet);
            assert_eq!(made, Ok(Some(incomplete)));
        }
        let whole = "confidant-2026-11-27-120000.cfdbackup";
        assert!(names(&folder).contains(&whole.to_owned()));
        assert_eq!(vault.known_backups().expect("listed").len(), 5);
        vault.lock().expect("locked");

        // Once the vault is whole again, what was made meanwhile pushes out nothing and counts for no day.
        temporary.restore_folder_from(&sound);
        let vault = temporary.open().expect("opened");
        assert!(!vault.opening().is_incomplete());
        let made = plan.back_up_daily(&vault, at("2026-11-30", 1), &Quiet);
        assert_eq!(made, Ok(Some(WHOLE)));
        assert_eq!(names(&folder).len(), 6);
    }

    #[test]
    fn the_newest_backup_is_rehearsed_once_a_month_and_a_damaged_one_is_told() {
        let (temporary, vault) = TempVault::create();
        let device = temporary.places().device.clone();
        let day = |number: i64| moment(1_796_000_000_000) + TimeDelta::days(number);
        let rehearse = |number| {
            rehearse_when_due(&vault, &device, day(number), &Quiet)
                .expect("it runs")
                .map(|rehearsed| rehearsed.whole)
        };
        assert_eq!(rehearse(0), None, "there is none");
        let file = device.join("one.cfdbackup");
        vault.backup(&file, &Quiet).expect("made");
        assert_eq!(rehearse(0), Some(true));
        assert_eq!(rehearse(29), None);
        assert_eq!(rehearse(30), Some(true));
        assert_eq!(rehearse(-400), Some(true), "the clock was wrong, or is now");
        let mut bytes = fs::read(&file).expect("there");
        let last = bytes.len() - 200;
        bytes[last] ^= 1;
        fs::write(&file, bytes).expect("written");
        assert_eq!(rehearse(0), Some(false));
        assert_eq!(
            rehearse(1),
            Some(false),
            "until there is one that can be put back"
        );
        let (_other, stranger) = TempVault::create();
        assert_eq!(last_rehearsal(&stranger, &device), None, "of another vault");
        fs::remove_file(&file).expect("removed");
        assert_eq!(rehearse(60), None, "what is not at hand is not rehearsed");
        assert!(
            last_rehearsal(&vault, &device).is_some_and(|last| !last.whole),
            "what the last one came to stays"
        );
        vault.lock().expect("locked");
    }

    #[test]
    fn a_plan_is_kept_and_a_damaged_one_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let plan = BackupPlan {
            folder: Some(PathBuf::from("/media/stick")),
        };
        plan.write(folder.path()).expect("written");
        assert_eq!(BackupPlan::read(folder.path()), plan);
        fs::write(folder.path().join(FILE), "{\"folder\":").expect("written");
        assert_eq!(BackupPlan::read(folder.path()), BackupPlan::default());
    }
}
