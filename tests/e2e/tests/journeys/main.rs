//! Journeys in the real window. Each is a person's, from what they see to what is on disk.

#![cfg(target_os = "linux")]

mod album;
mod discreet;
mod first_start;
mod main_job;
mod mid_word;
mod person;
