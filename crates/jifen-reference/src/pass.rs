//! S14: what a run gives to other accounts, and what stays with its own.

use jifen_plan::{Pass, PassHow, RosterIx};
use num_traits::{Signed, Zero};

use crate::caps::{self, Waiting};
use crate::eval::{Cx, Stop};
use crate::number::{N, fit, of, round_to};
use crate::run::{Office, Run};

/// One posting to come.
pub struct Share {
    /// Roster and code of the account.
    pub account: (usize, u32),
    /// Which currencies.
    pub credit: Vec<jifen_plan::CurrencyIx>,
    /// What it would be without caps.
    pub before: N,
    /// What it is.
    pub amount: N,
    /// Which pass gives it; none: the account's own award.
    pub by: Option<usize>,
}

impl<'a> Office<'a> {
    /// All postings of an award: the award itself first, then what is credited also and passed on, as written.
    pub fn shares(&mut self, run: &Run<'a>, item: &jifen_plan::Item) -> Result<Vec<Share>, Stop> {
        let award = run.running.value.clone();
        let before = run.before_caps.clone().unwrap_or_else(|| award.clone());
        let mut base = Share {
            account: (run.cx.roster.ix(), run.cx.subject),
            credit: item.credit.clone(),
            before,
            amount: award.clone(),
            by: None,
        };
        let mark = self.history.len();
        let mut others = Vec::new();
        let mut instead = None;
        for (ix, pass) in item.passes.iter().enumerate() {
            let mut cx = run.cx.clone();
            cx.running = award.clone();
            if pass.how == PassHow::Instead {
                instead = receiver(&cx, pass)?.map(|to| (ix, pass, to));
            } else if award.is_positive() {
                others.extend(self.other(&cx, (ix, pass), &mut base, run.number)?);
            }
        }
        if let Some((ix, pass, to)) = instead {
            run.cx.note("计入他户");
            (base.account, base.by) = ((to.0.ix(), to.1), Some(ix));
            if base.amount.is_positive() {
                let amount = base.amount.clone();
                base.amount = self.limited(&run.cx, pass, to, amount, run.number)?;
            }
        }
        caps::fits(&self.history, mark, &self.plan.tallies)?;
        others.insert(0, base);
        Ok(others)
    }

    /// 另计, or 转计, which takes from the award.
    fn other(
        &mut self,
        cx: &Cx<'a>,
        (ix, pass): (usize, &Pass),
        base: &mut Share,
        run: usize,
    ) -> Result<Option<Share>, Stop> {
        if !cx.holds(pass.when)? {
            return Ok(None);
        }
        let mut amount = cx.num(pass.amount)?;
        if let Some(p) = pass.round {
            amount = fit(round_to(&amount, &of(p.step), p.mode)?)?;
        }
        let takes = pass.how == PassHow::On;
        if takes {
            amount = amount.min(base.amount.clone());
        }
        if !amount.is_positive() {
            return Ok(None);
        }
        let Some(to) = receiver(cx, pass)? else {
            cx.note("无则略过");
            return Ok(None);
        };
        let passed = self.limited(cx, pass, to, amount.clone(), run)?;
        if passed < amount {
            cx.note("转计限额");
        }
        cx.note(if takes { "转计" } else { "另计" });
        if takes {
            base.amount = fit(&base.amount - &passed)?;
            base.before = fit(&base.before - &passed)?;
            amount = passed.clone();
        }
        Ok((!amount.is_zero()).then(|| Share {
            account: (to.0.ix(), to.1),
            credit: pass.credit.clone(),
            before: amount,
            amount: passed,
            by: Some(ix),
        }))
    }

    /// The caps of what another account receives.
    fn limited(
        &mut self,
        cx: &Cx<'a>,
        pass: &Pass,
        to: (RosterIx, u32),
        amount: N,
        run: usize,
    ) -> Result<N, Stop> {
        let mut cx = cx.clone();
        cx.holder = Some(to);
        cx.running = amount;
        let mut waiting: Vec<Waiting> = Vec::new();
        for cap in &pass.caps {
            cx.running = caps::cap(&cx, cap, run, &mut self.history, &mut waiting)?;
        }
        for w in waiting {
            self.history.push(w.settle(&cx.running));
        }
        Ok(cx.running)
    }
}

/// Whose account it is; none: nobody is named, and the statement is skipped.
fn receiver(cx: &Cx, pass: &Pass) -> Result<Option<(RosterIx, u32)>, Stop> {
    let (roster, id, found) = match cx.named(pass.to) {
        Err(Stop::Unknown(_)) if pass.none_skips => return Ok(None),
        named => named?,
    };
    if let Some(subject) = found.filter(|s| cx.is_there(roster, *s, cx.attr_day)) {
        return Ok(Some((roster, subject)));
    }
    let roster = cx.plan.rosters.get(roster.ix()).map_or("?", |r| &r.name);
    Err(Stop::Unknown(format!("not on roster {roster}/{id}")))
}
