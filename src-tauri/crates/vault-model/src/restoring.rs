//! Putting a backup back, as `restore.rs` makes a vault of it, and `shell::putting_back` puts that in the place of the
//! present one, brings to its end what was cut off there, and lets `beside.rs` clear away what it left.

use std::borrow::Cow;

use crate::disk::{self, Content, Epoch, Folder, Header, Pending, Point, Ring};
use crate::machine::{Backup, DeviceFile, Disk, Place, Switch};
use crate::opening::{Alarm, Credential, Site, plan_opening};
use crate::steps::{Acknowledged, Memory, Step, new_keys, write_copies};
use crate::{DOOMED, Order};

impl Memory {
    /// `shell::putting_back::put_back`: the present vault is locked first, and held until the other is in its place.
    pub fn plan_restoring(&mut self) {
        let steps = [Step::Close, Step::FinishSwitch, Step::BeginRestore];
        self.todo.extend(steps);
    }
}

/// `restore::restore_on`, and the switch after it.
pub fn begin(disk: &mut Disk, order: Order) -> Memory {
    let backup = disk.backup.expect("it is restored only where there is one");
    let forgotten = present_ring(disk).is_some_and(|ring| ring.spaces & DOOMED == 0);
    let folder = disk.begin_restoring();
    let (header, ring) = draw(disk, backup, forgotten);
    let gone = ring.spaces & DOOMED == 0;
    let content = Content {
        point: Point::default(),
        lamport: backup.lamport,
        rows: backup.rows & if gone { !disk.doomed } else { u8::MAX },
        generation: ring.generation,
    };
    if let Some(folder) = disk.folders.get_mut(&folder) {
        folder.marked = true;
    }
    let mut memory = Memory::new(header, ring);
    (memory.folder, memory.branch, memory.content) = (folder, header.lineage, content);
    let device = DeviceFile {
        root: header.root,
        device: header.writer,
    };
    memory.todo.extend(new_keys(header, ring));
    memory.todo.extend([
        Step::NameCheckpoint,
        Step::SyncCheckpoints,
        Step::WriteDevice(header.lineage, device),
        Step::SyncMachine,
    ]);
    memory.todo.extend(write_copies(header));
    if order != Order::SwitchesBeforeOpening {
        memory.todo.push(Step::OpenGrown);
    }
    let present = disk.places.at(Place::Vault);
    let switch = Switch {
        restored: memory.folder,
        kept: present.expect("it was open just now"),
    };
    memory.todo.extend(switching(switch, order));
    if order == Order::SwitchesBeforeHeader {
        // The folder comes to its place, and then the headers come into it.
        memory.todo.retain(|step| *step != Step::OpenGrown);
        let headers = memory
            .todo
            .iter()
            .position(|step| matches!(step, Step::NameHeader(..)));
        let from = headers.unwrap_or_default();
        let answer = memory.todo.len() - 1;
        memory.todo[from..answer].rotate_left(4);
    }
    memory
}

/// `Site::finish` and `Switch::run`.
fn switching(switch: Switch, order: Order) -> Vec<Step> {
    let [begin, sync, end] = [Step::BeginSwitch(switch), Step::SyncSwitch, Step::EndSwitch];
    let [named, lasting] = [Step::NameGrown, Step::SyncGrown];
    let [away, into, synced] = [Step::MoveAway, Step::MoveIn, Step::SyncSwitch];
    let mut steps = match order {
        Order::RemovesPresentFirst => vec![begin.clone(), synced.clone(), Step::RemovePresent],
        _ => Vec::new(),
    };
    steps.extend([named, lasting]);
    steps.extend(match order {
        Order::RemovesPresentFirst => vec![into, sync, end],
        Order::SwitchesUnmarked => vec![away, into, sync],
        Order::MarksSwitchAfterMoving => vec![away, begin, synced, into, sync, end],
        Order::LeavesMarkUnsynced => vec![begin, away, into, sync, end],
        Order::EndsSwitchBeforeMovingIn => vec![begin, synced, away, end, into, sync],
        Order::EndsSwitchBeforeSync => vec![begin, synced, away, into, end, sync],
        Order::LeavesSwitchUnsynced => vec![begin, synced, away, into, end],
        _ => vec![begin, synced, away, into, sync.clone(), end, sync],
    });
    steps.push(Step::Answer(Acknowledged::Restored));
    steps
}

/// `Switch::bring_in`: what comes to the vault's place where that is empty.
pub fn bring_in(disk: &Disk, order: Order) -> Option<Place> {
    let is_at = |folder, place| disk.places.at(place) == Some(folder);
    if order == Order::FinishesUnmarked && disk.places.at(Place::Restored).is_some() {
        return Some(Place::Restored);
    }
    let Switch { restored, kept } = disk.switch.now?;
    match (is_at(restored, Place::Restored), is_at(kept, Place::Before)) {
        (true, true) => Some(Place::Restored),
        (false, true) => Some(Place::Before),
        // Somebody has moved or removed what this was about.
        (_, false) => None,
    }
}

/// `shell::putting_back::finish_switch`, and what there is after it.
pub fn finish_switch(disk: &Disk, order: Order) -> (Vec<Step>, Cow<'_, Disk>) {
    let (mut steps, mut disk) = (Vec::new(), Cow::Borrowed(disk));
    let mut go = |step: Step, disk: &mut Cow<'_, Disk>| {
        take_beside(&step, disk.to_mut());
        steps.push(step);
    };
    if disk.places.at(Place::Vault).is_none()
        && let Some(from) = bring_in(&disk, order)
    {
        go(Step::BringIn(from), &mut disk);
    }
    if order == Order::EndsSwitchBeforeSync && disk.switch.now.is_some() {
        go(Step::EndSwitch, &mut disk);
    }
    if order != Order::LeavesSwitchUnsynced && !disk.is_synced_beside() {
        go(Step::SyncSwitch, &mut disk);
    }
    if disk.switch.now.is_some() {
        go(Step::EndSwitch, &mut disk);
        if order != Order::LeavesSwitchUnsynced {
            go(Step::SyncSwitch, &mut disk);
        }
    }
    for step in clear_beside(&disk) {
        go(step, &mut disk);
    }
    (steps, disk)
}

/// `beside::clear_beside`, with nobody else at it.
fn clear_beside(disk: &Disk) -> Vec<Step> {
    let mut steps = Vec::new();
    for place in [Place::Growing, Place::Restored] {
        let Some(folder) = disk.places.at(place) else {
            continue;
        };
        if is_saved_in(&disk.folders[&folder]) {
            continue;
        }
        steps.push(Step::ClearBeside(place));
        // `beside::forget_branch`: unless another vault here is of that branch.
        let lineage = |folder: &u8| disk.folders.get(folder).and_then(read_lineage);
        let mut others = disk.places.named().filter(|other| *other != folder);
        if let Some(branch) = lineage(&folder)
            && others.all(|other| lineage(&other) != Some(branch))
        {
            steps.extend([Step::RemoveDevice(branch), Step::RemoveAnchor(branch)]);
        }
    }
    steps
}

/// `beside::is_saved_in`.
fn is_saved_in(folder: &Folder) -> bool {
    let named = folder.present_checkpoints().filter(|(_, file)| file.named);
    folder.present_segments().next().is_some() || named.count() > 1
}

/// `beside::read_names`.
fn read_lineage(folder: &Folder) -> Option<u8> {
    let header = folder.header[0].now.or(folder.header[1].now);
    header.map(|header| header.lineage)
}

/// A step that changes what lies beside the vault, or is called so.
pub fn take_beside(step: &Step, disk: &mut Disk) {
    let places = &mut disk.places;
    match *step {
        Step::NameGrown => places.rename(Place::Growing, Place::Restored),
        Step::MoveAway => places.rename(Place::Vault, Place::Before),
        Step::MoveIn => places.rename(Place::Restored, Place::Vault),
        Step::BringIn(from) => places.rename(from, Place::Vault),
        Step::RemovePresent => places.remove(Place::Vault),
        Step::SyncGrown | Step::SyncSwitch => disk.sync_places(),
        Step::BeginSwitch(switch) => disk.switch.now = Some(switch),
        Step::EndSwitch => disk.switch.now = None,
        // What is in it is gone, whatever becomes of its name.
        Step::ClearBeside(place) => {
            let folder = places.at(place);
            places.remove(place);
            if let Some(folder) = folder.and_then(|folder| disk.folders.get_mut(&folder)) {
                *folder = Folder::empty();
            }
        }
        Step::RemoveDevice(branch) => disk::remove(&mut disk.machine.devices, &branch),
        Step::RemoveAnchor(branch) => disk::remove(&mut disk.machine.anchors, &branch),
        ref step => unreachable!("{step:?} is taken elsewhere"),
    }
}

fn present_ring(disk: &Disk) -> Option<Ring> {
    let folder = disk.folders.get(&disk.places.at(Place::Vault)?)?;
    let header = folder.header[0].now.or(folder.header[1].now)?;
    let file = folder.keyrings.get(&header.keyring)?;
    file.now.map(|file| file.ring)
}

/// `restore::Plan::draw` and `leave_out`.
fn draw(disk: &mut Disk, backup: Backup, forgotten: bool) -> (Header, Ring) {
    let old = backup.header;
    let header = Header {
        revision: old.revision + 1,
        lineage: disk.draw(),
        epoch: Epoch {
            number: old.epoch.number + 1,
            id: disk.draw(),
        },
        keyring: old.keyring + 1,
        pending: Pending::Nothing,
        floor: Point::default(),
        writer: disk.draw(),
        ..old
    };
    let left_out = if forgotten { DOOMED } else { 0 };
    let ring = Ring {
        spaces: backup.ring.spaces & !left_out,
        ..backup.ring
    };
    (header, ring)
}

/// `restore::prove`.
pub fn open_grown(memory: &mut Memory, disk: &Disk, order: Order) -> Option<Acknowledged> {
    let site = Site {
        folder: &disk.folders[&memory.folder],
        machine: &disk.machine,
        branch: memory.branch,
        doomed: disk.doomed,
        order,
    };
    let opened = plan_opening(site, Credential::Root(memory.header.root));
    let expected = |alarm| alarm == Alarm::FirstTimeHere;
    let opened = opened
        .ok()
        .filter(|opened| opened.alarm.is_none_or(expected));
    let Some(mut opened) = opened else {
        return Some(Acknowledged::Unfit);
    };
    opened.folder = memory.folder;
    opened.alarm = None;
    opened.todo.pop();
    opened.todo.push(Step::Close);
    opened.todo.append(&mut memory.todo);
    *memory = opened;
    None
}

/// `Vault::backup`, which is whole or not there.
pub fn back_up(memory: &Memory) -> Backup {
    Backup {
        header: memory.header,
        ring: memory.ring,
        rows: memory.content.rows,
        lamport: memory.content.lamport,
    }
}
