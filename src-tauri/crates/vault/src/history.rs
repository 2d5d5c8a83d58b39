//! What the files alone tell of the vault's history: journal, checkpoints, and the copies of what opens them. While the
//! store serves every row nobody needs them, and so nobody notices that they have gone bad; a second fault would then
//! find nothing to build from. Here they are read as an opening without a store would have to, and written anew from a
//! store that is proven whole.

mod mending;
mod saves;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::base::{self, Start};
use crate::checkpoint::{self, CheckpointFile, Wanted};
use crate::current::Current;
use crate::disk::{self, EntrySort};
use crate::envelope::EpochSecret;
use crate::epoch::EpochFile;
use crate::error::{Error, Part};
use crate::frame::Action;
use crate::header::{Header, Pending};
use crate::journal::{self, FileId0, Survey};
use crate::keyring::Keyring;
use crate::layout;
use crate::primitives::{self, Hash};
use crate::progress::Progress;
use crate::row::RowKey;
use crate::shared::{CHECKPOINTS_KEPT, Head, Shared, Writer};
use crate::state::State;
use crate::sums::Sums;
use crate::vault::Vault;
use crate::watch::{Step, Watch};

pub use mending::destroy_aside;

/// How the folders begin in which damaged files of the history are kept.
const ASIDE_PREFIX: &str = "history.";

/// What reading the journal, the checkpoints and the copies came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryCheck {
    /// What cannot be read to its end, each file once.
    pub damaged: Vec<DamagedFile>,
    /// Rows that the vault has.
    pub rows: u64,
    /// How many of them would come back, as they are now, if the store were lost.
    pub rows_without_store: u64,
}

impl HistoryCheck {
    /// Whether all that is here now could be built anew from checkpoint and journal alone.
    pub fn stands_alone(&self) -> bool {
        self.rows_without_store == self.rows
    }
}

/// A file that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedFile {
    /// What it is.
    pub part: Part,
    /// Where it is, or was; of a segment whose name nobody knows any more, its folder.
    pub path: PathBuf,
    /// Whether it is not there at all.
    pub missing: bool,
}

impl Vault {
    /// Reads the whole journal, every checkpoint, both copies of header and epoch, the keyrings and `CURRENT`, as an
    /// opening without a store would have to, and says which files cannot be read and what would be lost with the store.
    /// Changes nothing, holds a frame or a row at a time where all is well, and works where nothing may be written.
    /// Checkpoints are read while saves go on; these wait while the journal is. Errors: `Cancelled`, `Stale`, and those
    /// of the disk.
    pub fn check_history(&self, watch: &dyn Watch) -> Result<HistoryCheck, Error> {
        self.with_present(|shared| {
            shared.check_fresh()?;
            // Listed while none comes or goes.
            let (there, rows) = {
                let writer = shared.writer_to_read()?;
                (Checkpoints::list(shared)?, writer.state.sums.total.count)
            };
            let mut checkpoints = Checkpoints::default();
            checkpoints.read(shared, there, rows, watch)?;
            let writer = shared.writer_to_read()?;
            look(shared, &writer, checkpoints, watch)
        })
    }

    /// Makes whole what `check_history` finds damaged, and answers what it found. Copies are written anew from what is
    /// held open. Where journal or checkpoints are damaged, two checkpoints of the store are written; only then are the
    /// damaged files put aside, and the journal is begun anew. May be cut off anywhere, and done again. Errors: `Damaged`
    /// where the rows of the store are not proven to be those that were saved, for then the damaged files may hold what
    /// is missing; `ReadOnly`, `Cancelled`, and those of the disk.
    pub fn mend_history(&self, watch: &dyn Watch) -> Result<HistoryCheck, Error> {
        self.with_present(|shared| mending::mend(shared, watch))
    }
}

fn look(
    shared: &Shared,
    writer: &Writer,
    mut checkpoints: Checkpoints,
    watch: &dyn Watch,
) -> Result<HistoryCheck, Error> {
    let mut damaged = Vec::new();
    find_damaged_copies(shared, writer, &mut damaged)?;
    // What was written since, and what is gone by now.
    let rows = writer.state.sums.total.count;
    checkpoints.read(shared, Checkpoints::list(shared)?, rows, watch)?;
    checkpoints.find_damaged(shared, writer, &mut damaged)?;
    watch.at(Step::Reading);
    let looking = Looking::of(shared)?;
    let survey = looking.survey(shared)?;
    let journal = saves::read_journal(shared, writer, &survey, &checkpoints, watch, &mut damaged)?;
    let mut check = HistoryCheck {
        rows,
        rows_without_store: rows,
        damaged,
    };
    if !journal.leads_from(checkpoints.newest(), &writer.state) {
        (check.rows, check.rows_without_store) =
            count_rows_without_store(shared, looking, &survey, &checkpoints, watch)?;
    }
    Ok(check)
}

/// The journal as an opening would see it now.
pub fn survey(shared: &Shared) -> Result<Survey, Error> {
    Looking::of(shared)?.survey(shared)
}

/// Which files count, by the header in force; as at an opening.
#[derive(Clone, Copy)]
struct Looking {
    wanted: Wanted,
    /// New keys were prepared, and the journal is of before them.
    rekeying: bool,
}

impl Looking {
    fn of(shared: &Shared) -> Result<Looking, Error> {
        let head = shared.head()?;
        let Header { pending, epoch, .. } = head.header;
        let rekeying = pending == Pending::DestroyOldLineage;
        Ok(Looking {
            wanted: Wanted {
                epoch: (pending != Pending::DestroyOldEpochs).then_some(epoch.id),
                unnamed: rekeying,
            },
            rekeying,
        })
    }

    fn survey(self, shared: &Shared) -> Result<Survey, Error> {
        if self.rekeying {
            return Ok(Survey::default());
        }
        journal::survey(shared.context(), self.wanted.epoch)
    }
}

/// The checkpoints whose head is genuine, oldest first, and how things stood in those that could be read to their end.
#[derive(Default)]
struct Checkpoints {
    read: Vec<(CheckpointFile, Option<State>)>,
}

impl Checkpoints {
    fn list(shared: &Shared) -> Result<Vec<CheckpointFile>, Error> {
        Ok(checkpoint::list(shared.context(), Looking::of(shared)?.wanted)?.0)
    }

    /// Takes these for those that are there, and reads what was not read before; each has about so many rows.
    fn read(
        &mut self,
        shared: &Shared,
        there: Vec<CheckpointFile>,
        rows: u64,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        let known = std::mem::take(&mut self.read);
        let mut progress = Progress::new(watch, rows.saturating_mul(there.len() as u64));
        for file in there {
            let before = known.iter().find(|(known, _)| known.path == file.path);
            let state = match before {
                Some((_, state)) => state.clone(),
                None => read_checkpoint(shared, &file, &mut progress)?,
            };
            self.read.push((file, state));
        }
        Ok(())
    }

    fn sound(&self) -> impl DoubleEndedIterator<Item = &State> {
        self.read.iter().filter_map(|(_, state)| state.as_ref())
    }

    /// Where an opening without a store would begin; none where it would have to make do with what it can salvage.
    fn newest(&self) -> Option<State> {
        let nothing = self.read.is_empty().then(State::default);
        self.sound().next_back().cloned().or(nothing)
    }

    /// As far back as the journal is kept: one more may be there whose removal the power cut off.
    fn oldest_kept(&self) -> Option<&State> {
        let kept = self.read.iter().rev().take(CHECKPOINTS_KEPT);
        kept.filter_map(|(_, state)| state.as_ref()).next_back()
    }

    fn find_damaged(
        &self,
        shared: &Shared,
        writer: &Writer,
        damaged: &mut Vec<DamagedFile>,
    ) -> Result<(), Error> {
        let folder = shared.layout.checkpoints();
        let entries = disk::list_if_there(&*shared.host.disk, &folder)?;
        let there: BTreeSet<PathBuf> = entries
            .iter()
            .map(|entry| folder.join(&entry.name))
            .collect();
        let sound: BTreeSet<&PathBuf> = self
            .read
            .iter()
            .filter(|(_, state)| state.is_some())
            .map(|(file, _)| &file.path)
            .collect();
        for entry in &entries {
            let path = folder.join(&entry.name);
            let ours = layout::parse_segment_name(&entry.name).is_some()
                || self.read.iter().any(|(file, _)| file.path == path);
            if entry.sort == EntrySort::File && ours && !sound.contains(&path) {
                damaged.push(unreadable(Part::Checkpoint, path));
            }
        }
        let known = writer.checkpoints.iter().map(|file| &file.path);
        let missing = known.filter(|path| !there.contains(*path));
        damaged.extend(missing.map(|path| gone(Part::Checkpoint, path.clone())));
        let newest = writer.current.checkpoint;
        let mut ids = self.read.iter().map(|(file, _)| file.header.file);
        let told = damaged.iter().any(|file| file.part == Part::Checkpoint);
        if !told && newest.0 != FileId0::default() && ids.all(|id| id != newest) {
            // It was gone when the vault was opened: only `CURRENT` knows of it.
            damaged.push(gone(Part::Checkpoint, folder));
        }
        Ok(())
    }
}

/// Reads a checkpoint to its end; none unless everything in it is as it should be.
fn read_checkpoint(
    shared: &Shared,
    file: &CheckpointFile,
    progress: &mut Progress<'_>,
) -> Result<Option<State>, Error> {
    let mut sums = Sums::default();
    let read = checkpoint::read(
        shared.context(),
        &file.path,
        &file.header,
        &mut |key, value| {
            sums.add(&shared.keys.sum, &key, value);
            progress.verifying()
        },
    );
    match read {
        Err(Error::Cancelled) => Err(Error::Cancelled),
        Ok(checked) if sums.agrees_with(&checked.state.sums) => Ok(Some(checked.state)),
        // One that the disk refuses to read is as good as damaged.
        _ => Ok(None),
    }
}

fn find_damaged_copies(
    shared: &Shared,
    writer: &Writer,
    damaged: &mut Vec<DamagedFile>,
) -> Result<(), Error> {
    let head = shared.head()?;
    let (disk, layout) = (&*shared.host.disk, &shared.layout);
    let mut expect = |part, path: PathBuf, is_right: &dyn Fn(&[u8]) -> bool| {
        let there = disk.read(&path).map(Zeroizing::new);
        match there {
            Ok(bytes) if is_right(&bytes) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => damaged.push(gone(part, path)),
            _ => damaged.push(unreadable(part, path)),
        }
    };
    let epoch = encode_epoch(shared, &head)?;
    for copy in layout::COPIES {
        expect(Part::Header, layout.header(copy), &|bytes| {
            bytes == head.bytes
        });
        let path = layout.epoch(head.header.epoch.id, copy);
        expect(Part::Epoch, path, &|bytes| bytes == &epoch[..]);
    }
    let revision = head.header.keyring_revision;
    expect(Part::Keyring, layout.keyring(revision), &|bytes| {
        primitives::sha256(&[bytes]) == head.header.keyring_hash
            && Keyring::open(&head.key, bytes).is_some()
    });
    // The one before it stays, should it be damaged; after a forgetting, or new keys, there is none.
    let before = revision.saturating_sub(1);
    let older = layout.keyring(before);
    let settled = head.header.pending == Pending::Nothing;
    let is_there =
        !matches!(disk.open(&older), Err(error) if error.kind() == io::ErrorKind::NotFound);
    if settled && is_there {
        expect(Part::Keyring, older, &|bytes| {
            Keyring::open(&head.key, bytes).is_some_and(|(name, _)| {
                name.vault == shared.vault
                    && name.lineage == shared.lineage
                    && name.epoch == head.header.epoch
                    && name.revision == before
            })
        });
    }
    expect(Part::Current, layout.current(), &|bytes| {
        let current = Current::parse(bytes, &shared.keys.current, shared.vault, shared.lineage);
        // An older one that was put in its place is a hint at what may be there no more.
        current.is_some_and(|current| current.revision >= writer.current.revision)
    });
    Ok(())
}

fn encode_epoch(shared: &Shared, head: &Head) -> Result<Zeroizing<Vec<u8>>, Error> {
    let damaged = Error::Damaged { part: Part::Epoch };
    let file = EpochFile {
        vault: shared.vault,
        name: head.header.epoch,
        secret: EpochSecret::from_slice(head.secret.bytes()).ok_or(damaged)?,
    };
    Ok(file.encode())
}

/// Builds in memory what an opening without a store would, with a hash in the place of each value, and counts the rows of
/// the store and those of them that are the same there.
fn count_rows_without_store(
    shared: &Shared,
    looking: Looking,
    survey: &Survey,
    checkpoints: &Checkpoints,
    watch: &dyn Watch,
) -> Result<(u64, u64), Error> {
    let context = shared.context();
    let mut rows: BTreeMap<RowKey, Hash> = BTreeMap::new();
    let mut put = |key: RowKey, value: &[u8]| {
        rows.insert(key, primitives::sha256(&[value]));
        Ok(())
    };
    let newest_first = checkpoints.read.iter().rev();
    let newest_first = newest_first.map(|(file, state)| (file, state.clone()));
    let start = base::choose(context, survey, newest_first)?.start;
    // After new keys nothing but a whole checkpoint would do.
    let opens = !looking.rekeying || start.is_continued();
    let loaded = match start {
        Start::Continued(file, _, loaded) | Start::Parted(file, _, loaded) => {
            checkpoint::read(context, &file.path, &file.header, &mut put)?;
            loaded
        }
        Start::Nothing(loaded) => loaded,
        Start::Remains => {
            let mut frontier = BTreeMap::new();
            if let Some((oldest, _)) = checkpoints.read.first() {
                checkpoint::salvage(context, oldest, &mut put)?;
                frontier = base::covered_by_head(oldest);
            }
            survey.load(context, &frontier)?
        }
    };
    for commit in loaded.commits {
        for operation in commit.operations {
            match operation.action {
                Action::Put => {
                    let hash = primitives::sha256(&[&operation.value]);
                    rows.insert(operation.key, hash);
                }
                Action::Delete | Action::Tombstone => {
                    rows.remove(&operation.key);
                }
            }
        }
    }
    let (mut there, mut same) = (0, 0);
    let mut progress = Progress::new(watch, 0);
    for row in shared.store().rows(None) {
        progress.verifying()?;
        let (key, value) = row?;
        there += 1;
        same += u64::from(opens && rows.get(&key) == Some(&primitives::sha256(&[&value])));
    }
    Ok((there, same))
}

fn unreadable(part: Part, path: PathBuf) -> DamagedFile {
    let missing = false;
    DamagedFile {
        part,
        path,
        missing,
    }
}

fn gone(part: Part, path: PathBuf) -> DamagedFile {
    let missing = true;
    DamagedFile {
        part,
        path,
        missing,
    }
}
