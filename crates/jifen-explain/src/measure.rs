//! Measures in a statement: what each came to in each period, how, or why it is no value (S28).

use jifen_calendar::Period;
use jifen_data::{Failure, MeasureRun, Measured, Missing, Trace, group_word};
use jifen_diag::Lang;
use jifen_plan::{Earlier, Expr, ExprId, Measure, OfMembers, OverMembers, Plan};
use jifen_quantity::Decimal;

use crate::assemble::Sources;
use crate::build::{At, Builder};
use crate::parts::missing_name;
use crate::quantity::{Show, quantity, scale, shown, unit, value_text};
use crate::render::{line, widths};
use crate::statement::{MeasureLine, Statement};
use crate::words::{Scope, Words};

/// The measures of an account.
pub(crate) fn lines(from: &Sources<'_>, trace: &Trace, lang: Lang) -> Vec<MeasureLine> {
    let runs = trace.measures.iter();
    runs.filter_map(|run| one(from, run, lang)).collect()
}

fn one(from: &Sources<'_>, run: &MeasureRun, lang: Lang) -> Option<MeasureLine> {
    let came_to = &run.came_to;
    let measure = from.plan.measures.get(came_to.measure.ix())?;
    let Expr::Measure(_, value, valid) = *from.plan.exprs.get(measure.node) else {
        return None;
    };
    let words = words(from.plan, measure, lang);
    let build = Builder {
        words,
        nodes: &run.nodes,
    };
    let at = At(run.nodes.len());
    let (first, after) = measure.unit.bounds(came_to.first);
    let mut out = MeasureLine {
        measure: measure.name.clone(),
        group: came_to.group.map(|code| {
            let word = group_word((measure.roster, measure.of), from.rosters, code);
            word.map_or_else(|| lang.pick("全体", "everyone").to_owned(), str::to_owned)
        }),
        from: first.to_string(),
        to: after.add_days(-1).to_string(),
        value: None,
        unit: String::new(),
        text: String::new(),
        calcs: Vec::new(),
    };
    match &came_to.value {
        Measured::Value(n) => {
            let (number, unit) = measured_number(from.plan, measure, *n, lang);
            (out.value, out.unit) = (Some(number), unit);
            out.text = shown(*n, words.show(measure.node), lang);
            out.calcs = build.calcs(value, at);
        }
        Measured::NoValue(Missing::NoValue(of)) if *of == came_to.measure => {
            out.text = not_valid(&build, valid?, at, lang);
        }
        Measured::NoValue(why) => out.text = no_value(&words, why, lang),
        Measured::Failed(why) => {
            let why = match why {
                Failure::DivisionByZero => lang.pick("除以零", "division by zero"),
                Failure::BeyondCalendar => lang.pick("日期超出日历", "a day beyond the calendar"),
                _ => lang.pick("数字过大", "a number too large"),
            };
            out.text = lang.pick(format!("算不出：{why}"), format!("failed: {why}"));
        }
    }
    Some(out)
}

fn words<'a>(plan: &'a Plan, measure: &Measure, lang: Lang) -> Words<'a> {
    let scope = Scope::of_measure(measure);
    Words { plan, scope, lang }
}

/// The value of a measure with its unit, as it is printed.
#[must_use]
pub fn measured_text(plan: &Plan, measure: &Measure, value: Decimal, lang: Lang) -> String {
    shown(value, words(plan, measure, lang).show(measure.node), lang)
}

/// The value of a measure as a number, and its unit: durations in hours (rounded to 18 digits), ratios as such, without a unit.
#[must_use]
pub fn measured_number(
    plan: &Plan,
    measure: &Measure,
    value: Decimal,
    lang: Lang,
) -> (Decimal, String) {
    let show = words(plan, measure, lang).show(measure.node);
    let number = match scale(show) {
        1 => value,
        n => value.div(Decimal::from_int(i64::from(n))).unwrap_or(value),
    };
    let unit = match show {
        Show::Dim(dim) => unit(dim, false, lang),
        Show::Days => lang.pick("日", "days").to_owned(),
        Show::Months => lang.pick("个月", "months").to_owned(),
        Show::Years => lang.pick("岁", "years").to_owned(),
        Show::Percent | Show::Pieces | Show::Raw => String::new(),
    };
    (number, unit)
}

/// `无值：计数(诉求 在 本月) 7次，要 计数(诉求 在 本月) 不低于 10次`
fn not_valid(build: &Builder<'_>, valid: ExprId, at: At, lang: Lang) -> String {
    let plan = build.words.plan;
    let mut found = Vec::new();
    let mut todo = vec![valid];
    while let Some(id) = todo.pop() {
        let node = plan.exprs.get(id);
        let counted = node.aggregate().is_some()
            || matches!(
                node,
                Expr::Measure(..)
                    | Expr::Shared(_)
                    | Expr::OverMembers(_)
                    | Expr::Members(_)
                    | Expr::OverPeriods(_)
                    | Expr::Earlier(_)
            );
        if let (true, Some(n)) = (counted, build.num(id, at)) {
            let value = quantity(n, build.words.show(id), None, lang);
            let told = format!("{} {}", build.words.text(id), value.text);
            if !found.contains(&told) {
                found.push(told);
            }
        } else if !counted {
            todo.extend(node.operands());
        }
    }
    found.reverse();
    let asked = build.words.text(valid);
    let found = found.join(lang.pick("，", ", "));
    lang.pick(
        format!("无值：{found}；要 {asked} 才算"),
        format!("no value: {found}; it is one when {asked}"),
    )
}

fn no_value(words: &Words<'_>, why: &Missing, lang: Lang) -> String {
    let name = missing_name(words, why);
    match why {
        Missing::NoFact(_) => lang.pick(
            format!("无值：这段时间里没有“{name}”"),
            format!("no value: there is no “{name}” in the window"),
        ),
        Missing::NoEarlier(_) => lang.pick(
            format!("无值：“{name}”前一期无值"),
            format!("no value: “{name}” had none in the period before"),
        ),
        Missing::NoValue(_) | Missing::NoStanding(_) => lang.pick(
            format!("无值：“{name}”这一期无值"),
            format!("no value: “{name}” has none in this period"),
        ),
        _ => lang.pick(
            format!("无值：缺 {name}"),
            format!("no value: {name} is missing"),
        ),
    }
}

/// The measures, each period in a line, below it how it was computed.
pub(crate) fn render(s: &Statement, lang: Lang, out: &mut String) {
    if s.measures.is_empty() {
        return;
    }
    out.push_str(lang.pick("指标：\n", "Measures:\n"));
    let called = |m: &MeasureLine| match &m.group {
        Some(group) => lang.pick(
            format!("{}（{group}）", m.measure),
            format!("{} ({group})", m.measure),
        ),
        None => m.measure.clone(),
    };
    let row = |m: &MeasureLine| vec![period(m, lang), called(m), m.text.clone()];
    let rows: Vec<_> = s.measures.iter().map(row).collect();
    // What there is to say of those without a value is long: the numbers alone stand in a column.
    let short = s
        .measures
        .iter()
        .zip(&rows)
        .filter(|(m, _)| m.value.is_some());
    let short: Vec<Vec<String>> = short.map(|(_, r)| r.clone()).collect();
    let mut widths = widths(&rows);
    if let (Some(last), Some(w)) = (widths.last_mut(), crate::render::widths(&short).last()) {
        *last = *w;
    }
    for (m, row) in s.measures.iter().zip(&rows) {
        line(row, &widths, out);
        for calc in &m.calcs {
            out.push_str(&format!("      {}\n", calc.text));
        }
    }
}

fn period(m: &MeasureLine, lang: Lang) -> String {
    match m.from == m.to {
        true => m.from.clone(),
        false => lang.pick(
            format!("{} 至 {}", m.from, m.to),
            format!("{} to {}", m.from, m.to),
        ),
    }
}

impl Words<'_> {
    /// `合计(个人分)`
    pub(crate) fn over_members(&self, o: OverMembers) -> String {
        let name = self.plan.measures.get(o.measure.ix());
        let name = name.map_or("?", |m| m.name.as_str());
        let skip = match o.skip {
            true => self.lang.pick(" 缺项 略过", " missing part skipped"),
            false => "",
        };
        let what = match o.what {
            OfMembers::Sum => self.lang.pick("合计", "sum"),
            OfMembers::Mean => self.lang.pick("平均", "mean"),
            OfMembers::Max => self.lang.pick("最大", "max"),
            OfMembers::Min => self.lang.pick("最小", "min"),
            OfMembers::Count => self.lang.pick("计数", "count"),
        };
        format!("{what}({name}{skip})")
    }

    /// `计数(居民 当 …)`
    pub(crate) fn members(&self, when: Option<ExprId>) -> String {
        let roster = self
            .scope
            .roster
            .and_then(|r| self.plan.rosters.get(r.ix()));
        let name = roster.map_or("?", |r| r.name.as_str());
        let count = self.lang.pick("计数", "count");
        match when {
            None => format!("{count}({name})"),
            Some(when) => {
                let word = self.lang.pick("当", "when");
                format!("{count}({name} {word} {})", self.text(when))
            }
        }
    }

    /// `上月(响应率)`
    pub(crate) fn earlier(&self, e: Earlier) -> String {
        let Some(m) = self.plan.measures.get(e.measure.ix()) else {
            return "?".to_owned();
        };
        format!("{}({})", self.period_before(m.unit), m.name)
    }

    /// The word for the last period that is over.
    pub(crate) fn period_before(&self, unit: Period) -> &'static str {
        let (zh, en) = match unit {
            Period::Day => ("昨日", "yesterday"),
            Period::Week => ("上周", "last week"),
            Period::Month => ("上月", "last month"),
            Period::Quarter => ("上季度", "last quarter"),
            Period::HalfYear => ("上个半年", "last half-year"),
            Period::Year => ("上年", "last year"),
        };
        self.lang.pick(zh, en)
    }

    /// Is this choice a value of a closed period, with what stands in for it?
    pub(crate) fn defaulted(&self, rows: &[(ExprId, ExprId)], rest: ExprId) -> bool {
        let [(when, _)] = rows else { return false };
        matches!(
            self.plan.exprs.get(rest),
            Expr::Earlier(_) | Expr::Standing(_)
        ) && *self.plan.exprs.get(*when) == Expr::IsMissing(rest)
    }

    /// `上月(响应率) 缺省 80%`
    pub(crate) fn with_default(&self, rows: &[(ExprId, ExprId)], rest: ExprId) -> Option<String> {
        let (_, other) = rows.first().filter(|_| self.defaulted(rows, rest))?;
        let word = self.lang.pick("缺省", "default");
        let other = match self.plan.exprs.get(*other) {
            Expr::Const(v) => value_text(v, self.show_beside(*other, rest), self.lang),
            _ => self.text(*other),
        };
        Some(format!("{} {word} {other}", self.text(rest)))
    }
}
