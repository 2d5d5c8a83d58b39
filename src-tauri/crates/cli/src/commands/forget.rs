//! Forgetting a notebook: its key is destroyed, and nothing of it can be read again.

use chrono::{DateTime, Utc};
use mentoring::SpaceId;
use serde::Serialize;
use vault::CompartmentId;

use super::{Ended, WELL};
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
    rows_removed: u64,
    files_destroyed: u64,
    files_checked: u64,
    bytes_checked: u64,
    parts_opened: u64,
}

/// Destroys a notebook, if the yes was given; says what would go, if not.
pub fn forget(common: &Common, space: &str, yes: bool, output: &Output<'_>) -> Ended {
    let session = Session::open_to_write(common, output)?;
    let space = session.space(space)?;
    let words = output.words;
    if !yes {
        let records: u32 = space.counts.values().sum();
        let summaries = session.summaries(Some(space.id), output)?.len();
        session.close(output);
        let values = [
            ("space", one_line(&space.card.name).into()),
            ("records", records.into()),
            ("summaries", summaries.into()),
        ];
        return Err(Failure::from(Own::NeedsYes).saying(words.with("cli-forget-would", values)));
    }
    let compartment = CompartmentId(space.id.bytes());
    let report = session
        .mentoring
        .vault()
        .forget(compartment, &output.progress())?;
    let receipt = Receipt {
        id: space.id,
        name: space.card.name,
        at: session.mentoring.clock().now(),
        rows_removed: report.rows_removed,
        files_destroyed: report.files_destroyed,
        files_checked: report.files_checked,
        bytes_checked: report.bytes_checked,
        parts_opened: report.parts_opened,
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
            ("rows", receipt.rows_removed.into()),
            ("destroyed", receipt.files_destroyed.into()),
            ("files", receipt.files_checked.into()),
            ("bytes", receipt.bytes_checked.into()),
            ("parts", receipt.parts_opened.into()),
        ];
        words.with("cli-forget-receipt", values)
    })?;
    Ok(WELL)
}
