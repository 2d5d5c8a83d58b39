//! Counting passed and failed tests from what the runners print.

use std::fmt;
use std::ops::AddAssign;

use crate::shell;

/// How many passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Tally {
    /// One check without tests of its own.
    pub const CHECK: Self = Self {
        passed: 1,
        failed: 0,
    };

    /// From nextest's line `Summary [  1.2s] 9 tests run: 7 passed (1 slow), 1 failed, 1 timed out`.
    pub fn from_nextest(output: &str) -> Self {
        let plain = shell::plain(output);
        let summaries = plain.lines().filter_map(|line| {
            let (_, rest) = line
                .trim_start()
                .strip_prefix("Summary [")?
                .split_once(']')?;
            let (_, counts) = rest.split_once("run:")?;
            let amount = |ends: &[&str]| {
                let parts = counts.split(',').map(str::trim);
                parts
                    .filter(|part| ends.iter().any(|end| part.contains(end)))
                    .filter_map(first)
                    .sum()
            };
            Some(Self {
                passed: amount(&[" passed"]),
                failed: amount(&[" failed", " timed out", " exec failed"]),
            })
        });
        total(summaries)
    }

    /// From the lines `test result: ok. 3 passed; 0 failed; …` of Rust's own runner.
    pub fn from_rust(output: &str) -> Self {
        let plain = shell::plain(output);
        let results = plain.lines().filter_map(|line| {
            let (_, counts) = line
                .trim_start()
                .strip_prefix("test result: ")?
                .split_once(". ")?;
            let mut parts = counts.split(';').map(first);
            Some(Self {
                passed: parts.next()??,
                failed: parts.next()??,
            })
        });
        total(results)
    }

    /// From vitest's line `Tests  2 failed | 30 passed (32)`.
    pub fn from_vitest(output: &str) -> Self {
        let plain = shell::plain(output);
        let results = plain.lines().filter_map(|line| {
            let counts = line.trim_start().strip_prefix("Tests  ")?;
            let amount = |end: &str| {
                counts
                    .split('|')
                    .filter(|part| part.contains(end))
                    .filter_map(first)
                    .sum()
            };
            Some(Self {
                passed: amount(" passed"),
                failed: amount(" failed"),
            })
        });
        total(results)
    }

    /// From Python's `Ran 12 tests in 0.5s` and `FAILED (failures=1, errors=2)`.
    pub fn from_python(output: &str) -> Self {
        let plain = shell::plain(output);
        let ran: u32 = plain
            .lines()
            .filter_map(|line| first(line.strip_prefix("Ran ")?))
            .sum();
        let failed: u32 = plain
            .lines()
            .filter_map(|line| line.strip_prefix("FAILED ("))
            .flat_map(|line| line.trim_end_matches(')').split(','))
            .filter_map(|part| part.trim().split_once('='))
            .filter(|(what, _)| matches!(*what, "failures" | "errors"))
            .filter_map(|(_, amount)| amount.parse::<u32>().ok())
            .sum();
        Self {
            passed: ran.saturating_sub(failed),
            failed,
        }
    }

    /// Whether nothing was counted.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

fn total(tallies: impl Iterator<Item = Tally>) -> Tally {
    let mut total = Tally::default();
    for tally in tallies {
        total += tally;
    }
    total
}

/// The number that a text begins with.
fn first(text: &str) -> Option<u32> {
    text.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_summaries_are_counted_with_colours_and_slow_tests() {
        let plain = "     Summary [   1.234s] 12 tests run: 10 passed (2 slow), 1 failed, 1 timed out, 3 skipped";
        assert_eq!(
            Tally::from_nextest(plain),
            Tally {
                passed: 10,
                failed: 2
            }
        );
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped";
        assert_eq!(
            Tally::from_nextest(coloured),
            Tally {
                passed: 1,
                failed: 0
            }
        );
        let early = "  Summary [ 2s] 3/9 tests run: 2 passed, 1 failed, 0 skipped";
        assert_eq!(
            Tally::from_nextest(early),
            Tally {
                passed: 2,
                failed: 1
            }
        );
    }

    #[test]
    fn doctest_results_are_added_up() {
        let output = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\
                      test result: FAILED. 1 passed; 2 failed; 0 ignored";
        assert_eq!(
            Tally::from_rust(output),
            Tally {
                passed: 4,
                failed: 2
            }
        );
    }

    #[test]
    fn vitest_results_are_counted() {
        let output = " Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 30 passed (32)";
        assert_eq!(
            Tally::from_vitest(output),
            Tally {
                passed: 30,
                failed: 2
            }
        );
        assert_eq!(Tally::from_vitest("      Tests  7 passed (7)").passed, 7);
    }

    #[test]
    fn python_results_are_counted() {
        assert_eq!(
            Tally::from_python("Ran 12 tests in 0.5s\n\nOK"),
            Tally {
                passed: 12,
                failed: 0
            }
        );
        let output = "Ran 12 tests in 0.5s\n\nFAILED (failures=1, errors=2, skipped=1)";
        assert_eq!(
            Tally::from_python(output),
            Tally {
                passed: 9,
                failed: 3
            }
        );
    }

    #[test]
    fn words_without_counts_count_nothing() {
        assert!(Tally::from_nextest("error: no tests to run").is_empty());
        assert!(Tally::from_rust("").is_empty());
    }
}
