//! 上限: what a cap lets through, which tally it counts in, and what that is charged (evaluation.md 4.7).

use jifen_data::StepDetail;
use jifen_plan::{Cap, CapMode, ExprId, Holder, TallyIx};
use jifen_quantity::Decimal;

use super::{FinalCharge, Progress, Run};
use crate::amount::passes;
use crate::error::Stop;
use crate::store::{Charge, HolderKey, Store, TallyKey};

impl<'w> Run<'w> {
    /// 上限, the `at`-th line.
    pub fn cap(
        &mut self,
        at: usize,
        cap: &'w Cap,
        progress: &mut Progress,
        store: &mut Store,
    ) -> Result<(), Stop> {
        let x = progress.running;
        progress.before_caps.get_or_insert(x);
        if !self.holds(cap.when)? {
            self.step(at, x, x, StepDetail::Skipped);
            return Ok(());
        }
        let tally = match cap.tally {
            None => None,
            Some(t) => {
                let plan = self.scalar.case.world.plan;
                Some((
                    t,
                    plan.tallies.get(t.ix()).ok_or(Stop::Plan("tally index"))?,
                ))
            }
        };
        let net = tally.is_some_and(|(_, t)| t.net);
        let idle = if cap.of_deduction {
            !x.is_negative()
        } else {
            x.is_zero() || (x.is_negative() && !net)
        };
        if idle {
            return Ok(());
        }
        let size = if cap.of_deduction {
            x.checked_neg()?
        } else {
            x
        };
        let key = tally.map(|(t, _)| self.tally_key(t, store)).transpose()?;
        let pieces = tally.and_then(|(_, t)| t.of);
        let pieces = pieces.map(|e| self.scalar.num(e)).transpose()?;
        if pieces.is_some_and(|n| !n.is_positive()) {
            return Ok(());
        }
        let used = key.as_ref().map_or(Ok(Decimal::ZERO), |k| store.used(k))?;
        let times = tally.is_some_and(|(_, t)| t.times);
        let (limit, passed) = if size.is_negative() || cap.counted_only {
            (used, size)
        } else {
            let limit = self.scalar.num(cap.limit)?;
            let passed = match pieces {
                Some(n) => counted(cap.mode, n, size, limit.sub(used)?),
                None => passes(cap.mode, times, size, limit, used)?,
            };
            (limit, passed)
        };
        progress.running = if cap.of_deduction {
            passed.checked_neg()?
        } else {
            passed
        };
        let charged = charge_of(passed, pieces, times, net);
        let step = self.steps.as_ref().map(Vec::len);
        self.step(
            at,
            x,
            progress.running,
            StepDetail::Capped {
                limit,
                used,
                charged,
            },
        );
        if let Some((key, (_, tally))) = key.zip(tally) {
            if tally.charge_final {
                let of_deduction = cap.of_deduction;
                progress.finals.push(FinalCharge {
                    key,
                    of_deduction,
                    pieces,
                    times,
                    net,
                    step,
                });
            } else {
                progress.charges.push(Charge {
                    key,
                    amount: charged,
                });
            }
        }
        Ok(())
    }

    /// 计 实得: charges what is posted at the end.
    pub fn charge_finals(&mut self, progress: &mut Progress) -> Result<(), Stop> {
        for f in std::mem::take(&mut progress.finals) {
            let posted = progress.running;
            let posted = if f.of_deduction {
                posted.checked_neg()?
            } else {
                posted
            };
            let amount = charge_of(posted, f.pieces, f.times, f.net);
            if let Some(step) = self
                .steps
                .as_mut()
                .zip(f.step)
                .and_then(|(s, i)| s.get_mut(i))
                && let StepDetail::Capped { charged, .. } = &mut step.detail
            {
                *charged = amount;
            }
            progress.charges.push(Charge { key: f.key, amount });
        }
        Ok(())
    }

    pub(super) fn tally_key(&mut self, ix: TallyIx, store: &mut Store) -> Result<TallyKey, Stop> {
        self.tally_key_with(ix, &[], store)
    }

    /// The tally of this award under the keys of its clause and those of its line.
    pub(crate) fn tally_key_with(
        &mut self,
        ix: TallyIx,
        more: &[ExprId],
        store: &mut Store,
    ) -> Result<TallyKey, Stop> {
        let plan = self.scalar.case.world.plan;
        let tally = plan.tallies.get(ix.ix()).ok_or(Stop::Plan("tally index"))?;
        let account = self.scalar.case.account;
        let holder = match tally.holder {
            Holder::Account => HolderKey::Account(self.holder.unwrap_or(account)),
            Holder::Everyone => HolderKey::Everyone,
            Holder::Group(attr) => {
                let (roster, day) = (account.roster, self.scalar.case.attr_day);
                let group = self
                    .scalar
                    .case
                    .attr(roster, Some(account.subject), attr, day)?;
                let roster = Decimal::from_int(i64::from(roster.0));
                let name = vec![jifen_plan::Value::Num(roster), group.to_value()];
                HolderKey::Group(store.intern(name))
            }
        };
        let mut values = Vec::with_capacity(tally.keys.len());
        for key in tally.keys.iter().chain(more) {
            values.push(self.scalar.eval(*key)?.to_value());
        }
        let keys = store.intern(values);
        let day = self.scalar.case.event_day;
        Ok(TallyKey {
            tally: ix,
            holder,
            keys,
            window: tally.window,
            day,
        })
    }
}

/// 计 数量: `n` pieces pass together with their points, or not at all.
fn counted(mode: CapMode, n: Decimal, size: Decimal, room: Decimal) -> Decimal {
    let fits = match mode {
        CapMode::LastThrough => room.is_positive(),
        CapMode::Clip | CapMode::Whole => n <= room,
    };
    if fits { size } else { Decimal::ZERO }
}

/// What a cap is charged for what passed: its pieces, its points, or one time for something above 0.
fn charge_of(passed: Decimal, pieces: Option<Decimal>, times: bool, net: bool) -> Decimal {
    if let Some(n) = pieces {
        return match passed.is_positive() {
            true => n,
            false => Decimal::ZERO,
        };
    }
    match (times, passed.is_positive()) {
        (true, true) => Decimal::ONE,
        (true, false) => Decimal::ZERO,
        (false, positive) if positive || net => passed,
        (false, _) => Decimal::ZERO,
    }
}
