//! The sweep's part in moves of groups: what is there is taken first, then everything arrives (S14).

use jifen_calendar::{Day, Instant};
use jifen_data::{Account, MoveLine};
use jifen_plan::{CurrencyIx, Precision};
use jifen_quantity::{Decimal, NumError, Rounding};

use crate::error::Stop;
use crate::fall::LotMade;
use crate::lots::{Brought, Lost, LotKey, Since, Use};
use crate::moves::{Heads, Step};
use crate::sweep::Sweeper;

/// Points on their way.
struct Moving {
    line: MoveLine,
    to: Account,
    parts: Vec<Lost>,
}

const TOO_LARGE: Stop = Stop::Plan("a sum that a move works on");

fn too_large(_: NumError) -> Stop {
    TOO_LARGE
}

impl Sweeper<'_, '_> {
    /// The next day of changes.
    pub fn regroup(&mut self) -> Result<(), Stop> {
        let Some((step, rest)) = self.steps.split_first() else {
            return Ok(());
        };
        self.steps = rest;
        let rule = self.field.world.plan.moves.get(step.rule);
        let rule = rule.ok_or(Stop::Plan("a rule of moves"))?;
        for currency in &rule.currencies {
            self.too_large = Some(*currency);
            let mut moving = self.along(step, *currency)?;
            for from in &step.clear {
                self.clear((*from, *currency), step.at)?;
            }
            moving.append(&mut self.by_heads(step, *currency)?);
            for m in moving {
                self.arrive(m)?;
            }
            self.too_large = None;
        }
        Ok(())
    }

    /// 随人: what is left of what each brought.
    fn along(&mut self, step: &Step, currency: CurrencyIx) -> Result<Vec<Moving>, Stop> {
        let mut out = Vec::new();
        let rule = self.field.world.plan.moves.get(step.rule);
        let attr = rule.map(|r| r.attr).ok_or(TOO_LARGE)?;
        for a in &step.along {
            let brought = Brought {
                member: a.member,
                attr,
            };
            let parts = self.store.lots.take_brought((a.from, currency), brought);
            let mut amount = Decimal::ZERO;
            for part in &parts {
                amount = amount.add(part.amount).map_err(too_large)?;
            }
            let line = MoveLine {
                from: a.from,
                currency,
                at: step.at,
                to: Some(a.to),
                member: Some(a.member),
                amount,
            };
            out.extend(self.leave(line, parts)?);
        }
        Ok(out)
    }

    /// 归零: what there is lapses.
    fn clear(&mut self, of: (Account, CurrencyIx), at: Instant) -> Result<(), Stop> {
        let amount = self.store.sums(&of).balance().map_err(too_large)?;
        if !amount.is_positive() {
            return Ok(());
        }
        self.store.lots.take(of, amount).map_err(too_large)?;
        self.store.lapse(of, false, amount).map_err(too_large)?;
        self.out.moves.push(MoveLine {
            from: of.0,
            currency: of.1,
            at,
            to: None,
            member: None,
            amount,
        });
        Ok(())
    }

    /// 均分: all shares of an account are of what it had before the first.
    fn by_heads(&mut self, step: &Step, currency: CurrencyIx) -> Result<Vec<Moving>, Stop> {
        let precision = self.field.world.plan.currencies.get(currency.ix());
        let precision = precision.and_then(|c| c.precision);
        let mut out = Vec::new();
        for of_one in step.share.chunk_by(|a, b| a.from == b.from) {
            let Some(from) = of_one.first().map(|h| (h.from, currency)) else {
                continue;
            };
            let all = self.store.sums(&from).balance().map_err(too_large)?;
            for heads in of_one.iter().filter(|_| all.is_positive()) {
                let amount = share(all, heads, precision).map_err(too_large)?;
                let parts = self.store.lots.take(from, amount).map_err(too_large)?;
                let line = MoveLine {
                    from: heads.from,
                    currency,
                    at: step.at,
                    to: Some(heads.to),
                    member: None,
                    amount,
                };
                out.extend(self.leave(line, parts)?);
            }
        }
        Ok(out)
    }

    /// What leaves an account, if it is anything.
    fn leave(&mut self, line: MoveLine, parts: Vec<Lost>) -> Result<Option<Moving>, Stop> {
        let Some(to) = line.to.filter(|_| line.amount.is_positive()) else {
            return Ok(None);
        };
        let of = (line.from, line.currency);
        let sums = self.store.sums(&of).gives(line.amount);
        self.store.set(of, sums.map_err(too_large)?);
        Ok(Some(Moving { line, to, parts }))
    }

    /// What arrives pays what is owed; the rest keeps its days and whose it was.
    fn arrive(&mut self, m: Moving) -> Result<(), Stop> {
        let (of, at) = ((m.to, m.line.currency), m.line.at);
        let before = self.store.sums(&of);
        let mut debt = before.balance().map_err(too_large)?.min(Decimal::ZERO);
        let sums = before.receives(m.line.amount).map_err(too_large)?;
        let gains = sums.balance().map_err(too_large)?.is_positive();
        self.store.set(of, sums);
        for part in m.parts.into_iter().filter(|_| gains) {
            let left = part.amount.add(debt).map_err(too_large)?;
            debt = left.min(Decimal::ZERO);
            let made = LotMade {
                of,
                born: part.key.born,
                version: part.version,
                source: part.source,
                brought: part.brought,
            };
            if left.is_positive() {
                self.add_lot(made, left, Since::Carried, at);
            }
        }
        self.used(of, at.day(), Use::Receipt);
        self.out.moves.push(m.line);
        Ok(())
    }

    /// A lot that was released after its member had moved goes after him.
    pub fn after_him(
        &mut self,
        (of, key): ((Account, CurrencyIx), LotKey),
        brought: Brought,
        (day, now): (Day, Instant),
    ) -> Result<(), Stop> {
        let gone = self.field.moves.since(brought, of.0, (day, now));
        let Some((rule, to)) = gone else {
            return Ok(());
        };
        let rule = self.field.world.plan.moves.get(rule);
        if !rule.is_some_and(|r| r.currencies.contains(&of.1)) {
            return Ok(());
        }
        self.too_large = Some(of.1);
        let parts: Vec<Lost> = self.store.lots.remove(of, key).into_iter().collect();
        let amount = parts.first().map_or(Decimal::ZERO, |p| p.amount);
        let line = MoveLine {
            from: of.0,
            currency: of.1,
            at: now,
            to: Some(to),
            member: Some(brought.member),
            amount,
        };
        if let Some(moving) = self.leave(line, parts)? {
            self.arrive(moving)?;
        }
        self.too_large = None;
        Ok(())
    }
}

/// So many heads of so many, rounded down.
fn share(all: Decimal, heads: &Heads, precision: Option<Precision>) -> Result<Decimal, NumError> {
    let (leave, of) = (
        Decimal::from_int(i64::from(heads.leave)),
        Decimal::from_int(i64::from(heads.of)),
    );
    let Some(p) = precision else {
        return Decimal::mul_div(all, leave, of);
    };
    let blocks = Decimal::mul_round_to(all, leave, p.step.mul(of)?, Rounding::Down)?;
    blocks.div(of)
}
