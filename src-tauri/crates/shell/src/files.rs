//! Writing files whole, or not at all.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

/// Writes a file beside its place, syncs it and puts it into its place. Only its owner may read it.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    // The temporary file is made for its owner alone, and is removed when anything fails.
    let mut file = tempfile::Builder::new()
        .prefix(".confidant-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    // The file is in its place from here on. A folder that cannot be synced (some network disks
    // cannot) makes it no less written, and saying so would be untrue.
    let _ = sync_folder(folder);
    Ok(())
}

/// As `replace`, by way of a file beside it whose name is known: whoever clears up after a kill finds it.
pub fn replace_by(path: &Path, unfinished: &Path, bytes: &[u8]) -> io::Result<()> {
    // What an earlier one left.
    let _ = fs::remove_file(unfinished);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(unfinished)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(unfinished);
    }
    written?;
    let _ = sync_folder_of(path);
    Ok(())
}

/// Makes a folder that only its owner may enter.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes the name of a file durable.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let whole = std::path::absolute(path)?;
    sync_folder(whole.parent().ok_or(io::ErrorKind::InvalidInput)?)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("summary.pdf");
        fs::write(&path, "before").expect("written");
        replace(&path, b"after").expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"after");
        assert_eq!(
            fs::read_dir(folder.path()).expect("listed").count(),
            1,
            "nothing is left over"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_an_earlier_replacing_left_is_in_nobodys_way_and_nothing_is_left() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let [path, unfinished] = ["one", "one.unfinished"].map(|name| folder.path().join(name));
        fs::write(&unfinished, "left over").expect("written");
        replace_by(&path, &unfinished, b"first").expect("replaced");
        replace_by(&path, &unfinished, b"after").expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"after");
        fs::create_dir(folder.path().join("two")).expect("made");
        assert!(replace_by(&folder.path().join("two"), &unfinished, b"no file").is_err());
        let names = fs::read_dir(folder.path()).expect("listed");
        assert_eq!(names.count(), 2, "the file and the folder");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(replace(&folder.path().join("gone/summary.pdf"), b"words").is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 0);
    }
}
