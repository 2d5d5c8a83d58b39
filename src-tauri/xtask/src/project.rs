//! Where things are in the project.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// The project's folders.
pub struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// Finds the project that this program is run from, and its target folder.
    pub fn find() -> Result<Self, Error> {
        // Set anew by `cargo run`: two clones may share a target folder, and so this program.
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .ok_or_else(|| Error::NothingThere(here.join("Cargo.lock")))?
            .to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The folder of the root package.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target folder; everything that is made goes below it.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The interface's folder.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// The words of the interface, which its build takes in.
    pub fn words(&self) -> PathBuf {
        self.root.join("src-tauri/crates/words/en")
    }

    /// The built program.
    pub fn program(&self, release: bool) -> PathBuf {
        let profile = if release { "release" } else { "debug" };
        self.target
            .join(profile)
            .join(format!("confidant{}", std::env::consts::EXE_SUFFIX))
    }
}
