//! The interface in `ui/`: its packages, its build, its checks.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::error::Error;
use crate::machine;
use crate::project::Project;
use crate::shell;

/// Installs the packages of the lock file unless exactly these are there.
pub fn install(project: &Project) -> Result<(), Error> {
    let ui = project.ui();
    let lock_path = ui.join("package-lock.json");
    let lock = fs::read(&lock_path).map_err(Error::at(&lock_path))?;
    let stamp = ui.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    shell::run(npm(project).args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, lock).map_err(Error::at(&stamp))
}

/// Builds the interface into `ui/dist`, unless that is newer than everything it is made from.
pub fn build(project: &Project) -> Result<(), Error> {
    install(project)?;
    let ui = project.ui();
    let built = fs::metadata(ui.join("dist/index.html")).and_then(|built| built.modified());
    let changed = newest(&ui)?.max(newest(&project.words())?);
    if built.is_ok_and(|built| built >= changed) {
        return Ok(());
    }
    shell::run(npm(project).args(["run", "build"]))
}

/// Builds the interface only when nothing is there: the Rust side does not compile without it.
pub fn build_if_missing(project: &Project) -> Result<(), Error> {
    if project.ui().join("dist/index.html").is_file() {
        Ok(())
    } else {
        build(project)
    }
}

/// `npm` in the interface's folder.
pub fn npm(project: &Project) -> Command {
    let mut command = machine::npm();
    command.current_dir(project.ui());
    command
}

/// The latest change among the files the interface is built from.
fn newest(folder: &Path) -> Result<SystemTime, Error> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder).map_err(Error::at(folder))? {
        let entry = entry.map_err(Error::at(folder))?;
        let (path, name) = (entry.path(), entry.file_name());
        let meta = entry.metadata().map_err(Error::at(&path))?;
        if meta.is_dir() {
            if name != "node_modules" && name != "dist" {
                newest = newest.max(self::newest(&path)?);
            }
        } else {
            newest = newest.max(meta.modified().map_err(Error::at(&path))?);
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_newest_file_counts_but_not_what_is_built_or_installed() {
        let folder = tempfile::tempdir().unwrap();
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (name, age) in [
            ("a.ts", 1),
            ("src/b.ts", 2),
            ("dist/c.js", 3),
            ("node_modules/d.js", 4),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let file = fs::File::create(path).unwrap();
            file.set_modified(old + Duration::from_secs(age)).unwrap();
        }
        assert_eq!(newest(folder.path()).unwrap(), old + Duration::from_secs(2));
    }
}
