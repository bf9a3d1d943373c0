//! Runs the examples of the error pages and of the language pages through parser and compiler.

use std::path::{Path, PathBuf};

use jifen_diag::{Diagnostic, Lang, SourceId, codes};

use crate::{Compiled, compile_after};

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

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The fences of a page: (info, text).
fn fences(page: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => out.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    out
}

fn with_prelude(text: &str, prelude: &str) -> String {
    let has_header = text.contains("政策 ") || text.contains("policy ") || text.contains("办法 ");
    if has_header {
        text.to_owned()
    } else {
        format!("{prelude}\n{text}")
    }
}

#[test]
fn every_error_page_says_what_happens() {
    let dir = docs().join("errors");
    let readme = std::fs::read_to_string(dir.join("README.md")).expect("README");
    let prelude = fences(&readme)
        .into_iter()
        .find(|f| f.0.starts_with("jifen prelude"))
        .expect("prelude")
        .1;
    let mut wrong_pages = Vec::new();
    for row in codes::ALL {
        // Syntax, data files and run time are tried by their own crates.
        if row.code.0 < 200 || row.code.0 >= 900 || row.code == codes::TEST_FAILED {
            continue;
        }
        let path = dir.join(format!("{}.md", row.code));
        let Ok(page) = std::fs::read_to_string(&path) else {
            wrong_pages.push(format!("{}: no page", row.code));
            continue;
        };
        for (info, text) in fences(&page) {
            let (wrong, right) = (
                info.starts_with("jifen wrong"),
                info.starts_with("jifen right"),
            );
            if !wrong && !right {
                continue;
            }
            // A page about the header itself shows a whole file.
            let whole = info.contains("file") || (wrong && row.code == codes::NO_POLICY_HEADER);
            let text = if whole {
                text
            } else {
                with_prelude(&text, &prelude)
            };
            let (_, all) = compile_text(&text);
            let found = errors(&all, &text);
            let code = row.code.to_string();
            let only_this = all.iter().any(|d| d.code == row.code)
                && found.iter().all(|e| e.starts_with(&code));
            if (wrong && !only_this) || (right && !found.is_empty()) {
                let n: Vec<String> = all.iter().map(|d| d.code.to_string()).collect();
                wrong_pages.push(format!("{} ({info}): {found:#?} {n:?}", row.code));
            }
        }
    }
    assert!(wrong_pages.is_empty(), "{}", wrong_pages.join("\n"));
}

#[test]
fn every_language_page_compiles() {
    let dir = docs().join("language");
    let readme = std::fs::read_to_string(dir.join("README.md")).expect("README");
    let preludes = fences(&readme);
    let prelude = |en: bool| {
        preludes
            .iter()
            .find(|f| {
                f.0 == if en {
                    "jifen prelude en"
                } else {
                    "jifen prelude"
                }
            })
            .map_or(String::new(), |f| f.1.clone())
    };
    let mut bad = Vec::new();
    for entry in std::fs::read_dir(&dir).expect("docs/language") {
        let path = entry.expect("entry").path();
        let page = std::fs::read_to_string(&path).expect("page");
        for (info, text) in fences(&page) {
            if info != "jifen" && info != "jifen en" {
                continue;
            }
            let text = with_prelude(&text, &prelude(info.ends_with(" en")));
            let (_, all) = compile_text(&text);
            let found = errors(&all, &text);
            if !found.is_empty() {
                bad.push(format!("{} ({info}): {found:#?}", path.display()));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn the_example_policy_compiles() {
    for file in ["xingfu.jifen", "en/xingfu.jifen"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../policies/xingfu")
            .join(file);
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let (compiled, all) = compile_text(&text);
        let found = errors(&all, &text);
        assert!(found.is_empty(), "{file}: {found:#?}");
        assert!(compiled.plan.is_some(), "{file}");
    }
}
