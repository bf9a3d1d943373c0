//! What an account holds, and what deductions and spends may take of it (S20, S22).

use jifen_plan::{Currency, Floor, Item, Spend};
use num_traits::{Signed, Zero};

use crate::eval::Stop;
use crate::number::{N, add, fit, of};
use crate::run::{Office, Run};

/// What one account holds in one currency.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Opening.
    pub opening: N,
    /// Gains.
    pub earned: N,
    /// What deductions took.
    pub deducted: N,
    /// What the floor waived.
    pub waived: N,
    /// What caps trimmed.
    pub trimmed: N,
    /// What spends took.
    pub spent: N,
    /// What was received by transfers.
    pub received: N,
    /// What was given by transfers.
    pub given: N,
    /// What expired.
    pub expired: N,
    /// What decayed.
    pub decayed: N,
}

impl Account {
    /// Both.
    pub fn add(&mut self, other: &Account) {
        for (sum, part) in self.sums().into_iter().zip(other.clone().sums()) {
            add(sum, part);
        }
    }

    /// What is new since then.
    pub fn since(&self, before: &Account) -> Account {
        let mut change = self.clone();
        for (sum, part) in change.sums().into_iter().zip(before.clone().sums()) {
            add(sum, &-&*part);
        }
        change
    }

    fn sums(&mut self) -> [&mut N; 10] {
        [
            &mut self.opening,
            &mut self.earned,
            &mut self.deducted,
            &mut self.waived,
            &mut self.trimmed,
            &mut self.spent,
            &mut self.received,
            &mut self.given,
            &mut self.expired,
            &mut self.decayed,
        ]
    }

    /// S22.
    pub fn balance(&self) -> N {
        let mut sum = self.opening.clone();
        for up in [&self.earned, &self.received] {
            add(&mut sum, up);
        }
        let taken = [&self.deducted, &self.spent, &self.given];
        for down in taken.into_iter().chain([&self.expired, &self.decayed]) {
            add(&mut sum, &-down);
        }
        sum
    }

    /// 累计: what was taken over and what was awarded; deductions, spends, gifts and time take nothing of it, and what was
    /// received is no award.
    pub fn awarded(&self) -> N {
        self.opening.clone().max(N::zero()) + &self.earned
    }

    /// What a spend may take: never below 0, nor below the floor (S20).
    fn available(&self, floor: Floor) -> N {
        let least = match floor {
            Floor::At(f) => of(f).max(N::zero()),
            Floor::Negative | Floor::Owed => N::zero(),
        };
        (self.balance() - least).max(N::zero())
    }

    /// After a spend.
    pub fn less(mut self, taken: &N) -> Result<Account, Stop> {
        self.spent += taken;
        fit(self.spent.clone())?;
        fit(self.balance())?;
        Ok(self)
    }

    /// After giving.
    pub fn gives(mut self, taken: &N) -> Result<Account, Stop> {
        self.given += taken;
        fit(self.given.clone())?;
        fit(self.balance())?;
        Ok(self)
    }

    /// After receiving.
    pub fn receives(mut self, amount: &N) -> Result<Account, Stop> {
        self.received += amount;
        fit(self.received.clone())?;
        fit(self.balance())?;
        Ok(self)
    }

    /// After a posting, and what the floor waived of it (S20), or the ceiling kept off (below 0).
    pub fn after(mut self, c: &Currency, before: &N, amount: &N) -> Result<(Account, N), Stop> {
        let floor = c.floor;
        let mut waived = N::zero();
        if amount.is_negative() {
            if let Floor::At(floor) = floor {
                let takes = (self.balance() - of(floor)).max(N::zero());
                waived = fit((-amount - takes).max(N::zero()))?;
            }
            self.deducted += -amount - &waived;
            self.waived += &waived;
        } else {
            let mut passed = amount.clone();
            if let Some(most) = c.ceiling {
                passed = fit(passed.min((of(most) - self.balance()).max(N::zero())))?;
            }
            waived = fit(&passed - amount)?;
            self.earned += &passed;
            if before.is_positive() {
                self.trimmed += fit(before - &passed)?;
            }
        }
        for sum in [&self.earned, &self.deducted, &self.waived, &self.trimmed] {
            fit(sum.clone())?;
        }
        fit(self.balance())?;
        Ok((self, waived))
    }
}

impl<'a> Office<'a> {
    /// S20: what a spend takes becomes the running value; or why it is refused.
    pub fn cover(
        &self,
        run: &mut Run<'a>,
        item: &Item,
        mode: Spend,
    ) -> Result<Option<String>, Stop> {
        let passed = run.running.value.clone();
        let asked = run.before_caps.get_or_insert(passed.clone()).clone();
        if !asked.is_positive() {
            run.cx.note("无一句生效");
            return Ok(Some("no-amount|".to_owned()));
        }
        if !passed.is_positive() {
            run.cx.note("超限拒付");
            return Ok(Some(format!("over-cap|{}", crate::number::text(&asked))));
        }
        let mut had = N::zero();
        for c in &item.credit {
            let key = (run.cx.roster.ix(), run.cx.subject, c.ix());
            let account = self.accounts.get(&key).cloned().unwrap_or_default();
            let floor = self
                .plan
                .currencies
                .get(c.ix())
                .map_or(Floor::Owed, |c| c.floor);
            had = account.available(floor);
        }
        let covered = match mode {
            Spend::Honoured => true,
            Spend::AllOrNothing => passed <= had,
            Spend::Partial => had.is_positive(),
        };
        if !covered {
            run.cx.note("不足拒付");
            let (asked, had) = (crate::number::text(&passed), crate::number::text(&had));
            return Ok(Some(format!("not-covered|{asked},{had}")));
        }
        run.cx.note(match mode {
            Spend::Honoured => "已兑付",
            Spend::AllOrNothing => "全额支用",
            Spend::Partial => "部分支用",
        });
        if mode == Spend::Partial && had < passed {
            run.running.value = had;
        }
        Ok(None)
    }
}
