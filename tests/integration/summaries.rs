//! From evidence to a file, through the commands.

use std::fs;

use serde_json::{Value, json};

use crate::world::{Home, Program};

const PRIVATE: &str = "worn down by nights and unsure whether she belongs";

fn text(words: &str, sources: &[&Value]) -> Value {
    json!({
        "title": "Dr Amara Nwosu", "purpose": "Annual review", "audience": "the head",
        "from": "2026-01-01", "to": "2026-12-31", "expires": null,
        "paragraphs": [
            { "heading": false, "sentences": [{ "text": words, "sources": sources }] }
        ],
        "evidence": sources
    })
}

fn agreed(program: &Program, space: &str, words: &str, sources: &[&Value]) -> Value {
    let made = program.ok(
        "create_summary",
        json!({ "space": space, "text": text(words, sources) }),
    );
    let id = &made["line"]["id"];
    let yes = |revision: &Value, by: &str, name: &str| {
        let arguments = json!({ "id": id, "revision": revision, "by": by, "name": name });
        program.ok("consent_summary", arguments)
    };
    let one = yes(&made["revision"], "me", "Helen Marsh");
    yes(&one["revision"], "them", "Amara Nwosu")
}

/// How many entries the log of what left has.
fn logged(program: &Program) -> usize {
    let log = program.ok("list_disclosures", json!({ "space": null }));
    assert_eq!(log["unreadable"], 0);
    log["entries"].as_array().expect("entries").len()
}

#[test]
fn a_forged_command_cannot_make_private_words_evidence() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let private = program.note(&space, "private", PRIVATE);
    let forged = text("She was tired.", &[&private["line"]["id"]]);
    let code = program.fails("create_summary", json!({ "space": space, "text": forged }));
    assert_eq!(code, "notShareable");
    let offer = program.ok(
        "evidence",
        json!({ "space": space, "from": "2026-01-01", "to": "2026-12-31" }),
    );
    assert_eq!(offer["mayBeUsed"], json!([]));
    assert_eq!(offer["unreadable"], 0);
    assert_eq!(offer["stays"].as_array().map(Vec::len), Some(1));
    assert_eq!(offer["stays"][0]["excerpt"], "");
}

#[test]
fn what_an_agreed_summary_rests_on_is_shown_as_agreed_until_its_words_change() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let source = program.note(&space, "shareable", "Led the audit");
    assert_eq!(source["line"]["label"], "shareable");
    let id = &source["line"]["id"];
    let summary = agreed(&program, &space, "She led the audit.", &[id]);
    let shown = |program: &Program| {
        let listed = program.records(&space)[0]["label"].clone();
        let opened = program.ok("open_record", json!({ "id": id }))["line"]["label"].clone();
        assert_eq!(listed, opened);
        listed
    };
    assert_eq!(shown(&program), "agreed");
    program.lock();
    program.unlock();
    assert_eq!(shown(&program), "agreed");
    let offer = program.ok(
        "evidence",
        json!({ "space": space, "from": "2026-01-01", "to": "2026-12-31" }),
    );
    assert_eq!(offer["mayBeUsed"][0]["line"]["label"], "agreed");
    program.ok(
        "save_summary",
        json!({
            "id": summary["line"]["id"], "revision": summary["revision"],
            "text": text("She led it well.", &[id])
        }),
    );
    assert_eq!(shown(&program), "shareable");
}

#[test]
fn an_expired_summary_does_not_leave_and_says_why() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.space("journal", Value::Null, "My journal");
    let mut words = text("Mine.", &[]);
    words["expires"] = json!("2020-01-01");
    let made = program.ok("create_summary", json!({ "space": space, "text": words }));
    let id = &made["line"]["id"];
    program.ok(
        "consent_summary",
        json!({ "id": id, "revision": made["revision"], "by": "me", "name": "Helen" }),
    );
    let export = json!({ "id": id, "format": "pdf", "toWhom": "anyone" });
    assert_eq!(
        program.slow_code("export_summary", export),
        "summaryExpired"
    );
}

#[test]
fn an_export_that_is_stopped_leaves_no_file_and_no_entry() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let summary = agreed(&program, &space, "She led the audit.", &[]);
    let id = &summary["line"]["id"];
    let path = home.path().join("stopped.html");
    *program.desktop.save.lock().expect("one at a time") = Some(path.clone());
    let export = json!({ "id": id, "format": "html", "toWhom": "the head" });
    program.stop_while_asked(true);
    assert_eq!(
        program.slow_code("export_summary", export.clone()),
        "cancelled"
    );
    assert!(!path.exists());
    assert_eq!(logged(&program), 0);
    let state = program.ok("open_summary", json!({ "id": id }))["line"]["state"].clone();
    assert_eq!(state, "agreed");

    // The next one is another task.
    program.stop_while_asked(false);
    program.slow("export_summary", export).expect("exported");
    assert!(path.exists());
    assert_eq!(logged(&program), 1);
}

#[test]
fn an_agreed_summary_is_written_and_logged_in_every_form() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    program.note(&space, "private", PRIVATE);
    let source = program.note(&space, "shareable", "Led the audit");
    let summary = agreed(
        &program,
        &space,
        "She led the audit.",
        &[&source["line"]["id"]],
    );
    let id = &summary["line"]["id"];
    for (format, name) in [("pdf", "a.pdf"), ("markdown", "a.md"), ("html", "a.html")] {
        let path = home.path().join(name);
        *program.desktop.save.lock().expect("one at a time") = Some(path.clone());
        let arguments = json!({ "id": id, "format": format, "toWhom": "Prof Okafor" });
        let saved = program.slow("export_summary", arguments).expect("exported");
        assert_eq!(saved["name"], name);
        let bytes = fs::read(path).expect("written");
        if format != "pdf" {
            let said = String::from_utf8(bytes).expect("text");
            assert!(said.contains("She led the audit.") && !said.contains("worn down"));
        }
    }
    assert_eq!(logged(&program), 3);
    let log = program.ok("list_disclosures", json!({ "space": space }));
    assert_eq!(log["entries"][0]["toWhom"], "Prof Okafor");
    let list = program.ok("list_summaries", json!({ "space": space, "binned": false }));
    assert_eq!(
        (
            list["lines"][0]["state"].clone(),
            list["unreadable"].clone()
        ),
        (json!("exported"), json!(0))
    );
}

#[test]
fn nothing_is_written_or_logged_without_every_yes() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let made = program.ok(
        "create_summary",
        json!({ "space": space, "text": text("Hm.", &[]) }),
    );
    let path = home.path().join("early.pdf");
    *program.desktop.save.lock().expect("one at a time") = Some(path.clone());
    let export = json!({ "id": made["line"]["id"], "format": "pdf", "toWhom": "anyone" });
    assert_eq!(program.slow_code("export_summary", export), "needsConsent");
    assert!(
        program
            .desktop
            .suggested
            .lock()
            .expect("one at a time")
            .is_empty(),
        "nobody is asked"
    );
    assert!(!path.exists());
    assert_eq!(logged(&program), 0);
}

#[test]
fn an_export_that_cannot_be_written_leaves_no_file_and_no_entry() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.relationship("Amara Nwosu");
    let summary = agreed(&program, &space, "She led the audit.", &[]);
    *program.desktop.save.lock().expect("one at a time") =
        Some(home.path().join("no such folder/a.pdf"));
    let export = json!({ "id": summary["line"]["id"], "format": "pdf", "toWhom": "the head" });
    assert_eq!(
        program.slow_code("export_summary", export.clone()),
        "fileNotWritten"
    );
    assert_eq!(logged(&program), 0);
    *program.desktop.save.lock().expect("one at a time") = None;
    assert_eq!(
        program
            .slow("export_summary", export)
            .expect("a changed mind"),
        json!(null)
    );
    assert_eq!(logged(&program), 0);
}
