//! Every ```` ```jifen ```` example in the documentation compiles, and the tests inside it pass.
//!
//! An example without a policy header stands after the prelude of docs/language/README.md. Error pages have their own test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

use std::fs;
use std::path::{Path, PathBuf};

use jifen::{RenderOptions, Sources, compile, render_all, run_tests};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn pages(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.ends_with("errors") {
            pages(&path, out);
        } else if path.extension().is_some_and(|e| e == "md") {
            out.push(path);
        }
    }
}

/// (words after `jifen`, text, line) of each fence.
fn fences(text: &str) -> Vec<(String, String, usize)> {
    let mut out = Vec::new();
    let mut open: Option<(String, String, usize)> = None;
    for (i, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.trim().to_owned(), String::new(), i + 1)),
            (Some(_), Some(_)) => out.extend(open.take()),
            (Some((_, body, _)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    let mut found = Vec::new();
    for (info, body, line) in out {
        if let Some(rest) = info.strip_prefix("jifen") {
            found.push((rest.trim().to_owned(), body, line));
        }
    }
    found
}

fn has_header(text: &str) -> bool {
    let head = |l: &str| l.starts_with("政策 ") || l.starts_with("policy ");
    text.lines().any(|l| head(l.trim_start()))
}

fn prelude(en: bool) -> String {
    let text = fs::read_to_string(root().join("docs/language/README.md")).unwrap();
    let wanted = if en { "prelude en" } else { "prelude" };
    let found = fences(&text).into_iter().find(|f| f.0 == wanted);
    found.expect("the prelude").1
}

/// What is wrong with a text, or nothing.
fn problems(name: &str, text: &str) -> Option<String> {
    let mut sources = Sources::new();
    sources.add(name, text.to_owned());
    let plain = RenderOptions {
        color: false,
        ..RenderOptions::default()
    };
    let compiled = match compile(sources) {
        Ok(compiled) => compiled,
        Err(p) => return Some(render_all(&p.diagnostics, &p.sources, plain)),
    };
    let failed: Vec<String> = run_tests(&compiled)
        .iter()
        .filter(|t| !t.passed())
        .map(|t| render_all(&t.problems, &compiled.sources, plain))
        .collect();
    (!failed.is_empty()).then(|| failed.join("\n"))
}

#[test]
fn examples_compile_and_their_tests_pass() {
    let mut all = vec![root().join("README.md")];
    pages(&root().join("docs"), &mut all);
    let preludes = [prelude(false), prelude(true)];
    let (mut count, mut wrong) = (0, Vec::new());
    for path in all {
        let text = fs::read_to_string(&path).unwrap();
        for (info, body, line) in fences(&text) {
            let en = info.split_whitespace().any(|w| w == "en");
            let text = match has_header(&body) {
                true => body,
                false => format!("{}{body}", preludes[usize::from(en)]),
            };
            count += 1;
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if let Some(why) = problems(&format!("{name}:{line}"), &text) {
                wrong.push(format!("== {} line {line}\n{why}", path.display()));
            }
        }
    }
    println!("{count} examples, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 30, "only {count} examples were found");
}
