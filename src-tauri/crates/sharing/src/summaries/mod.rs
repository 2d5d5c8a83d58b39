//! Summaries: the shareable document of a journal or a relationship, and who agreed to it.

mod stored;
mod view;

pub use view::{
    Consent, ConsentHow, EvidenceLine, EvidenceList, FlagReason, Paragraph, Party, Sentence,
    SourceFlag, SummaryLine, SummaryList, SummaryState, SummaryText, SummaryView,
};

use std::collections::BTreeSet;

use chrono::NaiveDate;
use mentoring::{
    Change, Draft, Evidence, KindNumber, Label, Mentoring, Opened, Outline, Readable, RecordId,
    RecordKind, SpaceId, spaces::SpaceKind,
};
use sha2::{Digest, Sha256};
use words::Words;

use crate::{
    Sharing,
    agreed::AgreedSummary,
    error::{Error, Result},
    page::Page,
};

/// Longest text of a summary, in characters.
const TEXT_LIMIT: usize = 200_000;
/// Longest title, purpose, audience or name, in characters.
const LINE_LIMIT: usize = 300;

/// A summary as the vault keeps it.
///
/// Its type is known to this crate only, so that no other code can write one through
/// [`Mentoring::save`], with consents that nobody gave:
///
/// ```compile_fail,E0603
/// fn forge(json: &str) -> Option<sharing::summaries::Summary> {
///     mentoring::RecordKind::read(1, json)
/// }
/// ```
///
/// With a kind that everyone may write, the same compiles:
///
/// ```
/// fn read(json: &str) -> Option<mentoring::notes::Note> {
///     mentoring::RecordKind::read(1, json)
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Summary {
    text: SourcedText,
    version: u32,
    consents: Vec<Given>,
    /// What the page says of its sources: part of what is agreed, so it stays as it was then.
    sources: Vec<AgreedSource>,
    exported: Option<u32>,
}

/// A source as the page names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AgreedSource {
    pub(crate) id: RecordId,
    pub(crate) title: String,
    pub(crate) on: NaiveDate,
}

/// Words whose every source was [`Evidence`] when it was first named.
///
/// Only [`SourcedText::resolve`] makes one; outside this crate there is no such type:
///
/// ```compile_fail,E0603
/// fn forge(text: sharing::summaries::SummaryText) -> sharing::summaries::SourcedText {
///     sharing::summaries::SourcedText(text)
/// }
/// ```
///
/// What comes from the window can be had by anyone, and proves nothing:
///
/// ```
/// fn take(text: sharing::summaries::SummaryText) -> sharing::summaries::SummaryText {
///     text
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SourcedText(SummaryText);

/// A consent, and the digest of the words it was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    consent: Consent,
    digest: String,
}

impl SourcedText {
    /// Takes words from the window: each source that `before` did not have must be evidence now.
    fn resolve(
        mentoring: &Mentoring,
        space: SpaceId,
        text: SummaryText,
        before: Option<&Self>,
    ) -> Result<Self> {
        check_lengths(&text)?;
        let known: BTreeSet<_> = before.map(Self::sources).unwrap_or_default();
        for id in sources(&text).difference(&known) {
            let _evidence: Evidence = evidence(mentoring, space, *id)?;
        }
        Ok(Self(text))
    }

    /// Every record that the words rest on or that was chosen for them.
    fn sources(&self) -> BTreeSet<RecordId> {
        sources(&self.0)
    }
}

impl Summary {
    /// The words.
    pub fn text(&self) -> &SummaryText {
        &self.text.0
    }

    /// The number of the version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The consents to this version whose digest is that of these very words.
    pub fn valid_consents(&self) -> Vec<&Consent> {
        let digest = self.digest();
        let valid =
            |given: &&Given| given.consent.version == self.version && given.digest == digest;
        self.consents
            .iter()
            .filter(valid)
            .map(|given| &given.consent)
            .collect()
    }

    /// What the page says of its sources, as agreed.
    pub(crate) fn agreed_sources(&self) -> &[AgreedSource] {
        &self.sources
    }

    /// Whose consent to this version is missing, in a space of this kind.
    pub fn consent_needed(&self, kind: SpaceKind) -> Vec<Party> {
        let given: Vec<_> = self
            .valid_consents()
            .into_iter()
            .map(|consent| consent.by)
            .collect();
        parties(kind)
            .iter()
            .copied()
            .filter(|party| !given.contains(party))
            .collect()
    }

    /// Whether someone has agreed to this version or to an earlier one.
    pub(crate) fn has_ever_agreed(&self, party: Party) -> bool {
        self.consents.iter().any(|given| given.consent.by == party)
    }

    /// SHA-256, in hexadecimal, of `confidant/summary/1`, LF, and the stored JSON of the words and
    /// of what the page says of its sources; audience, purpose, period and expiry belong to them.
    fn digest(&self) -> String {
        let sources = self
            .sources
            .iter()
            .cloned()
            .map(stored::SourceV1::from)
            .collect::<Vec<_>>();
        let words = (stored::TextV1::from(self.text.0.clone()), sources);
        let words =
            serde_json::to_vec(&words).expect("words have string keys only, so they are JSON");
        let digest = Sha256::new()
            .chain_update(b"confidant/summary/1\n")
            .chain_update(words);
        digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn state(&self) -> SummaryState {
        if self.exported == Some(self.version) {
            SummaryState::Exported
        } else if self.valid_consents().is_empty() {
            SummaryState::Draft
        } else {
            SummaryState::Agreed
        }
    }
}

impl RecordKind for Summary {
    type Stored = stored::SummaryV1;

    const KIND: KindNumber = KindNumber(120);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = true;

    fn check(&self, label: Label) -> mentoring::Result<()> {
        // The words of a summary leave by consent, never by being evidence for another.
        if label == Label::Private {
            Ok(())
        } else {
            Err(mentoring::Error::LabelNotAllowed)
        }
    }

    fn begins_anew(&self, before: &Self) -> bool {
        // What somebody agreed to is kept, however soon it is changed.
        self.version != before.version
    }

    fn outline(&self) -> Outline {
        Outline {
            title: self.text.0.title.clone(),
            excerpt: self.text.0.purpose.clone(),
            due: self.text.0.expires,
            ..Outline::default()
        }
    }

    fn vouches_for(&self, space: SpaceKind) -> Vec<RecordId> {
        if parties(space).is_empty() || !self.consent_needed(space).is_empty() {
            return Vec::new();
        }
        // What was laid ready and stands behind no sentence is not in the agreed words.
        let named: BTreeSet<_> = named(&self.text.0).collect();
        let agreed = self.sources.iter().map(|source| source.id);
        agreed.filter(|id| named.contains(id)).collect()
    }

    fn words(&self) -> String {
        let sentences = self.text.0.paragraphs.iter().flat_map(|p| &p.sentences);
        sentences
            .map(|sentence| sentence.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl<'m> Sharing<'m> {
    /// What a space offers as evidence for a period, and what stays with its owner.
    pub fn evidence(&self, space: SpaceId, from: NaiveDate, to: NaiveDate) -> Result<EvidenceList> {
        let offer = self.mentoring.evidence_between(space, from, to)?;
        let usable = offer.may_be_used.iter();
        let usable = usable.map(|evidence| evidence.line().clone()).collect();
        // Only kinds that lists show are evidence, so each has its line.
        let usable = self.mentoring.record_lines(usable);
        let may_be_used = usable
            .into_iter()
            .zip(&offer.may_be_used)
            .map(|(line, evidence)| EvidenceLine {
                line,
                words: evidence.words().to_owned(),
            })
            .collect();
        let mut stays = self.mentoring.record_lines(offer.stays);
        for line in &mut stays {
            // A title tells what is passed over; no more of it comes near a text that leaves.
            line.excerpt.clear();
        }
        Ok(EvidenceList {
            may_be_used,
            stays,
            unreadable: offer.unreadable,
        })
    }

    /// The summaries of a space, or of all open ones, the last saved first; or those in its bin.
    pub fn list_summaries(&self, space: Option<SpaceId>, binned: bool) -> Result<SummaryList> {
        let lines = self.mentoring.lines(space, |line| {
            line.kind == Summary::KIND && line.is_kept() != binned
        })?;
        let Readable { read, unreadable } = self.mentoring.records::<Summary>(&lines)?;
        let mut lines = read
            .iter()
            .map(|opened| self.line(opened))
            .collect::<Result<Vec<_>>>()?;
        lines.sort_by_key(|line| std::cmp::Reverse(line.edited));
        Ok(SummaryList { lines, unreadable })
    }

    /// Begins a summary.
    pub fn create_summary(&self, space: SpaceId, text: SummaryText) -> Result<SummaryView> {
        self.parties(space)?;
        let on = text.to;
        let text = SourcedText::resolve(self.mentoring, space, text, None)?;
        let body = Summary {
            text,
            version: 1,
            consents: Vec::new(),
            sources: Vec::new(),
            exported: None,
        };
        let label = Label::Private;
        let draft = Draft {
            space,
            label,
            on,
            parent: None,
            as_told_by: None,
            body,
        };
        self.view(self.mentoring.create(draft)?)
    }

    /// Opens a summary.
    pub fn open_summary(&self, id: RecordId) -> Result<SummaryView> {
        self.view(self.summary(id)?)
    }

    /// Saves words. Where somebody had agreed to the former ones, this begins a new version, to
    /// which nobody has agreed.
    pub fn save_summary(
        &self,
        id: RecordId,
        revision: u32,
        text: SummaryText,
    ) -> Result<SummaryView> {
        let before = self.summary(id)?;
        let space = before.meta.space;
        let text = SourcedText::resolve(self.mentoring, space, text, Some(&before.body.text))?;
        let mut body = before.body.clone();
        if body.text != text {
            let settled = body
                .consents
                .iter()
                .any(|g| g.consent.version == body.version)
                || body.exported == Some(body.version);
            body.version += u32::from(settled);
            body.sources = Vec::new();
            body.text = text;
        }
        self.put(&before, revision, body)
    }

    /// Records a yes to the words as they stand in `revision`.
    pub fn consent_summary(
        &self,
        id: RecordId,
        revision: u32,
        by: Party,
        name: &str,
    ) -> Result<SummaryView> {
        let before = self.summary(id)?;
        let mut body = before.body.clone();
        if is_empty(body.text()) {
            return Err(Error::Empty);
        }
        if !self.flags(before.meta.space, &body)?.is_empty() {
            return Err(Error::NotShareable);
        }
        let name = name.trim();
        if name.is_empty() {
            return Err(mentoring::Error::Missing {
                field: mentoring::Field::Name,
            }
            .into());
        }
        check_line(mentoring::Field::Name, name)?;
        body.sources = self.sources_now(&body);
        let needed = body.consent_needed(self.kind(before.meta.space)?);
        if !needed.contains(&by) {
            return self.view(before);
        }
        let how = match by {
            Party::Me => ConsentHow::OwnYes,
            Party::Them => ConsentHow::AttestedInPerson,
        };
        let at = self.mentoring.clock().now();
        let consent = Consent {
            by,
            name: name.to_owned(),
            at,
            how,
            version: body.version,
        };
        let digest = body.digest();
        body.consents.push(Given { consent, digest });
        self.put(&before, revision, body)
    }

    /// Puts a summary into the bin. What has left cannot be called back.
    pub fn delete_summary(&self, id: RecordId) -> Result<()> {
        self.summary(id)?;
        Ok(self.mentoring.bin(id)?)
    }

    /// Takes a summary out of the bin, with its versions and consents.
    pub fn restore_summary(&self, id: RecordId) -> Result<SummaryView> {
        self.binned(id)?;
        self.mentoring.unbin(id)?;
        self.open_summary(id)
    }

    /// Erases a summary from the bin, for good. The log of what has left stays.
    pub fn erase_summary(&self, id: RecordId) -> Result<()> {
        self.binned(id)?;
        Ok(self.mentoring.erase(id)?)
    }

    /// The summary as something that may leave; see [`AgreedSummary`].
    pub fn agreed(&self, id: RecordId) -> Result<AgreedSummary> {
        let opened = self.summary(id)?;
        let space = self.mentoring.space(opened.meta.space)?;
        let flags = self.flags(opened.meta.space, &opened.body)?;
        AgreedSummary::verify(opened, &space, &flags, self.mentoring.clock().today())
    }

    /// The summary as its page would look now, in HTML and marked as a draft; it is only shown.
    pub fn preview(&self, id: RecordId, words: &Words) -> Result<String> {
        let Opened { body, .. } = self.summary(id)?;
        let consents: Vec<_> = body.valid_consents().into_iter().cloned().collect();
        let sources = match consents.is_empty() {
            true => self.sources_now(&body),
            false => body.sources.clone(),
        };
        let page = Page {
            text: body.text(),
            version: body.version,
            consents: &consents,
            sources: &sources,
            mark: Some("summary-preview"),
        };
        Ok(documents::html(&page.document(words)))
    }

    pub(crate) fn mark_exported(&self, id: RecordId, version: u32) -> Result<()> {
        const TRIES: usize = 8;
        let mut last = Ok(());
        for _ in 0..TRIES {
            let before = self.summary(id)?;
            let mut body = before.body.clone();
            body.exported = Some(version);
            let revision = before.meta.revision;
            last = self.put(&before, revision, body).map(drop);
            // A change made meanwhile does not undo that this version has left.
            if !matches!(
                last,
                Err(Error::Mentoring(mentoring::Error::ChangedElsewhere))
            ) {
                break;
            }
        }
        last
    }

    fn put(&self, before: &Opened<Summary>, revision: u32, body: Summary) -> Result<SummaryView> {
        let change = Change {
            id: before.meta.id,
            revision,
            label: Label::Private,
            on: body.text.0.to,
            as_told_by: None,
            keep_earlier: false,
            body,
        };
        self.view(self.mentoring.save(change)?)
    }

    fn view(&self, opened: Opened<Summary>) -> Result<SummaryView> {
        let kind = self.kind(opened.meta.space)?;
        let body = &opened.body;
        let valid: Vec<_> = body.valid_consents().into_iter().cloned().collect();
        let all = body.consents.iter().map(|given| &given.consent);
        let earlier = all
            .filter(|consent| !valid.contains(consent))
            .cloned()
            .collect();
        Ok(SummaryView {
            line: self.line(&opened)?,
            revision: opened.meta.revision,
            text: body.text.0.clone(),
            consent_needed: body.consent_needed(kind),
            flags: self.flags(opened.meta.space, body)?,
            consents: valid,
            earlier,
        })
    }

    fn line(&self, opened: &Opened<Summary>) -> Result<SummaryLine> {
        let text = opened.body.text();
        let needed = opened.body.consent_needed(self.kind(opened.meta.space)?);
        let state = match opened.body.state() {
            SummaryState::Agreed if !needed.is_empty() => SummaryState::Draft,
            state => state,
        };
        Ok(SummaryLine {
            id: opened.meta.id,
            space: opened.meta.space,
            title: text.title.clone(),
            purpose: text.purpose.clone(),
            from: text.from,
            to: text.to,
            state,
            version: opened.body.version,
            edited: opened.meta.edited,
            binned: opened.meta.binned,
        })
    }

    fn flags(&self, space: SpaceId, body: &Summary) -> Result<Vec<SourceFlag>> {
        let mut flags = Vec::new();
        for source in body.text.sources() {
            let reason = match evidence(self.mentoring, space, source) {
                Ok(_) => continue,
                Err(Error::NotShareable) => FlagReason::NotShareable,
                Err(Error::Mentoring(mentoring::Error::NotFound)) => FlagReason::Deleted,
                Err(Error::Mentoring(error)) if error.is_unreadable() => FlagReason::Unreadable,
                Err(other) => return Err(other),
            };
            flags.push(SourceFlag { source, reason });
        }
        Ok(flags)
    }

    /// A summary that is not in the bin.
    fn summary(&self, id: RecordId) -> Result<Opened<Summary>> {
        let opened = self.mentoring.record::<Summary>(id)?;
        match opened.meta.binned {
            None => Ok(opened),
            Some(_) => Err(mentoring::Error::NotFound.into()),
        }
    }

    /// Refuses what is no summary in the bin.
    fn binned(&self, id: RecordId) -> Result<()> {
        let line = self.mentoring.line(id)?;
        if line.kind == Summary::KIND && !line.is_kept() {
            Ok(())
        } else {
            Err(mentoring::Error::NotFound.into())
        }
    }

    /// What a page would say now of the sources that are still there and still Shareable.
    fn sources_now(&self, body: &Summary) -> Vec<AgreedSource> {
        let lines = body.text.sources().into_iter().filter_map(|id| {
            let line = self.mentoring.line(id).ok()?;
            let shown = line.label == Label::Shareable && line.is_kept();
            shown.then_some(AgreedSource {
                id,
                title: line.title,
                on: line.on,
            })
        });
        lines.collect()
    }

    fn kind(&self, space: SpaceId) -> Result<SpaceKind> {
        Ok(self.mentoring.space(space)?.card.kind)
    }

    fn parties(&self, space: SpaceId) -> Result<&'static [Party]> {
        let parties = parties(self.kind(space)?);
        if parties.is_empty() {
            Err(Error::NotForGroups)
        } else {
            Ok(parties)
        }
    }
}

/// Who must agree; nobody can for a group.
pub(crate) fn parties(kind: SpaceKind) -> &'static [Party] {
    match kind {
        SpaceKind::Journal => &[Party::Me],
        SpaceKind::Relationship => &[Party::Me, Party::Them],
        SpaceKind::Circle => &[],
    }
}

/// Whether there are no words to agree to.
pub(crate) fn is_empty(text: &SummaryText) -> bool {
    let mut words = text
        .paragraphs
        .iter()
        .filter(|paragraph| !paragraph.heading);
    !words.any(|p| {
        p.sentences
            .iter()
            .any(|sentence| !sentence.text.trim().is_empty())
    })
}

fn evidence(mentoring: &Mentoring, space: SpaceId, id: RecordId) -> Result<Evidence> {
    mentoring.evidence(space, id).map_err(|error| match error {
        mentoring::Error::NotShareable => Error::NotShareable,
        other => Error::Mentoring(other),
    })
}

/// Every record that was chosen for the words or that a sentence names.
fn sources(text: &SummaryText) -> BTreeSet<RecordId> {
    text.evidence.iter().copied().chain(named(text)).collect()
}

/// The records that sentences name.
fn named(text: &SummaryText) -> impl Iterator<Item = RecordId> {
    let sentences = text
        .paragraphs
        .iter()
        .flat_map(|paragraph| &paragraph.sentences);
    sentences.flat_map(|sentence| sentence.sources.iter().copied())
}

fn check_lengths(text: &SummaryText) -> Result<()> {
    use mentoring::Field;
    check_line(Field::Title, &text.title)?;
    check_line(Field::Other, &text.purpose)?;
    check_line(Field::Other, &text.audience)?;
    let sentences = text
        .paragraphs
        .iter()
        .flat_map(|paragraph| &paragraph.sentences);
    let length: usize = sentences
        .map(|sentence| sentence.text.chars().count())
        .sum();
    if length > TEXT_LIMIT {
        return Err(mentoring::Error::TooLong {
            field: Field::Text,
            limit: TEXT_LIMIT,
        }
        .into());
    }
    if text.from > text.to {
        return Err(mentoring::Error::DateOutOfRange.into());
    }
    Ok(())
}

pub(crate) fn check_line(field: mentoring::Field, line: &str) -> Result<()> {
    if line.chars().count() > LINE_LIMIT {
        return Err(mentoring::Error::TooLong {
            field,
            limit: LINE_LIMIT,
        }
        .into());
    }
    Ok(())
}
