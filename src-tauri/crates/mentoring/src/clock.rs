//! The time of day, as something that a test can set.

use chrono::{DateTime, Local, NaiveDate, Utc};

/// Tells the time; the only source of "now" in this crate.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;

    /// The calendar day where the user is.
    fn today(&self) -> NaiveDate;
}

/// The clock of this computer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn today(&self) -> NaiveDate {
        Local::now().date_naive()
    }
}
