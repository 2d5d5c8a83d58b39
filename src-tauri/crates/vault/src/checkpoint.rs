//! Checkpoints: every live row in one file, from which the store can be built anew.

use std::path::{Path, PathBuf};

use crate::container::{self, Checked, HashingReader, RowVisitor, RowsOut};
use crate::disk::{self, Disk, EntrySort};
use crate::error::{Error, Part};
use crate::frame::{self, Ending, FileKeys};
use crate::ids::{DeviceId, EpochId, FileId};
use crate::journal::{self, Context};
use crate::primitives::Hash;
use crate::report::Moment;
use crate::row::RowKey;
use crate::segment::{self, FoundFrame, SegmentHeader, SegmentSort};
use crate::state::State;
use crate::sums::Sums;

/// Bytes without a genuine frame after which the rest of a damaged checkpoint is given up.
const SALVAGE_PATIENCE: u64 = 4 << 30;

/// A checkpoint as it lies on the disk.
#[derive(Debug, Clone)]
pub struct CheckpointFile {
    pub path: PathBuf,
    pub header: SegmentHeader,
}

/// What the ending of a new checkpoint says of the rest of the vault.
#[derive(Clone, Copy)]
pub struct Surroundings {
    pub header_revision: u64,
    pub keyring_revision: u64,
    pub keyring_hash: Hash,
    pub epoch: EpochId,
}

impl Surroundings {
    /// What the end frame of a container of that device says.
    pub fn ending(&self, state: &State, device: DeviceId) -> Ending {
        Ending {
            covered: state.point(device),
            header_revision: self.header_revision,
            keyring_revision: self.keyring_revision,
            epoch: self.epoch,
            keyring_hash: self.keyring_hash,
        }
    }
}

/// Which checkpoints count.
#[derive(Clone, Copy, Default)]
pub struct Wanted {
    /// The epoch that they were written in: whatever changes the epoch for good has removed all others.
    pub epoch: Option<EpochId>,
    /// Whether one counts that has not got its name yet.
    pub unnamed: bool,
}

/// Lists the genuine checkpoints, oldest first, and how many files are none.
pub fn list(context: Context<'_>, wanted: Wanted) -> Result<(Vec<CheckpointFile>, u64), Error> {
    let mut files = Vec::new();
    let mut damaged = 0;
    for entry in disk::list_if_there(context.disk, &context.layout.checkpoints())? {
        let passed_over = disk::is_temporary(&entry.name) && !wanted.unnamed;
        if entry.sort != EntrySort::File || passed_over {
            continue;
        }
        let path = context.layout.checkpoints().join(&entry.name);
        let head = journal::read_head(context.disk, &path)?;
        let genuine = SegmentHeader::parse(&head).filter(|header| {
            header.sort == SegmentSort::Checkpoint
                && header.vault == context.vault
                && header.lineage == context.lineage
                && wanted.epoch.is_none_or(|epoch| header.epoch == epoch)
                && SegmentHeader::is_authentic(&head, &keys_of(context, header))
        });
        match genuine {
            Some(header) => files.push(CheckpointFile { path, header }),
            None => damaged += 1,
        }
    }
    files.sort_by_key(|file| (file.header.number, file.header.first_sequence));
    Ok((files, damaged))
}

/// Takes rows into a container that is being written.
pub type AddRow<'a> = dyn FnMut(RowKey, &[u8]) -> Result<(), Error> + 'a;

/// Writes a checkpoint of `rows` as they stand in `state`, reads it back, and gives it its name. Rows that do
/// not add up to the state's sums make no checkpoint.
pub fn write(
    context: Context<'_>,
    device: DeviceId,
    previous: Option<&CheckpointFile>,
    state: &State,
    surroundings: Surroundings,
    sum_key: &crate::envelope::MacKey,
    mut rows: impl Iterator<Item = Result<(RowKey, impl AsRef<[u8]>), Error>>,
) -> Result<CheckpointFile, Error> {
    write_from(
        context,
        device,
        previous,
        state,
        surroundings,
        sum_key,
        |add| rows.try_for_each(|row| row.and_then(|(key, value)| add(key, value.as_ref()))),
    )
}

/// As `write`, with rows from whoever hands them out.
pub fn write_from(
    context: Context<'_>,
    device: DeviceId,
    previous: Option<&CheckpointFile>,
    state: &State,
    surroundings: Surroundings,
    sum_key: &crate::envelope::MacKey,
    rows: impl FnOnce(&mut AddRow<'_>) -> Result<(), Error>,
) -> Result<CheckpointFile, Error> {
    let file = prepare(
        context,
        device,
        previous,
        state,
        surroundings,
        sum_key,
        rows,
    )?;
    name(context.disk, &file)?;
    Ok(file)
}

/// As `write_from`, but the file does not get its name yet.
pub fn prepare(
    context: Context<'_>,
    device: DeviceId,
    previous: Option<&CheckpointFile>,
    state: &State,
    surroundings: Surroundings,
    sum_key: &crate::envelope::MacKey,
    rows: impl FnOnce(&mut AddRow<'_>) -> Result<(), Error>,
) -> Result<CheckpointFile, Error> {
    let file = FileId::make()?;
    let covered = state.point(device);
    let header = SegmentHeader {
        sort: SegmentSort::Checkpoint,
        vault: context.vault,
        lineage: context.lineage,
        device,
        file,
        number: previous.map_or(1, |previous| previous.header.number + 1),
        first_sequence: covered.sequence,
        previous: previous.map_or(FileId([0; 16]), |previous| previous.header.file),
        previous_length: 0,
        chain: covered.chain,
        header_revision: surroundings.header_revision,
        epoch: surroundings.epoch,
    };
    let path = context.layout.checkpoint(header.number, file);
    let unfinished = disk::temporary(&path);
    let written = write_unnamed(context, &unfinished, &header, state, surroundings, rows)
        .and_then(|()| check(context, &unfinished, &header, Some(sum_key)))
        .and_then(|checked| {
            let whole = checked.state == *state && checked.ending.covered == covered;
            if whole {
                Ok(())
            } else {
                Err(Error::Damaged {
                    part: Part::Checkpoint,
                })
            }
        });
    if let Err(error) = written {
        // The space may be needed; that the remains cannot be removed changes nothing about the error.
        let _ = context.disk.remove(&unfinished);
        return Err(error);
    }
    Ok(CheckpointFile { path, header })
}

/// Gives a prepared checkpoint its name.
fn name(disk: &dyn Disk, file: &CheckpointFile) -> Result<(), Error> {
    disk.rename(&disk::temporary(&file.path), &file.path)?;
    Ok(disk::sync_parent(disk, &file.path)?)
}

/// Gives the checkpoint its name that was prepared in an epoch which has begun since.
pub fn promote(context: Context<'_>, epoch: EpochId) -> Result<(), Error> {
    let wanted = Wanted {
        epoch: Some(epoch),
        unnamed: true,
    };
    for mut file in list(context, wanted)?.0 {
        let named = context
            .layout
            .checkpoint(file.header.number, file.header.file);
        if file.path == disk::temporary(&named) {
            file.path = named;
            name(context.disk, &file)?;
        }
    }
    Ok(())
}

/// Reads a checkpoint to its end and checks every seal, chain, checksum and, with the key, the sums.
pub fn check(
    context: Context<'_>,
    path: &Path,
    header: &SegmentHeader,
    sum_key: Option<&crate::envelope::MacKey>,
) -> Result<Checked, Error> {
    let mut sums = Sums::default();
    let checked = read(context, path, header, &mut |key, value| {
        if let Some(sum_key) = sum_key {
            sums.add(sum_key, &key, value);
        }
        Ok(())
    })?;
    if sum_key.is_some() && !sums.agrees_with(&checked.state.sums) {
        return Err(Error::Damaged {
            part: Part::Checkpoint,
        });
    }
    Ok(checked)
}

/// Reads a checkpoint, handing out each row on the way. An error at the end means that what was handed out
/// counts for nothing.
pub fn read(
    context: Context<'_>,
    path: &Path,
    header: &SegmentHeader,
    row: &mut RowVisitor<'_>,
) -> Result<Checked, Error> {
    let mut reader = HashingReader::new(context.disk.open(path)?, Part::Checkpoint);
    let (found, keys) = reader.take_header(|_| keys_of(context, header))?;
    if found != *header {
        return Err(reader.damaged());
    }
    container::read_rows(reader, &keys, header, row)
}

/// Takes what can still be read out of a damaged checkpoint. Returns the Lamport and the time of the last save that it
/// covers, which each of its frames says.
pub fn salvage(
    context: Context<'_>,
    file: &CheckpointFile,
    row: &mut RowVisitor<'_>,
) -> Result<Option<(u64, Moment)>, Error> {
    let keys = keys_of(context, &file.header);
    let mut last = None;
    let mut take = |_, _: &FoundFrame, frame: &[u8]| {
        let Some(body) = frame::open_frame(&keys, context.vault, frame) else {
            return Ok(());
        };
        last = Some((body.lamport, body.time));
        let mut operations = body.operations.iter();
        operations.try_for_each(|operation| row(operation.key, &operation.value))
    };
    let opened = context.disk.open(&file.path)?;
    segment::walk_file(opened, u64::MAX, &keys, SALVAGE_PATIENCE, &mut take)?;
    Ok(last)
}

fn write_unnamed(
    context: Context<'_>,
    path: &Path,
    header: &SegmentHeader,
    state: &State,
    surroundings: Surroundings,
    rows: impl FnOnce(&mut AddRow<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let keys = keys_of(context, header);
    context.disk.make_folder(&context.layout.checkpoints())?;
    disk::remove_if_there(context.disk, path)?;
    let file = context.disk.create(path)?;
    let mut out = RowsOut::begin(file, &[], header, &keys, state)?;
    rows(&mut |key, value| out.add(key, value))?;
    out.finish(state, surroundings.ending(state, header.device))
}

fn keys_of(context: Context<'_>, header: &SegmentHeader) -> FileKeys {
    FileKeys::derive(
        context.root,
        context.vault,
        header.sort,
        header.lineage,
        header.device,
        header.file,
    )
}
