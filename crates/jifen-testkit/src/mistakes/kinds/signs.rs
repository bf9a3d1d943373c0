//! Mistakes with signs and brackets: doubled, left out, of the wrong kind; and declarations deleted or renamed.

use crate::mistakes::{Base, Change, Site, walk};
use crate::rng::Rng;
use jifen_diag::Lang;
use jifen_syntax::ast::*;
use std::ops::Range;

/// The colon after the name of a field.
fn field_colons(base: &Base) -> Vec<(Range<usize>, Range<usize>)> {
    walk::fields(&base.file)
        .into_iter()
        .filter_map(|f| {
            let clause = base.range(f.span);
            let from = base.range(f.name.span).end;
            let rest = base.text.get(from..clause.end)?;
            let i = rest.find([':', '：'])?;
            let len = rest[i..].chars().next()?.len_utf8();
            Some((clause, from + i..from + i + len))
        })
        .collect()
}

pub(super) fn colon_twice(base: &Base, _: &mut Rng) -> Vec<Site> {
    field_colons(base)
        .into_iter()
        .map(|(clause, at)| Site::one(clause, at.end..at.end, "："))
        .collect()
}

pub(super) fn colon_left_out(base: &Base, _: &mut Rng) -> Vec<Site> {
    field_colons(base)
        .into_iter()
        .map(|(clause, at)| Site::one(clause, at, ""))
        .collect()
}

/// `）` left out, in lists of options and in 属于（…）.
pub(super) fn round_left_out(base: &Base, _: &mut Rng) -> Vec<Site> {
    let fields = walk::fields(&base.file).into_iter().map(|f| f.span);
    let stmts = walk::stmts(&base.file).into_iter();
    let plain = stmts.filter(|s| !matches!(s.stmt.kind, StmtKind::Review(_)));
    let mut out = Vec::new();
    for span in fields.chain(plain.map(|s| s.stmt.span)) {
        let clause = base.range(span);
        let text = &base.text[clause.clone()];
        if text.matches(['(', '（']).count() != 1 || text.contains(['"', '“']) {
            continue;
        }
        if let Some(i) = text.rfind([')', '）']) {
            let len = text[i..].chars().next().map_or(1, char::len_utf8);
            let at = clause.start + i;
            out.push(Site::one(clause, at..at + len, ""));
        }
    }
    out
}

/// Declarations that are blocks, and the place of their opening brace.
fn blocks(base: &Base) -> Vec<(Range<usize>, usize)> {
    walk::decls(&base.file)
        .into_iter()
        .filter(|d| !matches!(d.kind, DeclKind::Category(_)))
        .filter_map(|d| {
            let clause = base.range(d.span);
            let text = &base.text[clause.clone()];
            let open = text.find('{').filter(|_| text.ends_with('}'))?;
            Some((clause.clone(), clause.start + open))
        })
        .collect()
}

pub(super) fn brace_twice(base: &Base, _: &mut Rng) -> Vec<Site> {
    blocks(base)
        .into_iter()
        .map(|(c, open)| Site::one(c, open + 1..open + 1, "{"))
        .collect()
}

pub(super) fn end_twice(base: &Base, _: &mut Rng) -> Vec<Site> {
    blocks(base)
        .into_iter()
        .map(|(c, _)| {
            let end = c.end;
            Site::one(c, end..end, " }")
        })
        .collect()
}

/// Square brackets for braces.
pub(super) fn square(base: &Base, _: &mut Rng) -> Vec<Site> {
    blocks(base)
        .into_iter()
        .map(|(c, open)| Site {
            kind: 0,
            clause: vec![c.clone()],
            shadow: Vec::new(),
            changes: vec![
                Change {
                    range: open..open + 1,
                    new: "[".to_owned(),
                },
                Change {
                    range: c.end - 1..c.end,
                    new: "]".to_owned(),
                },
            ],
        })
        .collect()
}

/// Items and tests in which a name stands.
fn users(base: &Base, name: &str) -> Vec<Range<usize>> {
    walk::decls(&base.file)
        .into_iter()
        .filter(|d| !matches!(d.kind, DeclKind::Category(_) | DeclKind::Policy(_)))
        .map(|d| base.range(d.span))
        .filter(|r| base.text[r.clone()].contains(name))
        .collect()
}

fn used_records(base: &Base) -> Vec<(Range<usize>, &RecordDecl, Vec<Range<usize>>)> {
    walk::records(&base.file)
        .into_iter()
        .filter_map(|(d, r)| {
            let own = base.range(d.span);
            let mut all = users(base, &r.name.text);
            all.retain(|u| *u != own);
            let named = walk::stmts(&base.file).iter().any(
                |s| matches!(&s.stmt.kind, StmtKind::On { record, .. } if record.text == r.name.text),
            );
            (named && !all.is_empty()).then_some((own, r, all))
        })
        .collect()
}

/// The line of a record deleted, while an item stands on it.
pub(super) fn record_deleted(base: &Base, _: &mut Rng) -> Vec<Site> {
    used_records(base)
        .into_iter()
        .map(|(own, _, users)| {
            let site = Site::one(own.clone(), own, "");
            users.into_iter().fold(site, Site::also_in)
        })
        .collect()
}

/// The name of a record misspelt where it is declared.
pub(super) fn record_renamed(base: &Base, rng: &mut Rng) -> Vec<Site> {
    used_records(base)
        .into_iter()
        .filter_map(|(own, r, users)| {
            let new = crate::mistakes::words::misspell(&r.name.text, &|w| base.taken(w), rng)?;
            let site = Site::one(own, base.range(r.name.span), new);
            Some(users.into_iter().fold(site, Site::also_in))
        })
        .collect()
}

/// A word of a statement replaced by another, wherever it stands alone.
fn word_in_stmts(base: &Base, pairs: &[(&str, &str)]) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        if matches!(s.stmt.kind, StmtKind::Review(_)) {
            continue;
        }
        let clause = base.range(s.stmt.span);
        let text = &base.text[clause.clone()];
        for (from, to) in pairs {
            let spaced = format!(" {from} ");
            if let Some(i) = text.find(&spaced) {
                let at = clause.start + i + 1;
                out.push(Site::one(clause.clone(), at..at + from.len(), *to));
            }
        }
    }
    out
}

/// 属于 → 属与, exceeds → exeeds.
pub(super) fn operator(base: &Base, _: &mut Rng) -> Vec<Site> {
    word_in_stmts(
        base,
        &[
            ("当", "挡"),
            ("超过", "抄过"),
            ("不低于", "不底于"),
            ("分档", "分当"),
            ("时段内", "是段内"),
            ("始于时段", "始于是段"),
            ("exceeds", "exeeds"),
            ("when", "wehn"),
            ("bands", "bnads"),
            ("during", "durring"),
        ],
    )
}

/// 当 left out.
pub(super) fn when_left_out(base: &Base, _: &mut Rng) -> Vec<Site> {
    let word = if base.lang() == Lang::Zh {
        "当"
    } else {
        "when"
    };
    let mut out = word_in_stmts(base, &[(word, "")]);
    // A category's or policy's multiplier without 当 has other meanings.
    out.retain(|s| s.changes.len() == 1);
    out
}

/// 小时 → 小是, points → pionts.
pub(super) fn unit_misspelt(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            let ExprKind::Number(q) = &e.kind else {
                continue;
            };
            let range = base.range(e.span);
            let text = &base.text[range.clone()];
            let (from, to) = match (q.unit, base.lang()) {
                (Some(Unit::Hours), Lang::Zh) => ("小时", "小是"),
                (Some(Unit::Points), Lang::En) => ("points", "pionts"),
                (Some(Unit::Hours), Lang::En) => ("hours", "horus"),
                _ => continue,
            };
            if let Some(i) = text.find(from) {
                let at = range.start + i;
                out.push(Site::one(base.range(s.stmt.span), at..at + from.len(), to));
            }
        }
    }
    out
}
