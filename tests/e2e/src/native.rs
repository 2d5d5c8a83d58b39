//! What happens outside the page: keys and windows of the desktop, by `xdotool`.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use display::Display;

use crate::driver::output_of;

/// How long a native dialog may take to come or go.
const DIALOG_LIMIT: Duration = Duration::from_secs(10);

/// How often windows are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long GTK's list of completions may take to come and go.
const COMPLETIONS: Duration = Duration::from_millis(400);

/// Between two keys: GTK's chooser completes paths while they are typed.
const KEY_DELAY_MS: &str = "8";

/// The desktop's side of a display.
pub struct Desktop<'a>(pub &'a Display);

impl Desktop<'_> {
    /// Presses keys in the focused window, in xdotool's words, such as `alt+F4`.
    pub fn press(&self, keys: &str) {
        self.xdotool(&["key", "--clearmodifiers", keys])
            .expect("xdotool presses keys");
    }

    /// The window that has the focus.
    pub fn active_window(&self) -> Option<String> {
        self.xdotool(&["getactivewindow"]).ok()
    }

    /// The title of the window that has the focus.
    pub fn active_title(&self) -> Option<String> {
        self.xdotool(&["getactivewindow", "getwindowname"]).ok()
    }

    /// Waits until another window than this has the focus, and returns it.
    pub fn wait_for_dialog(&self, above: &str) -> String {
        let begun = Instant::now();
        loop {
            if let Some(active) = self.active_window().filter(|active| active != above) {
                // The window is there before its fields take keys.
                thread::sleep(Duration::from_millis(300));
                return active;
            }
            assert!(
                begun.elapsed() < DIALOG_LIMIT,
                "no dialog opened within {DIALOG_LIMIT:?}"
            );
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Types text into the focused window.
    pub fn type_text(&self, text: &str) {
        self.xdotool(&[
            "type",
            "--clearmodifiers",
            "--delay",
            KEY_DELAY_MS,
            "--",
            text,
        ])
        .expect("xdotool types");
    }

    /// Answers GTK's file chooser with a path, and waits until it is gone.
    pub fn answer_file_dialog(&self, above: &str, path: &Path) {
        let dialog = self.wait_for_dialog(above);
        // Opens the field for a path when choosing, and selects the name when saving.
        self.press("ctrl+l");
        self.press("ctrl+a");
        self.type_text(path.to_str().expect("journeys use paths in UTF-8"));
        // The list of completions takes the Return key while it is there: asked until it is heard,
        // and only while this dialog has the focus.
        let begun = Instant::now();
        while self.active_window().as_deref() == Some(dialog.as_str()) {
            assert!(begun.elapsed() < DIALOG_LIMIT, "the dialog stayed open");
            self.press("Return");
            thread::sleep(COMPLETIONS);
        }
    }

    /// Minimises the window that has the focus.
    pub fn minimise(&self) {
        self.xdotool(&["getactivewindow", "windowminimize"])
            .expect("xdotool minimises");
    }

    /// Resizes the window that has the focus.
    pub fn resize(&self, window: &str, width: u32, height: u32) {
        let (width, height) = (width.to_string(), height.to_string());
        self.xdotool(&["windowsize", window, &width, &height])
            .expect("xdotool resizes");
    }

    /// Moves the window that has the focus.
    pub fn move_active_window(&self, x: i32, y: i32) {
        self.xdotool(&[
            "getactivewindow",
            "windowmove",
            "--sync",
            &x.to_string(),
            &y.to_string(),
        ])
        .expect("xdotool moves windows");
    }

    /// Left, top, width and height of the window that has the focus.
    pub fn place_of_active_window(&self) -> Result<(i32, i32, i32, i32), String> {
        let printed = self.xdotool(&["getactivewindow", "getwindowgeometry", "--shell"])?;
        let value = |name: &str| {
            let line = printed.lines().find_map(|line| line.strip_prefix(name))?;
            line.strip_prefix('=')?.parse().ok()
        };
        let all = (value("X"), value("Y"), value("WIDTH"), value("HEIGHT"));
        match all {
            (Some(x), Some(y), Some(width), Some(height)) => Ok((x, y, width, height)),
            _ => Err(format!("no place: {printed}")),
        }
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new("xdotool");
        output_of(command.args(arguments).env("DISPLAY", self.0.name()))
    }
}
