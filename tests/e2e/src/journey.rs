//! One journey: a program, its window, and everything around it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use display::Display;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use testkit::{FakeLogind, SecretService};

use crate::bus::{self, Bus};
use crate::driver::Driver;
use crate::folders::Folders;
use crate::native::Desktop;
use crate::page::{Name, Page, Scope, wait_for};
use crate::program;
use crate::sockets;

/// The virtual screen: room for the window and its dialogs.
const SCREEN: (u32, u32) = (1600, 1100);

/// The size the mockups are drawn at.
const USUAL_SIZE: (u32, u32) = (1280, 820);

/// How long a page must stay the same to count as painted.
const QUIET: Duration = Duration::from_millis(350);

/// How long painting may take.
const PAINT_LIMIT: Duration = Duration::from_secs(10);

/// How long the program may take to end by itself.
const END_LIMIT: Duration = Duration::from_secs(20);

/// Light or dark, as the page's root element is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark words on a light ground.
    Light,
    /// Light words on a dark ground.
    Dark,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What to run, before it runs.
pub struct Plan {
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
    usual_places: bool,
    logind: bool,
    keychain: bool,
}

impl Plan {
    /// A journey of this name, which is also the name of its folder in `target/e2e`.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            program: program::built_program(),
            arguments: Vec::new(),
            usual_places: false,
            logind: false,
            keychain: false,
        }
    }

    /// Names no folder on the command line: everything is where the system keeps a user's data.
    pub fn in_usual_places(mut self) -> Self {
        self.usual_places = true;
        self
    }

    /// Has a login manager on the bus, that tells of the screen and of sleep.
    pub fn with_logind(mut self) -> Self {
        self.logind = true;
        self
    }

    /// Has a keychain on the bus, as a desktop where the person has signed in.
    pub fn with_keychain(mut self) -> Self {
        self.keychain = true;
        self
    }

    /// Adds an argument for the program, after its folders.
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Opens the window.
    pub fn begin(self) -> Journey {
        let artefacts = program::artefacts(&self.name);
        if artefacts.exists() {
            fs::remove_dir_all(&artefacts).expect("what an earlier run left can be removed");
        }
        fs::create_dir_all(&artefacts).expect("the target folder can be written to");
        let folders = Folders::make();
        let mut display =
            Display::start(SCREEN.0, SCREEN.1).expect("cargo xtask test installs Xvfb");
        display
            .manage_windows()
            .expect("cargo xtask test installs openbox");
        let mut arguments = Vec::new();
        if !self.usual_places {
            arguments.extend(["--vault".to_owned(), folders.vault().display().to_string()]);
            let device = folders.device().display().to_string();
            arguments.extend(["--device-folder".to_owned(), device]);
        }
        arguments.extend(self.arguments);
        let bus = Bus::start(&folders.run());
        let logind = self
            .logind
            .then(|| FakeLogind::start(&bus::address(&folders.run())));
        let address = bus::address(&folders.run());
        let keychain = self.keychain.then(|| {
            let home = folders.home();
            SecretService::start(&address, &home, |command| folders.dress(command))
        });
        let mut journey = Journey {
            name: self.name,
            program: self.program,
            arguments,
            artefacts,
            driver: None,
            display,
            logind,
            _keychain: keychain,
            _bus: bus,
            folders,
            runs: 0,
        };
        journey.open();
        journey.resize(USUAL_SIZE.0, USUAL_SIZE.1);
        journey
    }
}

/// A running journey. Its steps panic, with the reason, where a person would be stuck.
pub struct Journey {
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
    artefacts: PathBuf,
    // Dropped in this order: the window before its display, the folders at last.
    driver: Option<Driver>,
    display: Display,
    logind: Option<FakeLogind>,
    _keychain: Option<SecretService>,
    _bus: Bus,
    folders: Folders,
    runs: u32,
}

impl Journey {
    /// Opens the window of a journey with nothing special about it.
    pub fn begin(name: &str) -> Self {
        Plan::named(name).begin()
    }

    /// The journey's folders.
    pub fn folders(&self) -> &Folders {
        &self.folders
    }

    /// The login manager of a journey that has one.
    #[track_caller]
    pub fn logind(&self) -> &FakeLogind {
        self.logind.as_ref().expect("planned with one")
    }

    /// The folder for what the journey leaves behind.
    pub fn artefacts(&self) -> &Path {
        &self.artefacts
    }

    /// Clicks the one shown element of this role and name.
    #[track_caller]
    pub fn click<'a>(&self, role: &str, name: impl Into<Name<'a>>) {
        self.step(|page| page.click(role, name.into(), None));
    }

    /// Clicks the one shown element of this role and name inside another.
    #[track_caller]
    pub fn click_in<'a>(&self, scope: (&'a str, Name<'a>), role: &str, name: impl Into<Name<'a>>) {
        self.step(|page| page.click(role, name.into(), Some(scope)));
    }

    /// Types into the field of this label, after what it holds.
    #[track_caller]
    pub fn type_into<'a>(&self, label: impl Into<Name<'a>>, text: &str) {
        self.step(|page| page.type_into(label.into(), text, false));
    }

    /// Replaces what the field of this label holds.
    #[track_caller]
    pub fn fill<'a>(&self, label: impl Into<Name<'a>>, text: &str) {
        self.step(|page| page.type_into(label.into(), text, true));
    }

    /// What the field of this label holds.
    #[track_caller]
    pub fn value_of<'a>(&self, label: impl Into<Name<'a>>) -> String {
        self.step(|page| page.value_of(label.into()))
    }

    /// Presses keys: `Tab`, `Enter`, `Control+Shift+k`.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        self.step(|page| page.press(keys));
    }

    /// Types text where the focus is, key by key.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.step(|page| {
            text.chars()
                .try_for_each(|one| page.press(one.encode_utf8(&mut [0; 4])))
        });
    }

    /// Waits until these words are shown.
    #[track_caller]
    pub fn see(&self, words: &str) {
        self.step(|page| page.see(words));
    }

    /// Waits until these words are not shown, and makes sure of it.
    #[track_caller]
    pub fn see_no_longer(&self, words: &str) {
        self.step(|page| page.see_no_longer(words));
    }

    /// Waits for an element of this role and name.
    #[track_caller]
    pub fn find<'a>(&self, role: &str, name: impl Into<Name<'a>>) {
        self.step(|page| page.find(role, name.into(), None));
    }

    /// Waits for an element of this role and name inside another.
    #[track_caller]
    pub fn find_in<'a>(&self, scope: (&'a str, Name<'a>), role: &str, name: impl Into<Name<'a>>) {
        let scope: Scope<'_> = Some(scope);
        self.step(|page| page.find(role, name.into(), scope));
    }

    /// How many elements of this role and name are shown now.
    #[track_caller]
    pub fn count<'a>(&self, role: &str, name: impl Into<Name<'a>>) -> usize {
        self.step(|page| page.count(role, name.into()))
    }

    /// The words of each shown element of this role inside another, in the order of the page.
    #[track_caller]
    pub fn texts_in(&self, scope: (&str, Name<'_>), role: &str) -> Vec<String> {
        self.step(|page| page.texts(role, Some(scope)))
    }

    /// Role and name of what has the focus.
    #[track_caller]
    pub fn focused(&self) -> (String, String) {
        self.step(|page| page.focused())
    }

    /// Presses Tab until this has the focus; gives up after once around.
    #[track_caller]
    pub fn tab_to<'a>(&self, role: &str, name: impl Into<Name<'a>>) {
        const MOST: usize = 200;
        let name = name.into();
        let fits = |(found_role, found): &(String, String)| {
            found_role == role
                && match name {
                    Name::Is(whole) => found == whole,
                    Name::Has(part) => found.contains(part),
                }
        };
        let mut passed = Vec::new();
        for _ in 0..MOST {
            let focused = self.focused();
            if fits(&focused) {
                return;
            }
            passed.push(focused);
            self.press("Tab");
        }
        panic!(
            "Tab does not reach {role} {name:?}; it reaches {:?}",
            &passed[..40.min(MOST)]
        );
    }

    /// The words the page shows.
    #[track_caller]
    pub fn text(&self) -> String {
        self.step(|page| page.text())
    }

    /// The computed value of a style property, of each shown element that a CSS selector finds.
    #[track_caller]
    pub fn computed(&self, selector: &str, property: &str) -> Vec<String> {
        self.step(|page| page.computed(selector, property))
    }

    /// The first characters of the markup of each element that a CSS selector finds, for reading after a failure.
    #[track_caller]
    pub fn markup_of(&self, selector: &str) -> Vec<String> {
        self.step(|page| page.markup(selector))
    }

    /// The title in the window's frame.
    #[track_caller]
    pub fn window_title(&self) -> String {
        Desktop(&self.display)
            .active_title()
            .expect("the program's window has the focus")
    }

    /// What axe-core finds wrong with the page, a line for each finding.
    #[track_caller]
    pub fn axe_findings(&self) -> Vec<String> {
        self.step(|page| page.axe())
    }

    /// Fails with axe-core's findings, if it has any.
    #[track_caller]
    pub fn axe(&self) {
        let findings = self.axe_findings();
        assert!(
            findings.is_empty(),
            "axe-core finds:\n{}",
            findings.join("\n")
        );
    }

    /// Gives the page this inner size in pixels.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        self.step(|page| {
            let desktop = Desktop(&self.display);
            wait_for(|| {
                if page.inner_size()? == (width, height) {
                    return Ok(());
                }
                let window = desktop.active_window().ok_or("no window has the focus")?;
                desktop.resize(&window, width, height);
                thread::sleep(QUIET);
                match page.inner_size()? {
                    size if size == (width, height) => Ok(()),
                    size => Err(format!("the page is {size:?} and not {width} × {height}")),
                }
            })
        });
    }

    /// Shows the page in a theme from now on, as the setting does.
    #[track_caller]
    pub fn show_in(&self, theme: Theme) {
        let script = "document.documentElement.dataset.theme = arguments[0];";
        self.driver()
            .execute(script, vec![theme.name().into()])
            .expect("the page has a root");
    }

    /// Saves a picture of the page, in this theme, as `<name>-<theme>.png`.
    #[track_caller]
    pub fn screenshot(&self, name: &str, theme: Theme) -> PathBuf {
        let script = "const root = document.documentElement; const before = root.dataset.theme;\
                      root.dataset.theme = arguments[0]; return before ?? null;";
        let before = self.driver().execute(script, vec![theme.name().into()]);
        // Not a failure: a page that moves for ever is still worth a picture.
        let _ = self.display.settled(QUIET, PAINT_LIMIT);
        let png = self.step(|page| page.0.perform(async |client| client.screenshot().await));
        let path = self.artefacts.join(format!("{name}-{}.png", theme.name()));
        fs::write(&path, png).expect("the artefacts folder can be written to");
        if let Ok(before) = before {
            let script = "const root = document.documentElement;\
                          if (arguments[0] === null) delete root.dataset.theme;\
                          else root.dataset.theme = arguments[0];";
            self.driver()
                .execute(script, vec![before])
                .expect("the page has a root");
        }
        path
    }

    /// Does something that opens a native file dialog, and answers it with a path.
    #[track_caller]
    pub fn file_dialog(&self, path: &Path, opening: impl FnOnce(&Self)) {
        let desktop = Desktop(&self.display);
        let window = desktop
            .active_window()
            .expect("the program's window has the focus");
        opening(self);
        desktop.answer_file_dialog(&window, path);
    }

    /// Presses keys outside the page, in xdotool's words: `alt+F4`.
    pub fn press_natively(&self, keys: &str) {
        Desktop(&self.display).press(keys);
    }

    /// Puts the window away into the taskbar, and waits until it is there.
    ///
    /// The window manager is asked and does it when it comes to it.
    #[track_caller]
    pub fn minimise(&self) {
        let desktop = Desktop(&self.display);
        desktop.minimise();
        self.step(|_| {
            wait_for(|| match desktop.active_title() {
                None => Ok(()),
                Some(title) => Err(format!("“{title}” still has the focus")),
            })
        });
    }

    /// Whether a window of the program has the focus now.
    pub fn is_in_front(&self) -> bool {
        Desktop(&self.display).active_title().is_some()
    }

    /// Types text outside the page, wherever the desktop's focus is.
    pub fn type_natively(&self, text: &str) {
        Desktop(&self.display).type_text(text);
    }

    /// Waits until the program's window has the focus.
    #[track_caller]
    pub fn wait_until_in_front(&self) {
        self.step(|_| {
            wait_for(|| match Desktop(&self.display).active_title() {
                Some(_) => Ok(()),
                None => Err("no window has the focus".to_owned()),
            })
        });
    }

    /// Closes the window as a person does, and waits until the program has ended.
    #[track_caller]
    pub fn close(&mut self) {
        let pids = self.program_ids();
        self.press_natively("alt+F4");
        wait_for_end(&pids);
        self.driver = None;
    }

    /// Closes the window and opens the program again.
    #[track_caller]
    pub fn restart(&mut self) {
        self.close();
        self.open();
    }

    /// Ends the program as a power cut would; `reopen` opens it again.
    #[track_caller]
    pub fn kill9(&mut self) {
        let pids = self.program_ids();
        assert!(!pids.is_empty(), "the program is not running");
        for &pid in &pids {
            // Fails only for a process that has ended already.
            let _ = kill_process(pid, Signal::KILL);
        }
        wait_for_end(&pids);
        self.driver = None;
    }

    /// Opens the program after `kill9` or `close`, on the same folders.
    #[track_caller]
    pub fn reopen(&mut self) {
        assert!(self.driver.is_none(), "the program is still open");
        self.open();
    }

    /// Runs the program once more beside the open window, without a driver, until it ends.
    pub fn run_beside(&self) -> Option<std::process::Output> {
        let mut command = display::mortal(&self.program);
        command.args(&self.arguments).stdin(Stdio::null());
        self.display.dress(&mut command);
        self.folders.dress(&mut command);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let begun = Instant::now();
        while child
            .try_wait()
            .expect("our own child can be waited for")
            .is_none()
        {
            if begun.elapsed() > END_LIMIT {
                child.kill().expect("our own child can be killed");
                child.wait().expect("our own child can be waited for");
                return None;
            }
            thread::sleep(Duration::from_millis(50));
        }
        child.wait_with_output().ok()
    }

    /// Waits until the page says that what was typed last is saved.
    #[track_caller]
    pub fn wait_until_saved(&self) {
        self.step(|page| {
            wait_for(|| {
                let states = page.attributes("[data-state]", "data-state")?;
                let is = |wanted: &str| states.iter().any(|state| state == wanted);
                if is("saved") && !is("saving") && !is("failed") {
                    Ok(())
                } else {
                    Err(format!("the page says of its writing: {states:?}"))
                }
            })
        });
    }

    /// Waits until the page has tried to save what was typed last; whether it could.
    #[track_caller]
    pub fn is_saved(&self) -> bool {
        self.step(|page| {
            wait_for(|| {
                let states = page.attributes("[data-state]", "data-state")?;
                let is = |wanted: &str| states.iter().any(|state| state == wanted);
                if is("saving") || !(is("saved") || is("failed")) {
                    return Err(format!("the page says of its writing: {states:?}"));
                }
                Ok(!is("failed"))
            })
        })
    }

    /// Fails when a file of the program holds one of these texts: as things stand, the program still running.
    #[track_caller]
    pub fn no_open_file_holds(&self, secrets: &[&str]) {
        assert!(
            self.folders.web_view_files() > 0,
            "the web view's own files are not where they are looked for"
        );
        for secret in secrets {
            self.no_file_holds(secret);
        }
    }

    /// Fails when a file of the program holds this text.
    #[track_caller]
    pub fn no_file_holds(&self, secret: &str) {
        let findings = self.folders.search_files_for(secret);
        assert!(
            findings.is_empty(),
            "written where it must not be: {findings:#?}"
        );
    }

    /// Fails when a process of the program holds a socket to another machine, or waits for one.
    ///
    /// The loopback is left out: the driver itself talks to the program over it.
    #[track_caller]
    pub fn no_socket_leaves_the_machine(&self) {
        let mut abroad = Vec::new();
        for pid in self.program_ids() {
            abroad.extend(sockets::abroad(pid.as_raw_nonzero().get()));
        }
        assert!(abroad.is_empty(), "sockets to other machines: {abroad:#?}");
    }

    /// Every process of the program: its own and the web view's.
    pub fn processes(&self) -> Vec<Pid> {
        let own = self.program_ids().into_iter();
        own.flat_map(|pid| sockets::family(pid.as_raw_nonzero().get()))
            .filter_map(Pid::from_raw)
            .collect()
    }

    /// Where the frame of the program's window is on the screen: left, top, width and height of what is inside it.
    #[track_caller]
    pub fn place_of_window(&self) -> (i32, i32, i32, i32) {
        self.step(|_| wait_for(|| Desktop(&self.display).place_of_active_window()))
    }

    /// Moves the window that has the focus.
    pub fn move_window(&self, x: i32, y: i32) {
        Desktop(&self.display).move_active_window(x, y);
    }

    /// Stops the processes of the pages, as if they hung; the program itself goes on.
    pub fn hang_pages(&self) {
        let own = self.program_ids();
        for pid in self
            .processes()
            .into_iter()
            .filter(|pid| !own.contains(pid))
        {
            kill_process(pid, Signal::STOP).expect("the pages are running");
        }
    }

    /// A picture of the whole screen, dialogs and frames included.
    pub fn picture_of_screen(&self, name: &str) -> PathBuf {
        let path = self.artefacts.join(format!("{name}.png"));
        let picture = self.display.picture().expect("the display is running");
        picture
            .trimmed()
            .save_png(&path)
            .expect("the artefacts folder can be written to");
        path
    }

    fn open(&mut self) {
        self.runs += 1;
        let log = self.artefacts.join(format!("driver-{}.log", self.runs));
        let (program, arguments) = (&self.program, &self.arguments);
        self.driver = Some(Driver::start(
            program,
            arguments,
            &self.display,
            &self.folders,
            &log,
        ));
    }

    #[track_caller]
    fn driver(&self) -> &Driver {
        self.driver.as_ref().expect("the program is open")
    }

    #[track_caller]
    fn step<T>(&self, action: impl FnOnce(&Page<'_>) -> Result<T, String>) -> T {
        match action(&Page(self.driver())) {
            Ok(result) => result,
            Err(reason) => panic!("{reason}"),
        }
    }

    /// The program's own process, while it is open: the same one before and after a lock.
    fn program_ids(&self) -> Vec<Pid> {
        let id = self.driver.as_ref().and_then(Driver::program_id);
        id.into_iter().collect()
    }

    /// What a person reading about a failure wants to see.
    fn save_failure(&self) {
        let save = |name: &str, bytes: &[u8]| {
            // Nothing better can be done while failing already.
            let _ = fs::write(self.artefacts.join(name), bytes);
        };
        if let Ok(picture) = self.display.picture() {
            let _ = picture
                .trimmed()
                .save_png(&self.artefacts.join("failure.png"));
        }
        if let Some(driver) = &self.driver {
            let page = Page(driver);
            let words = page.outline().or_else(|_| page.text());
            save(
                "failure.txt",
                words.unwrap_or_else(|error| error).as_bytes(),
            );
        }
        eprintln!("journey {}: see {}", self.name, self.artefacts.display());
    }
}

impl Drop for Journey {
    fn drop(&mut self) {
        if thread::panicking() {
            self.save_failure();
        }
        self.driver = None;
    }
}

#[track_caller]
fn wait_for_end(pids: &[Pid]) {
    let begun = Instant::now();
    // A process that has ended but was not waited for yet still takes signals.
    let is_alive = |pid: &Pid| {
        test_kill_process(*pid).is_ok()
            && fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).is_ok_and(
                |stat| {
                    !stat
                        .rsplit(')')
                        .next()
                        .unwrap_or_default()
                        .starts_with(" Z")
                },
            )
    };
    while pids.iter().any(is_alive) {
        assert!(
            begun.elapsed() < END_LIMIT,
            "the program did not end within {END_LIMIT:?}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// Runs a program of the person's own, such as a PDF reader, and returns what it prints.
#[track_caller]
pub fn output_of(command: &mut Command) -> String {
    crate::driver::output_of(command).unwrap_or_else(|error| panic!("{command:?}: {error}"))
}
