//! S14: what becomes of a group's points when a member moves and when members split off; day by day, member by member.

use jifen_calendar::Day;
use jifen_plan::{Expr, Move, Pass, RosterIx, Split, Value, Whose};
use jifen_quantity::Rounding;
use num_traits::{Signed, Zero};

use crate::account::Account;
use crate::give::Use;
use crate::lots::{self, AccountKey, Lot};
use crate::number::{self, N, divide, int, of, round_to};
use crate::run::{MOVE, Office, Run, Task};
use crate::settle::id_order;
use crate::text;
use crate::time::{self, DAY};

/// Whose fact brought a lot, and through which attribute: roster, subject, attribute.
pub type Brought = (usize, u32, usize);

/// A member who is in another group than before.
#[derive(Clone, Copy)]
struct Shift {
    member: u32,
    from: u32,
    to: u32,
    /// He was on the roster the day before.
    there: bool,
}

/// Points on their way.
struct Moving {
    from: AccountKey,
    to: AccountKey,
    member: Option<(usize, u32)>,
    amount: N,
    parts: Vec<(Lot, N)>,
}

impl<'a> Office<'a> {
    /// A task for each rule and each day after the first of the policy on which somebody is in another group.
    pub fn queue_moves(&mut self) {
        let Some(first) = self.plan.versions.first().map(|v| i64::from(v.from.0)) else {
            return;
        };
        for (ix, rule) in self.plan.moves.iter().enumerate() {
            for day in first + 1..=self.as_of {
                if self.version(day) == Some(rule.version.ix())
                    && !self.shifts(rule, day).is_empty()
                {
                    let key = (day * DAY, MOVE, 0, String::new(), ix, 0, 0);
                    self.queue.insert(key, Task::Move(ix));
                }
            }
        }
    }

    /// The group that a member was last known to be in, if he is on the roster.
    fn group(&self, rule: &Move, member: u32, day: i64) -> Option<u32> {
        let table = self.rosters.table(rule.roster)?;
        let present = table.present.get(member as usize)?;
        let on = |r: &&(Day, Day)| i64::from(r.0.0) <= day && day < i64::from(r.1.0);
        present.iter().find(on)?;
        let attr = table.attrs.get(rule.attr.ix())?;
        let mut last: Option<(i64, u32)> = None;
        for (from, to, code) in attr.rows.get(member as usize)? {
            let until = (i64::from(to.0) - 1).min(day);
            let known = match attr.values.get_index(*code as usize) {
                Some(Value::Text(id)) => self.rosters.table(rule.group)?.subject(id),
                _ => None,
            };
            if let Some(group) = known
                && i64::from(from.0) <= day
                && last.is_none_or(|l| l.0 < until)
            {
                last = Some((until, group));
            }
        }
        last.map(|l| l.1)
    }

    /// Who is in another group on a day than on his last day before, in order of ids.
    fn shifts(&self, rule: &Move, day: i64) -> Vec<Shift> {
        let Some(table) = self.rosters.table(rule.roster) else {
            return Vec::new();
        };
        let shift = |member: u32| {
            let to = self.group(rule, member, day)?;
            let present = table.present.get(member as usize)?;
            let before = present.iter().filter(|r| i64::from(r.0.0) < day);
            let before = before.map(|r| i64::from(r.1.0).min(day) - 1).max()?;
            let from = self.group(rule, member, before)?;
            let there = before == day - 1;
            (from != to).then_some(Shift {
                member,
                from,
                to,
                there,
            })
        };
        let mut out: Vec<Shift> = (0..table.ids.len() as u32).filter_map(shift).collect();
        let id = |s: &Shift| table.ids.get_index(s.member as usize);
        out.sort_by(|a, b| {
            id_order(
                id(a).map_or("", String::as_str),
                id(b).map_or("", String::as_str),
            )
        });
        out
    }

    fn members(&self, rule: &Move, group: u32, day: i64) -> Vec<u32> {
        let all = self.rosters.table(rule.roster).map_or(0, |t| t.ids.len());
        let inside = |m: &u32| self.group(rule, *m, day) == Some(group);
        (0..all as u32).filter(inside).collect()
    }

    /// Does he found a new group while somebody stays?
    fn splits(&self, rule: &Move, s: &Shift, day: i64) -> bool {
        let before = self.members(rule, s.from, day - 1);
        let after = self.members(rule, s.from, day);
        s.there
            && self.members(rule, s.to, day - 1).is_empty()
            && before.iter().any(|m| after.contains(m))
    }

    /// A day of changes: everything is taken as it stands, then everything arrives.
    pub fn regroup(&mut self, rule: usize, now: i64) {
        let plan = self.plan;
        let Some(rule) = plan.moves.get(rule) else {
            return;
        };
        let day = now.div_euclid(DAY);
        let all = self.shifts(rule, day);
        let (splitting, moving): (Vec<Shift>, Vec<Shift>) =
            all.into_iter().partition(|s| self.splits(rule, s, day));
        for currency in &rule.currencies {
            let account = |group: u32| (rule.group.ix(), group, currency.ix());
            let mut on_the_way = Vec::new();
            for s in moving.iter().filter(|_| rule.follow) {
                on_the_way.push(self.along(rule, s, (currency.ix(), now)));
            }
            match rule.split {
                Split::Keep => {}
                Split::Clear => {
                    for g in self.givers(rule, &splitting) {
                        self.clear(account(g), now);
                    }
                }
                Split::Share => {
                    for g in self.givers(rule, &splitting) {
                        let members = self.members(rule, g, day - 1).len();
                        let own = |s: &&Shift| rule.follow && s.there && s.from == g;
                        let heads = members - moving.iter().filter(own).count();
                        on_the_way.extend(self.by_heads(
                            rule,
                            account(g),
                            &splitting,
                            (heads, now),
                        ));
                    }
                }
            }
            for m in on_the_way {
                self.arrive(m, now);
            }
        }
    }

    /// Groups that are left, in order of ids.
    fn givers(&self, rule: &Move, splitting: &[Shift]) -> Vec<u32> {
        self.by_id(rule, splitting.iter().map(|s| s.from).collect())
    }

    fn by_id(&self, rule: &Move, mut groups: Vec<u32>) -> Vec<u32> {
        let id = |g: &u32| {
            let table = self.rosters.table(rule.group);
            table
                .and_then(|t| t.ids.get_index(*g as usize))
                .map_or("", String::as_str)
        };
        groups.sort_by(|a, b| id_order(id(a), id(b)));
        groups.dedup();
        groups
    }

    /// 随人: what is left of what he brought.
    fn along(&mut self, rule: &Move, s: &Shift, (currency, now): (usize, i64)) -> Moving {
        let from = (rule.group.ix(), s.from, currency);
        let brought = (rule.roster.ix(), s.member, rule.attr.ix());
        let mut parts = Vec::new();
        for i in lots::order(self.plan, &self.lots, from) {
            if let Some(lot) = self.lots.get_mut(i)
                && lot.brought == Some(brought)
            {
                parts.push((lot.clone(), lot.left.clone()));
                lot.left = N::zero();
            }
        }
        let amount: N = parts.iter().map(|p| &p.1).sum();
        self.gave(from, &amount, now);
        Moving {
            from,
            to: (rule.group.ix(), s.to, currency),
            member: Some((rule.roster.ix(), s.member)),
            amount,
            parts,
        }
    }

    fn gave(&mut self, from: AccountKey, amount: &N, now: i64) {
        // An account that gives nothing has no row because of it.
        if amount.is_positive() {
            self.change(from, now, |account| account.given += amount);
        }
    }

    /// Changes an account and remembers by what.
    fn change(&mut self, key: AccountKey, now: i64, by: impl FnOnce(&mut Account)) {
        let account = self.accounts.entry(key).or_default();
        let was = account.clone();
        by(account);
        self.moved((now, now.div_euclid(DAY)), key, &was);
    }

    /// 均分: a share by heads for each new group, rounded down, of what there is now.
    fn by_heads(
        &mut self,
        rule: &Move,
        from: AccountKey,
        splitting: &[Shift],
        (heads, now): (usize, i64),
    ) -> Vec<Moving> {
        let held = |o: &Office<'_>| o.accounts.get(&from).map_or(N::zero(), Account::balance);
        let all = held(self);
        let mine = |s: &&Shift| s.from == from.1;
        let to: Vec<u32> = splitting.iter().filter(mine).map(|s| s.to).collect();
        let mut out = Vec::new();
        for g in self.by_id(rule, to.clone()) {
            let leave = to.iter().filter(|t| **t == g).count();
            let (leave, heads) = (int(leave as i64), int(heads as i64));
            let precision = self.plan.currencies.get(from.2).and_then(|c| c.precision);
            let share = match precision {
                Some(p) => {
                    let whole = &all * leave / heads;
                    round_to(&whole, &of(p.step), Rounding::Down)
                }
                None => divide(&(&all * leave), &heads),
            };
            let amount = share.ok().filter(Signed::is_positive).unwrap_or_default();
            let taken = lots::take(self.plan, &mut self.lots, from, &amount);
            let lot = |(i, part): (usize, N)| self.lots.get(i).map(|l| (l.clone(), part));
            let parts = taken.into_iter().filter_map(lot).collect();
            self.gave(from, &amount, now);
            out.push(Moving {
                from,
                to: (from.0, g, from.2),
                member: None,
                amount,
                parts,
            });
        }
        out
    }

    /// 归零: what there is lapses.
    fn clear(&mut self, from: AccountKey, now: i64) {
        let amount = self.accounts.get(&from).map_or(N::zero(), Account::balance);
        if !amount.is_positive() {
            return;
        }
        lots::take(self.plan, &mut self.lots, from, &amount);
        self.change(from, now, |account| account.expired += &amount);
        self.notes
            .add("分户归零", from.0, from.1, now.div_euclid(DAY));
        self.move_line(from, None, None, &amount, now);
    }

    /// What arrives pays what is owed; the rest keeps its days and whose it was.
    fn arrive(&mut self, m: Moving, now: i64) {
        if !m.amount.is_positive() {
            return;
        }
        let what = if m.member.is_some() {
            "随人"
        } else {
            "分户均分"
        };
        self.notes.add(what, m.to.0, m.to.1, now.div_euclid(DAY));
        let before = self.accounts.get(&m.to).map_or(N::zero(), Account::balance);
        let mut owed = (-before).max(N::zero());
        self.change(m.to, now, |account| account.received += &m.amount);
        self.move_line(m.from, Some(m.to), m.member, &m.amount, now);
        for (lot, part) in m.parts {
            let left = &part - owed.clone().min(part.clone());
            owed -= &part - &left;
            if left.is_positive() {
                let lot = Lot {
                    account: m.to,
                    carried: true,
                    left,
                    ..lot
                };
                self.lot(lot, now);
            }
        }
        let lives = self.plan.currencies.get(m.to.2).map(|c| &c.lives);
        if lives.is_some_and(|l| !l.is_empty()) {
            self.used(m.to, now.div_euclid(DAY), Use::Receipt);
        }
    }

    fn move_line(
        &mut self,
        from: AccountKey,
        to: Option<AccountKey>,
        member: Option<(usize, u32)>,
        amount: &N,
        now: i64,
    ) {
        let named = |a: (usize, u32)| {
            let roster = RosterIx(u16::try_from(a.0).unwrap_or(u16::MAX));
            text::account(self.plan, self.rosters, roster, a.1)
        };
        let line = format!(
            "M|{}|{}|{}|{}|{}|{}",
            named((from.0, from.1)),
            self.plan.currencies.get(from.2).map_or("?", |c| &c.name),
            time::instant_text(now),
            to.map_or("-".to_owned(), |t| named((t.0, t.1))),
            member.map_or("-".to_owned(), named),
            number::text(amount)
        );
        self.lines.push(line);
    }

    /// Does an account of this currency keep lots?
    pub fn keeps_lots(&self, currency: usize) -> bool {
        let lapses = self.plan.currencies.get(currency);
        let follows = |m: &Move| m.follow && m.currencies.iter().any(|c| c.ix() == currency);
        lapses.is_some_and(|c| !c.lives.is_empty()) || self.plan.moves.iter().any(follows)
    }

    /// A lot that was released after its member had moved goes after him.
    pub fn after_him(&mut self, run: &Run<'a>, number: usize, now: i64) {
        let Some(lot) = self.lots.get(number).cloned() else {
            return;
        };
        let Some((roster, member, attr)) = lot.brought else {
            return;
        };
        let first = self.plan.versions.first();
        let first = first.map_or(0, |v| i64::from(v.from.0));
        let mut group = lot.account.1;
        for day in run.cx.attr_day.max(first) + 1..=now.div_euclid(DAY) {
            let rule = self.plan.moves.iter().find(|m| {
                (m.roster.ix(), m.attr.ix()) == (roster, attr)
                    && m.group.ix() == lot.account.0
                    && m.currencies.iter().any(|c| c.ix() == lot.account.2)
                    && self.version(day) == Some(m.version.ix())
            });
            let Some(rule) = rule.filter(|r| r.follow && day * DAY < now) else {
                continue;
            };
            let his = |s: &Shift| s.member == member && s.from == group;
            let shift = self.shifts(rule, day).into_iter().find(his);
            if let Some(s) = shift.filter(|s| !self.splits(rule, s, day)) {
                group = s.to;
            }
        }
        if group != lot.account.1 {
            run.cx.note("迟到随人");
            if let Some(lot) = self.lots.get_mut(number) {
                lot.left = N::zero();
            }
            self.gave(lot.account, &lot.left, now);
            let moving = Moving {
                from: lot.account,
                to: (lot.account.0, group, lot.account.2),
                member: Some((roster, member)),
                amount: lot.left.clone(),
                parts: vec![(lot.clone(), lot.left)],
            };
            self.arrive(moving, now);
        }
    }
}

/// Who brings what a pass gives, where an attribute of his says to whom.
pub fn brought(run: &Run<'_>, pass: &Pass) -> Option<Brought> {
    match run.cx.plan.exprs.get(pass.to) {
        Expr::Attr(Whose::Own, attr) => Some((run.cx.roster.ix(), run.cx.subject, attr.ix())),
        _ => None,
    }
}
