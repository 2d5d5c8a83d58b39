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
    assert_eq!(offer["stays"].as_array().map(Vec::len), Some(1));
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
    let log = program.ok("list_disclosures", json!({ "space": space }));
    assert_eq!(log.as_array().map(Vec::len), Some(3));
    assert_eq!(log[0]["toWhom"], "Prof Okafor");
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
    assert_eq!(
        program.ok("list_disclosures", json!({ "space": null })),
        json!([])
    );
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
    assert_eq!(
        program.ok("list_disclosures", json!({ "space": null })),
        json!([])
    );
    *program.desktop.save.lock().expect("one at a time") = None;
    assert_eq!(
        program
            .slow("export_summary", export)
            .expect("a changed mind"),
        json!(null)
    );
    assert_eq!(
        program.ok("list_disclosures", json!({ "space": null })),
        json!([])
    );
}
