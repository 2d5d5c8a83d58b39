//! What is sealed was saved under the notebook's own key before, and older parts of the vault may still hold that. They are
//! swept out when it is sealed. Where that is cut short, a mark that was saved together with the sealing tells of it.

use vault::{Batch, Watch};

use crate::{
    error::Result,
    kind::KindNumber,
    service::{Mentoring, put},
    shelf::Shelf,
    spaces::CARD,
};

/// The version of the mark, whose payload is empty.
const MARK_SCHEMA: u16 = 1;

/// Adds the mark of a notebook to a batch that seals something in it.
pub(crate) fn mark(batch: &mut Batch, notebook: Shelf) {
    put(
        batch,
        notebook,
        KindNumber::TO_SWEEP,
        CARD,
        MARK_SCHEMA,
        b"{}",
    );
}

impl Mentoring {
    /// Whether what was sealed may still stand, as it was before, in older parts of the vault. Of notebooks that are shut
    /// nobody knows.
    pub fn is_sweep_owed(&self) -> Result<bool> {
        Ok(!self.marked()?.is_empty())
    }

    /// Sweeps out what was sealed, where that was cut short. It is owed as before where a file stays that may belong to
    /// another history of the vault, and after an error of the vault.
    pub fn sweep_if_owed(&self, watch: &dyn Watch) -> Result<()> {
        let _changing = self.changing();
        self.sweep(watch)
    }

    /// As `sweep_if_owed`, for whoever is changing something.
    pub(crate) fn sweep(&self, watch: &dyn Watch) -> Result<()> {
        let marked = self.marked()?;
        if marked.is_empty() {
            return Ok(());
        }
        if self.vault.sweep(watch)? > 0 {
            // What is left may hold it, too.
            return Ok(());
        }
        let mut batch = Batch::new();
        for notebook in marked {
            batch.delete(notebook.compartment, KindNumber::TO_SWEEP.in_vault(), CARD);
        }
        self.vault.save(batch)?;
        Ok(())
    }

    fn marked(&self) -> Result<Vec<Shelf>> {
        let open: Vec<_> = self.open().keys().copied().collect();
        let mut marked = Vec::new();
        for notebook in open.into_iter().map(Shelf::own) {
            let kind = KindNumber::TO_SWEEP.in_vault();
            match self.vault.read(notebook.compartment, kind, CARD) {
                Ok(None) => {}
                // One that cannot be read any more was one.
                Ok(Some(_)) | Err(vault::Error::Damaged { .. }) => marked.push(notebook),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(marked)
    }
}
