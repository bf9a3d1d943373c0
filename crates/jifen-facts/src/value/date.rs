//! Days as people write them; a day that cannot be told apart from another is refused, never guessed.

use super::{half_width, trim};
use crate::fault::CellFault;
use jifen_calendar::Day;
use jifen_diag::text;

/// The order of day and month in dates that do not begin with the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `4/3/2026` is 4 March.
    DayFirst,
    /// `4/3/2026` is 3 April.
    MonthFirst,
}

/// What is known about the dates of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateStyle {
    /// Stated by the mapping, or proved by the column.
    pub order: Option<DateOrder>,
    /// Serial day numbers count from 1904.
    pub epoch_1904: bool,
}

/// A written date before its order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// Year, month, day.
    YearFirst(i32, u32, u32),
    /// Two numbers, then the year.
    YearLast(u32, u32, i32),
    /// A serial day number.
    Serial(u32),
}

/// A day.
pub fn day(cell: &str, style: DateStyle) -> Result<Day, CellFault> {
    let shown = trim(cell);
    if let Some(day) = plain(shown) {
        return Ok(day);
    }
    let ascii = half_width(shown);
    resolve(
        written(&ascii).ok_or_else(|| not_a_date(shown))?,
        shown,
        style,
    )
}

/// The quick way for `2026-04-03`.
pub(crate) fn plain(text: &str) -> Option<Day> {
    let b: &[u8; 10] = text.as_bytes().try_into().ok()?;
    if b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let digit = |i: usize| b[i].is_ascii_digit().then(|| u32::from(b[i] - b'0'));
    let year = digit(0)? * 1000 + digit(1)? * 100 + digit(2)? * 10 + digit(3)?;
    let month = digit(5)? * 10 + digit(6)?;
    let day = digit(8)? * 10 + digit(9)?;
    Day::from_ymd(year as i32, month, day)
}

/// What the column proves about the order: some value with a first or second part above 12.
pub fn proves_order(cell: &str) -> Option<DateOrder> {
    let ascii = half_width(trim(cell));
    let date = ascii.split([' ', 'T']).next().unwrap_or("");
    match written(date)? {
        Written::YearLast(a, b, _) if a > 12 && b <= 12 => Some(DateOrder::DayFirst),
        Written::YearLast(a, b, _) if b > 12 && a <= 12 => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

/// The day that a written date means.
pub(crate) fn resolve(written: Written, shown: &str, style: DateStyle) -> Result<Day, CellFault> {
    let impossible = || {
        CellFault::new(
            "date_impossible",
            text!(
                zh = "“{shown}”不是日历上有的日子",
                en = "“{shown}” is not a day of the calendar"
            ),
            text!(
                zh = "核对后改正日期",
                en = "look it up and correct the date"
            ),
        )
    };
    match written {
        Written::YearFirst(y, m, d) => Day::from_ymd(y, m, d).ok_or_else(impossible),
        Written::Serial(n) => serial_day(n, style.epoch_1904).ok_or_else(impossible),
        Written::YearLast(a, b, y) => {
            let order = style.order.ok_or_else(|| order_unknown(shown, a, b, y))?;
            let (m, d) = match order {
                DateOrder::DayFirst => (b, a),
                DateOrder::MonthFirst => (a, b),
            };
            Day::from_ymd(y, m, d).ok_or_else(impossible)
        }
    }
}

fn order_unknown(shown: &str, a: u32, b: u32, y: i32) -> CellFault {
    CellFault::new(
        "date_order_unknown",
        text!(
            zh = "“{shown}”可能是 {y}年{a}月{b}日，也可能是 {y}年{b}月{a}日",
            en = "“{shown}” may be {y}-{a:02}-{b:02} or {y}-{b:02}-{a:02}"
        ),
        text!(
            zh = "写成 {y}-月-日 的样子，或在 sources.toml 里说明：日期次序 = \"日月年\" 或 \"月日年\"",
            en = "write {y}-month-day, or state date_order = \"dmy\" or \"mdy\" in sources.toml"
        ),
    )
}

fn not_a_date(shown: &str) -> CellFault {
    CellFault::new(
        "date_malformed",
        text!(zh = "“{shown}”不是日期", en = "“{shown}” is not a date"),
        text!(
            zh = "写成 2026-04-03 或 2026年4月3日",
            en = "write it like 2026-04-03"
        ),
    )
}

/// Serial 1 is 1900-01-01 and serial 60 a day that never was; days before 1927 are not taken for serials.
pub(crate) fn serial_day(serial: u32, epoch_1904: bool) -> Option<Day> {
    let zero = if epoch_1904 {
        Day::from_ymd(1904, 1, 1)?
    } else {
        Day::from_ymd(1899, 12, 30)?
    };
    Some(zero.add_days(i64::from(serial)))
}

/// Five-digit numbers taken for serials: 1927 to 2119.
pub(crate) const SERIALS: std::ops::RangeInclusive<u32> = 10_000..=80_000;

/// Splits a date text (half-width already) into its numbers.
pub(crate) fn written(ascii: &str) -> Option<Written> {
    let ascii = ascii.trim();
    if ascii.bytes().all(|b| b.is_ascii_digit()) {
        return match ascii.len() {
            8 => Some(Written::YearFirst(
                ascii.get(..4)?.parse().ok()?,
                ascii.get(4..6)?.parse().ok()?,
                ascii.get(6..)?.parse().ok()?,
            )),
            5 => {
                let n = ascii.parse().ok()?;
                SERIALS.contains(&n).then_some(Written::Serial(n))
            }
            _ => None,
        };
    }
    if let Some((year, rest)) = ascii.split_once('年') {
        let (month, day) = rest.split_once('月')?;
        let day = day.strip_suffix(['日', '号'])?;
        return Some(Written::YearFirst(
            number(year, 4)? as i32,
            number(month, 2)?,
            number(day, 2)?,
        ));
    }
    let separator = ascii.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = ascii.split(separator);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if a.trim().len() == 4 {
        return Some(Written::YearFirst(
            number(a, 4)? as i32,
            number(b, 2)?,
            number(c, 2)?,
        ));
    }
    Some(Written::YearLast(
        number(a, 2)?,
        number(b, 2)?,
        (c.trim().len() == 4).then(|| number(c, 4))?? as i32,
    ))
}

fn number(text: &str, most: usize) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || text.len() > most || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// The first day of a written period: `2026-03`, `2026年3月`, `2026Q1`, `2026年第1季度`, `2026`.
pub fn period_day(cell: &str, period: jifen_calendar::Period) -> Option<Day> {
    use jifen_calendar::Period;
    let ascii = half_width(trim(cell));
    let year = number(ascii.get(..4)?, 4)? as i32;
    let rest = ascii
        .get(4..)?
        .trim_start_matches(['-', '/', '.', '年', '第', ' ']);
    let rest = rest.trim_end_matches(['月', '季', '度', '年', ' ']);
    let month = match period {
        Period::Month => number(rest, 2)?,
        Period::Quarter => {
            let quarter = number(rest.trim_start_matches(['Q', 'q']), 1)?;
            (1..=4).contains(&quarter).then(|| quarter * 3 - 2)?
        }
        Period::Year if rest.is_empty() => 1,
        _ => return None,
    };
    Day::from_ymd(year, month, 1)
}
