//! Notebooks and records through the commands.

use serde_json::{Value, json};

use crate::world::{Home, PASSPHRASE, Program, note_draft};

#[test]
fn a_record_is_written_changed_undone_and_binned() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let made = program.note(&space, "private", "first");
    let id = made["line"]["id"].clone();
    let mut body = made["body"].clone();
    body["text"] = json!("second");
    let change = json!({
        "id": id, "revision": made["revision"], "label": "shareable", "on": "2026-06-10",
        "asToldBy": "Amara", "body": body
    });
    let saved = program.ok("save_record", json!({ "change": change }));
    assert_eq!(saved["line"]["label"], "shareable");
    let late = program.fails("save_record", json!({ "change": change }));
    assert_eq!(late, "changedElsewhere");

    let kept = program.ok("list_revisions", json!({ "id": id }));
    assert_eq!(kept.as_array().map(Vec::len), Some(1));
    let old = program.ok(
        "open_revision",
        json!({ "id": id, "revision": kept[0]["revision"] }),
    );
    assert_eq!(old["body"]["text"], "first");
    let back = program.ok("undo_record", json!({ "id": id }));
    assert_eq!(back["body"]["text"], "first");

    program.ok("bin_record", json!({ "id": id }));
    assert!(program.records(&space).is_empty());
    program.ok("unbin_record", json!({ "id": id }));
    assert_eq!(program.records(&space).len(), 1);
    program.ok("bin_record", json!({ "id": id }));
    program.ok("erase_record", json!({ "id": id }));
    assert_eq!(
        program.fails("open_record", json!({ "id": id })),
        "notFound"
    );
}

#[test]
fn a_list_can_be_asked_for_what_is_still_open() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    for state in ["kept", "open", "missed"] {
        let mut draft = note_draft(&space, "private", "");
        draft["body"] = json!({
            "kind": "commitment", "text": state, "owner": "me", "due": null, "state": state,
            "settledOn": null, "note": ""
        });
        program.ok("create_record", json!({ "draft": draft }));
    }
    let filter = json!({
        "space": space, "kinds": ["commitment"], "labels": [], "states": ["open"],
        "parent": null, "from": null, "to": null, "binned": false, "offset": 0, "limit": 60
    });
    let page = program.ok("list_records", json!({ "filter": filter }));
    assert_eq!(page["total"], 1);
    assert_eq!(page["lines"][0]["title"], "open");
}

#[test]
fn whoever_keeps_theirs_after_a_conflict_keeps_the_other_as_an_earlier_version() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let made = program.note(&space, "private", "both have this open");
    let id = &made["line"]["id"];
    let change = |revision: &Value, text: &str| {
        let mut body = made["body"].clone();
        body["text"] = json!(text);
        json!({
            "id": id, "revision": revision, "label": "private", "on": "2026-06-10",
            "asToldBy": null, "body": body
        })
    };
    let theirs = change(&made["revision"], "one saved first");
    let theirs = program.ok("save_record", json!({ "change": theirs }));
    let mine = change(&made["revision"], "the other came late");
    let late = program.fails("save_record", json!({ "change": mine }));
    assert_eq!(late, "changedElsewhere");
    let mut mine = change(&theirs["revision"], "the other came late");
    mine["keepEarlier"] = json!(true);
    program.ok("save_record", json!({ "change": mine }));
    let kept = program.ok("list_revisions", json!({ "id": id }));
    let earlier = json!({ "id": id, "revision": kept[0]["revision"] });
    let earlier = program.ok("open_revision", earlier);
    assert_eq!(earlier["body"]["text"], "one saved first");
}

#[test]
fn what_breaks_a_rule_is_refused_with_its_code_and_writes_nothing() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let refused = |edit: &dyn Fn(&mut serde_json::Value)| {
        let mut draft = note_draft(&space, "private", "words");
        edit(&mut draft);
        program.fails("create_record", json!({ "draft": draft }))
    };
    assert_eq!(
        refused(&|draft| draft["on"] = json!("1066-10-14")),
        "dateOutOfRange"
    );
    assert_eq!(
        refused(&|draft| draft["body"]["title"] = json!("x".repeat(301))),
        "textTooLong"
    );
    assert_eq!(
        refused(&|draft| {
            draft["label"] = json!("shareable");
            draft["body"]["purpose"] = json!("observation");
        }),
        "labelNotAllowed"
    );
    let nowhere = "01890000-0000-7000-8000-000000000000";
    assert_eq!(
        refused(&|draft| draft["space"] = json!(nowhere)),
        "spaceNotFound"
    );
    assert_eq!(
        refused(&|draft| draft["parent"] = json!(nowhere)),
        "notFound"
    );
    assert!(program.records(&space).is_empty());
}

#[test]
fn a_command_with_the_wrong_shape_is_refused_without_harm() {
    let home = Home::new();
    let program = home.start_open();
    assert!(
        program
            .call("open_record", json!({ "id": "not-an-id" }))
            .is_err()
    );
    assert!(program.call("open_record", json!({})).is_err());
    assert!(program.call("no_such_command", json!({})).is_err());
    assert!(
        program
            .call(
                "create_record",
                json!({ "draft": { "body": { "kind": "spell" } } })
            )
            .is_err()
    );
    assert_eq!(program.vault_state(), "open");
}

#[test]
fn today_shows_what_was_promised() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let mut draft = note_draft(&space, "private", "");
    draft["body"] = json!({
        "kind": "commitment", "text": "Read the statement", "owner": "me", "due": "2026-06-12",
        "state": "open", "settledOn": null, "note": ""
    });
    program.ok("create_record", json!({ "draft": draft }));
    let today = program.ok("today", json!({}));
    assert_eq!(today["promises"][0]["title"], "Read the statement");
    assert_eq!(today["name"], "Helen");
}

#[test]
fn what_is_sealed_wants_its_own_passphrase_after_every_opening() {
    const SECOND: &str = "velvet harbour thimble seven";
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let draft = |text: &str| json!({ "draft": note_draft(&space, "sealed", text) });
    let sealed = |program: &Program| {
        let spaces = program.ok("list_spaces", json!({}));
        spaces[0]["sealed"].as_str().expect("a state").to_owned()
    };
    assert_eq!(sealed(&program), "missing");
    assert_eq!(
        program.fails("create_record", draft("a complaint")),
        "sealedMissing"
    );
    let with = |passphrase: &str| json!({ "space": space, "passphrase": passphrase });
    assert_eq!(
        program.slow_code("make_sealed", with("abc")),
        "passphraseWeak"
    );
    assert_eq!(
        program.slow_code("make_sealed", with(PASSPHRASE)),
        "secondSame"
    );
    let made = program.slow("make_sealed", with(SECOND)).expect("made");
    assert_eq!(made["sealed"], "open");
    let note = program.ok("create_record", draft("a complaint"));
    let id = &note["line"]["id"];

    program.lock();
    assert_eq!(
        program.slow_code("open_sealed", with(SECOND)),
        "vaultLocked"
    );
    program.unlock();
    assert_eq!(sealed(&program), "shut");
    assert_eq!(
        program.fails("open_record", json!({ "id": id })),
        "notFound"
    );
    assert_eq!(program.fails("create_record", draft("more")), "sealedShut");
    assert!(program.records(&space).is_empty());
    assert_eq!(
        program.slow_code("open_sealed", with(PASSPHRASE)),
        "wrongSecondPassphrase",
        "the vault's own passphrase opens nothing that is sealed"
    );
    program.slow("open_sealed", with(SECOND)).expect("opened");
    assert_eq!(program.records(&space)[0]["label"], "sealed");
    program.ok("shut_sealed", json!({ "space": space }));
    assert_eq!(sealed(&program), "shut");
    assert!(program.records(&space).is_empty());
}

#[test]
fn a_notebook_is_forgotten_by_its_name_and_leaves_a_receipt() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Marcus Bell");
    let other = program.relationship("Noor Haddad");
    program.note(&space, "private", "the first hour");
    let kept = program.note(&other, "private", "another hour");
    let forget = |name: &str| json!({ "space": space, "name": name });
    assert_eq!(
        program.slow_code("forget_space", forget("Noor Haddad")),
        "nameDiffers"
    );
    assert_eq!(
        program.fails("save_receipt", json!({ "format": "text" })),
        "notFound",
        "nothing was forgotten yet"
    );
    let receipt = program
        .slow("forget_space", forget(" marcus bell "))
        .expect("forgotten");
    let about = |line: &Value| line["about"].as_str().expect("words").to_owned();
    let lines = receipt["lines"].as_array().expect("lines");
    assert_eq!(
        lines.iter().map(about).collect::<Vec<_>>(),
        [
            "Notebook",
            "Key",
            "Removed",
            "Tried after",
            "Still held",
            "Given out"
        ]
    );
    assert_eq!(
        program.slow_code("forget_space", forget("Marcus Bell")),
        "spaceNotFound"
    );

    for (format, begins) in [("text", "Forgotten\n"), ("pdf", "%PDF-")] {
        let path = home.path().join(format);
        *program.desktop.save.lock().expect("one at a time") = Some(path.clone());
        program.ok("save_receipt", json!({ "format": format }));
        let bytes = std::fs::read(&path).expect("saved");
        assert!(bytes.starts_with(begins.as_bytes()));
    }
    let text = std::fs::read_to_string(home.path().join("text")).expect("saved");
    assert!(
        text.contains("M. B., kept from") && text.contains("nothing ever left it"),
        "{text}"
    );
    assert!(!text.contains("Marcus"), "{text}");
    let suggested = program.desktop.suggested.lock().expect("one at a time");
    assert!(
        suggested.iter().all(|name| !name.contains("Bell")),
        "{suggested:?}"
    );
    drop(suggested);

    program.lock();
    program.unlock();
    assert_eq!(
        program.fails("save_receipt", json!({ "format": "text" })),
        "notFound",
        "it is not kept"
    );
    let spaces = program.ok("list_spaces", json!({}));
    assert_eq!(spaces.as_array().expect("a list").len(), 1);
    assert_eq!(program.records(&other)[0]["id"], kept["line"]["id"]);
}

const SECOND: &str = "pebble orchard meadow copper";

#[test]
fn a_notebook_with_a_second_passphrase_is_shut_opened_and_forgotten() {
    let home = Home::new();
    let program = home.start_open();
    let amara = program.relationship("Amara Nwosu");
    program.note(&amara, "private", "hers alone");
    let set = |passphrase: &str, shown_as: &str| json!({ "space": amara, "shownAs": shown_as, "passphrase": passphrase });
    for (passphrase, shown_as, code) in [
        (PASSPHRASE, "Thursdays", "secondSame"),
        ("password", "Thursdays", "passphraseWeak"),
        (SECOND, " ", "nameEmpty"),
    ] {
        let refused = program.slow_code("set_second_passphrase", set(passphrase, shown_as));
        assert_eq!(refused, code);
    }
    let report = program
        .slow("set_second_passphrase", set(SECOND, "Thursdays"))
        .expect("set");
    assert_eq!(report["old"], "destroyed");
    let again = program.slow_code("set_second_passphrase", set(SECOND, "Thursdays"));
    assert_eq!(again, "hasSecondPassphrase");

    let closed = program.ok("close_space", json!({ "space": amara }));
    assert_eq!(closed["shownAs"], "Thursdays");
    assert_eq!(closed["monogram"], "T");
    assert_eq!(program.ok("list_spaces", json!({})), json!([]));
    assert_eq!(program.ok("list_shut_spaces", json!({})), json!([closed]));
    let draft = json!({ "draft": note_draft(&amara, "private", "not now") });
    assert_eq!(program.fails("create_record", draft), "spaceLocked");

    program.lock();
    program.unlock();
    let open = |passphrase: &str| {
        program.slow(
            "open_space",
            json!({ "space": amara, "passphrase": passphrase }),
        )
    };
    let wrong = open(PASSPHRASE).expect_err("not this one");
    assert_eq!(wrong["code"], "wrongSecondPassphrase");
    assert_eq!(open(SECOND).expect("opened")["name"], "Amara Nwosu");
    assert_eq!(program.records(&amara).len(), 1);
    let shown = program.ok(
        "show_space_as",
        json!({ "space": amara, "shownAs": "Mondays" }),
    );
    assert_eq!(shown["shownAs"], "Mondays");

    let change = |part: &str, present: &str, next: &str| {
        let change = json!({ "space": amara, "part": part, "present": present, "next": next });
        program.slow("change_second_passphrase", change)
    };
    let next = "thimble violin harbour onion";
    let none = change("sealed", SECOND, next).expect_err("nothing is sealed");
    assert_eq!(none["code"], "sealedMissing");
    change("notebook", SECOND, next).expect("changed");
    let remove = |present: &str| {
        let remove = json!({ "space": amara, "present": present });
        program.slow("remove_second_passphrase", remove)
    };
    let wrong = remove(SECOND).expect_err("the one before");
    assert_eq!(wrong["code"], "wrongSecondPassphrase");

    program.ok("close_space", json!({ "space": amara }));
    let forget = |name: &str| json!({ "space": amara, "name": name });
    let refused = program.slow_code("forget_space", forget("Amara Nwosu"));
    assert_eq!(refused, "nameDiffers", "its own name is not known");
    let receipt = program
        .slow("forget_space", forget("mondays"))
        .expect("gone");
    let lines = receipt["lines"].to_string();
    assert!(lines.contains("which was shut"), "{lines}");
    assert_eq!(program.ok("list_shut_spaces", json!({})), json!([]));
}

#[test]
fn a_second_passphrase_is_taken_away_again() {
    let home = Home::new();
    let program = home.start_open();
    let amara = program.relationship("Amara Nwosu");
    program.note(&amara, "private", "hers alone");
    let set = json!({ "space": amara, "shownAs": "Thursdays", "passphrase": SECOND });
    program.slow("set_second_passphrase", set).expect("set");
    let remove = json!({ "space": amara, "present": SECOND });
    program
        .slow("remove_second_passphrase", remove)
        .expect("taken away");
    program.lock();
    program.unlock();
    assert_eq!(program.records(&amara).len(), 1);
    let spaces = program.ok("list_spaces", json!({}));
    assert_eq!(spaces[0]["secondPassphrase"], false);
}
