//! Mentoring: spaces and the records in them, over an unlocked vault.
//!
//! A *space* (a notebook, to its owner) is one compartment of the vault: a journal, a relationship
//! or a circle. A *record* is one thing in it — a note, a meeting, a goal — with one label, its
//! history and a place in the space's index. Each kind of record is one folder of this crate:
//! `view.rs` is what the window sees, `stored.rs` what the vault keeps (frozen by version), and
//! `mod.rs` the rules.
//!
//! The crate knows nothing of windows, files or pages. Everything goes through [`Mentoring`].

mod bin;
mod bringing_back;
mod clock;
mod error;
mod evidence;
mod forgetting;
mod history;
mod ids;
mod index;
mod kind;
mod label;
mod record;
mod registry;
mod rekey;
mod sealed;
mod second;
mod service;
mod shelf;
mod sweeping;
mod text;
mod today;

pub mod commitments;
pub mod feedback;
pub mod goals;
pub mod heard;
pub mod meetings;
pub mod notes;
pub mod people;
pub mod profile;
pub mod spaces;

pub use bringing_back::{HereNow, KeptRecord, KeptRecords};
pub use clock::{Clock, SystemClock};
pub use error::{Error, Field, Result};
pub use evidence::{Evidence, EvidenceOffer};
pub use forgetting::Forgotten;
pub use ids::{ItemId, RecordId, SpaceId};
pub use index::Line;
pub use kind::{KindNumber, Outline, Owner, RecordKind, Steps};
pub use label::{Label, ShownLabel};
pub use record::{Meta, Opened, RevisionLine};
pub use registry::{
    KindName, RecordBody, RecordChange, RecordDraft, RecordFilter, RecordLine, RecordPage,
    RecordView,
};
pub use rekey::check_apart;
pub use second::{Guarded, Second, ShutSpace};
pub use service::{Change, Draft, KindReader, Mentoring, Readable, YEARS};
pub use text::{LINE_LIMIT, TEXT_LIMIT, is_unseen, visible};
pub use today::{Reminder, Today};
