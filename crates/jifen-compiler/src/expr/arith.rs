//! Arithmetic with units: sums need one unit, products and quotients make new ones, 3,600 enters where hours meet.

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::Expr as Node;
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{BinaryOp, Expr};

use super::{Checker, Kind, Scope, Val};
use crate::units::{HOUR, Tag, dim_text, shift_div, shift_mul};

impl Checker<'_> {
    pub(super) fn negate(&mut self, cx: Scope, x: &Expr, span: Span) -> Option<Val> {
        let (v, dim, tag) = self.numeric(cx, x)?;
        if let Node::Const(jifen_plan::Value::Num(n)) = self.exprs.get(v.id)
            && let Ok(n) = n.checked_neg()
        {
            return Some(self.num(n, dim, tag, span));
        }
        Some(self.node(Node::Neg(v.id), Kind::Num(dim, tag), span))
    }

    pub(super) fn binary(
        &mut self,
        cx: Scope,
        op: BinaryOp,
        a: &Expr,
        b: &Expr,
        span: Span,
    ) -> Option<Val> {
        let x = self.expr(cx, a);
        if let Some(day) = x.as_ref().filter(|x| x.kind == Kind::Date) {
            return self.shifted(cx, (op, day), b, span);
        }
        let x = x.and_then(|v| self.as_number(&v).map(|(d, t)| (v, d, t)));
        let y = self.numeric(cx, b);
        let ((x, dx, tx), (y, dy, ty)) = (x?, y?);
        match op {
            BinaryOp::Add | BinaryOp::Sub => {
                let tag = self.same_unit((a, dx, tx), (b, dy, ty), "加减", "added")?;
                let node = match op {
                    BinaryOp::Add => Node::Add(x.id, y.id),
                    _ => Node::Sub(x.id, y.id),
                };
                Some(self.node(node, Kind::Num(dx, tag), span))
            }
            BinaryOp::Mul => Some(self.product(&x, dx, &y, dy, span)),
            BinaryOp::Div | BinaryOp::IntDiv => {
                if self.constant(y.id).is_some_and(Decimal::is_zero) {
                    self.zero_divisor(b.span);
                    return None;
                }
                if op == BinaryOp::IntDiv {
                    if dx != dy {
                        self.same_unit(
                            (a, dx, tx),
                            (b, dy, ty),
                            "整除",
                            "divided into whole parts",
                        )?;
                    }
                    let kind = Kind::Num(Dim::PURE, Tag::Plain);
                    return Some(self.node(Node::IntDiv(x.id, y.id), kind, span));
                }
                let kind = Kind::Num(dx.div(dy), Tag::Plain);
                let shift = shift_div(dx, dy);
                let node = match shift {
                    0 => Node::Div(x.id, y.id),
                    n if n > 0 => {
                        let top = self.times_hours(&x, n, span);
                        Node::Div(top, y.id)
                    }
                    n => {
                        let below = self.times_hours(&y, -n, span);
                        Node::Div(x.id, below)
                    }
                };
                Some(self.node(node, kind, span))
            }
        }
    }

    pub(super) fn zero_divisor(&mut self, span: Span) {
        self.sink.push(Diagnostic::new(
            codes::ZERO_DIVISOR,
            span,
            text!(zh = "不能除以 0", en = "nothing can be divided by 0"),
        ));
    }

    /// x × 3600^n as a node.
    fn times_hours(&mut self, x: &Val, n: i32, span: Span) -> jifen_plan::ExprId {
        let mut id = x.id;
        for _ in 0..n {
            let hour = self.exprs.number(HOUR, Dim::PURE);
            id = self.node(Node::Mul(id, hour), x.kind.clone(), span).id;
        }
        id
    }

    /// A product in held units.
    pub(super) fn product(&mut self, x: &Val, dx: Dim, y: &Val, dy: Dim, span: Span) -> Val {
        let kind = Kind::Num(dx.mul(dy), Tag::Plain);
        let shift = shift_mul(dx, dy);
        let node = if shift < 0 {
            let mut by = Decimal::ONE;
            for _ in 0..-shift {
                by = by.mul(HOUR).unwrap_or(by);
            }
            Node::MulDiv(x.id, y.id, by)
        } else if shift > 0 {
            let x = self.times_hours(x, shift, span);
            Node::Mul(x, y.id)
        } else {
            Node::Mul(x.id, y.id)
        };
        self.node(node, kind, span)
    }

    /// Both sides must have one unit; the error shows the missing factor. Gives the common tag.
    pub(super) fn same_unit(
        &mut self,
        (a, dx, tx): (&Expr, Dim, Tag),
        (b, dy, ty): (&Expr, Dim, Tag),
        verb_zh: &str,
        verb_en: &str,
    ) -> Option<Tag> {
        if dx == dy {
            let tag = match (tx, ty) {
                (x, y) if x == y => Some(x),
                (Tag::Plain, t) | (t, Tag::Plain) => Some(t),
                _ => None,
            };
            if tag.is_none() {
                let (p, q) = (Kind::Num(dx, tx).text(), Kind::Num(dy, ty).text());
                self.sink.push(Diagnostic::new(
                    codes::UNIT_MISMATCH,
                    a.span.to(b.span),
                    jifen_diag::Text::new(
                        format!("{0}和{1}不能{verb_zh}", p.zh, q.zh),
                        format!("{0} and {1} cannot be {verb_en}", p.en, q.en),
                    ),
                ));
            }
            return tag;
        }
        // A bare number beside a quantity: the unit was forgotten.
        for (e, d, other) in [(a, dx, dy), (b, dy, dx)] {
            if d.is_pure() && matches!(e.kind, jifen_syntax::ast::ExprKind::Number(_)) {
                let d = crate::constant::unit_error(e, d, other, &self.sink);
                self.sink.push(d);
                return None;
            }
        }
        let (p, q) = (dim_text(dx), dim_text(dy));
        let f = dim_text(dx.div(dy));
        let mut d = Diagnostic::new(
            codes::UNIT_MISMATCH,
            a.span.to(b.span),
            jifen_diag::Text::new(
                format!("左边是{0}，右边是{1}，不能{verb_zh}", p.zh, q.zh),
                format!(
                    "{0} on the left and {1} on the right cannot be {verb_en}",
                    p.en, q.en
                ),
            ),
        );
        if !dy.is_pure() {
            d = d.help(match (f.zh.strip_prefix("1/"), f.en.strip_prefix("1/")) {
                (Some(unit), Some(unit_en)) => jifen_diag::Text::new(
                    format!("右边除以 1{unit}，或者不写单位，两边就一样了"),
                    format!("divide the right by 1 {unit_en}, or write no unit there"),
                ),
                _ => jifen_diag::Text::new(
                    format!("右边缺一个因子 {0}，例如 ×10{0}", f.zh),
                    format!(
                        "a factor in {0} is missing on the right, e.g. × 10 {0}",
                        f.en
                    ),
                ),
            });
        }
        self.sink.push(d);
        None
    }

    /// `10分 每满 100元 计 金额`.
    pub(super) fn full_blocks(
        &mut self,
        cx: Scope,
        amount: &Expr,
        block: &Expr,
        of: &Expr,
        span: Span,
    ) -> Option<Val> {
        let a = self.numeric(cx, amount);
        let b = self.numeric(cx, block);
        let q = self.numeric(cx, of);
        let ((a, da, _), (b, db, tb), (q, dq, tq)) = (a?, b?, q?);
        if self.constant(b.id).is_some_and(|n| !n.is_positive()) {
            self.zero_divisor(block.span);
            return None;
        }
        self.same_unit((of, dq, tq), (block, db, tb), "比较", "compared")?;
        let plain = Kind::Num(Dim::PURE, Tag::Plain);
        let mut count = self.node(Node::IntDiv(q.id, b.id), plain.clone(), span);
        // Less than nothing holds no full block.
        if self.known_min(cx, q.id).is_none_or(Decimal::is_negative) {
            let zero = self.exprs.number(Decimal::ZERO, Dim::PURE);
            let node = Node::Clamp {
                low: Some(zero),
                high: None,
                of: count.id,
            };
            count = self.node(node, plain, span);
        }
        Some(self.product(&a, da, &count, Dim::PURE, span))
    }

    /// `最多 a { x }`, `最少 a { x }`, `介于 a 至 b { x }`.
    pub(super) fn clamp(
        &mut self,
        cx: Scope,
        low: Option<&Expr>,
        high: Option<&Expr>,
        of: &Expr,
        span: Span,
    ) -> Option<Val> {
        let l = low.map(|e| self.numeric(cx, e));
        let h = high.map(|e| self.numeric(cx, e));
        let (v, dv, tv) = self.numeric(cx, of)?;
        let mut ends = [None, None];
        for (slot, (bound, written)) in ends.iter_mut().zip([(l, low), (h, high)]) {
            if let (Some(bound), Some(written)) = (bound, written) {
                let (b, db, tb) = bound?;
                self.same_unit((of, dv, tv), (written, db, tb), "比较", "compared")?;
                *slot = Some(b.id);
            }
        }
        let [l, h] = ends;
        if let (Some(a), Some(b)) = (l, h)
            && let (Some(x), Some(y)) = (self.constant(a), self.constant(b))
            && x > y
        {
            let at = low
                .map_or(span, |e| e.span)
                .to(high.map_or(span, |e| e.span));
            self.sink.push(crate::resolve::reversed(at, &self.sink));
            return None;
        }
        let node = Node::Clamp {
            low: l,
            high: h,
            of: v.id,
        };
        Some(self.node(node, Kind::Num(dv, tv), span))
    }
}
