//! A record as it is stored: what is true of every kind, around the kind's own body.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    error::{Error, Result},
    ids::{RecordId, SpaceId},
    kind::{KindNumber, RecordKind},
    label::Label,
};

/// What is true of every record, whatever its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The record's id.
    pub id: RecordId,
    /// The space it is in.
    pub space: SpaceId,
    /// How far it may travel.
    pub label: Label,
    /// The day it is about.
    pub on: NaiveDate,
    /// When it was first saved.
    pub created: DateTime<Utc>,
    /// When it was last saved.
    pub edited: DateTime<Utc>,
    /// The record it belongs to, such as the meeting of a promise.
    pub parent: Option<RecordId>,
    /// Whose words these are, where they are the other's and typed by me.
    pub as_told_by: Option<String>,
    /// When it was put into the bin.
    pub binned: Option<DateTime<Utc>>,
    /// Counts its saves; a change names the one it was made from.
    pub revision: u32,
    /// The newest kept earlier state.
    pub previous: Option<RecordId>,
}

/// An opened record.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened<K> {
    /// What is true of every record.
    pub meta: Meta,
    /// What this kind says.
    pub body: K,
}

/// A kept earlier state of a record, as the history lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct RevisionLine {
    /// Its number among the record's saves.
    pub revision: u32,
    /// When it was saved.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: DateTime<Utc>,
    /// The label it had.
    pub label: Label,
    /// How many words it has.
    pub words: u32,
}

/// The stored form of a record, schema-independent part. Do not change: add fields with defaults.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredRecord {
    label: StoredLabel,
    on: NaiveDate,
    created: DateTime<Utc>,
    edited: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    as_told_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    binned: Option<DateTime<Utc>>,
    revision: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<RecordId>,
    /// In a kept revision: the record and the kind it is a state of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<StoredOrigin>,
    body: Box<RawValue>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct StoredOrigin {
    pub(crate) record: RecordId,
    pub(crate) kind: KindNumber,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredLabel {
    Private,
    Shareable,
    Sealed,
}

impl StoredRecord {
    /// Reads the stored bytes of a record.
    pub(crate) fn parse(kind: KindNumber, bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(|_| Error::Unreadable { kind: kind.0 })
    }

    /// Puts a record into its stored form.
    pub(crate) fn of<K: RecordKind>(opened: &Opened<K>) -> Self {
        let body = serde_json::value::to_raw_value(&K::Stored::from(opened.body.clone()))
            .expect("a stored type has string keys only, so it is JSON");
        let meta = &opened.meta;
        Self {
            label: meta.label.into(),
            on: meta.on,
            created: meta.created,
            edited: meta.edited,
            parent: meta.parent,
            as_told_by: meta.as_told_by.clone(),
            binned: meta.binned,
            revision: meta.revision,
            previous: meta.previous,
            of: None,
            body,
        }
    }

    /// Marks the stored form as a kept state of `record`.
    pub(crate) fn into_revision_of(mut self, record: RecordId, kind: KindNumber) -> Self {
        self.of = Some(StoredOrigin { record, kind });
        self
    }

    pub(crate) fn origin(&self) -> Option<StoredOrigin> {
        self.of
    }

    pub(crate) fn meta(&self, id: RecordId, space: SpaceId) -> Meta {
        Meta {
            id,
            space,
            label: self.label.into(),
            on: self.on,
            created: self.created,
            edited: self.edited,
            parent: self.parent,
            as_told_by: self.as_told_by.clone(),
            binned: self.binned,
            revision: self.revision,
            previous: self.previous,
        }
    }

    /// Opens the body as a kind.
    pub(crate) fn open<K: RecordKind>(
        &self,
        id: RecordId,
        space: SpaceId,
        schema: u16,
    ) -> Result<Opened<K>> {
        let body = K::read(schema, self.body.get()).ok_or(Error::Unreadable { kind: K::KIND.0 })?;
        Ok(Opened {
            meta: self.meta(id, space),
            body,
        })
    }

    /// Whether it says what another state of the same record says, whenever each was saved.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        (self.on, &self.as_told_by, self.body.get())
            == (other.on, &other.as_told_by, other.body.get())
    }

    /// The same record with its place in the bin changed; the body stays as it is, to the byte.
    pub(crate) fn with_binned(mut self, binned: Option<DateTime<Utc>>) -> Self {
        self.binned = binned;
        self
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a stored record has string keys only, so it is JSON")
    }
}

impl From<Label> for StoredLabel {
    fn from(label: Label) -> Self {
        match label {
            Label::Private => Self::Private,
            Label::Shareable => Self::Shareable,
            Label::Sealed => Self::Sealed,
        }
    }
}

impl From<StoredLabel> for Label {
    fn from(label: StoredLabel) -> Self {
        match label {
            StoredLabel::Private => Self::Private,
            StoredLabel::Shareable => Self::Shareable,
            StoredLabel::Sealed => Self::Sealed,
        }
    }
}
