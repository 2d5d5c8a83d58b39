//! The vault: making it, opening it, locking it, and its two ways in.

use std::{ops::Deref, sync::Arc};

use documents::SpareKeySheet;
use mentoring::profile::Profile;
use serde::{Deserialize, Serialize};
use tauri::{State, ipc::Channel};
use vault::{Credential, SpareKey, Vault};
use words::Words;
use zeroize::Zeroizing;

use super::program::{AppStateView, view};
use crate::{
    desktop::{Desktop, FileKind},
    error::{AppError, ErrorCode, Reply},
    files,
    passphrases::{self, PassphraseStrength},
    progress::Progress,
    state::{AppState, Open, Session, SetUp, close, lock, new_passphrase, passphrase},
};

/// Words of a spare key.
const WORDS: usize = 24;

/// The words of a spare key, in their order.
#[derive(Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SpareKeyWords(Vec<&'static str>);

/// A word of the spare key, as the person typed it.
#[derive(Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct TypedWord {
    /// Its position, from 1.
    position: u32,
    /// The word.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    word: Zeroizing<String>,
}

/// A file that was written; its own name only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SavedFile {
    /// The file's name, without its folder.
    pub name: String,
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
            let passphrase = new_passphrase(&passphrase)?;
            let cost = app.cost(&task)?;
            let (vault, spare) = Vault::create(app.places(), &passphrase, cost, &task)?;
            let asked = positions()?;
            let shown = SpareKeyWords(spare.words().to_vec());
            *session = Session::SetUp(Box::new(SetUp {
                vault,
                spare,
                asked,
                name,
            }));
            Ok(shown)
        })
        .await
}

/// The positions of the three words that are asked for.
#[tauri::command]
pub async fn spare_key_questions(state: State<'_, AppState>) -> Reply<Vec<usize>> {
    state
        .session(|session| match session {
            Session::SetUp(set_up) => Ok(set_up.asked.to_vec()),
            Session::Locked | Session::Open(_) => Err(ErrorCode::VaultLocked.into()),
        })
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

/// Checks three words of the spare key, opens the vault once with the spare key itself, and enters.
#[tauri::command]
pub async fn confirm_spare_key(
    state: State<'_, AppState>,
    words: Vec<TypedWord>,
    progress: Channel<Progress>,
) -> Reply<AppStateView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .transition(move |session| {
            let Session::SetUp(set_up) = session else {
                return Err(ErrorCode::VaultLocked.into());
            };
            check_words(set_up, &words)?;
            let Session::SetUp(set_up) = std::mem::replace(session, Session::Locked) else {
                return Err(ErrorCode::Unexpected.into());
            };
            let SetUp {
                vault,
                spare,
                asked,
                name,
            } = *set_up;
            vault.lock()?;
            // The rehearsal: the vault is opened with nothing but the spare key.
            let vault = Vault::open(app.places(), Credential::SpareKey(&spare), &task)?;
            match enter(vault, &app, &name) {
                Ok(open) => *session = Session::Open(Box::new(open)),
                Err((error, vault)) => {
                    if let Some(vault) = vault {
                        let set_up = SetUp {
                            vault,
                            spare,
                            asked,
                            name,
                        };
                        *session = Session::SetUp(Box::new(set_up));
                    }
                    return Err(error);
                }
            }
            Ok(())
        })
        .await?;
    view(&state).await
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
            if matches!(session, Session::Open(_)) {
                return Ok(());
            }
            close(session);
            let passphrase = self::passphrase(&passphrase)?;
            let credential = Credential::Passphrase(&passphrase);
            let vault = Vault::open(app.places(), credential, &task)?;
            *session = Session::Open(Box::new(Open::over(vault, app.clock())?));
            Ok(())
        })
        .await?;
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
            if matches!(session, Session::Open(_)) {
                return Ok(());
            }
            close(session);
            let spare = SpareKey::parse(&words)?;
            let passphrase = passphrase.as_ref().map(new_passphrase).transpose()?;
            let credential = Credential::SpareKey(&spare);
            let vault = Vault::open(app.places(), credential, &task).map_err(wrong_spare_key)?;
            if let Some(passphrase) = passphrase {
                vault.change_passphrase(&passphrase, app.cost(&task)?, &task)?;
            }
            *session = Session::Open(Box::new(Open::over(vault, app.clock())?));
            Ok(())
        })
        .await?;
    view(&state).await
}

/// Locks the vault. The window has saved its words before it asks.
#[tauri::command]
pub async fn lock_vault(state: State<'_, AppState>) -> Reply<AppStateView> {
    state.stop_task();
    state
        .transition(|session| {
            close(session);
            Ok(())
        })
        .await?;
    view(&state).await
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
            Ok(open
                .mentoring
                .vault()
                .change_passphrase(&next, cost, &task)?)
        })
        .await
}

/// Makes a new spare key; the old one opens nothing afterwards.
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
            let spare = open.mentoring.vault().replace_spare_key()?;
            let shown = SpareKeyWords(spare.words().to_vec());
            *lock(&open.spare) = Some(spare);
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
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    Ok(Some(SavedFile {
        name: name.unwrap_or_default(),
    }))
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

fn check(open: &Open, typed: &Zeroizing<String>) -> Reply<()> {
    let current = passphrase(typed)?;
    if open.mentoring.vault().check_passphrase(&current)? {
        Ok(())
    } else {
        Err(ErrorCode::WrongPassphrase.into())
    }
}

/// Starts the services over a vault that was just made; gives it back where that fails.
fn enter(
    vault: Vault,
    app: &AppState,
    name: &Zeroizing<String>,
) -> Result<Open, (AppError, Option<Vault>)> {
    let open = Open::over(vault, app.clock()).map_err(|error| (error, None))?;
    match open.mentoring.save_profile(&Profile {
        name: name.to_string(),
    }) {
        Ok(_) => Ok(open),
        Err(error) => Err((error.into(), Some(open.mentoring.into_vault()))),
    }
}

fn check_words(set_up: &SetUp, typed: &[TypedWord]) -> Reply<()> {
    let words = set_up.spare.words();
    let right = |position: &usize| {
        let mut answers = typed
            .iter()
            .filter(|typed| typed.position as usize == *position);
        answers
            .next()
            .is_some_and(|typed| typed.word.trim().eq_ignore_ascii_case(words[*position - 1]))
    };
    match set_up.asked.iter().find(|position| !right(position)) {
        None => Ok(()),
        Some(position) => Err(AppError::with(
            ErrorCode::SpareKeyConfirm,
            "position",
            position,
        )),
    }
}

/// Draws three positions, one from each third, so that nobody is asked for neighbours only.
fn positions() -> Reply<[usize; 3]> {
    const THIRD: usize = WORDS / 3;
    let mut draw = [0u8; 3];
    getrandom::fill(&mut draw).map_err(|_| ErrorCode::Unexpected)?;
    Ok(std::array::from_fn(|third| {
        third * THIRD + usize::from(draw[third]) % THIRD + 1
    }))
}

fn with_spare<T>(session: &Session, work: impl FnOnce(&SpareKey, &str) -> Reply<T>) -> Reply<T> {
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

fn sheet(spare: &SpareKey, name: &str, app: &AppState) -> Reply<Arc<Zeroizing<Vec<u8>>>> {
    let words: &Words = app.words();
    let day = app.clock().today().format("%-d %B %Y").to_string();
    let made_for = if name.is_empty() {
        words.with("spare-key-made", [("day", day.into())])
    } else {
        words.with(
            "spare-key-made-for",
            [("name", name.into()), ("day", day.into())],
        )
    };
    let steps =
        ["spare-key-step-1", "spare-key-step-2", "spare-key-step-3"].map(|id| words.say(id));
    let sheet = documents::spare_key_sheet(&SpareKeySheet {
        words: &spare.words(),
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
