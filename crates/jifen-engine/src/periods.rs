//! Sets of days and months (evaluation.md 7): the first days of those that hold a fact, ascending, each once.

use jifen_calendar::{Day, Period};
use jifen_plan::{AggregateOf, Expr, ExprId, SetOp, Ty};

use crate::error::Stop;
use crate::scalar::Scalar;

type Result<T> = std::result::Result<T, Stop>;

const NO_SET: Stop = Stop::Plan("an expression that is no set");

impl Scalar<'_> {
    /// 个数.
    pub(crate) fn set_size(&mut self, set: ExprId) -> Result<i64> {
        let all = self.periods(set)?;
        Ok(i64::try_from(all.len()).unwrap_or(i64::MAX))
    }

    /// 最长连续.
    pub(crate) fn set_run(&mut self, set: ExprId) -> Result<i64> {
        let Ty::Periods(unit) = self.case.world.plan.exprs.ty(set) else {
            return Err(NO_SET);
        };
        let (mut longest, mut run, mut next) = (0, 0, None);
        for first in self.periods(set)? {
            run = if next == Some(first) { run + 1 } else { 1 };
            longest = longest.max(run);
            next = Some(unit.bounds(first).1);
        }
        Ok(longest)
    }

    fn periods(&mut self, set: ExprId) -> Result<Vec<Day>> {
        let world = self.case.world;
        match world.plan.exprs.get(set) {
            Expr::SetOf(op, a, b) => {
                let (a, b) = (self.periods(*a)?, self.periods(*b)?);
                Ok(made(*op, a, &b))
            }
            Expr::Aggregate(a) => {
                let AggregateOf::Set(unit) = a.what else {
                    return Err(NO_SET);
                };
                let window = self.window(a)?;
                let rows = world.histories.rows(&self.case, a.kind, window);
                let mut out: Vec<Day> = Vec::new();
                for row in rows {
                    if let Some(day) = self.day_if(a, *row)? {
                        out.push(first_of(unit, day));
                    }
                }
                // Histories stand in the order of instants.
                out.dedup();
                Ok(out)
            }
            _ => Err(NO_SET),
        }
    }
}

fn first_of(unit: Period, day: Day) -> Day {
    unit.bounds(day).0
}

/// `a` and `b` ascend.
fn made(op: SetOp, mut a: Vec<Day>, b: &[Day]) -> Vec<Day> {
    let among = |day: &Day| b.binary_search(day).is_ok();
    match op {
        SetOp::Common => a.retain(among),
        SetOp::Without => a.retain(|day| !among(day)),
        SetOp::Either => {
            a.extend(b);
            a.sort_unstable();
            a.dedup();
        }
    }
    a
}
