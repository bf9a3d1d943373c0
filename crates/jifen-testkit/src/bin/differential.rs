//! `differential [cases] [first seed]`: generated cases through both engines; prints coverage and, on a difference, a small case.

use std::process::ExitCode;

use jifen_testkit::differential::{Outcome, case, compare, report, workdays};
use jifen_testkit::shrink::shrink;

fn main() -> ExitCode {
    let mut args = std::env::args()
        .skip(1)
        .map(|a| a.parse::<u64>().unwrap_or(0));
    let cases = args.next().unwrap_or(2_000);
    let first = args.next().unwrap_or(1);
    let calendar = workdays();
    let mut found = 0;
    for seed in first..first + cases {
        let c = case(seed);
        if let Outcome::Differs(finding) = compare(&c, &calendar) {
            found += 1;
            let fails = |c: &_| matches!(compare(c, &calendar), Outcome::Differs(f) if f.between == finding.between);
            let small = shrink(&c, fails);
            if let Outcome::Differs(finding) = compare(&small, &calendar) {
                println!("seed {seed}\n{}", report(&small, &finding));
            }
            if found >= 3 {
                break;
            }
        }
    }
    println!("{cases} cases from seed {first}: {found} found");
    ExitCode::from(u8::from(found > 0))
}
