//! What the long runs share: numbers from outside, a watchdog, and panics that are counted.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A number from the environment, so that a run can be longer, or be run again from the same seed.
pub fn number(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(value) => value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
        Err(_) => otherwise,
    }
}

/// Seconds; far above what an opening takes. A machine that has more urgent things to do all the time may need more:
/// `VAULT_PATIENCE`.
const PATIENCE: u64 = 120;

static WATCHED: Mutex<BTreeMap<u64, (Instant, String)>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(0);
static STORE_PANICS: AtomicU64 = AtomicU64::new(0);

/// Does something that must come to an end, and must not panic. A hang ends the whole process, for nothing else
/// ends a thread that hangs; a panic is told with what was being done.
pub fn guarded<T>(what: impl Fn() -> String, act: impl FnOnce() -> T) -> T {
    begin();
    let ticket = NEXT.fetch_add(1, Ordering::Relaxed);
    let watched = || WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    watched().insert(ticket, (Instant::now(), what()));
    let outcome = panic::catch_unwind(AssertUnwindSafe(act));
    watched().remove(&ticket);
    outcome.unwrap_or_else(|cause| {
        let text = cause
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| cause.downcast_ref::<&str>().copied())
            .unwrap_or("of unknown cause");
        panic!("{}: panicked: {text}", what())
    })
}

/// Panics inside sled so far. The vault takes them for damage; they are not shown, there are thousands of them.
pub fn store_panics() -> u64 {
    STORE_PANICS.load(Ordering::Relaxed)
}

fn begin() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let in_store = info.location().is_some_and(|at| at.file().contains("sled"));
            if in_store {
                STORE_PANICS.fetch_add(1, Ordering::Relaxed);
            } else {
                before(info);
            }
        }));
        let patience = Duration::from_secs(number("VAULT_PATIENCE", PATIENCE));
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
                for (since, what) in watched.values() {
                    if since.elapsed() > patience {
                        eprintln!("{what}: still going on after {patience:?}");
                        std::process::abort();
                    }
                }
            }
        });
    });
}

/// Counts by name, in the order of names.
#[derive(Default)]
pub struct Tally(pub BTreeMap<String, u64>);

impl Tally {
    pub fn add(&mut self, name: &str, more: u64) {
        *self.0.entry(name.to_owned()).or_default() += more;
    }

    pub fn of(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// One line for each name.
    pub fn lines(&self) -> String {
        let mut out = String::new();
        for (name, count) in &self.0 {
            writeln!(out, "{name} {count}").expect("a text takes any line");
        }
        out
    }

    /// Reads what `lines` wrote.
    pub fn read(lines: &str) -> Tally {
        let mut tally = Tally::default();
        for line in lines.lines() {
            if let Some((name, count)) = line.rsplit_once(' ')
                && let Ok(count) = count.parse()
            {
                tally.add(name, count);
            }
        }
        tally
    }
}
