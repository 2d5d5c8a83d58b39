//! The door to the file system. Everything the vault writes itself goes through `Disk`, so that tests can lose
//! what was not synced, fill the disk or make it fail; only the store of rows has its own way to the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What the vault asks of a file system.
pub trait Disk: Send + Sync {
    /// Reads a whole file; does not follow a symbolic link.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Opens a file for reading from its start; does not follow a symbolic link.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>>;
    /// Lists a folder, links included but not followed.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;
    /// Lists what `list` leaves out, because its name is not UTF-8.
    fn list_strange(&self, folder: &Path) -> io::Result<Vec<(PathBuf, EntrySort)>> {
        let _ = folder;
        Ok(Vec::new())
    }
    /// Makes a folder for its owner alone; one that is there already is no error.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// Creates a file for its owner alone; one that is there already is an error.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Appending>>;
    /// Gives a file another name, replacing what has that name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file another name that must be free; `AlreadyExists` if it is not.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a folder another name within its own folder; one that stands there must be empty.
    fn move_folder(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a folder with all that is in it; links are not followed. One that is not there is no error.
    fn remove_folder(&self, folder: &Path) -> io::Result<()>;
    /// Removes a file's name.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Overwrites a file with zeros and syncs it.
    fn overwrite(&self, path: &Path) -> io::Result<()>;
    /// Makes what a file holds durable, whoever wrote it.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Takes the exclusive lock of a file, creating it where needed; `WouldBlock` if another holds it.
    fn hold(&self, path: &Path) -> io::Result<Box<dyn Held>>;
    /// Takes from others the right to read a folder and all within, where the system knows such rights, and counts what
    /// belongs to somebody else.
    fn tighten(&self, folder: &Path) -> io::Result<Tightened>;
}

/// A file that only grows.
pub trait Appending: Send {
    /// Adds to the end.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes everything added durable.
    fn sync(&mut self) -> io::Result<()>;
}

/// A held lock; let go when dropped. It carries one durable mark.
pub trait Held: Send + Sync {
    /// Says whether the last holder left its mark.
    fn is_marked(&self) -> io::Result<bool>;
    /// Leaves or removes the mark, durably.
    fn mark(&self, marked: bool) -> io::Result<()>;
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name; names that are not UTF-8 are none of ours and are left out.
    pub name: String,
    /// What it names.
    pub sort: EntrySort,
    /// Length of a file in bytes.
    pub length: u64,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntrySort {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link or something else that is not followed.
    Other,
}

/// What tightening did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tightened {
    /// Entries that were open to others.
    pub tightened: u64,
    /// Entries that are open to others and stay so, or belong to somebody else, who can open them at any time.
    pub refused: u64,
    /// Symbolic links, which were not followed.
    pub links: u64,
}

/// The file system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

/// How the names of unfinished files begin.
pub const TEMPORARY_PREFIX: &str = "tmp.";
const OVERWRITE_BLOCK: usize = 64 * 1024;
const MARK: &[u8] = b"open\n";
#[cfg(unix)]
const FILE_MODE: u32 = 0o600;
#[cfg(unix)]
const FOLDER_MODE: u32 = 0o700;
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Says whether a name is of a file that was never finished.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY_PREFIX)
}

/// The name a file bears until it is whole.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    path.with_file_name(format!("{TEMPORARY_PREFIX}{name}"))
}

/// Writes a whole file so that after a crash either the old or the new one is there: temporary, sync, rename,
/// sync the folder.
pub(crate) fn write_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = temporary(path);
    remove_if_there(disk, &unfinished)?;
    let written = write_new(disk, &unfinished, bytes).and_then(|()| disk.rename(&unfinished, path));
    if let Err(error) = written {
        // On a full disk its space may be just what mending needs.
        let _ = disk.remove(&unfinished);
        return Err(error);
    }
    sync_parent(disk, path)
}

fn write_new(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = disk.create(path)?;
    file.append(bytes)?;
    file.sync()
}

pub(crate) fn sync_parent(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    disk.sync_folder(folder_of(path))
}

/// The folder that a path lies in; of a bare name the present one.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

pub(crate) fn remove_if_there(disk: &dyn Disk, path: &Path) -> io::Result<bool> {
    match disk.remove(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads a file that may not be there.
pub(crate) fn read_if_there(disk: &dyn Disk, path: &Path) -> io::Result<Option<Vec<u8>>> {
    if_there(disk.read(path))
}

/// `None` where what was asked for is not there.
fn if_there<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// As `read_if_there`, but not more than one byte beyond what such a file can have: a longer one is none.
pub(crate) fn read_small(disk: &dyn Disk, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    let Some(file) = if_there(disk.open(path))? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// What was read of something that has another copy or can be done without: where the device refuses to read it, it is empty,
/// which is as good as damaged.
pub(crate) fn as_copy(read: io::Result<Option<Vec<u8>>>) -> io::Result<Option<Vec<u8>>> {
    match read {
        Err(error) if is_of_device(&error) => Ok(Some(Vec::new())),
        read => read,
    }
}

/// Whether it is the device that failed, as of a bad sector or a cable: `EIO`, or what Windows says of a checksum that is
/// wrong, of a sector that is not found, and of a device that does not work.
pub(crate) fn is_of_device(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(5) => cfg!(unix),
        Some(23 | 27 | 31 | 1117) => cfg!(windows),
        _ => false,
    }
}

/// A disk of which what the device refuses to read ends there. Nobody may write on the strength of that: what it refuses now
/// it may show another time.
pub(crate) struct AsFarAsItReads(pub Arc<dyn Disk>);

struct ToWhereItFails(Option<Box<dyn Read + Send>>);

impl Read for ToWhereItFails {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.as_mut().map(|file| file.read(buffer)) {
            Some(Err(error)) if is_of_device(&error) => {
                self.0 = None;
                Ok(0)
            }
            Some(read) => read,
            None => Ok(0),
        }
    }
}

fn refuse<T>() -> io::Result<T> {
    Err(io::ErrorKind::ReadOnlyFilesystem.into())
}

impl Disk for AsFarAsItReads {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        match self.0.open(path) {
            Ok(file) => Ok(Box::new(ToWhereItFails(Some(file)))),
            Err(error) if is_of_device(&error) => Ok(Box::new(ToWhereItFails(None))),
            Err(error) => Err(error),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        self.0.list(folder)
    }

    fn list_strange(&self, folder: &Path) -> io::Result<Vec<(PathBuf, EntrySort)>> {
        self.0.list_strange(folder)
    }

    fn hold(&self, path: &Path) -> io::Result<Box<dyn Held>> {
        self.0.hold(path)
    }

    fn make_folder(&self, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn create(&self, _: &Path) -> io::Result<Box<dyn Appending>> {
        refuse()
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn rename_new(&self, _: &Path, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn move_folder(&self, _: &Path, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn remove_folder(&self, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn overwrite(&self, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn sync(&self, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        refuse()
    }

    fn tighten(&self, _: &Path) -> io::Result<Tightened> {
        refuse()
    }
}

/// Lists a folder that may not be there, in the order of names.
pub(crate) fn list_if_there(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<Entry>> {
    match disk.list(folder) {
        Ok(mut entries) => {
            entries.sort_by(|left, right| left.name.cmp(&right.name));
            Ok(entries)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Overwrites and removes a file; its folder is to be synced by the caller.
pub(crate) fn destroy(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    disk.overwrite(path)?;
    disk.remove(path)
}

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        open_plain(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(open_plain(path)?))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        entries_of(fs::read_dir(folder)?)
    }

    fn list_strange(&self, folder: &Path) -> io::Result<Vec<(PathBuf, EntrySort)>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_str().is_none()
                && let Some(kind) = if_there(entry.file_type())?
            {
                entries.push((entry.path(), sort_of(kind)));
            }
        }
        Ok(entries)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER_MODE);
        builder.recursive(true).create(folder)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Appending>> {
        let file = private_options().append(true).create_new(true).open(path)?;
        Ok(Box::new(RealFile(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        rename_new(from, to)
    }

    fn move_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        // Not every system puts a folder in the place of an empty one.
        match fs::remove_dir(to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => fs::rename(from, to),
        }
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn overwrite(&self, path: &Path) -> io::Result<()> {
        let mut file = private_options().write(true).open(path)?;
        let mut left = file.metadata()?.len();
        let zeros = [0; OVERWRITE_BLOCK];
        while left > 0 {
            let part = left.min(OVERWRITE_BLOCK as u64) as usize;
            file.write_all(&zeros[..part])?;
            left -= part as u64;
        }
        file.sync_all()
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        // Windows syncs only what is open for writing.
        let mut options = private_options();
        options.read(true).write(cfg!(windows));
        options.open(path)?.sync_all()
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // Windows makes names durable by itself and cannot open a folder as a file.
        if cfg!(windows) {
            Ok(())
        } else {
            File::open(folder)?.sync_all()
        }
    }

    fn hold(&self, path: &Path) -> io::Result<Box<dyn Held>> {
        let file = private_options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(RealLock(Mutex::new(file)))),
            Err(fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    fn tighten(&self, folder: &Path) -> io::Result<Tightened> {
        let mut done = Tightened::default();
        tighten_below(folder, &mut done)?;
        Ok(done)
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems, mostly those of other computers, cannot do both at once.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_to_claimed(from, to),
        outcome => Ok(outcome?),
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    rename_to_claimed(from, to)
}

/// Takes the name with an empty file, which nobody else can do then, and puts the whole one in its place.
fn rename_to_claimed(from: &Path, to: &Path) -> io::Result<()> {
    drop(private_options().write(true).create_new(true).open(to)?);
    fs::rename(from, to).inspect_err(|_| {
        // The empty file would pass for a damaged one; the error is told either way.
        let _ = fs::remove_file(to);
    })
}

struct RealFile(File);

impl Appending for RealFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}

struct RealLock(Mutex<File>);

impl RealLock {
    fn with<T>(&self, act: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
        let mut file = self
            .0
            .lock()
            .map_err(|_| io::Error::from(io::ErrorKind::Other))?;
        act(&mut file)
    }
}

impl Held for RealLock {
    fn is_marked(&self) -> io::Result<bool> {
        self.with(|file| Ok(file.metadata()?.len() > 0))
    }

    fn mark(&self, marked: bool) -> io::Result<()> {
        self.with(|file| {
            let is_marked = file.metadata()?.len() > 0;
            // A mark that stands is never taken away to be written again: the power could go in between. It is
            // synced all the same, since whoever left it may not have come to that.
            if is_marked && !marked {
                file.set_len(0)?;
            } else if marked && !is_marked {
                file.seek(SeekFrom::Start(0))?;
                file.write_all(MARK)?;
            }
            file.sync_all()
        })
    }
}

/// What a listing shows. A name that has gone since the folder was read is none of it: not found is only a folder that is
/// not there itself.
fn entries_of(listed: impl Iterator<Item = io::Result<fs::DirEntry>>) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in listed {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && let Some(metadata) = if_there(entry.metadata())?
        {
            entries.push(Entry {
                name,
                sort: sort_of(metadata.file_type()),
                length: metadata.len(),
            });
        }
    }
    Ok(entries)
}

fn sort_of(kind: fs::FileType) -> EntrySort {
    match kind {
        kind if kind.is_file() => EntrySort::File,
        kind if kind.is_dir() => EntrySort::Folder,
        _ => EntrySort::Other,
    }
}

fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(FILE_MODE).custom_flags(libc::O_NOFOLLOW);
    }
    options
}

fn open_plain(path: &Path) -> io::Result<File> {
    let file = private_options().read(true).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(file)
}

#[cfg(unix)]
fn tighten_below(path: &Path, done: &mut Tightened) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        done.links += 1;
        return Ok(());
    }
    let mode = metadata.permissions().mode();
    let was_open = mode & OTHERS != 0;
    let closed = fs::Permissions::from_mode(mode & 0o7777 & !OTHERS);
    let stays_open = was_open && fs::set_permissions(path, closed).is_err();
    if stays_open || is_foreign(metadata.uid()) {
        done.refused += 1;
    } else if was_open {
        done.tightened += 1;
    }
    if metadata.is_dir() {
        let entries = match fs::read_dir(path) {
            // What others keep to themselves in there is nothing of the vault.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            // What goes meanwhile needs no tightening.
            if_there(tighten_below(&entry?.path(), done))?;
        }
    }
    Ok(())
}

/// Whether an owner is somebody else. The administrator's files are not: nothing here keeps the administrator out.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn is_foreign(owner: u32) -> bool {
    owner != 0 && owner != rustix::process::geteuid().as_raw()
}

#[cfg(all(unix, not(any(target_os = "linux", target_vendor = "apple"))))]
fn is_foreign(_owner: u32) -> bool {
    false
}

#[cfg(not(unix))]
fn tighten_below(_path: &Path, _done: &mut Tightened) -> io::Result<()> {
    // A user's profile folder is private by default where there are no modes.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_takes_only_a_free_name() {
        let folder = tempfile::tempdir().unwrap();
        let [from, taken, free] = ["from", "taken", "free"].map(|name| folder.path().join(name));
        for rename in [rename_new, rename_to_claimed] {
            fs::write(&from, "new").unwrap();
            fs::write(&taken, "old").unwrap();
            let refused = rename(&from, &taken).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read(&taken).unwrap(), b"old");
            rename(&from, &free).unwrap();
            assert_eq!(fs::read(&free).unwrap(), b"new");
            assert!(!from.exists());
            fs::remove_file(&free).unwrap();
        }
    }

    // Elsewhere the system tells of a file together with its name.
    #[cfg(unix)]
    #[test]
    fn a_name_that_goes_while_its_folder_is_listed_is_left_out_and_hides_no_other() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["goes", "stays"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let listed: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(listed.len(), 2);
        fs::remove_file(folder.path().join("goes")).unwrap();
        let entries = entries_of(listed.into_iter()).unwrap();
        let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["stays"]);
        let missing = RealDisk.list(&folder.path().join("goes")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_folder_is_moved_to_where_nothing_is() {
        let place = tempfile::tempdir().unwrap();
        let [from, full, empty] = ["from", "full", "empty"].map(|name| place.path().join(name));
        for folder in [&from, &full, &empty] {
            RealDisk.make_folder(folder).unwrap();
        }
        fs::write(from.join("a"), "a").unwrap();
        fs::write(full.join("b"), "b").unwrap();
        assert!(RealDisk.move_folder(&from, &full).is_err());
        assert!(full.join("b").exists());
        RealDisk.move_folder(&from, &empty).unwrap();
        assert!(empty.join("a").exists() && !from.exists());
        RealDisk.remove_folder(&empty).unwrap();
        RealDisk.remove_folder(&empty).unwrap();
        assert!(!empty.exists());
    }
}
