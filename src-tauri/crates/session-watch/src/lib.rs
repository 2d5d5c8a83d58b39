//! What the system tells of the person's session: its screen is locked, another person's takes its place, the
//! computer sleeps. Whoever hears it locks the vault.
//!
//! Each system tells it in its own way; which one listens is decided here and nowhere else. This is the only crate of
//! the project with `unsafe` in it, and only where Windows and macOS are called. See decision 0010.

#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

use std::{sync::mpsc::Sender, time::Duration};

#[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod logind;
#[cfg(target_os = "macos")]
#[expect(unsafe_code, reason = "it calls AppKit and IOKit")]
mod macos;
// What messages mean is plain arithmetic, and tested on every system.
#[cfg(any(target_os = "macos", test))]
mod power;
#[cfg(any(windows, test))]
mod window_messages;
#[cfg(windows)]
#[expect(unsafe_code, reason = "it calls Windows")]
mod windows;

#[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
use elsewhere as this;
#[cfg(target_os = "linux")]
use logind as this;
#[cfg(target_os = "macos")]
use macos as this;
#[cfg(windows)]
use windows as this;

/// A system that tells when its screen is locked and when it goes to sleep.
pub trait SessionWatch: Send + 'static {
    /// Tells what happens, for as long as it can or somebody hears it; says through `watching` whether it does. It
    /// holds up the thread that calls it, which shall do nothing else.
    fn watch(self, signs: &Sender<Sign>, watching: &dyn Fn(bool));
}

/// What the system tells of the person's session.
pub enum Sign {
    /// The screen has been locked, or for another reason nobody sits before this session any more.
    ScreenLocked,
    /// The computer is about to sleep.
    Sleeping(Delay),
}

/// Holds up the computer's sleep until it is dropped, or for as long as the system waits at most.
pub struct Delay {
    /// For how long the system waits, beginning when it told of it. Afterwards the computer sleeps all the same.
    pub lasts: Duration,
    _held: Box<dyn Send>,
}

impl Delay {
    /// Has the system wait for as long as `held` is not dropped.
    pub fn new(lasts: Duration, held: impl Send + 'static) -> Self {
        Self {
            lasts,
            _held: Box::new(held),
        }
    }
}

/// The system that the program runs on. `why` says in the person's words why sleep has to wait a little, for whoever
/// lists what holds it up; only Linux has such a list for this.
pub fn this_system(why: String) -> impl SessionWatch {
    this::system(why)
}
