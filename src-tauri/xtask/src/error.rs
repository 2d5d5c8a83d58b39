//! What can go wrong in `cargo xtask`, in sentences that say what to do.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Everything that ends a task.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no command “{}”; see: cargo xtask help", .0.display())]
    UnknownCommand(OsString),
    #[error("there is no step “{}”; the steps are: {steps}", name.display())]
    UnknownStep { name: OsString, steps: String },
    #[error(transparent)]
    Arguments(#[from] lexopt::Error),
    #[error("{0} could not be started: {1}")]
    Start(String, io::Error),
    #[error("{0} failed ({1})")]
    Failed(String, ExitStatus),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: not the JSON expected: {source}", path.display())]
    Json {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error("{} does not exist, so there is nothing to check", .0.display())]
    NothingThere(PathBuf),
    #[error("{0} ran no test at all")]
    NoTests(&'static str),
    #[error("{0}")]
    Missing(String),
    #[error(
        "the committed bindings differ from the Rust types ({0}); \
         write them anew with: cargo xtask bindings"
    )]
    Drift(String),
    #[error(transparent)]
    Display(#[from] display::Error),
}

impl Error {
    /// Ties an input or output error to the file it happened to.
    pub fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
