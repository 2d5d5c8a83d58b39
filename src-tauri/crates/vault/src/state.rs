//! How things stand after a save: what each device wrote last, and the sums. The newest frame holds it with
//! authority; the store keeps a sealed copy beside its rows so that opening need not read the journal.

use std::collections::BTreeMap;

use crate::codec::{Put, Reader};
use crate::frame;
use crate::header::Point;
use crate::ids::DeviceId;
use crate::report::Moment;
use crate::sums::Sums;

const VERSION: u16 = 1;

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    pub frontier: BTreeMap<DeviceId, Point>,
    pub lamport: u64,
    pub time: Moment,
    pub sums: Sums,
}

impl State {
    pub fn point(&self, device: DeviceId) -> Point {
        self.frontier.get(&device).copied().unwrap_or_default()
    }

    pub fn frontier_list(&self) -> Vec<(DeviceId, Point)> {
        self.frontier
            .iter()
            .map(|(device, point)| (*device, *point))
            .collect()
    }

    /// Whether everything in that frontier has been taken in.
    pub fn covers(&self, frontier: &[(DeviceId, Point)]) -> bool {
        frontier
            .iter()
            .all(|(device, point)| point.sequence <= self.point(*device).sequence)
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.put_u16(VERSION);
        out.zeros(6);
        out.put_u64(self.lamport);
        out.put_i64(self.time);
        frame::put_frontier(&self.frontier_list(), &mut out);
        self.sums.put(&mut out);
        out
    }

    pub fn decode(bytes: &[u8]) -> Option<State> {
        let mut reader = Reader::new(bytes);
        reader.exactly(&VERSION.to_le_bytes())?;
        reader.zeros(6)?;
        let lamport = reader.u64()?;
        let time = reader.i64()?;
        let frontier = frame::read_frontier(&mut reader)?.into_iter().collect();
        let sums = Sums::read(&mut reader)?;
        (reader.left() == 0).then_some(State {
            frontier,
            lamport,
            time,
            sums,
        })
    }
}
