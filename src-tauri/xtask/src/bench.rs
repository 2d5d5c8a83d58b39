//! `cargo xtask bench`: measures the program against what it is to be measured against.

use std::process::{Command, ExitCode};

use crate::error::Error;
use crate::interface;
use crate::machine::{self, Purpose};
use crate::project::Project;
use crate::run;
use crate::shell;

/// What is to be measured, and how long.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// Fewer rounds and smaller vaults.
    pub quick: bool,
    /// Only these measurements; all when empty.
    pub only: Vec<String>,
}

impl Options {
    fn measures(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|one| one == name)
    }
}

/// Compiles everything for release, measures, and writes `target/bench/report.json`. Fails when a ratio is over its
/// limit.
pub fn bench(project: &Project, options: &Options) -> Result<ExitCode, Error> {
    if !cfg!(target_os = "linux") {
        return Err(Error::Missing(
            "the measurements need Linux and its Xvfb".to_owned(),
        ));
    }
    machine::prepare(Purpose::Build)?;
    machine::prepare(Purpose::Measure)?;
    // A workspace of its own, so that the checks never compile the peers.
    let target = project.target().join("bench");
    let package = |act: &str, name: &str| {
        let mut command = Command::new("cargo");
        command
            .args([act, "--release", "--package", name])
            .current_dir(project.root().join("tests/bench"))
            .env("CARGO_TARGET_DIR", &target);
        command
    };
    // What measures is tested first.
    shell::run(&mut package("test", "bench"))?;
    shell::run(&mut package("build", "bench"))?;
    let folder = target.join("data");
    std::fs::create_dir_all(&folder).map_err(Error::at(&folder))?;
    // Beside the target folder and not in /tmp, which can be memory and syncs in no time.
    let mut command = Command::new(target.join("release/bench"));
    command
        .arg("--report")
        .arg(target.join("report.json"))
        .arg("--folder")
        .arg(&folder);
    if options.measures("paint") {
        interface::build(project)?;
        run::build(project, true)?;
        shell::run(&mut package("build", "bare-window"))?;
        command.arg("--program").arg(project.program(true));
        command
            .arg("--bare")
            .arg(target.join("release/bare-window"));
    }
    if options.quick {
        command.arg("--quick");
    }
    for one in &options.only {
        command.args(["--only", one]);
    }
    shell::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_measured_unless_something_is_named() {
        let some = Options {
            quick: true,
            only: vec!["save".to_owned()],
        };
        assert!(some.measures("save") && !some.measures("paint"));
        assert!(Options::default().measures("paint"));
    }
}
