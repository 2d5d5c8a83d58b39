//! Rows of a real store that are moved, mixed, dropped or doubled behind the vault's back. None is ever shown for what it
//! is not; counting finds it and tells in which compartment, locked ones included; and what was there comes back from
//! checkpoint and journal.

use std::collections::{BTreeMap, BTreeSet};

use testkit::CHEAP;
use vault::{
    Batch, CompartmentId, CompartmentOptions, Disk, Error, Finding, Kind, Part, Passphrase, Quiet,
    RebuildReason, Schema, Vault,
};

use crate::support::*;

const OTHER_KIND: Kind = Kind(101);
const SECOND: &str = "of its own";
/// Payload that fits one chunk.
const CHUNK: usize = 32_624;

/// Where a record is.
type Place = (CompartmentId, Kind, u64);
/// Key and value.
type Row = (Vec<u8>, Vec<u8>);

/// A locked vault of whose records it is known in which rows they lie.
struct Subject {
    rig: Rig,
    held: BTreeMap<Place, String>,
    /// The keys of each record, the head's first.
    keys: BTreeMap<Place, Vec<Vec<u8>>>,
}

impl Subject {
    fn new(spaces: usize) -> (Subject, Vec<CompartmentId>) {
        let (rig, vault) = Rig::new();
        let spaces = (0..spaces).map(|_| plain(&vault)).collect();
        vault.lock().unwrap();
        let subject = Subject {
            rig,
            held: BTreeMap::new(),
            keys: BTreeMap::new(),
        };
        (subject, spaces)
    }

    /// Saves a record. A row that was not there before is the next of its chunks.
    fn keep(&mut self, place: Place, text: &str) {
        let before = rows(&self.rig);
        let vault = self.open();
        let mut batch = Batch::new();
        batch.put(place.0, place.1, id(place.2), Schema(1), text);
        vault.save(batch).unwrap();
        vault.lock().unwrap();
        let new = rows(&self.rig).into_keys();
        let new: Vec<_> = new.filter(|key| !before.contains_key(key)).collect();
        assert!(new.len() <= 1, "chunks are told apart one by one");
        self.keys.entry(place).or_default().extend(new);
        self.held.insert(place, text.to_owned());
    }

    /// Saves a record of so many chunks.
    fn keep_long(&mut self, place: Place, word: &str, chunks: usize) {
        for chunks in 1..=chunks {
            let length = chunks * CHUNK - 1;
            let text: String = word.chars().cycle().take(length).collect();
            self.keep(place, &text);
        }
        assert_eq!(self.keys[&place].len(), chunks);
    }

    /// With every second passphrase given.
    fn open(&self) -> Vault {
        let vault = self.rig.open();
        open_second(&vault);
        vault
    }

    fn key(&self, place: Place, chunk: usize) -> Vec<u8> {
        self.keys[&place][chunk].clone()
    }

    fn row(&self, place: Place, chunk: usize) -> Row {
        let key = self.key(place, chunk);
        let value = rows(&self.rig)[&key].clone();
        (key, value)
    }

    fn marked(&self) {
        let lock = self.rig.temp.root().join("local/vault.lock");
        self.rig
            .disk
            .tamper(&lock, |bytes| bytes.extend_from_slice(b"open\n"));
    }

    /// Removes all that rows could come back from.
    fn without_history(&self) {
        for folder in ["local/checkpoints", "sync/journal"] {
            let folder = self.rig.temp.root().join(folder);
            for (path, _) in self.rig.disk.files() {
                if path.starts_with(&folder) {
                    self.rig.disk.remove(&path).unwrap();
                    self.rig.disk.sync_folder(path.parent().unwrap()).unwrap();
                }
            }
        }
    }

    fn aside(&self) -> usize {
        let aside = self.rig.temp.root().join("local/aside");
        std::fs::read_dir(aside).map_or(0, Iterator::count)
    }

    /// Checks that every record is shown as it was saved, but for some, which are not shown at all.
    fn assert_shown(&self, vault: &Vault, but: &[Place], about: &str) {
        let (mut shown, mut unreadable) = (BTreeMap::new(), 0);
        for info in vault.compartments() {
            let visited = vault
                .visit(info.id, &mut |found| {
                    let number = u64::from_be_bytes(found.record.0[..8].try_into().unwrap());
                    let text = String::from_utf8(found.payload.to_vec()).unwrap();
                    let twice = shown.insert((info.id, found.kind, number), text);
                    assert_eq!(twice, None, "{about}: shown twice");
                })
                .unwrap();
            unreadable += visited.unreadable.len();
        }
        let mut expected = self.held.clone();
        expected.retain(|place, _| !but.contains(place));
        assert_eq!(
            shown.keys().collect::<Vec<_>>(),
            expected.keys().collect::<Vec<_>>(),
            "{about}"
        );
        assert!(shown == expected, "{about}: another text");
        assert!(unreadable >= but.len(), "{about}: {unreadable}");
        for (place, text) in &self.held {
            let read = vault.read(place.0, place.1, id(place.2));
            if but.contains(place) {
                let damaged = Error::Damaged { part: Part::Record };
                assert_eq!(read.err(), Some(damaged), "{about}");
            } else {
                assert!(
                    *read.unwrap().unwrap().payload == *text.as_bytes(),
                    "{about}"
                );
            }
        }
    }
}

fn open_second(vault: &Vault) {
    for info in vault.compartments() {
        if info.locked {
            let second = Passphrase::parse(SECOND).unwrap();
            vault.open_compartment(info.id, &second, &Quiet).unwrap();
        }
    }
}

fn rows(rig: &Rig) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut rows = BTreeMap::new();
    with_sled(rig, |tree| {
        for row in tree.iter() {
            let (key, value) = row.unwrap();
            // The store's own state has a shorter key.
            if key.len() == 32 {
                rows.insert(key.to_vec(), value.to_vec());
            }
        }
    });
    rows
}

fn put(subject: &Subject, changed: &[Row]) {
    with_sled(&subject.rig, |tree| {
        for (key, value) in changed {
            tree.insert(key, value.as_slice()).unwrap();
        }
    });
}

/// Compartments whose rows do not add up.
fn wrong(vault: &Vault) -> BTreeSet<CompartmentId> {
    let checks = vault.verify(&Quiet).unwrap().into_iter();
    checks
        .filter(|check| !check.ok)
        .map(|check| check.compartment)
        .collect()
}

fn rebuilt(vault: &Vault) -> bool {
    let reason = RebuildReason::Incomplete;
    let findings = &vault.opening().findings;
    findings
        .iter()
        .any(|f| matches!(f, Finding::StoreRebuilt { reason: r, .. } if *r == reason))
}

/// What the opening says is not what was saved, with the counts.
fn incomplete(vault: &Vault) -> BTreeMap<Option<CompartmentId>, (u64, u64)> {
    let findings = vault.opening().findings.iter();
    findings
        .filter_map(|finding| match finding {
            Finding::Incomplete {
                compartment,
                expected,
                found,
            } => Some((*compartment, (*expected, *found))),
            _ => None,
        })
        .collect()
}

/// Rows that are put into the store, the records that cannot be read then, and the compartments that do not add up.
struct Wrong {
    about: &'static str,
    put: Vec<Row>,
    hidden: Vec<Place>,
    told: Vec<CompartmentId>,
}

/// A subject with a record of each sort, and everything that somebody without keys could do to its rows.
fn wrongs() -> (Subject, Vec<Wrong>) {
    let (mut subject, spaces) = Subject::new(2);
    let (a, b) = (spaces[0], spaces[1]);
    let [one, two, other_kind] = [(a, NOTE, 1), (a, NOTE, 2), (a, OTHER_KIND, 1)];
    let [elsewhere, long, long_too] = [(b, NOTE, 1), (a, NOTE, 3), (a, NOTE, 4)];
    subject.keep(one, "one");
    subject.keep(two, "two");
    subject.keep(other_kind, "of another kind");
    subject.keep(elsewhere, "of another compartment");
    subject.keep_long(long_too, "another long one. ", 4);
    subject.keep_long(long, "a long one. ", 4);
    let before: Vec<Row> = (0..4).map(|chunk| subject.row(long, chunk)).collect();
    subject.keep(long, &"other words ".repeat(10_000));
    assert_eq!(subject.keys[&long].len(), 4);
    let (mut another, theirs) = Subject::new(1);
    another.keep((theirs[0], NOTE, 1), "of another vault");
    let foreign = another.row((theirs[0], NOTE, 1), 0);

    let value = |place, chunk| subject.row(place, chunk).1;
    let under =
        |from: (Place, usize), to: (Place, usize)| (subject.key(to.0, to.1), value(from.0, from.1));
    let swapped =
        |left: (Place, usize), right: (Place, usize)| vec![under(left, right), under(right, left)];
    let wrong = |about, put, hidden: &[Place], told: &[CompartmentId]| Wrong {
        about,
        put,
        hidden: hidden.to_vec(),
        told: told.to_vec(),
    };
    let wrongs = vec![
        wrong(
            "under another record",
            vec![under((one, 0), (two, 0))],
            &[two],
            &[a],
        ),
        wrong(
            "under another kind",
            vec![under((one, 0), (other_kind, 0))],
            &[other_kind],
            &[a],
        ),
        wrong(
            "in another compartment",
            vec![under((one, 0), (elsewhere, 0))],
            &[elsewhere],
            &[b],
        ),
        wrong(
            "two records swapped",
            swapped((one, 0), (two, 0)),
            &[one, two],
            &[a],
        ),
        wrong(
            "two compartments swapped",
            swapped((one, 0), (elsewhere, 0)),
            &[one, elsewhere],
            &[a, b],
        ),
        wrong(
            "of another vault",
            vec![(subject.key(one, 0), foreign.1.clone())],
            &[one],
            &[a],
        ),
        wrong("a whole row of another vault", vec![foreign], &[], &[]),
        wrong(
            "chunks in another order",
            swapped((long, 1), (long, 2)),
            &[long],
            &[a],
        ),
        wrong(
            "the head behind",
            swapped((long, 0), (long, 3)),
            &[long],
            &[a],
        ),
        wrong(
            "a chunk of another record",
            vec![under((long_too, 1), (long, 1))],
            &[long],
            &[a],
        ),
        wrong(
            "a chunk of the revision before",
            vec![before[1].clone()],
            &[long],
            &[a],
        ),
        wrong(
            "the last chunk of the revision before",
            vec![before[3].clone()],
            &[long],
            &[a],
        ),
        wrong(
            "the head of the revision before",
            vec![before[0].clone()],
            &[long],
            &[a],
        ),
        wrong(
            "all but the head of the revision before",
            before[1..].to_vec(),
            &[long],
            &[a],
        ),
    ];
    (subject, wrongs)
}

#[test]
fn a_row_in_another_s_place_is_refused_found_by_compartment_and_put_right() {
    let (subject, wrongs) = wrongs();
    let picture = subject.rig.picture();
    for Wrong {
        about,
        put: changed,
        hidden,
        told,
    } in &wrongs
    {
        subject.rig.come_back_to(&picture);
        put(&subject, changed);
        // After a clean end an opening does not count.
        let vault = subject.open();
        assert_eq!(vault.opening().findings, [], "{about}");
        subject.assert_shown(&vault, hidden, about);
        assert_eq!(wrong(&vault), told.iter().copied().collect(), "{about}");
        let strays = u64::from(told.is_empty());
        assert_eq!(vault.stray_rows().unwrap(), strays, "{about}");
        vault.lock().unwrap();
        if told.is_empty() {
            continue;
        }
        // What was found makes the next opening count; the store is set aside, and a right one takes its place.
        let vault = subject.open();
        assert!(rebuilt(&vault), "{about}: {:?}", vault.opening());
        assert_eq!(incomplete(&vault), BTreeMap::new(), "{about}");
        assert_eq!(subject.aside(), 1, "{about}");
        subject.assert_shown(&vault, &[], about);
        assert_whole(&vault);
        vault.lock().unwrap();
        assert_eq!(subject.open().opening().findings, [], "{about}");
    }
}

#[test]
fn after_an_unclean_end_a_row_in_another_s_place_is_put_right_before_anything_is_shown() {
    let (subject, wrongs) = wrongs();
    let picture = subject.rig.picture();
    for wrong in &wrongs {
        subject.rig.come_back_to(&picture);
        put(&subject, &wrong.put);
        subject.marked();
        let vault = subject.open();
        assert!(rebuilt(&vault), "{}: {:?}", wrong.about, vault.opening());
        assert_eq!(incomplete(&vault), BTreeMap::new(), "{}", wrong.about);
        assert_eq!(subject.aside(), 1, "{}", wrong.about);
        subject.assert_shown(&vault, &[], wrong.about);
        assert_whole(&vault);
    }
}

#[test]
fn where_nothing_else_is_left_a_row_in_another_s_place_is_told_by_compartment_and_never_shown() {
    let (subject, wrongs) = wrongs();
    let picture = subject.rig.picture();
    for wrong in &wrongs {
        subject.rig.come_back_to(&picture);
        put(&subject, &wrong.put);
        subject.without_history();
        subject.marked();
        for _ in 0..2 {
            let vault = subject.open();
            let told: Vec<_> = incomplete(&vault).into_keys().collect();
            let mut expected: Vec<_> = wrong.told.iter().map(|id| Some(*id)).collect();
            if expected.is_empty() {
                // A row of no compartment that the keyring knows.
                expected.push(None);
            }
            expected.sort();
            assert_eq!(told, expected, "{}: {:?}", wrong.about, vault.opening());
            subject.assert_shown(&vault, &wrong.hidden, wrong.about);
            vault.lock().unwrap();
        }
    }
}

/// A locked vault with a compartment that has a second passphrase, which is not given.
fn with_one_shut() -> (Subject, CompartmentId, CompartmentId) {
    let (mut subject, spaces) = Subject::new(1);
    let vault = subject.rig.open();
    let second = Passphrase::parse(SECOND).unwrap();
    let shut = vault
        .make_compartment(CompartmentOptions {
            alias: None,
            second: Some((&second, CHEAP)),
        })
        .unwrap();
    vault.lock().unwrap();
    for number in 0..3 {
        subject.keep((spaces[0], NOTE, number), "open");
    }
    for number in 0..5 {
        subject.keep((shut, NOTE, number), "shut");
    }
    (subject, spaces[0], shut)
}

/// Takes a row of the shut compartment away, or puts one of its rows there a second time under a name of its own.
fn drop_or_double(subject: &Subject, shut: CompartmentId, doubled: bool) {
    let (mut key, value) = subject.row((shut, NOTE, 2), 0);
    if doubled {
        key[31] ^= 1;
        put(subject, &[(key, value)]);
    } else {
        with_sled(&subject.rig, |tree| {
            drop(tree.remove(key).unwrap().unwrap())
        });
    }
}

#[test]
fn a_row_of_a_shut_compartment_that_was_dropped_or_doubled_is_told_by_compartment() {
    let (subject, open, shut) = with_one_shut();
    let picture = subject.rig.picture();
    for (doubled, there) in [(false, 4), (true, 6)] {
        subject.rig.come_back_to(&picture);
        drop_or_double(&subject, shut, doubled);
        // By looking, while it stays shut.
        let vault = subject.rig.open();
        assert!(vault.compartments().iter().any(|info| info.locked));
        let checks = vault.verify(&Quiet).unwrap();
        let counts = |id| {
            let check = checks.iter().find(|check| check.compartment == id).unwrap();
            (check.ok, check.records_expected, check.records_found)
        };
        assert_eq!(counts(open), (true, 3, 3));
        assert_eq!(counts(shut), (false, 5, there));
        vault.lock().unwrap();
        // What was found is put right by the next opening, which does not need its passphrase.
        let vault = subject.rig.open();
        assert!(rebuilt(&vault), "{:?}", vault.opening());
        assert_whole(&vault);
        open_second(&vault);
        subject.assert_shown(&vault, &[], "dropped or doubled");
        drop(vault);

        // By an opening that counts, where nothing could bring it back: told each time.
        subject.rig.come_back_to(&picture);
        drop_or_double(&subject, shut, doubled);
        subject.without_history();
        subject.marked();
        for _ in 0..2 {
            let vault = subject.rig.open();
            let told = BTreeMap::from([(Some(shut), (5, there))]);
            assert_eq!(incomplete(&vault), told, "{:?}", vault.opening());
            vault.lock().unwrap();
        }
        // The one that was doubled is shown once.
        let vault = subject.open();
        let mut shown = 0;
        let visited = vault.visit(shut, &mut |_| shown += 1).unwrap();
        let unreadable = usize::from(doubled);
        assert_eq!(
            (shown, visited.unreadable.len()),
            (there - u64::from(doubled), unreadable)
        );
    }
}

#[test]
fn a_row_of_a_shut_compartment_that_a_compaction_loses_is_told_and_comes_back() {
    let (subject, open, shut) = with_one_shut();
    let picture = subject.rig.picture();
    // Whether somebody looks or not: the compaction itself counts.
    for (doubled, looks) in [(false, true), (false, false), (true, false)] {
        subject.rig.come_back_to(&picture);
        drop_or_double(&subject, shut, doubled);
        let vault = subject.rig.open();
        vault.compact(&Quiet).unwrap();
        if looks {
            assert_eq!(wrong(&vault), BTreeSet::from([shut]));
        }
        // Neither does a checkpoint, which would count as well, unless something was saved.
        if looks {
            vault.save(note(open, 9, "after")).unwrap();
        }
        vault.lock().unwrap();
        let vault = subject.rig.open();
        assert!(rebuilt(&vault), "{:?}", vault.opening());
        assert_whole(&vault);
        let after = looks.then_some("after");
        assert_eq!(text(&vault, open, 9).as_deref(), after);
        open_second(&vault);
        for number in 0..5 {
            assert_eq!(text(&vault, shut, number).as_deref(), Some("shut"));
        }
    }
}
