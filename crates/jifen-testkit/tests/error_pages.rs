//! Every code has a page, every page's examples behave, and no message shows the inside of the program.
//!
//! The form of a page is in `docs/errors/README.md`.

use jifen::{Code, Diagnostic, Lang, Sources, codes};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors")
}

fn page(code: Code) -> Option<String> {
    std::fs::read_to_string(folder().join(format!("{code}.md"))).ok()
}

/// (info string, content) of each fence.
fn fences(page: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match (open, line.strip_prefix("```")) {
            (false, Some(info)) => {
                out.push((info.trim().to_owned(), String::new()));
                open = true;
            }
            (true, Some(_)) => open = false,
            (true, None) => {
                if let Some((_, text)) = out.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            (false, None) => {}
        }
    }
    out
}

fn readme(info: &str) -> String {
    let text = std::fs::read_to_string(folder().join("README.md")).unwrap_or_default();
    let found = fences(&text).into_iter().find(|(i, _)| i == info);
    found.map(|(_, t)| t).unwrap_or_default()
}

/// The texts of an example: repeated, split into versions, with the prelude where there is no header.
fn texts(info: &str, example: &str, prelude: &str) -> Vec<String> {
    let repeat = info
        .split_whitespace()
        .find_map(|w| w.strip_prefix("repeat=").and_then(|n| n.parse().ok()))
        .unwrap_or(1);
    let example = example.repeat(repeat);
    let has_header = |t: &str| t.contains("政策 ") || t.contains("policy ");
    example
        .split("=====\n")
        .map(|part| match has_header(part) || info.contains("bare") {
            true => part.to_owned(),
            false => format!("{prelude}{part}"),
        })
        .collect()
}

fn sources(texts: Vec<String>) -> Sources {
    let mut sources = Sources::new();
    for (i, text) in texts.into_iter().enumerate() {
        sources.add(format!("例{}.jifen", i + 1), text);
    }
    sources
}

/// All diagnostics of an example: of the compiler, or else of its tests.
fn all_of(texts: Vec<String>) -> Vec<Diagnostic> {
    match jifen::compile(sources(texts)) {
        Err(problems) => problems.diagnostics,
        Ok(compiled) => {
            let results = jifen::run_tests(&compiled);
            let mut all = compiled.notices.clone();
            all.extend(results.into_iter().flat_map(|r| r.problems));
            all
        }
    }
}

fn codes_of(all: &[Diagnostic], notices_too: bool) -> Vec<Code> {
    let mut out: Vec<Code> = all
        .iter()
        .filter(|d| notices_too || d.is_error())
        .map(|d| d.code)
        .collect();
    out.sort();
    out.dedup();
    out
}

#[test]
fn every_code_has_a_page_with_its_titles() {
    let mut missing = Vec::new();
    for row in codes::ALL {
        match page(row.code) {
            None => missing.push(format!("{}: no page", row.code)),
            Some(text) => {
                let title = format!("# {} {} · {}", row.code, row.zh, row.en);
                if text.lines().next() != Some(title.as_str()) {
                    missing.push(format!("{}: the title is not “{title}”", row.code));
                }
                for part in ["## 中文", "## English", "**怎么改**：", "**Fix**: "] {
                    if !text.contains(part) {
                        missing.push(format!("{}: no “{part}”", row.code));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn no_page_is_left_over() {
    let known: Vec<String> = codes::ALL.iter().map(|r| format!("{}.md", r.code)).collect();
    let left: Vec<String> = std::fs::read_dir(folder())
        .into_iter()
        .flatten()
        .filter_map(|e| Some(e.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|n| n.starts_with("JF") && !known.contains(n))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn examples_behave() {
    let prelude = readme("jifen prelude");
    assert!(!prelude.is_empty());
    let mut wrong = Vec::new();
    for row in codes::ALL.iter().filter(|r| r.code.0 < 900) {
        let Some(text) = page(row.code) else { continue };
        let mut count = [0, 0];
        for (info, example) in fences(&text) {
            let words: Vec<&str> = info.split_whitespace().collect();
            if words.first() != Some(&"jifen") {
                continue;
            }
            let all = all_of(texts(&info, &example, &prelude));
            let notices = row.severity != jifen::Severity::Error;
            let found = codes_of(&all, notices);
            if words.contains(&"wrong") {
                count[0] += 1;
                if found != [row.code] {
                    wrong.push(describe(row.code, "wrong", &all));
                }
            } else if words.contains(&"right") {
                count[1] += 1;
                if !codes_of(&all, false).is_empty() || found.contains(&row.code) {
                    wrong.push(describe(row.code, "right", &all));
                }
            }
        }
        if count.contains(&0) {
            wrong.push(format!("{}: wrong and right examples: {count:?}", row.code));
        }
    }
    assert!(wrong.is_empty(), "{} pages:\n{}", wrong.len(), wrong.join("\n"));
}

fn describe(code: Code, which: &str, all: &[Diagnostic]) -> String {
    let lines: Vec<String> = all
        .iter()
        .map(|d| format!("    {} {:?} {}", d.code, d.severity, d.message.zh))
        .collect();
    format!("{code} {which} gives\n{}", lines.join("\n"))
}

#[test]
fn no_two_codes_share_their_fix() {
    let mut seen: BTreeMap<String, Code> = BTreeMap::new();
    let mut same = Vec::new();
    for row in codes::ALL {
        let text = page(row.code).unwrap_or_default();
        for lead in ["**怎么改**：", "**Fix**: "] {
            for line in text.lines().filter_map(|l| l.strip_prefix(lead)) {
                if let Some(other) = seen.insert(line.trim().to_owned(), row.code) {
                    same.push(format!("{other} and {}: {line}", row.code));
                }
            }
        }
    }
    assert!(same.is_empty(), "{}", same.join("\n"));
}

/// Words that only people who know the program understand.
const INSIDE: &[&str] = &[
    "kw_", "_stmt", "_decl", "Rule::", "Some(", "None", "Err(", "Ok(", "unwrap", "panic", "Vec<", "String", "usize", "u32",
    "i64", "jifen_", "::", "EOI", "ParsingError", "broken_", "&str",
];

fn leaks(text: &str) -> Vec<&'static str> {
    INSIDE.iter().copied().filter(|w| text.contains(w)).collect()
}

#[test]
fn messages_do_not_show_the_inside() {
    let prelude = readme("jifen prelude");
    let mut found = Vec::new();
    for row in codes::ALL {
        let Some(text) = page(row.code) else { continue };
        for (info, example) in fences(&text) {
            if !info.starts_with("jifen wrong") {
                continue;
            }
            for d in all_of(texts(&info, &example, &prelude)) {
                let mut parts = vec![&d.message];
                parts.extend(d.labels.iter().map(|l| &l.text));
                parts.extend(d.help.iter());
                parts.extend(d.fix.iter().map(|f| &f.note));
                for lang in [Lang::Zh, Lang::En] {
                    for part in &parts {
                        for word in leaks(part.get(lang)) {
                            found.push(format!("{} shows “{word}”: {}", d.code, part.get(lang)));
                        }
                    }
                }
                let no_language = d.message.zh.is_empty() || d.message.en.is_empty();
                if no_language {
                    found.push(format!("{} lacks a language: {:?}", d.code, d.message));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
