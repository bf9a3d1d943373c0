//! Measures that leave something open.

use crate::mistakes::{Base, Site, walk};
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

/// 上季度 of a measure per month.
pub(super) fn closed_word(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            if let ExprKind::Closed(c) = &e.kind
                && let (Some(unit), at) = c.word
            {
                let words = match unit {
                    PeriodWord::Year => ("上周", "last week"),
                    _ => ("上年", "last year"),
                };
                let word = base.lang().pick(words.0, words.1);
                let clause = base.range(s.stmt.span);
                out.push(Site::one(clause, base.range(at), word));
            }
        }
    }
    out
}

/// A parameter that follows, with a value from a day on.
pub(super) fn follow_dated(base: &Base, _: &mut Rng) -> Vec<Site> {
    let dated = base
        .lang()
        .pick(" { 自 2026年3月1日: 1 }", " { since 2026-03-01: 1 }");
    base.file
        .decls
        .iter()
        .filter_map(|d| match &d.kind {
            DeclKind::Param(p) if p.value.looks_back() && p.adjustable.is_none() => {
                let clause = base.range(d.span);
                let end = clause.end;
                (p.decided_by.is_none()).then(|| Site::one(clause, end..end, dated))
            }
            _ => None,
        })
        .collect()
}

/// A measure that reads its own past, without 缺省.
pub(super) fn closed_start(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for (d, m) in measures(base) {
        for e in walk::within(&m.value) {
            if let ExprKind::Closed(c) = &e.kind
                && let (ExprKind::Name(n), Some(default)) = (&c.of.kind, &c.default)
                && n.text == m.name.text
            {
                let end = base.range(default.span).end;
                let word = base.lang().pick("缺省", "default");
                let before = base.text.get(..end).and_then(|t| t.rfind(word));
                if let Some(start) = before {
                    out.push(Site::one(base.range(d.span), start..end, ""));
                }
            }
        }
    }
    out
}

fn scores(base: &Base) -> impl Iterator<Item = (&Decl, &ScoreDecl)> {
    base.file.decls.iter().filter_map(|d| match &d.kind {
        DeclKind::Score(s) => Some((d, s)),
        _ => None,
    })
}

/// 缺项 missing, where there are weights.
pub(super) fn missing_part(base: &Base, _: &mut Rng) -> Vec<Site> {
    scores(base)
        .filter(|(_, s)| s.parts.iter().any(weighted))
        .filter_map(|(d, s)| {
            let (_, span) = s.missing?;
            Some(Site::one(base.range(d.span), base.range(span), ""))
        })
        .collect()
}

fn weighted(p: &ScorePart) -> bool {
    matches!(p.share, Share::Weight(..))
}

/// 周期 missing.
pub(super) fn score_period(base: &Base, _: &mut Rng) -> Vec<Site> {
    scores(base)
        .filter_map(|(d, s)| {
            let (_, span) = s.every?;
            Some(Site::one(base.range(d.span), base.range(span), ""))
        })
        .collect()
}

/// A weight that is another number.
pub(super) fn weight(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for (d, s) in scores(base) {
        for p in &s.parts {
            if let Share::Weight(_, span) = &p.share {
                out.push(Site::one(base.range(d.span), base.range(*span), "7%"));
            }
        }
    }
    out
}

/// 权重 40% = …: the name of a part missing.
pub(super) fn part_name(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for (d, s) in scores(base) {
        for p in &s.parts {
            out.push(Site::one(base.range(d.span), base.range(p.name.span), ""));
        }
    }
    out
}
