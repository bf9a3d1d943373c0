//! Ranks, grades, flags, rights and scores that leave something open, or whose lines are misspelt.

use crate::mistakes::{Base, Site};
use crate::rng::Rng;
use jifen_syntax::ast::*;

fn standings(base: &Base) -> impl Iterator<Item = (&Decl, &StandingDecl)> {
    base.file.decls.iter().filter_map(|d| match &d.kind {
        DeclKind::Standing(s) => Some((d, s)),
        _ => None,
    })
}

fn ranks(base: &Base) -> impl Iterator<Item = (&Decl, &StandingDecl, &RankBody)> {
    standings(base).filter_map(|(d, s)| match &s.body {
        StandingBody::Rank(r) => Some((d, s, &**r)),
        _ => None,
    })
}

fn grades(base: &Base) -> impl Iterator<Item = (&Decl, &GradeBody)> {
    standings(base).filter_map(|(d, s)| match &s.body {
        StandingBody::Grade(g) => Some((d, &**g)),
        _ => None,
    })
}

/// A statement taken away from a declaration.
fn gone(base: &Base, decl: &Decl, span: Span) -> Site {
    Site::one(base.range(decl.span), base.range(span), "")
}

/// The first so many, or the first percent, of a ranking is asked for.
fn line_of(base: &Base, rank: &StandingDecl) -> Option<bool> {
    let word = base.lang().pick("前", "top");
    let before = format!("{} {word} ", rank.name.text);
    let mut share = None;
    for (at, _) in base.text.match_indices(before.as_str()) {
        let rest = base.text.get(at + before.len()..)?;
        let n = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let percent = rest.get(n..)?.starts_with('%');
        share = Some(share.unwrap_or(false) || percent);
    }
    share
}

/// 并列 missing.
pub(super) fn ties(base: &Base, _: &mut Rng) -> Vec<Site> {
    let all = ranks(base).filter_map(|(d, _, r)| Some(gone(base, d, r.ties?.1)));
    all.collect()
}

/// 取整 missing where a percentage is asked for.
pub(super) fn rounding(base: &Base, _: &mut Rng) -> Vec<Site> {
    ranks(base)
        .filter(|(_, s, _)| line_of(base, s) == Some(true))
        .filter_map(|(d, _, r)| Some(gone(base, d, r.round?.1)))
        .collect()
}

/// 末位并列 missing where the first so many are asked for.
pub(super) fn at_line(base: &Base, _: &mut Rng) -> Vec<Site> {
    ranks(base)
        .filter(|(_, s, _)| line_of(base, s).is_some())
        .filter_map(|(d, _, r)| Some(gone(base, d, r.at_line?.1)))
        .collect()
}

/// 周期 of a ranking missing.
pub(super) fn period(base: &Base, _: &mut Rng) -> Vec<Site> {
    let all = ranks(base).filter_map(|(d, s, _)| Some(gone(base, d, s.every?.1)));
    all.collect()
}

/// 并列 and 取整 misspelt.
pub(super) fn line_misspelt(base: &Base, _: &mut Rng) -> Vec<Site> {
    let lines = |r: &RankBody| {
        [
            r.ties.map(|t| t.1),
            r.round.map(|t| t.1),
            r.at_line.map(|t| t.1),
        ]
    };
    let mut out = Vec::new();
    for (d, _, r) in ranks(base) {
        for span in lines(r).into_iter().flatten() {
            let range = base.range(span);
            let first = base.text.get(range.clone()).unwrap_or("");
            let n = first.find(char::is_whitespace).unwrap_or(first.len());
            let word = base.lang().pick("并例", "tyes");
            let at = range.start..range.start + n;
            out.push(Site::one(base.range(d.span), at, word));
        }
    }
    out
}

/// 降级 missing.
pub(super) fn falling(base: &Base, _: &mut Rng) -> Vec<Site> {
    let all = grades(base).filter_map(|(d, g)| Some(gone(base, d, g.fall?.1)));
    all.collect()
}

/// The last level, 其余, missing.
pub(super) fn rest(base: &Base, _: &mut Rng) -> Vec<Site> {
    grades(base)
        .filter_map(|(d, g)| {
            let last = g.rows.last().filter(|_| g.rows.len() > 1)?;
            matches!(last.key, GradeKey::Rest).then(|| gone(base, d, last.span))
        })
        .collect()
}

fn bound(row: &GradeRow) -> Option<(f64, &Expr)> {
    let GradeKey::Bound(RowKey::From(e)) = &row.key else {
        return None;
    };
    let ExprKind::Number(q) = &e.kind else {
        return None;
    };
    Some((q.digits.parse().ok()?, e))
}

/// A higher level that asks for less.
pub(super) fn order(base: &Base, _: &mut Rng) -> Vec<Site> {
    grades(base)
        .filter_map(|(d, g)| {
            let [first, second, ..] = g.rows.as_slice() else {
                return None;
            };
            let ((_, e), (less, _)) = (bound(first)?, bound(second)?);
            (less > 1.0).then(|| Site::one(base.range(d.span), base.range(e.span), "1"))
        })
        .collect()
}

/// 无值 跳过 of 连续 missing.
pub(super) fn gaps(base: &Base, _: &mut Rng) -> Vec<Site> {
    standings(base)
        .filter_map(|(d, s)| match &s.body {
            StandingBody::Flag(f) if f.times.as_ref().is_some_and(|t| t.running) => {
                Some(gone(base, d, f.gaps?.1))
            }
            _ => None,
        })
        .collect()
}

/// 有效 明年.
pub(super) fn valid(base: &Base, _: &mut Rng) -> Vec<Site> {
    let word = base.lang().pick("有效 明年", "valid tomorrow");
    standings(base)
        .filter_map(|(d, s)| match &s.body {
            StandingBody::Right(r) => {
                let (_, span) = r.valid.as_ref()?;
                Some(Site::one(base.range(d.span), base.range(*span), word))
            }
            _ => None,
        })
        .collect()
}

/// 总分 100 至 0.
pub(super) fn total(base: &Base, _: &mut Rng) -> Vec<Site> {
    let number = |e: &Expr| matches!(e.kind, ExprKind::Number(_));
    base.file
        .decls
        .iter()
        .filter_map(|d| match &d.kind {
            DeclKind::Score(s) => {
                let (low, high) = s.total.as_ref()?;
                let (a, b) = (base.range(low.span), base.range(high.span));
                let swapped = format!(
                    "{}{}{}",
                    base.text.get(b.clone())?,
                    base.text.get(a.end..b.start)?,
                    base.text.get(a.clone())?
                );
                (number(low) && number(high))
                    .then(|| Site::one(base.range(d.span), a.start..b.end, swapped))
            }
            _ => None,
        })
        .collect()
}

/// 缺项 misspelt.
pub(super) fn score_line(base: &Base, _: &mut Rng) -> Vec<Site> {
    let new = base.lang().pick("缺顶", "mising");
    base.file
        .decls
        .iter()
        .filter_map(|d| match &d.kind {
            DeclKind::Score(s) => {
                let range = base.range(s.missing?.1);
                let line = base.text.get(range.clone())?;
                let n = line.find(char::is_whitespace)?;
                let at = range.start..range.start + n;
                Some(Site::one(base.range(d.span), at, new))
            }
            _ => None,
        })
        .collect()
}
