//! The journal: what each device saved, in one segment or several for each session. An acknowledgement rests on it
//! alone.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use crate::disk::{self, Appending, Disk, EntrySort};
use crate::envelope::RootKey;
use crate::error::Error;
use crate::frame::{self, Body, BodySort, FileKeys, Operation};
use crate::header::Point;
use crate::ids::{DeviceId, EpochId, FileId, LineageId, VaultId};
use crate::layout::{self, Layout};
use crate::primitives::Hash;
use crate::report::{Finding, Moment};
use crate::segment::{self, SEGMENT_HEAD, SegmentHeader, SegmentSort};
use crate::sums::Sums;

/// A segment that has grown to this is followed by another: each is read whole, the last of all at every opening.
const FULL_SEGMENT: u64 = 8 * 1024 * 1024;

/// Whose journal it is.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub disk: &'a dyn Disk,
    pub layout: &'a Layout,
    pub root: &'a RootKey,
    pub vault: VaultId,
    pub lineage: LineageId,
}

/// A segment as it lies on the disk.
#[derive(Debug, Clone)]
pub struct SegmentFile {
    pub path: PathBuf,
    pub device: DeviceId,
    pub number: u64,
    pub file: FileId,
    pub length: u64,
    /// Absent where the header is damaged.
    pub header: Option<SegmentHeader>,
    /// Set where a damaged header says that it belongs to another time or branch.
    pub elsewhere: bool,
    /// How much of it counts, where its successor says so.
    pub accepted: Option<u64>,
}

/// The segments of every device, oldest first.
#[derive(Debug, Default)]
pub struct Survey {
    pub devices: BTreeMap<DeviceId, Vec<SegmentFile>>,
    pub findings: Vec<Finding>,
}

/// A whole save as the journal holds it.
#[derive(Debug)]
pub struct Commit {
    pub device: DeviceId,
    pub point: Point,
    pub lamport: u64,
    pub time: Moment,
    pub frontier: Vec<(DeviceId, Point)>,
    pub sums: Sums,
    pub operations: Vec<Operation>,
}

/// What the journal holds beyond a frontier.
#[derive(Debug, Default)]
pub struct Loaded {
    /// In the order in which they are to be applied.
    pub commits: Vec<Commit>,
    pub ends: BTreeMap<DeviceId, JournalEnd>,
    pub findings: Vec<Finding>,
    /// Whether the journal does not continue the frontier but contradicts it.
    pub contradicts: bool,
}

impl Loaded {
    /// Whether saves are missing that others followed.
    pub fn has_gap(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| matches!(finding, Finding::Gap { .. }))
    }
}

/// Where the journal of a device ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct JournalEnd {
    pub point: Point,
    /// A number that a damaged frame at the very end still gives.
    pub highest_seen: u64,
    pub file: FileId0,
    pub length: u64,
    pub number: u64,
}

/// A file id that may be none: all zeros.
pub type FileId0 = [u8; 16];

/// Lists the segments of every device and puts them in order. Given an epoch, only segments that were begun in it
/// count: whatever changes the epoch for good has removed all others.
pub fn survey(context: Context<'_>, epoch: Option<EpochId>) -> Result<Survey, Error> {
    let mut survey = Survey::default();
    for folder in disk::list_if_there(context.disk, &context.layout.journals())? {
        let Some(device) = DeviceId::from_hex(&folder.name) else {
            continue;
        };
        if folder.sort != EntrySort::Folder {
            continue;
        }
        let mut files = Vec::new();
        for entry in disk::list_if_there(context.disk, &context.layout.journal(device))? {
            if entry.sort != EntrySort::File || disk::is_temporary(&entry.name) {
                continue;
            }
            let path = context.layout.journal(device).join(&entry.name);
            match inspect(context, epoch, device, &path, &entry.name, entry.length)? {
                Inspected::Ours(file) => files.push(*file),
                Inspected::Foreign => survey.findings.push(Finding::ForeignSegment),
                Inspected::Nothing => {}
            }
        }
        let (believed, incredible) = check_names(context, files)?;
        let (ordered, foreign) = put_in_order(believed);
        survey
            .findings
            .extend((0..foreign + incredible).map(|_| Finding::ForeignSegment));
        survey.devices.insert(device, ordered);
    }
    Ok(survey)
}

impl Survey {
    /// Reads every save beyond the frontier.
    pub fn load(
        &self,
        context: Context<'_>,
        after: &BTreeMap<DeviceId, Point>,
    ) -> Result<Loaded, Error> {
        let mut loaded = Loaded::default();
        for (device, files) in &self.devices {
            let known = after.get(device).copied().unwrap_or_default();
            load_device(context, *device, files, known, &mut loaded)?;
        }
        loaded
            .commits
            .sort_by_key(|commit| (commit.lamport, commit.device, commit.point.sequence));
        Ok(loaded)
    }

    /// The chain value that a device's history had at a number, where the journal still reaches back to it.
    pub fn chain_at(
        &self,
        context: Context<'_>,
        device: DeviceId,
        sequence: u64,
    ) -> Result<Option<Hash>, Error> {
        let Some(files) = self.devices.get(&device) else {
            return Ok(None);
        };
        for file in files.iter().rev() {
            let Some(header) = file.header else { continue };
            if header.first_sequence > sequence.saturating_add(1) {
                continue;
            }
            if header.first_sequence == sequence + 1 {
                return Ok(Some(header.chain));
            }
            let bytes = context.disk.read(&file.path)?;
            let keys = keys_of(context, file);
            let walk = segment::walk(accepted_part(file, &bytes), &keys, SEGMENT_HEAD);
            return Ok(walk
                .frames
                .iter()
                .find(|f| f.sequence == sequence)
                .map(|f| f.chain));
        }
        Ok(None)
    }

    /// The segments that are not needed once everything in the frontier is safe elsewhere. The last one of each
    /// device stays: the next names it.
    pub fn covered_by(&self, frontier: &BTreeMap<DeviceId, Point>) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for (device, files) in &self.devices {
            let safe = frontier.get(device).copied().unwrap_or_default().sequence;
            for pair in files.windows(2) {
                match pair[1].header {
                    Some(next) if next.first_sequence <= safe.saturating_add(1) => {
                        paths.push(pair[0].path.clone());
                    }
                    _ => break,
                }
            }
        }
        paths
    }

    /// Every segment there is.
    pub fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.devices.values().flatten().map(|file| &file.path)
    }
}

/// Writes the journal of this device.
pub struct JournalWriter {
    device: DeviceId,
    open: Option<OpenSegment>,
    previous: FileId0,
    previous_length: u64,
    next_number: u64,
    /// Bytes written since the last checkpoint, by this and earlier sessions.
    pub bytes: u64,
}

struct OpenSegment {
    file: Box<dyn Appending>,
    keys: FileKeys,
    id: FileId,
    length: u64,
}

/// What the header of a new segment says beside its place in the journal.
#[derive(Clone, Copy)]
pub struct SegmentStart {
    pub first_sequence: u64,
    pub chain: Hash,
    pub header_revision: u64,
    pub epoch: EpochId,
}

impl JournalWriter {
    pub fn new(device: DeviceId, end: JournalEnd) -> Self {
        JournalWriter {
            device,
            open: None,
            previous: end.file,
            previous_length: end.length,
            next_number: end.number.saturating_add(1),
            bytes: 0,
        }
    }

    /// Begins a segment if none is open, and hands out the keys of the open one.
    pub fn prepare(
        &mut self,
        context: Context<'_>,
        start: impl FnOnce() -> SegmentStart,
    ) -> Result<&FileKeys, Error> {
        if self.open.is_none() {
            let segment = self.begin(context, start())?;
            self.open = Some(segment);
        }
        Ok(&self.open.as_ref().expect("a segment was begun above").keys)
    }

    /// Appends frames and makes them durable. After an error the segment is closed for good: nobody knows what
    /// of it reached the disk.
    pub fn append(&mut self, frames: &[Vec<u8>]) -> Result<(), Error> {
        let Some(segment) = &mut self.open else {
            return Err(Error::Stale);
        };
        let outcome = frames
            .iter()
            .try_for_each(|frame| segment.file.append(frame))
            .and_then(|()| segment.file.sync());
        match outcome {
            Ok(()) => {
                let added = frames.iter().map(Vec::len).sum::<usize>() as u64;
                segment.length += added;
                self.bytes += added;
                if segment.length >= FULL_SEGMENT {
                    self.close();
                }
                Ok(())
            }
            Err(error) => {
                self.close();
                Err(error.into())
            }
        }
    }

    /// A writer for the same device that numbers its segments on from here and knows of none before.
    pub fn successor(&self) -> JournalWriter {
        JournalWriter {
            device: self.device,
            open: None,
            previous: FileId0::default(),
            previous_length: 0,
            next_number: self.next_number,
            bytes: 0,
        }
    }

    /// The segment that was written last, and how much of it counts; all zeros if there is none.
    pub fn last(&self) -> (FileId0, u64) {
        match &self.open {
            Some(open) => (open.id.0, open.length),
            None => (self.previous, self.previous_length),
        }
    }

    /// Ends the open segment; the next save begins another.
    pub fn close(&mut self) {
        if let Some(segment) = self.open.take() {
            self.previous = segment.id.0;
            self.previous_length = segment.length;
        }
    }

    /// Forgets that there were earlier segments, because they have been destroyed.
    pub fn start_over(&mut self) {
        self.close();
        self.previous = FileId0::default();
        self.previous_length = 0;
        self.bytes = 0;
    }

    fn begin(&mut self, context: Context<'_>, start: SegmentStart) -> Result<OpenSegment, Error> {
        let id = FileId::make()?;
        let number = self.next_number;
        // A number is never given twice, even if what follows fails.
        self.next_number = number.checked_add(1).ok_or(Error::Exhausted)?;
        let header = SegmentHeader {
            sort: SegmentSort::Journal,
            vault: context.vault,
            lineage: context.lineage,
            device: self.device,
            file: id,
            number,
            first_sequence: start.first_sequence,
            previous: FileId(self.previous),
            previous_length: self.previous_length,
            chain: start.chain,
            header_revision: start.header_revision,
            epoch: start.epoch,
        };
        let keys = derive_keys(context, self.device, id);
        let folder = context.layout.journal(self.device);
        context.disk.make_folder(&folder)?;
        context.disk.sync_folder(&context.layout.journals())?;
        let mut file = context
            .disk
            .create(&context.layout.segment(self.device, number, id))?;
        file.append(&header.encode(&keys))?;
        file.sync()?;
        context.disk.sync_folder(&folder)?;
        Ok(OpenSegment {
            file,
            keys,
            id,
            length: SEGMENT_HEAD as u64,
        })
    }
}

enum Inspected {
    Ours(Box<SegmentFile>),
    Foreign,
    Nothing,
}

fn inspect(
    context: Context<'_>,
    epoch: Option<EpochId>,
    device: DeviceId,
    path: &std::path::Path,
    name: &str,
    length: u64,
) -> Result<Inspected, Error> {
    let mut head = Vec::with_capacity(SEGMENT_HEAD);
    context
        .disk
        .open(path)?
        .take(SEGMENT_HEAD as u64)
        .read_to_end(&mut head)?;
    let named = layout::parse_segment_name(name);
    let parsed = SegmentHeader::parse(&head);
    let in_time = |header: &SegmentHeader| epoch.is_none_or(|epoch| header.epoch == epoch);
    if let Some(header) = parsed {
        let keys = derive_keys(context, header.device, header.file);
        let genuine = header.sort == SegmentSort::Journal
            && header.vault == context.vault
            && header.lineage == context.lineage
            && header.device == device
            && SegmentHeader::is_authentic(&head, &keys);
        if genuine && !in_time(&header) {
            return Ok(Inspected::Foreign);
        }
        if genuine {
            return Ok(Inspected::Ours(Box::new(SegmentFile {
                path: path.to_owned(),
                device,
                number: header.number,
                file: header.file,
                length,
                header: Some(header),
                elsewhere: false,
                accepted: None,
            })));
        }
        let other_branch = header.lineage != context.lineage
            && SegmentHeader::is_authentic(
                &head,
                &FileKeys::derive(
                    context.root,
                    context.vault,
                    header.sort,
                    header.lineage,
                    header.device,
                    header.file,
                ),
            );
        if other_branch || header.vault != context.vault || header.device != device {
            return Ok(Inspected::Foreign);
        }
    }
    // A header that was never written whole holds no acknowledged frame; a damaged one may, and its name still
    // says which keys its frames were written with.
    match named {
        Some((number, file)) if length > SEGMENT_HEAD as u64 => {
            Ok(Inspected::Ours(Box::new(SegmentFile {
                path: path.to_owned(),
                device,
                number,
                file,
                length,
                header: None,
                elsewhere: parsed.is_some_and(|h| h.lineage != context.lineage || !in_time(&h)),
                accepted: None,
            })))
        }
        _ => Ok(Inspected::Nothing),
    }
}

/// A name proves nothing. Where the head is damaged it counts only if it is at most the number that comes next and the
/// head does not say that it belongs elsewhere, or if the keys that follow from it open a frame. Returns how many files were left out.
fn check_names(
    context: Context<'_>,
    files: Vec<SegmentFile>,
) -> Result<(Vec<SegmentFile>, u64), Error> {
    let newest = files
        .iter()
        .filter(|file| file.header.is_some())
        .map(|file| file.number)
        .max();
    let next = newest.map(|newest| newest.saturating_add(1));
    let mut believed = Vec::with_capacity(files.len());
    let mut left_out = 0;
    for mut file in files {
        let near = file.number <= next.unwrap_or(MAX_NAMED_NUMBER) && !file.elsewhere;
        let credible = file.header.is_some() || near;
        if !credible {
            let bytes = context.disk.read(&file.path)?;
            let walk = segment::walk(
                &bytes,
                &keys_of(context, &file),
                SEGMENT_HEAD.min(bytes.len()),
            );
            if walk.frames.is_empty() {
                left_out += 1;
                continue;
            }
            if file.number > MAX_NAMED_NUMBER {
                file.number = next.unwrap_or(1);
            }
        }
        believed.push(file);
    }
    Ok((believed, left_out))
}

/// Follows the links from the newest segment back. What is on no link holds nothing that counts.
fn put_in_order(mut files: Vec<SegmentFile>) -> (Vec<SegmentFile>, u64) {
    files.sort_by_key(|file| {
        (
            file.number,
            file.header.map(|h| h.first_sequence),
            file.file,
        )
    });
    let mut chain: Vec<SegmentFile> = Vec::new();
    let mut foreign = 0;
    while let Some(mut file) = files.pop() {
        let newer = chain.last().and_then(|newer| newer.header);
        if let Some(newer) = newer {
            let linked = newer.previous == file.file;
            let link_elsewhere = files.iter().any(|other| other.file == newer.previous);
            if !linked && (link_elsewhere || file.number == newer.number) {
                foreign += u64::from(file.length > SEGMENT_HEAD as u64);
                continue;
            }
            if linked {
                file.accepted = Some(newer.previous_length);
            }
        }
        chain.push(file);
    }
    chain.reverse();
    (chain, foreign)
}

fn load_device(
    context: Context<'_>,
    device: DeviceId,
    files: &[SegmentFile],
    known: Point,
    loaded: &mut Loaded,
) -> Result<(), Error> {
    let first_needed = files
        .windows(2)
        .position(|pair| {
            pair[1]
                .header
                .is_none_or(|next| next.first_sequence > known.sequence.saturating_add(1))
        })
        .unwrap_or(files.len().saturating_sub(1));
    let mut last: Option<Point> = None;
    let mut end = JournalEnd::default();
    for file in &files[first_needed..] {
        let bytes = context.disk.read(&file.path)?;
        let keys = keys_of(context, file);
        let bytes = accepted_part(file, &bytes);
        let walk = segment::walk(bytes, &keys, SEGMENT_HEAD.min(bytes.len()));
        if let Some(header) = file.header {
            let base = Point {
                sequence: header.first_sequence.saturating_sub(1),
                chain: header.chain,
            };
            let before = last.unwrap_or(known);
            // Numbers may be skipped on purpose; the chain then stays the same.
            let missing = base.sequence > before.sequence && base.chain != before.chain;
            if missing && base.sequence > known.sequence {
                note_gap(
                    loaded,
                    device,
                    before.sequence.max(known.sequence) + 1,
                    base.sequence,
                );
            }
            last = Some(base);
        }
        let mut group: Option<Parts> = None;
        for found in &walk.frames {
            let end_before = last;
            if let Some(before) = last {
                let next = found.sequence == before.sequence + 1;
                if found.sequence <= before.sequence || (next && found.previous != before.chain) {
                    loaded.findings.push(Finding::ForeignSegment);
                    continue;
                }
                if !next {
                    group = None;
                    if found.sequence - 1 > known.sequence {
                        let from = before.sequence.max(known.sequence) + 1;
                        note_gap(loaded, device, from, found.sequence - 1);
                    }
                }
            }
            let point = Point {
                sequence: found.sequence,
                chain: found.chain,
            };
            last = Some(point);
            if point.sequence <= known.sequence {
                loaded.contradicts |=
                    point.sequence == known.sequence && point.chain != known.chain;
                continue;
            }
            let bytes = &bytes[found.offset..found.offset + found.length];
            let Some(body) = frame::open_frame(&keys, context.vault, bytes) else {
                note_gap(loaded, device, point.sequence, point.sequence);
                group = None;
                continue;
            };
            let Parts {
                first,
                before,
                offset,
                mut operations,
            } = group.take().unwrap_or(Parts {
                first: point.sequence,
                before: end_before,
                offset: found.offset,
                operations: Vec::new(),
            });
            let Body {
                sort,
                time,
                lamport,
                frontier,
                sums,
                operations: more,
            } = body;
            operations.extend(more);
            match sort {
                BodySort::Batch => {}
                BodySort::Part => {
                    group = Some(Parts {
                        first,
                        before,
                        offset,
                        operations,
                    });
                    continue;
                }
                // It ends a checkpoint and has no place in a journal.
                BodySort::End(_) => {
                    note_gap(loaded, device, point.sequence, point.sequence);
                    continue;
                }
            }
            // Each write carries the number of the first frame of its save: a save that lost a part of itself
            // is left out as a whole.
            if operations
                .iter()
                .any(|op| op.dot.counter >> DOT_INDEX_BITS != first)
            {
                note_gap(loaded, device, first, point.sequence);
                continue;
            }
            loaded.commits.push(Commit {
                device,
                point,
                lamport,
                time,
                frontier,
                sums,
                operations,
            });
        }
        let final_damage = walk
            .damage
            .last()
            .filter(|damage| damage.offset >= walk.end);
        let mut whole_until = walk.end;
        if let Some(parts) = group
            && final_damage.is_none()
            && file.accepted.is_none()
        {
            // Parts that nothing completes were being written when the power went: they are a torn tail like any
            // other, and their numbers were never given to a save.
            last = parts.before;
            whole_until = parts.offset;
        }
        let torn = walk.torn + (walk.end - whole_until);
        let after = last.unwrap_or(known).sequence;
        if let Some(damage) = final_damage {
            let sequence = damage.highest_sequence(after);
            end.highest_seen = end.highest_seen.max(sequence);
            if sequence > known.sequence {
                note_gap(loaded, device, after.max(known.sequence) + 1, sequence);
            }
        }
        if torn > 0 && file.accepted.is_none() {
            loaded.findings.push(Finding::TornTail {
                device,
                bytes: torn as u64,
            });
        }
        end.file = file.file.0;
        end.length = whole_until as u64;
        end.number = end.number.max(file.number);
    }
    end.point = last.unwrap_or_default();
    end.highest_seen = end.highest_seen.max(end.point.sequence);
    loaded.ends.insert(device, end);
    Ok(())
}

/// Parts of a save, until the frame that completes it.
struct Parts {
    first: u64,
    /// Where the journal stood before the first of them.
    before: Option<Point>,
    offset: usize,
    operations: Vec<Operation>,
}

/// A dot's counter is the number of its save's first frame, shifted, and a position within the save.
pub const DOT_INDEX_BITS: u32 = 16;
/// Numbers of frames stay below this, so that none loses a bit in a dot.
pub const MAX_SEQUENCE: u64 = 1 << (u64::BITS - DOT_INDEX_BITS - 1);
/// No device lives to write so many segments: a name that gives a higher number is not believed.
const MAX_NAMED_NUMBER: u64 = 1 << 47;

fn note_gap(loaded: &mut Loaded, device: DeviceId, from: u64, to: u64) {
    let gap = Finding::Gap {
        device,
        from,
        to: to.max(from),
    };
    if !loaded.findings.contains(&gap) {
        loaded.findings.push(gap);
    }
}

fn accepted_part<'a>(file: &SegmentFile, bytes: &'a [u8]) -> &'a [u8] {
    let length = file
        .accepted
        .and_then(|length| usize::try_from(length).ok());
    &bytes[..length.unwrap_or(bytes.len()).min(bytes.len())]
}

fn keys_of(context: Context<'_>, file: &SegmentFile) -> FileKeys {
    derive_keys(context, file.device, file.file)
}

fn derive_keys(context: Context<'_>, device: DeviceId, file: FileId) -> FileKeys {
    let Context {
        root,
        vault,
        lineage,
        ..
    } = context;
    FileKeys::derive(root, vault, SegmentSort::Journal, lineage, device, file)
}
