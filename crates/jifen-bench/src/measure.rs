//! Runs scan and scoring as child processes and writes what they cost; CPU and memory as Linux counts them.
#![allow(clippy::disallowed_types, reason = "a benchmark measures with a clock")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Fault;

/// One child process: seconds of CPU, seconds, MiB at the most.
struct Cost {
    cpu_ms: u64,
    wall_ms: u64,
    peak_kib: u64,
}

/// CPU time of all children that have ended, in clock ticks of 10 ms.
fn children_ticks() -> Result<u64, Fault> {
    // Fields 16 and 17 of proc(5), counted from the one after the name.
    ticks([13, 14])
}

/// CPU time of this process, in clock ticks of 10 ms.
pub fn own_ticks() -> Result<u64, Fault> {
    // Fields 14 and 15.
    ticks([11, 12])
}

fn ticks(fields_of: [usize; 2]) -> Result<u64, Fault> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .ok_or("stat")?
        .split_whitespace()
        .collect();
    let ticks = |i: usize| {
        fields
            .get(i)
            .ok_or("stat")
            .and_then(|f| f.parse::<u64>().map_err(|_| "stat"))
    };
    let [user, system] = fields_of;
    Ok(ticks(user)? + ticks(system)?)
}

fn run(args: &[&str]) -> Result<Cost, Fault> {
    let before = children_ticks()?;
    let began = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args(args)
        .stdout(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    let code = loop {
        if let Some(code) = child.try_wait()? {
            break code;
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let now = line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse::<u64>().ok());
        peak_kib = peak_kib.max(now.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    };
    if !code.success() {
        return Err(format!("{args:?} failed").into());
    }
    let wall_ms = u64::try_from(began.elapsed().as_millis())?;
    Ok(Cost {
        cpu_ms: (children_ticks()? - before) * 10,
        wall_ms,
        peak_kib,
    })
}

fn median(mut v: Vec<u64>) -> u64 {
    v.sort_unstable();
    v.get(v.len() / 2).copied().unwrap_or(0)
}

/// Prints what [`costs`] finds.
pub fn measure(dir: &Path, runs: usize, policy: &str) -> Result<(), Fault> {
    let costs = costs(dir, runs, policy)?;
    println!("{}", serde_json::to_string_pretty(&costs)?);
    Ok(())
}

/// How far the values lie apart, in percent of the median.
fn spread(v: &[u64]) -> u64 {
    let (least, most) = (v.iter().min(), v.iter().max());
    let apart = most.zip(least).map_or(0, |(a, b)| a - b);
    apart * 100 / median(v.to_vec()).max(1)
}

/// Scan and score in turn, so that both meet the same machine; medians.
pub fn costs(dir: &Path, runs: usize, policy: &str) -> Result<Value, Fault> {
    let dir = dir.to_str().ok_or("a path")?;
    let modes: [&[&str]; 4] = [
        &["scan", dir],
        &["read", dir, policy],
        &["score", dir, "1", policy],
        &["score", dir, "2", policy],
    ];
    let names = ["scan", "read", "run, 1 thread", "run, 2 threads"];
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..runs.max(1) {
        for (mode, list) in modes.iter().zip(&mut costs) {
            list.push(run(mode)?);
        }
    }
    let rows = scanned(dir)?;
    let mut table = serde_json::Map::new();
    for (name, list) in names.iter().zip(&costs) {
        let of = |f: &dyn Fn(&Cost) -> u64| median(list.iter().map(f).collect());
        let peak = list.iter().map(|c| c.peak_kib).max().unwrap_or(0) / 1024;
        let cost = json!({
            "cpu_ms": of(&|c| c.cpu_ms),
            "cpu_spread_percent": spread(&list.iter().map(|c| c.cpu_ms).collect::<Vec<_>>()),
            "wall_ms": of(&|c| c.wall_ms),
            "peak_mib": peak,
            "peak_mib_per_million_facts": peak * 1_000_000 / rows.max(1),
        });
        table.insert((*name).to_owned(), cost);
    }
    let cpu = |name: &str| {
        table
            .get(name)
            .and_then(|c| c.get("cpu_ms"))
            .and_then(Value::as_u64)
    };
    let (floor, one) = (
        cpu("scan").unwrap_or(0).max(1),
        cpu("run, 1 thread").unwrap_or(0),
    );
    Ok(json!({
        "policy": policy,
        "facts": rows,
        "runs": runs,
        "costs": table,
        "run_to_scan_percent": one * 100 / floor,
    }))
}

fn scanned(dir: &str) -> Result<u64, Fault> {
    let mut rows = 0;
    for batch in crate::scan::reader(&Path::new(dir).join("facts.parquet"))? {
        rows += batch?.num_rows() as u64;
    }
    Ok(rows)
}
