//! Ranks, grades, flags and rights as text.

use std::fmt::Write;

use jifen_plan::{Fall, Times, TimesOf};

use super::standings::{Asked, LEVELS, Row, StandItem, What};
use super::text::{cond, period, rounding, value};
use super::tree::*;

/// As text.
pub(super) fn write(w: &mut String, s: &StandItem) {
    let every = period(s.unit);
    let name = &s.name;
    let of = super::measures::whose(s.whose);
    let of = of.trim_end();
    let _ = match &s.what {
        What::Rank {
            keys,
            within,
            among,
            gaps,
            round,
            all_in,
        } => {
            let _ = writeln!(w, "排名 {name} 对象 居民 {of} {{\n  周期 {every}");
            let key = |(e, low): &(E, bool)| {
                format!("{}{}", value(e), if *low { " 低者在前" } else { "" })
            };
            let all: Vec<String> = keys.iter().map(key).collect();
            if let Some((first, then)) = all.split_first() {
                let _ = writeln!(w, "  按 {first}");
                if !then.is_empty() {
                    let _ = writeln!(w, "  同分比较 {}", then.join("、"));
                }
            }
            if let Some(group) = within {
                let _ = writeln!(w, "  分组 {group}");
            }
            let among = among.as_ref().map_or_else(|| "在册".to_owned(), cond);
            let _ = writeln!(w, "  参评范围 {among}");
            let _ = writeln!(w, "  并列 {}", if *gaps { "占位" } else { "不占位" });
            let _ = writeln!(w, "  取整 {}", rounding(*round));
            writeln!(
                w,
                "  末位并列 {}\n}}",
                if *all_in { "全取" } else { "全不取" }
            )
        }
        What::Grade { by, rows, fall } => {
            let by = match by {
                Some(E::Place(rank, true)) => format!(" 按 {rank}"),
                Some(e) => format!(" 按 {}", value(e)),
                None => String::new(),
            };
            let _ = writeln!(w, "等级 {name} 对象 居民 {of}{by} {{\n  评定 {every}");
            let _ = writeln!(
                w,
                "  降级 {}",
                match fall {
                    Fall::Freely => "允许",
                    Fall::Stepwise => "逐级",
                    Fall::Never => "不降",
                }
            );
            for (row, level) in rows.iter().zip(LEVELS) {
                let key = match row {
                    Row::From(n) => format!("{n} 以上"),
                    Row::Top(p) => format!("前 {p}%"),
                    Row::When(c) => format!("当 {}", cond(c)),
                };
                let _ = writeln!(w, "  {level}: {key}");
            }
            writeln!(w, "  {}: 其余\n}}", LEVELS[2])
        }
        What::Flag {
            notice,
            when,
            times,
        } => {
            let word = if *notice { "提示" } else { "标记" };
            let times = match times {
                None => String::new(),
                Some(Times { n, of }) => match of {
                    TimesOf::Running { skip } => {
                        let gap = if *skip { "跳过" } else { "中断" };
                        format!(" 连续 {n}次 无值 {gap}")
                    }
                    TimesOf::Ever => format!(" 累计 {n}次"),
                    TimesOf::Last(m) => format!(" 累计 {n}次 近 {}次", m.max(n)),
                },
            };
            writeln!(
                w,
                "{word} {name} 对象 居民 {of} {every} 当 {}{times}",
                cond(when)
            )
        }
        What::Right {
            when,
            worth,
            months,
        } => {
            let worth = match worth {
                None => String::new(),
                Some((n, None)) => format!(" {{ {n}票 }}"),
                Some((n, Some(rest))) => format!(" {{ {n}票 }} 否则 {{ {rest}票 }}"),
            };
            let valid = match months {
                Some(n) => format!(" 有效 {n}个月"),
                None => String::new(),
            };
            writeln!(
                w,
                "权益 {name} 对象 居民 {every} 当 {}{worth}{valid}",
                cond(when)
            )
        }
    };
}

/// A condition on a standing.
pub(super) fn asked_text(name: &str, before: bool, asked: &Asked) -> String {
    let name = match before {
        true => format!("上期({name})"),
        false => name.to_owned(),
    };
    match asked {
        Asked::First(n) => format!("{name} 前 {n}名"),
        Asked::Top(p) => format!("{name} 前 {p}%"),
        Asked::Level(level, false) => format!("{name} 为 {}", LEVELS[*level]),
        Asked::Level(level, true) => format!("{name} 不低于 {}", LEVELS[*level]),
        Asked::Is => name,
        Asked::Votes(n) => format!("{name} 不低于 {n}票"),
    }
}
