//! `上月(响应率) 缺省 80%`: what a measure came to in its last period that is over (S28, S32).

use jifen_calendar::Period;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Earlier, Expr as Node, MeasureIx};
use jifen_syntax::ast::{ClosedExpr, Expr, ExprKind};

use crate::expr::{Checker, Kind, Making, Scope, Val};
use crate::resolve::{every, period};

impl Checker<'_> {
    /// A closed period, and what stands in for a value that there is not.
    pub(crate) fn closed(&mut self, cx: Scope, c: &ClosedExpr, span: Span) -> Option<Val> {
        if let Some(stood) = self.closed_standing(cx, c, span) {
            return stood;
        }
        let default = c.default.as_ref().map(|d| (self.expr(cx, d), d.span));
        let (ix, at) = self.closed_name(cx, &c.of)?;
        let name = self.w.measures.get(ix.ix())?.decl.name.text.clone();
        let (roster, unit) = self.measure_head(ix)?;
        let place = (self.single_facts(cx, &name)).or_else(|| self.anothers(cx, roster, &name));
        if let Some(message) = place {
            self.sink
                .push(Diagnostic::new(codes::MEASURE_PLACE, at, message));
            return None;
        }
        self.word_fits(c, unit, &name)?;
        if !self.groups_agree(cx, ix, at)? {
            return None;
        }
        let open = !self.measuring.is_empty() || !self.following.is_empty();
        let kind = match &default {
            // It says of what kind the measure is, before that is known: measures may read each other's past.
            Some((d, at)) if open => {
                let kind = d.as_ref()?.kind.clone();
                self.taken_for.push((ix, kind.clone(), *at, self.plain));
                kind
            }
            _ if self.measuring.contains(&Making::Measure(ix)) => {
                match self.following.is_empty() {
                    true => self.no_start(ix, span),
                    false => self.follow_circle(0, span),
                }
                return None;
            }
            _ => self.measure(ix)?.1,
        };
        let kind = self.unitless(kind);
        let node = Node::Earlier(Earlier {
            measure: ix,
            back: 1,
        });
        let value = self.node(node, kind.clone(), span);
        let Some((d, at)) = default else {
            return Some(value);
        };
        let d = d?;
        self.same_kind(&kind, &d.kind, at, &name)?;
        let missing = self.node(Node::IsMissing(value.id), Kind::YesNo, span);
        let node = Node::First {
            rows: vec![(missing.id, d.id)],
            rest: value.id,
        };
        Some(self.node(node, kind, span))
    }

    /// The measure, or part of a score, that is named in the brackets.
    fn closed_name(&mut self, cx: Scope, of: &Expr) -> Option<(MeasureIx, Span)> {
        if let Some(found) = self.measure_named(cx, of) {
            return Some(found);
        }
        let known = match &of.kind {
            ExprKind::Broken => return None,
            ExprKind::Name(n) => self.name(cx, n).is_some(),
            ExprKind::Member(score, n) => match self.part_of_score(cx, score, n) {
                Some(part) => {
                    let v = self.w.versions.get(cx.version)?;
                    match self.w.part_unknown(v, &part) {
                        Some(said) => {
                            said.into_iter().for_each(|d| self.sink.push(d));
                            false
                        }
                        None => true,
                    }
                }
                None => true,
            },
            _ => true,
        };
        if known {
            self.aggregate_form(
                of.span,
                "括号里只写一个指标、考评或者考评里的一项：上月(响应率)、上季度(季评.服务)；要统计以前的记录，写 计数(… 在 上月)",
                "in the brackets stands one measure, score or part of a score: last month(response_rate), last quarter(review.service); facts of before are counted by count(… in last month)",
            );
        }
        None
    }

    /// 上月 of a measure per month; 上期 of any.
    pub(super) fn word_fits(&mut self, c: &ClosedExpr, unit: Period, name: &str) -> Option<()> {
        let Some(said) = c.word.0.map(period).filter(|said| *said != unit) else {
            return Some(());
        };
        let (each, right, wrong) = (every(unit), last(unit), last(said));
        let (zh, en) = (
            format!(
                "“{name}”是{}的，没有“{}”的值；它的前一期写 {}(…)",
                each.0, wrong.0, right.0
            ),
            format!(
                "“{name}” is {}, and has no value of {}; the period before is {}(…)",
                each.1, wrong.1, right.1
            ),
        );
        let fix = self.sink.lang.pick(right.0, right.1);
        self.sink.push(
            Diagnostic::new(codes::CLOSED_WORD, c.word.1, jifen_diag::Text::new(zh, en)).fix(
                c.word.1,
                fix,
                text!(zh = "它的前一期", en = "the period before"),
            ),
        );
        None
    }

    /// What stands in for a value is of its kind.
    pub(super) fn same_kind(
        &mut self,
        of: &Kind,
        default: &Kind,
        at: Span,
        name: &str,
    ) -> Option<()> {
        let same = match (of, default) {
            (Kind::Num(a, _), Kind::Num(b, _)) => a == b,
            (a, b) => a.ty() == b.ty(),
        };
        if same {
            return Some(());
        }
        let (a, b) = (of.text(), default.text());
        self.sink.push(Diagnostic::new(
            codes::UNIT_MISMATCH,
            at,
            jifen_diag::Text::new(
                format!("“{name}”是{}，缺省写的是{}", a.zh, b.zh),
                format!("“{name}” is {}, the default is {}", a.en, b.en),
            ),
        ));
        None
    }

    /// Were measures what their readers took them for? Asked when none is open any more.
    pub(super) fn look_again(&mut self) {
        while self.measuring.is_empty()
            && self.following.is_empty()
            && let Some((ix, kind, at, plain)) = self.taken_for.pop()
        {
            let name = self.w.measures.get(ix.ix());
            let name = name.map_or(String::new(), |m| m.decl.name.text.clone());
            if let Some((_, made)) = self.measure(ix) {
                let outside = std::mem::replace(&mut self.plain, plain);
                let made = self.unitless(made);
                self.same_kind(&made, &kind, at, &name);
                self.plain = outside;
            }
        }
    }

    /// A measure that reads its own past, and does not say what stands before its first period.
    fn no_start(&mut self, ix: MeasureIx, span: Span) {
        let from = self
            .measuring
            .iter()
            .position(|m| *m == Making::Measure(ix))
            .unwrap_or(0);
        let ring = self.ring(from);
        self.sink.push(
            Diagnostic::new(
                codes::CLOSED_START,
                span,
                text!(
                    zh = "指标看自己以前的值（{ring}），最早的一期以前没有值，从那里起每一期都会无值；写上 缺省 …",
                    en = "a measure reads its own past (“{ring}”); before its first period there is no value, and so there would be none in any: say “default …”"
                ),
            )
            .help(text!(
                zh = "例如：… + (上月(…) 缺省 0次)，最早一期以前当作 0",
                en = "for example: … + (last month(…) default 0 times), 0 before the first period"
            )),
        );
    }
}

/// The word for the period before.
fn last(unit: Period) -> (&'static str, &'static str) {
    match unit {
        Period::Day => ("昨日", "yesterday"),
        Period::Week => ("上周", "last week"),
        Period::Month => ("上月", "last month"),
        Period::Quarter => ("上季度", "last quarter"),
        Period::HalfYear => ("上个半年", "last half-year"),
        Period::Year => ("上年", "last year"),
    }
}
