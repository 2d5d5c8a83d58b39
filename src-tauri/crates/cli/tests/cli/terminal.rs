//! A person at a terminal.

use rexpect::session::{PtySession, spawn_command};
use testkit::PASSPHRASE;

use crate::world::{PROGRAM, World};

/// Long enough for a busy machine to stretch several passphrases.
const PATIENCE_MS: u64 = 60_000;

/// Runs the program on a terminal that echoes what is typed, once a line has shown that it does.
fn on_a_terminal(world: &World, arguments: &str) -> PtySession {
    let line = format!(
        "stty echo; read line; exec '{PROGRAM}' --vault '{}' --device-folder '{}' {arguments}",
        world.vault().display(),
        world.temp.places().device.display(),
    );
    let mut command = world.dressed("sh");
    command.args(["-c", &line]);
    let mut terminal = spawn_command(command, Some(PATIENCE_MS)).expect("a terminal");
    // Typed before the terminal echoes, it may be swallowed: so it is typed until it is seen.
    std::thread::sleep(std::time::Duration::from_millis(500));
    terminal.send_line("this terminal echoes").expect("typed");
    terminal
        .exp_string("this terminal echoes")
        .expect("it echoes");
    terminal
}

/// Answers a question as a person does: not in the very instant in which it appears.
fn answer(terminal: &mut PtySession, question: &str, line: &str) {
    terminal.exp_string(question).expect("it asks");
    std::thread::sleep(std::time::Duration::from_millis(400));
    terminal.send_line(line).expect("typed");
}

/// What came until the program ended; the terminal's reader takes each byte for a character.
fn rest(terminal: &mut PtySession) -> String {
    let said = terminal.exp_eof().expect("it ends");
    let bytes = said
        .chars()
        .map(|c| u8::try_from(u32::from(c)).expect("a byte"))
        .collect();
    String::from_utf8(bytes).expect("it speaks UTF-8")
}

/// Checks how the program ended. The type that says so has no name out here.
fn expect_code(terminal: &PtySession, code: u8) {
    let status = format!("{:?}", terminal.process().wait().expect("it ended"));
    assert!(
        status.starts_with("Exited(") && status.ends_with(&format!(", {code})")),
        "{status}"
    );
}

#[test]
fn the_passphrase_is_asked_for_without_echo() {
    let world = World::new();
    let mut terminal = on_a_terminal(&world, "space list");
    answer(&mut terminal, "Passphrase:", PASSPHRASE);
    let said = rest(&mut terminal);
    assert!(said.contains("Amara Nwosu"), "{said}");
    assert!(!said.contains("horse"), "{said}");
    expect_code(&terminal, 0);
}

#[test]
fn a_wrong_passphrase_and_two_that_differ_are_said() {
    let world = World::new();
    let mut terminal = on_a_terminal(&world, "list");
    answer(&mut terminal, "Passphrase:", "another one");
    let said = rest(&mut terminal);
    assert!(said.contains("That did not open it."), "{said}");
    expect_code(&terminal, 3);

    let mut terminal = on_a_terminal(&world, "passphrase change");
    answer(&mut terminal, "Passphrase:", PASSPHRASE);
    answer(
        &mut terminal,
        "New passphrase:",
        "lantern orbit maple quiet",
    );
    answer(&mut terminal, "Once more:", "lantern orbit maple loud");
    let said = rest(&mut terminal);
    assert!(said.contains("not the same"), "{said}");
    assert!(!said.contains("lantern"), "{said}");
    expect_code(&terminal, 2);
    assert_eq!(world.run(&["list"]).code, 0, "the old one still opens");
}

#[test]
fn no_record_can_play_with_the_terminal() {
    let world = World::new();
    let words = "before\u{1b}]0;owned\u{7}\u{202e}after\n\u{9b}31m";
    let kept = world.run_with(
        &["add", "note", "--space", "My journal", "--title", "t"],
        words,
    );
    assert_eq!(kept.code, 0, "{}", kept.err);
    let file = world.file("passphrase", PASSPHRASE);
    let arguments = format!(
        "--passphrase-file '{}' show {}",
        file.display(),
        kept.out.trim()
    );
    let mut terminal = on_a_terminal(&world, &arguments);
    let said = rest(&mut terminal);
    assert!(
        said.contains("before⟨U+001B⟩]0;owned⟨U+0007⟩⟨U+202E⟩after"),
        "{said:?}"
    );
    assert!(said.contains("⟨U+009B⟩31m"), "{said:?}");
    assert!(
        !said.contains('\u{1b}') && !said.contains('\u{9b}'),
        "{said:?}"
    );
    expect_code(&terminal, 0);
    let piped = world.run(&["show", kept.out.trim()]);
    assert!(
        piped.out.contains(words),
        "what goes into a file is what was written"
    );
}
