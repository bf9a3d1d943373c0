//! Numbers and time by hand; the rest of the reference is checked against the engine and the corpus.

use jifen_calendar::{ClockWindow, Period, Window};
use jifen_quantity::Rounding;

use crate::number::{divide, fit, int, round_to, text};
use crate::time::{add_months, age, cut, date, day_text, in_clock, period, same_window};

fn day(y: i32, m: u32, d: u32) -> i64 {
    let found = (-40_000..40_000).find(|n| {
        use chrono::Datelike;
        let x = date(*n);
        (x.year(), x.month(), x.day()) == (y, m, d)
    });
    found.unwrap_or(i64::MIN)
}

#[test]
fn a_division_has_18_digits() {
    assert_eq!(
        divide(&int(2), &int(3)).map(|n| text(&n)),
        Ok("0.666666666666666667".into())
    );
    assert_eq!(
        divide(&int(-1), &int(8)).map(|n| text(&n)),
        Ok("-0.125".into())
    );
    assert!(divide(&int(1), &int(0)).is_err());
}

#[test]
fn overflow_is_at_127_bits() {
    let big = int(i64::MAX);
    assert!(fit(&big * &big).is_ok(), "2^126 fits");
    assert!(fit(&big * &big * int(3)).is_err(), "3 × 2^126 does not");
}

#[test]
fn rounding_goes_by_size() {
    // Half of 0.5 is 0.25: 1.25 lies between 1 and 1.5.
    let x = int(-5) / int(4);
    let half = int(1) / int(2);
    let to = |mode| round_to(&x, &half, mode).map(|n| text(&n));
    assert_eq!(to(Rounding::HalfUp), Ok("-1.5".into()));
    assert_eq!(to(Rounding::Down), Ok("-1".into()));
    assert_eq!(to(Rounding::Up), Ok("-1.5".into()));
    assert_eq!(
        to(Rounding::HalfEven),
        Ok("-1".into()),
        "2.5 steps: even is 2"
    );
}

#[test]
fn months_end_where_the_shorter_month_ends() {
    assert_eq!(day_text(add_months(day(2025, 1, 31), 1)), "2025-02-28");
    assert_eq!(day_text(add_months(day(2024, 3, 31), -1)), "2024-02-29");
    assert_eq!(age(day(2004, 2, 29), day(2025, 2, 28)), 21);
    assert_eq!(age(day(2004, 2, 29), day(2025, 2, 27)), 20);
}

#[test]
fn windows_are_half_open() {
    // 2026-04-03 is a Friday of the week of 30 March.
    assert_eq!(
        period(Period::Week, day(2026, 4, 3)),
        (day(2026, 3, 30), day(2026, 4, 6))
    );
    assert_eq!(
        period(Period::Quarter, day(2026, 6, 30)),
        (day(2026, 4, 1), day(2026, 7, 1))
    );
    let seven = Window::RollingDays(7);
    assert!(same_window(seven, day(2026, 4, 8), day(2026, 4, 2)));
    assert!(!same_window(seven, day(2026, 4, 8), day(2026, 4, 1)));
    assert!(!same_window(seven, day(2026, 4, 8), day(2026, 4, 9)));
}

#[test]
fn a_night_is_cut_at_its_edges() {
    let night = [ClockWindow {
        from: 22 * 3600,
        to: 30 * 3600,
    }];
    assert!(in_clock(&night, 22 * 3600) && in_clock(&night, 0) && !in_clock(&night, 6 * 3600));
    // 21:00 to 01:00: one hour of evening, three of night (midnight does not cut).
    let pieces = cut(&[(21 * 3600, 25 * 3600)], &[&night]);
    let lengths: Vec<_> = pieces
        .iter()
        .map(|(a, b, inside)| (b - a, inside == &[true]))
        .collect();
    assert_eq!(lengths, [(3600, false), (3 * 3600, true)]);
}
