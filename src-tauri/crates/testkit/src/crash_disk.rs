//! A disk in memory that knows what has been synced. A crash takes what has not, all of it or by chance; it can
//! also stop working or fill up after so many writes. Folders and links between names behave as on a journalling
//! file system: a new name lasts once its folder is synced.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vault::{Appending, Disk, Entry, EntrySort, Held, Tightened};

/// What a crash leaves of writes that were not synced.
#[derive(Debug, Clone, Copy)]
pub enum Survival {
    /// Nothing.
    Nothing,
    /// By chance: names in the order they were made up to some point, files up to some byte.
    Some {
        /// Where chance begins.
        seed: u64,
    },
}

/// What the system says of bad sectors: `EIO`, or `ERROR_CRC`.
const BAD_SECTOR: i32 = if cfg!(windows) { 23 } else { 5 };

/// The disk.
#[derive(Clone, Default)]
pub struct CrashDisk {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    files: BTreeMap<u64, Content>,
    next_file: u64,
    folders: BTreeMap<PathBuf, Folder>,
    /// Folders whose own names their parents were not synced for yet, oldest first.
    new_folders: Vec<PathBuf>,
    /// Folders that got another name which their parent was not synced for yet, oldest first.
    moves: Vec<(PathBuf, PathBuf)>,
    locked: BTreeMap<PathBuf, u64>,
    /// Counts crashes; a handle from before one is dead.
    life: u64,
    steps: u64,
    fail_at: Option<(u64, Failure)>,
    read_only: bool,
    /// A file that lies on bad sectors.
    unreadable: Option<PathBuf>,
}

/// What was on a disk at some time.
pub struct Picture {
    files: BTreeMap<u64, Content>,
    folders: BTreeMap<PathBuf, Folder>,
    new_folders: Vec<PathBuf>,
}

/// How the disk fails once it does.
#[derive(Debug, Clone, Copy)]
enum Failure {
    /// Every change from then on fails, until it is mended.
    For(io::ErrorKind),
    /// This change and every later one fails, as if the power had gone.
    Dead,
}

/// Names that change at once: two for a renaming within a folder, else one.
type NameChange = Vec<(PathBuf, Option<u64>)>;

#[derive(Clone, Default)]
struct Content {
    now: Vec<u8>,
    synced: Vec<u8>,
}

#[derive(Clone, Default)]
struct Folder {
    now: BTreeMap<PathBuf, u64>,
    synced: BTreeMap<PathBuf, u64>,
    /// Changes to names since the last sync, oldest first.
    pending: Vec<NameChange>,
}

impl CrashDisk {
    /// Makes an empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Loses what was not synced. Every handle and lock from before is dead.
    pub fn crash(&self, survival: Survival) {
        let mut inner = self.inner();
        inner.life += 1;
        inner.locked.clear();
        inner.fail_at = None;
        inner.undo_moves(survival);
        let mut chance = match survival {
            Survival::Nothing => None,
            Survival::Some { seed } => Some(Chance(seed)),
        };
        for folder in inner.folders.values_mut() {
            let kept = chance
                .as_mut()
                .map_or(0, |chance| chance.below(folder.pending.len() + 1));
            for (name, file) in folder.pending.drain(..).take(kept).flatten() {
                match file {
                    Some(file) => folder.synced.insert(name, file),
                    None => folder.synced.remove(&name),
                };
            }
            folder.pending.clear();
            folder.now = folder.synced.clone();
        }
        let new = std::mem::take(&mut inner.new_folders);
        let kept = chance
            .as_mut()
            .map_or(0, |chance| chance.below(new.len() + 1));
        for lost in &new[kept..] {
            inner.folders.retain(|path, _| !path.starts_with(lost));
        }
        inner.drop_nameless();
        for content in inner.files.values_mut() {
            if content.now == content.synced {
                continue;
            }
            let common = content.synced.len();
            let appended = content.now.starts_with(&content.synced);
            match &mut chance {
                Some(chance) if appended => {
                    let more = chance.below(content.now.len() - common + 1);
                    content.now.truncate(common + more);
                }
                Some(chance) => {
                    if chance.below(2) == 1 {
                        content.now.clone_from(&content.synced);
                    }
                }
                None => content.now.clone_from(&content.synced),
            }
            content.synced = content.now.clone();
        }
    }

    /// Counts the changes so far: each could be the last before a crash.
    pub fn steps(&self) -> u64 {
        self.inner().steps
    }

    /// Lets the power go just before the change with this number.
    pub fn die_at(&self, step: u64) {
        self.inner().fail_at = Some((step, Failure::Dead));
    }

    /// Lets every change fail from the one with this number on.
    pub fn fail_from(&self, step: u64, kind: io::ErrorKind) {
        self.inner().fail_at = Some((step, Failure::For(kind)));
    }

    /// Lets changes succeed again.
    pub fn mend(&self) {
        self.inner().fail_at = None;
    }

    /// Has a file lie on bad sectors, or none: the device refuses to read it until it is written anew under its name.
    pub fn spoil(&self, path: Option<PathBuf>) {
        self.inner().unreadable = path;
    }

    /// Refuses every change, or allows them again.
    pub fn set_read_only(&self, read_only: bool) {
        self.inner().read_only = read_only;
    }

    /// Takes a picture of everything on the disk, to come back to.
    pub fn picture(&self) -> Picture {
        let inner = self.inner();
        Picture {
            files: inner.files.clone(),
            folders: inner.folders.clone(),
            new_folders: inner.new_folders.clone(),
        }
    }

    /// Comes back to a picture. Every handle and lock from before is dead.
    pub fn come_back_to(&self, picture: &Picture) {
        let mut inner = self.inner();
        inner.life += 1;
        inner.locked.clear();
        inner.fail_at = None;
        inner.read_only = false;
        inner.files.clone_from(&picture.files);
        inner.folders.clone_from(&picture.folders);
        inner.new_folders.clone_from(&picture.new_folders);
        inner.moves.clear();
    }

    /// Every file there is, by path.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let inner = self.inner();
        let mut found = Vec::new();
        for folder in inner.folders.values() {
            for (path, file) in &folder.now {
                found.push((path.clone(), inner.files[file].now.clone()));
            }
        }
        found.sort();
        found
    }

    /// Changes the content of a file behind everybody's back.
    pub fn tamper(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut inner = self.inner();
        let file = inner.find(path).expect("the file to tamper with is there");
        let content = inner.files.get_mut(&file).expect("a name has its content");
        change(&mut content.now);
        content.synced = content.now.clone();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Gives back to folders the names they had, but for the moves that lasted by chance.
    fn undo_moves(&mut self, survival: Survival) {
        let moves = std::mem::take(&mut self.moves);
        let kept = match survival {
            Survival::Nothing => 0,
            Survival::Some { seed } => Chance(!seed).below(moves.len() + 1),
        };
        for (from, to) in moves[kept..].iter().rev() {
            self.move_folder(to, from);
        }
    }

    /// Gives another name to a folder and all within, what lies there on the real disk included.
    fn move_folder(&mut self, from: &Path, to: &Path) {
        let moved = |path: &Path| match path.strip_prefix(from) {
            Ok(rest) if rest.as_os_str().is_empty() => to.to_owned(),
            Ok(rest) => to.join(rest),
            Err(_) => path.to_owned(),
        };
        let names = |names: &BTreeMap<PathBuf, u64>| {
            names
                .iter()
                .map(|(path, file)| (moved(path), *file))
                .collect()
        };
        self.folders = std::mem::take(&mut self.folders)
            .into_iter()
            .map(|(path, folder)| {
                let pending = folder.pending.into_iter().map(|change| {
                    let each = |(path, file): (PathBuf, Option<u64>)| (moved(&path), file);
                    change.into_iter().map(each).collect()
                });
                let folder = Folder {
                    now: names(&folder.now),
                    synced: names(&folder.synced),
                    pending: pending.collect(),
                };
                (moved(&path), folder)
            })
            .collect();
        for path in &mut self.new_folders {
            *path = moved(path);
        }
        if from.exists() {
            // The store of a vault is on the real disk and goes along.
            let _ = fs::remove_dir(to);
            fs::rename(from, to).expect("a test's own folder can be moved");
        }
    }

    /// Content that no name leads to is gone after a crash.
    fn drop_nameless(&mut self) {
        let named: BTreeSet<u64> = self
            .folders
            .values()
            .flat_map(|folder| folder.now.values().copied())
            .collect();
        self.files.retain(|file, _| named.contains(file));
    }

    fn step(&mut self) -> io::Result<()> {
        if self.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        let now = self.steps;
        match self.fail_at {
            Some((at, failure)) if now >= at => Err(match failure {
                Failure::For(kind) => kind.into(),
                Failure::Dead => io::ErrorKind::BrokenPipe.into(),
            }),
            _ => {
                self.steps += 1;
                Ok(())
            }
        }
    }

    /// As `step`, for what a full disk does not refuse.
    fn freeing_step(&mut self) -> io::Result<()> {
        match self.step() {
            Err(error) if error.kind() == io::ErrorKind::StorageFull => Ok(()),
            outcome => outcome,
        }
    }

    fn folder(&mut self, path: &Path) -> io::Result<&mut Folder> {
        let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
        self.folders
            .get_mut(folder)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn find(&mut self, path: &Path) -> io::Result<u64> {
        self.folder(path)?
            .now
            .get(path)
            .copied()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn set(&mut self, path: &Path, file: Option<u64>) -> io::Result<()> {
        let folder = self.folder(path)?;
        match file {
            Some(file) => folder.now.insert(path.to_owned(), file),
            None => folder.now.remove(path),
        };
        folder.pending.push(vec![(path.to_owned(), file)]);
        Ok(())
    }

    fn new_file(&mut self, path: &Path) -> io::Result<u64> {
        self.next_file += 1;
        let file = self.next_file;
        self.files.insert(file, Content::default());
        self.set(path, Some(file))?;
        Ok(file)
    }
}

impl Disk for CrashDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut inner = self.inner();
        let file = inner.find(path)?;
        if inner.unreadable.as_deref() == Some(path) {
            return Err(io::Error::from_raw_os_error(BAD_SECTOR));
        }
        Ok(inner.files[&file].now.clone())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.read(path)?)))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let inner = self.inner();
        let content = inner.folders.get(folder).ok_or(io::ErrorKind::NotFound)?;
        let name = |path: &Path| {
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
        };
        let files = content.now.iter().filter_map(|(path, file)| {
            let length = inner.files[file].now.len() as u64;
            Some(Entry {
                name: name(path)?,
                sort: EntrySort::File,
                length,
            })
        });
        let folders = inner
            .folders
            .keys()
            .filter(|path| path.parent() == Some(folder));
        let folders = folders.filter_map(|path| {
            Some(Entry {
                name: name(path)?,
                sort: EntrySort::Folder,
                length: 0,
            })
        });
        Ok(files.chain(folders).collect())
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        if inner.folders.contains_key(folder) {
            return Ok(());
        }
        inner.step()?;
        for path in folder.ancestors() {
            inner.folders.entry(path.to_owned()).or_default();
        }
        inner.new_folders.push(folder.to_owned());
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Appending>> {
        let mut inner = self.inner();
        if inner.find(path).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        inner.step()?;
        let file = inner.new_file(path)?;
        Ok(Box::new(Handle {
            disk: self.clone(),
            file,
            life: inner.life,
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        let file = inner.find(from)?;
        inner.step()?;
        inner.set(to, Some(file))?;
        inner.set(from, None)?;
        if from.parent() == to.parent() {
            let folder = inner.folder(to)?;
            let gone = folder.pending.pop();
            if let Some(named) = folder.pending.last_mut() {
                named.extend(gone.into_iter().flatten());
            }
        }
        Ok(())
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.inner().find(to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.rename(from, to)
    }

    fn move_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        if !inner.folders.contains_key(from) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let taken = |path: &PathBuf| path.starts_with(to) && path != to;
        let full = inner.folders.get(to).is_some_and(|to| !to.now.is_empty());
        if full || inner.folders.keys().any(taken) {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        inner.step()?;
        inner.folders.remove(to);
        inner.move_folder(from, to);
        inner.moves.push((from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        inner.freeing_step()?;
        inner.folders.retain(|path, _| !path.starts_with(folder));
        inner.new_folders.retain(|path| !path.starts_with(folder));
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        inner.find(path)?;
        inner.freeing_step()?;
        inner.set(path, None)
    }

    fn overwrite(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        let file = inner.find(path)?;
        inner.step()?;
        let content = inner.files.get_mut(&file).expect("a name has its content");
        content.now.fill(0);
        content.synced = content.now.clone();
        Ok(())
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        let file = inner.find(path)?;
        inner.step()?;
        let content = inner.files.get_mut(&file).expect("a name has its content");
        content.synced = content.now.clone();
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        inner.step()?;
        inner
            .new_folders
            .retain(|path| path.parent() != Some(folder));
        inner.moves.retain(|(_, to)| to.parent() != Some(folder));
        let Some(folder) = inner.folders.get_mut(folder) else {
            return Ok(());
        };
        folder.pending.clear();
        folder.synced = folder.now.clone();
        Ok(())
    }

    fn hold(&self, path: &Path) -> io::Result<Box<dyn Held>> {
        let mut inner = self.inner();
        let life = inner.life;
        if inner.locked.contains_key(path) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if inner.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        if inner.find(path).is_err() {
            inner.step()?;
            inner.new_file(path)?;
        }
        inner.locked.insert(path.to_owned(), life);
        Ok(Box::new(Lock {
            disk: self.clone(),
            path: path.to_owned(),
            life,
        }))
    }

    fn tighten(&self, _folder: &Path) -> io::Result<Tightened> {
        Ok(Tightened::default())
    }
}

struct Handle {
    disk: CrashDisk,
    file: u64,
    life: u64,
}

impl Handle {
    fn with(&self, act: impl FnOnce(&mut Content)) -> io::Result<()> {
        let mut inner = self.disk.inner();
        if inner.life != self.life {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        inner.step()?;
        act(inner
            .files
            .get_mut(&self.file)
            .expect("an open file has its content"));
        Ok(())
    }
}

impl Appending for Handle {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        // A full disk takes a part before it refuses.
        let outcome = self.with(|content| content.now.extend_from_slice(bytes));
        if outcome
            .as_ref()
            .is_err_and(|error| error.kind() == io::ErrorKind::StorageFull)
        {
            let mut inner = self.disk.inner();
            if let Some(content) = inner.files.get_mut(&self.file) {
                content.now.extend_from_slice(&bytes[..bytes.len() / 2]);
            }
        }
        outcome
    }

    fn sync(&mut self) -> io::Result<()> {
        self.with(|content| content.synced = content.now.clone())
    }
}

struct Lock {
    disk: CrashDisk,
    path: PathBuf,
    life: u64,
}

impl Held for Lock {
    fn is_marked(&self) -> io::Result<bool> {
        Ok(!self.disk.read(&self.path)?.is_empty())
    }

    fn mark(&self, marked: bool) -> io::Result<()> {
        let mut inner = self.disk.inner();
        if inner.life != self.life {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        inner.step()?;
        let file = inner.find(&self.path)?;
        let content = inner.files.get_mut(&file).expect("a name has its content");
        content.now = if marked {
            b"open\n".to_vec()
        } else {
            Vec::new()
        };
        content.synced = content.now.clone();
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let mut inner = self.disk.inner();
        if inner.locked.get(&self.path) == Some(&self.life) {
            inner.locked.remove(&self.path);
        }
    }
}

/// A small generator of chance (SplitMix64), so that a failing run can be run again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}
