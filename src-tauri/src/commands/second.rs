//! Second passphrases: those of whole notebooks, and those of what is sealed in them.

use std::ops::Deref;

use mentoring::{Guarded, Second, ShutSpace, SpaceId, spaces::Space};
use tauri::{State, ipc::Channel};
use vault::Passphrase;
use zeroize::Zeroizing;

use super::rekey::RekeyView;
use crate::{
    error::{AppError, ErrorCode, Reply},
    progress::Progress,
    state::{self, AppState, Open},
};

/// Opens a notebook with its second passphrase.
#[tauri::command]
pub async fn open_space(
    state: State<'_, AppState>,
    space: SpaceId,
    passphrase: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<Space> {
    let task = state.task(Some(progress));
    state
        .unlocked(move |open| {
            let passphrase = state::passphrase(&passphrase)?;
            open.mentoring
                .open_space(space, &passphrase, &task)
                .map_err(|error| wrong_second(error, None))
        })
        .await
}

/// Shuts a notebook that has a second passphrase, and what is sealed in it.
#[tauri::command]
pub async fn close_space(state: State<'_, AppState>, space: SpaceId) -> Reply<ShutSpace> {
    state
        .unlocked(move |open| Ok(open.mentoring.close_space(space)?))
        .await
}

/// Puts a notebook under a second passphrase, with a new key.
#[tauri::command]
pub async fn set_second_passphrase(
    state: State<'_, AppState>,
    space: SpaceId,
    shown_as: String,
    passphrase: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<RekeyView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let passphrase = second_lock(open, &passphrase)?;
            let cost = app.cost(&task)?;
            let report =
                open.mentoring
                    .set_second_passphrase(space, &shown_as, &passphrase, cost, &task)?;
            Ok(RekeyView::of(&report))
        })
        .await
}

/// Puts another second passphrase in the place of the present one, with a new key.
#[tauri::command]
pub async fn change_second_passphrase(
    state: State<'_, AppState>,
    space: SpaceId,
    part: Guarded,
    present: Zeroizing<String>,
    next: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<RekeyView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let present = state::passphrase(&present)?;
            let next = second_lock(open, &next)?;
            let cost = app.cost(&task)?;
            let present = Second {
                space,
                part,
                passphrase: &present,
            };
            let report = open
                .mentoring
                .change_second_passphrase(present, &next, cost, &task)
                .map_err(|error| wrong_second(error, None))?;
            Ok(RekeyView::of(&report))
        })
        .await
}

/// Takes the second passphrase from a notebook, which gets a new key.
#[tauri::command]
pub async fn remove_second_passphrase(
    state: State<'_, AppState>,
    space: SpaceId,
    present: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<RekeyView> {
    let task = state.task(Some(progress));
    state
        .unlocked(move |open| {
            let present = state::passphrase(&present)?;
            let report = open
                .mentoring
                .remove_second_passphrase(space, &present, &task)
                .map_err(|error| wrong_second(error, None))?;
            Ok(RekeyView::of(&report))
        })
        .await
}

/// Changes the name that is shown while a notebook is shut.
#[tauri::command]
pub async fn show_space_as(
    state: State<'_, AppState>,
    space: SpaceId,
    shown_as: String,
) -> Reply<Space> {
    state
        .unlocked(move |open| Ok(open.mentoring.show_space_as(space, &shown_as)?))
        .await
}

/// A passphrase that shall be a second one. That of the vault would be no second lock.
pub fn second_lock(open: &Open, typed: &Zeroizing<String>) -> Reply<Passphrase> {
    let passphrase = state::new_passphrase(typed)?;
    if open.mentoring.vault().check_passphrase(&passphrase)? {
        return Err(ErrorCode::SecondSame.into());
    }
    Ok(passphrase)
}

/// The error says of which notebook it speaks, and of which part of it, where that is known.
pub fn wrong_second(error: mentoring::Error, of: Option<(SpaceId, Guarded)>) -> AppError {
    match error {
        mentoring::Error::Vault(vault::Error::WrongCredential) => match of {
            Some((space, part)) => {
                let mut error = AppError::with(ErrorCode::WrongSecondPassphrase, "space", space);
                let part = shell::error::name(part);
                error.params.insert("part".to_owned(), part);
                error
            }
            None => ErrorCode::WrongSecondPassphrase.into(),
        },
        error => error.into(),
    }
}
