//! Which automatic backups to keep. Days, weeks and months are those of the person's own calendar, so local times
//! come from the caller; clocks that run backwards or far ahead make nothing go that should stay.

use std::collections::BTreeSet;
use std::fmt;

/// A day of the local calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDay(i32);

/// Days, today among them, of which every backup stays.
const ALL_KEPT: i32 = 2;
/// Days of the year before each month, in a year that begins in March.
const DAYS_FROM_MARCH: i32 = 153;
const DAYS_OF_ERA: i32 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i32 = 719_468;
/// From the Monday before 1970-01-01, which was a Thursday.
const MONDAY: i32 = 3;

impl LocalDay {
    /// Takes a day of the Gregorian calendar in the years 1970 to 9999; `None` if there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day)
        {
            return None;
        }
        // The civil calendar in eras of 400 years that begin in March, so that leap days stand at the end.
        let (month, day) = (month as i32, day as i32);
        let year_from_march = if month > 2 { year } else { year - 1 };
        let (era, of_era) = (year_from_march / 400, year_from_march % 400);
        let of_year = (DAYS_FROM_MARCH * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        let found = LocalDay(era * DAYS_OF_ERA + days - EPOCH);
        (found.parts() == (year, month as u32, day as u32)).then_some(found)
    }

    /// Year, month and day.
    pub fn parts(self) -> (i32, u32, u32) {
        let days = self.0 + EPOCH;
        let (era, of_era) = (days.div_euclid(DAYS_OF_ERA), days.rem_euclid(DAYS_OF_ERA));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / DAYS_FROM_MARCH;
        let day = of_year - (DAYS_FROM_MARCH * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i32::from(month <= 2);
        (year, month as u32, day as u32)
    }

    /// The number of the day, from 1970-01-01.
    pub fn number(self) -> i32 {
        self.0
    }

    /// Weeks from Monday to Sunday (ISO 8601), counted from that of 1970-01-01.
    fn week(self) -> i32 {
        (self.0 + MONDAY).div_euclid(7)
    }

    fn month(self) -> (i32, u32) {
        let (year, month, _) = self.parts();
        (year, month)
    }
}

impl fmt::Display for LocalDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A time of day on a local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime {
    /// The day.
    pub day: LocalDay,
    /// Seconds since midnight by the clock on the wall, 0 to 86,399.
    second: u32,
}

impl LocalTime {
    /// Takes a time of day; `None` if no clock shows it.
    pub fn new(day: LocalDay, hour: u32, minute: u32, second: u32) -> Option<Self> {
        let exists = hour < 24 && minute < 60 && second < 60;
        exists.then_some(LocalTime {
            day,
            second: hour * 3600 + minute * 60 + second,
        })
    }

    /// Hour, minute and second.
    pub fn clock(self) -> (u32, u32, u32) {
        (self.second / 3600, self.second / 60 % 60, self.second % 60)
    }
}

/// How many automatic backups are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// The newest of each of so many days that have one.
    pub days: usize,
    /// The newest of each of so many weeks.
    pub weeks: usize,
    /// The newest of each of so many months.
    pub months: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Retention {
            days: 7,
            weeks: 4,
            months: 12,
        }
    }
}

impl Retention {
    /// Chooses the backups that may go, by their place in the list. Days, weeks and months without a backup do not
    /// count, so that a long absence or a clock that ran ahead costs nothing. What is dated later than now stays
    /// and counts for nothing; the newest always stays, and so do all of today and yesterday.
    pub fn superfluous(&self, made: &[LocalTime], now: LocalTime) -> Vec<usize> {
        let mut newest_first: Vec<usize> = (0..made.len()).filter(|at| made[*at] <= now).collect();
        newest_first.sort_by_key(|at| std::cmp::Reverse((made[*at], *at)));
        let mut kept = BTreeSet::new();
        kept.extend(newest_first.first());
        // Whoever has just put back the wrong one, or backed up what was damaged, still has those of before.
        let recent = |at: &&usize| made[**at].day.number() + ALL_KEPT > now.day.number();
        kept.extend(newest_first.iter().filter(recent));
        keep(&mut kept, &newest_first, self.days, |at| made[at].day);
        keep(&mut kept, &newest_first, self.weeks, |at| {
            made[at].day.week()
        });
        keep(&mut kept, &newest_first, self.months, |at| {
            made[at].day.month()
        });
        newest_first.retain(|at| !kept.contains(at));
        newest_first.sort_unstable();
        newest_first
    }
}

/// Keeps the newest of each of the newest `most` stretches of time.
fn keep<T: Ord>(
    kept: &mut BTreeSet<usize>,
    newest_first: &[usize],
    most: usize,
    stretch: impl Fn(usize) -> T,
) {
    let mut seen = BTreeSet::new();
    for at in newest_first {
        if seen.len() == most {
            return;
        }
        if seen.insert(stretch(*at)) {
            kept.insert(*at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(day: i32, second: u32) -> LocalTime {
        let day = LocalDay(day);
        LocalTime { day, second }
    }

    fn day(year: i32, month: u32, day: u32) -> LocalDay {
        LocalDay::new(year, month, day).unwrap()
    }

    fn times() -> impl Strategy<Value = Vec<LocalTime>> {
        let one = (20_000..20_800i32, 0..86_400u32).prop_map(|(day, second)| at(day, second));
        prop::collection::vec(one, 0..120)
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day(1970, 1, 1).number(), 0);
        assert_eq!(day(2026, 11, 27).number(), 20_784);
        assert_eq!(day(2026, 11, 27).to_string(), "2026-11-27");
        for (year, month, wrong) in [(2026, 2, 29), (2100, 2, 29), (2026, 4, 31), (2026, 13, 1)] {
            assert_eq!(LocalDay::new(year, month, wrong), None);
        }
        assert_eq!(day(2000, 2, 29).number() + 1, day(2000, 3, 1).number());
        let mut last = day(1970, 1, 1).number() - 1;
        for year in [1970, 1971, 1972, 1973] {
            for month in 1..=12 {
                for number in (1..=31).filter_map(|day| LocalDay::new(year, month, day)) {
                    assert_eq!(number.number(), last + 1);
                    last = number.number();
                }
            }
        }
        // The first week of 2027 begins on Monday, 2027-01-04; the days before belong to the last of 2026.
        assert_eq!(day(2026, 12, 28).week(), day(2027, 1, 3).week());
        assert_eq!(day(2027, 1, 3).week() + 1, day(2027, 1, 4).week());
    }

    #[test]
    fn a_year_of_daily_backups_leaves_seven_days_four_weeks_and_twelve_months() {
        let first = day(2025, 11, 27).number();
        let made: Vec<_> = (first..=day(2026, 11, 27).number())
            .flat_map(|day| [at(day, 30_000), at(day, 60_000)])
            .collect();
        let now = *made.last().unwrap();
        let gone = Retention::default().superfluous(&made, now);
        let kept: Vec<_> = (0..made.len())
            .filter(|place| !gone.contains(place))
            .map(|place| made[place].day.to_string())
            .collect();
        assert_eq!(
            kept,
            [
                "2025-12-31",
                "2026-01-31",
                "2026-02-28",
                "2026-03-31",
                "2026-04-30",
                "2026-05-31",
                "2026-06-30",
                "2026-07-31",
                "2026-08-31",
                "2026-09-30",
                "2026-10-31",
                "2026-11-08",
                "2026-11-15",
                "2026-11-21",
                "2026-11-22",
                "2026-11-23",
                "2026-11-24",
                "2026-11-25",
                "2026-11-26",
                "2026-11-26",
                "2026-11-27",
                "2026-11-27",
            ]
        );
    }

    #[test]
    fn a_clock_that_ran_to_2100_and_back_costs_nothing() {
        let mut made: Vec<_> = (20_700..20_720).map(|day| at(day, 0)).collect();
        let wrong = day(2100, 1, 1).number();
        made.extend((wrong..wrong + 30).map(|day| at(day, 0)));
        let now = at(20_720, 0);
        let gone = Retention::default().superfluous(&made, now);
        assert!(gone.iter().all(|place| made[*place] < now));
        assert_eq!(gone, Retention::default().superfluous(&made[..20], now));
        // And one that ran back to 1970 finds everything in the future.
        assert_eq!(Retention::default().superfluous(&made, at(0, 5)), [0; 0]);
    }

    proptest! {
        #[test]
        fn the_newest_and_whatever_is_dated_later_than_now_stay(made in times(), now in 19_900..20_900i32) {
            let now = at(now, 1);
            let gone = Retention::default().superfluous(&made, now);
            prop_assert!(gone.iter().all(|place| made[*place] <= now));
            let newest = made.iter().filter(|made| **made <= now).max();
            if let Some(newest) = newest {
                let left = (0..made.len()).any(|p| made[p] == *newest && !gone.contains(&p));
                prop_assert!(left);
            }
        }

        #[test]
        fn no_more_is_kept_than_was_asked_for_and_each_is_the_newest_of_its_stretch(made in times()) {
            let rules = Retention::default();
            let gone = rules.superfluous(&made, at(30_000, 0));
            let kept: Vec<_> = (0..made.len()).filter(|p| !gone.contains(p)).collect();
            prop_assert!(kept.len() <= rules.days + rules.weeks + rules.months);
            for place in kept {
                let later = |other: &LocalTime| *other > made[place];
                let day = made.iter().any(|o| later(o) && o.day == made[place].day);
                prop_assert!(!day, "a later one of the same day was there");
            }
        }

        #[test]
        fn every_one_of_the_newest_days_weeks_and_months_keeps_one(made in times()) {
            let rules = Retention::default();
            let gone = rules.superfluous(&made, at(30_000, 0));
            let kept: Vec<_> = (0..made.len()).filter(|p| !gone.contains(p)).map(|p| made[p].day).collect();
            fn newest<T: Ord>(all: impl Iterator<Item = T>, most: usize) -> BTreeSet<T> {
                let all: BTreeSet<T> = all.collect();
                all.into_iter().rev().take(most).collect()
            }
            let days = newest(made.iter().map(|made| made.day), rules.days);
            prop_assert!(days.iter().all(|day| kept.contains(day)));
            let weeks = newest(made.iter().map(|made| made.day.week()), rules.weeks);
            prop_assert!(weeks.iter().all(|week| kept.iter().any(|day| day.week() == *week)));
            let months = newest(made.iter().map(|made| made.day.month()), rules.months);
            prop_assert!(months.iter().all(|month| kept.iter().any(|day| day.month() == *month)));
        }

        #[test]
        fn choosing_again_among_what_is_left_chooses_nothing(made in times(), now in 19_900..20_900i32) {
            let (rules, now) = (Retention::default(), at(now, 1));
            let gone = rules.superfluous(&made, now);
            let left: Vec<_> = (0..made.len()).filter(|p| !gone.contains(p)).map(|p| made[p]).collect();
            prop_assert_eq!(rules.superfluous(&left, now), [0; 0]);
        }

        #[test]
        fn a_day_is_the_same_there_and_back(number in 0..2_932_896i32) {
            let (year, month, day) = LocalDay(number).parts();
            prop_assert_eq!(LocalDay::new(year, month, day), Some(LocalDay(number)));
        }
    }
}
