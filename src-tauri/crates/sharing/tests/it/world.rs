//! A vault with a relationship, a journal and a circle.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use mentoring::{
    Clock, Draft, Label, Mentoring, RecordId, SpaceId,
    notes::{Note, NotePurpose},
    spaces::{Cloth, Role, SpaceDraft, SpaceKind},
};
use sharing::{Paragraph, Sentence, Sharing, SummaryText};
use tempfile::TempDir;
use vault::{Passphrase, Places, Quiet, Vault};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 6, 11, 12, 0, 0)
            .single()
            .expect("a moment")
    }

    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

pub struct World {
    pub mentoring: Mentoring,
    pub amara: SpaceId,
    pub journal: SpaceId,
    pub circle: SpaceId,
    _folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        let passphrase = Passphrase::parse("seven quiet rivers").expect("a good passphrase");
        let (vault, _) = Vault::create(&places, &passphrase, testkit::CHEAP, &Quiet).expect("made");
        let mentoring =
            Mentoring::over(vault, Arc::new(Noon), &sharing::kinds()).expect("services");
        let make = |kind, role, name: &str| {
            let draft = SpaceDraft {
                kind,
                role,
                name: name.to_owned(),
                about: String::new(),
                cloth: Cloth::Moss,
                since: None,
                meet_every_weeks: None,
            };
            mentoring.create_space(draft).expect("made").id
        };
        let amara = make(SpaceKind::Relationship, Some(Role::Mentor), "Amara Nwosu");
        let journal = make(SpaceKind::Journal, None, "My journal");
        let circle = make(SpaceKind::Circle, Some(Role::Peer), "Thursday circle");
        Self {
            mentoring,
            amara,
            journal,
            circle,
            _folder: folder,
        }
    }

    pub fn sharing(&self) -> Sharing<'_> {
        Sharing::over(&self.mentoring)
    }

    pub fn note(&self, space: SpaceId, label: Label, text: &str) -> RecordId {
        let body = Note {
            purpose: NotePurpose::Note,
            title: String::new(),
            text: text.to_owned(),
            at: None,
            prompt: None,
            tags: Vec::new(),
        };
        let on = self.mentoring.clock().today();
        let draft = Draft {
            space,
            label,
            on,
            parent: None,
            as_told_by: None,
            body,
        };
        self.mentoring.create(draft).expect("made").meta.id
    }

    pub fn rewrite(&self, id: RecordId, text: &str) {
        let opened = self.mentoring.record::<Note>(id).expect("there");
        let change = mentoring::Change {
            id,
            revision: opened.meta.revision,
            label: opened.meta.label,
            on: opened.meta.on,
            as_told_by: None,
            body: Note {
                text: text.to_owned(),
                ..opened.body
            },
        };
        self.mentoring.save(change).expect("saved");
    }

    pub fn relabel(&self, id: RecordId, label: Label) {
        let opened = self.mentoring.record::<Note>(id).expect("there");
        let change = mentoring::Change {
            id,
            revision: opened.meta.revision,
            label,
            on: opened.meta.on,
            as_told_by: None,
            body: opened.body,
        };
        self.mentoring.save(change).expect("saved");
    }
}

/// A summary of one sentence that rests on `sources`.
pub fn text(words: &str, sources: &[RecordId]) -> SummaryText {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
    SummaryText {
        title: "Dr Amara Nwosu".to_owned(),
        purpose: "Annual review 2026".to_owned(),
        audience: "the head of department".to_owned(),
        from: day(1, 1),
        to: day(6, 30),
        expires: Some(day(12, 31)),
        paragraphs: vec![
            Paragraph {
                heading: true,
                sentences: vec![Sentence {
                    text: "What changed".to_owned(),
                    sources: Vec::new(),
                }],
            },
            Paragraph {
                heading: false,
                sentences: vec![Sentence {
                    text: words.to_owned(),
                    sources: sources.to_vec(),
                }],
            },
        ],
        evidence: sources.to_vec(),
    }
}
