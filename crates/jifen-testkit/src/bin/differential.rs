//! `differential show SEED` prints a case; `differential [cases] [first seed] [first]`: generated cases through both engines; prints coverage and, on a difference, a small case.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

use std::process::ExitCode;

use jifen_testkit::differential::{run, show};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let ([word, seed], Some(n)) = (args.as_slice(), args.get(1).and_then(|a| a.parse().ok())) {
        if word == "show" {
            println!("seed {seed}\n{}", show(n));
            return ExitCode::SUCCESS;
        }
    }
    let number =
        |i: usize, default: u64| args.get(i).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (cases, first) = (number(0, 2_000), number(1, 1));
    // "first": stop at the first difference and do not make it small.
    let quick = args.get(2).is_some_and(|a| a == "first");
    let out = run(first, cases, if quick { 1 } else { 2 }, !quick);
    for (seed, report) in &out.found {
        println!("seed {seed}\n{report}");
    }
    if !quick {
        // As many as in 100,000 cases: 500 of each construct, 20 of each pair.
        let (least, pairs) = (cases * 500 / 100_000, cases * 20 / 100_000);
        println!("{}", out.coverage.table(least.max(1), pairs.max(1)));
    }
    println!("{cases} cases from seed {first}: {} found", out.found.len());
    ExitCode::from(u8::from(!out.found.is_empty()))
}
