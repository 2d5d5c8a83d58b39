//! Segments: files of frames. Each session of a device writes its own and never touches it again.

use std::io::Read;

use crate::codec::{Put, Reader};
use crate::error::Error;
use crate::frame::{self, FileKeys, FrameHead};
use crate::header::FORMAT_VERSION;
use crate::ids::{DeviceId, EpochId, FileId, LineageId, VaultId};
use crate::primitives::{HASH_LENGTH, Hash};

/// Bytes of a segment's header.
pub const SEGMENT_HEAD: usize = 256;

pub const MAGIC: &[u8; 8] = b"CFDNTSEG";
const RESERVED: usize = 48;

/// What a segment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentSort {
    Journal,
    Checkpoint,
    Backup,
}

impl SegmentSort {
    pub fn number(self) -> u16 {
        match self {
            SegmentSort::Journal => 1,
            SegmentSort::Checkpoint => 2,
            SegmentSort::Backup => 3,
        }
    }
}

/// The header of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentHeader {
    pub sort: SegmentSort,
    pub vault: VaultId,
    pub lineage: LineageId,
    pub device: DeviceId,
    pub file: FileId,
    pub number: u64,
    /// Journal: number of the first save in it. Checkpoint and backup: number of the last save it covers.
    pub first_sequence: u64,
    pub previous: FileId,
    /// How much of the previous file counts.
    pub previous_length: u64,
    pub chain: Hash,
    pub header_revision: u64,
    pub epoch: EpochId,
}

impl SegmentHeader {
    pub fn encode(&self, keys: &FileKeys) -> Vec<u8> {
        let mut out = Vec::with_capacity(SEGMENT_HEAD);
        out.put(MAGIC);
        out.put_u16(FORMAT_VERSION);
        out.put_u16(self.sort.number());
        out.put_u32(0);
        out.put(&self.vault.0);
        out.put(&self.lineage.0);
        out.put(&self.device.0);
        out.put(&self.file.0);
        out.put_u64(self.number);
        out.put_u64(self.first_sequence);
        out.put(&self.previous.0);
        out.put_u64(self.previous_length);
        out.put(&self.chain);
        out.put_u64(self.header_revision);
        out.put(&self.epoch.0);
        out.zeros(RESERVED);
        let mac = keys.head.authenticate(&[&out]);
        out.put(&mac);
        out
    }

    /// Reads the fields; whether they are genuine, `is_authentic` says.
    pub fn parse(bytes: &[u8]) -> Option<SegmentHeader> {
        let mut reader = Reader::new(bytes.get(..SEGMENT_HEAD)?);
        reader.exactly(MAGIC)?;
        reader.exactly(&FORMAT_VERSION.to_le_bytes())?;
        let sort = match reader.u16()? {
            1 => SegmentSort::Journal,
            2 => SegmentSort::Checkpoint,
            3 => SegmentSort::Backup,
            _ => return None,
        };
        reader.zeros(4)?;
        let header = SegmentHeader {
            sort,
            vault: VaultId(reader.array()?),
            lineage: LineageId(reader.array()?),
            device: DeviceId(reader.array()?),
            file: FileId(reader.array()?),
            number: reader.u64()?,
            first_sequence: reader.u64()?,
            previous: FileId(reader.array()?),
            previous_length: reader.u64()?,
            chain: reader.array()?,
            header_revision: reader.u64()?,
            epoch: EpochId(reader.array()?),
        };
        reader.zeros(RESERVED)?;
        Some(header)
    }

    pub fn is_authentic(bytes: &[u8], keys: &FileKeys) -> bool {
        bytes.len() >= SEGMENT_HEAD
            && keys.head.verifies(
                &[&bytes[..SEGMENT_HEAD - HASH_LENGTH]],
                &bytes[SEGMENT_HEAD - HASH_LENGTH..SEGMENT_HEAD],
            )
    }
}

/// One frame found in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundFrame {
    pub offset: usize,
    pub length: usize,
    pub sequence: u64,
    pub previous: Hash,
    pub chain: Hash,
}

/// What walking over a segment found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walk {
    pub frames: Vec<FoundFrame>,
    /// Stretches that hold no frame of this file although something follows them, or a whole frame once
    /// stood there.
    pub damage: Vec<Damage>,
    /// Bytes of an unfinished frame at the very end.
    pub torn: usize,
    /// Where the last genuine frame ends.
    pub end: usize,
}

/// A stretch that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    pub offset: usize,
    /// The number its head claims, where its head can still be read. Nothing authenticates it.
    pub claimed: Option<u64>,
    /// How many frames could have stood from here to the end of the file; at least one.
    pub room: u64,
}

impl Damage {
    /// The highest number that may have been given here, after frames up to `after`. What a head claims is
    /// believed only as far as the bytes reach.
    pub fn highest_sequence(&self, after: u64) -> u64 {
        let next = after.saturating_add(1);
        self.claimed.map_or(next, |claimed| {
            claimed.clamp(next, after.saturating_add(self.room))
        })
    }
}

/// Bytes of frames that prove not to be ours, beyond twice the length of a file, after which the rest of it is
/// given up.
const PATIENCE: usize = 4 * frame::MAX_SEALED;

/// Walks over the frames from `start` to the end of `bytes`. Every frame returned was written with these keys;
/// whether they follow one another is for the caller, who knows what came before.
pub fn walk(bytes: &[u8], keys: &FileKeys, start: usize) -> Walk {
    let mut found = Walk {
        end: start,
        ..Walk::default()
    };
    let mut at = start;
    let mut broken = false;
    // Anyone can write heads that each claim the longest of frames, one inside the other.
    let patience = PATIENCE.saturating_add(bytes.len().saturating_mul(2));
    let mut hopeless = 0;
    while at < bytes.len() {
        let head = FrameHead::parse(&bytes[at..]);
        let whole = head.and_then(|head| {
            let frame = bytes.get(at..at + head.frame_length())?;
            Some((head, frame))
        });
        if hopeless > patience {
            found.damage.push(Damage {
                offset: at,
                claimed: None,
                room: ((bytes.len() - at) / frame::SMALLEST_FRAME).max(1) as u64,
            });
            return found;
        }
        let chain = whole.and_then(|(_, frame)| frame::authenticate_frame(keys, frame));
        if let Some((head, frame)) = whole
            && let Some(chain) = chain
        {
            found.frames.push(FoundFrame {
                offset: at,
                length: frame.len(),
                sequence: head.sequence,
                previous: head.previous,
                chain,
            });
            at += frame.len();
            found.end = at;
            broken = false;
            continue;
        }
        hopeless += whole.map_or(0, |(_, frame)| frame.len());
        let next = next_frame_start(bytes, at + 1);
        let unfinished =
            whole.is_none() && (head.is_some() || bytes.len() - at < frame::FRAME_HEAD);
        if next.is_none() && unfinished && !broken {
            found.torn = bytes.len() - at;
            return found;
        }
        if !broken {
            found.damage.push(Damage {
                offset: at,
                claimed: head.map(|head| head.sequence),
                room: ((bytes.len() - at) / frame::SMALLEST_FRAME).max(1) as u64,
            });
            broken = true;
        }
        match next {
            Some(next) => at = next,
            None => return found,
        }
    }
    found
}

/// Bytes of a file that are held at a time: a frame that begins in the first half of them ends in them.
const WINDOW: usize = 2 * frame::LONGEST_FRAME;

/// How a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Where the last genuine frame ends.
    pub end: u64,
    /// Bytes of an unfinished frame at the very end.
    pub torn: u64,
    /// What cannot be read behind the last genuine frame.
    pub damage: Option<Damage>,
}

/// Takes where each frame of a file begins, what is known of it, and its bytes.
pub type FrameVisitor<'a> = dyn FnMut(u64, &FoundFrame, &[u8]) -> Result<(), Error> + 'a;

/// Walks over the frames of a file of which so many bytes count, and holds only a few of the longest frames at a time. After
/// as many bytes as `patience` says in which none is genuine, the rest is given up.
pub fn walk_file(
    file: impl Read,
    length: u64,
    keys: &FileKeys,
    patience: u64,
    each: &mut FrameVisitor<'_>,
) -> Result<Ending, Error> {
    let mut window = Window::begin(file, length)?;
    let mut at = SEGMENT_HEAD.min(window.bytes.len());
    let mut end = at as u64;
    let mut damage: Option<Damage> = None;
    loop {
        let found = walk(&window.bytes, keys, at);
        for frame in &found.frames {
            let at = window.begins + frame.offset as u64;
            let bytes = &window.bytes[frame.offset..frame.offset + frame.length];
            each(at, frame, bytes)?;
        }
        if !found.frames.is_empty() {
            end = window.begins + found.end as u64;
            damage = None;
        }
        let reached = window.begins + window.bytes.len() as u64;
        let is_last = reached >= window.length;
        // What a window cuts off is looked at again, unless it held no frame at all.
        let counts = damage.is_none() && (is_last || found.frames.is_empty());
        let behind = found.damage.last().filter(|one| one.offset >= found.end);
        if let Some(one) = behind.filter(|_| counts) {
            let offset = window.begins + one.offset as u64;
            damage = Some(Damage {
                offset: offset as usize,
                claimed: one.claimed,
                room: ((window.length - offset) / frame::SMALLEST_FRAME as u64).max(1),
            });
        }
        let given_up = found.frames.is_empty() && reached - end > patience;
        if is_last || given_up {
            // What comes late in a damaged stretch is no torn tail.
            let torn = match damage {
                None if is_last => found.torn as u64,
                _ => 0,
            };
            return Ok(Ending { end, torn, damage });
        }
        // A frame that the window cut off begins in its second half.
        let done = if found.frames.is_empty() {
            window.bytes.len() - frame::LONGEST_FRAME
        } else {
            found.end
        };
        window.advance(done)?;
        at = 0;
    }
}

/// The part of a file that is held.
struct Window<R> {
    file: R,
    /// Bytes of the file that count.
    length: u64,
    /// Where it begins in the file.
    begins: u64,
    bytes: Vec<u8>,
}

impl<R: Read> Window<R> {
    fn begin(file: R, length: u64) -> Result<Self, Error> {
        let mut window = Window {
            file,
            length,
            begins: 0,
            bytes: Vec::new(),
        };
        window.fill()?;
        Ok(window)
    }

    fn advance(&mut self, done: usize) -> Result<(), Error> {
        self.bytes.drain(..done);
        self.begins += done as u64;
        self.fill()
    }

    fn fill(&mut self) -> Result<(), Error> {
        let left = self.length - self.begins;
        let wanted = left.min(WINDOW as u64) - self.bytes.len() as u64;
        let read = self
            .file
            .by_ref()
            .take(wanted)
            .read_to_end(&mut self.bytes)?;
        if (read as u64) < wanted {
            self.length = self.begins + self.bytes.len() as u64;
        }
        Ok(())
    }
}

/// The next place where a frame's head can be read.
fn next_frame_start(bytes: &[u8], mut from: usize) -> Option<usize> {
    while let Some(at) = frame::find_magic(bytes, from) {
        if FrameHead::parse(&bytes[at..]).is_some() {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::RootKey;
    use crate::frame::{Body, BodySort};
    use crate::sums::Sums;

    const VAULT: VaultId = VaultId([1; 16]);

    fn keys() -> FileKeys {
        let root = RootKey::from_slice(&[2; 32]).unwrap();
        let (lineage, device) = (LineageId([3; 16]), DeviceId([4; 16]));
        FileKeys::derive(
            &root,
            VAULT,
            SegmentSort::Journal,
            lineage,
            device,
            FileId([5; 16]),
        )
    }

    fn header() -> SegmentHeader {
        SegmentHeader {
            sort: SegmentSort::Journal,
            vault: VAULT,
            lineage: LineageId([3; 16]),
            device: DeviceId([4; 16]),
            file: FileId([5; 16]),
            number: 6,
            first_sequence: 1,
            previous: FileId([7; 16]),
            previous_length: 8,
            chain: [0; 32],
            header_revision: 9,
            epoch: EpochId([10; 16]),
        }
    }

    fn segment(frames: u64) -> Vec<u8> {
        let mut bytes = header().encode(&keys());
        let mut chain = [0; 32];
        for sequence in 1..=frames {
            let body = Body {
                sort: BodySort::Batch,
                time: 0,
                lamport: sequence,
                frontier: Vec::new(),
                sums: Sums::default(),
                operations: Vec::new(),
            };
            let frame = frame::seal_frame(&keys(), VAULT, sequence, &chain, &body).unwrap();
            chain = frame.chain;
            bytes.extend_from_slice(&frame.bytes);
        }
        bytes
    }

    fn sequences(walk: &Walk) -> Vec<u64> {
        walk.frames.iter().map(|frame| frame.sequence).collect()
    }

    #[test]
    fn a_segment_header_survives_and_no_bit_can_flip() {
        let bytes = header().encode(&keys());
        assert_eq!(bytes.len(), SEGMENT_HEAD);
        assert_eq!(SegmentHeader::parse(&bytes), Some(header()));
        assert!(SegmentHeader::is_authentic(&bytes, &keys()));
        for bit in 0..bytes.len() * 8 {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert!(!SegmentHeader::is_authentic(&broken, &keys()));
        }
    }

    #[test]
    fn a_segment_cut_anywhere_keeps_its_whole_frames_and_has_only_a_torn_tail() {
        let bytes = segment(3);
        let frame = (bytes.len() - SEGMENT_HEAD) / 3;
        for length in SEGMENT_HEAD..=bytes.len() {
            let walk = walk(&bytes[..length], &keys(), SEGMENT_HEAD);
            assert_eq!(
                walk.frames.len(),
                (length - SEGMENT_HEAD) / frame,
                "cut at {length}"
            );
            assert_eq!(walk.torn, (length - SEGMENT_HEAD) % frame);
            assert!(walk.damage.is_empty());
        }
    }

    #[test]
    fn a_file_is_walked_over_in_parts_as_if_it_were_held_whole() {
        const LONG: usize = WINDOW + WINDOW / 4;
        const NEVER: u64 = u64::MAX;
        let whole = segment(3);
        let frame = (whole.len() - SEGMENT_HEAD) / 3;
        let last = whole.len() - frame;
        let gap = vec![0; LONG];
        let long = LONG as u64;
        let sound = |bytes: &[u8]| (bytes.len() as u64, false, 0);
        // The bytes and the patience; the frames; where the last one ends, whether there is damage behind it, what is torn.
        let before_the_last = [&whole[..last], &gap, &whole[last..]].concat();
        let behind = [&whole[..], &gap].concat();
        let torn = [
            &before_the_last[..],
            &whole[SEGMENT_HEAD..SEGMENT_HEAD + 100],
        ]
        .concat();
        let late = [&behind[..], &whole[SEGMENT_HEAD..SEGMENT_HEAD + 100]].concat();
        for (bytes, patience, frames, ending) in [
            (&whole, NEVER, 3, sound(&whole)),
            (&before_the_last, NEVER, 3, sound(&before_the_last)),
            (&before_the_last, long / 2, 2, (last as u64, true, 0)),
            (&behind, NEVER, 3, (whole.len() as u64, true, 0)),
            (&torn, NEVER, 3, (before_the_last.len() as u64, false, 100)),
            (&late, NEVER, 3, (whole.len() as u64, true, 0)),
        ] {
            for length in [bytes.len() as u64, u64::MAX] {
                let mut seen = Vec::new();
                let ended = walk_file(
                    &bytes[..],
                    length,
                    &keys(),
                    patience,
                    &mut |at, found, frame| {
                        let from = at as usize;
                        assert_eq!(frame, &bytes[from..from + found.length]);
                        seen.push(found.sequence);
                        Ok(())
                    },
                );
                let Ending { end, torn, damage } = ended.unwrap();
                assert_eq!(seen, (1..=frames).collect::<Vec<_>>());
                assert_eq!((end, damage.is_some(), torn), ending);
            }
        }
    }

    #[test]
    fn a_flipped_byte_costs_one_frame_and_is_never_taken_for_a_torn_tail() {
        let bytes = segment(3);
        let frame = (bytes.len() - SEGMENT_HEAD) / 3;
        for at in (SEGMENT_HEAD..bytes.len()).step_by(5) {
            let mut broken = bytes.clone();
            broken[at] ^= 0x10;
            let walk = walk(&broken, &keys(), SEGMENT_HEAD);
            let lost = ((at - SEGMENT_HEAD) / frame) as u64 + 1;
            let expected: Vec<_> = (1..=3).filter(|sequence| *sequence != lost).collect();
            assert_eq!(sequences(&walk), expected, "byte {at}");
            assert_eq!(walk.damage.len(), 1);
            assert_eq!(walk.torn, 0);
        }
    }
}
