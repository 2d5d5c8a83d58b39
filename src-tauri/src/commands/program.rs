//! The program itself: where the session stands, and stopping what takes long.

use std::{collections::BTreeMap, sync::atomic::Ordering};

use serde::Serialize;
use shell::{
    keychain::{self, Keychains},
    notices::{Means, NoticeCode, OpeningNotice, notice},
};
use tauri::State;
use vault::Found;

use crate::{
    error::{AppError, Reply},
    replace::Left,
    settings::Settings,
    state::{AppState, Open, Session},
};

/// Where the program stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export, rename = "AppState"))]
pub struct AppStateView {
    /// What is known of the vault.
    pub vault: VaultState,
    /// What was out of the ordinary when it was opened.
    pub opened: Vec<OpeningNotice>,
    /// Whether it is open for reading only.
    pub read_only: bool,
    /// Whether it is the demo vault.
    pub demo: bool,
    /// Whether this computer's keychain opens it.
    pub keychain: bool,
    /// How many other keychains open it, as far as it is open.
    pub other_keychains: usize,
    /// Set where this process has taken the place of one that has locked.
    pub left: Option<Left>,
    /// What guards the keys in the computer's memory.
    pub guards: Guards,
    /// The program's version.
    pub version: &'static str,
    /// How the program looks and when it locks.
    pub settings: Settings,
}

/// What guards the keys in the computer's memory, besides locking. A system may refuse each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Guards {
    /// Whether other programs are kept out of this one's memory.
    pub hardened: bool,
    /// Whether keys are kept out of swap.
    pub memory_locked: bool,
    /// Whether the system tells when its screen is locked and when it goes to sleep.
    pub session_watched: bool,
}

/// What is known of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum VaultState {
    /// There is none.
    None,
    /// It is locked.
    Locked,
    /// It was just made; its spare key is still to be confirmed.
    SetUp,
    /// It is open.
    Open,
    /// A newer program made it.
    Newer,
    /// Both copies of its header are damaged.
    Damaged,
}

/// Tells where the program stands.
#[tauri::command]
pub async fn app_state(state: State<'_, AppState>) -> Reply<AppStateView> {
    view(&state).await
}

/// Somebody is there, at this address of the window.
#[tauri::command]
pub async fn touch(state: State<'_, AppState>, place: String) -> Reply<()> {
    state.touched_at(place);
    Ok(())
}

/// Stops the task that runs now.
#[tauri::command]
pub async fn cancel_task(state: State<'_, AppState>) -> Reply<()> {
    state.stop_task();
    Ok(())
}

/// Where the program stands.
pub async fn view(state: &AppState) -> Reply<AppStateView> {
    let places = state.places().clone();
    let device = places.device.clone();
    let (vault, opened, read_only, keychains) = state
        .session(move |session| {
            Ok(match session {
                Session::Open(open) => (
                    VaultState::Open,
                    notices(open),
                    open.mentoring.vault().read_only(),
                    // A header that cannot be read now is told where something is done with it.
                    keychain::of(open.mentoring.vault(), &device).unwrap_or_default(),
                ),
                Session::SetUp(_) => (VaultState::SetUp, Vec::new(), false, Keychains::default()),
                Session::Locked => {
                    let (vault, here) = match vault::look(&places).map_err(AppError::from)? {
                        Found::Nothing => (VaultState::None, false),
                        Found::Vault { id, .. } => {
                            (VaultState::Locked, keychain::is_allowed(&device, id))
                        }
                        Found::Newer { .. } => (VaultState::Newer, false),
                        Found::Damaged => (VaultState::Damaged, false),
                    };
                    let keychains = Keychains { here, elsewhere: 0 };
                    (vault, Vec::new(), false, keychains)
                }
            })
        })
        .await?;
    Ok(AppStateView {
        opened,
        read_only,
        keychain: keychains.here,
        other_keychains: keychains.elsewhere,
        ..shut(state, vault)
    })
}

/// Where the program stands while no vault is open.
pub fn shut(state: &AppState, vault: VaultState) -> AppStateView {
    AppStateView {
        vault,
        opened: Vec::new(),
        read_only: false,
        demo: state.is_demo(),
        keychain: false,
        other_keychains: 0,
        left: state.left().cloned(),
        guards: state.guards(),
        version: env!("CARGO_PKG_VERSION"),
        settings: state.settings(),
    }
}

/// What was out of the ordinary when the vault was opened and its notebooks were read.
fn notices(open: &Open) -> Vec<OpeningNotice> {
    let mut notices: Vec<_> = open.findings.iter().filter_map(notice).collect();
    if notices.iter().any(|notice| notice.means == Means::Asks) {
        // The saves that are missing are those of the other state.
        let accepted = open.accepted.load(Ordering::Relaxed);
        notices.retain(|notice| {
            notice.code != NoticeCode::JournalBehind && !(accepted && notice.means == Means::Asks)
        });
    }
    if open.check_failed.load(Ordering::Relaxed) {
        notices.push(OpeningNotice::of(NoticeCode::CheckFailed));
    }
    if open.rehearsal_failed.load(Ordering::Relaxed) {
        notices.push(OpeningNotice::of(NoticeCode::RehearsalFailed));
    }
    let unreadable = open.mentoring.unreadable_spaces();
    if unreadable > 0 {
        let params = BTreeMap::from([("count".to_owned(), unreadable.to_string())]);
        notices.push(OpeningNotice::with(NoticeCode::SpaceUnreadable, params));
    }
    notices
}
