//! Calendar periods and windows: their edges by hand, and that they tile the days.

use super::day;
use crate::{Day, Period, Window};

const ALL: [Period; 6] = [
    Period::Day,
    Period::Week,
    Period::Month,
    Period::Quarter,
    Period::HalfYear,
    Period::Year,
];

#[test]
fn period_edges() {
    for (period, inside, first, next) in [
        (Period::Day, "2026-04-03", "2026-04-03", "2026-04-04"),
        // 2026-04-06 is a Monday.
        (Period::Week, "2026-04-05", "2026-03-30", "2026-04-06"),
        (Period::Week, "2026-04-06", "2026-04-06", "2026-04-13"),
        (Period::Week, "2026-01-01", "2025-12-29", "2026-01-05"),
        (Period::Month, "2024-02-29", "2024-02-01", "2024-03-01"),
        (Period::Month, "2026-12-31", "2026-12-01", "2027-01-01"),
        (Period::Quarter, "2026-03-31", "2026-01-01", "2026-04-01"),
        (Period::Quarter, "2026-04-01", "2026-04-01", "2026-07-01"),
        (Period::Quarter, "2026-12-31", "2026-10-01", "2027-01-01"),
        (Period::HalfYear, "2026-06-30", "2026-01-01", "2026-07-01"),
        (Period::HalfYear, "2026-07-01", "2026-07-01", "2027-01-01"),
        (Period::Year, "2026-12-31", "2026-01-01", "2027-01-01"),
    ] {
        let bounds = (day(first), day(next));
        assert_eq!(period.bounds(day(inside)), bounds, "{period:?} {inside}");
        assert_eq!(period.next_start(day(inside)), day(next));
        assert_eq!(period.key(day(inside)), day(first).0);
        assert_eq!(Window::Period(period).range(day(inside)), bounds);
    }
}

#[test]
fn periods_tile_the_days() {
    for period in ALL {
        let mut bounds = period.bounds(day("1999-12-01"));
        let mut at = day("1999-12-01");
        while at < day("2005-01-01") {
            if at == bounds.1 {
                let next = period.bounds(at);
                assert_eq!(next.0, bounds.1, "{period:?} {at}");
                bounds = next;
            }
            assert_eq!(period.bounds(at), bounds, "{period:?} {at}");
            at = at.add_days(1);
        }
    }
}

#[test]
fn rolling_edges() {
    for (window, on, first, after) in [
        (Window::Occasion, "2026-04-03", "2026-04-03", "2026-04-04"),
        (
            Window::RollingDays(1),
            "2026-04-03",
            "2026-04-03",
            "2026-04-04",
        ),
        // Seven days with today: 28 March … 3 April.
        (
            Window::RollingDays(7),
            "2026-04-03",
            "2026-03-28",
            "2026-04-04",
        ),
        (
            Window::RollingDays(30),
            "2026-03-01",
            "2026-01-31",
            "2026-03-02",
        ),
        (
            Window::RollingMonths(1),
            "2026-04-03",
            "2026-03-04",
            "2026-04-04",
        ),
        // A month before 31 March is 28 February; the window begins the day after.
        (
            Window::RollingMonths(1),
            "2026-03-31",
            "2026-03-01",
            "2026-04-01",
        ),
        (
            Window::RollingMonths(12),
            "2024-02-29",
            "2023-03-01",
            "2024-03-01",
        ),
        (
            Window::RollingMonths(12),
            "2026-04-03",
            "2025-04-04",
            "2026-04-04",
        ),
    ] {
        assert_eq!(
            window.range(day(on)),
            (day(first), day(after)),
            "{window:?} {on}"
        );
    }
    assert_eq!(
        Window::Lifetime.range(day("2026-04-03")),
        (Day::MIN, Day::MAX)
    );
}

#[test]
fn windows_are_data() {
    for window in [
        Window::Occasion,
        Window::Period(Period::HalfYear),
        Window::RollingDays(56),
        Window::RollingMonths(6),
        Window::Lifetime,
    ] {
        let json = serde_json::to_string(&window).unwrap();
        assert_eq!(serde_json::from_str::<Window>(&json).unwrap(), window);
    }
}
