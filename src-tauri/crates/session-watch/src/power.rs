//! What the power management of macOS says, and what it wants to hear.
//!
//! Nothing in here calls macOS: the numbers are compared with its own where that is compiled (`macos.rs`).

/// May the computer sleep? Nobody has used it for a while.
pub const CAN_SYSTEM_SLEEP: u32 = 0xE000_0270;
/// The computer is going to sleep.
pub const SYSTEM_WILL_SLEEP: u32 = 0xE000_0280;

/// What is said, if it waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Heard {
    /// The computer would like to sleep.
    MaySleep,
    /// The computer sleeps once it is answered.
    Sleeps,
}

/// What a message says, if it waits for an answer.
pub fn heard(message: u32) -> Option<Heard> {
    match message {
        CAN_SYSTEM_SLEEP => Some(Heard::MaySleep),
        SYSTEM_WILL_SLEEP => Some(Heard::Sleeps),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_sleep_and_a_question_is_a_question() {
        assert_eq!(heard(0xE000_0270), Some(Heard::MaySleep));
        assert_eq!(heard(0xE000_0280), Some(Heard::Sleeps));
    }

    #[test]
    fn what_needs_no_answer_gets_none() {
        // It does not sleep after all; it begins to wake; it is awake; it is switched off, or begun anew.
        for message in [
            0xE000_0290,
            0xE000_0320,
            0xE000_0300,
            0xE000_0250,
            0xE000_0310,
        ] {
            assert_eq!(heard(message), None, "{message:x}");
        }
        assert_eq!(heard(0x280), None);
    }
}
