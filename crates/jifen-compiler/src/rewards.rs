//! 兑换 is a spend with a price (S20): what an entry of the catalogue leaves unsaid is put in before names are resolved.
//!
//! - Nothing is said of a request that is not covered: it is refused, for half a thing cannot be handed out.
//! - No record is named: the one whose choices hold the name of the entry asks for it (`商品: 选项（十元超市券、保洁）`).

use std::borrow::Cow;

use jifen_diag::{Diagnostic, codes, text};
use jifen_syntax::ast::{
    CompareOp, Decl, DeclKind, Expr, ExprKind, FieldDecl, File, ItemDecl, Name, RecordDecl, Span,
    SpendWord, Stmt, StmtKind, TypeKind,
};

use crate::sink::Sink;

/// The files with every reward written as a spend.
pub(crate) fn spelled_out<'f>(files: &'f [File], sink: &mut Sink) -> Cow<'f, [File]> {
    if !files.iter().flat_map(|f| &f.decls).any(has_reward) {
        return Cow::Borrowed(files);
    }
    let mut out = files.to_vec();
    for (file, own) in out.iter_mut().zip(files) {
        sink.lang = file.lang;
        // A version is one text, with its own records.
        let askers = askers(own);
        let mut complete = |item: &mut ItemDecl| complete(item, &askers, sink);
        each(&mut file.decls, &mut complete);
    }
    Cow::Owned(out)
}

fn has_reward(d: &Decl) -> bool {
    match &d.kind {
        DeclKind::Item(i) => i.reward,
        DeclKind::Category(c) => c.members.iter().any(has_reward),
        _ => false,
    }
}

fn each(decls: &mut [Decl], f: &mut impl FnMut(&mut ItemDecl)) {
    for d in decls {
        match &mut d.kind {
            DeclKind::Item(i) if i.reward => f(i),
            DeclKind::Category(c) => each(&mut c.members, f),
            _ => {}
        }
    }
}

/// A record and a field of it that is a choice.
type Asker<'f> = (&'f RecordDecl, &'f FieldDecl, &'f [Name]);

fn askers(file: &File) -> Vec<Asker<'_>> {
    let mut out = Vec::new();
    for d in &file.decls {
        let DeclKind::Record(r) = &d.kind else {
            continue;
        };
        for f in &r.fields {
            if let Some(TypeKind::Choice(options)) = f.ty.as_ref().map(|t| &t.kind) {
                out.push((r, f, options.as_slice()));
            }
        }
    }
    out
}

fn complete(item: &mut ItemDecl, askers: &[Asker<'_>], sink: &mut Sink) {
    let name = item.name.clone();
    let at = name.span;
    let says = |f: fn(&StmtKind) -> bool| item.stmts.iter().any(|s| f(&s.kind));
    let (on, mode, broken) = (
        says(|k| matches!(k, StmtKind::On { .. } | StmtKind::Every { .. })),
        says(|k| matches!(k, StmtKind::SpendMode(_))),
        says(|k| matches!(k, StmtKind::Broken)),
    );
    if !mode {
        let kind = StmtKind::SpendMode(SpendWord::AllOrNothing);
        item.stmts.push(Stmt { kind, span: at });
    }
    if on {
        return;
    }
    let held = |a: &&Asker<'_>| a.2.iter().any(|o| o.text == name.text);
    let found: Vec<&Asker<'_>> = askers.iter().filter(held).collect();
    let kind = match found.as_slice() {
        [(record, field, _)] => asked_by(&record.name, &field.name, &name),
        many => {
            if !broken && !sink.may_be_lost(&name) {
                not_stated(&name, many, sink);
            }
            StmtKind::Broken
        }
    };
    item.stmts.insert(0, Stmt { kind, span: at });
}

/// `凭 记录 当 商品 为 “名”`
fn asked_by(record: &Name, field: &Name, name: &Name) -> StmtKind {
    let at = |text: &Name| Name {
        text: text.text.clone(),
        span: name.span,
    };
    let node = |kind: ExprKind, span: Span| Box::new(Expr { kind, span });
    let left = node(ExprKind::Name(at(field)), name.span);
    let right = node(ExprKind::Text(name.text.clone()), name.span);
    StmtKind::On {
        record: at(record),
        when: Some(*node(
            ExprKind::Compare(CompareOp::Eq, left, right),
            name.span,
        )),
    }
}

fn not_stated(name: &Name, found: &[&Asker<'_>], sink: &mut Sink) {
    let d = Diagnostic::new(
        codes::REWARD_RECORD,
        name.span,
        match found {
            [] => text!(
                zh = "哪种记录是来兑“{0}”的，没有写明：没有一种记录的选项里有“{0}”",
                en = "which fact asks for “{0}” is open: no choice of a fact holds “{0}”",
                name.text
            ),
            _ => text!(
                zh = "哪种记录是来兑“{0}”的，没有写明：不止一处的选项里有“{0}”",
                en = "which fact asks for “{0}” is open: several choices hold “{0}”",
                name.text
            ),
        },
    );
    let d = found.iter().fold(d, |d, (r, f, _)| {
        d.label(
            f.name.span,
            text!(
                zh = "写“凭 {0} 当 {1} 为 {2}”，就是这里",
                en = "“on {0} when {1} is {2}” means this one",
                r.name.text,
                f.name.text,
                name.text
            ),
        )
    });
    let d = match found {
        [] => d.help(text!(
            zh = "写一种记录，如：记录 领用 对象 居民 {{ 商品: 选项（{0}） }}；或在这里写“凭 记录 当 …”",
            en = "declare one, such as: fact request for resident {{ article: choice ({0}) }}; or write “on FACT when …” here",
            name.text
        )),
        _ => d,
    };
    sink.push(d);
}
