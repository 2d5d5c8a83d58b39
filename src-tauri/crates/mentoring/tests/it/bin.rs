use chrono::Duration;
use mentoring::{Error, Label, RecordFilter};

use crate::world::{World, note, promise};

fn listed(world: &World, binned: bool) -> usize {
    let filter = RecordFilter {
        space: None,
        kinds: Vec::new(),
        labels: Vec::new(),
        states: Vec::new(),
        parent: None,
        from: None,
        to: None,
        binned,
        offset: 0,
        limit: 100,
    };
    world
        .mentoring
        .list_records(&filter)
        .expect("listed")
        .lines
        .len()
}

#[test]
fn what_is_binned_leaves_the_lists_and_comes_back_whole() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let made = world.note(space, Label::Private, "thrown away too early");
    world.mentoring.bin_record(made.meta.id).expect("binned");
    let world = world.reopen();
    assert_eq!((listed(&world, false), listed(&world, true)), (0, 1));
    world
        .mentoring
        .unbin_record(made.meta.id)
        .expect("put back");
    assert_eq!(world.text(made.meta.id), "thrown away too early");
    assert_eq!((listed(&world, false), listed(&world, true)), (1, 0));
}

#[test]
fn what_belongs_to_a_record_goes_with_it_and_comes_back_with_it() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let parent = world.note(space, Label::Private, "a meeting, say");
    let child = |text| {
        let mut draft = world.draft(space, Label::Private, promise(text, None));
        draft.parent = Some(parent.meta.id);
        world.mentoring.create(draft).expect("made")
    };
    let earlier = child("binned before");
    let with = child("binned with");
    world.mentoring.bin_record(earlier.meta.id).expect("binned");
    world.clock.forward(Duration::days(1));
    world.mentoring.bin_record(parent.meta.id).expect("binned");
    assert_eq!(listed(&world, true), 3);
    world
        .mentoring
        .unbin_record(parent.meta.id)
        .expect("put back");
    assert_eq!((listed(&world, false), listed(&world, true)), (2, 1));
    assert!(world.mentoring.line(with.meta.id).expect("there").is_kept());
    assert!(
        !world
            .mentoring
            .line(earlier.meta.id)
            .expect("there")
            .is_kept()
    );
}

#[test]
fn the_bin_empties_after_thirty_days_and_not_before() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let made = world.note(space, Label::Private, "first");
    world.clock.forward(Duration::hours(1));
    let made = world.rewrite(&made, "second");
    world.mentoring.bin_record(made.meta.id).expect("binned");
    world.clock.forward(Duration::days(29));
    let world = world.reopen();
    assert_eq!(listed(&world, true), 1);
    world.clock.forward(Duration::days(2));
    let world = world.reopen();
    assert_eq!(listed(&world, true), 0);
    // The head, its kept revision and its line are gone: what is left is the card and a page.
    let compartment = world.mentoring.vault().compartments()[0].id;
    let mut left = Vec::new();
    let vault = world.mentoring.vault();
    vault
        .visit(compartment, &mut |record| left.push(record.kind.0))
        .expect("visited");
    left.sort_unstable();
    assert_eq!(left, [1, 3]);
}

#[test]
fn only_what_is_in_the_bin_can_be_erased() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let made = world.note(space, Label::Private, "kept");
    assert!(matches!(
        world.mentoring.erase_record(made.meta.id),
        Err(Error::NotFound)
    ));
    world.mentoring.bin_record(made.meta.id).expect("binned");
    world.mentoring.erase_record(made.meta.id).expect("erased");
    assert!(matches!(
        world.mentoring.open_record(made.meta.id),
        Err(Error::NotFound)
    ));
}

#[test]
fn a_parent_of_another_space_is_refused() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let daniel = world.relationship("Daniel Rhee");
    let parent = world.note(amara, Label::Private, "hers");
    let mut draft = world.draft(daniel, Label::Private, note("his"));
    draft.parent = Some(parent.meta.id);
    assert!(matches!(
        world.mentoring.create(draft),
        Err(Error::NotFound)
    ));
}

#[test]
fn what_belongs_to_a_record_brings_it_back_but_not_its_other_belongings() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let belonging = |text, parent| {
        let mut draft = world.draft(space, Label::Private, note(text));
        draft.parent = Some(parent);
        world.mentoring.create(draft).expect("made").meta.id
    };
    let top = world.note(space, Label::Private, "a meeting, say").meta.id;
    let middle = belonging("of the meeting", top);
    let other = belonging("of the meeting too", top);
    let lowest = belonging("of what is of the meeting", middle);
    world.mentoring.bin_record(middle).expect("binned");
    world.clock.forward(Duration::days(1));
    world.mentoring.bin_record(top).expect("binned");
    assert_eq!(listed(&world, true), 4);
    world.mentoring.unbin_record(lowest).expect("put back");
    let is_kept = |id| world.mentoring.line(id).expect("there").is_kept();
    assert_eq!(
        [top, middle, other, lowest].map(is_kept),
        [true, true, false, true]
    );
}

#[test]
fn erasing_a_record_leaves_what_is_not_in_the_bin() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let parent = world.note(space, Label::Private, "a meeting, say");
    world.mentoring.bin_record(parent.meta.id).expect("binned");
    let mut draft = world.draft(space, Label::Private, promise("still to be kept", None));
    draft.parent = Some(parent.meta.id);
    let child = world.mentoring.create(draft).expect("made");
    world
        .mentoring
        .erase_record(parent.meta.id)
        .expect("erased");
    assert!(
        world
            .mentoring
            .line(child.meta.id)
            .expect("there")
            .is_kept()
    );
}
