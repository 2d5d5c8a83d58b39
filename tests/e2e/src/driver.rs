//! WebKitWebDriver and its one session with the program.

use std::fs::File;
use std::future::Future;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use display::{Display, Running};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
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

/// A driver with a session in the program's window.
pub struct Driver {
    runtime: Runtime,
    client: Option<Client>,
    process: Running,
}

impl Driver {
    /// Starts a driver on a free port; it starts the program and takes charge of its window.
    pub fn start(
        program: &Path,
        arguments: &[String],
        display: &Display,
        folders: &Folders,
        log: &Path,
    ) -> Self {
        let port = free_port();
        let output = File::create(log).expect("a log file in the artefacts folder");
        let errors = output.try_clone().expect("a second handle of an open file");
        let mut command = display::mortal("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .arg("--host=127.0.0.1")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors);
        display.dress(&mut command);
        folders.dress(&mut command);
        let child = command
            .spawn()
            .expect("WebKitWebDriver is installed by cargo xtask test");
        let process = Running::new(child);
        wait_for_port(port);

        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime without threads");
        let mut capabilities = Capabilities::new();
        capabilities.insert("browserName".to_owned(), json!("wry"));
        capabilities.insert(
            "webkitgtk:browserOptions".to_owned(),
            json!({ "binary": program, "args": arguments }),
        );
        let address = format!("http://127.0.0.1:{port}");
        let client = runtime
            .block_on(async {
                let mut builder = ClientBuilder::new(HttpConnector::new());
                let connecting = builder.capabilities(capabilities).connect(&address);
                tokio::time::timeout(WINDOW_LIMIT, connecting).await
            })
            .expect("the program opens a window that can be driven in time")
            .expect("the driver opens a session with the program");
        Self {
            runtime,
            client: Some(client),
            process,
        }
    }

    /// Runs one command against the session.
    pub fn perform<T, F>(&self, command: impl FnOnce(Client) -> F) -> Result<T, String>
    where
        F: Future<Output = Result<T, fantoccini::error::CmdError>>,
    {
        let client = self.client.clone().ok_or("the window is closed")?;
        let limited = async { tokio::time::timeout(COMMAND_LIMIT, command(client)).await };
        match self.runtime.block_on(limited) {
            Ok(result) => result.map_err(|error| format!("{error:?}")),
            Err(_) => Err(format!(
                "no answer from the window within {COMMAND_LIMIT:?}"
            )),
        }
    }

    /// Runs the body of a function in the page.
    pub fn execute(&self, script: &str, arguments: Vec<Value>) -> Result<Value, String> {
        self.perform(async |client| client.execute(script, arguments).await)
    }

    /// Runs the body of a function in the page; its last argument is called with the result.
    pub fn execute_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value, String> {
        self.perform(async |client| client.execute_async(script, arguments).await)
    }

    /// Turns to the newest window when the present one is gone.
    pub fn follow_window(&self) -> Result<(), String> {
        self.perform(async |client| {
            let windows = client.windows().await?;
            match (client.window().await, windows.last()) {
                (Ok(present), _) if windows.contains(&present) => Ok(()),
                (_, Some(last)) => client.switch_to_window(last.clone()).await,
                (Err(error), None) => Err(error),
                (Ok(_), None) => Ok(()),
            }
        })
    }

    /// Ends the session, and with it the program if it is still there.
    pub fn close(&mut self) {
        if let Some(client) = self.client.take() {
            // The program may have ended before: then there is nothing left to close.
            let _ = self
                .runtime
                .block_on(async { tokio::time::timeout(CLOSE_LIMIT, client.close()).await });
        }
        self.process.end();
    }
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
