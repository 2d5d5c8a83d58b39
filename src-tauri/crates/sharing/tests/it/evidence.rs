use mentoring::{Label, RecordId};
use sharing::{Error, FlagReason};

use crate::world::{NOTE, World, text};

#[test]
fn a_forged_command_that_names_a_private_record_is_refused_and_saves_nothing() {
    let world = World::new();
    let private = world.note(world.amara, Label::Private, "worn down by nights");
    let made = world
        .sharing()
        .create_summary(world.amara, text("Forged.", &[private]));
    assert!(matches!(made, Err(Error::NotShareable)));
    assert!(
        world
            .sharing()
            .list_summaries(None, false)
            .expect("listed")
            .lines
            .is_empty()
    );

    // The same by changing a sound summary, and by naming it in a sentence only.
    let sound = world
        .sharing()
        .create_summary(world.amara, text("Sound.", &[]))
        .expect("made");
    let mut forged = text("Sound.", &[]);
    forged.paragraphs[1].sentences[0].sources = vec![private];
    let saved = world
        .sharing()
        .save_summary(sound.line.id, sound.revision, forged);
    assert!(matches!(saved, Err(Error::NotShareable)));
    let after = world.sharing().open_summary(sound.line.id).expect("opened");
    assert_eq!(after, sound);
}

#[test]
fn evidence_of_another_notebook_and_unknown_ids_are_refused() {
    let world = World::new();
    let mine = world.note(world.journal, Label::Shareable, "my own win");
    for id in [mine, RecordId::make()] {
        let made = world
            .sharing()
            .create_summary(world.amara, text("Mixed up.", &[id]));
        assert!(matches!(
            made,
            Err(Error::Mentoring(mentoring::Error::NotFound))
        ));
    }
}

#[test]
fn the_offer_shows_private_records_only_as_what_stays() {
    let world = World::new();
    world.note(world.amara, Label::Private, "worn down by nights");
    world.note(world.amara, Label::Shareable, "led the audit");
    let day = world.mentoring.clock().today();
    let offer = world
        .sharing()
        .evidence(world.amara, day, day)
        .expect("offered");
    assert_eq!(offer.may_be_used.len(), 1);
    assert_eq!(offer.may_be_used[0].words, "led the audit");
    assert_eq!(offer.stays.len(), 1);
}

#[test]
fn of_what_stays_the_offer_holds_the_title_and_nothing_of_the_text() {
    let world = World::new();
    world.titled_note(
        world.amara,
        Label::Private,
        "Our talk",
        "worn down by nights",
    );
    world.titled_note(world.amara, Label::Shareable, "The audit", "she led it");
    let day = world.mentoring.clock().today();
    let offer = world
        .sharing()
        .evidence(world.amara, day, day)
        .expect("offered");
    assert_eq!(offer.stays[0].title, "Our talk");
    assert_eq!(offer.stays[0].excerpt, "");
    assert_eq!(offer.may_be_used[0].line.excerpt, "she led it");
    assert!(!format!("{offer:?}").contains("worn down"));
}

#[test]
fn a_source_that_cannot_be_read_is_flagged_and_counted_and_keeps_nothing_shut() {
    let world = World::new();
    let source = world.note(world.journal, Label::Shareable, "led the audit");
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.journal, text("I led it.", &[source]))
        .expect("made");
    let id = made.line.id;
    sharing
        .consent_summary(id, made.revision, sharing::Party::Me, "Helen Marsh")
        .expect("agreed");
    world.spoil(world.journal, NOTE, source);
    let opened = sharing.open_summary(id).expect("opened");
    assert_eq!(opened.flags.len(), 1);
    assert_eq!(opened.flags[0].reason, FlagReason::Unreadable);
    assert!(matches!(sharing.agreed(id), Err(Error::NotShareable)));
    let day = world.mentoring.clock().today();
    let offer = sharing.evidence(world.journal, day, day).expect("offered");
    assert_eq!((offer.may_be_used.len(), offer.unreadable), (0, 1));
}

#[test]
fn withdrawn_evidence_flags_the_draft_and_stops_consent_and_export() {
    let world = World::new();
    let source = world.note(world.journal, Label::Shareable, "led the audit");
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.journal, text("I led it.", &[source]))
        .expect("made");
    let id = made.line.id;
    let agreed = sharing
        .consent_summary(id, made.revision, sharing::Party::Me, "Helen Marsh")
        .expect("agreed");
    sharing.agreed(id).expect("it may leave");

    world.relabel(source, Label::Private);
    let flagged = sharing.open_summary(id).expect("opened");
    assert_eq!(flagged.flags.len(), 1);
    assert_eq!(flagged.flags[0].reason, FlagReason::NotShareable);
    assert!(matches!(sharing.agreed(id), Err(Error::NotShareable)));
    // The words may still be mended: what was there before is flagged, not refused.
    let mended = sharing.save_summary(id, agreed.revision, text("I led the audit.", &[source]));
    let mended = mended.expect("saved");
    let again = sharing.consent_summary(id, mended.revision, sharing::Party::Me, "Helen Marsh");
    assert!(matches!(again, Err(Error::NotShareable)));

    world.mentoring.bin_record(source).expect("binned");
    let flagged = sharing.open_summary(id).expect("opened");
    assert_eq!(flagged.flags[0].reason, FlagReason::Deleted);
}
