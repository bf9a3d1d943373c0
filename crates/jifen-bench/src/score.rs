//! Reads the files as an office would and scores them: what is measured.

use std::path::Path;

use jifen_calendar::{Day, Zone};
use jifen_data::{Evaluation, FactLog, Openings, RosterData};
use jifen_engine::{Options, evaluate};
use jifen_facts::{InputFile, ReadOptions, mapping, read_facts, read_rosters};
use jifen_plan::Plan;

use crate::{Fault, policy};

/// Facts and rosters of a folder.
pub struct Inputs {
    pub plan: Plan,
    pub facts: FactLog,
    pub rosters: RosterData,
    pub rejected: u64,
}

fn file(dir: &Path, name: &str) -> Result<InputFile, Fault> {
    Ok(InputFile::new(name, std::fs::read(dir.join(name))?))
}

/// Reads the folder through the readers of `jifen run`.
pub fn inputs(dir: &Path) -> Result<Inputs, Fault> {
    let plan = policy::plan()?;
    let faults = |e: &dyn std::fmt::Debug| format!("{e:?}");
    let sources = mapping::parse(policy::SOURCES).map_err(|e| faults(&e))?;
    let zone = Zone::parse(&plan.zone).ok_or("a zone")?;
    let options = ReadOptions::default();
    let files = [file(dir, "roster.parquet")?];
    let read = read_rosters(&files, &sources, &plan, &zone, &options);
    let mut rosters = read.map_err(|e| faults(&e))?.data;
    let files = [file(dir, "facts.parquet")?];
    let read = read_facts(&files, &sources, &plan, &zone, &mut rosters, &options);
    let admission = read.map_err(|e| faults(&e))?;
    let rejected = admission.counts.rejected;
    Ok(Inputs {
        plan,
        facts: admission.log,
        rosters,
        rejected,
    })
}

/// The day after which RP-1 looks no further.
pub fn as_of() -> Result<Day, Fault> {
    Ok(Day::from_ymd(2026, 6, 30).ok_or("a day")?)
}

/// Evaluates.
pub fn evaluation(inputs: &Inputs, threads: usize) -> Result<Evaluation, Fault> {
    let options = Options {
        threads,
        ..Options::default()
    };
    let openings = Openings::default();
    Ok(evaluate(
        &inputs.plan,
        &inputs.facts,
        &inputs.rosters,
        &openings,
        as_of()?,
        &options,
    )?)
}

/// Reads and does nothing else.
pub fn read_only(dir: &Path) -> Result<(), Fault> {
    let inputs = inputs(dir)?;
    let facts: usize = inputs.facts.kinds.iter().map(|k| k.len()).sum();
    println!("{facts} facts, {} rejected", inputs.rejected);
    Ok(())
}

/// Reads and scores.
pub fn score(dir: &Path, threads: usize) -> Result<(), Fault> {
    let inputs = inputs(dir)?;
    let out = evaluation(&inputs, threads)?;
    let holds = out.conservation.iter().all(|c| c.holds);
    println!(
        "{} postings, {} outcomes, {} balances; conservation {holds}",
        out.ledger.len(),
        out.outcomes.len(),
        out.balances.len(),
    );
    // What a command does not free before it ends is not its cost.
    std::mem::forget((inputs, out));
    Ok(())
}
