//! Beginners' mistakes planted into the valid policies of the repository: is each one answered, in its place, alone?
//!
//! 2,000 files (four times `JIFEN_CASES`, where that is fewer), 1 to 7 mistakes each. Counted: mistakes with a message of a fitting
//! code inside their clause; errors outside every clause; fingerprints after the mistakes are taken back. All messages
//! met on the way must be in both languages and free of the inner words of this program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

use jifen_diag::{Diagnostic, Sources, Text};
use jifen_syntax::ast::File;
use jifen_testkit::mistakes::{self, Base, KINDS, Planted};
use jifen_testkit::repo;
use jifen_testkit::rng::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

const FILES: usize = 2000;

fn files() -> usize {
    let asked = std::env::var("JIFEN_CASES")
        .ok()
        .and_then(|n| n.parse().ok());
    // A bound of one in a hundred is told from luck by thousands of mistakes, of which a file has four.
    asked
        .map_or(FILES, |n: usize| n.saturating_mul(4))
        .min(FILES)
}

/// Reads and compiles one text: its tree, everything said, and the fingerprint of a valid one.
fn compile(text: &str) -> (File, Vec<Diagnostic>, Option<String>) {
    let mut sources = Sources::new();
    let id = sources.add("policy.jifen", text);
    let parsed = jifen_syntax::parse(text, id);
    let lost: Vec<_> = parsed
        .diagnostics
        .iter()
        .filter(|d| d.is_error())
        .map(|d| d.span)
        .collect();
    let compiled =
        jifen_compiler::compile_texts(std::slice::from_ref(&parsed.file), &lost, &sources);
    let mut all = parsed.diagnostics;
    all.extend(compiled.diagnostics);
    Diagnostic::sort(&mut all);
    let clean = !all.iter().any(Diagnostic::is_error);
    let print = compiled
        .plan
        .filter(|_| clean)
        .map(|p| jifen_plan::fingerprint(&p).to_string());
    (parsed.file, all, print)
}

/// (name, text) of every policy of a folder, whole or in the pages.
fn texts(folder: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for path in repo::files(folder, "") {
        let name = path.strip_prefix(repo::root()).unwrap_or(&path);
        let name = name.display().to_string();
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        if name.ends_with(".jifen") {
            out.push((name, text));
        } else if name.ends_with(".md") {
            let all = repo::fences(&text).into_iter();
            let policies = all.filter(|f| f.after("jifen").is_some());
            out.extend(policies.map(|f| (name.clone(), f.body)));
        }
    }
    out
}

/// A valid policy, and the fingerprint of what it means.
struct Valid {
    base: Base,
    fingerprint: String,
}

fn bases() -> Vec<Valid> {
    let folders = ["policies", "crates/jifen-cli/templates", "tests/corpus"];
    let mut out = Vec::new();
    for (name, text) in folders.into_iter().flat_map(texts) {
        let (file, _, fingerprint) = compile(&text);
        if let Some(fingerprint) = fingerprint {
            out.push(Valid {
                base: Base::new(name, text, file),
                fingerprint,
            });
        }
    }
    out
}

#[derive(Default)]
struct Count {
    planted: usize,
    /// With a message of a fitting code.
    answered: usize,
    /// With a message of any code.
    met: usize,
}

#[derive(Default)]
struct Tally {
    kinds: BTreeMap<usize, Count>,
    files: usize,
    extra: usize,
    messages: BTreeSet<(String, String)>,
    shown: usize,
}

fn inside(d: &Diagnostic, clause: &[Range<usize>]) -> bool {
    clause
        .iter()
        .any(|r| r.start <= d.span.start as usize && d.span.start as usize <= r.end)
}

fn judge(base: &Base, planted: &Planted, tally: &mut Tally) {
    let (_, all, _) = compile(&planted.text);
    tally.files += 1;
    let errors: Vec<&Diagnostic> = all.iter().filter(|d| d.is_error()).collect();
    let mut troubles = Vec::new();
    for (site, clause) in planted.sites.iter().zip(&planted.clauses) {
        let kind = &KINDS[site.kind];
        let count = tally.kinds.entry(site.kind).or_default();
        count.planted += 1;
        let here: Vec<_> = errors.iter().filter(|d| inside(d, clause)).collect();
        count.met += usize::from(!here.is_empty());
        let fits = here.iter().any(|d| kind.codes.contains(&d.code));
        count.answered += usize::from(fits);
        if !fits {
            troubles.push(format!("not answered: {} {:?}", kind.name, site.changes));
        }
    }
    for d in errors
        .iter()
        .filter(|d| !planted.clauses.iter().any(|c| inside(d, c)))
    {
        tally.extra += 1;
        troubles.push(format!(
            "extra: {} {:?} {}",
            d.code,
            d.span.range(),
            d.message.zh
        ));
    }
    for d in &all {
        let texts = [&d.message]
            .into_iter()
            .chain(d.labels.iter().map(|l| &l.text))
            .chain(&d.help);
        for t in texts
            .chain(d.fix.iter().map(|f| &f.note))
            .filter(|t| !t.zh.is_empty() || !t.en.is_empty())
        {
            tally.messages.insert((t.zh.clone(), t.en.clone()));
        }
    }
    let limit = std::env::var("JIFEN_SHOW")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(8);
    if !troubles.is_empty() && tally.shown < limit {
        tally.shown += 1;
        show(base, planted, &errors, &troubles);
    }
}

fn show(base: &Base, planted: &Planted, errors: &[&Diagnostic], troubles: &[String]) {
    println!("==== {}", base.name);
    for t in troubles {
        println!("  {t}");
    }
    for (site, clause) in planted.sites.iter().zip(&planted.clauses) {
        println!("  planted: {} {:?}", KINDS[site.kind].name, site.changes);
        for r in clause {
            println!("    | {:?}", &planted.text[r.clone()]);
        }
    }
    let mut sources = Sources::new();
    sources.add("text", planted.text.as_str());
    for d in errors {
        let line = sources.line_col(d.span.source, d.span.start as usize).0;
        println!(
            "  {} {} {}   >{}<",
            d.place(&sources),
            d.code,
            d.message.zh,
            sources.line(d.span.source, line).trim()
        );
    }
}

#[test]
fn every_mistake_is_answered_in_its_place() {
    let bases = bases();
    assert!(bases.len() >= 3, "too few valid policies: {}", bases.len());
    let mut rng = Rng::new(20260403);
    let mut tally = Tally::default();
    let only = std::env::var("JIFEN_KIND").ok();
    for _ in 0..files() {
        let valid = &bases[rng.below(bases.len())];
        let mut sites = mistakes::sites(&valid.base, &mut rng);
        if let Some(only) = &only {
            for (list, kind) in sites.iter_mut().zip(KINDS) {
                list.retain(|_| kind.name.contains(only.as_str()));
            }
        }
        let wanted = 1 + rng.below(7);
        let chosen = mistakes::choose(&sites, wanted, &mut rng);
        if chosen.is_empty() {
            continue;
        }
        let planted = mistakes::plant(&valid.base, chosen);
        judge(&valid.base, &planted, &mut tally);
        let back = mistakes::undo(&planted);
        assert_eq!(
            compile(&back).2.as_ref(),
            Some(&valid.fingerprint),
            "{}: mistakes taken back",
            valid.base.name
        );
    }
    report(&tally, bases.len());
    let problems: Vec<String> = tally
        .messages
        .iter()
        .flat_map(|(zh, en)| leaks(&Text::new(zh, en)))
        .collect();
    for p in &problems {
        println!("message: {p}");
    }
    let (planted, answered) = totals(&tally);
    assert!(
        tally.kinds.len() >= 25 || only.is_some(),
        "{} kinds only",
        tally.kinds.len()
    );
    assert!(
        answered * 100 >= planted * 99,
        "{answered} of {planted} mistakes answered in their clause"
    );
    assert!(
        tally.extra * 50 <= tally.files,
        "{} extra errors in {} files",
        tally.extra,
        tally.files
    );
    assert!(
        problems.is_empty(),
        "{} texts of messages leak or lack a language",
        problems.len()
    );
}

fn totals(tally: &Tally) -> (usize, usize) {
    let all = || tally.kinds.values();
    (
        all().map(|c| c.planted).sum(),
        all().map(|c| c.answered).sum(),
    )
}

fn report(tally: &Tally, bases: usize) {
    for (kind, count) in &tally.kinds {
        let Count {
            planted,
            answered,
            met,
        } = count;
        println!(
            "{planted:5} planted {answered:5} answered {met:5} met  {}",
            KINDS[*kind].name
        );
    }
    let (planted, answered) = totals(tally);
    println!(
        "{} files from {bases} policies, {} kinds, {planted} mistakes, {answered} answered in their clause ({:.2} %), {} extra errors ({:.3} a file), {} texts",
        tally.files,
        tally.kinds.len(),
        answered as f64 * 100.0 / planted.max(1) as f64,
        tally.extra,
        tally.extra as f64 / tally.files.max(1) as f64,
        tally.messages.len()
    );
}

/// A text without what stands in quotes: words of the policy.
fn unquoted(text: &str) -> String {
    let mut close: Option<char> = None;
    let mut out = String::new();
    for c in text.chars() {
        match close {
            Some(end) if c == end => close = None,
            Some(_) => {}
            None => {
                close = match c {
                    '“' => Some('”'),
                    '「' => Some('」'),
                    '《' => Some('》'),
                    '`' => Some('`'),
                    '"' => Some('"'),
                    _ => None,
                };
                if close.is_none() {
                    out.push(c);
                }
            }
        }
    }
    out
}

/// What a message must not hold: types and debug output of Rust, names of grammar rules, the other language.
fn leaks(text: &Text) -> Vec<String> {
    const RUST: &[&str] = &[
        "Some(", "None", "::", "Ok(", "Err(", "Vec<", "String", "Option", "usize", "i128", "u32",
        "i64", "Rule", "Span", "Decimal", "Dim", "Expr", "{:", "}}", "unwrap", "panick",
    ];
    let mut out = Vec::new();
    let (zh, en) = (unquoted(&text.zh), unquoted(&text.en));
    for part in [&zh, &en] {
        out.extend(
            RUST.iter()
                .filter(|w| part.contains(**w))
                .map(|w| format!("`{w}` in: {part}")),
        );
        let mut words = part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        out.extend(
            words
                .find(|w| rules().contains(*w))
                .map(|w| format!("grammar rule `{w}` in: {part}")),
        );
    }
    if !text.zh.chars().any(is_han) {
        out.push(format!("no Chinese in: {} / {}", text.zh, text.en));
    }
    if text.en.is_empty() || en.chars().any(is_han) {
        out.push(format!("not English: {}", text.en));
    }
    out
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Names of grammar rules that are no English words.
fn rules() -> &'static BTreeSet<String> {
    static RULES: std::sync::OnceLock<BTreeSet<String>> = std::sync::OnceLock::new();
    RULES.get_or_init(|| {
        let mut out: BTreeSet<String> = BTreeSet::new();
        for file in ["lexical", "expression", "policy", "keywords"] {
            let text =
                std::fs::read_to_string(repo::root().join(format!("grammar/{file}.pest"))).unwrap();
            let names = text
                .lines()
                .filter_map(|l| l.split_once('='))
                .map(|(n, _)| n.trim());
            out.extend(
                names
                    .filter(|n| n.contains('_') && !n.contains(' '))
                    .map(str::to_owned),
            );
        }
        // Type words of the language that are spelt like this.
        out.remove("yes_no");
        assert!(out.len() > 50, "the grammar has names");
        out.extend(
            [
                "expr", "stmt", "arith", "cmp", "fterm", "sc", "lbrace", "rbrace", "lparen",
                "rparen", "attr", "attrs", "han",
            ]
            .map(str::to_owned),
        );
        out
    })
}

#[test]
fn the_leak_check_sees_leaks() {
    assert!(leaks(&Text::new("缺少“得”", "“award” is missing")).is_empty());
    assert!(leaks(&Text::new("没有叫“Some(x)”的名称", "there is no “Some(x)”")).is_empty());
    for (zh, en) in [
        ("类型 Some(1)", "ok"),
        ("缺少 award_stmt", "ok"),
        ("只有中文", "只有中文"),
        ("no", "no"),
        ("好", "a std::fmt"),
    ] {
        assert!(!leaks(&Text::new(zh, en)).is_empty(), "{zh} / {en}");
    }
}
