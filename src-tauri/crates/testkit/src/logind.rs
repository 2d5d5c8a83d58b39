//! A login manager that does as a test says, on a bus of the test's own.

use std::fs;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, connection};
use zbus::fdo;
use zbus::names::BusName;
use zbus::zvariant::{self, ObjectPath, OwnedObjectPath, Value};

const NAME: &str = "org.freedesktop.login1";
const MANAGER: &str = "/org/freedesktop/login1";
const USER: &str = "/org/freedesktop/login1/user/_1000";
const SESSION: &str = "/org/freedesktop/login1/session/_37";
/// A session of somebody else.
const OTHER_SESSION: &str = "/org/freedesktop/login1/session/_38";
const LIMIT: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A bus for a test alone; ends when dropped.
pub struct TestBus {
    daemon: Child,
    address: String,
}

impl TestBus {
    /// Starts a bus whose socket is in `folder`.
    pub fn start(folder: &Path) -> Self {
        let socket = folder.join("test-bus");
        let address = format!("unix:path={}", socket.display());
        let settings = folder.join("test-bus.conf");
        let text = SETTINGS.replace("{address}", &address);
        fs::write(&settings, text).expect("the folder can be written to");
        let daemon = Command::new("dbus-daemon")
            .arg("--nofork")
            .arg("--config-file")
            .arg(&settings)
            .stdin(Stdio::null())
            .spawn()
            .expect("cargo xtask test installs dbus-daemon");
        let bus = Self { daemon, address };
        // The socket has its name before anybody listens.
        wait_until(|| UnixStream::connect(&socket).is_ok());
        bus
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for TestBus {
    fn drop(&mut self) {
        // Both fail only for a bus that has ended already.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// The login manager of systemd, as far as programs ask it. It does not know which session a process belongs to: as
/// with desktops that start programs beside the session.
pub struct FakeLogind {
    connection: Connection,
    delays: Delays,
}

/// Why sleep is held up, and what tells that it is no longer.
type Delays = Arc<Mutex<Vec<(String, std::io::PipeReader)>>>;

struct Manager {
    delays: Delays,
}

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    fn inhibit(
        &self,
        what: &str,
        _who: &str,
        why: &str,
        mode: &str,
    ) -> fdo::Result<zvariant::OwnedFd> {
        if (what, mode) != ("sleep", "delay") {
            return Err(fdo::Error::AccessDenied("only to delay sleep".to_owned()));
        }
        let (reader, writer) =
            std::io::pipe().map_err(|error| fdo::Error::IOError(error.to_string()))?;
        lock(&self.delays).push((why.to_owned(), reader));
        Ok(OwnedFd::from(writer).into())
    }

    fn get_session(&self, _id: &str) -> fdo::Result<OwnedObjectPath> {
        Err(fdo::Error::Failed("no such session".to_owned()))
    }

    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _pid: u32) -> fdo::Result<OwnedObjectPath> {
        Err(fdo::Error::Failed("not in a session".to_owned()))
    }

    #[zbus(name = "GetUserByPID")]
    fn get_user_by_pid(&self, _pid: u32) -> OwnedObjectPath {
        path(USER)
    }
}

struct User;

#[zbus::interface(name = "org.freedesktop.login1.User")]
impl User {
    #[zbus(property)]
    fn display(&self) -> (String, OwnedObjectPath) {
        ("7".to_owned(), path(SESSION))
    }
}

impl FakeLogind {
    /// Answers on a bus.
    pub fn start(address: &str) -> Self {
        let delays = Delays::default();
        let manager = Manager {
            delays: Arc::clone(&delays),
        };
        let connect = || -> zbus::Result<Connection> {
            connection::Builder::address(address)?
                .serve_at(MANAGER, manager)?
                .serve_at(USER, User)?
                .name(NAME)?
                .build()
        };
        Self {
            connection: connect().expect("the bus takes a login manager"),
            delays,
        }
    }

    /// Why sleep is held up now.
    pub fn delays(&self) -> Vec<String> {
        lock(&self.delays)
            .iter()
            .map(|(why, _)| why.clone())
            .collect()
    }

    /// Waits until somebody holds up sleep.
    pub fn wait_until_delayed(&self) {
        wait_until(|| !self.delays().is_empty());
    }

    /// Tells the session, or another one, to lock its screen.
    pub fn lock_screen(&self, ours: bool) {
        let session = if ours { SESSION } else { OTHER_SESSION };
        self.emit(session, "org.freedesktop.login1.Session", "Lock", &());
    }

    /// Tells that the screen of the session has been locked, or is no longer.
    pub fn screen_is_locked(&self, locked: bool) {
        let changed = [("LockedHint", Value::from(locked))];
        let changed: std::collections::HashMap<_, _> = changed.into();
        let none: [&str; 0] = [];
        self.emit(
            SESSION,
            "org.freedesktop.DBus.Properties",
            "PropertiesChanged",
            &("org.freedesktop.login1.Session", changed, &none[..]),
        );
    }

    /// Tells that the computer is about to sleep, and waits until nobody holds it up; how long that took.
    pub fn sleep(&self) -> Duration {
        let begun = Instant::now();
        self.prepare(true);
        for (_, mut until) in std::mem::take(&mut *lock(&self.delays)) {
            // It ends when the other side is closed.
            let read = until.read(&mut [0; 1]);
            assert_eq!(read.expect("a pipe can be read"), 0);
        }
        begun.elapsed()
    }

    /// Tells that the computer is awake again.
    pub fn wake(&self) {
        self.prepare(false);
    }

    fn prepare(&self, sleeps: bool) {
        self.emit(
            MANAGER,
            "org.freedesktop.login1.Manager",
            "PrepareForSleep",
            &sleeps,
        );
    }

    fn emit<B>(&self, path: &str, interface: &str, member: &str, body: &B)
    where
        B: serde::Serialize + zvariant::DynamicType,
    {
        self.connection
            .emit_signal(None::<BusName<'_>>, path, interface, member, body)
            .expect("the bus takes signals");
    }
}

fn path(text: &'static str) -> OwnedObjectPath {
    ObjectPath::from_static_str(text)
        .expect("the paths here are well formed")
        .into()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait_until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "not within {LIMIT:?}");
        thread::sleep(LOOK_EVERY);
    }
}

const SETTINGS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;
