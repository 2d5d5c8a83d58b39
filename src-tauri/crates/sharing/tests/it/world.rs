//! A vault with a relationship, a journal and a circle.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use mentoring::{
    Clock, Draft, Label, Mentoring, RecordId, ShownLabel, SpaceId,
    notes::{Note, NotePurpose},
    spaces::{Cloth, Role, SpaceDraft, SpaceKind},
};
use sharing::{Paragraph, Sentence, Sharing, SummaryText};
use tempfile::TempDir;
use vault::{Credential, Passphrase, Places, Quiet, Vault};

/// Kinds in the vault.
pub const NOTE: vault::Kind = vault::Kind(100);
pub const SUMMARY: vault::Kind = vault::Kind(120);
pub const DISCLOSED: vault::Kind = vault::Kind(121);
const REVISION: vault::Kind = vault::Kind(4);

const PASSPHRASE: &str = "seven quiet rivers";

/// A clock that stands still until it is turned.
#[derive(Clone)]
pub struct Turned(Arc<Mutex<DateTime<Utc>>>);

impl Turned {
    pub fn forward(&self, by: Duration) {
        *self.0.lock().expect("one thread") += by;
    }
}

impl Clock for Turned {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("one thread")
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
    pub clock: Turned,
    places: Places,
    _folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let places = Places {
            vault: folder.path().join("vault"),
            device: folder.path().join("device"),
        };
        let passphrase = Passphrase::parse(PASSPHRASE).expect("a good passphrase");
        let (vault, _) = Vault::create(&places, &passphrase, testkit::CHEAP, &Quiet).expect("made");
        let noon = Utc.with_ymd_and_hms(2026, 6, 11, 12, 0, 0).single();
        let clock = Turned(Arc::new(Mutex::new(noon.expect("a moment"))));
        let mentoring = services(vault, &clock);
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
            clock,
            places,
            _folder: folder,
        }
    }

    /// Locks and opens the vault, as a restart does.
    pub fn reopen(self) -> Self {
        let Self {
            mentoring,
            amara,
            journal,
            circle,
            clock,
            places,
            _folder,
        } = self;
        mentoring.into_vault().lock().expect("locked");
        let passphrase = Passphrase::parse(PASSPHRASE).expect("a good passphrase");
        let credential = Credential::Passphrase(&passphrase);
        let vault = Vault::open(&places, credential, &Quiet).expect("opened");
        let mentoring = services(vault, &clock);
        Self {
            mentoring,
            amara,
            journal,
            circle,
            clock,
            places,
            _folder,
        }
    }

    pub fn sharing(&self) -> Sharing<'_> {
        Sharing::over(&self.mentoring)
    }

    pub fn note(&self, space: SpaceId, label: Label, text: &str) -> RecordId {
        self.titled_note(space, label, "", text)
    }

    pub fn titled_note(&self, space: SpaceId, label: Label, title: &str, text: &str) -> RecordId {
        let body = Note {
            purpose: NotePurpose::Note,
            title: title.to_owned(),
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
            keep_earlier: false,
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
            keep_earlier: false,
            body: opened.body,
        };
        self.mentoring.save(change).expect("saved");
    }

    /// The label of a record, as lists and the opened record show it.
    pub fn shown(&self, id: RecordId) -> ShownLabel {
        let line = self.mentoring.line(id).expect("there");
        let listed = self.mentoring.record_lines(vec![line]).remove(0).label;
        let opened = self.mentoring.open_record(id).expect("opened").line.label;
        assert_eq!(listed, opened);
        listed
    }

    /// Puts in a record's place one of a schema that no program knows yet.
    pub fn spoil(&self, space: SpaceId, kind: vault::Kind, id: RecordId) {
        let (compartment, record) = (space.bytes(), id.bytes());
        let mut batch = vault::Batch::new();
        batch.put(
            vault::CompartmentId(compartment),
            kind,
            vault::RecordId(record),
            vault::Schema(99),
            "{}",
        );
        self.mentoring.vault().save(batch).expect("saved");
    }

    /// The kept earlier states of records of a space, as they are stored.
    pub fn kept_states(&self, space: SpaceId) -> Vec<String> {
        let mut states = Vec::new();
        let vault = self.mentoring.vault();
        vault
            .visit(vault::CompartmentId(space.bytes()), &mut |record| {
                if record.kind == REVISION {
                    states.push(String::from_utf8_lossy(record.payload).into_owned());
                }
            })
            .expect("visited");
        states
    }
}

fn services(vault: Vault, clock: &Turned) -> Mentoring {
    Mentoring::over(vault, Arc::new(clock.clone()), &sharing::kinds()).expect("services")
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
