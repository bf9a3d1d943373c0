//! The tree for people: one node a line, without places. Two texts with the same dump mean the same to the compiler.

use crate::ast::File;

/// A readable dump of a tree, without spans.
pub fn emit_ast(file: &File) -> String {
    let mut out = String::new();
    let mut skip: Option<usize> = None;
    for line in format!("{file:#?}").lines() {
        let depth = line.len() - line.trim_start().len();
        let body = line.trim_start();
        if let Some(d) = skip {
            if depth > d {
                continue;
            }
            skip = None;
            if body.starts_with('}') {
                continue;
            }
        }
        if body == "Span {" || body == "span: Span {" {
            skip = Some(depth);
            continue;
        }
        let plain = matches!(body.trim_end_matches(','), ")" | "}" | "]" | "(");
        if plain {
            continue;
        }
        let body = body.trim_end_matches([',', '{', '(', '[']).trim_end();
        out.push_str(&" ".repeat(depth / 2));
        out.push_str(body);
        out.push('\n');
    }
    out
}

/// True when two trees are equal but for the places of their parts and the language of their keywords.
pub fn ast_eq(a: &File, b: &File) -> bool {
    placeless(a) == placeless(b)
}

/// The tree on one line without its places.
fn placeless(f: &File) -> String {
    let all = format!("{:?}", f.decls);
    let mut out = String::with_capacity(all.len() / 2);
    let mut rest = all.as_str();
    while let Some(i) = rest.find(['"', 'S']) {
        let (before, here) = rest.split_at(i);
        out.push_str(before);
        let len = if here.starts_with('"') {
            text_len(here)
        } else if let Some(n) = here.strip_prefix("Span { ").and_then(|r| r.find('}')) {
            rest = here.get("Span { ".len() + n + 1..).unwrap_or("");
            continue;
        } else {
            1
        };
        let (kept, next) = here.split_at(len.min(here.len()));
        out.push_str(kept);
        rest = next;
    }
    out.push_str(rest);
    out
}

/// The length of a quoted text in debug form.
fn text_len(here: &str) -> usize {
    let mut escaped = false;
    for (i, c) in here.char_indices().skip(1) {
        match c {
            '"' if !escaped => return i + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    here.len()
}
