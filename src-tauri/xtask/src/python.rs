//! Python environments below the target folder, filled from a list of pinned packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::project::Project;
use crate::shell;

/// The interpreter of an environment that holds exactly what `requirements` lists.
pub fn environment(project: &Project, name: &str, requirements: &Path) -> Result<PathBuf, Error> {
    let folder = project.target().join("python").join(name);
    // Its programs name the interpreter by its whole path: a project that was moved needs another.
    let listed = fs::read_to_string(requirements).map_err(Error::at(requirements))?;
    let wanted = format!("{listed}# in {}\n", folder.display()).into_bytes();
    let interpreter = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let stamp = folder.join("installed.txt");
    if interpreter.is_file() && fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter);
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    shell::run(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    let mut pip = Command::new(&interpreter);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ]);
    shell::run(pip.arg(requirements))?;
    fs::write(&stamp, wanted).map_err(Error::at(&stamp))?;
    Ok(interpreter)
}
