//! A demo vault in a temporary folder, gone when the program ends.

use mentoring::Mentoring;
use tempfile::TempDir;
use vault::{Credential, KdfCost, Passphrase, Places, Quiet, Vault};

use crate::{
    error::{ErrorCode, Reply},
    state::{AppState, Open, Session},
};

/// The passphrase of the demo vault, for who locks it and wants to go on. It guards nothing.
pub const DEMO_PASSPHRASE: &str = "demo";

/// The folder of a demo vault; removed when dropped.
#[derive(Debug)]
pub struct DemoFolder {
    _folder: TempDir,
    places: Places,
}

impl DemoFolder {
    /// Makes the folder.
    pub fn make() -> std::io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("confidant-demo-")
            .tempdir()?;
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        Ok(Self {
            _folder: folder,
            places,
        })
    }

    /// Where the demo vault is.
    pub fn places(&self) -> &Places {
        &self.places
    }
}

impl AppState {
    /// Makes, fills and opens the demo vault.
    pub async fn open_demo(&self, folder: &DemoFolder) -> Reply<()> {
        let places = folder.places().clone();
        let clock = self.clock();
        self.transition(move |session| {
            let passphrase = Passphrase::parse(DEMO_PASSPHRASE)?;
            let (vault, _) = Vault::create(&places, &passphrase, KdfCost::FLOOR, &Quiet)?;
            let mentoring = Mentoring::over(vault, clock.clone(), &sharing::kinds())?;
            demo::fill(&mentoring)?;
            // Opened anew, as every other vault is.
            mentoring.into_vault().lock()?;
            let vault = Vault::open(&places, Credential::Passphrase(&passphrase), &Quiet)?;
            *session = Session::Open(Box::new(Open::over(vault, clock)?));
            Ok(())
        })
        .await
        .map_err(|_| ErrorCode::Unexpected.into())
    }
}
