//! Driving Confidant's real window: what a journey in `tests/` needs.
//!
//! Every [`Journey`] has a display, a window manager, a session bus, a driver, a home and a vault
//! folder of its own, and takes them all down when it ends, panics included. What is clicked, typed into and
//! read is named as a person or a screen reader would: by role and accessible name. Every step waits
//! for what it needs; when it does not come, the journey fails with what there was instead, and
//! leaves a picture and the page's accessible text in `target/e2e/<journey>/`.

#![cfg(target_os = "linux")]
#![allow(
    clippy::print_stderr,
    reason = "a failed journey tells where its pictures are"
)]

mod bus;
mod driver;
mod folders;
mod journey;
mod memory;
mod native;
mod page;
mod program;
mod sockets;

pub use folders::{Finding, Folders};
pub use journey::{Journey, Plan, Theme, output_of};
pub use memory::{Needle, Trace, looked_at, traces};
pub use page::{Name, containing};
pub use program::{artefacts, built_program, keys_of, python_program};
pub use testkit::SmallDisk;
