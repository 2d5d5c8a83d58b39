//! Vaults that are cut short while anything is done to them, over and over: by `SIGKILL`, and on a disk that drops
//! what was not synced. Then, now and then, one header copy is damaged on top of it. Everything acknowledged must be
//! there afterwards, everything begun as a whole or not at all, and the old or the new passphrase must open.
//!
//! The full runs: `VAULT_TALLY=target/kills cargo test -p vault --test vault -- --ignored --nocapture
//! rounds::ten_thousand_kills` and `… rounds::ten_thousand_crashes`. `VAULT_ROUNDS` says how many; the file of
//! `VAULT_TALLY` keeps the count, so that a run that was stopped goes on where it was. `VAULT_SEED` begins elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use testkit::{CrashDisk, FixedClock, Survival, TempVault};
use vault::{Disk, Host, Places};

use crate::acts::*;
use crate::guard::{self, Tally};
use crate::support::*;

/// Rounds that one vault lives through; then another is made.
const LIFE: u64 = 200;
/// A few saves fill a segment.
const FULL_SEGMENT: u64 = 16 * 1024;
const FOLDER: &str = "VAULT_ROUNDS_FOLDER";
const KNOWN: &str = "VAULT_ROUNDS_KNOWN";
const ACT: &str = "VAULT_ROUNDS_ACT";
const CHANCE: &str = "VAULT_ROUNDS_CHANCE";

/// One vault's rounds.
pub trait Life {
    /// Ends the vault in the middle of something, and hears what had been acknowledged by then.
    fn cut_short(
        &mut self,
        wanted: Act,
        model: &mut Model,
        chance: &mut Chance,
    ) -> Result<(), Fault>;
    fn world(&self) -> &World;
    /// Leaves everything where it is, to be looked at.
    fn keep(self: Box<Self>) -> PathBuf;
}

pub fn run(what: &str, rounds: u64, begin: impl Fn(u64) -> (Box<dyn Life>, Model)) {
    let seed = guard::number("VAULT_SEED", 1);
    let kept = std::env::var_os("VAULT_TALLY").map(PathBuf::from);
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap_or_default();
    let mut tally = Tally::read(&kept.as_ref().map(read).unwrap_or_default());
    let mut faults = Vec::new();
    let begun = Instant::now();
    while tally.of("rounds") < rounds {
        let mut chance = Chance(seed ^ (tally.of("rounds") << 20));
        let (mut life, mut model) = begin(chance.next());
        for _ in 0..LIFE.min(rounds - tally.of("rounds")) {
            let round = tally.of("rounds");
            let outcome = one_round(&mut *life, &mut model, &mut chance, &mut tally);
            tally.add("rounds", 1);
            if let Err(fault) = outcome {
                let folder = life.keep();
                println!("round {round}: {fault} (kept in {})", folder.display());
                tally.add(fault.kind(), 1);
                faults.push(fault);
                break;
            }
        }
        if let Some(path) = &kept {
            fs::write(path, tally.lines()).unwrap();
            println!(
                "{} rounds, {} s",
                tally.of("rounds"),
                begun.elapsed().as_secs()
            );
        }
    }
    for kind in ["lost", "half done", "amiss"] {
        tally.add(kind, 0);
    }
    print!("{}", tally.lines());
    let within: u64 = Act::ALL.iter().map(|act| tally.of(&during(*act))).sum();
    println!(
        "{what}, seed {seed}: {} rounds, {within} of them within an act; opened with the old passphrase {}, with the \
         new {}; new keys undone {}, completed {}; second passphrases undone {}, completed {}; lost {}, half done {}",
        tally.of("rounds"),
        tally.of("opened with the old passphrase"),
        tally.of("opened with the new passphrase"),
        tally.of("rekeys undone"),
        tally.of("rekeys completed"),
        tally.of("second passphrases undone"),
        tally.of("second passphrases completed"),
        tally.of("lost"),
        tally.of("half done"),
    );
    assert!(faults.is_empty(), "{faults:?}");
    for kind in ["lost", "half done", "amiss"] {
        assert_eq!(tally.of(kind), 0, "in a run before this one");
    }
    // A run that cuts nothing short would show nothing.
    assert!(within * 4 > rounds, "only {within} were within an act");
    if rounds >= 1_000 {
        for act in Act::ALL {
            assert!(tally.of(&during(act)) > 0, "{act:?} was never cut short");
        }
    }
    // A header is written in few of all the steps.
    if rounds >= 5_000 {
        for both in [
            "opened with the old passphrase",
            "opened with the new passphrase",
            "rekeys undone",
            "rekeys completed",
            "second passphrases undone",
            "second passphrases completed",
        ] {
            assert!(tally.of(both) > 0, "{both}: never");
        }
    }
}

fn during(act: Act) -> String {
    format!("cut short: {}", act.name())
}

fn one_round(
    life: &mut dyn Life,
    model: &mut Model,
    chance: &mut Chance,
    tally: &mut Tally,
) -> Result<(), Fault> {
    let secrets = life.world().secrets();
    // Every second round the next of them in turn: a slice has them all.
    let round = tally.of("rounds") as usize;
    let wanted = match round.is_multiple_of(2) {
        true => Act::ALL[round / 2 % Act::ALL.len()],
        false => Act::draw(chance),
    };
    life.cut_short(wanted, model, chance)?;
    match &model.doing {
        Some(doing) => tally.add(&during(doing.act()), 1),
        None => tally.add("cut short: between two acts", 1),
    }
    if chance.below(3) == 0 {
        let copy = ["header.a", "header.b"][chance.below(2) as usize];
        let path = life.world().places.vault.join("sync").join(copy);
        (life.world().flip)(&path, chance.below(4096 * 8));
        tally.add("then a header copy was damaged", 1);
    }
    let at = tally.of("rounds");
    let world = life.world();
    let mut settled = Tally::default();
    let outcome = guard::guarded(
        || format!("round {at}"),
        || world.settle(model, &secrets, chance, &mut settled),
    );
    for (name, count) in settled.0 {
        tally.add(&name, count);
    }
    outcome
}

/// A process that is killed.
struct Killed {
    temp: TempVault,
    world: World,
    /// How long each act takes from its beginning, or from where it begins to write.
    takes: BTreeMap<(Act, bool), Duration>,
}

impl Killed {
    fn begin(_seed: u64) -> (Box<dyn Life>, Model) {
        let (temp, vault) = TempVault::create();
        vault.lock().unwrap();
        let world = world(&temp, Box::new(flip));
        fs::create_dir(world.backups()).unwrap();
        let life = Killed {
            temp,
            world,
            takes: BTreeMap::new(),
        };
        let model = Model::new(&life.temp.spare_key());
        (Box::new(life), model)
    }
}

fn world(temp: &TempVault, flip: Box<Flip>) -> World {
    World {
        host: temp.host().clone(),
        places: temp.places().clone(),
        folder: temp.folder().to_owned(),
        flip,
    }
}

/// Flips a bit of a file on the real disk.
pub fn flip(path: &Path, bit: u64) {
    let mut bytes = fs::read(path).unwrap();
    bytes[bit as usize / 8] ^= 1 << (bit % 8);
    fs::write(path, bytes).unwrap();
}

impl Life for Killed {
    fn cut_short(
        &mut self,
        wanted: Act,
        model: &mut Model,
        chance: &mut Chance,
    ) -> Result<(), Fault> {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "rounds::the_process_that_is_killed",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, self.temp.folder())
            .env(KNOWN, model.known().lines())
            .env(ACT, wanted.name())
            .env(CHANCE, chance.next().to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Now and then it dies while it opens; else some way into the act that was chosen.
        let early = chance.below(12) == 0;
        // Most of the time that stretching takes nothing is written.
        let from_writing = wanted.stretches() && chance.below(4) != 0;
        let timed = (wanted, from_writing);
        let mut since = Instant::now();
        if early {
            std::thread::sleep(Duration::from_micros(chance.below(30_000)));
        } else {
            for line in lines.by_ref() {
                let heard = model.hear(&line.unwrap());
                match heard {
                    Some(Heard::Begun(act)) if act == wanted && !from_writing => break,
                    Some(Heard::Writing) if from_writing => break,
                    Some(Heard::Begun(_)) => since = Instant::now(),
                    Some(Heard::Done(act)) => self.learn(act, since.elapsed()),
                    Some(Heard::Writing) | None => {}
                }
            }
            let takes = self.takes.get(&timed).copied().unwrap_or(at_first(wanted));
            let most = (takes.as_micros() as u64 * 5 / 4).max(200);
            std::thread::sleep(Duration::from_micros(chance.below(most)));
        }
        let since = Instant::now();
        if let Some(status) = child.try_wait().unwrap() {
            return Err(Fault::Amiss(format!(
                "the process ended by itself: {status}"
            )));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What was said before it died counts, too.
        for line in lines {
            if let Some(Heard::Done(act)) = line.ok().and_then(|line| model.hear(&line))
                && act == wanted
            {
                // It was done before the end of the time that was given: it takes less.
                let takes = self.takes.entry(timed).or_insert(since.elapsed());
                *takes = takes.mul_f64(0.9).max(Duration::from_micros(50));
            }
        }
        if model
            .doing
            .as_ref()
            .is_some_and(|doing| doing.act() == wanted)
        {
            let takes = self.takes.entry(timed).or_insert(at_first(wanted));
            *takes = takes.mul_f64(1.05).min(Duration::from_secs(2));
        }
        Ok(())
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn keep(self: Box<Self>) -> PathBuf {
        let folder = self.temp.folder().to_owned();
        std::mem::forget(self.temp);
        folder
    }
}

/// What an act is taken to take before anything is known of it. What seals all rows again writes for long.
fn at_first(act: Act) -> Duration {
    Duration::from_millis(if act.stretches() { 200 } else { 3 })
}

impl Killed {
    fn learn(&mut self, act: Act, took: Duration) {
        let known = self.takes.entry((act, false)).or_insert(took);
        *known = (*known * 3 + took) / 4;
    }
}

#[test]
#[ignore = "the other side of the kills"]
fn the_process_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let text = |name: &str| std::env::var(name).unwrap();
    // With the real clock, and a background thread that settles and writes checkpoints all the time.
    let world = World {
        host: Host {
            settle_after: Some(Duration::from_millis(2)),
            checkpoint_after: 64 * 1024,
            full_segment: FULL_SEGMENT,
            ..Host::default()
        },
        places: Places {
            vault: folder.join("vault"),
            device: folder.join("device"),
        },
        folder,
        flip: Box::new(flip),
    };
    let mut known = Known::parse(&text(KNOWN)).unwrap();
    let mut chance = Chance(text(CHANCE).parse().unwrap());
    let wanted = Act::parse(&text(ACT)).unwrap();
    let mut say = |line: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{MARK}{line}").unwrap();
        out.flush().unwrap();
    };
    let mut vault = None;
    for _ in 0..chance.below(5) {
        let act = match chance.below(3) {
            0 => any_but_forgetting(&mut chance),
            _ => Act::Save,
        };
        world
            .perform(&mut vault, act, &mut known, &mut say)
            .unwrap();
    }
    loop {
        world
            .perform(&mut vault, wanted, &mut known, &mut say)
            .unwrap();
        for _ in 0..3 {
            world
                .perform(&mut vault, Act::Save, &mut known, &mut say)
                .unwrap();
        }
    }
}

/// Stretching takes its time, and what was forgotten twice in a round cannot be told from its secrets.
fn any_but_forgetting(chance: &mut Chance) -> Act {
    [Act::Checkpoint, Act::Compact, Act::Backup, Act::Reopen][chance.below(4) as usize]
}

/// A disk whose power goes.
struct Crashed {
    disk: CrashDisk,
    temp: TempVault,
    world: World,
    older: RigStores,
    /// Writes that each act takes, as far as is known.
    writes: BTreeMap<Act, u64>,
}

/// The stores of the vault at some time.
struct RigStores(Option<tempfile::TempDir>);

impl Crashed {
    fn begin(_seed: u64) -> (Box<dyn Life>, Model) {
        let disk = CrashDisk::new();
        let host = Host {
            disk: Arc::new(disk.clone()),
            clock: Arc::new(FixedClock::at(1_795_000_000_000)),
            settle_after: None,
            full_segment: FULL_SEGMENT,
            ..Host::default()
        };
        let (temp, vault) = TempVault::empty_on(host).filled().unwrap();
        vault.lock().unwrap();
        let flipped = disk.clone();
        let flip = move |path: &Path, bit: u64| {
            flipped.tamper(path, |bytes| bytes[bit as usize / 8] ^= 1 << (bit % 8));
        };
        let world = world(&temp, Box::new(flip));
        disk.make_folder(&world.backups()).unwrap();
        disk.sync_folder(&world.folder).unwrap();
        let life = Crashed {
            disk,
            temp,
            world,
            older: RigStores(None),
            writes: BTreeMap::new(),
        };
        let model = Model::new(&life.temp.spare_key());
        (Box::new(life), model)
    }

    fn local(&self) -> PathBuf {
        self.temp.root().join("local")
    }

    /// Now and then the store is lost as well, or is that of an earlier time.
    fn change_stores(&mut self, chance: &mut Chance) {
        match chance.below(8) {
            0 => {
                for store in stores(self.temp.root()) {
                    fs::remove_dir_all(store).unwrap();
                }
            }
            1 => {
                if let RigStores(Some(older)) = &self.older {
                    for store in stores(self.temp.root()) {
                        fs::remove_dir_all(store).unwrap();
                    }
                    testkit::copy_folder(older.path(), &self.local());
                }
            }
            2 => {
                let copy = tempfile::tempdir().unwrap();
                testkit::copy_folder(&self.local(), copy.path());
                self.older = RigStores(Some(copy));
            }
            _ => {}
        }
    }
}

impl Life for Crashed {
    fn cut_short(
        &mut self,
        wanted: Act,
        model: &mut Model,
        chance: &mut Chance,
    ) -> Result<(), Fault> {
        let mut vault = None;
        let mut known = model.known();
        let mut forgotten = false;
        let mut acts: Vec<_> = (0..chance.below(4))
            .map(|_| match chance.below(3) {
                0 => any_but_forgetting(chance),
                _ => Act::Save,
            })
            .collect();
        acts.push(wanted);
        acts.extend([Act::Save; 6]);
        for act in acts {
            let before = self.disk.steps();
            let mut asked = act;
            // Twice in a round cannot be told from its secrets.
            if forgotten && matches!(act, Act::Forget | Act::Make) {
                asked = Act::Save;
            }
            let most = self.writes.get(&asked).copied().unwrap_or(40);
            let cut = before + chance.below(most + 2);
            let (disk, mut heard_begin) = (&self.disk, before);
            let outcome = self
                .world
                .perform(&mut vault, asked, &mut known, &mut |line| {
                    let heard = model.hear(&format!("{MARK}{line}"));
                    if heard == Some(Heard::Begun(asked)) && asked == wanted {
                        // What had to be made first was made.
                        heard_begin = disk.steps();
                        disk.die_at(cut - before + heard_begin);
                    }
                    forgotten |= heard == Some(Heard::Begun(Act::Forget));
                });
            match outcome {
                Ok(()) => {
                    let took = self.disk.steps() - heard_begin;
                    let known = self.writes.entry(asked).or_insert(took);
                    *known = (*known * 3 + took) / 4;
                }
                Err(_) => {
                    // Cut before its end each time, nobody would ever learn how far that is.
                    self.writes.insert(asked, most + most / 8 + 1);
                    break;
                }
            }
        }
        drop(vault);
        self.disk.crash(match chance.below(3) {
            0 => Survival::Nothing,
            _ => Survival::Some {
                seed: chance.next(),
            },
        });
        self.change_stores(chance);
        Ok(())
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn keep(self: Box<Self>) -> PathBuf {
        let folder = self.temp.folder().to_owned();
        for (path, bytes) in self.disk.files() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        std::mem::forget(self.temp);
        folder
    }
}

#[test]
fn killed_within_any_act_it_keeps_what_it_acknowledged_and_leaves_nothing_half_done() {
    run("kills", 40, Killed::begin);
}

#[test]
#[ignore = "takes an hour: the full run of the test above"]
fn ten_thousand_kills() {
    run(
        "kills",
        guard::number("VAULT_ROUNDS", 10_000),
        Killed::begin,
    );
}

#[test]
fn when_the_power_goes_within_any_act_nothing_acknowledged_is_lost_or_half_done() {
    run("crashes", 60, Crashed::begin);
}

#[test]
#[ignore = "takes an hour: the full run of the test above"]
fn ten_thousand_crashes() {
    run(
        "crashes",
        guard::number("VAULT_ROUNDS", 10_000),
        Crashed::begin,
    );
}
