//! Allotments (S33a): a sum split among all subjects of a roster. Those of points are split before the sweep, which posts their
//! shares; those of yuan after it, since they may look at what accounts have.

use jifen_calendar::{Day, Instant};
use jifen_data::{
    Account, AllotState, Allotment, Failure, ItemRun, Lapse, MoveLine, NotShared, Origin, Outcome,
    OutcomeKind, Posting, ShareLine, Step, StepDetail, Trace, compare_ids,
};
use jifen_plan::{Allot, CurrencyIx, ItemIx, RosterIx, Trigger};
use jifen_quantity::{Decimal, NumError, Remainder, is_multiple, split};
use rustc_hash::FxHashMap;

use crate::balances::Opened;
use crate::case::Case;
use crate::error::{EngineError, Stop};
use crate::period::Dated;
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

/// What accounts have, by account and currency.
type Holdings = FxHashMap<(Account, CurrencyIx), Sums>;

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
        out.one(world, due, &Holdings::default())?;
    }
    Ok(out)
}

/// The allotments of yuan, when everything has been posted.
pub(crate) fn of_yuan<'l>(
    world: &World<'_>,
    opened: &Opened,
    ledger: impl Fn() -> Box<dyn Iterator<Item = Posting> + 'l>,
    (lapses, moves): (&[Lapse], &[MoveLine]),
) -> Result<Shares, EngineError> {
    let mut out = Shares::default();
    for due in dues(world, true) {
        let reads = !world.items.balances(due.ix).is_empty();
        let held = match reads {
            true => holdings(world, opened, ledger(), lapses, moves, due.period.1.start())
                .map_err(|_| EngineError::Inconsistent("sums that fitted before"))?,
            false => Holdings::default(),
        };
        out.one(world, due, &held)?;
    }
    Ok(out)
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

/// What accounts have at the end of a period: what took effect before that instant, and what took effect then for an earlier day.
fn holdings(
    world: &World<'_>,
    opened: &Opened,
    ledger: impl Iterator<Item = Posting>,
    lapses: &[Lapse],
    moves: &[MoveLine],
    end: Instant,
) -> Result<Holdings, NumError> {
    let mut out = Holdings::default();
    for (account, lines) in opened {
        for (currency, amount) in &lines.sums {
            out.entry((*account, *currency)).or_default().opening = *amount;
        }
    }
    for p in ledger {
        if p.posted > end || p.posted == end && p.day >= end.day() {
            continue;
        }
        let item = world.plan.items.get(p.item.ix());
        let (spends, gives) =
            item.map_or((false, false), |i| (i.spend.is_some(), i.give.is_some()));
        let sums = out.entry((p.account, p.currency)).or_default();
        let receipt = p.received.is_some_and(|r| r.by.is_none());
        let (slot, size) = match (receipt, gives, spends) {
            (true, _, _) => (&mut sums.received, p.amount),
            (_, true, _) => (&mut sums.given, p.amount.checked_neg()?),
            (_, _, true) => (&mut sums.spent, p.amount.checked_neg()?),
            _ if p.amount.is_negative() => {
                let taken = p.amount.add(p.waived)?.checked_neg()?;
                (&mut sums.deducted, taken)
            }
            // What the cap of the points kept off is waived, below 0.
            _ => (&mut sums.earned, p.amount.add(p.waived)?),
        };
        *slot = slot.add(size)?;
    }
    for m in moves.iter().filter(|m| m.at < end) {
        let sums = out.entry((m.from, m.currency)).or_default();
        // 归零: it lapses where it is.
        let slot = match m.to {
            Some(_) => &mut sums.given,
            None => &mut sums.expired,
        };
        *slot = slot.add(m.amount)?;
        if let Some(to) = m.to {
            let sums = out.entry((to, m.currency)).or_default();
            sums.received = sums.received.add(m.amount)?;
        }
    }
    for l in lapses.iter().filter(|l| l.at < end) {
        let sums = out.entry((l.account, l.currency)).or_default();
        let slot = if l.decayed {
            &mut sums.decayed
        } else {
            &mut sums.expired
        };
        *slot = slot.add(l.amount)?;
    }
    Ok(out)
}

impl Shares {
    /// One allotment: who takes part, by what weight, and what each gets.
    fn one(&mut self, world: &World<'_>, due: Due, held: &Holdings) -> Result<(), EngineError> {
        let mut takers = Vec::new();
        let mut waits = None;
        for account in on_roster(world, due) {
            let mut run = due.run(world, account, false).map_err(broken)?;
            run.scalar.found = found(world, due.ix, account, held);
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
    item: ItemIx,
    account: Account,
    held: &Holdings,
) -> Vec<(CurrencyIx, Sums)> {
    let read = world.items.balances(item).iter();
    read.map(|c| (*c, held.get(&(account, *c)).copied().unwrap_or_default()))
        .collect()
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
    for due in all.iter().filter(|d| d.roster == account.roster) {
        if !world.is_present(account, due.day()) {
            continue;
        }
        let reads = due.allot.yuan && !world.items.balances(due.ix).is_empty();
        let ledger = evaluation.ledger.iter();
        let held = match reads {
            true => holdings(
                world,
                opened,
                ledger,
                &evaluation.lapses,
                &evaluation.moves,
                due.period.1.start(),
            )
            .map_err(|_| EngineError::Inconsistent("sums that fitted before"))?,
            false => Holdings::default(),
        };
        let mut run = due.run(world, account, true).map_err(broken)?;
        run.scalar.found = found(world, due.ix, account, &held);
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
