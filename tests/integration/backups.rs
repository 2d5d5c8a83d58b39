//! Backups through the commands.

use std::fs;

use serde_json::{Value, json};

use crate::world::{Home, PASSPHRASE, Program};

fn choose(program: &Program, path: &std::path::Path) {
    *program.desktop.open.lock().expect("one at a time") = Some(path.to_owned());
}

fn known(view: &Value) -> Vec<Value> {
    view["known"].as_array().expect("a list").clone()
}

#[test]
fn a_backup_is_made_by_itself_when_the_vault_is_locked_and_listed_after() {
    let home = Home::new();
    let program = home.start_open();
    let stick = home.path().join("stick");
    fs::create_dir(&stick).expect("a folder");
    assert_eq!(program.slow_code("back_up_now", json!({})), "notFound");
    choose(&program, &home.vault().join("local"));
    assert_eq!(
        program.fails("choose_backup_folder", json!({})),
        "backupInsideVault"
    );
    choose(&program, &stick);
    let view = program.ok("choose_backup_folder", json!({}));
    assert_eq!((&view["reachable"], known(&view).len()), (&json!(true), 0));

    program.lock();
    assert_eq!(fs::read_dir(&stick).expect("there").count(), 1);
    program.unlock();
    program.lock();
    assert_eq!(fs::read_dir(&stick).expect("there").count(), 1, "one a day");

    program.unlock();
    let view = program.ok("backups", json!({}));
    let backup = known(&view).remove(0);
    assert_eq!(backup["place"], "there");
    assert!(
        backup["file"]
            .as_str()
            .expect("a name")
            .ends_with(".cfdbackup")
    );
    let id = backup["id"].clone();
    program
        .slow("check_backup", json!({ "id": id }))
        .expect("whole");
    fs::remove_dir_all(&stick).expect("pulled out");
    let view = program.ok("backups", json!({}));
    assert_eq!(view["reachable"], false);
    assert_eq!(known(&view)[0]["place"], "outOfReach");
    let code = program.slow_code("check_backup", json!({ "id": id }));
    assert_eq!(code, "importUnreadable", "the file is not there");
    assert!(known(&program.ok("drop_backup", json!({ "id": id }))).is_empty());
    let view = program.ok("stop_backups", json!({}));
    assert_eq!(view["folder"], Value::Null);
}

#[test]
fn a_backup_is_put_back_and_the_vault_it_replaces_stays_beside_it() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let other = program.relationship("Marcus Bell");
    program.note(&space, "private", "before");
    let file = home.path().join("one.cfdbackup");
    *program.desktop.save.lock().expect("one at a time") = Some(file.clone());
    let saved = program.slow("save_backup", json!({})).expect("saved");
    assert_eq!(saved["name"], "one.cfdbackup");
    assert_eq!(program.slow_code("save_backup", json!({})), "backupExists");
    program.note(&space, "private", "after");
    let receipt = program
        .slow(
            "forget_space",
            json!({ "space": other, "name": "Marcus Bell" }),
        )
        .expect("forgotten");
    let held = receipt["lines"].as_array().expect("lines").iter();
    let held = held
        .filter(|line| line["about"] == "Still held")
        .collect::<Vec<_>>();
    assert!(
        held[0]["says"]
            .as_str()
            .expect("words")
            .starts_with("in one backup"),
        "{held:?}"
    );

    choose(&program, &file);
    assert_eq!(program.fails("choose_restore", json!({})), "vaultExists");
    program.lock();
    let offer = program.ok("choose_restore", json!({}));
    assert_eq!(offer["file"], "one.cfdbackup");
    let with = |key: &str, forgotten: &str| json!({ "key": key, "spareKey": false, "present": null, "forgotten": forgotten });
    assert_eq!(
        program.slow_code("restore_backup", with("not this one at all", "ask")),
        "wrongPassphrase"
    );
    assert_eq!(
        program.slow_code("restore_backup", with(PASSPHRASE, "ask")),
        "forgottenWouldReturn"
    );
    let state = program
        .slow("restore_backup", with(PASSPHRASE, "stayForgotten"))
        .expect("put back");
    assert_eq!(state["vault"], "open");
    let spaces = program.ok("list_spaces", json!({}));
    assert_eq!(spaces.as_array().expect("a list").len(), 1, "{spaces}");
    let texts: Vec<_> = program
        .records(&space)
        .iter()
        .map(|line| line["title"].clone())
        .collect();
    assert_eq!(texts, ["before"]);
    let beside = fs::read_dir(home.path()).expect("there");
    let before = beside.filter(|entry| {
        let name = entry.as_ref().expect("an entry").file_name();
        name.to_string_lossy().starts_with("vault.before-")
    });
    assert_eq!(before.count(), 1, "the vault it replaced is kept");
}

#[test]
fn whoever_stops_once_a_backup_is_in_its_place_finds_it_open() {
    let home = Home::new();
    let program = home.start_open();
    program.relationship("Amara Nwosu");
    let file = home.path().join("one.cfdbackup");
    *program.desktop.save.lock().expect("one at a time") = Some(file.clone());
    program.slow("save_backup", json!({})).expect("made");
    program.lock();
    choose(&program, &file);
    program.ok("choose_restore", json!({}));
    let folder = home.path().to_owned();
    let switched = move || {
        let mut entries = fs::read_dir(&folder).expect("there").flatten();
        entries.any(|entry| {
            let name = entry.file_name();
            name.to_string_lossy().starts_with("vault.before-")
        }) && folder.join("vault").exists()
    };
    let stopping = program.stop_when(switched);
    let state = program.slow(
        "restore_backup",
        json!({ "key": PASSPHRASE, "spareKey": false, "present": null, "forgotten": "ask" }),
    );
    stopping.join().expect("stopped");
    assert_eq!(state.expect("put back")["vault"], "open");
}

#[test]
fn what_is_no_backup_is_refused_before_anybody_types() {
    let home = Home::new();
    let program = home.start();
    let file = home.path().join("holiday.jpg");
    fs::write(&file, vec![7; 5000]).expect("written");
    choose(&program, &file);
    assert_eq!(program.fails("choose_restore", json!({})), "backupDamaged");
    choose(&program, &home.path().join("nothing"));
    assert_eq!(
        program.fails("choose_restore", json!({})),
        "importUnreadable"
    );
    let key = json!({ "key": PASSPHRASE, "spareKey": false, "forgotten": "ask" });
    assert_eq!(program.slow_code("restore_backup", key), "notFound");
}

#[test]
fn single_records_come_back_from_a_known_backup() {
    let home = Home::new();
    let program = home.start_open();
    let amara = program.relationship("Amara Nwosu");
    let made = program.note(&amara, "private", "gone too soon");
    let id = made["line"]["id"].clone();
    *program.desktop.save.lock().expect("one at a time") = Some(home.path().join("one.cfdbackup"));
    program.slow("save_backup", json!({})).expect("saved");
    let backup = program.ok("backups", json!({}))["known"][0]["id"].clone();
    let look = |key: Value| {
        let kept = program.slow("look_into_backup", json!({ "id": backup, "key": key }))?;
        assert_eq!(kept["untold"], json!([]));
        Ok::<_, Value>(kept["records"].clone())
    };
    assert_eq!(look(Value::Null).expect("read"), json!([]));
    program.ok("bin_record", json!({ "id": id }));
    program.ok("erase_record", json!({ "id": id }));
    let found = look(Value::Null).expect("read");
    assert_eq!(
        (&found[0]["here"], &found[0]["line"]["id"]),
        (&json!("gone"), &id)
    );
    let wrong = look(json!("not this one")).expect_err("it has its own passphrase");
    assert_eq!(wrong["code"], "wrongPassphrase");
    let bring = json!({ "id": backup, "key": PASSPHRASE, "records": [id] });
    let back = program.slow("bring_back", bring).expect("back");
    assert_eq!(back[0]["body"]["text"], "gone too soon");
    assert_eq!(look(Value::Null).expect("read"), json!([]));
}
