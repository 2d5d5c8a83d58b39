//! The parsers of the vault as a fuzzer sees them: one function a target, each taking bytes. They are here under
//! the feature `fuzzing`, which nothing that is shipped switches on, and for the tests of this crate, which replay
//! the corpus.
//!
//! The first byte of an input says how the rest is used. As they are, bytes come no further than the first checksum
//! or seal; so most ways put them where a checksum, an HMAC or a seal under keys that are known here is then made
//! to fit, and what reads behind it is reached. Each function checks more than that nothing panics, and panics where
//! a check fails. The same input does the same every time; nothing is drawn but nonces that have no say.

#![allow(
    clippy::missing_panics_doc,
    reason = "a panic is how a fuzzer is told of a finding"
)]

mod backup;
mod frame;
mod header;
mod keyring;
mod known;
mod row;
pub mod seeds;
#[cfg(test)]
mod tests;

/// A target: bytes go in, a panic is a finding.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 5] = [
    ("header", header::run),
    ("keyring", keyring::run),
    ("frame", frame::run),
    ("row", row::run),
    ("backup", backup::run),
];

/// Headers and their slots.
pub fn header(input: &[u8]) {
    header::run(input);
}

/// Keyrings and their entries.
pub fn keyring(input: &[u8]) {
    keyring::run(input);
}

/// Frames, their bodies, and segments of them.
pub fn frame(input: &[u8]) {
    frame::run(input);
}

/// Rows, and records put together of several.
pub fn row(input: &[u8]) {
    row::run(input);
}

/// Backups: the preface, and whole files.
pub fn backup(input: &[u8]) {
    backup::run(input);
}

/// Takes an input apart. Where it has ended, zeros follow: a short input is one with an end of zeros.
struct Feed<'a>(&'a [u8]);

impl<'a> Feed<'a> {
    fn u8(&mut self) -> u8 {
        u8::from_le_bytes(self.array())
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        let there = self.slice(N);
        out[..there.len()].copy_from_slice(there);
        out
    }

    /// At most so many bytes.
    fn slice(&mut self, most: usize) -> &'a [u8] {
        let (front, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        front
    }

    fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The bytes, cut or filled with zeros to a length.
fn fitted(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut out = bytes[..bytes.len().min(length)].to_vec();
    out.resize(length, 0);
    out
}

/// Writes over the bytes at an offset, as far as they reach.
fn overwrite(bytes: &mut [u8], at: usize, with: &[u8]) {
    let at = at.min(bytes.len());
    let length = with.len().min(bytes.len() - at);
    bytes[at..at + length].copy_from_slice(&with[..length]);
}

/// Turns one bit.
fn flip(bytes: &mut [u8], bit: usize) {
    let bit = bit % (bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
}

fn all_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}
