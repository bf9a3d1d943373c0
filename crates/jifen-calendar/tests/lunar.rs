//! The table of lunar years against an independent computation (tyme4rs works from the positions of sun and moon), day by
//! day, and against feast days as the State Council announced them.
#![allow(clippy::unwrap_used, reason = "tests")]

use jifen_calendar::{Day, LunarDay, lunar_day, lunar_known, lunar_month, qingming};
use tyme4rs::tyme::solar::{SolarDay, SolarTerm};

fn computed(day: Day) -> LunarDay {
    let (y, m, d) = day.ymd();
    let at = SolarDay::from_ymd(y as isize, m as usize, d as usize).get_lunar_day();
    let month = at.get_lunar_month();
    LunarDay {
        year: i32::try_from(month.get_lunar_year().get_year()).unwrap(),
        month: u8::try_from(month.get_month()).unwrap(),
        leap: month.is_leap(),
        day: u8::try_from(at.get_day()).unwrap(),
    }
}

#[test]
fn every_day_is_as_computed() {
    let (from, to) = lunar_known();
    assert_eq!(from.to_string(), "2000-01-01");
    assert_eq!(to.add_days(-1).to_string(), "2050-12-31");
    let mut day = from;
    let mut days = 0;
    while day < to {
        let l = lunar_day(day).unwrap();
        assert_eq!(l, computed(day), "{day}");
        let (first, length) = lunar_month(l.year, l.month, l.leap).unwrap();
        assert_eq!(first.add_days(i64::from(l.day) - 1), day);
        assert!(l.day <= length);
        day = day.add_days(1);
        days += 1;
    }
    assert_eq!(days, 51 * 365 + 13);
}

#[test]
fn nothing_is_known_outside() {
    let (from, to) = lunar_known();
    assert_eq!(lunar_day(from.add_days(-1)), None);
    assert_eq!(lunar_day(to), None);
    assert_eq!(lunar_month(1998, 12, false), None);
    assert_eq!(lunar_month(2051, 1, false), None);
    assert_eq!(lunar_month(2025, 5, true), None);
    assert_eq!(qingming(1999), None);
    assert_eq!(qingming(2051), None);
}

/// 春节, 端午 and 中秋 of each year as in the yearly notices of the General Office of the State Council on public holidays
/// (国务院办公厅关于部分节假日安排的通知, 2009 for 2010 to 2025 for 2026); written down from memory, to be held against the notices.
const ANNOUNCED: [(i32, &str, &str, &str); 17] = [
    (2010, "02-14", "06-16", "09-22"),
    (2011, "02-03", "06-06", "09-12"),
    (2012, "01-23", "06-23", "09-30"),
    (2013, "02-10", "06-12", "09-19"),
    (2014, "01-31", "06-02", "09-08"),
    (2015, "02-19", "06-20", "09-27"),
    (2016, "02-08", "06-09", "09-15"),
    (2017, "01-28", "05-30", "10-04"),
    (2018, "02-16", "06-18", "09-24"),
    (2019, "02-05", "06-07", "09-13"),
    (2020, "01-25", "06-25", "10-01"),
    (2021, "02-12", "06-14", "09-21"),
    (2022, "02-01", "06-03", "09-10"),
    (2023, "01-22", "06-22", "09-29"),
    (2024, "02-10", "06-10", "09-17"),
    (2025, "01-29", "05-31", "10-06"),
    (2026, "02-17", "06-19", "09-25"),
];

#[test]
fn feasts_are_as_announced() {
    for (year, spring, dragon, moon) in ANNOUNCED {
        let on = |month, day: i64| {
            let (first, _) = lunar_month(year, month, false).unwrap();
            first.add_days(day - 1).to_string()
        };
        assert_eq!(on(1, 1), format!("{year}-{spring}"));
        assert_eq!(on(5, 5), format!("{year}-{dragon}"));
        assert_eq!(on(8, 15), format!("{year}-{moon}"));
    }
}

#[test]
fn leap_months_are_where_the_almanac_has_them() {
    let has: Vec<(i32, u8)> = (2000..=2050)
        .flat_map(|y| (1..=12).map(move |m| (y, m)))
        .filter(|(y, m)| lunar_month(*y, *m, true).is_some())
        .collect();
    // 2033 is the year that older tables have wrong (闰七月 instead of 闰十一月).
    let known = [
        (2001, 4),
        (2004, 2),
        (2006, 7),
        (2009, 5),
        (2012, 4),
        (2014, 9),
        (2017, 6),
        (2020, 4),
        (2023, 2),
        (2025, 6),
        (2028, 5),
        (2031, 3),
        (2033, 11),
        (2036, 6),
        (2039, 5),
        (2042, 2),
        (2044, 7),
        (2047, 5),
        (2050, 3),
    ];
    assert_eq!(has, known);
}

#[test]
fn qingming_is_as_computed() {
    for year in 2000..=2050 {
        let term = SolarTerm::from_name(year as isize, "清明");
        let at = term.get_julian_day().get_solar_day();
        let day = Day::from_ymd(year, at.get_month() as u32, at.get_day() as u32);
        assert_eq!(qingming(year), day, "{year}");
    }
    // 2026: 5 April, 2024: 4 April, as the yearly notices have them.
    assert_eq!(qingming(2026).unwrap().to_string(), "2026-04-05");
    assert_eq!(qingming(2024).unwrap().to_string(), "2024-04-04");
}
