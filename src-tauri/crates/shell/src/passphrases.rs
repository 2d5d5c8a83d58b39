//! How strong a passphrase is, and one to suggest.

use bip39::Language;
use serde::Serialize;
use vault::Passphrase;
use zeroize::Zeroizing;
use zxcvbn::feedback::Warning;

use crate::error::{ErrorCode, Reply};

/// Words of a suggested passphrase: 66 bits.
const WORDS: usize = 6;
/// The least score of a passphrase that may guard a vault: ten million guesses do not find it.
pub const ACCEPTED_SCORE: u8 = 2;
/// The estimate reads no further; more is strong in any case.
const MEASURED_CHARACTERS: usize = 128;

/// How hard a passphrase is to guess (zxcvbn: Wheeler, USENIX Security 2016).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct PassphraseStrength {
    /// 0 (guessed at once) to 4.
    pub score: u8,
    /// Guesses needed, as a power of ten.
    pub guesses_log10: f64,
    /// What makes it weak.
    pub hint: Option<StrengthHint>,
    /// Whether it begins or ends with a space, which is easily lost.
    pub outer_space: bool,
}

/// What makes a passphrase weak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
#[expect(missing_docs, reason = "each hint has its sentence in shared.ftl")]
pub enum StrengthHint {
    Common,
    Name,
    Date,
    Repeats,
    Sequence,
    Keyboard,
    AddWords,
}

/// Measures a passphrase.
pub fn measure(passphrase: &str) -> PassphraseStrength {
    let head: Zeroizing<String> =
        Zeroizing::new(passphrase.chars().take(MEASURED_CHARACTERS).collect());
    let entropy = zxcvbn::zxcvbn(&head, &[]);
    let score = u8::from(entropy.score());
    let warning = entropy.feedback().and_then(|feedback| feedback.warning());
    let hint = warning
        .map(hint)
        .or((score < 3).then_some(StrengthHint::AddWords));
    PassphraseStrength {
        score,
        guesses_log10: entropy.guesses_log10(),
        hint,
        outer_space: passphrase.trim() != passphrase,
    }
}

/// Refuses a passphrase that would be guessed: for one that shall open a vault from now on.
pub fn accept(passphrase: &str) -> Reply<Passphrase> {
    let parsed = Passphrase::parse(passphrase)?;
    if measure(passphrase).score < ACCEPTED_SCORE {
        return Err(ErrorCode::PassphraseWeak.into());
    }
    Ok(parsed)
}

/// Draws a passphrase of six words from the BIP-39 list.
pub fn suggest() -> Result<Zeroizing<String>, getrandom::Error> {
    let list = Language::English.word_list();
    let mut draw = Zeroizing::new([0u8; WORDS * 2]);
    getrandom::fill(&mut *draw)?;
    let words = draw.chunks_exact(2).map(|pair| {
        // The list has 2,048 words, so eleven bits fall evenly on them.
        let number = usize::from(u16::from_le_bytes([pair[0], pair[1]])) % list.len();
        list[number]
    });
    Ok(Zeroizing::new(words.collect::<Vec<_>>().join(" ")))
}

fn hint(warning: Warning) -> StrengthHint {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess
        | Warning::ShortKeyboardPatternsAreEasyToGuess => StrengthHint::Keyboard,
        Warning::RepeatsLikeAaaAreEasyToGuess
        | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => StrengthHint::Repeats,
        Warning::SequencesLikeAbcAreEasyToGuess => StrengthHint::Sequence,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => {
            StrengthHint::Date
        }
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => StrengthHint::Name,
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword
        | Warning::AWordByItselfIsEasyToGuess => StrengthHint::Common,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_and_strong_are_told_apart() {
        assert_eq!(measure("password").hint, Some(StrengthHint::Common));
        assert!(measure("password").score < 2);
        assert!(measure(" lantern orbit maple quiet river stone").outer_space);
        let suggested = suggest().expect("the system has randomness");
        assert_eq!(suggested.split(' ').count(), WORDS);
        let strength = measure(&suggested);
        assert_eq!((strength.score, strength.hint), (4, None));
    }

    #[test]
    fn what_would_be_guessed_is_refused_and_what_is_no_passphrase_says_why() {
        let refused = |text: &str| accept(text).err().map(|error| error.code);
        assert_eq!(refused("password"), Some(ErrorCode::PassphraseWeak));
        assert_eq!(refused(""), Some(ErrorCode::PassphraseEmpty));
        assert_eq!(refused("lantern orbit maple quiet"), None);
    }

    #[test]
    fn suggestions_differ() {
        let draw = || suggest().expect("the system has randomness").to_string();
        assert_ne!(draw(), draw());
    }

    #[test]
    fn a_very_long_passphrase_is_measured_quickly() {
        assert_eq!(measure(&"correct horse battery ".repeat(1_000)).score, 4);
    }
}
