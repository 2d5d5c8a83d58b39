//! The disclosure log: everything that ever left a space, to whom and by whose consent.

mod stored;

use chrono::{DateTime, Utc};
use mentoring::{
    Draft, KindNumber, Label, Opened, Outline, Readable, RecordId, RecordKind, SpaceId,
};
use serde::Serialize;

use crate::{
    Sharing, agreed::AgreedSummary, error::Result, page::ExportFormat, summaries,
    summaries::Consent,
};

/// Something that left, as the vault keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Disclosed {
    pub(crate) summary: RecordId,
    pub(crate) title: String,
    pub(crate) purpose: String,
    pub(crate) version: u32,
    pub(crate) format: ExportFormat,
    pub(crate) to_whom: String,
    pub(crate) consents: Vec<Consent>,
}

/// Something that left, as the log shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Disclosure {
    /// The log's own record.
    pub id: RecordId,
    /// The space it left.
    pub space: SpaceId,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: DateTime<Utc>,
    /// The title of what left.
    pub what: String,
    /// What it was for.
    pub purpose: String,
    /// Which version.
    pub version: u32,
    /// In which form.
    pub format: ExportFormat,
    /// To whom, in the words of the user.
    pub to_whom: String,
    /// Who had agreed.
    pub consents: Vec<Consent>,
}

/// What left a space, or all open ones.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct DisclosureList {
    /// The entries that could be read, the newest first.
    pub entries: Vec<Disclosure>,
    /// How many could not.
    pub unreadable: u32,
}

impl RecordKind for Disclosed {
    type Stored = stored::DisclosedV1;

    const KIND: KindNumber = KindNumber(121);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = false;

    fn check(&self, label: Label) -> mentoring::Result<()> {
        if label == Label::Private {
            Ok(())
        } else {
            Err(mentoring::Error::LabelNotAllowed)
        }
    }

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            excerpt: self.to_whom.clone(),
            ..Outline::default()
        }
    }

    fn words(&self) -> String {
        format!("{}\n{}\n{}", self.title, self.purpose, self.to_whom)
    }
}

impl Sharing<'_> {
    /// What left a space, or all open ones, the newest first.
    pub fn list_disclosures(&self, space: Option<SpaceId>) -> Result<DisclosureList> {
        let lines = self
            .mentoring
            .lines(space, |line| line.kind == Disclosed::KIND)?;
        let Readable { read, unreadable } = self.mentoring.records::<Disclosed>(&lines)?;
        let mut entries: Vec<_> = read.into_iter().map(view).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
        Ok(DisclosureList {
            entries,
            unreadable,
        })
    }

    /// Logs that an agreed summary leaves. Called before the file is written, so that nothing
    /// leaves unlogged; [`Sharing::withdraw_log`] takes the entry back when nothing left after all.
    pub fn log_export(
        &self,
        agreed: &AgreedSummary,
        format: ExportFormat,
        to_whom: &str,
    ) -> Result<Disclosure> {
        summaries::check_line(mentoring::Field::Name, to_whom)?;
        if to_whom.trim().is_empty() {
            return Err(mentoring::Error::Missing {
                field: mentoring::Field::Name,
            }
            .into());
        }
        let text = agreed.text();
        let body = Disclosed {
            summary: agreed.id(),
            title: text.title.clone(),
            purpose: text.purpose.clone(),
            version: agreed.version(),
            format,
            to_whom: to_whom.trim().to_owned(),
            consents: agreed.consents().to_vec(),
        };
        let opened = self.mentoring.create(Draft {
            space: agreed.space(),
            label: Label::Private,
            on: self.mentoring.clock().today(),
            parent: None,
            as_told_by: None,
            body,
        })?;
        Ok(view(opened))
    }

    /// Marks that the file of a logged export is written.
    pub fn confirm_export(&self, agreed: &AgreedSummary) -> Result<()> {
        self.mark_exported(agreed.id(), agreed.version())
    }

    /// Takes back the entry of an export whose file could not be written.
    pub fn withdraw_log(&self, entry: RecordId) -> Result<()> {
        self.mentoring.record::<Disclosed>(entry)?;
        Ok(self.mentoring.erase(entry)?)
    }
}

fn view(opened: Opened<Disclosed>) -> Disclosure {
    let Opened { meta, body } = opened;
    Disclosure {
        id: meta.id,
        space: meta.space,
        at: meta.created,
        what: body.title,
        purpose: body.purpose,
        version: body.version,
        format: body.format,
        to_whom: body.to_whom,
        consents: body.consents,
    }
}
