//! Opening a vault: finding a header that the credential opens, mending copies, bringing an interrupted
//! operation to its end, and getting the store to where the journal says it should be.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use zeroize::Zeroizing;

use crate::anchor::{self, Anchor};
use crate::base::{self, Start};
use crate::checkpoint::{self, CheckpointFile, Wanted};
use crate::create;
use crate::current::{CURRENT_LENGTH, Current};
use crate::disk::{self, AsFarAsItReads, Disk, EntrySort, Held};
use crate::envelope::{EpochSecret, RootKey};
use crate::epoch::EpochFile;
use crate::error::{Error, Part};
use crate::forget;
use crate::frame::Action;
use crate::header::{self, Header, NotHeader, Pending, Point, Slot};
use crate::ids::{CompartmentId, DeviceId, EpochId, FileId, VaultId};
use crate::journal::{self, Commit, Context, JournalWriter, Loaded, Survey};
use crate::kdf::{self, KdfCost, SALT_LENGTH};
use crate::keyring::{Keyring, KeyringKey, KeyringName};
use crate::known;
use crate::layout::{self, Layout};
use crate::memory::KeyBytes;
use crate::primitives::{self, Hash};
use crate::rekey;
use crate::report::{Finding, Found, Moment, OpeningReport, RebuildReason};
use crate::row::Route;
use crate::shared::{Head, Keys, Ring, Shared, Writer, store_sums};
use crate::state::State;
use crate::store::{self, Filler, Store};
use crate::sums::Sums;
use crate::vault::{Credential, Host};
use crate::watch::{Step, Watch};

/// Passphrase slots that are tried at most; a hostile folder could hold any number.
const MAX_STRETCHES: usize = 4;
/// Files longer than this are no candidates for a header or an epoch.
const MAX_SMALL_FILE: u64 = 64 * 1024;
/// Most files that are tried for one: of headers, epochs and keyrings there are two of each, and what a file-sync engine left.
const MAX_CANDIDATES: usize = 64;
/// Files longer than this are no candidates for a keyring.
pub const MAX_KEYRING_FILE: u64 = 256 * 1024 * 1024;
/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 4096;

/// Tells what lies in a folder.
pub fn look(host: &Host, layout: &Layout) -> Result<Found, Error> {
    let candidates = read_headers(&*host.disk, layout)?;
    let newer = candidates
        .iter()
        .find_map(|candidate| match candidate.parsed {
            Err(NotHeader::Newer(version)) => Some(version),
            _ => None,
        });
    if let Some(version) = newer {
        return Ok(Found::Newer { version });
    }
    let sound: Vec<_> = candidates
        .iter()
        .filter_map(|c| c.parsed.as_ref().ok())
        .collect();
    Ok(match sound.first() {
        Some(header) => Found::Vault {
            id: header.vault,
            both_headers: sound.len() > 1,
        },
        None if candidates.is_empty() => Found::Nothing,
        None => Found::Damaged,
    })
}

pub fn open(
    host: &Host,
    layout: Layout,
    credential: Credential<'_>,
    watch: &dyn Watch,
) -> Result<(Shared, OpeningReport), Error> {
    open_by(host, layout, watch, Writing::IfItCan, |candidates| {
        unlock(candidates, credential, watch)
    })
}

/// Opens a vault of which the device refuses to read something: what can be read is shown, and nothing is written.
pub fn open_as_far_as_it_reads(
    host: &Host,
    layout: Layout,
    credential: Credential<'_>,
    watch: &dyn Watch,
) -> Result<(Shared, OpeningReport), Error> {
    let careful = Host {
        disk: Arc::new(AsFarAsItReads(host.disk.clone())),
        ..host.clone()
    };
    let (mut shared, report) = open_by(&careful, layout, watch, Writing::Not, |candidates| {
        unlock(candidates, credential, watch)
    })?;
    // A backup of what was read is written like any other.
    shared.host = host.clone();
    Ok((shared, report))
}

/// Whether an opening may write.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    IfItCan,
    Not,
}

/// Opens a vault whose root key is at hand.
pub fn open_with_root(
    host: &Host,
    layout: Layout,
    root: RootKey,
    watch: &dyn Watch,
) -> Result<(Shared, OpeningReport), Error> {
    open_by(host, layout, watch, Writing::IfItCan, |candidates| {
        let sound = candidates.iter().find_map(|c| c.parsed.as_ref().ok());
        sound
            .and_then(|like| choose_header(candidates, root, like))
            .ok_or(Error::Damaged { part: Part::Header })
    })
}

fn open_by(
    host: &Host,
    layout: Layout,
    watch: &dyn Watch,
    writing: Writing,
    unlock: impl FnOnce(&[Candidate]) -> Result<Unlocked, Error>,
) -> Result<(Shared, OpeningReport), Error> {
    let disk = &*host.disk;
    watch.at(Step::Reading);
    refuse_links(disk, &layout)?;
    // Whoever had the vault open before may have changed its headers until the lock was let go.
    let lock_is_there = disk::list_if_there(disk, &layout.local())?
        .iter()
        .any(|entry| layout.lock().ends_with(&entry.name));
    let early = if lock_is_there {
        Some(take_lock(disk, &layout)?)
    } else {
        None
    };
    let candidates = read_headers(disk, &layout)?;
    check_candidates(&candidates)?;

    let unlocked = unlock(&candidates)?;
    watch.at(Step::Reading);
    let mut report = OpeningReport::default();
    let (lock, unlocked) = match early {
        Some(lock) => (lock, unlocked),
        // Only who has the right passphrase leaves a lock where there was none.
        None => match create::make_folders(disk, &layout) {
            Ok(()) => {
                let lock = take_lock(disk, &layout)?;
                (lock, read_again(disk, &layout, unlocked)?)
            }
            Err(Error::ReadOnly) => (Lock::ReadOnly, unlocked),
            Err(error) => return Err(error),
        },
    };
    let (held, mut read_only) = match lock {
        Lock::Held(held) => (Some(held), writing == Writing::Not),
        Lock::ReadOnly => (None, true),
    };
    if writing == Writing::Not {
        report.findings.push(Finding::DeviceRefuses);
    }
    let Unlocked {
        root,
        keys,
        header,
        bytes,
        replaced,
    } = unlocked;
    if replaced {
        report.findings.push(Finding::KeyReplaced);
    }
    // Whatever was before a rekey counts for nothing any more, even where it is still there.
    let rekeying = header.pending == Pending::DestroyOldLineage;
    let tag = known::derive_tag(&root, header.vault);
    let tagged = layout.clone().of_root(tag);
    let layout = if disk::read_if_there(disk, &tagged.backups(header.vault))?.is_some() {
        tagged
    } else {
        layout
    };
    let anchors = read_anchors(disk, &layout, &root, header.vault)?;
    let ours = anchors.iter().find(|(_, a)| a.lineage == header.lineage);
    let other_keys =
        anchors.is_empty() && is_known_by_other_keys(disk, &layout, &root, header.vault)?;
    let layout = match ours {
        Some((named, _)) => named.clone(),
        // What was known under the old keys stays for whoever puts the folder of then in its place again.
        None if other_keys => layout.of_branch(header.lineage).of_root(tag),
        // A restored vault is opened by its own branch before it has a pair.
        None if layout.names().0.is_some() => layout,
        None => pair_of_another(&anchors).unwrap_or(layout),
    };
    let secret = read_epoch(disk, &layout, &header)?;
    let key = KeyringKey::derive(&root, &secret, header.vault);
    let (keyring, revision) = read_keyring(disk, &layout, &header, &key)?;
    if revision != header.keyring_revision {
        let wanted = header.keyring_revision;
        report.findings.push(Finding::KeyringBehind {
            wanted,
            used: revision,
        });
        read_only = true;
    }
    let was_dirty = match &held {
        Some(held) => held.is_marked()?,
        None => false,
    };
    let mut full = false;
    if !read_only {
        match prepare_to_write(disk, &layout, held.as_deref()) {
            // What is there can be read all the same; opening it writes nothing.
            Err(Error::NoSpace) => (read_only, full) = (true, true),
            prepared => prepared?,
        }
    }
    report.read_only = read_only;
    if !read_only && was_dirty {
        sync_found(disk, &layout)?;
    }
    let context = Context {
        disk,
        layout: &layout,
        root: &root,
        vault: header.vault,
        lineage: header.lineage,
    };
    let prepared = if rekeying {
        find_prepared(context, &header, &keys, read_only)?
    } else {
        None
    };
    if !read_only {
        let mended = mend(context, &header, &bytes, &secret, &mut report);
        match mended.and_then(|()| rekey::settle_marker(disk, &layout, &header)) {
            // As above.
            Err(Error::NoSpace) if prepared.is_none() => (read_only, full) = (true, true),
            mended => drop(mended?),
        }
    }
    report.read_only = read_only;
    if other_keys && !read_only {
        known::begin(disk, &layout, &root, header.vault)?;
    }
    let unknown = if other_keys {
        Finding::OtherKeysSince
    } else {
        Finding::FirstTimeHere
    };
    let anchor = read_anchor(disk, &layout, &root, &header, unknown, &mut report)?;
    let (device, kept) = this_device(disk, &layout, &root, header.vault, anchor, &mut report)?;
    if let Some(anchor) = anchor.filter(|anchor| anchor.lineage == header.lineage)
        && let Some(known_at) = newest_other_branch(&anchors, &header)
        && known_at > anchor.time
    {
        report.findings.push(Finding::OtherBranchNewer { known_at });
    }

    let gone = keyring.gone(&keys.namer);
    let compartments: BTreeMap<Route, CompartmentId> = keyring
        .entries
        .iter()
        .map(|e| (keys.namer.derive_route(e.id), e.id))
        .collect();
    // While a forgetting is not finished, what was written before it is what there is.
    let epoch = (header.pending != Pending::DestroyOldEpochs).then_some(header.epoch.id);
    let survey = if rekeying {
        Survey::default()
    } else {
        journal::survey(context, epoch)?
    };
    report.findings.extend(&survey.findings);
    let wanted = Wanted {
        epoch,
        unnamed: rekeying,
    };
    let (mut checkpoints, damaged_checkpoints) = checkpoint::list(context, wanted)?;
    if prepared.is_some() {
        checkpoints.clear();
        report.findings.push(Finding::CheckpointDamaged);
    } else if !rekeying {
        report
            .findings
            .extend((0..damaged_checkpoints).map(|_| Finding::CheckpointDamaged));
    }
    let sources = Sources {
        context,
        keys: &keys,
        survey: &survey,
        checkpoints: &checkpoints,
        gone: &gone,
        compartments: &compartments,
        rekeying: rekeying.then_some(header.epoch.id),
        prepared,
        watch,
    };
    let current = disk::as_copy(disk::read_small(disk, &layout.current(), CURRENT_LENGTH))?
        .and_then(|bytes| Current::parse(&bytes, &keys.current, header.vault, header.lineage))
        // Whatever changes the epoch writes it anew before it is done.
        .filter(|current| epoch.is_none_or(|epoch| current.epoch == epoch));
    // What a forgetting goes on to destroy is all that missing rows could come back from.
    let count_rows = was_dirty || header.pending == Pending::DestroyOldEpochs;
    let told = report.findings.len();
    let standing = match sources.stand_up(current, count_rows, read_only, &mut report) {
        // As above: a store for which there is no room on the disk is made in memory.
        Err(Error::NoSpace) if !read_only && prepared.is_none() => {
            (read_only, full) = (true, true);
            report.read_only = true;
            report.findings.truncate(told);
            sources.stand_up(current, count_rows, true, &mut report)?
        }
        standing => standing?,
    };
    let Standing {
        store,
        mut state,
        end_of,
        found_time,
        parted,
    } = standing;
    checkpoints.retain(|checkpoint| !parted.contains(&checkpoint.path));
    if !read_only {
        move_to_orphans(disk, &layout, &layout.checkpoints(), &parted)?;
    }

    // Whatever knows of saves that the journal lacks is believed: their numbers are not given again.
    let end = end_of.ends.get(&device).copied().unwrap_or_default();
    let covered = checkpoints
        .iter()
        .filter(|checkpoint| checkpoint.header.device == device)
        .map(|checkpoint| checkpoint.header.first_sequence)
        .max()
        .unwrap_or(0);
    let point = state.point(device);
    let mut in_journal = match prepared {
        // Its checkpoint would have covered all that it holds.
        Some(_) => point.sequence,
        None => end.point.sequence.max(covered),
    };
    if point.sequence > in_journal {
        // Another device may have covered it, and removed what it covered.
        in_journal = in_journal.max(covered_by_others(context, &checkpoints, device));
    }
    let told = [
        current
            .filter(|current| current.device == device)
            .map(|current| current.point),
        (header.writer == device).then_some(header.floor),
        anchor
            .filter(|anchor| anchor.lineage == header.lineage && anchor.device == device)
            .map(|anchor| anchor.point),
    ];
    let told = || told.iter().flatten();
    // A higher number with the same chain was only skipped: no save had it.
    let missing = told().filter(|told| told.chain != point.chain);
    let seen = missing
        .map(|told| told.sequence)
        .fold(point.sequence.max(end.highest_seen), u64::max);
    if seen > in_journal {
        report.findings.push(Finding::JournalBehind {
            known: seen,
            found: in_journal,
        });
    }
    let known = told().map(|told| told.sequence).fold(seen, u64::max);
    let of_others = [
        current.map(|current| (current.device, current.point)),
        Some((header.writer, header.floor)),
    ];
    let of_others = of_others.into_iter().flatten();
    report_others_behind(
        &state,
        of_others.filter(|(writer, _)| *writer != device),
        &mut report,
    );
    // A newer version of the program knows more here than this one can read: that is not to be overwritten.
    let newer_pair = is_pair_newer(disk, &layout, header.vault)?;
    let anchor_frozen = match anchor {
        _ if newer_pair => true,
        Some(anchor) => {
            let there = Present {
                header: &header,
                state: &state,
                device,
                found_time,
            };
            compare_with_anchor(context, &survey, &checkpoints, anchor, there, &mut report)?
        }
        None => false,
    };
    // After new keys there is no such file by the keys of before: whoever comes back with those finds the anchor ahead.
    let write_device = match kept {
        Kept::Whole => false,
        Kept::Damaged => true,
        Kept::Nothing => !anchor_frozen,
    };
    if write_device && !read_only && !newer_pair {
        let bytes = anchor::seal_device(device, &root, header.vault)?;
        disk::write_whole(disk, &layout.device(header.vault), &bytes)?;
    }
    if known > point.sequence {
        state.frontier.insert(
            device,
            Point {
                sequence: known,
                ..point
            },
        );
    }
    report_unknown_rows(&compartments, &state.sums, &gone, &mut report);

    let mut journal = JournalWriter::new(device, end, host.full_segment);
    journal.bytes = uncovered_bytes(&survey, checkpoints.last());
    let changed = checkpoints.last().is_none_or(|newest| {
        newest.header.first_sequence < in_journal || newest.header.device != device
    }) && in_journal > 0;
    let live_bytes = newest_length(disk, &layout, checkpoints.last())?;
    let current_store = current.map(|current| current.store);
    let pending = header.pending;
    let fallback = create::first_current(
        header.vault,
        header.lineage,
        device,
        store.id,
        header.epoch.id,
    );
    let ring = Ring::new(header.vault, &keys, keyring).ok_or(Error::Damaged {
        part: Part::Keyring,
    })?;
    let shared = Shared {
        host: host.clone(),
        vault: header.vault,
        lineage: header.lineage,
        device,
        read_only,
        anchor_frozen: AtomicBool::new(anchor_frozen),
        head: Mutex::new(Head {
            header,
            bytes,
            secret,
            key,
        }),
        ring: RwLock::new(ring),
        writer: Mutex::new(Writer {
            journal,
            state,
            checkpoints,
            current: current.unwrap_or(fallback),
            live_bytes,
            changed,
        }),
        store: RwLock::new(Arc::new(store)),
        held: held.map(Arc::from),
        stale: AtomicBool::new(false),
        replaced: AtomicBool::new(false),
        unfinished: AtomicBool::new(false),
        header_torn: AtomicBool::new(false),
        undecided: Mutex::default(),
        // Rows that are known to be missing are counted again at every opening.
        suspect: AtomicBool::new(report.is_incomplete()),
        known_incomplete: report.is_incomplete(),
        anchoring: Mutex::new(()),
        anchored: AtomicU64::new(0),
        backups: Mutex::new(()),
        layout: layout.clone(),
        root,
        keys,
    };
    if full {
        report.findings.extend(waiting(pending));
    }
    if !read_only {
        settle_in(&shared, current_store, pending, watch, &mut report)?;
    }
    Ok((shared, report))
}

/// Makes what folders are missing, and leaves the mark of a vault that is open.
fn prepare_to_write(
    disk: &dyn Disk,
    layout: &Layout,
    held: Option<&dyn Held>,
) -> Result<(), Error> {
    create::make_folders(disk, layout)?;
    if let Some(held) = held {
        held.mark(true)?;
    }
    Ok(())
}

/// Writes what an opening changed, now that the vault stands.
fn settle_in(
    shared: &Shared,
    current_store: Option<FileId>,
    pending: Pending,
    watch: &dyn Watch,
    report: &mut OpeningReport,
) -> Result<(), Error> {
    let mut writer = shared.writer()?;
    let store = shared.store().id;
    if current_store != Some(store) {
        shared.store().flush()?;
        shared.write_current(&mut writer, store)?;
        if current_store.is_none() {
            report.findings.push(Finding::CurrentRebuilt);
        }
    }
    // Those of before a rekey go only when all that takes their place is known to be whole.
    if pending != Pending::DestroyOldLineage {
        for other in store::list(&shared.layout.local())? {
            if other != store {
                store::remove(&shared.layout.store(other))?;
            }
        }
    }
    drop(writer);
    report
        .findings
        .extend(finish_pending(shared, pending, watch)?);
    match shared.write_anchor() {
        // It is written again with the next save, and at lock.
        Err(Error::NoSpace) => Ok(()),
        written => written,
    }
}

/// Brings to its end what was cut off while it destroyed something. Where there is no space for that it waits: whoever has
/// a full disk can still read.
fn finish_pending(
    shared: &Shared,
    pending: Pending,
    watch: &dyn Watch,
) -> Result<Option<Finding>, Error> {
    let unfinished = pending != Pending::Nothing;
    shared.unfinished.store(unfinished, Ordering::Release);
    let finished = match pending {
        Pending::Nothing => return Ok(None),
        Pending::DestroyOldEpochs => shared.finish_forgetting(watch).map(|proof| match proof {
            Ok(()) => Finding::ForgettingFinished,
            Err(_) => Finding::ForgettingLeft,
        }),
        Pending::DestroyOldLineage => shared.finish_rekey(watch).map(|()| Finding::RekeyFinished),
    };
    match finished {
        Ok(finished) => Ok(Some(finished)),
        // Rows that are missing are looked for at the next opening, before anything that could hold them goes.
        Err(Error::NoSpace | Error::Damaged { part: Part::Store }) => Ok(waiting(pending)),
        Err(error) => Err(error),
    }
}

/// What is told of something that was cut off while it destroyed something, and waits.
fn waiting(pending: Pending) -> Option<Finding> {
    match pending {
        Pending::Nothing => None,
        Pending::DestroyOldEpochs => Some(Finding::ForgettingUnfinished),
        Pending::DestroyOldLineage => Some(Finding::RekeyUnfinished),
    }
}

/// Bytes that may be a header.
pub struct Candidate {
    pub bytes: Vec<u8>,
    pub parsed: Result<Header, NotHeader>,
}

/// Reads whatever may be a header: the two copies under their own names first, so that nothing else can use up
/// the patience for them.
fn read_headers(disk: &dyn Disk, layout: &Layout) -> Result<Vec<Candidate>, Error> {
    let copies = layout::COPIES.map(|copy| layout.header(copy));
    let mut found: Vec<Candidate> = Vec::new();
    let mut refused = None;
    for path in candidates(disk, layout, layout::HEADER_PREFIX, MAX_SMALL_FILE, &copies)? {
        let read = match disk::read_if_there(disk, &path) {
            Err(error) if disk::is_of_device(&error) => {
                refused = Some(error);
                continue;
            }
            read => read?,
        };
        if let Some(bytes) = read {
            let parsed = Header::parse(&bytes);
            found.push(Candidate { bytes, parsed });
        }
    }
    match refused {
        // That it is damaged cannot be said of what was not read.
        Some(error) if found.iter().all(|one| one.parsed.is_err()) => Err(error.into()),
        _ => Ok(found),
    }
}

/// The files beside the journal whose name begins so and that are no longer than this, those that are named first. What a
/// file-sync engine left there under a name of its own is tried like the rest, but not without end.
fn candidates(
    disk: &dyn Disk,
    layout: &Layout,
    prefix: &str,
    max: u64,
    first: &[PathBuf],
) -> Result<Vec<PathBuf>, Error> {
    let entries = disk::list_if_there(disk, &layout.sync())?.into_iter();
    let mut found: Vec<PathBuf> = entries
        .filter(|entry| {
            entry.sort == EntrySort::File && entry.name.starts_with(prefix) && entry.length <= max
        })
        .map(|entry| layout.sync().join(&entry.name))
        .collect();
    found.sort_by_key(|path| {
        let place = first.iter().position(|one| one == path);
        (place.unwrap_or(first.len()), path.clone())
    });
    found.truncate(MAX_CANDIDATES);
    Ok(found)
}

pub fn check_candidates(candidates: &[Candidate]) -> Result<(), Error> {
    if candidates.is_empty() {
        return Err(Error::Missing);
    }
    if candidates
        .iter()
        .any(|candidate| matches!(candidate.parsed, Err(NotHeader::Newer(_))))
    {
        return Err(Error::Newer);
    }
    if candidates.iter().all(|candidate| candidate.parsed.is_err()) {
        return Err(Error::Damaged { part: Part::Header });
    }
    Ok(())
}

/// The folders of a vault must be folders: a link could lead what is written anywhere.
fn refuse_links(disk: &dyn Disk, layout: &Layout) -> Result<(), Error> {
    for (folder, names) in [
        (layout.root.clone(), &["sync", "local"][..]),
        (layout.sync(), &["journal"][..]),
        (
            layout.local(),
            &["checkpoints", "orphan", "aside", "vault.lock", "CURRENT"][..],
        ),
    ] {
        for entry in disk::list_if_there(disk, &folder)? {
            let ours = names.contains(&entry.name.as_str())
                || entry.name.starts_with(layout::STORE_PREFIX);
            if ours && entry.sort == EntrySort::Other {
                return Err(Error::Link);
            }
        }
    }
    Ok(())
}

enum Lock {
    Held(Box<dyn Held>),
    ReadOnly,
}

fn take_lock(disk: &dyn Disk, layout: &Layout) -> Result<Lock, Error> {
    match disk.hold(&layout.lock()) {
        Ok(held) => Ok(Lock::Held(held)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(Error::InUse),
        Err(error) => match Error::from(error) {
            Error::ReadOnly => Ok(Lock::ReadOnly),
            error => Err(error),
        },
    }
}

/// What a credential opened.
pub struct Unlocked {
    pub root: RootKey,
    pub keys: Keys,
    pub header: Header,
    pub bytes: Vec<u8>,
    /// Whether the header in force has another slot in place of the one that opened: the change was cut off between
    /// its two copies.
    pub replaced: bool,
}

/// Tries the credential on every sound candidate, a passphrase on one slot of each. A root key counts once a header authenticates under it, and of
/// those the one with the highest revision is the header in force.
pub fn unlock(
    candidates: &[Candidate],
    credential: Credential<'_>,
    watch: &dyn Watch,
) -> Result<Unlocked, Error> {
    let mut stretched: Vec<Stretched> = Vec::new();
    let mut out_of_range = false;
    let mut too_little_memory = false;
    let mut opened_one = false;
    for candidate in candidates {
        let Ok(header) = &candidate.parsed else {
            continue;
        };
        // A header has one slot for a passphrase; more of them could only cost time.
        let mut passphrases = header.slots.iter().filter(|slot| slot.takes_passphrase());
        let for_passphrase = passphrases.find(|slot| {
            let fits = slot.cost.check().is_ok();
            out_of_range |= !fits && matches!(credential, Credential::Passphrase(_));
            fits
        });
        let unstretched = |slot: &&Slot| slot.takes_spare_key() || slot.takes_keychain();
        let unstretched = header.slots.iter().filter(unstretched);
        for slot in unstretched.chain(for_passphrase) {
            let secret = match credential {
                Credential::SpareKey(spare) if slot.takes_spare_key() => {
                    KeyBytes::copy_of(spare.as_bytes())
                }
                Credential::Keychain(secret) if slot.takes_keychain() => {
                    KeyBytes::copy_of(secret.expose())
                }
                Credential::Passphrase(passphrase) if slot.takes_passphrase() => {
                    match stretch(&mut stretched, passphrase.as_bytes(), slot, watch) {
                        Ok(Some(secret)) => secret,
                        Ok(None) => continue,
                        // Another copy may ask for less.
                        Err(Error::TooLittleMemory) => {
                            too_little_memory = true;
                            continue;
                        }
                        Err(error) => return Err(error),
                    }
                }
                _ => continue,
            };
            let Some(root) = slot.unwrap_root(header.vault, &*secret) else {
                continue;
            };
            opened_one = true;
            if let Some(mut unlocked) = choose_header(candidates, root, header) {
                let mut slots = unlocked.header.slots.iter();
                let replaced = !slots.any(|one| (one.sort, one.id) == (slot.sort, slot.id));
                // A keychain slot that the header in force has no more was removed, whatever an older copy says.
                if slot.takes_keychain() && replaced {
                    return Err(Error::WrongKeychainSecret);
                }
                unlocked.replaced = replaced;
                return Ok(unlocked);
            }
        }
    }
    Err(if opened_one {
        // The credential is right, and yet no header is genuine.
        Error::Damaged { part: Part::Header }
    } else if too_little_memory {
        Error::TooLittleMemory
    } else if out_of_range && stretched.is_empty() {
        Error::CostOutOfRange
    } else if matches!(credential, Credential::Keychain(_)) {
        Error::WrongKeychainSecret
    } else {
        Error::WrongCredential
    })
}

struct Stretched {
    salt: [u8; SALT_LENGTH],
    cost: KdfCost,
    key: KeyBytes,
}

fn stretch(
    done: &mut Vec<Stretched>,
    passphrase: &[u8],
    slot: &Slot,
    watch: &dyn Watch,
) -> Result<Option<KeyBytes>, Error> {
    let before = done
        .iter()
        .find(|one| one.salt == slot.salt && one.cost == slot.cost);
    if let Some(before) = before {
        return Ok(Some(KeyBytes::copy_of(&before.key)));
    }
    if done.len() >= MAX_STRETCHES {
        return Ok(None);
    }
    let key = kdf::derive_stretched(passphrase, &slot.salt, slot.cost, watch)?;
    done.push(Stretched {
        salt: slot.salt,
        cost: slot.cost,
        key: KeyBytes::copy_of(&key),
    });
    Ok(Some(key))
}

fn choose_header(candidates: &[Candidate], root: RootKey, like: &Header) -> Option<Unlocked> {
    let keys = Keys::derive(&root, like.vault);
    let genuine = candidates.iter().filter_map(|candidate| {
        let header = candidate.parsed.as_ref().ok()?;
        (header.vault == like.vault && Header::is_authentic(&candidate.bytes, &keys.header))
            .then_some((header, &candidate.bytes))
    });
    // Of equals the first, which is copy a.
    let (header, bytes) = genuine.reduce(|best, next| {
        if next.0.revision > best.0.revision {
            next
        } else {
            best
        }
    })?;
    let (header, bytes) = (header.clone(), bytes.clone());
    Some(Unlocked {
        root,
        keys,
        header,
        bytes,
        replaced: false,
    })
}

/// Reads the headers once more now that nobody else can change them. Errors: `InUse` where someone changed meanwhile
/// what opens the vault; `Newer` and the rest as for the first time.
fn read_again(disk: &dyn Disk, layout: &Layout, before: Unlocked) -> Result<Unlocked, Error> {
    let candidates = read_headers(disk, layout)?;
    check_candidates(&candidates)?;
    let Unlocked {
        root,
        header,
        replaced,
        ..
    } = before;
    let now = choose_header(&candidates, root, &header);
    let now = now.filter(|now| now.header.slots == header.slots);
    Ok(Unlocked {
        replaced,
        ..now.ok_or(Error::InUse)?
    })
}

fn read_epoch(disk: &dyn Disk, layout: &Layout, header: &Header) -> Result<EpochSecret, Error> {
    let first = layout::COPIES.map(|copy| layout.epoch(header.epoch.id, copy));
    let mut refused = None;
    for path in candidates(disk, layout, layout::EPOCH_PREFIX, MAX_SMALL_FILE, &first)? {
        let bytes = match disk::read_if_there(disk, &path) {
            Err(error) if disk::is_of_device(&error) => {
                refused = Some(error);
                continue;
            }
            read => Zeroizing::new(read?.unwrap_or_default()),
        };
        let Some(file) = EpochFile::parse(&bytes) else {
            continue;
        };
        if file.vault != header.vault || file.name != header.epoch {
            continue;
        }
        let proof = header::derive_epoch_proof(header.vault, header.epoch, &file.secret);
        if primitives::equal(&proof, &header.epoch_proof) {
            return Ok(file.secret);
        }
    }
    match refused {
        Some(error) => Err(error.into()),
        None => Err(Error::Damaged { part: Part::Epoch }),
    }
}

/// Reads the keyring that the header names, or else the newest older one of the same epoch.
fn read_keyring(
    disk: &dyn Disk,
    layout: &Layout,
    header: &Header,
    key: &KeyringKey,
) -> Result<(Keyring, u64), Error> {
    let revision = header.keyring_revision;
    let first = [revision, revision.saturating_sub(1)].map(|revision| layout.keyring(revision));
    let prefix = layout::KEYRING_PREFIX;
    let mut best: Option<(KeyringName, Keyring)> = None;
    for path in candidates(disk, layout, prefix, MAX_KEYRING_FILE, &first)? {
        let bytes = disk::as_copy(disk::read_if_there(disk, &path))?.unwrap_or_default();
        let Some((name, keyring)) = Keyring::open(key, &bytes) else {
            continue;
        };
        let ours = name.vault == header.vault
            && name.lineage == header.lineage
            && name.epoch == header.epoch
            && name.revision <= header.keyring_revision;
        let exact = name.revision == header.keyring_revision;
        if !ours || (exact && primitives::sha256(&[&bytes]) != header.keyring_hash) {
            continue;
        }
        if best
            .as_ref()
            .is_none_or(|(before, _)| before.revision < name.revision)
        {
            best = Some((name, keyring));
        }
    }
    let (name, keyring) = best.ok_or(Error::Damaged {
        part: Part::Keyring,
    })?;
    Ok((keyring, name.revision))
}

/// Makes what was found durable. A process that was killed may have left a frame or a name that it had not synced yet:
/// it is read like any other, shown, and built upon, and must not go with the power afterwards.
fn sync_found(disk: &dyn Disk, layout: &Layout) -> Result<(), Error> {
    for device in disk::list_if_there(disk, &layout.journals())? {
        if device.sort != EntrySort::Folder {
            continue;
        }
        let folder = layout.journals().join(&device.name);
        for entry in disk::list_if_there(disk, &folder)? {
            if entry.sort == EntrySort::File {
                disk.sync(&folder.join(&entry.name))?;
            }
        }
        disk.sync_folder(&folder)?;
    }
    for folder in [
        layout.journals(),
        layout.sync(),
        layout.checkpoints(),
        layout.local(),
    ] {
        disk.sync_folder(&folder)?;
    }
    Ok(())
}

/// Looks whether the rows that a rekey prepared are whole, before anything of what was before it is destroyed. The
/// checkpoint is what they are taken from; where that is damaged or lost, the answer is the store to be used instead.
/// Errors: `Damaged` where neither is whole. Then nothing of before has been touched.
fn find_prepared(
    context: Context<'_>,
    header: &Header,
    keys: &Keys,
    read_only: bool,
) -> Result<Option<FileId>, Error> {
    let epoch = header.epoch.id;
    let wanted = Wanted {
        epoch: Some(epoch),
        unnamed: true,
    };
    let (checkpoints, _) = checkpoint::list(context, wanted)?;
    let is_whole = |file: &CheckpointFile| {
        checkpoint::check(context, &file.path, &file.header, Some(&keys.sum)).is_ok()
    };
    if checkpoints.iter().any(is_whole) {
        return Ok(None);
    }
    let is_prepared = |id: &FileId| {
        let folder = context.layout.store(*id);
        let (store, state) = Store::open(&folder, *id, context.root, context.vault)?;
        let found = store_sums(&store, &keys.sum, &BTreeSet::new())?;
        Ok::<_, Error>(store.is_of_epoch(epoch)? && found.agrees_with(&state.sums))
    };
    // Where nothing may be written, no store is opened.
    let stores = if read_only {
        Vec::new()
    } else {
        store::list(&context.layout.local())?
    };
    let prepared = stores
        .into_iter()
        .find(|id| is_prepared(id).unwrap_or(false));
    prepared.map(Some).ok_or(Error::Damaged {
        part: Part::Checkpoint,
    })
}

/// Mends copies, finishes destroying what an interrupted forgetting left, and clears away what never took effect.
fn mend(
    context: Context<'_>,
    header: &Header,
    bytes: &[u8],
    secret: &EpochSecret,
    report: &mut OpeningReport,
) -> Result<(), Error> {
    let Context { disk, layout, .. } = context;
    for id in store::list(&layout.local())? {
        store::make_private(&layout.store(id))?;
    }
    let mut done = disk.tighten(&layout.root)?;
    let device_folder = disk.tighten(&layout.device_folder)?;
    done.tightened += device_folder.tightened;
    done.refused += device_folder.refused;
    for (entries, finding) in [
        (
            done.tightened,
            Finding::PermissionsTightened {
                entries: done.tightened,
            },
        ),
        (
            done.refused,
            Finding::PermissionsLoose {
                entries: done.refused,
            },
        ),
        (
            done.links,
            Finding::LinksIgnored {
                entries: done.links,
            },
        ),
    ] {
        if entries > 0 {
            report.findings.push(finding);
        }
    }
    for copy in layout::COPIES {
        if read_copy(disk, &layout.header(copy))?.as_deref() != Some(bytes) {
            disk::write_whole(disk, &layout.header(copy), bytes)?;
            report.findings.push(Finding::HeaderRepaired);
        }
    }
    let secret = EpochSecret::from_slice(secret.bytes()).expect("a secret has a secret's length");
    let epoch = EpochFile {
        vault: header.vault,
        name: header.epoch,
        secret,
    }
    .encode();
    for copy in layout::COPIES {
        let path = layout.epoch(header.epoch.id, copy);
        if read_copy(disk, &path)?.as_deref() != Some(&epoch[..]) {
            disk::write_whole(disk, &path, &epoch)?;
            report.findings.push(Finding::EpochRepaired);
        }
    }
    if header.pending == Pending::DestroyOldLineage {
        checkpoint::promote(context, header.epoch.id)?;
    }
    if header.pending != Pending::Nothing {
        forget::destroy_old(disk, layout, header)?;
    }
    let orphans = move_orphans(disk, layout, header)?;
    if orphans > 0 {
        report.findings.push(Finding::Orphaned { files: orphans });
    }
    remove_temporaries(disk, layout)
}

/// Reads a copy that may be missing or may be a link, which is as good as missing.
fn read_copy(disk: &dyn Disk, path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let folder = path.parent().unwrap_or(path);
    let is_link = disk::list_if_there(disk, folder)?
        .iter()
        .any(|entry| path.ends_with(&entry.name) && entry.sort == EntrySort::Other);
    if is_link {
        disk.remove(path)?;
    }
    let read = disk::read_small(disk, path, MAX_SMALL_FILE as usize);
    Ok(disk::as_copy(read)?)
}

/// Epoch files of other epochs and keyrings of later revisions belong to operations that never took effect.
fn move_orphans(disk: &dyn Disk, layout: &Layout, header: &Header) -> Result<u64, Error> {
    let mut orphans = Vec::new();
    for entry in disk::list_if_there(disk, &layout.sync())? {
        let epoch = entry.name.strip_prefix(layout::EPOCH_PREFIX);
        let revision = entry
            .name
            .strip_prefix(layout::KEYRING_PREFIX)
            .and_then(|name| name.parse::<u64>().ok());
        let foreign_epoch = epoch.is_some_and(|name| !name.starts_with(&header.epoch.id.to_hex()));
        let later = revision.is_some_and(|revision| revision > header.keyring_revision);
        if entry.sort == EntrySort::File && (foreign_epoch || later) {
            orphans.push(layout.sync().join(&entry.name));
        }
    }
    move_to_orphans(disk, layout, &layout.sync(), &orphans)?;
    Ok(orphans.len() as u64)
}

/// Moves files of a folder to where nobody looks for them, under names of their own.
fn move_to_orphans(
    disk: &dyn Disk,
    layout: &Layout,
    folder: &Path,
    files: &[PathBuf],
) -> Result<(), Error> {
    if files.is_empty() {
        return Ok(());
    }
    disk.make_folder(&layout.orphans())?;
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let unique = FileId::make()?;
        disk.rename(file, &layout.orphans().join(format!("{name}.{unique}")))?;
    }
    disk.sync_folder(&layout.orphans())?;
    disk.sync_folder(folder)?;
    Ok(disk.sync_folder(&layout.local())?)
}

fn remove_temporaries(disk: &dyn Disk, layout: &Layout) -> Result<(), Error> {
    for folder in [layout.sync(), layout.local(), layout.checkpoints()] {
        for entry in disk::list_if_there(disk, &folder)? {
            if entry.sort == EntrySort::File && disk::is_temporary(&entry.name) {
                disk.remove(&folder.join(&entry.name))?;
            }
        }
    }
    Ok(())
}

/// Whether this machine knows the vault, and by another root key: something that it keeps of it is sound, and nothing
/// opens with the present keys. That no anchor does is known. A vault that is just being restored has its own device
/// file here already, which says nothing of the keys that were known before.
fn is_known_by_other_keys(
    disk: &dyn Disk,
    layout: &Layout,
    root: &RootKey,
    vault: VaultId,
) -> Result<bool, Error> {
    let restored = layout.names().0.map(|_| layout.device(vault));
    let mut known = restored.is_some() && known::is_under_another(disk, layout, root, vault)?;
    for entry in disk::list_if_there(disk, &layout.device_folder)? {
        let small = entry.sort == EntrySort::File && entry.length <= MAX_SMALL_FILE;
        let path = layout.device_folder.join(&entry.name);
        let just_made = restored.as_ref() == Some(&path);
        if !small || just_made || !Layout::is_of_a_pair(vault, &entry.name) {
            continue;
        }
        let bytes = disk::read_if_there(disk, &path)?.unwrap_or_default();
        if anchor::open_device(&bytes, root, vault).is_some() {
            return Ok(false);
        }
        known |= anchor::is_of_a_pair(&bytes, vault);
    }
    Ok(known)
}

/// What there is of the file that says which device this machine is.
enum Kept {
    Whole,
    Damaged,
    Nothing,
}

/// Whether the anchor or the device file was written by a newer version of the program.
fn is_pair_newer(disk: &dyn Disk, layout: &Layout, vault: VaultId) -> Result<bool, Error> {
    for path in [layout.anchor(vault), layout.device(vault)] {
        let bytes = read_copy(disk, &path)?.unwrap_or_default();
        if anchor::is_newer(&bytes, vault) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which device of the vault this machine is: what its own file says, failing that the anchor, and else a new one.
fn this_device(
    disk: &dyn Disk,
    layout: &Layout,
    root: &RootKey,
    vault: VaultId,
    anchor: Option<Anchor>,
    report: &mut OpeningReport,
) -> Result<(DeviceId, Kept), Error> {
    let mut kept = Kept::Nothing;
    if let Some(bytes) = disk::read_small(disk, &layout.device(vault), anchor::DEVICE_LENGTH)? {
        if let Some(device) = anchor::open_device(&bytes, root, vault) {
            return Ok((device, Kept::Whole));
        }
        kept = Kept::Damaged;
        if !report.findings.contains(&Finding::AnchorDamaged) {
            report.findings.push(Finding::AnchorDamaged);
        }
    }
    let device = match anchor {
        Some(anchor) => anchor.device,
        None => DeviceId::make()?,
    };
    Ok((device, kept))
}

/// The anchors of this vault that lie here, one for each branch of its history that was opened here. That of a
/// branch which was restored here bears the name of that branch, for the vault it was restored beside goes on
/// having its own.
pub fn read_anchors(
    disk: &dyn Disk,
    layout: &Layout,
    root: &RootKey,
    vault: VaultId,
) -> Result<Vec<(Layout, Anchor)>, Error> {
    let mut found = Vec::new();
    for entry in disk::list_if_there(disk, &layout.device_folder)? {
        let small = entry.sort == EntrySort::File && entry.length <= MAX_SMALL_FILE;
        let Some(named) = layout
            .clone()
            .of_anchor(vault, &entry.name)
            .filter(|_| small)
        else {
            continue;
        };
        let bytes = disk::read_if_there(disk, &named.anchor(vault))?.unwrap_or_default();
        found.extend(Anchor::open(&bytes, root, vault).map(|anchor| (named, anchor)));
    }
    Ok(found)
}

/// The pair that this machine has of the vault where it has none of this branch: that of the first branch, or the one that
/// was used last if the first was under a root key of before. That one tells a fork, and is not to be overwritten.
fn pair_of_another(anchors: &[(Layout, Anchor)]) -> Option<Layout> {
    let first = anchors.iter().find(|(named, _)| named.names().0.is_none());
    let last = || anchors.iter().max_by_key(|(_, anchor)| anchor.time);
    first.or_else(last).map(|(named, _)| named.clone())
}

/// When this machine last saw another branch of the vault than this one.
fn newest_other_branch(anchors: &[(Layout, Anchor)], header: &Header) -> Option<Moment> {
    let others = anchors.iter().map(|(_, anchor)| anchor);
    let others = others.filter(|anchor| anchor.lineage != header.lineage);
    others.map(|anchor| anchor.time).max()
}

fn read_anchor(
    disk: &dyn Disk,
    layout: &Layout,
    root: &RootKey,
    header: &Header,
    unknown: Finding,
    report: &mut OpeningReport,
) -> Result<Option<Anchor>, Error> {
    let Some(bytes) = disk::read_small(disk, &layout.anchor(header.vault), anchor::ANCHOR_LENGTH)?
    else {
        report.findings.push(unknown);
        return Ok(None);
    };
    let anchor = Anchor::open(&bytes, root, header.vault);
    if anchor.is_none() {
        report.findings.push(Finding::AnchorDamaged);
    }
    Ok(anchor)
}

/// How far the newest checkpoint of another device covers this one's saves.
fn covered_by_others(
    context: Context<'_>,
    checkpoints: &[CheckpointFile],
    device: DeviceId,
) -> u64 {
    let others = checkpoints.iter().rev();
    let mut others = others.filter(|checkpoint| checkpoint.header.device != device);
    let covered = others.find_map(|checkpoint| {
        let checked = checkpoint::check(context, &checkpoint.path, &checkpoint.header, None);
        Some(checked.ok()?.state.point(device).sequence)
    });
    covered.unwrap_or(0)
}

/// Compares what other devices have told of themselves with what is here of them.
fn report_others_behind(
    state: &State,
    told: impl Iterator<Item = (DeviceId, Point)>,
    report: &mut OpeningReport,
) {
    for (device, told) in told {
        let there = state.point(device);
        if told.sequence <= there.sequence || told.chain == there.chain {
            continue;
        }
        let behind = Finding::JournalBehind {
            known: told.sequence,
            found: there.sequence,
        };
        if !report.findings.contains(&behind) {
            report.findings.push(behind);
        }
    }
}

struct Present<'a> {
    header: &'a Header,
    state: &'a State,
    device: DeviceId,
    found_time: Option<i64>,
}

/// Compares the vault with what this machine knew of it; true if the anchor must not be overwritten.
fn compare_with_anchor(
    context: Context<'_>,
    survey: &Survey,
    checkpoints: &[CheckpointFile],
    anchor: Anchor,
    present: Present<'_>,
    report: &mut OpeningReport,
) -> Result<bool, Error> {
    let Present {
        header,
        state,
        device,
        found_time,
    } = present;
    let (known_at, found_at) = (anchor.time, found_time);
    let rollback = Finding::Rollback { known_at, found_at };
    let fork = Finding::Fork { known_at, found_at };
    let point = state.point(anchor.device);
    if anchor.lineage != header.lineage || anchor.device != device {
        report_fork(fork, report);
        return Ok(true);
    }
    if anchor.header_revision > header.revision
        || anchor.keyring_revision > header.keyring_revision
        || anchor.epoch.number > header.epoch.number
        || (anchor.point.sequence > point.sequence && anchor.point.chain != point.chain)
    {
        report.findings.push(rollback);
        return Ok(true);
    }
    if anchor.epoch.number == header.epoch.number && anchor.epoch.id != header.epoch.id {
        report_fork(fork, report);
        return Ok(true);
    }
    // Numbers may be skipped on purpose; the chain then stays the same.
    let chain_there = if anchor.point.sequence >= point.sequence {
        Some(point.chain)
    } else if anchor.point.sequence == 0 {
        Some(anchor.point.chain)
    } else {
        chain_of_then(context, survey, checkpoints, anchor)?
    };
    if chain_there.is_some_and(|chain| chain != anchor.point.chain) {
        report_fork(fork, report);
        return Ok(true);
    }
    // This device's own saves are all there; those of others that this machine had seen are not.
    if anchor.lamport > state.lamport {
        report.findings.push(rollback);
        return Ok(true);
    }
    if chain_there.is_none() {
        report.findings.push(Finding::HistoryUnproven);
    }
    Ok(false)
}

/// A fork that checkpoint and journal have shown is the one that this machine knows.
fn report_fork(fork: Finding, report: &mut OpeningReport) {
    let is_fork = |finding: &Finding| matches!(finding, Finding::Fork { .. });
    if !report.findings.iter().any(is_fork) {
        report.findings.push(fork);
    }
}

/// The chain value that this device's history had at the anchor's number: the journal says it, and a checkpoint only
/// where that no longer reaches back so far.
fn chain_of_then(
    context: Context<'_>,
    survey: &Survey,
    checkpoints: &[CheckpointFile],
    anchor: Anchor,
) -> Result<Option<Hash>, Error> {
    let Anchor { device, point, .. } = anchor;
    if let Some(chain) = survey.chain_at(context, device, point.sequence)? {
        return Ok(Some(chain));
    }
    let mut covering = checkpoints.iter().map(|checkpoint| checkpoint.header);
    let covered =
        covering.find(|header| header.device == device && header.first_sequence == point.sequence);
    Ok(covered.map(|header| header.chain))
}

fn report_unknown_rows(
    known: &BTreeMap<Route, CompartmentId>,
    sums: &Sums,
    gone: &BTreeSet<Route>,
    report: &mut OpeningReport,
) {
    let rows = sums
        .spaces
        .iter()
        .filter(|(route, _)| !known.contains_key(route) && !gone.contains(route))
        .map(|(_, sum)| sum.count)
        .sum();
    if rows > 0 {
        report.findings.push(Finding::UnknownRows { rows });
    }
}

fn uncovered_bytes(survey: &Survey, newest: Option<&CheckpointFile>) -> u64 {
    let Some(newest) = newest else {
        return survey
            .devices
            .values()
            .flatten()
            .map(|file| file.length)
            .sum();
    };
    let files = survey
        .devices
        .get(&newest.header.device)
        .map_or(&[][..], |files| files);
    files
        .iter()
        .filter(|file| {
            file.header
                .is_some_and(|h| h.first_sequence > newest.header.first_sequence)
        })
        .map(|file| file.length)
        .sum()
}

fn newest_length(
    disk: &dyn Disk,
    layout: &Layout,
    newest: Option<&CheckpointFile>,
) -> Result<u64, Error> {
    let Some(newest) = newest else { return Ok(0) };
    let entries = disk::list_if_there(disk, &layout.checkpoints())?;
    let named = entries
        .iter()
        .find(|entry| newest.path.ends_with(&entry.name));
    Ok(named.map_or(0, |entry| entry.length))
}

/// Where rows can come from.
struct Sources<'a> {
    context: Context<'a>,
    keys: &'a Keys,
    survey: &'a Survey,
    checkpoints: &'a [CheckpointFile],
    gone: &'a BTreeSet<Route>,
    compartments: &'a BTreeMap<Route, CompartmentId>,
    /// The epoch of a rekey that is being finished: stores that `CURRENT` does not name may be those of before it.
    rekeying: Option<EpochId>,
    /// The store that such a rekey prepared, where nothing else of it is whole.
    prepared: Option<FileId>,
    watch: &'a dyn Watch,
}

/// A store that stands where the journal says.
struct Standing {
    store: Store,
    state: State,
    end_of: Loaded,
    found_time: Option<i64>,
    /// Checkpoints of another history than the journal's, which hold nothing of this one.
    parted: Vec<PathBuf>,
}

/// What a store was built anew from.
struct Base {
    state: State,
    /// What the journal has beyond it.
    loaded: Loaded,
    /// Whether it is known to be whole: then so is what comes of it and of every save since.
    proven: bool,
    /// When the last save of another history than the journal's was made, if there is one.
    known_at: Option<Moment>,
    /// Its checkpoints.
    parted: Vec<PathBuf>,
}

impl Sources<'_> {
    fn stand_up(
        &self,
        current: Option<Current>,
        count_rows: bool,
        read_only: bool,
        report: &mut OpeningReport,
    ) -> Result<Standing, Error> {
        let layout = self.context.layout;
        if read_only {
            return self.rebuild(RebuildReason::ReadOnly, None, report);
        }
        let stores = store::list(&layout.local())?;
        let named = current.map(|current| current.store);
        // Without CURRENT, the one store there is can only be the right one; its rows are then counted. Which of several, or
        // of those that CURRENT does not name, is of before new keys, nobody can tell.
        let id = match (self.prepared, named, &stores[..]) {
            (Some(prepared), ..) => Some(prepared),
            (None, Some(named), _) => Some(named),
            (None, None, [only]) if self.rekeying.is_none() => Some(*only),
            (None, None, _) => None,
        };
        let Some(id) = id.filter(|id| stores.contains(id)) else {
            let standing = self.rebuild(RebuildReason::Missing, None, report)?;
            // One of them may be whole. After new keys they are destroyed with all else that was before.
            if self.rekeying.is_none() {
                for passed_over in stores {
                    store::put_aside(&layout.store(passed_over), &layout.aside())?;
                }
            }
            return Ok(standing);
        };
        let folder = layout.store(id);
        let opened = Store::open(&folder, id, self.context.root, self.context.vault);
        let (reason, lost) = match opened {
            Ok((store, state)) => {
                let count_rows = count_rows || named.is_none() || self.prepared.is_some();
                match self.bring_up(store, state, count_rows, report) {
                    Ok(Ok(standing)) => return Ok(standing),
                    Ok(Err(refused)) => refused,
                    // sled reads its pages only when they are asked for. What it holds is a cache.
                    Err(Error::Damaged { part: Part::Store }) => (RebuildReason::Damaged, None),
                    Err(error) => return Err(error),
                }
            }
            // It is a cache: what the device refuses of it, it need not read.
            Err(Error::Damaged { .. } | Error::Device) => (RebuildReason::Damaged, None),
            Err(error) => return Err(error),
        };
        let standing = self.rebuild(reason, lost, report)?;
        if standing.store.id != id {
            store::put_aside(&folder, &layout.aside())?;
        }
        Ok(standing)
    }

    /// Brings an existing store to the end of the journal; refuses it if that cannot be done, or if its rows are
    /// not what they should be.
    fn bring_up(
        &self,
        store: Store,
        mut state: State,
        count_rows: bool,
        report: &mut OpeningReport,
    ) -> Result<Result<Standing, Refused>, Error> {
        for route in self.gone {
            state.sums.drop_space(route);
        }
        let loaded = self.survey.load(self.context, &state.frontier)?;
        let newest = self.checkpoints.last();
        let behind_checkpoint = newest.is_some_and(|newest| {
            newest.header.first_sequence > state.point(newest.header.device).sequence
        });
        let gap = loaded.has_gap();
        if loaded.contradicts || (gap && behind_checkpoint) {
            return Ok(Err((RebuildReason::TooOld, None)));
        }
        if count_rows {
            self.remove_forgotten(&store, &state)?;
        }
        let frames = loaded.commits.len() as u64;
        let found_time = self.replay(&store, &mut state, &loaded.commits)?;
        if count_rows || gap {
            let found = store_sums(&store, &self.keys.sum, self.gone)?;
            if !found.agrees_with(&state.sums) {
                let kept = Standing {
                    store,
                    state,
                    end_of: loaded,
                    found_time,
                    parted: Vec::new(),
                };
                return Ok(Err((RebuildReason::Incomplete, Some((kept, found)))));
            }
        }
        report.findings.extend(&loaded.findings);
        if frames > 0 {
            report.findings.push(Finding::Replayed { frames });
        }
        Ok(Ok(Standing {
            store,
            state,
            end_of: loaded,
            found_time,
            parted: Vec::new(),
        }))
    }

    /// Removes the rows of forgotten compartments from a store that may be of before their forgetting: no checkpoint could
    /// be made of it.
    fn remove_forgotten(&self, store: &Store, state: &State) -> Result<(), Error> {
        for route in self.gone {
            let keys: Vec<_> = store
                .rows(Some(*route))
                .map(|row| row.map(|(key, _)| key))
                .collect::<Result<_, _>>()?;
            let changes: Vec<_> = keys.into_iter().map(|key| (key, None)).collect();
            if !changes.is_empty() {
                store.apply(&changes, state)?;
            }
        }
        Ok(())
    }

    /// Builds a store anew. If an incomplete one is at hand and the new one is no better, that one stays.
    fn rebuild(
        &self,
        reason: RebuildReason,
        kept: Option<(Standing, Sums)>,
        report: &mut OpeningReport,
    ) -> Result<Standing, Error> {
        let Context {
            layout,
            root,
            vault,
            ..
        } = self.context;
        if reason == RebuildReason::ReadOnly {
            let store = Store::in_memory(root, vault)?;
            return self.rebuild_into(store, reason, kept, report);
        }
        let id = FileId::make()?;
        let folder = layout.store(id);
        let rebuilt = Store::create(&folder, id, root, vault)
            .and_then(|store| self.rebuild_into(store, reason, kept, report));
        if rebuilt.is_err() {
            // Whoever makes room for the next try is not to lose it to what is left of this one.
            let _ = store::remove(&folder);
        }
        rebuilt
    }

    fn rebuild_into(
        &self,
        store: Store,
        reason: RebuildReason,
        kept: Option<(Standing, Sums)>,
        report: &mut OpeningReport,
    ) -> Result<Standing, Error> {
        let layout = self.context.layout;
        let Base {
            mut state,
            loaded,
            proven,
            known_at,
            parted,
        } = self.fill_base(&store, report)?;
        let found_time = self.replay(&store, &mut state, &loaded.commits)?;
        let found = store_sums(&store, &self.keys.sum, self.gone)?;
        if let Some(known_at) = known_at {
            report.findings.push(Finding::Fork {
                known_at,
                found_at: found_time,
            });
        }
        if proven && !loaded.has_gap() {
            // A proven checkpoint and every save since: what was reckoned over a damaged store gives way to that.
            state.sums.clone_from(&found);
        }
        if let Some((kept, kept_sums)) = kept {
            let reaches = state.covers(&kept.state.frontier_list());
            if !reaches
                || (!found.agrees_with(&state.sums) && found.total.count <= kept_sums.total.count)
            {
                let id = store.id;
                drop(store);
                store::remove(&layout.store(id))?;
                report.findings.extend(&kept.end_of.findings);
                self.report_incomplete(&kept.state.sums, &kept_sums, report)?;
                return Ok(Standing { parted, ..kept });
            }
        }
        report.findings.extend(&loaded.findings);
        let rows = found.total.count;
        // An empty vault that was never saved to has nothing to rebuild from and nothing to lose.
        report.findings.push(Finding::StoreRebuilt { reason, rows });
        if !found.agrees_with(&state.sums) {
            self.report_incomplete(&state.sums, &found, report)?;
        }
        if let Some(epoch) = self.rekeying {
            store.note_epoch(epoch)?;
        }
        store.apply(&[], &state)?;
        store.flush()?;
        if reason != RebuildReason::ReadOnly {
            store::sync_parent(&layout.store(store.id))?;
        }
        Ok(Standing {
            store,
            state,
            end_of: loaded,
            found_time,
            parted,
        })
    }

    /// Fills a store from what an opening begins with where it has no other.
    fn fill_base(&self, store: &Store, report: &mut OpeningReport) -> Result<Base, Error> {
        let read = self.checkpoints.iter().rev().map(|file| {
            let read =
                checkpoint::check(self.context, &file.path, &file.header, Some(&self.keys.sum));
            (file, read.ok().map(|checked| checked.state))
        });
        let base::Choice {
            start,
            damaged,
            known_at,
            parted,
        } = base::choose(self.context, self.survey, read)?;
        let told = std::iter::repeat_n(Finding::CheckpointDamaged, damaged);
        report.findings.extend(told);
        if self.rekeying.is_some() && !start.is_continued() {
            // A rekey leaves no journal that could tell what is missing.
            return Err(Error::Damaged {
                part: Part::Checkpoint,
            });
        }
        let (state, loaded, proven) = match start {
            Start::Continued(file, state, loaded) => {
                let state = self.fill_from_checkpoint(store, file, state)?;
                (state, loaded, parted.is_empty())
            }
            Start::Nothing(loaded) => (State::default(), loaded, false),
            Start::Parted(file, state, loaded) => {
                let state = self.fill_from_checkpoint(store, file, state)?;
                (state, loaded, false)
            }
            Start::Remains => return self.fill_from_remains(store),
        };
        Ok(Base {
            state,
            loaded,
            proven,
            known_at,
            parted,
        })
    }

    /// Fills a store with the rows of a sound checkpoint.
    fn fill_from_checkpoint(
        &self,
        store: &Store,
        file: &CheckpointFile,
        mut state: State,
    ) -> Result<State, Error> {
        let mut filler = Filler::default();
        let mut done = 0;
        checkpoint::read(self.context, &file.path, &file.header, &mut |key, value| {
            done += 1;
            if done % PROGRESS_ROWS == 0 {
                self.watch.at(Step::Rebuilding { done });
            }
            if self.gone.contains(&key.route()) {
                return Ok(());
            }
            filler.add(store, key, Some(value))
        })?;
        store.fill(&mut filler)?;
        for route in self.gone {
            state.sums.drop_space(route);
        }
        Ok(state)
    }

    /// Fills a store, where no checkpoint is sound, from what can be read of the oldest, which the journal continues.
    fn fill_from_remains(&self, store: &Store) -> Result<Base, Error> {
        let mut state = State::default();
        if let Some(oldest) = self.checkpoints.first() {
            let mut filler = Filler::default();
            let last = checkpoint::salvage(self.context, oldest, &mut |key, value| {
                if self.gone.contains(&key.route()) {
                    return Ok(());
                }
                filler.add(store, key, Some(value))
            })?;
            store.fill(&mut filler)?;
            (state.lamport, state.time) = last.unwrap_or_default();
            state.frontier = base::covered_by_head(oldest);
            state.sums = store_sums(store, &self.keys.sum, self.gone)?;
        }
        let loaded = self.survey.load(self.context, &state.frontier)?;
        Ok(Base {
            known_at: loaded.contradicts.then_some(state.time),
            state,
            proven: self.checkpoints.is_empty() && !loaded.contradicts,
            loaded,
            parted: Vec::new(),
        })
    }

    /// Applies saves to a store. Returns the time of the last one.
    fn replay(
        &self,
        store: &Store,
        state: &mut State,
        commits: &[Commit],
    ) -> Result<Option<i64>, Error> {
        let total = commits.len() as u64;
        for (done, commit) in commits.iter().enumerate() {
            self.watch.at(Step::Replaying {
                done: done as u64,
                total,
            });
            self.apply(store, state, commit)?;
        }
        Ok((state.time != 0).then_some(state.time))
    }

    fn apply(&self, store: &Store, state: &mut State, commit: &Commit) -> Result<(), Error> {
        let mut sums = state.sums.clone();
        let mut changes = Vec::with_capacity(commit.operations.len());
        for operation in &commit.operations {
            let key = operation.key;
            if self.gone.contains(&key.route()) {
                continue;
            }
            if let Some(old) = store.row(&key)? {
                sums.take(&self.keys.sum, &key, &old);
            }
            let value = match operation.action {
                Action::Put => {
                    sums.add(&self.keys.sum, &key, &operation.value);
                    Some(&operation.value[..])
                }
                Action::Delete | Action::Tombstone => None,
            };
            changes.push((key, value));
        }
        // A save that knew of everything before it says with authority how things stand after it. One that was
        // written beside others does not; then what was added up counts.
        let knew_all = state.frontier.iter().all(|(device, point)| {
            commit
                .frontier
                .iter()
                .any(|(d, p)| d == device && p.sequence >= point.sequence)
        });
        if knew_all {
            sums = commit.sums.clone();
            for route in self.gone {
                sums.drop_space(route);
            }
        }
        state.sums = sums;
        state.lamport = state.lamport.max(commit.lamport);
        state.time = commit.time;
        // What it knew of others was taken in before it, or is missing: that is not to be taken for what is here. Numbers
        // that were only skipped have the chain of before.
        for (device, point) in &commit.frontier {
            let known = state.point(*device);
            if point.sequence > known.sequence && point.chain == known.chain {
                state.frontier.insert(*device, *point);
            }
        }
        if commit.point.sequence > state.point(commit.device).sequence {
            state.frontier.insert(commit.device, commit.point);
        }
        store.apply(&changes, state)
    }

    fn report_incomplete(
        &self,
        expected: &Sums,
        found: &Sums,
        report: &mut OpeningReport,
    ) -> Result<(), Error> {
        for route in expected.differing(found) {
            report.findings.push(Finding::Incomplete {
                compartment: self.compartments.get(&route).copied(),
                expected: expected.of(&route).count,
                found: found.of(&route).count,
            });
        }
        Ok(())
    }
}

type Refused = (RebuildReason, Option<(Standing, Sums)>);
