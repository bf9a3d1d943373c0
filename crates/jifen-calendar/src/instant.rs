//! Instants on the wall clock of a policy's zone; zones themselves are in `zone`.

use crate::day::{Day, digits};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Seconds in a civil day (policies live in zones without summer time).
pub const SECONDS_PER_DAY: i32 = 86_400;

/// Civil seconds since 1970-01-01 00:00 on the wall clock of the policy's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl Instant {
    /// `seconds` after 00:00 of `day`; more than a day's worth runs into the next days.
    #[must_use]
    #[inline]
    pub fn from_day_seconds(day: Day, seconds: i32) -> Instant {
        Instant(i64::from(day.0) * i64::from(SECONDS_PER_DAY) + i64::from(seconds))
    }

    /// The civil day this instant lies in.
    #[must_use]
    #[inline]
    pub fn day(self) -> Day {
        let days = self.0.div_euclid(i64::from(SECONDS_PER_DAY));
        Day(days.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
    }

    /// Seconds since 00:00 of its day, `0..86400`.
    #[must_use]
    #[inline]
    pub fn seconds_of_day(self) -> i32 {
        self.0.rem_euclid(i64::from(SECONDS_PER_DAY)) as i32
    }

    /// The instant `seconds` later.
    #[must_use]
    #[inline]
    pub fn add_seconds(self, seconds: i64) -> Instant {
        Instant(self.0.saturating_add(seconds))
    }

    /// Reads `2026-04-03 21:00` or `2026-04-03 21:00:30` (also with `T` between), exactly so.
    #[must_use]
    #[inline]
    pub fn parse_iso(text: &str) -> Option<Instant> {
        Instant::read(text, Day::parse_iso)
    }

    fn read(text: &str, day: fn(&str) -> Option<Day>) -> Option<Instant> {
        let (date, time) = text.split_once([' ', 'T'])?;
        let mut parts = time.split(':');
        let hour = digits(parts.next()?, 2)?;
        let minute = digits(parts.next()?, 2)?;
        let second = parts.next().map_or(Some(0), |s| digits(s, 2))?;
        let ok = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
        let seconds = i32::try_from(hour * 3_600 + minute * 60 + second).ok()?;
        ok.then_some(Instant::from_day_seconds(day(date)?, seconds))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, s) = (self.day(), self.seconds_of_day());
        let (hour, minute, second) = (s / 3_600, s / 60 % 60, s % 60);
        let mut text = format!("{day} {hour:02}:{minute:02}");
        if second != 0 {
            text.push_str(&format!(":{second:02}"));
        }
        f.pad(&text)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    /// As for [`Day`], any year of four digits.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

struct Text;

impl de::Visitor<'_> for Text {
    type Value = Instant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant as text, such as \"2026-04-03 21:00\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Instant, E> {
        Instant::read(text, Day::parse_any_year)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}
