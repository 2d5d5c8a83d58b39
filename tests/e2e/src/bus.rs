//! A session bus of the journey's own: a desktop has one, and nobody else's may take part.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use display::Running;

/// How long the bus may take to listen.
const BUS_LIMIT: Duration = Duration::from_secs(10);

/// The socket in the folder of a run.
const SOCKET: &str = "bus";

/// A bus that starts no services.
pub struct Bus {
    _process: Running,
}

impl Bus {
    /// Starts a bus that listens in `folder`.
    pub fn start(folder: &Path) -> Self {
        let settings = folder.join("bus.conf");
        let text = SETTINGS.replace("{address}", &address(folder));
        fs::write(&settings, text).expect("the journey's folder can be written to");
        let child = display::mortal("dbus-daemon")
            .arg("--nofork")
            .arg("--config-file")
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("cargo xtask test installs dbus-daemon");
        let process = Running::new(child);
        let begun = Instant::now();
        // The socket has its name before anybody listens.
        while UnixStream::connect(socket(folder)).is_err() {
            assert!(begun.elapsed() < BUS_LIMIT, "dbus-daemon does not listen");
            thread::sleep(Duration::from_millis(10));
        }
        Self { _process: process }
    }
}

/// The address of the bus that listens in `folder`.
pub fn address(folder: &Path) -> String {
    format!("unix:path={}", socket(folder).display())
}

fn socket(folder: &Path) -> PathBuf {
    folder.join(SOCKET)
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
