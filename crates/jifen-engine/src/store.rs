//! The state of a sweep: what tallies hold and what accounts have; it knows no rules.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

use jifen_calendar::{Day, Window};
use jifen_data::Account;
use jifen_plan::{CurrencyIx, Floor, TallyIx, Value};
use jifen_quantity::{Decimal, NumError};
use rustc_hash::FxHashMap;

use crate::lots::Lots;

/// Who shares a tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum HolderKey {
    Account(Account),
    /// An interned (roster, group).
    Group(u32),
    Everyone,
}

/// One tally of one holder, keys and window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TallyKey {
    pub tally: TallyIx,
    pub holder: HolderKey,
    /// Interned key values.
    pub keys: u32,
    pub window: Window,
    /// The day that the window is looked at from.
    pub day: Day,
}

/// Something to be added to a tally.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charge {
    pub key: TallyKey,
    pub amount: Decimal,
}

/// What an account has in one currency.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub opening: Decimal,
    pub earned: Decimal,
    pub deducted: Decimal,
    pub spent: Decimal,
    pub received: Decimal,
    pub given: Decimal,
    pub expired: Decimal,
    pub decayed: Decimal,
    pub waived: Decimal,
    pub trimmed: Decimal,
}

/// A posting to come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToPost {
    pub of: (Account, CurrencyIx),
    pub floor: Floor,
    pub ceiling: Option<Decimal>,
    pub before_caps: Decimal,
    pub amount: Decimal,
}

/// 择一: the values that have stood under one key.
#[derive(Clone, Debug)]
pub(crate) struct Stood {
    /// The first in time.
    pub first: Decimal,
    /// All, the smallest first.
    pub sorted: Vec<Decimal>,
}

type Slot = (TallyIx, HolderKey, u32, i32);

/// The state of one component.
#[derive(Debug, Default)]
pub(crate) struct Store {
    interned: FxHashMap<Vec<Value>, u32>,
    windows: FxHashMap<Slot, Decimal>,
    rolling: FxHashMap<Slot, BTreeMap<Day, Decimal>>,
    stood: FxHashMap<Slot, Stood>,
    sums: BTreeMap<(Account, CurrencyIx), Sums>,
    pub lots: Lots,
}

impl Store {
    /// Openings of an account stand before all else.
    pub fn open(&mut self, account: Account, lines: &[(CurrencyIx, Decimal)]) {
        for (currency, amount) in lines {
            let sums = Sums {
                opening: *amount,
                ..Sums::default()
            };
            self.sums.insert((account, *currency), sums);
        }
    }

    /// A number for a list of values.
    pub fn intern(&mut self, values: Vec<Value>) -> u32 {
        let next = self.interned.len() as u32;
        *self.interned.entry(values).or_insert(next)
    }

    /// What a tally holds.
    pub fn used(&self, key: &TallyKey) -> Result<Decimal, NumError> {
        let slot = slot(key);
        match key.window {
            Window::Occasion => Ok(Decimal::ZERO),
            Window::RollingDays(_) | Window::RollingMonths(_) => {
                let (from, after) = key.window.range(key.day);
                let Some(days) = self.rolling.get(&slot) else {
                    return Ok(Decimal::ZERO);
                };
                let mut sum = Decimal::ZERO;
                if from < after {
                    for amount in days.range(from..after).map(|d| d.1) {
                        sum = sum.add(*amount)?;
                    }
                }
                Ok(sum)
            }
            _ => Ok(self.windows.get(&slot).copied().unwrap_or_default()),
        }
    }

    /// 择一: what has stood under a key.
    pub fn stood(&self, key: &TallyKey) -> Option<&Stood> {
        self.stood.get(&slot(key))
    }

    /// One more value that stood.
    pub fn stand(&mut self, key: &TallyKey, value: Decimal) {
        match self.stood.entry(slot(key)) {
            Entry::Occupied(mut stood) => {
                let sorted = &mut stood.get_mut().sorted;
                sorted.insert(sorted.partition_point(|v| *v < value), value);
            }
            Entry::Vacant(none) => {
                let sorted = vec![value];
                let first = value;
                none.insert(Stood { first, sorted });
            }
        }
    }

    /// Adds all charges, or none if one does not fit.
    pub fn charge(&mut self, charges: &[Charge]) -> Result<(), NumError> {
        for (i, c) in charges.iter().enumerate() {
            if let Err(e) = self.charge_one(c) {
                for done in charges.iter().take(i) {
                    self.give_back(done)?;
                }
                return Err(e);
            }
        }
        Ok(())
    }

    /// Takes a charge back.
    pub fn give_back(&mut self, charge: &Charge) -> Result<(), NumError> {
        let amount = charge.amount.checked_neg()?;
        self.charge_one(&Charge { amount, ..*charge })
    }

    fn charge_one(&mut self, charge: &Charge) -> Result<(), NumError> {
        let slot = slot(&charge.key);
        let held = match charge.key.window {
            Window::Occasion => return Ok(()),
            Window::RollingDays(_) | Window::RollingMonths(_) => {
                let days = self.rolling.entry(slot).or_default();
                days.entry(charge.key.day).or_default()
            }
            _ => self.windows.entry(slot).or_default(),
        };
        *held = held.add(charge.amount)?;
        Ok(())
    }

    /// Posts each amount to its account and currency under its floor, one after the other, or none; gives what each found and
    /// what its floor waives.
    pub fn post(&mut self, postings: &[ToPost]) -> Result<Vec<(Sums, Decimal)>, NumError> {
        let mut new: Vec<((Account, CurrencyIx), Sums)> = Vec::with_capacity(postings.len());
        let mut moved = Vec::with_capacity(postings.len());
        for p in postings {
            let earlier = new.iter().rev().find(|n| n.0 == p.of);
            let before = earlier.map_or_else(|| self.sums(&p.of), |n| n.1);
            let (sums, waived) = before.with(p)?;
            new.push((p.of, sums));
            moved.push((before, waived));
        }
        self.sums.extend(new);
        Ok(moved)
    }

    /// What an account has of a currency.
    pub fn sums(&self, of: &(Account, CurrencyIx)) -> Sums {
        self.sums.get(of).copied().unwrap_or_default()
    }

    /// Takes what a spend takes.
    pub fn spend(&mut self, of: (Account, CurrencyIx), taken: Decimal) -> Result<(), NumError> {
        let mut sums = self.sums(&of);
        sums.spent = sums.spent.add(taken)?;
        sums.balance()?;
        self.sums.insert(of, sums);
        Ok(())
    }

    /// After a transfer: both sides fit, or neither is changed.
    pub fn set(&mut self, of: (Account, CurrencyIx), sums: Sums) {
        self.sums.insert(of, sums);
    }

    /// What a spend may take: never below 0, nor below the floor (S20).
    pub fn available(&self, of: &(Account, CurrencyIx), floor: Floor) -> Result<Decimal, NumError> {
        let least = match floor {
            Floor::At(f) => f.max(Decimal::ZERO),
            Floor::Negative | Floor::Owed => Decimal::ZERO,
        };
        let balance = self.sums(of).balance()?;
        if balance <= least {
            return Ok(Decimal::ZERO);
        }
        balance.sub(least)
    }

    /// Writes off what time took; what expired and decayed was there, so that the sums hold it.
    pub fn lapse(
        &mut self,
        of: (Account, CurrencyIx),
        decayed: bool,
        amount: Decimal,
    ) -> Result<(), NumError> {
        let sums = self.sums.entry(of).or_default();
        let slot = if decayed {
            &mut sums.decayed
        } else {
            &mut sums.expired
        };
        *slot = slot.add(amount)?;
        Ok(())
    }

    /// What every account has, in order of account and currency.
    pub fn take_sums(&mut self) -> BTreeMap<(Account, CurrencyIx), Sums> {
        std::mem::take(&mut self.sums)
    }
}

impl Sums {
    /// These sums after a posting, and what its floor waived; what its ceiling kept off is below 0.
    fn with(
        mut self,
        &ToPost {
            floor,
            ceiling,
            before_caps,
            amount,
            ..
        }: &ToPost,
    ) -> Result<(Sums, Decimal), NumError> {
        let waived;
        if amount.is_negative() {
            let size = amount.checked_neg()?;
            let taken = match floor {
                Floor::At(least) => taken_above(least, self.balance()?, size)?,
                Floor::Negative | Floor::Owed => size,
            };
            waived = size.sub(taken)?;
            self.deducted = self.deducted.add(taken)?;
            self.waived = self.waived.add(waived)?;
        } else {
            let passed = match ceiling {
                Some(most) => taken_above(self.balance()?, most, amount)?,
                None => amount,
            };
            waived = passed.sub(amount)?;
            self.earned = self.earned.add(passed)?;
            if before_caps.is_positive() {
                self.trimmed = self.trimmed.add(before_caps.sub(passed)?)?;
            }
        }
        self.balance()?;
        Ok((self, waived))
    }

    /// Each sum added to the other's.
    pub fn plus(&self, other: &Sums) -> Result<Sums, NumError> {
        Ok(Sums {
            opening: self.opening.add(other.opening)?,
            earned: self.earned.add(other.earned)?,
            received: self.received.add(other.received)?,
            deducted: self.deducted.add(other.deducted)?,
            spent: self.spent.add(other.spent)?,
            given: self.given.add(other.given)?,
            expired: self.expired.add(other.expired)?,
            decayed: self.decayed.add(other.decayed)?,
            waived: self.waived.add(other.waived)?,
            trimmed: self.trimmed.add(other.trimmed)?,
        })
    }

    /// These sums after giving.
    pub fn gives(mut self, amount: Decimal) -> Result<Sums, NumError> {
        self.given = self.given.add(amount)?;
        self.balance()?;
        Ok(self)
    }

    /// These sums after receiving.
    pub fn receives(mut self, amount: Decimal) -> Result<Sums, NumError> {
        self.received = self.received.add(amount)?;
        self.balance()?;
        Ok(self)
    }

    /// 累计: what was taken over and what was awarded.
    pub fn awarded(&self) -> Result<Decimal, NumError> {
        self.opening.max(Decimal::ZERO).add(self.earned)
    }

    /// opening + earned + received − deducted − spent − given − expired − decayed.
    pub fn balance(&self) -> Result<Decimal, NumError> {
        let ups = [self.opening, self.earned, self.received];
        let downs = [
            self.deducted,
            self.spent,
            self.given,
            self.expired,
            self.decayed,
        ];
        Decimal::net(&ups, &downs)
    }
}

/// What a deduction takes of a balance without going below `least`; with balance and ceiling, what a gain may add.
fn taken_above(least: Decimal, balance: Decimal, size: Decimal) -> Result<Decimal, NumError> {
    if balance <= least {
        return Ok(Decimal::ZERO);
    }
    match least.add(size) {
        Ok(needed) if needed <= balance => Ok(size),
        _ => balance.sub(least),
    }
}

fn slot(key: &TallyKey) -> Slot {
    let window = match key.window {
        Window::Period(p) => p.key(key.day),
        _ => 0,
    };
    (key.tally, key.holder, key.keys, window)
}
