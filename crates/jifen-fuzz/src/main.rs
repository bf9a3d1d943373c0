//! `jifen-fuzz TARGET [--seconds 60] [--seed 1] [--last FILE] [--file FILE] [--until WORDS]`: runs one target, `all`, or one file.
//!
//! Exit 0: nothing found; 1: something found (the input is printed as text or hex and shrunk); 2: wrong arguments.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a fuzz run is timed from outside the libraries: it ends after a given time and finds slow inputs"
)]

use jifen_fuzz::driver::{self, Finding, Plan};
use jifen_fuzz::targets::{self, Target};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

struct Args {
    target: String,
    seconds: u64,
    seed: u64,
    last: Option<PathBuf>,
    file: Option<PathBuf>,
    until: Option<String>,
}

fn args() -> Option<Args> {
    let mut list = std::env::args().skip(1);
    let mut args = Args {
        target: list.next()?,
        seconds: 60,
        seed: 1,
        last: None,
        file: None,
        until: None,
    };
    while let Some(flag) = list.next() {
        let value = list.next()?;
        match flag.as_str() {
            "--seconds" => args.seconds = value.parse().ok()?,
            "--seed" => args.seed = value.parse().ok()?,
            "--last" => args.last = Some(value.into()),
            "--until" => args.until = Some(value),
            "--file" => args.file = Some(value.into()),
            _ => return None,
        }
    }
    Some(args)
}

fn main() -> ExitCode {
    let Some(args) = args() else {
        let names: Vec<&str> = targets::ALL.iter().map(|t| t.name).collect();
        eprintln!(
            "jifen-fuzz all|{} [--seconds 60] [--seed 1] [--last FILE] [--file FILE] [--until WORDS]",
            names.join("|")
        );
        return ExitCode::from(2);
    };
    // Panics are findings: they are told once, shrunk, at the end.
    driver::watch_panics();
    let chosen: Vec<&Target> = targets::ALL
        .iter()
        .filter(|t| args.target == "all" || t.name == args.target)
        .collect();
    if chosen.is_empty() {
        eprintln!("no such target: {}", args.target);
        return ExitCode::from(2);
    }
    let mut found = false;
    for target in chosen {
        found |= run(target, &args);
    }
    if found {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}

/// One target; true when something was found.
fn run(target: &'static Target, args: &Args) -> bool {
    let began = Instant::now();
    let wall = move || u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let clock = move || driver::worked().unwrap_or_else(wall);
    if let Some(file) = &args.file {
        let input = std::fs::read(file).unwrap_or_default();
        let trouble = driver::try_one(target.run, &input, &clock);
        println!("{}: {} bytes: {trouble:?}", target.name, input.len());
        return trouble.is_some();
    }
    let limit = Duration::from_secs(args.seconds);
    let report = driver::run(
        target,
        Plan {
            seed: args.seed,
            clock: &clock,
            more: &mut |_| began.elapsed() < limit,
            before: &mut |input| {
                if let Some(path) = &args.last {
                    // Kept for what ends the process: a stack that overflows, memory that runs out.
                    let _ = std::fs::write(path, input);
                }
            },
            stop_at_first: false,
            until: args.until.as_deref(),
        },
    );
    println!(
        "{}: {} inputs in {} ms, {} features, {} kept, {} findings",
        target.name,
        report.inputs,
        wall(),
        report.features,
        report.kept,
        report.findings.len()
    );
    for finding in &report.findings {
        show(target, finding, args.until.is_none(), &clock);
    }
    !report.findings.is_empty()
}

/// A finding; made small if there is time for it.
fn show(target: &Target, finding: &Finding, shrink: bool, clock: &dyn Fn() -> u64) {
    let small = match shrink {
        true => driver::shrink(target, finding, 2000, clock),
        false => finding.input.clone(),
    };
    println!(
        "FOUND {} after {} inputs: {:?}",
        target.name, finding.after, finding.trouble
    );
    match std::str::from_utf8(&small) {
        Ok(text) => println!("--- {} bytes\n{text}\n---", small.len()),
        Err(_) => {
            let hex: String = small.iter().map(|b| format!("{b:02x}")).collect();
            println!("--- {} bytes\n{hex}\n---", small.len());
        }
    }
}
