//! S14: what a run gives to other accounts, and what stays with its own.

use jifen_plan::{Expr, Many, Pass, PassHow, RosterIx, Ty, Whose};
use jifen_quantity::Rounding;
use num_traits::{Signed, Zero};

use crate::caps::{self, Waiting};
use crate::eval::{Cx, Stop};
use crate::number::{N, fit, int, of, round_to, scaled};
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
        let mut others = Vec::new();
        let mut instead = None;
        for (ix, pass) in item.passes.iter().enumerate() {
            let mut cx = run.cx.clone();
            cx.running = award.clone();
            if pass.how == PassHow::Instead {
                let to = receivers(&cx, pass)?;
                instead = (!to.is_empty()).then_some((ix, pass, to));
            } else if award.is_positive() {
                others.extend(self.other(&cx, (ix, pass), &mut base, run.number)?);
            }
        }
        let mut all = match instead {
            None => vec![base],
            Some((ix, pass, to)) => self.instead(&run.cx, (ix, pass), &to, base, run.number)?,
        };
        all.append(&mut others);
        Ok(all)
    }

    /// 计入: the award, or an equal part of it, in each account; what equal parts leave over stays with the subject.
    fn instead(
        &mut self,
        cx: &Cx<'a>,
        (ix, pass): (usize, &Pass),
        to: &[(RosterIx, u32)],
        mut base: Share,
        run: usize,
    ) -> Result<Vec<Share>, Stop> {
        cx.note("计入他户");
        let (mut part, mut before) = (base.amount.clone(), base.before.clone());
        let mut rest = None;
        if let Some(many) = pass.many.filter(|m| m.equally) {
            cx.note("均分给几个人");
            let trims = fit(&before - &part)?;
            let trim = equal(&trims, to, many)?;
            part = equal(&base.amount, to, many)?;
            before = fit(&part + &trim)?;
            let n = heads(to);
            // What they get together is a result too (S34).
            let left = fit(&base.amount - fit(&part * &n)?)?;
            let over = fit(trims - fit(trim * n)?)?;
            if !(left.is_zero() && over.is_zero()) {
                cx.note("均分剩下的");
                rest = Some((left.clone(), fit(left + over)?));
            }
        }
        let mut all = Vec::new();
        for to in to {
            let amount = match part.is_positive() {
                true => self.limited(cx, pass, *to, part.clone(), run)?,
                false => part.clone(),
            };
            all.push(Share {
                account: (to.0.ix(), to.1),
                credit: base.credit.clone(),
                before: before.clone(),
                amount,
                by: Some(ix),
            });
        }
        if let Some((left, all_of_it)) = rest {
            (base.amount, base.before) = (left, all_of_it);
            all.push(base);
        }
        Ok(all)
    }

    /// 另计, or 转计, which takes from the award.
    fn other(
        &mut self,
        cx: &Cx<'a>,
        (ix, pass): (usize, &Pass),
        base: &mut Share,
        run: usize,
    ) -> Result<Vec<Share>, Stop> {
        if !cx.holds(pass.when)? {
            return Ok(Vec::new());
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
            return Ok(Vec::new());
        }
        let all = receivers(cx, pass)?;
        if all.is_empty() {
            cx.note("无则略过");
            return Ok(Vec::new());
        }
        if let Some(many) = pass.many {
            if many.equally {
                amount = equal(&amount, &all, many)?;
                cx.note("均分给几个人");
            } else if takes {
                amount = amount.min(equal(&base.amount, &all, many)?);
            }
            if amount.is_zero() {
                return Ok(Vec::new());
            }
        }
        let mut out = Vec::new();
        for to in all {
            let passed = self.limited(cx, pass, to, amount.clone(), run)?;
            if passed < amount {
                cx.note("转计限额");
            }
            cx.note(if takes { "转计" } else { "另计" });
            let mut before = amount.clone();
            if takes {
                base.amount = fit(&base.amount - &passed)?;
                base.before = fit(&base.before - &passed)?;
                before = passed.clone();
            }
            if !before.is_zero() {
                out.push(Share {
                    account: (to.0.ix(), to.1),
                    credit: pass.credit.clone(),
                    before,
                    amount: passed,
                    by: Some(ix),
                });
            }
        }
        Ok(out)
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
        let mark = self.history.len();
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
        caps::fits(&self.history, mark, &self.plan.tallies)?;
        Ok(cx.running)
    }
}

/// How many.
fn heads(to: &[(RosterIx, u32)]) -> N {
    int(i64::try_from(to.len()).unwrap_or(i64::MAX))
}

/// An equal part for each, to the step, towards 0.
fn equal(amount: &N, to: &[(RosterIx, u32)], many: Many) -> Result<N, Stop> {
    let step = many.step.map_or_else(|| scaled(1, 18), of);
    fit(round_to(&(amount / heads(to)), &step, Rounding::Down)?)
}

/// Whose accounts they are, in the order of ids; none: nobody is named, and the statement is skipped.
fn receivers(cx: &Cx, pass: &Pass) -> Result<Vec<(RosterIx, u32)>, Stop> {
    if pass.many.is_none() {
        return Ok(receiver(cx, pass)?.into_iter().collect());
    }
    let Ty::Subjects(roster) = cx.plan.exprs.ty(pass.to) else {
        return Err(Stop::Failed("not several"));
    };
    let ids = cx.several(pass.to)?;
    if ids.is_empty() && !pass.none_skips {
        return Err(match cx.plan.exprs.get(pass.to) {
            Expr::Attr(Whose::Own, attr) => cx.no_attr(cx.roster, *attr),
            _ => Stop::Failed("not an attribute"),
        });
    }
    let table = cx.rosters.table(roster);
    let name = cx.plan.rosters.get(roster.ix()).map_or("?", |r| &r.name);
    ids.iter()
        .map(|id| {
            let subject = table.and_then(|t| t.subject(id));
            subject
                .filter(|s| cx.is_there(roster, *s, cx.attr_day))
                .map(|s| (roster, s))
                .ok_or_else(|| Stop::Unknown(format!("not on roster {name}/{id}")))
        })
        .collect()
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
