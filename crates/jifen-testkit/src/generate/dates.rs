//! Aggregates, sets of days, days that are moved, powers: their text, and the second lowering of what is new with them.

use std::fmt::Write as _;

use jifen_calendar::Period;
use jifen_plan::{
    Aggregate, AggregateOf, Expr, ExprId, KindIx, Over, Precision, SetOp, ShiftUnit, Ty, Value,
};
use jifen_quantity::{Decimal, Dim, Rounding};

use super::lower::{Lowering, ix, number};
use super::text::{KINDS, operand, period, rounding, tail};
use super::tree::*;

/// An aggregate.
pub(super) fn aggregate(a: &Agg) -> String {
    let word = match a.what {
        AggregateOf::Count => "计数",
        AggregateOf::Distinct => "去重计数",
        AggregateOf::Sum => "合计",
        AggregateOf::Mean => "平均",
        AggregateOf::Share => "占比",
        AggregateOf::Max => "最大",
        AggregateOf::Min => "最小",
        AggregateOf::First => "最早",
        AggregateOf::Last => "最近",
        AggregateOf::Streak(_) => "连续",
        AggregateOf::Set(Period::Day) => "日集",
        AggregateOf::Set(_) => "月集",
    };
    let mut t = format!("{word}({}", KINDS.get(a.kind).unwrap_or(&"?"));
    t += &match a.of {
        None => String::new(),
        Some(Of::Field(f)) => format!(".{f}"),
        Some(Of::Length) => ".起止.时长".into(),
    };
    if let Some(weight) = &a.weight {
        let _ = write!(t, " × {}", operand(weight));
    }
    if let Some(n) = a.best {
        let _ = write!(t, " 最好 {n}次");
    }
    if let AggregateOf::Streak(unit) = a.what {
        let _ = write!(t, " {}", period(unit));
    }
    t += &tail(a.when.as_ref());
    let this = |p| match p {
        Period::Day => "本日",
        Period::Week => "本周",
        Period::Month => "本月",
        Period::Quarter => "本季度",
        Period::HalfYear => "本半年",
        Period::Year => "本年",
    };
    let _ = match a.over {
        _ if a.ends.is_some() => match &a.ends {
            Some((from, to)) => write!(t, " 自 {} 至 {}", day(from), day(to)),
            None => Ok(()),
        },
        Over::Between(..) => write!(t, " 在 ?"),
        Over::Current(p) => write!(t, " 在 {}", this(p)),
        Over::Before(Period::Day, n) => write!(t, " 在 此前 {n}天"),
        Over::Before(Period::Week, 1) => write!(t, " 在 上周"),
        Over::Before(Period::Week, n) => write!(t, " 在 此前 {n}周"),
        Over::Before(Period::Month, 1) => write!(t, " 在 上月"),
        Over::Before(Period::Month, n) => write!(t, " 在 此前 {n}个月"),
        Over::Before(Period::Quarter, 1) => write!(t, " 在 上季度"),
        Over::Before(Period::Quarter, n) => write!(t, " 在 此前 {n}个季度"),
        Over::Before(Period::HalfYear, _) => write!(t, " 在 ?"),
        Over::Before(Period::Year, 1) => write!(t, " 在 上年"),
        Over::Before(Period::Year, n) => write!(t, " 在 此前 {n}年"),
        Over::RollingDays(n) => write!(t, " 在 滚动 {n}天"),
        Over::RollingMonths(n) => write!(t, " 在 滚动 {n}个月"),
        Over::Lifetime => write!(t, " 在 终身"),
    };
    t += match a.this {
        None => "",
        Some(true) => " 含本条",
        Some(false) => " 不含本条",
    };
    t + ")"
}

/// `个数(…)`, `最长连续(…)`.
pub(super) fn counted(run: bool, of: &Set) -> String {
    let word = if run { "最长连续" } else { "个数" };
    format!("{word}({})", set(of))
}

fn set(s: &Set) -> String {
    let side = |s: &Set| match s {
        Set::Of(_) => set(s),
        Set::Both(..) => format!("({})", set(s)),
    };
    match s {
        Set::Of(a) => aggregate(a),
        Set::Both(op, a, b) => {
            let word = match op {
                SetOp::Common => "交",
                SetOp::Either => "并",
                SetOp::Without => "减",
            };
            format!("{} {word} {}", side(a), side(b))
        }
    }
}

fn day(d: &D) -> String {
    let from = match &d.from {
        DayOf::Event => "日期".to_owned(),
        DayOf::Born => "出生".to_owned(),
        DayOf::Opens => "期初".to_owned(),
        DayOf::Closes => "期末".to_owned(),
        DayOf::Last(a) => aggregate(a),
    };
    let Some((n, unit)) = d.by else {
        return from;
    };
    let sign = if n < 0 { '-' } else { '+' };
    let unit = match unit {
        ShiftUnit::Months => "个月",
        ShiftUnit::Days => "天",
    };
    format!("{from} {sign} {}{unit}", n.unsigned_abs())
}

/// `乘方(…)`.
pub(super) fn power(base: &E, exponent: &E, step: &str, mode: Rounding) -> String {
    let (base, exponent) = (operand(base), operand(exponent));
    let mode = rounding(mode);
    format!("乘方({base}, {exponent} 精度 {step} {mode})")
}

/// A weight by years.
pub(super) fn faded(period: bool) -> String {
    let to = if period { "期末" } else { "本条.日期" };
    format!("按 周岁(日期, {to}) 分档 {{ 不满 1: 1 满 1: 0.5 }}")
}

impl Lowering<'_> {
    /// S19b: fields inside are those of the counted record; 本条 only where it can be one of those counted.
    pub(super) fn aggregate(&mut self, a: &Agg) -> (ExprId, Dim) {
        let ends = a.ends.as_ref().map(|(a, b)| (self.day(a), self.day(b)));
        let around = self.kind.replace(a.kind);
        let mut value = a.of.map(|of| match of {
            Of::Field(name) => self.field(name),
            Of::Length => self.add(Expr::SpanSeconds, Dim::DURATION),
        });
        if let (Some(v), Some(weight)) = (value, &a.weight) {
            let weight = self.expr(weight).0;
            value = Some(self.add(Expr::Mul(v.0, weight), v.1));
        }
        let when = a.when.as_ref().map(|w| self.cond(w));
        self.kind = around;
        let shape = self.policy.kinds.get(a.kind).map(|k| k.shape);
        let over = match ends {
            Some((from, to)) => Over::Between(from, to),
            None => a.over,
        };
        let can = around == Some(a.kind)
            && shape != Some(Shape::Monthly)
            && !matches!(over, Over::Before(..));
        let dim = match a.what {
            AggregateOf::Count | AggregateOf::Distinct => Dim::TIMES,
            AggregateOf::Share | AggregateOf::Streak(_) => Dim::PURE,
            _ => value.map_or(Dim::PURE, |v| v.1),
        };
        let ty = match (a.what, value) {
            (AggregateOf::First | AggregateOf::Last, None) => Ty::Date,
            (AggregateOf::First | AggregateOf::Last, Some(v)) => self.exprs.ty(v.0),
            (AggregateOf::Set(unit), _) => Ty::Periods(unit),
            _ => Ty::Num(dim),
        };
        let node = Aggregate {
            what: a.what,
            kind: KindIx(ix(a.kind)),
            value: value.map(|v| v.0),
            when,
            over,
            with_this: can && a.this == Some(true),
            best: a.best,
        };
        (self.exprs.add(Expr::Aggregate(Box::new(node)), ty), dim)
    }

    fn day(&mut self, d: &D) -> ExprId {
        let from = match &d.from {
            DayOf::Event => self.exprs.add(Expr::EventDay, Ty::Date),
            DayOf::Born => self.expr(&E::Attr("出生")).0,
            DayOf::Opens => self.exprs.add(Expr::PeriodStart, Ty::Date),
            DayOf::Closes => self.exprs.add(Expr::PeriodEnd, Ty::Date),
            DayOf::Last(a) => self.aggregate(a).0,
        };
        match d.by {
            Some((n, unit)) => self.exprs.add(Expr::Shift(from, n, unit), Ty::Date),
            None => from,
        }
    }

    fn set(&mut self, s: &Set) -> (ExprId, Period) {
        match s {
            Set::Of(a) => {
                let unit = match a.what {
                    AggregateOf::Set(unit) => unit,
                    _ => Period::Day,
                };
                (self.aggregate(a).0, unit)
            }
            Set::Both(op, a, b) => {
                let ((a, unit), (b, _)) = (self.set(a), self.set(b));
                let node = Expr::SetOf(*op, a, b);
                (self.exprs.add(node, Ty::Periods(unit)), unit)
            }
        }
    }

    /// Sets, powers and weights by years.
    pub(super) fn of_dates(&mut self, e: &E) -> (ExprId, Dim) {
        let node = match e {
            E::Dates(run, set) => {
                let (set, _) = self.set(set);
                match run {
                    true => Expr::SetRun(set),
                    false => Expr::SetSize(set),
                }
            }
            E::Power(base, exponent, step, mode) => {
                let (base, exponent) = (self.expr(base).0, self.expr(exponent).0);
                let step = number(step, U::Pure);
                Expr::Power(base, exponent, Precision { step, mode: *mode })
            }
            E::Faded(period) => {
                let end = match period {
                    true => Expr::PeriodEnd,
                    false => Expr::EventDay,
                };
                let own = self.exprs.add(end, Ty::Date);
                let own = self.exprs.add(Expr::This(own), Ty::Date);
                let day = self.exprs.add(Expr::EventDay, Ty::Date);
                let of = self.add(Expr::Age(day, own), Dim::PURE).0;
                let half = Decimal::new(5, 1).unwrap_or_default();
                let mut constant = |n| self.add(Expr::Const(Value::Num(n)), Dim::PURE).0;
                Expr::Bands {
                    of,
                    below: constant(Decimal::ONE),
                    rows: vec![(Decimal::ONE, constant(half))],
                    reaches: true,
                }
            }
            _ => Expr::Const(Value::Num(Decimal::ZERO)),
        };
        self.add(node, Dim::PURE)
    }
}
