//! Whatever is done to a vault, it holds what a simple map would hold.

use std::collections::BTreeMap;

use proptest::prelude::*;
use testkit::TempVault;
use vault::{Batch, CompartmentId, Kind, Quiet, RecordId, Schema};

use crate::support::*;

#[derive(Debug, Clone)]
enum Step {
    Save(Vec<Change>),
    Lock,
    Drop,
    Compact,
    LoseStore,
    LoseCurrent,
}

#[derive(Debug, Clone)]
struct Change {
    space: usize,
    kind: u16,
    record: u64,
    length: Option<usize>,
}

fn change() -> impl Strategy<Value = Change> {
    let length = prop_oneof![
        1 => Just(None),
        3 => (0usize..3_000).prop_map(Some),
        1 => (32_620usize..32_630).prop_map(Some),
        1 => (60_000usize..120_000).prop_map(Some),
    ];
    (0..2usize, 1..3u16, 0..5u64, length).prop_map(|(space, kind, record, length)| Change {
        space,
        kind,
        record,
        length,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => prop::collection::vec(change(), 0..4).prop_map(Step::Save),
        1 => Just(Step::Lock),
        1 => Just(Step::Drop),
        1 => Just(Step::Compact),
        1 => Just(Step::LoseStore),
        1 => Just(Step::LoseCurrent),
    ]
}

type Model = BTreeMap<(CompartmentId, Kind, RecordId), Vec<u8>>;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_vault_holds_what_a_map_would_hold(steps in prop::collection::vec(step(), 1..24)) {
        let (temp, vault) = TempVault::create();
        let spaces = [plain(&vault), plain(&vault)];
        let mut vault = Some(vault);
        let mut model = Model::new();
        let mut written = 0u8;
        for step in steps {
            match step {
                Step::Save(changes) => {
                    let mut batch = Batch::new();
                    for change in changes {
                        written = written.wrapping_add(1);
                        let key = (spaces[change.space], Kind(change.kind), id(change.record));
                        if let Some(length) = change.length {
                            let payload = vec![written; length];
                            batch.put(key.0, key.1, key.2, Schema(1), payload.clone());
                            model.insert(key, payload);
                        } else {
                            batch.delete(key.0, key.1, key.2);
                            model.remove(&key);
                        }
                    }
                    vault.as_ref().unwrap().save(batch).unwrap();
                }
                Step::Compact => vault.as_ref().unwrap().compact(&Quiet).unwrap(),
                Step::Lock => vault.take().unwrap().lock().unwrap(),
                Step::Drop => drop(vault.take()),
                Step::LoseStore => {
                    drop(vault.take());
                    for store in stores(temp.root()) {
                        std::fs::remove_dir_all(store).unwrap();
                    }
                }
                Step::LoseCurrent => {
                    vault.take().unwrap().lock().unwrap();
                    std::fs::remove_file(temp.root().join("local/CURRENT")).unwrap();
                }
            }
            if vault.is_none() {
                let opened = temp.open().unwrap();
                prop_assert_eq!(alarming(&opened), []);
                vault = Some(opened);
            }
            let vault = vault.as_ref().unwrap();
            let mut found = Model::new();
            for space in spaces {
                let visited = vault.visit(space, &mut |record| {
                    found.insert((space, record.kind, record.record), record.payload.to_vec());
                }).unwrap();
                prop_assert_eq!(visited.unreadable, []);
            }
            prop_assert_eq!(&found, &model);
            assert_whole(vault);
        }
    }
}
