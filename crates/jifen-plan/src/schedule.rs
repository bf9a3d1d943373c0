//! The Schedule: which stages a Plan needs and why; a pure function of the Plan, not hashed, not method.
//!
//! It says for each item where its pure rows end and its ordered part begins, which tallies join accounts, and which
//! clause is the reason for an order. Number widths, kernels and threads are the engine's own.

use std::collections::BTreeSet;

use crate::aggregate::line_exprs;
use crate::expr::{Expr, ExprId};
use crate::model::{CapMode, Floor, Holder, ItemIx, Line, Plan, TallyIx, Trigger};

/// The stages of an evaluation.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// What settle has to do: kinds with an overlap rule, built-in records are always read.
    pub settle: Vec<String>,
    /// Items whose facts are joined with earlier ones before anything is computed.
    pub matches: Vec<ItemIx>,
    /// One for each item.
    pub items: Vec<ItemStages>,
    /// Tallies that several accounts share: their accounts are swept together.
    pub joining: Vec<TallyIx>,
    /// Items that post into accounts of others: giver and receiver are swept together.
    pub passing: Vec<ItemIx>,
    /// Transfers: components that meet are swept side by side, level by level.
    pub meeting: Vec<ItemIx>,
    /// Allotments: shares are split over all subjects, of points before the sweep, of yuan after it.
    pub splitting: Vec<ItemIx>,
    /// Reasons why an order of facts is needed; empty: totals need none.
    pub order: Vec<OrderReason>,
}

/// How an item is cut.
#[derive(Clone, Debug)]
pub struct ItemStages {
    /// Item.
    pub item: ItemIx,
    /// Lines `0..rows` read only their own row.
    pub rows: usize,
    /// Tallies read in order by the lines after that.
    pub tallies: Vec<TallyIx>,
    /// Runs at the close of a period instead of at a fact.
    pub closes: bool,
}

/// Why an order is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderReason {
    /// The item.
    pub item: ItemIx,
    /// Index into its lines; `None`: its posting.
    pub line: Option<usize>,
    /// What makes the order matter.
    pub why: Why,
}

/// What makes the order of facts matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A limited tally: who comes first is paid first.
    Cap,
    /// All or nothing, or the crossing award passes: even the total depends on the order.
    Mode,
    /// 当日合计 reads what came before on that day.
    DayTotal,
    /// A floor acts at each step.
    Floor,
    /// A ceiling acts at each step.
    Ceiling,
    /// 择一: what the others of the deed came to before.
    Choice,
    /// An aggregate reads the facts that stand before.
    History,
    /// A spend or transfer sees what there is then.
    Spend,
}

/// Cuts a Plan into stages.
#[must_use]
pub fn schedule(plan: &Plan) -> Schedule {
    let mut joining = BTreeSet::new();
    let mut order = Vec::new();
    let mut items = Vec::new();
    let mut matches = Vec::new();
    let (mut passing, mut meeting, mut splitting) = (Vec::new(), Vec::new(), Vec::new());
    for (index, item) in plan.items.iter().enumerate() {
        let ix = ItemIx(u16::try_from(index).unwrap_or(u16::MAX));
        let mut rows = item.lines.len();
        let mut tallies = Vec::new();
        if !item.joins.is_empty() {
            rows = 0;
            matches.push(ix);
        }
        let aggregates = |e: ExprId| !plan.exprs.aggregates(e).is_empty();
        if item.requires.iter().any(|r| aggregates(r.cond)) {
            rows = 0;
            order.push(OrderReason {
                item: ix,
                line: None,
                why: Why::History,
            });
        }
        for (at, line) in item.lines.iter().enumerate() {
            if reads_before(plan, line) {
                rows = rows.min(at);
            }
            if line_exprs(line).into_iter().any(aggregates) {
                rows = rows.min(at);
                order.push(OrderReason {
                    item: ix,
                    line: Some(at),
                    why: Why::History,
                });
            }
            if let Some((tally, why)) = ordered(line) {
                tallies.push(tally);
                order.push(OrderReason {
                    item: ix,
                    line: Some(at),
                    why,
                });
            }
        }
        if item.lines.iter().any(|l| matches!(l, Line::Deduct { .. }))
            && item
                .credit
                .iter()
                .filter_map(|c| plan.currencies.get(c.ix()))
                .any(|c| matches!(c.floor, Floor::At(_)))
        {
            order.push(OrderReason {
                item: ix,
                line: None,
                why: Why::Floor,
            });
        }
        let credited = item.credit.iter();
        let mut credited = credited.filter_map(|c| plan.currencies.get(c.ix()));
        if item.spend.is_none() && credited.any(|c| c.ceiling.is_some()) {
            order.push(OrderReason {
                item: ix,
                line: None,
                why: Why::Ceiling,
            });
        }
        if item.spend.is_some() {
            order.push(OrderReason {
                item: ix,
                line: None,
                why: Why::Spend,
            });
        }
        if item.allot.is_some() {
            splitting.push(ix);
        }
        if item.give.is_some() {
            meeting.push(ix);
        }
        if !item.passes.is_empty() {
            passing.push(ix);
        }
        tallies.extend(
            item.passes
                .iter()
                .flat_map(|p| &p.caps)
                .filter_map(|c| c.tally),
        );
        joining.extend(tallies.iter().copied().filter(|t| {
            plan.tallies
                .get(t.ix())
                .is_some_and(|t| t.holder != Holder::Account)
        }));
        items.push(ItemStages {
            item: ix,
            rows,
            tallies,
            closes: matches!(item.trigger, Trigger::Period { .. }),
        });
    }
    let settle = plan
        .kinds
        .iter()
        .filter(|k| k.span.is_some() && k.overlap != crate::model::Overlap::Each)
        .map(|k| k.name.clone())
        .collect();
    Schedule {
        settle,
        matches,
        items,
        joining: joining.into_iter().collect(),
        passing,
        meeting,
        splitting,
        order,
    }
}

fn ordered(line: &Line) -> Option<(TallyIx, Why)> {
    match line {
        Line::Cap(cap) => cap.tally.map(|t| {
            (
                t,
                if cap.mode == CapMode::Clip {
                    Why::Cap
                } else {
                    Why::Mode
                },
            )
        }),
        Line::Choose(choose) => Some((choose.among, Why::Choice)),
        Line::Review(review) => review.day_total.map(|t| (t, Why::DayTotal)),
        _ => None,
    }
}

/// Does a line read more than its own row?
fn reads_before(plan: &Plan, line: &Line) -> bool {
    match line {
        Line::Choose(_) => true,
        Line::Cap(cap) => cap.tally.is_some(),
        Line::Review(review) => {
            review.day_total.is_some() || !review.confirm.is_empty() || review.publish.is_some()
        }
        Line::Add { value, when } | Line::Deduct { value, when } => std::iter::once(*value)
            .chain(*when)
            .any(|e| reads_day_total(plan, e)),
        Line::Multiply(_) | Line::Prorate { .. } | Line::Round(_) => false,
    }
}

fn reads_day_total(plan: &Plan, id: ExprId) -> bool {
    let node = plan.exprs.get(id);
    matches!(node, Expr::DayTotal)
        || node
            .operands()
            .into_iter()
            .any(|e| reads_day_total(plan, e))
}
