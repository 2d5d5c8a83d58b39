//! What the program was started with: folders and switches from the command line.

use std::{ffi::OsString, path::PathBuf};

use words::Words;

use crate::replace;

/// What stands on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The vault's folder, instead of the usual one.
    pub vault: Option<PathBuf>,
    /// The folder for what this computer knows of the vault, instead of the usual one.
    pub device: Option<PathBuf>,
    /// Whether to open a demo vault in a temporary folder.
    pub demo: bool,
    /// Whether only the usage was asked for.
    pub help: bool,
    /// Whether this process takes the place of one that has locked.
    pub after_lock: bool,
}

/// Why the command line was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misunderstood {
    /// An argument that does not exist.
    #[error("argument {0} is unknown")]
    Unknown(usize),
    /// An argument that wants a folder after it.
    #[error("argument {0} wants a folder after it")]
    FolderMissing(usize),
}

impl Misunderstood {
    /// The sentence about it.
    pub fn said(&self, words: &Words) -> String {
        let (id, position) = match self {
            Self::Unknown(position) => ("cli-unknown", position),
            Self::FolderMissing(position) => ("cli-folder-missing", position),
        };
        words.with(id, [("position", (*position).into())])
    }
}

impl Arguments {
    /// Whether nothing is asked for that sets this program apart from the usual one.
    pub fn is_usual(&self) -> bool {
        let Self {
            vault,
            device,
            demo,
            help,
            after_lock: _,
        } = self;
        vault.is_none() && device.is_none() && !demo && !help
    }

    /// Reads the arguments that follow the program's name.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Misunderstood> {
        let mut parsed = Self::default();
        let mut arguments = arguments.into_iter().enumerate();
        while let Some((at, argument)) = arguments.next() {
            let mut folder = || {
                let next = arguments.next().map(|(_, value)| PathBuf::from(value));
                next.ok_or(Misunderstood::FolderMissing(at + 1)).map(Some)
            };
            match argument.to_str() {
                Some("--vault") => parsed.vault = folder()?,
                Some("--device-folder") => parsed.device = folder()?,
                Some("--demo") => parsed.demo = true,
                Some(replace::SWITCH) => parsed.after_lock = true,
                Some("--help" | "-h") => parsed.help = true,
                _ => return Err(Misunderstood::Unknown(at + 1)),
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, Misunderstood> {
        Arguments::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn folders_and_switches_are_read() {
        let parsed = parse(&["--vault", "/v", "--demo", "--device-folder", "/d"]).expect("read");
        assert_eq!(parsed.vault, Some(PathBuf::from("/v")));
        assert_eq!(parsed.device, Some(PathBuf::from("/d")));
        assert!(parsed.demo);
    }

    #[test]
    fn a_process_after_a_lock_is_the_usual_program() {
        let parsed = parse(&[replace::SWITCH]).expect("read");
        assert!(parsed.after_lock && parsed.is_usual());
        assert!(!parse(&["--demo"]).expect("read").is_usual());
        assert!(!parse(&["--vault", "/v"]).expect("read").is_usual());
    }

    #[test]
    fn what_is_not_understood_is_named_by_its_place() {
        assert_eq!(parse(&["--demo", "--vlt"]), Err(Misunderstood::Unknown(2)));
        assert_eq!(parse(&["--vault"]), Err(Misunderstood::FolderMissing(1)));
        let words = Words::english();
        let unknown = Misunderstood::Unknown(2).said(&words);
        let missing = Misunderstood::FolderMissing(2).said(&words);
        assert!(unknown.contains('2') && missing.contains('2'));
        assert_ne!(unknown, missing);
    }

    #[test]
    fn every_argument_that_the_usage_names_is_understood() {
        let usage = Words::english().say("cli-usage");
        let named = usage.lines().filter_map(|line| line.strip_prefix("  "));
        let named: Vec<_> = named
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert_eq!(named.len(), 3, "{usage}");
        for argument in named {
            let parsed = parse(&[argument, "/somewhere"]);
            assert_ne!(parsed, Err(Misunderstood::Unknown(1)), "{argument}");
        }
    }
}
