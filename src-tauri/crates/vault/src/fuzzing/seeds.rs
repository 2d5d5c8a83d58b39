//! Inputs to begin with: files of real vaults as they are, and what is in them taken out of its seals, so that a
//! target can seal it again under the keys that it knows.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{header, row};
use crate::backup_file::PREFACE_LENGTH;
use crate::codec::Put;
use crate::container::FOOTER_LENGTH;
use crate::envelope::RootKey;
use crate::epoch::EpochFile;
use crate::frame::{self, Body, FileKeys};
use crate::header::Header;
use crate::ids::VaultId;
use crate::keyring::{Keyring, KeyringKey};
use crate::layout;
use crate::primitives::HASH_LENGTH;
use crate::row::RowSealer;
use crate::segment::{self, SEGMENT_HEAD, SegmentHeader, SegmentSort};
use crate::shared::Keys;
use crate::spare_key::SpareKey;

/// One input: the name of its target, and the bytes.
pub type Seed = (&'static str, Vec<u8>);

/// Bodies above this length say nothing that shorter ones do not.
const LONGEST: usize = 8 * 1024;

/// The golden vaults and the golden backup, as they lie in `tests/vectors/v1`.
pub fn golden(vectors: &Path, spare: &SpareKey) -> io::Result<Vec<Seed>> {
    let mut seeds = of_vault(&vectors.join("basic/vault"), spare)?;
    seeds.extend(of_vault(&vectors.join("dropped/vault"), spare)?);
    seeds.extend(of_backup(&vectors.join("backup.cfdbackup"))?);
    Ok(seeds)
}

/// The files of a vault that a spare key opens, and what is in them.
pub fn of_vault(folder: &Path, spare: &SpareKey) -> io::Result<Vec<Seed>> {
    let unreadable = || io::Error::from(io::ErrorKind::InvalidData);
    let mut seeds = Vec::new();
    let files = files_under(folder)?;
    let named = |prefix: &str| -> Vec<&PathBuf> {
        let ours = |path: &&PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy());
            name.is_some_and(|name| name.starts_with(prefix))
        };
        files.iter().filter(ours).collect()
    };
    let headers = named(layout::HEADER_PREFIX);
    let bytes = fs::read(headers.first().ok_or_else(unreadable)?)?;
    add_header(&mut seeds, &bytes);
    let header = Header::parse(&bytes).map_err(|_| unreadable())?;
    let opened = header
        .slots
        .iter()
        .filter(|slot| slot.takes_spare_key())
        .find_map(|slot| slot.unwrap_root(header.vault, spare.as_bytes()));
    let root = opened.ok_or_else(unreadable)?;
    let keys = Keys::derive(&root, header.vault);
    let mut secret = None;
    for path in named(layout::EPOCH_PREFIX) {
        secret = EpochFile::parse(&fs::read(path)?).map(|file| file.secret);
    }
    let key = KeyringKey::derive(&root, &secret.ok_or_else(unreadable)?, header.vault);
    let mut sealers = Vec::new();
    for path in named(layout::KEYRING_PREFIX) {
        let bytes = fs::read(path)?;
        seeds.push(("keyring", with(&[0], &[&bytes])));
        let Some((_, ring)) = Keyring::open(&key, &bytes) else {
            continue;
        };
        add_keyring(&mut seeds, &ring, &bytes);
        for entry in &ring.entries {
            if let Some(key) = entry.plain_key(header.vault) {
                let sealer = RowSealer::new(header.vault, entry.id, entry.generation, &key);
                sealers.push(sealer);
            }
        }
    }
    for path in files.iter().filter(|path| is_segment(path)) {
        let bytes = fs::read(path)?;
        add_segment(&mut seeds, &bytes, &root, header.vault, &keys, &sealers);
    }
    Ok(seeds)
}

/// A backup as it lies on a disk.
pub fn of_backup(path: &Path) -> io::Result<Vec<Seed>> {
    let bytes = fs::read(path)?;
    let fields = &bytes[..bytes.len().min(PREFACE_LENGTH - HASH_LENGTH)];
    Ok(vec![
        ("backup", with(&[0], &[&bytes])),
        ("backup", with(&[1], &[fields])),
    ])
}

/// Inputs for the ways that real files have no bytes for.
pub fn made() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for shape in [0, 1, 5, 8, 0x0d, 0x1f, 0x3f] {
        seeds.push(("backup", vec![2, shape]));
    }
    // Of each sort of change one: row, keyring, once more, left out, not reckoned, parts, afterwards, cut, longer.
    let changes: [&[u8]; 14] = [
        &[0, 1, 60, 1, 4],
        &[0, 0, 24, 4, 2, 0, 0, 0],
        &[1, 2, 0, 1, 3],
        &[2, 1, 0],
        &[2, 1, 1],
        &[3],
        &[4, 0, 64, 0, 2, 0, 0x20],
        &[4, 1, 0xf8, 0, 1, 1],
        &[4, 2, 8, 0, 1, 0],
        &[4, 6, 2, 0, 1, 3],
        &[4, 7, 70, 0, 3, 1, 1, 1],
        &[7, 9, 0, 2, 1, 2],
        &[8, 1, 0],
        &[9, 3, 1, 2, 3],
    ];
    for change in changes {
        seeds.push(("backup", with(&[2, 0x0d], &[change])));
    }
    let walks: [&[u8]; 5] = [
        &[4, 0, 0, 1, 0, 0, 1, 0],
        &[4, 1, 0, 1, 0, 2, 3, 1, 2, 3, 0, 1, 0],
        &[4, 1, 0, 1, 0, 3, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 7, 0, 1, 0],
        &[4, 1, 0, 1, 0, 4, 40, 0, 1, 0],
        &[4, 1, 4, 0, 5, 3, 0, 0, 1, 0],
    ];
    seeds.extend(walks.map(|walk| ("frame", walk.to_vec())));
    let mut cut = vec![4, 1, 0, 100, 0];
    cut.extend([7; 16]);
    cut.extend([0, 1, 40]);
    cut.extend([3; 24]);
    cut.extend(b"words ".repeat(300));
    seeds.push(("row", cut));
    for right in [2, 3] {
        let mut joined = vec![5, right, 4];
        let mut inner = vec![0; row::INNER];
        inner[24] = 2;
        joined.extend(&inner);
        joined.extend(b"one ");
        if right & 1 == 0 {
            inner[20] = 1;
            joined.push(3);
            joined.extend(&inner);
        } else {
            joined.extend([3, 0xff, 0]);
        }
        joined.extend(b"two");
        seeds.push(("row", joined));
    }
    let mut slots = vec![3, 0xff, 0, 0];
    let mut body = vec![0; header::SLOTS_AT];
    body[header::SLOT_COUNT_AT] = 8;
    for sort in [1, 2, 3, 4, 2, 1, 2, 3] {
        let mut slot = [0; header::SLOT];
        slot[0] = sort;
        slot[2] = if sort == 1 { 1 } else { 2 };
        body.extend(slot);
    }
    slots.extend(body);
    seeds.push(("header", slots));
    seeds.push(("header", with(&[1], &[b"CFDNTHDR\x02\0\x02\0\0\0\x01\0"])));
    seeds.push(("header", with(&[1], &[b"CFDNTHDR"])));
    seeds
}

fn with(front: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    [front, &parts.concat()].concat()
}

fn add_header(seeds: &mut Vec<Seed>, bytes: &[u8]) {
    let fields = &bytes[..bytes.len().min(header::MAC_AT)];
    // Without the zeros at its end, which every way of reading adds again.
    let used = fields
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1);
    seeds.push(("header", with(&[0], &[bytes])));
    seeds.push(("header", with(&[1], &[&bytes[..bytes.len() - HASH_LENGTH]])));
    seeds.push(("header", with(&[2], &[&fields[..used]])));
    seeds.push(("header", with(&[3, 0xff, 9, 0], &[&fields[..used]])));
}

fn add_keyring(seeds: &mut Vec<Seed>, ring: &Keyring, bytes: &[u8]) {
    let mut plain = Vec::new();
    plain.put_u32(ring.entries.len() as u32);
    plain.put_u32(ring.forgotten.len() as u32);
    plain.put_u32(0);
    plain.put_u32(ring.extensions.len() as u32);
    for entry in &ring.entries {
        entry.put(&mut plain);
    }
    for gone in &ring.forgotten {
        plain.put(&gone.id.0);
        plain.put_u64(gone.epoch);
        plain.put_i64(gone.time);
        plain.put(&gone.device.0);
    }
    plain.put(&ring.extensions);
    let used = (plain.len() as u32).to_le_bytes();
    plain[8..12].copy_from_slice(&used);
    let whole = super::keyring::in_pages(plain.clone());
    let fill = (whole.len() - plain.len()) as u16;
    seeds.push((
        "keyring",
        with(&[1], &[&bytes[..super::keyring::HEAD], &whole]),
    ));
    seeds.push(("keyring", with(&[2], &[&fill.to_le_bytes(), &plain])));
    seeds.push(("keyring", with(&[3], &[&plain])));
}

fn add_segment(
    seeds: &mut Vec<Seed>,
    bytes: &[u8],
    root: &RootKey,
    vault: VaultId,
    keys: &Keys,
    sealers: &[RowSealer],
) {
    let Some(header) = SegmentHeader::parse(bytes) else {
        return;
    };
    seeds.push(("frame", with(&[3], &[&bytes[..SEGMENT_HEAD - HASH_LENGTH]])));
    if bytes.len() <= LONGEST {
        seeds.push(("frame", with(&[0], &[bytes])));
    }
    let (sort, lineage, device) = (header.sort, header.lineage, header.device);
    let file = FileKeys::derive(root, vault, sort, lineage, device, header.file);
    let end = match sort {
        SegmentSort::Journal => bytes.len(),
        SegmentSort::Checkpoint | SegmentSort::Backup => bytes.len() - FOOTER_LENGTH,
    };
    for found in segment::walk(&bytes[..end], &file, SEGMENT_HEAD).frames {
        let frame = &bytes[found.offset..found.offset + found.length];
        let Some(body) = frame::open_frame(&file, vault, frame) else {
            continue;
        };
        add_body(seeds, &body, keys, sealers);
    }
}

fn add_body(seeds: &mut Vec<Seed>, body: &Body, keys: &Keys, sealers: &[RowSealer]) {
    let mut plain = Vec::new();
    body.encode(&mut plain);
    if plain.len() <= LONGEST {
        seeds.push(("frame", with(&[1], &[&plain])));
        seeds.push(("frame", with(&[2], &[&plain])));
    }
    for operation in &body.operations {
        let open = |sealer: &RowSealer| sealer.open(&keys.namer, &operation.key, &operation.value);
        let Some(opened) = sealers.iter().find_map(open) else {
            continue;
        };
        let inner = row::written(&opened);
        if inner.len() <= LONGEST {
            seeds.push(("row", with(&[2], &[&inner])));
            seeds.push(("row", with(&[3], &[&inner])));
            seeds.push(("row", with(&[0], &[&operation.key.0, &operation.value])));
        }
    }
}

fn is_segment(path: &Path) -> bool {
    let folders = ["journal", "checkpoints"];
    path.ancestors().skip(1).any(|folder| {
        let name = folder.file_name().map(|name| name.to_string_lossy());
        name.is_some_and(|name| folders.contains(&&*name))
    })
}

fn files_under(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_under(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
