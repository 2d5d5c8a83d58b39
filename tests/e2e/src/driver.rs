//! WebKitWebDriver and its session with the program.
//!
//! The program is not the driver's child: when it locks it begins anew in its own process, and the driver, which would
//! take that for a crash and end it, opens a new session with it at the same address.

use std::cell::RefCell;
use std::fs::File;
use std::future::Future;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use display::{Display, Running};
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, geteuid};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::folders::Folders;

/// How long the driver may take to listen.
const DRIVER_LIMIT: Duration = Duration::from_secs(10);

/// How long the program may take until its window can be driven.
const WINDOW_LIMIT: Duration = Duration::from_secs(60);

/// How long one command may take: longer than any script of ours.
const COMMAND_LIMIT: Duration = Duration::from_secs(60);

/// How long closing the session may take.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// How often the program is asked for a session.
const ASK_EVERY: Duration = Duration::from_millis(25);

/// A driver with a session in the program's window.
pub struct Driver {
    runtime: Runtime,
    address: String,
    session: RefCell<Session>,
    process: Running,
}

/// The running program, and the session with it; none once it is closed.
struct Session {
    client: Option<Client>,
    program: Running,
}

impl Driver {
    /// Starts the program, and a driver on a free port that takes charge of its window.
    pub fn start(
        program: &Path,
        arguments: &[String],
        display: &Display,
        folders: &Folders,
        log: &Path,
    ) -> Self {
        let output = File::create(log).expect("a log file in the artefacts folder");
        let start = |command: &mut Command| {
            let twin = || output.try_clone().expect("a second handle of an open file");
            display.dress(command);
            folders.dress(command);
            command.stdin(Stdio::null()).stdout(twin()).stderr(twin());
            Running::new(command.spawn().expect("installed by cargo xtask test"))
        };
        let window = format!("127.0.0.1:{}", free_port());
        let mut program = display::mortal(program);
        if !geteuid().is_root() {
            // Nobody else could look into its files and its memory, as some journeys do.
            program.env("CONFIDANT_DEBUGGABLE", "1");
        }
        let program = start(
            program
                .args(arguments)
                .env("WEBKIT_INSPECTOR_SERVER", &window)
                .env("TAURI_AUTOMATION", "true")
                .env("TAURI_WEBVIEW_AUTOMATION", "true"),
        );
        let port = free_port();
        let process = start(
            display::mortal("WebKitWebDriver")
                .arg(format!("--port={port}"))
                .arg("--host=127.0.0.1")
                .arg(format!("--target={window}")),
        );
        wait_for_port(port);

        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime without threads");
        let driver = Self {
            runtime,
            address: format!("http://127.0.0.1:{port}"),
            session: RefCell::new(Session {
                client: None,
                program,
            }),
            process,
        };
        if let Err(reason) = driver.attach() {
            panic!("{reason}");
        }
        driver
    }

    /// Opens a session with the program as it runs now.
    fn attach(&self) -> Result<(), String> {
        let mut session = self.session.borrow_mut();
        session.client = None;
        let begun = Instant::now();
        loop {
            let mut capabilities = Capabilities::new();
            capabilities.insert("browserName".to_owned(), json!("wry"));
            let connected = self.runtime.block_on(async {
                let mut builder = ClientBuilder::new(HttpConnector::new());
                let connecting = builder.capabilities(capabilities).connect(&self.address);
                tokio::time::timeout(WINDOW_LIMIT, connecting).await
            });
            let reason = match connected {
                Ok(Ok(client)) => {
                    session.client = Some(client);
                    return Ok(());
                }
                Ok(Err(error)) => error.to_string(),
                Err(_) => "no answer".to_owned(),
            };
            if !session.program.is_alive() {
                return Err("the program has ended".to_owned());
            }
            if begun.elapsed() > WINDOW_LIMIT {
                return Err(format!("the window cannot be driven: {reason}"));
            }
            thread::sleep(ASK_EVERY);
        }
    }

    fn run<T, F>(&self, command: impl FnOnce(Client) -> F) -> Result<Result<T, CmdError>, String>
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        let client = self.session.borrow().client.clone();
        let client = client.ok_or("the window is closed")?;
        let limited = async { tokio::time::timeout(COMMAND_LIMIT, command(client)).await };
        self.runtime
            .block_on(limited)
            .map_err(|_| format!("no answer from the window within {COMMAND_LIMIT:?}"))
    }

    /// Runs one command against the session.
    pub fn perform<T, F>(&self, command: impl FnOnce(Client) -> F) -> Result<T, String>
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        self.run(command)?.map_err(|error| format!("{error:?}"))
    }

    /// Runs one command against the session, and takes it for done when the command itself locks the window or ends
    /// the program: done again, it would meet whatever stands there now.
    pub fn perform_at_most_once<F>(&self, command: impl FnOnce(Client) -> F) -> Result<(), String>
    where
        F: Future<Output = Result<(), CmdError>>,
    {
        match self.run(command)? {
            // What was under way when the session ended comes back as an unknown error.
            Err(error) if !is_over(&error) && !self.has_ended()? => Err(format!("{error:?}")),
            _ => Ok(()),
        }
    }

    /// Whether the process that was driven so far is no more.
    fn has_ended(&self) -> Result<bool, String> {
        let window = self.run(async |client| client.window().await)?;
        Ok(window.is_err_and(|error| error.is_invalid_session_id()))
    }

    /// Runs the body of a function in the page.
    pub fn execute(&self, script: &str, arguments: Vec<Value>) -> Result<Value, String> {
        self.perform(async |client| client.execute(script, arguments).await)
    }

    /// Runs the body of a function in the page; its last argument is called with the result.
    pub fn execute_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value, String> {
        self.perform(async |client| client.execute_async(script, arguments).await)
    }

    /// The process of the program.
    pub fn program_id(&self) -> Option<Pid> {
        let id = i32::try_from(self.session.borrow().program.id()).ok()?;
        Pid::from_raw(id)
    }

    /// Turns to the process that has taken the place of the one driven so far, if that has locked, and to the newest
    /// window when the present one is gone.
    pub fn follow_window(&self) -> Result<(), String> {
        let turned = self.run(async |client| {
            let windows = client.windows().await?;
            match (client.window().await, windows.last()) {
                (Ok(present), _) if windows.contains(&present) => Ok(()),
                (_, Some(last)) => client.switch_to_window(last.clone()).await,
                (Err(error), None) => Err(error),
                (Ok(_), None) => Ok(()),
            }
        })?;
        match turned {
            Err(error) if error.is_invalid_session_id() => self.attach(),
            turned => turned.map_err(|error| format!("{error:?}")),
        }
    }

    /// Ends the session, and with it the program if it is still there.
    pub fn close(&mut self) {
        let session = self.session.get_mut();
        if let Some(client) = session.client.take() {
            // The program may have ended before: then there is nothing left to close.
            let _ = self
                .runtime
                .block_on(async { tokio::time::timeout(CLOSE_LIMIT, client.close()).await });
        }
        self.process.end();
        session.program.end();
    }
}

/// Whether the window or the whole session that a command was for is no more.
fn is_over(error: &CmdError) -> bool {
    error.is_no_such_window() || error.is_invalid_session_id()
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.close();
    }
}

/// Runs a program to its end and returns what it printed.
pub fn output_of(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener
        .local_addr()
        .expect("a bound listener has an address")
        .port()
}

fn wait_for_port(port: u16) {
    let begun = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(
            begun.elapsed() < DRIVER_LIMIT,
            "WebKitWebDriver does not listen"
        );
        thread::sleep(Duration::from_millis(20));
    }
}
