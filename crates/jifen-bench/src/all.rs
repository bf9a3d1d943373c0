//! Everything that the page tells: data made, results checked, costs measured and written down.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::{Fault, check, index, make, measure, page};

/// A measurement: where its data are and which policy reads them.
struct Series {
    name: &'static str,
    data: &'static str,
    policy: &'static str,
}

const SERIES: [Series; 4] = [
    Series {
        name: "RP-1: awards, caps by day and month, balances",
        data: "rp1",
        policy: "awards",
    },
    Series {
        name: "RP-1 whole: lots, halving, debt, redemption, four rankings",
        data: "rp1",
        policy: "lots",
    },
    Series {
        name: "RP-1 with feedback: grades, rankings and rights of each quarter change the next",
        data: "year",
        policy: "feedback",
    },
    Series {
        name: "3,655 communities, ten scenes, four quarters",
        data: "index",
        policy: "index",
    },
];

/// Makes what is not there, checks it (nothing that differs is measured), measures, writes `docs/performance.json` and the page.
pub fn all(dir: &Path, runs: usize) -> Result<(), Fault> {
    let made = |name: &str| dir.join(name).join("facts.parquet").exists();
    let small = dir.join("small");
    let small_year = dir.join("small-year");
    if !made("small") {
        make::make(&small, "100000", "3000", 2)?;
    }
    if !made("small-year") {
        make::make(&small_year, "100000", "3000", 1)?;
    }
    check::check(&small, None)?;
    check::feedback(&small_year)?;
    if !made("rp1") {
        make::make(&dir.join("rp1"), "10000000", "300000", 2)?;
    }
    if !made("year") {
        make::make(&dir.join("year"), "5000000", "300000", 1)?;
    }
    if !made("index") {
        index::make(&dir.join("index"))?;
    }
    let mut series = Vec::new();
    for s in &SERIES {
        let costs = measure::costs(&dir.join(s.data), runs, s.policy)?;
        series.push(json!({ "name": s.name, "measured": costs }));
    }
    let out = json!({
        "format": 1,
        "version": env!("CARGO_PKG_VERSION"),
        "commit": commit(),
        "day": day(),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
        "series": series,
    });
    page::keep(&out)?;
    page::write()
}

fn said(program: &str, args: &[&str]) -> Value {
    let out = Command::new(program).args(args).output();
    let text = out.ok().filter(|o| o.status.success());
    text.map_or(Value::Null, |o| {
        String::from_utf8_lossy(&o.stdout).trim().to_owned().into()
    })
}

fn commit() -> Value {
    said("git", &["rev-parse", "--short", "HEAD"])
}

fn day() -> Value {
    said("date", &["+%Y-%m-%d"])
}
