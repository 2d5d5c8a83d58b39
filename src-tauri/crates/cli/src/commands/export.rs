//! The full archive out, for the owner's own recovery. It is plain text, and that is said.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use interchange::{ArchiveFile, ArchiveFormat};
use serde::Serialize;
use vault::Places;

use super::{Ended, WELL};
use crate::{
    arguments::{Common, Format},
    failure::{Failure, Own},
    output::{Output, not_written},
    session::{Session, vault_places},
};

/// What was written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    files: usize,
    bytes: usize,
    spaces: usize,
    records: usize,
    left_out: interchange::LeftOut,
}

/// Writes everything that is open to a place that is empty or not there.
pub fn export(common: &Common, format: Format, out: &Path, output: &Output<'_>) -> Ended {
    let places = vault_places(common, output)?;
    let out = std::path::absolute(out).map_err(not_written)?;
    expect_outside(&out, &places)?;
    expect_free(&out, format)?;
    let session = Session::open(common, output)?;
    let archive = interchange::archive(&session.mentoring, output.words, &mut |_, _| false)?;
    session.close(output);
    let form = match format {
        Format::Markdown => ArchiveFormat::Markdown,
        Format::Json => ArchiveFormat::Json,
    };
    let files = archive.files(form, output.words);
    write_all(&out, format, &files)?;
    output.warn_of("cli-warn-exportPlain");
    let left_out = archive.left_out;
    if left_out.shut + left_out.unreadable_spaces + left_out.unreadable > 0 {
        let values = [
            ("shut", left_out.shut.into()),
            ("spaces", left_out.unreadable_spaces.into()),
            ("records", left_out.unreadable.into()),
        ];
        output.warn("leftOut", &output.words.with("cli-warn-leftOut", values));
    }
    let written = Written {
        files: files.len(),
        bytes: files.iter().map(|file| file.bytes.len()).sum(),
        spaces: archive.spaces.len(),
        records: archive
            .spaces
            .iter()
            .map(|space| space.records.len() + space.summaries.len())
            .sum(),
        left_out,
    };
    output.answer(&written, || {
        let values = [
            ("files", written.files.into()),
            ("records", written.records.into()),
        ];
        output.words.with("cli-export-written", values)
    })?;
    Ok(WELL)
}

/// Plain text has no place among the vault's own files.
fn expect_outside(out: &Path, places: &Places) -> Result<(), Failure> {
    // Links may lead there by another name, so the nearest folder that is there is looked at too.
    let real = out
        .ancestors()
        .find_map(|folder| fs::canonicalize(folder).ok());
    let inside = [&places.vault, &places.device].into_iter().any(|own| {
        let real_own = fs::canonicalize(own).unwrap_or_else(|_| own.clone());
        out.starts_with(own)
            || real
                .as_ref()
                .is_some_and(|real| real.starts_with(&real_own))
    });
    if inside {
        Err(Own::OutInside.into())
    } else {
        Ok(())
    }
}

/// Refuses a place where something is already.
fn expect_free(out: &Path, format: Format) -> Result<(), Failure> {
    let free = match (fs::metadata(out), format) {
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => true,
        (Err(error), _) => return Err(not_written(error)),
        (Ok(there), Format::Json) => there.is_file() && there.len() == 0,
        (Ok(there), Format::Markdown) => {
            there.is_dir() && fs::read_dir(out).map_err(not_written)?.next().is_none()
        }
    };
    if free {
        Ok(())
    } else {
        Err(Own::OutExists.into())
    }
}

/// Writes the files, readable by their owner only. Where that fails, what was written goes again.
fn write_all(out: &Path, format: Format, files: &[ArchiveFile]) -> Result<(), Failure> {
    let mut made = Made::default();
    let written = match format {
        Format::Json => files
            .iter()
            .try_for_each(|file| made.file(out, &file.bytes)),
        Format::Markdown => made
            .folder(out)
            .and_then(|()| make_private(out))
            .and_then(|()| {
                files.iter().try_for_each(|file| {
                    let path = out.join(&file.path);
                    if let Some(folder) = path.parent() {
                        made.folder(folder)?;
                    }
                    made.file(&path, &file.bytes)
                })
            }),
    };
    written.map_err(|error| {
        made.undo();
        not_written(error)
    })
}

/// What was made, in its order.
#[derive(Default)]
struct Made(Vec<PathBuf>);

impl Made {
    fn folder(&mut self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        shell::files::make_private_folder(path)?;
        self.0.push(path.to_owned());
        Ok(())
    }

    fn file(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        // An empty file may be there; it is replaced by one that is its owner's alone.
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = create(path)?;
        self.0.push(path.to_owned());
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn undo(&self) {
        for path in self.0.iter().rev() {
            // What cannot be removed is told by the failure that led here.
            let _ = match path.is_dir() {
                true => fs::remove_dir(path),
                false => fs::remove_file(path),
            };
        }
    }
}

/// The names of folders are names of people: a folder that was there before becomes its owner's alone, too.
#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
