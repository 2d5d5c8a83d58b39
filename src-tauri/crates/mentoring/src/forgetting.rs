//! Forgetting a notebook: its keys are destroyed, and everything in it with them.

use chrono::{DateTime, NaiveDate, Utc};
use vault::{BackupPlace, ForgetReport, Moment, Watch};

use crate::{
    error::Result,
    ids::SpaceId,
    service::Mentoring,
    spaces::{SealedState, SpaceKind},
};

/// A notebook that is no more. It holds no word of it but two letters, which the receipt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// The letters of its cover.
    pub monogram: String,
    /// What it was for.
    pub kind: SpaceKind,
    /// The day it began.
    pub since: NaiveDate,
    /// When it was forgotten.
    pub at: DateTime<Utc>,
    /// Whether something was sealed in it, which went with it, unopened or not.
    pub sealed: bool,
    /// When each known backup that still holds it was made, the newest first; none if that cannot be told.
    pub held_by: Option<Vec<Moment>>,
    /// What was destroyed, and what was tried afterwards.
    pub report: ForgetReport,
}

impl Mentoring {
    /// Forgets an open notebook, and what is sealed in it, open or shut: both or neither. Once begun it cannot be
    /// undone; what a crash cuts off, the next opening brings to its end.
    pub fn forget_space(&self, space: SpaceId, watch: &dyn Watch) -> Result<Forgotten> {
        let _changing = self.changing();
        let view = self.space(space)?;
        let sealed = self.sealed_part(space)?;
        let ids: Vec<_> = [Some(space.compartment()), sealed]
            .into_iter()
            .flatten()
            .collect();
        let report = self.vault.forget_all(&ids, watch)?;
        self.open().remove(&space);
        // A backup that is known to be gone holds nothing any more; of any other it is better to speak.
        let holding = self.vault.backups_holding(space.compartment()).ok();
        let held_by = holding.map(|all| {
            let left = all.iter().filter(|(_, place)| *place != BackupPlace::Gone);
            left.map(|(backup, _)| backup.made).rev().collect()
        });
        Ok(Forgotten {
            held_by,
            monogram: view.monogram,
            kind: view.card.kind,
            since: view.card.since.unwrap_or_else(|| view.created.date_naive()),
            at: self.clock.now(),
            sealed: view.sealed != SealedState::Missing,
            report,
        })
    }
}
