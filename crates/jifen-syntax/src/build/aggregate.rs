//! `计数(志愿 当 … 在 本月)`: the parts of an aggregate, in whatever order they stand.

use super::stmt::period;
use super::{Builder, P};
use crate::ast::{
    AggregateExpr, AggregateWord, DateSetExpr, DatesExpr, Expr, ExprKind, OverWord, PeriodWord,
    PowerExpr, SetOp, Span, Unit,
};
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, text};

impl Builder<'_> {
    pub(super) fn aggregate(&mut self, pair: P<'_>) -> ExprKind {
        let (mut word, mut of) = (None, None);
        let mut close = self.span(&pair).at_end();
        let (mut unit, mut when, mut over, mut this) = (None, None, None, None);
        let (mut best, mut skip) = (None, None);
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::aggregate_head => {
                    word = p
                        .into_inner()
                        .next()
                        .and_then(|w| Some((aggregate_word(w.as_rule())?, self.span(&w))));
                }
                Rule::rparen => close = span,
                Rule::aggregate_of => of = Some(self.arith(p)),
                Rule::best_of => {
                    let n = p.into_inner().find(|n| n.as_rule() != Rule::kw_best_of);
                    if let Some(n) = n {
                        let n = self.expr(n);
                        self.once(&mut best, (n, span), span);
                    }
                }
                Rule::when => {
                    if let Some(e) = self.when(p) {
                        self.once(&mut when, e, span);
                    }
                }
                Rule::between_days => {
                    let ends = p.into_inner().filter(|e| e.as_rule() == Rule::arith);
                    let ends: Vec<Expr> = ends.map(|e| self.expr(e)).collect();
                    if let Ok([from, to]) = <[Expr; 2]>::try_from(ends) {
                        let word = OverWord::Between(Box::new(from), Box::new(to));
                        self.once(&mut over, (word, span), span);
                    }
                }
                Rule::over => {
                    if let Some(w) = self.over(p, span) {
                        self.once(&mut over, (w, span), span);
                    }
                }
                Rule::this_one => {
                    let with = p.into_inner().any(|w| w.as_rule() == Rule::kw_with_this);
                    self.once(&mut this, (with, span), span);
                }
                Rule::skipped_part => self.once(&mut skip, ((), span), span),
                Rule::streak_unit => {
                    if let Some(u) = p.into_inner().find_map(|w| period(w.as_rule())) {
                        self.once(&mut unit, (u, span), span);
                    }
                }
                _ => {}
            }
        }
        match (word, of) {
            (Some(word), Some(of)) => ExprKind::Aggregate(Box::new(AggregateExpr {
                word,
                of,
                unit,
                best,
                when,
                over,
                this,
                skip,
                close,
            })),
            _ => ExprKind::Broken,
        }
    }

    /// The record and the members after it.
    pub(super) fn counted(&mut self, pair: P<'_>) -> Expr {
        let span = self.span(&pair);
        let mut out: Option<Expr> = None;
        for p in pair.into_inner() {
            let at = self.span(&p);
            if p.as_rule() == Rule::member {
                let name = p
                    .into_inner()
                    .find(|m| m.as_rule() == Rule::member_name)
                    .map(|m| self.name(&m));
                if let (Some(base), Some(name)) = (out.take(), name) {
                    let both = base.span.to(at);
                    out = Some(Expr {
                        kind: ExprKind::Member(Box::new(base), name),
                        span: both,
                    });
                }
            } else {
                let name = self.name(&p);
                out = Some(Expr {
                    kind: ExprKind::Name(name),
                    span: at,
                });
            }
        }
        out.unwrap_or(Expr {
            kind: ExprKind::Broken,
            span,
        })
    }

    fn over(&mut self, pair: P<'_>, span: Span) -> Option<OverWord> {
        let (mut out, mut previous) = (None, false);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_previous => previous = true,
                Rule::kw_lifetime => out = Some(OverWord::Lifetime),
                Rule::quantity | Rule::han_quantity => {
                    let q = self.quantity(p);
                    let n = q.digits.parse::<u32>().ok().filter(|n| *n > 0);
                    out = n.and_then(|n| q.unit.and_then(|u| so_many(n, u, previous)));
                    if out.is_none() {
                        self.push(Diagnostic::new(
                            codes::BAD_NUMBER,
                            span,
                            match previous {
                                true => text!(
                                    zh = "“此前”要写整数的天、周、个月、季度或年，例：此前 6个月",
                                    en = "“previous” needs whole days, weeks, months, quarters or years, as in: previous 6 months"
                                ),
                                false => text!(
                                    zh = "滚动要写整数的天、周或个月，例：滚动 30天",
                                    en = "rolling needs whole days, weeks or months, as in: rolling 30 days"
                                ),
                            },
                        ));
                    }
                }
                other => {
                    if let Some(word) = lookback(other) {
                        out = Some(word);
                    }
                }
            }
        }
        out
    }
}

impl Builder<'_> {
    /// `个数(…)`, `最长连续(…)`.
    pub(super) fn dates(&mut self, pair: P<'_>) -> ExprKind {
        let (mut run, mut of) = (false, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::dates_head => run = p.into_inner().any(|w| w.as_rule() == Rule::kw_n_run),
                Rule::date_set => of = self.date_set(p),
                _ => {}
            }
        }
        of.map_or(ExprKind::Broken, |of| {
            ExprKind::Dates(Box::new(DatesExpr { run, of }))
        })
    }

    /// `个数(家长)`.
    pub(super) fn how_many(&mut self, pair: P<'_>) -> ExprKind {
        let list = pair.into_inner().find(|p| p.as_rule() == Rule::counted);
        list.map_or(ExprKind::Broken, |l| {
            ExprKind::HowMany(Box::new(self.counted(l)))
        })
    }

    /// One sign throughout: `甲 并 乙 减 丙` without brackets could be read two ways.
    fn date_set(&mut self, pair: P<'_>) -> Option<DateSetExpr> {
        let span = self.span(&pair);
        let (mut out, mut op): (Option<DateSetExpr>, Option<SetOp>) = (None, None);
        let (mut many, mut seen) = (0_usize, None);
        for p in pair.into_inner() {
            let at = self.span(&p);
            let next = match p.as_rule() {
                Rule::date_op => {
                    op = p.into_inner().find_map(|w| set_op(w.as_rule()));
                    if seen.is_some() && seen != op {
                        self.push(
                            Diagnostic::new(
                                codes::MIXED_SETS,
                                at,
                                text!(
                                    zh = "交、并、减混在一起，先算哪个没有写明：{{1日、2日}} 并 {{3日}} 减 {{1日、3日}}，先并再减剩 2日，先减再并是 1日和 2日",
                                    en = "intersect, union and minus are mixed without brackets: {{1, 2}} union {{3}} minus {{1, 3}} leaves 2 from the left, and 1 and 2 if minus comes first"
                                ),
                            )
                            .help(text!(
                                zh = "把先算的放进括号，如 个数((甲 并 乙) 减 丙)",
                                en = "put what comes first into brackets, as in size((a union b) minus c)"
                            )),
                        );
                        return None;
                    }
                    seen = op;
                    continue;
                }
                Rule::date_set => self.date_set(p)?,
                Rule::aggregate => DateSetExpr::Of(self.expr(p)),
                _ => continue,
            };
            many += 1;
            if many > 32 {
                self.push(crate::parse::too_deep(span));
                return None;
            }
            out = Some(match (out.take(), op) {
                (Some(before), Some(op)) => {
                    DateSetExpr::Both(op, Box::new(before), Box::new(next), span)
                }
                _ => next,
            });
        }
        out
    }

    /// `乘方(底, 指数 精度 …)`.
    pub(super) fn power(&mut self, pair: P<'_>) -> ExprKind {
        let mut close = self.span(&pair).at_end();
        let (mut values, mut precision) = (Vec::new(), None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::arith => values.push(self.expr(p)),
                Rule::precision_stmt => precision = Some(self.precision(p)),
                Rule::rparen => close = self.span(&p),
                _ => {}
            }
        }
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (Some(base), Some(exponent)) => ExprKind::Power(Box::new(PowerExpr {
                base,
                exponent,
                precision,
                close,
            })),
            _ => ExprKind::Broken,
        }
    }
}

fn set_op(rule: Rule) -> Option<SetOp> {
    Some(match rule {
        Rule::kw_n_common => SetOp::Common,
        Rule::kw_n_either => SetOp::Either,
        Rule::kw_n_without => SetOp::Without,
        _ => return None,
    })
}

fn so_many(n: u32, unit: Unit, previous: bool) -> Option<OverWord> {
    Some(match (unit, previous) {
        (Unit::Days | Unit::CalendarDays, true) => OverWord::Before(n, PeriodWord::Day),
        (Unit::Weeks, true) => OverWord::Before(n, PeriodWord::Week),
        (Unit::Months, true) => OverWord::Before(n, PeriodWord::Month),
        (Unit::Quarters, true) => OverWord::Before(n, PeriodWord::Quarter),
        (Unit::Years, true) => OverWord::Before(n, PeriodWord::Year),
        (Unit::Days | Unit::CalendarDays, false) => OverWord::RollingDays(n),
        (Unit::Weeks, false) => OverWord::RollingDays(n.checked_mul(7)?),
        (Unit::Months, false) => OverWord::RollingMonths(n),
        _ => return None,
    })
}

pub(super) fn lookback(rule: Rule) -> Option<OverWord> {
    Some(match rule {
        Rule::kw_k_day => OverWord::This(PeriodWord::Day),
        Rule::kw_k_week => OverWord::This(PeriodWord::Week),
        Rule::kw_k_month => OverWord::This(PeriodWord::Month),
        Rule::kw_k_quarter => OverWord::This(PeriodWord::Quarter),
        Rule::kw_k_half_year => OverWord::This(PeriodWord::HalfYear),
        Rule::kw_k_year => OverWord::This(PeriodWord::Year),
        Rule::kw_k_last_day => OverWord::Before(1, PeriodWord::Day),
        Rule::kw_k_last_half_year => OverWord::Before(1, PeriodWord::HalfYear),
        Rule::kw_k_last_week => OverWord::Before(1, PeriodWord::Week),
        Rule::kw_k_last_month => OverWord::Before(1, PeriodWord::Month),
        Rule::kw_k_last_quarter => OverWord::Before(1, PeriodWord::Quarter),
        Rule::kw_k_last_year => OverWord::Before(1, PeriodWord::Year),
        _ => return None,
    })
}

fn aggregate_word(rule: Rule) -> Option<AggregateWord> {
    Some(match rule {
        Rule::kw_g_count => AggregateWord::Count,
        Rule::kw_g_distinct => AggregateWord::Distinct,
        Rule::kw_g_sum => AggregateWord::Sum,
        Rule::kw_g_mean => AggregateWord::Mean,
        Rule::kw_g_share => AggregateWord::Share,
        Rule::kw_g_max => AggregateWord::Max,
        Rule::kw_g_min => AggregateWord::Min,
        Rule::kw_g_first => AggregateWord::First,
        Rule::kw_g_last => AggregateWord::Last,
        Rule::kw_g_streak => AggregateWord::Streak,
        Rule::kw_g_days => AggregateWord::Days,
        Rule::kw_g_months => AggregateWord::Months,
        _ => return None,
    })
}
