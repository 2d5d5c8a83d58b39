//! The real program over real vaults in temporary folders.

mod backups;
mod damage;
mod keys;
mod moving_out;
mod records;
#[cfg(unix)]
mod terminal;
mod use_and_misuse;
mod world;
