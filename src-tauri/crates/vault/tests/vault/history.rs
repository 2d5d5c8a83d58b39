//! Damage to journal, checkpoints and copies while the store serves every row: it is found, put right, and the vault
//! then stands the loss of its store.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use testkit::{CHEAP, PASSPHRASE, Survival};
use vault::{
    CompartmentId, CompartmentOptions, DamagedFile, Error, Finding, HistoryCheck, Part, Passphrase,
    Quiet, SpareKey, Step, Vault, Watch,
};

use crate::rekey::rekey;
use crate::support::*;

/// Records of a subject.
const RECORDS: u64 = 14;

/// A vault with two checkpoints, journal before, between and behind them, and a store that has taken all of it in.
fn subject() -> (Rig, CompartmentId) {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    plain(&vault);
    vault.lock().unwrap();
    for session in 0..3 {
        let vault = rig.open();
        for number in 0..4 {
            vault
                .save(note(space, session * 4 + number, "text"))
                .unwrap();
        }
        vault.lock().unwrap();
    }
    let vault = rig.open();
    for number in 12..RECORDS {
        vault.save(note(space, number, "text")).unwrap();
    }
    assert_whole(&vault);
    drop(vault);
    (rig, space)
}

fn assert_all(vault: &Vault, space: CompartmentId, about: &str) {
    for number in 0..RECORDS {
        let found = text(vault, space, number);
        assert_eq!(found.as_deref(), Some("text"), "{about}, {number}");
    }
    assert_whole(vault);
}

fn check(vault: &Vault) -> HistoryCheck {
    vault.check_history(&Quiet).unwrap()
}

fn assert_sound(vault: &Vault, about: &str) {
    let found = check(vault);
    assert_eq!(found.damaged, [], "{about}");
    assert!(found.stands_alone(), "{about}");
}

/// Every file of the vault that an opening without a store needs, and which part it is.
fn files(rig: &Rig) -> Vec<(Part, PathBuf)> {
    let root = rig.temp.root();
    let part = |path: &Path| {
        let inside = path.strip_prefix(root).ok()?;
        let name = inside.to_string_lossy().into_owned();
        Some(match name.as_str() {
            name if name.starts_with("sync/journal/") => Part::Journal,
            name if name.starts_with("local/checkpoints/") => Part::Checkpoint,
            name if name.starts_with("sync/header.") => Part::Header,
            name if name.starts_with("sync/epoch.") => Part::Epoch,
            name if name.starts_with("sync/keyring.") => Part::Keyring,
            "local/CURRENT" => Part::Current,
            _ => return None,
        })
    };
    let all = rig.disk.files().into_iter().map(|(path, _)| path);
    all.filter_map(|path| Some((part(&path)?, path))).collect()
}

fn of_history(part: Part) -> bool {
    matches!(part, Part::Journal | Part::Checkpoint)
}

type Damage = fn(&mut Vec<u8>);

const DAMAGES: [(&str, Damage); 6] = [
    ("a bit of its head", |bytes| bytes[60] ^= 4),
    ("a bit in its middle", |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    }),
    ("a bit at its end", |bytes| {
        let last = bytes.len() - 1;
        bytes[last] ^= 0x80;
    }),
    ("cut in half", |bytes| bytes.truncate(bytes.len() / 2)),
    ("emptied", Vec::clear),
    ("nothing but zeros", |bytes| bytes.fill(0)),
];

#[test]
fn whatever_is_damaged_while_the_store_is_good_is_found_put_right_and_found_clean() {
    let (rig, space) = subject();
    let before = rig.picture();
    let mut found_by_part = BTreeMap::new();
    for (part, path) in files(&rig) {
        for (what, damage) in DAMAGES {
            // Before it is opened, and while it is open; copies are mended by the opening.
            for while_open in [false, true] {
                if !while_open && !of_history(part) {
                    continue;
                }
                let about = format!("{path:?}, {what}, {while_open}");
                rig.come_back_to(&before);
                let early = while_open.then(|| rig.open());
                rig.disk.tamper(&path, damage);
                let vault = early.unwrap_or_else(|| rig.open());
                let found = check(&vault);
                let told = DamagedFile {
                    part,
                    path: path.clone(),
                    missing: false,
                };
                assert_eq!(found.damaged, [told], "{about}");
                assert_all(&vault, space, &about);
                assert_eq!(vault.mend_history(&Quiet).unwrap(), found, "{about}");
                assert_sound(&vault, &about);
                // Another save goes behind it, and nothing is left of what was damaged.
                vault.save(note(space, RECORDS, "after")).unwrap();
                assert_sound(&vault, &about);
                vault.lock().unwrap();
                rig.remove_stores();
                let vault = rig.open();
                assert_eq!(alarming(&vault), [], "{about}");
                assert_all(&vault, space, &about);
                assert_eq!(text(&vault, space, RECORDS).as_deref(), Some("after"));
                assert_sound(&vault, &about);
                *found_by_part.entry(format!("{part:?}")).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(found_by_part.len(), 6, "{found_by_part:?}");
}

#[test]
fn what_is_gone_is_missed_and_comes_back() {
    let (rig, space) = subject();
    let before = rig.picture();
    let (mut missed, mut needless) = (0, 0);
    for (part, path) in files(&rig) {
        rig.come_back_to(&before);
        let vault = rig.open();
        vault::Disk::remove(&rig.disk, &path).unwrap();
        let found = check(&vault);
        let folder = path.parent().unwrap();
        let about = format!("{path:?}: {found:?}");
        match &found.damaged[..] {
            [one] => {
                assert!(one.missing && one.part == part, "{about}");
                assert!(one.path == path || one.path == folder, "{about}");
                missed += 1;
            }
            // The keyring before the present one, and a segment that every checkpoint covers, need not be there.
            [] => needless += 1,
            _ => panic!("{about}"),
        }
        vault.mend_history(&Quiet).unwrap();
        assert_sound(&vault, &about);
        vault.lock().unwrap();
        rig.remove_stores();
        let vault = rig.open();
        assert_eq!(alarming(&vault), [], "{about}");
        assert_all(&vault, space, &about);
    }
    assert!(missed >= 9 && needless <= 2, "{missed}, {needless}");
}

#[test]
fn what_would_be_lost_with_the_store_is_what_is_lost_with_it() {
    let (rig, space) = subject();
    let before = rig.picture();
    let history: Vec<PathBuf> = files(&rig)
        .into_iter()
        .filter(|(part, _)| of_history(*part))
        .map(|(_, path)| path)
        .collect();
    let mut chance = Chance(20_261_128);
    let (mut whole, mut short) = (0, 0);
    for round in 0..60 {
        rig.come_back_to(&before);
        for path in &history {
            if chance.below(2) == 0 {
                let (_, damage) = DAMAGES[chance.below(DAMAGES.len() as u64) as usize];
                rig.disk.tamper(path, damage);
            }
        }
        let vault = rig.open();
        let found = check(&vault);
        assert_eq!(found.rows, RECORDS);
        drop(vault);
        rig.remove_stores();
        let vault = rig.open();
        let there = (0..RECORDS).filter(|number| text(&vault, space, *number).is_some());
        let there = there.count() as u64;
        assert_eq!(found.rows_without_store, there, "round {round}: {found:?}");
        match found.stands_alone() {
            true => whole += 1,
            false => short += 1,
        }
    }
    assert!(whole > 5 && short > 20, "{whole}, {short}");
}

#[test]
fn a_checkpoint_of_another_history_is_not_counted_on() {
    let (rig, space) = subject();
    let newest = |rig: &Rig| {
        let of_history = files(rig).into_iter();
        let mut checkpoints = of_history.filter(|(part, _)| *part == Part::Checkpoint);
        checkpoints.next_back().unwrap().1
    };
    let common = rig.picture();
    let vault = rig.open();
    vault.save(note(space, 20, "seen by nobody")).unwrap();
    vault.lock().unwrap();
    let path = newest(&rig);
    let mut on_disk = rig.disk.files().into_iter();
    let (_, other) = on_disk.find(|(of, _)| *of == path).unwrap();
    rig.come_back_to(&common);
    let vault = rig.open();
    vault.save(note(space, 14, "text")).unwrap();
    vault.lock().unwrap();
    rig.disk
        .tamper(&newest(&rig), |bytes| bytes.clone_from(&other));
    rig.disk.set_read_only(true);
    let vault = rig.open();
    let told = &vault.opening().findings;
    let fork = |f: &Finding| matches!(f, Finding::Fork { .. });
    assert!(told.iter().any(fork), "{told:?}");
    let found = check(&vault);
    assert_eq!(found.rows, RECORDS + 1);
    assert_eq!(found.rows_without_store, found.rows, "{found:?}");
}

#[test]
fn a_mending_cut_off_at_any_write_loses_nothing_and_can_be_done_again() {
    let (rig, space) = subject();
    let clean = rig.picture();
    let all = files(&rig);
    let last_of = |wanted| all.iter().rfind(|(part, _)| *part == wanted).unwrap();
    let first_of = |wanted| all.iter().find(|(part, _)| *part == wanted).unwrap();
    // The newest of each, and all together; the present keyring alone, which two revisions replace.
    for (early, late) in [
        (vec![last_of(Part::Journal)], vec![]),
        (
            vec![last_of(Part::Checkpoint), first_of(Part::Journal)],
            vec![
                first_of(Part::Header),
                last_of(Part::Epoch),
                last_of(Part::Current),
            ],
        ),
        (vec![], vec![first_of(Part::Keyring)]),
    ] {
        let mut cut = 0u64;
        loop {
            let mut finished = false;
            for survival in [Survival::Nothing, Survival::Some { seed: cut }] {
                let about = format!("{early:?}, {late:?}, cut {cut}, {survival:?}");
                rig.come_back_to(&clean);
                for (_, path) in &early {
                    rig.disk.tamper(path, DAMAGES[1].1);
                }
                let vault = rig.open();
                for (_, path) in &late {
                    rig.disk.tamper(path, DAMAGES[1].1);
                }
                assert_eq!(check(&vault).damaged.len(), early.len() + late.len());
                rig.disk.die_at(rig.disk.steps() + cut);
                finished = vault.mend_history(&Quiet).is_ok();
                drop(vault);
                rig.disk.crash(survival);
                let vault = rig.open();
                assert_all(&vault, space, &about);
                vault.mend_history(&Quiet).unwrap();
                assert_sound(&vault, &about);
                vault.lock().unwrap();
                rig.remove_stores();
                let vault = rig.open();
                assert_eq!(alarming(&vault), [], "{about}");
                assert_all(&vault, space, &about);
            }
            if finished {
                break;
            }
            cut += 1;
        }
        assert!(cut > 10, "only {cut} writes");
    }
}

#[test]
fn a_mending_that_fails_at_any_write_leaves_a_session_that_goes_on() {
    let (rig, space) = subject();
    let clean = rig.picture();
    let all = files(&rig);
    let mut cut = 0u64;
    loop {
        rig.come_back_to(&clean);
        for (part, path) in &all {
            if of_history(*part) {
                rig.disk.tamper(path, DAMAGES[1].1);
            }
        }
        let vault = rig.open();
        rig.disk
            .fail_from(rig.disk.steps() + cut, io::ErrorKind::StorageFull);
        let mended = vault.mend_history(&Quiet);
        rig.disk.mend();
        vault.save(note(space, RECORDS, "after")).unwrap();
        if cut.is_multiple_of(2) {
            vault.mend_history(&Quiet).unwrap();
            assert_sound(&vault, &format!("cut {cut}"));
        }
        drop(vault);
        rig.disk.crash(Survival::Nothing);
        let vault = rig.open();
        assert_all(&vault, space, &format!("cut {cut}"));
        assert_eq!(text(&vault, space, RECORDS).as_deref(), Some("after"));
        if mended.is_ok() {
            break;
        }
        assert_eq!(mended, Err(Error::NoSpace), "cut {cut}");
        cut += 1;
    }
    assert!(cut > 10, "only {cut} writes");
}

#[test]
fn while_the_rows_are_not_proven_nothing_takes_the_place_of_the_history() {
    let (rig, _) = subject();
    let vault = rig.open();
    vault.lock().unwrap();
    testkit::lose_a_row(rig.temp.root());
    let vault = rig.open();
    for (part, path) in files(&rig) {
        if of_history(part) {
            rig.disk.tamper(&path, |bytes| bytes[300] ^= 1);
        }
    }
    let history = |rig: &Rig| {
        let mut files = rig.disk.files();
        let below = |path: &Path, of: &str| path.starts_with(rig.temp.root().join(of));
        files.retain(|(path, _)| below(path, "sync/journal") || below(path, "local/checkpoints"));
        files
    };
    let before = history(&rig);
    assert!(check(&vault).damaged.len() >= 3);
    let refused = vault.mend_history(&Quiet);
    assert_eq!(refused, Err(Error::Damaged { part: Part::Store }));
    assert_eq!(history(&rig), before);
    assert_eq!(vault.set_asides().unwrap(), Vec::<PathBuf>::new());
    // Not even once the rows are known to be missing.
    let again = vault.mend_history(&Quiet);
    assert_eq!(again, Err(Error::Damaged { part: Part::Store }));
}

#[test]
fn a_read_only_vault_is_checked_and_not_touched() {
    let (rig, space) = subject();
    let newest = files(&rig)
        .into_iter()
        .rfind(|(part, _)| *part == Part::Checkpoint);
    let (_, newest) = newest.unwrap();
    let vault = rig.open();
    vault.lock().unwrap();
    rig.disk.set_read_only(true);
    let vault = rig.open();
    assert!(vault.read_only());
    assert_sound(&vault, "read-only");
    drop(vault);
    rig.disk.tamper(&newest, |bytes| bytes[300] ^= 1);
    rig.disk
        .tamper(&rig.temp.root().join("sync/header.b"), Vec::clear);
    let before = rig.disk.files();
    let vault = rig.open();
    assert_all(&vault, space, "read-only");
    let parts: Vec<_> = check(&vault).damaged.iter().map(|one| one.part).collect();
    assert_eq!(parts, [Part::Header, Part::Checkpoint]);
    assert_eq!(vault.mend_history(&Quiet), Err(Error::ReadOnly));
    drop(vault);
    assert_eq!(rig.disk.files(), before);
}

#[test]
fn what_was_damaged_is_kept_as_it_was_until_something_is_forgotten_or_gets_new_keys() {
    for new_keys in [false, true] {
        let (rig, _) = subject();
        let gone = {
            let vault = rig.open();
            vault.compartments()[1].id
        };
        let mut damaged = Vec::new();
        for (part, path) in files(&rig) {
            if of_history(part) {
                rig.disk.tamper(&path, |bytes| bytes[300] ^= 1);
                damaged.push(vault::Disk::read(&rig.disk, &path).unwrap());
            }
        }
        damaged.sort();
        let vault = rig.open();
        vault.mend_history(&Quiet).unwrap();
        let kept = |vault: &Vault| -> Vec<Vec<u8>> {
            let folders = vault.set_asides().unwrap();
            let mut files: Vec<_> = rig
                .disk
                .files()
                .into_iter()
                .filter(|(path, _)| path.starts_with(rig.temp.root().join("local/aside")))
                .inspect(|(path, _)| assert!(folders.iter().any(|folder| path.starts_with(folder))))
                .map(|(_, bytes)| bytes)
                .collect();
            files.sort();
            files
        };
        assert_eq!(kept(&vault), damaged);
        if new_keys {
            let report = rekey(&vault, &SpareKey::make().unwrap()).unwrap();
            assert!(report.destruction.is_ok(), "{report:?}");
        } else {
            vault.forget(gone, &Quiet).unwrap();
        }
        assert_eq!(kept(&vault), Vec::<Vec<u8>>::new());
        assert_sound(&vault, "what is left");
    }
}

/// Stops after so many questions.
struct Stops {
    after: std::sync::atomic::AtomicU64,
}

impl Watch for Stops {
    fn at(&self, _step: Step) {}

    fn cancelled(&self) -> bool {
        let left = &self.after;
        let take = |left: u64| Some(left.saturating_sub(1));
        let (set, fetch) = (
            std::sync::atomic::Ordering::SeqCst,
            std::sync::atomic::Ordering::SeqCst,
        );
        left.fetch_update(set, fetch, take) == Ok(0)
    }
}

#[test]
fn checking_and_mending_can_be_stopped_before_anything_is_written() {
    let (rig, _) = subject();
    let (_, newest) = files(&rig)
        .into_iter()
        .rfind(|(part, _)| *part == Part::Checkpoint)
        .unwrap();
    rig.disk.tamper(&newest, DAMAGES[1].1);
    let vault = rig.open();
    let before = rig.disk.files();
    let (mut stopped_checks, mut stopped_mendings) = (0, 0);
    for after in 0..4 {
        let stops = || Stops {
            after: after.into(),
        };
        let checked = vault.check_history(&stops());
        stopped_checks += u64::from(checked == Err(Error::Cancelled));
        let mended = vault.mend_history(&stops());
        if mended != Err(Error::Cancelled) {
            break;
        }
        stopped_mendings += 1;
        assert_eq!(rig.disk.files(), before);
    }
    assert!(stopped_checks > 1 && stopped_mendings > 2);
}

#[test]
fn no_ordinary_life_is_called_damaged() {
    let (rig, vault) = Rig::new();
    let spaces = [plain(&vault), plain(&vault), plain(&vault)];
    assert_sound(&vault, "new");
    vault.lock().unwrap();
    let mut chance = Chance(20_261_129);
    let mut next = 0;
    for round in 0..60 {
        let about = format!("round {round}");
        let vault = rig.open();
        assert_sound(&vault, &about);
        let fate = chance.below(6);
        match fate {
            0 => rig.disk.die_at(rig.disk.steps() + chance.below(30)),
            1 => rig.disk.fail_from(
                rig.disk.steps() + chance.below(20),
                io::ErrorKind::StorageFull,
            ),
            _ => {}
        }
        for _ in 0..chance.below(6) {
            next += 1;
            let size = [3, 3_000, 90_000][chance.below(3) as usize];
            let _ = vault.save(note(spaces[0], next % 20, &"x".repeat(size)));
        }
        if fate == 1 {
            rig.disk.mend();
            assert_sound(&vault, &about);
            vault.save(note(spaces[1], 1, "there is space")).unwrap();
        }
        match round {
            20 => drop(vault.forget(spaces[2], &Quiet)),
            30 => drop(vault.sweep(&Quiet)),
            40 => drop(vault.compact(&Quiet)),
            _ => {}
        }
        if fate != 0 {
            assert_sound(&vault, &about);
        }
        match chance.below(3) {
            0 => drop(vault.lock()),
            1 => drop(vault.checkpoint()),
            _ => drop(vault),
        }
        rig.disk.crash(match chance.below(2) {
            0 => Survival::Nothing,
            _ => Survival::Some {
                seed: chance.next(),
            },
        });
    }
    let second = Passphrase::parse("second").unwrap();
    let vault = rig.temp.open_with(PASSPHRASE).unwrap();
    vault
        .make_compartment(CompartmentOptions {
            alias: None,
            second: Some((&second, CHEAP)),
        })
        .unwrap();
    assert_sound(&vault, "a shut compartment");
}
