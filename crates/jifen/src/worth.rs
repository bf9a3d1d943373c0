//! Yuan beside the points (折合): what is outstanding, and what awards and spends cost. Sums are exact, or not given.

use std::collections::BTreeMap;

use jifen_plan::CurrencyIx;
use jifen_quantity::Decimal;

use crate::report::Report;

/// What accounts hold and owe of one currency; `None`: too large to be added up.
#[derive(Clone, Copy, Debug)]
pub struct Outstanding {
    /// Accounts above 0.
    pub holders: u64,
    /// Their points.
    pub held: Option<Decimal>,
    /// Accounts below 0.
    pub debtors: u64,
    /// Their points, below 0.
    pub owed: Option<Decimal>,
}

impl Default for Outstanding {
    fn default() -> Self {
        let none = Some(Decimal::ZERO);
        Outstanding {
            holders: 0,
            held: none,
            debtors: 0,
            owed: none,
        }
    }
}

/// What awards or spends of one sort gave or took, and cost; `None`: too large to be added up.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// How many.
    pub times: u64,
    /// Points.
    pub points: Option<Decimal>,
    /// Yuan, of those whose value is known.
    pub yuan: Option<Decimal>,
    /// How many whose value is missing.
    pub unknown: u64,
}

impl Default for Cost {
    fn default() -> Self {
        let none = Some(Decimal::ZERO);
        Cost {
            times: 0,
            points: none,
            yuan: none,
            unknown: 0,
        }
    }
}

impl Report<'_> {
    /// Are points of some currency worth yuan?
    pub(crate) fn points_are_worth(&self) -> bool {
        let mut all = self.compiled.plan.currencies.iter();
        all.any(|c| !c.yuan.is_empty())
    }

    /// What so many points are worth on the as-of day, exactly; `None` where the version then in force does not say, or the
    /// number is too large.
    pub fn yuan(&self, c: CurrencyIx, points: Decimal) -> Option<Decimal> {
        let each = jifen_plan::yuan_on(&self.compiled.plan, c, self.evaluation.as_of)?;
        points.mul(each).ok()
    }

    /// What is outstanding of a currency: how many accounts hold points and how many of them, how many owe and how much. Debts
    /// are not set off.
    pub fn outstanding(&self, c: CurrencyIx) -> Outstanding {
        let mut out = Outstanding::default();
        let all = self.evaluation.balances.iter();
        for b in all.filter(|b| b.currency == c) {
            let (count, sum) = match b.balance.is_negative() {
                true => (&mut out.debtors, &mut out.owed),
                false if b.balance.is_zero() => continue,
                false => (&mut out.holders, &mut out.held),
            };
            *count += 1;
            *sum = sum.and_then(|s| s.add(b.balance).ok());
        }
        out
    }

    /// What awards and spends cost by clause, or by who bears it, in order of those names.
    pub fn costs(&self, by_payer: bool) -> Vec<(String, Cost)> {
        let mut sums: BTreeMap<String, Cost> = BTreeMap::new();
        for w in &self.evaluation.worths {
            let says = self.compiled.plan.items.get(w.item.ix());
            let says = says.and_then(|i| i.worth).is_some_and(|w| w.by.is_some());
            let name = match (by_payer, &w.by) {
                (true, None) if says => self.lang.pick("（没有写）", "(not said)").to_owned(),
                (true, None) => continue,
                (true, Some(by)) => by.clone(),
                (false, _) => self.title(w.item),
            };
            let sum = sums.entry(name).or_default();
            sum.times += 1;
            sum.points = sum.points.and_then(|s| s.add(w.points).ok());
            match w.yuan {
                Some(yuan) => sum.yuan = sum.yuan.and_then(|s| s.add(yuan).ok()),
                None => sum.unknown += 1,
            }
        }
        sums.into_iter().collect()
    }
}
