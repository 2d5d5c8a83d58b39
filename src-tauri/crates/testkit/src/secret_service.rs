//! A real keychain, GNOME's, on a bus of the test's own.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use zbus::blocking::{connection, fdo};
use zbus::names::BusName;

const NAME: &str = "org.freedesktop.secrets";
const LIMIT: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A Secret Service for a test alone, unlocked; ends when dropped.
pub struct SecretService {
    daemon: Child,
}

impl SecretService {
    /// Starts it on the bus at `address`; it keeps everything below `home`. `dressed` sets the rest of its environment.
    pub fn start(address: &str, home: &Path, dressed: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        dressed(&mut command);
        let mut daemon = command
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", address)
            .env("HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("cargo xtask test installs gnome-keyring");
        let mut password = daemon.stdin.take().expect("it reads a password");
        password
            .write_all(b"the password of the person's session")
            .expect("it reads a password");
        drop(password);
        let service = Self { daemon };
        service.wait_until_it_answers(address);
        service
    }

    fn wait_until_it_answers(&self, address: &str) {
        let bus = connection::Builder::address(address)
            .and_then(|builder| builder.build())
            .expect("the bus is there");
        let names = fdo::DBusProxy::new(&bus).expect("every bus has its own names");
        let name = BusName::try_from(NAME).expect("a name");
        let begun = Instant::now();
        while !names.name_has_owner(name.clone()).unwrap_or(false) {
            assert!(begun.elapsed() < LIMIT, "gnome-keyring does not answer");
            thread::sleep(LOOK_EVERY);
        }
    }
}

impl Drop for SecretService {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
