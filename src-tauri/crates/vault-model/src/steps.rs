//! The process: what it holds, and the steps in which it does what it was asked.

use std::fmt;

use crate::disk::{
    Bytes, Checkpoint, Current, Disk, Header, Keyring, Name, Pending, Segment, Store,
};
use crate::{DOOMED, Order, Saves};

/// What an open vault holds, and what it is about to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Memory {
    /// The header in force.
    pub header: Header,
    /// The compartments of the keyring.
    pub spaces: u8,
    /// The sequence of the last save.
    pub sequence: u8,
    /// The rows there are.
    pub rows: Saves,
    /// The store in use.
    pub store: u8,
    /// The open segment.
    pub segment: Option<u8>,
    /// Whether there are saves that no checkpoint covers.
    pub changed: bool,
    /// The steps before it, first to last.
    pub todo: Vec<Step>,
}

/// What a step says to whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Acknowledged {
    /// A save is there to stay.
    Saved(Saves),
    /// The new passphrase holds.
    Passphrase,
    /// The compartment is no more.
    Forgotten,
    /// The vault is open.
    Opened,
}

/// One step: at most one change to the disk, before and after which the process may die. What was read before a step
/// is decided with it.
#[derive(Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is shown with the function that takes it")]
pub enum Step {
    BeginSegment,
    SyncJournal,
    Append(Saves),
    SyncFrames,
    Answer(Acknowledged),
    NameCheckpoint {
        lineage: u8,
    },
    SyncCheckpoints,
    NameCurrent {
        lineage: u8,
    },
    SyncLocal,
    Trim {
        to_newest: bool,
    },
    RemoveCheckpoint(u8),
    RemoveSegment(u8),
    MakeStore {
        lineage: u8,
    },
    StandUp {
        store: u8,
        sequence: u8,
        rows: Saves,
    },
    FlushStore,
    RemoveOtherStores,
    NameKeyring(u8, Keyring),
    NameEpoch(u8, usize),
    NameHeader(usize, Header),
    SyncKeys,
    Adopt {
        header: Header,
        spaces: u8,
    },
    DestroyOld(Header),
    DestroyKeyring(u8),
    DestroyEpoch(u8, usize),
    DestroyOrphans,
    MoveOrphans(Header),
    MoveKeyring(u8),
    MoveEpoch(u8, usize),
    Finish,
    FinishLineage,
    RemoveOldLineage,
    SyncWhatWasFound,
}

impl Step {
    /// The function of the vault that takes it, and what it does there.
    pub fn name(&self) -> String {
        let copy = |copy: &usize| ["a", "b"][*copy];
        match self {
            Step::BeginSegment => "JournalWriter::begin: create, append, sync".into(),
            Step::SyncJournal => "JournalWriter::begin: sync_folder".into(),
            Step::Append(_) => "JournalWriter::append: append".into(),
            Step::SyncFrames => "JournalWriter::append: sync".into(),
            Step::Answer(Acknowledged::Saved(_)) => "Vault::save: Store::apply, Ok".into(),
            Step::Answer(Acknowledged::Passphrase) => "Vault::change_passphrase: Ok".into(),
            Step::Answer(Acknowledged::Forgotten) => "forget::forget: Ok".into(),
            Step::Answer(Acknowledged::Opened) => "Vault::open: Ok".into(),
            Step::NameCheckpoint { .. } => "checkpoint::write_from: rename".into(),
            Step::SyncCheckpoints => "checkpoint::write_from: sync_parent".into(),
            Step::NameCurrent { .. } => "Shared::write_current: write_whole, rename".into(),
            Step::SyncLocal => "Shared::write_current: write_whole, sync_parent".into(),
            Step::Trim { .. } => "Shared::trim".into(),
            Step::RemoveCheckpoint(_) => "Shared::trim: remove a checkpoint".into(),
            Step::RemoveSegment(_) => "Shared::trim: remove a segment".into(),
            Step::MakeStore { .. } => "Shared::copy_store: flush, sync_parent".into(),
            Step::StandUp { .. } => "open::Sources::bring_up".into(),
            Step::FlushStore => "Store::flush".into(),
            Step::RemoveOtherStores => "store::remove".into(),
            Step::NameKeyring(..) => "forget::commit: write_whole(keyring), rename".into(),
            Step::NameEpoch(_, c) => {
                format!("create::write_epoch: write_whole({}), rename", copy(c))
            }
            Step::NameHeader(c, _) => {
                format!(
                    "Shared::write_header_with: write_whole({}), rename",
                    copy(c)
                )
            }
            Step::SyncKeys => "disk::write_whole: sync_parent of sync/".into(),
            Step::Adopt { .. } => "Shared::write_header_with: the header is in force".into(),
            Step::DestroyOld(_) => "forget::destroy_old".into(),
            Step::DestroyKeyring(_) => "forget::destroy_old: overwrite, remove a keyring".into(),
            Step::DestroyEpoch(..) => "forget::destroy_old: overwrite, remove an epoch".into(),
            Step::DestroyOrphans => "forget::destroy_old: orphans".into(),
            Step::MoveOrphans(_) => "open::move_orphans".into(),
            Step::MoveKeyring(_) => "open::move_orphans: rename a keyring".into(),
            Step::MoveEpoch(..) => "open::move_orphans: rename an epoch".into(),
            Step::Finish => "forget::finish".into(),
            Step::FinishLineage => "rekey: finish".into(),
            Step::RemoveOldLineage => "rekey: journal and checkpoints of the old lineage".into(),
            Step::SyncWhatWasFound => "open::sync_found".into(),
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

fn write_header(header: Header, spaces: u8) -> [Step; 5] {
    [
        Step::NameHeader(0, header),
        Step::SyncKeys,
        Step::NameHeader(1, header),
        Step::SyncKeys,
        Step::Adopt { header, spaces },
    ]
}

impl Memory {
    /// A vault that was just made.
    pub fn new(header: Header) -> Memory {
        Memory {
            header,
            spaces: crate::BOTH,
            sequence: 0,
            rows: 0,
            store: 0,
            segment: None,
            changed: false,
            todo: Vec::new(),
        }
    }

    fn changed_header(&self, change: impl FnOnce(&mut Header)) -> Header {
        let mut header = self.header;
        header.revision += 1;
        header.floor = self.sequence;
        change(&mut header);
        header
    }

    /// `Vault::save`.
    pub fn plan_save(&mut self, save: Saves, disk: &Disk, order: Order) {
        let open = self.segment.and_then(|number| disk.segments.get(&number));
        if open.is_none() {
            self.todo.extend([Step::BeginSegment, Step::SyncJournal]);
        }
        let answer = Step::Answer(Acknowledged::Saved(save));
        self.todo.extend(match order {
            Order::AnswersBeforeSync => [Step::Append(save), answer, Step::SyncFrames],
            _ => [Step::Append(save), Step::SyncFrames, answer],
        });
    }

    /// `Shared::write_checkpoint`.
    pub fn plan_checkpoint(&mut self, _disk: &Disk, order: Order) {
        let lineage = self.header.lineage;
        let to_newest = order == Order::TrimsBeforeCheckpoint;
        let trim = Step::Trim { to_newest };
        self.todo.push(Step::NameCheckpoint { lineage });
        if to_newest {
            self.todo.push(trim.clone());
        }
        self.todo.extend([
            Step::SyncCheckpoints,
            Step::NameCurrent { lineage },
            Step::SyncLocal,
            trim,
        ]);
    }

    /// `Shared::compact`.
    pub fn plan_compaction(&mut self, _disk: &Disk) {
        let lineage = self.header.lineage;
        self.todo.extend([
            Step::MakeStore { lineage },
            Step::NameCurrent { lineage },
            Step::SyncLocal,
            Step::RemoveOtherStores,
        ]);
    }

    /// `Vault::change_passphrase`.
    pub fn plan_passphrase(&mut self, new: u8) {
        let header = self.changed_header(|header| header.passphrase = new);
        self.todo.extend(write_header(header, self.spaces));
        self.todo.push(Step::Answer(Acknowledged::Passphrase));
    }

    /// `forget::forget`.
    pub fn plan_forgetting(&mut self, disk: &Disk, order: Order) {
        let spaces = self.spaces & !DOOMED;
        let epoch = fresh_epoch(disk);
        let header = self.changed_header(|header| {
            header.epoch = epoch;
            header.keyring += 1;
            header.pending = Pending::OldEpochs;
        });
        self.todo.extend(new_keys(header, spaces));
        let destroy = Step::DestroyOld(header);
        let [a, sync_a, b, sync_b, adopt] = write_header(header, spaces);
        match order {
            Order::DestroysBeforeHeader => {
                self.todo.extend([destroy, a, sync_a, b, sync_b, adopt]);
            }
            Order::DestroysAfterOneCopy => {
                self.todo.extend([a, sync_a, destroy, b, sync_b, adopt]);
            }
            _ => self.todo.extend([a, sync_a, b, sync_b, adopt, destroy]),
        }
        self.todo.push(Step::Finish);
        self.todo.push(Step::Answer(Acknowledged::Forgotten));
    }

    /// Rekeying: all that is new is prepared beside the old; the header is the only commit.
    pub fn plan_rekeying(&mut self, disk: &Disk) {
        let epoch = fresh_epoch(disk);
        let lineage = fresh_lineage(disk);
        let header = self.changed_header(|header| {
            header.epoch = epoch;
            header.lineage = lineage;
            header.keyring += 1;
            header.passphrase += 1;
            header.pending = Pending::OldLineage;
        });
        self.todo.extend(new_keys(header, self.spaces));
        self.todo.push(Step::NameCheckpoint { lineage });
        self.todo.push(Step::SyncCheckpoints);
        self.todo.extend(write_header(header, self.spaces));
        self.todo.push(Step::DestroyOld(header));
        self.todo.push(Step::MakeStore { lineage });
        self.todo.push(Step::FinishLineage);
        self.todo.push(Step::Answer(Acknowledged::Passphrase));
    }

    /// Takes a step. A step that is itself a plan puts its steps before the rest.
    pub fn take(&mut self, step: Step, disk: &mut Disk) -> Option<Acknowledged> {
        let lineage_now = self.header.lineage;
        match step {
            Step::BeginSegment => {
                let number = Disk::next(&disk.segments);
                let name = Name {
                    now: Some(()),
                    synced: None,
                };
                let segment = Segment {
                    name,
                    lineage: lineage_now,
                    first: self.sequence + 1,
                    frames: Vec::new(),
                    synced: 0,
                };
                disk.segments.insert(number, segment);
                self.segment = Some(number);
            }
            Step::SyncJournal => disk.sync_journal(),
            Step::Append(save) => {
                let number = self.segment.expect("a segment was begun");
                let segment = disk.segments.get_mut(&number).expect("it is there");
                segment.frames.push(save);
            }
            Step::SyncFrames => {
                let number = self.segment.expect("a segment was begun");
                let segment = disk.segments.get_mut(&number).expect("it is there");
                segment.synced = segment.frames.len();
            }
            Step::Answer(said) => {
                if let Acknowledged::Saved(save) = said {
                    self.sequence += 1;
                    self.rows |= save;
                    self.changed = true;
                    let store = disk.stores.get_mut(&self.store).expect("it is in use");
                    store.now = (self.sequence, self.rows);
                }
                return Some(said);
            }
            Step::NameCheckpoint { lineage } => {
                let checkpoint = Checkpoint {
                    lineage,
                    covered: self.sequence,
                    rows: self.rows,
                };
                let number = Disk::next(&disk.checkpoints);
                let name = Name {
                    now: Some(checkpoint),
                    synced: None,
                };
                disk.checkpoints.insert(number, name);
                if lineage == lineage_now {
                    self.changed = false;
                    self.segment = None;
                }
            }
            Step::SyncCheckpoints => disk.sync_checkpoints(),
            Step::NameCurrent { lineage } => {
                disk.current.now = Some(Current {
                    lineage,
                    store: self.store,
                });
            }
            Step::SyncLocal => disk.sync_local(),
            Step::Trim { to_newest } => self.prepend(self.trimming(disk, to_newest)),
            Step::RemoveCheckpoint(number) => {
                if let Some(name) = disk.checkpoints.get_mut(&number) {
                    name.now = None;
                }
            }
            Step::RemoveSegment(number) => {
                if let Some(segment) = disk.segments.get_mut(&number) {
                    segment.name.now = None;
                }
            }
            Step::MakeStore { lineage } => {
                if self.spaces & DOOMED == 0 {
                    self.rows &= !disk.doomed;
                }
                self.store = Disk::next(&disk.stores);
                let content = (self.sequence, self.rows);
                let store = Store {
                    lineage,
                    now: content,
                    flushed: content,
                };
                disk.stores.insert(self.store, store);
            }
            Step::StandUp {
                store,
                sequence,
                rows,
            } => {
                self.store = store;
                let store = disk.stores.get_mut(&store).expect("it was found");
                store.now = (sequence, rows);
            }
            Step::FlushStore => {
                let store = disk.stores.get_mut(&self.store).expect("it is in use");
                store.flushed = store.now;
            }
            Step::RemoveOtherStores => disk.stores.retain(|id, _| *id == self.store),
            Step::NameKeyring(revision, keyring) => {
                let name = disk.keyrings.entry(revision).or_insert(Name::FREE);
                name.now = Some(keyring);
            }
            Step::NameEpoch(id, copy) => {
                let name = disk.epochs.entry((id, copy)).or_insert(Name::FREE);
                name.now = Some(Bytes::Whole);
            }
            Step::NameHeader(copy, header) => disk.header[copy].now = Some(header),
            Step::SyncKeys => disk.sync_keys(),
            Step::Adopt { header, spaces } => {
                if header.lineage != self.header.lineage {
                    self.segment = None;
                }
                self.header = header;
                self.spaces = spaces;
            }
            Step::DestroyOld(header) => self.prepend(destruction(disk, header)),
            Step::DestroyKeyring(revision) => {
                if let Some(name) = disk.keyrings.get_mut(&revision) {
                    // Overwriting changes the file, whatever becomes of its name.
                    if let Some(synced) = &mut name.synced {
                        synced.bytes = Bytes::Zeros;
                    }
                    name.now = None;
                }
            }
            Step::DestroyEpoch(id, copy) => {
                if let Some(name) = disk.epochs.get_mut(&(id, copy)) {
                    if let Some(synced) = &mut name.synced {
                        *synced = Bytes::Zeros;
                    }
                    name.now = None;
                }
            }
            Step::DestroyOrphans => disk.orphans = (Vec::new(), Vec::new()),
            Step::MoveOrphans(header) => self.prepend(moves(disk, header)),
            Step::MoveKeyring(revision) => {
                if let Some(name) = disk.keyrings.get_mut(&revision) {
                    disk.orphans.0.extend(name.now.take());
                    disk.orphans.0.dedup();
                }
            }
            Step::MoveEpoch(id, copy) => {
                if let Some(name) = disk.epochs.get_mut(&(id, copy))
                    && name.now.take() == Some(Bytes::Whole)
                    && !disk.orphans.1.contains(&id)
                {
                    disk.orphans.1.push(id);
                }
            }
            Step::Finish => self.prepend(self.finish(disk)),
            Step::FinishLineage => self.prepend(self.finish_lineage()),
            Step::RemoveOldLineage => self.prepend(self.old_lineage(disk)),
            Step::SyncWhatWasFound => {
                disk.sync_keys();
                disk.sync_checkpoints();
                disk.sync_journal();
                for segment in disk.segments.values_mut() {
                    segment.synced = segment.frames.len();
                }
            }
        }
        None
    }

    fn prepend(&mut self, steps: Vec<Step>) {
        self.todo.splice(..0, steps);
    }

    /// `Shared::trim`: two checkpoints are kept, and the journal back to the older of them. The last segment stays.
    fn trimming(&self, disk: &Disk, to_newest: bool) -> Vec<Step> {
        let mut steps = Vec::new();
        let lineage = self.header.lineage;
        let mut kept: Vec<_> = disk
            .checkpoints
            .iter()
            .filter_map(|(number, name)| Some((*number, name.now?)))
            .filter(|(_, checkpoint)| checkpoint.lineage == lineage)
            .collect();
        while kept.len() > 2 {
            steps.push(Step::RemoveCheckpoint(kept.remove(0).0));
        }
        let safe = match &kept[..] {
            [.., (_, newest)] if to_newest => newest.covered,
            [(_, older), _] => older.covered,
            _ => return steps,
        };
        let segments: Vec<_> = disk
            .segments
            .iter()
            .filter(|(_, segment)| segment.name.now.is_some() && segment.lineage == lineage)
            .collect();
        for pair in segments.windows(2) {
            if pair[1].1.first > safe + 1 {
                break;
            }
            steps.push(Step::RemoveSegment(*pair[0].0));
        }
        if to_newest && let Some((last, _)) = segments.last() {
            steps.push(Step::RemoveSegment(**last));
        }
        steps
    }

    /// `forget::finish`.
    fn finish(&self, disk: &Disk) -> Vec<Step> {
        let lineage = self.header.lineage;
        let mut steps = vec![
            Step::MakeStore { lineage },
            Step::NameCheckpoint { lineage },
            Step::SyncCheckpoints,
            Step::NameCurrent { lineage },
            Step::SyncLocal,
            Step::RemoveOtherStores,
        ];
        steps.extend(present(&disk.checkpoints).map(Step::RemoveCheckpoint));
        steps.push(Step::SyncCheckpoints);
        let segments = disk.segments.iter();
        let segments = segments.filter(|(_, segment)| segment.name.now.is_some());
        steps.extend(segments.map(|(number, _)| Step::RemoveSegment(*number)));
        let header = self.changed_header(|header| header.pending = Pending::Nothing);
        steps.extend(write_header(header, self.spaces));
        steps
    }

    /// What is left of a rekeying once its store stands.
    fn finish_lineage(&self) -> Vec<Step> {
        let lineage = self.header.lineage;
        let header = self.changed_header(|header| header.pending = Pending::Nothing);
        let mut steps = vec![
            Step::NameCurrent { lineage },
            Step::SyncLocal,
            Step::RemoveOtherStores,
            Step::RemoveOldLineage,
        ];
        steps.extend(write_header(header, self.spaces));
        steps
    }

    fn old_lineage(&self, disk: &Disk) -> Vec<Step> {
        let lineage = self.header.lineage;
        let checkpoints = disk.checkpoints.iter().filter_map(|(number, name)| {
            let old = name.now?.lineage != lineage;
            old.then_some(Step::RemoveCheckpoint(*number))
        });
        let segments = disk.segments.iter().filter_map(|(number, segment)| {
            let old = segment.name.now.is_some() && segment.lineage != lineage;
            old.then_some(Step::RemoveSegment(*number))
        });
        let mut steps: Vec<_> = checkpoints.chain(segments).collect();
        steps.push(Step::SyncCheckpoints);
        steps.push(Step::SyncJournal);
        steps
    }
}

/// The keyring and the epoch that a header is about to name.
fn new_keys(header: Header, spaces: u8) -> [Step; 6] {
    let keyring = Keyring {
        epoch: header.epoch,
        lineage: header.lineage,
        spaces,
        bytes: Bytes::Whole,
    };
    [
        Step::NameKeyring(header.keyring, keyring),
        Step::SyncKeys,
        Step::NameEpoch(header.epoch, 0),
        Step::SyncKeys,
        Step::NameEpoch(header.epoch, 1),
        Step::SyncKeys,
    ]
}

fn present<T: Copy>(map: &std::collections::BTreeMap<u8, Name<T>>) -> impl Iterator<Item = u8> {
    map.iter()
        .filter(|(_, name)| name.now.is_some())
        .map(|(number, _)| *number)
}

/// `forget::destroy_old`.
fn destruction(disk: &Disk, header: Header) -> Vec<Step> {
    let keyrings = present(&disk.keyrings).filter(|revision| *revision != header.keyring);
    let epochs = disk.epochs.iter().filter_map(|((id, copy), name)| {
        let old = name.now.is_some() && *id != header.epoch;
        old.then_some(Step::DestroyEpoch(*id, *copy))
    });
    let mut steps: Vec<_> = keyrings.map(Step::DestroyKeyring).chain(epochs).collect();
    steps.extend([Step::SyncKeys, Step::DestroyOrphans]);
    steps
}

/// `open::move_orphans`.
fn moves(disk: &Disk, header: Header) -> Vec<Step> {
    let later = present(&disk.keyrings).filter(|revision| *revision > header.keyring);
    let foreign = disk.epochs.iter().filter_map(|((id, copy), name)| {
        let foreign = name.now.is_some() && *id != header.epoch;
        foreign.then_some(Step::MoveEpoch(*id, *copy))
    });
    let mut steps: Vec<_> = later.map(Step::MoveKeyring).chain(foreign).collect();
    if !steps.is_empty() {
        steps.push(Step::SyncKeys);
    }
    steps
}

fn fresh_epoch(disk: &Disk) -> u8 {
    let in_place = disk.epochs.keys().map(|(id, _)| *id);
    let all = in_place.chain(disk.orphans.1.iter().copied());
    all.max().map_or(0, |last| last + 1)
}

fn fresh_lineage(disk: &Disk) -> u8 {
    let keyrings = disk.keyrings.values();
    let keyrings = keyrings.flat_map(|name| [name.now, name.synced]).flatten();
    let keyrings = keyrings.chain(disk.orphans.0.iter().copied());
    let checkpoints = disk.checkpoints.values();
    let checkpoints = checkpoints
        .flat_map(|name| [name.now, name.synced])
        .flatten();
    let all = keyrings.map(|ring| ring.lineage);
    let all = all.chain(checkpoints.map(|checkpoint| checkpoint.lineage));
    all.max().map_or(0, |last| last + 1)
}
