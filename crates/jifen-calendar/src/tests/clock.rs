//! Windows of the clock against spans: cases by hand, and random ones against counting.

use super::{at, day};
use crate::{ClockPattern, ClockWindow, Instant, Segment};
use crate::{contains, overlap_seconds, segments, touches};

const HOUR: i32 = 3_600;

fn window(from_hour: i32, to_hour: i32) -> ClockWindow {
    ClockWindow::new(from_hour * HOUR, to_hour * HOUR).unwrap()
}

/// 22:00 to 次日 06:00.
fn night() -> ClockWindow {
    window(22, 30)
}

#[test]
fn windows_that_can_be_written() {
    assert!(ClockWindow::new(0, 86_400).is_some() && ClockWindow::new(79_200, 165_600).is_some());
    for (from, to) in [(-1, 5), (86_400, 86_401), (5, 5), (6, 5), (79_200, 165_601)] {
        assert_eq!(ClockWindow::new(from, to), None, "{from} {to}");
    }
}

#[test]
fn overlap_by_hand() {
    let hours = |h: i64| h * i64::from(HOUR);
    for (windows, start, end, seconds) in [
        // 22:00–01:00.
        (
            vec![night()],
            "2026-04-03 21:00",
            "2026-04-04 01:00",
            hours(3),
        ),
        // The night that began the evening before: 00:00–06:00.
        (
            vec![night()],
            "2026-04-04 00:00",
            "2026-04-04 12:00",
            hours(6),
        ),
        (
            vec![night()],
            "2026-04-04 05:00",
            "2026-04-04 23:30",
            hours(2) + 1_800,
        ),
        // 22–06, then 22–06 again.
        (
            vec![night()],
            "2026-04-03 12:00",
            "2026-04-05 12:00",
            hours(16),
        ),
        (vec![night()], "2026-04-04 06:00", "2026-04-04 22:00", 0),
        // 07:00–09:00 and 18:30–20:30.
        (
            vec![
                window(7, 9),
                ClockWindow {
                    from: 66_600,
                    to: 73_800,
                },
            ],
            "2026-04-03 08:00",
            "2026-04-03 19:00",
            hours(1) + 1_800,
        ),
        // Overlapping windows count once: 20:00–06:00.
        (
            vec![night(), window(20, 23)],
            "2026-04-03 19:00",
            "2026-04-04 07:00",
            hours(10),
        ),
        (
            vec![window(0, 24)],
            "2026-04-03 19:00",
            "2026-04-04 07:00",
            hours(12),
        ),
        (
            vec![window(12, 36)],
            "2026-04-03 19:00",
            "2026-04-04 07:00",
            hours(12),
        ),
        // Over the epoch.
        (
            vec![night()],
            "1969-12-31 21:00",
            "1970-01-01 07:00",
            hours(8),
        ),
        (vec![night()], "2026-04-03 23:00", "2026-04-03 23:00", 0),
        (vec![night()], "2026-04-04 01:00", "2026-04-03 21:00", 0),
        (vec![], "2026-04-03 21:00", "2026-04-04 01:00", 0),
    ] {
        let got = overlap_seconds(&windows, at(start), at(end));
        assert_eq!(got, seconds, "{windows:?} {start} {end}");
    }
}

#[test]
fn ill_made_windows_do_no_harm() {
    let (start, end) = (at("2026-04-03 21:00"), at("2026-04-05 21:00"));
    for (from, to, hours) in [(0, 400_000, 48), (79_200, 79_200, 0), (79_200, 3_600, 0)] {
        let windows = [ClockWindow { from, to }];
        let wanted = hours * i64::from(HOUR);
        assert_eq!(overlap_seconds(&windows, start, end), wanted, "{from} {to}");
    }
}

#[test]
fn edges_are_half_open() {
    let night = [night()];
    assert!(contains(&night, at("2026-04-03 22:00")));
    assert!(!contains(&night, at("2026-04-03 21:59:59")));
    assert!(contains(&night, at("2026-04-04 05:59:59")));
    assert!(!contains(&night, at("2026-04-04 06:00")));
    assert!(!touches(
        &night,
        at("2026-04-03 20:00"),
        at("2026-04-03 22:00")
    ));
    assert!(touches(
        &night,
        at("2026-04-03 20:00"),
        at("2026-04-03 22:00:01")
    ));
    assert!(!touches(
        &night,
        at("2026-04-04 06:00"),
        at("2026-04-04 08:00")
    ));
    assert!(touches(
        &night,
        at("2026-04-04 05:59:59"),
        at("2026-04-04 08:00")
    ));
    // An empty span is an instant; a backward one touches nothing.
    assert!(touches(
        &night,
        at("2026-04-03 22:00"),
        at("2026-04-03 22:00")
    ));
    assert!(!touches(
        &night,
        at("2026-04-03 21:00"),
        at("2026-04-03 21:00")
    ));
    assert!(!touches(
        &night,
        at("2026-04-03 23:00"),
        at("2026-04-03 22:00")
    ));
}

#[test]
fn a_night_belongs_to_the_evening_it_began() {
    let friday = Some(day("2026-04-03"));
    assert_eq!(night().evening(at("2026-04-03 22:00")), friday);
    assert_eq!(night().evening(at("2026-04-04 05:59:59")), friday);
    assert_eq!(night().evening(at("2026-04-04 06:00")), None);
    assert_eq!(
        night().evening(at("2026-04-03 05:00")),
        Some(day("2026-04-02"))
    );
}

fn segment(start: &str, end: &str, inside: u64) -> Segment {
    Segment {
        start: at(start),
        end: at(end),
        inside,
    }
}

#[test]
fn segments_by_hand() {
    let (night, evening) = ([night()], [window(18, 23)]);
    let got = segments(
        &[&night, &evening],
        at("2026-04-03 17:00"),
        at("2026-04-04 07:00"),
    );
    let wanted = [
        segment("2026-04-03 17:00", "2026-04-03 18:00", 0),
        segment("2026-04-03 18:00", "2026-04-03 22:00", 2),
        segment("2026-04-03 22:00", "2026-04-03 23:00", 3),
        segment("2026-04-03 23:00", "2026-04-04 06:00", 1), // not cut at midnight
        segment("2026-04-04 06:00", "2026-04-04 07:00", 0),
    ];
    assert_eq!(got, wanted);
    // A span that begins inside, on an edge, and one with no edge.
    let got = segments(&[&night], at("2026-04-03 22:00"), at("2026-04-04 06:00"));
    assert_eq!(got, [segment("2026-04-03 22:00", "2026-04-04 06:00", 1)]);
    let got = segments(&[], at("2026-04-03 22:00"), at("2026-04-05 06:00"));
    assert_eq!(got, [segment("2026-04-03 22:00", "2026-04-05 06:00", 0)]);
    assert_eq!(
        segments(&[&night], at("2026-04-03 22:00"), at("2026-04-03 22:00")),
        []
    );
    assert_eq!(
        segments(&[&night], at("2026-04-04 22:00"), at("2026-04-03 22:00")),
        []
    );
    let all: &[ClockWindow] = &[window(0, 24)];
    let got = segments(&[all; 70], at("2026-04-03 22:00"), at("2026-04-05 22:00"));
    assert_eq!(
        got,
        [segment("2026-04-03 22:00", "2026-04-05 22:00", u64::MAX)]
    );
}

/// By the definition, hour by hour: a window of that day, or of the day before.
fn inside_by_definition(windows: &[ClockWindow], hour: i64) -> bool {
    let second = i32::try_from(hour.rem_euclid(24)).unwrap() * HOUR;
    let hit = |w: &ClockWindow, s: i32| w.from <= s && s < w.to;
    windows
        .iter()
        .any(|w| hit(w, second) || hit(w, second + 86_400))
}

#[test]
fn random_spans_against_counting_hours() {
    let mut state = 7_u64;
    let mut below = |n: i64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 33) % u64::try_from(n).unwrap()).unwrap()
    };
    for _ in 0..3_000 {
        let mut set = |n: i64| -> Vec<ClockWindow> {
            let one = |_| {
                let from = below(24) as i32;
                window(from, from + 1 + below(24) as i32)
            };
            (0..n).map(one).collect()
        };
        let sets = [set(1), set(3), set(2)];
        let sets: Vec<&[ClockWindow]> = sets.iter().map(Vec::as_slice).collect();
        let start = below(200) - 100;
        let end = start + below(80);
        let instant = |hour: i64| Instant(hour * i64::from(HOUR));
        let parts = segments(&sets, instant(start), instant(end));
        let pieces = parts
            .windows(2)
            .all(|p| p[0].end == p[1].start && p[0].inside != p[1].inside);
        assert!(pieces, "{parts:?}");
        assert_eq!(
            parts.first().map(|p| p.start),
            (start < end).then(|| instant(start))
        );
        assert_eq!(
            parts.last().map(|p| p.end),
            (start < end).then(|| instant(end))
        );
        for hour in start..end {
            let part = parts
                .iter()
                .find(|p| p.start <= instant(hour) && instant(hour) < p.end);
            for (i, set) in sets.iter().enumerate() {
                let wanted = inside_by_definition(set, hour);
                assert_eq!(
                    part.map(|p| p.inside >> i & 1 == 1),
                    Some(wanted),
                    "{set:?} {hour}"
                );
                assert_eq!(contains(set, instant(hour)), wanted);
            }
        }
        for set in sets {
            let hours = (start..end)
                .filter(|&h| inside_by_definition(set, h))
                .count();
            let pattern = ClockPattern::new(set);
            let got = pattern.overlap_seconds(instant(start), instant(end));
            assert_eq!(got, i64::try_from(hours).unwrap() * i64::from(HOUR));
            let wanted = hours > 0 || (start == end && inside_by_definition(set, start));
            assert_eq!(pattern.touches(instant(start), instant(end)), wanted);
        }
    }
}
