//! Days, months, age, instants and their text.

use super::{at, day};
use crate::{Day, Instant, age};
use chrono::{Datelike, NaiveDate};

#[test]
fn every_day_is_chronos_day() {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
    let mut date = NaiveDate::from_ymd_opt(1800, 1, 1).unwrap();
    let mut expected = i32::try_from((date - epoch).num_days()).unwrap();
    assert_eq!(Day(expected), Day::MIN);
    while date.year() <= 2300 {
        let (y, m, d) = (date.year(), date.month(), date.day());
        let day = Day::from_ymd(y, m, d).unwrap();
        assert_eq!(day.0, expected, "{date}");
        assert_eq!(day.ymd(), (y, m, d), "{date}");
        assert_eq!(day.weekday(), date.weekday().number_from_monday());
        assert_eq!(day.to_string(), date.to_string());
        assert_eq!(Day::parse_iso(&date.to_string()), Some(day));
        date = date.succ_opt().unwrap();
        expected += 1;
    }
    assert_eq!(Day(expected), Day::MAX);
}

#[test]
fn days_that_do_not_exist() {
    for (y, m, d) in [
        (2025, 2, 29),
        (1900, 2, 29), // a century, not divisible by 400
        (2026, 0, 1),
        (2026, 13, 1),
        (2026, 4, 31),
        (2026, 4, 0),
        (1799, 12, 31),
        (2301, 1, 1),
    ] {
        assert_eq!(Day::from_ymd(y, m, d), None, "{y}-{m}-{d}");
    }
    assert!(Day::from_ymd(2000, 2, 29).is_some() && Day::from_ymd(2024, 2, 29).is_some());
    assert_eq!(Day::from_ymd(2300, 12, 31), Some(Day::MAX.add_days(-1)));
    for text in [
        "2026-4-03",
        "2026-04-3",
        "26-04-03",
        "2026/04/03",
        "2026-04-03 ",
        "+026-04-03",
        "２026-04-03",
        "2026-02-30",
        "",
    ] {
        assert_eq!(Day::parse_iso(text), None, "{text:?}");
    }
}

#[test]
fn known_days() {
    assert_eq!(day("1970-01-01"), Day(0));
    // 2024-02-29 was a Thursday; 2026-04-03 a Friday; 2026-04-05 a Sunday.
    assert_eq!(day("2024-02-29").weekday(), 4);
    assert_eq!(
        (day("2026-04-03").weekday(), day("2026-04-05").weekday()),
        (5, 7)
    );
    assert_eq!(day("2026-04-06").weekday(), 1);
    // 30 years of 365 days, with the leap days of 1972, 76, 80, 84, 88, 92 and 96.
    assert_eq!(day("2000-01-01"), Day(30 * 365 + 7));
    assert_eq!(day("2024-02-28").add_days(1), day("2024-02-29"));
    assert_eq!(day("2025-03-01").add_days(-1), day("2025-02-28"));
}

#[test]
fn months_land_on_the_last_day_of_a_shorter_month() {
    for (from, n, to) in [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-31", 2, "2026-03-31"), // from the original day, not from 28 February
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-04-03", 0, "2026-04-03"),
        ("2026-04-03", -28, "2023-12-03"), // two years and four months
        ("1999-12-31", 2, "2000-02-29"),
        ("1899-12-31", 2, "1900-02-28"),
    ] {
        assert_eq!(day(from).add_months(n), day(to), "{from} + {n}");
    }
}

#[test]
fn far_numbers_stop_at_the_limits() {
    assert_eq!(Day(i32::MAX).add_days(1), Day(i32::MAX));
    assert_eq!(Day(i32::MIN).add_days(i64::MIN), Day(i32::MIN));
    assert_eq!(day("2026-01-31").add_months(i64::MAX), Day(i32::MAX));
    assert_eq!(day("2026-01-31").add_months(i64::MIN), Day(i32::MIN));
    for n in [i32::MIN, i32::MIN + 1, i32::MAX - 1, i32::MAX] {
        let (y, m, d) = Day(n).ymd();
        assert!(y != 0 && (1..=12).contains(&m) && (1..=31).contains(&d));
        assert_eq!(Day(n).add_months(0), Day(n));
        assert_eq!(Day(n).start().day(), Day(n));
    }
    assert_eq!(Instant(i64::MAX).day(), Day(i32::MAX));
    assert_eq!(Instant(i64::MAX).add_seconds(1), Instant(i64::MAX));
}

#[test]
fn age_in_full_years() {
    for (birth, on, years) in [
        ("2008-04-03", "2026-04-02", 17),
        ("2008-04-03", "2026-04-03", 18),
        ("2008-12-31", "2026-01-01", 17),
        // Born on 29 February: a year older on 28 February of a common year, on the 29th of a leap year.
        ("2004-02-29", "2022-02-27", 17),
        ("2004-02-29", "2022-02-28", 18),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2026-01-01", "2026-01-01", 0),
        ("2026-04-03", "2026-04-02", -1),
        ("2026-04-03", "2025-04-03", -1),
    ] {
        assert_eq!(age(day(birth), day(on)), years, "{birth} on {on}");
    }
}

#[test]
fn instants_and_their_text() {
    let t = at("2026-04-03 21:00");
    assert_eq!(t, Instant::from_day_seconds(day("2026-04-03"), 21 * 3_600));
    assert_eq!((t.day(), t.seconds_of_day()), (day("2026-04-03"), 75_600));
    assert_eq!(t.to_string(), "2026-04-03 21:00");
    assert_eq!(at("2026-04-03T21:00:09").to_string(), "2026-04-03 21:00:09");
    assert_eq!(day("2026-04-03").start(), at("2026-04-03 00:00"));
    assert_eq!(t.add_seconds(3 * 3_600), at("2026-04-04 00:00"));
    // One second before the epoch.
    assert_eq!(Instant(-1), at("1969-12-31 23:59:59"));
    assert_eq!(
        (Instant(-1).day(), Instant(-1).seconds_of_day()),
        (Day(-1), 86_399)
    );
    for text in [
        "2026-04-03",
        "2026-04-03 24:00",
        "2026-04-03 21:60",
        "2026-04-03 21:00:60",
        "2026-04-03 9:00",
        "2026-04-03 21:00:00:00",
        "2026-04-03  21:00",
        "2026-04-03 21:00Z",
        "2026-04-03 21",
    ] {
        assert_eq!(Instant::parse_iso(text), None, "{text:?}");
    }
}

#[test]
fn serde_is_iso_text() {
    let json = serde_json::to_string(&(day("2026-04-03"), at("2026-04-03 21:00"))).unwrap();
    assert_eq!(json, r#"["2026-04-03","2026-04-03 21:00"]"#);
    let back: (Day, Instant) = serde_json::from_str(&json).unwrap();
    assert_eq!(back, (day("2026-04-03"), at("2026-04-03 21:00")));
    // Computed days may pass the years that can be written.
    for d in [Day::MIN, Day::MAX, Day::MAX.add_days(4_000)] {
        let text = serde_json::to_string(&d).unwrap();
        assert_eq!(serde_json::from_str::<Day>(&text).unwrap(), d);
        let text = serde_json::to_string(&d.start()).unwrap();
        assert_eq!(serde_json::from_str::<Instant>(&text).unwrap(), d.start());
    }
    assert!(serde_json::from_str::<Day>("\"2026-02-30\"").is_err());
    assert!(serde_json::from_str::<Day>("20000").is_err());
    assert!(serde_json::from_str::<Instant>("\"2026-04-03 25:00\"").is_err());
}

#[test]
fn instants_are_written_with_their_minutes() {
    assert_eq!(at("2026-04-01 08:30").to_string(), "2026-04-01 08:30");
    assert_eq!(
        at("2026-04-01 08:30").add_seconds(5).to_string(),
        "2026-04-01 08:30:05"
    );
}

#[test]
fn years_of_ones_own_begin_on_the_anniversary() {
    let start = |from, on| crate::year_start(day(from), day(on));
    assert_eq!(start("2020-03-15", "2026-03-14"), day("2025-03-15"));
    assert_eq!(start("2020-03-15", "2026-03-15"), day("2026-03-15"));
    assert_eq!(start("2024-02-29", "2025-02-28"), day("2025-02-28"));
}
