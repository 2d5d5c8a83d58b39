//! A clock that stands wrong, or goes back between sessions and within them: nothing is lost, what was saved last is what
//! is there, and no opening cries rollback.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use testkit::{FixedClock, TempVault};
use vault::{CompartmentId, Credential, Disk, Finding, Host, Moment, Quiet, RestoreOptions, Vault};

use crate::support::*;

/// 1970, 2100, and worse, in an order that goes back more often than on.
const TIMES: [Moment; 9] = [
    1_795_000_000_000,
    0,
    4_102_444_800_000,
    -1,
    1_795_000_000_000 - 86_400_000,
    Moment::MAX,
    1_795_000_000_000,
    Moment::MIN,
    1,
];

fn host(clock: &Arc<FixedClock>) -> Host {
    Host {
        clock: clock.clone(),
        settle_after: None,
        ..Host::default()
    }
}

/// How a session ends, and what becomes of the store before the next.
#[derive(Debug, Clone, Copy)]
enum Then {
    Lock,
    Drop,
    /// Replayed into a store of the session before.
    OlderStore,
    /// Built anew from checkpoint and journal.
    NoStore,
    /// Built anew from the checkpoint before and the journal.
    NoStoreOneCheckpoint,
}

fn number(record: &vault::RecordRef<'_>) -> u64 {
    u64::from_be_bytes(record.record.0[..8].try_into().unwrap())
}

fn assert_holds(vault: &Vault, space: CompartmentId, held: &BTreeMap<u64, String>, about: &str) {
    let mut found = BTreeMap::new();
    let visited = vault
        .visit(space, &mut |record| {
            let text = String::from_utf8(record.payload.to_vec()).unwrap();
            found.insert(number(&record), text);
        })
        .unwrap();
    assert_eq!(visited.unreadable, [], "{about}");
    assert!(
        found == *held,
        "{about}: {:?}, not {:?}",
        found.keys(),
        held.keys()
    );
    assert_whole(vault);
}

/// Saves a few records: one that each session changes, one of its own, and a long one; and removes an earlier one. The
/// clock goes back between the saves, too.
fn work(
    vault: &Vault,
    space: CompartmentId,
    session: u64,
    clock: &FixedClock,
    held: &mut BTreeMap<u64, String>,
) {
    let long = format!("session {session} ").repeat(4_000);
    for (record, text) in [
        (0, format!("begun in {session}")),
        (1, long),
        (10 + session, format!("of {session}")),
        (0, format!("changed in {session}")),
    ] {
        vault.save(note(space, record, &text)).unwrap();
        held.insert(record, text);
        let now = vault::Clock::now(clock);
        clock.set(now.saturating_sub(3_600_000));
    }
    if let Some(earlier) = session.checked_sub(2) {
        let mut batch = vault::Batch::new();
        batch.delete(space, NOTE, id(10 + earlier));
        vault.save(batch).unwrap();
        held.remove(&(10 + earlier));
    }
}

fn sessions(ends: &[Then]) {
    let clock = Arc::new(FixedClock::at(TIMES[0]));
    let (rig, vault) = Rig::with_clock(clock.clone());
    let space = plain(&vault);
    let mut held = BTreeMap::new();
    let mut vault = Some(vault);
    let mut older = rig.picture();
    for (session, then) in ends.iter().cycle().take(27).enumerate() {
        let about = format!("session {session}, {then:?}");
        clock.set(TIMES[session % TIMES.len()]);
        let opened = vault.take().unwrap_or_else(|| rig.open());
        assert_eq!(alarming(&opened), [], "{about}");
        assert_holds(&opened, space, &held, &about);
        work(&opened, space, session as u64, &clock, &mut held);
        assert_holds(&opened, space, &held, &about);
        match then {
            Then::Lock => opened.lock().unwrap(),
            Then::Drop => drop(opened),
            Then::OlderStore => {
                drop(opened);
                rig.set_stores(&older);
            }
            Then::NoStore => {
                drop(opened);
                rig.remove_stores();
            }
            Then::NoStoreOneCheckpoint => {
                opened.lock().unwrap();
                rig.remove_stores();
                let folder = rig.temp.root().join("local/checkpoints");
                let files = rig.disk.files().into_iter().map(|(path, _)| path);
                let checkpoints: Vec<_> = files.filter(|path| path.starts_with(&folder)).collect();
                if let [_, newest] = &checkpoints[..] {
                    rig.disk.remove(newest).unwrap();
                    rig.disk.sync_folder(&folder).unwrap();
                }
            }
        }
        older = rig.picture();
    }
    clock.set(TIMES[1]);
    let vault = rig.open();
    assert_eq!(alarming(&vault), []);
    assert_holds(&vault, space, &held, "at the end");
}

#[test]
fn wherever_the_clock_stands_what_was_saved_last_is_there_and_nothing_is_a_rollback() {
    sessions(&[Then::Lock]);
    sessions(&[Then::Drop]);
    sessions(&[Then::NoStore]);
    sessions(&[
        Then::OlderStore,
        Then::Lock,
        Then::NoStoreOneCheckpoint,
        Then::Drop,
        Then::NoStore,
        Then::Lock,
        Then::OlderStore,
    ]);
}

#[test]
fn what_another_device_saved_after_counts_though_its_clock_is_a_century_behind() {
    for times in [
        [TIMES[2], TIMES[1]],
        [TIMES[1], TIMES[2]],
        [Moment::MAX, Moment::MIN],
    ] {
        let clock = Arc::new(FixedClock::at(times[0]));
        let (temp, vault) = TempVault::empty_on(host(&clock)).filled().unwrap();
        let space = plain(&vault);
        vault.save(note(space, 1, "first")).unwrap();
        vault.save(note(space, 2, "first")).unwrap();
        // No checkpoint: each journal is all that there is of its saves.
        drop(vault);
        let other = temp.copy();
        fs::remove_dir_all(&other.places().device).unwrap();
        clock.set(times[1]);
        let vault = other.open().unwrap();
        assert_eq!(alarming(&vault), [Finding::FirstTimeHere]);
        vault.save(note(space, 1, "second")).unwrap();
        drop(vault);
        // Back on the first, which has both journals and nothing else.
        clock.set(times[0]);
        temp.restore_folder_from(&other);
        for store in stores(temp.root()) {
            fs::remove_dir_all(store).unwrap();
        }
        let vault = temp.open().unwrap();
        assert_eq!(alarming(&vault), [], "{times:?}");
        assert_eq!(
            text(&vault, space, 1).as_deref(),
            Some("second"),
            "{times:?}"
        );
        assert_eq!(text(&vault, space, 2).as_deref(), Some("first"));
        assert_whole(&vault);
    }
}

#[test]
fn forgetting_new_keys_backups_and_restoring_do_not_ask_the_clock() {
    let clock = Arc::new(FixedClock::at(TIMES[2]));
    let (mut temp, vault) = TempVault::empty_on(host(&clock)).filled().unwrap();
    let (gone, kept) = (plain(&vault), plain(&vault));
    vault.save(note(gone, 1, "gone")).unwrap();
    vault.save(note(kept, 1, "kept in 2100")).unwrap();
    let early = temp.folder().join("early.cfdbackup");
    vault.backup(&early, &Quiet).unwrap();
    let mut times = TIMES.iter().cycle();
    let mut step = || clock.set(*times.next().unwrap());
    step();
    vault.forget(gone, &Quiet).unwrap().destruction.unwrap();
    step();
    vault.save(note(kept, 1, "kept in 1970")).unwrap();
    vault.lock().unwrap();
    for round in 0..2 {
        step();
        let vault = temp.open().unwrap();
        assert_eq!(alarming(&vault), [], "round {round}");
        assert_eq!(vault.compartments().len(), 1, "what was forgotten stays so");
        assert_eq!(text(&vault, kept, 1).as_deref(), Some("kept in 1970"));
        step();
        let spare = vault::SpareKey::make().unwrap();
        let keys = vault::NewKeys {
            passphrase: &vault::Passphrase::parse("another").unwrap(),
            cost: testkit::CHEAP,
            spare: &spare,
            seconds: &[],
        };
        vault.rekey(keys, &Quiet).unwrap().destruction.unwrap();
        temp.set_spare_key(&spare);
        step();
        let path = temp.folder().join(format!("{round}.cfdbackup"));
        vault.backup(&path, &Quiet).unwrap();
        assert_eq!(vault.known_backups().unwrap().len(), 2 + round);
        step();
        vault.lock().unwrap();
        step();
        // Restored beside it, at yet another time.
        let places = vault::Places {
            vault: temp.folder().join(format!("restored-{round}")),
            device: temp.places().device.clone(),
        };
        let credential = || Credential::SpareKey(&spare);
        vault::restore_on(
            temp.host(),
            &path,
            &places,
            credential(),
            RestoreOptions::default(),
            &Quiet,
        )
        .unwrap();
        step();
        let restored = Vault::open_on(temp.host(), &places, credential(), &Quiet).unwrap();
        assert_eq!(alarming(&restored), [], "round {round}");
        assert_eq!(restored.compartments().len(), 1);
        assert_eq!(text(&restored, kept, 1).as_deref(), Some("kept in 1970"));
        assert_whole(&restored);
        restored.lock().unwrap();
        fs::remove_dir_all(&places.vault).unwrap();
    }
}
