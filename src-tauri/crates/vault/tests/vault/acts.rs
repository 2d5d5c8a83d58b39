//! Everything that is done to a vault for the runs that cut it short, what should be there afterwards, and the check
//! that it is. The acts say what they do in lines, which another process can hear.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use testkit::{CHEAP, PASSPHRASE};
use vault::{
    Batch, CompartmentId, CompartmentOptions, Credential, Error, Host, Passphrase, Places, Quiet,
    RestoreOptions, Schema, SpareKey, Vault, check_backup_on, restore_on,
};

use crate::guard::{Tally, guarded};
use crate::support::*;

/// What a vault may be about when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Save,
    Make,
    Forget,
    Passphrase,
    Checkpoint,
    Compact,
    Sweep,
    Backup,
    Restore,
    /// Locking in good order, and opening again.
    Reopen,
    // Rekeying joins here: an arm in `perform`, in `Doing`, in `Model::hear`, and in `World::settle`, where the keys
    // are then either all old or all new.
}

impl Act {
    pub const ALL: [Act; 10] = [
        Act::Save,
        Act::Make,
        Act::Forget,
        Act::Passphrase,
        Act::Checkpoint,
        Act::Compact,
        Act::Sweep,
        Act::Backup,
        Act::Restore,
        Act::Reopen,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Act::Save => "save",
            Act::Make => "make",
            Act::Forget => "forget",
            Act::Passphrase => "passphrase",
            Act::Checkpoint => "checkpoint",
            Act::Compact => "compact",
            Act::Sweep => "sweep",
            Act::Backup => "backup",
            Act::Restore => "restore",
            Act::Reopen => "reopen",
        }
    }

    pub fn parse(name: &str) -> Option<Act> {
        Act::ALL.into_iter().find(|act| act.name() == name)
    }

    pub fn draw(chance: &mut Chance) -> Act {
        Act::ALL[chance.below(Act::ALL.len() as u64) as usize]
    }
}

/// Compartments that there are at most, but for one that is just being made.
const MOST_SPACES: usize = 4;
/// Records that the first write of a save goes to, and as many for the second.
const RECORDS: u64 = 12;
/// Backups that are kept.
const BACKUPS: usize = 2;
/// Stands before each line, for a test harness writes lines of its own.
pub const MARK: &str = "§ ";

/// By compartment and record, the number of the save that wrote it.
type Spaces = BTreeMap<CompartmentId, BTreeMap<u64, u64>>;

/// What should be in the vault.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub spaces: Spaces,
    /// 0 is the one it was made with.
    pub passphrase: u64,
    pub backups: BTreeMap<u64, Spaces>,
    /// The next number, of whatever is numbered.
    pub next: u64,
    pub doing: Option<Doing>,
}

/// An act that was begun and not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    Save(u64, [CompartmentId; 2]),
    Forget(CompartmentId),
    Passphrase(u64),
    Backup(u64),
    /// To where, and of which backup.
    Restore(u64, u64),
    /// What changes nothing that is kept, or, making a compartment, adds one that is empty.
    Other(Act),
}

impl Doing {
    pub fn act(&self) -> Act {
        match self {
            Doing::Save(..) => Act::Save,
            Doing::Forget(_) => Act::Forget,
            Doing::Passphrase(_) => Act::Passphrase,
            Doing::Backup(_) => Act::Backup,
            Doing::Restore(..) => Act::Restore,
            Doing::Other(act) => *act,
        }
    }
}

/// What a save changes: two records, in two compartments as a rule, both or none.
fn changes(number: u64, spaces: [CompartmentId; 2]) -> [(CompartmentId, u64, Option<u64>); 2] {
    let first = (!number.is_multiple_of(7)).then_some(number);
    [
        (spaces[0], number % RECORDS, first),
        (spaces[1], RECORDS + number % RECORDS, Some(number)),
    ]
}

fn content(number: u64) -> String {
    let times = if number.is_multiple_of(29) {
        12_000
    } else {
        1 + (number % 37) as usize * 20
    };
    format!("{number} ").repeat(times)
}

fn apply(spaces: &mut Spaces, number: u64, into: [CompartmentId; 2]) {
    for (space, record, content) in changes(number, into) {
        let records = spaces.entry(space).or_default();
        match content {
            Some(number) => records.insert(record, number),
            None => records.remove(&record),
        };
    }
}

impl Model {
    /// Takes in a line that says what begins or is done. What is no such line, or is torn, says nothing.
    pub fn hear(&mut self, line: &str) -> Option<Heard> {
        let (_, said) = line.rsplit_once(MARK)?;
        let words: Vec<&str> = said.split(' ').collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok());
        let space = |at: usize| words.get(at).and_then(|word| CompartmentId::from_hex(word));
        if *words.first()? == "begin" {
            let act = Act::parse(words.get(1)?)?;
            let doing = match act {
                Act::Save => Doing::Save(number(2)?, [space(3)?, space(4)?]),
                Act::Forget => Doing::Forget(space(2)?),
                Act::Passphrase => Doing::Passphrase(number(2)?),
                Act::Backup => Doing::Backup(number(2)?),
                Act::Restore => Doing::Restore(number(2)?, number(3)?),
                act => Doing::Other(act),
            };
            if let Some(number) = number(2) {
                self.next = self.next.max(number + 1);
            }
            self.doing = Some(doing);
            return Some(Heard::Begun(act));
        }
        if *words.first()? != "done" {
            return None;
        }
        let doing = self.doing.take()?;
        match doing {
            Doing::Save(number, into) => apply(&mut self.spaces, number, into),
            Doing::Forget(id) => drop(self.spaces.remove(&id)),
            Doing::Passphrase(number) => self.passphrase = number,
            Doing::Backup(number) => self.keep_backup(number),
            Doing::Other(Act::Make) => drop(self.spaces.insert(space(1)?, BTreeMap::new())),
            Doing::Restore(..) | Doing::Other(_) => {}
        }
        Some(Heard::Done(doing.act()))
    }

    fn keep_backup(&mut self, number: u64) {
        self.backups.insert(number, self.spaces.clone());
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    Begun(Act),
    Done(Act),
}

/// Why a run has failed.
#[derive(Debug)]
pub enum Fault {
    /// What was acknowledged is not there, or is not what it was.
    Lost(String),
    /// What was begun is there in part.
    Half(String),
    /// Something else is amiss.
    Amiss(String),
}

impl Fault {
    pub fn kind(&self) -> &'static str {
        match self {
            Fault::Lost(_) => "lost",
            Fault::Half(_) => "half done",
            Fault::Amiss(_) => "amiss",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Fault::Lost(what) | Fault::Half(what) | Fault::Amiss(what)) = self;
        write!(f, "{}: {what}", self.kind())
    }
}

/// Where a vault, its backups and what is restored of them lie.
pub struct World {
    pub host: Host,
    pub places: Places,
    pub folder: PathBuf,
    pub spare: SpareKey,
}

fn passphrase(number: u64) -> Passphrase {
    let text = match number {
        0 => PASSPHRASE.to_owned(),
        number => format!("passphrase number {number}"),
    };
    Passphrase::parse(&text).unwrap()
}

impl World {
    pub fn open(&self) -> Result<Vault, Error> {
        self.open_at(&self.places)
    }

    fn open_at(&self, places: &Places) -> Result<Vault, Error> {
        Vault::open_on(
            &self.host,
            places,
            Credential::SpareKey(&self.spare),
            &Quiet,
        )
    }

    fn open_with(&self, number: u64) -> Result<Vault, Error> {
        let passphrase = passphrase(number);
        let credential = Credential::Passphrase(&passphrase);
        Vault::open_on(&self.host, &self.places, credential, &Quiet)
    }

    pub fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    fn backup(&self, number: u64) -> PathBuf {
        self.backups().join(format!("{number}.cfdbackup"))
    }

    fn restored(&self, number: u64) -> Places {
        Places {
            vault: self.folder.join(format!("restored-{number}")),
            device: self.places.device.clone(),
        }
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let entries = self.host.disk.list(folder).unwrap_or_default();
        entries.into_iter().map(|entry| entry.name).collect()
    }

    /// Numbers of the backups that bear their name.
    fn backup_numbers(&self) -> BTreeSet<u64> {
        let names = self.names(&self.backups());
        let numbers = names
            .iter()
            .filter_map(|name| name.strip_suffix(".cfdbackup")?.parse().ok());
        numbers.collect()
    }

    /// The secrets of the epochs that lie in the vault's folder.
    pub fn secrets(&self) -> Vec<Vec<u8>> {
        let sync = self.places.vault.join("sync");
        let names = self.names(&sync).into_iter();
        names
            .filter(|name| name.starts_with("epoch."))
            .map(|name| self.host.disk.read(&sync.join(name)).unwrap())
            .filter(|bytes| bytes.len() == 128)
            .map(|bytes| bytes[56..88].to_vec())
            .collect()
    }

    /// Does one act, and says so before and after. What it needs it makes first.
    pub fn perform(
        &self,
        vault: &mut Option<Vault>,
        act: Act,
        next: &mut u64,
        say: &mut dyn FnMut(&str),
    ) -> Result<(), Error> {
        let open = || -> Result<Vault, Error> { self.open() };
        if vault.is_none() {
            *vault = Some(open()?);
        }
        let there = vault.as_ref().expect("it was opened above");
        let ids: Vec<_> = there.compartments().iter().map(|info| info.id).collect();
        if act == Act::Forget && ids.len() < 2 || act == Act::Save && ids.is_empty() {
            self.perform(vault, Act::Make, next, say)?;
            return self.perform(vault, act, next, say);
        }
        if act == Act::Make && ids.len() >= MOST_SPACES {
            return self.perform(vault, Act::Forget, next, say);
        }
        if act == Act::Restore && self.backup_numbers().is_empty() {
            self.perform(vault, Act::Backup, next, say)?;
            return self.perform(vault, act, next, say);
        }
        let number = *next;
        *next += 1;
        let name = act.name();
        let mut done = String::new();
        match act {
            Act::Save => {
                let nth = |number: u64| ids[(number % ids.len() as u64) as usize];
                let into = [nth(number), nth(number / 3)];
                say(&format!(
                    "begin {name} {number} {} {}",
                    into[0].to_hex(),
                    into[1].to_hex()
                ));
                let mut batch = Batch::new();
                for (space, record, written) in changes(number, into) {
                    match written {
                        Some(number) => {
                            batch.put(space, NOTE, id(record), Schema(1), content(number));
                        }
                        None => batch.delete(space, NOTE, id(record)),
                    }
                }
                there.save(batch)?;
            }
            Act::Make => {
                say(&format!("begin {name} {number}"));
                done = there
                    .make_compartment(CompartmentOptions::default())?
                    .to_hex();
            }
            Act::Forget => {
                let gone = ids[(number % ids.len() as u64) as usize];
                say(&format!("begin {name} {}", gone.to_hex()));
                there.forget(gone, &Quiet)?;
            }
            Act::Passphrase => {
                say(&format!("begin {name} {number}"));
                there.change_passphrase(&passphrase(number), CHEAP, &Quiet)?;
            }
            Act::Checkpoint => {
                say(&format!("begin {name} {number}"));
                there.checkpoint()?;
            }
            Act::Compact => {
                say(&format!("begin {name} {number}"));
                there.compact(&Quiet)?;
            }
            Act::Sweep => {
                say(&format!("begin {name} {number}"));
                there.sweep(&Quiet)?;
            }
            Act::Backup => {
                say(&format!("begin {name} {number}"));
                there.backup(&self.backup(number), &Quiet)?;
            }
            Act::Restore => {
                let newest = self.backup_numbers().pop_last().expect("there is one");
                say(&format!("begin {name} {number} {newest}"));
                restore_on(
                    &self.host,
                    &self.backup(newest),
                    &self.restored(number),
                    Credential::SpareKey(&self.spare),
                    RestoreOptions::default(),
                    &Quiet,
                )?;
            }
            Act::Reopen => {
                say(&format!("begin {name} {number}"));
                vault.take().expect("it was opened above").lock()?;
                *vault = Some(open()?);
            }
        }
        say(&format!("done {done}"));
        Ok(())
    }

    /// Opens the vault after it was cut short and compares it with what should be there. What was being done is there
    /// as a whole or not at all; the model then says which.
    pub fn settle(
        &self,
        model: &mut Model,
        secrets: &[Vec<u8>],
        chance: &mut Chance,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        let doing = model.doing.take();
        let vault = self.open_by_what_should(model, &doing, chance, tally)?;
        let strange = alarming(&vault);
        if !strange.is_empty() {
            return Err(Fault::Lost(format!("{doing:?}: {strange:?}")));
        }
        let wrong = |error: Error| Fault::Lost(format!("{doing:?}: {error}"));
        let there: BTreeSet<_> = vault.compartments().iter().map(|info| info.id).collect();
        if let Some(Doing::Forget(gone)) = doing
            && !there.contains(&gone)
        {
            model.spaces.remove(&gone);
            tally.add("forgettings completed", 1);
        } else if let Some(Doing::Forget(_)) = doing {
            tally.add("forgettings undone", 1);
        }
        let new: Vec<_> = there
            .iter()
            .filter(|id| !model.spaces.contains_key(id))
            .collect();
        let may_be_new = usize::from(doing == Some(Doing::Other(Act::Make)));
        if new.len() > may_be_new {
            return Err(Fault::Half(format!(
                "{doing:?}: {} compartments too many",
                new.len()
            )));
        }
        for id in new {
            model.spaces.insert(*id, BTreeMap::new());
        }
        if there.len() < model.spaces.len() {
            return Err(Fault::Lost(format!("{doing:?}: a compartment")));
        }
        let found = show(&vault).map_err(|text| Fault::Lost(format!("{doing:?}: {text}")))?;
        if found != model.spaces {
            let Some(Doing::Save(number, into)) = doing else {
                let all = format!("{doing:?}: {found:?} in place of {:?}", model.spaces);
                return Err(Fault::Lost(all));
            };
            let mut with = model.spaces.clone();
            apply(&mut with, number, into);
            if found != with {
                let all = format!(
                    "{doing:?}: {found:?}, neither {:?} nor {with:?}",
                    model.spaces
                );
                return Err(Fault::Half(all));
            }
            model.spaces = with;
        }
        for check in vault.verify(&Quiet).map_err(wrong)? {
            if !check.ok {
                return Err(Fault::Lost(format!("{doing:?}: {check:?}")));
            }
        }
        let strays = vault.stray_rows().map_err(wrong)?;
        if strays > 0 {
            return Err(Fault::Half(format!(
                "{doing:?}: {strays} rows of no compartment"
            )));
        }
        let now = self.secrets();
        if now.len() != 2 || now[0] != now[1] {
            return Err(Fault::Half(format!("{doing:?}: {} epoch files", now.len())));
        }
        if !secrets.contains(&now[0]) {
            // Something was forgotten since: what opened the old keyrings is nowhere.
            let mut old = secrets.iter().filter(|secret| **secret != now[0]);
            if old.any(|secret| self.holds(secret)) {
                return Err(Fault::Half(format!("{doing:?}: an old secret is left")));
            }
            tally.add("forgettings with no old secret left", 1);
        }
        self.check_restored(model, &doing, tally)?;
        self.check_backups(model, &doing)?;
        if chance.below(4) == 0 {
            vault.lock().map_err(wrong)?;
        }
        Ok(())
    }

    fn open_by_what_should(
        &self,
        model: &mut Model,
        doing: &Option<Doing>,
        chance: &mut Chance,
        tally: &mut Tally,
    ) -> Result<Vault, Fault> {
        let fault = |error: Error| Fault::Lost(format!("{doing:?}: it does not open: {error}"));
        if let Some(Doing::Passphrase(new)) = doing {
            return match guarded(|| format!("{doing:?}"), || self.open_with(model.passphrase)) {
                Ok(vault) => {
                    tally.add("opened with the old passphrase", 1);
                    // The power may have gone between the two copies of the header. The older still takes the old
                    // passphrase, and the opening brings the change to its end: the new one holds from then on.
                    if vault.check_passphrase(&passphrase(*new)).map_err(fault)? {
                        tally.add("opened with the old passphrase for the last time", 1);
                        model.passphrase = *new;
                    }
                    Ok(vault)
                }
                Err(Error::WrongCredential) => {
                    let vault = self.open_with(*new).map_err(fault)?;
                    model.passphrase = *new;
                    tally.add("opened with the new passphrase", 1);
                    Ok(vault)
                }
                Err(error) => Err(fault(error)),
            };
        }
        if chance.below(12) == 0 {
            tally.add("opened with the passphrase", 1);
            return self.open_with(model.passphrase).map_err(fault);
        }
        tally.add("opened with the spare key", 1);
        guarded(|| format!("{doing:?}"), || self.open()).map_err(fault)
    }

    /// Whether any file of the vault holds these bytes.
    fn holds(&self, wanted: &[u8]) -> bool {
        let mut folders = vec![self.places.vault.clone()];
        while let Some(folder) = folders.pop() {
            for entry in self.host.disk.list(&folder).unwrap_or_default() {
                let path = folder.join(&entry.name);
                match entry.sort {
                    vault::EntrySort::Folder => folders.push(path),
                    vault::EntrySort::File => {
                        let bytes = self.host.disk.read(&path).unwrap();
                        if memchr::memmem::find(&bytes, wanted).is_some() {
                            return true;
                        }
                    }
                    vault::EntrySort::Other => {}
                }
            }
        }
        false
    }

    /// Each backup that has its name is whole; those that were acknowledged are there. The oldest are removed.
    fn check_backups(&self, model: &mut Model, doing: &Option<Doing>) -> Result<(), Fault> {
        let disk = &*self.host.disk;
        let there = self.backup_numbers();
        if let Some(Doing::Backup(number)) = doing
            && there.contains(number)
        {
            let credential = Credential::SpareKey(&self.spare);
            check_backup_on(&self.host, &self.backup(*number), credential, &Quiet)
                .map_err(|error| Fault::Half(format!("a backup has its name: {error}")))?;
            model.keep_backup(*number);
        }
        if let Some(lost) = model.backups.keys().find(|number| !there.contains(number)) {
            return Err(Fault::Lost(format!("{doing:?}: backup {lost}")));
        }
        if there.len() > model.backups.len() {
            return Err(Fault::Half(format!("{doing:?}: a backup too many")));
        }
        for name in self.names(&self.backups()) {
            if name.starts_with("tmp.") {
                disk.remove(&self.backups().join(name)).unwrap();
            }
        }
        while model.backups.len() > BACKUPS {
            let (oldest, _) = model.backups.pop_first().expect("there are several");
            disk.remove(&self.backup(oldest)).unwrap();
        }
        disk.sync_folder(&self.backups()).unwrap();
        Ok(())
    }

    /// A restored vault that has its name is whole, and holds what the backup held.
    fn check_restored(
        &self,
        model: &Model,
        doing: &Option<Doing>,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        let disk = &*self.host.disk;
        for name in self.names(&self.folder) {
            if name.starts_with("tmp.restored-") {
                disk.remove_folder(&self.folder.join(&name)).unwrap();
            }
            let Some(number) = name.strip_prefix("restored-") else {
                continue;
            };
            let places = self.restored(number.parse().unwrap());
            let half = |text: String| Fault::Half(format!("{doing:?}: {name}: {text}"));
            let vault = self
                .open_at(&places)
                .map_err(|error| half(error.to_string()))?;
            let strange = alarming(&vault);
            if !strange.is_empty() {
                return Err(half(format!("{strange:?}")));
            }
            let found = show(&vault).map_err(half)?;
            if !model.backups.values().any(|held| *held == found) {
                return Err(half(format!("it holds {found:?}, no backup did")));
            }
            drop(vault);
            disk.remove_folder(&places.vault).unwrap();
            tally.add("restored vaults, whole", 1);
        }
        disk.sync_folder(&self.folder).unwrap();
        Ok(())
    }
}

/// All that is in a vault; an error where a record cannot be read or has a text that no save wrote.
fn show(vault: &Vault) -> Result<Spaces, String> {
    let mut spaces = Spaces::new();
    for info in vault.compartments() {
        let mut records = BTreeMap::new();
        let mut strange = None;
        let visited = vault
            .visit(info.id, &mut |found| {
                let record = u64::from_be_bytes(found.record.0[..8].try_into().unwrap());
                let text = String::from_utf8_lossy(found.payload);
                let number = text.split(' ').next().and_then(|word| word.parse().ok());
                match number {
                    Some(number) if text == content(number) => {
                        records.insert(record, number);
                    }
                    _ => strange = Some(format!("record {record} has a text that no save wrote")),
                }
            })
            .map_err(|error| error.to_string())?;
        if let Some(strange) = strange {
            return Err(strange);
        }
        if !visited.unreadable.is_empty() {
            return Err(format!(
                "{} records cannot be read",
                visited.unreadable.len()
            ));
        }
        spaces.insert(info.id, records);
    }
    Ok(spaces)
}
