//! Allotments (S33a): a sum split among all subjects of a roster. Those of points are split before the sweep, which posts their
//! shares; those of yuan after it, since they may look at what accounts have.

use jifen_calendar::Day;
use jifen_data::{
    Account, AllotState, Allotment, Evaluation, Failure, ItemRun, NotShared, Origin, Outcome,
    OutcomeKind, ShareLine, Step, StepDetail, Trace, compare_ids,
};
use jifen_plan::{Allot, CurrencyIx, ItemIx, RosterIx, Trigger};
use jifen_quantity::{Decimal, NumError, Remainder, is_multiple, split};
use rustc_hash::FxHashMap;

use crate::balances::Opened;
use crate::case::Case;
use crate::error::{EngineError, Stop};
use crate::period::Dated;
use crate::posted::Posted;
use crate::run::{Halt, Progress, Run};
use crate::scalar::Scalar;
use crate::store::Sums;
use crate::world::World;

/// What allotments came to.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    pub all: Vec<Allotment>,
    /// Of those who get nothing.
    pub outcomes: Vec<Outcome>,
    /// Shares of yuan; those of points are counted where they are posted.
    pub scored: u64,
    /// Of points: the share of each account.
    shares: FxHashMap<(ItemIx, Day, Account), Decimal>,
}

/// An allotment of one period.
#[derive(Clone, Copy)]
struct Due {
    ix: ItemIx,
    allot: Allot,
    roster: RosterIx,
    period: (Day, Day),
}

/// One who takes part.
struct Taker {
    account: Account,
    weight: Decimal,
}

/// The allotments of points.
pub(crate) fn of_points(world: &World<'_>) -> Result<Shares, EngineError> {
    let mut out = Shares::default();
    for due in dues(world, false) {
        out.one(world, due, &Posted::default())?;
    }
    Ok(out)
}

/// The allotments of yuan, when everything has been posted.
pub(crate) fn of_yuan(
    world: &World<'_>,
    opened: &Opened,
    evaluation: &Evaluation,
) -> Result<Shares, EngineError> {
    let mut out = Shares::default();
    let dues = dues(world, true);
    let posted = posted(world, opened, evaluation, &dues)?;
    for due in dues {
        out.one(world, due, &posted)?;
    }
    Ok(out)
}

/// What accounts have, if one of these asks for it.
fn posted(
    world: &World<'_>,
    opened: &Opened,
    evaluation: &Evaluation,
    dues: &[Due],
) -> Result<Posted, EngineError> {
    let reads = |d: &Due| d.allot.yuan && !world.items.balances(d.ix).is_empty();
    match dues.iter().any(reads) {
        true => Posted::of(world.plan, opened, evaluation)
            .map_err(|_| EngineError::Inconsistent("sums that fitted before")),
        false => Ok(Posted::default()),
    }
}

/// The allotments whose period has ended, by item and period.
fn dues(world: &World<'_>, yuan: bool) -> Vec<Due> {
    let mut out = Vec::new();
    for (ix, item) in (0_u16..).map(ItemIx).zip(&world.plan.items) {
        let (Some(allot), Trigger::Period { roster, unit, .. }) = (item.allot, item.trigger) else {
            continue;
        };
        if allot.yuan == yuan {
            let periods = Dated::of(world, item, unit, false).periods();
            out.extend(periods.into_iter().map(|period| Due {
                ix,
                allot,
                roster,
                period,
            }));
        }
    }
    out
}

impl Shares {
    /// One allotment: who takes part, by what weight, and what each gets.
    fn one(&mut self, world: &World<'_>, due: Due, held: &Posted) -> Result<(), EngineError> {
        let mut takers = Vec::new();
        let mut waits = None;
        for account in on_roster(world, due) {
            let mut run = due.run(world, account, false).map_err(broken)?;
            run.scalar.found = found(world, due, account, held)?;
            let kind = match weigh(&mut run, due.allot) {
                Ok(weight) => {
                    takers.push(Taker { account, weight });
                    continue;
                }
                Err(Halt::NotApplicable(i)) => OutcomeKind::NotApplicable(i),
                Err(Halt::Stop(Stop::Unknown(m))) => OutcomeKind::CannotTell(m),
                Err(Halt::Stop(Stop::Failed(f))) => OutcomeKind::Failed(f),
                Err(_) => return Err(EngineError::Inconsistent("an allotment with lines")),
            };
            if !matches!(kind, OutcomeKind::NotApplicable(_)) {
                waits = waits.or(Some(account));
            }
            self.outcomes.push(due.outcome(account, kind));
        }
        let mut made = Allotment {
            item: due.ix,
            first: due.period.0,
            day: due.day(),
            total: None,
            weights: None,
            allotted: None,
            state: waits.map_or(AllotState::Shared, AllotState::Waits),
            shares: Vec::new(),
        };
        if waits.is_none() {
            made.state = match share_out(world, due, &takers, &mut made) {
                Ok(state) => state,
                Err(Stop::Failed(f)) => AllotState::Failed(f),
                Err(stop) => return Err(broken(stop)),
            };
        }
        if made.state != AllotState::Shared {
            made.shares.clear();
            for t in &takers {
                self.outcomes
                    .extend(not_shared(made.state).map(|k| due.outcome(t.account, k)));
            }
        } else if due.allot.yuan {
            self.scored += made.shares.len() as u64;
        } else {
            let key = |s: &ShareLine| (due.ix, due.period.0, s.account);
            let shares = made.shares.iter().map(|s| (key(s), s.amount));
            self.shares.extend(shares);
        }
        self.all.push(made);
        Ok(())
    }

    /// The share of an account in an allotment of points.
    pub fn get(&self, item: ItemIx, first: Day, account: Account) -> Option<Decimal> {
        self.shares.get(&(item, first, account)).copied()
    }
}

/// Why a taker gets nothing.
fn not_shared(state: AllotState) -> Option<OutcomeKind> {
    match state {
        AllotState::Shared | AllotState::Nobody => None,
        AllotState::NoWeight => Some(OutcomeKind::NotShared(NotShared::NoWeight)),
        AllotState::Waits(who) => Some(OutcomeKind::NotShared(NotShared::Waits(who))),
        AllotState::Failed(why) => Some(OutcomeKind::Failed(why)),
    }
}

/// Fills an allotment; what was reached before it stopped stays.
fn share_out(
    world: &World<'_>,
    due: Due,
    takers: &[Taker],
    made: &mut Allotment,
) -> Result<AllotState, Stop> {
    let Some(first) = takers.first() else {
        return Ok(AllotState::Nobody);
    };
    // The sum reads nothing of a subject: any will do.
    let case = due.case(world, first.account)?;
    let total = Scalar::new(case, false).num(due.allot.total)?;
    made.total = Some(total);
    if total.is_negative() {
        return Err(Stop::Failed(Failure::NegativeTotal));
    }
    if due.allot.remainder == Remainder::Largest && !is_multiple(total, due.allot.step) {
        return Err(Stop::Failed(Failure::OffStep));
    }
    let weights: Vec<Decimal> = takers.iter().map(|t| t.weight).collect();
    let mut sum = Decimal::ZERO;
    for w in &weights {
        sum = sum.add(*w)?;
    }
    made.weights = Some(sum);
    if sum.is_zero() {
        return Ok(AllotState::NoWeight);
    }
    let shares = split(total, &weights, sum, due.allot.step, due.allot.remainder)?;
    let mut all = Decimal::ZERO;
    for (t, share) in takers.iter().zip(shares) {
        all = all.add(share.amount)?;
        made.shares.push(ShareLine {
            account: t.account,
            weight: t.weight,
            amount: share.amount,
            extra: share.extra,
        });
    }
    made.allotted = Some(all);
    Ok(AllotState::Shared)
}

/// The weight of a subject that the conditions admit.
fn weigh(run: &mut Run<'_>, allot: Allot) -> Result<Decimal, Halt> {
    run.requires(&mut Progress::default())?;
    let weight = match allot.weight {
        Some(e) => run.scalar.num(e)?,
        None => Decimal::ONE,
    };
    match weight.is_negative() {
        true => Err(Halt::Stop(Stop::Failed(Failure::NegativeWeight))),
        false => Ok(weight),
    }
}

fn found(
    world: &World<'_>,
    due: Due,
    account: Account,
    held: &Posted,
) -> Result<Vec<(CurrencyIx, Sums)>, EngineError> {
    let read = world.items.balances(due.ix).iter();
    read.map(|c| Ok((*c, held.sums((account, *c), None, due.period.1)?)))
        .collect::<Result<_, NumError>>()
        .map_err(|_| EngineError::Inconsistent("sums that fitted before"))
}

/// Who is on the roster on the day the period ends, by id.
fn on_roster(world: &World<'_>, due: Due) -> Vec<Account> {
    let Some(table) = world.rosters.table(due.roster) else {
        return Vec::new();
    };
    let mut list: Vec<(&String, u32)> = table.ids.iter().zip(0_u32..).collect();
    list.retain(|(_, subject)| table.is_present(*subject, due.day()));
    list.sort_by(|a, b| compare_ids(a.0, b.0));
    let account = |(_, subject)| Account {
        roster: due.roster,
        subject,
    };
    list.into_iter().map(account).collect()
}

impl<'w> Due {
    fn day(&self) -> Day {
        self.period.1.add_days(-1)
    }

    fn case(&self, world: &'w World<'w>, account: Account) -> Result<Case<'w>, Stop> {
        Case::of_period(world, account, self.period, false, None)
    }

    fn run(&self, world: &'w World<'w>, account: Account, traced: bool) -> Result<Run<'w>, Stop> {
        Run::new(self.case(world, account)?, self.ix, traced)
    }

    fn outcome(&self, account: Account, kind: OutcomeKind) -> Outcome {
        Outcome {
            account,
            origin: Origin::Period(self.period.0),
            item: Some(self.ix),
            kind,
        }
    }
}

fn broken(stop: Stop) -> EngineError {
    match stop {
        Stop::Plan(what) => EngineError::Inconsistent(what),
        Stop::Unknown(_) => EngineError::Inconsistent("an allotment's total that is unknown"),
        Stop::Failed(f) => EngineError::Inconsistent(match f {
            Failure::Overflow => "an allotment too large",
            _ => "an allotment",
        }),
    }
}

/// Adds the runs of allotments to the trace of an account: what each came to is known from the evaluation of all.
pub(crate) fn traced(
    world: &World<'_>,
    opened: &Opened,
    evaluation: &jifen_data::Evaluation,
    trace: &mut Trace,
) -> Result<(), EngineError> {
    let account = trace.account;
    let mut all = dues(world, false);
    all.extend(dues(world, true));
    let held = posted(world, opened, evaluation, &all)?;
    for due in all.iter().filter(|d| d.roster == account.roster) {
        if !world.is_present(account, due.day()) {
            continue;
        }
        let mut run = due.run(world, account, true).map_err(broken)?;
        run.scalar.found = found(world, *due, account, &held)?;
        let _ = weigh(&mut run, due.allot);
        let origin = Origin::Period(due.period.0);
        let own =
            |o: &&Outcome| o.account == account && o.origin == origin && o.item == Some(due.ix);
        let made = evaluation.allotments.iter();
        let mut made = made.filter(|a| (a.item, a.first) == (due.ix, due.period.0));
        let steps = made.next().and_then(|a| step(a, account));
        let postings = evaluation
            .ledger
            .iter()
            .filter(|p| p.account == account && p.item == due.ix && p.origin == origin);
        trace.runs.push(ItemRun {
            item: due.ix,
            origin,
            day: due.day(),
            rule_day: due.day(),
            nodes: run.scalar.nodes.unwrap_or_default(),
            joined: Vec::new(),
            near: None,
            steps: steps.into_iter().collect(),
            postings: postings.collect(),
            outcome: evaluation.outcomes.iter().find(own).cloned(),
        });
    }
    Ok(())
}

/// How a share came about.
fn step(made: &Allotment, account: Account) -> Option<Step> {
    let share = made.shares.iter().find(|s| s.account == account)?;
    let detail = StepDetail::Allotted {
        total: made.total?,
        weight: share.weight,
        weights: made.weights?,
        takers: made.shares.len(),
        extras: made.shares.iter().filter(|s| s.extra).count(),
        extra: share.extra,
    };
    Some(Step {
        line: 0,
        before: Decimal::ZERO,
        after: share.amount,
        detail,
    })
}
