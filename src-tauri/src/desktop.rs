//! What the program asks of the desktop: where to save, what to open, to print.
//!
//! Paths come only from here, never from the web view.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use tauri::{AppHandle, Emitter, Manager, Runtime};

use crate::{
    error::{ErrorCode, Reply},
    replace::{self, Handover, Left},
    state::{AppState, lock},
    window,
};

/// How long the window may take to say where it is. One that hangs shall lock all the same.
const WINDOW_LIMIT: Duration = Duration::from_millis(500);
/// How long the desktop may take to end the program once it is asked to.
const END_LIMIT: Duration = Duration::from_secs(5);

/// A kind of file, for the dialogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Pages.
    Pdf,
    /// Text in Markdown.
    Markdown,
    /// A web page.
    Html,
    /// Plain text.
    Text,
    /// A journal written by jrnl.
    Jrnl,
    /// A backup of a vault.
    Backup,
}

impl FileKind {
    /// The words for it, and the endings of its files.
    fn filter(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Pdf => ("file-kind-pdf", &["pdf"]),
            Self::Markdown => ("file-kind-markdown", &["md"]),
            Self::Html => ("file-kind-html", &["html"]),
            Self::Text => ("file-kind-text", &["txt"]),
            Self::Backup => ("file-kind-backup", &["cfdbackup"]),
            Self::Jrnl => ("file-kind-jrnl", &["txt", "json", "jrnl", "*"]),
        }
    }
}

/// A file that was named without its ending is not found again by those who look for its kind.
fn with_ending(path: PathBuf, endings: &[&str]) -> PathBuf {
    let has_one = path
        .extension()
        .is_some_and(|ending| endings.iter().any(|one| ending.eq_ignore_ascii_case(one)));
    match (endings.first(), path.file_name()) {
        (Some(first), Some(name)) if !has_one => {
            let mut name = name.to_owned();
            name.push(".");
            name.push(first);
            let named = path.with_file_name(name);
            // Whoever was asked whether to write over a file was not asked about this one.
            if named.exists() { path } else { named }
        }
        _ => path,
    }
}

/// The desktop, as far as the program needs it.
pub trait Desktop: Send + Sync {
    /// Asks where to save; `None` when the person changed their mind. Blocks.
    fn save_file(&self, suggested: &str, kind: FileKind) -> Option<PathBuf>;

    /// Asks which file to open; `None` when the person changed their mind. Blocks.
    fn open_file(&self, kind: FileKind) -> Option<PathBuf>;

    /// Asks for a folder; `None` when the person changed their mind. Blocks.
    fn pick_folder(&self) -> Option<PathBuf>;

    /// Prints what the window shows.
    fn print(&self) -> Reply<()>;

    /// Tells the window that something has happened.
    fn tell(&self, event: &str);

    /// Ends the program, so that a fresh process shows the lock screen in its place. Returns at once; false where
    /// no process can take its place, and the window goes on.
    fn begin_anew(&self, left: Left) -> bool;
}

/// Where the program leaves what the process that takes its place must know.
pub type Leaving = Arc<Mutex<Option<Handover>>>;

/// The real desktop.
pub struct NativeDesktop<R: Runtime> {
    /// The program.
    pub app: AppHandle<R>,
    /// Filled once the program ends to begin anew.
    pub leaving: Leaving,
}

impl<R: Runtime> NativeDesktop<R> {
    /// What a dialog calls a kind of file, and the endings of its files.
    fn filter(&self, kind: FileKind) -> (String, &'static [&'static str]) {
        let (id, endings) = kind.filter();
        (self.app.state::<AppState>().words().say(id), endings)
    }

    /// A desktop that does not end the program in time must not keep what was open in memory.
    fn make_sure(&self) {
        let (app, leaving) = (self.app.clone(), Arc::clone(&self.leaving));
        thread::spawn(move || {
            thread::sleep(END_LIMIT);
            if let Some(handover) = lock(&leaving).take() {
                tauri_plugin_single_instance::destroy(&app);
                let _ = replace::begin_anew(&handover);
                std::process::abort();
            }
        });
    }

    fn ask<F>(&self, ask: impl FnOnce() -> F + Send + 'static) -> Option<PathBuf>
    where
        F: Future<Output = Option<rfd::FileHandle>> + Send + 'static,
    {
        let (answer, answered) = mpsc::channel();
        // A dialog is made on the thread that runs the desktop's events; its answer is waited for
        // elsewhere, or neither would ever come.
        let made = self.app.run_on_main_thread(move || {
            let dialog = ask();
            tauri::async_runtime::spawn(async move {
                // Nobody waits any more when the program is ending.
                let _ = answer.send(dialog.await.map(|file| file.path().to_owned()));
            });
        });
        made.ok()?;
        answered.recv().ok().flatten()
    }
}

impl<R: Runtime> Desktop for NativeDesktop<R> {
    fn save_file(&self, suggested: &str, kind: FileKind) -> Option<PathBuf> {
        let (name, endings) = self.filter(kind);
        let suggested = suggested.to_owned();
        let chosen = self.ask(move || {
            rfd::AsyncFileDialog::new()
                .set_file_name(suggested)
                .add_filter(name, endings)
                .save_file()
        });
        chosen.map(|path| with_ending(path, endings))
    }

    fn open_file(&self, kind: FileKind) -> Option<PathBuf> {
        let (name, endings) = self.filter(kind);
        self.ask(move || {
            rfd::AsyncFileDialog::new()
                .add_filter(name, endings)
                .pick_file()
        })
    }

    fn pick_folder(&self) -> Option<PathBuf> {
        self.ask(|| rfd::AsyncFileDialog::new().pick_folder())
    }

    fn print(&self) -> Reply<()> {
        let windows = self.app.webview_windows();
        let window = windows.values().next().ok_or(ErrorCode::Unexpected)?;
        window.print().map_err(|_| ErrorCode::Unexpected.into())
    }

    fn tell(&self, event: &str) {
        // A window that is gone hears nothing.
        let _ = self.app.emit(event, ());
    }

    fn begin_anew(&self, left: Left) -> bool {
        let (answer, answered) = mpsc::channel();
        let app = self.app.clone();
        // Without an answer the window opens where the desktop likes.
        let _ = self.app.run_on_main_thread(move || {
            let _ = answer.send(window::bounds(&app));
        });
        let bounds = answered.recv_timeout(WINDOW_LIMIT).ok().flatten();
        *lock(&self.leaving) = Some(Handover {
            left,
            bounds,
            demo: None,
        });
        self.app.exit(0);
        self.make_sure();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_the_ending_of_its_kind_unless_it_has_one_or_that_would_write_over_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let named = |name: &str, kind: FileKind| with_ending(at(name), kind.filter().1);
        assert_eq!(named("mine", FileKind::Backup), at("mine.cfdbackup"));
        assert_eq!(named("mine.PDF", FileKind::Pdf), at("mine.PDF"));
        assert_eq!(named("Dr. Marsh", FileKind::Pdf), at("Dr. Marsh.pdf"));
        std::fs::write(at("there.txt"), "somebody else's").expect("written");
        assert_eq!(named("there", FileKind::Text), at("there"));
    }
}
