//! What a run gives to other accounts and what stays with its own (S14): computed at its posting; it posts nothing itself.

use jifen_data::{Account, Missing, Received};
use jifen_plan::{Cap, CurrencyIx, Expr, Pass, PassHow, Whose};
use jifen_quantity::Decimal;

use crate::error::Stop;
use crate::lots::Brought;
use crate::run::{Progress, Run};
use crate::store::{Charge, Store};

/// One posting to come, in each of its currencies.
pub(crate) struct Share<'w> {
    pub account: Account,
    pub credit: &'w [CurrencyIx],
    /// Without caps.
    pub before_caps: Decimal,
    pub amount: Decimal,
    /// Where it comes from, unless it is the account's own award.
    pub received: Option<Received>,
}

impl<'w> Run<'w> {
    /// The postings of an award, the subject's first, and what the caps of the others are charged.
    pub fn shares(
        &mut self,
        award: Decimal,
        before_caps: Decimal,
        store: &mut Store,
    ) -> Result<(Vec<Share<'w>>, Vec<Charge>), Stop> {
        let item = self.item;
        let mut base = Share {
            account: self.scalar.case.account,
            credit: &item.credit,
            before_caps,
            amount: award,
            received: None,
        };
        let mut charges = Vec::new();
        let mut others = Vec::new();
        let mut instead = None;
        for (ix, pass) in (0_u16..).zip(&item.passes) {
            self.scalar.running = award;
            if pass.how == PassHow::Instead {
                instead = self.passes_to(pass)?.map(|to| (ix, pass, to));
                continue;
            }
            if !award.is_positive() {
                continue;
            }
            others.extend(self.other(ix, pass, &mut base, store, &mut charges)?);
        }
        if let Some((ix, pass, to)) = instead {
            base.received = Some(self.received(ix));
            base.account = to;
            if base.amount.is_positive() {
                base.amount = self.limited(pass, to, base.amount, store, &mut charges)?;
            }
        }
        others.insert(0, base);
        Ok((others, charges))
    }

    /// 另计 or 转计; the latter takes from the award.
    fn other(
        &mut self,
        ix: u16,
        pass: &'w Pass,
        base: &mut Share<'w>,
        store: &mut Store,
        charges: &mut Vec<Charge>,
    ) -> Result<Option<Share<'w>>, Stop> {
        if let Some(when) = pass.when
            && !self.scalar.yes(when)?
        {
            return Ok(None);
        }
        let mut asked = self.scalar.num(pass.amount)?;
        if let Some(p) = pass.round {
            asked = asked.round_to(p.step, p.mode)?;
        }
        if pass.how == PassHow::On {
            asked = asked.min(base.amount);
        }
        if !asked.is_positive() {
            return Ok(None);
        }
        let Some(account) = self.passes_to(pass)? else {
            return Ok(None);
        };
        let amount = self.limited(pass, account, asked, store, charges)?;
        let mut before_caps = asked;
        if pass.how == PassHow::On {
            base.amount = base.amount.sub(amount)?;
            base.before_caps = base.before_caps.sub(amount)?;
            before_caps = amount;
            if amount.is_zero() {
                return Ok(None);
            }
        }
        Ok(Some(Share {
            account,
            credit: &pass.credit,
            before_caps,
            amount,
            received: Some(self.received(ix)),
        }))
    }

    /// Who brings what a share gives, where an attribute of his says to whom.
    pub fn brought(&self, share: &Share<'w>) -> Option<Brought> {
        let received = share.received?;
        let pass = self.item.passes.get(usize::from(received.by?))?;
        match self.scalar.case.world.plan.exprs.get(pass.to) {
            Expr::Attr(Whose::Own, attr) => Some(Brought {
                member: received.from,
                attr: *attr,
            }),
            _ => None,
        }
    }

    fn received(&self, by: u16) -> Received {
        Received {
            from: self.scalar.case.account,
            by: Some(by),
        }
    }

    /// Whose account it is; `None`: nobody is named, and the statement is skipped.
    fn passes_to(&mut self, pass: &Pass) -> Result<Option<Account>, Stop> {
        let named = match self.scalar.named(pass.to) {
            Err(Stop::Unknown(_)) if pass.none_skips => return Ok(None),
            named => named?,
        };
        let case = self.scalar.case;
        match named.account {
            Some(to) if case.world.is_present(to, case.attr_day) => Ok(Some(to)),
            _ => {
                let id = named.id.to_owned();
                Err(Stop::Unknown(Missing::NotOnRoster(named.roster, id)))
            }
        }
    }

    /// What the caps of a pass let through; their tallies are held by the account that receives.
    fn limited(
        &mut self,
        pass: &'w Pass,
        to: Account,
        amount: Decimal,
        store: &mut Store,
        charges: &mut Vec<Charge>,
    ) -> Result<Decimal, Stop> {
        if pass.caps.is_empty() {
            return Ok(amount);
        }
        let mut progress = Progress::of(amount);
        let steps = self.steps.take();
        self.holder = Some(to);
        let result = self.caps(&pass.caps, &mut progress, store);
        self.holder = None;
        self.steps = steps;
        result?;
        charges.append(&mut progress.charges);
        Ok(progress.running)
    }

    /// Caps that stand outside the lines of the item.
    fn caps(
        &mut self,
        caps: &'w [Cap],
        progress: &mut Progress,
        store: &mut Store,
    ) -> Result<(), Stop> {
        for cap in caps {
            self.scalar.running = progress.running;
            self.cap(0, cap, progress, store)?;
        }
        self.charge_finals(progress)
    }
}
