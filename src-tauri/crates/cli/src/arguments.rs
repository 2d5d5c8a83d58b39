//! What may stand on the command line. The words about it are in `cli.ftl`: see `usage`.

use std::{ffi::OsString, path::PathBuf};

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Everything that was said.
#[derive(Debug, Parser)]
#[command(name = "confidant-cli", version)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Common {
    #[arg(long, global = true, value_name = "DIR")]
    pub vault: Option<PathBuf>,
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    pub device_folder: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    #[arg(long, global = true, value_name = "N")]
    pub passphrase_fd: Option<u32>,
    #[arg(long, global = true, num_args = 2, value_names = ["SPACE", "FILE"])]
    pub second: Vec<String>,
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Init {
        #[arg(
            id = "own-name",
            long = "name",
            value_name = "N",
            default_value = "",
            hide_default_value = true
        )]
        name: String,
    },
    #[command(subcommand)]
    Space(SpaceCommand),
    #[command(subcommand)]
    Add(AddCommand),
    List(ListArguments),
    Show {
        #[arg(id = "record", value_name = "ID")]
        id: String,
    },
    Check {
        #[arg(long)]
        deep: bool,
    },
    Repair,
    Prove,
    Backup {
        #[arg(id = "backup-file", long = "out", value_name = "FILE")]
        out: PathBuf,
    },
    Backups,
    Restore {
        #[arg(id = "restored-file", value_name = "FILE")]
        file: PathBuf,
        #[arg(id = "restored-to", long = "to", value_name = "DIR")]
        to: PathBuf,
        #[arg(long)]
        forgotten: Option<ForgottenOnes>,
        #[arg(long, value_name = "FILE")]
        present_passphrase_file: Option<PathBuf>,
    },
    BringBack {
        #[arg(id = "looked-into", value_name = "FILE")]
        file: PathBuf,
        #[arg(id = "brought-back", value_name = "ID")]
        records: Vec<String>,
        #[arg(long, value_name = "FILE")]
        backup_passphrase_file: Option<PathBuf>,
        #[arg(id = "sealed-too", long = "sealed", num_args = 2, value_names = ["SPACE", "FILE"])]
        sealed: Vec<String>,
    },
    #[command(subcommand)]
    Passphrase(PassphraseCommand),
    #[command(subcommand)]
    Recovery(RecoveryCommand),
    Forget {
        #[arg(id = "forgotten-space", value_name = "SPACE")]
        space: String,
        #[arg(long)]
        yes: bool,
    },
    Export {
        #[arg(long)]
        format: Format,
        #[arg(long, value_name = "PATH")]
        out: PathBuf,
    },
    #[command(hide = true)]
    Man {
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    #[command(hide = true)]
    Completions {
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Subcommand)]
pub enum SpaceCommand {
    List,
    Add {
        #[arg(id = "space-kind", long = "kind")]
        kind: SpaceSort,
        #[arg(id = "space-name", long = "name", value_name = "N")]
        name: String,
        #[arg(long)]
        role: Option<Role>,
    },
}

#[derive(Debug, Subcommand)]
pub enum AddCommand {
    Note(NoteArguments),
}

#[derive(Debug, Args)]
pub struct NoteArguments {
    #[arg(id = "into", long = "space", value_name = "S")]
    pub space: String,
    #[arg(long, default_value = "private")]
    pub label: Label,
    #[arg(long, value_name = "D", value_parser = day)]
    pub date: Option<NaiveDate>,
    #[arg(long, value_name = "T", default_value = "", hide_default_value = true)]
    pub title: String,
}

#[derive(Debug, Args)]
pub struct ListArguments {
    #[arg(long, value_name = "S")]
    pub space: Option<String>,
    #[arg(long)]
    pub kind: Option<Kind>,
    #[arg(long, value_name = "D", value_parser = day)]
    pub since: Option<NaiveDate>,
    #[arg(long, value_name = "D", value_parser = day)]
    pub until: Option<NaiveDate>,
}

#[derive(Debug, Subcommand)]
pub enum PassphraseCommand {
    Change {
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    Rekey {
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        words_out: PathBuf,
        #[arg(long, num_args = 2, value_names = ["SPACE", "FILE"])]
        sealed: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum RecoveryCommand {
    Unlock {
        #[arg(long, value_name = "FILE")]
        words_file: PathBuf,
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SpaceSort {
    Journal,
    Relationship,
    Circle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    Mentor,
    Mentee,
    Peer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Label {
    Private,
    Shareable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Note,
    Meeting,
    Heard,
    Goal,
    Feedback,
    Commitment,
    Person,
    Summary,
}

/// What becomes of notebooks in a backup that were forgotten after it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ForgottenOnes {
    LeaveOut,
    BringBack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Markdown,
    Json,
}

/// Whether failures shall be told to a program, known before the arguments are understood.
pub fn wants_json(arguments: impl Iterator<Item = OsString>) -> bool {
    arguments
        .take_while(|argument| argument != "--")
        .any(|argument| argument == "--json")
}

/// Reads a day of the calendar. What was typed is not repeated.
fn day(text: &str) -> Result<NaiveDate, &'static str> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "YYYY-MM-DD")
}
