//! Where the built program is, and where a journey's pictures go.

use std::env;
use std::path::{Path, PathBuf};

/// Names another program to drive: for proving the driver itself.
const PROGRAM_VARIABLE: &str = "CONFIDANT_PROGRAM";

/// The program as `cargo xtask test` builds it, beside this test.
pub fn built_program() -> PathBuf {
    if let Some(other) = env::var_os(PROGRAM_VARIABLE) {
        return PathBuf::from(other);
    }
    let program = profile_folder().join("confidant");
    assert!(
        program.is_file(),
        "{} is not built: run the journeys with `cargo xtask test --only e2e`",
        program.display()
    );
    program
}

/// A program of the Python environment that `cargo xtask test` makes from `requirements.txt`.
pub fn python_program(name: &str) -> PathBuf {
    let program = target_folder().join("python/e2e/bin").join(name);
    assert!(
        program.is_file(),
        "{} is not installed: run the journeys with `cargo xtask test --only e2e`",
        program.display()
    );
    program
}

/// The folder for what a journey leaves behind.
pub fn artefacts(journey: &str) -> PathBuf {
    target_folder().join("e2e").join(journey)
}

/// The interface's packages.
pub(crate) fn node_modules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules")
}

fn target_folder() -> PathBuf {
    profile_folder()
        .parent()
        .expect("a profile's folder is inside the target folder")
        .to_owned()
}

/// `target/debug` for a test in `target/debug/deps`.
fn profile_folder() -> PathBuf {
    let test = env::current_exe().expect("a running test has a file");
    test.ancestors()
        .nth(2)
        .expect("cargo puts tests two folders deep")
        .to_owned()
}
