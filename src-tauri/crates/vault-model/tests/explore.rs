//! Every state of the model within its bounds: no promise is broken in any, and the checker does find the broken one
//! when the steps are taken in a wrong order.

#![allow(clippy::print_stdout, reason = "tests say how much they saw")]

use std::collections::BTreeSet;
use std::time::Instant;

use stateright::{Checker, HasDiscoveries, Model, Property};
use vault_model::{
    Acknowledged, Alarm, Budget, Event, Memory, Operation, Order, Pending, Place, Step, Switch,
    World,
};

/// The vault, as far as its budget reaches.
struct Vault {
    order: Order,
    budget: Budget,
    /// What is asked of it beside saves and settling.
    asked: fn(Operation) -> bool,
}

const SAVES: &str = "no save that was acknowledged or shown is lost";
const FORGETS: &str = "no forgetting is half done";
const REKEYS: &str = "no change of keys is half done";
const OPENS: &str = "the old or the new passphrase opens, and nothing is damaged";
const SHOWS: &str = "an opening shows one of the states that were asked for";
const BESIDE: &str = "what was in its place before lies beside it, whole";
const CALM: &str = "no opening tells of a rollback, a fork or damage where there is none";
const NOTICED: &str = "a copy from before what this machine knows is noticed";

const PROMISES: [&str; 8] = [SAVES, FORGETS, REKEYS, OPENS, SHOWS, BESIDE, CALM, NOTICED];

impl Model for Vault {
    type State = World;
    type Action = Event;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.budget)]
    }

    fn actions(&self, world: &World, events: &mut Vec<Event>) {
        world.events(self.order, events);
        events.retain(|event| match event {
            Event::Ask(Operation::Save { .. } | Operation::Settle) => true,
            Event::Ask(operation) => (self.asked)(*operation),
            _ => true,
        });
    }

    fn next_state(&self, world: &World, event: Event) -> Option<World> {
        Some(world.after(&event, self.order))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(SAVES, |_, world: &World| world.keeps_saves()),
            Property::always(FORGETS, |_, world: &World| world.forgets_wholly()),
            Property::always(REKEYS, |_, world: &World| world.rekeys_wholly()),
            Property::always(OPENS, |model: &Vault, world: &World| {
                world.opens(model.order)
            }),
            Property::always(SHOWS, |_, world: &World| world.broken.is_none()),
            Property::always(BESIDE, |model: &Vault, world: &World| {
                world.keeps_vaults(model.order)
            }),
            Property::always(CALM, |_, world: &World| world.is_calm()),
            Property::always(NOTICED, |model: &Vault, world: &World| {
                world.notices_rollback(model.order)
            }),
        ];
        // An exploration that never comes to these has shown nothing about them.
        properties.extend(self.of_saves());
        if (self.asked)(Operation::Rekey) {
            properties.extend(Self::of_keys());
        }
        if self.budget.damages > 0 {
            properties.extend(Self::of_damages());
        }
        if self.budget.backups > 0 {
            properties.extend(Self::of_backups());
        }
        if self.budget.moves > 0 {
            properties.extend(Self::of_moves());
        }
        if self.budget.copies > 0 {
            properties.extend(Self::of_copies());
        }
        properties
    }
}

/// What must happen somewhere within the budget.
impl Vault {
    fn of_saves(&self) -> Vec<Property<Self>> {
        let mut properties = vec![Property::sometimes(
            "all saves were acknowledged",
            |model: &Vault, world: &World| {
                let promised = world.promises.of.values();
                let kept = promised.map(|promised| promised.kept.count_ones()).max();
                kept == Some(u32::from(model.budget.saves))
            },
        )];
        if self.budget.saves > 0 {
            properties.push(Property::sometimes(
                "a save that was begun was lost",
                |_, world: &World| {
                    world.at_rest().is_some_and(|memory| {
                        let promised = &world.promises.of[&memory.folder];
                        promised.begun & !memory.content.rows != 0
                    })
                },
            ));
        }
        properties
    }

    fn of_keys() -> Vec<Property<Self>> {
        vec![
            Property::sometimes("a store is built anew", |_, world: &World| {
                opening(world)
                    .is_some_and(|memory| matches!(memory.todo.first(), Some(Step::MakeStore)))
            }),
            Property::sometimes("a compartment was forgotten", |_, world: &World| {
                let forgotten = |memory: &Memory| world.promises.of[&memory.folder].forgotten;
                world.at_rest().is_some_and(forgotten)
            }),
            Property::sometimes("a forgetting was undone", |_, world: &World| {
                let undone = |memory: &Memory| {
                    let orphans = &world.disk.folders[&memory.folder].orphans;
                    !orphans.0.is_empty() && !world.promises.of[&memory.folder].forgotten
                };
                world.at_rest().is_some_and(undone)
            }),
            Property::sometimes("a forgetting waits to be finished", |_, world: &World| {
                waits(world, Pending::OldEpochs)
            }),
            Property::sometimes("new keys wait to be finished", |_, world: &World| {
                waits(world, Pending::OldLineage)
            }),
            Property::sometimes("the vault has new keys", |_, world: &World| {
                let rekeyed = |memory: &Memory| memory.header.root > 0;
                world.at_rest().is_some_and(rekeyed)
            }),
            Property::sometimes("a rekey was undone", |_, world: &World| {
                // Its lineage was never in force, and its marker is gone.
                let begun = |memory: &Memory| {
                    let orphans = &world.disk.folders[&memory.folder].orphans;
                    orphans.0.iter().any(|file| file.root != memory.header.root)
                };
                world.at_rest().is_some_and(begun)
            }),
            Property::sometimes("there is a second passphrase", |_, world: &World| {
                let second = |memory: &Memory| memory.ring.second > 0;
                world.at_rest().is_some_and(second)
            }),
            Property::sometimes("either passphrase opens", |model: &Vault, world: &World| {
                let mut events = Vec::new();
                world.events(model.order, &mut events);
                let opens = |event: &&Event| matches!(event, Event::Open(_));
                world.memory.is_none() && events.iter().filter(opens).count() > 1
            }),
        ]
    }

    fn of_damages() -> Vec<Property<Self>> {
        vec![Property::sometimes(
            "a prepared store stands in for its checkpoint",
            |_, world: &World| {
                opening(world).is_some_and(|m| m.alarm == Some(Alarm::CheckpointDamaged))
            },
        )]
    }

    fn of_backups() -> Vec<Property<Self>> {
        vec![
            Property::sometimes("a backup was put back", |_, world: &World| {
                let before = world.disk.places.at(Place::Before);
                before.is_some() && world.at_rest().is_some()
            }),
            Property::sometimes("a switch was cut off", |_, world: &World| {
                world.memory.is_none() && world.disk.places.at(Place::Vault).is_none()
            }),
            Property::sometimes("a restoring was cut off", |_, world: &World| {
                let grown = world.disk.places.at(Place::Growing);
                world.memory.is_none() && grown.is_some()
            }),
            Property::sometimes("a switch is brought to its end", |_, world: &World| {
                starts_with(world, &Step::BringIn(Place::Restored))
            }),
            Property::sometimes("a marker outlives its switch", |_, world: &World| {
                let [vault, before] = [Place::Vault, Place::Before];
                let [vault, before] = [vault, before].map(|place| world.disk.places.at(place));
                let marker = world.disk.switch.now;
                let outlived = |marker: Switch| Some(marker.restored) == vault;
                world.memory.is_none() && before.is_some() && marker.is_some_and(outlived)
            }),
            Property::sometimes("a restoring is cleared away", |_, world: &World| {
                starts_with(world, &Step::ClearBeside(Place::Growing))
            }),
            Property::sometimes("a switch that was not begun is cleared away", |_, world| {
                starts_with(world, &Step::ClearBeside(Place::Restored))
            }),
        ]
    }

    fn of_moves() -> Vec<Property<Self>> {
        vec![
            Property::sometimes(
                "there is no vault, and a restored one beside its place",
                |_, world: &World| {
                    let restored = world.disk.places.at(Place::Restored);
                    let vault = world.disk.vault(Order::AsIs);
                    world.memory.is_none() && vault.is_none() && restored.is_some()
                },
            ),
            Property::sometimes("the one of before comes back", |_, world: &World| {
                starts_with(world, &Step::BringIn(Place::Before))
            }),
        ]
    }

    fn of_copies() -> Vec<Property<Self>> {
        vec![
            Property::sometimes(
                "a copy is told as a rollback",
                |model: &Vault, world: &World| {
                    let openings = world.openings_of_copy(model.order);
                    openings.contains(&(true, Some(Alarm::Rollback)))
                },
            ),
            Property::sometimes(
                "a copy that was saved into is told as a fork",
                |model: &Vault, world: &World| {
                    let openings = world.openings_of_copy(model.order);
                    openings.contains(&(true, Some(Alarm::Fork)))
                },
            ),
            Property::sometimes(
                "a copy of now raises no alarm",
                |model: &Vault, world: &World| {
                    let openings = world.openings_of_copy(model.order);
                    openings.contains(&(false, None))
                },
            ),
        ]
    }
}

fn starts_with(world: &World, step: &Step) -> bool {
    opening(world).is_some_and(|memory| memory.todo.first() == Some(step))
}

fn opening(world: &World) -> Option<&Memory> {
    let opens = |memory: &&Memory| memory.todo.last() == Some(&Step::Answer(Acknowledged::Opened));
    world.memory.as_ref().filter(opens)
}

fn waits(world: &World, pending: Pending) -> bool {
    let vault = world.disk.vault(Order::AsIs);
    let folder = vault.and_then(|vault| world.disk.folders.get(&vault));
    let header = folder.and_then(|folder| folder.header[0].now);
    world.memory.is_none() && header.is_some_and(|header| header.pending == pending)
}

/// Explores everything and says how much that was.
fn explore(name: &str, budget: Budget, asked: fn(Operation) -> bool, floor: usize) {
    let begun = Instant::now();
    let order = Order::AsIs;
    let model = Vault {
        order,
        budget,
        asked,
    };
    let checker = model
        .checker()
        .threads(std::thread::available_parallelism().map_or(1, usize::from))
        .spawn_bfs()
        .join();
    println!(
        "{name}: {} states, {} of them different, {} steps deep, within {budget:?}, {:.1} s",
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth(),
        begun.elapsed().as_secs_f64()
    );
    for property in PROMISES {
        if let Some(path) = checker.discovery(property) {
            panic!("{property}:\n{}", told(path));
        }
    }
    assert!(checker.is_done(), "it was not explored to its end");
    assert!(
        checker.unique_state_count() >= floor,
        "only {} states",
        checker.unique_state_count()
    );
    // All that can happen within the budget has happened.
    checker.assert_properties();
}

fn told(path: stateright::Path<World, Event>) -> String {
    let mut lines: Vec<_> = path
        .clone()
        .into_actions()
        .iter()
        .map(|event| format!("{event:?}"))
        .collect();
    let last = path.into_states().pop();
    lines.extend(last.map(|world| format!("{world:#?}")));
    lines.join("\n")
}

/// Finds this promise broken by one operation, and answers the way to it.
fn broken(
    property: &'static str,
    order: Order,
    budget: Budget,
    asked: fn(Operation) -> bool,
) -> Vec<Event> {
    let model = Vault {
        order,
        budget,
        asked,
    };
    let checker = model
        .checker()
        .finish_when(HasDiscoveries::AllOf(BTreeSet::from([property])))
        .spawn_bfs()
        .join();
    let path = checker
        .discovery(property)
        .unwrap_or_else(|| panic!("{order:?}: {property}: no way was found to break it"));
    let events = path.into_actions();
    println!("{order:?}: {property}: broken after {events:?}");
    events
}

/// Finds it broken by new keys for the vault, and by new ones for a compartment.
fn broken_by_new_keys(property: &'static str, order: Order) -> [Vec<Event>; 2] {
    let budget = Budget { saves: 1, ..SMALL };
    [rekeys, sets_second].map(|asked| broken(property, order, budget, asked))
}

fn anything(_: Operation) -> bool {
    true
}

fn nothing(_: Operation) -> bool {
    false
}

fn forgets(operation: Operation) -> bool {
    operation == Operation::Forget
}

fn checkpoints(operation: Operation) -> bool {
    operation == Operation::Checkpoint
}

fn rekeys(operation: Operation) -> bool {
    operation == Operation::Rekey
}

fn sets_second(operation: Operation) -> bool {
    operation == Operation::SetSecond
}

fn puts_back(operation: Operation) -> bool {
    operation == Operation::PutBack
}

const SMALL: Budget = Budget {
    saves: 2,
    operations: 1,
    crashes: 2,
    damages: 1,
    backups: 0,
    copies: 0,
    moves: 0,
};

/// With a backup to put back.
const BACKED_UP: Budget = Budget {
    saves: 2,
    operations: 1,
    crashes: 2,
    damages: 0,
    backups: 1,
    copies: 0,
    moves: 0,
};

/// With somebody who moves away what is in the vault's place, too.
const MOVED: Budget = Budget {
    saves: 1,
    moves: 1,
    ..BACKED_UP
};

/// With somebody who keeps a copy of the folder.
const COPIED: Budget = Budget {
    saves: 2,
    operations: 1,
    crashes: 1,
    damages: 0,
    backups: 0,
    copies: 1,
    moves: 0,
};

#[test]
fn no_promise_is_broken_in_any_state() {
    let twice = Budget {
        saves: 1,
        operations: 2,
        crashes: 1,
        ..SMALL
    };
    explore("two operations", twice, anything, 340_000);
    explore("two crashes", SMALL, anything, 900_000);
}

#[test]
fn no_promise_is_broken_while_a_backup_is_put_back() {
    explore("a backup", BACKED_UP, puts_back, 100_000);
    explore("a backup, and a vault moved away", MOVED, puts_back, 18_000);
}

#[test]
fn a_copy_from_before_is_noticed_in_every_state() {
    explore("a copy", COPIED, anything, 290_000);
}

#[test]
#[ignore = "takes minutes and gigabytes: wider bounds than the tests above"]
fn no_promise_is_broken_within_wider_bounds() {
    let twice = Budget {
        operations: 2,
        crashes: 1,
        ..SMALL
    };
    let backed_up = Budget {
        saves: 1,
        operations: 2,
        ..BACKED_UP
    };
    let copied = Budget {
        operations: 2,
        ..COPIED
    };
    let crashing = Budget {
        saves: 1,
        crashes: 2,
        ..twice
    };
    explore("two operations and a damage", twice, anything, 1_000_000);
    explore("two operations with a backup", backed_up, anything, 300_000);
    explore("two operations with a copy", copied, anything, 300_000);
    explore(
        "two operations and two crashes",
        crashing,
        anything,
        1_000_000,
    );
}

#[test]
fn an_answer_before_the_sync_loses_a_save() {
    broken(SAVES, Order::AnswersBeforeSync, SMALL, nothing);
}

#[test]
fn an_epoch_that_is_destroyed_before_the_header_is_written_leaves_nothing_that_opens() {
    broken(OPENS, Order::DestroysBeforeHeader, SMALL, forgets);
}

#[test]
fn an_epoch_that_is_destroyed_after_one_header_copy_is_lost_with_that_copy() {
    let events = broken(OPENS, Order::DestroysAfterOneCopy, SMALL, forgets);
    assert!(events.contains(&Event::Damage(0)));
}

#[test]
fn journal_that_is_removed_before_its_checkpoint_is_there_is_missed() {
    broken(SAVES, Order::TrimsBeforeCheckpoint, SMALL, checkpoints);
}

#[test]
fn an_opening_that_builds_on_what_nobody_synced_loses_what_it_has_shown() {
    broken(SAVES, Order::TrustsUnsynced, SMALL, nothing);
}

#[test]
fn an_opening_that_destroys_before_both_header_copies_are_mended_loses_all_with_one_of_them() {
    let order = Order::OpeningDestroysBeforeMending;
    broken(OPENS, order, SMALL, forgets);
    broken_by_new_keys(OPENS, order);
}

#[test]
fn an_anchor_that_is_told_of_a_save_before_its_sync_cries_rollback() {
    broken(CALM, Order::TellsAnchorBeforeSync, SMALL, nothing);
}

#[test]
fn whoever_settles_without_the_anchor_lets_a_copy_pass() {
    broken(NOTICED, Order::SettlesBeforeAnchor, COPIED, nothing);
}

#[test]
fn journal_that_is_removed_before_the_anchor_knows_leaves_the_history_unproven() {
    let budget = Budget {
        saves: 3,
        operations: 2,
        crashes: 1,
        damages: 0,
        ..SMALL
    };
    broken(CALM, Order::TrimsBeyondAnchor, budget, checkpoints);
}

#[test]
fn a_forgetting_before_the_anchor_knows_leaves_the_history_unproven() {
    broken(CALM, Order::ForgetsBeforeAnchor, SMALL, forgets);
}

#[test]
fn a_second_passphrase_before_the_anchor_knows_leaves_the_history_unproven() {
    broken(CALM, Order::RekeysBeforeAnchor, SMALL, sets_second);
}

#[test]
fn old_keys_that_are_destroyed_before_the_header_is_written_leave_nothing_that_opens() {
    broken_by_new_keys(OPENS, Order::RekeyDestroysBeforeHeader);
}

#[test]
fn old_keys_that_are_destroyed_after_one_header_copy_are_lost_with_that_copy() {
    let [_, events] = broken_by_new_keys(OPENS, Order::RekeyDestroysAfterOneCopy);
    assert!(events.contains(&Event::Damage(0)));
}

#[test]
fn a_keyring_after_the_header_that_names_it_is_missed() {
    broken_by_new_keys(OPENS, Order::RekeyWritesKeyringLast);
}

#[test]
fn rows_that_are_prepared_after_the_header_are_missed() {
    broken_by_new_keys(OPENS, Order::RekeyPreparesRowsLast);
}

#[test]
fn a_checkpoint_that_has_its_name_before_the_header_passes_for_a_damaged_one() {
    broken_by_new_keys(CALM, Order::RekeyNamesCheckpointFirst);
}

#[test]
fn a_marker_after_the_files_that_it_is_to_undo_leaves_them_behind() {
    broken(REKEYS, Order::RekeyWritesMarkerLast, SMALL, rekeys);
}

#[test]
fn a_marker_that_goes_before_what_it_says_is_done_leaves_the_old_list_behind() {
    broken(REKEYS, Order::RekeyRemovesMarkerFirst, SMALL, rekeys);
}

#[test]
fn a_marker_that_goes_before_the_old_anchor_is_closed_lets_the_old_folder_pass() {
    let budget = Budget {
        saves: 0,
        crashes: 2,
        ..COPIED
    };
    broken(NOTICED, Order::RekeyRemovesMarkerFirst, budget, rekeys);
}

#[test]
fn a_rekey_that_is_done_before_all_is_destroyed_leaves_the_old_keys_something_to_open() {
    broken_by_new_keys(REKEYS, Order::RekeyIsDoneBeforeDestroying);
}

#[test]
fn a_restored_vault_that_was_never_opened_passes_for_a_fork() {
    broken(CALM, Order::SwitchesBeforeOpening, BACKED_UP, puts_back);
}

#[test]
fn a_restored_vault_without_a_header_does_not_open() {
    broken(OPENS, Order::SwitchesBeforeHeader, BACKED_UP, puts_back);
}

#[test]
fn a_present_vault_that_is_removed_first_is_lost() {
    broken(BESIDE, Order::RemovesPresentFirst, BACKED_UP, puts_back);
}

#[test]
fn a_switch_that_nobody_synced_is_undone_under_whoever_saved_after_it() {
    let events = broken(SHOWS, Order::LeavesSwitchUnsynced, BACKED_UP, puts_back);
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::PowerCut(_)))
    );
}

#[test]
fn a_switch_that_nothing_tells_of_leaves_the_place_empty() {
    broken(OPENS, Order::SwitchesUnmarked, BACKED_UP, puts_back);
}

#[test]
fn a_marker_after_the_present_vault_has_moved_is_missed_by_whoever_finds_the_place_empty() {
    broken(OPENS, Order::MarksSwitchAfterMoving, BACKED_UP, puts_back);
}

#[test]
fn a_marker_that_is_not_there_for_good_may_go_with_the_power() {
    let events = broken(OPENS, Order::LeavesMarkUnsynced, BACKED_UP, puts_back);
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::PowerCut(_)))
    );
}

#[test]
fn a_marker_that_goes_before_the_restored_vault_has_come_leaves_the_place_empty() {
    broken(OPENS, Order::EndsSwitchBeforeMovingIn, BACKED_UP, puts_back);
}

#[test]
fn a_marker_that_goes_before_the_restored_vault_is_there_for_good_leaves_the_place_empty() {
    let events = broken(OPENS, Order::EndsSwitchBeforeSync, BACKED_UP, puts_back);
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::PowerCut(_)))
    );
}

#[test]
fn a_restored_vault_that_no_marker_names_is_not_what_somebody_moved_away() {
    let events = broken(SHOWS, Order::FinishesUnmarked, MOVED, puts_back);
    assert!(events.contains(&Event::MoveElsewhere));
}
