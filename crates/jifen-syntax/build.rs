//! Turns the word table `grammar/keywords.tsv` into the pest rules `grammar/keywords.pest` and checks the table.
//!
//! The generated file is kept in the repository so that the grammar can be read; the build stops when it is out of
//! date. `JIFEN_BLESS=1 cargo build -p jifen-syntax` rewrites it.
#![allow(
    clippy::disallowed_methods,
    reason = "a build script is told by its environment whether to write"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

struct Row<'a> {
    id: &'a str,
    class: &'a str,
    zh: Vec<&'a str>,
    en: Vec<&'a str>,
}

fn main() -> Result<(), String> {
    // Asked at run time: a target folder shared by two checkouts would keep the path of the first.
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let dir = Path::new(&here).join("../../grammar");
    let table = dir.join("keywords.tsv");
    let rules = dir.join("keywords.pest");
    println!("cargo:rerun-if-changed={}", table.display());
    println!("cargo:rerun-if-changed={}", rules.display());
    println!("cargo:rerun-if-env-changed=JIFEN_BLESS");
    let text = std::fs::read_to_string(&table).map_err(|e| e.to_string())?;
    let rows = read(&text)?;
    let wanted = generate(&rows);
    if std::fs::read_to_string(&rules).unwrap_or_default() != wanted {
        if std::env::var_os("JIFEN_BLESS").is_none() {
            return Err("grammar/keywords.pest is out of date: run JIFEN_BLESS=1 cargo build -p jifen-syntax".into());
        }
        std::fs::write(&rules, wanted).map_err(|e| e.to_string())?;
    }
    Ok(())
}

fn read(text: &str) -> Result<Vec<Row<'_>>, String> {
    let mut rows = Vec::new();
    for line in text
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, class, zh, zh_more, en, en_more] = columns[..] else {
            return Err(format!("keywords.tsv: six columns needed: {line}"));
        };
        if zh.is_empty() || en.is_empty() {
            return Err(format!("keywords.tsv: {id} lacks a language"));
        }
        rows.push(Row {
            id,
            class,
            zh: spellings(zh, zh_more),
            en: spellings(en, en_more),
        });
    }
    Ok(rows)
}

fn spellings<'a>(first: &'a str, more: &'a str) -> Vec<&'a str> {
    let mut all = vec![first];
    all.extend(more.split('、').filter(|s| !s.is_empty()));
    all.sort_by_key(|s| std::cmp::Reverse(s.len()));
    all
}

/// One spelling as a pest expression; words inside it may stand apart.
fn spelling(s: &str, gap: &str) -> String {
    let parts: Vec<String> = s.split(' ').map(|w| format!("\"{w}\"")).collect();
    parts.join(&format!(" ~ {gap} ~ "))
}

fn ends_in_letter(s: &str) -> bool {
    s.chars().last().is_some_and(char::is_alphanumeric)
}

fn alternatives(all: &[&str], gap: &str, end: &str) -> Vec<String> {
    let join = |v: Vec<&&str>| {
        v.iter()
            .map(|s| spelling(s, gap))
            .collect::<Vec<_>>()
            .join(" | ")
    };
    let (words, signs): (Vec<&&str>, Vec<&&str>) = all.iter().partition(|s| ends_in_letter(s));
    let mut out = Vec::new();
    if !words.is_empty() {
        out.push(format!("({}) ~ {end}", join(words)));
    }
    if !signs.is_empty() {
        out.push(join(signs));
    }
    out
}

fn generate(rows: &[Row<'_>]) -> String {
    let mut out = String::from(
        "// Made from keywords.tsv by crates/jifen-syntax/build.rs: do not edit. One rule per word, then one per class.\n\n",
    );
    let mut classes: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows {
        let (zh_end, en_end) = match row.class {
            "declaration" | "later" => ("latin_end", "latin_end"),
            "unit" => ("unit_end", "latin_end"),
            _ => ("han_end", "latin_end"),
        };
        let mut all = alternatives(&row.zh, "gap*", zh_end);
        for a in alternatives(&row.en, "gap+", en_end) {
            if !all.contains(&a) {
                all.push(a);
            }
        }
        let _ = writeln!(out, "kw_{} = @{{ {} }}", row.id, all.join(" | "));
        classes.entry(row.class).or_default().push(row);
    }
    out.push('\n');
    for (class, mut members) in classes {
        // Longer words first, so that “years old” is not read as “years”; units stay as the table has them.
        if class != "unit" {
            members.sort_by_key(|r| {
                std::cmp::Reverse(r.zh.iter().chain(&r.en).map(|s| s.chars().count()).max())
            });
        }
        let names: Vec<String> = members.iter().map(|r| format!("kw_{}", r.id)).collect();
        let _ = writeln!(out, "any_{class} = _{{ {} }}", names.join(" | "));
    }
    out.push_str("\n// The same words without their meaning, sorted by first letter: quick to look ahead for.\n");
    for (name, classes) in LOOK_AHEAD {
        let _ = writeln!(
            out,
            "{name} = @{{ {} }}",
            buckets(rows, classes).join("\n  | ")
        );
    }
    out
}

/// Sets of words that the grammar only looks ahead for.
const LOOK_AHEAD: &[(&str, &[&str])] = &[
    ("reserved", &["statement", "later_statement", "operator"]),
    ("statement_word", &["statement", "later_statement"]),
    ("test_word", &["test"]),
    ("declaration_word", &["declaration", "later"]),
    (
        "glue",
        &[
            "statement",
            "later_statement",
            "operator",
            "window",
            "choice",
        ],
    ),
];

/// All spellings of some classes, in groups of neighbouring first letters behind one quick test.
fn buckets(rows: &[Row<'_>], classes: &[&str]) -> Vec<String> {
    let mut all: BTreeMap<char, Vec<(&str, String)>> = BTreeMap::new();
    for row in rows.iter().filter(|r| classes.contains(&r.class)) {
        for (list, gap, end) in [(&row.zh, "gap*", "han_end"), (&row.en, "gap+", "latin_end")] {
            let end = if classes.contains(&"declaration") {
                "latin_end"
            } else {
                end
            };
            for s in list {
                let Some(first) = s.chars().next() else {
                    continue;
                };
                let rule = spelling(s, gap);
                let rule = if ends_in_letter(s) {
                    format!("{rule} ~ {end}")
                } else {
                    rule
                };
                let slot = all.entry(first).or_default();
                if !slot.iter().any(|(_, r)| *r == rule) {
                    slot.push((s, rule));
                }
            }
        }
    }
    let firsts: Vec<char> = all.keys().copied().collect();
    let size = firsts.len().isqrt();
    firsts
        .chunks(size.max(1))
        .filter_map(|chunk| {
            let (a, b) = (chunk.first()?, chunk.last()?);
            let mut words: Vec<&(&str, String)> =
                chunk.iter().filter_map(|c| all.get(c)).flatten().collect();
            words.sort_by_key(|(s, _)| std::cmp::Reverse(s.len()));
            let rules: Vec<&str> = words.iter().map(|(_, r)| r.as_str()).collect();
            Some(format!(
                "&('\\u{{{:X}}}'..'\\u{{{:X}}}') ~ ({})",
                *a as u32,
                *b as u32,
                rules.join(" | ")
            ))
        })
        .collect()
}
