//! A record's earlier states: kept, opened, restored.

use crate::{
    error::{Error, Result},
    ids::RecordId,
    kind::{KindNumber, RecordKind},
    label::Label,
    record::{Opened, RevisionLine, StoredRecord},
    service::{Mentoring, Writes},
    shelf::Shelf,
    text,
};

/// No record has a longer chain of kept states; a longer one is a loop in damaged data.
const LONGEST_CHAIN: usize = 100_000;

impl Mentoring {
    /// The kept earlier states of a record, the newest first.
    pub fn revisions<K: RecordKind>(&self, id: RecordId) -> Result<Vec<RevisionLine>> {
        let states = self.states::<K>(id)?;
        Ok(states
            .iter()
            .map(|(_, state)| RevisionLine {
                revision: state.meta.revision,
                at: state.meta.edited,
                label: state.meta.label,
                words: text::count_words(&state.body.words()),
            })
            .collect())
    }

    /// A kept earlier state of a record.
    pub fn revision<K: RecordKind>(&self, id: RecordId, revision: u32) -> Result<Opened<K>> {
        let mut states = self.states::<K>(id)?.into_iter();
        states
            .find_map(|(_, state)| (state.meta.revision == revision).then_some(state))
            .ok_or(Error::NotFound)
    }

    /// Makes a kept earlier state the present one; the present one is kept in its turn.
    ///
    /// Neither what was lowered to Private nor what was written while it was not Shareable becomes
    /// Shareable; what is sealed stays sealed.
    pub fn restore<K: RecordKind>(&self, id: RecordId, revision: u32) -> Result<Opened<K>> {
        let _changing = self.changing();
        let before = self.record::<K>(id)?;
        let state = self.revision::<K>(id, revision)?;
        let mut meta = before.meta.clone();
        if meta.label == Label::Shareable && state.meta.label != Label::Shareable {
            meta.label = Label::Private;
        }
        state.body.check(meta.label)?;
        meta.on = state.meta.on;
        meta.as_told_by = state.meta.as_told_by;
        self.replace(
            before,
            Opened {
                meta,
                body: state.body,
            },
            true,
        )
    }

    /// Goes back to the newest kept state.
    pub fn undo<K: RecordKind>(&self, id: RecordId) -> Result<Opened<K>> {
        let newest = self.revisions::<K>(id)?.first().map(|line| line.revision);
        self.restore(id, newest.ok_or(Error::NotFound)?)
    }

    /// Deletes every kept state of a record, as part of `writes`.
    pub(crate) fn delete_history(
        &self,
        writes: &mut Writes,
        shelf: Shelf,
        newest: Option<RecordId>,
    ) -> Result<()> {
        self.walk_history(shelf, newest, |id, _| writes.delete_revision(shelf, id))
    }

    /// Takes every kept state of a record to another shelf, as part of `writes`. What cannot be read there
    /// cannot be taken along; it does not stay either.
    pub(crate) fn move_history(
        &self,
        writes: &mut Writes,
        from: Shelf,
        to: Shelf,
        newest: Option<RecordId>,
    ) -> Result<()> {
        self.walk_history(from, newest, |id, state| {
            writes.delete_revision(from, id);
            if let Some((stored, schema)) = state {
                writes.stored_revision(to, id, stored, schema);
            }
        })
    }

    /// Shows the ids of a chain of kept states, the newest first, with what could be read of them.
    fn walk_history(
        &self,
        shelf: Shelf,
        newest: Option<RecordId>,
        mut each: impl FnMut(RecordId, Option<(&StoredRecord, u16)>),
    ) -> Result<()> {
        let mut next = newest;
        for _ in 0..LONGEST_CHAIN {
            let Some(id) = next else { break };
            next = match self.stored_at(shelf, KindNumber::REVISION, id) {
                Ok((stored, schema)) => {
                    each(id, Some((&stored, schema)));
                    stored.meta(id, shelf.space).previous
                }
                // What is behind a lost or unreadable revision cannot be reached, nor read.
                Err(error) if error.is_unreadable() => {
                    each(id, None);
                    None
                }
                Err(other) => return Err(other),
            };
        }
        Ok(())
    }

    fn states<K: RecordKind>(&self, id: RecordId) -> Result<Vec<(RecordId, Opened<K>)>> {
        let head = self.record::<K>(id)?;
        let shelf = self.shelf(head.meta.space, head.meta.label)?;
        let mut next = head.meta.previous;
        let mut states = Vec::new();
        while let Some(kept) = next
            && states.len() < LONGEST_CHAIN
        {
            let (stored, schema) = self.stored_at(shelf, KindNumber::REVISION, kept)?;
            if stored
                .origin()
                .is_none_or(|of| of.record != id || of.kind != K::KIND)
            {
                return Err(Error::Unreadable {
                    kind: KindNumber::REVISION.0,
                });
            }
            let state = stored.open::<K>(id, shelf.space, schema)?;
            next = state.meta.previous;
            states.push((kept, state));
        }
        Ok(states)
    }
}
