//! The commands: each opens the vault, calls the services once or twice, and says what came of it.

mod back;
mod backups;
mod check;
mod export;
mod forget;
mod keys;
mod pages;
mod prove;
mod records;
mod spaces;

use crate::{
    arguments::{AddCommand, Arguments, Command, PassphraseCommand, RecoveryCommand, SpaceCommand},
    failure::Failure,
    output::Output,
    secrets::Source,
};

/// How a command ends.
pub type Ended = Result<u8, Failure>;

/// All is well.
pub const WELL: u8 = 0;
/// Something was found.
pub const FOUND: u8 = 1;

/// Runs a command.
pub fn run(Arguments { common, command }: Arguments, output: &Output<'_>) -> Ended {
    // What is said twice is told before anything is opened.
    Source::of(&common, output)?;
    match command {
        Command::Init { name } => keys::init(&common, &name, output),
        Command::Passphrase(PassphraseCommand::Change {
            new_passphrase_file,
        }) => keys::change_passphrase(&common, new_passphrase_file, output),
        Command::Passphrase(PassphraseCommand::Rekey {
            new_passphrase_file,
            words_out,
            sealed,
        }) => keys::rekey(&common, new_passphrase_file, &words_out, &sealed, output),
        Command::Recovery(RecoveryCommand::Unlock {
            words_file,
            new_passphrase_file,
        }) => keys::recover(&common, &words_file, new_passphrase_file, output),
        Command::Space(SpaceCommand::List) => spaces::list(&common, output),
        Command::Space(SpaceCommand::Add { kind, name, role }) => {
            spaces::add(&common, kind, name, role, output)
        }
        Command::Add(AddCommand::Note(note)) => records::add_note(&common, note, output),
        Command::List(wanted) => records::list(&common, &wanted, output),
        Command::Show { id } => records::show(&common, &id, output),
        Command::Check { deep } => check::check(&common, deep, output),
        Command::Repair => check::repair(&common, output),
        Command::Prove => prove::prove(&common, output),
        Command::Backup { out } => backups::backup(&common, &out, output),
        Command::Backups => backups::list(&common, output),
        Command::Restore {
            file,
            to,
            forgotten,
            present_passphrase_file,
        } => {
            let present = present_passphrase_file.map(Source::File);
            backups::restore(&common, &file, &to, (forgotten, present), output)
        }
        Command::BringBack {
            file,
            records,
            backup_passphrase_file,
            sealed,
        } => {
            let meant = back::Meant {
                file: &file,
                records: &records,
                sealed: &sealed,
            };
            back::bring_back(&common, meant, backup_passphrase_file, output)
        }
        Command::Forget { space, yes } => forget::forget(&common, &space, yes, output),
        Command::Export { format, out } => export::export(&common, format, &out, output),
        Command::Man { to } => pages::man(&to, output),
        Command::Completions { shell } => pages::completions(shell, output),
    }
}
