//! Values and conditions as text.

use std::fmt::Write;

use jifen_plan::{Gather, OfMembers, TimeMode};

use super::dates;
use super::text::compared;
use super::tree::*;

/// `09:00 至 12:00、22:00 至 次日 06:00`
pub(super) fn clock_ranges(windows: &[(i32, i32)]) -> String {
    let clock = |s: i32| format!("{:02}:{:02}", s / 3600, s / 60 % 60);
    let range = |(a, b): &(i32, i32)| {
        let (next, b) = if *b > 86_400 {
            ("次日 ", *b - 86_400)
        } else {
            ("", *b)
        };
        format!("{} 至 {next}{}", clock(*a), clock(b))
    };
    windows.iter().map(range).collect::<Vec<_>>().join("、")
}

pub(super) fn time(t: &Time) -> String {
    let word = match t.mode {
        TimeMode::During => "时段内",
        TimeMode::StartingIn => "始于时段",
        TimeMode::Touching => "触及时段",
    };
    let windows = clock_ranges(&t.windows);
    let split = match t.split {
        None => "",
        Some(true) => " 分段计",
        Some(false) => " 按比例",
    };
    format!("{word} {windows}{split}")
}

/// A value as it may stand after a statement word.
#[must_use]
pub fn value(e: &E) -> String {
    match e {
        E::Blocks(a, b, of) => format!("{} 每满 {} 计 {}", operand(a), operand(b), operand(of)),
        E::Bin(op, a, b) => format!("{} {op} {}", operand(a), operand(b)),
        _ => operand(e),
    }
}

pub(super) fn operand(e: &E) -> String {
    match e {
        E::Lit(digits, u) => lit(digits, *u),
        E::Field(n) | E::Attr(n) => (*n).into(),
        E::AttrOf(a, b) => format!("{a}.{b}"),
        E::Param(n) | E::Follow(n) => n.clone(),
        E::Running => "本次得分".into(),
        E::DayTotal => "当日合计".into(),
        E::SpanLength => "起止.时长".into(),
        E::Bin(..) | E::Blocks(..) => format!("({})", value(e)),
        E::Bands {
            of,
            below,
            rows,
            reaches,
        } => {
            let (under, from) = if *reaches {
                ("不满", "满")
            } else {
                ("不超过", "超过")
            };
            let mut t = format!("按 {} 分档 {{", operand(of));
            if let Some((bound, _)) = rows.first() {
                let _ = write!(t, " {under} {}: {}", operand(bound), value(below));
            }
            for (bound, v) in rows {
                let _ = write!(t, " {from} {}: {}", operand(bound), value(v));
            }
            t + " }"
        }
        E::Slices { of, rows } => {
            let mut t = format!("按 {} 累进 {{", operand(of));
            for (bound, v) in rows {
                let _ = write!(t, " 满 {}: {}", operand(bound), value(v));
            }
            t + " }"
        }
        E::Select { of, rows, rest } => {
            let mut t = format!("按 {} {{", operand(of));
            for (words, v) in rows {
                let _ = write!(t, " {}: {}", words.join("、"), value(v));
            }
            if let Some(rest) = rest {
                let _ = write!(t, " 其余: {}", value(rest));
            }
            t + " }"
        }
        E::First { rows, rest } => {
            let mut t = "取先 {".to_owned();
            for (c, v) in rows {
                let _ = write!(t, " 当 {}: {}", cond(c), value(v));
            }
            let _ = write!(t, " 其余: {} }}", value(rest));
            t
        }
        E::Clamp(Some(low), Some(high), of) => {
            format!(
                "介于 {} 至 {} {{ {} }}",
                operand(low),
                operand(high),
                value(of)
            )
        }
        E::Clamp(Some(low), None, of) => format!("最少 {} {{ {} }}", operand(low), value(of)),
        E::Clamp(None, Some(high), of) => format!("最多 {} {{ {} }}", operand(high), value(of)),
        E::Clamp(None, None, of) => operand(of),
        E::Age(birth) => format!("周岁({birth}, 日期)"),
        E::Part(f) => format!("{f}(日期)"),
        E::PartOf(f, of) => format!("{f}({})", operand(of)),
        E::Aggregate(a) => dates::aggregate(a),
        E::Measure(name) => name.clone(),
        E::OverMembers(what, name, skip) => {
            let what = match what {
                OfMembers::Sum => "合计",
                OfMembers::Mean => "平均",
                OfMembers::Max => "最大",
                OfMembers::Min => "最小",
                OfMembers::Count => "计数",
            };
            let skip = if *skip { " 缺项 略过" } else { "" };
            format!("{what}({name}{skip})")
        }
        E::Members(None) => "计数(居民)".to_owned(),
        E::Members(Some(when)) => format!("计数(居民 当 {})", cond(when)),
        E::Over(what, name, skip) => {
            let what = match what {
                Gather::Sum => "合计",
                Gather::Mean => "平均",
                Gather::Max => "最大",
                Gather::Min => "最小",
                Gather::First => "最早",
                Gather::Last => "最近",
            };
            let skip = if *skip { " 缺项 略过" } else { "" };
            format!("{what}({name}{skip})")
        }
        E::Closed(c) => super::closed::text(c),
        E::Dates(run, set) => dates::counted(*run, set),
        E::Power(base, exponent, step, mode) => dates::power(base, exponent, step, *mode),
        E::Faded(period) => dates::faded(*period),
        E::Points(of, _, name, from) => {
            let word = match of {
                jifen_plan::PointsOf::Earned => "获得",
                jifen_plan::PointsOf::EarnedThisYear => "本年获得",
                jifen_plan::PointsOf::Awarded => "累计",
                jifen_plan::PointsOf::Balance => "余额",
            };
            let source = |(category, n): &(bool, String)| match category {
                true => format!("类别 {n}"),
                false => n.clone(),
            };
            let from: Vec<String> = from.iter().map(source).collect();
            match from.is_empty() {
                true => format!("{word}({name})"),
                false => format!("{word}({name} 来自 {})", from.join("、")),
            }
        }
        E::Place(name, _) => format!("{name}.名次"),
        E::Account(true, _, name) => format!("余额({name})"),
        E::Account(false, _, name) => format!("累计({name})"),
        E::This(_, f) => format!("本条.{f}"),
        E::SubjectOf(k) => super::joins::joined(*k, super::joins::Read::Subject),
        E::ThisAttr(a) => format!("本条.对象.{a}"),
        E::Joined(_, k, read) => super::joins::joined(*k, *read),
    }
}

/// The names of the records, by index.
pub(super) const KINDS: [&str; 5] = ["参会", "巡逻", "月报", "违规", "走访"];

/// A condition; compound ones in brackets.
#[must_use]
pub fn cond(c: &C) -> String {
    match c {
        C::Cmp(cmp, a, b) => {
            format!("{} {} {}", operand(a), compared(*cmp), operand(b))
        }
        C::Is(e, word, true) => format!("{} 为 {word}", operand(e)),
        C::Is(e, word, false) => format!("{} 不为 {word}", operand(e)),
        C::OneOf(e, words) => format!("{} 属于（{}）", operand(e), words.join("、")),
        C::Yes(e) => operand(e),
        C::Between(e, a, b) => format!("{} 介于 {} 至 {}", operand(e), operand(a), operand(b)),
        C::Anniversary(from) => format!("周年日({from}, 日期)"),
        C::Among(e, list) => format!("{} 属于 {list}", operand(e)),
        C::HowMany(cmp, list, n) => format!("个数({list}) {} {n}", compared(*cmp)),
        C::Missing(e) => format!("{} 缺失", operand(e)),
        C::Stands(name, before, asked) => super::standings_text::asked_text(name, *before, asked),
        C::And(a, b) => format!("({} 且 {})", cond(a), cond(b)),
        C::Or(a, b) => format!("({} 或 {})", cond(a), cond(b)),
        C::Not(a) => format!("非 ({})", cond(a)),
        C::InTime(t) => time(t),
        C::Days(date, name) => {
            let date = date.as_ref().map_or_else(|| "日期".into(), operand);
            format!("{date} 属于（{name}）")
        }
    }
}

pub(super) fn lit(digits: &str, u: U) -> String {
    format!("{digits}{}", unit(u))
}

pub(super) fn unit(u: U) -> &'static str {
    match u {
        U::Points => "分",
        U::Pure => "",
        U::Percent => "%",
        U::Hours => "小时",
        U::Minutes => "分钟",
        U::Yuan => "元",
        U::Wan => "万元",
        U::Times => "次",
        U::Days => "天",
        U::Weeks => "周",
        U::Months => "个月",
        U::PointsPerHour => "分/小时",
        U::PointsPerYuan => "分/元",
        U::PointsPerTime => "分/次",
        U::YuanPerPoint => "元/分",
    }
}
