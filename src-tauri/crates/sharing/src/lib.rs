//! Sharing: what leaves the vault.
//!
//! Nothing leaves unless a person chose it, saw it whole and, where it speaks of two people, both
//! agreed. The rule is in the types: a summary's text rests on [`mentoring::Evidence`], which only
//! a Shareable record can become, and the exporter takes an [`AgreedSummary`], which only verified
//! consent can make.

mod agreed;
mod error;
mod page;
mod receipt;

pub mod disclosures;
pub mod summaries;

pub use agreed::AgreedSummary;
pub use disclosures::{Disclosure, DisclosureList};
pub use error::{Error, Result};
pub use page::{ExportFormat, Exported};
pub use receipt::{Receipt, ReceiptLine};
pub use summaries::{
    Consent, ConsentHow, EvidenceLine, EvidenceList, FlagReason, Paragraph, Party, Sentence,
    SourceFlag, SummaryLine, SummaryList, SummaryState, SummaryText, SummaryView,
};

use mentoring::{KindReader, Mentoring};

/// The kinds of record that this crate keeps in a space, for [`Mentoring::over`].
pub fn kinds() -> [KindReader; 2] {
    [
        KindReader::of::<summaries::Summary>(),
        KindReader::of::<disclosures::Disclosed>(),
    ]
}

/// The services of this crate over those of mentoring.
#[derive(Debug, Clone, Copy)]
pub struct Sharing<'m> {
    pub(crate) mentoring: &'m Mentoring,
}

impl<'m> Sharing<'m> {
    /// The services over an open vault, whose mentoring services know [`kinds`].
    pub fn over(mentoring: &'m Mentoring) -> Self {
        Self { mentoring }
    }
}
