//! Looking through the vault, and putting right what can be put right.

use serde::Serialize;
use shell::{
    checkup::{self, Checkup, Counted},
    notices::Weight,
};
use vault::Credential;

use super::{Ended, FOUND, WELL};
use crate::{
    arguments::Common,
    failure::Failure,
    output::{Output, one_line, table},
    secrets::{self, Source},
    session::{Session, expect_vault, vault_places},
};

fn ended(checkup: &Checkup) -> u8 {
    if checkup.ok { WELL } else { FOUND }
}

fn lines(checkup: &Checkup, output: &Output<'_>) -> String {
    let words = output.words;
    let name = |counted: &Counted| match counted.name.as_deref().map(one_line) {
        None => words.say("cli-check-nameless"),
        Some(name) if counted.sealed => words.with("cli-check-sealed", [("space", name.into())]),
        Some(name) => name,
    };
    let row = |counted: &Counted| {
        vec![
            name(counted),
            match (counted.found, counted.expected) {
                (Some(found), Some(expected)) => {
                    let values = [("found", found.into()), ("expected", expected.into())];
                    words.with("cli-check-rows", values)
                }
                _ => words.say("cli-check-shut"),
            },
            words.say(if counted.ok {
                "cli-check-whole"
            } else {
                "cli-check-not-whole"
            }),
        ]
    };
    let mut parts = vec![table(&checkup.spaces.iter().map(row).collect::<Vec<_>>())];
    parts.extend(checkup.findings.iter().map(|finding| {
        let message = one_line(&finding.message);
        match finding.weight {
            Weight::Matters => words.with("cli-check-matters", [("message", message.into())]),
            Weight::Mended | Weight::Information => message,
        }
    }));
    parts.extend(checkup.kept.iter().map(|folder| {
        let path = one_line(&folder.to_string_lossy());
        words.with("cli-check-kept", [("path", path.into())])
    }));
    parts.extend(checkup.copies.iter().map(|folder| {
        let path = one_line(&folder.to_string_lossy());
        words.with("cli-check-copy", [("path", path.into())])
    }));
    parts.push(words.say(if checkup.ok {
        "cli-check-well"
    } else {
        "cli-check-found"
    }));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// Opens the vault, which mends what can be mended, and counts what is in it; if `deep`, reads every record and every
/// file that all of it could be built from anew.
pub fn check(common: &Common, deep: bool, output: &Output<'_>) -> Ended {
    let session = Session::open_quietly(common, output)?;
    let report = look_through(&session, deep, output)?;
    session.close(output);
    output.answer(&report, || lines(&report, output))?;
    Ok(ended(&report))
}

/// What `repair` answers.
#[derive(Serialize)]
struct Repaired {
    ok: bool,
    before: Checkup,
    after: Checkup,
}

/// Opens the vault, which mends what can be mended. Where the list of saves, the safety copies or other copies are damaged,
/// they are written anew. Where it is not whole then, it is closed and opened once more, which
/// builds its rows anew from checkpoint and journal. Then every list that is wrong is written anew from the records, the rows
/// are copied into a fresh store, and all is looked through and read.
pub fn repair(common: &Common, output: &Output<'_>) -> Ended {
    let places = vault_places(common, output)?;
    expect_vault(&places)?;
    let passphrase = secrets::present(&Source::of(common, output)?, output)?;
    let open = || Session::open_with(&places, Credential::Passphrase(&passphrase), output);
    let mut session = open()?;
    session.expect_writable()?;
    let before = look_through(&session, true, output)?;
    // While this session still has every row: the next opening might need what is damaged now.
    checkup::mend_history(&session.mentoring, &before, &output.progress())?;
    if !before.ok {
        session.close(output);
        session = open()?;
        session.expect_writable()?;
    }
    checkup::put_right(&session.mentoring, &before, &output.progress())?;
    let after = look_through(&session, true, output)?;
    session.close(output);
    let repaired = Repaired {
        ok: after.ok,
        before,
        after,
    };
    output.answer(&repaired, || {
        let headed =
            |id, found: &Checkup| format!("{}\n\n{}", output.words.say(id), lines(found, output));
        let before = headed("cli-repair-before", &repaired.before);
        let after = headed("cli-repair-after", &repaired.after);
        format!("{before}\n\n{after}")
    })?;
    Ok(ended(&repaired.after))
}

fn look_through(session: &Session, deep: bool, output: &Output<'_>) -> Result<Checkup, Failure> {
    Ok(checkup::look_through(
        &session.mentoring,
        &session.findings,
        deep,
        output.words,
        &output.progress(),
    )?)
}
