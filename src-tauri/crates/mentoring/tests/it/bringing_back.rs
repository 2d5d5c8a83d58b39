//! Single records are brought back from a backup, and nothing that is here now is lost.

use std::path::PathBuf;

use chrono::Duration;
use mentoring::{HereNow, KeptRecords, Label, RecordId, ShownLabel, SpaceId, notes::Note};
use vault::{Credential, Passphrase, Quiet};

use crate::world::{PASSPHRASE, World, change, promise};

fn back_up(world: &World, name: &str) -> PathBuf {
    let path = world.folder().with_file_name(name);
    world.mentoring.vault().backup(&path, &Quiet).expect("made");
    path
}

fn look(world: &World, backup: &std::path::Path) -> Vec<(RecordId, HereNow)> {
    let kept: KeptRecords = world
        .mentoring
        .look_into_backup(backup, None, &Quiet)
        .expect("read");
    assert_eq!(kept.untold, []);
    let lines = kept.records.iter();
    lines.map(|one| (one.line.id, one.here)).collect()
}

fn bring(world: &World, backup: &std::path::Path, ids: &[RecordId]) {
    let back = world.mentoring.bring_back(backup, None, ids, &Quiet);
    let back: Vec<_> = back.expect("back").iter().map(|one| one.line.id).collect();
    let mut expected = ids.to_vec();
    expected.sort();
    let mut sorted = back.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
}

fn erase(world: &World, id: RecordId) {
    world.mentoring.bin_record(id).expect("binned");
    world.mentoring.erase_record(id).expect("erased");
}

fn said(before: &mentoring::Opened<Note>, text: &str) -> mentoring::Change<Note> {
    let mut change = change(before);
    change.body.text = text.to_owned();
    change
}

fn space_of(world: &World) -> SpaceId {
    world.relationship("Amara Nwosu")
}

#[test]
fn what_was_changed_thrown_away_or_erased_since_is_listed_and_comes_back() {
    let world = World::new();
    let space = space_of(&world);
    let [same, changed, binned, erased] = ["same", "changed", "binned", "erased"]
        .map(|text| world.note(space, Label::Private, text).meta.id);
    let backup = back_up(&world, "one.cfdbackup");
    assert_eq!(look(&world, &backup), [], "all is as it was");

    world.clock.forward(Duration::hours(1));
    let before = world.mentoring.record::<Note>(changed).expect("there");
    world
        .mentoring
        .save(said(&before, "otherwise"))
        .expect("saved");
    world.mentoring.bin_record(binned).expect("binned");
    erase(&world, erased);
    world.note(space, Label::Private, "newer");
    let mut listed = look(&world, &backup);
    listed.sort_by_key(|(id, _)| *id);
    assert_eq!(
        listed,
        [
            (changed, HereNow::Changed),
            (binned, HereNow::Binned),
            (erased, HereNow::Gone)
        ]
    );

    bring(&world, &backup, &[changed, binned, erased]);
    assert_eq!(look(&world, &backup), [], "all says what it said");
    for (id, text) in [(changed, "changed"), (binned, "binned"), (erased, "erased")] {
        assert_eq!(world.text(id), text);
        let line = world.mentoring.line(id).expect("there");
        assert!(line.is_kept());
    }
    let earlier = world.mentoring.list_revisions(changed).expect("kept");
    assert!(!earlier.is_empty(), "what was here is kept");
    world.mentoring.undo_record(changed).expect("undone");
    assert_eq!(world.text(changed), "otherwise");
    let world = world.reopen();
    assert_eq!(world.text(erased), "erased");
    assert_eq!(world.text(same), "same");
    assert_eq!(
        world
            .mentoring
            .lines(Some(space), |_| true)
            .expect("all")
            .len(),
        5
    );
}

#[test]
fn labels_are_not_raised_and_what_belongs_together_comes_back_together() {
    let world = World::new();
    let space = space_of(&world);
    let lowered = world
        .note(space, Label::Shareable, "once shareable")
        .meta
        .id;
    let raised = world.note(space, Label::Private, "once private").meta.id;
    let of = world
        .note(space, Label::Private, "a meeting of sorts")
        .meta
        .id;
    let mut draft = world.draft(space, Label::Private, promise("read it", None));
    draft.parent = Some(of);
    let child = world.mentoring.create(draft).expect("made").meta.id;
    let backup = back_up(&world, "one.cfdbackup");
    world.clock.forward(Duration::hours(1));
    for (id, label) in [(lowered, Label::Private), (raised, Label::Shareable)] {
        let before = world.mentoring.record::<Note>(id).expect("there");
        let mut next = said(&before, "again");
        next.label = label;
        world.mentoring.save(next).expect("saved");
    }
    erase(&world, of);
    assert!(world.mentoring.line(child).is_err(), "it went with it");

    bring(&world, &backup, &[lowered, raised, child, of]);
    for id in [lowered, raised] {
        let view = world.mentoring.open_record(id).expect("there");
        assert_eq!(view.line.label, ShownLabel::Private);
    }
    assert_eq!(
        world.mentoring.line(child).expect("back").parent,
        Some(of),
        "the one it belongs to came first"
    );
    // One that comes back alone belongs to nothing.
    erase(&world, of);
    bring(&world, &backup, &[child]);
    assert_eq!(world.mentoring.line(child).expect("back").parent, None);
}

#[test]
fn nothing_comes_back_of_what_is_sealed_or_was_forgotten_and_nothing_on_an_error() {
    let world = World::new();
    let space = space_of(&world);
    let gone = world.relationship("Daniel Rhee");
    let sealed = world.note(space, Label::Private, "to be sealed").meta.id;
    let his = world.note(gone, Label::Private, "his alone").meta.id;
    let mine = world.note(space, Label::Private, "mine").meta.id;
    let backup = back_up(&world, "one.cfdbackup");
    let second = Passphrase::parse("a second quiet river").expect("good");
    world
        .mentoring
        .make_sealed(space, &second, testkit::CHEAP)
        .expect("made");
    let before = world.mentoring.record::<Note>(sealed).expect("there");
    let mut next = said(&before, "now sealed");
    next.label = Label::Sealed;
    world.mentoring.save(next).expect("sealed");
    world.mentoring.forget_space(gone, &Quiet).expect("gone");
    assert_eq!(look(&world, &backup), []);
    let refused = |ids: &[RecordId]| world.mentoring.bring_back(&backup, None, ids, &Quiet);
    assert!(matches!(refused(&[his]), Err(mentoring::Error::NotFound)));
    erase(&world, mine);
    assert!(refused(&[mine, his]).is_err());
    assert!(
        world.mentoring.line(mine).is_err(),
        "all are there or none is tried"
    );

    let wrong = Passphrase::parse("not this one").expect("good");
    let by = |passphrase| {
        world
            .mentoring
            .look_into_backup(&backup, Some(Credential::Passphrase(passphrase)), &Quiet)
    };
    assert!(matches!(
        by(&wrong),
        Err(mentoring::Error::Vault(vault::Error::WrongCredential))
    ));
    let right = Passphrase::parse(PASSPHRASE).expect("good");
    assert_eq!(by(&right).expect("read").records.len(), 1);
}

#[test]
fn while_what_is_sealed_is_shut_nothing_that_may_be_in_it_is_shown_or_made_again() {
    let world = World::new();
    let space = space_of(&world);
    let [sealed, erased, changed] = ["to be sealed", "to be erased", "to be changed"]
        .map(|text| world.note(space, Label::Private, text).meta.id);
    let backup = back_up(&world, "one.cfdbackup");
    let second = Passphrase::parse("a second quiet river").expect("good");
    let mentoring = &world.mentoring;
    mentoring
        .make_sealed(space, &second, testkit::CHEAP)
        .expect("made");
    world.clock.forward(Duration::hours(1));
    let before = mentoring.record::<Note>(sealed).expect("there");
    let mut next = said(&before, "worse than it was");
    next.label = Label::Sealed;
    mentoring.save(next).expect("sealed");
    let before = mentoring.record::<Note>(changed).expect("there");
    mentoring.save(said(&before, "otherwise")).expect("saved");
    erase(&world, erased);
    mentoring.shut_sealed(space).expect("shut");

    let kept = mentoring.look_into_backup(&backup, None, &Quiet);
    let kept = kept.expect("read");
    let lines: Vec<_> = kept.records.iter().map(|one| one.line.id).collect();
    assert_eq!((lines, kept.untold), (vec![changed], vec![space]));
    for id in [sealed, erased] {
        let refused = mentoring.bring_back(&backup, None, &[id], &Quiet);
        assert!(matches!(refused, Err(mentoring::Error::SealedShut)));
        assert!(mentoring.line(id).is_err(), "nothing was made");
    }

    mentoring
        .open_sealed(space, &second, &Quiet)
        .expect("opened");
    assert_eq!(world.text(sealed), "worse than it was");
    let mut listed = look(&world, &backup);
    listed.sort_by_key(|(id, _)| *id);
    assert_eq!(
        listed,
        [(erased, HereNow::Gone), (changed, HereNow::Changed)]
    );
    bring(&world, &backup, &[erased]);
    assert_eq!(world.text(erased), "to be erased");
}
