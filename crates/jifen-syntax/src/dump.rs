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
    let body = |f: &File| {
        emit_ast(&File {
            lang: jifen_diag::Lang::Zh,
            decls: f.decls.clone(),
            mended: Vec::new(),
        })
    };
    body(a) == body(b)
}
