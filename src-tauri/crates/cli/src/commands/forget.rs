//! Forgetting a notebook: its key is destroyed, and nothing of it can be read again.

use chrono::{DateTime, Utc};
use mentoring::{SpaceId, spaces::Space};
use serde::Serialize;
use shell::{backups::moment, error::name as name_of, old_keys::OldKeys};
use vault::Erasure;
use words::FluentValue;

use super::{Ended, FOUND, WELL};
use crate::{
    arguments::Common,
    failure::{Failure, Own},
    output::{Output, one_line},
    session::Session,
};

/// What was forgotten, when, and what was tried afterwards. It is told once and kept nowhere.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    id: SpaceId,
    name: String,
    at: DateTime<Utc>,
    /// Whether something was sealed in it, which went with it.
    sealed: bool,
    /// When each known backup that still holds it was made; none if that cannot be told.
    held_by: Option<Vec<DateTime<Utc>>>,
    /// Whether nothing that was found of its keys is left.
    key_destroyed: bool,
    /// Whether all of it is destroyed, and that is proven; if not, what was counted for that is 0.
    destroyed: bool,
    /// How many of those are not where they were last.
    not_where_last: usize,
    /// How many older copies of the vault, beside it, may still hold it; none if that cannot be told.
    beside: Option<usize>,
    rows_removed: u64,
    files_destroyed: u64,
    files_checked: u64,
    bytes_checked: u64,
    parts_opened: u64,
    parts_compared: u64,
}

/// Destroys a notebook, if the yes was given; says what would go, if not.
pub fn forget(common: &Common, space: &str, yes: bool, output: &Output<'_>) -> Ended {
    let session = Session::open_to_write(common, output)?;
    let (id, name, would) = match session.space(space) {
        Ok(space) => {
            let would = would_forget(&session, &space, output)?;
            (space.id, space.card.name, would)
        }
        Err(error) => {
            // One whose passphrase is lost can be forgotten, and nothing else.
            let shut = session.shut_space(space).map_err(|_| error)?;
            let values = [("space", one_line(&shut.shown_as).into())];
            let would = output.words.with("cli-forget-would-shut", values);
            (shut.id, shut.shown_as, would)
        }
    };
    let words = output.words;
    if !yes {
        session.close(output);
        return Err(Failure::from(Own::NeedsYes).saying(would));
    }
    let gone = session.mentoring.forget_space(id, &output.progress())?;
    let report = gone.report;
    let old_keys = OldKeys::of(&report.destruction);
    let counted = |count: fn(&Erasure) -> u64| report.destruction.as_ref().map_or(0, count);
    let receipt = Receipt {
        id,
        name,
        at: gone.at,
        sealed: gone.sealed,
        held_by: gone
            .held_by
            .map(|made| made.into_iter().map(moment).collect()),
        key_destroyed: report.key_destroyed,
        destroyed: report.destruction.is_ok(),
        rows_removed: match old_keys {
            OldKeys::Unfinished => 0,
            _ => report.rows,
        },
        files_destroyed: counted(|done| done.files_destroyed),
        files_checked: counted(|done| done.files_checked),
        bytes_checked: counted(|done| done.bytes_checked),
        parts_opened: counted(|done| done.parts_opened),
        parts_compared: counted(|done| done.parts_compared),
        not_where_last: gone.not_where_last,
        beside: gone.beside,
    };
    session.close(output);
    output.answer(&receipt, || {
        let values = [
            ("space", one_line(&receipt.name).into()),
            ("id", receipt.id.to_string().into()),
            (
                "at",
                receipt.at.format("%Y-%m-%d %H:%M UTC").to_string().into(),
            ),
            ("destruction", name_of(old_keys).into()),
            (
                "key",
                if receipt.key_destroyed { "yes" } else { "no" }.into(),
            ),
            ("rows", report.rows.into()),
            ("destroyed", receipt.files_destroyed.into()),
            ("files", receipt.files_checked.into()),
            ("bytes", receipt.bytes_checked.into()),
            ("parts", receipt.parts_opened.into()),
            ("compared", receipt.parts_compared.into()),
            ("held", told(receipt.held_by.as_ref().map(Vec::len))),
            ("elsewhere", receipt.not_where_last.into()),
            ("beside", told(receipt.beside)),
        ];
        words.with("cli-forget-receipt", values)
    })?;
    Ok(if receipt.destroyed { WELL } else { FOUND })
}

/// A number, or that it cannot be told.
fn told(count: Option<usize>) -> FluentValue<'static> {
    count.map_or_else(|| "unknown".into(), Into::into)
}

/// What would go with an open notebook.
fn would_forget(session: &Session, space: &Space, output: &Output<'_>) -> Result<String, Failure> {
    let records: u32 = space.counts.values().sum();
    let summaries = session.summaries(Some(space.id), output)?.len();
    let values = [
        ("space", one_line(&space.card.name).into()),
        ("records", records.into()),
        ("summaries", summaries.into()),
    ];
    Ok(output.words.with("cli-forget-would", values))
}
