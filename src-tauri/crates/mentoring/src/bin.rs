//! The bin: thirty days in which nothing is lost.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};

use crate::{
    error::Result,
    ids::RecordId,
    index::Line,
    service::{Mentoring, Writes},
};

/// How long the bin keeps a record.
pub const BIN_DAYS: i64 = 30;

impl Mentoring {
    /// Puts a record, and what belongs to it, into the bin.
    pub fn bin(&self, id: RecordId) -> Result<()> {
        let _changing = self.changing();
        let now = self.clock.now();
        let line = self.line(id)?;
        self.set_binned(self.family(line, Line::is_kept)?, Some(now))
    }

    /// Takes a record, and what went into the bin with it, out again; and what it belongs to, without
    /// which nothing would show it.
    pub fn unbin(&self, id: RecordId) -> Result<()> {
        let _changing = self.changing();
        let line = self.line(id)?;
        let since = line.binned;
        let parents = self.binned_parents(&line);
        let mut lines = self.family(line, |child| child.binned == since)?;
        lines.extend(parents);
        self.set_binned(lines, None)
    }

    /// Erases a record and all its history, for good; and what belongs to it, as far as that is in
    /// the bin too.
    pub fn erase(&self, id: RecordId) -> Result<()> {
        let _changing = self.changing();
        let line = self.line(id)?;
        let family = self.family(line, |child| !child.is_kept())?;
        self.erase_all(&family)
    }

    /// Erases what has lain in the bin for its time. Returns how many records went.
    pub fn empty_old_bins(&self) -> Result<usize> {
        if self.vault.read_only() {
            return Ok(0);
        }
        let limit = self.clock.now() - Duration::days(BIN_DAYS);
        let _changing = self.changing();
        let old = self.lines_where(None, |line| line.binned.is_some_and(|since| since < limit))?;
        // One by one: a record that cannot be read stays, and keeps no other.
        let gone = old
            .iter()
            .filter(|line| self.erase_all(std::slice::from_ref(*line)).is_ok());
        Ok(gone.count())
    }

    fn family(&self, line: Line, child: impl Fn(&Line) -> bool) -> Result<Vec<Line>> {
        let id = line.id;
        let mut family =
            self.lines_where(Some(line.space), |l| l.parent == Some(id) && child(l))?;
        family.push(line);
        Ok(family)
    }

    /// What a record belongs to, from the nearest on, as far as it lies in the bin.
    fn binned_parents(&self, line: &Line) -> Vec<Line> {
        let mut seen = BTreeSet::from([line.id]);
        let mut parents: Vec<Line> = Vec::new();
        let mut next = line.parent;
        // In damaged data a record may belong to itself.
        while let Some(id) = next.filter(|id| seen.insert(*id))
            && let Ok(parent) = self.line(id)
        {
            next = parent.parent;
            if !parent.is_kept() {
                parents.push(parent);
            }
        }
        parents
    }

    fn set_binned(&self, family: Vec<Line>, binned: Option<DateTime<Utc>>) -> Result<()> {
        let mut writes = Writes::default();
        for mut line in family {
            let shelf = self.shelf_of(&line)?;
            let (stored, schema) = self.stored(&line)?;
            line.binned = binned;
            writes.stored(line, shelf, &stored.with_binned(binned), schema);
        }
        self.write(writes)
    }

    fn erase_all(&self, lines: &[Line]) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut writes = Writes::default();
        for line in lines {
            let shelf = self.shelf_of(line)?;
            let (stored, _) = self.stored(line)?;
            let newest = stored.meta(line.id, line.space).previous;
            self.delete_history(&mut writes, shelf, newest)?;
            writes.delete(shelf, line.kind, line.id);
        }
        self.write(writes)
    }
}
