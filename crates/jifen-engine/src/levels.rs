//! Transfers between components: components that meet are swept side by side, each only as far as its transfers ask.
//!
//! A transfer has two components; its level is one more than the highest level of an earlier one that shares a component with it.
//! Transfers of one level touch different components and run in parallel; each component is brought to the moment of the
//! transfer and no further, so that none waits for one that it never meets.

use std::sync::Mutex;

use jifen_data::Account;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::case::Case;
use crate::error::EngineError;
use crate::partition::Components;
use crate::scalar::Scalar;
use crate::sweep::{Event, Field, Source, Sweeper, Swept};
use crate::world::World;

/// A transfer whose receiver is in another component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transfer {
    pub event: Event,
    /// Component of the giver.
    pub from: usize,
    /// Component of the receiver.
    pub to: usize,
}

/// The transfer of an event between two components, if it is one.
pub(crate) fn transfer(
    world: &World<'_>,
    components: &Components,
    event: Event,
) -> Option<Transfer> {
    let give = world.plan.items.get(event.item.ix())?.give?;
    let Source::Fact(fact) = event.source else {
        return None;
    };
    let case = Case::of_fact(world, fact).ok()?;
    let to = Scalar::new(case, false).named(give.to).ok()?.account?;
    let (from, to) = (components.of(event.account), components.of(to));
    (from != to).then_some(Transfer { event, from, to })
}

/// Components that meet others, and how.
#[derive(Debug, Default)]
pub(crate) struct Meetings {
    /// In key order.
    transfers: Vec<Transfer>,
    /// The components, ascending.
    components: Vec<usize>,
}

impl Meetings {
    /// Of transfers in any order.
    pub fn new(mut transfers: Vec<Transfer>, world: &World<'_>) -> Meetings {
        transfers.par_sort_by(|a, b| a.event.compare(&b.event, world));
        let both = |t: &Transfer| [t.from, t.to];
        let mut components: Vec<usize> = transfers.iter().flat_map(both).collect();
        components.par_sort_unstable();
        components.dedup();
        Meetings {
            transfers,
            components,
        }
    }

    /// Does this component meet another?
    pub fn has(&self, component: usize) -> bool {
        self.components.binary_search(&component).is_ok()
    }

    /// Components that meet others, ascending.
    pub fn components(&self) -> &[usize] {
        &self.components
    }

    /// Those that this component meets, directly or through others, with itself.
    pub fn island(&self, component: usize) -> Vec<usize> {
        let mut next: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for t in &self.transfers {
            next.entry(t.from).or_default().push(t.to);
            next.entry(t.to).or_default().push(t.from);
        }
        let mut found = vec![component];
        let mut at = 0;
        let mut seen: std::collections::BTreeSet<usize> = [component].into();
        while let Some(c) = found.get(at).copied() {
            at += 1;
            for n in next.get(&c).into_iter().flatten() {
                if seen.insert(*n) {
                    found.push(*n);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// Transfers by level, each level in key order; a level touches no component twice.
    fn levels(&self) -> Vec<Vec<&Transfer>> {
        let mut last: FxHashMap<usize, usize> = FxHashMap::default();
        let mut out: Vec<Vec<&Transfer>> = Vec::new();
        for t in &self.transfers {
            let before = |c: &usize| last.get(c).copied().unwrap_or(0);
            let level = before(&t.from).max(before(&t.to));
            last.insert(t.from, level + 1);
            last.insert(t.to, level + 1);
            if level == out.len() {
                out.push(Vec::new());
            }
            if let Some(slot) = out.get_mut(level) {
                slot.push(t);
            }
        }
        out
    }
}

/// A component on its way through time.
struct Cell<'w, 'f> {
    sweeper: Sweeper<'w, 'f>,
    events: Vec<Event>,
    next: usize,
}

impl Cell<'_, '_> {
    /// Its own runs before this key, and what falls due.
    fn come_to(&mut self, key: &Event) -> Result<(), EngineError> {
        let world = self.sweeper.field.world;
        while let Some(event) = self.events.get(self.next)
            && event.compare(key, world).is_lt()
        {
            self.sweeper.go(event, None)?;
            self.next += 1;
        }
        self.sweeper.wait_for(key)
    }
}

/// What a component is swept from: its number, its runs in key order, its accounts with openings.
pub(crate) struct Start {
    pub component: usize,
    pub events: Vec<Event>,
    pub accounts: Vec<Account>,
}

/// Sweeps components that meet; what each gives, in their order.
pub(crate) fn sweep<'w>(
    field: &Field<'w>,
    meetings: &Meetings,
    starts: Vec<Start>,
) -> Result<Vec<(usize, Swept<'w>)>, EngineError> {
    let numbers: Vec<usize> = starts.iter().map(|s| s.component).collect();
    let begin = |s: Start| -> Result<_, EngineError> {
        Ok(Mutex::new(Cell {
            sweeper: Sweeper::new(field, s.component, &s.accounts)?,
            events: s.events,
            next: 0,
        }))
    };
    let cells: Result<Vec<Mutex<Cell<'_, '_>>>, EngineError> =
        starts.into_par_iter().map(begin).collect();
    let cells = cells?;
    let place = |component: usize| numbers.binary_search(&component).ok();
    let run = |t: &&Transfer| -> Result<(), EngineError> {
        let (Some(from), Some(to)) = (place(t.from), place(t.to)) else {
            // Another island: its components are not swept now.
            return Ok(());
        };
        let (Some(from), Some(to)) = (cells.get(from), cells.get(to)) else {
            return Ok(());
        };
        meet(from, to, &t.event)
    };
    for level in meetings.levels() {
        match level.len() < 2 {
            true => level.iter().try_for_each(run)?,
            false => level.par_iter().try_for_each(run)?,
        }
    }
    let finish = |cell: Mutex<Cell<'w, '_>>| -> Result<Swept<'w>, EngineError> {
        let mut cell = cell.into_inner().map_err(|_| POISONED)?;
        for event in cell.events.iter().skip(cell.next) {
            cell.sweeper.go(event, None)?;
        }
        cell.sweeper.finish()
    };
    let swept: Result<Vec<Swept<'w>>, EngineError> = cells.into_par_iter().map(finish).collect();
    Ok(numbers.into_iter().zip(swept?).collect())
}

const POISONED: EngineError = EngineError::Inconsistent("a component that stopped half way");

/// Brings both sides to the moment of a transfer and runs it.
fn meet<'w, 'f>(
    from: &Mutex<Cell<'w, 'f>>,
    to: &Mutex<Cell<'w, 'f>>,
    event: &Event,
) -> Result<(), EngineError> {
    // Two transfers of one level have no component in common, so that no lock is ever waited for.
    let mut from = from.lock().map_err(|_| POISONED)?;
    let mut to = to.lock().map_err(|_| POISONED)?;
    from.come_to(event)?;
    to.come_to(event)?;
    from.next += 1;
    from.sweeper.go(event, Some(&mut to.sweeper))
}
