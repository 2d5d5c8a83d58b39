//! Keeps other programs of the same user out of this one's memory, as far as the system lets it.

/// Lets a debugger, or a journey, look into a debug build. A released program does not know it.
const DEBUGGABLE: &str = "CONFIDANT_DEBUGGABLE";

/// Forbids core dumps and tracing: `PR_SET_DUMPABLE` and `RLIMIT_CORE` on Linux, `PT_DENY_ATTACH` and `RLIMIT_CORE`
/// on macOS, a process DACL on Windows. Whether all of it was done; a system that refuses does not keep anybody from
/// working.
///
/// The web view's processes inherit the limit on core dumps and nothing else: they are other programs.
pub fn harden() -> bool {
    if cfg!(debug_assertions) && std::env::var_os(DEBUGGABLE).is_some() {
        return false;
    }
    let mut wanted = secmem_proc::Config::DEFAULT;
    // A developer may have started the program under a debugger: that is no reason to stop.
    wanted.set_anti_tracing(false);
    wanted.set_fs(false);
    wanted.harden_process().is_ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn a_hardened_process_leaves_no_core_and_lets_nobody_attach() {
        assert!(super::harden());
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
        let dumpable = dumpable_behavior().expect("Linux knows it");
        assert_eq!(dumpable, DumpableBehavior::NotDumpable);
    }
}
