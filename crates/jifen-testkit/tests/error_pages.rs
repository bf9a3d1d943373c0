//! Every code has a page, every page's examples behave, and no message shows the inside of the program.
//!
//! The form of a page is in `docs/errors/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

use jifen_testkit::repo;

use jifen::{Code, Diagnostic, Lang, Sources, codes};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn folder() -> PathBuf {
    repo::root().join("docs/errors")
}

fn page(code: Code) -> Option<String> {
    std::fs::read_to_string(folder().join(format!("{code}.md"))).ok()
}

/// (info string, content) of each fence.
fn fences(page: &str) -> Vec<(String, String)> {
    let all = repo::fences(page).into_iter();
    all.map(|f| (f.info, f.body)).collect()
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
    let known: Vec<String> = codes::ALL
        .iter()
        .map(|r| format!("{}.md", r.code))
        .collect();
    let left: Vec<String> = repo::files("docs/errors", ".md")
        .iter()
        .filter_map(|p| Some(p.file_name()?.to_string_lossy().into_owned()))
        .filter(|n| n.starts_with("JF") && !known.contains(n))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn examples_behave() {
    let prelude = readme("jifen prelude");
    assert!(!prelude.is_empty());
    let mut wrong = Vec::new();
    for row in codes::ALL
        .iter()
        .filter(|r| r.code.0 < 900 && !by_running(r.code))
    {
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
    assert!(
        wrong.is_empty(),
        "{} pages:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn describe(code: Code, which: &str, all: &[Diagnostic]) -> String {
    let lines: Vec<String> = all
        .iter()
        .map(|d| format!("    {} {:?} {}", d.code, d.severity, d.message.zh))
        .collect();
    format!("{code} {which} gives\n{}", lines.join("\n"))
}

/// The policy header alone.
fn header(prelude: &str) -> String {
    prelude
        .split_inclusive("}\n")
        .next()
        .unwrap_or("")
        .to_owned()
}

/// The first fence with this info string.
fn fence(page: &str, info: &str) -> Option<String> {
    fences(page)
        .into_iter()
        .find(|(i, _)| i == info)
        .map(|(_, t)| t)
}

/// The codes of everything that is refused when a file is read.
fn refused(policy: &str, info: &str, content: &str) -> Result<Vec<Code>, String> {
    let compiled = jifen::compile(sources(vec![policy.to_owned()]))
        .map_err(|p| describe(Code(0), "policy", &p.diagnostics))?;
    let words: Vec<&str> = info.split_whitespace().collect();
    let kind = words.first().copied().unwrap_or("csv");
    let columns: usize = words
        .iter()
        .find_map(|w| w.strip_prefix("columns=").and_then(|n| n.parse().ok()))
        .unwrap_or(0);
    let widen = |(i, line): (usize, &str)| {
        let cells = (0..columns).map(|c| {
            if i == 0 {
                format!(",列{c}")
            } else {
                ",".to_owned()
            }
        });
        format!("{line}{}\n", cells.collect::<String>())
    };
    let content = match columns {
        0 => content.to_owned(),
        _ => content.lines().enumerate().map(widen).collect(),
    };
    let roster = [jifen::InputFile::new(
        "名册.csv",
        readme("csv roster").into_bytes(),
    )];
    let own_mapping = readme("toml sources");
    let mapping = if kind == "toml" {
        content.as_str()
    } else {
        own_mapping.as_str()
    };
    // A policy of its own has its own columns, which go by their names.
    let mapping = match policy.contains("记录 巡逻") || kind == "toml" {
        true => Some(("sources.toml", mapping)),
        false => None,
    };
    let file = || {
        vec![jifen::InputFile::new(
            format!("例.{kind}"),
            content.clone().into_bytes(),
        )]
    };
    let (facts, openings) = match (kind, words.contains(&"openings")) {
        ("toml", _) => (Vec::new(), Vec::new()),
        (_, true) => (Vec::new(), file()),
        (_, false) => (file(), Vec::new()),
    };
    let files = jifen::Files {
        sources_toml: mapping,
        rosters: roster.to_vec(),
        facts,
        openings,
    };
    let limits = jifen::Limits::default();
    let mut out: Vec<Code> = match jifen::load(&compiled, &files, &limits) {
        Err(all) => all.iter().map(|e| jifen::data_code(e.error.code)).collect(),
        Ok(loaded) => {
            let rejects = loaded.admission.rejects.iter();
            let faults = loaded.roster_faults.iter().chain(&loaded.opening_faults);
            rejects
                .map(|r| jifen::data_code(r.main().1))
                .chain(faults.map(|f| jifen::data_code(f.fault.reason.0)))
                .collect()
        }
    };
    out.sort();
    out.dedup();
    Ok(out)
}

#[test]
fn data_examples_behave() {
    let prelude = readme("jifen prelude");
    let mut wrong = Vec::new();
    for row in codes::ALL
        .iter()
        .filter(|r| (900..1000).contains(&r.code.0))
    {
        let Some(text) = page(row.code) else { continue };
        let policy = match fence(&text, "jifen policy") {
            Some(own) => header(&prelude) + &own,
            None => prelude.clone(),
        };
        let mut count = [0, 0];
        for (info, content) in fences(&text) {
            let words: Vec<&str> = info.split_whitespace().collect();
            let which = usize::from(words.get(1) == Some(&"right"));
            if which == 0 && words.get(1) != Some(&"wrong") {
                continue;
            }
            if let Some(n) = count.get_mut(which) {
                *n += 1;
            }
            let wanted: &[Code] = if which == 0 { &[row.code] } else { &[] };
            match refused(&policy, &info, &content) {
                Ok(found) if found == wanted => {}
                Ok(found) => {
                    let found: Vec<String> = found.iter().map(Code::to_string).collect();
                    wrong.push(format!("{} {info}: gives {found:?}", row.code));
                }
                Err(e) => wrong.push(format!("{} {info}: {e}", row.code)),
            }
        }
        if count.contains(&0) {
            wrong.push(format!("{}: wrong and right examples: {count:?}", row.code));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} examples:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Errors that only a run can find.
fn by_running(code: Code) -> bool {
    (1000..1010).contains(&code.0) || code == codes::ALLOT_FAILED
}

#[test]
fn run_time_examples_behave() {
    let prelude = readme("jifen prelude");
    let mut wrong = Vec::new();
    for row in codes::ALL.iter().filter(|r| by_running(r.code)) {
        let Some(text) = page(row.code) else { continue };
        for (info, wanted) in [("jifen wrong", 1), ("jifen right", 0)] {
            let policy = prelude.clone() + &fence(&text, info).unwrap_or_default();
            let facts = fence(&text, "csv facts").unwrap_or_default();
            match failures(&policy, &facts, row.code) {
                Ok(n) if n == wanted => {}
                Ok(n) => wrong.push(format!("{} {info}: {n} facts failed with it", row.code)),
                Err(e) => wrong.push(format!("{} {info}: {e}", row.code)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How many facts fail with this code.
fn failures(policy: &str, facts: &str, code: Code) -> Result<usize, String> {
    use jifen::data::{Failure, OutcomeKind};
    let compiled = jifen::compile(sources(vec![policy.to_owned()]))
        .map_err(|p| describe(code, "policy", &p.diagnostics))?;
    let mapping = readme("toml sources");
    let file = |name: &str, text: String| vec![jifen::InputFile::new(name, text.into_bytes())];
    let files = jifen::Files {
        sources_toml: Some(("sources.toml", &mapping)),
        rosters: file("名册.csv", readme("csv roster")),
        facts: file("例.csv", facts.to_owned()),
        openings: Vec::new(),
    };
    let loaded =
        jifen::load(&compiled, &files, &jifen::Limits::default()).map_err(|e| format!("{e:?}"))?;
    let log = &loaded.admission.log;
    let as_of = jifen::last_entry(log).ok_or_else(|| format!("{:?}", loaded.admission.rejects))?;
    let openings = jifen::Openings::default();
    let options = jifen::Options::default();
    let result = jifen::evaluate(
        &compiled.plan,
        log,
        &loaded.rosters,
        &openings,
        as_of,
        &options,
    )
    .map_err(|e| e.to_string())?;
    let mine = |kind: &OutcomeKind| match kind {
        OutcomeKind::Failed(Failure::DivisionByZero) => code == codes::DIVISION_BY_ZERO,
        OutcomeKind::Failed(Failure::Overflow) => code == codes::OVERFLOW,
        OutcomeKind::Failed(Failure::BeyondCalendar) => code == codes::BEYOND_CALENDAR,
        OutcomeKind::Failed(
            Failure::NegativeWeight | Failure::NegativeTotal | Failure::OffStep,
        ) => code == codes::ALLOT_FAILED,
        _ => false,
    };
    Ok(result.outcomes.iter().filter(|o| mine(&o.kind)).count())
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
    "kw_",
    "_stmt",
    "_decl",
    "Rule::",
    "Some(",
    "None",
    "Err(",
    "Ok(",
    "unwrap",
    "panic",
    "Vec<",
    "String",
    "usize",
    "u32",
    "i64",
    "jifen_",
    "::",
    "EOI",
    "ParsingError",
    "broken_",
    "&str",
];

fn leaks(text: &str) -> Vec<&'static str> {
    INSIDE
        .iter()
        .copied()
        .filter(|w| text.contains(w))
        .collect()
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
