//! The ways in: making a vault, the passphrase, the spare key.

use std::{fs, process::Command};

use serde_json::json;
use testkit::PASSPHRASE;

use crate::world::{World, give};

const STRONG: &str = "lantern orbit maple quiet";

fn run(world: &World, file: &str, passphrase: &str, arguments: &[&str]) -> crate::world::Ended {
    let mut command: Command = world.command();
    command
        .arg("--passphrase-file")
        .arg(world.file(file, format!("{passphrase}\r\n")))
        .args(arguments);
    give(command, "")
}

#[test]
fn a_vault_is_made_opens_with_both_of_its_keys_and_with_no_others() {
    let world = World::empty();
    let none = run(&world, "p", STRONG, &["--json", "list"]);
    assert_eq!((none.code, none.failure().as_str()), (1, "noVault"));
    let weak = run(&world, "p", "password", &["--json", "init"]);
    assert_eq!((weak.code, weak.failure().as_str()), (2, "passphraseWeak"));
    assert!(!world.vault().exists(), "nothing was made");

    let made = run(&world, "p", STRONG, &["--json", "init", "--name", "Helen"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let answer = made.json();
    let words: Vec<_> = answer["words"]
        .as_array()
        .expect("words")
        .iter()
        .map(|word| word.as_str().expect("a word"))
        .collect();
    assert_eq!(words.len(), 24);
    assert_eq!(answer["id"].as_str().expect("an id").len(), 32);
    assert!(!made.out.contains(STRONG) && !made.err.contains(STRONG));
    let again = run(&world, "p", STRONG, &["--json", "init"]);
    assert_eq!((again.code, again.failure().as_str()), (2, "vaultExists"));
    assert_eq!(run(&world, "p", STRONG, &["space", "list"]).code, 0);

    // The sheet in two columns, with numbers.
    let row = |at: usize| {
        format!(
            "{}. {}\t{}. {}\n",
            at + 1,
            words[at],
            at + 13,
            words[at + 12]
        )
    };
    let sheet = world.file("sheet", (0..12).map(row).collect::<String>());
    let sheet = sheet.to_str().expect("a path");
    let next = world.file("next", "another four quiet words of mine");
    let next = next.to_str().expect("a path");
    let opened = world.run_bare(&[
        "recovery",
        "unlock",
        "--words-file",
        sheet,
        "--new-passphrase-file",
        next,
    ]);
    assert_eq!(opened.code, 0, "{}", opened.err);
    let old = run(&world, "p", STRONG, &["--json", "list"]);
    assert_eq!((old.code, old.failure().as_str()), (3, "wrongPassphrase"));
    let new = run(&world, "p", "another four quiet words of mine", &["list"]);
    assert_eq!(new.code, 0, "{}", new.err);
}

#[test]
fn words_that_are_no_spare_key_or_another_one_do_not_open() {
    let world = World::new();
    let other = vault::SpareKey::make()
        .expect("randomness")
        .words()
        .join(" ");
    for (words, code) in [
        (other.as_str(), "wrongSpareKey"),
        ("abandon ability", "spareKeyCount"),
        ("abandon ".repeat(24).as_str(), "spareKeyChecksum"),
    ] {
        let file = world.file("words", words);
        let file = file.to_str().expect("a path");
        let next = world.file("next", STRONG);
        let refused = world.run_bare(&[
            "--json",
            "recovery",
            "unlock",
            "--words-file",
            file,
            "--new-passphrase-file",
            next.to_str().expect("a path"),
        ]);
        assert_eq!((refused.code, refused.failure().as_str()), (3, code));
        assert!(!refused.err.contains("abandon"), "no word is repeated");
    }
    let absent = world.run_bare(&["--json", "recovery", "unlock", "--words-file", "/nowhere"]);
    assert_eq!(
        (absent.code, absent.failure().as_str()),
        (2, "secretUnreadable")
    );
}

#[test]
fn the_passphrase_is_changed_and_a_weak_one_refused() {
    let world = World::new();
    let weak = world.file("weak", "password");
    let refused = world.run(&[
        "--json",
        "passphrase",
        "change",
        "--new-passphrase-file",
        weak.to_str().expect("a path"),
    ]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (2, "passphraseWeak")
    );
    let wrong = run(
        &world,
        "p",
        "not this one",
        &[
            "--json",
            "passphrase",
            "change",
            "--new-passphrase-file",
            weak.to_str().expect("a path"),
        ],
    );
    assert_eq!(
        (wrong.code, wrong.failure().as_str()),
        (3, "wrongPassphrase")
    );
    let strong = world.file("strong", STRONG);
    let changed = world.run(&[
        "--json",
        "passphrase",
        "change",
        "--new-passphrase-file",
        strong.to_str().expect("a path"),
    ]);
    assert_eq!(changed.code, 0, "{}", changed.err);
    insta::assert_json_snapshot!("passphrase_change", changed.json());
    assert_eq!(world.run(&["list"]).code, 3);
    assert_eq!(run(&world, "p", STRONG, &["list"]).code, 0);
}

#[cfg(unix)]
#[test]
fn a_descriptor_may_hold_the_passphrase_and_loses_one_line_end() {
    let world = World::new();
    let line = format!(
        "printf '%s\\n' '{PASSPHRASE}' | '{}' --vault '{}' --device-folder '{}' --passphrase-fd 0 space list --json",
        crate::world::PROGRAM,
        world.vault().display(),
        world.temp.places().device.display(),
    );
    let mut command = world.dressed("sh");
    command.args(["-c", &line]);
    let listed = give(command, "");
    assert_eq!(listed.code, 0, "{}", listed.err);
    assert_eq!(listed.json().as_array().map(Vec::len), Some(2));
    let mut command = world.command();
    command.args(["--json", "--passphrase-fd", "77", "list"]);
    let closed = give(command, "");
    assert_eq!(
        (closed.code, closed.failure().as_str()),
        (2, "secretUnreadable")
    );
}

#[cfg(unix)]
#[test]
fn a_passphrase_file_that_others_may_read_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let file = world.file("open", PASSPHRASE);
    let list = |file: &std::path::Path| {
        let mut command = world.command();
        command
            .arg("--passphrase-file")
            .arg(file)
            .args(["list", "--json"]);
        give(command, "")
    };
    assert_eq!(list(&file).err, "");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("ours");
    let warned = list(&file);
    assert_eq!(warned.code, 0);
    assert!(warned.err.contains("\"secretOpen\""), "{}", warned.err);
    let long = world.file("long", "x".repeat(1_027));
    let refused = list(&long);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (2, "passphraseTooLong")
    );
}

#[test]
fn a_notebook_that_is_shut_opens_with_its_second_passphrase_for_one_command() {
    let world = World::new();
    let added = world.run_with(&["add", "note", "--space", "Amara Nwosu"], "hers alone");
    assert_eq!(added.code, 0, "{}", added.err);
    let mentoring = world.open();
    let named = |space: &mentoring::spaces::Space| space.card.name == "Amara Nwosu";
    let amara = mentoring.list_spaces().into_iter().find(named);
    let amara = amara.expect("there").id;
    let second = vault::Passphrase::parse("pebble orchard meadow copper").expect("good");
    mentoring
        .set_second_passphrase(
            amara,
            "The blue one",
            &second,
            testkit::CHEAP,
            &vault::Quiet,
        )
        .expect("set");
    mentoring.into_vault().lock().expect("locked");
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let file = path(&world.file("second", "pebble orchard meadow copper"));
    let wrong = path(&world.file("wrong", "something else"));

    let listed = world.run(&["--json", "space", "list"]).json();
    let spaces = listed.as_array().expect("a list");
    let shut = spaces.iter().find(|space| space["shut"] == true);
    let shut = shut.expect("it is listed");
    assert_eq!(
        (&shut["name"], &shut["id"]),
        (&json!("The blue one"), &json!(amara))
    );
    assert!(spaces.iter().all(|space| space["name"] != "Amara Nwosu"));
    assert!(world.run(&["space", "list"]).out.contains("shut"));
    let refused = world.run(&["--json", "list", "--space", "the blue one"]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (1, "spaceLocked")
    );
    let none = world.run(&["--json", "list", "--space", "Amara Nwosu"]);
    assert_eq!(none.failure(), "spaceNotFound", "its own name is not known");
    let refused = world.run(&["--json", "--second", "The blue one", &wrong, "list"]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (3, "wrongSecondPassphrase")
    );
    let opened = world.run(&[
        "--json",
        "--second",
        "the blue one",
        &file,
        "list",
        "--space",
        "Amara Nwosu",
    ]);
    assert_eq!(opened.code, 0, "{}", opened.err);
    assert!(!opened.json().as_array().expect("a list").is_empty());

    let next = path(&world.file("next", STRONG));
    let words_out = path(&world.at("words"));
    let rekey = |more: &[&str]| {
        let mut arguments = more.to_vec();
        arguments.extend(["--json", "passphrase", "rekey", "--words-out", &words_out]);
        arguments.extend(["--new-passphrase-file", &next]);
        world.run(&arguments)
    };
    assert_eq!(rekey(&[]).failure(), "secondMissing");
    let id = amara.to_string();
    let done = rekey(&["--second", &id, &file]);
    assert_eq!(done.code, 0, "{}", done.err);

    let forget = |more: &[&str]| {
        let mut arguments = vec!["--json", "forget", "The blue one"];
        arguments.extend(more);
        run(&world, "p", STRONG, &arguments)
    };
    assert!(forget(&[]).err.contains("shut"));
    let gone = forget(&["--yes"]);
    assert_eq!(gone.code, 0, "{}", gone.err);
    assert_eq!(gone.json()["name"], "The blue one");
}

#[test]
fn everything_gets_new_keys_and_the_old_ones_open_nothing() {
    let world = World::new();
    let mentoring = world.open();
    let amara = mentoring
        .list_spaces()
        .into_iter()
        .find(|space| space.card.name == "Amara Nwosu")
        .expect("there");
    let second = vault::Passphrase::parse("pebble orchard meadow copper").expect("good");
    mentoring
        .make_sealed(amara.id, &second, testkit::CHEAP)
        .expect("made");
    mentoring.into_vault().lock().expect("locked");
    let backup = world.at("before.cfdbackup");
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    assert_eq!(world.run(&["backup", "--out", &path(&backup)]).code, 0);

    let words_out = world.at("words");
    let next = path(&world.file("next", STRONG));
    let rekey = |more: &[&str]| {
        let mut arguments = vec!["--json", "passphrase", "rekey", "--words-out"];
        let words_out = path(&words_out);
        arguments.extend([words_out.as_str(), "--new-passphrase-file", next.as_str()]);
        arguments.extend(more);
        world.run(&arguments)
    };
    let missing = rekey(&[]);
    assert_eq!(
        (missing.code, missing.failure().as_str()),
        (1, "secondMissing")
    );
    let wrong = path(&world.file("wrong", "something else"));
    let refused = rekey(&["--sealed", "Amara Nwosu", &wrong]);
    assert_eq!(refused.failure(), "wrongSecondPassphrase");
    assert!(!words_out.exists(), "words that open nothing are not left");
    assert_eq!(world.run(&["list"]).code, 0, "nothing has changed");

    let second = path(&world.file("second", "pebble orchard meadow copper"));
    let done = rekey(&["--sealed", "amara nwosu", &second]);
    assert_eq!(done.code, 0, "{}", done.err);
    let answer = done.json();
    assert_eq!(answer["destroyed"], true);
    assert!(answer["filesTried"].as_u64() > Some(4), "{answer}");
    assert_eq!(answer["backups"][0]["place"], "there");
    assert!(!done.out.contains(STRONG));

    let old = world.run(&["--json", "list"]);
    assert_eq!((old.code, old.failure().as_str()), (3, "wrongPassphrase"));
    let checked = run(&world, "p", STRONG, &["--json", "check", "--deep"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let same = run(
        &world,
        "p",
        STRONG,
        &[
            "--json",
            "passphrase",
            "rekey",
            "--words-out",
            &path(&world.at("more")),
            "--new-passphrase-file",
            &next,
        ],
    );
    assert_eq!((same.code, same.failure().as_str()), (2, "passphraseSame"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&words_out)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let another = path(&world.file("another", "another four quiet words of mine"));
    let opened = world.run_bare(&[
        "recovery",
        "unlock",
        "--words-file",
        &path(&words_out),
        "--new-passphrase-file",
        &another,
    ]);
    assert_eq!(opened.code, 0, "{}", opened.err);
}
