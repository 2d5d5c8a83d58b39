//! The one door to the spaces and records of an open vault.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{Datelike, Duration, NaiveDate};
use vault::{Batch, CompartmentId, Quiet, Vault};

use crate::{
    clock::Clock,
    error::{Error, Result},
    ids::{RecordId, SpaceId},
    index::{Index, Line, PAGE_SCHEMA, page_record},
    kind::{KindNumber, RecordKind},
    label::Label,
    record::{Meta, Opened, StoredRecord},
    registry,
    sealed::SealedPart,
    shelf::Shelf,
    spaces::{CARD, SpaceCard, SpaceKind, StoredSpace},
    sweeping, text,
};

/// Edits that follow each other within this time are one sitting, and make one revision.
const SITTING_MINUTES: i64 = 10;
/// The years a record may be about.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// The services over one open vault.
pub struct Mentoring {
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
    readers: Vec<KindReader>,
    open: Mutex<BTreeMap<SpaceId, OpenSpace>>,
    /// Held from the look at what is there to the end of its replacement: of two changes made from
    /// one state, one is refused.
    changing: Mutex<()>,
    unreadable: Mutex<usize>,
}

/// Reads records of one kind without knowing the kind at compile time.
#[derive(Debug, Clone, Copy)]
pub struct KindReader {
    kind: KindNumber,
    line: fn(&StoredRecord, RecordId, Place, u16) -> Option<Line>,
}

/// Where a record stands.
#[derive(Clone, Copy)]
struct Place {
    shelf: Shelf,
    /// Its kind; none for what is no notebook.
    kind: Option<SpaceKind>,
}

/// A space whose key is at hand.
pub(crate) struct OpenSpace {
    pub(crate) card: SpaceCard,
    pub(crate) index: Index,
    /// Its records under a lock of their own; none until something is first sealed.
    pub(crate) sealed: Option<SealedPart>,
}

impl OpenSpace {
    /// A space that has just been made.
    pub(crate) fn made(card: SpaceCard) -> Self {
        Self {
            card,
            index: Index::default(),
            sealed: None,
        }
    }

    /// The lines of what lies in its own compartment.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.index.lines()
    }

    /// The lines of everything whose key is at hand, sealed or not.
    pub(crate) fn all_lines(&self) -> impl Iterator<Item = &Line> {
        self.index
            .lines()
            .chain(self.sealed_index().into_iter().flat_map(Index::lines))
    }

    fn line(&self, id: RecordId) -> Option<&Line> {
        let sealed = || self.sealed_index().and_then(|index| index.line(id));
        self.index.line(id).or_else(sealed)
    }

    fn sealed_index(&self) -> Option<&Index> {
        self.sealed.as_ref().and_then(|part| part.index.as_ref())
    }

    /// The index of what lies on a shelf of this space, if its key is at hand.
    fn index_of(&self, shelf: Shelf) -> Option<&Index> {
        if shelf.is_sealed() {
            self.sealed_index()
        } else {
            Some(&self.index)
        }
    }

    fn index_of_mut(&mut self, shelf: Shelf) -> Option<&mut Index> {
        if shelf.is_sealed() {
            self.sealed.as_mut().and_then(|part| part.index.as_mut())
        } else {
            Some(&mut self.index)
        }
    }
}

/// A record to be made.
#[derive(Debug, Clone)]
pub struct Draft<K> {
    /// Where it goes.
    pub space: SpaceId,
    /// How far it may travel.
    pub label: Label,
    /// The day it is about.
    pub on: NaiveDate,
    /// The record it belongs to.
    pub parent: Option<RecordId>,
    /// Whose words these are.
    pub as_told_by: Option<String>,
    /// What it says.
    pub body: K,
}

/// A record as it shall be, and the revision it was made from.
#[derive(Debug, Clone)]
pub struct Change<K> {
    /// The record.
    pub id: RecordId,
    /// The revision that was open when the change was made.
    pub revision: u32,
    /// How far it may travel.
    pub label: Label,
    /// The day it is about.
    pub on: NaiveDate,
    /// Whose words these are.
    pub as_told_by: Option<String>,
    /// Whether what is there now is kept as a revision in any case.
    pub keep_earlier: bool,
    /// What it says.
    pub body: K,
}

/// What could be read of several records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable<T> {
    /// What could be read, in the order that was asked for.
    pub read: Vec<T>,
    /// How many could not: damaged, lost, or in a form that this program does not know.
    pub unreadable: u32,
}

impl KindReader {
    /// The reader of a kind.
    pub const fn of<K: RecordKind>() -> Self {
        Self {
            kind: K::KIND,
            line: |stored, id, place, schema| {
                let mut opened = stored.open::<K>(id, place.shelf.space, schema).ok()?;
                opened.meta.label = place.shelf.label_of(opened.meta.label);
                Some(Line::of(&opened, place.kind))
            },
        }
    }
}

impl std::fmt::Debug for Mentoring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mentoring").finish_non_exhaustive()
    }
}

impl Mentoring {
    /// Starts the services: reads each open space's card and index, and empties what has lain in
    /// the bin for its thirty days. `others` are the kinds of record that other crates keep here.
    pub fn over(vault: Vault, clock: Arc<dyn Clock>, others: &[KindReader]) -> Result<Self> {
        let readers = registry::readers()
            .into_iter()
            .chain(others.iter().copied())
            .collect();
        let service = Self {
            vault,
            clock,
            readers,
            open: Mutex::new(BTreeMap::new()),
            changing: Mutex::new(()),
            unreadable: Mutex::new(0),
        };
        for compartment in service.vault.compartments() {
            if compartment.locked {
                continue;
            }
            match service.admit(compartment.id.into()) {
                Ok(()) => {}
                // One notebook that cannot be read must not keep the others shut.
                Err(Error::Unreadable { .. } | Error::Vault(vault::Error::Damaged { .. })) => {
                    *service
                        .unreadable
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner) += 1;
                }
                Err(error) => return Err(error),
            }
        }
        // What cannot be erased now is erased at another opening; it keeps nobody out.
        let _ = service.empty_old_bins();
        Ok(service)
    }

    /// How many notebooks could not be read when the services began; they were left out.
    pub fn unreadable_spaces(&self) -> usize {
        *self
            .unreadable
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The vault beneath.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Ends the services and gives the vault back, to be locked.
    pub fn into_vault(self) -> Vault {
        self.vault
    }

    /// The clock that these services go by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Makes a record.
    pub fn create<K: RecordKind>(&self, draft: Draft<K>) -> Result<Opened<K>> {
        self.create_all(vec![draft]).map(|mut made| made.remove(0))
    }

    /// Makes several records in one save: all of them or none.
    pub fn create_all<K: RecordKind>(&self, drafts: Vec<Draft<K>>) -> Result<Vec<Opened<K>>> {
        let _changing = self.changing();
        let now = self.clock.now();
        let mut made = Vec::with_capacity(drafts.len());
        let mut writes = Writes::default();
        for draft in drafts {
            self.check(
                draft.on,
                draft.label,
                draft.as_told_by.as_deref(),
                &draft.body,
            )?;
            if let Some(parent) = draft.parent
                && self.line(parent)?.space != draft.space
            {
                return Err(Error::NotFound);
            }
            let opened = Opened {
                meta: Meta {
                    id: RecordId::make(),
                    space: draft.space,
                    label: draft.label,
                    on: draft.on,
                    created: now,
                    edited: now,
                    parent: draft.parent,
                    as_told_by: draft.as_told_by,
                    binned: None,
                    revision: 1,
                    previous: None,
                },
                body: draft.body,
            };
            let shelf = self.shelf(draft.space, draft.label)?;
            writes.head(&opened, shelf, self.space_kind(draft.space));
            made.push(opened);
        }
        self.write(writes)?;
        Ok(made)
    }

    /// Opens a record of a known kind.
    pub fn record<K: RecordKind>(&self, id: RecordId) -> Result<Opened<K>> {
        let line = self.line(id)?;
        if line.kind != K::KIND {
            return Err(Error::NotFound);
        }
        let (stored, schema) = self.stored(&line)?;
        let mut opened = stored.open(id, line.space, schema)?;
        opened.meta.label = self.shelf_of(&line)?.label_of(opened.meta.label);
        Ok(opened)
    }

    /// Opens the records of these lines, all of one kind. What cannot be read is counted and hides
    /// nothing else.
    pub fn records<K: RecordKind>(&self, lines: &[Line]) -> Result<Readable<Opened<K>>> {
        self.readable(lines, |line| self.record(line.id))
    }

    /// Saves a change. What was there before is kept as a revision when a new sitting begins, when
    /// the label changes, when the change says so, and always for kinds that are not written as one
    /// types.
    pub fn save<K: RecordKind>(&self, change: Change<K>) -> Result<Opened<K>> {
        self.check(
            change.on,
            change.label,
            change.as_told_by.as_deref(),
            &change.body,
        )?;
        let _changing = self.changing();
        let before = self.record::<K>(change.id)?;
        if before.meta.revision != change.revision {
            return Err(Error::ChangedElsewhere);
        }
        let mut meta = before.meta.clone();
        meta.label = change.label;
        meta.on = change.on;
        meta.as_told_by = change.as_told_by;
        if (&meta, &change.body) == (&before.meta, &before.body) {
            return Ok(before);
        }
        let same_sitting = K::AUTOSAVED
            && !change.keep_earlier
            && !change.body.begins_anew(&before.body)
            && meta.label == before.meta.label
            && self.clock.now() - before.meta.edited < Duration::minutes(SITTING_MINUTES);
        self.replace(
            before,
            Opened {
                meta,
                body: change.body,
            },
            !same_sitting,
        )
    }

    /// The index line of a record.
    pub fn line(&self, id: RecordId) -> Result<Line> {
        self.open()
            .values()
            .find_map(|space| space.line(id))
            .cloned()
            .ok_or(Error::NotFound)
    }

    /// The index lines of a space, or of all open ones, that pass a test; in no particular order.
    /// What is sealed is not among them, whether it is open or not.
    pub fn lines(&self, space: Option<SpaceId>, keep: impl Fn(&Line) -> bool) -> Result<Vec<Line>> {
        self.lines_where(space, |line| line.label != Label::Sealed && keep(line))
    }

    /// As `lines`, and what is sealed as far as it is open: for its own notebook and for the bin, never
    /// for what gathers from all notebooks.
    pub(crate) fn lines_where(
        &self,
        space: Option<SpaceId>,
        keep: impl Fn(&Line) -> bool,
    ) -> Result<Vec<Line>> {
        let open = self.open();
        if let Some(id) = space
            && !open.contains_key(&id)
        {
            return Err(self.absent(id));
        }
        Ok(open
            .iter()
            .filter(|(id, _)| space.is_none_or(|wanted| wanted == **id))
            .flat_map(|(_, open)| open.all_lines())
            .filter(|line| keep(line))
            .cloned()
            .collect())
    }

    /// Writes the index of a space anew from its records, and that of its sealed part if it is open.
    pub fn rebuild_index(&self, space: SpaceId) -> Result<()> {
        let shelves = {
            let open = self.open();
            let at = open.get(&space);
            let sealed = at.and_then(|at| at.sealed.as_ref());
            let sealed = sealed.filter(|part| part.index.is_some());
            [
                Some(Shelf::own(space)),
                sealed.map(|part| Shelf::sealed(space, part.compartment)),
            ]
        };
        for shelf in shelves.into_iter().flatten() {
            let index = self.write_index(shelf)?;
            if let Some(there) = self
                .open()
                .get_mut(&space)
                .and_then(|at| at.index_of_mut(shelf))
            {
                *there = index;
            }
        }
        Ok(())
    }

    /// Makes the index of a shelf anew from its records, and saves it.
    fn write_index(&self, shelf: Shelf) -> Result<Index> {
        let lines = self.read_lines(shelf)?;
        let mut old_pages = 0;
        while !matches!(self.page(shelf, old_pages), Ok(None))
            || self.has_pages_after(shelf, old_pages)
        {
            old_pages += 1;
        }
        let mut index = Index::default();
        let plan = index.plan(lines, &[]);
        let mut batch = Batch::new();
        for write in &plan.writes {
            put(
                &mut batch,
                shelf,
                KindNumber::INDEX_PAGE,
                write.record,
                PAGE_SCHEMA,
                &write.payload,
            );
        }
        for page in plan.writes.len()..old_pages {
            batch.delete(
                shelf.compartment,
                KindNumber::INDEX_PAGE.in_vault(),
                page_record(page),
            );
        }
        self.vault.save(batch)?;
        index.accept(plan);
        Ok(index)
    }

    /// Reads a space's card and index, and counts it among the open ones.
    pub(crate) fn admit(&self, space: SpaceId) -> Result<()> {
        let card = match self.read_card(space.compartment())? {
            // A compartment without a card was left by a save that never finished; a sealed part is opened
            // through its notebook.
            None | Some(SpaceCard::Sealed { .. }) => return Ok(()),
            Some(card) => card,
        };
        // It counts as open from here on: its index may have to be made anew.
        let sealed = card.sealed_part();
        let mut made = OpenSpace::made(card);
        made.sealed = sealed.map(SealedPart::shut);
        self.open().insert(space, made);
        match self.read_index(Shelf::own(space)) {
            Ok(index) => {
                if let Some(open) = self.open().get_mut(&space) {
                    open.index = index;
                }
                Ok(())
            }
            Err(error) => {
                self.open().remove(&space);
                Err(error)
            }
        }
    }

    /// Reads the index of a shelf; makes it anew if it is not whole.
    pub(crate) fn read_index(&self, shelf: Shelf) -> Result<Index> {
        let mut index = Index::default();
        let mut number = 0;
        loop {
            let whole = match self.page(shelf, number) {
                Ok(Some(payload)) => index.read_page(shelf, &payload).is_some(),
                Ok(None) if self.has_pages_after(shelf, number) => false,
                Ok(None) => return Ok(index),
                Err(Error::Vault(vault::Error::Damaged { .. })) => false,
                Err(error) => return Err(error),
            };
            if !whole {
                return self.write_index(shelf);
            }
            number += 1;
        }
    }

    /// Reads something from each of these lines' records; counts those that cannot be read.
    pub(crate) fn readable<T>(
        &self,
        lines: &[Line],
        read: impl Fn(&Line) -> Result<T>,
    ) -> Result<Readable<T>> {
        let mut readable = Readable {
            read: Vec::with_capacity(lines.len()),
            unreadable: 0,
        };
        for line in lines {
            match read(line) {
                Ok(one) => readable.read.push(one),
                // Erased since the lines were taken: there is nothing that could be missed.
                Err(Error::NotFound) if self.line(line.id).is_err() => {}
                Err(error) if error.is_unreadable() => readable.unreadable += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(readable)
    }

    /// The records that stand in agreed words today, with their spaces: no space vouches for another.
    pub(crate) fn agreed(&self) -> BTreeSet<(SpaceId, RecordId)> {
        let today = self.clock.today();
        let open = self.open();
        open.iter()
            .flat_map(|(space, open)| open.index.agreed(today).map(move |id| (*space, id)))
            .collect()
    }

    /// The kind of an open notebook.
    pub(crate) fn space_kind(&self, space: SpaceId) -> Option<SpaceKind> {
        self.open().get(&space).and_then(|open| open.card.kind())
    }

    /// Lets one change at a time look at what is there and replace it.
    pub(crate) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn open(&self) -> MutexGuard<'_, BTreeMap<SpaceId, OpenSpace>> {
        // A panic elsewhere leaves the map whole: it is changed only by single inserts.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why a space is not among the open ones.
    pub(crate) fn absent(&self, space: SpaceId) -> Error {
        let known = self
            .vault
            .compartments()
            .into_iter()
            .any(|c| c.id == space.compartment());
        if known {
            Error::SpaceLocked
        } else {
            Error::SpaceNotFound
        }
    }

    pub(crate) fn stored(&self, line: &Line) -> Result<(StoredRecord, u16)> {
        self.stored_at(self.shelf_of(line)?, line.kind, line.id)
    }

    pub(crate) fn stored_at(
        &self,
        shelf: Shelf,
        kind: KindNumber,
        id: RecordId,
    ) -> Result<(StoredRecord, u16)> {
        let record = self
            .vault
            .read(shelf.compartment, kind.in_vault(), id.in_vault())?
            .ok_or(Error::NotFound)?;
        Ok((StoredRecord::parse(kind, &record.payload)?, record.schema.0))
    }

    /// Where a record with this label lies in a space. Refuses what is sealed while it is shut.
    pub(crate) fn shelf(&self, space: SpaceId, label: Label) -> Result<Shelf> {
        if label != Label::Sealed {
            return Ok(Shelf::own(space));
        }
        let open = self.open();
        let Some(at) = open.get(&space) else {
            drop(open);
            return Err(self.absent(space));
        };
        match &at.sealed {
            None => Err(Error::SealedMissing),
            Some(part) if part.index.is_none() => Err(Error::SealedShut),
            Some(part) => Ok(Shelf::sealed(space, part.compartment)),
        }
    }

    /// Where the record of a line lies.
    pub(crate) fn shelf_of(&self, line: &Line) -> Result<Shelf> {
        self.shelf(line.space, line.label)
    }

    /// Puts `after` in the place of `before`, which is kept as a revision if `keep`. Where its label takes it
    /// to another shelf, its whole history goes with it.
    pub(crate) fn replace<K: RecordKind>(
        &self,
        before: Opened<K>,
        mut after: Opened<K>,
        keep: bool,
    ) -> Result<Opened<K>> {
        let mut writes = Writes::default();
        let space = after.meta.space;
        let from = self.shelf(space, before.meta.label)?;
        let to = self.shelf(space, after.meta.label)?;
        after.meta.edited = self.clock.now();
        after.meta.revision = before.meta.revision + 1;
        after.meta.previous = before.meta.previous;
        if from != to {
            self.move_history(&mut writes, from, to, before.meta.previous)?;
            writes.delete(from, K::KIND, before.meta.id);
        }
        if keep {
            let kept = RecordId::make();
            writes.revision(&before, to, kept);
            after.meta.previous = Some(kept);
        }
        writes.head(&after, to, self.space_kind(space));
        let seals = from != to && to.is_sealed();
        if seals {
            sweeping::mark(&mut writes.batch, from);
        }
        self.write(writes)?;
        if seals {
            // Where nothing can be swept now, it is sealed all the same, and the mark stays.
            let _ = self.sweep(&Quiet);
        }
        Ok(after)
    }

    /// Saves rows and the index pages that go with them, in one batch.
    pub(crate) fn write(&self, writes: Writes) -> Result<()> {
        let mut batch = writes.batch;
        let mut open = self.open();
        let mut plans = Vec::new();
        for (shelf, change) in writes.index {
            let Some(at) = open.get(&shelf.space) else {
                drop(open);
                return Err(self.absent(shelf.space));
            };
            let index = at.index_of(shelf).ok_or(Error::SealedShut)?;
            let plan = index.plan(change.put, &change.gone);
            for write in &plan.writes {
                put(
                    &mut batch,
                    shelf,
                    KindNumber::INDEX_PAGE,
                    write.record,
                    PAGE_SCHEMA,
                    &write.payload,
                );
            }
            plans.push((shelf, plan));
        }
        self.vault.save(batch)?;
        for (shelf, plan) in plans {
            let at = open.get_mut(&shelf.space);
            if let Some(index) = at.and_then(|at| at.index_of_mut(shelf)) {
                index.accept(plan);
            }
        }
        Ok(())
    }

    fn check<K: RecordKind>(
        &self,
        on: NaiveDate,
        label: Label,
        as_told_by: Option<&str>,
        body: &K,
    ) -> Result<()> {
        if !YEARS.contains(&on.year()) {
            return Err(Error::DateOutOfRange);
        }
        if let Some(name) = as_told_by {
            text::check_line(crate::error::Field::Name, name)?;
        }
        body.check(label)
    }

    fn page(&self, shelf: Shelf, number: usize) -> Result<Option<Vec<u8>>> {
        let kind = KindNumber::INDEX_PAGE.in_vault();
        let page = self
            .vault
            .read(shelf.compartment, kind, page_record(number))?;
        Ok(page.map(|record| record.payload.to_vec()))
    }

    /// Whether a page stands shortly after a missing one: then pages were lost.
    fn has_pages_after(&self, shelf: Shelf, missing: usize) -> bool {
        const LOOKED_AHEAD: usize = 4;
        (missing + 1..=missing + LOOKED_AHEAD)
            .any(|number| !matches!(self.page(shelf, number), Ok(None)))
    }

    pub(crate) fn read_card(&self, compartment: CompartmentId) -> Result<Option<SpaceCard>> {
        let kind = KindNumber::SPACE;
        let Some(record) = self.vault.read(compartment, kind.in_vault(), CARD)? else {
            return Ok(None);
        };
        StoredSpace::parse(record.schema.0, &record.payload)
            .map(Some)
            .ok_or(Error::Unreadable { kind: kind.0 })
    }

    /// The lines of all records of a shelf, read from the records themselves.
    fn read_lines(&self, shelf: Shelf) -> Result<Vec<Line>> {
        let place = Place {
            shelf,
            kind: self.space_kind(shelf.space),
        };
        let (lines, _) =
            self.vault
                .gather(shelf.compartment, &mut |lines: &mut Vec<Line>, record| {
                    let kind = KindNumber(record.kind.0);
                    if let Some(reader) = self.readers.iter().find(|reader| reader.kind == kind)
                        && let Ok(stored) = StoredRecord::parse(kind, record.payload)
                    {
                        let id = record.record.into();
                        lines.extend((reader.line)(&stored, id, place, record.schema.0));
                    }
                })?;
        Ok(lines)
    }
}

/// What one save writes.
#[derive(Default)]
pub(crate) struct Writes {
    batch: Batch,
    index: BTreeMap<Shelf, IndexChange>,
}

#[derive(Default)]
struct IndexChange {
    put: Vec<Line>,
    gone: Vec<RecordId>,
}

impl Writes {
    /// Puts the present state of a record, and its line.
    pub(crate) fn head<K: RecordKind>(
        &mut self,
        opened: &Opened<K>,
        shelf: Shelf,
        space: Option<SpaceKind>,
    ) {
        let line = Line::of(opened, space);
        self.stored(line, shelf, &StoredRecord::of(opened), K::SCHEMA);
    }

    /// Puts a record in its stored form, and its line.
    pub(crate) fn stored(&mut self, line: Line, shelf: Shelf, stored: &StoredRecord, schema: u16) {
        let record = line.id.in_vault();
        put(
            &mut self.batch,
            shelf,
            line.kind,
            record,
            schema,
            &stored.to_bytes(),
        );
        self.index.entry(shelf).or_default().put.push(line);
    }

    /// Keeps a state of a record as a revision under its own id.
    fn revision<K: RecordKind>(&mut self, state: &Opened<K>, shelf: Shelf, id: RecordId) {
        let stored = StoredRecord::of(state).into_revision_of(state.meta.id, K::KIND);
        self.stored_revision(shelf, id, &stored, K::SCHEMA);
    }

    /// Puts a kept revision in its stored form.
    pub(crate) fn stored_revision(
        &mut self,
        shelf: Shelf,
        id: RecordId,
        stored: &StoredRecord,
        schema: u16,
    ) {
        put(
            &mut self.batch,
            shelf,
            KindNumber::REVISION,
            id.in_vault(),
            schema,
            &stored.to_bytes(),
        );
    }

    /// Deletes a record and its line.
    pub(crate) fn delete(&mut self, shelf: Shelf, kind: KindNumber, id: RecordId) {
        self.batch
            .delete(shelf.compartment, kind.in_vault(), id.in_vault());
        self.index.entry(shelf).or_default().gone.push(id);
    }

    /// Deletes a kept revision.
    pub(crate) fn delete_revision(&mut self, shelf: Shelf, id: RecordId) {
        self.batch.delete(
            shelf.compartment,
            KindNumber::REVISION.in_vault(),
            id.in_vault(),
        );
    }
}

pub(crate) fn put(
    batch: &mut Batch,
    shelf: Shelf,
    kind: KindNumber,
    record: vault::RecordId,
    schema: u16,
    payload: &[u8],
) {
    batch.put(
        shelf.compartment,
        kind.in_vault(),
        record,
        vault::Schema(schema),
        payload,
    );
}
