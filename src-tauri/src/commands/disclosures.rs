//! The disclosure log.

use mentoring::SpaceId;
use sharing::DisclosureList;
use tauri::State;

use crate::{error::Reply, state::AppState};

/// What left a notebook, or all open ones.
#[tauri::command]
pub async fn list_disclosures(
    state: State<'_, AppState>,
    space: Option<SpaceId>,
) -> Reply<DisclosureList> {
    state
        .unlocked(move |open| Ok(open.sharing().list_disclosures(space)?))
        .await
}
