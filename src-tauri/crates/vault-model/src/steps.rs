//! The process: what it holds, and the steps in which it does what it was asked.

use std::fmt;

use crate::disk::{
    self, Bytes, Checkpoint, Content, Current, Folder, Header, Keyring, Name, Pending, Ring,
    Segment, Store,
};
use crate::machine::{Anchor, DeviceFile, Disk, Marker, Place, Switch};
use crate::opening::Alarm;
use crate::{DOOMED, Order, Saves, renewing, restoring};

/// What an open vault holds, and what it is about to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Memory {
    /// The vault's folder.
    pub folder: u8,
    /// The branch that its device and anchor files are named after.
    pub branch: u8,
    /// This machine as a device of the vault.
    pub device: u8,
    /// The header in force.
    pub header: Header,
    /// What the keyring says.
    pub ring: Ring,
    /// The last save, and the rows there are.
    pub content: Content,
    /// The store in use.
    pub store: u8,
    /// The open segment.
    pub segment: Option<u8>,
    /// Whether there are saves that no checkpoint covers.
    pub changed: bool,
    /// The last save that the anchor knows of.
    pub anchored: u8,
    /// Whether the anchor is not to be overwritten.
    pub frozen: bool,
    /// What the opening found amiss.
    pub alarm: Option<Alarm>,
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
    /// The vault has new keys throughout.
    Rekeyed,
    /// The compartment has a new key, with another second passphrase or without one.
    Second,
    /// The vault is open.
    Opened,
    /// It rests, and the anchor knows.
    Settled,
    /// It is closed.
    Locked,
    /// A restored vault is in its place.
    Restored,
    /// A restored vault does not stand its first opening.
    Unfit,
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
    Apply(Saves),
    Answer(Acknowledged),
    NameCheckpoint,
    SyncCheckpoints,
    NameCurrent,
    SyncLocal,
    Trim { to_newest: bool },
    RemoveCheckpoint(u8),
    RemoveSegment(u8),
    MakeStore,
    StandUp { store: u8, content: Content },
    FlushStore,
    RemoveOtherStores,
    NameKeyring(u8, Keyring),
    NameEpoch(u8, usize),
    NameHeader(usize, Header),
    SyncKeys,
    Adopt { header: Header, ring: Ring },
    DestroyOld(Header),
    DestroyKeyring(u8),
    DestroyEpoch(u8, usize),
    DestroyCheckpoint(u8),
    DestroyOrphans,
    MoveOrphans(Header),
    MoveKeyring(u8),
    MoveEpoch(u8, usize),
    RemoveTemporaries,
    FinishForgetting,
    SyncWhatWasFound,
    Mark(bool),
    Close,
    NameAnchor,
    NameDevice(u8),
    SyncMachine,
    WriteMarker(u8, Marker),
    WriteDevice(u8, DeviceFile),
    WriteAnchor(u8, Anchor),
    WriteList(u8),
    PrepareStore { header: Header, ring: Ring },
    PrepareCheckpoint { header: Header, ring: Ring },
    Promote(Header),
    NamePrepared(u8),
    TakeOver { header: Header, ring: Ring },
    FinishRekey,
    SettleMarker(Header),
    CloseAnchor(u8, Anchor),
    DestroyList(u8),
    RemoveDevice(u8),
    RemoveAnchor(u8),
    RemoveList(u8),
    RemoveMarker(u8),
    BeginRestore,
    OpenGrown,
    NameGrown,
    SyncGrown,
    FinishSwitch,
    BeginSwitch(Switch),
    MoveAway,
    MoveIn,
    BringIn(Place),
    EndSwitch,
    ClearBeside(Place),
    RemovePresent,
    SyncSwitch,
}

impl Step {
    /// The function of the vault, or of the program around it, that takes it, and what it does there.
    pub fn name(&self) -> String {
        let copy = |copy: &usize| ["a", "b"][*copy];
        let fixed = match self {
            Step::BeginSegment => "JournalWriter::begin: create, append, sync",
            Step::SyncJournal => "JournalWriter::begin, forget::sync_journals: sync_folder",
            Step::Append(_) => "JournalWriter::append: append",
            Step::SyncFrames => "JournalWriter::append: sync",
            Step::Apply(_) => "Vault::save: Store::apply",
            Step::Answer(Acknowledged::Saved(_)) => "Vault::save: Store::apply, Ok",
            Step::Answer(Acknowledged::Passphrase) => "Vault::change_passphrase: Ok",
            Step::Answer(Acknowledged::Forgotten) => "forget::forget: Ok",
            Step::Answer(Acknowledged::Rekeyed) => "Vault::rekey: Ok",
            Step::Answer(Acknowledged::Second) => "rekey::change_second: Ok",
            Step::Answer(Acknowledged::Opened) => "Vault::open: Ok",
            Step::Answer(Acknowledged::Settled) => "Shared::settle: Ok",
            Step::Answer(Acknowledged::Locked) => "Vault::lock: Ok",
            Step::Answer(Acknowledged::Restored) => "shell::putting_back::put_back: Ok",
            Step::Answer(Acknowledged::Unfit) => "restore::prove: Err",
            Step::NameCheckpoint => "checkpoint::write_from: rename",
            Step::SyncCheckpoints => "checkpoint::write_from: sync_parent",
            Step::NameCurrent => "Shared::write_current: write_whole, rename",
            Step::SyncLocal => "Shared::write_current: write_whole, sync_parent",
            Step::Trim { .. } => "Shared::trim",
            Step::RemoveCheckpoint(_) => "Shared::trim, forget::finish: remove a checkpoint",
            Step::RemoveSegment(_) => {
                "Shared::trim, forget::finish, rekey::finish: remove a segment"
            }
            Step::MakeStore => "Shared::copy_store, Sources::rebuild: flush, sync_parent",
            Step::StandUp { .. } => "open::Sources::bring_up",
            Step::FlushStore => "Store::flush",
            Step::RemoveOtherStores => "store::remove",
            Step::NameKeyring(..) => "forget::commit, rekey::prepare: write_whole(keyring), rename",
            Step::NameEpoch(_, c) => {
                return format!("create::write_epoch: write_whole({}), rename", copy(c));
            }
            Step::NameHeader(c, _) => {
                return format!("Shared::write_copies: write_whole({}), rename", copy(c));
            }
            Step::SyncKeys => "disk::write_whole: sync_parent of sync/",
            Step::Adopt { .. } => "Shared::write_header_with: the header is in force",
            Step::DestroyOld(_) => "forget::destroy_old",
            Step::DestroyKeyring(_) => "forget::destroy_old: overwrite, remove a keyring",
            Step::DestroyEpoch(..) => "forget::destroy_old: overwrite, remove an epoch",
            Step::DestroyCheckpoint(_) => {
                "forget::destroy_old, rekey::finish: overwrite, remove a checkpoint"
            }
            Step::DestroyOrphans => "forget::destroy_old: orphans",
            Step::MoveOrphans(_) => "open::move_orphans",
            Step::MoveKeyring(_) => "open::move_orphans: rename a keyring",
            Step::MoveEpoch(..) => "open::move_orphans: rename an epoch",
            Step::RemoveTemporaries => "open::remove_temporaries",
            Step::FinishForgetting => "forget::finish",
            Step::SyncWhatWasFound => "open::sync_found",
            Step::Mark(true) => "open::prepare_to_write: Held::mark",
            Step::Mark(false) => "Shared::close: Held::mark",
            Step::Close => "Shared::close",
            Step::NameAnchor => "Shared::write_anchor_of: write_whole, rename",
            Step::NameDevice(_) => "open::this_device: write_whole, rename",
            Step::SyncMachine => "disk::write_whole: sync_parent of the configuration folder",
            Step::WriteMarker(..) => "rekey::prepare_device: write(marker), rename",
            Step::WriteDevice(..) => "rekey::prepare_device, Plan::build: write(device), rename",
            Step::WriteAnchor(..) => "rekey::prepare_device: write(anchor), rename",
            Step::WriteList(_) => "rekey::prepare_device: write(list), rename",
            Step::PrepareStore { .. } => "rekey::prepare: copy_rows, flush, sync_parent",
            Step::PrepareCheckpoint { .. } => "rekey::prepare: checkpoint::prepare",
            Step::Promote(_) => "checkpoint::promote",
            Step::NamePrepared(_) => "checkpoint::promote: rename",
            Step::TakeOver { .. } => "rekey::take_over",
            Step::FinishRekey => "rekey::finish",
            Step::SettleMarker(_) => "rekey::settle_marker",
            Step::CloseAnchor(..) => "rekey::settle_marker: write_whole(closing), rename",
            Step::DestroyList(_) => "rekey::settle_marker: destroy the list",
            Step::RemoveDevice(_) => {
                "rekey::settle_marker, beside::forget_branch: remove the device file"
            }
            Step::RemoveAnchor(_) => {
                "rekey::settle_marker, beside::forget_branch: remove the anchor"
            }
            Step::RemoveList(_) => "rekey::settle_marker: remove the list",
            Step::RemoveMarker(_) => "rekey::settle_marker: remove the marker",
            Step::BeginRestore => "restore::Site::begin, create::make_folders",
            Step::OpenGrown => "restore::prove: open::open_with_root",
            Step::NameGrown => "restore::Site::finish: move_folder",
            Step::SyncGrown => "restore::Site::finish: sync_parent",
            Step::FinishSwitch => "shell::putting_back::finish_switch",
            Step::BeginSwitch(_) => "shell::putting_back::Switch::begin: files::replace, rename",
            Step::MoveAway => "shell::putting_back::Switch::run: rename the present vault",
            Step::MoveIn => "shell::putting_back::Switch::run: rename the restored vault",
            Step::BringIn(Place::Restored) => {
                "shell::putting_back::Switch::bring_in: rename the restored vault"
            }
            Step::BringIn(_) => "shell::putting_back::Switch::bring_in: rename the one of before",
            Step::EndSwitch => "shell::putting_back::Switch::end: remove the marker",
            Step::ClearBeside(_) => "beside::clear: remove_folder",
            Step::RemovePresent => "remove the present vault",
            Step::SyncSwitch => {
                "shell::putting_back::sync_switch, Switch::begin: sync_folder beside the vault"
            }
        };
        fixed.into()
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// `Shared::write_copies`.
pub fn write_copies(header: Header) -> [Step; 4] {
    [
        Step::NameHeader(0, header),
        Step::SyncKeys,
        Step::NameHeader(1, header),
        Step::SyncKeys,
    ]
}

/// `Shared::write_header_with`.
pub fn write_header(header: Header, ring: Ring) -> [Step; 5] {
    let [a, sync_a, b, sync_b] = write_copies(header);
    [a, sync_a, b, sync_b, Step::Adopt { header, ring }]
}

impl Memory {
    /// A vault that was just made.
    pub fn new(header: Header, ring: Ring) -> Memory {
        Memory {
            folder: 0,
            branch: 0,
            device: header.writer,
            header,
            ring,
            content: Content::default(),
            store: 0,
            segment: None,
            changed: false,
            anchored: 0,
            frozen: false,
            alarm: None,
            todo: Vec::new(),
        }
    }

    /// The next header, but for a change.
    pub fn changed_header(&self, change: impl FnOnce(&mut Header)) -> Header {
        let mut header = self.header;
        header.revision += 1;
        header.floor = self.content.point;
        header.writer = self.device;
        change(&mut header);
        header
    }

    /// What the anchor would say now.
    pub fn anchor(&self) -> Anchor {
        let Content { point, lamport, .. } = self.content;
        Anchor::of(self.header, self.device, point, lamport)
    }

    /// `Vault::save`.
    pub fn plan_save(&mut self, save: Saves, disk: &Disk, order: Order) {
        let segments = &disk.folders[&self.folder].segments;
        let open = self.segment.and_then(|number| segments.get(&number));
        if open.is_none() {
            self.todo.extend([Step::BeginSegment, Step::SyncJournal]);
        }
        let answer = Step::Answer(Acknowledged::Saved(save));
        let steps = match order {
            Order::AnswersBeforeSync => vec![Step::Append(save), answer, Step::SyncFrames],
            Order::TellsAnchorBeforeSync => vec![
                Step::Append(save),
                Step::Apply(save),
                Step::NameAnchor,
                Step::SyncMachine,
                Step::SyncFrames,
                answer,
            ],
            _ => vec![Step::Append(save), Step::SyncFrames, answer],
        };
        self.todo.extend(steps);
    }

    /// `Shared::write_checkpoint`.
    pub fn plan_checkpoint(&mut self, order: Order) {
        self.todo.extend(checkpointing(order));
    }

    /// `Shared::compact`.
    pub fn plan_compaction(&mut self) {
        self.todo.extend([
            Step::MakeStore,
            Step::NameCurrent,
            Step::SyncLocal,
            Step::RemoveOtherStores,
        ]);
    }

    /// `Shared::settle`.
    pub fn plan_settling(&mut self, order: Order) {
        let answer = Step::Answer(Acknowledged::Settled);
        self.todo.push(Step::FlushStore);
        self.todo.extend(match order {
            Order::SettlesBeforeAnchor => [answer, Step::NameAnchor, Step::SyncMachine],
            _ => [Step::NameAnchor, Step::SyncMachine, answer],
        });
    }

    /// `Vault::change_passphrase`.
    pub fn plan_passphrase(&mut self, new: u8) {
        let header = self.changed_header(|header| header.passphrase = new);
        self.todo.extend(write_header(header, self.ring));
        self.todo.push(Step::Answer(Acknowledged::Passphrase));
    }

    /// `forget::forget`.
    pub fn plan_forgetting(&mut self, disk: &mut Disk, order: Order) {
        let ring = Ring {
            spaces: self.ring.spaces & !DOOMED,
            ..self.ring
        };
        let id = disk.draw();
        let header = self.changed_header(|header| {
            header.epoch.number += 1;
            header.epoch.id = id;
            header.keyring += 1;
            header.pending = Pending::OldEpochs;
        });
        if order != Order::ForgetsBeforeAnchor {
            self.todo.extend([Step::NameAnchor, Step::SyncMachine]);
        }
        self.todo.extend(new_keys(header, ring));
        let destroy = Step::DestroyOld(header);
        let [a, sync_a, b, sync_b, adopt] = write_header(header, ring);
        match order {
            Order::DestroysBeforeHeader => {
                self.todo.extend([destroy, a, sync_a, b, sync_b, adopt]);
            }
            Order::DestroysAfterOneCopy => {
                self.todo.extend([a, sync_a, destroy, b, sync_b, adopt]);
            }
            _ => self.todo.extend([a, sync_a, b, sync_b, adopt, destroy]),
        }
        self.todo.extend([
            Step::FinishForgetting,
            Step::NameAnchor,
            Step::SyncMachine,
            Step::Answer(Acknowledged::Forgotten),
        ]);
    }

    /// Takes a step. A step that is itself a plan puts its steps before the rest.
    pub fn take(&mut self, step: Step, disk: &mut Disk, order: Order) -> Option<Acknowledged> {
        match step {
            Step::Answer(said) => {
                if let Acknowledged::Saved(save) = said {
                    self.apply(save, disk);
                }
                return Some(said);
            }
            Step::NameAnchor
            | Step::NameDevice(_)
            | Step::SyncMachine
            | Step::WriteMarker(..)
            | Step::WriteDevice(..)
            | Step::WriteAnchor(..)
            | Step::WriteList(_)
            | Step::CloseAnchor(..)
            | Step::DestroyList(_)
            | Step::RemoveDevice(_)
            | Step::RemoveAnchor(_)
            | Step::RemoveList(_)
            | Step::RemoveMarker(_) => self.take_on_machine(step, disk),
            Step::NameGrown
            | Step::SyncGrown
            | Step::BeginSwitch(_)
            | Step::MoveAway
            | Step::MoveIn
            | Step::BringIn(_)
            | Step::EndSwitch
            | Step::ClearBeside(_)
            | Step::RemovePresent
            | Step::SyncSwitch => restoring::take_beside(&step, disk),
            Step::FinishSwitch => self.prepend(restoring::finish_switch(disk, order).0),
            Step::BeginRestore => *self = restoring::begin(disk, order),
            Step::OpenGrown => return restoring::open_grown(self, disk, order),
            Step::Apply(save) => self.apply(save, disk),
            Step::SettleMarker(header) => {
                self.prepend(renewing::settle_marker(&disk.machine, header, order));
            }
            step => {
                let doomed = disk.doomed;
                let folder = disk.folders.get_mut(&self.folder);
                let folder = folder.expect("the vault's folder is there while it is open");
                if let Some(steps) = self.plan_within(&step, folder, order) {
                    let settled = |step| match step {
                        Step::SettleMarker(header) => {
                            renewing::settle_marker(&disk.machine, header, order)
                        }
                        step => vec![step],
                    };
                    self.prepend(steps.into_iter().flat_map(settled).collect());
                } else {
                    self.take_in_folder(step, folder, doomed);
                }
            }
        }
        None
    }

    /// The steps of a step that is itself a plan.
    fn plan_within(&self, step: &Step, folder: &Folder, order: Order) -> Option<Vec<Step>> {
        Some(match step {
            Step::Trim { to_newest } => self.trimming(folder, *to_newest, order),
            Step::DestroyOld(header) => destruction(folder, *header),
            Step::MoveOrphans(header) => moves(folder, *header),
            Step::FinishForgetting => self.finish_forgetting(folder),
            Step::Promote(header) => renewing::promote(folder, *header),
            Step::FinishRekey => renewing::finish(self, folder, order),
            Step::Close => self.closing(folder, order),
            _ => return None,
        })
    }

    /// Saves into a copy of the folder, as on a machine that took over this one's place.
    pub fn save_elsewhere(&self, copy: &mut Folder, saves: &[Saves]) {
        let number = Folder::next(&copy.segments);
        let segment = Segment {
            name: Name::lasting(()),
            frames: saves.to_vec(),
            synced: saves.len(),
            ..self.new_segment()
        };
        copy.segments.insert(number, segment);
    }

    fn new_segment(&self) -> Segment {
        Segment {
            name: Name::new(()),
            lineage: self.header.lineage,
            epoch: self.header.epoch.id,
            generation: self.ring.generation,
            device: self.device,
            base: self.content.point,
            lamport: self.content.lamport,
            frames: Vec::new(),
            synced: 0,
        }
    }

    fn take_on_machine(&mut self, step: Step, disk: &mut Disk) {
        if let Step::NameDevice(branch) = step {
            self.device = disk.draw();
            let file = DeviceFile {
                root: self.header.root,
                device: self.device,
            };
            return disk::put(&mut disk.machine.devices, branch, file);
        }
        let machine = &mut disk.machine;
        match step {
            Step::NameAnchor => {
                self.anchored = self.content.point.sequence;
                disk::put(&mut machine.anchors, self.branch, self.anchor());
            }
            Step::SyncMachine => machine.sync(),
            Step::WriteMarker(lineage, marker) => {
                disk::put(&mut machine.markers, lineage, marker);
            }
            Step::WriteDevice(branch, file) => disk::put(&mut machine.devices, branch, file),
            Step::WriteAnchor(branch, anchor) | Step::CloseAnchor(branch, anchor) => {
                disk::put(&mut machine.anchors, branch, anchor);
            }
            Step::WriteList(root) => disk::put(&mut machine.lists, root, ()),
            // It is overwritten, whatever becomes of its name.
            Step::DestroyList(root) => {
                machine.lists.remove(&root);
            }
            Step::RemoveDevice(branch) => disk::remove(&mut machine.devices, &branch),
            Step::RemoveAnchor(branch) => disk::remove(&mut machine.anchors, &branch),
            Step::RemoveList(root) => disk::remove(&mut machine.lists, &root),
            Step::RemoveMarker(lineage) => disk::remove(&mut machine.markers, &lineage),
            step => unreachable!("{step:?} is taken elsewhere"),
        }
    }

    fn take_in_folder(&mut self, step: Step, folder: &mut Folder, doomed: Saves) {
        match step {
            Step::BeginSegment => {
                let number = Folder::next(&folder.segments);
                folder.segments.insert(number, self.new_segment());
                self.segment = Some(number);
            }
            Step::SyncJournal => folder.sync_journal(),
            Step::Append(save) => self.open_segment(folder).frames.push(save),
            Step::SyncFrames => {
                let segment = self.open_segment(folder);
                segment.synced = segment.frames.len();
            }
            Step::NameCheckpoint => {
                let file = self.checkpoint(self.header, self.content);
                let number = Folder::next(&folder.checkpoints);
                disk::put(&mut folder.checkpoints, number, file);
                self.changed = false;
                self.segment = None;
            }
            Step::SyncCheckpoints => disk::sync(&mut folder.checkpoints),
            Step::NameCurrent => {
                folder.current.now = Some(Current {
                    lineage: self.header.lineage,
                    root: self.header.root,
                    epoch: self.header.epoch.id,
                    device: self.device,
                    point: self.content.point,
                    store: self.store,
                });
            }
            Step::SyncLocal => folder.current.sync(),
            Step::RemoveCheckpoint(number) => disk::remove(&mut folder.checkpoints, &number),
            Step::RemoveSegment(number) => {
                if let Some(segment) = folder.segments.get_mut(&number) {
                    segment.name.now = None;
                }
            }
            Step::MakeStore => {
                if self.ring.spaces & DOOMED == 0 {
                    self.content.rows &= !doomed;
                }
                self.store = add_store(folder, self.header, self.content);
            }
            Step::StandUp { store, content } => {
                self.store = store;
                self.store_in_use(folder).now = content;
            }
            Step::FlushStore => {
                let store = self.store_in_use(folder);
                store.flushed = store.now;
            }
            Step::RemoveOtherStores => folder.stores.retain(|id, _| *id == self.store),
            Step::NameKeyring(revision, file) => disk::put(&mut folder.keyrings, revision, file),
            Step::NameEpoch(id, copy) => disk::put(&mut folder.epochs, (id, copy), Bytes::Whole),
            Step::NameHeader(copy, header) => folder.header[copy].now = Some(header),
            Step::SyncKeys => folder.sync_keys(),
            Step::Adopt { header, ring } => (self.header, self.ring) = (header, ring),
            Step::SyncWhatWasFound => {
                folder.sync_keys();
                disk::sync(&mut folder.checkpoints);
                folder.sync_journal();
                folder.current.sync();
                for segment in folder.segments.values_mut() {
                    segment.synced = segment.frames.len();
                }
            }
            Step::Mark(marked) => folder.marked = marked,
            Step::RemoveTemporaries => {
                for name in folder.checkpoints.values_mut() {
                    name.now = name.now.filter(|file| file.named);
                }
            }
            Step::PrepareStore { header, ring } => {
                add_store(folder, header, self.renewed(ring));
            }
            Step::PrepareCheckpoint { header, ring } => {
                let file = Checkpoint {
                    named: false,
                    ..self.checkpoint(header, self.renewed(ring))
                };
                let number = Folder::next(&folder.checkpoints);
                disk::put(&mut folder.checkpoints, number, file);
            }
            Step::NamePrepared(number) => {
                if let Some(name) = folder.checkpoints.get_mut(&number) {
                    name.now = name.now.map(|file| Checkpoint {
                        named: true,
                        ..file
                    });
                }
            }
            Step::TakeOver { header, ring } => self.take_over(header, ring, folder),
            step => self.destroy(step, folder),
        }
    }

    /// Destroying changes a file, whatever becomes of its name.
    fn destroy(&mut self, step: Step, folder: &mut Folder) {
        match step {
            Step::DestroyKeyring(revision) => {
                if let Some(name) = folder.keyrings.get_mut(&revision) {
                    if let Some(synced) = &mut name.synced {
                        synced.bytes = Bytes::Zeros;
                    }
                    name.now = None;
                }
            }
            Step::DestroyEpoch(id, copy) => {
                if let Some(name) = folder.epochs.get_mut(&(id, copy)) {
                    if let Some(synced) = &mut name.synced {
                        *synced = Bytes::Zeros;
                    }
                    name.now = None;
                }
            }
            Step::DestroyCheckpoint(number) => {
                if let Some(name) = folder.checkpoints.get_mut(&number) {
                    if let Some(synced) = &mut name.synced {
                        synced.bytes = Bytes::Zeros;
                    }
                    name.now = None;
                }
            }
            Step::DestroyOrphans => folder.orphans = (Vec::new(), Vec::new()),
            Step::MoveKeyring(revision) => {
                if let Some(name) = folder.keyrings.get_mut(&revision) {
                    folder.orphans.0.extend(name.now.take());
                    folder.orphans.0.dedup();
                }
            }
            Step::MoveEpoch(id, copy) => {
                if let Some(name) = folder.epochs.get_mut(&(id, copy))
                    && name.now.take() == Some(Bytes::Whole)
                    && !folder.orphans.1.contains(&id)
                {
                    folder.orphans.1.push(id);
                }
            }
            step => unreachable!("{step:?} is taken elsewhere"),
        }
    }

    /// Puts steps before the rest.
    pub fn prepend(&mut self, steps: Vec<Step>) {
        self.todo.splice(..0, steps);
    }

    fn apply(&mut self, save: Saves, disk: &mut Disk) {
        if self.content.point.chain & save != 0 {
            return;
        }
        self.content.point.sequence += 1;
        self.content.point.chain |= save;
        self.content.lamport += 1;
        self.content.rows |= save;
        self.changed = true;
        let folder = disk.folders.get_mut(&self.folder);
        let folder = folder.expect("the vault's folder is there while it is open");
        self.store_in_use(folder).now = self.content;
    }

    fn store_in_use<'a>(&self, folder: &'a mut Folder) -> &'a mut Store {
        let store = folder.stores.get_mut(&self.store);
        store.expect("the store in use is there")
    }

    fn open_segment<'a>(&self, folder: &'a mut Folder) -> &'a mut Segment {
        let open = self.segment;
        let open = open.and_then(|number| folder.segments.get_mut(&number));
        open.expect("a segment was begun")
    }

    fn checkpoint(&self, header: Header, content: Content) -> Checkpoint {
        Checkpoint {
            lineage: header.lineage,
            root: header.root,
            epoch: header.epoch.id,
            device: self.device,
            content,
            named: true,
            bytes: Bytes::Whole,
        }
    }

    /// The rows, sealed again.
    fn renewed(&self, ring: Ring) -> Content {
        Content {
            generation: ring.generation,
            ..self.content
        }
    }

    fn take_over(&mut self, header: Header, ring: Ring, folder: &Folder) {
        if header.lineage != self.header.lineage {
            self.branch = header.lineage;
        }
        let mut stores = folder.stores.iter();
        let prepared = stores.find(|(_, store)| store.of_epoch == Some(header.epoch.id));
        self.store = prepared.map_or(self.store, |(id, _)| *id);
        self.content = self.renewed(ring);
        (self.header, self.ring) = (header, ring);
        (self.segment, self.changed, self.anchored) = (None, false, 0);
    }

    /// `Shared::trim`: two checkpoints are kept, and the journal back to the older of them, or to what the anchor
    /// knows. The last segment stays.
    fn trimming(&self, folder: &Folder, to_newest: bool, order: Order) -> Vec<Step> {
        let mut steps = Vec::new();
        let lineage = self.header.lineage;
        let kept = folder.present_checkpoints();
        let mut kept: Vec<_> = kept
            .filter(|(_, file)| file.lineage == lineage && file.named)
            .collect();
        while kept.len() > 2 {
            steps.push(Step::RemoveCheckpoint(kept.remove(0).0));
        }
        let covered = |file: Checkpoint| file.content.point.sequence;
        let covered = match &kept[..] {
            [.., (_, newest)] if to_newest => covered(*newest),
            [(_, older), _] => covered(*older),
            _ => return steps,
        };
        let safe = match order {
            Order::TrimsBeyondAnchor => covered,
            _ => covered.min(self.anchored),
        };
        let segments = folder.present_segments();
        let segments: Vec<_> = segments.filter(|(_, s)| s.lineage == lineage).collect();
        for pair in segments.windows(2) {
            if pair[1].1.base.sequence > safe {
                break;
            }
            steps.push(Step::RemoveSegment(*pair[0].0));
        }
        if to_newest && let Some((last, _)) = segments.last() {
            steps.push(Step::RemoveSegment(**last));
        }
        steps
    }

    /// `Shared::close`.
    fn closing(&self, folder: &Folder, order: Order) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.changed {
            steps.extend(checkpointing(order));
        }
        if folder.stores.get(&self.store).is_some_and(Store::is_behind) {
            steps.push(Step::FlushStore);
        }
        let current = folder.current.now.map(|current| current.point);
        if !self.changed && current != Some(self.content.point) {
            steps.extend([Step::NameCurrent, Step::SyncLocal]);
        }
        if !self.frozen {
            steps.extend([Step::NameAnchor, Step::SyncMachine]);
        }
        steps.push(Step::Mark(false));
        steps
    }

    /// `forget::finish`.
    fn finish_forgetting(&self, folder: &Folder) -> Vec<Step> {
        let mut steps = vec![
            Step::MakeStore,
            Step::NameCheckpoint,
            Step::SyncCheckpoints,
            Step::NameCurrent,
            Step::SyncLocal,
            Step::RemoveOtherStores,
        ];
        let checkpoints = folder.present_checkpoints();
        steps.extend(checkpoints.map(|(number, _)| Step::RemoveCheckpoint(number)));
        steps.push(Step::SyncCheckpoints);
        let segments = folder.present_segments();
        steps.extend(segments.map(|(number, _)| Step::RemoveSegment(*number)));
        steps.push(Step::SyncJournal);
        let header = self.changed_header(|header| header.pending = Pending::Nothing);
        steps.extend(write_header(header, self.ring));
        steps
    }
}

fn checkpointing(order: Order) -> Vec<Step> {
    let to_newest = order == Order::TrimsBeforeCheckpoint;
    let trim = Step::Trim { to_newest };
    let mut steps = vec![Step::NameCheckpoint];
    if to_newest {
        steps.push(trim.clone());
    }
    steps.extend([
        Step::SyncCheckpoints,
        Step::NameCurrent,
        Step::SyncLocal,
        trim,
    ]);
    steps
}

fn add_store(folder: &mut Folder, header: Header, content: Content) -> u8 {
    let id = Folder::next(&folder.stores);
    let rekeying = header.pending == Pending::OldLineage;
    let store = Store {
        root: header.root,
        of_epoch: rekeying.then_some(header.epoch.id),
        now: content,
        flushed: content,
    };
    folder.stores.insert(id, store);
    id
}

/// The keyring and the epoch that a header is about to name.
pub fn new_keys(header: Header, ring: Ring) -> [Step; 6] {
    let file = Keyring {
        epoch: header.epoch.id,
        lineage: header.lineage,
        root: header.root,
        ring,
        bytes: Bytes::Whole,
    };
    [
        Step::NameKeyring(header.keyring, file),
        Step::SyncKeys,
        Step::NameEpoch(header.epoch.id, 0),
        Step::SyncKeys,
        Step::NameEpoch(header.epoch.id, 1),
        Step::SyncKeys,
    ]
}

fn present_keyrings(folder: &Folder) -> impl Iterator<Item = u8> {
    let there = folder.keyrings.iter();
    let there = there.filter(|(_, name)| name.now.is_some());
    there.map(|(revision, _)| *revision)
}

fn foreign_epochs(folder: &Folder, header: Header) -> impl Iterator<Item = (u8, usize)> {
    let there = folder.epochs.iter();
    let foreign = there.filter(move |((id, _), name)| name.now.is_some() && *id != header.epoch.id);
    foreign.map(|(key, _)| *key)
}

/// `forget::destroy_old`.
fn destruction(folder: &Folder, header: Header) -> Vec<Step> {
    let keyrings = present_keyrings(folder).filter(|revision| *revision != header.keyring);
    let epochs = foreign_epochs(folder, header);
    let mut steps: Vec<_> = keyrings.map(Step::DestroyKeyring).collect();
    steps.extend(epochs.map(|(id, copy)| Step::DestroyEpoch(id, copy)));
    steps.push(Step::SyncKeys);
    let unnamed = folder.present_checkpoints().filter(|(_, file)| !file.named);
    steps.extend(unnamed.map(|(number, _)| Step::DestroyCheckpoint(number)));
    if folder.orphans != (Vec::new(), Vec::new()) {
        steps.push(Step::DestroyOrphans);
    }
    steps
}

/// `open::move_orphans`.
pub fn moves(folder: &Folder, header: Header) -> Vec<Step> {
    let later = present_keyrings(folder).filter(|revision| *revision > header.keyring);
    let mut steps: Vec<_> = later.map(Step::MoveKeyring).collect();
    steps.extend(foreign_epochs(folder, header).map(|(id, copy)| Step::MoveEpoch(id, copy)));
    if !steps.is_empty() {
        steps.push(Step::SyncKeys);
    }
    steps
}
