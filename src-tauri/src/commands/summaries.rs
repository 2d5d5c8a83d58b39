//! Summaries: evidence, words, consent, export.

use std::ops::Deref;

use chrono::NaiveDate;
use mentoring::{RecordId, SpaceId};
use sharing::{EvidenceList, ExportFormat, Party, SummaryList, SummaryText, SummaryView};
use tauri::{State, ipc::Channel};
use vault::Watch;

use super::vault::{SavedFile, not_written};
use crate::{
    desktop::FileKind,
    error::{ErrorCode, Reply},
    files,
    progress::{Progress, Task},
    state::AppState,
};

/// What a notebook offers as evidence for a period.
#[tauri::command]
pub async fn evidence(
    state: State<'_, AppState>,
    space: SpaceId,
    from: NaiveDate,
    to: NaiveDate,
) -> Reply<EvidenceList> {
    state
        .unlocked(move |open| Ok(open.sharing().evidence(space, from, to)?))
        .await
}

/// The summaries of a notebook, or of all open ones; or those in its bin.
#[tauri::command]
pub async fn list_summaries(
    state: State<'_, AppState>,
    space: Option<SpaceId>,
    binned: bool,
) -> Reply<SummaryList> {
    state
        .unlocked(move |open| Ok(open.sharing().list_summaries(space, binned)?))
        .await
}

/// Begins a summary.
#[tauri::command]
pub async fn create_summary(
    state: State<'_, AppState>,
    space: SpaceId,
    text: SummaryText,
) -> Reply<SummaryView> {
    state
        .unlocked(move |open| Ok(open.sharing().create_summary(space, text)?))
        .await
}

/// Opens a summary.
#[tauri::command]
pub async fn open_summary(state: State<'_, AppState>, id: RecordId) -> Reply<SummaryView> {
    state
        .unlocked(move |open| Ok(open.sharing().open_summary(id)?))
        .await
}

/// Saves the words of a summary.
#[tauri::command]
pub async fn save_summary(
    state: State<'_, AppState>,
    id: RecordId,
    revision: u32,
    text: SummaryText,
) -> Reply<SummaryView> {
    state
        .unlocked(move |open| Ok(open.sharing().save_summary(id, revision, text)?))
        .await
}

/// Records a yes to the words of a summary.
#[tauri::command]
pub async fn consent_summary(
    state: State<'_, AppState>,
    id: RecordId,
    revision: u32,
    by: Party,
    name: String,
) -> Reply<SummaryView> {
    state
        .unlocked(move |open| Ok(open.sharing().consent_summary(id, revision, by, &name)?))
        .await
}

/// Puts a summary into the bin.
#[tauri::command]
pub async fn delete_summary(state: State<'_, AppState>, id: RecordId) -> Reply<()> {
    state
        .unlocked(move |open| Ok(open.sharing().delete_summary(id)?))
        .await
}

/// Takes a summary out of the bin.
#[tauri::command]
pub async fn restore_summary(state: State<'_, AppState>, id: RecordId) -> Reply<SummaryView> {
    state
        .unlocked(move |open| Ok(open.sharing().restore_summary(id)?))
        .await
}

/// Erases a summary from the bin, for good.
#[tauri::command]
pub async fn erase_summary(state: State<'_, AppState>, id: RecordId) -> Reply<()> {
    state
        .unlocked(move |open| Ok(open.sharing().erase_summary(id)?))
        .await
}

/// Shows a summary as it would look, whoever has agreed so far; as a page of HTML.
#[tauri::command]
pub async fn preview_summary(state: State<'_, AppState>, id: RecordId) -> Reply<String> {
    let app = state.deref().clone();
    state
        .unlocked(move |open| Ok(open.sharing().preview(id, app.words())?))
        .await
}

/// Exports an agreed summary where the person says, and logs it.
#[tauri::command]
pub async fn export_summary(
    state: State<'_, AppState>,
    id: RecordId,
    format: ExportFormat,
    to_whom: String,
    progress: Channel<Progress>,
) -> Reply<Option<SavedFile>> {
    let task = state.task(Some(progress));
    task.tell("setting", 0, 0);
    let app = state.deref().clone();
    // Whatever is missing is said before anyone is asked where to save.
    let suggested = state
        .unlocked(move |open| {
            Ok(open
                .sharing()
                .agreed(id)?
                .export(format, app.words())?
                .file_name)
        })
        .await?;
    go_on(&task)?;
    let kind = match format {
        ExportFormat::Pdf => FileKind::Pdf,
        ExportFormat::Markdown => FileKind::Markdown,
        ExportFormat::Html => FileKind::Html,
    };
    let chosen = state
        .asking(move |desktop| Ok(desktop.save_file(&suggested, kind)))
        .await?;
    let Some(path) = chosen else { return Ok(None) };
    go_on(&task)?;
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let sharing = open.sharing();
            // Verified again: the person may have changed the words while the dialog stood open.
            let agreed = sharing.agreed(id)?;
            let exported = agreed.export(format, app.words())?;
            go_on(&task)?;
            let entry = sharing.log_export(&agreed, format, &to_whom)?;
            if let Err(error) = files::replace(&path, &exported.bytes) {
                sharing.withdraw_log(entry.id)?;
                return Err(not_written(error));
            }
            // The file has left, and the log says so: that this is not marked on the summary, too, must not look as if
            // nothing had left.
            let _ = sharing.confirm_export(&agreed);
            Ok(Some(SavedFile::at(&path)))
        })
        .await
}

/// Ends what the person has stopped. Nothing has left until the log says so.
fn go_on(task: &Task) -> Reply<()> {
    if task.cancelled() {
        return Err(ErrorCode::Cancelled.into());
    }
    Ok(())
}
