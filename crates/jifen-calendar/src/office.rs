//! Time that is counted only inside windows of the clock on days that count (只计 工作日 办公时间); which days count is asked.

use crate::{ClockWindow, Day, Instant, SECONDS_PER_DAY};

/// The first instant from which no more than so many counted seconds pass until `to`.
///
/// A window that passes midnight belongs to the day on which it begins. The days asked are those from the day of `to` back to
/// the one in which the answer lies, and with a window that passes midnight the day before each of them.
pub fn counted_since<E>(
    windows: &[ClockWindow],
    to: Instant,
    seconds: i64,
    mut counts: impl FnMut(Day) -> Result<bool, E>,
) -> Result<Instant, E> {
    let (mut day, mut left) = (to.day(), seconds);
    while day > Day::MIN && !windows.is_empty() {
        for (from, until) in parts(windows, day, &mut counts)?.into_iter().rev() {
            let length = until.min(to).0 - from.0;
            if length > left {
                return Ok(until.min(to).add_seconds(-left));
            }
            left -= length.max(0);
        }
        day = day.add_days(-1);
    }
    Ok(Day::MIN.start())
}

/// How many counted seconds lie in `[from, to)`.
pub fn counted_seconds<E>(
    windows: &[ClockWindow],
    from: Instant,
    to: Instant,
    mut counts: impl FnMut(Day) -> Result<bool, E>,
) -> Result<i64, E> {
    let (mut day, mut sum) = (from.day(), 0);
    while day.start() < to {
        for (a, b) in parts(windows, day, &mut counts)? {
            sum += (b.min(to).0 - a.max(from).0).max(0);
        }
        day = day.add_days(1);
    }
    Ok(sum)
}

/// What counts of a day, in order, merged.
fn parts<E>(
    windows: &[ClockWindow],
    day: Day,
    counts: &mut impl FnMut(Day) -> Result<bool, E>,
) -> Result<Vec<(Instant, Instant)>, E> {
    let mut found: Vec<(i32, i32)> = Vec::new();
    if windows.iter().any(|w| w.to > SECONDS_PER_DAY) && counts(day.add_days(-1))? {
        let nights = windows.iter().filter(|w| w.to > SECONDS_PER_DAY);
        found.extend(nights.map(|w| (0, w.to - SECONDS_PER_DAY)));
    }
    if counts(day)? {
        found.extend(windows.iter().map(|w| (w.from, w.to.min(SECONDS_PER_DAY))));
    }
    found.sort_unstable();
    let mut out: Vec<(i32, i32)> = Vec::new();
    for (from, to) in found {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    let at = |s| Instant::from_day_seconds(day, s);
    Ok(out.into_iter().map(|(a, b)| (at(a), at(b))).collect())
}
