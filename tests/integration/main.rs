//! The real commands on Tauri's mock runtime, over real vaults in temporary folders.
#![allow(missing_docs)]

mod backups;
mod contract;
mod documents;
mod health;
mod import;
mod keychain;
mod life;
mod notebooks;
mod opening;
mod rekey;
mod summaries;
mod world;
