//! Runs of period items: which subjects in which periods, and the row that each reads (evaluation.md 3).

use jifen_calendar::{Day, Period};
use jifen_data::{Account, FactRef, ShareLine};
use jifen_plan::{Item, ItemIx, KindIx, RosterIx, Trigger, VersionIx};
use rustc_hash::FxHashMap;

use crate::settle::Standing;
use crate::sweep::{Event, Source};
use crate::world::World;

/// Rows of per-period kinds by kind, subject and first day of the period.
#[derive(Debug, Default)]
pub(crate) struct PeriodRows {
    rows: FxHashMap<(KindIx, Period, u32, i32), u32>,
}

impl PeriodRows {
    /// Finds the rows of all kinds that period items read.
    pub fn new(world: &World<'_>) -> PeriodRows {
        let mut out = PeriodRows::default();
        let mut done = Vec::new();
        for item in &world.plan.items {
            if let Trigger::Period {
                unit,
                row: Some(kind),
                ..
            } = item.trigger
                && !done.contains(&(kind, unit))
            {
                done.push((kind, unit));
                out.add(world, kind, unit);
            }
        }
        out
    }

    fn add(&mut self, world: &World<'_>, kind: KindIx, unit: Period) {
        let Some(settled) = world.settled.kinds.get(kind.ix()) else {
            return;
        };
        for (row, (standing, at)) in
            (0_u32..).zip(settled.standing.iter().zip(settled.instant.iter()))
        {
            let fact = FactRef { kind, row };
            if [Standing::UNKNOWN, Standing::WITHDRAWN].contains(standing) {
                continue;
            }
            let Ok(view) = world.fact(fact) else { continue };
            let slot = self
                .rows
                .entry((kind, unit, view.subject(), unit.key(at.day())));
            let held = slot.or_insert(row);
            let other = FactRef { kind, row: *held };
            if world.compare_fact_ids(fact, other).is_lt() {
                *held = row;
            }
        }
    }

    /// The row that a period item reads.
    pub fn get(&self, kind: KindIx, unit: Period, subject: u32, first: Day) -> Option<FactRef> {
        let row = *self.rows.get(&(kind, unit, subject, first.0))?;
        Some(FactRef { kind, row })
    }
}

/// All runs of period items that happen by the as-of day.
pub(crate) fn events(world: &World<'_>) -> Vec<Event> {
    let mut out = Vec::new();
    for (i, item) in world.plan.items.iter().enumerate() {
        if let (
            Trigger::Period {
                roster,
                unit,
                at_start,
                ..
            },
            Ok(i),
        ) = (item.trigger, u16::try_from(i))
            && item.allot.is_none()
        {
            let dated = Dated::of(world, item, unit, at_start);
            dated.events(world, ItemIx(i), roster, &mut out);
        }
    }
    shares(world, &mut out);
    out
}

/// The shares of allotments of points.
fn shares(world: &World<'_>, out: &mut Vec<Event>) {
    for made in &world.shares.all {
        let period = (made.first, made.day.add_days(1));
        let event = |s: &ShareLine| Event::of_period(made.item, s.account, period, false);
        out.extend(made.shares.iter().map(event));
    }
}

/// Which periods of an item are dated on a day of its version and done by the as-of day.
pub(crate) struct Dated {
    unit: Period,
    at_start: bool,
    from: Day,
    /// First day that is too late.
    until: Day,
}

impl Dated {
    pub fn of(world: &World<'_>, item: &Item, unit: Period, at_start: bool) -> Dated {
        Dated::in_version(world, item.version, unit, at_start)
    }

    pub fn in_version(
        world: &World<'_>,
        version: VersionIx,
        unit: Period,
        at_start: bool,
    ) -> Dated {
        let version = world.plan.versions.get(version.ix());
        let tomorrow = world.as_of.add_days(1);
        let until = version
            .and_then(|v| v.to)
            .map_or(tomorrow, |to| to.min(tomorrow));
        let from = version.map_or(until, |v| v.from);
        Dated {
            unit,
            at_start,
            from,
            until,
        }
    }

    /// The periods themselves.
    pub fn periods(&self) -> Vec<(Day, Day)> {
        let mut out = Vec::new();
        let mut period = self.unit.bounds(self.from);
        while period.0 < self.until && self.from < self.until {
            if self.admits(period) {
                out.push(period);
            }
            period = self.unit.bounds(period.1);
        }
        out
    }

    fn admits(&self, (first, after): (Day, Day)) -> bool {
        let dated = if self.at_start {
            first
        } else {
            after.add_days(-1)
        };
        self.from <= dated && dated < self.until
    }

    fn events(&self, world: &World<'_>, item: ItemIx, roster: RosterIx, out: &mut Vec<Event>) {
        self.each(world, roster, |account, period| {
            out.push(Event::of_period(item, account, period, self.at_start));
        });
    }

    /// Each subject with each period on some day of which it is on the roster.
    pub fn each(
        &self,
        world: &World<'_>,
        roster: RosterIx,
        mut f: impl FnMut(Account, (Day, Day)),
    ) {
        let Some(table) = world.rosters.table(roster) else {
            return;
        };
        for (subject, present) in (0_u32..).zip(&table.present) {
            let account = Account { roster, subject };
            self.within(present, |period| f(account, period));
        }
    }

    /// The periods of one subject.
    pub fn periods_of(&self, world: &World<'_>, account: Account) -> Vec<(Day, Day)> {
        let mut out = Vec::new();
        let table = world.rosters.table(account.roster);
        if let Some(present) = table.and_then(|t| t.present.get(account.subject as usize)) {
            self.within(present, |period| out.push(period));
        }
        out
    }

    fn within(&self, present: &[(Day, Day)], mut f: impl FnMut((Day, Day))) {
        // No period before this one can be dated in the version.
        let mut next = self.unit.bounds(self.from).0;
        for (from, to) in present {
            let mut period = self.unit.bounds((*from).max(next));
            while period.0 < *to && period.0 < self.until && from < to {
                if self.admits(period) {
                    f(period);
                }
                next = period.1;
                period = self.unit.bounds(period.1);
            }
        }
    }
}

/// Needed by readers of [`Source`].
pub(crate) fn source(period: (Day, Day), at_start: bool) -> Source {
    Source::Period {
        first: period.0,
        after: period.1,
        at_start,
    }
}
