//! The office's part in the life of points: opening lots, what falls due, what it takes (S19).

use jifen_data::Openings;
use jifen_plan::{AgeUnit, Cmp, Due, Life, Loss, RosterIx};
use num_traits::{Signed, Zero};

use crate::give::Use;
use crate::lots::{self, AccountKey, Lapse, Lot, Moment, Whose};
use crate::number::{N, of};
use crate::run::{DECAY, EXPIRY, Office, Task};
use crate::text;
use crate::time::{self, DAY};

impl Office<'_> {
    /// Openings: lots first, then what is owed takes from them. What was due before the first version is done: an expiry
    /// then acts on the first day, a decay is taken as in the sum.
    pub fn open_lots(&mut self, openings: &Openings) {
        let takeover = self
            .plan
            .versions
            .first()
            .map_or(0, |v| i64::from(v.from.0));
        let mut known: Vec<_> = openings.lines.iter().collect();
        known.sort_by_key(|o| (o.roster, o.subject, o.currency, o.day, o.amount));
        for o in known {
            let account = (o.roster.ix(), o.subject, o.currency.ix());
            if self.keeps_lots(account.2) && of(o.amount).is_positive() {
                let (day, left) = (i64::from(o.day.0), of(o.amount));
                let (item, origin, version) = (None, "opening".to_owned(), 0);
                let lot = Lot {
                    account,
                    item,
                    origin,
                    day,
                    second: 0,
                    version,
                    left,
                    carried: false,
                    brought: None,
                };
                self.lot(lot, takeover * DAY);
                self.used(account, day, Use::Gain);
            }
        }
        for o in &openings.lines {
            if of(o.amount).is_negative() {
                let account = (o.roster.ix(), o.subject, o.currency.ix());
                lots::take(self.plan, &mut self.lots, account, &-of(o.amount));
            }
        }
    }

    /// 账户 每年: a task for each such date that has come.
    pub fn queue_account_dates(&mut self) {
        for (currency, c) in self.plan.currencies.iter().enumerate() {
            for (life, l) in c.lives.iter().enumerate() {
                let (Due::AccountDate(date), Some(version)) =
                    (l.due, self.plan.versions.get(l.version.ix()))
                else {
                    continue;
                };
                let from = i64::from(version.from.0);
                let first = time::date_parts(from).0;
                for year in first..=time::date_parts(self.as_of).0 {
                    let day = lots::in_year(date, year);
                    let within = from <= day && version.to.is_none_or(|t| day < i64::from(t.0));
                    if within && day < self.as_of {
                        let task = Lapse {
                            currency,
                            life,
                            whose: Whose::All,
                            times: 0,
                            lacks: None,
                        };
                        self.fall_due(l, (day + 1) * DAY, task);
                    }
                }
            }
        }
    }

    /// A new lot, with everything that will fall due for it.
    pub fn lot(&mut self, lot: Lot, now: i64) {
        let number = self.lots.len();
        let currency = lot.account.2;
        let lives = self
            .plan
            .currencies
            .get(currency)
            .map_or(&[][..], |c| &c.lives);
        for (life, l) in lives.iter().enumerate() {
            if l.version.ix() != lot.version || matches!(l.due, Due::Idle { .. }) {
                continue;
            }
            if lot.item.is_none() {
                self.notes
                    .add("期初分笔", lot.account.0, lot.account.1, lot.day);
            }
            // A lot taken over: decays before the first version are in its sum. A lot that was received with its days: what
            // has decayed, up to this moment, has decayed where it was.
            let done = |times: u32| {
                let past = lots::due(self.plan, l, lot.day, lot.second, times);
                let past = past.and_then(Moment::told);
                let over = |t: i64| lot.item.is_none() && t < now || lot.carried && t <= now;
                l.loss != Loss::All && past.is_some_and(over)
            };
            let times = (0..).find(|t| !done(*t)).unwrap_or(0);
            if let Some(moment) = lots::due(self.plan, l, lot.day, lot.second, times) {
                let task = Lapse {
                    currency,
                    life,
                    whose: Whose::Lot(number),
                    times,
                    lacks: moment.lacks,
                };
                self.fall_due(l, moment.at.max(now), task);
            }
        }
        self.lots.push(lot);
    }

    fn fall_due(&mut self, life: &Life, at: i64, task: Lapse) {
        if at >= (self.as_of + 1) * DAY {
            return;
        }
        let phase = if life.loss == Loss::All {
            EXPIRY
        } else {
            DECAY
        };
        let lot = match task.whose {
            Whose::Lot(n) => n,
            Whose::Idle(..) | Whose::All => {
                self.runs += 1;
                usize::MAX / 2 + self.runs
            }
        };
        let key = (at, phase, 0, String::new(), task.currency, task.life, lot);
        self.queue.insert(key, Task::Lapse(task));
    }

    /// Something falls due.
    pub fn lapse(&mut self, task: Lapse, now: i64) {
        let plan = self.plan;
        let Some(currency) = plan.currencies.get(task.currency) else {
            return;
        };
        let Some(life) = currency.lives.get(task.life) else {
            return;
        };
        if let Some(year) = task.lacks {
            self.undated(&task, life, now, year);
            return;
        }
        if let (Whose::Lot(n), Due::Age(age)) = (task.whose, life.due)
            && let Some(lot) = self.lots.get(n)
            && age.unit == AgeUnit::WorkingDays
        {
            let (roster, subject, _) = lot.account;
            self.notes
                .add("工作日寿命", roster, subject, now.div_euclid(DAY));
        }
        let spared = self.spared(&task, life, now);
        let lost: Vec<(usize, N)> = match task.whose {
            Whose::Lot(n)
                if self
                    .lots
                    .get(n)
                    .is_some_and(|l| spared.contains(&l.account)) =>
            {
                Vec::new()
            }
            Whose::Lot(n) => {
                let left = self.lots.get(n).map_or(N::zero(), |l| l.left.clone());
                let kept = lots::kept(currency, life.loss, &left);
                if let Some(lot) = self.lots.get_mut(n) {
                    lot.left = kept.clone();
                }
                vec![(n, left - kept)]
            }
            Whose::Idle(account, since) => {
                if !self.idle_since(&task, life, now, account, since) {
                    return;
                }
                self.notes
                    .add("闲置", account.0, account.1, now.div_euclid(DAY));
                match spared.contains(&account) {
                    true => Vec::new(),
                    false => self.of_account(account, life),
                }
            }
            Whose::All => {
                let mut accounts: Vec<_> = self.lots.iter().map(|l| l.account).collect();
                accounts.sort_unstable();
                accounts.dedup();
                let mine = accounts.into_iter();
                let mine = mine.filter(|a| a.2 == task.currency && !spared.contains(a));
                mine.flat_map(|a| self.of_account(a, life)).collect()
            }
        };
        for (n, amount) in lost {
            self.lost(n, life.loss, &amount, now);
        }
        let held = |l: &&Lot| l.left.is_positive();
        let from = match task.whose {
            Whose::Lot(n) => self.lots.get(n).filter(held).map(|l| (l.day, l.second)),
            Whose::Idle(account, since) => {
                let any = self.lots.iter().filter(held).any(|l| l.account == account);
                any.then_some((since, 0))
            }
            Whose::All => None,
        };
        let times = task.times + 1;
        let again = from.and_then(|(day, second)| lots::due(plan, life, day, second, times));
        if let Some(Moment { at, lacks }) = again {
            let task = Lapse {
                times,
                lacks,
                ..task
            };
            self.fall_due(life, at.max(now), task);
        }
    }

    /// Is an account idle since a day, under the version of the life?
    fn idle_since(
        &self,
        task: &Lapse,
        life: &Life,
        now: i64,
        account: AccountKey,
        since: i64,
    ) -> bool {
        let in_force = self.plan.versions.get(life.version.ix()).is_some_and(|v| {
            let day = now.div_euclid(DAY);
            i64::from(v.from.0) <= day && v.to.is_none_or(|t| day < i64::from(t.0))
        });
        self.last_use(account, task.life) == Some(since) && in_force
    }

    /// When it acts hangs on a year that the calendar lacks: what there is stays, and is told.
    fn undated(&mut self, task: &Lapse, life: &Life, now: i64, year: i32) {
        let held = |l: &Lot, a: AccountKey| l.account == a && l.left.is_positive();
        let found = match task.whose {
            Whose::Lot(n) => self.lots.get(n).filter(|l| l.left.is_positive()).map(|l| {
                self.notes
                    .add("无年历", l.account.0, l.account.1, now.div_euclid(DAY));
                self.lot_text(l)
            }),
            Whose::Idle(account, since) => {
                let idle = self.idle_since(task, life, now, account, since);
                let any = self.lots.iter().any(|l| held(l, account));
                let (roster, subject, currency) = account;
                let roster = RosterIx(u16::try_from(roster).unwrap_or(u16::MAX));
                (idle && any).then(|| {
                    let who = text::account(self.plan, self.rosters, roster, subject);
                    let currency = self.plan.currencies.get(currency);
                    let name = currency.map_or("?", |c| c.name.as_str());
                    format!("{who}|{name}|all")
                })
            }
            Whose::All => None,
        };
        let line = found.map(|of| format!("U|{of}|{}|{year}", time::instant_text(now)));
        if let Some(line) = line.filter(|l| !self.lines.contains(l)) {
            self.lines.push(line);
        }
    }

    /// Accounts whose balance is not as 当 asks. It is the balance before anything fell due at this instant.
    fn spared(&mut self, task: &Lapse, life: &Life, now: i64) -> Vec<AccountKey> {
        let held = self.lots.iter().filter(|l| l.left.is_positive());
        let mut concerned: Vec<AccountKey> = match task.whose {
            Whose::Lot(n) => self.lots.get(n).map(|l| l.account).into_iter().collect(),
            Whose::Idle(account, _) => vec![account],
            Whose::All => held.map(|l| l.account).collect(),
        };
        concerned.retain(|a| a.2 == task.currency);
        concerned.sort_unstable();
        concerned.dedup();
        let mut out = Vec::new();
        for account in concerned {
            let met = self.met.get(&account).filter(|m| m.0 == now).cloned();
            let balance = match met {
                Some((_, balance)) => balance,
                None => self.accounts.entry(account).or_default().balance(),
            };
            self.met.insert(account, (now, balance.clone()));
            let Some(when) = life.when else { continue };
            let than = of(when.than);
            let holds = match when.cmp {
                Cmp::Eq => balance == than,
                Cmp::Ne => balance != than,
                Cmp::Ge => balance >= than,
                Cmp::Gt => balance > than,
                Cmp::Le => balance <= than,
                Cmp::Lt => balance < than,
            };
            let (roster, subject, _) = account;
            if holds {
                self.notes
                    .add("余额符合", roster, subject, now.div_euclid(DAY));
            } else {
                self.notes
                    .add("余额不符", roster, subject, now.div_euclid(DAY));
                out.push(account);
            }
        }
        out
    }

    /// What a life takes of all that an account holds.
    fn of_account(&mut self, account: AccountKey, life: &Life) -> Vec<(usize, N)> {
        let Some(currency) = self.plan.currencies.get(account.2) else {
            return Vec::new();
        };
        let mine = self.lots.iter().filter(|l| l.account == account);
        let held = mine.map(|l| &l.left).sum::<N>();
        let kept = lots::kept(currency, life.loss, &held);
        lots::take(self.plan, &mut self.lots, account, &(held - kept))
    }

    /// The day from which an account is idle: its last use in the sense of a life; before the first, its first gain.
    fn last_use(&self, account: AccountKey, life: usize) -> Option<i64> {
        let life = self.plan.currencies.get(account.2)?.lives.get(life)?;
        let Due::Idle { gains, spends, .. } = life.due else {
            return None;
        };
        let mine = || self.uses.iter().filter(|u| u.0 == account);
        let counts = mine().filter(|u| match u.2 {
            Use::Gain => gains,
            Use::Spend => spends,
            Use::Receipt => false,
        });
        let first = mine().find(|u| u.2 != Use::Spend).map(|u| u.1);
        counts.map(|u| u.1).max().or(first)
    }

    /// An account gained, spent or received on a day.
    pub fn used(&mut self, account: AccountKey, day: i64, what: Use) {
        let plan = self.plan;
        let lives = plan.currencies.get(account.2).map_or(&[][..], |c| &c.lives);
        let before: Vec<_> = (0..lives.len())
            .map(|l| self.last_use(account, l))
            .collect();
        self.uses.push((account, day, what));
        for (life, l) in lives.iter().enumerate() {
            let last = self.last_use(account, life);
            let (Some(since), Some(version)) = (last, plan.versions.get(l.version.ix())) else {
                continue;
            };
            if before.get(life) == Some(&last) {
                continue;
            }
            // What was due before the version began: an expiry acts on its first day, a decay is done.
            let from = i64::from(version.from.0) * DAY;
            let done = |times: &u32| {
                let past = lots::due(plan, l, since, 0, *times).and_then(Moment::told);
                l.loss != Loss::All && past.is_some_and(|t| t < from)
            };
            let times = (0..).find(|t| !done(t)).unwrap_or(0);
            if let Some(moment) = lots::due(plan, l, since, 0, times) {
                let task = Lapse {
                    currency: account.2,
                    life,
                    whose: Whose::Idle(account, since),
                    times,
                    lacks: moment.lacks,
                };
                self.fall_due(l, moment.at.max(from), task);
            }
        }
    }

    fn lost(&mut self, lot: usize, loss: Loss, amount: &N, now: i64) {
        let Some(lot) = self.lots.get(lot).filter(|_| amount.is_positive()) else {
            return;
        };
        let account = self.accounts.entry(lot.account).or_default();
        let was = account.clone();
        let word = match loss {
            Loss::All => {
                account.expired += amount;
                "expired"
            }
            Loss::Share(_) => {
                account.decayed += amount;
                "decayed"
            }
        };
        let (roster, subject, _) = lot.account;
        let change = account.since(&was);
        let day = now.div_euclid(DAY);
        self.moves.push((now, day, lot.account, change, None));
        self.notes.add(
            if loss == Loss::All {
                "到期"
            } else {
                "衰减"
            },
            roster,
            subject,
            now.div_euclid(DAY),
        );
        let line = format!(
            "X|{}|{word}|{}|{}",
            self.lot_text(lot),
            time::instant_text(now),
            crate::number::text(amount)
        );
        self.lines.push(line);
    }

    /// `account|currency|item|version|origin|day`
    pub fn lot_text(&self, lot: &Lot) -> String {
        let (roster, subject, currency) = lot.account;
        let roster = RosterIx(u16::try_from(roster).unwrap_or(u16::MAX));
        let who = text::account(self.plan, self.rosters, roster, subject);
        let currency = self
            .plan
            .currencies
            .get(currency)
            .map_or("?", |c| c.name.as_str());
        let item = text::item(self.plan, lot.item);
        format!(
            "{who}|{currency}|{item}|{}|{}",
            lot.origin,
            time::day_text(lot.day)
        )
    }
}
