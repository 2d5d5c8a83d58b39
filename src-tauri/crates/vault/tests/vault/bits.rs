//! Every single bit of the small files, flipped in turn: each opening shows every record as it was written, or ends
//! with the error that names the damaged part. The test flips some bits of each file; all of them:
//! `cargo test -p vault --test vault -- --ignored --nocapture bits::every_bit`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use testkit::{PASSPHRASE, Picture};
use vault::{CompartmentId, Credential, Error, Finding, Found, Part, Passphrase, Quiet, Vault};

use crate::guard::{self, guarded};
use crate::support::*;

/// Bits between two that a short run flips: prime to every length of a field.
const STRIDE: usize = 211;
/// A passphrase is tried in place of the spare key at every so many-th bit of a header: stretching takes its time.
const PASSPHRASE_STRIDE: usize = 4_099;

type Records = BTreeMap<(CompartmentId, u64), String>;

/// A locked vault whose newest keyring has one compartment more than the one before.
struct Subject {
    rig: Rig,
    disk: Picture,
    whole: RigPicture,
    stores: Vec<PathBuf>,
    records: Records,
    newest: CompartmentId,
}

/// What an opening answers when these files have the same bit flipped.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// It opens, with that finding and no other, and writes the file again as it was.
    Mended(Finding),
    /// It opens for reading with the keyring before, and tells of the rows that this one does not know.
    Behind,
    /// Nothing is opened and nothing written.
    Refused(Part),
}

impl Subject {
    fn make() -> Subject {
        let (rig, vault) = Rig::new();
        let mut records = Records::new();
        let spaces = [plain(&vault), plain(&vault)];
        vault.lock().unwrap();
        for session in 0..3 {
            let vault = rig.open();
            for number in 0..3 {
                for space in spaces {
                    let text = format!("{number} of {session}, ").repeat(1 + session as usize * 40);
                    vault.save(note(space, number, &text)).unwrap();
                    records.insert((space, number), text);
                }
            }
            vault.lock().unwrap();
        }
        let vault = rig.open();
        let newest = plain(&vault);
        vault.save(note(newest, 1, "newest")).unwrap();
        records.insert((newest, 1), "newest".into());
        vault.lock().unwrap();
        Self::of(rig, records, newest)
    }

    /// The same after a forgetting, which leaves one keyring only.
    fn make_forgetful() -> Subject {
        let before = Self::make();
        let vault = before.rig.open();
        vault.forget(before.newest, &Quiet).unwrap();
        vault.lock().unwrap();
        let mut records = before.records;
        records.remove(&(before.newest, 1));
        Self::of(before.rig, records, before.newest)
    }

    fn of(rig: Rig, records: Records, newest: CompartmentId) -> Subject {
        let vault = rig.open();
        assert_eq!(vault.opening().findings, []);
        assert_eq!(show(&vault), records);
        vault.lock().unwrap();
        Subject {
            disk: rig.disk.picture(),
            whole: rig.picture(),
            stores: stores(rig.temp.root()),
            rig,
            records,
            newest,
        }
    }

    fn sync(&self, prefix: &str) -> Vec<PathBuf> {
        let files = self.rig.disk.files().into_iter().map(|(path, _)| path);
        let folder = self.rig.temp.root().join("sync");
        let named = |path: &PathBuf| {
            path.strip_prefix(&folder)
                .is_ok_and(|name| name.to_string_lossy().starts_with(prefix))
        };
        let mut found: Vec<_> = files.filter(named).collect();
        found.sort();
        found
    }

    fn content(&self, path: &Path) -> Vec<u8> {
        vault::Disk::read(&self.rig.disk, path).unwrap()
    }

    /// Flips the bit in all the files, opens, and puts everything back.
    fn flip(&self, files: &[PathBuf], bit: usize, answer: &Answer) {
        let name = files[0].file_name().unwrap().to_string_lossy();
        let what = || format!("bit {bit} of {name} and {} more", files.len() - 1);
        for path in files {
            self.rig
                .disk
                .tamper(path, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        }
        let steps = self.rig.disk.steps();
        let in_header = name.starts_with("header.");
        let opened = guarded(what, || {
            // Two damaged headers are refused before anything is stretched: there the passphrase costs nothing.
            if in_header && (files.len() > 1 || bit.is_multiple_of(PASSPHRASE_STRIDE)) {
                self.rig.temp.open_with(PASSPHRASE)
            } else {
                self.rig.temp.open()
            }
        });
        match (opened, answer) {
            (Err(Error::Damaged { part }), Answer::Refused(expected)) => {
                assert_eq!(part, *expected, "{}", what());
                if in_header {
                    assert_eq!(self.rig.disk.steps(), steps, "{}: it wrote", what());
                    let looked = vault::look_on(self.rig.temp.host(), self.rig.temp.places());
                    assert_eq!(looked, Ok(Found::Damaged), "{}", what());
                }
            }
            (Ok(vault), Answer::Mended(finding)) => {
                assert_eq!(vault.opening().findings, [*finding], "{}", what());
                let shown = guarded(what, || show(&vault));
                assert!(shown == self.records, "{}", what());
                drop(vault);
                if name != "CURRENT" {
                    for path in files {
                        self.assert_as_before(path);
                    }
                }
            }
            (Ok(vault), Answer::Behind) => {
                assert!(vault.read_only(), "{}", what());
                let findings = &vault.opening().findings;
                let behind = |f: &Finding| matches!(f, Finding::KeyringBehind { .. });
                assert!(findings.iter().any(behind), "{}: {findings:?}", what());
                let rows = Finding::UnknownRows { rows: 1 };
                assert!(findings.contains(&rows), "{}: {findings:?}", what());
                let mut expected = self.records.clone();
                expected.remove(&(self.newest, 1));
                assert!(guarded(what, || show(&vault)) == expected, "{}", what());
            }
            (Ok(vault), _) => panic!("{}: it opened: {:?}", what(), vault.opening()),
            (Err(error), _) => panic!("{}: {error}, expected {answer:?}", what()),
        }
        if stores(self.rig.temp.root()) == self.stores {
            self.rig.disk.come_back_to(&self.disk);
        } else {
            self.rig.come_back_to(&self.whole);
        }
    }

    fn assert_as_before(&self, path: &Path) {
        let now = self.content(path);
        self.rig.disk.come_back_to(&self.disk);
        assert!(now == self.content(path), "{path:?} was not written again");
    }
}

/// Every record that is shown, by a walk over all and again each by itself.
fn show(vault: &Vault) -> Records {
    let mut records = Records::new();
    for info in vault.compartments() {
        let space = info.id;
        let visited = vault
            .visit(space, &mut |found| {
                let number = u64::from_be_bytes(found.record.0[..8].try_into().unwrap());
                let text = String::from_utf8(found.payload.to_vec()).unwrap();
                records.insert((space, number), text);
            })
            .unwrap();
        assert_eq!(visited.unreadable, []);
    }
    for ((space, number), shown) in &records {
        assert_eq!(text(vault, *space, *number).as_ref(), Some(shown));
    }
    records
}

/// Flips every `stride`-th bit of every small file, from an offset on.
fn run(stride: usize, offset: usize) {
    let subject = Subject::make();
    let forgetful = Subject::make_forgetful();
    let headers = subject.sync("header.");
    let epochs = subject.sync("epoch.");
    let newest = subject.sync("keyring.").pop().unwrap();
    let only = forgetful.sync("keyring.");
    assert_eq!((headers.len(), epochs.len(), only.len()), (2, 2, 1));
    let current = vec![subject.rig.temp.root().join("local/CURRENT")];
    let one = |path: &PathBuf| vec![path.clone()];
    let header = || Answer::Mended(Finding::HeaderRepaired);
    let epoch = || Answer::Mended(Finding::EpochRepaired);
    let runs = [
        ("header.a", &subject, one(&headers[0]), header()),
        ("header.b", &subject, one(&headers[1]), header()),
        (
            "both headers",
            &subject,
            headers.clone(),
            Answer::Refused(Part::Header),
        ),
        ("epoch a", &subject, one(&epochs[0]), epoch()),
        ("epoch b", &subject, one(&epochs[1]), epoch()),
        (
            "both epochs",
            &subject,
            epochs.clone(),
            Answer::Refused(Part::Epoch),
        ),
        ("keyring", &subject, one(&newest), Answer::Behind),
        (
            "the only keyring",
            &forgetful,
            only,
            Answer::Refused(Part::Keyring),
        ),
        (
            "CURRENT",
            &subject,
            current,
            Answer::Mended(Finding::CurrentRebuilt),
        ),
    ];
    let mut all = 0;
    for (name, subject, files, answer) in runs {
        let begun = Instant::now();
        let bits = subject.content(&files[0]).len() * 8;
        let mut flipped = 0;
        for bit in (offset % stride..bits).step_by(stride) {
            subject.flip(&files, bit, &answer);
            flipped += 1;
        }
        println!(
            "{name}: {flipped} of {bits} bits flipped, each {answer:?}, {} s",
            begun.elapsed().as_secs()
        );
        assert!(flipped > 0);
        all += flipped;
    }
    println!(
        "{all} openings, {} panics inside the store",
        guard::store_panics()
    );
}

#[test]
fn some_bits_of_every_small_file_cost_nothing_or_are_named() {
    run(STRIDE, guard::number("VAULT_SEED", 1) as usize);
}

#[test]
#[ignore = "takes ten minutes: the full run of the test above"]
fn every_bit_of_every_small_file_costs_nothing_or_is_named() {
    run(1, 0);
}

#[test]
fn a_passphrase_is_never_called_wrong_over_a_damaged_file() {
    let subject = Subject::make();
    let passphrase = Passphrase::parse("a wrong one").unwrap();
    let wrong = Credential::Passphrase(&passphrase);
    let open = || {
        Vault::open_on(
            subject.rig.temp.host(),
            subject.rig.temp.places(),
            wrong,
            &Quiet,
        )
    };
    // With sound files it is, with two damaged headers nobody can know.
    assert_eq!(open().err(), Some(Error::WrongCredential));
    for path in subject.sync("header.") {
        subject.rig.disk.tamper(&path, |bytes| bytes[700] ^= 1);
    }
    let part = Part::Header;
    assert_eq!(open().err(), Some(Error::Damaged { part }));
}
