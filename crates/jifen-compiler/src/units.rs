//! Written numbers and units → held values and dimensions; and dimensions as words. No names and no policy.

use jifen_diag::{Lang, Text};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{Quantity, Unit};

/// What kind of pure number it is: days, months and years of age are not mixed by accident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// A plain number.
    Plain,
    /// Calendar days (also weeks).
    Days,
    /// Working days.
    WorkingDays,
    /// Months, quarters, years.
    Months,
    /// Years of age.
    Age,
}

/// A number with what it measures; in held units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Num {
    pub(crate) value: Decimal,
    pub(crate) dim: Dim,
    pub(crate) tag: Tag,
}

/// Seconds in an hour.
pub(crate) const HOUR: Decimal = Decimal::from_int(3600);

/// Factor to held units (times in hours), dimension and tag of a unit.
fn unit(u: Unit) -> (i64, i64, Dim, Tag) {
    use Tag::{Age, Days, Months, Plain, WorkingDays};
    match u {
        Unit::Points => (1, 1, Dim::POINTS, Plain),
        Unit::Minutes => (1, 60, Dim::DURATION, Plain),
        Unit::Hours => (1, 1, Dim::DURATION, Plain),
        Unit::CalendarDays | Unit::Days => (1, 1, Dim::PURE, Days),
        Unit::WorkingDays => (1, 1, Dim::PURE, WorkingDays),
        Unit::Weeks => (7, 1, Dim::PURE, Days),
        Unit::Months => (1, 1, Dim::PURE, Months),
        Unit::Quarters => (3, 1, Dim::PURE, Months),
        Unit::Years => (12, 1, Dim::PURE, Months),
        Unit::YearsOfAge => (1, 1, Dim::PURE, Age),
        Unit::Times | Unit::Cases => (1, 1, Dim::TIMES, Plain),
        Unit::People | Unit::Households => (1, 1, Dim::PEOPLE, Plain),
        Unit::Votes => (1, 1, Dim::VOTES, Plain),
        Unit::Yuan => (1, 1, Dim::MONEY, Plain),
        Unit::TenThousandYuan => (10_000, 1, Dim::MONEY, Plain),
        Unit::Fold => (1, 1, Dim::PURE, Plain),
        Unit::Percent => (1, 100, Dim::PURE, Plain),
    }
}

/// The dimension of a unit used as a field type.
pub(crate) fn unit_dim(u: Unit) -> Dim {
    unit(u).2
}

/// A division rounds to 18 digits (S33), so a literal is divided only where its unit asks for it.
fn over(value: Decimal, by: i64) -> Option<Decimal> {
    match by {
        1 => Some(value),
        _ => value.div(Decimal::from_int(by)).ok(),
    }
}

/// A written quantity in held units; `None` when it is too large.
pub(crate) fn literal(q: &Quantity) -> Option<Num> {
    let mut value = Decimal::parse(&q.digits)?;
    let (mut dim, mut tag) = (Dim::PURE, Tag::Plain);
    if let Some(u) = q.unit {
        let (mul, div, d, t) = unit(u);
        value = value.mul(Decimal::from_int(mul)).ok()?;
        if d == Dim::DURATION {
            value = value.mul(HOUR).ok()?;
        }
        value = over(value, div)?;
        (dim, tag) = (d, t);
    }
    if let Some(u) = q.per {
        let (mul, div, d, _) = unit(u);
        value = value.mul(Decimal::from_int(div)).ok()?;
        value = over(value, mul)?;
        // 小时/小时 and the like would need the seconds again.
        if d == Dim::DURATION && dim.duration > 0 {
            value = value.div(HOUR).ok()?;
        }
        dim = dim.div(d);
        tag = Tag::Plain;
    }
    Some(Num { value, dim, tag })
}

/// How often 3,600 enters a product of held values: `held(x·y) = held(x) · held(y) · 3600^n`.
pub(crate) fn shift_mul(x: Dim, y: Dim) -> i32 {
    let up = |d: i8| i32::from(d.max(0));
    up(x.mul(y).duration) - up(x.duration) - up(y.duration)
}

/// The same for a quotient.
pub(crate) fn shift_div(x: Dim, y: Dim) -> i32 {
    let up = |d: i8| i32::from(d.max(0));
    up(x.div(y).duration) - up(x.duration) + up(y.duration)
}

/// `分/小时`, `points/hour`; a pure number is `数`, `a plain number`.
pub(crate) fn dim_text(d: Dim) -> Text {
    Text::new(dim_words(d, Lang::Zh), dim_words(d, Lang::En))
}

fn dim_words(d: Dim, lang: Lang) -> String {
    let names: [(i8, &str, &str, &str); 6] = [
        (d.points, "分", "points", "point"),
        (d.duration, "小时", "hours", "hour"),
        (d.money, "元", "yuan", "yuan"),
        (d.times, "次", "times", "time"),
        (d.people, "人", "people", "person"),
        (d.votes, "票", "votes", "vote"),
    ];
    let mut up: Vec<&str> = Vec::new();
    let mut down: Vec<&str> = Vec::new();
    for (e, zh, plural, singular) in names {
        for _ in 0..e.max(0) {
            up.push(lang.pick(zh, plural));
        }
        for _ in 0..e.min(0).unsigned_abs() {
            down.push(lang.pick(zh, singular));
        }
    }
    if up.is_empty() && down.is_empty() {
        return lang.pick("不带单位的数", "a plain number").to_owned();
    }
    let mut out = if up.is_empty() {
        "1".to_owned()
    } else {
        up.join("·")
    };
    for unit in down {
        out.push('/');
        out.push_str(unit);
    }
    out
}

/// A held value as people write it: hours, not seconds.
pub(crate) fn shown(value: Decimal, dim: Dim) -> Decimal {
    if dim.duration > 0 {
        value.div(HOUR).unwrap_or(value)
    } else {
        value
    }
}

/// A held value with its unit, in both languages.
pub(crate) fn with_unit(value: Decimal, dim: Dim) -> Text {
    let v = shown(value, dim);
    if dim.is_pure() {
        return Text::same(v.to_string());
    }
    let d = dim_text(dim);
    Text::new(format!("{v}{}", d.zh), format!("{v} {}", d.en))
}

/// The name of the unit in which a fix is written.
pub(crate) fn unit_word(dim: Dim, lang: Lang) -> Option<&'static str> {
    let (zh, en) = if dim == Dim::POINTS {
        ("分", " points")
    } else if dim == Dim::DURATION {
        ("小时", " hours")
    } else if dim == Dim::MONEY {
        ("元", " yuan")
    } else if dim == Dim::TIMES {
        ("次", " times")
    } else if dim == Dim::PEOPLE {
        ("人", " people")
    } else if dim == Dim::VOTES {
        ("票", " votes")
    } else {
        return None;
    };
    Some(lang.pick(zh, en))
}
