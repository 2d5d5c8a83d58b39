//! The two cargo tools that the checks need, at pinned versions.
//!
//! They are compiled without optimisation and debug information, which is several times quicker and
//! makes no difference to what they find, and kept in `target/tools`.

use std::process::Command;

use crate::error::Error;
use crate::project::Project;
use crate::shell;

/// A tool of cargo's.
struct Tool {
    name: &'static str,
    /// What is compiled when there is none.
    version: [u32; 3],
    /// The oldest that does: compiling one takes minutes, so what is there is used.
    oldest: [u32; 3],
    features: &'static [&'static str],
}

const NEXTEST: Tool = Tool {
    name: "nextest",
    version: [0, 9, 151],
    oldest: [0, 9, 100],
    // Without updating itself: that brings a network client and half a minute of compiling.
    features: &["--no-default-features", "--features", "default-no-update"],
};

const DENY: Tool = Tool {
    name: "deny",
    version: [0, 20, 2],
    oldest: [0, 20, 0],
    features: &[],
};

/// `cargo nextest`, compiled first if it is missing.
pub fn nextest(project: &Project) -> Result<Command, Error> {
    NEXTEST.command(project)
}

/// `cargo deny`, compiled first if it is missing.
pub fn deny(project: &Project) -> Result<Command, Error> {
    DENY.command(project)
}

impl Tool {
    fn command(&self, project: &Project) -> Result<Command, Error> {
        let folder = project.target().join("tools");
        let ours = folder.join("bin").join(format!(
            "cargo-{}{}",
            self.name,
            std::env::consts::EXE_SUFFIX
        ));
        let installed = |mut command: Command| {
            let answer = shell::answer(command.args([self.name, "--version"]));
            answer
                .and_then(|text| version(&text))
                .is_some_and(|found| self.accepts(found))
        };
        if installed(Command::new("cargo")) {
            return Ok(self.begun(Command::new("cargo"), project));
        }
        if !installed(Command::new(&ours)) {
            let [major, minor, patch] = self.version;
            println!(
                "cargo-{} {major}.{minor}.{patch} is missing and compiled now.",
                self.name
            );
            let mut command = Command::new("cargo");
            command
                .args([
                    "install", "--locked", "--debug", "--quiet", "--force", "--root",
                ])
                .arg(&folder)
                .args(self.features)
                .arg(format!("cargo-{}@{major}.{minor}.{patch}", self.name))
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .env("CARGO_PROFILE_DEV_INCREMENTAL", "false")
                .env("CARGO_TARGET_DIR", folder.join("build"));
            shell::run(&mut command)?;
        }
        Ok(self.begun(Command::new(&ours), project))
    }

    fn begun(&self, mut command: Command, project: &Project) -> Command {
        command.arg(self.name).current_dir(project.root());
        command
    }

    /// The oldest version that does or a later one with the same meaning of its options.
    fn accepts(&self, found: [u32; 3]) -> bool {
        found[..2] == self.oldest[..2] && found[2] >= self.oldest[2]
    }
}

/// The first three-part version number in the text.
fn version(text: &str) -> Option<[u32; 3]> {
    text.split_whitespace().find_map(|word| {
        let mut parts = word.split('.').map(|part| part.parse().ok());
        match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
            (Some(major), Some(minor), Some(patch), None) => Some([major, minor, patch]),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_tools_say() {
        assert_eq!(
            version("cargo-nextest 0.9.151 (abc 2026-01-01)\n"),
            Some([0, 9, 151])
        );
        assert_eq!(version("cargo-deny 0.20.2"), Some([0, 20, 2]));
        assert_eq!(version("nothing here"), None);
    }

    #[test]
    fn older_and_other_lines_are_not_accepted() {
        assert!(NEXTEST.accepts([0, 9, 151]));
        assert!(NEXTEST.accepts([0, 9, 160]));
        assert!(NEXTEST.accepts([0, 9, 143]));
        assert!(!NEXTEST.accepts([0, 9, 99]));
        assert!(!NEXTEST.accepts([0, 10, 0]));
    }
}
