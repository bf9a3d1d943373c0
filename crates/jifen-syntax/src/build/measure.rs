//! Measures: subject and period in the head, the value, when it is one at all.

use super::stmt::period;
use super::{Builder, P};
use crate::ast::MeasureDecl;
use crate::grammar::Rule;

impl Builder<'_> {
    pub(super) fn measure(&mut self, pair: P<'_>) -> Option<MeasureDecl> {
        let (mut name, mut value) = (None, None);
        let (mut subject, mut every, mut least, mut valid) = (None, None, None, None);
        let mut precision = None;
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
                Rule::me_least => {
                    let quantity = p.into_inner().last();
                    if let Some(e) = quantity.map(|q| self.expr(q)) {
                        self.once(&mut least, (e, span), span);
                    }
                }
                Rule::precision_stmt => {
                    let written = self.precision(p);
                    self.once(&mut precision, written, span);
                }
                Rule::me_valid => {
                    let when = p.into_inner().find(|w| w.as_rule() == Rule::when);
                    let cond =
                        when.and_then(|w| w.into_inner().find(|e| e.as_rule() == Rule::expr));
                    if let Some(e) = cond.map(|e| self.expr(e)) {
                        self.once(&mut valid, (e, span), span);
                    }
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
            every,
            value: value?,
            precision,
            least,
            valid,
        })
    }
}
