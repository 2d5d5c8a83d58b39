//! Putting a backup in the place of the vault, which stays beside it under another name. Two folders get other names for
//! that, one after the other: what was cut off in between is brought to its end by the next start.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Local};
use serde::{Deserialize, Serialize};
use vault::{
    CompartmentId, Credential, Error, Found, FoundBackup, Hold, Places, RestoreOptions, Returning,
    Vault, Watch, name_before,
};

use crate::{
    backups::of_file,
    error::{AppError, ErrorCode, Reply},
    files,
};

/// Stands after the name of a vault while another one is taking its place.
const MARKER: &str = ".switch";

/// What opens a backup, and the vault that it shall take the place of, or stand beside.
#[derive(Clone, Copy)]
pub struct RestoreKeys<'a> {
    /// What opened the vault when the backup was made.
    pub backup: Credential<'a>,
    /// What opens the vault that is here now, where it is something else.
    pub present: Option<Credential<'a>>,
}

/// Puts a backup in the place of the present vault, which stays beside it under another name. The present one is not touched
/// before the restored one has been opened once, and nobody can open it from when it is asked what it has forgotten.
///
/// Errors: `PutBackNotOpened` where it is in its place, and the disk failed to say that this stays so; `PutBackCutOff`
/// where neither is in its place, and the next start tries again. After all others the present vault is where it was.
pub fn put_back(
    backup: &Path,
    places: &Places,
    keys: RestoreKeys<'_>,
    returning: Returning,
    now: DateTime<Local>,
    watch: &dyn Watch,
) -> Reply<()> {
    finish_switch(places)?;
    let Present { forgotten, hold } = take_present(backup, places, keys, returning, watch)?;
    let options = RestoreOptions {
        forgotten: &forgotten,
        returning,
    };
    if !is_there(&places.vault) {
        vault::restore(backup, places, keys.backup, options, watch)?;
        return Ok(());
    }
    let switch = Switch {
        places,
        restored: vault::make_name_of_restored(&places.vault)?,
        kept: name_before(&places.vault, &now.format("%Y-%m-%d-%H%M%S").to_string()),
    };
    let beside = Places {
        vault: switch.restored.clone(),
        device: places.device.clone(),
    };
    match vault::restore(backup, &beside, keys.backup, options, watch) {
        Ok(_) => switch.run(hold),
        Err(error) => {
            // It may have its name already, and only not for good.
            switch.withdraw(hold.as_ref());
            Err(error.into())
        }
    }
}

/// What the present vault has forgotten, if the backup is one of it. A vault that does not open, or cannot be read, cannot
/// tell: then nothing comes back unasked.
///
/// Errors: `ForgottenUnknown`, unless everything shall come back; `PresentNotOpened` if what was given for the present vault
/// does not open it; and those of a backup that does not open either.
pub fn forgotten_here(
    backup: &Path,
    places: &Places,
    keys: RestoreKeys<'_>,
    returning: Returning,
    watch: &dyn Watch,
) -> Reply<Vec<CompartmentId>> {
    take_present(backup, places, keys, returning, watch).map(|present| present.forgotten)
}

/// Brings a switch to its end that was cut off between its two steps, and clears away what putting a backup back left that
/// was cut off before.
///
/// Errors: `PutBackCutOff` where no vault is in its place, and none can be brought there now.
pub fn finish_switch(places: &Places) -> Reply<()> {
    let switch = Switch::read(places);
    if let Some(switch) = &switch {
        if !is_there(&places.vault) {
            switch.bring_in()?;
        }
        if sync_switch(places).is_ok() {
            switch.end();
        }
    } else {
        // A kill after the switch may have come before it was synced. Where that cannot be done now, nothing is known to
        // be amiss.
        let _ = sync_switch(places);
    }
    // What cannot be cleared away now is cleared away another time.
    let _ = fs::remove_file(unfinished_marker_of(&places.vault));
    let _ = vault::clear_beside(places, None);
    Ok(())
}

/// The vault whose place a backup shall take.
struct Present {
    forgotten: Vec<CompartmentId>,
    /// Keeps everybody out of it until it is beside its place; none where there is no vault, or nothing can be written.
    hold: Option<Hold>,
}

fn take_present(
    backup: &Path,
    places: &Places,
    keys: RestoreKeys<'_>,
    returning: Returning,
    watch: &dyn Watch,
) -> Reply<Present> {
    let of_another = match (vault::look_at_backup(backup), vault::look(places)) {
        (Ok(FoundBackup::Backup { vault, .. }), Ok(Found::Vault { id, .. })) => vault != id,
        (_, Ok(Found::Nothing)) => true,
        _ => false,
    };
    if of_another {
        return Present::untold(places);
    }
    match Vault::open(places, keys.present.unwrap_or(keys.backup), watch) {
        Ok(vault) => {
            let forgotten = vault.forgotten().iter().map(|gone| gone.id).collect();
            // What cannot be tidied up now is tidied up at its next opening.
            let (hold, _) = vault.lock_holding();
            Ok(Present {
                forgotten,
                hold: Some(hold),
            })
        }
        Err(Error::WrongCredential) if keys.present.is_some() => {
            Err(ErrorCode::PresentNotOpened.into())
        }
        Err(error @ (Error::InUse | Error::Cancelled)) => Err(error.into()),
        Err(_) if returning == Returning::BringBack => Present::untold(places),
        Err(_) => {
            // Whoever mistyped the passphrase of the backup hears of that first.
            vault::check_backup(backup, keys.backup, watch).map_err(of_file)?;
            Err(ErrorCode::ForgottenUnknown.into())
        }
    }
}

impl Present {
    /// One that has nothing to say, or does not say it.
    fn untold(places: &Places) -> Reply<Self> {
        let hold = match vault::hold(places) {
            Ok(hold) => Some(hold),
            Err(Error::Missing | Error::ReadOnly) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            forgotten: Vec::new(),
            hold,
        })
    }
}

/// Two folders that get other names, one after the other.
struct Switch<'a> {
    places: &'a Places,
    /// Where the restored vault lies until it is in its place.
    restored: PathBuf,
    /// Where the present one lies from then on.
    kept: PathBuf,
}

/// What lies beside the place while a switch goes on: the names of both folders.
#[derive(Serialize, Deserialize)]
struct Marker {
    restored: String,
    kept: String,
}

impl<'a> Switch<'a> {
    /// The switch that was begun at these places and is not known to have come to its end.
    fn read(places: &'a Places) -> Option<Self> {
        let text = fs::read(marker_of(&places.vault)).ok()?;
        let marker: Marker = serde_json::from_slice(&text).ok()?;
        let switch = Self {
            places,
            restored: named(&places.vault, &marker.restored)?,
            kept: named(&places.vault, &marker.kept)?,
        };
        Some(switch)
    }

    fn run(&self, hold: Option<Hold>) -> Reply<()> {
        if let Err(error) = self.begin() {
            self.withdraw(hold.as_ref());
            return Err(Error::from(error).into());
        }
        // Windows gives a folder no other name while anything in it is open. Whoever opens the vault now keeps it from
        // being moved, and nothing is lost.
        let hold = hold.filter(|_| !cfg!(windows));
        if let Err(error) = fs::rename(&self.places.vault, &self.kept) {
            self.withdraw(hold.as_ref());
            return Err(Error::from(error).into());
        }
        if let Err(error) = fs::rename(&self.restored, &self.places.vault) {
            self.move_back(hold.as_ref(), error)?;
        }
        // Before anybody writes in it: without power the old one could be back in its place.
        sync_switch(self.places).map_err(|_| ErrorCode::PutBackNotOpened)?;
        self.end();
        Ok(())
    }

    /// Says what is to happen, so that it can be brought to its end.
    fn begin(&self) -> io::Result<()> {
        let name = |folder: &Path| {
            let name = folder.file_name().and_then(|name| name.to_str());
            name.map(str::to_owned).ok_or(io::ErrorKind::InvalidInput)
        };
        let marker = Marker {
            restored: name(&self.restored)?,
            kept: name(&self.kept)?,
        };
        files::replace_by(
            &marker_of(&self.places.vault),
            &unfinished_marker_of(&self.places.vault),
            &serde_json::to_vec_pretty(&marker)?,
        )
    }

    /// The present vault goes back to its place, where the restored one did not come to it.
    fn move_back(&self, hold: Option<&Hold>, error: io::Error) -> Reply<()> {
        if !is_there(&self.restored) && is_there(&self.places.vault) {
            // Another process that was just started has done it.
            return Ok(());
        }
        if fs::rename(&self.kept, &self.places.vault).is_err() {
            return Err(self.cut_off());
        }
        self.withdraw(hold);
        Err(Error::from(error).into())
    }

    /// Brings a vault to the place where there is none: the restored one, or the one of before if that is not there.
    fn bring_in(&self) -> Reply<()> {
        let [restored, kept] = [&self.restored, &self.kept].map(|folder| is_there(folder));
        let from = match (restored, kept) {
            (true, true) => &self.restored,
            (false, true) => &self.kept,
            // Somebody has moved or removed what this was about.
            (_, false) => return Ok(()),
        };
        match fs::rename(from, &self.places.vault) {
            Err(_) if !is_there(&self.places.vault) => Err(self.cut_off()),
            _ => Ok(()),
        }
    }

    /// Leaves nothing of a switch that has not happened.
    fn withdraw(&self, hold: Option<&Hold>) {
        self.end();
        // What cannot be removed now goes at the next start: it was never opened by anybody.
        let _ = vault::clear_beside(self.places, hold);
    }

    fn end(&self) {
        // A marker that stays says nothing once the vault is in its place. One that comes back when the power goes would, if
        // somebody has moved that vault meanwhile.
        let _ = fs::remove_file(marker_of(&self.places.vault));
        let _ = sync_switch(self.places);
    }

    fn cut_off(&self) -> AppError {
        let name = |folder: &Path| {
            let name = folder.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        AppError {
            code: ErrorCode::PutBackCutOff,
            params: [
                ("restored".to_owned(), name(&self.restored)),
                ("kept".to_owned(), name(&self.kept)),
                ("name".to_owned(), name(&self.places.vault)),
            ]
            .into(),
        }
    }
}

/// Makes durable which vault is in its place.
fn sync_switch(places: &Places) -> io::Result<()> {
    files::sync_folder_of(&places.vault)
}

fn marker_of(vault: &Path) -> PathBuf {
    let mut name = vault.file_name().unwrap_or_default().to_owned();
    name.push(MARKER);
    vault.with_file_name(name)
}

/// The marker while it is being written.
fn unfinished_marker_of(vault: &Path) -> PathBuf {
    let mut name = vault.file_name().unwrap_or_default().to_owned();
    name.push(MARKER);
    name.push(".unfinished");
    vault.with_file_name(name)
}

/// A folder beside the vault, by a name that this program gives; none by any other.
fn named(vault: &Path, name: &str) -> Option<PathBuf> {
    vault::is_name_beside(vault, name).then(|| vault.with_file_name(name))
}

fn is_there(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use testkit::TempVault;
    use vault::{Passphrase, Quiet};

    use super::*;

    fn noon(day: &str) -> DateTime<Local> {
        let day: chrono::NaiveDate = day.parse().expect("a day");
        let noon = day.and_hms_opt(12, 0, 0).expect("a time");
        Local
            .from_local_datetime(&noon)
            .earliest()
            .expect("a moment")
    }

    #[test]
    fn what_is_put_back_takes_the_place_of_the_vault_which_stays_beside_it() {
        let (temporary, vault) = TempVault::create();
        let places = temporary.places().clone();
        let file = places.device.join("one.cfdbackup");
        vault.backup(&file, &Quiet).expect("made");
        vault.make_compartment(Default::default()).expect("made");
        vault.lock().expect("locked");
        let passphrase = Passphrase::parse(testkit::PASSPHRASE).expect("good");
        let credential = Credential::Passphrase(&passphrase);
        let wrong = Passphrase::parse("something else").expect("good");
        let now = noon("2026-11-27");
        let back = |backup| {
            let keys = RestoreKeys {
                backup,
                present: None,
            };
            put_back(&file, &places, keys, Returning::Refuse, now, &Quiet)
        };
        assert!(back(Credential::Passphrase(&wrong)).is_err());
        let vault = Vault::open(&places, credential, &Quiet).expect("untouched");
        assert_eq!(vault.compartments().len(), 1);
        vault.lock().expect("locked");

        back(credential).expect("put back");
        let vault = Vault::open(&places, credential, &Quiet).expect("opened");
        assert_eq!(
            vault.compartments().len(),
            0,
            "as it was when the backup was made"
        );
        vault.lock().expect("locked");
        let before = Places {
            vault: vault::name_before(&places.vault, "2026-11-27-120000"),
            device: places.device.clone(),
        };
        let vault = Vault::open(&before, credential, &Quiet).expect("the one before is whole");
        assert_eq!(vault.compartments().len(), 1);
    }

    #[test]
    fn what_a_vault_with_another_passphrase_has_forgotten_does_not_come_back_unasked() {
        let (temporary, vault) = TempVault::create();
        let places = temporary.places().clone();
        let space = vault.make_compartment(Default::default()).expect("made");
        let file = places.device.join("one.cfdbackup");
        vault.backup(&file, &Quiet).expect("made");
        vault.forget(space, &Quiet).expect("forgotten");
        let parse = |text| Passphrase::parse(text).expect("good");
        let (then, now, wrong) = (
            parse(testkit::PASSPHRASE),
            parse("new words"),
            parse("none"),
        );
        vault
            .change_passphrase(&now, testkit::CHEAP, &Quiet)
            .expect("changed");
        vault.lock().expect("locked");
        let forgotten = |backup, present: Option<&Passphrase>, returning| {
            let keys = RestoreKeys {
                backup: Credential::Passphrase(backup),
                present: present.map(Credential::Passphrase),
            };
            forgotten_here(&file, &places, keys, returning, &Quiet).map_err(|error| error.code)
        };
        let refuse = Returning::Refuse;
        assert_eq!(
            forgotten(&then, None, refuse),
            Err(ErrorCode::ForgottenUnknown)
        );
        assert_eq!(
            forgotten(&then, None, Returning::LeaveOut),
            Err(ErrorCode::ForgottenUnknown),
            "nobody knows what to leave out"
        );
        assert_eq!(
            forgotten(&wrong, None, refuse),
            Err(ErrorCode::WrongPassphrase)
        );
        assert_eq!(
            forgotten(&then, Some(&wrong), refuse),
            Err(ErrorCode::PresentNotOpened)
        );
        assert_eq!(forgotten(&then, Some(&now), refuse), Ok(vec![space]));
        assert_eq!(forgotten(&then, None, Returning::BringBack), Ok(vec![]));

        // A backup of another vault holds nothing that this one could have forgotten.
        let (other, stranger) = TempVault::create();
        let beside = places.device.join("other.cfdbackup");
        stranger.backup(&beside, &Quiet).expect("made");
        drop((other, stranger));
        let keys = RestoreKeys {
            backup: Credential::Passphrase(&then),
            present: None,
        };
        assert_eq!(
            forgotten_here(&beside, &places, keys, refuse, &Quiet),
            Ok(vec![])
        );
    }

    /// A vault that has forgotten nothing, a backup of it without its one notebook, and what opens both.
    fn backed_up() -> (TempVault, PathBuf, Passphrase) {
        let (temporary, vault) = TempVault::create();
        let file = temporary.places().device.join("one.cfdbackup");
        vault.backup(&file, &Quiet).expect("made");
        vault.make_compartment(Default::default()).expect("made");
        vault.lock().expect("locked");
        let passphrase = Passphrase::parse(testkit::PASSPHRASE).expect("good");
        (temporary, file, passphrase)
    }

    fn back(places: &Places, file: &Path, passphrase: &Passphrase, watch: &dyn Watch) -> Reply<()> {
        let keys = RestoreKeys {
            backup: Credential::Passphrase(passphrase),
            present: None,
        };
        let now = noon("2026-11-27");
        put_back(file, places, keys, Returning::Refuse, now, watch)
    }

    /// How many notebooks the vault in its place has.
    fn notebooks(places: &Places, passphrase: &Passphrase) -> usize {
        let vault = Vault::open(places, Credential::Passphrase(passphrase), &Quiet);
        let vault = vault.expect("opened");
        let count = vault.compartments().len();
        vault.lock().expect("locked");
        count
    }

    /// The names beside the vault.
    fn names(places: &Places) -> Vec<String> {
        let around = places.vault.parent().expect("a folder");
        let entries = fs::read_dir(around).expect("listed");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<_> = names
            .map(|name| name.into_string().expect("ours"))
            .collect();
        names.sort();
        names
    }

    /// Begins a switch as `put_back` does, and leaves it.
    fn begun<'a>(places: &'a Places, file: &Path, passphrase: &Passphrase) -> Switch<'a> {
        let switch = Switch {
            places,
            restored: vault::make_name_of_restored(&places.vault).expect("a name"),
            kept: name_before(&places.vault, "2026-11-27-120000"),
        };
        let beside = Places {
            vault: switch.restored.clone(),
            device: places.device.clone(),
        };
        let options = RestoreOptions::default();
        let credential = Credential::Passphrase(passphrase);
        vault::restore(file, &beside, credential, options, &Quiet).expect("restored");
        switch.begin().expect("marked");
        switch
    }

    #[test]
    fn a_switch_that_was_cut_off_is_brought_to_its_end() {
        let (temporary, file, passphrase) = backed_up();
        let places = temporary.places();
        // Before the first step nothing has happened, and nothing of it is left.
        begun(places, &file, &passphrase);
        finish_switch(places).expect("finished");
        assert_eq!(names(places), ["device", "vault"]);
        assert_eq!(notebooks(places, &passphrase), 1);
        // Between both the restored one comes to its place.
        let switch = begun(places, &file, &passphrase);
        fs::rename(&places.vault, &switch.kept).expect("moved");
        finish_switch(places).expect("finished");
        let both = ["device", "vault", "vault.before-2026-11-27-120000"];
        assert_eq!(names(places), both);
        assert_eq!(notebooks(places, &passphrase), 0);
        finish_switch(places).expect("nothing to do");
        // Without the restored one, that of before.
        fs::rename(&places.vault, temporary.folder().join("away")).expect("moved");
        let switch = Switch {
            places,
            restored: switch.restored,
            kept: switch.kept,
        };
        switch.begin().expect("marked");
        finish_switch(places).expect("finished");
        assert_eq!(notebooks(places, &passphrase), 1);
        assert_eq!(names(places), ["away", "device", "vault"]);
    }

    /// Where the process that is killed finds its vault.
    const KILLED_IN: &str = "CONFIDANT_PUT_BACK_IN";
    /// How many are killed; the slice of every day without it.
    const ROUNDS: &str = "CONFIDANT_PUT_BACK_ROUNDS";

    fn places_in(folder: &Path) -> Places {
        Places {
            vault: folder.join("vault"),
            device: folder.join("device"),
        }
    }

    /// Puts a backup back, for the test that kills this.
    #[test]
    #[ignore = "another test starts it"]
    fn the_process_that_is_killed() {
        let Some(folder) = std::env::var_os(KILLED_IN) else {
            return;
        };
        let places = places_in(Path::new(&folder));
        let passphrase = Passphrase::parse(testkit::PASSPHRASE).expect("good");
        println!("begun");
        back(
            &places,
            &places.device.join("one.cfdbackup"),
            &passphrase,
            &Quiet,
        )
        .expect("put back");
    }

    #[test]
    fn killed_at_any_moment_either_vault_is_in_its_place_and_nothing_else_is_left() {
        use std::{
            io::{BufRead, BufReader},
            process::{Command, Stdio},
            time::{Duration, Instant},
        };
        let rounds = std::env::var(ROUNDS).map_or(24, |rounds| rounds.parse().expect("a number"));
        let (temporary, _, passphrase) = backed_up();
        let mut whole = Duration::ZERO;
        let (mut undone, mut done, mut cut) = (0, 0, 0);
        for round in 0..rounds {
            let folder = tempfile::tempdir().expect("a folder");
            testkit::copy_folder(temporary.folder(), folder.path());
            let places = places_in(folder.path());
            let mut child = Command::new(std::env::current_exe().expect("this program"))
                .args(["--exact", "putting_back::tests::the_process_that_is_killed"])
                .args(["--ignored", "--nocapture"])
                .env(KILLED_IN, folder.path())
                .stdout(Stdio::piped())
                .spawn()
                .expect("started");
            let said = BufReader::new(child.stdout.take().expect("piped")).lines();
            let mut said = said.map_while(Result::ok);
            assert!(said.any(|line| line.contains("begun")));
            let began = Instant::now();
            if round == 0 {
                // The first one shows how long it takes.
                assert!(child.wait().expect("ended").success());
                whole = began.elapsed();
            } else {
                // Steps that are not even, so that no moment is always missed; the last third holds the switch.
                let part = f64::from(round * 61 % 97) / 97.0;
                std::thread::sleep(whole.mul_f64(part.sqrt() * 1.02));
                child.kill().expect("killed");
                child.wait().expect("ended");
            }
            cut += usize::from(marker_of(&places.vault).exists());
            finish_switch(&places).expect("finished");
            let kept = vault::name_before(&places.vault, "2026-11-27-120000");
            match notebooks(&places, &passphrase) {
                1 => {
                    assert_eq!(names(&places), ["device", "vault"], "{round}");
                    undone += 1;
                }
                0 => {
                    let kept_name = "vault.before-2026-11-27-120000";
                    assert_eq!(names(&places), ["device", "vault", kept_name], "{round}");
                    let before = Places {
                        vault: kept,
                        device: places.device.clone(),
                    };
                    assert_eq!(notebooks(&before, &passphrase), 1, "{round}");
                    done += 1;
                }
                other => panic!("{other} notebooks in round {round}"),
            }
        }
        println!("{rounds} rounds: {undone} undone, {done} completed, {cut} within the switch");
        assert!(undone > 0 && done > 0);
    }

    #[test]
    fn a_folder_that_somebody_named_as_this_program_might_is_neither_taken_nor_removed() {
        let (temporary, file, passphrase) = backed_up();
        let places = temporary.places();
        let by_hand = Places {
            vault: places.vault.with_file_name("vault.restored"),
            device: places.device.clone(),
        };
        let (credential, options) = (
            Credential::Passphrase(&passphrase),
            RestoreOptions::default(),
        );
        vault::restore(&file, &by_hand, credential, options, &Quiet).expect("restored");
        let vault = Vault::open(&by_hand, credential, &Quiet).expect("opened");
        vault.make_compartment(Default::default()).expect("made");
        vault.make_compartment(Default::default()).expect("made");
        vault.lock().expect("locked");
        back(places, &file, &passphrase, &Quiet).expect("put back");
        assert_eq!(notebooks(&by_hand, &passphrase), 2);
        fs::rename(&places.vault, places.vault.with_file_name("away")).expect("moved");
        finish_switch(places).expect("nothing to do");
        assert!(!places.vault.exists(), "it is not the vault of this place");
        // Nor what a marker names that is not of this vault.
        let marker = r#"{"restored": "vault.restored", "kept": "away"}"#;
        fs::write(marker_of(&places.vault), marker).expect("written");
        finish_switch(places).expect("nothing to do");
        assert!(!places.vault.exists());
    }

    /// Tries to open the vault when the rows are read, which is when it could be opened before.
    struct Opens<'a> {
        places: &'a Places,
        passphrase: &'a Passphrase,
        came: std::sync::Mutex<Vec<Option<Error>>>,
    }

    impl Watch for Opens<'_> {
        fn at(&self, step: vault::Step) {
            if matches!(step, vault::Step::Restoring { .. }) {
                let credential = Credential::Passphrase(self.passphrase);
                let opened = Vault::open(self.places, credential, &Quiet);
                self.came.lock().expect("one").push(opened.err());
            }
        }

        fn cancelled(&self) -> bool {
            false
        }
    }

    #[test]
    fn nobody_opens_the_present_vault_while_another_takes_its_place() {
        let (temporary, vault) = TempVault::create();
        let places = temporary.places();
        let space = vault.make_compartment(Default::default()).expect("made");
        let mut batch = vault::Batch::new();
        let (kind, id) = (vault::Kind(100), vault::RecordId([1; 16]));
        batch.put(space, kind, id, vault::Schema(1), "words");
        vault.save(batch).expect("saved");
        let file = places.device.join("one.cfdbackup");
        vault.backup(&file, &Quiet).expect("made");
        let passphrase = Passphrase::parse(testkit::PASSPHRASE).expect("good");
        let in_use = back(places, &file, &passphrase, &Quiet);
        assert_eq!(
            in_use.map_err(|error| error.code),
            Err(ErrorCode::VaultInUse)
        );
        vault.lock().expect("locked");
        let watch = Opens {
            places,
            passphrase: &passphrase,
            came: Default::default(),
        };
        back(places, &file, &passphrase, &watch).expect("put back");
        let came = watch.came.into_inner().expect("one");
        assert!(!came.is_empty());
        assert!(
            came.iter().all(|error| *error == Some(Error::InUse)),
            "{came:?}"
        );
        assert_eq!(notebooks(places, &passphrase), 1);
    }

    #[test]
    fn where_the_present_vault_cannot_be_moved_nothing_has_changed() {
        let (temporary, file, passphrase) = backed_up();
        let places = temporary.places();
        // Something has the name that it would get.
        let kept = name_before(&places.vault, "2026-11-27-120000");
        fs::create_dir(&kept).expect("made");
        fs::write(kept.join("diary"), "theirs").expect("written");
        let before = names(places);
        let pairs = fs::read_dir(&places.device).expect("listed").count();
        assert!(back(places, &file, &passphrase, &Quiet).is_err());
        assert_eq!(names(places), before);
        assert_eq!(
            fs::read_dir(&places.device).expect("listed").count(),
            pairs,
            "nothing says that another branch was in use"
        );
        let vault = Vault::open(places, Credential::Passphrase(&passphrase), &Quiet);
        let vault = vault.expect("opened");
        assert_eq!(vault.opening().findings, []);
        assert_eq!(vault.compartments().len(), 1);
    }

    #[test]
    fn where_neither_vault_comes_to_its_place_it_is_said_where_both_are() {
        let (temporary, file, passphrase) = backed_up();
        let places = temporary.places();
        let switch = begun(places, &file, &passphrase);
        fs::rename(&places.vault, &switch.kept).expect("moved");
        // A file of the vault's name stands in the way of both.
        fs::write(&places.vault, "in the way").expect("written");
        let error = finish_switch(places).expect_err("not finished");
        assert_eq!(error.code, ErrorCode::PutBackCutOff);
        let name = |path: &Path| {
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
        };
        assert_eq!(
            error.params.get("restored"),
            name(&switch.restored).as_ref()
        );
        assert_eq!(error.params.get("kept"), name(&switch.kept).as_ref());
        let other = io::ErrorKind::Other.into();
        let error = switch.move_back(None, other).expect_err("not moved");
        assert_eq!(error.code, ErrorCode::PutBackCutOff);
        fs::remove_file(&places.vault).expect("removed");
        finish_switch(places).expect("finished");
        assert_eq!(notebooks(places, &passphrase), 0);
    }
}
