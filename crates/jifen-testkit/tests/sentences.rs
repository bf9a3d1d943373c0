//! Two clauses with different meaning never share a sentence: over shipped policies, the corpus and generated policies, one token
//! of a text is changed; where it still compiles and a clause means something else, its sentences are others, in both languages.
//!
//! `JIFEN_CASES` says how many changes (default 3,000), `JIFEN_SEED` where to begin.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::string_slice,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

#[path = "sentences/change.rs"]
mod change;
#[path = "sentences/meaning.rs"]
mod meaning;

use std::collections::BTreeMap;

use jifen::{Compiled, Lang, Sources};
use jifen_explain::sentences;
use jifen_plan::{DaySet, Expr, Plan};
use jifen_testkit::generate::{make, text};
use jifen_testkit::repo::{fences, files};
use jifen_testkit::rng::Rng;

fn setting(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).unwrap_or_default();
    text.parse().unwrap_or(default)
}

/// The texts of a policy, one for each version, without its tests.
fn texts() -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for file in files("policies", ".jifen") {
        out.push(vec![untested(&std::fs::read_to_string(file).unwrap())]);
    }
    for file in files("tests/corpus", ".md") {
        let page = std::fs::read_to_string(file).unwrap();
        let all = fences(&page).into_iter().filter(|f| f.info == "jifen");
        out.push(all.map(|f| untested(&f.body)).collect());
    }
    out.retain(|p: &Vec<String>| !p.is_empty() && compiled(p).is_some());
    out
}

fn untested(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in text.lines() {
        inside |= line.starts_with("测试 ") || line.starts_with("test ");
        if !inside {
            out.push_str(line);
            out.push('\n');
        }
        inside &= line != "}";
    }
    out
}

fn compiled(texts: &[String]) -> Option<Compiled> {
    let mut sources = Sources::new();
    for (n, text) in texts.iter().enumerate() {
        sources.add(format!("{n}.jifen"), text.as_str());
    }
    jifen::compile(sources).ok()
}

/// What a compiled policy means and says.
struct Said {
    /// Clause and version → (meaning, sentences in both languages).
    clauses: BTreeMap<(Vec<String>, String), (String, [String; 2])>,
    /// What clauses are read against.
    declared: String,
    fingerprint: String,
    documents: [String; 2],
}

fn said(c: &Compiled) -> Said {
    let plan = &meaning::plain(&c.plan);
    let mut clauses = BTreeMap::new();
    for (at, item) in plan.items.iter().enumerate() {
        let version = plan.versions[item.version.ix()].name.clone();
        let say = |lang| {
            let clause = sentences::clause(plan, &c.labels, at, lang).unwrap();
            sentences::clause_markdown(&clause)
        };
        let texts = [say(Lang::Zh), say(Lang::En)];
        clauses.insert(
            (item.path.clone(), version),
            (meaning::meaning(plan, item), texts),
        );
    }
    let written = c.fingerprint();
    let document = |lang| {
        let text = sentences::markdown(&c.document(lang));
        text.replace(&written, "")
    };
    Said {
        clauses,
        declared: format!("{:?} {:?} {:?}", plan.kinds, plan.rosters, day_sets(plan)),
        documents: [document(Lang::Zh), document(Lang::En)],
        fingerprint: jifen_plan::fingerprint(plan),
    }
}

/// Campaigns and feasts: their days are in a table of their own.
fn day_sets(plan: &Plan) -> Vec<&DaySet> {
    let sets = plan.exprs.iter().filter_map(|(_, e, _)| match e {
        Expr::InDays(_, set) | Expr::RunStart(_, set) => Some(set.as_ref()),
        _ => None,
    });
    sets.collect()
}

#[test]
fn one_token_changes_change_a_sentence() {
    let (cases, first) = (setting("JIFEN_CASES", 3_000), setting("JIFEN_SEED", 1));
    let words = change::Words::read();
    let texts = texts();
    assert!(texts.len() > 40, "policies are missing");
    let mut base: Vec<Option<Said>> = (0..texts.len()).map(|_| None).collect();
    let (mut compiles, mut differ, mut found) = (0, 0, Vec::new());
    for seed in first..first + cases {
        let mut rng = Rng::new(seed);
        let own = seed
            .is_multiple_of(3)
            .then(|| text::render(&make::policy(&mut rng)));
        let (texts, before) = match &own {
            Some(texts) => (texts, None),
            None => {
                let at = rng.below(texts.len());
                let known = &mut base[at];
                if known.is_none() {
                    *known = compiled(&texts[at]).map(|c| said(&c));
                }
                (&texts[at], known.as_ref())
            }
        };
        let at = rng.below(texts.len());
        let Some(changed) = change::change(&texts[at], &words, &mut rng) else {
            continue;
        };
        let mut others = texts.clone();
        others[at] = changed;
        let Some(after) = compiled(&others) else {
            continue;
        };
        compiles += 1;
        let after = said(&after);
        let made;
        let before = match before {
            Some(b) => b,
            None => match compiled(texts) {
                Some(c) => {
                    made = said(&c);
                    &made
                }
                None => continue,
            },
        };
        if before.fingerprint == after.fingerprint {
            continue;
        }
        differ += 1;
        if let Some(why) = compare(before, &after) {
            found.push(format!(
                "seed {seed}: {why}\n{}",
                difference(&texts[at], &others[at])
            ));
        }
    }
    println!(
        "{cases} changes, {compiles} compile, {differ} mean something else, {} are not said",
        found.len()
    );
    assert!(
        found.is_empty(),
        "{}\n{} in all",
        found
            .iter()
            .take(8)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n\n"),
        found.len()
    );
    assert!(
        cases < 1_000 || differ * 10 > cases,
        "hardly a change means something else: {differ}"
    );
}

/// What is not said.
fn compare(before: &Said, after: &Said) -> Option<String> {
    for (n, lang) in ["zh", "en"].iter().enumerate() {
        if before.documents[n] == after.documents[n] {
            return Some(format!("the document is the same ({lang})"));
        }
    }
    // With other fields an index stands for another one.
    if before.declared != after.declared {
        return None;
    }
    for (path, (old, says)) in &before.clauses {
        let Some((new, now)) = after.clauses.get(path) else {
            continue;
        };
        for (n, lang) in ["zh", "en"].iter().enumerate() {
            if old != new && says[n] == now[n] {
                return Some(format!(
                    "{path:?} is the same ({lang}):\n{}\n{old}\n{new}",
                    says[n]
                ));
            }
        }
    }
    None
}

/// The lines that differ.
fn difference(old: &str, new: &str) -> String {
    let lines = old.lines().zip(new.lines()).filter(|(a, b)| a != b);
    lines
        .map(|(a, b)| format!("- {a}\n+ {b}"))
        .collect::<Vec<_>>()
        .join("\n")
}
