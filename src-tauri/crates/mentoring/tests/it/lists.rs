use chrono::{Duration, NaiveDate};
use mentoring::{
    KindName, Label, RecordBody, RecordDraft, RecordFilter, ShownLabel,
    commitments::{Commitment, CommitmentState},
    meetings::{Medium, Meeting, MeetingPhase},
    notes::Note,
};

use crate::world::{World, note, promise};

fn everything() -> RecordFilter {
    RecordFilter {
        space: None,
        kinds: Vec::new(),
        labels: Vec::new(),
        states: Vec::new(),
        parent: None,
        from: None,
        to: None,
        binned: false,
        offset: 0,
        limit: 1_000,
    }
}

fn meeting(title: &str) -> Meeting {
    Meeting {
        title: title.to_owned(),
        at: Some("14:30".to_owned()),
        minutes: Some(45),
        medium: Medium::InPerson,
        place: String::new(),
        points: Vec::new(),
        began: None,
        ended: None,
        phase: MeetingPhase::Arrive,
    }
}

#[test]
fn a_list_is_filtered_sorted_and_paged() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let today = world.mentoring.clock().today();
    for day in 0..30 {
        let label = if day % 3 == 0 {
            Label::Shareable
        } else {
            Label::Private
        };
        let mut draft = world.draft(space, label, note(&format!("day {day}")));
        draft.on = today - Duration::days(day);
        world.mentoring.create(draft).expect("made");
    }
    world.make(space, Label::Private, promise("a promise", None));
    let filter = RecordFilter {
        kinds: vec![KindName::Note],
        labels: vec![ShownLabel::Shareable],
        offset: 2,
        limit: 3,
        ..everything()
    };
    let page = world.mentoring.list_records(&filter).expect("listed");
    assert_eq!(page.total, 10);
    let titles: Vec<_> = page.lines.iter().map(|line| line.title.as_str()).collect();
    assert_eq!(titles, ["day 6", "day 9", "day 12"]);
}

#[test]
fn a_state_is_asked_for_before_the_page_is_cut() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let today = world.mentoring.clock().today();
    for number in 0..70 {
        let mut draft = world.draft(space, Label::Private, promise("still open", None));
        draft.on = today - Duration::days(100 + number);
        world.mentoring.create(draft).expect("made");
    }
    // Newer than all of them, so they would fill the first page.
    for state in [CommitmentState::Kept, CommitmentState::Missed] {
        for _ in 0..60 {
            let body = Commitment {
                state,
                ..promise("settled", None)
            };
            world.make(space, Label::Private, body);
        }
    }
    let list = |states: &[&str], offset| {
        let filter = RecordFilter {
            kinds: vec![KindName::Commitment],
            states: states.iter().map(|&state| state.to_owned()).collect(),
            offset,
            limit: 60,
            ..everything()
        };
        let page = world.mentoring.list_records(&filter).expect("listed");
        let asked = |line: &mentoring::RecordLine| {
            let state = line.state.as_deref();
            states.is_empty() || state.is_some_and(|state| states.contains(&state))
        };
        assert!(page.lines.iter().all(asked));
        (page.total, page.lines.len())
    };
    assert_eq!(list(&["open"], 0), (70, 60));
    assert_eq!(list(&["open"], 60), (70, 10));
    assert_eq!(list(&["kept", "missed"], 60), (120, 60));
    assert_eq!(list(&["renegotiated"], 0), (0, 0));
    assert_eq!(list(&[], 0), (190, 60));
}

#[test]
fn lists_survive_a_restart_and_a_rebuilt_index_says_the_same() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    for number in 0..40 {
        let text = format!("{number} {}", "of many words ".repeat(20));
        world.note(space, Label::Private, &text);
    }
    let before = world.mentoring.list_records(&everything()).expect("listed");
    let world = world.reopen();
    assert_eq!(
        world.mentoring.list_records(&everything()).expect("listed"),
        before
    );
    world.mentoring.rebuild_index(space).expect("rebuilt");
    assert_eq!(
        world.mentoring.list_records(&everything()).expect("listed"),
        before
    );
    let world = world.reopen();
    assert_eq!(
        world.mentoring.list_records(&everything()).expect("listed"),
        before
    );
}

#[test]
fn today_gathers_what_is_due_coming_and_overdue() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let today = world.mentoring.clock().today();
    world.make(space, Label::Private, promise("no day", None));
    world.make(
        space,
        Label::Private,
        promise("late", Some(today - Duration::days(6))),
    );
    world.make(
        space,
        Label::Private,
        promise("soon", Some(today + Duration::days(6))),
    );
    let mut past = world.draft(space, Label::Private, meeting("past"));
    past.on = today - Duration::weeks(11);
    world.mentoring.create(past).expect("made");
    let mut coming = world.draft(space, Label::Private, meeting("coming"));
    coming.on = today + Duration::days(3);
    world.mentoring.create(coming).expect("made");

    let said = world.mentoring.today().expect("gathered");
    let titles = |lines: &[mentoring::RecordLine]| {
        lines
            .iter()
            .map(|line| line.title.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles(&said.promises), ["late", "soon", "no day"]);
    assert_eq!(titles(&said.meetings), ["coming"]);
    assert_eq!(said.reminders.len(), 1);
    assert_eq!(said.reminders[0].weeks, 11);
    let space = world.mentoring.space(space).expect("there");
    assert_eq!(space.open_promises, 3);
    assert_eq!(space.last_met, Some(today - Duration::weeks(11)));
    assert_eq!(space.counts["meeting"], 2);
}

#[test]
fn a_record_goes_through_the_window_shapes_and_back() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let body = RecordBody::Note(note("words"));
    let on = NaiveDate::from_ymd_opt(2026, 6, 9).expect("a day");
    let draft = RecordDraft {
        space,
        label: Label::Private,
        on,
        parent: None,
        as_told_by: Some("Amara".to_owned()),
        body: body.clone(),
    };
    let view = world.mentoring.create_record(draft).expect("made");
    assert_eq!(view.body, body);
    assert_eq!(view.line.as_told_by.as_deref(), Some("Amara"));
    assert_eq!(
        world.mentoring.open_record(view.line.id).expect("opened"),
        view
    );
}

#[test]
fn a_page_that_says_nothing_sensible_or_is_gone_is_made_anew_at_the_next_opening() {
    for damage in ["garbage", "gone"] {
        let world = World::new();
        let space = world.relationship("Amara Nwosu");
        for number in 0..40 {
            let text = format!("{number} {}", "of many words ".repeat(20));
            world.note(space, Label::Private, &text);
        }
        let before = world.mentoring.list_records(&everything()).expect("listed");
        let vault = world.mentoring.vault();
        let compartment = vault.compartments()[0].id;
        let mut page = [0; 16];
        page[15] = 1;
        let (kind, page) = (vault::Kind(3), vault::RecordId(page));
        assert!(
            vault.read(compartment, kind, page).expect("read").is_some(),
            "there are two"
        );
        let mut batch = vault::Batch::new();
        match damage {
            "garbage" => batch.put(compartment, kind, page, vault::Schema(1), "{\"lines\": 7}"),
            _ => batch.delete(compartment, kind, page),
        }
        vault.save(batch).expect("saved");
        let world = world.reopen();
        assert_eq!(
            world.mentoring.list_records(&everything()).expect("listed"),
            before,
            "{damage}"
        );
    }
}

#[test]
fn one_record_that_cannot_be_read_is_counted_and_hides_no_other() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let sound = world.note(space, Label::Private, "sound");
    let later = world.note(space, Label::Private, "of a later version");
    let lost = world.note(space, Label::Private, "lost");
    world.spoil(&later.meta);
    world.lose(&lost.meta);
    let lines = world.mentoring.lines(Some(space), |_| true).expect("open");
    let records = world.mentoring.records::<Note>(&lines).expect("read");
    assert_eq!((records.read, records.unreadable), (vec![sound], 2));

    // What was erased since the lines were taken is no loss.
    let other = world.note(space, Label::Private, "erased");
    let lines = world
        .mentoring
        .lines(Some(space), |line| line.id == other.meta.id)
        .expect("open");
    world.mentoring.erase(other.meta.id).expect("erased");
    let records = world.mentoring.records::<Note>(&lines).expect("read");
    assert_eq!((records.read.len(), records.unreadable), (0, 0));
}

#[test]
fn one_notebook_that_cannot_be_read_keeps_no_other_shut() {
    let world = World::new();
    let broken = world.relationship("Amara Nwosu");
    let sound = world.relationship("Daniel Rhee");
    let vault = world.mentoring.vault();
    let compartment = vault::CompartmentId(broken.bytes());
    let card = (vault::Kind(1), vault::RecordId([0; 16]));
    let mut batch = vault::Batch::new();
    batch.put(compartment, card.0, card.1, vault::Schema(1), "not a card");
    vault.save(batch).expect("saved");
    let world = world.reopen();
    assert_eq!(world.mentoring.unreadable_spaces(), 1);
    let open: Vec<_> = world
        .mentoring
        .list_spaces()
        .into_iter()
        .map(|space| space.id)
        .collect();
    assert_eq!(open, [sound]);
}
