//! Days, counted from the present one.

use chrono::{Datelike, Duration, Months, NaiveDate, Weekday};

/// The calendar of the invented year.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Days {
    today: NaiveDate,
}

impl Days {
    /// The calendar of the year that ends on a day.
    pub(crate) fn before(today: NaiveDate) -> Self {
        Self { today }
    }

    /// The present day.
    pub(crate) fn today(self) -> NaiveDate {
        self.today
    }

    /// The day so many days ago.
    pub(crate) fn ago(self, days: i64) -> NaiveDate {
        self.today - Duration::days(days)
    }

    /// The day so many days from now.
    pub(crate) fn ahead(self, days: i64) -> NaiveDate {
        self.today + Duration::days(days)
    }

    /// The same day of the year before.
    pub(crate) fn a_year_ago(self) -> NaiveDate {
        self.today
            .checked_sub_months(Months::new(12))
            .unwrap_or(self.today)
    }

    /// The working day so many days ago, or the Friday before it.
    pub(crate) fn work_ago(self, days: i64) -> NaiveDate {
        let day = self.ago(days);
        match day.weekday() {
            Weekday::Sat => day - Duration::days(1),
            Weekday::Sun => day - Duration::days(2),
            _ => day,
        }
    }

    /// The working day so many days from now, or the Monday after it.
    pub(crate) fn work_ahead(self, days: i64) -> NaiveDate {
        let day = self.ahead(days);
        match day.weekday() {
            Weekday::Sat => day + Duration::days(2),
            Weekday::Sun => day + Duration::days(1),
            _ => day,
        }
    }

    /// The Thursday so many weeks before the next one; the next one is always still to come.
    pub(crate) fn thursday(self, weeks_before_next: i64) -> NaiveDate {
        let from_thursday = i64::from(self.today.weekday().days_since(Weekday::Thu));
        self.today + Duration::days(7 - from_thursday) - Duration::weeks(weeks_before_next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meetings_keep_to_working_days_and_thursdays_whatever_day_it_is() {
        let monday = NaiveDate::from_ymd_opt(2026, 6, 8).unwrap();
        for shift in 0..7 {
            let days = Days::before(monday + Duration::days(shift));
            let next = days.thursday(0);
            assert_eq!(next.weekday(), Weekday::Thu);
            assert!(next > days.today() && next <= days.ahead(7));
            for distance in 0..14 {
                let before = days.work_ago(distance);
                let after = days.work_ahead(distance);
                assert!(before.weekday().number_from_monday() <= 5, "{before}");
                assert!(after.weekday().number_from_monday() <= 5, "{after}");
                assert!(before <= days.ago(distance) && after >= days.ahead(distance));
            }
        }
    }
}
