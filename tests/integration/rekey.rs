//! New keys for everything, through the commands.

use serde_json::{Value, json};

use crate::world::{Home, PASSPHRASE, Program};

const NEW: &str = "thimble violin harbour onion";
const SECOND: &str = "pebble orchard meadow copper";

fn begin(program: &Program, current: &str, next: &str, seconds: Value) -> Result<Value, Value> {
    program.slow(
        "begin_rekey",
        json!({ "current": current, "next": next, "seconds": seconds }),
    )
}

fn refused(program: &Program, current: &str, next: &str, seconds: Value) -> String {
    let error = begin(program, current, next, seconds).expect_err("refused");
    error["code"].as_str().expect("a code").to_owned()
}

#[test]
fn everything_gets_new_keys_once_the_new_spare_key_is_confirmed() {
    let home = Home::new();
    let program = home.start();
    let old_words = program.make_vault();
    let amara = program.relationship("Amara Nwosu");
    program.note(&amara, "private", "plain");
    let second = json!({ "space": amara, "passphrase": SECOND });
    program.slow("make_sealed", second.clone()).expect("made");
    program.note(&amara, "sealed", "hidden");
    program.ok("shut_sealed", json!({ "space": amara }));
    let file = home.path().join("before.cfdbackup");
    *program.desktop.save.lock().expect("one at a time") = Some(file);
    program.slow("save_backup", json!({})).expect("saved");

    let seconds = json!([{ "space": amara, "part": "sealed", "passphrase": SECOND }]);
    let none = json!([]);
    assert_eq!(
        refused(&program, "not this one", NEW, seconds.clone()),
        "wrongPassphrase"
    );
    assert_eq!(
        refused(&program, PASSPHRASE, PASSPHRASE, seconds.clone()),
        "passphraseSame"
    );
    assert_eq!(
        refused(&program, PASSPHRASE, "password", seconds.clone()),
        "passphraseWeak"
    );
    assert_eq!(
        refused(&program, PASSPHRASE, SECOND, seconds.clone()),
        "isSecond"
    );
    let wrong = json!([{ "space": amara, "part": "sealed", "passphrase": "something else" }]);
    assert_eq!(
        refused(&program, PASSPHRASE, NEW, wrong),
        "wrongSecondPassphrase"
    );
    let finish = |words: Value| program.slow("finish_rekey", json!({ "words": words }));
    assert_eq!(
        finish(json!([])).expect_err("nothing waits")["code"],
        "notFound"
    );

    let shown = begin(&program, PASSPHRASE, NEW, seconds.clone()).expect("a new spare key");
    let words: Vec<String> = serde_json::from_value(shown).expect("words");
    assert_ne!(words, old_words);
    let answers = program.answers(&words);
    let single = program.slow_code("confirm_spare_key", json!({ "words": answers }));
    assert_eq!(single, "notFound", "it belongs to new keys for everything");
    let mistyped = json!([{ "position": 1, "word": "wrong" }]);
    assert_eq!(
        finish(mistyped).expect_err("refused")["code"],
        "spareKeyConfirm"
    );
    program.ok("cancel_rekey", json!({}));
    assert_eq!(
        finish(json!(answers)).expect_err("dropped")["code"],
        "notFound"
    );
    let shown = begin(&program, PASSPHRASE, NEW, seconds).expect("once more");
    let words: Vec<String> = serde_json::from_value(shown).expect("words");
    let answers = program.answers(&words);
    let view = finish(json!(answers)).expect("new keys");
    assert!(view["records"].as_u64() >= Some(4), "{view}");
    assert_eq!(view["old"], "destroyed", "{view}");
    assert!(view["tried"].as_u64() > Some(4), "{view}");
    assert_eq!(view["backups"][0]["file"], "before.cfdbackup");
    assert_eq!(
        (&view["backups"][0]["place"], &view["more"]),
        (&json!("there"), &json!(false))
    );

    // It goes on as before, and what is shut stays shut.
    assert_eq!(program.records(&amara).len(), 1);
    let second = json!({ "space": amara, "passphrase": SECOND });
    program.slow("open_sealed", second).expect("as before");
    program.note(&amara, "sealed", "more");
    assert_eq!(program.records(&amara).len(), 3);
    program.lock();
    let old = program.slow_code("unlock_vault", json!({ "passphrase": PASSPHRASE }));
    assert_eq!(old, "wrongPassphrase");
    let by_old_words = json!({ "words": old_words.join(" "), "passphrase": null });
    let old = program.slow_code("unlock_with_spare_key", by_old_words);
    assert_eq!(old, "wrongSpareKey");
    program
        .slow("unlock_vault", json!({ "passphrase": NEW }))
        .expect("the new one");
    assert_eq!(program.ok("app_state", json!({}))["opened"], none);
    program
        .slow(
            "open_sealed",
            json!({ "space": amara, "passphrase": SECOND }),
        )
        .expect("its own stays what it was");
    assert_eq!(program.records(&amara).len(), 3);
    program.lock();
    let by_words = json!({ "words": words.join(" "), "passphrase": null });
    program
        .slow("unlock_with_spare_key", by_words)
        .expect("the new words");
}

#[test]
fn what_is_sealed_must_be_given_and_nothing_changes_without() {
    let home = Home::new();
    let program = home.start_open();
    let amara = program.relationship("Amara Nwosu");
    let second = json!({ "space": amara, "passphrase": SECOND });
    program.slow("make_sealed", second).expect("made");
    assert_eq!(
        refused(&program, PASSPHRASE, NEW, json!([])),
        "secondMissing"
    );
    let code = program.slow_code("finish_rekey", json!({ "words": [] }));
    assert_eq!(code, "notFound", "nobody has printed a sheet for nothing");
    program.lock();
    program.unlock();
}
