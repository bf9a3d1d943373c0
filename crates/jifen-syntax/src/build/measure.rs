//! Measures: subject and period in the head, the value, when it is one at all.

use super::stmt::period;
use super::{Builder, P};
use crate::ast::{Expr, MeasureDecl, MeasureOf, Span};
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, text};

impl Builder<'_> {
    pub(super) fn measure(&mut self, pair: P<'_>) -> Option<MeasureDecl> {
        let (mut name, mut value) = (None, None);
        let (mut subject, mut every, mut least, mut valid) = (None, None, None, None);
        let mut of = None;
        let (mut precision, mut broken) = (None, false);
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::name => name = Some(self.name(&p)),
                Rule::value => value = Some(self.expr(p)),
                Rule::item_subject => {
                    let inner = p.into_inner().find(|n| n.as_rule() == Rule::name);
                    if let Some(n) = inner.map(|n| self.name(&n)) {
                        self.once(&mut subject, n, span);
                    }
                }
                Rule::cap_everyone | Rule::cap_per => {
                    let written = self.measure_of(p);
                    self.once(&mut of, written, span);
                }
                Rule::me_least => self.least(p, span, &mut least),
                Rule::precision_stmt => {
                    let written = self.precision(p);
                    self.once(&mut precision, written, span);
                }
                Rule::me_valid => self.valid(p, span, &mut valid),
                Rule::broken_measure => {
                    broken = true;
                    self.broken_measure(&p);
                }
                other => {
                    if let Some(word) = period(other) {
                        self.once(&mut every, (word, span), span);
                    }
                }
            }
        }
        Some(MeasureDecl {
            name: name?,
            subject,
            of,
            every,
            value: value?,
            precision,
            least,
            valid,
            score: None,
            broken,
        })
    }

    /// `每 社区`, `全体`
    pub(super) fn measure_of(&mut self, p: P<'_>) -> MeasureOf {
        let (span, everyone) = (self.span(&p), p.as_rule() == Rule::cap_everyone);
        let mut keys = Vec::new();
        if !everyone {
            self.per(p, &mut keys);
        }
        MeasureOf {
            everyone,
            keys,
            span,
        }
    }

    /// `至少 10件`
    pub(super) fn least(&mut self, p: P<'_>, span: Span, out: &mut Option<(Expr, Span)>) {
        if let Some(e) = p.into_inner().last().map(|q| self.expr(q)) {
            self.once(out, (e, span), span);
        }
    }

    /// `有效 当 …`
    pub(super) fn valid(&mut self, p: P<'_>, span: Span, out: &mut Option<(Expr, Span)>) {
        let when = p.into_inner().find(|w| w.as_rule() == Rule::when);
        let cond = when.and_then(|w| w.into_inner().find(|e| e.as_rule() == Rule::expr));
        if let Some(e) = cond.map(|e| self.expr(e)) {
            self.once(out, (e, span), span);
        }
    }

    /// What stands after the value and is not said so.
    fn broken_measure(&mut self, pair: &P<'_>) {
        let span = self.span(pair);
        let span = self.first_line(pair, span);
        let first = pair.clone().into_inner().next().map(|p| p.as_rule());
        let message = match first {
            Some(Rule::kw_me_least) => text!(
                zh = "“至少”后面写几件、几次或几人：至少 10件",
                en = "“at least” takes so many cases, times or people: at least 10 cases"
            ),
            Some(Rule::kw_me_valid) => text!(
                zh = "“有效”后面写“当”和条件：有效 当 计数(…) 不低于 10次",
                en = "“valid” takes “when” and a condition: valid when count(…) is not below 10 times"
            ),
            Some(Rule::kw_precision) => text!(
                zh = "“精度”后面写取到哪一位、怎么取整：精度 0.1% 四舍五入",
                en = "“precision” says to which digit and how: precision 0.1% half up"
            ),
            _ => text!(
                zh = "指标是一个数，后面不写比较：几件以上才算得数写 至少 10件，别的条件写 有效 当 …；够不够多少分写在看它的项目里（条件 … 不低于 95%）",
                en = "a measure is a number and compares with nothing: from how many on it is one is at least 10 cases, another condition valid when …; what it has to reach stands in the item that reads it (requires … not below 95%)"
            ),
        };
        self.push(Diagnostic::new(codes::INCOMPLETE, span, message));
    }
}
