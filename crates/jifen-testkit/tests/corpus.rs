//! Runs tests/corpus: one Markdown file is one case; its policies, the tests in them, and what must hold of every policy.
//!
//! A ```` ```jifen ```` fence is a version; `# ~ JF0601` at the end of a line expects that error there. Where none is expected
//! the tests must pass, formatting twice is formatting once, formatting and translating there and back keep the fingerprint,
//! and the reference gives the engine's lines for the inputs of every test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

use std::collections::BTreeSet;

use jifen::data::canonical::canonical_lines;
use jifen::{Lang, Options, Sources};
use jifen_testkit::repo::{fences, files, root};

/// The contents of the fences of a kind.
fn of_kind(text: &str, kind: &str) -> Vec<String> {
    let all = fences(text).into_iter();
    all.filter(|f| f.info == kind).map(|f| f.body).collect()
}

/// (file, line, code) of the errors that comments expect.
fn expected(policies: &[String]) -> BTreeSet<(usize, usize, String)> {
    let mut out = BTreeSet::new();
    for (file, text) in policies.iter().enumerate() {
        for (line, text) in text.lines().enumerate() {
            if let Some((_, codes)) = text.split_once("# ~ ") {
                let code = |c: &str| (file, line + 1, c.to_owned());
                out.extend(codes.split_whitespace().map(code));
            }
        }
    }
    out
}

fn sources(policies: &[String]) -> Sources {
    let mut sources = Sources::new();
    for (n, text) in policies.iter().enumerate() {
        sources.add(format!("{}.jifen", n + 1), text.as_str());
    }
    sources
}

/// What is wrong with a case.
fn run(text: &str) -> Vec<String> {
    let policies = of_kind(text, "jifen");
    if policies.is_empty() {
        return vec!["no policy".into()];
    }
    let expected = expected(&policies);
    let compiled = match jifen::compile(sources(&policies)) {
        Ok(compiled) => compiled,
        Err(problems) => {
            let mut found = BTreeSet::new();
            let mut words = Vec::new();
            for (n, id) in problems.sources.ids().enumerate() {
                for d in problems.diagnostics.iter().filter(|d| d.is_error()) {
                    if d.span.source == id {
                        let line = problems.sources.line_col(id, d.span.start as usize).0;
                        found.insert((n, line, d.code.to_string()));
                        words.push(format!("{} line {line}: {}", d.code, d.message.en));
                    }
                }
            }
            return if found == expected { Vec::new() } else { words };
        }
    };
    let mut wrong: Vec<String> = expected
        .iter()
        .map(|(_, line, code)| format!("{code} expected in line {line}"))
        .collect();
    for result in jifen::run_tests(&compiled) {
        for problem in &result.problems {
            let help: Vec<_> = problem.help.iter().map(|h| h.en.clone()).collect();
            wrong.push(format!("{}: {} {help:?}", result.title, problem.message.en));
        }
    }
    for test in &compiled.tests {
        let (rosters, facts, openings, as_of) = jifen::test_inputs(&compiled, test);
        let plan = &compiled.plan;
        match jifen::evaluate(
            plan,
            &facts,
            &rosters,
            &openings,
            as_of,
            &Options::default(),
        ) {
            Err(e) => wrong.push(format!("{}: {e}", test.title)),
            Ok(evaluation) => {
                let lines = canonical_lines(plan, &facts, &rosters, &evaluation);
                let second = jifen_reference::evaluate(plan, &facts, &rosters, &openings, as_of);
                if lines != second {
                    wrong.push(format!(
                        "{}: engine {lines:#?} reference {second:#?}",
                        test.title
                    ));
                }
                let ledger = of_kind(text, "ledger");
                if let Some(wanted) = ledger.first() {
                    let postings: Vec<&str> = lines
                        .iter()
                        .filter(|l| l.starts_with("P|"))
                        .map(String::as_str)
                        .collect();
                    if wanted.lines().collect::<Vec<_>>() != postings {
                        wrong.push(format!("{}: ledger {postings:#?}", test.title));
                    }
                }
            }
        }
    }
    wrong.extend(lenses(&policies, &compiled.fingerprint()));
    wrong
}

/// What holds of every policy that compiles.
fn lenses(policies: &[String], fingerprint: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut lens = |name: &str, change: &dyn Fn(&str) -> Option<String>| {
        let changed: Option<Vec<String>> = policies.iter().map(|p| change(p)).collect();
        match changed {
            None => wrong.push(format!("{name} refused")),
            Some(texts) => match jifen::compile(sources(&texts)) {
                Ok(c) if c.fingerprint() == fingerprint => {}
                Ok(_) => wrong.push(format!("{name} changes the fingerprint")),
                Err(_) => wrong.push(format!("{name} does not compile")),
            },
        }
    };
    let format = |t: &str| jifen::format(t).ok();
    let there = |t: &str| jifen::translate(t, Lang::En).ok();
    lens("fmt", &format);
    lens("translation", &there);
    lens("translation and back", &|t| {
        jifen::translate(&there(t)?, Lang::Zh).ok()
    });
    for p in policies {
        let once = format(p);
        if once.as_deref().and_then(format) != once {
            wrong.push("fmt of fmt differs".into());
        }
        let back = there(p).and_then(|t| jifen::translate(&t, Lang::Zh).ok());
        if back.as_deref().and_then(format) != once {
            wrong.push("translated there and back it is another text".into());
        }
    }
    wrong
}

#[test]
fn every_case_of_the_corpus_holds() {
    let root = root().join("tests/corpus");
    let mut list = files("tests/corpus", ".md");
    list.retain(|f| f.parent() != Some(root.as_path())); // the README
    assert!(!list.is_empty(), "no corpus");
    let mut failures = Vec::new();
    for path in &list {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        for problem in run(&text) {
            let name = path
                .strip_prefix(&root)
                .unwrap_or(path)
                .display()
                .to_string();
            failures.push(format!("{name}: {problem}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases\n{}",
        failures.len(),
        list.len(),
        failures.join("\n")
    );
}

/// The table "question → cases": what it names is there. `-mended` after `sorting/a-day` is `sorting/a-…-mended`.
#[test]
fn the_table_of_the_corpus_names_cases_that_stand() {
    let folder = root().join("tests/corpus");
    let page = std::fs::read_to_string(folder.join("README.md")).expect("the page");
    let cases: BTreeSet<String> = files("tests/corpus", ".md")
        .iter()
        .filter_map(|f| f.strip_prefix(&folder).ok())
        .map(|f| f.display().to_string().replace(".md", ""))
        .collect();
    let (mut named, mut missing, mut last) = (0, Vec::new(), String::new());
    for word in page.split('`').skip(1).step_by(2) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-/".contains(c);
        if !word.chars().all(plain) {
            continue;
        }
        let there = if word.starts_with('-') {
            let begin = last.split('-').next().unwrap_or_default();
            let mut all = cases.iter();
            all.any(|c| c.ends_with(word) && c.starts_with(begin))
        } else if word.contains('/') {
            last = word.to_owned();
            cases.contains(word) || root().join(word).is_dir()
        } else {
            continue;
        };
        named += 1;
        if !there {
            missing.push(word.to_owned());
        }
    }
    assert!(named > 100, "{named} names only");
    assert!(missing.is_empty(), "no such case: {missing:?}");
}
