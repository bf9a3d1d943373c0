//! What a run gives to other accounts and what stays with its own (S14): computed at its posting; it posts nothing itself.

use jifen_data::{Account, Missing, Received};
use jifen_plan::{Cap, CurrencyIx, Expr, Many, Pass, PassHow, RosterIx, Ty, Whose};
use jifen_quantity::{Decimal, Remainder, Rounding, split};

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
    /// The postings of an award, the subject's first, and what the caps of the others were charged.
    pub fn shares(
        &mut self,
        award: Decimal,
        before_caps: Decimal,
        store: &mut Store,
    ) -> Result<(Vec<Share<'w>>, Vec<Charge>), Stop> {
        let mut charges = Vec::new();
        match self.all_shares(award, before_caps, store, &mut charges) {
            Ok(shares) => Ok((shares, charges)),
            Err(stop) => {
                for c in &charges {
                    store.give_back(c)?;
                }
                Err(stop)
            }
        }
    }

    fn all_shares(
        &mut self,
        award: Decimal,
        before_caps: Decimal,
        store: &mut Store,
        charges: &mut Vec<Charge>,
    ) -> Result<Vec<Share<'w>>, Stop> {
        let item = self.item;
        let mut base = Share {
            account: self.scalar.case.account,
            credit: &item.credit,
            before_caps,
            amount: award,
            received: None,
        };
        let mut others = Vec::new();
        let mut instead = None;
        for (ix, pass) in (0_u16..).zip(&item.passes) {
            self.scalar.running = award;
            if pass.how == PassHow::Instead {
                let to = self.passes_to(pass)?;
                instead = (!to.is_empty()).then_some((ix, pass, to));
                continue;
            }
            if !award.is_positive() {
                continue;
            }
            others.extend(self.other(ix, pass, &mut base, store, charges)?);
        }
        let mut all = match instead {
            None => vec![base],
            Some((ix, pass, to)) => self.instead(ix, pass, &to, base, store, charges)?,
        };
        all.append(&mut others);
        Ok(all)
    }

    /// 计入: the award, or an equal part of it, in each account; what equal parts leave over stays with the subject.
    fn instead(
        &mut self,
        ix: u16,
        pass: &'w Pass,
        to: &[Account],
        base: Share<'w>,
        store: &mut Store,
        charges: &mut Vec<Charge>,
    ) -> Result<Vec<Share<'w>>, Stop> {
        let parts = Parts::of(pass, &base, to.len())?;
        let mut all = Vec::with_capacity(to.len().saturating_add(1));
        for account in to {
            let amount = match parts.amount.is_positive() {
                true => self.limited(pass, *account, parts.amount, store, charges)?,
                false => parts.amount,
            };
            all.push(Share {
                account: *account,
                credit: base.credit,
                before_caps: parts.before_caps,
                amount,
                received: Some(self.received(ix)),
            });
        }
        if !(parts.left.is_zero() && parts.left_before.is_zero()) {
            all.push(Share {
                before_caps: parts.left_before,
                amount: parts.left,
                ..base
            });
        }
        Ok(all)
    }

    /// 另计 or 转计; the latter takes from the award.
    fn other(
        &mut self,
        ix: u16,
        pass: &'w Pass,
        base: &mut Share<'w>,
        store: &mut Store,
        charges: &mut Vec<Charge>,
    ) -> Result<Vec<Share<'w>>, Stop> {
        if let Some(when) = pass.when
            && !self.scalar.yes(when)?
        {
            return Ok(Vec::new());
        }
        let mut asked = self.scalar.num(pass.amount)?;
        if let Some(p) = pass.round {
            asked = asked.round_to(p.step, p.mode)?;
        }
        let takes = pass.how == PassHow::On;
        if takes {
            asked = asked.min(base.amount);
        }
        if !asked.is_positive() {
            return Ok(Vec::new());
        }
        let to = self.passes_to(pass)?;
        match pass.many {
            Some(many) if many.equally => asked = equal_part(asked, to.len(), many)?,
            // Together they cannot take more than there is.
            Some(many) if takes => asked = asked.min(equal_part(base.amount, to.len(), many)?),
            _ => {}
        }
        let mut out = Vec::with_capacity(to.len());
        for account in to {
            if !asked.is_positive() {
                break;
            }
            let amount = self.limited(pass, account, asked, store, charges)?;
            let mut before_caps = asked;
            if takes {
                base.amount = base.amount.sub(amount)?;
                base.before_caps = base.before_caps.sub(amount)?;
                before_caps = amount;
                if amount.is_zero() {
                    continue;
                }
            }
            out.push(Share {
                account,
                credit: &pass.credit,
                before_caps,
                amount,
                received: Some(self.received(ix)),
            });
        }
        Ok(out)
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

    /// Whose accounts they are, in the order of ids; none: nobody is named, and the statement is skipped.
    fn passes_to(&mut self, pass: &Pass) -> Result<Vec<Account>, Stop> {
        if pass.many.is_some() {
            return self.several_to(pass);
        }
        let named = match self.scalar.named(pass.to) {
            Err(Stop::Unknown(_)) if pass.none_skips => return Ok(Vec::new()),
            named => named?,
        };
        self.there(named.roster, named.id, named.account)
            .map(|a| vec![a])
    }

    fn several_to(&mut self, pass: &Pass) -> Result<Vec<Account>, Stop> {
        let world = self.scalar.case.world;
        let Ty::Subjects(roster) = world.plan.exprs.ty(pass.to) else {
            return Err(Stop::Plan("not several"));
        };
        // Only attributes name several; who is on the roster has a list, be it empty.
        let ids = self.scalar.several(pass.to)?;
        if ids.is_empty() && !pass.none_skips {
            let own = self.scalar.case.account.roster;
            return Err(match world.plan.exprs.get(pass.to) {
                Expr::Attr(Whose::Own, attr) => Stop::Unknown(Missing::Attr(own, *attr)),
                _ => Stop::Plan("not an attribute"),
            });
        }
        let table = world.rosters.table(roster);
        let account = |id: &str| {
            let subject = table.and_then(|t| t.subject(id))?;
            Some(Account { roster, subject })
        };
        ids.iter()
            .map(|id| self.there(roster, id, account(id)))
            .collect()
    }

    /// Somebody who is named has to be on the roster.
    fn there(&self, roster: RosterIx, id: &str, named: Option<Account>) -> Result<Account, Stop> {
        let case = self.scalar.case;
        match named {
            Some(to) if case.world.is_present(to, case.attr_day) => Ok(to),
            _ => Err(Stop::Unknown(Missing::NotOnRoster(roster, id.to_owned()))),
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
        // At once: of several, the next one meets what this one has used of a cap of everybody.
        store.charge(&progress.charges)?;
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

/// What each of those gets to whom an award is credited instead, and what stays with the subject.
struct Parts {
    amount: Decimal,
    before_caps: Decimal,
    left: Decimal,
    left_before: Decimal,
}

impl Parts {
    /// Equal parts of the award and of what caps took off; otherwise all of it.
    fn of(pass: &Pass, base: &Share<'_>, heads: usize) -> Result<Parts, Stop> {
        let Some(many) = pass.many.filter(|m| m.equally) else {
            return Ok(Parts {
                amount: base.amount,
                before_caps: base.before_caps,
                left: Decimal::ZERO,
                left_before: Decimal::ZERO,
            });
        };
        let trims = base.before_caps.sub(base.amount)?;
        let amount = equal_part(base.amount, heads, many)?;
        let trim = equal_part(trims, heads, many)?;
        let heads = count(heads);
        let left = base.amount.sub(amount.mul(heads)?)?;
        let over = trims.sub(trim.mul(heads)?)?;
        Ok(Parts {
            amount,
            before_caps: amount.add(trim)?,
            left,
            left_before: left.add(over)?,
        })
    }
}

fn count(heads: usize) -> Decimal {
    Decimal::from_int(i64::try_from(heads).unwrap_or(i64::MAX))
}

/// One of so many equal parts, to the step, towards 0.
fn equal_part(amount: Decimal, heads: usize, many: Many) -> Result<Decimal, Stop> {
    if heads == 0 {
        return Ok(Decimal::ZERO);
    }
    let step = match many.step {
        Some(step) => step,
        None => Decimal::new(1, 18).ok_or(Stop::Plan("a step"))?,
    };
    let down = Remainder::Each(Rounding::Down);
    let one = split(
        amount.checked_abs()?,
        &[Decimal::ONE],
        count(heads),
        step,
        down,
    )?;
    let size = one.first().map_or(Decimal::ZERO, |s| s.amount);
    match amount.is_negative() {
        true => Ok(size.checked_neg()?),
        false => Ok(size),
    }
}
