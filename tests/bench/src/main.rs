//! Measures Confidant and writes what it finds, whatever it is, to a JSON file.
//!
//! Everything that is compared is measured in one run, in turn, in the same folder or on the same
//! display; medians are reported. Ratios are what is held; absolute times belong to the machine.

mod backup;
mod keys;
mod measure;
mod opening;
mod paint;
mod report;
mod saving;
mod size;
mod text;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use report::Report;

/// What can end the measuring.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The arguments are not understood.
    #[error(transparent)]
    Arguments(#[from] lexopt::Error),
    /// There is no measurement of this name.
    #[error("there is no measurement “{}”; there are: save, open, size, backup, keys, paint", .0.display())]
    Unknown(OsString),
    /// A file could not be used.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// SQLCipher refused.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    /// The display failed.
    #[error(transparent)]
    Display(#[from] display::Error),
    /// The report could not be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Something that was measured is not what it should be.
    #[error("{0}")]
    Wrong(String),
}

/// What to measure and how long.
struct Options {
    only: Vec<Measurement>,
    quick: bool,
    report: PathBuf,
    folder: PathBuf,
    program: Option<PathBuf>,
    bare: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Measurement {
    Save,
    Open,
    Size,
    Backup,
    Keys,
    Paint,
}

fn main() -> ExitCode {
    let outcome = match backup::asked_for() {
        Some(folder) => backup::answer(&folder),
        None => Options::parse().and_then(|options| measure_all(&options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure_all(options: &Options) -> Result<(), Error> {
    let chosen = |one| options.only.is_empty() || options.only.contains(&one);
    warn_of_company();
    let mut report = Report::default();
    if chosen(Measurement::Save) {
        saving::measure(&mut report, &options.folder, options.quick)?;
    }
    if chosen(Measurement::Open) {
        opening::measure(&mut report, &options.folder, options.quick)?;
    }
    if chosen(Measurement::Size) {
        size::measure(&mut report, &options.folder, options.quick)?;
    }
    if chosen(Measurement::Backup) {
        backup::measure(&mut report, &options.folder, options.quick)?;
    }
    if chosen(Measurement::Keys) {
        keys::measure(&mut report, &options.folder, options.quick)?;
    }
    if chosen(Measurement::Paint) {
        let missing = || Error::Wrong("paint needs --program and --bare".to_owned());
        let program = options.program.as_deref().ok_or_else(missing)?;
        let bare = options.bare.as_deref().ok_or_else(missing)?;
        let pictures = options.report.with_file_name("pictures");
        paint::measure(&mut report, program, bare, &pictures, options.quick)?;
    }
    report.write(&options.report)?;
    println!("\n{report}\n\nWritten to {}", options.report.display());
    match report.ratios_over() {
        0 => Ok(()),
        over => Err(Error::Wrong(format!("{over} ratios are over their limits"))),
    }
}

/// Says so when others use the machine: then even the ratios are worth little.
fn warn_of_company() {
    const QUIET_LOAD: f64 = 0.5;
    let load = std::fs::read_to_string("/proc/loadavg").ok();
    let load = load.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    if let Some(load) = load.filter(|&load| load > QUIET_LOAD) {
        println!("! This machine is busy (load {load}): measure again when it is quiet.");
    }
}

impl Options {
    fn parse() -> Result<Self, Error> {
        let mut options = Self {
            only: Vec::new(),
            quick: false,
            report: PathBuf::from("report.json"),
            folder: std::env::temp_dir(),
            program: None,
            bare: None,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                lexopt::Arg::Long("only") => {
                    options.only.push(Measurement::named(parser.value()?)?);
                }
                lexopt::Arg::Long("quick") => options.quick = true,
                lexopt::Arg::Long("report") => options.report = parser.value()?.into(),
                lexopt::Arg::Long("folder") => options.folder = parser.value()?.into(),
                lexopt::Arg::Long("program") => options.program = Some(parser.value()?.into()),
                lexopt::Arg::Long("bare") => options.bare = Some(parser.value()?.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

impl Measurement {
    fn named(name: OsString) -> Result<Self, Error> {
        match name.to_str() {
            Some("save") => Ok(Self::Save),
            Some("open") => Ok(Self::Open),
            Some("size") => Ok(Self::Size),
            Some("backup") => Ok(Self::Backup),
            Some("keys") => Ok(Self::Keys),
            Some("paint") => Ok(Self::Paint),
            _ => Err(Error::Unknown(name)),
        }
    }
}
