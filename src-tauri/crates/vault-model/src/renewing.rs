//! New keys, as `rekey.rs` gives them: for the vault as a whole, or for one compartment whose second passphrase is set,
//! changed or removed.

use crate::Order;
use crate::disk::{Bytes, Folder, Header, Pending};
use crate::machine::{Anchor, DeviceFile, Disk, Machine, Marker};
use crate::steps::{Acknowledged, Memory, Step, new_keys, write_copies, write_header};

/// What gets new keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Renewal {
    /// The vault, which then opens with this passphrase.
    Whole(u8),
    /// The compartment, which then has this second passphrase; 0 is none.
    Second(u8),
}

impl Memory {
    /// `rekey::run`: everything is prepared beside what there is, and the header is the only commit.
    pub fn plan_renewal(&mut self, disk: &mut Disk, renewal: Renewal, order: Order) {
        let mut ring = self.ring;
        let mut header = self.changed_header(|header| {
            header.epoch.number += 1;
            header.epoch.id = disk.draw();
            header.keyring += 1;
            header.pending = Pending::OldLineage;
        });
        match renewal {
            Renewal::Whole(passphrase) => {
                header.passphrase = passphrase;
                header.lineage = disk.draw();
                header.root = disk.draw();
                let steps = self.prepare_device(&disk.machine, header, order);
                self.todo.extend(steps);
            }
            Renewal::Second(second) => {
                ring.second = second;
                ring.generation = disk.draw();
                if order != Order::RekeysBeforeAnchor {
                    self.todo.extend([Step::NameAnchor, Step::SyncMachine]);
                }
            }
        }
        let rows = [
            Step::PrepareStore { header, ring },
            Step::PrepareCheckpoint { header, ring },
            Step::SyncCheckpoints,
        ];
        let keys = new_keys(header, ring);
        let [a, sync_a, b, sync_b] = write_copies(header);
        let take_over = Step::TakeOver { header, ring };
        let destroy = Step::DestroyOld(header);
        let todo = &mut self.todo;
        match order {
            Order::RekeyPreparesRowsLast => {
                todo.extend(keys);
                todo.extend([a, sync_a, b, sync_b]);
                todo.extend(rows);
            }
            Order::RekeyNamesCheckpointFirst => {
                todo.extend(rows);
                todo.push(Step::Promote(header));
                todo.extend(keys);
                todo.extend([a, sync_a, b, sync_b]);
            }
            Order::RekeyWritesKeyringLast => {
                todo.extend(rows);
                todo.extend([a, sync_a, b, sync_b]);
                todo.extend(keys);
            }
            Order::RekeyDestroysAfterOneCopy => {
                todo.extend(rows);
                todo.extend(keys);
                todo.extend([a, sync_a, Step::Promote(header), destroy, b, sync_b]);
            }
            Order::RekeyDestroysBeforeHeader => {
                todo.extend(rows);
                todo.extend(keys);
                todo.extend([destroy, a, sync_a, b, sync_b]);
            }
            _ => {
                todo.extend(rows);
                todo.extend(keys);
                todo.extend([a, sync_a, b, sync_b]);
            }
        }
        todo.push(take_over);
        todo.push(Step::FinishRekey);
        todo.extend([Step::NameAnchor, Step::SyncMachine]);
        todo.push(Step::Answer(match renewal {
            Renewal::Whole(_) => Acknowledged::Rekeyed,
            Renewal::Second(_) => Acknowledged::Second,
        }));
    }

    /// `rekey::prepare_device`.
    fn prepare_device(&self, machine: &Machine, header: Header, order: Order) -> Vec<Step> {
        let old = self.header;
        let anchor = Anchor::of(header, self.device, header.floor, self.content.lamport);
        let mut others = machine.anchors_under(old.root);
        let marker = Marker {
            old_lineage: old.lineage,
            old_branch: self.branch,
            old_root: old.root,
            new_root: header.root,
            closing: Anchor {
                lineage: old.lineage,
                root: old.root,
                ..anchor
            },
            list_goes: others.all(|(_, anchor)| anchor.lineage == old.lineage),
        };
        let device = DeviceFile {
            root: header.root,
            device: self.device,
        };
        let mut steps = vec![
            Step::WriteMarker(header.lineage, marker),
            Step::WriteDevice(header.lineage, device),
            Step::WriteAnchor(header.lineage, anchor),
            Step::WriteList(header.root),
        ];
        if order == Order::RekeyWritesMarkerLast {
            steps.rotate_left(1);
        }
        let synced = steps.into_iter();
        synced.flat_map(|step| [step, Step::SyncMachine]).collect()
    }
}

/// `checkpoint::promote`.
pub fn promote(folder: &Folder, header: Header) -> Vec<Step> {
    let prepared = folder.present_checkpoints();
    let prepared = prepared.filter(|(_, file)| file.epoch == header.epoch.id && !file.named);
    prepared
        .flat_map(|(number, _)| [Step::NamePrepared(number), Step::SyncCheckpoints])
        .collect()
}

/// `rekey::finish`.
pub fn finish(memory: &Memory, folder: &Folder, order: Order) -> Vec<Step> {
    let header = memory.header;
    let mut steps = promote(folder, header);
    let (whole, other): (Vec<_>, Vec<_>) = folder.present_checkpoints().partition(|(_, file)| {
        file.epoch == header.epoch.id && file.root == header.root && file.bytes == Bytes::Whole
    });
    if whole.is_empty() {
        steps.extend([Step::NameCheckpoint, Step::SyncCheckpoints]);
    }
    let done = memory.changed_header(|header| header.pending = Pending::Nothing);
    let done = write_header(done, memory.ring);
    if order == Order::RekeyIsDoneBeforeDestroying {
        steps.extend(done.clone());
    }
    steps.extend([
        Step::SettleMarker(header),
        Step::DestroyOld(header),
        Step::NameCurrent,
        Step::SyncLocal,
    ]);
    steps.extend(
        other
            .iter()
            .map(|(number, _)| Step::DestroyCheckpoint(*number)),
    );
    steps.push(Step::SyncCheckpoints);
    let segments = folder.present_segments();
    steps.extend(segments.map(|(number, _)| Step::RemoveSegment(*number)));
    steps.extend([Step::SyncJournal, Step::RemoveOtherStores]);
    if order != Order::RekeyIsDoneBeforeDestroying {
        steps.extend(done);
    }
    steps
}

/// `rekey::settle_marker`: whether a rekey took effect is told by the header in force.
pub fn settle_marker(machine: &Machine, header: Header, order: Order) -> Vec<Step> {
    let mut steps = Vec::new();
    let markers = machine.markers.iter();
    for (lineage, marker) in markers.filter_map(|(lineage, name)| Some((*lineage, name.now?))) {
        let remove = [
            Step::SyncMachine,
            Step::RemoveMarker(lineage),
            Step::SyncMachine,
        ];
        let mut settling = Vec::new();
        if lineage == header.lineage {
            settling.extend([
                Step::CloseAnchor(marker.old_branch, marker.closing),
                Step::SyncMachine,
            ]);
            let list = machine.lists.get(&marker.old_root);
            if marker.list_goes && list.is_some_and(|name| name.now.is_some()) {
                settling.push(Step::DestroyList(marker.old_root));
            }
        } else if marker.old_lineage == header.lineage {
            settling.extend([
                Step::RemoveDevice(lineage),
                Step::RemoveAnchor(lineage),
                Step::RemoveList(marker.new_root),
            ]);
        } else {
            continue;
        }
        if order == Order::RekeyRemovesMarkerFirst {
            steps.extend(remove);
            steps.extend(settling);
        } else {
            steps.extend(settling);
            steps.extend(remove);
        }
    }
    steps
}
