//! Generated cases through text, compiler, second lowering, engine and reference. `JIFEN_CASES` sets how many (2,000).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

use jifen_testkit::differential::run;

#[test]
fn engine_reference_and_both_lowerings_agree() {
    let cases = std::env::var("JIFEN_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2_000);
    let out = run(1, cases, 1, true);
    let (least, pairs) = (cases * 500 / 100_000, cases * 20 / 100_000);
    println!("{}", out.coverage.table(least, pairs));
    for (seed, report) in &out.found {
        println!("seed {seed}\n{report}");
    }
    assert!(out.found.is_empty(), "{} findings", out.found.len());
    // A generator whose texts the compiler refuses tests nothing.
    assert!(
        out.coverage.refused_percent() < 5,
        "{} % refused",
        out.coverage.refused_percent()
    );
    if cases >= 20_000 {
        let rare = out.coverage.rare(least);
        assert!(rare.is_empty(), "{rare:?}");
        let rare = out.coverage.rare_pairs(pairs);
        assert!(rare.is_empty(), "{rare:?}");
    }
}
