//! Mistakes of writing: words, braces, quotes, numbers, dates.

use crate::mistakes::{Base, Site, walk, words};
use crate::rng::Rng;
use jifen_diag::Lang;
use jifen_syntax::ast::*;
use std::ops::Range;

/// Statement words that are never another word's beginning, in both languages.
const WORDS: &[&str] = &[
    "得",
    "凭",
    "上限",
    "倍率",
    "条件",
    "复核",
    "加",
    "扣",
    "周期",
    "计入",
    "同时符合",
    "award",
    "on",
    "cap",
    "multiply",
    "requires",
    "review",
    "add",
    "deduct",
    "every",
];
const POINTS_WORDS: &[&str] = &[
    "精度",
    "下限",
    "允许为负",
    "到期",
    "衰减",
    "precision",
    "floor",
    "expiry",
    "decay",
];
const HEADER_WORDS: &[&str] = &["版本", "施行", "时区", "version", "effective", "zone"];

/// The word at the beginning of a statement, if it is one of these.
fn head(base: &Base, span: Span, of: &[&str]) -> Option<(String, Range<usize>)> {
    let text = base.slice(span);
    let word = of
        .iter()
        .filter(|w| text.starts_with(**w))
        .max_by_key(|w| w.len())?;
    let start = span.range().start;
    Some(((*word).to_owned(), start..start + word.len()))
}

/// Statements with what they stand in: a source that is lost hides the whole item.
fn heads(base: &Base) -> Vec<(Span, Option<Range<usize>>, String, Range<usize>)> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let hides = matches!(s.stmt.kind, StmtKind::On { .. } | StmtKind::Every { .. });
        let shadow = hides.then(|| base.range(s.owner.span));
        out.extend(head(base, s.stmt.span, WORDS).map(|(w, r)| (s.stmt.span, shadow, w, r)));
    }
    for (_, p) in walk::points(&base.file) {
        for s in &p.stmts {
            out.extend(head(base, s.span, POINTS_WORDS).map(|(w, r)| (s.span, None, w, r)));
        }
    }
    for s in walk::header(&base.file).iter().flat_map(|(_, p)| &p.stmts) {
        out.extend(head(base, s.span, HEADER_WORDS).map(|(w, r)| (s.span, None, w, r)));
    }
    out
}

fn respell(base: &Base, rng: &mut Rng, how: fn(&str, &mut Rng) -> Option<String>) -> Vec<Site> {
    heads(base)
        .into_iter()
        .filter_map(|(span, shadow, word, range)| {
            let new = how(&word, rng).filter(|n| !base.taken(n) && *n != word)?;
            let site = Site::one(base.range(span), range, new);
            Some(match shadow {
                Some(s) => site.shadow(s),
                None => site,
            })
        })
        .collect()
}

pub(super) fn word_alike(base: &Base, rng: &mut Rng) -> Vec<Site> {
    respell(base, rng, |w, rng| match w.is_ascii() {
        true => words::slip(w, rng),
        false => words::alike(w, rng),
    })
}

pub(super) fn word_letters(base: &Base, rng: &mut Rng) -> Vec<Site> {
    respell(base, rng, |w, _| words::letters(w))
}

/// 项目 → 顶目, category → catgeory.
pub(super) fn declaration_word(base: &Base, rng: &mut Rng) -> Vec<Site> {
    const ALL: &[&str] = &[
        "政策",
        "名册",
        "积分",
        "记录",
        "参数",
        "类别",
        "项目",
        "测试",
        "policy",
        "roster",
        "points",
        "fact",
        "parameter",
        "category",
        "item",
        "test",
    ];
    let decls = walk::decls(&base.file);
    decls
        .into_iter()
        .filter_map(|d| {
            let text = base.slice(d.span);
            // The word may stand behind an article number.
            let (at, word) = ALL
                .iter()
                .filter_map(|w| text.find(*w).filter(|i| *i < 24).map(|i| (i, *w)))
                .min_by_key(|(i, w)| (*i, usize::MAX - w.len()))?;
            let new = match word.is_ascii() {
                true => words::slip(word, rng),
                false => words::alike(word, rng),
            }?;
            let start = d.span.range().start + at;
            let hides: Vec<Range<usize>> = hidden_by(base, d);
            let mut site = Site::one(base.range(d.span), start..start + word.len(), new);
            site.shadow = hides;
            Some(site)
        })
        .collect()
}

/// What cannot be judged when a declaration is lost: items on a record, everything for a roster or points.
fn hidden_by(base: &Base, d: &Decl) -> Vec<Range<usize>> {
    match &d.kind {
        DeclKind::Record(r) => walk::items(&base.file)
            .iter()
            .filter(|i| i.item.stmts.iter().any(|s| matches!(&s.kind, StmtKind::On { record, .. } if record.text == r.name.text)))
            .map(|i| base.range(i.decl.span))
            .chain(walk::test_lines(&base.file).iter().map(|l| base.range(l.span)))
            .collect(),
        DeclKind::Test(_) => Vec::new(),
        _ => vec![0..base.text.len()],
    }
}

/// The last brace of a block on more than one line.
pub(super) fn close_brace(base: &Base, _: &mut Rng) -> Vec<Site> {
    let decls = walk::decls(&base.file);
    decls
        .into_iter()
        .filter_map(|d| {
            let range = base.range(d.span);
            let text = &base.text[range.clone()];
            (text.ends_with('}') && text.contains('\n'))
                .then(|| Site::one(range.clone(), range.end - 1..range.end, ""))
        })
        .collect()
}

pub(super) fn open_brace(base: &Base, _: &mut Rng) -> Vec<Site> {
    let decls = walk::decls(&base.file);
    decls
        .into_iter()
        .filter(|d| !matches!(d.kind, DeclKind::Category(_) | DeclKind::Policy(_)))
        .filter_map(|d| {
            let range = base.range(d.span);
            let at = range.start + base.text[range.clone()].find('{')?;
            let mut site = Site::one(range, at..at + 1, "");
            site.shadow = hidden_by(base, d);
            Some(site)
        })
        .collect()
}

/// A quote that is not closed, of a test title or a text in a test.
pub(super) fn quote(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for d in walk::decls(&base.file) {
        let DeclKind::Test(t) = &d.kind else { continue };
        let title = base.range(t.title.span);
        let after = base.text[title.start..]
            .find(['"', '”'])
            .map(|i| title.start + i);
        if let Some(end) = closing(base, &title).or(after.filter(|e| *e <= title.end)) {
            out.push(Site::one(
                base.range(d.span),
                end..end + width(base, end),
                "",
            ));
        }
        for line in &t.lines {
            let TestKind::GivenFact { fields, .. } = &line.kind else {
                continue;
            };
            for (_, value) in fields {
                let range = base.range(value.span);
                if let (ExprKind::Text(_), Some(end)) = (&value.kind, closing(base, &range)) {
                    out.push(Site::one(
                        base.range(d.span),
                        end..end + width(base, end),
                        "",
                    ));
                }
            }
        }
    }
    out
}

fn closing(base: &Base, range: &Range<usize>) -> Option<usize> {
    let text = &base.text[range.clone()];
    let last = text.char_indices().last()?;
    matches!(last.1, '"' | '”').then_some(range.start + last.0)
}

fn width(base: &Base, at: usize) -> usize {
    base.text[at..].chars().next().map_or(0, char::len_utf8)
}

/// 10分 → 1O分.
pub(super) fn number_letter(base: &Base, _: &mut Rng) -> Vec<Site> {
    let stmts = walk::stmts(&base.file);
    let mut out = Vec::new();
    for s in stmts {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            let ExprKind::Number(q) = &e.kind else {
                continue;
            };
            let range = base.range(e.span);
            let text = &base.text[range.clone()];
            if let Some(zero) = text.find('0').filter(|z| *z > 0 && q.digits.len() > 1) {
                let at = range.start + zero;
                out.push(Site::one(base.range(s.stmt.span), at..at + 1, "O"));
            }
        }
    }
    out
}

/// 10分 至 20分 → 10分-20分.
pub(super) fn hyphen(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    let mut add = |clause: Span, a: Span, b: Span| {
        out.push(Site::one(
            base.range(clause),
            base.range(a).end..base.range(b).start,
            "-",
        ));
    };
    for f in walk::fields(&base.file) {
        if let Some((a, b)) = &f.range {
            add(f.span, a.span, b.span);
        }
    }
    for d in walk::decls(&base.file) {
        if let DeclKind::Param(ParamDecl {
            adjustable: Some((a, b)),
            ..
        }) = &d.kind
        {
            add(d.span, a.span, b.span);
        }
    }
    out
}

/// The 30th of February.
pub(super) fn date(base: &Base, _: &mut Rng) -> Vec<Site> {
    let new = base.lang().pick("2026年2月30日", "2026-02-30");
    let mut out = Vec::new();
    for s in walk::header(&base.file).iter().flat_map(|(_, p)| &p.stmts) {
        if let HeaderKind::Effective(d) | HeaderKind::ExpiresOn(d) = &s.kind {
            out.push(Site::one(base.range(s.span), base.range(d.span), new));
        }
    }
    for line in walk::test_lines(&base.file) {
        let d = match &line.kind {
            TestKind::AsOf(d) => *d,
            TestKind::GivenFact {
                at:
                    Some(Expr {
                        kind: ExprKind::Date(d) | ExprKind::Instant(d, _),
                        ..
                    }),
                ..
            } => *d,
            _ => continue,
        };
        out.push(Site::one(
            base.range(line.span),
            base.range(d.span),
            "2026-02-30",
        ));
    }
    out
}

/// A statement that belongs elsewhere: an award in a record, a floor in an item.
pub(super) fn misplaced(base: &Base, rng: &mut Rng) -> Vec<Site> {
    let zh = base.lang() == Lang::Zh;
    let mut out = Vec::new();
    for d in walk::decls(&base.file) {
        let wrong: &[&str] = match (&d.kind, zh) {
            (DeclKind::Record(_) | DeclKind::Roster(_), true) => &["得 5分", "上限 每日 5分"],
            (DeclKind::Record(_) | DeclKind::Roster(_), false) => {
                &["award 5 points", "cap per day 5 points"]
            }
            (DeclKind::Item(_), true) => &["下限 0分", "版本 3", "重叠 计一次"],
            (DeclKind::Item(_), false) => &["floor 0 points", "version 3", "overlap once"],
            (DeclKind::Points(_) | DeclKind::Policy(_), true) => &["得 5分", "条件 5 超过 3"],
            (DeclKind::Points(_) | DeclKind::Policy(_), false) => {
                &["award 5 points", "requires 5 exceeds 3"]
            }
            _ => continue,
        };
        let range = base.range(d.span);
        if !base.text[range.clone()].ends_with('}') {
            continue;
        }
        let at = range.end - 1;
        if let Some(w) = rng.pick(wrong) {
            out.push(Site::one(at..at, at..at, format!("  {w}\n")));
        }
    }
    out
}

/// `得` with nothing behind it.
pub(super) fn no_value(base: &Base, _: &mut Rng) -> Vec<Site> {
    let stmts = walk::stmts(&base.file);
    stmts
        .into_iter()
        .filter_map(|s| {
            let value = match &s.stmt.kind {
                StmtKind::Award { value, .. }
                | StmtKind::Add { value, .. }
                | StmtKind::Deduct { value, .. } => value,
                StmtKind::Requires { cond, .. } => cond,
                _ => return None,
            };
            Some(Site::one(
                base.range(s.stmt.span),
                base.range(value.span),
                "",
            ))
        })
        .collect()
}

/// 满 1小时 10分.
pub(super) fn row_colon(base: &Base, _: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            let ExprKind::Select(select) = &e.kind else {
                continue;
            };
            for row in &select.rows {
                let start = base.range(row.span).start;
                let between = start..base.range(row.value.span).start;
                let colon = base
                    .text
                    .get(between.clone())
                    .and_then(|t| t.rfind([':', '：']));
                if let Some(i) = colon {
                    let at = between.start + i;
                    out.push(Site::one(
                        base.range(s.stmt.span),
                        at..at + width(base, at),
                        " ",
                    ));
                }
            }
        }
    }
    out
}
