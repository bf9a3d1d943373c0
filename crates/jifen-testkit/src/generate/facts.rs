//! Random rosters, facts and records about facts; dates bunched on edges, so that windows fill and edges are met.

use jifen_calendar::{Day, Instant, Period};
use jifen_data::{Change, Confirmation, Correction, Void, Was};
use jifen_plan::{FieldIx, Value};
use jifen_quantity::Decimal;

use super::lower::number;
use super::make::REVIEWERS;
use super::taste::{Fond, Taste};
use super::tree::*;
use crate::rng::Rng;

/// A person: dated presence and dated attributes (parallel to [`ATTRS`]).
#[derive(Clone, Debug)]
pub struct Subject {
    /// Id.
    pub id: String,
    /// Half-open ranges of day numbers.
    pub present: Vec<(i32, i32)>,
    /// (from, to, value).
    pub attrs: Vec<Vec<(i32, i32, Value)>>,
}

/// A fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Index into the policy's kinds.
    pub kind: usize,
    /// Id.
    pub id: String,
    /// Index into the subjects.
    pub subject: usize,
    /// When.
    pub at: Instant,
    /// Only the day is known.
    pub day_only: bool,
    /// Entry day.
    pub entered: Day,
    /// Values, parallel to the shape's fields.
    pub fields: Vec<Option<Value>>,
}

/// Everything that is evaluated.
#[derive(Clone, Debug)]
pub struct Input {
    /// People.
    pub subjects: Vec<Subject>,
    /// Facts.
    pub facts: Vec<Fact>,
    /// 撤销
    pub voids: Vec<Void>,
    /// 更正
    pub corrections: Vec<Correction>,
    /// 确认
    pub confirmations: Vec<Confirmation>,
    /// 期初: subject, currency, amount.
    pub openings: Vec<(usize, usize, Decimal, Day)>,
    /// 期初: standing, subject, a day of the period, how.
    pub stood: Vec<(String, usize, Day, Was)>,
    /// As-of day.
    pub as_of: Day,
}

struct Pools {
    taste: Taste,
    days: Vec<i32>,
    /// Some version says what becomes of points when people change whom they belong to.
    moves: bool,
    subjects: usize,
}

/// Random input for a policy.
#[must_use]
pub fn input(rng: &mut Rng, p: &Policy) -> Input {
    let days = days(rng, p);
    let moves = p.versions.iter().any(|v| v.moving.is_some());
    let several = p.taste.has(Fond::Passes) || p.taste.has(Fond::Transfers);
    let count = match moves {
        true => [3, 4, 5, 6, 6, 20],
        // With one or two nothing is shared out, and nothing given on.
        false if several => [1, 2, 3, 3, 5, 20],
        false => [1, 1, 2, 3, 5, 20],
    };
    let count = count[rng.below(6)];
    let pools = Pools {
        taste: p.taste,
        days,
        moves,
        subjects: count,
    };
    let subjects = (0..count).map(|n| subject(rng, n, &pools)).collect();
    let facts = facts(rng, p, &pools);
    let mut input = Input {
        subjects,
        facts,
        voids: Vec::new(),
        corrections: Vec::new(),
        confirmations: Vec::new(),
        openings: Vec::new(),
        stood: Vec::new(),
        as_of: Day(0),
    };
    records(rng, p, &pools, &mut input);
    for (s, c) in (0..count).flat_map(|s| (0..p.currencies.len()).map(move |c| (s, c))) {
        let lots = match pools.taste.has(Fond::Lives) || pools.taste.has(Fond::Transfers) {
            true => rng.below(4),
            false => usize::from(rng.chance(15)),
        };
        // Who owes much still owes when something is given to him.
        let owes = pools.taste.chance(rng, Fond::Transfers, 25, 0);
        for _ in 0..lots {
            let pool: &[&str] = if owes {
                &["-30", "-100"]
            } else if pools.taste.chance(rng, Fond::Huge, 30, 0) {
                &[
                    "170141183460469231731687303715884105727",
                    "-170141183460469231731687303715884105728",
                    "-17014118346046923173168730371588410572.7",
                ]
            } else {
                &["5", "0.5", "100", "2", "-3", "-30"]
            };
            let amount = number(rng.word(pool), U::Points);
            let first = p.versions.first().map_or(0, |v| v.from);
            let age = i32::try_from(rng.range(0, 120)).unwrap_or(0);
            input.openings.push((s, c, amount, Day(first - age)));
        }
    }
    super::standings::taken_over(rng, p, count, &mut input.stood);
    let last = pools.days.iter().max().copied().unwrap_or(0);
    let some = rng.pick(&pools.days).unwrap_or(last);
    let late = match p.taste.has(Fond::OtherDay) || moves {
        true => 60,
        false => 20,
    };
    input.as_of = Day(if rng.chance(75) { last + late } else { some });
    input
}

/// A few days that many facts share: edges of versions, parameters, months, weeks; 29 February.
fn days(rng: &mut Rng, p: &Policy) -> Vec<i32> {
    let mut edges = Vec::new();
    for v in &p.versions {
        edges.extend([v.from - 1, v.from, v.from + 1]);
        edges.extend(v.until);
        edges.extend(
            v.params
                .iter()
                .flat_map(|p| p.steps.iter().flat_map(|s| [s.0 - 1, s.0])),
        );
    }
    let first = p.versions.first().map_or(0, |v| v.from);
    for c in p.versions.iter().flat_map(|v| &v.campaigns) {
        // The edges of its runs, as far as they are not too late.
        for (from, to) in c.set().runs {
            let near = [from.0 - 1, from.0, from.0 + 1, to.0 - 1, to.0];
            edges.extend(near.iter().filter(|d| (first..first + 150).contains(d)));
        }
    }
    let start = Day(first);
    for period in [Period::Week, Period::Month, Period::Quarter, Period::Year] {
        let end = period.bounds(start).1.0;
        if end - first < 120 {
            edges.extend([end - 1, end]);
        }
    }
    for _ in 0..4 {
        edges.push(first + i32::try_from(rng.range(0, 80)).unwrap_or(3));
    }
    if let Some(leap) = Day::from_ymd(start.ymd().0, 2, 29)
        && (leap.0 - first).abs() < 90
    {
        edges.push(leap.0);
    }
    if rng.chance(12) {
        // The last days of a row of months, with their 28, 29, 30 and 31.
        let ends = (1..8).map(|n| Period::Month.bounds(start).0.add_months(n).0 - 1);
        edges = ends.collect();
    }
    let keep = 2 + rng.below(7);
    (0..keep).filter_map(|_| rng.pick(&edges)).collect()
}

fn seconds(rng: &mut Rng) -> i32 {
    const H: i32 = 3_600;
    let edges = [
        0,
        1,
        6 * H,
        6 * H - 1,
        7 * H,
        9 * H,
        18 * H + 1_800,
        20 * H,
        21 * H,
        22 * H,
        86_399,
    ];
    if rng.chance(70) {
        rng.pick(&edges).unwrap_or(0)
    } else {
        i32::try_from(rng.range(0, 86_399)).unwrap_or(0)
    }
}

fn subject(rng: &mut Rng, n: usize, pools: &Pools) -> Subject {
    let (count, days) = (pools.subjects, &pools.days);
    let (min, max) = (Day::MIN.0, Day::MAX.0);
    let edge = |rng: &mut Rng| {
        rng.pick(days).unwrap_or(20_000) + i32::try_from(rng.range(-2, 2)).unwrap_or(0)
    };
    // Where groups are measured, some of them are to be empty at an end.
    let present = match rng.below(if pools.taste.has(Fond::Measures) {
        4
    } else {
        10
    }) {
        0 => vec![(min, edge(rng))],
        1 => vec![(edge(rng), max)],
        2 => {
            let mid = edge(rng);
            vec![(min, mid), (mid + 5, max)]
        }
        _ => vec![(min, max)],
    };
    let attrs = ATTRS
        .iter()
        .map(|(name, _)| {
            if *name == "联络" && pools.moves {
                return super::moves::rows(rng, count, (min, max), edge);
            }
            let value = |rng: &mut Rng| attribute(rng, name, count, pools.taste);
            let roles = *name == "角色" && pools.taste.chance(rng, Fond::Periods, 50, 0);
            let absent = pools.taste.chance(rng, Fond::Missing, 25, 0);
            match if absent {
                0
            } else if roles {
                1
            } else {
                rng.below(10)
            } {
                0 => Vec::new(),
                1 | 2 => {
                    let mid = edge(rng);
                    vec![(min, mid, value(rng)), (mid, max, value(rng))]
                }
                3 => {
                    let from = edge(rng);
                    vec![(from, from + 9, value(rng))]
                }
                _ => vec![(min, max, value(rng))],
            }
        })
        .collect();
    // In every other size the rows do not stand in the order of ids.
    let number = match pools.subjects % 2 {
        0 => pools.subjects - n,
        _ => n + 1,
    };
    Subject {
        id: format!("居民{number}"),
        present,
        attrs,
    }
}

fn attribute(rng: &mut Rng, name: &str, count: usize, taste: Taste) -> Value {
    match name {
        "家庭" => Value::Text(format!("户{}", rng.below(3))),
        "社区" => Value::Text(format!("社{}", rng.below(2))),
        "出生" => {
            let days = [
                (1964, 2, 29),
                (1966, 1, 1),
                (2006, 2, 28),
                (2008, 2, 29),
                (1990, 6, 15),
            ];
            let (y, m, d) = rng.pick(&days).unwrap_or((1990, 1, 1));
            Value::Date(Day::from_ymd(y, m, d).unwrap_or(Day(0)))
        }
        "家长" => {
            let several = rng.below(if taste.has(Fond::Passes) { 6 } else { 4 });
            let ids = (0..several).map(|_| format!("居民{}", 1 + rng.below(count)));
            Value::several(ids.collect())
        }
        "角色" => Value::Text(rng.word(ROLES).into()),
        "系数" if taste.chance(rng, Fond::Zero, 65, 0) => Value::Num(number("0", U::Pure)),
        "系数" => Value::Num(number(
            rng.word(&["1.2", "0.5", "2", "1", "0", "0.333"]),
            U::Pure,
        )),
        _ => Value::Text(format!("居民{}", 1 + rng.below(count))),
    }
}

fn facts(rng: &mut Rng, p: &Policy, pools: &Pools) -> Vec<Fact> {
    let count = rng.below(41);
    // Most facts are of a person or two, so that caps fill.
    let busy = rng.below(pools.subjects);
    let mut out: Vec<Fact> = Vec::new();
    for n in 0..count {
        let kind = kind_of(rng, pools.taste);
        let Some(shape) = p.kinds.get(kind).map(|k| k.shape) else {
            continue;
        };
        let subject = if rng.chance(60) {
            busy
        } else {
            rng.below(pools.subjects)
        };
        let day = Day(rng.pick(&pools.days).unwrap_or(20_000));
        let day_only = shape == Shape::Monthly || (shape != Shape::Span && rng.chance(40));
        let at = if day_only {
            day.start()
        } else {
            Instant::from_day_seconds(day, seconds(rng))
        };
        let fields = shape.fields().iter().map(|(name, ty)| {
            (!rng.chance(blanks(name, pools.taste))).then(|| field(rng, name, *ty, at, pools))
        });
        let fields: Vec<Option<Value>> = fields.collect();
        let day_only =
            day_only || (shape == Shape::Span && fields.first().is_none_or(Option::is_none));
        let late = pools.taste.has(Fond::OtherDay) || pools.moves;
        let entered = if rng.chance(if late { 15 } else { 70 }) {
            day
        } else {
            day.add_days(rng.range(0, if late { 30 } else { 12 }))
        };
        // S19a: one row for each subject and period; a second is refused at admission.
        let month = Period::Month.bounds(day);
        let taken = out.iter().any(|f| {
            f.kind == kind && f.subject == subject && Period::Month.bounds(f.at.day()) == month
        });
        if shape == Shape::Monthly && taken {
            continue;
        }
        let id = if rng.chance(50) {
            format!("{}", n + 1)
        } else {
            format!("F{}", n + 1)
        };
        out.push(Fact {
            kind,
            id,
            subject,
            at,
            day_only,
            entered,
            fields,
        });
    }
    out
}

fn kind_of(rng: &mut Rng, taste: Taste) -> usize {
    if taste.chance(rng, Fond::Net, 25, 0) || taste.chance(rng, Fond::DeductCap, 30, 0) {
        return 3;
    }
    if taste.chance(rng, Fond::Overlap, 50, 0) || taste.chance(rng, Fond::Contradiction, 30, 0) {
        return [1, 4][rng.below(2)];
    }
    [0, 0, 0, 0, 1, 1, 1, 4, 2, 3][rng.below(10)]
}

/// In how many of 100 facts a field is blank.
fn blanks(name: &str, taste: Taste) -> usize {
    match name {
        "起止" => 3,
        "次数" if taste.has(Fond::Default) => 45,
        "次数" | "金额" if taste.has(Fond::Missing) => 30,
        "金额" if taste.has(Fond::Accounts) => 25,
        _ => 7,
    }
}

fn field(rng: &mut Rng, name: &str, ty: Ft, at: Instant, pools: &Pools) -> Value {
    let text = |s: &str| Value::Text(s.into());
    match ty {
        Ft::Text => text(rng.word(&["甲", "乙", "丙"])),
        Ft::Choice(words) => text(rng.word(words)),
        Ft::YesNo => Value::YesNo(rng.chance(50)),
        Ft::Date => Value::Date(at.day().add_days(rng.range(-3, 3))),
        Ft::Ref => Value::Text(format!("居民{}", 1 + rng.below(pools.subjects))),
        Ft::Refs => Value::several(Vec::new()),
        Ft::Group => text("户0"),
        Ft::Span => {
            let lengths = [
                0, 1, 1_800, 3_600, 7_200, 9_000, 12_600, 28_800, 86_400, 200_000,
            ];
            let length = if rng.chance(70) {
                rng.pick(&lengths).unwrap_or(0)
            } else {
                rng.range(1, 40_000)
            };
            Value::Span(at, at.add_seconds(length))
        }
        Ft::Num(u) => {
            let pool: &[&str] = match u {
                U::Hours => &["0.5", "1", "2", "3.3333", "8", "0"],
                U::Yuan => &["10", "99.99", "100", "258.5", "1000", "0", "35.80"],
                U::Times => &["0", "1", "2", "3", "10"],
                U::Percent if pools.taste.has(Fond::Zero) => &["0", "50"],
                U::Percent => &["50", "89.5", "95", "100", "33.3", "0"],
                U::Points if name == "分值" => &["1", "5", "10", "30", "7.5"],
                _ => &["1", "2"],
            };
            let digits = if pools.taste.chance(rng, Fond::Huge, 15, 1) {
                "123456789012345678.123456789"
            } else {
                rng.word(pool)
            };
            let digits = if name == "分值" && digits.len() > 5 {
                "30"
            } else {
                digits
            };
            Value::Num(number(digits, u))
        }
    }
}

/// Confirmations, corrections and withdrawals; some of them withdrawn themselves, some entered too late to be known.
fn records(rng: &mut Rng, p: &Policy, pools: &Pools, input: &mut Input) {
    // Where people move, what a review holds back is often late for it.
    let most = if pools.moves { 25 } else { 9 };
    let later = |rng: &mut Rng, day: Day| day.add_days(rng.range(0, most));
    for f in input.facts.clone() {
        for n in 0..[0, 0, 1, 2, 3, 4][rng.below(6)] {
            let day = later(rng, f.entered);
            input.confirmations.push(Confirmation {
                id: format!("C{}{}", f.id, n),
                target: f.id.clone(),
                role: rng.word(&REVIEWERS).into(),
                who: format!("审{}", rng.below(4)),
                positive: pools.taste.chance(rng, Fond::Refund, 55, 87),
                at: Instant::from_day_seconds(day, if rng.chance(40) { 0 } else { seconds(rng) }),
                entered: if rng.chance(80) {
                    day
                } else {
                    day.add_days(rng.range(0, 9))
                },
            });
        }
        // Several of one fact, often on one field: the last that is known stands.
        let often = pools.taste.chance(rng, Fond::Contradiction, 45, 9);
        let first = often.then(|| change(rng, p, pools, &f)).flatten();
        for n in 0..[1, 1, 2, 3][rng.below(4)] {
            let change = match (&first, n) {
                (None, _) => break,
                (Some(first), 0) => first.clone(),
                (Some(Change::Field(ix, _)), _) if rng.chance(70) => again(rng, p, pools, &f, *ix),
                _ => match change(rng, p, pools, &f) {
                    Some(other) => other,
                    None => continue,
                },
            };
            let (target, entered) = (f.id.clone(), later(rng, f.entered));
            input.corrections.push(Correction {
                id: format!("X{}{n}", f.id),
                target,
                change,
                entered,
                note: String::new(),
            });
        }
        if rng.chance(5) {
            let (target, entered) = (f.id.clone(), later(rng, f.entered));
            input.voids.push(Void {
                id: format!("V{target}"),
                target,
                entered,
                note: String::new(),
            });
        }
    }
    let about: Vec<(String, Day)> = (input.voids.iter().map(|v| (v.id.clone(), v.entered)))
        .chain(input.corrections.iter().map(|c| (c.id.clone(), c.entered)))
        .chain(
            input
                .confirmations
                .iter()
                .map(|c| (c.id.clone(), c.entered)),
        )
        .collect();
    for (target, day) in about {
        if rng.chance(4) {
            let entered = later(rng, day);
            input.voids.push(Void {
                id: format!("W{target}"),
                target,
                entered,
                note: String::new(),
            });
        }
    }
}

/// Another value of the same field.
fn again(rng: &mut Rng, p: &Policy, pools: &Pools, f: &Fact, ix: FieldIx) -> Change {
    let shape = p.kinds.get(f.kind).map(|k| k.shape);
    let field_of = shape.and_then(|s| s.fields().get(ix.ix()));
    let value = field_of.map(|(name, ty)| field(rng, name, *ty, f.at, pools));
    Change::Field(ix, value)
}

fn change(rng: &mut Rng, p: &Policy, pools: &Pools, f: &Fact) -> Option<Change> {
    let shape = p.kinds.get(f.kind)?.shape;
    let span = shape.fields().iter().position(|x| x.1 == Ft::Span);
    let torn = span.is_some() && pools.taste.chance(rng, Fond::Contradiction, 60, 0);
    Some(match if torn { 3 } else { rng.below(5) } {
        0 if shape != Shape::Monthly => {
            Change::Subject(u32::try_from(rng.below(pools.subjects)).ok()?)
        }
        1 if shape != Shape::Span && shape != Shape::Monthly => {
            let day = Day(rng.pick(&pools.days)?);
            if rng.chance(50) {
                Change::At(day.start(), true)
            } else {
                Change::At(Instant::from_day_seconds(day, seconds(rng)), false)
            }
        }
        2 if f.fields.first()?.is_some() && span.is_some() => {
            Change::SpanStart(f.at.add_seconds(rng.range(-7_200, 7_200)))
        }
        3 if f.fields.first()?.is_some() && span.is_some() => {
            let earliest = if torn { -90_000 } else { -600 };
            Change::SpanEnd(f.at.add_seconds(rng.range(earliest, 90_000)))
        }
        _ => {
            let at = rng.below(shape.fields().len());
            let (name, ty) = shape.fields().get(at)?;
            let blank = rng.chance(15) && *ty != Ft::Span;
            if *ty == Ft::Span && f.fields.first()?.is_none() {
                return None;
            }
            let value = (!blank).then(|| field(rng, name, *ty, f.at, pools));
            Change::Field(FieldIx(u16::try_from(at).ok()?), value)
        }
    })
}
