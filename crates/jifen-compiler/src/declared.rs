//! One misspelt declaration, many unknown names: says it once, where the name is declared. It finds no mistakes itself.

use std::collections::BTreeMap;

use jifen_diag::{Diagnostic, Sources, Span, codes, text};
use jifen_syntax::ast::{Decl, DeclKind, File, Name};

/// Replaces the messages about one unknown name, when all of them suggest a declared name that nothing uses.
pub(crate) fn gather(all: &mut Vec<Diagnostic>, files: &[File], texts: &Sources) {
    let unknown = [codes::UNKNOWN_NAME, codes::UNKNOWN_FIELD];
    let mut groups: BTreeMap<(String, String), Vec<Span>> = BTreeMap::new();
    for d in all.iter().filter(|d| unknown.contains(&d.code)) {
        let Some(fix) = d.fix.first().filter(|f| f.span == d.span) else {
            continue;
        };
        let key = (texts.slice(d.span).to_owned(), fix.replacement.clone());
        groups.entry(key).or_default().push(d.span);
    }
    for ((used, declared), places) in groups.iter().filter(|g| g.1.len() >= 2) {
        let Some(at) = only_declared(files, declared, texts) else {
            continue;
        };
        all.retain(|d| !(unknown.contains(&d.code) && places.contains(&d.span)));
        let (n, first) = (places.len(), places.first().copied().unwrap_or(at));
        all.push(
            Diagnostic::new(
                codes::UNKNOWN_NAME,
                at,
                text!(
                    zh = "这里写的是“{declared}”，别处用的都是“{used}”（{n} 处）",
                    en = "this says “{declared}”, but what is used is “{used}” ({n} times)"
                ),
            )
            .label(first, text!(zh = "例如这里", en = "here, for example"))
            .fix(
                at,
                used.clone(),
                text!(zh = "改成“{used}”", en = "change it to “{used}”"),
            ),
        );
    }
}

/// The place of a declaration whose name stands nowhere else.
fn only_declared(files: &[File], name: &str, texts: &Sources) -> Option<Span> {
    let mut names = Vec::new();
    for f in files {
        for d in &f.decls {
            declared(d, &mut names);
        }
    }
    let mut found = names.iter().filter(|n| n.text == name);
    let (only, None) = (found.next()?, found.next()) else {
        return None;
    };
    let text = texts.text(only.span.source);
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let uses = text.match_indices(name).filter(|(i, _)| {
        let before = text.get(..*i).and_then(|t| t.chars().last());
        let after = text.get(i + name.len()..).and_then(|t| t.chars().next());
        !word(before) && !word(after)
    });
    (uses.count() == 1).then_some(only.span)
}

fn declared<'a>(d: &'a Decl, out: &mut Vec<&'a Name>) {
    match &d.kind {
        DeclKind::Roster(r) => {
            out.push(&r.name);
            out.extend(r.fields.iter().map(|f| &f.name));
        }
        DeclKind::Record(r) => {
            out.push(&r.name);
            out.extend(r.fields.iter().map(|f| &f.name));
        }
        DeclKind::Points(p) => out.push(&p.name),
        DeclKind::Param(p) => out.push(&p.name),
        DeclKind::Measure(m) => out.push(&m.name),
        DeclKind::Standing(s) => out.push(&s.name),
        DeclKind::Score(s) => out.push(&s.name),
        DeclKind::ClockWindows(c) => out.push(&c.name),
        DeclKind::Campaign(c) => out.push(&c.name),
        DeclKind::Item(i) => out.push(&i.name),
        DeclKind::Category(c) => {
            out.push(&c.name);
            for m in &c.members {
                declared(m, out);
            }
        }
        _ => {}
    }
}
