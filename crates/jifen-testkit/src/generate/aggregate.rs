//! Random aggregates: every word over every kind of record, windows that hold something, conditions on what is counted.

use jifen_calendar::Period;
use jifen_plan::{AggregateOf, Cmp, Over, SetOp, ShiftUnit};
use jifen_quantity::Rounding;

use super::make::ROUNDINGS;
use super::taste::Fond;
use super::tree::*;
use super::value::{Scope, condition};
use crate::rng::Rng;

/// The shapes of the records, by index.
pub const SHAPES: [Shape; 5] = [
    Shape::Event,
    Shape::Span,
    Shape::Monthly,
    Shape::Graded,
    Shape::Span,
];

/// Where an aggregate stands.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// The record of the item.
    pub own: Own,
    /// The item runs at the start of these periods.
    pub opens: Option<Period>,
    /// Events have a time of day.
    pub clock: bool,
}

/// The record of the item around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// A period item.
    None,
    /// This one.
    Kind(usize),
    /// A line of a category: any.
    Any,
}

/// A quantity, with its unit and bounds that fit it.
pub type Measured = (E, U, &'static [&'static str]);

const COUNTS: &[&str] = &["1", "2", "3", "5"];
const HOURS: &[&str] = &["0.5", "1", "2", "3.5", "8"];

/// An aggregate that is a number.
pub fn measured(rng: &mut Rng, s: &Scope) -> Option<Measured> {
    let around = s.around?;
    if !s.taste.chance(rng, Fond::Aggregates, 65, 9) {
        return None;
    }
    let kind = kind(rng, around);
    let shape = *SHAPES.get(kind)?;
    let fields = shape.fields();
    let numbers: Vec<_> = fields
        .iter()
        .filter(|f| matches!(f.1, Ft::Num(_)))
        .collect();
    let any: Vec<_> = fields.iter().filter(|f| f.1 != Ft::Span).collect();
    let field = |name| Some(Of::Field(name));
    if rng.chance(20) {
        return Some(days(rng, s, around));
    }
    if rng.chance(4) {
        return Some(power(rng, s, around));
    }
    let (what, of, unit, pool): (AggregateOf, _, _, &'static [&'static str]) = match rng.below(16) {
        0..=2 => (AggregateOf::Count, None, U::Times, COUNTS),
        3 | 14 => {
            let f = any.get(rng.below(any.len()))?;
            (AggregateOf::Distinct, field(f.0), U::Times, COUNTS)
        }
        4 | 13 | 15 => (AggregateOf::Share, None, U::Percent, &["10", "50", "66"]),
        5 | 6 => {
            let units = [
                (Period::Day, U::Days),
                (Period::Week, U::Weeks),
                (Period::Month, U::Months),
            ];
            let (unit, u) = rng.pick(&units)?;
            (AggregateOf::Streak(unit), None, u, COUNTS)
        }
        7 if rng.chance(40) => {
            let what = rng.pick(&[AggregateOf::First, AggregateOf::Last])?;
            let e = aggregate(rng, s, around, (kind, what, None));
            let part = rng.word(&["月份", "星期"]);
            return Some((E::PartOf(part, Box::new(e)), U::Pure, &["2", "4", "5"]));
        }
        _ => {
            let what = rng.pick(&[
                AggregateOf::Sum,
                AggregateOf::Sum,
                AggregateOf::Sum,
                AggregateOf::Mean,
                AggregateOf::Max,
                AggregateOf::Min,
                AggregateOf::First,
                AggregateOf::Last,
            ])?;
            if shape == Shape::Span && rng.chance(60) {
                (what, Some(Of::Length), U::Hours, HOURS)
            } else {
                let f = numbers.get(rng.below(numbers.len()))?;
                let Ft::Num(u) = f.1 else { return None };
                let pool: &[&str] = match u {
                    U::Hours => HOURS,
                    U::Yuan => &["10", "100", "258.5", "1000"],
                    U::Percent => &["10", "50", "89.5", "95"],
                    _ => COUNTS,
                };
                (what, field(f.0), u, pool)
            }
        }
    };
    let e = aggregate(rng, s, around, (kind, what, of));
    let twice = matches!(what, AggregateOf::Sum | AggregateOf::Mean);
    Some((if twice { beside(rng, e) } else { e }, unit, pool))
}

/// Sometimes the largest of the same facts is added to their sum: two aggregates that differ by their word alone.
fn beside(rng: &mut Rng, e: E) -> E {
    match &e {
        E::Aggregate(a) if rng.chance(35) => {
            let mut other = a.clone();
            let words = [AggregateOf::Max, AggregateOf::Min];
            other.what = rng.pick(&words).unwrap_or(AggregateOf::Max);
            other.best = None;
            E::Bin('+', Box::new(e.clone()), Box::new(E::Aggregate(other)))
        }
        _ => e,
    }
}

/// The option that the first or last fact had.
pub fn option(rng: &mut Rng, s: &Scope) -> Option<C> {
    let around = s.around?;
    if !s.taste.chance(rng, Fond::Aggregates, 40, 3) {
        return None;
    }
    let (kind, field) = rng.pick(&[(0, "等次"), (1, "片区"), (4, "片区")])?;
    let what = rng.pick(&[AggregateOf::First, AggregateOf::Last])?;
    let e = aggregate(rng, s, around, (kind, what, Some(Of::Field(field))));
    Some(C::Is(e, rng.word(GRADES), rng.chance(60)))
}

/// 个数 or 最长连续 of sets of days or months.
fn days(rng: &mut Rng, s: &Scope, around: Around) -> Measured {
    let (unit, u) = match rng.chance(60) {
        true => (Period::Day, U::Days),
        false => (Period::Month, U::Months),
    };
    let one = |rng: &mut Rng| {
        let kind = kind(rng, around);
        Set::Of(Box::new(agg(
            rng,
            s,
            around,
            (kind, AggregateOf::Set(unit), None),
        )))
    };
    let mut set = one(rng);
    let ops = [SetOp::Common, SetOp::Either, SetOp::Without];
    for _ in 0..rng.below(3) {
        let op = rng.pick(&ops).unwrap_or(SetOp::Either);
        let other = one(rng);
        set = match rng.chance(70) {
            true => Set::Both(op, Box::new(set), Box::new(other)),
            false => Set::Both(op, Box::new(other), Box::new(set)),
        };
    }
    (E::Dates(rng.chance(40), Box::new(set)), u, COUNTS)
}

/// A power of a count, of a week day, of a fixed number.
fn power(rng: &mut Rng, s: &Scope, around: Around) -> Measured {
    let base = rng.word(&["1.1", "0.9", "1.05", "2", "1.25"]);
    let exponent = match rng.below(4) {
        0 => E::Part("星期"),
        1 => E::Bin(
            '-',
            Box::new(E::Part("月份")),
            Box::new(E::Lit("6".into(), U::Pure)),
        ),
        2 => E::Lit(rng.word(&["0", "7", "30", "99"]).into(), U::Pure),
        _ => {
            let kind = kind(rng, around);
            E::Aggregate(Box::new(agg(
                rng,
                s,
                around,
                (kind, AggregateOf::Count, None),
            )))
        }
    };
    let mode = rng.pick(&ROUNDINGS).unwrap_or(Rounding::HalfUp);
    let step = rng.word(&["0.01", "0.0001", "0.5", "1", "0.03"]);
    let base = Box::new(E::Lit(base.into(), U::Pure));
    (
        E::Power(base, Box::new(exponent), step, mode),
        U::Pure,
        &["0.5", "1", "1.5", "3"],
    )
}

/// A day from which or up to which facts are looked at.
fn day(rng: &mut Rng, s: &Scope, around: Around) -> D {
    let from = match rng.below(8) {
        0 if s.attrs => DayOf::Born,
        1 if around.own == Own::None => DayOf::Opens,
        2 if around.own == Own::None => DayOf::Closes,
        3 => {
            let kind = kind(rng, around);
            let mut last = agg(rng, s, around, (kind, AggregateOf::Last, None));
            last.ends = None;
            DayOf::Last(Box::new(last))
        }
        _ => DayOf::Event,
    };
    let by = match rng.below(3) {
        0 => None,
        1 => Some((rng.range(1, 4) as i32, ShiftUnit::Months)),
        _ => Some((rng.range(1, 45) as i32, ShiftUnit::Days)),
    };
    let back = rng.chance(75);
    D {
        from,
        by: by.map(|(n, unit)| (if back { -n } else { n }, unit)),
    }
}

fn kind(rng: &mut Rng, around: Around) -> usize {
    match around.own {
        Own::Kind(k) if rng.chance(55) => k,
        _ => rng.below(SHAPES.len()),
    }
}

fn aggregate(
    rng: &mut Rng,
    s: &Scope,
    around: Around,
    what: (usize, AggregateOf, Option<Of>),
) -> E {
    E::Aggregate(Box::new(agg(rng, s, around, what)))
}

fn agg(
    rng: &mut Rng,
    s: &Scope,
    around: Around,
    (kind, what, of): (usize, AggregateOf, Option<Of>),
) -> Agg {
    let shape = SHAPES.get(kind).copied().unwrap_or(Shape::Event);
    let inner = Scope {
        clock: kind != 0 || around.clock,
        around: None,
        ..Scope::of(shape, s.taste)
    };
    let often = if what == AggregateOf::Share { 100 } else { 35 };
    let mut when = rng.chance(often).then(|| condition(rng, &inner, 0));
    // A parameter has the value of the day being scored.
    if shape == Shape::Graded && rng.chance(50) {
        let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt]).unwrap_or(Cmp::Ge);
        when = Some(C::Cmp(cmp, E::Field("分值"), E::Param("基础分".into())));
    }
    // The first time at this meeting, of this grade, as often as this.
    if let (Own::Kind(own), true) = (around.own, rng.chance(25)) {
        let fields = SHAPES.get(own).map_or(&[][..], |s| s.fields());
        let shared = fields
            .iter()
            .filter(|f| f.1 != Ft::Span && shape.fields().contains(f));
        let shared: Vec<_> = shared.collect();
        if let Some(f) = shared.get(rng.below(shared.len().max(1))) {
            let same = C::Cmp(Cmp::Eq, E::Field(f.0), E::This(own, f.0));
            when = Some(match when {
                Some(c) if rng.chance(40) => C::And(Box::new(same), Box::new(c)),
                _ => same,
            });
        }
    }
    let over = over(rng, around);
    let ends = (rng.chance(25)).then(|| (day(rng, s, around), day(rng, s, around)));
    let must = shape != Shape::Monthly && (ends.is_some() || !matches!(over, Over::Before(..)));
    let adds = matches!(what, AggregateOf::Sum | AggregateOf::Mean);
    let best = (adds && rng.chance(60)).then(|| rng.range(1, 3) as u32);
    let weighs = adds || matches!(what, AggregateOf::Max | AggregateOf::Min);
    let weight = (weighs && rng.chance(15)).then(|| match (around.own, rng.chance(50)) {
        (Own::None, true) => E::Faded(true),
        (Own::Kind(_), true) => E::Faded(false),
        _ => E::Lit(rng.word(&["0.5", "2", "1.5"]).into(), U::Pure),
    });
    let this = match around.own {
        Own::Kind(k) if k == kind && must => Some(rng.chance(50)),
        Own::Any => Some(rng.chance(50)),
        _ => None,
    };
    Agg {
        what,
        kind,
        of,
        when,
        over,
        ends,
        best,
        weight,
        this,
    }
}

fn over(rng: &mut Rng, around: Around) -> Over {
    let units = [
        Period::Day,
        Period::Week,
        Period::Month,
        Period::Month,
        Period::Quarter,
        Period::HalfYear,
        Period::Year,
    ];
    let unit = rng.pick(&units).unwrap_or(Period::Month);
    let before = |rng: &mut Rng| {
        let unit = if unit == Period::HalfYear {
            Period::Week
        } else {
            unit
        };
        let n = if rng.chance(50) { 1 } else { 1 + rng.below(6) };
        Over::Before(unit, u32::try_from(n).unwrap_or(1))
    };
    match rng.below(8) {
        // A period item at its start finds nothing in a window that only begins.
        0..=2 if around.opens.is_some() => before(rng),
        0..=2 => Over::Current(unit),
        3 => before(rng),
        4 => Over::RollingDays(u32::try_from(rng.range(1, 40)).unwrap_or(7)),
        5 => Over::RollingMonths(u32::try_from(rng.range(1, 4)).unwrap_or(1)),
        _ => Over::Lifetime,
    }
}
