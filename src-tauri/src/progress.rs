//! Progress of what takes more than a moment, and the way to stop it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Serialize;
use tauri::ipc::Channel;
use vault::{Step, Watch};

/// Where a long task stands, in a word the window has a sentence for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Progress {
    /// Which step.
    pub step: &'static str,
    /// How much of it is done; 0 of 0 where that cannot be told.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub done: u64,
    /// How much there is.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
}

/// A running task: tells the window how far it is, and hears when it shall stop.
pub struct Task {
    channel: Option<Channel<Progress>>,
    stop: Arc<AtomicBool>,
}

impl Task {
    /// A task that tells a channel and stops when `stop` is set.
    pub fn new(channel: Option<Channel<Progress>>, stop: Arc<AtomicBool>) -> Self {
        Self { channel, stop }
    }

    /// Tells the window.
    pub fn tell(&self, step: &'static str, done: u64, total: u64) {
        if let Some(channel) = &self.channel {
            // A window that is gone hears nothing; the task goes on or is cancelled.
            let _ = channel.send(Progress { step, done, total });
        }
    }
}

/// Tells how far a task is that cannot be stopped any more.
pub struct Unstoppable<'a>(pub &'a Task);

impl Watch for Unstoppable<'_> {
    fn at(&self, step: Step) {
        self.0.at(step);
    }

    fn cancelled(&self) -> bool {
        false
    }
}

/// Tells nobody, and stops at its time.
pub struct Deadline {
    at: Instant,
    haste: Arc<AtomicBool>,
}

impl Deadline {
    /// A deadline after some time from now.
    pub fn after(time: Duration) -> Self {
        Self {
            at: Instant::now() + time,
            haste: Arc::default(),
        }
    }

    /// The same, or as soon as there is haste.
    pub fn or_in(self, haste: Arc<AtomicBool>) -> Self {
        Self { haste, ..self }
    }
}

impl Watch for Deadline {
    fn at(&self, _step: Step) {}

    fn cancelled(&self) -> bool {
        self.haste.load(Ordering::Relaxed) || Instant::now() > self.at
    }
}

impl Watch for Task {
    fn at(&self, step: Step) {
        let (step, done, total) = match step {
            Step::Stretching => ("stretching", 0, 0),
            Step::Calibrating => ("calibrating", 0, 0),
            Step::Replaying { done, total } => ("replaying", done, total),
            Step::Rebuilding { done } => ("rebuilding", done, 0),
            Step::Verifying { done, total } => ("verifying", done, total),
            Step::BackingUp { done, total } => ("backingUp", done, total),
            Step::Restoring { done, total } => ("restoring", done, total),
            Step::Rekeying { done, total } => ("rekeying", done, total),
            Step::Writing => ("writing", 0, 0),
            Step::Destroying => ("destroying", 0, 0),
            Step::Compacting => ("compacting", 0, 0),
            Step::Proving => ("proving", 0, 0),
            Step::Searching { done, total } => ("searching", done, total),
            _ => ("reading", 0, 0),
        };
        self.tell(step, done, total);
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
