//! Measures saving, opening and size: `cargo run --release -p vault --example measure -- 10000`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measuring tool, not shipped"
)]

use std::time::{Duration, Instant};

use testkit::TempVault;
use vault::{Batch, CompartmentOptions, Host, Kind, Quiet, RecordId, Schema};

fn main() {
    let notes: u64 = std::env::args()
        .nth(1)
        .map_or(10_000, |n| n.parse().unwrap());
    let host = Host {
        settle_after: Some(Duration::from_secs(3)),
        ..Host::default()
    };
    let (temp, vault) = TempVault::empty_on(host).filled().unwrap();
    let space = vault
        .make_compartment(CompartmentOptions::default())
        .unwrap();
    let note = "x".repeat(1500);
    let index = "y".repeat(3000);
    let id = |n: u64| {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        RecordId(bytes)
    };

    let mut times = Vec::new();
    for n in 0..300 {
        let mut batch = Batch::new();
        batch.put(space, Kind(100), id(n), Schema(1), note.as_str());
        batch.put(space, Kind(1), id(0), Schema(1), index.as_str());
        let start = Instant::now();
        vault.save(batch).unwrap();
        times.push(start.elapsed());
    }
    times.sort();
    println!("save: median {:?}, p95 {:?}", times[150], times[285]);
    for (name, length) in [("4 KiB", 4096), ("8 KiB + 112", 8192 + 112)] {
        println!(
            "bare append and sync of {name}: median {:?}",
            bare(&temp, length)
        );
    }

    let start = Instant::now();
    let mut n = 300;
    while n < notes {
        let mut batch = Batch::new();
        for _ in 0..1000.min(notes - n) {
            batch.put(space, Kind(100), id(n), Schema(1), note.as_str());
            n += 1;
        }
        vault.save(batch).unwrap();
    }
    println!("{notes} notes saved in thousands: {:?}", start.elapsed());
    println!("store before lock: {} bytes", vault.store_size().unwrap());
    let start = Instant::now();
    vault.lock().unwrap();
    println!("lock: {:?}", start.elapsed());
    for _ in 0..3 {
        let start = Instant::now();
        let vault = temp.open().unwrap();
        println!(
            "open: {:?}, {:?}",
            start.elapsed(),
            vault.opening().findings
        );
        let start = Instant::now();
        assert!(vault.verify(&Quiet).unwrap().iter().all(|check| check.ok));
        println!("verify: {:?}", start.elapsed());
        let start = Instant::now();
        vault.lock().unwrap();
        println!("lock unchanged: {:?}", start.elapsed());
    }
    let vault = temp.open().unwrap();
    let start = Instant::now();
    let mut bytes = 0;
    vault
        .visit(space, &mut |record| bytes += record.payload.len() as u64)
        .unwrap();
    println!("visit: {:?} for {bytes} bytes of text", start.elapsed());
    let start = Instant::now();
    vault.compact(&Quiet).unwrap();
    let size = vault.store_size().unwrap();
    println!(
        "compact: {:?}, store {size} bytes, {:.2} per byte of text",
        start.elapsed(),
        size as f64 / bytes as f64
    );
    vault.lock().unwrap();
    let start = Instant::now();
    let vault = temp.open().unwrap();
    println!("open after compaction: {:?}", start.elapsed());
    println!("blobs: {}", blobs(&temp));
    drop(vault);
    let start = Instant::now();
    let vault = temp.open().unwrap();
    println!(
        "open after a drop without lock: {:?}, {:?}",
        start.elapsed(),
        vault.opening().findings
    );
}

fn bare(temp: &TempVault, length: usize) -> Duration {
    use std::io::Write;
    let mut file = std::fs::File::create(temp.folder().join("bare")).unwrap();
    let block = vec![1; length];
    let mut times: Vec<_> = (0..300)
        .map(|_| {
            let start = Instant::now();
            file.write_all(&block).unwrap();
            file.sync_data().unwrap();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[150]
}

fn blobs(temp: &TempVault) -> usize {
    let stores = std::fs::read_dir(temp.root().join("local")).unwrap();
    stores
        .flatten()
        .map(|entry| entry.path().join("blobs"))
        .filter(|path| path.is_dir())
        .map(|path| std::fs::read_dir(path).unwrap().count())
        .sum()
}
