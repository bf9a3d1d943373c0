//! Values as people write them; expected values are read off the texts by eye.

use super::date::{DateOrder, DateStyle, day, proves_order};
use super::number::{decimal, looks_scientific, plain_digits, sheet_number};
use super::time::{When, clock_alone, when};
use super::words::{id, yes_no};
use jifen_calendar::{Day, Instant, Zone};
use jifen_quantity::Decimal;

fn ymd(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd(y, m, d).unwrap()
}

#[test]
fn dates_as_people_write_them() {
    let fifth = ymd(2026, 1, 5);
    for text in [
        "2026-01-05",
        "2026/1/5",
        "2026.1.5",
        "2026年1月5日",
        "20260105",
        "２０２６－０１－０５",
        "46027",
        " 2026-1-5 ",
        "2026 年 1 月 5 日",
        "2026年01月05号",
    ] {
        assert_eq!(day(text, DateStyle::default()), Ok(fifth), "{text}");
    }
    let reason = |t: &str| day(t, DateStyle::default()).unwrap_err().reason.0;
    assert_eq!(reason("2026-02-29"), "date_impossible");
    assert_eq!(reason("2026-13-05"), "date_impossible");
    assert_eq!(reason("4/3/2026"), "date_order_unknown");
    assert_eq!(reason("昨天"), "date_malformed");
    assert_eq!(reason("1/2/26"), "date_malformed");
    let stated = |order| DateStyle {
        order: Some(order),
        epoch_1904: false,
    };
    assert_eq!(
        day("4/3/2026", stated(DateOrder::DayFirst)),
        Ok(ymd(2026, 3, 4))
    );
    assert_eq!(
        day("4/3/2026", stated(DateOrder::MonthFirst)),
        Ok(ymd(2026, 4, 3))
    );
    assert_eq!(proves_order("13/3/2026"), Some(DateOrder::DayFirst));
    assert_eq!(proves_order("3/13/2026"), Some(DateOrder::MonthFirst));
    assert_eq!(proves_order("3/4/2026"), None);
    // 1904 system: serial 0 is 1904-01-01, 1462 days after 1899-12-30.
    let old = DateStyle {
        order: None,
        epoch_1904: true,
    };
    assert_eq!(day("44565", old), Ok(fifth));
}

#[test]
fn instants_as_people_write_them() {
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    let read = |t: &str| when(t, DateStyle::default(), &zone);
    let at = |d: Day, h: i64, m: i64, s: i64| {
        Ok(When::Instant(Instant(d.start().0 + h * 3600 + m * 60 + s)))
    };
    let first = ymd(2026, 1, 1);
    assert_eq!(read("2026-01-01 19:18"), at(first, 19, 18, 0));
    assert_eq!(read("2026-01-01T19:18:05"), at(first, 19, 18, 5));
    assert_eq!(read("2026年1月1日19:18"), at(first, 19, 18, 0));
    assert_eq!(read("2026年1月1日 19时18分"), at(first, 19, 18, 0));
    assert_eq!(read("2026/1/1 9:05"), at(first, 9, 5, 0));
    assert_eq!(
        read("２０２６－０１－０１　１９：１８"),
        at(first, 19, 18, 0)
    );
    // 0.875 of a day is 21:00.
    assert_eq!(read("46027.875"), at(ymd(2026, 1, 5), 21, 0, 0));
    // The binary fraction of 09:20 (33600 of 86400 s).
    assert_eq!(read("46027.388888888891"), at(ymd(2026, 1, 5), 9, 20, 0));
    assert_eq!(
        read("2024-03-01T07:59+08:00"),
        at(ymd(2024, 3, 1), 7, 59, 0)
    );
    assert_eq!(read("2024-02-29T23:59Z"), at(ymd(2024, 3, 1), 7, 59, 0));
    assert_eq!(read("2026-01-01"), Ok(When::Day(first)));
    for bad in [
        "2026-01-01 25:00",
        "2026-01-01 19:60",
        "2026-01-01 下午",
        "19:18",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_clock_time_alone_is_told_from_a_day() {
    let at = |h: i32, m: i32, s: i32| Some(h * 3600 + m * 60 + s);
    assert_eq!(clock_alone("07:30"), at(7, 30, 0));
    assert_eq!(clock_alone("7:30:05"), at(7, 30, 5));
    assert_eq!(clock_alone("１９：１８"), at(19, 18, 0));
    assert_eq!(clock_alone("19时18分"), at(19, 18, 0));
    // 0.3125 of a day: 7.5 hours; the binary fraction of 09:20.
    assert_eq!(clock_alone("0.3125"), at(7, 30, 0));
    assert_eq!(clock_alone("0.388888888891"), at(9, 20, 0));
    for other in [
        "",
        "7",
        "25:00",
        "2026-01-01",
        "2026-01-01 07:30",
        "0.99999999",
        "1.5",
    ] {
        assert_eq!(clock_alone(other), None, "{other}");
    }
}

#[test]
fn numbers_are_strict() {
    let one_and_half = Decimal::new(15, 1).unwrap();
    for text in ["1.5", "１．５", " 1.50 ", "+1.5"] {
        assert_eq!(decimal(text), Ok(one_and_half), "{text}");
    }
    let reason = |t: &str| decimal(t).unwrap_err().reason.0;
    assert_eq!(reason("两小时"), "number_in_words");
    assert_eq!(reason("半天"), "number_in_words");
    assert_eq!(reason("2小时"), "number_with_unit");
    assert_eq!(reason("1,234.5"), "number_separated");
    assert_eq!(reason("1.1E+17"), "number_scientific");
    assert_eq!(reason(""), "number_in_words");
}

#[test]
fn spreadsheet_numbers_lose_only_noise() {
    assert_eq!(sheet_number("0.30000000000000004"), "0.3");
    assert_eq!(sheet_number("2.2999999999999998"), "2.3");
    assert_eq!(sheet_number("46027.875"), "46027.875");
    assert_eq!(sheet_number("147.57"), "147.57");
    assert_eq!(sheet_number("9.9999999999999996"), "10");
    assert_eq!(sheet_number("-0.10000000000000001"), "-0.1");
    assert_eq!(
        sheet_number("1.1010119900307402E+17"),
        "1.1010119900307402E+17"
    );
    assert_eq!(plain_digits("1.5e3"), "1500");
    assert_eq!(plain_digits("1e-5"), "0.00001");
    assert_eq!(plain_digits("12.50"), "12.50");
}

#[test]
fn ids_and_words() {
    assert!(looks_scientific("1.10102E+17"));
    assert!(!looks_scientific("1E17"));
    assert!(id("1.10102E+17", false).is_err());
    assert!(id("110102199003074020", true).is_err());
    assert_eq!(id(" XF01-0001 ", false), Ok("XF01-0001"));
    assert_eq!(yes_no("是"), Ok(true));
    assert_eq!(yes_no("FALSE"), Ok(false));
    assert!(yes_no("大概").is_err());
}
