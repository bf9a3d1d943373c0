//! The figures of `docs/performance.md`, rendered from `docs/performance.json`; a test holds the page against it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Fault;

const BEGIN: &str = "<!-- figures: written by `jifen-bench page` from performance.json -->";
const END: &str = "<!-- end of figures -->";

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// Writes the figures down.
pub fn keep(figures: &Value) -> Result<(), Fault> {
    let text = serde_json::to_string_pretty(figures)? + "\n";
    Ok(std::fs::write(docs().join("performance.json"), text)?)
}

/// Writes the tables of the page anew.
pub fn write() -> Result<(), Fault> {
    let path = docs().join("performance.md");
    let page = std::fs::read_to_string(&path)?;
    Ok(std::fs::write(path, rendered(&page)?)?)
}

/// The page with the tables that the figures give.
fn rendered(page: &str) -> Result<String, Fault> {
    let text = std::fs::read_to_string(docs().join("performance.json"))?;
    let figures: Value = serde_json::from_str(&text)?;
    let (head, rest) = page.split_once(BEGIN).ok_or("the page has no figures")?;
    let (_, tail) = rest.split_once(END).ok_or("the figures do not end")?;
    Ok(format!(
        "{head}{BEGIN}\n\n{}\n{END}{tail}",
        tables(&figures)?
    ))
}

fn tables(figures: &Value) -> Result<String, Fault> {
    let mut t = String::new();
    let word = |k: &str| figures.get(k).and_then(Value::as_str).unwrap_or("?");
    let number = |v: &Value, k: &str| v.get(k).and_then(Value::as_u64).unwrap_or(0);
    let cores = number(figures, "cores");
    writeln!(
        t,
        "Measured on {}, commit {}, {cores} cores: medians; spread is the largest less the smallest of the CPU times, in percent of the median.",
        word("day"),
        word("commit")
    )?;
    let series = figures.get("series").and_then(Value::as_array);
    for s in series.ok_or("no series")? {
        let measured = s.get("measured").ok_or("nothing measured")?;
        let name = s.get("name").and_then(Value::as_str).unwrap_or("?");
        let facts = number(measured, "facts");
        let runs = number(measured, "runs");
        writeln!(t, "\n**{name}** ({facts} facts, {runs} turns)\n")?;
        writeln!(t, "| | CPU s | × scan | wall s | peak MiB | spread % |")?;
        writeln!(t, "|---|---|---|---|---|---|")?;
        let costs = measured.get("costs").and_then(Value::as_object);
        let costs = costs.ok_or("no costs")?;
        let scan = costs.get("scan").map_or(0, |c| number(c, "cpu_ms"));
        for what in ["scan", "read", "run, 1 thread", "run, 2 threads"] {
            let c = costs.get(what).ok_or("a cost that is missing")?;
            let cpu = number(c, "cpu_ms");
            // Below five ticks of the clock a ratio means nothing.
            let ratio = match scan >= 50 {
                true => format!("{}.{}", cpu / scan, cpu * 10 / scan % 10),
                false => "–".to_owned(),
            };
            let seconds = |ms: u64| format!("{}.{:02}", ms / 1000, ms / 10 % 100);
            writeln!(
                t,
                "| {what} | {} | {ratio} | {} | {} | {} |",
                seconds(cpu),
                seconds(number(c, "wall_ms")),
                number(c, "peak_mib"),
                number(c, "cpu_spread_percent"),
            )?;
        }
    }
    Ok(t)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

    #[test]
    fn the_page_tells_what_was_measured() {
        let page = std::fs::read_to_string(super::docs().join("performance.md")).unwrap();
        assert_eq!(
            super::rendered(&page).unwrap(),
            page,
            "run jifen-bench page"
        );
    }
}
