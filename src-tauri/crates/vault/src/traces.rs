//! What may still lie in the folder of a vault after something was forgotten, or after new keys: every file in it, whoever
//! put it there and whatever it is called. A file-sync engine, for one, keeps older versions in folders of its own.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::backup_file::{self, NotPreface, PREFACE_LENGTH, Preface};
use crate::disk::{self, Disk, EntrySort, RealDisk};
use crate::envelope::{EpochSecret, RootKey};
use crate::epoch::{self, EpochFile};
use crate::error::{Error, NotDestroyed, Part};
use crate::header::{self, Header};
use crate::ids::{ID_LENGTH, VaultId};
use crate::keyring::{self, Keyring};
use crate::layout::{self, Layout};
use crate::open::MAX_KEYRING_FILE;
use crate::primitives;
use crate::row::RowKey;
use crate::segment;
use crate::shared::{Head, Shared, Writer};
use crate::store::Value;

/// Folders of a vault lie three deep. What lies deeper than this was put there to be walked through forever.
const MAX_DEPTH: usize = 32;
/// More folders than this are not walked through, either.
const MAX_FOLDERS: usize = 1 << 16;
/// Bytes of a file that are searched at once.
const SEARCH_STRETCH: usize = 1 << 20;
/// Bytes that say what a file is, and of which vault.
const BEGINNING: usize = 48;
/// Bytes of a piece of a row: so many are alike nowhere by chance.
const PIECE_LENGTH: usize = 12;
/// Where pieces lie in a row's key and in its value. The store keeps of a key only what its page does not say of all its
/// keys: the route, and as much of the name as thousands of neighbours share.
const PIECE_OF_KEY: std::ops::Range<usize> = 20..32;
const PIECE_OF_VALUE: std::ops::Range<usize> = 8..20;
/// Bits for each piece in the table of beginnings, so that few bytes of a file are looked at twice.
const BITS_PER_PIECE: usize = 64;
const MIN_BITS: usize = 1 << 16;
const MAX_BITS: usize = 1 << 24;

/// What a file is by how it begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Header,
    Epoch,
    Keyring,
    Segment,
    Backup,
    Unknown,
}

/// The first bytes of a file.
struct Beginning(Vec<u8>);

impl Beginning {
    /// `None` where the file has gone meanwhile.
    fn read(disk: &dyn Disk, path: &Path) -> Result<Option<Self>, Error> {
        let Some(file) = open_if_there(disk, path)? else {
            return Ok(None);
        };
        let mut bytes = Vec::with_capacity(BEGINNING);
        file.take(BEGINNING as u64).read_to_end(&mut bytes)?;
        Ok(Some(Beginning(bytes)))
    }

    fn sort(&self) -> Sort {
        let is = |magic: &[u8; 8]| self.0.starts_with(magic);
        match () {
            () if is(header::MAGIC) => Sort::Header,
            () if is(epoch::MAGIC) => Sort::Epoch,
            () if is(keyring::MAGIC) => Sort::Keyring,
            () if is(segment::MAGIC) => Sort::Segment,
            () if is(backup_file::MAGIC) => Sort::Backup,
            () => Sort::Unknown,
        }
    }

    fn is_of(&self, vault: VaultId) -> bool {
        let at = match self.sort() {
            Sort::Header => 24,
            Sort::Epoch | Sort::Keyring | Sort::Segment => 16,
            Sort::Backup => 32,
            Sort::Unknown => return false,
        };
        self.0.get(at..at + ID_LENGTH) == Some(&vault.0)
    }

    fn is_of_keys(&self, headers: bool) -> bool {
        match self.sort() {
            Sort::Epoch | Sort::Keyring => true,
            Sort::Header => headers,
            _ => false,
        }
    }
}

/// Which folders a walk goes into.
struct Ways<'a> {
    disk: &'a dyn Disk,
    passes_over: &'a dyn Fn(&Path) -> bool,
    /// Folders that are gone through whole, or the walk fails; others as far as they can be.
    whole: &'a dyn Fn(&Path) -> bool,
}

/// Shows every file below a folder, whatever its name; links are not followed. Errors: `TooLarge` where there are more
/// folders, or deeper ones, than any vault and whoever carries it to and fro could have; and those of the disk.
fn walk<E: From<Error>>(
    ways: &Ways<'_>,
    folder: &Path,
    each: &mut dyn FnMut(PathBuf) -> Result<(), E>,
) -> Result<(), E> {
    let mut waiting = vec![(folder.to_owned(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = waiting.pop() {
        seen += 1;
        let listed = if depth > MAX_DEPTH || seen > MAX_FOLDERS {
            Err(Error::TooLarge)
        } else {
            list_all(ways.disk, &folder)
        };
        let listed = match listed {
            Err(error) if (ways.whole)(&folder) => return Err(error.into()),
            listed => listed.unwrap_or_default(),
        };
        for (path, sort) in listed {
            match sort {
                EntrySort::Folder if (ways.passes_over)(&path) => {}
                EntrySort::Folder => waiting.push((path, depth + 1)),
                EntrySort::File => each(path)?,
                EntrySort::Other => {}
            }
        }
    }
    Ok(())
}

/// Everything in a folder, what has a strange name included. One that is not there is an error: it was seen a moment ago,
/// and what was in it may lie where the walk has been already.
fn list_all(disk: &dyn Disk, folder: &Path) -> Result<Vec<(PathBuf, EntrySort)>, Error> {
    let mut known = disk.list(folder)?;
    known.sort_by(|left, right| left.name.cmp(&right.name));
    let mut all: Vec<_> = known
        .into_iter()
        .map(|entry| (folder.join(&entry.name), entry.sort))
        .collect();
    all.extend(disk.list_strange(folder)?);
    Ok(all)
}

/// Every file in the vault's folder that holds, or may hold, a key of before the header in force: epoch files and
/// keyrings but those that it names, whatever a file-sync engine called them and wherever it put them, unfinished files,
/// and what was set aside. After a rekey every other header, too.
pub fn old_keys(
    disk: &dyn Disk,
    layout: &Layout,
    header: &Header,
    headers: bool,
) -> Result<Vec<PathBuf>, Error> {
    let kept = kept(layout, header);
    let (sync, orphans) = (layout.sync(), layout.orphans());
    let unfinished_in = [layout.sync(), layout.checkpoints(), layout.local()];
    let mut found = Vec::new();
    let ways = Ways {
        disk,
        passes_over: &|folder| is_store(layout, folder) || is_another_vault(disk, layout, folder),
        whole: &|folder| folder == sync,
    };
    walk(&ways, &layout.root, &mut |path| {
        if kept.contains(&path) {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&path);
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or_default();
        let named = folder == sync
            && (name.starts_with(layout::EPOCH_PREFIX)
                || name.starts_with(layout::KEYRING_PREFIX)
                || (headers && name.starts_with(layout::HEADER_PREFIX)));
        let unfinished =
            disk::is_temporary(name) && unfinished_in.iter().any(|there| there == folder);
        if named || unfinished || folder == orphans {
            found.push(path);
            return Ok(());
        }
        // What cannot be read is none here; the proof stumbles over it.
        let beginning = Beginning::read(disk, &path).ok().flatten();
        let holds_keys = beginning.is_some_and(|beginning| {
            beginning.is_of_keys(headers) && (folder == sync || beginning.is_of(header.vault))
        });
        if holds_keys {
            found.push(path);
        }
        Ok::<_, Error>(())
    })?;
    Ok(found)
}

/// Every file of the journal, of whatever device and in whatever state, and whatever else in the vault's folder is a
/// segment of this vault, but the checkpoints in use.
pub fn old_segments(shared: &Shared, writer: &Writer) -> Result<Vec<PathBuf>, Error> {
    let (disk, layout) = (&*shared.host.disk, &shared.layout);
    let journals = layout.journals();
    let mut found = Vec::new();
    let ways = Ways {
        disk,
        passes_over: &|folder| is_store(layout, folder) || is_another_vault(disk, layout, folder),
        whole: &|folder| folder == journals || folder.parent() == Some(&journals),
    };
    walk(&ways, &layout.root, &mut |path| {
        let in_use = writer.checkpoints.iter().any(|file| file.path == path);
        let is_segment = || {
            let beginning = Beginning::read(disk, &path).ok().flatten();
            beginning
                .is_some_and(|there| there.sort() == Sort::Segment && there.is_of(shared.vault))
        };
        if !in_use && (path.starts_with(&journals) || is_segment()) {
            found.push(path);
        }
        Ok::<_, Error>(())
    })?;
    Ok(found)
}

/// Whether a file lies where this program puts its own. One that it cannot remove is an error there; elsewhere the proof
/// finds it.
pub fn is_ours(layout: &Layout, path: &Path) -> bool {
    path.parent()
        .is_some_and(|folder| is_our_folder(layout, folder))
}

/// Whether this program puts files of its own into a folder.
fn is_our_folder(layout: &Layout, folder: &Path) -> bool {
    let ours = [
        layout.sync(),
        layout.orphans(),
        layout.checkpoints(),
        layout.local(),
    ];
    ours.iter().any(|ours| ours == folder) || folder.parent() == Some(&layout.journals())
}

/// The files with keys that stay.
fn kept(layout: &Layout, header: &Header) -> Vec<PathBuf> {
    let copies = layout::COPIES.iter();
    let both = copies.flat_map(|copy| [layout.header(copy), layout.epoch(header.epoch.id, copy)]);
    both.chain([layout.keyring(header.keyring_revision)])
        .collect()
}

/// Whether it is the folder of a store, or of stores that were put aside; they are gone through by themselves.
fn is_store(layout: &Layout, folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str());
    folder.parent() == Some(&layout.local())
        && (folder == layout.aside()
            || name.is_some_and(|name| name.starts_with(layout::STORE_PREFIX)))
}

/// Whether it is the folder of a vault in its own right, which someone keeps inside of this one. It may be all there is of
/// what was restored there, and its one checkpoint all that there is of its rows: so nothing of it is changed.
fn is_another_vault(disk: &dyn Disk, layout: &Layout, folder: &Path) -> bool {
    let is_vault = |folder: &Path| {
        let there = Layout::new(folder, &layout.device_folder);
        let mut copies = layout::COPIES.iter();
        copies.any(|copy| disk.open(&there.header(copy)).is_ok())
    };
    // A header that someone puts below a folder of ours hides nothing that belongs there, only what came with it.
    let ours = |folder: &Path| folder == layout.journals() || is_our_folder(layout, folder);
    let came_with_it = || {
        let inner = [layout.sync(), layout.local()];
        let mut inner = inner.iter().map(|inner| inner.file_name());
        let parent = folder.parent().filter(|parent| ours(parent));
        inner.any(|name| name == folder.file_name()) && parent.is_some_and(is_vault)
    };
    came_with_it() || (!ours(folder) && is_vault(folder))
}

fn open_if_there(disk: &dyn Disk, path: &Path) -> Result<Option<Box<dyn Read + Send>>, Error> {
    match disk.open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What was gone through to prove that nothing is left.
#[derive(Default)]
pub struct Proof {
    pub files: u64,
    pub bytes: u64,
    pub parts: u64,
}

/// What is to be looked for of rows, while it is gathered.
#[derive(Default)]
pub struct Gathered {
    keys: BTreeSet<[u8; PIECE_LENGTH]>,
    values: Vec<[u8; PIECE_LENGTH]>,
}

impl Gathered {
    /// Takes of each row a piece of its key and one of its value: sled may have overwritten either.
    pub fn of(rows: impl Iterator<Item = (RowKey, Value)>) -> Self {
        let mut gathered = Gathered::default();
        for (key, value) in rows {
            gathered.keys.insert(piece_of(&key));
            let piece = value.get(PIECE_OF_VALUE);
            let piece = piece.and_then(|piece| piece.try_into().ok());
            gathered.values.extend::<Option<[u8; PIECE_LENGTH]>>(piece);
        }
        gathered
    }

    /// Leaves out what the key of a row says that stays: a name is the same in every compartment.
    pub fn leave_out(&mut self, key: &RowKey) {
        self.keys.remove(&piece_of(key));
    }

    pub fn into_pieces(self) -> Pieces {
        let mut sorted = self.values;
        sorted.extend(self.keys);
        sorted.sort_unstable();
        let bits = (sorted.len() * BITS_PER_PIECE).next_power_of_two();
        let mut pieces = Pieces {
            beginnings: vec![0; bits.clamp(MIN_BITS, MAX_BITS) / 64],
            sorted,
        };
        for at in 0..pieces.sorted.len() {
            let (word, bit) = pieces.place_of(&pieces.sorted[at]);
            pieces.beginnings[word] |= bit;
        }
        pieces
    }
}

fn piece_of(key: &RowKey) -> [u8; PIECE_LENGTH] {
    std::array::from_fn(|at| key.0[PIECE_OF_KEY.start + at])
}

/// Pieces of rows, however many there are, that are looked for all at once.
#[derive(Default)]
pub struct Pieces {
    sorted: Vec<[u8; PIECE_LENGTH]>,
    /// A bit for each beginning that a piece has, by some of its bits; a power of two of them, or none.
    beginnings: Vec<u64>,
}

impl Pieces {
    fn place_of(&self, bytes: &[u8; PIECE_LENGTH]) -> (usize, u64) {
        let beginning = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        let beginning = beginning & (self.beginnings.len() * 64 - 1);
        (beginning / 64, 1 << (beginning % 64))
    }

    fn any_in(&self, bytes: &[u8]) -> bool {
        if self.sorted.is_empty() {
            return false;
        }
        bytes.array_windows().any(|there| {
            let (word, bit) = self.place_of(there);
            self.beginnings[word] & bit != 0 && self.sorted.binary_search(there).is_ok()
        })
    }
}

/// What must lie in no file that is left.
pub struct Doomed<'a> {
    /// The secret of the epoch before; none where nothing has it any more.
    pub secret: Option<&'a EpochSecret>,
    /// The root keys that someone may have.
    pub roots: Vec<&'a RootKey>,
    /// Other bytes that are looked for.
    pub bytes: Vec<&'a [u8]>,
    /// What is looked for of rows.
    pub pieces: &'a Pieces,
    /// Whether a header is one of before.
    pub is_old_header: &'a dyn Fn(&[u8]) -> bool,
    /// Whether a keyring that opens with the present keys holds what it should not.
    pub is_old_keyring: &'a dyn Fn(&Keyring) -> bool,
}

impl Doomed<'_> {
    /// The bytes that are looked for in every file, whatever it is.
    fn wanted(&self) -> Vec<&[u8]> {
        let mut wanted = self.bytes.clone();
        wanted.extend(self.secret.map(|secret| &secret.bytes()[..]));
        wanted
    }
}

/// Goes through every file in the vault's folder but the store, the checkpoints in use and the lock, which is held and
/// holds nothing.
pub fn prove_files(
    shared: &Shared,
    writer: &Writer,
    doomed: &Doomed<'_>,
    proof: &mut Proof,
) -> Result<(), NotDestroyed> {
    let (disk, layout) = (&*shared.host.disk, &shared.layout);
    let head = shared.head()?;
    let store = layout.store(shared.store().id);
    let kept = kept(layout, &head.header);
    let wanted = doomed.wanted();
    let ways = Ways {
        disk,
        passes_over: &|folder| folder == store,
        whole: &|_| true,
    };
    walk(&ways, &layout.root, &mut |path| {
        let in_use = writer.checkpoints.iter().any(|file| file.path == path);
        if in_use || path == layout.lock() {
            return Ok(());
        }
        let Some(beginning) = Beginning::read(disk, &path)? else {
            return Ok(());
        };
        let folder = path.parent().unwrap_or(&path);
        let name = path.file_name().and_then(|name| name.to_str());
        let named = name.is_some_and(|name| {
            name.starts_with(layout::EPOCH_PREFIX) || name.starts_with(layout::KEYRING_PREFIX)
        });
        let sync = folder == layout.sync();
        if folder == layout.orphans() || (sync && named && !kept.contains(&path)) {
            return Err(NotDestroyed::Left(Part::Epoch));
        }
        try_file(shared, &head, doomed, (&path, &beginning))?;
        proof.files += 1;
        let Some(mut file) = open_if_there(disk, &path)? else {
            return Ok(());
        };
        let (bytes, found) = search(&mut file, &wanted, doomed.pieces)?;
        proof.bytes += bytes;
        if found {
            return Err(NotDestroyed::Left(holder(layout, &path)));
        }
        Ok(())
    })
}

/// Tries what is a file of a vault by how it begins.
fn try_file(
    shared: &Shared,
    head: &Head,
    doomed: &Doomed<'_>,
    (path, beginning): (&Path, &Beginning),
) -> Result<(), NotDestroyed> {
    let disk = &*shared.host.disk;
    let sort = beginning.sort();
    let of_this_vault = beginning.is_of(shared.vault);
    // Of a damaged backup even the id of its vault may be wrong.
    if !of_this_vault && sort != Sort::Backup {
        return Ok(());
    }
    let read = |limit: u64| -> Result<zeroize::Zeroizing<Vec<u8>>, NotDestroyed> {
        let mut bytes = zeroize::Zeroizing::new(Vec::new());
        if let Some(file) = open_if_there(disk, path)? {
            file.take(limit).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    };
    let left = |part| Err(NotDestroyed::Left(part));
    match sort {
        Sort::Header if (doomed.is_old_header)(&read(header::HEADER_LENGTH as u64 + 1)?) => {
            left(Part::Header)
        }
        // One that is damaged may still hold its secret.
        Sort::Epoch => match EpochFile::parse(&read(epoch::EPOCH_LENGTH as u64 + 1)?) {
            Some(file) if primitives::equal(file.secret.bytes(), head.secret.bytes()) => Ok(()),
            _ => left(Part::Epoch),
        },
        Sort::Keyring => match Keyring::open(&head.key, &read(MAX_KEYRING_FILE)?) {
            Some((_, keyring)) if !(doomed.is_old_keyring)(&keyring) => Ok(()),
            _ => left(Part::Keyring),
        },
        Sort::Segment => left(Part::Journal),
        // One that does not open here opens with what opened the vault once, and may hold what it held then.
        Sort::Backup => match Preface::parse(&read(PREFACE_LENGTH as u64)?) {
            Ok(preface) if preface.vault != shared.vault => Ok(()),
            Err(NotPreface::Newer(_)) if !of_this_vault => Ok(()),
            Ok(preface) if is_under_present(&preface, head, doomed) => Ok(()),
            _ => left(Part::Backup),
        },
        _ => Ok(()),
    }
}

/// Whether a backup has the secret of the epoch in force, and so was made after what was before.
fn is_under_present(preface: &Preface, head: &Head, doomed: &Doomed<'_>) -> bool {
    let roots = doomed.roots.iter();
    let mut secrets = roots.filter_map(|root| preface.open_secret(root));
    secrets.any(|secret| primitives::equal(secret.bytes(), head.secret.bytes()))
}

/// What a file belongs to, by where it lies.
fn holder(layout: &Layout, path: &Path) -> Part {
    let parts = [
        (layout.journals(), Part::Journal),
        (layout.checkpoints(), Part::Checkpoint),
        (layout.local(), Part::Store),
    ];
    let there = parts.iter().find(|(folder, _)| path.starts_with(folder));
    there.map_or(Part::Epoch, |(_, part)| *part)
}

/// Looks for the secret, the bytes and the pieces in every file below a store's folder; that always lies on the disk of the
/// machine.
pub fn contains(folder: &Path, doomed: &Doomed<'_>, proof: &mut Proof) -> Result<bool, Error> {
    let wanted = doomed.wanted();
    let mut any = false;
    let ways = Ways {
        disk: &RealDisk,
        passes_over: &|_| false,
        whole: &|_| true,
    };
    walk::<Error>(&ways, folder, &mut |path| {
        if any {
            return Ok(());
        }
        proof.files += 1;
        let Some(mut file) = open_if_there(&RealDisk, &path)? else {
            return Ok(());
        };
        let (bytes, found) = search(&mut file, &wanted, doomed.pieces)?;
        proof.bytes += bytes;
        any = found;
        Ok(())
    })?;
    Ok(any)
}

/// Reads to the end, stretch by stretch, and says how much that was and whether any of these bytes is in it.
fn search(file: &mut impl Read, wanted: &[&[u8]], pieces: &Pieces) -> Result<(u64, bool), Error> {
    // What lies across two stretches is found in the second: the end of the first is kept before it.
    let longest = wanted.iter().map(|one| one.len()).max().unwrap_or(0);
    let overlap = longest.max(PIECE_LENGTH) - 1;
    let mut buffer = vec![0; SEARCH_STRETCH + overlap];
    let (mut kept, mut read) = (0, 0);
    loop {
        let got = match file.read(&mut buffer[kept..]) {
            Ok(0) => return Ok((read, false)),
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        read += got as u64;
        let there = &buffer[..kept + got];
        if wanted
            .iter()
            .any(|one| memchr::memmem::find(there, one).is_some())
            || pieces.any_in(there)
        {
            return Ok((read, true));
        }
        let end = there.len();
        let next = end.min(overlap);
        buffer.copy_within(end - next..end, 0);
        kept = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_wherever_a_piece_ends() {
        let mut hay = vec![7; 3 * SEARCH_STRETCH];
        let wanted: [&[u8]; 2] = [b"0123456789abcdef", b"fedcba9876543210"];
        let none = Pieces::default();
        let look = |hay: &[u8]| search(&mut &hay[..], &wanted, &none).unwrap();
        assert_eq!(look(&hay), (hay.len() as u64, false));
        for at in [
            0,
            1,
            SEARCH_STRETCH - 8,
            SEARCH_STRETCH + 7,
            2 * SEARCH_STRETCH,
            hay.len() - 16,
        ] {
            for one in wanted {
                let before = hay[at..at + 16].to_vec();
                hay[at..at + 16].copy_from_slice(one);
                assert!(look(&hay).1, "at {at}");
                hay[at..at + 16].copy_from_slice(&before);
            }
        }
        hay.truncate(20);
        assert_eq!(look(&hay), (20, false));
    }
    fn row(number: u32) -> (RowKey, Value) {
        let hash = primitives::sha256(&[&number.to_le_bytes()]);
        let value = [&[1, 0, 0, 0, 0, 0, 0, 0][..], &hash, &hash].concat();
        let mut key = primitives::sha256(&[&hash]);
        key[..16].fill(7);
        (RowKey(key), Value::from(value))
    }

    #[test]
    fn any_of_many_rows_is_found_by_what_the_store_keeps_of_its_key_or_by_its_value() {
        let many = 40_000;
        let pieces = Gathered::of((0..many).map(row)).into_pieces();
        let mut hay = vec![0; SEARCH_STRETCH + 4_000];
        // Rows of which nothing is looked for, and the route of those that are.
        for number in 0..10_000 {
            let (key, value) = row(many + number);
            let at = number as usize * 104;
            hay[at..at + 32].copy_from_slice(&key.0);
            hay[at + 32..at + 104].copy_from_slice(&value);
        }
        let look = |hay: &[u8]| search(&mut &hay[..], &[], &pieces).unwrap().1;
        assert!(!look(&hay));
        for number in [0, 1, 17_000, many - 1] {
            let (key, value) = row(number);
            for at in [0, 1, SEARCH_STRETCH - 6, SEARCH_STRETCH, hay.len() - 24] {
                for piece in [&key.0[20..], &value[8..32]] {
                    let before = hay[at..at + 24].to_vec();
                    hay[at..at + piece.len()].copy_from_slice(piece);
                    assert!(look(&hay), "row {number} at {at}");
                    hay[at..at + 24].copy_from_slice(&before);
                }
            }
        }
        assert!(!look(&hay));
        // A row that stays has the same name as one that goes: only its value tells that one.
        let (key, value) = row(0);
        let mut gathered = Gathered::of([row(0)].into_iter());
        gathered.leave_out(&key);
        let pieces = gathered.into_pieces();
        assert!(!pieces.any_in(&key.0) && pieces.any_in(&value));
        assert!(!Pieces::default().any_in(&value));
    }
}
