//! Whether everything is there, and the proof that nothing lies readable on the disk.

use std::ops::Deref;

use shell::{
    checkup::{self, Checkup},
    prove::{self, Proof},
};
use tauri::{State, ipc::Channel};

use crate::{
    error::Reply,
    progress::{Progress, Task},
    state::{AppState, Open},
};

/// Counts what is in every notebook; reads every record if `deep`.
#[tauri::command]
pub async fn check_vault(
    state: State<'_, AppState>,
    deep: bool,
    progress: Channel<Progress>,
) -> Reply<Checkup> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| look_through(open, &app, deep, &task))
        .await
}

/// Puts right what can be put right while the vault is open, and reads every record again.
#[tauri::command]
pub async fn mend_vault(state: State<'_, AppState>, progress: Channel<Progress>) -> Reply<Checkup> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let found = look_through(open, &app, true, &task)?;
            checkup::put_right(&open.mentoring, &found, &task)?;
            look_through(open, &app, true, &task)
        })
        .await
}

/// Plants a sentence that nobody can have written before, searches every file that the program may write to for it, and
/// erases it again.
#[tauri::command]
pub async fn prove_vault(state: State<'_, AppState>, progress: Channel<Progress>) -> Reply<Proof> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| prove::prove(&open.mentoring, app.places(), &task))
        .await
}

fn look_through(open: &Open, app: &AppState, deep: bool, task: &Task) -> Reply<Checkup> {
    checkup::look_through(&open.mentoring, &open.findings, deep, app.words(), task)
}
