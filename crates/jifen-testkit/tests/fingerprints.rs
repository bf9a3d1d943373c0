//! Every shipped policy has its fingerprint recorded in `tests/fingerprints.txt`; it moves only with the format number.
//!
//! `JIFEN_BLESS=1` writes the file anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

use std::fmt::Write as _;

use jifen_diag::Sources;
use jifen_testkit::repo::{files, root};

#[test]
fn every_shipped_policy_passes_its_tests_and_has_the_recorded_fingerprint_and_layout() {
    let root = root();
    let files = files("policies", ".jifen");
    assert!(files.len() >= 3, "policies are missing");
    let mut found = String::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        let mut sources = Sources::new();
        sources.add(&name, &text);
        let compiled = jifen::compile(sources).unwrap_or_else(|_| panic!("{name} has errors"));
        writeln!(found, "{} {name}", compiled.fingerprint()).unwrap();
        let tests = jifen::run_tests(&compiled);
        assert!(!tests.is_empty(), "{name} has no tests");
        let failed: Vec<&str> = tests
            .iter()
            .filter(|t| !t.passed())
            .map(|t| t.title.as_str())
            .collect();
        assert!(failed.is_empty(), "{name}: {failed:?}");
        assert_eq!(
            jifen_syntax::format(&text).unwrap(),
            text,
            "{name}: run fmt"
        );
    }
    let recorded = root.join("tests/fingerprints.txt");
    #[allow(
        clippy::disallowed_methods,
        reason = "a test is told to bless by the environment"
    )]
    if std::env::var_os("JIFEN_BLESS").is_some() {
        std::fs::write(&recorded, &found).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&recorded).unwrap_or_default(),
        found
    );
}
