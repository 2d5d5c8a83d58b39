//! Every state of the model within its bounds: no promise is broken in any, and the checker does find the broken one
//! when the steps are taken in a wrong order.

#![allow(clippy::print_stdout, reason = "tests say how much they saw")]

use std::collections::BTreeSet;
use std::time::Instant;

use stateright::{Checker, HasDiscoveries, Model, Property};
use vault_model::{Budget, Event, Order, Pending, World};

/// The vault, as far as its budget reaches.
struct Vault {
    order: Order,
    budget: Budget,
}

const SAVES: &str = "no save that was acknowledged or shown is lost";
const FORGETS: &str = "no forgetting is half done";
const OPENS: &str = "the old or the new passphrase opens, and nothing is damaged";
const SHOWS: &str = "an opening shows one of the states that were asked for";

impl Model for Vault {
    type State = World;
    type Action = Event;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.budget)]
    }

    fn actions(&self, world: &World, events: &mut Vec<Event>) {
        world.events(self.order, events);
    }

    fn next_state(&self, world: &World, event: Event) -> Option<World> {
        Some(world.after(&event, self.order))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        fn kept(world: &World) -> u32 {
            world.promises.kept.count_ones()
        }
        fn at_rest(world: &World) -> Option<&vault_model::Memory> {
            world.memory.as_ref().filter(|_| world.is_at_rest())
        }
        vec![
            Property::always(SAVES, |_, world: &World| world.keeps_saves()),
            Property::always(FORGETS, |_, world: &World| world.forgets_wholly()),
            Property::always(OPENS, |model: &Vault, world: &World| {
                world.opens(model.order)
            }),
            Property::always(SHOWS, |_, world: &World| world.broken.is_none()),
            // An exploration that never comes to these has shown nothing about them.
            Property::sometimes(
                "all saves were acknowledged",
                |model: &Vault, world: &World| kept(world) == u32::from(model.budget.saves),
            ),
            Property::sometimes("a save that was begun was lost", |_, world: &World| {
                at_rest(world).is_some_and(|memory| world.promises.begun & !memory.rows != 0)
            }),
            Property::sometimes("a compartment was forgotten", |_, world: &World| {
                at_rest(world).is_some() && world.promises.forgotten
            }),
            Property::sometimes("a forgetting was undone", |_, world: &World| {
                !world.disk.orphans.0.is_empty() && !world.promises.forgotten
            }),
            Property::sometimes("a forgetting waits to be finished", |_, world: &World| {
                let header = world.disk.header[0].now;
                let pending = header.is_some_and(|header| header.pending == Pending::OldEpochs);
                world.memory.is_none() && pending
            }),
            Property::sometimes("a rekeying waits to be finished", |_, world: &World| {
                let header = world.disk.header[0].now;
                let pending = header.is_some_and(|header| header.pending == Pending::OldLineage);
                world.memory.is_none() && pending
            }),
            Property::sometimes("a rekeying came to its end", |_, world: &World| {
                at_rest(world).is_some_and(|memory| memory.header.lineage > 0)
            }),
            Property::sometimes("either passphrase opens", |model: &Vault, world: &World| {
                let opens = |passphrase| {
                    vault_model::plan_opening(&world.disk, passphrase, model.order).is_ok()
                };
                world.memory.is_none()
                    && world.promises.tried.is_some_and(opens)
                    && opens(world.promises.passphrase)
            }),
            Property::sometimes("a store is built anew", |_, world: &World| {
                world.memory.as_ref().is_some_and(|memory| {
                    use vault_model::{Acknowledged, Step};
                    let opening = memory.todo.last() == Some(&Step::Answer(Acknowledged::Opened));
                    opening && matches!(memory.todo.first(), Some(Step::MakeStore { .. }))
                })
            }),
        ]
    }
}

/// Explores everything and says how much that was.
fn explore(name: &str, budget: Budget, floor: usize) {
    let begun = Instant::now();
    let order = Order::AsIs;
    let checker = Vault { order, budget }
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
    for property in [SAVES, FORGETS, OPENS, SHOWS] {
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

/// Finds this promise broken, and answers the way to it.
fn broken(property: &'static str, order: Order) -> Vec<Event> {
    let budget = SMALL;
    let checker = Vault { order, budget }
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

const SMALL: Budget = Budget {
    saves: 2,
    operations: 1,
    crashes: 2,
    damages: 1,
};

#[test]
fn no_promise_is_broken_in_any_state() {
    explore(
        "two operations",
        Budget {
            saves: 2,
            operations: 2,
            crashes: 1,
            damages: 1,
        },
        300_000,
    );
    explore("two crashes", SMALL, 200_000);
}

#[test]
#[ignore = "takes minutes and gigabytes: wider bounds than the test above"]
fn no_promise_is_broken_within_wider_bounds() {
    explore(
        "three operations",
        Budget {
            saves: 2,
            operations: 3,
            crashes: 1,
            damages: 0,
        },
        600_000,
    );
    explore(
        "two operations and two crashes",
        Budget {
            saves: 2,
            operations: 2,
            crashes: 2,
            damages: 1,
        },
        1_000_000,
    );
}

#[test]
fn an_answer_before_the_sync_loses_a_save() {
    broken(SAVES, Order::AnswersBeforeSync);
}

#[test]
fn an_epoch_that_is_destroyed_before_the_header_is_written_leaves_nothing_that_opens() {
    broken(OPENS, Order::DestroysBeforeHeader);
}

#[test]
fn an_epoch_that_is_destroyed_after_one_header_copy_is_lost_with_that_copy() {
    let events = broken(OPENS, Order::DestroysAfterOneCopy);
    assert!(events.contains(&Event::Damage(0)));
}

#[test]
fn journal_that_is_removed_before_its_checkpoint_is_there_is_missed() {
    broken(SAVES, Order::TrimsBeforeCheckpoint);
}

#[test]
fn an_opening_that_builds_on_what_nobody_synced_loses_what_it_has_shown() {
    broken(SAVES, Order::TrustsUnsynced);
}
