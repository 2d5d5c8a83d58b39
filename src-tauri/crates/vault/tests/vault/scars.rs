//! Random damage to store, journal and checkpoints: single bits, blocks of 4 KiB, and files cut short. No opening
//! panics or hangs, no text is shown that was not written there last, unless the vault has told that something is
//! missing; and all but a few records are served or come back. In some rounds the store is lost on top of it, so
//! that rows come from the damaged file or not at all.
//!
//! The full run, with its figures: `cargo test -p vault --test vault -- --ignored --nocapture scars::the_full`. It prints
//! its seed; `VAULT_SEED` begins elsewhere, `VAULT_ROUNDS=10` does ten times as much.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vault::{Batch, CompartmentId, Error, Finding, Quiet, Schema, Vault};

use crate::guard::{self, Tally, guarded};
use crate::support::*;

const BLOCK: usize = 4096;
/// Records of each of two compartments.
const RECORDS: u64 = 150;
/// Of a thousand records that should be there, so many must be served or come back.
const LEAST_OF_A_THOUSAND: f64 = 999.0;

/// Every text that a record ever had, oldest first; `None` once it was removed.
type History = BTreeMap<(CompartmentId, u64), Vec<Option<String>>>;

/// How the last session of a vault ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It was locked.
    Locked,
    /// It was just dropped, a while after the last save, which the store has taken in by then.
    Settled,
    /// It was dropped within the few seconds in which the last saves lie in the journal alone.
    Unsettled,
}

/// A vault with something to lose: records of every size, rewritten and removed over several sessions, so that there
/// are two checkpoints, and segments beyond them.
struct Subject {
    rig: Rig,
    end: End,
    whole: RigPicture,
    spaces: [CompartmentId; 2],
    history: History,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Bit,
    Block,
    Cut,
}

/// One damage to one file.
#[derive(Debug, Clone)]
struct Scar {
    path: PathBuf,
    damage: Damage,
    /// Where: a bit, the first byte of a block, or the new length.
    at: usize,
    /// What a block is filled with.
    filling: u64,
    store_lost: bool,
}

impl Subject {
    fn make(chance: &mut Chance, end: End) -> Subject {
        let (rig, vault) = Rig::new();
        let spaces = [plain(&vault), plain(&vault)];
        vault.lock().unwrap();
        let mut history = History::new();
        for session in 0..5 {
            let vault = rig.open();
            let saves = match (session, end) {
                (0, _) => RECORDS,
                (4, End::Unsettled) => 2,
                _ => 12,
            };
            for nth in 0..saves {
                let mut batch = Batch::new();
                for space in spaces {
                    let number = match session {
                        0 => nth,
                        _ => chance.below(RECORDS),
                    };
                    let versions = history.entry((space, number)).or_default();
                    if session > 0 && chance.below(6) == 0 {
                        batch.delete(space, NOTE, id(number));
                        versions.push(None);
                        continue;
                    }
                    let length = [0, 40, 700, 3_000, 9_000, 40_000][chance.below(6) as usize];
                    let head = format!("{number} version {} ", versions.len());
                    let text = head.clone() + &head.repeat(length / head.len());
                    batch.put(space, NOTE, id(number), Schema(1), text.as_str());
                    versions.push(Some(text));
                }
                vault.save(batch).unwrap();
            }
            match end {
                End::Settled if session == 4 => assert_whole(&vault),
                End::Unsettled if session == 4 => {}
                _ => vault.lock().unwrap(),
            }
        }
        let subject = Subject {
            whole: rig.picture(),
            rig,
            end,
            spaces,
            history,
        };
        let vault = subject.rig.open();
        assert_eq!(alarming(&vault), []);
        let looked = subject.look(&vault);
        assert_eq!((looked.missing, looked.older), (0, 0));
        drop(vault);
        subject.rig.come_back_to(&subject.whole);
        subject
    }

    fn expected(&self) -> u64 {
        let there = |versions: &&Vec<Option<String>>| versions.last().is_some_and(Option::is_some);
        self.history.values().filter(there).count() as u64
    }

    fn files(&self, folder: &str) -> Vec<PathBuf> {
        let folder = self.rig.temp.root().join(folder);
        let files = self.rig.disk.files().into_iter().map(|(path, _)| path);
        files.filter(|path| path.starts_with(&folder)).collect()
    }

    fn store_files(&self) -> Vec<PathBuf> {
        let store = stores(self.rig.temp.root()).remove(0);
        let entries = fs::read_dir(store)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = entries.filter(|path| path.is_file()).collect();
        files.sort();
        files
    }

    /// Draws where the next damage goes: half of them into the store, the rest into journal and checkpoints, half of
    /// these with the store lost as well.
    fn draw(&self, chance: &mut Chance, damage: Damage) -> (&'static str, Scar) {
        let (area, files) = match chance.below(8) {
            0..4 => ("store", self.store_files()),
            4..6 => ("journal", self.files("sync/journal")),
            _ => ("checkpoints", self.files("local/checkpoints")),
        };
        let in_store = area == "store";
        // The small files of a store are hit now and then, its log mostly.
        let main = |path: &&PathBuf| path.ends_with("db");
        let path = match files.iter().find(main) {
            Some(log) if chance.below(5) > 0 => log.clone(),
            _ => files[chance.below(files.len() as u64) as usize].clone(),
        };
        let bytes = self.read(&path);
        let at = draw_place(chance, &bytes, damage);
        let scar = Scar {
            path,
            damage,
            at,
            filling: chance.next(),
            store_lost: !in_store && chance.below(2) == 0,
        };
        let area = match (area, scar.store_lost, self.end) {
            ("journal", true, _) => "journal, store lost as well",
            ("journal", false, End::Unsettled) => "journal, seconds after the last save",
            ("checkpoints", true, _) => "checkpoints, store lost as well",
            (area, ..) => area,
        };
        (area, scar)
    }

    fn read(&self, path: &Path) -> Vec<u8> {
        match fs::read(path) {
            Ok(bytes) => bytes,
            Err(_) => vault::Disk::read(&self.rig.disk, path).unwrap(),
        }
    }

    fn hurt(&self, scar: &Scar) {
        if scar.store_lost {
            self.rig.remove_stores();
        }
        let change = |bytes: &mut Vec<u8>| match scar.damage {
            Damage::Bit => bytes[scar.at / 8] ^= 1 << (scar.at % 8),
            Damage::Cut => bytes.truncate(scar.at),
            Damage::Block => {
                let end = (scar.at + BLOCK).min(bytes.len());
                fill(bytes, scar.at..end, scar.filling);
            }
        };
        match fs::read(&scar.path) {
            Ok(mut bytes) => {
                change(&mut bytes);
                fs::write(&scar.path, bytes).unwrap();
            }
            Err(_) => self.rig.disk.tamper(&scar.path, change),
        }
    }

    /// Compares every record with what was written. Only a text that the record once had may stand in the place of
    /// the last one, and that counts as missing; any other is the end of the run.
    fn look(&self, vault: &Vault) -> Looked {
        let mut looked = Looked::default();
        let mut walked: BTreeMap<(CompartmentId, u64), String> = BTreeMap::new();
        for space in self.spaces {
            // A walk that ends early shows less; what it showed must still be right.
            let _ = vault.visit(space, &mut |found| {
                let number = u64::from_be_bytes(found.record.0[..8].try_into().unwrap());
                let text = String::from_utf8(found.payload.to_vec()).unwrap();
                walked.insert((space, number), text);
            });
        }
        for (key, shown) in &walked {
            let known = self.history.get(key).is_some_and(|versions| {
                versions
                    .iter()
                    .any(|version| version.as_ref() == Some(shown))
            });
            assert!(known, "a walk shows a text that was never written");
        }
        for ((space, number), versions) in &self.history {
            let last = versions.last().unwrap();
            match vault.read(*space, NOTE, id(*number)) {
                Ok(record) => {
                    let shown = record.map(|r| String::from_utf8(r.payload.to_vec()).unwrap());
                    if let Some(shown) = walked.get(&(*space, *number)) {
                        let once = |version: &Option<String>| version.as_ref() == Some(shown);
                        looked.older += u64::from(Some(shown) != last.as_ref());
                        assert!(versions.iter().any(once));
                    }
                    if shown == *last {
                        looked.served += u64::from(last.is_some());
                    } else if shown.is_none() {
                        looked.missing += 1;
                    } else {
                        assert!(versions.contains(&shown), "a text that was never written");
                        looked.older += 1;
                    }
                }
                Err(Error::Damaged { .. }) => looked.missing += u64::from(last.is_some()),
                Err(error) => panic!("not an error of a damaged record: {error}"),
            }
        }
        looked
    }

    /// One round: damage, an opening, and what the program does after one; then another opening.
    fn round(&self, scar: &Scar, tally: &mut Tally, area: &str) -> Duration {
        let what = || format!("{scar:?}");
        self.hurt(scar);
        let expected = self.expected();
        let mut add = |name: &str, count| {
            tally.add(&format!("{area}: {name}"), count);
            tally.add(&format!("all: {name}"), count);
        };
        add("rounds", 1);
        add("records", expected);
        let (mut served, mut recovered) = (0, 0);
        let mut slowest = Duration::ZERO;
        let mut told = false;
        for opening in 0..2 {
            let start = Instant::now();
            let opened = guarded(what, || self.rig.temp.open());
            slowest = slowest.max(start.elapsed());
            let vault = match opened {
                Ok(vault) => vault,
                Err(Error::Damaged { .. }) => {
                    add("openings refused", 1);
                    continue;
                }
                Err(error) => panic!("{}: {error}", what()),
            };
            let looked = guarded(what, || self.look(&vault));
            // The program counts the rows after it has opened.
            let counted = guarded(what, || vault.verify(&Quiet));
            let unsound = counted.map_or(true, |checks| checks.iter().any(|check| !check.ok));
            // A save that nothing followed is told of once; then the vault goes on from the one before.
            told |= unsound || tells(&vault);
            assert!(
                told || (looked.missing == 0 && looked.older == 0),
                "{}: {looked:?} and nothing is said: {:?}",
                what(),
                vault.opening()
            );
            if opening == 0 {
                served = looked.served;
                recovered = 0;
            } else {
                // What is served then was served before, or came back.
                recovered = looked.served.saturating_sub(served);
                served = served.min(looked.served);
            }
            add("older texts, told", u64::from(opening == 1) * looked.older);
            if looked.served == expected && opening == 0 {
                break;
            }
            // A lock may fail over a store that cannot be read; the next opening has more to do then.
            let _ = guarded(what, || vault.lock());
        }
        add("served at once", served);
        add("recovered", recovered);
        add("lost, told", expected - served - recovered);
        self.rig.come_back_to(&self.whole);
        slowest
    }
}

#[derive(Debug, Default)]
struct Looked {
    served: u64,
    /// Records that cannot be read or are not there, and removed ones that are.
    missing: u64,
    /// Records that show a text they had before.
    older: u64,
}

/// Whether an opening says that something may be missing.
fn tells(vault: &Vault) -> bool {
    let tells = |finding: &Finding| {
        matches!(
            finding,
            Finding::Gap { .. }
                | Finding::Incomplete { .. }
                | Finding::JournalBehind { .. }
                | Finding::TornTail { .. }
                | Finding::ForeignSegment
                | Finding::Rollback { .. }
                | Finding::Fork { .. }
        )
    };
    vault.opening().findings.iter().any(tells)
}

/// A place in a file. Most of a store's log is empty: four times out of five the place is among bytes that are not.
fn draw_place(chance: &mut Chance, bytes: &[u8], damage: Damage) -> usize {
    if bytes.is_empty() {
        return 0;
    }
    let used: Vec<usize> = bytes
        .chunks(BLOCK)
        .enumerate()
        .filter(|(_, block)| block.iter().any(|byte| *byte != 0))
        .map(|(nth, _)| nth * BLOCK)
        .collect();
    let within = |chance: &mut Chance, from: usize| {
        let length = (bytes.len() - from).min(BLOCK);
        from + chance.below(length as u64) as usize
    };
    let byte = if chance.below(5) > 0 && !used.is_empty() {
        let from = used[chance.below(used.len() as u64) as usize];
        within(chance, from)
    } else {
        chance.below(bytes.len() as u64) as usize
    };
    match damage {
        Damage::Bit => byte * 8 + chance.below(8) as usize,
        Damage::Cut => byte,
        // Disks lose whole sectors, others any stretch.
        Damage::Block if chance.below(2) == 0 => byte / BLOCK * BLOCK,
        Damage::Block => byte,
    }
}

/// Fills a block with zeros, ones, noise, or what stands at the beginning of the file.
fn fill(bytes: &mut [u8], range: std::ops::Range<usize>, filling: u64) {
    match filling % 4 {
        0 => bytes[range].fill(0),
        1 => bytes[range].fill(0xff),
        2 => {
            let mut noise = Chance(filling);
            bytes[range]
                .iter_mut()
                .for_each(|b| *b = noise.next() as u8);
        }
        _ => {
            let length = range.len().min(bytes.len() - range.start);
            bytes.copy_within(0..length, range.start);
        }
    }
}

/// So many damages of each sort, to three vaults in turn. Answers how many records of a thousand were served or came
/// back, over all rounds, those with the store lost included.
fn run(seed: u64, rounds: [(Damage, u64); 3]) -> f64 {
    let mut chance = Chance(seed);
    let ends = [End::Locked, End::Settled, End::Unsettled];
    let subjects = ends.map(|end| Subject::make(&mut chance, end));
    let mut tally = Tally::default();
    let mut slowest = Duration::ZERO;
    let mut done = 0u64;
    let begun = Instant::now();
    for (damage, count) in rounds {
        for round in 0..count {
            let subject = &subjects[(round % 3) as usize];
            let (area, scar) = subject.draw(&mut chance, damage);
            let took = guarded(
                || format!("seed {seed}, {damage:?} {round}, {scar:?}"),
                || subject.round(&scar, &mut tally, area),
            );
            slowest = slowest.max(took);
            done += 1;
            if done.is_multiple_of(500) {
                println!("{done} rounds, {} s", begun.elapsed().as_secs());
            }
        }
    }
    println!(
        "seed {seed}: {done} rounds, slowest opening {slowest:?}, {} panics inside the store",
        guard::store_panics()
    );
    print!("{}", tally.lines());
    for area in ["store", "journal", "checkpoints"] {
        // One damaged file costs nothing that is not elsewhere.
        assert_eq!(tally.of(&format!("{area}: lost, told")), 0, "{area}");
    }
    let all = tally.of("all: records");
    let kept = tally.of("all: served at once") + tally.of("all: recovered");
    let of_a_thousand = kept as f64 * 1000.0 / all as f64;
    println!("served or recovered: {kept} of {all}, {of_a_thousand:.3} of a thousand");
    of_a_thousand
}

#[test]
fn damage_to_store_journal_or_checkpoints_shows_no_wrong_text_and_costs_next_to_nothing() {
    let seed = guard::number("VAULT_SEED", 20_261_127);
    // In so few rounds chance decides how much the double losses cost: the share is held in the full run.
    run(
        seed,
        [(Damage::Bit, 40), (Damage::Block, 20), (Damage::Cut, 20)],
    );
}

#[test]
#[ignore = "takes an hour: the full run of the test above"]
fn the_full_run_of_damages() {
    let times = guard::number("VAULT_ROUNDS", 1);
    let of_a_thousand = run(
        guard::number("VAULT_SEED", 20_261_127),
        [
            (Damage::Bit, 10_000 * times),
            (Damage::Block, 1_000 * times),
            (Damage::Cut, 500 * times),
        ],
    );
    assert!(of_a_thousand >= LEAST_OF_A_THOUSAND);
}
