//! Interchange: moving in from other programs, and moving out with everything.
//!
//! Reading a file and bringing it in are two steps, so that a person sees what would happen before
//! anything is written.

mod archive;
mod error;
mod import;
mod jrnl;

pub use archive::{
    Archive, ArchiveFile, ArchiveFormat, ArchivedRecord, ArchivedSpace, LeftOut, archive,
    record_markdown, summary_markdown,
};
pub use error::{Error, Result};
pub use import::{
    ImportPreview, ImportReport, Imported, Prepared, SkippedEntry, prepare_jrnl, undo,
};
pub use jrnl::{
    JrnlEntry, JrnlFormat, JrnlJournal, MAX_IMPORT_BYTES, SkipReason, Skipped, read_jrnl,
};
