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
    /// Year, month and day up to which is evaluated.
    until: (i32, u32, u32),
}

/// The day after which RP-1 looks no further.
const RP1_ENDS: (i32, u32, u32) = (2026, 6, 30);

/// Awards alone: what is measured.
pub const AWARDS: Policy = Policy {
    text: include_str!("../../../policies/rp1/rp1.jifen"),
    sources: include_str!("../../../policies/rp1/sources.toml"),
    until: RP1_ENDS,
};

/// With lots, halving, redemption and debt.
pub const LOTS: Policy = Policy {
    text: include_str!("../../../policies/rp1-lots/rp1-lots.jifen"),
    sources: include_str!("../../../policies/rp1-lots/sources.toml"),
    until: RP1_ENDS,
};

/// With grades that change the next quarter.
pub const FEEDBACK: Policy = Policy {
    text: include_str!("../../../policies/rp1-feedback/rp1-feedback.jifen"),
    sources: include_str!("../../../policies/rp1-feedback/sources.toml"),
    until: RP1_ENDS,
};

/// The index of communities.
pub const INDEX: Policy = Policy {
    text: include_str!("../../../policies/zhishu/zhishu.jifen"),
    sources: INDEX_SOURCES,
    until: (2027, 3, 31),
};

const INDEX_SOURCES: &str = "
[[来源]]
文件 = [\"facts*\"]
编号 = \"fact_id\"
类型 = \"kind\"
对象 = \"account\"
日期 = \"ts\"

[来源.记录]
scene = { 名 = \"场景测评\", 字段 = { 场景 = \"scene\", 分值 = \"points\" } }

[[名册]]
名册 = \"社区\"
文件 = [\"roster*\"]
编号 = \"account\"
属性 = { 区县 = \"county\" }
";

impl Policy {
    /// By the word of a command.
    pub fn named(name: &str) -> Option<Policy> {
        match name {
            "awards" => Some(AWARDS),
            "lots" => Some(LOTS),
            "feedback" => Some(FEEDBACK),
            "index" => Some(INDEX),
            _ => None,
        }
    }
}

/// The policy with the facts and rosters of a folder.
pub struct Inputs {
    pub compiled: Compiled,
    pub loaded: Loaded,
    pub until: Day,
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
    let (year, month, day) = policy.until;
    let until = Day::from_ymd(year, month, day).ok_or("a day")?;
    Ok(Inputs {
        compiled,
        loaded,
        until,
    })
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
        inputs.until,
        &options,
    )?)
}

/// Reads and does nothing else.
pub fn read_only(dir: &Path, policy: Policy) -> Result<(), Fault> {
    let inputs = inputs(dir, policy)?;
    let counts = &inputs.loaded.admission.counts;
    println!("{} facts, {} rejected", counts.accepted, counts.rejected);
    Ok(())
}

/// Reads and scores.
pub fn score(dir: &Path, threads: usize, policy: Policy) -> Result<(), Fault> {
    let inputs = inputs(dir, policy)?;
    let out = evaluation(&inputs, threads)?;
    let holds = out.conservation.iter().all(|c| c.holds);
    println!(
        "{} postings, {} outcomes, {} balances, {} standings; conservation {holds}",
        out.ledger.len(),
        out.outcomes.len(),
        out.balances.len(),
        out.standings.len(),
    );
    // What a command does not free before it ends is not its cost.
    std::mem::forget((inputs, out));
    Ok(())
}
