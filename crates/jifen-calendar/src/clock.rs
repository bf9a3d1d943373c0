//! Windows of the clock (夜间 = 22:00 至 次日 06:00) and how spans of time meet them (S9); no dates beyond the spans given.

use crate::{Day, Instant, SECONDS_PER_DAY};
use serde::{Deserialize, Serialize};

/// How many sets of windows [`segments`] can tell apart (one bit each).
pub const MAX_CLOCK_SETS: usize = 64;

const DAY: i64 = SECONDS_PER_DAY as i64;

/// A daily window of the clock, half-open, in seconds of the day on which it begins.
///
/// `to` past 86400 means the next day (次日): 22:00–次日06:00 is `from: 79200, to: 108000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClockWindow {
    /// First second that is inside, `0..86400`.
    pub from: i32,
    /// First second that is outside again, after `from`, at most a day later.
    pub to: i32,
}

impl ClockWindow {
    /// A window, when `from` is a time of day and `to` is after it by at most a day.
    #[must_use]
    pub fn new(from: i32, to: i32) -> Option<ClockWindow> {
        let ok = (0..SECONDS_PER_DAY).contains(&from) && to > from && to - from <= SECONDS_PER_DAY;
        ok.then_some(ClockWindow { from, to })
    }

    /// The day on which the window that contains `at` began: a night belongs to the evening it began.
    #[must_use]
    pub fn evening(&self, at: Instant) -> Option<Day> {
        let (day, second) = (at.day(), at.seconds_of_day());
        if (self.from..self.to).contains(&second) {
            Some(day)
        } else {
            let of_yesterday = (self.from..self.to).contains(&(second + SECONDS_PER_DAY));
            of_yesterday.then(|| day.add_days(-1))
        }
    }
}

/// A set of windows made ready: the parts of any day that lie inside one of them, merged and in order.
///
/// Every day looks the same, since each day's windows reach into the next day as those of the day before reach into it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClockPattern {
    parts: Vec<(i64, i64)>,
}

impl ClockPattern {
    /// The union of the windows. A window that ends before it begins is empty.
    #[must_use]
    pub fn new(windows: &[ClockWindow]) -> ClockPattern {
        let mut parts = Vec::with_capacity(windows.len() + 1);
        for window in windows {
            let (from, to) = (i64::from(window.from), i64::from(window.to));
            if to - from >= DAY {
                parts.push((0, DAY));
            } else if from < to {
                let start = from.rem_euclid(DAY);
                let end = start + (to - from);
                parts.push((start, end.min(DAY)));
                if end > DAY {
                    parts.push((0, end - DAY));
                }
            }
        }
        parts.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(parts.len());
        for (start, end) in parts {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        ClockPattern { parts: merged }
    }

    /// Whether the instant is inside.
    #[must_use]
    pub fn contains(&self, at: Instant) -> bool {
        self.inside(i64::from(at.seconds_of_day()))
    }

    fn inside(&self, second: i64) -> bool {
        self.parts.iter().any(|&(a, b)| a <= second && second < b)
    }

    /// Seconds of `[start, end)` that are inside; 0 when the span is empty or backwards.
    #[must_use]
    pub fn overlap_seconds(&self, start: Instant, end: Instant) -> i64 {
        if start >= end {
            return 0;
        }
        self.inside_before(end) - self.inside_before(start)
    }

    /// Seconds inside from 1970-01-01 up to an instant (negative before).
    fn inside_before(&self, at: Instant) -> i64 {
        let per_day: i64 = self.parts.iter().map(|(a, b)| b - a).sum();
        let second = i64::from(at.seconds_of_day());
        let today: i64 = self
            .parts
            .iter()
            .map(|&(a, b)| second.clamp(a, b) - a)
            .sum();
        at.0.div_euclid(DAY) * per_day + today
    }

    /// Whether any part of `[start, end)` is inside; for an empty span, whether its start is.
    #[must_use]
    pub fn touches(&self, start: Instant, end: Instant) -> bool {
        if start == end {
            return self.contains(start);
        }
        self.overlap_seconds(start, end) > 0
    }
}

/// Seconds of `[start, end)` inside the union of the windows.
#[must_use]
pub fn overlap_seconds(windows: &[ClockWindow], start: Instant, end: Instant) -> i64 {
    ClockPattern::new(windows).overlap_seconds(start, end)
}

/// Whether an instant is inside one of the windows.
#[must_use]
pub fn contains(windows: &[ClockWindow], at: Instant) -> bool {
    ClockPattern::new(windows).contains(at)
}

/// Whether any part of `[start, end)` is inside one of the windows; for an empty span, whether its start is.
#[must_use]
pub fn touches(windows: &[ClockWindow], start: Instant, end: Instant) -> bool {
    ClockPattern::new(windows).touches(start, end)
}

/// A part of a span over which it stays inside the same sets of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Segment {
    /// First second.
    pub start: Instant,
    /// First second after.
    pub end: Instant,
    /// Bit `i` is set when the segment lies inside set `i`.
    pub inside: u64,
}

/// Splits `[start, end)` wherever it enters or leaves one of the sets of windows.
///
/// Neighbouring segments always differ in `inside`; an empty or backward span has none. Sets past the
/// [`MAX_CLOCK_SETS`]th have no bit and are left out: the compiler refuses so many.
#[must_use]
pub fn segments(window_sets: &[&[ClockWindow]], start: Instant, end: Instant) -> Vec<Segment> {
    let sets = window_sets.iter().take(MAX_CLOCK_SETS);
    let patterns: Vec<ClockPattern> = sets.map(|set| ClockPattern::new(set)).collect();
    // The day cut at every edge, with what is inside from each cut on.
    let edges = patterns.iter().flat_map(|p| &p.parts);
    let mut cuts: Vec<i64> = edges.flat_map(|&(a, b)| [a, b]).collect();
    cuts.push(0);
    cuts.retain(|&cut| cut < DAY);
    cuts.sort_unstable();
    cuts.dedup();
    let cuts: Vec<(i64, u64)> = cuts.iter().map(|&c| (c, mask(&patterns, c))).collect();

    let mut out: Vec<Segment> = Vec::new();
    let mut midnight = start.0.div_euclid(DAY).saturating_mul(DAY);
    while midnight < end.0 {
        for &(cut, inside) in &cuts {
            let from = midnight.saturating_add(cut).max(start.0);
            if from >= end.0 {
                break;
            }
            extend(&mut out, Instant(from), inside);
        }
        midnight = midnight.saturating_add(DAY);
    }
    if let Some(last) = out.last_mut() {
        last.end = end;
    }
    out
}

fn mask(patterns: &[ClockPattern], second: i64) -> u64 {
    let bits = patterns.iter().enumerate();
    bits.fold(0, |mask, (i, p)| mask | (u64::from(p.inside(second)) << i))
}

/// From `start` on, `inside` holds: ends the segment before, or replaces one that has no length.
fn extend(out: &mut Vec<Segment>, start: Instant, inside: u64) {
    if let Some(last) = out.last_mut() {
        if last.start == start {
            last.inside = inside;
            return;
        }
        if last.inside == inside {
            return;
        }
        last.end = start;
    }
    out.push(Segment {
        start,
        end: start,
        inside,
    });
}
