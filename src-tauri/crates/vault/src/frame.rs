//! Frames: the unit in which journal and checkpoint grow. A frame is sealed, and chained to the one before it.

use zeroize::Zeroizing;

use crate::codec::{Put, Reader};
use crate::envelope::{self, Label, MacKey, Nonce, RootKey, SEAL_OVERHEAD, SealingKey};
use crate::error::Error;
use crate::header::Point;
use crate::ids::{DOT_LENGTH, DeviceId, Dot, EpochId, FileId, LineageId, VaultId};
use crate::primitives::{self, HASH_LENGTH, Hash};
use crate::report::Moment;
use crate::row::{ROW_KEY_LENGTH, RowKey};
use crate::segment::SegmentSort;
use crate::sums::Sums;

/// Bytes before the sealed body.
pub const FRAME_HEAD: usize = 80;
/// Bytes that a frame adds to its sealed body.
pub const FRAME_OVERHEAD: usize = FRAME_HEAD + HASH_LENGTH;
/// Most bytes of a sealed body.
pub const MAX_SEALED: usize = 16 * 1024 * 1024;
/// Bytes of the longest frame.
pub const LONGEST_FRAME: usize = MAX_SEALED + FRAME_OVERHEAD;
/// Most bytes of a body before sealing, used and zeros together.
pub const MAX_BODY: usize = MAX_SEALED - SEAL_OVERHEAD;

const MAGIC: &[u8; 4] = b"CFRM";
/// Part of the head that its own short checksum covers.
const CHECKED_HEAD: usize = 72;
const CHECK_LENGTH: usize = 8;
const BODY_VERSION: u16 = 1;
const SMALLEST_SEALED: usize = 1024;
/// Bytes of the shortest frame.
pub const SMALLEST_FRAME: usize = SMALLEST_SEALED + FRAME_OVERHEAD;
/// Up to here sizes double; above they are multiples of it.
const LARGEST_DOUBLED: usize = 64 * 1024;
/// Bytes that an end frame adds to its body.
const ENDING_LENGTH: usize = 104;
const OPERATION_OVERHEAD: usize = 1 + ROW_KEY_LENGTH + DOT_LENGTH + 1 + 4;

/// The keys of one segment file.
pub struct FileKeys {
    pub head: MacKey,
    seal: SealingKey,
    chain: MacKey,
}

impl FileKeys {
    pub fn derive(
        root: &RootKey,
        vault: VaultId,
        sort: SegmentSort,
        lineage: LineageId,
        device: DeviceId,
        file: FileId,
    ) -> Self {
        let context: [&[u8]; 4] = [&sort.number().to_le_bytes(), &lineage.0, &device.0, &file.0];
        let base = MacKey::derive(root.bytes(), vault, Label::File, &context);
        FileKeys {
            head: MacKey::derive(base.bytes(), vault, Label::FileHead, &[]),
            seal: SealingKey::derive(base.bytes(), vault, Label::FileSeal, &[]),
            chain: MacKey::derive(base.bytes(), vault, Label::FileChain, &[]),
        }
    }

    /// Authenticates a footer.
    pub fn authenticate_footer(&self, bytes: &[u8]) -> Hash {
        self.chain.authenticate(&[bytes])
    }
}

/// What a frame says once it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub sort: BodySort,
    pub time: Moment,
    pub lamport: u64,
    /// What the device had taken in when it wrote this: its own entry is the frame before.
    pub frontier: Vec<(DeviceId, Point)>,
    /// How things stand after it.
    pub sums: Sums,
    pub operations: Vec<Operation>,
}

/// The sort of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodySort {
    /// A save, or the last part of one.
    Batch,
    /// The last frame of a checkpoint.
    End(Ending),
    /// A part of a save that the next batch frame of the same file completes.
    Part,
}

/// What a checkpoint covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub covered: Point,
    pub header_revision: u64,
    pub keyring_revision: u64,
    pub epoch: EpochId,
    pub keyring_hash: Hash,
}

/// One change to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub action: Action,
    pub key: RowKey,
    pub dot: Dot,
    pub parents: Vec<Dot>,
    pub value: Vec<u8>,
}

/// What is done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Put,
    Delete,
    /// A removal that devices remember; read like `Delete`, not written by this version.
    Tombstone,
}

impl Operation {
    /// Bytes it takes in a body.
    pub fn length(&self) -> usize {
        put_length(self.value.len()) + self.parents.len() * DOT_LENGTH
    }
}

/// Bytes that a put without parents takes in a body.
pub fn put_length(value: usize) -> usize {
    OPERATION_OVERHEAD + value
}

/// Bytes used by everything but the operations in a body with no frontier and no states.
pub fn batch_base_length() -> usize {
    base_length(0, 0)
}

/// Bytes used by an end frame's body.
pub fn ending_length(devices: usize, spaces: usize) -> usize {
    base_length(devices, spaces) + ENDING_LENGTH
}

/// Bytes of a whole frame whose body uses so many.
pub fn frame_length(used: usize) -> usize {
    padded(used + SEAL_OVERHEAD) + FRAME_OVERHEAD
}

fn base_length(devices: usize, spaces: usize) -> usize {
    28 + 2 + devices * 56 + 2 + spaces * 56 + 40
}

impl Body {
    /// Bytes used by everything but the operations.
    pub fn base_length(&self) -> usize {
        let (devices, spaces) = (self.frontier.len(), self.sums.spaces.len());
        match self.sort {
            BodySort::End(_) => ending_length(devices, spaces),
            BodySort::Batch | BodySort::Part => base_length(devices, spaces),
        }
    }

    pub fn encode(&self, out: &mut Vec<u8>) {
        let used =
            self.base_length() + self.operations.iter().map(Operation::length).sum::<usize>();
        out.put_u16(BODY_VERSION);
        out.put_u16(match self.sort {
            BodySort::Batch => 1,
            BodySort::End(_) => 2,
            BodySort::Part => 3,
        });
        out.put_u32(self.operations.len() as u32);
        out.put_u32(used as u32);
        out.put_i64(self.time);
        out.put_u64(self.lamport);
        put_frontier(&self.frontier, out);
        self.sums.put(out);
        if let BodySort::End(ending) = &self.sort {
            out.put_u64(ending.covered.sequence);
            out.put(&ending.covered.chain);
            out.put_u64(ending.header_revision);
            out.put_u64(ending.keyring_revision);
            out.put(&ending.epoch.0);
            out.put(&ending.keyring_hash);
        }
        for operation in &self.operations {
            out.put_u8(match operation.action {
                Action::Put => 1,
                Action::Delete => 2,
                Action::Tombstone => 3,
            });
            out.put(&operation.key.0);
            put_dot(&operation.dot, out);
            out.put_u8(operation.parents.len() as u8);
            operation
                .parents
                .iter()
                .for_each(|parent| put_dot(parent, out));
            out.put_u32(operation.value.len() as u32);
            out.put(&operation.value);
        }
    }

    pub fn decode(bytes: &[u8]) -> Option<Body> {
        let mut reader = Reader::new(bytes);
        reader.exactly(&BODY_VERSION.to_le_bytes())?;
        let sort = reader.u16()?;
        let operation_count = reader.u32()?;
        let used = reader.u32()? as usize;
        let time = reader.i64()?;
        let lamport = reader.u64()?;
        let frontier = read_frontier(&mut reader)?;
        let sums = Sums::read(&mut reader)?;
        let sort = match sort {
            1 => BodySort::Batch,
            2 => BodySort::End(Ending {
                covered: Point {
                    sequence: reader.u64()?,
                    chain: reader.array()?,
                },
                header_revision: reader.u64()?,
                keyring_revision: reader.u64()?,
                epoch: EpochId(reader.array()?),
                keyring_hash: reader.array()?,
            }),
            3 => BodySort::Part,
            _ => return None,
        };
        let operations: Vec<_> = (0..operation_count)
            .map(|_| read_operation(&mut reader))
            .collect::<Option<_>>()?;
        let consumed = bytes.len() - reader.left();
        reader.only_zeros_left()?;
        let empty_end = !matches!(sort, BodySort::End(_)) || operations.is_empty();
        (consumed == used && empty_end).then_some(Body {
            sort,
            time,
            lamport,
            frontier,
            sums,
            operations,
        })
    }
}

/// A sealed frame and the chain value it leads to.
pub struct SealedFrame {
    pub bytes: Vec<u8>,
    pub chain: Hash,
}

/// Seals a body as the frame that follows `previous` in the file.
pub fn seal_frame(
    keys: &FileKeys,
    vault: VaultId,
    sequence: u64,
    previous: &Hash,
    body: &Body,
) -> Result<SealedFrame, Error> {
    let used = body.base_length() + body.operations.iter().map(Operation::length).sum::<usize>();
    let sealed_length = padded(used + SEAL_OVERHEAD);
    if sealed_length > MAX_SEALED {
        return Err(Error::TooLarge);
    }
    let nonce = Nonce::make()?;
    let mut out = Vec::with_capacity(sealed_length + FRAME_OVERHEAD);
    out.put(MAGIC);
    out.put_u32(sealed_length as u32);
    out.put_u64(sequence);
    out.put(previous);
    out.put(nonce.bytes());
    let check = primitives::sha256(&[&out]);
    out.put(&check[..CHECK_LENGTH]);
    body.encode(&mut out);
    out.zeros(FRAME_HEAD + sealed_length - SEAL_OVERHEAD - out.len());
    let place = envelope::place(Label::Frame, vault, &[&out[..FRAME_HEAD]]);
    envelope::seal_tail(&keys.seal, nonce, &place, &mut out, FRAME_HEAD);
    let chain = keys.chain.authenticate(&[&out]);
    out.put(&chain);
    Ok(SealedFrame { bytes: out, chain })
}

/// The head of a frame, its short checksum being right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameHead {
    pub sequence: u64,
    pub previous: Hash,
    pub sealed_length: usize,
}

impl FrameHead {
    pub fn parse(bytes: &[u8]) -> Option<FrameHead> {
        let head = bytes.get(..FRAME_HEAD)?;
        let mut reader = Reader::new(head);
        reader.exactly(MAGIC)?;
        let sealed_length = reader.u32()? as usize;
        let sequence = reader.u64()?;
        let previous = reader.array()?;
        let check = primitives::sha256(&[&head[..CHECKED_HEAD]]);
        let sound = head[CHECKED_HEAD..] == check[..CHECK_LENGTH]
            && (SMALLEST_SEALED..=MAX_SEALED).contains(&sealed_length)
            && padded(sealed_length) == sealed_length;
        sound.then_some(FrameHead {
            sequence,
            previous,
            sealed_length,
        })
    }

    pub fn frame_length(&self) -> usize {
        self.sealed_length + FRAME_OVERHEAD
    }
}

/// Checks that a whole frame was written with this file's keys and returns its chain value.
pub fn authenticate_frame(keys: &FileKeys, frame: &[u8]) -> Option<Hash> {
    let (before, chain) = frame.split_last_chunk::<HASH_LENGTH>()?;
    keys.chain.verifies(&[before], chain).then_some(*chain)
}

/// Opens a whole frame that was authenticated before.
pub fn open_frame(keys: &FileKeys, vault: VaultId, frame: &[u8]) -> Option<Body> {
    let nonce = frame
        .get(CHECKED_HEAD - primitives::NONCE_LENGTH..CHECKED_HEAD)?
        .try_into()
        .ok()?;
    let sealed = frame.get(FRAME_HEAD..frame.len().checked_sub(HASH_LENGTH)?)?;
    let place = envelope::place(Label::Frame, vault, &[&frame[..FRAME_HEAD]]);
    let plain: Zeroizing<Vec<u8>> = envelope::open(&keys.seal, &nonce, &place, sealed)?;
    Body::decode(&plain)
}

/// Finds the next place where a frame may begin.
pub fn find_magic(bytes: &[u8], from: usize) -> Option<usize> {
    bytes
        .get(from..)?
        .windows(MAGIC.len())
        .position(|window| window == MAGIC)
        .map(|at| from + at)
}

pub fn put_frontier(frontier: &[(DeviceId, Point)], out: &mut Vec<u8>) {
    out.put_u16(frontier.len() as u16);
    for (device, point) in frontier {
        out.put(&device.0);
        out.put_u64(point.sequence);
        out.put(&point.chain);
    }
}

pub fn read_frontier(reader: &mut Reader<'_>) -> Option<Vec<(DeviceId, Point)>> {
    let frontier: Vec<_> = (0..reader.u16()?)
        .map(|_| {
            let device = DeviceId(reader.array()?);
            Some((
                device,
                Point {
                    sequence: reader.u64()?,
                    chain: reader.array()?,
                },
            ))
        })
        .collect::<Option<_>>()?;
    let rising = frontier.is_sorted_by(|(one, _), (next, _)| one < next);
    rising.then_some(frontier)
}

fn put_dot(dot: &Dot, out: &mut Vec<u8>) {
    out.put(&dot.device.0);
    out.put_u64(dot.counter);
}

fn read_dot(reader: &mut Reader<'_>) -> Option<Dot> {
    Some(Dot {
        device: DeviceId(reader.array()?),
        counter: reader.u64()?,
    })
}

fn read_operation(reader: &mut Reader<'_>) -> Option<Operation> {
    let action = match reader.u8()? {
        1 => Action::Put,
        2 => Action::Delete,
        3 => Action::Tombstone,
        _ => return None,
    };
    let key = RowKey(reader.array()?);
    let dot = read_dot(reader)?;
    let parents = (0..reader.u8()?)
        .map(|_| read_dot(reader))
        .collect::<Option<_>>()?;
    let value = reader.sized()?.to_vec();
    if action == Action::Delete && !value.is_empty() {
        return None;
    }
    Some(Operation {
        action,
        key,
        dot,
        parents,
        value,
    })
}

/// The length that hides the true one: doubling up to 64 KiB, multiples of it above.
fn padded(length: usize) -> usize {
    if length <= LARGEST_DOUBLED {
        length.next_power_of_two().max(SMALLEST_SEALED)
    } else {
        length.next_multiple_of(LARGEST_DOUBLED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: VaultId = VaultId([1; 16]);

    fn keys(file: u8) -> FileKeys {
        let root = RootKey::from_slice(&[2; 32]).unwrap();
        let (lineage, device) = (LineageId([3; 16]), DeviceId([4; 16]));
        FileKeys::derive(
            &root,
            VAULT,
            SegmentSort::Journal,
            lineage,
            device,
            FileId([file; 16]),
        )
    }

    fn body(sort: BodySort, value: usize) -> Body {
        let dot = Dot {
            device: DeviceId([4; 16]),
            counter: 9,
        };
        let operation = Operation {
            action: Action::Put,
            key: RowKey([5; 32]),
            dot,
            parents: vec![dot],
            value: vec![6; value],
        };
        Body {
            sort,
            time: -1,
            lamport: 7,
            frontier: vec![(
                DeviceId([4; 16]),
                Point {
                    sequence: 8,
                    chain: [9; 32],
                },
            )],
            sums: Sums::default(),
            operations: match sort {
                BodySort::End(_) => Vec::new(),
                BodySort::Batch | BodySort::Part => vec![
                    operation.clone(),
                    Operation {
                        action: Action::Delete,
                        value: Vec::new(),
                        ..operation
                    },
                ],
            },
        }
    }

    #[test]
    fn frames_survive_and_have_the_sizes_the_format_allows() {
        let ending = Ending {
            covered: Point {
                sequence: 1,
                chain: [1; 32],
            },
            header_revision: 2,
            keyring_revision: 3,
            epoch: EpochId([4; 16]),
            keyring_hash: [5; 32],
        };
        for sort in [BodySort::Batch, BodySort::Part, BodySort::End(ending)] {
            let sizes = [(0, 1024), (1024, 2048), (100 * 1024, 128 * 1024)];
            let ends = matches!(sort, BodySort::End(_));
            for (value, sealed) in sizes.into_iter().take(if ends { 1 } else { 3 }) {
                let body = body(sort, value);
                let frame = seal_frame(&keys(1), VAULT, 5, &[7; 32], &body).unwrap();
                let head = FrameHead::parse(&frame.bytes).unwrap();
                assert_eq!((head.sequence, head.previous), (5, [7; 32]));
                assert_eq!(head.sealed_length, sealed);
                assert_eq!(head.frame_length(), frame.bytes.len());
                assert_eq!(
                    authenticate_frame(&keys(1), &frame.bytes),
                    Some(frame.chain)
                );
                assert_eq!(open_frame(&keys(1), VAULT, &frame.bytes), Some(body));
                assert_eq!(authenticate_frame(&keys(2), &frame.bytes), None);
            }
        }
    }

    #[test]
    fn no_bit_of_a_frame_can_flip() {
        let frame = seal_frame(&keys(1), VAULT, 5, &[7; 32], &body(BodySort::Batch, 8)).unwrap();
        for bit in 0..frame.bytes.len() * 8 {
            let mut broken = frame.bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert!(authenticate_frame(&keys(1), &broken).is_none(), "bit {bit}");
            if bit / 8 < FRAME_HEAD {
                assert!(FrameHead::parse(&broken).is_none());
            }
        }
    }

    #[test]
    fn a_body_in_another_order_or_shape_than_the_format_gives_is_none() {
        let decoded = |body: &Body| {
            let mut bytes = Vec::new();
            body.encode(&mut bytes);
            Body::decode(&bytes).map(|_| bytes)
        };
        let entry = |byte| (DeviceId([byte; 16]), Point::default());
        let sound = body(BodySort::Batch, 3);
        assert!(decoded(&sound).is_some());
        for (frontier, fits) in [
            (vec![entry(1), entry(2)], true),
            (vec![entry(2), entry(1)], false),
            (vec![entry(1), entry(1)], false),
        ] {
            let body = Body {
                frontier,
                ..sound.clone()
            };
            assert_eq!(decoded(&body).is_some(), fits);
        }
        // The states of two compartments, then the first of them once more in the place of the second.
        let mut two = sound.clone();
        for byte in [1, 2] {
            let route = crate::row::Route([byte; 16]);
            two.sums.spaces.insert(route, crate::sums::Sum::default());
        }
        let bytes = decoded(&two).unwrap();
        let first = 28 + 2 + 56 + 2;
        for route in [[1; 16], [0; 16]] {
            let mut other = bytes.clone();
            other[first + 56..first + 72].copy_from_slice(&route);
            assert_eq!(Body::decode(&other), None);
        }
        let mut deleted = sound.clone();
        deleted.operations[1].value = vec![1];
        assert!(decoded(&deleted).is_none());
        deleted.operations[1].action = Action::Tombstone;
        assert!(decoded(&deleted).is_some());
        let ending = Ending {
            covered: Point::default(),
            header_revision: 1,
            keyring_revision: 1,
            epoch: EpochId([4; 16]),
            keyring_hash: [5; 32],
        };
        let ended = Body {
            sort: BodySort::End(ending),
            ..sound
        };
        assert!(decoded(&ended).is_none());
    }

    #[test]
    fn a_body_above_the_limit_is_refused() {
        let body = body(BodySort::Batch, MAX_SEALED);
        assert!(matches!(
            seal_frame(&keys(1), VAULT, 1, &[0; 32], &body),
            Err(Error::TooLarge)
        ));
    }
}
