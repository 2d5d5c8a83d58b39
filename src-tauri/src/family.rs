//! The processes that this one has started: the web view's, which hold what was on the screen.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};

/// How long a killed process may take to be gone.
const LIMIT: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Ends every process that this one has started, and theirs. The web view is of no use without its window, and its
/// folder goes.
pub fn end() {
    let begun = Instant::now();
    loop {
        let family = family();
        for &pid in &family {
            // Fails only for one that has ended already.
            let _ = kill_process(pid, Signal::KILL);
        }
        reap();
        if family.is_empty() || begun.elapsed() > LIMIT {
            return;
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Takes leave of the children that have ended, so that none stays behind as an empty entry.
fn reap() {
    while let Ok(Some(_)) = waitpid(None, WaitOptions::NOHANG) {}
}

/// All descendants.
fn family() -> Vec<Pid> {
    let all: Vec<_> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let pid = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            Some((pid, parent(&stat)?))
        })
        .collect();
    let mut found = vec![getpid()];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        let children = all.iter().filter(|(_, of)| *of == parent);
        found.extend(children.map(|(child, _)| *child));
        next += 1;
    }
    found.split_off(1)
}

/// The parent in a line of `/proc/PID/stat`. The name before it may hold anything, brackets too.
fn parent(stat: &str) -> Option<Pid> {
    const PARENT: usize = 1;
    let (_, after) = stat.rsplit_once(')')?;
    let parent = after.split_whitespace().nth(PARENT)?;
    Pid::from_raw(parent.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_parent_is_found_whatever_the_name() {
        let parent = |line: &str| parent(line).map(|pid| pid.as_raw_nonzero().get());
        assert_eq!(parent("12 (a) S 7 12"), Some(7));
        assert_eq!(parent("12 (a) S 9) b) R 8 12"), Some(8));
        assert_eq!(parent("12 (a"), None);
    }

    #[test]
    fn children_and_their_children_are_ended() {
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 600 & wait"])
            .spawn()
            .expect("a shell");
        let begun = Instant::now();
        while family().len() < 2 {
            assert!(begun.elapsed() < LIMIT, "the shell starts its child");
            thread::sleep(LOOK_EVERY);
        }
        let grandchild = family()[1];
        end();
        assert_eq!(family(), []);
        assert!(rustix::process::test_kill_process(grandchild).is_err() || is_ended(grandchild));
        // It has been taken leave of already.
        assert!(shell.try_wait().is_err());
    }

    /// An orphan is left to whoever takes orphans, and may stay there as an empty entry for a while.
    fn is_ended(pid: Pid) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
        stat.map_or(true, |stat| stat.contains(") Z "))
    }
}
