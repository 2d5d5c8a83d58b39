//! Opening the records of a backup without a vault to restore it into.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{Kind, RecordId};
use crate::report::RecordRef;
use crate::row::{self, OpenRow, Route, RowKey};
use crate::shared::{Keys, Opened, Ring};
use crate::vault::MAX_PAYLOAD;

/// Bytes of long records that are held at a time; one of the longest fits.
const HELD_BYTES: u64 = 64 * 1024 * 1024;
const _: () = assert!(HELD_BYTES >= MAX_PAYLOAD as u64);

/// What was found in a compartment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub records: u64,
    pub unreadable: u64,
}

/// Whether a record is wanted.
pub type Wanted<'a> = dyn Fn(Route, Kind, RecordId) -> bool + 'a;
/// What is told of each record that is whole.
pub type Teller<'a> = dyn FnMut(Route, RecordRef<'_>) + 'a;

/// Opens the records of a backup. The chunks of long records lie apart from each other, so a few records at a time
/// are put together in each pass over the file, as many as the memory allows.
pub struct Rehearsal<'a> {
    wanted: &'a Wanted<'a>,
    tell: &'a mut Teller<'a>,
    keys: &'a Keys,
    open: BTreeMap<Route, &'a Opened>,
    counts: BTreeMap<Route, Counts>,
    held: BTreeMap<LongRecord, Vec<OpenRow>>,
    held_bytes: u64,
    /// Bytes that may be held.
    most_held: u64,
    done: BTreeSet<LongRecord>,
    /// Records that have to wait for the next pass, with all their chunks.
    waiting: BTreeSet<LongRecord>,
    first_pass: bool,
    finished: bool,
}

type LongRecord = (Route, Kind, RecordId);

impl<'a> Rehearsal<'a> {
    pub fn new(
        keys: &'a Keys,
        ring: &'a Ring,
        wanted: &'a Wanted<'a>,
        tell: &'a mut Teller<'a>,
    ) -> Self {
        Rehearsal {
            wanted,
            tell,
            keys,
            open: ring.open.values().map(|open| (open.route, open)).collect(),
            counts: BTreeMap::new(),
            held: BTreeMap::new(),
            held_bytes: 0,
            most_held: HELD_BYTES,
            done: BTreeSet::new(),
            waiting: BTreeSet::new(),
            first_pass: true,
            finished: false,
        }
    }

    /// Whether the rows must be shown once more, all of them.
    pub fn has_more(&self) -> bool {
        !self.finished
    }

    pub fn counts_of(&self, route: Route) -> Counts {
        self.counts.get(&route).copied().unwrap_or_default()
    }

    /// Takes one row.
    pub fn take(&mut self, key: RowKey, value: &[u8]) {
        let route = key.route();
        let Some(open) = self.open.get(&route) else {
            return;
        };
        let Some(row) = open.sealer.open(&self.keys.namer, &key, value) else {
            if self.first_pass {
                self.counts.entry(route).or_default().unreadable += 1;
            }
            return;
        };
        if !(self.wanted)(route, row.kind, row.record) {
            return;
        }
        if row.chunks > 1 {
            self.take_chunk(route, row);
        } else if self.first_pass {
            self.take_whole(route, &[row]);
        }
    }

    fn take_chunk(&mut self, route: Route, row: OpenRow) {
        let name = (route, row.kind, row.record);
        if self.done.contains(&name) || self.waiting.contains(&name) {
            return;
        }
        let (chunks, total) = (row.chunks as usize, row.total);
        if !self.held.contains_key(&name) {
            let too_much = self.held_bytes.saturating_add(total) > self.most_held;
            if too_much && !self.held.is_empty() {
                self.waiting.insert(name);
                return;
            }
            self.held_bytes = self.held_bytes.saturating_add(total);
        }
        let rows = self.held.entry(name).or_default();
        rows.push(row);
        if rows.len() < chunks {
            return;
        }
        let mut rows = self.held.remove(&name).unwrap_or_default();
        rows.sort_by_key(|row| row.chunk);
        self.held_bytes = self.held_bytes.saturating_sub(total);
        self.done.insert(name);
        self.take_whole(route, &rows);
    }

    fn take_whole(&mut self, route: Route, rows: &[OpenRow]) {
        let payload = row::assemble(rows);
        self.count(route, payload.is_some());
        if let (Some(payload), Some(head)) = (payload, rows.first()) {
            let record = RecordRef {
                kind: head.kind,
                record: head.record,
                schema: head.schema,
                payload: &payload,
            };
            (self.tell)(route, record);
        }
    }

    fn count(&mut self, route: Route, whole: bool) {
        let counts = self.counts.entry(route).or_default();
        counts.records += u64::from(whole);
        counts.unreadable += u64::from(!whole);
    }

    /// What is still held lacks a chunk, for the whole file has gone by.
    pub fn end_of_pass(&mut self) {
        for (name, _) in std::mem::take(&mut self.held) {
            self.done.insert(name);
            self.count(name.0, false);
        }
        self.held_bytes = 0;
        self.finished = std::mem::take(&mut self.waiting).is_empty();
        self.first_pass = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::RootKey;
    use crate::ids::{DeviceId, Dot, Schema, VaultId};
    use crate::keyring::{Entry, Keyring};
    use crate::row::Outgoing;

    const VAULT: VaultId = VaultId([1; 16]);
    const DOT: Dot = Dot {
        device: DeviceId([2; 16]),
        counter: 65_536,
    };

    /// A compartment with twenty records of four rows each and five short ones, in the order of a file.
    fn rows(keys: &Keys, ring: &Ring) -> BTreeMap<RowKey, Vec<u8>> {
        let opened = ring.open.values().next().unwrap();
        let mut rows = BTreeMap::new();
        for number in 0..25 {
            let length = if number < 20 { 100_000 } else { 100 };
            let outgoing = Outgoing {
                kind: Kind(100),
                record: RecordId([number; 16]),
                schema: Schema(1),
                dot: DOT,
                payload: &vec![number; length],
            };
            rows.extend(opened.sealer.seal(&keys.namer, &outgoing).unwrap());
        }
        assert_eq!(rows.len(), 85);
        rows
    }

    fn keys_and_ring() -> (Keys, Ring) {
        let keys = Keys::derive(&RootKey::make().unwrap(), VAULT);
        let (entry, _) = Entry::make_plain(VAULT, DOT, String::new()).unwrap();
        let keyring = Keyring {
            entries: vec![entry],
            ..Keyring::default()
        };
        let ring = Ring::new(VAULT, &keys, keyring).unwrap();
        (keys, ring)
    }

    fn rehearse(
        (keys, ring): &(Keys, Ring),
        rows: &BTreeMap<RowKey, Vec<u8>>,
        most_held: u64,
    ) -> (Counts, u32) {
        let mut told = 0;
        let mut tell = |_: Route, record: RecordRef<'_>| {
            assert!(
                record
                    .payload
                    .iter()
                    .all(|byte| *byte == record.record.0[0])
            );
            told += 1;
        };
        let mut rehearsal = Rehearsal::new(keys, ring, &|_, _, _| true, &mut tell);
        rehearsal.most_held = most_held;
        let mut passes = 0;
        while rehearsal.has_more() {
            for (key, value) in rows {
                rehearsal.take(*key, value);
                assert!(rehearsal.held_bytes <= most_held.max(100_000));
            }
            rehearsal.end_of_pass();
            passes += 1;
        }
        let route = ring.open.values().next().unwrap().route;
        let counts = rehearsal.counts_of(route);
        assert_eq!(told, counts.records, "each is told once");
        (counts, passes)
    }

    #[test]
    fn every_record_is_opened_once_however_little_memory_there_is() {
        let both = keys_and_ring();
        let rows = rows(&both.0, &both.1);
        for most_held in [0, 100_000, 350_000, 1_000_000, u64::MAX] {
            let (counts, passes) = rehearse(&both, &rows, most_held);
            assert_eq!((counts.records, counts.unreadable), (25, 0));
            assert_eq!(passes == 1, most_held == u64::MAX, "{most_held}: {passes}");
        }
    }

    #[test]
    fn a_record_without_one_of_its_chunks_and_a_row_of_another_are_counted() {
        let both = keys_and_ring();
        let mut rows = rows(&both.0, &both.1);
        let namer = &both.0.namer;
        let compartment = both.1.keyring.entries[0].id;
        let name =
            |record, chunk| namer.derive_row(compartment, Kind(100), RecordId([record; 16]), chunk);
        rows.remove(&name(3, 2)).unwrap();
        let other = rows[&name(21, 0)].clone();
        rows.insert(name(22, 0), other);
        for most_held in [0, 350_000, u64::MAX] {
            let (counts, _) = rehearse(&both, &rows, most_held);
            assert_eq!((counts.records, counts.unreadable), (23, 2));
        }
    }
}
