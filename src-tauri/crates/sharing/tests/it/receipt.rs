//! The receipt of a forgotten notebook says what is done, what is not, and what may still hold it.

use chrono::{DateTime, Utc};
use mentoring::Forgotten;
use sharing::Receipt;
use vault::{Erasure, Error, ForgetReport, NotDestroyed, Part, Quiet};
use words::Words;

use crate::world::World;

fn text(key_destroyed: bool, destruction: Result<Erasure, NotDestroyed>) -> String {
    let receipt = Receipt {
        gone: Forgotten {
            monogram: "AN".to_owned(),
            kind: None,
            since: None,
            at: DateTime::<Utc>::from_timestamp(1_795_000_000, 0).expect("a time"),
            sealed: false,
            held_by: Some(Vec::new()),
            not_where_last: 0,
            beside: Some(0),
            report: ForgetReport {
                rows: 7,
                key_destroyed,
                destruction,
            },
        },
        given_out: Some(0),
        when: "some day".to_owned(),
    };
    // The signs that part a number from its surroundings are no words.
    let plain = |text: &str| text.replace(['\u{2068}', '\u{2069}'], "");
    plain(&receipt.text(&Words::english()))
}

const PROVEN: Erasure = Erasure {
    files_destroyed: 5,
    files_checked: 9,
    bytes_checked: 1_000,
    parts_opened: 41,
    parts_compared: 60,
};

#[test]
fn what_is_proven_is_told_with_what_was_opened_and_what_was_only_compared() {
    let says = text(true, Ok(PROVEN));
    for words in [
        "destroyed, and every copy of it",
        "7 locked pieces, and 5 files",
        "all 9 files that are left were searched",
        "41 locked parts in them opened with keys of something else",
        "and 60 that are shut or damaged bear other names",
        "nothing of it was found",
    ] {
        assert!(says.contains(words), "{words}: {says}");
    }
    assert!(!says.contains("Still to do"), "{says}");
    let none = Erasure {
        parts_compared: 0,
        ..PROVEN
    };
    assert!(!text(true, Ok(none)).contains("bear"), "{says}");
}

#[test]
fn what_is_not_finished_is_not_told_as_done() {
    let unfinished = Err(NotDestroyed::Unfinished(Error::NoSpace));
    let says = text(true, unfinished);
    for words in [
        "destroyed, and every copy of it",
        "not everything yet: 7 locked pieces",
        "nothing yet",
        "Still to do",
        "make room on the disk",
    ] {
        assert!(says.contains(words), "{words}: {says}");
    }
    assert!(!says.contains("nothing of it was found"), "{says}");
    let says = text(false, unfinished);
    assert!(says.contains("not all destroyed yet"), "{says}");
    assert!(!says.contains("every copy"), "{says}");
}

#[test]
fn what_is_left_or_unproven_is_no_proof() {
    for (why, found, todo) in [
        (
            NotDestroyed::Left(Part::Epoch),
            "something from before was found",
            "delete it",
        ),
        (
            NotDestroyed::Unproven(Error::ReadOnly),
            "so this proves nothing",
            "may not open",
        ),
    ] {
        let says = text(true, Err(why));
        assert!(says.contains(found) && says.contains(todo), "{says}");
        assert!(says.contains("Still to do"), "{says}");
        assert!(!says.contains("nothing of it was found"), "{says}");
    }
}

#[test]
fn a_receipt_names_what_may_still_hold_the_notebook_wherever_it_lies_by_now() {
    let world = World::new();
    let gone = world.mentoring.forget_space(world.circle, &Quiet);
    let mut receipt = Receipt {
        gone: gone.expect("gone"),
        given_out: Some(0),
        when: "today".to_owned(),
    };
    let held = |receipt: &Receipt| {
        let mut lines = receipt.lines(&Words::english()).into_iter();
        let held = lines.find(|line| line.about == "Still held");
        held.expect("it is said").says
    };
    assert_eq!(held(&receipt), "in no backup that this computer knows of");
    let noon = receipt.gone.at.timestamp_millis();
    receipt.gone.held_by = Some(vec![noon]);
    receipt.gone.not_where_last = 1;
    receipt.gone.beside = Some(2);
    let says = held(&receipt);
    assert!(says.starts_with("in one backup, made on "), "{says}");
    assert!(
        says.ends_with(
            "; one was not where it was last, and may lie elsewhere; \
             perhaps in 2 older copies of the vault, in folders beside it"
        ),
        "{says}"
    );
    receipt.gone.held_by = None;
    receipt.gone.not_where_last = 0;
    receipt.gone.beside = None;
    let says = held(&receipt);
    assert!(says.starts_with("the list of backups cannot be read"));
    assert!(says.contains("older copies of the vault"), "{says}");
}
