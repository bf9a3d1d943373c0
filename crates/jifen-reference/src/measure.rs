//! S28: a value for each subject on the roster on some day of each period that is over; or why there is none.

use jifen_plan::{ExprId, MeasureIx};

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
