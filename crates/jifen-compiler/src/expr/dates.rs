//! Days moved by months or days, sets of days and months, powers: `入住日 + 12个月`, `个数(日集(…) 并 日集(…))`, `乘方(…)`.

use jifen_calendar::Period;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{AggregateOf, Expr as Node, ExprId, SetOp, ShiftUnit};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{self, BinaryOp, DateSetExpr, DatesExpr, Expr, ExprKind, PowerExpr};

use super::{Checker, Kind, Scope, Val};
use crate::units::Tag;

/// As far as a day may be moved: a hundred years.
const MOST_MONTHS: i128 = 1_200;
const MOST_DAYS: i128 = 36_525;

impl Checker<'_> {
    /// `入住日 + 12个月`: the left side is a date.
    pub(super) fn shifted(
        &mut self,
        cx: Scope,
        (op, day): (BinaryOp, &Val),
        by: &Expr,
        span: Span,
    ) -> Option<Val> {
        let v = self.expr(cx, by)?;
        let n = self.constant(v.id).and_then(Decimal::to_i128);
        let unit = match (op, &v.kind) {
            (BinaryOp::Add | BinaryOp::Sub, Kind::Num(_, Tag::Months)) => {
                Some((ShiftUnit::Months, MOST_MONTHS))
            }
            (BinaryOp::Add | BinaryOp::Sub, Kind::Num(_, Tag::Days)) => {
                Some((ShiftUnit::Days, MOST_DAYS))
            }
            _ => None,
        };
        let fits = |most: i128| n.filter(|n| n.abs() <= most);
        let Some((unit, n)) = unit.and_then(|(unit, most)| Some((unit, fits(most)?))) else {
            let working = matches!(v.kind, Kind::Num(_, Tag::WorkingDays));
            self.sink.push(Diagnostic::new(
                codes::TYPE_MISMATCH,
                span,
                match working {
                    true => text!(
                        zh = "日期只能加减自然日或月，不能加减工作日",
                        en = "a date is moved by calendar days or months, not by working days"
                    ),
                    false => text!(
                        zh = "日期只能加减整数的天、月或年，一百年以内，如 入住日 + 12个月、日期 - 30天；两个日期相距几天，写 距(晚的日期, 早的日期)",
                        en = "a date is moved by whole days, months or years, up to a hundred years, as in moved_in + 12 months or date - 30 days; the days between two dates are elapsed(later, earlier)"
                    ),
                },
            ));
            return None;
        };
        let n = if op == BinaryOp::Sub { -n } else { n };
        let node = Node::Shift(day.id, i32::try_from(n).unwrap_or(0), unit);
        Some(self.node(node, Kind::Date, span))
    }

    /// `个数(…)`, `最长连续(…)`.
    pub(super) fn dates(&mut self, cx: Scope, d: &DatesExpr, span: Span) -> Option<Val> {
        let (set, unit) = self.date_set(cx, &d.of)?;
        let node = match d.run {
            true => Node::SetRun(set),
            false => Node::SetSize(set),
        };
        let tag = match unit {
            Period::Day => Tag::Days,
            _ => Tag::Months,
        };
        Some(self.node(node, Kind::Num(Dim::PURE, tag), span))
    }

    fn date_set(&mut self, cx: Scope, set: &DateSetExpr) -> Option<(ExprId, Period)> {
        match set {
            DateSetExpr::Of(e) => {
                let ExprKind::Aggregate(a) = &e.kind else {
                    return None;
                };
                let v = self.aggregate_or_set(cx, a, e.span)?;
                match (self.exprs.get(v.id).aggregate()?.what, a.word.1) {
                    (AggregateOf::Set(unit), _) => Some((v.id, unit)),
                    (_, at) => {
                        self.sink.push(Diagnostic::new(
                            codes::WRONG_ARGUMENTS,
                            at,
                            text!(
                                zh = "个数、最长连续数的是日集或月集：个数(日集(志愿 在 本月))",
                                en = "size and longest_run count sets of days or months: size(day_set(service in this month))"
                            ),
                        ));
                        None
                    }
                }
            }
            DateSetExpr::Both(op, a, b, span) => {
                let (a, b) = (self.date_set(cx, a), self.date_set(cx, b));
                let ((a, of), (b, other)) = (a?, b?);
                if of != other {
                    self.sink.push(Diagnostic::new(
                        codes::TYPE_MISMATCH,
                        *span,
                        text!(
                            zh = "日集和月集不能放在一起：两边都写日集，或都写月集",
                            en = "a set of days and a set of months do not go together: write day_set on both sides, or month_set"
                        ),
                    ));
                    return None;
                }
                let op = match op {
                    ast::SetOp::Common => SetOp::Common,
                    ast::SetOp::Either => SetOp::Either,
                    ast::SetOp::Without => SetOp::Without,
                };
                let set = self.node(Node::SetOf(op, a, b), Kind::Periods(of), *span);
                Some((set.id, of))
            }
        }
    }

    /// `乘方(底, 指数 精度 0.01 四舍五入)`.
    pub(super) fn power(&mut self, cx: Scope, p: &PowerExpr, span: Span) -> Option<Val> {
        let base = self.numeric(cx, &p.base);
        let exponent = self.numeric(cx, &p.exponent);
        let precision = match &p.precision {
            Some(written) => {
                let made = crate::resolve::precision(written, written.step.span, &mut self.sink);
                Some(made?)
            }
            None => {
                self.digits_unstated(p, span);
                None
            }
        };
        let ((base, db, _), (exponent, de, _)) = (base?, exponent?);
        for (v, dim) in [(&base, db), (&exponent, de)] {
            let counted = v.id == exponent.id && dim == Dim::TIMES;
            if !dim.is_pure() && !counted {
                self.sink.push(Diagnostic::new(
                    codes::UNIT_MISMATCH,
                    v.span,
                    text!(
                        zh = "乘方的底和指数是没有单位的数；单位写在外面：10分 × 乘方(…)",
                        en = "base and exponent of a power have no unit; write the unit outside: 10 points * power(…)"
                    ),
                ));
                return None;
            }
        }
        let most = Decimal::from_int(i64::from(jifen_quantity::MAX_EXPONENT));
        let fixed = self.constant(exponent.id);
        let too_large = fixed.is_some_and(|n| n > most || most.checked_neg().is_ok_and(|m| n < m));
        if too_large || !self.is_whole(cx, exponent.id) {
            self.sink.push(Diagnostic::new(
                codes::EXPONENT_NOT_WHOLE,
                exponent.span,
                text!(
                    zh = "指数要总是 −100 到 100 的整数：写整数、计数、周岁、天数、“整”的字段，或用整除取整",
                    en = "the exponent is always a whole number from −100 to 100: a whole constant, a count, years of age, days, a whole field, or make it whole by div"
                ),
            ));
            return None;
        }
        let node = Node::Power(base.id, exponent.id, precision?);
        Some(self.node(node, Kind::Num(Dim::PURE, Tag::Plain), span))
    }

    /// 乘方, 个数 and 最长连续 have forms of their own; what is not of that form is read as any function's call.
    pub(super) fn of_dates_misread(&mut self, f: &ast::Name, span: Span) -> bool {
        let usage = match f.text.as_str() {
            "乘方" | "幂" | "power" => text!(
                zh = "“乘方”要这样写：乘方(底, 指数 精度 0.01 四舍五入)",
                en = "“power” is written so: power(base, exponent precision 0.01 half up)"
            ),
            "个数" | "最长连续" | "size" | "longest_run" => text!(
                zh = "个数、最长连续数的是日集或月集：个数(日集(志愿 在 本月))；个数也数名册里写着“多个”的一栏有几个人；数记录有几条写 计数(志愿 在 本月)",
                en = "size and longest_run count sets of days or months: size(day_set(service in this month)); size also counts whom an attribute declared “several” names; how many facts there are is count(service in this month)"
            ),
            _ => return false,
        };
        self.sink
            .push(Diagnostic::new(codes::WRONG_ARGUMENTS, span, usage));
        true
    }

    fn digits_unstated(&mut self, p: &PowerExpr, span: Span) {
        let words = [
            ("精度 0.01 四舍五入", "precision 0.01 half up"),
            ("精度 0.0001 四舍五入", "precision 0.0001 half up"),
        ];
        let d = Diagnostic::new(
            codes::POWER_DIGITS_UNSTATED,
            span,
            text!(
                zh = "乘方的小数会越来越长，保留几位没有写明。1.05 的 10 次方：精度 0.01 四舍五入 是 1.63，精度 0.0001 四舍五入 是 1.6289；乘 1000分 就是 1630分 和 1628.9分",
                en = "a power has more and more digits, and how many are kept is open. 1.05 to the 10th: precision 0.01 half up gives 1.63, precision 0.0001 half up 1.6289; times 1000 points that is 1630 and 1628.9 points"
            ),
        );
        let d = self.sink.each(d, (p.close.at_start(), " ", ""), &words);
        self.sink.push(d);
    }

    /// Is the number whole, whatever the facts are? Then 80 至 89 and 90 至 100 touch, and it can be an exponent.
    pub(super) fn is_whole(&self, cx: Scope, id: ExprId) -> bool {
        let whole = |e: ExprId| self.is_whole(cx, e);
        let is = |n: Decimal| n.scale() == 0;
        match self.exprs.get(id) {
            Node::IntDiv(..) | Node::Age(..) | Node::DatePart(..) => true,
            Node::SetSize(_) | Node::SetRun(_) | Node::HowMany(_) => true,
            Node::Since(a, _) => self.exprs.ty(*a) == jifen_plan::Ty::Date,
            Node::Aggregate(a) => matches!(
                a.what,
                AggregateOf::Count | AggregateOf::Distinct | AggregateOf::Streak(_)
            ),
            Node::Field(f) => {
                let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
                let field = kind.and_then(|k| k.fields.get(f.ix()));
                field.is_some_and(|f| f.whole)
            }
            Node::Param(p) => self.w.params.get(p.ix()).is_some_and(|p| {
                let steps = p.steps.iter().map(|s| s.1);
                steps.chain([p.first]).all(is)
            }),
            Node::Neg(a) => whole(*a),
            Node::Add(a, b) | Node::Sub(a, b) | Node::Mul(a, b) => whole(*a) && whole(*b),
            Node::Clamp { low, high, of } => low.iter().chain(high).chain([of]).all(|e| whole(*e)),
            Node::Select { rows, rest, .. } => rows.iter().map(|r| r.1).chain(*rest).all(whole),
            Node::Bands { below, rows, .. } => rows.iter().map(|r| r.1).chain([*below]).all(whole),
            Node::First { rows, rest } => rows.iter().map(|r| r.1).chain([*rest]).all(whole),
            _ => self.constant(id).is_some_and(is),
        }
    }
}
