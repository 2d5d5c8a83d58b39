//! Second passphrases: notebooks that are shut while the vault is open.

use mentoring::{Error, Guarded, Label, Second, SpaceId, spaces::SealedState};
use vault::{Passphrase, Quiet};

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
