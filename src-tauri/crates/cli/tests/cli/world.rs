//! A vault of a person, and the program run over it.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
};

use mentoring::{
    Mentoring, SystemClock,
    spaces::{Cloth, Role, Space, SpaceDraft, SpaceKind},
};
use serde_json::Value;
use tempfile::TempDir;
use testkit::{PASSPHRASE, TempVault};
use vault::Vault;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_confidant-cli");

/// What a run came to.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The document on standard output.
    pub fn json(&self) -> Value {
        assert!(
            self.err.is_empty() || self.err.starts_with('{'),
            "{}",
            self.err
        );
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}\n{}", self.out, self.err))
    }

    /// The code of the failure on standard error.
    pub fn failure(&self) -> String {
        let last = self.err.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{}", self.err));
        let said = |name: &str| error["error"][name].as_str().unwrap_or_default().to_owned();
        assert!(
            !said("message").is_empty() && !said("hint").is_empty(),
            "{error}"
        );
        said("code")
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let ended = Self {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).expect("it speaks UTF-8"),
            err: String::from_utf8(output.stderr).expect("it speaks UTF-8"),
        };
        for word in ["panicked", "RUST_BACKTRACE", "unwrap"] {
            assert!(!ended.err.contains(word), "{}", ended.err);
        }
        ended
    }
}

/// A home, with a vault or without.
pub struct World {
    pub temp: TempVault,
    home: TempDir,
}

impl World {
    /// A home without a vault.
    pub fn empty() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(home.path().join("tmp")).expect("made");
        Self {
            temp: TempVault::empty(),
            home,
        }
    }

    /// A home with a vault in which there are Amara, whom the owner mentors, and a journal.
    pub fn new() -> Self {
        Self::filled(|mentoring| {
            notebook(mentoring, SpaceKind::Relationship, "Amara Nwosu");
            notebook(mentoring, SpaceKind::Journal, "My journal");
        })
    }

    /// A home with a vault that was filled so.
    pub fn filled(fill: impl FnOnce(&Mentoring)) -> Self {
        let mut world = Self::empty();
        let (temp, vault) = TempVault::create();
        world.temp = temp;
        let mentoring = serve(vault);
        shell::setting_up::enter(&mentoring, "Helen").expect("it is entered");
        fill(&mentoring);
        mentoring.into_vault().lock().expect("it is locked");
        world
    }

    /// Opens the vault in this process.
    pub fn open(&self) -> Mentoring {
        serve(self.temp.open().expect("the spare key opens it"))
    }

    /// A file in the home, readable by its owner only.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.path().join(name);
        fs::write(&path, text).expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("ours");
        }
        path
    }

    /// A place in the home.
    pub fn at(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The program, with its environment and the folders of the vault.
    pub fn command(&self) -> Command {
        let mut command = self.dressed(PROGRAM);
        command
            .arg("--vault")
            .arg(self.vault())
            .arg("--device-folder")
            .arg(&self.temp.places().device);
        command
    }

    /// A program that writes below the home only.
    pub fn dressed(&self, program: impl AsRef<OsStr>) -> Command {
        let home = self.home.path();
        let mut command = Command::new(program);
        command
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_STATE_HOME", home.join("state"))
            .env("TMPDIR", home.join("tmp"));
        command
    }

    pub fn vault(&self) -> &Path {
        &self.temp.places().vault
    }

    /// Runs it with the vault's passphrase in a file.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, "")
    }

    /// Runs it with the vault's passphrase in a file and words on standard input.
    pub fn run_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ended {
        let file = self.file("passphrase", format!("{PASSPHRASE}\n"));
        let mut command = self.command();
        command.arg("--passphrase-file").arg(file).args(arguments);
        give(command, input)
    }

    /// Runs it, with the passphrase file that is there, so that no file may grow beyond some blocks of 512 bytes, as on a
    /// full disk: root is bound by that, too.
    #[cfg(unix)]
    pub fn on_a_full_disk(&self, blocks: u32, arguments: &str, input: &str) -> Ended {
        let mut file = self.at("passphrase");
        if !file.exists() {
            file = self.file("passphrase", format!("{PASSPHRASE}\n"));
        }
        let line = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec '{PROGRAM}' --vault '{}' --device-folder '{}' --passphrase-file '{}' {arguments}",
            self.vault().display(),
            self.temp.places().device.display(),
            file.display(),
        );
        let mut command = self.dressed("sh");
        command.args(["-c", &line]);
        give(command, input)
    }

    /// Runs it without a passphrase.
    pub fn run_bare(&self, arguments: &[&str]) -> Ended {
        let mut command = self.command();
        command.args(arguments);
        give(command, "")
    }
}

/// Runs a command with this on its standard input.
pub fn give(mut command: Command, input: impl AsRef<[u8]>) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    // A command that reads nothing may have ended before.
    let _ = stdin.write_all(input.as_ref());
    drop(stdin);
    child.wait_with_output().expect("it ends").into()
}

pub fn notebook(mentoring: &Mentoring, kind: SpaceKind, name: &str) -> Space {
    let draft = SpaceDraft {
        kind,
        role: (kind != SpaceKind::Journal).then_some(Role::Mentor),
        name: name.to_owned(),
        about: String::new(),
        cloth: Cloth::Moss,
        since: None,
        meet_every_weeks: None,
    };
    mentoring.create_space(draft).expect("a notebook")
}

fn serve(vault: Vault) -> Mentoring {
    shell::setting_up::serve(vault, Arc::new(SystemClock)).expect("the services begin")
}
