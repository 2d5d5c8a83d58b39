//! The journal, read from segment to segment as an opening would, a frame at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Checkpoints, DamagedFile, gone, unreadable};
use crate::disk::{self, EntrySort};
use crate::error::{Error, Part};
use crate::frame::{self, BodySort, FRAME_HEAD, FileKeys, FrameHead};
use crate::header::Point;
use crate::ids::DeviceId;
use crate::journal::{self, FileId0, SegmentFile, Survey};
use crate::layout;
use crate::primitives::Hash;
use crate::progress::Progress;
use crate::segment::{self, SEGMENT_HEAD, SegmentHeader, SegmentSort};
use crate::shared::{Shared, Writer};
use crate::state::State;
use crate::watch::Watch;

/// What is read of a segment at once.
const READ_BYTES: usize = 512 * 1024;

/// How far the journal leads.
#[derive(Default)]
pub struct Journal {
    /// For each device the chain values that were asked for, and that stand before the last save in one unbroken stretch
    /// with it.
    joined: BTreeMap<DeviceId, BTreeSet<Hash>>,
    /// The segments that end in a frame, or begin with a head, which may never have been finished.
    torn: BTreeMap<DeviceId, PathBuf>,
}

impl Journal {
    /// Whether every save is there from one state to the other. Chain values that are equal prove that all before them is.
    pub fn leads_from(&self, from: Option<State>, to: &State) -> bool {
        let Some(from) = from else { return false };
        to.frontier
            .keys()
            .all(|device| self.leads(*device, &from, to))
    }

    fn leads(&self, device: DeviceId, from: &State, to: &State) -> bool {
        let (from, to) = (from.point(device).chain, to.point(device).chain);
        let joined = self.joined.get(&device);
        from == to || joined.is_some_and(|joined| joined.contains(&from))
    }
}

pub fn read_journal(
    shared: &Shared,
    writer: &Writer,
    survey: &Survey,
    checkpoints: &Checkpoints,
    watch: &dyn Watch,
    damaged: &mut Vec<DamagedFile>,
) -> Result<Journal, Error> {
    let mut journal = Journal::default();
    let mut progress = Progress::new(watch, 0);
    let state = &writer.state;
    for (device, files) in &survey.devices {
        let mut asked: BTreeSet<Hash> = checkpoints
            .sound()
            .map(|sound| sound.point(*device).chain)
            .collect();
        asked.insert(Point::default().chain);
        let mut stretch = Stretch {
            asked,
            wanted: state.point(*device).chain,
            end: None,
            met: BTreeSet::new(),
            joined: BTreeSet::new(),
        };
        let last = (*device == shared.device).then(|| writer.journal.last());
        for (index, file) in files.iter().enumerate() {
            let reading = Reading {
                shared,
                keys: FileKeys::derive(
                    &shared.root,
                    shared.vault,
                    SegmentSort::Journal,
                    shared.lineage,
                    *device,
                    file.file,
                ),
                file,
                accepted: match accepted_of(file, last) {
                    // A sweep elsewhere left its head; what it covered is told by the chain of what follows.
                    Some(_) if *device != shared.device && file.length == SEGMENT_HEAD as u64 => {
                        Some(SEGMENT_HEAD as u64)
                    }
                    accepted => accepted,
                },
                is_last: index + 1 == files.len(),
            };
            match reading.follow(&mut stretch, &mut progress)? {
                Ended::Whole => {}
                Ended::Torn => {
                    journal.torn.insert(*device, file.path.clone());
                }
                Ended::Damaged => {
                    damaged.push(unreadable(Part::Journal, file.path.clone()));
                }
            }
        }
        journal.joined.insert(*device, stretch.joined);
    }
    find_nameless(shared, writer, survey, &mut journal, damaged)?;
    find_missing(shared, state, &journal, checkpoints, damaged);
    Ok(journal)
}

/// How much of a segment counts: what the next one says, or this session, which wrote it or goes on behind it.
fn accepted_of(file: &SegmentFile, last: Option<(FileId0, u64)>) -> Option<u64> {
    let by_session = last.filter(|(id, _)| *id == file.file.0);
    by_session.map(|(_, length)| length).or(file.accepted)
}

/// Segments whose head is damaged so that no device owns them, or that are cut to less than a head although somebody knows
/// of more.
fn find_nameless(
    shared: &Shared,
    writer: &Writer,
    survey: &Survey,
    journal: &mut Journal,
    damaged: &mut Vec<DamagedFile>,
) -> Result<(), Error> {
    let disk = &*shared.host.disk;
    let known: BTreeSet<&PathBuf> = survey.paths().collect();
    let linked: BTreeSet<FileId0> = survey
        .devices
        .values()
        .flatten()
        .filter_map(|file| file.header.map(|header| header.previous.0))
        .chain([writer.journal.last().0])
        .collect();
    for folder in disk::list_if_there(disk, &shared.layout.journals())? {
        let device = DeviceId::from_hex(&folder.name);
        let Some(device) = device.filter(|_| folder.sort == EntrySort::Folder) else {
            continue;
        };
        let folder = shared.layout.journals().join(&folder.name);
        for entry in disk::list_if_there(disk, &folder)? {
            let path = folder.join(&entry.name);
            let Some((_, id)) = layout::parse_segment_name(&entry.name) else {
                continue;
            };
            if entry.sort != EntrySort::File || known.contains(&path) {
                continue;
            }
            if is_genuine_elsewhere(shared, &path) {
                continue;
            }
            // One that was being created holds nothing, unless somebody knows of more, or the last save is missing.
            if entry.length > SEGMENT_HEAD as u64 || linked.contains(&id.0) {
                damaged.push(unreadable(Part::Journal, path));
            } else {
                journal.torn.insert(device, path);
            }
        }
    }
    Ok(())
}

/// Whether it is a segment of whatever branch, time or device, with a head that is as it was written.
fn is_genuine_elsewhere(shared: &Shared, path: &Path) -> bool {
    let mut head = Vec::with_capacity(SEGMENT_HEAD);
    let read = shared
        .host
        .disk
        .open(path)
        .and_then(|file| file.take(SEGMENT_HEAD as u64).read_to_end(&mut head));
    let Some(header) = SegmentHeader::parse(&head).filter(|_| read.is_ok()) else {
        return false;
    };
    let keys = FileKeys::derive(
        &shared.root,
        header.vault,
        header.sort,
        header.lineage,
        header.device,
        header.file,
    );
    SegmentHeader::is_authentic(&head, &keys)
}

/// The journal reaches from the oldest checkpoint to the last save. Where it does not, and no file of it is damaged, one is
/// cut short or gone.
fn find_missing(
    shared: &Shared,
    state: &State,
    journal: &Journal,
    checkpoints: &Checkpoints,
    damaged: &mut Vec<DamagedFile>,
) {
    let damaged_one = damaged.iter().any(|file| file.part == Part::Checkpoint);
    let from_nothing = (!damaged_one).then(State::default);
    let Some(oldest) = checkpoints.oldest_kept().cloned().or(from_nothing) else {
        return;
    };
    for device in state.frontier.keys() {
        let folder = shared.layout.journal(*device);
        let told = damaged.iter().any(|file| file.path.starts_with(&folder));
        if !told && !journal.leads(*device, &oldest, state) {
            damaged.push(match journal.torn.get(device) {
                Some(torn) => unreadable(Part::Journal, torn.clone()),
                None => gone(Part::Journal, folder),
            });
        }
    }
}

/// Follows the saves of a device from segment to segment.
struct Stretch {
    /// Chain values that the journal should lead from.
    asked: BTreeSet<Hash>,
    /// The one that it should lead to.
    wanted: Hash,
    end: Option<Point>,
    /// Those of them that were met since the last break.
    met: BTreeSet<Hash>,
    /// Those that had been met when the wanted one was.
    joined: BTreeSet<Hash>,
}

impl Stretch {
    fn meet(&mut self, point: Point) {
        self.end = Some(point);
        if self.asked.contains(&point.chain) {
            self.met.insert(point.chain);
        }
        if point.chain == self.wanted {
            self.joined.clone_from(&self.met);
        }
    }

    /// A segment begins here. Numbers may be skipped on purpose; the chain then stays the same.
    fn begin(&mut self, base: Point) {
        if self.end.is_some_and(|end| end.chain != base.chain) {
            self.met.clear();
        }
        self.meet(base);
    }

    fn take(&mut self, found: &Seen) {
        let before = Point {
            sequence: found.sequence.saturating_sub(1),
            chain: found.previous,
        };
        match self.end {
            Some(end) if found.sequence <= end.sequence => return,
            Some(end) if end == before => {}
            // Another save stands in its place; it is left out.
            Some(end) if end.sequence == before.sequence => return self.met.clear(),
            _ => {
                self.met.clear();
                self.meet(before);
            }
        }
        self.meet(Point {
            sequence: found.sequence,
            chain: found.chain,
        });
    }
}

/// A frame of the journal that was opened.
struct Seen {
    sequence: u64,
    previous: Hash,
    chain: Hash,
}

/// One segment that is being read.
struct Reading<'a> {
    shared: &'a Shared,
    keys: FileKeys,
    file: &'a SegmentFile,
    accepted: Option<u64>,
    is_last: bool,
}

/// How reading frame after frame ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// At the end of what counts.
    Whole,
    /// Where a frame was never finished; nothing was acknowledged with it.
    Torn,
    /// Before something that is no frame.
    Damaged,
}

impl Reading<'_> {
    /// Reads what counts of it, and says whether that is as it was written.
    fn follow(&self, stretch: &mut Stretch, progress: &mut Progress<'_>) -> Result<Ended, Error> {
        if let Some(header) = self.file.header {
            stretch.begin(Point {
                sequence: header.first_sequence.saturating_sub(1),
                chain: header.chain,
            });
        }
        let ended = match self.read_frames(stretch, progress) {
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            // One that the disk refuses to read is as good as damaged.
            Err(_) => Ended::Damaged,
            Ok(ended) => ended,
        };
        if ended == Ended::Damaged
            && let Err(Error::Cancelled) = self.go_on_behind(stretch, progress)
        {
            return Err(Error::Cancelled);
        }
        Ok(if self.file.head_is_damaged {
            Ended::Damaged
        } else {
            ended
        })
    }

    /// Reads one frame after the other, holding one at a time.
    fn read_frames(
        &self,
        stretch: &mut Stretch,
        progress: &mut Progress<'_>,
    ) -> Result<Ended, Error> {
        let file = self.shared.host.disk.open(&self.file.path)?;
        let mut reader = io::BufReader::with_capacity(READ_BYTES, file);
        let mut bytes = vec![0; SEGMENT_HEAD];
        let whole_head = read_up_to(&mut reader, &mut bytes)? == SEGMENT_HEAD;
        let mut at = SEGMENT_HEAD as u64;
        loop {
            let counts = self.accepted.is_none_or(|accepted| at < accepted);
            if !whole_head || (!counts && !self.is_last) {
                break;
            }
            progress.verifying()?;
            bytes.resize(FRAME_HEAD, 0);
            let got = read_up_to(&mut reader, &mut bytes)?;
            if got == 0 {
                break;
            }
            let Some(head) = FrameHead::parse(&bytes[..got]) else {
                return Ok(self.stopped(at, got < FRAME_HEAD));
            };
            bytes.resize(head.frame_length(), 0);
            if read_up_to(&mut reader, &mut bytes[FRAME_HEAD..])? + FRAME_HEAD != bytes.len() {
                return Ok(self.stopped(at, true));
            }
            let Some(found) = self.open(&head, &bytes) else {
                return Ok(self.stopped(at, false));
            };
            stretch.take(&found);
            at += bytes.len() as u64;
        }
        // Shorter than somebody knows it to be.
        let short = !whole_head || self.accepted.is_some_and(|accepted| at < accepted);
        Ok(if short { Ended::Damaged } else { Ended::Whole })
    }

    /// What it means that no frame stands there; one that begins like a frame and has no end may never have been finished.
    fn stopped(&self, at: u64, cut: bool) -> Ended {
        if cut && self.accepted.is_none_or(|accepted| at >= accepted) {
            Ended::Torn
        } else {
            Ended::Damaged
        }
    }

    fn open(&self, head: &FrameHead, bytes: &[u8]) -> Option<Seen> {
        let chain = frame::authenticate_frame(&self.keys, bytes)?;
        let body = frame::open_frame(&self.keys, self.shared.vault, bytes)?;
        (!matches!(body.sort, BodySort::End(_))).then_some(Seen {
            sequence: head.sequence,
            previous: head.previous,
            chain,
        })
    }

    /// Takes what can still be read behind a damaged place, as an opening would.
    fn go_on_behind(
        &self,
        stretch: &mut Stretch,
        progress: &mut Progress<'_>,
    ) -> Result<(), Error> {
        let opened = self.shared.host.disk.open(&self.file.path)?;
        let (keys, counts) = (&self.keys, self.accepted.unwrap_or(u64::MAX));
        // What stands before the place is met again, and changes nothing.
        segment::walk_file(
            opened,
            counts,
            keys,
            journal::PATIENCE,
            &mut |_, found, _| {
                stretch.take(&Seen {
                    sequence: found.sequence,
                    previous: found.previous,
                    chain: found.chain,
                });
                progress.verifying()
            },
        )?;
        Ok(())
    }
}

/// Fills a buffer as far as the file reaches.
fn read_up_to(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match reader.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_that_an_opening_would_leave_out_leads_nowhere() {
        let point = |sequence, chain| Point {
            sequence,
            chain: [chain; 32],
        };
        let seen = |sequence, previous, chain| Seen {
            sequence,
            previous: [previous; 32],
            chain: [chain; 32],
        };
        // Another second save than the one that a checkpoint knows; or that one itself; or one that cannot be read.
        for (second, leads) in [(Some(9), false), (Some(2), true), (None, true)] {
            let mut stretch = Stretch {
                asked: BTreeSet::from([[2; 32]]),
                wanted: [3; 32],
                end: None,
                met: BTreeSet::new(),
                joined: BTreeSet::new(),
            };
            stretch.begin(point(0, 0));
            stretch.take(&seen(1, 0, 1));
            if let Some(chain) = second {
                stretch.take(&seen(2, 1, chain));
            }
            stretch.take(&seen(3, 2, 3));
            assert_eq!(stretch.joined.contains(&[2; 32]), leads, "{second:?}");
        }
    }
}
