//! A journal of jrnl brought into a notebook of a real vault, and taken back.

use std::sync::Arc;

use interchange::{Error, Prepared, SkipReason, prepare_jrnl, undo};
use mentoring::{
    KindName, Label, Mentoring, RecordFilter, RecordLine, SpaceId, SystemClock,
    notes::{Note, NotePurpose},
    spaces::{Cloth, SpaceDraft, SpaceKind},
};
use testkit::TempVault;

const JOURNAL: &[u8] = include_bytes!("data/journal.txt");
const EXPORT_JSON: &[u8] = include_bytes!("data/export.json");
const ENTRIES: u32 = 8;

/// The services over a temporary vault, and a journal to import into.
fn desk() -> (TempVault, Mentoring, SpaceId) {
    let (folder, vault) = TempVault::create();
    let mentoring = Mentoring::over(vault, Arc::new(SystemClock), &[]).expect("services");
    let draft = SpaceDraft {
        kind: SpaceKind::Journal,
        role: None,
        name: "Mornings".into(),
        about: String::new(),
        cloth: Cloth::Teal,
        since: None,
        meet_every_weeks: None,
    };
    let space = mentoring.create_space(draft).expect("a journal").id;
    (folder, mentoring, space)
}

fn lines(mentoring: &Mentoring, space: SpaceId) -> Vec<RecordLine> {
    let filter = RecordFilter {
        space: Some(space),
        kinds: vec![KindName::Note],
        labels: Vec::new(),
        states: Vec::new(),
        parent: None,
        from: None,
        to: None,
        binned: false,
        offset: 0,
        limit: u32::MAX,
    };
    mentoring.list_records(&filter).expect("a list").lines
}

fn run_all(prepared: Prepared, mentoring: &Mentoring) -> interchange::Imported {
    prepared
        .run(mentoring, &mut |_, _| false)
        .expect("all imported")
}

/// A journal with many entries, a minute apart.
fn long_journal(entries: u32) -> String {
    (0..entries)
        .map(|number| {
            format!(
                "[2026-06-09 {:02}:{:02}] Entry {number}\nWords.\n\n",
                number / 60,
                number % 60
            )
        })
        .collect()
}

#[test]
fn preparing_shows_what_would_happen_and_writes_nothing() {
    let (_folder, mentoring, space) = desk();
    let prepared = prepare_jrnl(&mentoring, space, JOURNAL).unwrap();
    let preview = prepared.preview();
    assert_eq!((preview.found, preview.duplicates), (ENTRIES, 0));
    assert_eq!(preview.from.unwrap().to_string(), "2026-06-09");
    assert_eq!(preview.to.unwrap().to_string(), "2026-06-23");
    assert_eq!(
        preview.tags,
        ["#mentoring/first", "#research", "@amara", "starred"]
    );
    assert_eq!(preview.unreadable, 0);
    assert_eq!(preview.first_titles[0], "First day on the new ward.");
    assert_eq!(prepared.space(), space);
    assert_eq!(lines(&mentoring, space).len(), 0);
}

#[test]
fn entries_come_in_private_on_their_own_day() {
    let (_folder, mentoring, space) = desk();
    let imported = run_all(
        prepare_jrnl(&mentoring, space, JOURNAL).unwrap(),
        &mentoring,
    );
    assert_eq!(imported.report.imported, ENTRIES);
    assert_eq!(imported.records.len(), ENTRIES as usize);
    let note = mentoring.record::<Note>(imported.records[1]).unwrap();
    assert_eq!(note.meta.label, Label::Private);
    assert_eq!(note.meta.on.to_string(), "2026-06-09");
    assert_eq!(note.body.purpose, NotePurpose::Journal);
    assert_eq!(
        note.body.title,
        "Talked with Helen about #research and @amara."
    );
    assert_eq!(
        note.body.text,
        "She asked what I would do with a free Tuesday."
    );
    assert_eq!(note.body.at.as_deref(), Some("21:40"));
    assert_eq!(note.body.tags, ["#research", "@amara", "starred"]);
    let other = mentoring.record::<Note>(imported.records[0]).unwrap();
    assert!(other.body.tags.is_empty(), "it was not starred");
    assert_eq!(lines(&mentoring, space).len(), ENTRIES as usize);
}

#[test]
fn importing_again_adds_nothing_also_from_the_other_format() {
    let (_folder, mentoring, space) = desk();
    run_all(
        prepare_jrnl(&mentoring, space, JOURNAL).unwrap(),
        &mentoring,
    );
    for file in [JOURNAL, EXPORT_JSON] {
        let again = run_all(prepare_jrnl(&mentoring, space, file).unwrap(), &mentoring);
        assert_eq!(
            (again.report.imported, again.report.duplicates),
            (0, ENTRIES)
        );
    }
    assert_eq!(lines(&mentoring, space).len(), ENTRIES as usize);
}

#[test]
fn an_entry_that_stands_twice_in_the_file_comes_in_once() {
    let (_folder, mentoring, space) = desk();
    let twice = [JOURNAL, b"\n", JOURNAL].concat();
    let imported = run_all(prepare_jrnl(&mentoring, space, &twice).unwrap(), &mentoring);
    assert_eq!(
        (imported.report.imported, imported.report.duplicates),
        (ENTRIES, ENTRIES)
    );
}

#[test]
fn undoing_takes_back_what_came_in_and_no_more() {
    let (_folder, mentoring, space) = desk();
    let first = run_all(
        prepare_jrnl(&mentoring, space, b"[2026-06-01 08:00] Mine\n").unwrap(),
        &mentoring,
    );
    let imported = run_all(
        prepare_jrnl(&mentoring, space, JOURNAL).unwrap(),
        &mentoring,
    );
    assert_eq!(
        undo(&mentoring, &imported.records).unwrap(),
        ENTRIES as usize
    );
    assert_eq!(undo(&mentoring, &imported.records).unwrap(), 0);
    let left: Vec<_> = lines(&mentoring, space)
        .iter()
        .map(|line| line.id)
        .collect();
    assert_eq!(left, first.records);
}

#[test]
fn stopping_in_the_middle_keeps_none() {
    let (_folder, mentoring, space) = desk();
    let text = long_journal(250);
    let prepared = prepare_jrnl(&mentoring, space, text.as_bytes()).unwrap();
    let mut told = Vec::new();
    let stopped = prepared.run(&mentoring, &mut |done, total| {
        told.push((done, total));
        done >= 200
    });
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert_eq!(told, [(0, 250), (100, 250), (200, 250)]);
    assert_eq!(lines(&mentoring, space).len(), 0);
    let after = run_all(
        prepare_jrnl(&mentoring, space, text.as_bytes()).unwrap(),
        &mentoring,
    );
    assert_eq!((after.report.imported, after.report.duplicates), (250, 0));
}

#[test]
fn a_file_in_parts_unreadable_says_what_was_left() {
    let (_folder, mentoring, space) = desk();
    let text = "[2026-06-09 09:00] Good\n\n[2026-02-30 09:00] No such day\n";
    let imported = run_all(
        prepare_jrnl(&mentoring, space, text.as_bytes()).unwrap(),
        &mentoring,
    );
    assert_eq!(imported.report.imported, 1);
    assert_eq!(imported.report.skipped.len(), 1);
    assert_eq!(imported.report.skipped[0].line, Some(3));
}

#[test]
fn an_entry_that_no_note_can_hold_does_not_stop_the_others() {
    let (_folder, mentoring, space) = desk();
    let text = format!(
        "[2026-06-09 09:00] Good\n\n[1492-10-12 02:00] Land\n\n[2026-06-10 09:00] Long\n{}\n",
        "a".repeat(mentoring::TEXT_LIMIT + 1)
    );
    let prepared = prepare_jrnl(&mentoring, space, text.as_bytes()).unwrap();
    assert_eq!(prepared.preview().found, 1);
    let imported = run_all(prepared, &mentoring);
    assert_eq!(imported.report.imported, 1);
    let skipped = imported.report.skipped.iter();
    let skipped: Vec<_> = skipped.map(|one| (one.line, one.reason)).collect();
    assert_eq!(
        skipped,
        [
            (Some(3), SkipReason::BadDate),
            (Some(5), SkipReason::TooLong)
        ]
    );
}

#[test]
fn a_starred_entry_with_as_many_tags_as_there_may_be_comes_in_starred() {
    let (_folder, mentoring, space) = desk();
    let tags: String = (0..300).map(|number| format!("#tag{number} ")).collect();
    let text = format!("[2026-06-09 09:00] Starred *\n{tags}\n");
    let imported = run_all(
        prepare_jrnl(&mentoring, space, text.as_bytes()).unwrap(),
        &mentoring,
    );
    let note = mentoring.record::<Note>(imported.records[0]).unwrap();
    assert_eq!(note.body.tags.last().map(String::as_str), Some("starred"));
}

#[test]
fn a_page_that_cannot_be_read_is_counted_and_does_not_stop_the_import() {
    let (_folder, mentoring, space) = desk();
    let first = run_all(
        prepare_jrnl(&mentoring, space, JOURNAL).unwrap(),
        &mentoring,
    );
    let mut batch = vault::Batch::new();
    batch.put(
        vault::CompartmentId(space.bytes()),
        vault::Kind(100),
        vault::RecordId(first.records[0].bytes()),
        vault::Schema(99),
        "{}",
    );
    mentoring.vault().save(batch).unwrap();
    let again = prepare_jrnl(&mentoring, space, JOURNAL).unwrap();
    let preview = again.preview();
    assert_eq!((preview.unreadable, preview.duplicates), (1, ENTRIES - 1));
}

#[test]
fn a_bad_file_touches_nothing() {
    let (_folder, mentoring, space) = desk();
    run_all(
        prepare_jrnl(&mentoring, space, JOURNAL).unwrap(),
        &mentoring,
    );
    let half = &EXPORT_JSON[..EXPORT_JSON.len() / 2];
    assert!(matches!(
        prepare_jrnl(&mentoring, space, half),
        Err(Error::HalfWritten)
    ));
    assert!(matches!(
        prepare_jrnl(&mentoring, space, b""),
        Err(Error::Empty)
    ));
    assert!(matches!(
        prepare_jrnl(&mentoring, space, b"\0\x01"),
        Err(Error::Binary)
    ));
    assert_eq!(lines(&mentoring, space).len(), ENTRIES as usize);
}

#[test]
fn a_very_long_line_and_many_tags_do_not_stop_an_import() {
    let (_folder, mentoring, space) = desk();
    let tags: String = (0..300).map(|number| format!("#tag{number} ")).collect();
    let text = format!(
        "[2026-06-09 09:00] {}\n{tags} #{}\n",
        "word ".repeat(200),
        "x".repeat(900)
    );
    let imported = run_all(
        prepare_jrnl(&mentoring, space, text.as_bytes()).unwrap(),
        &mentoring,
    );
    assert_eq!(imported.report.imported, 1);
    let again = prepare_jrnl(&mentoring, space, text.as_bytes()).unwrap();
    assert_eq!(again.preview().duplicates, 1);
}
