//! Running other programs: said before it is done, and listened to where their words are counted.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use crate::error::Error;

/// Runs a command with our own output and input; a failure names it.
pub fn run(command: &mut Command) -> Result<(), Error> {
    let words = announce(command);
    let status = command
        .status()
        .map_err(|source| Error::Start(words.clone(), source))?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Failed(words, status))
    }
}

/// Runs a command, passes its output on as it comes, and returns all of it with the verdict.
pub fn listen(command: &mut Command) -> Result<(String, Result<(), Error>), Error> {
    let words = announce(command);
    if std::io::stdout().is_terminal() {
        command
            .env("CARGO_TERM_COLOR", "always")
            .env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| Error::Start(words.clone(), source))?;
    let out = pass_on(
        child.stdout.take().expect("stdout was piped above"),
        std::io::stdout(),
    );
    let err = pass_on(
        child.stderr.take().expect("stderr was piped above"),
        std::io::stderr(),
    );
    let status = child
        .wait()
        .map_err(|source| Error::Start(words.clone(), source))?;
    let mut heard = out.join().expect("passing output on does not panic");
    heard.push_str(&err.join().expect("passing output on does not panic"));
    let verdict = if status.success() {
        Ok(())
    } else {
        Err(Error::Failed(words, status))
    };
    Ok((heard, verdict))
}

/// What a command prints, without showing it; `None` when it cannot be run or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command as a person would type it.
pub fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text without terminal colours and other control sequences.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if character == '\u{1b}' && rest.next_if_eq(&'[').is_some() {
            while rest.next().is_some_and(|next| !next.is_ascii_alphabetic()) {}
        } else {
            plain.push(character);
        }
    }
    plain
}

fn announce(command: &Command) -> String {
    let words = words(command);
    println!("$ {words}");
    words
}

fn pass_on(
    from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut heard = String::new();
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            // A closed terminal must not stop the counting.
            let _ = to.write_all(&line).and_then(|()| to.flush());
            heard.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
        heard
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_away() {
        assert_eq!(plain("\u{1b}[32;1m12 passed\u{1b}[0m, ok"), "12 passed, ok");
        assert_eq!(plain("plain"), "plain");
    }

    #[cfg(unix)]
    #[test]
    fn both_outputs_are_heard_and_a_failure_is_a_failure() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let (heard, verdict) = listen(&mut command).unwrap();
        assert!(heard.contains("out\n") && heard.contains("err\n"));
        assert!(matches!(verdict, Err(Error::Failed(..))));
    }
}
