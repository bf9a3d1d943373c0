//! How many facts count and what they sum up to, from the first of a subject's history to each: counting and adding up a
//! window takes two look-ups instead of a walk. Only where what is read depends on nothing but the fact itself.

use jifen_plan::{Aggregate, AggregateOf, Expr, ExprId, KindIx, Plan, all_aggregates};
use jifen_quantity::Decimal;
use rayon::prelude::*;
use std::ops::Range;

use crate::aggregate::One;
use crate::world::World;

/// What makes two aggregates count and add up the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Read {
    kind: KindIx,
    value: Option<ExprId>,
    when: Option<ExprId>,
}

/// Running sums of all aggregates that may use them.
#[derive(Debug, Default)]
pub(crate) struct RunningSums {
    all: Vec<(Read, Table)>,
}

/// Parallel to the rows of a history, with one entry more: what stands before each.
#[derive(Debug)]
struct Table {
    /// Facts that are unknown or an error.
    open: Vec<u32>,
    /// Facts that count.
    held: Vec<u32>,
    /// Sums of their values, as mantissas of one scale.
    sums: Vec<i64>,
    scale: u8,
}

/// What a window comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub held: u32,
    pub sum: Decimal,
}

impl RunningSums {
    /// Reads every fact of the histories once for each aggregate that counts or adds up.
    pub fn new(world: &World<'_>) -> RunningSums {
        let mut all: Vec<(Read, Table)> = Vec::new();
        for a in all_aggregates(world.plan) {
            let Some(read) = read(world.plan, a) else {
                continue;
            };
            if all.iter().all(|(r, _)| *r != read)
                && let Some(table) = Table::new(world, a)
            {
                all.push((read, table));
            }
        }
        RunningSums { all }
    }

    /// The places `range` of a history; `None`: walk, something is open there or cannot be held.
    pub fn window(&self, a: &Aggregate, range: Range<usize>) -> Option<Window> {
        if !adds(a.what) {
            return None;
        }
        let read = Read {
            kind: a.kind,
            value: a.value,
            when: a.when,
        };
        let (_, table) = self.all.iter().find(|(r, _)| *r == read)?;
        let of = |list: &[u32]| list.get(range.end)?.checked_sub(*list.get(range.start)?);
        if of(&table.open)? > 0 {
            return None;
        }
        let (from, to) = (table.sums.get(range.start)?, table.sums.get(range.end)?);
        let sum = i128::from(*to) - i128::from(*from);
        Some(Window {
            held: of(&table.held)?,
            sum: Decimal::new(sum, table.scale)?,
        })
    }
}

/// The key, if the sums of this aggregate may be kept.
fn read(plan: &Plan, a: &Aggregate) -> Option<Read> {
    let own = |e: &ExprId| !reads_the_run(plan, *e);
    // Counting all of them needs no table.
    let reads = a.value.is_some() || a.when.is_some();
    let kept = adds(a.what) && reads && a.value.iter().chain(&a.when).all(own);
    kept.then_some(Read {
        kind: a.kind,
        value: a.value,
        when: a.when,
    })
}

fn adds(what: AggregateOf) -> bool {
    use AggregateOf::{Count, Mean, Share, Sum};
    matches!(what, Count | Share | Sum | Mean)
}

/// Parameters are those of the day being scored, 本条 is the fact being scored.
fn reads_the_run(plan: &Plan, e: ExprId) -> bool {
    match plan.exprs.get(e) {
        Expr::Param(_) | Expr::This(_) => true,
        node => node.operands().iter().any(|o| reads_the_run(plan, *o)),
    }
}

impl Table {
    fn new(world: &World<'_>, a: &Aggregate) -> Option<Table> {
        let rows = world.histories.all(a.kind);
        let one = |row: &u32| -> Option<Option<Decimal>> {
            let mut one = One::of(world, a, *row, None).ok()?;
            if !one.holds().ok()? {
                return Some(None);
            }
            let value = match a.value {
                Some(_) => one.number().ok()?,
                None => Decimal::ZERO,
            };
            Some(Some(value))
        };
        let values: Vec<Option<Option<Decimal>>> = rows.par_iter().map(one).collect();
        let scale = values.iter().flatten().flatten().map(|n| n.scale()).max();
        let scale = scale.unwrap_or(0);
        let mut table = Table {
            open: vec![0],
            held: vec![0],
            sums: vec![0],
            scale,
        };
        let (mut open, mut held, mut sum, mut size) = (0_u32, 0_u32, 0_i64, 0_i64);
        for v in &values {
            match v {
                None => open += 1,
                Some(None) => {}
                Some(Some(n)) => {
                    held += 1;
                    let n = i64::try_from(n.rescale(scale)?).ok()?;
                    // While all sizes together fit, no sum of any window on the way can be too large.
                    size = size.checked_add(n.checked_abs()?)?;
                    sum = sum.checked_add(n)?;
                }
            }
            table.open.push(open);
            table.held.push(held);
            table.sums.push(sum);
        }
        Some(table)
    }
}
