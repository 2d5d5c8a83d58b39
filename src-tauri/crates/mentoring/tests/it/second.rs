//! Second passphrases: notebooks that are shut while the vault is open.

use mentoring::{Error, Guarded, Label, RecordId, Second, SpaceId, spaces::SealedState};
use vault::{CompartmentId, CompartmentOptions, Passphrase, Quiet};

use crate::world::{PASSPHRASE, World, note};

const SECOND: &str = "a second quiet river";

fn parse(text: &str) -> Passphrase {
    Passphrase::parse(text).expect("a good passphrase")
}

fn set(world: &World, space: SpaceId, shown_as: &str) {
    world
        .mentoring
        .set_second_passphrase(space, shown_as, &parse(SECOND), testkit::CHEAP, &Quiet)
        .expect("set")
        .destruction
        .expect("the old key is destroyed");
}

fn open(world: &World, space: SpaceId, passphrase: &str) -> Result<String, Error> {
    let opened = world
        .mentoring
        .open_space(space, &parse(passphrase), &Quiet)?;
    Ok(opened.card.name)
}

fn shut(world: &World) -> Vec<(SpaceId, String, bool)> {
    let shut = world.mentoring.shut_spaces().into_iter();
    shut.map(|one| (one.id, one.shown_as, one.sealed)).collect()
}

fn alias(space: SpaceId) -> String {
    format!("sealed:{space}")
}

/// All that sealing has done when it is cut off between the compartment and the card: no room, a kill.
fn cut_off(world: &World, alias: Option<String>, passphrase: &Passphrase) -> CompartmentId {
    let options = CompartmentOptions {
        alias,
        second: Some((passphrase, testkit::CHEAP)),
    };
    let vault = world.mentoring.vault();
    vault.make_compartment(options).expect("made")
}

/// The compartments of what is sealed in a notebook, or was to be.
fn parts(world: &World, space: SpaceId) -> Vec<CompartmentId> {
    let compartments = world.mentoring.vault().compartments().into_iter();
    compartments
        .filter(|one| one.alias == Some(alias(space)))
        .map(|one| one.id)
        .collect()
}

#[test]
fn a_notebook_with_a_second_passphrase_is_shut_until_it_is_given() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let daniel = world.relationship("Daniel Rhee");
    let hers = world.note(amara, Label::Private, "an ordinary day").meta.id;
    let his = world.note(daniel, Label::Private, "a good day").meta.id;
    let day = "2026-06-20".parse().expect("a day");
    world
        .mentoring
        .keep_space_until(amara, Some(day))
        .expect("kept");
    set(&world, amara, "  The blue one ");
    let there = world.mentoring.space(amara).expect("it stays open");
    assert!(there.second_passphrase);
    assert_eq!(there.shown_as.as_deref(), Some("The blue one"));
    assert_eq!(shut(&world), []);
    assert_eq!(world.text(hers), "an ordinary day");

    let world = world.reopen();
    let listed: Vec<_> = world
        .mentoring
        .list_spaces()
        .iter()
        .map(|space| space.id)
        .collect();
    assert_eq!(listed, [daniel]);
    assert_eq!(shut(&world), [(amara, "The blue one".to_owned(), false)]);
    assert_eq!(world.text(his), "a good day");
    assert!(matches!(
        world.mentoring.open_record(hers),
        Err(Error::NotFound)
    ));
    assert!(matches!(
        world.mentoring.space(amara),
        Err(Error::SpaceLocked)
    ));
    let refused = world
        .mentoring
        .create(world.draft(amara, Label::Private, note("not now")));
    assert!(matches!(refused, Err(Error::SpaceLocked)));
    let today = world.mentoring.today().expect("today");
    assert!(
        today.touched.iter().all(|line| line.space != amara),
        "nothing of it is gathered"
    );
    let ends: Vec<_> = today
        .endings
        .iter()
        .map(|end| (end.space, end.on))
        .collect();
    assert_eq!(ends, [(amara, day)], "its end is known all the same");

    for wrong in ["another quiet river", PASSPHRASE] {
        assert!(matches!(
            open(&world, amara, wrong),
            Err(Error::Vault(vault::Error::WrongCredential))
        ));
    }
    assert_eq!(open(&world, amara, SECOND).expect("opened"), "Amara Nwosu");
    assert_eq!(world.text(hers), "an ordinary day");
    assert_eq!(shut(&world), []);
    let more = world.note(amara, Label::Private, "another day").meta.id;

    let closed = world.mentoring.close_space(amara).expect("shut");
    assert_eq!(closed.shown_as, "The blue one");
    assert_eq!(closed.keep_until, Some(day));
    assert!(world.mentoring.open_record(more).is_err());
    open(&world, amara, SECOND).expect("opened again");
    assert_eq!(world.text(more), "another day");
}

#[test]
fn it_is_changed_shown_otherwise_and_removed() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let id = world.note(amara, Label::Private, "an ordinary day").meta.id;
    let present = parse(SECOND);
    let next = parse("a third quiet river");
    let change = |world: &World, present: &Passphrase, next: &Passphrase| {
        let present = Second {
            space: amara,
            part: Guarded::Notebook,
            passphrase: present,
        };
        world
            .mentoring
            .change_second_passphrase(present, next, testkit::CHEAP, &Quiet)
            .map(drop)
    };
    assert!(matches!(
        change(&world, &present, &next),
        Err(Error::Vault(vault::Error::NoSecondPassphrase))
    ));
    assert!(matches!(
        world.mentoring.close_space(amara),
        Err(Error::Vault(vault::Error::NoSecondPassphrase))
    ));
    set(&world, amara, "The blue one");
    let again =
        world
            .mentoring
            .set_second_passphrase(amara, "Another", &next, testkit::CHEAP, &Quiet);
    assert!(matches!(
        again,
        Err(Error::Vault(vault::Error::HasSecondPassphrase))
    ));
    let shown = world.mentoring.show_space_as(amara, "Monday").expect("so");
    assert_eq!(shown.shown_as.as_deref(), Some("Monday"));
    for refused in ["", "  ", &"x".repeat(65), &format!("sealed:{amara}")] {
        assert!(world.mentoring.show_space_as(amara, refused).is_err());
    }
    assert!(matches!(
        change(&world, &next, &present),
        Err(Error::Vault(vault::Error::WrongCredential))
    ));
    world.mentoring.close_space(amara).expect("shut");
    change(&world, &present, &next).expect("changed while it is shut");
    assert_eq!(shut(&world), [(amara, "Monday".to_owned(), false)]);
    assert!(matches!(
        world
            .mentoring
            .remove_second_passphrase(amara, &next, &Quiet),
        Err(Error::SpaceLocked)
    ));
    assert!(open(&world, amara, SECOND).is_err());
    open(&world, amara, "a third quiet river").expect("opened");
    world
        .mentoring
        .remove_second_passphrase(amara, &next, &Quiet)
        .expect("removed");
    let there = world.mentoring.space(amara).expect("open");
    assert_eq!((there.second_passphrase, there.shown_as), (false, None));
    let world = world.reopen();
    assert_eq!(world.text(id), "an ordinary day");
    assert_eq!(shut(&world), []);
}

#[test]
fn what_is_sealed_in_a_notebook_that_is_shut_goes_its_way_with_it() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let sealed = parse("a sealed quiet river");
    world
        .mentoring
        .make_sealed(amara, &sealed, testkit::CHEAP)
        .expect("made");
    let id = world.note(amara, Label::Sealed, "a complaint").meta.id;
    set(&world, amara, "The blue one");
    let closed = world.mentoring.close_space(amara).expect("shut");
    assert!(closed.sealed);
    assert!(world.mentoring.open_record(id).is_err());

    // A part of its own is no notebook, whether its notebook is open or shut.
    let world = world.reopen();
    assert_eq!(shut(&world), [(amara, "The blue one".to_owned(), true)]);
    assert_eq!(world.mentoring.list_spaces(), []);

    let second = parse(SECOND);
    let of_sealed = Second {
        space: amara,
        part: Guarded::Sealed,
        passphrase: &sealed,
    };
    let of_notebook = Second {
        space: amara,
        part: Guarded::Notebook,
        passphrase: &second,
    };
    // New keys for everything want both, though both are shut.
    let rekey = |seconds: &[Second<'_>]| {
        world.mentoring.rekey(
            &parse("nine loud rivers"),
            testkit::CHEAP,
            &vault::SpareKey::make().expect("made"),
            seconds,
            &Quiet,
        )
    };
    for missing in [&[][..], &[of_sealed], &[of_notebook]] {
        assert!(matches!(rekey(missing), Err(Error::SecondMissing)));
        let given: Vec<_> = missing.iter().map(|one| (one.space, one.part)).collect();
        assert!(matches!(
            world.mentoring.expect_seconds(&given),
            Err(Error::SecondMissing)
        ));
    }
    rekey(&[of_sealed, of_notebook])
        .expect("new keys")
        .destruction
        .expect("the old are destroyed");
    assert_eq!(shut(&world), [(amara, "The blue one".to_owned(), true)]);
    let next = parse("another sealed river");
    world
        .mentoring
        .change_second_passphrase(of_sealed, &next, testkit::CHEAP, &Quiet)
        .expect("changed while all is shut");
    open(&world, amara, SECOND).expect("opened");
    assert_eq!(
        world.mentoring.space(amara).expect("open").sealed,
        SealedState::Shut
    );
    assert!(world.mentoring.open_sealed(amara, &sealed, &Quiet).is_err());
    world
        .mentoring
        .open_sealed(amara, &next, &Quiet)
        .expect("opened");
    assert_eq!(world.text(id), "a complaint");
}

#[test]
fn a_notebook_whose_passphrase_is_lost_can_be_forgotten_with_what_is_sealed_in_it() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let kept = world.relationship("Daniel Rhee");
    world
        .mentoring
        .make_sealed(amara, &parse("a sealed quiet river"), testkit::CHEAP)
        .expect("made");
    world.note(amara, Label::Sealed, "a complaint");
    set(&world, amara, "The blue one");
    let world = world.reopen();
    let compartments = world.mentoring.vault().compartments().len();
    let gone = world
        .mentoring
        .forget_space(amara, &Quiet)
        .expect("forgotten");
    assert_eq!(
        (gone.monogram.as_str(), gone.kind, gone.since),
        ("TO", None, None)
    );
    assert!(gone.sealed);
    assert!(gone.report.rows >= 3);
    assert_eq!(
        world.mentoring.vault().compartments().len(),
        compartments - 2
    );
    assert_eq!(shut(&world), []);
    assert!(world.mentoring.space(kept).is_ok());
    assert!(matches!(
        world.mentoring.forget_space(amara, &Quiet),
        Err(Error::SpaceNotFound)
    ));
}

#[test]
fn sealing_that_was_cut_off_is_begun_again_and_leaves_one_part() {
    let sealed = parse("a sealed quiet river");
    let other = parse("another sealed river");
    for (tried, taken) in [
        (vec![&sealed], Some(0)),
        (vec![&other], None),
        (vec![&other, &sealed, &sealed], Some(1)),
    ] {
        let world = World::new();
        let amara = world.relationship("Amara Nwosu");
        let left: Vec<_> = tried
            .iter()
            .map(|passphrase| cut_off(&world, Some(alias(amara)), passphrase))
            .collect();
        let world = world.reopen();
        world
            .mentoring
            .make_sealed(amara, &sealed, testkit::CHEAP)
            .expect("made");
        let made = parts(&world, amara);
        assert_eq!(made.len(), 1, "what was left is taken or dropped");
        let again = left.iter().position(|id| made.contains(id));
        assert_eq!(again, taken, "it is taken if the passphrase is the same");
        let id = world.note(amara, Label::Sealed, "a complaint").meta.id;

        let world = world.reopen();
        world
            .mentoring
            .open_sealed(amara, &sealed, &Quiet)
            .expect("opened");
        assert_eq!(world.text(id), "a complaint");
        world
            .mentoring
            .expect_seconds(&[(amara, Guarded::Sealed)])
            .expect("nothing else is asked for");
    }
}

#[test]
fn a_notebook_is_shut_without_what_was_never_sealed_in_it() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    cut_off(&world, Some(alias(amara)), &parse("a sealed quiet river"));
    set(&world, amara, "The blue one");
    assert_eq!(parts(&world, amara), []);
    let closed = world.mentoring.close_space(amara).expect("shut");
    assert!(!closed.sealed);
    open(&world, amara, SECOND).expect("opened");
}

#[test]
fn what_is_sealed_goes_with_a_shut_notebook_though_sealing_was_once_cut_off() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let sealed = parse("a sealed quiet river");
    cut_off(&world, Some(alias(amara)), &sealed);
    world
        .mentoring
        .make_sealed(amara, &sealed, testkit::CHEAP)
        .expect("made");
    world.note(amara, Label::Sealed, "a complaint");
    set(&world, amara, "The blue one");
    let world = world.reopen();
    let gone = world
        .mentoring
        .forget_space(amara, &Quiet)
        .expect("forgotten");
    assert!(gone.sealed, "the receipt says that it went");
    assert_eq!(parts(&world, amara), [], "the words that were sealed went");
    world
        .mentoring
        .expect_seconds(&[])
        .expect("nobody is asked for a passphrase of what is gone");
}

fn of_sealed(space: SpaceId, passphrase: &Passphrase) -> Second<'_> {
    Second {
        space,
        part: Guarded::Sealed,
        passphrase,
    }
}

/// A shut notebook of which two compartments have the alias of its sealed part, the empty one first; earlier programs left
/// that where sealing was cut off and begun again.
fn doubled(sealed: &Passphrase, cut_off_with: &Passphrase) -> (World, SpaceId, RecordId) {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let empty = cut_off(&world, None, cut_off_with);
    world
        .mentoring
        .make_sealed(amara, sealed, testkit::CHEAP)
        .expect("made");
    let id = world.note(amara, Label::Sealed, "a complaint").meta.id;
    set(&world, amara, "The blue one");
    let vault = world.mentoring.vault();
    vault
        .set_alias(empty, Some(&alias(amara)))
        .expect("as it was made");
    let world = world.reopen();
    let there = parts(&world, amara);
    assert_eq!((there.len(), there[0]), (2, empty));
    (world, amara, id)
}

#[test]
fn of_two_parts_with_one_alias_both_go_with_a_shut_notebook() {
    let sealed = parse("a sealed quiet river");
    let (world, amara, _) = doubled(&sealed, &sealed);
    let before = world.mentoring.vault().compartments().len();
    let gone = world
        .mentoring
        .forget_space(amara, &Quiet)
        .expect("forgotten");
    assert!(gone.sealed);
    assert!(gone.report.rows >= 3, "a card, another, and a note");
    let left = world.mentoring.vault().compartments().len();
    assert_eq!(left, before - 3);
    assert_eq!(parts(&world, amara), []);
    world.mentoring.expect_seconds(&[]).expect("nothing");
}

#[test]
fn of_two_parts_with_one_alias_both_go_with_an_open_notebook() {
    let sealed = parse("a sealed quiet river");
    let (world, amara, _) = doubled(&sealed, &sealed);
    open(&world, amara, SECOND).expect("opened");
    let gone = world
        .mentoring
        .forget_space(amara, &Quiet)
        .expect("forgotten");
    assert!(gone.sealed);
    assert_eq!(parts(&world, amara), []);
    world.mentoring.expect_seconds(&[]).expect("nothing");
}

#[test]
fn of_two_parts_with_one_alias_a_passphrase_is_for_the_one_that_holds_something() {
    let sealed = parse("a sealed quiet river");
    let other = parse("another sealed river");
    let (world, amara, id) = doubled(&sealed, &other);
    assert!(matches!(
        world
            .mentoring
            .try_second_passphrase(of_sealed(amara, &other), &Quiet),
        Err(Error::Vault(vault::Error::WrongCredential))
    ));
    world
        .mentoring
        .try_second_passphrase(of_sealed(amara, &sealed), &Quiet)
        .expect("it is the right one");
    let next = parse("a third quiet river");
    world
        .mentoring
        .change_second_passphrase(of_sealed(amara, &sealed), &next, testkit::CHEAP, &Quiet)
        .expect("changed while all is shut");

    let second = parse(SECOND);
    let of_notebook = Second {
        space: amara,
        part: Guarded::Notebook,
        passphrase: &second,
    };
    assert!(matches!(
        world
            .mentoring
            .expect_seconds(&[(amara, Guarded::Notebook)]),
        Err(Error::SecondMissing)
    ));
    world
        .mentoring
        .expect_seconds(&[(amara, Guarded::Notebook), (amara, Guarded::Sealed)])
        .expect("nobody is asked for that of the empty one");
    world
        .mentoring
        .rekey(
            &parse("nine loud rivers"),
            testkit::CHEAP,
            &vault::SpareKey::make().expect("made"),
            &[of_notebook, of_sealed(amara, &next)],
            &Quiet,
        )
        .expect("new keys")
        .destruction
        .expect("the old are destroyed");
    assert_eq!(parts(&world, amara).len(), 1, "the empty one is dropped");
    open(&world, amara, SECOND).expect("opened");
    world
        .mentoring
        .open_sealed(amara, &next, &Quiet)
        .expect("opened");
    assert_eq!(world.text(id), "a complaint");
}
