//! The vault from outside: its life, its damages, its crashes, and the golden vaults of its format.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests say what failed by failing"
)]

mod background;
mod backup;
mod cache;
mod crash;
mod damage;
mod golden;
mod hostile;
mod keychain;
mod kill;
mod life;
mod model;
mod restore;
mod rollback;
mod support;
