//! See `tests/fuzz/README.md`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vault::fuzzing::frame(input));
