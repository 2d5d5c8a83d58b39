//! A disk of its own for a vault, which can be full or refuse every change.

#![expect(clippy::print_stderr, reason = "tests say what they cannot show here")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, UnmountFlags, mount, mount_remount, unmount};

/// Bytes of one step of filling up.
const STEP: usize = 64 * 1024;

/// What a file system in memory gives at a time.
const PAGE: u64 = 4096;

/// A small file system in memory; gone when dropped.
pub struct SmallDisk {
    place: PathBuf,
    filler: PathBuf,
    options: std::ffi::CString,
}

impl SmallDisk {
    /// Puts a disk of so many MiB at a folder, which is made. None where this user may not: that takes root.
    pub fn at(folder: &Path, mebibytes: u32) -> Option<Self> {
        fs::create_dir_all(folder).expect("the folder can be made");
        let options = std::ffi::CString::new(format!("size={mebibytes}m,mode=0700"))
            .expect("the options hold no zero");
        match mount(
            "tmpfs",
            folder,
            "tmpfs",
            MountFlags::empty(),
            options.as_c_str(),
        ) {
            Ok(()) => Some(Self {
                place: folder.to_owned(),
                // Beside what the vault makes; it looks only at the names it knows.
                filler: folder.join("filler"),
                options,
            }),
            Err(rustix::io::Errno::PERM | rustix::io::Errno::ACCESS) => {
                eprintln!("not shown here: only root may mount a small disk");
                None
            }
            Err(error) => panic!("a small disk at {}: {error}", folder.display()),
        }
    }

    /// Leaves not a byte free.
    pub fn fill(&self) {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.filler)
            .expect("a name still has room");
        let mut step = STEP;
        while step > 0 {
            match file.write(&vec![0x55; step]) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::StorageFull => step /= 2,
                Err(error) => panic!("filling the disk: {error}"),
            }
        }
    }

    /// Leaves so many pages of 4 KiB free.
    pub fn leave(&self, pages: u64) {
        self.fill();
        let file = OpenOptions::new().write(true).open(&self.filler);
        let file = file.expect("the filler can be written");
        let length = file.metadata().expect("it is there").len();
        file.set_len(length.saturating_sub(pages * PAGE))
            .expect("the filler can be cut");
    }

    /// Makes room again.
    pub fn free(&self) {
        File::create(&self.filler).expect("the filler can be emptied");
        fs::remove_file(&self.filler).expect("the filler can be removed");
    }

    /// Refuses every change from now on, or allows them again. Nothing on it may be open for writing.
    pub fn set_read_only(&self, read_only: bool) {
        let flags = if read_only {
            MountFlags::RDONLY
        } else {
            MountFlags::empty()
        };
        mount_remount(&self.place, flags, self.options.as_c_str())
            .expect("the disk can be mounted anew");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Also while the program still has it open, when a journey has failed.
        if let Err(error) = unmount(&self.place, UnmountFlags::DETACH) {
            eprintln!("{} stays mounted: {error}", self.place.display());
        }
    }
}
