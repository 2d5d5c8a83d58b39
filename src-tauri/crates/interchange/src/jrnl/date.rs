//! The dates of entries, in the ways that people set jrnl's `timeformat` to.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// A longer text in brackets is no date.
pub(super) const LONGEST: usize = 40;
const TIMES: [&str; 4] = ["%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M"];

/// What the text in an entry's brackets is.
pub(super) enum Stamp {
    Date(NaiveDateTime),
    /// It has the shape of a date and is none.
    Bad,
    Other,
}

/// Reads a date with or without a time: `2026-06-09 09:00:00 AM` (jrnl's own way), `2026-06-09
/// 21:00`, `2026/06/09`, `09.06.2026 21:00`.
///
/// `06/09/2026` is the ninth of June to some and the sixth of September to others, so it is not
/// read.
pub(super) fn parse(text: &str) -> Stamp {
    let text = text.trim();
    if text.len() > LONGEST {
        return Stamp::Other;
    }
    let (day, time) = match text.find([' ', 'T', '\u{202f}']) {
        Some(at) => {
            let gap = text[at..].chars().next().map_or(1, char::len_utf8);
            (&text[..at], text[at + gap..].replace('\u{202f}', " "))
        }
        None => (text, String::new()),
    };
    let Some(numbers) = numbers(day) else {
        return Stamp::Other;
    };
    let of_time = |c: char| {
        c.is_ascii_digit() || matches!(c, ' ' | ':' | '.' | 'A' | 'P' | 'M' | 'a' | 'p' | 'm')
    };
    if !time.chars().all(of_time) {
        return Stamp::Other;
    }
    let date = match (numbers, day.contains('.')) {
        ([(year, 4), (month, _), (day, _)], _) => NaiveDate::from_ymd_opt(year as i32, month, day),
        ([(day, _), (month, _), (year, 4)], true) => {
            NaiveDate::from_ymd_opt(year as i32, month, day)
        }
        _ => None,
    };
    let time = match time.trim() {
        "" => Some(NaiveTime::MIN),
        time => TIMES
            .iter()
            .find_map(|form| NaiveTime::parse_from_str(time, form).ok()),
    };
    match (date, time) {
        (Some(date), Some(time)) if numbers[0] != (0, 4) => Stamp::Date(date.and_time(time)),
        _ => Stamp::Bad,
    }
}

/// Three numbers parted by one kind of sign, each with its count of digits.
fn numbers(day: &str) -> Option<[(u32, usize); 3]> {
    let sign = day
        .chars()
        .find(|c| !c.is_ascii_digit())
        .filter(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = day.split(sign).map(|part| {
        let digits =
            !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        digits
            .then(|| part.parse().map(|number| (number, part.len())).ok())
            .flatten()
    });
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}
