//! Mistakes with units and types.

use crate::mistakes::{Base, Site, walk};
use crate::rng::Rng;
use jifen_syntax::ast::*;

fn amount(base: &Base, digits: &str, zh: &str, en: &str) -> String {
    base.lang()
        .pick(format!("{digits}{zh}"), format!("{digits} {en}"))
}

/// Award lines whose amount is a plain number, with its number.
fn plain_awards<'a>(base: &'a Base, points_only: bool) -> Vec<(Span, &'a Expr, &'a Quantity)> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        if let StmtKind::Award { value, .. }
        | StmtKind::Add { value, .. }
        | StmtKind::Deduct { value, .. } = &s.stmt.kind
            && let ExprKind::Number(q) = &value.kind
            && q.per.is_none()
            && (!points_only || q.unit == Some(Unit::Points))
        {
            out.push((s.stmt.span, value, q));
        }
    }
    out
}

pub(super) fn unit_missing(base: &Base, _: &mut Rng) -> Vec<Site> {
    plain_awards(base, true)
        .into_iter()
        .map(|(span, e, q)| Site::one(base.range(span), base.range(e.span), q.digits.clone()))
        .collect()
}

pub(super) fn wrong_unit(base: &Base, rng: &mut Rng) -> Vec<Site> {
    const OTHER: &[(&str, &str)] = &[("小时", "hours"), ("元", "yuan"), ("次", "times")];
    plain_awards(base, true)
        .into_iter()
        .filter_map(|(span, e, q)| {
            let (zh, en) = rng.pick(OTHER)?;
            Some(Site::one(
                base.range(span),
                base.range(e.span),
                amount(base, &q.digits, zh, en),
            ))
        })
        .collect()
}

pub(super) fn hours_added(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let (StmtKind::Award { value, .. } | StmtKind::Add { value, .. }) = &s.stmt.kind else {
            continue;
        };
        if matches!(
            value.kind,
            ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Binary(..)
        ) {
            let end = base.range(value.span).end;
            let more = format!(" + {}", amount(base, "1", "小时", "hour"));
            out.push(Site::one(base.range(s.stmt.span), end..end, more));
        }
    }
    out
}

/// Comparisons with a number, the number in another unit.
pub(super) fn wrong_compare(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            let ExprKind::Compare(_, _, right) = &e.kind else {
                continue;
            };
            let ExprKind::Number(q) = &right.kind else {
                continue;
            };
            let new = match q.unit {
                Some(Unit::Yuan) => amount(base, &q.digits, "分", "points"),
                _ => amount(base, &q.digits, "元", "yuan"),
            };
            out.push(Site::one(
                base.range(s.stmt.span),
                base.range(right.span),
                new,
            ));
        }
    }
    out
}

/// A yes-or-no field compared with points.
pub(super) fn compare_types(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let (StmtKind::Award {
            when: Some(when), ..
        }
        | StmtKind::Add {
            when: Some(when), ..
        }
        | StmtKind::Deduct {
            when: Some(when), ..
        }) = &s.stmt.kind
        else {
            continue;
        };
        if matches!(when.kind, ExprKind::Name(_)) {
            let end = base.range(when.span).end;
            let more = base.lang().pick(" 超过 3分", " exceeds 3 points");
            out.push(Site::one(base.range(s.stmt.span), end..end, more));
        }
    }
    out
}

pub(super) fn factor_unit(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let StmtKind::Multiply(MultiplyStmt {
            value: Some(value), ..
        }) = &s.stmt.kind
        else {
            continue;
        };
        if let ExprKind::Number(q) = &value.kind
            && q.unit.is_none()
        {
            let new = amount(base, &q.digits, "分", "points");
            out.push(Site::one(
                base.range(s.stmt.span),
                base.range(value.span),
                new,
            ));
        }
    }
    out
}

pub(super) fn cap_unit(base: &Base, _: &mut Rng) -> Vec<Site> {
    walk::caps(&base.file)
        .into_iter()
        .filter_map(|(span, cap)| match &cap.limit.kind {
            ExprKind::Number(q) => {
                let new = amount(base, &q.digits, "小时", "hours");
                Some(Site::one(base.range(span), base.range(cap.limit.span), new))
            }
            _ => None,
        })
        .collect()
}

pub(super) fn range_reversed(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    let mut add = |clause: Span, a: &Expr, b: &Expr| {
        let (ra, rb) = (base.range(a.span), base.range(b.span));
        let (ta, tb) = (
            base.text[ra.clone()].to_owned(),
            base.text[rb.clone()].to_owned(),
        );
        if ta != tb {
            let between = &base.text[ra.end..rb.start];
            out.push(Site::one(
                base.range(clause),
                ra.start..rb.end,
                format!("{tb}{between}{ta}"),
            ));
        }
    };
    for f in walk::fields(&base.file) {
        if let Some((a, b)) = &f.range {
            add(f.span, a, b);
        }
    }
    for d in walk::decls(&base.file) {
        if let DeclKind::Param(ParamDecl {
            adjustable: Some((a, b)),
            ..
        }) = &d.kind
        {
            add(d.span, a, b);
        }
    }
    out
}

pub(super) fn not_condition(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let cond = match &s.stmt.kind {
            StmtKind::Award { when, .. }
            | StmtKind::Add { when, .. }
            | StmtKind::Deduct { when, .. } => when.as_ref(),
            StmtKind::Requires { cond, hold: None } => Some(cond),
            _ => None,
        };
        if let Some(cond) = cond {
            let new = amount(base, "5", "分", "points");
            out.push(Site::one(
                base.range(s.stmt.span),
                base.range(cond.span),
                new,
            ));
        }
    }
    out
}

/// 3个工作日 → 3天.
pub(super) fn day_kind(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let StmtKind::Review(r) = &s.stmt.kind else {
            continue;
        };
        let days = r
            .publish
            .iter()
            .map(|p| &p.days)
            .chain(r.lapse.iter().map(|l| &l.days));
        for e in days {
            if let ExprKind::Number(q) = &e.kind {
                let new = amount(base, &q.digits, "天", "days");
                out.push(Site::one(base.range(s.stmt.span), base.range(e.span), new));
            }
        }
    }
    out
}

pub(super) fn negative(base: &Base, _: &mut Rng) -> Vec<Site> {
    plain_awards(base, true)
        .into_iter()
        .filter(|(_, _, q)| q.digits.bytes().any(|b| b.is_ascii_digit() && b != b'0'))
        .map(|(span, e, _)| {
            let at = base.range(e.span).start;
            Site::one(base.range(span), at..at, "-")
        })
        .collect()
}
