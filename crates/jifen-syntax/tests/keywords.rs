//! Laws of the word table: both languages, no two meanings in one class, and the grammar uses no other words.

use jifen_diag::Lang;
use jifen_syntax::keywords::{all, find};
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn every_word_has_both_languages() {
    assert!(all().len() > 150);
    for k in all() {
        assert!(
            !k.zh.is_empty() && !k.en.is_empty(),
            "{} lacks a language",
            k.concept
        );
        let sign = k.zh.chars().all(|c| !c.is_alphabetic());
        if !sign {
            assert!(!k.zh.is_ascii(), "{}: no Chinese form", k.concept);
            assert!(k.en.is_ascii(), "{}: no English form", k.concept);
        }
    }
}

#[test]
fn no_two_words_of_a_class_are_spelt_alike() {
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for k in all() {
        for lang in [Lang::Zh, Lang::En] {
            for s in k.spellings(lang) {
                let other = seen.insert((k.class, s), k.concept);
                assert!(
                    other.is_none_or(|o| o == k.concept),
                    "“{s}” is both {} and {other:?}",
                    k.concept
                );
            }
        }
        assert_eq!(find(k.class, k.zh).map(|f| f.concept), Some(k.concept));
    }
    // Statement and operator words are reserved everywhere, so they must differ among themselves too.
    let mut reserved: BTreeMap<&str, &str> = BTreeMap::new();
    for k in all()
        .iter()
        .filter(|k| ["statement", "later_statement", "operator"].contains(&k.class))
    {
        for lang in [Lang::Zh, Lang::En] {
            for s in k
                .spellings(lang)
                .filter(|s| s.chars().any(char::is_alphabetic))
            {
                let other = reserved.insert(s, k.concept);
                assert!(
                    other.is_none_or(|o| o == k.concept),
                    "“{s}” is both {} and {other:?}",
                    k.concept
                );
            }
        }
    }
}

/// Words written out in the grammar files themselves, and why they need not be in the table.
const FORMS: &[(&str, &str)] = &[
    ("第", "article mark"),
    ("条", "article mark"),
    ("article", "article mark"),
    ("clause", "article mark"),
    ("年", "date"),
    ("月", "date"),
    ("日", "date"),
    ("号", "date"),
    ("正", "lunar date"),
    ("冬", "lunar date"),
    ("腊", "lunar date"),
    ("初", "lunar date"),
    ("廿", "lunar date"),
    ("卅", "lunar date"),
    ("末", "lunar date"),
    ("闰", "lunar date"),
    ("leap", "lunar date"),
    ("last", "lunar date"),
];

#[test]
fn the_grammar_uses_only_words_of_the_table() {
    let grammar = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../grammar");
    for file in ["lexical.pest", "expression.pest", "policy.pest"] {
        let text = std::fs::read_to_string(grammar.join(file)).unwrap_or_default();
        assert!(!text.is_empty(), "{file} is missing");
        for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
            for word in literals(line) {
                let letters = word.chars().any(char::is_alphabetic);
                let numeral = "零〇一二两三四五六七八九十百千".contains(word.as_str());
                let known = FORMS.iter().any(|(w, _)| *w == word)
                    || all().iter().any(|k| {
                        k.spellings(Lang::Zh)
                            .chain(k.spellings(Lang::En))
                            .any(|s| s == word)
                    });
                assert!(
                    !letters || numeral || known,
                    "{file}: “{word}” is not in keywords.tsv"
                );
            }
        }
    }
}

/// The quoted words of a grammar line (signs and escapes aside).
fn literals(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let line = line.replace("\\\"", "\\");
    let mut rest = line.as_str();
    while let Some(start) = rest.find('"') {
        let after = &rest[start + 1..];
        let Some(end) = after.find('"') else { break };
        let word = &after[..end];
        if !word.contains('\\') {
            out.push(word.to_owned());
        }
        rest = &after[end + 1..];
    }
    out
}
