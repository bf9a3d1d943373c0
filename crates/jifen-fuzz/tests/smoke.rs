//! Each target for a short, fixed number of inputs (`JIFEN_CASES`), with one seed: nothing panics, hangs or hoards.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

use jifen_fuzz::driver::{self, Plan};
use jifen_fuzz::targets::{self, Target};
use std::sync::Mutex;
use std::time::Instant;

/// One target at a time: memory is counted for the whole process.
static ONE: Mutex<()> = Mutex::new(());

fn cases() -> u64 {
    let asked = std::env::var("JIFEN_CASES")
        .ok()
        .and_then(|n| n.parse().ok());
    asked.unwrap_or(400)
}

fn smoke(name: &str) {
    let target: &Target = targets::find(name).unwrap();
    let guard = ONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    driver::watch_panics();
    let began = Instant::now();
    let wall = move || began.elapsed().as_millis() as u64;
    let clock = move || driver::worked().unwrap_or_else(wall);
    let seeds = (target.seeds)().len() as u64;
    let report = driver::run(
        target,
        Plan {
            seed: 1,
            clock: &clock,
            more: &mut |n| n < seeds + cases(),
            before: &mut |_| {},
            stop_at_first: false,
            until: None,
        },
    );
    // From here on a panic is the test's own.
    drop(std::panic::take_hook());
    drop(guard);
    println!(
        "{name}: {} inputs, {} features, {} kept, {} ms",
        report.inputs,
        report.features,
        report.kept,
        wall()
    );
    for f in &report.findings {
        println!("{:?}\n{}", f.trouble, String::from_utf8_lossy(&f.input));
    }
    assert!(
        report.findings.is_empty(),
        "{name}: bad inputs found, printed above"
    );
    assert!(report.features > 3, "{name}: the inputs meet nothing");
}

#[test]
fn parser() {
    smoke("parser");
}

#[test]
fn checker() {
    smoke("checker");
}

#[test]
fn formatter() {
    smoke("formatter");
}

#[test]
fn mapping() {
    smoke("mapping");
}

#[test]
fn csv() {
    smoke("csv");
}

#[test]
fn jsonl() {
    smoke("jsonl");
}

#[test]
fn xlsx() {
    smoke("xlsx");
}

#[test]
fn parquet() {
    smoke("parquet");
}

#[test]
fn values() {
    smoke("values");
}

#[test]
fn evaluator() {
    smoke("evaluator");
}
