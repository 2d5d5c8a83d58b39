//! Moving out, and forgetting.

use std::{fs, path::Path};

use serde_json::Value;

use crate::world::World;

fn demo() -> World {
    World::filled(|mentoring| {
        demo::fill(mentoring).expect("the demo fits");
    })
}

fn files_below(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("listed").path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

#[test]
fn everything_comes_out_as_one_document() {
    let world = demo();
    let out = world.at("all.json");
    let path = out.to_str().expect("a path");
    let written = world.run(&["--json", "export", "--format", "json", "--out", path]);
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(written.err.contains("\"exportPlain\""), "{}", written.err);
    let archive: Value = serde_json::from_slice(&fs::read(&out).expect("read")).expect("JSON");
    assert_eq!(
        (&archive["format"], &archive["version"]),
        (&"confidant-archive".into(), &1.into())
    );
    assert_eq!(archive["owner"], "Helen Marsh");
    assert_eq!(archive["spaces"].as_array().map(Vec::len), Some(5));
    let listed = world.run(&["--json", "list"]).json();
    let listed = listed.as_array().expect("a list").len() as u64;
    assert_eq!(written.json()["records"].as_u64(), Some(listed));
    let records: Vec<_> = archive["spaces"]
        .as_array()
        .expect("notebooks")
        .iter()
        .flat_map(|space| space["records"].as_array().expect("records"))
        .collect();
    assert!(
        records
            .iter()
            .all(|record| record["id"].is_string() && record["fields"]["kind"].is_string())
    );
    #[cfg(unix)]
    assert_eq!(mode(&out), 0o600);

    let again = world.run(&["--json", "export", "--format", "json", "--out", path]);
    assert_eq!((again.code, again.failure().as_str()), (2, "outExists"));
}

#[test]
fn everything_comes_out_as_pages_that_only_their_owner_may_read() {
    let world = demo();
    let out = world.at("pages");
    let path = out.to_str().expect("a path");
    let written = world.run(&["export", "--format", "markdown", "--out", path]);
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(written.err.contains("not locked"), "{}", written.err);
    let amara = out.join("Amara Nwosu");
    let document = world.at("all.json");
    let path_of_document = document.to_str().expect("a path");
    let as_document = ["export", "--format", "json", "--out", path_of_document];
    assert_eq!(world.run(&as_document).code, 0);
    let archive: Value = serde_json::from_slice(&fs::read(&document).expect("read")).expect("JSON");
    for space in archive["spaces"].as_array().expect("notebooks") {
        let name = space["name"].as_str().expect("a name");
        let has_left = !space["disclosures"].as_array().expect("a list").is_empty();
        let page = out.join(name).join("What has left.md");
        assert_eq!(page.is_file(), has_left, "{name}");
    }
    let mut files = Vec::new();
    files_below(&out, &mut files);
    let listed = world.run(&["--json", "list"]).json();
    let listed = listed.as_array().expect("a list").len();
    assert!(files.len() >= listed, "{} of {listed}", files.len());
    for file in &files {
        let text = fs::read_to_string(file).expect("it is text");
        assert!(
            text.starts_with("---\n") || text.starts_with("# "),
            "{file:?}"
        );
        #[cfg(unix)]
        assert_eq!(mode(file), 0o600);
    }
    #[cfg(unix)]
    assert_eq!((mode(&out), mode(&amara)), (0o700, 0o700));
    let again = world.run(&["--json", "export", "--format", "markdown", "--out", path]);
    assert_eq!((again.code, again.failure().as_str()), (2, "outExists"));
}

#[test]
fn plain_text_is_never_written_among_the_vaults_own_files() {
    let world = World::new();
    let inside = world.vault().join("export.json");
    let refused = world.run(&[
        "--json",
        "export",
        "--format",
        "json",
        "--out",
        inside.to_str().expect("a path"),
    ]);
    assert_eq!((refused.code, refused.failure().as_str()), (2, "outInside"));
    #[cfg(unix)]
    {
        let link = world.at("link");
        std::os::unix::fs::symlink(world.vault(), &link).expect("linked");
        let through = link.join("export");
        let refused = world.run(&[
            "--json",
            "export",
            "--format",
            "markdown",
            "--out",
            through.to_str().expect("a path"),
        ]);
        assert_eq!((refused.code, refused.failure().as_str()), (2, "outInside"));
    }
    assert!(!inside.exists());
}

#[test]
fn forgetting_wants_a_yes_and_gives_a_receipt() {
    let world = World::new();
    let kept = world.run_with(&["add", "note", "--space", "Amara Nwosu"], "words");
    assert_eq!(kept.code, 0, "{}", kept.err);
    let asked = world.run(&["forget", "Amara Nwosu"]);
    assert_eq!(asked.code, 2);
    assert!(
        asked.err.contains("one record, no summaries") && asked.err.contains("--yes"),
        "{}",
        asked.err
    );
    assert_eq!(
        world.run(&["--json", "forget", "amara nwosu"]).failure(),
        "needsYes"
    );
    assert_eq!(
        world
            .run(&["--json", "list"])
            .json()
            .as_array()
            .map(Vec::len),
        Some(1)
    );

    let receipt = world.run(&["--json", "forget", "amara nwosu", "--yes"]);
    assert_eq!(receipt.code, 0, "{}", receipt.err);
    let numbers = [
        ".id",
        ".at",
        ".rowsRemoved",
        ".filesDestroyed",
        ".filesChecked",
        ".bytesChecked",
        ".partsOpened",
        ".partsCompared",
    ];
    assert!(receipt.json()["rowsRemoved"].as_u64() > Some(0));
    insta::assert_json_snapshot!("forget", receipt.json(), {
        numbers[0] => "[id]", numbers[1] => "[time]", numbers[2] => "[count]", numbers[3] => "[count]",
        numbers[4] => "[count]", numbers[5] => "[count]", numbers[6] => "[count]", numbers[7] => "[count]",
    });
    let left = world.run(&["--json", "space", "list"]);
    assert_eq!(left.json().as_array().map(Vec::len), Some(1));
    assert_eq!(world.run(&["check", "--deep"]).code, 0);
}
