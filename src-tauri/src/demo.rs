//! A demo vault in a temporary folder, gone when the program ends.

use std::{
    io,
    path::{Path, PathBuf},
};

use mentoring::Mentoring;
use vault::{Credential, KdfCost, Passphrase, Places, Quiet, Vault};

use crate::{
    error::{ErrorCode, Reply},
    state::{AppState, Open, Session},
};

/// The passphrase of the demo vault, for who locks it and wants to go on. It guards nothing.
pub const DEMO_PASSPHRASE: &str = "demo";

/// What the names of the folders begin with.
const PREFIX: &str = "confidant-demo-";

/// The folder of a demo vault; removed when dropped.
#[derive(Debug)]
pub struct DemoFolder {
    /// Absent once it has been handed over.
    folder: Option<PathBuf>,
    places: Places,
}

impl DemoFolder {
    /// Makes the folder.
    pub fn make() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        Ok(Self::at(folder.keep()))
    }

    /// Takes over the folder of a process that has handed it over; nothing else is one.
    pub fn take_over(folder: PathBuf) -> Option<Self> {
        let is_ours = folder.parent() == Some(&std::env::temp_dir())
            && folder
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(PREFIX))
            && folder
                .symlink_metadata()
                .is_ok_and(|metadata| metadata.is_dir());
        is_ours.then(|| Self::at(folder))
    }

    /// Leaves the folder to another process.
    pub fn hand_over(mut self) -> Option<PathBuf> {
        self.folder.take()
    }

    /// Where the demo vault is.
    pub fn places(&self) -> &Places {
        &self.places
    }

    fn at(folder: PathBuf) -> Self {
        let places = Places {
            vault: folder.join("vault"),
            device: folder.join("device"),
        };
        Self {
            folder: Some(folder),
            places,
        }
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            remove(folder);
        }
    }
}

fn remove(folder: &Path) {
    // What the system does not let go stays in its folder for temporary files; it is no secret.
    let _ = std::fs::remove_dir_all(folder);
}

impl AppState {
    /// Makes, fills and opens the demo vault.
    pub async fn open_demo(&self, folder: &DemoFolder) -> Reply<()> {
        let places = folder.places().clone();
        let clock = self.clock();
        self.transition(move |session| {
            let passphrase = Passphrase::parse(DEMO_PASSPHRASE)?;
            let (vault, _) = Vault::create(&places, &passphrase, KdfCost::FLOOR, &Quiet)?;
            let mentoring = Mentoring::over(vault, clock.clone(), &sharing::kinds())?;
            demo::fill(&mentoring)?;
            // Opened anew, as every other vault is.
            mentoring.into_vault().lock()?;
            let vault = Vault::open(&places, Credential::Passphrase(&passphrase), &Quiet)?;
            *session = Session::Open(Box::new(Open::over(vault, clock)?));
            Ok(())
        })
        .await
        .map_err(|_| ErrorCode::Unexpected.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_outlives_its_process_only_when_it_is_handed_over() {
        let made = DemoFolder::make().expect("a folder");
        let path = made.hand_over().expect("its path");
        assert!(path.is_dir());
        let taken = DemoFolder::take_over(path.clone()).expect("the same folder");
        assert_eq!(taken.places().vault, path.join("vault"));
        drop(taken);
        assert!(!path.exists());
        assert!(DemoFolder::take_over(path).is_none(), "it is gone");
    }

    #[test]
    fn no_other_folder_is_taken_for_one_and_removed() {
        let other = tempfile::tempdir().expect("a folder");
        assert!(DemoFolder::take_over(other.path().to_owned()).is_none());
        let inside = other.path().join("confidant-demo-x");
        std::fs::create_dir(&inside).expect("made");
        assert!(DemoFolder::take_over(inside.clone()).is_none());
        assert!(inside.exists());
    }
}
