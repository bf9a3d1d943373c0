//! Random points and their lives: short ones, so that they take effect while facts come in.

use jifen_plan::{AgeUnit, Cmp, UseOrder};
use jifen_quantity::Rounding;

use super::make::ROUNDINGS;
use super::taste::{Fond, Taste};
use super::tree::{Currency, Floor, Life, LifeDue};
use crate::rng::Rng;

/// One or two sorts of points.
pub(super) fn currencies(rng: &mut Rng, taste: Taste) -> Vec<Currency> {
    let precision = rng.chance(70).then(|| {
        let step = rng.word(&["1", "0.5", "0.1", "0.01", "5"]);
        (step, rng.pick(&ROUNDINGS).unwrap_or(Rounding::HalfUp))
    });
    let floor = |rng: &mut Rng| match rng.below(4) {
        0 => Floor::At("0"),
        1 => Floor::At("1"),
        2 => Floor::Negative,
        _ => Floor::Owed,
    };
    let ceiling = |rng: &mut Rng| {
        (rng.chance(12) && !taste.plain()).then(|| rng.word(&["10", "40", "99.5", "250"]))
    };
    let mut list = vec![Currency {
        name: "可用分",
        precision,
        floor: floor(rng),
        ceiling: ceiling(rng),
        lives: lives(rng, taste, precision.is_some()),
        order: order(rng),
    }];
    if rng.chance(35) {
        let other = rng.chance(30).then_some(("0.25", Rounding::HalfUp));
        list.push(Currency {
            name: "终身分",
            precision: other.or(precision),
            floor: floor(rng),
            ceiling: ceiling(rng),
            lives: lives(rng, taste, other.or(precision).is_some()),
            order: order(rng),
        });
    }
    list
}

/// The lives of a currency; what decays needs a precision.
fn lives(rng: &mut Rng, taste: Taste, has_precision: bool) -> Vec<Life> {
    if taste.plain() {
        return match rng.chance(45) {
            true => vec![plain_life(rng, has_precision)],
            false => Vec::new(),
        };
    }
    let often = if taste.has(Fond::Transfers) { 90 } else { 15 };
    if !taste.chance(rng, Fond::Lives, 90, often) {
        return Vec::new();
    }
    let mut list: Vec<Life> = (0..1 + rng.below(3))
        .map(|_| life(rng, has_precision))
        .collect();
    // The same thing said twice is an error.
    list.dedup_by_key(|l| format!("{:?}{:?}{:?}", l.due, l.percent, l.when));
    let key = |l: &Life| super::text::life(l);
    let mut seen = std::collections::BTreeSet::new();
    list.retain(|l| seen.insert(key(l)));
    list
}

/// Once, at an age in days or months: what the engine sweeps by its shortest way.
fn plain_life(rng: &mut Rng, has_precision: bool) -> Life {
    let (unit, most) = match rng.chance(50) {
        true => (AgeUnit::Months, 3),
        false => (AgeUnit::Days, 30),
    };
    Life {
        since: 0,
        due: LifeDue::Age {
            count: u32::try_from(rng.range(1, most)).unwrap_or(1),
            unit,
            month_end: rng.chance(20),
            through: rng.chance(30),
            clock: false,
            again: None,
        },
        percent: (has_precision && rng.chance(60)).then(|| rng.word(&["50", "10", "33.3"])),
        when: None,
    }
}

/// Which lot is used first.
fn order(rng: &mut Rng) -> UseOrder {
    match rng.below(6) {
        0 => UseOrder::Oldest,
        1 => UseOrder::Newest,
        _ => UseOrder::SoonestExpiry,
    }
}

/// A unit, months so often of a hundred, and how many of it at most.
fn unit(rng: &mut Rng, months: usize) -> (AgeUnit, i64) {
    if rng.chance(months) {
        return (AgeUnit::Months, 4);
    }
    match rng.below(2) {
        0 => (AgeUnit::WorkingDays, 30),
        _ => (AgeUnit::Days, 45),
    }
}

fn life(rng: &mut Rng, has_precision: bool) -> Life {
    let percent =
        (has_precision && rng.chance(60)).then(|| rng.word(&["50", "50", "10", "33.3", "99"]));
    let dates = [
        (1, 31),
        (2, 28),
        (2, 29),
        (3, 1),
        (4, 30),
        (6, 30),
        (12, 31),
        (1, 1),
        (7, 15),
    ];
    let date = rng.pick(&dates).unwrap_or((12, 31));
    let due = match rng.below(6) {
        0 => LifeDue::Account(date),
        5 => {
            let (unit, most) = unit(rng, 40);
            let mut some = || u32::try_from(rng.range(1, most)).unwrap_or(1);
            let (count, again) = (some(), some());
            LifeDue::Idle {
                gains: rng.chance(60),
                spends: rng.chance(60),
                count: (count, unit),
                through: rng.chance(50),
                again: rng.chance(40).then_some(again),
            }
        }
        1 => LifeDue::Date {
            date,
            next: rng.chance(40),
            once: rng.chance(50),
        },
        _ => {
            let (unit, most) = unit(rng, 50);
            let mut some = || u32::try_from(rng.range(1, most)).unwrap_or(1);
            let (count, again) = (some(), some());
            let clock = rng.chance(20);
            LifeDue::Age {
                count,
                unit,
                month_end: !clock && rng.chance(40),
                through: !clock && rng.chance(50),
                clock,
                again: rng.chance(40).then_some(again),
            }
        }
    };
    Life {
        since: usize::from(rng.chance(20)),
        due,
        percent,
        when: rng.chance(25).then(|| {
            let cmps = [Cmp::Ge, Cmp::Gt, Cmp::Le, Cmp::Lt];
            let cmp = rng.pick(&cmps).unwrap_or(Cmp::Ge);
            (cmp, rng.word(&["0", "5", "10", "20", "37.5", "100"]))
        }),
    }
}
