//! The second shell: what should work in ten years, in a script and on a computer without a window.
//!
//! It calls the same services as the window and has no rule of its own. A command opens the vault, does its one thing,
//! and closes it. With `--json` one document goes to standard output, and failures, as `{"error": …}`, to standard error.
//!
//! # How it ends
//!
//! | code | meaning |
//! |---|---|
//! | 0 | all is well |
//! | 1 | something was found, or it failed for a reason of its own |
//! | 2 | wrong use: an argument, a passphrase that may not be set, a yes that is missing |
//! | 3 | the passphrase or the spare key does not open the vault |
//! | 4 | a part of the vault, or the record that was asked for, is damaged |
//! | 5 | another process has the vault open |
//! | 6 | a newer version made it |
//! | 7 | the disk is full, or lets nothing be written |
//!
//! # What matters to `check`
//!
//! `check` ends with 1 and says `"ok": false` when one finding or more *matters*: something is missing or may be, or a
//! person has to decide. What opening has *mended* was damaged and is whole again, and *information* is everyday life;
//! both are told and change nothing. `shell::notices::weigh` decides about what opening finds:
//!
//! | information | mended | matters |
//! |---|---|---|
//! | saves replayed, CURRENT written again, first time here, rows held in memory because nothing may be written | header or epoch copy repaired, forgetting finished, orphans put aside, torn tail left out, checkpoint damaged, store rebuilt, permissions tightened | keyring behind, gap, foreign segment, incomplete, unknown rows, journal behind, rollback, fork, another branch newer, history unproven, anchor damaged, permissions loose, links |
//!
//! What counting and reading find matters, all of it, but for a notebook that is shut: it is counted and not read, which
//! is information. `--deep` also reads journal, checkpoints, keyrings and the copies of header, epoch and CURRENT: that one
//! of them is damaged matters, though nothing is missing yet.
//!
//! The man pages and the completions of shells come from two hidden commands, `man` and `completions`, and not from
//! `cargo xtask`: that is compiled before anything else on a fresh machine, and the program itself knows its arguments.

mod arguments;
mod commands;
mod failure;
mod output;
mod secrets;
mod session;
mod usage;

use std::{panic, process::ExitCode};

use failure::Failure;
use output::Output;
use words::Words;

/// How a program ends that has panicked.
const FAILED: u8 = 1;

fn main() -> ExitCode {
    shell::harden::harden();
    // What a panic says could hold a person's words. The vault catches those of its store; ours ends in a sentence.
    panic::set_hook(Box::new(|_| {}));
    let words = Words::english();
    let json = arguments::wants_json(std::env::args_os());
    let output = Output::new(&words, json);
    let ended = panic::catch_unwind(panic::AssertUnwindSafe(|| run(&output)));
    let code = match ended {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => {
            output.failure(&failure);
            failure.exit_code()
        }
        Err(_) => {
            output.failure(&Failure::from(shell::ErrorCode::Unexpected));
            FAILED
        }
    };
    ExitCode::from(code)
}

fn run(output: &Output<'_>) -> Result<u8, Failure> {
    match usage::read(std::env::args_os(), output.words)? {
        usage::Read::Show(text) => output.print(&text).map(|()| 0),
        usage::Read::Run(arguments) => commands::run(*arguments, output),
    }
}
