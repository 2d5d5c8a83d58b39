//! The only thing that the exporter takes.

use chrono::NaiveDate;
use mentoring::{Opened, RecordId, SpaceId, spaces::Space};

use crate::{
    error::{Error, Result},
    page::Page,
    summaries::{self, AgreedSource, Consent, SourceFlag, Summary, SummaryText},
};

/// A summary that everyone who must has agreed to, word for word, and whose evidence still stands.
///
/// Its words can be read by anyone,
///
/// ```
/// fn read(agreed: &sharing::AgreedSummary) -> &sharing::SummaryText {
///     agreed.text()
/// }
/// ```
///
/// and nothing outside this crate can make one, nor put other words into one:
///
/// ```compile_fail,E0451
/// fn forge(agreed: sharing::AgreedSummary, text: sharing::SummaryText) -> sharing::AgreedSummary {
///     sharing::AgreedSummary { text, ..agreed }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct AgreedSummary {
    id: RecordId,
    space: SpaceId,
    text: SummaryText,
    version: u32,
    consents: Vec<Consent>,
    sources: Vec<AgreedSource>,
}

impl AgreedSummary {
    /// Verifies consent, evidence and expiry; the only way to make one.
    pub(crate) fn verify(
        opened: Opened<Summary>,
        space: &Space,
        flags: &[SourceFlag],
        today: NaiveDate,
    ) -> Result<Self> {
        let body = &opened.body;
        if summaries::is_empty(body.text()) {
            return Err(Error::Empty);
        }
        if summaries::parties(space.card.kind).is_empty() {
            return Err(Error::NotForGroups);
        }
        let needed = body.consent_needed(space.card.kind);
        if !needed.is_empty() {
            let before = needed.iter().all(|party| body.has_ever_agreed(*party));
            return Err(if before {
                Error::ConsentVoid
            } else {
                Error::NeedsConsent
            });
        }
        if !flags.is_empty() {
            return Err(Error::NotShareable);
        }
        if body.text().expires.is_some_and(|last| last < today) {
            return Err(Error::Expired);
        }
        Ok(Self {
            id: opened.meta.id,
            space: opened.meta.space,
            text: body.text().clone(),
            version: body.version(),
            consents: body.valid_consents().into_iter().cloned().collect(),
            sources: body.agreed_sources().to_vec(),
        })
    }

    /// The summary's record.
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// The space it is in.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// The agreed words.
    pub fn text(&self) -> &SummaryText {
        &self.text
    }

    /// The agreed version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Who agreed, and how.
    pub fn consents(&self) -> &[Consent] {
        &self.consents
    }

    /// What stands on its page.
    pub(crate) fn page(&self) -> Page<'_> {
        Page {
            text: &self.text,
            version: self.version,
            consents: &self.consents,
            sources: &self.sources,
            mark: None,
        }
    }
}
