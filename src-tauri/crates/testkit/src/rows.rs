//! The rows of a locked vault, behind everybody's back.

use std::fs;
use std::path::Path;

/// Bytes of a row's key; the store's own state has a shorter one.
const ROW_KEY: usize = 32;
/// As the vault opens it.
const SEGMENT_BYTES: usize = 4 << 20;
/// What lies in the lock of a vault that nobody has locked.
const MARK: &str = "open\n";

/// Takes one row out of the store of a locked vault, as a failing disk or a stranger could.
pub fn lose_a_row(vault: &Path) {
    let db = open(vault);
    let tree = db.open_tree("r").expect("the tree of rows");
    let mut keys = tree.iter().keys().map(|key| key.expect("a sound store"));
    let row = keys
        .find(|key| key.len() == ROW_KEY)
        .expect("the vault has a row");
    tree.remove(row).expect("a row can be taken out");
    db.flush().expect("the store can be written");
}

/// Takes one row out of a locked vault, and everything that could bring it back; the next opening counts.
pub fn lose_a_row_for_good(vault: &Path) {
    lose_a_row(vault);
    for folder in ["local/checkpoints", "sync/journal"] {
        let folder = vault.join(folder);
        fs::remove_dir_all(&folder).expect("the vault has such a folder");
        fs::create_dir(&folder).expect("it can be made again");
    }
    fs::write(vault.join("local/vault.lock"), MARK).expect("the vault has a lock");
}

/// The rows of a locked vault as they are stored, sealed.
pub fn sealed_rows(vault: &Path) -> Vec<Vec<u8>> {
    let tree = open(vault).open_tree("r").expect("the tree of rows");
    tree.iter()
        .map(|row| row.expect("a sound store"))
        .filter(|(key, _)| key.len() == ROW_KEY)
        .map(|(_, value)| value.to_vec())
        .collect()
}

fn open(vault: &Path) -> sled::Db {
    let local = fs::read_dir(vault.join("local")).expect("the vault has a local folder");
    let store = local
        .map(|entry| entry.expect("the folder can be read").path())
        .find(|path| path.to_string_lossy().contains("/store."))
        .expect("the vault has a store");
    sled::Config::new()
        .path(store)
        .segment_size(SEGMENT_BYTES)
        .flush_every_ms(None)
        .open()
        .expect("nobody else has the store open")
}
