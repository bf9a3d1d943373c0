//! Bands and slices: bounds are put on a line; gaps, overlaps, disorder and mixed words show a concrete value (S8).

use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_plan::{Expr as Node, ExprId};
use jifen_quantity::{Decimal, Dim, Rounding};
use jifen_syntax::ast::{Expr, RowKey, Select, SelectMode};

use super::super::{Checker, Kind, Scope, Val};
use crate::constant;
use crate::units::{HOUR, Tag, shift_mul, shown, with_unit};

/// A point on the line: just before a value, or just after it.
type Cut = (Decimal, bool);

struct Row {
    low: Option<Cut>,
    high: Option<Cut>,
    cell: ExprId,
    span: Span,
}

/// Rows in ascending order with the value of 其余.
struct Line {
    rows: Vec<Row>,
    rest: Option<ExprId>,
}

/// What is known of the quantity looked at.
struct Quantity {
    dim: Dim,
    whole: bool,
    min: Option<Decimal>,
    max: Option<Decimal>,
}

impl Quantity {
    fn show(&self, v: Decimal) -> Text {
        with_unit(v, self.dim)
    }
}

impl Checker<'_> {
    pub(super) fn bands(
        &mut self,
        cx: Scope,
        s: &Select,
        of: &Val,
        cells: Vec<Option<Val>>,
        span: Span,
    ) -> Option<Val> {
        let Kind::Num(dim, tag) = of.kind else {
            self.wrong_mode(of, s.of.span, s.of.span.at_end());
            return None;
        };
        let q = Quantity {
            dim,
            whole: self.is_whole(cx, of.id),
            min: self.known_min(cx, of.id),
            max: self.known_max(cx, of.id),
        };
        let mut rows = Vec::new();
        let mut rest: Option<(ExprId, Span)> = None;
        let mut ok = self.one_style(s);
        let mut vals = Vec::new();
        for (row, cell) in s.rows.iter().zip(cells) {
            let ends = if matches!(row.key, RowKey::Rest) {
                if let (Some(c), None) = (&cell, rest) {
                    rest = Some((c.id, row.span));
                }
                None
            } else {
                let ends = self.ends(&row.key, (dim, tag), row.span, &q);
                ok &= ends.is_some();
                ends
            };
            let Some(cell) = cell else {
                ok = false;
                continue;
            };
            if let Some((low, high)) = ends {
                rows.push(Row {
                    low,
                    high,
                    cell: cell.id,
                    span: row.span,
                });
            }
            vals.push(cell);
        }
        if !ok {
            return None;
        }
        let kind = self.one_kind(&vals)?;
        let rows = self.ordered(rows, &q)?;
        let rows = self.joined(rows);
        let line = Line {
            rows,
            rest: rest.map(|r| r.0),
        };
        self.no_overlap(&line, &q)?;
        if s.mode == SelectMode::Slices {
            return self.slices(&line, &q, of, kind, &vals, span);
        }
        self.band_node(line, &q, of, kind, span)
    }

    /// 满/不满 or 超过/不超过, not both.
    fn one_style(&mut self, s: &Select) -> bool {
        let mut first: Option<(bool, Span)> = None;
        for row in &s.rows {
            let style = match &row.key {
                RowKey::From(_) | RowKey::Under(_) => true,
                RowKey::Above(_) | RowKey::NotAbove(_) => false,
                RowKey::Range(a, b) => match (&**a, &**b) {
                    (RowKey::From(_), RowKey::Under(_)) => true,
                    (RowKey::Above(_), RowKey::NotAbove(_)) => false,
                    _ => continue,
                },
                _ => continue,
            };
            match first {
                None => first = Some((style, row.span)),
                Some((f, at)) if f != style => {
                    self.sink.push(
                        Diagnostic::new(
                            codes::BAND_MIXED,
                            row.span,
                            text!(
                                zh = "同一张表里“满、不满”（含本数、不含本数）与“超过、不超过”混用，正好等于界限的值归哪一档就乱了；只用一种",
                                en = "“reaches/under” and “above/not above” are mixed in one table, so it is unclear where a value equal to a bound belongs; use one pair"
                            ),
                        )
                        .label(at, text!(zh = "另一种写法", en = "the other pair")),
                    );
                    return false;
                }
                Some(_) => {}
            }
        }
        true
    }

    #[allow(clippy::type_complexity, reason = "a pair of optional cuts")]
    fn ends(
        &mut self,
        key: &RowKey,
        unit: (Dim, Tag),
        span: Span,
        q: &Quantity,
    ) -> Option<(Option<Cut>, Option<Cut>)> {
        match key {
            RowKey::From(e) => Some((Some(self.cut(e, false, unit, q)?), None)),
            RowKey::Above(e) => Some((Some(self.cut(e, true, unit, q)?), None)),
            RowKey::Under(e) => Some((None, Some(self.cut(e, false, unit, q)?))),
            RowKey::NotAbove(e) => Some((None, Some(self.cut(e, true, unit, q)?))),
            RowKey::Range(a, b) => {
                let (x, y) = (self.ends(a, unit, span, q), self.ends(b, unit, span, q));
                let ((l1, h1), (l2, h2)) = (x?, y?);
                let (low, high) = (l1.or(l2)?, h1.or(h2)?);
                if low >= high {
                    self.sink.push(crate::resolve::reversed(span, &self.sink));
                    return None;
                }
                Some((Some(low), Some(high)))
            }
            RowKey::Values(_) | RowKey::Rest => {
                self.sink.push(Diagnostic::new(
                    codes::SELECT_KIND,
                    span,
                    text!(
                        zh = "分档的每行要写界限，如“满 2小时”“不满 1小时”“80 至 90”",
                        en = "a row of bands has bounds, such as “reaches 2 hours” or “under 1 hours”"
                    ),
                ));
                None
            }
        }
    }

    fn cut(&mut self, e: &Expr, after: bool, (dim, tag): (Dim, Tag), q: &Quantity) -> Option<Cut> {
        let n = constant::number(e, &mut self.sink)?;
        if self.unitless_dim(n.dim) != dim {
            let d = constant::unit_error(e, n.dim, dim, &self.sink);
            self.sink.push(d);
            return None;
        }
        if n.tag != tag && n.tag != Tag::Plain && tag != Tag::Plain {
            let (p, t) = (Kind::Num(n.dim, n.tag).text(), Kind::Num(dim, tag).text());
            self.sink.push(Diagnostic::new(
                codes::UNIT_MISMATCH,
                e.span,
                jifen_diag::Text::new(
                    format!("这里要的是{0}，写的是{1}", t.zh, p.zh),
                    format!("this wants {0}, but {1} is written", t.en, p.en),
                ),
            ));
            return None;
        }
        if q.whole && after && n.value.is_integer() {
            return Some((n.value.add(Decimal::ONE).ok()?, false));
        }
        Some((n.value, after))
    }

    /// Rows in ascending order; they may be written ascending or descending.
    fn ordered(&mut self, mut rows: Vec<Row>, q: &Quantity) -> Option<Vec<Row>> {
        // 不满 a stands just below 满 a.
        let place = |r: &Row| match (r.low, r.high) {
            (Some(c), _) => (c, true),
            (None, Some(c)) => (c, false),
            (None, None) => ((Decimal::ZERO, false), false),
        };
        let at: Vec<(Cut, bool)> = rows.iter().map(place).collect();
        for (i, w) in at.windows(2).enumerate() {
            if let [a, b] = w
                && a == b
            {
                let v = q.show(a.0.0);
                let (x, y) = (rows.get(i)?.span, rows.get(i + 1)?.span);
                self.sink.push(
                    Diagnostic::new(
                        codes::BAND_OVERLAP,
                        y,
                        jifen_diag::Text::new(
                            format!("界限 {0} 写了两行，归哪一行不清楚", v.zh),
                            format!(
                                "the bound {0} has two rows; it is open which one holds",
                                v.en
                            ),
                        ),
                    )
                    .label(x, text!(zh = "另一行", en = "the other row")),
                );
                return None;
            }
        }
        let descending = match at.as_slice() {
            [a, b, ..] => a > b,
            _ => false,
        };
        for (i, w) in at.windows(2).enumerate() {
            let [a, b] = w else { continue };
            if (a > b) != descending {
                let row = rows.get(i + 1)?.span;
                let (x, y) = (q.show(a.0.0), q.show(b.0.0));
                self.sink.push(Diagnostic::new(
                    codes::BAND_ORDER,
                    row,
                    jifen_diag::Text::new(format!("{0} 后面是 {1}：界限要从小到大（或从大到小）一路排下去，看看是不是写错了数", x.zh, y.zh), format!("{1} follows {0}: bounds go up (or down) all the way; is one of them mistyped?", x.en, y.en)),
                ));
                return None;
            }
        }
        if descending {
            rows.reverse();
        }
        Some(rows)
    }

    /// One-sided rows run to their neighbour.
    fn joined(&self, mut rows: Vec<Row>) -> Vec<Row> {
        let lows: Vec<Option<Cut>> = rows.iter().map(|r| r.low).collect();
        let mut before: Option<Cut> = None;
        for (i, r) in rows.iter_mut().enumerate() {
            let one_sided_up = r.high.is_none();
            if r.low.is_none() {
                r.low = before;
            }
            if one_sided_up {
                r.high = lows.get(i + 1).copied().flatten();
            }
            before = r.high;
        }
        rows
    }

    fn no_overlap(&mut self, line: &Line, q: &Quantity) -> Option<()> {
        for w in line.rows.windows(2) {
            let [a, b] = w else { continue };
            let (Some(high), Some(low)) = (a.high, b.low) else {
                // One of them has no end on this side: everything between belongs to both.
                let x = b.high.or(a.low).map_or(Decimal::ZERO, |c| c.0);
                let x = a.low.map_or(x, |c| middle(c.0, x, q));
                self.overlap(a.span, b.span, x, q);
                return None;
            };
            if high > low {
                let x = if low.1 {
                    middle(low.0, high.0, q)
                } else {
                    low.0
                };
                self.overlap(a.span, b.span, x, q);
                return None;
            }
            if high < low
                && line.rest.is_none()
                && let Some(x) = between(high, low, q)
            {
                self.gap(b.span, x, q, &[high.0, low.0]);
                return None;
            }
        }
        Some(())
    }

    fn overlap(&mut self, a: Span, b: Span, x: Decimal, q: &Quantity) {
        let v = q.show(x);
        self.sink.push(
            Diagnostic::new(
                codes::BAND_OVERLAP,
                b,
                jifen_diag::Text::new(
                    format!("{0} 同时落在两档里", v.zh),
                    format!("{0} lies in two bands", v.en),
                ),
            )
            .label(a, text!(zh = "另一档", en = "the other band")),
        );
    }

    fn gap(&mut self, at: Span, x: Decimal, q: &Quantity, ends: &[Decimal]) {
        let v = q.show(x);
        let mut d = Diagnostic::new(
            codes::BAND_GAP,
            at,
            jifen_diag::Text::new(
                format!("{0} 哪一档都不在", v.zh),
                format!("{0} lies in no band", v.en),
            ),
        );
        if let [a, b] = ends {
            let (a, b) = (shown(*a, q.dim), shown(*b, q.dim));
            d = d.help(text!(
                zh = "上一档到 {a} 为止，下一档从 {b} 开始；写成“满 {b}”“不满 {b}”就接上了",
                en = "one band ends at {a}, the next begins at {b}; “under {b}” and “reaches {b}” leave no gap"
            ));
        }
        self.sink.push(d);
    }

    fn open_below(&mut self, line: &Line, q: &Quantity) -> Option<()> {
        let first = line.rows.first()?;
        let Some(low) = first.low else {
            return Some(());
        };
        if line.rest.is_some() || q.min.is_some_and(|m| (m, false) >= low) {
            return Some(());
        }
        let half = low.0.div(Decimal::from_int(2)).unwrap_or_default();
        let x = if low.0.is_positive() {
            if q.whole { Decimal::ZERO } else { half }
        } else {
            low.0.sub(Decimal::ONE).unwrap_or_default()
        };
        let (v, bound) = (q.show(x), q.show(low.0));
        let word = self.sink.kw("不满", "under");
        let unit = self.sink.lang.pick(&bound.zh, &bound.en).clone();
        let zero = self.sink.kw("0分", "0 points");
        self.sink.push(
            Diagnostic::new(
                codes::BAND_GAP,
                first.span,
                jifen_diag::Text::new(
                    format!("{0} 哪一档都不在：没有写{1}以下得多少", v.zh, bound.zh),
                    format!(
                        "{0} lies in no band: nothing is said below {1}",
                        v.en, bound.en
                    ),
                ),
            )
            .fix(
                first.span.at_start(),
                format!("{word} {unit}: {zero}\n  "),
                text!(zh = "补上最低一档", en = "add the lowest band"),
            ),
        );
        None
    }

    fn open_above(&mut self, line: &Line, q: &Quantity) -> Option<()> {
        let last = line.rows.last()?;
        let Some(high) = last.high else {
            return Some(());
        };
        let covered = q
            .max
            .is_some_and(|m| (m, true) <= high || (q.whole && (m, false) < high));
        if line.rest.is_some() || covered {
            return Some(());
        }
        let x = if high.1 {
            let step = Decimal::new(1, 2).unwrap_or_default();
            let step = if q.dim.duration > 0 { HOUR } else { step };
            high.0.add(if q.whole { Decimal::ONE } else { step }).ok()?
        } else {
            high.0
        };
        let v = q.show(x);
        self.sink.push(
            Diagnostic::new(
                codes::BAND_GAP,
                last.span,
                jifen_diag::Text::new(format!("{0} 哪一档都不在：没有写最高一档以上得多少", v.zh), format!("{0} lies in no band: nothing is said above the highest one", v.en)),
            )
            .help(text!(
                zh = "最高一档只写“满 …”，不写上界；或者给字段写上范围，如“数 0 至 100”；或者加一行“其余”",
                en = "give the highest band no upper bound, or give the field a range, or add a row “rest”"
            )),
        );
        None
    }

    fn band_node(
        &mut self,
        line: Line,
        q: &Quantity,
        of: &Val,
        kind: Kind,
        span: Span,
    ) -> Option<Val> {
        self.open_below(&line, q)?;
        self.open_above(&line, q)?;
        let first = line.rows.first()?;
        let below = match (first.low, line.rest) {
            (Some(_), Some(rest)) => rest,
            // No value lies below: the data are checked for it.
            _ => first.cell,
        };
        let mut rows: Vec<(Cut, ExprId)> = Vec::new();
        for (i, r) in line.rows.iter().enumerate() {
            if let Some(low) = r.low {
                rows.push((low, r.cell));
            }
            let next = line.rows.get(i + 1).and_then(|n| n.low);
            if let (Some(high), Some(rest)) = (r.high, line.rest)
                && Some(high) != next
            {
                rows.push((high, rest));
            }
        }
        let reaches = rows.first().is_none_or(|r| !r.0.1);
        if rows.iter().any(|r| r.0.1 == reaches) {
            self.sink.push(Diagnostic::new(
                codes::BAND_MIXED,
                span,
                text!(
                    zh = "有的界限含本数，有的不含，正好等于界限的值归哪一档不一致；请统一写成“满 … 不满 …”",
                    en = "some bounds are included and some are not; write all bands as “reaches … under …”"
                ),
            ));
            return None;
        }
        let node = Node::Bands {
            of: of.id,
            below,
            rows: rows.into_iter().map(|(c, v)| (c.0, v)).collect(),
            reaches,
        };
        Some(self.node(node, kind, span))
    }

    fn slices(
        &mut self,
        line: &Line,
        q: &Quantity,
        of: &Val,
        kind: Kind,
        cells: &[Val],
        span: Span,
    ) -> Option<Val> {
        let Kind::Num(rate, _) = kind else {
            let at = cells.first().map_or(span, |c| c.span);
            self.not_rate(at, q.dim);
            return None;
        };
        let shift = shift_mul(rate, q.dim);
        if !q.dim.is_pure() && rate.mul(q.dim) != Dim::POINTS || shift > 0 {
            let at = cells.first().map_or(span, |c| c.span);
            self.not_rate(at, q.dim);
            return None;
        }
        let zero = (Decimal::ZERO, false);
        let first = line.rows.first()?;
        if first.low.is_some_and(|l| l.0.is_positive()) {
            let q0 = Quantity {
                dim: q.dim,
                whole: q.whole,
                min: None,
                max: q.max,
            };
            let no_rest = Line {
                rows: vec![Row {
                    low: first.low,
                    high: first.high,
                    cell: first.cell,
                    span: first.span,
                }],
                rest: None,
            };
            self.open_below(&no_rest, &q0)?;
        }
        self.open_above(line, q)?;
        let mut rows: Vec<(Decimal, ExprId)> = Vec::new();
        for (i, r) in line.rows.iter().enumerate() {
            rows.push((r.low.unwrap_or(zero).0.max(Decimal::ZERO), r.cell));
            let next = line.rows.get(i + 1).and_then(|n| n.low);
            if let (Some(high), Some(rest)) = (r.high, line.rest)
                && next.map(|n| n.0) != Some(high.0)
            {
                rows.push((high.0, rest));
            }
        }
        let mut per = Decimal::ONE;
        for _ in 0..-shift {
            per = per.mul(HOUR).ok()?;
        }
        let node = Node::Slices {
            of: of.id,
            rows,
            per,
        };
        let kind = Kind::Num(rate.mul(q.dim), Tag::Plain);
        Some(self.node(node, kind, span))
    }

    fn not_rate(&mut self, at: Span, dim: Dim) {
        let f = crate::units::dim_text(Dim::POINTS.div(dim));
        self.sink.push(Diagnostic::new(
            codes::SLICE_NOT_RATE,
            at,
            jifen_diag::Text::new(format!("“累进”把各段相加，每行要写单价，如 5{0}；要“落在哪一档就得哪一档的分”，请写“分档”", f.zh), format!("slices are summed, so each row is a rate, such as 5 {0}; for the value of one band write “bands”", f.en)),
        ));
    }
}

/// A value strictly between two numbers, as people would write it.
fn middle(a: Decimal, b: Decimal, q: &Quantity) -> Decimal {
    let part = |num: i64, den: i64| {
        let d = b.sub(a).ok()?;
        let d = d
            .mul(Decimal::from_int(num))
            .ok()?
            .div(Decimal::from_int(den))
            .ok()?;
        a.add(d).ok()
    };
    let places = if q.dim.duration > 0 { 0 } else { 2 };
    part(67, 100)
        .map(|x| x.round(places, Rounding::Down))
        .filter(|x| (*x > a && *x < b) || (*x < a && *x > b))
        .or_else(|| part(1, 2))
        .unwrap_or(a)
}

/// A value in the gap between two cuts, if there is one.
fn between(high: Cut, low: Cut, q: &Quantity) -> Option<Decimal> {
    if high.0 == low.0 {
        return Some(high.0);
    }
    if q.whole {
        let up = high.0.round(0, Rounding::Up);
        let next = if high.1 && up == high.0 {
            up.add(Decimal::ONE).ok()?
        } else {
            up
        };
        return ((next, false) < low).then_some(next);
    }
    if q.dim.is_pure() || q.dim.duration == 0 {
        return Some(middle(high.0, low.0, q));
    }
    // Times: half way, which is a whole number of minutes for ordinary bounds.
    let sum = high.0.add(low.0).ok()?;
    sum.div(Decimal::from_int(2)).ok()
}
