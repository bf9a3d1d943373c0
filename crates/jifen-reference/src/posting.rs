//! What an award or a spend moves (S20, S22): one posting for each share and currency, and the lots of each account.

use std::collections::BTreeMap;

use jifen_plan::{Item, RosterIx, Trigger};
use num_traits::{Signed, Zero};

use crate::account::Account;
use crate::eval::Stop;
use crate::give::Use;
use crate::lots::{self, AccountKey, Lot};
use crate::moves::brought;
use crate::number::N;
use crate::pass::Share;
use crate::run::{Office, Run};
use crate::text;
use crate::time::{self, DAY};

/// A posting, its account and currency, and what it makes of it: new sums, and what the floor waived.
type Posted<'a> = (
    &'a Share,
    AccountKey,
    &'a jifen_plan::Currency,
    (Account, N),
);

impl<'a> Office<'a> {
    /// S20, S22: the postings of an award or a spend, or none where a balance would be too large.
    pub fn post(&mut self, run: &Run<'a>, item: &Item, now: i64) -> Result<(), Stop> {
        if let Some(give) = item.give {
            return self.transfer(run, item, give, now);
        }
        let shares = match item.spend {
            None => self.shares(run, item)?,
            Some(_) => vec![self.taken(run, item)],
        };
        let mut new: BTreeMap<AccountKey, Account> = BTreeMap::new();
        let mut posted = Vec::new();
        for share in &shares {
            for currency in &share.credit {
                let Some(c) = self.plan.currencies.get(currency.ix()) else {
                    continue;
                };
                let key = (share.account.0, share.account.1, currency.ix());
                let old = new.get(&key).or_else(|| self.accounts.get(&key));
                let old = old.cloned().unwrap_or_default();
                let (account, waived) = match item.spend {
                    Some(_) => (old.less(&-&share.amount)?, N::zero()),
                    None => old.after(c, &share.before, &share.amount)?,
                };
                new.insert(key, account.clone());
                posted.push((share, key, c, (account, waived)));
            }
        }
        self.worth_line(run);
        self.chosen.extend(run.chosen.clone());
        self.note_posting(run, item, &posted);
        let mut late = Vec::new();
        for (share, key, c, (account, waived)) in posted {
            let before_it = self.accounts.insert(key, account).unwrap_or_default();
            self.moved_by(Some(run.item), (now, run.cx.event_day), key, &before_it);
            if self.keeps_lots(key.2) {
                let made = self.lots.len();
                self.lots_of(run, item, (share, key), &before_it, &waived, now);
                late.extend(made..self.lots.len());
            }
            self.posting_line(run, share, (key, &c.name), &waived, now);
        }
        for lot in late {
            self.after_him(run, lot, now);
        }
        Ok(())
    }

    /// 折合: a line beside the postings.
    fn worth_line(&mut self, run: &Run<'a>) {
        let Some((yuan, by)) = &run.worth else { return };
        run.cx.note("折合");
        let who = text::account(self.plan, self.rosters, run.cx.roster, run.cx.subject);
        let item = text::item(self.plan, Some(run.item));
        let (origin, day) = (&run.origin, time::day_text(run.cx.event_day));
        let points = crate::number::text(&run.running.value);
        let yuan = yuan.as_ref().map_or("-".to_owned(), crate::number::text);
        let line = format!("V|{who}|{item}|{origin}|{day}|{points}|{yuan}|{by}");
        self.lines.push(line);
    }

    /// A spend is one posting below 0.
    fn taken(&self, run: &Run<'a>, item: &Item) -> Share {
        let amount = run.running.value.clone();
        let before = run.before_caps.clone().unwrap_or_else(|| amount.clone());
        Share {
            account: (run.cx.roster.ix(), run.cx.subject),
            credit: item.credit.clone(),
            before: -before,
            amount: -amount,
            by: None,
        }
    }

    /// What a posting makes of the lots of its account.
    fn lots_of(
        &mut self,
        run: &Run<'a>,
        item: &Item,
        (share, key): (&Share, AccountKey),
        before_it: &Account,
        waived: &N,
        now: i64,
    ) {
        // What a ceiling kept off is no gain.
        let amount = &match share.amount.is_positive() {
            true => &share.amount + waived,
            false => share.amount.clone(),
        };
        let owed = -before_it.balance();
        let gained = amount - owed.max(N::zero());
        if gained.is_positive() {
            let lot = Lot {
                account: key,
                item: Some(run.item),
                origin: run.origin.clone(),
                day: run.cx.event_day,
                // A period item is dated by the day alone.
                second: match run.cx.instant.div_euclid(DAY) == run.cx.event_day {
                    true => run.cx.instant.rem_euclid(DAY),
                    false => 0,
                },
                version: item.version.ix(),
                left: gained,
                carried: false,
                brought: share.by.and_then(|ix| brought(run, item.passes.get(ix)?)),
            };
            self.lot(lot, now);
        } else if amount.is_negative() {
            lots::take(self.plan, &mut self.lots, key, &(-amount - waived));
            run.cx.note("扣用分笔");
        }
        let what = match amount.is_positive() {
            true => Some(Use::Gain),
            false => item.spend.map(|_| Use::Spend),
        };
        if let Some(what) = what {
            self.used(key, now.div_euclid(DAY), what);
        }
    }

    pub fn posting_line(
        &mut self,
        run: &Run<'a>,
        share: &Share,
        (key, currency): (AccountKey, &str),
        waived: &N,
        now: i64,
    ) {
        let roster = |ix: usize| RosterIx(u16::try_from(ix).unwrap_or(u16::MAX));
        let who = text::account(self.plan, self.rosters, roster(key.0), key.1);
        let item = text::item(self.plan, Some(run.item));
        let (origin, day) = (&run.origin, time::day_text(run.cx.event_day));
        let at = time::instant_text(now);
        let numbers = [&share.before, &share.amount, waived]
            .map(crate::number::text)
            .join("|");
        let mut line = format!("P|{who}|{currency}|{item}|{origin}|{day}|{at}|{numbers}");
        if let Some(by) = share.by {
            let from = text::account(self.plan, self.rosters, run.cx.roster, run.cx.subject);
            line += &format!("|{from}|{by}");
        }
        self.lines.push(line);
    }

    pub fn note_posting(&self, run: &Run<'a>, item: &Item, posted: &[Posted<'_>]) {
        let cx = &run.cx;
        if item.credit.len() > 1 {
            cx.note("两种积分");
        }
        if posted.iter().any(|p| p.3.1.is_positive()) {
            cx.note("下限免扣");
        }
        if posted.iter().any(|p| p.3.1.is_negative()) {
            cx.note("余额到顶");
        }
        if posted.iter().any(|p| !p.3.0.opening.is_zero()) {
            cx.note("期初余额");
        }
        if run.held.is_some() {
            cx.note("计入");
        }
        if self.version(cx.event_day) != Some(cx.version) {
            cx.note("他日定版");
        }
        match item.trigger {
            Trigger::Period { row: Some(_), .. } => cx.note("读行"),
            Trigger::Period { at_start: true, .. } => cx.note("期初"),
            Trigger::Period { .. } => cx.note("周期"),
            Trigger::Fact(_) => {}
        }
    }
}
