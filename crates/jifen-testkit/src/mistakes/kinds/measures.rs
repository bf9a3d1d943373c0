//! Measures that leave something open.

use crate::mistakes::{Base, Site};
use crate::rng::Rng;
use jifen_syntax::ast::*;

fn measures(base: &Base) -> impl Iterator<Item = (&Decl, &MeasureDecl)> {
    base.file.decls.iter().filter_map(|d| match &d.kind {
        DeclKind::Measure(m) => Some((d, m)),
        _ => None,
    })
}

/// 每月 missing.
pub(super) fn period(base: &Base, _: &mut Rng) -> Vec<Site> {
    measures(base)
        .filter_map(|(d, m)| {
            let (_, span) = m.every?;
            Some(Site::one(base.range(d.span), base.range(span), ""))
        })
        .collect()
}

/// 至少 n件 missing, of a quotient of two counts.
pub(super) fn minimum(base: &Base, _: &mut Rng) -> Vec<Site> {
    let counted = |e: &Expr| matches!(e.kind, ExprKind::Aggregate(_));
    let quotient = |e: &Expr| match &e.kind {
        ExprKind::Binary(BinaryOp::Div, _, b) => counted(b),
        _ => false,
    };
    measures(base)
        .filter(|(_, m)| m.valid.is_none() && quotient(&m.value))
        .filter_map(|(d, m)| {
            let (_, span) = m.least.as_ref()?;
            Some(Site::one(base.range(d.span), base.range(*span), ""))
        })
        .collect()
}
