//! Mistakes with names: misspelt, unknown, of the wrong sort, used twice.

use crate::mistakes::{Base, Site, walk, words};
use crate::rng::Rng;
use jifen_diag::Lang;
use jifen_syntax::ast::*;
use std::ops::Range;

fn misspell(base: &Base, word: &str, rng: &mut Rng) -> Option<String> {
    words::misspell(word, &|w| base.taken(w), rng)
}

fn strange(base: &Base) -> String {
    base.lang().pick("随便写的", "whatever_it_is").to_owned()
}

/// All names in expressions of statements, with the clause.
fn names_in_exprs(base: &Base) -> Vec<(Range<usize>, &Name)> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            if let ExprKind::Name(n) = &e.kind {
                out.push((base.range(s.stmt.span), n));
            }
        }
    }
    out
}

/// Records named by items, with the item, which is hidden when its record is unknown.
fn sources(base: &Base) -> Vec<(Range<usize>, Range<usize>, &Name)> {
    let mut out = Vec::new();
    for i in walk::items(&base.file) {
        for s in &i.item.stmts {
            if let StmtKind::On { record, .. } = &s.kind {
                out.push((base.range(s.span), base.range(i.decl.span), record));
            }
        }
    }
    out
}

pub(super) fn misspelt(base: &Base, rng: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for (clause, name) in names_in_exprs(base) {
        if let Some(new) = misspell(base, &name.text, rng) {
            out.push(Site::one(clause, base.range(name.span), new));
        }
    }
    for (clause, item, name) in sources(base) {
        if let Some(new) = misspell(base, &name.text, rng) {
            out.push(Site::one(clause, base.range(name.span), new).shadow(item));
        }
    }
    for (span, cap) in walk::caps(&base.file) {
        for name in cap.keys.iter().chain(&cap.exempt) {
            if let Some(new) = misspell(base, &name.text, rng) {
                out.push(Site::one(base.range(span), base.range(name.span), new));
            }
        }
    }
    out
}

pub(super) fn unknown_field(base: &Base, _: &mut Rng) -> Vec<Site> {
    names_in_exprs(base)
        .into_iter()
        .map(|(clause, name)| Site::one(clause, base.range(name.span), strange(base)))
        .collect()
}

pub(super) fn unknown_record(base: &Base, _: &mut Rng) -> Vec<Site> {
    sources(base)
        .into_iter()
        .map(|(clause, item, name)| {
            Site::one(clause, base.range(name.span), strange(base)).shadow(item)
        })
        .collect()
}

pub(super) fn wrong_sort(base: &Base, _: &mut Rng) -> Vec<Site> {
    let Some((_, points)) = walk::points(&base.file).into_iter().next() else {
        return Vec::new();
    };
    sources(base)
        .into_iter()
        .map(|(clause, item, name)| {
            Site::one(clause, base.range(name.span), points.name.text.clone()).shadow(item)
        })
        .collect()
}

/// 起止.时长 → 起止.时常.
pub(super) fn member(base: &Base, rng: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            let ExprKind::Member(_, name) = &e.kind else {
                continue;
            };
            if let Some(new) = misspell(base, &name.text, rng) {
                out.push(Site::one(
                    base.range(s.stmt.span),
                    base.range(name.span),
                    new,
                ));
            }
        }
    }
    out
}

pub(super) fn unknown_option(base: &Base, rng: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let mut add = |e: &Expr| {
            if let ExprKind::Name(n) = &e.kind {
                let new = misspell(base, &n.text, rng).unwrap_or_else(|| strange(base));
                out.push(Site::one(base.range(s.stmt.span), base.range(n.span), new));
            }
        };
        for e in walk::roots(s.stmt).into_iter().flat_map(walk::within) {
            match &e.kind {
                ExprKind::OneOf(_, list) => list.iter().for_each(&mut add),
                ExprKind::Select(select) => {
                    for row in &select.rows {
                        if let RowKey::Values(list) = &row.key {
                            list.iter().for_each(&mut add);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    out
}

pub(super) fn credit(base: &Base, rng: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let StmtKind::Credit(c) = &s.stmt.kind else {
            continue;
        };
        for name in &c.names {
            if let Some(new) = misspell(base, &name.text, rng) {
                out.push(Site::one(
                    base.range(s.stmt.span),
                    base.range(name.span),
                    new,
                ));
            }
        }
    }
    out
}

/// 当 发现隐患 → 当 发现隐患且发现隐患.
pub(super) fn operator_inside(base: &Base, _: &mut Rng) -> Vec<Site> {
    if base.lang() == Lang::En {
        return Vec::new();
    }
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        let when = match &s.stmt.kind {
            StmtKind::Award { when, .. }
            | StmtKind::Add { when, .. }
            | StmtKind::Deduct { when, .. } => when.as_ref(),
            StmtKind::Multiply(m) => m.when.as_ref(),
            StmtKind::Requires { cond, .. } => Some(cond),
            _ => None,
        };
        if let Some(Expr {
            kind: ExprKind::Name(n),
            span,
        }) = when
        {
            let (range, word) = (base.range(*span), &n.text);
            out.push(Site::one(
                base.range(s.stmt.span),
                range,
                format!("{word}且{word}"),
            ));
        }
    }
    out
}

/// A second copy of a declaration behind it.
pub(super) fn declared_twice(base: &Base, _: &mut Rng) -> Vec<Site> {
    let decls = walk::decls(&base.file);
    decls
        .into_iter()
        .filter(|d| {
            !matches!(
                d.kind,
                DeclKind::Category(_) | DeclKind::Policy(_) | DeclKind::Test(_)
            )
        })
        .map(|d| {
            let range = base.range(d.span);
            let copy = format!("\n{}\n", &base.text[range.clone()]);
            Site::one(range.end..range.end, range.end..range.end, copy).shadow(range)
        })
        .collect()
}

pub(super) fn field_twice(base: &Base, _: &mut Rng) -> Vec<Site> {
    walk::fields(&base.file)
        .into_iter()
        .map(|f| {
            let range = base.range(f.span);
            let copy = format!("\n    {}\n", &base.text[range.clone()]);
            Site::one(range.clone(), range.end..range.end, copy)
        })
        .collect()
}

/// An amount through a function that nobody knows.
pub(super) fn function(base: &Base, _: &mut Rng) -> Vec<Site> {
    let name = base.lang().pick("取整数部分", "truncate");
    let mut out = Vec::new();
    for s in walk::stmts(&base.file) {
        if let StmtKind::Award { value, .. } | StmtKind::Add { value, .. } = &s.stmt.kind
            && matches!(
                value.kind,
                ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Binary(..)
            )
        {
            let range = base.range(value.span);
            let new = format!("{name}({})", &base.text[range.clone()]);
            out.push(Site::one(base.range(s.stmt.span), range, new));
        }
    }
    out
}

pub(super) fn test_target(base: &Base, rng: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for line in walk::test_lines(&base.file) {
        if let TestKind::Expect {
            target: Some(name), ..
        } = &line.kind
            && let Some(new) = misspell(base, &name.text, rng)
        {
            out.push(Site::one(base.range(line.span), base.range(name.span), new));
        }
    }
    out
}

pub(super) fn test_names(base: &Base, rng: &mut Rng) -> Vec<Site> {
    let mut out = Vec::new();
    for line in walk::test_lines(&base.file) {
        let names: Vec<&Name> = match &line.kind {
            TestKind::GivenFact { record, fields, .. } => {
                let all = fields.iter().map(|f| &f.0);
                all.chain([record]).filter(|n| !built_in(&n.text)).collect()
            }
            TestKind::GivenSubject { attrs, .. } => attrs.iter().map(|a| &a.name).collect(),
            _ => continue,
        };
        if names.is_empty() {
            continue;
        }
        let name = names[rng.below(names.len())];
        if let Some(new) = misspell(base, &name.text, rng) {
            out.push(Site::one(base.range(line.span), base.range(name.span), new));
        }
    }
    out
}

fn built_in(name: &str) -> bool {
    ["确认", "撤销", "更正", "confirmation", "revoke", "correct"].contains(&name)
}
