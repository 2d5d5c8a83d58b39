//! The spare key: 32 random bytes that a person keeps on paper as 24 words (BIP-39, English list).

use std::fmt;

use bip39::Language;
use zeroize::{Zeroize, Zeroizing};

use crate::error::Error;
use crate::primitives;

/// Words of a spare key.
pub const WORDS: usize = 24;

const BITS_PER_WORD: usize = 11;
const ENTROPY_BYTES: usize = 32;
const CODED_BYTES: usize = ENTROPY_BYTES + 1;

/// The second way into a vault.
///
/// ```compile_fail
/// fn copy(key: &vault::SpareKey) -> vault::SpareKey { key.clone() }
/// ```
pub struct SpareKey(Zeroizing<[u8; ENTROPY_BYTES]>);

/// Why some words are not a spare key; positions count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpareKeyRefused {
    /// There are not 24 words.
    #[error("a spare key has 24 words, not {found}")]
    WordCount {
        /// How many there are.
        found: usize,
    },
    /// A word is not on the list.
    #[error("word {position} is not on the list")]
    UnknownWord {
        /// Which one.
        position: usize,
    },
    /// All words are on the list, but the checksum is wrong: words are mistaken or in another order.
    #[error("the words do not belong together")]
    Checksum,
}

impl SpareKey {
    /// Draws a new spare key; it opens nothing until a vault has taken it.
    pub fn make() -> Result<Self, Error> {
        let mut key = Zeroizing::new([0; ENTROPY_BYTES]);
        primitives::fill_random(&mut *key)?;
        Ok(SpareKey(key))
    }

    /// Writes it as its 24 words.
    pub fn words(&self) -> [&'static str; WORDS] {
        let mut coded = Zeroizing::new([0; CODED_BYTES]);
        coded[..ENTROPY_BYTES].copy_from_slice(&*self.0);
        coded[ENTROPY_BYTES] = checksum(&self.0);
        let list = Language::English.word_list();
        std::array::from_fn(|position| {
            let index = (0..BITS_PER_WORD).fold(0, |index, bit| {
                let at = position * BITS_PER_WORD + bit;
                index << 1 | usize::from(coded[at / 8] >> (7 - at % 8) & 1)
            });
            list[index]
        })
    }

    /// Reads 24 words parted by white space; case does not matter.
    pub fn parse(text: &str) -> Result<Self, SpareKeyRefused> {
        let found = text.split_whitespace().count();
        if found != WORDS {
            return Err(SpareKeyRefused::WordCount { found });
        }
        let mut coded = Zeroizing::new([0u8; CODED_BYTES]);
        for (position, word) in text.split_whitespace().enumerate() {
            let mut lower = Zeroizing::new(word.to_owned());
            lower.make_ascii_lowercase();
            let index =
                Language::English
                    .find_word(&lower)
                    .ok_or(SpareKeyRefused::UnknownWord {
                        position: position + 1,
                    })?;
            for bit in 0..BITS_PER_WORD {
                let at = position * BITS_PER_WORD + bit;
                let set = (index >> (BITS_PER_WORD - 1 - bit) & 1) as u8;
                coded[at / 8] |= set << (7 - at % 8);
            }
        }
        let mut key = Zeroizing::new([0; ENTROPY_BYTES]);
        key.copy_from_slice(&coded[..ENTROPY_BYTES]);
        if checksum(&key) != coded[ENTROPY_BYTES] {
            key.zeroize();
            return Err(SpareKeyRefused::Checksum);
        }
        Ok(SpareKey(key))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; ENTROPY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for SpareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpareKey(***)")
    }
}

fn checksum(key: &[u8; ENTROPY_BYTES]) -> u8 {
    primitives::sha256(&[key])[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_with_the_vectors_of_bip_39() {
        let zeros = SpareKey(Zeroizing::new([0; 32]));
        let mut expected = ["abandon"; WORDS];
        expected[WORDS - 1] = "art";
        assert_eq!(zeros.words(), expected);
        let ones = SpareKey(Zeroizing::new([0xff; 32]));
        let mut expected = ["zoo"; WORDS];
        expected[WORDS - 1] = "vote";
        assert_eq!(ones.words(), expected);
    }

    #[test]
    fn words_lead_back_to_the_key() {
        let key = SpareKey::make().unwrap();
        let text = format!("  {}\n", key.words().join(" \t").to_uppercase());
        assert_eq!(SpareKey::parse(&text).unwrap().as_bytes(), key.as_bytes());
    }

    #[test]
    fn mistakes_are_named_by_position_and_never_by_word() {
        assert_eq!(
            SpareKey::parse("abandon").unwrap_err(),
            SpareKeyRefused::WordCount { found: 1 }
        );
        let mut words = ["abandon"; WORDS];
        assert_eq!(
            SpareKey::parse(&words.join(" ")).unwrap_err(),
            SpareKeyRefused::Checksum
        );
        words[2] = "secretword";
        let refused = SpareKey::parse(&words.join(" ")).unwrap_err();
        assert_eq!(refused, SpareKeyRefused::UnknownWord { position: 3 });
        assert!(!format!("{refused} {refused:?}").contains("secretword"));
    }
}
