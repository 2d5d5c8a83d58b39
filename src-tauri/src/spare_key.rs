//! A spare key on its way to paper: it counts once its owner has shown that the paper can be read.

use chrono::{DateTime, Local};
use serde::{Deserialize, Serialize};
use vault::SpareKey;
use zeroize::Zeroizing;

use crate::error::{AppError, ErrorCode, Reply};

/// Words of a spare key.
const WORDS: usize = 24;
/// Words that are asked for.
const ASKED: usize = 3;

/// A spare key that is shown and still to be confirmed.
pub struct NewSpareKey {
    key: SpareKey,
    /// When it was made: two sheets of one day can be told apart, and only the newer one counts.
    made: DateTime<Local>,
    /// Positions from 1.
    asked: [usize; ASKED],
}

/// The words of a spare key, in their order.
#[derive(Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SpareKeyWords(Vec<&'static str>);

/// A word of the spare key, as the person typed it.
#[derive(Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct TypedWord {
    /// Its position, from 1.
    position: u32,
    /// The word.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    word: Zeroizing<String>,
}

impl NewSpareKey {
    /// Draws a new one.
    pub fn make() -> Reply<Self> {
        Self::over(SpareKey::make()?)
    }

    /// Chooses which words of a key will be asked for.
    pub fn over(key: SpareKey) -> Reply<Self> {
        let asked = positions()?;
        let made = Local::now();
        Ok(Self { key, made, asked })
    }

    /// When it was made.
    pub fn made(&self) -> DateTime<Local> {
        self.made
    }

    /// The key itself.
    pub fn key(&self) -> &SpareKey {
        &self.key
    }

    /// Its words, to be shown.
    pub fn words(&self) -> SpareKeyWords {
        SpareKeyWords(self.key.words().to_vec())
    }

    /// The positions, from 1, of the words that are asked for.
    pub fn asked(&self) -> [usize; ASKED] {
        self.asked
    }

    /// Compares what was typed; the error names the first position that is not right.
    pub fn check(&self, typed: &[TypedWord]) -> Reply<()> {
        let words = self.key.words();
        let is_right = |position: usize| {
            let answer = typed
                .iter()
                .find(|typed| typed.position as usize == position);
            answer.is_some_and(|typed| typed.word.trim().eq_ignore_ascii_case(words[position - 1]))
        };
        match self.asked.into_iter().find(|&position| !is_right(position)) {
            None => Ok(()),
            Some(position) => Err(AppError::with(
                ErrorCode::SpareKeyConfirm,
                "position",
                position,
            )),
        }
    }
}

/// Draws three positions, one from each third, so that nobody is asked for neighbours only.
fn positions() -> Reply<[usize; ASKED]> {
    const THIRD: usize = WORDS / ASKED;
    let mut draw = [0u8; ASKED];
    getrandom::fill(&mut draw).map_err(|_| ErrorCode::Unexpected)?;
    Ok(std::array::from_fn(|third| {
        third * THIRD + usize::from(draw[third]) % THIRD + 1
    }))
}
