//! Opening: which header is in force, what is mended, and where the rows come from.

use std::collections::BTreeMap;

use crate::disk::{Bytes, Checkpoint, Disk, Header, Pending};
use crate::steps::{Acknowledged, Memory, Step};
use crate::{DOOMED, Order, Saves};

/// Why a vault does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// No header copy takes the passphrase.
    WrongPassphrase,
    /// Something is missing that nothing can replace.
    Damaged(&'static str),
}

/// Reads what there is, as `open::open` does, and says in which steps it will be mended.
pub fn plan_opening(disk: &Disk, passphrase: u8, order: Order) -> Result<Memory, Refused> {
    let header = choose_header(disk, passphrase)?;
    let secret = |copy| {
        disk.epochs
            .get(&(header.epoch, copy))
            .and_then(|name| name.now)
    };
    if ![0, 1]
        .iter()
        .any(|copy| secret(*copy) == Some(Bytes::Whole))
    {
        return Err(Refused::Damaged("epoch"));
    }
    let keyring = disk
        .keyrings
        .get(&header.keyring)
        .and_then(|name| name.now)
        .filter(|ring| {
            ring.bytes == Bytes::Whole
                && ring.epoch == header.epoch
                && ring.lineage == header.lineage
        })
        .ok_or(Refused::Damaged("keyring"))?;
    let mut todo = Vec::new();
    if order != Order::TrustsUnsynced {
        todo.push(Step::SyncWhatWasFound);
    }
    for (copy, name) in disk.header.iter().enumerate() {
        if name.now != Some(header) {
            todo.extend([Step::NameHeader(copy, header), Step::SyncKeys]);
        }
    }
    for copy in [0, 1] {
        if secret(copy) != Some(Bytes::Whole) {
            todo.extend([Step::NameEpoch(header.epoch, copy), Step::SyncKeys]);
        }
    }
    if header.pending != Pending::Nothing {
        todo.push(Step::DestroyOld(header));
    }
    todo.push(Step::MoveOrphans(header));
    let standing = stand_up(disk, header)?;
    let gone = keyring.spaces & DOOMED == 0;
    let rows = standing.rows & if gone { !disk.doomed } else { Saves::MAX };
    let lineage = header.lineage;
    match standing.store {
        Some(store) => todo.push(Step::StandUp {
            store,
            sequence: standing.sequence,
            rows,
        }),
        None => todo.push(Step::MakeStore { lineage }),
    }
    let named = disk
        .current
        .now
        .filter(|current| current.lineage == lineage);
    if standing.store.is_none() || named.map(|current| current.store) != standing.store {
        todo.extend([
            Step::FlushStore,
            Step::NameCurrent { lineage },
            Step::SyncLocal,
        ]);
    }
    todo.push(Step::RemoveOtherStores);
    match header.pending {
        Pending::Nothing => {}
        Pending::OldEpochs => todo.push(Step::Finish),
        Pending::OldLineage => todo.push(Step::FinishLineage),
    }
    todo.push(Step::Answer(Acknowledged::Opened));
    let newest = newest_checkpoint(disk, lineage);
    Ok(Memory {
        header,
        spaces: keyring.spaces,
        sequence: standing.sequence,
        rows,
        store: standing.store.unwrap_or_default(),
        segment: None,
        changed: newest.map_or(0, |newest| newest.covered) < standing.sequence,
        todo,
    })
}

/// `open::unlock`: the first copy that takes the passphrase gives the root key, and of those that are genuine under
/// it the highest revision is in force.
fn choose_header(disk: &Disk, passphrase: u8) -> Result<Header, Refused> {
    let copies = || disk.header.iter().filter_map(|name| name.now);
    if copies().next().is_none() {
        return Err(Refused::Damaged("header"));
    }
    let opened = copies()
        .find(|header| header.passphrase == passphrase)
        .ok_or(Refused::WrongPassphrase)?;
    let genuine = copies().filter(|header| header.lineage == opened.lineage);
    let best = genuine.reduce(|best, next| {
        if next.revision > best.revision {
            next
        } else {
            best
        }
    });
    best.ok_or(Refused::WrongPassphrase)
}

fn newest_checkpoint(disk: &Disk, lineage: u8) -> Option<Checkpoint> {
    let mut there = disk.checkpoints.values().filter_map(|name| name.now);
    there.rfind(|checkpoint| checkpoint.lineage == lineage)
}

struct Standing {
    /// The store that was brought up; none if one must be built anew.
    store: Option<u8>,
    sequence: u8,
    rows: Saves,
}

/// `open::Sources::stand_up`: the store with what the journal has beyond it, or the newest checkpoint with that.
fn stand_up(disk: &Disk, header: Header) -> Result<Standing, Refused> {
    let segments: Vec<_> = disk
        .segments
        .values()
        .filter(|segment| segment.name.now.is_some() && segment.lineage == header.lineage)
        .collect();
    let mut frames = BTreeMap::new();
    for segment in &segments {
        for (nth, save) in segment.frames.iter().enumerate() {
            let sequence = segment.first + nth as u8;
            if frames
                .insert(sequence, *save)
                .is_some_and(|before| before != *save)
            {
                return Err(Refused::Damaged("two saves of one number"));
            }
        }
    }
    let newest = newest_checkpoint(disk, header.lineage);
    let current = disk
        .current
        .now
        .filter(|current| current.lineage == header.lineage);
    let store = match current {
        Some(current) => Some(current.store),
        None if disk.stores.len() == 1 => disk.stores.keys().next().copied(),
        None => None,
    };
    let usable = store.and_then(|id| {
        let store = disk.stores.get(&id)?;
        (store.lineage == header.lineage).then_some((id, store.now))
    });
    let replay = |base: (u8, Saves)| {
        let after = frames.range(base.0 + 1..);
        after.fold(base, |(_, rows), (sequence, save)| (*sequence, rows | save))
    };
    if let Some((id, base)) = usable {
        // A segment that begins beyond the store says that saves are missing between the two.
        let gap = segments
            .iter()
            .find(|segment| segment.first + segment.frames.len() as u8 > base.0 + 1)
            .is_some_and(|segment| segment.first > base.0 + 1);
        let behind = newest.is_some_and(|newest| newest.covered > base.0);
        if !(gap && behind) {
            let (sequence, rows) = replay(base);
            return Ok(Standing {
                store: Some(id),
                sequence: sequence.max(header.floor),
                rows,
            });
        }
    }
    let base = newest.map_or((0, 0), |newest| (newest.covered, newest.rows));
    let (sequence, rows) = replay(base);
    Ok(Standing {
        store: None,
        sequence: sequence.max(header.floor),
        rows,
    })
}
