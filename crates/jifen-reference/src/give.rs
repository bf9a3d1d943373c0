//! Transfers (S21): who receives, and what becomes of the lots that are given.

use jifen_plan::{Give, Item};
use num_traits::{Signed, Zero};

use crate::account::Account;
use crate::eval::{Cx, Stop};
use crate::lots::{self, AccountKey, Lot};
use crate::number::{self, N};
use crate::pass::Share;
use crate::run::{Office, Run};
use crate::text;
use crate::time::{self, DAY};

/// What happened to an account of points that lapse.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It gained.
    Gain,
    /// It spent, or gave in the sense of 视为使用.
    Spend,
    /// It received what is not a gain: it counts where nothing else has happened yet.
    Receipt,
}

/// Who receives: a subject, or why nobody does.
pub fn receiver(cx: &Cx, give: &Give) -> Result<Result<(usize, u32), &'static str>, Stop> {
    let (roster, _, found) = cx.named(give.to)?;
    let Some(subject) = found.filter(|s| cx.is_there(roster, *s, cx.event_day)) else {
        return Ok(Err("absent"));
    };
    if (roster, subject) == (cx.roster, cx.subject) {
        return Ok(Err("self"));
    }
    Ok(Ok((roster.ix(), subject)))
}

/// What a transfer does to its receiver.
struct Received {
    /// Account.
    key: AccountKey,
    /// Its sums after it.
    account: Account,
    /// What it owed before.
    owed: N,
    /// Lots that gave, as they were, with what each gave.
    parts: Vec<(Lot, N)>,
}

impl<'a> Office<'a> {
    /// Both sides of a transfer, or neither where a sum would be too large.
    pub fn transfer(
        &mut self,
        run: &Run<'a>,
        item: &Item,
        give: Give,
        now: i64,
    ) -> Result<(), Stop> {
        let (Some(to), Some(currency)) = (run.receiver, item.credit.first()) else {
            return Ok(());
        };
        let amount = run.running.value.clone();
        let asked = run.before_caps.clone().unwrap_or_else(|| amount.clone());
        let from = (run.cx.roster.ix(), run.cx.subject, currency.ix());
        let key = (to.0, to.1, currency.ix());
        let held = |k: &AccountKey| self.accounts.get(k).cloned().unwrap_or_default();
        let giver = held(&from).gives(&amount)?;
        let owed = (-held(&key).balance()).max(N::zero());
        let account = held(&key).receives(&amount)?;
        self.note_posting(run, item, &[]);
        let was = self.accounts.insert(from, giver).unwrap_or_default();
        self.moved((now, run.cx.event_day), from, &was);
        let mut parts = Vec::new();
        let plan = self.plan;
        let c = plan.currencies.get(currency.ix());
        if self.keeps_lots(currency.ix()) {
            let taken = lots::take(self.plan, &mut self.lots, from, &amount);
            let lot = |(i, part): (usize, N)| self.lots.get(i).map(|l| (l.clone(), part));
            parts = taken.into_iter().filter_map(lot).collect();
            if give.uses {
                self.used(from, now.div_euclid(DAY), Use::Spend);
            }
        }
        let share = Share {
            account: (from.0, from.1),
            credit: item.credit.clone(),
            before: -asked,
            amount: -amount.clone(),
            by: None,
        };
        let name = c.map_or("?", |c| c.name.as_str());
        self.posting_line(run, &share, (from, name), &N::zero(), now);
        let got = Received {
            key,
            account,
            owed,
            parts,
        };
        self.receive(run, item, &amount, got, now);
        Ok(())
    }

    /// Posts to the receiver; lots keep their days or are made anew.
    fn receive(&mut self, run: &Run<'a>, item: &Item, amount: &N, got: Received, now: i64) {
        let Some(give) = item.give else { return };
        let cx = &run.cx;
        cx.note("转赠");
        self.notes.add("收到", got.key.0, got.key.1, cx.event_day);
        let sides = [(cx.roster.ix(), cx.subject), (got.key.0, got.key.1)];
        let before = |s: &(usize, u32)| self.depth.get(s).copied().unwrap_or(0);
        let depth = 1 + sides.iter().map(before).max().unwrap_or(0);
        if depth >= 3 {
            cx.note("三层转赠");
        }
        self.depth.extend(sides.map(|s| (s, depth)));
        let before = self
            .accounts
            .insert(got.key, got.account)
            .unwrap_or_default();
        self.moved((now, cx.event_day), got.key, &before);
        if before.balance().is_negative() {
            cx.note("收到还欠");
        }
        self.receipt_line(run, got.key, amount, now);
        if !self.keeps_lots(got.key.2) {
            return;
        }
        let mut owed = got.owed;
        if give.keeps_dates {
            cx.note("日期保留");
            for (from, part) in got.parts {
                let left = &part - owed.clone().min(part.clone());
                owed -= &part - &left;
                let lot = Lot {
                    account: got.key,
                    item: Some(run.item),
                    origin: run.origin.clone(),
                    carried: true,
                    brought: None,
                    left,
                    ..from
                };
                if lot.left.is_positive() {
                    self.lot(lot, now);
                }
            }
        } else if (amount - &owed).is_positive() {
            cx.note("日期重计");
            let lot = Lot {
                account: got.key,
                item: Some(run.item),
                origin: run.origin.clone(),
                day: cx.event_day,
                second: cx.instant.rem_euclid(DAY),
                version: item.version.ix(),
                left: amount - &owed,
                carried: false,
                brought: None,
            };
            self.lot(lot, now);
        }
        let what = match give.earns {
            true => Use::Gain,
            false => Use::Receipt,
        };
        self.used(got.key, now.div_euclid(DAY), what);
    }

    fn receipt_line(&mut self, run: &Run<'a>, key: AccountKey, amount: &N, now: i64) {
        let roster = jifen_plan::RosterIx(u16::try_from(key.0).unwrap_or(u16::MAX));
        let who = text::account(self.plan, self.rosters, roster, key.1);
        let currency = self.plan.currencies.get(key.2);
        let currency = currency.map_or("?", |c| c.name.as_str());
        let item = text::item(self.plan, Some(run.item));
        let (day, at) = (time::day_text(run.cx.event_day), time::instant_text(now));
        let amount = number::text(amount);
        let from = text::account(self.plan, self.rosters, run.cx.roster, run.cx.subject);
        self.lines.push(format!(
            "P|{who}|{currency}|{item}|{}|{day}|{at}|{amount}|{amount}|0|{from}|-",
            run.origin
        ));
    }
}
