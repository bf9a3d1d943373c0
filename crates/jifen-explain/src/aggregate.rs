//! Aggregates in words: `计数(志愿 当 时长 不低于 2小时 在 本月 不含本条)`, and how their values are shown.

use jifen_calendar::Period;
use jifen_plan::{Aggregate, AggregateOf, Expr, Over};
use jifen_quantity::Dim;

use crate::quantity::Show;
use crate::words::{Scope, Words};

impl Words<'_> {
    /// The words for what stands inside: fields are those of the counted record.
    fn counted(&self, a: &Aggregate) -> Words<'_> {
        Words {
            scope: Scope {
                kind: Some(a.kind),
                around: self.scope.kind,
                ..self.scope
            },
            ..*self
        }
    }

    /// `本条.活动`: a field of the fact being scored.
    pub(crate) fn this(&self, e: jifen_plan::ExprId) -> String {
        let outer = Words {
            scope: Scope {
                kind: self.scope.around,
                around: None,
                ..self.scope
            },
            ..*self
        };
        match self.plan.exprs.get(e) {
            Expr::PeriodStart | Expr::PeriodEnd => outer.text(e),
            _ => format!("{}.{}", self.pick("本条", "this fact"), outer.text(e)),
        }
    }

    /// How the value of an aggregate is shown.
    pub(crate) fn show_aggregate(&self, a: &Aggregate) -> Show {
        match (a.what, a.value) {
            (AggregateOf::Count | AggregateOf::Distinct, _) => Show::Dim(Dim::TIMES),
            (AggregateOf::Share, _) => Show::Percent,
            (AggregateOf::Streak(Period::Day | Period::Week), _) => Show::Days,
            (AggregateOf::Streak(_) | AggregateOf::Set(_), _) => Show::Months,
            (_, Some(value)) => self.counted(a).show(value),
            (_, None) => Show::Raw,
        }
    }

    /// The aggregate in the words of the language.
    pub(crate) fn aggregate(&self, a: &Aggregate) -> String {
        let inner = self.counted(a);
        let kind = self.plan.kinds.get(a.kind.ix());
        let mut text = kind.map_or_else(|| "?".to_owned(), |k| k.name.clone());
        if let Some(value) = a.value {
            text = format!("{text}.{}", inner.text(value));
        }
        let mut parts = vec![text];
        if let AggregateOf::Streak(unit) = a.what {
            parts.push(self.every(unit).to_owned());
        }
        if let Some(n) = a.best {
            let times = if n == 1 { "time" } else { "times" };
            let (zh, en) = (format!("最好 {n}次"), format!("best {n} {times}"));
            parts.push(self.lang.pick(zh, en));
        }
        if let Some(when) = a.when {
            parts.push(format!("{} {}", self.pick("当", "when"), inner.text(when)));
        }
        parts.push(match a.over {
            Over::Between(..) => self.over(a.over),
            over => format!("{} {}", self.pick("在", "in"), self.over(over)),
        });
        // Only events have a fact being scored; rows of a period are read at its close.
        let own = self.scope.kind == Some(a.kind) && kind.is_some_and(|k| k.period.is_none());
        if a.with_this {
            parts.push(self.pick("含本条", "including this").to_owned());
        } else if own && !matches!(a.over, Over::Before(..)) {
            parts.push(self.pick("不含本条", "excluding this").to_owned());
        }
        format!("{}({})", self.aggregate_word(a.what), parts.join(" "))
    }

    fn aggregate_word(&self, what: AggregateOf) -> &'static str {
        match what {
            AggregateOf::Count => self.pick("计数", "count"),
            AggregateOf::Distinct => self.pick("去重计数", "distinct"),
            AggregateOf::Sum => self.pick("合计", "sum"),
            AggregateOf::Mean => self.pick("平均", "mean"),
            AggregateOf::Share => self.pick("占比", "share"),
            AggregateOf::Max => self.pick("最大", "max"),
            AggregateOf::Min => self.pick("最小", "min"),
            AggregateOf::First => self.pick("最早", "earliest"),
            AggregateOf::Last => self.pick("最近", "latest"),
            AggregateOf::Streak(_) => self.pick("连续", "streak"),
            AggregateOf::Set(Period::Day) => self.pick("日集", "day_set"),
            AggregateOf::Set(_) => self.pick("月集", "month_set"),
        }
    }

    /// The window: `本月`, `此前 6个月`, `滚动 30天`, `终身`.
    fn over(&self, over: Over) -> String {
        let lang = self.lang;
        match over {
            Over::Between(from, to) => format!(
                "{} {} {} {}",
                self.pick("自", "from"),
                self.text(from),
                self.pick("至", "to"),
                self.text(to)
            ),
            Over::Lifetime => self.pick("终身", "lifetime").to_owned(),
            Over::Current(p) => match p {
                Period::Day => self.pick("本日", "this day"),
                Period::Week => self.pick("本周", "this week"),
                Period::Month => self.pick("本月", "this month"),
                Period::Quarter => self.pick("本季度", "this quarter"),
                Period::HalfYear => self.pick("本半年", "this half-year"),
                Period::Year => self.pick("本年", "this year"),
            }
            .to_owned(),
            Over::Before(Period::Week, 1) => self.pick("上周", "last week").to_owned(),
            Over::Before(Period::Month, 1) => self.pick("上月", "last month").to_owned(),
            Over::Before(Period::Quarter, 1) => self.pick("上季度", "last quarter").to_owned(),
            Over::Before(Period::Year, 1) => self.pick("上年", "last year").to_owned(),
            Over::Before(p, n) => {
                let (zh, en, n) = match p {
                    Period::Day => ("天", "day", u64::from(n)),
                    Period::Week => ("周", "week", u64::from(n)),
                    Period::Month => ("个月", "month", u64::from(n)),
                    Period::Quarter => ("个季度", "quarter", u64::from(n)),
                    // No word makes these; months would begin elsewhere.
                    Period::HalfYear => ("个半年", "half-year", u64::from(n)),
                    Period::Year => ("年", "year", u64::from(n)),
                };
                let s = if n == 1 { "" } else { "s" };
                lang.pick(format!("此前 {n}{zh}"), format!("previous {n} {en}{s}"))
            }
            Over::RollingDays(n) => {
                let s = if n == 1 { "" } else { "s" };
                lang.pick(format!("滚动 {n}天"), format!("rolling {n} day{s}"))
            }
            Over::RollingMonths(n) => {
                let s = if n == 1 { "" } else { "s" };
                lang.pick(format!("滚动 {n}个月"), format!("rolling {n} month{s}"))
            }
        }
    }

    pub(crate) fn every(&self, unit: Period) -> &'static str {
        match unit {
            Period::Day => self.pick("每日", "per day"),
            Period::Week => self.pick("每周", "per week"),
            Period::Month => self.pick("每月", "per month"),
            Period::Quarter => self.pick("每季度", "per quarter"),
            Period::HalfYear => self.pick("每半年", "per half-year"),
            Period::Year => self.pick("每年", "per year"),
        }
    }
}
