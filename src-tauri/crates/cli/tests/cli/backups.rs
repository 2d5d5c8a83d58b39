//! Backups without a window.

use std::{fs, path::Path};

use sha2::{Digest, Sha256};
use testkit::PASSPHRASE;

use crate::world::{World, give};

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[test]
fn a_backup_is_made_listed_and_made_a_vault_again() {
    let world = World::new();
    let noted = world.run_with(&["add", "note", "--space", "Amara Nwosu"], "before");
    assert_eq!(noted.code, 0, "{}", noted.err);
    let file = world.at("one.cfdbackup");
    let made = world.run(&["--json", "backup", "--out", text(&file)]);
    assert_eq!(made.code, 0, "{}", made.err);
    let made = made.json();
    assert_eq!(
        made["bytes"].as_u64(),
        Some(fs::metadata(&file).expect("there").len())
    );
    let again = world.run(&["--json", "backup", "--out", text(&file)]);
    assert_eq!((again.code, again.failure().as_str()), (2, "backupExists"));
    let inside = world.vault().join("two.cfdbackup");
    let refused = world.run(&["--json", "backup", "--out", text(&inside)]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (2, "backupInsideVault")
    );

    let known = world.run(&["--json", "backups"]).json();
    assert_eq!(known[0]["id"], made["id"]);
    assert_eq!(known[0]["place"], "there");
    world.run_with(&["add", "note", "--space", "Amara Nwosu"], "after");

    let to = world.at("again");
    let restored = world.run(&["--json", "restore", text(&file), "--to", text(&to)]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(restored.json()["rows"].as_u64() > Some(0));
    let passphrase = world.file("passphrase", PASSPHRASE);
    let mut there = world.dressed(crate::world::PROGRAM);
    there
        .args([
            "--json",
            "--vault",
            text(&to),
            "--passphrase-file",
            text(&passphrase),
        ])
        .arg("--device-folder")
        .arg(&world.temp.places().device)
        .arg("list");
    let listed = give(there, "").json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed[0]["title"], "before");
    let here = world.run(&["--json", "list"]).json();
    assert_eq!(
        here.as_array().map(Vec::len),
        Some(2),
        "the vault that is there is untouched"
    );
    let full = world.at("full");
    fs::create_dir(&full).expect("made");
    fs::write(full.join("mine"), "mine").expect("written");
    for taken in [&to, &full] {
        let refused = world.run(&["--json", "restore", text(&file), "--to", text(taken)]);
        assert_eq!(
            (refused.code, refused.failure().as_str()),
            (2, "vaultExists")
        );
    }
    assert_eq!(fs::read(full.join("mine")).expect("there"), b"mine");
}

#[test]
fn what_was_forgotten_does_not_come_back_unasked() {
    let world = World::new();
    let file = world.at("one.cfdbackup");
    assert_eq!(world.run(&["backup", "--out", text(&file)]).code, 0);
    let receipt = world
        .run(&["--json", "forget", "Amara Nwosu", "--yes"])
        .json();
    assert_eq!(
        receipt["heldBy"].as_array().map(Vec::len),
        Some(1),
        "{receipt}"
    );
    let to = world.at("again");
    let to = text(&to);
    let asked = world.run(&["--json", "restore", text(&file), "--to", to]);
    assert_eq!(
        (asked.code, asked.failure().as_str()),
        (1, "forgottenWouldReturn")
    );
    assert!(!Path::new(to).exists(), "nothing was made");
    let left = world.run(&[
        "--json",
        "restore",
        text(&file),
        "--to",
        to,
        "--forgotten",
        "leave-out",
    ]);
    assert_eq!(left.code, 0, "{}", left.err);
    assert_eq!(left.json()["leftOut"], 1);
    let back = world.at("back");
    let back = world.run(&[
        "--json",
        "restore",
        text(&file),
        "--to",
        text(&back),
        "--forgotten",
        "bring-back",
    ]);
    assert_eq!(back.json()["returned"], 1);
}

#[test]
fn a_wrong_passphrase_a_damaged_file_and_no_file_each_have_their_end() {
    let world = World::new();
    let file = world.at("one.cfdbackup");
    assert_eq!(world.run(&["backup", "--out", text(&file)]).code, 0);
    let to = world.at("again");
    let wrong = world.file("wrong", "not this one at all");
    let mut command = world.command();
    command.args([
        "--json",
        "--passphrase-file",
        text(&wrong),
        "restore",
        text(&file),
        "--to",
    ]);
    command.arg(&to);
    let refused = give(command, "");
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (3, "wrongPassphrase")
    );

    let mut bytes = fs::read(&file).expect("there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let bad = world.file("bad.cfdbackup", &bytes);
    let damaged = world.run(&["--json", "restore", text(&bad), "--to", text(&to)]);
    assert_eq!(
        (damaged.code, damaged.failure().as_str()),
        (4, "backupDamaged")
    );
    let nothing = world.at("nothing");
    let missing = world.run(&["--json", "restore", text(&nothing), "--to", text(&to)]);
    assert_eq!(
        (missing.code, missing.failure().as_str()),
        (1, "importUnreadable")
    );
    assert!(!to.exists());
}

#[test]
fn a_backup_of_a_newer_version_is_told_from_a_damaged_one() {
    let world = World::new();
    let file = world.at("one.cfdbackup");
    assert_eq!(world.run(&["backup", "--out", text(&file)]).code, 0);
    let mut bytes = fs::read(&file).expect("there");
    bytes[8] = 2;
    let hash = Sha256::digest(&bytes[..224]);
    bytes[224..256].copy_from_slice(&hash);
    let newer = world.file("newer.cfdbackup", &bytes);
    let to = world.at("again");
    for arguments in [
        &["--json", "restore", text(&newer), "--to", text(&to)][..],
        &["--json", "bring-back", text(&newer)],
    ] {
        let refused = world.run(arguments);
        assert_eq!(
            (refused.code, refused.failure().as_str()),
            (6, "backupNewer")
        );
    }
    assert!(!to.exists());
    bytes[224] ^= 1;
    let damaged = world.file("damaged.cfdbackup", &bytes);
    let refused = world.run(&["--json", "restore", text(&damaged), "--to", text(&to)]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (4, "backupDamaged")
    );
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_neither_a_backup_nor_a_vault_of_one_is_left_half_made() {
    let world = World::new();
    let file = world.at("one.cfdbackup");
    assert_eq!(world.run(&["backup", "--out", text(&file)]).code, 0);
    let names = || {
        let entries = fs::read_dir(world.at("")).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        names.collect::<std::collections::BTreeSet<_>>()
    };
    let (another, to) = (world.at("two.cfdbackup"), world.at("again"));
    // Long enough for what tells of it, too short for the whole.
    for (blocks, arguments) in [
        (0, format!("backup --out '{}'", another.display())),
        (8, format!("backup --out '{}'", another.display())),
        (
            0,
            format!("restore '{}' --to '{}'", file.display(), to.display()),
        ),
        (
            8,
            format!("restore '{}' --to '{}'", file.display(), to.display()),
        ),
    ] {
        let before = names();
        let refused = world.on_a_full_disk(blocks, &format!("--json {arguments}"), "");
        assert_eq!(
            (refused.code, refused.failure().as_str()),
            (7, "noSpace"),
            "{arguments}, {blocks}"
        );
        assert_eq!(names(), before, "{arguments}, {blocks}");
    }
    let check = world.run(&["--json", "check", "--deep"]);
    assert_eq!(check.code, 0, "{}", check.out);
    let made = world.run(&["--json", "restore", text(&file), "--to", text(&to)]);
    assert_eq!(made.code, 0, "{}", made.err);
}

#[test]
fn where_putting_a_backup_back_was_cut_off_the_vault_comes_to_its_place_before_anything_else() {
    for act in [&["list"][..], &["init"]] {
        let world = World::new();
        let file = world.at("one.cfdbackup");
        assert_eq!(world.run(&["backup", "--out", text(&file)]).code, 0);
        let unique = "0123456789abcdef0123456789abcdef";
        let [restored, kept] = [
            format!("vault.putting-back-{unique}"),
            "vault.before-2026-11-27-120000".to_owned(),
        ];
        let beside = |name: &str| world.vault().with_file_name(name);
        let to = beside(&restored);
        let made = world.run(&["--json", "restore", text(&file), "--to", text(&to)]);
        assert_eq!(made.code, 0, "{}", made.err);
        let marker = serde_json::json!({ "restored": restored, "kept": kept });
        fs::write(beside("vault.switch"), marker.to_string()).expect("written");
        fs::rename(world.vault(), beside(&kept)).expect("moved");
        let ended = world.run(&[&["--json"], act].concat());
        match act {
            ["list"] => assert_eq!(ended.code, 0, "{}", ended.err),
            _ => assert_eq!((ended.code, ended.failure().as_str()), (2, "vaultExists")),
        }
        assert!(world.vault().exists() && !to.exists() && beside(&kept).exists());
        assert!(!beside("vault.switch").exists());
    }
}

#[test]
fn single_records_of_a_backup_are_listed_and_brought_back() {
    let world = World::new();
    let add = |text: &str| {
        let added = world.run_with(&["--json", "add", "note", "--space", "Amara Nwosu"], text);
        added.json()["id"].as_str().expect("an id").to_owned()
    };
    let (gone, kept) = (add("gone too soon"), add("as it was"));
    let file = world.at("one.cfdbackup");
    let file = file.to_str().expect("a path");
    assert_eq!(world.run(&["backup", "--out", file]).code, 0);
    let listed = world.run(&["--json", "bring-back", file]);
    assert_eq!((listed.code, listed.json()), (0, serde_json::json!([])));
    let said = world.run(&["bring-back", file]).out;
    assert!(said.contains("is here as it was then"), "{said}");

    let mentoring = world.open();
    let id = gone.parse().expect("an id");
    mentoring.bin_record(id).expect("binned");
    mentoring.erase_record(id).expect("erased");
    mentoring.into_vault().lock().expect("locked");
    let listed = world.run(&["--json", "bring-back", file]).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(
        (&listed[0]["id"], &listed[0]["here"]),
        (&gone.as_str().into(), &"gone".into())
    );
    assert!(
        world
            .run(&["bring-back", file])
            .out
            .contains("not here any more")
    );
    let not = world.run(&["--json", "bring-back", file, &kept]);
    assert_eq!(not.failure(), "notFound", "it is here");
    let back = world.run(&["--json", "bring-back", file, &gone]);
    assert_eq!(back.code, 0, "{}", back.err);
    assert_eq!(back.json()["records"], serde_json::json!([gone]));
    let shown = world.run(&["--json", "show", &gone]).json();
    assert!(
        shown["body"]
            .as_str()
            .expect("a body")
            .contains("gone too soon")
    );
}

#[test]
fn what_may_be_sealed_by_now_is_left_out_unless_its_passphrase_is_given() {
    let world = World::new();
    let added = world.run_with(
        &["--json", "add", "note", "--space", "Amara Nwosu"],
        "gone too soon",
    );
    let gone = added.json()["id"].as_str().expect("an id").to_owned();
    let file = world.at("one.cfdbackup");
    let file = file.to_str().expect("a path");
    assert_eq!(world.run(&["backup", "--out", file]).code, 0);
    let mentoring = world.open();
    let space = mentoring
        .list_spaces()
        .into_iter()
        .find(|space| space.card.name == "Amara Nwosu")
        .expect("there")
        .id;
    let second = vault::Passphrase::parse("pebble orchard meadow copper").expect("good");
    mentoring
        .make_sealed(space, &second, testkit::CHEAP)
        .expect("made");
    let id = gone.parse().expect("an id");
    mentoring.bin_record(id).expect("binned");
    mentoring.erase_record(id).expect("erased");
    mentoring.into_vault().lock().expect("locked");

    let listed = world.run(&["--json", "bring-back", file]);
    assert_eq!((listed.code, listed.json()), (0, serde_json::json!([])));
    assert!(listed.err.contains("maybeSealed"), "{}", listed.err);
    let not = world.run(&["--json", "bring-back", file, &gone]);
    assert_eq!(not.code, 1, "{}", not.out);

    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let wrong = path(&world.file("wrong", "something else"));
    let second = path(&world.file("second", "pebble orchard meadow copper"));
    let with = |key: &str| {
        let arguments = ["--json", "bring-back", file, &gone, "--sealed"];
        world.run(&[&arguments[..], &["amara nwosu", key]].concat())
    };
    assert_eq!(with(&wrong).failure(), "wrongSecondPassphrase");
    let back = with(&second);
    assert_eq!(back.code, 0, "{}", back.err);
    assert_eq!(back.json()["records"], serde_json::json!([gone]));
}
