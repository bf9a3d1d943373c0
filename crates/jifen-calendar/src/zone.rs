//! Time zones: the wall clock of a policy; which zones a policy may use is the compiler's rule.

use crate::{Day, Instant};
use chrono::{DateTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A time zone by its name in the tz database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// Reads a tz name, 北京时间 or UTC.
    #[must_use]
    pub fn parse(name: &str) -> Option<Zone> {
        let name = match name {
            "北京时间" => "Asia/Shanghai",
            other => other,
        };
        name.parse().ok().map(Zone)
    }

    /// The tz name; 北京时间 is Asia/Shanghai.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// What the wall clock showed at so many seconds after 1970-01-01 00:00 UTC.
    #[must_use]
    pub fn to_civil(&self, utc_seconds: i64) -> Instant {
        Instant(utc_seconds.saturating_add(self.offset(utc_seconds)))
    }

    /// Seconds by which the wall clock is ahead of UTC; outside the calendar of chrono, as at its nearest end.
    fn offset(&self, utc_seconds: i64) -> i64 {
        let first = NaiveDateTime::MIN.and_utc().timestamp();
        let last = NaiveDateTime::MAX.and_utc().timestamp();
        let utc = DateTime::from_timestamp(utc_seconds.clamp(first, last), 0).unwrap_or_default();
        let offset = self.0.offset_from_utc_datetime(&utc.naive_utc());
        i64::from(offset.fix().local_minus_utc())
    }

    /// Whether the offset never changes from 00:00 of `day` to the end of 2099, looked at day by day.
    ///
    /// For days after 2098 the year 2099 is looked at, since the tz tables end there.
    #[must_use]
    pub fn fixed_since(&self, day: Day) -> bool {
        const LAST: Day = Day(47_481); // 2099-12-31
        let first = day.min(LAST.add_days(-364));
        let begin = first.start().0;
        let offset = self.offset(begin - self.offset(begin));
        (first.0..=LAST.0 + 1).all(|d| self.offset(Day(d).start().0 - offset) == offset)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Zone, D::Error> {
        let name = String::deserialize(deserializer)?;
        Zone::parse(&name).ok_or_else(|| de::Error::custom(format!("no time zone named {name:?}")))
    }
}
