//! This computer's keychain: a way into the vault without the passphrase, on this computer alone, for whoever asked for
//! it. It is never the only way in.
//!
//! The vault makes a slot for it and hands out what opens that slot; the keychain keeps this, and the vault does not. A
//! file beside the anchor says that there is one, so that the lock screen can offer it without asking the keychain.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};
use vault::{KeychainSecret, SlotId, Vault, VaultId};
use zeroize::Zeroizing;

#[cfg(feature = "keychain")]
use crate::places;
use crate::{
    error::{ErrorCode, Reply},
    files,
};

const FILE: &str = "keychain.json";

/// What keeps secrets for a user of this computer.
pub trait Keychain: Send + Sync {
    /// Keeps bytes under a name, in the place of any that were there.
    fn keep(&self, name: &str, secret: &[u8]) -> Result<(), Unavailable>;
    /// What is kept under a name; it may ask the person to unlock the keychain.
    fn fetch(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Unavailable>;
    /// Keeps nothing under a name any more.
    fn remove(&self, name: &str) -> Result<(), Unavailable>;
}

/// The keychain is not there, or the person did not unlock it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// The keychain of the operating system: the Secret Service, the Keychain of macOS, the Credential Manager of Windows.
#[cfg(feature = "keychain")]
pub struct SystemKeychain;

#[cfg(feature = "keychain")]
impl SystemKeychain {
    fn entry(name: &str) -> Result<keyring::Entry, Unavailable> {
        keyring::Entry::new(places::IDENTIFIER, name).map_err(|_| Unavailable)
    }
}

#[cfg(feature = "keychain")]
impl Keychain for SystemKeychain {
    fn keep(&self, name: &str, secret: &[u8]) -> Result<(), Unavailable> {
        Self::entry(name)?
            .set_secret(secret)
            .map_err(|_| Unavailable)
    }

    fn fetch(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Unavailable> {
        match Self::entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(_) => Err(Unavailable),
        }
    }

    fn remove(&self, name: &str) -> Result<(), Unavailable> {
        match Self::entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(_) => Err(Unavailable),
        }
    }
}

/// What this computer knows of its own way in, before the vault is open; nothing in it is private.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    vault: String,
    slot: String,
}

impl Note {
    fn read(device: &Path) -> Option<Self> {
        let text = fs::read(device.join(FILE)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn of(vault: VaultId, device: &Path) -> Option<Self> {
        Self::read(device).filter(|note| note.vault == vault.to_hex())
    }

    fn write(&self, device: &Path) -> io::Result<()> {
        files::make_private_folder(device)?;
        files::replace(&device.join(FILE), &serde_json::to_vec_pretty(self)?)
    }

    fn remove(device: &Path) -> io::Result<()> {
        match fs::remove_file(device.join(FILE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Whether this computer's keychain opens this vault, as far as is known without asking it.
pub fn is_allowed(device: &Path, vault: VaultId) -> bool {
    Note::of(vault, device).is_some()
}

/// The slot that this computer notes for a vault.
fn noted_slot(vault: VaultId, device: &Path) -> Option<SlotId> {
    Note::of(vault, device).and_then(|note| SlotId::from_hex(&note.slot))
}

/// The keychains that open a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keychains {
    /// Whether this computer's does.
    pub here: bool,
    /// How many others do: those of other computers, and one of this computer that it has lost its note of.
    pub elsewhere: usize,
}

/// The keychains that open a vault, which knows its slots while it is open.
///
/// Errors: those of reading its header.
pub fn of(vault: &Vault, device: &Path) -> Reply<Keychains> {
    let noted = noted_slot(vault.id(), device);
    let slots = vault.keychain_slots()?;
    let here = noted.is_some_and(|slot| slots.contains(&slot));
    Ok(Keychains {
        here,
        elsewhere: slots.len() - usize::from(here),
    })
}

/// A slot that the keychain shall open: made, and still to be handed over.
pub struct NewSlot {
    vault: VaultId,
    slot: SlotId,
    secret: KeychainSecret,
}

/// Makes a slot, in the place of one that this computer had. Nothing opens it yet.
///
/// Errors: `KeychainsMany`, and those of the vault.
pub fn make_slot(vault: &Vault, device: &Path) -> Reply<NewSlot> {
    remove_slot(vault, device)?;
    let (slot, secret) = vault.add_keychain_slot()?;
    Ok(NewSlot {
        vault: vault.id(),
        slot,
        secret,
    })
}

/// Hands over to the keychain what opens a slot, and notes it. The keychain may wait for the person, so nothing may be
/// held meanwhile. What failed leaves nothing but the slot, for `take_back`.
///
/// Errors: `KeychainUnavailable`, and those of the disk.
pub fn hand_over(new: &NewSlot, keychain: &dyn Keychain, device: &Path) -> Reply<()> {
    let note = Note {
        vault: new.vault.to_hex(),
        slot: new.slot.to_hex(),
    };
    let kept = keychain
        .keep(&note.vault, new.secret.expose())
        .and_then(|()| keychain.fetch(&note.vault))
        .map_err(|Unavailable| ErrorCode::KeychainUnavailable)?;
    // A keychain may say yes and keep nothing.
    if kept.is_none_or(|kept| *kept != *new.secret.expose()) {
        let _ = keychain.remove(&note.vault);
        return Err(ErrorCode::KeychainUnavailable.into());
    }
    note.write(device).map_err(|error| {
        let _ = keychain.remove(&note.vault);
        vault::Error::from(error).into()
    })
}

/// Removes a slot that could not be handed over.
///
/// Errors: those of the vault.
pub fn take_back(vault: &Vault, new: &NewSlot) -> Reply<()> {
    remove(vault, new.slot)
}

/// Drops from the keychain what was handed over to it after nobody waited for that any more. What it keeps of another
/// slot stays.
pub fn drop_late(new: &NewSlot, keychain: &dyn Keychain, device: &Path) {
    let name = new.vault.to_hex();
    if noted_slot(new.vault, device) == Some(new.slot) {
        forget_note(device);
    }
    if let Ok(Some(kept)) = keychain.fetch(&name)
        && *kept == *new.secret.expose()
    {
        let _ = keychain.remove(&name);
    }
}

fn remove(vault: &Vault, slot: SlotId) -> Reply<()> {
    match vault.remove_keychain_slot(slot) {
        Ok(()) | Err(vault::Error::UnknownSlot) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Removes this computer's slot: what the keychain still keeps then opens nothing.
///
/// Errors: those of the vault.
pub fn remove_slot(vault: &Vault, device: &Path) -> Reply<()> {
    if let Some(slot) = noted_slot(vault.id(), device) {
        remove(vault, slot)?;
    }
    forget_note(device);
    Ok(())
}

/// Removes the slots of all keychains but this computer's: what those keep then opens nothing.
///
/// Errors: those of the vault; then some may be gone already.
pub fn remove_others(vault: &Vault, device: &Path) -> Reply<()> {
    let noted = noted_slot(vault.id(), device);
    let others = vault.keychain_slots()?.into_iter();
    others
        .filter(|slot| Some(*slot) != noted)
        .try_for_each(|slot| remove(vault, slot))
}

/// Drops what this computer notes of a way in that opens nothing any more.
pub fn forget_note(device: &Path) {
    let _ = Note::remove(device);
}

/// Drops what the keychain keeps for a vault. It opens nothing any more, whether the keychain can be reached now or not.
pub fn forget_secret(keychain: &dyn Keychain, vault: VaultId) {
    let _ = keychain.remove(&vault.to_hex());
}

/// What the keychain keeps for a vault.
///
/// Errors: `KeychainUnavailable`; `KeychainStale` where it keeps nothing, or something else.
pub fn fetch(keychain: &dyn Keychain, vault: VaultId) -> Reply<KeychainSecret> {
    let kept = keychain
        .fetch(&vault.to_hex())
        .map_err(|Unavailable| ErrorCode::KeychainUnavailable)?;
    let secret = kept.and_then(|bytes| KeychainSecret::from_bytes(&bytes));
    Ok(secret.ok_or(ErrorCode::KeychainStale)?)
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{
            Mutex,
            atomic::{AtomicBool, Ordering},
        },
    };

    use testkit::TempVault;
    use vault::{Credential, Quiet};

    use super::*;
    use crate::error::AppError;

    /// A keychain in memory that can be taken away, or lie.
    #[derive(Default)]
    struct Drawer {
        kept: Mutex<BTreeMap<String, Vec<u8>>>,
        gone: AtomicBool,
        lies: AtomicBool,
    }

    impl Drawer {
        fn there(&self) -> Result<(), Unavailable> {
            match self.gone.load(Ordering::Relaxed) {
                true => Err(Unavailable),
                false => Ok(()),
            }
        }
    }

    impl Keychain for Drawer {
        fn keep(&self, name: &str, secret: &[u8]) -> Result<(), Unavailable> {
            self.there()?;
            if !self.lies.load(Ordering::Relaxed) {
                let mut kept = self.kept.lock().expect("one at a time");
                kept.insert(name.to_owned(), secret.to_vec());
            }
            Ok(())
        }

        fn fetch(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Unavailable> {
            self.there()?;
            let kept = self.kept.lock().expect("one at a time");
            Ok(kept.get(name).cloned().map(Zeroizing::new))
        }

        fn remove(&self, name: &str) -> Result<(), Unavailable> {
            self.there()?;
            self.kept.lock().expect("one at a time").remove(name);
            Ok(())
        }
    }

    fn allow(vault: &Vault, drawer: &Drawer, device: &Path) -> Reply<()> {
        let new = make_slot(vault, device)?;
        hand_over(&new, drawer, device).inspect_err(|_| {
            take_back(vault, &new).expect("nothing is left");
        })
    }

    fn here(vault: &Vault, device: &Path) -> bool {
        of(vault, device).expect("counted").here
    }

    fn withdraw(vault: &Vault, drawer: &Drawer, device: &Path) -> Reply<()> {
        remove_slot(vault, device)?;
        forget_secret(drawer, vault.id());
        Ok(())
    }

    fn open_with(temporary: &TempVault, drawer: &Drawer, id: VaultId) -> Result<(), AppError> {
        let secret = fetch(drawer, id)?;
        let credential = Credential::Keychain(&secret);
        let vault = Vault::open_on(temporary.host(), temporary.places(), credential, &Quiet)?;
        vault.lock()?;
        Ok(())
    }

    #[test]
    fn what_the_keychain_keeps_opens_the_vault_until_it_is_withdrawn() {
        let (temporary, vault) = TempVault::create();
        let (id, device) = (vault.id(), temporary.places().device.clone());
        let drawer = Drawer::default();
        assert!(!is_allowed(&device, id));
        allow(&vault, &drawer, &device).expect("allowed");
        allow(&vault, &drawer, &device).expect("once more, in the place of the first");
        assert_eq!(vault.keychain_slots().expect("listed").len(), 1);
        assert!(is_allowed(&device, id) && here(&vault, &device));
        vault.lock().expect("locked");
        open_with(&temporary, &drawer, id).expect("it opens");

        let vault = temporary.open().expect("opened");
        let before = drawer.kept.lock().expect("one at a time").clone();
        withdraw(&vault, &drawer, &device).expect("withdrawn");
        withdraw(&vault, &drawer, &device).expect("nothing left to withdraw");
        assert!(!is_allowed(&device, id) && !here(&vault, &device));
        assert!(drawer.kept.lock().expect("one at a time").is_empty());
        vault.lock().expect("locked");
        let nothing = open_with(&temporary, &drawer, id).expect_err("nothing is kept");
        assert_eq!(nothing.code, ErrorCode::KeychainStale);
        // Somebody kept a copy of what the keychain had.
        *drawer.kept.lock().expect("one at a time") = before;
        let stale = open_with(&temporary, &drawer, id).expect_err("its slot is gone");
        assert_eq!(stale.code, ErrorCode::KeychainStale);
    }

    #[test]
    fn a_keychain_that_is_not_there_or_keeps_nothing_leaves_no_slot() {
        let (temporary, vault) = TempVault::create();
        let device = temporary.places().device.clone();
        for (gone, lies) in [(true, false), (false, true)] {
            let drawer = Drawer::default();
            drawer.gone.store(gone, Ordering::Relaxed);
            drawer.lies.store(lies, Ordering::Relaxed);
            let refused = allow(&vault, &drawer, &device).expect_err("refused");
            assert_eq!(refused.code, ErrorCode::KeychainUnavailable);
            assert_eq!(vault.keychain_slots().expect("listed"), []);
            assert!(!is_allowed(&device, vault.id()));
        }
        vault.lock().expect("locked");
    }

    #[test]
    fn a_way_in_is_withdrawn_even_where_the_keychain_cannot_be_reached() {
        let (temporary, vault) = TempVault::create();
        let device = temporary.places().device.clone();
        let drawer = Drawer::default();
        allow(&vault, &drawer, &device).expect("allowed");
        drawer.gone.store(true, Ordering::Relaxed);
        withdraw(&vault, &drawer, &device).expect("the slot is what counts");
        assert!(!is_allowed(&device, vault.id()));
        assert_eq!(vault.keychain_slots().expect("listed"), []);
        vault.lock().expect("locked");
    }

    #[test]
    fn a_slot_that_is_gone_from_the_vault_is_no_way_in_whatever_the_note_says() {
        let (temporary, vault) = TempVault::create();
        let device = temporary.places().device.clone();
        allow(&vault, &Drawer::default(), &device).expect("allowed");
        let slot = vault.keychain_slots().expect("listed")[0];
        vault.remove_keychain_slot(slot).expect("removed");
        assert!(is_allowed(&device, vault.id()) && !here(&vault, &device));
        vault.lock().expect("locked");
    }

    #[test]
    fn what_is_known_of_another_vault_does_not_count() {
        let (temporary, vault) = TempVault::create();
        let device = temporary.places().device.clone();
        let drawer = Drawer::default();
        allow(&vault, &drawer, &device).expect("allowed");
        let (_other, stranger) = TempVault::create();
        assert!(!is_allowed(&device, stranger.id()));
        let nothing = fetch(&drawer, stranger.id()).expect_err("nothing is kept for it");
        assert_eq!(nothing.code, ErrorCode::KeychainStale);
        vault.lock().expect("locked");
        stranger.lock().expect("locked");
    }

    #[test]
    fn the_ways_in_of_others_are_counted_and_can_be_taken_away() {
        let (temporary, vault) = TempVault::create();
        let device = temporary.places().device.clone();
        let (mine, theirs) = (Drawer::default(), Drawer::default());
        let elsewhere = temporary.folder().join("another computer");
        allow(&vault, &theirs, &elsewhere).expect("allowed there");
        allow(&vault, &mine, &device).expect("allowed here");
        let both = Keychains {
            here: true,
            elsewhere: 1,
        };
        assert_eq!(of(&vault, &device).expect("counted"), both);
        remove_others(&vault, &device).expect("taken away");
        let one = Keychains {
            here: true,
            elsewhere: 0,
        };
        assert_eq!(of(&vault, &device).expect("counted"), one);
        // A computer that lost its settings has nothing else to go by.
        forget_note(&device);
        let lost = Keychains {
            here: false,
            elsewhere: 1,
        };
        assert_eq!(of(&vault, &device).expect("counted"), lost);
        remove_others(&vault, &device).expect("taken away");
        assert_eq!(of(&vault, &device).expect("counted"), Keychains::default());
        let id = vault.id();
        vault.lock().expect("locked");
        for drawer in [&mine, &theirs] {
            let stale = open_with(&temporary, drawer, id).expect_err("its slot is gone");
            assert_eq!(stale.code, ErrorCode::KeychainStale);
        }
    }

    #[test]
    fn what_comes_too_late_is_dropped_and_what_came_after_it_stays() {
        let (temporary, vault) = TempVault::create();
        let device = temporary.places().device.clone();
        let drawer = Drawer::default();
        let new = make_slot(&vault, &device).expect("made");
        take_back(&vault, &new).expect("nobody waits any more");
        hand_over(&new, &drawer, &device).expect("the person said yes after all");
        drop_late(&new, &drawer, &device);
        assert!(!is_allowed(&device, vault.id()));
        assert!(drawer.kept.lock().expect("one at a time").is_empty());

        allow(&vault, &drawer, &device).expect("allowed");
        drop_late(&new, &drawer, &device);
        assert!(here(&vault, &device));
        let id = vault.id();
        vault.lock().expect("locked");
        open_with(&temporary, &drawer, id).expect("it opens");
    }
}
