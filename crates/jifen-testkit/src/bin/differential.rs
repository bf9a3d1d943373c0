//! `differential [cases] [first seed]`: generated cases through both engines; prints coverage and, on a difference, a small case.

use std::process::ExitCode;

use jifen_testkit::differential::run;

fn main() -> ExitCode {
    let mut args = std::env::args()
        .skip(1)
        .map(|a| a.parse::<u64>().unwrap_or(0));
    let cases = args.next().unwrap_or(2_000);
    let first = args.next().unwrap_or(1);
    let out = run(first, cases, 2);
    for (seed, report) in &out.found {
        println!("seed {seed}\n{report}");
    }
    // As many as in 100,000 cases: 500 of each construct, 20 of each pair.
    let (least, pairs) = (cases * 500 / 100_000, cases * 20 / 100_000);
    println!("{}", out.coverage.table(least.max(1), pairs.max(1)));
    println!("{cases} cases from seed {first}: {} found", out.found.len());
    ExitCode::from(u8::from(!out.found.is_empty()))
}
