use chrono::Duration;
use mentoring::{Error, Label, Owner, commitments::Commitment, notes::Note};

use crate::world::{World, change, promise};

#[test]
fn edits_of_one_sitting_make_one_revision_and_a_later_sitting_keeps_what_was() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let mut note = world.note(space, Label::Private, "a");
    for text in ["ab", "abc", "abcd"] {
        world.clock.forward(Duration::minutes(2));
        note = world.rewrite(&note, text);
    }
    assert!(
        world
            .mentoring
            .list_revisions(note.meta.id)
            .expect("listed")
            .is_empty()
    );
    world.clock.forward(Duration::hours(3));
    note = world.rewrite(&note, "rewritten");
    let kept = world
        .mentoring
        .list_revisions(note.meta.id)
        .expect("listed");
    assert_eq!(kept.len(), 1);
    let old = world
        .mentoring
        .revision::<Note>(note.meta.id, kept[0].revision)
        .expect("opened");
    assert_eq!(old.body.text, "abcd");
}

#[test]
fn undo_goes_back_and_what_was_undone_is_kept() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let note = world.note(space, Label::Private, "first");
    world.clock.forward(Duration::hours(1));
    let note = world.rewrite(&note, "second");
    let world = world.reopen();
    let back = world.mentoring.undo::<Note>(note.meta.id).expect("undone");
    assert_eq!(back.body.text, "first");
    let kept = world
        .mentoring
        .list_revisions(note.meta.id)
        .expect("listed");
    let texts: Vec<_> = kept
        .iter()
        .map(|line| {
            world
                .mentoring
                .revision::<Note>(note.meta.id, line.revision)
        })
        .map(|state| state.expect("opened").body.text)
        .collect();
    assert_eq!(texts, ["second", "first"]);
}

#[test]
fn undoing_a_record_without_history_says_so_and_changes_nothing() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let note = world.note(space, Label::Private, "only");
    assert!(matches!(
        world.mentoring.undo::<Note>(note.meta.id),
        Err(Error::NotFound)
    ));
    assert_eq!(world.text(note.meta.id), "only");
}

#[test]
fn every_change_of_a_promise_is_kept() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let mut made = world.make(space, Label::Private, promise("read the draft", None));
    for owner in [Owner::Them, Owner::Both] {
        let mut change = change(&made);
        change.body.owner = owner;
        made = world.mentoring.save(change).expect("saved");
    }
    assert_eq!(
        world
            .mentoring
            .list_revisions(made.meta.id)
            .expect("listed")
            .len(),
        2
    );
    let back = world
        .mentoring
        .undo::<Commitment>(made.meta.id)
        .expect("undone");
    assert_eq!(back.body.owner, Owner::Them);
}

#[test]
fn a_change_of_label_is_always_kept_and_restoring_words_never_raises_the_label() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let note = world.note(space, Label::Shareable, "said in confidence after all");
    let mut lowered = change(&note);
    lowered.label = Label::Private;
    lowered.body.text = "other".to_owned();
    let note = world.mentoring.save(lowered).expect("saved");
    let kept = world
        .mentoring
        .list_revisions(note.meta.id)
        .expect("listed");
    assert_eq!(kept[0].label, Label::Shareable);
    let back = world
        .mentoring
        .restore::<Note>(note.meta.id, kept[0].revision)
        .expect("restored");
    assert_eq!(back.body.text, "said in confidence after all");
    assert_eq!(back.meta.label, Label::Private);
}

#[test]
fn a_change_made_from_an_older_state_is_refused_and_overwrites_nothing() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let opened = world.note(space, Label::Private, "both have this open");
    world.rewrite(&opened, "one saved first");
    let mut late = change(&opened);
    late.body.text = "the other came late".to_owned();
    assert!(matches!(
        world.mentoring.save(late),
        Err(Error::ChangedElsewhere)
    ));
    assert_eq!(world.text(opened.meta.id), "one saved first");
}

#[test]
fn a_change_that_takes_the_place_of_anothers_keeps_it_within_one_sitting_too() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let opened = world.note(space, Label::Private, "both have this open");
    let theirs = world.rewrite(&opened, "one saved first");
    let mut mine = change(&opened);
    mine.body.text = "the other came late".to_owned();
    assert!(matches!(
        world.mentoring.save(mine.clone()),
        Err(Error::ChangedElsewhere)
    ));
    // "Keep mine": the same once more, from what is there now.
    mine.revision = theirs.meta.revision;
    mine.keep_earlier = true;
    let saved = world.mentoring.save(mine).expect("saved");
    let kept = world
        .mentoring
        .list_revisions(opened.meta.id)
        .expect("listed");
    assert_eq!(kept.len(), 1);
    let back = world
        .mentoring
        .revision::<Note>(opened.meta.id, kept[0].revision)
        .expect("opened");
    assert_eq!(back.body.text, "one saved first");
    // What is typed after it is of the same sitting again.
    world.rewrite(&saved, "the other came late, and went on");
    let kept = world
        .mentoring
        .list_revisions(opened.meta.id)
        .expect("listed");
    assert_eq!(kept.len(), 1);
}

#[test]
fn saving_what_is_there_already_writes_nothing() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let note = world.note(space, Label::Private, "same");
    world.clock.forward(Duration::hours(1));
    let again = world.mentoring.save(change(&note)).expect("saved");
    assert_eq!(again, note);
}

#[test]
fn words_written_while_private_do_not_become_shareable_by_undoing() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let note = world.note(space, Label::Private, "said in confidence");
    let mut raised = change(&note);
    raised.label = Label::Shareable;
    raised.body.text = "fit to be shared".to_owned();
    world.mentoring.save(raised).expect("saved");
    let back = world.mentoring.undo::<Note>(note.meta.id).expect("undone");
    assert_eq!(back.body.text, "said in confidence");
    assert_eq!(back.meta.label, Label::Private);
    assert!(world.mentoring.evidence(space, note.meta.id).is_err());
}

#[test]
fn of_two_changes_made_at_once_from_one_state_exactly_one_is_refused() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    for round in 0..20 {
        let note = world.note(space, Label::Private, "both have this open");
        let start = std::sync::Barrier::new(2);
        let attempt = |text: String| {
            let mut change = change(&note);
            change.body.text = text;
            start.wait();
            world.mentoring.save(change)
        };
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| attempt(format!("one {round}")));
            let two = scope.spawn(|| attempt(format!("two {round}")));
            (one.join().expect("no panic"), two.join().expect("no panic"))
        });
        let refused =
            |outcome: &mentoring::Result<_>| matches!(outcome, Err(Error::ChangedElsewhere));
        assert!(
            refused(&one) != refused(&two),
            "round {round}: {one:?} {two:?}"
        );
        let kept = one.or(two).expect("one was saved");
        assert_eq!(world.text(note.meta.id), kept.body.text);
    }
}
