//! Locking by itself: after idle minutes, when the screen is locked, and before the computer sleeps.
//!
//! The window is asked first, so that it can save what somebody is typing. One that does not answer is locked without:
//! whatever hangs, the keys go.

use std::{
    io,
    sync::{
        Mutex,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::state::{AppState, lock};

/// How often the idle clock is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The window tells at most this often that somebody is there, and its own clock comes first.
const GRACE: Duration = Duration::from_secs(12);
const MINUTE: Duration = Duration::from_secs(60);
/// How long the window may take to save and to lock. A system that is about to sleep waits five seconds in all.
const WINDOW_LIMIT: Duration = Duration::from_secs(3);
/// How long this process may go on after it has locked.
const REPLACED_WITHIN: Duration = Duration::from_secs(2);
const WAIT_EVERY: Duration = Duration::from_millis(20);

/// What the system tells of the person's session.
pub enum Sign {
    /// The screen has been locked.
    ScreenLocked,
    /// The computer is about to sleep. It waits for a while until this is dropped.
    Sleeping(#[expect(dead_code, reason = "it is held, and dropped")] Box<dyn Send>),
}

/// A system that tells when its screen is locked and when it goes to sleep.
pub trait SessionWatch: Send + 'static {
    /// Tells what happens, for as long as it can; says through `watching` whether it does.
    fn watch(self, signs: &Sender<Sign>, watching: &dyn Fn(bool));
}

/// A system to which nothing listens.
#[cfg(not(target_os = "linux"))]
pub enum NoWatch {}

#[cfg(not(target_os = "linux"))]
impl SessionWatch for NoWatch {
    fn watch(self, _signs: &Sender<Sign>, _watching: &dyn Fn(bool)) {
        match self {}
    }
}

/// When somebody was there last.
pub struct IdleClock {
    last: Mutex<(Instant, SystemTime)>,
}

impl IdleClock {
    /// A clock that begins now.
    pub fn new() -> Self {
        Self {
            last: Mutex::new((Instant::now(), SystemTime::now())),
        }
    }

    /// Somebody is there.
    pub fn touch(&self) {
        *lock(&self.last) = (Instant::now(), SystemTime::now());
    }

    /// For how long nobody has been there.
    fn idle(&self) -> Duration {
        self.idle_at(Instant::now(), SystemTime::now())
    }

    /// The longer of what two clocks say: one stands still while the computer sleeps, the other can be set back.
    fn idle_at(&self, now: Instant, wall: SystemTime) -> Duration {
        let (last, last_wall) = *lock(&self.last);
        let by_wall = wall.duration_since(last_wall).unwrap_or_default();
        now.saturating_duration_since(last).max(by_wall)
    }

    /// Whether nobody has been there for these minutes; 0 is never.
    pub fn is_over(&self, minutes: u16) -> bool {
        minutes > 0 && self.idle() > MINUTE * u32::from(minutes) + GRACE
    }
}

/// Locks by itself from now on.
pub fn start(state: &AppState, watch: Option<impl SessionWatch>) -> io::Result<()> {
    let (sender, signs) = mpsc::channel();
    if let Some(watch) = watch {
        let (state, sender) = (state.clone(), sender.clone());
        thread::Builder::new()
            .name("session".into())
            .spawn(move || watch.watch(&sender, &|watching| state.session_is_watched(watching)))?;
    }
    let state = state.clone();
    thread::Builder::new()
        .name("autolock".into())
        .spawn(move || run(&state, &signs, &sender))
        .map(drop)
}

/// The sender stays here too, so that the idle clock runs where the system tells nothing.
fn run(state: &AppState, signs: &Receiver<Sign>, _sender: &Sender<Sign>) {
    loop {
        let sign = match signs.recv_timeout(LOOK_EVERY) {
            Ok(sign) => Some(sign),
            Err(RecvTimeoutError::Timeout) if state.is_idle() => None,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let has_locked = lock_by_itself(state);
        if has_locked && matches!(sign, Some(Sign::Sleeping(_))) {
            // The computer shall not sleep on the memory of a process that is about to be replaced: the sign ends with
            // the process, or after this.
            thread::sleep(REPLACED_WITHIN);
        }
        drop(sign);
    }
}

/// Has the window save and lock; locks without it when it does not. Whether there was anything to lock.
fn lock_by_itself(state: &AppState) -> bool {
    if !state.holds_keys() {
        return false;
    }
    state.tell_lock_due();
    let begun = Instant::now();
    while state.holds_keys() && begun.elapsed() < WINDOW_LIMIT {
        thread::sleep(WAIT_EVERY);
    }
    if state.holds_keys() {
        state.lock_without_window();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_time_counts_through_sleep_and_does_not_run_backwards() {
        let clock = IdleClock::new();
        let (now, wall) = *lock(&clock.last);
        let minute = Duration::from_secs(60);
        assert_eq!(clock.idle_at(now + minute, wall + minute), minute);
        // The computer slept: only the wall clock went on.
        assert_eq!(clock.idle_at(now, wall + minute), minute);
        // Somebody set the wall clock back.
        assert_eq!(clock.idle_at(now + minute, wall - minute), minute);
        assert_eq!(clock.idle_at(now, wall - minute), Duration::ZERO);
    }

    #[test]
    fn never_is_never_and_a_touch_begins_anew() {
        let clock = IdleClock::new();
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        lock(&clock.last).1 = long_ago;
        assert!(!clock.is_over(0));
        assert!(clock.is_over(15));
        assert!(!clock.is_over(60), "the window's own clock comes first");
        clock.touch();
        assert!(!clock.is_over(1));
    }
}
