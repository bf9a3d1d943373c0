//! Hours of an office, counted by hand.

use super::{at, day};
use crate::{ClockWindow, Day, Instant, counted_seconds, counted_since};

const H: i64 = 3_600;

fn office() -> Vec<ClockWindow> {
    // 09:00 to 12:00 and 13:30 to 17:30: 7 hours.
    let window = |a: i64, b: i64| ClockWindow::new((a * 1_800) as i32, (b * 1_800) as i32);
    [window(18, 24), window(27, 35)]
        .map(Option::unwrap)
        .to_vec()
}

fn weekdays(day: Day) -> Result<bool, ()> {
    Ok(day.weekday() <= 5)
}

fn since(windows: &[ClockWindow], to: &str, seconds: i64) -> Instant {
    counted_since(windows, at(to), seconds, weekdays).unwrap()
}

#[test]
fn hours_back_over_lunch_night_and_weekend() {
    let office = office();
    // Friday 10 April 2026. 14:30 less 2 h: an hour after lunch, an hour before it.
    assert_eq!(
        since(&office, "2026-04-10 14:30", 2 * H),
        at("2026-04-10 11:00")
    );
    // Monday 13 April 09:30 less 8 h: half an hour, all 7 of Friday, half an hour of Thursday.
    assert_eq!(
        since(&office, "2026-04-13 09:30", 8 * H),
        at("2026-04-09 17:00")
    );
    // On Sunday nothing passes; less 7 h is the end of Thursday: what comes after it has Friday's 7 h before Sunday.
    assert_eq!(
        since(&office, "2026-04-12 20:00", 7 * H),
        at("2026-04-09 17:30")
    );
    assert_eq!(
        since(&office, "2026-04-12 20:00", 7 * H - 1),
        at("2026-04-10 09:00:01")
    );
    // Zero seconds: back to the end of the office before.
    assert_eq!(
        since(&office, "2026-04-13 09:00", 0),
        at("2026-04-10 17:30")
    );
}

#[test]
fn a_night_belongs_to_the_evening_it_began() {
    let night = [ClockWindow::new(22 * 3_600, 30 * 3_600).unwrap()];
    // Saturday 02:00 is Friday's night; Sunday's has none before Monday 22:00.
    assert_eq!(since(&night, "2026-04-11 02:00", H), at("2026-04-11 01:00"));
    assert_eq!(
        since(&night, "2026-04-13 23:00", 2 * H),
        at("2026-04-11 05:00")
    );
    let both = |from: &str, to: &str| counted_seconds(&night, at(from), at(to), weekdays).unwrap();
    assert_eq!(
        both("2026-04-10 21:00", "2026-04-13 23:30"),
        8 * H + H + 1_800
    );
}

/// The first instant is the first: from it on no more than the limit passes, a second before it more.
#[test]
fn since_and_seconds_agree() {
    let sets = [
        office(),
        vec![ClockWindow::new(72_000, 86_400).unwrap()],
        vec![
            ClockWindow::new(79_200, 108_000).unwrap(),
            ClockWindow::new(0, 10_800).unwrap(),
        ],
    ];
    for windows in &sets {
        for (n, seconds) in (0..400).map(|n| (n, n * 977 % 90_000)) {
            let to = day("2026-04-06").start().add_seconds(n * 4_441);
            let first = counted_since(windows, to, seconds, weekdays).unwrap();
            let passed = |from| counted_seconds(windows, from, to, weekdays).unwrap();
            assert!(passed(first) <= seconds, "{to} {seconds}");
            assert!(passed(first.add_seconds(-1)) > seconds, "{to} {seconds}");
        }
    }
}

#[test]
fn no_more_days_are_asked_than_needed() {
    let mut asked = Vec::new();
    let mut ask = |d: Day| {
        asked.push(d);
        if d < day("2026-04-09") {
            Err(())
        } else {
            weekdays(d)
        }
    };
    assert!(counted_since(&office(), at("2026-04-10 12:00"), 3 * H, &mut ask).is_ok());
    assert!(counted_since(&office(), at("2026-04-10 12:00"), 10 * H, &mut ask).is_err());
    let days = [
        "2026-04-10",
        "2026-04-09",
        "2026-04-10",
        "2026-04-09",
        "2026-04-08",
    ];
    assert_eq!(asked, days.map(day));
}

#[test]
fn a_day_without_a_second_to_count_is_not_asked() {
    // Until midnight: the day that begins there has nothing; a window that ends at midnight is of its own day alone.
    let evening = [crate::ClockWindow {
        from: 22 * 3_600,
        to: 24 * 3_600,
    }];
    let mut asked = Vec::new();
    let mut ask = |d: Day| -> Result<bool, ()> {
        asked.push(d);
        Ok(true)
    };
    let (from, to) = (at("2026-04-09 00:00"), at("2026-04-10 00:00"));
    assert_eq!(counted_seconds(&evening, from, to, &mut ask), Ok(2 * H));
    assert_eq!(asked, [day("2026-04-09")]);
}
