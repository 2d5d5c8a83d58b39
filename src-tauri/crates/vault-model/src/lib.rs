//! A model of the vault's folder: which files there are, which of their changes a power cut would keep, and the steps
//! in which saving, checkpoints, compaction, a new passphrase, forgetting and rekeying change them. A process may be
//! killed and the power may go between any two steps, opening included; one header copy may be damaged on top of it.
//!
//! The steps were read off the code of the crate `vault`, and each bears the name of the function that takes it.
//! Rekeying was read off the design: `docs/FORMAT.md` names its pending flag.
//!
//! What is left out: bytes (a file is whole, zeros, or not there), the anchor, restoring, second passphrases, other
//! devices, and disks that fail without the process ending.

mod disk;
mod opening;
mod steps;

pub use disk::{Bytes, Checkpoint, Current, Disk, Header, Keyring, Name, Pending, Segment, Store};
pub use opening::{Refused, plan_opening};
pub use steps::{Acknowledged, Memory, Step};

/// A set of saves, one bit for each.
pub type Saves = u8;

/// The compartment that may be forgotten, and all there are.
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
    /// `Vault::forget`.
    Forget,
    /// Rekeying, after the design.
    Rekey,
    /// `Shared::settle`: the store is flushed in the background.
    Settle,
}

/// What was said to whoever asked, kept outside the vault so that it can be held to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Promises {
    /// Saves that were begun.
    pub begun: Saves,
    /// Saves that were acknowledged, or shown by an opening.
    pub kept: Saves,
    /// The passphrase that holds.
    pub passphrase: u8,
    /// One that a change has begun to put in its place.
    pub tried: Option<u8>,
    /// A forgetting was begun.
    pub forgetting: bool,
    /// It was acknowledged, or its outcome shown by an opening.
    pub forgotten: bool,
}

/// What is left to be done to the vault, and to happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Budget {
    /// Saves.
    pub saves: u8,
    /// Checkpoints, compactions, passphrase changes, forgettings, rekeyings, all together.
    pub operations: u8,
    /// Kills and power cuts, all together.
    pub crashes: u8,
    /// Damaged header copies.
    pub damages: u8,
}

/// Everything: the disk, the process if there is one, and what was promised.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// The folder.
    pub disk: Disk,
    /// The process that has the vault open or is opening it.
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
    /// `SIGKILL`.
    Kill,
    /// The power goes; the bits say which changes that were not synced are on the disk all the same.
    PowerCut(u8),
    /// One copy of the header is damaged while the vault is closed.
    Damage(usize),
    /// `Vault::open` with this passphrase.
    Open(u8),
}

impl World {
    /// A vault that was just made and is open.
    pub fn new(budget: Budget) -> World {
        let header = Header {
            revision: 1,
            lineage: 0,
            passphrase: 0,
            epoch: 0,
            keyring: 1,
            pending: Pending::Nothing,
            floor: 0,
        };
        World {
            disk: Disk::new(header),
            memory: Some(Memory::new(header)),
            promises: Promises::default(),
            budget,
            broken: None,
        }
    }

    /// What may happen now.
    pub fn events(&self, order: Order, events: &mut Vec<Event>) {
        if self.broken.is_some() {
            return;
        }
        let Budget {
            saves,
            operations,
            crashes,
            damages,
        } = self.budget;
        match &self.memory {
            Some(memory) => {
                match memory.todo.first() {
                    Some(step) => events.push(Event::Take(step.clone())),
                    None => self.ask(memory, saves, operations, events),
                }
                if crashes > 0 {
                    events.push(Event::Kill);
                    let loose = self.disk.loose();
                    events.extend((0..1u16 << loose).map(|kept| Event::PowerCut(kept as u8)));
                }
            }
            None => {
                for passphrase in self.passphrases() {
                    if plan_opening(&self.disk, passphrase, order).is_ok() {
                        events.push(Event::Open(passphrase));
                    }
                }
                if damages > 0 {
                    events.extend([Event::Damage(0), Event::Damage(1)]);
                }
                // After a kill the power may go, too, before anybody opens.
                let loose = self.disk.loose();
                if crashes > 0 && loose > 0 {
                    events.extend((0..1u16 << loose).map(|kept| Event::PowerCut(kept as u8)));
                }
            }
        }
    }

    fn ask(&self, memory: &Memory, saves: u8, operations: u8, events: &mut Vec<Event>) {
        let may_forget = memory.spaces & DOOMED != 0;
        if saves > 0 {
            events.push(Event::Ask(Operation::Save { doomed: false }));
            if may_forget {
                events.push(Event::Ask(Operation::Save { doomed: true }));
            }
        }
        if operations > 0 {
            events.push(Event::Ask(Operation::Compact));
            events.push(Event::Ask(Operation::ChangePassphrase));
            events.push(Event::Ask(Operation::Rekey));
            if memory.changed {
                events.push(Event::Ask(Operation::Checkpoint));
            }
            if may_forget {
                events.push(Event::Ask(Operation::Forget));
            }
        }
        if self.disk.stores.values().any(|store| store.is_behind()) {
            events.push(Event::Ask(Operation::Settle));
        }
    }

    /// The passphrases that may hold.
    pub fn passphrases(&self) -> impl Iterator<Item = u8> {
        [Some(self.promises.passphrase), self.promises.tried]
            .into_iter()
            .flatten()
    }

    /// The world after an event.
    pub fn after(&self, event: &Event, order: Order) -> World {
        let mut next = self.clone();
        match event {
            Event::Ask(operation) => next.begin(*operation, order),
            Event::Take(_) => next.take_step(),
            Event::Kill => {
                next.budget.crashes -= 1;
                next.memory = None;
            }
            Event::PowerCut(kept) => {
                next.budget.crashes -= 1;
                next.memory = None;
                next.disk.cut_power(*kept);
            }
            Event::Damage(copy) => {
                next.budget.damages -= 1;
                next.disk.header[*copy].damage();
            }
            Event::Open(passphrase) => {
                if let Ok(memory) = plan_opening(&next.disk, *passphrase, order) {
                    next.memory = Some(memory);
                }
            }
        }
        next
    }

    fn begin(&mut self, operation: Operation, order: Order) {
        let Some(memory) = &mut self.memory else {
            return;
        };
        match operation {
            Operation::Save { doomed } => {
                self.budget.saves -= 1;
                let save = 1 << self.promises.begun.count_ones();
                self.promises.begun |= save;
                if doomed {
                    self.disk.doomed |= save;
                }
                memory.plan_save(save, &self.disk, order);
            }
            Operation::Settle => memory.todo.push(Step::FlushStore),
            operation => {
                self.budget.operations -= 1;
                match operation {
                    Operation::Checkpoint => memory.plan_checkpoint(&self.disk, order),
                    Operation::Compact => memory.plan_compaction(&self.disk),
                    Operation::ChangePassphrase => {
                        let new = memory.header.passphrase + 1;
                        self.promises.tried = Some(new);
                        memory.plan_passphrase(new);
                    }
                    Operation::Forget => {
                        self.promises.forgetting = true;
                        memory.plan_forgetting(&self.disk, order);
                    }
                    _ => {
                        let new = memory.header.passphrase + 1;
                        self.promises.tried = Some(new);
                        memory.plan_rekeying(&self.disk);
                    }
                }
            }
        }
    }

    fn take_step(&mut self) {
        let Some(memory) = &mut self.memory else {
            return;
        };
        let step = memory.todo.remove(0);
        let said = memory.take(step, &mut self.disk);
        match said {
            None => {}
            Some(Acknowledged::Saved(save)) => self.promises.kept |= save,
            Some(Acknowledged::Passphrase) => {
                self.promises.passphrase = memory.header.passphrase;
                self.promises.tried = None;
            }
            Some(Acknowledged::Forgotten) => self.promises.forgotten = true,
            Some(Acknowledged::Opened) => self.shown(),
        }
    }

    /// An opening shows what there is: from then on that is what holds, if it is one of the things that may.
    fn shown(&mut self) {
        let Some(memory) = &self.memory else { return };
        let promises = &mut self.promises;
        let gone = memory.spaces & DOOMED == 0;
        self.broken = if gone && !promises.forgetting {
            Some("a compartment is gone that nobody forgot")
        } else if !gone && promises.forgotten {
            Some("a forgotten compartment is back")
        } else if memory.rows & !promises.begun != 0 {
            Some("rows that nobody saved")
        } else {
            None
        };
        promises.forgotten |= gone;
        promises.forgetting &= gone;
        promises.passphrase = memory.header.passphrase;
        promises.tried = None;
        promises.kept |= memory.rows;
    }

    /// Whether the vault is open and nothing is under way.
    pub fn is_at_rest(&self) -> bool {
        let idle = |memory: &Memory| memory.todo.is_empty();
        self.memory.as_ref().is_some_and(idle)
    }

    /// No save that was acknowledged, or shown by an opening, is missing.
    pub fn keeps_saves(&self) -> bool {
        let Some(memory) = self.memory.as_ref().filter(|_| self.is_at_rest()) else {
            return true;
        };
        let gone = if memory.spaces & DOOMED == 0 {
            self.disk.doomed
        } else {
            0
        };
        self.promises.kept & !gone & !memory.rows == 0
    }

    /// No forgetting is half done: what is at rest has the compartment with its rows, or has neither rows of it nor,
    /// anywhere, a keyring that holds its key together with the secret that opens it.
    pub fn forgets_wholly(&self) -> bool {
        let Some(memory) = self.memory.as_ref().filter(|_| self.is_at_rest()) else {
            return true;
        };
        if memory.spaces & DOOMED != 0 {
            return !self.promises.forgotten;
        }
        let rows = memory.rows & self.disk.doomed != 0;
        !rows && memory.header.pending == Pending::Nothing && !self.disk.can_open_doomed()
    }

    /// While the vault is closed, the old or the new passphrase opens it, and neither finds it damaged.
    pub fn opens(&self, order: Order) -> bool {
        if self.memory.is_some() {
            return true;
        }
        let mut opened = false;
        for passphrase in self.passphrases() {
            match plan_opening(&self.disk, passphrase, order) {
                Ok(_) => opened = true,
                Err(Refused::WrongPassphrase) => {}
                Err(Refused::Damaged(_)) => return false,
            }
        }
        opened
    }
}
