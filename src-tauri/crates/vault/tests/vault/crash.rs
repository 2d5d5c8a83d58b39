//! Power that goes at every write, and disks that fill up at every write. The disk forgets what was not synced.

use std::collections::BTreeMap;
use std::io;

use testkit::{CHEAP, PASSPHRASE, Survival};
use vault::{Batch, CompartmentId, CompartmentOptions, Error, Passphrase, Quiet, Schema, Vault};

use crate::support::*;

/// Texts by compartment and number; what is not there is `None`.
type Model = BTreeMap<(CompartmentId, u64), Option<String>>;

fn random_batch(chance: &mut Chance, spaces: &[CompartmentId]) -> (Batch, Model) {
    let mut batch = Batch::new();
    let mut model = Model::new();
    for _ in 0..=chance.below(3) {
        let space = spaces[chance.below(spaces.len() as u64) as usize];
        let number = chance.below(6);
        if chance.below(4) == 0 {
            batch.delete(space, NOTE, id(number));
            model.insert((space, number), None);
        } else {
            let length = [3, 300, 5_000, 90_000][chance.below(4) as usize];
            let text = format!("{}:", chance.next()).repeat(length / 20 + 1);
            batch.put(space, NOTE, id(number), Schema(1), text.as_str());
            model.insert((space, number), Some(text));
        }
    }
    (batch, model)
}

fn assert_holds(vault: &Vault, model: &Model) {
    for ((space, number), expected) in model {
        assert_eq!(text(vault, *space, *number), *expected);
    }
}

#[test]
fn no_acknowledged_save_is_lost_and_none_is_half_there_when_the_power_goes() {
    let (rig, vault) = Rig::new();
    let spaces = [plain(&vault), plain(&vault)];
    vault.lock().unwrap();
    let older = rig.picture();
    let mut chance = Chance(20_261_121);
    let mut model = Model::new();
    let mut acknowledged = 0;
    for round in 0..120 {
        let vault = rig.open();
        assert_eq!(alarming(&vault), [], "round {round}");
        assert_whole(&vault);
        assert_holds(&vault, &model);
        rig.disk.die_at(rig.disk.steps() + chance.below(40));
        let mut in_flight = Model::new();
        loop {
            // Now and then the vault is locked in good order, or the power goes while it is.
            if chance.below(8) == 0 {
                break;
            }
            let (batch, changes) = random_batch(&mut chance, &spaces);
            match vault.save(batch) {
                Ok(_) => {
                    model.extend(changes);
                    acknowledged += 1;
                }
                Err(_) => {
                    in_flight = changes;
                    break;
                }
            }
        }
        if chance.below(2) == 0 {
            let _ = vault.lock();
        } else {
            drop(vault);
        }
        rig.disk.crash(match chance.below(3) {
            0 => Survival::Nothing,
            _ => Survival::Some {
                seed: chance.next(),
            },
        });
        match chance.below(4) {
            0 => rig.remove_stores(),
            1 => rig.set_stores(&older),
            _ => {}
        }
        if in_flight.is_empty() {
            continue;
        }
        // A save that was never acknowledged may be there, but then as a whole.
        let vault = rig.open();
        let was = in_flight
            .keys()
            .map(|key| (*key, model.get(key).cloned().flatten()))
            .collect::<Model>();
        let found = in_flight
            .keys()
            .map(|(space, number)| ((*space, *number), text(&vault, *space, *number)))
            .collect::<Model>();
        assert!(
            found == was || found == in_flight,
            "half a save, round {round}"
        );
        model.extend(found);
        drop(vault);
    }
    assert!(
        acknowledged > 200,
        "only {acknowledged} saves were acknowledged"
    );
}

#[test]
fn a_passphrase_change_cut_off_at_any_write_leaves_the_old_or_the_new_one() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let new = Passphrase::parse("quite another one").unwrap();
    let mut cut = 0u64;
    loop {
        let mut finished = false;
        for survival in [Survival::Nothing, Survival::Some { seed: cut }] {
            rig.come_back_to(&before);
            let vault = rig.open();
            rig.disk.die_at(rig.disk.steps() + cut);
            finished = vault.change_passphrase(&new, CHEAP, &Quiet).is_ok();
            drop(vault);
            rig.disk.crash(survival);
            // One header copy is lost on top of it, now this one, now that.
            let lost = ["header.a", "header.b"][cut as usize % 2];
            let path = rig.temp.root().join("sync").join(lost);
            rig.disk.tamper(&path, |bytes| bytes[300] ^= 1);
            let vault = match rig.temp.open_with(PASSPHRASE) {
                Ok(vault) if !finished => vault,
                Ok(_) => panic!("the old one still opens"),
                Err(Error::WrongCredential) => rig.temp.open_with("quite another one").unwrap(),
                Err(error) => panic!("neither opens, cut {cut}, {survival:?}: {error}"),
            };
            assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
        }
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(cut >= 8, "the change took only {cut} writes");
}

#[test]
fn a_forgetting_cut_off_at_any_write_is_undone_or_complete() {
    let (rig, vault) = Rig::new();
    let (gone, kept) = (plain(&vault), plain(&vault));
    let second = Passphrase::parse("second").unwrap();
    let shut = vault
        .make_compartment(CompartmentOptions {
            alias: None,
            second: Some((&second, CHEAP)),
        })
        .unwrap();
    for number in 0..4 {
        vault.save(note(gone, number, "gone")).unwrap();
        vault.save(note(kept, number, "kept")).unwrap();
        vault.save(note(shut, number, "shut")).unwrap();
    }
    vault.lock().unwrap();
    let vault = rig.open();
    vault.save(note(gone, 9, "gone")).unwrap();
    drop(vault);
    let before = rig.picture();
    let secrets = epoch_secrets(&rig);
    let mut cut = 0u64;
    let (mut undone, mut completed) = (0, 0);
    loop {
        let mut finished = false;
        for survival in [Survival::Nothing, Survival::Some { seed: cut }] {
            rig.come_back_to(&before);
            let vault = rig.open();
            // A save that the anchor does not know of yet.
            vault.save(note(kept, 4, "kept")).unwrap();
            rig.disk.die_at(rig.disk.steps() + cut);
            finished = vault
                .forget(gone, &Quiet)
                .is_ok_and(|report| report.destruction.is_ok());
            drop(vault);
            rig.disk.crash(survival);
            if cut.is_multiple_of(3) {
                rig.remove_stores();
            }
            let vault = rig.open();
            assert_eq!(alarming(&vault), [], "cut {cut}, {survival:?}");
            assert_whole(&vault);
            for number in 0..5 {
                assert_eq!(text(&vault, kept, number).as_deref(), Some("kept"));
            }
            // Stretching takes its time: the doubly wrapped key is tried now and then.
            if cut.is_multiple_of(8) {
                vault.open_compartment(shut, &second, &Quiet).unwrap();
                assert_eq!(text(&vault, shut, 3).as_deref(), Some("shut"));
            }
            if vault.compartments().iter().any(|info| info.id == gone) {
                assert!(!finished, "an acknowledged forgetting was undone");
                assert_eq!(text(&vault, gone, 9).as_deref(), Some("gone"));
                undone += 1;
            } else {
                completed += 1;
                for (path, bytes) in rig.disk.files() {
                    for secret in &secrets {
                        let there = bytes.windows(secret.len()).any(|window| window == secret);
                        assert!(!there, "an old secret is left in {path:?}, cut {cut}");
                    }
                }
            }
            vault.lock().unwrap();
            let vault = rig.open();
            assert_eq!(vault.opening().findings, [], "cut {cut}, {survival:?}");
        }
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(
        cut > 30 && undone > 10 && completed > 10,
        "{cut} cuts, {undone}, {completed}"
    );
}

/// The secrets of the epochs that lie on the disk.
fn epoch_secrets(rig: &Rig) -> Vec<Vec<u8>> {
    let is_epoch = |name: &str| name.starts_with("epoch.");
    rig.disk
        .files()
        .iter()
        .filter(|(path, _)| is_epoch(&path.file_name().unwrap().to_string_lossy()))
        .map(|(_, bytes)| bytes[56..88].to_vec())
        .collect()
}

#[test]
fn a_new_compartment_or_spare_key_cut_off_at_any_write_harms_nothing() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let mut cut = 0;
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk.die_at(rig.disk.steps() + cut);
        let made = vault.make_compartment(CompartmentOptions::default());
        drop(vault);
        rig.disk.crash(Survival::Some { seed: cut });
        let vault = rig.open();
        assert_eq!(alarming(&vault), []);
        assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
        // It can be made again, under the same number.
        let another = plain(&vault);
        vault.save(note(another, 1, "more")).unwrap();
        assert_whole(&vault);
        if let Ok(made) = made {
            assert!(vault.compartments().iter().any(|info| info.id == made));
            break;
        }
        cut += 1;
    }
    assert!(cut > 10);
}

#[test]
fn the_day_of_an_agreed_end_that_is_cut_off_at_any_write_is_the_old_or_the_new_one() {
    cut_off_marking(
        |vault, space, day| vault.set_retention_day(space, Some(day)),
        |vault| vault.compartments()[0].retention_day.unwrap(),
    );
}

#[test]
fn the_alias_that_is_cut_off_at_any_write_is_the_old_or_the_new_one() {
    cut_off_marking(
        |vault, space, number| vault.set_alias(space, Some(&number.to_string())),
        |vault| {
            let alias = vault.compartments()[0].alias.clone();
            alias.unwrap().parse().unwrap()
        },
    );
}

fn cut_off_marking(
    set: impl Fn(&Vault, CompartmentId, u32) -> Result<(), Error>,
    mark: impl Fn(&Vault) -> u32,
) {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    set(&vault, space, 1).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let mut cut = 0;
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk.die_at(rig.disk.steps() + cut);
        let outcome = set(&vault, space, 2);
        if outcome.is_err() {
            assert_eq!(mark(&vault), 1, "what failed is not shown as done");
        }
        drop(vault);
        rig.disk.crash(Survival::Some { seed: cut });
        let vault = rig.open();
        assert_eq!(alarming(&vault), []);
        assert_eq!(text(&vault, space, 1).as_deref(), Some("text"));
        assert!([1, 2].contains(&mark(&vault)));
        set(&vault, space, 3).unwrap();
        drop(vault);
        assert_eq!(mark(&rig.open()), 3);
        if outcome.is_ok() {
            break;
        }
        cut += 1;
    }
    assert!(cut > 8);
}

#[test]
fn a_sweep_cut_off_at_any_write_loses_nothing_and_its_history_stays_proven() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let mut cut = 0u64;
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        // A save that the anchor does not know of yet.
        vault.save(note(space, 2, "more")).unwrap();
        rig.disk.die_at(rig.disk.steps() + cut);
        let finished = vault.sweep(&Quiet).is_ok();
        drop(vault);
        rig.disk.crash(Survival::Some { seed: cut });
        let vault = rig.open();
        assert_eq!(alarming(&vault), [], "cut {cut}");
        assert_whole(&vault);
        assert_eq!(text(&vault, space, 2).as_deref(), Some("more"));
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(cut > 10);
}

#[test]
fn the_journal_is_kept_back_to_what_the_anchor_knows() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let vault = rig.open();
    vault.save(note(space, 2, "more")).unwrap();
    let begun = rig.disk.steps();
    vault.checkpoint().unwrap();
    let all = rig.disk.steps() - begun;
    drop(vault);
    // The last writes of a checkpoint tell the anchor: they fail the first time, and the second time it is killed.
    let mut cut_short = 0;
    for first in all - 5..all {
        for second in all - 6..all + 3 {
            rig.come_back_to(&before);
            let vault = rig.open();
            vault.save(note(space, 2, "more")).unwrap();
            rig.disk
                .fail_from(rig.disk.steps() + first, io::ErrorKind::Other);
            assert!(vault.checkpoint().is_err());
            rig.disk.mend();
            vault.save(note(space, 3, "most")).unwrap();
            rig.disk.die_at(rig.disk.steps() + second);
            cut_short += u64::from(vault.checkpoint().is_err());
            drop(vault);
            // The process is killed: what it removed is gone, although nobody synced that.
            rig.disk.mend();
            let vault = rig.open();
            assert_eq!(alarming(&vault), [], "{first}, {second} of {all}");
            assert_whole(&vault);
            assert_eq!(text(&vault, space, 3).as_deref(), Some("most"));
        }
    }
    assert!(cut_short > 20);
}

#[test]
fn what_an_opening_has_shown_stays_although_its_writer_was_killed_before_it_could_sync_it() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "text")).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let (mut cut, mut shown_unsaved) = (0, 0);
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk.die_at(rig.disk.steps() + cut);
        let saved = vault.save(note(space, 2, "killed")).is_ok();
        drop(vault);
        // Only the process is gone: the system still has what it wrote.
        rig.disk.mend();
        let vault = rig.open();
        let shown = text(&vault, space, 2);
        shown_unsaved += u64::from(shown.is_some() && !saved);
        vault.save(note(space, 3, "after")).unwrap();
        drop(vault);
        rig.disk.crash(Survival::Nothing);
        rig.remove_stores();
        let vault = rig.open();
        assert_eq!(alarming(&vault), [], "cut {cut}");
        assert_whole(&vault);
        assert_eq!(text(&vault, space, 2), shown, "cut {cut}");
        assert_eq!(text(&vault, space, 3).as_deref(), Some("after"));
        if saved {
            break;
        }
        cut += 1;
    }
    assert!(shown_unsaved > 0 && cut > 3);
}

#[test]
fn a_creation_cut_off_at_any_write_can_be_begun_again() {
    let (rig, vault) = Rig::new();
    drop(vault);
    let all = rig.disk.steps();
    for cut in (0..all).step_by(3) {
        let (rig, _) = {
            let disk = testkit::CrashDisk::new();
            let host = vault::Host {
                disk: std::sync::Arc::new(disk.clone()),
                settle_after: None,
                ..vault::Host::default()
            };
            (
                Rig {
                    disk,
                    temp: testkit::TempVault::empty_on(host),
                },
                (),
            )
        };
        rig.disk.die_at(cut);
        let passphrase = Passphrase::parse(PASSPHRASE).unwrap();
        let create = || {
            vault::Vault::create_on(
                rig.temp.host(),
                rig.temp.places(),
                &passphrase,
                CHEAP,
                &Quiet,
            )
        };
        assert!(create().is_err());
        rig.disk.crash(Survival::Some { seed: cut });
        match vault::look_on(rig.temp.host(), rig.temp.places()).unwrap() {
            // The first header was there: the vault stands, though its spare key was never shown.
            vault::Found::Vault { .. } => drop(rig.temp.open_with(PASSPHRASE).unwrap()),
            _ => drop(
                create()
                    .unwrap_or_else(|error| panic!("cut {cut}: {error}, {:?}", rig.disk.files())),
            ),
        }
    }
}

#[test]
fn a_disk_that_fills_up_or_fails_at_any_write_costs_nothing_that_was_saved() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 0, "before")).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    for (kind, expected) in [
        (io::ErrorKind::StorageFull, Error::NoSpace),
        (
            io::ErrorKind::Other,
            Error::Io {
                kind: io::ErrorKind::Other,
            },
        ),
    ] {
        let mut cut = 0;
        loop {
            rig.come_back_to(&before);
            let vault = rig.open();
            rig.disk.fail_from(rig.disk.steps() + cut, kind);
            let mut failed = false;
            let mut check = |outcome: Result<(), Error>| {
                if let Err(error) = outcome {
                    assert_eq!(error, expected);
                    failed = true;
                }
                outcome.is_ok()
            };
            let mut saved = vec![(0, "before")];
            if check(vault.save(note(space, 1, "one")).map(drop)) {
                saved.push((1, "one"));
            }
            let made = vault.make_compartment(CompartmentOptions::default());
            check(made.map(drop));
            if check(vault.save(note(space, 2, "two")).map(drop)) {
                saved.push((2, "two"));
            }
            // There is space again: the same session goes on.
            if cut % 2 == 0 {
                rig.disk.mend();
                vault.save(note(space, 3, "three")).unwrap();
                saved.push((3, "three"));
            }
            check(vault.lock());
            rig.disk.mend();
            let vault = rig.open();
            assert_eq!(alarming(&vault), [], "cut {cut}");
            assert_whole(&vault);
            for (number, expected) in saved {
                assert_eq!(
                    text(&vault, space, number).as_deref(),
                    Some(expected),
                    "cut {cut}"
                );
            }
            if !failed {
                break;
            }
            cut += 1;
        }
        assert!(cut > 20, "only {cut} writes were tried");
    }
}

#[test]
fn a_change_of_the_header_that_fails_half_way_is_undone_before_anything_else_is_done() {
    let (rig, vault) = Rig::new();
    let (gone, kept) = (plain(&vault), plain(&vault));
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.save(note(kept, 1, "kept")).unwrap();
    vault.lock().unwrap();
    let before = rig.picture();
    let (mut cut, mut undone) = (0u64, 0);
    loop {
        let mut finished = false;
        for later in [2, 5, 9] {
            rig.come_back_to(&before);
            let vault = rig.open();
            // Neither the change nor the way back can be written…
            rig.disk
                .fail_from(rig.disk.steps() + cut, io::ErrorKind::StorageFull);
            finished = vault
                .forget(gone, &Quiet)
                .is_ok_and(|report| report.destruction.is_ok());
            // …until there is space again. What the session then says is there must be there to stay.
            rig.disk.mend();
            let is_there = vault.compartments().iter().any(|info| info.id == gone);
            if is_there {
                vault.save(note(gone, 2, "after")).unwrap();
                undone += 1;
            }
            rig.disk.die_at(rig.disk.steps() + later);
            let _ = vault.make_compartment(CompartmentOptions::default());
            drop(vault);
            rig.disk.crash(Survival::Nothing);
            let vault = rig
                .temp
                .open()
                .unwrap_or_else(|error| panic!("cut {cut}, {later}: {error}"));
            assert_eq!(alarming(&vault), [], "cut {cut}, {later}");
            assert_whole(&vault);
            assert_eq!(text(&vault, kept, 1).as_deref(), Some("kept"));
            if is_there {
                assert_eq!(text(&vault, gone, 1).as_deref(), Some("gone"), "cut {cut}");
                assert_eq!(text(&vault, gone, 2).as_deref(), Some("after"), "cut {cut}");
            }
        }
        if finished {
            break;
        }
        cut += 1;
    }
    assert!(undone > 30, "only {undone} were undone");
}

#[test]
fn a_vault_on_a_full_disk_can_be_read_and_is_written_again_once_there_is_space() {
    let (rig, vault) = Rig::new();
    let space = plain(&vault);
    vault.save(note(space, 1, "one")).unwrap();
    vault.lock().unwrap();
    let before = rig.disk.files();
    rig.disk
        .fail_from(rig.disk.steps(), io::ErrorKind::StorageFull);
    let vault = rig.open();
    assert!(vault.read_only() && vault.opening().read_only);
    assert_eq!(text(&vault, space, 1).as_deref(), Some("one"));
    assert_eq!(vault.save(note(space, 2, "two")), Err(Error::ReadOnly));
    vault.lock().unwrap();
    assert_eq!(rig.disk.files(), before);
    rig.disk.mend();
    let vault = rig.open();
    assert!(!vault.read_only());
    vault.save(note(space, 2, "two")).unwrap();
    vault.lock().unwrap();
    let vault = rig.open();
    assert_eq!(alarming(&vault), []);
    assert_eq!(text(&vault, space, 2).as_deref(), Some("two"));
}
