use chrono::Duration;
use mentoring::{
    Error, Label,
    notes::{Note, NotePurpose},
};

use crate::world::{World, change, note};

#[test]
fn only_a_shareable_record_becomes_evidence() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let private = world.note(space, Label::Private, "worn down by nights");
    let shareable = world.note(space, Label::Shareable, "led the audit");
    let evidence = world
        .mentoring
        .evidence(space, shareable.meta.id)
        .expect("evidence");
    assert_eq!(evidence.words(), "led the audit");
    let refused = world.mentoring.evidence(space, private.meta.id);
    assert!(matches!(refused, Err(Error::NotShareable)));
}

#[test]
fn evidence_of_another_space_is_refused() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let daniel = world.relationship("Daniel Rhee");
    let hers = world.note(amara, Label::Shareable, "led the audit");
    assert!(matches!(
        world.mentoring.evidence(daniel, hers.meta.id),
        Err(Error::NotFound)
    ));
}

#[test]
fn evidence_ends_when_the_label_is_lowered_or_the_record_is_binned() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let lowered = world.note(space, Label::Shareable, "one");
    let mut lower = change(&lowered);
    lower.label = Label::Private;
    world.mentoring.save(lower).expect("saved");
    let refused = world.mentoring.evidence(space, lowered.meta.id);
    assert!(matches!(refused, Err(Error::NotShareable)));
    let binned = world.note(space, Label::Shareable, "two");
    world.mentoring.bin_record(binned.meta.id).expect("binned");
    assert!(matches!(
        world.mentoring.evidence(space, binned.meta.id),
        Err(Error::NotFound)
    ));
}

#[test]
fn an_offer_parts_what_may_be_used_from_what_stays_and_keeps_to_the_period() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    world.note(space, Label::Private, "stays");
    world.note(space, Label::Shareable, "may be used");
    let mut old = world.draft(space, Label::Shareable, note("too old"));
    old.on -= Duration::days(400);
    world.mentoring.create(old).expect("made");
    let to = world.mentoring.clock().today();
    let from = to - Duration::days(365);
    let offer = world
        .mentoring
        .evidence_between(space, from, to)
        .expect("offered");
    let words: Vec<_> = offer
        .may_be_used
        .iter()
        .map(|evidence| evidence.words())
        .collect();
    assert_eq!(words, ["may be used"]);
    assert_eq!(
        offer
            .stays
            .iter()
            .map(|line| line.title.as_str())
            .collect::<Vec<_>>(),
        ["stays"]
    );
}

#[test]
fn an_offer_counts_what_cannot_be_read_and_shows_the_rest() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let spoiled = world.note(space, Label::Shareable, "of a later version");
    world.note(space, Label::Shareable, "led the audit");
    world.spoil(&spoiled.meta);
    let day = world.mentoring.clock().today();
    let offer = world
        .mentoring
        .evidence_between(space, day, day)
        .expect("offered");
    assert_eq!((offer.may_be_used.len(), offer.unreadable), (1, 1));
    assert_eq!(offer.may_be_used[0].words(), "led the audit");
}

#[test]
fn an_observation_can_never_be_shareable() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let observation = Note {
        purpose: NotePurpose::Observation,
        ..note("sounded tired")
    };
    let forged = world.draft(space, Label::Shareable, observation.clone());
    assert!(matches!(
        world.mentoring.create(forged),
        Err(Error::LabelNotAllowed)
    ));
    let kept = world.make(space, Label::Private, observation);
    let mut raise = change(&kept);
    raise.label = Label::Shareable;
    assert!(matches!(
        world.mentoring.save(raise),
        Err(Error::LabelNotAllowed)
    ));
}
