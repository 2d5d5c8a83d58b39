//! The passphrase a person types: what is accepted, and the bytes it becomes.

use std::fmt;

use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use zeroize::Zeroizing;

/// Longest passphrase accepted, in bytes of UTF-8 after normalisation.
pub const MAX_PASSPHRASE_BYTES: usize = 1024;

/// A passphrase: 1 to 1,024 bytes of UTF-8 in normalisation form C (Unicode 18.0, UAX #15).
///
/// ```compile_fail
/// let key = vault::Passphrase::parse("correct horse").unwrap();
/// let copy = key.clone();
/// ```
pub struct Passphrase(Zeroizing<Vec<u8>>);

/// Why a text is not accepted as a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseRefused {
    /// Nothing was given.
    #[error("the passphrase is empty")]
    Empty,
    /// It is longer than 1,024 bytes.
    #[error("the passphrase is too long")]
    TooLong,
    /// It holds a code point that Unicode has not assigned, so its normal form may yet change.
    #[error("the passphrase holds an unassigned code point")]
    Unassigned,
    /// It holds a control character.
    #[error("the passphrase holds a control character")]
    Control,
    /// It is not UTF-8.
    #[error("the passphrase is not UTF-8")]
    NotUtf8,
}

impl Passphrase {
    /// Normalises and checks what was typed; nothing is trimmed and case is kept.
    pub fn parse(text: &str) -> Result<Self, PassphraseRefused> {
        if text.is_empty() {
            return Err(PassphraseRefused::Empty);
        }
        for c in text.chars() {
            match c.general_category() {
                GeneralCategory::Control => return Err(PassphraseRefused::Control),
                GeneralCategory::Unassigned => return Err(PassphraseRefused::Unassigned),
                _ => {}
            }
        }
        // Room for the whole result up front: a growing buffer would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_PASSPHRASE_BYTES));
        for c in text.nfc() {
            if bytes.len() + c.len_utf8() > MAX_PASSPHRASE_BYTES {
                return Err(PassphraseRefused::TooLong);
            }
            let mut utf8 = Zeroizing::new([0; 4]);
            bytes.extend_from_slice(c.encode_utf8(&mut *utf8).as_bytes());
        }
        Ok(Passphrase(bytes))
    }

    /// Takes the content of a file or pipe, dropping exactly one final LF or CRLF.
    pub fn from_file_bytes(content: &[u8]) -> Result<Self, PassphraseRefused> {
        Self::parse(Self::line_of(content)?)
    }

    /// The text in the content of a file or pipe, without exactly one final LF or CRLF.
    pub fn line_of(content: &[u8]) -> Result<&str, PassphraseRefused> {
        let line = content
            .strip_suffix(b"\r\n")
            .or_else(|| content.strip_suffix(b"\n"))
            .unwrap_or(content);
        std::str::from_utf8(line).map_err(|_| PassphraseRefused::NotUtf8)
    }

    /// Says whether it begins or ends with white space, which is easily lost when copied.
    pub fn has_outer_space(&self) -> bool {
        let text = std::str::from_utf8(&self.0).expect("a passphrase is UTF-8 by construction");
        text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace)
    }

    /// Whether it is the same as another, in whatever normal form either was typed.
    pub fn is(&self, other: &Passphrase) -> bool {
        bool::from(self.0.as_slice().ct_eq(other.0.as_slice()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&str> for Passphrase {
    type Error = PassphraseRefused;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_normal_forms_become_the_same_bytes_and_look_alikes_do_not() {
        let composed = Passphrase::parse("caf\u{e9}").unwrap();
        let decomposed = Passphrase::parse("cafe\u{301}").unwrap();
        let cyrillic = Passphrase::parse("\u{441}af\u{e9}").unwrap();
        assert_eq!(composed.as_bytes(), decomposed.as_bytes());
        assert_ne!(composed.as_bytes(), cyrillic.as_bytes());
    }

    #[test]
    fn what_is_refused_says_why() {
        assert_eq!(Passphrase::parse("").unwrap_err(), PassphraseRefused::Empty);
        assert_eq!(
            Passphrase::parse("a\tb").unwrap_err(),
            PassphraseRefused::Control
        );
        assert_eq!(
            Passphrase::parse("a\u{378}").unwrap_err(),
            PassphraseRefused::Unassigned
        );
        assert_eq!(
            Passphrase::parse(&"x".repeat(1025)).unwrap_err(),
            PassphraseRefused::TooLong
        );
        assert!(Passphrase::parse(&"x".repeat(1024)).is_ok());
        // 513 é are 1,539 bytes decomposed, but 1,026 composed: the limit counts the composed.
        assert!(Passphrase::parse(&"e\u{301}".repeat(512)).is_ok());
        assert!(Passphrase::parse(&"e\u{301}".repeat(513)).is_err());
    }

    #[test]
    fn a_file_loses_exactly_one_newline() {
        let bytes = |content: &[u8]| Passphrase::from_file_bytes(content).map(|p| p.0.to_vec());
        assert_eq!(bytes(b"word\n").unwrap(), b"word");
        assert_eq!(bytes(b"word\r\n").unwrap(), b"word");
        assert_eq!(bytes(b" word ").unwrap(), b" word ");
        assert_eq!(bytes(b"word\n\n").unwrap_err(), PassphraseRefused::Control);
        assert_eq!(bytes(b"\xff\n").unwrap_err(), PassphraseRefused::NotUtf8);
        assert_eq!(bytes(b"\n").unwrap_err(), PassphraseRefused::Empty);
    }

    #[test]
    fn outer_space_is_kept_and_told() {
        assert!(Passphrase::parse(" word").unwrap().has_outer_space());
        assert!(Passphrase::parse("word\u{a0}").unwrap().has_outer_space());
        assert!(!Passphrase::parse("two words").unwrap().has_outer_space());
    }

    #[test]
    fn the_unicode_version_is_pinned() {
        assert_eq!(unicode_normalization::UNICODE_VERSION, (18, 0, 0));
        assert_eq!(unicode_properties::UNICODE_VERSION, (18, 0, 0));
    }

    #[test]
    fn the_same_is_the_same_in_either_normal_form() {
        let passphrase = |text| Passphrase::parse(text).unwrap();
        assert!(passphrase("caf\u{e9}").is(&passphrase("cafe\u{301}")));
        assert!(!passphrase("cafe").is(&passphrase("caf\u{e9}")));
        assert!(!passphrase("cafe").is(&passphrase("cafe ")));
    }

    #[test]
    fn debug_is_mute() {
        let shown = format!("{:?}", Passphrase::parse("correct horse").unwrap());
        assert!(!shown.contains("horse"));
    }
}
