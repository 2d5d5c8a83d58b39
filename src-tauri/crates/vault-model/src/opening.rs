//! Opening: which header is in force, what is mended, where the rows come from, and what this machine knew.

use std::collections::BTreeMap;

use crate::disk::{
    Bytes, Checkpoint, Content, Current, Folder, Header, Keyring, Pending, Point, Segment,
};
use crate::machine::{Anchor, DeviceFile, Machine};
use crate::steps::{Acknowledged, Memory, Step, moves};
use crate::{DOOMED, Order, Saves};

/// Why a vault does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// No header copy takes the passphrase.
    WrongPassphrase,
    /// Something is missing that nothing can replace.
    Damaged(&'static str),
}

/// What opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A passphrase.
    Passphrase(u8),
    /// A root key that is at hand.
    Root(u8),
}

/// A finding that tells of something amiss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named as the findings of the vault are")]
pub enum Alarm {
    Rollback,
    Fork,
    HistoryUnproven,
    JournalBehind,
    FirstTimeHere,
    OtherKeysSince,
    AnchorDamaged,
    CheckpointDamaged,
    ForeignSegment,
}

/// What an opening goes by.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The vault's folder.
    pub folder: &'a Folder,
    /// The configuration folder.
    pub machine: &'a Machine,
    /// The branch whose device and anchor files are taken where no anchor says better.
    pub branch: u8,
    /// Which saves went into the compartment that may be forgotten.
    pub doomed: Saves,
    /// In which order the steps are taken.
    pub order: Order,
}

/// Reads what there is, as `open::open` does, and says in which steps it will be mended.
pub fn plan_opening(site: Site<'_>, credential: Credential) -> Result<Memory, Refused> {
    let Site {
        folder,
        machine,
        order,
        ..
    } = site;
    let header = choose_header(folder, credential)?;
    let secret = |copy| {
        let name = folder.epochs.get(&(header.epoch.id, copy));
        name.and_then(|name| name.now)
    };
    if ![0, 1]
        .iter()
        .any(|copy| secret(*copy) == Some(Bytes::Whole))
    {
        return Err(Refused::Damaged("epoch"));
    }
    let ring = read_keyring(folder, header)?.ring;
    let known = Known::read(site, header);
    let rekeying = header.pending == Pending::OldLineage;
    let prepared = if rekeying {
        find_prepared(folder, header)?
    } else {
        None
    };
    let sources = Sources::list(folder, header, prepared);
    let gone = ring.spaces & DOOMED == 0;
    let readable = |content: Content| {
        gone || content.generation == ring.generation || content.rows & site.doomed == 0
    };
    let standing = sources.stand_up(readable)?;
    let content = Content {
        rows: standing.content.rows & if gone { !site.doomed } else { Saves::MAX },
        generation: ring.generation,
        point: Point {
            sequence: sources.highest_known(standing.content.point, header, &known),
            ..standing.content.point
        },
        lamport: standing.content.lamport,
    };

    let mut todo = Vec::new();
    if !folder.marked {
        todo.push(Step::Mark(true));
    } else if order != Order::TrustsUnsynced {
        todo.push(Step::SyncWhatWasFound);
    }
    let destroy = (header.pending != Pending::Nothing).then_some(Step::DestroyOld(header));
    let early = order == Order::OpeningDestroysBeforeMending;
    todo.extend(destroy.clone().filter(|_| early));
    for (copy, name) in folder.header.iter().enumerate() {
        if name.now != Some(header) {
            todo.extend([Step::NameHeader(copy, header), Step::SyncKeys]);
        }
    }
    for copy in [0, 1] {
        if secret(copy) != Some(Bytes::Whole) {
            todo.extend([Step::NameEpoch(header.epoch.id, copy), Step::SyncKeys]);
        }
    }
    if rekeying {
        todo.push(Step::Promote(header));
    }
    todo.extend(destroy.filter(|_| !early));
    if !moves(folder, header).is_empty() {
        todo.push(Step::MoveOrphans(header));
    }
    if folder.present_checkpoints().any(|(_, file)| !file.named) {
        todo.push(Step::RemoveTemporaries);
    }
    if machine.markers.values().any(|name| name.now.is_some()) {
        todo.push(Step::SettleMarker(header));
    }
    if known.device.is_none() {
        // The id is drawn when the file is written.
        todo.extend([Step::NameDevice(known.branch), Step::SyncMachine]);
    }
    match standing.store {
        Some(store) => todo.push(Step::StandUp { store, content }),
        None => todo.push(Step::MakeStore),
    }
    let named = sources.current_store();
    if standing.store.is_none() || named != standing.store {
        todo.extend([Step::FlushStore, Step::NameCurrent, Step::SyncLocal]);
    }
    if !rekeying && (folder.stores.len() > 1 || standing.store.is_none()) {
        todo.push(Step::RemoveOtherStores);
    }
    match header.pending {
        Pending::Nothing => {}
        Pending::OldEpochs => todo.push(Step::FinishForgetting),
        Pending::OldLineage => todo.push(Step::FinishRekey),
    }
    let told = known.compare(&sources, header, content);
    let frozen = matches!(told, Some(Alarm::Rollback | Alarm::Fork));
    if !frozen {
        todo.extend([Step::NameAnchor, Step::SyncMachine]);
    }
    todo.push(Step::Answer(Acknowledged::Opened));
    let behind = sources.is_behind(standing.content.point, header, &known);
    let alarm = known
        .alarm
        .or(sources.alarm)
        .or(behind.then_some(Alarm::JournalBehind))
        .or(told);
    let in_journal = sources.in_journal(standing.content.point, known.device);
    let newest = sources.checkpoints.last();
    let uncovered = |newest: &Checkpoint| {
        newest.content.point.sequence < in_journal || Some(newest.device) != known.device
    };
    Ok(Memory {
        folder: 0,
        branch: known.branch,
        device: known.device.unwrap_or_default(),
        header,
        ring,
        content,
        store: standing.store.unwrap_or_default(),
        segment: None,
        changed: in_journal > 0 && newest.is_none_or(uncovered),
        anchored: 0,
        frozen,
        alarm,
        todo,
    })
}

/// `open::unlock`: the first copy that takes the passphrase gives the root key, and of those that are genuine under
/// it the highest revision is in force.
fn choose_header(folder: &Folder, credential: Credential) -> Result<Header, Refused> {
    let copies = || folder.header.iter().filter_map(|name| name.now);
    if copies().next().is_none() {
        return Err(Refused::Damaged("header"));
    }
    let root = match credential {
        Credential::Root(root) => Some(root),
        Credential::Passphrase(passphrase) => copies()
            .find(|header| header.passphrase == passphrase)
            .map(|header| header.root),
    };
    let root = root.ok_or(Refused::WrongPassphrase)?;
    let genuine = copies().filter(|header| header.root == root);
    let best = genuine.reduce(|best, next| {
        if next.revision > best.revision {
            next
        } else {
            best
        }
    });
    best.ok_or(Refused::WrongPassphrase)
}

fn read_keyring(folder: &Folder, header: Header) -> Result<Keyring, Refused> {
    let named = folder.keyrings.get(&header.keyring);
    let genuine = |file: &Keyring| {
        file.bytes == Bytes::Whole
            && file.epoch == header.epoch.id
            && file.lineage == header.lineage
            && file.root == header.root
    };
    named
        .and_then(|name| name.now)
        .filter(genuine)
        .ok_or(Refused::Damaged("keyring"))
}

/// `open::find_prepared`: a whole checkpoint of new keys, or else the store that was prepared with it.
fn find_prepared(folder: &Folder, header: Header) -> Result<Option<u8>, Refused> {
    let is_prepared = |file: Checkpoint| {
        file.bytes == Bytes::Whole && file.root == header.root && file.epoch == header.epoch.id
    };
    if folder
        .present_checkpoints()
        .any(|(_, file)| is_prepared(file))
    {
        return Ok(None);
    }
    let mut stores = folder.stores.iter();
    let prepared = stores
        .find(|(_, store)| store.root == header.root && store.of_epoch == Some(header.epoch.id));
    prepared
        .map(|(id, _)| Some(*id))
        .ok_or(Refused::Damaged("prepared rows"))
}

/// What this machine knows.
struct Known {
    branch: u8,
    device: Option<u8>,
    anchor: Option<Anchor>,
    alarm: Option<Alarm>,
}

impl Known {
    /// `open::read_anchors`, `is_known_by_other_keys`, `this_device` and `read_anchor`.
    fn read(site: Site<'_>, header: Header) -> Known {
        let Site { machine, .. } = site;
        let device_of = |branch| machine.devices.get(&branch).and_then(|name| name.now);
        let mut anchors = machine.anchors_under(header.root);
        let ours = anchors.find(|(_, anchor)| anchor.lineage == header.lineage);
        let no_anchors = machine.anchors_under(header.root).next().is_none();
        let of_other_root = |file: DeviceFile| file.root != header.root;
        let other_keys = no_anchors && device_of(site.branch).is_some_and(of_other_root);
        let branch = match ours {
            Some((branch, _)) => branch,
            None if other_keys => header.lineage,
            None => site.branch,
        };
        let file = device_of(branch);
        let device = file.filter(|file| file.root == header.root);
        let there = machine.anchors.get(&branch).and_then(|name| name.now);
        let anchor = there.filter(|anchor| anchor.root == header.root);
        let alarm = if other_keys {
            Some(Alarm::OtherKeysSince)
        } else if there.is_none() {
            Some(Alarm::FirstTimeHere)
        } else if anchor.is_none() || (file.is_some() && device.is_none()) {
            Some(Alarm::AnchorDamaged)
        } else {
            None
        };
        Known {
            branch,
            device: device.map(|file| file.device),
            anchor,
            alarm,
        }
    }

    /// `open::compare_with_anchor`.
    fn compare(&self, sources: &Sources<'_>, header: Header, content: Content) -> Option<Alarm> {
        let point = content.point;
        let anchor = self.anchor?;
        if anchor.lineage != header.lineage || Some(anchor.device) != self.device {
            return Some(Alarm::Fork);
        }
        if anchor.revision > header.revision
            || anchor.keyring > header.keyring
            || anchor.epoch.number > header.epoch.number
            || (anchor.point.sequence > point.sequence && anchor.point.chain != point.chain)
        {
            return Some(Alarm::Rollback);
        }
        if anchor.epoch.number == header.epoch.number && anchor.epoch.id != header.epoch.id {
            return Some(Alarm::Fork);
        }
        let chain = if anchor.point.sequence >= point.sequence {
            Some(point.chain)
        } else if anchor.point.sequence == 0 {
            Some(anchor.point.chain)
        } else {
            sources.chain_at(anchor.device, anchor.point.sequence)
        };
        match chain {
            Some(chain) if chain != anchor.point.chain => Some(Alarm::Fork),
            _ if anchor.lamport > content.lamport => Some(Alarm::Rollback),
            Some(_) => None,
            None => Some(Alarm::HistoryUnproven),
        }
    }
}

/// Where rows can come from.
struct Sources<'a> {
    folder: &'a Folder,
    header: Header,
    segments: Vec<&'a Segment>,
    checkpoints: Vec<Checkpoint>,
    /// The store that new keys prepared, where nothing else of them is whole.
    prepared: Option<u8>,
    alarm: Option<Alarm>,
}

struct Standing {
    /// The store that was brought up; none if one must be built anew.
    store: Option<u8>,
    content: Content,
}

impl<'a> Sources<'a> {
    /// `journal::survey` and `checkpoint::list`.
    fn list(folder: &'a Folder, header: Header, prepared: Option<u8>) -> Sources<'a> {
        let rekeying = header.pending == Pending::OldLineage;
        // While a forgetting is not finished, what was written before it is what there is.
        let in_time = |epoch| header.pending == Pending::OldEpochs || epoch == header.epoch.id;
        let mut alarm = None;
        let mut segments = Vec::new();
        for (_, segment) in folder.present_segments().filter(|_| !rekeying) {
            if segment.lineage == header.lineage && in_time(segment.epoch) {
                segments.push(segment);
            } else {
                alarm = Some(Alarm::ForeignSegment);
            }
        }
        let mut checkpoints = Vec::new();
        for (_, file) in folder.present_checkpoints() {
            if !file.named && !rekeying {
                continue;
            }
            let genuine = file.bytes == Bytes::Whole
                && file.root == header.root
                && file.lineage == header.lineage
                && in_time(file.epoch);
            if genuine {
                checkpoints.push(file);
            } else if !rekeying {
                alarm = Some(Alarm::CheckpointDamaged);
            }
        }
        if prepared.is_some() {
            checkpoints.clear();
            alarm = Some(Alarm::CheckpointDamaged);
        }
        Sources {
            folder,
            header,
            segments,
            checkpoints,
            prepared,
            alarm,
        }
    }

    fn is_rekeying(&self) -> bool {
        self.header.pending == Pending::OldLineage
    }

    fn current(&self) -> Option<Current> {
        let Header {
            lineage,
            root,
            epoch,
            ..
        } = self.header;
        let current = self.folder.current.now;
        current
            .filter(|current| current.lineage == lineage && current.root == root)
            .filter(|current| !self.is_rekeying() || current.epoch == epoch.id)
    }

    fn current_store(&self) -> Option<u8> {
        self.current().map(|current| current.store)
    }

    /// `open::Sources::stand_up`: the store with what the journal has beyond it, or the newest checkpoint with that.
    fn stand_up(&self, readable: impl Fn(Content) -> bool) -> Result<Standing, Refused> {
        let frames = self.frames()?;
        let newest = self.checkpoints.last().map(|file| file.content);
        let (store, base) = match self.usable_store() {
            Some((id, base)) if !self.is_too_old(base, newest) => (Some(id), base),
            _ if newest.is_none() && self.is_rekeying() => {
                return Err(Refused::Damaged("checkpoint"));
            }
            _ => (None, newest.unwrap_or_default()),
        };
        let after = frames.range(base.point.sequence + 1..);
        let mut used = vec![base];
        used.extend(after.map(|(_, frame)| *frame));
        if !used.iter().all(|content| readable(*content)) {
            return Err(Refused::Damaged("rows of another key"));
        }
        let content = used.into_iter().reduce(|before, frame| Content {
            point: frame.point,
            lamport: before.lamport.max(frame.lamport),
            rows: before.rows | frame.rows,
            ..before
        });
        Ok(Standing {
            store,
            content: content.unwrap_or_default(),
        })
    }

    /// Whether saves are missing between a store and the journal, which the newest checkpoint covers.
    fn is_too_old(&self, base: Content, newest: Option<Content>) -> bool {
        let base = base.point;
        let next = self.segments.iter();
        let next = next.copied().find(|s| s.end().sequence > base.sequence);
        let gap = next
            .map(|segment| segment.base)
            .is_some_and(|next| next.sequence > base.sequence && next.chain != base.chain);
        gap && newest.is_some_and(|newest| newest.point.sequence > base.sequence)
    }

    /// Every save in the journal by its number.
    fn frames(&self) -> Result<BTreeMap<u8, Content>, Refused> {
        let mut frames = BTreeMap::new();
        for segment in &self.segments {
            for frame in segment.contents() {
                let before = frames.insert(frame.point.sequence, frame);
                if before.is_some_and(|before| before.point != frame.point) {
                    return Err(Refused::Damaged("two saves of one number"));
                }
            }
        }
        Ok(frames)
    }

    fn usable_store(&self) -> Option<(u8, Content)> {
        let stores = &self.folder.stores;
        let only = (stores.len() == 1 && !self.is_rekeying()).then(|| stores.keys().next());
        let id = self
            .prepared
            .or(self.current_store())
            .or(only.flatten().copied())?;
        let store = stores.get(&id)?;
        (store.root == self.header.root).then_some((id, store.now))
    }

    /// How far the journal and what replaces it reach.
    fn in_journal(&self, point: Point, device: Option<u8>) -> u8 {
        if self.prepared.is_some() {
            return point.sequence;
        }
        let ours = self.segments.iter();
        let ours = ours.filter(|segment| Some(segment.device) == device);
        let end = ours.map(|segment| segment.end().sequence).max();
        let covering = self.checkpoints.iter();
        let covering = covering.filter(|file| Some(file.device) == device);
        let covered = covering.map(|file| file.content.point.sequence).max();
        end.max(covered).unwrap_or(0)
    }

    /// What else says how far this device had come.
    fn told(&self, header: Header, known: &Known) -> [Option<Point>; 3] {
        let device = known.device;
        let current = self.current();
        let current = current.filter(|current| Some(current.device) == device);
        let anchor = known
            .anchor
            .filter(|anchor| anchor.lineage == header.lineage && Some(anchor.device) == device);
        [
            current.map(|current| current.point),
            (Some(header.writer) == device).then_some(header.floor),
            anchor.map(|anchor| anchor.point),
        ]
    }

    fn is_behind(&self, point: Point, header: Header, known: &Known) -> bool {
        let told = self.told(header, known).into_iter().flatten();
        let missing = told.filter(|told| told.chain != point.chain);
        let seen = missing.map(|told| told.sequence);
        let seen = seen.fold(point.sequence, u8::max);
        seen > self.in_journal(point, known.device)
    }

    fn highest_known(&self, point: Point, header: Header, known: &Known) -> u8 {
        let told = self.told(header, known).into_iter().flatten();
        told.map(|told| told.sequence).fold(point.sequence, u8::max)
    }

    /// The history that a device had at a number, by `Survey::chain_at` or by a checkpoint of just then.
    fn chain_at(&self, device: u8, sequence: u8) -> Option<Saves> {
        let covering = self.checkpoints.iter();
        let mut covering = covering.filter(|file| file.device == device);
        self.chain_in_journal(device, sequence).or_else(|| {
            let covered = covering.find(|file| file.content.point.sequence == sequence);
            covered.map(|file| file.content.point.chain)
        })
    }

    fn chain_in_journal(&self, device: u8, sequence: u8) -> Option<Saves> {
        let ours = self.segments.iter().rev();
        let mut ours = ours.filter(|segment| segment.device == device);
        let segment = ours.find(|segment| segment.base.sequence <= sequence)?;
        if segment.base.sequence == sequence {
            return Some(segment.base.chain);
        }
        let mut points = segment.points().map(|(point, _)| point);
        let point = points.find(|point| point.sequence == sequence);
        point.map(|point| point.chain)
    }
}
