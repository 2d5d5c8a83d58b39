//! Each kind's stored shape is frozen by a snapshot, and read back as it was.

use chrono::{DateTime, NaiveDate, Utc};
use mentoring::{
    ItemId, Label, Owner, RecordId, RecordKind,
    commitments::{Commitment, CommitmentState},
    feedback::{Direction, Feedback},
    goals::{Goal, GoalState, Horizon, Milestone, Outcome, ProgressReport, Sphere},
    heard::{Heard, HeardState},
    meetings::{AgendaPoint, Medium, Meeting, MeetingPhase, PointKind},
    notes::{Note, NotePurpose},
    people::Person,
};

use crate::world::World;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, day).expect("a day of June")
}

/// So many minutes after two o'clock on the eleventh.
fn instant(minute: u32) -> DateTime<Utc> {
    day(11)
        .and_hms_opt(14, minute, 0)
        .expect("a time of day")
        .and_utc()
}

/// Asserts that the stored form is the one in the snapshot and that it reads back the same, also
/// after a restart.
fn frozen<K: RecordKind + std::fmt::Debug>(name: &str, body: K) {
    let stored = serde_json::to_value(K::Stored::from(body.clone())).expect("it is JSON");
    insta::assert_json_snapshot!(format!("{name}_v{}", K::SCHEMA), stored);
    assert_eq!(
        K::read(K::SCHEMA, &stored.to_string()).as_ref(),
        Some(&body)
    );
    assert!(
        K::read(K::SCHEMA + 1, &stored.to_string()).is_none(),
        "a later shape is not guessed"
    );
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let made = world.make(space, Label::Private, body);
    let world = world.reopen();
    assert_eq!(
        world.mentoring.record::<K>(made.meta.id).expect("there"),
        made
    );
}

#[test]
fn notes_are_frozen() {
    frozen(
        "note",
        Note {
            purpose: NotePurpose::Journal,
            title: "A start".to_owned(),
            text: "Words in **Markdown**.".to_owned(),
            at: Some("09:15".to_owned()),
            prompt: Some("What went well?".to_owned()),
            tags: vec!["work".to_owned()],
        },
    );
}

#[test]
fn meetings_are_frozen() {
    frozen(
        "meeting",
        Meeting {
            title: "The fellowship".to_owned(),
            at: Some("14:30".to_owned()),
            minutes: Some(45),
            medium: Medium::Video,
            place: "Your office".to_owned(),
            points: vec![
                AgendaPoint {
                    text: "Whether to apply".to_owned(),
                    kind: PointKind::Question,
                    aside: "Daniel added this".to_owned(),
                    done: true,
                    source: Some(RecordId::from_bytes([7; 16])),
                },
                AgendaPoint::plain("How the term has been"),
            ],
            began: Some(instant(34)),
            ended: Some(instant(59)),
            phase: MeetingPhase::Promise,
        },
    );
}

/// A vault keeps what an earlier program wrote: the first shape is read, its agenda point by point.
#[test]
fn a_meeting_of_the_first_shape_is_read() {
    let stored = serde_json::json!({
        "title": "The fellowship",
        "at": "14:30",
        "minutes": 45,
        "medium": "video",
        "place": "Your office",
        "agenda": "- Whether to apply",
    });
    insta::assert_json_snapshot!("meeting_v1", stored);
    let read = Meeting::read(1, &stored.to_string()).expect("it is read");
    assert_eq!(read.points, [AgendaPoint::plain("Whether to apply")]);
    assert_eq!((read.began, read.ended), (None, None));
    assert_eq!(
        (read.title.as_str(), read.at.as_deref(), read.minutes),
        ("The fellowship", Some("14:30"), Some(45))
    );
}

#[test]
fn what_was_heard_is_frozen() {
    frozen(
        "heard",
        Heard {
            text: "You want to be trusted with your own line of work.".to_owned(),
            state: HeardState::Corrected,
            correction: "And to be told so.".to_owned(),
        },
    );
}

#[test]
fn goals_are_frozen() {
    frozen(
        "goal",
        Goal {
            title: "Senior lecturer".to_owned(),
            why: "To set the questions.".to_owned(),
            measure: "The application is sent.".to_owned(),
            horizon: Horizon::Short,
            sphere: Sphere::Work,
            due: Some(day(30)),
            confidence: Some(7),
            state: GoalState::Open,
            closed_on: None,
            milestones: vec![Milestone {
                id: ItemId::from_bytes([1; 16]),
                text: "Read the criteria".to_owned(),
                due: Some(day(12)),
                done_on: Some(day(11)),
            }],
            reports: vec![ProgressReport {
                id: ItemId::from_bytes([2; 16]),
                on: day(11),
                outcome: Outcome::Difficulty,
                text: "The form has changed.".to_owned(),
                next: "Ask the dean.".to_owned(),
            }],
        },
    );
}

#[test]
fn feedback_is_frozen() {
    frozen(
        "feedback",
        Feedback {
            direction: Direction::Received,
            situation: "The seminar".to_owned(),
            behaviour: "You repeated the question.".to_owned(),
            impact: "The room relaxed.".to_owned(),
            next: "Drop two slides.".to_owned(),
            reply: "Fair.".to_owned(),
        },
    );
}

#[test]
fn commitments_are_frozen() {
    frozen(
        "commitment",
        Commitment {
            text: "Send the methods section".to_owned(),
            owner: Owner::Them,
            due: Some(day(12)),
            state: CommitmentState::Renegotiated,
            settled_on: Some(day(10)),
            note: "After the holiday".to_owned(),
            follows: Some(RecordId::from_bytes([8; 16])),
            followed_by: Some(RecordId::from_bytes([9; 16])),
        },
    );
}

#[test]
fn a_promise_of_the_first_shape_is_read() {
    let stored = serde_json::json!({
        "text": "Send the methods section",
        "owner": "them",
        "due": "2026-06-12",
        "state": "renegotiated",
        "settledOn": "2026-06-10",
        "note": "After the holiday",
    });
    insta::assert_json_snapshot!("commitment_v1", stored);
    let read = Commitment::read(1, &stored.to_string()).expect("it is read");
    assert_eq!((read.due, read.settled_on), (Some(day(12)), Some(day(10))));
    assert_eq!((read.follows, read.followed_by), (None, None));
    assert_eq!(read.state, CommitmentState::Renegotiated);
}

#[test]
fn people_are_frozen() {
    frozen(
        "person",
        Person {
            name: "Amara Nwosu".to_owned(),
            pronouns: "she/her".to_owned(),
            work: "Clinician".to_owned(),
            contact: "By message".to_owned(),
            about: "Prefers mornings.".to_owned(),
        },
    );
}

#[test]
fn bodies_that_break_a_rule_are_refused() {
    let promise = |text: &str| Commitment {
        text: text.to_owned(),
        owner: Owner::Me,
        due: None,
        state: CommitmentState::Open,
        settled_on: None,
        note: String::new(),
        follows: None,
        followed_by: None,
    };
    assert!(promise(" ").check(Label::Private).is_err());
    assert!(promise(&"x".repeat(301)).check(Label::Private).is_err());
    assert!(promise("fine").check(Label::Private).is_ok());
    let meeting = |at: &str| Meeting {
        title: String::new(),
        at: Some(at.to_owned()),
        minutes: None,
        medium: Medium::Call,
        place: String::new(),
        points: Vec::new(),
        began: None,
        ended: None,
        phase: MeetingPhase::Arrive,
    };
    assert!(meeting("25:00").check(Label::Private).is_err());
    assert!(meeting("07:05").check(Label::Private).is_ok());
    let held = |began: Option<u32>, ended: u32| Meeting {
        began: began.map(instant),
        ended: Some(instant(ended)),
        ..meeting("14:30")
    };
    assert!(held(Some(31), 59).check(Label::Private).is_ok());
    assert!(held(Some(31), 30).check(Label::Private).is_err());
    assert!(held(None, 30).check(Label::Private).is_err());
}
