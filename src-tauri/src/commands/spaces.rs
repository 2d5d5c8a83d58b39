//! Notebooks, what is sealed in them, and the user's own profile.

use std::ops::Deref;

use chrono::{DateTime, Datelike, Local, NaiveDate};
use mentoring::{
    ShutSpace, SpaceId,
    profile::Profile,
    spaces::{Space, SpaceDraft},
};
use serde::{Deserialize, Serialize};
use sharing::{Receipt, ReceiptLine};
use tauri::{State, ipc::Channel};
use words::Words;
use zeroize::Zeroizing;

use super::{
    second::{second_lock, wrong_second},
    vault::{SavedFile, save},
};
use crate::{
    desktop::FileKind,
    error::{ErrorCode, Reply},
    progress::Progress,
    state::{self, AppState},
};

/// The open notebooks.
#[tauri::command]
pub async fn list_spaces(state: State<'_, AppState>) -> Reply<Vec<Space>> {
    state
        .unlocked(|open| Ok(open.mentoring.list_spaces()))
        .await
}

/// The notebooks that are shut.
#[tauri::command]
pub async fn list_shut_spaces(state: State<'_, AppState>) -> Reply<Vec<ShutSpace>> {
    state
        .unlocked(|open| Ok(open.mentoring.shut_spaces()))
        .await
}

/// Makes a notebook, with a key of its own.
#[tauri::command]
pub async fn create_space(state: State<'_, AppState>, draft: SpaceDraft) -> Reply<Space> {
    state
        .unlocked(|open| Ok(open.mentoring.create_space(draft)?))
        .await
}

/// Changes what its owner says of a notebook.
#[tauri::command]
pub async fn update_space(
    state: State<'_, AppState>,
    space: SpaceId,
    draft: SpaceDraft,
) -> Reply<Space> {
    state
        .unlocked(move |open| Ok(open.mentoring.update_space(space, draft)?))
        .await
}

/// Sets the agreed day until which a notebook is kept, or takes it away.
#[tauri::command]
pub async fn keep_space_until(
    state: State<'_, AppState>,
    space: SpaceId,
    day: Option<NaiveDate>,
) -> Reply<Space> {
    state
        .unlocked(move |open| Ok(open.mentoring.keep_space_until(space, day)?))
        .await
}

/// Makes the sealed part of a notebook, under a passphrase of its own.
#[tauri::command]
pub async fn make_sealed(
    state: State<'_, AppState>,
    space: SpaceId,
    passphrase: Zeroizing<String>,
    progress: Channel<Progress>,
) -> Reply<Space> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let passphrase = second_lock(open, &passphrase)?;
            let cost = app.cost(&task)?;
            Ok(open.mentoring.make_sealed(space, &passphrase, cost)?)
        })
        .await
}

/// Opens the sealed part of a notebook.
#[tauri::command]
pub async fn open_sealed(
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
                .open_sealed(space, &passphrase, &task)
                .map_err(|error| wrong_second(error, None))
        })
        .await
}

/// Shuts the sealed part of a notebook.
#[tauri::command]
pub async fn shut_sealed(state: State<'_, AppState>, space: SpaceId) -> Reply<Space> {
    state
        .unlocked(move |open| Ok(open.mentoring.shut_sealed(space)?))
        .await
}

/// Forgets a notebook, whose name was typed to be sure, and returns the receipt.
#[tauri::command]
pub async fn forget_space(
    state: State<'_, AppState>,
    space: SpaceId,
    name: String,
    progress: Channel<Progress>,
) -> Reply<ReceiptView> {
    let task = state.task(Some(progress));
    let app = state.deref().clone();
    state
        .unlocked(move |open| {
            let (called, given_out) = match open.mentoring.space(space) {
                Ok(there) => {
                    let left = open.sharing().list_disclosures(Some(space))?;
                    let given_out = left.entries.len() + left.unreadable as usize;
                    let given_out = u32::try_from(given_out).unwrap_or(u32::MAX);
                    (there.card.name, Some(given_out))
                }
                // One whose passphrase is lost can be forgotten, and nothing else.
                Err(mentoring::Error::SpaceLocked) => {
                    (open.mentoring.shut_space(space)?.shown_as, None)
                }
                Err(error) => return Err(error.into()),
            };
            if called.trim().to_lowercase() != name.trim().to_lowercase() {
                return Err(ErrorCode::NameDiffers.into());
            }
            let gone = open.mentoring.forget_space(space, &task)?;
            let receipt = Receipt {
                when: when(app.words(), gone.at.with_timezone(&Local)),
                gone,
                given_out,
            };
            let view = ReceiptView::of(&receipt, app.words());
            *state::lock(&open.receipt) = Some(receipt);
            Ok(view)
        })
        .await
}

/// Saves the receipt of the notebook that was forgotten last, where the person says.
#[tauri::command]
pub async fn save_receipt(
    state: State<'_, AppState>,
    format: ReceiptFormat,
) -> Reply<Option<SavedFile>> {
    let app = state.deref().clone();
    let (bytes, suggested) = state
        .unlocked(move |open| {
            let kept = state::lock(&open.receipt);
            let receipt = kept.as_ref().ok_or(ErrorCode::NotFound)?;
            let bytes = match format {
                ReceiptFormat::Pdf => receipt.pdf(app.words())?,
                ReceiptFormat::Text => receipt.text(app.words()).into_bytes(),
            };
            let day = receipt.gone.at.with_timezone(&Local).format("%Y-%m-%d");
            let name = app
                .words()
                .with("receipt-file-name", [("day", day.to_string().into())]);
            Ok((bytes, format!("{name}.{}", format.ending())))
        })
        .await?;
    state
        .asking(move |desktop| save(desktop, &suggested, format.kind(), &bytes))
        .await
}

/// A form of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum ReceiptFormat {
    /// A page.
    Pdf,
    /// Plain text.
    Text,
}

impl ReceiptFormat {
    fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Text => "txt",
        }
    }

    fn kind(self) -> FileKind {
        match self {
            Self::Pdf => FileKind::Pdf,
            Self::Text => FileKind::Text,
        }
    }
}

/// The receipt of a forgotten notebook, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct ReceiptView {
    /// When it was forgotten.
    pub when: String,
    /// Its lines: what each is about, and what it says.
    pub lines: Vec<ReceiptLine>,
}

impl ReceiptView {
    fn of(receipt: &Receipt, words: &Words) -> Self {
        Self {
            when: receipt.when.clone(),
            lines: receipt.lines(words),
        }
    }
}

/// A day and its time, in words.
fn when(words: &Words, at: DateTime<Local>) -> String {
    let day = words.date(at.year(), at.month(), at.day());
    format!("{day}, {}", at.format("%H:%M"))
}

/// The user's profile.
#[tauri::command]
pub async fn profile(state: State<'_, AppState>) -> Reply<Profile> {
    state.unlocked(|open| Ok(open.mentoring.profile()?)).await
}

/// Saves the user's profile.
#[tauri::command]
pub async fn save_profile(state: State<'_, AppState>, profile: Profile) -> Reply<Profile> {
    state
        .unlocked(move |open| Ok(open.mentoring.save_profile(&profile)?))
        .await
}
