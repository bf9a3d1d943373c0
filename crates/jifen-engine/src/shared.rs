//! Measures of groups and of everybody (S28, decision 033): found once for each period, each behind what it reads, from lists of facts and
//! of members that are made once; read by members, by each other and by periods that follow.

use std::collections::BTreeMap;
use std::sync::Arc;

use jifen_calendar::Day;
use jifen_data::{Account, MeasureRun, MeasureValue, Measured, Missing, RosterTable, compare_ids};
use jifen_plan::{
    ExprId, Holder, Measure, MeasureIx, OfMembers, OverMembers, OverPeriods, Plan, RosterIx,
};
use jifen_quantity::Decimal;
use rayon::prelude::*;

use crate::case::{Case, Group};
use crate::error::{EngineError, Stop};
use crate::measure;
use crate::scalar::Scalar;
use crate::world::World;

type Span = (Day, Day);

/// Groups with some member in a period, and who of them is there on its last day, in the order of ids.
pub(crate) type Roll = BTreeMap<u32, Vec<u32>>;

/// By measure and first day, what each group came to.
pub(crate) type Values = BTreeMap<(MeasureIx, Day), Arc<BTreeMap<u32, Measured>>>;

/// What they came to.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// By measure and first day, for each group that had a member in the period.
    values: Values,
    rolls: BTreeMap<(RosterIx, Holder, Span), Roll>,
}

impl Shared {
    /// What a group's measure came to in the period that begins on a day; `None`: it had no member, or there was no measure.
    pub fn get(&self, ix: MeasureIx, group: u32, first: Day) -> Option<&Measured> {
        self.values.get(&(ix, first))?.get(&group)
    }

    /// Forgets what ended after a day; who is in which group stays known.
    pub fn keep(&mut self, plan: &Plan, kept: Day) {
        self.values.retain(|(ix, first), _| {
            let unit = plan.measures.get(ix.ix()).map(|m| m.unit);
            kept > Day::MIN && unit.is_some_and(|u| u.bounds(*first).1 <= kept)
        });
    }

    /// Who was in which group in a period.
    pub fn roll(&self, key: (RosterIx, Holder, Span)) -> Option<&Roll> {
        self.rolls.get(&key)
    }

    /// What has been found so far.
    pub fn values(&self) -> Values {
        self.values.clone()
    }

    /// Is a measure not what it was, for any group?
    pub fn differs(&self, before: &Values, ix: MeasureIx) -> bool {
        let of = (ix, Day::MIN)..=(ix, Day::MAX);
        self.values.range(of.clone()).ne(before.range(of))
    }

    /// All values.
    pub fn all<'s>(&'s self, world: &'s World<'_>) -> impl Iterator<Item = MeasureValue> + 's {
        self.values.iter().flat_map(move |((ix, first), groups)| {
            let roster = world.plan.measures.get(ix.ix()).map(|m| m.roster);
            groups.iter().filter_map(move |(group, value)| {
                Some(MeasureValue {
                    measure: *ix,
                    first: *first,
                    account: nobody(roster?),
                    group: Some(*group),
                    value: value.clone(),
                })
            })
        })
    }
}

pub(crate) fn nobody(roster: RosterIx) -> Account {
    Account {
        roster,
        subject: u32::MAX,
    }
}

fn declared<'w>(world: &World<'w>, ix: MeasureIx) -> Result<&'w Measure, EngineError> {
    let measure = world.plan.measures.get(ix.ix());
    measure.ok_or(EngineError::Inconsistent("a measure index"))
}

/// Finds what all groups come to in one period.
pub(crate) fn fill(world: &mut World<'_>, ix: MeasureIx, period: Span) -> Result<(), EngineError> {
    let measure = declared(world, ix)?;
    let key = (measure.roster, measure.of, period);
    call_roll(world, key);
    let roll = world.shared.roll(key);
    let codes: Vec<u32> = roll.into_iter().flat_map(|r| r.keys().copied()).collect();
    let view = &*world;
    let found: Result<BTreeMap<u32, Measured>, EngineError> = codes
        .into_par_iter()
        .map(|code| {
            let run = one(view, ix, (code, period), false)?;
            Ok((code, run.came_to.value))
        })
        .collect();
    world.shared.values.insert((ix, period.0), Arc::new(found?));
    Ok(())
}

/// Who was in which group in a period, found once.
pub(crate) fn call_roll(world: &mut World<'_>, key: (RosterIx, Holder, Span)) {
    if world.shared.rolls.contains_key(&key) {
        return;
    }
    let table = world.rosters.table(key.0);
    let roll = table.map(|t| roll(t, key.1, key.2));
    world.shared.rolls.insert(key, roll.unwrap_or_default());
}

fn one(
    world: &World<'_>,
    ix: MeasureIx,
    (code, period): (u32, Span),
    traced: bool,
) -> Result<MeasureRun, EngineError> {
    let measure = declared(world, ix)?;
    let group = Group {
        holder: measure.of,
        code,
    };
    let case = Case::of_group(world, measure.roster, group, period);
    let whose = nobody(measure.roster);
    measure::on_case(world, ix, case, (whose, period), traced)
}

/// With every value met, of the group in which a subject is on the last day (or its last day there); none: in no group.
pub(crate) fn traced(
    world: &World<'_>,
    ix: MeasureIx,
    account: Account,
    period: Span,
) -> Result<Option<MeasureRun>, EngineError> {
    let measure = declared(world, ix)?;
    let case = Case::of_period(world, account, period, false, None);
    match case.and_then(|case| group_of(&case, measure)) {
        Ok(code) => one(world, ix, (code, period), true).map(Some),
        Err(Stop::Plan(what)) => Err(EngineError::Inconsistent(what)),
        Err(_) => Ok(None),
    }
}

/// One walk over the roster: which groups had a member on some day, and who is there on the last.
fn roll(table: &RosterTable, of: Holder, period: Span) -> Roll {
    let mut out = Roll::new();
    let last = period.1.add_days(-1);
    for (subject, present) in (0_u32..).zip(&table.present) {
        for (from, to) in present {
            let (from, to) = ((*from).max(period.0), (*to).min(period.1));
            if from < to {
                met(table, of, subject, (from, to), &mut out);
            }
        }
        let code = match of {
            Holder::Group(attr) => table.attr_code(attr, subject, last),
            _ => Some(0),
        };
        if let Some(code) = code.filter(|_| table.is_present(subject, last)) {
            out.entry(code).or_default().push(subject);
        }
    }
    let id = |s: &u32| table.ids.get_index(*s as usize).map_or("", String::as_str);
    for members in out.values_mut() {
        members.par_sort_unstable_by(|a, b| compare_ids(id(a), id(b)));
    }
    out
}

/// The groups in which a subject was on some of these days.
fn met(table: &RosterTable, of: Holder, subject: u32, (from, to): Span, out: &mut Roll) {
    let Holder::Group(attr) = of else {
        out.entry(0).or_default();
        return;
    };
    let rows = table.attrs.get(attr.ix());
    let rows = rows.and_then(|a| a.rows.get(subject as usize));
    for (a, b, code) in rows.into_iter().flatten() {
        if (*a).max(from) < (*b).min(to) {
            out.entry(*code).or_default();
        }
    }
}

/// The group that a run is about, or in which its subject is on the day on which it reads attributes.
pub(crate) fn group_of(case: &Case<'_>, measure: &Measure) -> Result<u32, Stop> {
    group_in(case, measure.of)
}

/// The same for any sort of groups.
pub(crate) fn group_in(case: &Case<'_>, of: Holder) -> Result<u32, Stop> {
    let Holder::Group(attr) = of else {
        return Ok(0);
    };
    if let Some(group) = case.group {
        return match group.holder == of {
            true => Ok(group.code),
            false => Err(Stop::Plan("another sort of group")),
        };
    }
    let (roster, who) = (case.account.roster, case.account.subject);
    let table = case.world.rosters.table(roster);
    let code = table.and_then(|t| t.attr_code(attr, who, case.attr_day));
    code.ok_or(Stop::Unknown(Missing::Attr(roster, attr)))
}

/// 参与率, of the period of the run.
pub(crate) fn read(case: &Case<'_>, ix: MeasureIx) -> Result<Decimal, Stop> {
    let measure = case.world.plan.measures.get(ix.ix());
    let measure = measure.ok_or(Stop::Plan("a measure index"))?;
    let (first, _) = case
        .period
        .ok_or(Stop::Plan("a measure without a period"))?;
    let group = group_of(case, measure)?;
    match case.world.shared.get(ix, group, first) {
        Some(Measured::Value(n)) => Ok(*n),
        Some(Measured::NoValue(why)) => Err(Stop::Unknown(why.clone())),
        Some(Measured::Failed(why)) => Err(Stop::Failed(*why)),
        None => Err(Stop::Unknown(Missing::NoValue(ix))),
    }
}

/// 平均(参与率): in the shorter periods inside the period of the run in which the group had members.
pub(crate) fn over_periods(
    case: &Case<'_>,
    over: OverPeriods,
    of: &Measure,
) -> Result<Decimal, Stop> {
    let world = case.world;
    let (first, after) = case
        .period
        .ok_or(Stop::Plan("a measure without a period"))?;
    let none = Stop::Unknown(Missing::NoValue(over.measure));
    let group = group_of(case, of)?;
    let mut values = Vec::new();
    let mut period = of.unit.bounds(first);
    while period.1 <= after {
        let like = measure::like(world.plan, of, period.1.add_days(-1));
        let found = like.map(|ix| world.shared.get(ix, group, period.0));
        match found {
            Some(Some(Measured::Value(n))) => values.push(*n),
            Some(Some(Measured::Failed(why))) => return Err(Stop::Failed(*why)),
            // It had nobody then.
            Some(None) => {}
            Some(Some(Measured::NoValue(_))) | None if over.skip => {}
            Some(Some(Measured::NoValue(_))) | None => return Err(none),
        }
        period = of.unit.bounds(period.1);
    }
    measure::gathered(over.what, &values)?.ok_or(none)
}

/// Those who are in the group of the run on the last day of its period.
fn roll_of<'w>(case: &Case<'w>) -> Result<&'w [u32], Stop> {
    let group = case.group.ok_or(Stop::Plan("members of no group"))?;
    let period = case
        .period
        .ok_or(Stop::Plan("a measure without a period"))?;
    let rolls = &case.world.shared.rolls;
    let roll = rolls.get(&(case.account.roster, group.holder, period));
    let members = roll.and_then(|r| r.get(&group.code));
    Ok(members.map_or(&[], Vec::as_slice))
}

/// What each member has, in the order of ids.
fn of_each<T: Send>(
    case: &Case<'_>,
    find: impl Fn(&mut Scalar<'_>) -> Result<T, Stop> + Sync,
) -> Result<Vec<Result<T, Stop>>, Stop> {
    let (world, roster) = (case.world, case.account.roster);
    let period = case
        .period
        .ok_or(Stop::Plan("a measure without a period"))?;
    let members = roll_of(case)?.par_iter();
    Ok(members
        .map(|subject| {
            let account = Account {
                roster,
                subject: *subject,
            };
            let case = Case::of_period(world, account, period, false, None)?;
            find(&mut Scalar::new(case, false))
        })
        .collect())
}

/// 合计(个人分)
pub(crate) fn over_members(case: &Case<'_>, over: OverMembers) -> Result<Decimal, Stop> {
    let measure = case.world.plan.measures.get(over.measure.ix());
    let measure = measure.ok_or(Stop::Plan("a measure index"))?;
    let none = Stop::Unknown(Missing::NoValue(over.measure));
    let mut values = Vec::new();
    for value in of_each(case, |s| s.num(measure.node))? {
        match value {
            Ok(n) => values.push(n),
            Err(Stop::Unknown(_)) if over.skip => {}
            Err(Stop::Unknown(_)) => return Err(none),
            Err(other) => return Err(other),
        }
    }
    let sum = || values.iter().try_fold(Decimal::ZERO, |s, n| s.add(*n));
    let n = Decimal::from_int(i64::try_from(values.len()).unwrap_or(i64::MAX));
    match over.what {
        OfMembers::Sum => Some(sum()?),
        OfMembers::Count => Some(n),
        OfMembers::Mean if values.is_empty() => None,
        OfMembers::Mean => Some(sum()?.div(n)?),
        OfMembers::Max => values.iter().max().copied(),
        OfMembers::Min => values.iter().min().copied(),
    }
    .ok_or(none)
}

/// 计数(居民 当 …)
pub(crate) fn members(case: &Case<'_>, when: Option<ExprId>) -> Result<Decimal, Stop> {
    let n = match when {
        None => roll_of(case)?.len(),
        Some(when) => {
            let mut n = 0;
            for holds in of_each(case, |s| s.yes(when))? {
                n += usize::from(holds?);
            }
            n
        }
    };
    Ok(Decimal::from_int(i64::try_from(n).unwrap_or(i64::MAX)))
}
