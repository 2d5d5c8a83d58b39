//! A model of the vault: which files there are in its folder and beside it, which of their changes a power cut would
//! keep, and the steps in which saving, checkpoints, compaction, a new passphrase, a second passphrase, forgetting, new
//! keys and putting a backup back change them. A process may be killed and the power may go between any two steps,
//! opening included; one header copy, or the checkpoint that new keys have prepared, may be damaged on top of it; and
//! somebody may put an older copy of the folder in its place, or move it away.
//!
//! The steps were read off the code of the crate `vault`, and of `shell` where that moves the vault's folder; each
//! bears the name of the function that takes it. `Order::AsIs` is what the code does; every other order is wrong in one
//! thing, and a test shows which promise that breaks.
//!
//! What is left out: bytes (a file is whole, zeros, or not there), other devices, keychains and spare keys (slots like
//! the passphrase's), several compartments with a second passphrase, cancelling, and disks that fail without the
//! process ending. A vault is put back only where another is, and by one process alone.

mod disk;
mod machine;
mod opening;
mod renewing;
mod restoring;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

pub use disk::{
    Bytes, Checkpoint, Content, Current, Epoch, Folder, Header, Keyring, Name, Pending, Point,
    Ring, Segment, Store,
};
pub use machine::{Anchor, Backup, DeviceFile, Disk, Machine, Marker, Place, Places, Switch};
pub use opening::{Alarm, Credential, Refused, Site, plan_opening};
pub use renewing::Renewal;
pub use steps::{Acknowledged, Memory, Step};

/// A set of saves, one bit for each.
pub type Saves = u8;

/// The compartment that may be forgotten and that may have a second passphrase, and all there are.
pub const DOOMED: u8 = 0b01;
/// See `DOOMED`.
pub const BOTH: u8 = 0b11;

/// In which order the steps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// As the vault takes them.
    AsIs,
    /// A save is answered before its frame is synced.
    AnswersBeforeSync,
    /// Forgetting destroys the old epoch before the header names the new one.
    DestroysBeforeHeader,
    /// Forgetting destroys the old epoch when one header copy is written.
    DestroysAfterOneCopy,
    /// Journal that a checkpoint covers is removed before the checkpoint has its name for good.
    TrimsBeforeCheckpoint,
    /// An opening builds on frames and names that nobody has synced, because their writer was killed.
    TrustsUnsynced,
    /// An opening that brings something to its end destroys what was before it mends the header copies.
    OpeningDestroysBeforeMending,
    /// The anchor is told of a save before its frame is synced.
    TellsAnchorBeforeSync,
    /// Whoever settles the vault answers before the anchor is told.
    SettlesBeforeAnchor,
    /// Journal that a checkpoint covers is removed although the anchor reaches back to it.
    TrimsBeyondAnchor,
    /// Forgetting removes the journal without having told the anchor first.
    ForgetsBeforeAnchor,
    /// A second passphrase is set, changed or removed, and the journal with it, without the anchor having been told
    /// first.
    RekeysBeforeAnchor,
    /// New keys destroy the old ones before the header names them.
    RekeyDestroysBeforeHeader,
    /// New keys destroy the old ones when one header copy is written.
    RekeyDestroysAfterOneCopy,
    /// New keys write keyring and epoch after the header.
    RekeyWritesKeyringLast,
    /// New keys prepare the rows after the header.
    RekeyPreparesRowsLast,
    /// New keys give the checkpoint its name before the header.
    RekeyNamesCheckpointFirst,
    /// New keys leave their marker after the files that it is to undo.
    RekeyWritesMarkerLast,
    /// New keys remove the marker before they have done what it says.
    RekeyRemovesMarkerFirst,
    /// New keys say that nothing is left to destroy before all is destroyed.
    RekeyIsDoneBeforeDestroying,
    /// A restored vault takes the place of the present one without having been opened.
    SwitchesBeforeOpening,
    /// A restored vault takes the place of the present one before it has a header.
    SwitchesBeforeHeader,
    /// The present vault is removed before the restored one has its name.
    RemovesPresentFirst,
    /// Nobody syncs the names of the vaults after a switch.
    LeavesSwitchUnsynced,
    /// A restored vault takes the place of the present one, and nothing says so meanwhile.
    SwitchesUnmarked,
    /// The marker of a switch is written when the present vault has moved.
    MarksSwitchAfterMoving,
    /// The present vault moves before the marker is there for good.
    LeavesMarkUnsynced,
    /// The marker is removed before the restored vault is in its place.
    EndsSwitchBeforeMovingIn,
    /// The marker is removed before the restored vault is in its place for good.
    EndsSwitchBeforeSync,
    /// A start brings a restored vault to an empty place although no marker names it.
    FinishesUnmarked,
}

/// What has been asked of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `Vault::save`, into the compartment that may be forgotten or into the other.
    Save {
        /// Which of the two.
        doomed: bool,
    },
    /// `Shared::write_checkpoint`.
    Checkpoint,
    /// `Vault::compact`.
    Compact,
    /// `Vault::change_passphrase`.
    ChangePassphrase,
    /// `Vault::set_second_passphrase` or `Vault::change_second_passphrase`.
    SetSecond,
    /// `Vault::remove_second_passphrase`.
    RemoveSecond,
    /// `Vault::forget`.
    Forget,
    /// `Vault::rekey`.
    Rekey,
    /// `Shared::settle`: the store is flushed and the anchor told in the background.
    Settle,
    /// `Vault::lock`.
    Lock,
    /// `shell::putting_back::put_back`.
    PutBack,
}

/// What was said to whoever asked of one vault, kept outside it so that it can be held to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Promised {
    /// Saves that were begun.
    pub begun: Saves,
    /// Saves that were acknowledged, or shown by an opening.
    pub kept: Saves,
    /// The passphrase that holds.
    pub passphrase: u8,
    /// One that a change has begun to put in its place.
    pub tried: Option<u8>,
    /// The second passphrase that holds; 0 is none.
    pub second: u8,
    /// One that a change has begun to put in its place.
    pub second_tried: Option<u8>,
    /// A forgetting was begun.
    pub forgetting: bool,
    /// It was acknowledged, or its outcome shown by an opening.
    pub forgotten: bool,
    /// Revision of the header and rows that this machine was said to know for good.
    pub known: (u8, Saves),
}

impl Promised {
    /// The passphrases that may hold.
    pub fn passphrases(&self) -> impl Iterator<Item = u8> + use<> {
        [Some(self.passphrase), self.tried].into_iter().flatten()
    }
}

/// All that was said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Promises {
    /// By the folder of the vault, whatever it is called.
    pub of: BTreeMap<u8, Promised>,
    /// Which folders may be found in the vault's place.
    pub in_place: BTreeSet<u8>,
    /// Which were there and shown, and must lie somewhere.
    pub shown: BTreeSet<u8>,
    /// Lineages that were in force.
    pub lineages: BTreeSet<u8>,
    /// How many saves were begun.
    pub saves: u8,
    /// Somebody has moved away what was in the vault's place.
    pub moved_away: bool,
}

/// What is left to be done to the vault, and to happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Budget {
    /// Saves.
    pub saves: u8,
    /// Checkpoints, compactions, passphrase changes, second passphrases, forgettings, rekeyings, lockings and restorings,
    /// all together.
    pub operations: u8,
    /// Kills and power cuts, all together.
    pub crashes: u8,
    /// Damaged header copies and prepared checkpoints.
    pub damages: u8,
    /// Backups.
    pub backups: u8,
    /// Copies of the folder that somebody keeps.
    pub copies: u8,
    /// How often somebody moves what is in the vault's place away.
    pub moves: u8,
}

/// Everything: the disk, the process if there is one, and what was promised.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// The folders.
    pub disk: Disk,
    /// The process that has the vault open, is opening it, or puts a backup back.
    pub memory: Option<Memory>,
    /// What it has said.
    pub promises: Promises,
    /// What may still happen.
    pub budget: Budget,
    /// Set when an opening broke a promise; says which.
    pub broken: Option<&'static str>,
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// Somebody asks.
    Ask(Operation),
    /// The process takes its next step.
    Take(Step),
    /// `Vault::backup`.
    BackUp,
    /// Somebody copies the vault's folder.
    Copy,
    /// Somebody gives the folder in the vault's place a name of their own while the vault is closed.
    MoveElsewhere,
    /// `SIGKILL`.
    Kill,
    /// The power goes; the number says which changes that were not synced are on the disk all the same.
    PowerCut(u16),
    /// One copy of the header is damaged while the vault is closed.
    Damage(usize),
    /// The checkpoint that new keys have prepared is damaged while the vault is closed.
    DamagePrepared,
    /// `Vault::open` with this passphrase.
    Open(u8),
}

impl World {
    /// A vault that was just made and is open.
    pub fn new(budget: Budget) -> World {
        let header = Header {
            revision: 1,
            lineage: 0,
            root: 0,
            passphrase: 0,
            epoch: Epoch { number: 1, id: 0 },
            keyring: 1,
            pending: Pending::Nothing,
            floor: Point::default(),
            writer: 0,
        };
        let ring = Ring {
            spaces: BOTH,
            generation: 0,
            second: 0,
        };
        let known = Promised {
            known: (header.revision, 0),
            ..Promised::default()
        };
        World {
            disk: Disk::new(header, ring),
            memory: Some(Memory::new(header, ring)),
            promises: Promises {
                of: BTreeMap::from([(0, known)]),
                in_place: BTreeSet::from([0]),
                shown: BTreeSet::from([0]),
                lineages: BTreeSet::from([0]),
                saves: 0,
                moved_away: false,
            },
            budget,
            broken: None,
        }
    }

    /// What may happen now.
    pub fn events(&self, order: Order, events: &mut Vec<Event>) {
        if self.broken.is_some() {
            return;
        }
        if self.budget.copies > 0 && self.memory.as_ref().is_none_or(|m| m.todo.is_empty()) {
            events.push(Event::Copy);
        }
        let may_crash = self.budget.crashes > 0;
        let cuts = || (0..self.disk.power_cuts()).map(Event::PowerCut);
        match &self.memory {
            Some(memory) => {
                match memory.todo.first() {
                    Some(step) => events.push(Event::Take(step.clone())),
                    None => self.ask(memory, events),
                }
                if may_crash {
                    events.push(Event::Kill);
                    events.extend(cuts());
                }
            }
            None => {
                let passphrases = self.promised(order).into_iter();
                let passphrases = passphrases.flat_map(|promised| promised.passphrases());
                let opening = passphrases.filter(|one| self.plan(*one, order).is_ok());
                events.extend(opening.map(Event::Open));
                if self.budget.damages > 0 {
                    events.extend([Event::Damage(0), Event::Damage(1)]);
                    events.extend(self.prepared(order).map(|_| Event::DamagePrepared));
                }
                let [vault, away] = [Place::Vault, Place::Away].map(|p| self.disk.places.at(p));
                if self.budget.moves > 0 && vault.is_some() && away.is_none() {
                    events.push(Event::MoveElsewhere);
                }
                // After a kill the power may go, too, before anybody opens.
                if may_crash && self.disk.power_cuts() > 1 {
                    events.extend(cuts());
                }
            }
        }
    }

    fn ask(&self, memory: &Memory, events: &mut Vec<Event>) {
        let has_doomed = memory.ring.spaces & DOOMED != 0;
        let mut ask = |operation| events.push(Event::Ask(operation));
        if self.budget.saves > 0 {
            ask(Operation::Save { doomed: false });
            if has_doomed {
                ask(Operation::Save { doomed: true });
            }
        }
        if self.budget.operations > 0 {
            ask(Operation::Compact);
            ask(Operation::ChangePassphrase);
            ask(Operation::Rekey);
            ask(Operation::Lock);
            if memory.changed {
                ask(Operation::Checkpoint);
            }
            if has_doomed {
                ask(Operation::Forget);
                ask(Operation::SetSecond);
            }
            if has_doomed && memory.ring.second != 0 {
                ask(Operation::RemoveSecond);
            }
            if self.disk.backup.is_some() && self.disk.places.at(Place::Before).is_none() {
                ask(Operation::PutBack);
            }
        }
        let folder = &self.disk.folders[&memory.folder];
        let known = self.disk.machine.anchors.get(&memory.branch);
        let known = known.and_then(|name| name.now) == Some(memory.anchor());
        if folder.stores.values().any(Store::is_behind) || !known {
            ask(Operation::Settle);
        }
        if self.budget.backups > 0 {
            events.push(Event::BackUp);
        }
    }

    /// What was said of the vault that is found in its place.
    fn promised(&self, order: Order) -> Option<&Promised> {
        self.promises.of.get(&self.disk.vault(order)?)
    }

    fn promised_of(&mut self, folder: u8) -> &mut Promised {
        self.promises.of.entry(folder).or_default()
    }

    /// What an opening of the vault in its place would do, after the start of the program has finished a switch.
    fn plan(&self, passphrase: u8, order: Order) -> Result<Memory, Refused> {
        let (first, disk) = restoring::finish_switch(&self.disk, order);
        let gone = Refused::Damaged("folder");
        let vault = disk.places.at(Place::Vault).ok_or(gone)?;
        let site = site(&disk, vault, order).ok_or(gone)?;
        let mut memory = plan_opening(site, Credential::Passphrase(passphrase))?;
        memory.folder = vault;
        memory.prepend(first);
        Ok(memory)
    }

    /// The checkpoint that new keys have prepared, while they are not finished.
    fn prepared(&self, order: Order) -> Option<(u8, u8)> {
        let vault = self.disk.vault(order)?;
        let folder = self.disk.folders.get(&vault)?;
        let headers = || folder.header.iter().filter_map(|name| name.now);
        let unfinished =
            |epoch| headers().any(|h| h.pending == Pending::OldLineage && h.epoch.id == epoch);
        let mut files = folder.present_checkpoints();
        let found = files.find(|(_, file)| file.bytes == Bytes::Whole && unfinished(file.epoch));
        found.map(|(number, _)| (vault, number))
    }

    /// The world after an event.
    pub fn after(&self, event: &Event, order: Order) -> World {
        let mut next = self.clone();
        match event {
            Event::Ask(operation) => next.begin(*operation, order),
            Event::Take(_) => next.take_step(order),
            Event::BackUp => {
                next.budget.backups -= 1;
                next.disk.backup = next.memory.as_ref().map(restoring::back_up);
            }
            Event::Copy => {
                next.budget.copies -= 1;
                let vault = next.disk.vault(order);
                next.disk.copy = vault.and_then(|vault| {
                    let folder = next.disk.folders.get(&vault)?;
                    Some((vault, Box::new(folder.copied())))
                });
            }
            Event::MoveElsewhere => {
                next.budget.moves -= 1;
                next.promises.moved_away = true;
                next.disk.places.rename(Place::Vault, Place::Away);
                // Of a switch whose end was not acknowledged the marker may be there still, or again when the power has
                // gone: it brings back what was there before.
                let kept = next.disk.switch.either().map(|switch| switch.kept);
                next.promises.in_place.extend(kept);
            }
            Event::Kill => {
                next.budget.crashes -= 1;
                next.memory = None;
            }
            Event::PowerCut(way) => {
                next.budget.crashes -= 1;
                next.memory = None;
                next.disk.cut_power(*way);
            }
            Event::Damage(copy) => {
                next.budget.damages -= 1;
                let vault = next.disk.vault(order);
                if let Some(folder) = vault.and_then(|vault| next.disk.folders.get_mut(&vault)) {
                    folder.header[*copy].damage();
                }
            }
            Event::DamagePrepared => {
                next.budget.damages -= 1;
                if let Some((vault, number)) = self.prepared(order)
                    && let Some(folder) = next.disk.folders.get_mut(&vault)
                {
                    folder.damage_checkpoint(number);
                }
            }
            Event::Open(passphrase) => next.memory = self.plan(*passphrase, order).ok(),
        }
        next
    }

    fn begin(&mut self, operation: Operation, order: Order) {
        let Some(mut memory) = self.memory.take() else {
            return;
        };
        let folder = memory.folder;
        match operation {
            Operation::Save { .. } => self.budget.saves -= 1,
            Operation::Settle => {}
            _ => self.budget.operations -= 1,
        }
        match operation {
            Operation::Save { doomed } => {
                let save = 1 << self.promises.saves;
                self.promises.saves += 1;
                self.promised_of(folder).begun |= save;
                if doomed {
                    self.disk.doomed |= save;
                }
                memory.plan_save(save, &self.disk, order);
            }
            Operation::Settle => memory.plan_settling(order),
            Operation::Checkpoint => memory.plan_checkpoint(order),
            Operation::Compact => memory.plan_compaction(),
            Operation::ChangePassphrase => {
                let new = self.disk.draw();
                self.promised_of(folder).tried = Some(new);
                memory.plan_passphrase(new);
            }
            Operation::SetSecond | Operation::RemoveSecond => {
                let drawn = self.disk.draw();
                let second = if operation == Operation::SetSecond {
                    drawn
                } else {
                    0
                };
                self.promised_of(folder).second_tried = Some(second);
                memory.plan_renewal(&mut self.disk, Renewal::Second(second), order);
            }
            Operation::Forget => {
                self.promised_of(folder).forgetting = true;
                memory.plan_forgetting(&mut self.disk, order);
            }
            Operation::Rekey => {
                let new = self.disk.draw();
                self.promised_of(folder).tried = Some(new);
                memory.plan_renewal(&mut self.disk, Renewal::Whole(new), order);
            }
            Operation::Lock => memory
                .todo
                .extend([Step::Close, Step::Answer(Acknowledged::Locked)]),
            Operation::PutBack => memory.plan_restoring(),
        }
        self.memory = Some(memory);
    }

    fn take_step(&mut self, order: Order) {
        let Some(mut memory) = self.memory.take() else {
            return;
        };
        let step = memory.todo.remove(0);
        let said = memory.take(step.clone(), &mut self.disk, order);
        match step {
            Step::BeginRestore => {
                let restored = Promised {
                    begun: memory.content.rows,
                    kept: memory.content.rows,
                    passphrase: memory.header.passphrase,
                    second: memory.ring.second,
                    forgotten: memory.ring.spaces & DOOMED == 0,
                    ..Promised::default()
                };
                self.promises.of.insert(memory.folder, restored);
                self.promises.lineages.insert(memory.header.lineage);
            }
            // From here on either may be there.
            Step::MoveAway | Step::RemovePresent => {
                self.promises.in_place.insert(memory.folder);
            }
            _ => {}
        }
        let ended = matches!(said, Some(Acknowledged::Locked | Acknowledged::Restored));
        if let Some(said) = said {
            self.hear(&memory, said);
        }
        self.memory = Some(memory).filter(|_| !ended);
    }

    fn hear(&mut self, memory: &Memory, said: Acknowledged) {
        let known = (memory.header.revision, memory.content.rows);
        let promised = self.promised_of(memory.folder);
        match said {
            Acknowledged::Saved(save) => promised.kept |= save,
            Acknowledged::Passphrase => {
                promised.passphrase = memory.header.passphrase;
                promised.tried = None;
            }
            Acknowledged::Forgotten => {
                promised.forgotten = true;
                promised.known = known;
            }
            Acknowledged::Rekeyed => {
                promised.passphrase = memory.header.passphrase;
                promised.tried = None;
                promised.known = known;
                self.promises.lineages.insert(memory.header.lineage);
            }
            Acknowledged::Second => {
                promised.second = memory.ring.second;
                promised.second_tried = None;
                promised.known = known;
            }
            Acknowledged::Settled | Acknowledged::Locked => promised.known = known,
            Acknowledged::Opened => self.shown(memory),
            Acknowledged::Restored => {
                self.promises.in_place = BTreeSet::from([memory.folder]);
                self.promises.shown.insert(memory.folder);
            }
            Acknowledged::Unfit => self.broken = Some("a restored vault does not open"),
        }
    }

    /// An opening shows what there is: from then on that is what holds, if it is one of the things that may.
    fn shown(&mut self, memory: &Memory) {
        let expected = self.promises.in_place.contains(&memory.folder);
        let promised = self.promised_of(memory.folder);
        let gone = memory.ring.spaces & DOOMED == 0;
        let second = memory.ring.second;
        let broken = if !expected {
            Some("another vault is in its place")
        } else if gone && !promised.forgetting && !promised.forgotten {
            Some("a compartment is gone that nobody forgot")
        } else if !gone && promised.forgotten {
            Some("a forgotten compartment is back")
        } else if !gone && second != promised.second && Some(second) != promised.second_tried {
            Some("the compartment takes another second passphrase")
        } else if memory.content.rows & !promised.begun != 0 {
            Some("rows that nobody saved")
        } else {
            None
        };
        promised.forgotten |= gone;
        promised.forgetting &= gone;
        promised.passphrase = memory.header.passphrase;
        promised.tried = None;
        promised.second = second;
        promised.second_tried = None;
        promised.kept |= memory.content.rows;
        promised.known = (memory.header.revision, memory.content.rows);
        self.promises.in_place = BTreeSet::from([memory.folder]);
        self.promises.shown.insert(memory.folder);
        self.promises.lineages.insert(memory.header.lineage);
        self.broken = broken;
    }

    /// The process, where the vault is open and nothing is under way.
    pub fn at_rest(&self) -> Option<&Memory> {
        self.memory.as_ref().filter(|memory| memory.todo.is_empty())
    }

    /// No save that was acknowledged, or shown by an opening, is missing.
    pub fn keeps_saves(&self) -> bool {
        self.at_rest().is_none_or(|memory| {
            let gone = memory.ring.spaces & DOOMED == 0;
            let gone = if gone { self.disk.doomed } else { 0 };
            let promised = self.promises.of.get(&memory.folder);
            promised.is_none_or(|promised| promised.kept & !gone & !memory.content.rows == 0)
        })
    }

    /// Every vault that was ever in its place lies somewhere under a name, and opens with all that it had.
    pub fn keeps_vaults(&self, order: Order) -> bool {
        let vault = self.disk.vault(order);
        let mut beside = self.promises.shown.iter();
        beside.all(|folder| {
            if Some(*folder) == vault {
                return true;
            }
            let promised = &self.promises.of[folder];
            let opens = |passphrase| {
                let site = site(&self.disk, *folder, order)?;
                let memory = plan_opening(site, Credential::Passphrase(passphrase)).ok()?;
                let gone = memory.ring.spaces & DOOMED == 0;
                let gone = if gone { self.disk.doomed } else { 0 };
                (promised.kept & !gone & !memory.content.rows == 0).then_some(())
            };
            self.disk.places.name(*folder)
                && promised.passphrases().filter_map(opens).next().is_some()
        })
    }

    /// No forgetting is half done: what is at rest has the compartment with its rows, or has neither rows of it nor,
    /// anywhere, a keyring that holds its key together with the secret that opens it.
    pub fn forgets_wholly(&self) -> bool {
        self.at_rest().is_none_or(|memory| {
            if memory.ring.spaces & DOOMED != 0 {
                let promised = self.promises.of.get(&memory.folder);
                return promised.is_none_or(|promised| !promised.forgotten);
            }
            let rows = memory.content.rows & self.disk.doomed != 0;
            let folder = &self.disk.folders[&memory.folder];
            !rows && memory.header.pending == Pending::Nothing && !folder.can_open_doomed()
        })
    }

    /// No change of keys is half done: where nothing is under way, the keys that were open nothing that is left, and
    /// nothing is left of what never took effect on this machine.
    pub fn rekeys_wholly(&self) -> bool {
        self.at_rest().is_none_or(|memory| {
            let folder = &self.disk.folders[&memory.folder];
            let machine = &self.disk.machine;
            let (header, ring) = (memory.header, memory.ring);
            let mut anchors = machine
                .anchors
                .iter()
                .filter(|(_, name)| name.now.is_some());
            let no_other = self.promises.of.len() == 1;
            let lists = machine.lists.iter().filter(|(_, name)| name.now.is_some());
            let mut lists = lists.filter(|(root, _)| **root != header.root);
            header.pending == Pending::Nothing
                && !folder.is_open_to_old_keys(header, ring, self.disk.doomed)
                && machine.markers.values().all(|name| name.now.is_none())
                && anchors.all(|(branch, _)| self.promises.lineages.contains(branch))
                && (!no_other || lists.next().is_none())
        })
    }

    /// While the vault is closed, the old or the new passphrase opens it, and neither finds it damaged.
    pub fn opens(&self, order: Order) -> bool {
        if self.memory.is_some() {
            return true;
        }
        let Some(promised) = self.promised(order) else {
            return self.promises.moved_away;
        };
        let mut opened = false;
        for passphrase in promised.passphrases() {
            match self.plan(passphrase, order) {
                Ok(_) => opened = true,
                Err(Refused::WrongPassphrase) => {}
                Err(Refused::Damaged(_)) => return false,
            }
        }
        opened
    }

    /// No opening says that something is amiss, unless something was damaged.
    pub fn is_calm(&self) -> bool {
        self.memory
            .as_ref()
            .is_none_or(|memory| match memory.alarm {
                None => true,
                Some(Alarm::CheckpointDamaged) => self.disk.folders[&memory.folder].scarred,
                Some(_) => false,
            })
    }

    /// Whoever puts the copy in the vault's place is found out by any opening, if this machine was said to know more
    /// than is in it.
    pub fn notices_rollback(&self, order: Order) -> bool {
        let openings = self.openings_of_copy(order);
        openings
            .iter()
            .all(|(behind, alarm)| !behind || alarm.is_some())
    }

    /// For each passphrase that opens the copy, as it is and with saves in it that were never made here: whether it is
    /// behind what this machine was said to know, and what the opening tells.
    pub fn openings_of_copy(&self, order: Order) -> Vec<(bool, Option<Alarm>)> {
        let copy = self.disk.copy.as_ref().filter(|_| self.memory.is_none());
        let Some((vault, folder)) = copy else {
            return Vec::new();
        };
        let known = self.promises.of[vault].known;
        let headers = folder.header.iter().filter_map(|name| name.now);
        let passphrases: BTreeSet<_> = headers.map(|header| header.passphrase).collect();
        let mut openings = Vec::new();
        for passphrase in passphrases {
            let plan = |folder: &Folder| {
                let site = Site {
                    folder,
                    machine: &self.disk.machine,
                    branch: 0,
                    doomed: self.disk.doomed,
                    order,
                };
                plan_opening(site, Credential::Passphrase(passphrase)).ok()
            };
            let mut note = |memory: &Memory| {
                openings.push((self.is_behind(known, memory), memory.alarm));
            };
            let Some(memory) = plan(folder) else { continue };
            note(&memory);
            // While something is unfinished, nothing is saved.
            if memory.header.pending != Pending::Nothing {
                continue;
            }
            for saves in FOREIGN_SAVES {
                let mut parted = folder.as_ref().clone();
                memory.save_elsewhere(&mut parted, saves);
                plan(&parted).iter().for_each(&mut note);
            }
        }
        openings
    }

    fn is_behind(&self, (revision, rows): (u8, Saves), found: &Memory) -> bool {
        let gone = found.ring.spaces & DOOMED == 0;
        let rows = rows & if gone { !self.disk.doomed } else { Saves::MAX };
        found.header.revision < revision || rows & !found.content.rows != 0
    }
}

fn site(disk: &Disk, folder: u8, order: Order) -> Option<Site<'_>> {
    Some(Site {
        folder: disk.folders.get(&folder)?,
        machine: &disk.machine,
        branch: 0,
        doomed: disk.doomed,
        order,
    })
}

/// Saves that were made in a copy, somewhere else.
const FOREIGN_SAVES: [&[Saves]; 2] = [&[0b0100_0000], &[0b0100_0000, 0b1000_0000]];
