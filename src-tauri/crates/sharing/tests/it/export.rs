use mentoring::{Label, RecordId};
use sharing::{AgreedSummary, ExportFormat, Party, SummaryState};
use words::Words;

use crate::world::{DISCLOSED, World, text};

const PRIVATE: &str = "worn down by nights and unsure whether she belongs";

fn agreed(world: &World) -> (RecordId, AgreedSummary) {
    world.note(world.amara, Label::Private, PRIVATE);
    let source = world.note(world.amara, Label::Shareable, "Led the audit of 2026");
    let sharing = world.sharing();
    let text = text("She led the audit.", &[source]);
    let made = sharing.create_summary(world.amara, text).expect("made");
    let id = made.line.id;
    let one = sharing
        .consent_summary(id, made.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    sharing
        .consent_summary(id, one.revision, Party::Them, "Amara Nwosu")
        .expect("yes");
    (id, sharing.agreed(id).expect("agreed"))
}

#[test]
fn every_form_has_the_agreed_words_and_nothing_private() {
    let world = World::new();
    let (_, agreed) = agreed(&world);
    let words = Words::english();
    for format in [ExportFormat::Markdown, ExportFormat::Html] {
        let exported = agreed.export(format, &words).expect("exported");
        let said = String::from_utf8(exported.bytes).expect("text");
        for part in [
            "She led the audit.",
            "Helen Marsh",
            "Amara Nwosu",
            "Led the audit of 2026",
        ] {
            assert!(said.contains(part), "{part} is missing in {format:?}");
        }
        assert!(said.contains("Copy, not signed"));
        assert!(!said.contains("worn down"), "{format:?}");
    }
    let pdf = agreed.export(ExportFormat::Pdf, &words).expect("exported");
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert_eq!(
        pdf.file_name, "Summary 1, 2026-06-30.pdf",
        "the name of the file names nobody"
    );
}

#[test]
fn equal_words_make_equal_bytes() {
    let world = World::new();
    let (_, agreed) = agreed(&world);
    let words = Words::english();
    let once = agreed.export(ExportFormat::Pdf, &words).expect("exported");
    assert_eq!(
        agreed.export(ExportFormat::Pdf, &words).expect("exported"),
        once
    );
}

#[test]
fn what_left_is_in_the_log_and_cannot_be_taken_out_of_it_by_a_command() {
    let world = World::new();
    let (id, agreed) = agreed(&world);
    let sharing = world.sharing();
    let entry = sharing
        .log_export(&agreed, ExportFormat::Pdf, " Prof Okafor ")
        .expect("logged");
    sharing.confirm_export(&agreed).expect("confirmed");
    let listed = sharing.list_disclosures(Some(world.amara));
    let log = listed.expect("listed").entries;
    assert_eq!(log, std::slice::from_ref(&entry));
    assert_eq!(
        (
            log[0].to_whom.as_str(),
            log[0].version,
            log[0].consents.len()
        ),
        ("Prof Okafor", 1, 2)
    );
    let summary = sharing.open_summary(id).expect("opened");
    assert_eq!(summary.line.state, SummaryState::Exported);
    sharing
        .agreed(id)
        .expect("being exported changes no word, so it may leave again");

    assert!(world.mentoring.bin_record(entry.id).is_err());
    assert!(world.mentoring.erase_record(entry.id).is_err());
    // The log outlives the summary.
    sharing.delete_summary(id).expect("binned");
    let log = sharing.list_disclosures(None).expect("listed");
    assert_eq!((log.entries.len(), log.unreadable), (1, 0));
}

#[test]
fn an_entry_of_the_log_that_cannot_be_read_is_counted_and_hides_no_other() {
    let world = World::new();
    let (_, agreed) = agreed(&world);
    let sharing = world.sharing();
    let log = |to_whom| {
        let entry = sharing.log_export(&agreed, ExportFormat::Pdf, to_whom);
        entry.expect("logged")
    };
    let sound = log("Prof Okafor");
    let spoiled = log("the head");
    world.spoil(world.amara, DISCLOSED, spoiled.id);
    let log = sharing.list_disclosures(None).expect("listed");
    assert_eq!((log.entries, log.unreadable), (vec![sound], 1));
}

#[test]
fn a_preview_is_marked_and_shows_no_withdrawn_source() {
    let world = World::new();
    let source = world.note(world.amara, Label::Shareable, "Said it was fine to share");
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.amara, text("Fine.", &[source]))
        .expect("made");
    let words = Words::english();
    let shown = sharing.preview(made.line.id, &words).expect("shown");
    assert!(shown.contains("Preview") && shown.contains("Said it was fine to share"));
    world.relabel(source, Label::Private);
    let shown = sharing.preview(made.line.id, &words).expect("shown");
    assert!(!shown.contains("Said it was fine to share"));
}

#[test]
fn a_summary_without_a_title_has_pages_all_the_same() {
    let world = World::new();
    let sharing = world.sharing();
    let mut untitled = text("Mine.", &[]);
    untitled.title = " ".to_owned();
    let made = sharing
        .create_summary(world.journal, untitled)
        .expect("made");
    let id = made.line.id;
    sharing
        .consent_summary(id, made.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    let agreed = sharing.agreed(id).expect("agreed");
    assert!(agreed.export(ExportFormat::Pdf, &Words::english()).is_ok());
}
