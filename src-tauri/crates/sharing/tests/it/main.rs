//! Summaries over a real vault in a temporary folder.
#![allow(missing_docs)]

mod consent;
mod evidence;
mod export;
mod label;
mod receipt;
mod world;
