//! Laws of parser, formatter and translator over the samples of this crate and every policy of the repository.
#![allow(clippy::panic, reason = "a test fails by panicking")]

use jifen_diag::{Lang, SourceId};
use jifen_syntax::{ast_eq, format, parse, translate};
use std::path::{Path, PathBuf};

/// Every `.jifen` file below a folder.
fn files(below: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(below) else {
        return;
    };
    let mut all: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    all.sort();
    for path in all {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "jifen") {
            out.push(path);
        }
    }
}

fn corpus() -> Vec<(String, String)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["tests/samples", "../../policies", "../../tests/corpus"] {
        files(&here.join(folder), &mut paths);
    }
    assert!(paths.len() >= 3, "the samples are missing");
    paths
        .into_iter()
        .map(|p| {
            (
                p.display().to_string(),
                std::fs::read_to_string(&p).unwrap_or_default(),
            )
        })
        .collect()
}

fn other(lang: Lang) -> Lang {
    lang.pick(Lang::En, Lang::Zh)
}

#[test]
fn formatting_keeps_the_tree_and_is_a_fixed_point() {
    for (name, text) in corpus() {
        let before = parse(&text, SourceId(0));
        if !before.is_clean() {
            continue;
        }
        let once = format(&text).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        let twice = format(&once).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!(once, twice, "{name}: formatting twice differs");
        assert!(
            ast_eq(&before.file, &parse(&once, SourceId(0)).file),
            "{name}"
        );
        let comments = |t: &str| t.matches('#').count();
        assert_eq!(
            comments(&text),
            comments(&once),
            "{name}: a comment is lost"
        );
    }
}

#[test]
fn translating_there_and_back_is_formatting() {
    for (name, text) in corpus() {
        let before = parse(&text, SourceId(0));
        if !before.is_clean() {
            continue;
        }
        let lang = before.file.lang;
        let there = translate(&text, other(lang)).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert!(
            ast_eq(&before.file, &parse(&there, SourceId(0)).file),
            "{name}"
        );
        let back = translate(&there, lang).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!(back, format(&text).unwrap_or_default(), "{name}");
        let again = format(&there).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!(
            again, there,
            "{name}: a translation is not in canonical form"
        );
    }
}

#[test]
fn the_samples_of_this_crate_are_clean() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut paths = Vec::new();
    files(&here, &mut paths);
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let result = parse(&text, SourceId(0));
        assert!(
            result.is_clean(),
            "{}: {:#?}",
            path.display(),
            result.diagnostics
        );
    }
}
