//! What stands in an expression.

use super::{Expr, ExprKind, RowKey};

impl Expr {
    /// The expressions directly in this one, from the left, keys of rows included. What an aggregate reads on its facts, and the name in
    /// the brackets of a closed period, are none of them.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Member(a, _)
            | ExprKind::Negate(a)
            | ExprKind::Not(a)
            | ExprKind::HowMany(a)
            | ExprKind::IsMissing(a) => vec![a],
            ExprKind::Call(_, list) => list.iter().collect(),
            ExprKind::Closed(c) => c.default.iter().collect(),
            ExprKind::Power(p) => vec![&p.base, &p.exponent],
            ExprKind::Binary(_, a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::And(a, b)
            | ExprKind::Among(a, b)
            | ExprKind::Top(a, b)
            | ExprKind::Or(a, b) => vec![a, b],
            ExprKind::OneOf(a, list) => std::iter::once(&**a).chain(list).collect(),
            ExprKind::Between(a, b, c) => vec![a, b, c],
            ExprKind::Select(s) => {
                let mut out = vec![&s.of];
                for row in &s.rows {
                    keys(&row.key, &mut out);
                    out.push(&row.value);
                }
                out
            }
            ExprKind::First(rows, rest) => {
                let rows = rows.iter().flat_map(|r| [&r.cond, &r.value]);
                rows.chain(rest.as_deref()).collect()
            }
            ExprKind::FullBlocks { amount, block, of } => vec![amount, block, of],
            ExprKind::Clamp { low, high, of } => {
                let bounds = low.as_deref().into_iter().chain(high.as_deref());
                bounds.chain([&**of]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Does it look at a period that is over?
    pub fn looks_back(&self) -> bool {
        matches!(self.kind, ExprKind::Closed(_)) || self.parts().iter().any(|p| p.looks_back())
    }
}

/// An expression and everything in it, keys of rows and the conditions of aggregates included.
#[must_use]
pub fn within(e: &Expr) -> Vec<&Expr> {
    let mut out = vec![e];
    let mut next = 0;
    while let Some(&e) = out.get(next) {
        next += 1;
        // The record stands where no other expression can: only its condition is one.
        if let ExprKind::Aggregate(a) = &e.kind {
            out.extend(a.when.as_ref());
        }
        out.extend(e.parts());
    }
    out
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
