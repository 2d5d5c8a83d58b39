//! Summaries as the window sees them.

use chrono::{DateTime, NaiveDate, Utc};
use mentoring::{RecordId, RecordLine, SpaceId};
use serde::{Deserialize, Serialize};

/// The words of a summary, and what they rest on, as they come from the window.
///
/// It proves nothing: the vault keeps it once each of its sources has been looked up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SummaryText {
    /// Its title.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Who will read it.
    pub audience: String,
    /// The first day it is about.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: NaiveDate,
    /// The last day it is about.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub to: NaiveDate,
    /// The last day on which it may be exported.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub expires: Option<NaiveDate>,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// The records chosen as evidence, in the order of their numbers.
    pub evidence: Vec<RecordId>,
}

/// A paragraph or a heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Paragraph {
    /// Whether it is a heading.
    pub heading: bool,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
}

/// A sentence, and the records it rests on; none means "in my own words".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Sentence {
    /// Its words.
    pub text: String,
    /// What it rests on.
    pub sources: Vec<RecordId>,
}

/// Where a summary stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum SummaryState {
    /// It is being written, or waits for consent.
    Draft,
    /// Everyone who must has agreed to this version.
    Agreed,
    /// This version has left.
    Exported,
}

/// A line of a list of summaries.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SummaryLine {
    /// The summary.
    pub id: RecordId,
    /// The space it is in.
    pub space: SpaceId,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// The first day it is about.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: NaiveDate,
    /// The last day it is about.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub to: NaiveDate,
    /// Where it stands.
    pub state: SummaryState,
    /// Counts the versions that someone agreed to.
    pub version: u32,
    /// When it was last saved.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub edited: DateTime<Utc>,
    /// When it was put into the bin.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub binned: Option<DateTime<Utc>>,
}

/// A list of summaries.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SummaryList {
    /// Those that could be read.
    pub lines: Vec<SummaryLine>,
    /// How many could not.
    pub unreadable: u32,
}

/// An opened summary.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SummaryView {
    /// What lists show of it.
    pub line: SummaryLine,
    /// Counts its saves; a change names the one it was made from.
    pub revision: u32,
    /// Its words.
    pub text: SummaryText,
    /// The consents to this very version.
    pub consents: Vec<Consent>,
    /// Whose consent is still missing.
    pub consent_needed: Vec<Party>,
    /// Sources that may no longer be used.
    pub flags: Vec<SourceFlag>,
    /// Consents to earlier versions; they count for nothing else.
    pub earlier: Vec<Consent>,
}

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Party {
    /// The owner of the vault.
    Me,
    /// The other person of the relationship.
    Them,
}

/// How a yes was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum ConsentHow {
    /// By the owner of the vault.
    OwnYes,
    /// By the other, who read it on this computer and typed a name. It is no signature.
    AttestedInPerson,
}

/// A yes to one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Consent {
    /// Who agreed.
    pub by: Party,
    /// The name given.
    pub name: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: DateTime<Utc>,
    /// How.
    pub how: ConsentHow,
    /// To which version.
    pub version: u32,
}

/// A source that may no longer be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct SourceFlag {
    /// The record.
    pub source: RecordId,
    /// Why not.
    pub reason: FlagReason,
}

/// Why a source may no longer be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum FlagReason {
    /// Its label is not Shareable any more.
    NotShareable,
    /// It is in the bin, or erased.
    Deleted,
    /// It is damaged, or in a form that this program does not know.
    Unreadable,
}

/// A record that may be used, with its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct EvidenceLine {
    /// What lists show of it.
    pub line: RecordLine,
    /// Its words.
    pub words: String,
}

/// What a notebook offers for a period, and what stays with its owner.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct EvidenceList {
    /// Shareable records.
    pub may_be_used: Vec<EvidenceLine>,
    /// The others, without a word of their text; they cannot be chosen.
    pub stays: Vec<RecordLine>,
    /// How many Shareable records could not be read.
    pub unreadable: u32,
}
