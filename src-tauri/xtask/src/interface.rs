//! The interface in `ui/`: its packages, its build, its checks.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use serde_json::Value;

use crate::error::Error;
use crate::machine;
use crate::project::Project;
use crate::shell;

/// Packages by their place.
type Packages = serde_json::Map<String, Value>;

/// Installs the packages of the lock file unless exactly these are there.
pub fn install(project: &Project) -> Result<(), Error> {
    let wanted = packages(&project.ui().join("package-lock.json"))?;
    // npm's own record of what it has put there.
    let installed = packages(&project.ui().join("node_modules/.package-lock.json"));
    if installed.is_ok_and(|installed| is_satisfied(&wanted, &installed)) {
        return Ok(());
    }
    shell::run(npm(project).args(["ci", "--no-audit", "--no-fund"]))
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

/// The packages of a lock file by their place below `node_modules`.
fn packages(path: &Path) -> Result<Packages, Error> {
    let bytes = fs::read(path).map_err(Error::at(path))?;
    let mut lock: Value = serde_json::from_slice(&bytes).map_err(|source| Error::Json {
        path: path.to_owned(),
        source,
    })?;
    let packages = lock
        .get_mut("packages")
        .and_then(Value::as_object_mut)
        .map(std::mem::take);
    Ok(packages.unwrap_or_default())
}

/// Whether everything wanted is there and nothing else. Optional packages may be absent: they are
/// for other systems.
fn is_satisfied(wanted: &Packages, installed: &Packages) -> bool {
    let same =
        |a: &Value, b: &Value| a["version"] == b["version"] && a["integrity"] == b["integrity"];
    let is_optional = |package: &Value| package["optional"] == true;
    // The entry without a name is the project itself.
    let all_there = wanted
        .iter()
        .filter(|(name, _)| !name.is_empty())
        .all(|(name, package)| {
            installed
                .get(name)
                .map_or_else(|| is_optional(package), |found| same(package, found))
        });
    all_there && installed.keys().all(|name| wanted.contains_key(name))
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

    use serde_json::json;

    #[test]
    fn packages_are_installed_again_when_one_is_absent_other_or_too_much() {
        let map = |value: Value| value.as_object().unwrap().clone();
        let wanted = map(json!({
            "": { "name": "ui" },
            "node_modules/a": { "version": "1.0.0", "integrity": "x" },
            "node_modules/b": { "version": "2.0.0", "integrity": "y", "optional": true },
        }));
        let a = json!({ "version": "1.0.0", "integrity": "x" });
        assert!(is_satisfied(&wanted, &map(json!({ "node_modules/a": a }))));
        assert!(!is_satisfied(&wanted, &map(json!({}))));
        let other = json!({ "node_modules/a": { "version": "1.0.1", "integrity": "x" } });
        assert!(!is_satisfied(&wanted, &map(other)));
        assert!(!is_satisfied(
            &wanted,
            &map(json!({ "node_modules/a": a, "node_modules/c": a }))
        ));
    }

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
