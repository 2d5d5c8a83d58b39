//! A virtual X display (Xvfb) with a window manager (openbox), and pictures of what it shows.
//!
//! Used by `cargo xtask run` on a machine without a display, by the end-to-end tests, and by the
//! first-paint benchmark. Pictures are read from the server's own frame buffer file, so no
//! screenshot program is needed. Everything ends when the value is dropped, panics included; should
//! the owner be killed, the kernel ends the servers (`setpriv --pdeathsig`).

mod child;
mod picture;

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

pub use child::Running;
pub use picture::Picture;

/// The name of the frame buffer file that Xvfb keeps in its folder.
const FRAME_FILE: &str = "Xvfb_screen0";

/// How long the X server may take to answer with its display number.
const SERVER_LIMIT: Duration = Duration::from_secs(20);

/// How often a display is looked at while waiting for it to settle.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Pixels per thousand that may change in a settled picture: a blinking caret is no new picture.
const CARET_PER_MILLE: f64 = 0.5;

/// Everything that can be wrong with a virtual display.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program could not be started.
    #[error("{program} could not be started: {source}")]
    Start {
        /// The program's name.
        program: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The X server ended or stayed silent instead of naming its display.
    #[error("Xvfb did not name its display within {0:?}")]
    NoDisplay(Duration),
    /// A file or folder of the display could not be used.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The frame buffer file is not the picture format expected.
    #[error("the frame buffer of Xvfb has an unknown form: {0}")]
    Frame(&'static str),
    /// The picture could not be written.
    #[error(transparent)]
    Png(#[from] png::EncodingError),
    /// Nothing was painted, or painting did not stop.
    #[error("the display did not settle within {0:?}")]
    Restless(Duration),
}

/// A running virtual display.
pub struct Display {
    // Dropped in this order: the manager is a client of the server.
    manager: Option<Running>,
    server: Running,
    name: String,
    folder: tempfile::TempDir,
}

impl Display {
    /// Starts Xvfb on a free display number with one 24-bit screen of `width` × `height` pixels and
    /// no pointer: a screen without windows is a blank picture.
    pub fn start(width: u32, height: u32) -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("display-").tempdir()?;
        let mut child = mortal("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-nolisten",
                "tcp",
                "-noreset",
                "-nocursor",
            ])
            .args(["-screen", "0", &format!("{width}x{height}x24")])
            .arg("-fbdir")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Start {
                program: "Xvfb",
                source,
            })?;
        let answer = child.stdout.take().expect("stdout was piped above");
        let server = Running::new(child);
        let number = first_line(answer, SERVER_LIMIT).ok_or(Error::NoDisplay(SERVER_LIMIT))?;
        Ok(Self {
            manager: None,
            server,
            name: format!(":{number}"),
            folder,
        })
    }

    /// Starts openbox on this display, so that dialogs take the focus and windows can be resized.
    pub fn manage_windows(&mut self) -> Result<(), Error> {
        let settings = self.folder.path().join("openbox.xml");
        fs::write(&settings, OPENBOX_SETTINGS)?;
        let child = mortal("openbox")
            .arg("--sm-disable")
            .arg("--config-file")
            .arg(&settings)
            .env("DISPLAY", &self.name)
            .env("HOME", self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Start {
                program: "openbox",
                source,
            })?;
        self.manager = Some(Running::new(child));
        Ok(())
    }

    /// The display's name as `DISPLAY` takes it, such as `:1`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sets the environment of a program that is to appear on this display.
    pub fn dress(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.name)
            .env("GDK_BACKEND", "x11")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY");
    }

    /// Whether the X server is still there.
    pub fn is_alive(&mut self) -> bool {
        self.server.is_alive()
    }

    /// What the screen shows at this moment.
    pub fn picture(&self) -> Result<Picture, Error> {
        Picture::from_frame_buffer(&fs::read(self.frame_file())?)
    }

    /// The server's frame buffer file, for readers that want to look at it very often.
    pub fn frame_file(&self) -> PathBuf {
        self.folder.path().join(FRAME_FILE)
    }

    /// Waits until something is painted and then stays the same for `quiet`.
    pub fn settled(&self, quiet: Duration, limit: Duration) -> Result<Picture, Error> {
        let begun = Instant::now();
        let mut last = self.picture()?;
        let mut since = Instant::now();
        while begun.elapsed() < limit {
            thread::sleep(LOOK_EVERY);
            let now = self.picture()?;
            if now.difference_per_mille(&last) > CARET_PER_MILLE {
                last = now;
                since = Instant::now();
            } else if since.elapsed() >= quiet && !now.is_blank() {
                return Ok(now);
            }
        }
        Err(Error::Restless(limit))
    }
}

/// Whether `program` can be found in `PATH`.
pub fn is_installed(program: &str) -> bool {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::var_os("PATH")
        .is_some_and(|paths| std::env::split_paths(&paths).any(|at| at.join(&file).is_file()))
}

/// A command that the kernel ends when its starter dies, where `setpriv` is there to ask for it.
pub fn mortal(program: impl AsRef<OsStr>) -> Command {
    if cfg!(target_os = "linux") && Path::new("/usr/bin/setpriv").is_file() {
        let mut command = Command::new("/usr/bin/setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

/// No shortcuts that could swallow a test's keys, but closing a window as people do; no animation;
/// new windows get the focus.
const OPENBOX_SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <placement><policy>Smart</policy><center>yes</center></placement>
  <theme><name>Clearlooks</name><animateIconify>no</animateIconify></theme>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
  <mouse>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
    </context>
  </mouse>
</openbox_config>
"#;

fn first_line(from: impl io::Read + Send + 'static, limit: Duration) -> Option<String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(from).read_line(&mut line);
        // The receiver is gone when the limit has passed: nobody is left to tell.
        let _ = sender.send(read.is_ok().then(|| line.trim().to_owned()));
    });
    receiver
        .recv_timeout(limit)
        .ok()
        .flatten()
        .filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_read_and_silence_is_none() {
        assert_eq!(
            first_line(&b"7\nrest"[..], SERVER_LIMIT),
            Some("7".to_owned())
        );
        assert_eq!(first_line(&b""[..], SERVER_LIMIT), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_display_starts_shows_a_blank_screen_and_ends() {
        let mut display = Display::start(320, 200).expect("Xvfb is installed by cargo xtask test");
        let picture = display
            .picture()
            .expect("a running display has a frame buffer");
        assert_eq!((picture.width(), picture.height()), (320, 200));
        assert!(picture.is_blank());
        display
            .manage_windows()
            .expect("openbox is installed by cargo xtask test");
        let waited = display.settled(Duration::from_millis(300), Duration::from_secs(1));
        assert!(
            matches!(waited, Err(Error::Restless(_))),
            "nothing was painted"
        );
        assert!(display.is_alive());
        let folder = display.folder.path().to_owned();
        drop(display);
        assert!(!folder.exists());
    }
}
