//! Mentoring over a real vault in a temporary folder.
#![allow(missing_docs)]

mod bin;
mod bringing_back;
mod evidence;
mod forgetting;
mod history;
mod kinds;
mod label;
mod lists;
mod sealed;
mod second;
mod spaces;
mod world;
