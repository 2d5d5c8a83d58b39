//! The vault: making it, opening it, locking it, and its two ways in.

use std::{
    ops::Deref,
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use chrono::Datelike;
use documents::SpareKeySheet;
use serde::Serialize;
use shell::{
    putting_back::finish_switch,
    setting_up::{self, is_unfinished, put_spare_key},
};
use tauri::{State, ipc::Channel};
use vault::{Credential, SpareKey, Vault};
use words::Words;
use zeroize::Zeroizing;

use super::program::{AppStateView, VaultState, shut, view};
use crate::{
    desktop::{Desktop, FileKind},
    error::{AppError, ErrorCode, Reply},
    files,
    passphrases::{self, PassphraseStrength},
    progress::{Progress, Task},
    replace::Left,
    spare_key::{NewSpareKey, SpareKeyWords, TypedWord},
    state::{AppState, Open, Session, SetUp, close, lock, new_passphrase, passphrase},
};

/// A file that was written; its own name only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SavedFile {
    /// The file's name, without its folder.
    pub name: String,
}

impl SavedFile {
    /// The file at a path.
    pub(super) fn at(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy());
        Self {
            name: name.unwrap_or_default().into_owned(),
        }
    }
}

/// Measures how hard a passphrase is to guess.
#[tauri::command]
pub async fn measure_passphrase(passphrase: Zeroizing<String>) -> Reply<PassphraseStrength> {
    Ok(passphrases::measure(&passphrase))
}

/// Suggests a passphrase of six words.
#[tauri::command]
pub async fn suggest_passphrase() -> Reply<String> {
    let suggested = passphrases::suggest().map_err(|_| ErrorCode::Unexpected)?;
    Ok(suggested.to_string())
}

/// Makes a vault and shows its spare key; the vault opens once the spare key is confirmed.
#[tauri::command]
pub async fn create_vault(
    state: State<'_, AppState>,
    passphrase: Zeroizing<String>,
    name: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<SpareKeyWords> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .transition(move |session| {
            if !matches!(session, Session::Locked) {
                return Err(ErrorCode::VaultExists.into());
            }
            // A vault that is on its way to this place is not to find another one there.
            finish_switch(app.places())?;
            let passphrase = new_passphrase(&passphrase)?;
            let cost = app.cost(&task)?;
            let (vault, spare) = Vault::create(app.places(), &passphrase, cost, &task)?;
            let spare = NewSpareKey::over(spare)?;
            let shown = spare.words();
            *session = Session::SetUp(Box::new(SetUp { vault, spare, name }));
            Ok(shown)
        })
        .await
}

/// The words of the spare key that is still to be confirmed.
#[tauri::command]
pub async fn spare_key_words(state: State<'_, AppState>) -> Reply<SpareKeyWords> {
    state
        .session(|session| with_spare(session, |spare, _| Ok(spare.words())))
        .await
}

/// The positions of the three words that are asked for.
#[tauri::command]
pub async fn spare_key_questions(state: State<'_, AppState>) -> Reply<Vec<usize>> {
    state
        .session(|session| with_spare(session, |spare, _| Ok(spare.asked().to_vec())))
        .await
}

/// Saves the sheet with the spare key where the person says.
#[tauri::command]
pub async fn save_spare_key_sheet(state: State<'_, AppState>) -> Reply<Option<SavedFile>> {
    let app = state.deref().clone();
    let sheet = state
        .session(move |session| with_spare(session, |spare, name| sheet(spare, name, &app)))
        .await?;
    let suggested = format!("{}.pdf", state.words().say("spare-key-file-name"));
    state
        .asking(move |desktop| save(desktop, &suggested, FileKind::Pdf, &sheet))
        .await
}

/// Prints what the window shows of the spare key.
#[tauri::command]
pub async fn print_spare_key_sheet(state: State<'_, AppState>) -> Reply<()> {
    state
        .session(|session| with_spare(session, |_, _| Ok(())))
        .await?;
    state.asking(|desktop| desktop.print()).await
}

/// Checks three words of the spare key. A vault that was just made is then opened once with the spare key itself,
/// and entered; in an open vault the new spare key takes the place of the old one.
#[tauri::command]
pub async fn confirm_spare_key(
    state: State<'_, AppState>,
    words: Vec<TypedWord>,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    let words = Arc::new(words);
    // In an open vault nobody else has to wait for it.
    let confirmed = state
        .session({
            let words = Arc::clone(&words);
            move |session| match session {
                Session::Locked => Err(ErrorCode::VaultLocked.into()),
                Session::SetUp(_) => Ok(false),
                Session::Open(open) => confirm_in_open(open, &words).map(|()| true),
            }
        })
        .await?;
    if confirmed {
        return view(&state).await;
    }
    state
        .transition(move |session| match session {
            Session::Locked => Err(ErrorCode::VaultLocked.into()),
            Session::Open(_) => Ok(()),
            Session::SetUp(set_up) => {
                set_up.spare.check(&words)?;
                let Session::SetUp(set_up) = std::mem::replace(session, Session::Locked) else {
                    return Err(ErrorCode::Unexpected.into());
                };
                let (next, outcome) = finish_set_up(*set_up, &app, &task);
                *session = next;
                outcome
            }
        })
        .await?;
    view(&state).await
}

fn confirm_in_open(open: &Open, words: &[TypedWord]) -> Reply<()> {
    let mut pending = lock(&open.spare);
    if lock(&open.rekey).is_some() {
        // This one belongs to new keys for everything, and opens nothing by itself.
        return Err(ErrorCode::NotFound.into());
    }
    let spare = pending.as_ref().ok_or(ErrorCode::NotFound)?;
    spare.check(words)?;
    put_spare_key(open.mentoring.vault(), spare.key())?;
    *pending = None;
    Ok(())
}

/// Opens the vault with the passphrase.
#[tauri::command]
pub async fn unlock_vault(
    state: State<'_, AppState>,
    passphrase: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .transition(move |session| {
            if let Session::Open(open) = session {
                return check(open, &passphrase);
            }
            close(session);
            let passphrase = self::passphrase(&passphrase)?;
            let credential = Credential::Passphrase(&passphrase);
            let vault = Vault::open(app.places(), credential, &task)?;
            *session = if is_unfinished(&vault) {
                // Its spare key was never confirmed: nobody may have it on paper.
                Session::SetUp(Box::new(SetUp {
                    vault,
                    spare: NewSpareKey::make()?,
                    name: Zeroizing::default(),
                }))
            } else {
                Session::Open(Box::new(Open::over(vault, app.clock())?))
            };
            Ok(())
        })
        .await?;
    state.look_through();
    view(&state).await
}

/// Opens the vault with the spare key, and sets a new passphrase where one is given.
#[tauri::command]
pub async fn unlock_with_spare_key(
    state: State<'_, AppState>,
    words: Zeroizing<String>,
    passphrase: Option<Zeroizing<String>>,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .transition(move |session| {
            let spare = SpareKey::parse(&words)?;
            if let Session::Open(open) = session {
                return match open.mentoring.vault().check_spare_key(&spare)? {
                    true => Ok(()),
                    false => Err(ErrorCode::WrongSpareKey.into()),
                };
            }
            close(session);
            let passphrase = passphrase.as_ref().map(new_passphrase).transpose()?;
            let credential = Credential::SpareKey(&spare);
            let vault = Vault::open(app.places(), credential, &task).map_err(wrong_spare_key)?;
            if let Some(passphrase) = passphrase {
                vault
                    .change_passphrase(&passphrase, app.cost(&task)?, &task)
                    .map_err(AppError::of_passphrase)?;
            }
            let open = if is_unfinished(&vault) {
                // Whoever opens with it has kept it.
                enter(vault, &app, "").map_err(|(error, _)| error)?
            } else {
                Open::over(vault, app.clock())?
            };
            *session = Session::Open(Box::new(open));
            Ok(())
        })
        .await?;
    state.look_through();
    view(&state).await
}

/// Takes the state of the vault that is open for the one that is wanted, though this computer has seen another.
#[tauri::command]
pub async fn accept_vault(state: State<'_, AppState>) -> Reply<AppStateView> {
    state
        .unlocked(|open| {
            open.mentoring.accept_state()?;
            open.accepted.store(true, Ordering::Relaxed);
            Ok(())
        })
        .await?;
    view(&state).await
}

/// Locks the vault, and lets a fresh process show the lock screen. The window has saved its words before it asks, and
/// says what it leaves. Answers nothing when this process ends; the window then shows nothing more either.
///
/// What was open is answered to be locked whatever has become of its folder: a stick may have been pulled out, and the
/// keys are gone all the same.
#[tauri::command]
pub async fn lock_vault(state: State<'_, AppState>, left: Left) -> Reply<Option<AppStateView>> {
    state.stop_looking();
    state.stop_tasks();
    state.window_left(&left);
    let app = state.deref().clone();
    let was_locked = state
        .transition(move |session| {
            let was_locked = matches!(session, Session::Locked);
            app.lock_session(session);
            Ok(was_locked)
        })
        .await?;
    let locked = shut(&state, VaultState::Locked);
    if was_locked {
        return Ok(Some(view(&state).await.unwrap_or(locked)));
    }
    Ok((!state.begin_anew(left)).then_some(locked))
}

/// Changes the passphrase; the spare key stays what it was.
#[tauri::command]
pub async fn change_passphrase(
    state: State<'_, AppState>,
    current: Zeroizing<String>,
    next: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<()> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let next = new_passphrase(&next)?;
            check(open, &current)?;
            let cost = app.cost(&task)?;
            *lock(&open.rekey) = None;
            let vault = open.mentoring.vault();
            vault
                .change_passphrase(&next, cost, &task)
                .map_err(AppError::of_passphrase)
        })
        .await
}

/// Makes a new spare key. The old one counts until the new one is confirmed.
#[tauri::command]
pub async fn replace_spare_key(
    state: State<'_, AppState>,
    passphrase: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<SpareKeyWords> {
    let _task = state.task(Some(progress));
    state
        .unlocked(move |open| {
            check(open, &passphrase)?;
            if open.mentoring.vault().read_only() {
                return Err(ErrorCode::ReadOnly.into());
            }
            let spare = NewSpareKey::make()?;
            let shown = spare.words();
            *lock(&open.spare) = Some(spare);
            *lock(&open.rekey) = None;
            Ok(shown)
        })
        .await
}

/// Writes bytes where the person says.
pub(super) fn save(
    desktop: &dyn Desktop,
    suggested: &str,
    kind: FileKind,
    bytes: &[u8],
) -> Reply<Option<SavedFile>> {
    let Some(path) = desktop.save_file(suggested, kind) else {
        return Ok(None);
    };
    files::replace(&path, bytes).map_err(not_written)?;
    Ok(Some(SavedFile::at(&path)))
}

/// Why a file that leaves could not be written.
pub(super) fn not_written(error: std::io::Error) -> AppError {
    match vault::Error::from(error) {
        vault::Error::NoSpace => ErrorCode::NoSpace.into(),
        _ => ErrorCode::FileNotWritten.into(),
    }
}

fn wrong_spare_key(error: vault::Error) -> AppError {
    match error {
        vault::Error::WrongCredential => ErrorCode::WrongSpareKey.into(),
        other => other.into(),
    }
}

pub(super) fn check(open: &Open, typed: &Zeroizing<String>) -> Reply<()> {
    let current = passphrase(typed)?;
    if open.mentoring.vault().check_passphrase(&current)? {
        Ok(())
    } else {
        Err(ErrorCode::WrongPassphrase.into())
    }
}

/// Opens a vault that was just made once more, with nothing but its spare key, and enters it. Returns where the
/// session stands then, also when that failed.
fn finish_set_up(set_up: SetUp, app: &AppState, task: &Task) -> (Session, Reply<()>) {
    let SetUp { vault, spare, name } = set_up;
    let again = |vault, spare, name| Session::SetUp(Box::new(SetUp { vault, spare, name }));
    let counts = match vault.check_spare_key(spare.key()) {
        Ok(false) => put_spare_key(&vault, spare.key()),
        counts => counts.map(drop).map_err(AppError::from),
    };
    if let Err(error) = counts {
        return (again(vault, spare, name), Err(error));
    }
    let reopened = vault
        .lock()
        .and_then(|()| Vault::open(app.places(), Credential::SpareKey(spare.key()), task));
    match reopened {
        Err(error) => (Session::Locked, Err(error.into())),
        Ok(vault) => match enter(vault, app, &name) {
            Ok(open) => (Session::Open(Box::new(open)), Ok(())),
            Err((error, Some(vault))) => (again(*vault, spare, name), Err(error)),
            Err((error, None)) => (Session::Locked, Err(error)),
        },
    }
}

/// Starts the services over a vault that was just made; gives it back where that fails.
fn enter(vault: Vault, app: &AppState, name: &str) -> Result<Open, (AppError, Option<Box<Vault>>)> {
    let open = Open::over(vault, app.clock()).map_err(|error| (error, None))?;
    match setting_up::enter(&open.mentoring, name) {
        Ok(()) => Ok(open),
        Err(error) => Err((error, Some(Box::new(open.mentoring.into_vault())))),
    }
}

/// Works on the spare key that is still to be confirmed, and the name of its owner.
fn with_spare<T>(session: &Session, work: impl FnOnce(&NewSpareKey, &str) -> Reply<T>) -> Reply<T> {
    match session {
        Session::SetUp(set_up) => work(&set_up.spare, &set_up.name),
        Session::Open(open) => {
            let name = open.mentoring.profile()?.name;
            let spare = lock(&open.spare);
            work(spare.as_ref().ok_or(ErrorCode::NotFound)?, &name)
        }
        Session::Locked => Err(ErrorCode::VaultLocked.into()),
    }
}

fn sheet(spare: &NewSpareKey, name: &str, app: &AppState) -> Reply<Arc<Zeroizing<Vec<u8>>>> {
    let words: &Words = app.words();
    let made = spare.made();
    let day = words.date(made.year(), made.month(), made.day());
    let time = made.format("%H:%M").to_string();
    let made_for = if name.is_empty() {
        words.with(
            "spare-key-made",
            [("day", day.into()), ("time", time.into())],
        )
    } else {
        words.with(
            "spare-key-made-for",
            [
                ("name", name.into()),
                ("day", day.into()),
                ("time", time.into()),
            ],
        )
    };
    let steps =
        ["spare-key-step-1", "spare-key-step-2", "spare-key-step-3"].map(|id| words.say(id));
    let sheet = documents::spare_key_sheet(&SpareKeySheet {
        words: &spare.key().words(),
        language: words.language(),
        title: &words.say("spare-key-title"),
        made_for: &made_for,
        steps_heading: &words.say("spare-key-steps"),
        steps: &steps.each_ref().map(String::as_str),
        where_to_keep: &words.say("spare-key-where"),
        kept_at: &words.say("spare-key-kept-at"),
        warning: &words.say("spare-key-warning"),
    });
    Ok(Arc::new(sheet.map_err(sharing::Error::from)?))
}
