//! Spaces as the vault keeps them: one card in each compartment. Do not change a version: add one.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use vault::CompartmentId;

use super::{
    SpaceCard,
    view::{Cloth, Role, SpaceDraft, SpaceKind},
};
use crate::ids::SpaceId;

/// The version of the stored card.
pub(crate) const SPACE_SCHEMA: u16 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredSpace {
    kind: StoredKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<StoredRole>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    about: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cloth: Option<StoredCloth>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    meet_every_weeks: Option<u8>,
    created: DateTime<Utc>,
    /// In a notebook: the compartment of what is sealed in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<SpaceId>,
    /// In a sealed part: the notebook it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<SpaceId>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredKind {
    /// The user's own settings and profile; no notebook.
    Home,
    /// What is sealed in a notebook.
    Sealed,
    Journal,
    Relationship,
    Circle,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredRole {
    Mentor,
    Mentee,
    Peer,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredCloth {
    Moss,
    Teal,
    Slate,
    Heather,
    Brick,
    Ochre,
    Umber,
    Rose,
}

impl StoredSpace {
    /// Reads a stored card.
    pub(crate) fn parse(schema: u16, bytes: &[u8]) -> Option<SpaceCard> {
        if schema != SPACE_SCHEMA {
            return None;
        }
        let stored: Self = serde_json::from_slice(bytes).ok()?;
        let created = stored.created;
        let kind = match stored.kind {
            StoredKind::Home => return Some(SpaceCard::Home),
            StoredKind::Sealed => return stored.of.map(|of| SpaceCard::Sealed { of }),
            StoredKind::Journal => SpaceKind::Journal,
            StoredKind::Relationship => SpaceKind::Relationship,
            StoredKind::Circle => SpaceKind::Circle,
        };
        let role = stored.role.map(|role| match role {
            StoredRole::Mentor => Role::Mentor,
            StoredRole::Mentee => Role::Mentee,
            StoredRole::Peer => Role::Peer,
        });
        let cloth = match stored.cloth {
            Some(StoredCloth::Moss) | None => Cloth::Moss,
            Some(StoredCloth::Teal) => Cloth::Teal,
            Some(StoredCloth::Slate) => Cloth::Slate,
            Some(StoredCloth::Heather) => Cloth::Heather,
            Some(StoredCloth::Brick) => Cloth::Brick,
            Some(StoredCloth::Ochre) => Cloth::Ochre,
            Some(StoredCloth::Umber) => Cloth::Umber,
            Some(StoredCloth::Rose) => Cloth::Rose,
        };
        let Self {
            name,
            about,
            since,
            meet_every_weeks,
            sealed,
            ..
        } = stored;
        let draft = SpaceDraft {
            kind,
            role,
            name,
            about,
            cloth,
            since,
            meet_every_weeks,
        };
        Some(SpaceCard::Notebook {
            draft,
            created,
            sealed: sealed.map(SpaceId::compartment),
        })
    }

    pub(crate) fn home(created: DateTime<Utc>) -> Self {
        Self::bare(StoredKind::Home, created)
    }

    /// The card of the sealed part of a notebook.
    pub(crate) fn sealed_part(of: SpaceId, created: DateTime<Utc>) -> Self {
        Self {
            of: Some(of),
            ..Self::bare(StoredKind::Sealed, created)
        }
    }

    fn bare(kind: StoredKind, created: DateTime<Utc>) -> Self {
        Self {
            kind,
            role: None,
            name: String::new(),
            about: String::new(),
            cloth: None,
            since: None,
            meet_every_weeks: None,
            created,
            sealed: None,
            of: None,
        }
    }

    pub(crate) fn notebook(
        draft: &SpaceDraft,
        created: DateTime<Utc>,
        sealed: Option<CompartmentId>,
    ) -> Self {
        Self {
            kind: match draft.kind {
                SpaceKind::Journal => StoredKind::Journal,
                SpaceKind::Relationship => StoredKind::Relationship,
                SpaceKind::Circle => StoredKind::Circle,
            },
            role: draft.role.map(|role| match role {
                Role::Mentor => StoredRole::Mentor,
                Role::Mentee => StoredRole::Mentee,
                Role::Peer => StoredRole::Peer,
            }),
            name: draft.name.clone(),
            about: draft.about.clone(),
            cloth: Some(match draft.cloth {
                Cloth::Moss => StoredCloth::Moss,
                Cloth::Teal => StoredCloth::Teal,
                Cloth::Slate => StoredCloth::Slate,
                Cloth::Heather => StoredCloth::Heather,
                Cloth::Brick => StoredCloth::Brick,
                Cloth::Ochre => StoredCloth::Ochre,
                Cloth::Umber => StoredCloth::Umber,
                Cloth::Rose => StoredCloth::Rose,
            }),
            since: draft.since,
            meet_every_weeks: draft.meet_every_weeks,
            created,
            sealed: sealed.map(SpaceId::from),
            of: None,
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a card has string keys only, so it is JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_frozen() {
        let draft = SpaceDraft {
            kind: SpaceKind::Relationship,
            role: Some(Role::Mentor),
            name: "Amara Nwosu".to_owned(),
            about: "Clinician".to_owned(),
            cloth: Cloth::Teal,
            since: NaiveDate::from_ymd_opt(2025, 9, 1),
            meet_every_weeks: Some(5),
        };
        let created = DateTime::UNIX_EPOCH;
        let bytes = StoredSpace::notebook(&draft, created, None).to_bytes();
        let stored: serde_json::Value = serde_json::from_slice(&bytes).expect("it is JSON");
        insta::assert_json_snapshot!("card_v1", stored);
        let card = StoredSpace::parse(SPACE_SCHEMA, &bytes);
        assert!(matches!(
            card,
            Some(SpaceCard::Notebook { draft: back, created: at, sealed: None })
                if back == draft && at == created
        ));
        let part = CompartmentId([7; 16]);
        let of = SpaceId::from_bytes([8; 16]);
        let with_part = StoredSpace::notebook(&draft, created, Some(part)).to_bytes();
        let stored: serde_json::Value = serde_json::from_slice(&with_part).expect("it is JSON");
        insta::assert_json_snapshot!("card_v1_with_sealed_part", stored);
        let card = StoredSpace::parse(SPACE_SCHEMA, &with_part);
        assert_eq!(card.and_then(|card| card.sealed_part()), Some(part));
        let sealed = StoredSpace::sealed_part(of, created).to_bytes();
        let stored: serde_json::Value = serde_json::from_slice(&sealed).expect("it is JSON");
        insta::assert_json_snapshot!("card_v1_of_a_sealed_part", stored);
        assert!(matches!(
            StoredSpace::parse(SPACE_SCHEMA, &sealed),
            Some(SpaceCard::Sealed { of: back }) if back == of
        ));
        let home = StoredSpace::home(created).to_bytes();
        assert!(matches!(
            StoredSpace::parse(SPACE_SCHEMA, &home),
            Some(SpaceCard::Home)
        ));
        assert!(StoredSpace::parse(SPACE_SCHEMA + 1, &bytes).is_none());
    }
}
