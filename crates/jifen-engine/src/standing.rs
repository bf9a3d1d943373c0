//! Standings (S30): a table for each that has closed, in the order of closes; places are counted over all who take part.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use jifen_calendar::Day;
use jifen_data::{Account, Failure, Missing, OpeningStanding, Placed, StandingValue, Stood, Was};
use jifen_plan::{
    Fall, Flag, Grade, Plan, Rank, Right, Standing, StandingIx, StandingKind, Ties, Times, TimesOf,
    VersionIx,
};
use jifen_quantity::Decimal;
use rayon::prelude::*;

use crate::before::{self, Before, Line};
use crate::case::{Case, Group};
use crate::error::{EngineError, Stop};
use crate::scalar::Scalar;
use crate::settle::version_on;
use crate::shared;
use crate::world::{Val, World};

type Result<T> = std::result::Result<T, Stop>;
type Span = (Day, Day);

/// All that have closed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standings {
    tables: BTreeMap<(StandingIx, Day), Arc<Table>>,
    before: Before,
}

impl Standings {
    /// Forgets what ended after a day.
    pub fn keep(&mut self, plan: &Plan, kept: Day) {
        self.tables.retain(|(ix, first), _| {
            let unit = plan.standings.get(ix.ix()).map(|s| s.unit);
            kept > Day::MIN && unit.is_some_and(|u| u.bounds(*first).1 <= kept)
        });
    }

    /// How a subject or group stood in the period that begins on a day; `None`: it was not there, or there is no such period.
    pub fn stood(&self, ix: StandingIx, first: Day, who: u32) -> Option<&Stood> {
        match self.tables.get(&(ix, first)) {
            Some(table) => table.stood.get(who as usize)?.as_ref(),
            None => self.before.stood(ix, first, who).map(|l| &l.stood),
        }
    }

    /// What a flag over several periods says of one of them alone.
    fn said(&self, ix: StandingIx, first: Day, who: u32) -> Option<&Said> {
        match self.tables.get(&(ix, first)) {
            Some(table) => table.said.get(who as usize)?.as_ref(),
            None => self.before.stood(ix, first, who)?.said.as_ref(),
        }
    }

    /// The standing of this name in the periods that end at or before a day, the last first, and their days.
    pub fn back<'w>(
        &'w self,
        plan: &'w Plan,
        of: &'w Standing,
        who: u32,
        until: Day,
    ) -> impl Iterator<Item = (StandingIx, Span)> + use<'w> {
        before::back(plan, &self.before, of, who, until)
    }

    /// The subjects for whom a standing is not what it was.
    pub fn differing(&self, before: &Standings, ix: StandingIx) -> Vec<u32> {
        let of = (ix, Day::MIN)..=(ix, Day::MAX);
        let mut out = Vec::new();
        for (at, now) in self.tables.range(of) {
            let was = before.tables.get(at);
            if was.is_some_and(|w| Arc::ptr_eq(w, now)) {
                continue;
            }
            let was = was.map_or(&[][..], |w| w.stood.as_slice());
            let subjects = (0_u32..).zip(&now.stood);
            out.extend(
                subjects
                    .filter(|(s, stood)| was.get(*s as usize).unwrap_or(&None) != *stood)
                    .map(|(s, _)| s),
            );
        }
        out
    }
}

/// One standing of one period, by subject; none: not on the roster in it.
#[derive(Debug, Default)]
struct Table {
    stood: Vec<Option<Stood>>,
    /// Of a flag over several periods: what this period alone says.
    said: Vec<Option<Said>>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Yes(bool),
    Unknown(Missing),
    Failed(Failure),
}

/// What somebody is compared by.
struct Entry<'w> {
    subject: u32,
    group: Option<&'w str>,
    by: Decimal,
    /// With what is first the smaller.
    keys: Vec<(Decimal, bool)>,
}

/// Fills the table of one period.
pub(crate) fn fill(
    world: &mut World<'_>,
    ix: StandingIx,
    period: Span,
) -> std::result::Result<(), EngineError> {
    let standing = world.plan.standings.get(ix.ix());
    let standing = standing.ok_or(EngineError::Inconsistent("a standing index"))?;
    if standing.is_shared() {
        shared::call_roll(world, (standing.roster, standing.of, period));
    }
    let table = table(world, standing, period)?;
    let tables = &mut world.standings.tables;
    tables.insert((ix, period.0), Arc::new(table));
    Ok(())
}

/// What was taken over (S37), a subject's earliest period first, since flags count those before.
pub(crate) fn before(world: &mut World<'_>) -> std::result::Result<(), EngineError> {
    let mut all: Vec<&OpeningStanding> = world.taken.iter().collect();
    all.sort_by_key(|t| (t.standing, t.subject, t.first));
    for line in all {
        let standing = world.plan.standings.get(line.standing.ix());
        let standing = standing.ok_or(EngineError::Inconsistent("a standing index"))?;
        let of = One {
            world,
            standing,
            period: standing.unit.bounds(line.first),
        };
        let (stood, said) = of.taken(line);
        world.standings.before.push(Line {
            standing: line.standing,
            subject: line.subject,
            first: line.first,
            stood,
            said,
        });
    }
    Ok(())
}

/// All values, by standing, period and account.
pub(crate) fn all(world: &World<'_>) -> Vec<StandingValue> {
    let mut out = Vec::new();
    for ((standing, first), table) in &world.standings.tables {
        let Some(of) = world.plan.standings.get(standing.ix()) else {
            continue;
        };
        for (who, stood) in (0_u32..).zip(&table.stood) {
            out.extend(stood.iter().map(|stood| StandingValue {
                standing: *standing,
                first: *first,
                account: match of.is_shared() {
                    true => shared::nobody(of.roster),
                    false => Account {
                        roster: of.roster,
                        subject: who,
                    },
                },
                group: of.is_shared().then_some(who),
                stood: stood.clone(),
            }));
        }
    }
    out
}

fn table(
    world: &World<'_>,
    standing: &Standing,
    period: Span,
) -> std::result::Result<Table, EngineError> {
    let here = here(world, standing, period);
    let broken = |stop: Stop| match stop {
        Stop::Plan(what) => EngineError::Inconsistent(what),
        _ => EngineError::Inconsistent("a standing that stops"),
    };
    let of = One {
        world,
        standing,
        period,
    };
    match &standing.what {
        StandingKind::Rank(rank) => of.ranks(rank, &here).map_err(broken),
        StandingKind::Flag(flag) if flag.times.is_some() => of.flags(*flag, &here).map_err(broken),
        _ => {
            let rows: std::result::Result<Vec<_>, Stop> = (here.into_par_iter())
                .map(|(subject, there)| match there {
                    true => of.alone(subject).map(Some),
                    false => Ok(None),
                })
                .collect();
            Ok(Table {
                stood: rows.map_err(broken)?,
                said: Vec::new(),
            })
        }
    }
}

/// Subjects or groups, and whether one of them is, or has somebody, on the roster on some day of the period.
fn here(world: &World<'_>, standing: &Standing, period: Span) -> Vec<(u32, bool)> {
    if standing.is_shared() {
        let roll = world.shared.roll((standing.roster, standing.of, period));
        let last = roll.and_then(|r| r.keys().next_back().copied());
        let codes = last.map_or(0..0, |last| 0..last.saturating_add(1));
        return codes
            .map(|code| (code, roll.is_some_and(|r| r.contains_key(&code))))
            .collect();
    }
    let subjects = world.rosters.table(standing.roster);
    let present = subjects.into_iter().flat_map(|t| t.present.iter());
    (0_u32..)
        .zip(present)
        .map(|(subject, days)| {
            let there = |(from, to): &Span| from < to && *from < period.1 && period.0 < *to;
            (subject, days.iter().any(there))
        })
        .collect()
}

/// A standing in one period.
#[derive(Clone, Copy)]
struct One<'w> {
    world: &'w World<'w>,
    standing: &'w Standing,
    period: Span,
}

impl<'w> One<'w> {
    fn scalar(&self, subject: u32) -> Result<Scalar<'w>> {
        if self.standing.is_shared() {
            let group = Group {
                holder: self.standing.of,
                code: subject,
            };
            let case = Case::of_group(self.world, self.standing.roster, group, self.period)?;
            return Ok(Scalar::new(case, false));
        }
        let account = Account {
            roster: self.standing.roster,
            subject,
        };
        let case = Case::of_period(self.world, account, self.period, false, None)?;
        Ok(Scalar::new(case, false))
    }

    /// What a line of what was taken over says: how the subject stood, and of a flag what this period alone says.
    fn taken(&self, line: &OpeningStanding) -> (Stood, Option<Said>) {
        match (line.was, &self.standing.what) {
            (Was::Level(level), _) => (Stood::Level(level), None),
            (Was::Right(has, worth), _) => (Stood::Right(has, worth), None),
            (Was::Held(yes), StandingKind::Flag(Flag { times: Some(t), .. })) => {
                let stood = self.counted(*t, Said::Yes(yes), line.subject);
                (stood, Some(Said::Yes(yes)))
            }
            (Was::Held(yes), _) => (Stood::Flagged(yes), None),
        }
    }

    /// What needs nobody else.
    fn alone(&self, subject: u32) -> Result<Stood> {
        let mut scalar = self.scalar(subject)?;
        let stood = match &self.standing.what {
            StandingKind::Grade(grade) => self.grade(&mut scalar, grade, subject),
            StandingKind::Flag(flag) => scalar.yes(flag.when).map(Stood::Flagged),
            StandingKind::Right(right) => entitled(&mut scalar, *right),
            StandingKind::Rank(_) => Err(Stop::Plan("a rank by itself")),
        };
        told(stood)
    }

    fn grade(&self, scalar: &mut Scalar<'w>, grade: &Grade, subject: u32) -> Result<Stood> {
        // A veto that says the level stands above 降级.
        if let Some(veto) = grade.veto
            && let Some(given) = scalar.num(veto)?.to_i128()
            && let Ok(given) = u16::try_from(given)
        {
            return Ok(Stood::Level(given));
        }
        let level = scalar.num(grade.level)?.to_i128();
        let now = level.and_then(|n| u16::try_from(n).ok());
        let now = now.ok_or(Stop::Plan("a level"))?;
        let step = match grade.fall {
            Fall::Freely => return Ok(Stood::Level(now)),
            Fall::Stepwise => 1,
            Fall::Never => 0,
        };
        Ok(Stood::Level(match self.before(grade, subject) {
            Some(was) => now.max(was.saturating_sub(step)),
            None => now,
        }))
    }

    /// The grade of the last period that had one; none if its level is called otherwise by now.
    fn before(&self, grade: &Grade, subject: u32) -> Option<u16> {
        let standings = &self.world.standings;
        for (like, period) in self.earlier(subject) {
            let Some(Stood::Level(was)) = standings.stood(like, period.0, subject) else {
                continue;
            };
            let old = self.world.plan.standings.get(like.ix())?;
            let StandingKind::Grade(old) = &old.what else {
                return None;
            };
            let name = old.names.get(usize::from(*was))?;
            let at = grade.names.iter().position(|n| n == name)?;
            return u16::try_from(at).ok();
        }
        None
    }

    /// The standing of this name in the periods before, the last first.
    fn earlier(&self, subject: u32) -> impl Iterator<Item = (StandingIx, Span)> + use<'w> {
        let standings = &self.world.standings;
        standings.back(self.world.plan, self.standing, subject, self.period.0)
    }

    /// What each period says by itself, and then how many of them say so.
    fn flags(&self, flag: Flag, here: &[(u32, bool)]) -> Result<Table> {
        let times = flag.times.ok_or(Stop::Plan("a flag of one period"))?;
        let said: Result<Vec<Option<Said>>> = (here.par_iter())
            .map(|(subject, there)| match there {
                true => said(self.scalar(*subject)?.yes(flag.when)).map(Some),
                false => Ok(None),
            })
            .collect();
        let said = said?;
        let stood = (here.par_iter().zip(&said))
            .map(|((subject, _), now)| {
                let now = now.clone()?;
                Some(self.counted(times, now, *subject))
            })
            .collect();
        Ok(Table { stood, said })
    }

    fn counted(&self, times: Times, now: Said, subject: u32) -> Stood {
        let (mut held, mut next) = (0, self.period.1);
        let mut periods = vec![(now, self.period)];
        let earlier = self.earlier(subject).filter_map(|(like, period)| {
            let said = self.world.standings.said(like, period.0, subject)?;
            Some((said.clone(), period))
        });
        // The latest first, and only as far as they count.
        let oldest = match times.of {
            TimesOf::Last(n) => {
                let back = |p: Day| self.standing.unit.bounds(p.add_days(-1)).0;
                (1..n).fold(self.period.0, |p, _| back(p))
            }
            _ => Day::MIN,
        };
        periods.extend(earlier);
        for (n, (said, period)) in periods.into_iter().enumerate() {
            let running = matches!(times.of, TimesOf::Running { .. });
            if running && period.1 != next || period.0 < oldest {
                break;
            }
            next = period.0;
            match (times.of, said) {
                (_, Said::Failed(why)) => return Stood::Failed(why),
                (TimesOf::Running { .. }, Said::Unknown(why)) if n == 0 => {
                    return Stood::NoValue(why);
                }
                (TimesOf::Running { skip: false }, Said::Unknown(_))
                | (TimesOf::Running { .. }, Said::Yes(false)) => break,
                (_, Said::Yes(true)) => held += 1,
                (_, Said::Yes(false) | Said::Unknown(_)) => {}
            }
            if held == times.n {
                return Stood::Flagged(true);
            }
        }
        Stood::Flagged(false)
    }

    fn ranks(&self, rank: &Rank, here: &[(u32, bool)]) -> Result<Table> {
        let made: Result<Vec<_>> = (here.par_iter())
            .map(|(subject, there)| {
                Ok(match (there, self.at_the_end(*subject)) {
                    (false, _) => (None, None),
                    (true, false) => (Some(Stood::NotEligible), None),
                    (true, true) => match self.entry(rank, *subject) {
                        Ok(Some(entry)) => (None, Some(entry)),
                        Ok(None) => (Some(Stood::NotEligible), None),
                        Err(stop) => (Some(told(Err(stop))?), None),
                    },
                })
            })
            .collect();
        let (mut stood, mut entries) = (Vec::new(), Vec::new());
        for (s, entry) in made? {
            stood.push(s);
            entries.extend(entry);
        }
        entries.par_sort_unstable_by(|a, b| {
            (a.group.cmp(&b.group))
                .then_with(|| compare(a, b))
                .then(a.subject.cmp(&b.subject))
        });
        for group in entries.chunk_by(|a, b| a.group == b.group) {
            let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let (mut ahead, mut dense) = (0, 0);
            for equal in group.chunk_by(|a, b| compare(a, b).is_eq()) {
                dense += 1;
                for e in equal {
                    let placed = Placed {
                        by: e.by,
                        place: match rank.ties {
                            Ties::Gaps => size(ahead) + 1,
                            Ties::Dense => dense,
                        },
                        ahead: size(ahead),
                        equal: size(equal.len()),
                        entrants: size(group.len()),
                        group: e.group.map(str::to_owned),
                    };
                    if let Some(slot) = stood.get_mut(e.subject as usize) {
                        *slot = Some(Stood::Placed(placed));
                    }
                }
                ahead += equal.len();
            }
        }
        let said = Vec::new();
        Ok(Table { stood, said })
    }

    /// Is it on the roster on the last day of the period, or has it a member then?
    fn at_the_end(&self, who: u32) -> bool {
        let standing = self.standing;
        if standing.is_shared() {
            let key = (standing.roster, standing.of, self.period);
            let members = self.world.shared.roll(key).and_then(|r| r.get(&who));
            return members.is_some_and(|m| !m.is_empty());
        }
        let account = Account {
            roster: standing.roster,
            subject: who,
        };
        self.world.is_present(account, self.period.1.add_days(-1))
    }

    /// What a subject is compared by; none: outside of 参评范围.
    fn entry(&self, rank: &Rank, subject: u32) -> Result<Option<Entry<'w>>> {
        let mut scalar = self.scalar(subject)?;
        if let Some(among) = rank.among
            && !scalar.yes(among)?
        {
            return Ok(None);
        }
        let case = scalar.case;
        let group = match rank.within {
            None => None,
            Some(attr) => {
                let roster = self.standing.roster;
                match case.attr(roster, Some(subject), attr, case.attr_day)? {
                    Val::Text(word) => Some(word),
                    _ => return Err(Stop::Plan("a group that is none")),
                }
            }
        };
        let by = scalar.num(rank.by)?;
        let mut keys = vec![(by, rank.low_first)];
        for (key, low) in &rank.then {
            keys.push((scalar.num(*key)?, *low));
        }
        Ok(Some(Entry {
            subject,
            group,
            by,
            keys,
        }))
    }
}

/// Who stands before whom.
fn compare(a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
    for ((x, low), (y, _)) in a.keys.iter().zip(&b.keys) {
        let order = match low {
            true => x.cmp(y),
            false => y.cmp(x),
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

fn entitled(scalar: &mut Scalar<'_>, right: Right) -> Result<Stood> {
    if !scalar.yes(right.has)? {
        return Ok(Stood::Right(false, None));
    }
    let worth = right.worth.map(|w| scalar.num(w)).transpose()?;
    Ok(Stood::Right(true, worth))
}

/// Is it how the group stood in which a subject was on the last day of the period (or his last day there), or everybody?
pub(crate) fn seen_by(world: &World<'_>, v: &StandingValue, account: Account) -> bool {
    let Some(standing) = world.plan.standings.get(v.standing.ix()) else {
        return false;
    };
    if v.group.is_none() || standing.roster != account.roster {
        return false;
    }
    let period = standing.unit.bounds(v.first);
    let case = Case::of_period(world, account, period, false, None);
    let group = case.and_then(|case| shared::group_in(&case, standing.of));
    group.ok() == v.group
}

fn told(stood: Result<Stood>) -> Result<Stood> {
    match stood {
        Err(Stop::Unknown(why)) => Ok(Stood::NoValue(why)),
        Err(Stop::Failed(why)) => Ok(Stood::Failed(why)),
        other => other,
    }
}

fn said(yes: Result<bool>) -> Result<Said> {
    match yes {
        Ok(yes) => Ok(Said::Yes(yes)),
        Err(Stop::Unknown(why)) => Ok(Said::Unknown(why)),
        Err(Stop::Failed(why)) => Ok(Said::Failed(why)),
        Err(stop) => Err(stop),
    }
}

/// The standing of the same name, roster, sort of groups and period in the version of a day.
pub(crate) fn like(plan: &Plan, of: &Standing, day: Day) -> Option<StandingIx> {
    // What was taken over is told in the words of the first version.
    let before = || (day < plan.versions.first()?.from).then_some(VersionIx(0));
    let version = version_on(plan, day).or_else(before)?;
    let same = |s: &Standing| {
        s.version == version
            && (&s.name, s.roster, s.of, s.unit) == (&of.name, of.roster, of.of, of.unit)
    };
    let at = plan.standings.iter().position(same)?;
    u16::try_from(at).ok().map(StandingIx)
}
