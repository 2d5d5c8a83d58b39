//! What a receipt says of the backups and copies that may still hold a notebook.

use sharing::Receipt;
use vault::Quiet;
use words::Words;

use crate::world::World;

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
