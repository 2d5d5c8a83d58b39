//! A vault's everyday life on the real disk.

use testkit::{CHEAP, PASSPHRASE, TempVault};
use vault::{
    Batch, CompartmentId, CompartmentOptions, Error, Finding, Found, Kind, Passphrase, Record,
    RecordId, Schema, Vault, look,
};

const NOTE: Kind = Kind(100);
const INDEX: Kind = Kind(1);

fn id(byte: u8) -> RecordId {
    RecordId([byte; 16])
}

fn put(vault: &Vault, space: CompartmentId, record: u8, text: &str) {
    let mut batch = Batch::new();
    batch.put(space, NOTE, id(record), Schema(1), text);
    batch.put(space, INDEX, id(record), Schema(1), "index");
    vault.save(batch).unwrap();
}

fn text(vault: &Vault, space: CompartmentId, record: u8) -> Option<String> {
    let found: Option<Record> = vault.read(space, NOTE, id(record)).unwrap();
    found.map(|record| String::from_utf8(record.payload.to_vec()).unwrap())
}

fn plain(vault: &Vault) -> CompartmentId {
    vault
        .make_compartment(CompartmentOptions::default())
        .unwrap()
}

#[test]
fn a_checkpoint_leaves_nothing_to_replay_and_the_vault_open() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    put(&vault, space, 1, "one");
    let replays = |copy: &TempVault| {
        let vault = copy.open().unwrap();
        assert_eq!(text(&vault, space, 1).as_deref(), Some("one"));
        let mut findings = vault.opening().findings.iter();
        findings.any(|finding| matches!(finding, Finding::Replayed { .. }))
    };
    assert!(replays(&temp.copy()), "the row is in the journal only");
    vault.checkpoint().unwrap();
    assert!(!replays(&temp.copy()));
    let checkpoints = temp.root().join("local/checkpoints");
    assert_eq!(std::fs::read_dir(checkpoints).unwrap().count(), 1);
    put(&vault, space, 2, "two");
    vault.checkpoint().unwrap();
    vault.checkpoint().unwrap();
    vault.lock().unwrap();
    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_eq!(text(&vault, space, 2).as_deref(), Some("two"));
}

#[test]
fn what_is_saved_is_there_after_locking_and_after_dropping() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    put(&vault, space, 1, "one");
    put(&vault, space, 2, "two");
    vault.lock().unwrap();

    let vault = temp.open_with(PASSPHRASE).unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_eq!(text(&vault, space, 1).as_deref(), Some("one"));
    put(&vault, space, 1, "uno");
    let mut batch = Batch::new();
    batch.delete(space, NOTE, id(2));
    vault.save(batch).unwrap();
    drop(vault);

    let vault = temp.open().unwrap();
    assert_eq!(text(&vault, space, 1).as_deref(), Some("uno"));
    assert_eq!(text(&vault, space, 2), None);
    let mut seen = Vec::new();
    let visited = vault
        .visit(space, &mut |record| {
            seen.push((record.kind, record.record, record.payload.to_vec()));
        })
        .unwrap();
    seen.sort();
    assert_eq!(visited.unreadable, []);
    assert_eq!(
        seen,
        [
            (INDEX, id(1), b"index".to_vec()),
            (INDEX, id(2), b"index".to_vec()),
            (NOTE, id(1), b"uno".to_vec())
        ]
    );
    assert!(
        vault
            .verify(&vault::Quiet)
            .unwrap()
            .iter()
            .all(|check| check.ok)
    );
    assert_eq!(vault.stray_rows().unwrap(), 0);
}

#[test]
fn looking_tells_what_is_there_without_a_secret() {
    let temp = TempVault::empty();
    assert_eq!(look(temp.places()).unwrap(), Found::Nothing);
    let (temp, vault) = temp.filled().unwrap();
    let id = vault.id();
    vault.lock().unwrap();
    assert_eq!(
        look(temp.places()).unwrap(),
        Found::Vault {
            id,
            both_headers: true
        }
    );
}

#[test]
fn forgetting_leaves_the_other_compartments_and_nothing_of_the_one() {
    let (temp, vault) = TempVault::create();
    let (gone, kept) = (plain(&vault), plain(&vault));
    put(&vault, gone, 1, "gone");
    put(&vault, kept, 2, "kept");
    let report = vault.forget(gone, &vault::Quiet).unwrap();
    assert_eq!(report.rows, 2);
    report.destruction.unwrap();
    assert_eq!(
        vault.read(gone, NOTE, id(1)).err(),
        Some(Error::UnknownCompartment)
    );
    assert_eq!(text(&vault, kept, 2).as_deref(), Some("kept"));
    put(&vault, kept, 3, "after");
    drop(vault);
    let vault = temp.open().unwrap();
    assert_eq!(vault.compartments().len(), 1);
    assert_eq!(text(&vault, kept, 2).as_deref(), Some("kept"));
    assert_eq!(text(&vault, kept, 3).as_deref(), Some("after"));
    assert!(
        vault
            .verify(&vault::Quiet)
            .unwrap()
            .iter()
            .all(|check| check.ok)
    );
}

#[test]
fn a_second_passphrase_keeps_a_compartment_shut() {
    let (temp, vault) = TempVault::create();
    let second = Passphrase::parse("another one").unwrap();
    let space = vault
        .make_compartment(CompartmentOptions {
            alias: Some("sealed".into()),
            second: Some((&second, CHEAP)),
        })
        .unwrap();
    put(&vault, space, 1, "secret");
    vault.shut_compartment(space).unwrap();
    assert_eq!(
        vault.read(space, NOTE, id(1)).err(),
        Some(Error::CompartmentLocked)
    );
    vault.lock().unwrap();

    let vault = temp.open().unwrap();
    let info = &vault.compartments()[0];
    assert!(info.locked && info.second_passphrase);
    assert_eq!(info.alias.as_deref(), Some("sealed"));
    let mut batch = Batch::new();
    batch.put(space, NOTE, id(2), Schema(1), "x");
    assert_eq!(vault.save(batch), Err(Error::CompartmentLocked));
    assert!(
        vault.verify(&vault::Quiet).unwrap()[0].ok,
        "sums need no key of the compartment"
    );
    let wrong = Passphrase::parse("not this").unwrap();
    let quiet = &vault::Quiet;
    assert_eq!(
        vault.open_compartment(space, &wrong, quiet),
        Err(Error::WrongCredential)
    );
    vault.open_compartment(space, &second, quiet).unwrap();
    assert_eq!(text(&vault, space, 1).as_deref(), Some("secret"));
}

#[test]
fn the_day_of_an_agreed_end_is_known_while_shut_survives_and_goes_with_the_compartment() {
    let (temp, vault) = TempVault::create();
    let second = Passphrase::parse("a second one entirely").unwrap();
    let options = CompartmentOptions {
        alias: None,
        second: Some((&second, CHEAP)),
    };
    let shut = vault.make_compartment(options).unwrap();
    let space = plain(&vault);
    put(&vault, space, 1, "one");
    let days = |vault: &Vault| -> Vec<Option<u32>> {
        let compartments = vault.compartments();
        compartments.iter().map(|one| one.retention_day).collect()
    };
    assert_eq!(days(&vault), [None, None]);
    vault.set_retention_day(shut, Some(20_800)).unwrap();
    vault.set_retention_day(space, Some(u32::MAX)).unwrap();
    vault.set_retention_day(space, Some(20_801)).unwrap();
    let none = CompartmentId([9; 16]);
    assert_eq!(
        vault.set_retention_day(none, None),
        Err(Error::UnknownCompartment)
    );
    vault.lock().unwrap();

    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_eq!(days(&vault), [Some(20_800), Some(20_801)]);
    assert!(vault.compartments()[0].locked);
    let backup = temp.folder().join("one.cfdbackup");
    vault.backup(&backup, &vault::Quiet).unwrap();
    vault.set_retention_day(shut, None).unwrap();
    vault.forget(space, &vault::Quiet).unwrap();
    assert_eq!(days(&vault), [None]);
    drop(vault);
    assert_eq!(days(&temp.open().unwrap()), [None]);
}

#[test]
fn the_name_that_is_shown_while_it_is_shut_is_changed_open_or_shut_and_kept() {
    let (temp, vault) = TempVault::create();
    let second = Passphrase::parse("a second one entirely").unwrap();
    let space = plain(&vault);
    put(&vault, space, 1, "one");
    let alias = |vault: &Vault| vault.compartments()[0].alias.clone();
    assert_eq!(alias(&vault), None);
    vault.set_alias(space, Some("The blue one")).unwrap();
    vault
        .set_second_passphrase(space, &second, CHEAP, &vault::Quiet)
        .unwrap();
    vault.lock().unwrap();

    let vault = temp.open().unwrap();
    assert!(vault.compartments()[0].locked);
    assert_eq!(alias(&vault).as_deref(), Some("The blue one"));
    let longest = "ä".repeat(vault::MAX_ALIAS / 2);
    vault.set_alias(space, Some(&longest)).unwrap();
    let longer = format!("{longest}a");
    assert_eq!(vault.set_alias(space, Some(&longer)), Err(Error::TooLarge));
    let none = CompartmentId([9; 16]);
    assert_eq!(vault.set_alias(none, None), Err(Error::UnknownCompartment));
    vault.lock().unwrap();

    let vault = temp.open().unwrap();
    assert_eq!(vault.opening().findings, []);
    assert_eq!(alias(&vault), Some(longest));
    // The key is none the worse for it.
    vault
        .open_compartment(space, &second, &vault::Quiet)
        .unwrap();
    assert_eq!(text(&vault, space, 1).as_deref(), Some("one"));
    vault.set_alias(space, None).unwrap();
    drop(vault);
    assert_eq!(alias(&temp.open().unwrap()), None);
}

#[test]
fn a_backup_is_rehearsed_with_the_keys_at_hand() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    for number in 0..20 {
        put(&vault, space, number, "words");
    }
    let file = temp.folder().join("one.cfdbackup");
    vault.backup(&file, &vault::Quiet).unwrap();
    let found = vault.rehearse_backup(&file, &vault::Quiet).unwrap();
    assert_eq!(found.compartments[0].records, Some(40));
    assert_eq!(found.compartments[0].unreadable, 0);
    assert!(vault.known_backups().unwrap()[0].verified.is_some());

    let (_other, stranger) = TempVault::create();
    let refused = stranger.rehearse_backup(&file, &vault::Quiet).unwrap_err();
    assert_eq!(refused, Error::WrongCredential);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert!(vault.rehearse_backup(&file, &vault::Quiet).is_err());
}
