//! Records of every kind, their history and the bin; and what matters today.

use mentoring::{
    RecordChange, RecordDraft, RecordFilter, RecordId, RecordPage, RecordView, RevisionLine, Today,
};
use tauri::State;

use crate::{error::Reply, state::AppState};

/// The records that pass a filter, the newest day first.
#[tauri::command]
pub async fn list_records(state: State<'_, AppState>, filter: RecordFilter) -> Reply<RecordPage> {
    state
        .unlocked(move |open| Ok(open.mentoring.list_records(&filter)?))
        .await
}

/// Opens a record.
#[tauri::command]
pub async fn open_record(state: State<'_, AppState>, id: RecordId) -> Reply<RecordView> {
    state
        .unlocked(move |open| Ok(open.mentoring.open_record(id)?))
        .await
}

/// Makes a record.
#[tauri::command]
pub async fn create_record(state: State<'_, AppState>, draft: RecordDraft) -> Reply<RecordView> {
    state
        .unlocked(|open| Ok(open.mentoring.create_record(draft)?))
        .await
}

/// Saves a change of a record.
#[tauri::command]
pub async fn save_record(state: State<'_, AppState>, change: RecordChange) -> Reply<RecordView> {
    state
        .unlocked(|open| Ok(open.mentoring.save_record(change)?))
        .await
}

/// The kept earlier states of a record.
#[tauri::command]
pub async fn list_revisions(state: State<'_, AppState>, id: RecordId) -> Reply<Vec<RevisionLine>> {
    state
        .unlocked(move |open| Ok(open.mentoring.list_revisions(id)?))
        .await
}

/// Opens a kept earlier state of a record.
#[tauri::command]
pub async fn open_revision(
    state: State<'_, AppState>,
    id: RecordId,
    revision: u32,
) -> Reply<RecordView> {
    state
        .unlocked(move |open| Ok(open.mentoring.open_revision(id, revision)?))
        .await
}

/// Makes a kept earlier state the present one.
#[tauri::command]
pub async fn restore_revision(
    state: State<'_, AppState>,
    id: RecordId,
    revision: u32,
) -> Reply<RecordView> {
    state
        .unlocked(move |open| Ok(open.mentoring.restore_revision(id, revision)?))
        .await
}

/// Goes back to the newest kept state of a record.
#[tauri::command]
pub async fn undo_record(state: State<'_, AppState>, id: RecordId) -> Reply<RecordView> {
    state
        .unlocked(move |open| Ok(open.mentoring.undo_record(id)?))
        .await
}

/// Puts a record, and what belongs to it, into the bin.
#[tauri::command]
pub async fn bin_record(state: State<'_, AppState>, id: RecordId) -> Reply<()> {
    state
        .unlocked(move |open| Ok(open.mentoring.bin_record(id)?))
        .await
}

/// Takes a record, and what went into the bin with it, out again.
#[tauri::command]
pub async fn unbin_record(state: State<'_, AppState>, id: RecordId) -> Reply<RecordView> {
    state
        .unlocked(move |open| Ok(open.mentoring.unbin_record(id)?))
        .await
}

/// Erases a record from the bin, for good.
#[tauri::command]
pub async fn erase_record(state: State<'_, AppState>, id: RecordId) -> Reply<()> {
    state
        .unlocked(move |open| Ok(open.mentoring.erase_record(id)?))
        .await
}

/// What matters today.
#[tauri::command]
pub async fn today(state: State<'_, AppState>) -> Reply<Today> {
    state.unlocked(|open| Ok(open.mentoring.today()?)).await
}
