//! A process that is killed in the middle of two thousand saves.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use testkit::TempVault;
use vault::{Batch, CompartmentId, Credential, Host, Places, Quiet, Schema, SpareKey, Vault};

use crate::support::*;

const FOLDER: &str = "VAULT_KILL_FOLDER";
const SPARE: &str = "VAULT_KILL_SPARE";
const SPACE: &str = "VAULT_KILL_SPACE";
const FIRST: &str = "VAULT_KILL_FIRST";
const SAVES: u64 = 2_000;
/// Each save writes two records; both or none must be there.
const TWIN: vault::Kind = vault::Kind(101);

fn content(number: u64) -> String {
    format!("{number} ").repeat(1 + (number % 37) as usize * 20)
}

#[test]
fn killed_at_any_moment_in_two_thousand_saves_it_keeps_every_one_acknowledged() {
    let (temp, vault) = TempVault::create();
    let space = plain(&vault);
    vault.lock().unwrap();
    let mut chance = Chance(7);
    let (mut acknowledged, mut kills) = (0, 0);
    while acknowledged < SAVES {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "kill::the_process_that_is_killed",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, temp.folder())
            .env(SPARE, temp.spare_key().words().join(" "))
            .env(SPACE, space.to_hex())
            .env(FIRST, acknowledged.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Now and then before the first save: opening, replaying and the first checkpoint are cut short, too.
        let lives_until = acknowledged + chance.below(60);
        let mut heard = acknowledged;
        for line in lines.by_ref() {
            if heard >= lives_until {
                break;
            }
            // The harness prints lines of its own; "ok" may stand behind the name of the test.
            let line = line.unwrap();
            let Some((_, number)) = line.rsplit_once("saved ") else {
                continue;
            };
            heard = number.parse::<u64>().unwrap() + 1;
        }
        std::thread::sleep(Duration::from_micros(chance.below(6_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        // What was said before it died counts, too.
        for line in lines {
            if let Some((_, number)) = line.unwrap().rsplit_once("saved ")
                && let Ok(number) = number.parse::<u64>()
            {
                heard = heard.max(number + 1);
            }
        }
        let vault = temp.open().unwrap();
        assert_eq!(alarming(&vault), [], "after {heard} saves");
        assert_whole(&vault);
        for number in acknowledged.saturating_sub(5)..heard {
            assert_eq!(text(&vault, space, number), Some(content(number)));
        }
        let twin = |number| vault.read(space, TWIN, id(number)).unwrap().is_some();
        let note = |number| vault.read(space, NOTE, id(number)).unwrap().is_some();
        for number in heard.saturating_sub(1)..heard + 3 {
            assert_eq!(note(number), twin(number), "half a save: {number}");
        }
        acknowledged = heard + u64::from(note(heard));
        drop(vault);
    }
    let vault = temp.open().unwrap();
    for number in 0..acknowledged {
        assert_eq!(text(&vault, space, number), Some(content(number)));
    }
    println!("{acknowledged} saves, {kills} kills");
    assert!(kills > 10);
}

#[test]
#[ignore = "the other side of the test above"]
fn the_process_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let places = Places {
        vault: folder.join("vault"),
        device: folder.join("device"),
    };
    let spare = SpareKey::parse(&std::env::var(SPARE).unwrap()).unwrap();
    let space = CompartmentId::from_hex(&std::env::var(SPACE).unwrap()).unwrap();
    let first: u64 = std::env::var(FIRST).unwrap().parse().unwrap();
    // With the real clock, and a background thread that settles and writes checkpoints all the time.
    let host = Host {
        settle_after: Some(Duration::from_millis(2)),
        checkpoint_after: 64 * 1024,
        ..Host::default()
    };
    let vault = Vault::open_on(&host, &places, Credential::SpareKey(&spare), &Quiet).unwrap();
    for number in first.. {
        let mut batch = Batch::new();
        batch.put(space, NOTE, id(number), Schema(1), content(number));
        batch.put(space, TWIN, id(number), Schema(1), "twin");
        vault.save(batch).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "saved {number}").unwrap();
        out.flush().unwrap();
    }
}
