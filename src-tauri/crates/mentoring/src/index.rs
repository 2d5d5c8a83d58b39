//! The index of a space: one line for each record, so that lists never open bodies.
//!
//! Lines live in sealed *pages* of the space's own compartment. A line is written in the same save
//! as the record it describes and stays on its page for life, so a save rewrites one small page.
//! Everything here can be rebuilt from the records.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{RecordId, SpaceId},
    kind::{KindNumber, Owner, RecordKind, Steps},
    label::Label,
    record::Opened,
    shelf::Shelf,
    spaces::SpaceKind,
    text::visible,
};

/// A page takes no further line once it is this long; 4 KiB of row hold it then.
const PAGE_FULL: usize = 3_000;
/// The version of the stored page.
pub(crate) const PAGE_SCHEMA: u16 = 1;

/// What the index knows of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The record's id.
    pub id: RecordId,
    /// The space it is in.
    pub space: SpaceId,
    /// Its kind.
    pub kind: KindNumber,
    /// How far it may travel.
    pub label: Label,
    /// The day it is about.
    pub on: NaiveDate,
    /// When it was first saved.
    pub created: DateTime<Utc>,
    /// When it was last saved.
    pub edited: DateTime<Utc>,
    /// The record it belongs to.
    pub parent: Option<RecordId>,
    /// Whose words these are.
    pub as_told_by: Option<String>,
    /// When it was put into the bin.
    pub binned: Option<DateTime<Utc>>,
    /// One line that names it.
    pub title: String,
    /// The beginning of its text.
    pub excerpt: String,
    /// Where it stands, in the kind's own word.
    pub state: Option<String>,
    /// When it is due.
    pub due: Option<NaiveDate>,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// How many of its steps are done.
    pub steps: Option<Steps>,
    /// The records that stand in its words as agreed; see [`RecordKind::vouches_for`].
    pub vouches_for: Vec<RecordId>,
}

impl Line {
    /// The line of a record, in a space of this kind; none for what is no notebook.
    pub(crate) fn of<K: RecordKind>(opened: &Opened<K>, space: Option<SpaceKind>) -> Self {
        let Opened { meta, body } = opened;
        let outline = body.outline();
        Self {
            id: meta.id,
            space: meta.space,
            kind: K::KIND,
            label: meta.label,
            on: meta.on,
            created: meta.created,
            edited: meta.edited,
            parent: meta.parent,
            as_told_by: meta.as_told_by.clone(),
            binned: meta.binned,
            title: visible(&outline.title),
            excerpt: visible(&outline.excerpt),
            state: outline.state.map(str::to_owned),
            due: outline.due,
            owner: outline.owner,
            steps: outline.steps,
            vouches_for: space.map_or_else(Vec::new, |space| body.vouches_for(space)),
        }
    }

    /// Whether the record is open to lists: not in the bin.
    pub fn is_kept(&self) -> bool {
        self.binned.is_none()
    }
}

/// The index of one open space.
#[derive(Debug, Default)]
pub(crate) struct Index {
    lines: BTreeMap<RecordId, Placed>,
    pages: Vec<BTreeSet<RecordId>>,
    /// The page that takes new lines.
    filling: usize,
    /// The lines that vouch for others: few among many.
    vouching: BTreeSet<RecordId>,
}

#[derive(Debug)]
struct Placed {
    page: usize,
    line: Line,
}

/// A page as it is to be written; an empty one is still written, so that numbers have no holes.
pub(crate) struct PageWrite {
    pub(crate) record: vault::RecordId,
    pub(crate) payload: Vec<u8>,
}

impl Index {
    /// Adds what one stored page says. `None` when the page cannot be read.
    pub(crate) fn read_page(&mut self, shelf: Shelf, payload: &[u8]) -> Option<()> {
        let stored: StoredPage = serde_json::from_slice(payload).ok()?;
        let page = self.pages.len();
        let mut ids = BTreeSet::new();
        for entry in stored.lines {
            let line = entry.into_line(shelf);
            ids.insert(line.id);
            self.place(page, line);
        }
        self.filling = page;
        self.pages.push(ids);
        Some(())
    }

    pub(crate) fn line(&self, id: RecordId) -> Option<&Line> {
        self.lines.get(&id).map(|placed| &placed.line)
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.values().map(|placed| &placed.line)
    }

    /// The records that a kept line vouches for on this day.
    pub(crate) fn agreed(&self, today: NaiveDate) -> impl Iterator<Item = RecordId> {
        let vouching = self.vouching.iter().filter_map(|id| self.line(*id));
        vouching
            .filter(move |line| line.is_kept() && line.due.is_none_or(|last| today <= last))
            .flat_map(|line| line.vouches_for.iter().copied())
    }

    /// The page that the index would write if `lines` were put and `gone` were dropped.
    ///
    /// Nothing changes here until [`Index::accept`]: a save may fail.
    pub(crate) fn plan(&self, lines: Vec<Line>, gone: &[RecordId]) -> Plan {
        let mut filling = self.filling.min(self.pages.len());
        let mut touched: BTreeMap<usize, BTreeMap<RecordId, StoredLine>> = BTreeMap::new();
        let mut placed = Vec::with_capacity(lines.len());
        for id in gone {
            if let Some(at) = self.lines.get(id) {
                self.touch(&mut touched, at.page).remove(id);
            }
        }
        for line in lines {
            let page = match self.lines.get(&line.id) {
                Some(at) => at.page,
                None => {
                    // Looked at before it is touched: a page that is only full is not written again.
                    while self.page_len(&touched, filling) >= PAGE_FULL {
                        filling += 1;
                    }
                    filling
                }
            };
            self.touch(&mut touched, page)
                .insert(line.id, StoredLine::of(&line));
            placed.push((page, line));
        }
        let writes = touched
            .into_iter()
            .map(|(page, lines)| PageWrite {
                record: page_record(page),
                payload: page_bytes(lines.into_values()),
            })
            .collect();
        Plan {
            writes,
            placed,
            gone: gone.to_vec(),
            filling,
        }
    }

    /// Makes a plan true, once it is saved.
    pub(crate) fn accept(&mut self, plan: Plan) {
        for id in plan.gone {
            if let Some(at) = self.lines.remove(&id) {
                self.pages[at.page].remove(&id);
                self.vouching.remove(&id);
            }
        }
        for (page, line) in plan.placed {
            if self.pages.len() <= page {
                self.pages.resize_with(page + 1, BTreeSet::new);
            }
            self.pages[page].insert(line.id);
            self.place(page, line);
        }
        self.filling = plan.filling;
    }

    fn place(&mut self, page: usize, line: Line) {
        if line.vouches_for.is_empty() {
            self.vouching.remove(&line.id);
        } else {
            self.vouching.insert(line.id);
        }
        self.lines.insert(line.id, Placed { page, line });
    }

    /// About how long a page is, with the changes made to it so far.
    fn page_len(
        &self,
        touched: &BTreeMap<usize, BTreeMap<RecordId, StoredLine>>,
        page: usize,
    ) -> usize {
        match touched.get(&page) {
            Some(lines) => lines.values().map(StoredLine::about_len).sum(),
            None => {
                let ids = self.pages.get(page).into_iter().flatten();
                let lines = ids.filter_map(|id| self.line(*id));
                lines.map(|line| StoredLine::of(line).about_len()).sum()
            }
        }
    }

    fn touch<'t>(
        &self,
        touched: &'t mut BTreeMap<usize, BTreeMap<RecordId, StoredLine>>,
        page: usize,
    ) -> &'t mut BTreeMap<RecordId, StoredLine> {
        touched.entry(page).or_insert_with(|| {
            let ids = self.pages.get(page);
            ids.into_iter()
                .flatten()
                .filter_map(|id| self.line(*id).map(|line| (*id, StoredLine::of(line))))
                .collect()
        })
    }
}

/// The writes that go into a save, and what becomes true of the index afterwards.
pub(crate) struct Plan {
    pub(crate) writes: Vec<PageWrite>,
    placed: Vec<(usize, Line)>,
    gone: Vec<RecordId>,
    filling: usize,
}

/// The record id of the page with this number: the number, big-endian, in the last eight bytes.
pub(crate) fn page_record(page: usize) -> vault::RecordId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&(page as u64).to_be_bytes());
    vault::RecordId(bytes)
}

fn page_bytes(lines: impl Iterator<Item = StoredLine>) -> Vec<u8> {
    serde_json::to_vec(&StoredPage {
        lines: lines.collect(),
    })
    .expect("a page has string keys only, so it is JSON")
}

/// The stored form of a page. Do not change: add fields with defaults.
#[derive(Serialize, Deserialize)]
struct StoredPage {
    lines: Vec<StoredLine>,
}

/// The stored form of a line. Short names: there is one for every record.
#[derive(Clone, Serialize, Deserialize)]
struct StoredLine {
    #[serde(rename = "i")]
    id: RecordId,
    #[serde(rename = "k")]
    kind: KindNumber,
    #[serde(rename = "l")]
    label: u8,
    #[serde(rename = "o")]
    on: NaiveDate,
    #[serde(rename = "c", with = "chrono::serde::ts_milliseconds")]
    created: DateTime<Utc>,
    #[serde(rename = "e", with = "chrono::serde::ts_milliseconds")]
    edited: DateTime<Utc>,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    parent: Option<RecordId>,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    as_told_by: Option<String>,
    #[serde(
        rename = "b",
        default,
        skip_serializing_if = "Option::is_none",
        with = "chrono::serde::ts_milliseconds_option"
    )]
    binned: Option<DateTime<Utc>>,
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(rename = "x", default, skip_serializing_if = "String::is_empty")]
    excerpt: String,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    due: Option<NaiveDate>,
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    owner: Option<Owner>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    steps: Option<Steps>,
    #[serde(rename = "v", default, skip_serializing_if = "Vec::is_empty")]
    vouches_for: Vec<RecordId>,
}

impl StoredLine {
    /// About how many bytes the line takes on its page; exact to within a few escapes.
    fn about_len(&self) -> usize {
        const FIXED: usize = 130;
        const ID: usize = 39;
        FIXED
            + self.title.len()
            + self.excerpt.len()
            + self.as_told_by.as_ref().map_or(0, String::len)
            + self.state.as_ref().map_or(0, |state| state.len() + 7)
            + if self.parent.is_some() { 43 } else { 0 }
            + self.vouches_for.len() * ID
    }

    fn of(line: &Line) -> Self {
        Self {
            id: line.id,
            kind: line.kind,
            label: match line.label {
                Label::Private => 0,
                Label::Shareable => 1,
                Label::Sealed => 2,
            },
            on: line.on,
            created: line.created,
            edited: line.edited,
            parent: line.parent,
            as_told_by: line.as_told_by.clone(),
            binned: line.binned,
            title: line.title.clone(),
            excerpt: line.excerpt.clone(),
            state: line.state.clone(),
            due: line.due,
            owner: line.owner,
            steps: line.steps,
            vouches_for: line.vouches_for.clone(),
        }
    }

    fn into_line(self, shelf: Shelf) -> Line {
        // An unknown number is of a later version: then the narrowest label is the safe one.
        let label = match self.label {
            1 => Label::Shareable,
            2 => Label::Sealed,
            _ => Label::Private,
        };
        Line {
            id: self.id,
            space: shelf.space,
            kind: self.kind,
            label: shelf.label_of(label),
            on: self.on,
            created: self.created,
            edited: self.edited,
            parent: self.parent,
            as_told_by: self.as_told_by,
            binned: self.binned,
            title: self.title,
            excerpt: self.excerpt,
            state: self.state,
            due: self.due,
            owner: self.owner,
            steps: self.steps,
            vouches_for: self.vouches_for,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u8) -> Line {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        Line {
            id: RecordId::from_bytes([number; 16]),
            space: SpaceId::from_bytes([9; 16]),
            kind: KindNumber(100),
            label: Label::Shareable,
            on: now.date_naive(),
            created: now,
            edited: now,
            parent: None,
            as_told_by: None,
            binned: Some(now),
            title: format!("Title {number}"),
            excerpt: "word ".repeat(30),
            state: Some("open".to_owned()),
            due: Some(now.date_naive()),
            owner: Some(Owner::Both),
            steps: Some(Steps { done: 1, total: 3 }),
            vouches_for: Vec::new(),
        }
    }

    fn fill(count: u8) -> (Index, BTreeMap<vault::RecordId, Vec<u8>>) {
        let mut index = Index::default();
        let mut disk = BTreeMap::new();
        for number in 0..count {
            let plan = index.plan(vec![line(number)], &[]);
            assert_eq!(plan.writes.len(), 1, "one line touches one page");
            for write in &plan.writes {
                disk.insert(write.record, write.payload.clone());
            }
            index.accept(plan);
        }
        (index, disk)
    }

    fn reopen(disk: &BTreeMap<vault::RecordId, Vec<u8>>) -> Index {
        let mut index = Index::default();
        for (number, (record, payload)) in disk.iter().enumerate() {
            assert_eq!(
                *record,
                page_record(number),
                "pages are numbered without holes"
            );
            index
                .read_page(Shelf::own(line(0).space), payload)
                .expect("a written page can be read");
        }
        index
    }

    #[test]
    fn lines_survive_being_written_and_read() {
        let (index, disk) = fill(60);
        assert!(disk.len() > 1, "sixty lines need several pages");
        let again = reopen(&disk);
        assert_eq!(
            again.lines().collect::<Vec<_>>(),
            index.lines().collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_page_of_ordinary_lines_fits_a_4_kib_row() {
        let (_, disk) = fill(200);
        for payload in disk.values() {
            assert!(payload.len() < 3_800, "{}", payload.len());
        }
    }

    #[test]
    fn a_change_rewrites_only_its_own_page_and_a_dropped_line_is_gone() {
        let (mut index, mut disk) = fill(60);
        let mut changed = line(3);
        changed.title = "Other".to_owned();
        let plan = index.plan(vec![changed], &[RecordId::from_bytes([59; 16])]);
        assert_eq!(plan.writes.len(), 2);
        for write in &plan.writes {
            disk.insert(write.record, write.payload.clone());
        }
        index.accept(plan);
        let again = reopen(&disk);
        assert_eq!(again.lines().count(), 59);
        assert_eq!(
            again
                .line(RecordId::from_bytes([3; 16]))
                .expect("kept")
                .title,
            "Other"
        );
        assert!(again.line(RecordId::from_bytes([59; 16])).is_none());
    }

    #[test]
    fn a_plan_that_is_not_accepted_changes_nothing() {
        let (index, _) = fill(3);
        drop(index.plan(vec![line(9)], &[RecordId::from_bytes([1; 16])]));
        assert_eq!(index.lines().count(), 3);
    }

    #[test]
    fn a_line_vouches_while_it_is_kept_and_up_to_its_due_day() {
        let id = |number| RecordId::from_bytes([number; 16]);
        let day = line(1).on;
        let agreed = |vouching: Line, today: NaiveDate| {
            let space = vouching.space;
            let mut index = Index::default();
            let plan = index.plan(vec![vouching], &[]);
            let pages: Vec<_> = plan.writes.iter().map(|w| w.payload.clone()).collect();
            index.accept(plan);
            let mut again = Index::default();
            for page in &pages {
                again
                    .read_page(Shelf::own(space), page)
                    .expect("a written page can be read");
            }
            let found = |index: &Index| index.agreed(today).collect::<Vec<_>>();
            assert_eq!(found(&again), found(&index), "the page keeps it");
            found(&index)
        };
        let vouching = Line {
            binned: None,
            vouches_for: vec![id(7), id(8)],
            ..line(1)
        };
        assert_eq!(agreed(vouching.clone(), day), [id(7), id(8)]);
        let next = day.succ_opt().expect("a day");
        assert_eq!(agreed(vouching.clone(), next), []);
        let endless = Line {
            due: None,
            ..vouching.clone()
        };
        assert_eq!(agreed(endless, next), [id(7), id(8)]);
        let binned = Line {
            binned: line(1).binned,
            ..vouching
        };
        assert_eq!(agreed(binned, day), []);
    }

    #[test]
    fn a_line_that_changes_or_goes_vouches_no_longer() {
        let mut index = Index::default();
        let put = |index: &mut Index, line: Line| {
            let plan = index.plan(vec![line], &[]);
            index.accept(plan);
        };
        let vouching = Line {
            binned: None,
            vouches_for: vec![RecordId::from_bytes([7; 16])],
            ..line(1)
        };
        let today = vouching.on;
        put(&mut index, vouching.clone());
        assert_eq!(index.agreed(today).count(), 1);
        put(
            &mut index,
            Line {
                vouches_for: Vec::new(),
                ..vouching.clone()
            },
        );
        assert_eq!(index.agreed(today).count(), 0);
        put(&mut index, vouching.clone());
        let plan = index.plan(Vec::new(), &[vouching.id]);
        index.accept(plan);
        assert_eq!(index.agreed(today).count(), 0);
    }

    #[test]
    fn a_damaged_page_is_refused() {
        assert!(
            Index::default()
                .read_page(Shelf::own(line(0).space), b"{\"lines\":[{]}")
                .is_none()
        );
    }
}
