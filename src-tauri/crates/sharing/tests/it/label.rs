//! *Agreed* is derived: a record carries it while words that it stands in are agreed, and no longer.

use chrono::Duration;
use mentoring::{KindName, Label, RecordFilter, RecordId, ShownLabel, SpaceId};
use sharing::{Party, SummaryText, SummaryView};

use crate::world::{World, text};

fn agree(world: &World, space: SpaceId, text: SummaryText) -> SummaryView {
    let sharing = world.sharing();
    let mut view = sharing.create_summary(space, text).expect("made");
    for by in view.consent_needed.clone() {
        view = sharing
            .consent_summary(view.line.id, view.revision, by, "Somebody")
            .expect("yes");
    }
    view
}

fn with_label(world: &World, label: ShownLabel) -> Vec<RecordId> {
    let filter = RecordFilter {
        space: None,
        kinds: vec![KindName::Note],
        labels: vec![label],
        states: Vec::new(),
        parent: None,
        from: None,
        to: None,
        binned: false,
        offset: 0,
        limit: 100,
    };
    let page = world.mentoring.list_records(&filter).expect("listed");
    page.lines.iter().map(|line| line.id).collect()
}

#[test]
fn a_source_is_agreed_once_everyone_who_must_has_said_yes() {
    let world = World::new();
    let sharing = world.sharing();
    let source = world.note(world.amara, Label::Shareable, "led the audit");
    let other = world.note(world.amara, Label::Shareable, "stands in no summary");
    let made = sharing
        .create_summary(world.amara, text("She led it.", &[source]))
        .expect("made");
    let id = made.line.id;
    assert_eq!(world.shown(source), ShownLabel::Shareable);
    let one = sharing
        .consent_summary(id, made.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    assert_eq!(world.shown(source), ShownLabel::Shareable, "one of two");
    sharing
        .consent_summary(id, one.revision, Party::Them, "Amara Nwosu")
        .expect("yes");
    assert_eq!(world.shown(source), ShownLabel::Agreed);
    assert_eq!(world.shown(other), ShownLabel::Shareable);
    assert_eq!(with_label(&world, ShownLabel::Agreed), [source]);
    assert_eq!(with_label(&world, ShownLabel::Shareable), [other]);

    // In a journal one yes is enough.
    let mine = world.note(world.journal, Label::Shareable, "my own win");
    agree(&world, world.journal, text("I won.", &[mine]));
    assert_eq!(world.shown(mine), ShownLabel::Agreed);
}

#[test]
fn agreed_outlives_a_restart_and_a_rebuilt_index() {
    let world = World::new();
    let source = world.note(world.amara, Label::Shareable, "led the audit");
    agree(&world, world.amara, text("She led it.", &[source]));
    let world = world.reopen();
    assert_eq!(world.shown(source), ShownLabel::Agreed);
    world.mentoring.rebuild_index(world.amara).expect("rebuilt");
    assert_eq!(world.shown(source), ShownLabel::Agreed);
    let world = world.reopen();
    assert_eq!(world.shown(source), ShownLabel::Agreed);
}

#[test]
fn evidence_that_is_agreed_is_offered_as_agreed() {
    let world = World::new();
    let source = world.note(world.amara, Label::Shareable, "led the audit");
    let other = world.note(world.amara, Label::Shareable, "taught a course");
    agree(&world, world.amara, text("She led it.", &[source]));
    let day = world.mentoring.clock().today();
    let offer = world
        .sharing()
        .evidence(world.amara, day, day)
        .expect("offered");
    let label = |id| {
        let line = offer.may_be_used.iter().find(|used| used.line.id == id);
        line.expect("offered").line.label
    };
    assert_eq!(label(source), ShownLabel::Agreed);
    assert_eq!(label(other), ShownLabel::Shareable);
    assert_eq!(
        offer
            .may_be_used
            .iter()
            .find(|used| used.line.id == source)
            .expect("offered")
            .words,
        "led the audit"
    );
}

#[test]
fn what_no_sentence_rests_on_is_not_agreed() {
    let world = World::new();
    let named = world.note(world.amara, Label::Shareable, "led the audit");
    let laid_ready = world.note(world.amara, Label::Shareable, "not used after all");
    let mut words = text("She led it.", &[named]);
    words.evidence.push(laid_ready);
    agree(&world, world.amara, words);
    assert_eq!(world.shown(named), ShownLabel::Agreed);
    assert_eq!(world.shown(laid_ready), ShownLabel::Shareable);
}

#[test]
fn a_changed_word_ends_agreed_until_everyone_has_said_yes_again() {
    let world = World::new();
    let sharing = world.sharing();
    let source = world.note(world.journal, Label::Shareable, "led the audit");
    let agreed = agree(&world, world.journal, text("I led it.", &[source]));
    let id = agreed.line.id;
    let changed = sharing
        .save_summary(id, agreed.revision, text("I led it well.", &[source]))
        .expect("saved");
    assert_eq!(world.shown(source), ShownLabel::Shareable);
    sharing
        .consent_summary(id, changed.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    assert_eq!(world.shown(source), ShownLabel::Agreed);
}

#[test]
fn agreed_ends_with_the_summary_and_comes_back_with_it() {
    let world = World::new();
    let sharing = world.sharing();
    let source = world.note(world.journal, Label::Shareable, "led the audit");
    let id = agree(&world, world.journal, text("I led it.", &[source]))
        .line
        .id;
    sharing.delete_summary(id).expect("binned");
    assert_eq!(world.shown(source), ShownLabel::Shareable);
    sharing.restore_summary(id).expect("restored");
    assert_eq!(world.shown(source), ShownLabel::Agreed);
    sharing.delete_summary(id).expect("binned");
    sharing.erase_summary(id).expect("erased");
    assert_eq!(world.shown(source), ShownLabel::Shareable);
}

#[test]
fn agreed_ends_after_the_last_day_of_the_summary() {
    let world = World::new();
    let source = world.note(world.journal, Label::Shareable, "led the audit");
    let mut words = text("I led it.", &[source]);
    words.expires = Some(world.mentoring.clock().today() + Duration::days(1));
    agree(&world, world.journal, words);
    world.clock.forward(Duration::days(1));
    assert_eq!(world.shown(source), ShownLabel::Agreed, "the last day");
    world.clock.forward(Duration::days(1));
    assert_eq!(world.shown(source), ShownLabel::Shareable);
}

#[test]
fn a_record_that_is_private_again_or_in_the_bin_is_not_shown_as_agreed() {
    let world = World::new();
    let lowered = world.note(world.journal, Label::Shareable, "one");
    let binned = world.note(world.journal, Label::Shareable, "two");
    agree(&world, world.journal, text("Both.", &[lowered, binned]));
    world.relabel(lowered, Label::Private);
    assert_eq!(world.shown(lowered), ShownLabel::Private);
    world.relabel(lowered, Label::Shareable);
    assert_eq!(world.shown(lowered), ShownLabel::Agreed);
    world.mentoring.bin_record(binned).expect("binned");
    assert_eq!(world.shown(binned), ShownLabel::Shareable);
}

#[test]
fn an_earlier_version_of_an_agreed_record_is_shown_with_the_label_it_had() {
    let world = World::new();
    let source = world.note(world.journal, Label::Shareable, "first");
    world.clock.forward(Duration::hours(1));
    world.rewrite(source, "second");
    agree(&world, world.journal, text("I led it.", &[source]));
    assert_eq!(world.shown(source), ShownLabel::Agreed);
    let kept = world.mentoring.list_revisions(source).expect("listed");
    let earlier = world
        .mentoring
        .open_revision(source, kept[0].revision)
        .expect("opened");
    assert_eq!(earlier.line.label, ShownLabel::Shareable);
}
