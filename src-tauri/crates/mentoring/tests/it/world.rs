//! A vault, a clock that a test turns, and short ways to make records.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use mentoring::{
    Change, Clock, Draft, Label, Mentoring, Meta, Opened, Owner, RecordId, RecordKind, SpaceId,
    commitments::{Commitment, CommitmentState},
    notes::{Note, NotePurpose},
    spaces::{Cloth, Role, SpaceDraft, SpaceKind},
};
use tempfile::TempDir;
use vault::{Credential, Passphrase, Places, Quiet, Vault};

pub const PASSPHRASE: &str = "seven quiet rivers";

/// The kind of a note in the vault.
const NOTE: vault::Kind = vault::Kind(100);

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

/// A vault and its services.
pub struct World {
    pub mentoring: Mentoring,
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
        let noon = Utc
            .with_ymd_and_hms(2026, 6, 11, 12, 0, 0)
            .single()
            .expect("a moment");
        let clock = Turned(Arc::new(Mutex::new(noon)));
        let mentoring = Mentoring::over(vault, Arc::new(clock.clone()), &[]).expect("services");
        Self {
            mentoring,
            clock,
            places,
            _folder: folder,
        }
    }

    /// Locks and opens the vault, as a restart does.
    pub fn reopen(self) -> Self {
        self.reopen_after(|_| ())
    }

    /// As `reopen`, with a look at the folder of the locked vault before.
    pub fn reopen_after(self, look: impl FnOnce(&std::path::Path)) -> Self {
        let Self {
            mentoring,
            clock,
            places,
            _folder,
        } = self;
        mentoring.into_vault().lock().expect("locked");
        look(&places.vault);
        let passphrase = Passphrase::parse(PASSPHRASE).expect("a good passphrase");
        let credential = Credential::Passphrase(&passphrase);
        let vault = Vault::open(&places, credential, &Quiet).expect("opened");
        let mentoring = Mentoring::over(vault, Arc::new(clock.clone()), &[]).expect("services");
        Self {
            mentoring,
            clock,
            places,
            _folder,
        }
    }

    /// The vault's folder.
    pub fn folder(&self) -> &std::path::Path {
        &self.places.vault
    }

    /// The day that the clock shows.
    pub fn clock_today(&self) -> NaiveDate {
        self.clock.today()
    }

    pub fn relationship(&self, name: &str) -> SpaceId {
        self.mentoring
            .create_space(relationship(name))
            .expect("made")
            .id
    }

    pub fn note(&self, space: SpaceId, label: Label, text: &str) -> Opened<Note> {
        self.make(space, label, note(text))
    }

    pub fn make<K: RecordKind>(&self, space: SpaceId, label: Label, body: K) -> Opened<K> {
        self.mentoring
            .create(self.draft(space, label, body))
            .expect("made")
    }

    pub fn draft<K>(&self, space: SpaceId, label: Label, body: K) -> Draft<K> {
        let on = self.clock.today();
        Draft {
            space,
            label,
            on,
            parent: None,
            as_told_by: None,
            body,
        }
    }

    pub fn rewrite(&self, opened: &Opened<Note>, text: &str) -> Opened<Note> {
        let mut change = change(opened);
        change.body.text = text.to_owned();
        self.mentoring.save(change).expect("saved")
    }

    /// Puts in a record's place one of a schema that no program knows yet.
    pub fn spoil(&self, meta: &Meta) {
        let mut batch = vault::Batch::new();
        let (compartment, record) = place(meta);
        batch.put(compartment, NOTE, record, vault::Schema(99), "{}");
        self.mentoring.vault().save(batch).expect("saved");
    }

    /// Takes a record's row away and leaves its line.
    pub fn lose(&self, meta: &Meta) {
        let mut batch = vault::Batch::new();
        let (compartment, record) = place(meta);
        batch.delete(compartment, NOTE, record);
        self.mentoring.vault().save(batch).expect("saved");
    }

    pub fn text(&self, id: RecordId) -> String {
        self.mentoring.record::<Note>(id).expect("there").body.text
    }
}

fn place(meta: &Meta) -> (vault::CompartmentId, vault::RecordId) {
    let compartment = vault::CompartmentId(meta.space.bytes());
    (compartment, vault::RecordId(meta.id.bytes()))
}

pub fn relationship(name: &str) -> SpaceDraft {
    SpaceDraft {
        kind: SpaceKind::Relationship,
        role: Some(Role::Mentor),
        name: name.to_owned(),
        about: "Postdoctoral engineer".to_owned(),
        cloth: Cloth::Teal,
        since: NaiveDate::from_ymd_opt(2025, 9, 1),
        meet_every_weeks: Some(4),
    }
}

pub fn note(text: &str) -> Note {
    Note {
        purpose: NotePurpose::Note,
        title: String::new(),
        text: text.to_owned(),
        at: None,
        prompt: None,
        tags: Vec::new(),
    }
}

pub fn promise(text: &str, due: Option<NaiveDate>) -> Commitment {
    Commitment {
        text: text.to_owned(),
        owner: Owner::Me,
        due,
        state: CommitmentState::Open,
        settled_on: None,
        note: String::new(),
        follows: None,
        followed_by: None,
    }
}

/// A change that changes nothing yet.
pub fn change<K: Clone>(opened: &Opened<K>) -> Change<K> {
    let Opened { meta, body } = opened.clone();
    Change {
        id: meta.id,
        revision: meta.revision,
        label: meta.label,
        on: meta.on,
        as_told_by: meta.as_told_by,
        keep_earlier: false,
        body,
    }
}
