//! Where a vault usually lives, and every folder that the program may write to.

use std::{
    fs::Metadata,
    io,
    path::{Path, PathBuf},
};

use vault::{BACKUP_ENDING, Places, TEMPORARY_PREFIX};

/// The program's own name among the folders of a user.
pub const IDENTIFIER: &str = "app.confidant.desktop";
/// The vault's folder within the program's data.
const VAULT: &str = "vault";
/// What names in the folder for temporary files begin with when the program made them.
pub const TEMPORARY_PREFIXES: [&str; 2] = ["confidant-", ".confidant-"];

/// Why there is no place for a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPlaces {
    /// The system does not say where a user's data is kept.
    #[error("the system does not say where a user's data is kept")]
    NoDataFolder,
    /// A folder that was named is empty text, or the present folder is gone.
    #[error("a folder was named that is none")]
    NoFolder,
}

/// Where a vault and what this computer knows of it are: as was said, or where the system keeps a user's data.
pub fn places(vault: Option<&Path>, device: Option<&Path>) -> Result<Places, NoPlaces> {
    let usual = |folder: Option<PathBuf>| {
        let folder = folder.ok_or(NoPlaces::NoDataFolder)?;
        Ok(folder.join(IDENTIFIER))
    };
    let vault = match vault {
        Some(vault) => vault.to_owned(),
        None => usual(dirs::data_dir())?.join(VAULT),
    };
    let device = match device {
        Some(device) => device.to_owned(),
        None => usual(dirs::config_dir())?,
    };
    let absolute = |path: PathBuf| std::path::absolute(path).map_err(|_| NoPlaces::NoFolder);
    Ok(Places {
        vault: absolute(vault)?,
        device: absolute(device)?,
    })
}

/// The folder of what may be made anew at any time, such as the web view's own files.
pub fn cache_folder() -> PathBuf {
    dirs::cache_dir()
        .unwrap_or_else(std::env::temp_dir)
        .join(IDENTIFIER)
}

/// Every folder that the program may write to: the vault and what this computer knows of it, and the program's own
/// folders among the user's. Those that lie in another of them are left out, and so are those that are not there.
pub fn written_folders(places: &Places) -> Vec<PathBuf> {
    let own = [
        dirs::data_dir(),
        dirs::data_local_dir(),
        dirs::config_dir(),
        dirs::config_local_dir(),
        dirs::state_dir(),
    ];
    let own = own
        .into_iter()
        .flatten()
        .map(|folder| folder.join(IDENTIFIER));
    let all: Vec<PathBuf> = [places.vault.clone(), places.device.clone(), cache_folder()]
        .into_iter()
        .chain(own)
        .filter(|folder| folder.is_dir())
        .collect();
    let mut apart: Vec<PathBuf> = Vec::new();
    for (at, folder) in all.iter().enumerate() {
        let inside = |(other_at, other): (usize, &PathBuf)| {
            folder.starts_with(other) && (folder != other || other_at < at)
        };
        if !all.iter().enumerate().any(inside) {
            apart.push(folder.clone());
        }
    }
    apart
}

/// What the program left or keeps in the folder for temporary files, as far as it belongs to whom the vault belongs.
pub fn temporary_entries(vault: &Path) -> io::Result<Vec<PathBuf>> {
    let owner = std::fs::metadata(vault)?;
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(std::env::temp_dir())? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = TEMPORARY_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix));
        if ours
            && entry
                .metadata()
                .is_ok_and(|entry| same_owner(&entry, &owner))
        {
            entries.push(entry.path());
        }
    }
    Ok(entries)
}

/// What the program left or keeps beside the vault: copies of it, and what says how putting a backup back went.
pub fn beside(vault: &Path) -> io::Result<Vec<PathBuf>> {
    let (Some(folder), Some(name)) = (vault.parent(), vault.file_name()) else {
        return Ok(Vec::new());
    };
    let own = name.to_string_lossy().into_owned();
    entries(folder, |name| {
        let unfinished = name.strip_prefix(TEMPORARY_PREFIX);
        let rest = unfinished.unwrap_or(name).strip_prefix(own.as_str());
        rest.is_some_and(|rest| rest.starts_with('.') || (rest.is_empty() && unfinished.is_some()))
    })
}

/// The backups in a folder, and those that were never finished.
pub fn backups_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    entries(folder, |name| name.ends_with(BACKUP_ENDING))
}

fn entries(folder: &Path, is_ours: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if is_ours(&entry.file_name().to_string_lossy()) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

#[cfg(unix)]
fn same_owner(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    one.uid() == other.uid()
}

/// Elsewhere each user has a folder for temporary files of their own.
#[cfg(not(unix))]
fn same_owner(_one: &Metadata, _other: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_taken_and_made_absolute() {
        let places = places(Some(Path::new("v")), Some(Path::new("/d"))).expect("both are said");
        assert!(places.vault.is_absolute() && places.vault.ends_with("v"));
        assert_eq!(places.device, Path::new("/d"));
        assert_eq!(
            super::places(Some(Path::new("")), None),
            Err(NoPlaces::NoFolder)
        );
    }

    #[test]
    fn a_folder_within_another_is_looked_at_once() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let device = root.path().join("device");
        let vault = device.join("vault");
        std::fs::create_dir_all(&vault).expect("made");
        let places = Places {
            vault: vault.clone(),
            device: device.clone(),
        };
        let folders = written_folders(&places);
        assert!(folders.contains(&device));
        assert!(!folders.contains(&vault));
        let same = Places {
            vault: device.clone(),
            device: device.clone(),
        };
        let twice = written_folders(&same)
            .into_iter()
            .filter(|folder| *folder == device);
        assert_eq!(twice.count(), 1);
    }
}
