//! What measures came to in periods that are over, for those who look back at them (上月(响应率)): found once, period by period, so that
//! a measure which reads its own past finds it known.

use jifen_calendar::Day;
use jifen_data::{Account, Measured, Missing};
use jifen_plan::{ClosedReads, Closing, Earlier, Expr, MeasureIx, Plan};
use jifen_quantity::Decimal;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::case::Case;
use crate::error::{EngineError, Stop};
use crate::measure;
use crate::period::Dated;
use crate::shared;
use crate::standing;
use crate::world::World;

/// By measure and subject: first days of periods, ascending, with the values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Closed {
    values: FxHashMap<(MeasureIx, u32), Vec<(Day, Measured)>>,
}

impl Closed {
    /// What the measure came to in the period that begins on this day; `None`: there was none.
    pub fn get(&self, ix: MeasureIx, account: Account, first: Day) -> Option<&Measured> {
        let all = self.values.get(&(ix, account.subject))?;
        let at = all.binary_search_by_key(&first, |v| v.0).ok()?;
        all.get(at).map(|v| &v.1)
    }

    /// Forgets what ended after a day.
    fn keep(&mut self, plan: &Plan, kept: Day) {
        if kept == Day::MIN {
            self.values.clear();
            return;
        }
        self.values.retain(|(ix, _), list| {
            let unit = plan.measures.get(ix.ix()).map(|m| m.unit);
            list.retain(|(first, _)| unit.is_some_and(|u| u.bounds(*first).1 <= kept));
            !list.is_empty()
        });
    }

    /// The subjects of a measure for whom it is not what it was.
    pub fn differing(&self, before: &Closed, ix: MeasureIx, subjects: usize) -> Vec<u32> {
        let all = (0_u32..).take(subjects);
        all.filter(|s| self.values.get(&(ix, *s)) != before.values.get(&(ix, *s)))
            .collect()
    }
}

/// One value that is asked for: by the end of its period, since nothing reads what ends no earlier than itself.
type Asked = (Day, Day, MeasureIx, Account);

/// Fills `world.closed` and `world.standings`, from the first end of a period to the last: at each, how subjects stand, and then the
/// measures that may read it; only `which`, where not all are needed. What ended by `kept` stays as it is: nothing changed before that
/// day.
pub(crate) fn fill(
    world: &mut World<'_>,
    kept: Day,
    which: Option<&ClosedReads>,
) -> Result<(), EngineError> {
    let (mut asked, mut dues) = (asked(world, which), dues(world));
    if let Some(which) = which {
        dues.retain(|d| match d.2 {
            Closing::Standing(ix) => which.standings.contains(&ix),
            Closing::Measure(ix) => which.measures.contains(&ix),
        });
    }
    asked.sort_unstable();
    asked.retain(|a| a.0 > kept);
    dues.retain(|d| d.0 > kept);
    world.closed.keep(world.plan, kept);
    world.standings.keep(world.plan, kept);
    world.shared.keep(world.plan, kept);
    let mut ends: Vec<Day> = asked
        .iter()
        .map(|a| a.0)
        .chain(dues.iter().map(|d| d.0))
        .collect();
    ends.sort_unstable();
    ends.dedup();
    for end in ends {
        let due = dues.partition_point(|d| d.0 < end)..dues.partition_point(|d| d.0 <= end);
        for (_, _, ix, period) in dues.get(due).unwrap_or_default() {
            match ix {
                Closing::Standing(ix) => standing::fill(world, *ix, *period)?,
                Closing::Measure(ix) => shared::fill(world, *ix, *period)?,
            }
        }
        let here = asked.partition_point(|a| a.0 < end)..asked.partition_point(|a| a.0 <= end);
        let together = asked.get(here).unwrap_or_default();
        let found: Result<Vec<Measured>, EngineError> = together
            .par_iter()
            .map(|(after, first, ix, account)| {
                measure::value(world, *ix, *account, (*first, *after))
            })
            .collect();
        for ((_, first, ix, account), value) in together.iter().zip(found?) {
            let slot = world.closed.values.entry((*ix, account.subject));
            slot.or_default().push((*first, value));
        }
    }
    Ok(())
}

/// What closes: its end, its place among those of one end (each behind those that it reads), which, and when.
type Due = (Day, u32, Closing, (Day, Day));

/// Standings and measures of groups that have closed, by their ends.
fn dues(world: &World<'_>) -> Vec<Due> {
    let mut dues = Vec::new();
    for (order, ix) in (0_u32..).zip(jifen_plan::closing_order(world.plan)) {
        let of = match ix {
            Closing::Standing(ix) => {
                let of = world.plan.standings.get(ix.ix());
                of.map(|s| (s.version, s.unit))
            }
            Closing::Measure(ix) => {
                let of = world.plan.measures.get(ix.ix());
                of.map(|m| (m.version, m.unit))
            }
        };
        let Some((version, unit)) = of else {
            continue;
        };
        let dated = Dated::in_version(world, version, unit, false);
        dues.extend(dated.periods().into_iter().map(|p| (p.1, order, ix, p)));
    }
    dues.sort_unstable();
    dues
}

fn asked(world: &World<'_>, which: Option<&ClosedReads>) -> Vec<Asked> {
    let plan = world.plan;
    let mut out = Vec::new();
    for (ix, m) in (0_u16..).map(MeasureIx).zip(&plan.measures) {
        let mut reads = plan.exprs.iter().filter_map(|(_, node, _)| match node {
            Expr::Earlier(e) => plan.measures.get(e.measure.ix()),
            _ => None,
        });
        let needed = !m.is_shared() && which.is_none_or(|w| w.measures.contains(&ix));
        if needed && reads.any(|of| measure::alike(plan, of, m)) {
            let dated = Dated::in_version(world, m.version, m.unit, false);
            dated.each(world, m.roster, |account, (first, after)| {
                out.push((after, first, ix, account));
            });
        }
    }
    out
}

/// 上月(响应率).
pub(crate) fn earlier(case: &Case<'_>, e: Earlier) -> Result<Decimal, Stop> {
    let (world, plan): (_, &Plan) = (case.world, case.world.plan);
    let of = plan.measures.get(e.measure.ix());
    let of = of.ok_or(Stop::Plan("a measure index"))?;
    let mut period = of.unit.bounds(case.period.map_or(case.event_day, |p| p.0));
    for _ in 0..e.back {
        period = of.unit.bounds(period.0.add_days(-1));
    }
    let group = match of.is_shared() {
        true => Some(shared::group_of(case, of)?),
        false => None,
    };
    let none = Stop::Unknown(Missing::NoEarlier(e.measure));
    let Some(ix) = measure::like(plan, of, period.1.add_days(-1)) else {
        return Err(none);
    };
    let found = match group {
        Some(group) => world.shared.get(ix, group, period.0),
        None => world.closed.get(ix, case.account, period.0),
    };
    match found {
        Some(Measured::Value(n)) => Ok(*n),
        Some(Measured::Failed(why)) => Err(Stop::Failed(*why)),
        Some(Measured::NoValue(_)) | None => Err(none),
    }
}
