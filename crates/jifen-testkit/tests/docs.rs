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
use std::path::PathBuf;

use jifen::{RenderOptions, Sources, compile, render_all, run_tests};
use jifen_testkit::repo::{fences, files, root};

/// The pages of the book, but for the error pages, which have a test of their own.
fn pages() -> Vec<PathBuf> {
    let mut out = files("docs", ".md");
    out.retain(|p| !p.parent().is_some_and(|d| d.ends_with("errors")));
    out.insert(0, root().join("README.md"));
    out
}

/// (words after `jifen`, text, line) of each fence.
fn examples(text: &str) -> Vec<(String, String, usize)> {
    let all = fences(text).into_iter();
    all.filter_map(|f| Some((f.after("jifen")?.to_owned(), f.body, f.line)))
        .collect()
}

fn has_header(text: &str) -> bool {
    let head = |l: &str| l.starts_with("政策 ") || l.starts_with("policy ");
    text.lines().any(|l| head(l.trim_start()))
}

fn prelude(en: bool) -> String {
    let text = fs::read_to_string(root().join("docs/language/README.md")).unwrap();
    let wanted = if en { "prelude en" } else { "prelude" };
    let found = examples(&text).into_iter().find(|f| f.0 == wanted);
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
    let preludes = [prelude(false), prelude(true)];
    let (mut count, mut wrong) = (0, Vec::new());
    for path in pages() {
        let text = fs::read_to_string(&path).unwrap();
        for (info, body, line) in examples(&text) {
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
