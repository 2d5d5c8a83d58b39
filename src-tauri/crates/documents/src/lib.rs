//! Turns a document model into pages: PDF, Markdown and HTML.
//!
//! The crate knows nothing of vaults or mentoring. Words come in, bytes go out: no file is read, no
//! address is asked for, no clock is looked at, and no word of any language is added. Equal input
//! gives equal bytes, because two programs compare the pages they made.
//!
//! Every writer works on the same cleaned copy of the document (see [`clean`]), so that what a
//! person reads in one form is what stands in the others.

mod canonical;
mod html;
mod markdown;
mod model;
mod pdf;
mod text;

pub use html::html;
pub use markdown::{LeftOut, Parsed, from_markdown, markdown, markdown_of_blocks};
pub use model::{
    Agreement, Block, Document, Footer, ItemBlocks, Level, Note, Signature, Source, SourceList,
    Span, plain_text,
};
pub use pdf::{SpareKeySheet, WORDS_ON_SHEET, pdf, spare_key_sheet, undrawable};
pub use text::clean;

/// Why a document could not be made. Never carries the document's words.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The fonts shipped with the program have no shape for some characters; [`undrawable`] names
    /// them.
    #[error("{count} characters have no shape in the fonts of this program")]
    CannotDraw {
        /// How many different characters.
        count: usize,
    },
    /// The language is not a BCP 47 tag that begins with a two or three letter language.
    #[error("the language of the document is not a language tag")]
    UnknownLanguage,
    /// The typesetter could not lay the pages out.
    #[error("the pages could not be laid out")]
    NotLaidOut,
    /// The pages could not be written as a tagged PDF.
    #[error("the pages could not be written as PDF")]
    NotWritten,
}
