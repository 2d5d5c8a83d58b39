//! Backups. The preface is tried alone; whole files are made of known parts, changed where the input says so, and
//! then summed, sealed and chained as if they had been written that way. One that nothing was changed in is whole;
//! one with a byte changed afterwards never is.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::header::{MAC_AT, SLOT, SLOT_COUNT_AT, SLOTS_AT, wrap};
use super::known::{self, File};
use super::{Feed, all_zero, fitted, flip, frame, keyring, overwrite, row};
use crate::backup::{check_backup_on, look_at_backup_on, rehearse_on};
use crate::backup_file::{NotPreface, PREFACE_LENGTH, Preface};
use crate::codec::Put;
use crate::disk::{Appending, Disk, Entry as DiskEntry, EntrySort, Held, Tightened};
use crate::envelope::{EpochSecret, Label, SealingKey};
use crate::error::{Error, Part};
use crate::frame::{Action, Body, BodySort, Ending, Operation};
use crate::header::{self, EpochName, Header, Pending, Point};
use crate::ids::{BackupId, Dot};
use crate::primitives::{self, HASH_LENGTH, Hash};
use crate::report::{BackupCheck, FoundBackup};
use crate::segment::{SEGMENT_HEAD, SegmentSort};
use crate::state::State;
use crate::sums::Sums;
use crate::vault::{Credential, Host};
use crate::watch::Quiet;

const ID: BackupId = BackupId([0x88; 16]);
const BOUND: usize = 80;
const HASH_AT: usize = PREFACE_LENGTH - HASH_LENGTH;
const MAX_KEYRING: u64 = 268_435_456;

pub fn run(input: &[u8]) {
    let mut feed = Feed(input);
    match feed.u8() % 4 {
        0 => raw(feed.rest()),
        1 => preface(&fitted(feed.rest(), HASH_AT)),
        _ => whole(feed),
    }
}

/// Bytes as they are: they open only if somebody had the keys.
fn raw(bytes: &[u8]) {
    let disk = OneFile(bytes.into());
    let found = look(&disk);
    let sound = Preface::parse(&bytes[..bytes.len().min(PREFACE_LENGTH)]);
    match found {
        FoundBackup::Backup {
            id, bytes: length, ..
        } => {
            assert_eq!(length, bytes.len() as u64);
            assert_eq!(sound.map(|preface| preface.id), Ok(id));
        }
        FoundBackup::Newer { bytes: length, .. } | FoundBackup::Damaged { bytes: length } => {
            assert_eq!(length, bytes.len() as u64);
        }
    }
    assert!(check(&disk).is_err(), "a backup was forged");
}

/// A preface whose checksum is right, whatever its fields are.
fn preface(fields: &[u8]) {
    let bytes = [fields, &primitives::sha256(&[fields])].concat();
    let parsed = Preface::parse(&bytes);
    let version = u16::from_le_bytes([bytes[8], bytes[9]]);
    let keyring = u64::from_le_bytes(bytes[64..72].try_into().expect("8 bytes"));
    let magic = bytes.starts_with(b"CFDNTBAK");
    let sound = magic
        && version == 1
        && all_zero(&bytes[10..12])
        && bytes[12..16] == [0, 1, 0, 0]
        && keyring.is_multiple_of(4096)
        && keyring <= MAX_KEYRING
        && all_zero(&bytes[152..HASH_AT]);
    let expected = match (magic, version) {
        (true, 2..) => Err(NotPreface::Newer(version)),
        _ if sound => Ok(()),
        _ => Err(NotPreface::Damaged),
    };
    assert_eq!(parsed.map(drop), expected);
    let cut = &bytes[..bytes.len() - 1];
    assert_eq!(Preface::parse(cut), Err(NotPreface::Damaged));
    let Ok(preface) = parsed else {
        return;
    };
    assert_eq!(preface.encode(), bytes, "not written as read");
    assert!(preface.file_length() >= preface.container_length);
    assert!(
        preface.open_secret(known::root()).is_none(),
        "a seal was forged"
    );
    let sealed = sealed_preface(&bytes[..BOUND]);
    let opened = Preface::parse(&sealed).expect("only what is sealed was changed");
    let secret = opened
        .open_secret(known::root())
        .expect("it was just sealed");
    assert_eq!(secret.bytes(), known::secret().bytes());
    // Nobody without the key turns a bit of what it is bound to.
    let mut broken = sealed[..BOUND + 72].to_vec();
    flip(&mut broken, usize::from(bytes[80]) * 5);
    broken.resize(HASH_AT, 0);
    broken.extend(primitives::sha256(&[&broken]));
    let opened = Preface::parse(&broken).ok();
    assert!(
        opened
            .and_then(|preface| preface.open_secret(known::root()))
            .is_none()
    );
}

/// A preface with those first bytes, and the known secret sealed in it.
fn sealed_preface(bound: &[u8]) -> Vec<u8> {
    let vault = crate::ids::VaultId(bound[32..48].try_into().expect("16 bytes are an id"));
    let key = SealingKey::derive(
        known::root().bytes(),
        vault,
        Label::BackupEpoch,
        &[&bound[16..32]],
    );
    let place = known::place(Label::BackupEpoch, vault, &[bound]);
    let mut out = bound.to_vec();
    out.put(&known::NONCE);
    out.put(&known::wrap(&key, &place, known::secret().bytes()));
    out.resize(HASH_AT, 0);
    out.extend(primitives::sha256(&[&out]));
    out
}

/// A backup before it is sealed.
struct Parts {
    /// Plain texts of rows, and whether each lies in the compartment that is open.
    rows: Vec<(bool, Vec<u8>)>,
    keyring: Vec<u8>,
    /// Changes of bytes after the part has been put together: part, offset, new bytes.
    edits: Vec<(u8, usize, Vec<u8>)>,
    /// Rows of one frame.
    in_a_frame: usize,
    changed: bool,
    /// The sums, the order and the counts are those of the rows as they are now.
    reckoned: bool,
}

/// The plain content of a keyring with the two known compartments.
fn keyring_plain() -> Vec<u8> {
    let mut out = Vec::new();
    out.put_u32(2);
    out.put_u32(1);
    out.put_u32(16 + 2 * 288 + 48);
    out.put_u32(0);
    for (id, second) in [(known::OPEN, 0), (known::SHUT, 1)] {
        let start = out.len();
        out.put(&id.0);
        out.put_u32(1);
        out.put_u16(second);
        out.put_u16(3);
        out.put(&fitted(b"Ada", 64));
        out.put(&known::DEVICE.0);
        out.put_u64(1);
        out.put(&[7; 32]);
        out.zeros(12 + 16 + 24);
        out.put(&known::COMPARTMENT);
        out.put(&[second as u8; 16]);
        out.put(&known::compartment().derive_commitment(known::VAULT));
        out.zeros(12);
        assert_eq!(out.len() - start, 288);
    }
    out.put(&[0x99; 16]);
    out.put_u64(1);
    out.put_i64(1_795_000_000_000);
    out.put(&known::DEVICE.0);
    out
}

/// Rows of so many short records, and perhaps of one that takes two.
fn rows(short: u8, long: bool) -> Vec<(bool, Vec<u8>)> {
    let mut out = Vec::new();
    let mut add = |open, record: u8, chunk: u32, payloads: &[&[u8]]| {
        let joined = payloads.concat();
        let mut plain = Vec::new();
        plain.put_u16(1);
        plain.put_u16(100);
        plain.put(&[record; 16]);
        plain.put_u32(chunk);
        plain.put_u32(payloads.len() as u32);
        plain.put(&known::DEVICE.0);
        plain.put_u64(65_536);
        plain.put_u64(joined.len() as u64);
        plain.put_u32(payloads[chunk as usize].len() as u32);
        plain.put(&primitives::sha256(&[&joined]));
        plain.put(payloads[chunk as usize]);
        out.push((open, plain));
    };
    for record in 0..short {
        add(record % 4 != 3, record, 0, &[b"a few words"]);
    }
    if long {
        for chunk in 0..2 {
            add(true, 0xff, chunk, &[b"one half, ", b"and the other"]);
        }
    }
    out
}

fn whole(mut feed: Feed<'_>) {
    let shape = feed.u8();
    let mut parts = Parts {
        rows: rows(shape % 8, shape & 8 != 0),
        keyring: keyring_plain(),
        edits: Vec::new(),
        in_a_frame: usize::from(shape >> 4 & 3) + 1,
        changed: false,
        reckoned: true,
    };
    let unchanged = parts.build();
    let mut after: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut longer: Vec<u8> = Vec::new();
    let mut cut = 0;
    for _ in 0..16 {
        if feed.is_empty() {
            break;
        }
        match feed.u8() % 10 {
            0 => {
                // A row says something else of itself.
                let (number, at, length) = (feed.u8(), feed.u8(), feed.u8() % 16);
                let bytes = feed.slice(length.into());
                let count = parts.rows.len().max(1);
                if let Some((_, plain)) = parts.rows.get_mut(usize::from(number) % count) {
                    overwrite(plain, at.into(), bytes);
                    parts.changed = true;
                }
            }
            1 => {
                let (at, length) = (feed.u16(), feed.u8() % 32);
                overwrite(&mut parts.keyring, at.into(), feed.slice(length.into()));
                parts.changed = true;
            }
            2 => {
                // Once more, or not at all.
                let (number, again) = (usize::from(feed.u8()), feed.u8() & 1 == 0);
                if let Some(index) = number.checked_rem(parts.rows.len()) {
                    if again {
                        parts.rows.push(parts.rows[index].clone());
                    } else {
                        parts.rows.remove(index);
                    }
                    parts.changed = true;
                }
            }
            3 => parts.reckoned = false,
            4..=6 => {
                let (part, at, length) = (feed.u8(), feed.u16(), feed.u8() % 32);
                let bytes = feed.slice(length.into()).to_vec();
                parts.edits.push((part, at.into(), bytes));
                parts.changed = true;
            }
            7 => {
                let (at, length) = (feed.u16(), feed.u8() % 16);
                after.push((at.into(), feed.slice(length.into()).to_vec()));
            }
            8 => cut = usize::from(feed.u16()),
            _ => {
                let length = feed.u8();
                longer.extend(feed.slice(length.into()));
            }
        }
    }
    if !parts.reckoned {
        parts.changed = true;
    }
    let built = parts.build();
    judge(&built, &parts);
    let mut spoiled = built.clone();
    for (at, bytes) in &after {
        // Reckoned from the middle of the file, too, for offsets have but two bytes.
        let at = if at & 1 == 0 {
            *at
        } else {
            spoiled.len().saturating_sub(*at)
        };
        overwrite(&mut spoiled, at, bytes);
    }
    spoiled.truncate(spoiled.len() - cut.min(spoiled.len()));
    spoiled.extend(longer);
    if spoiled != built && spoiled != unchanged {
        raw(&spoiled);
    }
}

/// What holds of a backup that was sealed by someone who has the keys.
fn judge(bytes: &[u8], parts: &Parts) {
    let disk = OneFile(bytes.into());
    let found = look(&disk);
    let checked = check(&disk);
    let rehearsed = rehearse(&disk);
    if !parts.changed {
        assert!(checked.is_ok(), "a whole backup is refused: {checked:?}");
    }
    let checked = match (checked, rehearsed) {
        (Ok(checked), Ok(rehearsed)) => {
            assert_counts(&checked, &rehearsed, parts);
            checked
        }
        (checked, rehearsed) => {
            // A rehearsal asks for the keys of the compartments, too.
            let damaged = Err(Error::Damaged { part: Part::Backup });
            assert!(rehearsed.is_err());
            if let Err(error) = checked {
                let refusals = [
                    Error::Damaged { part: Part::Backup },
                    Error::Newer,
                    Error::WrongCredential,
                ];
                assert!(refusals.contains(&error), "{error:?}");
                assert_eq!(rehearsed, Err(error));
            } else {
                assert_eq!(rehearsed, damaged);
            }
            return;
        }
    };
    assert_eq!(checked.bytes, bytes.len() as u64);
    if parts.edits.is_empty() {
        assert!(parts.has_each_row_once(), "a row twice counts as two");
    }
    let FoundBackup::Backup {
        id,
        vault,
        lineage,
        bytes: length,
    } = found
    else {
        panic!("it was checked, and yet not found: {found:?}");
    };
    assert_eq!(
        (id, vault, lineage, length),
        (checked.id, checked.vault, checked.lineage, checked.bytes)
    );
}

fn assert_counts(checked: &BackupCheck, rehearsed: &BackupCheck, parts: &Parts) {
    let mut known = 0u64;
    for (one, other) in checked.compartments.iter().zip(&rehearsed.compartments) {
        assert_eq!((one.id, one.rows), (other.id, other.rows));
        assert!(other.records.unwrap_or(0) <= other.rows);
        assert!(other.unreadable <= other.rows);
        let same = |id| checked.compartments.iter().filter(move |it| it.id == id);
        if same(one.id).count() == 1 {
            assert_eq!(other.records.is_none(), other.second_passphrase);
        }
        known = known.saturating_add(one.rows);
    }
    assert_eq!(checked.rows, rehearsed.rows);
    assert!(checked.rows <= parts.rows.len() as u64);
    if parts.changed {
        return;
    }
    let rows = parts.rows.len() as u64;
    assert_eq!((checked.rows, known, checked.unknown_rows), (rows, rows, 0));
    assert_eq!(checked.forgotten.len(), 1);
    let open = parts.rows.iter().filter(|(open, _)| *open);
    let heads = open.filter(|(_, plain)| plain[20..24] == [0; 4]).count();
    assert_eq!(rehearsed.compartments[0].records, Some(heads as u64));
    assert_eq!(rehearsed.compartments[0].unreadable, 0);
}

impl Parts {
    fn has_each_row_once(&self) -> bool {
        let name = |(open, inner): &(bool, Vec<u8>)| {
            let compartment = if *open { known::OPEN } else { known::SHUT };
            row::name_of(compartment, &row::plain_of(inner))
        };
        let names: std::collections::BTreeSet<_> = self.rows.iter().map(name).collect();
        names.len() == self.rows.len()
    }

    fn edit(&self, part: u8, bytes: &mut [u8]) {
        for (of, at, with) in &self.edits {
            if *of == part {
                overwrite(bytes, *at, with);
            }
        }
    }

    /// Sums, seals and chains it.
    fn build(&self) -> Vec<u8> {
        let mut plain = keyring::in_pages(self.keyring.clone());
        self.edit(2, &mut plain);
        let mut head = keyring::head(plain.len());
        self.edit(3, &mut head);
        let keyring = keyring::sealed(&head, &plain);

        let header = header_of(primitives::sha256(&[&keyring]));
        let mut fields = header.encode(&known::keys().header)[..MAC_AT].to_vec();
        let slot = &mut fields[SLOTS_AT..SLOTS_AT + SLOT];
        slot[..4].copy_from_slice(&[2, 0, 2, 0]);
        slot[16..48].fill(0xa5);
        wrap(slot, known::VAULT);
        fields[SLOT_COUNT_AT] = 1;
        self.edit(1, &mut fields);
        let mac = known::keys().header.authenticate(&[&fields]);
        let summed = [&fields[..], &mac].concat();
        let header_bytes = [&summed[..], &primitives::sha256(&[&summed])].concat();

        let (container, frames) = self.container(&header);
        let mut bound = Vec::new();
        bound.put(b"CFDNTBAK");
        bound.put_u32(1);
        bound.put_u32(PREFACE_LENGTH as u32);
        bound.put(&ID.0);
        bound.put(&known::VAULT.0);
        bound.put(&known::LINEAGE.0);
        bound.put_u64(keyring.len() as u64);
        bound.put_u64((container.len() + 128) as u64);
        assert_eq!(bound.len(), BOUND);
        self.edit(0, &mut bound);
        let mut out = sealed_preface(&bound);
        out.extend(header_bytes);
        out.extend(keyring);
        out.extend(container);
        let mut footer = b"CFDNTEND".to_vec();
        footer.put_u64(out.len() as u64);
        footer.put_u64(frames);
        footer.zeros(8);
        footer.put(&primitives::sha256(&[&out]));
        footer.zeros(32);
        self.edit(4, &mut footer);
        let mac = file().chain.authenticate(&[&footer]);
        out.extend(footer);
        out.extend(mac);
        out
    }

    /// The head of the container and its frames, and how many of these there are.
    fn container(&self, header: &Header) -> (Vec<u8>, u64) {
        let segment = crate::backup_file::segment_header(ID, header);
        let file = file();
        let mut out = segment.encode(&file.keys)[..SEGMENT_HEAD - HASH_LENGTH].to_vec();
        self.edit(5, &mut out);
        out.extend(file.head.authenticate(&[&out]));
        let mut rows: Vec<_> = self
            .rows
            .iter()
            .map(|(open, inner)| {
                let compartment = if *open { known::OPEN } else { known::SHUT };
                row::sealed_as_named(compartment, &row::plain_of(inner))
            })
            .collect();
        let mut sums = Sums::default();
        let counted = if self.reckoned {
            rows.sort();
            rows.clone()
        } else {
            rows.iter().take(1).cloned().collect()
        };
        for (key, value) in &counted {
            sums.add(&known::keys().sum, key, value);
        }
        let point = header.floor;
        let state = State {
            frontier: [(known::DEVICE, point)].into(),
            lamport: 3,
            time: 1_795_000_000_000,
            sums,
        };
        let mut last = Point {
            sequence: 0,
            chain: point.chain,
        };
        let mut add = |body: &Body, number: u8| {
            let mut plain = Vec::new();
            body.encode(&mut plain);
            self.edit(number, &mut plain);
            let sequence = last.sequence + 1;
            let (bytes, chain) = frame::sealed(file, sequence, &last.chain, &plain);
            last = Point { sequence, chain };
            out.extend(bytes);
        };
        for (number, some) in rows.chunks(self.in_a_frame).enumerate() {
            let operations = some.iter().map(|(key, value)| Operation {
                action: Action::Put,
                key: *key,
                dot: Dot {
                    device: crate::ids::DeviceId([0; 16]),
                    counter: 0,
                },
                parents: Vec::new(),
                value: value.clone(),
            });
            let body = Body {
                sort: BodySort::Batch,
                time: state.time,
                lamport: state.lamport,
                frontier: Vec::new(),
                sums: Sums::default(),
                operations: operations.collect(),
            };
            add(&body, 7 + number as u8);
        }
        let ending = Ending {
            covered: point,
            header_revision: header.revision,
            keyring_revision: header.keyring_revision,
            epoch: header.epoch.id,
            keyring_hash: header.keyring_hash,
        };
        let body = Body {
            sort: BodySort::End(ending),
            time: state.time,
            lamport: state.lamport,
            frontier: state.frontier_list(),
            sums: state.sums.clone(),
            operations: Vec::new(),
        };
        add(&body, 6);
        (out, last.sequence)
    }
}

fn file() -> &'static File {
    static FILE: std::sync::OnceLock<File> = std::sync::OnceLock::new();
    FILE.get_or_init(|| {
        File::derive(
            known::VAULT,
            SegmentSort::Backup,
            known::LINEAGE,
            known::DEVICE,
            crate::ids::FileId(ID.0),
        )
    })
}

/// The header of the backup, still without its slot.
fn header_of(keyring_hash: Hash) -> Header {
    let epoch = EpochName {
        number: 1,
        id: known::EPOCH,
    };
    let secret = EpochSecret::from_slice(known::secret().bytes()).expect("32 bytes are a key");
    Header {
        vault: known::VAULT,
        lineage: known::LINEAGE,
        revision: 2,
        writer: known::DEVICE,
        parent: [0; HASH_LENGTH],
        epoch,
        epoch_proof: header::derive_epoch_proof(known::VAULT, epoch, &secret),
        keyring_revision: 1,
        keyring_hash,
        floor: Point {
            sequence: 4,
            chain: [6; HASH_LENGTH],
        },
        pending: Pending::Nothing,
        slots: Vec::new(),
        ignorable: 0,
        extensions: Vec::new(),
    }
}

const NAME: &str = "one.cfdbackup";

fn host(disk: &OneFile) -> Host {
    Host {
        disk: Arc::new(disk.clone()),
        settle_after: None,
        ..Host::default()
    }
}

fn look(disk: &OneFile) -> FoundBackup {
    look_at_backup_on(&host(disk), Path::new(NAME)).expect("the disk has no errors")
}

fn check(disk: &OneFile) -> Result<BackupCheck, Error> {
    let by = Credential::SpareKey(known::spare());
    check_backup_on(&host(disk), Path::new(NAME), by, &Quiet)
}

fn rehearse(disk: &OneFile) -> Result<BackupCheck, Error> {
    let by = Credential::SpareKey(known::spare());
    rehearse_on(&host(disk), Path::new(NAME), by, &Quiet)
}

/// A disk with one file, which can only be read.
#[derive(Clone)]
struct OneFile(Arc<[u8]>);

fn no<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Disk for OneFile {
    fn read(&self, _path: &Path) -> io::Result<Vec<u8>> {
        Ok(self.0.to_vec())
    }

    fn open(&self, _path: &Path) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.0.clone())))
    }

    fn list(&self, _folder: &Path) -> io::Result<Vec<DiskEntry>> {
        Ok(vec![DiskEntry {
            name: NAME.into(),
            sort: EntrySort::File,
            length: self.0.len() as u64,
        }])
    }

    fn make_folder(&self, _folder: &Path) -> io::Result<()> {
        no()
    }

    fn create(&self, _path: &Path) -> io::Result<Box<dyn Appending>> {
        no()
    }

    fn rename(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        no()
    }

    fn rename_new(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        no()
    }

    fn move_folder(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        no()
    }

    fn remove_folder(&self, _folder: &Path) -> io::Result<()> {
        no()
    }

    fn remove(&self, _path: &Path) -> io::Result<()> {
        no()
    }

    fn overwrite(&self, _path: &Path) -> io::Result<()> {
        no()
    }

    fn sync(&self, _path: &Path) -> io::Result<()> {
        no()
    }

    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        no()
    }

    fn hold(&self, _path: &Path) -> io::Result<Box<dyn Held>> {
        no()
    }

    fn tighten(&self, _folder: &Path) -> io::Result<Tightened> {
        no()
    }
}
