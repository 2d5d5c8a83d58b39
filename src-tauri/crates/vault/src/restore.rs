//! Restoring a backup: a new vault beside the present one, on a new branch of the vault's history, with a new epoch
//! and a device of its own. It is built under a temporary name, opened once, and only then comes to bear its own.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::anchor;
use crate::backup::check;
use crate::backup_file::{BackupFile, DAMAGED};
use crate::beside;
use crate::checkpoint::{self, Surroundings};
use crate::container::Checked;
use crate::create;
use crate::disk::{self, Disk};
use crate::envelope::EpochSecret;
use crate::epoch::EpochFile;
use crate::error::Error;
use crate::header::{self, EpochName, Header, Pending, Point, SlotSort};
use crate::ids::{CompartmentId, DeviceId, EpochId, LineageId};
use crate::journal::Context;
use crate::keyring::{Entry, Forgotten, Keyring, KeyringKey, KeyringName};
use crate::known;
use crate::layout::{self, Layout};
use crate::open::{self, Unlocked};
use crate::primitives;
use crate::progress::Progress;
use crate::report::{Finding, Restored};
use crate::row::Route;
use crate::shared::store_sums;
use crate::state::State;
use crate::vault::{Credential, Host, Places};
use crate::watch::{Step, Watch};

/// What becomes of compartments in a backup that were forgotten after it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Returning {
    /// Nothing is restored: the person is to be asked first.
    #[default]
    Refuse,
    /// They are left out, and stay forgotten.
    LeaveOut,
    /// They come back.
    BringBack,
}

/// How a backup is to be restored.
#[derive(Debug, Clone, Copy, Default)]
pub struct RestoreOptions<'a> {
    /// Compartments that the present vault has forgotten, as `Vault::forgotten` lists them.
    pub forgotten: &'a [CompartmentId],
    /// What becomes of those of them that the backup holds.
    pub returning: Returning,
}

/// Makes a vault of a backup in a folder that is empty or not there. The backup is verified as a whole first; the
/// new vault is opened once before its folder gets its name, so after a crash it is there whole or not at all. The
/// present vault is not touched, and this machine goes on knowing it beside the new one. Errors: `NotEmpty`,
/// `ForgottenWouldReturn`, those of `check_backup`, and those of the disk.
pub fn restore(
    backup: &Path,
    to: &Places,
    credential: Credential<'_>,
    options: RestoreOptions<'_>,
    watch: &dyn Watch,
) -> Result<Restored, Error> {
    restore_on(&Host::default(), backup, to, credential, options, watch)
}

/// As `restore`, on a given host.
pub fn restore_on(
    host: &Host,
    backup: &Path,
    to: &Places,
    credential: Credential<'_>,
    options: RestoreOptions<'_>,
    watch: &dyn Watch,
) -> Result<Restored, Error> {
    let disk = &*host.disk;
    check_target(disk, &to.vault)?;
    let file = BackupFile::read(disk, backup)?;
    let unlocked = file.unlock(credential, watch)?;
    let keyring = file.open(&unlocked.root, &unlocked.keys)?;
    let checked = check(&file, &unlocked.root, &unlocked.keys, watch)?;
    let doomed = doomed(&keyring, options.forgotten);
    if !doomed.is_empty() && options.returning == Returning::Refuse {
        return Err(Error::ForgottenWouldReturn);
    }
    let left_out = match options.returning {
        Returning::BringBack => BTreeSet::new(),
        _ => doomed.clone(),
    };
    let lineage = LineageId::make()?;
    let site = Site::begin(disk, to, &unlocked, lineage)?;
    let mut plan = Plan::draw(&file, &unlocked, keyring, lineage)?;
    plan.leave_out(&left_out, options.forgotten, host.clock.now());
    plan.build(host, &site.layout, &file, &unlocked, &checked, watch)?;
    let compartments = plan.entries.iter().map(|entry| entry.id).collect();
    let rows = prove(host, &site.layout, unlocked, watch)?;
    if watch.cancelled() {
        return Err(Error::Cancelled);
    }
    site.finish(&to.vault)?;
    Ok(Restored {
        vault: file.header.vault,
        lineage,
        rows,
        compartments,
        returned: doomed.difference(&left_out).copied().collect(),
        left_out: left_out.into_iter().collect(),
    })
}

/// What the backup holds although it was forgotten.
fn doomed(keyring: &Keyring, forgotten: &[CompartmentId]) -> BTreeSet<CompartmentId> {
    let ids = keyring.entries.iter().map(|entry| entry.id);
    ids.filter(|id| forgotten.contains(id)).collect()
}

fn check_target(disk: &dyn Disk, folder: &Path) -> Result<(), Error> {
    if folder.file_name().is_none() {
        return Err(Error::NotEmpty);
    }
    match disk.list(folder) {
        Ok(entries) if entries.is_empty() => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Ok(_) => Err(Error::NotEmpty),
        // A file of that name, perhaps.
        Err(error) if error.kind() == ErrorKind::NotADirectory => Err(Error::NotEmpty),
        Err(error) => Err(error.into()),
    }
}

/// The folder in which the new vault grows; it goes again unless it gets its name.
struct Site<'a> {
    disk: &'a dyn Disk,
    layout: Layout,
    /// What this machine begins to know with it.
    device_files: Vec<PathBuf>,
    finished: bool,
}

impl<'a> Site<'a> {
    fn begin(
        disk: &'a dyn Disk,
        to: &Places,
        unlocked: &Unlocked,
        lineage: LineageId,
    ) -> Result<Self, Error> {
        let folder = disk::temporary(&to.vault);
        let layout = Layout::new(&folder, &to.device).of_branch(lineage);
        beside::clear(disk, &layout)?;
        let vault = unlocked.header.vault;
        let mut device_files = vec![layout.device(vault), layout.anchor(vault)];
        let tag = known::derive_tag(&unlocked.root, vault);
        let list = layout.clone().of_root(tag).backups(vault);
        if disk::read_if_there(disk, &list)?.is_none() {
            device_files.push(list);
        }
        Ok(Site {
            disk,
            device_files,
            layout,
            finished: false,
        })
    }

    /// Gives the vault its name.
    fn finish(mut self, folder: &Path) -> Result<(), Error> {
        self.disk.move_folder(&self.layout.root, folder)?;
        self.finished = true;
        Ok(disk::sync_parent(self.disk, folder)?)
    }
}

impl Drop for Site<'_> {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // The error was told already, and what stays behind bears no vault's name.
        let _ = self.disk.remove_folder(&self.layout.root);
        for file in &self.device_files {
            let _ = self.disk.remove(file);
        }
    }
}

/// The keys and names of the new vault.
struct Plan {
    header: Header,
    device: DeviceId,
    secret: EpochSecret,
    key: KeyringKey,
    entries: Vec<Entry>,
    forgotten: Vec<Forgotten>,
    extensions: zeroize::Zeroizing<Vec<u8>>,
    gone: BTreeSet<CompartmentId>,
}

impl Plan {
    fn draw(
        file: &BackupFile<'_>,
        unlocked: &Unlocked,
        keyring: Keyring,
        lineage: LineageId,
    ) -> Result<Plan, Error> {
        let old = &file.header;
        let vault = old.vault;
        let device = DeviceId::make()?;
        // With a secret of its own, what is forgotten in the new vault does not hang on the old one's files.
        let epoch = EpochName {
            number: old.epoch.number.checked_add(1).ok_or(DAMAGED)?,
            id: EpochId::make()?,
        };
        let secret = EpochSecret::make()?;
        let kept = |sort| matches!(sort, SlotSort::Passphrase | SlotSort::SpareKey);
        let header = Header {
            lineage,
            revision: old.revision.checked_add(1).ok_or(DAMAGED)?,
            writer: device,
            parent: primitives::sha256(&[&unlocked.bytes]),
            epoch,
            epoch_proof: header::derive_epoch_proof(vault, epoch, &secret),
            keyring_revision: old.keyring_revision.checked_add(1).ok_or(DAMAGED)?,
            floor: Point::default(),
            pending: Pending::Nothing,
            slots: old
                .slots
                .iter()
                .filter(|slot| kept(slot.sort))
                .cloned()
                .collect(),
            ..old.clone()
        };
        Ok(Plan {
            key: KeyringKey::derive(&unlocked.root, &secret, vault),
            header,
            device,
            secret,
            entries: keyring.entries,
            forgotten: keyring.forgotten,
            extensions: keyring.extensions,
            gone: BTreeSet::new(),
        })
    }

    /// Leaves compartments out, and lets the vault know all that was forgotten.
    fn leave_out(
        &mut self,
        left_out: &BTreeSet<CompartmentId>,
        forgotten: &[CompartmentId],
        time: crate::report::Moment,
    ) {
        self.entries.retain(|entry| !left_out.contains(&entry.id));
        for id in forgotten {
            let there = self.entries.iter().any(|entry| entry.id == *id)
                || self.forgotten.iter().any(|gone| gone.id == *id);
            if !there {
                self.forgotten.push(Forgotten {
                    id: *id,
                    epoch: self.header.epoch.number,
                    time,
                    device: self.device,
                });
            }
        }
        self.gone.clone_from(left_out);
    }

    /// Writes everything; the header last, so that there is no vault before it is whole.
    fn build(
        &mut self,
        host: &Host,
        layout: &Layout,
        file: &BackupFile<'_>,
        unlocked: &Unlocked,
        checked: &Checked,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        let disk = &*host.disk;
        let Unlocked { root, keys, .. } = unlocked;
        let vault = self.header.vault;
        create::make_folders(disk, layout)?;
        let held = disk.hold(&layout.lock())?;
        held.mark(true)?;
        let secret = EpochSecret::from_slice(self.secret.bytes()).ok_or(Error::Stale)?;
        let epoch = EpochFile {
            vault,
            name: self.header.epoch,
            secret,
        };
        create::write_epoch(disk, layout, &epoch)?;
        let keyring = self.seal_keyring()?;
        self.header.keyring_hash = primitives::sha256(&[&keyring]);
        let revision = self.header.keyring_revision;
        disk::write_whole(disk, &layout.keyring(revision), &keyring)?;

        let gone: BTreeSet<Route> = self
            .gone
            .iter()
            .map(|id| keys.namer.derive_route(*id))
            .collect();
        let mut state = checked.state.clone();
        for route in &gone {
            state.sums.drop_space(route);
        }
        let context = Context {
            disk,
            layout,
            root,
            vault,
            lineage: self.header.lineage,
        };
        let total = checked.state.sums.total.count;
        self.copy_rows(
            context,
            file,
            unlocked,
            &state,
            &gone,
            Progress::new(watch, total),
        )?;

        let device = anchor::seal_device(self.device, root, vault)?;
        disk::write_whole(disk, &layout.device(vault), &device)?;
        watch.at(Step::Writing);
        let bytes = self.header.encode(&keys.header);
        for copy in layout::COPIES {
            disk::write_whole(disk, &layout.header(copy), &bytes)?;
        }
        Ok(())
    }

    /// Makes the rows of the backup the vault's first checkpoint.
    fn copy_rows(
        &self,
        context: Context<'_>,
        file: &BackupFile<'_>,
        unlocked: &Unlocked,
        state: &State,
        gone: &BTreeSet<Route>,
        mut progress: Progress<'_>,
    ) -> Result<(), Error> {
        let surroundings = Surroundings {
            header_revision: self.header.revision,
            keyring_revision: self.header.keyring_revision,
            keyring_hash: self.header.keyring_hash,
            epoch: self.header.epoch.id,
        };
        let sum_key = &unlocked.keys.sum;
        checkpoint::write_from(
            context,
            self.device,
            None,
            state,
            surroundings,
            sum_key,
            |add| {
                file.read_rows(&unlocked.root, &mut |key, value| {
                    progress.restoring()?;
                    if gone.contains(&key.route()) {
                        return Ok(());
                    }
                    add(key, value)
                })
                .map(|_| ())
            },
        )?;
        Ok(())
    }

    fn seal_keyring(&self) -> Result<Vec<u8>, Error> {
        let name = KeyringName {
            vault: self.header.vault,
            lineage: self.header.lineage,
            epoch: self.header.epoch,
            revision: self.header.keyring_revision,
        };
        let (entries, forgotten) = (self.entries.iter(), &self.forgotten);
        Keyring::seal(&self.key, name, entries, forgotten, &self.extensions)
    }
}

/// Opens the new vault under its temporary name, lets it build its store and come to rest, and finds nothing amiss.
/// Returns how many rows it has.
fn prove(
    host: &Host,
    layout: &Layout,
    unlocked: Unlocked,
    watch: &dyn Watch,
) -> Result<u64, Error> {
    let (shared, report) = open::open_with_root(host, layout.clone(), unlocked.root, watch)?;
    let expected = |finding: &Finding| {
        matches!(
            finding,
            Finding::StoreRebuilt { .. }
                | Finding::CurrentRebuilt
                | Finding::FirstTimeHere
                | Finding::OtherKeysSince
                | Finding::UnknownRows { .. }
                | Finding::PermissionsTightened { .. }
                | Finding::PermissionsLoose { .. }
                | Finding::LinksIgnored { .. }
        )
    };
    if !report.findings.iter().all(expected) {
        return Err(DAMAGED);
    }
    if report.read_only {
        // It was made a moment ago: nothing but a lack of space keeps it from being written.
        return Err(Error::NoSpace);
    }
    let found = store_sums(&shared.store(), &shared.keys.sum, &BTreeSet::new())?;
    if !found.agrees_with(&shared.writer()?.state.sums) {
        return Err(DAMAGED);
    }
    shared.close()?;
    Ok(found.total.count)
}
