//! Golden vaults: written once by this version, opened by every later one. Add new ones, never change these.
//!
//! `cargo test -p vault --test vault -- --ignored write_the_golden_vaults` writes them, `write_the_golden_backup` the
//! backup of one, `write_the_golden_vaults_with_new_keys` what that one became by new keys, and
//! `write_the_golden_vault_that_travelled` what was made of the backup; they refuse to replace what is there.
//!
//! `tests/vectors/SHA256SUMS` has the sum of every file of theirs, and of the known answers beside them. Whoever adds one
//! lets `cargo test -p vault --test vault -- --ignored list_new_vectors` add its line; no line that is there is ever changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{CHEAP, FixedClock, TempVault, copy_folder};
use vault::{
    BackupCompartment, Batch, CompartmentId, CompartmentOptions, Credential, Finding, Host, Kind,
    NewKeys, Passphrase, Places, Quiet, RebuildReason, RecordId, RestoreOptions, Schema, SpareKey,
    Vault, rehearse, restore,
};

const PASSPHRASE: &str = "Kaffee und Zwetschgendatschi – jeden Mittwoch";
const SECOND_PASSPHRASE: &str = "ein zweites Schloß";
const NEW_PASSPHRASE: &str = "niemand kennt dieses – auch mittwochs nicht";
const OTHER_SECOND_PASSPHRASE: &str = "ein anderes zweites Schloß";
const INDEX: Kind = Kind(1);
const NOTE: Kind = Kind(100);
const GOAL: Kind = Kind(101);
/// 2026-11-21T09:00:00Z.
const MORNING: i64 = 1_795_251_600_000;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors/v1")
}

/// The list of sums, as `sha256sum --check` reads it in its folder.
fn sums() -> PathBuf {
    vectors().join("../SHA256SUMS")
}

/// Every sum that is listed, by name.
fn listed_sums() -> BTreeMap<String, String> {
    let text = fs::read_to_string(sums()).unwrap();
    let mut listed = BTreeMap::new();
    for line in text.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let twice = listed.insert(name.to_owned(), sum.to_owned());
        assert_eq!(twice, None, "{name} is listed twice");
    }
    listed
}

/// The sum of every file beside and below the list. What tells of them in words may change.
fn present_sums() -> BTreeMap<String, String> {
    let mut present = BTreeMap::new();
    let mut folders = vec![(vectors().join(".."), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let own = entry.file_name().into_string().unwrap();
            let name = format!("{prefix}{own}");
            if entry.file_type().unwrap().is_dir() {
                folders.push((entry.path(), name + "/"));
            } else if own != "README.md" && name != "SHA256SUMS" {
                let digest = Sha256::digest(fs::read(entry.path()).unwrap());
                let mut sum = String::new();
                for byte in digest {
                    write!(sum, "{byte:02x}").unwrap();
                }
                present.insert(name, sum);
            }
        }
    }
    present
}

#[test]
fn no_vector_was_changed_or_removed_or_added_without_its_sum() {
    let (listed, present) = (listed_sums(), present_sums());
    let mut amiss = Vec::new();
    for (name, sum) in &listed {
        match present.get(name) {
            None => amiss.push(format!("{name} is missing")),
            Some(found) if found != sum => amiss.push(format!("{name} was changed")),
            Some(_) => {}
        }
    }
    let unlisted = present.keys().filter(|name| !listed.contains_key(*name));
    amiss.extend(unlisted.map(|name| format!("{name} is not listed")));
    assert!(amiss.is_empty(), "{amiss:#?}");
}

#[test]
#[ignore = "adds to the list of sums; each is written once"]
fn list_new_vectors() {
    let mut listed = listed_sums();
    for (name, sum) in present_sums() {
        listed.entry(name).or_insert(sum);
    }
    let mut text = String::new();
    for (name, sum) in listed {
        writeln!(text, "{sum}  {name}").unwrap();
    }
    fs::write(sums(), text).unwrap();
}

fn record(number: u8) -> RecordId {
    let mut id = [0; 16];
    id[0] = number;
    id[15] = 0xff - number;
    RecordId(id)
}

fn put(batch: &mut Batch, space: CompartmentId, kind: Kind, number: u8, payload: &Value) {
    batch.put(space, kind, record(number), Schema(1), payload.to_string());
}

fn save(vault: &Vault, fill: impl FnOnce(&mut Batch)) {
    let mut batch = Batch::new();
    fill(&mut batch);
    vault.save(batch).unwrap();
}

#[test]
#[ignore = "writes the vectors; they are written once"]
fn write_the_golden_vaults() {
    let clock = Arc::new(FixedClock::at(MORNING));
    let host = Host {
        clock: clock.clone(),
        settle_after: None,
        ..Host::default()
    };
    let temp = TempVault::empty_on(host.clone());
    let passphrase = Passphrase::parse(PASSPHRASE).unwrap();
    let second = Passphrase::parse(SECOND_PASSPHRASE).unwrap();
    let (vault, spare) =
        Vault::create_on(&host, temp.places(), &passphrase, CHEAP, &Quiet).unwrap();
    let open = || {
        clock.set(MORNING + 3_600_000);
        let vault =
            Vault::open_on(&host, temp.places(), Credential::SpareKey(&spare), &Quiet).unwrap();
        assert_eq!(vault.opening().findings, []);
        vault
    };

    let make = |vault: &Vault, alias: Option<&str>, second| {
        let alias = alias.map(str::to_owned);
        vault
            .make_compartment(CompartmentOptions { alias, second })
            .unwrap()
    };
    let journal = make(&vault, Some("Tagebuch"), None);
    let doomed = make(&vault, Some("to be forgotten"), None);
    save(&vault, |batch| {
        put(
            batch,
            journal,
            NOTE,
            1,
            &json!({"title": "First", "body": "Written first."}),
        );
        put(
            batch,
            journal,
            NOTE,
            2,
            &json!({"title": "Second", "body": "Soon deleted."}),
        );
        put(
            batch,
            doomed,
            NOTE,
            3,
            &json!({"title": "Third", "body": "Soon forgotten."}),
        );
    });
    vault.forget(doomed, &Quiet).unwrap();
    vault.lock().unwrap();

    let vault = open();
    let ada = make(&vault, None, None);
    let sealed = make(&vault, Some("Versiegelt"), Some((&second, CHEAP)));
    let empty = make(&vault, Some("empty"), None);
    save(&vault, |batch| {
        put(
            batch,
            ada,
            NOTE,
            4,
            &json!({"title": "Zwölf", "body": "Äpfel 🍎 und \u{202e}Birnen"}),
        );
        put(batch, ada, INDEX, 4, &json!({"title": "Zwölf"}));
        let long = "Ein langer Satz. ".repeat(6000);
        put(batch, ada, NOTE, 5, &json!({"title": "Long", "body": long}));
        put(
            batch,
            sealed,
            GOAL,
            6,
            &json!({"title": "Sealed", "due": "2027-01-31"}),
        );
        batch.put(sealed, NOTE, record(7), Schema(3), "");
    });
    vault.lock().unwrap();

    let vault = open();
    save(&vault, |batch| {
        batch.delete(journal, NOTE, record(2));
        put(
            batch,
            journal,
            NOTE,
            1,
            &json!({"title": "First", "body": "Written again."}),
        );
    });
    save(&vault, |batch| {
        put(batch, ada, NOTE, 8, &json!({"title": "Eighth"}))
    });
    vault.lock().unwrap();

    let vault = open();
    vault.open_compartment(sealed, &second, &Quiet).unwrap();
    let spaces = [journal, ada, sealed, empty];
    let words = spare.words().join(" ");
    let golden = describe(&vault, &spaces, doomed, &words);
    vault.lock().unwrap();
    keep("basic", &temp, &golden);
    let vault = open();
    vault.open_compartment(sealed, &second, &Quiet).unwrap();

    // The same vault, an hour later: another session, which ended without locking and in the middle of a save.
    save(&vault, |batch| {
        put(
            batch,
            ada,
            NOTE,
            9,
            &json!({"title": "Ninth", "body": "Only in the journal."}),
        );
        batch.delete(ada, NOTE, record(8));
    });
    save(&vault, |batch| {
        let short = json!({"title": "Long", "body": "Now short."});
        put(batch, ada, NOTE, 5, &short);
    });
    let golden = describe(&vault, &spaces, doomed, &words);
    let device = temp
        .root()
        .join("sync/journal")
        .join(vault.device().to_hex());
    drop(vault);
    let newest = fs::read_dir(device)
        .unwrap()
        .map(|e| e.unwrap().path())
        .max()
        .unwrap();
    let mut bytes = fs::read(&newest).unwrap();
    bytes.extend_from_within(256..1000);
    fs::write(&newest, bytes).unwrap();
    keep("dropped", &temp, &golden);
}

/// A golden vault in folders of its own, two hours later.
fn take_up(name: &str) -> (Host, TempVault, Value) {
    let host = Host {
        clock: Arc::new(FixedClock::at(MORNING + 2 * 3_600_000)),
        settle_after: None,
        ..Host::default()
    };
    let temp = TempVault::empty_on(host.clone());
    copy_folder(&vectors().join(name).join("vault"), &temp.places().vault);
    copy_folder(&vectors().join(name).join("device"), &temp.places().device);
    let golden = fs::read(vectors().join(name).join("golden.json")).unwrap();
    (host, temp, serde_json::from_slice(&golden).unwrap())
}

fn of_hex(value: &Value) -> CompartmentId {
    CompartmentId::from_hex(value.as_str().unwrap()).unwrap()
}

#[test]
#[ignore = "writes the vectors; they are written once"]
fn write_the_golden_vaults_with_new_keys() {
    let parse = |text: &str| Passphrase::parse(text).unwrap();
    let second = parse(SECOND_PASSPHRASE);
    let spaces_of = |golden: &Value| -> Vec<CompartmentId> {
        let compartments = golden["compartments"].as_array().unwrap();
        compartments.iter().map(|one| of_hex(&one["id"])).collect()
    };
    let save_one_more = |vault: &Vault, space| {
        save(vault, |batch| {
            let text = json!({"title": "Tenth", "body": "Written under new keys."});
            put(batch, space, NOTE, 10, &text);
            batch.delete(space, NOTE, record(1));
        });
    };

    let (host, temp, mut golden) = take_up("basic");
    let by_old = SpareKey::parse(golden["spare_key"].as_str().unwrap()).unwrap();
    let by_old = Credential::SpareKey(&by_old);
    let spaces = spaces_of(&golden);
    let (journal, sealed) = (spaces[0], spaces[2]);
    let spare = SpareKey::make().unwrap();
    let vault = Vault::open_on(&host, temp.places(), by_old, &Quiet).unwrap();
    let new = NewKeys {
        passphrase: &parse(NEW_PASSPHRASE),
        cost: CHEAP,
        spare: &spare,
        seconds: &[(sealed, &second)],
    };
    vault.rekey(new, &Quiet).unwrap().destruction.unwrap();
    save_one_more(&vault, journal);
    vault.open_compartment(sealed, &second, &Quiet).unwrap();
    let gone = of_hex(&golden["forgotten"][0]);
    golden = describe(&vault, &spaces, gone, &spare.words().join(" "));
    golden["passphrase"] = json!(NEW_PASSPHRASE);
    vault.lock().unwrap();
    keep("rekeyed", &temp, &golden);

    let (host, temp, golden) = take_up("basic");
    let words = golden["spare_key"].as_str().unwrap();
    let vault = Vault::open_on(&host, temp.places(), by_old, &Quiet).unwrap();
    let other = parse(OTHER_SECOND_PASSPHRASE);
    let set = vault.set_second_passphrase(journal, &other, CHEAP, &Quiet);
    set.unwrap().destruction.unwrap();
    save_one_more(&vault, journal);
    let removed = vault.remove_second_passphrase(sealed, &second, &Quiet);
    removed.unwrap().destruction.unwrap();
    save(&vault, |batch| {
        put(batch, sealed, GOAL, 11, &json!({"title": "Eleventh"}));
    });
    let mut golden = describe(&vault, &spaces, gone, words);
    golden["compartments"][0]["second_passphrase"] = json!(OTHER_SECOND_PASSPHRASE);
    vault.lock().unwrap();
    keep("second", &temp, &golden);
}

#[test]
#[ignore = "writes the vectors; they are written once"]
fn write_the_golden_backup() {
    let (_folder, vault, mut golden) = open_a_copy_of("basic", true);
    let target = vectors().join("backup.cfdbackup");
    assert!(!target.exists(), "golden backups are added, never changed");
    let made = vault.backup(&target, &Quiet).unwrap();
    golden["backup"] = json!(made.id.to_hex());
    golden["device"] = json!(vault.device().to_hex());
    let text = serde_json::to_string_pretty(&golden).unwrap();
    fs::write(vectors().join("backup.json"), text + "\n").unwrap();
}

#[test]
#[ignore = "writes the vectors; they are written once"]
fn write_the_golden_vault_that_travelled() {
    let host = Host {
        clock: Arc::new(FixedClock::at(MORNING + 3 * 3_600_000)),
        settle_after: None,
        ..Host::default()
    };
    let golden = fs::read(vectors().join("backup.json")).unwrap();
    let golden: Value = serde_json::from_slice(&golden).unwrap();
    let words = golden["spare_key"].as_str().unwrap();
    let spare = SpareKey::parse(words).unwrap();
    let credential = Credential::SpareKey(&spare);
    let spaces: Vec<CompartmentId> = {
        let compartments = golden["compartments"].as_array().unwrap();
        compartments.iter().map(|one| of_hex(&one["id"])).collect()
    };
    let (journal, ada) = (spaces[0], spaces[1]);
    let temp = TempVault::empty_on(host.clone());
    let backup = vectors().join("backup.cfdbackup");
    let options = RestoreOptions::default();
    restore(&backup, temp.places(), credential, options, &Quiet).unwrap();
    // The other machine that the folder is carried to.
    let other = Places {
        vault: temp.places().vault.clone(),
        device: temp.folder().join("the other machine"),
    };
    let open = |places: &Places| Vault::open_on(&host, places, credential, &Quiet).unwrap();

    let vault = open(temp.places());
    save(&vault, |batch| {
        let text = json!({"title": "Twelfth", "body": "At home."});
        put(batch, journal, NOTE, 12, &text);
    });
    vault.lock().unwrap();
    let vault = open(&other);
    save(&vault, |batch| {
        let text = json!({"title": "Thirteenth", "body": "On the way."});
        put(batch, ada, NOTE, 13, &text);
        batch.delete(ada, NOTE, record(4));
    });
    // Of the first machine's journal only a head is left, and its numbers go on.
    assert_eq!(vault.sweep(&Quiet).unwrap(), 0);
    save(&vault, |batch| {
        let text = json!({"title": "Twelfth", "body": "At home, and changed on the way."});
        put(batch, journal, NOTE, 12, &text);
    });
    vault.lock().unwrap();
    let vault = open(temp.places());
    vault.add_keychain_slot().unwrap();
    vault.set_retention_day(ada, Some(20_970)).unwrap();
    save(&vault, |batch| {
        let text = json!({"title": "Fourteenth", "body": "At home again."});
        put(batch, journal, NOTE, 14, &text);
    });
    vault.lock().unwrap();
    let vault = open(temp.places());
    assert_eq!(vault.opening().findings, []);
    let sealed = Passphrase::parse(SECOND_PASSPHRASE).unwrap();
    vault.open_compartment(spaces[2], &sealed, &Quiet).unwrap();
    let gone = of_hex(&golden["forgotten"][0]);
    let golden = describe(&vault, &spaces, gone, words);
    drop(vault);
    keep("travelled", &temp, &golden);
}

fn describe(vault: &Vault, spaces: &[CompartmentId], gone: CompartmentId, words: &str) -> Value {
    let infos = vault.compartments();
    let compartments: Vec<_> = spaces
        .iter()
        .map(|space| {
            let info = infos.iter().find(|info| info.id == *space).unwrap();
            let mut records = Vec::new();
            vault
                .visit(*space, &mut |found| {
                    let text = std::str::from_utf8(found.payload).unwrap();
                    records.push(json!({
                        "kind": found.kind.0,
                        "record": found.record.to_hex(),
                        "schema": found.schema.0,
                        "payload": text,
                    }));
                })
                .unwrap();
            records.sort_by_key(|r| (r["kind"].as_u64(), r["record"].to_string()));
            let second = info.second_passphrase.then_some(SECOND_PASSPHRASE);
            json!({
                "id": space.to_hex(),
                "alias": info.alias,
                "second_passphrase": second,
                "records": records,
            })
        })
        .collect();
    json!({
        "passphrase": PASSPHRASE,
        "spare_key": words,
        "vault": vault.id().to_hex(),
        "device": vault.device().to_hex(),
        "compartments": compartments,
        "forgotten": [gone.to_hex()],
    })
}

fn keep(name: &str, temp: &TempVault, golden: &Value) {
    let target = vectors().join(name);
    assert!(!target.exists(), "golden vaults are added, never changed");
    copy_folder(&temp.places().vault, &target.join("vault"));
    copy_folder(&temp.places().device, &target.join("device"));
    // The store is a cache of the rest, and large.
    for entry in fs::read_dir(target.join("vault/local")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir()
            && path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("store.")
        {
            fs::remove_dir_all(path).unwrap();
        }
    }
    let text = serde_json::to_string_pretty(golden).unwrap();
    fs::write(target.join("golden.json"), text + "\n").unwrap();
}

fn open_a_copy_of(name: &str, use_spare_key: bool) -> (tempfile::TempDir, Vault, Value) {
    let source = vectors().join(name);
    let golden: Value =
        serde_json::from_slice(&fs::read(source.join("golden.json")).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        vault: folder.path().join("vault"),
        device: folder.path().join("device"),
    };
    copy_folder(&source.join("vault"), &places.vault);
    copy_folder(&source.join("device"), &places.device);
    let passphrase = Passphrase::parse(golden["passphrase"].as_str().unwrap()).unwrap();
    let spare = SpareKey::parse(golden["spare_key"].as_str().unwrap()).unwrap();
    let credential = match use_spare_key {
        true => Credential::SpareKey(&spare),
        false => Credential::Passphrase(&passphrase),
    };
    let host = Host {
        settle_after: None,
        ..Host::default()
    };
    let vault = Vault::open_on(&host, &places, credential, &Quiet).unwrap();
    (folder, vault, golden)
}

fn compare(vault: &Vault, golden: &Value) {
    let infos = vault.compartments();
    let compartments = golden["compartments"].as_array().unwrap();
    assert_eq!(infos.len(), compartments.len());
    for expected in compartments {
        let id = CompartmentId::from_hex(expected["id"].as_str().unwrap()).unwrap();
        let info = infos.iter().find(|info| info.id == id).unwrap();
        assert_eq!(info.alias.as_deref(), expected["alias"].as_str());
        if let Some(second) = expected["second_passphrase"].as_str() {
            assert!(info.locked);
            vault
                .open_compartment(id, &Passphrase::parse(second).unwrap(), &Quiet)
                .unwrap();
        }
        let mut count = 0;
        let visited = vault
            .visit(id, &mut |found| {
                count += 1;
                let record = found.record.to_hex();
                let expected = expected["records"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|r| r["kind"] == found.kind.0 && r["record"] == record.as_str());
                let expected = expected.unwrap();
                assert_eq!(expected["schema"], found.schema.0);
                assert_eq!(
                    expected["payload"].as_str().unwrap().as_bytes(),
                    found.payload
                );
            })
            .unwrap();
        assert_eq!(visited.unreadable, []);
        assert_eq!(count, expected["records"].as_array().unwrap().len());
    }
    assert!(vault.verify(&Quiet).unwrap().iter().all(|check| check.ok));
}

#[test]
fn the_golden_vault_opens_with_its_passphrase_and_holds_its_records() {
    let (_folder, vault, golden) = open_a_copy_of("basic", false);
    compare(&vault, &golden);
    let rebuilt = |finding: &Finding| {
        matches!(
            finding,
            Finding::StoreRebuilt {
                reason: RebuildReason::Missing,
                ..
            }
        )
    };
    assert!(vault.opening().findings.iter().any(rebuilt));
}

#[test]
fn the_golden_vault_that_was_dropped_opens_with_its_spare_key() {
    let (_folder, vault, golden) = open_a_copy_of("dropped", true);
    compare(&vault, &golden);
    let torn = |finding: &Finding| matches!(finding, Finding::TornTail { bytes: 744, .. });
    assert!(vault.opening().findings.iter().any(torn));
}

/// That nothing was found but that its store is made anew. A version control system keeps no rights of files.
fn assert_only_made_anew(vault: &Vault, name: &str) {
    let expected = |finding: &Finding| {
        matches!(
            finding,
            Finding::StoreRebuilt { .. } | Finding::PermissionsTightened { .. }
        )
    };
    let findings = &vault.opening().findings;
    assert!(findings.iter().all(expected), "{name}: {findings:?}");
}

#[test]
fn the_golden_vaults_with_new_keys_open_and_hold_their_records() {
    for name in ["rekeyed", "second"] {
        for use_spare_key in [true, false] {
            let (_folder, vault, golden) = open_a_copy_of(name, use_spare_key);
            compare(&vault, &golden);
            assert_eq!(golden["device"], vault.device().to_hex());
            assert_only_made_anew(&vault, name);
        }
    }
    // What opened them before opens the one that was only put under a second passphrase.
    let golden = fs::read(vectors().join("basic/golden.json")).unwrap();
    let golden: Value = serde_json::from_slice(&golden).unwrap();
    let spare = SpareKey::parse(golden["spare_key"].as_str().unwrap()).unwrap();
    for (name, opens) in [("rekeyed", false), ("second", true)] {
        let (host, temp, _) = take_up(name);
        let by_old = Credential::SpareKey(&spare);
        let opened = Vault::open_on(&host, temp.places(), by_old, &Quiet);
        assert_eq!(opened.is_ok(), opens, "{name}");
    }
}

#[test]
fn the_golden_vault_that_travelled_opens_on_its_machine_and_on_another() {
    for use_spare_key in [true, false] {
        let (folder, vault, golden) = open_a_copy_of("travelled", use_spare_key);
        compare(&vault, &golden);
        assert_eq!(golden["device"], vault.device().to_hex());
        assert_only_made_anew(&vault, "travelled");
        let infos = vault.compartments();
        let kept_until = infos.iter().filter_map(|info| info.retention_day);
        assert_eq!(kept_until.collect::<Vec<_>>(), [20_970]);
        vault.lock().unwrap();
        let elsewhere = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("another"),
        };
        let spare = SpareKey::parse(golden["spare_key"].as_str().unwrap()).unwrap();
        let vault = Vault::open(&elsewhere, Credential::SpareKey(&spare), &Quiet).unwrap();
        compare(&vault, &golden);
    }
    let journals = vectors().join("travelled/vault/sync/journal");
    let devices = fs::read_dir(journals).unwrap();
    assert_eq!(devices.count(), 2);
}

#[test]
fn the_golden_backup_is_whole_and_restored_with_its_records() {
    let path = vectors().join("backup.cfdbackup");
    let golden = fs::read(vectors().join("backup.json")).unwrap();
    let golden: Value = serde_json::from_slice(&golden).unwrap();
    let passphrase = Passphrase::parse(golden["passphrase"].as_str().unwrap()).unwrap();
    let spare = SpareKey::parse(golden["spare_key"].as_str().unwrap()).unwrap();
    let credentials = [
        Credential::Passphrase(&passphrase),
        Credential::SpareKey(&spare),
    ];
    for credential in credentials {
        let found = rehearse(&path, credential, &Quiet).unwrap();
        assert_eq!(golden["backup"], found.id.to_hex());
        assert_eq!(golden["vault"], found.vault.to_hex());
        let unreadable = |space: &BackupCompartment| space.unreadable > 0;
        assert!(!found.compartments.iter().any(unreadable));
        let folder = tempfile::tempdir().unwrap();
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        restore(
            &path,
            &places,
            credential,
            RestoreOptions::default(),
            &Quiet,
        )
        .unwrap();
        let vault = Vault::open(&places, credential, &Quiet).unwrap();
        assert_eq!(vault.opening().findings, []);
        compare(&vault, &golden);
    }
}
