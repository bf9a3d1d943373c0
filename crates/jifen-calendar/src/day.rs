//! Civil days as numbers: construction, text, months and age; no times of day and no zones.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

use crate::Instant;

/// A civil day of the proleptic Gregorian calendar, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_SHIFT: i64 = 719_468;
const DAYS_PER_ERA: i64 = 146_097;

impl Day {
    /// 1800-01-01, the first day that can be written.
    pub const MIN: Day = Day(-62_091);
    /// 2301-01-01, the day after the last one that can be written (2300-12-31): an excluded end.
    pub const MAX: Day = Day(120_895);

    /// A day from its parts; nothing when there is no such day or the year is outside 1800–2300.
    #[must_use]
    #[inline]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        (1800..=2300).contains(&year).then_some(())?;
        Day::valid(year, month, day)
    }

    fn valid(year: i32, month: u32, day: u32) -> Option<Day> {
        let ok = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        ok.then(|| Day::civil(i64::from(year), month, day))
    }

    /// The day of a month that exists; beyond `i32` it stops at the limits.
    fn civil(year: i64, month: u32, day: u32) -> Day {
        // Years begin in March, so that the leap day is the last of its year.
        let month = i64::from(month);
        let year = if month <= 2 { year - 1 } else { year };
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        clamp(era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT)
    }

    /// Year, month (1–12) and day of the month (1–31).
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        let days = i64::from(self.0) + EPOCH_SHIFT;
        let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        // All three are small: |year| < 6 million for any i32 day.
        (year as i32, month as u32, day as u32)
    }

    /// 1 = Monday … 7 = Sunday.
    #[must_use]
    #[inline]
    pub fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        (i64::from(self.0) + 3).rem_euclid(7) as u32 + 1
    }

    /// 00:00 of this day.
    #[must_use]
    #[inline]
    pub fn start(self) -> Instant {
        Instant::from_day_seconds(self, 0)
    }

    /// The day `n` days later (earlier when negative).
    #[must_use]
    #[inline]
    pub fn add_days(self, n: i64) -> Day {
        clamp(i64::from(self.0).saturating_add(n))
    }

    /// The same day `n` months later; in a shorter month, its last day (S5).
    #[must_use]
    #[inline]
    pub fn add_months(self, n: i64) -> Day {
        let (year, month, day) = self.ymd();
        // More months than this leave every i32 day behind.
        let n = n.clamp(-150_000_000, 150_000_000);
        let months = i64::from(year) * 12 + i64::from(month) - 1 + n;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u32 + 1);
        let last = days_in_month(year.rem_euclid(400) as i32, month);
        Day::civil(year, month, day.min(last))
    }

    /// Reads `2026-04-03`, exactly so.
    #[must_use]
    #[inline]
    pub fn parse_iso(text: &str) -> Option<Day> {
        let (year, month, day) = iso_parts(text)?;
        Day::from_ymd(year, month, day)
    }
}

/// Full years of age on a day: the most years that, added to the birth date, do not pass the day.
///
/// Added as months (S5), so one born on 29 February is a year older on 28 February of a common year.
/// Negative before the birth.
#[must_use]
pub fn age(birth: Day, on: Day) -> i32 {
    let years = on.ymd().0 - birth.ymd().0;
    if birth.add_months(i64::from(years) * 12) <= on {
        years
    } else {
        years - 1
    }
}

/// The latest anniversary of a day that is not after another: 29 February has its anniversary on 28 February of a common
/// year, as in [`age`]. Before the day itself the years are counted backwards.
#[must_use]
pub fn year_start(from: Day, on: Day) -> Day {
    from.add_months(12 * i64::from(age(from, on)))
}

fn clamp(days: i64) -> Day {
    Day(days.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
}

pub(crate) fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn iso_parts(text: &str) -> Option<(i32, u32, u32)> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    Some((
        digits(year, 4)?.try_into().ok()?,
        digits(month, 2)?,
        digits(day, 2)?,
    ))
}

/// Exactly `width` ASCII digits.
pub(crate) fn digits(text: &str, width: usize) -> Option<u32> {
    let ok = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    ok.then(|| text.parse().ok())?
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    /// Any day with a year of four digits, since computed days may lie past those that can be written.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

impl Day {
    #[inline]
    pub(crate) fn parse_any_year(text: &str) -> Option<Day> {
        let (year, month, day) = iso_parts(text)?;
        Day::valid(year, month, day)
    }
}

struct Text;

impl de::Visitor<'_> for Text {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day as text, such as \"2026-04-03\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Day, E> {
        Day::parse_any_year(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}
