//! Rows: one opens under its own name and no other, and chunks make the record they were cut from or none.

use super::{Feed, all_zero, fitted, flip, known};
use crate::codec::Put;
use crate::envelope::{CompartmentKey, Label, SEAL_OVERHEAD};
use crate::ids::{CompartmentId, DeviceId, Dot, Kind, RecordId, Schema};
use crate::primitives::{self, NONCE_LENGTH};
use crate::row::{self, CHUNK_PAYLOAD, MAX_ROW, MIN_ROW, OpenRow, Outgoing, RowKey, RowSealer};

const BOUND: usize = 8;
const CLEAR: usize = BOUND + NONCE_LENGTH;
pub const INNER: usize = 96;
const TOTAL_AT: usize = 52;
const PAYLOAD_LENGTH_AT: usize = 60;
const HASH_AT: usize = 64;

pub fn run(input: &[u8]) {
    let mut feed = Feed(input);
    match feed.u8() % 6 {
        0 => {
            let key = RowKey(feed.array());
            let opened = known::sealer().open(&known::keys().namer, &key, feed.rest());
            assert!(opened.is_none(), "a seal was forged");
        }
        1 => {
            // Any bound head and any key, sealed as it stands.
            let (bound, key) = (feed.array::<BOUND>(), RowKey(feed.array()));
            check(&key, &bound, &plain_of(feed.rest()));
        }
        2 => {
            let plain = plain_of(feed.rest());
            check(&name_of(known::OPEN, &plain), &BOUND_HEAD, &plain);
        }
        3 => {
            // The same, with the length of the payload made right.
            let plain = measured(feed.rest());
            check(&name_of(known::OPEN, &plain), &BOUND_HEAD, &plain);
        }
        4 => cut_and_join(feed),
        _ => join(feed),
    }
}

/// Version 1, generation 1.
const BOUND_HEAD: [u8; BOUND] = [1, 0, 0, 0, 1, 0, 0, 0];

/// The plain text of a row of the smallest size that takes it.
pub fn plain_of(inner: &[u8]) -> Vec<u8> {
    let size = (CLEAR + inner.len().max(INNER) + SEAL_OVERHEAD).next_power_of_two();
    fitted(inner, size.clamp(MIN_ROW, MAX_ROW) - CLEAR - SEAL_OVERHEAD)
}

/// The same, saying that everything behind its head is payload.
fn measured(inner: &[u8]) -> Vec<u8> {
    let mut plain = plain_of(inner);
    let most = plain.len() - INNER;
    let payload = inner.len().saturating_sub(INNER).min(most) as u32;
    plain[PAYLOAD_LENGTH_AT..PAYLOAD_LENGTH_AT + 4].copy_from_slice(&payload.to_le_bytes());
    plain
}

/// The name that a plain text belongs under.
pub fn name_of(compartment: CompartmentId, plain: &[u8]) -> RowKey {
    let record = RecordId(plain[4..20].try_into().expect("16 bytes are an id"));
    let chunk = u32::from_le_bytes([plain[20], plain[21], plain[22], plain[23]]);
    let kind = Kind(u16::from_le_bytes([plain[2], plain[3]]));
    known::keys()
        .namer
        .derive_row(compartment, kind, record, chunk)
}

/// Seals a plain text into the value of a row.
pub fn sealed(
    compartment: CompartmentId,
    key: &RowKey,
    bound: &[u8; BOUND],
    plain: &[u8],
) -> Vec<u8> {
    let parts: [&[u8]; 3] = [&compartment.0, &key.0, bound];
    let place = known::place(Label::Row, known::VAULT, &parts);
    let text = known::seal(&known::row_key(compartment), &place, plain);
    [&bound[..], &known::NONCE, &text].concat()
}

/// As a vault would seal it.
pub fn sealed_as_named(compartment: CompartmentId, plain: &[u8]) -> (RowKey, Vec<u8>) {
    let key = name_of(compartment, plain);
    let value = sealed(compartment, &key, &BOUND_HEAD, plain);
    (key, value)
}

fn open(key: &RowKey, value: &[u8]) -> Option<OpenRow> {
    known::sealer().open(&known::keys().namer, key, value)
}

fn check(key: &RowKey, bound: &[u8; BOUND], plain: &[u8]) {
    let value = sealed(known::OPEN, key, bound, plain);
    let opened = open(key, &value);
    let length = u32_at(plain, PAYLOAD_LENGTH_AT) as usize;
    let sound = *bound == BOUND_HEAD
        && *key == name_of(known::OPEN, plain)
        && u32_at(plain, 20) < u32_at(plain, 24)
        && length <= plain.len() - INNER
        && all_zero(&plain[INNER + length..]);
    assert_eq!(
        opened.is_some(),
        sound,
        "by the format's page it is the other way"
    );
    // Under another name, in another compartment, generation, key or size, and with a bit turned, it is none.
    let mut other = *key;
    flip(&mut other.0, usize::from(plain[0]));
    assert!(open(&other, &value).is_none());
    let strangers = [
        (known::SHUT, 1, known::COMPARTMENT),
        (known::OPEN, 2, known::COMPARTMENT),
        (known::OPEN, 1, [9; 32]),
    ];
    for (compartment, generation, secret) in strangers {
        let secret = CompartmentKey::from_slice(&secret).expect("32 bytes are a key");
        let stranger = RowSealer::new(known::VAULT, compartment, generation, &secret);
        assert!(stranger.open(&known::keys().namer, key, &value).is_none());
    }
    let mut broken = value.clone();
    flip(&mut broken, u32_at(plain, 2) as usize);
    assert!(open(key, &broken).is_none());
    assert!(open(key, &value[..value.len() / 2]).is_none());
    assert!(open(key, &value[..value.len() - 1]).is_none());
    let Some(row) = opened else {
        return;
    };
    assert_eq!(row.payload(), &plain[INNER..INNER + length]);
    assert_eq!(
        written(&row),
        plain[..INNER + length],
        "not written as read"
    );
    let alone = row::assemble(std::slice::from_ref(&row));
    let whole = row.chunk == 0
        && row.chunks == 1
        && row.total == length as u64
        && row.hash == primitives::sha256(&[row.payload()]);
    assert_eq!(alone.is_some(), whole);
}

/// The fields of a row as they stand in its plain text.
pub fn written(row: &OpenRow) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_u16(row.schema.0);
    out.put_u16(row.kind.0);
    out.put(&row.record.0);
    out.put_u32(row.chunk);
    out.put_u32(row.chunks);
    out.put(&row.dot.device.0);
    out.put_u64(row.dot.counter);
    out.put_u64(row.total);
    out.put_u32(row.payload().len() as u32);
    out.put(&row.hash);
    out.put(row.payload());
    out
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// A record as a vault cuts it, put together again whole, without a chunk, and in another order.
fn cut_and_join(mut feed: Feed<'_>) {
    let (schema, kind) = (Schema(feed.u16()), Kind(feed.u16()));
    let record = RecordId(feed.array());
    let (left_out, swapped) = (usize::from(feed.u8()), usize::from(feed.u8()));
    let repeated = usize::from(feed.u8() % 64);
    let dot = Dot {
        device: DeviceId(feed.array()),
        counter: feed.u64(),
    };
    let payload = feed.rest().repeat(repeated.max(1));
    let outgoing = Outgoing {
        kind,
        record,
        schema,
        dot,
        payload: &payload,
    };
    let rows = known::sealer()
        .seal(&known::keys().namer, &outgoing)
        .expect("the system has randomness");
    assert_eq!(rows.len(), payload.len().div_ceil(CHUNK_PAYLOAD).max(1));
    let chunks = || -> Vec<OpenRow> {
        let opened = rows.iter().rev().map(|(key, value)| open(key, value));
        opened
            .collect::<Option<_>>()
            .expect("what was sealed opens")
    };
    let mut joined = chunks();
    let whole = row::assemble(&joined).expect("a whole record");
    assert_eq!(whole[..], payload[..]);
    if joined.len() > 1 {
        let (one, other) = (swapped % rows.len(), (swapped + 1) % rows.len());
        joined.swap(one, other);
        assert!(row::assemble(&joined).is_none());
    }
    let mut joined = chunks();
    joined.remove(left_out % rows.len());
    assert!(row::assemble(&joined).is_none());
    let mut joined = chunks();
    joined.extend(chunks().pop());
    assert!(row::assemble(&joined).is_none());
}

/// Rows that each say of themselves what the input says, put together.
fn join(mut feed: Feed<'_>) {
    let right = feed.u8();
    let mut rows = Vec::new();
    let mut payloads = Vec::new();
    let mut inner = Vec::new();
    while !feed.is_empty() && rows.len() < 8 {
        let payload = feed.u8();
        if right & 1 == 0 || inner.is_empty() {
            inner = feed.array::<INNER>().to_vec();
        } else {
            // The next chunk of the same record.
            let next = u32_at(&inner, 20).wrapping_add(1).to_le_bytes();
            inner[20..24].copy_from_slice(&next);
            let (at, value) = (usize::from(feed.u8()), feed.u8());
            if let Some(byte) = inner.get_mut(at) {
                *byte = value;
            }
        }
        let payload = feed.slice(payload.into());
        rows.push([&inner[..], payload].concat());
        payloads.push(payload);
    }
    let joined = payloads.concat();
    if right & 2 != 0 {
        for row in &mut rows {
            row[TOTAL_AT..PAYLOAD_LENGTH_AT].copy_from_slice(&(joined.len() as u64).to_le_bytes());
            row[HASH_AT..INNER].copy_from_slice(&primitives::sha256(&[&joined]));
        }
    }
    let opened: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let plain = measured(row);
            let (key, value) = sealed_as_named(known::OPEN, &plain);
            open(&key, &value)
        })
        .collect();
    let Some(whole) = row::assemble(&opened) else {
        return;
    };
    let head = &opened[0];
    assert_eq!(whole.len() as u64, head.total);
    assert_eq!(primitives::sha256(&[&whole]), head.hash);
    assert_eq!(head.chunks as usize, opened.len());
    let there: Vec<_> = opened.iter().map(OpenRow::payload).collect();
    assert_eq!(whole[..], there.concat());
    for (at, row) in opened.iter().enumerate() {
        assert_eq!(row.chunk as usize, at);
        assert!(row.belongs_with(head));
    }
}
