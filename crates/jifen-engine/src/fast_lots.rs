//! Lots of one account on mantissas, for points that lapse once at an age: they are used and lapse in the order in which they were
//! earned, so that two places in one list are all there is to know.

use jifen_calendar::{Day, Instant};
use jifen_data::{Account, Chunk, FactRef, Lapse, Lot, LotSource, Origin};
use jifen_plan::{Currency, CurrencyIx, ItemIx, KindIx, Loss, Plan, UseOrder};
use jifen_quantity::Decimal;

use crate::lots::{due_once, kept};

/// How the points of a currency lapse.
#[derive(Debug)]
pub(crate) struct FastLife {
    currency: CurrencyIx,
    plan: Currency,
    loss: Loss,
    /// When it acts on a lot, for each day from the first on.
    dues: Vec<i64>,
}

impl FastLife {
    /// `None` where lots may lapse in another order, more than once, or by what versions say differently.
    pub fn new(plan: &Plan, ix: CurrencyIx, days: (Day, Day)) -> Option<FastLife> {
        let currency = plan.currencies.get(ix.ix())?;
        let first = currency.lives.first()?;
        let alike = |l: &jifen_plan::Life| (l.due, l.loss, l.when) == (first.due, first.loss, None);
        let mut versions: Vec<_> = currency.lives.iter().map(|l| l.version).collect();
        versions.sort_unstable();
        versions.dedup();
        // One life in each version, and the same in all.
        let one_each = versions.len() == plan.versions.len();
        if currency.order == UseOrder::Newest
            || !currency.lives.iter().all(alike)
            || !one_each
            || currency.lives.len() != versions.len()
        {
            return None;
        }
        let due = |d| due_once(plan, first, Day(d)).map(|at| at.0);
        Some(FastLife {
            currency: ix,
            plan: currency.clone(),
            loss: first.loss,
            dues: (days.0.0..=days.1.0).map(due).collect::<Option<_>>()?,
        })
    }

    /// It takes a part, not everything.
    pub fn decays(&self) -> bool {
        self.loss != Loss::All
    }
}

#[derive(Clone, Copy, Debug)]
struct FastLot {
    day: i32,
    due: i64,
    left: i64,
    row: u32,
    kind: KindIx,
    item: ItemIx,
}

impl FastLot {
    fn source(&self) -> LotSource {
        let fact = FactRef {
            kind: self.kind,
            row: self.row,
        };
        LotSource::Award(self.item, Origin::Fact(fact))
    }
}

/// The lots of an account in one currency, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct FastLots {
    lots: Vec<FastLot>,
    /// What stands before is used up.
    head: usize,
    /// The first that has not lapsed.
    next: usize,
}

impl FastLots {
    /// For the next account.
    pub fn clear(&mut self) {
        self.lots.clear();
        (self.head, self.next) = (0, 0);
    }

    /// What a fact earned on a day (the so-manieth that the life knows).
    pub fn add(
        &mut self,
        life: &FastLife,
        (day, place): (Day, usize),
        item: ItemIx,
        (kind, row): (KindIx, u32),
        left: i64,
    ) -> Option<()> {
        self.lots.push(FastLot {
            day: day.0,
            due: *life.dues.get(place)?,
            left,
            row,
            kind,
            item,
        });
        Some(())
    }

    /// Takes an amount from the oldest on, as far as they reach.
    pub fn take(&mut self, amount: i64) {
        let mut rest = amount;
        while rest > 0 {
            let Some(lot) = self.lots.get_mut(self.head) else {
                return;
            };
            let part = rest.min(lot.left);
            lot.left -= part;
            rest -= part;
            if lot.left == 0 {
                self.head += 1;
            }
        }
    }

    /// Lets everything happen that is due by an instant; gives what was lost.
    pub fn lapse(
        &mut self,
        life: &FastLife,
        account: Account,
        scale: u8,
        by: i64,
        lapses: &mut Chunk<Lapse>,
    ) -> Option<i64> {
        let mut lost = 0_i64;
        while let Some(lot) = self.lots.get_mut(self.next) {
            if lot.due > by {
                break;
            }
            self.next += 1;
            if lot.left == 0 {
                continue;
            }
            let left = Decimal::new(i128::from(lot.left), scale)?;
            let kept = kept(&life.plan, life.loss, left).ok()?;
            let kept = i64::try_from(kept.rescale(scale)?).ok()?;
            let amount = lot.left.checked_sub(kept)?;
            lot.left = kept;
            lost = lost.checked_add(amount)?;
            if amount > 0 {
                lapses.push(&Lapse {
                    account,
                    currency: life.currency,
                    at: Instant(lot.due),
                    decayed: life.decays(),
                    day: Day(lot.day),
                    source: lot.source(),
                    amount: Decimal::new(i128::from(amount), scale)?,
                });
            }
        }
        // What lapsed whole is used up, too.
        while self.lots.get(self.head).is_some_and(|l| l.left == 0) {
            self.head += 1;
        }
        Some(lost)
    }

    /// What is left.
    pub fn close(
        &self,
        currency: CurrencyIx,
        account: Account,
        scale: u8,
        out: &mut Chunk<Lot>,
    ) -> Option<()> {
        for lot in self.lots.iter().skip(self.head).filter(|l| l.left > 0) {
            out.push(&Lot {
                account,
                currency,
                day: Day(lot.day),
                source: lot.source(),
                left: Decimal::new(i128::from(lot.left), scale)?,
            });
        }
        Some(())
    }
}
