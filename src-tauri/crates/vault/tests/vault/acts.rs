//! Everything that is done to a vault for the runs that cut it short, what should be there afterwards, and the check
//! that it is. The acts say what they do in lines, which another process can hear.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use testkit::{CHEAP, PASSPHRASE};
use vault::{
    Batch, CompartmentId, CompartmentOptions, Credential, Error, Finding, Host, NewKeys,
    Passphrase, Places, Quiet, RekeyError, RestoreOptions, Schema, SpareKey, Step, Vault, Watch,
    check_backup_on, restore_on,
};

use crate::guard::{Tally, guarded};
use crate::support::*;

/// What a vault may be about when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Save,
    /// A save behind a segment of the journal that is full: it begins the next.
    Rollover,
    Make,
    Forget,
    Passphrase,
    /// New keys for all there is: another passphrase and another spare key.
    Rekey,
    /// A second passphrase on one compartment is set, changed or removed.
    Second,
    Checkpoint,
    Compact,
    Sweep,
    /// A file of the history is damaged, and put right from the store.
    Mend,
    Backup,
    Restore,
    /// Locking in good order, and opening again.
    Reopen,
}

impl Act {
    pub const ALL: [Act; 14] = [
        Act::Save,
        Act::Rollover,
        Act::Make,
        Act::Forget,
        Act::Passphrase,
        Act::Rekey,
        Act::Second,
        Act::Checkpoint,
        Act::Compact,
        Act::Sweep,
        Act::Mend,
        Act::Backup,
        Act::Restore,
        Act::Reopen,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Act::Save => "save",
            Act::Rollover => "rollover",
            Act::Make => "make",
            Act::Forget => "forget",
            Act::Passphrase => "passphrase",
            Act::Rekey => "rekey",
            Act::Second => "second",
            Act::Checkpoint => "checkpoint",
            Act::Compact => "compact",
            Act::Sweep => "sweep",
            Act::Mend => "mend",
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

    /// Whether it begins with stretching, which takes much longer than all that it writes.
    pub fn stretches(self) -> bool {
        matches!(self, Act::Passphrase | Act::Rekey | Act::Second)
    }
}

/// Compartments that there are at most, but for one that is just being made.
const MOST_SPACES: usize = 4;
/// Records that the first write of a save goes to, and as many for the second.
const RECORDS: u64 = 12;
/// Backups that are kept.
const BACKUPS: usize = 2;
/// Bytes of a segment before its first frame.
const SEGMENT_HEAD: u64 = 256;
/// Stands before each line, for a test harness writes lines of its own.
pub const MARK: &str = "§ ";

/// By compartment and record, the number of the save that wrote it.
type Spaces = BTreeMap<CompartmentId, BTreeMap<u64, u64>>;

/// What opens a vault or a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// 0 is the one it was made with.
    pub passphrase: u64,
    /// The words of the spare key.
    pub spare: String,
    /// The numbers of second passphrases.
    pub seconds: BTreeMap<CompartmentId, u64>,
}

impl Ways {
    pub fn first(spare: &SpareKey) -> Ways {
        Ways {
            passphrase: 0,
            spare: spare.words().join(" "),
            seconds: BTreeMap::new(),
        }
    }

    pub fn spare(&self) -> SpareKey {
        SpareKey::parse(&self.spare).unwrap()
    }
}

/// What whoever acts has to know, in lines as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub ways: Ways,
    /// The spare keys of the backups.
    backups: BTreeMap<u64, String>,
    /// The next number, of whatever is numbered.
    pub next: u64,
}

impl Known {
    pub fn lines(&self) -> String {
        let mut lines = vec![
            format!("next {}", self.next),
            format!("passphrase {}", self.ways.passphrase),
            format!("spare {}", self.ways.spare),
        ];
        let seconds = self.ways.seconds.iter();
        lines.extend(seconds.map(|(id, number)| format!("second {} {number}", id.to_hex())));
        let backups = self.backups.iter();
        lines.extend(backups.map(|(number, spare)| format!("backup {number} {spare}")));
        lines.join("\n")
    }

    pub fn parse(lines: &str) -> Option<Known> {
        let (mut next, mut passphrase, mut spare) = (None, None, None);
        let (mut seconds, mut backups) = (BTreeMap::new(), BTreeMap::new());
        for line in lines.lines() {
            let (name, rest) = line.split_once(' ')?;
            let pair = || rest.split_once(' ');
            match name {
                "next" => next = rest.parse().ok(),
                "passphrase" => passphrase = rest.parse().ok(),
                "spare" => spare = Some(rest.to_owned()),
                "second" => {
                    let (id, number) = pair()?;
                    seconds.insert(CompartmentId::from_hex(id)?, number.parse().ok()?);
                }
                "backup" => {
                    let (number, spare) = pair()?;
                    backups.insert(number.parse().ok()?, spare.to_owned());
                }
                _ => return None,
            }
        }
        Some(Known {
            ways: Ways {
                passphrase: passphrase?,
                spare: spare?,
                seconds,
            },
            backups,
            next: next?,
        })
    }
}

/// What should be in the vault, and in what was made of it.
#[derive(Debug, Clone)]
pub struct Model {
    pub spaces: Spaces,
    pub ways: Ways,
    /// What opened it until the last change of that was acknowledged or found done, and opens it no more.
    former: Option<Ways>,
    backups: BTreeMap<u64, (Spaces, Ways)>,
    /// Of which backups vaults were to be restored since the last settling.
    restored: BTreeMap<u64, u64>,
    next: u64,
    pub doing: Option<Doing>,
}

/// An act that was begun and not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    Save(u64, [CompartmentId; 2]),
    /// A save that begins a segment.
    Rollover(u64, [CompartmentId; 2]),
    Forget(CompartmentId),
    Passphrase(u64),
    /// The numbers of passphrase and, for what it is worth, the words of the spare key.
    Rekey(u64, String),
    /// From now on this one, or none.
    Second(CompartmentId, Option<u64>),
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
            Doing::Rollover(..) => Act::Rollover,
            Doing::Forget(_) => Act::Forget,
            Doing::Passphrase(_) => Act::Passphrase,
            Doing::Rekey(..) => Act::Rekey,
            Doing::Second(..) => Act::Second,
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
    pub fn new(spare: &SpareKey) -> Model {
        Model {
            spaces: Spaces::new(),
            ways: Ways::first(spare),
            former: None,
            backups: BTreeMap::new(),
            restored: BTreeMap::new(),
            next: 1,
            doing: None,
        }
    }

    pub fn known(&self) -> Known {
        let backups = self.backups.iter();
        Known {
            ways: self.ways.clone(),
            backups: backups
                .map(|(number, (_, ways))| (*number, ways.spare.clone()))
                .collect(),
            next: self.next,
        }
    }

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
                Act::Rollover => Doing::Rollover(number(2)?, [space(3)?, space(4)?]),
                Act::Forget => Doing::Forget(space(2)?),
                Act::Passphrase => Doing::Passphrase(number(2)?),
                Act::Rekey => {
                    let words = words.get(3..).unwrap_or_default().join(" ");
                    // Torn, it was not begun.
                    SpareKey::parse(&words).ok()?;
                    Doing::Rekey(number(2)?, words)
                }
                Act::Second => match *words.get(4)? {
                    "set" => Doing::Second(space(3)?, Some(number(2)?)),
                    "removed" => Doing::Second(space(3)?, None),
                    _ => return None,
                },
                Act::Backup => Doing::Backup(number(2)?),
                Act::Restore => {
                    self.restored.insert(number(2)?, number(3)?);
                    Doing::Restore(number(2)?, number(3)?)
                }
                act => Doing::Other(act),
            };
            if let Some(number) = number(2) {
                self.next = self.next.max(number + 1);
            }
            self.doing = Some(doing);
            return Some(Heard::Begun(act));
        }
        if *words.first()? == "writing" {
            return Some(Heard::Writing);
        }
        if *words.first()? != "done" {
            return None;
        }
        let doing = self.doing.take()?;
        match &doing {
            Doing::Save(number, into) | Doing::Rollover(number, into) => {
                apply(&mut self.spaces, *number, *into);
            }
            Doing::Forget(id) => self.forget(*id),
            Doing::Passphrase(_) | Doing::Rekey(..) | Doing::Second(..) => self.change(&doing),
            Doing::Backup(number) => self.keep_backup(*number),
            Doing::Other(Act::Make) => drop(self.spaces.insert(space(1)?, BTreeMap::new())),
            Doing::Restore(..) | Doing::Other(_) => {}
        }
        Some(Heard::Done(doing.act()))
    }

    fn keep_backup(&mut self, number: u64) {
        let held = (self.spaces.clone(), self.ways.clone());
        self.backups.insert(number, held);
    }

    fn forget(&mut self, id: CompartmentId) {
        self.spaces.remove(&id);
        self.ways.seconds.remove(&id);
    }

    /// Another way in is in force, and what was in its place is not.
    fn change(&mut self, doing: &Doing) {
        self.former = Some(self.ways.clone());
        doing.change(&mut self.ways);
    }
}

impl Doing {
    fn change(&self, ways: &mut Ways) {
        match self {
            Doing::Passphrase(number) => ways.passphrase = *number,
            Doing::Rekey(number, spare) => {
                ways.passphrase = *number;
                ways.spare.clone_from(spare);
            }
            Doing::Second(id, Some(number)) => drop(ways.seconds.insert(*id, *number)),
            Doing::Second(id, None) => drop(ways.seconds.remove(id)),
            _ => {}
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    Begun(Act),
    /// What was begun has stretched what it had to, and writes.
    Writing,
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
    pub flip: Box<Flip>,
}

/// Flips a bit of a file behind everybody's back.
pub type Flip = dyn Fn(&Path, u64) + Send + Sync;

/// Says once when the stretching is over and the writing begins.
struct Writing<'a>(Mutex<Option<Say<'a>>>);

/// Hears the lines.
type Say<'a> = &'a mut (dyn FnMut(&str) + Send);

impl Watch for Writing<'_> {
    fn at(&self, step: Step) {
        if step == Step::Writing
            && let Some(say) = self.0.lock().unwrap().take()
        {
            say("writing");
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

/// For acts that are not told their second passphrases wrong, the error within.
fn within(error: RekeyError) -> Error {
    match error {
        RekeyError::Vault(error) | RekeyError::Undecided(error) => error,
        error => panic!("{error}"),
    }
}

fn passphrase(number: u64) -> Passphrase {
    let text = match number {
        0 => PASSPHRASE.to_owned(),
        number => format!("passphrase number {number}"),
    };
    Passphrase::parse(&text).unwrap()
}

fn second_passphrase(number: u64) -> Passphrase {
    Passphrase::parse(&format!("second passphrase number {number}")).unwrap()
}

impl World {
    /// By the spare key, which takes no time.
    fn open(&self, ways: &Ways) -> Result<Vault, Error> {
        self.open_at(&self.places, ways)
    }

    fn open_at(&self, places: &Places, ways: &Ways) -> Result<Vault, Error> {
        let spare = ways.spare();
        let credential = Credential::SpareKey(&spare);
        Vault::open_on(&self.host, places, credential, &Quiet)
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
        known: &mut Known,
        say: &mut (dyn FnMut(&str) + Send),
    ) -> Result<(), Error> {
        if vault.is_none() {
            *vault = Some(self.open(&known.ways)?);
        }
        match act {
            // The last of them ends the segment, which this session has begun or goes on with.
            Act::Rollover => loop {
                self.perform(vault, Act::Save, known, say)?;
                let newest = self.newest_segment(vault.as_ref().expect("it was saved to"));
                if newest.is_some_and(|(_, length)| length >= self.host.full_segment) {
                    break;
                }
            },
            // Two checkpoints, or one and all the journal there ever was: then one damaged file costs nothing.
            Act::Mend => {
                self.perform(vault, Act::Save, known, say)?;
                self.perform(vault, Act::Checkpoint, known, say)?;
            }
            _ => {}
        }
        let there = vault.as_ref().expect("it was opened above");
        let infos = there.compartments();
        let ids: Vec<_> = infos.iter().map(|info| info.id).collect();
        // Not every session has given its second passphrase; it saves to the rest.
        let open = infos.iter().filter(|info| !info.locked);
        let open: Vec<_> = open.map(|info| info.id).collect();
        let too_few = match act {
            Act::Forget => ids.len() < 2,
            Act::Save => open.is_empty(),
            Act::Second => ids.is_empty(),
            _ => false,
        };
        if too_few {
            self.perform(vault, Act::Make, known, say)?;
            return self.perform(vault, act, known, say);
        }
        if act == Act::Make && ids.len() >= MOST_SPACES {
            return self.perform(vault, Act::Forget, known, say);
        }
        if act == Act::Restore && self.backup_numbers().is_empty() {
            self.perform(vault, Act::Backup, known, say)?;
            return self.perform(vault, act, known, say);
        }
        let number = known.next;
        known.next += 1;
        let name = act.name();
        let mut done = String::new();
        match act {
            Act::Save | Act::Rollover => {
                let nth = |number: u64| open[(number % open.len() as u64) as usize];
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
                let before = self.newest_segment(there);
                there.save(batch)?;
                if act == Act::Rollover {
                    assert!(self.newest_segment(there) > before, "no segment was begun");
                }
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
                known.ways.seconds.remove(&gone);
            }
            Act::Passphrase => {
                say(&format!("begin {name} {number}"));
                let writing = Writing(Mutex::new(Some(say)));
                there.change_passphrase(&passphrase(number), CHEAP, &writing)?;
                Doing::Passphrase(number).change(&mut known.ways);
            }
            Act::Rekey => {
                let spare = SpareKey::make()?;
                let words = spare.words().join(" ");
                say(&format!("begin {name} {number} {words}"));
                let seconds = known.ways.seconds.iter();
                let seconds: Vec<_> = seconds
                    .map(|(id, number)| (*id, second_passphrase(*number)))
                    .collect();
                let seconds: Vec<_> = seconds.iter().map(|(id, second)| (*id, second)).collect();
                let keys = NewKeys {
                    passphrase: &passphrase(number),
                    cost: CHEAP,
                    spare: &spare,
                    seconds: &seconds,
                };
                let writing = Writing(Mutex::new(Some(say)));
                there.rekey(keys, &writing).map_err(within)?;
                Doing::Rekey(number, words).change(&mut known.ways);
            }
            Act::Second => {
                let doing = self.second(there, &ids, known, number, say)?;
                doing.change(&mut known.ways);
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
            Act::Mend => {
                let files = self.history(there);
                let (path, length) = &files[(number % files.len() as u64) as usize];
                let bit = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % (length * 8);
                say(&format!("begin {name} {number}"));
                (self.flip)(path, bit);
                let found = there.mend_history(&Quiet)?;
                // Behind what counts of a segment there may be what a power cut left.
                let counts = bit < SEGMENT_HEAD * 8
                    || path
                        .parent()
                        .is_some_and(|folder| folder.ends_with("checkpoints"));
                let told = found.damaged.iter().any(|file| file.path == *path);
                assert!(told || !counts, "bit {bit} of {path:?}: {found:?}");
            }
            Act::Backup => {
                say(&format!("begin {name} {number}"));
                let made = there.backup(&self.backup(number), &Quiet)?;
                if !made.settled {
                    // It was said that a power cut may take it.
                    return Err(std::io::Error::other("not settled").into());
                }
                known.backups.insert(number, known.ways.spare.clone());
            }
            Act::Restore => {
                let newest = self.backup_numbers().pop_last().expect("there is one");
                say(&format!("begin {name} {number} {newest}"));
                let spare = SpareKey::parse(&known.backups[&newest]).unwrap();
                restore_on(
                    &self.host,
                    &self.backup(newest),
                    &self.restored(number),
                    Credential::SpareKey(&spare),
                    RestoreOptions::default(),
                    &Quiet,
                )?;
            }
            Act::Reopen => {
                say(&format!("begin {name} {number}"));
                vault.take().expect("it was opened above").lock()?;
                let opened = self.open(&known.ways)?;
                if number.is_multiple_of(2) {
                    open_compartments(&opened, &known.ways)?;
                }
                *vault = Some(opened);
            }
        }
        say(&format!("done {done}"));
        Ok(())
    }

    /// The number of the segment that was begun last, and its length.
    fn newest_segment(&self, vault: &Vault) -> Option<(u64, u64)> {
        let entries = self.host.disk.list(&self.journal(vault)).ok()?;
        let segments = entries.iter().filter_map(|entry| {
            let (number, _) = entry.name.split_once('-')?;
            Some((number.parse().ok()?, entry.length))
        });
        segments.max()
    }

    fn journal(&self, vault: &Vault) -> PathBuf {
        let journals = self.places.vault.join("sync/journal");
        journals.join(vault.device().to_hex())
    }

    /// The checkpoints, and the segments in which something was saved, with their lengths.
    fn history(&self, vault: &Vault) -> Vec<(PathBuf, u64)> {
        let checkpoints = self.places.vault.join("local/checkpoints");
        let mut files = Vec::new();
        for folder in [checkpoints, self.journal(vault)] {
            for entry in self.host.disk.list(&folder).unwrap_or_default() {
                let ours = entry.name.contains('-') && !entry.name.starts_with("tmp.");
                if ours && entry.length > SEGMENT_HEAD {
                    files.push((folder.join(entry.name), entry.length));
                }
            }
        }
        files
    }

    /// Changes or removes the second passphrase that there is, or sets one.
    fn second(
        &self,
        vault: &Vault,
        ids: &[CompartmentId],
        known: &Known,
        number: u64,
        say: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Doing, Error> {
        let present = known.ways.seconds.first_key_value();
        let of = present.map(|(id, present)| (*id, second_passphrase(*present)));
        let remove = of.is_some() && number.is_multiple_of(2);
        let any = ids[(number % ids.len() as u64) as usize];
        let id = of.as_ref().map_or(any, |(id, _)| *id);
        let doing = Doing::Second(id, (!remove).then_some(number));
        let what = if remove { "removed" } else { "set" };
        say(&format!("begin second {number} {} {what}", id.to_hex()));
        let new = second_passphrase(number);
        let writing = Writing(Mutex::new(Some(say)));
        let changed = match &of {
            None => vault.set_second_passphrase(id, &new, CHEAP, &writing),
            Some((_, present)) if remove => vault.remove_second_passphrase(id, present, &writing),
            Some((_, present)) => {
                vault.change_second_passphrase(id, present, &new, CHEAP, &writing)
            }
        };
        changed.map_err(within)?;
        Ok(doing)
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
        let mending = doing == Some(Doing::Other(Act::Mend));
        let mut strange = alarming(&vault);
        if mending {
            // One file may be damaged yet. It costs nothing, and that is looked at below.
            strange.retain(|finding| !is_of_one_damaged_file(finding));
        }
        if !strange.is_empty() {
            return Err(Fault::Lost(format!("{doing:?}: {strange:?}")));
        }
        let wrong = |error: Error| Fault::Lost(format!("{doing:?}: {error}"));
        self.settle_seconds(&vault, model, &doing, chance, tally)?;
        let there: BTreeSet<_> = vault.compartments().iter().map(|info| info.id).collect();
        if let Some(Doing::Forget(gone)) = doing
            && !there.contains(&gone)
        {
            model.forget(gone);
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
            let Some(Doing::Save(number, into) | Doing::Rollover(number, into)) = doing else {
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
            // Something was forgotten, or got new keys, since: what opened the old keyrings is nowhere.
            let mut old = secrets.iter().filter(|secret| **secret != now[0]);
            if old.any(|secret| self.holds(secret)) {
                return Err(Fault::Half(format!("{doing:?}: an old secret is left")));
            }
            tally.add("destroyings with no old secret left", 1);
        }
        if mending {
            let found = vault.mend_history(&Quiet).map_err(wrong)?;
            let again = !found.damaged.is_empty();
            let which = ["mendings not begun or completed", "mendings done again"];
            tally.add(which[usize::from(again)], 1);
        }
        if mending || chance.below(6) == 0 {
            let history = vault.check_history(&Quiet).map_err(wrong)?;
            if !history.damaged.is_empty() || !history.stands_alone() {
                return Err(Fault::Lost(format!("{doing:?}: {history:?}")));
            }
            tally.add("histories read and found whole", 1);
        }
        self.check_restored(model, &doing, tally)?;
        self.check_backups(model, &doing, chance)?;
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
        match doing {
            Some(Doing::Passphrase(new)) => {
                return self.open_by_a_passphrase(model, *new, tally);
            }
            Some(Doing::Rekey(..)) => return self.open_by_keys(model, doing, chance, tally),
            _ => {}
        }
        if let Some(former) = &model.former
            && former.spare != model.ways.spare
            && !matches!(self.open(former), Err(Error::WrongCredential))
        {
            return Err(Fault::Half(format!(
                "{doing:?}: a former spare key is not refused"
            )));
        }
        if chance.below(12) == 0 {
            tally.add("opened with the passphrase", 1);
            return self.open_with(model.ways.passphrase).map_err(fault);
        }
        tally.add("opened with the spare key", 1);
        guarded(|| format!("{doing:?}"), || self.open(&model.ways)).map_err(fault)
    }

    /// After a change of the passphrase that was cut short.
    fn open_by_a_passphrase(
        &self,
        model: &mut Model,
        new: u64,
        tally: &mut Tally,
    ) -> Result<Vault, Fault> {
        let changed = Doing::Passphrase(new);
        let fault = |error: Error| Fault::Lost(format!("{changed:?}: it does not open: {error}"));
        let by_old = || self.open_with(model.ways.passphrase);
        match guarded(|| format!("{changed:?}"), by_old) {
            Ok(vault) => {
                tally.add("opened with the old passphrase", 1);
                // The power may have gone between the two copies of the header. The older still takes the old
                // passphrase, and the opening brings the change to its end, and says so: the new one holds from then on.
                let complete = vault.check_passphrase(&passphrase(new)).map_err(fault)?;
                if complete != vault.opening().findings.contains(&Finding::KeyReplaced) {
                    let text = format!("{changed:?}: complete {complete}, and that is not said");
                    return Err(Fault::Half(text));
                }
                if complete {
                    tally.add("opened with the old passphrase for the last time", 1);
                    model.change(&changed);
                }
                Ok(vault)
            }
            Err(Error::WrongCredential) => {
                let vault = self.open_with(new).map_err(fault)?;
                model.change(&changed);
                tally.add("opened with the new passphrase", 1);
                Ok(vault)
            }
            Err(error) => Err(fault(error)),
        }
    }

    /// After new keys that were cut short: passphrase and spare key are both old or both new, whichever of them is
    /// tried first.
    fn open_by_keys(
        &self,
        model: &mut Model,
        doing: &Option<Doing>,
        chance: &mut Chance,
        tally: &mut Tally,
    ) -> Result<Vault, Fault> {
        let fault = |error: Error| Fault::Lost(format!("{doing:?}: it does not open: {error}"));
        let old = model.ways.clone();
        let mut new = old.clone();
        doing.iter().for_each(|doing| doing.change(&mut new));
        let by_passphrase = chance.below(3) == 0;
        let open = |ways: &Ways| {
            let by_any = || match by_passphrase {
                true => self.open_with(ways.passphrase),
                false => self.open(ways),
            };
            guarded(|| format!("{doing:?}"), by_any)
        };
        // Between the two copies of the header either opens, and stays.
        let old_first = chance.below(2) == 0;
        let [first, then] = if old_first {
            [&old, &new]
        } else {
            [&new, &old]
        };
        let (vault, ways) = match open(first) {
            Err(Error::WrongCredential) => (open(then).map_err(fault)?, then),
            opened => (opened.map_err(fault)?, first),
        };
        let completed = *ways == new;
        let other = if completed { &old } else { &new };
        for (one, expected) in [(ways, true), (other, false)] {
            let by_passphrase = vault.check_passphrase(&passphrase(one.passphrase));
            let by_spare = vault.check_spare_key(&one.spare());
            if (by_passphrase.map_err(fault)?, by_spare.map_err(fault)?) != (expected, expected) {
                return Err(Fault::Half(format!(
                    "{doing:?}: passphrase and spare key are not of the same keys"
                )));
            }
        }
        if completed {
            tally.add("rekeys completed", 1);
            doing.iter().for_each(|doing| model.change(doing));
        } else {
            tally.add("rekeys undone", 1);
        }
        Ok(vault)
    }

    /// Opens what is under a second passphrase, by the one that was or the one that should be, and never by none.
    fn settle_seconds(
        &self,
        vault: &Vault,
        model: &mut Model,
        doing: &Option<Doing>,
        chance: &mut Chance,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        let half = |text: &str| Fault::Half(format!("{doing:?}: {text}"));
        let wrong = |error: Error| Fault::Lost(format!("{doing:?}: a compartment: {error}"));
        if let Some(changed @ Doing::Second(id, new)) = doing {
            let old = model.ways.seconds.get(id).copied();
            let opens = |number: u64| -> Result<bool, Fault> {
                let passphrase = second_passphrase(number);
                match vault.open_compartment(*id, &passphrase, &Quiet) {
                    Ok(()) => Ok(true),
                    Err(Error::WrongCredential) => Ok(false),
                    Err(error) => Err(wrong(error)),
                }
            };
            let has_one = vault
                .compartments()
                .iter()
                .any(|info| info.id == *id && info.second_passphrase);
            let by =
                |number: Option<u64>| number.map_or(Ok(!has_one), |it| Ok(has_one && opens(it)?));
            match (by(old)?, by(*new)?) {
                (true, false) => tally.add("second passphrases undone", 1),
                (false, true) => {
                    tally.add("second passphrases completed", 1);
                    model.change(changed);
                }
                (false, false) => return Err(Fault::Lost(format!("{doing:?}: neither opens it"))),
                (true, true) => return Err(half("either opens it")),
            }
        }
        for info in vault.compartments() {
            let should = model.ways.seconds.contains_key(&info.id);
            if info.second_passphrase != should {
                return Err(half("a second passphrase that nobody set or removed"));
            }
        }
        if let Some(former) = &model.former
            && chance.below(4) == 0
        {
            let there: BTreeSet<_> = vault.compartments().iter().map(|info| info.id).collect();
            for (id, number) in &former.seconds {
                let present = model.ways.seconds.get(id);
                if present.is_none_or(|present| present == number) || !there.contains(id) {
                    continue;
                }
                let opened = vault.open_compartment(*id, &second_passphrase(*number), &Quiet);
                if opened != Err(Error::WrongCredential) {
                    return Err(half("a former second passphrase is not refused"));
                }
            }
        }
        open_compartments(vault, &model.ways).map_err(wrong)
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
    fn check_backups(
        &self,
        model: &mut Model,
        doing: &Option<Doing>,
        chance: &mut Chance,
    ) -> Result<(), Fault> {
        let disk = &*self.host.disk;
        let there = self.backup_numbers();
        if let Some(Doing::Backup(number)) = doing
            && there.contains(number)
        {
            self.check_backup(*number, &model.ways, false)
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
        self.check_ways_of_backups(model, doing, chance)
    }

    /// A backup opens with what opened the vault when it was made, and with nothing that opens the vault since.
    fn check_ways_of_backups(
        &self,
        model: &Model,
        doing: &Option<Doing>,
        chance: &mut Chance,
    ) -> Result<(), Fault> {
        for (number, (_, ways)) in &model.backups {
            self.check_backup(*number, ways, chance.below(16) == 0)
                .map_err(|error| Fault::Lost(format!("{doing:?}: backup {number}: {error}")))?;
            let refused = Err(Error::WrongCredential);
            let other_keys = ways.spare != model.ways.spare;
            if other_keys && self.check_backup(*number, &model.ways, false) != refused {
                let text = format!("{doing:?}: backup {number} opens with later keys");
                return Err(Fault::Amiss(text));
            }
        }
        Ok(())
    }

    fn check_backup(&self, number: u64, ways: &Ways, by_passphrase: bool) -> Result<(), Error> {
        let (passphrase, spare) = (passphrase(ways.passphrase), ways.spare());
        let credential = match by_passphrase {
            true => Credential::Passphrase(&passphrase),
            false => Credential::SpareKey(&spare),
        };
        check_backup_on(&self.host, &self.backup(number), credential, &Quiet).map(drop)
    }

    /// A restored vault that has its name is whole, and holds what the backup held.
    fn check_restored(
        &self,
        model: &mut Model,
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
            let number = number.parse().unwrap();
            let places = self.restored(number);
            let half = |text: String| Fault::Half(format!("{doing:?}: {name}: {text}"));
            let of = model.restored.get(&number);
            let backup = of.and_then(|number| model.backups.get(number));
            let (held, ways) = backup.ok_or_else(|| half("of no backup".to_owned()))?;
            let opened = self.open_at(&places, ways).and_then(|vault| {
                open_compartments(&vault, ways)?;
                Ok(vault)
            });
            let vault = opened.map_err(|error| half(error.to_string()))?;
            let strange = alarming(&vault);
            if !strange.is_empty() {
                return Err(half(format!("{strange:?}")));
            }
            let found = show(&vault).map_err(half)?;
            if found != *held {
                return Err(half(format!("it holds {found:?}, its backup {held:?}")));
            }
            drop(vault);
            disk.remove_folder(&places.vault).unwrap();
            tally.add("restored vaults, whole", 1);
        }
        model.restored.clear();
        disk.sync_folder(&self.folder).unwrap();
        Ok(())
    }
}

/// What an opening may say of a checkpoint or segment that was damaged on purpose.
fn is_of_one_damaged_file(finding: &Finding) -> bool {
    matches!(
        finding,
        Finding::CheckpointDamaged
            | Finding::Gap { .. }
            | Finding::JournalBehind { .. }
            // Its head may name another device now, and a power cut have left no frame in it that proves that wrong.
            | Finding::ForeignSegment
    )
}

/// Gives every second passphrase.
fn open_compartments(vault: &Vault, ways: &Ways) -> Result<(), Error> {
    for (id, number) in &ways.seconds {
        let shut = |info: &vault::CompartmentInfo| info.id == *id && info.locked;
        if vault.compartments().iter().any(shut) {
            vault.open_compartment(*id, &second_passphrase(*number), &Quiet)?;
        }
    }
    Ok(())
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
