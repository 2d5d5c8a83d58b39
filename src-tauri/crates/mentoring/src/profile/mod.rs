//! The user's own profile, in a compartment that is no notebook.

use serde::{Deserialize, Serialize};
use vault::{Batch, CompartmentOptions};

use crate::{
    error::{Error, Field, Result},
    ids::SpaceId,
    kind::KindNumber,
    service::{Mentoring, OpenSpace, put},
    shelf::Shelf,
    spaces::{CARD, SpaceCard, StoredSpace},
    text,
};

const PROFILE_SCHEMA: u16 = 1;

/// What the program knows of its user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Profile {
    /// The name that summaries carry and Today greets; may be empty.
    pub name: String,
}

/// The profile as the vault keeps it. Do not change a version: add one.
#[derive(Serialize, Deserialize)]
struct ProfileV1 {
    name: String,
}

impl Mentoring {
    /// The user's profile; empty until it is saved.
    pub fn profile(&self) -> Result<Profile> {
        let Some(home) = self.home() else {
            return Ok(Profile::default());
        };
        let kind = KindNumber::PROFILE;
        let Some(record) = self.vault.read(home.compartment(), kind.in_vault(), CARD)? else {
            return Ok(Profile::default());
        };
        if record.schema.0 != PROFILE_SCHEMA {
            return Err(Error::Unreadable { kind: kind.0 });
        }
        let ProfileV1 { name } = serde_json::from_slice(&record.payload)
            .map_err(|_| Error::Unreadable { kind: kind.0 })?;
        Ok(Profile { name })
    }

    /// Saves the user's profile.
    pub fn save_profile(&self, profile: &Profile) -> Result<Profile> {
        let name = profile.name.trim().to_owned();
        text::check_line(Field::Name, &name)?;
        let _changing = self.changing();
        let home = match self.home() {
            Some(home) => home,
            None => self.make_home()?,
        };
        let stored = serde_json::to_vec(&ProfileV1 { name: name.clone() })
            .expect("a profile has string keys only, so it is JSON");
        let mut batch = Batch::new();
        put(
            &mut batch,
            Shelf::own(home),
            KindNumber::PROFILE,
            CARD,
            PROFILE_SCHEMA,
            &stored,
        );
        self.vault.save(batch)?;
        Ok(Profile { name })
    }

    /// Takes the present state of the vault for the one that is wanted, though this computer has seen another: nobody is
    /// asked again, unless that other one comes back.
    ///
    /// Errors: those of saving, and the vault's.
    pub fn accept_state(&self) -> Result<()> {
        // A save that only this state has: numbers after it are those of no other.
        self.save_profile(&self.profile()?)?;
        Ok(self.vault.accept_state()?)
    }

    fn home(&self) -> Option<SpaceId> {
        let open = self.open();
        open.iter()
            .find_map(|(id, open)| matches!(open.card, SpaceCard::Home).then_some(*id))
    }

    fn make_home(&self) -> Result<SpaceId> {
        let id = SpaceId::from(self.vault.make_compartment(CompartmentOptions::default())?);
        self.put_card(Shelf::own(id), &StoredSpace::home(self.clock.now()))?;
        self.open().insert(id, OpenSpace::made(SpaceCard::Home));
        Ok(id)
    }
}
