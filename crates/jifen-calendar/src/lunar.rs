//! Days of the lunar year (农历) and 清明, from a table of the years 2000 to 2050; nothing is computed from the sky.
//!
//! A table, because a policy's days must not move when an astronomical library is updated, and because anybody can hold it
//! against the printed calendar. `tests/lunar.rs` compares every day with an independent computation.

use crate::Day;

/// A day of the lunar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LunarDay {
    /// The lunar year, named by the civil year in which it begins.
    pub year: i32,
    /// 1 (正月) to 12 (腊月).
    pub month: u8,
    /// 闰
    pub leap: bool,
    /// 1 (初一) to 30.
    pub day: u8,
}

/// Lunar year of the first row.
const FIRST_YEAR: i32 = 1999;
/// 正月初一 of that year.
const FIRST_DAY: (i32, u32, u32) = (1999, 2, 16);

/// Lunar years 1999 to 2050: the month that a leap month follows (0: none), and the lengths of the months in order, the leap
/// month among them: 大 has 30 days, 小 has 29. To be held against the Gregorian-Lunar Calendar Conversion Table of the Hong
/// Kong Observatory (hko.gov.hk). Written down from memory; `tests/lunar.rs` compares every day with an independent computation.
const YEARS: [(u8, &str); 52] = [
    (0, "大小小大小小大小大大大小"),    // 1999
    (0, "大大小小大小小大小大大小"),    // 2000
    (4, "大大小大小大小小大小大小大"),  // 2001
    (0, "大大小大小大小小大小大小"),    // 2002
    (0, "大大小大大小大小小大小大"),    // 2003
    (2, "小大小大大小大小大小大小大"),  // 2004
    (0, "小大小大小大大小大小大小"),    // 2005
    (7, "大小大小大小大小大大小大大"),  // 2006
    (0, "小小大小小大小大大大小大"),    // 2007
    (0, "大小小大小小大小大大小大"),    // 2008
    (5, "大大小小大小小大小大小大大"),  // 2009
    (0, "大小大小大小小大小大小大"),    // 2010
    (0, "大小大大小大小小大小大小"),    // 2011
    (4, "大小大大小大小大小大小大小"),  // 2012
    (0, "大小大小大大小大小大小大"),    // 2013
    (9, "小大小大小大小大大小大小大"),  // 2014
    (0, "小大小小大小大大大小大小"),    // 2015
    (0, "大小大小小大小大大小大大"),    // 2016
    (6, "小大小大小小大小大小大大大"),  // 2017
    (0, "小大小大小小大小大小大大"),    // 2018
    (0, "大小大小大小小大小小大大"),    // 2019
    (4, "小大大大小大小小大小大小大"),  // 2020
    (0, "小大大小大小大小大小大小"),    // 2021
    (0, "大小大小大大小大小大小大"),    // 2022
    (2, "小大小小大大小大大小大小大"),  // 2023
    (0, "小大小小大小大大小大大小"),    // 2024
    (6, "大小大小小大小大小大大大小"),  // 2025
    (0, "大小大小小大小小大大大小"),    // 2026
    (0, "大大小大小小大小小大大小"),    // 2027
    (5, "大大大小大小小大小小大大小"),  // 2028
    (0, "大大小大小大小大小小大大"),    // 2029
    (0, "小大小大大小大小大小大小"),    // 2030
    (3, "小大大小大小大大小大小大小"),  // 2031
    (0, "大小小大小大大小大大小大"),    // 2032
    (11, "小大小小大小大小大大大小大"), // 2033
    (0, "小大小小大小大小大大小大"),    // 2034
    (0, "大小大小小大小小大大小大"),    // 2035
    (6, "大大小大小小大小小大小大大"),  // 2036
    (0, "大大小大小小大小小大小大"),    // 2037
    (0, "大大小大小大小大小小大小"),    // 2038
    (5, "大大小大大小大小大小大小小"),  // 2039
    (0, "大小大大小大小大大小大小"),    // 2040
    (0, "小大小大小大大小大大小大"),    // 2041
    (2, "小大小小大小大小大大小大大"),  // 2042
    (0, "小大小小大小小大大小大大"),    // 2043
    (7, "大小大小小大小小大小大大大"),  // 2044
    (0, "大小大小小大小小大小大大"),    // 2045
    (0, "大小大小大小大小小大小大"),    // 2046
    (5, "大小大大小大小大小小大小大"),  // 2047
    (0, "小大大小大大小大小小大小"),    // 2048
    (0, "大小大小大大小大大小大小"),    // 2049
    (3, "小大小大小大小大大小大大小"),  // 2050
];

/// The days that the table knows, half-open: 2000-01-01 to the end of 2050.
#[must_use]
pub fn lunar_known() -> (Day, Day) {
    let day = |y| Day::from_ymd(y, 1, 1).unwrap_or(Day::MIN);
    (day(2000), day(2051))
}

/// The months of one lunar year in order: month, leap, length.
fn months((leap, lengths): (u8, &'static str)) -> impl Iterator<Item = (u8, bool, u8)> {
    lengths.chars().zip(1u8..).map(move |(length, n)| {
        // Behind the leap month the count is one ahead.
        let after = leap > 0 && n > leap;
        let month = if after { n - 1 } else { n };
        let length = if length == '大' { 30 } else { 29 };
        (month, after && month == leap, length)
    })
}

/// 正月初一 and the months of each lunar year of the table.
fn years() -> impl Iterator<Item = (i32, Day, (u8, &'static str))> {
    let (y, m, d) = FIRST_DAY;
    let first = Day::from_ymd(y, m, d).unwrap_or(Day::MIN);
    let rows = YEARS.iter().scan(first, |start, row| {
        let this = *start;
        *start = this.add_days(months(*row).map(|m| i64::from(m.2)).sum());
        Some((this, *row))
    });
    (FIRST_YEAR..)
        .zip(rows)
        .map(|(y, (start, row))| (y, start, row))
}

/// First day and length of a month of a lunar year, 1999 to 2050; `None`: no such year, or no such leap month in it.
#[must_use]
pub fn lunar_month(year: i32, month: u8, leap: bool) -> Option<(Day, u8)> {
    let (_, start, row) = years().find(|y| y.0 == year)?;
    let mut first = start;
    for (m, l, length) in months(row) {
        if (m, l) == (month, leap) {
            return Some((first, length));
        }
        first = first.add_days(i64::from(length));
    }
    None
}

/// The lunar day of a civil day from 2000 to 2050.
#[must_use]
pub fn lunar_day(day: Day) -> Option<LunarDay> {
    let (from, to) = lunar_known();
    if day < from || to <= day {
        return None;
    }
    let (year, mut first, row) = years().take_while(|y| y.1 <= day).last()?;
    for (month, leap, length) in months(row) {
        let next = first.add_days(i64::from(length));
        if day < next {
            let day = u8::try_from(day.0 - first.0 + 1).ok()?;
            return Some(LunarDay {
                year,
                month,
                leap,
                day,
            });
        }
        first = next;
    }
    None
}

/// 清明 of a civil year from 2000 to 2050: 4 April where the year is divisible by 4 and, with the sun's slow shift, in ever
/// more of the other years; otherwise 5 April.
#[must_use]
pub fn qingming(year: i32) -> Option<Day> {
    let n = year - 2000;
    if !(0..=50).contains(&n) {
        return None;
    }
    // ⌊0.2422 n + 4.81⌋ − ⌊n ÷ 4⌋, for the years 2000 to 2099.
    let day = (2422 * n + 48_100) / 10_000 - n / 4;
    Day::from_ymd(year, 4, u32::try_from(day).ok()?)
}
