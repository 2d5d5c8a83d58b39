//! Copies of a vault that the program itself leaves beside it: the vault that a backup was put in the place of, a restored
//! one on its way to that place, and what a restore left that was cut short. All of them hold what the vault held then.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::{self, Disk, Entry, EntrySort, Held};
use crate::error::Error;
use crate::header::{HEADER_LENGTH, Header};
use crate::ids::{FileId, LineageId, VaultId};
use crate::layout::{self, Layout};
use crate::vault::{Host, Places, Vault};

/// Stands after the name of a vault that a backup was put in the place of; then come the day and the time.
const BEFORE: &str = ".before-";
/// Stands after the name of a restored vault on its way to its place; then comes what nobody gives by accident.
const PUTTING_BACK: &str = ".putting-back-";

/// The name that a vault gets when another one takes its place.
pub fn name_before(vault: &Path, stamp: &str) -> PathBuf {
    with_ending(vault, &format!("{BEFORE}{stamp}"))
}

/// A name for a restored vault on its way to its place, different each time.
pub fn make_name_of_restored(vault: &Path) -> Result<PathBuf, Error> {
    Ok(with_ending(
        vault,
        &format!("{PUTTING_BACK}{}", FileId::make()?),
    ))
}

/// Whether it is a name that putting a backup back gives to a folder beside a vault.
pub fn is_name_beside(vault: &Path, name: &str) -> bool {
    is_before(vault, name) || is_ours(vault, name)
}

/// Keeps a vault's folder from being opened by anybody until it is let go; the hold stays with the folder when that gets
/// another name. Windows gives no folder another name while anything in it is open, so there it has to be let go just
/// before: whoever opens the vault in between keeps it from being moved.
#[must_use]
pub struct Hold {
    /// None where nothing can be written, and so nothing can be saved behind anybody's back.
    _held: Option<Arc<dyn Held>>,
}

/// Takes the lock of a vault that nobody has open. Errors: `InUse`, `Missing` where there is no vault's folder, and those
/// of the disk.
pub fn hold(places: &Places) -> Result<Hold, Error> {
    hold_on(&Host::default(), places)
}

/// As `hold`, on a given host.
pub fn hold_on(host: &Host, places: &Places) -> Result<Hold, Error> {
    let disk = &*host.disk;
    let layout = Layout::new(&places.vault, &places.device);
    let is_folder =
        |name: &str, entry: &Entry| entry.name == name && entry.sort == EntrySort::Folder;
    let entries = disk::list_if_there(disk, &layout.root)?;
    if !entries.iter().any(|entry| is_folder("sync", entry)) {
        return Err(Error::Missing);
    }
    if !entries.iter().any(|entry| is_folder("local", entry)) {
        // As an opening would, to have where the lock lies.
        disk.make_folder(&layout.local())?;
    }
    match disk.hold(&layout.lock()) {
        Ok(held) => Ok(Hold {
            _held: Some(held.into()),
        }),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Err(Error::InUse),
        Err(error) => Err(error.into()),
    }
}

impl Vault {
    /// As `lock`, and keeps holding the folder, so that nobody can open it in between.
    pub fn lock_holding(self) -> (Hold, Result<(), Error>) {
        let _held = self.shared().held.clone();
        (Hold { _held }, self.lock())
    }

    /// Lists the copies of this vault that the program left beside it.
    pub fn copies_beside(&self) -> Result<Vec<PathBuf>, Error> {
        let shared = self.shared();
        copies(&*shared.host.disk, &shared.layout.root, shared.vault)
    }
}

/// The copies of a vault that lie beside it under names that the program gives. One that grew under such a name and has no
/// header yet counts, whatever vault it was to become.
fn copies(disk: &dyn Disk, vault: &Path, id: VaultId) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for folder in folders_beside(disk, vault)? {
        let Some(name) = name_of(&folder) else {
            continue;
        };
        let is_copy = match read_names(disk, &folder)? {
            Some((of, _)) => {
                let named = is_before(vault, &name) || is_ours(vault, &name);
                of == id && (named || disk::is_temporary(&name))
            }
            None => is_ours(vault, &name) && !disk::list_if_there(disk, &folder)?.is_empty(),
        };
        if is_copy {
            found.push(folder);
        }
    }
    Ok(found)
}

/// Removes what putting a backup back left beside a vault's place when it was cut short, with what this machine knows of
/// it. What anybody has saved in, what is in use, and what bears a name that others could have given, stays; and so does
/// everything while another process has the vault. Returns how many folders went.
pub fn clear_beside(places: &Places, held: Option<&Hold>) -> Result<usize, Error> {
    clear_beside_on(&Host::default(), places, held)
}

/// As `clear_beside`, on a given host.
pub fn clear_beside_on(host: &Host, places: &Places, held: Option<&Hold>) -> Result<usize, Error> {
    let disk = &*host.disk;
    let mut remains = folders_beside(disk, &places.vault)?;
    remains.retain(|folder| name_of(folder).is_some_and(|name| is_ours(&places.vault, &name)));
    if remains.is_empty() {
        return Ok(0);
    }
    let own = match held {
        Some(_) => Err(Error::Missing),
        None => hold_on(host, places),
    };
    if own.as_ref().is_err_and(|error| *error != Error::Missing) {
        // Perhaps a backup is being put back just now.
        return Ok(0);
    }
    let mut cleared = 0;
    for folder in remains {
        match clear(disk, &Layout::new(&folder, &places.device)) {
            Ok(()) => cleared += 1,
            // Another process is at it, or it is not what its name says: it stays.
            Err(Error::InUse | Error::NotEmpty) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(cleared)
}

/// Removes a vault that a restore left, under its temporary or any other name, with the pair that this machine has of its
/// branch: `NotEmpty` if it is anything else, or anybody has saved in it.
pub fn clear(disk: &dyn Disk, layout: &Layout) -> Result<(), Error> {
    let entries = disk::list_if_there(disk, &layout.root)?;
    let ours = |entry: &Entry| {
        entry.sort == EntrySort::Folder && ["sync", "local"].contains(&entry.name.as_str())
    };
    if !entries.iter().all(ours) || is_saved_in(disk, layout)? {
        return Err(Error::NotEmpty);
    }
    let local = disk::list_if_there(disk, &layout.local())?;
    if local
        .iter()
        .any(|entry| layout.lock().ends_with(&entry.name))
    {
        // Perhaps another process is at it.
        match disk.hold(&layout.lock()) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(Error::InUse),
            held => drop(held?),
        }
    }
    let names = read_names(disk, &layout.root)?;
    disk.remove_folder(&layout.root)?;
    if let Some((vault, lineage)) = names {
        forget_branch(disk, layout, vault, lineage)?;
    }
    Ok(())
}

/// Whether a vault that was restored has anything in it that the backup has not: its journal is empty until the first save,
/// and its only checkpoint is the first one.
fn is_saved_in(disk: &dyn Disk, layout: &Layout) -> Result<bool, Error> {
    for device in disk::list_if_there(disk, &layout.journals())? {
        let folder = layout.journals().join(&device.name);
        if device.sort != EntrySort::Folder || !disk::list_if_there(disk, &folder)?.is_empty() {
            return Ok(true);
        }
    }
    let checkpoints = disk::list_if_there(disk, &layout.checkpoints())?;
    let whole = checkpoints
        .iter()
        .filter(|file| !disk::is_temporary(&file.name));
    Ok(whole.count() > 1)
}

/// Removes the pair of a branch whose only vault is gone; that of a branch which another vault beside it is of stays.
fn forget_branch(
    disk: &dyn Disk,
    layout: &Layout,
    vault: VaultId,
    lineage: LineageId,
) -> Result<(), Error> {
    for folder in folders_beside(disk, &layout.root)? {
        if read_names(disk, &folder)?.is_some_and(|(_, of)| of == lineage) {
            return Ok(());
        }
    }
    let branch = layout.clone().of_branch(lineage);
    for file in [branch.device(vault), branch.anchor(vault)] {
        disk::remove_if_there(disk, &file)?;
    }
    Ok(())
}

/// The vault and the branch that a folder's header names, believed without a key. A folder of somebody else's may have
/// anything in it, or let nobody look.
fn read_names(disk: &dyn Disk, folder: &Path) -> Result<Option<(VaultId, LineageId)>, Error> {
    let layout = Layout::new(folder, folder);
    let entries = match disk.list(&layout.sync()) {
        Ok(entries) => entries,
        Err(error) if is_closed_to_us(error.kind()) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    for path in layout::COPIES.map(|copy| layout.header(copy)) {
        let is_header = |entry: &Entry| {
            let small = entry.sort == EntrySort::File && entry.length == HEADER_LENGTH as u64;
            small && path.ends_with(&entry.name)
        };
        if !entries.iter().any(is_header) {
            continue;
        }
        let header = match disk.read(&path) {
            Ok(bytes) => Header::parse(&bytes),
            Err(error) if is_closed_to_us(error.kind()) => continue,
            Err(error) => return Err(error.into()),
        };
        if let Ok(header) = header {
            return Ok(Some((header.vault, header.lineage)));
        }
    }
    Ok(None)
}

fn is_closed_to_us(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied
    )
}

/// The folders that lie where a vault lies, itself among them.
fn folders_beside(disk: &dyn Disk, vault: &Path) -> Result<Vec<PathBuf>, Error> {
    let around = disk::folder_of(vault);
    let entries = disk::list_if_there(disk, around)?.into_iter();
    let folders = entries.filter(|entry| entry.sort == EntrySort::Folder);
    Ok(folders.map(|entry| around.join(entry.name)).collect())
}

fn name_of(folder: &Path) -> Option<String> {
    Some(folder.file_name()?.to_str()?.to_owned())
}

/// Whether it is a name that only putting a backup back gives beside this vault.
fn is_ours(vault: &Path, name: &str) -> bool {
    let Some(of) = name_of(vault) else {
        return false;
    };
    let whole = name.strip_prefix(disk::TEMPORARY_PREFIX).unwrap_or(name);
    if whole == of {
        return disk::is_temporary(name);
    }
    let unique = whole.strip_prefix(&format!("{of}{PUTTING_BACK}"));
    unique.is_some_and(|unique| FileId::from_hex(unique).is_some())
}

fn is_before(vault: &Path, name: &str) -> bool {
    let stamp = name_of(vault).and_then(|of| name.strip_prefix(&format!("{of}{BEFORE}")));
    stamp.is_some_and(|stamp| !stamp.is_empty() && !stamp.contains(['/', '\\']))
}

fn with_ending(vault: &Path, ending: &str) -> PathBuf {
    let mut name = vault.file_name().map_or_else(OsString::new, OsString::from);
    name.push(ending);
    vault.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_nobody_gives_by_accident_are_ours() {
        let vault = Path::new("/data/vault");
        let made = make_name_of_restored(vault).unwrap();
        let made = name_of(&made).unwrap();
        assert!(is_ours(vault, &made));
        assert!(is_ours(vault, &format!("tmp.{made}")));
        assert!(is_ours(vault, "tmp.vault"));
        for other in [
            "vault",
            "vault.restored",
            "vault.putting-back",
            "vault.putting-back-1",
            "vault.before-2026-11-27-120000",
            "tmp.other",
            "tmp.tmp.vault",
        ] {
            assert!(!is_ours(vault, other), "{other}");
        }
        let elsewhere = Path::new("/data/other");
        assert!(!is_ours(elsewhere, &made));
        let before = name_before(vault, "2026-11-27-120000");
        assert!(is_before(vault, &name_of(&before).unwrap()));
    }
}
