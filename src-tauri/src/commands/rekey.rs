//! New keys for everything, because somebody may know the passphrase.

use std::ops::Deref;

use chrono::{DateTime, Utc};
use mentoring::{SpaceId, spaces::SealedState};
use serde::{Deserialize, Serialize};
use shell::{backups::moment, checkup, keychain};
use tauri::{State, ipc::Channel};
use vault::{BackupPlace, Destruction, NotDestroyed, Passphrase, RekeyReport};
use zeroize::Zeroizing;

use super::{
    backups::{PlaceView, place},
    vault::check,
};
use crate::{
    error::{AppError, ErrorCode, Reply},
    progress::Progress,
    spare_key::{NewSpareKey, SpareKeyWords, TypedWord},
    state::{AppState, lock, new_passphrase, passphrase},
};

/// What was asked for and waits for its spare key to be confirmed.
pub struct PendingRekey {
    passphrase: Passphrase,
    seconds: Vec<(SpaceId, Passphrase)>,
}

/// The passphrase of what is sealed in a notebook.
#[derive(Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SealedPassphrase {
    /// The notebook.
    space: SpaceId,
    /// Its second passphrase.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    passphrase: Zeroizing<String>,
}

/// What came of giving everything new keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RekeyView {
    /// Records that were sealed again.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub records: u64,
    /// What became of the old keys and of all that was sealed with them.
    pub old: OldKeys,
    /// Files that were left and tried with the old keys, which opened none, where they are destroyed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tried: u64,
    /// Known backups that still open with what opened the vault before, the newest first.
    pub backups: Vec<OldBackup>,
    /// Whether there may be others, because the list of backups could not be read.
    pub more: bool,
    /// Damaged rows, and rows of no notebook, that nobody had a key to and that are gone.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub left_behind: u64,
}

/// What became of old keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum OldKeys {
    /// They are destroyed, and that is proven.
    Destroyed,
    /// Not all is destroyed yet; the next opening goes on with it.
    Unfinished,
    /// Something is left that does not go by itself.
    Left,
    /// They are destroyed; what is left could not all be read to prove it.
    Unproven,
}

impl OldKeys {
    fn of(destruction: &Result<Destruction, NotDestroyed>) -> Self {
        match destruction {
            Ok(_) => Self::Destroyed,
            Err(NotDestroyed::Unfinished(_)) => Self::Unfinished,
            Err(NotDestroyed::Left(_)) => Self::Left,
            Err(_) => Self::Unproven,
        }
    }
}

/// A backup that still opens with what opened the vault before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct OldBackup {
    /// When it was made.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub made: DateTime<Utc>,
    /// The name of the file.
    pub file: String,
    /// The folder it was last known in.
    pub folder: Option<String>,
    /// Whether it is still there.
    pub place: PlaceView,
}

/// Checks the present passphrase, the new one, and that of everything sealed, and shows a new spare key. Nothing is
/// changed until three of its words have been typed.
#[tauri::command]
pub async fn begin_rekey(
    state: State<'_, AppState>,
    current: Zeroizing<String>,
    next: Zeroizing<String>,
    sealed: Vec<SealedPassphrase>,
    progress: Channel<Progress>,
) -> Reply<SpareKeyWords> {
    let task = state.task(Some(progress));
    state
        .unlocked(move |open| {
            if open.mentoring.vault().read_only() {
                return Err(ErrorCode::ReadOnly.into());
            }
            let next = new_passphrase(&next)?;
            check(open, &current)?;
            // What is missing could come back only from what a rekey destroys.
            if checkup::is_damaged(&open.mentoring, &open.findings)? {
                return Err(ErrorCode::RekeyDamaged.into());
            }
            if open.mentoring.vault().check_passphrase(&next)? {
                return Err(ErrorCode::PassphraseSame.into());
            }
            let mut seconds = Vec::with_capacity(sealed.len());
            for SealedPassphrase {
                space,
                passphrase: typed,
            } in &sealed
            {
                let second = passphrase(typed)?;
                // Tried by opening it; what was shut is shut again.
                let was_open = open.mentoring.space(*space)?.sealed == SealedState::Open;
                let opened = open.mentoring.open_sealed(*space, &second, &task);
                if !was_open && opened.is_ok() {
                    open.mentoring.shut_sealed(*space)?;
                }
                opened.map_err(|error| wrong_second(error, Some(*space)))?;
                seconds.push((*space, second));
            }
            let given: Vec<_> = seconds.iter().map(|(space, _)| *space).collect();
            open.mentoring.expect_seconds(&given)?;
            let spare = NewSpareKey::make()?;
            let shown = spare.words();
            *lock(&open.spare) = Some(spare);
            *lock(&open.rekey) = Some(PendingRekey {
                passphrase: next,
                seconds,
            });
            Ok(shown)
        })
        .await
}

/// Leaves everything as it is, and drops what was typed.
#[tauri::command]
pub async fn cancel_rekey(state: State<'_, AppState>) -> Reply<()> {
    state
        .unlocked(|open| {
            *lock(&open.spare) = None;
            *lock(&open.rekey) = None;
            Ok(())
        })
        .await
}

/// Checks three words of the new spare key, and gives everything new keys.
#[tauri::command]
pub async fn finish_rekey(
    state: State<'_, AppState>,
    words: Vec<TypedWord>,
    progress: Channel<Progress>,
) -> Reply<RekeyView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    let (view, vault) = state
        .unlocked(move |open| {
            let mut spare = lock(&open.spare);
            let mut pending = lock(&open.rekey);
            let (Some(key), Some(rekey)) = (spare.as_ref(), pending.as_ref()) else {
                return Err(ErrorCode::NotFound.into());
            };
            key.check(&words)?;
            let cost = app.cost(&task)?;
            let seconds: Vec<_> = rekey
                .seconds
                .iter()
                .map(|(space, second)| (*space, second))
                .collect();
            let report = open
                .mentoring
                .rekey(&rekey.passphrase, cost, key.key(), &seconds, &task)
                .map_err(|error| wrong_second(error, None))?;
            *spare = None;
            *pending = None;
            // Its slot went with the old keys.
            keychain::forget_note(&app.places().device);
            Ok((RekeyView::of(&report), open.mentoring.vault().id()))
        })
        .await?;
    super::keychain::forget_secret(&state, vault).await?;
    Ok(view)
}

impl RekeyView {
    fn of(report: &RekeyReport) -> Self {
        let mut backups: Vec<_> = report
            .backups
            .iter()
            .filter(|(_, at)| *at != BackupPlace::Gone)
            .map(|(backup, at)| OldBackup {
                made: moment(backup.made),
                file: backup.file.clone(),
                folder: backup.folder.as_ref().map(|at| at.display().to_string()),
                place: place(*at),
            })
            .collect();
        backups.sort_by_key(|backup| std::cmp::Reverse(backup.made));
        Self {
            records: report.records,
            old: OldKeys::of(&report.destruction),
            tried: report
                .destruction
                .as_ref()
                .map_or(0, |done| done.files_checked),
            backups,
            more: report.backups_unknown,
            left_behind: report.rows_left_behind,
        }
    }
}

/// The error says of which notebook it speaks, where that is known.
fn wrong_second(error: mentoring::Error, space: Option<SpaceId>) -> AppError {
    match error {
        mentoring::Error::Vault(vault::Error::WrongCredential) => match space {
            Some(space) => AppError::with(ErrorCode::WrongSecondPassphrase, "space", space),
            None => ErrorCode::WrongSecondPassphrase.into(),
        },
        error => error.into(),
    }
}
