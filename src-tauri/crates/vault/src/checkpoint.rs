//! Checkpoints: every live row in one file, from which the store can be built anew.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::disk::{self, Appending, EntrySort};
use crate::error::{Error, Part};
use crate::frame::{
    self, Action, Body, BodySort, Ending, FRAME_HEAD, FileKeys, FrameHead, Operation,
};
use crate::header::Point;
use crate::ids::{DeviceId, Dot, EpochId, FileId};
use crate::journal::Context;
use crate::primitives::{self, Hash, RunningHash};
use crate::row::RowKey;
use crate::segment::{self, SEGMENT_HEAD, SegmentHeader, SegmentSort};
use crate::state::State;
use crate::sums::Sums;

/// Bytes of the footer.
pub const FOOTER_LENGTH: usize = 128;
/// Rows go into frames of about this size.
const FRAME_BYTES: usize = 512 * 1024;
const MAGIC: &[u8; 8] = b"CFDNTEND";
/// A checkpoint's rows carry their dots inside, sealed; from outside there is none to give.
const NO_DOT: Dot = Dot {
    device: DeviceId([0; 16]),
    counter: 0,
};

/// Takes the rows of a checkpoint, one by one.
pub type RowVisitor<'a> = dyn FnMut(RowKey, &[u8]) -> Result<(), Error> + 'a;

/// A checkpoint as it lies on the disk.
#[derive(Debug, Clone)]
pub struct CheckpointFile {
    pub path: PathBuf,
    pub header: SegmentHeader,
}

/// What a checkpoint that was read to its end says of itself.
#[derive(Debug, Clone)]
pub struct Checked {
    pub state: State,
    pub ending: Ending,
}

/// What the ending of a new checkpoint says of the rest of the vault.
#[derive(Clone, Copy)]
pub struct Surroundings {
    pub header_revision: u64,
    pub keyring_revision: u64,
    pub keyring_hash: Hash,
    pub epoch: EpochId,
}

/// Lists the genuine checkpoints, oldest first, and how many files are none.
pub fn list(context: Context<'_>) -> Result<(Vec<CheckpointFile>, u64), Error> {
    let mut files = Vec::new();
    let mut damaged = 0;
    for entry in disk::list_if_there(context.disk, &context.layout.checkpoints())? {
        if entry.sort != EntrySort::File || disk::is_temporary(&entry.name) {
            continue;
        }
        let path = context.layout.checkpoints().join(&entry.name);
        let mut head = Vec::with_capacity(SEGMENT_HEAD);
        context
            .disk
            .open(&path)?
            .take(SEGMENT_HEAD as u64)
            .read_to_end(&mut head)?;
        let genuine = SegmentHeader::parse(&head).filter(|header| {
            header.sort == SegmentSort::Checkpoint
                && header.vault == context.vault
                && header.lineage == context.lineage
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

/// Writes a checkpoint of `rows` as they stand in `state`, reads it back, and gives it its name. Rows that do
/// not add up to the state's sums make no checkpoint.
pub fn write(
    context: Context<'_>,
    device: DeviceId,
    previous: Option<&CheckpointFile>,
    state: &State,
    surroundings: Surroundings,
    sum_key: &crate::envelope::MacKey,
    rows: impl Iterator<Item = Result<(RowKey, impl AsRef<[u8]>), Error>>,
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
    context.disk.rename(&unfinished, &path)?;
    disk::sync_parent(context.disk, &path)?;
    Ok(CheckpointFile { path, header })
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
    let damaged = Error::Damaged {
        part: Part::Checkpoint,
    };
    let keys = keys_of(context, header);
    let mut reader = HashingReader {
        inner: io::BufReader::with_capacity(FRAME_BYTES, context.disk.open(path)?),
        hash: RunningHash::new(),
        bytes: 0,
    };
    let mut head = [0; SEGMENT_HEAD];
    reader.take(&mut head)?;
    if SegmentHeader::parse(&head) != Some(*header) {
        return Err(damaged);
    }
    let mut last = Point {
        sequence: 0,
        chain: header.chain,
    };
    let mut rows = 0;
    let mut frame_bytes = vec![0; FRAME_HEAD];
    loop {
        frame_bytes.truncate(FRAME_HEAD);
        reader.take(&mut frame_bytes)?;
        let head = FrameHead::parse(&frame_bytes).ok_or(damaged)?;
        frame_bytes.resize(head.frame_length(), 0);
        reader.take(&mut frame_bytes[FRAME_HEAD..])?;
        let chain = frame::authenticate_frame(&keys, &frame_bytes).ok_or(damaged)?;
        if head.sequence != last.sequence + 1 || head.previous != last.chain {
            return Err(damaged);
        }
        last = Point {
            sequence: head.sequence,
            chain,
        };
        let body = frame::open_frame(&keys, context.vault, &frame_bytes).ok_or(damaged)?;
        if body.sort == BodySort::Part {
            return Err(damaged);
        }
        for operation in &body.operations {
            if operation.action != Action::Put {
                return Err(damaged);
            }
            rows += 1;
            row(operation.key, &operation.value)?;
        }
        if let BodySort::End(ending) = body.sort {
            check_footer(reader, &keys, last.sequence)?;
            let frontier: BTreeMap<_, _> = body.frontier.into_iter().collect();
            let state = State {
                frontier,
                lamport: body.lamport,
                time: body.time,
                sums: body.sums,
            };
            let consistent =
                rows == state.sums.total.count && state.point(header.device) == ending.covered;
            return if consistent {
                Ok(Checked { state, ending })
            } else {
                Err(damaged)
            };
        }
    }
}

/// Takes what can still be read out of a damaged checkpoint.
pub fn salvage(
    context: Context<'_>,
    file: &CheckpointFile,
    row: &mut RowVisitor<'_>,
) -> Result<(), Error> {
    let bytes = context.disk.read(&file.path)?;
    let keys = keys_of(context, &file.header);
    for found in segment::walk(&bytes, &keys, SEGMENT_HEAD.min(bytes.len())).frames {
        let frame = &bytes[found.offset..found.offset + found.length];
        for operation in frame::open_frame(&keys, context.vault, frame)
            .iter()
            .flat_map(|body| &body.operations)
        {
            row(operation.key, &operation.value)?;
        }
    }
    Ok(())
}

fn write_unnamed(
    context: Context<'_>,
    path: &Path,
    header: &SegmentHeader,
    state: &State,
    surroundings: Surroundings,
    rows: impl Iterator<Item = Result<(RowKey, impl AsRef<[u8]>), Error>>,
) -> Result<(), Error> {
    let keys = keys_of(context, header);
    context.disk.make_folder(&context.layout.checkpoints())?;
    disk::remove_if_there(context.disk, path)?;
    let mut out = Output {
        file: context.disk.create(path)?,
        hash: RunningHash::new(),
        bytes: 0,
        keys: &keys,
        last: Point {
            sequence: 0,
            chain: header.chain,
        },
    };
    out.append(&header.encode(&keys))?;
    let mut body = Body {
        sort: BodySort::Batch,
        time: state.time,
        lamport: state.lamport,
        frontier: Vec::new(),
        sums: Sums::default(),
        operations: Vec::new(),
    };
    let mut filled = 0;
    for row in rows {
        let (key, value) = row?;
        let operation = Operation {
            action: Action::Put,
            key,
            dot: NO_DOT,
            parents: Vec::new(),
            value: value.as_ref().to_vec(),
        };
        filled += operation.length();
        body.operations.push(operation);
        if filled >= FRAME_BYTES {
            out.append_frame(context, &body)?;
            body.operations.clear();
            filled = 0;
        }
    }
    if !body.operations.is_empty() {
        out.append_frame(context, &body)?;
        body.operations.clear();
    }
    body.sort = BodySort::End(Ending {
        covered: state.point(header.device),
        header_revision: surroundings.header_revision,
        keyring_revision: surroundings.keyring_revision,
        epoch: surroundings.epoch,
        keyring_hash: surroundings.keyring_hash,
    });
    body.frontier = state.frontier_list();
    body.sums = state.sums.clone();
    out.append_frame(context, &body)?;
    out.finish()
}

struct Output<'a> {
    file: Box<dyn Appending>,
    hash: RunningHash,
    bytes: u64,
    keys: &'a FileKeys,
    last: Point,
}

impl Output<'_> {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(self.file.append(bytes)?)
    }

    fn append_frame(&mut self, context: Context<'_>, body: &Body) -> Result<(), Error> {
        let sequence = self.last.sequence + 1;
        let frame = frame::seal_frame(self.keys, context.vault, sequence, &self.last.chain, body)?;
        self.last = Point {
            sequence,
            chain: frame.chain,
        };
        self.append(&frame.bytes)
    }

    fn finish(mut self) -> Result<(), Error> {
        let footer = encode_footer(
            self.keys,
            self.bytes,
            self.last.sequence,
            &self.hash.finish(),
        );
        self.file.append(&footer)?;
        Ok(self.file.sync()?)
    }
}

fn encode_footer(keys: &FileKeys, bytes: u64, frames: u64, hash: &Hash) -> Vec<u8> {
    use crate::codec::Put;
    let mut out = Vec::with_capacity(FOOTER_LENGTH);
    out.put(MAGIC);
    out.put_u64(bytes);
    out.put_u64(frames);
    out.zeros(8);
    out.put(hash);
    out.zeros(32);
    let mac = keys.authenticate_footer(&out);
    out.put(&mac);
    out
}

fn check_footer(reader: HashingReader, keys: &FileKeys, frames: u64) -> Result<(), Error> {
    let damaged = Error::Damaged {
        part: Part::Checkpoint,
    };
    let HashingReader {
        mut inner,
        hash,
        bytes,
    } = reader;
    let expected = encode_footer(keys, bytes, frames, &hash.finish());
    // One byte more than there should be, to see that nothing follows.
    let mut found = Vec::with_capacity(FOOTER_LENGTH + 1);
    inner
        .by_ref()
        .take(FOOTER_LENGTH as u64 + 1)
        .read_to_end(&mut found)?;
    if primitives::equal(&found, &expected) {
        Ok(())
    } else {
        Err(damaged)
    }
}

struct HashingReader {
    inner: io::BufReader<Box<dyn Read + Send>>,
    hash: RunningHash,
    bytes: u64,
}

impl HashingReader {
    fn take(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        self.inner
            .read_exact(buffer)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => Error::Damaged {
                    part: Part::Checkpoint,
                },
                _ => error.into(),
            })?;
        self.hash.update(buffer);
        self.bytes += buffer.len() as u64;
        Ok(())
    }
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
