//! Who is in which group from when, and what that does to accounts: prepared once, by component (S14).

use std::collections::BTreeMap;

use jifen_calendar::{Day, Instant};
use jifen_data::{Account, compare_ids};
use jifen_plan::{AttrIx, Move, RosterIx, Split, Value};
use rustc_hash::FxHashMap;

use crate::lots::Brought;
use crate::partition::Components;
use crate::world::World;

/// Somebody takes along what he brought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Along {
    pub member: Account,
    pub from: Account,
    pub to: Account,
}

/// So many of so many members found a new group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heads {
    pub from: Account,
    pub to: Account,
    pub leave: u32,
    pub of: u32,
}

/// What one rule does in a component on a day.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub at: Instant,
    /// Index into the Plan's moves.
    pub rule: usize,
    /// In order of the members' ids.
    pub along: Vec<Along>,
    /// 归零, in order of the groups' ids.
    pub clear: Vec<Account>,
    /// 均分, in order of the old and the new groups' ids.
    pub share: Vec<Heads>,
}

/// The days on which points of groups move.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// By component, in order of time.
    steps: BTreeMap<usize, Vec<Step>>,
    /// When each member takes along what, in order of time.
    paths: BTreeMap<Brought, Vec<(Instant, usize, Account, Account)>>,
}

/// Days on end in one group: `from <= day < to`.
#[derive(Clone, Copy, Debug)]
struct Stay {
    from: Day,
    to: Day,
    group: u32,
}

/// A member who is in another group than before.
#[derive(Clone, Copy, Debug)]
struct Shift {
    day: Day,
    member: u32,
    from: u32,
    to: u32,
    /// He was on the roster the day before.
    there: bool,
}

impl Moves {
    /// All that happens up to the as-of day.
    pub fn new(world: &World<'_>, components: &Components) -> Moves {
        let mut out = Moves::default();
        for (ix, rule) in world.plan.moves.iter().enumerate() {
            Rule::new(world, ix, rule).prepare(components, &mut out);
        }
        for steps in out.steps.values_mut() {
            steps.sort_by_key(|s| (s.at, s.rule));
        }
        for path in out.paths.values_mut() {
            path.sort_by_key(|p| p.0);
        }
        out
    }

    /// What happens in a component.
    pub fn of(&self, component: usize) -> &[Step] {
        self.steps.get(&component).map_or(&[], Vec::as_slice)
    }

    /// Where an award of this day, posted only now, has gone in the meantime; by which rule last.
    pub fn since(
        &self,
        brought: Brought,
        account: Account,
        (day, now): (Day, Instant),
    ) -> Option<(usize, Account)> {
        let mut at = None;
        for (when, rule, from, to) in self.paths.get(&brought)? {
            let here = at.map_or(account, |(_, a)| a);
            // At the very instant everything moves together, after this.
            if day < when.day() && *when < now && *from == here {
                at = Some((*rule, *to));
            }
        }
        at.filter(|(_, to)| *to != account)
    }
}

/// One rule with what it needs to know.
struct Rule<'w> {
    world: &'w World<'w>,
    ix: usize,
    rule: &'w Move,
    /// By group: who is in it when.
    groups: FxHashMap<u32, Vec<(Stay, u32)>>,
    shifts: Vec<Shift>,
}

impl<'w> Rule<'w> {
    fn new(world: &'w World<'w>, ix: usize, rule: &'w Move) -> Rule<'w> {
        let versions = &world.plan.versions;
        let first = versions.first().map_or(Day::MAX, |v| v.from);
        let version = versions.get(rule.version.ix());
        // What was so on the first day of the policy was taken over.
        let from = version.map_or(Day::MAX, |v| v.from.max(first.add_days(1)));
        let end = world.as_of.add_days(1);
        let to = version.and_then(|v| v.to).map_or(end, |t| t.min(end));
        let mut out = Rule {
            world,
            ix,
            rule,
            groups: FxHashMap::default(),
            shifts: Vec::new(),
        };
        let members = world.rosters.table(rule.roster).map_or(0, |t| t.ids.len());
        for member in 0..u32::try_from(members).unwrap_or(u32::MAX) {
            let stays = stays(world, rule, member);
            for pair in stays.windows(2) {
                if let [a, b] = pair
                    && a.group != b.group
                    && (from..to).contains(&b.from)
                {
                    out.shifts.push(Shift {
                        day: b.from,
                        member,
                        from: a.group,
                        to: b.group,
                        there: a.to == b.from,
                    });
                }
            }
            for stay in stays {
                out.groups
                    .entry(stay.group)
                    .or_default()
                    .push((stay, member));
            }
        }
        out.shifts.sort_by(|a, b| {
            let order = world.id_order(rule.roster, a.member, b.member);
            a.day.cmp(&b.day).then(order)
        });
        out
    }

    /// Members of a group on the day before, and whether one of them is in it on the day.
    fn before(&self, group: u32, day: Day) -> (u32, bool) {
        let eve = day.add_days(-1);
        let all = self.groups.get(&group).into_iter().flatten();
        let there = all.filter(|(s, _)| s.from <= eve && eve < s.to);
        there.fold((0, false), |(n, stays), (s, _)| {
            (n + 1, stays || day < s.to)
        })
    }

    fn splits(&self, s: &Shift) -> bool {
        s.there && self.before(s.to, s.day).0 == 0 && self.before(s.from, s.day).1
    }

    fn group(&self, subject: u32) -> Account {
        Account {
            roster: self.rule.group,
            subject,
        }
    }

    fn prepare(&self, components: &Components, out: &mut Moves) {
        for day in self.shifts.chunk_by(|a, b| a.day == b.day) {
            let (split, moving): (Vec<&Shift>, Vec<&Shift>) =
                day.iter().partition(|s| self.splits(s));
            for s in moving.iter().filter(|_| self.rule.follow) {
                self.follow(s, components, out);
            }
            let order = |a: u32, b: u32| self.world.id_order(self.rule.group, a, b);
            let mut pairs: Vec<(u32, u32)> = split.iter().map(|s| (s.from, s.to)).collect();
            pairs.sort_by(|a, b| order(a.0, b.0).then_with(|| order(a.1, b.1)));
            for pair in pairs.chunk_by(|a, b| a == b) {
                let Some((from, to)) = pair.first().copied() else {
                    continue;
                };
                let leave = u32::try_from(pair.len()).unwrap_or(u32::MAX);
                let own = |s: &&&Shift| self.rule.follow && s.there && s.from == from;
                let with_own = moving.iter().filter(own).count();
                let Some(s) = split.first() else { continue };
                let of = self.before(from, s.day).0;
                let of = of.saturating_sub(u32::try_from(with_own).unwrap_or(u32::MAX));
                self.part(s.day, (from, to), (leave, of), components, out);
            }
        }
    }

    /// The step of a day in the component of an account; what is prepared comes in order of time.
    fn step<'o>(
        &self,
        day: Day,
        account: Account,
        components: &Components,
        out: &'o mut Moves,
    ) -> Option<&'o mut Step> {
        let steps = out.steps.entry(components.of(account)).or_default();
        let (at, rule) = (day.start(), self.ix);
        if steps.last().is_none_or(|s| (s.at, s.rule) != (at, rule)) {
            steps.push(Step {
                at,
                rule,
                along: Vec::new(),
                clear: Vec::new(),
                share: Vec::new(),
            });
        }
        steps.last_mut()
    }

    fn follow(&self, s: &Shift, components: &Components, out: &mut Moves) {
        let member = Account {
            roster: self.rule.roster,
            subject: s.member,
        };
        let (from, to) = (self.group(s.from), self.group(s.to));
        let brought = Brought {
            member,
            attr: self.rule.attr,
        };
        let path = out.paths.entry(brought).or_default();
        path.push((s.day.start(), self.ix, from, to));
        if let Some(step) = self.step(s.day, from, components, out) {
            step.along.push(Along { member, from, to });
        }
    }

    fn part(
        &self,
        day: Day,
        (from, to): (u32, u32),
        (leave, of): (u32, u32),
        components: &Components,
        out: &mut Moves,
    ) {
        let (from, to) = (self.group(from), self.group(to));
        if self.rule.split == Split::Keep {
            return;
        }
        let Some(step) = self.step(day, from, components, out) else {
            return;
        };
        match self.rule.split {
            Split::Keep => {}
            Split::Share => step.share.push(Heads {
                from,
                to,
                leave,
                of,
            }),
            Split::Clear if step.clear.last() == Some(&from) => {}
            Split::Clear => step.clear.push(from),
        }
    }
}

/// When a member was in which group. A blank, or a name that is no row, says nothing new; who is off the roster is in none.
fn stays(world: &World<'_>, rule: &Move, member: u32) -> Vec<Stay> {
    let mut out: Vec<Stay> = Vec::new();
    let known = known(world, rule.roster, rule.attr, rule.group, member);
    let table = world.rosters.table(rule.roster);
    let present = table.and_then(|t| t.present.get(member as usize));
    for (begin, end) in present.into_iter().flatten() {
        for (at, (from, group)) in known.iter().enumerate() {
            let until = known.get(at + 1).map_or(Day::MAX, |k| k.0);
            let stay = Stay {
                from: (*from).max(*begin),
                to: until.min(*end),
                group: *group,
            };
            match out.last_mut() {
                _ if stay.from >= stay.to => {}
                Some(last) if last.to == stay.from && last.group == stay.group => {
                    last.to = stay.to;
                }
                _ => out.push(stay),
            }
        }
    }
    out
}

/// From which day an attribute names which row.
fn known(
    world: &World<'_>,
    roster: RosterIx,
    attr: AttrIx,
    group: RosterIx,
    member: u32,
) -> Vec<(Day, u32)> {
    let attr = world
        .rosters
        .table(roster)
        .and_then(|t| t.attrs.get(attr.ix()));
    let groups = world.rosters.table(group);
    let (Some(attr), Some(groups)) = (attr, groups) else {
        return Vec::new();
    };
    let rows = attr.rows.get(member as usize).into_iter().flatten();
    let named = rows.filter_map(|(from, _, code)| {
        let Some(Value::Text(id)) = attr.values.get_index(*code as usize) else {
            return None;
        };
        Some((*from, groups.subject(id)?))
    });
    named.collect()
}

impl World<'_> {
    /// S3: ids compare by length, then bytes.
    fn id_order(&self, roster: RosterIx, a: u32, b: u32) -> std::cmp::Ordering {
        let table = self.rosters.table(roster);
        let id = |s: u32| {
            table
                .and_then(|t| t.ids.get_index(s as usize))
                .map_or("", String::as_str)
        };
        compare_ids(id(a), id(b))
    }
}
