//! Where the built program is, and where a journey's pictures go.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

/// The keys of a vault and what each is for, read from its folder with the passphrase by the reader in Python, which
/// shares no line with the program.
pub fn keys_of(vault: &Path, passphrase: &str) -> Vec<(String, Vec<u8>)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../second-reader/print_keys.py");
    let mut child = Command::new(target_folder().join("python/second-reader/bin/python"))
        .arg(script)
        .arg(vault)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("run the journeys with `cargo xtask test --only e2e`");
    let mut input = child.stdin.take().expect("it was piped");
    input
        .write_all(passphrase.as_bytes())
        .expect("the reader takes the passphrase");
    drop(input);
    let output = child.wait_with_output().expect("the reader ends");
    assert!(output.status.success(), "the reader opens the vault");
    let lines = String::from_utf8(output.stdout).expect("the reader prints text");
    let key = |line: &str| {
        let (name, digits) = line.split_once(": ")?;
        let digits = digits.as_bytes().as_chunks::<2>().0.iter();
        let bytes = digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
        Some((name.to_owned(), bytes.collect::<Option<_>>()?))
    };
    lines.lines().filter_map(key).collect()
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
