//! Bringing single records back from a backup: as new states under the present keys, through the journal like all else.
//! What is here now is kept as an earlier state.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::Serialize;
use vault::{CompartmentId, Credential, Watch};

use crate::{
    error::{Error, Result},
    ids::{RecordId, SpaceId},
    index::Index,
    kind::{KindNumber, RecordKind},
    label::Label,
    record::{Meta, Opened, StoredRecord},
    registry::{RecordLine, RecordView, is_registered},
    service::{Mentoring, Writes},
    shelf::Shelf,
};

/// A record of a backup that is not here as it was then.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct KeptRecord {
    /// The record as it was when the backup was made.
    pub line: RecordLine,
    /// What became of it.
    pub here: HereNow,
}

/// What a backup holds that is not here as it was then.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct KeptRecords {
    /// The records, the newest day first.
    pub records: Vec<KeptRecord>,
    /// The notebooks with records that are not among them, since they may be sealed by now: as long as what is sealed is
    /// shut, that cannot be told from what is not here any more.
    pub untold: Vec<SpaceId>,
}

/// What became of a record after a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum HereNow {
    /// It is not here any more.
    Gone,
    /// It is in the bin.
    Binned,
    /// It was saved again since.
    Changed,
    /// It is here, and damaged.
    Unreadable,
}

impl Mentoring {
    /// The records that a backup holds of the notebooks that are open, as far as they are not here as they were then.
    /// What is sealed now, and what had a second passphrase when the backup was made, is not among them. Without a
    /// credential the present keys must open the backup.
    ///
    /// Errors: those of the vault's `read_backup`.
    pub fn look_into_backup(
        &self,
        backup: &Path,
        credential: Option<Credential<'_>>,
        watch: &dyn Watch,
    ) -> Result<KeptRecords> {
        let mut indexes: BTreeMap<SpaceId, Index> = BTreeMap::new();
        self.vault.read_backup(
            backup,
            credential,
            &|compartment, kind, _| {
                KindNumber(kind.0) == KindNumber::INDEX_PAGE && self.is_notebook(compartment)
            },
            &mut |compartment, page| {
                let space = SpaceId::from(compartment);
                let index = indexes.entry(space).or_default();
                // A page that cannot be read hides its own lines and no others.
                let _ = index.read_page(Shelf::own(space), page.payload);
            },
            watch,
        )?;
        let mut kept = Vec::new();
        let mut untold = BTreeSet::new();
        for (space, index) in indexes {
            let may_be_sealed = self.sealed_is_shut(space);
            for line in index.lines().filter(|line| line.is_kept()) {
                let Some(here) = self.here_now(line) else {
                    continue;
                };
                if here == HereNow::Gone && may_be_sealed {
                    untold.insert(space);
                } else if let Some(line) = self.line_of_backup(line.clone()) {
                    kept.push(KeptRecord { line, here });
                }
            }
        }
        self.drop_equal(&mut kept, backup, credential, watch)?;
        kept.sort_by_key(|one| std::cmp::Reverse((one.line.on, one.line.created, one.line.id)));
        Ok(KeptRecords {
            records: kept,
            untold: untold.into_iter().collect(),
        })
    }

    /// Drops those that were saved again since, and say what they said then: brought back before, for example.
    fn drop_equal(
        &self,
        kept: &mut Vec<KeptRecord>,
        backup: &Path,
        credential: Option<Credential<'_>>,
        watch: &dyn Watch,
    ) -> Result<()> {
        let changed: BTreeSet<_> = kept
            .iter()
            .filter(|one| one.here == HereNow::Changed)
            .map(|one| one.line.id)
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        let mut equal = BTreeSet::new();
        self.vault.read_backup(
            backup,
            credential,
            &|compartment, kind, record| {
                is_registered(KindNumber(kind.0))
                    && changed.contains(&record.into())
                    && self.is_notebook(compartment)
            },
            &mut |_, record| {
                let id = RecordId::from(record.record);
                let then = StoredRecord::parse(KindNumber(record.kind.0), record.payload);
                let now = self.line(id).and_then(|line| self.stored(&line));
                if let (Ok(then), Ok((now, schema))) = (then, now)
                    && schema == record.schema.0
                    && now.says_the_same(&then)
                {
                    equal.insert(id);
                }
            },
            watch,
        )?;
        kept.retain(|one| !equal.contains(&one.line.id));
        Ok(())
    }

    /// Makes the states of these records that a backup holds the present ones; what is here now is kept as an earlier
    /// state. Those that are no more are made again, under their own ids. Neither what was lowered to Private since nor
    /// what was not Shareable then becomes Shareable.
    ///
    /// Errors: `NotFound` if the backup has not all of them; `SealedShut` for one that is sealed now, or may be; those of
    /// `read_backup`. What was brought back before an error stays.
    pub fn bring_back(
        &self,
        backup: &Path,
        credential: Option<Credential<'_>>,
        records: &[RecordId],
        watch: &dyn Watch,
    ) -> Result<Vec<RecordView>> {
        let mut found: BTreeMap<RecordId, (SpaceId, KindNumber, u16, StoredRecord)> =
            BTreeMap::new();
        self.vault.read_backup(
            backup,
            credential,
            &|compartment, kind, record| {
                is_registered(KindNumber(kind.0))
                    && records.contains(&record.into())
                    && self.is_notebook(compartment)
            },
            &mut |compartment, record| {
                let kind = KindNumber(record.kind.0);
                if let Ok(stored) = StoredRecord::parse(kind, record.payload) {
                    let space = SpaceId::from(compartment);
                    let there = (space, kind, record.schema.0, stored);
                    found.insert(record.record.into(), there);
                }
            },
            watch,
        )?;
        if records.iter().any(|id| !found.contains_key(id)) {
            return Err(Error::NotFound);
        }
        // A record comes after the one it belongs to, for that may have to be made again first.
        let mut order: Vec<_> = found.into_iter().collect();
        order.sort_by_key(|(id, (space, _, _, stored))| {
            (stored.meta(*id, *space).parent.is_some(), *id)
        });
        order
            .into_iter()
            .map(|(id, (space, kind, schema, stored))| {
                self.take_back(space, (kind, id), &stored, schema)
            })
            .collect()
    }

    fn is_notebook(&self, compartment: CompartmentId) -> bool {
        self.space_kind(compartment.into()).is_some()
    }

    /// What became of a record of a backup; none if it is here as it was.
    fn here_now(&self, then: &crate::index::Line) -> Option<HereNow> {
        let Ok(now) = self.line(then.id) else {
            return Some(HereNow::Gone);
        };
        // What is sealed now is not looked into from outside.
        if now.label == Label::Sealed {
            return None;
        }
        if !now.is_kept() {
            return Some(HereNow::Binned);
        }
        match self.stored(&now) {
            Err(error) if error.is_unreadable() => Some(HereNow::Unreadable),
            _ if now.edited != then.edited => Some(HereNow::Changed),
            _ => None,
        }
    }

    /// Makes a state of a record the present one.
    pub(crate) fn take_back_as<K: RecordKind>(&self, state: Opened<K>) -> Result<Opened<K>> {
        let _changing = self.changing();
        let Opened { meta: then, body } = state;
        match self.record::<K>(then.id) {
            Ok(before) => {
                let mut meta = before.meta.clone();
                if meta.label == Label::Shareable && then.label != Label::Shareable {
                    meta.label = Label::Private;
                }
                body.check(meta.label)?;
                meta.on = then.on;
                meta.as_told_by = then.as_told_by;
                meta.binned = None;
                self.replace(before, Opened { meta, body }, true)
            }
            Err(error) if error.is_unreadable() => {
                let line = self.line(then.id).ok();
                // What is sealed has this id, or nothing has. Made again in the open it would be there twice.
                if line.is_none() && self.sealed_is_shut(then.space) {
                    return Err(Error::SealedShut);
                }
                let label = match (line.map(|line| line.label), then.label) {
                    (Some(Label::Private), _) => Label::Private,
                    (Some(Label::Sealed), _) => Label::Sealed,
                    (_, then) => then,
                };
                body.check(label)?;
                let parent = then.parent.filter(|parent| self.line(*parent).is_ok());
                let made = Opened {
                    meta: Meta {
                        label,
                        parent,
                        edited: self.clock.now(),
                        binned: None,
                        revision: then.revision + 1,
                        // Its earlier states went with it.
                        previous: None,
                        ..then
                    },
                    body,
                };
                let shelf = self.shelf(made.meta.space, label)?;
                let mut writes = Writes::default();
                writes.head(&made, shelf, self.space_kind(made.meta.space));
                self.write(writes)?;
                Ok(made)
            }
            Err(error) => Err(error),
        }
    }
}
