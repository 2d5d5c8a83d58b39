//! This computer's keychain as a way in, for whoever asks for it.

use std::ops::Deref;

use shell::keychain;
use tauri::{State, ipc::Channel};
use vault::{Credential, Found, Vault, VaultId, Watch};
use zeroize::Zeroizing;

use super::{
    program::{AppStateView, view},
    vault::check,
};
use crate::{
    error::{AppError, ErrorCode, Reply},
    progress::Progress,
    state::{AppState, Open, Session, blocking, close},
};

/// The step at which the keychain may ask the person.
const WAITING: &str = "keychain";

/// Lets this computer's keychain open the vault from now on; the passphrase is asked for first.
#[tauri::command]
pub async fn allow_keychain(
    state: State<'_, AppState>,
    passphrase: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    let new = {
        let app = app.clone();
        state
            .unlocked(move |open| {
                check(open, &passphrase)?;
                keychain::make_slot(open.mentoring.vault(), &app.places().device)
            })
            .await?
    };
    task.tell(WAITING, 0, 0);
    // The keychain may wait for the person: nothing else shall wait for that.
    let (new, handed) = blocking({
        let app = app.clone();
        move || {
            let handed = keychain::hand_over(&new, app.keychain(), &app.places().device);
            Ok((new, handed))
        }
    })
    .await?;
    if let Err(error) = handed {
        state
            .unlocked(move |open| keychain::take_back(open.mentoring.vault(), &new))
            .await?;
        return Err(error);
    }
    view(&state).await
}

/// Takes that away again. The slot goes first: what the keychain may still keep then opens nothing.
#[tauri::command]
pub async fn withdraw_keychain(state: State<'_, AppState>) -> Reply<AppStateView> {
    let app = state.deref().clone();
    let vault = state
        .unlocked(move |open| {
            let vault = open.mentoring.vault();
            keychain::remove_slot(vault, &app.places().device)?;
            Ok(vault.id())
        })
        .await?;
    forget_secret(&state, vault).await?;
    view(&state).await
}

/// Drops what the keychain keeps. It may wait for the person, so nothing is held meanwhile.
pub(super) async fn forget_secret(state: &AppState, vault: VaultId) -> Reply<()> {
    let app = state.clone();
    blocking(move || {
        keychain::forget_secret(app.keychain(), vault);
        Ok(())
    })
    .await
}

/// Opens the vault with what this computer's keychain keeps. The keychain may ask the person first.
#[tauri::command]
pub async fn unlock_with_keychain(
    state: State<'_, AppState>,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    task.tell(WAITING, 0, 0);
    // The keychain may wait for the person: nothing else shall wait for that.
    let secret = blocking({
        let app = app.clone();
        move || {
            let Found::Vault { id, .. } = vault::look(app.places())? else {
                return Err(ErrorCode::NoVault.into());
            };
            if !keychain::is_allowed(&app.places().device, id) {
                return Err(ErrorCode::KeychainStale.into());
            }
            let secret = keychain::fetch(app.keychain(), id);
            if let Err(AppError {
                code: ErrorCode::KeychainStale,
                ..
            }) = &secret
            {
                keychain::forget_note(&app.places().device);
            }
            Ok((id, secret?))
        }
    })
    .await;
    let opened = match secret {
        Err(error) => Err(error),
        Ok((id, secret)) => {
            let app = app.clone();
            let opened = state
                .transition(move |session| {
                    if matches!(session, Session::Open(_)) {
                        return Ok(());
                    }
                    // Whoever stopped while the keychain asked does not want it open any more.
                    if task.cancelled() {
                        return Err(ErrorCode::Cancelled.into());
                    }
                    close(session);
                    let vault = Vault::open(app.places(), Credential::Keychain(&secret), &task)?;
                    *session = Session::Open(Box::new(Open::over(vault, app.clock())?));
                    Ok(())
                })
                .await;
            if let Err(AppError {
                code: ErrorCode::KeychainStale,
                ..
            }) = &opened
            {
                keychain::forget_note(&state.places().device);
                forget_secret(&state, id).await?;
            }
            opened
        }
    };
    opened?;
    state.look_through();
    view(&state).await
}
