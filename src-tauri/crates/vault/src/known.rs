//! The backups that this machine remembers, in a sealed list beside the anchor. They are files on this machine's
//! disks, so the list belongs to the machine and not to the vault: it can be kept where the vault is read-only,
//! it changes nothing in a vault that lies at rest, and every branch of a vault shares it. A lost list is made
//! anew from the files themselves, each of which says what it holds to whoever has the root key.

use std::io;
use std::path::Path;

use crate::anchor;
use crate::backup::{check, held, rehearse_file};
use crate::backup_file::{self, BackupFile};
use crate::codec::{Put, Reader};
use crate::disk::{self, Disk};
use crate::envelope::{Label, RootKey, SealingKey};
use crate::error::Error;
use crate::ids::{BackupId, CompartmentId, LineageId, VaultId};
use crate::layout::{Layout, RootTag};
use crate::report::{BackupCheck, BackupPlace, HeldCompartment, KnownBackup};
use crate::shared::Shared;
use crate::vault::Vault;
use crate::watch::Watch;

const MAGIC: &[u8; 8] = b"CFDNTBKL";
/// The list's length is a multiple of this, so that it tells little.
const PAGE: usize = 4096;
/// Bytes around the sealed list.
const AROUND: usize = 72;
const FLAG_SECOND: u8 = 1;
/// Longest list that is read.
const MAX_LIST: usize = 64 * 1024 * 1024;

impl Vault {
    /// Lists the backups of this vault that this machine remembers, oldest first. Errors: those of the disk; a
    /// list that is damaged is `Damaged`.
    pub fn known_backups(&self) -> Result<Vec<KnownBackup>, Error> {
        self.with_present(|shared| {
            let list = read(shared);
            // What was replaced may have lost its list already.
            if shared.is_replaced() {
                return Err(Error::Stale);
            }
            list
        })
    }

    /// Lists the known backups that still hold a compartment, forgotten or not, and whether each is where it was.
    pub fn backups_holding(
        &self,
        compartment: CompartmentId,
    ) -> Result<Vec<(KnownBackup, BackupPlace)>, Error> {
        let all = self.known_backups()?.into_iter();
        let holds = |backup: &KnownBackup| backup.holds.iter().any(|held| held.id == compartment);
        Ok(all
            .filter(holds)
            .map(|backup| {
                let place = self.find_backup(&backup);
                (backup, place)
            })
            .collect())
    }

    /// Says whether a known backup was made with the keys that the vault has now. It was not if the vault has got new
    /// keys since, was restored from it or beside it, or if a compartment in it has got another key since, by a second
    /// passphrase, or was forgotten. Such a backup does not count as one of the vault as it is. Errors: `Stale`.
    pub fn is_under_present_keys(&self, backup: &KnownBackup) -> Result<bool, Error> {
        let shared = self.shared();
        let ring = shared.ring()?;
        let present = |held: &HeldCompartment| {
            let entry = ring.keyring.entry(held.id);
            entry.is_some_and(|entry| entry.generation == held.generation)
        };
        Ok(backup.lineage == shared.lineage && backup.holds.iter().all(present))
    }

    /// Says whether a known backup is still where it was.
    pub fn find_backup(&self, backup: &KnownBackup) -> BackupPlace {
        let Some(folder) = &backup.folder else {
            return BackupPlace::OutOfReach;
        };
        let shared = self.shared();
        let disk = &*shared.host.disk;
        if disk.list(folder).is_err() {
            return BackupPlace::OutOfReach;
        }
        match backup_file::look(disk, &folder.join(&backup.file)) {
            Ok((Ok(preface), length)) if preface.id == backup.id && length == backup.bytes => {
                BackupPlace::There
            }
            Ok(_) | Err(Error::Damaged { .. }) => BackupPlace::Another,
            Err(Error::Missing) => BackupPlace::Gone,
            Err(_) => BackupPlace::OutOfReach,
        }
    }

    /// Reads a backup of this vault to its end and remembers it, where it is now and what it holds: one that was
    /// moved, came from another machine, or fell off a lost list. Errors: as of `check_backup`; `WrongCredential` for
    /// one of another vault.
    pub fn remember_backup(&self, path: &Path, watch: &dyn Watch) -> Result<KnownBackup, Error> {
        self.with_present(|shared| {
            let file = read_own(shared, path)?;
            let length = check(&file, &shared.root, &shared.keys, watch)?.length;
            remember(shared, path, &file, length)
        })
    }

    /// As `remember_backup`, and opens every record in it as a restored vault would, except those under a second
    /// passphrase. Nothing is written but the list.
    pub fn rehearse_backup(&self, path: &Path, watch: &dyn Watch) -> Result<BackupCheck, Error> {
        self.with_present(|shared| {
            let file = read_own(shared, path)?;
            let found = rehearse_file(&file, &shared.root, &shared.keys, watch)?;
            remember(shared, path, &file, found.bytes)?;
            Ok(found)
        })
    }

    /// Takes a backup off the list, as when the person says that the file is no more. The file is not touched.
    pub fn drop_known_backup(&self, id: BackupId) -> Result<(), Error> {
        self.with_present(|shared| {
            let _one = shared.hold_backups()?;
            remove(shared, id)
        })
    }
}

fn read_own<'a>(shared: &'a Shared, path: &'a Path) -> Result<BackupFile<'a>, Error> {
    let file = BackupFile::read(&*shared.host.disk, path)?;
    match file.is_under(&shared.keys) {
        true => Ok(file),
        // Of another vault, or of this one under a root key that it had before.
        false => Err(Error::WrongCredential),
    }
}

/// Puts a backup that was just read to its end on the list.
fn remember(
    shared: &Shared,
    path: &Path,
    file: &BackupFile,
    bytes: u64,
) -> Result<KnownBackup, Error> {
    let keyring = file.open(&shared.root, &shared.keys)?;
    let _one = shared.hold_backups()?;
    let now = shared.host.clock.now();
    let before = match read(shared) {
        Err(Error::Damaged { .. }) => None,
        list => list?.into_iter().find(|known| known.id == file.preface.id),
    };
    let (folder, name) = place_of(path);
    let entry = KnownBackup {
        id: file.preface.id,
        made: before.map_or(now, |before| before.made),
        verified: Some(now),
        bytes,
        folder,
        file: name,
        lineage: file.header.lineage,
        header_revision: file.header.revision,
        keyring_revision: file.header.keyring_revision,
        epoch: file.header.epoch.number,
        holds: keyring.entries.iter().map(held).collect(),
    };
    add(shared, &entry)?;
    Ok(entry)
}

/// Where a file lies, as the list writes it down.
pub fn place_of(path: &Path) -> (Option<std::path::PathBuf>, String) {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let name = whole.file_name().unwrap_or_default();
    let file = name.to_string_lossy().into_owned();
    let folder = disk::folder_of(&whole);
    let writable = folder.to_str().is_some() && name.to_str().is_some();
    (writable.then(|| folder.to_owned()), file)
}

/// Adds a backup, or what is newly known of it. The caller holds `backups`.
pub fn add(shared: &Shared, entry: &KnownBackup) -> Result<(), Error> {
    let mut list = match read(shared) {
        // What cannot be read is lost; going on without a list would lose the rest, too.
        Err(Error::Damaged { .. }) => Vec::new(),
        list => list?,
    };
    list.retain(|known| known.id != entry.id);
    list.push(entry.clone());
    list.sort_by_key(|known| known.made);
    write(shared, &list)
}

/// Takes a backup off the list. The caller holds `backups`.
pub fn remove(shared: &Shared, id: BackupId) -> Result<(), Error> {
    let mut list = read(shared)?;
    let before = list.len();
    list.retain(|known| known.id != id);
    if list.len() < before {
        write(shared, &list)?;
    }
    Ok(())
}

/// What the list of backups is named after, once a vault has another root key than its first.
pub fn derive_tag(root: &RootKey, vault: VaultId) -> RootTag {
    let key = SealingKey::derive(root.bytes(), vault, Label::Backups, &[b"name"]);
    std::array::from_fn(|at| key.bytes()[at])
}

pub fn read(shared: &Shared) -> Result<Vec<KnownBackup>, Error> {
    let path = shared.layout.backups(shared.vault);
    let Some(bytes) = disk::read_if_there(&*shared.host.disk, &path)? else {
        return Ok(Vec::new());
    };
    let damaged = Error::Damaged {
        part: crate::error::Part::BackupList,
    };
    if bytes.len() > MAX_LIST {
        return Err(damaged);
    }
    let (root, vault, length) = (&shared.root, shared.vault, bytes.len());
    let plain = anchor::open_file(&bytes, root, vault, Label::Backups, MAGIC, length);
    plain.and_then(|plain| decode(&plain)).ok_or(damaged)
}

fn write(shared: &Shared, list: &[KnownBackup]) -> Result<(), Error> {
    let bytes = seal(list, &shared.root, shared.vault)?;
    let path = shared.layout.backups(shared.vault);
    disk::write_whole(&*shared.host.disk, &path, &bytes).map_err(|error| match error.kind() {
        // A folder that nobody made is one that nothing can be written into.
        io::ErrorKind::NotFound => Error::ReadOnly,
        _ => error.into(),
    })
}

/// Whether there is a list without a tag that is sealed under another root key, or damaged.
pub fn is_under_another(
    disk: &dyn Disk,
    layout: &Layout,
    root: &RootKey,
    vault: VaultId,
) -> Result<bool, Error> {
    let bytes = disk::read_if_there(disk, &layout.clone().without_root().backups(vault))?;
    let opens = |bytes: &[u8]| {
        anchor::open_file(bytes, root, vault, Label::Backups, MAGIC, bytes.len()).is_some()
    };
    Ok(bytes.is_some_and(|bytes| !opens(&bytes)))
}

/// Begins the list of a root key that this machine meets for the first time, where there is none.
pub fn begin(
    disk: &dyn Disk,
    layout: &Layout,
    root: &RootKey,
    vault: VaultId,
) -> Result<(), Error> {
    let path = layout.backups(vault);
    if disk::read_if_there(disk, &path)?.is_none() {
        disk::write_whole(disk, &path, &seal(&[], root, vault)?)?;
    }
    Ok(())
}

/// Seals a list under a root key.
pub fn seal(list: &[KnownBackup], root: &RootKey, vault: VaultId) -> Result<Vec<u8>, Error> {
    let plain = zeroize::Zeroizing::new(encode(list));
    let length = (plain.len() + AROUND).next_multiple_of(PAGE);
    anchor::seal_file(root, vault, Label::Backups, MAGIC, length, &plain)
}

fn encode(list: &[KnownBackup]) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_u32(list.len() as u32);
    for known in list {
        out.put(&known.id.0);
        out.put_i64(known.made);
        out.put_i64(known.verified.unwrap_or_default());
        out.put_u64(known.bytes);
        out.put(&known.lineage.0);
        out.put_u64(known.header_revision);
        out.put_u64(known.keyring_revision);
        out.put_u64(known.epoch);
        let folder = known.folder.as_deref().and_then(Path::to_str);
        put_text(&mut out, folder.unwrap_or_default());
        put_text(&mut out, &known.file);
        out.put_u32(known.holds.len() as u32);
        for held in &known.holds {
            out.put(&held.id.0);
            out.put_u32(held.generation);
            out.put_u8(if held.second_passphrase {
                FLAG_SECOND
            } else {
                0
            });
        }
    }
    out
}

fn decode(bytes: &[u8]) -> Option<Vec<KnownBackup>> {
    let mut reader = Reader::new(bytes);
    let list = (0..reader.u32()?)
        .map(|_| read_entry(&mut reader))
        .collect::<Option<_>>()?;
    reader.only_zeros_left()?;
    Some(list)
}

fn read_entry(reader: &mut Reader<'_>) -> Option<KnownBackup> {
    let id = BackupId(reader.array()?);
    let made = reader.i64()?;
    let verified = reader.i64()?;
    let bytes = reader.u64()?;
    let lineage = LineageId(reader.array()?);
    let (header_revision, keyring_revision) = (reader.u64()?, reader.u64()?);
    let epoch = reader.u64()?;
    let folder = read_text(reader)?;
    let file = read_text(reader)?;
    let holds = (0..reader.u32()?)
        .map(|_| read_held(reader))
        .collect::<Option<_>>()?;
    Some(KnownBackup {
        id,
        made,
        verified: (verified != 0).then_some(verified),
        bytes,
        folder: (!folder.is_empty()).then(|| folder.into()),
        file,
        lineage,
        header_revision,
        keyring_revision,
        epoch,
        holds,
    })
}

fn read_held(reader: &mut Reader<'_>) -> Option<HeldCompartment> {
    Some(HeldCompartment {
        id: CompartmentId(reader.array()?),
        generation: reader.u32()?,
        second_passphrase: match reader.u8()? {
            0 => false,
            FLAG_SECOND => true,
            // Flags that nobody has named are damage.
            _ => return None,
        },
    })
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    out.put_u32(text.len() as u32);
    out.put(text.as_bytes());
}

fn read_text(reader: &mut Reader<'_>) -> Option<String> {
    String::from_utf8(reader.sized()?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_survives_writing_and_no_cut_of_it_is_read() {
        let held = |byte| HeldCompartment {
            id: CompartmentId([byte; 16]),
            generation: byte.into(),
            second_passphrase: byte == 2,
        };
        let known = KnownBackup {
            id: BackupId([1; 16]),
            made: 3,
            verified: None,
            bytes: 4,
            folder: Some("/somewhere/else".into()),
            file: "confidant-2026-11-27-183000.cfdbackup".into(),
            lineage: LineageId([5; 16]),
            header_revision: 6,
            keyring_revision: 7,
            epoch: 8,
            holds: vec![held(1), held(2)],
        };
        let nowhere = KnownBackup {
            folder: None,
            verified: Some(9),
            holds: Vec::new(),
            ..known.clone()
        };
        let list = vec![known, nowhere];
        let bytes = encode(&list);
        assert_eq!(decode(&bytes), Some(list));
        let mut padded = bytes.clone();
        padded.resize(PAGE, 0);
        assert!(decode(&padded).is_some());
        for length in 0..bytes.len() {
            assert_eq!(decode(&bytes[..length]), None);
        }
    }

    #[test]
    fn a_flag_that_nobody_has_named_is_damage() {
        let held = |flags| {
            let mut bytes = vec![7; 16];
            bytes.put_u32(1);
            bytes.put_u8(flags);
            read_held(&mut Reader::new(&bytes)).map(|held| held.second_passphrase)
        };
        assert_eq!(held(0), Some(false));
        assert_eq!(held(FLAG_SECOND), Some(true));
        for flags in [2, 3, 0x81] {
            assert_eq!(held(flags), None, "{flags}");
        }
    }
}
