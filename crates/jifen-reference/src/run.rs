//! The loop: runs in key order (S3), each item's lines (S7), holding and releasing (S24), posting (S20) and balances (S22).

use std::collections::BTreeMap;

use jifen_data::{FactLog, OpeningStanding, Openings, RosterData};
use jifen_plan::{Item, Line, Plan, Review, RosterIx, RuleDate, Trigger};
use num_traits::{Signed, Zero};

use crate::account::Account;
use crate::award::{self, Running};
use crate::caps::{self, Charge, Waiting};
use crate::choice::{self, Chosen};
use crate::eval::{Cx, Stop, V};
use crate::give::{Use, receiver};
use crate::lots::{AccountKey, Lapse, Lot};
use crate::measure::Known;
use crate::notes::Notes;
use crate::number::{N, fit, of};
use crate::review::{Fate, fate};
use crate::settle::{Fact, confirmations};
use crate::text;
use crate::time::{self, DAY};

/// (instant, phase, length of the id, id, roster or kind, item, number of the run).
type Key = (i64, u8, usize, String, usize, usize, usize);

/// Phases at one instant (S3): closes of periods, then dues (release, expiry, decay), then facts.
const CLOSE: u8 = 0;
const RELEASE: u8 = 1;
pub const EXPIRY: u8 = 2;
pub const DECAY: u8 = 3;
/// What groups keep and lose stands after what time takes, and before the facts of the day.
pub const MOVE: u8 = 4;
const FACT: u8 = 5;

/// What the queue holds.
pub enum Task<'a> {
    Run(Box<Run<'a>>),
    Lapse(Lapse),
    /// A rule of 变动 and 分户 on a day.
    Move(usize),
}

/// A run, or the rest of one after a review.
pub struct Run<'a> {
    pub cx: Cx<'a>,
    pub item: usize,
    id: String,
    pub origin: String,
    pub number: usize,
    /// Where to go on.
    line: usize,
    pub running: Running,
    pub before_caps: Option<N>,
    /// Held: what it was worth at the review, and what becomes of it now.
    pub held: Option<(N, Fate)>,
    /// 待定 占上限: the caps have been passed already.
    capped: bool,
    /// 转赠: who receives.
    pub receiver: Option<(usize, u32)>,
    /// 择一: what it stood with.
    pub chosen: Option<Chosen>,
    /// 折合: what it costs, and who bears it.
    pub worth: Option<(Option<N>, String)>,
    /// 分配: its share of the sum.
    share: Option<N>,
}

/// Everything that the loop remembers.
pub struct Office<'a> {
    pub plan: &'a Plan,
    log: &'a FactLog,
    pub facts: &'a [Fact],
    pub rosters: &'a RosterData,
    pub as_of: i64,
    pub queue: BTreeMap<Key, Task<'a>>,
    pub runs: usize,
    pub history: Vec<Charge>,
    pub chosen: Vec<Chosen>,
    pub accounts: BTreeMap<AccountKey, Account>,
    pub lots: Vec<Lot>,
    /// 接: (clause, kind, id of a fact) that has served, in the order of runs.
    pub served: Vec<(Vec<String>, usize, String)>,
    /// Who gained, spent or received on which day, of currencies whose points lapse.
    pub uses: Vec<(AccountKey, i64, Use)>,
    /// What an account had when the first of what falls due at an instant was met.
    pub met: BTreeMap<AccountKey, (i64, N)>,
    /// How many transfers stand one behind the other up to the last of each account.
    pub depth: BTreeMap<(usize, u32), usize>,
    pub lines: Vec<String>,
    /// What changed in accounts, and when.
    pub moves: Vec<crate::allot::Move>,
    pub known: &'a Known,
    /// How subjects stood before the policy.
    taken: &'a [OpeningStanding],
    /// The same, of the round before.
    book: &'a [crate::allot::Move],
    pub notes: &'a Notes,
}

impl<'a> Office<'a> {
    /// An office with openings and nothing to do.
    pub fn new(
        plan: &'a Plan,
        (log, rosters, openings): (&'a FactLog, &'a RosterData, &'a Openings),
        facts: &'a [Fact],
        as_of: i64,
        (known, notes, book): (&'a Known, &'a Notes, &'a [crate::allot::Move]),
    ) -> Office<'a> {
        let mut accounts: BTreeMap<_, Account> = BTreeMap::new();
        for o in &openings.lines {
            let account = accounts.entry((o.roster.ix(), o.subject, o.currency.ix()));
            account.or_default().opening += of(o.amount);
        }
        let (queue, lines, history) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut office = Office {
            plan,
            log,
            facts,
            rosters,
            as_of,
            queue,
            runs: 0,
            history,
            chosen: Vec::new(),
            accounts,
            lots: Vec::new(),
            served: Vec::new(),
            uses: Vec::new(),
            met: BTreeMap::new(),
            depth: BTreeMap::new(),
            lines,
            moves: Vec::new(),
            known,
            taken: &openings.standings,
            book,
            notes,
        };
        let opened: Vec<AccountKey> = office.accounts.keys().copied().collect();
        for key in opened {
            office.moved((i64::MIN, 0), key, &Account::default());
        }
        office.open_lots(openings);
        office.queue_account_dates();
        office
    }

    /// Facts: settled outcomes, version (S26), one run for each item that the fact triggers.
    pub fn queue_facts(&mut self, facts: &'a [Fact]) {
        for fact in facts {
            let Some(kind) = self.plan.kinds.get(fact.kind) else {
                continue;
            };
            if let Some(out) = &fact.out {
                self.outcome(kind.subject, fact.subject, &fact.id, None, out);
                continue;
            }
            let event_day = fact.instant.div_euclid(DAY);
            let rule_day = self.rule_day(fact, event_day);
            let Some(version) = self.version(rule_day) else {
                self.notes
                    .add("无版本", kind.subject.ix(), fact.subject, event_day);
                self.outcome(kind.subject, fact.subject, &fact.id, None, "no-version|");
                continue;
            };
            if event_day > self.as_of {
                continue;
            }
            for (ix, item) in self.plan.items.iter().enumerate() {
                let triggers = matches!(item.trigger, Trigger::Fact(k) if k.ix() == fact.kind);
                if !triggers || item.version.ix() != version {
                    continue;
                }
                let mut cx = self.cx(kind.subject, fact.subject, event_day);
                cx.fact = Some(fact);
                (cx.entry_day, cx.rule_day) = (fact.entered, rule_day);
                (cx.instant, cx.day_only) = (fact.instant, fact.day_only);
                (cx.span, cx.counted) = (fact.span, fact.counted.clone());
                self.push(fact.instant, FACT, fact.kind, ix, &fact.id, &fact.id, cx);
            }
        }
    }

    /// Period items (S19a): one run for each subject on the roster on some day of each period that is over.
    pub fn queue_periods(&mut self, facts: &'a [Fact]) {
        for (ix, item) in self.plan.items.iter().enumerate() {
            let Trigger::Period {
                roster,
                unit,
                at_start,
                row,
            } = item.trigger
            else {
                continue;
            };
            if item.allot.is_some() {
                continue;
            }
            let Some(version) = self.plan.versions.get(item.version.ix()) else {
                continue;
            };
            let Some(table) = self.rosters.table(roster) else {
                continue;
            };
            let (from, to) = (
                i64::from(version.from.0),
                version.to.map(|d| i64::from(d.0)),
            );
            let mut period = time::period(unit, from);
            while period.0 <= self.as_of {
                let (first, end) = period;
                let dated = if at_start { first } else { end - 1 };
                let in_version = from <= dated && to.is_none_or(|t| dated < t);
                period = time::period(unit, end);
                if !in_version || dated > self.as_of {
                    continue;
                }
                for (code, id) in (0_u32..).zip(&table.ids) {
                    let mut cx = self.cx(roster, code, dated);
                    let Some(last) = (first..end).rev().find(|d| cx.is_present(*d)) else {
                        continue;
                    };
                    cx.attr_day = if cx.is_present(dated) { dated } else { last };
                    cx.period = Some((first, end));
                    let rows = facts.iter().filter(|f| {
                        let day = f.instant.div_euclid(DAY);
                        row.is_some_and(|k| k.ix() == f.kind)
                            && (f.out.is_none() && f.subject == code)
                            && (first <= day && day < end)
                    });
                    cx.fact = rows.min_by(|a, b| crate::settle::id_order(&a.id, &b.id));
                    let at = if at_start { first } else { end } * DAY;
                    cx.instant = at;
                    let origin = format!("period:{}", time::day_text(first));
                    self.push(at, CLOSE, roster.ix(), ix, id, &origin, cx);
                }
            }
        }
    }

    pub fn cx(&self, roster: RosterIx, subject: u32, day: i64) -> Cx<'a> {
        Cx {
            plan: self.plan,
            rosters: self.rosters,
            facts: self.facts,
            fact: None,
            version: 0,
            roster,
            subject,
            group: None,
            event_day: day,
            entry_day: day,
            rule_day: day,
            attr_day: day,
            instant: day * DAY,
            day_only: true,
            period: None,
            span: None,
            counted: Vec::new(),
            held: Vec::new(),
            running: N::zero(),
            day_total: N::zero(),
            joined: Vec::new(),
            around: None,
            holder: None,
            accounts: BTreeMap::new(),
            taken: self.taken,
            known: self.known,
            book: self.book,
            notes: self.notes,
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of a key and of a run, named once"
    )]
    fn push(
        &mut self,
        at: i64,
        phase: u8,
        table: usize,
        item: usize,
        id: &str,
        origin: &str,
        cx: Cx<'a>,
    ) {
        self.runs += 1;
        let mut cx = cx;
        cx.version = self.plan.items.get(item).map_or(0, |i| i.version.ix());
        let key = (at, phase, id.len(), id.to_owned(), table, item, self.runs);
        let run = Run {
            cx,
            item,
            id: id.to_owned(),
            origin: origin.to_owned(),
            number: self.runs,
            line: self.plan.items.get(item).map_or(0, award::first_line),
            running: Running::new(),
            before_caps: None,
            held: None,
            capped: false,
            receiver: None,
            chosen: None,
            worth: None,
            share: None,
        };
        self.queue.insert(key, Task::Run(Box::new(run)));
    }

    /// 分配: posts a share with the period items of its day.
    pub fn push_share(&mut self, item: usize, (id, origin): (&str, &str), cx: Cx<'a>, share: N) {
        let (at, table) = (cx.instant, cx.roster.ix());
        self.push(at, CLOSE, table, item, id, origin, cx);
        let own = self.queue.iter_mut().find_map(|(_, task)| match task {
            Task::Run(run) if run.number == self.runs => Some(run),
            _ => None,
        });
        if let Some(run) = own {
            run.share = Some(share);
        }
    }

    /// S26: which day chooses the version.
    fn rule_day(&self, fact: &Fact, event_day: i64) -> i64 {
        match self.plan.rule_date {
            RuleDate::Event => event_day,
            RuleDate::Entry => fact.entered,
            RuleDate::Confirmation => {
                let list = confirmations(self.log, &fact.id, self.as_of);
                let last = list.iter().rev().find(|c| c.positive);
                last.map_or(event_day, |c| c.at.0.div_euclid(DAY))
            }
        }
    }

    pub fn version(&self, day: i64) -> Option<usize> {
        self.plan
            .versions
            .iter()
            .position(|v| i64::from(v.from.0) <= day && v.to.is_none_or(|to| day < i64::from(to.0)))
    }

    /// The loop. A review may queue the rest of a run under a later key.
    pub fn work(&mut self) {
        while let Some((key, task)) = self.queue.pop_first() {
            let mut run = match task {
                Task::Run(run) => *run,
                Task::Lapse(lapse) => {
                    self.lapse(lapse, key.0);
                    continue;
                }
                Task::Move(rule) => {
                    self.regroup(rule, key.0);
                    continue;
                }
            };
            let Some(item) = self.plan.items.get(run.item) else {
                continue;
            };
            let mark = self.history.len();
            let noted = self.notes.mark();
            let now = key.0;
            if let Err(stop) = self.step(&mut run, item, now) {
                // A run is all or nothing.
                self.history.truncate(mark);
                if run.held.is_some() {
                    // 待定 占上限: what was charged at the event as well.
                    self.history.retain(|c| c.run != run.number || !c.returns);
                }
                self.notes.forget(noted);
                run.cx.note(match stop {
                    Stop::Unknown(_) => "缺值",
                    Stop::Failed("overflow") => "溢出",
                    Stop::Failed("beyond-calendar") => "农历之外",
                    Stop::Failed(_) => "除以零",
                });
                self.outcome_of(&run, &text::stop(&stop));
            }
        }
    }

    fn step(&mut self, run: &mut Run<'a>, item: &Item, now: i64) -> Result<(), Stop> {
        if let Some(share) = run.share.clone() {
            run.running.value = share;
            return self.post(run, item, now);
        }
        match run.held.clone() {
            None => {
                let row = matches!(item.trigger, Trigger::Period { row: Some(_), .. });
                if row && run.cx.fact.is_none() {
                    return Err(Stop::Unknown("period row".to_owned()));
                }
                if item.spend.is_some() {
                    run.cx.accounts = self.accounts_of(run);
                }
                let mut refused = award::requires(&mut run.cx, item, false)?;
                if refused.is_none() && !item.joins.is_empty() {
                    if let Some(slot) = self.partners(run)? {
                        run.cx.note("没有接上");
                        self.outcome_of(run, &format!("no-partner|{slot}"));
                        return Ok(());
                    }
                    refused = award::requires(&mut run.cx, item, true)?;
                }
                if let Some(i) = refused {
                    run.cx.note("条件不符");
                    self.outcome_of(run, &format!("not-applicable|{i}"));
                    return Ok(());
                }
            }
            Some((value, fate)) if !matches!(fate, Fate::Release(_)) => {
                let before = self.history.len();
                self.history.retain(|c| c.run != run.number || !c.returns);
                if self.history.len() < before {
                    run.cx.note("退还");
                }
                run.cx.note(match fate {
                    Fate::Reject(_) => "驳回",
                    _ => "逾期",
                });
                self.outcome_of(run, &text::fate(&value, fate));
                return Ok(());
            }
            Some(_) if run.capped => {
                return self.post(run, item, now);
            }
            Some(_) => {}
        }
        if self.lines_from(run, item, run.line)? {
            self.post(run, item, now)?;
        }
        Ok(())
    }

    /// What the subject of a run has now, by currency.
    fn accounts_of(&self, run: &Run<'a>) -> BTreeMap<usize, Account> {
        let own = (run.cx.roster.ix(), run.cx.subject);
        let of_it = self.accounts.iter().filter(|(k, _)| (k.0, k.1) == own);
        of_it.map(|(k, a)| (k.2, a.clone())).collect()
    }

    /// The lines from `from` on. `false`: held, or nothing was awarded.
    fn lines_from(&mut self, run: &mut Run<'a>, item: &Item, from: usize) -> Result<bool, Stop> {
        let mut waiting: Vec<Waiting> = Vec::new();
        let mark = self.history.len();
        for at in from..=item.lines.len() {
            let line = item.lines.get(at);
            let gate = matches!(
                line,
                None | Some(Line::Round(_) | Line::Review(_) | Line::Choose(_) | Line::Cap(_))
            );
            if gate && !run.running.took {
                run.cx.note("无一句生效");
                self.outcome_of(run, "no-amount|");
                return Ok(false);
            }
            run.cx.running = run.running.value.clone();
            match line {
                Some(Line::Review(review)) => {
                    let held = self.review(run, item, at, review)?;
                    if held {
                        return Ok(false);
                    }
                }
                Some(Line::Choose(choose)) => {
                    run.before_caps.get_or_insert(run.running.value.clone());
                    (run.running.value, run.chosen) =
                        choice::choose(&run.cx, choose, &self.chosen)?;
                }
                Some(Line::Cap(cap)) => {
                    run.before_caps.get_or_insert(run.running.value.clone());
                    run.running.value =
                        caps::cap(&run.cx, cap, run.number, &mut self.history, &mut waiting)?;
                }
                Some(_) => run.running = award::line(&run.cx, item, at, run.running.clone())?,
                None => {}
            }
        }
        if let Some(give) = &item.give {
            match receiver(&run.cx, give)? {
                Ok(to) => run.receiver = Some(to),
                Err(why) => {
                    run.cx.note("无人可收");
                    self.history.truncate(mark);
                    self.outcome_of(run, &format!("no-receiver|{why}"));
                    return Ok(false);
                }
            }
        }
        if let Some(mode) = item.spend
            && let Some(refused) = self.cover(run, item, mode)?
        {
            self.history.truncate(mark);
            self.outcome_of(run, &refused);
            return Ok(false);
        }
        if let Some(worth) = item.worth
            && run.running.value.is_positive()
        {
            run.cx.running = run.running.value.clone();
            let yuan = run.cx.num(worth.value).ok();
            let by = match worth.by.map(|e| run.cx.eval(e)) {
                Some(Ok(V::Text(name))) => name,
                _ => "-".to_owned(),
            };
            run.worth = Some((yuan, by));
        }
        for w in waiting {
            self.history.push(w.settle(&run.running.value));
        }
        caps::fits(&self.history, mark, &self.plan.tallies)?;
        Ok(true)
    }

    /// 复核: `true` if the award is held; the rest of the run is queued at its release or refusal.
    fn review(
        &mut self,
        run: &mut Run<'a>,
        item: &Item,
        at: usize,
        review: &Review,
    ) -> Result<bool, Stop> {
        let value = run.running.value.clone();
        if let Some(ix) = review.day_total
            && let Some(tally) = self.plan.tallies.get(ix.ix())
        {
            let charge = Charge {
                tally: ix,
                key: caps::key(&run.cx, tally)?,
                day: run.cx.event_day,
                run: run.number,
                version: run.cx.version,
                amount: value.clone(),
                returns: false,
            };
            run.cx.day_total = fit(caps::used(&self.history, tally, &charge)? + &value)?;
            self.history.push(charge);
        }
        if review.day_total.is_some() {
            run.cx.note("当日合计");
        }
        if !run.cx.holds(review.when)? {
            run.cx.note("复核免");
            return Ok(false);
        }
        let list = match run.cx.period {
            None => confirmations(self.log, &run.id, self.as_of),
            Some(_) => Vec::new(),
        };
        let fate = fate(&run.cx, review, &list)?;
        if review.holds_room && !self.lines_from(run, item, at + 1)? {
            return Ok(true);
        }
        let fate = match fate {
            // Nothing happens to an award before its event.
            Fate::Lapse(t) => Fate::Lapse(t.max(run.cx.instant)),
            other => other,
        };
        let over = (self.as_of + 1) * DAY;
        let when = match fate {
            Fate::Release(t) | Fate::Reject(t) | Fate::Lapse(t) if t < over => t,
            waits => {
                let release = match waits {
                    Fate::Release(t) => Some(t),
                    _ => None,
                };
                run.cx.note("待定");
                self.outcome_of(run, &text::pending(&value, release));
                return Ok(true);
            }
        };
        if let (Fate::Release(_), Some(p)) = (fate, review.publish) {
            run.cx.note(if p.days.working {
                "工作日公示"
            } else {
                "自然日公示"
            });
        }
        if let (Fate::Release(_), true) = (fate, review.holds_room) {
            run.cx.note("占上限");
        }
        let table = self.plan.kinds.len() + run.cx.roster.ix();
        let table = run.cx.fact.map_or(table, |f| f.kind);
        let key = (
            when,
            RELEASE,
            run.id.len(),
            run.id.clone(),
            table,
            run.item,
            run.number,
        );
        let rest = Run {
            cx: run.cx.clone(),
            id: run.id.clone(),
            origin: run.origin.clone(),
            running: run.running.clone(),
            before_caps: run.before_caps.clone(),
            item: run.item,
            number: run.number,
            line: at + 1,
            held: Some((value, fate)),
            capped: review.holds_room,
            receiver: run.receiver,
            chosen: None,
            worth: run.worth.clone(),
            share: None,
        };
        self.queue.insert(key, Task::Run(Box::new(rest)));
        Ok(true)
    }

    fn outcome_of(&mut self, run: &Run<'a>, what: &str) {
        let cx = &run.cx;
        self.outcome(cx.roster, cx.subject, &run.origin, Some(run.item), what);
    }

    pub fn outcome(
        &mut self,
        r: RosterIx,
        who: u32,
        origin: &str,
        item: Option<usize>,
        what: &str,
    ) {
        let who = text::account(self.plan, self.rosters, r, who);
        let item = text::item(self.plan, item);
        self.lines.push(format!("O|{who}|{origin}|{item}|{what}"));
    }

    /// All lines, with the balances, sorted.
    pub fn lines(mut self) -> Vec<String> {
        for ((roster, subject, currency), a) in &self.accounts {
            let roster = RosterIx(u16::try_from(*roster).unwrap_or(u16::MAX));
            let who = text::account(self.plan, self.rosters, roster, *subject);
            let name = self
                .plan
                .currencies
                .get(*currency)
                .map_or("?", |c| c.name.as_str());
            let balance = a.balance();
            let parts = [
                &a.opening,
                &a.earned,
                &a.received,
                &a.deducted,
                &a.spent,
                &a.given,
                &a.expired,
                &a.decayed,
                &a.waived,
                &a.trimmed,
            ];
            let numbers = parts.map(crate::number::text).join("|");
            let balance = crate::number::text(&balance);
            self.lines
                .push(format!("B|{who}|{name}|{numbers}|{balance}"));
        }
        for lot in self.lots.iter().filter(|l| l.left.is_positive()) {
            let line = format!(
                "T|{}|{}",
                self.lot_text(lot),
                crate::number::text(&lot.left)
            );
            self.lines.push(line);
        }
        self.lines.sort();
        self.lines
    }
}
