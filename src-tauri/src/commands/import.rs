//! Moving in: a journal written by jrnl.

use std::{fs::File, io::Read};

use interchange::{ImportPreview, ImportReport};
use mentoring::SpaceId;
use tauri::{State, ipc::Channel};
use zeroize::Zeroizing;

use crate::{
    desktop::FileKind,
    error::{ErrorCode, Reply},
    progress::Progress,
    state::{AppState, lock},
};

/// Asks for a file and shows what importing it would do; nothing is written.
#[tauri::command]
pub async fn choose_import(
    state: State<'_, AppState>,
    space: SpaceId,
) -> Reply<Option<ImportPreview>> {
    // A locked vault is said before anyone is asked for a file.
    state
        .unlocked(move |open| Ok(open.mentoring.space(space)?))
        .await?;
    let read = state
        .asking(|desktop| match desktop.open_file(FileKind::Jrnl) {
            None => Ok(None),
            Some(path) => {
                let bytes = File::open(path).and_then(bounded);
                bytes
                    .map(Some)
                    .map_err(|_| ErrorCode::ImportUnreadable.into())
            }
        })
        .await?;
    let Some(bytes) = read else { return Ok(None) };
    state
        .unlocked(move |open| {
            let prepared = interchange::prepare_jrnl(&open.mentoring, space, &bytes)?;
            let mut preview = prepared.preview().clone();
            preview.token = lock(&open.import).lay(prepared);
            Ok(Some(preview))
        })
        .await
}

/// Imports what the preview showed. Stopping it keeps none of it.
#[tauri::command]
pub async fn run_import(
    state: State<'_, AppState>,
    token: String,
    space: SpaceId,
    progress: Channel<Progress>,
) -> Reply<ImportReport> {
    let task = state.task(Some(progress));
    state
        .unlocked(move |open| {
            let prepared = lock(&open.import).take(&token).ok_or(ErrorCode::NotFound)?;
            if prepared.space() != space {
                return Err(ErrorCode::NotFound.into());
            }
            let mut tell = |done, total| {
                task.tell("importing", done, total);
                vault::Watch::cancelled(&task)
            };
            let imported = prepared.run(&open.mentoring, &mut tell)?;
            lock(&open.import).done(imported.records);
            Ok(imported.report)
        })
        .await
}

/// Takes back the last import of this session; returns how many records went.
#[tauri::command]
pub async fn undo_import(state: State<'_, AppState>) -> Reply<usize> {
    state
        .unlocked(|open| {
            let mut desk = lock(&open.import);
            let undone = interchange::undo(&open.mentoring, desk.last())?;
            desk.done(Vec::new());
            Ok(undone)
        })
        .await
}

/// Reads at most one byte more than the importer takes, so that a huge file is refused, not read.
fn bounded(file: File) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(interchange::MAX_IMPORT_BYTES + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
