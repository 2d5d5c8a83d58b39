//! Settings that are known before the vault is open.

use tauri::State;

use crate::{error::Reply, settings::Settings, state::AppState};

/// Keeps how the program looks and when it locks.
#[tauri::command]
pub async fn save_settings(state: State<'_, AppState>, settings: Settings) -> Reply<Settings> {
    state.save_settings(settings)
}
