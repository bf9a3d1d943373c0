//! Working days: the shipped calendar against the notices, and mistakes in a calendar file.

use super::day;
use crate::{CalendarErrorKind as K, MissingYear, WorkCalendar};

fn shipped() -> WorkCalendar {
    let text = include_str!("../../../../policies/std/workdays-cn.toml");
    WorkCalendar::parse_toml(text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn counts_of_the_notices() {
    let calendar = shipped();
    // Days off, in the order of the notices: 元旦 春节 清明 劳动 端午 中秋 国庆.
    for (year, off, worked) in [
        (2024, 1 + 8 + 3 + 5 + 1 + 3 + 7, 8),
        (2025, 1 + 8 + 3 + 5 + 3 + 8, 5), // 中秋 and 国庆 together
        (2026, 3 + 9 + 3 + 5 + 3 + 3 + 7, 6),
    ] {
        let days = calendar.years.get(&year).unwrap();
        assert_eq!(
            (days.holidays.len(), days.workdays.len()),
            (off, worked),
            "{year}"
        );
        assert!(days.citation.contains("国办发明电"));
    }
    assert_eq!(calendar.years.len(), 3);
}

/// Working days of a year: all Mondays to Fridays, less the holidays among them, plus the shifted days.
#[test]
fn working_days_of_the_years() {
    let calendar = shipped();
    for (year, days, wanted) in [
        // 366 days from a Monday: 52 weeks, Monday, Tuesday: 262 week days; holidays on week days:
        // 1 + 5 (12–16 February) + 2 + 3 + 1 + 2 + 5 = 19; 8 shifted.
        (2024, 366, 262 - 19 + 8),
        // 365 from a Wednesday: 261; 1 + 6 (28–31 January, 3–4 February) + 1 + 3 + 1 + 6 = 18; 5 shifted.
        (2025, 365, 261 - 18 + 5),
        // 365 from a Thursday: 261; 2 + 6 (16–20 and 23 February) + 1 + 3 + 1 + 1 + 5 = 19; 6 shifted.
        (2026, 365, 261 - 19 + 6),
    ] {
        let first = day(&format!("{year}-01-01"));
        let worked = (0..days).filter(|&n| calendar.is_working(first.add_days(n)) == Ok(true));
        assert_eq!(worked.count(), wanted, "{year}");
    }
}

#[test]
fn single_days() {
    let calendar = shipped();
    for (text, working) in [
        ("2026-04-03", true),  // an ordinary Friday
        ("2026-04-04", false), // 清明节, a Saturday
        ("2026-04-06", false), // 清明节, a Monday
        ("2026-04-07", true),
        ("2026-04-11", false), // an ordinary Saturday
        ("2026-01-04", true),  // a worked Sunday
        ("2026-02-14", true),  // a worked Saturday
        ("2024-06-10", false),
        ("2025-10-08", false), // a Wednesday
    ] {
        assert_eq!(calendar.is_working(day(text)), Ok(working), "{text}");
    }
    assert_eq!(
        calendar.is_working(day("2027-01-04")),
        Err(MissingYear(2027))
    );
    // A Saturday is no exception: the calendar does not know whether it was worked.
    assert_eq!(
        calendar.is_working(day("2023-12-30")),
        Err(MissingYear(2023))
    );
}

#[test]
fn adding_working_days() {
    let calendar = shipped();
    for (from, n, to) in [
        // 公示 3个工作日 after Friday 3 April: 4–6 off, then 7, 8, 9.
        ("2026-04-03", 3, "2026-04-09"),
        ("2026-04-04", 1, "2026-04-07"),
        ("2026-04-03", 0, "2026-04-03"),
        ("2026-04-04", 0, "2026-04-04"),
        // 13 February is a Friday, the 14th is worked, 15–23 off, 24 worked.
        ("2026-02-13", 2, "2026-02-24"),
        // 2024-12-31 Tuesday, 2025-01-01 off, 2 January.
        ("2024-12-31", 1, "2025-01-02"),
    ] {
        assert_eq!(
            calendar.add_working_days(day(from), n),
            Ok(day(to)),
            "{from} + {n}"
        );
    }
    let past = calendar.add_working_days(day("2026-12-30"), 2);
    assert_eq!(past, Err(MissingYear(2027)));
    assert_eq!(
        calendar.add_working_days(day("2026-12-30"), 1),
        Ok(day("2026-12-31"))
    );
}

/// A file with one year 2026 and these two lists.
fn file(holidays: &str, workdays: &str) -> String {
    format!(
        "name = \"n\"\ncitation = \"c\"\n[years.2026]\ncitation = \"x\"\nholidays = [{holidays}]\nworkdays = [{workdays}]\n"
    )
}

fn mistakes(text: &str) -> Vec<(usize, K)> {
    match WorkCalendar::parse_toml(text) {
        Ok(calendar) => panic!("{calendar:?}"),
        Err(errors) => errors.into_iter().map(|e| (e.line, e.kind)).collect(),
    }
}

#[test]
fn mistakes_in_a_file_are_located() {
    for (holidays, workdays, wanted) in [
        ("\"2026-02-30\"", "", (5, K::Day("2026-02-30".into()))),
        ("\"2026-1-1\"", "", (5, K::Day("2026-1-1".into()))),
        ("", "\"2026-02-14..x\"", (6, K::Day("2026-02-14..x".into()))),
        (
            "\"2026-01-03..2026-01-01\"",
            "",
            (5, K::Backwards("2026-01-03..2026-01-01".into())),
        ),
        (
            "\"2025-12-31\"",
            "",
            (5, K::OtherYear(day("2025-12-31"), 2026)),
        ),
        (
            "\"2026-12-31..2027-01-02\"",
            "",
            (5, K::OtherYear(day("2027-01-02"), 2026)),
        ),
        ("", "\"2026-04-03\"", (6, K::NotWeekend(day("2026-04-03")))),
        (
            "\"2026-01-01\", \"2026-01-01\"",
            "",
            (5, K::Twice(day("2026-01-01"))),
        ),
        (
            "\"2026-01-03\"",
            "\"2026-01-03\"",
            (6, K::Twice(day("2026-01-03"))),
        ),
    ] {
        assert_eq!(mistakes(&file(holidays, workdays)), [wanted]);
    }
    // All mistakes at once, in the order of the file.
    let both = mistakes(&file("\n\"x\"", "\"y\""));
    assert_eq!(both, [(6, K::Day("x".into())), (7, K::Day("y".into()))]);
    let later_year_first =
        file("\"x\"", "") + "[years.2025]\ncitation = \"x\"\nholidays = [\"y\"]\n";
    let wanted = [(5, K::Day("x".into())), (9, K::Day("y".into()))];
    assert_eq!(mistakes(&later_year_first), wanted);
    let long_year = file("", "").replace("2026", "02026");
    assert_eq!(mistakes(&long_year), [(3, K::Year("02026".into()))]);
    let no_citation = file("", "").replace("citation = \"x\"\n", "");
    assert_eq!(mistakes(&no_citation), [(3, K::NoCitation(2026))]);
    let bad_year = file("", "").replace("2026", "26");
    assert_eq!(mistakes(&bad_year), [(3, K::Year("26".into()))]);
    for form in [
        "name = ",
        "name = \"n\"",
        "x",
        &file("1", ""),
        &file("", "").replace("workdays", "workday"),
    ] {
        assert!(matches!(mistakes(form)[..], [(_, K::Form(_))]), "{form}");
    }
    assert_eq!(mistakes(&file("1", ""))[0].0, 5);
}

#[test]
fn every_mistake_is_said_in_both_languages() {
    let d = day("2026-04-03");
    for kind in [
        K::Form("f".into()),
        K::Year("26".into()),
        K::Day("x".into()),
        K::Backwards("x".into()),
        K::OtherYear(d, 2025),
        K::NotWeekend(d),
        K::Twice(d),
        K::NoCitation(2026),
    ] {
        let (zh, en) = (kind.zh(), kind.en());
        assert!(
            zh.chars().any(|c| ('\u{4e00}'..'\u{a000}').contains(&c)),
            "{zh}"
        );
        assert!(
            !en.chars().any(|c| ('\u{4e00}'..'\u{a000}').contains(&c)),
            "{en}"
        );
    }
}

#[test]
fn a_calendar_is_data() {
    let calendar = shipped();
    let json = serde_json::to_string(&calendar).unwrap();
    assert!(json.contains("\"2026-02-14\""));
    assert_eq!(
        serde_json::from_str::<WorkCalendar>(&json).unwrap(),
        calendar
    );
}

#[test]
fn what_is_missing_or_wrong_is_named_in_english() {
    assert_eq!(
        MissingYear(2031).to_string(),
        "the calendar has no year 2031"
    );
    let errors = WorkCalendar::parse_toml(
        "name = \"x\"\ncitation = \"y\"\n[years.26]\ncitation = \"z\"\nholidays = []\nworkdays = []\n",
    );
    let errors = errors.expect_err("26 is no year");
    let text = errors[0].to_string();
    assert!(
        text.contains("line") && text.contains("“26” is not a year"),
        "{text}"
    );
}
