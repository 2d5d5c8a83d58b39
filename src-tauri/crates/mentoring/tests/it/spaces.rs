use mentoring::{Error, Label, RecordFilter, spaces::SpaceKind};

use crate::world::{World, relationship};

#[test]
fn a_space_survives_a_restart_with_all_that_its_owner_said() {
    let world = World::new();
    let made = world
        .mentoring
        .create_space(relationship("Amara Nwosu"))
        .expect("made");
    let world = world.reopen();
    assert_eq!(world.mentoring.list_spaces(), [made]);
}

#[test]
fn each_space_is_a_compartment_of_its_own() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let daniel = world.relationship("Daniel Rhee");
    world.note(amara, Label::Private, "worn down by nights");
    assert_eq!(world.mentoring.vault().compartments().len(), 2);
    let of = |space| {
        world
            .mentoring
            .lines(Some(space), |_| true)
            .expect("open")
            .len()
    };
    assert_eq!((of(amara), of(daniel)), (1, 0));
    // What the vault holds under Daniel's key has nothing of Amara's in it.
    let mut seen = Vec::new();
    let daniels = world.mentoring.vault().compartments()[1].id;
    world
        .mentoring
        .vault()
        .visit(daniels, &mut |record| {
            seen.extend_from_slice(record.payload)
        })
        .expect("visited");
    assert!(!String::from_utf8_lossy(&seen).contains("worn down"));
}

#[test]
fn two_spaces_cannot_have_one_name_but_a_space_may_keep_its_own() {
    let world = World::new();
    let id = world.relationship("Amara Nwosu");
    let again = world.mentoring.create_space(relationship(" amara nwosu "));
    assert!(matches!(again, Err(Error::NameTaken)));
    let mut draft = relationship("Amara Nwosu");
    draft.about = "Clinician".to_owned();
    assert_eq!(
        world
            .mentoring
            .update_space(id, draft)
            .expect("saved")
            .card
            .about,
        "Clinician"
    );
}

#[test]
fn a_space_needs_a_name_and_a_relationship_needs_a_role() {
    let world = World::new();
    assert!(matches!(
        world.mentoring.create_space(relationship("  ")),
        Err(Error::Missing { .. })
    ));
    let mut draft = relationship("Daniel Rhee");
    draft.role = None;
    assert!(matches!(
        world.mentoring.create_space(draft),
        Err(Error::Missing { .. })
    ));
    assert_eq!(
        world.mentoring.vault().compartments().len(),
        0,
        "a refusal makes no compartment"
    );
}

#[test]
fn the_kind_of_a_space_stays_what_it_was() {
    let world = World::new();
    let id = world.relationship("Amara Nwosu");
    let mut draft = relationship("Amara Nwosu");
    draft.kind = SpaceKind::Journal;
    let after = world.mentoring.update_space(id, draft).expect("saved");
    assert_eq!(after.card.kind, SpaceKind::Relationship);
}

#[test]
fn the_profile_is_kept_and_is_no_notebook() {
    let world = World::new();
    let profile = mentoring::profile::Profile {
        name: " Helen Marsh ".to_owned(),
    };
    world.mentoring.save_profile(&profile).expect("saved");
    let world = world.reopen();
    assert_eq!(world.mentoring.profile().expect("read").name, "Helen Marsh");
    assert!(world.mentoring.list_spaces().is_empty());
    assert_eq!(world.mentoring.today().expect("read").name, "Helen Marsh");
}

#[test]
fn an_unknown_space_is_said_to_be_unknown() {
    let world = World::new();
    let nowhere = mentoring::SpaceId::from_bytes([7; 16]);
    let filter = RecordFilter {
        space: Some(nowhere),
        kinds: Vec::new(),
        labels: Vec::new(),
        states: Vec::new(),
        parent: None,
        from: None,
        to: None,
        binned: false,
        offset: 0,
        limit: 10,
    };
    assert!(matches!(
        world.mentoring.list_records(&filter),
        Err(Error::SpaceNotFound)
    ));
}
