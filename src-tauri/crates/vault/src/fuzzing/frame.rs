//! Frames: what opens is what was sealed, bodies write themselves again to the same bytes, and walking over a
//! segment finds every frame that is there, whatever lies between them.

use std::sync::OnceLock;

use super::{Feed, all_zero, fitted, flip, known};
use crate::envelope::{Label, SEAL_OVERHEAD};
use crate::frame::{self, Action, Body, BodySort, FRAME_HEAD, FRAME_OVERHEAD, FrameHead};
use crate::primitives::{self, HASH_LENGTH, Hash};
use crate::segment::{self, SEGMENT_HEAD, SegmentHeader, SegmentSort, Walk};
use known::File;

const CHECKED_HEAD: usize = 72;

/// The keys of a journal segment.
fn file() -> &'static File {
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| {
        File::derive(
            known::VAULT,
            SegmentSort::Journal,
            known::LINEAGE,
            known::DEVICE,
            known::FILE,
        )
    })
}

pub fn run(input: &[u8]) {
    let mut feed = Feed(input);
    match feed.u8() % 5 {
        0 => raw(feed.rest()),
        1 => check_body(feed.rest()),
        2 => {
            // The same with the field that says how much is used made right.
            let mut plain = feed.rest().to_vec();
            let used = (plain.len() as u32).to_le_bytes();
            super::overwrite(&mut plain, 12 - 4, &used);
            check_body(&plain);
        }
        3 => check_segment_header(&feed.array()),
        _ => walk_over(feed),
    }
}

fn raw(bytes: &[u8]) {
    check_head(bytes);
    let walk = segment::walk(bytes, &file().keys, 0);
    assert_eq!(walk.frames, [], "a frame was forged");
    check_walk(&walk, bytes, 0);
    assert!(!segment_is_authentic(bytes, file()));
}

fn segment_is_authentic(bytes: &[u8], file: &File) -> bool {
    SegmentHeader::is_authentic(bytes, &file.keys)
}

/// A head is taken exactly where the page of the format says so.
fn check_head(bytes: &[u8]) {
    let parsed = FrameHead::parse(bytes);
    let sound = bytes.len() >= FRAME_HEAD && {
        let length = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        let check = primitives::sha256(&[&bytes[..CHECKED_HEAD]]);
        let doubled = (0..7).any(|power| length == 1024 << power);
        let large = length > 65_536 && length <= 16_777_216 && length.is_multiple_of(65_536);
        bytes[..4] == *b"CFRM"
            && bytes[CHECKED_HEAD..FRAME_HEAD] == check[..8]
            && (doubled || large)
    };
    assert_eq!(parsed.is_some(), sound);
    if let Some(head) = parsed {
        assert_eq!(head.sequence.to_le_bytes(), bytes[8..16]);
        assert_eq!(head.previous, bytes[16..48]);
    }
}

/// A head whose check is right.
fn head(length: u32, sequence: u64, previous: &Hash) -> Vec<u8> {
    let mut out = b"CFRM".to_vec();
    out.extend(length.to_le_bytes());
    out.extend(sequence.to_le_bytes());
    out.extend(previous);
    out.extend(known::NONCE);
    let check = primitives::sha256(&[&out]);
    out.extend(&check[..8]);
    out
}

/// The smallest length of a sealed body that the format allows.
fn padded(length: usize) -> usize {
    if length <= 65_536 {
        length.next_power_of_two().max(1024)
    } else {
        length.next_multiple_of(65_536)
    }
}

/// Seals a plain body, zeros added, as a frame of a file.
pub fn sealed(file: &File, sequence: u64, previous: &Hash, plain: &[u8]) -> (Vec<u8>, Hash) {
    let length = padded(plain.len() + SEAL_OVERHEAD);
    let plain = fitted(plain, length - SEAL_OVERHEAD);
    let mut out = head(length as u32, sequence, previous);
    let place = known::place(Label::Frame, known::VAULT, &[&out]);
    out.extend(known::seal(&file.seal, &place, &plain));
    let chain = file.chain.authenticate(&[&out]);
    out.extend(chain);
    (out, chain)
}

fn check_body(plain: &[u8]) {
    let keys = &file().keys;
    if padded(plain.len() + SEAL_OVERHEAD) > frame::MAX_SEALED {
        return;
    }
    let previous = [7; HASH_LENGTH];
    let (bytes, chain) = sealed(file(), 5, &previous, plain);
    check_head(&bytes);
    let head = FrameHead::parse(&bytes).expect("the head was made right");
    assert_eq!(head.frame_length(), bytes.len());
    assert_eq!(frame::authenticate_frame(keys, &bytes), Some(chain));
    let plain = fitted(plain, head.sealed_length - SEAL_OVERHEAD);
    let opened = frame::open_frame(keys, known::VAULT, &bytes);
    assert_eq!(opened, Body::decode(&plain));
    let mut broken = bytes.clone();
    flip(&mut broken, usize::from(chain[0]) * bytes.len() / 32);
    assert_eq!(frame::authenticate_frame(keys, &broken), None);
    let Some(body) = opened else {
        return;
    };
    check_order(&body);
    let mut again = Vec::new();
    body.encode(&mut again);
    let used = u32::from_le_bytes([plain[8], plain[9], plain[10], plain[11]]) as usize;
    assert_eq!(again.len(), used);
    assert_eq!(again, plain[..used], "not written as read");
    assert!(all_zero(&plain[used..]));
    // Counts were believed only as far as the bytes reach.
    let values: usize = body.operations.iter().map(|one| one.value.len()).sum();
    assert!(values <= plain.len() && body.operations.len() <= plain.len());
    let written = frame::seal_frame(keys, known::VAULT, 5, &previous, &body);
    let written = written.expect("what fitted before fits again");
    assert_eq!(
        frame::open_frame(keys, known::VAULT, &written.bytes),
        Some(body)
    );
    assert!(written.bytes.len() <= bytes.len());
}

/// The order and shape that the page of the format gives.
fn check_order(body: &Body) {
    let rising = |two: &[(crate::ids::DeviceId, _)]| two[0].0 < two[1].0;
    assert!(body.frontier.windows(2).all(rising));
    if matches!(body.sort, BodySort::End(_)) {
        assert!(body.operations.is_empty(), "end frames have no operations");
    }
    for operation in &body.operations {
        assert!(
            operation.action != Action::Delete || operation.value.is_empty(),
            "a delete has an empty value"
        );
    }
}

fn check_segment_header(fields: &[u8; SEGMENT_HEAD - HASH_LENGTH]) {
    let parsed = SegmentHeader::parse(&fitted(fields, SEGMENT_HEAD));
    let sound = fields[..10] == *b"CFDNTSEG\x01\0"
        && (1..=3).contains(&fields[10])
        && fields[11] == 0
        && all_zero(&fields[12..16])
        && all_zero(&fields[176..]);
    assert_eq!(parsed.is_some(), sound);
    let Some(header) = parsed else {
        return;
    };
    let (sort, lineage, device) = (header.sort, header.lineage, header.device);
    let file = File::derive(header.vault, sort, lineage, device, header.file);
    let bytes = [&fields[..], &file.head.authenticate(&[fields])].concat();
    assert_eq!(header.encode(&file.keys), bytes, "not written as read");
    assert!(segment_is_authentic(&bytes, &file));
    let mut broken = bytes.clone();
    flip(&mut broken, usize::from(bytes[255]) * 8);
    assert!(!segment_is_authentic(&broken, &file));
    assert!(SegmentHeader::parse(&bytes[..SEGMENT_HEAD - 1]).is_none());
}

/// A segment of frames and of other things, as the input has them in turn.
fn walk_over(mut feed: Feed<'_>) {
    let mut bytes = vec![0; usize::from(feed.u8() % 2) * SEGMENT_HEAD];
    let start = bytes.len();
    let (mut placed, mut last) = (Vec::new(), [0; HASH_LENGTH]);
    let mut sequence = 0u64;
    // A head in front of a frame may make them one damaged stretch, but never hides the frame.
    while !feed.is_empty() && placed.len() < 16 && bytes.len() < 64 * 1024 {
        match feed.u8() % 5 {
            0 | 1 => {
                sequence = sequence.wrapping_add(u64::from(feed.u8() % 3));
                let length = usize::from(feed.u8());
                let (frame, chain) = sealed(file(), sequence, &last, feed.slice(length));
                placed.push((bytes.len(), frame.len(), sequence, last, chain));
                bytes.extend(frame);
                last = chain;
            }
            2 => {
                let length = usize::from(feed.u8());
                bytes.extend(feed.slice(length));
            }
            3 => {
                // A head that nobody with the keys wrote, and that claims any length.
                let length = u32::from(feed.u16()) << 10;
                bytes.extend(head(length, feed.u64(), &[feed.u8(); HASH_LENGTH]));
            }
            _ => {
                // The beginning of a frame that was never finished, or one with a bit turned.
                let (mut frame, _) = sealed(file(), sequence.wrapping_add(1), &last, &[]);
                let (cut, turned) = (feed.u16(), feed.u16());
                flip(&mut frame, usize::from(turned));
                frame.truncate(usize::from(cut).max(1));
                bytes.extend(frame);
            }
        }
    }
    let walk = segment::walk(&bytes, &file().keys, start);
    check_walk(&walk, &bytes, start);
    let found: Vec<_> = walk
        .frames
        .iter()
        .map(|frame| {
            (
                frame.offset,
                frame.length,
                frame.sequence,
                frame.previous,
                frame.chain,
            )
        })
        .collect();
    assert_eq!(found, placed, "a frame was missed or made up");
}

/// What holds of every walk.
fn check_walk(walk: &Walk, bytes: &[u8], start: usize) {
    let mut end = start;
    for frame in &walk.frames {
        assert!(frame.offset >= end);
        end = frame.offset + frame.length;
        assert!(frame.length >= frame::SMALLEST_FRAME && end <= bytes.len());
        assert!(frame.length <= frame::MAX_SEALED + FRAME_OVERHEAD);
    }
    assert_eq!(walk.end, end);
    assert!(walk.torn <= bytes.len() - end);
    assert!(
        walk.damage
            .windows(2)
            .all(|two| two[0].offset < two[1].offset)
    );
    let covered: usize = walk.frames.iter().map(|frame| frame.length).sum();
    // Whatever is no frame is told, one way or the other.
    let told = !walk.damage.is_empty() || walk.torn > 0;
    assert_eq!(told, covered < bytes.len() - start);
    for damage in &walk.damage {
        assert!((start..bytes.len()).contains(&damage.offset) && damage.room >= 1);
        let inside = |frame: &segment::FoundFrame| {
            (frame.offset..frame.offset + frame.length).contains(&damage.offset)
        };
        assert!(!walk.frames.iter().any(inside));
        for after in [0, 1, u64::MAX - 1, u64::MAX] {
            let highest = damage.highest_sequence(after);
            assert!(highest > after || after == u64::MAX);
            assert!(highest <= after.saturating_add(damage.room));
        }
    }
}
