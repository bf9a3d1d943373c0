//! Measures (S28): a value for each subject and period that is over, or why there is none.

use jifen_calendar::Day;
use jifen_data::{Account, MeasureRun, MeasureValue, Measured, Missing};
use jifen_plan::{Gather, Measure, MeasureIx, OverPeriods, Plan};
use jifen_quantity::Decimal;
use rayon::prelude::*;

use crate::case::Case;
use crate::error::{EngineError, Stop};
use crate::period::Dated;
use crate::scalar::Scalar;
use crate::settle::version_on;
use crate::shared;
use crate::world::World;

/// All measures, by measure, period and account.
pub(crate) fn all(world: &World<'_>) -> Result<Vec<MeasureValue>, EngineError> {
    let mut asked = Vec::new();
    for (ix, m) in (0_u16..).map(MeasureIx).zip(&world.plan.measures) {
        if m.is_shared() {
            continue;
        }
        let dated = Dated::in_version(world, m.version, m.unit, false);
        dated.each(world, m.roster, |account, period| {
            asked.push((ix, period, account));
        });
    }
    let runs = asked.into_par_iter();
    let runs = runs.map(|(ix, period, account)| one(world, ix, account, period, false));
    let mut out: Vec<MeasureValue> = runs
        .map(|run| run.map(|r| r.came_to))
        .collect::<Result<_, _>>()?;
    out.extend(world.shared.all(world));
    out.par_sort_unstable_by_key(|m| (m.measure, m.first, m.group, m.account));
    Ok(out)
}

/// Those of one account, with every value met.
pub(crate) fn traced(world: &World<'_>, account: Account) -> Result<Vec<MeasureRun>, EngineError> {
    let mut out = Vec::new();
    for (ix, m) in (0_u16..).map(MeasureIx).zip(&world.plan.measures) {
        let dated = Dated::in_version(world, m.version, m.unit, false);
        if m.roster != account.roster {
            continue;
        }
        for period in dated.periods_of(world, account) {
            match m.is_shared() {
                true => out.extend(shared::traced(world, ix, account, period)?),
                false => out.push(one(world, ix, account, period, true)?),
            }
        }
    }
    Ok(out)
}

/// What one comes to.
pub(crate) fn value(
    world: &World<'_>,
    ix: MeasureIx,
    account: Account,
    period: (Day, Day),
) -> Result<Measured, EngineError> {
    one(world, ix, account, period, false).map(|run| run.came_to.value)
}

fn one(
    world: &World<'_>,
    ix: MeasureIx,
    account: Account,
    period: (Day, Day),
    traced: bool,
) -> Result<MeasureRun, EngineError> {
    let case = Case::of_period(world, account, period, false, None);
    on_case(world, ix, case, (account, period), traced)
}

/// What one comes to for whom a run is about.
pub(crate) fn on_case<'w>(
    world: &'w World<'w>,
    ix: MeasureIx,
    case: Result<Case<'w>, Stop>,
    (account, period): (Account, (Day, Day)),
    traced: bool,
) -> Result<MeasureRun, EngineError> {
    let measure = world.plan.measures.get(ix.ix());
    let measure = measure.ok_or(EngineError::Inconsistent("a measure index"))?;
    let mut nodes = Vec::new();
    let group = case.as_ref().ok().and_then(|c| c.group).map(|g| g.code);
    let value = case.and_then(|case| {
        let mut scalar = Scalar::new(case, traced);
        let value = scalar.num(measure.node);
        nodes = scalar.nodes.take().unwrap_or_default();
        value
    });
    let value = match value {
        Ok(n) => Measured::Value(n),
        Err(Stop::Unknown(why)) => Measured::NoValue(why),
        Err(Stop::Failed(why)) => Measured::Failed(why),
        Err(Stop::Plan(what)) => return Err(EngineError::Inconsistent(what)),
    };
    let came_to = MeasureValue {
        measure: ix,
        first: period.0,
        account,
        group,
        value,
    };
    Ok(MeasureRun { came_to, nodes })
}

/// 平均(响应率): the measure in the shorter periods inside the period of the run (S19b).
pub(crate) fn over_periods(case: &Case<'_>, over: OverPeriods) -> Result<Decimal, Stop> {
    let (world, account) = (case.world, case.account);
    let (first, after) = case
        .period
        .ok_or(Stop::Plan("a measure without a period"))?;
    let of = world.plan.measures.get(over.measure.ix());
    let of = of.ok_or(Stop::Plan("a measure index"))?;
    let none = Stop::Unknown(Missing::NoValue(over.measure));
    if of.is_shared() {
        return shared::over_periods(case, over, of);
    }
    let table = world.rosters.table(account.roster);
    let present = table.and_then(|t| t.present.get(account.subject as usize));
    let present = present.ok_or(Stop::Plan("subject index"))?;
    let mut values = Vec::new();
    let mut period = of.unit.bounds(first);
    while period.1 <= after {
        let there = |(from, to): &(Day, Day)| from < to && *from < period.1 && period.0 < *to;
        if present.iter().any(there) {
            match in_period(case, of, period) {
                Ok(Some(n)) => values.push(n),
                Ok(None) | Err(Stop::Unknown(_)) if over.skip => {}
                Ok(None) | Err(Stop::Unknown(_)) => return Err(none),
                Err(other) => return Err(other),
            }
        }
        period = of.unit.bounds(period.1);
    }
    gathered(over.what, &values)?.ok_or(none)
}

/// What is made of values of several periods.
pub(crate) fn gathered(what: Gather, values: &[Decimal]) -> Result<Option<Decimal>, Stop> {
    let sum = || values.iter().try_fold(Decimal::ZERO, |s, n| s.add(*n));
    Ok(match what {
        Gather::Sum => Some(sum()?),
        Gather::Mean if !values.is_empty() => {
            let n = i64::try_from(values.len()).unwrap_or(i64::MAX);
            Some(sum()?.div(Decimal::from_int(n))?)
        }
        Gather::Mean => None,
        Gather::Max => values.iter().max().copied(),
        Gather::Min => values.iter().min().copied(),
        Gather::First => values.first().copied(),
        Gather::Last => values.last().copied(),
    })
}

/// The value in one period, under the version in force at its end; `None` if that version has no such measure.
fn in_period(case: &Case<'_>, of: &Measure, period: (Day, Day)) -> Result<Option<Decimal>, Stop> {
    let plan = &case.world.plan;
    let measure = like(plan, of, period.1.add_days(-1)).and_then(|ix| plan.measures.get(ix.ix()));
    let Some(measure) = measure else {
        return Ok(None);
    };
    let case = Case::of_period(case.world, case.account, period, false, None)?;
    Scalar::new(case, false).num(measure.node).map(Some)
}

/// The measure of the same name, roster, period and type in the version of a day.
pub(crate) fn like(plan: &Plan, of: &Measure, day: Day) -> Option<MeasureIx> {
    let version = version_on(plan, day)?;
    let mut all = (0_u16..).map(MeasureIx).zip(&plan.measures);
    all.find(|(_, m)| m.version == version && alike(plan, of, m))
        .map(|(ix, _)| ix)
}

/// Are they one measure in two versions?
pub(crate) fn alike(plan: &Plan, a: &Measure, b: &Measure) -> bool {
    (&a.name, a.roster, a.of, a.unit) == (&b.name, b.roster, b.of, b.unit)
        && plan.exprs.ty(a.node) == plan.exprs.ty(b.node)
}
