//! New keys for everything, because somebody may know the passphrase.

use std::ops::Deref;

use chrono::{DateTime, Utc};
use mentoring::{Guarded, Second, SpaceId, check_apart};
use serde::{Deserialize, Serialize};
use shell::{backups::moment, checkup, keychain, old_keys::OldKeys};
use tauri::{State, ipc::Channel};
use vault::{Passphrase, RekeyReport};
use zeroize::Zeroizing;

use super::{
    backups::{PlaceView, place},
    second::wrong_second,
    vault::check,
};
use crate::{
    error::{ErrorCode, Reply},
    progress::Progress,
    spare_key::{NewSpareKey, SpareKeyWords, TypedWord},
    state::{AppState, lock, new_passphrase, passphrase},
};

/// What was asked for and waits for its spare key to be confirmed.
pub struct PendingRekey {
    passphrase: Passphrase,
    seconds: Vec<(SpaceId, Guarded, Passphrase)>,
}

/// A second passphrase, and what it guards.
#[derive(Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SecondPassphrase {
    /// The notebook.
    space: SpaceId,
    /// The whole of it, or what is sealed in it.
    part: Guarded,
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
    seconds: Vec<SecondPassphrase>,
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
            let mut given = Vec::with_capacity(seconds.len());
            for one in &seconds {
                let second = passphrase(&one.passphrase)?;
                let of = Second {
                    space: one.space,
                    part: one.part,
                    passphrase: &second,
                };
                open.mentoring
                    .try_second_passphrase(of, &task)
                    .map_err(|error| wrong_second(error, Some((one.space, one.part))))?;
                check_apart(&next, &[of])?;
                given.push((one.space, one.part, second));
            }
            let parts: Vec<_> = given
                .iter()
                .map(|(space, part, _)| (*space, *part))
                .collect();
            open.mentoring.expect_seconds(&parts)?;
            let spare = NewSpareKey::make()?;
            let shown = spare.words();
            *lock(&open.spare) = Some(spare);
            *lock(&open.rekey) = Some(PendingRekey {
                passphrase: next,
                seconds: given,
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
                .map(|(space, part, passphrase)| Second {
                    space: *space,
                    part: *part,
                    passphrase,
                })
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
    super::keychain::forget_secret(&state, vault).await;
    Ok(view)
}

impl RekeyView {
    /// What a report comes to, for the window.
    pub fn of(report: &RekeyReport) -> Self {
        let mut backups: Vec<_> = report
            .backups
            .iter()
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
