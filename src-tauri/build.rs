//! Tells Tauri which commands the window may call.

use std::fs;

const LIST: &str = "src-tauri/src/commands/mod.rs";

fn main() {
    println!("cargo:rerun-if-changed={LIST}");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    println!("cargo:rerun-if-changed=tauri.conf.json");
    let commands = commands();
    let names: Vec<&'static str> = commands
        .into_iter()
        .map(|name| &*Box::leak(name.into_boxed_str()))
        .collect();
    let manifest = tauri_build::AppManifest::new()
        .commands(Box::leak(names.into_boxed_slice()))
        .permissions_path_pattern("src-tauri/permissions/*.toml");
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes).expect("Tauri's configuration is sound");
}

/// The names in the one list of commands.
fn commands() -> Vec<String> {
    let source = fs::read_to_string(LIST).expect("the list of commands is in the tree");
    let lines = source.lines().map(|line| line.trim().trim_end_matches(','));
    let paths = lines.filter_map(|line| line.strip_prefix("commands::"));
    let names: Vec<_> = paths
        .filter_map(|path| path.rsplit("::").next().map(str::to_owned))
        .collect();
    assert!(!names.is_empty(), "the list of commands has commands");
    names
}
