//! Looking through an open vault: what its opening found, whether every notebook has exactly what was saved, whether
//! every record can be read, and where damaged files were kept. Both shells show it in the same words.

use std::{collections::BTreeSet, path::PathBuf};

use mentoring::{KindNumber, Mentoring, RecordId, ShutSpace, SpaceId, spaces::Space};
use serde::Serialize;
use sharing::Sharing;
use vault::{CompartmentId, DamagedFile, Finding, HistoryCheck, Step, Watch};
use words::Words;

use crate::{
    error::{ErrorCode, Reply},
    notices::{self, Weight},
};

/// The first number of a record that lists show; see `docs/FORMAT.md`.
const FIRST_RECORD: u16 = KindNumber::FIRST_RECORD.0;
/// The code of a list that does not name what is there.
const LIST_WRONG: &str = "listWrong";
/// The codes of damage to the files that everything could be built from anew, should the store of rows be lost.
const OF_HISTORY: [&str; 5] = [
    "savesDamaged",
    "safetyCopiesDamaged",
    "beginningDamaged",
    "keysDamaged",
    "newestNoteDamaged",
];
/// Records between two looks at whether to stop.
const TELL_EVERY: usize = 16;

/// What looking through a vault came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Checkup {
    /// Whether nothing is missing and nobody has to decide anything.
    pub ok: bool,
    /// What was found, that of the opening first.
    pub findings: Vec<Told>,
    /// Every notebook, what is sealed in it, and the vault's own pages.
    pub spaces: Vec<Counted>,
    /// The folders in which damaged files are kept as they were.
    #[cfg_attr(feature = "ts", ts(type = "string[]"))]
    pub kept: Vec<PathBuf>,
    /// The folders of older copies of the vault that stayed beside it when a backup was put back.
    #[cfg_attr(feature = "ts", ts(type = "string[]"))]
    pub copies: Vec<PathBuf>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Told {
    /// For a program.
    pub code: String,
    /// How much it weighs.
    pub weight: Weight,
    /// For a person.
    pub message: String,
    /// The notebook it was found in.
    pub space: Option<SpaceId>,
    /// The record it was found in.
    pub record: Option<String>,
}

/// How many rows a compartment has: a long record takes several, and the program's own bookkeeping counts. Of what is
/// shut nothing is said but whether it is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Counted {
    /// The compartment.
    pub id: SpaceId,
    /// The notebook's name; none for the vault's own pages.
    pub name: Option<String>,
    /// Whether it is what is sealed in that notebook.
    pub sealed: bool,
    /// Rows that were saved; none of what is shut.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub expected: Option<u64>,
    /// Rows that are there; none of what is shut.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub found: Option<u64>,
    /// Whether they are exactly those that were saved.
    pub ok: bool,
}

/// Counts what is in every compartment, shut ones included. If `deep`, reads every record, and every file that all of it
/// could be built from anew.
///
/// Errors: `Cancelled`, and those of the vault.
pub fn look_through(
    mentoring: &Mentoring,
    opening: &[Finding],
    deep: bool,
    words: &Words,
    watch: &dyn Watch,
) -> Reply<Checkup> {
    let mut findings: Vec<Told> = opening
        .iter()
        .map(|finding| {
            let (code, message) = notices::said(finding, words);
            Told {
                code,
                weight: notices::weigh(finding),
                message,
                space: None,
                record: None,
            }
        })
        .collect();
    let unreadable = mentoring.unreadable_spaces();
    if unreadable > 0 {
        let message = words.with("app-notice-spaceUnreadable", [("count", unreadable.into())]);
        findings.push(matters("spaceUnreadable", message, None));
    }
    if mentoring.is_sweep_owed()? {
        findings.push(matters("sweepOwed", words.say("found-sweepOwed"), None));
    }
    let names = Names::of(mentoring);
    let compartments = mentoring.vault().compartments();
    let shut: BTreeSet<_> = compartments
        .iter()
        .filter(|one| one.locked)
        .map(|one| one.id)
        .collect();
    let mut spaces = Vec::new();
    for check in mentoring.vault().verify(watch)? {
        let of = Part::of(check.compartment, &names, mentoring);
        if !check.ok {
            findings.push(of.not_whole(words));
        }
        let counted = |rows| (!shut.contains(&check.compartment)).then_some(rows);
        spaces.push(Counted {
            id: check.compartment.into(),
            name: of.name.map(str::to_owned),
            sealed: of.sealed,
            expected: counted(check.records_expected),
            found: counted(check.records_found),
            ok: check.ok,
        });
    }
    for compartment in &shut {
        findings.push(Part::of(*compartment, &names, mentoring).shut(words));
    }
    if deep {
        let mut reading = Reading::of(&names.open, mentoring, words, watch)?;
        for space in &names.open {
            reading.read(space, &mut findings)?;
        }
        for compartment in compartments {
            let of = Part::of(compartment.id, &names, mentoring);
            // A notebook was read record by record.
            if !compartment.locked && (of.sealed || of.name.is_none()) {
                reading.read_part(compartment.id, &of, &mut findings)?;
            }
        }
        let history = mentoring.vault().check_history(watch)?;
        let whole = spaces.iter().all(|space| space.ok);
        findings.extend(tell_history(&history, whole, words));
    }
    Ok(Checkup {
        ok: findings
            .iter()
            .all(|finding| finding.weight != Weight::Matters),
        findings,
        spaces,
        kept: mentoring.vault().set_asides()?,
        // Where nobody may list what lies around the vault, no copy is known.
        copies: mentoring.vault().copies_beside().unwrap_or_default(),
    })
}

/// Whether something is missing that could still come back from what is there: the opening found rows, saves or keys
/// missing, a notebook cannot be read, or there are rows of no notebook.
pub fn is_damaged(mentoring: &Mentoring, opening: &[Finding]) -> Reply<bool> {
    let vault = mentoring.vault();
    Ok(tells_of_loss(opening) || mentoring.unreadable_spaces() > 0 || vault.stray_rows()? > 0)
}

/// Whether an opening found rows, saves or keys missing.
pub fn tells_of_loss(opening: &[Finding]) -> bool {
    opening.iter().any(|finding| {
        matches!(
            finding,
            Finding::Incomplete { .. }
                | Finding::Gap { .. }
                | Finding::UnknownRows { .. }
                | Finding::JournalBehind { .. }
                | Finding::KeyringBehind { .. }
        )
    })
}

/// Writes the list of saves, the safety copies and the copies of what opens the vault anew where they are damaged, every
/// list that does not name what is there, sweeps out what was sealed where that is owed, and copies the rows into a fresh
/// store. A list that is right stays: it still names what cannot be read. Rows that are not as they were saved are made anew
/// by the next opening.
///
/// Errors: `ReadOnly`, and those of the vault.
pub fn put_right(mentoring: &Mentoring, found: &Checkup, watch: &dyn Watch) -> Reply<()> {
    if mentoring.vault().read_only() {
        return Err(ErrorCode::ReadOnly.into());
    }
    mend_history(mentoring, found, watch)?;
    let wrong = found
        .findings
        .iter()
        .filter(|finding| finding.code == LIST_WRONG);
    for space in wrong.filter_map(|finding| finding.space) {
        mentoring.rebuild_index(space)?;
    }
    mentoring.sweep_if_owed(watch)?;
    Ok(mentoring.vault().compact(watch)?)
}

/// Writes anew what of the vault's history was found damaged, while the store still has every row. Where that is not
/// proven nothing is written: what is missing may be in the damaged files.
///
/// Errors: `ReadOnly`, `Cancelled`, and those of the vault.
pub fn mend_history(mentoring: &Mentoring, found: &Checkup, watch: &dyn Watch) -> Reply<()> {
    let of_history = |finding: &Told| OF_HISTORY.contains(&finding.code.as_str());
    if !found.findings.iter().any(of_history) {
        return Ok(());
    }
    match mentoring.vault().mend_history(watch) {
        // The next look tells of it again.
        Err(vault::Error::Damaged { .. }) => Ok(()),
        mended => Ok(mended.map(drop)?),
    }
}

/// What of the history is damaged, that nothing is missing now if that is so, and what helps.
fn tell_history(history: &HistoryCheck, whole: bool, words: &Words) -> Vec<Told> {
    let helps = words.say(if whole {
        "found-history-helps"
    } else {
        "found-history-notWhole"
    });
    let code_of = |part| match part {
        vault::Part::Journal => OF_HISTORY[0],
        vault::Part::Checkpoint => OF_HISTORY[1],
        vault::Part::Header | vault::Part::Epoch => OF_HISTORY[2],
        vault::Part::Keyring => OF_HISTORY[3],
        _ => OF_HISTORY[4],
    };
    let tell = |code: &&str| {
        let of_code = |file: &&DamagedFile| code_of(file.part) == *code;
        let count = history.damaged.iter().filter(of_code).count();
        let what = words.with(&format!("found-{code}"), [("count", count.into())]);
        (count > 0).then(|| matters(code, format!("{what} {helps}"), None))
    };
    let mut told: Vec<_> = OF_HISTORY.iter().filter_map(tell).collect();
    if let Some(first) = told.first_mut()
        && !history.stands_alone()
    {
        first.message = format!("{} {}", first.message, words.say("found-history-alone"));
    }
    told
}

/// What a compartment is to its owner.
struct Part<'a> {
    id: SpaceId,
    /// The notebook's name, or the one that is shown while it is shut; none for the vault's own pages and for what
    /// belongs to no notebook.
    name: Option<&'a str>,
    sealed: bool,
}

/// The names of all notebooks.
struct Names {
    open: Vec<Space>,
    shut: Vec<ShutSpace>,
}

impl Names {
    fn of(mentoring: &Mentoring) -> Self {
        Self {
            open: mentoring.list_spaces(),
            shut: mentoring.shut_spaces(),
        }
    }

    fn name(&self, id: SpaceId) -> Option<&str> {
        let open = self.open.iter().find(|space| space.id == id);
        let shut = || self.shut.iter().find(|space| space.id == id);
        open.map(|space| space.card.name.as_str())
            .or_else(|| shut().map(|space| space.shown_as.as_str()))
    }
}

impl<'a> Part<'a> {
    fn of(compartment: CompartmentId, names: &'a Names, mentoring: &Mentoring) -> Self {
        let id = SpaceId::from(compartment);
        let host = mentoring.notebook_of_sealed(compartment);
        Self {
            id,
            name: names.name(host.unwrap_or(id)),
            sealed: host.is_some(),
        }
    }

    fn not_whole(&self, words: &Words) -> Told {
        let message = match self.name {
            None => words.say("found-notWhole-own"),
            Some(name) if self.sealed => {
                words.with("found-notWhole-sealed", [("space", one_line(name).into())])
            }
            Some(name) => words.with("found-notWhole", [("space", one_line(name).into())]),
        };
        matters("notWhole", message, Some(self.id))
    }

    fn shut(&self, words: &Words) -> Told {
        let message = match self.name {
            Some(name) if self.sealed => {
                words.with("found-sealedShut", [("space", one_line(name).into())])
            }
            Some(name) => words.with("found-notebookShut", [("space", one_line(name).into())]),
            None => words.say("found-partShut"),
        };
        Told {
            weight: Weight::Information,
            ..matters("spaceShut", message, Some(self.id))
        }
    }
}

/// Reads every record of every open notebook.
struct Reading<'a> {
    mentoring: &'a Mentoring,
    words: &'a Words,
    watch: &'a dyn Watch,
    done: usize,
    total: usize,
}

impl<'a> Reading<'a> {
    fn of(
        notebooks: &[Space],
        mentoring: &'a Mentoring,
        words: &'a Words,
        watch: &'a dyn Watch,
    ) -> Reply<Self> {
        let mut total = 0;
        for space in notebooks {
            total += mentoring
                .lines(Some(space.id), |line| line.is_kept())?
                .len();
        }
        Ok(Self {
            mentoring,
            words,
            watch,
            done: 0,
            total,
        })
    }

    fn went_on(&mut self) -> Reply<()> {
        if self.done.is_multiple_of(TELL_EVERY) {
            if self.watch.cancelled() {
                return Err(ErrorCode::Cancelled.into());
            }
            self.watch.at(Step::Verifying {
                done: self.done as u64,
                total: self.total as u64,
            });
        }
        self.done += 1;
        Ok(())
    }

    /// Reads every record of a notebook, and names those that cannot be read.
    fn read(&mut self, space: &Space, findings: &mut Vec<Told>) -> Reply<()> {
        let words = self.words;
        let called = || one_line(&space.card.name).into();
        let (records, visited) = self.mentoring.vault().gather(
            CompartmentId(space.id.bytes()),
            &mut |records: &mut usize, record| {
                *records += usize::from(record.kind.0 >= FIRST_RECORD);
            },
        )?;
        let lines = self.mentoring.lines(Some(space.id), |_| true)?;
        let mut unreadable = 0;
        for line in lines.iter().filter(|line| line.is_kept()) {
            self.went_on()?;
            let opened = match self.mentoring.open_record(line.id) {
                Err(mentoring::Error::NotFound) => self.readable_summary(line.id),
                opened => opened.map(drop).map_err(Into::into),
            };
            if opened.is_err() {
                unreadable += 1;
                let values = [("title", one_line(&line.title).into()), ("space", called())];
                let message = words.with("found-recordUnreadable", values);
                findings.push(Told {
                    record: Some(line.id.to_string()),
                    ..matters("recordUnreadable", message, Some(space.id))
                });
            }
        }
        let pieces = visited.unreadable.len();
        if pieces > unreadable {
            let values = [("count", (pieces - unreadable).into()), ("space", called())];
            let message = words.with("found-piecesUnreadable", values);
            findings.push(matters("piecesUnreadable", message, Some(space.id)));
        }
        if pieces == 0 && records != lines.len() {
            let message = words.with("found-listWrong", [("space", called())]);
            findings.push(matters(LIST_WRONG, message, Some(space.id)));
        }
        Ok(())
    }

    /// Opens every record of what is sealed, or of the vault's own pages, and counts what cannot be read.
    fn read_part(
        &mut self,
        compartment: CompartmentId,
        of: &Part<'_>,
        findings: &mut Vec<Told>,
    ) -> Reply<()> {
        self.went_on()?;
        let vault = self.mentoring.vault();
        let ((), visited) = vault.gather(compartment, &mut |(), _| {})?;
        let count = visited.unreadable.len();
        if count > 0 {
            let called = match of.name {
                Some(name) => one_line(name),
                None => self.words.say("cli-check-nameless"),
            };
            let values = [("count", count.into()), ("space", called.into())];
            let message = self.words.with("found-piecesUnreadable", values);
            findings.push(matters("piecesUnreadable", message, Some(of.id)));
        }
        Ok(())
    }

    /// Whether what no list of records knows is a summary that can be read, or an entry of the log of what has left, which
    /// is read with the whole log.
    fn readable_summary(&self, id: RecordId) -> Reply<()> {
        let sharing = Sharing::over(self.mentoring);
        if sharing.open_summary(id).is_ok() {
            return Ok(());
        }
        let log = sharing.list_disclosures(None)?;
        match log.entries.iter().any(|entry| entry.id == id) {
            true => Ok(()),
            false => Err(ErrorCode::RecordDamaged.into()),
        }
    }
}

fn matters(code: &str, message: String, space: Option<SpaceId>) -> Told {
    Told {
        code: code.to_owned(),
        weight: Weight::Matters,
        message,
        space,
        record: None,
    }
}

/// A text on one line, as it stands in a sentence.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
