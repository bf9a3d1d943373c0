//! `jifen-bench`: makes facts for the reference policy RP-1, scores them, checks them and measures; see docs/performance.md.
//!
//! Commands: `make DIR FACTS RESIDENTS`, `scan DIR`, `read DIR`, `score DIR [THREADS]`, `check DIR [AWARDS.parquet]`,
//! `measure DIR [RUNS]`, `transfers ACCOUNTS`.

mod check;
mod make;
mod measure;
mod oracle;
mod scan;
mod score;
mod transfers;

use std::path::Path;
use std::process::ExitCode;

/// What went wrong, for a developer.
type Fault = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["make", dir, facts, residents] => make::make(Path::new(dir), facts, residents),
        ["scan", dir] => scan::scan(Path::new(dir)),
        ["read", dir] => score::read_only(Path::new(dir)),
        ["score", dir] => score::score(Path::new(dir), 1),
        ["score", dir, threads] => score::score(Path::new(dir), threads.parse().unwrap_or(1)),
        ["check", dir] => check::check(Path::new(dir), None),
        ["check", dir, awards] => check::check(Path::new(dir), Some(Path::new(awards))),
        ["measure", dir] => measure::measure(Path::new(dir), 3),
        ["measure", dir, runs] => measure::measure(Path::new(dir), runs.parse().unwrap_or(3)),
        ["transfers", accounts] => transfers::transfers(accounts),
        _ => Err("make DIR FACTS RESIDENTS | scan DIR | read DIR | score DIR [THREADS] | check DIR [FILE] | measure DIR [RUNS] | transfers ACCOUNTS".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}
