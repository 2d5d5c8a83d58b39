//! A program on the mock runtime, called as the window calls it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use confidant::{AppState, Desktop, FileKind, Left, Reply, Setting};
use mentoring::SystemClock;
use serde_json::{Value, json};
use shell::keychain::{Keychain, Unavailable};
use tauri::{
    App, WebviewWindow, WebviewWindowBuilder,
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime},
    webview::InvokeRequest,
};
use tempfile::TempDir;
use vault::Places;
use zeroize::Zeroizing;

pub const PASSPHRASE: &str = "lantern orbit maple quiet";

/// A desktop whose person answers as the test says.
#[derive(Default)]
pub struct Scripted {
    pub save: Mutex<Option<PathBuf>>,
    pub open: Mutex<Option<PathBuf>>,
    pub suggested: Mutex<Vec<String>>,
    pub told: Mutex<Vec<String>>,
    /// Whether a fresh process can take the place of this one.
    pub replaces: AtomicBool,
    /// What was left to it.
    pub left: Mutex<Vec<Left>>,
    /// The program whose task the person stops while they are asked where to save.
    stopping: Mutex<Option<AppState>>,
}

impl Desktop for Scripted {
    fn save_file(&self, suggested: &str, _kind: FileKind) -> Option<PathBuf> {
        self.suggested
            .lock()
            .expect("one at a time")
            .push(suggested.to_owned());
        if let Some(state) = &*self.stopping.lock().expect("one at a time") {
            state.stop_task();
        }
        self.save.lock().expect("one at a time").clone()
    }

    fn open_file(&self, _kind: FileKind) -> Option<PathBuf> {
        self.open.lock().expect("one at a time").clone()
    }

    fn pick_folder(&self) -> Option<PathBuf> {
        self.open.lock().expect("one at a time").clone()
    }

    fn print(&self) -> Reply<()> {
        Ok(())
    }

    fn tell(&self, event: &str) {
        self.told
            .lock()
            .expect("one at a time")
            .push(event.to_owned());
    }

    fn begin_anew(&self, left: Left) -> bool {
        self.left.lock().expect("one at a time").push(left);
        self.replaces.load(Ordering::Relaxed)
    }
}

/// A running program.
pub struct Program {
    pub desktop: Arc<Scripted>,
    window: WebviewWindow<MockRuntime>,
    state: AppState,
    _app: App<MockRuntime>,
}

impl Drop for Program {
    /// Ends as the real program does when its window is closed.
    fn drop(&mut self) {
        self.state.lock_now();
    }
}

/// A keychain in memory.
#[derive(Default)]
pub struct Drawer {
    pub kept: Mutex<BTreeMap<String, Vec<u8>>>,
    /// Whether it cannot be reached.
    pub gone: AtomicBool,
    /// Who stops the program's task when they are asked the next time, and answers later.
    asked: Mutex<Option<(AppState, Receiver<()>)>>,
    /// How often it was told to drop something.
    pub removals: AtomicUsize,
}

impl Drawer {
    fn open(&self) -> Result<MutexGuard<'_, BTreeMap<String, Vec<u8>>>, Unavailable> {
        let asked = self.asked.lock().expect("one at a time").take();
        if let Some((state, answer)) = asked {
            state.stop_task();
            answer.recv().expect("an answer");
        }
        match self.gone.load(Ordering::Relaxed) {
            true => Err(Unavailable),
            false => Ok(self.kept.lock().expect("one at a time")),
        }
    }
}

impl Keychain for Drawer {
    fn keep(&self, name: &str, secret: &[u8]) -> Result<(), Unavailable> {
        self.open()?.insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn fetch(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Unavailable> {
        Ok(self.open()?.get(name).cloned().map(Zeroizing::new))
    }

    fn remove(&self, name: &str) -> Result<(), Unavailable> {
        self.open()?.remove(name);
        self.removals.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// The folders of a person, their keychain, and the programs started over them.
pub struct Home {
    folder: TempDir,
    pub keychain: Arc<Drawer>,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            keychain: Arc::default(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn vault(&self) -> PathBuf {
        self.path().join("vault")
    }

    pub fn start(&self) -> Program {
        let state = AppState::new(Setting {
            places: Places {
                vault: self.vault(),
                device: self.path().join("device"),
            },
            demo: false,
            cost: Some(testkit::CHEAP),
            clock: Arc::new(SystemClock),
            keychain: self.keychain.clone(),
            hardened: true,
            left: None,
        });
        let desktop = Arc::new(Scripted::default());
        state.attach(desktop.clone());
        let app = confidant::with_commands(tauri::test::mock_builder(), state.clone())
            .build(confidant::context())
            .expect("the program starts on the mock runtime");
        let window = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
            .build()
            .expect("a window");
        Program {
            desktop,
            window,
            state,
            _app: app,
        }
    }

    /// A program whose vault has just been made, confirmed and opened.
    pub fn start_open(&self) -> Program {
        let program = self.start();
        program.make_vault();
        program
    }
}

impl Program {
    /// Calls a command as the window does; its error is the JSON that the window gets.
    pub fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().expect("an address"),
            body: InvokeBody::Json(arguments),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        tauri::test::get_ipc_response(&self.window, request)
            .map(|body| body.deserialize().expect("an answer is JSON"))
    }

    /// Calls a command that must succeed.
    pub fn ok(&self, command: &str, arguments: Value) -> Value {
        self.call(command, arguments)
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Calls a command that must fail, and returns its code.
    pub fn fails(&self, command: &str, arguments: Value) -> String {
        let error = self.call(command, arguments).expect_err(command);
        error["code"]
            .as_str()
            .unwrap_or_else(|| panic!("{command}: {error}"))
            .to_owned()
    }

    /// Calls a command that takes a channel for its progress.
    pub fn slow(&self, command: &str, mut arguments: Value) -> Result<Value, Value> {
        arguments["progress"] = json!("__CHANNEL__:7");
        self.call(command, arguments)
    }

    pub fn slow_code(&self, command: &str, arguments: Value) -> String {
        let error = self.slow(command, arguments).expect_err(command);
        error["code"]
            .as_str()
            .unwrap_or_else(|| panic!("{command}: {error}"))
            .to_owned()
    }

    /// Lets the person stop the running task while they are asked where to save, or no longer.
    pub fn stop_while_asked(&self, stop: bool) {
        let stopping = stop.then(|| self.state.clone());
        *self.desktop.stopping.lock().expect("one at a time") = stopping;
    }

    /// Lets the person stop the task when the keychain asks them, and answer when something is sent.
    pub fn stop_at_the_keychain(&self, keychain: &Drawer) -> Sender<()> {
        let (answer, answers) = mpsc::channel();
        *keychain.asked.lock().expect("one at a time") = Some((self.state.clone(), answers));
        answer
    }

    /// Locks as the window does.
    pub fn lock(&self) -> Value {
        let left = json!({ "place": "/today", "lostWords": false });
        self.ok("lock_vault", json!({ "left": left }))
    }

    /// Locks as the program does when the window does not answer; what it says that the window left.
    pub fn lock_without_window(&self) -> Left {
        self.state.lock_without_window();
        let left = self.desktop.left.lock().expect("one at a time");
        left.last().expect("it begins anew").clone()
    }

    /// Stops the running task as soon as `due`.
    pub fn stop_when(&self, due: impl Fn() -> bool + Send + 'static) -> JoinHandle<()> {
        let state = self.state.clone();
        let begun = Instant::now();
        thread::spawn(move || {
            while !due() && begun.elapsed() < Duration::from_secs(60) {
                thread::yield_now();
            }
            state.stop_task();
        })
    }

    pub fn vault_state(&self) -> String {
        self.ok("app_state", json!({}))["vault"]
            .as_str()
            .expect("a state")
            .to_owned()
    }

    /// Makes a vault, confirms its spare key and returns the 24 words.
    pub fn make_vault(&self) -> Vec<String> {
        let made = self.slow(
            "create_vault",
            json!({ "passphrase": PASSPHRASE, "name": "Helen" }),
        );
        let words: Vec<String> =
            serde_json::from_value(made.expect("a vault")).expect("a list of words");
        let answers = self.answers(&words);
        let state = self
            .slow("confirm_spare_key", json!({ "words": answers }))
            .expect("entered");
        assert_eq!(state["vault"], "open");
        words
    }

    /// The right answers to the questions for three words.
    pub fn answers(&self, words: &[String]) -> Vec<Value> {
        let asked: Vec<usize> =
            serde_json::from_value(self.ok("spare_key_questions", json!({}))).expect("positions");
        assert_eq!(asked.len(), 3);
        asked
            .iter()
            .map(|at| json!({ "position": at, "word": words[at - 1] }))
            .collect()
    }

    pub fn unlock(&self) {
        self.slow("unlock_vault", json!({ "passphrase": PASSPHRASE }))
            .expect("unlocked");
    }

    pub fn space(&self, kind: &str, role: Value, name: &str) -> String {
        let draft = json!({
            "kind": kind, "role": role, "name": name, "about": "", "cloth": "teal",
            "since": null, "meetEveryWeeks": null
        });
        let space = self.ok("create_space", json!({ "draft": draft }));
        space["id"].as_str().expect("an id").to_owned()
    }

    pub fn relationship(&self, name: &str) -> String {
        self.space("relationship", json!("mentor"), name)
    }

    pub fn note(&self, space: &str, label: &str, text: &str) -> Value {
        self.ok(
            "create_record",
            json!({ "draft": note_draft(space, label, text) }),
        )
    }

    pub fn records(&self, space: &str) -> Vec<Value> {
        let filter = json!({
            "space": space, "kinds": [], "labels": [], "states": [], "parent": null,
            "from": null, "to": null, "binned": false, "offset": 0, "limit": 1000
        });
        let page = self.ok("list_records", json!({ "filter": filter }));
        page["lines"].as_array().expect("lines").clone()
    }
}

pub fn note_draft(space: &str, label: &str, text: &str) -> Value {
    json!({
        "space": space, "label": label, "on": "2026-06-09", "parent": null, "asToldBy": null,
        "body": {
            "kind": "note", "purpose": "note", "title": "", "text": text, "at": null,
            "prompt": null, "tags": []
        }
    })
}
