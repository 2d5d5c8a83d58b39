//! Moving out: everything that is open, and every word of it.

use std::{collections::BTreeSet, path::Component, sync::Arc};

use interchange::{Archive, ArchiveFormat, ArchivedRecord, Error, archive};
use mentoring::{Label, Mentoring, RecordBody, RecordChange, SystemClock};
use serde_json::Value;
use sharing::{ExportFormat, Sharing};
use testkit::TempVault;
use words::Words;

fn demo() -> (TempVault, Mentoring) {
    let (temp, vault) = TempVault::create();
    let mentoring = Mentoring::over(vault, Arc::new(SystemClock), &sharing::kinds());
    let mentoring = mentoring.expect("the services begin");
    demo::fill(&mentoring).expect("the demo fits");
    (temp, mentoring)
}

fn whole(mentoring: &Mentoring) -> Archive {
    archive(mentoring, &Words::english(), &mut |_, _| false).expect("everything can be read")
}

/// Every text of a field, but for names of states, ids and days.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.trim().contains(' ') => found.push(text.trim().to_owned()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

#[test]
fn every_word_of_every_record_stands_on_its_page() {
    let (_temp, mentoring) = demo();
    let archive = whole(&mentoring);
    let mut kinds = BTreeSet::new();
    let mut seen = 0;
    for record in archive.spaces.iter().flat_map(|space| &space.records) {
        kinds.insert(record.line.kind.name());
        let mut found = Vec::new();
        texts(
            &serde_json::to_value(&record.fields).expect("JSON"),
            &mut found,
        );
        for text in found {
            // Titles stand above the page.
            let there = record.body.contains(&text) || record.line.title == text;
            assert!(there, "{text:?} is not in {:?}", record.body);
            seen += 1;
        }
    }
    assert_eq!(kinds.len(), mentoring::KindName::ALL.len(), "{kinds:?}");
    assert!(seen > 200, "{seen}");
    let json = serde_json::to_value(&archive).expect("JSON");
    assert_eq!(json["leftOut"]["unreadable"], 0);
    assert!(
        archive
            .spaces
            .iter()
            .any(|space| !space.summaries.is_empty())
    );
}

#[test]
fn an_earlier_version_is_kept_beside_the_present_one() {
    let (_temp, mentoring) = demo();
    let is_note = |record: &&ArchivedRecord| matches!(record.fields, RecordBody::Note(_));
    let before = whole(&mentoring);
    let record = before.spaces[0]
        .records
        .iter()
        .find(is_note)
        .expect("a note");
    let RecordBody::Note(mut note) = record.fields.clone() else {
        panic!("it is a note");
    };
    note.text += "\n\nA second thought.";
    let change = RecordChange {
        id: record.line.id,
        revision: mentoring
            .open_record(record.line.id)
            .expect("read")
            .revision,
        label: Label::Private,
        on: record.line.on,
        as_told_by: None,
        keep_earlier: true,
        body: note.into(),
    };
    mentoring.save_record(change).expect("saved");
    let after = whole(&mentoring);
    let mut records = after.spaces[0].records.iter();
    let now = records
        .find(|now| now.line.id == record.line.id)
        .expect("it is there");
    assert!(now.body.ends_with("A second thought."));
    assert_eq!(now.earlier.len(), record.earlier.len() + 1);
    assert_eq!(now.earlier[0].body, record.fields);
}

#[test]
fn what_has_left_stands_in_the_archive() {
    let (_temp, mentoring) = demo();
    let sharing = Sharing::over(&mentoring);
    let lines = sharing.list_summaries(None, false).expect("listed").lines;
    let agreed = lines.iter().find_map(|line| sharing.agreed(line.id).ok());
    let agreed = agreed.expect("one was agreed to");
    let logged = sharing.log_export(&agreed, ExportFormat::Pdf, "the head of the clinic");
    let entry = logged.expect("logged");
    let archive = whole(&mentoring);
    let space = archive
        .spaces
        .iter()
        .find(|space| space.id == entry.space)
        .expect("it");
    assert_eq!(space.disclosures, [entry]);
    let files = archive.files(ArchiveFormat::Markdown, &Words::english());
    let log = files
        .iter()
        .find(|file| file.path.ends_with("What has left.md"))
        .expect("a log");
    let log = String::from_utf8(log.bytes.clone()).expect("text");
    assert!(log.contains("the head of the clinic"), "{log}");
}

#[test]
fn what_lies_in_the_bin_is_left_out() {
    let (_temp, mentoring) = demo();
    let before = whole(&mentoring);
    let gone = before.spaces[0].records[0].line.id;
    mentoring.bin_record(gone).expect("thrown away");
    let after = whole(&mentoring);
    assert!(
        after.spaces[0]
            .records
            .iter()
            .all(|record| record.line.id != gone)
    );
}

#[test]
fn pages_stand_in_a_folder_for_each_notebook_and_nowhere_else() {
    let (_temp, mentoring) = demo();
    let archive = whole(&mentoring);
    let files = archive.files(ArchiveFormat::Markdown, &Words::english());
    let paths: BTreeSet<_> = files.iter().map(|file| file.path.clone()).collect();
    assert_eq!(paths.len(), files.len(), "no two files have one name");
    for file in &files {
        let parts: Vec<_> = file.path.components().collect();
        assert_eq!(parts.len(), 2, "{:?}", file.path);
        assert!(
            parts
                .iter()
                .all(|part| matches!(part, Component::Normal(_)))
        );
        assert!(!file.bytes.is_empty());
    }
    let folders: BTreeSet<_> = paths.iter().filter_map(|path| path.iter().next()).collect();
    assert_eq!(folders.len(), archive.spaces.len());
    let one = archive.files(ArchiveFormat::Json, &Words::english());
    assert_eq!(one.len(), 1);
    let document: Value = serde_json::from_slice(&one[0].bytes).expect("JSON");
    assert_eq!(
        document["spaces"].as_array().map(Vec::len),
        Some(archive.spaces.len())
    );
}

#[test]
fn it_tells_how_far_it_is_and_can_be_stopped() {
    let (_temp, mentoring) = demo();
    let mut told = Vec::new();
    let stopped = archive(&mentoring, &Words::english(), &mut |done, total| {
        told.push((done, total));
        done == 3
    });
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|(_, total)| *total > 100));
}
