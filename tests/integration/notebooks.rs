//! Notebooks and records through the commands.

use serde_json::json;

use crate::world::{Home, note_draft};

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
