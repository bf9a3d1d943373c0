//! Writes a generated policy as jifen text, one file for each version.

pub(super) use super::text_values::{KINDS, clock_ranges, lit, operand, time, unit};
pub use super::text_values::{cond, value};
use std::fmt::Write;

use jifen_calendar::{Day, Period};
use jifen_plan::{
    AgeUnit, CapMode, Cmp, Hold, Overlap, Pick, PublishFrom, RuleDate, Spend, Stacking, UseOrder,
};
use jifen_quantity::Rounding;

use super::tree::*;

/// The text of each version.
#[must_use]
pub fn render(p: &Policy) -> Vec<String> {
    let numbered = p.versions.iter().enumerate();
    numbered.map(|(n, v)| version(p, v, n)).collect()
}

fn version(p: &Policy, v: &Version, number: usize) -> String {
    let mut t = String::new();
    let w = &mut t;
    let _ = writeln!(w, "政策 试行积分 《试行积分办法》 {{");
    let _ = writeln!(
        w,
        "  版本 {}\n  施行 {}\n  时区 Asia/Shanghai",
        v.name,
        Day(v.from)
    );
    if let Some(until) = v.until {
        let _ = writeln!(w, "  失效 {}", Day(until));
    }
    if p.uses_working_days() {
        let _ = writeln!(w, "  工作日历 中国");
    }
    let _ = match p.rule {
        RuleDate::Event => Ok(()),
        RuleDate::Entry => writeln!(w, "  按登记日"),
        RuleDate::Confirmation => writeln!(w, "  按确认日"),
    };
    for l in &v.header {
        let _ = writeln!(w, "  {}", line(l));
    }
    let _ = writeln!(w, "}}\n");
    let _ = writeln!(w, "名册 居民 {{");
    for (name, ty) in ATTRS {
        let moving = (*name == "联络").then_some(v.moving).flatten();
        let words = super::moves::write(moving);
        let _ = writeln!(w, "  {name}: {}{words}", field_type(*ty));
    }
    let _ = writeln!(w, "}}\n");
    for c in &p.currencies {
        currency(w, c, number);
    }
    for k in &p.kinds {
        kind(w, k);
    }
    for x in &v.params {
        let _ = write!(w, "参数 {} = {}", x.name, lit(x.first, x.unit));
        if !x.steps.is_empty() {
            let _ = write!(w, " {{");
            for (from, value) in &x.steps {
                let _ = write!(w, " 自 {} 起: {}", Day(*from), lit(value, x.unit));
            }
            let _ = write!(w, " }}");
        }
        let _ = writeln!(w);
    }
    super::closed::write(w, &v.follows);
    super::measures::write(w, &v.measures);
    for s in &v.scores {
        super::scores::write(w, s, v);
    }
    for s in &v.standings {
        super::standings_text::write(w, s);
    }
    for c in &v.categories {
        category(w, p, c, 0);
    }
    for s in &v.spends {
        item(w, p, s, "");
    }
    for c in &v.campaigns {
        super::campaigns::write(w, c);
    }
    for a in &v.allots {
        super::allots::write(w, p, a);
    }
    t
}

fn currency(w: &mut String, c: &Currency, version: usize) {
    let _ = writeln!(w, "积分 {} {{", c.name);
    if let Some((step, mode)) = c.precision {
        let _ = writeln!(w, "  精度 {step}分 {}", rounding(mode));
    }
    let _ = match c.floor {
        Floor::At(f) => writeln!(w, "  下限 {f}分"),
        Floor::Negative => writeln!(w, "  允许为负"),
        Floor::Owed => writeln!(w, "  从后续扣回"),
    };
    if let Some(most) = c.ceiling {
        let _ = writeln!(w, "  上限 {most}分");
    }
    for l in c.lives.iter().filter(|l| l.since <= version) {
        let _ = writeln!(w, "  {}", life(l));
    }
    let _ = match c.order {
        UseOrder::SoonestExpiry => Ok(()),
        UseOrder::Oldest => writeln!(w, "  支用 先得先用"),
        UseOrder::Newest => writeln!(w, "  支用 后得先用"),
    };
    let _ = writeln!(w, "}}");
}

pub(super) fn life(l: &Life) -> String {
    let word = if l.percent.is_some() {
        "衰减"
    } else {
        "到期"
    };
    let (when, often) = match l.due {
        LifeDue::Age {
            count,
            unit,
            month_end,
            through,
            clock,
            again,
        } => {
            let unit = age_unit(unit);
            let word = if through { "至" } else { "满" };
            let by = if clock { " 按时刻" } else { "" };
            let end = if month_end { " 月末" } else { "" };
            let often = again.map_or("一次".to_owned(), |n| format!("每 {n}{unit}"));
            (format!("逐笔 自 获得 {word} {count}{unit}{end}{by}"), often)
        }
        LifeDue::Date {
            date: (m, d),
            next,
            once,
        } => {
            let year = if next { "次年" } else { "每年" };
            let often = if once && !next { "一次" } else { "" };
            (format!("逐笔 {year} {m}月{d}日"), often.to_owned())
        }
        LifeDue::Idle {
            gains,
            spends,
            count: (count, unit),
            through,
            again,
        } => {
            let unit = age_unit(unit);
            let word = if through { "至" } else { "满" };
            let last = match (gains, spends) {
                (true, false) => "获得",
                (false, _) => "支用",
                (true, true) => "获得或支用",
            };
            let often = again.map_or("一次".to_owned(), |n| format!("每 {n}{unit}"));
            (format!("账户 自 末次{last} {word} {count}{unit}"), often)
        }
        LifeDue::Account((m, d)) => (format!("账户 每年 {m}月{d}日"), String::new()),
    };
    let text = match l.percent {
        None => format!("{word} {when}"),
        Some("50") => format!("{word} {when} 减半 {often}"),
        Some(p) => format!("{word} {when} 减 {p}% {often}"),
    };
    match l.when {
        Some((cmp, than)) => format!("{text} 当 余额() {} {than}分", compared(cmp)),
        None => text,
    }
}

fn age_unit(unit: AgeUnit) -> &'static str {
    match unit {
        AgeUnit::Months => "个月",
        AgeUnit::Days => "自然日",
        AgeUnit::WorkingDays => "个工作日",
    }
}

/// The word of a comparison.
pub(super) fn compared(cmp: Cmp) -> &'static str {
    match cmp {
        Cmp::Eq => "为",
        Cmp::Ne => "不为",
        Cmp::Ge => "不低于",
        Cmp::Gt => "超过",
        Cmp::Le => "不超过",
        Cmp::Lt => "不足",
    }
}

fn kind(w: &mut String, k: &Kind) {
    let monthly = if k.shape == Shape::Monthly {
        " 每月"
    } else {
        ""
    };
    let _ = writeln!(w, "记录 {} 对象 居民{monthly} {{", k.name);
    for (name, ty) in k.shape.fields() {
        let range = if *name == "分值" {
            " 1分 至 30分"
        } else {
            ""
        };
        let default = match ty {
            Ft::Num(unit) if k.default && *name == "次数" => format!(" 缺省 {}", lit("2", *unit)),
            _ => String::new(),
        };
        let _ = writeln!(w, "  {name}: {}{range}{default}", field_type(*ty));
    }
    if k.shape == Shape::Span {
        let word = match k.overlap {
            Overlap::Once => "计一次",
            Overlap::Each => "各计",
            Overlap::Reject => "拒收",
        };
        let _ = writeln!(w, "  重叠 {word}");
    }
    let _ = match k.at {
        At::Start => Ok(()),
        At::End => writeln!(w, "  时点 结束"),
        At::Entry => writeln!(w, "  时点 登记"),
        At::Field => writeln!(w, "  时点 认定"),
    };
    let _ = writeln!(w, "}}");
}

fn field_type(ty: Ft) -> String {
    match ty {
        Ft::Text => "文本".into(),
        Ft::Num(U::Pure) => "数".into(),
        Ft::Num(U::Percent) => "百分数".into(),
        Ft::Num(u) => unit(u).into(),
        Ft::YesNo => "是否".into(),
        Ft::Date => "日期".into(),
        Ft::Choice(words) => format!("选项（{}）", words.join("、")),
        Ft::Group => "组".into(),
        Ft::Ref => "居民".into(),
        Ft::Refs => "居民 多个".into(),
        Ft::Span => "时段".into(),
    }
}

fn category(w: &mut String, p: &Policy, c: &Category, depth: usize) {
    let pad = "  ".repeat(depth);
    let _ = writeln!(w, "{pad}类别 {} {{", c.name);
    if !c.credit.is_empty() {
        let names: Vec<_> = c
            .credit
            .iter()
            .filter_map(|i| p.currencies.get(*i))
            .map(|c| c.name)
            .collect();
        let _ = writeln!(w, "{pad}  计入 {}", names.join("、"));
    }
    for l in &c.lines {
        let _ = writeln!(w, "{pad}  {}", line(l));
    }
    for i in &c.items {
        item(w, p, i, &pad);
    }
    for inner in &c.inner {
        category(w, p, inner, depth + 1);
    }
    let _ = writeln!(w, "{pad}}}");
}

/// A spend in full or refused may as well be an entry of the catalogue, where that goes without saying.
fn reward(i: &Item) -> bool {
    let in_full = matches!(i.spend, Some((Spend::AllOrNothing, _)));
    in_full && i.give.is_none() && (i.lines.len() + i.requires.len()).is_multiple_of(2)
}

fn item(w: &mut String, p: &Policy, i: &Item, pad: &str) {
    let word = match (i.give.is_some(), i.spend.is_some()) {
        (true, _) => "转赠",
        (false, true) if reward(i) => "兑换",
        (false, true) => "支用",
        (false, false) => "项目",
    };
    let _ = writeln!(w, "{pad}  {word} {} {{", i.name);
    let name = |k: &usize| p.kinds.get(*k).map_or("?", |k| k.name);
    match &i.on {
        On::Kind(k, when) => {
            let _ = writeln!(w, "{pad}    凭 {}{}", name(k), tail(when.as_ref()));
        }
        On::Every(unit, at_start, row) => {
            let edge = if *at_start { " 期初" } else { "" };
            let _ = writeln!(w, "{pad}    周期 {}{edge}", period(*unit));
            if let Some(k) = row {
                let _ = writeln!(w, "{pad}    凭 {}", name(k));
            }
        }
    }
    super::joins::write(w, &i.joins, pad);
    for (c, hold) in &i.requires {
        let hold = match hold {
            None => "",
            Some(Hold::Whole) => " 整月在任",
            Some(Hold::FirstDay) => " 月初在任",
            Some(Hold::AnyDay) => " 当月曾任",
            Some(Hold::Prorated) => " 按日折算",
        };
        let _ = writeln!(w, "{pad}    条件 {}{hold}", cond(c));
    }
    if let Some((step, mode)) = i.precision {
        let _ = writeln!(w, "{pad}    精度 {step}分 {}", rounding(mode));
    }
    for l in &i.lines {
        let _ = match (l, i.spend) {
            (Line::Award(e, _), Some((_, c))) => {
                let from = p.currencies.get(c).map_or("", |c| c.name);
                writeln!(w, "{pad}    额 {} 从 {from}", value(e))
            }
            _ => writeln!(w, "{pad}    {}", line(l)),
        };
    }
    if let Some((e, by)) = &i.worth {
        let by = by.map_or(String::new(), |f| format!(" 记在 {f}"));
        let _ = writeln!(w, "{pad}    折合 {}{by}", value(e));
    }
    super::passes::write(w, p, &i.passes, pad);
    if let Some((mode, _)) = i.spend.filter(|_| !reward(i)) {
        let word = match mode {
            Spend::AllOrNothing => "全额或拒绝",
            Spend::Partial => "部分支用",
            Spend::Honoured => "已兑付",
        };
        let _ = writeln!(w, "{pad}    {word}");
    }
    if let Some(g) = i.give {
        let (dates, earns, uses) = (
            if g.keeps {
                "日期 保留"
            } else {
                "日期 重计"
            },
            if g.earns {
                "接收方 计获得"
            } else {
                "接收方 不计获得"
            },
            if g.uses {
                "视为使用"
            } else {
                "不视为使用"
            },
        );
        let _ = writeln!(
            w,
            "{pad}    转给 {}\n{pad}    {dates}\n{pad}    {earns}\n{pad}    {uses}",
            g.to
        );
    }
    let _ = writeln!(w, "{pad}  }}");
}

pub(super) fn tail(when: Option<&C>) -> String {
    when.map_or_else(String::new, |c| format!(" 当 {}", cond(c)))
}

/// One statement.
#[must_use]
pub fn line(l: &Line) -> String {
    match l {
        Line::Award(e, c) => format!("得 {}{}", value(e), tail(c.as_ref())),
        Line::Add(e, c) => format!("加 {}{}", value(e), tail(c.as_ref())),
        Line::Deduct(e, c) => format!("扣 {}{}", value(e), tail(c.as_ref())),
        Line::Multiply(e, t, c) => {
            let t = t
                .as_ref()
                .map_or_else(String::new, |t| format!(" {}", time(t)));
            format!("倍率 {}{t}{}", value(e), tail(c.as_ref()))
        }
        Line::Place => "倍率 活动".into(),
        Line::Stacking(s) => format!(
            "同时符合 {}",
            match s {
                Stacking::Product => "相乘",
                Stacking::Best => "取高",
                Stacking::Lowest => "取低",
                Stacking::SumOfExtras => "相加",
            }
        ),
        Line::Choose(c) => choice(c),
        Line::Cap(c) => cap(c),
        Line::Review(r) => review(r),
    }
}

fn choice(c: &Choice) -> String {
    let mut t = match c.pick {
        Pick::First => "择一 取先".to_owned(),
        Pick::Best(1) => "择一 取高".to_owned(),
        Pick::Best(n) => format!("择优 {n}次"),
    };
    if c.everyone {
        t += " 全体";
    }
    let keys: Vec<_> = c.group.into_iter().chain(c.key).collect();
    if !keys.is_empty() {
        let _ = write!(t, " 每 {}", keys.join("、"));
    }
    match c.window {
        W::Civil(u) => t + " " + period(u),
        W::YearOn(m, d) => format!("{t} 每年 自 {m}月{d}日"),
        W::OwnYear => t + " 每年 自 出生",
        W::Lifetime => t + " 终身",
        _ => t,
    }
}

pub(super) fn cap(c: &Cap) -> String {
    let mut t = "上限".to_owned();
    if c.everyone {
        t += " 全体";
    }
    let keys: Vec<_> = c.group.into_iter().chain(c.key).collect();
    if !keys.is_empty() {
        let _ = write!(t, " 每 {}", keys.join("、"));
    }
    let _ = match c.window {
        W::Occasion => write!(t, " 每次"),
        W::Civil(u) => write!(t, " {}", period(u)),
        W::Days(n) => write!(t, " 滚动 {n}天"),
        W::Weeks(n) => write!(t, " 滚动 {n}周"),
        W::Months(n) => write!(t, " 滚动 {n}个月"),
        W::YearOn(m, d) => write!(t, " 每年 自 {m}月{d}日"),
        W::OwnYear => write!(t, " 每年 自 出生"),
        W::Lifetime => write!(t, " 终身"),
        W::Unwritten => Ok(()),
        W::EachRun => write!(t, " 每期"),
        W::InCampaign => write!(t, " 活动期内"),
    };
    let _ = write!(t, " {}", value(&c.limit));
    t += match c.mode {
        CapMode::Clip => "",
        CapMode::Whole => " 整笔",
        CapMode::LastThrough => " 越线即止",
    };
    if c.net {
        t += " 计净";
    }
    t += match c.charge_final {
        None => "",
        Some(false) => " 计 过线",
        Some(true) => " 计 实得",
    };
    if let Some(f) = c.of {
        let _ = write!(t, " 计 {f}");
    }
    if let Some((name, counted)) = &c.exempt {
        let word = if *counted { "仍计入" } else { "不计入" };
        let _ = write!(t, " 除外 {name} {word}");
    }
    t + &tail(c.when.as_ref())
}

fn review(r: &Review) -> String {
    let mut t = format!("复核{} {{", tail(r.when.as_ref()));
    let days =
        |n: u32, working: bool| format!("{n}个{}", if working { "工作日" } else { "自然日" });
    if !r.confirm.is_empty() {
        let _ = write!(t, " 确认 {}", r.confirm.join("、"));
    }
    if let Some((n, working, from)) = r.publish {
        let from = match from {
            PublishFrom::LastConfirmation => "末次确认",
            PublishFrom::Event => "发生",
            PublishFrom::Entry => "登记",
        };
        let _ = write!(t, " 公示 {} 自 {from}", days(n, working));
    }
    match r.lapse {
        None => {}
        Some(None) => t += " 逾期 30个自然日 等待",
        Some(Some((n, working))) => {
            let _ = write!(t, " 逾期 {} 作废", days(n, working));
        }
    }
    if r.holds_room {
        t += " 待定 占上限";
    }
    t + " }"
}

pub(super) fn period(p: Period) -> &'static str {
    match p {
        Period::Day => "每日",
        Period::Week => "每周",
        Period::Month => "每月",
        Period::Quarter => "每季度",
        Period::HalfYear => "每半年",
        Period::Year => "每年",
    }
}

pub(super) fn rounding(r: Rounding) -> &'static str {
    match r {
        Rounding::HalfUp => "四舍五入",
        Rounding::Up => "进一",
        Rounding::Down => "舍去",
        Rounding::HalfEven => "四舍六入五成双",
    }
}
