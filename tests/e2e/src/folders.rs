//! The folders of one journey, and the search for a secret in everything the program wrote there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bus;

/// A home, a vault and everything else a program may write to, for one journey only.
pub struct Folders {
    root: tempfile::TempDir,
}

/// A file that holds what it must not hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub path: PathBuf,
    /// How the words are written there.
    pub encoding: &'static str,
}

impl Folders {
    /// Makes the folders, readable for this user only.
    pub fn make() -> Self {
        // Short, because sockets are made below it and their paths are limited to 107 bytes.
        let root = tempfile::Builder::new()
            .prefix("e2e")
            .tempdir()
            .expect("a temporary folder");
        let folders = Self { root };
        let wanted = [
            "home", "config", "cache", "data", "state", "run", "tmp", "device", "files",
        ];
        for name in wanted {
            fs::DirBuilder::new()
                .mode(0o700)
                .create(folders.root.path().join(name))
                .expect("a folder in an empty folder");
        }
        folders
    }

    /// The vault's folder; the program makes it.
    pub fn vault(&self) -> PathBuf {
        self.root.path().join("vault")
    }

    /// The folder of what the program keeps about this device.
    pub fn device(&self) -> PathBuf {
        self.root.path().join("device")
    }

    /// The person's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// The folder for sockets.
    pub(crate) fn run(&self) -> PathBuf {
        self.root.path().join("run")
    }

    /// The person's own files: what is imported and exported. Not searched for secrets.
    pub fn files(&self) -> PathBuf {
        self.root.path().join("files")
    }

    /// Sets a program's environment so that it writes below these folders only.
    pub fn dress(&self, command: &mut Command) {
        let at = |name: &str| self.root.path().join(name);
        command
            .env("HOME", at("home"))
            .env("XDG_CONFIG_HOME", at("config"))
            .env("XDG_CACHE_HOME", at("cache"))
            .env("XDG_DATA_HOME", at("data"))
            .env("XDG_STATE_HOME", at("state"))
            .env("XDG_RUNTIME_DIR", at("run"))
            .env("TMPDIR", at("tmp"))
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            // Nothing of the machine's own session may take part.
            .env("DBUS_SESSION_BUS_ADDRESS", bus::address(&self.run()))
            .env("DBUS_SYSTEM_BUS_ADDRESS", bus::address(&self.run()))
            .env_remove("XDG_SESSION_ID")
            .env("GTK_USE_PORTAL", "0")
            .env("GSETTINGS_BACKEND", "memory");
    }

    /// Every file below the vault's folder, with what is in it.
    pub fn contents_of_vault(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.vault()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the vault's folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).expect("a file of the vault");
                    found.insert(path, bytes);
                }
            }
        }
        found
    }

    /// How many files the window's web view has written, below the folders of all its runs.
    pub fn web_view_files(&self) -> usize {
        let mut count = 0;
        let mut folders = vec![self.root.path().join("cache")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => count += 1,
                    _ => {}
                }
            }
        }
        count
    }

    /// The files that hold `secret` in UTF-8 or UTF-16, in their content or their name; the person's
    /// own files apart.
    pub fn search_files_for(&self, secret: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        search(
            self.root.path(),
            &self.files(),
            &Needles::of(secret),
            &mut findings,
        );
        findings
    }
}

/// The ways in which a text can be written.
struct Needles([(&'static str, Vec<u8>); 3]);

impl Needles {
    fn of(secret: &str) -> Self {
        assert!(secret.len() >= 8, "too short a secret is found anywhere");
        let wide = |bytes: fn(u16) -> [u8; 2]| secret.encode_utf16().flat_map(bytes).collect();
        Self([
            ("UTF-8", secret.as_bytes().to_vec()),
            ("UTF-16LE", wide(u16::to_le_bytes)),
            ("UTF-16BE", wide(u16::to_be_bytes)),
        ])
    }

    fn found_in(&self, hay: &[u8]) -> Option<&'static str> {
        let holds = |needle: &[u8]| {
            let first = needle[0];
            let mut from = 0;
            while let Some(at) = hay[from..].iter().position(|&byte| byte == first) {
                if hay[from + at..].starts_with(needle) {
                    return true;
                }
                from += at + 1;
            }
            false
        };
        self.0
            .iter()
            .find(|(_, needle)| holds(needle))
            .map(|(encoding, _)| *encoding)
    }
}

fn search(folder: &Path, except: &Path, needles: &Needles, findings: &mut Vec<Finding>) {
    // Files come and go while the program runs: what is gone holds nothing any more.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, Ok(kind)) = (entry.path(), entry.file_type()) else {
            continue;
        };
        if let Some(encoding) = needles.found_in(entry.file_name().as_encoded_bytes()) {
            findings.push(Finding {
                path: path.clone(),
                encoding,
            });
        }
        if path == except || kind.is_symlink() || kind.is_socket() || kind.is_fifo() {
            continue;
        }
        if kind.is_dir() {
            search(&path, except, needles, findings);
        } else if let Some(encoding) = fs::read(&path)
            .ok()
            .and_then(|bytes| needles.found_in(&bytes))
        {
            findings.push(Finding { path, encoding });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "Zoë told me so";

    #[test]
    fn a_secret_is_found_in_each_encoding_and_in_names_but_not_in_own_files() {
        let folders = Folders::make();
        let write = |name: &str, bytes: Vec<u8>| {
            let path = folders.root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        write("files/export.md", SECRET.into());
        write("cache/innocent", b"Zo\xc3\xab told you so".to_vec());
        assert_eq!(folders.search_files_for(SECRET), []);

        write("vault/deep/a", [b"x", SECRET.as_bytes()].concat());
        let wide = |bytes: fn(u16) -> [u8; 2]| SECRET.encode_utf16().flat_map(bytes).collect();
        write("cache/b", wide(u16::to_le_bytes));
        write("config/c", wide(u16::to_be_bytes));
        write(&format!("data/{SECRET}.txt"), Vec::new());
        let mut found: Vec<_> = folders
            .search_files_for(SECRET)
            .into_iter()
            .map(|finding| {
                let path = finding
                    .path
                    .strip_prefix(folders.root.path())
                    .unwrap()
                    .to_owned();
                (path.display().to_string(), finding.encoding)
            })
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                ("cache/b".to_owned(), "UTF-16LE"),
                ("config/c".to_owned(), "UTF-16BE"),
                (format!("data/{SECRET}.txt"), "UTF-8"),
                ("vault/deep/a".to_owned(), "UTF-8"),
            ]
        );
    }
}
