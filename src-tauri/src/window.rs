//! The one window, and the folder that its web view may write to.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tauri::{
    AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder, webview::NewWindowResponse,
};
use tempfile::TempDir;

use crate::{files, settings::Settings};

/// The window's label; the one capability names it.
const LABEL: &str = "main";
/// What the folders of runs begin with.
const PREFIX: &str = "run-";
/// Held by a run for as long as it lasts: a folder whose lock is free was left by one that ended badly.
const LOCK: &str = "run.lock";
/// Between making its folder and holding its lock a run takes less than this.
const BEGINNING: Duration = Duration::from_secs(60);

/// The web view's own files: private to this run, gone when it ends.
pub struct WebData {
    folder: TempDir,
    _lock: File,
}

impl WebData {
    /// Makes the folder, and removes what earlier runs left when they ended badly.
    pub fn make() -> io::Result<Self> {
        let parent = shell::places::cache_folder();
        files::make_private_folder(&parent)?;
        Self::make_in(&parent)
    }

    fn make_in(parent: &Path) -> io::Result<Self> {
        remove_left_over(parent);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let lock = File::create_new(folder.path().join(LOCK))?;
        lock.try_lock()?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Opens the window.
pub fn open<R: Runtime>(
    app: &AppHandle<R>,
    web_data: &Path,
    settings: &Settings,
) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .initialization_script(look(settings))
        .title("Confidant")
        .inner_size(1280.0, 820.0)
        .min_inner_size(900.0, 600.0)
        .data_directory(PathBuf::from(web_data))
        .content_protected(true)
        // Only the program's own pages; a link that somebody wrote leads nowhere.
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .disable_drag_drop_handler()
        .build()?;
    Ok(())
}

/// Shows the window to somebody who started the program a second time.
pub fn bring_to_front<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // Where the desktop refuses, the window is where it was.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Tells the page how to look before it paints for the first time.
fn look(settings: &Settings) -> String {
    let settings = serde_json::to_string(settings).expect("settings have string keys only");
    format!("window.__confidantLook = {settings};")
}

fn is_own_page(url: &tauri::Url) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        _ => false,
    };
    own || (cfg!(dev) && url.host_str() == Some("localhost"))
}

fn remove_left_over(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(PREFIX) && is_left_over(&entry.path()) {
            // What cannot be removed now is tried again at the next start.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_left_over(folder: &Path) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(_) => fs::metadata(folder)
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|time| time.elapsed().is_ok_and(|age| age > BEGINNING)),
    }
}

#[cfg(test)]
mod tests {
    use super::{WebData, is_own_page};

    #[test]
    fn what_a_run_that_ended_badly_left_goes_with_the_next_start_and_a_running_one_stays() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let running = WebData::make_in(parent.path()).expect("a folder");
        let killed = WebData::make_in(parent.path()).expect("a folder");
        let left = killed.path().to_owned();
        std::fs::write(left.join("cache"), "words").expect("a file");
        let WebData { folder, _lock } = killed;
        // Its lock goes with it, its folder does not.
        drop(_lock);
        std::mem::forget(folder);

        let next = WebData::make_in(parent.path()).expect("a folder");
        assert!(!left.exists());
        assert!(running.path().exists() && next.path().exists());
        let path = running.path().to_owned();
        drop(running);
        assert!(!path.exists());
    }

    #[test]
    fn only_the_programs_own_pages_may_be_opened() {
        let own = |url: &str| is_own_page(&url.parse().expect("an address"));
        assert!(own("tauri://localhost/index.html"));
        assert!(own("about:srcdoc"));
        assert!(!own("https://example.org/"));
        assert!(!own("file:///etc/passwd"));
        assert!(!own("data:text/html,x"));
        assert!(!own("http://127.0.0.1:8000/"));
    }
}
