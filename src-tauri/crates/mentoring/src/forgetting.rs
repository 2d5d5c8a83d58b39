//! Forgetting a notebook: its keys are destroyed, and everything in it with them.

use chrono::{DateTime, NaiveDate, Utc};
use vault::{BackupPlace, ForgetReport, KnownBackup, Moment, Watch};

use crate::{
    error::{Error, Result},
    ids::SpaceId,
    second::ShutSpace,
    service::Mentoring,
    spaces::{Space, SpaceKind},
};

/// A notebook that is no more. It holds no word of it but two letters, which the receipt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// The letters of its cover.
    pub monogram: String,
    /// What it was for, unless it was shut.
    pub kind: Option<SpaceKind>,
    /// The day it began, unless it was shut.
    pub since: Option<NaiveDate>,
    /// When it was forgotten.
    pub at: DateTime<Utc>,
    /// Whether something was sealed in it, which went with it, unopened or not.
    pub sealed: bool,
    /// When each known backup that still holds it was made, the newest first; none if that cannot be told. One that is
    /// not where it was last counts, too: nobody knows that it is no more.
    pub held_by: Option<Vec<Moment>>,
    /// How many of those are not where they were last.
    pub not_where_last: usize,
    /// How many copies of the vault that the program left beside it may still hold it; none if that cannot be told.
    pub beside: Option<usize>,
    /// What was destroyed, and what was tried afterwards.
    pub report: ForgetReport,
}

impl Mentoring {
    /// Forgets a notebook and what is sealed in it, open or shut, both or neither: who has lost a second passphrase can
    /// do nothing else. Once begun it cannot be undone; what a crash cuts off, the next opening brings to its end.
    pub fn forget_space(&self, space: SpaceId, watch: &dyn Watch) -> Result<Forgotten> {
        let _changing = self.changing();
        let (known, sealed) = match self.space(space) {
            Ok(view) => (Known::of(view), self.sealed_part(space)?.is_some()),
            Err(Error::SpaceLocked) => {
                let shut = self.shut_space(space)?;
                (Known::of_shut(&shut), shut.sealed)
            }
            Err(error) => return Err(error),
        };
        // Nothing of it stays, whichever of several was sealed.
        let mut ids = self.sealed_parts(space);
        ids.push(space.compartment());
        let report = self.vault.forget_all(&ids, watch)?;
        self.open().remove(&space);
        let holding = self.vault.backups_holding(space.compartment()).ok();
        let gone = |(_, place): &&(_, BackupPlace)| *place == BackupPlace::Gone;
        let not_where_last = holding.iter().flatten().filter(gone).count();
        let made = |(backup, _): (KnownBackup, _)| backup.made;
        let held_by = holding.map(|all| all.into_iter().map(made).rev().collect());
        Ok(Forgotten {
            held_by,
            not_where_last,
            beside: self.vault.copies_beside().ok().map(|copies| copies.len()),
            monogram: known.monogram,
            kind: known.kind,
            since: known.since,
            at: self.clock.now(),
            sealed,
            report,
        })
    }
}

/// What the receipt may say of a notebook.
struct Known {
    monogram: String,
    kind: Option<SpaceKind>,
    since: Option<NaiveDate>,
}

impl Known {
    fn of(space: Space) -> Self {
        let began = space.created.date_naive();
        Self {
            monogram: space.monogram,
            kind: Some(space.card.kind),
            since: Some(space.card.since.unwrap_or(began)),
        }
    }

    fn of_shut(space: &ShutSpace) -> Self {
        Self {
            monogram: space.monogram.clone(),
            kind: None,
            since: None,
        }
    }
}
