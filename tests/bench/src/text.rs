//! Notes of a given length that do not compress to nothing: words drawn from a list by a small
//! generator, the same in every run.

/// Bytes of text in a usual note.
pub const NOTE: usize = 1_500;

/// Bytes of the list entry that is saved with a note: title, dates, labels, links.
pub const INDEX: usize = 600;

const WORDS: [&str; 32] = [
    "listened", "meeting", "promise", "agreed", "quarter", "feedback", "goal", "doubt", "team",
    "career", "honest", "review", "because", "however", "perhaps", "together", "asked", "heard",
    "slowly", "progress", "talk", "plan", "worry", "strength", "the", "and", "with", "about",
    "after", "before", "next", "week",
];

/// Makes texts.
pub struct Writer {
    state: u64,
}

impl Writer {
    /// The same seed, the same texts.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(2).wrapping_add(1),
        }
    }

    /// A number (xorshift64*, Vigna 2016).
    pub fn number(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A text of exactly this many bytes.
    pub fn text(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length + 16);
        while text.len() < length {
            text.push_str(WORDS[(self.number() % WORDS.len() as u64) as usize]);
            text.push(' ');
        }
        text.truncate(length);
        text
    }

    /// An id.
    pub fn id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.number().to_le_bytes());
        id[8..].copy_from_slice(&self.number().to_le_bytes());
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_their_length_and_differ() {
        let mut writer = Writer::new(1);
        let (first, second) = (writer.text(NOTE), writer.text(NOTE));
        assert_eq!((first.len(), second.len()), (NOTE, NOTE));
        assert_ne!(first, second);
        assert_eq!(Writer::new(1).text(NOTE), first);
    }
}
