//! `cargo xtask test`: every check of the project, step by step.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::bindings;
use crate::error::Error;
use crate::interface;
use crate::machine::{self, Purpose};
use crate::project::Project;
use crate::python;
use crate::shell;
use crate::tally::Tally;
use crate::tools;

/// The same for every cargo command, so that nothing is compiled twice: the whole workspace, with
/// the built interface inside the program as a package would hold it, and the types that know
/// their TypeScript.
pub const CARGO_OPTIONS: [&str; 3] = [
    "--workspace",
    "--features",
    "tauri/custom-protocol,confidant/ts",
];

/// The systems that one crate calls in their own ways, and what each may be compiled for.
const OTHER_SYSTEMS: [(&str, &[&str]); 2] = [
    (
        "Windows",
        &["x86_64-pc-windows-msvc", "x86_64-pc-windows-gnu"],
    ),
    ("macOS", &["aarch64-apple-darwin", "x86_64-apple-darwin"]),
];

/// The packages that never reach a user.
const NOT_SHIPPED: [&str; 5] = ["xtask", "e2e", "display", "testkit", "vault-model"];

/// What is to be checked, and how.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// Only these steps; all when empty.
    pub only: Vec<Step>,
    /// Not these steps.
    pub skip: Vec<Step>,
    /// Go on after a failed step.
    pub keep_going: bool,
    /// Name the steps and do nothing.
    pub list: bool,
}

/// One check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Fmt,
    Ui,
    Clippy,
    Systems,
    Deny,
    Rust,
    Doc,
    Bindings,
    Reader,
    EndToEnd,
}

impl Step {
    /// All steps in their order: the interface first, because the program embeds it.
    const ALL: [Self; 10] = [
        Self::Fmt,
        Self::Ui,
        Self::Clippy,
        Self::Systems,
        Self::Deny,
        Self::Rust,
        Self::Doc,
        Self::Bindings,
        Self::Reader,
        Self::EndToEnd,
    ];

    /// The step of this name.
    pub fn named(name: &OsStr) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|step| step.name() == name)
            .ok_or_else(|| Error::UnknownStep {
                name: name.to_owned(),
                steps: Self::ALL.map(Self::name).join(", "),
            })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Ui => "ui",
            Self::Clippy => "clippy",
            Self::Systems => "systems",
            Self::Deny => "deny",
            Self::Rust => "rust",
            Self::Doc => "doc",
            Self::Bindings => "bindings",
            Self::Reader => "reader",
            Self::EndToEnd => "e2e",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Fmt => "Rust is formatted",
            Self::Ui => "interface: types, lint, format, tests, build",
            Self::Clippy => "Rust lints",
            Self::Systems => "what calls Windows and macOS, type-checked and linted for them",
            Self::Deny => "licences, sources, bans and advisories of dependencies",
            Self::Rust => "Rust tests",
            Self::Doc => "documentation examples",
            Self::Bindings => "TypeScript bindings equal the Rust types",
            Self::Reader => "second reader, in Python, of the golden vault",
            Self::EndToEnd => "journeys in the real window",
        }
    }

    fn perform(self, project: &Project) -> Outcome {
        let result = match self {
            Self::Fmt => formatted(project),
            Self::Ui => interface_checks(project),
            Self::Clippy => check(cargo(project).arg("clippy").args(CARGO_OPTIONS).args([
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])),
            Self::Systems => other_systems(project),
            Self::Deny => dependencies(project),
            Self::Rust => rust_tests(project, "not package(e2e)"),
            Self::Doc => documentation_tests(project),
            Self::Bindings => bindings::check(project).map(|()| Outcome::from(Tally::CHECK)),
            Self::Reader => second_reader(project),
            Self::EndToEnd => journeys(project),
        };
        result.unwrap_or_else(|error| Outcome {
            tally: Tally::default(),
            error: Some(error),
        })
    }
}

/// Makes everything ready that the steps need.
pub fn set_up(project: &Project) -> Result<(), Error> {
    machine::prepare(Purpose::Build)?;
    machine::prepare(Purpose::Test)?;
    machine::prepare(Purpose::Drive)?;
    tools::nextest(project)?;
    tools::deny(project)?;
    interface::install(project)
}

/// Sets up, performs the steps, and closes with a table and the line of counts.
pub fn test(project: &Project, options: &Options) -> Result<ExitCode, Error> {
    if options.list {
        for step in Step::ALL {
            println!("{:<10}{}", step.name(), step.title());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = |step: &Step| {
        (options.only.is_empty() || options.only.contains(step)) && !options.skip.contains(step)
    };
    let steps: Vec<Step> = Step::ALL.into_iter().filter(chosen).collect();
    let begun = Instant::now();
    let mut lines = Vec::new();
    let mut total = Tally::default();

    heading("set-up", "what the machine and the project need");
    let prepared = prepare_for(project, &steps);
    let time = Some(begun.elapsed());
    let mut stopped = prepared.is_err();
    let said = if stopped { "failed" } else { "done" }.to_owned();
    lines.push(Line {
        name: "set-up",
        time,
        said,
    });
    if let Err(error) = prepared {
        println!("✗ set-up: {error}");
        total.failed += 1;
    }

    for step in steps {
        let name = step.name();
        if stopped {
            lines.push(Line {
                name,
                time: None,
                said: "not run".to_owned(),
            });
            continue;
        }
        heading(name, step.title());
        let step_begun = Instant::now();
        let outcome = step.perform(project).settled();
        let time = step_begun.elapsed();
        if let Some(error) = &outcome.error {
            println!("✗ {name}: {error}");
            stopped = !options.keep_going;
        } else {
            println!("✓ {name} in {}", seconds(time));
        }
        total += outcome.tally;
        lines.push(Line {
            name,
            time: Some(time),
            said: outcome.tally.to_string(),
        });
    }

    println!("\n── all steps, {} ──", seconds(begun.elapsed()));
    for line in &lines {
        let time = line.time.map_or_else(|| "–".to_owned(), seconds);
        println!("{:<10}{time:>10}   {}", line.name, line.said);
    }
    println!("{total}");
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What a step came to.
struct Outcome {
    tally: Tally,
    error: Option<Error>,
}

impl Outcome {
    /// A step that failed has at least one failure, and one with a failure has failed.
    fn settled(mut self) -> Self {
        if self.error.is_some() {
            self.tally.failed = self.tally.failed.max(1);
        } else if self.tally.failed > 0 {
            self.error = Some(Error::Missing(self.tally.to_string()));
        }
        self
    }
}

impl From<Tally> for Outcome {
    fn from(tally: Tally) -> Self {
        Self { tally, error: None }
    }
}

/// A line of the closing table.
struct Line {
    name: &'static str,
    time: Option<Duration>,
    said: String,
}

/// Only what the chosen steps need, so that one step is quick to try.
fn prepare_for(project: &Project, steps: &[Step]) -> Result<(), Error> {
    use Step::{Bindings, Clippy, Deny, Doc, EndToEnd, Reader, Rust, Ui};
    let any = |wanted: &[Step]| steps.iter().any(|step| wanted.contains(step));
    let compiled = any(&[Clippy, Rust, Doc, Bindings, EndToEnd]);
    if compiled || any(&[Ui]) {
        machine::prepare(Purpose::Build)?;
    }
    if any(&[Rust, Reader, EndToEnd]) {
        machine::prepare(Purpose::Test)?;
    }
    if any(&[EndToEnd]) {
        machine::prepare(Purpose::Drive)?;
    }
    if any(&[Rust, Bindings, EndToEnd]) {
        tools::nextest(project)?;
    }
    if any(&[Deny]) {
        tools::deny(project)?;
    }
    if any(&[Ui]) {
        interface::install(project)?;
    }
    // The interface's own step builds it anew; the others only need it to be there, but the
    // window's journeys must see what is written now.
    if any(&[EndToEnd]) {
        interface::build(project)?;
    } else if compiled && !any(&[Ui]) {
        interface::build_if_missing(project)?;
    }
    Ok(())
}

fn heading(name: &str, title: &str) {
    println!("\n── {name}: {title} ──");
}

fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

fn cargo(project: &Project) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(project.root());
    command
}

fn check(command: &mut Command) -> Result<Outcome, Error> {
    shell::run(command)?;
    Ok(Tally::CHECK.into())
}

/// Counts what a runner printed; a run without a single test is a failure.
fn counted(
    command: &mut Command,
    name: &'static str,
    count: fn(&str) -> Tally,
) -> Result<Outcome, Error> {
    let (output, verdict) = shell::listen(command)?;
    let tally = count(&output);
    let error = match verdict {
        Err(error) => Some(error),
        Ok(()) if tally.is_empty() => Some(Error::NoTests(name)),
        Ok(()) => None,
    };
    Ok(Outcome { tally, error })
}

/// The workspace, and the benchmarks beside it.
fn formatted(project: &Project) -> Result<Outcome, Error> {
    shell::run(cargo(project).args(["fmt", "--all", "--check"]))?;
    let benchmarks = [
        "fmt",
        "--check",
        "--package",
        "bench",
        "--package",
        "bare-window",
    ];
    let mut command = cargo(project);
    check(
        command
            .args(benchmarks)
            .current_dir(project.root().join("tests/bench")),
    )
}

fn interface_checks(project: &Project) -> Result<Outcome, Error> {
    for script in ["check", "lint"] {
        shell::run(interface::npm(project).args(["run", script]))?;
    }
    let mut tests = interface::npm(project);
    let mut outcome = counted(
        tests.args(["run", "test"]),
        "npm run test",
        Tally::from_vitest,
    )?;
    if outcome.error.is_none() {
        shell::run(interface::npm(project).args(["run", "build"]))?;
        // The three that have no tests of their own.
        outcome.tally.passed += 3;
    }
    Ok(outcome)
}

fn rust_tests(project: &Project, filter: &str) -> Result<Outcome, Error> {
    let mut command = tools::nextest(project)?;
    command.arg("run").args(CARGO_OPTIONS).args([
        "--no-fail-fast",
        "--ignore-default-filter",
        "--filterset",
        filter,
    ]);
    counted(&mut command, "cargo nextest", Tally::from_nextest)
}

fn documentation_tests(project: &Project) -> Result<Outcome, Error> {
    let mut command = cargo(project);
    command
        .args(["test", "--doc", "--no-fail-fast"])
        .args(CARGO_OPTIONS);
    counted(&mut command, "cargo test --doc", Tally::from_rust)
}

/// Nothing is linked or run: only the compiler reads it, for the systems whose standard library it has.
fn other_systems(project: &Project) -> Result<Outcome, Error> {
    let mut tally = Tally::default();
    for (system, targets) in OTHER_SYSTEMS {
        let Some(target) = targets.iter().find(|target| has_library(project, target)) else {
            println!(
                "! What calls {system} was NOT checked in this run:                  the compiler has no standard library for it (rustup target add {}).",
                targets[0]
            );
            continue;
        };
        let mut command = cargo(project);
        command.args(["clippy", "--package", "session-watch", "--all-targets"]);
        shell::run(command.args(["--target", target, "--", "-D", "warnings"]))?;
        tally += Tally::CHECK;
    }
    Ok(tally.into())
}

/// Whether the compiler has the standard library of a target.
fn has_library(project: &Project, target: &str) -> bool {
    let mut command = Command::new("rustc");
    command
        .args(["--print", "target-libdir", "--target", target])
        .current_dir(project.root());
    shell::answer(&mut command).is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

/// Licences, bans and sources must hold; advisories are checked where their data can be had.
fn dependencies(project: &Project) -> Result<Outcome, Error> {
    let shipped = |project: &Project| -> Result<Command, Error> {
        let mut command = tools::deny(project)?;
        command.args(["--workspace", "--exclude-dev"]);
        for package in NOT_SHIPPED {
            command.args(["--exclude", package]);
        }
        Ok(command)
    };
    shell::run(shipped(project)?.args(["check", "bans", "licenses", "sources"]))?;
    let fetched = shell::listen(shipped(project)?.args(["fetch", "db"]))?.1;
    if fetched.is_err() {
        println!(
            "! The advisory database could not be fetched from here: \
             known vulnerabilities were NOT checked in this run."
        );
        return Ok(Tally::CHECK.into());
    }
    shell::run(shipped(project)?.args(["check", "--disable-fetch", "advisories"]))?;
    Ok(Tally {
        passed: 2,
        failed: 0,
    }
    .into())
}

fn second_reader(project: &Project) -> Result<Outcome, Error> {
    let folder = project.root().join("tests/second-reader");
    if !folder.is_dir() {
        return Err(Error::NothingThere(folder));
    }
    let python = python::environment(project, "second-reader", &folder.join("requirements.txt"))?;
    let mut command = Command::new(python);
    command
        .args(["-m", "unittest", "discover", "-v"])
        .current_dir(folder);
    counted(&mut command, "the second reader", Tally::from_python)
}

fn journeys(project: &Project) -> Result<Outcome, Error> {
    let folder = project.root().join("tests/e2e/tests");
    if !folder.is_dir() {
        return Err(Error::NothingThere(folder));
    }
    let requirements = project.root().join("tests/e2e/requirements.txt");
    python::environment(project, "e2e", &requirements)?;
    // It tells the keys that must not be found in memory.
    let requirements = project.root().join("tests/second-reader/requirements.txt");
    python::environment(project, "second-reader", &requirements)?;
    // Binaries together with tests: so the features are those of the Rust tests.
    shell::run(
        cargo(project)
            .arg("build")
            .args(CARGO_OPTIONS)
            .args(["--bins", "--tests"]),
    )?;
    rust_tests(project, "package(e2e)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_counts_as_a_failure_even_without_tests() {
        let outcome = Outcome {
            tally: Tally::default(),
            error: Some(Error::NoTests("x")),
        };
        assert_eq!(outcome.settled().tally.failed, 1);
        let outcome = Outcome::from(Tally {
            passed: 3,
            failed: 2,
        })
        .settled();
        assert_eq!(
            outcome.tally,
            Tally {
                passed: 3,
                failed: 2
            }
        );
        assert!(outcome.error.is_some());
    }

    #[test]
    fn every_step_is_found_by_its_name() {
        for step in Step::ALL {
            assert_eq!(Step::named(OsStr::new(step.name())).ok(), Some(step));
        }
    }

    #[test]
    fn a_target_is_there_when_its_library_is() {
        let project = Project::find().unwrap();
        let answer = shell::answer(Command::new("rustc").args(["--print", "host-tuple"]));
        assert!(has_library(&project, answer.unwrap().trim()));
        // The compiler knows it, but has no standard library for it.
        assert!(!has_library(&project, "avr-none"));
        assert!(!has_library(&project, "nonsense"));
    }

    #[cfg(unix)]
    #[test]
    fn a_runner_without_tests_fails() {
        let outcome = counted(&mut Command::new("true"), "true", Tally::from_rust).unwrap();
        assert!(outcome.error.is_some());
    }

    #[test]
    fn times_are_written_for_people() {
        assert_eq!(seconds(Duration::from_millis(1_540)), "1.5 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }
}
