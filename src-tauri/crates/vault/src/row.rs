//! Rows: what a record becomes in the store. A row's key is a name that says nothing, its value a sealed text
//! of one of seven sizes. A record above the largest size becomes several rows, its chunks.

use zeroize::Zeroizing;

use crate::codec::{Put, Reader};
use crate::envelope::{self, CompartmentKey, Label, MacKey, Nonce, SEAL_OVERHEAD, SealingKey};
use crate::error::Error;
use crate::ids::{CompartmentId, DOT_LENGTH, DeviceId, Dot, Kind, RecordId, Schema, VaultId};
use crate::primitives::{self, HASH_LENGTH, Hash, NONCE_LENGTH};

/// Bytes of a row's key.
pub const ROW_KEY_LENGTH: usize = 32;
/// Bytes of a route, the half of a row's key that its compartment decides.
pub const ROUTE_LENGTH: usize = 16;
/// Smallest value; every other size is twice the one before.
pub const MIN_ROW: usize = 512;
/// Largest value.
pub const MAX_ROW: usize = 32 * 1024;
/// Payload that fits a row of the largest size.
pub const CHUNK_PAYLOAD: usize = MAX_ROW - CLEAR_HEAD - INNER_HEAD - SEAL_OVERHEAD;

const VERSION: u8 = 1;
/// Version, reserved, key generation: the part of the value that is bound but not hidden.
const BOUND_HEAD: usize = 1 + 3 + 4;
const CLEAR_HEAD: usize = BOUND_HEAD + NONCE_LENGTH;
const INNER_HEAD: usize = 2 + 2 + 16 + 4 + 4 + DOT_LENGTH + 8 + 4 + HASH_LENGTH;

/// Where the rows of one compartment lie: a name for the compartment that says nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Route(pub [u8; ROUTE_LENGTH]);

/// The key of one row in the store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowKey(pub [u8; ROW_KEY_LENGTH]);

impl RowKey {
    pub fn route(&self) -> Route {
        Route(std::array::from_fn(|at| self.0[at]))
    }

    pub fn name(&self) -> [u8; 16] {
        std::array::from_fn(|at| self.0[ROUTE_LENGTH + at])
    }
}

/// The keys that turn identities into names.
pub struct Namer {
    pub route: MacKey,
    pub name: MacKey,
}

impl Namer {
    pub fn derive_route(&self, compartment: CompartmentId) -> Route {
        let mac = self.route.authenticate(&[&compartment.0]);
        Route(std::array::from_fn(|at| mac[at]))
    }

    pub fn derive_row(
        &self,
        compartment: CompartmentId,
        kind: Kind,
        record: RecordId,
        chunk: u32,
    ) -> RowKey {
        let route = self.derive_route(compartment);
        let name =
            self.name
                .authenticate(&[&kind.0.to_le_bytes(), &record.0, &chunk.to_le_bytes()]);
        let mut key = [0; ROW_KEY_LENGTH];
        key[..ROUTE_LENGTH].copy_from_slice(&route.0);
        key[ROUTE_LENGTH..].copy_from_slice(&name[..ROW_KEY_LENGTH - ROUTE_LENGTH]);
        RowKey(key)
    }
}

/// What it takes to seal and open the rows of one compartment.
pub struct RowSealer {
    vault: VaultId,
    compartment: CompartmentId,
    generation: u32,
    key: SealingKey,
}

/// A row after opening.
pub struct OpenRow {
    pub schema: Schema,
    pub kind: Kind,
    pub record: RecordId,
    pub chunk: u32,
    pub chunks: u32,
    pub dot: Dot,
    pub total: u64,
    pub hash: Hash,
    payload_length: usize,
    plain: Zeroizing<Vec<u8>>,
}

/// What a row says before its payload.
struct RowHead {
    schema: Schema,
    kind: Kind,
    record: RecordId,
    chunk: u32,
    chunks: u32,
    dot: Dot,
    total: u64,
    hash: Hash,
}

/// A record on its way into rows.
pub struct Outgoing<'a> {
    pub kind: Kind,
    pub record: RecordId,
    pub schema: Schema,
    pub dot: Dot,
    pub payload: &'a [u8],
}

impl OpenRow {
    pub fn payload(&self) -> &[u8] {
        &self.plain[INNER_HEAD..INNER_HEAD + self.payload_length]
    }

    /// Whether two rows are chunks of the same write of the same record.
    pub fn belongs_with(&self, head: &OpenRow) -> bool {
        (
            self.schema,
            self.kind,
            self.record,
            self.chunks,
            self.dot,
            self.total,
            self.hash,
        ) == (
            head.schema,
            head.kind,
            head.record,
            head.chunks,
            head.dot,
            head.total,
            head.hash,
        )
    }
}

impl RowSealer {
    pub fn new(
        vault: VaultId,
        compartment: CompartmentId,
        generation: u32,
        key: &CompartmentKey,
    ) -> Self {
        let context: [&[u8]; 2] = [&compartment.0, &generation.to_le_bytes()];
        let key = SealingKey::derive(key.bytes(), vault, Label::Row, &context);
        RowSealer {
            vault,
            compartment,
            generation,
            key,
        }
    }

    /// Seals one record into its rows, head chunk last.
    pub fn seal(
        &self,
        namer: &Namer,
        record: &Outgoing<'_>,
    ) -> Result<Vec<(RowKey, Vec<u8>)>, Error> {
        let chunks = chunk_count(record.payload.len());
        let mut head = RowHead {
            schema: record.schema,
            kind: record.kind,
            record: record.record,
            chunk: 0,
            chunks,
            dot: record.dot,
            total: record.payload.len() as u64,
            hash: primitives::sha256(&[record.payload]),
        };
        let mut rows = Vec::with_capacity(chunks as usize);
        for chunk in (0..chunks).rev() {
            let from = chunk as usize * CHUNK_PAYLOAD;
            let to = record.payload.len().min(from + CHUNK_PAYLOAD);
            head.chunk = chunk;
            rows.push(self.seal_row(namer, &head, &record.payload[from..to])?);
        }
        Ok(rows)
    }

    /// Seals a row that was opened with other keys, with all that it says.
    pub fn reseal(&self, namer: &Namer, row: &OpenRow) -> Result<(RowKey, Vec<u8>), Error> {
        let head = RowHead {
            schema: row.schema,
            kind: row.kind,
            record: row.record,
            chunk: row.chunk,
            chunks: row.chunks,
            dot: row.dot,
            total: row.total,
            hash: row.hash,
        };
        self.seal_row(namer, &head, row.payload())
    }

    /// The same once more.
    pub fn again(&self) -> Self {
        RowSealer {
            key: SealingKey::from_slice(self.key.bytes()).expect("a key has a key's length"),
            ..*self
        }
    }

    fn seal_row(
        &self,
        namer: &Namer,
        row: &RowHead,
        payload: &[u8],
    ) -> Result<(RowKey, Vec<u8>), Error> {
        let key = namer.derive_row(self.compartment, row.kind, row.record, row.chunk);
        let size = (CLEAR_HEAD + INNER_HEAD + payload.len() + SEAL_OVERHEAD)
            .next_power_of_two()
            .max(MIN_ROW);
        let nonce = Nonce::make()?;
        let mut value = Vec::with_capacity(size);
        value.put_u8(VERSION);
        value.zeros(3);
        value.put_u32(self.generation);
        value.put(nonce.bytes());
        value.put_u16(row.schema.0);
        value.put_u16(row.kind.0);
        value.put(&row.record.0);
        value.put_u32(row.chunk);
        value.put_u32(row.chunks);
        value.put(&row.dot.device.0);
        value.put_u64(row.dot.counter);
        value.put_u64(row.total);
        value.put_u32(payload.len() as u32);
        value.put(&row.hash);
        value.put(payload);
        value.zeros(size - SEAL_OVERHEAD - value.len());
        let place = self.place(&key, &value[..BOUND_HEAD]);
        envelope::seal_tail(&self.key, nonce, &place, &mut value, CLEAR_HEAD);
        Ok((key, value))
    }

    /// Opens one row and checks that it stands under its own name; `None` for anything else.
    pub fn open(&self, namer: &Namer, key: &RowKey, value: &[u8]) -> Option<OpenRow> {
        if !is_row_size(value.len()) {
            return None;
        }
        let mut clear = Reader::new(&value[..CLEAR_HEAD]);
        clear.exactly(&[VERSION, 0, 0, 0])?;
        if clear.u32()? != self.generation {
            return None;
        }
        let nonce = clear.array()?;
        let place = self.place(key, &value[..BOUND_HEAD]);
        let plain = envelope::open(&self.key, &nonce, &place, &value[CLEAR_HEAD..])?;
        let mut reader = Reader::new(&plain);
        let row = OpenRow {
            schema: Schema(reader.u16()?),
            kind: Kind(reader.u16()?),
            record: RecordId(reader.array()?),
            chunk: reader.u32()?,
            chunks: reader.u32()?,
            dot: Dot {
                device: DeviceId(reader.array()?),
                counter: reader.u64()?,
            },
            total: reader.u64()?,
            payload_length: reader.u32()? as usize,
            hash: reader.array()?,
            plain: Zeroizing::default(),
        };
        reader.slice(row.payload_length)?;
        reader.only_zeros_left()?;
        let sound = row.chunk < row.chunks
            && namer.derive_row(self.compartment, row.kind, row.record, row.chunk) == *key;
        sound.then_some(OpenRow { plain, ..row })
    }

    fn place(&self, key: &RowKey, bound: &[u8]) -> Vec<u8> {
        envelope::place(
            Label::Row,
            self.vault,
            &[&self.compartment.0, &key.0, bound],
        )
    }
}

/// Puts the chunks of a record together and checks the whole; `None` if they do not belong together.
pub fn assemble(chunks: &[OpenRow]) -> Option<Zeroizing<Vec<u8>>> {
    let head = chunks.first()?;
    let total = usize::try_from(head.total).ok()?;
    // Only what is really there is allocated, whatever the total claims.
    let present = chunks
        .iter()
        .map(|chunk| chunk.payload_length)
        .sum::<usize>();
    let in_order = chunks
        .iter()
        .enumerate()
        .all(|(at, chunk)| chunk.chunk as usize == at && chunk.belongs_with(head));
    if !in_order || chunks.len() != head.chunks as usize || present != total {
        return None;
    }
    let mut payload = Zeroizing::new(Vec::with_capacity(total));
    for chunk in chunks {
        payload.extend_from_slice(chunk.payload());
    }
    (primitives::sha256(&[&payload]) == head.hash).then_some(payload)
}

/// Rows that a payload of this length takes.
pub fn chunk_count(length: usize) -> u32 {
    length.div_ceil(CHUNK_PAYLOAD).max(1) as u32
}

fn is_row_size(length: usize) -> bool {
    length.is_power_of_two() && (MIN_ROW..=MAX_ROW).contains(&length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: VaultId = VaultId([1; 16]);
    const HERE: CompartmentId = CompartmentId([2; 16]);
    const DOT: Dot = Dot {
        device: DeviceId([3; 16]),
        counter: 65536,
    };

    fn namer() -> Namer {
        let key = |byte| MacKey::from_slice(&[byte; 32]).unwrap();
        Namer {
            route: key(4),
            name: key(5),
        }
    }

    fn sealer(compartment: CompartmentId) -> RowSealer {
        RowSealer::new(
            VAULT,
            compartment,
            1,
            &CompartmentKey::from_slice(&[6; 32]).unwrap(),
        )
    }

    fn sealed(payload: &[u8]) -> Vec<(RowKey, Vec<u8>)> {
        let record = RecordId([7; 16]);
        let out = Outgoing {
            kind: Kind(100),
            record,
            schema: Schema(1),
            dot: DOT,
            payload,
        };
        sealer(HERE).seal(&namer(), &out).unwrap()
    }

    #[test]
    fn payloads_of_every_awkward_size_survive() {
        for length in [0, 1, 367, 368, 369, 32_623, 32_624, 32_625, 65_248, 100_000] {
            let payload: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let rows = sealed(&payload);
            assert_eq!(rows.len(), chunk_count(length) as usize);
            let mut chunks: Vec<_> = rows
                .iter()
                .map(|(key, value)| {
                    assert!(is_row_size(value.len()));
                    sealer(HERE).open(&namer(), key, value).unwrap()
                })
                .collect();
            assert_eq!(chunks.last().unwrap().chunk, 0, "the head is written last");
            chunks.reverse();
            assert_eq!(assemble(&chunks).unwrap()[..], payload[..]);
        }
    }

    #[test]
    fn a_row_opens_under_no_other_name_and_in_no_other_compartment() {
        let (key, value) = sealed(b"hello").remove(0);
        let other = namer().derive_row(HERE, Kind(100), RecordId([8; 16]), 0);
        assert!(sealer(HERE).open(&namer(), &other, &value).is_none());
        let elsewhere = CompartmentId([9; 16]);
        assert!(sealer(elsewhere).open(&namer(), &key, &value).is_none());
        assert!(sealer(HERE).open(&namer(), &key, &value).is_some());
    }

    #[test]
    fn no_bit_of_a_row_can_flip() {
        let (key, value) = sealed(b"hello").remove(0);
        for bit in 0..value.len() * 8 {
            let mut broken = value.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert!(
                sealer(HERE).open(&namer(), &key, &broken).is_none(),
                "bit {bit}"
            );
        }
    }

    #[test]
    fn chunks_in_disorder_or_of_two_writes_do_not_assemble() {
        let payload = vec![1; CHUNK_PAYLOAD + 1];
        let open = |rows: &[(RowKey, Vec<u8>)]| -> Vec<OpenRow> {
            rows.iter()
                .rev()
                .map(|(key, value)| sealer(HERE).open(&namer(), key, value).unwrap())
                .collect()
        };
        let mut first = open(&sealed(&payload));
        assert!(assemble(&first).is_some());
        first.reverse();
        assert!(assemble(&first).is_none());
        first.reverse();
        let mut other = payload.clone();
        other[0] = 2;
        first[1] = open(&sealed(&other)).remove(1);
        assert!(assemble(&first).is_none());
        first.pop();
        assert!(assemble(&first).is_none());
    }
}
