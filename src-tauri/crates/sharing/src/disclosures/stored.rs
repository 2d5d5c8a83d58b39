//! Log entries as the vault keeps them. Do not change a version: add one.

use chrono::{DateTime, Utc};
use mentoring::RecordId;
use serde::{Deserialize, Serialize};

use super::Disclosed;
use crate::{
    page::ExportFormat,
    summaries::{Consent, ConsentHow, Party},
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DisclosedV1 {
    summary: RecordId,
    title: String,
    purpose: String,
    version: u32,
    format: FormatV1,
    to_whom: String,
    consents: Vec<GivenV1>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum FormatV1 {
    Pdf,
    Markdown,
    Html,
}

#[derive(Serialize, Deserialize)]
struct GivenV1 {
    by: PartyV1,
    name: String,
    at: DateTime<Utc>,
    how: HowV1,
    version: u32,
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

impl From<Disclosed> for DisclosedV1 {
    fn from(entry: Disclosed) -> Self {
        let Disclosed {
            summary,
            title,
            purpose,
            version,
            format,
            to_whom,
            consents,
        } = entry;
        let format = match format {
            ExportFormat::Pdf => FormatV1::Pdf,
            ExportFormat::Markdown => FormatV1::Markdown,
            ExportFormat::Html => FormatV1::Html,
        };
        let consents = consents.into_iter().map(GivenV1::from).collect();
        Self {
            summary,
            title,
            purpose,
            version,
            format,
            to_whom,
            consents,
        }
    }
}

impl From<DisclosedV1> for Disclosed {
    fn from(stored: DisclosedV1) -> Self {
        let DisclosedV1 {
            summary,
            title,
            purpose,
            version,
            format,
            to_whom,
            consents,
        } = stored;
        let format = match format {
            FormatV1::Pdf => ExportFormat::Pdf,
            FormatV1::Markdown => ExportFormat::Markdown,
            FormatV1::Html => ExportFormat::Html,
        };
        let consents = consents.into_iter().map(Consent::from).collect();
        Self {
            summary,
            title,
            purpose,
            version,
            format,
            to_whom,
            consents,
        }
    }
}

impl From<Consent> for GivenV1 {
    fn from(
        Consent {
            by,
            name,
            at,
            how,
            version,
        }: Consent,
    ) -> Self {
        let by = match by {
            Party::Me => PartyV1::Me,
            Party::Them => PartyV1::Them,
        };
        let how = match how {
            ConsentHow::OwnYes => HowV1::OwnYes,
            ConsentHow::AttestedInPerson => HowV1::AttestedInPerson,
        };
        Self {
            by,
            name,
            at,
            how,
            version,
        }
    }
}

impl From<GivenV1> for Consent {
    fn from(
        GivenV1 {
            by,
            name,
            at,
            how,
            version,
        }: GivenV1,
    ) -> Self {
        let by = match by {
            PartyV1::Me => Party::Me,
            PartyV1::Them => Party::Them,
        };
        let how = match how {
            HowV1::OwnYes => ConsentHow::OwnYes,
            HowV1::AttestedInPerson => ConsentHow::AttestedInPerson,
        };
        Self {
            by,
            name,
            at,
            how,
            version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_entries_are_frozen() {
        let entry = Disclosed {
            summary: RecordId::from_bytes([7; 16]),
            title: "Dr Amara Nwosu".to_owned(),
            purpose: "Annual review".to_owned(),
            version: 2,
            format: ExportFormat::Pdf,
            to_whom: "Prof Okafor".to_owned(),
            consents: vec![Consent {
                by: Party::Me,
                name: "Helen Marsh".to_owned(),
                at: DateTime::UNIX_EPOCH,
                how: ConsentHow::OwnYes,
                version: 2,
            }],
        };
        let stored = serde_json::to_value(DisclosedV1::from(entry.clone())).expect("it is JSON");
        insta::assert_json_snapshot!("disclosed_v1", stored);
        let back: DisclosedV1 = serde_json::from_value(stored).expect("it reads back");
        assert_eq!(Disclosed::from(back), entry);
    }
}
