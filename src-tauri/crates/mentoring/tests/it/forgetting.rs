//! What the receipt of a forgotten notebook counts as still holding it.

use std::fs;

use mentoring::Label;
use vault::Quiet;

use crate::world::World;

#[test]
fn a_backup_that_is_not_where_it_was_and_a_copy_beside_the_vault_may_still_hold_it() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    world.note(space, Label::Private, "words");
    let around = world.folder().parent().expect("a folder").to_owned();
    let [there, stick] = ["there", "stick"].map(|name| around.join(name));
    for folder in [&there, &stick] {
        fs::create_dir(folder).expect("made");
        let file = folder.join("one.cfdbackup");
        world.mentoring.vault().backup(&file, &Quiet).expect("made");
    }
    // Where a stick is not attached, the folder that it is attached at is there and empty.
    fs::rename(stick.join("one.cfdbackup"), around.join("unplugged")).expect("moved");
    let before = vault::name_before(world.folder(), "2026-11-27-120000");
    testkit::copy_folder(world.folder(), &before);
    let gone = world.mentoring.forget_space(space, &Quiet).expect("gone");
    assert_eq!(gone.held_by.map(|made| made.len()), Some(2));
    assert_eq!(gone.not_where_last, 1);
    assert_eq!(gone.beside, Some(1));
}
