//! The vault from outside: its life, its damages, its crashes, and the golden vaults of its format.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests say what failed by failing"
)]

mod acts;
mod background;
mod backup;
mod between;
mod bits;
mod cache;
mod clocks;
mod crash;
mod damage;
mod forget;
#[cfg(target_os = "linux")]
mod full_disk;
mod golden;
mod guard;
mod history;
mod hostile;
mod keychain;
mod kill;
mod life;
#[cfg(target_os = "linux")]
mod memory;
mod model;
mod rekey;
mod restore;
mod rollback;
mod rounds;
mod rows;
mod scars;
mod second_passphrase;
mod support;
mod sweep;
mod undecided;
