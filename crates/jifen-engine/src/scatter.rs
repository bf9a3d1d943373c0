//! Runs the rows stage over all facts and scatters the candidates to the parts of the sweep; order does not matter here.

use jifen_data::{Account, Outcome, RosterData};
use jifen_plan::{KindIx, Plan, Trigger};
use rayon::prelude::*;

use crate::error::{EngineError, Stop};
use crate::partition::Components;
use crate::period;
use crate::rows::{Candidate, RowPlan, Sink, rows};
use crate::sweep::Event;
use crate::world::World;

/// The candidates of a range of components.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// Its components.
    pub range: std::ops::Range<usize>,
    /// Candidates from facts, in pieces.
    pub candidates: Vec<Vec<Candidate>>,
    /// Runs of period items.
    pub periods: Vec<Event>,
}

/// Facts of one task: a range of rows of a kind.
struct Task {
    kind: KindIx,
    rows: std::ops::Range<u32>,
}

/// Facts of a part, about: what is sorted together should stay in the caches.
const FACTS_OF_A_PART: usize = 32_768;
/// Rows of a task.
const ROWS_OF_A_TASK: u32 = 262_144;

/// Everything that goes to the sweep, by part, and the outcomes already certain; of some components only, where they are given.
pub(crate) fn scatter(
    world: &World<'_>,
    row_plan: &RowPlan,
    components: &Components,
    batch_rows: usize,
    only: Option<&[bool]>,
) -> Result<(Vec<Part>, Vec<Outcome>), EngineError> {
    let facts: usize = world.facts.kinds.iter().map(|k| k.len()).sum();
    let parts_wanted = facts / FACTS_OF_A_PART + 1;
    let shift = components
        .count
        .div_ceil(parts_wanted)
        .max(1)
        .next_power_of_two()
        .trailing_zeros();
    let count = components.count.div_ceil(1 << shift);
    let tasks = tasks(world);
    let batch = u32::try_from(batch_rows.max(1)).unwrap_or(u32::MAX);
    let item_starts = item_starts(world.plan, world.rosters);
    let run = |task: &Task| {
        // Most rows give at most one candidate; some parts get more than others.
        let room = (task.rows.len() / count.max(1)) * 5 / 4 + 8;
        let mut sink = Scatter {
            components,
            item_starts: &item_starts,
            shift,
            only,
            buffers: (0..count).map(|_| Vec::with_capacity(room)).collect(),
            outcomes: Vec::new(),
        };
        rows(
            world,
            row_plan,
            task.kind,
            task.rows.clone(),
            batch,
            &mut sink,
        )?;
        Ok((sink.buffers, sink.outcomes))
    };
    type Done = (Vec<Vec<Candidate>>, Vec<Outcome>);
    let done: Result<Vec<Done>, Stop> = tasks.par_iter().map(run).collect();
    let done = done.map_err(|stop| match stop {
        Stop::Plan(what) => EngineError::Inconsistent(what),
        Stop::Unknown(_) | Stop::Failed(_) => EngineError::Inconsistent("a row without an outcome"),
    })?;
    let mut parts: Vec<Part> = (0..count)
        .map(|i| Part {
            range: i << shift..((i + 1) << shift).min(components.count),
            ..Part::default()
        })
        .collect();
    let mut outcomes = Vec::new();
    for (buffers, mut own) in done {
        outcomes.append(&mut own);
        for (part, buffer) in parts.iter_mut().zip(buffers) {
            if !buffer.is_empty() {
                part.candidates.push(buffer);
            }
        }
    }
    for event in period::events(world) {
        let component = components.of(event.account);
        if !taken(only, component) {
            continue;
        }
        if let Some(part) = parts.get_mut(component >> shift) {
            part.periods.push(event);
        }
    }
    Ok((parts, outcomes))
}

/// Does the sweep look at a component?
pub(crate) fn taken(only: Option<&[bool]>, component: usize) -> bool {
    only.is_none_or(|o| o.get(component).copied().unwrap_or(false))
}

fn tasks(world: &World<'_>) -> Vec<Task> {
    let mut out = Vec::new();
    for (kind, table) in (0_u16..).map(KindIx).zip(&world.facts.kinds) {
        let n = u32::try_from(table.len()).unwrap_or(u32::MAX);
        let mut from = 0;
        while from < n {
            let to = from.saturating_add(ROWS_OF_A_TASK).min(n);
            out.push(Task {
                kind,
                rows: from..to,
            });
            from = to;
        }
    }
    out
}

/// For each item: the first global account number of its subjects' roster.
fn item_starts(plan: &Plan, rosters: &RosterData) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut total = 0;
    for table in &rosters.tables {
        starts.push(total);
        total += table.ids.len();
    }
    let of = |trigger: &Trigger| {
        let roster = match trigger {
            Trigger::Fact(kind) => plan.kinds.get(kind.ix()).map(|k| k.subject),
            Trigger::Period { roster, .. } => Some(*roster),
        };
        roster
            .and_then(|r| starts.get(r.ix()).copied())
            .unwrap_or(0)
    };
    plan.items.iter().map(|i| of(&i.trigger)).collect()
}

struct Scatter<'a> {
    components: &'a Components,
    item_starts: &'a [usize],
    shift: u32,
    only: Option<&'a [bool]>,
    buffers: Vec<Vec<Candidate>>,
    outcomes: Vec<Outcome>,
}

impl Sink for Scatter<'_> {
    fn wants(&self, account: Account) -> bool {
        self.only.is_none() || taken(self.only, self.components.of(account))
    }

    fn candidate(&mut self, c: Candidate) {
        let start = self
            .item_starts
            .get(usize::from(c.item))
            .copied()
            .unwrap_or(0);
        let component = self.components.of_number(start + c.subject as usize);
        if let Some(buffer) = self.buffers.get_mut(component >> self.shift) {
            buffer.push(c);
        }
    }

    fn outcome(&mut self, o: Outcome) {
        self.outcomes.push(o);
    }
}
