//! A cap written in 件: what it counts are facts, not what stands in them (decision 016).

use jifen_diag::{Diagnostic, codes, text};
use jifen_syntax::ast::{CapStmt, DeclKind, Expr, ExprKind, TypeKind, Unit};

use crate::expr::{Checker, Scope};

impl Checker<'_> {
    /// The number of 件 in a limit; empty where it is not written in the cap itself.
    pub(super) fn pieces_in(&self, cx: Scope, e: &Expr) -> Option<String> {
        match &e.kind {
            ExprKind::Number(q) => (q.unit == Some(Unit::Cases)).then(|| q.digits.clone()),
            ExprKind::Negate(x) => self.pieces_in(cx, x).map(|_| String::new()),
            ExprKind::Binary(_, a, b) => self
                .pieces_in(cx, a)
                .or_else(|| self.pieces_in(cx, b))
                .map(|_| String::new()),
            ExprKind::Name(n) => self.named_in_pieces(cx, &n.text).then(String::new),
            _ => None,
        }
    }

    /// A parameter of so many 件, or a field of the record in 件.
    fn named_in_pieces(&self, cx: Scope, name: &str) -> bool {
        let Some(v) = self.version(cx) else {
            return false;
        };
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let record = kind.and_then(|k| v.records.get(k.name.as_str()));
        let field = record.and_then(|(r, _)| r.fields.iter().find(|f| f.name.text == name));
        if let Some(f) = field {
            let ty = f.ty.as_ref().map(|t| &t.kind);
            return matches!(ty, Some(TypeKind::Unit(Unit::Cases)));
        }
        v.file.decls.iter().any(|d| match &d.kind {
            DeclKind::Param(p) => p.name.text == name && self.pieces_in(cx, &p.value).is_some(),
            _ => false,
        })
    }

    pub(super) fn cap_in_pieces(&mut self, c: &CapStmt, digits: String) {
        let at = c.limit.span;
        let n = if digits.is_empty() {
            "3".to_owned()
        } else {
            digits.clone()
        };
        let word = self.sink.kw("次", " times");
        let d = Diagnostic::new(
            codes::CAP_LIMIT_UNIT,
            at,
            text!(
                zh = "上限数的是几条记录，不是记录里写的件数：{n}次 之内，一条写 2件 也只算一次。要限次数，写 {n}次；要限件数，用分限：每件 100分 时，{n}件 就是 {n} × 100分",
                en = "a cap counts facts, not the pieces written in them: within {n} times, a fact of 2 pieces counts once. To limit how often, write {n} times; to limit pieces, limit the points: at 100 points a piece, {n} pieces are {n} * 100 points"
            ),
        );
        let d = match digits.is_empty() {
            true => d,
            false => d.fix(
                at,
                format!("{digits}{word}"),
                text!(zh = "限次数：{n}次", en = "limit how often: {n} times"),
            ),
        };
        self.sink.push(d);
    }
}
