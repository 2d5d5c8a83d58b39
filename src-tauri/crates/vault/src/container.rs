//! Containers: rows in one file, as checkpoints and backups hold them. A segment header, frames of rows, one end
//! frame that says what they add up to, and a footer over everything before it.

use std::collections::BTreeMap;
use std::io::{self, Read};

use crate::codec::Put;
use crate::disk::Appending;
use crate::error::{Error, Part};
use crate::frame::{
    self, Action, Body, BodySort, Ending, FRAME_HEAD, FileKeys, FrameHead, Operation,
};
use crate::header::Point;
use crate::ids::{DeviceId, Dot};
use crate::primitives::{self, Hash, RunningHash};
use crate::row::RowKey;
use crate::segment::{SEGMENT_HEAD, SegmentHeader};
use crate::state::State;
use crate::sums::Sums;

/// Bytes of the footer.
pub const FOOTER_LENGTH: usize = 128;
/// Rows go into frames of about this size.
const FRAME_BYTES: usize = 512 * 1024;
const MAGIC: &[u8; 8] = b"CFDNTEND";
/// The rows carry their dots inside, sealed; from outside there is none to give.
const NO_DOT: Dot = Dot {
    device: DeviceId([0; 16]),
    counter: 0,
};

/// Takes the rows of a container, one by one.
pub type RowVisitor<'a> = dyn FnMut(RowKey, &[u8]) -> Result<(), Error> + 'a;

/// What a container that was read to its end says of itself.
#[derive(Debug, Clone)]
pub struct Checked {
    pub state: State,
    pub ending: Ending,
    /// Bytes of the whole file.
    pub length: u64,
}

/// Decides after which row a frame is full.
#[derive(Default)]
struct Filling(usize);

impl Filling {
    fn takes_last(&mut self, operation: usize) -> bool {
        self.0 += operation;
        self.0 >= FRAME_BYTES
    }
}

/// Reckons how long a container of given rows will be.
pub struct Measure {
    bytes: u64,
    filling: Filling,
}

impl Measure {
    pub fn new() -> Self {
        Measure {
            bytes: SEGMENT_HEAD as u64,
            filling: Filling::default(),
        }
    }

    /// Counts a row with a value of so many bytes.
    pub fn add(&mut self, value: usize) {
        if self.filling.takes_last(frame::put_length(value)) {
            self.end_frame();
        }
    }

    /// The length, footer included, of a container that ends in this state.
    pub fn finish(mut self, state: &State) -> u64 {
        if self.filling.0 > 0 {
            self.end_frame();
        }
        let base = frame::ending_length(state.frontier.len(), state.sums.spaces.len());
        self.bytes + frame::frame_length(base) as u64 + FOOTER_LENGTH as u64
    }

    fn end_frame(&mut self) {
        let used = frame::batch_base_length() + self.filling.0;
        self.bytes += frame::frame_length(used) as u64;
        self.filling = Filling::default();
    }
}

/// Writes a container, row by row.
pub struct RowsOut<'a> {
    file: Box<dyn Appending>,
    hash: RunningHash,
    bytes: u64,
    keys: &'a FileKeys,
    header: SegmentHeader,
    last: Point,
    body: Body,
    filling: Filling,
}

impl<'a> RowsOut<'a> {
    /// Begins a container in a new file, after what is to stand in front of it.
    pub fn begin(
        file: Box<dyn Appending>,
        front: &[&[u8]],
        header: &SegmentHeader,
        keys: &'a FileKeys,
        state: &State,
    ) -> Result<Self, Error> {
        let mut out = RowsOut {
            file,
            hash: RunningHash::new(),
            bytes: 0,
            keys,
            header: *header,
            last: Point {
                sequence: 0,
                chain: header.chain,
            },
            body: Body {
                sort: BodySort::Batch,
                time: state.time,
                lamport: state.lamport,
                frontier: Vec::new(),
                sums: Sums::default(),
                operations: Vec::new(),
            },
            filling: Filling::default(),
        };
        for part in front {
            out.append(part)?;
        }
        out.append(&header.encode(keys))?;
        Ok(out)
    }

    /// Adds a row; they come in the order of their keys.
    pub fn add(&mut self, key: RowKey, value: &[u8]) -> Result<(), Error> {
        let operation = Operation {
            action: Action::Put,
            key,
            dot: NO_DOT,
            parents: Vec::new(),
            value: value.to_vec(),
        };
        let full = self.filling.takes_last(operation.length());
        self.body.operations.push(operation);
        if full {
            self.end_frame()?;
        }
        Ok(())
    }

    /// Ends it and makes it durable.
    pub fn finish(mut self, state: &State, ending: Ending) -> Result<(), Error> {
        if !self.body.operations.is_empty() {
            self.end_frame()?;
        }
        self.body.sort = BodySort::End(ending);
        self.body.frontier = state.frontier_list();
        self.body.sums = state.sums.clone();
        self.end_frame()?;
        let hash = std::mem::replace(&mut self.hash, RunningHash::new()).finish();
        let footer = encode_footer(self.keys, self.bytes, self.last.sequence, &hash);
        self.file.append(&footer)?;
        Ok(self.file.sync()?)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(self.file.append(bytes)?)
    }

    fn end_frame(&mut self) -> Result<(), Error> {
        let sequence = self.last.sequence + 1;
        let previous = self.last.chain;
        let frame = frame::seal_frame(
            self.keys,
            self.header.vault,
            sequence,
            &previous,
            &self.body,
        )?;
        self.last = Point {
            sequence,
            chain: frame.chain,
        };
        self.body.operations.clear();
        self.filling = Filling::default();
        self.append(&frame.bytes)
    }
}

/// Reads a file from its start, keeping the hash of what was read.
pub struct HashingReader {
    inner: io::BufReader<Box<dyn Read + Send>>,
    hash: RunningHash,
    bytes: u64,
    part: Part,
}

impl HashingReader {
    /// Reads a file that is called so where it turns out to be damaged.
    pub fn new(file: Box<dyn Read + Send>, part: Part) -> Self {
        HashingReader {
            inner: io::BufReader::with_capacity(FRAME_BYTES, file),
            hash: RunningHash::new(),
            bytes: 0,
            part,
        }
    }

    pub fn damaged(&self) -> Error {
        Error::Damaged { part: self.part }
    }

    /// Fills a buffer; a file that ends before is damaged.
    pub fn take(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        self.inner
            .read_exact(buffer)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => Error::Damaged { part: self.part },
                _ => error.into(),
            })?;
        self.hash.update(buffer);
        self.bytes += buffer.len() as u64;
        Ok(())
    }

    /// Takes so many bytes; memory grows with what is really there, whatever the file claims.
    pub fn take_claimed(&mut self, length: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.inner.by_ref().take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != length {
            return Err(self.damaged());
        }
        self.hash.update(&bytes);
        self.bytes += length;
        Ok(bytes)
    }

    /// Takes a segment's header that was written with the keys that belong to it.
    pub fn take_header(
        &mut self,
        keys_of: impl FnOnce(&SegmentHeader) -> FileKeys,
    ) -> Result<(SegmentHeader, FileKeys), Error> {
        let mut head = [0; SEGMENT_HEAD];
        self.take(&mut head)?;
        let header = SegmentHeader::parse(&head).ok_or(self.damaged())?;
        let keys = keys_of(&header);
        if SegmentHeader::is_authentic(&head, &keys) {
            Ok((header, keys))
        } else {
            Err(self.damaged())
        }
    }
}

/// Reads a container whose header has been taken to its end, handing out each row on the way. An error at the end
/// means that what was handed out counts for nothing.
pub fn read_rows(
    mut reader: HashingReader,
    keys: &FileKeys,
    header: &SegmentHeader,
    row: &mut RowVisitor<'_>,
) -> Result<Checked, Error> {
    let damaged = reader.damaged();
    let mut last = Point {
        sequence: 0,
        chain: header.chain,
    };
    let mut rows = 0;
    let mut before: Option<RowKey> = None;
    let mut frame_bytes = vec![0; FRAME_HEAD];
    loop {
        let body = next_body(&mut reader, keys, header, &mut last, &mut frame_bytes)?;
        for operation in &body.operations {
            // By ascending key: none stands there twice.
            let rising = before.is_none_or(|before| before < operation.key);
            if operation.action != Action::Put || !rising {
                return Err(damaged);
            }
            before = Some(operation.key);
            rows += 1;
            row(operation.key, &operation.value)?;
        }
        let ending = match body.sort {
            BodySort::Batch => continue,
            BodySort::Part => return Err(damaged),
            BodySort::End(ending) => ending,
        };
        let length = check_footer(reader, keys, last.sequence)?;
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
            Ok(Checked {
                state,
                ending,
                length,
            })
        } else {
            Err(damaged)
        };
    }
}

/// Reads one frame that continues the chain.
fn next_body(
    reader: &mut HashingReader,
    keys: &FileKeys,
    header: &SegmentHeader,
    last: &mut Point,
    frame_bytes: &mut Vec<u8>,
) -> Result<Body, Error> {
    let damaged = reader.damaged();
    frame_bytes.truncate(FRAME_HEAD);
    reader.take(frame_bytes)?;
    let head = FrameHead::parse(frame_bytes).ok_or(damaged)?;
    frame_bytes.resize(head.frame_length(), 0);
    reader.take(&mut frame_bytes[FRAME_HEAD..])?;
    let chain = frame::authenticate_frame(keys, frame_bytes).ok_or(damaged)?;
    if head.sequence != last.sequence + 1 || head.previous != last.chain {
        return Err(damaged);
    }
    *last = Point {
        sequence: head.sequence,
        chain,
    };
    frame::open_frame(keys, header.vault, frame_bytes).ok_or(damaged)
}

fn encode_footer(keys: &FileKeys, bytes: u64, frames: u64, hash: &Hash) -> Vec<u8> {
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

/// Checks the footer and that nothing follows it. Returns the length of the file.
fn check_footer(reader: HashingReader, keys: &FileKeys, frames: u64) -> Result<u64, Error> {
    let damaged = reader.damaged();
    let HashingReader {
        mut inner,
        hash,
        bytes,
        ..
    } = reader;
    let expected = encode_footer(keys, bytes, frames, &hash.finish());
    // One byte more than there should be, to see that nothing follows.
    let mut found = Vec::with_capacity(FOOTER_LENGTH + 1);
    inner
        .by_ref()
        .take(FOOTER_LENGTH as u64 + 1)
        .read_to_end(&mut found)?;
    if primitives::equal(&found, &expected) {
        Ok(bytes + FOOTER_LENGTH as u64)
    } else {
        Err(damaged)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::envelope::{MacKey, RootKey};
    use crate::ids::{EpochId, FileId, LineageId, VaultId};
    use crate::segment::SegmentSort;

    const VAULT: VaultId = VaultId([1; 16]);
    const DEVICE: DeviceId = DeviceId([4; 16]);

    /// A file whose bytes can be looked at.
    #[derive(Clone, Default)]
    struct Shown(Arc<Mutex<Vec<u8>>>);

    impl Appending for Shown {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn keys() -> FileKeys {
        let root = RootKey::from_slice(&[2; 32]).unwrap();
        let (sort, lineage) = (SegmentSort::Backup, LineageId([3; 16]));
        FileKeys::derive(&root, VAULT, sort, lineage, DEVICE, FileId([5; 16]))
    }

    fn header() -> SegmentHeader {
        SegmentHeader {
            sort: SegmentSort::Backup,
            vault: VAULT,
            lineage: LineageId([3; 16]),
            device: DEVICE,
            file: FileId([5; 16]),
            number: 1,
            first_sequence: 0,
            previous: FileId([0; 16]),
            previous_length: 0,
            chain: [0; 32],
            header_revision: 1,
            epoch: EpochId([6; 16]),
        }
    }

    #[test]
    fn rows_out_of_order_or_twice_make_no_container() {
        for (order, fits) in [([1, 2], true), ([2, 1], false), ([1, 1], false)] {
            let mut state = State::default();
            let sum_key = MacKey::make().unwrap();
            let (keys, shown) = (keys(), Shown::default());
            let file = Box::new(shown.clone());
            for row in order {
                state.sums.add(&sum_key, &RowKey([row; 32]), &[7; 512]);
            }
            let mut out = RowsOut::begin(file, &[], &header(), &keys, &state).unwrap();
            for row in order {
                out.add(RowKey([row; 32]), &[7; 512]).unwrap();
            }
            let ending = Ending {
                covered: Point::default(),
                header_revision: 1,
                keyring_revision: 1,
                epoch: EpochId([6; 16]),
                keyring_hash: [0; 32],
            };
            out.finish(&state, ending).unwrap();
            let bytes = shown.0.lock().unwrap().clone();
            let mut reader = HashingReader::new(Box::new(io::Cursor::new(bytes)), Part::Backup);
            let (found, keys) = reader.take_header(|_| keys).unwrap();
            let read = read_rows(reader, &keys, &found, &mut |_, _| Ok(()));
            assert_eq!(read.is_ok(), fits, "{order:?}");
        }
    }

    #[test]
    fn the_length_of_a_container_is_known_before_it_is_written() {
        let sum_key = MacKey::make().unwrap();
        for sizes in [vec![], vec![512], vec![32_768; 40], vec![512; 2_000]] {
            let mut state = State::default();
            for (number, size) in sizes.iter().enumerate() {
                let mut key = [0; 32];
                key[..8].copy_from_slice(&(number as u64).to_be_bytes());
                state.sums.add(&sum_key, &RowKey(key), &vec![7; *size]);
            }
            let keys = keys();
            let shown = Shown::default();
            let mut out = RowsOut::begin(
                Box::new(shown.clone()),
                &[b"in front"],
                &header(),
                &keys,
                &state,
            )
            .unwrap();
            let mut measure = Measure::new();
            for (number, size) in sizes.iter().enumerate() {
                let mut key = [0; 32];
                key[..8].copy_from_slice(&(number as u64).to_be_bytes());
                out.add(RowKey(key), &vec![7; *size]).unwrap();
                measure.add(*size);
            }
            let ending = Ending {
                covered: Point::default(),
                header_revision: 1,
                keyring_revision: 1,
                epoch: EpochId([6; 16]),
                keyring_hash: [0; 32],
            };
            out.finish(&state, ending).unwrap();
            let bytes = shown.0.lock().unwrap().clone();
            assert_eq!(measure.finish(&state), bytes.len() as u64 - 8);

            let mut reader =
                HashingReader::new(Box::new(io::Cursor::new(bytes.clone())), Part::Backup);
            assert_eq!(reader.take_claimed(8).unwrap(), b"in front");
            let (found, keys) = reader.take_header(|_| keys).unwrap();
            let mut rows = 0;
            let checked = read_rows(reader, &keys, &found, &mut |_, value| {
                assert_eq!(value.len(), sizes[rows]);
                rows += 1;
                Ok(())
            })
            .unwrap();
            assert_eq!((rows, checked.length), (sizes.len(), bytes.len() as u64));
        }
    }
}
