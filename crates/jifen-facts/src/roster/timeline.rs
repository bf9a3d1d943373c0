//! The values of a subject over the days: what holds otherwise, what changed, what was dated.

use jifen_calendar::Day;
use std::collections::BTreeMap;

pub(super) type Range = (Day, Day);
/// Day of a change → value before and after, as codes.
pub(super) type Changes = BTreeMap<Day, (Option<u32>, Option<u32>)>;
/// From, to (not included), code of the value.
pub(super) type Dated = Vec<(Day, Day, u32)>;

#[derive(Default)]
pub(super) struct Subject {
    pub(super) name: Option<String>,
    /// Rows of the roster, each with the days on which it is valid, ascending and without a common day.
    pub(super) rows: Vec<(Range, Vec<Option<u32>>)>,
    /// File (by number) and line of the first.
    pub(super) first: (usize, u64),
    /// Rows for the same days differ: which is right is not known, and none is taken (S2), in whatever order they stand.
    pub(super) conflict: bool,
    pub(super) dated: BTreeMap<usize, Dated>,
    /// Attribute → day → (before, after).
    pub(super) changes: BTreeMap<usize, Changes>,
}

impl Subject {
    /// When the subject is on the roster.
    pub(super) fn present(&self) -> Vec<Range> {
        if self.conflict {
            return Vec::new();
        }
        let mut out: Vec<Range> = Vec::new();
        for ((from, to), _) in &self.rows {
            match out.last_mut() {
                Some(last) if last.1 == *from => last.1 = *to,
                _ => out.push((*from, *to)),
            }
        }
        out
    }

    /// The values of one attribute: dated rows first, then changes, then the base or what holds otherwise.
    pub(super) fn values(&self, attr: usize, fallback: Option<u32>) -> Dated {
        if self.conflict {
            return Vec::new();
        }
        let mut line: Dated = Vec::new();
        for ((from, to), base) in &self.rows {
            let (from, to) = (*from, *to);
            let base = base.get(attr).copied().flatten().or(fallback);
            match self.changes.get(&attr) {
                None => line.extend(base.map(|v| (from, to, v))),
                Some(days) => change_line(days, from, to, &mut line),
            }
        }
        let mut dated = self.dated.get(&attr).cloned().unwrap_or_default();
        dated.sort();
        for (from, to, value) in dated {
            line = cut(line, from, to);
            line.push((from, to, value));
        }
        line.sort();
        merge(line)
    }
}

pub(super) fn change_line(days: &Changes, from: Day, to: Day, line: &mut Dated) {
    let mut start = from;
    let mut value = days.values().next().and_then(|c| c.0);
    for (&day, &(_, after)) in days {
        let end = day.clamp(from, to);
        if start < end {
            line.extend(value.map(|v| (start, end, v)));
        }
        start = start.max(end);
        value = after;
    }
    if start < to {
        line.extend(value.map(|v| (start, to, v)));
    }
}

/// Takes a stretch of days out of a line.
pub(super) fn cut(line: Dated, from: Day, to: Day) -> Dated {
    let mut out = Vec::new();
    for (a, b, v) in line {
        if a < from.min(b) {
            out.push((a, from.min(b), v));
        }
        if to.max(a) < b {
            out.push((to.max(a), b, v));
        }
    }
    out
}

/// Joins neighbours of one value.
pub(super) fn merge(line: Dated) -> Dated {
    let mut out: Dated = Vec::new();
    for (a, b, v) in line {
        match out.last_mut() {
            Some(last) if last.1 == a && last.2 == v => last.1 = b,
            _ => out.push((a, b, v)),
        }
    }
    out
}
