//! What the machine needs besides Rust and Node, and getting it.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::process::Command;

use display::is_installed;

use crate::error::Error;
use crate::shell;

/// The oldest Node that the interface's tools run on.
const NODE_MAJOR: u32 = 20;

/// What the machine is to be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Compile the program.
    Build,
    /// Show its window where there is no display.
    Show,
    /// Run the tests below the window: they read PDFs, run Python and start a virtual display.
    Test,
    /// Drive its window.
    Drive,
    /// Compile what it is measured against, and watch both windows.
    Measure,
}

impl Purpose {
    fn parts(self) -> &'static [Part] {
        match self {
            Self::Build => &[Part::Toolkit],
            Self::Show => &[Part::Display],
            Self::Test => &[Part::Display, Part::Readers],
            Self::Drive => &[Part::Display, Part::Driver],
            Self::Measure => &[Part::Display, Part::OpenSsl],
        }
    }
}

/// Packages that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Compiler, linker and the web view's headers.
    Toolkit,
    /// A virtual display, a window manager, a font for native dialogs.
    Display,
    /// What drives the window: WebDriver, keys, a session bus.
    Driver,
    /// What reads PDFs, and Python.
    Readers,
    /// What SQLCipher encrypts with.
    OpenSsl,
}

/// Makes the machine ready for a purpose: installs what is missing, or says what it is.
pub fn prepare(purpose: Purpose) -> Result<(), Error> {
    match purpose {
        Purpose::Build => {
            check_node()?;
            check_rust_components()?;
        }
        Purpose::Show | Purpose::Test | Purpose::Drive | Purpose::Measure => {}
    }
    if cfg!(target_os = "linux") {
        prepare_linux(purpose)
    } else {
        prepare_elsewhere(purpose)
    }
}

/// Whether a window can be shown without a virtual display.
pub fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn check_node() -> Result<(), Error> {
    let version = shell::answer(Command::new("node").arg("--version"));
    let major = version.as_deref().and_then(major_version);
    match major {
        Some(major) if major >= NODE_MAJOR => {}
        Some(major) => {
            return Err(Error::Missing(format!(
                "Node {major} is too old: Confidant needs {NODE_MAJOR} or newer (https://nodejs.org)"
            )));
        }
        None => {
            return Err(Error::Missing(format!(
                "Node is missing: install Node {NODE_MAJOR} or newer from https://nodejs.org"
            )));
        }
    }
    if shell::answer(npm().arg("--version")).is_none() {
        return Err(Error::Missing(
            "npm is missing; it comes with Node".to_owned(),
        ));
    }
    Ok(())
}

/// npm, which on Windows is a script and not a program.
pub fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn check_rust_components() -> Result<(), Error> {
    for (component, command) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if shell::answer(Command::new("cargo").args([command, "--version"])).is_none() {
            println!("The Rust component {component} is missing; rustup adds it.");
            shell::run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// A Linux family with its own names for packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Debian,
    Fedora,
    Arch,
}

impl Family {
    /// Recognises the family from the words of `/etc/os-release`.
    fn from_os_release(text: &str) -> Option<Self> {
        let words: BTreeSet<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")))
            .flat_map(|value| value.trim_matches(['"', '\'']).split_whitespace())
            .collect();
        let any = |names: &[&str]| names.iter().any(|name| words.contains(name));
        if any(&["debian", "ubuntu"]) {
            Some(Self::Debian)
        } else if any(&["fedora", "rhel", "centos"]) {
            Some(Self::Fedora)
        } else if any(&["arch"]) {
            Some(Self::Arch)
        } else {
            None
        }
    }

    fn packages(self, purpose: Purpose) -> Vec<&'static str> {
        let parts = purpose.parts().iter();
        parts
            .flat_map(|&part| self.packages_of(part))
            .copied()
            .collect()
    }

    fn packages_of(self, part: Part) -> &'static [&'static str] {
        match (self, part) {
            (Self::Debian, Part::Toolkit) => {
                &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev"]
            }
            (Self::Debian, Part::Display) => &["xvfb", "openbox", "fonts-dejavu-core"],
            (Self::Debian, Part::Driver) => &[
                "webkit2gtk-driver",
                "dbus-daemon",
                "xdotool",
                "gnome-keyring",
            ],
            (Self::Debian, Part::Readers) => &["poppler-utils", "qpdf", "python3", "python3-venv"],
            (Self::Debian, Part::OpenSsl) => &["libssl-dev"],
            (Self::Fedora, Part::Toolkit) => &[
                "gcc",
                "gcc-c++",
                "make",
                "pkgconf-pkg-config",
                "webkit2gtk4.1-devel",
            ],
            (Self::Fedora, Part::Display) => {
                &["xorg-x11-server-Xvfb", "openbox", "dejavu-sans-fonts"]
            }
            // dnf and rpm take a file for the package that holds it; this one has moved.
            (Self::Fedora, Part::Driver) => &[
                "/usr/bin/WebKitWebDriver",
                "dbus-daemon",
                "xdotool",
                "gnome-keyring",
            ],
            (Self::Fedora, Part::Readers) => &["poppler-utils", "qpdf", "python3"],
            (Self::Fedora, Part::OpenSsl) => &["openssl-devel"],
            (Self::Arch, Part::Toolkit) => &["base-devel", "webkit2gtk-4.1"],
            (Self::Arch, Part::Display) => &["xorg-server-xvfb", "openbox", "ttf-dejavu"],
            (Self::Arch, Part::Driver) => &["dbus", "xdotool", "gnome-keyring"],
            (Self::Arch, Part::Readers) => &["poppler", "qpdf", "python"],
            (Self::Arch, Part::OpenSsl) => &["openssl"],
        }
    }

    /// The packages among these that are not installed.
    fn missing(self, packages: &[&'static str]) -> Vec<&'static str> {
        match self {
            Self::Debian => {
                let format = "-f=${db:Status-Status} ${Package}\\n";
                // Fails when one is unknown, and still lists the others.
                let listed = Command::new("dpkg-query")
                    .arg("-W")
                    .arg(format)
                    .args(packages)
                    .output();
                let listed = listed.map(|output| output.stdout).unwrap_or_default();
                let listed = String::from_utf8_lossy(&listed).into_owned();
                let is_installed = |package: &&str| {
                    listed
                        .lines()
                        .any(|line| line == format!("installed {package}"))
                };
                packages
                    .iter()
                    .filter(|package| !is_installed(package))
                    .copied()
                    .collect()
            }
            Self::Fedora => {
                let is_missing = |package: &&&str| {
                    let mut query = Command::new("rpm");
                    query.args(["-q", "--quiet", "--whatprovides", package]);
                    shell::answer(&mut query).is_none()
                };
                packages.iter().filter(is_missing).copied().collect()
            }
            Self::Arch => {
                let is_missing = |package: &&&str| {
                    shell::answer(Command::new("pacman").args(["-T", package])).is_none()
                };
                packages.iter().filter(is_missing).copied().collect()
            }
        }
    }

    /// The commands that install packages: each is tried, the last one must succeed.
    fn installers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Debian => &[
                &["apt-get", "update"],
                &["apt-get", "install", "-y", "--no-install-recommends"],
            ],
            Self::Fedora => &[&["dnf", "install", "-y"]],
            Self::Arch => &[&["pacman", "-S", "--needed", "--noconfirm"]],
        }
    }
}

/// Programs that must be there in the end, whatever their package is called.
fn programs(purpose: Purpose) -> Vec<&'static str> {
    let parts = purpose.parts().iter();
    parts.flat_map(|&part| programs_of(part)).copied().collect()
}

fn programs_of(part: Part) -> &'static [&'static str] {
    match part {
        Part::Toolkit => &["cc", "pkg-config"],
        Part::Display => &["Xvfb", "openbox"],
        Part::Driver => &[
            "WebKitWebDriver",
            "dbus-daemon",
            "xdotool",
            "gnome-keyring-daemon",
        ],
        Part::Readers => &["pdftotext", "pdffonts", "qpdf", "python3"],
        Part::OpenSsl => &[],
    }
}

/// The programs that are needed and not there.
fn absent(purpose: Purpose) -> Vec<&'static str> {
    programs(purpose)
        .into_iter()
        .filter(|name| !is_installed(name))
        .collect()
}

fn prepare_linux(purpose: Purpose) -> Result<(), Error> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let Some(family) = Family::from_os_release(&release) else {
        let absent = absent(purpose);
        if absent.is_empty() {
            println!("The packages of this Linux are not known here; going on with what is there.");
            return Ok(());
        }
        return Err(Error::Missing(format!(
            "this Linux is not Debian, Ubuntu, Fedora or Arch; install by hand: {} (on Debian: {})",
            absent.join(" "),
            Family::Debian.packages(purpose).join(" ")
        )));
    };
    let missing = family.missing(&family.packages(purpose));
    if !missing.is_empty() {
        install(family, &missing)?;
    }
    let absent = absent(purpose);
    if absent.is_empty() {
        Ok(())
    } else {
        Err(Error::Missing(format!(
            "still missing after installing: {}",
            absent.join(" ")
        )))
    }
}

fn install(family: Family, missing: &[&str]) -> Result<(), Error> {
    println!(
        "Missing system packages, to be installed now: {}",
        missing.join(" ")
    );
    let installers = family.installers();
    for (index, words) in installers.iter().enumerate() {
        let is_last = index + 1 == installers.len();
        let mut command = as_root(words, missing)?;
        if is_last {
            command.args(missing);
        }
        let result = shell::run(&mut command);
        // A mirror that cannot be refreshed may still have what is needed.
        match result {
            Err(error) if is_last => return Err(error),
            Err(error) => println!("{error}; trying with the lists that are here."),
            Ok(()) => {}
        }
    }
    Ok(())
}

/// The command as root: directly, or through sudo, which asks only where somebody can answer.
fn as_root(words: &[&str], missing: &[&str]) -> Result<Command, Error> {
    let user = shell::answer(Command::new("id").arg("-u"));
    let mut command = if user.is_some_and(|id| id.trim() == "0") {
        Command::new(words[0])
    } else if is_installed("sudo") {
        let mut sudo = Command::new("sudo");
        if !somebody_can_answer() {
            sudo.arg("--non-interactive");
        }
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", words[0]]);
        sudo
    } else {
        return Err(Error::Missing(format!(
            "not root, and there is no sudo; as root run: {} {}",
            words.join(" "),
            missing.join(" ")
        )));
    };
    command
        .args(&words[1..])
        .env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

fn somebody_can_answer() -> bool {
    std::io::stdin().is_terminal() && std::env::var_os("CI").is_none()
}

fn prepare_elsewhere(purpose: Purpose) -> Result<(), Error> {
    let missing = match purpose {
        Purpose::Build if cfg!(target_os = "macos") => {
            let tools = shell::answer(Command::new("xcode-select").arg("-p"));
            if tools.is_some() {
                return Ok(());
            }
            "the Xcode command line tools are missing; get them with: xcode-select --install"
        }
        Purpose::Build if cfg!(windows) => {
            // The toolchain that built this program has its linker; the web view comes with
            // Windows 11 and can be missing on Windows 10.
            let at = "SOFTWARE\\WOW6432Node\\Microsoft\\EdgeUpdate\\Clients\\\
                      {F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
            let web_view = ["HKLM", "HKCU"].iter().any(|hive| {
                shell::answer(Command::new("reg").args(["query", &format!("{hive}\\{at}")]))
                    .is_some()
            });
            if web_view {
                return Ok(());
            }
            "the WebView2 runtime is missing; get it from \
             https://developer.microsoft.com/microsoft-edge/webview2"
        }
        Purpose::Test => {
            let readers = programs_of(Part::Readers).iter();
            let absent: Vec<_> = readers
                .filter(|name| !is_installed(name))
                .copied()
                .collect();
            if absent.is_empty() {
                return Ok(());
            }
            return Err(Error::Missing(format!(
                "missing: {}; they come with poppler (https://poppler.freedesktop.org), qpdf \
                 (https://qpdf.org) and Python 3 (https://www.python.org)",
                absent.join(" ")
            )));
        }
        Purpose::Drive => {
            "the window can only be driven on Linux, with WebKitWebDriver, Xvfb and openbox; \
             run the other steps with: cargo xtask test --skip e2e"
        }
        _ => return Ok(()),
    };
    Err(Error::Missing(missing.to_owned()))
}

fn major_version(text: &str) -> Option<u32> {
    text.trim()
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_recognised_by_id_and_by_likeness() {
        let family = Family::from_os_release;
        assert_eq!(family("NAME=x\nID=debian\n"), Some(Family::Debian));
        assert_eq!(
            family("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            Some(Family::Debian)
        );
        assert_eq!(
            family("ID=nobara\nID_LIKE='fedora'\n"),
            Some(Family::Fedora)
        );
        assert_eq!(family("ID=manjaro\nID_LIKE=arch\n"), Some(Family::Arch));
        assert_eq!(family("ID=nixos\nVERSION_ID=debian\n"), None);
    }

    #[test]
    fn node_versions_are_read() {
        assert_eq!(major_version("v20.20.2\n"), Some(20));
        assert_eq!(major_version("nonsense"), None);
    }

    #[test]
    fn an_absent_package_is_missing_and_a_present_one_is_not() {
        if is_installed("dpkg-query") {
            let missing = Family::Debian.missing(&["base-files", "no-such-package-anywhere"]);
            assert_eq!(missing, ["no-such-package-anywhere"]);
        }
    }
}
