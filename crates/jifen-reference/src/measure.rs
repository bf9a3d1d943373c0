//! S28: a value for each subject on the roster on some day of each period that is over; or why there is none.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jifen_plan::{Earlier, ExprId, Gather, Measure, MeasureIx, OverPeriods, Plan, Version};

use crate::eval::{Cx, Stop, V};
use crate::number::{self, N};
use crate::run::Office;
use crate::standing::Stood;
use crate::text;
use crate::time::{self, DAY};

/// Is it a value at all? Then its value.
pub fn measure(cx: &Cx, ix: MeasureIx, value: ExprId, valid: Option<ExprId>) -> Result<V, Stop> {
    if let Some(valid) = valid
        && !cx.truth(valid)?
    {
        cx.note("无值");
        let name = cx.plan.measures.get(ix.ix()).map_or("?", |m| &m.name);
        return Err(Stop::Unknown(format!("no value {name}")));
    }
    cx.eval(value)
}

/// S19b: its values in the shorter periods that end in the period of the run, the subject being there on some day of them.
pub fn over_periods(cx: &Cx, over: OverPeriods) -> Result<V, Stop> {
    let plan = cx.plan;
    let of = (plan.measures.get(over.measure.ix())).ok_or(Stop::Failed("no measure"))?;
    let (first, end) = cx.period.ok_or(Stop::Failed("no period"))?;
    let nothing = || Stop::Unknown(format!("no value {}", of.name));
    let group = match of.is_shared() {
        true => Some(crate::shared::group_of(cx, of)?),
        false => None,
    };
    let mut values = Vec::new();
    for last in first..end {
        let period = time::period(of.unit, last);
        if period.1 - 1 != last || period.0 < first {
            continue;
        }
        if let Some(group) = group {
            match crate::shared::of_version(cx, of, group, period) {
                None => cx.note("这一小期不在册"),
                Some(Ok(n)) => values.push(n),
                Some(Err(Stop::Unknown(_))) if over.skip => cx.note("略过无值"),
                Some(Err(Stop::Unknown(_))) => {
                    cx.note("有一小期无值");
                    return Err(nothing());
                }
                Some(Err(failed)) => return Err(failed),
            }
            continue;
        }
        let Some(there) = (period.0..period.1).rev().find(|d| cx.is_present(*d)) else {
            cx.note("这一小期不在册");
            continue;
        };
        let found = like(plan, of, last);
        let value = match found {
            Some((_, m)) => of_period(cx, m, period, there).num(m.node),
            None => Err(nothing()),
        };
        match value {
            Ok(n) => values.push(n),
            Err(Stop::Unknown(_)) if over.skip => cx.note("略过无值"),
            Err(Stop::Unknown(_)) => {
                cx.note("有一小期无值");
                return Err(nothing());
            }
            Err(failed) => return Err(failed),
        }
    }
    cx.note("几期合看");
    let many = number::int(i64::try_from(values.len()).unwrap_or(i64::MAX));
    let mut sum = number::int(0);
    for n in &values {
        sum = number::fit(sum + n)?;
    }
    let found = match over.what {
        Gather::Sum => Some(sum),
        Gather::Mean if values.is_empty() => None,
        Gather::Mean => Some(number::divide(&sum, &many)?),
        Gather::Max => values.into_iter().max(),
        Gather::Min => values.into_iter().min(),
        Gather::First => values.into_iter().next(),
        Gather::Last => values.pop(),
    };
    found.map(V::Num).ok_or_else(nothing)
}

/// The measure of the same name, roster, period and type in the version of a day.
pub fn like<'p>(plan: &'p Plan, of: &Measure, day: i64) -> Option<(usize, &'p Measure)> {
    let in_force =
        |v: &Version| i64::from(v.from.0) <= day && v.to.is_none_or(|t| day < i64::from(t.0));
    let version = plan.versions.iter().position(in_force)?;
    let ty = |m: &Measure| plan.exprs.ty(m.node);
    plan.measures.iter().enumerate().find(|(_, m)| {
        m.version.ix() == version
            && m.name == of.name
            && m.unit == of.unit
            && m.roster == of.roster
            && m.of == of.of
            && ty(m) == ty(of)
    })
}

/// The same subject at the end of a period; `there` is the last day of it on which it is on the roster.
fn of_period<'a>(cx: &Cx<'a>, m: &Measure, period: (i64, i64), there: i64) -> Cx<'a> {
    let last = period.1 - 1;
    Cx {
        fact: None,
        version: m.version.ix(),
        event_day: last,
        entry_day: last,
        rule_day: last,
        attr_day: there,
        instant: period.1 * DAY,
        day_only: true,
        period: Some(period),
        span: None,
        counted: Vec::new(),
        joined: Vec::new(),
        around: None,
        ..cx.clone()
    }
}

/// What has been found of periods that are over; it holds while what accounts had then does.
#[derive(Default)]
pub struct Known {
    /// Values of measures, by measure, roster, subject and first day.
    pub measures: RefCell<BTreeMap<(usize, usize, u32, i64), Value>>,
    /// How subjects and groups stood, by standing, subject or group, and first day.
    pub standings: RefCell<BTreeMap<(usize, u32, i64), How>>,
}

/// A value, or why there is none, and what took effect in it.
type Value = (Result<N, Stop>, Noted);
/// How somebody stood, or why that cannot be told.
type How = Result<Stood, Stop>;

/// What took effect in the value of a group.
pub type Noted = BTreeSet<&'static str>;

/// 上月(响应率): its value in a period that is over. All periods up to that one are found in turn, so that each finds those before it known.
pub fn earlier(cx: &Cx, e: Earlier) -> Result<V, Stop> {
    let plan = cx.plan;
    let of = (plan.measures.get(e.measure.ix())).ok_or(Stop::Failed("no measure"))?;
    let nothing = || Stop::Unknown(format!("no earlier {}", of.name));
    let mut wanted = time::period(of.unit, cx.period.map_or(cx.event_day, |p| p.0));
    for _ in 0..e.back {
        wanted = time::period(of.unit, wanted.0 - 1);
    }
    if of.is_shared() {
        let group = crate::shared::group_of(cx, of)?;
        return match crate::shared::of_version(cx, of, group, wanted) {
            Some(Ok(n)) => {
                cx.note("前一期");
                Ok(V::Num(n))
            }
            Some(Err(Stop::Unknown(_))) | None => {
                cx.note("前一期无值");
                Err(nothing())
            }
            Some(Err(failed)) => Err(failed),
        };
    }
    let begin = plan
        .versions
        .first()
        .map_or(wanted.0, |v| i64::from(v.from.0));
    let mut period = time::period(of.unit, begin);
    let mut value = Err(nothing());
    while period.0 <= wanted.0 {
        value = match like(plan, of, period.1 - 1) {
            Some((ix, m)) => once(cx, ix, m, period),
            None => Err(nothing()),
        };
        period = time::period(of.unit, period.1);
    }
    match value {
        Ok(n) => {
            cx.note("前一期");
            Ok(V::Num(n))
        }
        Err(Stop::Unknown(_)) => {
            cx.note("前一期无值");
            Err(nothing())
        }
        failed => failed.map(V::Num),
    }
}

fn once(cx: &Cx, ix: usize, m: &Measure, period: (i64, i64)) -> Result<N, Stop> {
    let key = (ix, cx.roster.ix(), cx.subject, period.0);
    if let Some(known) = cx.known.measures.borrow().get(&key) {
        return known.0.clone();
    }
    let there = (period.0..period.1).rev().find(|d| cx.is_present(*d));
    let value = match there {
        Some(there) => of_period(cx, m, period, there).num(m.node),
        None => Err(Stop::Unknown("absent".to_owned())),
    };
    let noted = Noted::new();
    cx.known
        .measures
        .borrow_mut()
        .insert(key, (value.clone(), noted));
    value
}

impl Office<'_> {
    /// A line for each measure, period and subject.
    pub fn measures(&mut self) {
        let plan = self.plan;
        for (ix, m) in plan.measures.iter().enumerate() {
            let Some(version) = plan.versions.get(m.version.ix()) else {
                continue;
            };
            let Some(table) = self.rosters.table(m.roster) else {
                continue;
            };
            let from = i64::from(version.from.0);
            let to = version.to.map(|d| i64::from(d.0));
            let mut period = time::period(m.unit, from);
            while period.1 - 1 <= self.as_of {
                let (first, end) = period;
                let last = end - 1;
                period = time::period(m.unit, end);
                if last < from || to.is_some_and(|t| t <= last) {
                    continue;
                }
                if m.is_shared() {
                    self.of_groups(ix, m, (first, end));
                    continue;
                }
                for code in (0_u32..).take(table.ids.len()) {
                    let mut cx = self.cx(m.roster, code, last);
                    let Some(there) = (first..end).rev().find(|d| cx.is_present(*d)) else {
                        continue;
                    };
                    cx.attr_day = there;
                    cx.period = Some((first, end));
                    cx.instant = end * DAY;
                    cx.version = m.version.ix();
                    let result = match cx.num(m.node) {
                        Ok(n) => {
                            cx.note("指标");
                            number::text(&n)
                        }
                        Err(Stop::Unknown(why)) => format!("no value|{why}"),
                        Err(Stop::Failed(why)) => format!("failed|{why}"),
                    };
                    let who = text::account(plan, self.rosters, m.roster, code);
                    let (name, version) = (&m.name, &version.name);
                    let first = time::day_text(first);
                    let line = format!("K|{who}|{name}|{version}|{first}|{result}");
                    self.lines.push(line);
                }
            }
        }
    }
}
