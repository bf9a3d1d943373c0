//! What an account holds of a currency whose points lapse: lots in the order in which they are used, and what falls due for them.
//!
//! It knows when a life acts and what it takes; who earns and who is deducted from is the sweep's affair.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jifen_calendar::{Day, Instant, MissingYear};
use jifen_data::{Account, LotSource, Undated};
use jifen_plan::{
    AgeUnit, AttrIx, Currency, CurrencyIx, Due, Life, Loss, MonthDay, Plan, UseOrder, VersionIx,
};
use jifen_quantity::{Decimal, NumError};

/// Names a lot of an account, and stands in its currency's order of use (S21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LotKey {
    turn: (i64, i64, i64),
    pub day: Day,
    /// The moment from which it ages.
    pub born: Instant,
}

/// Whose fact brought a lot, and through which attribute of his (S14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Brought {
    pub member: Account,
    pub attr: AttrIx,
}

/// A lot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LotState {
    pub source: LotSource,
    pub brought: Option<Brought>,
    /// Whose lives it follows.
    pub version: VersionIx,
    pub left: Decimal,
}

/// The lots of the accounts of a component.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lots {
    held: BTreeMap<(Account, CurrencyIx), BTreeMap<LotKey, LotState>>,
    /// Since when an account is idle, for each life that asks.
    idle: BTreeMap<(Account, CurrencyIx, u16), Day>,
    made: u32,
}

/// Something that falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fall {
    pub at: Instant,
    pub currency: CurrencyIx,
    /// Place among the lives of the currency: expiries stand before decays.
    pub life: u16,
    /// It takes a part: what takes everything comes before it at one instant (S3).
    pub decays: bool,
    pub whose: Whose,
    /// The year for which the calendar of working days is lacking: it is listed, and takes nothing (decision 024).
    pub lacks: Option<i32>,
}

/// When a life acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    /// Then; or not before, where a year is lacking.
    at: Instant,
    /// The first year on the way that the calendar of working days lacks.
    lacks: Option<i32>,
}

impl Moment {
    /// When it acts, if that can be told.
    fn told(self) -> Option<Instant> {
        self.lacks.is_none().then_some(self.at)
    }
}

/// Of whom something falls due; lots and accounts with how often it has acted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    Lot(Account, LotKey, u32),
    /// An account, if it has not been used since this day.
    Idle(Account, Day, u32),
    /// Every account.
    All,
}

impl Ord for Fall {
    /// Reversed: a heap gives the earliest. At one instant expiry before decay, whatever the currency.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |f: &Self| (f.at, f.decays, f.life, f.currency, f.whose);
        key(other).cmp(&key(self))
    }
}

impl PartialOrd for Fall {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What a lot loses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lost {
    pub account: Account,
    pub key: LotKey,
    pub source: LotSource,
    pub version: VersionIx,
    pub brought: Option<Brought>,
    pub amount: Decimal,
}

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It gained.
    Gain,
    /// It spent, or gave where that is a use.
    Spend,
    /// It received what is not a gain: it counts where nothing else has happened yet.
    Receipt,
}

/// From when a new lot has a life here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// It is new.
    Made,
    /// It was taken over at the first version: decays due before are in its sum.
    Opened,
    /// It was received with its days: what has decayed, up to this moment, has decayed where it was.
    Carried,
}

impl Lots {
    /// Adds a lot; gives its name and what will fall due for it, never before `now`.
    pub fn add(
        &mut self,
        plan: &Plan,
        (account, currency): (Account, CurrencyIx),
        born: Instant,
        lot: LotState,
        since: Since,
        now: Instant,
    ) -> (LotKey, Vec<Fall>) {
        let day = born.day();
        let of_plan = plan.currencies.get(currency.ix());
        let lives = of_plan.map_or(&[][..], |c| &c.lives);
        let own = || {
            (0_u16..)
                .zip(lives)
                .filter(|(_, l)| l.version == lot.version)
        };
        let expiries = own().filter(|(_, l)| l.loss == Loss::All);
        let dues = expiries.filter_map(|(_, l)| due(plan, l, born, 0));
        let ends = dues.map(|m| m.at).min();
        let (age, number) = (i64::from(day.0), i64::from(self.made));
        let turn = match of_plan.map(|c| c.order).unwrap_or_default() {
            UseOrder::SoonestExpiry => (ends.map_or(i64::MAX, |e| e.0), age, number),
            UseOrder::Oldest => (0, age, number),
            UseOrder::Newest => (0, -age, -number),
        };
        let key = LotKey { turn, day, born };
        self.made += 1;
        self.held
            .entry((account, currency))
            .or_default()
            .insert(key, lot);
        let mut falls = Vec::new();
        for (life, l) in own() {
            if matches!(l.due, Due::Idle { .. }) {
                continue;
            }
            let mut times = 0;
            let over = |t: Instant| match since {
                Since::Made => false,
                Since::Opened => t < now,
                Since::Carried => t <= now,
            };
            if l.loss != Loss::All {
                let told = |times| due(plan, l, born, times).and_then(Moment::told);
                while told(times).is_some_and(over) {
                    times += 1;
                }
            }
            if let Some(moment) = due(plan, l, born, times) {
                falls.push(Fall {
                    at: moment.at.max(now),
                    lacks: moment.lacks,
                    currency,
                    life,
                    decays: l.loss != Loss::All,
                    whose: Whose::Lot(account, key, times),
                });
            }
        }
        (key, falls)
    }

    /// An account gained or spent on a day: what will fall due if it is not used again.
    pub fn used(
        &mut self,
        plan: &Plan,
        (account, currency): (Account, CurrencyIx),
        day: Day,
        what: Use,
    ) -> Vec<Fall> {
        let lives = plan
            .currencies
            .get(currency.ix())
            .map_or(&[][..], |c| &c.lives);
        let mut falls = Vec::new();
        for (life, l) in (0_u16..).zip(lives) {
            let (Due::Idle { gains, spends, .. }, Some(version)) =
                (l.due, plan.versions.get(l.version.ix()))
            else {
                continue;
            };
            let key = (account, currency, life);
            let before = self.idle.get(&key).copied();
            // Before the first use the first gain or receipt stands for it.
            let counts = match what {
                Use::Gain => gains || before.is_none(),
                Use::Receipt => before.is_none(),
                Use::Spend => spends,
            };
            if !counts || before.is_some_and(|b| b >= day) {
                continue;
            }
            self.idle.insert(key, day);
            let from = version.from.start();
            let mut times = 0;
            if l.loss != Loss::All {
                let told = |times| due(plan, l, day.start(), times).and_then(Moment::told);
                while told(times).is_some_and(|t| t < from) {
                    times += 1;
                }
            }
            if let Some(moment) = due(plan, l, day.start(), times) {
                falls.push(Fall {
                    at: moment.at.max(from),
                    lacks: moment.lacks,
                    currency,
                    life,
                    decays: l.loss != Loss::All,
                    whose: Whose::Idle(account, day, times),
                });
            }
        }
        falls
    }

    /// Takes an amount from the lots of an account in their order, as far as they reach.
    pub fn take(
        &mut self,
        of: (Account, CurrencyIx),
        amount: Decimal,
    ) -> Result<Vec<Lost>, NumError> {
        let mut lost = Vec::new();
        let Some(lots) = self.held.get_mut(&of) else {
            return Ok(lost);
        };
        // Of a huge amount a lot of finer points cannot be subtracted; what such lots took is kept beside it.
        let (mut rest, mut beside) = (amount, Decimal::ZERO);
        while beside < rest {
            let Some(mut first) = lots.first_entry() else {
                break;
            };
            let (key, lot) = (*first.key(), *first.get());
            let reached = beside.add(lot.left)?;
            let part = match reached <= rest {
                true => {
                    first.remove();
                    beside = reached;
                    lot.left
                }
                false => {
                    let part = rest.sub(beside)?;
                    first.get_mut().left = lot.left.sub(part)?;
                    beside = rest;
                    part
                }
            };
            if let Ok(less) = rest.sub(beside) {
                (rest, beside) = (less, Decimal::ZERO);
            }
            lost.push(Lost {
                account: of.0,
                key,
                source: lot.source,
                version: lot.version,
                brought: lot.brought,
                amount: part,
            });
        }
        Ok(lost)
    }

    /// Whose lots something takes from.
    pub fn concerned(&self, fall: &Fall) -> Vec<Account> {
        match fall.whose {
            Whose::Lot(account, ..) | Whose::Idle(account, ..) => vec![account],
            Whose::All => {
                let held = self.held.iter().filter(|(_, lots)| !lots.is_empty());
                let mine = held.filter(|(k, _)| k.1 == fall.currency);
                mine.map(|(k, _)| k.0).collect()
            }
        }
    }

    /// Takes what is left of all that somebody brought, in order of use.
    pub fn take_brought(&mut self, of: (Account, CurrencyIx), brought: Brought) -> Vec<Lost> {
        let lots = self.held.get(&of).into_iter().flatten();
        let his = lots.filter(|(_, l)| l.brought == Some(brought));
        let keys: Vec<LotKey> = his.map(|(key, _)| *key).collect();
        let taken = keys.into_iter().filter_map(|key| self.remove(of, key));
        taken.collect()
    }

    /// Takes all that is left of one lot.
    pub fn remove(&mut self, of: (Account, CurrencyIx), key: LotKey) -> Option<Lost> {
        let lot = self.held.get_mut(&of)?.remove(&key)?;
        Some(Lost {
            account: of.0,
            key,
            source: lot.source,
            version: lot.version,
            brought: lot.brought,
            amount: lot.left,
        })
    }

    /// Has an account been idle since this day, and is the version of the life in force?
    fn idle_since(&self, plan: &Plan, fall: &Fall, account: Account, since: Day) -> bool {
        let last = self.idle.get(&(account, fall.currency, fall.life));
        let life = plan.currencies.get(fall.currency.ix());
        let life = life.and_then(|c| c.lives.get(usize::from(fall.life)));
        let version = life.and_then(|l| plan.versions.get(l.version.ix()));
        let day = fall.at.day();
        let in_force = version.is_some_and(|v| v.from <= day && v.to.is_none_or(|t| day < t));
        last == Some(&since) && in_force
    }

    /// What of an account may lapse on a day that cannot be told, if there is anything.
    pub fn undated(&self, plan: &Plan, fall: &Fall) -> Option<Undated> {
        let year = fall.lacks?;
        let (account, lot) = match fall.whose {
            Whose::Lot(account, key, _) => {
                let lot = self.held.get(&(account, fall.currency))?.get(&key)?;
                (account, Some((key.day, lot.source)))
            }
            Whose::Idle(account, since, _) => {
                let held = self.held.get(&(account, fall.currency))?;
                let idle = self.idle_since(plan, fall, account, since);
                (idle && !held.is_empty()).then_some((account, None))?
            }
            Whose::All => return None,
        };
        Some(Undated {
            account,
            currency: fall.currency,
            at: fall.at,
            lot,
            year,
        })
    }

    /// Lets something happen, but not to those that are spared: what is lost, and when it will happen again.
    pub fn fall(
        &mut self,
        plan: &Plan,
        fall: &Fall,
        spared: &BTreeSet<Account>,
    ) -> Result<(Vec<Lost>, Option<Fall>), NumError> {
        let Some(currency) = plan.currencies.get(fall.currency.ix()) else {
            return Ok((Vec::new(), None));
        };
        let Some(life) = currency.lives.get(usize::from(fall.life)) else {
            return Ok((Vec::new(), None));
        };
        match fall.whose {
            Whose::Lot(account, key, times) => {
                let lots = self.held.get_mut(&(account, fall.currency));
                let Some((lots, lot)) = lots.and_then(|l| l.get(&key).copied().map(|s| (l, s)))
                else {
                    return Ok((Vec::new(), None));
                };
                let kept = match spared.contains(&account) {
                    true => lot.left,
                    false => kept(currency, life.loss, lot.left)?,
                };
                let amount = lot.left.sub(kept)?;
                if kept.is_zero() {
                    lots.remove(&key);
                } else if let Some(state) = lots.get_mut(&key) {
                    state.left = kept;
                }
                let again = due(plan, life, key.born, times + 1).filter(|_| !kept.is_zero());
                let again = again.map(|moment| Fall {
                    at: moment.at.max(fall.at),
                    lacks: moment.lacks,
                    whose: Whose::Lot(account, key, times + 1),
                    ..*fall
                });
                let lost = Lost {
                    account,
                    key,
                    source: lot.source,
                    version: lot.version,
                    brought: lot.brought,
                    amount,
                };
                Ok((vec![lost], again))
            }
            Whose::Idle(account, since, times) => {
                let of = (account, fall.currency);
                if !self.idle_since(plan, fall, account, since) {
                    return Ok((Vec::new(), None));
                }
                let lost = match spared.contains(&account) {
                    true => Vec::new(),
                    false => self.of_account(currency, life.loss, of)?,
                };
                let more = self.held.get(&of).is_some_and(|l| !l.is_empty());
                let again = due(plan, life, since.start(), times + 1).filter(|_| more);
                let again = again.map(|moment| Fall {
                    at: moment.at.max(fall.at),
                    lacks: moment.lacks,
                    whose: Whose::Idle(account, since, times + 1),
                    ..*fall
                });
                Ok((lost, again))
            }
            Whose::All => {
                let mine =
                    |k: &&(Account, CurrencyIx)| k.1 == fall.currency && !spared.contains(&k.0);
                let accounts: Vec<_> = self.held.keys().filter(mine).copied().collect();
                let mut lost = Vec::new();
                for of in accounts {
                    lost.append(&mut self.of_account(currency, life.loss, of)?);
                }
                Ok((lost, None))
            }
        }
    }

    /// What a loss takes of all that an account holds.
    fn of_account(
        &mut self,
        currency: &Currency,
        loss: Loss,
        of: (Account, CurrencyIx),
    ) -> Result<Vec<Lost>, NumError> {
        let mut held = Decimal::ZERO;
        for lot in self.held.get(&of).into_iter().flat_map(BTreeMap::values) {
            held = held.add(lot.left)?;
        }
        let amount = held.sub(kept(currency, loss, held)?)?;
        self.take(of, amount)
    }

    /// All lots, by account and currency, in order of use.
    pub fn iter(&self) -> impl Iterator<Item = (Account, CurrencyIx, LotKey, &LotState)> {
        let each = |(of, lots): (&(Account, CurrencyIx), _)| (*of, lots);
        self.held
            .iter()
            .map(each)
            .flat_map(|(of, lots): (_, &BTreeMap<_, _>)| {
                lots.iter().map(move |(key, lot)| (of.0, of.1, *key, lot))
            })
    }
}

/// 账户 每年: every such date that lies in the version of its life, before `last`.
pub(crate) fn account_dates(plan: &Plan, last: Day) -> Vec<Fall> {
    let mut out = Vec::new();
    for (currency, c) in (0_u16..).map(CurrencyIx).zip(&plan.currencies) {
        for (life, l) in (0_u16..).zip(&c.lives) {
            let (Due::AccountDate(date), Some(version)) =
                (l.due, plan.versions.get(l.version.ix()))
            else {
                continue;
            };
            for year in version.from.ymd().0..=last.ymd().0 {
                let day = in_year(date, year);
                if version.from <= day && version.to.is_none_or(|t| day < t) && day < last {
                    out.push(Fall {
                        at: day.add_days(1).start(),
                        currency,
                        life,
                        decays: l.loss != Loss::All,
                        whose: Whose::All,
                        lacks: None,
                    });
                }
            }
        }
    }
    out
}

/// When a life acts on a lot of this day, where that is once, by its age in days or months, and at midnight: such lots lapse in the order
/// in which they were earned.
pub(crate) fn due_once(plan: &Plan, life: &Life, day: Day) -> Option<Instant> {
    let Due::Age(age) = life.due else {
        return None;
    };
    let simple = age.again.is_none() && !age.clock && age.unit != AgeUnit::WorkingDays;
    if !simple || life.when.is_some() {
        return None;
    }
    due(plan, life, day.start(), 0).map(|m| m.at)
}

/// When a life acts on a lot of this day for the (times + 1)-th time.
fn due(plan: &Plan, life: &Life, born: Instant, times: u32) -> Option<Moment> {
    let day = born.day();
    let (mut clock, mut lacks) = (0, None);
    let day = match life.due {
        Due::Age(age) | Due::Idle { age, .. } => {
            let more = match age.again {
                Some(again) => i64::from(again) * i64::from(times),
                None if times == 0 => 0,
                None => return None,
            };
            let count = i64::from(age.count) + more;
            let at = match age.unit {
                AgeUnit::Months => day.add_months(count),
                AgeUnit::Days => day.add_days(count),
                AgeUnit::WorkingDays => {
                    let count = u32::try_from(count).ok()?;
                    let (at, missing) = plan.workdays.as_ref()?.earliest_working_day(day, count);
                    lacks = missing.map(|MissingYear(year)| year);
                    at
                }
            };
            let at = if age.month_end {
                jifen_calendar::Period::Month.next_start(at).add_days(-1)
            } else {
                at
            };
            if age.clock {
                clock = born.seconds_of_day();
            }
            at.add_days(i64::from(age.through))
        }
        Due::LotDate { date, next, yearly } => {
            if times > 0 && !yearly {
                return None;
            }
            let year = day.ymd().0;
            let later = next || in_year(date, year) < day;
            let year = year + i32::from(later) + i32::try_from(times).ok()?;
            in_year(date, year).add_days(1)
        }
        Due::AccountDate(_) => return None,
    };
    let at = day.start().add_seconds(i64::from(clock));
    Some(Moment { at, lacks })
}

/// A date in a year; 29 February is the last day of February in other years.
fn in_year(date: MonthDay, year: i32) -> Day {
    let (month, day) = (u32::from(date.month), u32::from(date.day));
    let found = Day::from_ymd(year, month, day).or_else(|| Day::from_ymd(year, month, day - 1));
    found.unwrap_or(Day(i32::MAX / 2))
}

/// What a loss leaves.
pub(crate) fn kept(currency: &Currency, loss: Loss, left: Decimal) -> Result<Decimal, NumError> {
    let Loss::Share(share) = loss else {
        return Ok(Decimal::ZERO);
    };
    let keep = Decimal::ONE.sub(share)?;
    let kept = match currency.precision {
        Some(p) => Decimal::mul_round_to(left, keep, p.step, p.mode),
        None => left.mul(keep),
    };
    // What is too large to be held is larger than what was there.
    Ok(kept.map_or(left, |k| k.min(left)))
}
