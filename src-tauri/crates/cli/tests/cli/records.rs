//! Notebooks and notes: made, listed, shown.

use std::process::Stdio;

use serde_json::Value;

use crate::world::World;

#[test]
fn a_notebook_is_made_and_a_note_is_kept_listed_and_shown() {
    let world = World::filled(|_| {});
    let made = world.run(&[
        "--json",
        "space",
        "add",
        "--kind",
        "relationship",
        "--name",
        "Amara",
        "--role",
        "mentor",
    ]);
    assert_eq!(made.code, 0, "{}", made.err);
    insta::assert_json_snapshot!("space_add", made.json(), { ".id" => "[id]" });

    let words = "She wants to lead.\r\n\nAnd *soon*.\n";
    let kept = world.run_with(
        &[
            "add",
            "note",
            "--space",
            "amara",
            "--label",
            "shareable",
            "--date",
            "2026-06-09",
            "--title",
            "Leading",
            "--json",
        ],
        words,
    );
    assert_eq!(kept.code, 0, "{}", kept.err);
    insta::assert_json_snapshot!("add_note", kept.json(), { ".id" => "[id]", ".space" => "[id]" });
    let id = kept.json()["id"].as_str().expect("an id").to_owned();

    let listed = world.run(&["list", "--json"]);
    let redacted = ["[].id", "[].space", "[].edited"];
    insta::assert_json_snapshot!("list", listed.json(), { redacted[0] => "[id]", redacted[1] => "[id]", redacted[2] => "[time]" });

    let shown = world.run(&["show", &id[..30], "--json"]);
    assert_eq!(shown.json()["body"], "She wants to lead.\r\n\nAnd *soon*.");
    insta::assert_json_snapshot!("show", shown.json(), { ".id" => "[id]", ".space" => "[id]", ".edited" => "[time]" });

    let for_people = world.run(&["show", &id]);
    let lines: Vec<_> = for_people.out.lines().collect();
    assert_eq!(lines[0], "Leading");
    assert!(
        for_people.out.contains("Notebook    Amara\n"),
        "{}",
        for_people.out
    );
    assert!(
        for_people.out.contains("Label       Shareable\n"),
        "{}",
        for_people.out
    );
    assert!(
        for_people.out.ends_with("And *soon*.\n"),
        "{}",
        for_people.out
    );
    let spaces = world.run(&["space", "list"]);
    assert!(
        spaces.out.contains("mentored by you") && spaces.out.contains("one record"),
        "{}",
        spaces.out
    );
}

#[test]
fn a_list_is_narrowed_by_notebook_kind_and_day() {
    let world = World::filled(|mentoring| {
        demo::fill(mentoring).expect("the demo fits");
    });
    let all = world.run(&["list", "--json"]).json();
    let all = all.as_array().expect("a list");
    assert!(all.len() > 100, "{}", all.len());
    let days: Vec<_> = all
        .iter()
        .map(|entry| entry["date"].as_str().expect("a day"))
        .collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "the newest first");
    let (newest, oldest) = (days[0], days[days.len() - 1]);
    assert_ne!(newest, oldest);

    let count = |arguments: &[&str]| {
        let ended = world.run(&[&["list", "--json"], arguments].concat());
        ended.json().as_array().expect("a list").clone()
    };
    let goals = count(&["--kind", "goal"]);
    assert!(!goals.is_empty() && goals.iter().all(|entry| entry["kind"] == "goal"));
    let summaries = count(&["--kind", "summary"]);
    assert!(
        summaries.iter().any(|entry| entry["state"] == "agreed"),
        "{summaries:?}"
    );
    let amara = count(&["--space", "AMARA NWOSU"]);
    assert!(!amara.is_empty() && amara.len() < all.len());
    assert!(
        amara
            .iter()
            .all(|entry| entry["spaceName"] == "Amara Nwosu")
    );
    assert!(amara.iter().any(|entry| entry["label"] == "agreed"));
    let of_a_day = count(&["--since", newest, "--until", newest]);
    assert!(of_a_day.iter().all(|entry| entry["date"] == newest) && !of_a_day.is_empty());

    let summary = summaries[0]["id"].as_str().expect("an id");
    let shown = world.run(&["show", summary, "--json"]).json();
    assert!(
        shown["body"]
            .as_str()
            .expect("Markdown")
            .contains("- For whom: ")
    );
    for kind in [
        "meeting",
        "heard",
        "goal",
        "feedback",
        "commitment",
        "person",
    ] {
        let entry = all
            .iter()
            .find(|entry| entry["kind"] == kind)
            .expect("one of each kind");
        let shown = world
            .run(&["show", entry["id"].as_str().expect("an id"), "--json"])
            .json();
        assert!(
            !shown["body"].as_str().expect("Markdown").is_empty(),
            "{shown}"
        );
    }
}

#[test]
fn a_name_that_is_none_and_an_id_that_could_be_two_are_said() {
    let world = World::new();
    let unknown = world.run_with(&["--json", "add", "note", "--space", "Nobody"], "words");
    assert_eq!(
        (unknown.code, unknown.failure().as_str()),
        (1, "spaceNotFound")
    );
    for title in ["one", "two"] {
        let kept = world.run_with(
            &["add", "note", "--space", "My journal", "--title", title],
            "words",
        );
        assert_eq!(kept.code, 0, "{}", kept.err);
    }
    let ambiguous = world.run(&["--json", "show", "0"]);
    assert_eq!(
        (ambiguous.code, ambiguous.failure().as_str()),
        (1, "ambiguous")
    );
    let absent = world.run(&["--json", "show", "ffff"]);
    assert_eq!((absent.code, absent.failure().as_str()), (1, "notFound"));
}

#[test]
fn what_is_no_text_or_no_words_is_refused_and_nothing_is_kept() {
    let world = World::new();
    let add = ["--json", "add", "note", "--space", "My journal"];
    for (input, code) in [
        (&b"\xff\xfe"[..], "notText"),
        (b"a\0b", "notText"),
        (b" \n", "noText"),
    ] {
        let refused = world.run_with(&add, input);
        assert_eq!((refused.code, refused.failure().as_str()), (1, code));
    }
    let long = world.run_with(&add, "x".repeat(4_000_001));
    assert_eq!((long.code, long.failure().as_str()), (1, "textTooLong"));
    let twice = world.run(&[
        "--json",
        "space",
        "add",
        "--kind",
        "journal",
        "--name",
        "my JOURNAL",
    ]);
    assert_eq!((twice.code, twice.failure().as_str()), (1, "nameTaken"));
    let roleless = world.run(&[
        "--json", "space", "add", "--kind", "circle", "--name", "Peers",
    ]);
    assert_eq!(
        (roleless.code, roleless.failure().as_str()),
        (1, "fieldMissing")
    );
    assert_eq!(
        world.run(&["list", "--json"]).json(),
        Value::Array(Vec::new())
    );
}

#[test]
fn hidden_characters_are_shown_by_their_number_in_lists_and_stay_what_they_are_in_the_words() {
    let world = World::new();
    let title = "safe\u{202e}fdp\u{1b}[31m";
    let kept = world.run_with(
        &["add", "note", "--space", "My journal", "--title", title],
        "words\u{202e}",
    );
    assert_eq!(kept.code, 0, "{}", kept.err);
    let shown = "safe⟨U+202E⟩fdp⟨U+001B⟩[31m";
    let listed = world.run(&["list"]);
    assert!(listed.out.contains(shown), "{}", listed.out);
    let json = world.run(&["list", "--json"]);
    assert!(!json.out.contains('\u{202e}') && !json.out.contains('\u{1b}'));
    assert_eq!(json.json()[0]["title"], shown);
    let id = json.json()[0]["id"].as_str().expect("an id").to_owned();
    let record = world.run(&["show", &id, "--json"]);
    assert!(!record.out.contains('\u{202e}'));
    assert_eq!(record.json()["body"], "words\u{202e}");
}

#[test]
fn nobody_reading_any_more_is_no_failure() {
    let world = World::filled(|mentoring| {
        demo::fill(mentoring).expect("the demo fits");
    });
    let file = world.file("passphrase", testkit::PASSPHRASE);
    let mut command = world.command();
    command
        .arg("--passphrase-file")
        .arg(file)
        .args(["list", "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}
