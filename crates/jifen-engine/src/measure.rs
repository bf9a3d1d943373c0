//! Measures (S28): a value for each subject and period that is over, or why there is none.

use jifen_calendar::Day;
use jifen_data::{Account, MeasureRun, MeasureValue, Measured};
use jifen_plan::MeasureIx;
use rayon::prelude::*;

use crate::case::Case;
use crate::error::{EngineError, Stop};
use crate::period::Dated;
use crate::scalar::Scalar;
use crate::world::World;

/// All measures, by measure, period and account.
pub(crate) fn all(world: &World<'_>) -> Result<Vec<MeasureValue>, EngineError> {
    let mut asked = Vec::new();
    for (ix, m) in (0_u16..).map(MeasureIx).zip(&world.plan.measures) {
        let dated = Dated::in_version(world, m.version, m.unit, false);
        dated.each(world, m.roster, |account, period| {
            asked.push((ix, period, account));
        });
    }
    asked.sort_unstable();
    let runs = asked.into_par_iter();
    runs.map(|(ix, period, account)| one(world, ix, account, period, false))
        .map(|run| run.map(|r| r.came_to))
        .collect()
}

/// Those of one account, with every value met.
pub(crate) fn traced(world: &World<'_>, account: Account) -> Result<Vec<MeasureRun>, EngineError> {
    let mut out = Vec::new();
    for (ix, m) in (0_u16..).map(MeasureIx).zip(&world.plan.measures) {
        let dated = Dated::in_version(world, m.version, m.unit, false);
        if m.roster == account.roster {
            for period in dated.periods_of(world, account) {
                out.push(one(world, ix, account, period, true)?);
            }
        }
    }
    Ok(out)
}

fn one(
    world: &World<'_>,
    ix: MeasureIx,
    account: Account,
    period: (Day, Day),
    traced: bool,
) -> Result<MeasureRun, EngineError> {
    let measure = world.plan.measures.get(ix.ix());
    let measure = measure.ok_or(EngineError::Inconsistent("a measure index"))?;
    let mut nodes = Vec::new();
    let value = Case::of_period(world, account, period, false, None).and_then(|case| {
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
        value,
    };
    Ok(MeasureRun { came_to, nodes })
}
