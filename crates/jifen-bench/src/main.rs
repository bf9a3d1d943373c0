//! `jifen-bench`: makes facts for the reference policy RP-1, scores them, checks them and measures; see docs/performance.md.
//!
//! Policies are `awards` (if none is named), `lots`, `feedback` (on the facts of `make-year`) and `index` (of `make-index`).

mod all;
mod check;
mod index;
mod make;
mod measure;
mod oracle;
mod page;
mod scan;
mod score;
mod transfers;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "make DIR FACTS RESIDENTS | make-year DIR FACTS RESIDENTS | make-index DIR | scan DIR | read DIR [POLICY]
| score DIR THREADS [POLICY] | check DIR [AWARDS.parquet] | check-feedback DIR | measure DIR [RUNS [POLICY]] | transfers ACCOUNTS
| all DIR [RUNS] | page";

/// What went wrong, for a developer.
type Fault = Box<dyn std::error::Error>;

fn named(words: &[&str]) -> Result<score::Policy, Fault> {
    let name = words.first().unwrap_or(&"awards");
    Ok(score::Policy::named(name).ok_or(USAGE)?)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["make", dir, facts, residents] => make::make(Path::new(dir), facts, residents, 2),
        ["make-year", dir, facts, residents] => make::make(Path::new(dir), facts, residents, 1),
        ["make-index", dir] => index::make(Path::new(dir)),
        ["scan", dir] => scan::scan(Path::new(dir)),
        ["read", dir, policy @ ..] => {
            named(policy).and_then(|p| score::read_only(Path::new(dir), p))
        }
        ["score", dir, threads, policy @ ..] => {
            named(policy).and_then(|p| score::score(Path::new(dir), threads.parse()?, p))
        }
        ["check", dir] => check::check(Path::new(dir), None),
        ["check-feedback", dir] => check::feedback(Path::new(dir)),
        ["check", dir, awards] => check::check(Path::new(dir), Some(Path::new(awards))),
        ["measure", dir] => measure::measure(Path::new(dir), 3, "awards"),
        ["measure", dir, runs, policy @ ..] => runs
            .parse()
            .map_err(Fault::from)
            .and_then(|n| measure::measure(Path::new(dir), n, policy.first().unwrap_or(&"awards"))),
        ["all", dir] => all::all(Path::new(dir), 3),
        ["all", dir, runs] => {
            (runs.parse().map_err(Fault::from)).and_then(|n| all::all(Path::new(dir), n))
        }
        ["page"] => page::write(),
        ["transfers", accounts] => transfers::transfers(accounts),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}
