//! Moving in from jrnl through the commands.

use std::fs;

use serde_json::{Value, json};

use crate::world::{Home, Program};

const JOURNAL: &str = "\
[2026-06-09 09:00] A quiet start. Read the criteria. @review

[2026-06-10 21:15] The seminar went well.
Two people stayed behind to talk.
";

fn choose(program: &Program, home: &Home, space: &str, bytes: &[u8]) -> Result<Value, Value> {
    let path = home.path().join("journal.txt");
    fs::write(&path, bytes).expect("written");
    *program.desktop.open.lock().expect("one at a time") = Some(path);
    program.call("choose_import", json!({ "space": space }))
}

#[test]
fn a_journal_is_looked_at_brought_in_once_and_taken_back() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.space("journal", Value::Null, "My journal");
    let preview = choose(&program, &home, &space, JOURNAL.as_bytes()).expect("a preview");
    assert_eq!(
        (preview["found"].clone(), preview["duplicates"].clone()),
        (json!(2), json!(0))
    );
    assert!(program.records(&space).is_empty(), "looking writes nothing");
    let run = |token: &Value| program.slow("run_import", json!({ "token": token, "space": space }));
    assert_eq!(run(&preview["token"]).expect("imported")["imported"], 2);
    let lines = program.records(&space);
    assert_eq!(
        (lines[0]["on"].clone(), lines[0]["label"].clone()),
        (json!("2026-06-10"), json!("private"))
    );

    let again = choose(&program, &home, &space, JOURNAL.as_bytes()).expect("a preview");
    assert_eq!(again["duplicates"], 2);
    assert_eq!(run(&again["token"]).expect("imported")["imported"], 0);
    assert_eq!(program.records(&space).len(), 2);

    assert_eq!(
        run(&preview["token"]).expect_err("a used token")["code"],
        "notFound"
    );
    choose(
        &program,
        &home,
        &space,
        format!("{JOURNAL}\n[2026-06-11 08:00] New.\n").as_bytes(),
    )
    .and_then(|preview| run(&preview["token"]))
    .expect("imported");
    assert_eq!(program.records(&space).len(), 3);
    assert_eq!(program.ok("undo_import", json!({})), 1);
    assert_eq!(program.records(&space).len(), 2);
}

#[test]
fn files_that_are_no_journal_are_each_refused_by_name_and_touch_nothing() {
    let home = Home::new();
    let program = home.start_open();
    let space = program.space("journal", Value::Null, "My journal");
    program.note(&space, "private", "saved before");
    let huge = vec![b'x'; 64 * 1024 * 1024 + 1];
    let cases: [(&[u8], &str); 5] = [
        (b"", "importEmpty"),
        (b"\x7fELF\0\0\x01\x02\x03\0\0\0", "importBinary"),
        (&huge, "importTooLarge"),
        (b"Dear diary, there is no date here.\n", "importNotJrnl"),
        (
            b"{\"tags\": {}, \"entries\": [{\"title\": \"cut",
            "importHalfWritten",
        ),
    ];
    for (bytes, code) in cases {
        let refused = choose(&program, &home, &space, bytes).expect_err(code);
        assert_eq!(refused["code"], code);
    }
    *program.desktop.open.lock().expect("one at a time") = Some(home.path().join("gone.txt"));
    let gone = program.fails("choose_import", json!({ "space": space }));
    assert_eq!(gone, "importUnreadable");
    *program.desktop.open.lock().expect("one at a time") = None;
    assert_eq!(
        program.ok("choose_import", json!({ "space": space })),
        json!(null)
    );
    assert_eq!(program.records(&space).len(), 1);
}
