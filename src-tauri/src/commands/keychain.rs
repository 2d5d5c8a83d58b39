//! This computer's keychain as a way in, for whoever asks for it.

use std::{
    ops::Deref,
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError, SendError},
    },
    thread,
    time::Duration,
};

use shell::keychain;
use tauri::{State, ipc::Channel};
use vault::{Credential, Found, KeychainSecret, Vault, VaultId, Watch};
use zeroize::Zeroizing;

use super::{
    program::{AppStateView, view},
    vault::check,
};
use crate::{
    error::{AppError, ErrorCode, Reply},
    progress::{Deadline, Progress},
    state::{AppState, Open, Session, blocking, close},
};

/// The step at which the keychain may ask the person.
const WAITING: &str = "keychain";

/// How long somebody who stops waiting for the keychain has to wait for that.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How long a keychain may take to drop what opens nothing any more, before it is left to do that by itself.
const DROPPING: Duration = Duration::from_secs(3);

/// Lets this computer's keychain open the vault from now on; the passphrase is asked for first.
#[tauri::command]
pub async fn allow_keychain(
    state: State<'_, AppState>,
    passphrase: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = Arc::new(state.task(Some(progress)));
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
    let new = Arc::new(new);
    task.tell(WAITING, 0, 0);
    let handed = until_stopped(
        task,
        {
            let (app, new) = (app.clone(), Arc::clone(&new));
            move || keychain::hand_over(&new, app.keychain(), &app.places().device)
        },
        {
            let (app, new) = (app.clone(), Arc::clone(&new));
            move |_| keychain::drop_late(&new, app.keychain(), &app.places().device)
        },
    )
    .await;
    if let Err(error) = handed.and_then(|handed| handed) {
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
    forget_secret(&state, vault).await;
    view(&state).await
}

/// Takes it away from all other keychains, which need not be at hand for that.
#[tauri::command]
pub async fn withdraw_other_keychains(state: State<'_, AppState>) -> Reply<AppStateView> {
    let app = state.deref().clone();
    state
        .unlocked(move |open| keychain::remove_others(open.mentoring.vault(), &app.places().device))
        .await?;
    view(&state).await
}

/// Drops what the keychain keeps. It may wait for the person: then nobody waits for it.
pub(super) async fn forget_secret(state: &AppState, vault: VaultId) {
    let app = state.clone();
    let dropping = move || keychain::forget_secret(app.keychain(), vault);
    // It opens nothing any more, dropped or not.
    let _ = until_stopped(Arc::new(Deadline::after(DROPPING)), dropping, drop).await;
}

/// Runs what may wait for the person, until it is done or shall stop; nothing else is held meanwhile. What nobody waits
/// for any more goes on by itself, and `late` gets what comes of it.
///
/// Errors: `Cancelled`.
async fn until_stopped<T: Send + 'static>(
    watch: Arc<dyn Watch + Send + Sync>,
    work: impl FnOnce() -> T + Send + 'static,
    late: impl FnOnce(T) + Send + 'static,
) -> Reply<T> {
    blocking(move || {
        // Without room in it, what is sent has either been taken or comes back.
        let (end, ended) = mpsc::sync_channel(0);
        let asking = move || {
            if let Err(SendError(too_late)) = end.send(work()) {
                late(too_late);
            }
        };
        let thread = thread::Builder::new().name("keychain".to_owned());
        thread
            .spawn(asking)
            .map_err(|_| ErrorCode::KeychainUnavailable)?;
        loop {
            match ended.recv_timeout(LOOK_EVERY) {
                Ok(end) => return Ok(end),
                Err(RecvTimeoutError::Timeout) if watch.cancelled() => {
                    return Err(ErrorCode::Cancelled.into());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(ErrorCode::Unexpected.into()),
            }
        }
    })
    .await
}

/// Opens the vault with what this computer's keychain keeps. The keychain may ask the person first.
#[tauri::command]
pub async fn unlock_with_keychain(
    state: State<'_, AppState>,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = Arc::new(state.task(Some(progress)));
    let app = state.deref().clone();
    task.tell(WAITING, 0, 0);
    let secret = until_stopped(
        task.clone(),
        {
            let app = app.clone();
            move || fetch(&app)
        },
        drop,
    )
    .await
    .and_then(|secret| secret);
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
                    let secret = Credential::Keychain(&secret);
                    let vault = Vault::open(app.places(), secret, &*task)?;
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
                forget_secret(&state, id).await;
            }
            opened
        }
    };
    opened?;
    state.look_through();
    view(&state).await
}

/// What the keychain keeps for the vault that is there.
fn fetch(app: &AppState) -> Reply<(VaultId, KeychainSecret)> {
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
