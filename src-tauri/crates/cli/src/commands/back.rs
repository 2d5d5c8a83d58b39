//! Single records of a backup: which are not here as they were then, and bringing them back.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use mentoring::{HereNow, KeptRecord, RecordId, SpaceId};
use serde::Serialize;
use shell::{ErrorCode, error::name};
use vault::Credential;

use super::{Ended, WELL};
use crate::{
    arguments::Common,
    failure::Failure,
    output::{Output, one_line, table},
    secrets::{self, Source},
    session::{Session, begins_with, wrong_second},
};

/// A record of a backup that is not here as it was then.
#[derive(Serialize)]
struct Told {
    id: RecordId,
    kind: &'static str,
    title: String,
    date: NaiveDate,
    space: SpaceId,
    here: HereNow,
}

#[derive(Serialize)]
struct Brought {
    records: Vec<RecordId>,
}

impl Told {
    fn of(KeptRecord { line, here }: KeptRecord) -> Self {
        Self {
            id: line.id,
            kind: line.kind.name(),
            title: line.title,
            date: line.on,
            space: line.space,
            here,
        }
    }
}

/// What a person wants of a backup.
#[derive(Clone, Copy)]
pub struct Meant<'a> {
    pub file: &'a Path,
    /// The beginnings of ids; without one all are listed.
    pub records: &'a [String],
    /// Notebooks, and after each the file with the passphrase of what is sealed in it.
    pub sealed: &'a [String],
}

/// Lists the records of a backup that are not here as they were then, or brings back those that are meant.
pub fn bring_back(
    common: &Common,
    meant: Meant<'_>,
    passphrase_file: Option<PathBuf>,
    output: &Output<'_>,
) -> Ended {
    let file = meant.file;
    shell::backups::look(file)?;
    let session = match meant.records.is_empty() {
        true => Session::open(common, output)?,
        false => Session::open_to_write(common, output)?,
    };
    let then = passphrase_file.map(Source::File);
    let then = then
        .map(|source| secrets::present(&source, output))
        .transpose()?;
    let credential = || then.as_ref().map(Credential::Passphrase);
    let watch = output.progress();
    for pair in meant.sealed.chunks_exact(2) {
        let space = session.space(&pair[0])?;
        let second = secrets::present(&Source::File(PathBuf::from(&pair[1])), output)?;
        session
            .mentoring
            .open_sealed(space.id, &second, &watch)
            .map_err(wrong_second)?;
    }
    let unread = |error| match error {
        mentoring::Error::Vault(vault::Error::WrongCredential) if then.is_none() => {
            Failure::from(ErrorCode::BackupOldKeys)
        }
        error => Failure::from(error),
    };
    let kept = session
        .mentoring
        .look_into_backup(file, credential(), &watch)
        .map_err(unread)?;
    for space in kept.untold {
        let name = session.mentoring.space(space)?.card.name;
        let message = output
            .words
            .with("cli-warn-maybeSealed", [("space", name.into())]);
        output.warn("maybeSealed", &message);
    }
    let told: Vec<_> = kept.records.into_iter().map(Told::of).collect();
    if meant.records.is_empty() {
        session.close(output);
        output.answer(&told, || lines(&told, output))?;
        return Ok(WELL);
    }
    let wanted: Vec<_> = meant
        .records
        .iter()
        .map(|meant| begins_with(told.iter().map(|one| one.id), meant))
        .collect::<Result<_, _>>()?;
    let back = session
        .mentoring
        .bring_back(file, credential(), &wanted, &watch)
        .map_err(unread)?;
    session.close(output);
    let answer = Brought {
        records: back.iter().map(|view| view.line.id).collect(),
    };
    output.answer(&answer, || {
        let count = [("count", answer.records.len().into())];
        output.words.with("cli-back-done", count)
    })?;
    Ok(WELL)
}

fn lines(told: &[Told], output: &Output<'_>) -> String {
    let words = output.words;
    let row = |one: &Told| {
        vec![
            one.id.to_string(),
            one.date.to_string(),
            words.with("cli-back-here", [("here", name(one.here).into())]),
            one_line(&one.title),
        ]
    };
    match told.is_empty() {
        true => words.say("cli-back-none"),
        false => table(&told.iter().map(row).collect::<Vec<_>>()),
    }
}
