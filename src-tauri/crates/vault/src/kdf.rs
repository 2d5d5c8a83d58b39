//! What stretching a passphrase costs: the bounds, the calibration, and the run itself.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::error::Error;
use crate::memory::KeyBytes;
use crate::primitives;
use crate::watch::{Step, Watch};

/// Length of an Argon2 salt in bytes.
pub const SALT_LENGTH: usize = 16;

const MIB: u32 = 1024;
const MIN_MEMORY_KIB: u32 = 64 * MIB;
const MAX_MEMORY_KIB: u32 = 2048 * MIB;
const MIN_PASSES: u32 = 3;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 16;
/// Memory times passes, which bounds the time that a hostile header can cost.
const MAX_WORK_KIB: u64 = 8 * 1024 * MIB as u64;
/// Most that calibration asks for.
const CALIBRATION_MEMORY_KIB: u32 = 1024 * MIB;
/// Calibration asks for at most this part of the machine's memory.
const CALIBRATION_SHARE: u64 = 4;
/// How often a running stretch asks whether to stop.
const CANCEL_CHECK: Duration = Duration::from_millis(20);

/// The cost of Argon2id (RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfCost {
    /// Memory in KiB: 64 MiB to 2 GiB.
    pub memory_kib: u32,
    /// Passes over the memory: 3 to 16, and memory times passes at most 8 GiB.
    pub passes: u32,
    /// Lanes: 1 to 16.
    pub lanes: u32,
}

impl KdfCost {
    /// What is taken where nothing was measured.
    pub const DEFAULT: KdfCost = KdfCost {
        memory_kib: 256 * MIB,
        passes: 3,
        lanes: 4,
    };
    /// The least that is accepted.
    pub const FLOOR: KdfCost = KdfCost {
        memory_kib: MIN_MEMORY_KIB,
        passes: MIN_PASSES,
        lanes: 1,
    };

    /// Finds the cost that takes about `target` on this machine: memory first, then passes; never below the
    /// floor. Errors: `Cancelled`, `TooLittleMemory`.
    pub fn calibrate(target: Duration, watch: &dyn Watch) -> Result<KdfCost, Error> {
        watch.at(Step::Calibrating);
        let ceiling = total_memory_kib()
            .map_or(Self::DEFAULT.memory_kib.into(), |total| {
                total / CALIBRATION_SHARE
            })
            .clamp(MIN_MEMORY_KIB.into(), CALIBRATION_MEMORY_KIB.into())
            as u32;
        Self::calibrate_with(target, ceiling, |cost| time_of(cost, watch))
    }

    /// As `calibrate`, with memory up to `ceiling` KiB and another clock.
    fn calibrate_with(
        target: Duration,
        mut ceiling: u32,
        time_of: impl Fn(KdfCost) -> Result<Duration, Error>,
    ) -> Result<KdfCost, Error> {
        let mut cost = KdfCost {
            memory_kib: MIN_MEMORY_KIB,
            ..Self::DEFAULT
        };
        let mut took = time_of(cost)?;
        while cost.memory_kib < ceiling && took * 2 <= target {
            let larger = KdfCost {
                memory_kib: (cost.memory_kib * 2).min(ceiling),
                ..cost
            };
            match time_of(larger) {
                Ok(time) => (cost, took) = (larger, time),
                // What was refused now would be refused when it is needed.
                Err(Error::TooLittleMemory) => ceiling = cost.memory_kib,
                Err(error) => return Err(error),
            }
        }
        // Time grows with memory and with passes alike, so the rest can be reckoned.
        let scaled =
            f64::from(cost.memory_kib) * target.as_secs_f64() / took.as_secs_f64().max(1e-3);
        if scaled < f64::from(ceiling) {
            cost.memory_kib = (scaled as u32 / MIB * MIB).max(cost.memory_kib);
        } else {
            let passes =
                f64::from(cost.passes) * target.as_secs_f64() / took.as_secs_f64().max(1e-3);
            let most = (MAX_WORK_KIB / u64::from(cost.memory_kib)).min(MAX_PASSES.into()) as u32;
            cost.passes = (passes as u32).clamp(MIN_PASSES, most);
        }
        Ok(cost)
    }

    /// Refuses a cost outside the bounds, before anything is allocated.
    pub(crate) fn check(self) -> Result<Self, Error> {
        let work = u64::from(self.memory_kib) * u64::from(self.passes);
        let fits = (MIN_MEMORY_KIB..=MAX_MEMORY_KIB).contains(&self.memory_kib)
            && (MIN_PASSES..=MAX_PASSES).contains(&self.passes)
            && (1..=MAX_LANES).contains(&self.lanes)
            && work <= MAX_WORK_KIB;
        if fits {
            Ok(self)
        } else {
            Err(Error::CostOutOfRange)
        }
    }
}

/// Stretches `secret` on a thread of its own, so that a person need not wait for it after cancelling.
pub(crate) fn derive_stretched(
    secret: &[u8],
    salt: &[u8; SALT_LENGTH],
    cost: KdfCost,
    watch: &dyn Watch,
) -> Result<KeyBytes, Error> {
    cost.check()?;
    if available_memory_kib().is_some_and(|available| available < u64::from(cost.memory_kib)) {
        return Err(Error::TooLittleMemory);
    }
    if watch.cancelled() {
        return Err(Error::Cancelled);
    }
    watch.at(Step::Stretching);
    let secret = Zeroizing::new(secret.to_vec());
    let salt = *salt;
    let (done, answer) = mpsc::channel();
    thread::Builder::new()
        .name("stretching".into())
        .spawn(move || {
            let key =
                primitives::argon2id(&secret, &salt, cost.memory_kib, cost.passes, cost.lanes);
            // Nobody listens after a cancel; the key is wiped where it is dropped.
            let _ = done.send(key);
        })
        .map_err(Error::from)?;
    loop {
        match answer.recv_timeout(CANCEL_CHECK) {
            Ok(key) => return key,
            Err(mpsc::RecvTimeoutError::Timeout) if watch.cancelled() => {
                return Err(Error::Cancelled);
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(Error::TooLittleMemory),
        }
    }
}

fn time_of(cost: KdfCost, watch: &dyn Watch) -> Result<Duration, Error> {
    let start = Instant::now();
    derive_stretched(b"calibration", &[0; SALT_LENGTH], cost, watch)?;
    Ok(start.elapsed())
}

/// Memory of the machine in KiB, where the system says so.
fn total_memory_kib() -> Option<u64> {
    memory_field(&["MemTotal:"])
}

/// Memory that can be had without pushing others out, in KiB, where the system says so.
fn available_memory_kib() -> Option<u64> {
    memory_field(&["MemAvailable:", "SwapFree:"])
}

fn memory_field(names: &[&str]) -> Option<u64> {
    let table = std::fs::read_to_string("/proc/meminfo").ok()?;
    let value = |name: &str| {
        let line = table.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    let first = value(names.first()?)?;
    Some(
        first
            + names[1..]
                .iter()
                .filter_map(|name| value(name))
                .sum::<u64>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Quiet;

    #[test]
    fn costs_outside_the_bounds_are_refused() {
        let cost = |memory_kib, passes, lanes| {
            KdfCost {
                memory_kib,
                passes,
                lanes,
            }
            .check()
        };
        for bad in [
            cost(0, 3, 1),
            cost(MIN_MEMORY_KIB - 1, 3, 1),
            cost(u32::MAX, 3, 1),
            cost(MIN_MEMORY_KIB, 2, 1),
            cost(MIN_MEMORY_KIB, u32::MAX, 1),
            cost(MIN_MEMORY_KIB, 3, 0),
            cost(MIN_MEMORY_KIB, 3, 17),
            cost(MAX_MEMORY_KIB, 5, 1),
        ] {
            assert_eq!(bad, Err(Error::CostOutOfRange));
        }
        assert!(cost(MAX_MEMORY_KIB, 4, 16).is_ok());
        assert!(KdfCost::DEFAULT.check().is_ok());
        assert!(KdfCost::FLOOR.check().is_ok());
    }

    #[test]
    fn calibration_stays_within_the_bounds_it_accepts() {
        let cost = KdfCost::calibrate(Duration::from_millis(1), &Quiet).unwrap();
        assert_eq!(
            cost,
            KdfCost {
                memory_kib: MIN_MEMORY_KIB,
                ..KdfCost::DEFAULT
            }
        );
    }

    /// A machine that takes a second for 256 MiB and three passes, and refuses more than `most` KiB.
    fn machine(most: u32) -> impl Fn(KdfCost) -> Result<Duration, Error> {
        move |cost| {
            if cost.memory_kib > most {
                return Err(Error::TooLittleMemory);
            }
            let work = f64::from(cost.memory_kib) * f64::from(cost.passes);
            Ok(Duration::from_secs_f64(work / f64::from(3 * 256 * MIB)))
        }
    }

    #[test]
    fn calibration_never_asks_for_more_memory_than_the_machine_gave() {
        for most in [
            64 * MIB,
            100 * MIB,
            128 * MIB,
            256 * MIB,
            300 * MIB,
            1024 * MIB,
        ] {
            for target in [1, 200, 1_000, 3_000, 60_000] {
                let time_of = machine(most);
                let target = Duration::from_millis(target);
                let cost = KdfCost::calibrate_with(target, CALIBRATION_MEMORY_KIB, time_of);
                let cost = cost.unwrap().check().unwrap();
                machine(most)(cost).unwrap();
            }
        }
    }

    #[test]
    fn calibration_comes_near_its_target_memory_first() {
        let target = Duration::from_secs(1);
        let cost = KdfCost::calibrate_with(target, CALIBRATION_MEMORY_KIB, machine(u32::MAX));
        assert_eq!(cost, Ok(KdfCost::DEFAULT));
        let cost = KdfCost::calibrate_with(target, CALIBRATION_MEMORY_KIB, machine(64 * MIB));
        let expected = KdfCost {
            memory_kib: 64 * MIB,
            passes: 12,
            ..KdfCost::DEFAULT
        };
        assert_eq!(cost, Ok(expected));
    }

    #[test]
    fn a_cancelled_stretch_answers_at_once() {
        struct Stop;
        impl Watch for Stop {
            fn at(&self, _step: Step) {}
            fn cancelled(&self) -> bool {
                true
            }
        }
        let answer = derive_stretched(b"x", &[0; SALT_LENGTH], KdfCost::FLOOR, &Stop);
        assert_eq!(answer.unwrap_err(), Error::Cancelled);
    }
}
