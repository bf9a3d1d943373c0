//! What an aggregate over a subject's own facts is (S19b): plain data; `docs/evaluation.md` 7 says how it is evaluated.

use jifen_calendar::Period;
use serde::{Deserialize, Serialize};

use crate::expr::{Expr, ExprId};
use crate::model::{CurrencyIx, Item, KindIx, Line, Plan};

/// `计数(志愿 当 时长 不低于 1小时 在 本月)`: one value from the settled facts of the run's own subject and one kind that
/// stand before the key of the run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Aggregate {
    /// What is made of them.
    pub what: AggregateOf,
    /// Whose facts; its subject is the roster of the item.
    pub kind: KindIx,
    /// Read on each counted fact: its own fields, its own day.
    pub value: Option<ExprId>,
    /// Only facts for which this holds; read on each fact of the window.
    pub when: Option<ExprId>,
    /// Over which days.
    pub over: Over,
    /// 含本条: the fact being scored is counted with the others.
    pub with_this: bool,
    /// 最好 n次: only the n largest values (`Sum` and `Mean`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<u32>,
}

/// What an aggregate makes of the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AggregateOf {
    /// 计数: how many.
    Count,
    /// 去重计数: how many different values.
    Distinct,
    /// 合计: the sum of the values.
    Sum,
    /// 平均: their sum ÷ how many, one division.
    Mean,
    /// 占比: how many hold ÷ how many stand in the window, one division.
    Share,
    /// 最大.
    Max,
    /// 最小.
    Min,
    /// 最早: the value of the first fact, or its event day.
    First,
    /// 最近: the value of the last fact, or its event day.
    Last,
    /// 连续: days (weeks count as seven) or months on end, up to the run's own, with at least one fact each.
    Streak(Period),
    /// 日集, 月集: the periods that hold at least one; a set, read by [`Expr::SetSize`] and [`Expr::SetRun`] only.
    Set(Period),
}

/// What two sets of periods make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SetOp {
    /// 交: what is in both.
    Common,
    /// 并: what is in either.
    Either,
    /// 减: what is in the first and not in the second.
    Without,
}

/// The days over which an aggregate looks, from the event day of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Over {
    /// 本日 … 本年: the period of the event day.
    Current(Period),
    /// 上月, 此前 6个月: so many whole periods before that one.
    Before(Period, u32),
    /// 滚动 30天: so many days, the event day the last of them.
    RollingDays(u32),
    /// 滚动 6个月: so many months up to and including the event day.
    RollingMonths(u32),
    /// 终身.
    Lifetime,
    /// 自 A 至 B: both days included; read on the run. Nothing where A is after B.
    Between(ExprId, ExprId),
}

/// The aggregates that an item reads, in its conditions and lines.
#[must_use]
pub fn aggregates<'p>(plan: &'p Plan, item: &Item) -> Vec<&'p Aggregate> {
    let all = exprs(item).into_iter();
    all.flat_map(|e| plan.exprs.aggregates(e)).collect()
}

/// The aggregates that anything reads: items and measures.
#[must_use]
pub fn all_aggregates(plan: &Plan) -> Vec<&Aggregate> {
    let of_items = plan.items.iter().flat_map(|i| aggregates(plan, i));
    let measures = plan.measures.iter();
    let of_measures = measures.flat_map(|m| plan.exprs.aggregates(m.node));
    let standings = plan
        .standings
        .iter()
        .flat_map(crate::feedback::standing_roots);
    let of_standings = standings.flat_map(|root| plan.exprs.aggregates(root));
    of_items.chain(of_measures).chain(of_standings).collect()
}

/// The currencies whose balance or total an item reads, each once.
#[must_use]
pub fn balances(plan: &Plan, item: &Item) -> Vec<CurrencyIx> {
    let mut out = Vec::new();
    let (mut todo, mut seen) = (exprs(item), std::collections::BTreeSet::new());
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = plan.exprs.get(id);
        if let Expr::Balance(c) | Expr::Awarded(c) = node
            && !out.contains(c)
        {
            out.push(*c);
        }
        todo.extend(node.operands());
    }
    out
}

/// The expressions of an item: its conditions, lines and what it passes on.
fn exprs(item: &Item) -> Vec<ExprId> {
    let conds = item.requires.iter().map(|r| r.cond);
    let lines = item.lines.iter().flat_map(line_exprs);
    let passes = item.passes.iter().flat_map(|p| p.exprs());
    let worth = item
        .worth
        .into_iter()
        .flat_map(|w| w.by.into_iter().chain([w.value]));
    let allot = item.allot.into_iter().flat_map(|a| a.exprs());
    let lines = conds.chain(lines);
    lines.chain(passes).chain(worth).chain(allot).collect()
}

/// The expressions that stand in a line.
pub(crate) fn line_exprs(line: &Line) -> Vec<ExprId> {
    match line {
        Line::Add { value, when } | Line::Deduct { value, when } => {
            when.iter().copied().chain([*value]).collect()
        }
        Line::Multiply(m) => {
            let factors = m.factors.iter();
            factors
                .flat_map(|f| f.when.into_iter().chain([f.value]))
                .collect()
        }
        Line::Review(r) => r.when.into_iter().collect(),
        Line::Choose(c) => c.keys.clone(),
        Line::Cap(c) => c.when.into_iter().chain([c.limit]).collect(),
        Line::Prorate { .. } | Line::Round(_) => Vec::new(),
    }
}
