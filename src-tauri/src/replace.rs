//! Locking replaces the process. A note that was read has left copies in buffers of the toolkit and of the web view,
//! which nobody can wipe; so once the keys are dropped and the vault is closed, a fresh process shows the lock screen
//! where the window was, and the old one is no more. See decision 0007.
//!
//! What the fresh process must know goes through a pipe to its standard input: no file, no argument and no variable
//! holds it.

use std::{
    ffi::OsString,
    io::{self, IsTerminal, Read, Write},
    path::PathBuf,
    process::{Command, ExitCode},
};

use serde::{Deserialize, Serialize};

/// Says on the command line that a [`Handover`] stands on the standard input. It is not for people.
pub const SWITCH: &str = "--after-lock";
/// The longest handover; well below what a pipe takes without a reader.
const LONGEST: u64 = 8 * 1024;
const LONGEST_PLACE: usize = 512;

/// What a process that locks leaves to the one that takes its place. No word that anybody wrote is in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Handover {
    /// What the window left.
    pub left: Left,
    /// Where the window was.
    pub bounds: Option<Bounds>,
    /// The folder of the demo vault.
    pub demo: Option<PathBuf>,
}

/// What the window leaves when it locks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Left {
    /// The address to return to once the vault is open again; ids only.
    pub place: String,
    /// Whether words that were typed could not be saved.
    pub lost_words: bool,
}

/// Where a window is, in pixels that do not depend on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Of what is inside the frame.
    pub width: f64,
    /// Of what is inside the frame.
    pub height: f64,
    /// Whether it fills the screen, and the rest is where it would go back to.
    pub maximised: bool,
    /// Whether it covers the whole screen.
    pub fullscreen: bool,
    /// Whether it was put away.
    pub minimised: bool,
    /// Whether it was in front.
    pub focused: bool,
}

impl Handover {
    /// Reads what the process before has left; nothing where there is nothing to understand.
    pub fn receive() -> Self {
        let input = io::stdin();
        if input.is_terminal() {
            return Self::default();
        }
        Self::read(input.lock())
    }

    fn read(input: impl Read) -> Self {
        let mut bytes = Vec::new();
        match input.take(LONGEST).read_to_end(&mut bytes) {
            Ok(_) => serde_json::from_slice(&bytes).unwrap_or_default(),
            Err(_) => Self::default(),
        }
    }
}

impl Left {
    /// The address to open the window at: what the window left, where it is one.
    pub fn address(&self) -> &str {
        let fits = |one: char| one.is_ascii_alphanumeric() || "/-_.~?=&%".contains(one);
        let place = self.place.as_str();
        match place.starts_with('/') && place.len() <= LONGEST_PLACE && place.chars().all(fits) {
            true => place,
            false => "/",
        }
    }
}

/// Lets a fresh process take the place of this one. Where the system can, it is the same process to everybody who
/// watches it: on Linux this returns only when it has failed.
///
/// Nothing of the session may be open any more: no vault, no folder of the web view, no name on the bus.
pub fn begin_anew(handover: &Handover) -> ExitCode {
    match begin(handover) {
        Ok(code) => code,
        // What was open is locked all the same; the person starts the program again.
        Err(_) => ExitCode::FAILURE,
    }
}

fn begin(handover: &Handover) -> io::Result<ExitCode> {
    let handover = serde_json::to_vec(handover)?;
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_else(|| "confidant".into());
    let mut command = Command::new(program()?);
    command
        .args(arguments.filter(|argument| argument != SWITCH))
        .arg(SWITCH);
    start(command, name, &handover)
}

/// The file of this very program, also when a newer one has been put into its place.
fn program() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    if cfg!(target_os = "linux") && !path.exists() {
        return Ok("/proc/self/exe".into());
    }
    Ok(path)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn start(mut command: Command, name: OsString, handover: &[u8]) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;

    let (reader, mut writer) = io::pipe()?;
    writer.write_all(handover)?;
    drop(writer);
    // The first three go on; whatever else a library has left open ends here.
    const FIRST_OTHER: i32 = 3;
    close_fds::set_fds_cloexec_threadsafe(FIRST_OTHER, &[]);
    Err(command.arg0(name).stdin(reader).exec())
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn start(mut command: Command, _name: OsString, handover: &[u8]) -> io::Result<ExitCode> {
    let mut fresh = command.stdin(std::process::Stdio::piped()).spawn()?;
    if let Some(mut input) = fresh.stdin.take() {
        input.write_all(handover)?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_arrives() {
        let handover = Handover {
            left: Left {
                place: "/spaces/0197-aa/notes/0197-bb?all=".to_owned(),
                lost_words: true,
            },
            bounds: Some(Bounds {
                x: 10.0,
                y: 20.5,
                width: 1280.0,
                height: 820.0,
                maximised: false,
                fullscreen: false,
                minimised: true,
                focused: false,
            }),
            demo: Some("/tmp/confidant-demo-x".into()),
        };
        let bytes = serde_json::to_vec(&handover).expect("plain data");
        assert_eq!(Handover::read(&bytes[..]), handover);
        assert_eq!(handover.left.address(), handover.left.place);
    }

    #[test]
    fn what_cannot_be_understood_is_nothing() {
        for bytes in [&b""[..], b"{", b"[]", b"{\"left\":7}"] {
            assert_eq!(Handover::read(bytes), Handover::default());
        }
        let endless = io::repeat(b' ');
        assert_eq!(Handover::read(endless), Handover::default());
    }

    #[test]
    fn an_address_holds_ids_and_nothing_else() {
        let address = |place: &str| {
            let left = Left {
                place: place.to_owned(),
                lost_words: false,
            };
            left.address().to_owned()
        };
        assert_eq!(address("/today?all="), "/today?all=");
        assert_eq!(address("today"), "/");
        assert_eq!(address(""), "/");
        assert_eq!(address("/a b"), "/");
        assert_eq!(address("/#/x"), "/");
        assert_eq!(address("/né"), "/");
        assert_eq!(address(&format!("/{}", "a".repeat(600))), "/");
    }
}
