//! A child process that ends with its owner.

use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

/// How long a process may take to leave after being asked to.
const GRACE: Duration = Duration::from_secs(3);

/// How often a leaving process is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A process that is asked to end, and after a while made to, when this is dropped.
pub struct Running(Child);

impl Running {
    /// Takes charge of a child process.
    pub fn new(child: Child) -> Self {
        Self(child)
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Whether the process has not ended yet.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// How the process ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }

    /// Waits at most `limit` for the process to end by itself.
    pub fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return Some(status);
            }
            if begun.elapsed() >= limit {
                return None;
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Ends the process at once, as a power cut would (`SIGKILL`).
    pub fn kill(&mut self) {
        // Both fail only for a process that has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Asks the process to end, and makes it after a few seconds.
    pub fn end(&mut self) {
        if !self.is_alive() {
            return;
        }
        self.ask_to_end();
        if self.wait(GRACE).is_none() {
            self.kill();
        }
    }

    #[cfg(unix)]
    fn ask_to_end(&self) {
        use rustix::process::{Pid, Signal, kill_process};
        // Fails only for a process that has ended in between.
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
    }

    #[cfg(not(unix))]
    fn ask_to_end(&self) {}
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
