//! What accounts have when periods close: what the sweep has posted, by the day on which it counts (evaluation.md 12, 15).

use jifen_calendar::{Day, Instant, Period};
use jifen_data::{Account, Evaluation};
use jifen_plan::{CurrencyIx, Plan, PointsOf, PointsRead};
use jifen_quantity::{Decimal, NumError};
use rustc_hash::FxHashMap;

use crate::balances::Opened;
use crate::case::Case;
use crate::error::Stop;
use crate::store::Sums;

/// What moved in accounts, by account and currency, in the order of the ledger.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Posted {
    changes: FxHashMap<(Account, CurrencyIx), Vec<Change>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    /// The day on which it counts; none: it was there from the beginning.
    day: Option<Day>,
    what: Moved,
    amount: Decimal,
}

/// What moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moved {
    Opening,
    Earned,
    Received,
    Deducted,
    Spent,
    Given,
    Expired,
    Decayed,
}

/// What takes effect at midnight for an earlier day counts on the day that has just ended: an award of a period that has closed.
fn counts_on(at: Instant, day: Day) -> Day {
    match at == at.day().start() && day < at.day() {
        true => at.day().add_days(-1),
        false => at.day(),
    }
}

impl Posted {
    /// All that moved.
    pub fn of(plan: &Plan, opened: &Opened, evaluation: &Evaluation) -> Result<Posted, NumError> {
        Posted::within(plan, opened, evaluation, |_| true)
    }

    /// All that moved, with what some accounts have from the beginning.
    pub fn within(
        plan: &Plan,
        opened: &Opened,
        evaluation: &Evaluation,
        wanted: impl Fn(Account) -> bool,
    ) -> Result<Posted, NumError> {
        let mut out = Posted::default();
        for (account, lines) in opened.iter().filter(|(a, _)| wanted(**a)) {
            for (currency, amount) in &lines.sums {
                out.add((*account, *currency), None, Moved::Opening, *amount);
            }
        }
        for p in evaluation.ledger.iter() {
            let item = plan.items.get(p.item.ix());
            let (spends, gives) =
                item.map_or((false, false), |i| (i.spend.is_some(), i.give.is_some()));
            let receipt = p.received.is_some_and(|r| r.by.is_none());
            let (what, amount) = match (receipt, gives, spends) {
                (true, _, _) => (Moved::Received, p.amount),
                (_, true, _) => (Moved::Given, p.amount.checked_neg()?),
                (_, _, true) => (Moved::Spent, p.amount.checked_neg()?),
                _ if p.amount.is_negative() => {
                    let taken = p.amount.add(p.waived)?.checked_neg()?;
                    (Moved::Deducted, taken)
                }
                // What the cap of the points kept off is waived, below 0.
                _ => (Moved::Earned, p.amount.add(p.waived)?),
            };
            let day = counts_on(p.posted, p.day);
            out.add((p.account, p.currency), Some(day), what, amount);
        }
        for m in &evaluation.moves {
            // 归零: it lapses where it is.
            let what = match m.to {
                Some(_) => Moved::Given,
                None => Moved::Expired,
            };
            let day = Some(m.at.day());
            out.add((m.from, m.currency), day, what, m.amount);
            if let Some(to) = m.to {
                out.add((to, m.currency), day, Moved::Received, m.amount);
            }
        }
        for l in &evaluation.lapses {
            let what = match l.decayed {
                true => Moved::Decayed,
                false => Moved::Expired,
            };
            let day = Some(l.at.day());
            out.add((l.account, l.currency), day, what, l.amount);
        }
        Ok(out)
    }

    /// Takes over what has been found anew of some accounts; gives those for whom it is not what it was, and the first day on which.
    pub fn replace(
        &mut self,
        accounts: &[Account],
        currencies: usize,
        mut new: Posted,
    ) -> (Vec<Account>, Option<Day>) {
        let (mut changed, mut first) = (Vec::new(), None);
        let currencies = || (0_u16..).map(CurrencyIx).take(currencies);
        for of in accounts.iter().flat_map(|a| currencies().map(|c| (*a, c))) {
            let now = new.changes.remove(&of);
            let was = self.changes.remove(&of);
            let empty: &[Change] = &[];
            let differs = first_difference(
                was.as_deref().unwrap_or(empty),
                now.as_deref().unwrap_or(empty),
            );
            if let Some(day) = differs {
                changed.push(of.0);
                first = Some(first.map_or(day, |f: Day| f.min(day)));
            }
            if let Some(now) = now {
                self.changes.insert(of, now);
            }
        }
        changed.dedup();
        (changed, first)
    }

    fn add(&mut self, of: (Account, CurrencyIx), day: Option<Day>, what: Moved, amount: Decimal) {
        let list = self.changes.entry(of).or_default();
        list.push(Change { day, what, amount });
    }

    /// What moved from one day to before another; with no first day also what was there from the beginning.
    pub fn sums(
        &self,
        of: (Account, CurrencyIx),
        from: Option<Day>,
        before: Day,
    ) -> Result<Sums, NumError> {
        let mut out = Sums::default();
        for c in self.changes.get(&of).into_iter().flatten() {
            let within = match c.day {
                Some(day) => day < before && from.is_none_or(|f| f <= day),
                None => from.is_none(),
            };
            if !within {
                continue;
            }
            let slot = match c.what {
                Moved::Opening => &mut out.opening,
                Moved::Earned => &mut out.earned,
                Moved::Received => &mut out.received,
                Moved::Deducted => &mut out.deducted,
                Moved::Spent => &mut out.spent,
                Moved::Given => &mut out.given,
                Moved::Expired => &mut out.expired,
                Moved::Decayed => &mut out.decayed,
            };
            *slot = slot.add(c.amount)?;
        }
        Ok(out)
    }
}

/// The first day on which two lists of one account differ.
fn first_difference(a: &[Change], b: &[Change]) -> Option<Day> {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let rest = |list: &[Change]| {
        let days = list.iter().skip(same).map(|c| c.day.unwrap_or(Day::MIN));
        days.min()
    };
    [rest(a), rest(b)].into_iter().flatten().min()
}

/// 获得(币), 余额(币) in a measure.
pub(crate) fn read(case: &Case<'_>, read: PointsRead) -> Result<Decimal, Stop> {
    let period = case.period;
    let (first, end) = period.ok_or(Stop::Plan("an account without a period"))?;
    let from = match read.of {
        PointsOf::Earned => Some(first),
        PointsOf::EarnedThisYear => Some(Period::Year.bounds(end.add_days(-1)).0),
        PointsOf::Awarded | PointsOf::Balance => None,
    };
    let of = (case.account, read.currency);
    let sums = case.world.posted.sums(of, from, end)?;
    Ok(match read.of {
        PointsOf::Earned | PointsOf::EarnedThisYear => sums.earned,
        PointsOf::Awarded => sums.awarded()?,
        PointsOf::Balance => sums.balance()?,
    })
}
