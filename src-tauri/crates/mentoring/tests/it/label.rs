use mentoring::{
    KindNumber, Label, Outline, RecordId, RecordKind, Result, ShownLabel, SpaceId,
    spaces::SpaceKind,
};
use serde::{Deserialize, Serialize};

use crate::world::World;

/// A record whose agreed words rest on others, whatever these are.
#[derive(Debug, Clone, PartialEq)]
struct Voucher(Vec<RecordId>);

#[derive(Serialize, Deserialize)]
struct VoucherV1(Vec<RecordId>);

impl From<Voucher> for VoucherV1 {
    fn from(Voucher(of): Voucher) -> Self {
        Self(of)
    }
}

impl From<VoucherV1> for Voucher {
    fn from(VoucherV1(of): VoucherV1) -> Self {
        Self(of)
    }
}

impl RecordKind for Voucher {
    type Stored = VoucherV1;

    const KIND: KindNumber = KindNumber(199);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = false;

    fn check(&self, _label: Label) -> Result<()> {
        Ok(())
    }

    fn outline(&self) -> Outline {
        Outline::default()
    }

    fn vouches_for(&self, space: SpaceKind) -> Vec<RecordId> {
        match space {
            SpaceKind::Relationship => self.0.clone(),
            SpaceKind::Journal | SpaceKind::Circle => Vec::new(),
        }
    }

    fn words(&self) -> String {
        String::new()
    }
}

fn shown(world: &World, id: RecordId) -> ShownLabel {
    world.mentoring.open_record(id).expect("opened").line.label
}

fn vouch(world: &World, space: SpaceId, of: &[RecordId]) {
    world.make(space, Label::Private, Voucher(of.to_vec()));
}

#[test]
fn a_shareable_record_that_is_vouched_for_is_agreed_and_a_private_one_stays_private() {
    let world = World::new();
    let space = world.relationship("Amara Nwosu");
    let shareable = world.note(space, Label::Shareable, "led the audit").meta.id;
    let private = world.note(space, Label::Private, "worn down").meta.id;
    vouch(&world, space, &[shareable, private]);
    assert_eq!(shown(&world, shareable), ShownLabel::Agreed);
    assert_eq!(shown(&world, private), ShownLabel::Private);
    let touched = world.mentoring.today().expect("gathered").touched;
    let today = touched.iter().find(|line| line.id == shareable);
    assert_eq!(today.expect("shown").label, ShownLabel::Agreed);
}

#[test]
fn no_space_vouches_for_the_records_of_another() {
    let world = World::new();
    let amara = world.relationship("Amara Nwosu");
    let daniel = world.relationship("Daniel Rhee");
    let hers = world.note(amara, Label::Shareable, "led the audit").meta.id;
    vouch(&world, daniel, &[hers]);
    assert_eq!(shown(&world, hers), ShownLabel::Shareable);
    vouch(&world, amara, &[hers]);
    assert_eq!(shown(&world, hers), ShownLabel::Agreed);
}
