//! Choices that residents could lose points over, left unstated; statements missing, doubled or in the wrong order.

use crate::mistakes::{Base, Change, Site, walk};
use crate::rng::Rng;
use jifen_syntax::ast::*;
use std::ops::Range;

fn on_span(item: &ItemDecl) -> Option<Span> {
    let mut on = item
        .stmts
        .iter()
        .filter(|s| matches!(s.kind, StmtKind::On { .. }));
    on.next().map(|s| s.span)
}

pub(super) fn no_source(base: &Base, _: &mut Rng) -> Vec<Site> {
    walk::items(&base.file)
        .into_iter()
        .filter(|i| {
            !i.item
                .stmts
                .iter()
                .any(|s| matches!(s.kind, StmtKind::Every { .. }))
        })
        .filter_map(|i| {
            Some(Site::one(
                base.range(i.decl.span),
                base.range(on_span(i.item)?),
                "",
            ))
        })
        .collect()
}

pub(super) fn no_award(base: &Base, _: &mut Rng) -> Vec<Site> {
    let is_amount = |s: &&Stmt| matches!(s.kind, StmtKind::Award { .. } | StmtKind::Deduct { .. });
    walk::items(&base.file)
        .into_iter()
        .filter(|i| i.item.stmts.iter().filter(is_amount).count() == 1)
        .filter_map(|i| {
            let s = i.item.stmts.iter().find(is_amount)?;
            Some(Site::one(base.range(i.decl.span), base.range(s.span), ""))
        })
        .collect()
}

fn doubled(base: &Base, span: Span) -> Site {
    let range = base.range(span);
    let copy = format!("\n    {}\n", &base.text[range.clone()]);
    Site::one(range.clone(), range.end..range.end, copy)
}

pub(super) fn twice(base: &Base, _: &mut Rng) -> Vec<Site> {
    let stmts = walk::stmts(&base.file);
    stmts
        .into_iter()
        .filter(|s| {
            matches!(
                s.stmt.kind,
                StmtKind::On { .. }
                    | StmtKind::Every { .. }
                    | StmtKind::Stacking(_)
                    | StmtKind::Credit(_)
            )
        })
        .map(|s| doubled(base, s.stmt.span))
        .collect()
}

pub(super) fn cap_twice(base: &Base, _: &mut Rng) -> Vec<Site> {
    walk::caps(&base.file)
        .into_iter()
        .map(|(span, _)| doubled(base, span))
        .collect()
}

/// A second multiplier where nothing says how several combine, or the saying taken away.
pub(super) fn stacking(base: &Base, _: &mut Rng) -> Vec<Site> {
    let outer = walk::header(&base.file).is_some_and(|(_, p)| {
        p.stmts
            .iter()
            .any(|s| matches!(s.kind, HeaderKind::Multiply(_) | HeaderKind::Stacking(_)))
    });
    if outer {
        return Vec::new();
    }
    let said = |list: &[Stmt]| list.iter().any(|s| matches!(s.kind, StmtKind::Stacking(_)));
    let times = |s: &&Stmt| matches!(&s.kind, StmtKind::Multiply(m) if m.value.is_some());
    let mut out = Vec::new();
    for i in walk::items(&base.file) {
        if i.chain
            .iter()
            .any(|c| said(&c.stmts) || c.stmts.iter().any(|s| times(&s)))
        {
            continue;
        }
        let own: Vec<&Stmt> = i.item.stmts.iter().filter(times).collect();
        let clause = base.range(i.decl.span);
        let word = i
            .item
            .stmts
            .iter()
            .find(|s| matches!(s.kind, StmtKind::Stacking(_)));
        match (own.last(), word) {
            (Some(_), Some(w)) if own.len() >= 2 => {
                out.push(Site::one(clause, base.range(w.span), ""))
            }
            (Some(last), None) if own.len() == 1 => {
                let end = base.range(last.span).end;
                let more = base.lang().pick("\n    倍率 1.2", "\n    multiply 1.2");
                out.push(Site::one(clause, end..end, more));
            }
            _ => {}
        }
    }
    out
}

pub(super) fn floor(base: &Base, _: &mut Rng) -> Vec<Site> {
    let losing: Vec<Range<usize>> = walk::items(&base.file)
        .iter()
        .filter(|i| {
            i.item
                .stmts
                .iter()
                .any(|s| matches!(s.kind, StmtKind::Deduct { .. }))
        })
        .map(|i| base.range(i.decl.span))
        .collect();
    // An item that gives first may never reach the balance; one that only takes does.
    let gives = |s: &Stmt| matches!(s.kind, StmtKind::Award { .. });
    let takes = |s: &Stmt| matches!(s.kind, StmtKind::Deduct { .. });
    let items = walk::items(&base.file);
    let only = |i: &ItemDecl| i.stmts.iter().any(takes) && !i.stmts.iter().any(gives);
    let sure = items.iter().any(|i| only(i.item));
    let points = walk::points(&base.file);
    if !sure || points.len() != 1 {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (decl, p) in points {
        for s in &p.stmts {
            if matches!(
                s.kind,
                PointsKind::Floor(_) | PointsKind::MayBeNegative | PointsKind::Owed
            ) {
                let mut site = Site::one(base.range(decl.span), base.range(s.span), "");
                for r in &losing {
                    site = site.also_in(r.clone());
                }
                out.push(site);
            }
        }
    }
    out
}

/// 复核 and 上限 change places.
pub(super) fn review_after_cap(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for i in walk::items(&base.file) {
        let find = |f: fn(&StmtKind) -> bool| {
            i.item
                .stmts
                .iter()
                .find(|s| f(&s.kind))
                .map(|s| base.range(s.span))
        };
        let review = find(|k| matches!(k, StmtKind::Review(_)));
        let cap = find(|k| matches!(k, StmtKind::Cap(_)));
        let (Some(review), Some(cap)) = (review, cap) else {
            continue;
        };
        if review.end <= cap.start {
            let (a, b) = (
                base.text[review.clone()].to_owned(),
                base.text[cap.clone()].to_owned(),
            );
            out.push(Site {
                kind: 0,
                clause: vec![review.start..cap.end],
                shadow: Vec::new(),
                changes: vec![
                    Change {
                        range: review,
                        new: b,
                    },
                    Change { range: cap, new: a },
                ],
            });
        }
    }
    out
}

fn reviews(base: &Base) -> Vec<(Range<usize>, &ReviewStmt)> {
    let stmts = walk::stmts(&base.file);
    stmts
        .into_iter()
        .filter_map(|s| match &s.stmt.kind {
            StmtKind::Review(r) => Some((base.range(s.stmt.span), r)),
            _ => None,
        })
        .collect()
}

pub(super) fn lapse(base: &Base, _: &mut Rng) -> Vec<Site> {
    reviews(base)
        .into_iter()
        .filter(|(_, r)| !r.confirm.is_empty())
        .filter_map(|(clause, r)| Some(Site::one(clause, base.range(r.lapse.as_ref()?.span), "")))
        .collect()
}

pub(super) fn publish_start(base: &Base, _: &mut Rng) -> Vec<Site> {
    reviews(base)
        .into_iter()
        .filter_map(|(clause, r)| {
            let publish = r.publish.as_ref()?;
            publish.from?;
            // With confirmation the days count from the last one by default.
            if !r.confirm.is_empty() {
                return None;
            }
            let end = base.range(publish.days.span).end;
            Some(Site::one(clause, end..base.range(publish.span).end, ""))
        })
        .collect()
}

pub(super) fn hold(base: &Base, _: &mut Rng) -> Vec<Site> {
    let stmts = walk::stmts(&base.file);
    stmts
        .into_iter()
        .filter_map(|s| match &s.stmt.kind {
            StmtKind::Requires {
                hold: Some((_, span)),
                ..
            } => Some(Site::one(base.range(s.stmt.span), base.range(*span), "")),
            _ => None,
        })
        .collect()
}

/// 重叠 计一次 taken away where an item pays for the duration.
pub(super) fn overlap_rule(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for (decl, r) in walk::records(&base.file) {
        let Some((_, span)) = &r.overlap else {
            continue;
        };
        // The span may be the choice or the whole statement: the word stands directly before the choice.
        let inner = base.range(*span);
        let before = base.text[..inner.start].trim_end();
        let word = ["重叠", "overlap"]
            .into_iter()
            .find(|w| before.ends_with(*w));
        let range = word.map_or(inner.clone(), |w| before.len() - w.len()..inner.end);
        let users: Vec<Range<usize>> = walk::items(&base.file)
            .iter()
            .filter(|i| pays_time(i.item, &r.name.text))
            .map(|i| base.range(i.decl.span))
            .collect();
        if !users.is_empty() {
            let site = Site::one(base.range(decl.span), range, "");
            out.push(users.into_iter().fold(site, Site::also_in));
        }
    }
    out
}

fn pays_time(item: &ItemDecl, record: &str) -> bool {
    let on = item
        .stmts
        .iter()
        .any(|s| matches!(&s.kind, StmtKind::On { record: r, .. } if r.text == record));
    let duration = |e: &&Expr| matches!(&e.kind, ExprKind::Member(_, n) if ["时长", "duration"].contains(&n.text.as_str()));
    on && item.stmts.iter().any(|s| match &s.kind {
        StmtKind::Award { value, .. } => walk::within(value).iter().any(duration),
        _ => false,
    })
}

pub(super) fn precision_mode(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for (_, p) in walk::points(&base.file) {
        for s in &p.stmts {
            if let PointsKind::Precision(PrecisionStmt {
                step,
                mode: Some(_),
            }) = &s.kind
            {
                let range = base.range(s.span);
                out.push(Site::one(
                    range.clone(),
                    base.range(step.span).end..range.end,
                    "",
                ));
            }
        }
    }
    out
}

pub(super) fn cap_window(base: &Base, _: &mut Rng) -> Vec<Site> {
    walk::caps(&base.file)
        .into_iter()
        .filter(|(_, c)| c.keys.is_empty())
        .filter_map(|(span, c)| {
            let (_, window) = c.window?;
            Some(Site::one(base.range(span), base.range(window), ""))
        })
        .collect()
}

pub(super) fn effective(base: &Base, _: &mut Rng) -> Vec<Site> {
    let Some((decl, p)) = walk::header(&base.file) else {
        return Vec::new();
    };
    let mut list = p
        .stmts
        .iter()
        .filter(|s| matches!(s.kind, HeaderKind::Effective(_)));
    let site = list
        .next()
        .map(|s| Site::one(base.range(decl.span), base.range(s.span), ""));
    site.into_iter().collect()
}

pub(super) fn workdays(base: &Base, _: &mut Rng) -> Vec<Site> {
    let Some((decl, p)) = walk::header(&base.file) else {
        return Vec::new();
    };
    let is_working = |e: &Expr| {
        matches!(
            &e.kind,
            ExprKind::Number(Quantity {
                unit: Some(Unit::WorkingDays),
                ..
            })
        )
    };
    let users: Vec<Range<usize>> = reviews(base)
        .into_iter()
        .filter(|(_, r)| {
            r.publish.iter().any(|p| is_working(&p.days))
                || r.lapse.iter().any(|l| is_working(&l.days))
        })
        .map(|(range, _)| range)
        .collect();
    if users.is_empty() {
        return Vec::new();
    }
    let mut list = p
        .stmts
        .iter()
        .filter(|s| matches!(s.kind, HeaderKind::Workdays(_)));
    let site = list
        .next()
        .map(|s| Site::one(base.range(decl.span), base.range(s.span), ""));
    site.map(|s| users.into_iter().fold(s, Site::also_in))
        .into_iter()
        .collect()
}

fn time_clauses(base: &Base) -> Vec<(Range<usize>, &TimeClause)> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        if let StmtKind::Multiply(MultiplyStmt { time: Some(t), .. }) = &s.stmt.kind {
            out.push((base.range(s.stmt.span), t));
        }
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            if let ExprKind::InTime(t) = &e.kind {
                out.push((base.range(s.stmt.span), t));
            }
        }
    }
    out
}

/// 22:00 至 次日 06:00 → 22:00 至 06:00.
pub(super) fn next_day(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    let mut all: Vec<(Range<usize>, &ClockRange)> = Vec::new();
    for (clause, t) in time_clauses(base) {
        all.extend(t.ranges.iter().map(|r| (clause.clone(), r)));
    }
    for d in walk::decls(&base.file) {
        if let DeclKind::ClockWindows(c) = &d.kind {
            all.extend(c.windows.iter().map(|r| (base.range(d.span), r)));
        }
    }
    for (clause, r) in all
        .into_iter()
        .filter(|(_, r)| r.next_day && r.to - 86_400 <= r.from)
    {
        let range = base.range(r.span);
        let text = &base.text[range.clone()];
        if let Some((word, i)) = ["次日", "next"]
            .into_iter()
            .find_map(|w| text.find(w).map(|i| (w, i)))
        {
            let at = range.start + i;
            out.push(Site::one(clause, at..at + word.len(), ""));
        }
    }
    out
}

/// 倍率 2 22:00 至 次日 06:00: which part counts is unsaid.
pub(super) fn time_word(base: &Base, _: &mut Rng) -> Vec<Site> {
    time_clauses(base)
        .into_iter()
        .filter_map(|(clause, t)| {
            let first = t.ranges.first()?;
            let start = base.range(t.span).start;
            let range = start..base.range(first.span).start;
            (!range.is_empty()).then(|| Site::one(clause, range, ""))
        })
        .collect()
}

pub(super) fn test_date(base: &Base, _: &mut Rng) -> Vec<Site> {
    let built_in = ["确认", "撤销", "更正", "confirmation", "revoke", "correct"];
    walk::test_lines(&base.file)
        .into_iter()
        .filter_map(|line| match &line.kind {
            TestKind::GivenFact {
                at: Some(at),
                to: None,
                record,
                ..
            } if !built_in.contains(&record.text.as_str()) => {
                Some(Site::one(base.range(line.span), base.range(at.span), ""))
            }
            _ => None,
        })
        .collect()
}

pub(super) fn exempt(base: &Base, _: &mut Rng) -> Vec<Site> {
    walk::caps(&base.file)
        .into_iter()
        .filter_map(|(span, c)| {
            let (_, word) = c.exempt_counted?;
            Some(Site::one(base.range(span), base.range(word), ""))
        })
        .collect()
}

/// 计入 taken away from an item where there are several kinds of points.
pub(super) fn credit(base: &Base, _: &mut Rng) -> Vec<Site> {
    let header = walk::header(&base.file).is_some_and(|(_, p)| {
        p.stmts
            .iter()
            .any(|s| matches!(s.kind, HeaderKind::Credit(_)))
    });
    if walk::points(&base.file).len() < 2 || header {
        return Vec::new();
    }
    let credits = |list: &[Stmt]| list.iter().any(|s| matches!(s.kind, StmtKind::Credit(_)));
    let mut out = Vec::new();
    for i in walk::items(&base.file) {
        if i.chain.iter().any(|c| credits(&c.stmts)) {
            continue;
        }
        for s in i
            .item
            .stmts
            .iter()
            .filter(|s| matches!(s.kind, StmtKind::Credit(_)))
        {
            out.push(Site::one(base.range(i.decl.span), base.range(s.span), ""));
        }
    }
    out
}
