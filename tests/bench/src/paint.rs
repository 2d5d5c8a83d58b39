//! The time from starting a program until its first screen stands, ours and a bare window's in turn.
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
    // The first round warms the page cache and is not counted.
    for round in 0..=rounds {
        // The other one begins each round.
        let mut order = [(0, program, "ours.png"), (1, bare, "bare.png")];
        order.rotate_left(round % 2);
        for (which, path, name) in order {
            let time = first_screen(&display, path, &pictures.join(name))?;
            if round > 0 {
                times[which].push(time);
            }
        }
    }
    let [ours, peer] = &times;
    report.add(
        Entry::new("first screen of the release window", "ms", ours.median_ms())
            .against("bare Tauri window", peer.median_ms())
            .held(Held::Ratio, RATIO),
    );
    Ok(())
}

/// The time until the first screen stands.
fn first_screen(display: &Display, program: &Path, picture: &Path) -> Result<Duration, Error> {
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
    folders(&mut command, home.path());
    let screen = Screen::open(display)?;
    let empty = screen.look()?;
    let begun = Instant::now();
    let child = command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut running = Running::new(child);
    let mut looks: Vec<(Duration, Vec<u8>)> = vec![(Duration::ZERO, empty.clone())];
    loop {
        thread::sleep(LOOK_EVERY);
        let (at, look) = (begun.elapsed(), screen.look()?);
        let (since, last) = looks.last().expect("it begins with one");
        if difference(&look, last) > SAME {
            looks.push((at, look));
        } else if at - *since > QUIET && difference(last, &empty) > SAME {
            break;
        }
        if at > LIMIT || !running.is_alive() {
            return Err(Error::Wrong(format!(
                "{} shows no first screen",
                program.display()
            )));
        }
    }
    display.picture()?.trimmed().save_png(picture)?;
    let last = screen.look()?;
    let stands = looks
        .iter()
        .find(|(_, look)| difference(look, &last) <= SAME);
    let time = stands.map(|(at, _)| *at);
    running.end();
    wait_until_empty(&screen, &empty)?;
    time.ok_or_else(|| Error::Wrong("the last picture was never seen".to_owned()))
}

/// The folders of a first start. The bare window does not look at its arguments.
fn folders(command: &mut Command, home: &Path) {
    command.arg("--vault").arg(home.join("vault"));
    command.arg("--device-folder").arg(home.join("device"));
}

fn wait_until_empty(screen: &Screen, empty: &[u8]) -> Result<(), Error> {
    let begun = Instant::now();
    while difference(&screen.look()?, empty) > SAME {
        if begun.elapsed() > LIMIT {
            return Err(Error::Wrong("a window stayed on the screen".to_owned()));
        }
        thread::sleep(LOOK_EVERY);
    }
    Ok(())
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
