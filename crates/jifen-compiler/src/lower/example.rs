//! A small search for awards on which 过线 and 实得 differ; only for the message, not the engine.

use jifen_calendar::{Day, Window};
use jifen_diag::{Text, text};
use jifen_plan::CapMode;
use jifen_quantity::Decimal;

/// One cap of the example.
pub(super) struct Rule {
    pub(super) limit: Decimal,
    pub(super) window: Window,
    pub(super) times: bool,
    pub(super) mode: CapMode,
    pub(super) keyed: bool,
}

#[derive(Clone, Copy)]
struct Event {
    day: Day,
    key: u8,
    value: Decimal,
}

/// Days of charges under one cap.
type Charges = Vec<(Day, u8, Decimal)>;

impl Rule {
    fn used(&self, charges: &Charges, e: Event) -> Decimal {
        let (from, to) = self.window.range(e.day);
        let mine = charges.iter().filter(|(d, k, _)| {
            *d >= from && *d < to && (!self.keyed || *k == e.key) && self.window != Window::Occasion
        });
        mine.fold(Decimal::ZERO, |a, c| a.add(c.2).unwrap_or(a))
    }

    fn pass(&self, charges: &Charges, e: Event, x: Decimal) -> Decimal {
        let room = self.limit.sub(self.used(charges, e)).unwrap_or_default();
        let size = if self.times { Decimal::ONE } else { x };
        match self.mode {
            CapMode::LastThrough if room.is_positive() => x,
            CapMode::LastThrough => Decimal::ZERO,
            CapMode::Clip if !self.times => x.min(room.max(Decimal::ZERO)),
            CapMode::Clip | CapMode::Whole if size <= room => x,
            CapMode::Clip | CapMode::Whole => Decimal::ZERO,
        }
    }

    fn charge(&self, charges: &mut Charges, e: Event, x: Decimal) {
        let size = if self.times && x.is_positive() {
            Decimal::ONE
        } else {
            x
        };
        charges.push((e.day, e.key, size));
    }
}

fn total(a: &Rule, b: &Rule, events: &[Event], posted: bool) -> Decimal {
    let (mut ca, mut cb) = (Charges::new(), Charges::new());
    let mut sum = Decimal::ZERO;
    for e in events {
        let x = a.pass(&ca, *e, e.value);
        let y = b.pass(&cb, *e, x);
        a.charge(&mut ca, *e, if posted { y } else { x });
        b.charge(&mut cb, *e, y);
        sum = sum.add(y).unwrap_or(sum);
    }
    sum
}

/// Sets of days on which the readings may come apart, the most telling first: about the end of a window of one cap that
/// the other's window reaches across; then the last day of a month, the days after it, and later windows.
fn telling_days(a: &Rule, b: &Rule, from: Day) -> Vec<Vec<Day>> {
    let across = [(a, b), (b, a)].map(|(inner, outer)| across(inner.window, outer.window, from));
    let start = jifen_calendar::Period::Month.next_start(from).add_days(-1);
    let later = [0, 1, 2, 7, 31, 92, 370];
    let later = later.iter().map(|n| start.add_days(*n)).collect();
    across.into_iter().flatten().chain([later]).collect()
}

/// A day of the outer window before the inner one, the last day of the outer, and the two days after.
fn across(inner: Window, outer: Window, from: Day) -> Option<Vec<Day>> {
    const WINDOWS: usize = 12;
    let mut day = from;
    for _ in 0..WINDOWS {
        let (first, end) = outer.range(day);
        if end <= day || end > from.add_days(3_700) {
            return None;
        }
        let eve = end.add_days(-1);
        let (begin, until) = inner.range(eve);
        if until > end {
            let first = first.max(from);
            let before = begin.max(first.add_days(1)).add_days(-1);
            let mut days = vec![before, eve, end, end.add_days(1)];
            days.dedup();
            return Some(days);
        }
        day = end;
    }
    None
}

/// Awards on which the two readings differ, in words.
pub(super) fn differing(a: &Rule, b: &Rule, from: Day) -> Option<Text> {
    let ten = Decimal::from_int(10);
    let mut values: Vec<Decimal> = Vec::new();
    for r in [a, b] {
        if !r.times {
            values.push(r.limit);
            values.push(
                r.limit
                    .div(Decimal::from_int(2))
                    .ok()?
                    .round(0, jifen_quantity::Rounding::Up),
            );
        }
    }
    values.push(ten);
    values.retain(|v| v.is_positive());
    values.dedup();
    let keys: &[u8] = if a.keyed || b.keyed { &[0, 1] } else { &[0] };
    let found = telling_days(a, b, from).into_iter().find_map(|days| {
        let mut all: Vec<Event> = Vec::new();
        for day in days {
            for &key in keys {
                all.extend(values.iter().map(|&value| Event { day, key, value }));
            }
        }
        search(a, b, &all)
    })?;
    let (passed, posted) = (total(a, b, &found, false), total(a, b, &found, true));
    let list = |zh: bool| {
        let parts = found.iter().map(|e| {
            let key = match (keys.len() > 1, e.key, zh) {
                (false, _, _) => "",
                (_, 0, true) => "（甲）",
                (_, 0, false) => " (A)",
                (_, _, true) => "（乙）",
                (_, _, false) => " (B)",
            };
            if zh {
                format!("{}得 {}分{key}", e.day, e.value)
            } else {
                format!("{} points on {}{key}", e.value, e.day)
            }
        });
        parts.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    let (zh, en) = (list(true), list(false));
    Some(text!(
        zh = "。例如 {zh}：计 过线 共得 {passed}分，计 实得 共得 {posted}分",
        en = ". E.g. {en}: charge passed gives {passed} in all, charge posted {posted} points"
    ))
}

fn search(a: &Rule, b: &Rule, all: &[Event]) -> Option<Vec<Event>> {
    let differ = |e: &[Event]| total(a, b, e, false) != total(a, b, e, true);
    for (i, x) in all.iter().enumerate() {
        for y in all.iter().skip(i) {
            if y.day >= x.day && differ(&[*x, *y]) {
                return Some(vec![*x, *y]);
            }
        }
    }
    for x in all {
        for y in all.iter().filter(|y| y.day >= x.day) {
            for z in all.iter().filter(|z| z.day >= y.day) {
                if differ(&[*x, *y, *z]) {
                    return Some(vec![*x, *y, *z]);
                }
            }
        }
    }
    None
}
