//! Man pages and completions, for whoever packages the program.

use std::path::Path;

use shell::ErrorCode;

use super::{Ended, WELL};
use crate::{
    output::{Output, not_written},
    usage,
};

/// Writes a man page for the program and for each command.
pub fn man(to: &Path, output: &Output<'_>) -> Ended {
    std::fs::create_dir_all(to).map_err(not_written)?;
    clap_mangen::generate_to(usage::command(output.words), to).map_err(not_written)?;
    Ok(WELL)
}

/// Prints the completions for a shell.
pub fn completions(shell: clap_complete::Shell, output: &Output<'_>) -> Ended {
    let mut command = usage::command(output.words);
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    let script = String::from_utf8(script).map_err(|_| ErrorCode::Unexpected)?;
    output.print(&script)?;
    Ok(WELL)
}
