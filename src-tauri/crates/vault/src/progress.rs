//! Telling of rows or frames now and then, and asking whether to stop.

use crate::error::Error;
use crate::watch::{Step, Watch};

/// Rows between two looks at whether to stop.
const EVERY: u64 = 512;

/// How far something that goes through many rows is.
pub struct Progress<'a> {
    watch: &'a dyn Watch,
    done: u64,
    total: u64,
}

impl<'a> Progress<'a> {
    pub fn new(watch: &'a dyn Watch, total: u64) -> Self {
        let done = 0;
        Progress { watch, done, total }
    }

    /// Tells nothing.
    pub fn asking(&mut self) -> Result<(), Error> {
        self.step(|_, _| None)
    }

    pub fn verifying(&mut self) -> Result<(), Error> {
        self.step(|done, total| Some(Step::Verifying { done, total }))
    }

    pub fn backing_up(&mut self) -> Result<(), Error> {
        self.step(|done, total| Some(Step::BackingUp { done, total }))
    }

    pub fn restoring(&mut self) -> Result<(), Error> {
        self.step(|done, total| Some(Step::Restoring { done, total }))
    }

    pub fn rekeying(&mut self) -> Result<(), Error> {
        self.step(|done, total| Some(Step::Rekeying { done, total }))
    }

    fn step(&mut self, name: impl FnOnce(u64, u64) -> Option<Step>) -> Result<(), Error> {
        if self.done.is_multiple_of(EVERY) {
            if self.watch.cancelled() {
                return Err(Error::Cancelled);
            }
            if let Some(step) = name(self.done, self.total.max(self.done)) {
                self.watch.at(step);
            }
        }
        self.done += 1;
        Ok(())
    }
}
