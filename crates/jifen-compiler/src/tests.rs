//! Texts through parser and compiler; the examples of the pages run in the testkit.

use jifen_diag::{Diagnostic, Lang, SourceId};

use crate::{Compiled, compile_after};

mod campaigns;
mod meaning;

/// Parses and compiles a text; a line `=====` stands between versions.
fn compile_text(text: &str) -> (Compiled, Vec<Diagnostic>) {
    let mut all = Vec::new();
    let mut files = Vec::new();
    for (part, id) in parts(text).iter().zip(0..) {
        let parsed = jifen_syntax::parse(part, SourceId(id));
        all.extend(parsed.diagnostics);
        files.push(parsed.file);
    }
    let lost: Vec<_> = all
        .iter()
        .filter(|d| d.is_error())
        .map(|d| d.span)
        .collect();
    let compiled = compile_after(&files, &lost);
    all.extend(compiled.diagnostics.iter().cloned());
    (compiled, all)
}

fn parts(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for line in text.lines() {
        if line.starts_with("===") {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    out
}

fn errors(all: &[Diagnostic], text: &str) -> Vec<String> {
    let parts = parts(text);
    all.iter()
        .filter(|d| d.is_error())
        .map(|d| {
            let part = parts.get(d.span.source.0 as usize);
            let at = part.and_then(|p| p.get(d.span.range())).unwrap_or("");
            format!("{} [{at}] {}", d.code, d.message.get(Lang::Zh))
        })
        .collect()
}
