//! S33a: a sum split among all on the roster on the day a period ends, on exact fractions.

use std::collections::BTreeMap;

use jifen_plan::{Allot, Item, RosterIx, Trigger};
use jifen_quantity::Remainder;
use num_traits::{Signed, Zero};

use crate::account::Account;
use crate::award;
use crate::eval::{Cx, Stop};
use crate::lots::AccountKey;
use crate::number::{self, N, fit, int, of, round_to};
use crate::run::Office;
use crate::settle::id_order;
use crate::text;
use crate::time::{self, DAY};

/// What changed in an account, and when: (instant, event day, account, the change, by which item if one posted it).
pub type Move = (i64, i64, AccountKey, Account, Option<usize>);

/// One who takes part.
struct Taker {
    subject: u32,
    id: String,
    weight: N,
    /// Whole steps so far, and what is over.
    steps: N,
    rest: N,
    extra: bool,
}

/// How an allotment ended.
enum State {
    Shared,
    Nobody,
    NoWeight,
    /// Somebody's share cannot be told.
    Waits(String),
    Failed(&'static str),
}

/// An allotment of one period.
#[derive(Clone, Copy)]
struct Due<'p> {
    ix: usize,
    item: &'p Item,
    allot: Allot,
    roster: RosterIx,
    first: i64,
    end: i64,
}

impl<'a> Office<'a> {
    /// The allotments whose period is over, in points (before anything runs) or in yuan (after everything has).
    pub fn allotments(&mut self, yuan: bool) {
        let plan = self.plan;
        for (ix, item) in plan.items.iter().enumerate() {
            let (Some(allot), Trigger::Period { roster, unit, .. }) = (item.allot, item.trigger)
            else {
                continue;
            };
            let Some(version) = plan.versions.get(item.version.ix()) else {
                continue;
            };
            if allot.yuan != yuan {
                continue;
            }
            let from = i64::from(version.from.0);
            let mut period = time::period(unit, from);
            while period.1 - 1 <= self.as_of {
                let (first, end) = period;
                period = time::period(unit, end);
                let until = version.to.map(|d| i64::from(d.0));
                if from < end && until.is_none_or(|t| end <= t) {
                    let due = Due {
                        ix,
                        item,
                        allot,
                        roster,
                        first,
                        end,
                    };
                    self.allotment(due);
                }
            }
        }
    }

    fn allotment(&mut self, due: Due<'a>) {
        let mut takers = Vec::new();
        let mut state = State::Shared;
        for (subject, id) in self.on_roster(due) {
            let mut cx = self.period_cx(due, subject);
            if due.allot.yuan {
                cx.accounts = self.accounts_at(due, subject);
            }
            match weigh(&mut cx, due) {
                Ok(Ok(weight)) => {
                    let (steps, rest) = (N::zero(), N::zero());
                    let extra = false;
                    takers.push(Taker {
                        subject,
                        id,
                        weight,
                        steps,
                        rest,
                        extra,
                    });
                }
                Ok(Err(i)) => {
                    cx.note("条件不符");
                    self.outcome_at(due, subject, &format!("not-applicable|{i}"));
                }
                Err(stop) => {
                    self.outcome_at(due, subject, &text::stop(&stop));
                    if matches!(state, State::Shared) {
                        state = State::Waits(self.who(due, subject));
                    }
                }
            }
        }
        let (mut total, mut sum, mut given) = (None, None, None);
        if matches!(state, State::Shared) {
            state = match self.share_out(due, &mut takers, (&mut total, &mut sum, &mut given)) {
                Ok(state) => state,
                Err(Stop::Failed(why)) => State::Failed(why),
                Err(Stop::Unknown(_)) => State::Failed("overflow"),
            };
        }
        self.tell(due, &takers, &state, [total, sum, given]);
    }

    fn share_out(
        &self,
        due: Due<'a>,
        takers: &mut [Taker],
        (total, sum, given): (&mut Option<N>, &mut Option<N>, &mut Option<N>),
    ) -> Result<State, Stop> {
        if takers.is_empty() {
            return Ok(State::Nobody);
        }
        let step = of(due.allot.step);
        let amount = self.period_cx(due, u32::MAX).num(due.allot.total)?;
        *total = Some(amount.clone());
        if amount.is_negative() {
            return Err(Stop::Failed("negative-total"));
        }
        let largest = due.allot.remainder == Remainder::Largest;
        if largest && !(&amount / &step).is_integer() {
            return Err(Stop::Failed("off-step"));
        }
        let mut weights = N::zero();
        for t in takers.iter() {
            weights = fit(weights + &t.weight)?;
        }
        *sum = Some(weights.clone());
        if weights.is_zero() {
            return Ok(State::NoWeight);
        }
        for t in takers.iter_mut() {
            let exact = &amount * &t.weight / &weights;
            let steps = (&exact / &step).floor();
            t.rest = &exact / &step - &steps;
            t.steps = match due.allot.remainder {
                Remainder::Largest => steps,
                Remainder::Each(mode) => round_to(&exact, &step, mode)? / &step,
            };
        }
        if largest {
            let out: N = takers.iter().map(|t| &t.steps).sum();
            let mut left = &amount / &step - out;
            while left.is_positive() {
                // The largest remainder that has nothing extra yet; of equal ones the first id.
                let best = takers
                    .iter()
                    .filter(|t| !t.extra)
                    .map(|t| &t.rest)
                    .max()
                    .cloned();
                let next = takers
                    .iter_mut()
                    .find(|t| !t.extra && Some(&t.rest) == best.as_ref());
                let Some(t) = next else { break };
                t.extra = true;
                t.steps += int(1);
                left -= int(1);
            }
        }
        let mut all = N::zero();
        for t in takers.iter() {
            all = fit(all + fit(&t.steps * &step)?)?;
        }
        *given = Some(all);
        Ok(State::Shared)
    }

    /// The lines of an allotment, and the runs of those who get points.
    fn tell(&mut self, due: Due<'a>, takers: &[Taker], state: &State, numbers: [Option<N>; 3]) {
        let item = text::item(self.plan, Some(due.ix));
        let (origin, day) = (origin(due), time::day_text(due.end - 1));
        let [total, sum, given] = numbers.map(|n| n.as_ref().map_or("-".to_owned(), number::text));
        let (word, outcome) = match state {
            State::Shared => ("shared".to_owned(), None),
            State::Nobody => ("nobody".to_owned(), None),
            State::NoWeight => (
                "no-weight".to_owned(),
                Some("not-shared|no weight".to_owned()),
            ),
            State::Waits(who) => (
                format!("waits {who}"),
                Some(format!("not-shared|waits {who}")),
            ),
            State::Failed(why) => (format!("failed {why}"), Some(format!("failed|{why}"))),
        };
        self.lines.push(format!(
            "A|{item}|{origin}|{day}|{total}|{sum}|{given}|{word}"
        ));
        for t in takers {
            let cx = self.period_cx(due, t.subject);
            cx.note(match state {
                State::Shared => "分配",
                _ => "分配不成",
            });
            if let Some(outcome) = &outcome {
                self.outcome_at(due, t.subject, outcome);
                continue;
            }
            if t.extra {
                cx.note("最大余额");
            } else if matches!(due.allot.remainder, Remainder::Each(_)) {
                cx.note("各自舍入");
            }
            let amount = &t.steps * of(due.allot.step);
            let who = self.who(due, t.subject);
            let (weight, extra) = (number::text(&t.weight), u8::from(t.extra));
            let line = format!("{item}|{origin}|{weight}|{}|{extra}", number::text(&amount));
            self.lines.push(format!("S|{who}|{line}"));
            if !due.allot.yuan {
                self.push_share(due.ix, (&t.id, &origin), cx, amount);
            }
        }
    }

    /// Who is on the roster on the day the period ends, by id.
    fn on_roster(&self, due: Due<'_>) -> Vec<(u32, String)> {
        let Some(table) = self.rosters.table(due.roster) else {
            return Vec::new();
        };
        let all = (0_u32..).zip(&table.ids).map(|(s, id)| (s, id.clone()));
        let there = |s: &(u32, String)| self.period_cx(due, s.0).is_present(due.end - 1);
        let mut list: Vec<_> = all.filter(there).collect();
        list.sort_by(|a, b| id_order(&a.1, &b.1));
        list
    }

    fn period_cx(&self, due: Due<'_>, subject: u32) -> Cx<'a> {
        let mut cx = self.cx(due.roster, subject, due.end - 1);
        cx.period = Some((due.first, due.end));
        cx.instant = due.end * DAY;
        cx.version = due.item.version.ix();
        cx
    }

    fn who(&self, due: Due<'_>, subject: u32) -> String {
        text::account(self.plan, self.rosters, due.roster, subject)
    }

    fn outcome_at(&mut self, due: Due<'_>, subject: u32, what: &str) {
        self.outcome(due.roster, subject, &origin(due), Some(due.ix), what);
    }

    /// What a subject has at the end of the period: what took effect before it, and what took effect at that instant for an
    /// earlier day.
    fn accounts_at(&self, due: Due<'_>, subject: u32) -> BTreeMap<usize, Account> {
        let mut out: BTreeMap<usize, Account> = BTreeMap::new();
        for (at, day, key, change, _) in &self.moves {
            let within = *at < due.end * DAY || *at == due.end * DAY && *day < due.end;
            if (key.0, key.1) == (due.roster.ix(), subject) && within {
                out.entry(key.2).or_default().add(change);
            }
        }
        out
    }

    /// Remembers what changed in an account.
    pub fn moved(&mut self, at: (i64, i64), key: AccountKey, before: &Account) {
        self.moved_by(None, at, key, before);
    }

    /// The same, of what an item posted.
    pub fn moved_by(
        &mut self,
        item: Option<usize>,
        (at, day): (i64, i64),
        key: AccountKey,
        before: &Account,
    ) {
        if let Some(after) = self.accounts.get(&key) {
            self.moves.push((at, day, key, after.since(before), item));
        }
    }
}

fn origin(due: Due<'_>) -> String {
    format!("period:{}", time::day_text(due.first))
}

/// The weight of a subject, or the condition that leaves it out.
fn weigh(cx: &mut Cx, due: Due<'_>) -> Result<Result<N, usize>, Stop> {
    if let Some(i) = award::requires(cx, due.item, false)? {
        return Ok(Err(i));
    }
    let weight = match due.allot.weight {
        Some(e) => cx.num(e)?,
        None => int(1),
    };
    match weight.is_negative() {
        true => Err(Stop::Failed("negative-weight")),
        false => Ok(Ok(weight)),
    }
}
