//! The commands, their permissions and the window's list of them are one list.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::{Value, json};

use crate::world::{Home, PASSPHRASE, note_draft};

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
fn both_shells_look_for_the_vault_in_the_same_place() {
    let context = confidant::context::<tauri::test::MockRuntime>();
    assert_eq!(context.config().identifier, shell::places::IDENTIFIER);
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

/// What may be asked while the vault is locked: the way in, and what holds nothing of the vault.
const ANSWERED_WHILE_LOCKED: [&str; 13] = [
    "app_state",
    "cancel_task",
    "choose_restore",
    "create_vault",
    "lock_vault",
    "touch",
    "measure_passphrase",
    "restore_backup",
    "save_settings",
    "suggest_passphrase",
    "unlock_vault",
    "unlock_with_keychain",
    "unlock_with_spare_key",
];

/// Every other command, with arguments that an open vault would take for well-formed.
fn samples() -> BTreeMap<&'static str, Value> {
    let id = "01890000-0000-7000-8000-000000000000";
    let space = json!({
        "kind": "journal", "role": null, "name": "My journal", "about": "", "cloth": "teal",
        "since": null, "meetEveryWeeks": null
    });
    let draft = note_draft(id, "private", "words");
    let change = json!({
        "id": id, "revision": 1, "label": "private", "on": "2026-06-09", "asToldBy": null,
        "body": draft["body"]
    });
    let filter = json!({
        "space": null, "kinds": [], "labels": [], "states": [], "parent": null, "from": null,
        "to": null, "binned": false, "offset": 0, "limit": 10
    });
    let text = json!({
        "title": "", "purpose": "", "audience": "", "from": "2026-01-01", "to": "2026-12-31",
        "expires": null, "paragraphs": [], "evidence": []
    });
    let channel = "__CHANNEL__:7";
    BTreeMap::from([
        (
            "allow_keychain",
            json!({ "passphrase": "", "progress": channel }),
        ),
        ("accept_vault", json!({})),
        ("withdraw_keychain", json!({})),
        ("withdraw_other_keychains", json!({})),
        (
            "begin_rekey",
            json!({ "current": "", "next": "", "seconds": [], "progress": channel }),
        ),
        ("cancel_rekey", json!({})),
        ("finish_rekey", json!({ "words": [], "progress": channel })),
        ("check_vault", json!({ "deep": true, "progress": channel })),
        ("mend_vault", json!({ "progress": channel })),
        ("prove_vault", json!({ "progress": channel })),
        (
            "keep_space_until",
            json!({ "space": id, "day": "2027-01-31" }),
        ),
        ("spare_key_words", json!({})),
        ("spare_key_questions", json!({})),
        ("save_spare_key_sheet", json!({})),
        ("print_spare_key_sheet", json!({})),
        (
            "confirm_spare_key",
            json!({ "words": [], "progress": channel }),
        ),
        (
            "change_passphrase",
            json!({ "current": PASSPHRASE, "next": "another four quiet words", "progress": channel }),
        ),
        (
            "replace_spare_key",
            json!({ "passphrase": PASSPHRASE, "progress": channel }),
        ),
        ("list_spaces", json!({})),
        ("create_space", json!({ "draft": space })),
        ("update_space", json!({ "space": id, "draft": space })),
        (
            "make_sealed",
            json!({ "space": id, "passphrase": PASSPHRASE, "progress": channel }),
        ),
        (
            "open_sealed",
            json!({ "space": id, "passphrase": PASSPHRASE, "progress": channel }),
        ),
        ("shut_sealed", json!({ "space": id })),
        ("list_shut_spaces", json!({})),
        (
            "open_space",
            json!({ "space": id, "passphrase": PASSPHRASE, "progress": channel }),
        ),
        ("close_space", json!({ "space": id })),
        (
            "set_second_passphrase",
            json!({ "space": id, "shownAs": "Thursdays", "passphrase": PASSPHRASE, "progress": channel }),
        ),
        (
            "change_second_passphrase",
            json!({ "space": id, "part": "sealed", "present": "", "next": "", "progress": channel }),
        ),
        (
            "remove_second_passphrase",
            json!({ "space": id, "present": "", "progress": channel }),
        ),
        (
            "show_space_as",
            json!({ "space": id, "shownAs": "Thursdays" }),
        ),
        (
            "forget_space",
            json!({ "space": id, "name": "My journal", "progress": channel }),
        ),
        ("save_receipt", json!({ "format": "pdf" })),
        ("profile", json!({})),
        ("save_profile", json!({ "profile": { "name": "Helen" } })),
        ("list_records", json!({ "filter": filter })),
        ("open_record", json!({ "id": id })),
        ("create_record", json!({ "draft": draft })),
        ("save_record", json!({ "change": change })),
        ("list_revisions", json!({ "id": id })),
        ("open_revision", json!({ "id": id, "revision": 1 })),
        ("restore_revision", json!({ "id": id, "revision": 1 })),
        ("undo_record", json!({ "id": id })),
        ("bin_record", json!({ "id": id })),
        ("unbin_record", json!({ "id": id })),
        ("erase_record", json!({ "id": id })),
        ("today", json!({})),
        (
            "evidence",
            json!({ "space": id, "from": "2026-01-01", "to": "2026-12-31" }),
        ),
        ("list_summaries", json!({ "space": null, "binned": false })),
        ("create_summary", json!({ "space": id, "text": text })),
        ("open_summary", json!({ "id": id })),
        (
            "save_summary",
            json!({ "id": id, "revision": 1, "text": text }),
        ),
        (
            "consent_summary",
            json!({ "id": id, "revision": 1, "by": "me", "name": "Helen" }),
        ),
        ("delete_summary", json!({ "id": id })),
        ("restore_summary", json!({ "id": id })),
        ("erase_summary", json!({ "id": id })),
        ("preview_summary", json!({ "id": id })),
        (
            "export_summary",
            json!({ "id": id, "format": "pdf", "toWhom": "the head", "progress": channel }),
        ),
        ("list_disclosures", json!({ "space": null })),
        ("choose_import", json!({ "space": id })),
        (
            "run_import",
            json!({ "token": "import-1", "space": id, "progress": channel }),
        ),
        ("undo_import", json!({})),
        ("backups", json!({})),
        ("choose_backup_folder", json!({})),
        ("stop_backups", json!({})),
        ("back_up_now", json!({ "progress": channel })),
        ("save_backup", json!({ "progress": channel })),
        ("check_backup", json!({ "id": "00", "progress": channel })),
        (
            "look_into_backup",
            json!({ "id": "00", "key": null, "progress": channel }),
        ),
        (
            "bring_back",
            json!({ "id": "00", "key": null, "records": [id], "progress": channel }),
        ),
        ("drop_backup", json!({ "id": "00" })),
    ])
}

/// What the window calls with a channel for progress is what takes one, and nothing else.
#[test]
fn the_window_sends_a_channel_to_the_commands_that_take_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut taking = BTreeSet::new();
    let folder = fs::read_dir(root.join("src-tauri/src/commands")).expect("the commands");
    for file in folder {
        let source = fs::read_to_string(file.expect("an entry").path()).expect("a source");
        for command in source.split("#[tauri::command]\npub async fn ").skip(1) {
            let (name, rest) = command.split_once('(').expect("a function");
            let signature = rest.split_once("-> ").expect("a function").0;
            if signature.contains("Channel<Progress>") {
                taking.insert(name.to_owned());
            }
        }
    }
    let window = fs::read_to_string(root.join("ui/src/ipc/commands.ts")).expect("a source");
    let sent = window.split("slow(\"").skip(1);
    let sent: BTreeSet<_> = sent
        .filter_map(|after| after.split_once('"'))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert!(taking.len() > 8, "{taking:?}");
    assert_eq!(taking, sent);
}

#[test]
fn every_command_but_a_few_refuses_while_the_vault_is_locked() {
    let samples = samples();
    let tried: BTreeSet<_> = samples.keys().copied().collect();
    let exempt = BTreeSet::from(ANSWERED_WHILE_LOCKED);
    assert_eq!(tried.intersection(&exempt).count(), 0);
    let known: BTreeSet<String> = tried.union(&exempt).map(|&name| name.to_owned()).collect();
    assert_eq!(known, rust_commands(), "each is tried here or exempt");

    let home = Home::new();
    let program = home.start_open();
    program.lock();
    for (command, arguments) in samples {
        assert_eq!(
            program.fails(command, arguments),
            "vaultLocked",
            "{command}"
        );
    }
    let asked = program.desktop.suggested.lock().expect("one at a time");
    assert!(asked.is_empty(), "nobody is asked where to save");
}
