//! Medians and percentiles of times.

use std::time::Duration;

/// Measured times.
#[derive(Debug, Default, Clone)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The median in milliseconds.
    pub fn median_ms(&self) -> f64 {
        self.percentile_ms(50)
    }

    /// A percentile in milliseconds, by the nearest rank.
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        assert!(!self.0.is_empty(), "nothing was measured");
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted[rank - 1].as_secs_f64() * 1e3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let mut times = Times::default();
        for ms in [5, 1, 4, 2, 3] {
            times.push(Duration::from_millis(ms));
        }
        assert_eq!(times.median_ms(), 3.0);
        assert_eq!(times.percentile_ms(95), 5.0);
        assert_eq!(times.percentile_ms(1), 1.0);
    }
}
