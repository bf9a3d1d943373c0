//! Mistakes in 分档, 累进, 按 and 取先.

use crate::mistakes::{Base, Site, walk};
use crate::rng::Rng;
use jifen_syntax::ast::*;
use std::ops::Range;

/// All selections with the statement they stand in.
fn selections(base: &Base) -> Vec<(Range<usize>, &Select)> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            if let ExprKind::Select(select) = &e.kind {
                out.push((base.range(s.stmt.span), &**select));
            }
        }
    }
    out
}

/// Selections over a quantity whose first row is 不满 x and whose second is 满 x.
fn banded(base: &Base) -> Vec<(Range<usize>, &Select)> {
    let mut all = selections(base);
    all.retain(|(_, s)| s.mode != SelectMode::Values && s.rows.len() >= 2);
    all
}

/// A number and the place of its digits.
fn number(base: &Base, e: &Expr) -> Option<(f64, Range<usize>)> {
    let ExprKind::Number(q) = &e.kind else {
        return None;
    };
    let range = base.range(e.span);
    let at = range.start + base.text[range].find(&q.digits)?;
    Some((q.digits.parse().ok()?, at..at + q.digits.len()))
}

fn shown(n: f64) -> String {
    let text = format!("{n:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The first bound moved: down leaves a gap, up makes an overlap.
fn move_first(base: &Base, factor: f64) -> Vec<Site> {
    banded(base)
        .into_iter()
        .filter_map(|(clause, s)| {
            let (RowKey::Under(e) | RowKey::NotAbove(e)) = &s.rows.first()?.key else {
                return None;
            };
            let (n, range) = number(base, e)?;
            (n > 0.0).then(|| Site::one(clause, range, shown(n * factor)))
        })
        .collect()
}

pub(super) fn gap(base: &Base, _: &mut Rng) -> Vec<Site> {
    move_first(base, 0.5)
}

pub(super) fn overlap(base: &Base, _: &mut Rng) -> Vec<Site> {
    move_first(base, 1.25)
}

/// 满 2小时 → 超过 2小时.
pub(super) fn mixed(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for (clause, s) in banded(base) {
        for row in s.rows.iter().skip(1) {
            let RowKey::From(e) = &row.key else { continue };
            let head = base.range(row.span).start..base.range(e.span).start;
            let new = base.lang().pick("超过 ", "above ");
            out.push(Site::one(clause.clone(), head, new));
        }
    }
    out
}

/// The last bound is the one before it.
pub(super) fn bound_twice(base: &Base, _: &mut Rng) -> Vec<Site> {
    banded(base)
        .into_iter()
        .filter_map(|(clause, s)| {
            let [.., a, b] = s.rows.as_slice() else {
                return None;
            };
            let (RowKey::From(a), RowKey::From(b)) = (&a.key, &b.key) else {
                return None;
            };
            let ((n, _), (_, range)) = (number(base, a)?, number(base, b)?);
            Some(Site::one(clause, range, shown(n)))
        })
        .collect()
}

fn options(base: &Base) -> Vec<(Range<usize>, &Select)> {
    let mut all = selections(base);
    all.retain(|(_, s)| {
        s.mode == SelectMode::Values
            && s.rows.len() >= 2
            && s.rows.iter().all(|r| matches!(&r.key, RowKey::Values(v) if v.iter().all(|e| matches!(e.kind, ExprKind::Name(_) | ExprKind::YesNo(_)))))
    });
    all
}

pub(super) fn option_missing(base: &Base, rng: &mut Rng) -> Vec<Site> {
    options(base)
        .into_iter()
        .filter_map(|(clause, s)| {
            let row = rng.pick(&s.rows)?;
            Some(Site::one(clause, base.range(row.span), ""))
        })
        .collect()
}

pub(super) fn option_twice(base: &Base, rng: &mut Rng) -> Vec<Site> {
    options(base)
        .into_iter()
        .filter_map(|(clause, s)| {
            let range = base.range(rng.pick(&s.rows)?.span);
            let copy = format!("{}\n      ", &base.text[range.clone()]);
            Some(Site::one(clause, range.start..range.start, copy))
        })
        .collect()
}

pub(super) fn no_rest(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            let ExprKind::First(rows, Some(rest)) = &e.kind else {
                continue;
            };
            let Some(last) = rows.last() else { continue };
            let range = base.range(last.span).end..base.range(rest.span).end;
            out.push(Site::one(base.range(s.stmt.span), range, ""));
        }
    }
    out
}

/// One row in yuan. 累进 has rates, which other checks see.
pub(super) fn row_unit(base: &Base, rng: &mut Rng) -> Vec<Site> {
    let mut all = selections(base);
    all.retain(|(_, s)| s.mode != SelectMode::Slices && s.rows.len() >= 2);
    all.into_iter()
        .filter_map(|(clause, s)| {
            let row = rng.pick(&s.rows)?;
            let ExprKind::Number(q) = &row.value.kind else {
                return None;
            };
            let new = base
                .lang()
                .pick(format!("{}元", q.digits), format!("{} yuan", q.digits));
            Some(Site::one(clause, base.range(row.value.span), new))
        })
        .collect()
}
