//! The sweep of one account on mantissas of one scale, where its items only clip by simple caps, its points lapse once at an age, and
//! spends take what there is; otherwise it declines.
//!
//! It never decides anything by itself: when a number does not fit or a line is not simple it answers "no", and the
//! exact sweep takes the whole account from the beginning.

use jifen_calendar::{Day, Instant, Period, Window};
use jifen_data::{Account, FactRef, Origin, Outcome, OutcomeKind, Posting};
use jifen_plan::{
    CapMode, CurrencyIx, Expr, Floor, Holder, ItemIx, Line, Plan, Spend, Trigger, Value,
};
use jifen_quantity::Decimal;

use crate::fast_lots::{FastLife, FastLots};
use crate::part::PartOut;
use crate::rows::{Candidate, column::pow10, stop_line};
use crate::store::Sums;

/// What the fast sweep knows of a Plan, with every amount at one scale.
#[derive(Debug)]
pub(crate) struct FastPlan {
    scale: u8,
    items: Vec<Option<FastItem>>,
    floors: Vec<Option<i64>>,
    /// How the points of each currency lapse, if they do.
    lives: Vec<Option<FastLife>>,
    /// Currencies whose points lapse, however.
    lived: Vec<bool>,
    /// The end of the as-of day.
    end: i64,
    /// Number of slots of tallies.
    slots: usize,
    /// First day of each period (by [`period_number`]) for each day from `first_day` on.
    first_day: i32,
    starts: Vec<[i32; 6]>,
}

#[derive(Debug)]
struct FastItem {
    kind: jifen_plan::KindIx,
    caps: Vec<FastCap>,
    credit: Vec<CurrencyIx>,
    /// How much a spend takes: all that is asked or nothing, or what there is.
    spend: Option<Spend>,
}

#[derive(Clone, Copy, Debug)]
struct FastCap {
    /// Where the tally is kept; `None` for 每次.
    slot: Option<usize>,
    /// Which period, or none for a lifetime.
    period: Option<usize>,
    limit: i64,
    mode: CapMode,
    times: bool,
    counted_only: bool,
    of_deduction: bool,
}

/// A span of days longer than this is nobody's policy; the exact sweep does it.
const MOST_DAYS: i32 = 200_000;
/// Scales above this leave little room in 64 bits.
const MOST_SCALE: u8 = 9;

const PERIODS: [Period; 6] = [
    Period::Day,
    Period::Week,
    Period::Month,
    Period::Quarter,
    Period::HalfYear,
    Period::Year,
];

impl FastPlan {
    /// `scale`: the largest of the candidates; `days`: first and last event day.
    pub fn new(plan: &Plan, scale: u8, days: (Day, Day), as_of: Day) -> Option<FastPlan> {
        let span = days.1.0.checked_sub(days.0.0)?;
        let held = plan.currencies.iter().any(|c| c.ceiling.is_some());
        if held || scale > MOST_SCALE || !(0..MOST_DAYS).contains(&span) {
            return None;
        }
        let starts = (days.0.0..=days.1.0).map(|d| PERIODS.map(|p| p.bounds(Day(d)).0.0));
        let floor = |f: Floor| match f {
            Floor::At(x) => mantissa(x, scale).map(Some),
            Floor::Negative | Floor::Owed => Some(None),
        };
        let all = (0..).map(CurrencyIx).take(plan.currencies.len());
        let lives: Vec<_> = all.map(|c| FastLife::new(plan, c, days)).collect();
        Some(FastPlan {
            scale,
            items: plan
                .items
                .iter()
                .map(|i| fast_item(plan, i, scale, &lives))
                .collect(),
            lives,
            end: as_of.add_days(1).start().0,
            floors: plan
                .currencies
                .iter()
                .map(|c| floor(c.floor))
                .collect::<Option<_>>()?,
            lived: (plan.currencies.iter())
                .map(|c| !c.lives.is_empty())
                .collect(),
            slots: plan.tallies.len(),
            first_day: days.0.0,
            starts: starts.collect(),
        })
    }

    /// The scale that limits and floors of a Plan need.
    pub fn scale_of(plan: &Plan) -> u8 {
        let mut scale = 0;
        for line in plan.items.iter().flat_map(|i| &i.lines) {
            if let Line::Cap(cap) = line
                && let Expr::Const(Value::Num(n)) = plan.exprs.get(cap.limit)
            {
                scale = scale.max(n.scale());
            }
        }
        for currency in &plan.currencies {
            if let Floor::At(x) = currency.floor {
                scale = scale.max(x.scale());
            }
            // What decays is rounded so.
            if let Some(p) = currency.precision.filter(|_| !currency.lives.is_empty()) {
                scale = scale.max(p.step.scale());
            }
        }
        scale
    }
}

fn mantissa(d: Decimal, scale: u8) -> Option<i64> {
    i64::try_from(d.rescale(scale)?).ok()
}

fn fast_item(
    plan: &Plan,
    item: &jifen_plan::Item,
    scale: u8,
    lives: &[Option<FastLife>],
) -> Option<FastItem> {
    let Trigger::Fact(kind) = item.trigger else {
        return None;
    };
    let otherwise = |c: &CurrencyIx| {
        let lapses = plan.currencies.get(c.ix());
        lapses.is_none_or(|c| !c.lives.is_empty()) && lives.get(c.ix()).is_none_or(Option::is_none)
    };
    if item.spend == Some(Spend::Honoured)
        || item.spend.is_some() && item.credit.len() != 1
        || item.worth.is_some()
        || item.give.is_some()
        || !item.passes.is_empty()
        || item.credit.iter().any(otherwise)
    {
        return None;
    }
    let mut caps = Vec::new();
    for line in item.lines.iter().skip(stop_line(item)) {
        let Line::Cap(cap) = line else { return None };
        let (None, Expr::Const(Value::Num(limit))) = (cap.when, plan.exprs.get(cap.limit)) else {
            return None;
        };
        let (mut slot, mut period, mut times) = (None, None, false);
        if let Some(t) = cap.tally {
            let tally = plan.tallies.get(t.ix())?;
            if tally.holder != Holder::Account
                || !tally.keys.is_empty()
                || tally.net
                || tally.charge_final
            {
                return None;
            }
            period = match tally.window {
                Window::Period(p) => Some(PERIODS.iter().position(|x| *x == p)?),
                Window::Lifetime => None,
                _ => return None,
            };
            (slot, times) = (Some(t.ix()), tally.times);
        }
        // A tally met twice in one item would see its own charge here, and not in the exact sweep.
        if slot.is_some() && caps.iter().any(|c: &FastCap| c.slot == slot) {
            return None;
        }
        caps.push(FastCap {
            slot,
            period,
            limit: mantissa(*limit, if times { 0 } else { scale })?,
            mode: cap.mode,
            times,
            counted_only: cap.counted_only,
            of_deduction: cap.of_deduction,
        });
    }
    Some(FastItem {
        kind,
        caps,
        credit: item.credit.clone(),
        spend: item.spend,
    })
}

/// What an account has, at the scale of the Plan.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    opening: i64,
    earned: i64,
    deducted: i64,
    spent: i64,
    lapsed: i64,
    waived: i64,
    trimmed: i64,
    /// Sum of what the ledger moved: the second way to the balance.
    moved: i64,
    posted: bool,
}

/// Reused from account to account.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    tallies: Vec<(i32, i64)>,
    held: Vec<Held>,
    charges: Vec<(usize, i32, i64)>,
    /// Of each currency.
    lots: Vec<FastLots>,
}

/// One account's sums in one currency, with what its ledger lines moved.
pub(crate) type AccountSums = (Account, CurrencyIx, Sums, Decimal);

impl FastPlan {
    /// Sweeps an account's candidates, which are in key order. `false`: nothing was done.
    pub fn sweep(
        &self,
        account: Account,
        candidates: &[Candidate],
        openings: &[(CurrencyIx, Decimal)],
        scratch: &mut Scratch,
        out: &mut PartOut<'_>,
    ) -> bool {
        let before = (out.chunk.len(), out.sums.len(), out.outcomes.len());
        let lots = (out.lapses.len(), out.lots.len());
        let done = self
            .begin(openings, scratch)
            .and_then(|()| {
                let mut refused = 0;
                for c in candidates {
                    refused += u64::from(!self.one(account, c, scratch, out)?);
                }
                Some(refused)
            })
            .and_then(|refused| self.close(account, scratch, out).map(|()| refused));
        match done {
            Some(refused) => out.scored += candidates.len() as u64 - refused,
            None => {
                out.chunk.truncate(before.0);
                out.sums.truncate(before.1);
                out.outcomes.truncate(before.2);
                out.lapses.truncate(lots.0);
                out.lots.truncate(lots.1);
            }
        }
        done.is_some()
    }

    fn begin(&self, openings: &[(CurrencyIx, Decimal)], scratch: &mut Scratch) -> Option<()> {
        scratch.tallies.clear();
        scratch.tallies.resize(self.slots, (i32::MIN, 0));
        scratch.held.clear();
        scratch.held.resize(self.floors.len(), Held::default());
        scratch
            .lots
            .resize_with(self.floors.len(), FastLots::default);
        scratch.lots.iter_mut().for_each(FastLots::clear);
        for (currency, amount) in openings {
            let held = scratch.held.get_mut(currency.ix())?;
            if *self.lived.get(currency.ix())? {
                return None;
            }
            held.opening = held.opening.checked_add(mantissa(*amount, self.scale)?)?;
        }
        Some(())
    }

    /// Everything that time takes by an instant.
    fn lapse(
        &self,
        account: Account,
        by: i64,
        scratch: &mut Scratch,
        out: &mut PartOut<'_>,
    ) -> Option<()> {
        let all = self.lives.iter().zip(&mut scratch.lots);
        for ((life, lots), held) in all.zip(&mut scratch.held) {
            if let Some(life) = life {
                let lost = lots.lapse(life, account, self.scale, by, &mut out.lapses)?;
                held.lapsed = held.lapsed.checked_add(lost)?;
                held.moved = held.moved.checked_sub(lost)?;
            }
        }
        Some(())
    }

    /// One run; `false` if it was refused.
    fn one(
        &self,
        account: Account,
        c: &Candidate,
        scratch: &mut Scratch,
        out: &mut PartOut<'_>,
    ) -> Option<bool> {
        let item = self.items.get(usize::from(c.item))?.as_ref()?;
        if c.fresh {
            return None;
        }
        self.lapse(account, c.at, scratch, out)?;
        let before = c
            .value
            .checked_mul(pow10(self.scale.checked_sub(c.scale)?)?)?;
        let day = Instant(c.at).day();
        let place = usize::try_from(day.0.checked_sub(self.first_day)?).ok()?;
        let starts = self.starts.get(place)?;
        let mut x = before;
        scratch.charges.clear();
        for cap in &item.caps {
            x = cap.apply(x, starts, scratch)?;
        }
        if let Some(mode) = item.spend {
            match self.covered(mode, (before, x), item, scratch)? {
                Ok(taken) => x = taken,
                Err(kind) => {
                    out.outcomes.push(Outcome {
                        account,
                        origin: item.origin(c),
                        item: Some(ItemIx(c.item)),
                        kind,
                    });
                    return Some(false);
                }
            }
        }
        for (slot, window, used) in &scratch.charges {
            *scratch.tallies.get_mut(*slot)? = (*window, *used);
        }
        let (before, x) = match item.spend {
            Some(_) => (before.checked_neg()?, x.checked_neg()?),
            None => (before, x),
        };
        for currency in &item.credit {
            let floor = *self.floors.get(currency.ix())?;
            let held = scratch.held.get_mut(currency.ix())?;
            let had = held.balance()?;
            let waived = match item.spend {
                Some(_) => held.spend(x)?,
                None => held.post(before, x, floor)?,
            };
            if let Some(life) = self.lives.get(currency.ix())? {
                let lots = scratch.lots.get_mut(currency.ix())?;
                let moved = x.checked_add(waived)?;
                // A gain pays first what is owed.
                let left = moved.checked_add(had.min(0))?;
                if moved < 0 {
                    lots.take(moved.checked_neg()?);
                } else if moved > 0 && left > 0 {
                    let (item, fact) = (ItemIx(c.item), (item.kind, c.row));
                    lots.add(life, (day, place), item, fact, left)?;
                }
            }
            let posting = Posting {
                account,
                currency: *currency,
                item: ItemIx(c.item),
                origin: item.origin(c),
                day,
                posted: Instant(c.at),
                before_caps: Decimal::ZERO,
                amount: Decimal::ZERO,
                waived: Decimal::ZERO,
                received: None,
            };
            if waived == 0 {
                out.chunk.push_narrow(&posting, before, x, self.scale);
            } else {
                let number = |m: i64| Decimal::new(i128::from(m), self.scale);
                let (before_caps, amount, waived) = (number(before)?, number(x)?, number(waived)?);
                out.chunk.push(&Posting {
                    before_caps,
                    amount,
                    waived,
                    ..posting
                });
            }
        }
        Some(true)
    }

    /// What a spend takes, or why nothing (S20).
    fn covered(
        &self,
        mode: Spend,
        (asked, passed): (i64, i64),
        item: &FastItem,
        scratch: &Scratch,
    ) -> Option<Result<i64, OutcomeKind>> {
        let number = |m: i64| Decimal::new(i128::from(m), self.scale);
        if asked <= 0 {
            return Some(Err(OutcomeKind::NoAmount));
        }
        if passed <= 0 {
            return Some(Err(OutcomeKind::OverCap(number(asked)?)));
        }
        let currency = item.credit.first()?;
        let least = (*self.floors.get(currency.ix())?).unwrap_or(0).max(0);
        let balance = scratch.held.get(currency.ix())?.balance()?;
        let had = balance.checked_sub(least)?.max(0);
        let covered = match mode {
            Spend::AllOrNothing => passed <= had,
            _ => had > 0,
        };
        if !covered {
            let kind = OutcomeKind::NotCovered(number(passed)?, number(had)?);
            return Some(Err(kind));
        }
        Some(Ok(passed.min(had)))
    }

    fn close(&self, account: Account, scratch: &mut Scratch, out: &mut PartOut<'_>) -> Option<()> {
        self.lapse(account, self.end.checked_sub(1)?, scratch, out)?;
        for (i, h) in scratch.held.iter().enumerate() {
            if !h.posted && h.opening == 0 {
                continue;
            }
            let currency = CurrencyIx(u16::try_from(i).ok()?);
            let number = |m: i64| Decimal::new(i128::from(m), self.scale);
            let decays = |l: &FastLife| l.decays();
            let decays = self.lives.get(i)?.as_ref().is_some_and(decays);
            let (decayed, expired) = match decays {
                true => (h.lapsed, 0),
                false => (0, h.lapsed),
            };
            let all = Sums {
                opening: number(h.opening)?,
                earned: number(h.earned)?,
                deducted: number(h.deducted)?,
                spent: number(h.spent)?,
                expired: number(expired)?,
                decayed: number(decayed)?,
                waived: number(h.waived)?,
                trimmed: number(h.trimmed)?,
                ..Sums::default()
            };
            out.sums.push((account, currency, all, number(h.moved)?));
            scratch
                .lots
                .get(i)?
                .close(currency, account, self.scale, &mut out.lots)?;
        }
        Some(())
    }
}

impl FastItem {
    fn origin(&self, c: &Candidate) -> Origin {
        Origin::Fact(FactRef {
            kind: self.kind,
            row: c.row,
        })
    }
}

impl FastCap {
    /// What passes of `x`; the new state of its tally goes to the charges.
    fn apply(&self, x: i64, starts: &[i32; 6], scratch: &mut Scratch) -> Option<i64> {
        let size = if self.of_deduction {
            x.checked_neg()?
        } else {
            x
        };
        if size <= 0 {
            return Some(x);
        }
        let window = self
            .period
            .map_or(0, |p| starts.get(p).copied().unwrap_or(0));
        let used = match self.slot.and_then(|s| scratch.tallies.get(s)) {
            // Days only grow along an account's keys, so a window that is left never comes again.
            Some((w, used)) if *w == window => *used,
            _ => 0,
        };
        let room = self.limit.checked_sub(used)?;
        let whole = |passes: bool| if passes { size } else { 0 };
        let passed = if self.counted_only {
            size
        } else {
            match (self.mode, self.times) {
                (CapMode::LastThrough, _) => whole(room > 0),
                (_, true) => whole(room >= 1),
                (CapMode::Whole, false) => whole(size <= room),
                (CapMode::Clip, false) => size.min(room.max(0)),
            }
        };
        if let Some(slot) = self.slot {
            let charged = if self.times {
                i64::from(passed > 0)
            } else {
                passed
            };
            scratch
                .charges
                .push((slot, window, used.checked_add(charged)?));
        }
        Some(if self.of_deduction { -passed } else { passed })
    }
}

impl Held {
    fn balance(&self) -> Option<i64> {
        (self.opening.checked_add(self.earned)?)
            .checked_sub(self.deducted)?
            .checked_sub(self.spent)?
            .checked_sub(self.lapsed)
    }

    /// Takes what a spend takes (below 0); nothing is waived.
    fn spend(&mut self, amount: i64) -> Option<i64> {
        self.posted = true;
        self.spent = self.spent.checked_sub(amount)?;
        self.moved = self.moved.checked_add(amount)?;
        Some(0)
    }

    /// Posts an amount; gives what the floor waives.
    fn post(&mut self, before: i64, amount: i64, floor: Option<i64>) -> Option<i64> {
        self.posted = true;
        let mut waived = 0;
        if amount < 0 {
            let size = amount.checked_neg()?;
            let balance = self.balance()?;
            let taken = floor.map_or(Some(size), |f| {
                Some(size.min(balance.checked_sub(f)?.max(0)))
            })?;
            waived = size - taken;
            self.deducted = self.deducted.checked_add(taken)?;
            self.waived = self.waived.checked_add(waived)?;
        } else {
            self.earned = self.earned.checked_add(amount)?;
            if before > 0 {
                self.trimmed = self.trimmed.checked_add(before.checked_sub(amount)?)?;
            }
        }
        self.moved = self.moved.checked_add(amount.checked_add(waived)?)?;
        Some(waived)
    }
}
