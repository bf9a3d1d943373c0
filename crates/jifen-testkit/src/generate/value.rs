//! Random values and conditions, right by unit for what an item can read.

use jifen_plan::{Cmp, TimeMode};

use super::aggregate::{self, Around};
use super::taste::{Fond, Taste};
use super::tree::*;
use crate::rng::Rng;

/// What an item can read.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The record it stands on.
    pub shape: Option<Shape>,
    /// It has a span.
    pub span: bool,
    /// It has a time of day.
    pub clock: bool,
    /// Dated attributes may be read without a word on how they are held.
    pub attrs: bool,
    /// Of the policy.
    pub taste: Taste,
    /// Where aggregates stand; nowhere inside one.
    pub around: Option<Around>,
}

impl Scope {
    /// Attributes and the calendar only.
    #[must_use]
    pub fn nothing(taste: Taste) -> Scope {
        Scope {
            shape: None,
            span: false,
            clock: false,
            attrs: true,
            taste,
            around: None,
        }
    }

    /// A record of this shape.
    #[must_use]
    pub fn of(shape: Shape, taste: Taste) -> Scope {
        Scope {
            shape: Some(shape),
            span: shape == Shape::Span,
            clock: true,
            attrs: shape != Shape::Monthly,
            taste,
            around: None,
        }
    }

    fn has(self, field: &str) -> bool {
        self.shape
            .is_some_and(|s| s.fields().iter().any(|f| f.0 == field))
    }
}

const SMALL: &[&str] = &[
    "1", "2", "3", "5", "10", "7.5", "0.1", "33.333", "0.005", "12.25", "20",
];
const HUGE: &[&str] = &[
    "99999999999999999999999999999999999",
    "17014118346046923173168730371588410572",
    "0.000000000000000000000000001",
];

fn b(e: E) -> Box<E> {
    Box::new(e)
}

fn lit(rng: &mut Rng, pool: &[&'static str], u: U) -> E {
    E::Lit(rng.word(pool).into(), u)
}

fn points_literal(rng: &mut Rng, s: &Scope) -> E {
    if s.taste.chance(rng, Fond::Huge, 50, 1) {
        lit(rng, HUGE, U::Points)
    } else {
        lit(rng, SMALL, U::Points)
    }
}

/// A limit of points.
pub fn quantity_limit(rng: &mut Rng) -> E {
    match rng.below(8) {
        0 => E::Param("额度".into()),
        1 => E::Bin('×', b(E::Attr("系数")), b(E::Lit("10".into(), U::Points))),
        _ => lit(
            rng,
            &["5", "10", "12.5", "20", "30", "0.3", "60"],
            U::Points,
        ),
    }
}

/// 10分/小时 × 起止.时长
pub fn rate_times_span(rng: &mut Rng) -> E {
    let rate = if rng.chance(25) {
        E::Param("时薪".into())
    } else {
        lit(rng, &["10", "15", "7", "0.7"], U::PointsPerHour)
    };
    E::Bin('×', b(rate), b(E::SpanLength))
}

/// A quantity with bounds that fit it: (value, unit, pool of bounds).
fn measured(rng: &mut Rng, s: &Scope) -> (E, U, &'static [&'static str]) {
    if let Some(m) = aggregate::measured(rng, s) {
        return m;
    }
    let hours: &[&str] = &["0.5", "1", "2", "3.5", "8"];
    let mut list: Vec<(E, U, &'static [&'static str])> = Vec::new();
    if s.attrs || !s.has("次数") {
        list.push((E::Attr("系数"), U::Pure, &["0.5", "1", "1.2", "2"]));
    }
    if s.span {
        list.push((E::SpanLength, U::Hours, hours));
        list.push((E::SpanLength, U::Minutes, &["30", "90", "120", "480"]));
    }
    if s.has("时数") {
        list.push((E::Field("时数"), U::Hours, hours));
    }
    if s.has("金额") {
        list.push((E::Field("金额"), U::Yuan, &["10", "100", "258.5", "1000"]));
    }
    if s.has("次数") {
        list.push((E::Field("次数"), U::Times, &["1", "2", "3", "10"]));
    }
    if s.has("比例") {
        list.push((E::Field("比例"), U::Percent, &["10", "50", "89.5", "95"]));
    }
    let blank = list.iter().position(|x| x.1 == U::Times);
    let at = match blank {
        Some(at) if s.taste.chance(rng, Fond::Default, 70, 0) => at,
        _ => rng.below(list.len()),
    };
    list.swap_remove(at)
}

fn ascending(rng: &mut Rng, pool: &[&'static str], u: U) -> Vec<E> {
    let start = rng.below(pool.len());
    let rows = pool.iter().skip(start).take(1 + rng.below(3));
    rows.map(|d| E::Lit((*d).into(), u)).collect()
}

/// An amount of points.
pub fn points(rng: &mut Rng, s: &Scope, depth: usize) -> E {
    if depth == 0 {
        return match rng.below(6) {
            0 => E::Param("基础分".into()),
            1 if s.has("分值") => E::Field("分值"),
            _ => points_literal(rng, s),
        };
    }
    let next = |rng: &mut Rng| points(rng, s, depth - 1);
    let what = if s.taste.chance(rng, Fond::Zero, 65, 0) {
        3
    } else if s.taste.chance(rng, Fond::Choices, 40, 0) {
        rng.pick(&[11, 12, 13, 14]).unwrap_or(13)
    } else {
        rng.below(16)
    };
    match what {
        0 | 1 => E::Bin('×', b(next(rng)), b(pure(rng, s, 0))),
        2 => {
            // Two written numbers whose difference is below 0 are refused, and rightly.
            let (x, y) = (next(rng), next(rng));
            let op = if written(&x) && written(&y) || rng.chance(50) {
                '+'
            } else {
                '-'
            };
            E::Bin(op, b(x), b(y))
        }
        3 => E::Bin('÷', b(next(rng)), b(divisor(rng, s))),
        4 if s.has("金额") => {
            let rate = lit(rng, &["0.1", "0.03", "2"], U::PointsPerYuan);
            E::Bin('×', b(rate), b(E::Field("金额")))
        }
        5 if s.has("次数") => E::Bin(
            '×',
            b(lit(rng, &["2", "0.5"], U::PointsPerTime)),
            b(E::Field("次数")),
        ),
        6 if s.has("时数") => {
            let rate = lit(rng, &["10", "15", "0.7"], U::PointsPerHour);
            E::Bin('×', b(rate), b(E::Field("时数")))
        }
        7 | 8 => {
            let (of, u, pool) = measured(rng, s);
            let block = lit(rng, pool, u);
            E::Blocks(b(points(rng, s, 0)), b(block), b(of))
        }
        9 | 10 => {
            let (of, u, pool) = measured(rng, s);
            let rows = ascending(rng, pool, u)
                .into_iter()
                .map(|x| (x, points(rng, s, depth - 1)));
            let rows = rows.collect();
            let below = b(points(rng, s, 0));
            E::Bands {
                of: b(of),
                below,
                rows,
                reaches: rng.chance(60),
            }
        }
        11 => slices(rng, s),
        12 if s.has("等次") => select(rng, E::Field("等次"), GRADES, s, depth),
        13 if rng.chance(50) => select(rng, E::Attr("角色"), ROLES, s, depth),
        13 => {
            let rows = (0..1 + rng.below(2))
                .map(|_| (condition(rng, s, 0), points(rng, s, depth - 1)))
                .collect();
            E::First {
                rows,
                rest: b(points(rng, s, 0)),
            }
        }
        14 => {
            let low = rng
                .chance(50)
                .then(|| b(lit(rng, &["1", "2.5"], U::Points)));
            let high =
                (low.is_none() || rng.chance(50)).then(|| b(lit(rng, &["6", "15"], U::Points)));
            E::Clamp(low, high, b(next(rng)))
        }
        _ => points(rng, s, 0),
    }
}

fn slices(rng: &mut Rng, s: &Scope) -> E {
    let (of, bounds, unit, rates, rate): (E, &[&str], U, &[&'static str], U) = if s.span {
        (
            E::SpanLength,
            &["1", "2.5", "8"],
            U::Hours,
            &["10", "7", "0.7"],
            U::PointsPerHour,
        )
    } else if s.has("金额") {
        (
            E::Field("金额"),
            &["100", "258.5"],
            U::Yuan,
            &["0.1", "0.03", "1"],
            U::PointsPerYuan,
        )
    } else if s.has("次数") {
        (
            E::Field("次数"),
            &["2", "5"],
            U::Times,
            &["1", "0.5"],
            U::PointsPerTime,
        )
    } else {
        return points(rng, s, 0);
    };
    let mut rows = vec![(E::Lit("0".into(), unit), lit(rng, rates, rate))];
    for bound in bounds.iter().take(1 + rng.below(bounds.len())) {
        rows.push((E::Lit((*bound).into(), unit), lit(rng, rates, rate)));
    }
    E::Slices { of: b(of), rows }
}

fn select(rng: &mut Rng, of: E, words: &'static [&'static str], s: &Scope, depth: usize) -> E {
    let whole = rng.chance(40);
    let count = if whole {
        words.len()
    } else {
        1 + rng.below(words.len() - 1)
    };
    let mut rows: Vec<(Vec<&'static str>, E)> = words
        .iter()
        .take(count)
        .map(|w| (vec![*w], points(rng, s, depth - 1)))
        .collect();
    if rows.len() > 1
        && rng.chance(25)
        && let Some((extra, _)) = rows.pop()
        && let Some(first) = rows.first_mut()
    {
        first.0.extend(extra);
    }
    let rest = (!whole).then(|| b(points(rng, s, 0)));
    E::Select {
        of: b(of),
        rows,
        rest,
    }
}

/// Known without facts.
fn written(e: &E) -> bool {
    match e {
        E::Lit(..) => true,
        E::Bin(_, a, b) => written(a) && written(b),
        E::Clamp(_, _, of) => written(of),
        _ => false,
    }
}

fn divisor(rng: &mut Rng, s: &Scope) -> E {
    if s.taste.chance(rng, Fond::Zero, 70, 0) {
        return if s.has("比例") && rng.chance(50) {
            E::Field("比例")
        } else {
            E::Attr("系数")
        };
    }
    pure(rng, s, 0)
}

/// A plain number above 0 (nearly always).
pub fn pure(rng: &mut Rng, s: &Scope, depth: usize) -> E {
    match rng.below(8) {
        0 => E::Param("加倍".into()),
        1 => E::Attr("系数"),
        2 => lit(rng, &["150", "50", "33.3"], U::Percent),
        3 if s.has("比例") => E::Field("比例"),
        6 if s.around.is_some() => match aggregate::measured(rng, s) {
            Some((e, U::Percent | U::Pure, _)) => e,
            Some((e, u, _)) => E::Bin('÷', b(e), b(E::Lit("3".into(), u))),
            None => lit(rng, &["1.5", "2"], U::Pure),
        },
        4 if s.has("伙伴") => E::AttrOf("伙伴", "系数"),
        4 => E::AttrOf("联络", "系数"),
        5 if s.has("金额") && depth == 0 => {
            E::Bin('÷', b(E::Field("金额")), b(E::Lit("30".into(), U::Yuan)))
        }
        _ => lit(rng, &["1.5", "2", "3", "0.5", "1.1", "1"], U::Pure),
    }
}

fn compare(rng: &mut Rng) -> Cmp {
    rng.pick(&[
        Cmp::Ge,
        Cmp::Gt,
        Cmp::Le,
        Cmp::Lt,
        Cmp::Ge,
        Cmp::Eq,
        Cmp::Ne,
    ])
    .unwrap_or(Cmp::Ge)
}

/// A condition.
pub fn condition(rng: &mut Rng, s: &Scope, depth: usize) -> C {
    if let Some(c) = aggregate::option(rng, s) {
        return c;
    }
    let missing = s.taste.has(Fond::Missing);
    if missing && rng.chance(45) {
        // Often blank, beside what may decide alone.
        let (e, u, pool) = measured(rng, s);
        let open = C::Cmp(compare(rng), e, lit(rng, pool, u));
        let month = lit(rng, &["2", "4"], U::Pure);
        let known = C::Cmp(
            rng.pick(&[Cmp::Ge, Cmp::Lt]).unwrap_or(Cmp::Ge),
            E::Part("月份"),
            month,
        );
        let (x, y) = (Box::new(open), Box::new(known));
        return if rng.chance(50) {
            C::Or(x, y)
        } else {
            C::And(x, y)
        };
    }
    if s.taste.chance(rng, Fond::Campaign, 14, 2) {
        let date = match rng.below(8) {
            0 if s.has("认定") => Some(E::Field("认定")),
            1..=3 if s.attrs => Some(E::Attr("出生")),
            _ => None,
        };
        return super::campaigns::feast(rng, date);
    }
    if depth > 0 && rng.chance(45) {
        let (x, y) = (condition(rng, s, 0), condition(rng, s, 0));
        return match rng.below(3) {
            0 => C::And(Box::new(x), Box::new(y)),
            1 => C::Or(Box::new(x), Box::new(y)),
            _ => C::Not(Box::new(x)),
        };
    }
    let what = if missing && rng.chance(40) {
        4
    } else if s.taste.chance(rng, Fond::Choices, 30, 0) {
        rng.pick(&[5, 6, 7]).unwrap_or(6)
    } else {
        rng.below(11)
    };
    match what {
        0 if s.has("优秀") => C::Yes(E::Field("优秀")),
        0 if s.has("隐患") => C::Yes(E::Field("隐患")),
        1 if s.has("等次") => C::Is(E::Field("等次"), rng.word(GRADES), rng.chance(70)),
        2 | 4 | 5 if !s.attrs => C::Cmp(
            compare(rng),
            E::Part("星期"),
            E::Lit(rng.word(&["1", "5", "6"]).into(), U::Pure),
        ),
        2 => C::OneOf(E::Attr("角色"), vec!["楼道长", rng.word(&["代表", "普通"])]),
        3 => {
            let (e, u, pool) = measured(rng, s);
            let (low, high) = (
                pool.first().copied().unwrap_or("1"),
                pool.last().copied().unwrap_or("2"),
            );
            C::Between(e, E::Lit(low.into(), u), E::Lit(high.into(), u))
        }
        4 if s.has("金额") => C::Missing(E::Field("金额")),
        4 if s.has("次数") && rng.chance(50) => C::Missing(E::Field("次数")),
        4 => C::Missing(E::Attr("系数")),
        5 if rng.chance(25) => C::Anniversary("出生"),
        5 if rng.chance(25) => C::HowMany(compare(rng), "家长", rng.range(0, 2)),
        5 if rng.chance(25) => C::Among(
            match s.has("伙伴") {
                true => E::Field("伙伴"),
                false => E::Attr("联络"),
            },
            "家长",
        ),
        5 => C::Cmp(
            compare(rng),
            E::Age("出生"),
            E::Lit(rng.word(&["18", "60"]).into(), U::Pure),
        ),
        6 => C::Cmp(
            compare(rng),
            E::Part("星期"),
            E::Lit(rng.word(&["1", "5", "6"]).into(), U::Pure),
        ),
        7 => C::Cmp(
            compare(rng),
            E::Part("月份"),
            E::Lit(rng.word(&["2", "3", "12"]).into(), U::Pure),
        ),
        8 if s.clock
            && s.shape
                .is_some_and(|x| x == Shape::Event || x == Shape::Span) =>
        {
            let mode = if s.span && rng.chance(50) {
                TimeMode::Touching
            } else {
                TimeMode::StartingIn
            };
            C::InTime(Time {
                mode,
                windows: windows(rng),
                split: None,
            })
        }
        _ => {
            let (e, u, pool) = measured(rng, s);
            C::Cmp(compare(rng), e, lit(rng, pool, u))
        }
    }
}

/// A condition of a later line: may read 本次得分.
pub fn line_condition(rng: &mut Rng, s: &Scope) -> C {
    if rng.chance(25) {
        return C::Cmp(
            compare(rng),
            E::Running,
            lit(rng, &["5", "10", "20"], U::Points),
        );
    }
    condition(rng, s, 0)
}

/// Windows of the clock; nights cross midnight.
pub fn windows(rng: &mut Rng) -> Vec<(i32, i32)> {
    const H: i32 = 3_600;
    let sets: [&[(i32, i32)]; 5] = [
        &[(22 * H, 30 * H)],
        &[(7 * H, 9 * H), (18 * H + 1_800, 20 * H + 1_800)],
        &[(0, 6 * H)],
        &[(20 * H, 24 * H)],
        &[(9 * H, 17 * H)],
    ];
    sets.get(rng.below(sets.len()))
        .map_or_else(Vec::new, |s| s.to_vec())
}
