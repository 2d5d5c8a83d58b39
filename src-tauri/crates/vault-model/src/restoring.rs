//! Putting a backup back, as `restore.rs` makes a vault of it, and `shell::putting_back::put_back` puts that in the place of
//! the present one.

use crate::disk::{Content, Epoch, Header, Pending, Point, Ring};
use crate::machine::{Backup, DeviceFile, Disk, Place};
use crate::opening::{Alarm, Credential, Site, plan_opening};
use crate::steps::{Acknowledged, Memory, Step, new_keys, write_copies};
use crate::{DOOMED, Order};

impl Memory {
    /// `shell::putting_back::put_back`: the present vault is locked first.
    pub fn plan_restoring(&mut self) {
        self.todo.extend([Step::Close, Step::BeginRestore]);
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
    memory.todo.extend(switching(order));
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

/// `Site::finish`, and the switch.
fn switching(order: Order) -> Vec<Step> {
    let mut steps = match order {
        Order::RemovesPresentFirst => vec![Step::RemovePresent, Step::SyncPlaces, Step::NameGrown],
        _ => vec![Step::NameGrown, Step::SyncPlaces, Step::MoveAway],
    };
    steps.push(Step::MoveIn);
    if order != Order::LeavesSwitchUnsynced {
        steps.push(Step::SyncPlaces);
    }
    steps.push(Step::Answer(Acknowledged::Restored));
    steps
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

/// `Vault::make_backup`, which is whole or not there.
pub fn back_up(memory: &Memory) -> Backup {
    Backup {
        header: memory.header,
        ring: memory.ring,
        rows: memory.content.rows,
        lamport: memory.content.lamport,
    }
}
