//! The settled facts of each subject in key order, for the kinds that aggregates read; built once, shared by all sweeps.

use std::collections::BTreeMap;
use std::ops::Range;

use jifen_calendar::{Day, Instant};
use jifen_data::{FactLog, FactRef, KindTable, Origin, RosterData};
use jifen_plan::{Aggregate, Holder, Kind, KindIx, Over, Plan, all_aggregates};
use rayon::prelude::*;

use crate::case::Case;
use crate::settle::{Settled, SettledKind, Standing};
use crate::world::{FactView, compare_rows};

/// By kind; `None` where no aggregate reads the kind.
#[derive(Debug, Default)]
pub(crate) struct Histories {
    kinds: Vec<Option<History>>,
    /// What measures of groups and of everybody read: facts by the group of their subject on the day of the fact.
    groups: BTreeMap<(KindIx, Holder), History>,
}

/// Facts of one kind: those of each subject (or group) together, in the order of their keys.
#[derive(Debug)]
struct History {
    /// Where each subject's rows begin, and at the end how many there are.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Histories {
    /// Sorts what aggregates will read.
    pub fn new(plan: &Plan, facts: &FactLog, settled: &Settled<'_>) -> Histories {
        let mut read = vec![false; plan.kinds.len()];
        for a in all_aggregates(plan) {
            if let Some(slot) = read.get_mut(a.kind.ix()) {
                *slot = true;
            }
        }
        let all = (plan.kinds.iter().zip(&facts.kinds)).zip(&settled.kinds);
        let kinds = read.into_iter().zip(all);
        let own = |subject, _| Some(subject);
        Histories {
            kinds: kinds
                .map(|(read, ((kind, table), settled))| {
                    read.then(|| History::new(kind, table, settled, own))
                })
                .collect(),
            groups: BTreeMap::new(),
        }
    }

    /// Sorts what measures of groups and of everybody will read.
    pub fn add_groups(
        &mut self,
        plan: &Plan,
        facts: &FactLog,
        rosters: &RosterData,
        settled: &Settled<'_>,
    ) {
        let measures = plan.measures.iter().filter(|m| m.is_shared());
        let measures = measures.map(|m| (m.roster, m.of, vec![m.node]));
        let standings = plan.standings.iter().filter(|s| s.is_shared());
        let standings = standings.map(|s| (s.roster, s.of, jifen_plan::standing_roots(s)));
        for (whose, of, roots) in measures.chain(standings) {
            for a in roots.iter().flat_map(|r| plan.exprs.aggregates(*r)) {
                let at = a.kind.ix();
                let all = (plan.kinds.get(at).zip(facts.kinds.get(at))).zip(settled.kinds.get(at));
                let (Some(((kind, table), settled)), Some(roster)) = (all, rosters.table(whose))
                else {
                    continue;
                };
                let group = |subject: u32, at: Instant| match of {
                    Holder::Group(attr) => roster.attr_code(attr, subject, at.day()),
                    _ => Some(0),
                };
                let slot = self.groups.entry((a.kind, of));
                slot.or_insert_with(|| History::new(kind, table, settled, group));
            }
        }
    }

    fn of(&self, case: &Case<'_>, kind: KindIx) -> Option<&History> {
        match case.group {
            Some(group) => self.groups.get(&(kind, group.holder)),
            None => self.kinds.get(kind.ix()).and_then(Option::as_ref),
        }
    }

    /// The facts of a kind that stand at these places, for a run.
    pub fn rows(&self, case: &Case<'_>, kind: KindIx, window: Range<usize>) -> &[u32] {
        let rows = self.of(case, kind).and_then(|h| h.rows.get(window));
        rows.unwrap_or_default()
    }

    /// The facts of a kind, of one subject after the other.
    pub fn all(&self, kind: KindIx) -> &[u32] {
        let history = self.kinds.get(kind.ix()).and_then(Option::as_ref);
        history.map_or(&[], |h| h.rows.as_slice())
    }

    /// Which of them an aggregate of a run looks at.
    /// `days`: those of its window, half-open.
    pub fn window(&self, case: &Case<'_>, a: &Aggregate, days: Range<Day>) -> Range<usize> {
        let (kind, with_this) = (a.kind, a.with_this);
        let history = self.of(case, kind);
        let Some((history, settled)) = history.zip(case.world.settled.kinds.get(kind.ix())) else {
            return 0..0;
        };
        let place = history.of_subject(case.group.map_or(case.account.subject, |g| g.code));
        let own = history.rows.get(place.clone()).unwrap_or_default();
        let at = |row: &u32| settled.instant.get(*row as usize).copied();
        let before_run = |row: &u32| at(row).is_some_and(|t| is_before(case, kind, *row, t));
        let first = own.partition_point(|r| at(r).is_some_and(|t| t.day() < days.start));
        let mut end = own.partition_point(before_run);
        let this = FactRef {
            kind,
            row: own.get(end).copied().unwrap_or(u32::MAX),
        };
        if with_this && case.origin == Origin::Fact(this) {
            end += 1;
        }
        let last = own.partition_point(|r| at(r).is_some_and(|t| t.day() < days.end));
        let end = end.min(last).max(first);
        place.start + first..place.start + end
    }
}

/// S3: does the fact stand before the key of the run?
fn is_before(case: &Case<'_>, kind: KindIx, row: u32, at: Instant) -> bool {
    match case.origin {
        // At one instant closes of periods come before facts.
        Origin::Period(_) => at < case.at,
        Origin::Fact(own) => {
            at.cmp(&case.at).then_with(|| {
                let fact = FactRef { kind, row };
                case.world.compare_fact_ids(fact, own)
            }) == std::cmp::Ordering::Less
        }
    }
}

/// The days of a window that looks from a day, half-open; `None`: it runs between days that are read.
pub(crate) fn days(over: Over, day: Day) -> Option<Range<Day>> {
    use jifen_calendar::{Period, Window};
    let window = |w: Window| {
        let (from, to) = w.range(day);
        from..to
    };
    Some(match over {
        Over::Between(..) => return None,
        Over::Current(p) => window(Window::Period(p)),
        Over::RollingDays(n) => window(Window::RollingDays(n)),
        Over::RollingMonths(n) => window(Window::RollingMonths(n)),
        Over::Lifetime => Day::MIN..Day::MAX,
        Over::Before(p, n) => {
            let (n, end) = (i64::from(n), p.bounds(day).0);
            let start = match p {
                Period::Day => end.add_days(-n),
                Period::Week => end.add_days(-7 * n),
                Period::Month => end.add_months(-n),
                Period::Quarter => end.add_months(-3 * n),
                Period::HalfYear => end.add_months(-6 * n),
                Period::Year => end.add_months(-12 * n),
            };
            start..end
        }
    })
}

impl History {
    /// `whose`: of a subject and an instant; facts of nobody are left out.
    fn new(
        kind: &Kind,
        table: &KindTable,
        settled: &SettledKind<'_>,
        whose: impl Fn(u32, Instant) -> Option<u32>,
    ) -> History {
        let counts = |row: u32, standing: Standing| {
            ![Standing::UNKNOWN, Standing::WITHDRAWN].contains(&standing)
                && !settled.refused.contains(&row)
        };
        let subject = |row: u32| {
            let view = FactView {
                kind,
                table,
                row: row as usize,
                patch: settled.patches.get(&row),
            };
            view.subject()
        };
        let rows = (0_u32..).zip(settled.standing.iter().zip(settled.instant.iter()));
        let mut list: Vec<(u32, Instant, u32)> = rows
            .filter(|(row, (standing, _))| counts(*row, **standing))
            .filter_map(|(row, (_, at))| Some((whose(subject(row), *at)?, *at, row)))
            .collect();
        let ids = |a: u32, b: u32| compare_rows(&table.ids, a as usize, &table.ids, b as usize);
        list.par_sort_unstable_by(|a, b| {
            let order = (a.0, a.1).cmp(&(b.0, b.1));
            order.then_with(|| ids(a.2, b.2)).then(a.2.cmp(&b.2))
        });
        History::of(&list)
    }

    /// `list`: (subject, instant, row), sorted.
    fn of(list: &[(u32, Instant, u32)]) -> History {
        let subjects = list.last().map_or(0, |l| l.0 as usize + 1);
        let mut starts = vec![0_u32; subjects + 1];
        for (subject, _, _) in list {
            if let Some(n) = starts.get_mut(*subject as usize + 1) {
                *n += 1;
            }
        }
        let mut sum = 0;
        for n in &mut starts {
            sum += *n;
            *n = sum;
        }
        History {
            starts,
            rows: list.iter().map(|l| l.2).collect(),
        }
    }

    fn of_subject(&self, subject: u32) -> Range<usize> {
        let bound = |i: usize| self.starts.get(i).map(|n| *n as usize);
        let subject = subject as usize;
        let range = bound(subject).zip(bound(subject + 1));
        range.map_or(0..0, |(from, to)| from..to)
    }
}
