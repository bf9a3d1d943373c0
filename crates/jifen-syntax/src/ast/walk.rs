//! What stands in an expression.

use super::{Expr, ExprKind, RowKey};

/// An expression and everything in it, keys of rows included.
#[must_use]
pub fn within(e: &Expr) -> Vec<&Expr> {
    let mut out = vec![e];
    let mut next = 0;
    while let Some(&e) = out.get(next) {
        next += 1;
        children(e, &mut out);
    }
    out
}

fn children<'a>(e: &'a Expr, out: &mut Vec<&'a Expr>) {
    match &e.kind {
        ExprKind::Member(a, _)
        | ExprKind::Negate(a)
        | ExprKind::Not(a)
        | ExprKind::IsMissing(a) => out.push(a),
        ExprKind::Call(_, list) => out.extend(list),
        // The record stands where no other expression can: only its condition is one.
        ExprKind::Aggregate(a) => out.extend(a.when.as_ref()),
        ExprKind::Closed(c) => out.extend(c.default.as_ref()),
        ExprKind::Binary(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::And(a, b)
        | ExprKind::Top(a, b)
        | ExprKind::Or(a, b) => out.extend([&**a, &**b]),
        ExprKind::OneOf(a, list) => {
            out.push(a);
            out.extend(list);
        }
        ExprKind::Between(a, b, c) => out.extend([&**a, &**b, &**c]),
        ExprKind::Select(s) => {
            out.push(&s.of);
            for row in &s.rows {
                keys(&row.key, out);
                out.push(&row.value);
            }
        }
        ExprKind::First(rows, rest) => {
            for row in rows {
                out.extend([&row.cond, &row.value]);
            }
            out.extend(rest.as_deref());
        }
        ExprKind::FullBlocks { amount, block, of } => out.extend([&**amount, &**block, &**of]),
        ExprKind::Clamp { low, high, of } => {
            out.extend(low.as_deref());
            out.extend(high.as_deref());
            out.push(of);
        }
        _ => {}
    }
}

fn keys<'a>(key: &'a RowKey, out: &mut Vec<&'a Expr>) {
    match key {
        RowKey::From(e) | RowKey::Under(e) | RowKey::Above(e) | RowKey::NotAbove(e) => out.push(e),
        RowKey::Range(a, b) => {
            keys(a, out);
            keys(b, out);
        }
        RowKey::Values(list) => out.extend(list),
        RowKey::Rest => {}
    }
}
