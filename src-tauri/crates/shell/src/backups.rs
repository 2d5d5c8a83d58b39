//! Backups: the folder they go to by themselves, when one is due, and putting one in the place of the vault.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Datelike, Local, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};
use vault::{
    BackupPlace, CompartmentId, Credential, Found, FoundBackup, Host, LocalDay, LocalTime, Moment,
    Places, RestoreOptions, Retention, Returning, Vault, Watch,
};

use crate::{
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

    /// Makes a backup in the chosen folder, and removes those there that need not be kept. Nothing is made without a folder.
    pub fn back_up(&self, vault: &Vault, now: DateTime<Local>, watch: &dyn Watch) -> Reply<bool> {
        let Some(folder) = &self.folder else {
            return Ok(false);
        };
        let time = local_time(now).ok_or(ErrorCode::Unexpected)?;
        vault.backup(&folder.join(time.backup_name()), watch)?;
        // The new one is whole. Old ones that cannot be removed now are removed after another day's backup.
        let _ = vault.remove_old_backups(folder, Retention::default(), time);
        Ok(true)
    }

    /// Makes the day's backup, unless there is one already.
    pub fn back_up_daily(
        &self,
        vault: &Vault,
        now: DateTime<Local>,
        watch: &dyn Watch,
    ) -> Reply<bool> {
        let (Some(folder), Some(time)) = (&self.folder, local_time(now)) else {
            return Ok(false);
        };
        let made = vault::automatic_backups(&Host::default(), folder, vault.id())?;
        // One that was made before everything got new keys opens with the old passphrase.
        let counts = |backup: &vault::AutomaticBackup| {
            backup.made.day == time.day && backup.lineage == vault.lineage()
        };
        if made.iter().any(counts) {
            return Ok(false);
        }
        self.back_up(vault, now, watch)
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

/// Puts a backup in the place of the present vault, which stays beside it under another name. The present one is not touched
/// before the restored one has been opened once.
///
/// Errors: `PutBackNotOpened` where it is in its place, and the disk failed to say that this stays so. After all others
/// the present vault is where it was.
pub fn put_back(
    backup: &Path,
    places: &Places,
    keys: RestoreKeys<'_>,
    returning: Returning,
    now: DateTime<Local>,
    watch: &dyn Watch,
) -> Reply<()> {
    let forgotten = forgotten_here(backup, places, keys, returning, watch)?;
    let options = RestoreOptions {
        forgotten: &forgotten,
        returning,
    };
    let credential = keys.backup;
    if !is_there(&places.vault) {
        vault::restore(backup, places, credential, options, watch)?;
        return Ok(());
    }
    let beside = Places {
        vault: beside(&places.vault, "restored"),
        device: places.device.clone(),
    };
    if is_there(&beside.vault) {
        // Left by a restoring that was cut short after the new vault was whole; this one takes its place.
        fs::remove_dir_all(&beside.vault).map_err(vault::Error::from)?;
    }
    vault::restore(backup, &beside, credential, options, watch)?;
    let stamp = now.format("%Y-%m-%d-%H%M%S");
    let kept = self::beside(&places.vault, &format!("before-{stamp}"));
    fs::rename(&places.vault, &kept).map_err(vault::Error::from)?;
    if let Err(error) = fs::rename(&beside.vault, &places.vault) {
        // The present vault goes back to its place; the restored one stays where it is.
        let _ = fs::rename(&kept, &places.vault);
        return Err(vault::Error::from(error).into());
    }
    // Before anybody writes in it: without power the old one could be back in its place.
    sync_switch(places).map_err(|_| ErrorCode::PutBackNotOpened.into())
}

/// What opens a backup, and the vault that it shall take the place of, or stand beside.
#[derive(Clone, Copy)]
pub struct RestoreKeys<'a> {
    /// What opened the vault when the backup was made.
    pub backup: Credential<'a>,
    /// What opens the vault that is here now, where it is something else.
    pub present: Option<Credential<'a>>,
}

/// What the present vault has forgotten, if the backup is one of it. A vault that does not open, or cannot be read, cannot
/// tell: then nothing comes back unasked.
///
/// Errors: `ForgottenUnknown`, unless everything shall come back; `PresentNotOpened` if what was given for the present vault
/// does not open it; and those of a backup that does not open either.
pub fn forgotten_here(
    backup: &Path,
    places: &Places,
    keys: RestoreKeys<'_>,
    returning: Returning,
    watch: &dyn Watch,
) -> Reply<Vec<CompartmentId>> {
    let of_another = match (vault::look_at_backup(backup), vault::look(places)) {
        (Ok(FoundBackup::Backup { vault, .. }), Ok(Found::Vault { id, .. })) => vault != id,
        (_, Ok(Found::Nothing)) => true,
        _ => false,
    };
    if of_another {
        return Ok(Vec::new());
    }
    match Vault::open(places, keys.present.unwrap_or(keys.backup), watch) {
        Ok(vault) => {
            let forgotten = vault.forgotten().iter().map(|gone| gone.id).collect();
            // What cannot be tidied up now is tidied up at its next opening.
            let _ = vault.lock();
            Ok(forgotten)
        }
        Err(vault::Error::WrongCredential) if keys.present.is_some() => {
            Err(ErrorCode::PresentNotOpened.into())
        }
        Err(error @ (vault::Error::InUse | vault::Error::Cancelled)) => Err(error.into()),
        Err(_) if returning == Returning::BringBack => Ok(Vec::new()),
        Err(_) => {
            // Whoever mistyped the passphrase of the backup hears of that first.
            vault::check_backup(backup, keys.backup, watch).map_err(of_file)?;
            Err(ErrorCode::ForgottenUnknown.into())
        }
    }
}

/// Brings a switch to its end that was cut off between its two steps: the vault is gone from its place, and the restored one is
/// whole beside it.
pub fn finish_switch(places: &Places) -> io::Result<()> {
    let restored = beside(&places.vault, "restored");
    if !is_there(&places.vault) && is_there(&restored) {
        fs::rename(restored, &places.vault)?;
        return sync_switch(places);
    }
    // A kill after the switch may have come before it was synced. Where that cannot be done now, nothing is known to be
    // amiss.
    let _ = sync_switch(places);
    Ok(())
}

/// Makes durable which vault is in its place.
fn sync_switch(places: &Places) -> io::Result<()> {
    files::sync_folder_of(&places.vault)
}

fn beside(vault: &Path, what: &str) -> PathBuf {
    let mut name = vault.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".");
    name.push(what);
    vault.with_file_name(name)
}

fn is_there(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

#[cfg(test)]
mod tests {
    use testkit::TempVault;
    use vault::{Passphrase, Quiet};

    use super::*;

    fn noon(day: &str) -> DateTime<Local> {
        let day: chrono::NaiveDate = day.parse().expect("a day");
        let noon = day.and_hms_opt(12, 0, 0).expect("a time");
        noon.and_local_timezone(Local).earliest().expect("a moment")
    }

    #[test]
    fn one_backup_a_day_is_made_by_itself_and_none_without_a_folder() {
        let (temporary, vault) = TempVault::create();
        let none = BackupPlan::default();
        assert_eq!(
            none.back_up_daily(&vault, noon("2026-11-27"), &Quiet),
            Ok(false)
        );
        let folder = temporary.places().device.join("stick");
        fs::create_dir_all(&folder).expect("a folder");
        let plan = BackupPlan {
            folder: Some(folder.clone()),
        };
        assert_eq!(
            plan.back_up_daily(&vault, noon("2026-11-27"), &Quiet),
            Ok(true)
        );
        assert_eq!(
            plan.back_up_daily(&vault, noon("2026-11-27"), &Quiet),
            Ok(false)
        );
        assert_eq!(
            plan.back_up_daily(&vault, noon("2026-11-28"), &Quiet),
            Ok(true)
        );
        let names: Vec<_> = fs::read_dir(&folder)
            .expect("there")
            .map(|entry| entry.expect("an entry").file_name().into_string())
            .collect();
        assert_eq!(names.len(), 2, "{names:?}");
        vault.lock().expect("locked");
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

    #[test]
    fn what_is_put_back_takes_the_place_of_the_vault_which_stays_beside_it() {
        let (temporary, vault) = TempVault::create();
        let places = temporary.places().clone();
        let file = places.device.join("one.cfdbackup");
        vault.backup(&file, &Quiet).expect("made");
        vault.make_compartment(Default::default()).expect("made");
        vault.lock().expect("locked");
        let passphrase = Passphrase::parse(testkit::PASSPHRASE).expect("good");
        let credential = Credential::Passphrase(&passphrase);
        let wrong = Passphrase::parse("something else").expect("good");
        let now = noon("2026-11-27");
        let back = |backup| {
            let keys = RestoreKeys {
                backup,
                present: None,
            };
            put_back(&file, &places, keys, Returning::Refuse, now, &Quiet)
        };
        assert!(back(Credential::Passphrase(&wrong)).is_err());
        let vault = Vault::open(&places, credential, &Quiet).expect("untouched");
        assert_eq!(vault.compartments().len(), 1);
        vault.lock().expect("locked");

        back(credential).expect("put back");
        let vault = Vault::open(&places, credential, &Quiet).expect("opened");
        assert_eq!(
            vault.compartments().len(),
            0,
            "as it was when the backup was made"
        );
        vault.lock().expect("locked");
        let before = Places {
            vault: beside(&places.vault, "before-2026-11-27-120000"),
            device: places.device.clone(),
        };
        let vault = Vault::open(&before, credential, &Quiet).expect("the one before is whole");
        assert_eq!(vault.compartments().len(), 1);
    }

    #[test]
    fn what_a_vault_with_another_passphrase_has_forgotten_does_not_come_back_unasked() {
        let (temporary, vault) = TempVault::create();
        let places = temporary.places().clone();
        let space = vault.make_compartment(Default::default()).expect("made");
        let file = places.device.join("one.cfdbackup");
        vault.backup(&file, &Quiet).expect("made");
        vault.forget(space, &Quiet).expect("forgotten");
        let parse = |text| Passphrase::parse(text).expect("good");
        let (then, now, wrong) = (
            parse(testkit::PASSPHRASE),
            parse("new words"),
            parse("none"),
        );
        vault
            .change_passphrase(&now, testkit::CHEAP, &Quiet)
            .expect("changed");
        vault.lock().expect("locked");
        let forgotten = |backup, present: Option<&Passphrase>, returning| {
            let keys = RestoreKeys {
                backup: Credential::Passphrase(backup),
                present: present.map(Credential::Passphrase),
            };
            forgotten_here(&file, &places, keys, returning, &Quiet).map_err(|error| error.code)
        };
        let refuse = Returning::Refuse;
        assert_eq!(
            forgotten(&then, None, refuse),
            Err(ErrorCode::ForgottenUnknown)
        );
        assert_eq!(
            forgotten(&then, None, Returning::LeaveOut),
            Err(ErrorCode::ForgottenUnknown),
            "nobody knows what to leave out"
        );
        assert_eq!(
            forgotten(&wrong, None, refuse),
            Err(ErrorCode::WrongPassphrase)
        );
        assert_eq!(
            forgotten(&then, Some(&wrong), refuse),
            Err(ErrorCode::PresentNotOpened)
        );
        assert_eq!(forgotten(&then, Some(&now), refuse), Ok(vec![space]));
        assert_eq!(forgotten(&then, None, Returning::BringBack), Ok(vec![]));

        // A backup of another vault holds nothing that this one could have forgotten.
        let (other, stranger) = TempVault::create();
        let beside = places.device.join("other.cfdbackup");
        stranger.backup(&beside, &Quiet).expect("made");
        drop((other, stranger));
        let keys = RestoreKeys {
            backup: Credential::Passphrase(&then),
            present: None,
        };
        assert_eq!(
            forgotten_here(&beside, &places, keys, refuse, &Quiet),
            Ok(vec![])
        );
    }

    #[test]
    fn a_switch_that_was_cut_off_is_brought_to_its_end() {
        let (temporary, vault) = TempVault::create();
        let places = temporary.places().clone();
        vault.lock().expect("locked");
        fs::rename(&places.vault, beside(&places.vault, "restored")).expect("moved");
        finish_switch(&places).expect("finished");
        let passphrase = Passphrase::parse(testkit::PASSPHRASE).expect("good");
        let vault = Vault::open(&places, Credential::Passphrase(&passphrase), &Quiet);
        drop(vault.expect("opened"));
        finish_switch(&places).expect("nothing to do");
    }
}
