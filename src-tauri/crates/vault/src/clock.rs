//! The clock, which tests replace. It dates saves for people; order never rests on it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::report::Moment;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> Moment;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Moment {
        let millis = |duration: std::time::Duration| Moment::try_from(duration.as_millis());
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => millis(after).unwrap_or(Moment::MAX),
            Err(before) => millis(before.duration()).map_or(Moment::MIN, |before| -before),
        }
    }
}
