//! How long before a fact another may stand (S4, S5).

use jifen_calendar::{Day, Instant, MissingYear, counted_since};
use jifen_data::{FactRef, Missing};
use jifen_plan::{Days, Within};

use crate::case::Case;
use crate::error::Stop;
use crate::settle::is_day_only;
use crate::world::World;

/// The first moment that is still near enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    Any,
    Day(Day),
    Second(Instant),
}

impl Since {
    /// Counted from this fact, whose clock time is known where seconds are counted.
    pub fn of(within: &Within, from: &Case<'_>) -> Result<Since, Stop> {
        Ok(match within {
            Within::Lifetime => Since::Any,
            Within::Seconds(n) => Since::Second(from.at.add_seconds(-*n)),
            Within::Counted(c) => {
                let counts = |day| Ok::<_, Stop>(!c.working || working(from.world, day)?);
                Since::Second(counted_since(&c.windows, from.at, c.seconds, counts)?)
            }
            Within::Days(days) => Since::Day(day(from.world, from.event_day, *days)?),
        })
    }

    /// No fact that stands before this can be near enough.
    pub fn first(self) -> Option<Instant> {
        match self {
            Since::Any => None,
            Since::Day(day) => Some(day.start()),
            // A fact that knows its day alone stands at its beginning, and may be later.
            Since::Second(at) => Some(at.day().start()),
        }
    }

    /// Is a fact near enough? One that knows its day alone may leave it open.
    pub fn holds(self, world: &World<'_>, fact: FactRef) -> Result<bool, Stop> {
        let at = world.settled.kinds.get(fact.kind.ix());
        let at = at.and_then(|k| k.instant.get(fact.row as usize)).copied();
        let at = at.ok_or(Stop::Plan("fact index"))?;
        match self {
            Since::Any => Ok(true),
            Since::Day(day) => Ok(day <= at.day()),
            Since::Second(first) if !is_day_only(world.fact(fact)?) => Ok(first <= at),
            Since::Second(first) if first <= at.day().start() => Ok(true),
            Since::Second(first) if at.day() < first.day() => Ok(false),
            Since::Second(_) => Err(Stop::Unknown(Missing::ClockOf(fact.kind))),
        }
    }
}

/// So many days before; or the n-th working day before.
fn day(world: &World<'_>, from: Day, days: Days) -> Result<Day, Stop> {
    if !days.working {
        return Ok(from.add_days(-i64::from(days.count)));
    }
    let (mut at, mut left) = (from, days.count);
    while left > 0 {
        at = at.add_days(-1);
        left -= u32::from(working(world, at)?);
    }
    Ok(at)
}

/// S5: a year that the calendar lacks cannot be told.
fn working(world: &World<'_>, day: Day) -> Result<bool, Stop> {
    let missing = |year: i32| Stop::Unknown(Missing::CalendarYear(year));
    let calendar = world.plan.workdays.as_ref();
    let calendar = calendar.ok_or_else(|| missing(day.ymd().0))?;
    calendar
        .is_working(day)
        .map_err(|MissingYear(y)| missing(y))
}
