//! A durable save of one note: the vault, SQLCipher, and a bare append, in turn in one folder.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use vault::{
    Batch, CompartmentId, CompartmentOptions, KdfCost, Kind, Passphrase, Places, Quiet, RecordId,
    Schema, Vault,
};

use crate::Error;
use crate::measure::Times;
use crate::report::{Entry, Held, Report};
use crate::text::{INDEX, NOTE, Writer};

/// Saves of each kind in one turn: so that what one leaves to do in the background falls on all.
const TURN: usize = 20;

/// What a bare append writes.
const BARE: usize = 4_096;

/// A kind of record as the layer above numbers them.
const KIND: Kind = Kind(100);

/// Its index record.
const INDEX_KIND: Kind = Kind(1);

const SCHEMA: Schema = Schema(1);

const SQLCIPHER: &str = "SQLCipher, WAL, synchronous=FULL";

/// Measures saves in a temporary folder inside `folder`.
pub fn measure(report: &mut Report, folder: &Path, quick: bool) -> Result<(), Error> {
    let turns = if quick { 10 } else { 100 };
    let place = tempfile::Builder::new()
        .prefix("bench-save-")
        .tempdir_in(folder)?;
    let mut ours = Ours::make(place.path())?;
    let mut peer = SqlCipher::make(&place.path().join("notes.db"))?;
    let mut bare = Bare::make(&place.path().join("bare"))?;
    let mut writer = Writer::new(1);

    let mut times: [Times; 6] = Default::default();
    // One turn to warm up, not counted.
    for turn in 0..=turns {
        for place in 0..times.len() {
            // Another one begins each turn.
            let which = (place + turn) % times.len();
            for _ in 0..TURN {
                let time = match which {
                    0 => ours.save(&mut writer, false)?,
                    1 => peer.save(&mut writer, false)?,
                    2 => bare.save(File::sync_all)?,
                    3 => bare.save(File::sync_data)?,
                    4 => ours.save(&mut writer, true)?,
                    _ => peer.save(&mut writer, true)?,
                };
                if turn > 0 {
                    times[which].push(time);
                }
            }
        }
    }
    let [ours, peer, bare, bare_data, ours_both, peer_both] = &times;
    let entry = |name: &str, times: &Times| Entry::new(name, "ms", times.median_ms());
    report.add(
        entry("durable save of a 1.5 KB note", ours)
            .against(SQLCIPHER, peer.median_ms())
            .held(Held::Ratio, 1.0),
    );
    report.add(
        entry("durable save of a 1.5 KB note, against a bare write", ours)
            .against("4 KiB appended, fsync", bare.median_ms())
            .held(Held::Ratio, 2.0),
    );
    report.add(
        entry(
            "durable save of a 1.5 KB note, against a bare data write",
            ours,
        )
        .against("4 KiB appended, fdatasync", bare_data.median_ms()),
    );
    report.add(
        entry(
            "durable save of a 1.5 KB note and its list entry",
            ours_both,
        )
        .against(SQLCIPHER, peer_both.median_ms()),
    );
    report.add(
        Entry::new(
            "durable save of a 1.5 KB note, 95th percentile",
            "ms",
            ours.percentile_ms(95),
        )
        .against(SQLCIPHER, peer.percentile_ms(95)),
    );
    Ok(())
}

/// The vault.
struct Ours {
    vault: Vault,
    compartment: CompartmentId,
}

impl Ours {
    fn make(folder: &Path) -> Result<Self, Error> {
        let (vault, compartment, _) = make_vault(folder)?;
        Ok(Self { vault, compartment })
    }

    fn save(&mut self, writer: &mut Writer, with_index: bool) -> Result<Duration, Error> {
        let record = RecordId(writer.id());
        let mut batch = Batch::new();
        batch.put(self.compartment, KIND, record, SCHEMA, writer.text(NOTE));
        if with_index {
            batch.put(
                self.compartment,
                INDEX_KIND,
                record,
                SCHEMA,
                writer.text(INDEX),
            );
        }
        let begun = Instant::now();
        self.vault.save(batch)?;
        Ok(begun.elapsed())
    }
}

/// Makes a vault with one compartment; the spare key opens it without stretching.
pub fn make_vault(folder: &Path) -> Result<(Vault, CompartmentId, vault::SpareKey), Error> {
    let passphrase = Passphrase::parse("measured by the clock, not by the heart")
        .map_err(|refused| Error::Wrong(format!("{refused:?}")))?;
    let (vault, spare_key) = Vault::create(&places(folder), &passphrase, KdfCost::FLOOR, &Quiet)?;
    let compartment = vault.make_compartment(CompartmentOptions::default())?;
    Ok((vault, compartment, spare_key))
}

/// Where a vault made in a folder is.
pub fn places(folder: &Path) -> Places {
    Places {
        vault: folder.join("vault"),
        device: folder.join("device"),
    }
}

/// SQLCipher with a raw key, so that its own stretching is apart too.
struct SqlCipher(Connection);

impl SqlCipher {
    fn make(file: &Path) -> Result<Self, Error> {
        let connection = Connection::open(file)?;
        let key = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'";
        connection.pragma_update(None, "key", key)?;
        let version: String =
            connection.query_row("PRAGMA cipher_version", [], |row| row.get(0))?;
        if version.is_empty() {
            return Err(Error::Wrong("this SQLite does not encrypt".to_owned()));
        }
        let mode: String =
            connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let level: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
        if mode != "wal" || level != 2 {
            return Err(Error::Wrong(format!(
                "SQLCipher runs with {mode} and {level}"
            )));
        }
        connection.execute_batch(
            "CREATE TABLE note (id BLOB PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
             CREATE TABLE entry (id BLOB PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;",
        )?;
        Ok(Self(connection))
    }

    fn save(&mut self, writer: &mut Writer, with_index: bool) -> Result<Duration, Error> {
        let (id, note, entry) = (writer.id(), writer.text(NOTE), writer.text(INDEX));
        let begun = Instant::now();
        let transaction = self.0.transaction()?;
        transaction
            .prepare_cached("INSERT INTO note VALUES (?1, ?2)")?
            .execute(rusqlite::params![id, note])?;
        if with_index {
            transaction
                .prepare_cached("INSERT INTO entry VALUES (?1, ?2)")?
                .execute(rusqlite::params![id, entry])?;
        }
        transaction.commit()?;
        Ok(begun.elapsed())
    }
}

/// A file that grows by one block, synced each time.
struct Bare {
    file: File,
    block: [u8; BARE],
}

impl Bare {
    fn make(path: &Path) -> Result<Self, Error> {
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(path)?;
        Ok(Self {
            file,
            block: [7; BARE],
        })
    }

    fn save(&mut self, sync: fn(&File) -> io::Result<()>) -> Result<Duration, Error> {
        let begun = Instant::now();
        self.file.write_all(&self.block)?;
        sync(&self.file)?;
        Ok(begun.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlcipher_writes_is_encrypted_and_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("notes.db");
        let mut peer = SqlCipher::make(&file).expect("SQLCipher is bundled");
        let mut writer = Writer::new(1);
        for _ in 0..10 {
            peer.save(&mut writer, true).expect("a note is saved");
        }
        let count: i64 = peer
            .0
            .query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
            .expect("a count");
        assert_eq!(count, 10);
        drop(peer);
        let bytes = std::fs::read(&file).expect("the file");
        assert!(!bytes.starts_with(b"SQLite format 3"));
    }
}
