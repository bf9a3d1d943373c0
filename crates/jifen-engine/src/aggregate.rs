//! Aggregates over the facts that stand before a run (evaluation.md 7): each counted fact is looked at by itself.

use std::ops::Range;

use jifen_calendar::{Day, Period};
use jifen_data::{FactRef, Missing};
use jifen_plan::{Aggregate, AggregateOf, Over};
use jifen_quantity::Decimal;

use crate::case::Case;
use crate::error::Stop;
use crate::history;
use crate::scalar::Scalar;
use crate::world::{Val, World};

type Result<T> = std::result::Result<T, Stop>;

/// One counted fact.
pub(crate) struct One<'w, 'a> {
    scalar: Scalar<'w>,
    aggregate: &'a Aggregate,
}

impl<'w, 'a> One<'w, 'a> {
    /// `run`: the circumstances of the run that counts it; parameters are those of its day.
    pub fn of(
        world: &'w World<'w>,
        a: &'a Aggregate,
        row: u32,
        run: Option<&Case<'w>>,
    ) -> Result<One<'w, 'a>> {
        let mut case = Case::of_fact(world, FactRef { kind: a.kind, row })?;
        if let Some(run) = run {
            case.rule_day = run.rule_day;
        }
        let mut scalar = Scalar::new(case, false);
        scalar.around = Some(run.copied().unwrap_or(case));
        Ok(One {
            scalar,
            aggregate: a,
        })
    }

    pub fn number(&mut self) -> Result<Decimal> {
        match self.value()? {
            Val::Num(n) => Ok(n),
            _ => Err(Stop::Plan("an expression of the wrong type")),
        }
    }

    pub fn holds(&mut self) -> Result<bool> {
        let when = self.aggregate.when;
        when.map_or(Ok(true), |w| self.scalar.yes(w))
    }

    fn value(&mut self) -> Result<Val<'w>> {
        match self.aggregate.value {
            Some(value) => self.scalar.eval(value),
            None => Ok(Val::Date(self.scalar.case.event_day)),
        }
    }
}

impl<'w> Scalar<'w> {
    pub fn aggregate(&mut self, a: &Aggregate) -> Result<Val<'w>> {
        let world = self.case.world;
        let window = self.window(a)?;
        if a.what == AggregateOf::Count && a.when.is_none() {
            return Ok(Val::Num(how_many(window.len())));
        }
        let nothing = Stop::Unknown(Missing::NoFact(a.kind));
        if a.best.is_some() {
            return self.best(a, window);
        }
        if self.case.group.is_none()
            && let Some(known) = world.running_sums.window(a, window.clone())
        {
            return self.known(a, window.len(), known.held as usize, known.sum);
        }
        let rows = world.histories.rows(&self.case, a.kind, window);
        if let AggregateOf::First | AggregateOf::Last = a.what {
            return match a.what {
                AggregateOf::First => self.nearest(a, rows.iter()),
                _ => self.nearest(a, rows.iter().rev()),
            };
        }
        let mut held = 0_usize;
        let mut sum = Decimal::ZERO;
        let mut edge: Option<Decimal> = None;
        let mut different: Vec<Val<'w>> = Vec::new();
        let mut periods: Vec<Day> = Vec::new();
        for row in rows {
            let mut one = self.one(a, *row)?;
            if !one.holds()? {
                continue;
            }
            held += 1;
            match a.what {
                AggregateOf::Sum | AggregateOf::Mean => sum = sum.add(one.number()?)?,
                AggregateOf::Max => {
                    let n = one.number()?;
                    edge = Some(edge.map_or(n, |e| e.max(n)));
                }
                AggregateOf::Min => {
                    let n = one.number()?;
                    edge = Some(edge.map_or(n, |e| e.min(n)));
                }
                AggregateOf::Distinct => different.push(one.value()?),
                AggregateOf::Streak(unit) => {
                    periods.push(unit.bounds(one.scalar.case.event_day).0);
                }
                AggregateOf::Count
                | AggregateOf::Share
                | AggregateOf::First
                | AggregateOf::Set(_)
                | AggregateOf::Last => {}
            }
        }
        Ok(match a.what {
            AggregateOf::Max | AggregateOf::Min => Val::Num(edge.ok_or(nothing)?),
            AggregateOf::Distinct => Val::Num(how_many(count_different(different))),
            AggregateOf::Streak(unit) => Val::Num(Decimal::from_int(self.streak(unit, &periods))),
            _ => return self.known(a, rows.len(), held, sum),
        })
    }

    /// Which places of the histories the aggregate looks at.
    pub(crate) fn window(&mut self, a: &Aggregate) -> Result<Range<usize>> {
        let days = match a.over {
            Over::Between(from, to) => {
                let (from, to) = (self.day(from)?, self.day(to)?);
                from..to.add_days(1)
            }
            over => history::days(over, self.case.event_day).unwrap_or(Day::MAX..Day::MAX),
        };
        let world = self.case.world;
        Ok(world.histories.window(&self.case, a, days))
    }

    /// The n largest of the values, added up or their mean.
    fn best(&mut self, a: &Aggregate, window: Range<usize>) -> Result<Val<'w>> {
        let world = self.case.world;
        let rows = world.histories.rows(&self.case, a.kind, window);
        let mut values: Vec<Decimal> = Vec::new();
        let mut all = Decimal::ZERO;
        for row in rows {
            let mut one = self.one(a, *row)?;
            if one.holds()? {
                let n = one.number()?;
                // As everywhere, what all of them come to has to fit.
                all = all.add(n)?;
                values.push(n);
            }
        }
        values.sort_unstable_by(|a, b| b.cmp(a));
        values.truncate(a.best.unwrap_or(u32::MAX) as usize);
        let mut sum = Decimal::ZERO;
        for n in &values {
            sum = sum.add(*n)?;
        }
        self.known(a, values.len(), values.len(), sum)
    }

    /// What can be told from how many stand in the window, how many count and what they sum up to.
    fn known(&self, a: &Aggregate, all: usize, held: usize, sum: Decimal) -> Result<Val<'w>> {
        let nothing = Stop::Unknown(Missing::NoFact(a.kind));
        Ok(Val::Num(match a.what {
            AggregateOf::Sum => sum,
            AggregateOf::Mean if held == 0 => return Err(nothing),
            AggregateOf::Mean => sum.div(how_many(held))?,
            AggregateOf::Share if all == 0 => return Err(nothing),
            AggregateOf::Share => how_many(held).div(how_many(all))?,
            _ => how_many(held),
        }))
    }

    fn one<'a>(&self, a: &'a Aggregate, row: u32) -> Result<One<'w, 'a>> {
        One::of(self.case.world, a, row, Some(&self.case))
    }

    /// The event day of a fact that counts.
    pub(crate) fn day_if(&self, a: &Aggregate, row: u32) -> Result<Option<Day>> {
        let mut one = self.one(a, row)?;
        Ok(one.holds()?.then_some(one.scalar.case.event_day))
    }

    /// The value of the first fact met for which the condition holds.
    fn nearest<'r>(&self, a: &Aggregate, rows: impl Iterator<Item = &'r u32>) -> Result<Val<'w>> {
        for row in rows {
            let mut one = self.one(a, *row)?;
            if one.holds()? {
                return one.value();
            }
        }
        Err(Stop::Unknown(Missing::NoFact(a.kind)))
    }

    /// How many periods on end, up to the run's own. One that is not over yet and holds nothing so far does not end it.
    /// `periods`: the first days of those with a fact, ascending.
    fn streak(&self, unit: Period, periods: &[Day]) -> i64 {
        let (own, after) = unit.bounds(self.case.event_day);
        let mut want = own;
        let mut n = 0;
        for first in periods.iter().rev() {
            if n == 0 && *first != want && after.start() > self.case.at {
                want = unit.bounds(own.add_days(-1)).0;
            }
            if *first == want {
                n += 1;
                want = unit.bounds(first.add_days(-1)).0;
            } else if *first < want {
                break;
            }
        }
        n * match unit {
            Period::Day | Period::Month => 1,
            Period::Week => 7,
            Period::Quarter => 3,
            Period::HalfYear => 6,
            Period::Year => 12,
        }
    }
}

fn how_many(n: usize) -> Decimal {
    Decimal::from_int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn count_different(values: Vec<Val<'_>>) -> usize {
    let mut all: Vec<jifen_plan::Value> = values.into_iter().map(Val::to_value).collect();
    all.sort();
    all.dedup();
    all.len()
}
