//! `上月(响应率) 缺省 80%`: what a measure came to in its last period that is over.

use super::aggregate::lookback;
use super::{Builder, P};
use crate::ast::{ClosedExpr, EarnedExpr, ExprKind, Name, OverWord, SourceName};
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, text};

impl Builder<'_> {
    pub(super) fn closed(&mut self, pair: P<'_>) -> ExprKind {
        let (mut word, mut of, mut default) = (None, None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::closed_head => {
                    if let Some(w) = p.into_inner().next() {
                        let unit = match lookback(w.as_rule()) {
                            Some(OverWord::Before(_, unit)) => Some(unit),
                            _ => None,
                        };
                        word = Some((unit, self.span(&w)));
                    }
                }
                Rule::arith => of = Some(self.arith(p)),
                Rule::or_default => {
                    let operand = p.into_inner().find(|o| o.as_rule() == Rule::operand);
                    default = operand.map(|o| self.expr(o));
                }
                _ => {}
            }
        }
        match (word, of) {
            (Some(word), Some(of)) => ExprKind::Closed(Box::new(ClosedExpr { word, of, default })),
            _ => ExprKind::Broken,
        }
    }

    /// `获得(积分 来自 志愿服务)`
    pub(super) fn earned(&mut self, pair: P<'_>) -> ExprKind {
        let (mut function, mut of, mut word) = (None, None, None);
        let mut from = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::earned_head => {
                    function = p.into_inner().next().and_then(|f| {
                        let text = super::keyword(f.as_rule())?.zh.to_owned();
                        let span = self.span(&f);
                        Some(Name { text, span })
                    });
                }
                Rule::earned_of => of = p.into_inner().next().map(|n| self.name(&n)),
                Rule::kw_me_from => word = Some(self.span(&p)),
                Rule::source => from.extend(self.source(p)),
                _ => {}
            }
        }
        match (function, word) {
            (Some(function), Some(word)) => ExprKind::Earned(Box::new(EarnedExpr {
                function,
                of,
                from,
                word,
            })),
            _ => ExprKind::Broken,
        }
    }

    fn source(&mut self, pair: P<'_>) -> Option<SourceName> {
        let (mut category, mut name) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::source_kind => {
                    if let Some(k) = p.into_inner().next() {
                        category = Some((k.as_rule() == Rule::kw_d_category, self.span(&k)));
                    }
                }
                Rule::word => name = Some(self.name(&p)),
                _ => {}
            }
        }
        let name = name?;
        Some(SourceName { category, name })
    }

    /// `甲 ÷ 上月(乙) 缺省 0`: of 乙, or of the whole? Brackets say it.
    pub(super) fn defaults_alone(&mut self, arith: &P<'_>) {
        let operands: Vec<P<'_>> = arith
            .clone()
            .into_inner()
            .filter(|p| p.as_rule() == Rule::operand)
            .collect();
        for operand in &operands {
            let mut inside = operand.clone().into_inner();
            let negated = operand.as_str().starts_with(['-', '－', '−', '–']);
            let Some(closed) = inside.find(|p| p.as_rule() == Rule::closed) else {
                continue;
            };
            let mut parts = closed.clone().into_inner();
            let default = parts.find(|p| p.as_rule() == Rule::or_default);
            let Some(default) = default.filter(|_| operands.len() > 1 || negated) else {
                continue;
            };
            let (all, at) = (self.span(&closed), self.span(&default));
            let written = self.original.get(all.range()).unwrap_or("").trim_end();
            let fix = format!("({written})");
            self.push(
                Diagnostic::new(
                    codes::CLOSED_DEFAULT_OPEN,
                    at,
                    text!(
                        zh = "“缺省”代替的是哪一段没有写明：只代替前面这一个，还是整个式子？甲上月无值、乙上月 4：上月(乙) + (上月(甲) 缺省 0) 是 4；整个式子要另取一个值，写 取先 {{ 当 … 缺失: … }}",
                        en = "what “default” stands for is open: this one value, or all of it? With a without a value and b at 4, default 0: last month(b) + (last month(a) default 0) is 4; for all of it, write first {{ when … is missing: … }}"
                    ),
                )
                .fix(
                    all,
                    fix,
                    text!(zh = "只代替这一个：加上括号", en = "for this one: put it in brackets"),
                ),
            );
        }
    }
}
