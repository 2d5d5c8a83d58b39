//! "Prove it": plants a sentence and searches every file for it.

use super::{Ended, FOUND, WELL};
use crate::{
    arguments::Common,
    output::{Output, one_line, table},
    session::{Session, vault_places},
};

/// Plants a sentence, searches for it, removes it, and shows what was looked at.
pub fn prove(common: &Common, output: &Output<'_>) -> Ended {
    let places = vault_places(common, output)?;
    let session = Session::open_to_write(common, output)?;
    let proof = shell::prove::prove(&session.mentoring, &places, &output.progress())?;
    session.close(output);
    output.answer(&proof, || {
        let words = output.words;
        let row = |path: String, files: u64, bytes: u64| {
            let kib = bytes.div_ceil(1024);
            let values = [("files", files.into()), ("kib", kib.into())];
            vec![words.with("cli-prove-looked", values), path]
        };
        let mut rows: Vec<_> = proof
            .looked
            .iter()
            .map(|at| row(one_line(&at.path.to_string_lossy()), at.files, at.bytes))
            .collect();
        rows.push(row(words.say("cli-prove-all"), proof.files, proof.bytes));
        let mut parts = vec![words.say("cli-prove-planted"), table(&rows)];
        parts.extend(proof.found.iter().map(|found| {
            let path = one_line(&found.path.to_string_lossy());
            words.with(
                "cli-prove-found",
                [("path", path.into()), ("encoding", found.encoding.into())],
            )
        }));
        if proof.unread > 0 {
            parts.push(words.with("cli-prove-unread", [("count", proof.unread.into())]));
        }
        parts.push(words.say(if proof.proven {
            "cli-prove-proven"
        } else {
            "cli-prove-not-proven"
        }));
        parts.join("\n\n")
    })?;
    Ok(if proof.proven { WELL } else { FOUND })
}
