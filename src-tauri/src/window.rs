//! The one window, and the folder that its web view may write to.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tauri::{
    AppHandle, Manager, Runtime, Webview, WebviewUrl, WebviewWindowBuilder,
    webview::NewWindowResponse,
};
use tempfile::TempDir;

use crate::{
    files,
    replace::{Bounds, Left},
    settings::Settings,
};

/// The window's label; the one capability names it.
const LABEL: &str = "main";
/// The usual size, in pixels that do not depend on the screen.
const USUAL: (f64, f64) = (1280.0, 820.0);
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

/// Opens the window, where it was and at the address that a process before this one has left.
pub fn open<R: Runtime>(
    app: &AppHandle<R>,
    web_data: &Path,
    settings: &Settings,
    left: &Left,
    bounds: Option<Bounds>,
) -> tauri::Result<()> {
    let page = WebviewUrl::App(format!("index.html#{}", left.address()).into());
    let builder = WebviewWindowBuilder::new(app, LABEL, page)
        .initialization_script(look(settings))
        .title("Confidant")
        .min_inner_size(900.0, 600.0)
        .data_directory(PathBuf::from(web_data))
        .content_protected(true);
    let window = place(builder, bounds)
        // Only the program's own pages; a link that somebody wrote leads nowhere.
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .disable_drag_drop_handler()
        .build()?;
    if bounds.is_some_and(|bounds| !bounds.focused) {
        // It does not come to the front, but takes the keys once somebody turns to it.
        AsRef::<Webview<R>>::as_ref(&window).set_focus()?;
    }
    if bounds.is_some_and(|bounds| bounds.minimised) {
        window.minimize()?;
        // One that was made without the focus takes it only once it has been drawn, which this one is not.
        window.set_focusable(true)?;
    }
    Ok(())
}

/// Puts a window that is to be made where another was, or where the desktop likes.
fn place<R: Runtime, M: Manager<R>>(
    builder: WebviewWindowBuilder<'_, R, M>,
    bounds: Option<Bounds>,
) -> WebviewWindowBuilder<'_, R, M> {
    match bounds {
        // A window that fills the screen says nothing of where it would go back to.
        Some(bounds) if bounds.maximised || bounds.fullscreen => builder
            .inner_size(USUAL.0, USUAL.1)
            .maximized(bounds.maximised)
            .fullscreen(bounds.fullscreen)
            .focused(bounds.focused),
        // One that comes back while somebody works elsewhere must not take their keys.
        Some(bounds) => builder
            .inner_size(bounds.width, bounds.height)
            .position(bounds.x, bounds.y)
            .focused(bounds.focused),
        None => builder.inner_size(USUAL.0, USUAL.1),
    }
}

/// Where the window is. Runs on the thread that serves it.
pub fn bounds<R: Runtime>(app: &AppHandle<R>) -> Option<Bounds> {
    let window = app.get_webview_window(LABEL)?;
    let read = || -> tauri::Result<Bounds> {
        let scale = window.scale_factor()?;
        let at = window.outer_position()?.to_logical::<f64>(scale);
        let size = window.inner_size()?.to_logical::<f64>(scale);
        Ok(Bounds {
            x: at.x,
            y: at.y,
            width: size.width,
            height: size.height,
            maximised: window.is_maximized()?,
            fullscreen: window.is_fullscreen()?,
            minimised: window.is_minimized()?,
            focused: window.is_focused()?,
        })
    };
    read().ok()
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
