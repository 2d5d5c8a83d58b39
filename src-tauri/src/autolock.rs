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

use session_watch::{Delay, SessionWatch, Sign};

use crate::state::{AppState, WORK_LIMIT, lock};

/// How often the idle clock is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The window tells at most this often that somebody is there, and its own clock comes first.
const GRACE: Duration = Duration::from_secs(12);
const MINUTE: Duration = Duration::from_secs(60);
/// How long the window may take to save and to lock.
const WINDOW_LIMIT: Duration = Duration::from_secs(3);
/// What is kept back of the time that a system waits before it sleeps, to lock without the window.
const KEPT_BACK: Duration = WORK_LIMIT.saturating_add(Duration::from_millis(200));
/// How long this process may go on after it has locked.
const REPLACED_WITHIN: Duration = Duration::from_secs(2);
const WAIT_EVERY: Duration = Duration::from_millis(20);

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
pub fn start(state: &AppState, watch: impl SessionWatch) -> io::Result<()> {
    let (sender, signs) = mpsc::channel();
    thread::Builder::new().name("session".into()).spawn({
        let (state, sender) = (state.clone(), sender.clone());
        move || watch.watch(&sender, &|watching| state.session_is_watched(watching))
    })?;
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
        lock_by_itself(state, signs, sign);
    }
}

/// Has the window save and lock; locks without it when it does not.
fn lock_by_itself(state: &AppState, signs: &Receiver<Sign>, sign: Option<Sign>) {
    if !state.holds_keys() {
        return;
    }
    let mut wait = Wait::begin(Instant::now(), sign);
    state.tell_lock_due();
    while state.holds_keys() && wait.is_on(Instant::now()) {
        wait.hear(signs, WAIT_EVERY);
    }
    if state.holds_keys() {
        state.lock_without_window();
    }
    // The computer shall not sleep on the memory of a process that is about to be replaced: what holds it up ends with
    // the process, or after this. Where no process can take its place and the vault is opened again, signs count anew.
    let replaced = Instant::now() + REPLACED_WITHIN;
    while Instant::now() < replaced && !state.holds_keys() {
        wait.hear(signs, WAIT_EVERY);
    }
}

/// Waiting for the window. A screen that is locked is often a computer that sleeps a moment later: then there is less
/// time, and sleep has to wait.
struct Wait {
    until: Instant,
    delays: Vec<Delay>,
}

impl Wait {
    fn begin(now: Instant, sign: Option<Sign>) -> Self {
        let mut wait = Self {
            until: now + WINDOW_LIMIT,
            delays: Vec::new(),
        };
        if let Some(sign) = sign {
            wait.add(sign, now);
        }
        wait
    }

    fn is_on(&self, now: Instant) -> bool {
        now < self.until
    }

    /// Waits for a moment, and listens meanwhile.
    fn hear(&mut self, signs: &Receiver<Sign>, moment: Duration) {
        if let Ok(sign) = signs.recv_timeout(moment) {
            self.add(sign, Instant::now());
        }
    }

    fn add(&mut self, sign: Sign, now: Instant) {
        if let Sign::Sleeping(delay) = sign {
            self.until = self.until.min(now + delay.lasts.saturating_sub(KEPT_BACK));
            self.delays.push(delay);
        }
    }
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

    /// Sleep that waits for so long, and what is let go once it may come.
    fn sleeping(lasts: Duration) -> (Sign, mpsc::Receiver<()>) {
        let (held, dropped) = mpsc::channel();
        (Sign::Sleeping(Delay::new(lasts, held)), dropped)
    }

    fn is_held(dropped: &mpsc::Receiver<()>) -> bool {
        dropped.try_recv() == Err(mpsc::TryRecvError::Empty)
    }

    #[test]
    fn the_window_gets_what_is_left_after_locking_without_it_and_never_more_than_its_own() {
        let now = Instant::now();
        let allowed = |sign| Wait::begin(now, sign).until - now;
        let seconds = Duration::from_secs;
        assert_eq!(allowed(None), WINDOW_LIMIT);
        assert_eq!(allowed(Some(Sign::ScreenLocked)), WINDOW_LIMIT);
        assert_eq!(allowed(Some(sleeping(seconds(30)).0)), WINDOW_LIMIT);
        assert_eq!(allowed(Some(sleeping(seconds(5)).0)), seconds(3));
        assert_eq!(
            allowed(Some(sleeping(seconds(2)).0)),
            seconds(2) - KEPT_BACK
        );
        assert_eq!(allowed(Some(sleeping(seconds(1)).0)), Duration::ZERO);
    }

    #[test]
    fn sleep_that_comes_while_the_window_saves_shortens_the_wait_and_is_held_up() {
        let (sender, signs) = mpsc::channel();
        let mut wait = Wait::begin(Instant::now(), Some(Sign::ScreenLocked));
        let (sign, dropped) = sleeping(Duration::from_secs(2));
        sender.send(sign).expect("it listens");
        wait.hear(&signs, WAIT_EVERY);
        let now = Instant::now();
        assert!(wait.is_on(now));
        assert!(!wait.is_on(now + Duration::from_secs(2) - KEPT_BACK));
        // A screen that is locked now gives no time back.
        sender.send(Sign::ScreenLocked).expect("it listens");
        wait.hear(&signs, WAIT_EVERY);
        assert!(!wait.is_on(now + Duration::from_secs(2) - KEPT_BACK));
        assert!(is_held(&dropped));
        drop(wait);
        assert!(!is_held(&dropped));
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
