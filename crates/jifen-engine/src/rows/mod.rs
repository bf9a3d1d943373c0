//! Stage 3: the part of an item that needs no state, over batches of facts; from its first line to its first cap or review.
//!
//! What has no kernel is left *fresh*: the sweep computes it from the beginning, with the same result.

pub(crate) mod column;
mod days;
mod kernel;
mod numbers;
mod parts;

use jifen_data::{Account, FactRef, Origin, Outcome, OutcomeKind};
use jifen_plan::{
    Expr, ExprId, Item, ItemIx, KindIx, Line, Multiply, Plan, Stacking, TimeMode, Trigger,
};
use jifen_quantity::Decimal;

use crate::amount::combine;
use crate::error::Stop;
use crate::world::World;
use column::{Bad, Nums, either, mark, pick};
use kernel::Kernel;
use numbers::Op;

/// A run of a fact's item, on its way to the sweep.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Candidate {
    /// Event instant.
    pub at: i64,
    /// Running value at the item's first cap or review, as mantissa.
    pub value: i64,
    pub row: u32,
    pub subject: u32,
    pub item: u16,
    pub scale: u8,
    /// Nothing was computed yet.
    pub fresh: bool,
}

/// The first line that needs state, or the number of lines.
pub(crate) fn stop_line(item: &Item) -> usize {
    let stateful = |l: &Line| matches!(l, Line::Cap(_) | Line::Choose(_) | Line::Review(_));
    item.lines
        .iter()
        .position(stateful)
        .unwrap_or(item.lines.len())
}

/// For each item: may columns compute its first part?
#[derive(Debug)]
pub(crate) struct RowPlan {
    in_columns: Vec<bool>,
}

impl RowPlan {
    /// `enabled` false leaves everything to the sweep (for comparison in tests).
    pub fn new(plan: &Plan, enabled: bool) -> RowPlan {
        let in_columns = plan
            .items
            .iter()
            .map(|i| enabled && has_kernels(plan, i))
            .collect();
        RowPlan { in_columns }
    }
}

/// 本次得分 changes from line to line, and a balance with every run; the kernels know only what stands in the columns.
fn reads_running(plan: &Plan, id: ExprId) -> bool {
    match plan.exprs.get(id) {
        // What stands before a fact is no column of its own.
        Expr::Running | Expr::DayTotal | Expr::Aggregate(_) => true,
        Expr::Measure(..) | Expr::OverPeriods(_) | Expr::Points(_) => true,
        Expr::Shared(_) | Expr::OverMembers(_) | Expr::Members(_) => true,
        Expr::Balance(_) | Expr::Awarded(_) => true,
        e => e.operands().iter().any(|o| reads_running(plan, *o)),
    }
}

fn line_reads_running(plan: &Plan, line: &Line) -> bool {
    let mut ids: Vec<ExprId> = Vec::new();
    match line {
        Line::Add { value, when } | Line::Deduct { value, when } => {
            ids.push(*value);
            ids.extend(*when);
        }
        Line::Multiply(m) => {
            for f in &m.factors {
                ids.push(f.value);
                ids.extend(f.when);
            }
        }
        _ => {}
    }
    ids.iter().any(|id| reads_running(plan, *id))
}

fn has_kernels(plan: &Plan, item: &Item) -> bool {
    let before = item.lines.iter().take(stop_line(item));
    matches!(item.trigger, Trigger::Fact(_))
        && item.joins.is_empty()
        && !before.clone().any(|l| line_reads_running(plan, l))
        && (item.requires.iter()).all(|r| r.hold.is_none() && !reads_running(plan, r.cond))
        && item
            .lines
            .iter()
            .all(|l| !matches!(l, Line::Multiply(m) if m.each_part))
        && item.lines.iter().take(stop_line(item)).all(|l| match l {
            Line::Multiply(m) => m.factors.iter().all(|f| {
                f.time
                    .as_ref()
                    .is_none_or(|t| t.mode == TimeMode::StartingIn)
            }),
            Line::Prorate { .. } => false,
            _ => true,
        })
}

/// Takes what the rows give.
pub(crate) trait Sink {
    /// Is anything of this account looked at?
    fn wants(&self, account: Account) -> bool;
    fn candidate(&mut self, c: Candidate);
    fn outcome(&mut self, o: Outcome);
}

/// Computes the candidates of a kind's rows `range`, in batches.
pub(crate) fn rows(
    world: &World<'_>,
    row_plan: &RowPlan,
    kind: KindIx,
    range: std::ops::Range<u32>,
    batch: u32,
    sink: &mut impl Sink,
) -> Result<(), Stop> {
    let missing = Stop::Plan("kind index");
    let kernel = Kernel {
        world,
        kind_ix: kind,
        kind: world.plan.kinds.get(kind.ix()).ok_or(missing.clone())?,
        table: world.facts.kinds.get(kind.ix()).ok_or(missing.clone())?,
        settled: world.settled.kinds.get(kind.ix()).ok_or(missing)?,
    };
    let mut from = range.start;
    while from < range.end {
        let to = from.saturating_add(batch.max(1)).min(range.end);
        let mut by_version: Vec<(u16, Vec<u32>)> = Vec::new();
        for row in from..to {
            let account = Account {
                roster: kernel.kind.subject,
                subject: kernel.subject(row),
            };
            if !sink.wants(account) {
                continue;
            }
            let standing = kernel.settled.standing.get(row as usize);
            if let Some(v) = standing.and_then(|s| s.version()) {
                match by_version.iter_mut().find(|(x, _)| *x == v.0) {
                    Some((_, list)) => list.push(row),
                    None => {
                        let mut list = Vec::with_capacity((to - from) as usize);
                        list.push(row);
                        by_version.push((v.0, list));
                    }
                }
            }
        }
        for (version, list) in by_version {
            for item in world.items.triggered(kind, jifen_plan::VersionIx(version)) {
                let in_columns = row_plan.in_columns.get(item.ix()).copied().unwrap_or(false);
                if in_columns {
                    batch_of_item(&kernel, *item, &list, sink)?;
                } else {
                    fresh(&kernel, *item, &list, sink);
                }
            }
        }
        from = to;
    }
    Ok(())
}

fn fresh(kernel: &Kernel<'_>, item: ItemIx, rows: &[u32], sink: &mut impl Sink) {
    for row in rows {
        let at = kernel.settled.instant.get(*row as usize).map_or(0, |i| i.0);
        let subject = kernel.subject(*row);
        sink.candidate(Candidate {
            at,
            row: *row,
            subject,
            item: item.0,
            fresh: true,
            ..Candidate::default()
        });
    }
}

/// Rows whose run goes on.
struct Live {
    rows: Vec<u32>,
    running: Nums,
    took: Vec<bool>,
}

impl Live {
    fn keep(&mut self, places: &[u32]) {
        if places.len() < self.rows.len() {
            self.rows = pick(&self.rows, places);
            self.running = self.running.pick(places);
            self.took = pick(&self.took, places);
        }
    }
}

fn batch_of_item(
    kernel: &Kernel<'_>,
    item_ix: ItemIx,
    rows: &[u32],
    sink: &mut impl Sink,
) -> Result<(), Stop> {
    let item = kernel.world.item(item_ix)?;
    let n = rows.len();
    let mut live = Live {
        rows: rows.to_vec(),
        running: Nums::Narrow(0, vec![0; n]),
        took: vec![false; n],
    };
    let mut work = ItemBatch {
        kernel,
        item_ix,
        sink,
    };
    for (i, require) in (0_u16..).zip(&item.requires) {
        let (truth, bad) = kernel.yes(require.cond, &live.rows)?;
        work.drop_bad(&mut live, bad, |k| {
            (!truth.get(k).copied().unwrap_or_default()).then_some(OutcomeKind::NotApplicable(i))
        });
    }
    let stop = stop_line(item);
    let mut checked = false;
    for line in item.lines.iter().take(stop) {
        if live.rows.is_empty() {
            return Ok(());
        }
        match line {
            Line::Add { value, when } => work.add(&mut live, *value, *when, Op::Add)?,
            Line::Deduct { value, when } => work.add(&mut live, *value, *when, Op::Sub)?,
            Line::Multiply(m) => work.multiply(&mut live, m)?,
            Line::Round(p) => {
                if !checked {
                    work.need_amount(&mut live);
                    checked = true;
                }
                let (running, bad) = numbers::round(&live.running, *p);
                live.running = running;
                work.drop_bad(&mut live, bad, |_| None);
            }
            Line::Prorate { .. } | Line::Review(_) | Line::Choose(_) | Line::Cap(_) => {
                return Err(Stop::Plan("a line without a kernel"));
            }
        }
    }
    if !checked {
        work.need_amount(&mut live);
    }
    work.emit(&live);
    Ok(())
}

struct ItemBatch<'k, 'w, S> {
    kernel: &'k Kernel<'w>,
    item_ix: ItemIx,
    sink: &'k mut S,
}

impl<S: Sink> ItemBatch<'_, '_, S> {
    /// Rows that are bad, or for which `other` names an outcome, leave.
    fn drop_bad(
        &mut self,
        live: &mut Live,
        bad: Option<Vec<Bad>>,
        other: impl Fn(usize) -> Option<OutcomeKind>,
    ) {
        let mut places = Vec::with_capacity(live.rows.len());
        for (k, row) in live.rows.iter().enumerate() {
            let why = bad
                .as_ref()
                .and_then(|b| b.get(k).copied())
                .unwrap_or_default();
            let kind = if !why.is_some() {
                other(k)
            } else {
                match why.stop() {
                    Stop::Unknown(m) => Some(OutcomeKind::CannotTell(m)),
                    Stop::Failed(f) => Some(OutcomeKind::Failed(f)),
                    Stop::Plan(_) => None,
                }
            };
            match kind {
                None => places.push(k as u32),
                Some(kind) => self.outcome(*row, kind),
            }
        }
        live.keep(&places);
    }

    fn outcome(&mut self, row: u32, kind: OutcomeKind) {
        let account = Account {
            roster: self.kernel.kind.subject,
            subject: self.kernel.subject(row),
        };
        let origin = Origin::Fact(FactRef {
            kind: self.kernel.kind_ix,
            row,
        });
        self.sink.outcome(Outcome {
            account,
            origin,
            item: Some(self.item_ix),
            kind,
        });
    }

    fn need_amount(&mut self, live: &mut Live) {
        let took = live.took.clone();
        self.drop_bad(live, None, |k| {
            (!took.get(k).copied().unwrap_or_default()).then_some(OutcomeKind::NoAmount)
        });
    }

    /// running ± value, where `when` holds.
    fn add(
        &mut self,
        live: &mut Live,
        value: jifen_plan::ExprId,
        when: Option<jifen_plan::ExprId>,
        op: Op,
    ) -> Result<(), Stop> {
        let n = live.rows.len();
        let Some(when) = when else {
            let (v, bad) = self.kernel.num(value, &live.rows)?;
            let (running, more) = numbers::binary(op, &live.running, &v, bad.as_deref());
            live.running = running;
            live.took.iter_mut().for_each(|t| *t = true);
            self.drop_bad(live, either(bad, more), |_| None);
            return Ok(());
        };
        let (truth, mut bad) = self.kernel.yes(when, &live.rows)?;
        let good = |i: usize| {
            bad.as_ref()
                .is_none_or(|b| b.get(i).is_none_or(|w| !w.is_some()))
        };
        let holds: Vec<u32> = (0..n)
            .filter(|i| truth.get(*i).copied().unwrap_or_default() && good(*i))
            .map(|i| i as u32)
            .collect();
        let others: Vec<u32> = (0..n)
            .filter(|i| !(truth.get(*i).copied().unwrap_or_default() && good(*i)))
            .map(|i| i as u32)
            .collect();
        let sub = pick(&live.rows, &holds);
        let (v, value_bad) = self.kernel.num(value, &sub)?;
        let before = live.running.pick(&holds);
        let (after, more) = numbers::binary(op, &before, &v, value_bad.as_deref());
        for (k, place) in holds.iter().enumerate() {
            let at = |b: &Option<Vec<Bad>>| {
                b.as_ref()
                    .and_then(|b| b.get(k).copied())
                    .unwrap_or_default()
            };
            for why in [at(&value_bad), at(&more)] {
                if why.is_some() {
                    mark(&mut bad, n, *place as usize, why);
                }
            }
            if let Some(t) = live.took.get_mut(*place as usize) {
                *t = true;
            }
        }
        let rest = live.running.pick(&others);
        live.running = numbers::assemble(n, &[(holds, after), (others, rest)]);
        self.drop_bad(live, bad, |_| None);
        Ok(())
    }

    /// Factors without `During`: running × the combined factor of those that hold.
    fn multiply(&mut self, live: &mut Live, m: &Multiply) -> Result<(), Stop> {
        let mut columns: Vec<(Vec<bool>, Nums)> = Vec::with_capacity(m.factors.len());
        for f in &m.factors {
            let n = live.rows.len();
            let mut holds = vec![true; n];
            if let Some(when) = f.when {
                let (truth, bad) = self.kernel.yes(when, &live.rows)?;
                let kept = self.drop_with(live, &mut columns, bad);
                holds = pick(&truth, &kept);
            }
            let taken: Vec<u32> = places(&holds);
            let others: Vec<u32> = places_not(&holds);
            let sub = pick(&live.rows, &taken);
            let n = live.rows.len();
            let mut bad = None;
            let mut in_time = vec![true; taken.len()];
            if let Some(test) = &f.time {
                let (truth, why) = self.timed(test, &sub)?;
                in_time = truth;
                spread(&mut bad, n, &taken, why.as_deref());
            }
            let (v, why) = self.kernel.num(f.value, &sub)?;
            spread(&mut bad, n, &taken, why.as_deref());
            for (k, place) in taken.iter().enumerate() {
                if let Some(h) = holds.get_mut(*place as usize) {
                    *h = in_time.get(k).copied().unwrap_or_default();
                }
            }
            let one = Nums::Narrow(0, vec![1; others.len()]);
            columns.push((holds, numbers::assemble(n, &[(taken, v), (others, one)])));
            self.drop_with(live, &mut columns, bad);
        }
        let n = live.rows.len();
        let (factor, bad) = combined(m.stacking, &columns, n);
        let (running, more) = numbers::binary(Op::Mul, &live.running, &factor, bad.as_deref());
        live.running = running;
        self.drop_bad(live, either(bad, more), |_| None);
        Ok(())
    }

    fn timed(
        &self,
        test: &jifen_plan::TimeTest,
        rows: &[u32],
    ) -> Result<(Vec<bool>, Option<Vec<Bad>>), Stop> {
        let col = if self.kernel.can_time(test) {
            self.kernel.starting_in(&test.windows, rows)
        } else {
            self.kernel.each_time(test, rows)?
        };
        match col.data {
            column::Data::Bool(v) => Ok((v, col.bad)),
            _ => Err(Stop::Plan("an expression of the wrong type")),
        }
    }

    /// As [`Self::drop_bad`], for the columns beside the rows too; gives the places kept.
    fn drop_with(
        &mut self,
        live: &mut Live,
        columns: &mut [(Vec<bool>, Nums)],
        bad: Option<Vec<Bad>>,
    ) -> Vec<u32> {
        let n = live.rows.len();
        let kept: Vec<u32> = match &bad {
            None => (0..n as u32).collect(),
            Some(b) => (0..n as u32)
                .filter(|i| b.get(*i as usize).is_none_or(|w| !w.is_some()))
                .collect(),
        };
        self.drop_bad(live, bad, |_| None);
        if kept.len() < n {
            for (holds, values) in columns {
                *holds = pick(holds, &kept);
                *values = values.pick(&kept);
            }
        }
        kept
    }

    fn emit(&mut self, live: &Live) {
        let instants = &self.kernel.settled.instant;
        for (k, row) in live.rows.iter().enumerate() {
            let (value, scale, fresh) = match &live.running {
                Nums::Narrow(s, v) => (v.get(k).copied().unwrap_or_default(), *s, false),
                Nums::Wide(v) => {
                    let d = v.get(k).copied().unwrap_or_default();
                    match i64::try_from(d.mantissa()) {
                        Ok(m) => (m, d.scale(), false),
                        Err(_) => (0, 0, true),
                    }
                }
            };
            self.sink.candidate(Candidate {
                at: instants.get(*row as usize).map_or(0, |i| i.0),
                value,
                row: *row,
                subject: self.kernel.subject(*row),
                item: self.item_ix.0,
                scale,
                fresh,
            });
        }
    }
}

fn places(holds: &[bool]) -> Vec<u32> {
    (0_u32..)
        .zip(holds)
        .filter(|(_, h)| **h)
        .map(|(i, _)| i)
        .collect()
}

fn places_not(holds: &[bool]) -> Vec<u32> {
    (0_u32..)
        .zip(holds)
        .filter(|(_, h)| !**h)
        .map(|(i, _)| i)
        .collect()
}

/// Reasons of a sub-selection, at their places.
fn spread(bad: &mut Option<Vec<Bad>>, n: usize, places: &[u32], why: Option<&[Bad]>) {
    for (place, w) in places.iter().zip(why.into_iter().flatten()) {
        if w.is_some() {
            mark(bad, n, *place as usize, *w);
        }
    }
}

/// The combined factor of each row.
fn combined(
    stacking: Stacking,
    columns: &[(Vec<bool>, Nums)],
    n: usize,
) -> (Nums, Option<Vec<Bad>>) {
    if let [(holds, values)] = columns {
        let others = places_not(holds);
        if others.is_empty() && stacking != Stacking::SumOfExtras {
            return (values.clone(), None);
        }
        if let (Nums::Narrow(scale, v), Some(one)) = (values, narrow_one(values)) {
            let pick = |(h, x): (&bool, &i64)| if *h { *x } else { one };
            // 1 + (f − 1) is f.
            return (
                Nums::Narrow(*scale, holds.iter().zip(v).map(pick).collect()),
                None,
            );
        }
    }
    let mut bad = None;
    let mut out = Vec::with_capacity(n);
    for i in 0..n {
        let holding = columns
            .iter()
            .filter(|(h, _)| h.get(i).copied().unwrap_or_default());
        out.push(
            combine(stacking, holding.map(|(_, v)| v.get(i))).unwrap_or_else(|e| {
                mark(&mut bad, n, i, Bad::of_number(e));
                Decimal::ZERO
            }),
        );
    }
    (Nums::Wide(out), bad)
}

fn narrow_one(values: &Nums) -> Option<i64> {
    match values {
        Nums::Narrow(s, _) => column::pow10(*s),
        Nums::Wide(_) => None,
    }
}
