//! Interchange: moving in from other programs.
//!
//! Reading a file and bringing it in are two steps, so that a person sees what would happen before
//! anything is written.

mod error;
mod import;
mod jrnl;

pub use error::{Error, Result};
pub use import::{
    ImportPreview, ImportReport, Imported, Prepared, SkippedEntry, prepare_jrnl, undo,
};
pub use jrnl::{
    JrnlEntry, JrnlFormat, JrnlJournal, MAX_IMPORT_BYTES, SkipReason, Skipped, read_jrnl,
};
