use sharing::{ConsentHow, Error, Party, SummaryState};

use crate::world::{SUMMARY, World, text};

#[test]
fn a_relationship_needs_two_yeses_and_a_journal_one() {
    let world = World::new();
    let sharing = world.sharing();
    let ours = sharing
        .create_summary(world.amara, text("Ours.", &[]))
        .expect("made");
    assert_eq!(ours.consent_needed, [Party::Me, Party::Them]);
    assert!(matches!(
        sharing.agreed(ours.line.id),
        Err(Error::NeedsConsent)
    ));
    let id = ours.line.id;
    let one = sharing
        .consent_summary(id, ours.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    assert_eq!(
        (one.line.state, one.consent_needed),
        (SummaryState::Draft, vec![Party::Them])
    );
    assert!(matches!(sharing.agreed(id), Err(Error::NeedsConsent)));
    let two = sharing
        .consent_summary(id, one.revision, Party::Them, "Amara Nwosu")
        .expect("yes");
    assert_eq!(two.line.state, SummaryState::Agreed);
    assert_eq!(two.consents[1].how, ConsentHow::AttestedInPerson);
    sharing.agreed(id).expect("it may leave");

    let mine = sharing
        .create_summary(world.journal, text("Mine.", &[]))
        .expect("made");
    assert_eq!(mine.consent_needed, [Party::Me]);
}

#[test]
fn a_changed_word_makes_a_new_version_and_empties_both_rings() {
    let world = World::new();
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.amara, text("Ours.", &[]))
        .expect("made");
    let id = made.line.id;
    let one = sharing
        .consent_summary(id, made.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    let two = sharing
        .consent_summary(id, one.revision, Party::Them, "Amara Nwosu")
        .expect("yes");
    let after = sharing
        .save_summary(id, two.revision, text("Ours!", &[]))
        .expect("saved");
    assert_eq!(
        (after.line.version, after.line.state),
        (2, SummaryState::Draft)
    );
    assert!(after.consents.is_empty());
    assert_eq!(after.earlier.len(), 2);
    assert!(matches!(sharing.agreed(id), Err(Error::ConsentVoid)));

    // Going back to the very same words does not bring the consents back.
    let back = sharing
        .save_summary(id, after.revision, text("Ours.", &[]))
        .expect("saved");
    assert_eq!(back.consents.len(), 0);
    assert!(matches!(sharing.agreed(id), Err(Error::ConsentVoid)));
}

#[test]
fn who_has_never_agreed_is_told_apart_from_whose_yes_is_void() {
    let world = World::new();
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.amara, text("Ours.", &[]))
        .expect("made");
    let id = made.line.id;
    let one = sharing
        .consent_summary(id, made.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    let changed = sharing
        .save_summary(id, one.revision, text("Ours, changed.", &[]))
        .expect("saved");
    // Amara has agreed to nothing yet, so it is not only Helen's yes that is missing.
    assert!(matches!(sharing.agreed(id), Err(Error::NeedsConsent)));
    sharing
        .consent_summary(id, changed.revision, Party::Them, "Amara Nwosu")
        .expect("yes");
    assert!(matches!(sharing.agreed(id), Err(Error::ConsentVoid)));
}

#[test]
fn audience_purpose_period_and_expiry_are_part_of_what_is_agreed() {
    let world = World::new();
    let sharing = world.sharing();
    type Edit = fn(&mut sharing::SummaryText);
    let edits: [Edit; 4] = [
        |text| text.audience = "everyone".to_owned(),
        |text| text.purpose = "promotion".to_owned(),
        |text| text.to = text.to.succ_opt().expect("a day"),
        |text| text.expires = None,
    ];
    for edit in edits {
        let made = sharing
            .create_summary(world.journal, text("Mine.", &[]))
            .expect("made");
        let id = made.line.id;
        let yes = sharing
            .consent_summary(id, made.revision, Party::Me, "Helen")
            .expect("yes");
        let mut changed = text("Mine.", &[]);
        edit(&mut changed);
        sharing
            .save_summary(id, yes.revision, changed)
            .expect("saved");
        assert!(matches!(sharing.agreed(id), Err(Error::ConsentVoid)));
    }
}

#[test]
fn a_yes_to_an_older_state_is_refused() {
    let world = World::new();
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.amara, text("What I read.", &[]))
        .expect("made");
    let id = made.line.id;
    sharing
        .save_summary(id, made.revision, text("What I did not read.", &[]))
        .expect("saved");
    let late = sharing.consent_summary(id, made.revision, Party::Them, "Amara Nwosu");
    assert!(matches!(
        late,
        Err(Error::Mentoring(mentoring::Error::ChangedElsewhere))
    ));
}

#[test]
fn nobody_agrees_without_a_name_or_to_no_words() {
    let world = World::new();
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.amara, text("Words.", &[]))
        .expect("made");
    let nameless = sharing.consent_summary(made.line.id, made.revision, Party::Them, "  ");
    assert!(matches!(
        nameless,
        Err(Error::Mentoring(mentoring::Error::Missing { .. }))
    ));
    let empty = sharing
        .create_summary(world.amara, text(" ", &[]))
        .expect("made");
    let yes = sharing.consent_summary(empty.line.id, empty.revision, Party::Me, "Helen Marsh");
    assert!(matches!(yes, Err(Error::Empty)));
}

#[test]
fn a_circle_has_no_summaries_and_an_expired_one_stays() {
    let world = World::new();
    let sharing = world.sharing();
    let made = sharing.create_summary(world.circle, text("Everyone.", &[]));
    assert!(matches!(made, Err(Error::NotForGroups)));
    let mut old = text("Mine.", &[]);
    old.expires = chrono::NaiveDate::from_ymd_opt(2026, 6, 10);
    let made = sharing.create_summary(world.journal, old).expect("made");
    let id = made.line.id;
    sharing
        .consent_summary(id, made.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    assert!(matches!(sharing.agreed(id), Err(Error::Expired)));
}

#[test]
fn what_the_page_says_of_its_sources_is_part_of_what_is_agreed() {
    let world = World::new();
    let sharing = world.sharing();
    let source = world.note(world.amara, mentoring::Label::Shareable, "Led the audit");
    let made = sharing
        .create_summary(world.amara, text("She led it.", &[source]))
        .expect("made");
    let id = made.line.id;
    let one = sharing
        .consent_summary(id, made.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    world.rewrite(source, "Amara broke down in March");
    let two = sharing
        .consent_summary(id, one.revision, Party::Them, "Amara Nwosu")
        .expect("yes");
    // She saw another page than the one Helen had said yes to.
    assert_eq!(two.consent_needed, [Party::Me]);
    let both = sharing
        .consent_summary(id, two.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    assert!(both.consent_needed.is_empty());

    world.rewrite(source, "Something nobody agreed to");
    let words = words::Words::english();
    let exported = sharing
        .agreed(id)
        .expect("agreed")
        .export(sharing::ExportFormat::Markdown, &words);
    let page = String::from_utf8(exported.expect("exported").bytes).expect("text");
    assert!(page.contains("Amara broke down in March"), "as agreed");
    assert!(!page.contains("Something nobody agreed to"));
}

#[test]
fn agreed_words_are_kept_however_soon_they_are_changed() {
    let world = World::new();
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.journal, text("As agreed.", &[]))
        .expect("made");
    let id = made.line.id;
    let yes = sharing
        .consent_summary(id, made.revision, Party::Me, "Helen")
        .expect("yes");
    sharing
        .save_summary(id, yes.revision, text("Changed at once.", &[]))
        .expect("saved");
    let kept = world.kept_states(world.journal);
    assert!(kept.iter().any(|state| state.contains("As agreed.")));
}

#[test]
fn a_summary_in_the_bin_is_agreed_to_and_exported_by_nobody() {
    let world = World::new();
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.journal, text("Mine.", &[]))
        .expect("made");
    let id = made.line.id;
    let yes = sharing
        .consent_summary(id, made.revision, Party::Me, "Helen")
        .expect("yes");
    sharing.delete_summary(id).expect("binned");
    assert!(sharing.agreed(id).is_err());
    assert!(
        sharing
            .consent_summary(id, yes.revision, Party::Me, "Helen")
            .is_err()
    );
    assert!(
        sharing
            .save_summary(id, yes.revision, text("Other.", &[]))
            .is_err()
    );
}

#[test]
fn a_deleted_summary_comes_back_with_its_consents_and_can_be_erased_for_good() {
    let world = World::new();
    let sharing = world.sharing();
    let made = sharing
        .create_summary(world.journal, text("Mine.", &[]))
        .expect("made");
    let id = made.line.id;
    sharing
        .consent_summary(id, made.revision, Party::Me, "Helen Marsh")
        .expect("yes");
    let note = world.note(world.journal, mentoring::Label::Private, "no summary");
    assert!(sharing.restore_summary(note).is_err());
    assert!(sharing.erase_summary(id).is_err(), "it is not in the bin");

    sharing.delete_summary(id).expect("binned");
    assert!(sharing.open_summary(id).is_err());
    assert!(
        sharing.agreed(id).is_err(),
        "what is in the bin cannot leave"
    );
    let listed = |binned| {
        let lines = sharing
            .list_summaries(Some(world.journal), binned)
            .expect("listed")
            .lines;
        lines.len()
    };
    assert_eq!((listed(false), listed(true)), (0, 1));

    let back = sharing.restore_summary(id).expect("restored");
    assert_eq!(back.line.state, SummaryState::Agreed);
    assert_eq!((listed(false), listed(true)), (1, 0));

    sharing.delete_summary(id).expect("binned");
    sharing.erase_summary(id).expect("erased");
    assert_eq!((listed(false), listed(true)), (0, 0));
}

#[test]
fn a_summary_that_cannot_be_read_is_counted_and_hides_no_other() {
    let world = World::new();
    let sharing = world.sharing();
    let make = |words| {
        let made = sharing.create_summary(world.amara, text(words, &[]));
        made.expect("made").line.id
    };
    let sound = make("Sound.");
    let spoiled = make("Of a later version.");
    world.spoil(world.amara, SUMMARY, spoiled);
    let list = sharing.list_summaries(None, false).expect("listed");
    let ids: Vec<_> = list.lines.iter().map(|line| line.id).collect();
    assert_eq!((ids, list.unreadable), (vec![sound], 1));
    assert!(sharing.open_summary(spoiled).is_err());
}
