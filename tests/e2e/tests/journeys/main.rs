//! Journeys in the real window. Each is a person's, from what they see to what is on disk.

#![cfg(target_os = "linux")]

mod album;
mod backup;
mod bad_opening;
mod demo;
mod discreet;
mod disks;
mod first_meeting;
mod first_start;
mod forget;
mod health;
mod jrnl;
mod keyboard;
mod keychain;
mod locking;
mod main_job;
mod memory;
mod mid_word;
mod person;
mod rekey;
mod sealed;
mod second_start;
mod shut;
