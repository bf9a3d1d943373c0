//! Numbers and values in words: held units back to what people write (seconds to hours, shares to percent).

use jifen_calendar::Instant;
use jifen_diag::Lang;
use jifen_plan::Value;
use jifen_quantity::{Decimal, Dim};

use crate::calc::{Quantity, Term};

/// How a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// With the unit of its dimension.
    Dim(Dim),
    /// As a percentage.
    Percent,
    /// The held number alone, without a unit.
    Raw,
    /// Calendar days.
    Days,
    /// Months.
    Months,
    /// Years of age.
    Years,
    /// Pieces of a stock.
    Pieces,
}

/// How many of the held number make one of the number that is meant: 3,600 for durations (seconds and hours).
#[must_use]
pub fn scale(show: Show) -> u32 {
    if show == Show::Dim(Dim::DURATION) {
        3600
    } else {
        1
    }
}

/// A decimal as people write it, with the sign −.
#[must_use]
pub fn plain(n: Decimal) -> String {
    n.to_string().replace('-', "−")
}

/// A decimal with its sign, also +.
#[must_use]
pub fn signed(n: Decimal) -> String {
    if n.is_negative() {
        plain(n)
    } else {
        format!("+{n}")
    }
}

/// A number as it is printed in a calculation.
#[must_use]
pub fn quantity(n: Decimal, show: Show, name: Option<String>, lang: Lang) -> Quantity {
    let (value, per) = match show {
        Show::Percent => (n.mul(Decimal::from_int(100)).unwrap_or(n), 100),
        Show::Dim(Dim::DURATION) => (n, 3600),
        _ => (n, 1),
    };
    Quantity {
        value: value.to_string(),
        per,
        text: shown(n, show, lang),
        name,
    }
}

/// The same as a term.
#[must_use]
pub fn number(n: Decimal, show: Show, name: Option<String>, lang: Lang) -> Term {
    Term::Number(quantity(n, show, name, lang))
}

/// The number with its unit.
#[must_use]
pub fn shown(n: Decimal, show: Show, lang: Lang) -> String {
    match show {
        Show::Raw => plain(n),
        Show::Percent => n
            .mul(Decimal::from_int(100))
            .map_or_else(|_| plain(n), |p| format!("{}%", plain(p))),
        Show::Days => with_unit(&plain(n), lang.pick("日", days(n)), lang),
        Show::Months => {
            let en = if n == Decimal::ONE { "month" } else { "months" };
            with_unit(&plain(n), lang.pick("个月", en), lang)
        }
        Show::Pieces => {
            let en = if n == Decimal::ONE { "piece" } else { "pieces" };
            with_unit(&plain(n), lang.pick("件", en), lang)
        }
        Show::Years => {
            let en = if n == Decimal::ONE {
                "year old"
            } else {
                "years old"
            };
            with_unit(&plain(n), lang.pick("岁", en), lang)
        }
        Show::Dim(Dim::DURATION) => duration(n, lang),
        Show::Dim(d) => with_unit(&plain(n), &unit(d, n == Decimal::ONE, lang), lang),
    }
}

fn days(n: Decimal) -> &'static str {
    if n == Decimal::ONE { "day" } else { "days" }
}

fn with_unit(number: &str, unit: &str, lang: Lang) -> String {
    match lang {
        _ if unit.is_empty() => number.to_owned(),
        Lang::Zh => format!("{number}{unit}"),
        // "10 points/hour"; a unit that begins with a slash touches the number.
        Lang::En if unit.starts_with('/') => format!("{number}{unit}"),
        Lang::En => format!("{number} {unit}"),
    }
}

/// Seconds as hours, if that takes at most two decimals.
fn exact_hours(seconds: Decimal) -> Option<Decimal> {
    let hours = seconds.div(Decimal::from_int(3600)).ok()?;
    let back = hours.mul(Decimal::from_int(3600)).ok()?;
    (hours.scale() <= 2 && back == seconds).then_some(hours)
}

/// Seconds in words: `1.5小时`, `20分钟`, `3小时20分钟`, `1小时0分钟5秒`.
#[must_use]
pub fn duration(seconds: Decimal, lang: Lang) -> String {
    if let Some(hours) = exact_hours(seconds) {
        let unit = if hours == Decimal::ONE {
            "hour"
        } else {
            "hours"
        };
        return with_unit(&plain(hours), lang.pick("小时", unit), lang);
    }
    let sign = if seconds.is_negative() { "−" } else { "" };
    let size = seconds.checked_abs().unwrap_or(seconds);
    let part = |n: Decimal, by: i64| -> (Decimal, Decimal) {
        let by = Decimal::from_int(by);
        let whole = n.div_floor(by).unwrap_or_default();
        let rest = whole.mul(by).and_then(|w| n.sub(w)).unwrap_or_default();
        (whole, rest)
    };
    let (hours, rest) = part(size, 3600);
    let (minutes, rest) = part(rest, 60);
    let mut words = Vec::new();
    if !hours.is_zero() || !rest.is_zero() {
        words.push(with_unit(&plain(hours), lang.pick("小时", "h"), lang));
    }
    words.push(with_unit(&plain(minutes), lang.pick("分钟", "min"), lang));
    if !rest.is_zero() {
        words.push(with_unit(&plain(rest), lang.pick("秒", "s"), lang));
    }
    format!("{sign}{}", words.join(lang.pick("", " ")))
}

/// The unit of a dimension; empty for a pure number.
#[must_use]
pub fn unit(dim: Dim, one: bool, lang: Lang) -> String {
    let bases = [
        (dim.points, "分", "point"),
        (dim.money, "元", "yuan"),
        (dim.times, "次", "time"),
        (dim.people, "人", "person"),
        (dim.votes, "票", "vote"),
        (dim.duration, "小时", "hour"),
    ];
    let power = |name: String, exp: i8| match exp {
        1 => name,
        e => format!("{name}^{e}"),
    };
    let mut text = String::new();
    for (exp, zh, en) in bases {
        if exp > 0 {
            let en = match en {
                "person" if !one => "people".to_owned(),
                "yuan" => en.to_owned(),
                _ if one => en.to_owned(),
                _ => format!("{en}s"),
            };
            if !text.is_empty() {
                text.push('·');
            }
            text.push_str(&power(lang.pick(zh.to_owned(), en), exp));
        }
    }
    for (exp, zh, en) in bases {
        if exp < 0 {
            text.push('/');
            text.push_str(&power(lang.pick(zh, en).to_owned(), exp.saturating_neg()));
        }
    }
    text
}

/// Any value in words.
#[must_use]
pub fn value_text(value: &Value, show: Show, lang: Lang) -> String {
    match value {
        Value::Num(n) => shown(*n, show, lang),
        Value::Text(t) => t.clone(),
        Value::YesNo(b) => yes_no(*b, lang).to_owned(),
        Value::Date(d) => d.to_string(),
        Value::Instant(i) => instant(*i),
        Value::List(ids) if ids.is_empty() => lang.pick("没有", "nobody").to_owned(),
        Value::List(ids) => ids.join(lang.pick("、", ", ")),
        Value::Span(a, b) => format!("{} {} {}", instant(*a), lang.pick("至", "to"), instant(*b)),
    }
}

/// 是 or 否.
#[must_use]
pub fn yes_no(value: bool, lang: Lang) -> &'static str {
    match value {
        true => lang.pick("是", "yes"),
        false => lang.pick("否", "no"),
    }
}

/// `2026-04-03 21:00`.
#[must_use]
pub fn instant(at: Instant) -> String {
    at.to_string()
}
