//! Stage 5: what an award or a spend moves, in its own account and in those that it reaches (S14, S20).

use jifen_calendar::Instant;
use jifen_data::{Account, LotSource, OutcomeKind, Posting, WorthLine};
use jifen_plan::CurrencyIx;
use jifen_quantity::{Decimal, NumError};

use crate::error::{Stop, failure};
use crate::fall::LotMade;
use crate::lots::{Brought, LotKey};
use crate::pass::Share;
use crate::run::{Progress, Run};
use crate::store::{Charge, Sums, ToPost};
use crate::sweep::{Event, Sweeper};

/// A lot of an account.
type LotOf = ((Account, CurrencyIx), LotKey);

/// What a posting found, and what the floor waived of it.
type Moved = (Sums, Decimal);

impl<'w> Sweeper<'w, '_> {
    /// Posts what the caps let through; all of it or, where something is unknown or too large, nothing.
    pub fn post(
        &mut self,
        event: &Event,
        mut run: Run<'w>,
        progress: &Progress,
        (at, phase): (Instant, u8),
        partner: Option<&mut Self>,
    ) -> Result<(), Stop> {
        if let Some(give) = run.item.give {
            return self.transfer(event, run, progress, (at, phase), give, partner);
        }
        let prepared = self.prepare(&mut run, progress);
        let (shares, charges) = match prepared {
            Ok(prepared) => prepared,
            Err(stop) => {
                self.give_back(&progress.charges)?;
                return self.stopped(event, run, stop);
            }
        };
        let moved = match self.move_all(&run, &shares)? {
            Ok(moved) => moved,
            Err(e) => {
                self.give_back(&progress.charges)?;
                self.give_back(&charges)?;
                return self.outcome(event, run, OutcomeKind::Failed(failure(e)));
            }
        };
        if let Some((key, value)) = &progress.stood {
            self.store.stand(key, *value);
        }
        if let Some((yuan, by)) = &progress.worth {
            let case = &run.scalar.case;
            self.out.worths.push(WorthLine {
                account: event.account,
                item: event.item,
                origin: case.origin,
                day: case.event_day,
                points: progress.running,
                yuan: *yuan,
                by: by.clone(),
            });
        }
        self.emit(event, run, &shares, &moved, (at, phase))
    }

    /// What goes where; the caps of what others receive are charged.
    fn prepare(
        &mut self,
        run: &mut Run<'w>,
        progress: &Progress,
    ) -> Result<(Vec<Share<'w>>, Vec<Charge>), Stop> {
        let amount = progress.running;
        let before_caps = progress.before_caps.unwrap_or(amount);
        if run.item.spend.is_some() {
            let share = Share {
                account: run.scalar.case.account,
                credit: &run.item.credit,
                before_caps: before_caps.checked_neg()?,
                amount: amount.checked_neg()?,
                received: None,
            };
            return Ok((vec![share], Vec::new()));
        }
        run.shares(amount, before_caps, &mut self.store)
    }

    fn give_back(&mut self, charges: &[Charge]) -> Result<(), Stop> {
        for c in charges {
            self.store.give_back(c)?;
        }
        Ok(())
    }

    /// Moves everything or nothing.
    fn move_all(
        &mut self,
        run: &Run<'w>,
        shares: &[Share<'w>],
    ) -> Result<Result<Vec<Moved>, NumError>, Stop> {
        let world = self.field.world;
        let spends = run.item.spend.is_some();
        let mut postings = Vec::with_capacity(shares.len());
        for share in shares {
            for c in share.credit {
                let currency = world.plan.currencies.get(c.ix());
                let currency = currency.ok_or(Stop::Plan("currency index"))?;
                postings.push(ToPost {
                    of: (share.account, *c),
                    floor: currency.floor,
                    ceiling: currency.ceiling,
                    before_caps: share.before_caps,
                    amount: share.amount,
                });
            }
        }
        if !spends {
            return Ok(self.store.post(&postings));
        }
        let mut moved = Vec::with_capacity(postings.len());
        for p in &postings {
            let before = self.store.sums(&p.of);
            let taken = p.amount.checked_neg();
            if let Err(e) = taken.and_then(|t| self.store.spend(p.of, t)) {
                return Ok(Err(e));
            }
            moved.push((before, Decimal::ZERO));
        }
        Ok(Ok(moved))
    }

    /// Writes the postings down, with the lots that they make or take from.
    fn emit(
        &mut self,
        event: &Event,
        run: Run<'w>,
        shares: &[Share<'w>],
        moved: &[Moved],
        (at, phase): (Instant, u8),
    ) -> Result<(), Stop> {
        self.out.scored += 1;
        let first = self.out.postings.len();
        let mut late = Vec::new();
        let all = shares
            .iter()
            .flat_map(|s| s.credit.iter().map(move |c| (s, *c)));
        for ((share, currency), (before, waived)) in all.zip(moved) {
            let made = self.lots_made(event, &run, (share, *waived), currency, *before, at)?;
            late.extend(made);
            let posting = Posting {
                account: share.account,
                currency,
                item: event.item,
                origin: run.scalar.case.origin,
                day: run.scalar.case.event_day,
                posted: at,
                before_caps: share.before_caps,
                amount: share.amount,
                waived: *waived,
                received: share.received,
            };
            self.emitted(event, posting, phase);
        }
        let day = run.scalar.case.attr_day;
        for (lot, brought) in late {
            self.after_him(lot, brought, (day, at))?;
        }
        if run.steps.is_some() {
            let postings = self.out.postings.iter().skip(first);
            let postings = postings.map(|e| e.posting.clone()).collect();
            self.record(run, postings, None);
        }
        Ok(())
    }

    /// The lot that is made where an attribute says to whom, and who brought it.
    fn lots_made(
        &mut self,
        event: &Event,
        run: &Run<'w>,
        (share, waived): (&Share<'w>, Decimal),
        currency: CurrencyIx,
        before: Sums,
        at: Instant,
    ) -> Result<Option<(LotOf, Brought)>, Stop> {
        let of = (share.account, currency);
        if !self.field.world.lived(currency) {
            return Ok(None);
        }
        let brought = run.brought(share);
        let made = LotMade {
            of,
            born: run.scalar.case.born(),
            version: run.item.version,
            source: LotSource::Award(event.item, run.scalar.case.origin),
            brought,
        };
        let spends = run.item.spend.is_some();
        // What the floor or the ceiling kept moved nothing.
        let amount = share.amount.add(waived)?;
        let key = self.lots_of(made, before, amount, spends, at)?;
        Ok(key.map(|k| (of, k)).zip(brought))
    }
}
