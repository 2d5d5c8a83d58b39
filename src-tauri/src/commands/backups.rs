//! Backups: where they go, which are known, making one, looking at one, putting one back.

use std::{
    fs,
    ops::Deref,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Local, Utc};
use mentoring::{KeptRecords, RecordId, RecordView};
use serde::{Deserialize, Serialize};
use shell::{
    backups::{self, BackedUp, BackupPlan, Rehearsed, moment, of_file},
    putting_back::{RestoreKeys, put_back},
};
use tauri::{State, ipc::Channel};
use vault::{BACKUP_ENDING, BackupPlace, Credential, KnownBackup, Returning, SpareKey, Vault};
use zeroize::Zeroizing;

use super::{
    program::{AppStateView, view},
    vault::SavedFile,
};
use crate::{
    desktop::FileKind,
    error::{AppError, ErrorCode, Reply},
    progress::{Progress, Unstoppable},
    state::{AppState, Open, Session, close, passphrase},
};

/// Where backups go, and which this computer remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct BackupsView {
    /// The folder that automatic backups go to.
    pub folder: Option<String>,
    /// Whether that folder can be reached now.
    pub reachable: bool,
    /// The backups that this computer remembers, the newest first.
    pub known: Vec<BackupView>,
    /// How putting one back went, when it was last tried in memory.
    pub rehearsed: Option<Rehearsed>,
}

/// A backup that was made just now, and the list with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct BackedUpView {
    /// What there is to say of it.
    pub made: BackedUp,
    /// Where backups go, and which this computer remembers.
    pub backups: BackupsView,
}

/// A backup that was saved where the person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SavedBackup {
    /// The file's name, without its folder.
    pub name: String,
    /// What there is to say of it.
    pub made: BackedUp,
}

/// One backup that this computer remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct BackupView {
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// When it was made.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub made: DateTime<Utc>,
    /// When it was last read to its end and found whole.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub verified: Option<DateTime<Utc>>,
    /// Its length in bytes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes: u64,
    /// The name of the file.
    pub file: String,
    /// The folder it was last known in.
    pub folder: Option<String>,
    /// Whether it is still there.
    pub place: PlaceView,
}

/// Whether a backup is still where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export, rename = "BackupPlace"))]
pub enum PlaceView {
    /// It is there.
    There,
    /// Another file has its name, or it was changed.
    Another,
    /// It is gone.
    Gone,
    /// Its folder cannot be reached now.
    OutOfReach,
}

/// A backup that was chosen to be put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RestoreOffer {
    /// The name of the file.
    pub file: String,
    /// Its length in bytes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes: u64,
    /// When the file was written last, as its disk says.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub written: Option<DateTime<Utc>>,
}

/// What becomes of notebooks in a backup that were forgotten after it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum ForgottenOnes {
    /// Nothing is put back: the person is asked first.
    Ask,
    /// They stay forgotten.
    StayForgotten,
    /// They come back.
    ComeBack,
}

/// Where backups go, and which this computer remembers.
#[tauri::command]
pub async fn backups(state: State<'_, AppState>) -> Reply<BackupsView> {
    let app = state.deref().clone();
    state.unlocked(move |open| overview(open, &app)).await
}

/// Asks for the folder that automatic backups go to from now on.
#[tauri::command]
pub async fn choose_backup_folder(state: State<'_, AppState>) -> Reply<Option<BackupsView>> {
    state.unlocked(|_| Ok(())).await?;
    let chosen = state.asking(|desktop| Ok(desktop.pick_folder())).await?;
    let Some(folder) = chosen else {
        return Ok(None);
    };
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            if vault::is_inside(&folder, &app.places().vault) {
                return Err(ErrorCode::BackupInsideVault.into());
            }
            keep(
                &app,
                &BackupPlan {
                    folder: Some(folder),
                },
            )?;
            overview(open, &app).map(Some)
        })
        .await
}

/// Makes no more backups by itself. Those that are there stay.
#[tauri::command]
pub async fn stop_backups(state: State<'_, AppState>) -> Reply<BackupsView> {
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            keep(&app, &BackupPlan::default())?;
            overview(open, &app)
        })
        .await
}

/// Makes a backup in the chosen folder.
#[tauri::command]
pub async fn back_up_now(
    state: State<'_, AppState>,
    progress: Channel<Progress>,
) -> Reply<BackedUpView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let plan = BackupPlan::read(&app.places().device);
            let made = plan.back_up(open.mentoring.vault(), Local::now(), &task)?;
            let made = made.ok_or(ErrorCode::NotFound)?;
            let backups = overview(open, &app)?;
            Ok(BackedUpView { made, backups })
        })
        .await
}

/// Saves a backup where the person says.
#[tauri::command]
pub async fn save_backup(
    state: State<'_, AppState>,
    progress: Channel<Progress>,
) -> Reply<Option<SavedBackup>> {
    let task = state.task(Some(progress));
    let day = Local::now().format("%Y-%m-%d");
    let suggested = format!("confidant-{day}{BACKUP_ENDING}");
    state.unlocked(|_| Ok(())).await?;
    let chosen = state
        .asking(move |desktop| Ok(desktop.save_file(&suggested, FileKind::Backup)))
        .await?;
    let Some(path) = chosen else { return Ok(None) };
    state
        .unlocked(move |open| {
            let made = open.mentoring.vault().backup(&path, &task)?;
            Ok(Some(SavedBackup {
                name: SavedFile::at(&path).name,
                made: BackedUp::of(&made),
            }))
        })
        .await
}

/// Reads a known backup to its end.
#[tauri::command]
pub async fn check_backup(
    state: State<'_, AppState>,
    id: String,
    progress: Channel<Progress>,
) -> Reply<BackupsView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let vault = open.mentoring.vault();
            vault
                .remember_backup(&file_of(vault, &id)?, &task)
                .map_err(|error| match error {
                    vault::Error::WrongCredential => ErrorCode::BackupOldKeys.into(),
                    error => of_file(error),
                })?;
            overview(open, &app)
        })
        .await
}

/// Takes a backup off the list; the file is not touched.
#[tauri::command]
pub async fn drop_backup(state: State<'_, AppState>, id: String) -> Reply<BackupsView> {
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let vault = open.mentoring.vault();
            let backup = find(vault, &id)?;
            vault.drop_known_backup(backup.id)?;
            overview(open, &app)
        })
        .await
}

/// The records of a known backup that are not here as they were then. `key` is the passphrase that opened the vault when
/// it was made, where it is not the present keys that open it.
#[tauri::command]
pub async fn look_into_backup(
    state: State<'_, AppState>,
    id: String,
    key: Option<Zeroizing<String>>,
    progress: Channel<Progress>,
) -> Reply<KeptRecords> {
    let task = state.task(Some(progress));
    state
        .unlocked(move |open| {
            let file = file_of(open.mentoring.vault(), &id)?;
            let typed = key.as_ref().map(passphrase).transpose()?;
            let credential = typed.as_ref().map(Credential::Passphrase);
            open.mentoring
                .look_into_backup(&file, credential, &task)
                .map_err(|error| unread(error, key.is_some()))
        })
        .await
}

/// Makes the states of records that a known backup holds the present ones; what is here now is kept as an earlier version.
#[tauri::command]
pub async fn bring_back(
    state: State<'_, AppState>,
    id: String,
    key: Option<Zeroizing<String>>,
    records: Vec<RecordId>,
    progress: Channel<Progress>,
) -> Reply<Vec<RecordView>> {
    let task = state.task(Some(progress));
    state
        .unlocked(move |open| {
            let file = file_of(open.mentoring.vault(), &id)?;
            let typed = key.as_ref().map(passphrase).transpose()?;
            let credential = typed.as_ref().map(Credential::Passphrase);
            open.mentoring
                .bring_back(&file, credential, &records, &task)
                .map_err(|error| unread(error, key.is_some()))
        })
        .await
}

/// Where a known backup lies.
fn file_of(vault: &Vault, id: &str) -> Reply<PathBuf> {
    let backup = find(vault, id)?;
    let folder = backup.folder.as_ref().ok_or(ErrorCode::NotFound)?;
    Ok(folder.join(&backup.file))
}

/// Why a backup could not be looked into. Without a passphrase it wants that of then.
fn unread(error: mentoring::Error, typed: bool) -> AppError {
    match error {
        mentoring::Error::Vault(vault::Error::WrongCredential) if !typed => {
            ErrorCode::BackupOldKeys.into()
        }
        mentoring::Error::Vault(error) => of_file(error),
        error => error.into(),
    }
}

/// Asks for the backup that shall be put back.
#[tauri::command]
pub async fn choose_restore(state: State<'_, AppState>) -> Reply<Option<RestoreOffer>> {
    let chosen = state
        .asking(|desktop| Ok(desktop.open_file(FileKind::Backup)))
        .await?;
    let Some(path) = chosen else { return Ok(None) };
    let app = state.deref().clone();
    state
        .session(move |session| {
            if !matches!(session, Session::Locked) {
                return Err(ErrorCode::VaultExists.into());
            }
            let bytes = backups::look(&path)?;
            let file = SavedFile::at(&path).name;
            let written = fs::metadata(&path).and_then(|about| about.modified()).ok();
            *app.restoring() = Some(path);
            Ok(Some(RestoreOffer {
                file,
                bytes,
                written: written.map(DateTime::from),
            }))
        })
        .await
}

/// Puts the chosen backup in the place of the present vault, which stays beside it, and opens it: with the passphrase
/// that opened the vault when the backup was made, or with its spare key. `present` is the passphrase that the vault has
/// now, where it is another: it alone can tell what was forgotten since.
#[tauri::command]
pub async fn restore_backup(
    state: State<'_, AppState>,
    key: Zeroizing<String>,
    spare_key: bool,
    present: Option<Zeroizing<String>>,
    forgotten: ForgottenOnes,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .transition(move |session| {
            if !matches!(session, Session::Locked) {
                return Err(ErrorCode::VaultExists.into());
            }
            close(session);
            let path = app.restoring().clone().ok_or(ErrorCode::NotFound)?;
            let (typed, words);
            let credential = if spare_key {
                words = SpareKey::parse(&key)?;
                Credential::SpareKey(&words)
            } else {
                typed = passphrase(&key)?;
                Credential::Passphrase(&typed)
            };
            let now = present.as_ref().map(passphrase).transpose()?;
            let keys = RestoreKeys {
                backup: credential,
                present: now.as_ref().map(Credential::Passphrase),
            };
            let returning = match forgotten {
                ForgottenOnes::Ask => Returning::Refuse,
                ForgottenOnes::StayForgotten => Returning::LeaveOut,
                ForgottenOnes::ComeBack => Returning::BringBack,
            };
            let back = put_back(&path, app.places(), keys, returning, Local::now(), &task);
            back.map_err(|error| match error.code {
                ErrorCode::WrongPassphrase if spare_key => ErrorCode::WrongSpareKey.into(),
                _ => error,
            })?;
            *app.restoring() = None;
            // It is done: whoever stops or whatever fails now must not be told that nothing has changed.
            let opened = Vault::open(app.places(), credential, &Unstoppable(&task))
                .map_err(AppError::from)
                .and_then(|vault| Open::over(vault, app.clock()))
                .map_err(|_| ErrorCode::PutBackNotOpened)?;
            *session = Session::Open(Box::new(opened));
            Ok(())
        })
        .await?;
    state.look_through();
    view(&state).await
}

fn keep(app: &AppState, plan: &BackupPlan) -> Reply<()> {
    plan.write(&app.places().device)
        .map_err(|error| AppError::from(vault::Error::from(error)))
}

fn find(vault: &Vault, id: &str) -> Reply<KnownBackup> {
    let known = vault.known_backups()?;
    let found = known.into_iter().find(|backup| backup.id.to_string() == id);
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

fn overview(open: &Open, app: &AppState) -> Reply<BackupsView> {
    let vault = open.mentoring.vault();
    let plan = BackupPlan::read(&app.places().device);
    let folder = plan.folder.as_deref();
    let mut known: Vec<_> = vault
        .known_backups()?
        .into_iter()
        .map(|backup| BackupView {
            id: backup.id.to_string(),
            place: place(vault.find_backup(&backup)),
            made: moment(backup.made),
            verified: backup.verified.map(moment),
            bytes: backup.bytes,
            folder: backup.folder.as_deref().map(shown),
            file: backup.file,
        })
        .collect();
    known.sort_by_key(|backup| std::cmp::Reverse(backup.made));
    Ok(BackupsView {
        reachable: folder.is_some_and(Path::is_dir),
        folder: folder.map(shown),
        known,
        rehearsed: backups::last_rehearsal(vault, &app.places().device),
    })
}

pub(super) fn place(place: BackupPlace) -> PlaceView {
    match place {
        BackupPlace::There => PlaceView::There,
        BackupPlace::Another => PlaceView::Another,
        BackupPlace::Gone => PlaceView::Gone,
        BackupPlace::OutOfReach => PlaceView::OutOfReach,
    }
}

fn shown(folder: &Path) -> String {
    folder.display().to_string()
}
