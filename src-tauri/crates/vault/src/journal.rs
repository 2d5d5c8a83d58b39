//! The journal: what each device saved, in one segment or several for each session. An acknowledgement rests on it
//! alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::disk::{self, Appending, Disk, EntrySort};
use crate::envelope::RootKey;
use crate::error::{Error, Part};
use crate::frame::{self, BodySort, FileKeys, Operation};
use crate::header::Point;
use crate::ids::{DeviceId, EpochId, FileId, LineageId, VaultId};
use crate::layout::{self, Layout};
use crate::primitives::Hash;
use crate::report::{Finding, Moment};
use crate::segment::{
    self, Ending, FoundFrame, FrameVisitor, SEGMENT_HEAD, SegmentHeader, SegmentSort,
};
use crate::sums::Sums;

/// A segment that has grown to this is followed by another: each is read whole, the last of all at every opening.
pub const FULL_SEGMENT: u64 = 8 * 1024 * 1024;

/// Bytes without a genuine frame after which the rest of a segment is given up: more than any segment comes to.
pub const PATIENCE: u64 = 256 * 1024 * 1024;

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
    /// What its head says, or that of a copy. Absent where none can be read.
    pub header: Option<SegmentHeader>,
    /// Whether its own head is damaged.
    pub head_is_damaged: bool,
    /// Set where a damaged header says that it belongs to another time, branch, device or vault.
    pub elsewhere: bool,
    /// How much of it counts, where its successor tells.
    pub accepted: Option<u64>,
    /// The highest number of a frame in it that does not count, by no more than what the next one's first frame tells.
    pub left_out: Option<u64>,
    /// Other files that are the same segment, which are not read.
    pub copies: Vec<PathBuf>,
}

impl SegmentFile {
    /// Where it lies, and where every copy of it does.
    pub fn all_paths(&self) -> impl Iterator<Item = PathBuf> {
        [&self.path].into_iter().chain(&self.copies).cloned()
    }
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

    /// Notes the saves of other devices that a save knew of and that are not here: its sums count what they wrote. What
    /// it says of its own device, the chain proves.
    fn compare_frontiers(&mut self, after: &BTreeMap<DeviceId, Point>) {
        let mut taken_in = after.clone();
        let mut missing = Vec::new();
        for commit in &self.commits {
            for (device, told) in &commit.frontier {
                let known = taken_in.get(device).copied().unwrap_or_default();
                // Numbers may be skipped on purpose; the chain then stays the same.
                let lacking = told.sequence >= known.sequence && told.chain != known.chain;
                if *device != commit.device && lacking {
                    let from = known.sequence.saturating_add(1).min(told.sequence);
                    missing.push((*device, from, told.sequence));
                }
            }
            taken_in.insert(commit.device, commit.point);
        }
        for (device, from, to) in missing {
            note_gap(self, device, from, to);
        }
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

/// How many files among the journals are segments with frames, whether anything in them counts or not, but for one.
pub fn count_with_frames(
    disk: &dyn Disk,
    layout: &Layout,
    but: Option<&PathBuf>,
) -> Result<u64, Error> {
    let mut count = 0;
    for folder in disk::list_if_there(disk, &layout.journals())? {
        let path = layout.journals().join(&folder.name);
        if folder.sort != EntrySort::Folder {
            continue;
        }
        for entry in disk::list_if_there(disk, &path)? {
            let path = path.join(&entry.name);
            let is_other = entry.sort == EntrySort::File && Some(&path) != but;
            if is_other && entry.length > SEGMENT_HEAD as u64 {
                let named = layout::parse_segment_name(&entry.name).is_some();
                let begins = || Ok::<_, Error>(SegmentHeader::parse(&read_head(disk, &path)?));
                count += u64::from(named || begins()?.is_some());
            }
        }
    }
    Ok(count)
}

/// The bytes that the head of a segment would have.
pub fn read_head(disk: &dyn Disk, path: &Path) -> Result<Vec<u8>, Error> {
    let mut head = Vec::with_capacity(SEGMENT_HEAD);
    disk.open(path)?
        .take(SEGMENT_HEAD as u64)
        .read_to_end(&mut head)?;
    Ok(head)
}

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
        let (mut ordered, unlinked) =
            put_in_order(believed, &mut |copies| choose_copy(context, copies))?;
        leave_out_dead_ends(context, &mut ordered)?;
        survey
            .findings
            .extend((0..unlinked.len() as u64 + incredible).map(|_| Finding::ForeignSegment));
        survey.devices.insert(device, ordered);
    }
    Ok(survey)
}

impl Survey {
    /// Every segment there is.
    pub fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.devices.values().flatten().map(|file| &file.path)
    }

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
        loaded.compare_frontiers(after);
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
            let mut chain = None;
            walk_segment(context, file, &mut |_, found, _| {
                if found.sequence == sequence {
                    chain = Some(found.chain);
                }
                Ok(())
            })?;
            return Ok(chain);
        }
        Ok(None)
    }

    /// The segments that are not needed once everything in the frontier is safe elsewhere, with every copy of them. The
    /// last one of each device stays: the next names it.
    pub fn covered_by(&self, frontier: &BTreeMap<DeviceId, Point>) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for (device, files) in &self.devices {
            let safe = frontier.get(device).copied().unwrap_or_default().sequence;
            let mut before = 0;
            let mut last = None;
            for (index, file) in files.iter().enumerate() {
                // One whose head is damaged goes together with those around it.
                let Some(header) = file.header else { continue };
                if header.first_sequence > safe.saturating_add(1) || header.first_sequence < before
                {
                    break;
                }
                before = header.first_sequence;
                last = Some(index);
            }
            let covered = files.windows(2).take(last.unwrap_or(0));
            // What only follows by its number may be of another branch, and not told by what covers this one.
            let linked = covered.filter(|pair| is_linked(&pair[0], &pair[1]));
            paths.extend(linked.flat_map(|pair| pair[0].all_paths()));
        }
        paths
    }

    /// The segments of this device of which no frame lies beyond a frontier, and those of other devices of which nothing does,
    /// not even what a damaged end claims. What only follows by its number may be of another branch, and is none of them.
    pub fn done_with(
        &self,
        context: Context<'_>,
        own: DeviceId,
        frontier: &BTreeMap<DeviceId, Point>,
    ) -> Result<Vec<&SegmentFile>, Error> {
        let mut done = Vec::new();
        for (device, files) in &self.devices {
            let known = frontier.get(device).copied().unwrap_or_default();
            if *device != own {
                let mut loaded = Loaded::default();
                load_device(context, *device, files, known, &mut loaded)?;
                let end = loaded.ends.get(device);
                let is_done = end.is_some_and(|end| end.highest_seen <= known.sequence);
                if loaded.contradicts || !is_done {
                    continue;
                }
            }
            for (index, file) in files.iter().enumerate() {
                let next = files.get(index + 1);
                if next.is_some_and(|next| !is_linked(file, next)) {
                    continue;
                }
                let mut highest = 0;
                walk_segment(context, file, &mut |_, found, _| {
                    highest = highest.max(found.sequence);
                    Ok(())
                })?;
                if highest <= known.sequence {
                    done.push(file);
                }
            }
        }
        Ok(done)
    }
}

/// Writes the journal of this device.
pub struct JournalWriter {
    device: DeviceId,
    open: Option<OpenSegment>,
    previous: FileId0,
    previous_length: u64,
    next_number: u64,
    /// Bytes after which a segment is followed by another.
    full: u64,
    /// Bytes written since the last checkpoint, by this and earlier sessions.
    pub bytes: u64,
    /// The highest number in a save that was refused: its frames may be there all the same, so no other save gets it.
    refused: u64,
}

struct OpenSegment {
    number: u64,
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
    pub fn new(device: DeviceId, end: JournalEnd, full: u64) -> Self {
        JournalWriter {
            device,
            open: None,
            previous: end.file,
            previous_length: end.length,
            next_number: end.number.saturating_add(1),
            full,
            bytes: 0,
            refused: 0,
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

    /// The highest number that was given since a point, be it to a save that was refused.
    pub fn given(&self, since: Point) -> u64 {
        self.refused.max(since.sequence)
    }

    /// Appends frames, the last of which has this number, and makes them durable. After an error the segment is closed for
    /// good: nobody knows what of it reached the disk.
    pub fn append(&mut self, frames: &[Vec<u8>], last: u64) -> Result<(), Error> {
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
                if segment.length >= self.full {
                    self.close();
                }
                Ok(())
            }
            Err(error) => {
                self.close();
                self.refused = self.refused.max(last);
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
            full: self.full,
            bytes: 0,
            refused: self.refused,
        }
    }

    /// The segment that was written last, and how much of it counts; all zeros if there is none.
    pub fn last(&self) -> (FileId0, u64) {
        match &self.open {
            Some(open) => (open.id.0, open.length),
            None => (self.previous, self.previous_length),
        }
    }

    /// Where the segment is that is being written, if there is one.
    pub fn open_path(&self, layout: &Layout) -> Option<PathBuf> {
        let open = self.open.as_ref()?;
        Some(layout.segment(self.device, open.number, open.id))
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
            number,
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
    path: &Path,
    name: &str,
    length: u64,
) -> Result<Inspected, Error> {
    let head = read_head(context.disk, path)?;
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
                head_is_damaged: false,
                elsewhere: false,
                accepted: None,
                left_out: None,
                copies: Vec::new(),
            })));
        }
        // What it says of where it belongs is believed only if it is genuine.
        let own_keys = FileKeys::derive(
            context.root,
            header.vault,
            header.sort,
            header.lineage,
            header.device,
            header.file,
        );
        if SegmentHeader::is_authentic(&head, &own_keys) {
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
                head_is_damaged: true,
                elsewhere: parsed.is_some_and(|header| {
                    header.vault != context.vault
                        || header.device != device
                        || header.lineage != context.lineage
                        || !in_time(&header)
                }),
                accepted: None,
                left_out: None,
                copies: Vec::new(),
            })))
        }
        None if length > SEGMENT_HEAD as u64 => Ok(Inspected::Foreign),
        _ => Ok(Inspected::Nothing),
    }
}

/// A name proves nothing. Where the head is damaged, that of a copy tells what it said. Where there is none, the name counts
/// only if it is at most the number that comes next and the head does not say that it belongs elsewhere, or if the keys
/// that follow from it open a frame. Returns how many files were left out.
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
    let heads: BTreeMap<FileId, SegmentHeader> = files
        .iter()
        .filter_map(|file| file.header.map(|header| (file.file, header)))
        .collect();
    let mut believed = Vec::with_capacity(files.len());
    let mut left_out = 0;
    for mut file in files {
        if let Some(header) = heads.get(&file.file) {
            file.header = Some(*header);
            file.number = header.number;
        }
        let near = file.number <= next.unwrap_or(MAX_NAMED_NUMBER) && !file.elsewhere;
        let credible = file.header.is_some() || near;
        if !credible {
            let mut is_ours = false;
            walk_segment(context, &file, &mut |_, _, _| {
                is_ours = true;
                Ok(())
            })?;
            if !is_ours {
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

/// Whether nothing says that the one is not the segment before the other.
fn is_linked(file: &SegmentFile, next: &SegmentFile) -> bool {
    match (file.header, next.header) {
        (Some(file), Some(next)) => next.previous == file.file,
        _ => true,
    }
}

/// Chooses among the copies of one segment.
type CopyChoice<'a> = dyn FnMut(Vec<SegmentFile>) -> Result<SegmentFile, Error> + 'a;

/// Follows the links from the newest segment back. What is on no link holds nothing that counts, and comes apart if it is
/// longer than a head.
fn put_in_order(
    mut files: Vec<SegmentFile>,
    choose: &mut CopyChoice<'_>,
) -> Result<(Vec<SegmentFile>, Vec<SegmentFile>), Error> {
    files.sort_by_key(|file| {
        (
            file.number,
            file.header.map(|h| h.first_sequence),
            file.file,
        )
    });
    let mut chain: Vec<SegmentFile> = Vec::new();
    let mut unlinked = Vec::new();
    while let Some(file) = files.pop() {
        let newer = chain.last().and_then(|newer| newer.header);
        let mut accepted = None;
        if newer.is_none()
            && chain
                .last()
                .is_some_and(|newer| newer.number == file.number)
        {
            unlinked.push(file);
            continue;
        }
        if let Some(newer) = newer {
            if newer.previous.0 == FileId0::default() {
                // The session that began it knew of none before.
                unlinked.push(file);
                unlinked.append(&mut files);
                break;
            }
            let linked = newer.previous == file.file;
            let link_elsewhere = files.iter().any(|other| other.file == newer.previous);
            if !linked && (link_elsewhere || file.number == newer.number) {
                unlinked.push(file);
                continue;
            }
            if linked {
                accepted = Some(newer.previous_length);
            }
        }
        let id = file.file;
        let mut copies = vec![file];
        copies.extend(files.extract_if(.., |other| other.file == id));
        for copy in &mut copies {
            copy.accepted = accepted;
        }
        let mut chosen = match copies.len() {
            1 => copies.remove(0),
            _ => choose(copies.clone())?,
        };
        copies.retain(|copy| copy.path != chosen.path);
        chosen.copies = copies.iter().map(|copy| copy.path.clone()).collect();
        unlinked.append(&mut copies);
        chain.push(chosen);
    }
    chain.reverse();
    unlinked.retain(|file| file.length > SEGMENT_HEAD as u64);
    Ok((chain, unlinked))
}

/// The copy whose frames lead furthest: in any other one the last saves would be missing, and nothing would tell. Of those
/// that lead as far, the one with the most frames; then the one that is named as it was when it was written.
fn choose_copy(context: Context<'_>, copies: Vec<SegmentFile>) -> Result<SegmentFile, Error> {
    let mut best: Option<(_, SegmentFile)> = None;
    for copy in copies {
        let (mut reached, mut frames) = (0, 0_u64);
        walk_segment(context, &copy, &mut |_, found, _| {
            if found.sequence > reached {
                reached = found.sequence;
                frames += 1;
            }
            Ok(())
        })?;
        let named = context.layout.segment(copy.device, copy.number, copy.file);
        let worth = (
            reached,
            frames,
            copy.path == named,
            Reverse(copy.path.clone()),
        );
        if best.as_ref().is_none_or(|(best, _)| worth > *best) {
            best = Some((worth, copy));
        }
    }
    best.map(|(_, copy)| copy).ok_or(Error::Damaged {
        part: Part::Journal,
    })
}

/// A head says how much of the segment before counts: what the session before wrote and was never told of is not in it. Where
/// the head is damaged, its first frame tells that.
fn leave_out_dead_ends(context: Context<'_>, ordered: &mut [SegmentFile]) -> Result<(), Error> {
    for index in 1..ordered.len() {
        let (before, from) = ordered.split_at_mut(index);
        if from[0].header.is_some() {
            continue;
        }
        let mut first = None;
        let whole = SegmentFile {
            accepted: None,
            ..from[0].clone()
        };
        walk_segment(context, &whole, &mut |_, found, _| {
            first.get_or_insert(*found);
            Ok(())
        })?;
        let Some(first) = first else { continue };
        for file in before.iter_mut().rev() {
            let joint = find_joint(context, file, &first)?;
            file.accepted = joint.accepted.or(file.accepted);
            file.left_out = joint.left_out;
            // Behind a file that proves nothing stands the one that was meant.
            if joint.has_frames || file.header.is_some() {
                break;
            }
        }
    }
    Ok(())
}

/// How a segment stands to the first frame of a later one.
struct Joint {
    has_frames: bool,
    /// Where what counts of it ends; none if all of it counts.
    accepted: Option<u64>,
    /// The highest number behind that place.
    left_out: Option<u64>,
}

/// Looks for the place where the chain value before the frame stands, or else for the numbers that the later session gave
/// again.
fn find_joint(
    context: Context<'_>,
    file: &SegmentFile,
    first: &FoundFrame,
) -> Result<Joint, Error> {
    let mut begins = file.header.map(|header| header.first_sequence);
    let (mut last, mut end) = (None, 0);
    let (mut joint, mut given_again) = (None, None);
    walk_segment(context, file, &mut |at, found, _| {
        begins.get_or_insert(found.sequence);
        last = last.max(Some(found.sequence));
        end = at + found.length as u64;
        if found.previous == first.previous && found.sequence <= first.sequence {
            joint.get_or_insert(at);
        }
        if found.chain == first.previous && found.sequence < first.sequence {
            joint.get_or_insert(end);
        }
        if found.sequence.saturating_add(1) >= first.sequence {
            given_again.get_or_insert(at);
        }
        Ok(())
    })?;
    // No session begins below the one before it: a name that puts it there lies.
    let is_later = begins.is_some_and(|begins| begins <= first.sequence);
    let accepted = joint.or(given_again).filter(|_| is_later);
    Ok(Joint {
        has_frames: last.is_some(),
        accepted,
        left_out: last.filter(|_| accepted.is_some_and(|accepted| accepted < end)),
    })
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
    let mut end = JournalEnd::default();
    let mut gathering = Gathering {
        vault: context.vault,
        trail: Trail {
            device,
            known,
            last: None,
        },
        group: None,
        contested: None,
        loaded,
    };
    for file in &files[first_needed..] {
        gathering.group = None;
        if let Some(header) = file.header {
            gathering.begin(Point {
                sequence: header.first_sequence.saturating_sub(1),
                chain: header.chain,
            });
        }
        let keys = keys_of(context, file);
        let ending = walk_segment(context, file, &mut |at, found, bytes| {
            gathering.take(&keys, at, found, bytes);
            Ok(())
        })?;
        let (whole_until, highest_seen) = gathering.finish(file, ending);
        if let Some(left_out) = file.left_out.filter(|number| *number > known.sequence) {
            gathering.loaded.findings.push(Finding::ForeignSegment);
            end.highest_seen = end.highest_seen.max(left_out);
        }
        end.highest_seen = end.highest_seen.max(highest_seen);
        end.file = file.file.0;
        end.length = whole_until;
        end.number = end.number.max(file.number);
    }
    end.point = gathering.trail.last.unwrap_or_default();
    end.highest_seen = end.highest_seen.max(end.point.sequence);
    loaded.ends.insert(device, end);
    Ok(())
}

/// Collects the saves of one device from its segments.
struct Gathering<'a> {
    vault: VaultId,
    trail: Trail,
    group: Option<Parts>,
    /// The numbers of frames that do not follow, from the lowest to the highest.
    contested: Option<(u64, u64)>,
    loaded: &'a mut Loaded,
}

impl Gathering<'_> {
    /// Begins a segment whose head can be read.
    fn begin(&mut self, base: Point) {
        self.trail.meet(base, self.loaded);
        self.trail.last = Some(base);
    }

    /// Takes the next frame of the segment.
    fn take(&mut self, keys: &FileKeys, at: u64, found: &FoundFrame, bytes: &[u8]) {
        let Trail { device, known, .. } = self.trail;
        let before = self.trail.last;
        match self.trail.follow(found, self.loaded) {
            Next::Foreign => {
                // It is genuine, and so perhaps a save, although another one stands in its place.
                if found.sequence > known.sequence {
                    let (from, to) = self.contested.unwrap_or((found.sequence, found.sequence));
                    self.contested = Some((from.min(found.sequence), to.max(found.sequence)));
                }
                return;
            }
            Next::AfterHole => self.group = None,
            Next::AtOnce => {}
        }
        let point = Point {
            sequence: found.sequence,
            chain: found.chain,
        };
        if point.sequence <= known.sequence {
            return;
        }
        let group = self.group.take();
        let Some(body) = frame::open_frame(keys, self.vault, bytes) else {
            return note_gap(self.loaded, device, point.sequence, point.sequence);
        };
        let mut parts = group.unwrap_or(Parts {
            first: point.sequence,
            before,
            offset: at,
            operations: Vec::new(),
        });
        parts.operations.extend(body.operations);
        match body.sort {
            BodySort::Batch => {}
            BodySort::Part => {
                self.group = Some(parts);
                return;
            }
            // It ends a checkpoint and has no place in a journal.
            BodySort::End(_) => {
                return note_gap(self.loaded, device, point.sequence, point.sequence);
            }
        }
        // Each write carries the number of the first frame of its save: a save that lost a part of itself is left out
        // as a whole.
        let mut dots = parts.operations.iter().map(|operation| operation.dot);
        if dots.any(|dot| dot.counter >> DOT_INDEX_BITS != parts.first) {
            return note_gap(self.loaded, device, parts.first, point.sequence);
        }
        self.loaded.commits.push(Commit {
            device,
            point,
            lamport: body.lamport,
            time: body.time,
            frontier: body.frontier,
            sums: body.sums,
            operations: parts.operations,
        });
    }

    /// Ends a segment. Returns how much of it counts, and the highest number that may have been given in it.
    fn finish(&mut self, file: &SegmentFile, ending: Ending) -> (u64, u64) {
        let Trail { device, known, .. } = self.trail;
        let mut whole_until = ending.end;
        if let Some(parts) = self.group.take()
            && ending.damage.is_none()
            && file.accepted.is_none()
        {
            // Parts that nothing completes were being written when the power went: they are a torn tail like any
            // other, and their numbers were never given to a save.
            self.trail.last = parts.before;
            whole_until = parts.offset;
        }
        let torn = ending.torn + (ending.end - whole_until);
        let after = self.trail.last.unwrap_or(known).sequence;
        let mut highest_seen = 0;
        if let Some(damage) = ending.damage {
            highest_seen = damage.highest_sequence(after);
            if highest_seen > known.sequence {
                let from = after.max(known.sequence) + 1;
                note_gap(self.loaded, device, from, highest_seen);
            }
        }
        if let Some((from, to)) = self.contested.take() {
            highest_seen = highest_seen.max(to);
            note_gap(self.loaded, device, from, to);
        }
        if torn > 0 && file.accepted.is_none() {
            self.loaded.findings.push(Finding::TornTail {
                device,
                bytes: torn,
            });
        }
        (whole_until, highest_seen)
    }
}

/// How far the journal of a device has been followed, beside what was taken in of it before.
struct Trail {
    device: DeviceId,
    known: Point,
    /// Where the journal itself stood last.
    last: Option<Point>,
}

/// How a frame stands to what was read before it.
enum Next {
    /// It follows.
    AtOnce,
    /// It comes later, and what was between the two is not here.
    AfterHole,
    /// It does not follow.
    Foreign,
}

impl Trail {
    /// Compares what the journal tells of its own history with what is known of it: where a segment was begun, or what was
    /// before a frame that does not follow at once.
    fn meet(&self, base: Point, loaded: &mut Loaded) {
        let Trail {
            device,
            known,
            last,
        } = *self;
        if base.sequence <= known.sequence {
            loaded.contradicts |= base.sequence == known.sequence && base.chain != known.chain;
            return;
        }
        let reached = last
            .filter(|last| last.sequence > known.sequence)
            .unwrap_or(known);
        // Numbers may be skipped on purpose; the chain then stays the same.
        if base.chain == reached.chain {
            return;
        }
        if last.is_some_and(|last| last.sequence < known.sequence && last.chain == base.chain) {
            // It skipped over a save that is known.
            loaded.contradicts = true;
            return;
        }
        let from = reached.sequence.saturating_add(1).min(base.sequence);
        note_gap(loaded, device, from, base.sequence);
    }

    /// Goes on to a frame.
    fn follow(&mut self, found: &FoundFrame, loaded: &mut Loaded) -> Next {
        let before = Point {
            sequence: found.sequence.saturating_sub(1),
            chain: found.previous,
        };
        let next = match self.last {
            Some(last) if found.sequence <= last.sequence => return Next::Foreign,
            Some(last) if before.sequence == last.sequence => {
                if before.chain != last.chain {
                    return Next::Foreign;
                }
                Next::AtOnce
            }
            _ => {
                self.meet(before, loaded);
                Next::AfterHole
            }
        };
        let point = Point {
            sequence: found.sequence,
            chain: found.chain,
        };
        loaded.contradicts |=
            point.sequence == self.known.sequence && point.chain != self.known.chain;
        self.last = Some(point);
        next
    }
}

/// Parts of a save, until the frame that completes it.
struct Parts {
    first: u64,
    /// Where the journal stood before the first of them.
    before: Option<Point>,
    offset: u64,
    operations: Vec<Operation>,
}

/// A dot's counter is the number of its save's first frame, shifted, and a position within the save.
pub const DOT_INDEX_BITS: u32 = 16;
/// Numbers of frames stay below this, so that none loses a bit in a dot.
pub const MAX_SEQUENCE: u64 = 1 << (u64::BITS - DOT_INDEX_BITS - 1);

/// The number after one that was given.
pub fn next_sequence(given: u64) -> Result<u64, Error> {
    let next = given.checked_add(1);
    next.filter(|next| *next < MAX_SEQUENCE)
        .ok_or(Error::Exhausted)
}

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

/// Walks over what counts of a segment.
fn walk_segment(
    context: Context<'_>,
    file: &SegmentFile,
    each: &mut FrameVisitor<'_>,
) -> Result<Ending, Error> {
    let length = file.accepted.unwrap_or(file.length).min(file.length);
    let opened = context.disk.open(&file.path)?;
    segment::walk_file(opened, length, &keys_of(context, file), PATIENCE, each)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(number: u64, previous: u8, length: u64) -> SegmentFile {
        let (device, file) = (DeviceId([4; 16]), FileId([number as u8; 16]));
        let header = SegmentHeader {
            sort: SegmentSort::Journal,
            vault: VaultId([1; 16]),
            lineage: LineageId([3; 16]),
            device,
            file,
            number,
            first_sequence: number,
            previous: FileId([previous; 16]),
            previous_length: 300,
            chain: [0; 32],
            header_revision: 1,
            epoch: EpochId([6; 16]),
        };
        SegmentFile {
            path: PathBuf::new(),
            device,
            number,
            file,
            length,
            header: Some(header),
            head_is_damaged: false,
            elsewhere: false,
            accepted: None,
            left_out: None,
            copies: Vec::new(),
        }
    }

    fn ordered(files: Vec<SegmentFile>) -> (Vec<u64>, u64) {
        let (ordered, unlinked) =
            put_in_order(files, &mut |_| panic!("there are no copies")).unwrap();
        let numbers = ordered.iter().map(|file| file.number).collect();
        (numbers, unlinked.len() as u64)
    }

    /// Whether the journal contradicts what is known, and which saves are missing, where it stood at `last` and then
    /// says that there was `base`.
    fn met(known: Point, last: Option<Point>, base: Point) -> (bool, Option<(u64, u64)>) {
        let device = DeviceId([4; 16]);
        let trail = Trail {
            device,
            known,
            last,
        };
        let mut loaded = Loaded::default();
        trail.meet(base, &mut loaded);
        let gap = loaded.findings.iter().find_map(|finding| match *finding {
            Finding::Gap { from, to, .. } => Some((from, to)),
            _ => None,
        });
        (loaded.contradicts, gap)
    }

    #[test]
    fn the_journal_goes_on_with_the_chain_of_what_is_known_or_contradicts_it_or_lacks_saves() {
        let point = |sequence, chain| Point {
            sequence,
            chain: [chain; 32],
        };
        let known = point(5, 5);
        for (last, base, contradicts, gap) in [
            // What was taken in before is not read again.
            (None, point(3, 9), false, None),
            // A segment that begins right behind it.
            (None, point(5, 5), false, None),
            (None, point(5, 9), true, None),
            (Some(point(4, 4)), point(5, 5), false, None),
            (Some(point(4, 4)), point(5, 9), true, None),
            // One that begins later: numbers were skipped, or saves are missing.
            (None, point(8, 5), false, None),
            (None, point(8, 8), false, Some((6, 8))),
            (Some(point(7, 7)), point(8, 7), false, None),
            (Some(point(7, 7)), point(9, 9), false, Some((8, 9))),
            (Some(point(7, 7)), point(7, 9), false, Some((7, 7))),
            // What cannot be read before it is known, and so is not missing.
            (Some(point(3, 3)), point(8, 5), false, None),
            (Some(point(3, 3)), point(8, 8), false, Some((6, 8))),
            // A hole that skips a save that is known.
            (Some(point(3, 3)), point(8, 3), true, None),
        ] {
            let told = met(known, last, base);
            assert_eq!(told, (contradicts, gap), "{last:?}, {base:?}");
        }
        let never = Point::default();
        assert_eq!(met(never, None, never), (false, None));
        assert_eq!(met(never, None, point(0, 9)), (true, None));
        assert_eq!(met(never, None, point(2, 2)), (false, Some((1, 2))));
    }

    #[test]
    fn a_frame_that_does_not_follow_is_a_save_that_is_missing() {
        let device = DeviceId([4; 16]);
        let frame = |sequence, previous, chain| FoundFrame {
            offset: 0,
            length: 0,
            sequence,
            previous: [previous; 32],
            chain: [chain; 32],
        };
        let point = |sequence, chain| Point {
            sequence,
            chain: [chain; 32],
        };
        let root = RootKey::from_slice(&[2; 32]).unwrap();
        let keys = FileKeys::derive(
            &root,
            VaultId([1; 16]),
            SegmentSort::Journal,
            LineageId([3; 16]),
            device,
            FileId([5; 16]),
        );
        let ending = Ending {
            end: 0,
            torn: 0,
            damage: None,
        };
        for (known, found, gap) in [
            // The number of the frame before it, and one that another frame has the chain value of.
            (4, vec![frame(6, 5, 16)], Some((6, 6))),
            (4, vec![frame(7, 16, 17)], Some((7, 7))),
            (4, vec![frame(5, 14, 15), frame(7, 16, 17)], Some((5, 7))),
            // What is known already is not missing.
            (5, vec![frame(5, 14, 15), frame(7, 16, 17)], Some((7, 7))),
            (6, vec![frame(6, 5, 16)], None),
            (7, vec![frame(7, 16, 17)], None),
        ] {
            let mut loaded = Loaded::default();
            let mut gathering = Gathering {
                vault: VaultId([1; 16]),
                trail: Trail {
                    device,
                    known: point(known, known as u8),
                    last: Some(point(6, 6)),
                },
                group: None,
                contested: None,
                loaded: &mut loaded,
            };
            for found in &found {
                gathering.take(&keys, 0, found, &[]);
            }
            assert_eq!(gathering.trail.last, Some(point(6, 6)));
            let (_, highest_seen) = gathering.finish(&file(1, 0, 900), ending);
            // It is not given again.
            assert_eq!(highest_seen, gap.map_or(0, |(_, to)| to), "{found:?}");
            assert_eq!(loaded.has_gap(), gap.is_some(), "{found:?}");
            let gap = gap.map(|(from, to)| Finding::Gap { device, from, to });
            assert_eq!(loaded.findings, Vec::from_iter(gap), "{found:?}");
        }
    }

    #[test]
    fn a_previous_file_id_of_zeros_ends_the_walk_and_what_is_left_is_foreign() {
        let old = || [file(1, 0, 900), file(2, 1, 256), file(3, 2, 900)];
        assert_eq!(ordered(old().to_vec()), (vec![1, 2, 3], 0));
        // The session of 4 knew of none before. One that holds nothing is not told of.
        let with = |newer: &[SegmentFile]| [&old()[..], newer].concat();
        assert_eq!(ordered(with(&[file(4, 0, 900)])), (vec![4], 2));
        let two = [file(4, 0, 900), file(5, 4, 900)];
        assert_eq!(ordered(with(&two)), (vec![4, 5], 2));
        // A link that leads to no file goes on with the next lower number.
        assert_eq!(ordered(with(&[file(5, 4, 900)])), (vec![1, 2, 3, 5], 0));
    }
}
