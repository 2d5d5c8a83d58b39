//! The command line itself: what it says of itself, and what it says to misuse.

use std::fs;

use crate::world::{World, give};

#[test]
fn misuse_ends_with_two_and_says_so_to_programs_too() {
    let world = World::empty();
    for arguments in [
        &[][..],
        &["fly"],
        &["list", "--since", "yesterday"],
        &["add", "note"],
        &["show"],
        &["list", "--vualt", "x"],
        &["list", "--passphrase-file", "a", "--passphrase-fd", "3"],
        &["list", "--since", "2026-02-01", "--until", "2026-01-01"],
    ] {
        let json: Vec<_> = ["--json"].iter().chain(arguments).copied().collect();
        let refused = world.run_bare(&json);
        assert_eq!(
            (refused.code, refused.failure().as_str()),
            (2, "usage"),
            "{arguments:?}"
        );
        assert_eq!(refused.out, "", "{arguments:?}");
        let for_people = world.run_bare(arguments);
        assert_eq!(for_people.err.lines().count(), 2, "{}", for_people.err);
    }
    let secret = world.run_bare(&["add", "note", "correct horse"]);
    assert!(
        secret.code == 2 && !secret.err.contains("horse"),
        "{}",
        secret.err
    );
}

#[test]
fn it_says_what_it_can_do_and_which_version_it_is() {
    let world = World::empty();
    let help = world.run_bare(&["--help"]);
    assert_eq!(help.code, 0);
    for command in [
        "init",
        "space",
        "add",
        "list",
        "show",
        "check",
        "repair",
        "prove",
        "backup",
        "backups",
        "restore",
        "bring-back",
        "passphrase",
        "recovery",
        "forget",
        "export",
    ] {
        assert!(
            help.out.contains(&format!("\n  {command} ")),
            "{command}: {}",
            help.out
        );
    }
    let version = world.run_bare(&["--version"]);
    assert_eq!(
        version.out.trim(),
        concat!("confidant-cli ", env!("CARGO_PKG_VERSION"))
    );
    let of_a_command = world.run_bare(&["add", "note", "--help"]);
    assert!(
        of_a_command.out.contains("standard input"),
        "{}",
        of_a_command.out
    );
}

#[test]
fn man_pages_and_completions_are_made_by_the_program_itself() {
    let world = World::empty();
    let to = world.at("man");
    assert_eq!(
        world
            .run_bare(&["man", "--to", to.to_str().expect("a path")])
            .code,
        0
    );
    let page = fs::read_to_string(to.join("confidant-cli-recovery-unlock.1")).expect("a page");
    assert!(page.contains("words\\-file"), "{page}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = world.run_bare(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.out.contains("passphrase-file"), "{shell}");
    }
}

#[test]
fn without_a_terminal_and_without_a_passphrase_nobody_is_asked() {
    let world = World::new();
    let mut command = world.dressed("setsid");
    command
        .args(["--wait", crate::world::PROGRAM, "--vault"])
        .arg(world.vault())
        .arg("--device-folder")
        .arg(&world.temp.places().device)
        .args(["--json", "list"]);
    let refused = give(command, "");
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (2, "noTerminal")
    );
}

#[test]
fn a_vault_that_was_never_set_up_says_so() {
    let (temp, vault) = testkit::TempVault::create();
    drop(vault);
    let mut world = World::empty();
    world.temp = temp;
    let refused = world.run(&["--json", "list"]);
    assert_eq!(
        (refused.code, refused.failure().as_str()),
        (1, "setUpUnfinished")
    );
}

/// What a core dump or a debugger would see is what this process holds: the passphrase, keys and words.
#[cfg(target_os = "linux")]
#[test]
fn while_it_runs_it_leaves_no_core_and_lets_nobody_look_into_it() {
    use std::{io::Read, process::Stdio, time::Duration};
    let world = World::new();
    let mut command = world.command();
    // It waits for the passphrase on its standard input, which stays open.
    let mut child = command
        .args(["--passphrase-fd", "0", "list"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("started");
    let folder = std::path::PathBuf::from(format!("/proc/{}", child.id()));
    let core = || {
        let mut limits = String::new();
        let file = std::fs::File::open(folder.join("limits"));
        file.expect("there")
            .read_to_string(&mut limits)
            .expect("read");
        let line = limits.lines().find(|line| line.starts_with("Max core"));
        line.expect("a limit").to_owned()
    };
    let mut last = String::new();
    let limited = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        last = core();
        last.split_whitespace().filter(|word| *word == "0").count() == 2
    });
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(limited, "{last}");
}
