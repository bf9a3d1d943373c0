//! Reads the files as an office would and scores them: what is measured.

use std::path::Path;

use jifen::{
    Compiled, Day, Evaluation, Files, InputFile, Limits, Loaded, Openings, Options, Sources,
    compile, evaluate, load,
};

use crate::Fault;

/// RP-1 as a district would write it, and its mapping.
#[derive(Clone, Copy)]
pub struct Policy {
    text: &'static str,
    sources: &'static str,
}

/// Awards alone: what is measured.
pub const AWARDS: Policy = Policy {
    text: include_str!("../../../policies/rp1/rp1.jifen"),
    sources: include_str!("../../../policies/rp1/sources.toml"),
};

/// With lots, halving, redemption and debt.
pub const LOTS: Policy = Policy {
    text: include_str!("../../../policies/rp1-lots/rp1-lots.jifen"),
    sources: include_str!("../../../policies/rp1-lots/sources.toml"),
};

/// The policy with the facts and rosters of a folder.
pub struct Inputs {
    pub compiled: Compiled,
    pub loaded: Loaded,
}

fn file(dir: &Path, name: &str) -> Result<Vec<InputFile>, Fault> {
    Ok(vec![InputFile::new(name, std::fs::read(dir.join(name))?)])
}

/// Compiles and reads as `jifen run` does.
pub fn inputs(dir: &Path, policy: Policy) -> Result<Inputs, Fault> {
    let mut sources = Sources::new();
    sources.add("rp1.jifen", policy.text);
    let compiled = compile(sources).map_err(|p| format!("{:?}", p.diagnostics))?;
    let files = Files {
        sources_toml: Some(("sources.toml", policy.sources)),
        rosters: file(dir, "roster.parquet")?,
        facts: file(dir, "facts.parquet")?,
        openings: Vec::new(),
    };
    let loaded = load(&compiled, &files, &Limits::default()).map_err(|e| format!("{e:?}"))?;
    Ok(Inputs { compiled, loaded })
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
        &inputs.compiled.plan,
        &inputs.loaded.admission.log,
        &inputs.loaded.rosters,
        &openings,
        as_of()?,
        &options,
    )?)
}

/// Reads and does nothing else.
pub fn read_only(dir: &Path) -> Result<(), Fault> {
    let inputs = inputs(dir, AWARDS)?;
    let counts = &inputs.loaded.admission.counts;
    println!("{} facts, {} rejected", counts.accepted, counts.rejected);
    Ok(())
}

/// Reads and scores.
pub fn score(dir: &Path, threads: usize) -> Result<(), Fault> {
    let inputs = inputs(dir, AWARDS)?;
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
