//! The program itself: where the session stands, and stopping what takes long.

use std::{collections::BTreeMap, sync::atomic::Ordering};

use serde::Serialize;
use shell::notices::{NoticeCode, OpeningNotice, notice};
use tauri::State;
use vault::Found;

use crate::{
    error::{AppError, Reply},
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
    /// The program's version.
    pub version: &'static str,
    /// How the program looks and when it locks.
    pub settings: Settings,
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

/// Stops the task that runs now.
#[tauri::command]
pub async fn cancel_task(state: State<'_, AppState>) -> Reply<()> {
    state.stop_task();
    Ok(())
}

/// Where the program stands.
pub async fn view(state: &AppState) -> Reply<AppStateView> {
    let places = state.places().clone();
    let (vault, opened, read_only) = state
        .session(move |session| {
            Ok(match session {
                Session::Open(open) => (
                    VaultState::Open,
                    notices(open),
                    open.mentoring.vault().read_only(),
                ),
                Session::SetUp(_) => (VaultState::SetUp, Vec::new(), false),
                Session::Locked => {
                    let vault = match vault::look(&places).map_err(AppError::from)? {
                        Found::Nothing => VaultState::None,
                        Found::Vault { .. } => VaultState::Locked,
                        Found::Newer { .. } => VaultState::Newer,
                        Found::Damaged => VaultState::Damaged,
                    };
                    (vault, Vec::new(), false)
                }
            })
        })
        .await?;
    Ok(AppStateView {
        opened,
        read_only,
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
        version: env!("CARGO_PKG_VERSION"),
        settings: state.settings(),
    }
}

/// What was out of the ordinary when the vault was opened and its notebooks were read.
fn notices(open: &Open) -> Vec<OpeningNotice> {
    let mut notices: Vec<_> = open.findings.iter().filter_map(notice).collect();
    if open.check_failed.load(Ordering::Relaxed) {
        notices.push(OpeningNotice {
            code: NoticeCode::CheckFailed,
            params: BTreeMap::new(),
        });
    }
    let unreadable = open.mentoring.unreadable_spaces();
    if unreadable > 0 {
        let params = BTreeMap::from([("count".to_owned(), unreadable.to_string())]);
        notices.push(OpeningNotice {
            code: NoticeCode::SpaceUnreadable,
            params,
        });
    }
    notices
}
