//! Caps in 件: whether facts or what stands in them are counted is said (decision 016); `计 数量` counts a field (017).

use jifen_diag::{Diagnostic, codes, text};
use jifen_plan::{Expr as Node, ExprId, FieldType, Ty};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{CapStmt, DeclKind, Expr, ExprKind, Name, TypeKind, Unit, WindowWord};

use crate::expr::{Checker, Reads, Scope};

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

    pub(super) fn cap_in_pieces(&mut self, cx: Scope, c: &CapStmt, digits: String) {
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
                zh = "数的是几条记录，还是记录里写的件数，没有写明。一条写 2件、一条写 1件，{n}次 里算 2次，{n}件 里算 3件。限次数，写 {n}次；支用的限件数，写 {n}件 计 数量（记录里写件数的那一栏）",
                en = "whether facts or the pieces written in them are counted is open. One fact of 2 pieces and one of 1 are 2 of {n} times, and 3 of {n} pieces. To limit how often, write {n} times; to limit the pieces of a spend, write {n} cases of pieces (the field that holds them)"
            ),
        );
        let mut d = match digits.is_empty() {
            true => d,
            false => d.fix(
                at,
                format!("{digits}{word}"),
                text!(zh = "限次数：{n}次", en = "limit how often: {n} times"),
            ),
        };
        let counts = match cx.reads == Reads::Balance && c.mode.is_none() {
            true => self.countable(cx),
            false => Vec::new(),
        };
        let word = self.sink.kw("计", "of");
        for f in &counts {
            let help = text!(zh = "限件数：计 {f}", en = "limit the pieces: of {f}");
            d = d.fix(at.at_end(), format!(" {word} {f}"), help);
        }
        self.sink.push(d);
    }

    /// Fields of the record that hold whole numbers.
    fn countable(&self, cx: Scope) -> Vec<String> {
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let fields = kind.into_iter().flat_map(|k| &k.fields);
        let pieces = |f: &&jifen_plan::Field| match f.ty {
            FieldType::Number(d) => d.is_pure() && f.whole || d == Dim::TIMES,
            _ => false,
        };
        fields.filter(pieces).map(|f| f.name.clone()).collect()
    }

    /// `计 数量`: the field that a cap of a spend counts.
    pub(super) fn counted(&mut self, cx: Scope, c: &CapStmt, n: &Name) -> Option<ExprId> {
        if cx.reads != Reads::Balance || self.campaign.is_some() {
            self.sink.push(Diagnostic::new(
                codes::CAP_OF_PLACE,
                n.span,
                text!(
                    zh = "“计 {}”只能写在支用和转赠的上限里：得分超了要截去一部分，截去的是几件说不清。项目的上限写多少分或多少次",
                    en = "“of {}” stands in caps of spends and transfers only: an award beyond a cap is clipped, and of how many pieces is open. Limit an item by points or times",
                    n.text
                ),
            ));
            return None;
        }
        if matches!(c.window, Some((WindowWord::Occasion, _))) {
            self.sink.push(Diagnostic::new(
                codes::CAP_OF_PLACE,
                n.span,
                text!(
                    zh = "限每一次至多几件，写成条件：条件 {0} 不超过 …",
                    en = "to limit one request write a condition: “requires {0} not above …”",
                    n.text
                ),
            ));
            return None;
        }
        let Some(f) = self.field(cx, &n.text) else {
            self.not_counted(cx, n);
            return None;
        };
        let kind = self.w.kinds.get(cx.kind?.ix())?;
        let field = kind.fields.get(f.ix())?;
        let FieldType::Number(dim) = field.ty else {
            self.not_counted(cx, n);
            return None;
        };
        if (dim.is_pure() || dim == Dim::TIMES) && !field.whole {
            self.not_whole(cx, n);
            return None;
        }
        Some(self.exprs.add(Node::Field(f), Ty::Num(dim)))
    }

    fn not_counted(&mut self, cx: Scope, n: &Name) {
        if self.damaged(cx, Some(n)) {
            return;
        }
        let names = self.countable(cx);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (list, en) = jifen_diag::listed(&names);
        let d = Diagnostic::new(
            codes::CAP_OF_WHAT,
            n.span,
            text!(
                zh = "“计”后面写记录里的一栏数，“{0}”不是；整数的栏有：{list}",
                en = "“of” takes a number field of the fact, and “{0}” is none; fields of whole numbers: {en}",
                n.text
            ),
        );
        let d = match jifen_diag::suggest(&n.text, names.iter().copied()) {
            Some(s) => d.fix(
                n.span,
                s,
                text!(zh = "改成“{s}”", en = "change it to “{s}”"),
            ),
            None => d,
        };
        self.sink.push(d);
    }

    /// Half a piece is in no stock: the field has to hold whole numbers.
    fn not_whole(&mut self, cx: Scope, n: &Name) {
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let record = kind.and_then(|k| self.version(cx)?.records.get(k.name.as_str()));
        let field = record.and_then(|(r, _)| r.fields.iter().find(|f| f.name.text == n.text));
        let at = field.and_then(|f| f.ty.as_ref()).map(|t| t.span);
        let mut d = Diagnostic::new(
            codes::CAP_OF_WHAT,
            n.span,
            text!(
                zh = "库存按整件算，“{0}”却可以写半件：在记录里写明 整，如 {0}: 数 整",
                en = "stock is in whole pieces, and “{0}” could hold half a piece: say whole in the record, “{0}: number whole”",
                n.text
            ),
        );
        if let Some(at) = at {
            let word = self.sink.kw(" 整", " whole");
            let text = text!(zh = "只收整数", en = "whole numbers only");
            d = d
                .label(at, text!(zh = "这一栏", en = "the field"))
                .fix(at.at_end(), word, text);
        }
        self.sink.push(d);
    }

    /// A part of a request has no whole number of pieces.
    pub(super) fn counted_in_part(&mut self, n: &Name) {
        self.sink.push(Diagnostic::new(
            codes::CAP_OF_PLACE,
            n.span,
            text!(
                zh = "“计 {0}”要配“全额或拒绝”：部分支用只有够的那些分，那是几件说不清。要一件一件兑的，一件登记一条",
                en = "“of {0}” goes with “in full or refused”: how many pieces a part of the points is, is open. Where pieces are given one by one, enter a fact for each",
                n.text
            ),
        ));
    }

    /// The limit of a cap that counts a field: in its unit.
    pub(super) fn limit_counted(
        &mut self,
        cx: Scope,
        c: &CapStmt,
        limit: ExprId,
        dim: Dim,
    ) -> bool {
        let Some(n) = &c.of else { return false };
        let field = self.field(cx, &n.text).zip(cx.kind);
        let field = field.and_then(|(f, k)| self.w.kinds.get(k.ix())?.fields.get(f.ix()));
        let Some(FieldType::Number(of)) = field.map(|f| f.ty.clone()) else {
            // Said of the field itself.
            return true;
        };
        let count = |d: Dim| d.is_pure() || d == Dim::TIMES;
        let times = matches!(&c.limit.kind, ExprKind::Number(q) if q.unit == Some(Unit::Times));
        if dim != of && !(count(dim) && count(of)) || times {
            let is = crate::units::dim_text(of);
            self.sink.push(Diagnostic::new(
                codes::CAP_OF_WHAT,
                c.limit.span,
                jifen_diag::Text::new(
                    format!("“计 {0}”数的是 {0}（{1}），上限要用同样的单位；件数写 件，如 100件 计 {0}", n.text, is.zh),
                    format!("“of {0}” counts “{0}” ({1}), and the limit has another unit; pieces are cases, as in “100 cases of {0}”", n.text, is.en),
                ),
            ));
            return false;
        }
        let wrong = |x: Decimal| x.is_negative() || count(of) && !x.is_integer();
        if let Some(x) = self.constant(limit).filter(|x| wrong(*x)) {
            self.sink.push(Diagnostic::new(
                codes::CAP_LIMIT_VALUE,
                c.limit.span,
                text!(
                    zh = "上限不能是 {x}：不能为负，件数要是整数",
                    en = "a cap cannot be {x}: it is not negative, and pieces are whole"
                ),
            ));
            return false;
        }
        true
    }
}
