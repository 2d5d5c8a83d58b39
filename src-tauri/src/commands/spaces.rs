//! Notebooks, and the user's own profile.

use mentoring::{
    SpaceId,
    profile::Profile,
    spaces::{Space, SpaceDraft},
};
use tauri::State;

use crate::{error::Reply, state::AppState};

/// The open notebooks.
#[tauri::command]
pub async fn list_spaces(state: State<'_, AppState>) -> Reply<Vec<Space>> {
    state
        .unlocked(|open| Ok(open.mentoring.list_spaces()))
        .await
}

/// Makes a notebook, with a key of its own.
#[tauri::command]
pub async fn create_space(state: State<'_, AppState>, draft: SpaceDraft) -> Reply<Space> {
    state
        .unlocked(|open| Ok(open.mentoring.create_space(draft)?))
        .await
}

/// Changes what its owner says of a notebook.
#[tauri::command]
pub async fn update_space(
    state: State<'_, AppState>,
    space: SpaceId,
    draft: SpaceDraft,
) -> Reply<Space> {
    state
        .unlocked(move |open| Ok(open.mentoring.update_space(space, draft)?))
        .await
}

/// The user's profile.
#[tauri::command]
pub async fn profile(state: State<'_, AppState>) -> Reply<Profile> {
    state.unlocked(|open| Ok(open.mentoring.profile()?)).await
}

/// Saves the user's profile.
#[tauri::command]
pub async fn save_profile(state: State<'_, AppState>, profile: Profile) -> Reply<Profile> {
    state
        .unlocked(move |open| Ok(open.mentoring.save_profile(&profile)?))
        .await
}
