//! Transfers in the sweep: who receives, and both sides of what moves (S21).

use jifen_calendar::Instant;
use jifen_data::{Account, LotSource, OutcomeKind, Posting, Received, Receiver};
use jifen_plan::{CurrencyIx, Give};
use jifen_quantity::{Decimal, NumError};

use crate::error::{Stop, failure};
use crate::fall::LotMade;
use crate::lots::{Lost, Since, Use};
use crate::run::{Halt, Progress, Run};
use crate::store::Sums;
use crate::sweep::{Emitted, Event, Id, Sweeper};

impl Run<'_> {
    /// Who receives, or why nobody does.
    pub fn receiver(&mut self, give: Give) -> Result<Account, Halt> {
        let found = self.scalar.named(give.to)?.account;
        let case = self.scalar.case;
        match found.filter(|a| case.world.is_present(*a, case.event_day)) {
            None => Err(Halt::Refused(OutcomeKind::NoReceiver(Receiver::Absent))),
            Some(to) if to == case.account => {
                Err(Halt::Refused(OutcomeKind::NoReceiver(Receiver::Giver)))
            }
            Some(to) => Ok(to),
        }
    }
}

/// What reaches a receiver.
pub(crate) struct Gift {
    posting: Posting,
    phase: u8,
    /// The receiver's sums after it.
    sums: Sums,
    /// What the receiver owed before, at most 0.
    debt: Decimal,
    /// Lots that gave; none where dates are renewed.
    parts: Vec<Lost>,
    made: LotMade,
    give: Give,
}

impl<'w> Sweeper<'w, '_> {
    /// Both sides of a transfer; the receiver may be swept elsewhere, and stands at the same moment.
    pub fn transfer(
        &mut self,
        event: &Event,
        run: Run<'w>,
        progress: &Progress,
        (at, phase): (Instant, u8),
        give: Give,
        partner: Option<&mut Self>,
    ) -> Result<(), Stop> {
        let world = self.field.world;
        let missing = Stop::Plan("a transfer without currency or receiver");
        let (Some(currency), Some(to)) = (run.item.credit.first(), progress.receiver) else {
            return Err(missing);
        };
        let (from, of) = ((event.account, *currency), (to, *currency));
        let theirs = partner.as_deref().map_or(&self.store, |p| &p.store);
        let moved = self.sides(from, theirs.sums(&of), progress.running);
        let (giver, receiver, debt) = match moved {
            Ok(sides) => sides,
            Err(e) => {
                for c in &progress.charges {
                    self.store.give_back(c)?;
                }
                return self.outcome(event, run, OutcomeKind::Failed(failure(e)));
            }
        };
        self.store.set(from, giver);
        self.out.scored += 1;
        let mut parts = Vec::new();
        if world.lived(*currency) {
            let taken = self.store.lots.take(from, progress.running);
            parts = taken.map_err(|_| self.lots_too_large(*currency))?;
            if give.uses {
                self.used(from, at.day(), Use::Spend);
            }
        }
        let asked = progress.before_caps.unwrap_or(progress.running);
        let posting = Posting {
            account: event.account,
            currency: *currency,
            item: event.item,
            origin: run.scalar.case.origin,
            day: run.scalar.case.event_day,
            posted: at,
            before_caps: asked.checked_neg()?,
            amount: progress.running.checked_neg()?,
            waived: Decimal::ZERO,
            received: None,
        };
        let gift = Gift {
            posting: Posting {
                account: to,
                before_caps: progress.running,
                amount: progress.running,
                received: Some(Received {
                    from: event.account,
                    by: None,
                }),
                ..posting.clone()
            },
            phase,
            sums: receiver,
            debt,
            parts: if give.keeps_dates { parts } else { Vec::new() },
            made: LotMade {
                of,
                born: run.scalar.case.born(),
                version: run.item.version,
                source: LotSource::Award(event.item, run.scalar.case.origin),
                // A gift is the receiver's, whoever of the giver's people had earned it.
                brought: None,
            },
            give,
        };
        let id = Id::of(event, world);
        self.out.postings.push(Emitted {
            posting: posting.clone(),
            phase,
            id,
        });
        if run.steps.is_some() {
            self.record(run, vec![posting, gift.posting.clone()], None);
        }
        match partner {
            Some(partner) => partner.receive(gift, id),
            None => self.receive(gift, id),
        }
    }

    /// The sums of both sides after it, and what the receiver owed before, at most 0.
    fn sides(
        &self,
        from: (Account, CurrencyIx),
        theirs: Sums,
        amount: Decimal,
    ) -> Result<(Sums, Sums, Decimal), NumError> {
        let giver = self.store.sums(&from).gives(amount)?;
        let debt = theirs.balance()?.min(Decimal::ZERO);
        Ok((giver, theirs.receives(amount)?, debt))
    }

    /// What is received pays what is owed; the rest keeps its days, or is one lot of today.
    fn receive(&mut self, gift: Gift, id: Id<'w>) -> Result<(), Stop> {
        let (of, at) = (gift.made.of, gift.posting.posted);
        self.store.set(of, gift.sums);
        if self.field.world.lived(of.1) {
            let mut debt = gift.debt;
            let whole = (gift.made, gift.posting.amount);
            let carried = |part: &Lost| {
                let (born, version) = (part.key.born, part.version);
                let made = LotMade {
                    born,
                    version,
                    ..gift.made
                };
                (made, part.amount)
            };
            let (parts, since) = match gift.give.keeps_dates {
                true => (gift.parts.iter().map(carried).collect(), Since::Carried),
                false => (vec![whole], Since::Made),
            };
            // Who still owes after it gets no lot.
            let balance = gift.sums.balance();
            let gains = balance
                .map_err(|_| self.lots_too_large(of.1))?
                .is_positive();
            for (made, amount) in parts.into_iter().filter(|_| gains) {
                let left = amount.add(debt);
                let left = left.map_err(|_| self.lots_too_large(of.1))?;
                debt = left.min(Decimal::ZERO);
                if left.is_positive() {
                    self.add_lot(made, left, since, at);
                }
            }
            let what = match gift.give.earns {
                true => Use::Gain,
                false => Use::Receipt,
            };
            self.used(of, at.day(), what);
        }
        let (posting, phase) = (gift.posting, gift.phase);
        self.out.postings.push(Emitted { posting, phase, id });
        Ok(())
    }
}
