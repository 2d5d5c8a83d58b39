//! Looking through the vault, the proof, and the agreed end of a notebook, through the commands.

use std::fs;

use serde_json::{Value, json};

use crate::world::{Home, PASSPHRASE, Program};

fn check(program: &Program, deep: bool) -> Value {
    program
        .slow("check_vault", json!({ "deep": deep }))
        .expect("looked through")
}

fn named<'a>(checkup: &'a Value, name: &str) -> Vec<&'a Value> {
    let spaces = checkup["spaces"].as_array().expect("a list").iter();
    spaces.filter(|space| space["name"] == name).collect()
}

#[test]
fn every_notebook_is_counted_and_what_is_sealed_in_one_apart() {
    let home = Home::new();
    let program = home.start_open();
    let amara = program.relationship("Amara Nwosu");
    program.relationship("Marcus Bell");
    program.note(&amara, "private", "one");
    let second = json!({ "space": amara, "passphrase": "thimble violin harbour onion" });
    program.slow("make_sealed", second).expect("made");
    program.note(&amara, "sealed", "hidden");
    for deep in [false, true] {
        let checkup = check(&program, deep);
        assert_eq!(
            (&checkup["ok"], &checkup["findings"]),
            (&json!(true), &json!([])),
            "{checkup}"
        );
        assert_eq!(checkup["kept"], json!([]));
        let amaras = named(&checkup, "Amara Nwosu");
        let sealed: Vec<_> = amaras.iter().map(|one| one["sealed"].clone()).collect();
        assert_eq!(sealed, [json!(false), json!(true)]);
        assert!(amaras.iter().all(|one| one["found"].as_u64() > Some(0)));
        assert_eq!(named(&checkup, "Marcus Bell").len(), 1);
    }
    program.ok("shut_sealed", json!({ "space": amara }));
    let checkup = check(&program, true);
    assert_eq!(checkup["ok"], true);
    let amaras = named(&checkup, "Amara Nwosu");
    let sealed = amaras.iter().find(|one| one["sealed"] == true);
    let sealed = sealed.expect("told to be there");
    assert_eq!(
        (&sealed["found"], &sealed["expected"], &sealed["ok"]),
        (&Value::Null, &Value::Null, &json!(true)),
        "nothing of it but that it is whole"
    );
    let finding = &checkup["findings"][0];
    assert_eq!(finding["code"], "spaceShut");
    assert_eq!(finding["weight"], "information");
    assert_eq!(
        finding["message"],
        "What is sealed in “Amara Nwosu” is shut. Whether all of it is there was checked; it was not read."
    );
}

#[test]
fn a_store_that_was_damaged_is_made_anew_and_the_old_one_is_kept_and_named() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    program.note(&space, "private", "it comes back");
    program.lock();
    let local = home.vault().join("local");
    let store = fs::read_dir(&local)
        .expect("there")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.to_string_lossy().contains("/store."))
        .expect("a store");
    fs::write(store.join("conf"), "no configuration").expect("written");
    let db = store.join("db");
    let mut bytes = fs::read(&db).expect("there");
    for byte in bytes.iter_mut().step_by(7) {
        *byte ^= 0x5a;
    }
    fs::write(&db, bytes).expect("written");
    program.unlock();
    let checkup = check(&program, true);
    assert_eq!(checkup["ok"], true, "{checkup}");
    let codes: Vec<_> = checkup["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| (finding["code"].clone(), finding["weight"].clone()))
        .collect();
    assert!(
        codes.contains(&(json!("storeRebuilt"), json!("mended"))),
        "{codes:?}"
    );
    let kept = checkup["kept"].as_array().expect("a list");
    assert_eq!(kept.len(), 1, "{checkup}");
    let kept = std::path::Path::new(kept[0].as_str().expect("a path"));
    assert!(kept.join("db").is_file() && kept.starts_with(local.join("aside")));
    assert_eq!(program.records(&space)[0]["title"], "it comes back");
}

#[test]
fn a_row_that_is_lost_is_told_by_its_notebook() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    for number in 0..8 {
        program.note(&space, "private", &format!("number {number}"));
    }
    program.lock();
    testkit::lose_a_row(&home.vault());
    program.unlock();
    let checkup = check(&program, false);
    assert_eq!(checkup["ok"], false);
    let wrong: Vec<_> = checkup["spaces"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["ok"] == false)
        .collect();
    assert_eq!(wrong.len(), 1, "{checkup}");
    let finding = &checkup["findings"][0];
    assert_eq!(finding["code"], "notWhole");
    assert_eq!(finding["space"], wrong[0]["id"]);
    program.lock();
    program.unlock();
    assert_eq!(check(&program, true)["ok"], true, "made anew");
    assert_eq!(program.records(&space).len(), 8);
}

#[test]
fn the_proof_finds_nothing_and_leaves_nothing() {
    let home = Home::new();
    let program = home.start_open();
    assert_eq!(program.slow_code("prove_vault", json!({})), "spaceNotFound");
    let space = program.relationship("Amara Nwosu");
    let proof = program.slow("prove_vault", json!({})).expect("it runs");
    assert_eq!(proof["proven"], true, "{proof}");
    assert_eq!(proof["found"], json!([]));
    let folders = proof["looked"].as_array().expect("a list");
    let vault = home.vault().to_string_lossy().into_owned();
    let looked = folders.iter().find(|one| one["path"] == vault.as_str());
    assert!(looked.expect("the vault's folder")["files"].as_u64() > Some(4));
    assert!(program.records(&space).is_empty());
    assert_eq!(check(&program, true)["ok"], true);
}

#[test]
fn the_agreed_end_of_a_notebook_is_kept_counts_down_and_is_taken_away() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let keep = |day: Value| program.ok("keep_space_until", json!({ "space": space, "day": day }));
    let today = program.ok("today", json!({}));
    assert_eq!(today["endings"], json!([]));
    let on = today["on"].as_str().expect("a day").to_owned();
    assert_eq!(keep(json!(on))["keepUntil"], on.as_str());
    let endings = program.ok("today", json!({}))["endings"].clone();
    assert_eq!(endings, json!([{ "space": space, "on": on, "days": 0 }]));

    assert_eq!(keep(json!("2199-12-31"))["keepUntil"], "2199-12-31");
    assert_eq!(program.ok("today", json!({}))["endings"], json!([]));
    for day in ["1969-12-31", "1970-01-01", "2300-01-01"] {
        let code = program.fails("keep_space_until", json!({ "space": space, "day": day }));
        assert_eq!(code, "dateOutOfRange", "{day}");
    }
    keep(json!("2020-02-29"));
    program.lock();
    program
        .slow("unlock_vault", json!({ "passphrase": PASSPHRASE }))
        .expect("opened");
    let ending = program.ok("today", json!({}))["endings"][0].clone();
    assert_eq!(ending["on"], "2020-02-29");
    assert!(ending["days"].as_i64() < Some(-2000), "{ending}");
    assert_eq!(program.records(&space).len(), 0, "nothing goes by itself");
    assert_eq!(keep(Value::Null)["keepUntil"], Value::Null);
    assert_eq!(program.ok("today", json!({}))["endings"], json!([]));
}
