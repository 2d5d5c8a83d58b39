//! The invented year, in a real vault.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc, Weekday};
use demo::Filled;
use mentoring::{
    Clock, KindName, Mentoring, Owner, RecordBody, RecordFilter, RecordKind, RecordLine,
    ShownLabel,
    profile::Profile,
    spaces::{Cloth, Space, SpaceDraft, SpaceKind},
};
use sharing::{Party, Sharing, SummaryState, SummaryView};
use testkit::TempVault;

/// So many words of a Private record in a row are a quotation from it.
const QUOTED_WORDS: usize = 4;
/// No meeting is arranged further ahead than this.
const NEXT_DAYS: i64 = 14;

/// A day that does not pass.
struct StandingClock(NaiveDate);

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
            .and_time(NaiveTime::from_hms_opt(9, 30, 0).unwrap())
            .and_utc()
    }

    fn today(&self) -> NaiveDate {
        self.0
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn empty_vault(today: NaiveDate) -> (TempVault, Mentoring) {
    let (folder, vault) = TempVault::create();
    let clock = Arc::new(StandingClock(today));
    (
        folder,
        Mentoring::over(vault, clock, &sharing::kinds()).unwrap(),
    )
}

fn filled(today: NaiveDate) -> (TempVault, Mentoring) {
    let (folder, mentoring) = empty_vault(today);
    assert_eq!(demo::fill(&mentoring).unwrap(), Filled::Whole);
    (folder, mentoring)
}

fn lines(mentoring: &Mentoring) -> Vec<RecordLine> {
    let filter = RecordFilter {
        space: None,
        kinds: Vec::new(),
        labels: Vec::new(),
        states: Vec::new(),
        parent: None,
        from: None,
        to: None,
        binned: false,
        offset: 0,
        limit: u32::MAX,
    };
    mentoring.list_records(&filter).unwrap().lines
}

fn space(mentoring: &Mentoring, name: &str) -> Space {
    mentoring
        .list_spaces()
        .into_iter()
        .find(|space| space.card.name == name)
        .unwrap()
}

fn words(mentoring: &Mentoring, line: &RecordLine) -> String {
    match mentoring.open_record(line.id).unwrap().body {
        RecordBody::Note(body) => body.words(),
        RecordBody::Meeting(body) => body.words(),
        RecordBody::Heard(body) => body.words(),
        RecordBody::Goal(body) => body.words(),
        RecordBody::Feedback(body) => body.words(),
        RecordBody::Commitment(body) => body.words(),
        RecordBody::Person(body) => body.words(),
    }
}

fn summaries(mentoring: &Mentoring, name: &str) -> Vec<SummaryView> {
    let sharing = Sharing::over(mentoring);
    let lines = sharing
        .list_summaries(Some(space(mentoring, name).id), false)
        .unwrap()
        .lines;
    lines
        .iter()
        .map(|line| sharing.open_summary(line.id).unwrap())
        .collect()
}

fn plain_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn five_notebooks_hold_every_kind_under_both_labels() {
    let (_folder, mentoring) = filled(day("2026-11-18"));
    assert_eq!(mentoring.profile().unwrap().name, "Helen Marsh");
    let mut names: Vec<_> = mentoring
        .list_spaces()
        .into_iter()
        .map(|space| space.card.name)
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "Amara Nwosu",
            "Daniel Rhee",
            "Edith Calloway",
            "My journal",
            "Thursday writing circle"
        ]
    );

    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for line in lines(&mentoring) {
        let count = counts.entry(line.kind.name()).or_default();
        match line.label {
            ShownLabel::Private => count.0 += 1,
            ShownLabel::Shareable | ShownLabel::Agreed => count.1 += 1,
            other => panic!("{other:?}"),
        }
    }
    let expected = BTreeMap::from([
        ("commitment", (39, 33)),
        ("feedback", (7, 11)),
        ("goal", (3, 7)),
        ("heard", (7, 12)),
        ("meeting", (36, 8)),
        ("note", (99, 42)),
        ("person", (7, 0)),
    ]);
    assert_eq!(counts, expected, "(Private, Shareable) of each kind");
    assert_eq!(lines(&mentoring).len(), 311);
}

#[test]
fn each_relationship_is_a_whole_one() {
    let (_folder, mentoring) = filled(day("2026-11-18"));
    for name in ["Amara Nwosu", "Daniel Rhee", "Edith Calloway"] {
        let space = space(&mentoring, name);
        let own: Vec<_> = lines(&mentoring)
            .into_iter()
            .filter(|line| line.space == space.id)
            .collect();
        let with = |kind: KindName, state: &str| {
            own.iter()
                .filter(|line| line.kind == kind && line.state.as_deref() == Some(state))
                .count()
        };
        assert_eq!(space.counts["person"], 1, "{name}");
        assert!((8..=14).contains(&space.counts["meeting"]), "{name}");
        assert!((2..=4).contains(&space.counts["goal"]), "{name}");
        assert!((8..=15).contains(&with(KindName::Note, "note")), "{name}");
        for (kind, state) in [
            (KindName::Note, "meetingNotes"),
            (KindName::Note, "observation"),
            (KindName::Heard, "agreed"),
            (KindName::Heard, "corrected"),
            (KindName::Feedback, "given"),
            (KindName::Feedback, "received"),
            (KindName::Commitment, "open"),
            (KindName::Commitment, "kept"),
            (KindName::Commitment, "missed"),
            (KindName::Commitment, "renegotiated"),
        ] {
            assert!(with(kind, state) > 0, "{name}: {kind:?} {state}");
        }
    }
}

#[test]
fn every_record_lies_in_the_year_whatever_day_it_is() {
    // A week of different weekdays, and a day that the year before did not have.
    let week = day("2026-11-16").iter_days().take(7);
    for today in week.chain([day("2028-02-29")]) {
        let (_folder, mentoring) = filled(today);
        let year = today - Months::new(12)..=today;
        for line in lines(&mentoring) {
            let to_come = line.on > today
                && line.on <= today + chrono::Duration::days(NEXT_DAYS)
                && (line.kind == KindName::Meeting || line.parent.is_some());
            assert!(
                year.contains(&line.on) || to_come,
                "{today}: {} {:?}",
                line.on,
                line.title
            );
            if let Some(due) = line.due {
                assert!(
                    (due - today).num_days().abs() < 366,
                    "{today}: {:?}",
                    line.title
                );
            }
            if let RecordBody::Commitment(promise) = mentoring.open_record(line.id).unwrap().body {
                let settled = promise.settled_on;
                assert!(
                    settled.is_none_or(|on| on >= line.on && on <= today),
                    "{promise:?}"
                );
                assert!(
                    promise.due.is_some_and(|due| due >= line.on),
                    "{today}: {promise:?}"
                );
            }
            if line.kind == KindName::Meeting {
                assert!(
                    line.on.weekday().number_from_monday() <= 5,
                    "{today}: {}",
                    line.on
                );
            }
        }
        let coming = mentoring.today().unwrap().meetings;
        assert_eq!(
            coming.iter().filter(|meeting| meeting.on > today).count(),
            4,
            "{today}"
        );
        assert!(
            coming
                .iter()
                .all(|m| !m.excerpt.is_empty() && m.state.is_some())
        );
        let circle = space(&mentoring, "Thursday writing circle").id;
        let met = lines(&mentoring)
            .into_iter()
            .filter(|line| line.kind == KindName::Meeting);
        assert!(
            met.filter(|m| m.space == circle)
                .all(|m| m.on.weekday() == Weekday::Thu)
        );
    }
}

#[test]
fn today_has_promises_of_both_sides_and_one_meeting_overdue() {
    let today = day("2026-11-18");
    let (_folder, mentoring) = filled(today);
    let page = mentoring.today().unwrap();
    let due_today = |owner: Owner| {
        let mut due = page.promises.iter().filter(|line| line.due == Some(today));
        due.any(|line| line.owner == Some(owner))
    };
    assert!(due_today(Owner::Me) && due_today(Owner::Them));
    assert!(
        page.promises
            .iter()
            .any(|line| line.due.is_some_and(|due| due < today))
    );
    let this_week = today + chrono::Duration::days(1)..=today + chrono::Duration::days(6);
    assert!(
        page.promises
            .iter()
            .any(|line| line.due.is_some_and(|due| this_week.contains(&due)))
    );
    let [reminder] = &page.reminders[..] else {
        panic!("{:?}", page.reminders)
    };
    assert_eq!(reminder.space, space(&mentoring, "Amara Nwosu").id);
    assert_eq!(reminder.weeks, 7);
}

#[test]
fn what_was_touched_last_is_the_newest() {
    let today = day("2026-11-18");
    let (_folder, mentoring) = empty_vault(today);
    let running = Mentoring::over(mentoring.into_vault(), ticking(today), &sharing::kinds());
    let mentoring = running.unwrap();
    demo::fill(&mentoring).unwrap();
    let touched = mentoring.today().unwrap().touched;
    assert!(
        touched.windows(2).all(|pair| pair[0].on >= pair[1].on),
        "{touched:#?}"
    );
    assert!(
        touched
            .iter()
            .all(|line| (today - line.on).num_days() <= 10),
        "{touched:#?}"
    );
}

#[test]
fn the_summary_for_amara_is_agreed_by_both_and_quotes_nothing_private() {
    let (_folder, mentoring) = filled(day("2026-11-18"));
    let [view] = &summaries(&mentoring, "Amara Nwosu")[..] else {
        panic!("one summary")
    };
    assert_eq!(view.line.state, SummaryState::Agreed);
    let given: Vec<_> = view
        .consents
        .iter()
        .map(|c| (c.by, c.name.as_str()))
        .collect();
    assert_eq!(
        given,
        [(Party::Me, "Helen Marsh"), (Party::Them, "Amara Nwosu")]
    );
    assert_eq!(view.line.version, 2);
    assert_eq!(view.earlier.len(), 1);
    assert!(view.flags.is_empty());
    assert!(
        view.text.evidence.len() >= 8,
        "{}",
        view.text.evidence.len()
    );
    let agreed = Sharing::over(&mentoring).agreed(view.line.id).unwrap();
    assert_eq!(agreed.text(), &view.text);
    let named: BTreeSet<_> = view
        .text
        .paragraphs
        .iter()
        .flat_map(|paragraph| &paragraph.sentences)
        .flat_map(|sentence| sentence.sources.iter().copied())
        .collect();
    let shown = lines(&mentoring).into_iter();
    let shown = shown.filter(|line| line.label == ShownLabel::Agreed);
    assert_eq!(shown.map(|line| line.id).collect::<BTreeSet<_>>(), named);

    let sentences = view
        .text
        .paragraphs
        .iter()
        .flat_map(|paragraph| &paragraph.sentences);
    let told: Vec<Vec<String>> = sentences.map(|s| plain_words(&s.text)).collect();
    assert!(told.iter().map(Vec::len).sum::<usize>() > 100);
    let all = lines(&mentoring);
    let private = all.iter().filter(|line| line.label == ShownLabel::Private);
    let mut compared = 0;
    for line in private {
        let words = plain_words(&words(&mentoring, line));
        for run in words.windows(QUOTED_WORDS) {
            let quoted = told
                .iter()
                .any(|said| said.windows(QUOTED_WORDS).any(|s| s == run));
            assert!(!quoted, "{run:?} of {:?} stands in the summary", line.title);
            compared += 1;
        }
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn the_summary_for_daniel_is_a_draft() {
    let (_folder, mentoring) = filled(day("2026-11-18"));
    let [view] = &summaries(&mentoring, "Daniel Rhee")[..] else {
        panic!("one summary")
    };
    assert_eq!(view.line.state, SummaryState::Draft);
    assert!(view.consents.is_empty() && view.earlier.is_empty() && view.flags.is_empty());
    assert_eq!(view.consent_needed, [Party::Me, Party::Them]);
}

#[test]
fn no_text_names_a_month_or_a_season() {
    let names = [
        "january",
        "february",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "spring",
        "summer",
        "autumn",
        "winter",
        "christmas",
        "easter",
    ];
    let (_folder, mentoring) = filled(day("2026-11-18"));
    for line in lines(&mentoring) {
        let words = plain_words(&words(&mentoring, &line));
        let named = names
            .into_iter()
            .find(|name| words.iter().any(|word| word == name));
        assert_eq!(named, None, "{:?}", line.title);
    }
}

#[test]
fn the_year_is_still_there_after_the_vault_was_locked() {
    let today = day("2026-11-18");
    let (folder, mentoring) = filled(today);
    let before = lines(&mentoring);
    mentoring.into_vault().lock().unwrap();
    let vault = folder.open().unwrap();
    let clock = Arc::new(StandingClock(today));
    let mentoring = Mentoring::over(vault, clock, &sharing::kinds()).unwrap();
    assert_eq!(lines(&mentoring), before);
    assert_eq!(
        summaries(&mentoring, "Amara Nwosu")[0].line.state,
        SummaryState::Agreed
    );
}

#[test]
fn a_vault_that_holds_a_notebook_is_left_alone() {
    let (_folder, mentoring) = filled(day("2026-11-18"));
    let before = lines(&mentoring);
    assert_eq!(demo::fill(&mentoring).unwrap(), Filled::LeftAlone);
    assert_eq!(lines(&mentoring), before);

    let (_folder, mentoring) = empty_vault(day("2026-11-18"));
    let name = "Somebody's own".to_owned();
    mentoring
        .save_profile(&Profile { name: name.clone() })
        .unwrap();
    let own = SpaceDraft {
        kind: SpaceKind::Journal,
        role: None,
        name: name.clone(),
        about: String::new(),
        cloth: Cloth::Rose,
        since: None,
        meet_every_weeks: None,
    };
    mentoring.create_space(own).unwrap();
    assert_eq!(demo::fill(&mentoring).unwrap(), Filled::LeftAlone);
    assert_eq!(mentoring.list_spaces().len(), 1);
    assert_eq!(mentoring.profile().unwrap().name, name);
}

/// A clock on which every look is a second later.
fn ticking(today: NaiveDate) -> Arc<dyn Clock> {
    struct Ticking(NaiveDate, std::sync::atomic::AtomicU32);
    impl Clock for Ticking {
        fn now(&self) -> DateTime<Utc> {
            let seconds = self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let time = NaiveTime::from_num_seconds_from_midnight_opt(30_000 + seconds, 0).unwrap();
            self.0.and_time(time).and_utc()
        }

        fn today(&self) -> NaiveDate {
            self.0
        }
    }
    Arc::new(Ticking(today, 0.into()))
}
