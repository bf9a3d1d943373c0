//! One run's circumstances: whose, when, under which day; what expressions read. It evaluates nothing.

use jifen_calendar::{Day, Instant};
use jifen_data::{Account, FactRef, Missing, Origin};
use jifen_plan::{AttrIx, Holder, RosterIx};

use crate::error::Stop;
use crate::settle::{is_day_only, last_positive};
use crate::world::{FactView, Val, World};
use jifen_plan::RuleDate;

/// A group of a roster: those who share a word of an attribute, or everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    pub holder: Holder,
    /// Of the word; of everybody 0.
    pub code: u32,
}

/// The circumstances of a run.
#[derive(Clone, Copy)]
pub(crate) struct Case<'w> {
    pub world: &'w World<'w>,
    /// The fact, or the row that a period item reads.
    pub fact: Option<FactView<'w>>,
    /// Of a measure of groups or of everybody there is no subject.
    pub account: Account,
    /// The group that such a measure is about.
    pub group: Option<Group>,
    pub origin: Origin,
    /// Instant of the event; for a period item, of its key.
    pub at: Instant,
    pub event_day: Day,
    pub entry_day: Day,
    pub rule_day: Day,
    /// The day on which roster attributes are read.
    pub attr_day: Day,
    /// The clock time of the event is unknown.
    pub day_only: bool,
    /// Half-open.
    pub period: Option<(Day, Day)>,
    /// 接: what the fact is joined with.
    pub joined: &'w [FactRef],
    /// What counts of the span.
    pub counted: Option<(Instant, Instant)>,
}

impl<'w> Case<'w> {
    /// The moment from which a lot of this run ages; a period item is dated by the day alone.
    pub fn born(&self) -> Instant {
        match self.at.day() == self.event_day {
            true => self.at,
            false => self.event_day.start(),
        }
    }

    /// The circumstances of a fact.
    pub fn of_fact(world: &'w World<'w>, fact: FactRef) -> Result<Case<'w>, Stop> {
        let view = world.fact(fact)?;
        let settled = world.settled.kinds.get(fact.kind.ix());
        let settled = settled.ok_or(Stop::Plan("fact index"))?;
        let at = settled.instant.get(fact.row as usize).copied();
        let at = at.ok_or(Stop::Plan("fact index"))?;
        let entry_day = view.entered();
        let rule_day = match world.plan.rule_date {
            RuleDate::Event => at.day(),
            RuleDate::Entry => entry_day,
            RuleDate::Confirmation => {
                let list = settled.confirmations.get(&fact.row);
                let list = list.map(Vec::as_slice).unwrap_or_default();
                last_positive(world.facts, list).unwrap_or_else(|| at.day())
            }
        };
        Ok(Case {
            world,
            fact: Some(view),
            account: Account {
                roster: view.kind.subject,
                subject: view.subject(),
            },
            group: None,
            origin: Origin::Fact(fact),
            at,
            event_day: at.day(),
            entry_day,
            rule_day,
            attr_day: at.day(),
            day_only: is_day_only(view),
            period: None,
            joined: &[],
            counted: counted(world, fact, view),
        })
    }

    /// The circumstances of a period item for a subject; `row` is the fact it reads.
    pub fn of_period(
        world: &'w World<'w>,
        account: Account,
        period: (Day, Day),
        at_start: bool,
        row: Option<FactRef>,
    ) -> Result<Case<'w>, Stop> {
        let (first, after) = period;
        let day = if at_start { first } else { after.add_days(-1) };
        let view = row.map(|r| world.fact(r)).transpose()?;
        Ok(Case {
            world,
            fact: view,
            account,
            group: None,
            origin: Origin::Period(first),
            at: if at_start {
                first.start()
            } else {
                after.start()
            },
            event_day: day,
            entry_day: day,
            rule_day: day,
            attr_day: attr_day(world, account, period, day),
            day_only: true,
            period: Some(period),
            joined: &[],
            counted: row.zip(view).and_then(|(r, v)| counted(world, r, v)),
        })
    }

    /// The circumstances of a measure of a group.
    pub fn of_group(
        world: &'w World<'w>,
        roster: RosterIx,
        group: Group,
        period: (Day, Day),
    ) -> Result<Case<'w>, Stop> {
        let nobody = Account {
            roster,
            subject: u32::MAX,
        };
        Ok(Case {
            group: Some(group),
            attr_day: period.1.add_days(-1),
            ..Case::of_period(world, nobody, period, false, None)?
        })
    }

    /// A roster attribute, as [`Val`].
    pub fn attr(
        &self,
        roster: RosterIx,
        subject: Option<u32>,
        attr: AttrIx,
        day: Day,
    ) -> Result<Val<'w>, Stop> {
        let table = self.world.rosters.table(roster);
        let value = table.zip(subject).and_then(|(t, s)| t.attr(attr, s, day));
        match value {
            Some(value) => Ok(Val::of(value)),
            // A row of the roster that names nobody.
            None if subject.is_some() && self.world.names_several(roster, attr) => {
                Ok(Val::List(&[]))
            }
            None => Err(Stop::Unknown(Missing::Attr(roster, attr))),
        }
    }

    pub fn is_present(&self, day: Day) -> bool {
        self.world.is_present(self.account, day)
    }
}

fn counted(world: &World<'_>, fact: FactRef, view: FactView<'_>) -> Option<(Instant, Instant)> {
    let (begin, end) = view.span()?;
    let settled = world.settled.kinds.get(fact.kind.ix())?;
    Some((
        settled
            .counted_from
            .get(&fact.row)
            .copied()
            .unwrap_or(begin),
        end,
    ))
}

/// The day it is dated; if the subject is not present that day, the last day of the period on which it is.
fn attr_day(world: &World<'_>, account: Account, period: (Day, Day), day: Day) -> Day {
    let Some(table) = world.rosters.table(account.roster) else {
        return day;
    };
    if table.is_present(account.subject, day) {
        return day;
    }
    let present = table.present.get(account.subject as usize);
    let last = |(from, to): &(Day, Day)| {
        let (from, to) = ((*from).max(period.0), (*to).min(period.1));
        (from < to).then(|| to.add_days(-1))
    };
    present
        .into_iter()
        .flatten()
        .filter_map(last)
        .max()
        .unwrap_or(day)
}
