//! The time from starting a program until its first screen stands, ours and a bare window's in turn; and that from the key
//! that locks until the lock screen stands, which is a start, too, for locking replaces the process.
//!
//! Read from the frame buffer of a virtual display, the same for both: every few milliseconds some
//! rows of the screen are kept; when nothing has changed for a while, the earliest moment that
//! showed (nearly) the last picture is the time. So a blank window or a splash does not count.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use display::{Display, Running};
use tempfile::TempDir;

use crate::Error;
use crate::measure::Times;
use crate::report::{Entry, Held, Report};

/// The screen: the usual window and a little more.
const SCREEN: (u32, u32) = (1400, 900);

/// Every how many rows one is looked at.
const ROW_STEP: usize = 12;

const BYTES_PER_PIXEL: usize = 4;

/// How often the screen is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(4);

/// A picture that stays for this long is the last one.
const QUIET: Duration = Duration::from_millis(1_500);

/// How long the first screen may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Share of the bytes looked at that may differ: a caret may blink.
const SAME: f64 = 0.001;

/// The release window may take this many times as long as a bare one.
const RATIO: f64 = 1.3;

/// And its lock screen: the vault is closed, the processes end, and the window comes back where it was.
const LOCK_RATIO: f64 = 1.5;

/// Measures the first paint; saves both last pictures into `pictures`.
pub fn measure(
    report: &mut Report,
    program: &Path,
    bare: &Path,
    pictures: &Path,
    quick: bool,
) -> Result<(), Error> {
    let rounds = if quick { 3 } else { 11 };
    let mut display = Display::start(SCREEN.0, SCREEN.1)?;
    display.manage_windows()?;
    let mut times = [Times::default(), Times::default()];
    let mut locking = Times::default();
    // The first round warms the page cache and the display driver's cache of shaders, which outlives a start on a person's
    // machine, too; it is not counted.
    let shaders = tempfile::Builder::new()
        .prefix("bench-shaders-")
        .tempdir()?;
    for round in 0..=rounds {
        // The other one begins each round.
        let mut order = [(0, program, "ours.png"), (1, bare, "bare.png")];
        order.rotate_left(round % 2);
        for (which, path, name) in order {
            let time = first_screen(&display, path, shaders.path(), &pictures.join(name))?;
            if round > 0 {
                times[which].push(time);
            }
        }
        let time = lock_screen(
            &display,
            program,
            shaders.path(),
            &pictures.join("locked.png"),
        )?;
        if round > 0 {
            locking.push(time);
        }
    }
    let [ours, peer] = &times;
    report.add(
        Entry::new("first screen of the release window", "ms", ours.median_ms())
            .against("bare Tauri window", peer.median_ms())
            .held(Held::Ratio, RATIO),
    );
    report.add(
        Entry::new(
            "lock screen after the key that locks",
            "ms",
            locking.median_ms(),
        )
        .against("bare Tauri window, first screen", peer.median_ms())
        .held(Held::Ratio, LOCK_RATIO),
    );
    Ok(())
}

/// The time until the first screen stands.
fn first_screen(
    display: &Display,
    program: &Path,
    shaders: &Path,
    picture: &Path,
) -> Result<Duration, Error> {
    let screen = Screen::open(display)?;
    let empty = screen.look()?;
    let begun = Instant::now();
    let (mut running, _home) = start(display, program, shaders, false)?;
    let time = screen.until_it_stands(display, begun, &empty, &mut running)?;
    display.picture()?.trimmed().save_png(picture)?;
    running.end();
    screen.wait_until(&empty)?;
    Ok(time)
}

/// The time from the key that locks the demo until the lock screen stands.
fn lock_screen(
    display: &Display,
    program: &Path,
    shaders: &Path,
    picture: &Path,
) -> Result<Duration, Error> {
    let screen = Screen::open(display)?;
    let empty = screen.look()?;
    let (mut running, _home) = start(display, program, shaders, true)?;
    screen.until_it_stands(display, Instant::now(), &empty, &mut running)?;
    let open = screen.look()?;
    let begun = Instant::now();
    let mut key = Command::new("xdotool");
    display.dress(&mut key);
    if !key.args(["key", "ctrl+l"]).status()?.success() {
        return Err(Error::Wrong(
            "the key that locks could not be pressed".to_owned(),
        ));
    }
    let time = screen.until_it_stands(display, begun, &open, &mut running)?;
    let locked = display.picture()?;
    locked.trimmed().save_png(picture)?;
    running.end();
    screen.wait_until(&empty)?;
    Ok(time)
}

/// Starts a program in a home of its own, with the demo or as for the first time.
fn start(
    display: &Display,
    program: &Path,
    shaders: &Path,
    demo: bool,
) -> Result<(Running, TempDir), Error> {
    let home = tempfile::Builder::new().prefix("bench-paint-").tempdir()?;
    let mut command = display::mortal(program);
    display.dress(&mut command);
    for name in [
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR",
    ] {
        command.env(name, home.path());
    }
    command.env("MESA_SHADER_CACHE_DIR", shaders);
    if demo {
        command.arg("--demo");
    } else {
        folders(&mut command, home.path());
    }
    let child = command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok((Running::new(child), home))
}

/// The folders of a first start. The bare window does not look at its arguments.
fn folders(command: &mut Command, home: &Path) {
    command.arg("--vault").arg(home.join("vault"));
    command.arg("--device-folder").arg(home.join("device"));
}

/// Some rows of the frame buffer.
struct Screen {
    file: File,
    begin: u64,
}

impl Screen {
    fn open(display: &Display) -> Result<Self, Error> {
        let file = File::open(display.frame_file())?;
        let (width, height) = (u64::from(SCREEN.0), u64::from(SCREEN.1));
        // Whatever the header's length is, the pixels are at the end.
        let begin = file.metadata()?.len() - width * height * BYTES_PER_PIXEL as u64;
        Ok(Self { file, begin })
    }

    /// The time from `begun` until a picture that is not `before`, and no window without a page, stands and stays.
    fn until_it_stands(
        &self,
        display: &Display,
        begun: Instant,
        before: &[u8],
        running: &mut Running,
    ) -> Result<Duration, Error> {
        let mut looks: Vec<(Duration, Vec<u8>)> = vec![(Duration::ZERO, before.to_vec())];
        loop {
            thread::sleep(LOOK_EVERY);
            let (at, look) = (begun.elapsed(), self.look()?);
            let (since, last) = looks.last().expect("it begins with one");
            if difference(&look, last) > SAME {
                looks.push((at, look));
            } else if at - *since > QUIET
                && difference(last, before) > SAME
                && !display.picture()?.trimmed().is_bare()
            {
                break;
            }
            if at > LIMIT || !running.is_alive() {
                return Err(Error::Wrong("no screen came to stand".to_owned()));
            }
        }
        let last = self.look()?;
        let stands = looks
            .iter()
            .find(|(_, look)| difference(look, &last) <= SAME);
        let time = stands.map(|(at, _)| *at);
        time.ok_or_else(|| Error::Wrong("the last picture was never seen".to_owned()))
    }

    fn wait_until(&self, picture: &[u8]) -> Result<(), Error> {
        let begun = Instant::now();
        while difference(&self.look()?, picture) > SAME {
            if begun.elapsed() > LIMIT {
                return Err(Error::Wrong("a window stayed on the screen".to_owned()));
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    fn look(&self) -> Result<Vec<u8>, Error> {
        let row = SCREEN.0 as usize * BYTES_PER_PIXEL;
        let rows = (0..SCREEN.1 as usize).step_by(ROW_STEP);
        let mut look = vec![0; rows.len() * row];
        for (row_bytes, y) in look.chunks_exact_mut(row).zip(rows) {
            self.file
                .read_exact_at(row_bytes, self.begin + (y * row) as u64)?;
        }
        Ok(look)
    }
}

/// The share of bytes that differ.
fn difference(one: &[u8], other: &[u8]) -> f64 {
    let different = one.iter().zip(other).filter(|(a, b)| a != b).count();
    different as f64 / one.len() as f64
}
