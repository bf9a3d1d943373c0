//! The sweep's part in the life of points: opening lots, lots of awards, what falls due (S19).

use std::collections::{BTreeMap, BTreeSet};

use jifen_calendar::{Day, Instant};
use jifen_data::{Account, Lapse, LotSource, Undated};
use jifen_plan::{CurrencyIx, Loss, VersionIx};
use jifen_quantity::{Decimal, NumError};

use crate::error::{EngineError, Stop};
use crate::lots::{Brought, Fall, LotKey, LotState, Since, Use, account_dates};
use crate::store::Sums;
use crate::sweep::Sweeper;

/// What a lot is made from.
#[derive(Clone, Copy)]
pub(crate) struct LotMade {
    pub of: (Account, CurrencyIx),
    pub born: Instant,
    pub version: VersionIx,
    pub source: LotSource,
    pub brought: Option<Brought>,
}

impl Sweeper<'_, '_> {
    /// Openings stand before all else; their lots age from their days, and what is owed takes from them.
    pub fn open(&mut self, accounts: &[Account]) -> Result<(), EngineError> {
        let field = self.field;
        let plan = field.world.plan;
        let takeover = plan.versions.first().map_or(Day(0), |v| v.from).start();
        for account in accounts {
            let Some(opened) = field.openings.get(account) else {
                continue;
            };
            self.store.open(*account, &opened.sums);
            let mut owed = Vec::new();
            for (currency, day, amount) in &opened.lots {
                let of = (*account, *currency);
                if amount.is_negative() {
                    owed.push((of, *amount));
                    continue;
                }
                let made = LotMade {
                    of,
                    born: day.start(),
                    version: VersionIx(0),
                    source: LotSource::Opening,
                    brought: None,
                };
                self.add_lot(made, *amount, Since::Opened, takeover);
                self.used(of, *day, Use::Gain);
            }
            for (of, amount) in owed {
                let size = amount.checked_neg();
                let taken = size.and_then(|s| self.store.lots.take(of, s));
                taken.map_err(|_| EngineError::TotalsOverflow(of.1))?;
            }
        }
        if plan.currencies.iter().any(|c| !c.lives.is_empty()) {
            self.falls.extend(account_dates(plan, self.horizon()));
        }
        Ok(())
    }

    /// What an amount makes of the lots of its account: a gain pays what is owed and leaves a lot, whose name is given; a
    /// deduction takes.
    pub fn lots_of(
        &mut self,
        made: LotMade,
        before: Sums,
        amount: Decimal,
        spend: bool,
        now: Instant,
    ) -> Result<Option<LotKey>, Stop> {
        let mut key = None;
        if amount.is_positive() {
            let left = before.balance().and_then(|b| match b.is_negative() {
                true => amount.add(b),
                false => Ok(amount),
            });
            let left = left.map_err(|_| self.lots_too_large(made.of.1))?;
            if left.is_positive() {
                key = Some(self.add_lot(made, left, Since::Made, now));
            }
        } else if amount.is_negative() {
            let taken = (amount.checked_neg()).and_then(|t| self.store.lots.take(made.of, t));
            taken.map_err(|_| self.lots_too_large(made.of.1))?;
        }
        if amount.is_positive() {
            self.used(made.of, now.day(), Use::Gain);
        } else if spend {
            self.used(made.of, now.day(), Use::Spend);
        }
        Ok(key)
    }

    /// Of a huge lot something of finer points was taken: what is left of it cannot be held, though the balance can.
    pub fn lots_too_large(&mut self, currency: CurrencyIx) -> Stop {
        self.too_large = Some(currency);
        Stop::Plan("a lot that is too large")
    }

    pub fn used(&mut self, of: (Account, CurrencyIx), day: Day, what: Use) {
        let falls = self.store.lots.used(self.field.world.plan, of, day, what);
        let horizon = self.horizon();
        self.falls
            .extend(falls.into_iter().filter(|f| f.at.day() <= horizon));
    }

    pub fn add_lot(&mut self, made: LotMade, left: Decimal, since: Since, now: Instant) -> LotKey {
        let world = self.field.world;
        let lot = LotState {
            source: made.source,
            brought: made.brought,
            version: made.version,
            left,
        };
        let (key, falls) = self
            .store
            .lots
            .add(world.plan, made.of, made.born, lot, since, now);
        let horizon = self.horizon();
        self.falls
            .extend(falls.into_iter().filter(|f| f.at.day() <= horizon));
        key
    }

    /// The last day of interest: the as-of day, and a year more where an account is traced.
    fn horizon(&self) -> Day {
        let as_of = self.field.world.as_of;
        match self.field.traced {
            None => as_of,
            Some(_) => as_of.add_months(12),
        }
    }

    /// What falls due up to the horizon if nothing else happens. A forecast ends where a sum would be too large to be held.
    pub fn look_ahead(&mut self) -> (Vec<Lapse>, Vec<Undated>) {
        while !self.falls.is_empty() && self.fall().is_ok() {}
        let out = &mut self.out;
        (
            std::mem::take(&mut out.lapses),
            std::mem::take(&mut out.undated),
        )
    }

    /// The accounts whose balance keeps something from acting: as it was when the first of this instant was met.
    fn spared(&mut self, fall: &Fall) -> Result<BTreeSet<Account>, NumError> {
        let currency = self.field.world.plan.currencies.get(fall.currency.ix());
        let lives = currency.map_or(&[][..], |c| &c.lives);
        let mut out = BTreeSet::new();
        if lives.iter().all(|l| l.when.is_none()) {
            return Ok(out);
        }
        let when = lives.get(usize::from(fall.life)).and_then(|l| l.when);
        if self.met.0 != fall.at {
            self.met = (fall.at, BTreeMap::new());
        }
        for account in self.store.lots.concerned(fall) {
            let of = (account, fall.currency);
            let balance = match self.met.1.get(&of) {
                Some(balance) => *balance,
                None => self.store.sums(&of).balance()?,
            };
            self.met.1.insert(of, balance);
            if when.is_some_and(|w| !w.holds(balance)) {
                out.insert(account);
            }
        }
        Ok(out)
    }

    /// The next thing that falls due.
    pub fn fall(&mut self) -> Result<(), Stop> {
        let Some(fall) = self.falls.pop() else {
            return Ok(());
        };
        let world = self.field.world;
        if fall.lacks.is_some() {
            self.out
                .undated
                .extend(self.store.lots.undated(world.plan, &fall));
            return Ok(());
        }
        let too_large = |_: NumError| Stop::Plan("a sum that time works on");
        self.too_large = Some(fall.currency);
        let spared = self.spared(&fall).map_err(too_large)?;
        let fallen = self.store.lots.fall(world.plan, &fall, &spared);
        let (lost, again) = fallen.map_err(too_large)?;
        let life = world.plan.currencies.get(fall.currency.ix());
        let life = life.and_then(|c| c.lives.get(usize::from(fall.life)));
        let decayed = life.is_some_and(|l| l.loss != Loss::All);
        for l in lost.into_iter().filter(|l| l.amount.is_positive()) {
            let of = (l.account, fall.currency);
            self.store.lapse(of, decayed, l.amount).map_err(too_large)?;
            self.out.lapses.push(Lapse {
                account: l.account,
                currency: fall.currency,
                at: fall.at,
                decayed,
                day: l.key.day,
                source: l.source,
                amount: l.amount,
            });
        }
        self.too_large = None;
        let horizon = self.horizon();
        self.falls.extend(again.filter(|f| f.at.day() <= horizon));
        Ok(())
    }
}
