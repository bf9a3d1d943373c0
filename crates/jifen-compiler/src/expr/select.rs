//! Selections: 按 over exact values, 取先, and the way into bands and slices.

mod bands;

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Expr as Node, ExprId, Value};
use jifen_syntax::ast::{Expr, FirstRow, RowKey, Select, SelectMode};

use super::{Checker, Kind, Scope, Val};

impl Checker<'_> {
    pub(super) fn select(&mut self, cx: Scope, s: &Select, span: Span) -> Option<Val> {
        let of = self.expr(cx, &s.of);
        // Rows are looked at even if the selector is unknown, so that all problems show at once.
        let cells: Vec<Option<Val>> = s.rows.iter().map(|r| self.expr(cx, &r.value)).collect();
        let of = of?;
        if self.sink.lost_in(span) || s.rows.is_empty() {
            return None;
        }
        match s.mode {
            SelectMode::Values => self.values(cx, s, &of, cells, span),
            SelectMode::Bands | SelectMode::Slices => self.bands(cx, s, &of, cells, span),
        }
    }

    /// All rows must be of one kind; gives it.
    pub(super) fn one_kind(&mut self, cells: &[Val]) -> Option<Kind> {
        let first = cells.first()?;
        for c in cells {
            let same = match (&first.kind, &c.kind) {
                (Kind::Num(a, _), Kind::Num(b, _)) => a == b,
                (a, b) => a.ty() == b.ty(),
            };
            if !same {
                let (a, b) = (first.kind.text(), c.kind.text());
                self.sink.push(
                    Diagnostic::new(
                        codes::ROW_TYPES_DIFFER,
                        c.span,
                        jifen_diag::Text::new(
                            format!("这一行是{0}，第一行是{1}；各行的单位要一致", b.zh, a.zh),
                            format!(
                                "this row gives {0}, the first gives {1}; all rows have one unit",
                                b.en, a.en
                            ),
                        ),
                    )
                    .label(first.span, text!(zh = "第一行", en = "the first row")),
                );
                return None;
            }
        }
        Some(match &first.kind {
            Kind::Choice(_) | Kind::Group => Kind::Text,
            k => k.clone(),
        })
    }

    fn values(
        &mut self,
        cx: Scope,
        s: &Select,
        of: &Val,
        cells: Vec<Option<Val>>,
        span: Span,
    ) -> Option<Val> {
        let mut rows: Vec<(Vec<Value>, ExprId)> = Vec::new();
        let mut rest: Option<ExprId> = None;
        let mut seen: Vec<(Value, Span)> = Vec::new();
        let (mut ok, mut vals) = (true, Vec::new());
        for (row, cell) in s.rows.iter().zip(cells) {
            match &row.key {
                RowKey::Values(words) => {
                    let Some(values) = self.constants(cx, of, &s.of, words) else {
                        ok = false;
                        continue;
                    };
                    for v in &values {
                        if let Some((_, first)) = seen.iter().find(|(o, _)| o == v) {
                            ok = false;
                            self.option_twice(v, row.span, *first);
                        }
                        seen.push((v.clone(), row.span));
                    }
                    if let Some(c) = &cell {
                        rows.push((values, c.id));
                    }
                }
                RowKey::Rest => {
                    if rest.is_some() {
                        ok = false;
                        let other = s.rows.iter().find(|r| matches!(r.key, RowKey::Rest));
                        let v = Value::Text(self.sink.kw("其余", "rest").to_owned());
                        self.option_twice(&v, row.span, other.map_or(row.span, |r| r.span));
                    }
                    rest = cell.as_ref().map(|c| c.id);
                }
                _ => {
                    self.wrong_mode(of, row.span, s.of.span.at_end());
                    return None;
                }
            }
            match cell {
                Some(c) => vals.push(c),
                None => ok = false,
            }
        }
        if !ok {
            return None;
        }
        let has_rest = s.rows.iter().any(|r| matches!(r.key, RowKey::Rest));
        if !has_rest {
            self.all_options(of, &seen, s, span)?;
        }
        let kind = self.one_kind(&vals)?;
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let node = Node::Select {
            of: of.id,
            rows,
            rest,
        };
        Some(self.node(node, kind, span))
    }

    fn option_twice(&mut self, v: &Value, at: Span, first: Span) {
        let v = value_text(v);
        self.sink.push(
            Diagnostic::new(
                codes::OPTION_TWICE,
                at,
                text!(
                    zh = "“{v}”已经写过一行，不知道用哪一行",
                    en = "“{v}” has a row already; it is open which one holds"
                ),
            )
            .label(first, text!(zh = "先写的一行", en = "the first row")),
        );
    }

    fn all_options(
        &mut self,
        of: &Val,
        seen: &[(Value, Span)],
        s: &Select,
        span: Span,
    ) -> Option<()> {
        let all: Vec<Value> = match &of.kind {
            Kind::Choice(words) => words.iter().map(|w| Value::Text(w.clone())).collect(),
            Kind::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
            _ => Vec::new(),
        };
        let missing: Vec<String> = all
            .iter()
            .filter(|v| !seen.iter().any(|(o, _)| o == *v))
            .map(value_text)
            .collect();
        let last = s.rows.last().map_or(span, |r| r.span).at_end();
        let rest = self.sink.kw("\n  其余: 0分", "\n  rest: 0 points");
        if !all.is_empty() && missing.is_empty() {
            return Some(());
        }
        let d = if all.is_empty() {
            Diagnostic::new(
                codes::OPTION_MISSING,
                span.at_start().to(s.of.span),
                text!(
                    zh = "没有写“其余”：列出的值以外还会有别的值",
                    en = "there is no “rest”: values other than those listed can occur"
                ),
            )
        } else {
            let (list, en) = jifen_diag::listed(&missing);
            Diagnostic::new(
                codes::OPTION_MISSING,
                span.at_start().to(s.of.span),
                text!(
                    zh = "没有写到选项“{list}”：这样的记录得多少分？",
                    en = "no row for {en}: what does such a fact earn?"
                ),
            )
        };
        self.sink
            .push(d.fix(last, rest, text!(zh = "补上“其余”", en = "add the rest")));
        None
    }

    /// 按 without 分档 over a quantity, or bands over something that is not one.
    pub(super) fn wrong_mode(&mut self, of: &Val, at: Span, insert: Span) {
        let t = of.kind.text();
        let d = if let Kind::Num(..) = of.kind {
            let d = Diagnostic::new(
                codes::SELECT_KIND,
                at,
                text!(
                    zh = "“满、不满、超过”这样的行要写“按 … 分档”（每档一个数）或“按 … 累进”（分段相加）",
                    en = "rows with bounds need “by … bands” (the value of one band) or “by … slices” (the sum of slices)"
                ),
            );
            let words = [("分档", "bands"), ("累进", "slices")];
            self.sink.each(d, (insert, " ", ""), &words)
        } else {
            Diagnostic::new(
                codes::SELECT_KIND,
                at,
                jifen_diag::Text::new(
                    format!(
                        "按的是{0}，不是数，不能分档；每行直接写值，如“困难: 20分”",
                        t.zh
                    ),
                    format!(
                        "this selects by {0}, which is no quantity: write the values themselves, e.g. “hard: 20 points”",
                        t.en
                    ),
                ),
            )
        };
        self.sink.push(d);
    }

    /// `取先 { 当 …: …  其余: … }`.
    pub(super) fn first(
        &mut self,
        cx: Scope,
        rows: &[FirstRow],
        rest: Option<&Expr>,
        span: Span,
    ) -> Option<Val> {
        let mut out = Vec::new();
        let (mut ok, mut vals) = (true, Vec::new());
        for r in rows {
            let (c, v) = (self.condition(cx, &r.cond), self.expr(cx, &r.value));
            match (c, v) {
                (Some(c), Some(v)) => {
                    out.push((c.id, v.id));
                    vals.push(v);
                }
                _ => ok = false,
            }
        }
        let Some(rest) = rest else {
            if !self.sink.lost_in(span) {
                let last = rows.last().map_or(span.at_end(), |r| r.span.at_end());
                let fix = self.sink.kw("\n  其余: 0分", "\n  rest: 0 points");
                self.sink.push(
                    Diagnostic::new(
                        codes::FIRST_WITHOUT_REST,
                        span,
                        text!(
                            zh = "都不符合时得多少没有写：加一行“其余: …”",
                            en = "what holds when no row does is open: add a row “rest: …”"
                        ),
                    )
                    .fix(
                        last,
                        fix,
                        text!(zh = "补上“其余”", en = "add the rest"),
                    ),
                );
            }
            return None;
        };
        let rest = self.expr(cx, rest)?;
        if !ok {
            return None;
        }
        let id = rest.id;
        vals.push(rest);
        let kind = self.one_kind(&vals)?;
        let node = Node::First {
            rows: out,
            rest: id,
        };
        Some(self.node(node, kind, span))
    }
}

/// A constant as people write it.
pub(super) fn value_text(v: &Value) -> String {
    match v {
        Value::Num(n) => n.to_string(),
        Value::Text(t) => t.clone(),
        Value::YesNo(true) => "是".to_owned(),
        Value::YesNo(false) => "否".to_owned(),
        Value::Date(d) => d.to_string(),
        Value::Instant(i) => i.to_string(),
        Value::List(ids) => ids.join("、"),
        Value::Span(a, b) => format!("{a} – {b}"),
    }
}
