//! Instants as people and systems write them: a civil day with a time, perhaps with an offset.

use super::date::{self, DateStyle, Written};
use super::{half_width, trim};
use crate::fault::CellFault;
use jifen_calendar::{Day, Instant, Zone};
use jifen_diag::text;

const DAY: i64 = 86_400;

/// A point in time, or a day alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day without a time.
    Day(Day),
    /// A civil instant of the policy's zone.
    Instant(Instant),
}

/// Reads a day, or a day with a time. A time with an offset is turned into the civil time of `zone`.
pub fn when(cell: &str, style: DateStyle, zone: &Zone) -> Result<When, CellFault> {
    let shown = trim(cell);
    let ascii = half_width(shown);
    if let Some((whole, fraction)) = serial_with_fraction(&ascii) {
        return serial_instant(whole, fraction, style)
            .ok_or_else(|| malformed(shown))
            .map(When::Instant);
    }
    let Some((date_text, time_text)) = split(&ascii) else {
        return date::day(cell, style).map(When::Day);
    };
    let written = match date::written(date_text) {
        Some(Written::Serial(_)) | None => return Err(malformed(shown)),
        Some(written) => written,
    };
    let day = date::resolve(written, shown, style)?;
    let (time_text, offset) = split_offset(time_text).ok_or_else(|| malformed(shown))?;
    let seconds = clock(time_text).ok_or_else(|| malformed(shown))?;
    let civil = Instant(day.start().0 + seconds);
    match offset {
        None => Ok(When::Instant(civil)),
        Some(offset) => Ok(When::Instant(zone.to_civil(civil.0 - offset))),
    }
}

/// Seconds of the day of a cell that has a clock time and no date: `07:30`, `7时30分`, or `0.3125` as spreadsheets keep it.
pub fn clock_alone(cell: &str) -> Option<i32> {
    let ascii = half_width(trim(cell));
    let seconds = match ascii.strip_prefix("0.") {
        Some(fraction) if fraction.bytes().all(|b| b.is_ascii_digit()) => {
            fraction_seconds(fraction).filter(|s| *s < DAY)
        }
        _ => clock(&ascii),
    };
    i32::try_from(seconds?).ok()
}

/// A clock time stands where nothing says of which day.
pub fn no_day(cell: &str) -> CellFault {
    CellFault::new(
        "time_without_date",
        text!(
            zh = "“{cell}”只有钟点，不知道是哪一天",
            en = "“{cell}” has a time but no day"
        ),
        text!(
            zh = "写成 2026-01-01 19:18，或者另有一列日期",
            en = "write it like 2026-01-01 19:18, or have a column of dates"
        ),
    )
}

fn malformed(shown: &str) -> CellFault {
    CellFault::new(
        "time_malformed",
        text!(zh = "“{shown}”不是时间", en = "“{shown}” is not a time"),
        text!(
            zh = "写成 2026-01-01 19:18（可带秒）",
            en = "write it like 2026-01-01 19:18 (seconds may follow)"
        ),
    )
}

/// Date and time parts; none if there is no time.
fn split(ascii: &str) -> Option<(&str, &str)> {
    if let Some((date, time)) = ascii.split_once('T') {
        return Some((date, time));
    }
    // 2026年1月5日19:18 has no space.
    if let Some(at) = ascii.find('日') {
        let (date, time) = ascii.split_at_checked(at + '日'.len_utf8())?;
        return (!time.trim().is_empty()).then(|| (date, time.trim()));
    }
    let colon = ascii.find(':')?;
    let space = ascii.get(..colon)?.rfind(' ')?;
    Some((ascii.get(..space)?.trim(), ascii.get(space + 1..)?.trim()))
}

/// Cuts `+08:00`, `+0800`, `+08` or `Z` off; seconds east.
fn split_offset(time: &str) -> Option<(&str, Option<i64>)> {
    if let Some(rest) = time.strip_suffix(['Z', 'z']) {
        return Some((rest, Some(0)));
    }
    let Some(at) = time.find(['+', '-']) else {
        return Some((time, None));
    };
    let (clock, offset) = time.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let digits: String = offset.get(1..)?.chars().filter(|c| *c != ':').collect();
    let (h, m) = match digits.len() {
        2 => (digits.as_str(), "0"),
        4 => digits.split_at_checked(2)?,
        _ => return None,
    };
    let (h, m) = (two(h)?, two(m)?);
    (h <= 18 && m < 60).then_some((clock.trim(), Some(sign * (h * 3600 + m * 60))))
}

/// Seconds of the day of `19:18`, `19:18:05`, `19:18:05.000`, `19时18分`.
fn clock(text: &str) -> Option<i64> {
    let text: String = text
        .chars()
        .map(|c| if matches!(c, '时' | '点') { ':' } else { c })
        .collect();
    let text = match text.strip_suffix('秒') {
        Some(t) => t.replace('分', ":"),
        None => text.strip_suffix('分').unwrap_or(&text).to_owned(),
    };
    let mut parts = text.trim().split(':');
    let (h, m) = (two(parts.next()?)?, two(parts.next()?)?);
    let s = match parts.next() {
        None => 0,
        Some(s) => {
            let (whole, fraction) = s.split_once('.').unwrap_or((s, "0"));
            // Parts of a second are kept by no policy; only noughts are taken.
            if fraction.is_empty() || fraction.bytes().any(|b| b != b'0') {
                return None;
            }
            two(whole)?
        }
    };
    if parts.next().is_some() || h > 23 || m > 59 || s > 59 {
        return None;
    }
    Some(h * 3600 + m * 60 + s)
}

fn two(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() || text.len() > 2 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// `46027.875`: a serial day number with a fraction.
fn serial_with_fraction(ascii: &str) -> Option<(u32, &str)> {
    let (whole, fraction) = ascii.split_once('.')?;
    if whole.len() != 5 || fraction.is_empty() {
        return None;
    }
    if !whole
        .bytes()
        .chain(fraction.bytes())
        .all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let n = whole.parse().ok()?;
    date::SERIALS.contains(&n).then_some((n, fraction))
}

/// The fraction of a day, rounded to the nearest second, since spreadsheets keep times as binary fractions.
fn serial_instant(whole: u32, fraction: &str, style: DateStyle) -> Option<Instant> {
    let day = date::serial_day(whole, style.epoch_1904)?;
    Some(Instant(day.start().0 + fraction_seconds(fraction)?))
}

fn fraction_seconds(fraction: &str) -> Option<i64> {
    let digits = fraction.get(..fraction.len().min(18))?;
    let numerator: i128 = digits.parse().ok()?;
    let denominator = 10_i128.checked_pow(u32::try_from(digits.len()).ok()?)?;
    let twice = numerator * i128::from(DAY) * 2 + denominator;
    i64::try_from(twice / (denominator * 2)).ok()
}
