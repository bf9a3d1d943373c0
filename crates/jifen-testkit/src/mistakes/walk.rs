//! Walks over the tree of a policy file: all declarations, statements and expressions with what encloses them.

use jifen_syntax::ast::*;

/// A statement of an item, a category or the header, with its owner.
#[derive(Clone, Copy)]
pub(crate) struct StmtIn<'a> {
    pub stmt: &'a Stmt,
    /// The item or category that it stands in.
    pub owner: &'a Decl,
}

/// An item with the categories around it, outermost first.
pub(crate) struct ItemIn<'a> {
    pub decl: &'a Decl,
    pub item: &'a ItemDecl,
    pub chain: Vec<&'a CategoryDecl>,
}

/// All declarations, inner ones after the category that holds them.
pub(crate) fn decls(file: &File) -> Vec<&Decl> {
    fn go<'a>(list: &'a [Decl], out: &mut Vec<&'a Decl>) {
        for d in list {
            out.push(d);
            if let DeclKind::Category(c) = &d.kind {
                go(&c.members, out);
            }
        }
    }
    let mut out = Vec::new();
    go(&file.decls, &mut out);
    out
}

/// All items with their categories.
pub(crate) fn items(file: &File) -> Vec<ItemIn<'_>> {
    fn go<'a>(list: &'a [Decl], chain: &mut Vec<&'a CategoryDecl>, out: &mut Vec<ItemIn<'a>>) {
        for decl in list {
            match &decl.kind {
                DeclKind::Item(item) => out.push(ItemIn {
                    decl,
                    item,
                    chain: chain.clone(),
                }),
                DeclKind::Category(c) => {
                    chain.push(c);
                    go(&c.members, chain, out);
                    chain.pop();
                }
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    go(&file.decls, &mut Vec::new(), &mut out);
    out
}

/// All statements of items and categories.
pub(crate) fn stmts(file: &File) -> Vec<StmtIn<'_>> {
    let mut out = Vec::new();
    for owner in decls(file) {
        let list = match &owner.kind {
            DeclKind::Item(i) => &i.stmts,
            DeclKind::Category(c) => &c.stmts,
            _ => continue,
        };
        out.extend(list.iter().map(|stmt| StmtIn { stmt, owner }));
    }
    out
}

/// The header of the file.
pub(crate) fn header(file: &File) -> Option<(&Decl, &PolicyDecl)> {
    file.decls.iter().find_map(|d| match &d.kind {
        DeclKind::Policy(p) => Some((d, p)),
        _ => None,
    })
}

/// All currencies.
pub(crate) fn points(file: &File) -> Vec<(&Decl, &PointsDecl)> {
    decls(file)
        .into_iter()
        .filter_map(|d| match &d.kind {
            DeclKind::Points(p) => Some((d, p)),
            _ => None,
        })
        .collect()
}

/// All records.
pub(crate) fn records(file: &File) -> Vec<(&Decl, &RecordDecl)> {
    decls(file)
        .into_iter()
        .filter_map(|d| match &d.kind {
            DeclKind::Record(r) => Some((d, r)),
            _ => None,
        })
        .collect()
}

/// All fields of rosters and records.
pub(crate) fn fields(file: &File) -> Vec<&FieldDecl> {
    decls(file)
        .into_iter()
        .flat_map(|d| match &d.kind {
            DeclKind::Record(r) => r.fields.iter().collect(),
            DeclKind::Roster(r) => r.fields.iter().collect(),
            _ => Vec::new(),
        })
        .collect()
}

/// All caps with their statement span: of items, categories and the header.
pub(crate) fn caps(file: &File) -> Vec<(Span, &CapStmt)> {
    let inner = stmts(file).into_iter().filter_map(|s| match &s.stmt.kind {
        StmtKind::Cap(c) => Some((s.stmt.span, c)),
        _ => None,
    });
    let outer = header(file).into_iter().flat_map(|(_, p)| &p.stmts);
    let outer = outer.filter_map(|s| match &s.kind {
        HeaderKind::Cap(c) => Some((s.span, c)),
        _ => None,
    });
    inner.chain(outer).collect()
}

/// All lines of tests.
pub(crate) fn test_lines(file: &File) -> Vec<&TestLine> {
    decls(file)
        .into_iter()
        .flat_map(|d| match &d.kind {
            DeclKind::Test(t) => t.lines.iter().collect(),
            _ => Vec::new(),
        })
        .collect()
}

/// The expressions standing directly in a statement.
pub(crate) fn roots(stmt: &Stmt) -> Vec<&Expr> {
    let mut out: Vec<&Expr> = Vec::new();
    match &stmt.kind {
        StmtKind::On { when, .. } => out.extend(when),
        StmtKind::Requires { cond, .. } => out.push(cond),
        StmtKind::Award { value, when }
        | StmtKind::Add { value, when }
        | StmtKind::Deduct { value, when } => {
            out.push(value);
            out.extend(when);
        }
        StmtKind::Multiply(m) => {
            out.extend(&m.value);
            out.extend(&m.when);
        }
        StmtKind::Cap(c) => {
            out.push(&c.limit);
            out.extend(&c.when);
        }
        StmtKind::Review(r) => out.extend(&r.when),
        _ => {}
    }
    out
}

/// An expression and everything in it, keys of rows included.
pub(crate) fn within(e: &Expr) -> Vec<&Expr> {
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
