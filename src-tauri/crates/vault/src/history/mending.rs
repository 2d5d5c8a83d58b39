//! Writing the history anew from a store that is proven whole.

use std::path::{Path, PathBuf};

use super::{ASIDE_PREFIX, Checkpoints, DamagedFile, HistoryCheck, encode_epoch, look};
use crate::disk::{self, Disk, EntrySort};
use crate::error::{Error, Part};
use crate::forget;
use crate::header::Header;
use crate::ids::FileId;
use crate::layout::Layout;
use crate::progress::Progress;
use crate::shared::{CHECKPOINTS_KEPT, Head, Shared, Writer};
use crate::sums::Sums;
use crate::watch::{Step, Watch};

pub fn mend(shared: &Shared, watch: &dyn Watch) -> Result<HistoryCheck, Error> {
    shared.check_writable()?;
    // Nothing is carried away and nothing is destroyed meanwhile.
    let _no_backup = shared.hold_backups()?;
    let anchoring = shared.anchoring()?;
    let mut writer = shared.writer()?;
    let check = look(shared, &writer, Checkpoints::default(), watch)?;
    let is_damaged = |wanted| check.damaged.iter().any(|file| file.part == wanted);
    let history = is_damaged(Part::Journal) || is_damaged(Part::Checkpoint);
    mend_copies(shared, &writer, &check.damaged)?;
    if history {
        prove_store(shared, &writer, watch)?;
        watch.at(Step::Writing);
        // Journal is removed that may reach back to what the anchor says.
        shared.write_anchor_of(&anchoring, &writer.state)?;
        let store = shared.store();
        for _ in 0..CHECKPOINTS_KEPT {
            let state = writer.state.clone();
            shared.checkpoint_of(&mut writer, &store, &state)?;
        }
    }
    if history || is_damaged(Part::Current) {
        let store = shared.store().id;
        shared.write_current(&mut writer, store)?;
    }
    if history {
        begin_anew(shared, &mut writer, &check.damaged)?;
    }
    Ok(check)
}

/// Writes what is held open in the place of copies that are damaged.
fn mend_copies(shared: &Shared, writer: &Writer, damaged: &[DamagedFile]) -> Result<(), Error> {
    let disk = &*shared.host.disk;
    let of = |part| damaged.iter().filter(move |file| file.part == part);
    {
        let head = shared.head()?;
        for file in of(Part::Header) {
            refuse_newer_header(shared, &head, &file.path)?;
            disk::write_whole(disk, &file.path, &head.bytes)?;
        }
        let epoch = encode_epoch(shared, &head)?;
        for file in of(Part::Epoch) {
            disk::write_whole(disk, &file.path, &epoch)?;
        }
    }
    if of(Part::Keyring).next().is_none() {
        return Ok(());
    }
    let present = shared.head()?.header.keyring_revision;
    let present = shared.layout.keyring(present);
    // The header names a keyring by its hash: another one takes its place, and one more, so that the one before that, to
    // which an opening would fall back, is whole as well.
    shared.write_keyring_again(writer)?;
    if of(Part::Keyring).any(|file| file.path == present) {
        shared.write_keyring_again(writer)?;
    }
    Ok(())
}

/// A header that is genuine and newer was written by somebody else: this session is the one that is behind.
fn refuse_newer_header(shared: &Shared, head: &Head, path: &Path) -> Result<(), Error> {
    let Some(bytes) = disk::read_if_there(&*shared.host.disk, path).unwrap_or(None) else {
        return Ok(());
    };
    let newer = Header::parse(&bytes).is_ok_and(|there| there.revision > head.header.revision);
    if newer && Header::is_authentic(&bytes, &shared.keys.header) {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Counts the rows of the store against the sums of the last save: nothing else may take the place of the history.
fn prove_store(shared: &Shared, writer: &Writer, watch: &dyn Watch) -> Result<(), Error> {
    let unproven = Error::Damaged { part: Part::Store };
    if shared.rows_are_suspect() {
        return Err(unproven);
    }
    let store = shared.store();
    // Saves that have not reached the store's own files are in the damaged ones alone.
    store.flush()?;
    let mut progress = Progress::new(watch, writer.state.sums.total.count);
    let mut found = Sums::default();
    // What was forgotten may still be there while that is unfinished.
    let gone = shared.gone()?;
    for row in store.rows(None) {
        progress.verifying()?;
        let (key, value) = row?;
        if !gone.contains(&key.route()) {
            found.add(&shared.keys.sum, &key, &value);
        }
    }
    if found.agrees_with(&writer.state.sums) {
        return Ok(());
    }
    shared.suspect_rows();
    Err(unproven)
}

/// Two checkpoints cover everything by now. Puts what is damaged aside and removes the rest of what was before, as a
/// sweep does. Saves go on in a segment that is begun first: whatever fails after that, they are in no file that is gone.
fn begin_anew(shared: &Shared, writer: &mut Writer, damaged: &[DamagedFile]) -> Result<(), Error> {
    let disk = &*shared.host.disk;
    let of_history = |file: &&DamagedFile| {
        !file.missing && matches!(file.part, Part::Journal | Part::Checkpoint)
    };
    let aside: Vec<&PathBuf> = damaged
        .iter()
        .filter(of_history)
        .map(|file| &file.path)
        .collect();
    shared.begin_segment(writer)?;
    put_aside(disk, &shared.layout, &aside)?;
    let before = writer.checkpoints.len().saturating_sub(CHECKPOINTS_KEPT);
    writer.checkpoints.drain(..before);
    forget::remove_other_checkpoints(shared, writer)?;
    shared.clear_journal(writer)?;
    Ok(())
}

/// Gives damaged files another place, where nothing reads them; the next forgetting destroys them.
fn put_aside(disk: &dyn Disk, layout: &Layout, paths: &[&PathBuf]) -> Result<(), Error> {
    if paths.is_empty() {
        return Ok(());
    }
    let folder = layout
        .aside()
        .join(format!("{ASIDE_PREFIX}{}", FileId::make()?));
    disk.make_folder(&folder)?;
    disk.sync_folder(&layout.aside())?;
    disk.sync_folder(&layout.local())?;
    for path in paths {
        let mut names = path.iter().rev().map(|name| name.to_string_lossy());
        let name = names.next().unwrap_or_default();
        // The same name may stand below two devices.
        let of = names.next().unwrap_or_default();
        disk.rename(path, &folder.join(format!("{of}-{name}")))?;
    }
    disk.sync_folder(&folder)?;
    for path in paths {
        disk::sync_parent(disk, path)?;
    }
    Ok(())
}

/// Overwrites and removes the files that were put aside. Returns how many.
pub fn destroy_aside(disk: &dyn Disk, layout: &Layout) -> Result<u64, Error> {
    let mut destroyed = 0;
    for folder in disk::list_if_there(disk, &layout.aside())? {
        if folder.sort != EntrySort::Folder || !folder.name.starts_with(ASIDE_PREFIX) {
            continue;
        }
        let path = layout.aside().join(&folder.name);
        for entry in disk::list_if_there(disk, &path)? {
            if entry.sort == EntrySort::File {
                disk::destroy(disk, &path.join(&entry.name))?;
                destroyed += 1;
            }
        }
        disk.remove_folder(&path)?;
    }
    Ok(destroyed)
}
