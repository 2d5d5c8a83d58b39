//! Evidence: what a summary may rest on.

use chrono::NaiveDate;

use crate::{
    error::{Error, Result},
    ids::{RecordId, SpaceId},
    index::Line,
    label::Label,
    registry,
    service::{Mentoring, Readable},
};

/// A record that may stand behind a sentence of a summary.
///
/// There is no way to make one but [`Mentoring::evidence`], which looks at the label in the vault
/// at that moment; so code that asks for `Evidence` cannot be handed a Private record. It is read,
///
/// ```
/// fn read(evidence: &mentoring::Evidence) -> (&mentoring::Line, &str) {
///     (evidence.line(), evidence.words())
/// }
/// ```
///
/// and not made:
///
/// ```compile_fail,E0451
/// fn forge(line: mentoring::Line) -> mentoring::Evidence {
///     mentoring::Evidence { line, words: String::new() }
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    line: Line,
    words: String,
}

/// What a notebook offers for a period, and what stays with its owner.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceOffer {
    /// Shareable records, the newest first.
    pub may_be_used: Vec<Evidence>,
    /// The others, the newest first.
    pub stays: Vec<Line>,
    /// How many Shareable records could not be read.
    pub unreadable: u32,
}

impl Evidence {
    /// The record's index line.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// The record's words.
    pub fn words(&self) -> &str {
        &self.words
    }
}

impl Mentoring {
    /// Takes a record of a space as evidence; refuses one that is not Shareable, is in the bin or
    /// is of another space.
    pub fn evidence(&self, space: SpaceId, id: RecordId) -> Result<Evidence> {
        let line = self.line(id)?;
        if line.space != space || !line.is_kept() || !registry::is_registered(line.kind) {
            return Err(Error::NotFound);
        }
        // The record decides, not the index: the index is only what lists show.
        let (stored, schema) = self.stored(&line)?;
        let meta = stored.meta(id, space);
        if meta.label != Label::Shareable || meta.binned.is_some() {
            return Err(Error::NotShareable);
        }
        let words = registry::words_of(line.kind, &stored, id, space, schema)
            .ok_or(Error::Unreadable { kind: line.kind.0 })?;
        Ok(Evidence { line, words })
    }

    /// What a space offers as evidence for the days from `from` to `to`, both included.
    pub fn evidence_between(
        &self,
        space: SpaceId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<EvidenceOffer> {
        let mut lines = self.lines(Some(space), |line| {
            line.is_kept() && registry::is_registered(line.kind) && (from..=to).contains(&line.on)
        })?;
        lines.sort_by_key(|line| std::cmp::Reverse((line.on, line.created)));
        let (shareable, stays): (Vec<_>, Vec<_>) = lines
            .into_iter()
            .partition(|line| line.label == Label::Shareable);
        let Readable { read, unreadable } =
            self.readable(&shareable, |line| self.evidence(space, line.id))?;
        Ok(EvidenceOffer {
            may_be_used: read,
            stays,
            unreadable,
        })
    }
}
