//! What is sealed: under a passphrase of its own, and in nothing that gathers or leaves.

use std::{io, path::Path, sync::Arc};

use chrono::Duration;
use mentoring::{
    Draft, Error, Label, Mentoring, RecordFilter, RecordId, ShownLabel, SpaceId, SystemClock,
    notes::Note,
    spaces::{SealedState, Space},
};
use testkit::{CrashDisk, TempVault};
use vault::{Credential, Host, Passphrase, Places, Quiet, Vault};

use crate::world::{PASSPHRASE, World, change, note, promise, relationship};

const SECOND: &str = "a second quiet river";

fn second() -> Passphrase {
    Passphrase::parse(SECOND).expect("a good passphrase")
}

fn make(world: &World, space: SpaceId) -> Space {
    let made = world
        .mentoring
        .make_sealed(space, &second(), testkit::CHEAP);
    made.expect("made")
}

fn open(world: &World, space: SpaceId) -> Result<Space, Error> {
    world.mentoring.open_sealed(space, &second(), &Quiet)
}

fn filter(space: Option<SpaceId>) -> RecordFilter {
    RecordFilter {
        space,
        kinds: Vec::new(),
        labels: Vec::new(),
        states: Vec::new(),
        parent: None,
        from: None,
        to: None,
        binned: false,
        offset: 0,
        limit: 100,
    }
}

fn listed(world: &World, filter: &RecordFilter) -> Vec<RecordId> {
    let page = world.mentoring.list_records(filter).expect("listed");
    page.lines.iter().map(|line| line.id).collect()
}

#[test]
fn nothing_is_sealed_before_a_second_passphrase_is_chosen() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    assert_eq!(
        world.mentoring.space(space).expect("there").sealed,
        SealedState::Missing
    );
    let refused = world
        .mentoring
        .create(world.draft(space, Label::Sealed, note("a complaint")));
    assert!(matches!(refused, Err(Error::SealedMissing)));
    assert!(matches!(open(&world, space), Err(Error::SealedMissing)));
    assert!(matches!(
        world.mentoring.shut_sealed(space),
        Err(Error::SealedMissing)
    ));
}

#[test]
fn what_is_sealed_is_there_again_only_with_its_own_passphrase() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    assert_eq!(make(&world, space).sealed, SealedState::Open);
    let id = world.note(space, Label::Sealed, "a complaint").meta.id;
    assert!(matches!(
        world
            .mentoring
            .make_sealed(space, &second(), testkit::CHEAP),
        Err(Error::SealedThere)
    ));

    let world = world.reopen();
    let shut = world.mentoring.space(space).expect("there");
    assert_eq!(shut.sealed, SealedState::Shut);
    assert_eq!(
        shut.counts["note"], 0,
        "while it is shut nothing is counted"
    );
    assert!(matches!(
        world.mentoring.open_record(id),
        Err(Error::NotFound)
    ));
    assert!(listed(&world, &filter(Some(space))).is_empty());
    let wrong = Passphrase::parse("the first quiet river").expect("a good passphrase");
    assert!(matches!(
        world.mentoring.open_sealed(space, &wrong, &Quiet),
        Err(Error::Vault(vault::Error::WrongCredential))
    ));
    assert_eq!(
        open(&world, space).expect("opened").sealed,
        SealedState::Open
    );
    assert_eq!(world.text(id), "a complaint");
    let view = world.mentoring.open_record(id).expect("there");
    assert_eq!(view.line.label, ShownLabel::Sealed);
    assert_eq!(listed(&world, &filter(Some(space))), [id]);

    let again = world.mentoring.shut_sealed(space).expect("shut");
    assert_eq!(again.sealed, SealedState::Shut);
    assert!(matches!(
        world.mentoring.open_record(id),
        Err(Error::NotFound)
    ));
    let refused = world
        .mentoring
        .create(world.draft(space, Label::Sealed, note("another")));
    assert!(matches!(refused, Err(Error::SealedShut)));
}

#[test]
fn what_is_sealed_is_in_nothing_that_gathers_or_leaves() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    make(&world, space);
    let sealed = world.note(space, Label::Sealed, "a complaint").meta.id;
    let promised = world
        .make(space, Label::Sealed, promise("Ask the union", None))
        .meta
        .id;
    let plain = world.note(space, Label::Private, "an ordinary day").meta.id;
    let today = world.mentoring.today().expect("gathered");
    assert!(today.promises.is_empty());
    assert_eq!(
        today.touched.iter().map(|line| line.id).collect::<Vec<_>>(),
        [plain]
    );
    let space_now = world.mentoring.space(space).expect("there");
    assert_eq!(space_now.open_promises, 0);
    assert_eq!(
        space_now.counts["note"], 2,
        "its own notebook counts it while it is open"
    );
    assert_eq!(listed(&world, &filter(None)), [plain]);
    assert_eq!(listed(&world, &filter(Some(space))).len(), 3);
    assert!(matches!(
        world.mentoring.evidence(space, sealed),
        Err(Error::NotShareable)
    ));
    let on = world.clock_today();
    let offer = world
        .mentoring
        .evidence_between(space, on, on)
        .expect("offered");
    assert!(offer.may_be_used.is_empty());
    assert!(offer.stays.iter().all(|line| line.id == plain));
    assert!(
        world
            .mentoring
            .lines(None, |line| line.id == promised)
            .expect("open")
            .is_empty()
    );
}

#[test]
fn sealing_takes_the_whole_history_along_and_unsealing_brings_it_back() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    make(&world, space);
    let first = world.note(space, Label::Shareable, "what was said");
    world.clock.forward(Duration::hours(1));
    let second = world.rewrite(&first, "what was really said");
    let mut seal = change(&second);
    seal.label = Label::Sealed;
    let sealed = world.mentoring.save(seal).expect("sealed");
    let id = sealed.meta.id;
    let texts = |world: &World| -> Vec<String> {
        let lines = world.mentoring.revisions::<Note>(id).expect("its history");
        let revision = |line: &mentoring::RevisionLine| {
            let state = world.mentoring.revision::<Note>(id, line.revision);
            state.expect("kept").body.text
        };
        lines.iter().map(revision).collect()
    };
    assert_eq!(texts(&world), ["what was really said", "what was said"]);

    let world = world.reopen();
    assert!(matches!(
        world.mentoring.open_record(id),
        Err(Error::NotFound)
    ));
    assert!(matches!(
        world.mentoring.revisions::<Note>(id),
        Err(Error::NotFound)
    ));
    open(&world, space).expect("opened");
    assert_eq!(texts(&world), ["what was really said", "what was said"]);
    let restored = world.mentoring.restore::<Note>(id, 1).expect("restored");
    assert_eq!(
        restored.meta.label,
        Label::Sealed,
        "an earlier state stays sealed"
    );
    assert_eq!(restored.body.text, "what was said");

    let mut unseal = change(&restored);
    unseal.label = Label::Private;
    world.mentoring.save(unseal).expect("unsealed");
    world.mentoring.shut_sealed(space).expect("shut");
    assert_eq!(world.text(id), "what was said");
    assert_eq!(texts(&world).len(), 4);
    let restored = world.mentoring.restore::<Note>(id, 1).expect("restored");
    assert_eq!(
        restored.meta.label,
        Label::Private,
        "what was sealed is not shared by going back"
    );
}

#[test]
fn after_sealing_no_file_of_the_vault_holds_a_row_that_the_notebook_s_key_opened() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    make(&world, space);
    let mut before = Vec::new();
    let world = world.reopen_after(|vault| before = testkit::sealed_rows(vault));
    let written = world.note(space, Label::Private, "what was said");
    let mut rows = Vec::new();
    let world = world.reopen_after(|vault| rows = testkit::sealed_rows(vault));
    rows.retain(|row| !before.contains(row));
    assert!(rows.len() >= 2, "the note and its page of the index");
    let pieces: Vec<_> = rows.iter().map(|row| &row[PIECE]).collect();
    for piece in &pieces {
        assert!(
            lies_somewhere(world.folder(), piece),
            "it is looked for in the right way"
        );
    }
    open(&world, space).expect("opened");
    let mut seal = change(&written);
    seal.label = Label::Sealed;
    world.mentoring.save(seal).expect("sealed");
    for piece in &pieces {
        assert!(!lies_somewhere(world.folder(), piece));
    }
}

#[test]
fn after_sealing_the_vault_s_passphrase_alone_reads_nothing_of_it_in_any_part_of_the_journal() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    make(&world, space);
    // Written and sealed in one session, so that it stood in the last segment.
    let written = world.note(space, Label::Private, "what was said");
    assert!(
        is_in_the_journal(world.folder(), b"what was said"),
        "it is looked for in the right way"
    );
    let mut seal = change(&written);
    seal.label = Label::Sealed;
    world.mentoring.save(seal).expect("sealed");
    assert!(!is_in_the_journal(world.folder(), b"what was said"));
    world.reopen_after(|folder| assert!(!is_in_the_journal(folder, b"what was said")));
}

#[test]
fn a_sweep_that_is_cut_short_is_known_of_and_made_up_for() {
    // How many writes a sealing takes, counted on a disk that does not fail.
    let mut takes = 0;
    let mut owed = Vec::new();
    for fails_before_the_end in [None, Some(2), Some(4), Some(8), Some(16)] {
        let disk = CrashDisk::new();
        let host = Host {
            disk: Arc::new(disk.clone()),
            settle_after: None,
            ..Host::default()
        };
        let (temp, vault) = TempVault::empty_on(host).filled().expect("made");
        let serve = |vault| Mentoring::over(vault, Arc::new(SystemClock), &[]).expect("services");
        let mentoring = serve(vault);
        let space = mentoring
            .create_space(relationship("Amara Nwosu"))
            .expect("made")
            .id;
        mentoring
            .make_sealed(space, &second(), testkit::CHEAP)
            .expect("made");
        let draft = Draft {
            space,
            label: Label::Private,
            on: mentoring.clock().today(),
            parent: None,
            as_told_by: None,
            body: note("what was said"),
        };
        let mut seal = change(&mentoring.create(draft).expect("made"));
        seal.label = Label::Sealed;
        let begun = disk.steps();
        if let Some(before_the_end) = fails_before_the_end {
            disk.fail_from(begun + takes - before_the_end, io::ErrorKind::StorageFull);
        }
        mentoring.save(seal).expect("sealed all the same");
        disk.mend();
        if fails_before_the_end.is_none() {
            takes = disk.steps() - begun;
        }
        drop(mentoring);
        let mentoring = serve(temp.open().expect("opened"));
        owed.push(mentoring.is_sweep_owed().expect("read"));
        mentoring.sweep_if_owed(&Quiet).expect("swept");
        assert!(!mentoring.is_sweep_owed().expect("read"));
    }
    assert_eq!(owed, [false, true, true, true, true]);
}

/// Bytes of a segment before its first frame, and of a frame around its sealed body.
const SEGMENT_HEAD: usize = 256;
const FRAME_AROUND: usize = 80 + 32;

/// Whether words stand in a record that the vault's own passphrase reads, when each segment of the journal is taken alone
/// and cut off behind each of its frames.
fn is_in_the_journal(folder: &Path, words: &[u8]) -> bool {
    let journal = folder.join("sync/journal");
    let devices = std::fs::read_dir(&journal).expect("a folder");
    let mut segments = devices.flat_map(|device| {
        let device = device.expect("an entry").path();
        let segments = std::fs::read_dir(device).expect("a folder");
        segments.map(|segment| segment.expect("an entry").path())
    });
    segments.any(|segment| {
        let bytes = std::fs::read(&segment).expect("a file");
        let mut end = SEGMENT_HEAD;
        while let Some(length) = bytes.get(end + 4..end + 8) {
            let length = u32::from_le_bytes(length.try_into().expect("four bytes"));
            end += FRAME_AROUND + length as usize;
            let copy = tempfile::tempdir().expect("a folder");
            let places = Places {
                vault: copy.path().join("vault"),
                device: copy.path().join("device"),
            };
            let sync = places.vault.join("sync");
            testkit::copy_folder(&folder.join("sync"), &sync);
            std::fs::remove_dir_all(sync.join("journal")).expect("it was copied");
            let there = sync
                .join("journal")
                .join(segment.strip_prefix(&journal).expect("below"));
            std::fs::create_dir_all(there.parent().expect("a folder")).expect("made");
            std::fs::write(there, &bytes[..end]).expect("written");
            if is_read(&places, words) {
                return true;
            }
        }
        false
    })
}

fn is_read(places: &Places, words: &[u8]) -> bool {
    let passphrase = Passphrase::parse(PASSPHRASE).expect("a good passphrase");
    let vault = Vault::open(places, Credential::Passphrase(&passphrase), &Quiet).expect("opened");
    let mut found = false;
    for part in vault.compartments().iter().filter(|part| !part.locked) {
        let visited = vault.visit(part.id, &mut |record| {
            found |= record
                .payload
                .windows(words.len())
                .any(|there| there == words);
        });
        visited.expect("read");
    }
    found
}

/// A piece of a sealed row: behind its nonce, so it is no row's but this one's.
const PIECE: std::ops::Range<usize> = 32..64;

fn lies_somewhere(folder: &Path, piece: &[u8]) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            return lies_somewhere(&path, piece);
        }
        let bytes = std::fs::read(&path).expect("a file");
        bytes.windows(piece.len()).any(|window| window == piece)
    })
}

#[test]
fn the_bin_keeps_what_is_sealed_under_its_seal() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    make(&world, space);
    let id = world.note(space, Label::Sealed, "a complaint").meta.id;
    world.mentoring.bin_record(id).expect("binned");
    let bin = RecordFilter {
        binned: true,
        ..filter(None)
    };
    assert_eq!(listed(&world, &bin), [id]);
    world.mentoring.shut_sealed(space).expect("shut");
    assert!(listed(&world, &bin).is_empty());
    open(&world, space).expect("opened");
    let back = world.mentoring.unbin_record(id).expect("back");
    assert_eq!(back.line.label, ShownLabel::Sealed);
    world.mentoring.bin_record(id).expect("binned");
    world.mentoring.erase_record(id).expect("erased");
    assert!(listed(&world, &bin).is_empty());
}

#[test]
fn each_notebook_has_a_seal_of_its_own_and_keeps_it_when_its_card_changes() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let daniel = world.relationship("Daniel Rhee");
    make(&world, amara);
    let hers = world.note(amara, Label::Sealed, "a complaint").meta.id;
    assert_eq!(
        world.mentoring.space(daniel).expect("there").sealed,
        SealedState::Missing
    );
    let mut draft = relationship("Amara Nwosu-Hale");
    draft.about = "Principal engineer".to_owned();
    let changed = world.mentoring.update_space(amara, draft).expect("changed");
    assert_eq!(changed.sealed, SealedState::Open);
    let world = world.reopen();
    assert_eq!(
        world.mentoring.list_spaces().len(),
        2,
        "a seal is no notebook"
    );
    open(&world, amara).expect("opened");
    assert_eq!(world.text(hers), "a complaint");
}

#[test]
fn forgetting_a_notebook_takes_what_is_sealed_in_it_though_it_is_shut() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let daniel = world.relationship("Daniel Rhee");
    make(&world, amara);
    world.note(amara, Label::Sealed, "a complaint");
    world.note(amara, Label::Private, "an ordinary day");
    let kept = world.note(daniel, Label::Private, "a good day").meta.id;
    world.mentoring.shut_sealed(amara).expect("shut");
    let compartments = world.mentoring.vault().compartments().len();
    let gone = world
        .mentoring
        .forget_space(amara, &Quiet)
        .expect("forgotten");
    assert_eq!((gone.monogram.as_str(), gone.sealed), ("AN", true));
    assert!(gone.report.rows >= 4, "two notes and two pages");
    let proof = gone.report.destruction.expect("proven");
    assert!(proof.files_checked > 0);
    let left = world.mentoring.vault().compartments().len();
    assert_eq!(left, compartments - 2, "its sealed part went with it");
    assert!(matches!(
        world.mentoring.space(amara),
        Err(Error::SpaceNotFound)
    ));
    assert!(matches!(open(&world, amara), Err(Error::SpaceNotFound)));
    let world = world.reopen();
    assert_eq!(world.mentoring.list_spaces().len(), 1);
    assert_eq!(world.text(kept), "a good day");
}

#[test]
fn a_lost_index_of_what_is_sealed_is_made_anew_from_its_records() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    make(&world, space);
    let plain = world
        .note(space, Label::Shareable, "an ordinary day")
        .meta
        .id;
    let id = world.note(space, Label::Sealed, "a complaint").meta.id;
    world.mentoring.rebuild_index(space).expect("made anew");
    assert_eq!(listed(&world, &filter(Some(space))).len(), 2);
    let world = world.reopen();
    open(&world, space).expect("opened");
    let label = |id| world.mentoring.open_record(id).expect("there").line.label;
    assert_eq!(label(id), ShownLabel::Sealed);
    assert_eq!(label(plain), ShownLabel::Shareable);
}
