//! Summaries as the vault keeps them. Do not change a version: add one.

use chrono::{DateTime, NaiveDate, Utc};
use mentoring::RecordId;
use serde::{Deserialize, Serialize};

use super::{
    AgreedSource, Given, SourcedText, Summary,
    view::{Consent, ConsentHow, Paragraph, Party, Sentence, SummaryText},
};

#[derive(Serialize, Deserialize)]
pub struct SummaryV1 {
    text: TextV1,
    version: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    consents: Vec<ConsentV1>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sources: Vec<SourceV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exported: Option<u32>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TextV1 {
    title: String,
    purpose: String,
    audience: String,
    from: NaiveDate,
    to: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<NaiveDate>,
    paragraphs: Vec<ParagraphV1>,
    evidence: Vec<RecordId>,
}

#[derive(Serialize, Deserialize)]
struct ParagraphV1 {
    heading: bool,
    sentences: Vec<SentenceV1>,
}

#[derive(Serialize, Deserialize)]
struct SentenceV1 {
    text: String,
    sources: Vec<RecordId>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SourceV1 {
    id: RecordId,
    title: String,
    on: NaiveDate,
}

#[derive(Serialize, Deserialize)]
struct ConsentV1 {
    by: PartyV1,
    name: String,
    at: DateTime<Utc>,
    how: HowV1,
    version: u32,
    /// SHA-256 of the words agreed to, in hexadecimal; see `Summary::digest`.
    digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum PartyV1 {
    Me,
    Them,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum HowV1 {
    OwnYes,
    AttestedInPerson,
}

impl From<SummaryText> for TextV1 {
    fn from(text: SummaryText) -> Self {
        let SummaryText {
            title,
            purpose,
            audience,
            from,
            to,
            expires,
            paragraphs,
            evidence,
        } = text;
        let paragraphs = paragraphs
            .into_iter()
            .map(|Paragraph { heading, sentences }| ParagraphV1 {
                heading,
                sentences: sentences
                    .into_iter()
                    .map(|Sentence { text, sources }| SentenceV1 { text, sources })
                    .collect(),
            })
            .collect();
        Self {
            title,
            purpose,
            audience,
            from,
            to,
            expires,
            paragraphs,
            evidence,
        }
    }
}

impl From<TextV1> for SummaryText {
    fn from(text: TextV1) -> Self {
        let TextV1 {
            title,
            purpose,
            audience,
            from,
            to,
            expires,
            paragraphs,
            evidence,
        } = text;
        let paragraphs = paragraphs
            .into_iter()
            .map(|ParagraphV1 { heading, sentences }| Paragraph {
                heading,
                sentences: sentences
                    .into_iter()
                    .map(|SentenceV1 { text, sources }| Sentence { text, sources })
                    .collect(),
            })
            .collect();
        Self {
            title,
            purpose,
            audience,
            from,
            to,
            expires,
            paragraphs,
            evidence,
        }
    }
}

impl From<Summary> for SummaryV1 {
    fn from(summary: Summary) -> Self {
        let consents = summary.consents.into_iter().map(ConsentV1::from).collect();
        Self {
            text: summary.text.0.into(),
            version: summary.version,
            consents,
            sources: summary.sources.into_iter().map(SourceV1::from).collect(),
            exported: summary.exported,
        }
    }
}

impl From<SummaryV1> for Summary {
    fn from(stored: SummaryV1) -> Self {
        Self {
            // What is in the vault went through `SourcedText::resolve` when it was saved.
            text: SourcedText(stored.text.into()),
            version: stored.version,
            consents: stored.consents.into_iter().map(Given::from).collect(),
            sources: stored.sources.into_iter().map(AgreedSource::from).collect(),
            exported: stored.exported,
        }
    }
}

impl From<AgreedSource> for SourceV1 {
    fn from(AgreedSource { id, title, on }: AgreedSource) -> Self {
        Self { id, title, on }
    }
}

impl From<SourceV1> for AgreedSource {
    fn from(SourceV1 { id, title, on }: SourceV1) -> Self {
        Self { id, title, on }
    }
}

impl From<Given> for ConsentV1 {
    fn from(Given { consent, digest }: Given) -> Self {
        Self {
            by: match consent.by {
                Party::Me => PartyV1::Me,
                Party::Them => PartyV1::Them,
            },
            name: consent.name,
            at: consent.at,
            how: match consent.how {
                ConsentHow::OwnYes => HowV1::OwnYes,
                ConsentHow::AttestedInPerson => HowV1::AttestedInPerson,
            },
            version: consent.version,
            digest,
        }
    }
}

impl From<ConsentV1> for Given {
    fn from(stored: ConsentV1) -> Self {
        let consent = Consent {
            by: match stored.by {
                PartyV1::Me => Party::Me,
                PartyV1::Them => Party::Them,
            },
            name: stored.name,
            at: stored.at,
            how: match stored.how {
                HowV1::OwnYes => ConsentHow::OwnYes,
                HowV1::AttestedInPerson => ConsentHow::AttestedInPerson,
            },
            version: stored.version,
        };
        Self {
            consent,
            digest: stored.digest,
        }
    }
}

#[cfg(test)]
mod tests {
    use mentoring::{RecordKind, spaces::SpaceKind};

    use super::*;

    fn summary() -> Summary {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
        let consent = Consent {
            by: Party::Them,
            name: "Amara Nwosu".to_owned(),
            at: DateTime::UNIX_EPOCH,
            how: ConsentHow::AttestedInPerson,
            version: 2,
        };
        let source = RecordId::from_bytes([7; 16]);
        Summary {
            text: SourcedText(SummaryText {
                title: "Dr Amara Nwosu".to_owned(),
                purpose: "Annual review".to_owned(),
                audience: "the head".to_owned(),
                from: day(1, 1),
                to: day(6, 30),
                expires: Some(day(12, 31)),
                paragraphs: vec![Paragraph {
                    heading: false,
                    sentences: vec![Sentence {
                        text: "She led the audit.".to_owned(),
                        sources: vec![source],
                    }],
                }],
                evidence: vec![source],
            }),
            version: 2,
            consents: vec![Given {
                consent,
                digest: "00ff".to_owned(),
            }],
            sources: vec![AgreedSource {
                id: source,
                title: "Led the audit".to_owned(),
                on: day(3, 1),
            }],
            exported: Some(1),
        }
    }

    #[test]
    fn summaries_are_frozen() {
        let stored = serde_json::to_value(SummaryV1::from(summary())).expect("it is JSON");
        insta::assert_json_snapshot!("summary_v1", stored);
        let back: SummaryV1 = serde_json::from_value(stored).expect("it reads back");
        assert_eq!(Summary::from(back), summary());
    }

    #[test]
    fn a_void_consent_vouches_for_nothing_and_in_a_circle_nothing_does() {
        let mut summary = summary();
        assert!(summary.vouches_for(SpaceKind::Circle).is_empty());
        summary.consents[0].consent.by = Party::Me;
        assert!(summary.vouches_for(SpaceKind::Journal).is_empty());
        summary.consents[0].digest = summary.digest();
        assert_eq!(
            summary.vouches_for(SpaceKind::Journal),
            [RecordId::from_bytes([7; 16])]
        );
        assert!(summary.vouches_for(SpaceKind::Relationship).is_empty());
    }

    #[test]
    fn the_digest_of_words_is_frozen() {
        // Consents in vaults rest on it: a change of the stored words' form would void them all.
        insta::assert_snapshot!("summary_digest_v1", summary().digest());
    }
}
