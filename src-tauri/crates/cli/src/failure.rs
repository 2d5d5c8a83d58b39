//! Why a command ended short: a code for programs, two sentences for people, and how the process ends.

use std::collections::BTreeMap;

use serde::Serialize;
use shell::{AppError, ErrorCode, error::name};
use words::{Words, value_of};

/// Why a command ended short.
#[derive(Debug)]
pub struct Failure {
    code: Code,
    /// Numbers for the sentences, and names of our own arguments; never a user's text.
    params: BTreeMap<String, String>,
    /// A sentence more exact than the code's own.
    says: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Code {
    Shared(ErrorCode),
    Own(Own),
}

/// The states that only this shell knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Own {
    /// The command line was not understood.
    Usage,
    /// Something that cannot be undone was asked for without a yes.
    NeedsYes,
    /// A passphrase is wanted, and there is no terminal to ask on.
    NoTerminal,
    /// The file or descriptor of a passphrase or of spare key words cannot be read.
    SecretUnreadable,
    /// The two passphrases that were typed differ.
    PassphraseDiffers,
    /// The words on standard input are no text.
    NotText,
    /// There are no words on standard input.
    NoText,
    /// More than one notebook or record is meant.
    Ambiguous,
    /// Something is there already.
    OutExists,
    /// Plain text was to be written into the vault's own folder.
    OutInside,
    /// The vault was made, but setting it up was never finished.
    SetUpUnfinished,
}

/// A failure as a program reads it.
#[derive(Serialize)]
pub struct Told {
    error: ToldError,
}

#[derive(Serialize)]
struct ToldError {
    code: String,
    message: String,
    hint: String,
}

impl Failure {
    /// With a sentence more exact than the code's own.
    pub fn saying(mut self, says: String) -> Self {
        self.says = Some(says);
        self
    }

    /// How the process ends.
    pub fn exit_code(&self) -> u8 {
        use ErrorCode as Shared;
        match self.code {
            Code::Own(Own::Usage | Own::NeedsYes | Own::NoTerminal | Own::PassphraseDiffers) => 2,
            Code::Own(Own::SecretUnreadable | Own::OutExists | Own::OutInside) => 2,
            Code::Own(Own::NotText | Own::NoText | Own::Ambiguous | Own::SetUpUnfinished) => 1,
            Code::Shared(code) => match code {
                Shared::PassphraseEmpty
                | Shared::PassphraseTooLong
                | Shared::PassphraseCharacters
                | Shared::PassphraseWeak
                | Shared::PassphraseSame => 2,
                Shared::VaultExists | Shared::BackupExists | Shared::BackupInsideVault => 2,
                Shared::WrongPassphrase
                | Shared::WrongSecondPassphrase
                | Shared::WrongSpareKey
                | Shared::SpareKeyWord
                | Shared::SpareKeyCount
                | Shared::SpareKeyChecksum
                | Shared::PresentNotOpened => 3,
                Shared::VaultDamaged
                | Shared::PartDamaged
                | Shared::RecordDamaged
                | Shared::BackupDamaged => 4,
                Shared::VaultInUse => 5,
                Shared::VaultNewer | Shared::BackupNewer => 6,
                Shared::ReadOnly | Shared::NoSpace => 7,
                _ => 1,
            },
        }
    }

    /// What happened.
    pub fn says(&self, words: &Words) -> String {
        match &self.says {
            Some(says) => says.clone(),
            None => {
                let code = self.name();
                self.sentence(
                    [format!("cli-err-{code}-says"), format!("err-{code}-says")],
                    words,
                )
            }
        }
    }

    /// What to try.
    pub fn hint(&self, words: &Words) -> String {
        let code = self.name();
        self.sentence(
            [format!("cli-err-{code}-try"), format!("err-{code}-try")],
            words,
        )
    }

    /// For a program.
    pub fn told(&self, words: &Words) -> Told {
        Told {
            error: ToldError {
                code: self.name(),
                message: self.says(words),
                hint: self.hint(words),
            },
        }
    }

    fn name(&self) -> String {
        match self.code {
            Code::Shared(code) => name(code),
            Code::Own(own) => name(own),
        }
    }

    /// The sentence that this shell has of its own, or else the one that it shares with the window.
    fn sentence(&self, ids: [String; 2], words: &Words) -> String {
        let values = || {
            self.params
                .iter()
                .map(|(name, value)| (name.as_str(), value_of(value)))
        };
        let said = ids.iter().find_map(|id| words.find(id, values()));
        said.unwrap_or_else(|| self.name())
    }
}

impl From<Own> for Failure {
    fn from(own: Own) -> Self {
        Self {
            code: Code::Own(own),
            params: BTreeMap::new(),
            says: None,
        }
    }
}

impl<E: Into<AppError>> From<E> for Failure {
    fn from(error: E) -> Self {
        let AppError { code, params } = error.into();
        Self {
            code: Code::Shared(code),
            params,
            says: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [Own; 11] = [
        Own::Usage,
        Own::NeedsYes,
        Own::NoTerminal,
        Own::SecretUnreadable,
        Own::PassphraseDiffers,
        Own::NotText,
        Own::NoText,
        Own::Ambiguous,
        Own::OutExists,
        Own::OutInside,
        Own::SetUpUnfinished,
    ];

    #[test]
    fn every_own_code_has_its_two_sentences() {
        let words = Words::english();
        for own in OWN {
            let failure = Failure::from(own);
            assert_ne!(failure.says(&words), name(own));
            assert_ne!(failure.hint(&words), name(own));
        }
    }

    #[test]
    fn no_sentence_of_this_shell_speaks_of_a_window() {
        let words = Words::english();
        let codes = [
            ErrorCode::VaultInUse,
            ErrorCode::VaultExists,
            ErrorCode::NoVault,
            ErrorCode::NoSpace,
            ErrorCode::SpaceNotFound,
            ErrorCode::TextTooLong,
            ErrorCode::Storage,
            ErrorCode::FieldMissing,
            ErrorCode::Unexpected,
            ErrorCode::ChangedElsewhere,
            ErrorCode::PartDamaged,
            ErrorCode::NotFound,
        ];
        for code in codes {
            let failure = Failure::from(code);
            let said = format!("{} {}", failure.says(&words), failure.hint(&words));
            for word in [
                "this window",
                "the left",
                "Close Confidant",
                "lock and open",
            ] {
                assert!(!said.contains(word), "{said}");
            }
        }
    }

    #[test]
    fn each_way_to_end_has_its_number() {
        let exit = |code: ErrorCode| Failure::from(code).exit_code();
        assert_eq!(exit(ErrorCode::NotFound), 1);
        assert_eq!(exit(ErrorCode::PassphraseWeak), 2);
        assert_eq!(exit(ErrorCode::VaultExists), 2);
        assert_eq!(exit(ErrorCode::BackupExists), 2);
        assert_eq!(exit(ErrorCode::WrongSpareKey), 3);
        assert_eq!(exit(ErrorCode::PresentNotOpened), 3);
        assert_eq!(exit(ErrorCode::PartDamaged), 4);
        assert_eq!(exit(ErrorCode::VaultInUse), 5);
        assert_eq!(exit(ErrorCode::VaultNewer), 6);
        assert_eq!(exit(ErrorCode::NoSpace), 7);
        assert_eq!(Failure::from(Own::Usage).exit_code(), 2);
    }
}
