//! The overlap rule of span kinds: spans of one subject in the order (begin, id).

use jifen_calendar::Instant;
use jifen_data::Ids;
use rustc_hash::FxHashMap;

use crate::world::compare_rows;

/// A span of a subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct SpanOf {
    pub subject: u32,
    pub begin: Instant,
    pub end: Instant,
    pub row: u32,
}

/// Sorts by (subject, begin, id).
pub(super) fn sort(spans: &mut [SpanOf], ids: &Ids) {
    spans.sort_unstable_by(|a, b| {
        (a.subject, a.begin)
            .cmp(&(b.subject, b.begin))
            .then_with(|| compare_rows(ids, a.row as usize, ids, b.row as usize))
            .then(a.row.cmp(&b.row))
    });
}

/// 计一次: where what counts of a span begins, if not at its own begin.
///
/// Every earlier span begins no later, so the union of the earlier ones covers exactly what lies before the latest of their ends.
pub(super) fn once(spans: &[SpanOf]) -> FxHashMap<u32, Instant> {
    let mut out = FxHashMap::default();
    let mut reach: Option<(u32, Instant)> = None;
    for s in spans {
        let before = reach.filter(|r| r.0 == s.subject).map(|r| r.1);
        if let Some(covered) = before.filter(|e| *e > s.begin) {
            out.insert(s.row, covered.min(s.end));
        }
        let end = before.map_or(s.end, |e| e.max(s.end));
        reach = Some((s.subject, end));
    }
    out
}

/// 重叠 拒收: refused spans, each with the accepted one that it overlaps.
///
/// Accepted spans are disjoint and begin no later, so only the one that reaches furthest can be met.
pub(super) fn reject(spans: &[SpanOf]) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    let mut last: Option<SpanOf> = None;
    for s in spans {
        match last.filter(|l| l.subject == s.subject) {
            Some(l) if l.end > s.begin && s.end > s.begin => out.push((s.row, l.row)),
            Some(l) if l.end >= s.end => {}
            _ => last = Some(*s),
        }
    }
    out
}
