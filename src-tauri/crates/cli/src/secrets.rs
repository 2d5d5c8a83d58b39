//! Passphrases and spare keys on their way in: from a file, a descriptor, or a terminal without echo.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use shell::{ErrorCode, passphrases};
use vault::{MAX_PASSPHRASE_BYTES, Passphrase, SpareKey};
use zeroize::Zeroizing;

use crate::{
    arguments::Common,
    failure::{Failure, Own},
    output::Output,
};

/// The longest file of a passphrase: the passphrase and CRLF.
const PASSPHRASE_FILE: usize = MAX_PASSPHRASE_BYTES + 2;
/// The longest file of spare key words: twenty-four words of eight letters, their numbers, and generous space.
const WORDS_FILE: usize = 4 * 1024;
/// Words of a spare key.
const WORDS: usize = 24;

/// Where a passphrase comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// An open descriptor.
    Descriptor(u32),
    /// Whoever sits at the terminal.
    Terminal,
}

impl Source {
    /// Where the vault's own passphrase comes from.
    pub fn of(common: &Common, output: &Output<'_>) -> Result<Self, Failure> {
        match (&common.passphrase_file, common.passphrase_fd) {
            (Some(_), Some(_)) => {
                Err(Failure::from(Own::Usage).saying(output.words.say("cli-usage-two-passphrases")))
            }
            (Some(file), None) => Ok(Self::File(file.clone())),
            (None, Some(descriptor)) => Ok(Self::Descriptor(descriptor)),
            (None, None) => Ok(Self::Terminal),
        }
    }

    /// A file where one is named, and the terminal otherwise.
    pub fn file_or_terminal(file: Option<PathBuf>) -> Self {
        file.map_or(Self::Terminal, Self::File)
    }
}

/// Reads the passphrase that opens the vault.
pub fn present(source: &Source, output: &Output<'_>) -> Result<Passphrase, Failure> {
    let text = match source {
        Source::Terminal => ask("cli-ask-passphrase", output)?,
        written => read(written, output)?,
    };
    Ok(Passphrase::parse(&text)?)
}

/// Reads a passphrase that shall open the vault from now on: from the terminal twice, and never one that would be guessed.
pub fn new(source: &Source, output: &Output<'_>) -> Result<Passphrase, Failure> {
    let text = match source {
        Source::Terminal => {
            let text = ask("cli-ask-new-passphrase", output)?;
            passphrases::accept(&text)?;
            if *ask("cli-ask-again", output)? != *text {
                return Err(Own::PassphraseDiffers.into());
            }
            text
        }
        written => read(written, output)?,
    };
    let passphrase = passphrases::accept(&text)?;
    if passphrase.has_outer_space() {
        output.warn_of("cli-warn-outerSpace");
    }
    Ok(passphrase)
}

/// Reads the words of a spare key from a file.
pub fn spare_key(file: &Path, output: &Output<'_>) -> Result<SpareKey, Failure> {
    warn_if_open(file, output);
    let bytes = File::open(file)
        .ok()
        .and_then(|file| bounded(file, WORDS_FILE));
    let bytes = bytes.ok_or(Own::SecretUnreadable)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Own::SecretUnreadable)?;
    Ok(SpareKey::parse(&in_order(text))?)
}

/// The words in their order. Numbers before them, as on a printed sheet, are left out; where each word has one and
/// they are 1 to 24, they say the order, since a sheet may have columns.
fn in_order(text: &str) -> Zeroizing<String> {
    let mut numbered = BTreeMap::new();
    let mut words = Vec::new();
    let mut number = None;
    for token in text.split_whitespace() {
        let digits = token.trim_end_matches(['.', ':', ')']);
        if let Ok(position) = digits.parse::<usize>() {
            number = Some(position);
            continue;
        }
        // "7.word" without a space, as some sheets are read.
        let word =
            token.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ':' | ')'));
        let glued = &token[..token.len() - word.len()];
        let position = glued
            .trim_end_matches(['.', ':', ')'])
            .parse()
            .ok()
            .or(number.take());
        if let Some(position) = position {
            numbered.insert(position, word);
        }
        words.push(word);
    }
    let says_the_order = words.len() == WORDS
        && numbered.len() == WORDS
        && numbered
            .keys()
            .eq(&std::array::from_fn::<_, WORDS, _>(|at| at + 1));
    Zeroizing::new(if says_the_order {
        numbered.into_values().collect::<Vec<_>>().join(" ")
    } else {
        words.join(" ")
    })
}

/// Reads a file or descriptor, which loses exactly one final line end.
fn read(source: &Source, output: &Output<'_>) -> Result<Zeroizing<String>, Failure> {
    let opened = match source {
        Source::File(file) => {
            warn_if_open(file, output);
            File::open(file).ok()
        }
        Source::Descriptor(descriptor) => open_descriptor(*descriptor),
        Source::Terminal => None,
    };
    let file = opened.ok_or(Own::SecretUnreadable)?;
    let bytes = bounded(file, PASSPHRASE_FILE).ok_or(ErrorCode::PassphraseTooLong)?;
    Ok(Zeroizing::new(Passphrase::line_of(&bytes)?.to_owned()))
}

/// Everything that can be read; none where it is more than `most`, or cannot be read.
fn bounded(file: File, most: usize) -> Option<Zeroizing<Vec<u8>>> {
    // Room for all of it up front: a growing buffer would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(most + 2));
    file.take(most as u64 + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() <= most).then_some(bytes)
}

#[cfg(unix)]
fn open_descriptor(descriptor: u32) -> Option<File> {
    File::open(format!("/dev/fd/{descriptor}")).ok()
}

#[cfg(not(unix))]
fn open_descriptor(_descriptor: u32) -> Option<File> {
    None
}

/// Warns of a file that others on this computer may read.
fn warn_if_open(file: &Path, output: &Output<'_>) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open_to_others = 0o077;
        let loose = std::fs::metadata(file)
            .is_ok_and(|file| file.is_file() && file.permissions().mode() & open_to_others != 0);
        if loose {
            output.warn_of("cli-warn-secretOpen");
        }
    }
    #[cfg(not(unix))]
    let _ = (file, output);
}

/// Asks on the terminal, without echo.
fn ask(id: &str, output: &Output<'_>) -> Result<Zeroizing<String>, Failure> {
    let prompt = format!("{} ", output.words.say(id));
    rpassword::prompt_password(prompt)
        .map(Zeroizing::new)
        .map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => ErrorCode::Cancelled.into(),
            _ => Own::NoTerminal.into(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(columns: usize, form: impl Fn(usize, &str) -> String) -> (String, String) {
        let spare = SpareKey::make().expect("the system has randomness");
        let words = spare.words();
        let rows = WORDS / columns;
        let lines = (0..rows).map(|row| {
            let cells = (0..columns).map(|column| {
                let at = column * rows + row;
                form(at + 1, words[at])
            });
            cells.collect::<Vec<_>>().join("   ")
        });
        (lines.collect::<Vec<_>>().join("\n"), words.join(" "))
    }

    #[test]
    fn a_sheet_is_read_with_and_without_numbers_and_in_columns() {
        let (text, words) = sheet(1, |_, word| word.to_owned());
        assert_eq!(*in_order(&text), words);
        let (text, words) = sheet(1, |number, word| format!("{number} {word}"));
        assert_eq!(*in_order(&text), words);
        let (text, words) = sheet(3, |number, word| format!("{number:>2}. {word}"));
        assert_eq!(*in_order(&text), words);
        let (text, words) = sheet(2, |number, word| format!("{number}){word}"));
        assert_eq!(*in_order(&text), words);
    }

    #[test]
    fn numbers_that_do_not_fit_leave_the_words_where_they_are() {
        assert_eq!(
            *in_order("3 abandon 2 ability 1 able"),
            "abandon ability able"
        );
        let (text, words) = sheet(1, |_, word| format!("7 {word}"));
        assert_eq!(*in_order(&text), words);
    }
}
