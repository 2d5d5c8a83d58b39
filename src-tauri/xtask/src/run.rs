//! `cargo xtask run`: sets up, builds and opens the program.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use display::{Display, Picture, Running};

use crate::error::Error;
use crate::interface;
use crate::machine::{self, Purpose};
use crate::project::Project;
use crate::shell;

/// The screen of the virtual display: the window at its usual size and a little room around it.
const SCREEN: (u32, u32) = (1440, 960);

/// A picture counts as the first screen when it has stayed the same for this long.
const QUIET: Duration = Duration::from_millis(1_000);

/// How long the first screen may take.
const PAINT_LIMIT: Duration = Duration::from_secs(60);

/// Longer than anybody waits.
const FOREVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// How the program is to be run.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// Compile with optimisation.
    pub release: bool,
    /// End the program after this time.
    pub limit: Option<Duration>,
    /// The program's own arguments.
    pub arguments: Vec<OsString>,
}

/// Sets up, builds and opens the program, on a virtual display where there is no other.
pub fn run(project: &Project, options: &Options) -> Result<ExitCode, Error> {
    machine::prepare(Purpose::Build)?;
    interface::build(project)?;
    build(project, options.release)?;
    let program = project.program(options.release);
    let mut command = display::mortal(&program);
    command.args(&options.arguments);
    if machine::has_display() {
        let running = open(&mut command, &program)?;
        return Ok(stay(running, options.limit));
    }
    println!("There is no display here: a virtual one (Xvfb) is used.");
    machine::prepare(Purpose::Show)?;
    let mut display = Display::start(SCREEN.0, SCREEN.1)?;
    display.manage_windows()?;
    display.dress(&mut command);
    let mut running = open(&mut command, &program)?;
    let picture = project.target().join("run/first-screen.png");
    match first_screen(&display) {
        Ok(settled) => {
            settled.trimmed().save_png(&picture)?;
            println!("First screen: {}", picture.display());
        }
        Err(error) if running.is_alive() => {
            display.picture()?.save_png(&picture)?;
            println!("{error}; what there is: {}", picture.display());
        }
        Err(_) => {}
    }
    println!(
        "The window is on display {}; it stays until the program ends.",
        display.name()
    );
    Ok(stay(running, options.limit))
}

/// What the window shows once it stands still and has more than a frame.
fn first_screen(display: &Display) -> Result<Picture, display::Error> {
    let begun = Instant::now();
    loop {
        let settled = display.settled(QUIET, PAINT_LIMIT)?;
        if !settled.trimmed().is_bare() || begun.elapsed() > PAINT_LIMIT {
            return Ok(settled);
        }
    }
}

/// Compiles the program with the built interface inside, as a package would hold it.
pub fn build(project: &Project, release: bool) -> Result<(), Error> {
    let mut command = Command::new("cargo");
    command.args([
        "build",
        "--bin",
        "confidant",
        "--features",
        "tauri/custom-protocol",
    ]);
    if release {
        command.arg("--release");
    }
    shell::run(command.current_dir(project.root()))
}

fn open(command: &mut Command, program: &Path) -> Result<Running, Error> {
    println!("Opening {}", program.display());
    let child = command
        .spawn()
        .map_err(|source| Error::Start(program.display().to_string(), source))?;
    Ok(Running::new(child))
}

/// Waits for the program, or ends it after the limit; its failure is ours.
fn stay(mut running: Running, limit: Option<Duration>) -> ExitCode {
    match running.wait(limit.unwrap_or(FOREVER)) {
        Some(status) if status.success() => ExitCode::SUCCESS,
        Some(status) => {
            eprintln!("xtask: the program ended with {status}");
            ExitCode::FAILURE
        }
        None => {
            running.end();
            ExitCode::SUCCESS
        }
    }
}
