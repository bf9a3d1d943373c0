//! S28: a value for each subject on the roster on some day of each period that is over; or why there is none.

use jifen_plan::{ExprId, Gather, MeasureIx, OverPeriods};

use crate::eval::{Cx, Stop, V};
use crate::number;
use crate::run::Office;
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
    let mut values = Vec::new();
    for last in first..end {
        let period = time::period(of.unit, last);
        if period.1 - 1 != last || period.0 < first {
            continue;
        }
        let Some(there) = (period.0..period.1).rev().find(|d| cx.is_present(*d)) else {
            cx.note("这一小期不在册");
            continue;
        };
        let in_force = |v: &jifen_plan::Version| {
            i64::from(v.from.0) <= last && v.to.is_none_or(|t| last < i64::from(t.0))
        };
        let version = plan.versions.iter().position(in_force);
        let measure = plan.measures.iter().find(|m| {
            Some(m.version.ix()) == version
                && m.name == of.name
                && m.unit == of.unit
                && m.roster == of.roster
        });
        let value = match (measure, version) {
            (Some(m), Some(version)) => {
                let mut inner = cx.clone();
                inner.fact = None;
                inner.version = version;
                inner.event_day = last;
                inner.entry_day = last;
                inner.rule_day = last;
                inner.attr_day = there;
                inner.instant = (last + 1) * DAY;
                inner.period = Some(period);
                inner.num(m.node)
            }
            _ => Err(nothing()),
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

impl Office<'_> {
    /// A line for each measure, period and subject.
    pub fn measures(&mut self) {
        let plan = self.plan;
        for m in &plan.measures {
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
