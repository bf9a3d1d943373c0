//! The values of a subject over the days: what holds otherwise, what changed, what was dated.

use jifen_calendar::Day;
use std::collections::BTreeMap;

pub(super) type Range = (Day, Day);
/// Day of a change → value before and after, as codes.
pub(super) type Changes = BTreeMap<Day, (Option<u32>, Option<u32>)>;
/// From, to (not included), code of the value.
pub(super) type Dated = Vec<(Day, Day, u32)>;

/// A row of the roster, with the days on which it is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) range: Range,
    /// Where the codes of its values stand, among those of all rows; as many as there are attributes.
    pub(super) base: usize,
}

pub(super) struct Subject {
    pub(super) name: Option<String>,
    /// Most have one.
    row: Row,
    more: Vec<Row>,
    /// File (by number) and line of the first.
    pub(super) first: (u32, u64),
    /// Rows for the same days differ: which is right is not known, and none is taken (S2), in whatever order they stand.
    pub(super) conflict: bool,
    over: Option<Box<Over>>,
}

/// What is laid over the rows, by attribute.
#[derive(Default)]
pub(super) struct Over {
    pub(super) dated: BTreeMap<usize, Dated>,
    /// Day → (before, after).
    pub(super) changes: BTreeMap<usize, Changes>,
}

impl Subject {
    pub(super) fn new(name: Option<String>, row: Row, first: (u32, u64)) -> Self {
        Subject {
            name,
            row,
            more: Vec::new(),
            first,
            conflict: false,
            over: None,
        }
    }

    /// In the order of days; no two share one.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        std::iter::once(&self.row).chain(&self.more)
    }

    /// Adds a row for other days.
    pub(super) fn add(&mut self, row: Row) {
        self.more.push(row);
        self.more.push(self.row);
        self.more.sort_by_key(|r| r.range);
        self.row = self.more.remove(0);
    }

    pub(super) fn over(&mut self) -> &mut Over {
        self.over.get_or_insert_default()
    }

    /// When the subject is on the roster.
    pub(super) fn present(&self, out: &mut Vec<Range>) {
        out.clear();
        for Row { range, .. } in self.rows().filter(|_| !self.conflict) {
            match out.last_mut() {
                Some(last) if last.1 == range.0 => last.1 = range.1,
                _ => out.push(*range),
            }
        }
    }

    /// The values of one attribute: dated rows first, then changes, then the base or what holds otherwise.
    pub(super) fn values(
        &self,
        attr: usize,
        codes: &[Option<u32>],
        fallback: Option<u32>,
        line: &mut Dated,
    ) {
        line.clear();
        if self.conflict {
            return;
        }
        let changes = self.over.as_ref().and_then(|o| o.changes.get(&attr));
        for Row { range, base } in self.rows() {
            let base = codes.get(base + attr).copied().flatten().or(fallback);
            match changes {
                None => line.extend(base.map(|v| (range.0, range.1, v))),
                Some(days) => change_line(days, range.0, range.1, line),
            }
        }
        let dated = self.over.as_ref().and_then(|o| o.dated.get(&attr));
        if let Some(dated) = dated {
            let mut dated = dated.clone();
            dated.sort();
            for (from, to, value) in dated {
                *line = cut(std::mem::take(line), from, to);
                line.push((from, to, value));
            }
        }
        if line.len() > 1 {
            line.sort();
            *line = merge(std::mem::take(line));
        }
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
