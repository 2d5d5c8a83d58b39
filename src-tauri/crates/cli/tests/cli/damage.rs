//! Vaults that are damaged, newer, in use, or on a disk that takes nothing; checking, mending, proving.

use std::{fs, path::PathBuf};

use mentoring::{Draft, Label, Mentoring, RecordId, spaces::SpaceKind};
use sha2::{Digest, Sha256};

use testkit::PASSPHRASE;

use crate::world::{PROGRAM, World, give, notebook};

fn headers(world: &World) -> [PathBuf; 2] {
    ["header.a", "header.b"].map(|name| world.vault().join("sync").join(name))
}

fn note(mentoring: &Mentoring, title: &str) -> RecordId {
    let space = mentoring.list_spaces()[0].id;
    let note = mentoring::notes::Note {
        purpose: mentoring::notes::NotePurpose::Note,
        title: title.to_owned(),
        text: "words ".repeat(40),
        at: None,
        prompt: None,
        tags: Vec::new(),
    };
    let draft = Draft {
        space,
        label: Label::Private,
        on: mentoring.clock().today(),
        parent: None,
        as_told_by: None,
        body: note,
    };
    mentoring.create(draft).expect("kept").meta.id
}

fn with_notes() -> World {
    World::filled(|mentoring| {
        notebook(mentoring, SpaceKind::Journal, "My journal");
        for title in ["one", "two", "three"] {
            note(mentoring, title);
        }
    })
}

#[test]
fn a_vault_that_is_open_elsewhere_is_in_use() {
    let world = World::new();
    let open = world.open();
    let refused = world.run(&["--json", "list"]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (5, "vaultInUse")
    );
    drop(open);
    assert_eq!(world.run(&["list"]).code, 0);
}

#[test]
fn a_vault_of_a_newer_version_is_left_as_it_is() {
    let world = World::new();
    for path in headers(&world) {
        let mut bytes = fs::read(&path).expect("read");
        bytes[8] = 2;
        let hash = Sha256::digest(&bytes[..4064]);
        bytes[4064..].copy_from_slice(&hash);
        fs::write(&path, bytes).expect("written");
    }
    let before = headers(&world).map(|path| fs::read(path).expect("read"));
    for arguments in [
        &["--json", "list"][..],
        &["--json", "repair"],
        &["--json", "init"],
    ] {
        let refused = world.run(arguments);
        assert_eq!(
            (refused.code, refused.failure().as_str()),
            (6, "vaultNewer")
        );
    }
    assert_eq!(
        headers(&world).map(|path| fs::read(path).expect("read")),
        before
    );
}

#[test]
fn damage_is_told_from_a_wrong_passphrase_before_anyone_is_asked() {
    let world = World::new();
    for path in headers(&world) {
        let mut bytes = fs::read(&path).expect("read");
        bytes[300] ^= 1;
        fs::write(&path, bytes).expect("written");
    }
    let refused = world.run_bare(&["--json", "check"]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (4, "vaultDamaged")
    );
    let for_people = world.run_bare(&["check"]);
    assert!(
        for_people
            .err
            .starts_with("The beginning of the vault is damaged"),
        "{}",
        for_people.err
    );
    assert_eq!(for_people.err.lines().count(), 2);
}

#[test]
fn a_vault_that_has_lost_both_copies_of_its_epoch_says_so_and_a_backup_is_put_beside_it() {
    let world = with_notes();
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let backup = path(&world.at("one.cfdbackup"));
    assert_eq!(world.run(&["backup", "--out", &backup]).code, 0);
    let mut damaged = 0;
    for file in files_below(&world.vault().join("sync")) {
        let name = file.file_name().expect("a name").to_string_lossy();
        if name.starts_with("epoch.") {
            let mut bytes = fs::read(&file).expect("read");
            bytes[60] ^= 1;
            fs::write(&file, bytes).expect("written");
            damaged += 1;
        }
    }
    assert_eq!(damaged, 2);
    let before: Vec<_> = files_below(&world.vault().join("sync"));
    for arguments in [
        &["--json", "list"][..],
        &["--json", "check"],
        &["--json", "repair"],
    ] {
        let refused = world.run(arguments);
        assert_eq!(
            (refused.code, refused.failure().as_str()),
            (4, "partDamaged"),
            "{arguments:?}"
        );
    }
    assert_eq!(files_below(&world.vault().join("sync")), before);
    let to = path(&world.at("again"));
    let asked = world.run(&["--json", "restore", &backup, "--to", &to]);
    assert_eq!(
        (asked.code, asked.failure().as_str()),
        (1, "forgottenUnknown"),
        "it cannot be asked what it has forgotten"
    );
    let restore = ["--json", "restore", &backup, "--to", &to];
    let made = world.run(&[&restore[..], &["--forgotten", "bring-back"]].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    let file = path(&world.file("passphrase", PASSPHRASE));
    let mut command = world.dressed(PROGRAM);
    command.args(["--json", "--vault", &to, "--passphrase-file", &file, "list"]);
    let listed = give(command, "").json();
    assert_eq!(listed.as_array().map(Vec::len), Some(3));
}

#[test]
fn a_sound_vault_is_well_and_one_copy_mended_is_told_and_does_not_matter() {
    let world = with_notes();
    let well = world.run(&["--json", "check", "--deep"]);
    assert_eq!(well.code, 0, "{}", well.out);
    insta::assert_json_snapshot!("check", well.json(), { ".spaces[].id" => "[id]" });

    let [first, _] = headers(&world);
    fs::write(&first, "gone").expect("written");
    let mended = world.run(&["--json", "check"]);
    assert_eq!(mended.code, 0, "{}", mended.out);
    let findings = mended.json()["findings"].clone();
    assert_eq!(findings[0]["code"], "headerRepaired");
    assert_eq!(findings[0]["weight"], "mended");
    assert_eq!(
        world.run(&["--json", "check"]).json()["findings"],
        serde_json::json!([])
    );
}

#[test]
fn a_vault_with_everything_in_it_is_read_to_its_last_record() {
    let world = World::filled(|mentoring| {
        demo::fill(mentoring).expect("the demo fits");
        let sharing = sharing::Sharing::over(mentoring);
        let lines = sharing.list_summaries(None, false).expect("listed").lines;
        let agreed = lines.iter().find_map(|line| sharing.agreed(line.id).ok());
        let agreed = agreed.expect("one was agreed to");
        let format = sharing::ExportFormat::Markdown;
        sharing
            .log_export(&agreed, format, "the head")
            .expect("logged");
    });
    let well = world.run(&["--json", "check", "--deep"]);
    assert_eq!(
        (well.code, well.json()["findings"].to_string().as_str()),
        (0, "[]")
    );
    assert_eq!(world.run(&["repair"]).code, 0);
}

#[test]
fn a_first_time_here_is_told_and_an_older_copy_matters() {
    let world = with_notes();
    fs::remove_dir_all(&world.temp.places().device).expect("removed");
    let first = world.run(&["--json", "check"]);
    let finding = first.json()["findings"][0].clone();
    assert_eq!((first.code, &finding["code"]), (0, &"firstTimeHere".into()));
    assert_eq!(finding["weight"], "information");

    let older = world.temp.copy();
    let kept = world.run_with(&["add", "note", "--space", "My journal"], "words");
    assert_eq!(kept.code, 0, "{}", kept.err);
    world.temp.restore_folder_from(&older);
    let found = world.run(&["--json", "check"]);
    assert_eq!(found.code, 1, "{}", found.out);
    let findings = found.json()["findings"].clone();
    let mut findings = findings.as_array().expect("a list").iter();
    let back = findings.find(|finding| finding["code"] == "rolledBack");
    assert_eq!(back.expect("it is told")["weight"], "matters");
    let warned = world.run(&["list"]);
    assert_eq!(warned.code, 0, "everything can be read");
    assert!(
        warned
            .err
            .contains("Note: This computer has seen a newer state"),
        "{}",
        warned.err
    );
}

#[test]
fn a_lost_row_is_found_by_checking_and_brought_back_by_repairing() {
    let world = with_notes();
    testkit::lose_a_row(world.vault());
    let found = world.run(&["--json", "check"]);
    assert_eq!(found.code, 1, "{}", found.out);
    let report = found.json();
    assert_eq!(report["ok"], false);
    assert_eq!(report["findings"][0]["code"], "notWhole");
    let for_people = world.run(&["check"]);
    // Checking left the mark that lets the next opening build the rows anew, and this was one.
    assert_eq!(for_people.code, 0, "{}", for_people.out);
    assert!(for_people.out.contains("made anew"), "{}", for_people.out);

    testkit::lose_a_row(world.vault());
    let repaired = world.run(&["--json", "repair"]);
    assert_eq!(repaired.code, 0, "{}", repaired.out);
    let report = repaired.json();
    assert_eq!(
        (&report["ok"], &report["before"]["ok"]),
        (&true.into(), &false.into())
    );
    assert_eq!(report["after"]["ok"], true);
    let listed = world.run(&["--json", "list"]).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(3));
    assert_eq!(world.run(&["check", "--deep"]).code, 0);
}

/// Every file below a folder.
fn files_below(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn damage_that_no_row_shows_is_found_by_a_deep_check_and_put_right() {
    let world = with_notes();
    let (saves, copies) = ("sync/journal", "local/checkpoints");
    for path in [saves, copies].map(|folder| files_below(&world.vault().join(folder))) {
        assert!(!path.is_empty());
        for path in path {
            let mut bytes = fs::read(&path).expect("read");
            bytes[270..].iter_mut().for_each(|byte| *byte ^= 0x55);
            fs::write(&path, bytes).expect("written");
        }
    }
    assert_eq!(world.run(&["check"]).code, 0, "every row is there");
    let deep = world.run(&["--json", "check", "--deep"]);
    assert_eq!(deep.code, 1, "{}", deep.out);
    let report = deep.json();
    let codes: Vec<_> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| (finding["code"].clone(), finding["weight"].clone()))
        .collect();
    let matters = |code: &str| (code.into(), "matters".into());
    assert_eq!(
        codes,
        [matters("savesDamaged"), matters("safetyCopiesDamaged")],
        "{report}"
    );
    let for_people = world.run(&["check", "--deep"]);
    assert_eq!(for_people.code, 1);
    for sentence in [
        "list of saves",
        "Nothing is missing now.",
        "Putting the vault right writes it anew",
        "in one place only",
    ] {
        assert!(for_people.out.contains(sentence), "{}", for_people.out);
    }

    let repaired = world.run(&["--json", "repair"]);
    assert_eq!(repaired.code, 0, "{}", repaired.out);
    let report = repaired.json();
    assert_eq!(
        (&report["ok"], &report["before"]["ok"]),
        (&true.into(), &false.into())
    );
    assert_eq!(report["after"]["findings"], serde_json::json!([]));
    let kept = report["after"]["kept"].as_array().map(Vec::len);
    assert_eq!(kept, Some(1), "the damaged files are in one folder");
    assert_eq!(world.run(&["check", "--deep"]).code, 0);

    for entry in fs::read_dir(world.vault().join("local")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.to_string_lossy().contains("/store.") {
            fs::remove_dir_all(path).expect("removed");
        }
    }
    let listed = world.run(&["--json", "list"]).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(3));
    assert_eq!(world.run(&["check", "--deep"]).code, 0);
}

#[test]
fn a_record_that_cannot_be_read_or_is_gone_is_named_by_a_deep_check_only() {
    for is_gone in [false, true] {
        name_what_is_lost(is_gone);
    }
}

/// Of a record that is gone the list still has the name.
fn name_what_is_lost(is_gone: bool) {
    let world = with_notes();
    let mentoring = world.open();
    let space = mentoring.list_spaces()[0].id;
    let line = mentoring
        .lines(None, |line| line.title == "two")
        .expect("listed")
        .remove(0);
    let mut batch = vault::Batch::new();
    let (compartment, record) = (
        vault::CompartmentId(space.bytes()),
        vault::RecordId(line.id.bytes()),
    );
    let kind = vault::Kind(line.kind.0);
    if is_gone {
        batch.delete(compartment, kind, record);
    } else {
        batch.put(compartment, kind, record, vault::Schema(1), "no record");
    }
    mentoring.vault().save(batch).expect("saved");
    mentoring.into_vault().lock().expect("locked");

    assert_eq!(
        world.run(&["--json", "check"]).code,
        0,
        "every row is as it was saved"
    );
    let deep = world.run(&["--json", "check", "--deep"]);
    assert_eq!(deep.code, 1);
    let findings = deep.json()["findings"].clone();
    let count = findings.as_array().map(Vec::len);
    assert_eq!(count, Some(1 + usize::from(is_gone)), "{findings}");
    assert_eq!(findings[0]["code"], "recordUnreadable");
    assert_eq!(findings[0]["record"], line.id.to_string());
    assert!(
        findings[0]["message"]
            .as_str()
            .expect("a sentence")
            .contains("“two”")
    );
}

#[test]
fn a_list_that_lost_a_line_is_found_and_written_anew() {
    let world = with_notes();
    let mentoring = world.open();
    let space = mentoring.list_spaces()[0].id;
    let line = mentoring
        .lines(None, |line| line.title == "two")
        .expect("listed")
        .remove(0);
    let compartment = vault::CompartmentId(space.bytes());
    let read = |kind, record| {
        mentoring
            .vault()
            .read(compartment, kind, record)
            .expect("read")
            .expect("there")
    };
    let (kind, record) = (vault::Kind(line.kind.0), vault::RecordId(line.id.bytes()));
    let stored = read(kind, record);
    // A record that no list names, as a program that died between two saves would leave it.
    let mut batch = vault::Batch::new();
    let other = vault::RecordId::make().expect("randomness");
    batch.put(
        compartment,
        kind,
        other,
        stored.schema,
        stored.payload.to_vec(),
    );
    mentoring.vault().save(batch).expect("saved");
    mentoring.into_vault().lock().expect("locked");

    let deep = world.run(&["--json", "check", "--deep"]);
    assert_eq!(deep.code, 1, "{}", deep.out);
    assert_eq!(deep.json()["findings"][0]["code"], "listWrong");
    assert_eq!(world.run(&["repair"]).code, 0);
    assert_eq!(world.run(&["check", "--deep"]).code, 0);
    assert_eq!(
        world
            .run(&["--json", "list"])
            .json()
            .as_array()
            .map(Vec::len),
        Some(4)
    );
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_everything_can_still_be_read() {
    let world = with_notes();
    let refused = world.on_a_full_disk(0, "--json add note --space 'My journal'", "words");
    assert_eq!(refused.code, 7, "{}", refused.err);
    assert!(
        ["readOnly", "noSpace"].contains(&refused.failure().as_str()),
        "{}",
        refused.err
    );
    let listed = world.on_a_full_disk(0, "--json list", "");
    assert_eq!(listed.code, 0, "{}", listed.err);
    assert_eq!(listed.json().as_array().map(Vec::len), Some(3));
    assert!(listed.err.contains("readOnly"), "{}", listed.err);
    let empty = World::empty();
    empty.file("passphrase", "lantern orbit maple quiet");
    let unmade = empty.on_a_full_disk(0, "--json init", "");
    assert_eq!((unmade.code, unmade.failure().as_str()), (7, "noSpace"));
}

#[test]
fn nothing_is_forgotten_while_rows_are_missing_that_it_would_destroy_for_good() {
    let world = with_notes();
    let added = world.run(&[
        "--json", "space", "add", "--kind", "journal", "--name", "Another",
    ]);
    assert_eq!(added.code, 0, "{}", added.err);
    testkit::lose_a_row(world.vault());
    let found = world.run(&["--json", "check"]).json();
    let lost = found["findings"][0]["space"].as_str().expect("a notebook");
    // The next opening has the row again, and it is lost once more.
    let spaces = world.run(&["--json", "space", "list"]).json();
    let spaces = spaces.as_array().expect("a list");
    assert_eq!(spaces.len(), 2);
    let other = spaces.iter().find(|space| space["id"] != lost);
    let other = other.expect("another")["id"].as_str().expect("an id");
    testkit::lose_a_row(world.vault());
    let refused = world.run(&["--json", "forget", other, "--yes"]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (4, "partDamaged")
    );
    // The refusal left the mark that lets the next opening build the rows anew.
    let again = world.run(&["--json", "space", "list"]).json();
    assert_eq!(again.as_array(), Some(spaces), "nothing is gone");
    let receipt = world.run(&["--json", "forget", other, "--yes"]);
    assert_eq!(receipt.code, 0, "{}", receipt.err);
    assert_eq!(receipt.json()["destroyed"], true);
    assert_eq!(world.run(&["check", "--deep"]).code, 0);
}

/// A folder below that is so deep that nothing in it has a path that can be opened.
#[cfg(unix)]
fn out_of_reach(below: &std::path::Path) {
    let deep = "n=$(printf '%0200d' 0); i=0; while [ $i -lt 25 ]; do mkdir $n && cd -P $n || exit 1; i=$((i + 1)); done";
    let made = std::process::Command::new("sh")
        .args(["-c", deep])
        .current_dir(below)
        .status();
    assert!(made.expect("a shell").success());
}

#[cfg(unix)]
#[test]
fn where_something_cannot_be_searched_nothing_is_proven() {
    let world = with_notes();
    let folder = world.at("cache/app.confidant.desktop");
    fs::create_dir_all(&folder).expect("made");
    assert_eq!(world.run(&["prove"]).code, 0);
    out_of_reach(&folder);
    let proven = world.run(&["--json", "prove"]);
    assert_eq!(proven.code, 1, "{}", proven.out);
    let proof = proven.json();
    assert_eq!(
        (&proof["proven"], &proof["unread"], &proof["found"]),
        (&false.into(), &1.into(), &serde_json::json!([]))
    );
    let for_people = world.run(&["prove"]);
    assert_eq!(for_people.code, 1);
    assert!(
        !for_people.out.contains("Nothing of it was found."),
        "{}",
        for_people.out
    );
    let listed = world.run(&["--json", "list"]).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(3), "it was removed");
}

#[test]
fn the_proof_shows_what_it_looked_at_and_leaves_nothing() {
    let world = with_notes();
    fs::create_dir_all(world.at("cache/app.confidant.desktop/run-1")).expect("made");
    fs::write(world.at("cache/app.confidant.desktop/run-1/page"), "cached").expect("written");
    fs::create_dir_all(world.at("tmp/confidant-demo-1")).expect("made");
    let proven = world.run(&["--json", "prove"]);
    assert_eq!(proven.code, 0, "{}", proven.out);
    let proof = proven.json();
    assert_eq!(proof["proven"], true);
    assert!(proof["files"].as_u64() > Some(5) && proof["bytes"].as_u64() > Some(10_000));
    let looked: Vec<_> = proof["looked"]
        .as_array()
        .expect("folders")
        .iter()
        .map(|at| at["path"].as_str().expect("a path").to_owned())
        .collect();
    for folder in [
        world.vault(),
        &world.temp.places().device,
        &world.at("cache/app.confidant.desktop"),
        &world.at("tmp/confidant-demo-1"),
    ] {
        assert!(
            looked
                .iter()
                .any(|path| folder == std::path::Path::new(path)),
            "{folder:?} in {looked:?}"
        );
    }
    let for_people = world.run(&["prove"]);
    assert!(
        for_people.out.contains("Nothing of it was found."),
        "{}",
        for_people.out
    );
    assert_eq!(
        world
            .run(&["--json", "list"])
            .json()
            .as_array()
            .map(Vec::len),
        Some(3)
    );
}
