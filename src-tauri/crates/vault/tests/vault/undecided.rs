//! A disk that fails between the two copies of a header and does not take the first one back: nobody can tell whether
//! what was asked for has happened, and that is said. The same session, or the next opening, decides it.

use std::io;

use testkit::{CHEAP, PASSPHRASE, TempVault};
use vault::{Credential, Error, Finding, Passphrase, Quiet, RekeyError, SpareKey, Vault, Watch};

use crate::rekey::{
    Held, SECOND, assert_holds, device_files, filled_rig, finds, open_by, parse, put_back, rekey,
    save_and_reopen,
};
use crate::support::*;

const OTHER: &str = "quite another one";

/// What became of a change on a disk that failed from one of its writes on.
enum Outcome {
    Done,
    Undecided,
    Refused,
}

impl Outcome {
    fn of<T>(outcome: Result<T, Error>) -> Outcome {
        match outcome {
            Ok(_) => Outcome::Done,
            Err(Error::Undecided { kind }) => {
                assert_eq!(kind, io::ErrorKind::Other);
                Outcome::Undecided
            }
            Err(error) => {
                let kind = io::ErrorKind::Other;
                assert_eq!(error, Error::Io { kind });
                Outcome::Refused
            }
        }
    }

    fn of_new_keys<T>(outcome: Result<T, RekeyError>) -> Outcome {
        let kind = io::ErrorKind::Other;
        match outcome {
            Ok(_) => Outcome::Done,
            Err(RekeyError::Undecided(error)) => {
                assert_eq!(error, Error::Io { kind });
                Outcome::Undecided
            }
            Err(error) => {
                assert_eq!(error, RekeyError::Vault(Error::Io { kind }));
                Outcome::Refused
            }
        }
    }
}

/// Says when the stretching is over: what comes before writes nothing.
struct FailWhenWriting<'a>(&'a Rig, u64);

impl Watch for FailWhenWriting<'_> {
    fn at(&self, step: vault::Step) {
        if step == vault::Step::Writing {
            let Rig { disk, .. } = self.0;
            disk.fail_from(disk.steps() + self.1, io::ErrorKind::Other);
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

/// Does something on a disk that fails from each of its writes on, and ends the session there, or lets it go on with a
/// disk that is well again. `is_new` says of an opened vault whether it is as after the change. Whatever was refused
/// has not happened; what is undecided is seen both ways.
fn decided_or_said(
    rig: &Rig,
    spaces: &[vault::CompartmentId],
    held: &Held,
    act: impl Fn(&Vault, u64) -> Outcome,
    open: impl Fn() -> (Vault, bool),
) {
    let before = rig.picture();
    let (mut cut, mut undecided_old, mut undecided_new, mut refused) = (0, 0, 0, 0);
    loop {
        let mut done = false;
        for goes_on in [false, true] {
            rig.come_back_to(&before);
            let vault = rig.open();
            let outcome = act(&vault, cut);
            rig.disk.mend();
            done = matches!(outcome, Outcome::Done);
            let undecided = matches!(outcome, Outcome::Undecided);
            if goes_on {
                if !done {
                    // The next change takes it back first.
                    vault.save(note(spaces[0], 9, "in 0")).unwrap();
                }
                vault.lock().unwrap();
            } else {
                drop(vault);
            }
            let (vault, new) = open();
            assert_eq!(alarming(&vault), [], "cut {cut}");
            assert_eq!(new, done || (new && undecided && !goes_on), "cut {cut}");
            undecided_old += u64::from(undecided && !goes_on && !new);
            undecided_new += u64::from(undecided && new);
            refused += u64::from(!undecided && !done);
            assert_whole(&vault);
            for ((space, number), expected) in held {
                let gone = vault.compartments().iter().all(|info| info.id != *space);
                assert!(gone || text(&vault, *space, *number) == *expected);
            }
            drop(vault);
            // It is decided now, and stays so.
            assert_eq!(open().1, new, "cut {cut}");
        }
        if done {
            break;
        }
        cut += 1;
    }
    println!("{cut} cuts, {refused} refused, undecided {undecided_old} old, {undecided_new} new");
    assert!(
        refused > 0 && undecided_new > 0,
        "{refused}, {undecided_new}"
    );
}

#[test]
fn a_change_of_the_passphrase_is_done_or_refused_or_said_to_be_undecided() {
    let (rig, spaces, held) = filled_rig(1);
    let new = parse(OTHER);
    let act = |vault: &Vault, cut| {
        Outcome::of(vault.change_passphrase(&new, CHEAP, &FailWhenWriting(&rig, cut)))
    };
    // The newer of two copies is in force, and the older one still opens, once.
    let open = || match rig.temp.open_with(OTHER) {
        Ok(vault) => {
            assert!(!vault.check_passphrase(&parse(PASSPHRASE)).unwrap());
            (vault, true)
        }
        Err(error) => {
            assert_eq!(error, Error::WrongCredential);
            (rig.temp.open_with(PASSPHRASE).unwrap(), false)
        }
    };
    decided_or_said(&rig, &spaces, &held, act, open);
}

#[test]
fn a_change_of_the_spare_key_is_done_or_refused_or_said_to_be_undecided() {
    let (rig, spaces, held) = filled_rig(1);
    let new = SpareKey::make().unwrap();
    let act = |vault: &Vault, cut| {
        rig.disk
            .fail_from(rig.disk.steps() + cut, io::ErrorKind::Other);
        Outcome::of(vault.replace_spare_key(&new))
    };
    let open = || match open_by(&rig, &new) {
        Ok(vault) => (vault, true),
        Err(error) => {
            assert_eq!(error, Error::WrongCredential);
            (rig.open(), false)
        }
    };
    decided_or_said(&rig, &spaces, &held, act, open);
}

#[test]
fn a_forgetting_is_refused_or_said_to_be_undecided_until_it_has_happened() {
    let (rig, spaces, held) = filled_rig(2);
    let before = rig.picture();
    let (mut cut, mut undone, mut happened, mut refused) = (0, 0, 0, 0);
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        rig.disk
            .fail_from(rig.disk.steps() + cut, io::ErrorKind::Other);
        let outcome = vault.forget(spaces[1], &Quiet);
        rig.disk.mend();
        let still_shown = vault.compartments().len() == 2;
        drop(vault);
        let vault = rig.open();
        assert_eq!(alarming(&vault), [], "cut {cut}");
        let there = vault.compartments().len() == 2;
        match outcome {
            Ok(_) => {
                assert!(!there);
                break;
            }
            Err(Error::Undecided { .. }) => {
                assert!(still_shown, "cut {cut}");
                undone += u64::from(there);
                happened += u64::from(!there);
            }
            // Once it has happened, only the destroying is left to do, and the next opening does it.
            Err(error) => {
                let kind = io::ErrorKind::Other;
                assert_eq!(
                    (error, there),
                    (Error::Io { kind }, still_shown),
                    "cut {cut}"
                );
                refused += 1;
            }
        }
        assert_eq!(text(&vault, spaces[0], 1), held[&(spaces[0], 1)]);
        assert_whole(&vault);
        cut += 1;
    }
    println!("{cut} cuts, {refused} refused, undecided {undone} undone, {happened} happened");
    assert!(refused > 10 && happened > 0, "{refused}, {happened}");
}

#[test]
fn what_new_keys_left_undecided_goes_with_the_header_and_a_second_time_leaves_nothing_of_it() {
    let (rig, spaces, held) = filled_rig(2);
    let before = rig.picture();
    let known = device_files(&rig).len();
    let (mut cut, mut seen) = (0, 0);
    loop {
        rig.come_back_to(&before);
        let vault = rig.open();
        let store = stores(rig.temp.root());
        let (first, second) = (SpareKey::make().unwrap(), SpareKey::make().unwrap());
        rig.disk
            .fail_from(rig.disk.steps() + cut, io::ErrorKind::Other);
        let outcome = Outcome::of_new_keys(rekey(&vault, &first));
        rig.disk.mend();
        if !matches!(outcome, Outcome::Undecided) {
            if matches!(outcome, Outcome::Done) {
                break;
            }
            cut += 1;
            continue;
        }
        seen += 1;
        let left = |name: &str| {
            let files = rig.disk.files().into_iter();
            let named = files.filter(|(path, _)| path.to_string_lossy().contains(name));
            named.count()
        };
        assert!(
            left(".rekey") > 0 && stores(rig.temp.root()).len() == 2,
            "cut {cut}"
        );
        if seen % 2 == 0 {
            // Whatever is changed next takes the header back, and everything with it that it might have named.
            vault.forget(spaces[1], &Quiet).unwrap();
            assert_eq!(vault.compartments().len(), 1);
            assert_eq!(device_files(&rig).len(), known, "cut {cut}");
            assert_ne!(stores(rig.temp.root()), store);
            vault.lock().unwrap();
            let vault = rig.open();
            assert_eq!(vault.opening().findings, [], "cut {cut}");
            assert_eq!(text(&vault, spaces[0], 1), held[&(spaces[0], 1)]);
        } else {
            rekey(&vault, &second).unwrap().destruction.unwrap();
            // The anchor of before, and device, anchor and list under the new keys.
            assert_eq!(device_files(&rig).len(), 4, "{:?}", device_files(&rig));
            vault.lock().unwrap();
            let vault = open_by(&rig, &second).unwrap();
            assert_eq!(vault.opening().findings, [], "cut {cut}");
            assert_holds(&vault, &held);
            drop(vault);
            assert_eq!(open_by(&rig, &first).unwrap_err(), Error::WrongCredential);
        }
        assert_eq!((left(".rekey"), left("/orphan/")), (0, 0), "cut {cut}");
        assert_eq!(stores(rig.temp.root()).len(), 1, "cut {cut}");
        cut += 1;
    }
    assert!(seen > 2, "{seen} of {cut}");
}

#[test]
fn what_opens_by_an_older_copy_is_told_that_it_opens_nothing_more() {
    let (rig, spaces, held) = filled_rig(1);
    let old = rig.disk.files();
    let replaced = |vault: &Vault| finds(vault, |one| *one == Finding::KeyReplaced);
    let vault = rig.open();
    assert!(!replaced(&vault));
    vault
        .change_passphrase(&parse(OTHER), CHEAP, &Quiet)
        .unwrap();
    let spare = SpareKey::make().unwrap();
    vault.replace_spare_key(&spare).unwrap();
    vault.lock().unwrap();
    let changed = rig.picture();
    let passphrase = |text: &str| rig.temp.open_with(text);
    for copy in ["sync/header.a", "sync/header.b"] {
        let cut_off = || {
            rig.come_back_to(&changed);
            put_back(&rig, &old, &[copy]);
        };
        type Open<'a> = &'a dyn Fn() -> Result<Vault, Error>;
        let by_old: [Open<'_>; 2] = [&|| passphrase(PASSPHRASE), &|| rig.temp.open()];
        let by_new: [Open<'_>; 2] = [&|| passphrase(OTHER), &|| open_by(&rig, &spare)];
        for (by_old, by_new) in by_old.into_iter().zip(by_new) {
            cut_off();
            let vault = by_new().unwrap();
            assert_eq!(vault.opening().findings, [Finding::HeaderRepaired]);
            drop(vault);
            cut_off();
            let vault = by_old().unwrap();
            let expected = [Finding::KeyReplaced, Finding::HeaderRepaired];
            assert_eq!(vault.opening().findings, expected);
            assert_holds(&vault, &held);
            save_and_reopen(vault, spaces[0], || by_new().unwrap());
            assert_eq!(by_old().unwrap_err(), Error::WrongCredential);
        }
    }
}

#[test]
fn whoever_gathers_or_opens_while_the_vault_gets_new_keys_begins_again() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    for number in 0..40 {
        vault
            .save(note(space, number, &"a longer text ".repeat(4_000)))
            .unwrap();
    }
    let spare = SpareKey::make().unwrap();
    for times in [0, 1, 3, 4] {
        let mut left = times;
        let gathered = vault.gather(space, &mut |lengths: &mut Vec<usize>, record| {
            if left > 0 && lengths.len() == 1 {
                left -= 1;
                rekey(&vault, &spare).unwrap();
            }
            lengths.push(record.payload.len());
        });
        if times < 4 {
            let (lengths, visited) = gathered.unwrap();
            assert_eq!((lengths.len(), visited.records, left), (40, 40, 0));
            assert_eq!(visited.unreadable, []);
        } else {
            assert_eq!(gathered.unwrap_err(), Error::Stale);
        }
    }
    // One that is opened while it gets another key under the same passphrase.
    vault
        .set_second_passphrase(space, &parse(SECOND), CHEAP, &Quiet)
        .unwrap();
    vault.shut_compartment(space).unwrap();
    let second = parse(SECOND);
    let seconds: [(_, &Passphrase); 1] = [(space, &second)];
    let watch = RekeyOnce(std::sync::Mutex::new(Some(|| {
        let keys = vault::NewKeys {
            passphrase: &parse(OTHER),
            cost: CHEAP,
            spare: &spare,
            seconds: &seconds,
        };
        vault.rekey(keys, &Quiet).unwrap();
    })));
    vault.open_compartment(space, &second, &watch).unwrap();
    assert_eq!(text(&vault, space, 1).unwrap().len(), 56_000);
    vault.lock().unwrap();
    let by = Credential::SpareKey(&spare);
    Vault::open_on(temp.host(), temp.places(), by, &Quiet).unwrap();
}

/// Does something when the stretching begins, once.
struct RekeyOnce<F>(std::sync::Mutex<Option<F>>);

impl<F: FnOnce() + Send> Watch for RekeyOnce<F> {
    fn at(&self, step: vault::Step) {
        if step == vault::Step::Stretching
            && let Some(act) = self.0.lock().unwrap().take()
        {
            act();
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}
