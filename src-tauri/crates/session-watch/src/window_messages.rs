//! What the messages that Windows sends to windows say of the session, and what is done at each.
//!
//! Nothing in here calls Windows: the numbers are compared with its own where that is compiled (`windows.rs`).

use std::{
    sync::mpsc::{self, Sender},
    time::Duration,
};

use crate::{Delay, Sign};

/// How long Windows lets a program work on `PBT_APMSUSPEND`: "approximately two seconds", after which it "may
/// interrupt" it.
pub const SUSPEND_WAITS: Duration = Duration::from_secs(2);

/// The session has changed.
pub const WM_WTSSESSION_CHANGE: u32 = 0x02B1;
/// Another person's session is shown at the computer itself.
pub const WTS_CONSOLE_DISCONNECT: u32 = 0x2;
/// Whoever used the session from another computer has gone.
pub const WTS_REMOTE_DISCONNECT: u32 = 0x4;
/// The person signs out.
pub const WTS_SESSION_LOGOFF: u32 = 0x6;
/// The screen is locked.
pub const WTS_SESSION_LOCK: u32 = 0x7;
/// Something about power.
pub const WM_POWERBROADCAST: u32 = 0x0218;
/// The computer is about to sleep or to hibernate.
pub const PBT_APMSUSPEND: u32 = 0x4;

/// What a message says, if it is of any concern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Heard {
    /// Nobody sits before this session any more.
    Locked,
    /// The computer sleeps as soon as the message has been dealt with.
    Sleeps,
}

/// What a message says. `what` is its `WPARAM`.
pub fn heard(message: u32, what: usize) -> Option<Heard> {
    match (message, u32::try_from(what).ok()?) {
        (
            WM_WTSSESSION_CHANGE,
            WTS_SESSION_LOCK | WTS_CONSOLE_DISCONNECT | WTS_REMOTE_DISCONNECT | WTS_SESSION_LOGOFF,
        ) => Some(Heard::Locked),
        (WM_POWERBROADCAST, PBT_APMSUSPEND) => Some(Heard::Sleeps),
        _ => None,
    }
}

/// Tells what was heard; whether anybody listens. Before sleep it returns only when the sign was dropped, or when
/// Windows waits no longer: the message counts as dealt with once this has returned.
pub fn tell(signs: &Sender<Sign>, heard: Heard) -> bool {
    match heard {
        Heard::Locked => signs.send(Sign::ScreenLocked).is_ok(),
        Heard::Sleeps => {
            let (held, dropped) = mpsc::channel::<()>();
            let sign = Sign::Sleeping(Delay::new(SUSPEND_WAITS, held));
            let is_heard = signs.send(sign).is_ok();
            let _ = dropped.recv_timeout(SUSPEND_WAITS);
            is_heard
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Instant};

    use super::*;

    const A_WHILE: Duration = Duration::from_millis(300);

    #[test]
    fn a_session_that_nobody_sits_before_is_locked() {
        for what in [0x2, 0x4, 0x6, 0x7] {
            assert_eq!(heard(WM_WTSSESSION_CHANGE, what), Some(Heard::Locked));
        }
        // Somebody comes: connected, signed in, unlocked, controlled from elsewhere.
        for what in [0x1, 0x3, 0x5, 0x8, 0x9, 0x10_0000_0007] {
            assert_eq!(heard(WM_WTSSESSION_CHANGE, what), None, "{what}");
        }
    }

    #[test]
    fn only_the_beginning_of_sleep_is_sleep() {
        assert_eq!(heard(WM_POWERBROADCAST, 0x4), Some(Heard::Sleeps));
        // Awake again, by itself or by somebody; the battery; the mains; a setting.
        for what in [0x0, 0x6, 0x7, 0x9, 0xA, 0x12, 0x8013] {
            assert_eq!(heard(WM_POWERBROADCAST, what), None, "{what}");
        }
        // The same numbers in messages of other kinds.
        assert_eq!(heard(0x0219, 0x4), None);
        assert_eq!(heard(WM_POWERBROADCAST, 0x7), None);
    }

    #[test]
    fn sleep_is_held_up_until_the_sign_is_dropped() {
        let (sender, signs) = mpsc::channel();
        let begun = Instant::now();
        let telling = thread::spawn(move || (tell(&sender, Heard::Sleeps), begun.elapsed()));
        let sign = signs.recv().expect("a sign");
        assert!(matches!(&sign, Sign::Sleeping(delay) if delay.lasts == SUSPEND_WAITS));
        thread::sleep(A_WHILE);
        assert!(!telling.is_finished());
        drop(sign);
        let (is_heard, took) = telling.join().expect("it was told");
        assert!(is_heard);
        assert!(took >= A_WHILE && took < SUSPEND_WAITS, "{took:?}");
    }

    #[test]
    fn sleep_is_held_up_no_longer_than_windows_waits() {
        let (sender, signs) = mpsc::channel();
        let (tells, told) = mpsc::channel();
        let begun = Instant::now();
        thread::spawn(move || tells.send(tell(&sender, Heard::Sleeps)));
        assert_eq!(told.recv_timeout(SUSPEND_WAITS * 2), Ok(true));
        assert!(begun.elapsed() >= SUSPEND_WAITS);
        drop(signs);
    }

    #[test]
    fn without_anybody_who_listens_nothing_is_held_up() {
        let (sender, signs) = mpsc::channel();
        drop(signs);
        let begun = Instant::now();
        assert!(!tell(&sender, Heard::Sleeps));
        assert!(!tell(&sender, Heard::Locked));
        assert!(begun.elapsed() < SUSPEND_WAITS);
    }
}
