//! S19b: aggregates, by filtering all facts. What stands before the run, in the window, of the same subject and kind.

use std::collections::BTreeSet;

use jifen_calendar::{Period, Window};
use jifen_plan::{Aggregate, AggregateOf, Expr, ExprId, Over, SetOp};
use num_traits::Zero;

use crate::eval::{Cx, Stop, V};
use crate::number::{N, divide, fit, int};
use crate::settle::{Fact, id_order};
use crate::time::{self, DAY};

/// The value of an aggregate.
pub fn aggregate(cx: &Cx, a: &Aggregate) -> Result<V, Stop> {
    let mut facts = looked_at(cx, a)?;
    let kind = cx.plan.kinds.get(a.kind.ix());
    let name = kind.map_or("?", |k| k.name.as_str());
    let nothing = || Stop::Unknown(format!("no fact {name}"));
    let holds = |f: &Fact| inside(cx, f).holds(a.when);
    let value = |f: &Fact| match a.value {
        Some(v) => inside(cx, f).eval(v),
        None => Ok(V::Day(f.instant.div_euclid(DAY))),
    };
    if a.what == AggregateOf::Last {
        facts.reverse();
    }
    if let AggregateOf::First | AggregateOf::Last = a.what {
        for f in facts {
            if holds(f)? {
                return value(f);
            }
        }
        return Err(nothing());
    }
    let (mut held, mut values, mut sum) = (0_i64, Vec::new(), N::zero());
    for f in &facts {
        if !holds(f)? {
            continue;
        }
        held += 1;
        if a.value.is_none() {
            continue;
        }
        let v = value(f)?;
        if let (AggregateOf::Sum | AggregateOf::Mean, V::Num(n)) = (a.what, &v) {
            sum = fit(sum + n)?;
        }
        values.push(v);
    }
    if let Some(n) = a.best {
        (sum, held) = best(values, n)?;
        values = Vec::new();
    }
    let all = i64::try_from(facts.len()).unwrap_or(i64::MAX);
    Ok(match a.what {
        AggregateOf::Sum => V::Num(sum),
        AggregateOf::Mean if held == 0 => return Err(nothing()),
        AggregateOf::Mean => V::Num(divide(&sum, &int(held))?),
        AggregateOf::Share if all == 0 => return Err(nothing()),
        AggregateOf::Share => V::Num(divide(&int(held), &int(all))?),
        AggregateOf::Max => values.into_iter().max().ok_or_else(nothing)?,
        AggregateOf::Min => values.into_iter().min().ok_or_else(nothing)?,
        AggregateOf::Distinct => {
            let different: BTreeSet<V> = values.into_iter().collect();
            V::Num(int(i64::try_from(different.len()).unwrap_or(i64::MAX)))
        }
        AggregateOf::Streak(unit) => {
            let mut days = BTreeSet::new();
            for f in facts {
                if holds(f)? {
                    days.insert(time::period(unit, f.instant.div_euclid(DAY)).0);
                }
            }
            V::Num(int(streak(cx, unit, &days)))
        }
        AggregateOf::Set(_) => return Err(Stop::Failed("a set is no value")),
        AggregateOf::Count | AggregateOf::First | AggregateOf::Last => V::Num(int(held)),
    })
}

/// The facts of the window, in the order of their keys.
fn looked_at<'a>(cx: &Cx<'a>, a: &Aggregate) -> Result<Vec<&'a Fact>, Stop> {
    let ends = match a.over {
        Over::Between(from, to) => Some((cx.day(from)?, cx.day(to)?)),
        _ => None,
    };
    let inside = |f: &Fact| {
        let day = f.instant.div_euclid(DAY);
        ends.is_none_or(|(from, to)| from <= day && day <= to)
    };
    let all = cx.facts.iter();
    let mut facts: Vec<&Fact> = all.filter(|f| counts(cx, a, f) && inside(f)).collect();
    facts.sort_by(|x, y| (x.instant.cmp(&y.instant)).then_with(|| id_order(&x.id, &y.id)));
    Ok(facts)
}

/// The sum of the n largest, and how many those are.
fn best(values: Vec<V>, n: u32) -> Result<(N, i64), Stop> {
    let mut numbers: Vec<N> = Vec::new();
    for v in values {
        if let V::Num(n) = v {
            numbers.push(n);
        }
    }
    numbers.sort();
    let (mut sum, mut held) = (N::zero(), 0);
    for v in numbers.into_iter().rev().take(n as usize) {
        sum = fit(sum + v)?;
        held += 1;
    }
    Ok((sum, held))
}

/// S19b: the first days of the days or months that a set holds.
pub fn periods(cx: &Cx, set: ExprId) -> Result<BTreeSet<i64>, Stop> {
    match cx.plan.exprs.get(set) {
        Expr::SetOf(op, a, b) => {
            let (a, b) = (periods(cx, *a)?, periods(cx, *b)?);
            cx.note(match op {
                SetOp::Common => "交",
                SetOp::Either => "并",
                SetOp::Without => "减",
            });
            Ok(match op {
                SetOp::Common => a.intersection(&b).copied().collect(),
                SetOp::Either => a.union(&b).copied().collect(),
                SetOp::Without => a.difference(&b).copied().collect(),
            })
        }
        Expr::Aggregate(a) => {
            let AggregateOf::Set(unit) = a.what else {
                return Err(Stop::Failed("not a set"));
            };
            let mut out = BTreeSet::new();
            for f in looked_at(cx, a)? {
                if inside(cx, f).holds(a.when)? {
                    out.insert(time::period(unit, f.instant.div_euclid(DAY)).0);
                }
            }
            Ok(out)
        }
        _ => Err(Stop::Failed("not a set")),
    }
}

/// The most of them on end.
pub fn longest(unit: Period, firsts: &BTreeSet<i64>) -> i64 {
    let (mut longest, mut run) = (0, 0);
    for day in firsts {
        let before = time::period(unit, day - 1).0;
        run = if firsts.contains(&before) { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    longest
}

/// Is it one of the subject's, or of somebody who was in the group on the day of the fact?
fn is_of(cx: &Cx, f: &Fact) -> bool {
    match cx.group {
        None => f.subject == cx.subject,
        Some((holder, code)) => {
            let day = f.instant.div_euclid(DAY);
            crate::shared::group_on(cx, holder, f.subject, day) == Some(code)
        }
    }
}

/// Is this fact one of those that the aggregate looks at?
fn counts(cx: &Cx, a: &Aggregate, f: &Fact) -> bool {
    if f.kind != a.kind.ix() || !is_of(cx, f) || f.out.is_some() {
        return false;
    }
    let own = cx.fact.filter(|_| cx.period.is_none());
    let is_this = own.is_some_and(|o| o.kind == f.kind && o.id == f.id);
    let before = f.instant < cx.instant
        || own.is_some_and(|o| {
            let order = id_order(&f.id, &o.id).then(f.kind.cmp(&o.kind));
            f.instant == cx.instant && order.is_lt()
        });
    let stands = before || (is_this && a.with_this);
    stands && in_window(a.over, cx.event_day, f.instant.div_euclid(DAY))
}

fn in_window(over: Over, day: i64, of_fact: i64) -> bool {
    match over {
        // The ends of 自 A 至 B are read on the run.
        Over::Lifetime | Over::Between(..) => true,
        Over::Current(unit) => time::period(unit, day) == time::period(unit, of_fact),
        Over::RollingDays(n) => time::same_window(Window::RollingDays(n), day, of_fact),
        Over::RollingMonths(n) => time::same_window(Window::RollingMonths(n), day, of_fact),
        Over::Before(unit, n) => {
            // One period after another, backwards.
            let mut period = time::period(unit, day);
            (0..n).any(|_| {
                period = time::period(unit, period.0 - 1);
                period.0 <= of_fact && of_fact < period.1
            })
        }
    }
}

/// What expressions read on a counted fact: its own fields and day; parameters on the rule day of the run.
pub fn inside<'a>(cx: &Cx<'a>, f: &'a Fact) -> Cx<'a> {
    let day = f.instant.div_euclid(DAY);
    Cx {
        fact: Some(f),
        subject: f.subject,
        group: None,
        event_day: day,
        entry_day: f.entered,
        attr_day: day,
        instant: f.instant,
        day_only: f.day_only,
        period: None,
        span: f.span,
        counted: f.counted.clone(),
        held: Vec::new(),
        running: N::zero(),
        day_total: N::zero(),
        around: Some(Box::new(cx.clone())),
        ..cx.clone()
    }
}

/// Periods on end that hold a fact, backwards from the run's own; one that is not over yet may still be empty.
fn streak(cx: &Cx, unit: Period, days: &BTreeSet<i64>) -> i64 {
    let mut period = time::period(unit, cx.event_day);
    if !days.contains(&period.0) && cx.instant < period.1 * DAY {
        period = time::period(unit, period.0 - 1);
    }
    let mut n = 0;
    while days.contains(&period.0) {
        n += 1;
        period = time::period(unit, period.0 - 1);
    }
    // Held in days or in months.
    match unit {
        Period::Day | Period::Month => n,
        Period::Week => 7 * n,
        Period::Quarter => 3 * n,
        Period::HalfYear => 6 * n,
        Period::Year => 12 * n,
    }
}
