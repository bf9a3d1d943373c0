//! Lots and their life (S19), naive: a list of lots, looked through whenever something is taken or falls due.

use jifen_plan::{AgeUnit, Currency, Due, Life, Loss, MonthDay, Plan, UseOrder};
use num_traits::{One, Signed, Zero};

use crate::moves::Brought;
use crate::number::{N, of, round_to};
use crate::time::{self, DAY};

/// Roster, subject, currency.
pub type AccountKey = (usize, u32, usize);

/// A posting or opening that has a life of its own.
#[derive(Clone)]
pub struct Lot {
    /// Whose, of what.
    pub account: AccountKey,
    /// Item that earned it; none for an opening.
    pub item: Option<usize>,
    /// Fact, period, or `opening`.
    pub origin: String,
    /// The day from which it ages.
    pub day: i64,
    /// The second of that day.
    pub second: i64,
    /// Version whose lives it follows.
    pub version: usize,
    /// What remains.
    pub left: N,
    /// Received with the days of the lot that it was taken from.
    pub carried: bool,
    /// Whose fact brought it, through an attribute of his.
    pub brought: Option<Brought>,
}

/// Of whom something falls due.
#[derive(Clone, Copy)]
pub enum Whose {
    /// One lot, by number.
    Lot(usize),
    /// An account that has not been used since this day.
    Idle(AccountKey, i64),
    /// Every account.
    All,
}

/// What falls due: a life of a currency.
#[derive(Clone, Copy)]
pub struct Lapse {
    /// Currency.
    pub currency: usize,
    /// Place in its lives.
    pub life: usize,
    /// Of whom.
    pub whose: Whose,
    /// How often it has acted on this lot.
    pub times: u32,
    /// The year that the calendar of working days lacks to tell when: it is listed, and takes nothing.
    pub lacks: Option<i32>,
}

/// When a life acts.
#[derive(Clone, Copy)]
pub struct Moment {
    /// The instant; where a year is lacking, not before.
    pub at: i64,
    /// The first year on the way that the calendar of working days lacks.
    pub lacks: Option<i32>,
}

impl Moment {
    /// The instant, if it can be told.
    pub fn told(self) -> Option<i64> {
        match self.lacks {
            None => Some(self.at),
            Some(_) => None,
        }
    }
}

/// When a life acts for the (times + 1)-th time on a lot of this day; none when it does not.
pub fn due(plan: &Plan, life: &Life, day: i64, second: i64, times: u32) -> Option<Moment> {
    let (mut clock, mut lacks) = (0, None);
    let day = match life.due {
        Due::Age(age) | Due::Idle { age, .. } => {
            let count = match (times, age.again) {
                (0, _) => i64::from(age.count),
                (n, Some(again)) => i64::from(age.count) + i64::from(n) * i64::from(again),
                (_, None) => return None,
            };
            let mut at = match age.unit {
                AgeUnit::Months => time::add_months(day, i32::try_from(count).ok()?),
                AgeUnit::Days => day + count,
                AgeUnit::WorkingDays => {
                    let calendar = plan.workdays.as_ref();
                    let (at, year) = time::earliest_working_day(calendar, day, count);
                    lacks = year;
                    at
                }
            };
            if age.month_end {
                while time::date_parts(at + 1).2 != 1 {
                    at += 1;
                }
            }
            if age.clock {
                clock = second;
            }
            at + i64::from(age.through)
        }
        Due::LotDate { date, next, yearly } => {
            if times > 0 && !yearly {
                return None;
            }
            let year = time::date_parts(day).0;
            let first = if next || in_year(date, year) < day {
                year + 1
            } else {
                year
            };
            in_year(date, first + i32::try_from(times).ok()?) + 1
        }
        Due::AccountDate(_) => return None,
    };
    let at = day * DAY + clock;
    Some(Moment { at, lacks })
}

/// A date in a year; 29 February is the last of February elsewhere.
pub fn in_year(date: MonthDay, year: i32) -> i64 {
    let (month, day) = (u32::from(date.month), u32::from(date.day));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let day = if month == 2 && day == 29 && !leap {
        28
    } else {
        day
    };
    time::day_of(year, month, day)
}

/// What a loss leaves of an amount.
pub fn kept(currency: &Currency, loss: Loss, left: &N) -> N {
    let Loss::Share(share) = loss else {
        return N::zero();
    };
    let kept = left * (N::one() - of(share));
    let kept = match currency.precision {
        Some(p) => round_to(&kept, &of(p.step), p.mode),
        None => Ok(kept),
    };
    match kept {
        Ok(kept) if kept <= *left => kept,
        _ => left.clone(),
    }
}

/// Lots of an account in the order in which they are used (S21): soonest expiry, then oldest, then first posted; or as
/// the currency says.
pub fn order(plan: &Plan, lots: &[Lot], account: AccountKey) -> Vec<usize> {
    let mut list: Vec<usize> = (0..lots.len())
        .filter(|i| {
            lots.get(*i)
                .is_some_and(|l| l.account == account && l.left.is_positive())
        })
        .collect();
    list.sort_by_key(|i| {
        let Some(lot) = lots.get(*i) else {
            return (i64::MAX, i64::MAX, *i);
        };
        let lives = plan.currencies.get(account.2).map_or(&[][..], |c| &c.lives);
        let ends = lives
            .iter()
            .filter(|l| l.loss == Loss::All && l.version.ix() == lot.version);
        let dues = ends.filter_map(|l| due(plan, l, lot.day, lot.second, 0));
        let first = dues.map(|m| m.at).min();
        (first.unwrap_or(i64::MAX), lot.day, *i)
    });
    let day = |i: &usize| lots.get(*i).map_or(i64::MAX, |l| l.day);
    match plan.currencies.get(account.2).map(|c| c.order) {
        Some(UseOrder::Oldest) => list.sort_by_key(|i| (day(i), *i)),
        Some(UseOrder::Newest) => {
            list.sort_by_key(|i| (day(i), *i));
            list.reverse();
        }
        Some(UseOrder::SoonestExpiry) | None => {}
    }
    list
}

/// Takes an amount from lots in order; gives what each lost.
pub fn take(plan: &Plan, lots: &mut [Lot], account: AccountKey, amount: &N) -> Vec<(usize, N)> {
    let mut rest = amount.clone();
    let mut out = Vec::new();
    for i in order(plan, lots, account) {
        let Some(lot) = lots.get_mut(i) else { continue };
        let part = if rest < lot.left {
            rest.clone()
        } else {
            lot.left.clone()
        };
        if part.is_zero() {
            break;
        }
        lot.left -= &part;
        rest -= &part;
        out.push((i, part));
    }
    out
}
