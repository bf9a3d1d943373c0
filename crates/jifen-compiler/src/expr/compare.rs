//! Comparisons: numbers of one unit, days, instants, texts; option words stand by bare name beside a choice.

use jifen_diag::{Diagnostic, Span, codes, suggest, text};
use jifen_plan::{Cmp, Expr as Node, FieldType, Value};
use jifen_syntax::ast::{CompareOp, Expr, ExprKind, Name};

use super::{Checker, Kind, Scope, Val};
use crate::constant;

impl Checker<'_> {
    pub(super) fn compare(
        &mut self,
        cx: Scope,
        op: CompareOp,
        a: &Expr,
        b: &Expr,
        span: Span,
    ) -> Option<Val> {
        if matches!(op, CompareOp::Eq | CompareOp::Ne) && self.names_days(cx, b) {
            let v = self.expr(cx, a)?;
            if v.kind == Kind::Date {
                let hit = self.among_days(cx, &v, a, std::slice::from_ref(b), span)?;
                return Some(match op {
                    CompareOp::Eq => hit,
                    _ => self.node(Node::Not(hit.id), Kind::YesNo, span),
                });
            }
        }
        if let Some(levels) = self.grade_compared(cx, op, (a, b), span) {
            return levels;
        }
        let (x, y) = self.sides(cx, a, b)?;
        self.comparable(op, (a, &x), (b, &y), span)?;
        Some(self.node(Node::Compare(cmp_of(op), x.id, y.id), Kind::YesNo, span))
    }

    /// Both sides, where one may be an option word of the other.
    fn sides(&mut self, cx: Scope, a: &Expr, b: &Expr) -> Option<(Val, Val)> {
        let word_first = matches!(&a.kind, ExprKind::Name(n) if !self.has_value(cx, &n.text))
            && !matches!(&b.kind, ExprKind::Name(n) if !self.has_value(cx, &n.text));
        if word_first {
            let y = self.expr(cx, b)?;
            let x = self.beside(cx, a, &y.kind)?;
            return Some((x, y));
        }
        let x = self.expr(cx, a);
        let Some(x) = x else {
            // The other side is still looked at, unless it may be an option word.
            if !matches!(b.kind, ExprKind::Name(_)) {
                self.expr(cx, b);
            }
            return None;
        };
        let y = self.beside(cx, b, &x.kind)?;
        Some((x, y))
    }

    /// An expression that stands beside a value of some kind: option words and texts take their sense from it.
    pub(crate) fn beside(&mut self, cx: Scope, e: &Expr, kind: &Kind) -> Option<Val> {
        match kind {
            Kind::Choice(words) => self.option(cx, e, words),
            Kind::Text | Kind::Group => match &e.kind {
                ExprKind::Name(n) if !self.has_value(cx, &n.text) => {
                    let known = self
                        .version(cx)
                        .is_some_and(|v| v.names.contains_key(&n.text));
                    if known {
                        return self.expr(cx, e);
                    }
                    self.no_name_beside_text(cx, n);
                    None
                }
                _ => self.expr(cx, e),
            },
            Kind::Subject(r) => {
                if let ExprKind::Text(t) = &e.kind {
                    let v = Value::Text(t.clone());
                    return Some(self.node(Node::Const(v), Kind::Subject(*r), e.span));
                }
                self.expr(cx, e)
            }
            _ => self.expr(cx, e),
        }
    }

    /// A name that nothing declares, where a text is wanted: misspelt, or a text without its quotes.
    fn no_name_beside_text(&mut self, cx: Scope, n: &Name) {
        if self.declaration_is_damaged(cx, Some(n)) || self.sink.may_be_lost(n) {
            return;
        }
        let quoted = format!("“{}”", n.text);
        let d = Diagnostic::new(
            codes::UNKNOWN_NAME,
            n.span,
            text!(
                zh = "这里没有叫{quoted}的字段、属性或参数；要是文字，就加引号：{quoted}",
                en = "no field, attribute or parameter here is called {quoted}; if it is a text, it stands in quotes: {quoted}"
            ),
        );
        let names = self.value_names(cx);
        let d = match suggest(&n.text, names.iter().map(String::as_str)) {
            Some(s) => d.help(text!(
                zh = "要是写错的名称，是不是“{s}”？",
                en = "if it is a misspelt name, did you mean “{s}”?"
            )),
            None => d,
        };
        let note = text!(zh = "加引号", en = "add the quotes");
        self.sink.push(d.fix(n.span, quoted, note));
    }

    /// An option word beside a choice.
    fn option(&mut self, cx: Scope, e: &Expr, words: &[String]) -> Option<Val> {
        let kind = Kind::Choice(words.to_vec());
        let Some(word) = constant::word(e) else {
            return self.expr(cx, e);
        };
        if words.contains(&word) {
            return Some(self.node(Node::Const(Value::Text(word)), kind, e.span));
        }
        if let ExprKind::Name(n) = &e.kind
            && self.has_value(cx, &n.text)
        {
            return self.expr(cx, e);
        }
        self.sink.push(constant::option_error(e, &word, words));
        None
    }

    fn comparable(
        &mut self,
        op: CompareOp,
        (a, x): (&Expr, &Val),
        (b, y): (&Expr, &Val),
        span: Span,
    ) -> Option<()> {
        let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
        match (&x.kind, &y.kind) {
            (Kind::Num(dx, tx), Kind::Num(dy, ty)) => self
                .same_unit((a, *dx, *tx), (b, *dy, *ty), "相比", "compared")
                .map(|_| ()),
            (Kind::Date, Kind::Date) | (Kind::Instant, Kind::Instant) => Some(()),
            (
                Kind::Text | Kind::Choice(_) | Kind::Group,
                Kind::Text | Kind::Choice(_) | Kind::Group,
            )
            | (Kind::YesNo, Kind::YesNo)
                if !ordered =>
            {
                Some(())
            }
            (Kind::Subject(p), Kind::Subject(q)) if !ordered && p == q => Some(()),
            (p, q) => {
                let (p, q) = (p.text(), q.text());
                let d = if ordered && p == q {
                    jifen_diag::Text::new(
                        format!("{0}没有大小，只能问“为”或“不为”", p.zh),
                        format!("{0} has no order: ask “is” or “is not”", p.en),
                    )
                } else {
                    jifen_diag::Text::new(
                        format!("{0}和{1}不能相比", p.zh, q.zh),
                        format!("{0} and {1} cannot be compared", p.en, q.en),
                    )
                };
                self.sink
                    .push(Diagnostic::new(codes::TYPE_MISMATCH, span, d));
                None
            }
        }
    }

    /// `x 介于 a 至 b`, both included.
    pub(super) fn between(
        &mut self,
        cx: Scope,
        x: &Expr,
        a: &Expr,
        b: &Expr,
        span: Span,
    ) -> Option<Val> {
        let low = self.compare(cx, CompareOp::Ge, x, a, span);
        let high = self.compare(cx, CompareOp::Le, x, b, span);
        let (low, high) = (low?, high?);
        let ends = |v: &Val| match self.exprs.get(v.id) {
            Node::Compare(_, _, c) => self.constant(*c),
            _ => None,
        };
        if let (Some(p), Some(q)) = (ends(&low), ends(&high))
            && p > q
        {
            let at = a.span.to(b.span);
            self.sink.push(crate::resolve::reversed(at, &self.sink));
            return None;
        }
        Some(self.node(Node::And(low.id, high.id), Kind::YesNo, span))
    }

    /// `x 属于（a、b）`.
    pub(super) fn one_of(
        &mut self,
        cx: Scope,
        x: &Expr,
        words: &[Expr],
        span: Span,
    ) -> Option<Val> {
        if let [list] = words
            && self.is_several(cx, list)
        {
            return self.among(cx, x, list, span);
        }
        let v = self.expr(cx, x)?;
        if v.kind == Kind::Date {
            return self.among_days(cx, &v, x, words, span);
        }
        let values = self.constants(cx, &v, x, words)?;
        Some(self.node(Node::OneOf(v.id, values), Kind::YesNo, span))
    }

    /// Constants that a value can be compared with; sorted, each once.
    pub(super) fn constants(
        &mut self,
        cx: Scope,
        v: &Val,
        x: &Expr,
        words: &[Expr],
    ) -> Option<Vec<Value>> {
        let mut out = Vec::new();
        let mut ok = true;
        for e in words {
            let Some(w) = self.beside(cx, e, &v.kind) else {
                ok = false;
                continue;
            };
            if self
                .comparable(CompareOp::Eq, (x, v), (e, &w), e.span)
                .is_none()
            {
                ok = false;
                continue;
            }
            match self.exprs.get(w.id) {
                Node::Const(value) => out.push(value.clone()),
                _ => match self.constant(w.id) {
                    Some(n) => out.push(Value::Num(n)),
                    None => {
                        // Only fixed values can be listed.
                        if constant::value(
                            e,
                            &FieldType::Number(jifen_quantity::Dim::PURE),
                            &mut self.sink,
                        )
                        .is_none()
                        {
                            ok = false;
                        }
                    }
                },
            }
        }
        out.sort();
        out.dedup();
        ok.then_some(out)
    }
}

/// The comparison of the Plan.
pub(crate) fn cmp_of(op: CompareOp) -> Cmp {
    match op {
        CompareOp::Eq => Cmp::Eq,
        CompareOp::Ne => Cmp::Ne,
        CompareOp::Ge => Cmp::Ge,
        CompareOp::Gt => Cmp::Gt,
        CompareOp::Le => Cmp::Le,
        CompareOp::Lt => Cmp::Lt,
    }
}
