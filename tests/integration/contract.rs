//! The commands, their permissions and the window's list of them are one list.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::json;

use crate::world::Home;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rust_commands() -> BTreeSet<String> {
    let source = read("src-tauri/src/commands/mod.rs");
    let lines = source.lines().map(|line| line.trim().trim_end_matches(','));
    let paths = lines.filter_map(|line| line.strip_prefix("commands::"));
    paths
        .filter_map(|path| path.rsplit("::").next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_window_and_the_program_know_the_same_commands() {
    let contract = read("ui/src/ipc/host.ts");
    let (_, after) = contract
        .split_once("export type Contract = {")
        .expect("the contract");
    let (list, _) = after.split_once("\n};").expect("its end");
    let window: BTreeSet<_> = list
        .lines()
        .filter_map(|line| line.trim().split_once(": ["))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(window, rust_commands());
}

#[test]
fn each_command_stands_in_exactly_one_set_of_permissions() {
    let sets = read("src-tauri/permissions/areas.toml");
    for command in rust_commands() {
        let permission = format!("\"allow-{}\"", command.replace('_', "-"));
        assert_eq!(sets.matches(&permission).count(), 1, "{permission}");
    }
}

#[test]
fn each_error_code_has_its_two_sentences() {
    let words = read("src-tauri/crates/words/en/errors.ftl");
    let codes = read("ui/src/bindings/ErrorCode.ts");
    let codes: Vec<_> = codes.split('"').skip(1).step_by(2).collect();
    assert!(
        codes.len() > 30,
        "the codes are read from the generated file"
    );
    for code in codes {
        for part in ["says", "try"] {
            assert!(
                words.contains(&format!("\nerr-{code}-{part} =")),
                "err-{code}-{part}"
            );
        }
    }
}

#[test]
fn every_command_but_a_few_refuses_while_the_vault_is_locked() {
    let home = Home::new();
    let program = home.start();
    let id = "01890000-0000-7000-8000-000000000000";
    let filter = json!({
        "space": null, "kinds": [], "labels": [], "parent": null, "from": null, "to": null,
        "binned": false, "offset": 0, "limit": 10
    });
    let calls = [
        ("list_spaces", json!({})),
        ("profile", json!({})),
        ("today", json!({})),
        ("list_records", json!({ "filter": filter })),
        ("open_record", json!({ "id": id })),
        ("undo_record", json!({ "id": id })),
        ("bin_record", json!({ "id": id })),
        ("list_summaries", json!({ "space": null })),
        ("open_summary", json!({ "id": id })),
        ("preview_summary", json!({ "id": id })),
        ("list_disclosures", json!({ "space": null })),
        ("undo_import", json!({})),
        ("spare_key_questions", json!({})),
        ("save_spare_key_sheet", json!({})),
    ];
    for (command, arguments) in calls {
        assert_eq!(
            program.fails(command, arguments),
            "vaultLocked",
            "{command}"
        );
    }
}
