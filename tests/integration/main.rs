//! The real commands on Tauri's mock runtime, over real vaults in temporary folders.
#![allow(missing_docs)]

mod backups;
mod contract;
mod import;
mod life;
mod notebooks;
mod opening;
mod summaries;
mod world;
