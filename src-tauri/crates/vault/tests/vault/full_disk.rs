//! A real disk that has room for so many pages and no more, while anything is done to a vault on it: that of its own files
//! and that of the store. It says so, nothing acknowledged is lost, nothing is half done, and once there is room all goes on.

use std::fs;
use std::path::PathBuf;

use testkit::{CHEAP, PASSPHRASE, SmallDisk};
use vault::{Credential, Error, Host, Passphrase, Places, Quiet, Vault};

use crate::acts::*;
use crate::guard;
use crate::rounds::{Life, flip, run};
use crate::support::*;

const MEBIBYTES: u32 = 96;

/// A vault on a small disk.
struct Filled {
    disk: SmallDisk,
    world: World,
    folder: tempfile::TempDir,
}

impl Filled {
    fn begin(_seed: u64) -> (Box<dyn Life>, Model) {
        let folder = tempfile::tempdir().unwrap();
        let disk = SmallDisk::at(folder.path(), MEBIBYTES).expect("it was tried before");
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        let host = Host::default();
        let passphrase = Passphrase::parse(PASSPHRASE).unwrap();
        let (vault, spare) = Vault::create_on(&host, &places, &passphrase, CHEAP, &Quiet).unwrap();
        vault.lock().unwrap();
        let world = World {
            host,
            places,
            folder: folder.path().to_owned(),
            flip: Box::new(flip),
        };
        fs::create_dir(world.backups()).unwrap();
        let life = Filled {
            disk,
            world,
            folder,
        };
        (Box::new(life), Model::new(&spare))
    }

    /// Whoever has made no room yet reads what there is, or is told why not.
    fn open_while_full(&self, known: &Known) -> Result<(), Fault> {
        let opened = Vault::open_on(
            &self.world.host,
            &self.world.places,
            Credential::SpareKey(&known.ways.spare()),
            &Quiet,
        );
        match opened {
            Ok(vault) => {
                drop(vault.verify(&Quiet));
                Ok(())
            }
            // New keys may have been in force before there was no room to say so.
            Err(Error::NoSpace | Error::WrongCredential) => Ok(()),
            Err(error) => Err(Fault::Amiss(format!("on a full disk: {error:?}"))),
        }
    }
}

impl Life for Filled {
    fn cut_short(
        &mut self,
        wanted: Act,
        model: &mut Model,
        chance: &mut Chance,
    ) -> Result<(), Fault> {
        let mut vault = None;
        let mut known = model.known();
        let mut acts = vec![Act::Save; chance.below(4) as usize];
        acts.push(wanted);
        acts.extend([Act::Save; 6]);
        let most = [4, 24, 160, 400][chance.below(4) as usize];
        let pages = chance.below(most);
        let mut full = false;
        let mut ended = None;
        for act in acts {
            let disk = &self.disk;
            let outcome = self
                .world
                .perform(&mut vault, act, &mut known, &mut |line| {
                    let heard = model.hear(&format!("{MARK}{line}"));
                    if !full && heard == Some(Heard::Begun(wanted)) {
                        full = true;
                        disk.leave(pages);
                    }
                });
            if let Err(error) = outcome {
                ended = Some(error);
                break;
            }
        }
        match ended {
            // After a failure of that kind a session may ask to be opened anew.
            None | Some(Error::NoSpace | Error::Stale) => {}
            Some(other) => return Err(Fault::Amiss(format!("{wanted:?}: {other:?}"))),
        }
        drop(vault);
        self.open_while_full(&known)?;
        self.disk.free();
        Ok(())
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn keep(self: Box<Self>) -> PathBuf {
        let kept = tempfile::tempdir().unwrap().keep();
        testkit::copy_folder(self.folder.path(), &kept);
        kept
    }
}

fn rounds(count: u64) {
    let place = tempfile::tempdir().unwrap();
    if SmallDisk::at(place.path(), 1).is_some() {
        run("full disks", count, Filled::begin);
    }
}

#[test]
fn a_disk_that_fills_up_within_any_act_costs_nothing_acknowledged_and_leaves_nothing_half_done() {
    rounds(40);
}

#[test]
#[ignore = "takes half an hour: the full run of the test above"]
fn ten_thousand_full_disks() {
    rounds(guard::number("VAULT_ROUNDS", 10_000));
}

/// Whoever makes a little room each time gets there, and can read meanwhile.
#[test]
fn a_rebuilding_that_finds_no_room_leaves_nothing_behind_and_all_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::at(folder.path(), 192) else {
        return;
    };
    let places = Places {
        vault: folder.path().join("vault"),
        device: folder.path().join("device"),
    };
    let host = Host {
        settle_after: None,
        ..Host::default()
    };
    let passphrase = Passphrase::parse(PASSPHRASE).unwrap();
    let (vault, spare) = Vault::create_on(&host, &places, &passphrase, CHEAP, &Quiet).unwrap();
    let space = plain(&vault);
    for number in 0..40 {
        vault
            .save(note(space, number, &"text ".repeat(200_000)))
            .unwrap();
    }
    vault.lock().unwrap();
    for store in stores(&places.vault) {
        fs::remove_dir_all(store).unwrap();
    }
    let open = || Vault::open_on(&host, &places, Credential::SpareKey(&spare), &Quiet);
    for _ in 0..3 {
        // Room for some of the rows.
        disk.leave(4096);
        let vault = open().unwrap();
        assert!(vault.opening().read_only, "{:?}", vault.opening());
        for number in 0..40 {
            assert!(text(&vault, space, number).is_some());
        }
        drop(vault);
        assert_eq!(stores(&places.vault), Vec::<PathBuf>::new());
        disk.free();
    }
    let vault = open().unwrap();
    assert!(!vault.opening().read_only);
    drop(vault);
    assert!(!places.vault.join("local/aside").exists());
}
