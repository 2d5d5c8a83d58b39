//! Understanding the command line, in the words of the Fluent files.
//!
//! What was typed is never repeated: an argument in the wrong place may well be a passphrase. Only the names of our own
//! arguments and the values that they take are.

use std::ffi::OsString;

use clap::{
    Arg, ArgAction, CommandFactory, FromArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
};
use words::Words;

use crate::{
    arguments::Arguments,
    failure::{Failure, Own},
};

/// What the command line asks for.
pub enum Read {
    /// To print this text, and nothing else.
    Show(String),
    /// To run a command.
    Run(Box<Arguments>),
}

/// Reads the command line.
pub fn read(arguments: impl Iterator<Item = OsString>, words: &Words) -> Result<Read, Failure> {
    let read = command(words)
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    match read {
        Ok(arguments) => Ok(Read::Run(Box::new(arguments))),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) =>
        {
            Ok(Read::Show(error.render().to_string()))
        }
        Err(error) => Err(misunderstood(&error, words)),
    }
}

/// The command with its words.
pub fn command(words: &Words) -> clap::Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help);
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version);
    let command = Arguments::command()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .after_help(words.say("cli-about-ends"))
        .arg(help.global(true))
        .arg(version);
    with_words(command, "", words)
}

fn with_words(command: clap::Command, path: &str, words: &Words) -> clap::Command {
    let about = words.say(&format!("cli-about{path}"));
    command
        .about(about)
        .mut_args(|arg| {
            let help = words.say(&format!(
                "cli-arg-{}",
                arg.get_id().as_str().replace('_', "-")
            ));
            // The names of possible values say what they are.
            arg.help(help).hide_possible_values(false)
        })
        .mut_subcommands(|sub| {
            let path = format!("{path}-{}", sub.get_name());
            with_words(sub, &path, words)
        })
}

/// Puts into words why a command line was not understood.
fn misunderstood(error: &clap::Error, words: &Words) -> Failure {
    let own = |kind| {
        error.get(kind).map(|value| match value {
            ContextValue::Strings(names) => names.join(", "),
            other => other.to_string(),
        })
    };
    let argument = own(ContextKind::InvalidArg).unwrap_or_default();
    let values = own(ContextKind::ValidValue).unwrap_or_default();
    let suggested =
        own(ContextKind::SuggestedArg).or_else(|| own(ContextKind::SuggestedSubcommand));
    let says = match error.kind() {
        ErrorKind::MissingRequiredArgument => {
            words.with("cli-usage-missing", [("argument", argument.into())])
        }
        ErrorKind::InvalidValue if !values.is_empty() => words.with(
            "cli-usage-values",
            [("argument", argument.into()), ("values", values.into())],
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::WrongNumberOfValues => {
            words.with("cli-usage-value", [("argument", argument.into())])
        }
        ErrorKind::ArgumentConflict => {
            words.with("cli-usage-twice", [("argument", argument.into())])
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            words.say("cli-usage-no-command")
        }
        _ => match suggested {
            Some(suggested) => words.with("cli-usage-suggest", [("suggested", suggested.into())]),
            None => words.say("cli-usage-unknown"),
        },
    };
    Failure::from(Own::Usage).saying(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(arguments: &[&str]) -> String {
        let words = Words::english();
        let arguments = ["confidant-cli"]
            .iter()
            .chain(arguments)
            .map(OsString::from);
        match read(arguments, &words) {
            Err(failure) => failure.says(&words),
            Ok(Read::Show(text)) => text,
            Ok(Read::Run(arguments)) => format!("{arguments:?}"),
        }
    }

    #[test]
    fn the_arguments_agree_with_each_other() {
        command(&Words::english()).debug_assert();
    }

    #[test]
    fn every_command_and_argument_has_its_words() {
        fn look(command: &clap::Command, seen: &mut usize) {
            let about = command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(!about.is_empty() && !about.starts_with("cli-"), "{about}");
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !help.is_empty() && !help.starts_with("cli-"),
                    "{}",
                    arg.get_id()
                );
                *seen += 1;
            }
            for sub in command.get_subcommands() {
                look(sub, seen);
            }
        }
        let mut seen = 0;
        look(&command(&Words::english()), &mut seen);
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn what_was_typed_is_never_repeated() {
        for arguments in [
            &["correct horse"][..],
            &["--vualt", "correct horse", "list"],
            &["add", "note", "correct horse"],
            &["add", "note", "--space", "x", "--label", "correct horse"],
            &["list", "--since", "correct horse"],
            &["list", "--passphrase-fd", "correct horse"],
            &[
                "--passphrase-file=correct horse",
                "--passphrase-file=correct horse",
                "list",
            ],
        ] {
            let said = said(arguments);
            assert!(
                !said.is_empty() && !said.contains("horse"),
                "{arguments:?}: {said}"
            );
        }
    }

    #[test]
    fn what_is_missing_and_what_may_stand_there_is_named() {
        assert!(said(&["add", "note"]).contains("--space"));
        let label = said(&["add", "note", "--space", "x", "--label", "y"]);
        assert!(
            label.contains("--label") && label.contains("shareable"),
            "{label}"
        );
        assert!(said(&["--vualt", "x", "list"]).contains("--vault"));
        assert!(said(&["--help"]).contains("recovery"));
        assert!(!said(&["--help"]).contains("completions"));
    }
}
