//! The vault as the rest of the program sees it.

use std::path::PathBuf;

use zeroize::{Zeroize, Zeroizing};

use crate::error::Error;
use crate::ids::{CompartmentId, DeviceId, Kind, RecordId, Schema, VaultId};
use crate::kdf::KdfCost;
use crate::passphrase::Passphrase;
use crate::report::{
    CompartmentCheck, CompartmentInfo, ForgetReport, Found, OpeningReport, RecordRef, Saved, Visited,
};
use crate::spare_key::SpareKey;
use crate::watch::Watch;

/// Largest payload of one record in bytes.
pub const MAX_PAYLOAD: usize = 50 * 1024 * 1024;
/// Largest sum of the payloads of one batch in bytes.
pub const MAX_BATCH: usize = 64 * 1024 * 1024;
/// Longest alias of a compartment in bytes of UTF-8.
pub const MAX_ALIAS: usize = 64;

/// Where a vault lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The vault's own folder.
    pub vault: PathBuf,
    /// The user's configuration folder: what this machine knows of the vault.
    pub device: PathBuf,
}

/// What opens a vault.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// What the person types.
    Passphrase(&'a Passphrase),
    /// What the person keeps on paper.
    SpareKey(&'a SpareKey),
}

/// What a new compartment is to be.
#[derive(Debug, Default)]
pub struct CompartmentOptions<'a> {
    /// A short name that may be shown while it is locked; at most 64 bytes.
    pub alias: Option<String>,
    /// A passphrase of its own, and what stretching it costs. Lost means lost, spare key included.
    pub second: Option<(&'a Passphrase, KdfCost)>,
}

/// Writes that become durable together or not at all.
#[derive(Default)]
pub struct Batch {
    pub(crate) writes: Vec<Write>,
}

pub(crate) struct Write {
    pub compartment: CompartmentId,
    pub kind: Kind,
    pub record: RecordId,
    pub content: Option<(Schema, Zeroizing<Vec<u8>>)>,
}

impl Batch {
    /// Begins an empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record, or its new content. The last write of a record in a batch is the one that counts.
    pub fn put(
        &mut self,
        compartment: CompartmentId,
        kind: Kind,
        record: RecordId,
        schema: Schema,
        payload: impl Into<Vec<u8>>,
    ) {
        let content = Some((schema, Zeroizing::new(payload.into())));
        self.writes.push(Write { compartment, kind, record, content });
    }

    /// Adds the removal of a record; removing what is not there is no error.
    pub fn delete(&mut self, compartment: CompartmentId, kind: Kind, record: RecordId) {
        self.writes.push(Write { compartment, kind, record, content: None });
    }

    /// Says whether it holds no write.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Counts its writes.
    pub fn len(&self) -> usize {
        self.writes.len()
    }
}

/// One record as it was saved.
pub struct Record {
    /// The shape it was written in.
    pub schema: Schema,
    /// Its content; wiped when dropped.
    pub payload: Zeroizing<Vec<u8>>,
}

/// An open vault. Dropping it without `lock` loses no acknowledged save.
pub struct Vault {}

/// Tells what lies at the places without any secret, and writes nothing.
pub fn look(places: &Places) -> Result<Found, Error> {
    let _ = places;
    todo!()
}

#[allow(unused_variables, missing_docs)]
impl Vault {
    pub fn create(
        places: &Places,
        passphrase: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<(Vault, SpareKey), Error> {
        todo!()
    }
    pub fn open(
        places: &Places,
        credential: Credential<'_>,
        watch: &dyn Watch,
    ) -> Result<Vault, Error> {
        todo!()
    }
    pub fn opening(&self) -> &OpeningReport {
        todo!()
    }
    pub fn id(&self) -> VaultId {
        todo!()
    }
    pub fn device(&self) -> DeviceId {
        todo!()
    }
    pub fn read_only(&self) -> bool {
        todo!()
    }
    pub fn change_passphrase(
        &self,
        new: &Passphrase,
        cost: KdfCost,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        todo!()
    }
    pub fn check_passphrase(&self, passphrase: &Passphrase) -> Result<bool, Error> {
        todo!()
    }
    pub fn check_spare_key(&self, spare: &SpareKey) -> Result<bool, Error> {
        todo!()
    }
    pub fn replace_spare_key(&self) -> Result<SpareKey, Error> {
        todo!()
    }
    pub fn compartments(&self) -> Vec<CompartmentInfo> {
        todo!()
    }
    pub fn make_compartment(
        &self,
        options: CompartmentOptions<'_>,
    ) -> Result<CompartmentId, Error> {
        todo!()
    }
    pub fn open_compartment(
        &self,
        id: CompartmentId,
        passphrase: &Passphrase,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        todo!()
    }
    pub fn shut_compartment(&self, id: CompartmentId) -> Result<(), Error> {
        todo!()
    }
    pub fn forget(&self, id: CompartmentId, watch: &dyn Watch) -> Result<ForgetReport, Error> {
        todo!()
    }
    pub fn save(&self, batch: Batch) -> Result<Saved, Error> {
        todo!()
    }
    pub fn read(
        &self,
        compartment: CompartmentId,
        kind: Kind,
        record: RecordId,
    ) -> Result<Option<Record>, Error> {
        todo!()
    }
    pub fn visit(
        &self,
        compartment: CompartmentId,
        visitor: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Visited, Error> {
        todo!()
    }
    pub fn verify(&self, watch: &dyn Watch) -> Result<Vec<CompartmentCheck>, Error> {
        todo!()
    }
    pub fn lock(self) -> Result<(), Error> {
        todo!()
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("writes", &self.writes.len()).finish()
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if let Some((_, payload)) = &mut self.content {
            payload.zeroize();
        }
    }
}
