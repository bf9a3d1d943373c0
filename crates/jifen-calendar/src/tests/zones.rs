//! Zones: names, wall clocks and summer time, from published offsets.

use super::{at, day};
use crate::{Instant, Zone};

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap_or_else(|| panic!("{name} is not a zone"))
}

#[test]
fn names() {
    assert_eq!(zone("北京时间"), zone("Asia/Shanghai"));
    assert_eq!(zone("北京时间").name(), "Asia/Shanghai");
    assert_eq!(zone("UTC").to_string(), "UTC");
    for name in ["", "Shanghai", "+08:00", "上海时间", "Asia/Shanghai "] {
        assert_eq!(Zone::parse(name), None, "{name:?}");
    }
    let json = serde_json::to_string(&zone("北京时间")).unwrap();
    assert_eq!(json, "\"Asia/Shanghai\"");
    assert_eq!(
        serde_json::from_str::<Zone>(&json).unwrap(),
        zone("北京时间")
    );
    assert!(serde_json::from_str::<Zone>("\"x\"").is_err());
}

#[test]
fn wall_clocks() {
    // UTC+8; the day changes at 16:00 UTC.
    let utc = |text: &str| at(text).0;
    assert_eq!(
        zone("UTC").to_civil(utc("2026-04-03 12:00")),
        at("2026-04-03 12:00")
    );
    let shanghai = zone("Asia/Shanghai");
    assert_eq!(
        shanghai.to_civil(utc("2026-04-03 15:59:59")),
        at("2026-04-03 23:59:59")
    );
    assert_eq!(
        shanghai.to_civil(utc("2026-04-03 16:00")),
        at("2026-04-04 00:00")
    );
    // Summer time of 1986–1991: UTC+9.
    assert_eq!(
        shanghai.to_civil(utc("1988-07-01 00:00")),
        at("1988-07-01 09:00")
    );
    // UTC+5:45, and UTC-5 in winter, UTC-4 in summer.
    assert_eq!(
        zone("Asia/Kathmandu").to_civil(utc("2026-04-03 00:00")),
        at("2026-04-03 05:45")
    );
    let new_york = zone("America/New_York");
    assert_eq!(
        new_york.to_civil(utc("2026-01-15 12:00")),
        at("2026-01-15 07:00")
    );
    assert_eq!(
        new_york.to_civil(utc("2026-07-15 12:00")),
        at("2026-07-15 08:00")
    );
    // No panic at the ends of the number line.
    assert_eq!(zone("UTC").to_civil(i64::MAX), Instant(i64::MAX));
    assert_eq!(shanghai.to_civil(i64::MAX), Instant(i64::MAX));
    // Before zones: local mean time, 8:05:43 ahead.
    let mean = 8 * 3_600 + 5 * 60 + 43;
    assert_eq!(shanghai.to_civil(i64::MIN), Instant(i64::MIN + mean));
}

#[test]
fn summer_time_is_seen() {
    let shanghai = zone("Asia/Shanghai");
    assert!(shanghai.fixed_since(day("2026-01-01")));
    // The last change in Shanghai: clocks went back on 1991-09-15.
    assert!(shanghai.fixed_since(day("1991-09-16")));
    assert!(!shanghai.fixed_since(day("1991-09-14")));
    assert!(!shanghai.fixed_since(day("1980-01-01")));
    assert!(zone("UTC").fixed_since(day("1900-01-01")));
    assert!(zone("Asia/Kathmandu").fixed_since(day("2026-01-01")));
    for name in ["America/New_York", "Europe/Berlin", "Australia/Sydney"] {
        assert!(!zone(name).fixed_since(day("2026-01-01")), "{name}");
        // Past the end of the tz tables no zone becomes fixed by lack of data.
        assert!(!zone(name).fixed_since(day("2150-01-01")), "{name}");
    }
    assert!(shanghai.fixed_since(day("2150-01-01")));
}
